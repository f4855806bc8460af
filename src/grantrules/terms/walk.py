"""Going through a term: its parts with their places, and what it mentions."""

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import evolve, fields

from grantrules.terms.nodes import NODES, Constant, Fact, Judgement, Named, Term
from grantrules.values import Amount


def parts(term: Term) -> Iterator[tuple[str, Term]]:
    """The terms directly inside `term`, each with its place, such as `left` or `items[2]`."""
    for attribute in fields(type(term)):
        inner = getattr(term, attribute.name)
        if isinstance(inner, NODES):
            yield attribute.name, inner
        elif isinstance(inner, tuple):
            for index, item in enumerate(inner):
                if isinstance(item, NODES):
                    yield f"{attribute.name}[{index}]", item


def walk(term: Term) -> Iterator[Term]:
    """The term itself and every term inside it, outer before inner, in order of writing."""
    waiting = [term]
    while waiting:
        at = waiting.pop()
        yield at
        waiting.extend(reversed([inner for _, inner in parts(at)]))


def depth(term: Term) -> int:
    """How many levels of terms there are; 1 for a term with nothing inside."""
    deepest, waiting = 0, [(term, 1)]
    while waiting:
        at, level = waiting.pop()
        deepest = max(deepest, level)
        waiting.extend((inner, level + 1) for _, inner in parts(at))
    return deepest


def judgements(term: Term) -> tuple[Judgement, ...]:
    """The judgements a term waits for."""
    return tuple(at for at in walk(term) if isinstance(at, Judgement))


def named_values(term: Term) -> frozenset[str]:
    """The values of the round that a term reads."""
    return frozenset(at.name for at in walk(term) if isinstance(at, Named))


def facts_read(term: Term) -> frozenset[Fact]:
    """The facts that a term reads."""
    return frozenset(at for at in walk(term) if isinstance(at, Fact))


def bound(term: Term, values: Mapping[str, Amount]) -> Term:
    """The term with what the round binds in place of the names."""
    if isinstance(term, Named):
        return Constant(values[term.name])
    changed = {}
    for attribute in fields(type(term)):
        inner = getattr(term, attribute.name)
        made = _bound(inner, values)
        if made is not inner:
            changed[attribute.name] = made
    return evolve(term, **changed) if changed else term


def _bound(inner: Any, values: Mapping[str, Amount]) -> Any:
    if isinstance(inner, NODES):
        return bound(inner, values)
    if isinstance(inner, tuple) and any(isinstance(item, NODES) for item in inner):
        return tuple(_bound(item, values) for item in inner)
    return inner
