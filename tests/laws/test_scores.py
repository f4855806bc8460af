"""Scores stay within their scale, and a better rating never makes a worse score."""

from decimal import Decimal
from typing import Any

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import grantrules as g
from tests.pools import EVERY_POOL, RULEBOOKS
from tests.strategies import cases


@EVERY_POOL
@settings(max_examples=40)
@given(data=st.data())
def test_scores_stay_within_their_scale(pool: str, data: st.DataObject) -> None:
    """A score lies from 0 to 100, between its ends, and is there exactly where no points are missing."""
    rulebook = RULEBOOKS[pool]
    score = rulebook.decide(*data.draw(cases(rulebook))).score
    if score is None:
        return
    assert 0 <= score.low <= score.high <= 100
    assert sum(criterion.weight for criterion in score.criteria) == 1
    assert (score.exact is None) is any(criterion.points is None for criterion in score.criteria)
    assert score.exact is None or score.low == score.exact == score.high


def rated(case: tuple[Any, list[g.Assessment]]) -> bool:
    """An assessor has rated something."""
    return any(assessment.ratings for assessment in case[1])


@EVERY_POOL
@settings(max_examples=60)
@given(data=st.data())
def test_a_better_rating_never_lowers_the_score(pool: str, data: st.DataObject) -> None:
    """Raising one rating lowers neither the score nor its ends."""
    rulebook = RULEBOOKS[pool]
    application, assessments = data.draw(cases(rulebook).filter(rated))
    chosen = data.draw(st.sampled_from([i for i, assessment in enumerate(assessments) if assessment.ratings]))
    ratings = assessments[chosen].ratings
    id = data.draw(st.sampled_from(sorted(ratings)))
    assert rulebook.rules.scoring.scale is not None
    top = Decimal(rulebook.rules.scoring.scale.top)
    higher = data.draw(st.decimals(ratings[id], top, places=3))
    raised = [*assessments]
    raised[chosen] = evolve(assessments[chosen], ratings={**ratings, id: higher})
    before, after = (rulebook.decide(application, given_).score for given_ in (assessments, raised))
    assert (before is None) is (after is None)
    if before is not None and after is not None:
        assert (before.exact is None) is (after.exact is None)
        assert before.exact is None or after.exact is None or before.exact <= after.exact
        assert before.low <= after.low
        assert before.high <= after.high
