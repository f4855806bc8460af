"""A new plugin: whole and honest as it is written, checked by every tool, and installed where nothing else is."""

import importlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

import grantrules as g
from grantrules.bases import assumption_of
from grantrules.terms.nodes import Judgement
from grantrules.terms.schema import Kind, schema_of
from grantrules.terms.walk import judgements
from grantrules.testing.cases.reading import case_differences, read_cases
from grantrules.testing.coverage import Coverage
from grantrules.testing.mutation.running import mutate
from grantrules.testing.scaffold import COUNTRIES, NewPool, plugin_files, write_pool

ROOT = Path(__file__).parents[2]
POOL = "dk_2027_naturskoler"
PACKAGE = f"grantrules_{POOL}"


def forget() -> None:
    """Let the package be imported anew."""
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that is not there yet, with the id of a pool as its name."""
    return tmp_path / POOL.replace("_", "-")


@pytest.fixture
def plugin(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The plugin as it is written, imported from its folder."""
    write_pool(NewPool(folder))
    monkeypatch.syspath_prepend(folder / "src")
    yield importlib.import_module(f"{PACKAGE}.plugin")
    forget()


@pytest.fixture
def rules(plugin: ModuleType) -> g.Rulebook:
    """Its rulebook."""
    return g.Registry.of(plugin).rulebook(POOL)


def refused(asked: NewPool) -> list[tuple[str, str]]:
    """Where what is asked for is wrong, and how."""
    with pytest.raises(g.InputError) as raised:
        write_pool(asked)
    return [(problem.where, problem.code) for problem in raised.value.problems]


# What is written


def test_what_is_returned_is_what_is_there(folder: Path) -> None:
    """Every file is named, and no other is written."""
    written = write_pool(NewPool(folder))
    assert sorted(written) == sorted(path for path in folder.rglob("*") if path.is_file())
    assert folder / "src" / PACKAGE / "plugin.py" in written


def test_the_files_are_laid_out_as_in_the_plugins_here() -> None:
    """Whoever knows one pool finds the same things in the same modules of another."""
    layout = {path.name for path in (ROOT / "plugins/dk_2018_kompetenceloeft/src").glob("*/*") if path.is_file()}
    made = {Path(path).name for path in plugin_files(NewPool(Path(POOL))) if path.startswith(f"src/{PACKAGE}/")}
    assert made == layout


def test_no_word_of_the_templates_is_left() -> None:
    """All that stands for the id, the title or the country is replaced, in names of files and inside them."""
    asked = NewPool(Path("x"), id="no_prov", title="Prøveordningen", country="NO", currency="EUR")
    for path, text in plugin_files(asked).items():
        for word in ("pool_id", "pool-id", "Puljens titel", "Ordningens tittel", '"DK', "Copenhagen"):
            assert word not in path
            assert word not in text, path


def test_what_is_to_be_replaced_stands_in_the_templates() -> None:
    """Each word by which a plugin is filled in makes a difference; a template that is edited keeps them."""
    asked = NewPool(Path("dk_a"))
    for other in (evolve(asked, id="dk_b"), evolve(asked, title="X"), evolve(asked, currency="EUR")):
        assert plugin_files(other) != plugin_files(asked)
    lines = plugin_files(evolve(asked, country="NO"))["src/grantrules_dk_a/plugin.py"].splitlines()
    before = plugin_files(asked)["src/grantrules_dk_a/plugin.py"].splitlines()
    changed = [line.strip() for line, was in zip(lines, before, strict=True) if line != was]
    assert changed == ['ZONE = "Europe/Oslo"', 'country="NO",', 'currency="NOK",', 'language="nb",']


