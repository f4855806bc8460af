"""
Why a term has the value it has: the facts it rests on, what keeps it open, and the limits it compares with.

Nothing here has a logic of its own: every value is asked of the specification, and only what carries it is named.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from grantrules.findings import Clause, Missing
from grantrules.readings.evaluate import Scope, each, evaluate
from grantrules.terms.check import Checker
from grantrules.terms.nodes import (
    AllOf,
    Among,
    AnyOf,
    Choose,
    Compare,
    Constant,
    Different,
    Exists,
    Fact,
    Judgement,
    Known,
    Lookup,
    Membership,
    Named,
    Relation,
    Term,
    Total,
)
from grantrules.terms.notation import amount_text, notation
from grantrules.terms.schema import APPLICATION, COSTS, ORGANISATIONS, TOTALS, Kind
from grantrules.terms.walk import parts, walk

MIRRORED = {
    Relation.EQUAL: Relation.EQUAL,
    Relation.LESS: Relation.MORE,
    Relation.AT_MOST: Relation.AT_LEAST,
    Relation.MORE: Relation.LESS,
    Relation.AT_LEAST: Relation.AT_MOST,
}
"""Each comparison, and the one that says the same with its sides changed over."""


def needs(term: Term, scope: Scope) -> Iterator[Missing]:
    """What keeps `term` open: nothing if it has a value, else every missing part that it waits for."""
    if evaluate(term, scope) is not None:
        return
    match term:
        case Fact():
            yield from (Missing(path, "applicant", "fact") for path in _missing_paths(term, scope))
        case Judgement(id) if scope.line is None and COSTS in scope.places and scope.assessed.by_line(id):
            yield Missing(f"{scope.places[COSTS]}.id", "applicant", "fact")
        case Judgement(id):
            yield Missing(id, "assessor", "judgement", scope.assessed.disputed(id, scope.line))
        case Lookup(table, day) if (found := evaluate(day, scope)) is not None:
            what = f"{notation(table)}[{amount_text(found)}]"
            yield Missing(what, "assessor", "table", at=next((path for path, _ in facts_used(day, scope)), ""))
        case Total(collection, item, where):
            for at in _each_or_missing(collection, scope):
                yield from [at] if isinstance(at, Missing) else _needs_of_part(item, where, at)
            yield from _needs_beside(collection, (item, where), scope)
        case Exists(collection, where):
            for at in _each_or_missing(collection, scope):
                yield from [at] if isinstance(at, Missing) else needs(where, at)
            yield from _needs_beside(collection, (where,), scope)
        case Different(_, where):
            items = _each_or_missing(ORGANISATIONS, scope)
            by_name = any(not isinstance(at, Missing) and at.items[ORGANISATIONS].id is None for at in items)
            for at in items:
                yield from [at] if isinstance(at, Missing) else _needs_to_tell_apart(where, at, by_name)
        case Choose(condition, chosen, otherwise):
            truth = evaluate(condition, scope)
            yield from needs(condition if truth is None else chosen if truth else otherwise, scope)
        case _:
            for _, inner in parts(term):
                yield from needs(inner, scope)


def _each_or_missing(collection: str, scope: Scope) -> list[Scope] | list[Missing]:
    inner = each(collection, scope)
    return [Missing(collection, "applicant", "fact")] if inner is None else inner


def _needs_beside(collection: str, asked: Iterable[Term | None], scope: Scope) -> Iterator[Missing]:
    """While a list is not stated: facts of the application itself that will be held against its items."""
    if each(collection, scope) is None:
        facts = (fact for term in asked if term is not None for fact in walk(term) if isinstance(fact, Fact))
        yield from (need for fact in facts if fact.of == APPLICATION for need in needs(fact, scope))


def _needs_of_part(item: Term, where: Term | None, at: Scope) -> Iterator[Missing]:
    picked = True if where is None else evaluate(where, at)
    if picked is not False:
        yield from () if where is None else needs(where, at)
        yield from needs(item, at)


def _needs_to_tell_apart(where: Term, at: Scope, by_name: bool) -> Iterator[Missing]:
    """Of an organisation that may count: what says whether it does, and its name where some are told apart by it."""
    if evaluate(where, at) is False:
        return
    yield from needs(where, at)
    if by_name and at.items[ORGANISATIONS].name is None:
        yield Missing(f"{at.places[ORGANISATIONS]}.name", "applicant", "fact")


def facts_used(term: Term, scope: Scope) -> Iterator[tuple[str, Any]]:
    """
    The stated facts and the answers given that carry the value of `term`: path or judgement, and value.

    Of what settles a term by itself, only that is named: the false part of an "all of", the items of a list
    that make "some of" true. Of a sum, the parts that are added, and for the others what left them out.
    """
    match term:
        case Constant() | Named():
            return
        case Judgement(id):
            answer = evaluate(term, scope)
            yield from [] if answer is None else [(id, answer)]
        case Fact():
            yield from _stated(term, scope)
        case Known(fact):
            yield from _stated(fact, scope)
        case Total(collection, item, where):
            inner = each(collection, scope)
            yield from [(collection, ())] if inner == [] else []
            for at in inner or []:
                picked = True if where is None else evaluate(where, at)
                yield from () if where is None or picked is True else facts_used(where, at)
                yield from () if picked is False else facts_used(item, at)
        case Exists(collection, where):
            inner = each(collection, scope)
            yield from [(collection, ())] if inner == [] else []
            truths = [(at, evaluate(where, at)) for at in inner or []]
            settled = any(truth is True for _, truth in truths)
            for at, truth in truths:
                yield from facts_used(where, at) if truth is True or not settled else ()
        case Different(_, where):
            inner = each(ORGANISATIONS, scope)
            yield from [(ORGANISATIONS, ())] if inner == [] else []
            for at in inner or []:
                yield from facts_used(where, at)
                yield from _identity(at) if evaluate(where, at) is True else ()
        case AllOf(items) | AnyOf(items):
            settling = isinstance(term, AnyOf)
            truths_of = [(item, evaluate(item, scope)) for item in items]
            settled = any(truth is settling for _, truth in truths_of)
            for inner_term, truth in truths_of:
                yield from facts_used(inner_term, scope) if truth is settling or not settled else ()
        case Choose(condition, chosen, otherwise):
            truth = evaluate(condition, scope)
            yield from facts_used(condition, scope)
            yield from () if truth is None else facts_used(chosen if truth else otherwise, scope)
        case _:
            for _, inner_term in parts(term):
                yield from facts_used(inner_term, scope)


def _identity(at: Scope) -> Iterator[tuple[str, Any]]:
    """What an organisation is told apart by."""
    for name in ("id", "name"):
        stated = getattr(at.items[ORGANISATIONS], name)
        yield from [] if stated is None else [(f"{at.places[ORGANISATIONS]}.{name}", stated)]


def _stated(fact: Fact, scope: Scope) -> Iterator[tuple[str, Any]]:
    value = evaluate(fact, scope)
    if value is None or fact.of == TOTALS:
        return
    naming, place = _followed(fact, scope)
    yield from naming
    yield place, value


def _followed(fact: Fact, scope: Scope) -> tuple[list[tuple[str, Any]], str]:
    """The path of a fact, and the facts that name the record it stands in."""
    place = "" if fact.of == APPLICATION else scope.places[fact.of]
    at, naming = scope.items[fact.of], []
    for step in fact.path:
        name = scope.references.get((fact.of, step))
        if name is None:
            place = f"{place}.{step}" if place else step
            continue
        called = getattr(at, name)
        naming.append((f"{place}.{name}", called))
        organisations = getattr(scope.application, ORGANISATIONS) or ()
        index = next((i for i, o in enumerate(organisations) if o.name == called), None)
        place = f"{ORGANISATIONS}[{index}]"
    return naming, place


def _missing_paths(fact: Fact, scope: Scope) -> Iterator[str]:
    """The paths that would have to be stated: of the fact itself, or of what leads to it."""
    if fact.of == TOTALS:
        return
    place = "" if fact.of == APPLICATION else scope.places[fact.of]
    at = scope.items[fact.of]
    for step in fact.path:
        name = scope.references.get((fact.of, step))
        if name is None:
            place, at = f"{place}.{step}" if place else step, getattr(at, step)
        elif (called := getattr(at, name)) is None:
            place, at = f"{place}.{name}", None
        else:
            organisations = getattr(scope.application, ORGANISATIONS)
            matching = [i for i, o in enumerate(organisations or ()) if o.name == called]
            if len(matching) != 1:
                unnamed = [f"{ORGANISATIONS}[{i}].name" for i, o in enumerate(organisations or ()) if o.name is None]
                yield from unnamed or [ORGANISATIONS]
                return
            place, at = f"{ORGANISATIONS}[{matching[0]}]", organisations[matching[0]]
        if at is None:
            yield place
            return


def clauses(term: Term, scope: Scope, checker: Checker) -> tuple[Clause, ...]:
    """The comparisons a demand consists of: itself, or the parts of an "all of"."""
    items = term.items if isinstance(term, AllOf) else (term,)
    return tuple(clause for item in items if (clause := _clause(item, scope, checker)) is not None)


def _clause(term: Term, scope: Scope, checker: Checker) -> Clause | None:
    holds = evaluate(term, scope)
    match term:
        case Compare(relation, left, right):
            if isinstance(left, Constant | Named) and not isinstance(right, Constant | Named):
                left, right, relation = right, left, MIRRORED[relation]
            kind = checker.kind_of(left)
            found, limit = (_exactly(kind, evaluate(side, scope)) for side in (left, right))
            return Clause(kind, relation.value, found, limit, _margin(relation, found, limit), holds)
        case Membership(among, subject, options):
            kind = Kind.CHOICE if among is Among.IS_ONE_OF else Kind.CHOICES
            return Clause(kind, among.value, evaluate(subject, scope), frozenset(options), None, holds)
        case Fact():
            return Clause(Kind.TRUTH, Relation.EQUAL.value, holds, True, None, holds)
        case _:
            return None


def _exactly(kind: Kind, value: Any) -> Any:
    """A sum of counts is a count, though sums are made of decimals; a whole number that limits a quantity is one."""
    match kind:
        case Kind.COUNT if value is not None:
            return int(value)
        case Kind.QUANTITY if value is not None:
            return Decimal(value)
        case _:
            return value


def _margin(relation: Relation, found: Any, limit: Any) -> Any:
    if found is None or limit is None or relation is Relation.EQUAL:
        return None
    return found - limit if relation in (Relation.AT_LEAST, Relation.MORE) else limit - found
