"""
What the rules of a round look for: every figure and day that they mention with its neighbours one step away, and the
values of facts that they ask for. Nothing here is written for one pool.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from operator import eq, ge, gt, le, lt
from typing import Any

from attrs import evolve, field, frozen

from grantrules.pools import CostRule, Whole
from grantrules.readings.reasons import MIRRORED
from grantrules.ruleset import RuleSet
from grantrules.terms.nodes import (
    Among,
    Compare,
    Constant,
    Different,
    Exists,
    Fact,
    Lookup,
    Membership,
    Named,
    Not,
    Relation,
    Term,
    Total,
)
from grantrules.terms.schema import Field, Kind
from grantrules.terms.walk import parts, walk
from grantrules.values import ORE, DatedTable

Key = tuple[str, str]
"""A fact by its record and its name, as in `("costs", "amount")`."""

STEPS: Mapping[Kind, Any] = {
    Kind.MONEY: ORE,
    Kind.COUNT: 1,
    Kind.QUANTITY: Decimal("0.001"),
    Kind.DAY: timedelta(days=1),
    Kind.MOMENT: timedelta(seconds=1),
}
"""The smallest step by which a value of a kind can miss a limit."""

HOLDS: Mapping[Relation, Callable[[Any, Any], bool]] = {
    Relation.EQUAL: eq,
    Relation.LESS: lt,
    Relation.AT_MOST: le,
    Relation.MORE: gt,
    Relation.AT_LEAST: ge,
}
"""Whether a comparison holds of two values."""


def around(kind: Kind, limit: Any) -> tuple[Any, ...]:
    """A limit, and the values one step below and one step above it; other values have no steps."""
    step = STEPS.get(kind)
    if step is None:
        return (limit,)
    exact = Decimal(limit) if kind is Kind.QUANTITY else limit
    return (exact, exact - step, exact + step)


@frozen
class Hints:
    """
    What the rules of a round look for.

    Args:
        near: kind to the values on and beside every figure and day that the rules mention.
        apt: fact to values of it that some rule asks for.
    """

    near: Mapping[Kind, tuple[Any, ...]]
    apt: Mapping[Key, tuple[Any, ...]]


def hints_of(*rule_sets: RuleSet) -> Hints:
    """Read the hints off the rules of one round, or of several that are held against each other."""
    return _hints(_Told(tuple(rules.digest for rules in rule_sets), rule_sets))


@frozen
class _Told:
    """Rule sets by their digests: what is read off those that say the same is read once."""

    digests: tuple[str, ...]
    rule_sets: tuple[RuleSet, ...] = field(eq=False)


@cache
def _hints(told: _Told) -> Hints:
    near: dict[Kind, dict[Any, None]] = {kind: {} for kind in STEPS}
    apt: dict[Key, dict[Any, None]] = {}
    for rules in told.rule_sets:
        for limit in _limits(rules):
            for kind in _kinds_of(limit):
                near[kind] |= dict.fromkeys(around(kind, limit))
        for term, holds in _demands(rules):
            for key, value in _asked(term, holds, rules):
                apt.setdefault(key, {})[value] = None
    return Hints(
        {kind: tuple(found) for kind, found in near.items()}, {key: tuple(found) for key, found in apt.items()}
    )


def thresholds_of(rules: RuleSet) -> tuple[Compare, ...]:
    """The comparisons of requirements in which something ordered is held against a limit, each once."""
    found = (at for rule in rules.requirements for _, term in rule.terms for at in _outside_lists(term))
    ordered = (at for at in found if isinstance(at, Compare) and at.relation is not Relation.EQUAL)
    return tuple(dict.fromkeys(evolve(at, **_bound(at, rules)) for at in ordered))


def _outside_lists(term: Term) -> Iterator[Term]:
    """The term and what stands in it, but for what is asked of the items of a list."""
    yield term
    if not isinstance(term, Exists | Different | Total):
        for _, inner in parts(term):
            yield from _outside_lists(inner)


def _bound(comparison: Compare, rules: RuleSet) -> dict[str, Any]:
    """The sides of a comparison, with a value of the round in the place of its name."""
    sides = (("left", comparison.left), ("right", comparison.right))
    return {name: Constant(rules.values[side.name]) for name, side in sides if isinstance(side, Named)}


def _limits(rules: RuleSet) -> Iterator[Any]:
    for amount in (
        *rules.values.values(),
        *(at.value for term, _ in _demands(rules) for at in walk(term) if isinstance(at, Constant)),
    ):
        if isinstance(amount, DatedTable):
            yield from (day for entry in amount.entries for day in (entry.first, entry.last))
        else:
            yield amount


def _kinds_of(limit: Any) -> tuple[Kind, ...]:
    match limit:
        case bool():
            return ()
        case int():
            return (Kind.COUNT, Kind.QUANTITY)
        case Decimal():
            return (Kind.MONEY,)
        case datetime():
            return (Kind.MOMENT,)
        case date():
            return (Kind.DAY,)
        case _:
            return ()


def _demands(rules: RuleSet) -> Iterator[tuple[Term, bool]]:
    """Every term of the rules, and which way an applicant would like it to go."""
    for rule in rules.rules:
        for place, term in rule.terms:
            yield term, not (isinstance(rule, CostRule) and _cuts(rule, place))


def _cuts(rule: CostRule, place: str) -> bool:
    """A line is cut where this term of a cost rule holds."""
    return place == "when" or (place == "concerns" and rule.when is None and isinstance(rule.disallow, Whole))


def _asked(term: Term, holds: bool, rules: RuleSet) -> Iterator[tuple[Key, Any]]:
    """The values of facts with which a term goes the way wanted, as far as they can be read off it."""
    match term:
        case Not(item):
            yield from _asked(item, not holds, rules)
            return
        case Fact():
            declared = home_of(term, rules)
            if declared is not None and declared[1].kind is Kind.TRUTH:
                yield (declared[0], declared[1].name), holds
        case Compare(relation, left, right):
            for fact, limit, asked in ((left, right, relation), (right, left, MIRRORED[relation])):
                declared = home_of(fact, rules) if isinstance(fact, Fact) else None
                value = literal(limit, rules)
                if declared is not None and value is not None:
                    for near in around(declared[1].kind, value):
                        if HOLDS[asked](near, value) is holds:
                            yield (declared[0], declared[1].name), near
            holds = True
        case Membership(among, Fact() as fact, options) if holds and (declared := home_of(fact, rules)) is not None:
            yield from (((declared[0], declared[1].name), word) for word in _fitting(among, options))
            return
        case Lookup(table, day) if isinstance(found := literal(table, rules), DatedTable):
            declared = home_of(day, rules) if isinstance(day, Fact) else None
            for entry in found.entries if declared is not None else ():
                yield from (((declared[0], declared[1].name), end) for end in (entry.first, entry.last))  # type: ignore[index]
        case _:
            pass
    for _, inner in parts(term):
        yield from _asked(inner, holds, rules)


def _fitting(among: Among, options: tuple[str, ...]) -> tuple[Any, ...]:
    """Values that stand to a list of words as wanted."""
    match among:
        case Among.IS_ONE_OF:
            return options
        case Among.INCLUDES_ALL:
            return (frozenset(options),)
        case Among.INCLUDES_ANY:
            return (frozenset(options), *(frozenset({option}) for option in options))


def literal(term: Term, rules: RuleSet) -> Any:
    """The value of a constant or of a value of the round; `None` for any other term."""
    match term:
        case Constant(value):
            return value
        case Named(name):
            return rules.values[name]
        case _:
            return None


def home_of(fact: Fact, rules: RuleSet) -> tuple[str, Field] | None:
    """The record that a fact stands in, and its declaration."""
    record = rules.schema.record(fact.of)
    for step in fact.path[:-1]:
        reference = record.reference(step) if record else None
        inner = record.field(step) if record else None
        record = rules.schema.record(reference.names if reference else inner.record if inner else "")
    declared = record.field(fact.path[-1]) if record else None
    return None if record is None or declared is None else (record.name, declared)


def is_allowed(value: Any, declared: Field) -> bool:
    """A value is one of the fact's words, or within its bounds."""
    if declared.options:
        return all(word in declared.codes for word in ((value,) if isinstance(value, str) else value))
    low, high = declared.minimum, declared.maximum
    return (low is None or value >= low) and (high is None or value <= high)
