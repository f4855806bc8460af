"""The example cases, decided and compared with what was worked out apart from this code."""

import json
from pathlib import Path

import pytest

import grantrules as g
from grantrules.testing import case_differences, case_folders, decided_case

from .build import RULES

FOLDERS = case_folders(Path(__file__).parents[1] / "cases")


def rules_of(folder: Path) -> g.Rulebook:
    """The rulebook of the round that a case applies to."""
    return RULES[json.loads((folder / "application.json").read_text("utf-8"))["round"]]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_case_is_decided_as_expected(folder: Path) -> None:
    """Outcome, findings, every amount, highest grant, score, needs and assumptions are as worked out by hand."""
    assert case_differences(rules_of(folder), folder) == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_an_expectation_speaks_of_everything(folder: Path) -> None:
    """No expectation of this pool leaves out what it could get wrong."""
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    spoken_of = {"outcome", "findings", "costs", "highest_grant", "score", "needed", "conditions", "assumptions"}
    assert set(expected) == {*spoken_of, "why"}
    assert set(expected["findings"]) == {rule.id for rule in rules_of(folder).rules.requirements}


def test_the_cases_cover_what_can_become_of_an_application() -> None:
    """Both rounds are met, and in them every outcome, every result and all that a first allocation can have been."""
    decided = [decided_case(rules_of(folder), folder) for folder in FOLDERS]
    outcomes = {(case["round"], case["outcome"]) for case in decided}
    assert outcomes == {
        *(("2024-1", outcome) for outcome in ("eligible", "ineligible", "dismissed", "undetermined")),
        *(("2024-2", outcome) for outcome in ("eligible", "ineligible", "undetermined")),
    }
    found = {(rule, result) for case in decided for rule, result in case["findings"].items()}
    results = ("met", "not_met", "undetermined")
    assert {("formal.deadline", result) for result in results} <= found
    assert {("eligibility.top-up-room", result) for result in (*results, "not_applicable")} <= found
    applications = [json.loads((folder / "application.json").read_text("utf-8")) for folder in FOLDERS]
    before = {application["first_round"]["status"] for application in applications if application["round"] == "2024-2"}
    assert before == {"awarded", "not_awarded", "not_applied"}
