"""The example cases, decided and compared with what was worked out apart from this code."""

import json
from pathlib import Path

import pytest

from grantrules.testing import case_differences, case_folders

from .build import RULES

FOLDERS = case_folders(Path(__file__).parents[1] / "cases")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_case_is_decided_as_expected(folder: Path) -> None:
    """Outcome, findings, every amount, highest grant, score, needs and assumptions are as worked out by hand."""
    assert case_differences(RULES, folder) == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_an_expectation_speaks_of_everything(folder: Path) -> None:
    """No expectation of this pool leaves out what it could get wrong."""
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    everything = {"outcome", "findings", "costs", "highest_grant", "score", "needed", "conditions", "assumptions"}
    assert everything | {"why"} == set(expected)


def test_every_case_is_in_the_list_of_cases() -> None:
    """The page about the cases names each folder and its case number."""
    page = (FOLDERS[0].parent / "README.md").read_text("utf-8")
    for folder in FOLDERS:
        number = json.loads((folder / "application.json").read_text("utf-8"))["id"]
        assert f"| `{folder.name}` | {number} |" in page


def test_the_cases_reach_every_outcome_this_pool_has() -> None:
    """Without formal rules nothing is dismissed; the three other outcomes each have a case."""
    found = {json.loads((folder / "expected.json").read_text("utf-8"))["outcome"] for folder in FOLDERS}
    assert found == {"eligible", "ineligible", "undetermined"}
