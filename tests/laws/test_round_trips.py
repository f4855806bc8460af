"""What is written as JSON is valid under its schema, and says what it said once it is read back."""

import json
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from grantrules.decisions import Decision
from grantrules.rulebooks import FileKind
from grantrules.serial.applications import application_to_data
from grantrules.serial.assessments import assessment_to_data
from grantrules.serial.decisions import decision_to_data
from grantrules.serial.files import parse_json
from grantrules.serial.stored import read_parts
from grantrules.testing.strategies.applications import assessed_applications
from grantrules.values import LANGUAGES
from tests.pools import EVERY_POOL, RULEBOOKS


def through_json(data: Any) -> Any:
    """The data written as JSON text and parsed again, as files are."""
    return parse_json(json.dumps(data, allow_nan=False), "test")


@EVERY_POOL
@settings(max_examples=25)
@given(data=st.data())
def test_stored_decisions_say_what_they_said(pool: str, data: st.DataObject) -> None:
    """A stored decision has the figures of the one that was made, and is explained in the same words."""
    rulebook = RULEBOOKS[pool]
    decision = rulebook.decide(*data.draw(assessed_applications(rulebook)))
    data_ = decision.to_dict()
    read = rulebook.read_decision(through_json(data_))
    parts, _ = read_parts(through_json(data_))
    assert decision_to_data(Decision(parts)) == data_
    assert hash(read) == hash(decision)
    assert read.outcome is decision.outcome
    assert read.costs.total == decision.costs.total
    assert read.highest_grant == decision.highest_grant
    for made, stored in zip(decision.findings, read.findings, strict=True):
        assert (stored.result, stored.clauses, stored.needs) == (made.result, made.clauses, made.needs)
    for language in LANGUAGES:
        assert read.explain(language) == decision.explain(language)


@cache
def validator(pool: str, of: FileKind) -> Draft202012Validator:
    """What validates one kind of file of a pool."""
    return Draft202012Validator(RULEBOOKS[pool].schema(of))


@EVERY_POOL
@settings(max_examples=25)
@given(data=st.data())
def test_what_is_written_is_valid(pool: str, data: st.DataObject) -> None:
    """Applications, assessments and decisions of every round are valid under the schemas of its own rulebook."""
    rulebook = RULEBOOKS[pool]
    application, assessments = data.draw(assessed_applications(rulebook))
    validator(pool, "application").validate(through_json(application_to_data(application)))
    for assessment in assessments:
        validator(pool, "assessment").validate(through_json(assessment_to_data(assessment)))
    validator(pool, "decision").validate(through_json(rulebook.decide(application, assessments).to_dict()))
