"""Applications and assessments read from tables of any engine, and what is refused."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import duckdb
import polars as pl
import pytest
from attrs import evolve

import grantrules as g
from tests.pools import OTHERS

from .round_2018 import RULES, application, assessments, everything, problems

Tables = dict[str, pl.DataFrame]

LATER = OTHERS.rulebook("no_helseteknologi", "2024-2")


def tables() -> Tables:
    """The tables of two applications, one of them with assessments."""
    given = [*assessments("clean"), evolve(assessments("clean")[0], judgements={"unlisted-accepted": {"c1": True}})]
    return RULES.to_tables([application(), application("clean")], given)


def rewritten(table: str, **columns: pl.Expr | Any) -> Tables:
    """The tables with some columns of one of them changed."""
    made = tables()
    return made | {table: made[table].with_columns(**columns)}


def without(table: str, *columns: str) -> Tables:
    """The tables with some columns of one of them left out."""
    made = tables()
    return made | {table: made[table].drop(columns)}


@pytest.mark.parametrize(
    "engine",
    [
        lambda frame: frame.lazy(),
        lambda frame: duckdb.from_arrow(frame.to_arrow()),
        lambda frame: frame.to_arrow(),
        lambda frame: frame.sample(fraction=1, shuffle=True, seed=3) if "position" in frame.columns else frame,
    ],
    ids=["polars, lazy", "duckdb", "pyarrow", "rows in another order"],
)
def test_tables_of_every_engine_are_read(engine: Callable[[pl.DataFrame], Any]) -> None:
    """Every example case comes back from tables of every engine, lazy ones too, and from rows in another order."""
    cases, given = everything()
    made = RULES.to_tables(cases, given)
    restored = RULES.from_tables({name: engine(frame) for name, frame in made.items()})
    assert [case for case, _ in restored] == cases
    assert [assessment for _, own in restored for assessment in own] == given


def test_whole_numbers_are_case_numbers() -> None:
    """Case numbers that are whole numbers become text, and bring their rows together all the same."""
    keys = {"SUM-2018-0470": 470, "SUM-2018-0417": 412}
    numbered = {
        name: frame.with_columns(pl.col("application").replace_strict(keys, return_dtype=pl.Int64))
        for name, frame in tables().items()
    }
    (one, _), (other, given) = RULES.from_tables(numbered)
    assert (one.id, other.id, len(given)) == ("470", "412", 3)
    assert evolve(one, id="SUM-2018-0470") == application()


def test_times_have_the_offset_of_the_pool() -> None:
    """A moment in UTC becomes the clock of the pool's own zone, in summer and in winter."""
    ((summer, _), (winter, _)) = RULES.from_tables(
        rewritten("applications", submitted_at=pl.col("submitted_at") + pl.Series([timedelta(0), timedelta(days=90)]))
    )
    assert summer.submitted_at.isoformat() == "2018-09-28T13:20:00+02:00"
    assert winter.submitted_at.utcoffset() == timedelta(hours=1)


def test_amounts_have_two_decimals() -> None:
    """Amounts come back as files write them, other exact numbers without idle zeros."""
    (made, _), _ = RULES.from_tables(tables())
    assert (str(made.requested), str(made.costs[0].vat)) == ("1200000.00", "0.00")
    assert (str(made.costs[8].kilometres), str(made.costs[9].kilometres)) == ("500", "1000")


def test_what_no_rule_reads_may_be_left_out() -> None:
    """Optional columns and tables that are left out are facts that are not stated; further columns are passed over."""
    made = without("applications", "title", "starts_on")
    made = made | {"costs": made["costs"].drop("position").with_columns(note=pl.lit("seen"))}
    del made["assessments"], made["line_judgements"]
    (one, given), _ = RULES.from_tables(made)
    assert one == evolve(application(), title=None, starts_on=None)
    assert given == ()


def test_an_optional_list_that_is_left_out_is_not_stated() -> None:
    """A list whose table is not given is not stated, even where its column says that it is."""
    stated = LATER.application(id="24/1", organisations=(), costs=(), funding=(g.Funding(),))
    made = LATER.to_tables([stated])
    assert LATER.from_tables(made) == [(stated, ())]
    del made["funding"]
    assert LATER.from_tables(made) == [(evolve(stated, funding=None), ())]


