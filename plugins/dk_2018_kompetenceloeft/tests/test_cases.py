"""The example cases: what they speak of, and what they show between them. pytest collects and decides them itself."""

from pathlib import Path

import pytest

from grantrules.testing import Case, coverage_of, read_cases

from .build import RULES

CASES = read_cases(Path(__file__).parents[1] / "cases", RULES)
WHOLE = [case for case in CASES if not case.is_variation]


@pytest.mark.parametrize("case", WHOLE, ids=lambda case: case.name)
def test_an_expectation_speaks_of_everything(case: Case) -> None:
    """No expectation of this pool leaves out what it could get wrong."""
    assert {"outcome", "findings", "costs", "highest_grant", "needed", "conditions"} <= set(case.expected)
    assert set(case.expected["findings"]) == {rule.id for rule in RULES.rules.requirements}
    assert set(case.expected["costs"]["lines"]) == {line["id"] for line in case.application["costs"]}


def test_the_cases_show_every_rule_from_every_side() -> None:
    """Every part of every rule is seen met, not met and open, at its limit and beside it."""
    (covered,) = coverage_of((case.rulebook, *case.read()) for case in CASES).values()
    assert [str(unseen) for unseen in covered.missing] == []
