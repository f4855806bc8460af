"""
Allocating the budget of a round over its decided applications.

A pure function: the same decisions, seed and settled ties give the same allotment, in whatever order they come. Who
may be ranked is said here, the arithmetic is in `grantrules.sharing`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from itertools import groupby
from math import lcm
from typing import Any, assert_never

from attrs import evolve, frozen

from grantrules.awards import (
    Allotment,
    Award,
    AwardOutcome,
    Funds,
    Group,
    Override,
    Settled,
    Standing,
    StrandUse,
    Tie,
    Why,
)
from grantrules.decisions import Decision
from grantrules.errors import InputError, Problem, excerpt, nearest
from grantrules.findings import Outcome, Score
from grantrules.methods import Allocation, ByDraw, ByScore, ByTerm, Method, Strand
from grantrules.ruleset import RuleSet
from grantrules.sharing import NOTHING, Claim, Purse, Shared, share_out
from grantrules.values import exact, plain, share_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
    made = tuple(decisions)
    problems = [*_decision_problems(rules, made), *_prior_problems(rules, made, prior)]
    problems += [*_order_problems(rules, made, seed, settled), *_budget_problems(rules, budget)]
    if rules.allocation is None or problems:
        raise InputError(f"allocation of {rules.name}", problems)
    with exact():
        plan = _Plan(rules, rules.allocation, rules.round.budget if budget is None else budget, seed, settled)
        return plan.allotment([_Entry.of(decision) for decision in made])


# What is refused


def _decision_problems(rules: RuleSet, decisions: Sequence[Decision]) -> Iterator[Problem]:
    if rules.allocation is None:
        yield Problem("", "the round says nothing of allocation", "implement the hook `allocation`", "no-allocation")
    seen: set[str] = set()
    for index, decision in enumerate(decisions):
        heading = decision.heading
        where = f"decision on {heading.application}" if heading.application else f"decision {index + 1}"
        if heading.application is None:
            yield Problem(where, "the application has no case number", "give it its `id`", "no-id")
        elif heading.application in seen:
            yield Problem(where, "the application is decided twice", "give one decision for each", "two-decisions")
        else:
            seen.add(heading.application)
        found = (heading.pool, heading.round)
        if found != (rules.pool.id, rules.round.id):
            yield Problem(where, f"it is of `{found[0]}@{found[1]}`, not of `{rules.name}`", code="other-round")
        elif decision.rules_digest != rules.digest:
            message = f"it was made by other rules ({decision.rules_digest[:19]}…, not {rules.digest[:19]}…)"
            yield Problem(where, message, "decide the application again by these rules", "other-rules")


def _prior_problems(
    rules: RuleSet, decisions: Sequence[Decision], prior: Mapping[str, Decimal] | None
) -> Iterator[Problem]:
    if prior is None:
        return
    if rules.allocation is not None and rules.allocation.prior is None:
        yield Problem("prior", "the round does not top up earlier awards", "leave them out", "no-prior")
        return
    stated = {decision.heading.application: decision.standing for decision in decisions}
    known = [id for id in stated if id is not None]
    for id, amount in prior.items():
        if id not in stated:
            yield Problem(f"prior.{id}", f"no application is {excerpt(id)}", nearest(id, known), "unknown-application")
        elif not isinstance(amount, Decimal) or not amount.is_finite() or amount < 0:
            yield Problem(f"prior.{id}", f"expected an amount, got {excerpt(amount)}", 'write `kr("…")`', "amount")
    for application, standing in stated.items():
        found = None if standing is None else standing.prior
        given = prior.get(application or "", NOTHING)
        if found is not None and isinstance(given, Decimal) and found != given:
            message = (
                f"the application states {plain(found)} awarded before, the earlier allocation says {plain(given)}"
            )
            yield Problem(f"prior.{application}", message, "correct the one that is wrong", "other-prior")


def _order_problems(
    rules: RuleSet, decisions: Sequence[Decision], seed: str | None, settled: Settled | None
) -> Iterator[Problem]:
    draws = rules.allocation is not None and ByDraw() in rules.allocation.order
    if draws and (not isinstance(seed, str) or not seed):
        yield Problem("seed", "the round draws lots, and no seed is given", "publish one, and give it", "no-seed")
    if seed is not None and not draws:
        yield Problem("seed", "the round draws no lots", "leave the seed out", "no-draw")
    known = [id for decision in decisions if (id := decision.heading.application) is not None]
    yield from settled_problems(settled, known)


def settled_problems(settled: Settled | None, known: Sequence[str]) -> Iterator[Problem]:
    """What is wrong with an order that a person put applications in."""
    if settled is None:
        return
    for name, stated in (("by", settled.by), ("reason", settled.reason)):
        if not isinstance(stated, str) or not stated.strip():
            yield Problem(f"settled.{name}", "it is not stated", "say who settled the tie, and why", "not-stated")
    for id in dict.fromkeys(settled.order):
        if id not in known:
            yield Problem(
                "settled.order", f"no application is {excerpt(id)}", nearest(id, known), "unknown-application"
            )
        elif settled.order.count(id) > 1:
            yield Problem("settled.order", f"`{id}` stands twice", "name each application once", "twice")


def _budget_problems(rules: RuleSet, budget: Decimal | None) -> Iterator[Problem]:
    whole = rules.round.budget if budget is None else budget
    if not isinstance(whole, Decimal) or not whole.is_finite() or whole < 0 or whole != round(whole, 2):
        yield Problem("budget", f"expected an amount, got {excerpt(budget)}", 'write `kr("…")`', "amount")
        return
    with exact():
        floors = sum((strand.floor or NOTHING for strand in _strands(rules)), NOTHING)
        if floors > whole - _administration(rules.allocation, whole):
            message = f"the floors of the strands, {plain(floors)}, are more than there is to share out"
            yield Problem("budget", message, "raise the budget", "floors")


def _strands(rules: RuleSet) -> Sequence[Strand]:
    return () if rules.allocation is None else rules.allocation.strands


def _administration(allocation: Allocation | None, budget: Decimal) -> Decimal:
    part = None if allocation is None else allocation.administration
    return NOTHING if part is None else share_of(budget, part.rate, part.rounding)


# Who can be ranked


@frozen
class _View:
    """An outcome and a highest grant: as the rules have it, or as a person decided."""

    outcome: Outcome
    highest: Decimal | None
    aside: frozenset[str] = frozenset()


@frozen
class _Entry:
    """What an allocation knows of an application."""

    id: str
    title: str | None
    recommended: _View
    decided: _View
    score: Score | None
    standing: Standing
    overrides: tuple[Override, ...]

    @classmethod
    def of(cls, decision: Decision) -> "_Entry":
        aside = frozenset(id for override in decision.overrides for id in override.sets_aside)
        return cls(
            decision.heading.application or "",
            decision.heading.title,
            _View(decision.outcome, decision.recommended),
            _View(decision.decided_outcome, decision.decided, aside),
            decision.score,
            decision.standing or Standing(None),
            decision.overrides,
        )


_Stopped = tuple[AwardOutcome, Why, dict[str, Any]]


def _stopped(entry: _Entry, view: _View, rated: bool) -> _Stopped | None:
    """Why an application cannot be ranked, the first reason that applies; `None` if it can."""
    highest, least = view.highest, entry.standing.least
    below = _below_threshold(entry, view)
    match view.outcome:
        case Outcome.DISMISSED:
            return AwardOutcome.DISMISSED, Why.DISMISSED, {}
        case Outcome.INELIGIBLE:
            return AwardOutcome.INELIGIBLE, Why.INELIGIBLE, {}
        case Outcome.UNDETERMINED:
            return AwardOutcome.UNDETERMINED, Why.UNDETERMINED, {}
        case Outcome.ELIGIBLE:
            pass
        case _:
            assert_never(view.outcome)
    if highest is not None and not highest:
        return AwardOutcome.DECLINED, Why.NO_GRANT, {}
    if below:
        return AwardOutcome.DECLINED, Why.BELOW_THRESHOLD, below
    if rated and (entry.score is None or entry.score.exact is None):
        return AwardOutcome.UNDETERMINED, Why.NOT_ASSESSED, {}
    if highest is None:
        return AwardOutcome.UNDETERMINED, Why.GRANT_UNDETERMINED, {}
    if entry.standing.missing or least is None:
        return AwardOutcome.UNDETERMINED, Why.FACTS_MISSING, {}
    if highest < least:
        return AwardOutcome.DECLINED, Why.BELOW_LEAST, {}
    return None


def _below_threshold(entry: _Entry, view: _View) -> dict[str, Any]:
    """The first threshold that is surely not reached and not set aside."""
    for threshold in () if entry.score is None else entry.score.thresholds:
        if threshold.holds is False and threshold.id not in view.aside:
            return {"rule": threshold.id, "threshold": threshold.least, "found": threshold.found}
    return {}


# The order


def _number(value: Any) -> Fraction:
    """The place of a value on a line, exactly."""
    match value:
        case datetime():
            return Fraction((value - _EPOCH) // timedelta(microseconds=1))
        case date():
            return Fraction(value.toordinal())
        case _:
            return Fraction(value)


def draw(seed: str, application: str) -> int:
    """
    The lot of an application: the SHA-256 of the seed, a line feed and the case number, in UTF-8, as a whole number.

    The lowest lot comes first. Anybody who knows the seed can draw it again, and it depends on nothing else.
    """
    return int.from_bytes(sha256(f"{seed}\n{application}".encode()).digest())


def _columns(
    entries: Sequence[_Entry], allocation: Allocation, seed: str | None, settled: Settled | None
) -> list[list[int]]:
    """One column of whole numbers for each step of the order, lowest first."""
    columns, terms = [], 0
    for key in allocation.order:
        match key:
            case ByScore():
                columns.append(_whole([-_score(entry) for entry in entries]))
            case ByTerm():
                found = [_number(entry.standing.order[terms].value) for entry in entries]
                columns.append(_whole([-number for number in found] if key.highest_first else found))
                terms += 1
            case ByDraw():
                columns.append([draw(seed or "", entry.id) for entry in entries])
            case _:
                assert_never(key)
    if settled is not None:
        places = {id: place for place, id in enumerate(settled.order)}
        columns.append([places.get(entry.id, len(places)) for entry in entries])
    return columns


def _score(entry: _Entry) -> Fraction:
    return Fraction(0) if entry.score is None or entry.score.exact is None else entry.score.exact


def _whole(numbers: Sequence[Fraction]) -> list[int]:
    """Fractions brought to one denominator, as whole numbers compare many times faster."""
    denominator = lcm(*(number.denominator for number in numbers))
    return [number.numerator * (denominator // number.denominator) for number in numbers]


def _levels(
    entries: Sequence[_Entry], allocation: Allocation, seed: str | None, settled: Settled | None
) -> list[list[_Entry]]:
    """Applications in order; those that no step of the order parts stand together, by case number."""
    columns = _columns(entries, allocation, seed, settled)
    placed = sorted(zip(zip(*columns, strict=True), (entry.id for entry in entries), entries, strict=True), key=_place)
    return [[entry for _, _, entry in level] for _, level in groupby(placed, key=lambda item: item[0])]


def _place(item: tuple[tuple[int, ...], str, _Entry]) -> tuple[tuple[int, ...], str]:
    return item[0], item[1]


# The allotment


@frozen
class _Plan:
    """How the money is to be shared out."""

    rules: RuleSet
    allocation: Allocation
    budget: Decimal
    seed: str | None
    settled: Settled | None

    @property
    def administration(self) -> Decimal:
        return _administration(self.allocation, self.budget)

    @property
    def money(self) -> Decimal:
        """What there is to share out."""
        return self.budget - self.administration

    def allotment(self, entries: Sequence[_Entry]) -> Allotment:
        levels, shared, stopped = self.shared(entries, lambda entry: entry.decided)
        if any(entry.overrides for entry in entries):
            _, unaided, _ = self.shared(entries, lambda entry: entry.recommended)
            recommended = unaided.amounts
        else:
            recommended = shared.amounts
        ranked = _Ranked(self, levels, shared, recommended)
        others = [_award(entry, *stopped[entry.id], recommended) for entry in entries if entry.id in stopped]
        awards = (*ranked.awards(), *sorted(others, key=lambda award: award.application))
        return closed(_blank(self.rules, self.allocation, self), awards, self._ties(levels, shared), self.allocation)

    def shared(
        self, entries: Sequence[_Entry], view: Callable[[_Entry], _View]
    ) -> tuple[list[list[_Entry]], Shared, dict[str, _Stopped]]:
        """The levels of those that can be ranked, what they get, and why others are not ranked."""
        rated = bool(self.rules.scoring.criteria)
        stopped = {e.id: found for e in entries if (found := _stopped(e, view(e), rated)) is not None}
        able = [entry for entry in entries if entry.id not in stopped]
        levels = _levels(able, self.allocation, self.seed, self.settled)
        claims = [[_claim(entry, view(entry)) for entry in level] for level in levels]
        return levels, share_out(self.allocation.method, claims, self.money, _purses(self.allocation)), stopped

    @staticmethod
    def _ties(levels: Sequence[Sequence[_Entry]], shared: Shared) -> tuple[Tie, ...]:
        ranks, rank = dict[str, int](), 1
        for level in levels:
            ranks |= dict.fromkeys((entry.id for entry in level), rank)
            rank += len(level)
        return ties_of(shared, ranks)


def ties_of(shared: Shared, ranks: Mapping[str, int]) -> tuple[Tie, ...]:
    """The levels within which the money ended, with their ranks."""
    return tuple(Tie(ranks[tie.claims[0]], tie.claims, tie.left, tie.needed) for tie in shared.undecided)


def _claim(entry: _Entry, view: _View) -> Claim:
    return Claim(entry.id, view.highest or NOTHING, entry.standing.least or NOTHING, entry.standing.strand)


def _purses(allocation: Allocation) -> dict[str, Purse]:
    return {s.id: Purse(s.floor or NOTHING, s.ceiling, s.releases) for s in allocation.strands}


def _award(
    entry: _Entry,
    outcome: AwardOutcome,
    why: Why,
    figures: dict[str, Any],
    recommended: Mapping[str, Decimal],
    amount: Decimal = NOTHING,
    rank: int | None = None,
) -> Award:
    return Award(
        application=entry.id,
        title=entry.title,
        outcome=outcome,
        reason=why,
        amount=amount,
        recommended=recommended.get(entry.id, NOTHING),
        highest=entry.decided.highest,
        least=entry.standing.least,
        rank=rank,
        score=None if entry.score is None else entry.score.exact,
        strand=entry.standing.strand,
        prior=entry.standing.prior,
        figures=figures,
        demands=entry.standing.demands,
        missing=entry.standing.missing,
        overrides=entry.overrides,
    )


@frozen
class _Ranked:
    """The awards of those that are ranked."""

    plan: _Plan
    levels: Sequence[Sequence[_Entry]]
    shared: Shared
    recommended: Mapping[str, Decimal]

    def awards(self) -> Iterator[Award]:
        rank, before, line = 1, NOTHING, self._line()
        places = self.plan.allocation.reserve
        for level in self.levels:
            before += sum((self._wanted(entry) for entry in level), NOTHING)
            for entry in level:
                amount = self.shared.amounts.get(entry.id, NOTHING)
                outcome, why = self._outcome(entry, amount)
                if outcome is AwardOutcome.RESERVE and places is not None:
                    places -= 1
                    if places < 0:
                        outcome, why = AwardOutcome.DECLINED, Why.NO_RESERVE_PLACE
                figures = {} if amount else self._figures(entry, line, before)
                yield _award(entry, outcome, why, figures, self.recommended, amount, rank)
            rank += len(level)

    def _line(self) -> int | None:
        """The rank of the last that is funded."""
        rank, line = 1, None
        for level in self.levels:
            line = rank if any(entry.id in self.shared.amounts for entry in level) else line
            rank += len(level)
        return line

    def _wanted(self, entry: _Entry) -> Decimal:
        """What an application must have before those after it can get anything."""
        highest = entry.decided.highest or NOTHING
        return (entry.standing.least or NOTHING) if self.plan.allocation.method is Method.INTERVALS else highest

    def _outcome(self, entry: _Entry, amount: Decimal) -> tuple[AwardOutcome, Why]:
        if amount and amount == entry.decided.highest:
            return AwardOutcome.AWARDED, Why.FUNDED
        if amount:
            return AwardOutcome.AWARDED_IN_PART, _PARTS[self.plan.allocation.method]
        why = self.shared.refused[entry.id]
        return (AwardOutcome.UNDETERMINED if why is Why.TIED else AwardOutcome.RESERVE), why

    def _figures(self, entry: _Entry, line: int | None, before: Decimal) -> dict[str, Any]:
        allocation = self.plan.allocation
        figures: dict[str, Any] = {} if line is None else {"line": line}
        left = self.shared.left.get(entry.id)
        figures |= {} if left is None else {"left": left}
        if allocation.method in _IN_ORDER and not allocation.strands:
            figures["more"] = before - self.plan.money
        return figures


_PARTS: Mapping[Method, Why] = {
    Method.RANK_STOP: Why.REST_OF_MONEY,
    Method.RANK_SKIP: Why.REST_OF_MONEY,
    Method.RANK_PARTIAL_LAST: Why.REST_OF_MONEY,
    Method.INTERVALS: Why.WITHIN_INTERVAL,
    Method.PROPORTIONAL: Why.PROPORTIONAL_CUT,
}
"""Why an award is less than the highest grant."""

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
        groups=() if allocation.prior is None else (_group("new", awards, False), _group("topped-up", awards, True)),
        strands=tuple(strand_use(strand, awards) for strand in allocation.strands),
    )


def _group(id: str, awards: Sequence[Award], topped_up: bool) -> Group:
    members = [award for award in awards if award.funded and bool(award.prior) is topped_up]
    return Group(id, tuple(award.application for award in members), sum((a.amount for a in members), NOTHING))


def strand_use(strand: Strand, awards: Sequence[Award]) -> StrandUse:
    """What awards took of the money of a strand."""
    awarded = sum((award.amount for award in awards if award.strand == strand.id), NOTHING)
    unused = max(NOTHING, (strand.floor or NOTHING) - awarded)
    return StrandUse(strand.id, strand.floor, strand.ceiling, awarded, unused)
