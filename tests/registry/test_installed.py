"""Plugins found through entry points: each loaded apart, failures kept with the reason."""

import importlib
import importlib.metadata
import os
import sys
from collections.abc import Callable
from importlib.metadata import EntryPoint, PathDistribution
from pathlib import Path

import pytest

import grantrules as g

SOUND = """
import grantrules as g

GRANTRULES_API = 1
a = g.facts(g.Application)
words = g.Text("x", "x", "x")
cited = g.Cited(g.Source("call", "x", "x"), "x")

@g.hook
def pool():
    rounds = (g.Round("1", words, g.kr(1)),)
    return g.Pool("{name}", words, words, "DK", "DKK", "Europe/Copenhagen", g.Application, rounds)

@g.hook
def eligibility():
    return (g.Requirement("formal.signed", a.signed, words, cited),)

@g.hook
def highest_grant():
    return g.GrantFormula(a.requested, words, cited)
"""

Install = Callable[..., None]


def found(monkeypatch: pytest.MonkeyPatch, points: list[EntryPoint]) -> None:
    """Let these be the entry points of everything installed, wherever the registry takes them from."""

    def entry_points(*, group: str) -> list[EntryPoint]:
        return [point for point in points if point.group == group]

    monkeypatch.setattr("importlib.metadata.entry_points", entry_points)
    monkeypatch.setattr("grantrules.registry.entry_points", entry_points, raising=False)


def evolved(point: EntryPoint, name: str) -> EntryPoint:
    """The same entry point of the same distribution under another name."""
    renamed = EntryPoint(name, point.value, point.group)
    vars(renamed).update(dist=point.dist)
    return renamed


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install plugins that live in a folder of the test: name to source, under fake entry points."""
    points: list[EntryPoint] = []
    found(monkeypatch, points)
    monkeypatch.syspath_prepend(tmp_path)

    def installed(**sources: str) -> None:
        for name, source in sources.items():
            module = f"plugin_of_test_{name}"
            (tmp_path / f"{module}.py").write_text(source.replace("{name}", name), encoding="utf-8")
            info = tmp_path / f"dist_{name}-1.2.dist-info"
            info.mkdir()
            (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: dist-{name}\nVersion: 1.2\n", "utf-8")
            (info / "entry_points.txt").write_text(f"[grantrules]\n{name} = {module}\n", encoding="utf-8")
            points.extend(PathDistribution(info).entry_points)
            monkeypatch.delitem(sys.modules, module, raising=False)
        importlib.invalidate_caches()

    return installed


def test_plugins_are_found_by_their_entry_points(install: Install) -> None:
    """Every installed plugin is found, with its name and the version of its distribution."""
    install(pond=SOUND, lake=SOUND)
    registry = g.Registry.installed(strict=True)
    assert list(registry.pools) == ["lake", "pond"]
    assert registry.rulebook("pond").rules.versions == {"pond": "1.2"}


def test_nothing_installed_is_an_empty_registry(install: Install) -> None:
    """Without any plugin there is no pool and no failure."""
    install()
    registry = g.Registry.installed(strict=True)
    assert not registry.pools
    assert not registry.failures


BROKEN = {
    "an exception": ("import grantrules\n\nraise RuntimeError('no luck')\n", "RuntimeError: no luck", 3),
    "a missing module": ("import nowhere_to_be_found\n", "ModuleNotFoundError: No module named", 1),
    "a misspelt fact": (
        "import grantrules as g\na = g.facts(g.Application)\nrule = a.requestd <= g.kr(5)\n",
        "AttributeError: no fact `requestd` in `application`; did you mean `requested`",
        3,
    ),
    "a binary float": (
        "import grantrules as g\na = g.facts(g.Application)\nrule = a.requested <= 0.5\n",
        "TypeError: `0.5` is a binary float",
        3,
    ),
    "half an øre": ("import grantrules as g\n\n\nx = g.kr('0.005')\n", "ValueError: `0.005` is not an amount", 4),
    "a table with a gap": (
        (
            "import grantrules as g\nfrom datetime import date\nd = date\n"
            "x = g.DatedTable('km', (g.Dated(d(2018, 1, 1), d(2018, 2, 1), g.kr(1)), "
            "g.Dated(d(2018, 3, 1), d(2018, 4, 1), g.kr(1))))\n"
        ),
        "ValueError: a dated table has a gap or an overlap",
        4,
    ),
    "a chain of comparisons": (
        "import grantrules as g\na = g.facts(g.Application)\nrule = g.kr(1) <= a.requested <= g.kr(5)\n",
        "TypeError: a term is neither true nor false",
        3,
    ),
    "an exit": ("import sys\n\nsys.exit('I give up')\n", "SystemExit: I give up", 3),
}


@pytest.mark.parametrize(("source", "said", "line"), BROKEN.values(), ids=BROKEN)
def test_a_plugin_that_fails_at_import_is_kept_with_the_reason(
    install: Install, source: str, said: str, line: int
) -> None:
    """Whatever a plugin raises at import is kept with file, line and message; other pools keep working."""
    install(broken=source, pond=SOUND)
    registry = g.Registry.installed()
    assert list(registry.pools) == ["pond"]
    (failure,) = registry.failures
    assert (failure.plugin, failure.distribution) == ("broken", "dist-broken")
    report = str(failure.error())
    assert f"plugin_of_test_broken.py, line {line}: importing it raised {said}" in report
    with pytest.raises(g.PluginError, match="plugin broken: 1 problem"):
        registry.rulebook("broken")


def test_a_plugin_that_does_not_compile_is_kept_with_the_reason(install: Install) -> None:
    """A syntax error names the file and the line."""
    install(broken="import grantrules as g\n\ndef pool(:\n", pond=SOUND)
    registry = g.Registry.installed()
    assert list(registry.pools) == ["pond"]
    report = str(registry.failures[0].error())
    assert "SyntaxError" in report
    assert "plugin_of_test_broken.py, line 3" in report


def test_an_entry_point_to_nowhere_is_kept_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry point whose attribute does not exist is a failure of that plugin alone."""
    found(monkeypatch, [EntryPoint("ghost", "grantrules_dk_2018_kompetenceloeft.plugin:nobody", "grantrules")])
    registry = g.Registry.installed()
    (failure,) = registry.failures
    assert failure.plugin == "ghost"
    assert "nobody" in str(failure.error())


