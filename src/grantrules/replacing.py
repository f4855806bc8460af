"""When an award is turned down: the reserve list moves up. Awards that stand are never lowered."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from attrs import evolve

from grantrules.admitting import level_problems, settled_problems
from grantrules.allocate import closed, strand_use, ties_of
from grantrules.awards import Allotment, Award, AwardOutcome, Settled, Why
from grantrules.errors import InputError, Problem, excerpt, nearest
from grantrules.methods import Allocation, Method
from grantrules.ruleset import RuleSet
from grantrules.sharing import NOTHING, Claim, Purse, Shared, share_out
from grantrules.values import ORE, exact


def replace(
    rules: RuleSet, allotment: Allotment, withdrawn: Iterable[str], settled: Settled | None = None
) -> Allotment:
    """
    Give what applicants turned down, and what was left, to those next in line.

    Awards that stand are not lowered. Under a method that may fund the last one in part, a part is made up first;
    then the reserve list moves up in its order.

    Args:
        settled: the order in which a person put level applications on the list.

    Raises:
        InputError: somebody withdraws who has no award, or the allotment is of other rules.
    """
    gone = (withdrawn,) if isinstance(withdrawn, str) else tuple(withdrawn)
    problems = list(_withdrawal_problems(rules, allotment, gone))
    problems += settled_problems(settled, [award.application for award in allotment.awards])
    unraised = allotment.ties and not allotment.withdrawn
    if unraised and rules.allocation is not None and rules.allocation.method is Method.INTERVALS:
        message = "a tie is not settled yet, and nobody is raised before it is"
        problems.append(Problem("ties", message, "allocate again with the order settled, then replace", "tie"))
    if rules.allocation is not None and not problems:
        problems += level_problems(settled, _levels(allotment, rules.allocation.method))
    if rules.allocation is None or problems:
        raise InputError(f"replacement in {rules.name}", problems)
    with exact():
        return _replaced(rules.allocation, allotment, gone, settled)


def _withdrawal_problems(rules: RuleSet, allotment: Allotment, gone: Sequence[str]) -> Iterator[Problem]:
    if allotment.rules != rules.digest:
        message = f"it was made by other rules ({rules.unlike(allotment.rules)})"
        yield Problem("", message, "allocate again by these rules", "other-rules")
    funded = [award.application for award in allotment.awards if award.funded]
    known = [award.application for award in allotment.awards]
    for id in dict.fromkeys(gone):
        if id not in known:
            yield Problem("withdrawn", f"no application is {excerpt(id)}", nearest(id, known), "unknown-application")
        elif id not in funded:
            yield Problem("withdrawn", f"`{id}` has no award to turn down", nearest(id, funded), "no-award")
        elif gone.count(id) > 1:
            yield Problem("withdrawn", f"`{id}` stands twice", "name it once", "twice")


def _levels(allotment: Allotment, method: Method) -> list[list[str]]:
    """Those who are next in line, by rank."""
    waiting = sorted((award.rank or 0, award.application) for award in allotment.awards if _waits(award, method))
    return [[id for _, id in level] for _, level in groupby(waiting, key=lambda place: place[0])]


_REPLACING: Mapping[Method, Method] = {
    Method.RANK_STOP: Method.RANK_STOP,
    Method.RANK_SKIP: Method.RANK_SKIP,
    Method.RANK_PARTIAL_LAST: Method.RANK_PARTIAL_LAST,
    Method.INTERVALS: Method.RANK_PARTIAL_LAST,
    Method.PROPORTIONAL: Method.RANK_PARTIAL_LAST,
}
"""How the reserve list moves up."""


def _replaced(allocation: Allocation, allotment: Allotment, gone: Sequence[str], settled: Settled | None) -> Allotment:
    kept = [_turned_down(award) if award.application in gone else award for award in allotment.awards]
    awarded = sum((award.amount for award in kept), NOTHING)
    money = allotment.budget - allotment.administration - awarded
    settled = settled or allotment.settled
    places = {} if settled is None else {id: place for place, id in enumerate(settled.order)}

    def place(award: Award) -> tuple[int, int]:
        return award.rank or 0, places.get(award.application, len(places))

    ranked = sorted((award for award in kept if award.rank is not None), key=place)
    kept = [*ranked, *(award for award in kept if award.rank is None)]
    waiting = sorted((award for award in kept if _waits(award, allocation.method)), key=place)
    levels = [[_further(award) for award in level] for _, level in groupby(waiting, key=place)]
    method = _REPLACING[allocation.method]
    shared = share_out(method, levels, money, _purses_left(allocation, kept, money))
    whole = method is not Method.RANK_PARTIAL_LAST
    figures = {} if allocation.strands else _figures(method, kept, waiting, money, shared)
    awards = [_moved_up(award, shared, figures.get(award.application, {}), whole) for award in kept]
    ranks = {award.application: award.rank for award in kept if award.rank is not None}
    made = closed(allotment, awards, ties_of(shared, ranks), allocation)
    return evolve(made, withdrawn=(*allotment.withdrawn, *gone), settled=settled)


def _turned_down(award: Award) -> Award:
    return evolve(award, outcome=AwardOutcome.DECLINED, reason=Why.WITHDRAWN, amount=NOTHING, figures={})


def _waits(award: Award, method: Method) -> bool:
    """It is next in line: on the reserve list, level at the line, or the last one that was funded, in part."""
    if award.outcome is AwardOutcome.AWARDED_IN_PART:
        return method is Method.RANK_PARTIAL_LAST or award.reason is Why.FROM_RESERVE
    return award.outcome is AwardOutcome.RESERVE or award.reason is Why.TIED


def _further(award: Award) -> Claim:
    """What an award can still be given: the rest of a part, or its whole."""
    highest = award.highest or NOTHING
    if award.funded:
        return Claim(award.application, highest - award.amount, ORE, award.strand)
    return Claim(award.application, highest, award.least or NOTHING, award.strand)


def _purses_left(allocation: Allocation, awards: Sequence[Award], money: Decimal) -> dict[str, Purse]:
    """What is left of the strands' money: what their awards leave of their floors, as far as there is money."""
    left = {}
    for strand in allocation.strands:
        use = strand_use(strand, awards)
        floor = min(use.unused, money)
        money -= floor
        left[strand.id] = Purse(floor, None if use.ceiling is None else use.ceiling - use.awarded, strand.releases)
    return left


