"""Watching decisions: every one that is made in the process while a test run is watched."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeAlias

from attrs import define, field

from grantrules.application import Application, Assessment
from grantrules.decisions import Decision
from grantrules.rulebooks import Rulebook

Case: TypeAlias = tuple[Rulebook, Application, tuple[Assessment, ...]]
"""What a decision was made of."""

_LOOKING_AWAY: ContextVar[bool] = ContextVar("looking away", default=False)


@define
class Watched:
    """
    What was decided while it was watched, each case once.

    Attributes:
        only: the digest of the rules that are watched; all if `None`.
    """

    only: str | None = None
    # By identity: what is decided again and again, as in a benchmark, is kept once and costs next to nothing.
    _cases: dict[tuple[int, ...], Case] = field(factory=dict, repr=False)

    @property
    def cases(self) -> tuple[Case, ...]:
        """Rulebook, application and assessments of every decision, in the order in which they were first made."""
        return tuple(self._cases.values())

    def record(self, rulebook: Rulebook, application: Application, assessments: tuple[Assessment, ...]) -> None:
        """Keep a case."""
        if self.only in (None, rulebook.digest):
            key = (id(rulebook), id(application), *map(id, assessments))
            self._cases.setdefault(key, (rulebook, application, assessments))


@contextmanager
def watching(rulebook: Rulebook | None = None) -> Iterator[Watched]:
    """
    Record every decision that is made in this process while inside.

        with watching() as watched:
            ...
        coverage_of(watched.cases)

    Decisions that are refused as wrong input are none. Other processes are not seen.

    Args:
        rulebook: record its decisions alone.
    """
    watched = Watched(None if rulebook is None else rulebook.digest)
    before = Rulebook.decide

    @wraps(before)
    def decide(self: Rulebook, application: Application, assessments: Iterable[Assessment] = ()) -> Decision:
        given = tuple(assessments)
        decision = before(self, application, given)
        if not _LOOKING_AWAY.get():
            watched.record(self, application, given)
        return decision

    _replace(decide)
    try:
        yield watched
    finally:
        _replace(before)


def _replace(decide: Any) -> None:
    Rulebook.decide = decide  # type: ignore[method-assign]


@contextmanager
def unwatched() -> Iterator[None]:
    """Record nothing while inside, such as random applications, which nobody holds against an expectation."""
    token = _LOOKING_AWAY.set(True)
    try:
        yield
    finally:
        _LOOKING_AWAY.reset(token)
