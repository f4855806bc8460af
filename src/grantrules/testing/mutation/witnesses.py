"""
The smallest application that two rulebooks decide differently.

It is aimed at first, where the rules differ; then drawn by Hypothesis, near the thresholds of both; and what is found
is made smaller, fact by fact, as long as the two still part.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from itertools import chain, permutations, zip_longest
from typing import Any

from attrs import evolve, frozen
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis.errors import NoSuchExample

from grantrules.application import Assessment
from grantrules.decisions import Decision, verified
from grantrules.pools import Above, CostRule, Part
from grantrules.rulebooks import Rulebook
from grantrules.ruleset import Rule, RuleSet
from grantrules.serial.applications import application_to_data
from grantrules.serial.assessments import assessment_to_data, takes_consensus
from grantrules.terms.check import Checker
from grantrules.terms.nodes import (
    Arithmetic,
    Compare,
    Constant,
    Different,
    Extreme,
    Fact,
    Lookup,
    Operation,
    Relation,
    Term,
    Total,
)
from grantrules.terms.schema import APPLICATION, COSTS, ORGANISATIONS, TOTALS, Kind
from grantrules.terms.walk import parts, walk
from grantrules.testing.aiming.backwards import Aim
from grantrules.testing.aiming.editing import At, CaseFile
from grantrules.testing.aiming.search import PASSED, Gives, Has, Wish, blank, searched
from grantrules.testing.aiming.shrinking import smallest
from grantrules.testing.aiming.thresholds import hints_of
from grantrules.testing.comparing.transitions import bound
from grantrules.testing.mutation.equivalence import days_apart
from grantrules.testing.mutation.mistakes import with_part
from grantrules.testing.strategies.applications import assessed_applications
from grantrules.values import DatedTable

NOTHING = Decimal("0.00")
_TRIES = 300
_TURNS = 3


@frozen
class Witness:
    """
    An application that two rulebooks decide differently.

    Args:
        application, assessments: as JSON data.
        where: where the two decisions part first, as a path in the decision file.
        before, after: what the one and the other say there.
    """

    application: dict[str, Any]
    assessments: list[dict[str, Any]]
    where: str
    before: Any
    after: Any


def witness(rulebook: Rulebook, changed: Rulebook, starts: Sequence[CaseFile] = ()) -> Witness | None:
    """
    The smallest application found that two rulebooks decide differently, with its assessments.

    Args:
        starts: files to begin the search from, beside one of which nothing is known.
    """

    def differs(file: CaseFile) -> bool:
        case = file.application, file.assessments
        return told(rulebook.decide(*case)) != told(changed.decide(*case))

    aimed = (file for file in _aimed(rulebook, changed, starts) if differs(file))
    found = next(chain(aimed, _drawn(rulebook, changed, differs)), None)
    if found is None:
        return None
    small = smallest(found, differs)
    before, after = (one.decide(small.application, small.assessments) for one in (rulebook, changed))
    assessments = [assessment_to_data(assessment) for assessment in small.assessments]
    return Witness(application_to_data(small.application), assessments, *parting(before, after))


def told(decision: Decision) -> tuple[Any, ...]:
    """Everything that a decision decides, without the reasons: two rule sets that differ, differ here."""
    lines = [(line.interval, [(f.rule, f.taken, f.held) for f in line.findings]) for line in decision.costs.lines]
    return (
        decision.outcome,
        tuple(decision.results.items()),
        lines,
        decision.costs.total,
        decision.highest_grant,
        decision.score,
        decision.conditions,
        decision.assumptions,
        decision.standing,
    )


# Aiming where the rules differ


def _aimed(rulebook: Rulebook, changed: Rulebook, starts: Sequence[CaseFile]) -> Iterator[CaseFile]:
    """Files in which what differs between the rules has different values, the other requirements passed if they can."""
    hints = hints_of(rulebook.rules, changed.rules)
    partings = list(_partings(rulebook.rules, changed.rules))
    first = blank(rulebook)
    if rulebook.rules.scoring != changed.rules.scoring:
        first = evolve(first, assessments=_panel(rulebook.rules))
        yield first
    for turn in range(_TURNS):
        aim = Aim(rulebook.rules, hints, turn)
        for start in (*starts, first):
            for rule, wishes in partings:
                found = searched(aim, start, [*wishes, *_passed(rulebook.rules, rule)])
                yield from [] if found is None else [found]
        for _, wishes in partings:
            found = searched(aim, first, wishes)
            yield from [] if found is None else [found]


def _panel(rules: RuleSet) -> tuple[Assessment, ...]:
    """Three assessors of whom no two agree, nor is one of them halfway between the others."""
    top = 0 if rules.scoring.scale is None else rules.scoring.scale.top
    rated = [criterion.id for criterion in rules.scoring.criteria if criterion.computed is None]
    return tuple(
        Assessment(
            assessor=f"assessor-{number}",
            ratings={id: Decimal((rating + place) % (top + 1)) for place, id in enumerate(rated)},
            conflict_of_interest=False,
            consensus=True if takes_consensus(rules) else None,
        )
        for number, rating in enumerate((0, 1, top))
    )


def _passed(rules: RuleSet, but: Rule) -> list[Wish]:
    return [Gives(other, PASSED) for other in rules.requirements if other.id != but.id]


def _partings(before: RuleSet, after: RuleSet) -> Iterator[tuple[Rule, list[Wish]]]:
    """Each rule that reads otherwise now, with wishes of which one kind of difference would come true."""
    now = {rule.id: rule for rule in after.rules}
    for rule in before.rules:
        at: At = {COSTS: 0} if isinstance(rule, CostRule) else {}
        new = dict(now[rule.id].terms) if rule.id in now else {}
        for place, term in rule.terms:
            old_term = _stated_sum(bound(term, before.values))
            new_term = _stated_sum(bound(new.get(place, Constant(True)), after.values))
            if old_term != new_term or rule.id not in now:
                guards = _guarded(rule, place, at)
                for one, other, where in _differing(old_term, new_term, at):
                    yield from ((rule, [*guards, *wishes]) for wishes in _apart(one, other, where, before))
    yield from _both_cut(before, after)


def _guarded(rule: Rule, place: str, at: At) -> list[Wish]:
    """That the rule looks at something."""
    guards: list[Wish] = [Has(term, True, at) for name, term in rule.terms if name != place and _guards(name)]
    return [*guards, Has(_CLAIMS, True, at)] if at else guards


def _differing(old: Term, new: Term, at: At) -> Iterator[tuple[Term, Term, At]]:
    """Two terms, and before them the parts in which alone they differ, innermost first, with an item at hand."""
    pairs = list(zip(parts(old), parts(new), strict=True)) if _alike(old, new) else []
    apart = [(one, other) for (_, one), (_, other) in pairs if one != other]
    if len(apart) == 1:
        collection = ORGANISATIONS if isinstance(old, Different) else getattr(old, "collection", None)
        yield from _differing(*apart[0], at if collection is None else {**at, collection: 0})
    yield old, new, at


def _alike(old: Term, new: Term) -> bool:
    """They are of one class and have parts in the same places."""
    return type(old) is type(new) and [place for place, _ in parts(old)] == [place for place, _ in parts(new)]


def _apart(old: Term, new: Term, at: At, rules: RuleSet) -> Iterator[list[Wish]]:
    """Wishes of which any one makes two terms differ."""
    if isinstance(old, Constant):  # what it is held against is a part of the term around it
        return
    inside = Checker(rules.schema, rules.values, (APPLICATION, *at))
    if inside.kind_of(old) is Kind.TRUTH:
        for one, other in permutations((True, False, None), 2):
            yield [Has(old, one, at), Has(new, other, at)]
        return
    for pair in _dropped(old, new):
        yield [Has(Compare(Relation.LESS, *pair), True, at)]
    if isinstance(old, Total) and isinstance(new, Total) and old.where is not None and new.where is None:
        item = {**at, old.collection: 0}
        worth = Has(Compare(Relation.MORE, old.item, Constant(NOTHING)), True, item)
        for truth in (False, None):
            yield [Has(old.where, truth, item), worth]
        yield [Has(old.where, False, item), Has(Compare(Relation.EQUAL, old.item, old.item), None, item)]
    for relation in (Relation.LESS, Relation.MORE):
        yield [Has(Compare(relation, old, new), True, at)]
    yield [Has(Compare(Relation.EQUAL, old, old), True, at)]
    yield from (
        _on(day, lookup, at) for lookup in walk(old) if isinstance(lookup, Lookup) for day in _days(lookup, new)
    )


def _days(lookup: Lookup, new: Term) -> Iterator[date]:
    """The days on which a table that a term looks up says something else than the one that another term does."""
    tables = [at.table.value for at in walk(new) if isinstance(at, Lookup) and isinstance(at.table, Constant)]
    if isinstance(lookup.table, Constant) and isinstance(lookup.table.value, DatedTable):
        for other in tables:
            if isinstance(other, DatedTable):
                yield from days_apart(lookup.table.value, other)


def _on(day: date, lookup: Lookup, at: At) -> list[Wish]:
    return [Has(Compare(Relation.EQUAL, lookup.day, Constant(day)), True, at)]


def _guards(place: str) -> bool:
    """Without these a rule does not look at anything."""
    return place in ("when", "concerns")


def _dropped(old: Term, new: Term) -> Iterator[tuple[Term, Term]]:
    """An argument that is left out now, held against each of the others."""
    if isinstance(old, Extreme) and isinstance(new, Extreme):
        left = [item for item in old.items if item not in new.items]
        yield from ((item, other) for item in left for other in new.items)


def _both_cut(before: RuleSet, after: RuleSet) -> Iterator[tuple[Rule, list[Wish]]]:
    """A line that two cost rules look at which stand in another order now."""
    for old, new in zip_longest(before.cost_rules, after.cost_rules):
        if old is not None and new is not None and old.id != new.id:
            terms = [term for rule in (old, new) for name, term in rule.terms if _guards(name)]
            amounts = [part for rule in (old, new) for part in _taken(rule)]
            for truth in (True, None):
                looked_at: list[Wish] = [Has(term, truth, {COSTS: 0}) for term in terms]
                yield old, [*looked_at, *(Has(term, True, {COSTS: 0}) for term in (*amounts, _CLAIMS))]
            return


def _taken(rule: CostRule) -> Iterator[Term]:
    """That a rule takes something of a line."""
    match rule.disallow:
        case Part(amount):
            yield Compare(Relation.MORE, amount, Constant(NOTHING))
        case Above(limit):
            yield Compare(Relation.LESS, limit, _CLAIMED)
        case _:
            return


_CLAIMED = Arithmetic(Operation.ADD, Fact(COSTS, ("amount",)), Fact(COSTS, ("vat",)))
_CLAIMS = Compare(Relation.MORE, _CLAIMED, Constant(NOTHING))


def _stated_sum(term: Term) -> Term:
    """A term with what the lines claim in the place of what cost rules leave of them: that can be stated."""
    if term == Fact(TOTALS, ("eligible",)):
        return Total(COSTS, _CLAIMED)
    for place, inner in parts(term):
        term = with_part(term, place, _stated_sum(inner))
    return term


# Drawing


class _Found(BaseException):
    """Ends the search. No `Exception`: Hypothesis would take it for what it is looking for and try it again."""


def _drawn(rulebook: Rulebook, changed: Rulebook, differs: Callable[[CaseFile], bool]) -> Iterator[CaseFile]:
    """The first file that Hypothesis draws which the rules decide differently."""
    found: list[CaseFile] = []

    def looked(case: tuple[Any, list[Assessment]]) -> bool:
        file = CaseFile(rulebook.rules, case[0], tuple(case[1]))
        if differs(file):
            found.append(file)
            raise _Found
        return False

    once = settings(
        max_examples=_TRIES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    with suppress(NoSuchExample, _Found):
        find(assessed_applications(rulebook, near=(changed,)), looked, settings=once)
    yield from found


# Where two decisions part

_TOLD = ("findings", "outcome", "costs", "highest_grant", "score", "conditions", "assumptions", "standing")


def parting(before: Decision, after: Decision) -> tuple[str, Any, Any]:
    """Where two decisions part first, of what is decided rather than why, and what each says there."""
    found = verified(before, after).differences
    told = (d for d in found if d.where.partition(".")[0].partition("[")[0] in _TOLD)
    results = [d for d in found if d.where.startswith("findings[") and d.where.endswith("].result")]
    first = next(iter(results), None) or next(told, None)
    return ("rules", None, None) if first is None else (first.where, first.stored, first.now)
