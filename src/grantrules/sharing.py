"""
Sharing out a sum over claims in order: the arithmetic of every method, without applications, scores or reasons.

Claims stand in levels, the first level first; claims of one level are level with each other, and their order in it
never matters. All amounts are whole øre. What each method promises is said in `docs/allocation.md`.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias, assert_never

from attrs import define, field, frozen

from grantrules.awards import Why
from grantrules.methods import Method
from grantrules.values import ORE

NOTHING = Decimal("0.00")


@frozen
class Claim:
    """
    What an application can be given.

    Args:
        most, least: it gets at most `most`, and if anything then at least `least`.
        strand: whose money it may take beside the general.
    """

    id: str
    most: Decimal
    least: Decimal
    strand: str | None = None


Levels: TypeAlias = Sequence[Sequence[Claim]]


@frozen
class Purse:
    """
    The money of a strand.

    Args:
        floor: nobody else gets it as long as the strand can use it.
        ceiling: the most its claims get together; `None` for no limit.
        releases: what it cannot use of its floor goes to the others.
    """

    floor: Decimal = NOTHING
    ceiling: Decimal | None = None
    releases: bool = True


@frozen
class Undecided:
    """
    A level within which the money ends, so that its order matters.

    Args:
        claims: those that get something in one order and nothing in another.
        level: all whose order matters: where the first that does not fit ends everything, the whole level.
        left: what there is for them.
        needed: what the level wants together.
    """

    claims: tuple[str, ...]
    level: tuple[str, ...]
    left: Decimal
    needed: Decimal


@frozen
class Shared:
    """
    A sum shared out.

    Args:
        amounts: claim to what it gets; claims that get nothing are not in it.
        refused: every other claim, and why it gets nothing.
        left: claim to the money that was left when its turn came, for those that did not fit then.
        undecided: levels within which the money ended; more than one where strands have money of their own.
    """

    amounts: Mapping[str, Decimal]
    refused: Mapping[str, Why]
    left: Mapping[str, Decimal]
    undecided: tuple[Undecided, ...] = ()


def share_out(method: Method, levels: Levels, money: Decimal, purses: Mapping[str, Purse] | None = None) -> Shared:
    """
    Share out a sum.

    Args:
        money: the whole sum, the floors of strands among it.
        purses: strand to its money; for methods that go by rank.
    """
    match method:
        case Method.RANK_STOP | Method.RANK_SKIP | Method.RANK_PARTIAL_LAST:
            return _by_rank(method, levels, money, purses or {})
        case Method.INTERVALS:
            return _within_intervals(levels, money)
        case Method.PROPORTIONAL:
            return _in_proportion(levels, money)
        case _:
            assert_never(method)


# By rank


@define
class _Till:
    """The general money and that of the strands while it is being given out."""

    general: Decimal
    earmarked: dict[str, Decimal]
    room: dict[str, Decimal]
    closed: set[str | None] = field(factory=set)

    @classmethod
    def opened(cls, money: Decimal, purses: Mapping[str, Purse]) -> "_Till":
        floors = {strand: purse.floor for strand, purse in purses.items()}
        room = {strand: purse.ceiling for strand, purse in purses.items() if purse.ceiling is not None}
        return cls(money - sum(floors.values(), NOTHING), floors, room)

    def money(self, strand: str | None) -> Decimal:
        """What a claim of the strand may still take, its ceiling aside."""
        if strand in self.closed:
            return NOTHING
        general = NOTHING if None in self.closed else self.general
        return general if strand is None else general + self.earmarked.get(strand, NOTHING)

    def within(self, strand: str | None) -> Decimal:
        """What a claim of the strand may still take."""
        money = self.money(strand)
        return money if strand is None else min(money, self.room.get(strand, money))

    def holds(self, claims: Iterable[Claim]) -> bool:
        """There is money for all of the claims in full, in whatever order they come."""
        wanted, general = _by_strand(claims), self.money(None)
        beyond = (max(NOTHING, amount - (self.money(strand) - general)) for strand, amount in wanted.items())
        return all(amount <= self.within(strand) for strand, amount in wanted.items()) and sum(beyond) <= general

    def give(self, claim: Claim, amount: Decimal) -> None:
        """Take an amount out, the strand's own money first."""
        own = NOTHING
        if claim.strand is not None:
            own = min(amount, self.earmarked.get(claim.strand, NOTHING))
            self.earmarked[claim.strand] = self.earmarked.get(claim.strand, NOTHING) - own
            if claim.strand in self.room:
                self.room[claim.strand] -= amount
        self.general -= amount - own

    def close(self, claims: Iterable[Claim]) -> None:
        """Nobody after these gets the money that they did not; if only a ceiling stopped them, nobody of the strand."""
        wanted = _by_strand(claims)
        stopped = [strand for strand, amount in wanted.items() if not self.crowded(strand, amount)]
        self.closed |= {*wanted, None} if stopped else {*wanted}

    def crowded(self, strand: str | None, amount: Decimal) -> bool:
        """There is money for an amount, and only the ceiling of its strand is in the way."""
        return self.within(strand) < amount <= self.money(strand)

    def release(self, purses: Mapping[str, Purse]) -> None:
        """Open everything again, with what strands could not use of their floors as general money."""
        self.closed.clear()
        for strand in self.earmarked:
            if purses[strand].releases:
                self.general += self.earmarked[strand]
                self.earmarked[strand] = NOTHING

    @property
    def empty(self) -> bool:
        """Nobody can get anything any more."""
        return None in self.closed and set(self.earmarked) <= self.closed


