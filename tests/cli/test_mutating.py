"""`grantrules mutate`: what is printed, and the exit status."""

import json
from pathlib import Path

import pytest

from .conftest import Run
from .running import in_process_of_its_own

POOL = "no_helseteknologi@2024-1"
CASES = Path(__file__).parents[2] / "plugins" / "no_helseteknologi" / "cases"


def test_a_pool_whose_cases_notice_everything(run: Run) -> None:
    """No survivor: exit 0, counts first, then a table by rule."""
    ran = run("mutate", POOL, "--cases", str(CASES), "--no-laws", "--workers", "1")
    assert (ran.status, ran.err) == (0, "")
    assert "0 survived." in ran.out
    assert "eligibility.area" in ran.out


def test_survivors_are_a_check_that_does_not_hold(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without cases mutants survive: exit 1, by rule, each with what would have caught it."""
    monkeypatch.chdir(tmp_path)
    ran = run("mutate", POOL, "--no-laws", "--workers", "1", "--rule", "formal.deadline")
    assert (ran.status, ran.err) == (1, "")
    assert "Survived: no case and no law noticed" in ran.out
    assert "would be caught by a case of which findings[formal.deadline].result" in ran.out


def test_cases_beside_are_taken(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder called `cases` where the command is run is used without being named."""
    monkeypatch.chdir(CASES.parent)
    ran = run("mutate", POOL, "--no-laws", "--workers", "1", "--format", "json")
    assert ran.status == 0
    data = json.loads(ran.out)
    assert (data["format"], data["counts"]["survived"]) == ("grantrules.mutation/1", 0)
    assert data["cases"] > 4


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["no_helsetecnologi@2024-1"], "did you mean `no_helseteknologi`?"),
        (["no_helseteknologi"], "`no_helseteknologi` has several rounds"),
        ([POOL, "--rule", "eligibility.arae", "--no-laws"], "no mutant is made of it"),
        ([POOL, "--cases", "nowhere"], "there is no such folder"),
        (["rules.json"], "rules.json"),
        ([POOL, "--workers", "0", "--no-laws"], "expected a whole number from 1"),
        ([POOL, "--workers", "two"], "expected a whole number from 1"),
    ],
)
def test_wrong_input(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    """What is wrong is said, nothing is printed, exit 2."""
    monkeypatch.chdir(tmp_path)
    ran = run("mutate", *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err


def test_without_hypothesis_the_hint_says_what_to_install(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Hypothesis is missing, the command says which extra brings it."""
    monkeypatch.setattr("grantrules.commands.asked.find_spec", lambda name: None)
    ran = run("mutate", POOL)
    assert (ran.status, ran.out) == (2, "")
    assert "install `grantrules[testing]`" in ran.err


def test_nothing_is_left_where_it_is_run(tmp_path: Path) -> None:
    """The command writes nothing into the folder in which it is run."""
    ran = in_process_of_its_own("mutate", POOL, "--rule", "formal.deadline", "--no-laws", cwd=tmp_path)
    assert ran.status == 1
    assert list(tmp_path.iterdir()) == []
