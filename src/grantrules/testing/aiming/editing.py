"""
An application with its assessments, and the smallest changes that can be made to them.

A place is a path such as `("costs", 0, "amount")`. Nothing is changed in place: every change gives another file.
"""

from collections.abc import Mapping
from functools import cached_property
from itertools import chain
from typing import Any

from attrs import evolve, field, frozen

from grantrules.application import Application, Assessment
from grantrules.assessments import NOBODY, combined
from grantrules.decide import assessment_problems
from grantrules.readings.evaluate import Scope, evaluate, scope_of
from grantrules.ruleset import RuleSet
from grantrules.serial.applications import cross_problems
from grantrules.terms import schema
from grantrules.terms.nodes import Term
from grantrules.terms.schema import ORGANISATIONS, fields_of
from grantrules.values import exact

Place = tuple[str | int, ...]
At = Mapping[str, int]
"""The items at hand, as in `{"costs": 0}`: list to the index of its item."""

ASSESSOR = "assessor-1"


@frozen
class CaseFile:
    """An application with its assessments, under the rules of one round."""

    rules: RuleSet = field(repr=False, eq=False)
    application: Application
    assessments: tuple[Assessment, ...] = ()

    @cached_property
    def scope(self) -> Scope:
        """Where the terms of the rules are read."""
        return scope_of(self.rules, self.application, combined(self.assessments) if self.assessments else NOBODY)

    def at(self, at: At) -> Scope:
        """Where terms are read with items of lists at hand."""
        scope = self.scope
        for collection, index in at.items():
            scope = scope.inside(collection, index, getattr(self.application, collection)[index])
        return scope

    def value(self, term: Term, at: At) -> Any:
        """The value of a term, with items of lists at hand; `None` where it is missing."""
        with exact():
            return evaluate(term, self.at(at))

    @property
    def readable(self) -> bool:
        """A reader would take the application, and its assessments belong to it."""
        wrong = chain(cross_problems(self.application), assessment_problems(self.application, self.assessments))
        return next(wrong, None) is None

    def items(self, collection: str) -> tuple[Any, ...]:
        """The items of a list; none where it is not stated."""
        return getattr(self.application, collection) or ()

    def stated(self, place: Place, value: Any) -> "CaseFile":
        """The file with a fact stated, changed, or, if `value` is `None`, no longer stated."""
        return evolve(self, application=_stated(self.application, place, value))

    def with_item(self, collection: str) -> "CaseFile":
        """The file with one more item in a list; of the item nothing is stated but what tells it apart."""
        items = self.items(collection)
        cls: type = type(self.application)
        _, of = fields_of(cls)[collection]
        assert of is not None
        made = of(**_identity(collection, items))
        return self.stated((collection,), (*items, made))

    def without_item(self, collection: str, index: int) -> "CaseFile":
        """The file without one item of a list."""
        items = self.items(collection)
        return self.stated((collection,), (*items[:index], *items[index + 1 :]))

    def answered(self, judgement: str, answer: bool | None) -> "CaseFile":
        """The file with a question answered alike by every assessor, for every line; or by none."""
        given = self.assessments or (Assessment(assessor=ASSESSOR, conflict_of_interest=False),)
        if all(assessment.conflict_of_interest for assessment in given):
            given = (*given, Assessment(assessor=ASSESSOR, conflict_of_interest=False))
        return evolve(self, assessments=tuple(_answered(assessment, judgement, answer) for assessment in given))


def _stated(record: Any, place: Place, value: Any) -> Any:
    """A record with what stands at a place in it exchanged; records on the way are made if they are missing."""
    if not place:
        return value
    name, *rest = place
    if isinstance(name, int):
        return (*record[:name], _stated(record[name], tuple(rest), value), *record[name + 1 :])
    inner = getattr(record, name)
    if rest and inner is None:
        cls: type = type(record)
        _, of = fields_of(cls)[name]
        assert of is not None
        inner = of()
    return evolve(record, **{name: _stated(inner, tuple(rest), value)})


def _identity(collection: str, items: tuple[Any, ...]) -> dict[str, str]:
    """What tells a new item of a list apart from the others."""
    match collection:
        case schema.COSTS:
            taken = {line.id for line in items}
            return {"id": next(id for number in range(1, len(items) + 2) if (id := f"c{number}") not in taken)}
        case schema.ORGANISATIONS:
            taken = {organisation.name for organisation in items}
            return {"name": next(name for name in NAMES if name not in taken)}
        case _:
            return {}


NAMES = (
    *("Aarhus Kommune", "Region Midtjylland", "VIA University College", "Ørsted Forening", "Nordhus A/S", "Hilsen"),
    *(f"Organisation {number}" for number in range(1, 200)),
)


def _answered(assessment: Assessment, judgement: str, answer: bool | None) -> Assessment:
    others = {id: given for id, given in assessment.judgements.items() if id != judgement}
    return evolve(assessment, judgements=others if answer is None else {**others, judgement: answer})


def organisation_index(application: Any, name: str | None) -> int | None:
    """The place of the organisation called `name` in its list."""
    found = [i for i, o in enumerate(getattr(application, ORGANISATIONS) or ()) if name is not None and o.name == name]
    return found[0] if len(found) == 1 else None
