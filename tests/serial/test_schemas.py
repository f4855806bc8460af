"""JSON Schemas and templates: they agree with the readers, and with the files that are written."""

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import grantrules as g
from grantrules.values import Language

from .cases import APPLICATIONS, ASSESSMENTS, CASES, RULES, decision, mapping, places, problems
from .mutations import Changed, as_json, mutated, rewritten

LANGUAGES = get_args(Language)
APPLICATION_DATA = [mapping(file) for file in APPLICATIONS]
ASSESSMENT_DATA = [mapping(file) for file in ASSESSMENTS]
AGREE = settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])

APPLICATION = Draft202012Validator(RULES.schema("application"))
ASSESSMENT = Draft202012Validator(RULES.schema("assessment"))
DECISION = Draft202012Validator(RULES.schema("decision"))


def as_others_read_it(data: Any) -> Any:
    """The data as an ordinary JSON reader sees it."""
    return json.loads(json.dumps(as_json(data)))


def accepts(schema: Draft202012Validator, data: Any) -> bool:
    """The schema accepts the data, read exactly and read as others read it."""
    return schema.is_valid(data) and schema.is_valid(as_others_read_it(data))


@pytest.mark.parametrize("of", ["application", "assessment", "decision"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_schemas_are_schemas(of: Any, language: Language) -> None:
    """Every schema is a valid JSON Schema of the dialect it names, in every language."""
    schema = RULES.schema(of, language)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema
    assert schema["$comment"]


@pytest.mark.parametrize("of", ["application", "assessment", "decision"])
def test_languages_differ_in_descriptions_alone(of: Any) -> None:
    """Title and descriptions aside, the schema is the same in every language."""

    def bare(schema: Any) -> Any:
        if isinstance(schema, dict):
            return {k: bare(v) for k, v in schema.items() if not (k in ("title", "description") and isinstance(v, str))}
        return [bare(item) for item in schema] if isinstance(schema, list) else schema

    assert bare(RULES.schema(of, "da")) == bare(RULES.schema(of, "nb")) == bare(RULES.schema(of, "en"))


@pytest.mark.parametrize("data", APPLICATION_DATA, ids=lambda data: data["id"])
def test_every_application_of_the_cases_is_valid(data: dict[str, Any]) -> None:
    """The schema accepts every application file of the cases."""
    assert accepts(APPLICATION, data)


@pytest.mark.parametrize("data", ASSESSMENT_DATA, ids=lambda data: f"{data['application']}-{data['assessor']}")
def test_every_assessment_of_the_cases_is_valid(data: dict[str, Any]) -> None:
    """The schema accepts every assessment file of the cases."""
    assert accepts(ASSESSMENT, data)


@pytest.mark.parametrize("name", sorted(folder.name for folder in CASES.iterdir() if folder.is_dir()))
def test_every_decision_of_the_cases_is_valid(name: str) -> None:
    """The schema accepts the decision on every case, with and without its assessments."""
    bare = RULES.decide(RULES.read_application(CASES / name / "application.json"))
    for made in (decision(name), bare):
        DECISION.validate(json.loads(json.dumps(made.to_dict())))


def test_a_decision_on_nothing_is_valid() -> None:
    """The schema accepts the decision on an application that states nothing, assessed by nobody and by somebody."""
    draft = RULES.read_application({})
    for assessments in ([], [g.Assessment()], [g.Assessment(ratings={"goals": Decimal("2.125")})]):
        DECISION.validate(json.loads(json.dumps(RULES.decide(draft, assessments).to_dict())))


@settings(AGREE, max_examples=50)
@given(st.sampled_from(APPLICATION_DATA).flatmap(rewritten))
def test_the_schema_accepts_every_way_of_writing_an_application_that_the_reader_accepts(data: dict[str, Any]) -> None:
    """Amounts as text or numbers, keys left out or `null`, comments: what the reader accepts, the schema does."""
    if not problems(data):
        assert accepts(APPLICATION, data), list(APPLICATION.iter_errors(data))


@AGREE
@given(mutated(APPLICATION_DATA))
def test_the_schema_accepts_every_change_that_the_reader_accepts(changed: Changed) -> None:
    """An application with one arbitrary change that the reader accepts is accepted by the schema."""
    if not problems(changed.data):
        assert accepts(APPLICATION, changed.data), list(APPLICATION.iter_errors(changed.data))


@AGREE
@given(st.sampled_from(ASSESSMENT_DATA).flatmap(rewritten) | mutated(ASSESSMENT_DATA).map(lambda made: made.data))
def test_the_schema_accepts_every_assessment_that_the_reader_accepts(data: dict[str, Any]) -> None:
    """An assessment written another way or changed that the reader accepts is accepted by the schema."""
    if not problems(data, "assessment"):
        assert accepts(ASSESSMENT, data), list(ASSESSMENT.iter_errors(data))


@pytest.mark.parametrize(
    "data",
    [
        {"requested": Decimal("1E+2"), "pages": 0},
        {"requested": "000000000000000000999999999999.99"},
        {"requested": Decimal("999999999999.99"), "costs": [{"kilometres": Decimal("999999999.999")}]},
        {"requested": -0, "costs": [{"vat": Decimal("-0.00"), "kilometres": "000012.125"}]},
        {"starts_on": "1900-01-01", "ends_on": "2199-12-31", "submitted_at": "2199-12-31T23:59:59.999999-23:59"},
        {"title": "", "id": "\x00\u2028", "organisations": [], "activities": [], "costs": []},
        {"activities": ["new_course", "new_course"]},
        {"$comment": [1, {"a": None}], "costs": [{"$comment": "x"}]},
        dict.fromkeys(RULES.schema("application")["properties"]),
    ],
    ids=str,
)
def test_the_ends_of_what_is_accepted_are_accepted_by_both(data: dict[str, Any]) -> None:
    """Reader and schema both accept the outermost values and forms of every kind."""
    assert not problems(data)
    assert accepts(APPLICATION, data)


@pytest.mark.parametrize(
    "data",
    [
        {"titel": "x"},
        {"pages": "5"},
        {"pages": True},
        {"pages": 10**9},
        {"requested": 10**12},
        {"signed": 1},
        {"signed": "true"},
        {"requested": True},
        {"requested": "1,5"},
        {"requested": "1.505"},
        {"requested": -1},
        {"requested": "1000000000000"},
        {"requested": Decimal("1E+15")},
        {"starts_on": "2018-1-1"},
        {"starts_on": "1899-12-31"},
        {"submitted_at": "2018-10-01"},
        {"submitted_at": "9999-10-01T12:00"},
        {"activities": "new_course"},
        {"activities": ["new_cource"]},
        {"organisations": [{"kind": "municipalty"}]},
        {"organisations": [5]},
        {"organisations": {}},
        {"costs": [{"amout": 5}]},
        {"costs": None, "funding": [{"source": "OWN"}]},
        {"title": 5},
    ],
    ids=str,
)
def test_what_a_schema_can_refuse_it_refuses(data: dict[str, Any]) -> None:
    """Types, keys, words, forms and bounds are refused by the schema as by the reader."""
    assert problems(data)
    assert not APPLICATION.is_valid(data)


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ({"requested": Decimal("12.505")}, "more decimals"),
        ({"pages": Decimal("5.0")}, "written with a point"),
        ({"starts_on": "2018-02-30"}, "do not exist"),
        ({"submitted_at": "2018-03-25T02:30"}, "summer time skips"),
        ({"starts_on": "2018-02-02", "ends_on": "2018-02-01"}, "`ends_on` before `starts_on`"),
        ({"costs": [{"id": "c"}, {"id": "c"}]}, "two cost lines"),
        ({"organisations": [], "costs": [{"organisation": "x"}]}, "names none"),
        ({"organisations": [{"id": "DK-CVR-1"}]}, "check digit"),
        ({"pool": "other"}, "another pool"),
        ({"title": "\ud800"}, "half of a character"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_a_schema_cannot_refuse_is_listed_in_its_comment(data: dict[str, Any], named: str) -> None:
    """Whatever the reader refuses and the schema does not is listed in the schema's `$comment`."""
    assert problems(data)
    assert APPLICATION.is_valid(as_others_read_it(data))
    assert named in RULES.schema("application")["$comment"]


@pytest.mark.parametrize(
    "change",
    [
        {"format": "grantrules.decision/2"},
        {"outcome": "maybe"},
        {"pool": "other"},
        {"highest_grant": "5"},
        {"highest_grant": 5},
        {"findings": [{}]},
        {"conditions": ["condition.other"]},
        {"needed": [{"from": "nobody", "what": "x", "rules": []}]},
        {"costs": {}},
    ],
    ids=str,
)
def test_the_decision_schema_refuses_what_is_no_decision_of_this_round(change: dict[str, Any]) -> None:
    """Another format, pool or outcome and amounts in another form are refused by the decision schema."""
    assert not DECISION.is_valid({**decision("clean").to_dict(), **change})


def keys_of(schema: dict[str, Any]) -> Any:
    """The keys of a schema's object, each with the keys of what stands there."""
    found = {}
    for key, inner in schema.get("properties", {}).items():
        (first, *_) = inner.get("anyOf", [inner])
        first = first.get("items", first)
        found[key] = keys_of(first) if first.get("properties") else None
    return found


def keys_in(template: Any) -> Any:
    """The keys of a template, each with the keys of what stands there."""
    if isinstance(template, list):
        (template,) = template
    return {k: None if k == "$comment" or not v or isinstance(v, str) else keys_in(v) for k, v in template.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_application_template_is_a_draft_with_every_key(language: Language) -> None:
    """The blank application has every key of the schema with its meaning, and is accepted by reader and schema."""
    template = RULES.template("application", language)
    assert not problems(template)
    assert accepts(APPLICATION, template)
    assert keys_in(template) == keys_of(RULES.schema("application"))
    for part in (template, template["costs"][0], template["organisations"][0], template["funding"][0]):
        assert list(part["$comment"]) == [key for key in part if key != "$comment"]
        assert all(part["$comment"].values())
    assert (template["pool"], template["round"]) == ("dk_2018_kompetenceloeft", "2018")
    assert RULES.decide(RULES.read_application(template)).outcome is g.Outcome.UNDETERMINED


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_assessment_template_is_a_blank_assessment_with_every_key(language: Language) -> None:
    """The blank assessment has every criterion that is rated and every judgement, and is accepted by both."""
    template = RULES.template("assessment", language)
    assert not problems(template, "assessment")
    assert accepts(ASSESSMENT, template)
    schema = RULES.schema("assessment")["properties"]
    assert set(template) == set(schema)
    for key in ("ratings", "judgements"):
        ids = set(schema[key]["anyOf"][0]["properties"])
        assert set(template[key]) == ids
        assert set(template[key]["$comment"]) == ids - {"$comment"}
    assert RULES.read_assessment(template) == g.Assessment()


def test_templates_speak_the_language_asked_for() -> None:
    """The meanings in templates differ between the languages."""
    for of in ("application", "assessment"):
        shown = {json.dumps(RULES.template(of, language)) for language in LANGUAGES}
        assert len(shown) == 3


def test_filling_in_a_template_changes_only_what_is_filled_in() -> None:
    """A template that is partly filled in is read like the same facts alone."""
    template = RULES.template("application", "da")
    template["requested"] = "1500000.00"
    template["organisations"][0].update(name="A", role="lead")
    read = RULES.read_application(template)
    assert read.requested == 1500000
    assert read.organisations[0].name == "A"
    template["costs"][0]["amout"] = 5
    assert places(problems(template)) == ["costs[0].amout"]


def test_a_weight_or_score_of_a_decision_is_a_fraction() -> None:
    """Exact figures in decisions are fractions as Python and the schema understand them."""
    score = decision("clean").to_dict()["score"]
    assert Fraction(score["exact"]) == Fraction(535, 6)
    assert sum(Fraction(criterion["weight"]) for criterion in score["criteria"]) == 1


def test_a_pool_with_wider_bounds_has_a_schema_with_the_same() -> None:
    """A date with bounds of its own is accepted by the schema wherever the reader accepts it."""
    from datetime import date

    from attrs import frozen

    text = g.Text("x", "x", "x")

    @frozen(kw_only=True)
    class Old(g.Application):
        founded: date | None = g.day(text, min=date(1500, 1, 1), max=date(2999, 12, 31))
        share: Decimal | None = g.money(text, max=g.kr("10.50"))

    cited = g.Cited(g.Source("call", "x", "x"), "x")

    class Plugin:
        name = "old"

        @g.hook
        def pool(self) -> g.Pool:
            return g.Pool("old", text, text, "DK", "DKK", "Europe/Copenhagen", Old, (g.Round("1", text, g.kr(1)),))

        @g.hook
        def highest_grant(self) -> g.GrantFormula:
            return g.GrantFormula(g.facts(Old).requested, text, cited)

    rules = g.Registry.of(Plugin()).rulebook("old")
    schema = Draft202012Validator(rules.schema())
    for data in ({"founded": "1500-01-01"}, {"founded": "2999-12-31"}, {"share": Decimal("10.50")}, {"share": "10.5"}):
        rules.read_application(data)
        assert accepts(schema, data), data
