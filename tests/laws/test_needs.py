"""What is still needed is what is missing, and giving it settles the decision."""

import re
from collections.abc import Iterator
from typing import Any

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import grantrules as g
from grantrules.findings import Missing
from tests.pools import EVERY_POOL, RULEBOOKS
from tests.strategies import answering, applications, assessments, cases, stated_more, stated_paths

_STEP = re.compile(r"(\w+)(?:\[(\d+)\])?")
_LOOKED_UP = re.compile(r"\w+\[\d{4}-\d{2}-\d{2}\]")

ROUNDS = 8
"""So often is what is needed given: a fact that is stated may bring another question."""


def everything_missing(decision: g.Decision) -> Iterator[Missing]:
    """All that findings, lines and criteria wait for."""
    for finding in decision.findings:
        yield from finding.needs
    for line in decision.costs.lines:
        yield from (need for _, need in line.needs)
        for cost_finding in line.findings:
            yield from cost_finding.needs
    for criterion in decision.score.criteria if decision.score else ():
        yield from criterion.needs


def is_unstated(application: Any, path: str) -> bool:
    """The path leads to a fact that is there to be stated, and is not."""
    at = application
    for name, index in _STEP.findall(path):
        at = getattr(at, name)
        at = at[int(index)] if index else at
    return at is None


@EVERY_POOL
@settings(max_examples=50)
@given(data=st.data())
def test_every_open_finding_names_what_is_missing(pool: str, data: st.DataObject) -> None:
    """An undetermined finding or line names what it waits for, a settled one nothing, and all of it is unstated."""
    rulebook = RULEBOOKS[pool]
    application, given_assessments = data.draw(cases(rulebook))
    decision = rulebook.decide(application, given_assessments)
    for finding in decision.findings:
        assert bool(finding.needs) is (finding.result is g.Result.UNDETERMINED), finding.rule
        assert bool(finding.missing or finding.judgement) is bool(finding.needs)
    for line in decision.costs.lines:
        waits = line.interval is None or bool(line.interval.undetermined)
        assert bool(line.needs or any(finding.needs for finding in line.findings)) is waits
    for need in everything_missing(decision):
        if need.kind == "fact":
            assert need.origin == "applicant"
            assert is_unstated(application, need.what) or need.what == "organisations", need.what
        else:
            assert need.origin == "assessor"


@EVERY_POOL
@settings(max_examples=30)
@given(data=st.data())
def test_needed_is_what_is_missing(pool: str, data: st.DataObject) -> None:
    """Everything that findings, lines and criteria wait for is needed, once, and from the one who can give it."""
    rulebook = RULEBOOKS[pool]
    decision = rulebook.decide(*data.draw(cases(rulebook)))
    needed = [(need.origin, need.what) for need in decision.needed]
    assert len(needed) == len(set(needed))
    assert {(need.origin, need.what) for need in everything_missing(decision)} <= set(needed)
    assert all(need.rules for need in decision.needed)


@EVERY_POOL
@settings(max_examples=30)
@given(data=st.data())
def test_giving_what_is_needed_settles_the_decision(pool: str, data: st.DataObject) -> None:
    """Stating just what is needed, again while more is, settles everything but days that no table covers.

    A refused application needs no costs, so where they are not stated they stay so.
    """
    rulebook = RULEBOOKS[pool]
    application = data.draw(applications(rulebook).filter(lambda made: made.organisations != ()))
    given_assessments = data.draw(assessments(rulebook, application, max_size=1))
    assessment = g.Assessment() if not given_assessments else whole(given_assessments[0])
    decision = rulebook.decide(application, [assessment])
    for _ in range(ROUNDS):
        if not decision.needed:
            break
        whats = {
            origin: {n.what for n in decision.needed if n.origin == origin} for origin in ("applicant", "assessor")
        }
        before = stated_paths(application)
        application = stated_more(data.draw, application, rulebook, only=whats["applicant"])
        assert whats["applicant"] <= stated_paths(application) - before
        questions = {what for what in whats["assessor"] if not _LOOKED_UP.fullmatch(what)}
        assessment = answering(data.draw, rulebook, assessment, questions)
        decision = rulebook.decide(application, [assessment])
    assert all(_LOOKED_UP.fullmatch(need.what) for need in decision.needed)
    if not decision.needed:
        assert decision.outcome is not g.Outcome.UNDETERMINED
        assert decision.costs.undetermined == 0 or application.costs is None
        assert decision.highest_grant is not None
        assert decision.score is not None
        assert decision.score.exact is not None


def whole(assessment: g.Assessment) -> g.Assessment:
    """The assessment with a conflict denied, and only those judgements that are of all lines at once."""
    judgements = {id: answer for id, answer in assessment.judgements.items() if isinstance(answer, bool)}
    return evolve(assessment, judgements=judgements, conflict_of_interest=False)
