"""`diff`: two rulebooks in; what moved, what becomes of applications, and whether that was intended out."""

import json
from pathlib import Path
from typing import Any

import pytest

import grantrules as g

from .conftest import Run
from .running import CASES, POOL, written

ROUND_2022, ROUND_2023 = (f"dk_2022_digitale_kompetencer@{round}" for round in ("2022", "2023"))
ROUNDS = Path(__file__).parents[2] / "docs" / "rounds"
INTENT = {
    "format": "grantrules.intent/1",
    "why": "the ceiling rises",
    "may": {"eligibility.grant-limits": "relax", "grant.formula": "relax"},
    "values": {"grant_ceiling": "rise"},
}


def raised(folder: Path, **values: str) -> str:
    """The file of a saved rule set with other values than the installed one; a ceiling of three million if not told."""
    changed = {name: g.kr(amount) for name, amount in (values or {"grant_ceiling": "3000000"}).items()}
    return written(folder, "new.json", g.rulebook(POOL).with_values(**changed).save())


def caseload(folder: Path, **changed: Any) -> str:
    """A folder with one application of the 2018 pool, its assessments, and a decision that was stored."""
    application = {**json.loads((CASES / "clean" / "application.json").read_text("utf-8")), **changed}
    written(folder, "applications/one.json", application)
    rules = g.rulebook(POOL)
    given = [json.loads(file.read_text("utf-8")) for file in sorted((CASES / "clean").glob("assessment*.json"))]
    for index, assessment in enumerate(given):
        written(folder, f"assessments/one-{index}.json", assessment)
    decision = rules.decide(rules.read_application(application), [rules.read_assessment(one) for one in given])
    written(folder, "decisions/one.json", decision.to_dict())
    return str(folder)


def test_two_rounds_on_the_applications_of_a_folder(run: Run) -> None:
    """The deadline moved, and so did every application that came after the first one."""
    folder = str(ROUNDS / "dk_2022_digitale_kompetencer-2023")
    ran = run("diff", ROUND_2022, ROUND_2023, "--cases", folder)
    assert (ran.status, ran.err) == (0, "")
    assert "- formal.deadline: relaxed" in ran.out
    assert "outcome: dismissed → eligible, first through formal.deadline (relaxed): 7 applications" in ran.out


def test_a_saved_rule_set_and_the_installed_one(run: Run, tmp_path: Path) -> None:
    """The last release is a file; cases and their variations are tried, those of other rounds are passed over."""
    saved = written(tmp_path, "old.json", g.rulebook("dk_2022_digitale_kompetencer", "2022").save())
    ran = run("diff", saved, ROUND_2022, "--cases", str(CASES.parents[1] / "dk_2022_digitale_kompetencer"))
    assert (ran.status, ran.err) == (0, "")
    assert "The rules say the same." in ran.out
    assert "applications given change." in ran.out


def test_a_change_does_what_was_intended(run: Run, tmp_path: Path) -> None:
    """The intent holds: status 0."""
    intent = written(tmp_path, "intent.json", INTENT)
    ran = run("diff", POOL, raised(tmp_path), "--cases", str(CASES), "--intent", intent)
    assert ran.status == 0
    assert "The change does what it is to do, and nothing else." in ran.out


def test_a_change_does_more_than_was_intended(run: Run, tmp_path: Path) -> None:
    """The floor falls too: status 1, and it is named."""
    new = raised(tmp_path, grant_ceiling="3000000", grant_floor="500000")
    ran = run("diff", POOL, new, "--generate", "0", "--intent", written(tmp_path, "intent.json", INTENT))
    assert ran.status == 1
    assert "- grant_floor: the value has fallen: 1,000,000.00 kr → 500,000.00 kr" in ran.out


def test_without_an_intent_a_difference_is_no_failure(run: Run, tmp_path: Path) -> None:
    """That rules differ is the answer, not a fault."""
    ran = run("diff", POOL, raised(tmp_path), "--generate", "0")
    assert (ran.status, ran.err) == (0, "")
    assert "eligibility.grant-limits: relaxed" in ran.out
    assert "Applications" not in ran.out


def test_applications_are_drawn(run: Run, tmp_path: Path) -> None:
    """An example is written out as JSON that can be read again, with what the rule reads in front."""
    ran = run("diff", POOL, raised(tmp_path), "--generate", "25", "--seed", "3", "--format", "json")
    assert ran.status == 0
    data = json.loads(ran.out)
    assert data["format"] == "grantrules.comparison/1"
    assert data["applications"]["drawn"] is True
    effects = data["applications"]["effects"]
    example = next(one["example"] for one in effects if one["change"] == "ineligible → eligible")
    assert list(example["application"])[:3] == ["pool", "round", "requested"]
    assert g.rulebook(POOL).decide(g.rulebook(POOL).read_application(example["application"])).outcome == "ineligible"


