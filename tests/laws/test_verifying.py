"""A stored decision stands on what it was made of, and on nothing else."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grantrules.serial.applications import application_to_data
from grantrules.testing.strategies.applications import assessed_applications, stated_more
from tests.pools import EVERY_POOL, REAL, RULEBOOKS


@EVERY_POOL
@settings(max_examples=25)
@given(data=st.data())
def test_a_decision_stands_on_the_same_input(pool: str, data: st.DataObject) -> None:
    """A decision stands, as made and as stored, on the same application and assessments in any order."""
    rulebook = RULEBOOKS[pool]
    application, assessments = data.draw(assessed_applications(rulebook))
    decision = rulebook.decide(application, assessments)
    stored = json.loads(json.dumps(decision.to_dict()))
    for given_decision in (decision, stored):
        found = rulebook.verify(given_decision, application, data.draw(st.permutations(assessments)))
        assert found.stands
        assert bool(found)
        assert found.differences == ()


def places(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every fact that is stated."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, inner in items:
        if isinstance(data, dict):
            yield (*path, step)
        yield from places(inner, (*path, step)) if isinstance(inner, dict | list) else ()


def without(data: Any, path: tuple[str | int, ...]) -> Any:
    """The data without one fact."""
    made = at = deepcopy(data)
    for step in path[:-1]:
        at = at[step]
    del at[path[-1]]
    return made


@EVERY_POOL
@settings(max_examples=25)
@given(data=st.data())
def test_a_decision_falls_with_any_fact(pool: str, data: st.DataObject) -> None:
    """A decision no longer stands once any fact is left out, and what differs is named."""
    rulebook = RULEBOOKS[pool]
    application, assessments = data.draw(assessed_applications(rulebook))
    stated = application_to_data(application)
    options = [path for path in places(stated) if path[-1] != "id"]
    assume(options)
    decision = rulebook.decide(application, assessments)
    changed = rulebook.read_application(without(stated, data.draw(st.sampled_from(options))))
    assume(changed.costs is not None)
    found = rulebook.verify(decision, changed, assessments)
    assert not found.stands
    assert "digests.application" in [difference.where for difference in found.differences]
    assert all(difference.stored != difference.now for difference in found.differences)


@EVERY_POOL
@settings(max_examples=25)
@given(data=st.data())
def test_a_decision_falls_with_any_fact_more(pool: str, data: st.DataObject) -> None:
    """A decision no longer stands once more is stated, and every difference between the two is named."""
    rulebook = RULEBOOKS[pool]
    application, assessments = data.draw(assessed_applications(rulebook))
    more = stated_more(data.draw, application, rulebook)
    before, after = rulebook.decide(application, assessments), rulebook.decide(more, assessments)
    found = rulebook.verify(before, more, assessments)
    assert found.stands is (application_to_data(application) == application_to_data(more))
    named = {difference.where for difference in found.differences}
    for old, new in zip(before.findings, after.findings, strict=True):
        assert (f"findings[{old.rule}].result" in named) is (old.result is not new.result)
    assert ("outcome" in named) is (before.outcome is not after.outcome)
    assert ("highest_grant" in named) is (before.highest_grant != after.highest_grant)


@EVERY_POOL
@settings(max_examples=25)
@given(data=st.data())
def test_a_decision_falls_with_any_assessment(pool: str, data: st.DataObject) -> None:
    """A decision no longer stands without one of its assessments."""
    rulebook = RULEBOOKS[pool]
    application, assessments = data.draw(assessed_applications(rulebook).filter(lambda case: bool(case[1])))
    decision = rulebook.decide(application, assessments)
    found = rulebook.verify(decision, application, assessments[1:])
    assert not found.stands
    assert "digests.assessments" in [difference.where for difference in found.differences]


def test_a_decision_falls_where_it_was_changed() -> None:
    """A stored decision in which one word was changed does not stand, and the place is named with both words."""
    application = REAL.read_application({"id": "A-1", "signed": False})
    stored = REAL.decide(application).to_dict()
    stored["findings"][1]["result"] = "met"
    (difference,) = REAL.verify(stored, application).differences
    assert (difference.where, difference.stored, difference.now) == (
        "findings[formal.signature].result",
        "met",
        "not_met",
    )


def test_a_decision_falls_with_the_rules() -> None:
    """A decision does not stand under other values of the round, and the digest of the rules is named."""
    application = REAL.read_application({"id": "A-1", "pages": 6})
    decision = REAL.decide(application)
    found = REAL.with_values(page_limit=6).verify(decision, application)
    assert {"digests.rules", "findings[formal.length].result", "outcome"} <= {d.where for d in found.differences}
