"""Putting contenders in order, level by level: by score, by facts, by lot, and as people settled it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from itertools import groupby
from math import lcm
from typing import Any, assert_never

from grantrules.awards import Settled
from grantrules.contenders import Contender
from grantrules.methods import Allocation, ByDraw, ByScore, ByTerm

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _number(value: Any) -> Fraction:
    """The place of a value on a line, exactly."""
    match value:
        case datetime():
            return Fraction((value - _EPOCH) // timedelta(microseconds=1))
        case date():
            return Fraction(value.toordinal())
        case _:
            return Fraction(value)


def draw(seed: str, application: str) -> int:
    """
    The lot of an application: the SHA-256 of the seed, a line feed and the case number, in UTF-8, as a whole number.

    The lowest lot comes first. Anybody who knows the seed can draw it again, and it depends on nothing else.
    """
    return int.from_bytes(sha256(f"{seed}\n{application}".encode()).digest())


def _columns(
    contenders: Sequence[Contender], allocation: Allocation, seed: str | None, settled: Settled | None
) -> list[list[int]]:
    """One column of whole numbers for each step of the order, lowest first."""
    columns, terms = [], 0
    for key in allocation.order:
        match key:
            case ByScore():
                columns.append(_whole([-_score(contender) for contender in contenders]))
            case ByTerm():
                found = [_number(contender.standing.order[terms].value) for contender in contenders]
                columns.append(_whole([-number for number in found] if key.highest_first else found))
                terms += 1
            case ByDraw():
                columns.append([draw(seed or "", contender.id) for contender in contenders])
            case _:
                assert_never(key)
    if settled is not None:
        places = {id: place for place, id in enumerate(settled.order)}
        columns.append([places.get(contender.id, len(places)) for contender in contenders])
    return columns


def _score(contender: Contender) -> Fraction:
    return Fraction(0) if contender.score is None or contender.score.exact is None else contender.score.exact


def _whole(numbers: Sequence[Fraction]) -> list[int]:
    """Fractions brought to one denominator, as whole numbers compare many times faster."""
    denominator = lcm(*(number.denominator for number in numbers))
    return [number.numerator * (denominator // number.denominator) for number in numbers]


def levels_of(
    contenders: Sequence[Contender], allocation: Allocation, seed: str | None, settled: Settled | None
) -> list[list[Contender]]:
    """Applications in order; those that no step of the order parts stand together, by case number."""
    columns = _columns(contenders, allocation, seed, settled)
    placed = sorted(
        zip(zip(*columns, strict=True), (contender.id for contender in contenders), contenders, strict=True), key=_place
    )
    return [[contender for _, _, contender in level] for _, level in groupby(placed, key=lambda item: item[0])]


def _place(item: tuple[tuple[int, ...], str, Contender]) -> tuple[tuple[int, ...], str]:
    return item[0], item[1]
