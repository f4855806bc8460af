"""`grantrules whatif`: what it prints, what it writes, and what it refuses."""

import json
from pathlib import Path

import polars as pl
import pytest

import grantrules as g
from tests.cli.conftest import Run, run
from tests.columns_whatif.round_2018 import POOL, three, written
from tests.pools import REAL

__all__ = ["run"]

RAISED = "grant_ceiling=3000000"


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """The three applications as Parquet files."""
    return written(three(), tmp_path / "in")


TEXT = """\
What if: dk_2018_kompetenceloeft@2018
=====================================

- highest grant: 2,500,000.00 kr → 3,000,000.00 kr [grant_ceiling]

3 applications. Changed for: 1.

Outcomes
--------

Outcome       Before  After  Change  Grants before  Grants after         Change
------------  ------  -----  ------  -------------  ------------  -------------
Dismissed          0      0       0           0.00          0.00           0.00
Ineligible         1      0      -1           0.00          0.00           0.00
Undetermined       1      1       0           0.00          0.00           0.00
Eligible           1      2      +1   1,640,000.00  3,280,000.00  +1,640,000.00
------------  ------  -----  ------  -------------  ------------  -------------
In all             3      3       0   1,640,000.00  3,280,000.00  +1,640,000.00

Grants are the highest grants possible in kr, added up where they are determined; they are not for 1
applications before and 1 after. They rise for 1, fall for 0, are determined only after for 0 and
only before for 0.

From outcome to outcome
-----------------------

Before      After     Applications  Grants before  Grants after         Change
----------  --------  ------------  -------------  ------------  -------------
Ineligible  Eligible             1           0.00  1,640,000.00  +1,640,000.00

Through which requirements
--------------------------

- The amount applied for is at least DKK 1.0 million and at most DKK 2.5 million.
  [eligibility.grant-limits]
    not met → met: 1, of which 1 through this requirement alone, 1 with another outcome; grants 0.00
      → 1,640,000.00

By kind of lead applicant
-------------------------

Led by         Applications  Changed  Grants before  Grants after         Change
-------------  ------------  -------  -------------  ------------  -------------
municipality              1        1           0.00  1,640,000.00  +1,640,000.00
               Ineligible → Eligible: 1
               eligibility.grant-limits: not met → met: 1
region                    1        0   1,640,000.00  1,640,000.00           0.00
several kinds             1        0           0.00          0.00           0.00

Scores
------

Another score: 0.
"""


def test_the_text_is_fit_for_people(run: Run, folder: str) -> None:
    """Values, outcomes, money, requirements and kinds of applicants, in order."""
    ran = run("whatif", POOL, folder, "--set", RAISED)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == TEXT


def test_another_language_as_markdown(run: Run, folder: str) -> None:
    """Words, amounts and statements are those of the language, in a document for a page."""
    ran = run("whatif", POOL, folder, "--set", RAISED, "--lang", "da", "--format", "markdown")
    assert ran.out.startswith("# Hvad nu hvis: ")
    assert "| Resultat | Før |" in ran.out
    said = ("højeste tilskud: 2.500.000,00 kr. → 3.000.000,00 kr.", "ikke opfyldt → opfyldt: 1")
    assert [words for words in said if words not in ran.out] == []


