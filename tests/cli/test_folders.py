"""`decide` on folders: rounds, cases and plain folders, of one pool or of several."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.allocating.rounds import FIRST, RULES_2018, RULES_2022, again, assessed, digitale, helse, kompetence

from .conftest import Run
from .running import written

PLUGINS = Path(__file__).parents[2] / "plugins"

MIXED: dict[str, Mapping[str, Any]] = {
    "a-kompetence": kompetence("SUM-2018-0417"),
    "b-digitale": digitale("SUM-2022-0117", "420000.00", "300000.00"),
    "c-helse": helse("HDIR-24-0114", "2400000.00"),
    "d-again": again("HDIR-24-0061", "1150000.00", None),
}
RULES = {"a-kompetence": RULES_2018, "b-digitale": RULES_2022, "c-helse": FIRST}


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A folder with applications of four rounds and assessments of three of them, under names of their own."""
    for name, data in MIXED.items():
        written(tmp_path / "mixed", f"applications/{name}.json", data)
    for index, (name, rules) in enumerate(RULES.items()):
        written(tmp_path / "mixed", f"assessments/{index}.json", assessed(rules, MIXED[name], "4"))
    return tmp_path / "mixed"


def decisions(run: Run, *arguments: str) -> list[dict[str, Any]]:
    """The decisions that are printed, as a list even of one."""
    ran = run("decide", *arguments, "--format", "json")
    assert (ran.status, ran.err) == (0, "")
    data = json.loads(ran.out)
    return data if isinstance(data, list) else [data]


