"""
Sharing out a sum over claims in order: the arithmetic of every method, without applications, scores or reasons.

Claims stand in levels, the first level first; claims of one level are level with each other, and their order in it
never matters. All amounts are whole øre. What each method promises is said in `docs/allocation.md`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import permutations
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
    """
    The general money and that of the strands. It is emptied, and closed, while the money is given out.

    Args:
        general: what anybody may take.
        earmarked: strand to what is left of its floor.
        room: strand to what its ceiling leaves; strands without a ceiling are not in it.
        closed: the strands, and `None` for the general money, from which nobody may take any more.
    """

    general: Decimal
    earmarked: dict[str, Decimal]
    room: dict[str, Decimal]
    closed: set[str | None] = field(factory=set)

    @classmethod
    def opened(cls, money: Decimal, purses: Mapping[str, Purse]) -> "_Till":
        floors = {strand: purse.floor for strand, purse in purses.items()}
        room = {strand: purse.ceiling for strand, purse in purses.items() if purse.ceiling is not None}
        return cls(money - sum(floors.values(), NOTHING), floors, room)

    def copied(self) -> "_Till":
        return _Till(self.general, dict(self.earmarked), dict(self.room), set(self.closed))

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

    def crowded(self, strand: str | None, amount: Decimal) -> bool:
        """The ceiling of its strand is in the way of an amount, however much money there is."""
        return strand is not None and self.room.get(strand, amount) < amount

    def covered(self, claims: Iterable[Claim]) -> list[Claim]:
        """The claims that compete with nobody: their strand's own money is enough for all of its claims among them."""
        wanted = _by_strand(claims)
        own = {strand for strand, amount in wanted.items() if strand is not None and amount <= self._own(strand)}
        return [claim for claim in claims if claim.strand in own]

    def _own(self, strand: str) -> Decimal:
        own = NOTHING if strand in self.closed else self.earmarked.get(strand, NOTHING)
        return min(own, self.room.get(strand, own))

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
        """
        Let nobody after these have what they could not have.

        Of a strand that its ceiling stopped, that is its own claims; of any other, the general money too.
        """
        for strand, amount in _by_strand(claims).items():
            self.closed |= {strand} if self.crowded(strand, amount) else {strand, None}

    def release(self, purses: Mapping[str, Purse], kept: Collection[str | None]) -> None:
        """Open everything again, with what strands could not use of their floors, but for some, as general money."""
        self.closed.clear()
        for strand in self.earmarked:
            if purses[strand].releases and strand not in kept:
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
    till, amounts = _Till.opened(money, purses), dict[str, Decimal]()
    parts = method is Method.RANK_PARTIAL_LAST
    if purses:
        # First with every floor kept for its strand, in full, and for nobody past one that does not fit: what is
        # released afterwards may be enough for that one.
        first = _Walk(till, False, parts, last=False)
        first.down(levels)
        till.release(purses, first.waited)
        amounts = first.amounts
    walk = _Walk(till, method is Method.RANK_SKIP, parts, last=True, amounts=amounts)
    walk.down(levels)
    return Shared(walk.amounts, walk.refused, walk.left, tuple(walk.undecided))


_TRIED = 4
"""Of levels up to this size every order is tried; larger ones that do not fit as a whole count as undecided."""