ROW = "costs[3]"
AT_ROW = pl.int_range(pl.len()) == 3


@pytest.mark.parametrize(
    ("made", "where", "code"),
    [
        (lambda: without("costs", "amount_ore"), "costs.amount_ore", "no-column"),
        (lambda: without("costs", "application"), "costs.application", "no-column"),
        (lambda: without("applications", "activities__new_course"), "applications.activities__new_course", "no-column"),
        (lambda: rewritten("costs", vat_recoverable=pl.lit("no")), "costs.vat_recoverable", "wrong-type"),
        (lambda: rewritten("costs", amount_ore=pl.lit(1000.0)), "costs.amount_ore", "float"),
        (lambda: rewritten("costs", amount_ore=pl.lit(-1)), "costs[0].amount_ore", "out-of-bounds"),
        (lambda: rewritten("costs", category=pl.lit("travel")), "costs[0].category", "unknown-word"),
        (
            lambda: rewritten("applications", submitted_at=pl.col("submitted_at").dt.replace_time_zone(None)),
            "applications.submitted_at",
            "wrong-type",
        ),
        (
            lambda: rewritten("costs", application=pl.when(~AT_ROW).then(pl.col("application"))),
            f"{ROW}.application",
            "no-key",
        ),
        (
            lambda: rewritten(
                "costs", application=pl.when(AT_ROW).then(pl.lit("SUM-1")).otherwise(pl.col("application"))
            ),
            f"{ROW}.application",
            "other-application",
        ),
        (
            lambda: rewritten("costs", position=pl.when(AT_ROW).then(pl.lit(2)).otherwise(pl.col("position"))),
            f"{ROW}.position",
            "two-rows",
        ),
        (
            lambda: rewritten("applications", application=pl.lit("SUM-2018-0417")),
            "applications[1].application",
            "two-rows",
        ),
        (
            lambda: rewritten("applications", funding_stated=pl.lit(None)),
            "applications[0].funding_stated",
            "not-stated",
        ),
        (
            lambda: rewritten("applications", activities__new_course=pl.lit(None)),
            "applications[0].activities__new_course",
            "half-stated",
        ),
        (
            lambda: rewritten("line_judgements", assessment=pl.lit("9")),
            "line_judgements[0].assessment",
            "other-assessment",
        ),
        (
            lambda: rewritten("assessments", judgement_unlisted_accepted=pl.lit(True)),
            "assessments[2].judgement_unlisted_accepted",
            "two-answers",
        ),
        (lambda: tables() | {"costs": [1]}, "costs", "wrong-type"),
        (lambda: {name: frame for name, frame in tables().items() if name != "costs"}, "costs", "no-table"),
    ],
)
def test_bad_tables_are_refused(made: Callable[[], Mapping[str, Any]], where: str, code: str) -> None:
    """What a table does not have, holds twice, contradicts or mistypes is refused with its table, row and column."""
    assert (where, code) in problems(lambda: RULES.from_tables(made()))


def test_every_bad_cell_is_named() -> None:
    """All that is wrong with the rows is said at once, in every table."""
    made = rewritten("costs", amount_ore=pl.when(AT_ROW).then(-1).otherwise(pl.col("amount_ore")))
    made["applications"] = made["applications"].with_columns(pages=pl.lit(-2))
    assert problems(lambda: RULES.from_tables(made)) == [
        ("applications[0].pages", "out-of-bounds"),
        ("applications[1].pages", "out-of-bounds"),
        (f"{ROW}.amount_ore", "out-of-bounds"),
    ]


def test_amounts_as_decimals_of_an_engine_are_refused() -> None:
    """An amount in kroner as a decimal is not taken for øre."""
    made: dict[str, Any] = dict(tables())
    made["costs"] = made["costs"].with_columns(amount_ore=pl.lit(Decimal("12.50"))).to_arrow()
    assert str(made["costs"].schema.field("amount_ore").type).startswith("decimal")
    assert ("costs.amount_ore", "wrong-type") in problems(lambda: RULES.from_tables(made))