@pytest.mark.parametrize(
    ("asked", "id"),
    [
        (NewPool(Path("dk-2027-skove")), "dk_2027_skove"),
        (NewPool(Path("some/where/Skove")), "skove"),
        (NewPool(Path("skove"), id="dk_2027"), "dk_2027"),
    ],
)
def test_one_id_everywhere(asked: NewPool, id: str) -> None:
    """Distribution, entry point, package, pool and cases have one id, the folder's unless another is asked for."""
    made = plugin_files(asked)
    project = tomllib.loads(made["pyproject.toml"])["project"]
    assert project["name"] == f"grantrules-{id}".replace("_", "-")
    assert project["entry-points"]["grantrules"] == {id: f"grantrules_{id}.plugin"}
    assert f'id="{id}"' in made[f"src/grantrules_{id}/plugin.py"]
    cases = [json.loads(text)["pool"] for path, text in made.items() if path.endswith("application.json")]
    assert set(cases) == {id}


def test_a_folder_that_is_empty_is_filled(folder: Path) -> None:
    """A folder may be there, as long as nothing is in it."""
    folder.mkdir()
    assert write_pool(NewPool(folder))


def test_the_folder_of_the_shell_gives_its_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`.` is a folder with a name, too."""
    folder.mkdir()
    monkeypatch.chdir(folder)
    write_pool(NewPool(Path()))
    assert (folder / "src" / PACKAGE / "plugin.py").exists()


# What it is


def test_it_has_one_of_everything(rules: g.Rulebook) -> None:
    """An author finds every kind of rule to edit, and need not know what else there could be."""
    made = rules.rules
    assert {requirement.stage.value for requirement in made.requirements} == {"formal", "eligibility"}
    assert any(requirement.when is not None for requirement in made.requirements)
    assert any(isinstance(rule.demand, Judgement) for rule in made.requirements)
    assert {type(rule.disallow) for rule in made.cost_rules} == {g.Whole, g.Part, g.Above}
    assert any(rule.concerns is not None for rule in made.cost_rules)
    assert {criterion.computed is None for criterion in made.scoring.criteria} == {True, False}
    assert [type(part) for part in made.scoring.parts] == [g.Scale, g.Weights, g.Combination]
    assert made.grant is not None
    assert made.grant.floor is not None
    assert made.allocation is not None
    assert {condition.when is None for condition in made.conditions} == {True, False}
    assert made.pool.assumptions
    assert made.pool.notes
    assert {type(value.amount) for value in made.round.values} >= {datetime, int, date}
    assert any(judgements(rule.demand) for rule in made.requirements)


def test_it_declares_facts_of_every_simple_kind(rules: g.Rulebook) -> None:
    """A count, a word, several words, a day, and a yes or no are the pool's own; money is known to all pools."""
    common = {field.name for field in schema_of(g.Application).application.fields}
    own = {field.kind for field in rules.rules.schema.application.fields if field.name not in common}
    assert own == {Kind.COUNT, Kind.CHOICE, Kind.CHOICES, Kind.DAY, Kind.TRUTH}


def test_no_rule_pretends_to_be_that_of_a_call(rules: g.Rulebook) -> None:
    """Every basis, one that shows how to cite among them, says that the rule is an example."""
    bases = [part.basis for part in (*rules.rules.rules, *rules.rules.scoring.parts, *rules.rules.round.values)]
    notes = [assumption_of(basis) for basis in bases]
    assert all(note is not None and note.en.startswith("An example") for note in notes)
    assert {type(basis) for basis in bases} == {g.Assumed, g.Cited}


