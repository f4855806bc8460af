"""
What an allocation leaves behind: awards, a reserve list, ties, and the reason for every applicant. Plain data.

What an allocation has to know of one decided application, and how a person overrode it, stands here too.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from attrs import field, frozen

from grantrules.methods import Base
from grantrules.terms.schema import Kind
from grantrules.values import Rounding, Text, hundredths, minus, share_of


@frozen
class Override:
    """
    A person set findings aside. The findings stay as they are.

    Args:
        by: who.
        sets_aside: ids of requirements, cost rules or thresholds.
    """

    by: str
    reason: str
    sets_aside: tuple[str, ...]


@frozen
class OrderValue:
    """The value by which one step of the order goes, and its kind; `None` while it is missing."""

    kind: Kind
    value: Any


@frozen
class CoFinancingDemand:
    """
    What an award demands in co-financing, as far as the application alone settles it.

    Args:
        id: of the rule.
        base: what it is a share of.
        amount: the base in the pool's currency; `None` if it is the award, or still undetermined.
        stated: what the application puts up against it; `None` while missing.
    """

    id: str
    base: Base
    rate: Fraction
    rounding: Rounding
    amount: Decimal | None
    stated: Decimal | None

    def of(self, award: Decimal) -> "CoFinanced":
        """What it comes to for an award."""
        base = award if self.base is Base.AWARD else self.amount
        required = None if base is None else share_of(base, self.rate, self.rounding)
        return CoFinanced(self.id, self.base, required, self.stated)


@frozen
class CoFinanced:
    """
    Co-financing demanded by an award.

    Args:
        required: worked out on the base that the rule names; `None` while that is undetermined.
    """

    id: str
    base: Base
    required: Decimal | None
    stated: Decimal | None

    @property
    def margin(self) -> Decimal | None:
        """What is put up beyond the demand; negative where it falls short."""
        return None if self.required is None or self.stated is None else minus(self.stated, self.required)


@frozen
class Standing:
    """
    What the allocation has to know of one decided application.

    Args:
        least: the least it can be awarded.
        order: one value for each step of the order that goes by a term.
        strand: the strand it belongs to; `None` for none.
        prior: what it was awarded before, in a round that tops up; `None` elsewhere.
        missing: paths and judgements without which it cannot be placed.
    """

    least: Decimal | None
    order: tuple[OrderValue, ...] = ()
    strand: str | None = None
    prior: Decimal | None = None
    demands: tuple[CoFinancingDemand, ...] = ()
    missing: tuple[str, ...] = ()


class AwardOutcome(StrEnum):
    """What became of an application when the money was allocated."""

    AWARDED = "awarded"
    AWARDED_IN_PART = "awarded_in_part"
    RESERVE = "reserve"
    DECLINED = "declined"
    INELIGIBLE = "ineligible"
    DISMISSED = "dismissed"
    UNDETERMINED = "undetermined"


class Why(StrEnum):
    """The coded reason of an outcome."""

    FUNDED = "funded-in-full"
    REST_OF_MONEY = "rest-of-the-money"
    WITHIN_INTERVAL = "within-interval"
    LEAST_AWARD = "least-award"
    PROPORTIONAL_CUT = "proportional-cut"
    FROM_RESERVE = "from-reserve-list"
    MONEY_ENDED = "money-ended"
    DOES_NOT_FIT = "does-not-fit"
    STRAND_FULL = "strand-full"
    SHARE_TOO_SMALL = "share-too-small"
    AFTER_TIE = "after-tie"
    TIED = "tied-at-the-line"
    NO_RESERVE_PLACE = "no-place-on-reserve-list"
    NO_GRANT = "no-grant-possible"
    BELOW_LEAST = "highest-grant-below-least"
    BELOW_THRESHOLD = "below-threshold"
    WITHDRAWN = "withdrawn"
    INELIGIBLE = "ineligible"
    DISMISSED = "dismissed"
    UNDETERMINED = "requirements-undetermined"
    GRANT_UNDETERMINED = "grant-undetermined"
    NOT_ASSESSED = "not-assessed"
    FACTS_MISSING = "facts-missing"


@frozen
class Award:
    """
    What one application gets, and why.

    Args:
        amount: what was decided, in the pool's currency; zero where it gets nothing.
        recommended: what it would get by the rules alone, no finding set aside, when the money was first shared out.
        highest: the highest grant possible, as decided; `None` while undetermined.
        least: the least it could be awarded; `None` while undetermined.
        rank: 1 for the first; level applications have the same; `None` for one that is not ranked.
        score: the exact total; `None` where there is none.
        strand: the strand it competed in.
        prior: what it was awarded before, in a round that tops up.
        figures: what the reason names: `line` (the rank at which the money ended), `more` (how much more to share
            out would have funded it) and `then` (with how much), `left` (when its turn came) and `needed` (at least),
            `rules` (that stand in the way), and of a threshold the `rule`, the `threshold` and what was `found`.
        demands: the co-financing that an award demands.
        missing: what is needed to place it.
    """

    application: str
    title: str | None
    outcome: AwardOutcome
    reason: Why
    amount: Decimal
    recommended: Decimal
    highest: Decimal | None = None
    least: Decimal | None = None
    rank: int | None = None
    score: Fraction | None = None
    strand: str | None = None
    prior: Decimal | None = None
    figures: Mapping[str, Any] = field(factory=dict)
    demands: tuple[CoFinancingDemand, ...] = ()
    missing: tuple[str, ...] = ()
    overrides: tuple[Override, ...] = ()

    @property
    def points(self) -> Decimal | None:
        """The score with two decimals, half up."""
        return None if self.score is None else hundredths(self.score)

    @property
    def co_financing(self) -> tuple[CoFinanced, ...]:
        """What the award demands, worked out on the base that each rule names; nothing where there is no award."""
        return tuple(demand.of(self.amount) for demand in self.demands) if self.amount else ()

    @property
    def funded(self) -> bool:
        """It gets money."""
        return self.outcome in (AwardOutcome.AWARDED, AwardOutcome.AWARDED_IN_PART)


@frozen
class Tie:
    """
    Level applications among which the money ends. A person decides their order; the money waits.

    Args:
        applications: all whose order matters, those that cannot be funded in any order among them.
        left: what there is for them, in the pool's currency.
        needed: what all of them together would take.
    """

    rank: int
    applications: tuple[str, ...]
    left: Decimal
    needed: Decimal


def _ids(order: Iterable[str]) -> tuple[str, ...]:
    return (order,) if isinstance(order, str) else tuple(order)


@frozen
class Settled:
    """The order in which a person put level applications, who, and why."""

    order: tuple[str, ...] = field(converter=_ids)
    by: str
    reason: str


GROUPS = ("new", "topped-up")
"""The groups of a round that tops up."""


@frozen
class Group:
    """Applications of a round that tops up: `new` ones, or those that are `topped-up`."""

    id: str
    applications: tuple[str, ...]
    awarded: Decimal


@frozen
class StrandUse:
    """
    What became of a strand's money.

    Args:
        unused: what of its floor its applications could not use.
    """

    id: str
    floor: Decimal | None
    ceiling: Decimal | None
    awarded: Decimal
    unused: Decimal


@frozen
class Funds:
    """A part of the budget and where it comes from."""

    amount: Decimal
    label: Text
    transferred: bool


@frozen
class Allotment:
    """
    How a round's money was shared out.

    Args:
        rules: the digest of the rules it was shared out by.
        budget: the whole of it, in the pool's currency.
        administration: what is taken off first.
        awarded: the sum of all awards. With the remainder and the administration it is the budget, to the øre.
        awards: every application: the ranked ones in order, then the others by case number.
        reserve: the reserve list, in the order in which it moves up.
        ties: level applications among which the money ended.
        groups: new and topped-up applications, in a round that tops up.
        seed: what lots were drawn with.
        withdrawn: who turned an award down since.
        assumptions: what the allocation rests on that no document says, by id.
    """

    pool: str
    round: str
    pool_title: Text
    funder: Text
    currency: str
    rules: str
    method: str
    budget: Decimal
    funds: tuple[Funds, ...]
    administration: Decimal
    awarded: Decimal
    remainder: Decimal
    awards: tuple[Award, ...]
    reserve: tuple[str, ...]
    ties: tuple[Tie, ...]
    groups: tuple[Group, ...]
    strands: tuple[StrandUse, ...]
    seed: str | None
    settled: Settled | None
    withdrawn: tuple[str, ...]
    assumptions: Mapping[str, Text]
