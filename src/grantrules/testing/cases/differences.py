"""
Where a decision is not as expected, and why: the clauses of the rules at which it went its way, with their facts.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import evolve, field, frozen

from grantrules.application import Application, Assessment
from grantrules.assessments import NOBODY, combined
from grantrules.decisions import Decision
from grantrules.errors import visible
from grantrules.findings import Clause, CostFinding, CostLine, CriterionScore, Outcome, Result
from grantrules.pools import CostRule, Requirement
from grantrules.readings.evaluate import Scope, each, evaluate, scope_of
from grantrules.readings.layout import Document, Item, Items, Paragraph
from grantrules.readings.reasons import clauses, facts_used, needs
from grantrules.ruleset import RuleSet
from grantrules.serial.facts import to_data
from grantrules.terms.nodes import AllOf, Term
from grantrules.terms.notation import amount_text, notation
from grantrules.terms.schema import COSTS
from grantrules.terms.walk import named_values
from grantrules.testing.cases.expecting import Absent, Parted
from grantrules.values import Truth, exact


@frozen
class Reason:
    """
    A part of a rule that made the decision what it is.

    Args:
        says: what the part did, in words.
        rule: the rule it is of; empty where it is about several.
        place: where it stands in the rule: `when`, `demand`, `concerns`, …
        clause: the part itself, in plain notation.
        holds: whether it holds; `None` while something is missing, and where it is no yes or no.
        comparison: what it compares with what, where it compares.
        values: what the round binds by name and the part reads, in plain notation.
        facts: path or judgement to the value that carries it.
        missing: what it waits for.
    """

    says: str
    rule: str = ""
    place: str = ""
    clause: str = ""
    holds: Truth = None
    comparison: Clause | None = None
    values: Mapping[str, str] = field(factory=dict)
    facts: Mapping[str, Any] = field(factory=dict)
    missing: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """The reason in words."""
        yield self.says
        if self.values:
            yield "values: " + "; ".join(f"{name} = {value}" for name, value in self.values.items())
        if self.facts:
            yield "facts: " + "; ".join(f"{path} = {shown(to_data(value))}" for path, value in self.facts.items())
        if self.missing:
            yield "waits for: " + ", ".join(self.missing)

    def to_dict(self) -> dict[str, Any]:
        """The reason as JSON data."""
        compared = self.comparison
        return {
            "says": self.says,
            "rule": self.rule or None,
            "place": self.place or None,
            "clause": self.clause or None,
            "holds": self.holds,
            "found": None if compared is None else to_data(compared.found),
            "relation": None if compared is None else compared.relation,
            "limit": None if compared is None else to_data(compared.limit),
            "margin": None if compared is None else to_data(compared.margin),
            "values": dict(self.values),
            "facts": to_data(self.facts),
            "missing": list(self.missing),
        }


@frozen
class CaseDifference:
    """
    Something in which the decision on a case is not as expected.

    Args:
        where: the place in the expectation, as in `findings[eligibility.matching].result`.
        steps: the keys that lead there.
        expected, got: as JSON data; an object whose parts are expected is `{}`.
        absent: what there is not at all, in words; empty if it is there.
        reasons: where the decision went its way.
    """

    where: str
    steps: tuple[str, ...]
    expected: Any
    got: Any
    absent: str
    reasons: tuple[Reason, ...]

    def __str__(self) -> str:
        item = self.item()
        return "\n".join([item.text, *(f"    {line}" for line in item.below)])

    def item(self) -> Item:
        """The difference as an entry of a list."""
        below = [line for reason in self.reasons for line in reason.lines()]
        return Item(visible(f"{self.where}: {self.absent or _against(self.expected, self.got)}"), tuple(below))

    def to_dict(self) -> dict[str, Any]:
        """The difference as JSON data."""
        return {
            "where": self.where,
            "expected": self.expected,
            "got": self.got,
            "absent": self.absent or None,
            "reasons": [reason.to_dict() for reason in self.reasons],
        }


def explained(
    parted: Parted, rules: RuleSet, decision: Decision, application: Application, assessments: Sequence[Assessment]
) -> CaseDifference:
    """A difference with its reasons, found in the rules that the decision was made by."""
    absent = "" if parted.absent is None else parted.absent.value
    scope = scope_of(rules, application, combined(assessments) if assessments else NOBODY)
    with exact():
        reasons = () if parted.absent is Absent.RULE else tuple(_reasons(parted, rules, decision, scope))
    return CaseDifference(parted.where, parted.steps, parted.expected, parted.got, absent, reasons)


def _reasons(parted: Parted, rules: RuleSet, decision: Decision, scope: Scope) -> Iterator[Reason]:
    match parted.steps:
        case ["outcome"]:
            yield from _of_outcome(decision)
        case ["findings", rule, *_]:
            yield from _of_requirement(_by_id(rules.requirements, rule), parted, scope, rules)
        case ["costs", "lines", name, "findings", rule, *_]:
            yield from _of_cost_rule(_by_id(rules.cost_rules, rule), rule, name, scope, rules)
        case ["costs", "lines", name, *_]:
            yield from _of_line(next((line for line in decision.costs.lines if name == _name(line)), None), name)
        case ["costs", _]:
            yield from _of_total(decision)
        case ["highest_grant" | "grant_range", *_]:
            yield from _of_grant(rules, decision, scope)
        case ["score", *rest]:
            yield from _of_score(decision, rest[1] if rest[:1] == ["criteria"] and len(rest) > 1 else None)
        case _:
            return


def _by_id(rules: Iterable[Any], id: str) -> Any:
    return next((rule for rule in rules if rule.id == id), None)


def _name(line: CostLine) -> str:
    return line.id or f"{COSTS}[{line.index}]"


# Requirements


def _of_requirement(rule: Requirement | None, parted: Parted, scope: Scope, rules: RuleSet) -> Iterator[Reason]:
    if rule is None:
        return
    applies = True if rule.when is None else evaluate(rule.when, scope)
    if rule.when is not None and (applies is not True or parted.expected == Result.NOT_APPLICABLE.value):
        yield _reason(rule.id, "when", rule.when, scope, rules)
    if applies is not False:
        yield from (_reason(rule.id, "demand", item, scope, rules) for item in _deciding(rule.demand, scope))


def _deciding(demand: Term, scope: Scope) -> list[Term]:
    """The clauses of a demand that make it what it is: those that fail, else those that are open, else all of them."""
    items = list(demand.items) if isinstance(demand, AllOf) else [demand]
    truths = [evaluate(item, scope) for item in items]
    worst: Truth = False if False in truths else None if None in truths else True
    return [item for item, truth in zip(items, truths, strict=True) if truth is worst]


def _reason(rule: str, place: str, term: Term, scope: Scope, rules: RuleSet) -> Reason:
    """A part of a rule that is a yes or no."""
    holds = evaluate(term, scope)
    # The checker knows the facts of cost lines as little as their values: there, the facts say what is compared.
    comparison = None if COSTS in scope.places else next(iter(clauses(term, scope, rules.checker)), None)
    says = f"{_HOLDS[holds]}{_compared(comparison)}"
    return evolve(_part(rule, place, term, says, scope, rules), holds=holds, comparison=comparison)


def _part(rule: str, place: str, term: Term, says: str, scope: Scope, rules: RuleSet) -> Reason:
    """A part of a rule with everything it rests on."""
    return Reason(
        f"{rule}, {place}: {notation(term)} {says}".rstrip(),
        rule,
        place,
        notation(term),
        values={name: amount_text(rules.values[name]) for name in sorted(named_values(term))},
        facts=dict(sorted(facts_used(term, scope))),
        missing=tuple(dict.fromkeys(need.what for need in needs(term, scope))),
    )


_HOLDS: Mapping[Truth, str] = {True: "holds", False: "does not hold", None: "is open"}


def _compared(comparison: Clause | None) -> str:
    if comparison is None:
        return ""
    found, limit, margin = (shown(to_data(v)) for v in (comparison.found, comparison.limit, comparison.margin))
    beyond = "" if comparison.margin is None else f", margin {margin}"
    return f": found {found}, required {comparison.relation} {limit}{beyond}"


def _of_outcome(decision: Decision) -> Iterator[Reason]:
    for result in (Result.NOT_MET, Result.UNDETERMINED):
        rules = [rule for rule, found in decision.results.items() if found is result]
        if rules:
            yield Reason(f"{result.value}: {', '.join(rules)}")
    if decision.outcome is Outcome.ELIGIBLE:
        yield Reason("every rule that applies is met")


# Costs


def _of_cost_rule(rule: CostRule | None, id: str, name: str, scope: Scope, rules: RuleSet) -> Iterator[Reason]:
    at = next((at for i, at in enumerate(each(COSTS, scope) or ()) if name == (at.line or f"{COSTS}[{i}]")), None)
    if rule is None:
        yield Reason(f"there is no cost rule {id} any more")
    elif at is not None:
        guards = [(place, term) for place, term in rule.terms if place in ("concerns", "when")]
        truths = [evaluate(term, at) for _, term in guards]
        worst: Truth = False if False in truths else None if None in truths else True
        for (place, term), truth in zip(guards, truths, strict=True):
            if truth is worst:
                yield _reason(rule.id, place, term, at, rules)
        if worst is not False:
            figures = [(place, term) for place, term in rule.terms if place.startswith("disallow")]
            for place, term in figures:
                yield _part(rule.id, place, term, f"is {shown(to_data(evaluate(term, at)))}", at, rules)


def _of_line(line: CostLine | None, name: str) -> Iterator[Reason]:
    if line is None:
        return
    if line.interval is None:
        yield Reason("its amount or VAT is not stated", missing=tuple(need.what for _, need in line.needs))
    elif not line.findings:
        yield Reason(f"no rule takes anything from {name}")
    for found in line.findings:
        limit = "" if found.limit is None else f", above a limit of {to_data(found.limit)}"
        says = f"{found.rule} {_took(found)}{limit}"
        yield Reason(says, found.rule, facts=found.facts, missing=tuple(need.what for need in found.needs))


def _took(found: CostFinding) -> str:
    held = f" and holds back {to_data(found.held)}" if found.held else ""
    return f"takes {to_data(found.taken)}{held}"


def _of_total(decision: Decision) -> Iterator[Reason]:
    by_rule: dict[str, list[str]] = {}
    for line in decision.costs.lines:
        if line.interval is None:
            by_rule.setdefault("amount or VAT is not stated", []).append(_name(line))
        for found in line.findings:
            by_rule.setdefault(found.rule, []).append(f"{_name(line)} ({_took(found)})")
    for rule, lines in by_rule.items():
        yield Reason(f"{rule}: {', '.join(lines)}", rule)


# The grant and the score


def _of_grant(rules: RuleSet, decision: Decision, scope: Scope) -> Iterator[Reason]:
    if decision.outcome in (Outcome.DISMISSED, Outcome.INELIGIBLE):
        yield Reason(f"nothing can be granted: the application is {decision.outcome.value}")
        return
    total = decision.costs.total
    for place, term in rules.grant.terms:
        yield _part(rules.grant.id, place, term, "", scope, rules)
    if total is not None:
        yield Reason(f"eligible costs: surely {to_data(total.low)}, at most {to_data(total.high)}")


def _of_score(decision: Decision, only: str | None) -> Iterator[Reason]:
    for criterion in decision.score.criteria if decision.score else ():
        if only in (None, criterion.id):
            missing = tuple(need.what for need in criterion.needs)
            yield Reason(f"{criterion.id}: {_points(criterion)}", criterion.id, missing=missing)


def _points(criterion: CriterionScore) -> str:
    points = "open" if criterion.points is None else str(criterion.points)
    rating = "not rated" if criterion.rating is None else f"rating {criterion.rating}"
    return f"points {points} ({'computed' if criterion.computed else rating}), weight {criterion.weight}"


# In words


def shown(data: Any) -> str:
    """JSON data in one line; text without its quotation marks."""
    return data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)


def _against(expected: Any, got: Any) -> str:
    if not isinstance(expected, list) or not isinstance(got, list):
        return f"expected {_object(expected)}, got {_object(got)}"
    lacking = [shown(item) for item in expected if item not in got]
    besides = [shown(item) for item in got if item not in expected]
    parts = [f"lacks {', '.join(lacking)}"] if lacking else []
    parts += [f"has besides {', '.join(besides)}"] if besides else []
    return "; ".join(parts) or f"expected {shown(expected)}, got them in another order: {shown(got)}"


def _object(data: Any) -> str:
    return "an object" if data == {} else shown(data)


def report(why: Sequence[str], differences: Sequence[CaseDifference]) -> Document:
    """All differences of a case, and why it is expected to be otherwise."""
    items = Items(tuple(difference.item() for difference in differences))
    reasons = Items(tuple(Item(visible(reason)) for reason in why))
    return (items, Paragraph("It is expected because:"), reasons)
