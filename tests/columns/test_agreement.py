"""Columns, the compiled function and the specification say the same of every application, on every engine."""

from fractions import Fraction
from functools import cache

import pytest
from attrs import evolve
from hypothesis import strategies as st

import grantrules as g
from grantrules.testing import assessments
from tests.columns.batches import Batch, sampled
from tests.columns.engines import HERE, native
from tests.columns.rules import ruled
from tests.pools import CITED, EVERY_POOL, LATER_TOY, RULEBOOKS, SCORING, a, o, text

COUNT = 100
"""So many applications of every pool; most have assessments."""


@cache
def batch(pool: str) -> Batch:
    """The applications that every engine is asked about."""
    return sampled(RULEBOOKS[pool], COUNT)


@EVERY_POOL
def test_the_readings_agree(pool: str) -> None:
    """What columns are held against is what the compiled function and the specification both say."""
    batch(pool).check_readings()


@EVERY_POOL
@pytest.mark.parametrize("engine", HERE)
def test_columns_agree(pool: str, engine: str) -> None:
    """Every finding on every application and cost line, the ranks too, and to the øre."""
    rulebook, tables = RULEBOOKS[pool], native(engine, batch(pool).tables)
    if engine == "pyarrow" and rulebook is LATER_TOY:
        with pytest.raises(g.InputError, match="joy"):
            rulebook.columns(tables)
        return
    batch(pool).check(rulebook.columns(tables, rank=True), ranked=True)


@cache
def rated(combining: g.Combining) -> Batch:
    """Applications with up to seven assessors, whose ratings are brought together in one way."""
    weighted = zip(SCORING.criteria, (Fraction(4, 9), Fraction(5, 9)), strict=False)
    criteria = tuple(evolve(one, weight=weight) for one, weight in weighted)
    weights, combination = g.Weights(g.Weighting.STATED, CITED, total=Fraction(1)), g.Combination(combining, CITED)
    rulebook = ruled(
        scoring=evolve(SCORING, criteria=criteria, weights=weights, combination=combination, emphasis=None)
    )
    return sampled(rulebook, COUNT, st.tuples(st.just(rulebook.rules.application()), assessments(rulebook, max_size=7)))


@pytest.mark.parametrize("engine", HERE)
@pytest.mark.parametrize("combining", g.Combining)
def test_ratings_of_many_are_brought_together(combining: g.Combining, engine: str) -> None:
    """Up to seven assessors, in every way that a round may bring their ratings together."""
    batch = rated(combining)
    if engine == "pyarrow" and combining is g.Combining.MEDIAN:
        return  # refused: see the refusals
    batch.check(batch.rulebook.columns(native(engine, batch.tables), rank=True), ranked=True)


@pytest.mark.parametrize("engine", HERE)
def test_different_organisations(engine: str) -> None:
    """One to four different organisations, with names and ids that are missing or the same."""
    demands = [
        g.Requirement(
            f"eligibility.{n}", a.organisations.different(n, where=o.role.is_in(g.LEAD, g.PARTNER)), text("n"), CITED
        )
        for n in (1, 2, 3, 4)
    ]
    organisation = st.builds(
        g.Organisation,
        name=st.sampled_from((None, "Odense", "Esbjerg", "Vejle", "Nyborg")),
        id=st.sampled_from((None, None, "DK-CVR-35209115", "DK-CVR-29189803", "DK-CVR-29189900")),
        role=st.sampled_from((None, "lead", "partner", "partner", "represented")),
    )
    listed = st.none() | st.lists(organisation, max_size=6).map(tuple)
    rulebook = ruled(*demands)
    batch = sampled(
        rulebook, 2 * COUNT, st.tuples(st.builds(rulebook.rules.application, organisations=listed), st.just([]))
    )
    batch.check(rulebook.columns(native(engine, batch.tables)))
