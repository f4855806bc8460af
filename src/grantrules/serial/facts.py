"""Reading and writing single facts: what a file may hold for each kind, and what it means."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, assert_never

from grantrules.errors import excerpt, nearest
from grantrules.terms.schema import Field, Kind
from grantrules.values import AMOUNT_LIMIT, FIRST_YEAR, LAST_YEAR, decimals, fixed_offset, local_moment, plain

MONEY_TEXT = r"[0-9]+(\.[0-9]{1,2})?"
QUANTITY_TEXT = r"[0-9]+(\.[0-9]{1,3})?"
DAY_TEXT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
MOMENT_TEXT = DAY_TEXT + r"T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?"

_PLACES = {MONEY_TEXT: "two", QUANTITY_TEXT: "three"}

QUANTITY_LIMIT = Decimal(10) ** 9


class Wrong(ValueError):
    """A fact that cannot be read: what is wrong, and a hint."""

    def __init__(self, message: str, hint: str = "", code: str = "wrong-type") -> None:
        super().__init__(message)
        self.message, self.hint, self.code = message, hint, code


Reader = Callable[[Any], Any]


def reader_of(declared: Field, zone: str) -> Reader:
    """
    The function that reads one fact.

    It takes what stands in the file and returns the fact, `None` for `null`, and raises `Wrong` for anything the fact
    cannot be. Records and lists are read by `grantrules.serial.applications`.
    """
    match declared.kind:
        case Kind.MONEY:
            return _stated(lambda value: _bounded(money(value), declared))
        case Kind.QUANTITY:
            return _stated(lambda value: _bounded(quantity(value, declared.unit), declared))
        case Kind.COUNT:
            return _stated(lambda value: _bounded(_count(value), declared))
        case Kind.TRUTH:
            return _stated(flag)
        case Kind.DAY:
            return _stated(lambda value: _bounded(_day(value), declared))
        case Kind.MOMENT:
            return _stated(lambda value: _moment(value, zone))
        case Kind.TEXT:
            return _stated(text)
        case Kind.CHOICE:
            return _stated(lambda value: _choice(value, declared.codes))
        case Kind.CHOICES:
            return _stated(lambda value: _choices(value, declared.codes))
        case Kind.RATE | Kind.RECORD | Kind.MANY:
            raise TypeError(f"a {declared.kind.value} is no single fact")
        case _:
            assert_never(declared.kind)


def _stated(read: Reader) -> Reader:
    return lambda value: None if value is None else read(value)


def _bounded(value: Any, declared: Field) -> Any:
    low, high = declared.minimum, declared.maximum
    if low is not None and value < low:
        raise Wrong(f"expected at least {low}, got {excerpt(value)}", code="out-of-bounds")
    if high is not None and value > high:
        raise Wrong(f"expected at most {high}, got {excerpt(value)}", code="out-of-bounds")
    return value


def money(value: Any) -> Decimal:
    """Read an amount: text, a whole number, or an exact decimal number with at most two decimals."""
    found = _number(value, MONEY_TEXT, "an amount", 'write it as "1500000.00"')
    if found >= AMOUNT_LIMIT:
        raise Wrong(f"expected an amount below {AMOUNT_LIMIT:f}, got {excerpt(value)}", code="out-of-bounds")
    if decimals(found) > 2:
        raise Wrong(f"expected at most two decimals, got {excerpt(value)}", code="over-precise")
    return Decimal(plain(found))


def quantity(value: Any, unit: str) -> Decimal:
    """Read a quantity or a rating: text or a number with at most three decimals."""
    found = _number(value, QUANTITY_TEXT, f"a number of {unit}", 'write it as "12.5"')
    if found >= QUANTITY_LIMIT:
        raise Wrong(f"expected a number below {QUANTITY_LIMIT:f}, got {excerpt(value)}", code="out-of-bounds")
    if decimals(found) > 3:
        raise Wrong(f"expected at most three decimals, got {excerpt(value)}", code="over-precise")
    return Decimal(format(found, "f"))


def _number(value: Any, pattern: str, what: str, hint: str) -> Decimal:
    if isinstance(value, float):
        raise Wrong(f"expected {what}, got the binary float {excerpt(value)}", "write it as text or as a `Decimal`")
    if isinstance(value, str):
        if re.fullmatch(pattern, value, re.ASCII):
            return Decimal(value)
        if re.fullmatch(r"[0-9]+\.[0-9]+", value, re.ASCII):
            raise Wrong(f"expected at most {_PLACES[pattern]} decimals, got {excerpt(value)}", code="over-precise")
        if re.fullmatch(r"-[0-9]+(\.[0-9]+)?", value, re.ASCII):
            raise Wrong(f"expected {what} of at least zero, got {excerpt(value)}", code="negative")
        raise Wrong(f"expected {what}, got {excerpt(value)}", hint)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise Wrong(f"expected {what}, got {excerpt(value)}", hint)
    found = Decimal(value)
    if not found.is_finite():
        raise Wrong(f"expected {what}, got {excerpt(value)}", hint)
    if found < 0:
        raise Wrong(f"expected {what} of at least zero, got {excerpt(value)}", code="negative")
    return found.copy_abs()


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Wrong(f"expected a whole number, got {_quoted(value)}", "write it without point or quotation marks")
    return value


def _quoted(value: Any) -> str:
    """What stands in the file, text with its quotation marks where those are what is wrong."""
    return excerpt(f'"{value[:200]}"' if isinstance(value, str) else value)


def flag(value: Any) -> bool:
    """Read a yes or no."""
    if not isinstance(value, bool):
        raise Wrong(f"expected yes or no, got {_quoted(value)}", "write `true` or `false`, without quotation marks")
    return value


def text(value: Any) -> str:
    """Read free text."""
    if not isinstance(value, str):
        raise Wrong(f"expected text, got {excerpt(value)}", "put it in quotation marks")
    if not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value):
        raise Wrong(f"expected text, got half a character in {excerpt(value)}", "write the character itself")
    return value


def _day(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not re.fullmatch(DAY_TEXT, value, re.ASCII):
        raise Wrong(f"expected a date, got {excerpt(value)}", 'write it as "2018-10-01"')
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise Wrong(f"there is no date {excerpt(value)}", code="no-date") from error


def _moment(value: Any, zone: str) -> datetime:
    found = value if isinstance(value, datetime) else _moment_text(value)
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Wrong(f"expected a year from {FIRST_YEAR} to {LAST_YEAR}, got {excerpt(value)}", code="out-of-bounds")
    try:
        return fixed_offset(found) if found.tzinfo else local_moment(found, zone)
    except ValueError as error:
        raise Wrong(str(error), code="no-date") from error


def _moment_text(value: Any) -> datetime:
    if isinstance(value, str) and re.fullmatch(DAY_TEXT, value, re.ASCII):
        raise Wrong(f"expected a date with a time, got {excerpt(value)}", f'add the time, as in "{value}T12:00"')
    if not isinstance(value, str) or not re.fullmatch(MOMENT_TEXT, value, re.ASCII):
        raise Wrong(f"expected a date with a time, got {excerpt(value)}", 'write it as "2018-10-01T12:00:00+02:00"')
    try:
        return datetime.fromisoformat(value)
    except ValueError as error:
        raise Wrong(f"there is no time {excerpt(value)}", code="no-date") from error


def _choice(value: Any, codes: tuple[str, ...]) -> str:
    if isinstance(value, str) and value in codes:
        return value
    hint = (nearest(value, codes) if isinstance(value, str) else "") or "choose from " + ", ".join(codes)
    raise Wrong(f"expected a word of the list, got {excerpt(value)}", hint, "unknown-word")


def _choices(value: Any, codes: tuple[str, ...]) -> frozenset[str]:
    if not isinstance(value, list | tuple | set | frozenset):
        raise Wrong(f"expected a list of words, got {excerpt(value)}", "put the words in square brackets")
    return frozenset(_choice(item, codes) for item in value)


def to_data(value: Any) -> Any:
    """
    Write a fact as JSON data.

    Amounts and quantities become text, without an exponent and with at least two decimals; sets of words become
    sorted lists, spans of time ISO 8601 durations.
    """
    match value:
        case Enum():
            return value.value
        case None | bool() | int() | str():
            return value
        case Decimal():
            return plain(value) if decimals(value) <= 2 else format(value, "f")
        case datetime() | date():
            return value.isoformat()
        case timedelta():
            return _duration(value)
        case frozenset():
            return sorted(value)
        case tuple() | list():
            return [to_data(item) for item in value]
        case Mapping():
            return {key: to_data(item) for key, item in value.items()}
        case _:
            return str(value)


def _duration(span: timedelta) -> str:
    """Write a span of time as in `P2D`, `-PT6M30S`, `P1DT12H`."""
    sign, span = ("-", -span) if span < timedelta(0) else ("", span)
    minutes, seconds = divmod(span.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f"{span.microseconds:06d}".rstrip("0")
    second = f"{seconds}.{fraction}" if fraction else str(seconds)
    parts = [(str(hours), "H"), (str(minutes), "M"), (second, "S")]
    time = "".join(f"{amount}{unit}" for amount, unit in parts if amount != "0")
    days = f"{span.days}D" if span.days else ""
    return f"{sign}P{days}{'T' + time if time else ''}" if days or time else "PT0S"


_DURATION = re.compile(
    r"(?P<sign>-?)P((?P<days>\d+)D)?(T((?P<hours>\d+)H)?((?P<minutes>\d+)M)?((?P<seconds>\d+)(\.(?P<part>\d{1,6}))?S)?)?"
)


def duration_from(text: str) -> timedelta:
    """Read a span of time back. Raises `ValueError` for anything else."""
    found = _DURATION.fullmatch(text)
    if found is None:
        raise ValueError(f"not a duration: `{text}`")
    names = ("days", "hours", "minutes", "seconds")
    span = timedelta(**{name: int(found[name] or 0) for name in names})
    span += timedelta(microseconds=int((found["part"] or "0").ljust(6, "0")))
    return -span if found["sign"] else span
