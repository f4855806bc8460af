"""What is written into tables comes back from them, and is decided as before."""

from typing import Any, get_args
from zoneinfo import ZoneInfo

from attrs import evolve, fields
from hypothesis import given, settings
from hypothesis import strategies as st

import grantrules as g
from grantrules.tables.filling import Backend
from grantrules.terms.schema import Kind, fields_of
from grantrules.testing.strategies.applications import assessed_applications
from grantrules.values import fixed_offset
from tests.pools import EVERY_POOL, RULEBOOKS


def as_tables_have_it(record: Any, zone: str) -> Any:
    """The record without records of which nothing is stated, and with its moments on the pool's own clock."""
    changed: dict[str, Any] = {}
    cls: type = type(record)
    for name, (declared, of) in fields_of(cls).items():
        value = getattr(record, name)
        if value is None:
            continue
        if declared.kind is Kind.MOMENT:
            changed[name] = fixed_offset(value.astimezone(ZoneInfo(zone)))
        elif declared.kind is Kind.MANY:
            changed[name] = tuple(as_tables_have_it(item, zone) for item in value)
        elif of is not None:
            inner = as_tables_have_it(value, zone)
            changed[name] = None if all(getattr(inner, a.name) is None for a in fields(of)) else inner
    return evolve(record, **changed)


def without_empty_answers(assessment: g.Assessment) -> g.Assessment:
    """The assessment without questions that are answered line by line for no line at all."""
    answered = {id: given for id, given in assessment.judgements.items() if given != {}}
    return evolve(assessment, judgements=answered)


@st.composite
def rounds(draw: st.DrawFn, rulebook: g.Rulebook) -> list[tuple[Any, list[g.Assessment]]]:
    """A few applications with case numbers of their own, each with its assessments."""
    drawn = draw(st.lists(assessed_applications(rulebook), max_size=3))
    numbered = enumerate(drawn, start=417)
    return [
        (evolve(made, id=f"2018/{number}"), [evolve(a, application=f"2018/{number}") for a in assessments])
        for number, (made, assessments) in numbered
    ]


@EVERY_POOL
@settings(max_examples=12)
@given(data=st.data(), backend=st.sampled_from(get_args(Backend)))
def test_tables_hold_everything(pool: str, data: st.DataObject, backend: Backend) -> None:
    """Applications and assessments come back equal, and the decisions on them say the same."""
    rulebook = RULEBOOKS[pool]
    cases = data.draw(rounds(rulebook))
    everybody = [assessment for _, assessments in reversed(cases) for assessment in assessments]
    tables = rulebook.to_tables([made for made, _ in cases], everybody, backend=backend)
    expected = [
        (as_tables_have_it(made, rulebook.pool.zone), tuple(map(without_empty_answers, assessments)))
        for made, assessments in cases
    ]
    restored = rulebook.from_tables(tables)
    assert restored == expected
    for (made, assessments), (was, before) in zip(restored, expected, strict=True):
        assert rulebook.decide(made, assessments).to_dict() == rulebook.decide(was, before).to_dict()
