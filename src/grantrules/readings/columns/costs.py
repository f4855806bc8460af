"""
The cost rules, line by line: what surely, and at most, remains.

For the sums, rules that take a whole line and follow each other are one: any of them settles the line. What each rule
takes and holds back by itself is worked out apart; an engine leaves it out where nobody asks for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple, assert_never

import narwhals as nw
from attrs import evolve, frozen

from grantrules.pools import Above, CostRule, Part, Whole
from grantrules.readings.columns import values
from grantrules.readings.columns.frames import Frames
from grantrules.readings.columns.lists import Gathered
from grantrules.readings.columns.numbers import Number, arithmetic, literal
from grantrules.readings.columns.terms import Reader
from grantrules.tables.layout import ORE_DECIMALS
from grantrules.terms.nodes import Fact, Operation, Term
from grantrules.terms.schema import COSTS
from grantrules.terms.walk import bound

LINE = (COSTS,)

AMOUNT, VAT = Fact(COSTS, ("amount",)), Fact(COSTS, ("vat",))


class Figure(NamedTuple):
    """What a rule takes at most, or leaves at most; null where it is missing."""

    number: Number
    is_limit: bool

    def left_of(self, amount: nw.Expr) -> nw.Expr:
        """What is left of an amount; nothing where the figure is missing."""
        figure, low = self.number.expr, self.number.low
        if self.is_limit:
            kept = figure if low >= 0 else nw.when(figure > 0).then(figure).otherwise(literal(0))
            return (
                nw.when(amount <= figure)
                .then(amount)
                .otherwise(nw.when(amount > figure).then(kept).otherwise(literal(0)))
            )
        less = nw.when(amount > figure).then(amount - figure).otherwise(literal(0))
        return less if low >= 0 else nw.when(figure <= 0).then(amount).otherwise(less)


@frozen
class Cut:
    """
    What one rule, or several in a row that take whole lines, do to a line.

    Args:
        applies: surely, surely not, or null; `None` if always.
        figure: `None` if the whole line is taken.
    """

    applies: nw.Expr | None
    figure: Figure | None

    def left_of(self, amount: nw.Expr) -> nw.Expr:
        """What the rule leaves of an amount where it applies; nothing where its figure is missing."""
        return literal(0) if self.figure is None else self.figure.left_of(amount)

    @property
    def sure(self) -> nw.Expr | None:
        """The rule surely takes what it takes; `None` if always. Where this is missing, it is not sure."""
        known = None
        if self.figure is not None and self.figure.number.nullable:
            known = ~self.figure.number.expr.is_null()
        both = [expr for expr in (self.applies, known) if expr is not None]
        return values.all_true(both) if both else None

    def low(self, low: nw.Expr) -> nw.Expr:
        """What surely remains of what surely remained."""
        left = self.left_of(low)
        return left if self.applies is None else nw.when(~self.applies).then(low).otherwise(left)

    def high(self, high: nw.Expr) -> nw.Expr:
        """What at most remains of what at most remained."""
        left, sure = self.left_of(high), self.sure
        return left if sure is None else nw.when(sure).then(left).otherwise(high)

    def may(self, high: nw.Expr) -> nw.Expr:
        """What the rule may further take of what at most remains, while it is not settled."""
        settled = self.sure
        if settled is None:
            return literal(0)
        may = nw.when(settled).then(literal(0)).otherwise(high - self.left_of(high))
        return may if self.applies is None else nw.when(~self.applies).then(literal(0)).otherwise(may)


@frozen
class CostLines:
    """
    The columns of the cost lines under one rule set.

    Attributes:
        claimed: amount and VAT together; null where either is missing.
        most: no line claims more.
        low, high: what surely, and at most, remains; to be read only where `claimed` is known.
        cuts: rule id to what the rule does, in order.
        left: what at most remains after each rule by itself.
        taken: what each rule surely takes.
    """

    claimed: str
    most: int
    low: str
    high: str
    cuts: Mapping[str, Cut]
    left: Mapping[str, str]
    taken: Mapping[str, str]

    @property
    def gathered(self) -> Gathered:
        """What is added up by case number."""
        return Gathered(sums=(self.claimed, self.low, self.high, *self.taken.values()), counted=(self.claimed,))


def bound_rule(rule: CostRule, reader: Reader) -> CostRule:
    """The rule with what the round binds in place of the names."""

    def with_values(term: Term | None) -> Term | None:
        return None if term is None else bound(term, reader.rules.values)

    disallow = rule.disallow
    match disallow:
        case Part(term):
            disallow = Part(bound(term, reader.rules.values))
        case Above(term):
            disallow = Above(bound(term, reader.rules.values))
        case Whole():
            pass
        case _:
            assert_never(disallow)
    return evolve(rule, disallow=disallow, when=with_values(rule.when), concerns=with_values(rule.concerns))


def rule_terms(rules: Sequence[CostRule]) -> Iterator[Term]:
    """Every term that the rules read of a line."""
    yield from (AMOUNT, VAT)
    yield from (term for rule in rules for _, term in rule.terms)


def cost_lines(reader: Reader, rules: Sequence[CostRule]) -> CostLines:
    """Compute what the rules, whose values are bound, leave of every line."""
    frames = reader.frames
    claimed = arithmetic(Operation.ADD, reader.number(AMOUNT, LINE), reader.number(VAT, LINE))
    name = frames.fresh("claimed")
    columns, cuts = {name: claimed.expr}, {}
    for rule in rules:
        cuts[rule.id], made = _cut(reader, rule)
        columns |= made
    frames.add(LINE, columns)
    low, high = _ends(frames, name, _merged(list(cuts.values())))
    left, taken = _taken(frames, name, cuts)
    return CostLines(name, claimed.high, low, high, cuts, left, taken)


def _cut(reader: Reader, rule: CostRule) -> tuple[Cut, dict[str, nw.Expr]]:
    """What a rule does, and the columns that it needs first."""
    guards = [reader.column(term, LINE) for term in (rule.concerns, rule.when) if term is not None]
    columns: dict[str, nw.Expr] = {}
    applies = None
    if guards:
        name = reader.frames.fresh("applies")
        columns[name] = values.all_true(guards)
        applies = nw.col(name)
    match rule.disallow:
        case Whole():
            return Cut(applies, None), columns
        case Part(term) | Above(term):
            number, name = reader.number(term, LINE).at_scale(ORE_DECIMALS), reader.frames.fresh("figure")
            columns[name] = number.expr
            return Cut(applies, Figure(evolve(number, expr=nw.col(name)), isinstance(rule.disallow, Above))), columns
        case _:
            assert_never(rule.disallow)


def _merged(cuts: Sequence[Cut]) -> Iterator[Cut]:
    """The cuts with those in a row that take whole lines made one."""
    for whole, group in groupby(cuts, lambda cut: cut.figure is None):
        alike = list(group)
        if not whole:
            yield from alike
            continue
        conditions = [cut.applies for cut in alike if cut.applies is not None]
        yield Cut(values.any_true(conditions) if len(conditions) == len(alike) else None, None)


def _ends(frames: Frames, claimed: str, cuts: Iterator[Cut]) -> tuple[str, str]:
    low = high = claimed
    for cut in cuts:
        next_low, next_high = frames.fresh("low"), frames.fresh("high")
        frames.add(LINE, {next_low: cut.low(nw.col(low)), next_high: cut.high(nw.col(high))})
        low, high = next_low, next_high
    return low, high


def _taken(frames: Frames, claimed: str, cuts: Mapping[str, Cut]) -> tuple[dict[str, str], dict[str, str]]:
    """What at most remains after each rule by itself, and what the rule surely takes: rule id to column."""
    high, left, taken = claimed, {}, {}
    for id, cut in cuts.items():
        left[id], taken[id] = frames.fresh("left"), frames.fresh("taken")
        frames.add(LINE, {left[id]: cut.high(nw.col(high))})
        frames.add(LINE, {taken[id]: nw.col(high) - nw.col(left[id])})
        high = left[id]
    return left, taken


def held_back(frames: Frames, lines: CostLines) -> dict[str, str]:
    """Compute what each rule holds back, in order and within what is undetermined in the end: rule id to column."""
    rest, held = frames.fresh("rest"), {}
    frames.add(LINE, {rest: nw.col(lines.high) - nw.col(lines.low)})
    for id, cut in lines.cuts.items():
        held[id], further = frames.fresh("held"), frames.fresh("rest")
        frames.add(LINE, {held[id]: nw.min_horizontal(cut.may(nw.col(lines.left[id])), nw.col(rest))})
        frames.add(LINE, {further: nw.col(rest) - nw.col(held[id])})
        rest = further
    return held
