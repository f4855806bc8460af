"""The example cases: what they speak of, and what they show between them. pytest collects and decides them itself."""

from pathlib import Path

import pytest

from grantrules.testing import Case, read_cases

from .build import RULES

CASES = [case for case in read_cases(Path(__file__).parents[1] / "cases", RULES) if not case.is_variation]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_expectation_speaks_of_everything(case: Case) -> None:
    """No expectation of this pool leaves out what it could get wrong."""
    assert {"outcome", "findings", "costs", "highest_grant", "needed", "conditions"} <= set(case.expected)
    assert set(case.expected["findings"]) == {rule.id for rule in RULES.rules.requirements}
    assert set(case.expected["costs"]["lines"]) == {line["id"] for line in case.application["costs"]}
