"""Tables and columns that may be left out, tables without a row, and case numbers that are whole numbers."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import polars as pl
import pytest
from attrs import evolve

from grantrules.tables.answers import line_columns, result_columns
from grantrules.tables.layout import layout
from tests.columns.batches import Batch, sampled
from tests.columns.engines import HERE, native, rows
from tests.columns.rules import ruled, tables
from tests.pools import COST_RULES, EVERY_POOL, REQUIREMENTS, RULEBOOKS
from tests.tables_bad.hand_made import application

COUNT = 40

ENGINE = pytest.mark.parametrize("engine", HERE)


PARTNERS, DIFFERENT = (
    next(rule for rule in REQUIREMENTS if rule.id == f"eligibility.{name}") for name in ("partners", "different")
)
ACCEPTED = next(rule for rule in REQUIREMENTS if rule.id == "eligibility.colour")
HOURS, DEDUCTION = (next(rule for rule in COST_RULES if rule.id == f"cost.{name}") for name in ("hours", "deduction"))

SMALL = ruled(PARTNERS, DIFFERENT, ACCEPTED, HOURS, DEDUCTION)
"""Rules that go through lists and ask for answers, for the application and for single lines."""


@cache
def small() -> Batch:
    """Applications under the few rules, the same for every engine."""
    return sampled(SMALL, COUNT)


@ENGINE
def test_no_assessments(engine: str) -> None:
    """Without assessments nothing is scored, and what waits for an answer is undetermined."""
    batch = small()
    alone = Batch(SMALL, tuple((made, []) for made, _ in batch.cases))
    given = {name: frame for name, frame in alone.tables.items() if name not in ("assessments", "line_judgements")}
    alone.check(SMALL.columns(native(engine, given)))


@ENGINE
def test_no_answers_for_single_lines(engine: str) -> None:
    """Answers for the whole application hold for every line."""
    batch = small()
    whole = Batch(SMALL, tuple((made, [_answering_as_a_whole(one) for one in said]) for made, said in batch.cases))
    given = {name: frame for name, frame in whole.tables.items() if name != "line_judgements"}
    whole.check(SMALL.columns(native(engine, given)))


def _answering_as_a_whole(assessment: Any) -> Any:
    return evolve(assessment, judgements={id: said is True for id, said in assessment.judgements.items()})


@EVERY_POOL
def test_only_what_rules_read(pool: str) -> None:
    """The columns that the layout calls required are enough, and all other tables may be left out."""
    rulebook = RULEBOOKS[pool]
    batch = sampled(rulebook, COUNT // 2)
    least = {}
    for table in layout(rulebook.rules).tables:
        required = [column.name for column in table.columns if column.required]
        if table.required or table.name in ("assessments", "line_judgements"):
            least[table.name] = batch.tables[table.name].select(required)
    answers = rulebook.columns(native("polars", least))
    found = {row["application"]: row for row in rows(answers.results)}
    whole = {row["application"]: row for row in rows(rulebook.columns(native("polars", batch.tables)).results)}
    assert found == whole


@EVERY_POOL
def test_no_applications(pool: str) -> None:
    """Tables without a row have results without a row, with every column there."""
    rulebook = RULEBOOKS[pool]
    answers = rulebook.columns(native("polars", rulebook.to_tables([])), rank=True)
    assert answers.results.collect_schema().names() == [column.name for column in result_columns(rulebook.rules)]
    assert answers.lines.collect_schema().names() == [column.name for column in line_columns(rulebook.rules)]
    assert rows(answers.results) == rows(answers.lines) == []


@ENGINE
def test_no_applications_on_any_engine(engine: str) -> None:
    """What is not there adds up to nothing on every engine."""
    answers = SMALL.columns(native(engine, tables()), rank=True)
    assert rows(answers.results) == rows(answers.lines) == rows(answers.problems) == []


@ENGINE
def test_case_numbers_that_are_whole_numbers(engine: str) -> None:
    """Case numbers may be int64 in every table, and come back as such."""
    batch = small()
    renumbered = {name: _with_whole_numbers(frame) for name, frame in batch.tables.items()}
    found = rows(SMALL.columns(native(engine, renumbered)).results)
    wanted = rows(SMALL.columns(native(engine, batch.tables)).results)
    as_numbers = [{**row, "application": int(row["application"].split("/")[1])} for row in wanted]
    assert sorted(found, key=by_number) == sorted(as_numbers, key=by_number)


def by_number(row: Mapping[str, Any]) -> int:
    """The case number of a row."""
    return int(row["application"])


def _with_whole_numbers(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.col("application").str.split("/").list.get(1).cast(pl.Int64))


@ENGINE
def test_lists_without_a_row(engine: str) -> None:
    """A list that is stated and has no row is empty; one that is not stated is missing, rows of others or not."""
    missing = dict.fromkeys(("visits_stated", "organisations_stated"))
    missing |= dict.fromkeys(("costs_stated", "funding_stated"), False)
    applications = [application("empty"), application("missing", **missing), application("full")]
    lines = [{"application": "full", "position": 0, "category": "travel", "amount_ore": 100, "vat_ore": 0}]
    answers = SMALL.columns(native(engine, tables(applications=applications, costs=lines)))
    found = {row["application"]: row for row in rows(answers.results)}
    empty, nothing, full = (found[id] for id in ("empty", "missing", "full"))
    sums = ("claimed_ore", "eligible_ore", "disallowed_ore", "undetermined_ore", "cost_deduction_taken_ore")
    assert [empty[name] for name in sums] == [0, 0, 0, 0, 0]
    assert [nothing[name] for name in sums] == [None, None, None, None, None]
    assert [full[name] for name in sums] == [100, 90, 10, 0, 10]
    assert (empty["eligibility_partners"], nothing["eligibility_partners"]) == (False, None)
    assert (empty["eligibility_different"], nothing["eligibility_different"]) == (False, None)
