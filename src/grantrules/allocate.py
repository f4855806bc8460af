"""
Allocating the budget of a round over its decided applications.

A pure function: the same decisions, seed and settled ties give the same allotment, in whatever order they come. Who
takes part is said by `grantrules.contenders`, their order by `grantrules.ordering`, the arithmetic by
`grantrules.sharing`; what comes of it for every application is said here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from attrs import evolve, frozen

from grantrules.admitting import administration_of, level_problems, problems
from grantrules.awards import (
    GROUPS,
    Allotment,
    Award,
    AwardOutcome,
    Funds,
    Group,
    Settled,
    StrandUse,
    Tie,
    Why,
)
from grantrules.contenders import Contender, Stopped, View, stopped_by
from grantrules.decisions import Decision
from grantrules.errors import InputError
from grantrules.methods import Allocation, Method, Strand
from grantrules.ordering import levels_of
from grantrules.ruleset import RuleSet
from grantrules.sharing import NOTHING, Claim, Purse, Shared, share_out
from grantrules.values import exact


def allocate(
    rules: RuleSet,
    decisions: Iterable[Decision],
    *,
    budget: Decimal | None = None,
    prior: Mapping[str, Decimal] | None = None,
    seed: str | None = None,
    settled: Settled | None = None,
) -> Allotment:
    """
    Share out the budget of a round.

    Args:
        decisions: of this round, one for each application.
        budget: another sum than the round's, such as what there is left.
        prior: application to what it was awarded before, in a round that tops up; held against the applications.
        seed: what lots are drawn with, where the order draws lots.
        settled: the order in which a person put level applications.

    Raises:
        InputError: with everything that is wrong; nothing is allocated then.
    """
    made, whole = tuple(decisions), rules.round.budget if budget is None else budget
    with exact():
        found = problems(rules, made, whole, prior, seed, settled)
        if rules.allocation is None or found:
            raise InputError(f"allocation of {rules.name}", found)
        return _Plan(rules, rules.allocation, whole, seed, settled).allotment([Contender.of(one) for one in made])


@frozen
class _Plan:
    """How the money is to be shared out."""

    rules: RuleSet
    allocation: Allocation
    budget: Decimal
    seed: str | None
    settled: Settled | None

    @cached_property
    def administration(self) -> Decimal:
        return administration_of(self.allocation, self.budget)

    @cached_property
    def money(self) -> Decimal:
        """What there is to share out."""
        return self.budget - self.administration

    def allotment(self, contenders: Sequence[Contender]) -> Allotment:
        self._check_settled(contenders)
        levels, shared, stopped = self.shared(contenders, lambda contender: contender.decided)
        if any(contender.overrides for contender in contenders):
            _, unaided, _ = self.shared(contenders, lambda contender: contender.recommended)
            recommended = unaided.amounts
        else:
            recommended = shared.amounts
        ranked = _Ranked(self, tuple(_with_ranks(levels)), shared, recommended)
        others = [
            _award(contender, *stopped[contender.id], recommended)
            for contender in contenders
            if contender.id in stopped
        ]
        awards = (*ranked.awards(), *sorted(others, key=lambda award: award.application))
        return closed(_blank(self.rules, self.allocation, self), awards, ties_of(shared, ranked.ranks), self.allocation)

    def _check_settled(self, contenders: Sequence[Contender]) -> None:
        """Refuse an order of applications that are level with nobody."""
        if self.settled is not None:
            able = self._able(contenders, self._stopped(contenders, lambda contender: contender.decided))
            levels = levels_of(able, self.allocation, self.seed, None)
            found = list(level_problems(self.settled, [[one.id for one in level] for level in levels]))
            if found:
                raise InputError(f"allocation of {self.rules.name}", found)

    def shared(
        self, contenders: Sequence[Contender], view: Callable[[Contender], View]
    ) -> tuple[list[list[Contender]], Shared, dict[str, Stopped]]:
        """The levels of those that can be ranked, what they get, and why others are not ranked."""
        stopped = self._stopped(contenders, view)
        levels = levels_of(self._able(contenders, stopped), self.allocation, self.seed, self.settled)
        claims = [[_claim(contender, view(contender)) for contender in level] for level in levels]
        return levels, share_out(self.allocation.method, claims, self.money, _purses(self.allocation)), stopped

    def _stopped(self, contenders: Sequence[Contender], view: Callable[[Contender], View]) -> dict[str, Stopped]:
        rated = bool(self.rules.scoring.criteria)
        return {e.id: found for e in contenders if (found := stopped_by(e, view(e), rated)) is not None}

    @staticmethod
    def _able(contenders: Sequence[Contender], stopped: Mapping[str, Stopped]) -> list[Contender]:
        return [contender for contender in contenders if contender.id not in stopped]


def _with_ranks(levels: Iterable[Sequence[Contender]]) -> Iterator[tuple[int, Sequence[Contender]]]:
    """Each level with its rank: one more than all that stand before it."""
    rank = 1
    for level in levels:
        yield rank, level
        rank += len(level)


def ties_of(shared: Shared, ranks: Mapping[str, int]) -> tuple[Tie, ...]:
    """The levels within which the money ended, with their ranks."""
    return tuple(Tie(ranks[tie.level[0]], tie.level, tie.left, tie.needed) for tie in shared.undecided)


def _claim(contender: Contender, view: View) -> Claim:
    return Claim(contender.id, view.highest or NOTHING, contender.standing.least or NOTHING, contender.standing.strand)


def _purses(allocation: Allocation) -> dict[str, Purse]:
    return {s.id: Purse(s.floor or NOTHING, s.ceiling, s.releases) for s in allocation.strands}


def _award(
    contender: Contender,
    outcome: AwardOutcome,
    why: Why,
    figures: dict[str, Any],
    recommended: Mapping[str, Decimal],
    amount: Decimal = NOTHING,
    rank: int | None = None,
) -> Award:
    return Award(
        application=contender.id,
        title=contender.title,
        outcome=outcome,
        reason=why,
        amount=amount,
        recommended=recommended.get(contender.id, NOTHING),
        highest=contender.decided.highest,
        least=contender.standing.least,
        rank=rank,
        score=None if contender.score is None else contender.score.exact,
        strand=contender.standing.strand,
        prior=contender.standing.prior,
        figures=figures,
        demands=contender.standing.demands,
        missing=contender.standing.missing,
        overrides=contender.overrides,
    )


@frozen
class _Ranked:
    """The awards of those that are ranked."""

    plan: _Plan
    levels: Sequence[tuple[int, Sequence[Contender]]]
    shared: Shared
    recommended: Mapping[str, Decimal]

    @property
    def ranks(self) -> dict[str, int]:
        return {contender.id: rank for rank, level in self.levels for contender in level}

    def awards(self) -> Iterator[Award]:
        before, line = NOTHING, self._line()
        places = self.plan.allocation.reserve
        for rank, level in self.levels:
            before += sum((self._wanted(contender) for contender in level), NOTHING)
            full = places is not None and places <= 0  # a level that begins within the list is on it whole
            for contender in level:
                amount = self.shared.amounts.get(contender.id, NOTHING)
                outcome, why = self._outcome(contender, amount)
                if outcome is AwardOutcome.RESERVE and places is not None:
                    places -= 1
                    outcome, why = (AwardOutcome.DECLINED, Why.NO_RESERVE_PLACE) if full else (outcome, why)
                figures = {} if amount else self._figures(contender, line, before)
                yield _award(contender, outcome, why, figures, self.recommended, amount, rank)

    def _line(self) -> int | None:
        """The rank of the last that is funded."""
        funded = (
            rank for rank, level in self.levels if any(contender.id in self.shared.amounts for contender in level)
        )
        return max(funded, default=None)

    def _needed(self, contender: Contender) -> Decimal:
        """The least that could have been given to an application when its turn came."""
        whole = self.plan.allocation.method in (Method.RANK_STOP, Method.RANK_SKIP)
        return (contender.decided.highest if whole else contender.standing.least) or NOTHING

    def _wanted(self, contender: Contender) -> Decimal:
        """What an application must have before those after it can get anything."""
        highest = contender.decided.highest or NOTHING
        return (contender.standing.least or NOTHING) if self.plan.allocation.method is Method.INTERVALS else highest

    def _outcome(self, contender: Contender, amount: Decimal) -> tuple[AwardOutcome, Why]:
        if amount and amount == contender.decided.highest:
            return AwardOutcome.AWARDED, Why.FUNDED
        method = self.plan.allocation.method
        if amount and method is Method.INTERVALS and amount == contender.standing.least:
            return AwardOutcome.AWARDED_IN_PART, Why.LEAST_AWARD
        if amount:
            return AwardOutcome.AWARDED_IN_PART, _PARTS[method]
        why = self.shared.refused[contender.id]
        return (AwardOutcome.UNDETERMINED if why is Why.TIED else AwardOutcome.RESERVE), why

    def _figures(self, contender: Contender, line: int | None, before: Decimal) -> dict[str, Any]:
        allocation, left = self.plan.allocation, self.shared.left.get(contender.id)
        figures: dict[str, Any] = {} if left is None else {"left": left, "needed": self._needed(contender)}
        if allocation.strands:  # where several sums are shared out, no single line can be drawn
            return figures
        figures |= {} if line is None else {"line": line}
        if allocation.method in _IN_ORDER:
            figures |= {"more": before - self.plan.money, "then": self._wanted(contender)}
        return figures


_PARTS: Mapping[Method, Why] = {
    Method.RANK_PARTIAL_LAST: Why.REST_OF_MONEY,
    Method.INTERVALS: Why.WITHIN_INTERVAL,
    Method.PROPORTIONAL: Why.PROPORTIONAL_CUT,
}
"""Why an award is less than the highest grant, under methods that give less."""

_IN_ORDER = (Method.RANK_STOP, Method.RANK_PARTIAL_LAST, Method.INTERVALS)
"""Methods under which nobody is funded before somebody higher, so that it can be said how much more would do."""


def _blank(rules: RuleSet, allocation: Allocation, plan: _Plan) -> Allotment:
    """An allotment with nothing shared out yet."""
    ids = {allocation.id, *(part.id for part in allocation.parts)}
    whole = rules.round.budget == plan.budget
    return Allotment(
        pool=rules.pool.id,
        round=rules.round.id,
        pool_title=rules.pool.title,
        funder=rules.pool.funder,
        currency=rules.pool.currency,
        rules=rules.digest,
        method=allocation.method.value,
        budget=plan.budget,
        funds=tuple(Funds(p.amount, p.label, p.transferred) for p in rules.round.appropriations) if whole else (),
        administration=plan.administration,
        awarded=NOTHING,
        remainder=plan.money,
        awards=(),
        reserve=(),
        ties=(),
        groups=(),
        strands=(),
        seed=plan.seed,
        settled=plan.settled,
        withdrawn=(),
        assumptions={a.id: a.reason for a in rules.assumptions() if a.id in ids},
    )


def closed(allotment: Allotment, awards: Sequence[Award], ties: tuple[Tie, ...], allocation: Allocation) -> Allotment:
    """The allotment with its awards, and everything that follows from them."""
    awarded = sum((award.amount for award in awards), NOTHING)
    return evolve(
        allotment,
        awarded=awarded,
        remainder=allotment.budget - allotment.administration - awarded,
        awards=tuple(awards),
        reserve=tuple(award.application for award in awards if award.outcome is AwardOutcome.RESERVE),
        ties=ties,
        groups=() if allocation.prior is None else tuple(_group(id, awards) for id in GROUPS),
        strands=tuple(strand_use(strand, awards) for strand in allocation.strands),
    )


def _group(id: str, awards: Sequence[Award]) -> Group:
    members = [award for award in awards if award.funded and GROUPS[bool(award.prior)] == id]
    return Group(id, tuple(award.application for award in members), sum((a.amount for a in members), NOTHING))


def strand_use(strand: Strand, awards: Sequence[Award]) -> StrandUse:
    """What awards took of the money of a strand."""
    awarded = sum((award.amount for award in awards if award.strand == strand.id), NOTHING)
    unused = max(NOTHING, (strand.floor or NOTHING) - awarded)
    return StrandUse(strand.id, strand.floor, strand.ceiling, awarded, unused)