@pytest.mark.parametrize("code", COUNTRIES)
def test_country_gives_currency_zone_and_language(code: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The deadline is noon where the funder is, in summer time or not."""
    write_pool(NewPool(folder, country=code))
    monkeypatch.syspath_prepend(folder / "src")
    try:
        found = g.Registry.of(importlib.import_module(f"{PACKAGE}.plugin")).rulebook(POOL).rules
    finally:
        forget()
    country = COUNTRIES[code]
    assert (found.pool.country, found.pool.currency) == (code, country.currency)
    assert (found.pool.zone, found.pool.language) == (country.zone, country.language)
    assert found.values["deadline"] == datetime(2027, 3, 1, 12, tzinfo=ZoneInfo(country.zone))


def test_title_is_given_in_one_language_and_waits_in_the_others() -> None:
    """What nobody has translated yet says so, and is no copy."""
    asked = NewPool(Path("no_try"), title="Tiltak for «unge»", country="NO")
    text = plugin_files(asked)["src/grantrules_no_try/plugin.py"]
    assert 'nb="Tiltak for «unge»"' in text
    assert 'da="Tiltak for «unge» (titel på dansk)"' in text
    assert 'en="Tiltak for «unge» (title in English)"' in text


def test_another_currency_than_the_countrys() -> None:
    """A pool of the country may be paid in another currency."""
    text = plugin_files(NewPool(Path("dk_try"), currency="EUR"))["src/grantrules_dk_try/plugin.py"]
    assert 'country="DK"' in text
    assert 'currency="EUR"' in text


def test_its_cases_hold_and_reach_every_rule(plugin: ModuleType, folder: Path) -> None:
    """Every case and variation is decided as it says, and together they show each clause and limit on all sides."""
    cases = read_cases(folder, g.Registry.of(plugin))
    assert {case.name: case_differences(case) for case in cases if case_differences(case)} == {}
    coverage = Coverage.of(cases[0].rulebook).with_decisions(case.read() for case in cases)
    assert list(map(str, coverage.missing)) == []
    assert coverage.ratio == 1


def test_no_small_mistake_in_it_goes_unnoticed(plugin: ModuleType, folder: Path) -> None:
    """The cases alone catch every mutant, so an author begins with cases that are worth keeping up."""
    cases = read_cases(folder, g.Registry.of(plugin))
    found = mutate(cases[0].rulebook, cases, laws=False, workers=1)
    assert found.survivors == ()


# What is refused


@pytest.mark.parametrize(
    "id", ["", "2027 pulje", "Pulje", "pølje", "a__b", "_a", "a_", "a.b", "a/b", "../a", "a" * 41, "a\n"]
)
def test_an_id_that_is_no_name_of_a_package_is_refused(tmp_path: Path, id: str) -> None:
    """Letters that a package cannot have, and whatever could lead out of the folder."""
    asked = NewPool(tmp_path / (id if id == "2027 pulje" else "new"), id=id)
    if id:
        assert refused(asked) == [("--id", "wrong-id")]
    else:
        assert write_pool(asked)


def test_a_folder_whose_name_is_no_id_asks_for_one(tmp_path: Path) -> None:
    """The name of the folder is only a suggestion."""
    folder = tmp_path / "Min pulje 2027"
    assert refused(NewPool(folder)) == [("--id", "wrong-id")]
    assert write_pool(NewPool(folder, id="min_pulje"))


@pytest.mark.parametrize("title", [" ", 'a "b"', "a\\b", "a\nb", "a\tb", "a\u202eb", "a" * 61])
def test_a_title_that_cannot_stand_in_the_code_is_refused(folder: Path, title: str) -> None:
    """One short line, without what ends a text in Python."""
    assert refused(NewPool(folder, title=title)) == [("--title", "wrong-title")]


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    """Words and folder in one report, each with a hint that begins with a verb; nothing is written."""
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    asked = NewPool(tmp_path, id="A B", title="\\", country="dk", currency="kr")
    with pytest.raises(g.InputError) as raised:
        write_pool(asked)
    problems = raised.value.problems
    assert [problem.where for problem in problems] == ["--id", "--title", "--country", "--currency", ""]
    assert problems[2].hint == "did you mean `DK`?"
    assert problems[4].message == "the folder is not empty: it holds `notes.txt`"
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_an_unknown_country_names_those_there_are(folder: Path) -> None:
    """A country that is not at hand is refused with the list."""
    with pytest.raises(g.InputError) as raised:
        write_pool(NewPool(folder, country="Atlantis"))
    assert raised.value.problems[0].hint == "choose from `DK`, `FI`, `FO`, `GL`, `IS`, `NO`, `SE`"


def test_a_file_and_a_lost_parent_are_no_folders(tmp_path: Path) -> None:
    """Neither is overwritten or made by the way."""
    file = tmp_path / "file"
    file.write_text("mine", "utf-8")
    assert refused(NewPool(file)) == [("", "no-folder")]
    assert refused(NewPool(tmp_path / "not" / "there")) == [("", "no-folder")]
    assert refused(NewPool(file / "below")) == [("", "no-folder")]
    assert file.read_text("utf-8") == "mine"


@pytest.mark.parametrize("is_new", [True, False])
@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_nothing_is_left_half_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch, is_new: bool, fault: BaseException
) -> None:
    """A disk that is full, or a user who has had enough, leaves the folder as it was."""
    if not is_new:
        folder.mkdir()
    write, written = Path.write_text, list[Path]()

    def failing(path: Path, *arguments: Any, **named: Any) -> int:
        if len(written) == 12:
            raise fault
        written.append(path)
        return write(path, *arguments, **named)

    monkeypatch.setattr(Path, "write_text", failing)
    with pytest.raises(g.InputError if isinstance(fault, OSError) else KeyboardInterrupt) as raised:
        write_pool(NewPool(folder))
    assert len(written) == 12
    assert folder.exists() is not is_new
    assert is_new or not list(folder.iterdir())
    if isinstance(raised.value, g.InputError):
        assert raised.value.problems[0].message == "it cannot be written: No space left on device"


# What the tools say of it


@pytest.mark.parametrize("command", [["ruff", "check"], ["ruff", "format", "--check"], ["mypy"]], ids=" ".join)
@pytest.mark.parametrize("pool", ["a", "x" * 40])
def test_it_is_checked_without_a_finding(tmp_path: Path, command: list[str], pool: str) -> None:
    """What is written is formatted, linted and typed by its own settings, whether its id is short or long."""
    folder = tmp_path / "plugin"
    write_pool(NewPool(folder, id=pool, title="En pulje med æ, ø og å"))
    done = _ran([sys.executable, "-m", *command], folder)
    assert done.returncode == 0, done.stdout + done.stderr


def _ran(command: list[str], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "PYTHONPATH")}
    return subprocess.run(
        command,
        cwd=folder,
        env={**inherited, "PYTHONUTF8": "1", **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


# Installed


UV = os.environ.get("UV") or shutil.which("uv")


@pytest.mark.skipif(UV is None, reason="uv is not at hand, by which an environment is made")
def test_it_is_installed_beside_the_wheel_of_grantrules_and_its_tests_pass(tmp_path: Path) -> None:
    """
    In an environment that has nothing else: its laws, cases and tests pass, and one of its cases is decided.

    Slow, and the only test that installs anything. What is installed is what this repository was resolved with.
    """
    assert UV is not None
    newest = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["uv"]["exclude-newer"]
    environment = tmp_path / "environment"
    bin = environment / ("Scripts" if os.name == "nt" else "bin")
    plugin = tmp_path / POOL

    def ran(*command: str, below: Path = tmp_path) -> str:
        done = _ran(list(command), below, UV_EXCLUDE_NEWER=newest, CI="1")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    ran(UV, "build", "--quiet", "--wheel", "--out-dir", str(tmp_path), str(ROOT))
    (wheel,) = tmp_path.glob("*.whl")
    ran(UV, "venv", "--quiet", "--python", sys.executable, str(environment))
    install = (UV, "pip", "install", "--quiet", "--python", str(environment))
    ran(*install, f"grantrules[testing] @ {wheel.as_uri()}")
    ran(str(bin / "grantrules"), "new", str(plugin))
    made = {path.relative_to(plugin).as_posix() for path in plugin.rglob("*") if path.is_file()}
    assert made == set(plugin_files(NewPool(plugin))), "the wheel holds other templates"
    ran(*install, f"{plugin}[test]")
    clean = plugin / "cases" / "clean"
    assessments = map(str, sorted(clean.glob("assessment-*.json")))
    decided = ran(
        str(bin / "grantrules"),
        *("decide", str(clean / "application.json"), "--format", "json", "--assessment", *assessments),
    )
    assert json.loads(decided)["highest_grant"] == "300000.00"
    ran(str(bin / "grantrules"), "test", str(plugin / "cases"))
    printed = ran(str(bin / "pytest"), "-v", "-p", "no:cacheprovider", below=plugin)
    for test in ("at-the-limits", "TestLaws", "test_rules.py"):
        assert test in printed
    assert "failed" not in printed
