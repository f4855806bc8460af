"""The example cases: what they speak of, and what they show between them. pytest collects and decides them itself."""

from pathlib import Path
from typing import Any

import pytest

from grantrules.testing import Case, coverage_of, read_cases

from .build import ROUNDS, RULES

CASES = read_cases(Path(__file__).parents[1] / "cases", RULES)
WHOLE = [case for case in CASES if not case.is_variation]


@pytest.mark.parametrize("case", WHOLE, ids=lambda case: case.name)
def test_an_expectation_speaks_of_everything(case: Case) -> None:
    """No expectation of this pool leaves out what it could get wrong; variations name what they are about."""
    everything = {"outcome", "findings", "costs", "highest_grant", "score", "needed", "conditions", "assumptions"}
    assert set(case.expected) == everything
    assert set(case.expected["findings"]) == {rule.id for rule in case.rulebook.rules.requirements}


def test_the_cases_show_every_rule_from_every_side() -> None:
    """In both rounds, every part of every rule is seen met, not met and open, and each limit at it and beside it."""
    covered = coverage_of((case.rulebook, *case.read()) for case in CASES)
    assert {coverage.rulebook.round.id for coverage in covered.values()} == set(ROUNDS)
    assert [str(unseen) for coverage in covered.values() for unseen in coverage.missing] == []


@pytest.mark.parametrize("case", WHOLE, ids=lambda case: case.name)
@pytest.mark.parametrize("language", ["da", "nb", "en"])
def test_every_case_can_be_explained(case: Case, language: Any) -> None:
    """A letter in each language names the application and leaves no rule of the decision out."""
    decision = case.decide()
    letter = decision.explain(language)
    assert all(f"[{finding.rule}]" in letter for finding in decision.findings)
    assert case.application["id"] in letter
