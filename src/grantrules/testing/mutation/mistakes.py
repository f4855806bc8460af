"""
Small mistakes in a term, such as somebody who writes or edits a rule could make.

    mistakes(term, rules)  yields the place, what was done, and the whole term as it then is
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple, cast

from attrs import evolve

from grantrules.ruleset import RuleSet
from grantrules.terms.nodes import (
    AllOf,
    AnyOf,
    Arithmetic,
    AtLeast,
    Compare,
    Constant,
    Different,
    Exists,
    Extreme,
    Fact,
    Judgement,
    Known,
    Membership,
    Not,
    Operation,
    Relation,
    Rounded,
    Share,
    Term,
    Total,
)
from grantrules.terms.notation import notation
from grantrules.terms.schema import Kind
from grantrules.terms.walk import parts
from grantrules.testing.aiming.thresholds import home_of
from grantrules.values import ORE, Dated, DatedTable, Rounding


class Operator(StrEnum):
    """What is done to a rule."""

    LIMIT_MOVED = "limit moved"
    DATE_SHIFTED = "date shifted"
    RELATION_CHANGED = "comparison changed"
    CLAUSE_DROPPED = "clause dropped"
    NEGATED = "negated"
    WORD_REMOVED = "word removed"
    WORD_ADDED = "word added"
    WORD_CHANGED = "word changed"
    PART_DROPPED = "part of a sum dropped"
    ROUNDING_CHANGED = "rounding changed"
    RULE_DROPPED = "rule dropped"
    RULES_REORDERED = "rules reordered"
    WHEN_DROPPED = "condition of the rule dropped"
    VAT_INVERTED = "VAT rule inverted"
    WEIGHT_CHANGED = "weight changed"
    CRITERION_DROPPED = "criterion dropped"
    COMBINATION_CHANGED = "combination changed"


class Mistake(NamedTuple):
    """
    One mistake inside a term.

    Attributes:
        place: where in the term, as in `items[1].left`.
        before, after: the part that was changed, in plain notation.
        term: the whole term as it then is.
    """

    place: str
    operator: Operator
    before: str
    after: str
    term: Term


_STRICTNESS = {
    Relation.AT_LEAST: Relation.MORE,
    Relation.AT_MOST: Relation.LESS,
    Relation.MORE: Relation.AT_LEAST,
    Relation.LESS: Relation.AT_MOST,
}
"""Each comparison and the one that differs from it at the limit alone."""

RATE_STEP = Fraction(1, 100)
"""The step of shares and thresholds: one percentage point, one hundredth of a point."""


def mistakes(term: Term, rules: RuleSet, place: str = "") -> Iterator[Mistake]:
    """Every mistake in a term or in a part of it."""
    for operator, after in _here(term, rules):
        yield Mistake(place, operator, notation(term), notation(after), after)
    for inner_place, inner in parts(term):
        if _counts_items(term, inner_place) or isinstance(term, Known):
            continue
        whole = f"{place}.{inner_place}" if place else inner_place
        for made in mistakes(inner, rules, whole):
            # To negate what stands inside of a "not" is to drop the "not".
            if not (isinstance(term, Not) and made.place == whole and made.operator is Operator.NEGATED):
                yield made._replace(term=with_part(term, inner_place, made.term))


def _counts_items(term: Term, place: str) -> bool:
    """The constant that every counted item adds is no figure of the call."""
    return isinstance(term, Total) and place == "item" and isinstance(term.item, Constant)


def with_part(term: Term, place: str, part: Term) -> Term:
    """The term with the part at a place, such as `left` or `items[2]`, exchanged."""
    name, _, index = place.rstrip("]").partition("[")
    changed: Any = part
    if index:
        items, at = getattr(term, name), int(index)
        changed = (*items[:at], part, *items[at + 1 :])
    made: Term = evolve(cast(Any, term), **{name: changed})
    return made


def _here(term: Term, rules: RuleSet) -> Iterator[tuple[Operator, Term]]:
    """The mistakes in a term itself, its parts left as they are."""
    match term:
        case Constant(value):
            yield from ((operator, Constant(moved)) for operator, moved in values_moved(value))
        case Compare(relation, left, right):
            if relation in _STRICTNESS:
                yield Operator.RELATION_CHANGED, Compare(_STRICTNESS[relation], left, right)
            yield from _other_word(term, rules)
            yield Operator.NEGATED, Not(term)
        case Membership():
            yield from _words_changed(term, rules)
            yield Operator.NEGATED, Not(term)
        case Not(item):
            yield Operator.NEGATED, item
        case AllOf(items) | AnyOf(items) | Extreme(_, items):
            yield from ((Operator.CLAUSE_DROPPED, evolve(term, items=left)) for left in _one_less(items))
        case AtLeast(count, items):
            yield from ((Operator.LIMIT_MOVED, AtLeast(moved, items)) for moved in (count - 1, count + 1))
            yield from ((Operator.CLAUSE_DROPPED, AtLeast(count, left)) for left in _one_less(items))
        case Different(count, where):
            yield from ((Operator.LIMIT_MOVED, Different(moved, where)) for moved in (count - 1, count + 1))
            yield Operator.NEGATED, Not(term)
        case Total(collection, item, where) if where is not None:
            yield Operator.CLAUSE_DROPPED, Total(collection, item, None)
        case Arithmetic(Operation.ADD | Operation.SUBTRACT, left, _):
            yield Operator.PART_DROPPED, left
        case Share(base, rate, rounding):
            yield from ((Operator.LIMIT_MOVED, Share(base, rate + s, rounding)) for s in (-RATE_STEP, RATE_STEP))
            yield from ((Operator.ROUNDING_CHANGED, Share(base, rate, other)) for other in other_roundings(rounding))
        case Rounded(amount, rounding):
            yield from ((Operator.ROUNDING_CHANGED, Rounded(amount, other)) for other in other_roundings(rounding))
        case Judgement() | Known() | Exists():
            yield Operator.NEGATED, Not(term)
        case Fact() if (home := home_of(term, rules)) is not None and home[1].kind is Kind.TRUTH:
            yield Operator.NEGATED, Not(term)
        case _:
            return


def _one_less(items: Sequence[Term]) -> Iterator[tuple[Term, ...]]:
    if len(items) > 1:
        yield from ((*items[:index], *items[index + 1 :]) for index in range(len(items)))


def other_roundings(rounding: Rounding) -> tuple[Rounding, ...]:
    """The ways of rounding that it is not."""
    return tuple(other for other in Rounding if other is not rounding)


def _other_word(term: Compare, rules: RuleSet) -> Iterator[tuple[Operator, Term]]:
    """A word that a fact is compared with becomes the next word of the closed list."""
    if isinstance(term.left, Fact) and isinstance(term.right, Constant) and isinstance(term.right.value, str):
        words = _words(term.left, rules)
        if len(words) > 1 and term.right.value in words:
            following = words[(words.index(term.right.value) + 1) % len(words)]
            yield Operator.WORD_CHANGED, evolve(term, right=Constant(following))


def _words_changed(term: Membership, rules: RuleSet) -> Iterator[tuple[Operator, Term]]:
    options = term.options
    for word in options if len(options) > 1 else ():
        yield Operator.WORD_REMOVED, evolve(term, options=tuple(other for other in options if other != word))
    for word in _words(term.subject, rules):
        if word not in options:
            yield Operator.WORD_ADDED, evolve(term, options=(*options, word))


def _words(subject: Term, rules: RuleSet) -> tuple[str, ...]:
    home = home_of(subject, rules) if isinstance(subject, Fact) else None
    return () if home is None else home[1].codes


def values_moved(value: Any) -> Iterator[tuple[Operator, Any]]:
    """A figure or a day, one step either way; of a dated table each figure, and each day on which it changes."""
    match value:
        case bool() | str() | Fraction():
            return
        case int():
            yield from ((Operator.LIMIT_MOVED, value + step) for step in (-1, 1))
        case Decimal():
            yield from ((Operator.LIMIT_MOVED, value + step) for step in (-ORE, ORE))
        case datetime():
            yield from ((Operator.DATE_SHIFTED, value + timedelta(seconds=step)) for step in (-1, 1))
        case date():
            yield from ((Operator.DATE_SHIFTED, value + timedelta(days=step)) for step in (-1, 1))
        case frozenset() if len(value) > 1:
            yield from ((Operator.WORD_REMOVED, value - {word}) for word in sorted(value))
        case DatedTable(_, entries):
            yield from ((operator, evolve(value, entries=moved)) for operator, moved in _entries_moved(entries))
        case _:
            return


def _entries_moved(entries: tuple[Dated, ...]) -> Iterator[tuple[Operator, tuple[Dated, ...]]]:
    """Each amount an øre down and up, and each day on which an entry begins or ends a day earlier and later."""
    for index, entry in enumerate(entries):
        for ore in (-ORE, ORE):
            amended = evolve(entry, amount=entry.amount + ore)
            yield Operator.LIMIT_MOVED, (*entries[:index], amended, *entries[index + 1 :])
    for step in (timedelta(days=-1), timedelta(days=1)):
        yield Operator.DATE_SHIFTED, (evolve(entries[0], first=entries[0].first + step), *entries[1:])
        yield Operator.DATE_SHIFTED, (*entries[:-1], evolve(entries[-1], last=entries[-1].last + step))
        for index in range(len(entries) - 1):
            before, after = entries[index : index + 2]
            pair = (evolve(before, last=before.last + step), evolve(after, first=after.first + step))
            yield Operator.DATE_SHIFTED, (*entries[:index], *pair, *entries[index + 2 :])
