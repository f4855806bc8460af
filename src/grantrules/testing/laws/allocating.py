"""The law of allocations: no øre is lost, nobody is passed over, and no order of the input decides."""

from collections.abc import Iterator, Sequence
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any

from attrs import evolve, fields
from hypothesis import strategies as st

from grantrules.allocations import AllocationResult
from grantrules.application import Assessment
from grantrules.awards import Award, AwardOutcome, Why
from grantrules.decisions import Decision
from grantrules.methods import ByDraw, Method
from grantrules.rulebooks import Rulebook
from grantrules.terms.nodes import NODES, Constant, Fact, Total
from grantrules.terms.schema import COSTS, TOTALS
from grantrules.testing.aiming.backwards import Aim
from grantrules.testing.aiming.search import PASSED, Has, Wish, blank, searched, wishes_for
from grantrules.testing.aiming.thresholds import hints_of, literal
from grantrules.testing.laws.amounts import limits_of
from grantrules.testing.laws.cutting import Cuts
from grantrules.testing.laws.law import Case, Cases, Wrong
from grantrules.testing.laws.reaching import every
from grantrules.testing.strategies.applications import assessed_applications, stated_more
from grantrules.testing.strategies.fact_values import Strategy
from grantrules.testing.strategies.filling import Draw
from grantrules.values import ORE, decimals, kr

MOST = 5
"""So many applications a round that is drawn has at most."""

PARTS = (3, 8, 40)
"""Parts of its budget that the applications to a round ask for."""

IN_ORDER = (Method.RANK_STOP, Method.RANK_PARTIAL_LAST, Method.INTERVALS)
"""Methods that promise that nobody is funded before somebody higher, where there are no strands."""

SEED = "2020-06-24"

ZERO = Decimal(0)


# Rounds with applications


def rounds(rulebook: Rulebook) -> Strategy:
    """Up to five applications to a round with their assessments, most of which can be granted money."""
    grantable = [case for part in PARTS if (case := _grantable(rulebook, part)) is not None]
    any_case = assessed_applications(rulebook)
    near = st.sampled_from(grantable).flatmap(lambda case: _near(rulebook, case)) if grantable else any_case
    one = st.one_of(near, near, near, near, any_case)
    some = st.sampled_from((0, 1, 2, 3, 4, MOST)).flatmap(lambda count: st.lists(one, min_size=count, max_size=count))
    return some.map(lambda made: tuple(_numbered(made)))


def _numbered(made: Sequence[Case]) -> Iterator[Case]:
    for index, (application, assessments) in enumerate(made):
        yield evolve(application, id=f"S-{index}"), [evolve(each, application=None) for each in assessments]


def _grantable(rulebook: Rulebook, part: int) -> Case | None:
    """An application that can be granted about one part of the budget, or at least passes every requirement."""
    rules = rulebook.rules
    passing = wishes_for(rulebook, every(rulebook, PASSED))
    guarded = [rule for rule in rules.cost_rules if rule.concerns is not None or rule.when is not None]
    uncut = [Cuts(rule, rules.cost_rules, wanted=False) for rule in guarded]
    amount, more = (list(_granting(rulebook, least)) for least in (rulebook.round.budget / part, ORE))
    for wishes in ([*passing, *uncut, *amount], [*passing, *amount], [*passing, *more], passing):
        file = searched(Aim(rules, hints_of(rules), part), blank(rulebook), wishes)
        if file is not None:
            return file.application, list(file.assessments)
    return None


def _granting(rulebook: Rulebook, least: Decimal) -> Iterator[Wish]:
    """That each amount of which the formula takes the least comes to some amount, as far as it can; which will do."""
    rules = rulebook.rules
    limits = [_of_what_is_claimed(limit) for limit in limits_of(rules.grant.amount)]
    fixed = [amount for limit in limits if (amount := literal(limit, rules)) is not None]
    floor = ZERO if rules.grant.floor is None else literal(rules.grant.floor, rules) or ZERO
    some = min([max(least, floor), *fixed])
    yield Has(Total(COSTS, Fact(COSTS, ("vat",))) >= Constant(ZERO))
    yield from (Has(limit >= _amount(some)) for limit in limits if literal(limit, rules) is None)
    if rules.allocation is not None and rules.allocation.least is not None:
        yield Has(rules.allocation.least <= _amount(some / 2))  # cost rules may take a little of what is claimed


