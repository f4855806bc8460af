"""cedarpy: a policy that forbids for each requirement, and one for each reason why a whole cost line is out."""

import json
from importlib import import_module
from typing import Any

from peers import records
from peers.data import RATINGS
from peers.records import JUDGED, OneByOne, Record, Row
from peers.verdicts import REQUIREMENTS

CONDITIONS = {
    "formal_deadline": f"context.submitted_at <= {records.DEADLINE}",
    "formal_signature": "context.signed",
    "formal_length": f"context.pages <= {records.PAGES}",
    "eligibility_applicants": "!context.lead_kinds.isEmpty() && "
    '["municipality", "region"].containsAll(context.lead_kinds)',
    "eligibility_activity": "context.activities.containsAny("
    '["new_course", "further_development", "teaching_capacity"])',
    "eligibility_competence_elements": "context.competence_elements.containsAll("
    '["technology_understanding", "application", "communication"])',
    "eligibility_grant_limits": f"context.requested_ore >= {records.FLOOR} && "
    f"context.requested_ore <= {records.CEILING}",
    "eligibility_matching": "context.own >= context.requested_ore",
    "eligibility_sharing": "context.shares_material",
    "eligibility_approval": "!context.formal_programme || context.reports_for_approval",
}
OUT = (
    f"context.incurred_on > {records.LAST_DAY}",
    "context.ordinary_operations",
    'context.category == "equipment" && !context.supports_project_directly',
    'context.category == "research" && !context.leads_to_course',
    *(f'context.category == "{category}" && !context.judgements.{name}' for category, name in JUDGED.items()),
)

POLICIES = "\n".join(
    (
        *(f'forbid(principal, action == Action::"grant", resource) unless {{ {c} }};' for c in CONDITIONS.values()),
        *(f'forbid(principal, action == Action::"pay", resource) when {{ {out} }};' for out in OUT),
        "permit(principal, action, resource);",
    )
)
NAMES = {f"policy{index}": name for index, name in enumerate(CONDITIONS)}
"""The name that Cedar gives each policy, and the requirement it stands for."""

FACTS = (
    *("submitted_at", "signed", "pages", "requested_ore", "shares_material", "formal_programme"),
    *("reports_for_approval", "activities", "competence_elements"),
)
LINE_FACTS = ("category", "incurred_on", "ordinary_operations", "supports_project_directly", "leads_to_course")


def set_up() -> OneByOne:
    """Parse the policies."""
    cedarpy = import_module("cedarpy")
    policies, entities = cedarpy.PolicySet.from_str(POLICIES), cedarpy.Entities.from_json_str("[]")

    def decide(record: Record) -> Row:
        own = sum(part["amount_ore"] for part in record["funding"] if part["source"] == "own")
        found, *lines = cedarpy.is_authorized_batch(requests(record, own), policies, entities)
        failed = {NAMES[reason] for reason in found.diagnostics.reasons if reason in NAMES}
        met = [name not in failed for name in REQUIREMENTS]
        claimed = sum(line["amount_ore"] + line["vat_ore"] for line in record["costs"])
        eligible = sum(left(line) for line, paid in zip(record["costs"], lines, strict=True) if paid.allowed)
        return records.row(record, met, claimed, eligible, grant(record, met, own, eligible), points(record))

    return OneByOne(decide)


def requests(record: Record, own: int) -> list[dict[str, Any]]:
    """One for the application, with what Cedar cannot find in lists, and one for each line."""
    leads = [body["kind"] for body in record["organisations"] if body["role"] == "lead"]
    facts = {**{name: record[name] for name in FACTS}, "own": own, "lead_kinds": leads}
    lines = ({name: line[name] for name in LINE_FACTS} for line in record["costs"])
    judged = {"judgements": record["judgements"]}
    return [_request("grant", facts), *(_request("pay", line | judged) for line in lines)]


def _request(action: str, context: dict[str, Any]) -> dict[str, Any]:
    who = {"principal": 'Applicant::"one"', "action": f'Action::"{action}"', "resource": 'Pool::"2018"'}
    return {**who, "context": json.dumps(context)}


# What Cedar cannot express, for it answers with nothing but yes or no


def left(line: Record) -> int:
    """What is left of a line that is not out as a whole."""
    whole: int = line["amount_ore"] if line["vat_recoverable"] else line["amount_ore"] + line["vat_ore"]
    if line["category"] != "transport":
        return whole
    rate = records.RATE_2018 if line["incurred_on"] < records.NEW_RATE_FROM else records.RATE_2019
    limit: int = (line["kilometres_thousandths"] * rate + 500) // 1000
    return min(whole, limit)


def grant(record: Record, met: list[bool], own: int, eligible: int) -> int:
    """The highest grant."""
    amount = min(record["requested_ore"], records.CEILING, own, eligible - own)
    return amount if all(met) and amount >= records.FLOOR else 0


def points(record: Record) -> int:
    """The numerator of the score."""
    ratings: int = sum(one[name] for one in record["assessments"] for name in RATINGS)
    kinds = {body["kind"] for body in record["organisations"]}
    return ratings * 2 // len(record["assessments"]) + (10_000 if kinds >= {"region", "municipality"} else 0)
