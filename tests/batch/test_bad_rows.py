"""Rows that cannot be read or do not hold together: rejected with reasons, counted, and never decided."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from grantrules.batch import json_files, rejects
from grantrules.batch.cells import from_json, from_text
from grantrules.serial.files import parse_json
from grantrules.tables.layout import Column, Type
from grantrules.values import Text
from tests.pools import REAL

from .given import POOL, Done, Given, cases_of, decided, documents, source, tables, written
from .test_formats import in_buckets

GIVEN: Given = cases_of(POOL)
IDS = sorted(stated["id"] for stated, _ in GIVEN.cases)
ONE, OTHER, THIRD = IDS[:3]


def all_accounted_for(done: Done, rejected: set[str]) -> None:
    """Every application is decided or rejected, none both, and what was counted is what was written."""
    first = [each for each in done.rejects if "continued" not in each]
    named = [each["application"] for each in first if each["application"] is not None]
    assert set(named) == rejected
    assert len(named) == len(set(named))
    assert set(done.results["application"]) | rejected >= set(IDS)
    assert set(done.results["application"]) & rejected == set()
    assert all(each["reasons"] for each in first)
    assert (done.summary.decided, done.summary.read) == (len(done.results), len(done.results) + done.summary.rejected)


# Cells


def column(type: Type) -> Column:
    """A column of one type."""
    return Column(type.name.lower(), type, Text("", "", ""))


@pytest.mark.parametrize(
    ("type", "good", "bad"),
    [
        (
            Type.WHOLE,
            {"0": 0, "-12": -12, "9223372036854775807": 2**63 - 1, "007": 7},
            ("12,5", "12.5", "12.0", "1e3", "1 000", "+1", " 1", "9223372036854775808", "1_000", "NaN", "٣", "ja"),
        ),
        (Type.TRUTH, {"true": True, "False": False, "TRUE": True}, ("ja", "1", "0", "yes", "t", " true")),
        (
            Type.DAY,
            {"2018-10-01": "2018-10-01"},
            ("01-10-2018", "2018-02-30", "2018-10-1", "2018-10-01T00:00", "1/10/2018"),
        ),
        (
            Type.MOMENT,
            {
                "2018-10-01T12:00": "2018-10-01 10:00:00+00:00",
                "2018-10-01T12:00:00+02:00": "2018-10-01 10:00:00+00:00",
                "2018-10-01 10:00:00+00": "2018-10-01 10:00:00+00:00",
                "2018-10-01T10:00:00.000001+0000": "2018-10-01 10:00:00.000001+00:00",
                "2018-10-01T10:00Z": "2018-10-01 10:00:00+00:00",
            },
            (
                "2018-10-01",
                "2018-03-25T02:30",
                "2018-10-01T25:00",
                "1818-10-01T12:00Z",
                "01/10/2018 12:00",
                "2018-W40-1T10:00",
            ),
        ),
        (Type.TEXT, {"æøå, 'x'": "æøå, 'x'"}, ()),
        (Type.KEY, {"007": "007"}, ()),
    ],
)
def test_cells_of_csv_are_read_exactly_or_not_at_all(type: Type, good: dict[str, Any], bad: tuple[str, ...]) -> None:
    """Each type has its forms; any other is unreadable, and an empty cell is neither."""
    found = from_text(column(type), pl.Series([*good, None, *bad], dtype=pl.String), "Europe/Copenhagen")
    read = [value if isinstance(value, int | str | None) else str(value) for value in found.typed]
    assert read == [*good.values(), None, *(None for _ in bad)]
    assert found.unreadable == tuple(range(len(good) + 1, len(good) + 1 + len(bad)))


@pytest.mark.parametrize(
    ("type", "good", "bad"),
    [
        (Type.WHOLE, "[0, -12, 9223372036854775807]", '[1.0, 12.5, 1e3, "12", true, 9223372036854775808, NaN, []]'),
        (Type.TRUTH, "[true, false]", '[0, 1, "true", {}]'),
        (Type.DAY, '["2018-10-01"]', '[20181001, "01-10-2018", true]'),
        (Type.MOMENT, '["2018-10-01T12:00:00Z"]', '[1538388000, "2018-10-01"]'),
        (Type.TEXT, '["x", ""]', '[1, true, "\\ud800", ["x"]]'),
        (Type.KEY, '["007", 7]', '[7.0, true, "\\ud800"]'),
    ],
)
def test_values_of_json_are_of_the_right_kind_or_not_read(type: Type, good: str, bad: str) -> None:
    """A number is no text, a float no whole number, and none becomes a fact that is not stated."""
    values = [*parse_json(good, ""), None, *parse_json(bad, "")]
    found = from_json(column(type), values, "Europe/Copenhagen")
    count = len(parse_json(good, "")) + 1
    assert found.unreadable == tuple(range(count, len(values)))
    assert found.typed[: count - 1].null_count() == 0


# Tables


def spoilt(folder: Path, name: str, ending: str, *changes: tuple[str, str], more: str = "") -> None:
    """Change what stands in a file of a table, and add to it."""
    file = folder / f"{name}.{ending}"
    text = file.read_text("utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    file.write_text(text + more, "utf-8")


def test_bad_cells_reject_their_application(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell that cannot be read rejects the application with all its rows; the others are decided as ever."""
    before = decided(REAL, written(tables(GIVEN), tmp_path / "good", "csv"), tmp_path / "before")
    frames = tables(GIVEN)
    folder = written(frames, tmp_path / "in", "csv")
    amount = frames["costs"].filter(pl.col("application") == OTHER)["amount_ore"][0]
    spoilt(folder, "costs", "csv", (f",{amount},", ',"12,5",'))
    signed = f"{ONE},"
    row = next(
        line for line in (folder / "applications.csv").read_text("utf-8").splitlines() if line.startswith(signed)
    )
    spoilt(folder, "applications", "csv", (row, row.replace("true", "ja", 1)))
    in_buckets(monkeypatch, 3)
    done = decided(REAL, folder, tmp_path / "out")
    all_accounted_for(done, {ONE, OTHER})
    (where, message), *_ = done.reasons(OTHER)
    assert where.startswith("costs.csv, line ")
    assert where.endswith(": amount_ore")
    assert message == "expected a whole number of øre, got `12,5`"
    assert ("expected yes or no, got `ja`") in [message for _, message in done.reasons(ONE)]
    (reject,) = [each for each in done.rejects if each["application"] == OTHER]
    assert len(reject["rows"]["costs"]) == frames["costs"].filter(pl.col("application") == OTHER).height
    expected = before.results.filter(~pl.col("application").is_in([ONE, OTHER]))
    assert done.results.equals(expected)


