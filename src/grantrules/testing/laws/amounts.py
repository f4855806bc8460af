"""Laws of amounts: no øre is lost or made up, and no highest grant leaves the limits that its formula sets."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any

from attrs import evolve

from grantrules.assessments import combined
from grantrules.decisions import Decision
from grantrules.findings import CostLine, Interval, Outcome
from grantrules.readings.evaluate import ZERO, evaluate, grant_range, scope_of
from grantrules.rulebooks import Rulebook
from grantrules.terms.nodes import Extreme, Pick, Term
from grantrules.terms.notation import notation
from grantrules.testing.laws.law import Cases, Wrong
from grantrules.testing.strategies.filling import Draw
from grantrules.values import decimals, exact

PARTS = ("claimed", "eligible", "disallowed", "undetermined")


# Costs


def amounts_are_lost(rulebook: Rulebook, given: Cases, draw: Draw) -> Iterator[Wrong]:
    """Claimed is eligible, disallowed and undetermined together; the rules account for what is gone; lines add up."""
    ((application, assessments),) = given
    decision = rulebook.decide(application, assessments)
    with exact():
        for line in decision.costs.lines:
            name = f"costs[{line.index}]"
            stated = application.costs[line.index]
            yield from _wrong_parts(name, line.interval)
            yield from _wrong_claim(name, line.interval, stated.amount, stated.vat)
            yield from _wrong_account(name, line)
        yield from _wrong_parts("the costs", decision.costs.total)
        yield from _wrong_totals(decision, application)


def _wrong_parts(name: str, found: Interval | None) -> Iterator[Wrong]:
    if found is None:
        return
    for part in PARTS:
        amount = getattr(found, part)
        if not isinstance(amount, Decimal) or amount < ZERO or decimals(amount) > 2:
            yield Wrong(f"what is {part} of {name} is {amount}")
    together = found.eligible + found.disallowed + found.undetermined
    if together != found.claimed:
        yield Wrong(f"of {name} {found.claimed} is claimed, and {together} is accounted for")


def _wrong_claim(name: str, found: Interval | None, amount: Decimal | None, vat: Decimal | None) -> Iterator[Wrong]:
    claimed = None if amount is None or vat is None else amount + vat
    if (None if found is None else found.claimed) != claimed:
        yield Wrong(f"{name} states {claimed}, and {found.claimed if found else None} is claimed")


def _wrong_account(name: str, line: CostLine) -> Iterator[Wrong]:
    for finding in line.findings:
        if finding.taken < ZERO or finding.held < ZERO:
            yield Wrong(f"it takes {finding.taken} of {name}, and holds back {finding.held}", finding.rule)
    if line.interval is None:
        return
    taken = sum((finding.taken for finding in line.findings), ZERO)
    held = sum((finding.held for finding in line.findings), ZERO)
    if taken != line.interval.disallowed:
        yield Wrong(f"the rules took {taken} of {name}, and {line.interval.disallowed} is disallowed")
    if held != line.interval.undetermined:
        yield Wrong(f"the rules hold back {held} of {name}, and {line.interval.undetermined} is undetermined")


def _wrong_totals(decision: Decision, application: Any) -> Iterator[Wrong]:
    intervals = [line.interval for line in decision.costs.lines]
    known = [interval for interval in intervals if interval is not None]
    complete = application.costs is not None and len(known) == len(application.costs)
    if (decision.costs.total is not None) is not complete:
        yield Wrong(f"the costs come to {decision.costs.total}, and {len(known)} of {len(intervals)} lines are known")
    for part in PARTS if complete else ():
        whole, summed = getattr(decision.costs, part), sum((getattr(interval, part) for interval in known), ZERO)
        if whole != summed:
            yield Wrong(f"what is {part} comes to {whole}, and the lines come to {summed}")


# Grants


def limits_of_the_grant_are_left(rulebook: Rulebook, given: Cases, draw: Draw) -> Iterator[Wrong]:
    """A highest grant is nothing, or from the floor up to the least of its formula; less eligible cost never adds."""
    ((application, assessments),) = given
    decision = rulebook.decide(application, assessments)
    formula = rulebook.rules.grant
    with exact():
        if decision.highest_grant is not None:
            yield from (Wrong(message, formula.id) for message in _wrong_grant(rulebook, application, decision))
        yield from (Wrong(message, formula.id) for message in _falling(rulebook, application, decision, assessments))


def _wrong_grant(rulebook: Rulebook, application: Any, decision: Decision) -> Iterator[str]:
    """What is wrong with a highest grant that is known."""
    grant, formula = decision.highest_grant, rulebook.rules.grant
    if not isinstance(grant, Decimal) or grant < ZERO or decimals(grant) > 2:
        yield f"the highest grant is {grant}"
        return
    if decision.outcome in (Outcome.DISMISSED, Outcome.INELIGIBLE):
        if grant:
            yield f"the application is {decision.outcome}, and the highest grant is {grant}"
        return
    total = decision.costs.total
    scope = scope_of(rulebook.rules, application, combined(()))
    scope = evolve(scope, eligible=None if total is None else total.high)
    floor = None if formula.floor is None else evaluate(formula.floor, scope)
    if floor is not None and ZERO < grant < floor:
        yield f"the highest grant is {grant}, and the floor is {floor}"
    for limit in limits_of(formula.amount):
        found = evaluate(limit, scope)
        if found is not None and grant > max(found, ZERO):
            yield f"the highest grant is {grant}, and `{notation(limit)}` is {found}"


def limits_of(formula: Term) -> Iterable[Term]:
    """The terms of which a formula takes the least; the formula itself if it takes none."""
    match formula:
        case Extreme(Pick.LEAST, items):
            return [limit for item in items for limit in limits_of(item)]
        case _:
            return (formula,)


def _falling(rulebook: Rulebook, application: Any, decision: Decision, assessments: Iterable[Any]) -> Iterator[str]:
    """The highest grant at falling eligible costs, where it rises."""
    total = decision.costs.total
    if total is None:
        return
    scope = scope_of(rulebook.rules, application, combined(tuple(assessments)))
    ends = (ZERO, total.low / 2 - total.low / 2 % Decimal("0.01"), total.low, total.high, total.claimed)
    granted = [
        (end, found[0])
        for end in ends
        if (found := grant_range(rulebook.rules.grant, scope, Interval(total.claimed, end, end))) is not None
    ]
    for (less, low), (more, high) in pairwise(granted):
        if less <= more and low > high:
            yield f"of eligible costs of {more} the highest grant is {high}, and of {less} it is {low}"