def test_json_and_the_rows_that_flip(run: Run, folder: str, tmp_path: Path) -> None:
    """The data says the same in figures; the file has the applications that come out otherwise."""
    file = tmp_path / "flipped.csv"
    ran = run("whatif", POOL, folder, "--set", RAISED, "--format", "json", "--flipped", str(file))
    assert (ran.status, ran.err) == (0, "")
    found = json.loads(ran.out)
    assert found["values"] == {"grant_ceiling": {"before": "2500000.00", "after": "3000000.00"}}
    assert (found["applications"], found["changed"]) == (3, 1)
    assert found["outcomes"]["eligible"]["before"]["applications"] == 1
    (flip,) = found["flips"]
    told = (flip["requirement"], flip["from"], flip["to"], flip["applications"], flip["alone"])
    assert told == ("eligibility.grant-limits", "not_met", "met", 1, 1)
    assert found["kinds"]["municipality"]["changed"] == 1
    rows = pl.read_csv(file).to_dicts()
    assert [(row["application"], row["applicant_kind"], row["outcome_after"]) for row in rows] == [
        ("SUM-2018-0418", "municipality", "eligible")
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["flipped.csv", "in"]


def test_a_saved_rulebook(run: Run, folder: str, tmp_path: Path) -> None:
    """`--other` takes the file of a saved rule set, as `POOL` does; the same rules change nothing."""
    file = tmp_path / "raised.json"
    file.write_text(REAL.with_values(grant_ceiling=g.kr(3_000_000)).save(), "utf-8")
    assert run("whatif", POOL, folder, "--other", str(file)).out == TEXT
    assert "The two rule sets say the same." in run("whatif", str(file), folder, "--other", str(file)).out


def test_rows_that_something_is_wrong_with(run: Run, tmp_path: Path) -> None:
    """Their applications are counted apart, the others are shown, and the exit status is 1; in tables of any format."""
    frames = three()
    stray = frames["costs"].head(1).with_columns(application=pl.lit("SUM-2018-9999"))
    twice = frames["funding"].filter(pl.col("application") == "SUM-2018-0419").head(1)
    folder = tmp_path / "in"
    written({name: frame for name, frame in frames.items() if name not in ("costs", "funding")}, folder)
    pl.concat([frames["costs"], stray]).write_csv(folder / "costs.csv")
    pl.concat([frames["funding"], twice]).write_ndjson(folder / "funding.jsonl")
    with (folder / "costs.csv").open("a", encoding="utf-8") as more:
        more.write("SUM-2018-0417,much" + "," * frames["costs"].width + "\n")
    ran = run("whatif", POOL, str(folder), "--set", RAISED)
    assert (ran.status, ran.err) == (1, "")
    assert "1 applications. Changed for: 1." in ran.out
    said = "2 applications are not counted. Problems in the rows: 3; `grantrules batch` says which."
    assert said in " ".join(ran.out.split())


def test_rows_that_belong_to_nobody(run: Run, tmp_path: Path) -> None:
    """A broken line has no case number: that its application may be counted without it is said."""
    frames = three()
    folder = tmp_path / "in"
    written({name: frame for name, frame in frames.items() if name != "costs"}, folder)
    frames["costs"].write_ndjson(folder / "costs.jsonl")
    with (folder / "costs.jsonl").open("a", encoding="utf-8") as more:
        more.write('{"application": "SUM-2018-0417", "amount_o\n')
    ran = run("whatif", POOL, str(folder), "--set", RAISED, "--memory", "512")
    assert ran.status == 1
    said = "Rows that belong to no application: 1. An application that they are of may be counted without them."
    assert said in " ".join(ran.out.split())
    data = json.loads(run("whatif", POOL, str(folder), "--set", RAISED, "--format", "json").out)
    assert data["left_out"] == {"applications": 0, "problems": 1, "strays": 1}


def test_everything_wrong_is_said_at_once(run: Run, folder: str, tmp_path: Path) -> None:
    """Values that are unknown, of another kind, set twice or not at all, files that cannot be: one report."""
    stated = ["grant_ceilin=1", "grant_floor=x", "page_limit", "deadline=2018-10-01", "lowest_rate=2", RAISED, RAISED]
    (tmp_path / "in" / "cots.csv").write_text("", "utf-8")
    ran = run("whatif", POOL, folder, "--set", *stated, "--flipped", str(tmp_path / "no" / "out.xls"))
    assert (ran.status, ran.out) == (2, "")
    for said in (
        "grant_ceilin: the round binds no such value",
        "did you mean `grant_ceiling`?",
        "grant_floor: expected an amount, got `x`",
        "write `page_limit=VALUE`",
        "deadline: expected a date with a time",
        "lowest_rate: a value that changes over time cannot be set here",
        "grant_ceiling: the value is set twice",
        "there is no table `cots`",
        "the ending `.xls` names no format",
        "there is no folder",
    ):
        assert said in ran.err


def test_values_of_another_kind(run: Run, folder: str) -> None:
    """A value is read as the one that the round binds now."""
    ran = run("whatif", POOL, folder, "--set", "page_limit=3.5", "last_cost_day=2018-13-01", "grant_floor=1.234", "=3")
    said = ("expected a whole number", "there is no date", "expected at most two decimals", "binds no such value")
    assert [words for words in said if words not in ran.err] == []


def test_rulebooks_that_do_not_fit(run: Run, folder: str) -> None:
    """Another currency, and facts that mean something else: refused with what differs."""
    ran = run("whatif", POOL, folder, "--other", "no_helseteknologi@2024-1")
    assert ran.status == 2
    assert "amounts are in DKK before and in NOK after" in ran.err
    assert "costs.category: it is a choice before and a text after" in ran.err


def test_what_is_asked_for_must_be_whole(run: Run, folder: str) -> None:
    """One of `--set` and `--other`, and tables that are there."""
    assert run("whatif", POOL, folder).status == 2
    assert run("whatif", POOL, folder, "--set", RAISED, "--other", POOL).status == 2
    assert "there is no such file or folder" in run("whatif", POOL, f"{folder}2", "--set", RAISED).err
    inside = run("whatif", POOL, folder, "--set", RAISED, "--flipped", f"{folder}/costs.parquet")
    among = run("whatif", POOL, folder, "--set", RAISED, "--flipped", f"{folder}/flipped.csv")
    assert (among.status, "among the tables that are read" in among.err) == (2, True)
    assert "expected a whole number from 512" in run("whatif", POOL, folder, "--set", RAISED, "--memory", "8").err
    assert (inside.status, Path(folder, "costs.parquet").stat().st_size > 0) == (2, True)
