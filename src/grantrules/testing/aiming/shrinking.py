"""Making an application with its assessments smaller, piece by piece, as long as something holds of it."""

from collections.abc import Callable, Iterator
from typing import Any

from attrs import evolve

from grantrules.application import Assessment
from grantrules.terms.schema import Kind, fields_of
from grantrules.testing.aiming.editing import CaseFile, Place

_KEPT = frozenset({("id",), ("pool",), ("round",)})
"""What says whose application it is, and of which round."""


def smallest(file: CaseFile, holds: Callable[[CaseFile], bool]) -> CaseFile:
    """A file of which something still holds, and no longer does once any single piece more is left out."""
    while True:
        for smaller in _smaller(file):
            if smaller.readable and holds(smaller):
                file = smaller
                break
        else:
            return file


def _smaller(file: CaseFile) -> Iterator[CaseFile]:
    """Files with one piece less, large pieces first."""
    given = file.assessments
    for index in range(len(given)):
        yield evolve(file, assessments=(*given[:index], *given[index + 1 :]))
    for place, is_list in sorted(_places(file.application), key=lambda found: len(found[0])):
        if place not in _KEPT:
            yield file.stated(place, None)
        if is_list:
            name = str(place[0])
            yield from (file.without_item(name, index) for index in range(len(file.items(name))))
    for index, assessment in enumerate(given):
        for less in _less(assessment):
            yield evolve(file, assessments=(*given[:index], less, *given[index + 1 :]))


def _places(record: Any, before: Place = ()) -> Iterator[tuple[Place, bool]]:
    """Where something is stated, and whether it is a list of the application."""
    cls: type = type(record)
    for name, (declared, of) in fields_of(cls).items():
        value, place = getattr(record, name), (*before, name)
        if value is None:
            continue
        yield place, declared.kind is Kind.MANY and not before
        items = [(place, value)] if declared.kind is Kind.RECORD else []
        if declared.kind is Kind.MANY:
            items = [((*place, index), item) for index, item in enumerate(value)]
        for inner, item in items if of is not None else ():
            yield from _places(item, inner)


def _less(assessment: Assessment) -> Iterator[Assessment]:
    """The assessment with one rating, answer or comment less."""
    for part in ("ratings", "judgements", "comments"):
        stated = getattr(assessment, part)
        for key in stated:
            left: dict[str, Any] = {part: {id: value for id, value in stated.items() if id != key}}
            yield evolve(assessment, **left)
