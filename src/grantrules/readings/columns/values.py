"""What a term is in columns: an exact number, a truth, day, moment or word, or a list of words."""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any, TypeAlias

import narwhals as nw
from attrs import frozen

from grantrules.readings.columns.numbers import Number, aligned, literal
from grantrules.values import DatedTable


@frozen
class Plain:
    """A column of truths, days, moments or words; null where it is missing."""

    expr: nw.Expr


@frozen
class Words:
    """A list of words: for each word that it may hold, whether it does; all null where the list is missing."""

    flags: Mapping[str, nw.Expr]


@frozen
class Figures:
    """A dated table, which only a day makes a number of."""

    table: DatedTable


Value: TypeAlias = Number | Plain | Words | Figures


def truth(value: bool | None) -> nw.Expr:
    """A truth, the same in every row."""
    return nw.lit(value, dtype=nw.Boolean)


def all_true(items: Sequence[nw.Expr]) -> nw.Expr:
    """Kleene's `and`; the engines' own operator is."""
    return reduce(and_, items) if items else truth(True)


def any_true(items: Sequence[nw.Expr]) -> nw.Expr:
    """Kleene's `or`."""
    return reduce(or_, items) if items else truth(False)


def enough(count: int, items: Sequence[nw.Expr]) -> nw.Expr:
    """At least `count` hold: settled as soon as enough, or too few, can still do so."""
    # A condition that is missing takes what `otherwise` says.
    sure = _added([nw.when(item).then(literal(1)).otherwise(literal(0)) for item in items])
    possible = _added([nw.when(~item).then(literal(0)).otherwise(literal(1)) for item in items])
    return nw.when(sure >= count).then(truth(True)).otherwise(nw.when(possible < count).then(truth(False)))


def _added(items: Sequence[nw.Expr]) -> nw.Expr:
    return reduce(lambda one, other: one + other, items)


def either(condition: nw.Expr, chosen: nw.Expr, otherwise: nw.Expr) -> nw.Expr:
    """One of two columns, by a condition; missing if the condition is."""
    return nw.when(condition).then(chosen).otherwise(nw.when(~condition).then(otherwise))


def choose(condition: nw.Expr, chosen: Value, otherwise: Value) -> Value:
    """One of two values of one sort, by a condition; missing if the condition is."""
    match chosen, otherwise:
        case Number(), Number():
            one, other = aligned((chosen, otherwise))
            low, high = min(one.low, other.low), max(one.high, other.high)
            return Number(either(condition, one.expr, other.expr), one.scale, low, high)
        case Plain(one_column), Plain(other_column):
            return Plain(either(condition, one_column, other_column))
        case Words(), Words():
            pairs = paired(chosen, otherwise)
            return Words({word: either(condition, first, second) for word, (first, second) in pairs.items()})
        case _:
            raise TypeError("only values of one sort stand beside each other")


def paired(one: Words, other: Words) -> dict[str, tuple[nw.Expr, nw.Expr]]:
    """For each word that either list may hold, whether the one and the other do."""
    words = dict.fromkeys((*one.flags, *other.flags))
    return {word: (held(one, word), held(other, word)) for word in words}


def held(words: Words, word: str) -> nw.Expr:
    """Whether a list holds a word; never, where it cannot, unless the list is missing."""
    if word in words.flags:
        return words.flags[word]
    stated = next(iter(words.flags.values()), None)
    return truth(False) if stated is None else nw.when(~stated.is_null()).then(truth(False))


def mapped(value: Value, function: Callable[[nw.Expr], nw.Expr]) -> Any:
    """The value with every one of its columns changed alike."""
    match value:
        case Number():
            return Number(function(value.expr), value.scale, value.low, value.high, value.nullable)
        case Plain(expr):
            return Plain(function(expr))
        case Words(flags):
            return Words({word: function(flag) for word, flag in flags.items()})
        case Figures():
            return value
