"""A sound application to each allocation, of which a test changes one thing at a time."""

from typing import Any

import grantrules as g
import grantrules_no_helseteknologi.plugin as helseteknologi

POOL = "no_helseteknologi"
REGISTRY = g.Registry.of(helseteknologi)

RULES = {round: REGISTRY.rulebook(POOL, round) for round in ("2024-1", "2024-2")}

SOUND: dict[str, dict[str, Any]] = {
    "2024-1": {
        "id": "A-1",
        "pool": POOL,
        "round": "2024-1",
        "submitted_at": "2024-01-10T12:00",
        "areas": ["welfare_technology"],
        "organisations": [{"name": "Tromsø kommune", "kind": "municipality", "role": "lead"}],
        "requested": "1500000.00",
        "costs": [],
        "funding": [],
    },
}
SOUND["2024-2"] = {
    **SOUND["2024-1"],
    "id": "A-2",
    "round": "2024-2",
    "first_round": {"status": "awarded", "awarded": "600000.00"},
}

BOTH = ("2024-1", "2024-2")


def changed(data: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """The same facts but for some; `...` leaves a key out."""
    return {key: value for key, value in {**data, **facts}.items() if value is not ...}


def decide(round: str, *assessments: dict[str, Any], **facts: Any) -> g.Decision:
    """Decide the sound application of a round with some facts changed."""
    rules = RULES[round]
    application = rules.read_application(changed(SOUND[round], **facts))
    return rules.decide(application, [rules.read_assessment(assessment) for assessment in assessments])


def result(round: str, rule: str, **facts: Any) -> str:
    """What one requirement says of the sound application of a round with some facts changed."""
    return decide(round, **facts).finding(rule).result.value


def first(status: str | None = ..., awarded: str | None = ...) -> dict[str, Any]:  # type: ignore[assignment]
    """What is stated about the first allocation; `...` leaves a key out."""
    return changed({}, status=status, awarded=awarded)
