"""
Checking a term before it is ever read: every fact exists, and only like is compared with like.

What passes here cannot fail when it is evaluated. All problems of a term are found in one go, each with its place.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, assert_never

from attrs import evolve, frozen

from grantrules.errors import Problem, excerpt, nearest
from grantrules.terms.nodes import (
    NODES,
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
    Relation,
    Rounded,
    Share,
    Term,
    Total,
)
from grantrules.terms.notation import amount_text, notation
from grantrules.terms.schema import APPLICATION, ORGANISATIONS, TOTALS, Field, Kind, Record, Schema
from grantrules.terms.walk import depth
from grantrules.values import Amount, DatedTable, Text, decimals

NOT_A_TERM = "not-a-term"
"""The code of the problem that something else stands where a term should."""

DEPTH_LIMIT = 40
"""Deeper terms are refused: nobody can read them."""

_NUMBERS = (Kind.MONEY, Kind.COUNT, Kind.QUANTITY)
_ORDERED = (*_NUMBERS, Kind.RATE, Kind.DAY, Kind.MOMENT)


@frozen
class Sort:
    """
    What a term yields.

    Args:
        unit: of a quantity, or what a rate is per.
        options: the closed list of a choice; empty if any word will do.
        whole_ore: the amount needs no rounding.
        literal: a constant, which fits a quantity as well as a count.
    """

    kind: Kind
    unit: str = ""
    options: tuple[str, ...] = ()
    whole_ore: bool = True
    literal: bool = False
    table: bool = False

    def __str__(self) -> str:
        if self.table:
            return "dated table"
        return f"{self.kind.value} ({self.unit})" if self.unit else self.kind.value


TRUTH = Sort(Kind.TRUTH)
_MONEY = Sort(Kind.MONEY)
_TOTALS = Record(TOTALS, (Field("eligible", Kind.MONEY, Text("tilskudsberettigede", "støtteberettigede", "eligible")),))


@frozen
class Checker:
    """
    Checks terms over one schema.

    Args:
        values: what the round binds.
        scope: the records whose facts may be read: the application's always, a cost line's in cost rules.
    """

    schema: Schema
    values: Mapping[str, Amount]
    scope: tuple[str, ...] = (APPLICATION,)

    def kind_of(self, term: Term) -> Kind:
        """The kind of value that a term yields, once it has been checked."""
        sort = self._sort(term, "", [])
        return Kind.TEXT if sort is None else sort.kind

    def check(self, term: Term, expected: Sort, place: str) -> list[Problem]:
        """Find everything wrong with a term that should yield `expected`."""
        if isinstance(term, NODES) and depth(term) > DEPTH_LIMIT:
            return [Problem(place, f"the term is more than {DEPTH_LIMIT} levels deep", "split the rule", "too-deep")]
        return self._expect(term, expected, place)

    def check_ordered(self, term: Term, place: str) -> list[Problem]:
        """Find everything wrong with a term whose values are put in order."""
        problems: list[Problem] = []
        found = self._ordered(term, place, problems)
        if found is not None and (found.table or found.kind not in (*_ORDERED, Kind.TRUTH)):
            problems.append(Problem(place, f"`{notation(term)}` ({found}) has no order", code="wrong-sort"))
        return problems

    def _ordered(self, term: Term, place: str, problems: list[Problem]) -> Sort | None:
        if isinstance(term, NODES) and depth(term) <= DEPTH_LIMIT:
            return self._sort(term, place, problems)
        problems += self.check(term, TRUTH, place)
        return None

    def check_alike(self, terms: tuple[Term, ...], place: str) -> list[Problem]:
        """Find everything wrong with terms that are numbers of one sort."""
        problems: list[Problem] = []
        sorts = [self._ordered(term, f"{place}[{index}]", problems) for index, term in enumerate(terms)]
        if None not in sorts:
            self._same(terms, place, problems, _NUMBERS)
        return problems

    def figure(self, term: Term) -> Any:
        """The figure that is written, or named as a value of the round; `None` for any other term."""
        return self._literal(term)

    def _expect(self, term: Term, expected: Sort, place: str) -> list[Problem]:
        if not isinstance(term, NODES):
            hint = "write `.is_(…)` instead of `==`" if isinstance(term, bool) else "write a term over the facts"
            return [Problem(place, f"expected a term, got {excerpt(term)}", hint, NOT_A_TERM)]
        problems: list[Problem] = []
        found = self._sort(term, place, problems)
        if found is not None and not _alike(found, expected):
            message = f"expected {expected}, got {found}: `{notation(term)}`"
            problems.append(Problem(place, message, code="wrong-sort"))
        elif found is not None and not found.whole_ore:
            problems.append(_unrounded(place, term))
        return problems

    def _sort(self, term: Term, place: str, problems: list[Problem]) -> Sort | None:
        match term:
            case Constant(value):
                if isinstance(value, Decimal) and decimals(value) > 2:
                    message = f"expected at most two decimals, got {excerpt(value)}"
                    problems.append(
                        Problem(place, message, "round it to whole øre, or to a whole number", "over-precise")
                    )
                return evolve(_sort_of(value), literal=True)
            case Named(name):
                return self._named(name, place, problems)
            case Fact():
                return self._fact(term, place, problems)
            case Judgement():
                return TRUTH
            case Arithmetic():
                return self._arithmetic(term, place, problems)
            case Extreme(_, items):
                return self._same(items, place, problems, _NUMBERS)
            case Share(base, rate, _):
                problems += self._expect(base, _MONEY, f"{place}.base")
                if not isinstance(rate, Fraction):
                    message = f"expected an exact fraction, got {excerpt(rate)}"
                    problems.append(Problem(f"{place}.rate", message, "write `Fraction(1, 5)`", "wrong-sort"))
                return _MONEY
            case Rounded(amount, _):
                inner = self._sort(amount, f"{place}.amount", problems)
                if inner is not None and inner.kind is not Kind.MONEY:
                    problems.append(Problem(f"{place}.amount", f"rounds {inner} to øre", code="wrong-sort"))
                return _MONEY
            case Lookup(table, day):
                return self._lookup(table, day, place, problems)
            case Total(collection, item, where):
                return self._total(collection, item, where, place, problems)
            case Choose(condition, chosen, otherwise):
                problems += self._expect(condition, TRUTH, f"{place}.condition")
                return self._same((chosen, otherwise), place, problems, tuple(Kind))
            case Compare():
                self._compare(term, place, problems)
                return TRUTH
            case Membership():
                self._membership(term, place, problems)
                return TRUTH
            case AllOf(items) | AnyOf(items) | AtLeast(_, items):
                for index, item in enumerate(items):
                    problems += self._expect(item, TRUTH, f"{place}.items[{index}]")
                if not items or (isinstance(term, AtLeast) and not 0 < term.count <= len(items)):
                    problems.append(Problem(place, f"`{notation(term)}` asks nothing", code="empty"))
                return TRUTH
            case Not(item):
                problems += self._expect(item, TRUTH, f"{place}.item")
                return TRUTH
            case Exists(collection, where):
                inside = self._inside(collection, place, problems)
                problems += inside._expect(where, TRUTH, f"{place}.where") if inside else []
                return TRUTH
            case Different(count, where):
                inside = self._inside(ORGANISATIONS, place, problems)
                problems += inside._expect(where, TRUTH, f"{place}.where") if inside else []
                if type(count) is not int or count < 1:
                    message = f"expected a count of at least 1, got {excerpt(count)}"
                    problems.append(Problem(f"{place}.count", message, code="empty"))
                return TRUTH
            case Known(fact):
                self._known(fact, place, problems)
                return TRUTH
            case _:
                assert_never(term)

    def _named(self, name: str, place: str, problems: list[Problem]) -> Sort | None:
        if name in self.values:
            return _sort_of(self.values[name])
        problems.append(
            Problem(place, f"the round binds no value `{name}`", nearest(name, self.values), "unknown-value")
        )
        return None

    def field_of(self, fact: Fact) -> Field | None:
        """The declaration behind a fact, following names to the records they name."""
        record = _TOTALS if fact.of == TOTALS else self.schema.record(fact.of)
        for step in fact.path[:-1]:
            reference = record.reference(step) if record else None
            inner = record.field(step) if record else None
            name = reference.names if reference else inner.record if inner else ""
            record = self.schema.record(name)
        return record.field(fact.path[-1]) if record and fact.path else None

    def _fact(self, fact: Fact, place: str, problems: list[Problem]) -> Sort | None:
        declared = self.field_of(fact)
        if declared is None:
            record = self.schema.record(fact.of)
            hint = nearest(fact.path[-1], [f.name for f in record.fields]) if record and fact.path else ""
            problems.append(Problem(place, f"there is no fact `{notation(fact)}`", hint, "unknown-fact"))
            return None
        if fact.of not in self.scope:
            where = "the grant formula" if fact.of == TOTALS else f"a list of {fact.of} or a rule about them"
            problems.append(Problem(place, f"`{notation(fact)}` can only be read inside {where}", code="out-of-scope"))
            return None
        if declared.kind in (Kind.RECORD, Kind.MANY):
            problems.append(
                Problem(place, f"`{notation(fact)}` is a {declared.kind.value}, no value", code="wrong-sort")
            )
            return None
        return Sort(declared.kind, declared.unit, declared.codes)

    def _arithmetic(self, term: Arithmetic, place: str, problems: list[Problem]) -> Sort | None:
        left = self._sort(term.left, f"{place}.left", problems)
        right = self._sort(term.right, f"{place}.right", problems)
        if left is None or right is None:
            return None
        if term.operation is not Operation.MULTIPLY:
            return self._same((term.left, term.right), place, [], _NUMBERS) or self._mismatch(
                term, left, right, place, problems
            )
        kinds = {left.kind, right.kind}
        if kinds == {Kind.RATE, Kind.QUANTITY} and left.unit == right.unit:
            return Sort(Kind.MONEY, whole_ore=False)
        if Kind.COUNT in kinds and kinds <= set(_NUMBERS):
            return right if left.kind is Kind.COUNT else left
        return self._mismatch(term, left, right, place, problems)

    @staticmethod
    def _mismatch(term: Arithmetic, left: Sort, right: Sort, place: str, problems: list[Problem]) -> None:
        verb = {Operation.ADD: "adds", Operation.SUBTRACT: "subtracts", Operation.MULTIPLY: "multiplies"}
        message = f"{verb[term.operation]} `{notation(term.left)}` ({left}) and `{notation(term.right)}` ({right})"
        problems.append(Problem(place, message, code="wrong-sort"))

    def _same(
        self, items: tuple[Term, ...], place: str, problems: list[Problem], kinds: tuple[Kind, ...]
    ) -> Sort | None:
        sorts = [self._sort(item, f"{place}[{index}]", problems) for index, item in enumerate(items)]
        known = [sort for sort in sorts if sort is not None]
        if len(known) < len(sorts) or not known:
            return None
        first = next((sort for sort in known if not sort.literal), known[0])
        if first.kind not in kinds or not all(_alike(sort, first) for sort in known):
            found = ", ".join(f"`{notation(i)}` ({s})" for i, s in zip(items, known, strict=True))
            problems.append(Problem(place, f"brings together {found}", code="wrong-sort"))
            return None
        return evolve(first, whole_ore=all(sort.whole_ore for sort in known), literal=False)

    def _lookup(self, table: Term, day: Term, place: str, problems: list[Problem]) -> Sort | None:
        problems += self._expect(day, Sort(Kind.DAY), f"{place}.day")
        found = self._sort(table, f"{place}.table", problems)
        if found is None:
            return None
        if not found.table:
            problems.append(Problem(f"{place}.table", f"expected a dated table, got {found}", code="wrong-sort"))
            return None
        return Sort(Kind.RATE, found.unit)

    def _total(
        self, collection: str, item: Term, where: Term | None, place: str, problems: list[Problem]
    ) -> Sort | None:
        inside = self._inside(collection, place, problems)
        if inside is None:
            return None
        if where is not None:
            problems += inside._expect(where, TRUTH, f"{place}.where")
        return inside._same((item,), f"{place}.item", problems, _NUMBERS)

    def _inside(self, collection: str, place: str, problems: list[Problem]) -> "Checker | None":
        lists = [f.record for f in self.schema.application.fields if f.kind is Kind.MANY]
        if collection not in lists:
            problems.append(
                Problem(place, f"there is no list `{collection}`", nearest(collection, lists), "unknown-fact")
            )
            return None
        if collection in self.scope:
            problems.append(
                Problem(place, f"a list of {collection} inside a list of {collection}", code="out-of-scope")
            )
            return None
        return evolve(self, scope=(*self.scope, collection))

    def _compare(self, term: Compare, place: str, problems: list[Problem]) -> None:
        left = self._sort(term.left, f"{place}.left", problems)
        right = self._sort(term.right, f"{place}.right", problems)
        if left is None or right is None:
            return
        ordered = term.relation is not Relation.EQUAL
        if not _alike(left, right) or (ordered and left.kind not in _ORDERED):
            message = f"compares `{notation(term.left)}` ({left}) with `{notation(term.right)}` ({right})"
            hint = 'write an amount as `kr("…")`' if {left.kind, right.kind} == {Kind.MONEY, Kind.COUNT} else ""
            problems.append(Problem(place, message, hint, "wrong-sort"))
            return
        for side, sort in ((term.left, left), (term.right, right)):
            if not sort.whole_ore:
                problems.append(_unrounded(place, side))
        for fact, limit in ((term.left, term.right), (term.right, term.left)):
            if isinstance(fact, Fact):
                self._limit(fact, limit, place, problems)

    def _limit(self, fact: Fact, limit: Term, place: str, problems: list[Problem]) -> None:
        declared, value = self.field_of(fact), self._literal(limit)
        if declared is None or value is None:
            return
        if declared.options and isinstance(value, str):
            problems += _unknown_words((value,), declared.codes, place, notation(fact))
        low, high = declared.minimum, declared.maximum
        if (low is not None and value < low) or (high is not None and value > high):
            bounds = " to ".join("…" if b is None else amount_text(b) for b in (low, high))
            message = (
                f"the limit `{notation(limit)}` ({amount_text(value)}) is outside of what `{notation(fact)}` can be"
            )
            problems.append(Problem(place, message, f"keep it within {bounds}", "limit-out-of-bounds"))

    def _literal(self, term: Term) -> Any:
        match term:
            case Constant(value):
                return value
            case Named(name):
                return self.values.get(name)
            case _:
                return None

    def _membership(self, term: Membership, place: str, problems: list[Problem]) -> None:
        found = self._sort(term.subject, f"{place}.subject", problems)
        if found is None:
            return
        kinds = (Kind.CHOICE, Kind.TEXT) if term.among is Among.IS_ONE_OF else (Kind.CHOICES,)
        if found.kind not in kinds:
            message = f"asks whether `{notation(term.subject)}` ({found}) {term.among.value} words"
            problems.append(Problem(place, message, code="wrong-sort"))
        elif not term.options:
            problems.append(Problem(place, f"`{notation(term.subject)}` is compared with no words", code="empty"))
        elif found.options:
            problems += _unknown_words(term.options, found.options, place, notation(term.subject))

    def _known(self, fact: Fact, place: str, problems: list[Problem]) -> None:
        declared = self.field_of(fact)
        if self._fact(fact, place, problems) is not None and declared is not None and not declared.optional:
            message = f"`{notation(fact)}` is not optional: leaving it out states nothing"
            problems.append(Problem(place, message, "declare the fact `optional=True`", "not-optional"))


def _alike(one: Sort, other: Sort) -> bool:
    if one.table or other.table:
        return False
    if one.kind is other.kind:
        return one.unit == other.unit
    if {one.kind, other.kind} == {Kind.CHOICE, Kind.TEXT}:
        return True
    return any(a.literal and a.kind is Kind.COUNT and b.kind is Kind.QUANTITY for a, b in ((one, other), (other, one)))


def _unrounded(place: str, term: Term) -> Problem:
    message = f"`{notation(term)}` can fall between two øre"
    return Problem(place, message, "name the rounding: `.rounded(Rounding.HALF_UP)`", "unrounded")


def _unknown_words(words: tuple[str, ...], options: tuple[str, ...], place: str, fact: str) -> list[Problem]:
    return [
        Problem(place, f"`{word}` is not among the words of `{fact}`", nearest(word, options), "unknown-word")
        for word in words
        if word not in options
    ]


def _sort_of(value: Amount) -> Sort:
    match value:
        case bool():
            return TRUTH
        case Decimal():
            return _MONEY
        case int():
            return Sort(Kind.COUNT)
        case Fraction():
            return Sort(Kind.RATE)
        case datetime():
            return Sort(Kind.MOMENT)
        case date():
            return Sort(Kind.DAY)
        case DatedTable():
            return Sort(Kind.RATE, value.unit, table=True)
        case frozenset():
            return Sort(Kind.CHOICES)
        case str():
            return Sort(Kind.TEXT)
        case _:
            assert_never(value)
