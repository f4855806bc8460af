"""A sound application to each round of this pool, of which a test changes one thing at a time."""

from typing import Any

import grantrules as g
import grantrules_dk_2022_digitale_kompetencer.plugin as digitale_kompetencer

REGISTRY = g.Registry.of(digitale_kompetencer)
ROUNDS = ("2022", "2023")
RULES = {round: REGISTRY.rulebook("dk_2022_digitale_kompetencer", round) for round in ROUNDS}

SOUND: dict[str, Any] = {
    "id": "A-1",
    "pool": "dk_2022_digitale_kompetencer",
    "submitted_at": "2022-06-01T12:00",
    "signed": True,
    "responsible_party": "Odense Kommune",
    "target_groups": ["staff"],
    "primary_aim": True,
    "organisations": [
        {"name": "Odense Kommune", "kind": "municipality", "role": "lead"},
        {"name": "Region Syddanmark", "kind": "region", "role": "partner"},
    ],
    "requested": "400000.00",
    "costs": [],
    "funding": [{"source": "own", "form": "cash", "amount": "50000.00"}],
}


def changed(data: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """The same facts but for some; `...` leaves a key out."""
    return {key: value for key, value in {**data, **facts}.items() if value is not ...}


def decide(*assessments: dict[str, Any], round: str = "2022", **facts: Any) -> g.Decision:
    """Decide the sound application with some facts changed."""
    rules = RULES[round]
    application = rules.read_application(changed(SOUND, round=round, **facts))
    return rules.decide(application, [rules.read_assessment(assessment) for assessment in assessments])


def result(rule: str, *assessments: dict[str, Any], round: str = "2022", **facts: Any) -> str:
    """What one requirement says of the sound application with some facts changed."""
    return decide(*assessments, round=round, **facts).finding(rule).result.value


def organisations(*pairs: tuple[str | None, str | None]) -> list[dict[str, Any]]:
    """Organisations by kind and role."""
    return [{"name": f"O{i}", "kind": kind, "role": role} for i, (kind, role) in enumerate(pairs)]
