"""
How applications are scored: award criteria, their scale and weights, and what is published about them in words.

Weights and points are exact fractions. What assessors give is combined in the way that the round declares.
"""

from enum import Enum
from fractions import Fraction
from typing import TypeAlias

from attrs import field, frozen

from grantrules.bases import UNSTATED, Basis, Placed, placed
from grantrules.terms.nodes import Term, term
from grantrules.values import Text


@frozen
class Linear:
    """
    Points that rise evenly with a number, from none at one figure to all at another.

    Args:
        of: the number, such as the people a project reaches.
        none: the figure, written or named, at and beyond which there are no points.
        full: the figure at and beyond which there are all; below `none` where less is better.
    """

    of: Term
    none: Term = field(converter=term)
    full: Term = field(converter=term)


@frozen
class Band:
    """From `start` upwards there are `points`, from 0 to 1, until the next band begins."""

    start: Term = field(converter=term)
    points: Fraction


@frozen
class Banded:
    """
    Points by bands of a number; below the first band there are none.

    Args:
        of: the number.
        bands: in increasing order of where they start.
    """

    of: Term
    bands: tuple[Band, ...]


Computed: TypeAlias = Term | Linear | Banded
"""What is computed from facts: a yes or no, worth all points or none, or points that grow with a number."""


@frozen
class Criterion:
    """
    An award criterion, rated by assessors or computed from facts.

    Args:
        id: stable for ever; the key of its rating in an assessment.
        computed: how its points follow from the facts; left out, assessors rate it.
        weight: its part of the total that weights add up to; `None` with equal weights.
        threshold: below it the application cannot be funded: a rating on the scale, or points from 0 to 1 if computed.
    """

    id: str
    statement: Text
    basis: Basis = UNSTATED
    computed: Computed | None = None
    weight: Fraction | None = None
    threshold: Fraction | None = None

    @property
    def terms(self) -> Placed:
        """Its terms, if it is computed, each with its place."""
        match self.computed:
            case Linear(of, none, full):
                return (("computed.of", of), ("computed.none", none), ("computed.full", full))
            case Banded(of, bands):
                starts = ((f"computed.bands[{index}].start", band.start) for index, band in enumerate(bands))
                return (("computed.of", of), *starts)
            case yes_or_no:
                return placed(computed=yes_or_no)


@frozen
class Scale:
    """The scale of ratings, from 0 to `top`; fractions of a point are allowed."""

    top: int
    basis: Basis = UNSTATED

    id = "score.scale"


class Weighting(Enum):
    """Where the weights of the criteria come from."""

    EQUAL = "equal"
    STATED = "stated"


@frozen
class Weights:
    """
    How criteria are weighed against each other.

    Args:
        total: what stated weights add up to, such as 100 where a call publishes percentages.
    """

    weighting: Weighting
    basis: Basis = UNSTATED
    total: Fraction = Fraction(1)

    id = "score.weights"


class Combining(Enum):
    """How the ratings of several assessors become one."""

    MEAN = "mean"
    MEDIAN = "median"
    CONSENSUS = "consensus"
    """Only the entry that the assessors agreed on counts."""
    TRIMMED_MEAN = "trimmed mean"
    """The mean without the lowest and the highest; of fewer than three ratings there is none."""


@frozen
class Combination:
    """How several assessments of one application are combined."""

    combining: Combining
    basis: Basis = UNSTATED

    id = "score.combination"


@frozen
class Emphasis:
    """
    An order between criteria that a call publishes in words instead of numbers.

    Args:
        groups: ids of criteria, the heaviest group first. Each weighs at least as much as any of a later group;
            criteria that are not named come last.
        statement: the order in words.
    """

    groups: tuple[tuple[str, ...], ...]
    statement: Text
    basis: Basis = UNSTATED

    id = "score.emphasis"


@frozen
class Threshold:
    """The total, out of 100, below which an application cannot be funded. It is held against the exact total."""

    least: Fraction
    basis: Basis = UNSTATED

    id = "score.threshold"


ScoringPart: TypeAlias = Scale | Weights | Combination | Emphasis | Threshold
"""What a scoring has beside its criteria; each has an id and a basis."""


@frozen
class Scoring:
    """
    The award criteria of a round and how they add up.

    The pool's own plugin gives all parts; an extension gives further criteria only.
    """

    criteria: tuple[Criterion, ...]
    scale: Scale | None = None
    weights: Weights | None = None
    combination: Combination | None = None
    emphasis: Emphasis | None = None
    threshold: Threshold | None = None

    @property
    def parts(self) -> tuple[ScoringPart, ...]:
        """What is stated beside the criteria."""
        parts = (self.scale, self.weights, self.combination, self.emphasis, self.threshold)
        return tuple(part for part in parts if part is not None)

    @property
    def combining(self) -> Combining:
        """How several ratings become one: their mean, where the round does not say."""
        return Combining.MEAN if self.combination is None else self.combination.combining

    @property
    def shares(self) -> tuple[Fraction, ...]:
        """The exact share of each criterion in the total score, in order; they add up to 1."""
        if self.weights is None or self.weights.weighting is Weighting.EQUAL:
            return tuple(Fraction(1, len(self.criteria)) for _ in self.criteria)
        return tuple(Fraction(criterion.weight or 0) / self.weights.total for criterion in self.criteria)
