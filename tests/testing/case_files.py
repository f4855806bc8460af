"""A small case of the pool of 2018, written into a folder with whatever a test changes."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

APPLICATION: Mapping[str, Any] = {
    "id": "SUM-2018-0501",
    "pool": "dk_2018_kompetenceloeft",
    "round": "2018",
    "submitted_at": "2018-09-28T10:00:00",
    "signed": True,
    "pages": 5,
    "activities": ["new_course"],
    "competence_elements": ["technology_understanding", "application", "communication"],
    "shares_material": True,
    "formal_programme": False,
    "organisations": [
        {"name": "Odense Kommune", "kind": "municipality", "role": "lead", "id": "DK-CVR-35209115"},
        {"name": "Region Syddanmark", "kind": "region", "role": "partner"},
    ],
    "requested": "1500000.00",
    "costs": [
        {"id": "c1", "category": "project_staff", "amount": "3000000.00", "vat": "0.00", "vat_recoverable": False}
        | {"incurred_on": "2019-06-01", "ordinary_operations": False},
        {"id": "c2", "category": "transport", "amount": "5000.00", "vat": "0.00", "vat_recoverable": False}
        | {"incurred_on": "2019-06-01", "ordinary_operations": False, "kilometres": 1000},
    ],
    "funding": [
        {"source": "own", "form": "cash", "amount": "1000000.00"},
        {"source": "own", "form": "in_kind", "amount": "500000.00"},
    ],
}

ASSESSMENT: Mapping[str, Any] = {
    "application": "SUM-2018-0501",
    "assessor": "assessor-a",
    "ratings": {"purpose": 4, "goals": 3, "organisation": 4, "broad-lift": 3, "strategic-technology": 5},
    "conflict_of_interest": False,
}

EXPECTED: Mapping[str, Any] = {"why": "Everything is met.", "findings": {"formal.length": "met"}}


def written(
    folder: Path,
    expected: Any = EXPECTED,
    variations: Any = None,
    application: Any = APPLICATION,
    assessments: Mapping[str, Any] | None = None,
) -> Path:
    """Write the files of a case, each as JSON or as the text that is given; return the folder."""
    files = {"application.json": application, "expected.json": expected, "variations.json": variations}
    given = {"assessment-1.json": ASSESSMENT} if assessments is None else assessments
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in {**files, **given}.items():
        if data is not None:
            text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False, indent=2)
            (folder / name).write_text(text, "utf-8")
    return folder


def varied(**patches: Any) -> dict[str, Any]:
    """Variations of one name and one expectation, which is the folder's own."""
    expected = {"findings": {"formal.length": "met"}}
    return {"varied": {"why": "It varies.", "expected": expected, **patches}}
