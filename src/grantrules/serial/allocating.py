"""
Reading what people hand to an allocation: overrides, the order of level applications, and earlier awards.
"""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from attrs import frozen

from grantrules.awards import Allotment, Override, Settled
from grantrules.errors import InputError, Problem
from grantrules.serial.allocations import read_allotment, settled_from
from grantrules.serial.facts import Wrong, money
from grantrules.serial.files import Parsed, parse_json, read_input, read_text
from grantrules.serial.shapes import Items, Object, Shape, misfits
from grantrules.serial.stored import TEXT, override_from

_OVERRIDE: Mapping[str, Shape] = {"application": TEXT, "by": TEXT, "reason": TEXT, "sets_aside": Items(TEXT)}
_OVERRIDES = Items(Object(_OVERRIDE, closed=True))
_SETTLED = Object({"order": Items(TEXT), "by": TEXT, "reason": TEXT}, closed=True)


@frozen
class StatedOverride:
    """An override, and the application it is of."""

    application: str
    override: Override


def read_overrides(path: str) -> tuple[StatedOverride, ...]:
    """
    Read a list of overrides, each with `application`, `by`, `reason` and `sets_aside`.

    Raises:
        InputError: with everything that is wrong, each with its path.
    """
    data = parse_json(read_text(Path(path)), path)
    problems = list(misfits(_OVERRIDES, data))
    if problems:
        raise InputError(path, problems)
    return tuple(StatedOverride(item["application"], override_from(item)) for item in data)


def read_settled(path: str) -> Settled:
    """
    Read the order in which a person put level applications: an object with `order`, `by` and `reason`.

    Raises:
        InputError: with everything that is wrong, each with its path.
    """
    parsed = read_input(Path(path))
    problems = [*parsed.problems, *misfits(_SETTLED, parsed.data)]
    if problems:
        raise InputError(path, problems)
    return settled_from(parsed.data)


def read_prior(path: str) -> Allotment | dict[str, Decimal]:
    """
    Read earlier awards: an allocation file of the earlier round, or an object of case numbers and amounts.

    Raises:
        InputError: with everything that is wrong, each with its path.
    """
    parsed = read_input(Path(path))
    return read_allotment(parsed) if "format" in parsed.data else _amounts(parsed)


def read_amount(stated: str, subject: str) -> Decimal:
    """
    Read an amount that was given as text.

    Raises:
        InputError: it is none.
    """
    try:
        return money(stated)
    except Wrong as error:
        raise InputError(subject, [Problem("", error.message, error.hint, error.code)]) from error


def _amounts(parsed: Parsed) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    problems = list(parsed.problems)
    for id, stated in parsed.data.items():
        try:
            found[id] = money(stated)
        except Wrong as error:
            problems.append(Problem(id, error.message, error.hint, error.code))
    if problems:
        raise InputError(parsed.subject, problems)
    return found