def _amount(exactly: Decimal) -> Constant:
    return Constant(exactly.quantize(ORE, ROUND_DOWN))


def _of_what_is_claimed(term: Any) -> Any:
    """A formula that reads what is claimed, VAT aside, where it read what is eligible of it."""
    if isinstance(term, tuple):
        return tuple(_of_what_is_claimed(item) for item in term)
    if isinstance(term, Fact):
        return Total(COSTS, Fact(COSTS, ("amount",))) if term.of == TOTALS else term
    if not isinstance(term, NODES):
        return term
    inner = {attribute.name: getattr(term, attribute.name) for attribute in fields(type(term))}
    return evolve(term, **{name: _of_what_is_claimed(part) for name, part in inner.items()})


@st.composite
def _near(draw: st.DrawFn, rulebook: Rulebook, case: Case) -> Case:
    """An application with the rest of its facts stated, perhaps a part of what it asked for, and ratings."""
    application, assessments = case
    whole = stated_more(draw, application, rulebook, whole=True)
    changed = _asking_for(whole, draw(st.integers(4, 8)), draw(st.sampled_from((None, None, 0, 2, 4))))
    scoring = rulebook.rules.scoring
    top = scoring.scale.top if scoring.scale else 0
    rated = [criterion.id for criterion in scoring.criteria if criterion.computed is None]
    points = st.integers(max(0, top - 2), top).map(Decimal)
    panel = assessments or [Assessment(assessor="assessor-1", conflict_of_interest=False)]
    rating = [
        evolve(each, ratings={id: draw(points) for id in rated}, consensus=True, application=None) for each in panel
    ]
    return changed if rulebook.decide(changed, rating).highest_grant else whole, rating


def _asking_for(application: Any, eighths: int, least: int | None) -> Any:
    """The application with a part of what it asks for, and a part of that as the least that it can use."""
    if application.requested is None:
        return application
    requested = (application.requested * eighths / 8).quantize(ORE)
    minimum = None if least is None else (requested * least / 8).quantize(ORE)
    return evolve(application, requested=requested, requested_minimum=minimum)


def _budget(rulebook: Rulebook, decisions: Sequence[Decision], draw: Draw) -> Decimal:
    """The round's own budget, or about what some of the applications come to; never less than the floors take."""
    sums = [ZERO]
    for decision in decisions:
        sums.append(sums[-1] + (decision.decided or ZERO))
    near = draw(st.sampled_from(sums)) + draw(st.sampled_from((ZERO, ORE, -ORE, kr(1000))))
    budget: Decimal = draw(st.sampled_from((near, near, rulebook.round.budget)))
    return max(budget, _lowest_budget(rulebook))


def _lowest_budget(rulebook: Rulebook) -> Decimal:
    """The least that covers the floors of strands once the administration has its share."""
    rules = rulebook.rules.allocation
    floors = sum((strand.floor or ZERO for strand in rules.strands), ZERO) if rules is not None else ZERO
    rate = rules.administration.rate if rules is not None and rules.administration is not None else Fraction(0)
    if not floors or rate == 1:
        return rulebook.round.budget if floors else ZERO
    return kr((Fraction(floors) / (1 - rate)).__ceil__() + 1)


# What must hold


def money_is_shared_out_wrongly(rulebook: Rulebook, given: Cases, draw: Draw) -> Iterator[Wrong]:
    """The sums hold, awards keep their limits, ranks are kept where promised, and level ones are treated alike."""
    rules = rulebook.rules.allocation
    if rules is None:
        return
    decisions = [rulebook.decide(*case) for case in given]
    budget, seed = _budget(rulebook, decisions, draw), SEED if ByDraw() in rules.order else None
    found = rulebook.allocate(decisions, budget=budget, seed=seed)
    in_order = rules.method in IN_ORDER and not rules.strands
    for message in (
        *_wrong_sums(found, budget, rules.administration.of(budget) if rules.administration else ZERO),
        *(message for decision in decisions for message in _wrong_award(found, decision)),
        *(_passed_over(found) if in_order else ()),
        *_parted(found),
        *_wrong_ties(found),
        *_wrong_strands(found),
        *_wrong_reserve(found),
    ):
        yield Wrong(f"of {budget} {message}", rules.id)
    moved = draw(st.permutations(decisions))
    if rulebook.allocate(moved, budget=budget, seed=seed).to_dict() != found.to_dict():
        order = ", ".join(str(decision.heading.application) for decision in moved)
        yield Wrong(f"of {budget} others get something else with the decisions in the order {order}", rules.id)


