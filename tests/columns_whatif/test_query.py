"""The tables of a what-if, engine by engine: sums, kinds of applicants, and rulebooks that fit each other."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl
import pytest

import grantrules as g
from grantrules.readings.columns.whatif import in_parts, together
from grantrules.readings.columns.whatif_summary import WORD, parts
from grantrules.tables.layout import APPLICATIONS
from tests.columns.engines import HERE, native, rows
from tests.columns_whatif.round_2018 import application, led_by, tables, three
from tests.pools import LATER_TOY, REAL, RULEBOOKS, TOY, LaterToyApplication

ON_EVERY_ENGINE = pytest.mark.parametrize("engine", HERE)

RAISED = REAL.with_values(grant_ceiling=g.kr(3_000_000))

FEW_RULES = RULEBOOKS["dk_2021_digital_sundhed"]

HIGHEST = 2**63 - 1

CASES = Path(__file__).parents[2] / "plugins" / "dk_2021_digital_sundhed" / "cases"


def _hospital() -> dict[str, pl.DataFrame]:
    """One application to the pool of 2021, whose rules are few."""
    case = json.loads((CASES / "hospital" / "application.json").read_text("utf-8"))
    made: dict[str, pl.DataFrame] = FEW_RULES.to_tables([FEW_RULES.read_application(case)])
    return made


@ON_EVERY_ENGINE
def test_native_in_native_out(engine: str) -> None:
    """Frames come back as they are given: lazy where the tables are."""
    found = FEW_RULES.what_if(native(engine, _hospital()), FEW_RULES.with_values(budget=g.kr("0.07")))
    kind = {"polars": "LazyFrame", "duckdb": "DuckDBPyRelation", "pyarrow": "Table"}[engine]
    assert {type(frame).__name__ for frame in (found.applications, found.flipped, found.problems)} == {kind}
    (flipped,) = rows(found.flipped)
    assert (flipped["highest_grant_ore_after"], flipped["changed"]) == (7, True)
    assert rows(found.problems) == []


@ON_EVERY_ENGINE
def test_sums_beyond_64_bits(engine: str) -> None:
    """Amounts add up to more than a column can hold, to the øre, and those that are not known are counted."""
    amounts = [HIGHEST, HIGHEST - 1, 99, 0, None, HIGHEST]
    frame = native(engine, {"amounts": pl.DataFrame({"amount": amounts, "all": [1] * len(amounts)})})["amounts"]
    made = nw.from_native(frame).with_columns(**in_parts("amount"))
    names = parts("amount")
    (row,) = rows(made.group_by("all").agg(*(nw.col(name).sum() for name in names)).to_native())
    words, rest, unknown = (int(row[name]) for name in names)
    assert (words * WORD + rest, unknown) == (3 * HIGHEST - 1 + 99, 1)


def test_a_hundred_thousand_grants_at_the_limit() -> None:
    """What as many may be granted, each the highest amount that a file can state, is exact beyond 64 bits."""
    count, most = 100_000, 10**14 - 1
    rules = FEW_RULES.with_values(budget=g.kr("999999999999.99"))
    numbers = pl.DataFrame({"application": range(count)})
    many = {name: frame.drop("application").join(numbers, how="cross").lazy() for name, frame in _hospital().items()}
    many["applications"] = many["applications"].with_columns(requested_ore=pl.lit(most))
    group = rules.what_if(many, rules.with_values(budget=g.kr(1))).summary().all.group
    assert group.applications == count
    assert count * most > HIGHEST
    assert group.before.highest_grant == Decimal(count * most) / 100
    assert group.after.highest_grant == count


@pytest.mark.parametrize("engine", ["polars", "pyarrow"])
def test_kinds_of_applicants(engine: str) -> None:
    """The kind of those in the lead: one, several, or unknown where nobody leads or one does not say."""
    leads: dict[str, tuple[str | None, ...]] = {
        "municipality": ("municipality", "municipality"),
        "several": ("municipality", "region"),
        "several too": ("municipality", "region", None),
        "half": ("municipality", None),
        "nobody": (),
        "silent": (None,),
    }
    made = tables(*(application(id, organisations=led_by(*kinds)) for id, kinds in leads.items()))
    found = rows(REAL.what_if(native(engine, made), RAISED).applications)
    assert {row["application"]: row["applicant_kind"] for row in found} == {
        "municipality": "municipality",
        "several": "several",
        "several too": "several",
        "half": "unknown",
        "nobody": "unknown",
        "silent": "unknown",
    }


def test_nothing_changes_under_the_same_rules() -> None:
    """No column is there twice for a requirement, nobody flips, and all sums are the same."""
    found = REAL.what_if({name: frame.lazy() for name, frame in three().items()}, REAL)
    assert not [name for name in found.applications.collect_schema() if name.startswith(("eligibility", "formal"))]
    summary = found.summary()
    assert (summary.all.changed, summary.all.flips, summary.cost_rules) == (0, (), ())
    assert summary.all.group.before == summary.all.group.after
    assert rows(found.flipped) == []


def test_no_application_at_all() -> None:
    """Empty tables have a summary of nothing."""
    empty = {name: frame.head(0) for name, frame in three().items()}
    summary = REAL.what_if(empty, RAISED).summary()
    assert (summary.all.group.applications, summary.kinds, summary.all.flips) == (0, {}, ())
    assert [one.applications for one in summary.outcomes] == [(0, 0)] * 4
    assert summary.scores is not None
    assert (summary.scores.changed, summary.scores.passing) == (0, (None, None))


def test_tables_hold_what_either_rulebook_reads() -> None:
    """What only one round asks for is needed too, and missing columns of both are said at once."""
    names = {column.name for column in together(TOY.rules, LATER_TOY.rules).table(APPLICATIONS).columns}
    assert "earlier_ore" in names
    made = {name: frame.lazy() for name, frame in TOY.to_tables([]).items()}
    made["applications"] = made["applications"].drop("loud")
    with pytest.raises(g.InputError) as caught:
        TOY.what_if(made, LATER_TOY)
    assert [problem.where for problem in caught.value.problems] == ["applications.loud", "applications.earlier_ore"]
    assert caught.value.subject == "toy@2020 → toy@2021"


def test_rulebooks_that_mean_something_else() -> None:
    """The same name for another kind of fact, in another currency: refused before any table is looked at."""
    with pytest.raises(g.InputError) as caught:
        REAL.what_if({}, RULEBOOKS["no_helseteknologi@2024-1"])
    assert {problem.code for problem in caught.value.problems} == {"other-currency", "other-fact"}


def test_problems_are_held_against_both() -> None:
    """Rows are wrong for what either rulebook reads of them."""
    made = {
        name: frame.lazy()
        for name, frame in LATER_TOY.to_tables([LaterToyApplication(id="1", earlier=g.kr(1))]).items()
    }
    negative = {**made, "applications": made["applications"].with_columns(earlier_ore=pl.lit(-1, pl.Int64))}
    assert [row["column"] for row in rows(TOY.what_if(negative, LATER_TOY).problems)] == ["earlier_ore"]


@pytest.mark.parametrize("other", [None, "dk_2018_kompetenceloeft"])
def test_the_other_rules_must_be_a_rulebook(other: Any) -> None:
    """Anything else is refused as wrong input."""
    with pytest.raises(g.InputError, match="expected a rulebook"):
        REAL.what_if(three(), other)
