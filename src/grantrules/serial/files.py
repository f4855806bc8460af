"""
Reading JSON text without losing anything: numbers stay exact, and repeated keys and odd numbers are noticed.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, DecimalException
from pathlib import Path
from typing import Any, TypeAlias

from attrs import frozen

from grantrules.errors import InputError, Problem, excerpt, visible


@frozen
class Parsed:
    """
    A file whose JSON has been read, and nothing more.

    Args:
        subject: what to call it in messages.
        problems: what is wrong with its JSON and leaves the rest readable.
    """

    subject: str
    data: Mapping[str, Any]
    problems: tuple[Problem, ...] = ()


Input: TypeAlias = str | Path | Mapping[str, Any] | Parsed
"""The path of a JSON file, a mapping of the same shape, or a file that has been parsed already."""

COMMENT = "$comment"
"""A key that any object of a file may have, for people; it is not read."""

_LONGEST_NUMBER = 60
_LONGEST_REPORT = 200
_LONGEST_STEP = 60


@frozen
class Unreadable:
    """A number that JSON allows, or nearly, and no fact can be: `NaN`, thousands of digits."""

    text: str

    def __repr__(self) -> str:
        return self.text


class Repeated(dict[str, Any]):
    """An object in which a key stands twice."""

    repeated: tuple[str, ...] = ()


def read_text(path: Path) -> str:
    """
    Read a text file.

    Raises:
        InputError: there is no such file, or it is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8: byte {error.start} cannot be read"
        raise InputError(str(path), [Problem("", message, "save it as UTF-8", "not-utf8")]) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(
            str(path), [Problem("", f"the file cannot be read: {reason.lower()}", code="no-file")]
        ) from error


def read_input(source: Input) -> Parsed:
    """
    Read a file or take a mapping.

    Raises:
        InputError: it is no JSON object at all.
    """
    if isinstance(source, Parsed):
        return source
    if isinstance(source, Mapping):
        return Parsed("mapping", source)
    if not isinstance(source, str | Path):
        message = f"expected the path of a file or a mapping, got {excerpt(source)}"
        raise InputError("input", [Problem("", message, code="no-file")])
    subject = str(source)
    data = parse_json(read_text(Path(source)), subject)
    if not isinstance(data, dict):
        message = f"expected a JSON object, got {excerpt(data)}"
        raise InputError(subject, [Problem("", message, code="not-an-object")])
    return Parsed(subject, data, tuple(repeated_keys(data)))


def parse_json(text: str, subject: str) -> Any:
    """
    Parse JSON text; numbers with a point or an exponent become `Decimal`.

    Raises:
        InputError: the text is no JSON, or is nested too deeply.
    """
    try:
        return json.loads(
            text,
            parse_int=_whole,
            parse_float=_decimal,
            parse_constant=Unreadable,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        message = f"the file is not JSON: {error.msg[0].lower()}{error.msg[1:]}"
        raise InputError(subject, [Problem(place, message, code="not-json")]) from error
    except RecursionError as error:
        raise InputError(subject, [Problem("", "the file is nested too deeply to be read", code="too-deep")]) from error


def _whole(text: str) -> int | Unreadable:
    return int(text) if len(text) <= _LONGEST_NUMBER else Unreadable(text)


def _decimal(text: str) -> Decimal | Unreadable:
    if len(text) > _LONGEST_NUMBER:
        return Unreadable(text)
    try:
        value = Decimal(text)
    except DecimalException:
        return Unreadable(text)
    return value if value.is_finite() else Unreadable(text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    keys = [key for key, _ in pairs]
    found = Repeated(made)
    found.repeated = tuple(key for key in made if keys.count(key) > 1)
    return found


def repeated_keys(data: Any) -> Iterator[Problem]:
    waiting: list[tuple[str, Any]] = [("", data)]
    reported = 0
    while waiting and reported < _LONGEST_REPORT:
        place, at = waiting.pop()
        if isinstance(at, Repeated):
            for key in at.repeated:
                reported += 1
                yield Problem(joined(place, key), "the key stands twice", "keep one of them", "repeated-key")
        if isinstance(at, dict):
            waiting.extend((joined(place, key), value) for key, value in reversed(at.items()))
        elif isinstance(at, list):
            waiting.extend((f"{place}[{i}]", value) for i, value in reversed(list(enumerate(at))))


def too_deep(data: Any, levels: int = 50) -> bool:
    """Data nested deeper than any file of ours, which would exhaust whatever walks through it."""
    layer = [data]
    for _ in range(levels):
        layer = [inner for at in layer for inner in _inside(at)]
        if not layer:
            return False
    return True


def _inside(data: Any) -> Iterable[Any]:
    return data.values() if isinstance(data, Mapping) else data if isinstance(data, list | tuple) else ()


def joined(place: str, step: str | int) -> str:
    """Extend a path: `costs` and `3` to `costs[3]`, that and `amount` to `costs[3].amount`."""
    if isinstance(step, int):
        return f"{place}[{step}]"
    key = visible(step if len(step) <= _LONGEST_STEP else step[:_LONGEST_STEP] + "…")
    return f"{place}.{key}" if place else key
