"""zen-engine: one decision in its JSON model, of expressions and a decision table."""

import json
from importlib import import_module
from typing import Any

from peers import records
from peers.data import RATINGS
from peers.records import JUDGED, OneByOne, Record, Row
from peers.verdicts import ELIGIBILITY, FORMAL, REQUIREMENTS

RATINGS_SUM = " + ".join(f"#.{name}" for name in RATINGS)

OUT = " or ".join(
    (
        f"#.incurred_on > {records.LAST_DAY}",
        "#.ordinary_operations",
        "(#.category == 'equipment' and not #.supports_project_directly)",
        "(#.category == 'research' and not #.leads_to_course)",
        *(f"(#.category == '{category}' and not judgements.{name})" for category, name in JUDGED.items()),
    )
)
LEFT = "(#.vat_recoverable ? #.amount_ore : #.amount_ore + #.vat_ore)"
RATE = f"(#.incurred_on < {records.NEW_RATE_FROM} ? {records.RATE_2018} : {records.RATE_2019})"
LIMIT = f"floor((#.kilometres_thousandths * {RATE} + 500) / 1000)"
LINE = f"({OUT}) ? 0 : #.category == 'transport' ? min([{LEFT}, {LIMIT}]) : {LEFT}"

EXPRESSIONS = {
    "own": "sum(map(filter(funding, #.source == 'own'), #.amount_ore))",
    "formal_deadline": f"submitted_at <= {records.DEADLINE}",
    "formal_signature": "signed",
    "formal_length": f"pages <= {records.PAGES}",
    "eligibility_applicants": "some(organisations, #.role == 'lead') and "
    "all(organisations, #.role != 'lead' or #.kind in ['municipality', 'region'])",
    "eligibility_activity": "some(activities, # in ['new_course', 'further_development', 'teaching_capacity'])",
    "eligibility_competence_elements": "all(['technology_understanding', 'application', 'communication'], "
    "# in competence_elements)",
    "eligibility_grant_limits": f"requested_ore >= {records.FLOOR} and requested_ore <= {records.CEILING}",
    "eligibility_matching": "$.own >= requested_ore",
    "eligibility_sharing": "shares_material",
    "eligibility_approval": "not formal_programme or reports_for_approval",
    "formal": " and ".join(f"$.{name}" for name in FORMAL),
    "eligibility": " and ".join(f"$.{name}" for name in ELIGIBILITY),
    "claimed": "sum(map(costs, #.amount_ore + #.vat_ore))",
    "eligible": f"sum(map(costs, {LINE}))",
    "least": f"min([requested_ore, {records.CEILING}, $.own, $.eligible - $.own])",
    "grant": f"$.formal and $.eligibility and $.least >= {records.FLOOR} ? $.least : 0",
    "score": f"sum(map(assessments, {RATINGS_SUM})) * 2 / len(assessments) + (some(organisations, #.kind == 'region') "
    "and some(organisations, #.kind == 'municipality') ? 10000 : 0)",
}

TABLE = {
    "hitPolicy": "first",
    "inputs": [
        {"id": "f", "name": "formal", "field": "formal"},
        {"id": "e", "name": "eligibility", "field": "eligibility"},
    ],
    "outputs": [{"id": "o", "name": "outcome", "field": "outcome"}],
    "rules": [
        {"_id": "1", "f": "false", "e": "", "o": '"dismissed"'},
        {"_id": "2", "f": "", "e": "false", "o": '"ineligible"'},
        {"_id": "3", "f": "", "e": "", "o": '"eligible"'},
    ],
    "passThrough": True,
}

NODES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("inputNode", {}),
    (
        "expressionNode",
        {"expressions": [{"id": key, "key": key, "value": value} for key, value in EXPRESSIONS.items()]},
    ),
    ("decisionTableNode", TABLE),
    ("outputNode", {}),
)


def model() -> dict[str, Any]:
    """The decision as JSON data: four nodes in a row."""
    nodes = [
        {"id": str(index), "type": type, "name": type, "position": {"x": 0, "y": 0}, "content": content}
        for index, (type, content) in enumerate(NODES)
    ]
    edges = [
        {"id": f"{index}-{index + 1}", "type": "edge", "sourceId": str(index), "targetId": str(index + 1)}
        for index in range(len(NODES) - 1)
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def set_up() -> OneByOne:
    """Load the decision."""
    engine = import_module("zen").ZenEngine()
    decision = engine.create_decision(json.dumps(model()))

    def decide(record: Record) -> Row:
        found = decision.evaluate(record)["result"]
        claimed, eligible = int(found["claimed"]), int(found["eligible"])
        amounts = (claimed, eligible, claimed - eligible, 0, int(found["grant"]))
        met = (found[name] for name in REQUIREMENTS)
        return (record["application"], found["outcome"], *met, *amounts, int(found["score"]))

    return OneByOne(decide)
