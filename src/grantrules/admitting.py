"""What an allocation refuses: decisions, earlier awards, seeds and settled ties that do not belong to it."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal

from grantrules.awards import Settled
from grantrules.decisions import Decision
from grantrules.errors import Problem, excerpt, nearest
from grantrules.methods import Allocation, ByDraw, Strand
from grantrules.ruleset import RuleSet
from grantrules.sharing import NOTHING
from grantrules.values import is_amount, plain

_HINTED = 20
"""Looking for near names is slow; a report of hundreds of problems has hints for the first ones."""


def problems(
    rules: RuleSet,
    decisions: Sequence[Decision],
    budget: Decimal,
    prior: Mapping[str, Decimal] | None,
    seed: str | None,
    settled: Settled | None,
) -> list[Problem]:
    """Everything that is wrong with what an allocation is given."""
    odd = [*_odd(decisions, prior, settled)]
    if odd:
        return odd
    found = [*_decision_problems(rules, decisions), *_prior_problems(rules, decisions, prior)]
    return [*found, *_order_problems(rules, decisions, seed, settled), *_budget_problems(rules, budget)]


def _odd(decisions: Sequence[object], prior: object, settled: object) -> Iterator[Problem]:
    """Things of another kind than an allocation takes."""
    for index, decision in enumerate(decisions):
        if not isinstance(decision, Decision):
            message = f"expected a decision, got {excerpt(decision)}"
            yield Problem(f"decision {index + 1}", message, "decide the application first", "wrong-type")
    if prior is not None and not isinstance(prior, Mapping):
        message = f"expected case numbers and amounts, got {excerpt(prior)}"
        yield Problem("prior", message, 'write `{"A-1": kr("…")}`', "wrong-type")
    if settled is not None and not isinstance(settled, Settled):
        message = f"expected an order that is settled, got {excerpt(settled)}"
        yield Problem("settled", message, "write `Settled(order, by, reason)`", "wrong-type")


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
            message = f"it was made by other rules ({rules.unlike(decision.rules_digest)})"
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
    for index, (id, amount) in enumerate(prior.items()):
        if id not in stated:
            hint = nearest(id, known) if index < _HINTED else ""
            yield Problem(f"prior.{id}", f"no application is {excerpt(id)}", hint, "unknown-application")
        elif not is_amount(amount):
            yield Problem(f"prior.{id}", f"expected an amount, got {excerpt(amount)}", 'write `kr("…")`', "amount")
    for application, standing in stated.items():
        found = None if standing is None else standing.prior
        given = prior.get(application or "", NOTHING)
        if found is not None and is_amount(given) and found != given:
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
    if not settled.order:
        yield Problem("settled.order", "no application is named", "name those that are level", "not-stated")
    there = set(known)
    for index, (id, times) in enumerate(Counter(settled.order).items()):
        if id not in there:
            hint = nearest(id, known) if index < _HINTED else ""
            yield Problem("settled.order", f"no application is {excerpt(id)}", hint, "unknown-application")
        elif times > 1:
            yield Problem("settled.order", f"`{id}` stands twice", "name each application once", "twice")


def level_problems(settled: Settled | None, levels: Sequence[Collection[str]]) -> Iterator[Problem]:
    """Applications in a settled order that are level with nobody, so that there is nothing to settle."""
    level = {id for ids in levels if len(ids) > 1 for id in ids}
    for id in () if settled is None else settled.order:
        if id not in level:
            hint = "name only those that are level"
            yield Problem("settled.order", f"{excerpt(id)} is level with nobody", hint, "not-level")


def _budget_problems(rules: RuleSet, whole: Decimal) -> Iterator[Problem]:
    if not is_amount(whole):
        yield Problem("budget", f"expected an amount, got {excerpt(whole)}", 'write `kr("…")`', "amount")
        return
    floors = sum((strand.floor or NOTHING for strand in _strands(rules)), NOTHING)
    if floors > whole - administration_of(rules.allocation, whole):
        message = f"the floors of the strands, {plain(floors)}, are more than there is to share out"
        yield Problem("budget", message, "raise the budget", "floors")


def _strands(rules: RuleSet) -> Sequence[Strand]:
    return () if rules.allocation is None else rules.allocation.strands


def administration_of(allocation: Allocation | None, budget: Decimal) -> Decimal:
    """What is taken off first to run the pool."""
    part = None if allocation is None else allocation.administration
    return NOTHING if part is None else part.of(budget)
