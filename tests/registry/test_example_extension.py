"""The example package of an extension: what it adds, to which pools, under whose name, and what it leaves alone."""

import importlib
import json
import shutil
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import EntryPoint, PathDistribution, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import grantrules as g
import grantrules_dk_2018_kompetenceloeft.plugin as kompetenceloeft
import grantrules_dk_2021_digital_sundhed.plugin as digital_sundhed
import grantrules_dk_2022_digitale_kompetencer.plugin as digitale_kompetencer
import grantrules_no_helseteknologi.plugin as helseteknologi
from grantrules.values import LANGUAGES

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "tests" / "extension_example"
DESCRIBED = tomllib.loads((EXAMPLE / "pyproject.toml").read_text("utf-8"))
PACKAGE = "grantrules_funder_named"
PLUGIN = "funder_named"
DUTY, FORMAL = "condition.funder-named", "formal.funder-named-title"

OWNERS = (kompetenceloeft, digital_sundhed, digitale_kompetencer, helseteknologi)
ALONE = g.Registry.of(*OWNERS)

ROUNDS = tuple(ALONE.rule_sets)
DANISH = tuple((pool, round) for pool, round in ROUNDS if ALONE.pools[pool].country == "DK")
NORWEGIAN = tuple((pool, round) for pool, round in ROUNDS if ALONE.pools[pool].country == "NO")
TITLED = tuple((pool, round) for pool, round in ROUNDS if pool == "dk_2022_digitale_kompetencer")
UNTITLED = tuple((pool, round) for pool, round in ROUNDS if pool != "dk_2022_digitale_kompetencer")

Words = dict[str, Any]


def named(round: tuple[str, str]) -> str:
    """What a round is called in a test."""
    return "@".join(round)


def forget() -> None:
    """Let the package be imported anew."""
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def extension() -> Iterator[ModuleType]:
    """The plugin of the package, from its own folder, which nothing else can import from."""
    sys.path.insert(0, str(EXAMPLE / "src"))
    try:
        yield importlib.import_module(f"{PACKAGE}.plugin")
    finally:
        sys.path.remove(str(EXAMPLE / "src"))
        forget()


@pytest.fixture(scope="module")
def extended(extension: ModuleType) -> g.Registry:
    """The four pools with the extension."""
    return g.Registry.of(*OWNERS, extension)


def decided(rules: g.Rulebook, **facts: Any) -> g.Decision:
    """A decision on an application that states little."""
    return rules.decide(rules.read_application({"id": "A-1", **facts}))


def findings(decision: g.Decision) -> Mapping[str, Words]:
    """The findings of a decision, as its file holds them."""
    return {finding["rule"]: finding for finding in json.loads(json.dumps(decision.to_dict()))["findings"]}


def test_there_are_pools_to_extend() -> None:
    """All four pools with their six rounds are there, four Danish rounds and two Norwegian ones."""
    assert len(ALONE.pools) == 4
    assert (len(DANISH), len(NORWEGIAN), len(TITLED), len(UNTITLED)) == (4, 2, 2, 4)


@pytest.mark.parametrize("round", DANISH, ids=named)
def test_every_danish_round_has_the_duty(extended: g.Registry, round: tuple[str, str]) -> None:
    """The duty follows an award in every Danish round, after the pool's own duties."""
    own = [condition.id for condition in ALONE.rulebook(*round).rules.conditions]
    rules = extended.rulebook(*round)
    assert [condition.id for condition in rules.rules.conditions] == [*own, DUTY]
    assert decided(rules).conditions[-1] == DUTY


