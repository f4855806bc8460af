"""The example cases: what they speak of, and what they show between them. pytest collects and decides them itself."""

from pathlib import Path

import pytest

from grantrules.testing import Case, coverage_of, read_cases

from .build import RULES

FOLDER = Path(__file__).parents[1] / "cases"
CASES = read_cases(FOLDER, RULES)
WHOLE = [case for case in CASES if not case.is_variation]


@pytest.mark.parametrize("case", WHOLE, ids=lambda case: case.name)
def test_an_expectation_speaks_of_everything(case: Case) -> None:
    """No expectation of this pool leaves out what it could get wrong; variations name what they are about."""
    everything = {"outcome", "findings", "costs", "highest_grant", "score", "needed", "conditions", "assumptions"}
    assert set(case.expected) == everything
    assert set(case.expected["findings"]) == {rule.id for rule in RULES.rules.requirements}


def test_every_case_is_in_the_list_of_cases() -> None:
    """The page about the cases names each folder and its case number."""
    page = (FOLDER / "README.md").read_text("utf-8")
    for case in WHOLE:
        assert f"| `{case.name}` | {case.application['id']} |" in page


def test_the_cases_show_every_rule_from_every_side() -> None:
    """Every part of every rule is seen met, not met and open, and each limit at it and beside it."""
    (coverage,) = coverage_of((RULES, *case.read()) for case in CASES).values()
    assert [str(unseen) for unseen in coverage.missing] == []
