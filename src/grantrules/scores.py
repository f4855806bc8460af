"""Scores: ratings and computed criteria, weighed exactly and kept as an interval while something is missing."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from grantrules.assessments import combined_rating
from grantrules.criteria import Banded, Combining, Computed, Criterion, Linear, Scoring
from grantrules.findings import CriterionScore, Missing, Score, ThresholdFinding
from grantrules.readings.evaluate import Scope, evaluate
from grantrules.readings.reasons import needs
from grantrules.values import Truth


def score(scoring: Scoring, scope: Scope) -> Score | None:
    """
    Score one application.

    Returns:
        The weighted points out of 100, or `None` where no assessment counts or the round has no criteria.
    """
    if not scope.assessed.counted or not scoring.criteria:
        return None
    criteria = tuple(
        _criterion(criterion, weight, scoring, scope)
        for criterion, weight in zip(scoring.criteria, scoring.shares, strict=True)
    )
    low, high = (_total(criteria, Fraction(end)) for end in (0, 1))
    complete = all(criterion.points is not None for criterion in criteria)
    return Score(low if complete else None, low, high, criteria, tuple(_thresholds(scoring, criteria, low, high)))


def _total(criteria: Sequence[CriterionScore], missing: Fraction) -> Fraction:
    """100 times the weighted mean, with everything missing taken at one end of its scale."""
    points = ((missing if c.points is None else c.points) * c.weight for c in criteria)
    return 100 * sum(points, Fraction(0))


def _criterion(criterion: Criterion, weight: Fraction, scoring: Scoring, scope: Scope) -> CriterionScore:
    if criterion.computed is not None:
        found = points(criterion.computed, scope)
        open_ = tuple(dict.fromkeys(need for _, term in criterion.terms for need in needs(term, scope)))
        return CriterionScore(criterion.id, None, 0, found, weight, True, open_)
    combining = scoring.combining
    given = scope.assessed.ratings(criterion.id, agreed=combining is Combining.CONSENSUS)
    rating = combined_rating(given, combining)
    top = 1 if scoring.scale is None else scoring.scale.top
    missing = () if rating is not None else (Missing(criterion.id, "assessor", "rating"),)
    return CriterionScore(
        criterion.id, rating, len(given), None if rating is None else rating / top, weight, False, missing
    )


def points(computed: Computed, scope: Scope) -> Fraction | None:
    """The points of a computed criterion, from 0 to 1, `None` while a fact is missing."""
    match computed:
        case Linear(of, none, full):
            found, low, high = (_exactly(evaluate(term, scope)) for term in (of, none, full))
            if found is None or low is None or high is None:
                return None
            return min(Fraction(1), max(Fraction(0), (found - low) / (high - low)))
        case Banded(of, bands):
            found = _exactly(evaluate(of, scope))
            reached = [band.points for band in bands if found is not None and found >= evaluate(band.start, scope)]
            return None if found is None else Fraction(reached[-1]) if reached else Fraction(0)
        case yes_or_no:
            holds = evaluate(yes_or_no, scope)
            return None if holds is None else Fraction(int(holds))


def _exactly(number: Decimal | int | None) -> Fraction | None:
    return None if number is None else Fraction(number)


def _thresholds(
    scoring: Scoring, criteria: Sequence[CriterionScore], low: Fraction, high: Fraction
) -> Iterator[ThresholdFinding]:
    for criterion, found in zip(scoring.criteria, criteria, strict=True):
        if criterion.threshold is not None:
            reached = found.points if found.computed else found.rating
            holds = None if reached is None else reached >= criterion.threshold
            yield ThresholdFinding(criterion.id, Fraction(criterion.threshold), reached, holds)
    if scoring.threshold is not None:
        least = Fraction(scoring.threshold.least)
        holds_in_all: Truth = True if low >= least else False if high < least else None
        yield ThresholdFinding(scoring.threshold.id, least, low if low == high else None, holds_in_all)