@pytest.mark.parametrize("round", NORWEGIAN, ids=named)
def test_a_norwegian_round_is_left_alone(extended: g.Registry, round: tuple[str, str]) -> None:
    """Nothing is added to a pool of another country: not a rule, not a version, and its digest is what it was."""
    before, after = ALONE.rulebook(*round), extended.rulebook(*round)
    assert after.rules.data == before.rules.data
    assert after.digest == before.digest
    assert "funder" not in " ".join(rule.id for rule in after.rules.rules)
    decision = json.dumps(decided(after).to_dict(), ensure_ascii=False)
    assert PLUGIN not in decision
    assert DUTY not in decision
    assert decided(after).to_dict() == decided(before).to_dict()


@pytest.mark.parametrize("round", TITLED, ids=named)
def test_one_pool_has_the_formal_rule(extended: g.Registry, round: tuple[str, str]) -> None:
    """The formal rule stands in both rounds of one pool, after its own formal rules and before the others."""
    own = ALONE.rulebook(*round).rules.requirements
    expected = [rule.id for rule in own if rule.stage is g.Stage.FORMAL]
    rest = [rule.id for rule in own if rule.stage is not g.Stage.FORMAL]
    assert [rule.id for rule in extended.rulebook(*round).rules.requirements] == [*expected, FORMAL, *rest]


@pytest.mark.parametrize("round", UNTITLED, ids=named)
def test_other_pools_have_no_formal_rule_of_it(extended: g.Registry, round: tuple[str, str]) -> None:
    """The requirements of the other pools, Danish ones too, are their own."""
    assert extended.rulebook(*round).rules.requirements == ALONE.rulebook(*round).rules.requirements
    assert FORMAL not in findings(decided(extended.rulebook(*round), title=""))


@pytest.mark.parametrize("round", ROUNDS, ids=named)
def test_nothing_of_a_pool_is_touched(extended: g.Registry, round: tuple[str, str]) -> None:
    """Pool, round, sources, scoring, grant, allocation and every rule of the pool are as they were."""
    before, after = ALONE.rulebook(*round).rules, extended.rulebook(*round).rules
    assert (after.pool, after.round, after.schema) == (before.pool, before.round, before.schema)
    assert (after.scoring, after.grant, after.allocation) == (before.scoring, before.grant, before.allocation)
    assert after.cost_rules == before.cost_rules
    assert [rule for rule in after.rules if rule.id not in (DUTY, FORMAL)] == list(before.rules)
    assert [source.id for source in after.sources] == [source.id for source in before.sources]


@pytest.mark.parametrize("round", DANISH, ids=named)
def test_the_digest_tells_the_rules_apart(extended: g.Registry, round: tuple[str, str]) -> None:
    """A round with a further rule has another digest, and a decision made before does not stand under it."""
    before, after = ALONE.rulebook(*round), extended.rulebook(*round)
    assert after.digest != before.digest
    stored = decided(before)
    application = before.read_application({"id": "A-1"})
    assert before.verify(stored, application)
    assert not after.verify(stored, application)


@pytest.mark.parametrize("round", ROUNDS, ids=named)
def test_the_pools_alone_are_as_they_were(extended: g.Registry, round: tuple[str, str]) -> None:
    """Registering the extension in one registry changes nothing in another, before or after."""
    assert extended.rulebook(*round).rules.pool.id == round[0]
    assert g.Registry.of(*OWNERS).rulebook(*round).digest == ALONE.rulebook(*round).digest


@pytest.mark.parametrize(
    ("title", "result", "outcome"),
    [
        ("Digitale hjælpere", "met", "undetermined"),
        ("", "not_met", "dismissed"),
        (None, "undetermined", "undetermined"),
    ],
)
@pytest.mark.parametrize("round", TITLED, ids=named)
def test_the_formal_rule_decides_like_the_pools_own(
    extended: g.Registry, round: tuple[str, str], title: str | None, result: str, outcome: str
) -> None:
    """A title meets the rule, an empty one dismisses the application, and one not stated is asked for."""
    decision = decided(extended.rulebook(*round), title=title)
    assert decision.finding(FORMAL).result.value == result
    assert decision.outcome.value == outcome
    asked = [need.what for need in decision.needed if FORMAL in need.rules]
    assert asked == (["title"] if title is None else [])


