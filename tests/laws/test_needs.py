"""Giving what is still needed settles the decision."""

import re

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import grantrules as g
from grantrules.testing.strategies.applications import answering, applications, assessments, stated_more, stated_paths
from tests.pools import EVERY_POOL, RULEBOOKS

_LOOKED_UP = re.compile(r"\w+\[\d{4}-\d{2}-\d{2}\]")

ROUNDS = 8
"""So often is what is needed given: a fact that is stated may bring another question."""


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
