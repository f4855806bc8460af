"""The law of missing facts: stating a missing fact never changes what was settled without it."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import grantrules as g
from grantrules.serial.applications import application_to_data
from tests.pools import EVERY_POOL, RULEBOOKS, TOY
from tests.strategies import cases, stated_more, stated_paths

Pair = tuple[g.Decision, g.Decision]

_STAYS = {
    g.Outcome.ELIGIBLE: {g.Outcome.ELIGIBLE},
    g.Outcome.INELIGIBLE: {g.Outcome.INELIGIBLE, g.Outcome.DISMISSED},
    g.Outcome.DISMISSED: {g.Outcome.DISMISSED},
    g.Outcome.UNDETERMINED: set(g.Outcome),
}


def before_and_after(rulebook: g.Rulebook, data: st.DataObject) -> Pair:
    """The decision on an application, and on the same application with more of it filled in."""
    application, assessments = data.draw(cases(rulebook))
    more = stated_more(data.draw, application, rulebook)
    return rulebook.decide(application, assessments), rulebook.decide(more, assessments)


@EVERY_POOL
@settings(max_examples=25)
@given(data=st.data())
def test_filling_in_keeps_what_is_stated(pool: str, data: st.DataObject) -> None:
    """What fills in an application keeps everything stated, and makes an application that can be read."""
    rulebook = RULEBOOKS[pool]
    application, _ = data.draw(cases(rulebook))
    more = stated_more(data.draw, application, rulebook)
    assert stated_paths(application) <= stated_paths(more)
    assert contains(application_to_data(more), application_to_data(application))
    assert rulebook.read_application(application_to_data(more)) == more


def contains(data: Any, part: Any) -> bool:
    """`data` says everything that `part` says."""
    if isinstance(part, dict):
        return all(key in data and contains(data[key], value) for key, value in part.items())
    if isinstance(part, list) and part and isinstance(part[0], dict):
        return len(data) == len(part) and all(contains(*pair) for pair in zip(data, part, strict=True))
    return bool(data == part)


@EVERY_POOL
@settings(max_examples=50)
@given(data=st.data())
def test_settled_findings_stay(pool: str, data: st.DataObject) -> None:
    """A settled finding stays as it is, and so does a settled outcome, but that ineligible may become dismissed."""
    rulebook = RULEBOOKS[pool]
    before, after = before_and_after(rulebook, data)
    for old, new in zip(before.findings, after.findings, strict=True):
        assert old.result in (g.Result.UNDETERMINED, new.result), old.rule
    assert after.outcome in _STAYS[before.outcome]
    assert set(before.conditions) <= set(after.conditions)


@EVERY_POOL
@settings(max_examples=50)
@given(data=st.data())
def test_settled_amounts_stay(pool: str, data: st.DataObject) -> None:
    """What is surely eligible of a line never falls, what is surely disallowed neither; nor do their totals."""
    rulebook = RULEBOOKS[pool]
    before, after = before_and_after(rulebook, data)
    pairs = [(old.interval, new.interval) for old, new in zip(before.costs.lines, after.costs.lines, strict=False)]
    for old, new in [*pairs, (before.costs.total, after.costs.total)]:
        if old is not None:
            assert new is not None
            assert new.claimed == old.claimed
            assert old.low <= new.low <= new.high <= old.high


@EVERY_POOL
@settings(max_examples=50)
@given(data=st.data())
def test_a_settled_grant_stays(pool: str, data: st.DataObject) -> None:
    """A highest grant that is known stays as it is, unless the application turns out to be refused."""
    rulebook = RULEBOOKS[pool]
    before, after = before_and_after(rulebook, data)
    if before.highest_grant is not None and before.outcome is not g.Outcome.UNDETERMINED:
        assert after.highest_grant == before.highest_grant
    if before.highest_grant is not None and after.outcome in (g.Outcome.ELIGIBLE, g.Outcome.UNDETERMINED):
        assert after.highest_grant == before.highest_grant


@EVERY_POOL
@settings(max_examples=30)
@given(data=st.data())
def test_ends_of_the_grant_draw_closer(pool: str, data: st.DataObject) -> None:
    """The lower end of the highest grant never falls and the upper never rises, unless the application is refused."""
    before, after = before_and_after(RULEBOOKS[pool], data)
    if before.grant_range is not None and after.outcome in (g.Outcome.ELIGIBLE, g.Outcome.UNDETERMINED):
        assert after.grant_range is not None
        (low, high), (lower, higher) = before.grant_range, after.grant_range
        assert low <= lower <= higher <= high


@EVERY_POOL
@settings(max_examples=30)
@given(data=st.data())
def test_scores_draw_closer(pool: str, data: st.DataObject) -> None:
    """The lowest possible score never falls, the highest never rises, and points once given stay."""
    rulebook = RULEBOOKS[pool]
    before, after = before_and_after(rulebook, data)
    assert (before.score is None) is (after.score is None)
    if before.score is not None and after.score is not None:
        assert before.score.low <= after.score.low <= after.score.high <= before.score.high
        assert before.score.exact in (None, after.score.exact)
        for old, new in zip(before.score.criteria, after.score.criteria, strict=True):
            assert old.points in (None, new.points), old.id


def test_naming_a_line_changes_nothing_settled() -> None:
    """A line without an id is not settled by an answer that another assessor contradicts for the line it may be."""
    line = {"category": "pay", "amount": "90000.00", "vat": "0.00", "colour": "red", "hours": 1, "essential": True}
    late = {"vat_recoverable": False, "incurred_on": "2020-02-01", "organisation": "A"}
    facts: dict[str, Any] = {
        "organisations": [{"name": "A", "kind": "region"}],
        "ends_on": "2020-12-31",
        "requested": "1.00",
    }
    overall = TOY.read_assessment({"judgements": {"hours-sensible": True}})
    by_line = TOY.read_assessment({"judgements": {"hours-sensible": {"c1": False}}})
    unnamed = TOY.read_application({**facts, "costs": [{**line, **late}]})
    named = TOY.read_application({**facts, "costs": [{**line, **late, "id": "c1"}]})
    before, after = (TOY.decide(made, [overall, by_line]).costs.total for made in (unnamed, named))
    assert before is not None
    assert after is not None
    assert before.low <= after.low <= after.high <= before.high