@pytest.mark.parametrize("round", TITLED, ids=named)
def test_the_file_names_who_brought_a_rule(extended: g.Registry, round: tuple[str, str]) -> None:
    """Finding, rule text and stored decision name the extension for its rules, and the pool for the pool's."""
    decision = decided(extended.rulebook(*round), title="")
    found = findings(decision)
    assert {rule: finding["plugin"] for rule, finding in found.items() if finding["plugin"] != round[0]} == {
        FORMAL: PLUGIN
    }
    assert {rule: text.plugin for rule, text in decision.rule_texts.items() if text.plugin != round[0]} == {
        FORMAL: PLUGIN,
        DUTY: PLUGIN,
    }
    stored = json.loads(json.dumps(decision.to_dict()))["rules"]
    assert {id: rule["plugin"] for id, rule in stored.items() if rule["plugin"] != round[0]} == {
        FORMAL: PLUGIN,
        DUTY: PLUGIN,
    }
    assert found[FORMAL]["basis"]["kind"] == "assumed"
    assert {FORMAL, DUTY} <= set(decision.assumptions)


ADDED = {"da": "Tilføjet af: funder_named", "nb": "Lagt til av: funder_named", "en": "Added by: funder_named"}


def followed(text: str, id: str) -> str:
    """What stands in a document under the rule with an id, up to the next rule or heading."""
    below = text.partition(f"[{id}]")[2].splitlines()[1:]
    ends = (i for i, line in enumerate(below) if line.startswith("- ") or not line)
    return "\n".join(below[: next(ends, len(below))])


@pytest.mark.parametrize("title", ["", None])
@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_name_who_added_a_rule(extended: g.Registry, language: g.values.Language, title: str | None) -> None:
    """Where a further rule fails or waits, the letter says below it who added it, and of no rule of the pool."""
    for round in TITLED:
        text = decided(extended.rulebook(*round), title=title).explain(language)
        assert ADDED[language] in followed(text, FORMAL)
        assert ADDED[language] not in text.replace(followed(text, FORMAL), "").replace(followed(text, DUTY), "")


