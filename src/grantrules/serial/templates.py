"""
Blank files: every key of an application or an assessment, with its meaning beside it.

The meanings stand under `$comment`, which every object of a file may have and which is not read; so a blank file
is a valid draft from the start, and can be decided while it is being filled in.
"""

from typing import Any

from grantrules.ruleset import RuleSet
from grantrules.serial.assessments import takes_consensus
from grantrules.serial.files import COMMENT
from grantrules.serial.json_schema import describe_fact
from grantrules.terms.schema import Kind, Record, Schema
from grantrules.values import Language, Text

_ANY_NUMBER = Text(
    "Kopiér blokken for hver post; lad listen være tom, [], hvis der ingen er.",
    "Kopier blokken for hver post; la listen være tom, [], hvis det ikke er noen.",
    "Copy the block for each item; leave an empty list, [], if there is none.",
)
_FORMS = {
    Kind.MONEY: '"1500000.00"',
    Kind.QUANTITY: '"12.5"',
    Kind.COUNT: "5",
    Kind.TRUTH: "true / false",
    Kind.DAY: '"2018-10-01"',
    Kind.MOMENT: '"2018-10-01T12:00"',
    Kind.CHOICES: '["…", "…"]',
}
"""How each kind of fact is written, by example."""

_RATING = Text("0 til {top}", "0 til {top}", "0 to {top}")
_BY_LINE = Text(
    'true eller false, eller ét svar pr. linje: {{"c1": true}}',
    'true eller false, eller ett svar per linje: {{"c1": true}}',
    'true or false, or one answer per line: {{"c1": true}}',
)
_ASSESSMENT = {
    "application": Text("ansøgningens sagsnummer", "søknadens saksnummer", "case number of the application"),
    "assessor": Text("bedømmer", "bedømmer", "assessor"),
    "comments": Text("begrundelser, pr. kriterium eller skøn", "begrunnelser, per kriterium eller skjønn", "reasons"),
    "conflict_of_interest": Text("inhabil (true eller false)", "inhabil (true eller false)", "conflict of interest"),
}
_CONSENSUS = Text(
    "det, bedømmerne er blevet enige om (true eller false)",
    "det bedømmerne er blitt enige om (true eller false)",
    "what the assessors agreed on (true or false)",
)


def application_template(rules: RuleSet, language: Language) -> dict[str, Any]:
    """A blank application of a round, pool and round filled in."""
    blank = _blank(rules.schema.application, rules.schema, language)
    return {**blank, "pool": rules.pool.id, "round": rules.round.id}


def _blank(record: Record, schema: Schema, language: Language) -> dict[str, Any]:
    meanings: dict[str, str] = {}
    blank: dict[str, Any] = {COMMENT: meanings}
    for fact in record.fields:
        form = f". {_FORMS[fact.kind]}" if fact.kind in _FORMS else ""
        meanings[fact.name] = describe_fact(fact, language) + form
        inner = schema.record(fact.record) if fact.record else None
        blank[fact.name] = None if inner is None else _blank(inner, schema, language)
        if fact.kind is Kind.MANY:
            meanings[fact.name] += f". {_ANY_NUMBER.to(language)}"
            blank[fact.name] = [blank[fact.name]]
    return blank


def assessment_template(rules: RuleSet, language: Language) -> dict[str, Any]:
    """A blank assessment of a round."""
    scoring = rules.scoring
    top = 0 if scoring.scale is None else scoring.scale.top
    rated = [criterion for criterion in scoring.criteria if criterion.computed is None]
    ratings = {c.id: f"{c.statement.to(language)} ({_RATING.to(language).format(top=top)})" for c in rated}
    judged = {
        judgement.id: judgement.question.to(language)
        + (f" ({_BY_LINE.to(language).format()})" if judgement.id in rules.line_judgements else "")
        for judgement in rules.judgements
    }
    agreed = {"consensus": _CONSENSUS} if takes_consensus(rules) else {}
    meanings = {key: text.to(language) for key, text in {**_ASSESSMENT, **agreed}.items()}
    return {
        COMMENT: meanings,
        "application": None,
        "assessor": None,
        "ratings": {COMMENT: ratings, **dict.fromkeys(ratings)},
        "judgements": {COMMENT: judged, **dict.fromkeys(judged)},
        "comments": {},
        "conflict_of_interest": None,
        **dict.fromkeys(agreed),
    }
