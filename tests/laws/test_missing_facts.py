"""Filling in what is missing keeps what is stated; what it settles is a law of `grantrules.testing.laws`."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from grantrules.serial.applications import application_to_data
from grantrules.testing.strategies.applications import assessed_applications, stated_more, stated_paths
from tests.pools import EVERY_POOL, RULEBOOKS, TOY


@EVERY_POOL
@settings(max_examples=25)
@given(data=st.data())
def test_filling_in_keeps_what_is_stated(pool: str, data: st.DataObject) -> None:
    """What fills in an application keeps everything stated, and makes an application that can be read."""
    rulebook = RULEBOOKS[pool]
    application, _ = data.draw(assessed_applications(rulebook))
    more = stated_more(data.draw, application, rulebook)
    assert stated_paths(application) <= stated_paths(more)
    assert contains(application_to_data(more), application_to_data(application))
    assert rulebook.read_application(application_to_data(more)) == more


def contains(data: Any, part: Any) -> bool:
    """`data` says everything that `part` says."""
    if isinstance(part, dict):
        return all(key in data and contains(data[key], value) for key, value in part.items())
    if isinstance(part, list) and part and isinstance(part[0], dict):
        return len(data) == len(part) and all(contains(*pair) for pair in zip(data, part, strict=True))
    return bool(data == part)


def test_naming_a_line_changes_nothing_settled() -> None:
    """A line without an id is not settled by an answer that another assessor contradicts for the line it may be."""
    line = {"category": "pay", "amount": "90000.00", "vat": "0.00", "colour": "red", "hours": 1, "essential": True}
    late = {"vat_recoverable": False, "incurred_on": "2020-02-01", "organisation": "A"}
    facts: dict[str, Any] = {
        "organisations": [{"name": "A", "kind": "region"}],
        "ends_on": "2020-12-31",
        "requested": "1.00",
    }
    overall = TOY.read_assessment({"judgements": {"hours-sensible": True}})
    by_line = TOY.read_assessment({"judgements": {"hours-sensible": {"c1": False}}})
    unnamed = TOY.read_application({**facts, "costs": [{**line, **late}]})
    named = TOY.read_application({**facts, "costs": [{**line, **late, "id": "c1"}]})
    before, after = (TOY.decide(made, [overall, by_line]).costs.total for made in (unnamed, named))
    assert before is not None
    assert after is not None
    assert before.low <= after.low <= after.high <= before.high
