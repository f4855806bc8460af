"""
What a cell holds: a fact as its column has it, and a cell as the fact it states.

Both ways are exact, and both hold a value against what the layout says of the column: its type, its limits, its words.
A missing fact is a null, and a null a missing fact.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, DecimalException
from typing import Any, TypeAlias, assert_never
from zoneinfo import ZoneInfo

from grantrules.errors import excerpt, nearest
from grantrules.tables.layout import ORE_DECIMALS, Column, Type
from grantrules.values import exact, fixed_offset

Cell: TypeAlias = str | int | bool | date | datetime | None
"""What Python has for a cell: whole numbers for amounts, and moments in UTC."""

_LARGEST = 2**63 - 1
_HALF = re.compile("[\ud800-\udfff]")
"""Half of a character pair, which no file holds."""


class Misfit(ValueError):
    """A value that its column does not hold: what is wrong, and a hint."""

    def __init__(self, message: str, hint: str = "", code: str = "wrong-type") -> None:
        super().__init__(message)
        self.message, self.hint, self.code = message, hint, code


def cell_of(column: Column) -> Callable[[Any], Cell]:
    """
    The function that writes a fact into a column.

    It is called where decimal arithmetic is exact, and raises `Misfit` for what the column cannot hold.
    """
    match column.type:
        case Type.WHOLE:
            return _stated(_steps(column) if column.scale else _whole(column))
        case Type.MOMENT:
            return _stated(lambda value: _moment(value, UTC))
        case Type.KEY | Type.TEXT:
            return _stated(_text(column))
        case Type.TRUTH:
            return _stated(_truth)
        case Type.DAY:
            return _stated(_day(column))
        case _:
            assert_never(column.type)


def fact_of(column: Column, zone: str) -> Callable[[Any], Any]:
    """
    The function that reads a fact from a column; moments have the offset that `zone` has at that time.

    It raises `Misfit` for what the column may not hold.
    """
    match column.type:
        case Type.WHOLE:
            return _stated(_number(column) if column.scale else _whole(column))
        case Type.MOMENT:
            clock = ZoneInfo(zone)
            return _stated(lambda cell: fixed_offset(_moment(cell, clock)))
        case Type.KEY:
            return _stated(_key)
        case Type.TEXT:
            return _stated(_text(column))
        case Type.TRUTH:
            return _stated(_truth)
        case Type.DAY:
            return _stated(_day(column))
        case _:
            assert_never(column.type)


def _stated(written: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else written(value)


def _steps(column: Column) -> Callable[[Any], int]:
    """An exact number as a whole number of the column's unit."""
    scale = column.scale
    with exact():
        low, high = (Decimal(bound).scaleb(-scale) for bound in _bounds(column))

    def steps(value: Any) -> int:
        if not isinstance(value, Decimal) or not value.is_finite():
            raise Misfit(f"expected an exact number, got {excerpt(value)}", "write a `Decimal`")
        if not low <= value <= high:
            raise _outside(low if value < low else high, value < low, value)
        try:
            scaled = value.scaleb(scale)
        except DecimalException as error:
            raise _too_fine(value, scale) from error
        whole = int(scaled)
        if whole != scaled:
            raise _too_fine(value, scale)
        return whole

    return steps


def _too_fine(value: object, scale: int) -> Misfit:
    return Misfit(f"expected at most {scale} decimals, got {excerpt(value)}", code="over-precise")


def _number(column: Column) -> Callable[[Any], Decimal]:
    """The exact number that a whole number of the column's unit stands for; amounts have two decimals."""
    scale, whole = column.scale, _whole(column)

    def number(cell: Any) -> Decimal:
        found = Decimal(whole(cell)).scaleb(-scale)
        if scale == ORE_DECIMALS:
            return found
        return found.normalize() if cell % 10**scale else Decimal(cell // 10**scale)

    return number


def _whole(column: Column) -> Callable[[Any], int]:
    low, high = _bounds(column)

    def whole(value: Any) -> int:
        if type(value) is not int:
            raise Misfit(f"expected a whole number, got {_shown(value)}")
        if not low <= value <= high:
            raise _outside(low if value < low else high, value < low, value)
        return value

    return whole


def _bounds(column: Column) -> tuple[int, int]:
    low, high = column.minimum, column.maximum
    return (low if isinstance(low, int) else -_LARGEST, high if isinstance(high, int) else _LARGEST)


def _outside(bound: object, below: bool, value: object) -> Misfit:
    return Misfit(f"expected at {'least' if below else 'most'} {bound}, got {excerpt(value)}", code="out-of-bounds")


def _shown(value: object) -> str:
    """What was found, text with its quotation marks where those are what is wrong."""
    return excerpt(f'"{value[:200]}"' if isinstance(value, str) else value)


def _truth(value: Any) -> bool:
    if type(value) is not bool:
        raise Misfit(f"expected yes or no, got {_shown(value)}")
    return value


def _text(column: Column) -> Callable[[Any], str]:
    words = frozenset(column.options)

    def text(value: Any) -> str:
        if not isinstance(value, str):
            raise Misfit(f"expected text, got {excerpt(value)}")
        if words and value not in words:
            hint = nearest(value, words) or "choose from " + ", ".join(column.options)
            raise Misfit(f"expected a word of the list, got {excerpt(value)}", hint, "unknown-word")
        if _HALF.search(value):
            raise Misfit(f"expected text, got half a character in {excerpt(value)}", "write the character itself")
        return value

    return text


def _key(cell: Any) -> str:
    if type(cell) is not int and not isinstance(cell, str):
        raise Misfit(f"expected a case number as text or int64, got {excerpt(cell)}")
    return str(cell)


def _day(column: Column) -> Callable[[Any], date]:
    low = column.minimum if isinstance(column.minimum, date) else date.min
    high = column.maximum if isinstance(column.maximum, date) else date.max

    def day(value: Any) -> date:
        if not isinstance(value, date) or isinstance(value, datetime):
            raise Misfit(f"expected a date, got {_shown(value)}")
        if not low <= value <= high:
            raise _outside(low if value < low else high, value < low, value)
        return value

    return day


def _moment(value: Any, clock: Any) -> datetime:
    if not isinstance(value, datetime) or value.utcoffset() is None:
        raise Misfit(f"expected a time with its zone, got {_shown(value)}")
    try:
        return value.astimezone(clock)
    except OverflowError as error:
        raise Misfit(f"there is no such time in every zone: {excerpt(value)}", code="out-of-bounds") from error