@define
class _Walk:
    """
    One way down the levels, giving out what a till holds. Everything but the first four is filled on the way.

    Args:
        skips: what does not fit is passed over, and ends nothing.
        parts: the one that does not fit may have a part.
        last: what does not fit now never will, so a level whose order matters is undecided.
        waited: the strands of levels whose order mattered; what is left of their floors is still theirs.
    """

    till: _Till
    skips: bool
    parts: bool
    last: bool
    amounts: dict[str, Decimal] = field(factory=dict)
    refused: dict[str, Why] = field(factory=dict)
    left: dict[str, Decimal] = field(factory=dict)
    undecided: list[Undecided] = field(factory=list)
    waited: set[str | None] = field(factory=set)

    def down(self, levels: Levels) -> None:
        """Go down all levels; claims that have something already are left as they are."""
        for level in levels:
            waiting = [claim for claim in level if claim.id not in self.amounts]
            if self.till.empty or (self.undecided and self.skips):
                self.refused |= dict.fromkeys((claim.id for claim in waiting), self._ended())
                continue
            covered = self.till.covered(waiting)
            self._take(covered)
            rest = [claim for claim in waiting if claim not in covered]
            if self._order_matters(rest):
                self._wait(rest)
            else:
                self._take(rest)

    def _order_matters(self, claims: Sequence[Claim]) -> bool:
        """What the claims of a level get depends on the order in which they come."""
        able = self._able(claims)
        fitting = able if self.skips else claims
        if len(claims) == 1 or not able or self.till.holds(fitting):
            return False
        if len(claims) > _TRIED:
            return True
        ends = [self._end(order) for order in permutations(claims)]
        return any(end != ends[0] for end in ends[1:])

    def _able(self, claims: Iterable[Claim]) -> list[Claim]:
        """The claims that could get something if they came first."""
        return [claim for claim in claims if self._fitting(claim)]

    def _fitting(self, claim: Claim) -> Decimal:
        """What a claim gets out of the till as it is."""
        within = self.till.within(claim.strand)
        if within >= claim.most:
            return claim.most
        return within if self._may_be_part(claim, within) and within >= claim.least else NOTHING

    def _may_be_part(self, claim: Claim, within: Decimal) -> bool:
        """A part may be given: when nothing more can come, or of what its ceiling would leave it in any case."""
        capped = self.till.crowded(claim.strand, claim.most) and within == self.till.room[str(claim.strand)]
        return self.parts and (self.last or capped)

    def _take(self, claims: Sequence[Claim]) -> None:
        """Give claims what there is for them, one after another."""
        self._refuse(claims)
        for claim in claims:
            amount = self._fitting(claim)
            if amount < claim.most and not self.skips:
                self.till.close([claim])
            if amount:
                self.till.give(claim, amount)
                self.amounts[claim.id] = amount
                del self.refused[claim.id], self.left[claim.id]

    def _end(self, order: Sequence[Claim]) -> tuple[_Till, dict[str, Decimal]]:
        """The till and what everybody has, after claims in an order."""
        tried = _Walk(self.till.copied(), self.skips, self.parts, self.last, dict(self.amounts))
        tried._take(order)
        return tried.till, tried.amounts

    def _wait(self, level: Sequence[Claim]) -> None:
        """Give a level nothing, as its order matters; in the last walk, leave it undecided."""
        able = self._able(level)
        self._refuse(level)
        self.waited |= {claim.strand for claim in level}
        if self.last:
            concerned = able if self.skips else level
            most = max(self.till.within(claim.strand) for claim in able)
            wanted = sum((claim.most for claim in concerned), NOTHING)
            self.undecided.append(Undecided(_ids(able), _ids(concerned), most, wanted))
            ended = {claim.id: self._refusal(claim) for claim in level}
            self.refused |= ended | dict.fromkeys((claim.id for claim in able), Why.TIED)
        if not self.skips:
            self.till.close(level)

    def _refuse(self, claims: Iterable[Claim]) -> None:
        """Note why claims get nothing as things stand, and what is left for them."""
        for claim in claims:
            self.refused[claim.id] = self._refusal(claim)
            self.left[claim.id] = self.till.within(claim.strand)

    def _refusal(self, claim: Claim) -> Why:
        if self.till.crowded(claim.strand, claim.most):
            return Why.STRAND_FULL
        return Why.DOES_NOT_FIT if self.skips else self._ended()

    def _ended(self) -> Why:
        return Why.AFTER_TIE if self.undecided else Why.MONEY_ENDED


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