def _wrong_sums(found: AllocationResult, budget: Decimal, administration: Decimal) -> Iterator[str]:
    awarded = sum((award.amount for award in found.awards), ZERO)
    if awarded != found.awarded:
        yield f"{found.awarded} is awarded, and the awards come to {awarded}"
    if found.administration != administration:
        yield f"administration takes {found.administration}, and its share is {administration}"
    if found.remainder < ZERO:
        yield f"the remainder is {found.remainder}: more is awarded than there is"
    if awarded + found.remainder + found.administration != budget:
        yield f"{awarded} is awarded, {found.administration} kept for administration and {found.remainder} left"


def _wrong_award(found: AllocationResult, decision: Decision) -> Iterator[str]:
    """What is wrong with one award, held against the decision that it was made of."""
    awards = [award for award in found.awards if award.application == decision.heading.application]
    if len(awards) != 1:
        yield f"`{decision.heading.application}` is listed {len(awards)} times"
        return
    award = awards[0]
    least, most = award.least or ORE, decision.decided or ZERO
    if award.amount < ZERO or decimals(award.amount) > 2 or (award.amount and not least <= award.amount <= most):
        yield f"`{award.application}` gets {award.amount}, and can be granted nothing or from {least} to {most}"


def _ranked(found: AllocationResult) -> list[Award]:
    return [award for award in found.awards if award.rank is not None]


def _passed_over(found: AllocationResult) -> Iterator[str]:
    """Somebody funded whom somebody higher, who is not, stands before."""
    for higher in _ranked(found):
        for lower in _ranked(found):
            if (higher.rank or 0) < (lower.rank or 0) and lower.amount and not higher.amount:
                yield f"`{lower.application}` is funded, and `{higher.application}`, which is ranked higher, is not"


def _parted(found: AllocationResult) -> Iterator[str]:
    """Level applications that can use the same and get different amounts."""
    for one, other in combinations(_ranked(found), 2):
        alike = all(
            getattr(one, name) == getattr(other, name) for name in ("rank", "highest", "least", "strand", "prior")
        )
        if alike and abs(one.amount - other.amount) > ORE:
            yield f"`{one.application}` gets {one.amount} and `{other.application}` {other.amount}, and they are level"


def _wrong_ties(found: AllocationResult) -> Iterator[str]:
    """Ties at the line that nobody is told of, or that are not level."""
    told = {id for tie in found.ties for id in tie.applications}
    for award in found.awards:
        if award.reason is Why.TIED and (award.application not in told or award.amount):
            yield f"`{award.application}` is tied, gets {award.amount}, and is not told of"
    for tie in found.ties:
        if {found.award(id).rank for id in tie.applications} != {tie.rank} or tie.left > found.remainder:
            yield f"the tie of {', '.join(f'`{id}`' for id in tie.applications)} is none"


def _wrong_strands(found: AllocationResult) -> Iterator[str]:
    for strand in found.strands:
        awarded = sum((award.amount for award in found.awards if award.strand == strand.id), ZERO)
        if strand.awarded != awarded or (strand.ceiling is not None and awarded > strand.ceiling):
            yield f"strand `{strand.id}` gets {awarded}, is said to get {strand.awarded}, at most {strand.ceiling}"


def _wrong_reserve(found: AllocationResult) -> Iterator[str]:
    waiting = tuple(award.application for award in found.awards if award.outcome is AwardOutcome.RESERVE)
    if waiting != found.reserve:
        yield f"{', '.join(waiting) or 'nobody'} waits, and the reserve list has {', '.join(found.reserve) or 'nobody'}"
    ranks = [award.rank or 0 for award in _ranked(found)]
    if any(one > other for one, other in pairwise(ranks)):
        yield f"the ranks are {', '.join(map(str, ranks))}"
