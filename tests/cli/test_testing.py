"""`test`: cases decided and compared, what is printed, what is rewritten, and the exit status."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.pools import REAL
from tests.testing.case_files import APPLICATION, varied, written

from .conftest import Run
from .running import CASES, Ran


def too_long(folder: Path) -> Path:
    """A case of seven pages that is expected to be met, and a variation that holds."""
    expected = {"why": "Seven pages are fine, or so we thought.", "findings": {"formal.length": "met"}}
    return written(folder, expected, varied(application={"pages": 5}), {**APPLICATION, "pages": 7})


def test_cases_that_hold(run: Run) -> None:
    """Status 0 and a count; a case named twice counts once."""
    ran = run("test", str(CASES), str(CASES / "clean"))
    variations = [json.loads(file.read_text("utf-8")) for file in CASES.glob("*/variations.json")]
    count = len(list(CASES.glob("*/expected.json"))) + sum(map(len, variations))
    assert ran == Ran(0, f"{count} cases: all as expected.\n", "")


def test_all_plugins_at_once(run: Run) -> None:
    """Paths may be the folders of plugins, of several pools."""
    folders = sorted(path for path in CASES.parents[1].iterdir() if path.is_dir())
    ran = run("test", *map(str, folders))
    assert (ran.status, ran.err) == (0, "")


def test_differences_are_printed_together(run: Run, tmp_path: Path) -> None:
    """Status 1; expected, got, the clause with its facts, the reasons of the case, and counts in the last line."""
    folder = too_long(tmp_path / "long")
    ran = run("test", str(tmp_path))
    assert (ran.status, ran.err) == (1, "")
    heading = f"long ({folder / 'expected.json'})"
    assert ran.out == (
        f"{heading}\n{'-' * len(heading)}\n"
        "\n"
        "- findings[formal.length]: expected met, got not_met\n"
        "    formal.length, demand: pages <= page_limit does not hold: found 7, required <= 5, margin -2\n"
        "    values: page_limit = 5\n"
        "    facts: pages = 7\n"
        "\n"
        "It is expected because:\n"
        "\n"
        "- Seven pages are fine, or so we thought.\n"
        "\n"
        "2 cases: 1 as expected, 1 not; 1 difference.\n"
    )


def test_differences_as_json(run: Run, tmp_path: Path) -> None:
    """Every case with its differences, each with the clause and its facts as data."""
    too_long(tmp_path / "long")
    ran = run("test", str(tmp_path), "--format", "json")
    assert (ran.status, ran.err) == (1, "")
    data: dict[str, Any] = json.loads(ran.out)
    assert (data["as_expected"], data["not_as_expected"]) == (1, 1)
    long, variation = data["cases"]
    assert (long["case"], long["pool"], long["round"]) == ("long", "dk_2018_kompetenceloeft", "2018")
    assert long["differences"][0]["reasons"][0]["facts"] == {"pages": 7}
    assert (variation["case"], variation["differences"]) == ("long/varied", [])


def test_update_rewrites_and_says_so(run: Run, tmp_path: Path) -> None:
    """Status 0; what was rewritten is printed for review, with the advice to read the reasons again."""
    folder = too_long(tmp_path / "long")
    ran = run("test", str(tmp_path), "--update")
    assert (ran.status, ran.err) == (0, "")
    assert "Rewritten:\n\n- findings[formal.length]: expected met, got not_met\n" in ran.out
    assert ran.out.endswith(
        "2 cases: 1 value rewritten, 0 left; the reasons under `why` were not rewritten: read them again.\n"
    )
    assert json.loads((folder / "expected.json").read_text("utf-8"))["findings"] == {"formal.length": "not_met"}
    assert run("test", str(tmp_path)).status == 0


def test_update_leaves_what_a_person_has_to_settle(run: Run, tmp_path: Path) -> None:
    """Status 1 as long as something is left, and it says what."""
    written(tmp_path, {"why": "w", "findings": {"formal.length": "met"}, "score": None})
    ran = run("test", str(tmp_path), "--update")
    assert ran.status == 1
    assert "- score: expected null, got an object\n" in ran.out
    assert "0 values rewritten, 1 left" in ran.out


def test_update_without_differences_writes_nothing(run: Run, tmp_path: Path) -> None:
    """Nothing differs, so nothing is rewritten and nothing is said of it."""
    written(tmp_path / "one")
    assert run("test", str(tmp_path), "--update") == Ran(0, "1 case: all as expected.\n", "")


def test_saved_rules_decide_instead_of_the_plugins(run: Run, tmp_path: Path) -> None:
    """Cases are held against a rule set that was saved earlier; those of other pools are refused."""
    file = tmp_path / "rules.json"
    file.write_text(REAL.with_values(page_limit=4).save(), "utf-8")
    written(tmp_path / "cases" / "one")
    ran = run("test", str(tmp_path / "cases"), "--rules", str(file))
    assert (ran.status, "required <= 4" in ran.out) == (1, True)
    ran = run("test", str(CASES.parents[1] / "no_helseteknologi"), "--rules", str(file))
    assert (ran.status, ran.out) == (2, "")
    assert "there is no pool `no_helseteknologi`" in ran.err


def test_wrong_expectations_are_refused_together(run: Run, tmp_path: Path) -> None:
    """Status 2, one report of everything wrong in any path, and nothing is decided."""
    written(tmp_path / "a" / "one", {"why": "w", "findings": {"formal.lenght": "met"}})
    written(tmp_path / "b" / "two", {"findings": {"formal.length": "met"}})
    ran = run("test", str(tmp_path / "a"), str(tmp_path / "b"), str(tmp_path / "c"))
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.replace(f"{tmp_path}/", "") == (
        "input: 3 problems\n"
        "  a/one/expected.json: findings[formal.lenght]: there is no rule `formal.lenght`\n"
        "    hint: did you mean `formal.length`?\n"
        "  b/two/expected.json: why: the expectation gives no reasons\n"
        "    hint: say in words why it is expected\n"
        "  c: there is no such folder\n"
        "    hint: name a folder with `application.json` and `expected.json`, or a folder of such folders\n"
    )


# Coverage


def test_coverage_that_is_whole(run: Run, tmp_path: Path) -> None:
    """The cases of a real pool show all of its rules: the report says so, and so does the file."""
    file = tmp_path / "coverage.json"
    ran = run("test", str(CASES), "--coverage", "--coverage-json", str(file), "--fail-under", "100")
    assert (ran.status, ran.err) == (0, "")
    assert "Rule coverage of dk_2018_kompetenceloeft@2018: 100 %" in ran.out
    (found,) = json.loads(file.read_text("utf-8"))["rule_sets"]
    assert (found["seen"], found["ratio"]) == (found["total"], "1")


def test_coverage_that_falls_short(run: Run) -> None:
    """One case shows little: exit 1, with what was not seen and why."""
    ran = run("test", str(CASES / "clean"), "--coverage", "--fail-under", "99.9")
    assert (ran.status, ran.err) == (1, "")
    assert "formal.signature" in ran.out
    assert "`signed` was yes in" in ran.out


def test_coverage_is_data_too(run: Run) -> None:
    """With `--format json`, the coverage stands beside the cases."""
    ran = run("test", str(CASES / "clean"), "--coverage", "--format", "json")
    assert json.loads(ran.out)["coverage"]["format"] == "grantrules.coverage/1"


@pytest.mark.parametrize("percent", ["101", "most", "-1", ""])
def test_a_share_that_cannot_be(run: Run, percent: str) -> None:
    """A share that is none is wrong input, and nothing is decided."""
    ran = run("test", str(CASES / "clean"), "--fail-under", percent)
    assert (ran.status, ran.out) == (2, "")


def test_coverage_that_cannot_be_written(run: Run, tmp_path: Path) -> None:
    """A file that cannot be written is named."""
    ran = run("test", str(CASES / "clean"), "--coverage-json", str(tmp_path / "nowhere" / "coverage.json"))
    assert ran.status == 2
    assert "the coverage cannot be written" in ran.err