@pytest.mark.parametrize("round", DANISH, ids=named)
def test_letters_show_the_duty(extended: g.Registry, round: tuple[str, str]) -> None:
    """The letter of an application that may be funded lists the further duty among the pool's own."""
    (duty,) = (condition for condition in extended.rulebook(*round).rules.conditions if condition.id == DUTY)
    decision = decided(extended.rulebook(*round))
    for language in LANGUAGES:
        assert duty.statement.to(language) in " ".join(decision.explain(language).split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_rulebooks_name_who_added_a_rule(extended: g.Registry, language: g.values.Language) -> None:
    """The rulebook says in its language who added a rule, right below it, and of no rule of the pool."""
    for round in ROUNDS:
        text = extended.rulebook(*round).describe(language)
        added = [id for id in (DUTY, FORMAL) if ADDED[language] in followed(text, id)]
        assert added == [DUTY] * (round in DANISH) + [FORMAL] * (round in TITLED)
        assert text.count(PLUGIN) == len(added)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rules_say_in_every_language_that_they_are_invented(
    extended: g.Registry, language: g.values.Language
) -> None:
    """Nobody can take the example for a real demand: its basis says so wherever it is shown."""
    invented = {"da": "Opdigtet", "nb": "Oppdiktet", "en": "Invented"}[language]
    rules = extended.rulebook("dk_2022_digitale_kompetencer", "2022")
    assert invented in followed(rules.describe(language), DUTY)
    assert invented in followed(rules.describe(language), FORMAL)
    (duty,) = (condition for condition in rules.rules.conditions if condition.id == DUTY)
    assert len({duty.statement.da, duty.statement.nb, duty.statement.en}) == 3


def test_a_saved_rulebook_keeps_what_was_added(extended: g.Registry, tmp_path: Path) -> None:
    """The rules with the extension can be saved, and decide and name it without it."""
    rules = extended.rulebook("dk_2022_digitale_kompetencer", "2022")
    (tmp_path / "rules.json").write_text(rules.save(), "utf-8")
    loaded = g.Rulebook.load(tmp_path / "rules.json")
    assert loaded.digest == rules.digest
    assert loaded.decide(loaded.read_application({"title": ""})).finding(FORMAL).plugin == PLUGIN


# Installed


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The package as an installer would leave it, in a folder that Python finds distributions in."""
    project = DESCRIBED["project"]
    shutil.copytree(EXAMPLE / "src", tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    info = tmp_path / f"{PACKAGE}-{project['version']}.dist-info"
    info.mkdir()
    metadata = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    (info / "METADATA").write_text(metadata, "utf-8")
    points = "".join(
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in entries.items())
        for group, entries in project["entry-points"].items()
    )
    (info / "entry_points.txt").write_text(points, "utf-8")
    (point,) = PathDistribution(info).entry_points
    assert point == EntryPoint(PLUGIN, f"{PACKAGE}.plugin", "grantrules")
    forget()
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    yield tmp_path
    forget()


def test_installed_it_is_found_by_its_entry_point(installed: Path) -> None:
    """Once installed it is found beside the pools, under the name of its entry point and with its version."""
    registry = g.Registry.installed(strict=True)
    assert not registry.failures
    source = sys.modules[f"{PACKAGE}.plugin"].__file__
    assert source is not None
    assert Path(source).is_relative_to(installed)
    for round in DANISH:
        rules = registry.rulebook(*round)
        assert rules.rules.conditions[-1].id == DUTY
        assert rules.rules.versions[PLUGIN] == DESCRIBED["project"]["version"]
        assert decided(rules).rule_texts[DUTY].plugin == PLUGIN
    for round in NORWEGIAN:
        assert DUTY not in [condition.id for condition in registry.rulebook(*round).rules.conditions]


def test_installed_or_registered_it_adds_the_same(installed: Path, extended: g.Registry) -> None:
    """The digests do not depend on how the plugins were found."""
    registry = g.Registry.installed(strict=True)
    for round in ROUNDS:
        assert registry.rulebook(*round).digest == extended.rulebook(*round).digest


def test_it_is_installed_with_nothing() -> None:
    """It is an example: no entry point of the workspace leads to it, and the root's project does not name it."""
    assert PLUGIN not in {point.name for point in entry_points(group="grantrules")}
    root = (ROOT / "pyproject.toml").read_text("utf-8")
    assert PACKAGE not in root
    assert DESCRIBED["project"]["name"] not in root


def test_the_project_of_the_example_is_whole() -> None:
    """Name, folder and entry point of the package belong together, and the plugin has no pool."""
    project = DESCRIBED["project"]
    assert project["entry-points"] == {"grantrules": {PLUGIN: f"{PACKAGE}.plugin"}}
    assert DESCRIBED["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == [f"src/{PACKAGE}"]
    assert {path.name for path in (EXAMPLE / "src" / PACKAGE).iterdir()} >= {"__init__.py", "plugin.py", "py.typed"}
    assert project["readme"] == "README.md"
    page = (EXAMPLE / "README.md").read_text("utf-8")
    assert DUTY in page
    assert FORMAL in page


def test_the_plugin_imports_grantrules_alone(extension: ModuleType) -> None:
    """The example is written with the public names, and has no pool of its own."""
    assert not hasattr(extension, "pool")
    assert g.Registry.of(extension).pools == {}
    source = (EXAMPLE / "src" / PACKAGE / "plugin.py").read_text("utf-8")
    imports = [line for line in source.splitlines() if line.startswith(("import ", "from "))]
    assert [line.partition(" import ")[0] for line in imports] == ["from grantrules"]
