"""What is refused before any work, with everything wrong at once, and nothing written."""

from pathlib import Path

import polars as pl
import pytest

from tests.cli.conftest import Run, run

from .given import POOL, cases_of, documents, tables, written

__all__ = ["run"]

GIVEN = cases_of(POOL)


def test_a_run_says_what_it_did(run: Run, tmp_path: Path) -> None:
    """The summary counts what was read, each outcome, and what was rejected; a reject is exit status 1."""
    file = documents(GIVEN, tmp_path / "in.jsonl")
    out = tmp_path / "out.csv"
    ran = run("batch", POOL, str(file), str(out))
    assert (ran.status, ran.err) == (0, "")
    words = ran.out.split()
    assert words[words.index("read") + 1] == words[words.index("decided") + 1] == str(len(GIVEN.cases))
    assert (tmp_path / "out.rejects.jsonl").read_bytes() == b""
    with file.open("a", encoding="utf-8") as more:
        more.write("{\n")
    ran = run("batch", POOL, str(file), str(out), "--rejects", str(tmp_path / "rejects"))
    assert (ran.status, ran.err) == (1, "")
    assert f"is in {tmp_path / 'rejects'}" in " ".join(ran.out.split())
    ran = run("batch", POOL, str(file), str(out), "--quiet")
    assert (ran.status, ran.out, ran.err) == (1, "", "")


def test_everything_wrong_is_said_at_once(run: Run, tmp_path: Path) -> None:
    """Tables that are not there, not known, given twice or mistyped, and outputs that cannot be: one report."""
    frames = tables(GIVEN)
    folder = written(
        {"cots": frames["costs"], "fund": frames["costs"], "funding": frames["funding"]}, tmp_path / "in", "csv"
    )
    written({"funding": frames["funding"]}, folder, "parquet")
    (folder / "organisations").mkdir()
    ran = run("batch", POOL, str(folder), str(tmp_path / "no" / "out.xlsx"), "--rejects", str(folder / "cots.csv"))
    assert (ran.status, ran.out) == (2, "")
    for said in (
        "there is no table `fund`",
        "did you mean `funding`?",
        "the table is given as `funding.csv` and `funding.parquet`",
        "the folder holds no table of applications",
        "the folder holds no part of the table",
        "the ending `.xlsx` names no format",
        "there is no folder",
    ):
        assert said in ran.err
    assert len(list(folder.iterdir())) == 5


def test_mistyped_columns_are_refused(run: Run, tmp_path: Path) -> None:
    """Money as a binary float, a column that is missing: refused from the schema alone, in every table."""
    frames = tables(GIVEN)
    frames["applications"] = frames["applications"].with_columns(pl.col("requested_ore").cast(pl.Float64))
    folder = written(frames, tmp_path / "in", "parquet")
    (folder / "costs.parquet").unlink()
    written({"costs": frames["costs"].drop("vat_ore")}, folder, "csv")
    ran = run("batch", POOL, str(folder), str(tmp_path / "out.csv"))
    assert (ran.status, ran.out) == (2, "")
    assert "applications.requested_ore" in ran.err
    assert "costs.vat_ore" in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("in.csv", "id\n1\n", "put tables into a folder"),
        ("in/applications.csv", "", "the file has no header"),
        ("in/applications.csv", "application,application\n", "the column stands twice"),
        ("in/applications.parquet", "PAR", "the file cannot be read"),
        ("in/applications.jsonl", "", ""),
    ],
)
def test_files_that_hold_nothing_to_work_on(run: Run, tmp_path: Path, name: str, text: str, said: str) -> None:
    """A file of no use is named with the reason; a table without rows is no fault."""
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, "utf-8")
    at = file if file.parent == tmp_path else file.parent
    ran = run("batch", POOL, str(at), str(tmp_path / "out.csv"))
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_rows_that_cannot_be_told_apart_end_the_run(run: Run, tmp_path: Path) -> None:
    """Behind a quotation mark that is never closed, rows are lost: no application is decided without them."""
    frames = tables(GIVEN)
    folder = written(frames, tmp_path / "in", "csv")
    file = folder / "costs.csv"
    lines = file.read_text("utf-8").splitlines()
    out = tmp_path / "out.csv"
    out.write_text("before", "utf-8")
    for spoilt, said in ((f'{lines[1]},"', "the row cannot be read"), (lines[1].replace("c", "\xe6"), "not UTF-8")):
        file.write_bytes(
            "\n".join([lines[0], spoilt, *lines[1:], ""]).encode("latin-1" if "\xe6" in spoilt else "utf-8", "replace")
        )
        ran = run("batch", POOL, str(folder), str(out))
        assert (ran.status, ran.out) == (2, "")
        assert said in ran.err
        assert "line 2" in ran.err
    assert out.read_text("utf-8") == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out.csv"]


def test_results_among_the_tables_are_refused(run: Run, tmp_path: Path) -> None:
    """Another run would take them for tables."""
    folder = written(tables(GIVEN), tmp_path / "in", "csv")
    before = sorted(folder.iterdir())
    ran = run("batch", POOL, str(folder), str(folder / "out.csv"), "--lines", str(tmp_path / "lines.csv"))
    assert (ran.status, ran.out) == (2, "")
    assert "among the tables that are read" in ran.err
    assert "lines.csv" not in ran.err
    assert sorted(folder.iterdir()) == before


def test_a_link_stays_one(run: Run, tmp_path: Path) -> None:
    """Results go where a link leads to, in another folder too."""
    (tmp_path / "far").mkdir()
    (tmp_path / "out").mkdir()
    out = tmp_path / "out" / "out.csv"
    out.symlink_to(tmp_path / "far" / "results.csv")
    ran = run("batch", POOL, str(documents(GIVEN, tmp_path / "in.jsonl")), str(out))
    assert (ran.status, ran.err) == (0, "")
    assert out.is_symlink()
    assert [path.name for path in (tmp_path / "far").iterdir()] == ["results.csv"]
    assert sorted(path.name for path in out.parent.iterdir()) == ["out.csv", "out.rejects.jsonl"]


def test_rows_of_no_application_are_said_aloud(run: Run, tmp_path: Path) -> None:
    """A line of a list that nobody can assign is exit status 1, and what follows from it is in the summary."""
    folder = written(tables(GIVEN), tmp_path / "in", "csv")
    with (folder / "costs.csv").open("a", encoding="utf-8") as more:
        more.write(",0,c9\n")
    ran = run("batch", POOL, str(folder), str(tmp_path / "out.csv"))
    assert (ran.status, ran.err) == (1, "")
    said = "1 row belongs to no application: an application that it is of may have been decided without it."
    assert said in " ".join(ran.out.split())


@pytest.mark.parametrize("arguments", [("--memory", "12"), ("--memory", "1.5"), ("--memory", "many")])
def test_memory_is_a_number_that_can_do(run: Run, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """A run needs some memory, and says how much at least."""
    ran = run("batch", POOL, str(tmp_path), str(tmp_path / "out.csv"), *arguments)
    assert ran.status == 2
    assert "expected a whole number from" in ran.err


def test_pools_and_inputs_that_are_not_there(run: Run, tmp_path: Path) -> None:
    """An unknown pool has near names; an input that is not there says what there could be."""
    ran = run("batch", "dk_2018_kompetenceloft", str(tmp_path), str(tmp_path / "out.csv"))
    assert (ran.status, f"did you mean `{POOL}`?" in ran.err) == (2, True)
    ran = run("batch", POOL, str(tmp_path / "nothing"), str(tmp_path / "out.csv"))
    assert (ran.status, "there is no such file or folder" in ran.err) == (2, True)
