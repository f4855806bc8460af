"""
Laws of plugins: the same rules whenever they are asked for, from no clock, no chance, and nothing outside.

What a plugin reads is seen from its source, which is not run for it.
"""

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pluggy

from grantrules.hooks import HOOKS, PROJECT, Hooks
from grantrules.pools import Pool, Round
from grantrules.registry import Registry
from grantrules.testing.laws.law import Plugins, Wrong

# The same rules


def rules_change_from_asking_to_asking(plugins: Plugins) -> Iterator[Wrong]:
    """Every hook gives the same answer twice, and in another order of hooks and rounds."""
    yield from _other_rounds(plugins)
    rounds = [(rules.pool, rules.round) for rules in plugins.registry.rule_sets.values()]
    for plugin in plugins.given:
        hooks = [hook for hook in HOOKS if hook != "pool" and hasattr(plugin, hook)]
        first = _answers(plugin, hooks, rounds)
        for said, again in (
            ("the second time", _answers(plugin, hooks, rounds)),
            ("in another order", _answers(plugin, hooks[::-1], rounds[::-1])),
        ):
            for (hook, name), answer in first.items():
                if again[hook, name] != answer:
                    rule = _first_other(answer, again[hook, name])
                    yield Wrong(f"`{hook}` of `{named(plugin)}` gives other rules for {name} when asked {said}", rule)


def _other_rounds(plugins: Plugins) -> Iterator[Wrong]:
    again = Registry.of(*plugins.given).rule_sets
    for key, rules in plugins.registry.rule_sets.items():
        if key not in again or (again[key].pool, again[key].round) != (rules.pool, rules.round):
            yield Wrong(f"`pool` gives another pool or round for {rules.name} when asked the second time")


def _answers(plugin: Any, hooks: Iterable[str], rounds: Iterable[tuple[Pool, Round]]) -> Mapping[tuple[str, str], Any]:
    """What each hook of one plugin answers for each round: hook and round to what it gives."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(Hooks)
    manager.register(plugin)
    return {
        (hook, f"{pool.id}@{round.id}"): getattr(manager.hook, hook)(pool=pool, round=round)
        for pool, round in rounds
        for hook in hooks
    }


def _first_other(one: Any, other: Any) -> str | None:
    """The id of the first rule that is not in both answers."""
    (left, right) = (list(_rules(answer)) for answer in (one, other))
    changed = [rule.id for rule in (*left, *right) if rule not in left or rule not in right]
    return next(iter(changed), None)


def _rules(answer: Any) -> Iterator[Any]:
    if isinstance(answer, list | tuple):
        for inner in answer:
            yield from _rules(inner)
    elif hasattr(answer, "criteria"):
        yield from _rules(answer.criteria)
    elif isinstance(getattr(answer, "id", None), str):
        yield answer


def named(plugin: Any) -> str:
    """What a plugin is called in a message."""
    return str(getattr(plugin, "__name__", None) or type(plugin).__name__)


# Nothing outside


_OUTSIDE: Mapping[str, str] = {
    **dict.fromkeys(
        ("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today"), "reads the clock"
    ),
    **dict.fromkeys(("datetime.date.today", "time"), "reads the clock"),
    **dict.fromkeys(("random", "secrets", "uuid", "os.urandom"), "leaves something to chance"),
    **dict.fromkeys(
        ("os.environ", "os.getenv", "os.getcwd", "locale", "platform", "getpass"), "reads its surroundings"
    ),
    **dict.fromkeys(("open", "input", "io.open", "os.open", "sqlite3", "tempfile"), "reads a file"),
    **dict.fromkeys(("socket", "ssl", "http", "urllib", "ftplib", "smtplib", "subprocess"), "asks the network"),
    **dict.fromkeys(("requests", "httpx", "aiohttp", "urllib3"), "asks the network"),
}
"""Names, with all that is inside of them, and what a module that uses them does."""

_METHODS: Mapping[str, str] = dict.fromkeys(("read_text", "read_bytes"), "reads a file")
"""Methods that tell by their name alone what they do."""


def rules_read_what_is_outside(plugins: Plugins) -> Iterator[Wrong]:
    """No module of a plugin reads the clock, chance, its surroundings, files or the network."""
    for file in sorted({file for plugin in plugins.given for file in _own_files(plugin)}):
        tree = ast.parse(file.read_text("utf-8"), str(file))
        aliases = dict(_aliases(tree))
        for node in ast.walk(tree):
            for name, does in _uses(node, aliases):
                yield Wrong(f"{file.name}, line {getattr(node, 'lineno', 0)}: `{name}` {does}")


def _own_files(plugin: Any) -> Iterator[Path]:
    """The files of the package that a plugin module is in; of an object, the file that its class is in."""
    module = plugin if isinstance(plugin, ModuleType) else sys.modules.get(type(plugin).__module__)
    package = sys.modules.get(plugin.__package__ or "") if isinstance(plugin, ModuleType) else None
    folders = [Path(folder) for folder in getattr(package, "__path__", ())]
    if folders:
        yield from (file for folder in folders for file in folder.rglob("*.py"))
    elif module is not None and module.__file__ is not None:
        yield Path(module.__file__)


def _aliases(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """The names that imports bind, and what they stand for: `dt` for `datetime.datetime`."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names):
                first = [(name.name.partition(".")[0], name.name, name.asname) for name in names]
                yield from ((outer, outer) if alias is None else (alias, whole) for outer, whole, alias in first)
            case ast.ImportFrom(str() as module, names, 0):
                yield from ((n.asname or n.name, f"{module}.{n.name}") for n in names)
            case _:
                pass


def _uses(node: ast.AST, aliases: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What a node uses that lies outside: the name, and what using it does."""
    match node:
        case ast.Import(names):
            found = [name.name for name in names]
        case ast.ImportFrom(str() as module, names, 0):
            found = [f"{module}.{name.name}" for name in names]
        case ast.Attribute() if (dotted := _dotted(node, aliases)) is not None:
            found = [dotted]
        case ast.Call(ast.Name(name)) if name not in aliases:
            found = [name]
        case ast.Call(ast.Attribute(_, method)) if method in _METHODS:
            yield method, _METHODS[method]
            return
        case _:
            return
    for name in found:
        inside = (name.rsplit(".", cut)[0] for cut in range(name.count(".") + 1))
        does = next((_OUTSIDE[outer] for outer in inside if outer in _OUTSIDE), None)
        if does is not None:
            yield name, does


def _dotted(node: ast.AST, aliases: Mapping[str, str]) -> str | None:
    """`dt.now` as `datetime.datetime.now`; `None` for what was not imported."""
    match node:
        case ast.Attribute(inner, name):
            outer = _dotted(inner, aliases)
            return None if outer is None else f"{outer}.{name}"
        case ast.Name(name):
            return aliases.get(name)
        case _:
            return None
