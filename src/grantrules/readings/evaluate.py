"""
The specification: what terms and rules mean.

Short and literal, never optimised. Every other reading must agree with this one on every application, missing
facts and judgements included. Nothing here raises on terms that `grantrules.terms.check` has passed:
a value that is missing is `None`, and `None` goes through every node as its docstring says.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from operator import add, ge, gt, le, lt, mul, sub
from typing import Any, NamedTuple, assert_never

from attrs import evolve, field, frozen

from grantrules.application import Application, Cost, Organisation
from grantrules.assessments import Assessed
from grantrules.findings import Interval, Outcome, Result, Verdicts
from grantrules.pools import Above, CostRule, GrantFormula, Part, Requirement, Stage, Whole
from grantrules.ruleset import RuleSet
from grantrules.terms.nodes import (
    AllOf,
    Among,
    AnyOf,
    Arithmetic,
    AtLeast,
    Choose,
    Compare,
    Constant,
    Different,
    Exists,
    Extreme,
    Fact,
    Judgement,
    Known,
    Lookup,
    Membership,
    Named,
    Not,
    Operation,
    Pick,
    Relation,
    Rounded,
    Share,
    Term,
    Total,
)
from grantrules.terms.schema import APPLICATION, COSTS, ORGANISATIONS, TOTALS
from grantrules.values import Amount, Truth, all_true, any_true, exact, negated, share_of, to_ore

ZERO = Decimal("0.00")

NOTHING = Decimal(0)
"""The sum of no items at all, whatever they are."""

_OPERATIONS = {Operation.ADD: add, Operation.SUBTRACT: sub, Operation.MULTIPLY: mul}
_RELATIONS = {Relation.LESS: lt, Relation.AT_MOST: le, Relation.MORE: gt, Relation.AT_LEAST: ge}


@frozen
class Scope:
    """
    Where a term is read: the application, the values of the round, the answers given, and the items at hand.

    Args:
        items: record name to the object at hand, the application itself among them.
        places: record name to the path of the object at hand, such as `costs[3]`.
        line: the id of the cost line at hand, for judgements given line by line.
        eligible: the eligible cost, where the grant formula is read.
    """

    values: Mapping[str, Amount]
    references: Mapping[tuple[str, str], str]
    assessed: Assessed
    items: Mapping[str, Any]
    places: Mapping[str, str] = field(factory=dict)
    line: str | None = None
    eligible: Decimal | None = None

    @property
    def application(self) -> Any:
        """The application."""
        return self.items[APPLICATION]

    def inside(self, collection: str, index: int, item: Any) -> "Scope":
        """The scope with one item of a list at hand."""
        items = {**self.items, collection: item}
        places = {**self.places, collection: f"{collection}[{index}]"}
        line = item.id if collection == COSTS else self.line
        return Scope(self.values, self.references, self.assessed, items, places, line, self.eligible)


def scope_of(rules: RuleSet, application: Application, assessed: Assessed) -> Scope:
    """The outermost scope of one application."""
    return Scope(rules.values, rules.references, assessed, {APPLICATION: application})


# begin: terms
def evaluate(term: Term, scope: Scope) -> Any:
    """The value of a term, `None` where it is missing."""
    match term:
        case Constant(value):
            return value
        case Named(name):
            return scope.values[name]
        case Fact():
            return _fact(term, scope)
        case Judgement(id):
            return scope.assessed.answer(id, scope.line)
        case Arithmetic(operation, left, right):
            return _both(_OPERATIONS[operation], evaluate(left, scope), evaluate(right, scope))
        case Extreme(pick, items):
            values = [evaluate(item, scope) for item in items]
            return None if None in values else (min if pick is Pick.LEAST else max)(values)
        case Share(base, rate, rounding):
            amount = evaluate(base, scope)
            return None if amount is None else share_of(amount, rate, rounding)
        case Rounded(inner, rounding):
            amount = evaluate(inner, scope)
            return None if amount is None else to_ore(amount, rounding)
        case Lookup(table, day):
            found = evaluate(day, scope)
            return None if found is None else evaluate(table, scope).at(found)
        case Total(collection, item, where):
            return _total(collection, item, where, scope)
        case Choose(condition, chosen, otherwise):
            truth = evaluate(condition, scope)
            return None if truth is None else evaluate(chosen if truth else otherwise, scope)
        case Compare(Relation.EQUAL, left, right):
            return _both(lambda a, b: a == b, evaluate(left, scope), evaluate(right, scope))
        case Compare(relation, left, right):
            return _both(_RELATIONS[relation], evaluate(left, scope), evaluate(right, scope))
        case Membership(among, subject, options):
            found = evaluate(subject, scope)
            return None if found is None else among_holds(among, found, options)
        case AllOf(items):
            return all_true(evaluate(item, scope) for item in items)
        case AnyOf(items):
            return any_true(evaluate(item, scope) for item in items)
        case AtLeast(count, items):
            return enough(count, [evaluate(item, scope) for item in items])
        case Not(item):
            return negated(evaluate(item, scope))
        case Exists(collection, where):
            items_at = each(collection, scope)
            return None if items_at is None else any_true(evaluate(where, at) for at in items_at)
        case Different(count, where):
            items_at = each(ORGANISATIONS, scope)
            found = [] if items_at is None else [(at.items[ORGANISATIONS], evaluate(where, at)) for at in items_at]
            return None if items_at is None else enough_different(count, found)
        case Known(fact):
            return evaluate(fact, scope) is not None
        case _:
            assert_never(term)


def _both(operation: Any, left: Any, right: Any) -> Any:
    return None if left is None or right is None else operation(left, right)


def _fact(fact: Fact, scope: Scope) -> Any:
    if fact.of == TOTALS:
        return scope.eligible
    at = scope.items[fact.of]
    for step in fact.path:
        name = scope.references.get((fact.of, step))
        at = getattr(at, step) if name is None else organisation_named(scope.application, getattr(at, name))
        if at is None:
            return None
    return at


def organisation_named(application: Any, name: str | None) -> Any:
    """The organisation called `name`; missing if none, or more than one, is."""
    named = [o for o in getattr(application, ORGANISATIONS) or () if name is not None and o.name == name]
    return named[0] if len(named) == 1 else None


def each(collection: str, scope: Scope) -> list[Scope] | None:
    """The scope of every item of a list, `None` if the list is not stated."""
    items = getattr(scope.application, collection)
    return None if items is None else [scope.inside(collection, i, item) for i, item in enumerate(items)]


def _total(collection: str, item: Term, where: Term | None, scope: Scope) -> Any:
    inner = each(collection, scope)
    if inner is None:
        return None
    truths = [(at, True if where is None else evaluate(where, at)) for at in inner]
    parts: list[Any] = [None if truth is None else evaluate(item, at) for at, truth in truths if truth is not False]
    return None if None in parts else sum(parts, NOTHING)


def among_holds(among: Among, found: Any, options: tuple[str, ...]) -> bool:
    """How a word, or a list of words, stands to the options."""
    match among:
        case Among.IS_ONE_OF:
            return found in options
        case Among.INCLUDES_ALL:
            return all(option in found for option in options)
        case Among.INCLUDES_ANY:
            return any(option in found for option in options)
        case _:
            assert_never(among)


def enough(count: int, truths: Sequence[Truth]) -> Truth:
    """Whether at least `count` of several truths hold."""
    sure = sum(truth is True for truth in truths)
    possible = sum(truth is not False for truth in truths)
    return True if sure >= count else False if possible < count else None


def enough_different(count: int, found: Sequence[tuple[Organisation, Truth]]) -> Truth:
    """Whether at least `count` organisations that fit are different, given each with whether it fits."""
    fitting = _unrepeated(organisation for organisation, fits in found if fits is True)
    possible = _unrepeated(organisation for organisation, fits in found if fits is not False)
    if _has_different(count, fitting, sure=True):
        return True
    return None if _has_different(count, possible, sure=False) else False


def _unrepeated(found: Iterable[Organisation]) -> list[Organisation]:
    """Organisations without those that surely are the same as another: of one id and one name."""
    each_once: dict[object, Organisation] = {}
    for one in found:
        each_once.setdefault(id(one) if one.id is None and one.name is None else (one.id, one.name), one)
    return list(each_once.values())


def _has_different(count: int, left: Sequence[Organisation], sure: bool) -> bool:
    """There are `count` organisations of which any two surely, or at least possibly, are different."""
    if count == 0:
        return True
    different = (True,) if sure else (True, None)
    for index, one in enumerate(left):
        others = [other for other in left[index + 1 :] if differ(one, other) in different]
        if len(others) >= count - 1 and _has_different(count - 1, others, sure):
            return True
    return False


def differ(one: Organisation, other: Organisation) -> Truth:
    """Whether two organisations are different: by id where both state one, else by name; missing without names."""
    if one.id is not None and other.id is not None:
        return one.id != other.id
    return None if one.name is None or other.name is None else one.name != other.name


# end: terms


# begin: requirements
def result(rule: Requirement, scope: Scope) -> Result:
    """What becomes of a requirement."""
    applies = True if rule.when is None else evaluate(rule.when, scope)
    if applies is False:
        return Result.NOT_APPLICABLE
    holds = None if applies is None else evaluate(rule.demand, scope)
    return Result.UNDETERMINED if holds is None else Result.MET if holds else Result.NOT_MET


def outcome(rules: Sequence[Requirement], results: Sequence[Result]) -> Outcome:
    """What the results of all requirements add up to."""
    failed = {rule.stage for rule, found in zip(rules, results, strict=True) if found is Result.NOT_MET}
    if Stage.FORMAL in failed:
        return Outcome.DISMISSED
    if Stage.ELIGIBILITY in failed:
        return Outcome.INELIGIBLE
    return Outcome.UNDETERMINED if Result.UNDETERMINED in results else Outcome.ELIGIBLE


# end: requirements


# begin: costs
class Cut(NamedTuple):
    """
    What one cost rule does to what earlier rules left of a line.

    Attributes:
        low, high: what surely, and at most, remains afterwards.
        taken: what is surely gone by this rule: the drop of the upper end.
        may: what it may further take while a fact or judgement is missing.
        limit: the limit above which it takes, where it has one.
    """

    rule: CostRule
    low: Decimal
    high: Decimal
    taken: Decimal
    may: Decimal
    limit: Decimal | None


def claimed(line: Cost) -> Decimal | None:
    """What a line claims: amount and VAT; missing if either is: no VAT stated is not the same as no VAT."""
    amount: Decimal | None = _both(add, line.amount, line.vat)
    return amount


def cuts(rules: Sequence[CostRule], scope: Scope, claimed: Decimal) -> Iterator[Cut]:
    """What each cost rule does to a line, in declared order; rules that surely do not apply are left out."""
    low = high = claimed
    for rule in rules:
        applies = cost_rule_applies(rule, scope)
        if applies is False:
            continue
        left, limit = _left_by(rule, low, scope)
        most, _ = _left_by(rule, high, scope)
        sure = applies is True and most is not None
        before, low = high, ZERO if left is None else left
        high = most if sure and most is not None else high
        may = ZERO if sure else high - (most or ZERO)
        yield Cut(rule, low, high, before - high, may, limit)


def cost_rule_applies(rule: CostRule, scope: Scope) -> Truth:
    """The rule looks at the line at hand, and its condition holds."""
    return all_true(evaluate(term, scope) for term in (rule.concerns, rule.when) if term is not None)


def _left_by(rule: CostRule, left: Decimal, scope: Scope) -> tuple[Decimal | None, Decimal | None]:
    """What a rule that applies leaves of `left`, and its limit; `None` where the figure it needs is missing."""
    match rule.disallow:
        case Whole():
            return ZERO, None
        case Part(term):
            part = evaluate(term, scope)
            return (None if part is None else max(ZERO, left - max(ZERO, part))), None
        case Above(term):
            limit = evaluate(term, scope)
            return (None if limit is None else max(ZERO, min(left, limit))), limit
        case _:
            assert_never(rule.disallow)


def interval(rules: Sequence[CostRule], scope: Scope, line: Cost) -> Interval | None:
    """What all cost rules leave of a line."""
    whole = claimed(line)
    if whole is None:
        return None
    low = high = whole
    for cut in cuts(rules, scope, whole):
        low, high = cut.low, cut.high
    return Interval(whole, low, high)


def total(lines: Sequence[Interval | None] | None) -> Interval | None:
    """The sum of all lines; missing if one of them is, or if no lines are stated."""
    if lines is None:
        return None
    known = [line for line in lines if line is not None]
    if len(known) < len(lines):
        return None
    return Interval(*(sum((line[end] for line in known), ZERO) for end in range(3)))


# end: costs


# begin: grant
def highest_grant(formula: GrantFormula, scope: Scope, total: Interval | None) -> Decimal | None:
    """The highest grant possible: one amount if both ends of the eligible cost agree on it, else missing."""
    ends = grant_range(formula, scope, total)
    return ends[0] if ends is not None and ends[0] == ends[1] else None


def grant_range(formula: GrantFormula, scope: Scope, total: Interval | None) -> tuple[Decimal, Decimal] | None:
    """The highest grant at the lower and the upper end of the eligible cost; missing if either is."""
    eligible = (None, None) if total is None else (total.low, total.high)
    low, high = (_grant(formula, evolve(scope, eligible=end)) for end in eligible)
    return None if low is None or high is None else (low, high)


def _grant(formula: GrantFormula, scope: Scope) -> Decimal | None:
    amount = evaluate(formula.amount, scope)
    floor = ZERO if formula.floor is None else evaluate(formula.floor, scope)
    if amount is None or floor is None:
        return None
    return amount if amount and amount >= max(floor, ZERO) else ZERO


# end: grant


def verdicts(rules: RuleSet, application: Application, assessed: Assessed) -> Verdicts:
    """Decide one application, stage by stage."""
    with exact():
        scope = scope_of(rules, application, assessed)
        results = tuple(result(rule, scope) for rule in rules.requirements)
        reached = outcome(rules.requirements, results)
        inner = each(COSTS, scope)
        lines = None if inner is None else tuple(interval(rules.cost_rules, at, at.items[COSTS]) for at in inner)
        whole = total(lines)
        refused = reached in (Outcome.DISMISSED, Outcome.INELIGIBLE)
        grant = ZERO if refused else highest_grant(rules.grant, scope, whole)
        return Verdicts(results, reached, lines, whole, grant)
