"""
How a round's money is allocated, as closed data: order, method, strands, and what follows when an award is cut.

Nothing is allocated here; `grantrules.allocate` does it, and `docs/allocation.md` says what each method guarantees.
"""

from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import TypeAlias

from attrs import frozen

from grantrules.bases import UNSTATED, Basis, Placed, placed
from grantrules.terms.nodes import Term
from grantrules.values import Rounding, Text, share_of


@frozen
class ByScore:
    """The exact score, highest first."""


@frozen
class ByTerm:
    """
    A value over the facts, such as the time of receipt.

    Args:
        of: an amount, a number, a day, a time, or a yes or no.
        highest_first: the highest, the latest, or a yes comes first; otherwise it comes last.
    """

    of: Term
    highest_first: bool = False


@frozen
class ByDraw:
    """Lots drawn with a seed that the result publishes, so that anybody can draw them again."""


Key: TypeAlias = ByScore | ByTerm | ByDraw
"""One step of the order. A later step only parts what the steps before it leave level."""


class Method(Enum):
    """How a budget is shared out over applications in order."""

    RANK_STOP = "rank-stop"
    RANK_SKIP = "rank-skip"
    RANK_PARTIAL_LAST = "rank-partial-last"
    INTERVALS = "intervals"
    PROPORTIONAL = "proportional"


@frozen
class Administration:
    """A share of the budget that is taken off first, to run the pool."""

    rate: Fraction
    rounding: Rounding
    statement: Text
    basis: Basis = UNSTATED

    id = "allocation.administration"

    def of(self, budget: Decimal) -> Decimal:
        """What is taken off a budget."""
        return share_of(budget, self.rate, self.rounding)

    @property
    def terms(self) -> Placed:
        """It has none."""
        return ()


@frozen
class Strand:
    """
    A part of the round with money of its own.

    Args:
        id: `allocation.…`, stable for ever.
        where: which applications it takes; an application is of the first strand that takes it.
        floor: money that nobody else gets as long as the strand can use it.
        ceiling: the most that its applications get together.
        releases: what the strand cannot use of its floor goes to the others; otherwise it stays unspent.
    """

    id: str
    where: Term
    statement: Text
    basis: Basis = UNSTATED
    floor: Decimal | None = None
    ceiling: Decimal | None = None
    releases: bool = True

    @property
    def terms(self) -> Placed:
        """Its condition, with its place."""
        return (("where", self.where),)


class Base(Enum):
    """What a demand for co-financing is a share of."""

    REQUEST = "request"
    AWARD = "award"
    ELIGIBLE_COSTS = "eligible costs"


@frozen
class CoFinancing:
    """
    The co-financing that an award demands, worked out again when the award is cut.

    Args:
        id: `allocation.…`, stable for ever.
        rate: the share of the base, rounded once to whole øre.
        base: what it is a share of. Only a demand on the award falls when the award is cut.
        stated: what the application puts up against it.
    """

    id: str
    rate: Fraction
    base: Base
    stated: Term
    rounding: Rounding
    statement: Text
    basis: Basis = UNSTATED

    @property
    def terms(self) -> Placed:
        """What is put up, with its place."""
        return (("stated", self.stated),)


@frozen
class Allocation:
    """
    How the round's money is allocated.

    Args:
        order: steps that put applications in order; what the last one leaves level stays level.
        least: the least that an application can be awarded. Whatever it says, no award is below the floor of the
            highest grant; and with what it was awarded before, none is below the applicant's `requested_minimum`.
        prior: in a round that tops up, what the application was awarded before; zero for new ones.
        reserve: how many stand on the reserve list; everybody ranked and not funded if left out.
    """

    method: Method
    statement: Text
    basis: Basis = UNSTATED
    order: tuple[Key, ...] = (ByScore(),)
    least: Term | None = None
    prior: Term | None = None
    administration: Administration | None = None
    strands: tuple[Strand, ...] = ()
    co_financing: tuple[CoFinancing, ...] = ()
    reserve: int | None = None

    id = "allocation.method"

    @property
    def parts(self) -> tuple[Administration | Strand | CoFinancing, ...]:
        """What has an id and a basis of its own."""
        administration = () if self.administration is None else (self.administration,)
        return (*administration, *self.strands, *self.co_financing)

    @property
    def keys(self) -> Placed:
        """The terms that put applications in order, each with its place."""
        return tuple((f"order[{i}].of", key.of) for i, key in enumerate(self.order) if isinstance(key, ByTerm))

    @property
    def terms(self) -> Placed:
        """Its terms, each with its place."""
        return (*self.keys, *placed(least=self.least, prior=self.prior))
