"""
Terms as columns.

Every node becomes one expression over the columns of its scope, in the order of the specification. What goes through
a list is worked out beforehand, all that concerns one list in one pass: its parts are computed for each item and then
added up by case number. A sum skips what is missing, so the parts that are known are counted beside it.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any, assert_never

import narwhals as nw
from attrs import define, field, frozen

from grantrules.readings.columns import values
from grantrules.readings.columns.frames import OUTERMOST, Frames, Scope, column_name
from grantrules.readings.columns.numbers import (
    Number,
    TooLarge,
    aligned,
    arithmetic,
    compare,
    constant,
    extreme,
    literal,
    ordered,
    share,
    to_ore,
)
from grantrules.readings.columns.values import Figures, Plain, Value, Words, choose, held, mapped, paired, truth
from grantrules.ruleset import RuleSet
from grantrules.tables.fitting import Frame
from grantrules.tables.layout import APPLICATIONS, ASSESSMENTS, KEY, Column, Type, answer, stated
from grantrules.tables.reads import decisive_terms, gone_through, outer_lists, places
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
    Relation,
    Rounded,
    Share,
    Term,
    Total,
)
from grantrules.terms.schema import APPLICATION, COSTS, ORGANISATIONS, TOTALS
from grantrules.terms.walk import facts_read, judgements, parts, walk
from grantrules.values import Amount, DatedTable

Quantifier = Total | Exists | Different
"""The nodes that go through a list."""


def judgement_column(scope: Scope, id: str) -> str:
    """The column of what assessors answer, for the application or for a cost line."""
    return column_name(COSTS if COSTS in scope else APPLICATIONS, answer(id))


NOT_IN_COLUMNS = "not-in-columns"
"""The code of the problem that a rule cannot be expressed."""

ONE_BY_ONE = "decide the applications one at a time, with `decide`"


class Unsupported(Exception):
    """A term that no column can express."""

    def __init__(self, term: Term, reason: str) -> None:
        super().__init__(reason)
        self.term, self.reason = term, reason


@frozen
class Pass:
    """A quantifier, and the scope in which it has one value for each row."""

    term: Quantifier
    scope: Scope

    @property
    def collection(self) -> str:
        """The list gone through."""
        return gone_through(self.term) or ""

    @property
    def inner(self) -> Scope:
        """The scope of its items."""
        return (*self.scope, self.collection)

    @property
    def terms(self) -> tuple[Term, ...]:
        """What is read of every item."""
        return tuple(inner for _, inner in parts(self.term))


@define
class Reader:
    """
    Reads the terms of one rule set, in which the values of the round are bound.

    Args:
        frames: the tables, shared with the readers of other rule sets.
        held: the terms that have columns of their own, shared likewise: what two rule sets both say is computed once.
        eligible: the eligible cost, where the grant formula is read.
    """

    frames: Frames
    rules: RuleSet
    held: dict[tuple[Term, Scope], Value] = field(factory=dict)
    eligible: Number | None = None

    # What has to be worked out before

    def home(self, term: Term, scope: Scope) -> Scope:
        """The scope that a term depends on: the lists of `scope` at whose item at hand it looks."""
        return outer_lists(term, scope, self.frames.by_line)

    def passes(self, term: Term, scope: Scope) -> Iterator[Pass]:
        """Every pass over a list that a term needs, outer before inner."""
        if isinstance(term, Quantifier):
            found = Pass(term, self.home(term, scope))
            yield found
            scope = found.inner
        for _, inner in parts(term):
            yield from self.passes(inner, scope)

    def needed(self, wanted: Pass) -> frozenset[Pass]:
        """The passes that must have been made before this one."""
        return frozenset(inner for term in wanted.terms for inner in self.passes(term, wanted.inner))

    def prepare(self, terms: Iterable[Term], scope: Scope) -> None:
        """Bring what terms read of the application into the rows of a list."""
        wanted = dict.fromkeys(part for term in terms for part in self._from_outside(term, scope))
        sources: dict[int, tuple[Frame, dict[str, nw.Expr]]] = {}
        for term in wanted:
            if scope and (term, scope) not in self.held:
                self.held[term, scope], columns = self._named(self.value(term, OUTERMOST))
                source = self._source(term)
                sources.setdefault(id(source), (source, {}))[1].update(columns)
        for source, columns in sources.values():
            self.frames.carry(source, columns, scope)

    def _source(self, term: Term) -> Frame:
        """The smallest frame that has all that a term reads; a larger one would be worked out twice."""
        nodes = tuple(walk(term))
        if any(isinstance(node, Quantifier | Share | Rounded | Extreme) for node in nodes):
            return self.frames.at[OUTERMOST]
        if not judgements(term) or not self.frames.has(ASSESSMENTS):
            return self.frames.facts
        # An application that nobody has assessed has no answers, and only an answer itself is then as missing as they.
        return self.frames.answers if _bare_answer(term) else self.frames.at[OUTERMOST]

    def _from_outside(self, term: Term, scope: Scope) -> Iterator[Term]:
        """The largest parts of a term that are the same for every item of a list."""
        if _constant(term):
            return
        if not self.home(term, scope):
            yield term
        elif not isinstance(term, Quantifier):
            for _, inner in parts(term):
                yield from self._from_outside(inner, scope)

    def hold(self, value: Value, scope: Scope) -> Value:
        """Put a value into columns of its own."""
        made, columns = self._named(value)
        self.frames.add(scope, columns)
        return made

    def _held(self, scope: Scope, expr: nw.Expr) -> nw.Expr:
        """An expression in a column of its own."""
        return _any_column(self.hold(Plain(expr), scope))

    def _named(self, value: Value) -> tuple[Value, dict[str, nw.Expr]]:
        """A value in columns of its own, and what they are to be made of."""
        columns: dict[str, nw.Expr] = {}

        def name(expr: nw.Expr) -> nw.Expr:
            fresh = self.frames.fresh("held")
            columns[fresh] = expr
            return nw.col(fresh)

        return mapped(value, name), columns

    def refer(self, scope: Scope) -> None:
        """Put beside the rows of a scope the organisations that they name, as far as rules ask for them."""
        of = scope[-1] if scope else APPLICATION
        table = scope[-1] if scope else APPLICATIONS
        for fact in dict.fromkeys(fact for term in decisive_terms(self.rules) for fact in facts_read(term)):
            alias = _alias(fact, self.rules)
            if fact.of == of and alias is not None:
                _, path = next(places(fact, self.rules.schema, self.rules.references))
                self.frames.refer(scope, column_name(table, "__".join(path)), column_name(table, alias))

    # Terms, in the order of the specification

    def value(self, term: Term, scope: Scope) -> Value:
        """
        A term as columns of a scope.

        Raises:
            Unsupported: it cannot be expressed.
        """
        known = self.held.get((term, scope))
        if known is None and isinstance(term, Quantifier):
            known = self.held.get((term, self.home(term, scope)))
        try:
            return self._value(term, scope) if known is None else known
        except TooLarge as error:
            raise Unsupported(term, str(error)) from error

    def column(self, term: Term, scope: Scope) -> nw.Expr:
        """A truth, day, moment or word as a column."""
        value = self.value(term, scope)
        assert isinstance(value, Plain), "terms are checked before they are read"
        return value.expr

    def number(self, term: Term, scope: Scope) -> Number:
        """An amount, count or quantity as a column."""
        return _as_number(self.value(term, scope))

    def _value(self, term: Term, scope: Scope) -> Value:
        match term:
            case Constant(value):
                return _constant_value(value)
            case Named():
                raise TypeError("a name stands for a value only until the round has bound it")
            case Fact():
                return self._fact(term, scope)
            case Judgement(id):
                return Plain(nw.col(judgement_column(scope, id)))
            case Arithmetic(operation, left, right):
                return arithmetic(operation, self.number(left, scope), self.number(right, scope))
            case Extreme(pick, items):
                return extreme(pick, [self.apart(item, scope) for item in items])
            case Share(base, rate, rounding):
                return share(self.apart(base, scope), rate, rounding, partial(self._held, scope))
            case Rounded(amount, rounding):
                return to_ore(self.apart(amount, scope), rounding, partial(self._held, scope))
            case Lookup(Choose(condition, first, second), day):
                return self.value(Choose(condition, Lookup(first, day), Lookup(second, day)), scope)
            case Lookup(table, day):
                return _looked_up(self.value(table, scope), self.column(day, scope))
            case Total() | Exists() | Different():
                raise AssertionError("what goes through a list is worked out beforehand")
            case Choose(condition, chosen, otherwise):
                return choose(self.column(condition, scope), self.value(chosen, scope), self.value(otherwise, scope))
            case Compare(relation, left, right):
                return Plain(_compare(relation, self.value(left, scope), self.value(right, scope)))
            case Membership(among, subject, options):
                return Plain(_membership(among, self.value(subject, scope), options))
            case AllOf(items):
                return Plain(values.all_true([self.column(item, scope) for item in items]))
            case AnyOf(items):
                return Plain(values.any_true([self.column(item, scope) for item in items]))
            case AtLeast(count, items):
                return Plain(values.enough(count, [self.column(item, scope) for item in items]))
            case Not(item):
                return Plain(~self.column(item, scope))
            case Known(fact):
                return Plain(~_any_column(self.value(fact, scope)).is_null())
            case _:
                assert_never(term)

    def apart(self, term: Term, scope: Scope) -> Number:
        """A number in a column of its own, for what reads it more than once."""
        if _constant(term) or isinstance(term, Fact):
            return self.number(term, scope)
        if TOTALS in {fact.of for fact in facts_read(term)}:  # read once for each end of the totals
            return _as_number(self.hold(self.number(term, scope), scope))
        if (term, scope) not in self.held:
            self.held[term, scope] = self.hold(self.number(term, scope), scope)
        return self.number(term, scope)

    def _fact(self, fact: Fact, scope: Scope) -> Value:
        if fact.of == TOTALS:
            if self.eligible is None:
                raise Unsupported(fact, "the totals are not known yet while a list is gone through")
            return self.eligible
        if fact.of == APPLICATION and fact.path[0] in self._lists:
            return Plain(nw.col(column_name(APPLICATIONS, stated(fact.path[0]))))
        prefix, columns = self.columns_of(fact)
        first = columns[0]
        if first.option is not None:
            return Words({c.option or "": nw.col(column_name(prefix, c.name)) for c in columns})
        column = nw.col(KEY).cast(nw.String) if first.name == KEY else nw.col(column_name(prefix, first.name))
        if first.type is Type.WHOLE:
            low, high = first.minimum, first.maximum
            assert isinstance(low, int), "numbers have limits"
            assert isinstance(high, int), "numbers have limits"
            return Number(column, first.scale, low, high)
        return Plain(column)

    @property
    def _lists(self) -> frozenset[str]:
        return frozenset(name for layout in self.frames.layouts for name in layout.lists)

    def columns_of(self, fact: Fact) -> tuple[str, list[Column]]:
        """What the columns of a fact are named after, and the columns themselves."""
        table = APPLICATIONS if fact.of == APPLICATION else fact.of
        *before, (_, path) = places(fact, self.rules.schema, self.rules.references)
        prefix = table
        alias = _alias(fact, self.rules)
        if before and alias is not None:
            prefix, table = column_name(table, alias), ORGANISATIONS
        if table == APPLICATIONS and path == ("id",):
            return prefix, [self.frames.columns(table)[KEY]]
        return prefix, [c for c in self.frames.columns(table).values() if c.path == path]


def _alias(fact: Fact, rules: RuleSet) -> str | None:
    """The word by which a fact reaches the organisation that is named, if it does."""
    words = {word for _, word in rules.references}
    return next((step for step in fact.path if step in words), None)


def _bare_answer(term: Term) -> bool:
    """An answer of assessors, or its opposite."""
    return isinstance(term, Judgement) or (isinstance(term, Not) and _bare_answer(term.item))


def _as_number(value: Value) -> Number:
    assert isinstance(value, Number), "terms are checked before they are read"
    return value


def _constant(term: Term) -> bool:
    """A term that is the same for every application."""
    return not any(isinstance(node, Fact | Judgement | Quantifier) for node in walk(term))


def _constant_value(value: Amount) -> Value:
    match value:
        case bool():
            return Plain(truth(value))
        case int() | Decimal():
            return constant(value)
        case datetime():
            return Plain(nw.lit(value.astimezone(UTC)))
        case str() | date():
            return Plain(nw.lit(value))
        case frozenset():
            return Words({word: truth(True) for word in sorted(value)})
        case DatedTable():
            return Figures(value)
        case _:
            raise TypeError("a fraction is no value that a term compares")


def _any_column(value: Value) -> nw.Expr:
    """A column that is null where the value is missing."""
    match value:
        case Number(expr=expr) | Plain(expr):
            return expr
        case Words(flags):
            return next(iter(flags.values()))
        case Figures():
            raise TypeError("a dated table is never missing")


def _looked_up(table: Value, day: nw.Expr) -> Number:
    """What a dated table holds on a day; missing on a day that it does not cover."""
    assert isinstance(table, Figures), "terms are checked before they are read"
    entries = table.table.entries
    amounts = aligned([constant(entry.amount) for entry in entries])
    found: Any = nw.lit(None, dtype=nw.Int64)
    for entry, amount in zip(reversed(entries), reversed(amounts), strict=True):
        found = nw.when((day >= entry.first) & (day <= entry.last)).then(literal(amount.low)).otherwise(found)
    return Number(found, amounts[0].scale, min(a.low for a in amounts), max(a.high for a in amounts))


def _compare(relation: Relation, left: Value, right: Value) -> nw.Expr:
    match left, right:
        case Number(), Number():
            return compare(relation, left, right)
        case Words(), Words():
            return values.all_true([one == other for one, other in paired(left, right).values()])
        case Plain(one), Plain(other):
            return ordered(relation, one, other)
        case _:
            raise TypeError("only values of one sort are compared")


def _membership(among: Among, subject: Value, options: tuple[str, ...]) -> nw.Expr:
    match subject:
        case Words() if among is Among.INCLUDES_ALL:
            return values.all_true([held(subject, option) for option in options])
        case Words():
            return values.any_true([held(subject, option) for option in options])
        case Plain(expr):
            # PyArrow's own `is_in` would call a missing word none of them.
            return values.any_true([expr == option for option in options])
        case _:
            raise TypeError("only words are among others")
