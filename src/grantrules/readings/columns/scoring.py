"""
Scores as whole numbers over one denominator.

The mean of ratings has the number of assessors below it, which differs between applications. All of them, up to a
limit, divide one number, so every score of a round has the same denominator and scores are put in order by their
numerators alone.
"""

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property, reduce
from math import lcm
from operator import add
from typing import assert_never

import narwhals as nw
from attrs import frozen

from grantrules.criteria import Banded, Combining, Criterion, Linear, Scoring
from grantrules.errors import InputError, Problem
from grantrules.readings.columns.assessing import COUNTED, rated
from grantrules.readings.columns.frames import OUTERMOST
from grantrules.readings.columns.numbers import HIGHEST, Number, aligned, arithmetic, literal
from grantrules.readings.columns.terms import NOT_IN_COLUMNS, ONE_BY_ONE, Reader, Unsupported
from grantrules.readings.columns.values import either, truth
from grantrules.terms.nodes import Constant, Operation, Term
from grantrules.terms.walk import bound

RATING_STEPS = 1000
"""Ratings are counted in thousandths of a point."""

_RATING_LIMITS = (22, 16, 12, 10, 8, 6, 5, 4, 3, 2, 1)
"""How many ratings of one criterion are brought together: the more, the less room there is for weights."""


@frozen
class Points:
    """
    The points of a criterion, from 0 to 1, as whole numbers.

    Args:
        steps: numerators, null where the points are missing.
        whole: the denominator.
    """

    steps: nw.Expr
    whole: int


