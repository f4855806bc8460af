"""The example cases, decided and compared with what was worked out apart from this code."""

import json
from pathlib import Path
from typing import Any

import pytest

import grantrules as g
from grantrules.testing import case_differences, case_folders

from .build import ROUNDS, RULES

FOLDERS = case_folders(Path(__file__).parents[1] / "cases")


def rulebook(folder: Path) -> g.Rulebook:
    """The rulebook of the round that a case is of."""
    return RULES[json.loads((folder / "application.json").read_text("utf-8"))["round"]]


def expected(folder: Path) -> dict[str, Any]:
    """What is expected of a case."""
    found = json.loads((folder / "expected.json").read_text("utf-8"))
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_case_is_decided_as_expected(folder: Path) -> None:
    """Outcome, findings, amounts, highest grant, score, needs, conditions and assumptions are as worked out by hand."""
    assert case_differences(rulebook(folder), folder) == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_an_expectation_speaks_of_everything(folder: Path) -> None:
    """No expectation of this pool leaves out what it could get wrong."""
    keys = {"outcome", "findings", "costs", "highest_grant", "score", "needed", "conditions", "assumptions", "why"}
    assert set(expected(folder)) == keys


def test_the_cases_cover_every_round_and_outcome() -> None:
    """Both rounds have cases, and each outcome is shown by one."""
    assert {rulebook(folder).round.id for folder in FOLDERS} == set(ROUNDS)
    assert {expected(folder)["outcome"] for folder in FOLDERS} == {outcome.value for outcome in g.Outcome}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
@pytest.mark.parametrize("language", ["da", "nb", "en"])
def test_every_case_can_be_explained(folder: Path, language: Any) -> None:
    """A letter in each language names the application and leaves no rule of the decision out."""
    rules = rulebook(folder)
    assessments = [rules.read_assessment(file) for file in sorted(folder.glob("assessment*.json"))]
    decision = rules.decide(rules.read_application(folder / "application.json"), assessments)
    letter = decision.explain(language)
    assert all(f"[{finding.rule}]" in letter for finding in decision.findings)
    assert json.loads((folder / "application.json").read_text("utf-8"))["id"] in letter
