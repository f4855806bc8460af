"""The example cases of the 2018 pool as files and as mappings, and what is wrong with an input as plain pairs."""

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import grantrules as g
import grantrules_dk_2018_kompetenceloeft.plugin as kompetenceloeft

CASES = Path(__file__).parents[2] / "plugins" / "dk_2018_kompetenceloeft" / "cases"

APPLICATIONS = sorted(CASES.glob("*/application.json"))
ASSESSMENTS = sorted(CASES.glob("*/assessment-*.json"))

RULES = g.Registry.of(kompetenceloeft).rulebook("dk_2018_kompetenceloeft")


def mapping(file: Path) -> dict[str, Any]:
    """A case file as a mapping, its numbers exact."""
    data = json.loads(file.read_text("utf-8"), parse_float=Decimal)
    assert isinstance(data, dict)
    return data


def application(case: str) -> dict[str, Any]:
    """The application of a case."""
    return mapping(CASES / case / "application.json")


def decision(case: str) -> g.Decision:
    """The decision on a case, with all its assessments."""
    assessments = [RULES.read_assessment(file) for file in sorted((CASES / case).glob("assessment-*.json"))]
    return RULES.decide(RULES.read_application(CASES / case / "application.json"), assessments)


def problems(
    source: Mapping[Any, Any] | str | Path, of: Literal["application", "assessment", "decision"] = "application"
) -> tuple[g.Problem, ...]:
    """What the reader finds wrong with an input; nothing if it reads it."""
    read = {
        "application": RULES.read_application,
        "assessment": RULES.read_assessment,
        "decision": RULES.read_decision,
    }[of]
    try:
        read(source)
    except g.InputError as error:
        return error.problems or (g.Problem("", "refused without a problem"),)
    return ()


def in_file(folder: Path, text: str | bytes) -> Path:
    """A file that holds this text."""
    file = folder / "input.json"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def places(found: tuple[g.Problem, ...]) -> list[str]:
    """The paths of problems, in their order."""
    return [problem.where for problem in found]
