"""What is written as JSON is valid under its schema, and is read back as it was."""

import json
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from grantrules.decisions import Decision
from grantrules.rulebooks import FileKind
from grantrules.serial.applications import application_digest, application_to_data
from grantrules.serial.assessments import assessment_digest, assessment_to_data
from grantrules.serial.decisions import decision_to_data
from grantrules.serial.files import parse_json
from grantrules.serial.stored import read_parts
from grantrules.values import LANGUAGES
from tests.pools import EVERY_POOL, RULEBOOKS
from tests.strategies import applications, cases


def through_json(data: Any) -> Any:
    """The data written as JSON text and parsed again, as files are."""
    return parse_json(json.dumps(data, allow_nan=False), "test")


@EVERY_POOL
@settings(max_examples=50)
@given(data=st.data())
def test_applications_round_trip(pool: str, data: st.DataObject) -> None:
    """An application that was written and read back is equal and has the same digest."""
    rulebook = RULEBOOKS[pool]
    application = data.draw(applications(rulebook, complete=data.draw(st.booleans())))
    read = rulebook.read_application(through_json(application_to_data(application)))
    assert read == application
    assert type(read) is type(application)
    assert application_digest(read) == application_digest(application)
    assert application_to_data(read) == application_to_data(application)


@EVERY_POOL
@settings(max_examples=30)
@given(data=st.data())
def test_assessments_round_trip(pool: str, data: st.DataObject) -> None:
    """An assessment that was written and read back is equal and has the same digest."""
    rulebook = RULEBOOKS[pool]
    _, assessments = data.draw(cases(rulebook))
    for assessment in assessments:
        read = rulebook.read_assessment(through_json(assessment_to_data(assessment)))
        assert read == assessment
        assert assessment_digest(read) == assessment_digest(assessment)


@EVERY_POOL
@settings(max_examples=30)
@given(data=st.data())
def test_decisions_round_trip(pool: str, data: st.DataObject) -> None:
    """A stored decision is read back as it was stored, and its parts say the same when they are written again."""
    rulebook = RULEBOOKS[pool]
    decision = rulebook.decide(*data.draw(cases(rulebook)))
    stored = decision.to_dict()
    read = rulebook.read_decision(through_json(stored))
    assert read.to_dict() == stored
    assert read == decision
    assert hash(read) == hash(decision)
    parts, _ = read_parts(through_json(stored))
    assert decision_to_data(Decision(parts)) == stored


@EVERY_POOL
@settings(max_examples=25)
@given(data=st.data())
def test_stored_decisions_say_what_they_said(pool: str, data: st.DataObject) -> None:
    """A stored decision has the figures of the one that was made, and is explained in the same words."""
    rulebook = RULEBOOKS[pool]
    decision = rulebook.decide(*data.draw(cases(rulebook)))
    read = rulebook.read_decision(through_json(decision.to_dict()))
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
    application, assessments = data.draw(cases(rulebook))
    validator(pool, "application").validate(through_json(application_to_data(application)))
    for assessment in assessments:
        validator(pool, "assessment").validate(through_json(assessment_to_data(assessment)))
    validator(pool, "decision").validate(through_json(rulebook.decide(application, assessments).to_dict()))
