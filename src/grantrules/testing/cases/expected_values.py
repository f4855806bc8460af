"""Reading the values that an expectation names. Every reader takes JSON data and raises `Wrong` for what cannot be."""

import re
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, TypeVar

from grantrules.errors import excerpt, nearest
from grantrules.serial.facts import Wrong, duration_from, reader_of, text
from grantrules.serial.files import COMMENT
from grantrules.terms.schema import Field, Kind
from grantrules.values import Text

_Word = TypeVar("_Word", bound=Enum)


def refused(value: Any, what: str, hint: str = "") -> Any:
    """Refuse a value that is not what it should be."""
    raise Wrong(f"expected {what}, got {excerpt(value)}", hint)


def maybe(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The reader of something, or of `null`."""
    return lambda value: None if value is None else read(value)


def word(words: type[_Word]) -> Callable[[Any], _Word]:
    """The reader of a word of a closed list."""

    def read(value: Any) -> _Word:
        for word in words:
            if word.value == value:
                return word
        known = [word.value for word in words]
        hint = nearest(value, known) or "choose from " + ", ".join(known)
        raise Wrong(f"expected a word of the list, got {excerpt(value)}", hint, "unknown-word")

    return read


def id_of(what: str, known: Collection[str]) -> Callable[[Any], str]:
    """The reader of the id of something that there is."""

    def read(value: Any) -> str:
        found = text(value)
        if found not in known:
            raise Wrong(f"there is no {what} {excerpt(found)}", nearest(found, known), "unknown-id")
        return found

    return read


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Wrong(f"expected a list, got {excerpt(value)}", "put it in square brackets")
    repeated = [item for index, item in enumerate(value) if item in value[:index]]
    if repeated:
        raise Wrong(f"{excerpt(repeated[0])} stands twice", "keep one of them", "repeated")
    return value


def list_of(what: str, known: Collection[str]) -> Callable[[Any], tuple[str, ...]]:
    """The reader of a list of ids, none of them twice."""
    read = id_of(what, known)
    return lambda value: tuple(read(item) for item in _list(value))


def texts(value: Any) -> tuple[str, ...]:
    """Read a list of texts whose order says nothing."""
    return tuple(sorted(text(item) for item in _list(value)))


def plain_values(value: Any) -> tuple[Any, ...]:
    """Read a list of values of any kind."""
    if not isinstance(value, list) or any(isinstance(item, list | Mapping) for item in value):
        raise Wrong(f"expected a list of values, got {excerpt(value)}", "put them in square brackets")
    return tuple(value)


def needs(value: Any) -> tuple[tuple[str, str], ...]:
    """Read a list of what is needed: pairs of who can give it, and what it is; their order says nothing."""
    found = []
    for item in _list(value):
        if not isinstance(item, Mapping) or set(item) - {COMMENT} != {"from", "what"}:
            raise Wrong(f"expected `from` and `what` and no other key, got {excerpt(item)}")
        if item["from"] not in _ORIGINS:
            hint = nearest(item["from"], _ORIGINS) or "choose from " + ", ".join(_ORIGINS)
            raise Wrong(f"expected who can give it, got {excerpt(item['from'])}", hint, "unknown-word")
        found.append((item["from"], text(item["what"])))
    return tuple(sorted(found))


_ORIGINS = ("applicant", "assessor")


def count(value: Any) -> int:
    """Read a whole number."""
    found: int = reader_of(Field("", Kind.COUNT, _UNLABELLED), "")(value)
    return found


def fraction(value: Any) -> Fraction:
    """Read an exact number, as in `"155/2"` or `"4.5"`."""
    written = str(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value
    if not isinstance(written, str) or not re.fullmatch(r"-?[0-9]+(/0*[1-9][0-9]*|\.[0-9]+)?", written, re.ASCII):
        raise Wrong(f"expected a fraction, got {excerpt(value)}", 'write it as "155/2"')
    return Fraction(written)


_UNLABELLED = Text("", "", "")


def of_kinds(kinds: Collection[Kind], zone: str) -> Callable[[Any], Any]:
    """The reader of a value of one of several kinds, or of `null`; of times without an offset in `zone`."""

    def read(value: Any) -> Any:
        if value is None:
            return None
        problem = Wrong(f"expected `null`, got {excerpt(value)}: the rule compares no single value")
        for kind in kinds:
            try:
                return _signed(kind, value, zone)
            except Wrong as error:
                problem = error
        raise problem

    return read


def _signed(kind: Kind, value: Any, zone: str) -> Any:
    """A value of a kind; amounts and numbers that rules work out may be negative."""
    if kind in (Kind.CHOICE, Kind.CHOICES, Kind.TEXT, Kind.RATE, Kind.RECORD, Kind.MANY):
        return frozenset(text(item) for item in value) if isinstance(value, list) else text(value)
    read = reader_of(Field("", kind, _UNLABELLED, unit="units"), zone)
    if kind in (Kind.MONEY, Kind.QUANTITY) and isinstance(value, str) and value.startswith("-"):
        return -read(value[1:])
    if kind in (Kind.MONEY, Kind.QUANTITY, Kind.COUNT) and isinstance(value, int | Decimal) and value < 0:
        return -read(-value)
    return read(value)


def margin_of(kinds: Collection[Kind]) -> Callable[[Any], Any]:
    """The reader of a margin between values of one of several kinds: a number, or a span of time; or of `null`."""

    def read(value: Any) -> Any:
        problem = Wrong(f"expected `null`, got {excerpt(value)}: the rule compares nothing that has a margin")
        for kind in kinds if value is not None else ():
            try:
                if kind in (Kind.DAY, Kind.MOMENT):
                    return _span(value)
                if kind in (Kind.MONEY, Kind.QUANTITY, Kind.COUNT):
                    return _signed(kind, value, "")
            except Wrong as error:
                problem = error
        if value is not None:
            raise problem
        return None

    return read


def _span(value: Any) -> Any:
    try:
        return duration_from(text(value))
    except ValueError as error:
        if isinstance(error, Wrong):
            raise
        raise Wrong(f"expected a span of time, got {excerpt(value)}", 'write it as "P2D" or "-PT6M30S"') from error
