"""Scores stay within their scale, are exact, and a better rating never makes a worse one."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import grantrules as g
from tests.pools import CITED, EVERY_POOL, RULEBOOKS, TOY, text, toy_scoring
from tests.strategies import cases

WHY = text("a try")


@EVERY_POOL
@settings(max_examples=25)
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
    """An assessor who counts has rated something."""
    return any(assessment.ratings and not assessment.conflict_of_interest for assessment in case[1])


def with_one_raised(rulebook: g.Rulebook, data: st.DataObject) -> tuple[g.Score, g.Score]:
    """The score of an application, and its score with one rating raised."""
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
    assert before is not None
    assert after is not None
    return before, after


@EVERY_POOL
@settings(max_examples=30)
@given(data=st.data())
def test_a_better_rating_never_lowers_the_score(pool: str, data: st.DataObject) -> None:
    """Raising one rating lowers neither the score nor its ends."""
    before, after = with_one_raised(RULEBOOKS[pool], data)
    assert (before.exact is None) is (after.exact is None)
    assert before.exact is None or after.exact is None or before.exact <= after.exact
    assert before.low <= after.low
    assert before.high <= after.high


@EVERY_POOL
@settings(max_examples=25)
@given(data=st.data())
def test_a_better_rating_never_lowers_a_threshold(pool: str, data: st.DataObject) -> None:
    """A threshold that is reached stays reached when a rating is raised, and one out of reach may only come nearer."""
    before, after = with_one_raised(RULEBOOKS[pool], data)
    for old, new in zip(before.thresholds, after.thresholds, strict=True):
        assert (old.id, old.least) == (new.id, new.least)
        assert old.found is None or new.found is None or old.found <= new.found
        assert old.holds is not True or new.holds is True
        assert new.holds is not False or old.holds is False


@EVERY_POOL
@settings(max_examples=25)
@given(data=st.data())
def test_thresholds_repeat_the_score(pool: str, data: st.DataObject) -> None:
    """Each criterion's threshold is held against its own rating or points, the total's against its ends."""
    rulebook = RULEBOOKS[pool]
    scoring = rulebook.rules.scoring
    score = rulebook.decide(*data.draw(cases(rulebook))).score
    if score is None:
        return
    held = {finding.id: finding for finding in score.thresholds}
    for stated, found in zip(scoring.criteria, score.criteria, strict=True):
        assert (stated.id in held) is (stated.threshold is not None)
        if stated.threshold is not None:
            number = found.points if stated.computed is not None else found.rating
            holds = None if number is None else number >= stated.threshold
            assert (held[stated.id].found, held[stated.id].holds) == (number, holds)
    if scoring.threshold is not None:
        least = scoring.threshold.least
        assert held[scoring.threshold.id].holds is (
            True if score.low >= least else None if score.high >= least else False
        )
    assert len(held) == len(score.thresholds)


@EVERY_POOL
@settings(max_examples=20)
@given(data=st.data())
def test_scaling_all_weights_changes_no_score(pool: str, data: st.DataObject) -> None:
    """With every weight multiplied by one factor, the score of every application is the same to the last digit."""
    rulebook = RULEBOOKS[pool]
    ids = [criterion.id for criterion in rulebook.rules.scoring.criteria]
    factor = data.draw(st.fractions(Fraction(1, 1000), 1000))
    weights = dict(zip(ids, rulebook.rules.scoring.shares, strict=True))
    scaled = rulebook.with_weights({id: weight * factor for id, weight in weights.items()}, WHY)
    case = data.draw(cases(rulebook))
    assert scaled.decide(*case).score == rulebook.decide(*case).score


@EVERY_POOL
@settings(max_examples=20)
@given(data=st.data())
def test_no_number_of_a_score_is_inexact(pool: str, data: st.DataObject) -> None:
    """Ratings, points, weights, totals and thresholds are exact fractions; the total shown lies beside the exact."""
    score = RULEBOOKS[pool].decide(*data.draw(cases(RULEBOOKS[pool]))).score
    if score is None:
        return
    numbers = [score.exact, score.low, score.high]
    numbers += [number for c in score.criteria for number in (c.rating, c.points, c.weight)]
    numbers += [number for finding in score.thresholds for number in (finding.least, finding.found)]
    assert all(isinstance(number, Fraction | None) for number in numbers)
    assert all(c.points is None or 0 <= c.points <= 1 for c in score.criteria)
    if score.exact is not None and score.total is not None:
        assert -Fraction(1, 200) < Fraction(score.total) - score.exact <= Fraction(1, 200)


COMBINED: Mapping[str, g.Rulebook] = {
    combining.value: toy_scoring(evolve(TOY.rules.scoring, combination=g.Combination(combining, CITED)))
    for combining in g.Combining
}
"""The toy pool with each way to combine assessments."""


@pytest.mark.parametrize("combining", COMBINED)
@settings(max_examples=40)
@given(data=st.data())
def test_zero_is_a_rating_and_missing_is_none(combining: str, data: st.DataObject) -> None:
    """A rating that is missing keeps the total open down to where a zero would put it, and no lower."""
    rulebook = COMBINED[combining]
    application, assessments = data.draw(cases(rulebook))
    score = rulebook.decide(application, assessments).score
    if score is None:
        return
    for criterion in score.criteria:
        if criterion.rating is None and not criterion.computed and not criterion.ratings:
            zeros = [g.Assessment(ratings={criterion.id: Decimal(0)}, consensus=True)] * 3
            zeroed = rulebook.decide(application, [*assessments, *zeros]).score
            assert zeroed is not None
            assert zeroed.low == score.low
            assert zeroed.high == score.high - 100 * criterion.weight
            assert next(c.rating for c in zeroed.criteria if c.id == criterion.id) == 0


@pytest.mark.parametrize("combining", COMBINED)
@settings(max_examples=40)
@given(data=st.data())
def test_a_conflicted_assessor_changes_nothing_but_the_panel(combining: str, data: st.DataObject) -> None:
    """Another assessment by somebody with a conflict of interest changes no score, and its assessor is named."""
    rulebook = COMBINED[combining]
    application, assessments = data.draw(cases(rulebook))
    other = evolve(
        g.Assessment(assessor="X", ratings={"joy": Decimal(7)}, judgements={"colour-accepted": True}, consensus=True),
        conflict_of_interest=True,
    )
    before, after = (rulebook.decide(application, given_) for given_ in (assessments, [*assessments, other]))
    assert after.score == before.score
    assert after.outcome is before.outcome
    assert "X" in after.panel.conflicted
    assert after.panel.counted == before.panel.counted


@pytest.mark.parametrize("combining", COMBINED)
@settings(max_examples=30)
@given(data=st.data())
def test_the_order_of_assessors_changes_no_score(combining: str, data: st.DataObject) -> None:
    """However assessments are combined, their order is none of their business."""
    rulebook = COMBINED[combining]
    application, assessments = data.draw(cases(rulebook))
    moved = data.draw(st.permutations(assessments))
    assert rulebook.decide(application, moved).score == rulebook.decide(application, assessments).score
