"""Applications of the 2018 pool, as its example cases have them, and what is wrong with tables as plain pairs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import grantrules as g
import grantrules_dk_2018_kompetenceloeft.plugin as kompetenceloeft

CASES = Path(__file__).parents[2] / "plugins" / "dk_2018_kompetenceloeft" / "cases"

RULES = g.Registry.of(kompetenceloeft).rulebook("dk_2018_kompetenceloeft")

FILES = sorted(CASES.glob("*/application.json"))


def application(case: str = "lines") -> Any:
    """The application of a case."""
    return RULES.read_application(CASES / case / "application.json")


def assessments(case: str) -> list[g.Assessment]:
    """The assessments of a case."""
    return [RULES.read_assessment(file) for file in sorted((CASES / case).glob("assessment-*.json"))]


def everything() -> tuple[list[Any], list[g.Assessment]]:
    """The applications of all cases, and all their assessments."""
    names = [file.parent.name for file in FILES]
    return [application(name) for name in names], [given for name in names for given in assessments(name)]


def problems(asked: Callable[[], object]) -> list[tuple[str, str]]:
    """Where something is wrong, and the code of it; nothing if nothing is refused."""
    try:
        asked()
    except g.InputError as error:
        return [(problem.where, problem.code) for problem in error.problems]
    return []
