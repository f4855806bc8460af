"""
What one fact of an application may be, as Hypothesis strategies: kinds, bounds and words come from its declaration;
figures, dates and words from the rules, each threshold with its neighbours one step below and one step above.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from attrs import frozen
from hypothesis import strategies as st

from grantrules.rulebooks import Rulebook
from grantrules.terms.schema import APPLICATION, ORGANISATIONS, Field, Kind
from grantrules.testing.aiming.thresholds import Hints, Key, hints_of, is_allowed
from grantrules.values import fixed_offset

Strategy = st.SearchStrategy[Any]

IDENTIFIERS = ("DK-CVR-29190925", "DK-CVR-55133018", "NO-BRC-964338531", "GB-COH-09506232")


@frozen
class Values:
    """What one fact may be: what some rule asks for, if any does, and anything that its declaration allows."""

    apt: Strategy | None
    any: Strategy


def _values(rulebook: Rulebook, hints: Hints, record: str, declared: Field) -> Values:
    key = (record, declared.name)
    near = [value for value in hints.near.get(declared.kind, ()) if is_allowed(value, declared)]
    asked = [value for value in hints.apt.get(key, ()) if is_allowed(value, declared)]
    if declared.kind is Kind.MOMENT:
        near, asked = _elsewhere(near), _elsewhere(asked)
    ordinary = _identity(rulebook, key)
    if ordinary is None:
        ordinary = _ordinary(declared, near, asked)
    close = list(dict.fromkeys([*asked, *near]))
    return Values(
        st.sampled_from(asked) if asked else None,
        st.one_of(st.sampled_from(close), ordinary) if close else ordinary,
    )


def _identity(rulebook: Rulebook, key: Key) -> Strategy | None:
    """Facts whose values are fixed by something else than their declaration."""
    known: dict[Key, Strategy] = {
        (APPLICATION, "id"): st.sampled_from(("A-1", "2018/0417")),
        (APPLICATION, "pool"): st.just(rulebook.pool.id),
        (APPLICATION, "round"): st.just(rulebook.round.id),
        (ORGANISATIONS, "id"): st.sampled_from(IDENTIFIERS),
        (ORGANISATIONS, "country"): st.sampled_from(("DK", "NO")),
    }
    return known.get(key)


def _elsewhere(moments: list[datetime]) -> list[datetime]:
    """The same moments, on the clocks of other places too."""
    places = (None, UTC, timezone(timedelta(hours=-5)), timezone(timedelta(hours=5, minutes=45)))
    return [
        fixed_offset(moment if place is None else moment.astimezone(place)) for place in places for moment in moments
    ]


def _ordinary(declared: Field, near: list[Any], asked: list[Any]) -> Strategy:
    low: Any = declared.minimum
    high: Any = declared.maximum
    match declared.kind:
        case Kind.TRUTH:
            return st.booleans()
        case Kind.MONEY:
            rounded = st.integers(0, min(50, int(high) // 100_000)).map(lambda n: Decimal(n * 100_000))
            ore = int(high * 100)
            small, large = (st.integers(0, top).map(lambda n: Decimal(n).scaleb(-2)) for top in (min(10**7, ore), ore))
            return st.one_of(rounded, small, large)
        case Kind.QUANTITY:
            whole = st.integers(0, min(2000, int(high))).map(Decimal)
            thousandths = st.integers(0, min(5_000_000, int(high * 1000))).map(lambda n: Decimal(n).scaleb(-3))
            return st.one_of(whole, thousandths)
        case Kind.COUNT:
            return st.one_of(st.integers(low, min(high, low + 30)), st.integers(low, high))
        case Kind.DAY:
            first, last = (min(near), max(near)) if near else (date(2018, 1, 1), date(2024, 12, 31))
            earliest, latest = max(low, first - timedelta(days=400)), min(high, last + timedelta(days=400))
            anywhere = st.dates(low, high)
            about = st.dates(earliest, latest) if earliest <= latest else anywhere
            return st.one_of(about, about, anywhere)
        case Kind.MOMENT:
            middle = near[0].replace(tzinfo=None) if near else datetime(2020, 1, 1)  # noqa: DTZ001
            days = st.integers(-400, 400).map(lambda n: fixed_offset((middle + timedelta(hours=n)).replace(tzinfo=UTC)))
            return st.one_of(days, st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001
        case Kind.TEXT:
            characters = st.characters(exclude_categories=["Cs"])
            return st.one_of(st.sampled_from(("", "Æblehaven", *asked)), st.text(characters, max_size=8))
        case Kind.CHOICE:
            return st.sampled_from(declared.codes)
        case Kind.CHOICES:
            return st.frozensets(st.sampled_from(declared.codes))
        case _:
            raise TypeError(f"a {declared.kind.value} is no single fact")


_KNOWN: dict[tuple[str, ...], Callable[[str, Field], Values]] = {}
"""Worked out once for each rulebook, or each group of them: equal digests say the same."""


def values_of(rulebook: Rulebook, near: tuple[Rulebook, ...] = ()) -> Callable[[str, Field], Values]:
    """
    The values of every fact, by its record and declaration.

    Args:
        near: further rulebooks whose thresholds are looked at too.
    """
    key_of_all = tuple(one.digest for one in (rulebook, *near))
    if key_of_all not in _KNOWN:
        hints = hints_of(rulebook.rules, *(one.rules for one in near))
        known: dict[Key, Values] = {}

        def values(record: str, declared: Field) -> Values:
            key = (record, declared.name)
            if key not in known:
                known[key] = _values(rulebook, hints, record, declared)
            return known[key]

        _KNOWN[key_of_all] = values
    return _KNOWN[key_of_all]
