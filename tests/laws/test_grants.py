"""The highest grant of the 2018 pool is nothing, or between its floor and each of its limits."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from grantrules.testing.strategies.applications import assessed_applications
from tests.pools import REAL

FLOOR = Decimal("1000000.00")
CEILING = Decimal("2500000.00")


@settings(max_examples=200)
@given(data=st.data())
def test_the_highest_grant_is_within_its_limits(data: st.DataObject) -> None:
    """A highest grant above zero is at least the floor and at most each of the four amounts of the formula."""
    application, assessments = data.draw(assessed_applications(REAL, complete=data.draw(st.booleans())))
    decision = REAL.decide(application, assessments)
    grant, total = decision.highest_grant, decision.costs.total
    if not grant:
        return
    assert total is not None
    own = sum((part.amount for part in application.funding if part.source == "own"), Decimal(0))
    assert FLOOR <= grant == min(application.requested, CEILING, own, total.high - own)
    assert min(application.requested, CEILING, own, total.low - own) == grant
