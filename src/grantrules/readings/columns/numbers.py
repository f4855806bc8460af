"""
Exact numbers in columns of 64-bit integers.

A number is a whole number of steps, with a fixed count of decimals, and limits that hold whatever the data says.
Every operation works out the limits of its result, so that none can overflow unnoticed: what might is refused when
the query is built. No division passes through a binary float that could round: PySpark divides whole numbers as
floats, which are exact only below 2 to the 52nd.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias, assert_never

import narwhals as nw
from attrs import evolve, frozen

from grantrules.tables.layout import ORE_DECIMALS
from grantrules.terms.nodes import Operation, Pick, Relation
from grantrules.values import Rounding

HIGHEST = 2**63 - 1
"""What a 64-bit integer holds, with either sign."""

_EXACT_FLOAT = 2**52
_SPLIT = 2**31


class TooLarge(ArithmeticError):
    """A number might not fit 64 bits."""


@frozen
class Number:
    """
    A column of exact numbers.

    Args:
        expr: whole numbers of steps; null where the number is missing.
        scale: the decimals of a step: a step is `10 ** -scale`.
        low, high: limits of the steps, both included.
        nullable: it may be missing.
    """

    expr: nw.Expr
    scale: int
    low: int
    high: int
    nullable: bool = True

    def __attrs_post_init__(self) -> None:
        if not -HIGHEST <= self.low <= self.high <= HIGHEST:
            most = max(abs(self.low), abs(self.high))
            raise TooLarge(f"it may reach {most:.2e}, and 64 bits hold {HIGHEST:.2e}")

    def at_scale(self, scale: int) -> "Number":
        """The same numbers in finer steps."""
        factor = 10 ** (scale - self.scale)
        return self if factor == 1 else _scaled(evolve(self, scale=scale), factor)


def _scaled(number: Number, factor: int) -> Number:
    low, high = sorted((number.low * factor, number.high * factor))
    return evolve(number, expr=number.expr * factor, low=low, high=high)


def literal(steps: int) -> nw.Expr:
    """A whole number, the same in every row."""
    return nw.lit(steps, dtype=nw.Int64)


def constant(value: int | Decimal) -> Number:
    """A number, the same in every row."""
    exact = Decimal(value)
    exponent = exact.as_tuple().exponent
    scale = max(0, -exponent) if isinstance(exponent, int) else 0
    steps = int(Fraction(exact) * 10**scale)
    return Number(literal(steps), scale, steps, steps, nullable=False)


def aligned(numbers: Sequence[Number]) -> tuple[Number, ...]:
    """The numbers in steps of one size."""
    scale = max(number.scale for number in numbers)
    return tuple(number.at_scale(scale) for number in numbers)


def known(numbers: Sequence[Number]) -> nw.Expr | None:
    """None of the numbers is missing; `None` if none can be."""
    missing: nw.Expr | None = None
    for number in numbers:
        if number.nullable:
            null = number.expr.is_null()
            missing = null if missing is None else missing | null
    return None if missing is None else ~missing


def arithmetic(operation: Operation, left: Number, right: Number) -> Number:
    """The sum, difference or product of two numbers; missing if either is."""
    nullable = left.nullable or right.nullable
    if operation is Operation.MULTIPLY:
        ends = [a * b for a in (left.low, left.high) for b in (right.low, right.high)]
        return Number(left.expr * right.expr, left.scale + right.scale, min(ends), max(ends), nullable)
    left, right = aligned((left, right))
    match operation:
        case Operation.ADD:
            low, high = left.low + right.low, left.high + right.high
            return Number(left.expr + right.expr, left.scale, low, high, nullable)
        case Operation.SUBTRACT:
            low, high = left.low - right.high, left.high - right.low
            return Number(left.expr - right.expr, left.scale, low, high, nullable)
        case _:
            assert_never(operation)


def extreme(pick: Pick, numbers: Sequence[Number]) -> Number:
    """The least or the greatest of several numbers; missing if any of them is."""
    alike = aligned(numbers)
    if len(alike) == 1:
        return alike[0]
    exprs = [number.expr for number in alike]
    lows, highs = [number.low for number in alike], [number.high for number in alike]
    if pick is Pick.LEAST:
        found, low, high = nw.min_horizontal(*exprs), min(lows), min(highs)
    else:
        found, low, high = nw.max_horizontal(*exprs), max(lows), max(highs)
    all_known = known(alike)  # the engines' own functions pass over what is missing
    expr = found if all_known is None else nw.when(all_known).then(found)
    return Number(expr, alike[0].scale, low, high, all_known is not None)


def compare(relation: Relation, left: Number, right: Number) -> nw.Expr:
    """How two numbers stand to each other; missing if either is."""
    left, right = aligned((left, right))
    return ordered(relation, left.expr, right.expr)


def ordered(relation: Relation, left: nw.Expr, right: nw.Expr) -> nw.Expr:
    """How two columns of one kind stand to each other; null if either is."""
    match relation:
        case Relation.EQUAL:
            return left == right
        case Relation.LESS:
            return left < right
        case Relation.AT_MOST:
            return left <= right
        case Relation.MORE:
            return left > right
        case Relation.AT_LEAST:
            return left >= right
        case _:
            assert_never(relation)


Hold: TypeAlias = Callable[[nw.Expr], nw.Expr]
"""Puts an expression into a column of its own, for what reads it more than once."""


def to_ore(number: Number, rounding: Rounding, hold: Hold) -> Number:
    """The number rounded to whole øre, in the way named."""
    return share(number, Fraction(1), rounding, hold)


def share(number: Number, rate: Fraction, rounding: Rounding, hold: Hold) -> Number:
    """The share `rate` of a number, rounded once to whole øre; a half goes away from zero."""
    if number.scale < ORE_DECIMALS:
        number = number.at_scale(ORE_DECIMALS)
    ratio = rate / 10 ** (number.scale - ORE_DECIMALS)
    if ratio == 1 and number.scale == ORE_DECIMALS:
        return number
    size = number if number.low >= 0 else evolve(number, expr=number.expr.abs(), low=0, high=_most(number))
    part = _part(size, abs(ratio), rounding, hold)
    low, high = (
        _rounded_towards(end * ratio, rounding) for end in sorted((number.low, number.high), reverse=ratio < 0)
    )
    if number.low >= 0 and ratio > 0:
        return Number(part, ORE_DECIMALS, low, high, number.nullable)
    negative = number.expr < 0 if ratio > 0 else number.expr > 0
    signed = nw.when(negative).then(-part).otherwise(part)
    return Number(signed, ORE_DECIMALS, low, high, number.nullable)


def _most(number: Number) -> int:
    return max(abs(number.low), abs(number.high))


def _rounded_towards(exact: Fraction, rounding: Rounding) -> int:
    """A bound of what rounding makes of a number: one beyond it, on the far side of zero."""
    return int(exact) + (1 if exact > 0 else -1 if exact < 0 else 0) * (0 if rounding is Rounding.DOWN else 1)


def _part(size: Number, ratio: Fraction, rounding: Rounding, hold: Hold) -> nw.Expr:
    """A share of numbers that are not negative, rounded; split where the product would not fit."""
    if size.high * ratio.numerator * 2 + 2 * ratio.denominator <= HIGHEST:
        highest = size.high * ratio.numerator
        return _divided(size.expr * ratio.numerator, highest, ratio.denominator, rounding, hold)
    whole = hold(floor_divided(size.expr, size.high, ratio.denominator, hold))
    rest = (size.expr - whole * ratio.denominator) * ratio.numerator
    highest_rest = (ratio.denominator - 1) * ratio.numerator
    if highest_rest * 2 + 2 * ratio.denominator > HIGHEST:
        raise TooLarge(f"the share {ratio} cannot be taken exactly in 64 bits")
    return whole * ratio.numerator + _divided(rest, highest_rest, ratio.denominator, rounding, hold)


def _divided(expr: nw.Expr, high: int, divisor: int, rounding: Rounding, hold: Hold) -> nw.Expr:
    """Numbers that are not negative, divided and rounded once."""
    match rounding:
        case Rounding.DOWN:
            return floor_divided(expr, high, divisor, hold)
        case Rounding.UP:
            return floor_divided(expr + (divisor - 1), high + divisor - 1, divisor, hold)
        case Rounding.HALF_UP:
            if divisor % 2:
                expr, high, divisor = expr * 2, high * 2, divisor * 2
            return floor_divided(expr + divisor // 2, high + divisor // 2, divisor, hold)
        case _:
            assert_never(rounding)


def floor_divided(expr: nw.Expr, high: int, divisor: int, hold: Hold) -> nw.Expr:
    """Numbers from 0 to `high`, divided by a whole number and cut; exact where engines divide as floats too."""
    if divisor == 1:
        return expr
    if high < _EXACT_FLOAT:
        return expr // divisor
    if divisor * _SPLIT > _EXACT_FLOAT:
        raise TooLarge(f"a division by {divisor} is not exact on every engine")
    expr = hold(expr)
    low = hold(expr % _SPLIT)
    top = hold((expr - low) // _SPLIT)  # a whole number below 2 to the 32nd, times a power of two: exact as a float
    whole = hold(top // divisor)
    return whole * _SPLIT + ((top - whole * divisor) * _SPLIT + low) // divisor
