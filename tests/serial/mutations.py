"""Strategies: arbitrary JSON, and case files with a part replaced, removed, added or written another way."""

import copy
import math
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import field, frozen
from hypothesis import strategies as st

WORDS = st.sampled_from(
    [
        *("", "x", "c1", "$comment", "NaN", "-1", "1e5", "12.505", "true", "null", "\x1b[2J", "\ud800", "１"),
        *("2018-02-30", "2018-10-01", "2018-03-25T02:30", "2018-10-01T12:00:00Z", "0001-01-01", "P1D", "1/0", "230/3"),
        *("region", "lead", "own", "transport", "DK-CVR-29189652", "dk_2018_kompetenceloeft", "money", "cited", "met"),
    ]
)
KEYS = WORDS | st.sampled_from(["id", "amount", "costs", "organisation", "ratings", "goals", "lines", "rule", "facts"])
NUMBERS = st.one_of(
    st.integers(-3, 10**13),
    st.decimals(allow_nan=True, allow_infinity=True),
    st.sampled_from(
        [Decimal("1E+9999"), Decimal("1E-9999"), Decimal("12.500"), Decimal("-0"), Decimal("1E+2"), 10**70]
    ),
    st.floats(),
)
SCALARS = st.one_of(st.none(), st.booleans(), NUMBERS, WORDS, st.text(max_size=8))
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)

Path = tuple[str | int, ...]


def as_json(data: Any) -> Any:
    """The data as an ordinary JSON writer and reader leave it, every number with a point a binary float."""
    if isinstance(data, dict):
        return {key: as_json(inner) for key, inner in data.items()}
    if isinstance(data, list):
        return [as_json(inner) for inner in data]
    if isinstance(data, Decimal):
        return math.nan if data.is_nan() else float(data)
    return data


def paths(data: Any, path: Path = ()) -> Iterator[Path]:
    """Every place inside JSON data, but for its outermost."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, value in inner:
        yield (*path, step)
        yield from paths(value, (*path, step))


def at(data: Any, path: Path) -> Any:
    """What stands at a place."""
    for step in path:
        data = data[step]
    return data


@frozen
class Changed:
    """A file with one change; `what` was done is all that is shown of it."""

    data: dict[str, Any] = field(repr=False)
    what: str


@st.composite
def mutated(draw: st.DrawFn, originals: list[dict[str, Any]]) -> Changed:
    """One of the originals with one arbitrary change at a random place."""
    data: dict[str, Any] = copy.deepcopy(draw(st.sampled_from(originals)))
    path = draw(st.sampled_from(list(paths(data))))
    outer, step = at(data, path[:-1]), path[-1]
    change = draw(st.sampled_from(["replace", "replace", "remove", "add", "swap", "repeat"]))
    left: Any = "nothing"
    match change:
        case "replace":
            outer[step] = left = draw(JSON)
        case "remove":
            del outer[step]
        case "add" if isinstance(outer, dict):
            outer[draw(KEYS)] = left = draw(JSON)
        case "add" | "repeat":
            outer[step] = [outer[step], outer[step]]
        case "swap":
            other = draw(st.sampled_from(list(paths(data))))
            if other[: len(path)] != path:
                outer[step] = left = copy.deepcopy(at(data, other))
    return Changed(data, f"{change} at {path}: {left!r:.300}")


def rewritten_number(text: str) -> st.SearchStrategy[Any]:
    """The same amount as text, as a whole number where it is one, and as a number with a point or an exponent."""
    value = Decimal(text)
    ways: list[Any] = [text, value, Decimal(f"{value}0"), Decimal(f"{value:E}"), f"000{text}"]
    if value == value.to_integral_value():
        ways += [int(value), f"{value:.0f}", Decimal(int(value))]
    return st.sampled_from(ways)


@st.composite
def rewritten(draw: st.DrawFn, data: Any, key: str = "") -> Any:
    """The same kind of file written another way: other representations, `null`, keys left out, comments."""
    if isinstance(data, list):
        items = [draw(rewritten(item, key)) for item in data if draw(st.integers(0, 9))]
        return draw(st.permutations(items)) if draw(st.booleans()) and key != "costs" else items
    if isinstance(data, dict):
        made: dict[str, Any] = {}
        for name, value in data.items():
            fate = draw(st.sampled_from(["keep"] * 12 + ["null", "drop"]))
            if fate != "drop":
                made[name] = None if fate == "null" else draw(rewritten(value, name))
        if draw(st.integers(0, 9)) == 0:
            made["$comment"] = draw(JSON)
        return made
    return draw(rewritten_scalar(data, key))


def rewritten_scalar(value: Any, key: str) -> st.SearchStrategy[Any]:
    """Another value that the same key may hold, or the same one written another way."""
    if value is None:
        return st.none()
    if isinstance(value, bool):
        return st.booleans()
    if key in ("amount", "vat", "requested", "requested_minimum"):
        amounts = st.decimals(0, Decimal("999999999999.99"), places=2)
        return rewritten_number(str(value)) | amounts.flatmap(lambda amount: rewritten_number(str(amount)))
    if key == "kilometres":
        lengths = st.decimals(0, Decimal("999999999.999"), places=3)
        return rewritten_number(str(value)) | lengths.flatmap(lambda length: rewritten_number(str(length)))
    if key == "pages":
        return st.integers(0, 500)
    if key in ("starts_on", "ends_on", "incurred_on"):
        return st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(date.isoformat)
    if key == "submitted_at":
        days = st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(date.isoformat)
        clocks = st.sampled_from(["00:00", "02:30", "12:00:00", "23:59:59.999999", "05:06:07.5"])
        zones = st.sampled_from(["", "Z", "+02:00", "-11:30", "+14:00", "+00:00"])
        return st.builds("{}T{}{}".format, days, clocks, zones)
    if key in ("title", "unit", "country", "id", "name", "organisation"):
        return st.just(value) | st.text(max_size=10)
    return st.just(value)
