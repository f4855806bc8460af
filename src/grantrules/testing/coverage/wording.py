"""Counting what was seen, in words: how often, of what, and between which values."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from attrs import frozen

from grantrules.readings import phrases
from grantrules.terms.schema import COSTS, FUNDING, ORGANISATIONS
from grantrules.testing.coverage.sides import Side
from grantrules.testing.coverage.sightings import Sight

MOST_VALUES = 4
"""How many different words are named before the rest is counted."""

Looks: TypeAlias = Sequence[tuple[str, Sight]]
"""Looks at one point, each with the decision that it is from."""


@frozen
class Seen:
    """Looks at a point, in words; `collection` is the list for whose items they were taken."""

    collection: str
    looks: Looks

    def counted(self, looks: Looks | None = None) -> str:
        """How many decisions, or items of a list, there are, and of what."""
        return counted(self.collection, self.number(self.looks if looks is None else looks))

    def everywhere(self) -> str:
        """All of them."""
        return f"in all {self.counted()}" if self.number(self.looks) > 1 else f"in the one {unit(self.collection, 1)}"

    def sides(self) -> str:
        """How often it was seen from each side."""
        found = {side: [look for look in self.looks if side in look[1].sides] for side in Side}
        return self._parted([(str(side), looks) for side, looks in found.items() if looks])

    def _parted(self, parts: Sequence[tuple[str, Looks]]) -> str:
        """What was found and how often; only the first says of what."""
        numbers = [self.counted(looks) if i == 0 else str(self.number(looks)) for i, (_, looks) in enumerate(parts)]
        return listed(f"{found} in {number}" for (found, _), number in zip(parts, numbers, strict=True))

    def number(self, looks: Looks) -> int:
        """How many decisions, or items; of the application itself there may be two looks, at both ends of its costs."""
        return len(looks) if self.collection else len({decision for decision, _ in looks})

    def counts(self) -> str:
        """How often each answer was found."""
        answers = sorted({str(sight.found) for _, sight in self.looks})
        return self._parted([(a, [look for look in self.looks if str(look[1].found) == a]) for a in answers])

    def values(self) -> str:
        """The values found, and how often there was none."""
        stated = [look for look in self.looks if look[1].found is not None]
        missing = [look for look in self.looks if look[1].found is None]
        parts = [(_range(sight.found for _, sight in stated), stated), ("missing", missing)]
        return self._parted([(found, looks) for found, looks in parts if looks])

    def compared(self) -> "Seen":
        """Those where a value was held against a limit."""
        both = tuple(look for look in self.looks if look[1].found is not None and look[1].limit is not None)
        return Seen(self.collection, both)

    def limits(self) -> str:
        """The limits that values were held against."""
        return _range(sight.limit for _, sight in self.looks if sight.limit is not None)

    def ratings(self) -> str:
        """The ratings found."""
        rated = [look for look in self.looks if look[1].found is not None]
        if not rated:
            return f"not rated in {self.counted()}"
        return f"it was rated {_range(sight.found for _, sight in rated)} in {self.counted(rated)}"


_UNITS: Mapping[str, tuple[str, str]] = {
    "": ("decision", "decisions"),
    COSTS: ("line", "lines"),
    ORGANISATIONS: ("organisation", "organisations"),
    FUNDING: ("source of funding", "sources of funding"),
}


def unit(collection: str, number: int) -> str:
    one, many = _UNITS.get(collection, (f"item of `{collection}`", f"items of `{collection}`"))
    return one if number == 1 else many


def counted(collection: str, number: int) -> str:
    return f"{number} {unit(collection, number)}"


def listed(words: Iterable[str]) -> str:
    *first, last = [*words] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def _range(values: Iterable[Any]) -> str:
    """Values in a few words: numbers and days from the least to the greatest, of anything else the first few."""
    found = list(dict.fromkeys(values))
    if all(isinstance(value, int | Decimal | Fraction | date) and not isinstance(value, bool) for value in found):
        return " to ".join(_shown(end) for end in dict.fromkeys([min(found), max(found)])) if found else ""
    shown = sorted({_shown(value) for value in found})
    more = [f"{len(shown) - MOST_VALUES} more"] if len(shown) > MOST_VALUES else []
    return listed([*shown[:MOST_VALUES], *more])


def _shown(value: Any) -> str:
    match value:
        case str() | frozenset():
            return f"`{phrases.value(value, 'en')}`"
        case Fraction():
            written = phrases.exactly(value, "en")
            return f"{written} (about {phrases.share(value, 'en')})" if "/" in written else written
        case _:
            return phrases.value(value, "en")
