"""
Finding plugins, keeping those that fail with the reason, and building the rule set of every round.

A registry is a value: nothing is registered anywhere by importing a plugin, and two registries know nothing of
each other.
"""

import types
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Any

import pluggy
from attrs import field, frozen

from grantrules.errors import GrantrulesError, InputError, PluginError, Problem, nearest
from grantrules.hooks import API_VERSION, EXTENSION_HOOKS, PROJECT, Hooks
from grantrules.pools import (
    Allocation,
    Condition,
    CostRule,
    Criterion,
    GrantFormula,
    Pool,
    Requirement,
    Round,
    Scoring,
    Stage,
)
from grantrules.rulebooks import Rulebook
from grantrules.ruleset import RuleSet
from grantrules.soundness import checked
from grantrules.terms.schema import schema_of

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

HOOKS = ("pool", "eligibility", "cost_eligibility", "highest_grant", "scoring", "allocation", "conditions")


@frozen
class Failure:
    """A plugin that could not be used, and everything that is wrong with it."""

    plugin: str
    distribution: str
    problems: tuple[Problem, ...]

    def error(self) -> PluginError:
        """The failure as an error."""
        return PluginError(f"plugin {self.plugin}", self.problems)


@frozen
class _Plugin:
    """A plugin object under its name, and the distribution it came from."""

    name: str
    object: Any = field(eq=False)
    distribution: str = ""
    version: str = ""


@frozen
class Registry:
    """
    The pools at hand.

    Attributes:
        pools: pool id to pool, in order of id.
        failures: plugins that could not be used.
    """

    rule_sets: Mapping[tuple[str, str], RuleSet]
    failures: tuple[Failure, ...] = ()

    @property
    def pools(self) -> Mapping[str, Pool]:
        """The pools, by id."""
        return {pool: rules.pool for (pool, _), rules in self.rule_sets.items()}

    @classmethod
    def installed(cls, *, strict: bool = False) -> "Registry":
        """
        Find the plugins of all installed distributions, one by one.

        Args:
            strict: raise the first failure instead of keeping it.

        Raises:
            PluginError: with `strict`, a plugin cannot be used.
        """
        # Reading distributions is slow to import, and a registry of plugins given by hand does without it.
        from importlib.metadata import entry_points

        found, failures = _load(sorted(entry_points(group=PROJECT), key=lambda point: (point.name, point.value)))
        return _built(found, failures, strict)

    @classmethod
    def of(cls, *plugins: Any, strict: bool = True) -> "Registry":
        """
        Register plugin objects by hand, without installing anything.

        Args:
            plugins: modules, or objects whose hooks are methods.
            strict: raise the first failure instead of keeping it.

        Raises:
            PluginError: with `strict`, a plugin cannot be used.
        """
        return _built([_Plugin(_name_of(plugin), plugin) for plugin in plugins], [], strict)

    def rulebook(self, pool: str, round: str | None = None) -> Rulebook:
        """
        The rulebook of one round.

        Args:
            round: may be left out where the pool has one round.

        Raises:
            InputError: there is no such pool or round, or the round was left out where there are several.
            PluginError: the plugin that owns the pool could not be used.
        """
        rounds = {name: rules for (owner, name), rules in self.rule_sets.items() if owner == pool}
        if not rounds:
            raise self._unknown(pool)
        if round is None and len(rounds) == 1:
            return Rulebook(next(iter(rounds.values())))
        if round in rounds:
            return Rulebook(rounds[round])
        known = ", ".join(f"`{name}`" for name in rounds)
        if round is None:
            problem = Problem("round", f"`{pool}` has several rounds", f"choose from {known}", "no-round")
        else:
            hint = nearest(round, rounds) or f"choose from {known}"
            problem = Problem("round", f"`{pool}` has no round `{round}`", hint, "unknown-round")
        raise InputError(pool, [problem])

    def _unknown(self, pool: str) -> GrantrulesError:
        for failure in self.failures:
            if failure.plugin == pool:
                return failure.error()
        known = ", ".join(f"`{name}`" for name in self.pools)
        hint = nearest(pool, self.pools) or (f"choose from {known}" if known else "install a plugin with a pool")
        return InputError("pool", [Problem("", f"there is no pool `{pool}`", hint, "unknown-pool")])


def rulebook(pool: str, round: str | None = None) -> Rulebook:
    """
    The rulebook of one round of an installed pool.

    Args:
        round: may be left out where the pool has one round.

    Raises:
        InputError: there is no such pool or round, with the nearest names.
        PluginError: the plugin that owns the pool could not be used.
    """
    return Registry.installed().rulebook(pool, round)


