"""
JSON Schemas of the files: of applications, assessments and decisions.

A schema accepts everything that the reader accepts. What a schema cannot refuse, and the reader does, is listed in
its `$comment`.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, assert_never

from grantrules.ruleset import RuleSet
from grantrules.serial.allocations import ALLOCATION
from grantrules.serial.assessments import takes_consensus
from grantrules.serial.facts import DAY_TEXT, MOMENT_TEXT, QUANTITY_LIMIT
from grantrules.serial.files import COMMENT
from grantrules.serial.shapes import schema_of
from grantrules.serial.stored import DECISION
from grantrules.terms.schema import Field, Kind, Record, Schema
from grantrules.values import AMOUNT_LIMIT, FIRST_YEAR, LAST_YEAR, Language

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_MONEY = r"^0*[0-9]{1,12}(\.[0-9]{1,2})?$"
_QUANTITY = r"^0*[0-9]{1,9}(\.[0-9]{1,3})?$"
_YEARS = r"(?=19|2[01])"

_APPLICATION_COMMENT = (
    "Not refused by this schema, but by the reader: keys that stand twice; numbers with more decimals than the text "
    "form allows; whole numbers written with a point where a count belongs; dates and times that do not exist, or "
    "that summer time skips; dates outside the bounds of their fact; `ends_on` before `starts_on`; two cost lines with "
    "one id; an `organisation` that names none, or more than one, of the organisations; identifiers with a wrong "
    "length or check digit; another pool or round; text with half of a character pair; files that are not UTF-8."
)

_ASSESSMENT_COMMENT = (
    "Not refused by this schema, but by the reader: keys that stand twice; ratings with more than three decimals; "
    "another application; cost lines that the application does not have."
)


_DECISION_COMMENT = (
    "Not refused by this schema: keys that stand twice, and rules, facts and assumptions that the file names without "
    "saying what they are, both of which the reader refuses; figures that do not add up, and decisions that no longer "
    "stand, which `grantrules verify` finds."
)


_ALLOCATION_COMMENT = (
    "Not refused by this schema, but by the reader: keys that stand twice; amounts that do not add up to the budget."
)


def application_schema(rules: RuleSet, language: Language) -> dict[str, Any]:
    """The JSON Schema of the application file of a round, with descriptions in `language`."""
    schema = rules.schema
    written = _record(schema.application, schema, language)
    return {
        "$schema": DIALECT,
        "title": f"{rules.pool.title.to(language)} ({rules.name})",
        "$comment": _APPLICATION_COMMENT,
        **written,
    }


def _record(record: Record, schema: Schema, language: Language) -> dict[str, Any]:
    properties = {fact.name: _property(fact, schema, language) for fact in record.fields}
    return {"type": "object", "properties": {COMMENT: {}, **properties}, "additionalProperties": False}


def _property(fact: Field, schema: Schema, language: Language) -> dict[str, Any]:
    return {"description": describe_fact(fact, language), **_or_null(_fact(fact, schema, language))}


def describe_fact(fact: Field, language: Language) -> str:
    """What a fact means, with its unit and its words."""
    unit = f" ({fact.unit})" if fact.unit else ""
    words = "; ".join(f"{option.code}: {option.label.to(language)}" for option in fact.options)
    return f"{fact.label.to(language)}{unit}{f' [{words}]' if words else ''}"


def _or_null(written: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [written, {"type": "null"}]}


def _fact(fact: Field, schema: Schema, language: Language) -> dict[str, Any]:
    match fact.kind:
        case Kind.MONEY:
            return _number(_MONEY, fact)
        case Kind.QUANTITY:
            return _number(_QUANTITY, fact)
        case Kind.COUNT:
            return {"type": "integer", **_bounds(fact)}
        case Kind.TRUTH:
            return {"type": "boolean"}
        case Kind.DAY:
            return {"type": "string", "pattern": f"^{_years(fact)}{DAY_TEXT}$"}
        case Kind.MOMENT:
            return {"type": "string", "pattern": f"^{_YEARS}{MOMENT_TEXT}$"}
        case Kind.TEXT:
            return {"type": "string"}
        case Kind.CHOICE:
            return {"enum": list(fact.codes)}
        case Kind.CHOICES:
            return {"type": "array", "items": {"enum": list(fact.codes)}}
        case Kind.RECORD:
            return _inner(fact, schema, language)
        case Kind.MANY:
            return {"type": "array", "items": _inner(fact, schema, language)}
        case Kind.RATE:
            raise TypeError("a rate is no fact")
        case _:
            assert_never(fact.kind)


def _years(fact: Field) -> str:
    """The years of the usual bounds; other bounds are left to the reader."""
    usual = (fact.minimum, fact.maximum) == (date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
    return _YEARS if usual else ""


def _inner(fact: Field, schema: Schema, language: Language) -> dict[str, Any]:
    record = schema.record(fact.record)
    return {} if record is None else _record(record, schema, language)


def _bounds(fact: Field) -> dict[str, Any]:
    found = {"minimum": fact.minimum, "maximum": fact.maximum}
    return {name: int(bound) for name, bound in found.items() if isinstance(bound, int)}


def _number(pattern: str, fact: Field) -> dict[str, Any]:
    # The whole number above what the reader takes: the bound itself has decimals, which JSON readers may round.
    limit = AMOUNT_LIMIT if fact.kind is Kind.MONEY else QUANTITY_LIMIT
    number = {"type": "number", "minimum": 0, "exclusiveMaximum": int(limit)}
    return {"anyOf": [{"type": "string", "pattern": pattern}, number]}


def assessment_schema(rules: RuleSet, language: Language) -> dict[str, Any]:
    """The JSON Schema of the assessment file of a round, with descriptions in `language`."""
    scoring = rules.scoring
    top = 0 if scoring.scale is None else scoring.scale.top
    number = {"anyOf": [{"type": "string", "pattern": _QUANTITY}, {"type": "number", "minimum": 0, "maximum": top}]}
    rated = {c.id: c.statement.to(language) for c in scoring.criteria if c.computed is None}
    asked = {j.id: j.question.to(language) for j in rules.judgements}
    commented = {**{c.id: c.statement.to(language) for c in scoring.criteria}, **asked}
    properties = {
        "application": _or_null({"type": "string"}),
        "assessor": _or_null({"type": "string"}),
        "ratings": _map({id: (text, number) for id, text in rated.items()}),
        "judgements": _map({id: (text, _judgement(id in rules.line_judgements)) for id, text in asked.items()}),
        "comments": _map({id: (text, {"type": "string"}) for id, text in commented.items()}),
        "conflict_of_interest": _or_null({"type": "boolean"}),
    }
    if takes_consensus(rules):
        properties["consensus"] = _or_null({"type": "boolean"})
    return {
        "$schema": DIALECT,
        "title": f"{rules.pool.title.to(language)} ({rules.name})",
        "$comment": _ASSESSMENT_COMMENT,
        "type": "object",
        "properties": {COMMENT: {}, **properties},
        "additionalProperties": False,
    }


def _judgement(by_line: bool) -> dict[str, Any]:
    flag = {"type": "boolean"}
    line = {"type": "object", "properties": {COMMENT: {}}, "additionalProperties": _or_null(flag)}
    return {"anyOf": [flag, line]} if by_line else flag


def _map(items: Mapping[str, tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    properties = {id: {"description": text, **_or_null(written)} for id, (text, written) in items.items()}
    return _or_null({"type": "object", "properties": {COMMENT: {}, **properties}, "additionalProperties": False})


def allocation_schema(rules: RuleSet, language: Language) -> dict[str, Any]:
    """The JSON Schema of the allocation file of a round. More keys may be added to the format; these stay."""
    written = schema_of(ALLOCATION)
    written["properties"] |= {"pool": {"const": rules.pool.id}, "round": {"const": rules.round.id}}
    return {
        "$schema": DIALECT,
        "title": f"{rules.pool.title.to(language)} ({rules.name})",
        "$comment": _ALLOCATION_COMMENT,
        **written,
    }


def decision_schema(rules: RuleSet, language: Language) -> dict[str, Any]:
    """The JSON Schema of the decision file of a round. More keys may be added to the format; these stay."""
    written = schema_of(DECISION)
    conditions = {"type": "array", "items": {"enum": [condition.id for condition in rules.conditions]}}
    written["properties"] |= {
        "pool": {"const": rules.pool.id},
        "round": {"const": rules.round.id},
        "conditions": conditions,
    }
    return {
        "$schema": DIALECT,
        "title": f"{rules.pool.title.to(language)} ({rules.name})",
        "$comment": _DECISION_COMMENT,
        **written,
    }