def refused(run: Run, *arguments: str) -> str:
    """The report of a refusal, which is all that is printed."""
    ran = run("decide", *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert "Traceback" not in ran.err
    return ran.err


# Which files belong to what


def test_one_folder_may_mix_pools(run: Run, mixed: Path) -> None:
    """Each file is decided by the rules of its own pool and round, in the order of the names, with its assessments."""
    found = decisions(run, str(mixed))
    assert [(made["pool"], made["round"], made["application"]) for made in found] == [
        ("dk_2018_kompetenceloeft", "2018", "SUM-2018-0417"),
        ("dk_2022_digitale_kompetencer", "2022", "SUM-2022-0117"),
        ("no_helseteknologi", "2024-1", "HDIR-24-0114"),
        ("no_helseteknologi", "2024-2", "HDIR-24-0061"),
    ]
    assert {made["outcome"] for made in found} == {"eligible"}
    assert [made["score"] is not None for made in found] == [True, True, True, False]


def test_a_folder_gives_what_its_files_give(run: Run, mixed: Path) -> None:
    """Naming a folder is naming its applications and its assessments one by one."""
    applications = [str(path) for path in sorted((mixed / "applications").iterdir())]
    assessments = [str(path) for path in sorted((mixed / "assessments").iterdir())]
    one_by_one = run("decide", *applications, "--assessment", *assessments, "--format", "json")
    assert run("decide", str(mixed), "--format", "json") == one_by_one


@pytest.mark.parametrize("language", ["da", "nb", "en"])
@pytest.mark.parametrize("format", ["text", "markdown"])
def test_letters_of_a_folder(run: Run, mixed: Path, language: str, format: str) -> None:
    """Every application of the folder gets its letter, one after another, in the language asked for."""
    ran = run("decide", str(mixed), "--lang", language, "--format", format)
    assert (ran.status, ran.err) == (0, "")
    places = [ran.out.index(str(data["id"])) for data in MIXED.values()]
    assert places == sorted(places)


@pytest.mark.parametrize("plugin", sorted(folder.name for folder in PLUGINS.iterdir() if (folder / "cases").is_dir()))
def test_a_case_folder_is_one_application(run: Run, plugin: str) -> None:
    """A folder with `application.json` is that application with its `assessment*.json`, and nothing else in it."""
    for case in sorted((PLUGINS / plugin / "cases").iterdir())[:3]:
        if not case.is_dir():
            continue
        assessments = [str(path) for path in sorted(case.glob("assessment-*.json"))]
        given = ["--assessment", *assessments] if assessments else []
        by_name = run("decide", str(case / "application.json"), *given, "--format", "json")
        assert by_name.status == 0
        assert run("decide", str(case), "--format", "json") == by_name


def test_several_case_folders_at_once(run: Run) -> None:
    """Case folders of several pools are decided together, each with its own assessments."""
    cases = [
        PLUGINS / "dk_2018_kompetenceloeft" / "cases" / "clean",
        PLUGINS / "no_helseteknologi" / "cases" / "topped-up",
    ]
    found = decisions(run, *map(str, cases))
    assert [made["pool"] for made in found] == ["dk_2018_kompetenceloeft", "no_helseteknologi"]
    assert [made["panel"]["assessors"] for made in found] == [2, 1]


def test_a_plain_folder_holds_applications(run: Run, tmp_path: Path) -> None:
    """Every JSON file of a plain folder is an application; other files are left alone."""
    for name, data in MIXED.items():
        written(tmp_path / "plain", f"{name}.json", data)
    written(tmp_path / "plain", "README.md", "# Indkomne ansøgninger")
    written(tmp_path / "plain", "a-kompetence.json.bak", "{")
    assert [made["application"] for made in decisions(run, str(tmp_path / "plain"))] == [
        data["id"] for data in MIXED.values()
    ]


def test_assessments_beside_a_plain_folder_of_applications(run: Run, tmp_path: Path) -> None:
    """A plain folder may have its assessments in a folder of that name."""
    written(tmp_path / "plain", "one.json", MIXED["c-helse"])
    written(tmp_path / "plain", "assessments/one.json", assessed(FIRST, MIXED["c-helse"], "4"))
    (made,) = decisions(run, str(tmp_path / "plain"))
    assert made["score"]["total"] == "85.00"


def test_files_and_folders_together(run: Run, tmp_path: Path, mixed: Path) -> None:
    """Files and folders may be named together; their order is kept, and assessments find their application."""
    single = written(tmp_path, "single.json", kompetence("SUM-2018-0402"))
    given = written(tmp_path, "given.json", assessed(RULES_2018, {"id": "SUM-2018-0402"}, "3"))
    found = decisions(run, single, str(mixed), "--assessment", given)
    assert [made["application"] for made in found] == ["SUM-2018-0402", *(data["id"] for data in MIXED.values())]
    assert found[0]["score"]["total"] == "66.67"


def test_a_folder_of_one_prints_one_object(run: Run, tmp_path: Path) -> None:
    """A folder with one application prints one object, as its file would."""
    written(tmp_path, "applications/one.json", MIXED["c-helse"])
    assert isinstance(json.loads(run("decide", str(tmp_path), "--format", "json").out), dict)


def test_a_folder_by_a_saved_rule_set(run: Run, tmp_path: Path) -> None:
    """`--rules` decides the folder by the rules in a file, and refuses what is of another pool."""
    rules = written(tmp_path, "rules.json", FIRST.save())
    written(tmp_path, "round/applications/one.json", MIXED["c-helse"])
    (made,) = decisions(run, str(tmp_path / "round"), "--rules", rules)
    assert made["digests"]["rules"] == FIRST.digest
    written(tmp_path, "round/applications/two.json", MIXED["b-digitale"])
    assert "dk_2022_digitale_kompetencer" in refused(run, str(tmp_path / "round"), "--rules", rules)


# Refused


def test_everything_wrong_in_a_mixed_folder_is_reported_at_once(run: Run, mixed: Path) -> None:
    """Unknown pools and rounds, half files, misspelt keys, stray assessments: one report, nothing decided."""
    written(mixed, "applications/e.json", {**MIXED["c-helse"], "id": "E", "pool": "no_helseteknolgi"})
    written(mixed, "applications/f.json", {**MIXED["c-helse"], "id": "F", "round": "2024-3"})
    written(mixed, "applications/g.json", {**MIXED["c-helse"], "id": "G", "round": None})
    written(mixed, "applications/h.json", "{")
    written(mixed, "applications/i.json", {**MIXED["c-helse"], "id": "I", "first_round": {"status": "awarded"}})
    written(mixed, "applications/j.json", {"id": "J"})
    written(mixed, "assessments/8.json", {"application": "SUM-2018-0471", "ratings": {}})
    written(mixed, "assessments/9.json", {"application": "HDIR-24-0114", "ratings": {"goals": 4}})
    said = refused(run, str(mixed))
    assert said.startswith("input: 8 problems\n")
    for problem in (
        "e.json: pool: there is no pool `no_helseteknolgi`\n    hint: did you mean `no_helseteknologi`?",
        "f.json: round: `no_helseteknologi` has no round `2024-3`",
        "g.json: round: `no_helseteknologi` has several rounds\n    hint: choose from `2024-1`, `2024-2`",
        "h.json: line 1, column 2: the file is not JSON",
        "i.json: first_round: there is no such key",
        "j.json: pool: the application does not name its pool",
        "8.json: application: no application is `SUM-2018-0471`\n    hint: did you mean `SUM-2018-0417`?",
        "9.json: ratings.goals: there is no criterion `goals`",
    ):
        assert problem in said


def test_one_case_number_in_two_pools(run: Run, tmp_path: Path) -> None:
    """Two applications of one case number cannot be told apart, be they of one pool or of two."""
    for name in ("a-kompetence", "c-helse"):
        written(tmp_path, f"applications/{name}.json", {**MIXED[name], "id": "2024-7"})
    assert "are both application `2024-7`" in refused(run, str(tmp_path))


def test_a_folder_named_twice(run: Run, mixed: Path) -> None:
    """A folder that is named twice holds every application twice, and is refused."""
    said = refused(run, str(mixed), str(mixed))
    assert said.count("are both application") == len(MIXED)


def test_a_folder_that_holds_no_application(run: Run, tmp_path: Path) -> None:
    """An empty folder, or one without JSON files, is refused with what is expected of it."""
    (tmp_path / "empty").mkdir()
    written(tmp_path, "other/README.md", "# Intet")
    for name in ("empty", "other"):
        said = refused(run, str(tmp_path / name))
        assert "the folder holds no application" in said
        assert "put them into `applications`, as JSON files" in said


def test_a_folder_that_is_not_there(run: Run, tmp_path: Path, mixed: Path) -> None:
    """A path that leads nowhere is a file that cannot be read, and stops the others too."""
    assert "the file cannot be read" in refused(run, str(mixed), str(tmp_path / "nowhere"))


def test_a_folder_where_a_file_should_be(run: Run, mixed: Path) -> None:
    """A folder whose name ends like a file is refused, not passed over."""
    (mixed / "applications" / "z.json").mkdir()
    assert "z.json: 1 problem\n  the file cannot be read" in refused(run, str(mixed))


def test_two_assessments_by_one_name_in_a_folder_are_two(run: Run, mixed: Path) -> None:
    """Two assessors of one application both count; a folder may hold any number of assessments."""
    data = {**assessed(FIRST, MIXED["c-helse"], "2"), "assessor": "panel-2"}
    written(mixed, "assessments/7.json", data)
    made = decisions(run, str(mixed))[2]
    assert (made["panel"]["assessors"], made["score"]["total"]) == (2, "70.00")


def test_an_assessment_in_the_folder_and_on_the_command_line_is_given_twice(run: Run, mixed: Path) -> None:
    """The same file named again beside its folder would count twice, and is refused."""
    assert "the assessment is given twice" in refused(
        run, str(mixed), "--assessment", str(mixed / "assessments/0.json")
    )


def test_folders_are_moved_without_harm(run: Run, tmp_path: Path, mixed: Path) -> None:
    """What is decided does not depend on where the folder lies."""
    moved = tmp_path / "et andet sted" / "ærø"
    shutil.copytree(mixed, moved)
    assert run("decide", str(moved), "--format", "json") == run("decide", str(mixed), "--format", "json")


def test_every_folder_without_applications_is_named(run: Run, tmp_path: Path) -> None:
    """Two folders without applications are both in the report; `applications` without a file is one of them."""
    (tmp_path / "one").mkdir()
    (tmp_path / "two" / "applications").mkdir(parents=True)
    ran = run("decide", str(tmp_path / "one"), str(tmp_path / "two"))
    assert ran.status == 2
    assert ran.out == ""
    for name in ("one", "two"):
        assert f"{tmp_path / name}: the folder holds no application" in " ".join(ran.err.split())