def _load(points: "Iterable[EntryPoint]") -> tuple[list[_Plugin], list[Failure]]:
    found, failures = [], []
    for point in points:
        distribution = point.dist.name if point.dist else ""
        version = point.dist.version if point.dist else ""
        try:
            found.append(_Plugin(point.name, point.load(), distribution, version))
        except Exception as error:  # a plugin may raise anything at import, and must not stop the others
            failures.append(Failure(point.name, distribution, (_import_problem(error),)))
    return found, failures


def _import_problem(error: Exception) -> Problem:
    frames = [f for f in extract_tb(error.__traceback__) if "importlib" not in f.filename and f.filename[0] != "<"]
    where = f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
    outside = [f for f in frames if f"{PROJECT}/" not in f.filename.replace("\\", "/")]
    if outside:
        where = f"{Path(outside[-1].filename).name}, line {outside[-1].lineno}"
    return Problem(where, f"importing it raised {type(error).__name__}: {error}", code="import")


def _name_of(plugin: Any) -> str:
    if isinstance(plugin, types.ModuleType):
        return plugin.__name__.removesuffix(".plugin").removeprefix("grantrules_")
    name = getattr(plugin, "name", None)
    return name if isinstance(name, str) else type(plugin).__name__.lower()


def _built(plugins: list[_Plugin], failures: list[Failure], strict: bool) -> Registry:
    if failures and strict:
        raise failures[0].error()
    failed = list(failures)
    sound = []
    for plugin in plugins:
        problems = [*_surface_problems(plugin), *_name_problems(plugin, plugins)]
        if problems:
            failed.append(Failure(plugin.name, plugin.distribution, tuple(problems)))
        else:
            sound.append(plugin)
    owners, extensions = _told_apart(sound, failed)
    made: dict[tuple[str, str], RuleSet] = {}
    for owner, pool in owners:
        try:
            made |= {(pool.id, round.id): _rule_set(owner, pool, round, extensions) for round in pool.rounds}
        except PluginError as error:
            failed.append(Failure(owner.name, owner.distribution, error.problems))
        except Exception as error:  # a hook is the plugin's code and may raise anything
            failed.append(Failure(owner.name, owner.distribution, (_import_problem(error),)))
    if failed and strict:
        raise failed[0].error()
    return Registry(dict(sorted(made.items())), tuple(sorted(failed, key=lambda failure: failure.plugin)))


def _surface_problems(plugin: _Plugin) -> Iterator[Problem]:
    """Everything that can be said about a plugin without calling its hooks."""
    stated = getattr(plugin.object, "GRANTRULES_API", API_VERSION)
    if stated != API_VERSION:
        message = f"written for version {stated} of the hooks; this is version {API_VERSION}"
        yield Problem("GRANTRULES_API", message, "install a version of the plugin that fits", "api-version")
    marked = [name for name in dir(plugin.object) if _is_marked(plugin.object, name)]
    for name in marked:
        if name not in HOOKS:
            hint = nearest(name, HOOKS) or "choose from " + ", ".join(f"`{hook}`" for hook in HOOKS)
            yield Problem(name, f"there is no hook `{name}`", hint, "unknown-hook")
    unmarked = [name for name in HOOKS if name not in marked and _is_own_function(plugin.object, name)]
    for name in unmarked:
        yield Problem(name, f"`{name}` is not marked as a hook", "put `@hook` above it", "unmarked-hook")
    if not marked:
        yield Problem("", "it implements no hook", "mark its functions with `@hook`", "no-hooks")
    elif "pool" not in marked:
        for name in sorted(set(marked) & set(HOOKS) - set(EXTENSION_HOOKS)):
            message = f"`{name}` belongs to a plugin with a pool; this one has none"
            yield Problem(name, message, "implement `pool` too", "extension-hook")


def _is_marked(plugin: Any, name: str) -> bool:
    return hasattr(getattr(plugin, name, None), f"{PROJECT}_impl")


def _is_own_function(plugin: Any, name: str) -> bool:
    found = getattr(plugin, name, None)
    if isinstance(plugin, types.ModuleType):
        return isinstance(found, types.FunctionType) and found.__module__ == plugin.__name__
    return isinstance(found, types.MethodType | types.FunctionType)


def _name_problems(plugin: _Plugin, plugins: list[_Plugin]) -> Iterator[Problem]:
    named = [other for other in plugins if other.name == plugin.name]
    if len(named) > 1:
        owners = " and ".join(sorted(other.distribution or "a registered object" for other in named))
        yield Problem("", f"two plugins are named `{plugin.name}`: {owners}", "rename one of them", "two-plugins")


