"""
The stored form of terms and values: JSON data that says the same on every machine and in every version.

    term_from_data(term_to_data(term)) == term

A digest is taken over `canonical_text`: keys sorted, no white space, UTF-8.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from hashlib import sha256
from typing import Any, assert_never, get_type_hints

from attrs import fields

from grantrules.terms.nodes import NODES, Constant, Term
from grantrules.values import Amount, Dated, DatedTable, Text, plain

_NAMES = {node.__name__.lower(): node for node in NODES}


def canonical_text(data: Any) -> str:
    """Write JSON data in the one way that digests are taken over."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(data: Any) -> str:
    """The SHA-256 of the canonical text, in hexadecimal, with its name in front."""
    return "sha256:" + sha256(canonical_text(data).encode()).hexdigest()


def term_to_data(term: Term) -> dict[str, Any]:
    """Write a term as JSON data."""
    if isinstance(term, Constant):
        return {"node": "constant", "value": amount_to_data(term.value)}
    data: dict[str, Any] = {"node": type(term).__name__.lower()}
    for attribute in fields(type(term)):
        data[attribute.name] = _part_to_data(getattr(term, attribute.name))
    return data


def _part_to_data(part: Any) -> Any:
    match part:
        case Enum():
            return part.value
        case Fraction():
            return str(part)
        case Text(da, nb, en):
            return {"da": da, "nb": nb, "en": en}
        case tuple():
            return [_part_to_data(item) for item in part]
        case None | str() | int():
            return part
        case _:
            return term_to_data(part)


def term_from_data(data: Mapping[str, Any]) -> Term:
    """
    Read a term back.

    Raises:
        ValueError: the data is no term.
    """
    try:
        node = _NAMES[data["node"]]
        if node is Constant:
            return Constant(amount_from_data(data["value"]))
        hints = get_type_hints(node)
        read = {a.name: _part_from_data(data[a.name], hints[a.name]) for a in fields(node)}
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a term: `{data!r:.80}`") from error
    return node(**read)


def _part_from_data(data: Any, hint: Any) -> Any:
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(data)
    if hint is Fraction:
        return Fraction(data)
    if hint is Text:
        return Text(**data)
    match data:
        case list():
            return tuple(_part_from_data(item, None) for item in data)
        case dict():
            return term_from_data(data)
        case _:
            return data


def amount_to_data(value: Amount) -> dict[str, Any]:
    """Write a value with the name of its sort, as in `{"money": "2500000.00"}`."""
    match value:
        case bool():
            return {"truth": value}
        case Decimal():
            return {"money": plain(value)}
        case int():
            return {"count": value}
        case Fraction():
            return {"ratio": str(value)}
        case datetime():
            return {"moment": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case DatedTable(unit, entries):
            return {"table": {"unit": unit, "entries": [_dated_to_data(entry) for entry in entries]}}
        case frozenset():
            return {"words": sorted(value)}
        case str():
            return {"word": value}
        case _:
            assert_never(value)


def _dated_to_data(entry: Dated) -> dict[str, str]:
    return {
        "first": entry.first.isoformat(),
        "last": entry.last.isoformat(),
        "amount": plain(entry.amount),
        "source": entry.source,
    }


def amount_from_data(data: Mapping[str, Any]) -> Amount:
    """
    Read a value back.

    Raises:
        ValueError: the data is no value.
    """
    match data:
        case {"truth": bool(value)}:
            return value
        case {"money": str(value)}:
            return Decimal(value)
        case {"count": int(value)}:
            return value
        case {"ratio": str(value)}:
            return Fraction(value)
        case {"moment": str(value)}:
            return datetime.fromisoformat(value)
        case {"day": str(value)}:
            return date.fromisoformat(value)
        case {"table": {"unit": str(unit), "entries": list(entries)}}:
            return DatedTable(unit, tuple(_dated_from_data(entry) for entry in entries))
        case {"words": list(words)}:
            return frozenset(words)
        case {"word": str(value)}:
            return value
        case _:
            raise ValueError(f"not a value: `{data!r:.80}`")


def _dated_from_data(data: Mapping[str, str]) -> Dated:
    first, last = date.fromisoformat(data["first"]), date.fromisoformat(data["last"])
    return Dated(first, last, Decimal(data["amount"]), data["source"])
