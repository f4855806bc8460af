"""
Applications drawn for two rulebooks, and made small: Hypothesis finds a plain one, then pieces of it are left out.

The same seed draws the same applications.
"""

from collections.abc import Callable, Collection, Iterator
from functools import cached_property
from random import Random
from typing import Any

from attrs import frozen
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample, Unsatisfiable

from grantrules.application import Assessment
from grantrules.findings import Result
from grantrules.pools import Requirement
from grantrules.rulebooks import Rulebook
from grantrules.serial.applications import application_to_data
from grantrules.serial.assessments import assessment_to_data
from grantrules.testing.aiming.backwards import Aim
from grantrules.testing.aiming.editing import CaseFile
from grantrules.testing.aiming.search import PASSED, Gives, Has, Wish, searched
from grantrules.testing.aiming.shrinking import smallest
from grantrules.testing.aiming.thresholds import hints_of
from grantrules.testing.comparing.directions import passed
from grantrules.testing.comparing.size import Data, size
from grantrules.testing.comparing.transitions import STILL, Both, bound, moves
from grantrules.testing.strategies.applications import assessed_applications


@frozen
class Drawn:
    """
    An application drawn for one of two rulebooks, with assessments.

    Args:
        of_new: it is written for the new one. Hypothesis writes out what it draws, and a rulebook is too long for that.
    """

    of_new: bool
    application: Any
    assessments: tuple[Assessment, ...]

    @property
    def data(self) -> tuple[Data, tuple[Data, ...]]:
        """Both as JSON data."""
        return application_to_data(self.application), tuple(map(assessment_to_data, self.assessments))


@frozen
class _Aimed:
    """
    Applications drawn for one of two rulebooks, and brought to where those part.

    Args:
        moved: the requirements that moved between them.
    """

    home: Rulebook
    other: Rulebook
    moved: Collection[str]

    @cached_property
    def alike(self) -> bool:
        """Both ask for the same facts, so that the terms of the one can be read on applications of the other."""
        return self.home.rules.schema == self.other.rules.schema

    @cached_property
    def near(self) -> tuple[Rulebook, ...]:
        """Whose thresholds are of use beside those of the application's own rules."""
        return (self.other,) if self.alike else ()

    @cached_property
    def partings(self) -> tuple[tuple[Wish, ...], ...]:
        """For each way in which a requirement parts the rulebooks: that it does, and that all others are passed."""
        rules = self.home.rules
        found: list[tuple[Wish, ...]] = []
        for rule in rules.requirements:
            if rule.id in self.moved:
                others = [Gives(one, PASSED) for one in rules.requirements if one.id != rule.id]
                found += [(*wishes, *others) for wishes in self._parting(rule)]
        return tuple(found)

    def _parting(self, rule: Requirement) -> Iterator[tuple[Wish, ...]]:
        there = next((one for one in self.other.rules.requirements if one.id == rule.id), None)
        if there is None or not self.alike:
            yield (Gives(rule, (Result.NOT_MET,)),)
            return
        own, other = (bound(passed(one), at.rules.values) for one, at in ((rule, self.home), (there, self.other)))
        possible = moves(own, other, Both.of(self.home.rules, self.other.rules)).possible
        for before, after in sorted(possible - STILL, key=repr):
            yield Has(own, before), Has(other, after)

    def aimed(self, file: CaseFile, wishes: tuple[Wish, ...], turn: int) -> CaseFile:
        """The file brought to where the rulebooks part; as it is if the search finds no way."""
        hints = hints_of(self.home.rules, *(one.rules for one in self.near))
        return searched(Aim(self.home.rules, hints, turn), file, wishes) or file


def _either(old: Rulebook, new: Rulebook, moved: Collection[str]) -> st.SearchStrategy[Drawn]:
    """Applications of either rulebook; every other one is brought to where a requirement parts them."""
    sides = {True: _Aimed(new, old, moved), False: _Aimed(old, new, moved)}
    tossed = st.booleans()

    @st.composite
    def either(draw: st.DrawFn) -> Drawn:
        of_new = draw(tossed)
        side = sides[of_new]
        application, assessments = draw(assessed_applications(side.home, near=side.near))
        file = CaseFile(side.home.rules, application, tuple(assessments))
        if side.partings and draw(tossed):  # type: ignore[arg-type]
            file = side.aimed(file, draw(st.sampled_from(side.partings)), draw(st.integers(0, 5)))
        return Drawn(of_new, file.application, file.assessments)

    return either()


@frozen
class Draws:
    """
    Draws of applications; the same seed draws the same.

    Args:
        moved: the requirements that moved between the rulebooks.
        count: how many are drawn.
    """

    old: Rulebook
    new: Rulebook
    moved: tuple[str, ...]
    count: int
    seed: int

    def home(self, made: Drawn) -> Rulebook:
        """The rulebook that an application was drawn for."""
        return self.new if made.of_new else self.old

    def search(self, wanted: Callable[[Drawn], bool]) -> None:
        """Draw until one is wanted, and then smaller ones."""
        quietly = settings(
            max_examples=self.count,
            database=None,
            deadline=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        )
        strategy = _either(self.old, self.new, self.moved)
        try:
            find(strategy, wanted, settings=quietly, random=Random(self.seed))
        except (NoSuchExample, Unsatisfiable, _Enough):
            return


def drawn(draws: Draws) -> list[Drawn]:
    """The applications drawn, about half of them of each rulebook."""
    found: list[Drawn] = []

    def keep(made: Drawn) -> bool:
        found.append(made)
        return False

    draws.search(keep)
    return found[: draws.count]


class _Enough(BaseException):
    """Ends a search that has gone on for long enough."""


def plainest(draws: Draws, wanted: Callable[[Drawn], bool], start: Drawn, tries: int) -> Drawn:
    """
    The smallest application of which something holds that Hypothesis comes upon.

    Args:
        start: one of those drawn, of which it holds.
        tries: how many applications are tried to make it smaller.
    """
    best, left = start, tries
    found = False

    def keeps(made: Drawn) -> bool:
        nonlocal best, left, found
        if found:
            left -= 1
        if left < 0:
            raise _Enough
        if not wanted(made):
            return False
        found = True
        best = min(best, made, key=lambda one: size(*one.data))
        return True

    draws.search(keeps)
    return best


def made_small(draws: Draws, wanted: Callable[[Drawn], bool], start: Drawn) -> Drawn:
    """What is left of an application once no piece more can be left out of it."""

    def of(file: CaseFile) -> Drawn:
        return Drawn(start.of_new, file.application, file.assessments)

    file = CaseFile(draws.home(start).rules, start.application, start.assessments)
    return of(smallest(file, lambda smaller: wanted(of(smaller))))
