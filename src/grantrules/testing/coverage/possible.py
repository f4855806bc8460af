"""
What a term can be at all, read off the declarations of the facts, the values of the round and what is known already.

Everything here errs on one side: what is called impossible surely is, and what is called possible may still not be.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import product
from typing import Any, TypeAlias, assert_never

from attrs import evolve, field, frozen

from grantrules.ruleset import RuleSet
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
    Operation,
    Pick,
    Relation,
    Rounded,
    Share,
    Term,
    Total,
)
from grantrules.terms.schema import TOTALS
from grantrules.terms.walk import parts
from grantrules.values import Amount, DatedTable, Rounding, Truth, share_of

Truths: TypeAlias = frozenset[Truth]
"""The truths that a yes or no can have."""

EITHER: Truths = frozenset({True, False})
ANY: Truths = frozenset({True, False, None})
_MISSING: Truths = frozenset({None})

End: TypeAlias = Fraction | date | None
"""An end of a span: a number, a day or a moment; `None` where it is open."""


class Position(StrEnum):
    """How a value stands to a limit."""

    BELOW = "below"
    AT = "at"
    ABOVE = "above"


HOLDING: Mapping[Relation, frozenset[Position]] = {
    Relation.LESS: frozenset({Position.BELOW}),
    Relation.AT_MOST: frozenset({Position.BELOW, Position.AT}),
    Relation.EQUAL: frozenset({Position.AT}),
    Relation.AT_LEAST: frozenset({Position.AT, Position.ABOVE}),
    Relation.MORE: frozenset({Position.ABOVE}),
}
"""Where the left side must stand for a comparison to hold."""


@frozen
class Span:
    """The values from `low` to `high`, both included; an end that is `None` is open."""

    low: End = None
    high: End = None

    def positions(self, limit: "Span") -> frozenset[Position]:
        """How a value of this span can stand to one of `limit`."""
        below, above = _less(self.low, limit.high), _less(limit.low, self.high)
        level = _less(self.low, limit.high, or_level=True) and _less(limit.low, self.high, or_level=True)
        return frozenset(
            position
            for position, can in ((Position.BELOW, below), (Position.AT, level), (Position.ABOVE, above))
            if can
        )


ANYTHING = Span()


def _less(low: Any, high: Any, or_level: bool = False) -> bool:
    """Something from `low` upwards can be less than something up to `high`."""
    return low is None or high is None or low < high or (or_level and low == high)


@frozen
class Possible:
    """
    What terms can be under the rules of a round.

    Args:
        stated: facts and judgements that surely have a value.
        given: terms that are surely true, or surely false.
    """

    rules: RuleSet
    stated: frozenset[Term] = frozenset()
    given: Mapping[Term, bool] = field(factory=dict)

    def where(self, term: Term, holds: bool) -> "Possible":
        """What terms can be where `term` has settled one way."""
        settled = tuple(_settled(term, holds))
        stated = frozenset(leaf for at, truth in settled for leaf in _stated(at, truth))
        return evolve(self, stated=self.stated | stated, given={**self.given, **dict(settled)})

    def truths(self, term: Term) -> Truths:
        """What a yes or no can be."""
        if term in self.given:
            return frozenset({self.given[term]})
        match term:
            case Constant() | Named():
                return frozenset({bool(self.rules.checker.figure(term))})
            case Fact() | Judgement():
                return self._unless_missing(EITHER, term)
            case Compare(relation, left, right):
                positions = self.positions(left, right)
                return self._unless_missing(frozenset(at in HOLDING[relation] for at in positions), term)
            case Membership(among, subject, options):
                return self._unless_missing(self._memberships(among, subject, options), term)
            case AllOf(items):
                return _enough(len(items), [self.truths(item) for item in items])
            case AnyOf(items):
                return _enough(1, [self.truths(item) for item in items])
            case AtLeast(count, items):
                return _enough(count, [self.truths(item) for item in items])
            case Not(item):
                return frozenset(None if truth is None else not truth for truth in self.truths(item))
            case Exists(_, where) | Different(_, where):  # the list can be empty, and it can be missing
                return frozenset({False, None}) | (self.truths(where) & {True})
            case Known(fact):
                return frozenset({True}) if fact in self.stated else EITHER
            case Choose(condition):
                missing = _MISSING & self.truths(condition)
                return missing.union(*(found.truths(branch) for found, branch in self._branches(term)))
            case Arithmetic() | Extreme() | Share() | Rounded() | Lookup() | Total():
                return ANY
            case _:
                assert_never(term)

    def _unless_missing(self, truths: Truths, term: Term) -> Truths:
        return truths | _MISSING if self.can_miss(term) else truths

    def _memberships(self, among: Among, subject: Term, options: tuple[str, ...]) -> Truths:
        words = self.words(subject)
        if among is not Among.IS_ONE_OF or words is None:
            return EITHER
        return frozenset(word in options for word in words)

    def _branches(self, term: Choose) -> Iterator[tuple["Possible", Term]]:
        """The branches that can be chosen, each with what is possible where it is."""
        for truth, branch in ((True, term.chosen), (False, term.otherwise)):
            if truth in self.truths(term.condition):
                yield self.where(term.condition, truth), branch

    def can_miss(self, term: Term) -> bool:
        """A term may have no value."""
        match term:
            case Constant() | Named() | Known():
                return False
            case Fact() | Judgement():
                return term not in self.stated
            case Lookup(table, day):
                return self.can_miss(day) or not self._covered(table, day)
            case Total():
                return True
            case Choose(condition):
                return None in self.truths(condition) or any(at.can_miss(branch) for at, branch in self._branches(term))
            case Arithmetic() | Extreme() | Share() | Rounded() | Compare() | Membership():
                return any(self.can_miss(inner) for _, inner in parts(term))
            case AllOf() | AnyOf() | AtLeast() | Not() | Exists() | Different():
                return None in self.truths(term)
            case _:
                assert_never(term)

    def _covered(self, table: Term, day: Term) -> bool:
        found, days = self.rules.checker.figure(table), self.span(day)
        if not isinstance(found, DatedTable) or days.low is None or days.high is None:
            return False
        first, last = found.entries[0].first, found.entries[-1].last
        return not _less(days.low, first) and not _less(last, days.high)

    def words(self, term: Term) -> frozenset[str] | None:
        """The words that a choice can be; `None` where any will do, or where it is no choice."""
        match term:
            case Constant(str(word)):
                return frozenset({word})
            case Named() if isinstance(word := self.rules.checker.figure(term), str):
                return frozenset({word})
            case Fact():
                declared = self.rules.checker.field_of(term)
                codes = declared.codes if declared is not None and declared.codes else None
                return None if codes is None else frozenset(code for code in codes if self._fits(term, code))
            case _:
                return None

    def _fits(self, fact: Fact, code: str) -> bool:
        """Nothing that is given speaks against a word."""
        return all(_says(term, fact, code) in (None, truth) for term, truth in self.given.items())

    def positions(self, left: Term, right: Term) -> frozenset[Position]:
        """How one value can stand to another; of words, only whether they are the same."""
        if left == right:
            return frozenset({Position.AT})
        ones, others = self.words(left), self.words(right)
        if ones is None or others is None:
            return self.span(left).positions(self.span(right))
        pairs = product(ones, others)
        return frozenset(Position.AT if one == other else Position.BELOW for one, other in pairs)

    def span(self, term: Term) -> Span:
        """Where a number, a day or a moment can lie."""
        match term:
            case Constant() | Named():
                return _exactly(self.rules.checker.figure(term))
            case Fact(of) if of == TOTALS:
                return Span(Fraction(0))
            case Fact():
                declared = self.rules.checker.field_of(term)
                return ANYTHING if declared is None else Span(_end(declared.minimum), _end(declared.maximum))
            case Arithmetic(operation, left, right):
                return _combined(operation, self.span(left), self.span(right))
            case Extreme(pick, items):
                return _extreme(pick, [self.span(item) for item in items])
            case Share(base, rate, rounding):
                ends = (_to_ore(end, rate, rounding) for end in _ends(self.span(base)))
                return _turned(Span(*ends)) if rate < 0 else Span(*ends)
            case Rounded(amount, rounding):
                return Span(*(_to_ore(end, Fraction(1), rounding) for end in _ends(self.span(amount))))
            case Lookup(table, _):
                found = self.rules.checker.figure(table)
                amounts = [Fraction(entry.amount) for entry in found.entries] if isinstance(found, DatedTable) else []
                return Span(min(amounts), max(amounts)) if amounts else ANYTHING
            case Total(_, item):  # of no items it is zero, and of items there is no end
                low, high = _ends(self.span(item))
                return Span(*(None if end is None or wrong else Fraction(0) for end, wrong in _growing(low, high)))
            case Choose():
                return _around([found.span(branch) for found, branch in self._branches(term)])
            case Judgement() | Compare() | Membership() | AllOf() | AnyOf() | AtLeast() | Not():
                return ANYTHING
            case Exists() | Different() | Known():
                return ANYTHING
            case _:
                assert_never(term)


def _settled(term: Term, holds: bool) -> Iterator[tuple[Term, bool]]:
    """A term that has settled one way, and the parts of it that must then have settled too."""
    yield term, holds
    match term:
        case AllOf(items) if holds:
            yield from (inner for item in items for inner in _settled(item, True))
        case AnyOf(items) if not holds:
            yield from (inner for item in items for inner in _settled(item, False))
        case Not(item):
            yield from _settled(item, not holds)
        case _:
            return


def _stated(term: Term, holds: bool) -> Iterator[Term]:
    """The facts and judgements without which a term could not have settled."""
    match term:
        case Fact() | Judgement():
            yield term
        case Known(fact) if holds:
            yield fact
        case Arithmetic() | Extreme() | Share() | Rounded() | Lookup() | Compare() | Membership():
            yield from (leaf for _, inner in parts(term) for leaf in _stated(inner, holds))
        case _:
            return


def _says(term: Term, fact: Fact, code: str) -> Truth:
    """What a term says of a fact that is `code`; `None` if it is about something else."""
    match term:
        case Compare(Relation.EQUAL, left, Constant(str(word))) if left == fact:
            return word == code
        case Membership(Among.IS_ONE_OF, subject, options) if subject == fact:
            return code in options
        case _:
            return None


def _enough(count: int, items: Sequence[Truths]) -> Truths:
    """What "at least `count` of them" can be, each item being free of the others."""
    reached = {(0, 0)}
    for truths in items:
        reached = {(sure + (truth is True), able + (truth is not False)) for sure, able in reached for truth in truths}
    return frozenset(True if sure >= count else False if able < count else None for sure, able in reached)


def _exactly(value: Amount | None) -> Span:
    end = _end(value)
    return Span(end, end)


def _end(value: object) -> End:
    match value:
        case int() | Decimal() | Fraction():
            return Fraction(value)
        case date():
            return value
        case _:
            return None


def _ends(span: Span) -> tuple[Fraction | None, Fraction | None]:
    """The ends of a span of numbers."""
    low, high = (end if isinstance(end, Fraction) else None for end in (span.low, span.high))
    return low, high


def _combined(operation: Operation, left: Span, right: Span) -> Span:
    (low, high), (least, most) = _ends(left), _ends(right)
    match operation:
        case Operation.ADD:
            return Span(*(None if a is None or b is None else a + b for a, b in ((low, least), (high, most))))
        case Operation.SUBTRACT:
            return Span(*(None if a is None or b is None else a - b for a, b in ((low, most), (high, least))))
        case Operation.MULTIPLY if low is None or least is None or low < 0 or least < 0:
            return ANYTHING
        case Operation.MULTIPLY:
            return Span(low * least, None if high is None or most is None else high * most)
        case _:
            assert_never(operation)


def _extreme(pick: Pick, spans: Sequence[Span]) -> Span:
    lows, highs = ([end for end, _ in map(_ends, spans)], [end for _, end in map(_ends, spans)])
    match pick:
        case Pick.LEAST:
            return Span(_of(min, lows), _of(min, [end for end in highs if end is not None]))
        case Pick.GREATEST:
            return Span(_of(max, [end for end in lows if end is not None]), _of(max, highs))
        case _:
            assert_never(pick)


def _around(spans: Sequence[Span]) -> Span:
    """The span that holds all of them."""
    return Span(_of(min, [span.low for span in spans]), _of(max, [span.high for span in spans]))


def _of(choose: Any, ends: Iterable[End]) -> Any:
    """The least or the greatest end, open if one of them is or if there are none."""
    found = list(ends)
    return None if None in found or not found else choose(found)


def _turned(span: Span) -> Span:
    return Span(span.high, span.low)


def _growing(low: Fraction | None, high: Fraction | None) -> tuple[tuple[Fraction | None, bool], ...]:
    """The ends of one item, each with whether more items lead beyond it."""
    return (low, low is not None and low < 0), (high, high is not None and high > 0)


def _to_ore(end: Fraction | None, rate: Fraction, rounding: Rounding) -> Fraction | None:
    return None if end is None else Fraction(share_of(Decimal(1), end * rate, rounding))
