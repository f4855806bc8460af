"""
Laws of single requirements: none is dead, none stands in the shadow of another, and each can be left open.

Each is a search, from several starts in a fixed order. What it finds has been checked; where it finds nothing, the
message says how often it tried.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from grantrules.findings import Result
from grantrules.pools import Requirement
from grantrules.rulebooks import Rulebook
from grantrules.testing.aiming.search import PASSED, aimed
from grantrules.testing.laws.law import Case, Wrong

TRIES = 3
"""From so many starts is an application looked for before a search gives up."""

NOTHING_FOUND = f"no application that shows otherwise was found in {TRIES} searches"

OPEN = (*PASSED, Result.UNDETERMINED)
"""The results of a rule that does not stand against an application."""

Wanted = Mapping[str, Result | Collection[Result]]


def requirements_that_are_never_met(rulebook: Rulebook) -> Iterator[Wrong]:
    """Every requirement is met by some application."""
    for rule in rulebook.rules.requirements:
        if found(rulebook, {rule.id: Result.MET}) is None:
            yield Wrong(f"it can never be met: {NOTHING_FOUND}", rule.id)


def requirements_that_never_fail_alone(rulebook: Rulebook) -> Iterator[Wrong]:
    """Every requirement fails for some application that all others pass, but for those that nothing can pass."""
    dead = {rule.id for rule in rulebook.rules.requirements if found(rulebook, {rule.id: PASSED}) is None}
    for rule in rulebook.rules.requirements:
        if failing_alone(rulebook, rule, dead) is None:
            yield _shadowed(rulebook, rule)


def requirements_that_are_never_open(rulebook: Rulebook) -> Iterator[Wrong]:
    """Every requirement is undetermined for some application that no other stands against."""
    dead = {rule.id for rule in rulebook.rules.requirements if found(rulebook, {rule.id: OPEN}) is None}
    for rule in rulebook.rules.requirements:
        if found(rulebook, {**every(rulebook, OPEN, dead), rule.id: Result.UNDETERMINED}) is None:
            yield Wrong(f"it is never undetermined while no other rule fails: {NOTHING_FOUND}", rule.id)


def failing_alone(rulebook: Rulebook, rule: Requirement, dead: Collection[str] = ()) -> Case | None:
    """An application that fails one requirement, and passes all others that are not dead."""
    return found(rulebook, {**every(rulebook, PASSED, dead), rule.id: Result.NOT_MET})


def _shadowed(rulebook: Rulebook, rule: Requirement) -> Wrong:
    """Why a rule does not fail alone: it never fails, or another fails with it."""
    failing = found(rulebook, {rule.id: Result.NOT_MET})
    if failing is None:
        return Wrong(f"it never fails: {NOTHING_FOUND}", rule.id)
    others = [other.id for other in rulebook.rules.requirements if other.id != rule.id]
    shadows = [id for id in others if found(rulebook, {rule.id: Result.NOT_MET, id: PASSED}) is None]
    if not shadows:
        return Wrong(f"it never fails while all others pass: {NOTHING_FOUND}", rule.id, (failing,))
    together = dict.fromkeys((rule.id, *shadows), Result.NOT_MET)
    shown = found(rulebook, {**every(rulebook, PASSED), **together}) or failing
    return Wrong(f"it fails only where {names(shadows)} fails too: {NOTHING_FOUND}", rule.id, (shown,))


def every(
    rulebook: Rulebook, results: Collection[Result], but: Collection[str] = ()
) -> dict[str, Result | Collection[Result]]:
    """The same results for every requirement but some."""
    return {rule.id: results for rule in rulebook.rules.requirements if rule.id not in but}


def found(rulebook: Rulebook, wanted: Wanted) -> Case | None:
    """The first application found that gives requirements these results, from one start after another."""
    for turn in range(TRIES):
        case = aimed(rulebook, wanted, turn=turn)
        if case is not None:
            return case
    return None


def names(ids: Iterable[str]) -> str:
    """Rules for a message."""
    return " or ".join(f"`{id}`" for id in sorted(ids))
