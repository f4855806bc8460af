"""Small rule sets over the facts of the toy pool, and tables of it written by hand."""

from collections.abc import Iterable
from typing import Any

import polars as pl
from attrs import evolve

import grantrules as g
from grantrules.tables.filling import frames
from grantrules.terms.nodes import Term
from tests.pools import CITED, TOY, a, text
from tests.tables_bad.hand_made import LAYOUT, Rows, columns

NO_CRITERIA = g.Scoring(())


def ruled(
    *rules: g.Requirement | g.CostRule, grant: Term | None = None, scoring: g.Scoring = NO_CRITERIA
) -> g.Rulebook:
    """The toy pool with these rules alone; whatever is applied for may be granted, unless a formula is given."""
    return g.Rulebook(
        evolve(
            TOY.rules,
            requirements=tuple(_of(g.Requirement, rules)),
            cost_rules=tuple(_of(g.CostRule, rules)),
            grant=g.GrantFormula(a.requested if grant is None else grant, text("granted"), CITED),
            scoring=scoring,
            conditions=(),
        )
    )


def _of(cls: type, rules: Iterable[Any]) -> list[Any]:
    return [rule for rule in rules if isinstance(rule, cls)]


def demanding(*demands: Term) -> g.Rulebook:
    """The toy pool with demands alone, `eligibility.1` and so on."""
    numbered = enumerate(demands, start=1)
    return ruled(*(g.Requirement(f"eligibility.{number}", one, text("asked"), CITED) for number, one in numbered))


def tables(**rows: Rows) -> dict[str, pl.DataFrame]:
    """Rows as frames with every column of the toy pool, null where a row says nothing."""
    return frames(LAYOUT, columns(**rows))