def test_stored_decisions_that_fall(run: Run, tmp_path: Path) -> None:
    """A decision that stands gives status 0, one that falls status 1 with its rule."""
    stands = caseload(tmp_path / "stands")
    new = raised(tmp_path)
    assert run("diff", POOL, new, "--generate", "0", "--decisions", stands).status == 0
    falls = caseload(tmp_path / "falls", requested="2800000.00")
    ran = run("diff", POOL, new, "--generate", "0", "--decisions", falls)
    assert ran.status == 1
    assert "1 of 1 no longer stand." in ran.out
    assert "- SUM-2018-0417: findings[eligibility.grant-limits].result not_met → met" in ran.out


def test_a_decision_stored_beside_its_case(run: Run, tmp_path: Path) -> None:
    """A case may hold the decision that was made on it."""
    rules = g.rulebook(POOL)
    application = {"id": "A", "requested": "2800000.00"}
    written(tmp_path, "kept/a/application.json", application)
    written(tmp_path, "kept/a/decision.json", [rules.decide(rules.read_application(application)).to_dict()])
    ran = run("diff", POOL, raised(tmp_path), "--generate", "0", "--decisions", str(tmp_path / "kept"))
    assert ran.status == 1
    assert "- a: " in ran.out


def test_markdown(run: Run, tmp_path: Path) -> None:
    """The comparison fits into a comment on the change."""
    ran = run("diff", POOL, raised(tmp_path), "--generate", "0", "--format", "markdown")
    assert ran.out.startswith(f"# {POOL.replace('_', chr(92) + '_')}@2018")
    assert "## Rules" in ran.out


def test_everything_wrong_is_reported_at_once(run: Run, tmp_path: Path) -> None:
    """A folder, an intent and the decisions are looked at before anything is compared."""
    intent = written(tmp_path, "intent.json", {**INTENT, "may": {"eligibility.grant-limit": "relax"}})
    nowhere = str(tmp_path / "nowhere")
    ran = run("diff", POOL, POOL, "--cases", nowhere, "--intent", intent, "--decisions", nowhere)
    assert (ran.status, ran.out) == (2, "")
    for said in ("name a folder of cases", "name a folder of decisions", "did you mean `eligibility.grant-limits`"):
        assert said in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("dk_2018_kompetencelft", POOL), "did you mean `dk_2018_kompetenceloeft`?"),
        ((POOL, "nowhere.json"), "nowhere.json"),
        ((POOL, ROUND_2022), "are of two pools"),
        ((POOL, POOL, "--generate", "many"), "expected a whole number, got `many`"),
        ((POOL, POOL, "--generate", "-1"), "--generate"),
        ((POOL, POOL, "--generate", "1", "--cases", "x"), "not allowed with argument"),
        ((ROUND_2022.partition("@")[0], ROUND_2023), "has several rounds"),
    ],
)
def test_wrong_requests(run: Run, arguments: tuple[str, ...], said: str) -> None:
    """What cannot be compared is refused, and nothing is printed."""
    ran = run("diff", *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err


def test_an_assessment_of_nobody(run: Run, tmp_path: Path) -> None:
    """An assessment that names no application of the folder is refused."""
    folder = caseload(tmp_path / "load")
    written(tmp_path / "load", "assessments/other.json", {"application": "SUM-2018-0418"})
    ran = run("diff", POOL, raised(tmp_path), "--cases", folder)
    assert ran.status == 2
    assert "no application is `SUM-2018-0418`" in ran.err
    assert "did you mean `SUM-2018-0417`?" in ran.err


def test_decisions_of_nobody_and_folders_without_any(run: Run, tmp_path: Path) -> None:
    """A decision without its application, a folder without decisions, a file that is no decision."""
    new = raised(tmp_path)
    (tmp_path / "empty").mkdir()
    ran = run("diff", POOL, new, "--generate", "0", "--decisions", str(tmp_path / "empty"))
    assert (ran.status, "the folder holds no decision" in ran.err) == (2, True)
    folder = caseload(tmp_path / "load")
    decision = json.loads((tmp_path / "load" / "decisions" / "one.json").read_text("utf-8"))
    written(tmp_path / "load", "decisions/two.json", {**decision, "application": "SUM-2018-0418"})
    ran = run("diff", POOL, new, "--generate", "0", "--decisions", folder)
    assert (ran.status, "no application is `SUM-2018-0418`" in ran.err) == (2, True)
    written(tmp_path / "load", "decisions/two.json", [3])
    assert "expected a decision" in run("diff", POOL, new, "--generate", "0", "--decisions", folder).err
