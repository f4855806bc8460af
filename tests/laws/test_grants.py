"""The highest grant of the 2018 pool is nothing, or between its floor and each of its limits."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

import grantrules as g
from tests.pools import EVERY_POOL, REAL, RULEBOOKS
from tests.strategies import cases

FLOOR = Decimal("1000000.00")
CEILING = Decimal("2500000.00")


@settings(max_examples=200)
@given(data=st.data())
def test_the_highest_grant_is_within_its_limits(data: st.DataObject) -> None:
    """A highest grant above zero is at least the floor and at most each of the four amounts of the formula."""
    application, assessments = data.draw(cases(REAL, complete=data.draw(st.booleans())))
    decision = REAL.decide(application, assessments)
    grant, total = decision.highest_grant, decision.costs.total
    if not grant:
        return
    assert total is not None
    own = sum((part.amount for part in application.funding if part.source == "own"), Decimal(0))
    assert FLOOR <= grant == min(application.requested, CEILING, own, total.high - own)
    assert min(application.requested, CEILING, own, total.low - own) == grant


@EVERY_POOL
@settings(max_examples=30)
@given(data=st.data())
def test_refused_applications_get_nothing(pool: str, data: st.DataObject) -> None:
    """A dismissed or ineligible application gets nothing, and nobody gets less than nothing or a part of an øre."""
    rulebook = RULEBOOKS[pool]
    decision = rulebook.decide(*data.draw(cases(rulebook)))
    if decision.outcome in (g.Outcome.DISMISSED, g.Outcome.INELIGIBLE):
        assert decision.highest_grant == 0
    if decision.highest_grant is not None:
        assert isinstance(decision.highest_grant, Decimal)
        assert decision.highest_grant >= 0
        assert decision.highest_grant == round(decision.highest_grant, 2)
