"""Whatever is handed to a reader, it reads it or refuses it as wrong input; nothing else ever comes out."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import grantrules as g

from .cases import APPLICATIONS, ASSESSMENTS, CASES, RULES, decision, mapping
from .mutations import JSON, KEYS, Changed, as_json, mutated

CASE_NAMES = sorted(folder.name for folder in CASES.iterdir() if folder.is_dir())
APPLICATION_DATA = [mapping(file) for file in APPLICATIONS]
ASSESSMENT_DATA = [mapping(file) for file in ASSESSMENTS]
DECISION_DATA = [json.loads(json.dumps(decision(name).to_dict()), parse_float=Decimal) for name in CASE_NAMES]

OBJECTS = st.dictionaries(KEYS, JSON, max_size=6)
FUZZ = settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def shown(refusal: g.InputError) -> None:
    """A refusal can be printed, and says what it is about and what is wrong."""
    assert str(refusal).startswith(refusal.subject)
    assert all(problem.message for problem in refusal.problems)
    assert refusal.problems


@FUZZ
@given(JSON | OBJECTS)
def test_any_mapping_is_read_as_an_application_or_refused(data: Any) -> None:
    """Arbitrary JSON data as an application is read or refused as wrong input."""
    try:
        RULES.read_application(data if isinstance(data, dict) else {"costs": data, "title": data, "activities": data})
    except g.InputError as error:
        shown(error)


@FUZZ
@given(mutated(APPLICATION_DATA))
def test_a_case_with_a_change_is_decided_or_refused(changed: Changed) -> None:
    """A case with one arbitrary change is refused as wrong input, or read, decided, explained and stored."""
    try:
        application = RULES.read_application(changed.data)
    except g.InputError as error:
        shown(error)
        return
    decided = RULES.decide(application)
    assert decided.explain("da")
    json.dumps(decided.to_dict())


@FUZZ
@given(changed=mutated(APPLICATION_DATA))
def test_a_file_is_read_or_refused_like_its_mapping(tmp_path_factory: pytest.TempPathFactory, changed: Changed) -> None:
    """A file with one arbitrary change is read or refused as wrong input."""
    file = tmp_path_factory.getbasetemp() / "changed.json"
    file.write_text(json.dumps(as_json(changed.data)), encoding="utf-8")
    try:
        RULES.read_application(file)
    except g.InputError as error:
        shown(error)


@FUZZ
@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode(errors="surrogatepass")))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    """Arbitrary bytes as a file are read or refused as wrong input, by every reader."""
    file = tmp_path_factory.getbasetemp() / "bytes.json"
    file.write_bytes(content)
    for read in (RULES.read_application, RULES.read_assessment, RULES.read_decision):
        try:
            read(file)
        except g.InputError as error:
            shown(error)


@FUZZ
@given(OBJECTS)
def test_any_mapping_is_read_as_an_assessment_or_refused(data: dict[str, Any]) -> None:
    """Arbitrary JSON data as an assessment, or inside one, is read or refused as wrong input."""
    for source in (data, {"ratings": data}, {"judgements": data}, {"judgements": {"experts-limited": data}}):
        try:
            RULES.read_assessment(source)
        except g.InputError as error:
            shown(error)


CLEAN = RULES.read_application(CASES / "clean" / "application.json")


@FUZZ
@given(mutated(ASSESSMENT_DATA))
def test_an_assessment_with_a_change_counts_or_is_refused(changed: Changed) -> None:
    """An assessment with one arbitrary change is refused as wrong input, or read and decided with."""
    try:
        decided = RULES.decide(CLEAN, [RULES.read_assessment({**changed.data, "application": None})])
    except g.InputError as error:
        shown(error)
        return
    assert decided.explain("nb")
    json.dumps(decided.to_dict())


@FUZZ
@given(OBJECTS)
def test_any_mapping_is_read_as_a_decision_or_refused(data: dict[str, Any]) -> None:
    """Arbitrary JSON data as a decision is read or refused as wrong input, with the right format too."""
    for source in (data, {**DECISION_DATA[0], **data}, {**data, "format": "grantrules.decision/1"}):
        try:
            RULES.read_decision(source)
        except g.InputError as error:
            shown(error)


@FUZZ
@given(mutated(DECISION_DATA))
def test_a_decision_with_a_change_is_verified_or_refused(changed: Changed) -> None:
    """A stored decision with one arbitrary change is refused as wrong input, or read and compared."""
    try:
        stored = RULES.read_decision(changed.data)
    except g.InputError as error:
        shown(error)
        return
    assert RULES.verify(stored, CLEAN) is not None
    assert stored == RULES.read_decision(changed.data)


@FUZZ
@given(mutated(DECISION_DATA))
def test_a_decision_that_is_read_can_be_explained(changed: Changed) -> None:
    """A stored decision that is read, however changed, can be explained, or it would have been refused."""
    try:
        stored = RULES.read_decision(changed.data)
    except g.InputError:
        return
    for language in ("da", "en"):
        assert stored.explain(language)


@pytest.mark.parametrize(
    "change",
    [
        {"grant_range": []},
        {"grant_range": ["1"]},
        {"score": {"exact": "1/0"}},
        {"highest_grant": "NaN"},
        {"highest_grant": "1e5000000000000000000"},
        {"highest_grant": "many"},
        {"highest_grant": True},
        {"outcome": "maybe"},
        {"outcome": None},
        {"findings": {}},
        {"findings": None},
        {"findings": "x"},
        {"costs": []},
        {"needed": [{}]},
        {"conditions": "condition.x"},
        {"conditions": [5]},
        {"assumptions": [[]]},
        {"labels": []},
        {"sources": [{"id": []}]},
        {"sources": [5]},
        {"digests": {}},
        {"digests": []},
        {"pool_title": {"da": "x"}},
        {"pool_title": {"da": "x", "nb": "x", "en": "x", "sv": "x"}},
        {"application": 5},
        {"currency": None},
        {"versions": 5},
        {"format": "grantrules.decision/2"},
        {"format": ["grantrules.decision/1"]},
        {"format": None},
    ],
    ids=str,
)
def test_a_decision_of_the_wrong_shape_is_refused(change: dict[str, Any]) -> None:
    """A decision file with a part of the wrong type or value is refused, not read as if it were right."""
    with pytest.raises(g.InputError):
        RULES.read_decision({**DECISION_DATA[0], **change})


@pytest.mark.parametrize("key", [key for key in DECISION_DATA[0] if key != "versions"])
def test_a_decision_without_one_of_its_keys_is_refused(key: str) -> None:
    """A decision file that lacks a key of the format is refused, and the key is named."""
    with pytest.raises(g.InputError) as caught:
        RULES.read_decision({name: value for name, value in DECISION_DATA[0].items() if name != key})
    assert f"`{key}`" in str(caught.value) or f"'{key}'" in str(caught.value) or key == "format"


@pytest.mark.parametrize("exact", ["1e1000000", "1e-1000000"])
def test_an_absurd_fraction_in_a_decision_is_refused_at_once(exact: str) -> None:
    """A fraction with an absurd exponent is refused without being worked out."""
    scored = next(data for data in DECISION_DATA if data["score"])
    with pytest.raises(g.InputError):
        RULES.read_decision({**scored, "score": {**scored["score"], "exact": exact}})


@pytest.mark.parametrize("depth", [300, 600, 900])
def test_deep_junk_in_a_stored_decision_is_refused_or_compared(tmp_path: Path, depth: int) -> None:
    """A stored decision with junk under a further key is refused or can be compared, without running out of stack."""
    junk = json.dumps({**DECISION_DATA[0], "remark": "HERE"}, default=str).replace('"HERE"', "[" * depth + "]" * depth)
    file = tmp_path / "decision.json"
    file.write_text(junk, encoding="utf-8")
    try:
        stored = RULES.read_decision(file)
    except g.InputError as error:
        shown(error)
        return
    assert not RULES.verify(stored, CLEAN)
    assert stored.to_dict()["remark"]


@pytest.mark.parametrize("name", CASE_NAMES)
def test_a_decision_is_read_back_as_it_was(tmp_path: Path, name: str) -> None:
    """A stored decision is equal to the one it was written from, stored alike and explained alike."""
    made = decision(name)
    file = tmp_path / "decision.json"
    file.write_text(json.dumps(made.to_dict(), ensure_ascii=False), encoding="utf-8")
    stored = RULES.read_decision(file)
    assert stored == made
    assert stored.to_dict() == made.to_dict()
    for language in ("da", "nb", "en"):
        assert stored.explain(language) == made.explain(language)
        assert stored.explain(language, markdown=True) == made.explain(language, markdown=True)
