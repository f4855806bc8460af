"""A JSONLogic engine: one rule that answers with a list, sums by `reduce`, everything in JSON."""

import json
from importlib import import_module
from typing import Any

from peers import records
from peers.data import RATINGS
from peers.records import JUDGED, OneByOne, Record, Row

Logic = Any


def var(name: str) -> Logic:
    """A fact of the record, or inside `map` of the item."""
    return {"var": name}


def outer(*path: str) -> Logic:
    """Inside `map`, a fact of the record."""
    return {"val": [[1], *path]}


def total(items: Logic) -> Logic:
    """The sum of a list of numbers."""
    return {"reduce": [items, {"+": [var("current"), var("accumulator")]}, 0]}


def holds(name: str, *words: str) -> list[Logic]:
    """Which of some words a list of the record has."""
    return [{"in": [word, var(name)]} for word in words]


OUT = {
    "or": [
        {">": [var("incurred_on"), records.LAST_DAY]},
        var("ordinary_operations"),
        {"and": [{"==": [var("category"), "equipment"]}, {"!": [var("supports_project_directly")]}]},
        {"and": [{"==": [var("category"), "research"]}, {"!": [var("leads_to_course")]}]},
        *(
            {"and": [{"==": [var("category"), category]}, {"!": [outer("judgements", name)]}]}
            for category, name in JUDGED.items()
        ),
    ]
}
WHOLE = {"+": [var("amount_ore"), var("vat_ore")]}
LEFT = {"if": [var("vat_recoverable"), var("amount_ore"), WHOLE]}
RATE = {"if": [{"<": [var("incurred_on"), records.NEW_RATE_FROM]}, records.RATE_2018, records.RATE_2019]}
RAISED = {"+": [{"*": [var("kilometres_thousandths"), RATE]}, 500]}
LIMIT = {"/": [{"-": [RAISED, {"%": [RAISED, 1000]}]}, 1000]}
LINE = {"if": [OUT, 0, {"==": [var("category"), "transport"]}, {"min": [LEFT, LIMIT]}, LEFT]}

LEAD = {"==": [var("role"), "lead"]}
OWN = total({"map": [{"filter": [var("funding"), {"==": [var("source"), "own"]}]}, var("amount_ore")]})
ELIGIBLE = total({"map": [var("costs"), LINE]})
CROSS = [{"some": [var("organisations"), {"==": [var("kind"), kind]}]} for kind in ("region", "municipality")]
RATED = {"+": [var(name) for name in RATINGS]}

RULE: list[Logic] = [
    {"<=": [var("submitted_at"), records.DEADLINE]},
    var("signed"),
    {"<=": [var("pages"), records.PAGES]},
    {
        "and": [
            {"some": [var("organisations"), LEAD]},
            {
                "all": [
                    var("organisations"),
                    {"or": [{"!": [LEAD]}, {"in": [var("kind"), ["municipality", "region"]]}]},
                ]
            },
        ]
    },
    {"or": holds("activities", "new_course", "further_development", "teaching_capacity")},
    {"and": holds("competence_elements", "technology_understanding", "application", "communication")},
    {"<=": [records.FLOOR, var("requested_ore"), records.CEILING]},
    {">=": [OWN, var("requested_ore")]},
    var("shares_material"),
    {"or": [{"!": [var("formal_programme")]}, var("reports_for_approval")]},
    total({"map": [var("costs"), WHOLE]}),
    ELIGIBLE,
    {"min": [var("requested_ore"), records.CEILING, OWN, {"-": [ELIGIBLE, OWN]}]},
    {"+": [total({"map": [var("assessments"), RATED]}), {"if": [{"and": CROSS}, 10_000, 0]}]},
]
"""The ten requirements, what is claimed, what is eligible, the least of the four limits, and the points."""


def set_up() -> OneByOne:
    """Compile the rule."""
    engine = import_module("datalogic_py").Engine()
    rule, session = engine.compile(json.dumps(RULE)), engine.session()

    def decide(record: Record) -> Row:
        *met, claimed, eligible, least, score = session.evaluate(rule, record)
        grant = int(least) if all(met) and least >= records.FLOOR else 0
        return records.row(record, met, int(claimed), int(eligible), grant, int(score))

    return OneByOne(decide)