def test_rows_of_a_wrong_length_reject_the_application_they_name(tmp_path: Path) -> None:
    """A row with a cell too few or too many is no row: its application is not decided without it."""
    folder = written(tables(GIVEN), tmp_path / "in", "csv")
    more = f"{ONE},99\n{OTHER}" + "," * 100 + f'\n{THIRD},"a\nb"\n"nobody"\n'
    spoilt(folder, "costs", "csv", more=more)
    done = decided(REAL, folder, tmp_path / "out")
    all_accounted_for(done, {ONE, OTHER, THIRD, "nobody"})
    assert [message for _, message in done.reasons(ONE)][-1].endswith("cells, got 2 cells")
    assert (done.summary.rejected, done.summary.strays) == (3, 1)
    (reject,) = [each for each in done.rejects if each["application"] == THIRD]
    assert reject["text"] == [f"{THIRD},a\nb"]


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_rows_of_no_application_are_rejected_too(tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that name no application, or one that is not there, are counted and written, and spoil no other."""
    frames = tables(GIVEN)
    line = frames["costs"].filter(pl.col("application") == ONE).head(1)
    strays = [line.with_columns(application=pl.lit(key, pl.String)) for key in (None, None, "SUM-9", "SUM-9")]
    frames["costs"] = pl.concat(
        [frames["costs"], *(s.with_columns(position=i) for i, s in enumerate(strays))], how="vertical_relaxed"
    )
    in_buckets(monkeypatch, 2)
    done = decided(REAL, written(frames, tmp_path / "in", ending), tmp_path / "out")
    all_accounted_for(done, {"SUM-9"})
    assert len(done.results) == len(IDS)
    assert done.summary.strays == 4
    assert [each["application"] for each in done.rejects] == [None, None, "SUM-9"]
    held = [each["rows"]["costs"][0]["id"] if "rows" in each else each["text"][0] for each in done.rejects]
    assert all(line["id"][0] in each for each in held)
    places = [where for where, _ in done.reasons(None)]
    first = len(frames["costs"]) - 2
    lines = [f"costs.csv, line {first + row}: application" for row in (0, 1)]
    assert places == (lines if ending == "csv" else ["costs.application"] * 2)


def test_what_makes_no_row_is_counted_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines of a list that are no rows, and name no application or one that is not there, belong to none."""
    folder = written(tables(GIVEN), tmp_path / "in", "csv")
    spoilt(folder, "costs", "csv", more=",0,c9\nSUM-9,1\n")
    spoilt(folder, "applications", "csv", more="SUM-8,1\n")
    (folder / "funding.csv").unlink()
    written({"funding": tables(GIVEN)["funding"]}, folder, "jsonl")
    spoilt(folder, "funding", "jsonl", more='{bad "application":"007", "amount_ore":5}\n')
    one = decided(REAL, folder, tmp_path / "one")
    assert (one.summary.rejected, one.summary.strays) == (1, 3)
    all_accounted_for(one, {"SUM-8", "SUM-9"})
    in_buckets(monkeypatch, 3)
    three = decided(REAL, folder, tmp_path / "three")
    assert (one.summary, one.rejects) == (three.summary, three.rejects)


def test_a_cell_that_cannot_be_read_is_given_in_full_and_once(tmp_path: Path) -> None:
    """The text that stood there is in the reason; what is wrong only because of it is none."""
    folder = written(tables(GIVEN), tmp_path / "in", "csv")
    file = folder / "costs.csv"
    header, *rows = (line.split(",") for line in file.read_text("utf-8").splitlines())
    long = "12 kroner" * 20
    for row in rows:
        if row[0] == ONE:
            row[header.index("position")] = long
        if row[0] == THIRD:
            row[header.index("amount_ore")] = long
    file.write_text("".join(",".join(row) + "\n" for row in (header, *rows)), "utf-8")
    whole = next(line for line in (folder / "applications.csv").read_text("utf-8").splitlines() if OTHER in line)
    spoilt(folder, "applications", "csv", (whole, whole.replace("true", "ja")))
    done = decided(REAL, folder, tmp_path / "out")
    all_accounted_for(done, {ONE, OTHER, THIRD})
    reasons = [reason for each in done.rejects for reason in each["reasons"]]
    assert {(reason["code"], reason["given"]) for reason in reasons} == {("unreadable", long), ("unreadable", "ja")}


def test_applications_of_very_many_rows_are_rejected_in_several_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record has so many reasons and rows at most; the next goes on, and none is lost."""
    frames = tables(GIVEN)
    own = frames["costs"].filter(pl.col("application") == ONE)
    more = pl.concat([own.head(1)] * 30).with_columns(position=pl.int_range(100, 130, dtype=pl.Int64))
    frames["costs"] = pl.concat([frames["costs"], more])
    folder = written(frames, tmp_path / "in", "parquet")
    whole = decided(REAL, folder, tmp_path / "whole")
    monkeypatch.setattr(rejects, "_MANY", 4)
    monkeypatch.setattr(rejects, "_MOST", 10)
    done = decided(REAL, folder, tmp_path / "out")
    all_accounted_for(done, {ONE})
    assert len(done.rejects) > 3
    assert ["continued" in each for each in done.rejects] == [False, *[True] * (len(done.rejects) - 1)]
    assert [row for each in done.rejects for row in each.get("rows", {}).get("costs", ())] == (
        whole.rejects[0]["rows"]["costs"]
    )
    assert [reason for each in done.rejects for reason in each["reasons"]] == whole.rejects[0]["reasons"]


@pytest.mark.parametrize("kind", ["jsonl", "documents"])
def test_lines_that_are_too_long_are_not_held(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that would take up all memory is a reason, and the lines behind it are read."""
    at = source(GIVEN, tmp_path, kind)
    file = at if at.is_file() else at / "costs.jsonl"
    long = '{"id": "' + "x" * 2**20 + '"}\n'
    file.write_text(long + file.read_text("utf-8"), "utf-8")
    monkeypatch.setattr(json_files, "LONGEST", 1)
    done = decided(REAL, at, tmp_path / "out")
    assert done.reasons(None) == [(f"{file.name}, line 1", "the line is longer than 1 MiB; `text` is its beginning")]
    assert len(done.results) == len(IDS)
    assert done.summary.strays == (kind == "jsonl")


def test_bad_lines_of_json_tables(tmp_path: Path) -> None:
    """Floats where amounts stand, keys twice, lines that are no JSON: each is a reason, at its line."""
    frames = tables(GIVEN)
    folder = written(frames, tmp_path / "in", "jsonl")
    amount = frames["applications"].filter(pl.col("application") == ONE)["requested_ore"][0]
    spoilt(folder, "applications", "jsonl", (f'"requested_ore":{amount}', f'"requested_ore":{amount}.0'))
    twice = f'{{"application":"{OTHER}","position":0,"position" :1}}\n'
    spoilt(folder, "funding", "jsonl", more=f'{twice}{{"application": 1.5}}\n[]\n{{')
    done = decided(REAL, folder, tmp_path / "out")
    all_accounted_for(done, {ONE, OTHER})
    assert f"expected a whole number of øre, got `{amount}.0`" in [message for _, message in done.reasons(ONE)]
    assert "the key stands twice" in [message for _, message in done.reasons(OTHER)]
    nobody = [each for each in done.rejects if each["application"] is None]
    assert [each["text"] for each in nobody] == [['{"application": 1.5}'], ["[]"], ["{"]] or len(nobody) == 3
    line = len(frames["funding"]) + 2
    assert {where for where, _ in done.reasons(None)} >= {f"funding.jsonl, line {line + 1}"}


def test_application_given_twice_is_not_decided(tmp_path: Path) -> None:
    """Two rows of one case number are both rejected, once, and both stand in the file."""
    frames = tables(GIVEN)
    again = frames["applications"].filter(pl.col("application") == ONE)
    more = {"odd": pl.lit(float("nan")), "price": pl.lit(12, pl.Decimal(10, 2)), "of": pl.lit(b"\xff")}
    frames["applications"] = pl.concat([frames["applications"], again]).with_columns(**more)
    done = decided(REAL, written(frames, tmp_path / "in", "parquet"), tmp_path / "out")
    all_accounted_for(done, {ONE})
    assert done.summary.rejected == 2
    assert [row["odd"] for row in done.rejects[0]["rows"]["applications"]] == ["nan", "nan"]


# Documents


def test_documents_are_refused_as_application_files_are(tmp_path: Path) -> None:
    """A line that cannot be read stands among the rejects as it is written, with every reason and its path."""
    file = documents(GIVEN, tmp_path / "all.jsonl")
    application = GIVEN.cases[0][0]
    more: list[Any] = [
        {"id": "N1", "reqested": "1", "pages": "5"},
        {"title": "nameless"},
        {"application": {"id": "N2"}, "assessments": ["/etc/hostname"], "assessors": []},
        {"application": {"id": "N3"}, "assessments": [{"application": "N4"}, {"ratings": {"joy": 9}}]},
        {"id": "N5", "round": "1999"},
        application,
        [],
    ]
    with file.open("a", encoding="utf-8") as out:
        out.writelines(json.dumps(each) + "\n" for each in more)
    with file.open("ab") as raw:
        raw.write(b'{"id": "N6", "title": "r\xf8d gr\xf8d"}\n')
    done = decided(REAL, file, tmp_path / "out")
    twice = application["id"]
    all_accounted_for(done, {"N1", "N2", "N3", "N5", "N6", twice})
    line = len(GIVEN.cases) + 1
    assert (f"all.jsonl, line {line}: reqested", "there is no such key") in done.reasons("N1")
    assert [where.rpartition(": ")[2] for where, _ in done.reasons("N2")] == ["assessors", "assessments[0]"]
    assert len(done.reasons("N3")) == 1
    assert [message for _, message in done.reasons(None)] == [
        "the application has no case number",
        "expected a JSON object, got `[]`",
    ]
    assert done.summary.rejected == len(more) + 2
    assert '"title": "r\\udcf8d' in next(each["text"][0] for each in done.rejects if each["application"] == "N6")