@frozen
class Scores:
    """
    The scores of a rule set.

    Args:
        rating_limit: more ratings of one criterion are not brought together.
    """

    reader: Reader
    scoring: Scoring
    rating_limit: int

    @cached_property
    def points(self) -> Mapping[str, Points]:
        """Criterion id to its points; null where nobody's assessment counts."""
        return {criterion.id: self._points(criterion) for criterion in self.scoring.criteria}

    @cached_property
    def denominator(self) -> int:
        """What every score of the round has below it."""
        return lcm(*(factor.denominator for factor in self._factors.values()))

    @property
    def highest(self) -> int:
        """No number that scores are worked out with is greater."""
        scoring = self.scoring
        thresholds = [self._exact_threshold(c, c.threshold) for c in scoring.criteria if c.threshold is not None]
        fine = [points.whole * exact.denominator for points, exact in thresholds]
        least = [] if scoring.threshold is None else [Fraction(scoring.threshold.least) * self.denominator]
        totals = [100 * self.denominator * exact.denominator for exact in least]
        wholes = [points.whole for points in self.points.values()]
        return max([100 * self.denominator, *fine, *totals, *wholes])

    @property
    def _factors(self) -> dict[str, Fraction]:
        """What one step of a criterion's points adds to the total out of 100."""
        shares = zip(self.points.items(), self.scoring.shares, strict=True)
        return {id: 100 * share / points.whole for (id, points), share in shares}

    @property
    def averages(self) -> bool:
        """The number of ratings is what their sum is divided by, so there must not be too many."""
        return self.scoring.combining in (Combining.MEAN, Combining.TRIMMED_MEAN)

    @property
    def counted(self) -> nw.Expr:
        """Somebody's assessment counts."""
        return nw.col(COUNTED) > 0

    def total(self, steps: Mapping[str, nw.Expr], missing: int | None) -> nw.Expr:
        """
        The numerators of the totals out of 100.

        Args:
            steps: criterion id to its points.
            missing: the end of its scale, 0 or 1, at which a criterion is taken whose points are missing; with `None`
                the total is missing too.
        """
        parts = []
        for id, factor in self._factors.items():
            points = steps[id] if missing is None else steps[id].fill_null(missing * self.points[id].whole)
            parts.append(points * int(factor * self.denominator))
        return nw.when(self.counted).then(reduce(add, parts))

    def reaches(self, steps: nw.Expr, criterion: Criterion, least: Fraction) -> nw.Expr:
        """The rating, or the points of a computed criterion, are not below a threshold."""
        _, exact = self._exact_threshold(criterion, least)
        return steps * exact.denominator >= literal(exact.numerator)

    def reaches_in_all(self, low: nw.Expr, high: nw.Expr, least: Fraction) -> nw.Expr:
        """The total is surely, or surely not, at least a threshold."""
        exact = Fraction(least) * self.denominator
        limit = literal(exact.numerator)
        surely_not = nw.when(high * exact.denominator < limit).then(truth(False))
        return nw.when(low * exact.denominator >= limit).then(truth(True)).otherwise(surely_not)

    def _exact_threshold(self, criterion: Criterion, least: Fraction) -> tuple[Points, Fraction]:
        """The points of a criterion, and a threshold in their steps."""
        points = self.points[criterion.id]
        return points, Fraction(least) * points.whole / (1 if criterion.computed is not None else self._top)

    @property
    def _top(self) -> int:
        return 1 if self.scoring.scale is None else self.scoring.scale.top

    def _points(self, criterion: Criterion) -> Points:
        match criterion.computed:
            case None:
                return self._rated(criterion)
            case Linear():
                return self._linear(criterion.computed)
            case Banded():
                return self._banded(criterion.computed)
            case term:
                holds = self.reader.column(self._bound(term), OUTERMOST)
                return Points(either(holds, literal(1), literal(0)), 1)

    def _bound(self, term: Term) -> Term:
        return bound(term, self.reader.rules.values)

    def _number(self, term: Term) -> Number:
        return self.reader.number(self._bound(term), OUTERMOST)

    def _figure(self, term: Term) -> Number:
        """A figure that is the same for every application."""
        if not isinstance(self._bound(term), Constant):
            raise Unsupported(self._bound(term), "points rise between figures that are written or that the round binds")
        return self._number(term)

    def _linear(self, computed: Linear) -> Points:
        found, none, full = aligned(
            [self._number(computed.of), self._figure(computed.none), self._figure(computed.full)]
        )
        way = full.low - none.low
        gone = arithmetic(Operation.SUBTRACT, *((found, none) if way > 0 else (none, found))).expr
        steps = (
            nw.when(gone <= 0)
            .then(literal(0))
            .otherwise(nw.when(gone >= abs(way)).then(literal(abs(way))).otherwise(gone))
        )
        return Points(steps, abs(way))

    def _banded(self, computed: Banded) -> Points:
        whole = lcm(*(Fraction(band.points).denominator for band in computed.bands))
        found = self.reader.apart(self._bound(computed.of), OUTERMOST)
        steps: nw.Expr = nw.when(~found.expr.is_null()).then(literal(0))
        for band in computed.bands:
            number, start = aligned([found, self._figure(band.start)])
            reached = literal(int(band.points * whole))
            steps = nw.when(number.expr >= start.low).then(reached).otherwise(steps)
        return Points(steps, whole)

    def _rated(self, criterion: Criterion) -> Points:
        """The ratings brought together, in parts of a thousandth of a point that every number of them divides."""
        combining = self.scoring.combining
        name = rated(criterion.id, combining)
        known, total = nw.col(f"{name}_known"), nw.col(f"{name}_sum")
        least, most = nw.col(f"{name}_least"), nw.col(f"{name}_most")
        match combining:
            case Combining.MEAN | Combining.MEDIAN:
                return self._mean(total, known)
            case Combining.CONSENSUS:
                return self._mean(nw.when(least == most).then(least), nw.when(known > 0).then(literal(1)))
            case Combining.TRIMMED_MEAN:
                return self._mean(total - least - most, known - 2)
            case _:
                assert_never(combining)

    def _mean(self, total: nw.Expr, number: nw.Expr) -> Points:
        multiple = common_multiple(self.rating_limit)
        counts = (number >= 1) & (number <= self.rating_limit)
        # No engine may divide by zero where there is nothing to divide.
        divisor = nw.when(counts).then(number).otherwise(literal(1))
        return Points(nw.when(counts).then(total * (literal(multiple) // divisor)), multiple * RATING_STEPS * self._top)


def common_multiple(limit: int) -> int:
    """What every number up to `limit` divides."""
    return lcm(*range(1, limit + 1))


def scores_of(reader: Reader) -> Scores:
    """
    The scores of a rule set, for as many ratings of one criterion as 64 bits allow.

    Raises:
        InputError: not even one rating could be weighed exactly.
    """
    for limit in _RATING_LIMITS:
        scores = Scores(reader, reader.rules.scoring, limit)
        if scores.highest <= HIGHEST:
            return scores
    scoring = reader.rules.scoring
    weights = ", ".join(f"`{one.id}` {share}" for one, share in zip(scoring.criteria, scoring.shares, strict=True))
    message = f"no score is exact in 64 bits over what these weights have in common: {weights}"
    raise InputError(reader.rules.name, [Problem("score.weights", message, ONE_BY_ONE, NOT_IN_COLUMNS)])
