"""Scores by thresholds, weights and every way to combine assessments; more is said by `grantrules.testing.laws`."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import grantrules as g
from grantrules.testing.strategies.applications import assessed_applications
from tests.pools import CITED, EVERY_POOL, RULEBOOKS, TOY, text, toy_scoring

WHY = text("a try")


@EVERY_POOL
@settings(max_examples=25)
@given(data=st.data())
def test_thresholds_repeat_the_score(pool: str, data: st.DataObject) -> None:
    """Each criterion's threshold is held against its own rating or points, the total's against its ends."""
    rulebook = RULEBOOKS[pool]
    scoring = rulebook.rules.scoring
    score = rulebook.decide(*data.draw(assessed_applications(rulebook))).score
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
    case = data.draw(assessed_applications(rulebook))
    assert scaled.decide(*case).score == rulebook.decide(*case).score


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
    application, assessments = data.draw(assessed_applications(rulebook))
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
    application, assessments = data.draw(assessed_applications(rulebook))
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
    application, assessments = data.draw(assessed_applications(rulebook))
    moved = data.draw(st.permutations(assessments))
    assert rulebook.decide(application, moved).score == rulebook.decide(application, assessments).score