def _by_strand(claims: Iterable[Claim]) -> dict[str | None, Decimal]:
    """What claims would take together, by strand."""
    wanted: dict[str | None, Decimal] = {}
    for claim in claims:
        wanted[claim.strand] = wanted.get(claim.strand, NOTHING) + claim.most
    return wanted


def _by_rank(method: Method, levels: Levels, money: Decimal, purses: Mapping[str, Purse]) -> Shared:
    till = _Till.opened(money, purses)
    amounts: dict[str, Decimal] = {}
    if purses:  # first with every floor kept for its strand, and only in full
        _go_down(method, levels, till, amounts, last=False)
        till.release(purses)
    return _go_down(method, levels, till, amounts, last=True)


def _go_down(method: Method, levels: Levels, till: _Till, amounts: dict[str, Decimal], last: bool) -> Shared:
    """
    Give out what the till holds, level by level, to those who have nothing yet.

    Args:
        last: what does not fit in full now never will; so a part may be given, and a tie is one.
    """
    refused: dict[str, Why] = {}
    left: dict[str, Decimal] = {}
    undecided: list[Undecided] = []
    skips, parts = method is Method.RANK_SKIP, last and method is Method.RANK_PARTIAL_LAST
    for level in levels:
        waiting = [claim for claim in level if claim.id not in amounts]
        if till.empty or (undecided and skips):
            refused |= dict.fromkeys((claim.id for claim in waiting), _ended_by(undecided))
            continue
        able = [claim for claim in waiting if till.within(claim.strand) >= (claim.least if parts else claim.most)]
        fitting = able if skips else waiting
        if till.holds(fitting):
            for claim in fitting:
                till.give(claim, claim.most)
                amounts[claim.id] = claim.most
            waiting = [claim for claim in waiting if claim.id not in amounts]
        elif parts and len(waiting) == len(able) == 1:
            (claim,) = waiting
            amounts[claim.id] = till.within(claim.strand)
            till.close(waiting)
            till.give(claim, amounts[claim.id])
            continue
        elif last and able:
            most = max(till.within(claim.strand) for claim in able)
            wanted = sum((claim.most for claim in (able if skips else waiting)), NOTHING)
            undecided.append(Undecided(_ids(able), _ids(able if skips else waiting), most, wanted))
        for claim in waiting:
            refused[claim.id] = _refusal(method, till, claim, undecided)
            left[claim.id] = till.within(claim.strand)
        if not skips and waiting:
            till.close(waiting)
    return Shared(amounts, {id: why for id, why in refused.items() if id not in amounts}, left, tuple(undecided))