def _figures(
    method: Method, awards: Sequence[Award], waiting: Sequence[Award], money: Decimal, shared: Shared
) -> dict[str, dict[str, Any]]:
    """Where the money ended, and how much more would have funded each of those who are still waiting."""
    figures: dict[str, dict[str, Any]] = {}
    lines = [award.rank or 0 for award in awards if award.funded or award.application in shared.amounts]
    ended = {"line": max(lines)} if lines else {}
    before = NOTHING
    for _, level in groupby(waiting, key=lambda award: award.rank):
        found = list(level)
        before += sum((_further(award).most for award in found), NOTHING)
        for award in found:
            more = {} if method is Method.RANK_SKIP else {"more": before - money, "then": award.highest}
            figures[award.application] = {**ended, **more}
    return figures


def _moved_up(award: Award, shared: Shared, figures: Mapping[str, Any], whole: bool) -> Award:
    if award.application in shared.amounts:
        return _raised(award, award.amount + shared.amounts[award.application])
    why = shared.refused.get(award.application)
    if why is None or award.funded:
        return award
    outcome = AwardOutcome.UNDETERMINED if why is Why.TIED else AwardOutcome.RESERVE
    left = shared.left.get(award.application)
    turn = {} if left is None else {"left": left, "needed": (award.highest if whole else award.least) or NOTHING}
    return evolve(award, outcome=outcome, reason=why, figures={**figures, **turn})


def _raised(award: Award, amount: Decimal) -> Award:
    full = amount == award.highest
    return evolve(
        award,
        outcome=AwardOutcome.AWARDED if full else AwardOutcome.AWARDED_IN_PART,
        reason=Why.FROM_RESERVE if full or not award.funded else award.reason,
        amount=amount,
        figures={},
    )
