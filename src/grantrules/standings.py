"""What the allocation has to know of one decided application, read off its facts."""

from collections.abc import Iterator
from decimal import Decimal

from grantrules.awards import CoFinancingDemand, OrderValue, Standing
from grantrules.findings import Interval
from grantrules.methods import Allocation, Base, ByTerm, CoFinancing
from grantrules.readings.evaluate import ZERO, Scope, evaluate
from grantrules.readings.reasons import needs
from grantrules.ruleset import RuleSet
from grantrules.terms.nodes import Term
from grantrules.values import ORE


def standing(rules: RuleSet, scope: Scope, costs: Interval | None) -> Standing | None:
    """
    What the allocation has to know of an application.

    Args:
        costs: its costs as they were decided.

    Returns:
        `None` where the round says nothing of allocation.
    """
    allocation = rules.allocation
    if allocation is None:
        return None
    return Standing(
        least=_least(rules, allocation, scope),
        order=tuple(
            OrderValue(rules.checker.kind_of(key.of), evaluate(key.of, scope))
            for key in allocation.order
            if isinstance(key, ByTerm)
        ),
        strand=next((s.id for s in allocation.strands if evaluate(s.where, scope) is True), None),
        prior=None if allocation.prior is None else evaluate(allocation.prior, scope),
        demands=tuple(_demand(demand, scope, costs) for demand in allocation.co_financing),
        missing=tuple(dict.fromkeys(_missing(rules, allocation, scope))),
    )


def _missing(rules: RuleSet, allocation: Allocation, scope: Scope) -> Iterator[str]:
    for term in _placing(rules, allocation, scope):
        yield from (need.what for need in needs(term, scope))


def _least(rules: RuleSet, allocation: Allocation, scope: Scope) -> Decimal | None:
    """The greatest of the round's own least award, the floor of the highest grant and what the applicant asks for."""
    found: list[Decimal | None] = [ORE]
    found += [evaluate(term, scope) for term in (allocation.least, rules.grant.floor) if term is not None]
    stated = scope.application.requested_minimum
    if stated is not None:  # what was awarded before counts towards what the applicant can use
        before = ZERO if allocation.prior is None else evaluate(allocation.prior, scope)
        found += [None if before is None else stated - before]
    known = [amount for amount in found if amount is not None]
    return max(known) if len(known) == len(found) else None


def _placing(rules: RuleSet, allocation: Allocation, scope: Scope) -> Iterator[Term]:
    """The terms without whose values an application cannot be placed."""
    yield from (term for _, term in allocation.terms)
    if rules.grant.floor is not None:
        yield rules.grant.floor
    for strand in allocation.strands:  # it is of the first that takes it, whatever comes after
        yield strand.where
        if evaluate(strand.where, scope) is True:
            return


def _demand(demand: CoFinancing, scope: Scope, costs: Interval | None) -> CoFinancingDemand:
    match demand.base:
        case Base.REQUEST:
            base = scope.application.requested
        case Base.ELIGIBLE_COSTS:
            base = costs.low if costs is not None and costs.low == costs.high else None
        case Base.AWARD:
            base = None
    stated = evaluate(demand.stated, scope)
    return CoFinancingDemand(demand.id, demand.base, demand.rate, demand.rounding, base, stated)
