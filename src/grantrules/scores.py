"""Scores: ratings and computed criteria, weighed exactly and kept as an interval while something is missing."""

from collections.abc import Sequence
from fractions import Fraction

from grantrules.assessments import combined_rating
from grantrules.findings import CriterionScore, Missing, Score
from grantrules.pools import Combining, Criterion, Scoring, Weighting
from grantrules.readings.evaluate import Scope, evaluate
from grantrules.readings.reasons import needs


def weights(scoring: Scoring) -> tuple[Fraction, ...]:
    """The exact share of each criterion in the total, in order; the shares add up to 1."""
    if scoring.weights is None or scoring.weights.weighting is Weighting.EQUAL:
        return tuple(Fraction(1, len(scoring.criteria)) for _ in scoring.criteria)
    return tuple(criterion.weight or Fraction(0) for criterion in scoring.criteria)


def score(scoring: Scoring, scope: Scope) -> Score | None:
    """
    Score one application.

    Returns:
        The weighted points out of 100, or `None` where no assessment counts or the round has no criteria.
    """
    assessed = scope.assessed
    if not assessed.counted or not scoring.criteria:
        return None
    criteria = tuple(
        _criterion(criterion, weight, scoring, scope)
        for criterion, weight in zip(scoring.criteria, weights(scoring), strict=True)
    )
    low, high = (_total(criteria, Fraction(end)) for end in (0, 1))
    complete = all(criterion.points is not None for criterion in criteria)
    return Score(low if complete else None, low, high, criteria)


def _total(criteria: Sequence[CriterionScore], missing: Fraction) -> Fraction:
    """100 times the weighted mean, with everything missing taken at one end of its scale."""
    points = ((missing if c.points is None else c.points) * c.weight for c in criteria)
    return 100 * sum(points, Fraction(0))


def _criterion(criterion: Criterion, weight: Fraction, scoring: Scoring, scope: Scope) -> CriterionScore:
    if criterion.computed is not None:
        holds = evaluate(criterion.computed, scope)
        points = None if holds is None else Fraction(int(holds))
        return CriterionScore(
            criterion.id,
            None,
            0,
            points,
            weight,
            True,
            tuple(dict.fromkeys(needs(criterion.computed, scope))),
        )
    given = scope.assessed.ratings(criterion.id)
    combining = Combining.MEAN if scoring.combination is None else scoring.combination.combining
    rating = combined_rating(given, combining)
    top = 1 if scoring.scale is None else scoring.scale.top
    points = None if rating is None else rating / top
    missing = () if given else (Missing(criterion.id, "assessor", "rating"),)
    return CriterionScore(criterion.id, rating, len(given), points, weight, False, missing)