def test_a_plugin_in_a_folder_called_like_the_library_is_still_named(install: Install, tmp_path: Path) -> None:
    """The place of an error is the plugin's line, even where the plugin lies in a folder called `grantrules`."""
    home = tmp_path / "grantrules" / "plugins"
    home.mkdir(parents=True)
    (home / "plugin_below.py").write_text(
        "import grantrules as g\na = g.facts(g.Application)\nx = a.requestd\n", "utf-8"
    )
    install(broken=f"import sys\nsys.path.insert(0, {os.fspath(home)!r})\nimport plugin_below\n")
    try:
        (failure,) = g.Registry.installed().failures
    finally:
        sys.path.remove(os.fspath(home))
        sys.modules.pop("plugin_below", None)
    assert "plugin_below.py, line 3: " in str(failure.error())


def test_strict_raises_the_first_failure(install: Install) -> None:
    """With `strict` the first plugin that cannot be used raises."""
    install(broken="raise RuntimeError('no luck')\n", pond=SOUND)
    with pytest.raises(g.PluginError, match=r"plugin broken: 1 problem\n.*RuntimeError: no luck"):
        g.Registry.installed(strict=True)


def test_a_keyboard_interrupt_is_not_a_failure(install: Install) -> None:
    """Whoever interrupts the program while plugins load interrupts the program."""
    install(broken="raise KeyboardInterrupt\n")
    with pytest.raises(KeyboardInterrupt):
        g.Registry.installed()


def test_two_distributions_of_one_plugin_name(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two entry points of one name both fail, and both distributions are named."""
    install(pond=SOUND, lake=SOUND)
    points = importlib.metadata.entry_points(group="grantrules")
    found(monkeypatch, [evolved(point, "pond") for point in points])
    registry = g.Registry.installed()
    assert not registry.pools
    assert "two plugins are named `pond`: dist-lake and dist-pond" in str(registry.failures[0].error())


def test_installing_changes_no_registry_made_before(install: Install) -> None:
    """A registry is a value: what is installed later does not appear in it."""
    install(pond=SOUND)
    before = g.Registry.installed()
    install(lake=SOUND)
    assert list(before.pools) == ["pond"]
    assert list(g.Registry.installed().pools) == ["lake", "pond"]