def _ended_by(undecided: Sequence[Undecided]) -> Why:
    return Why.AFTER_TIE if undecided else Why.MONEY_ENDED


def _refusal(method: Method, till: _Till, claim: Claim, undecided: Sequence[Undecided]) -> Why:
    if undecided and claim.id in undecided[-1].claims:
        return Why.TIED
    if till.crowded(claim.strand, claim.most):
        return Why.STRAND_FULL
    return Why.DOES_NOT_FIT if method is Method.RANK_SKIP else _ended_by(undecided)


# Within intervals


def _within_intervals(levels: Levels, money: Decimal) -> Shared:
    """The least to as many levels as there is money for; what is left raises all of them alike."""
    funded: list[Claim] = []
    left = money
    for index, level in enumerate(levels):
        needed = sum((claim.least for claim in level), NOTHING)
        if needed > left:
            return _ended(funded, levels[index:], left)
        funded += level
        left -= needed
    return Shared(_raised(funded, left), {}, {})


def _ended(funded: Sequence[Claim], rest: Levels, left: Decimal) -> Shared:
    level, after = rest[0], [claim.id for later in rest[1:] for claim in later]
    able = [claim for claim in level if claim.least <= left] if len(level) > 1 else []
    unable = [claim.id for claim in level if claim not in able]
    if not able:
        refused = dict.fromkeys([*unable, *after], Why.MONEY_ENDED)
        return Shared(_raised(funded, left), refused, dict.fromkeys(unable, left))
    wanted = sum((claim.least for claim in level), NOTHING)
    undecided = Undecided(_ids(able), _ids(level), left, wanted)
    # Nobody is raised before the tie is settled: the money may be needed for it.
    amounts = {claim.id: claim.least for claim in funded}
    tied = dict.fromkeys(undecided.claims, Why.TIED)
    return Shared(amounts, {**tied, **dict.fromkeys([*unable, *after], Why.AFTER_TIE)}, {}, (undecided,))


def _ids(claims: Iterable[Claim]) -> tuple[str, ...]:
    return tuple(sorted(claim.id for claim in claims))


def _raised(funded: Sequence[Claim], left: Decimal) -> dict[str, Decimal]:
    """Everybody's least, and of what is left the same share of the way to the most."""
    rises = in_proportion({claim.id: claim.most - claim.least for claim in funded}, left)
    return {claim.id: claim.least + rises[claim.id] for claim in funded}


# In proportion


def _in_proportion(levels: Levels, money: Decimal) -> Shared:
    """
    The same cut for everybody who can still use what it leaves.

    Whoever cannot is left out, the lowest level first, until the cut suits all that remain. Each level is looked at
    once, from below: leaving somebody out only makes the cut smaller, so whom it suits, it suits to the end.
    """
    wanted = sum((claim.most for level in levels for claim in level), NOTHING)
    out: set[str] = set()
    for level in reversed(levels):
        # Exactly `claim.most * money / wanted < claim.least`, without dividing.
        failing = [claim for claim in level if money < wanted and claim.most * money < claim.least * wanted]
        out |= {claim.id for claim in failing}
        wanted -= sum((claim.most for claim in failing), NOTHING)
    kept = {claim.id: claim.most for level in levels for claim in level if claim.id not in out}
    return Shared(in_proportion(kept, money), dict.fromkeys(out, Why.SHARE_TOO_SMALL), {})


def in_proportion(wanted: Mapping[str, Decimal], money: Decimal) -> dict[str, Decimal]:
    """
    Share out a sum in proportion to what is wanted, at most what is wanted, in whole øre.

    The øre that rounding down leaves go to the largest remainders; between equal ones, by id.
    """
    whole = sum(wanted.values(), NOTHING)
    if money >= whole:
        return dict(wanted)
    ore, total = int(money / ORE), int(whole / ORE)
    parts = {id: divmod(int(amount / ORE) * ore, total) for id, amount in wanted.items()}
    missing = ore - sum(quotient for quotient, _ in parts.values())
    first = sorted(parts, key=lambda id: (-parts[id][1], id))[:missing]
    return {id: (quotient + (id in first)) * ORE for id, (quotient, _) in parts.items()}
