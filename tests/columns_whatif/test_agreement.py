"""A what-if over columns counts what comes of deciding every application twice, one by one."""

from collections.abc import Callable
from datetime import date

import pytest
from attrs import evolve

import grantrules as g
from grantrules.readings.columns.whatif_summary import Summary
from grantrules.values import Amount
from tests.columns.batches import sampled
from tests.columns.engines import native, rows
from tests.columns_whatif.one_by_one import decided_twice, summary
from tests.pools import RULEBOOKS

Pair = tuple[g.Rulebook, g.Rulebook]


def _with(name: str, **values: Amount) -> Pair:
    return RULEBOOKS[name], RULEBOOKS[name].with_values(**values)


def _rounds(before: str, after: str) -> Pair:
    return RULEBOOKS[before], RULEBOOKS[after]


PAIRS: dict[str, Callable[[], Pair]] = {
    "dk_2018": lambda: _with(
        "dk_2018_kompetenceloeft",
        grant_ceiling=g.kr(3_000_000),
        grant_floor=g.kr(100),
        page_limit=3,
        last_cost_day=date(2018, 12, 31),
    ),
    "dk_2021": lambda: _with("dk_2021_digital_sundhed", budget=g.kr(7)),
    "dk_2022": lambda: _rounds("dk_2022_digitale_kompetencer@2022", "dk_2022_digitale_kompetencer@2023"),
    "no_2024": lambda: _rounds("no_helseteknologi@2024-2", "no_helseteknologi@2024-1"),
    "toy": lambda: (
        RULEBOOKS["toy@2021"],
        RULEBOOKS["toy"].with_values(page_limit=3, hourly=g.kr("99.50"), lump=g.kr(1_500), many_children=100),
    ),
}

MORE_ENGINES = {"dk_2018": ("pyarrow",), "dk_2022": ("duckdb",)}
"""Asked beside Polars. DuckDB takes long to plan the queries of rules with cost lines."""


@pytest.mark.parametrize("name", PAIRS)
def test_a_summary_counts_what_single_decisions_say(name: str) -> None:
    """On a hundred applications: outcomes, money, flips, kinds, cost rules and scores."""
    rules, other = PAIRS[name]()
    batch = sampled(rules, 100)
    found = decided_twice(rules, other, batch.cases)
    wanted = summary(rules, other, found)
    for engine in ("polars", *MORE_ENGINES.get(name, ())):
        made = rules.what_if(native(engine, batch.tables), other)
        assert _comparable(made.summary()) == _comparable(wanted)
        assert {row["application"] for row in rows(made.flipped)} == {
            one.application.id for one in found if one.changed
        }


def _comparable(found: Summary) -> Summary:
    """With kinds in one order, and cost rules only where what they take changes."""
    taken = tuple(one for one in found.cost_rules if one.before != one.after)
    return evolve(found, kinds=dict(sorted(found.kinds.items())), cost_rules=taken)
