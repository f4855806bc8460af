"""What the rules of a round read: the facts and lists without which nothing can be decided."""

from collections.abc import Iterator, Mapping

from attrs import frozen

from grantrules.ruleset import Rule, RuleSet
from grantrules.terms.nodes import Different, Exists, Fact, Judgement, Term, Total
from grantrules.terms.schema import APPLICATION, COSTS, ORGANISATIONS, TOTALS, Schema
from grantrules.terms.walk import parts, walk

Place = tuple[str, tuple[str, ...]]
"""A record and the path of a fact in it."""


@frozen
class Reads:
    """
    Attributes:
        facts: each as the record it is stated in and its path there.
        lists: the lists that rules go through.
        positions: those of them whose items must be told apart.
    """

    facts: frozenset[Place]
    lists: frozenset[str]
    positions: frozenset[str]


def decisive_terms(rules: RuleSet) -> Iterator[Term]:
    """The terms of all rules but those of the allocation, which takes decisions one by one."""
    judged: tuple[Rule, ...] = (*rules.requirements, *rules.cost_rules, rules.grant)
    others: tuple[Rule, ...] = (*rules.scoring.criteria, *rules.conditions)
    return (term for rule in (*judged, *others) for _, term in rule.terms)


def reads_of(rules: RuleSet) -> Reads:
    """What the rules read."""
    terms = tuple(decisive_terms(rules))
    nodes = tuple(node for term in terms for node in walk(term))
    facts: set[Place] = {(COSTS, ("amount",)), (COSTS, ("vat",))}
    for node in nodes:
        if isinstance(node, Fact) and node.of != TOTALS:
            facts.update(places(node, rules.schema, rules.references))
        elif isinstance(node, Different):
            facts |= {(ORGANISATIONS, ("id",)), (ORGANISATIONS, ("name",))}
    if rules.line_judgements:
        facts.add((COSTS, ("id",)))
    lists = {COSTS, *(node.collection for node in nodes if isinstance(node, Total | Exists))}
    lists |= {of for of, _ in facts if of != APPLICATION}
    positions = {of for term in terms for of in _told_apart(term, (), rules.line_judgements)}
    return Reads(frozenset(facts), frozenset(lists), frozenset(positions))


def places(fact: Fact, schema: Schema, references: Mapping[tuple[str, str], str]) -> Iterator[Place]:
    """Where the tables hold a fact: the last place is its own, any before are names that lead there."""
    of, record = fact.of, schema.record(fact.of)
    path: tuple[str, ...] = ()
    for step in fact.path:
        name = references.get((record.name if record else "", step))
        if name is not None:
            yield of, (*path, name)
            of, path, record = ORGANISATIONS, (), schema.record(ORGANISATIONS)
            yield of, ("name",)
            continue
        path = (*path, step)
        declared = record.field(step) if record else None
        record = schema.record(declared.record) if declared and declared.record else record
    if path:
        yield of, path


def _told_apart(term: Term, inside: tuple[str, ...], by_line: frozenset[str]) -> Iterator[str]:
    """The lists whose items a term tells apart: to pair them, or because an inner list is gone through for each."""
    collection = gone_through(term)
    if isinstance(term, Different):
        yield ORGANISATIONS
    if collection is not None:
        yield from outer_lists(term, inside, by_line)
        inside = (*inside, collection)
    for _, inner in parts(term):
        yield from _told_apart(inner, inside, by_line)


def gone_through(term: Term) -> str | None:
    """The list that a term goes through, if it does."""
    match term:
        case Total(collection, _, _) | Exists(collection, _):
            return collection
        case Different():
            return ORGANISATIONS
        case _:
            return None


def outer_lists(term: Term, inside: tuple[str, ...], by_line: frozenset[str]) -> tuple[str, ...]:
    """
    Of the lists that a term stands inside of, those on whose item at hand it depends.

    Args:
        by_line: the judgements that are answered line by line.
    """
    mentioned = {node.of for node in walk(term) if isinstance(node, Fact)}
    if any(isinstance(node, Judgement) and node.id in by_line for node in walk(term)):
        mentioned.add(COSTS)
    return tuple(collection for collection in inside if collection in mentioned)
