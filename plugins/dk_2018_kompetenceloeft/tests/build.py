"""A sound application of this pool, of which a test changes one thing at a time."""

from typing import Any

import grantrules as g
import grantrules_dk_2018_kompetenceloeft.plugin as kompetenceloeft

RULES = g.Registry.of(kompetenceloeft).rulebook("dk_2018_kompetenceloeft", "2018")

SOUND: dict[str, Any] = {
    "id": "A-1",
    "pool": "dk_2018_kompetenceloeft",
    "round": "2018",
    "submitted_at": "2018-09-01T12:00",
    "signed": True,
    "pages": 4,
    "activities": ["new_course"],
    "competence_elements": ["technology_understanding", "application", "communication"],
    "shares_material": True,
    "formal_programme": False,
    "organisations": [
        {"name": "Odense Kommune", "kind": "municipality", "role": "lead"},
        {"name": "Region Syddanmark", "kind": "region", "role": "partner"},
    ],
    "requested": "1500000.00",
    "costs": [],
    "funding": [{"source": "own", "form": "cash", "amount": "1500000.00"}],
}

LINE: dict[str, Any] = {
    "id": "c1",
    "category": "project_staff",
    "amount": "1000.00",
    "vat": "250.00",
    "vat_recoverable": False,
    "incurred_on": "2019-06-01",
    "ordinary_operations": False,
}


def changed(data: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """The same facts but for some; `...` leaves a key out."""
    return {key: value for key, value in {**data, **facts}.items() if value is not ...}


def decide(*assessments: dict[str, Any], **facts: Any) -> g.Decision:
    """Decide the sound application with some facts changed."""
    application = RULES.read_application(changed(SOUND, **facts))
    return RULES.decide(application, [RULES.read_assessment(assessment) for assessment in assessments])


def result(rule: str, **facts: Any) -> str:
    """What one requirement says of the sound application with some facts changed."""
    return decide(**facts).finding(rule).result.value


def line(*judgements: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """What becomes of one cost line with some facts changed, as a decision file holds it."""
    assessments = [{"assessor": str(i), "judgements": given} for i, given in enumerate(judgements)]
    costs = decide(*assessments, costs=[changed(LINE, **facts)]).to_dict()["costs"]
    (found,) = costs["lines"]
    names = ("claimed", "eligible", "disallowed", "undetermined")
    assert {name: costs[name] for name in names} == {name: found[name] for name in names}
    assert isinstance(found, dict)
    return found


def amounts(found: dict[str, Any]) -> tuple[str, str, str]:
    """Eligible, disallowed and undetermined of one line."""
    return found["eligible"], found["disallowed"], found["undetermined"]
