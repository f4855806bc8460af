"""
The cells of text files as typed columns: read exactly as written, or named as unreadable.

No cell passes through a binary float, and none that cannot be read becomes a fact that is not stated.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from types import NoneType
from typing import Any, assert_never

import polars as pl
from attrs import frozen

from grantrules.errors import Problem, excerpt
from grantrules.serial.facts import DAY_TEXT, Wrong, reader_of, text
from grantrules.tables.layout import Column, Type
from grantrules.terms.schema import Field, Kind

UNREADABLE = "unreadable"
"""The code of a cell that is not of its column's type."""

_CLOCK_TEXT = r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
_MOMENT_TEXT = rf"{DAY_TEXT}[T ]{_CLOCK_TEXT}(Z|[+-][0-9]{{2}}(:?[0-9]{{2}})?)?"
_TRUTHS = {word: truth for truth in (True, False) for word in (str(truth), str(truth).lower(), str(truth).upper())}
_INT64 = range(-(2**63), 2**63)


def dtype(type: Type) -> pl.DataType:
    """The type that a column of text files is read as; case numbers are text there."""
    match type:
        case Type.KEY | Type.TEXT:
            return pl.String()
        case Type.TRUTH:
            return pl.Boolean()
        case Type.WHOLE:
            return pl.Int64()
        case Type.DAY:
            return pl.Date()
        case Type.MOMENT:
            return pl.Datetime("us", "UTC")
        case _:
            assert_never(type)


@frozen
class Cells:
    """
    The cells of one column.

    Args:
        typed: their values; null where nothing is stated or it cannot be read.
        unreadable: the rows that state what cannot be read.
    """

    typed: pl.Series
    unreadable: tuple[int, ...]


def from_text(column: Column, raw: pl.Series, zone: str) -> Cells:
    """
    Read cells of a CSV file.

    Args:
        raw: text; null where the cell is empty.
        zone: whose local time it is where a time names no offset.
    """
    typed = _typed(column, raw, zone).alias(column.name)
    return Cells(typed, tuple((typed.is_null() & raw.is_not_null()).arg_true()))


def _typed(column: Column, raw: pl.Series, zone: str) -> pl.Series:
    match column.type:
        case Type.KEY | Type.TEXT:
            return raw
        case Type.TRUTH:
            return raw.replace_strict(_TRUTHS, default=None, return_dtype=pl.Boolean)
        case Type.WHOLE:
            return _matching(raw, "-?[0-9]+").cast(pl.Int64, strict=False)
        case Type.DAY:
            return _matching(raw, DAY_TEXT).str.to_date("%Y-%m-%d", strict=False)
        case Type.MOMENT:
            read = _moments(column, zone)
            moments = {value: read(value) for value in raw.drop_nulls().unique()}
            return pl.Series(column.name, [moments.get(value) for value in raw], dtype(column.type))
        case _:
            assert_never(column.type)


def _matching(raw: pl.Series, pattern: str) -> pl.Series:
    return raw.set(~raw.str.contains(f"^(?:{pattern})$").fill_null(False), None)


def _moments(column: Column, zone: str) -> Callable[[str], datetime | None]:
    """Reads a time as application files do, and in the forms that other programs write into tables besides."""
    read = reader_of(Field(column.name, Kind.MOMENT, column.label), zone)

    def moment(value: str) -> datetime | None:
        if re.fullmatch(_MOMENT_TEXT, value, re.ASCII) is None:
            return None
        try:
            found: datetime = read(datetime.fromisoformat(value))
        except ValueError:  # no such day or hour, or one outside all reason; `Wrong` is one of them
            return None
        return found

    return moment


def from_json(column: Column, values: Sequence[Any], zone: str) -> Cells:
    """
    Read values of newline JSON.

    Args:
        values: as `grantrules.serial.files.parse_json` makes them; `None` where the key is absent or null.
    """
    stored = pl.String() if column.type in (Type.DAY, Type.MOMENT) else dtype(column.type)
    raw = _all_of_kind(column, values, stored)
    if raw is None:
        of_kind = _kind(column.type)
        raw = pl.Series(column.name, [None if value is None else of_kind(value) for value in values], stored)
    typed = raw if stored == dtype(column.type) else _typed(column, raw, zone)
    stated = pl.Series([value is not None for value in values], dtype=pl.Boolean)
    return Cells(typed.alias(column.name), tuple((typed.is_null() & stated).arg_true()))


def _all_of_kind(column: Column, values: Sequence[Any], stored: pl.DataType) -> pl.Series | None:
    """The values as they are, if all are of the right kind, as nearly always; `None` if they must be looked at."""
    kinds = {bool} if column.type is Type.TRUTH else {int} if column.type is Type.WHOLE else {str}
    if set(map(type, values)) <= {*kinds, NoneType}:
        try:
            return pl.Series(column.name, values, stored)
        except (OverflowError, TypeError, UnicodeEncodeError):
            return None
    return None


def _kind(type: Type) -> Callable[[Any], Any]:
    """Keeps a JSON value that is of the right kind; `None` for any other."""
    match type:
        case Type.KEY:
            return lambda value: str(value) if _is_whole(value) and value in _INT64 else _text(value)
        case Type.TEXT | Type.DAY | Type.MOMENT:
            return _text
        case Type.TRUTH:
            return lambda value: value if isinstance(value, bool) else None
        case Type.WHOLE:
            return lambda value: value if _is_whole(value) and value in _INT64 else None
        case _:
            assert_never(type)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _text(value: Any) -> str | None:
    try:
        return text(value)
    except Wrong:
        return None


def complaint(column: Column, value: Any) -> Problem:
    """What is wrong with a cell that cannot be read."""
    expected, hint = _expected(column)
    shown = excerpt(value)
    return Problem(column.name, f"expected {expected}, got {shown}", hint, UNREADABLE)


def _expected(column: Column) -> tuple[str, str]:
    match column.type:
        case Type.KEY:
            return "a case number", "write it as text or as a whole number"
        case Type.TEXT:
            return "text", "put it in quotation marks"
        case Type.TRUTH:
            return "yes or no", "write `true` or `false`"
        case Type.WHOLE:
            unit = f"a whole number of {column.unit}" if column.unit else "a whole number"
            return unit, "write digits alone, without point, comma or quotation marks"
        case Type.DAY:
            return "a date", 'write it as "2018-10-01"'
        case Type.MOMENT:
            return "a date with a time", 'write it as "2018-10-01T12:00:00+02:00"'
        case _:
            assert_never(column.type)
