"""No øre is lost: claimed is eligible, disallowed and undetermined together."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pools import EVERY_POOL, RULEBOOKS
from tests.strategies import cases

ZERO = Decimal(0)
AMOUNTS = ("claimed", "eligible", "disallowed", "undetermined")


@EVERY_POOL
@settings(max_examples=50)
@given(data=st.data())
def test_claimed_is_divided_without_rest(pool: str, data: st.DataObject) -> None:
    """Of every line and in total, claimed is the sum of three amounts, none below zero, to the øre."""
    rulebook = RULEBOOKS[pool]
    application, assessments = data.draw(cases(rulebook))
    costs = rulebook.decide(application, assessments).costs
    for found in (*(line.interval for line in costs.lines), costs.total):
        if found is not None:
            assert found.claimed == found.eligible + found.disallowed + found.undetermined
            for name in AMOUNTS:
                amount = getattr(found, name)
                assert amount >= ZERO
                assert amount == round(amount, 2)
    for line, stated in zip(costs.lines, application.costs or (), strict=True):
        assert (line.interval is None) is (stated.amount is None or stated.vat is None)
        assert line.interval is None or line.interval.claimed == stated.amount + stated.vat


@EVERY_POOL
@settings(max_examples=50)
@given(data=st.data())
def test_rules_account_for_what_is_gone(pool: str, data: st.DataObject) -> None:
    """What the rules took of a line is what is disallowed, what they hold back is what is undetermined."""
    rulebook = RULEBOOKS[pool]
    costs = rulebook.decide(*data.draw(cases(rulebook))).costs
    for line in costs.lines:
        if line.interval is not None:
            assert sum((finding.taken for finding in line.findings), ZERO) == line.interval.disallowed
            assert sum((finding.held for finding in line.findings), ZERO) == line.interval.undetermined
        for finding in line.findings:
            assert finding.taken >= ZERO
            assert finding.held >= ZERO
            assert finding.amount == finding.taken + finding.held
            assert finding.taken or finding.needs, finding.rule


@EVERY_POOL
@settings(max_examples=30)
@given(data=st.data())
def test_totals_are_the_sums_of_the_lines(pool: str, data: st.DataObject) -> None:
    """Each total is the sum of the lines, and there is none where a line's amount is missing."""
    rulebook = RULEBOOKS[pool]
    application, assessments = data.draw(cases(rulebook))
    costs = rulebook.decide(application, assessments).costs
    intervals = [line.interval for line in costs.lines if line.interval is not None]
    complete = application.costs is not None and len(intervals) == len(costs.lines)
    assert (costs.total is not None) is complete
    for name in AMOUNTS if complete else ():
        assert getattr(costs, name) == sum((getattr(found, name) for found in intervals), ZERO)
