"""A sound application of this pool, of which a test changes one thing at a time."""

from typing import Any, Literal, TypeAlias

import grantrules as g
import grantrules_dk_2021_digital_sundhed.plugin as digital_sundhed

RULES = g.Registry.of(digital_sundhed).rulebook("dk_2021_digital_sundhed", "2021")

Language: TypeAlias = Literal["da", "nb", "en"]
LANGUAGES: tuple[Language, ...] = ("da", "nb", "en")

SOUND: dict[str, Any] = {
    "id": "A-1",
    "pool": "dk_2021_digital_sundhed",
    "round": "2021",
    "submitted_at": "2021-09-01T12:00",
    "organisations": [{"name": "Region Syddanmark", "kind": "region", "role": "lead"}],
    "uses_shared_infrastructure": True,
    "develops_and_tests": True,
    "psychiatry_uses": [],
    "requested": "1500000.00",
    "costs": [],
    "funding": [],
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


def organisations(*pairs: tuple[str | None, str | None]) -> list[dict[str, Any]]:
    """Organisations by kind and role."""
    return [{"name": f"O{i}", "kind": kind, "role": role} for i, (kind, role) in enumerate(pairs)]
