"""
Shapes of JSON data, declared once and read two ways: to check a file, and to write its JSON Schema.

A shape says what a part of a file may be. Objects may have further keys, so that a format can grow.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias, assert_never

from attrs import frozen

from grantrules.errors import Problem, excerpt
from grantrules.serial.files import joined


@frozen
class Anything:
    """Any JSON value."""


@frozen
class Flag:
    """`true` or `false`."""


@frozen
class Whole:
    """A whole number from zero upwards."""


@frozen
class Written:
    """Text, of a pattern if there is one; `what` says in words what it should be."""

    pattern: str = ""
    what: str = "text"


@frozen
class Words:
    """One of a few words."""

    words: tuple[str, ...]


@frozen
class Maybe:
    """Something, or `null`."""

    shape: "Shape"


@frozen
class Items:
    """A list of things of one shape."""

    shape: "Shape"


@frozen
class Each:
    """An object with any keys, whose values are all of one shape."""

    shape: "Shape"


@frozen
class Object:
    """An object with these keys, and perhaps others; `closed`, with these and no others."""

    keys: Mapping[str, "Shape"]
    closed: bool = False


Shape: TypeAlias = Anything | Flag | Whole | Written | Words | Maybe | Items | Each | Object


def misfits(shape: Shape, data: Any, path: str = "") -> Iterator[Problem]:
    """Everything in which `data` is not of the shape, each with its path."""
    match shape:
        case Anything():
            return
        case Flag():
            yield from [] if isinstance(data, bool) else [_expected(path, "yes or no", data)]
        case Whole():
            whole = isinstance(data, int) and not isinstance(data, bool) and data >= 0
            yield from [] if whole else [_expected(path, "a whole number", data)]
        case Written(pattern, what):
            fits = isinstance(data, str) and (not pattern or re.fullmatch(pattern, data, re.ASCII))
            yield from [] if fits else [_expected(path, what, data)]
        case Words(words):
            fits = isinstance(data, str) and data in words
            yield from [] if fits else [_expected(path, " or ".join(f"`{word}`" for word in words), data)]
        case Maybe(inner):
            yield from () if data is None else misfits(inner, data, path)
        case Items(inner):
            if not isinstance(data, list):
                yield _expected(path, "a list", data)
                return
            for index, item in enumerate(data):
                yield from misfits(inner, item, joined(path, index))
        case Each(inner):
            if not isinstance(data, Mapping):
                yield _expected(path, "an object", data)
                return
            for key, item in data.items():
                yield from misfits(inner, item, joined(path, key))
        case Object():
            yield from _object_misfits(shape, data, path)
        case _:
            assert_never(shape)


def _object_misfits(shape: Object, data: Any, path: str) -> Iterator[Problem]:
    if not isinstance(data, Mapping):
        yield _expected(path, "an object", data)
        return
    for key, inner in shape.keys.items():
        if key in data:
            yield from misfits(inner, data[key], joined(path, key))
        else:
            yield Problem(path, f"the key `{key}` is missing", code="missing-key")
    for key in data if shape.closed else ():
        if key not in shape.keys:
            yield Problem(joined(path, key), "there is no such key", code="unknown-key")


def _expected(path: str, what: str, data: Any) -> Problem:
    return Problem(path, f"expected {what}, got {excerpt(data)}", code="wrong-type")


def schema_of(shape: Shape) -> dict[str, Any]:
    """The JSON Schema of a shape."""
    match shape:
        case Anything():
            return {}
        case Flag():
            return {"type": "boolean"}
        case Whole():
            return {"type": "integer", "minimum": 0}
        case Written(pattern):
            return {"type": "string", "pattern": f"^{pattern}$"} if pattern else {"type": "string"}
        case Words(words):
            return {"enum": list(words)}
        case Maybe(inner):
            return {"anyOf": [schema_of(inner), {"type": "null"}]}
        case Items(inner):
            return {"type": "array", "items": schema_of(inner)}
        case Each(inner):
            return {"type": "object", "additionalProperties": schema_of(inner)}
        case Object(keys, closed):
            written = {key: schema_of(inner) for key, inner in keys.items()}
            closing = {"additionalProperties": False} if closed else {}
            return {"type": "object", "properties": written, "required": list(keys), **closing}
        case _:
            assert_never(shape)