def _told_apart(plugins: list[_Plugin], failed: list[Failure]) -> tuple[list[tuple[_Plugin, Pool]], list[_Plugin]]:
    """Plugins that own a pool, and extensions; two that own one id both fail."""
    owners: list[tuple[_Plugin, Pool]] = []
    extensions = []
    for plugin in plugins:
        if not _is_marked(plugin.object, "pool"):
            extensions.append(plugin)
            continue
        try:
            owners.append((plugin, _expected(_caller(plugin).pool(), Pool, "pool")))
        except PluginError as error:
            failed.append(Failure(plugin.name, plugin.distribution, error.problems))
        except Exception as error:  # a hook is the plugin's code and may raise anything
            failed.append(Failure(plugin.name, plugin.distribution, (_import_problem(error),)))
    sound = []
    for plugin, pool in owners:
        rivals = sorted(o.distribution or o.name for o, other in owners if other.id == pool.id)
        problems = list(_pool_problems(pool))
        if len(rivals) > 1:
            message = f"two plugins own the pool `{pool.id}`: {' and '.join(rivals)}"
            problems.append(Problem("pool", message, "uninstall one of them", "two-pools"))
        if problems:
            failed.append(Failure(plugin.name, plugin.distribution, tuple(problems)))
        else:
            sound.append((plugin, pool))
    return sound, sorted(extensions, key=lambda plugin: plugin.name)


def _pool_problems(pool: Pool) -> Iterator[Problem]:
    ids = [round.id for round in pool.rounds]
    if not ids:
        yield Problem("pool.rounds", "the pool has no round", code="no-round")
    for id in sorted({id for id in ids if ids.count(id) > 1}):
        yield Problem("pool.rounds", f"two rounds have the id `{id}`", code="two-rounds")


def _caller(plugin: _Plugin) -> Any:
    """The hooks of one plugin alone."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(Hooks)
    try:
        manager.register(plugin.object, plugin.name)
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise PluginError(plugin.name, [Problem("", " ".join(str(error).split()), code="hook")]) from error
    return manager.hook


def _rule_set(owner: _Plugin, pool: Pool, round: Round, extensions: list[_Plugin]) -> RuleSet:
    contributors = [(owner, _caller(owner)), *((plugin, _caller(plugin)) for plugin in extensions)]
    asked = {"pool": pool, "round": round}
    brought: dict[str, str] = {}
    problems: list[Problem] = []

    def gathered(hook: str, kind: Any) -> list[Any]:
        found = []
        for plugin, caller in contributors:
            for answer in getattr(caller, hook)(**asked):
                items = answer.criteria if isinstance(answer, Scoring) else answer
                found += [_kept(item, kind, plugin, hook) for item in items]
        return found

    def _kept(item: Any, kind: Any, plugin: _Plugin, hook: str) -> Any:
        _expected(item, kind, f"{hook} of plugin {plugin.name}")
        if item.id in brought:
            both = " and ".join(dict.fromkeys([brought[item.id], plugin.name]))
            message = f"two rules have the id `{item.id}`, brought by {both}"
            problems.append(Problem(f"plugin {plugin.name}: rule {item.id}", message, "rename one", "two-rules"))
        brought.setdefault(item.id, plugin.name)
        return item

    brought[GrantFormula.id] = brought[Allocation.id] = owner.name
    requirements = gathered("eligibility", Requirement)
    cost_rules = gathered("cost_eligibility", CostRule)
    criteria = gathered("scoring", Criterion)
    conditions = gathered("conditions", Condition)
    own = contributors[0][1]
    grant = _expected(own.highest_grant(**asked), GrantFormula, "highest_grant")
    allocation = own.allocation(**asked)
    if allocation is not None:
        _expected(allocation, Allocation, "allocation")
    stated = next((answer for answer in own.scoring(**asked) if isinstance(answer, Scoring)), Scoring(()))
    if problems:
        raise PluginError(owner.name, problems)
    versions = {plugin.name: plugin.version for plugin, _ in contributors if plugin.version}
    return checked(
        RuleSet(
            pool=pool,
            round=round,
            schema=schema_of(pool.application),
            requirements=tuple(sorted(requirements, key=lambda rule: not rule.id.startswith(Stage.FORMAL.value))),
            cost_rules=tuple(cost_rules),
            grant=grant,
            scoring=Scoring(tuple(criteria), stated.scale, stated.weights, stated.combination),
            conditions=tuple(conditions),
            allocation=allocation,
            brought_by=brought,
            versions=versions,
        )
    )


def _expected(value: Any, kind: type, hook: str) -> Any:
    if isinstance(value, kind):
        return value
    article = "an" if kind.__name__[0] in "AEIOU" else "a"
    message = f"expected {article} `{kind.__name__}`, got `{value!r:.60}`"
    raise PluginError(hook, [Problem(hook, message, code="hook")])
