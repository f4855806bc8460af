"""
Mutants that no application can tell from the rules they were made of, as far as that can be decided by structure.

What is said here is sure. What is not said may still be so: the rest is for the search to find out.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import takewhile
from typing import TypeVar

from grantrules.pools import Above, CostRule, Disallowed, Part, Whole
from grantrules.ruleset import Rule, RuleSet
from grantrules.terms.nodes import (
    AllOf,
    Compare,
    Constant,
    Extreme,
    Lookup,
    Named,
    Pick,
    Relation,
    Term,
)
from grantrules.terms.notation import notation
from grantrules.terms.schema import COSTS, TOTALS
from grantrules.terms.walk import walk
from grantrules.testing.aiming.thresholds import HOLDS
from grantrules.testing.comparing.transitions import NO_SHIFT, STILL, Both, bound, moves, shifts
from grantrules.testing.mutation.mutants import Mutant
from grantrules.values import DatedTable

_Rule = TypeVar("_Rule")

SAYS_THE_SAME = "whatever an application states or leaves out, both say the same"


def why_equal(rules: RuleSet, mutant: Mutant) -> str:
    """Why no application tells a mutant from the rules it was made of; empty if that cannot be decided."""
    if mutant.rules.digest == rules.digest:
        return SAYS_THE_SAME
    if _ids(rules) != _ids(mutant.rules):
        return ""
    special = _implied(rules, mutant) if mutant.rule == rules.grant.id else _taken_before(rules, mutant)
    if special:
        return special
    return SAYS_THE_SAME if _terms_alone_differ(rules, mutant) and _say_the_same(rules, mutant.rules) else ""


def _ids(rules: RuleSet) -> list[str]:
    return [rule.id for rule in rules.rules]


def _terms_alone_differ(rules: RuleSet, mutant: Mutant) -> bool:
    """What the mutant changed is a term of a requirement, cost rule, condition or the grant, or a value they read."""
    several: Sequence[Rule] = (*rules.requirements, *rules.cost_rules, *rules.conditions)
    judged = {rules.grant.id, *(rule.id for rule in several)}
    if mutant.rule in judged:
        return True
    others = [rule for rule in rules.rules if rule.id not in judged]
    name = mutant.rule.removeprefix("value.")
    read = (at for rule in others for _, term in rule.terms for at in walk(term))
    return mutant.rule.startswith("value.") and Named(name) not in set(read)


def _say_the_same(before: RuleSet, after: RuleSet) -> bool:
    both, on_lines, on_totals = (Both.of(before, after, *records) for records in ((), (COSTS,), (TOTALS,)))

    def alike(old: Term | None, new: Term | None, on: Both = both) -> bool:
        """A condition that is left out always holds."""
        pair = (Constant(True) if old is None else old, Constant(True) if new is None else new)
        return moves(bound(pair[0], before.values), bound(pair[1], after.values), on).possible <= STILL

    def equal(old: Term | None, new: Term | None, on: Both) -> bool:
        if old is None or new is None:
            return old is new
        return shifts(bound(old, before.values), bound(new, after.values), on) <= NO_SHIFT

    def takes_alike(old: Disallowed, new: Disallowed) -> bool:
        match old, new:
            case Whole(), Whole():
                return True
            case (Part(one), Part(other)) | (Above(one), Above(other)):
                return equal(one, other, on_lines)
            case _:
                return False

    return (
        all(
            alike(o.when, n.when) and alike(o.demand, n.demand)
            for o, n in _pairs(before.requirements, after.requirements)
        )
        and all(alike(old.when, new.when) for old, new in _pairs(before.conditions, after.conditions))
        and all(
            alike(old.when, new.when, on_lines)
            and alike(old.concerns, new.concerns, on_lines)
            and takes_alike(old.disallow, new.disallow)
            for old, new in _pairs(before.cost_rules, after.cost_rules)
        )
        and equal(before.grant.amount, after.grant.amount, on_totals)
        and equal(before.grant.floor, after.grant.floor, on_totals)
    )


def _pairs(old: Sequence[_Rule], new: Sequence[_Rule]) -> Iterator[tuple[_Rule, _Rule]]:
    return zip(old, new, strict=True)


# Days on which a table differs, and on which an earlier cost rule has taken the whole line


def _taken_before(rules: RuleSet, mutant: Mutant) -> str:
    """A table that differs on days alone on which a cost rule before the one that reads it takes the whole line."""
    name = mutant.rule.removeprefix("value.")
    old, new = rules.values.get(name), mutant.rules.values.get(name)
    if not isinstance(old, DatedTable) or not isinstance(new, DatedTable):
        return ""
    days = days_apart(old, new)
    takers: dict[str, None] = {}
    for rule in rules.rules:
        for _, term in rule.terms:
            if Named(name) in walk(term):
                taker = _taker(rules, rule, term, name, days)
                if taker is None:
                    return ""
                takers[taker] = None
    where = "takes the whole of every line on which they differ, unless a person sets it aside"
    return "; ".join(f"`{taker}` {where}" for taker in takers)


def days_apart(old: DatedTable, new: DatedTable) -> list[date]:
    """The days, next to those on which an entry begins or ends, on which two tables say different things."""
    ends = [day for table in (old, new) for entry in table.entries for day in (entry.first, entry.last)]
    near = sorted({day + timedelta(days=step) for day in ends for step in (-1, 0, 1)})
    return [day for day in near if old.at(day) != new.at(day)]


def _taker(rules: RuleSet, rule: Rule, term: Term, name: str, days: Sequence[date]) -> str | None:
    """The cost rule that leaves nothing of a line on these days to a later rule, which reads the table by one fact."""
    facts = {at.day for at in walk(term) if isinstance(at, Lookup) and at.table == Named(name)}
    earlier = takewhile(lambda one: one.id != rule.id, rules.cost_rules)
    if not isinstance(rule, CostRule) or len(facts) != 1 or not days:
        return None
    (day_of,) = facts
    for one in earlier:
        always = isinstance(one.disallow, Whole) and one.concerns is None
        when = Constant(True) if one.when is None else bound(one.when, rules.values)
        if always and all(_surely(when, day_of, day) for day in days):
            return one.id
    return None


def _surely(when: Term, fact: Term, day: date) -> bool:
    """A comparison of one day with a fixed one holds on a day."""
    match when:
        case Constant(True):
            return True
        case Compare(relation, left, Constant(date() as limit)) if left == fact:
            return HOLDS[relation](day, limit)
        case _:
            return False


# Arguments of the highest grant that a requirement already holds above another


def _implied(rules: RuleSet, mutant: Mutant) -> str:
    """An argument left out of a least amount that a requirement never lets fall below another argument."""
    match rules.grant.amount, mutant.rules.grant.amount:
        case Extreme(Pick.LEAST, before), Extreme(Pick.LEAST, after) if len(after) == len(before) - 1:
            dropped = next(item for item in before if before.count(item) > after.count(item))
            if not _missing_only_with(dropped, after):
                return ""
            for rule in rules.requirements:
                if rule.when is None and any(_at_most(clause, after, dropped) for clause in _clauses(rule.demand)):
                    least = f"in which `{notation(dropped)}` would be the least, unless a person sets it aside"
                    return f"`{rule.id}` refuses every application {least}"
            return ""
        case _:
            return ""


def _clauses(demand: Term) -> tuple[Term, ...]:
    return demand.items if isinstance(demand, AllOf) else (demand,)


def _at_most(clause: Term, others: Sequence[Term], dropped: Term) -> bool:
    match clause:
        case Compare(Relation.AT_MOST, low, high) | Compare(Relation.AT_LEAST, high, low):
            return high == dropped and low in others
        case _:
            return False


def _missing_only_with(dropped: Term, others: Sequence[Term]) -> bool:
    """Where the argument is missing, so is one of the others: it is no fact, or stands in one of them."""
    return isinstance(dropped, Constant | Named) or any(dropped in walk(other) for other in others)
