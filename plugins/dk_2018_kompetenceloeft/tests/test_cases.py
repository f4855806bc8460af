"""The example cases, decided and compared with what was worked out apart from this code."""

import json
from pathlib import Path

import pytest

from grantrules.testing import case_differences, case_folders, decided_case

from .build import RULES

FOLDERS = case_folders(Path(__file__).parents[1] / "cases")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_case_is_decided_as_expected(folder: Path) -> None:
    """Outcome, findings, every amount, highest grant, score, needs and conditions are as worked out by hand."""
    assert case_differences(RULES, folder) == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_an_expectation_speaks_of_everything(folder: Path) -> None:
    """No expectation of this pool leaves out what it could get wrong."""
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    assert {"outcome", "findings", "costs", "highest_grant", "needed", "conditions"} <= set(expected)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_amounts_of_a_case_add_up(folder: Path) -> None:
    """Claimed is eligible, disallowed and undetermined together, to the øre, per line and in total."""
    costs = decided_case(RULES, folder)["costs"]
    cents = {
        name: [round(float(line[name]) * 100) for line in costs["lines"].values()]
        for name in ("claimed", "eligible", "disallowed", "undetermined")
    }
    for claimed, *parts in zip(*cents.values(), strict=True):
        assert claimed == sum(parts)
    for name, amounts in cents.items():
        assert sum(amounts) == round(float(costs[name]) * 100)
