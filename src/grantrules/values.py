"""
The values rules speak of: texts in three languages, exact money, dated tables, three-valued truth.

Nothing here knows of rules or applications. Amounts are `Decimal` in whole currency units; no function
of this module, and none that uses it, passes an amount through a binary float.
"""

import itertools
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import (
    ROUND_DOWN,
    ROUND_HALF_UP,
    ROUND_UP,
    Clamped,
    Context,
    Decimal,
    DivisionByZero,
    FloatOperation,
    Inexact,
    InvalidOperation,
    Overflow,
    localcontext,
)
from enum import Enum
from fractions import Fraction
from typing import Any, Literal, TypeAlias, assert_never, get_args
from zoneinfo import ZoneInfo

from attrs import field, frozen

Language: TypeAlias = Literal["da", "nb", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

Truth: TypeAlias = bool | None
"""`True`, `False`, or `None` where a fact is missing (Kleene's strong three-valued logic)."""

ORE = Decimal("0.01")
"""One øre: the step of every amount."""

AMOUNT_LIMIT = Decimal(10) ** 12
"""Amounts in files stay below this."""

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Times outside these years are slips of the keyboard."""

# More digits than any sum or product of facts can have; what is not used costs nothing.
_EXACT = Context(prec=10_000, traps=[Inexact, InvalidOperation, Overflow, DivisionByZero, FloatOperation, Clamped])
ROUNDING = Context(prec=10_000, traps=[InvalidOperation, Overflow])
"""The context in which a rounding that is named takes place; everywhere else a lost digit raises."""


@frozen
class Text:
    """One text for people, in Danish, Norwegian (bokmål) and English."""

    da: str
    nb: str
    en: str

    def to(self, language: Language) -> str:
        """The text in `language`."""
        match language:
            case "da":
                return self.da
            case "nb":
                return self.nb
            case "en":
                return self.en
            case _:
                assert_never(language)


class Rounding(Enum):
    """How an amount that falls between two øre is brought to one of them."""

    HALF_UP = "half-up"
    DOWN = "down"
    UP = "up"

    @property
    def mode(self) -> str:
        """What `decimal` calls it."""
        match self:
            case Rounding.HALF_UP:
                return ROUND_HALF_UP
            case Rounding.DOWN:
                return ROUND_DOWN
            case Rounding.UP:
                return ROUND_UP
            case _:
                assert_never(self)


def kr(amount: str | int) -> Decimal:
    """
    Write an amount of money in whole currency units.

    Args:
        amount: text such as `"1.94"`, or a whole number.

    Returns:
        The exact `Decimal`, with two decimals.

    Raises:
        ValueError: more than two decimals, or not a number at all.
        TypeError: a binary float, or a yes or no.

    >>> kr("1.94"), kr(1_000_000)
    (Decimal('1.94'), Decimal('1000000.00'))
    """
    if isinstance(amount, bool | float):
        raise TypeError(f"`{amount}` is not exact: write the amount as text or as a whole number")
    try:
        written = Decimal(amount).quantize(ORE, context=_EXACT)
    except (InvalidOperation, Inexact) as error:
        raise ValueError(f"`{amount}` is not an amount with at most two decimals") from error
    if not written.is_finite():
        raise ValueError(f"`{amount}` is not an amount")
    return written


def minus(one: Decimal, other: Decimal) -> Decimal:
    """The exact difference of two amounts, whatever the caller's decimal context."""
    return _EXACT.subtract(one, other)


def plus(one: Decimal, other: Decimal) -> Decimal:
    """The exact sum of two amounts, whatever the caller's decimal context."""
    return _EXACT.add(one, other)


def exact() -> Any:
    """
    Return a context manager in which decimal arithmetic is exact or raises, whatever the caller's own context says.
    """
    return localcontext(_EXACT)


def to_ore(amount: Decimal, rounding: Rounding) -> Decimal:
    """Round `amount` to whole øre, in the way named."""
    return amount.quantize(ORE, rounding.mode, ROUNDING)


def share_of(amount: Decimal, rate: Fraction, rounding: Rounding) -> Decimal:
    """
    Take the share `rate` of `amount`, rounded once to whole øre.

    The exact product is cut to a tenth of an øre and given a last digit that tells whether anything was
    cut, so that the rounding named sees on which side of a half the product lies.
    """
    tenths = Fraction(amount) * rate * 1000
    whole, rest = divmod(tenths.numerator, tenths.denominator)
    return to_ore(Decimal(whole * 10 + (1 if rest else 0)).scaleb(-4, ROUNDING), rounding)


def plain(amount: Decimal) -> str:
    """
    Write an amount as files hold it: two decimals, no exponent, no grouping.

    >>> plain(Decimal("1.5E+6"))
    '1500000.00'
    """
    return format(amount.quantize(ORE, context=_EXACT), "f")


def hundredths(exact: Fraction) -> Decimal:
    """Bring an exact number to two decimals, half up."""
    return Decimal((exact * 100 + Fraction(1, 2)).__floor__()).scaleb(-2, ROUNDING)


def decimals(value: Decimal) -> int:
    """Count the decimals that `value` needs: 1 for `12.50`, whose last zero says nothing."""
    # By its digits, not by arithmetic: in no context would `1E-9999999` stay what it is.
    _, digits, exponent = value.as_tuple()
    written = "".join(map(str, digits)).strip("0")
    if not isinstance(exponent, int) or not written:
        return 0
    zeros = len(digits) - len("".join(map(str, digits)).rstrip("0"))
    return max(0, -(exponent + zeros))


def is_amount(stated: object) -> bool:
    """Whether something is an amount as files hold it: exact, in whole øre, from zero upwards and below the limit."""
    if not isinstance(stated, Decimal) or not stated.is_finite():
        return False
    return 0 <= stated < AMOUNT_LIMIT and decimals(stated) <= 2


def all_true(values: Iterable[Truth]) -> Truth:
    """Kleene's `and`: false as soon as one is false, whatever is missing; nothing at all is true."""
    result: Truth = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def any_true(values: Iterable[Truth]) -> Truth:
    """Kleene's `or`: true as soon as one is true, whatever is missing; nothing at all is false."""
    result: Truth = False
    for value in values:
        if value is True:
            return True
        if value is None:
            result = None
    return result


def negated(value: Truth) -> Truth:
    """Kleene's `not`: missing stays missing."""
    return None if value is None else not value


def fixed_offset(moment: datetime) -> datetime:
    """
    Keep a moment's offset and drop its zone, so that two moments always compare as instants.

    Python compares two times of one zone by their clock faces, which is wrong in the hour that
    summer time repeats.

    Raises:
        ValueError: the moment has no offset.
    """
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError(f"`{moment.isoformat()}` has no time zone")
    return moment.replace(tzinfo=timezone(offset) if offset else UTC, fold=0)


def settled_moment(value: Any) -> Any:
    """A value as it is, but a moment that knows its zone with the offset that it has at that time."""
    knows = isinstance(value, datetime) and value.utcoffset() is not None
    return fixed_offset(value) if knows else value


def local_moment(naive: datetime, zone: str) -> datetime:
    """
    Read a clock face as local time of `zone`; of an hour that summer time repeats, the earlier one.

    Raises:
        ValueError: summer time skips that hour.
    """
    moment = naive.replace(tzinfo=ZoneInfo(zone), fold=0)
    back = moment.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    if back != naive:
        raise ValueError(f"`{naive.isoformat()}` does not exist in {zone}: summer time skips it")
    return fixed_offset(moment)


@frozen
class Dated:
    """A value that holds from `first` to `last`, both days included, and where it is published."""

    first: date
    last: date
    amount: Decimal
    source: str = ""


def _contiguous(_: object, __: object, entries: tuple[Dated, ...]) -> None:
    if not entries:
        raise ValueError("a dated table needs at least one entry")
    for entry in entries:
        if entry.last < entry.first:
            raise ValueError(f"a dated entry ends on {entry.last}, before it begins on {entry.first}")
        if decimals(entry.amount) > 2:
            raise ValueError(f"the amount of {entry.first}, `{entry.amount}`, has more than two decimals")
    for earlier, later in _pairs(entries):
        if later.first != earlier.last + timedelta(days=1):
            raise ValueError(f"a dated table has a gap or an overlap between {earlier.last} and {later.first}")


def _pairs(entries: tuple[Dated, ...]) -> Iterator[tuple[Dated, Dated]]:
    return itertools.pairwise(entries)


@frozen
class DatedTable:
    """
    A figure that changes over time, such as a mileage rate.

    Args:
        unit: what one amount is per, as in kroner per `"km"`.
        entries: in order of date, without gap or overlap.

    Raises:
        ValueError: the entries leave a gap, overlap, or are none, or an amount has more than two decimals.
    """

    unit: str
    entries: tuple[Dated, ...] = field(validator=_contiguous)

    def at(self, day: date) -> Decimal | None:
        """The amount on `day`, or `None` on a day the table does not cover."""
        for entry in self.entries:
            if entry.first <= day <= entry.last:
                return entry.amount
        return None


Amount: TypeAlias = bool | int | Decimal | Fraction | str | date | datetime | DatedTable | frozenset[str]
"""Everything a constant or a named value of a round can be."""


def is_value(stated: object) -> bool:
    """Whether something is of a class that a constant or a named value can have."""
    return isinstance(stated, bool | int | Decimal | Fraction | str | date | DatedTable | frozenset)
