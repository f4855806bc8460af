"""
Finding plugins, keeping those that fail with the reason, and building the rule set of every round.

A registry is a value: nothing is registered anywhere by importing a plugin, and two registries know nothing of
each other.
"""

import json
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Any

import pluggy
from attrs import evolve, field, frozen

from grantrules import soundness
from grantrules.criteria import Criterion, Scoring
from grantrules.errors import GrantrulesError, InputError, PluginError, Problem, excerpt, nearest
from grantrules.hooks import API_VERSION, EXTENSION_HOOKS, HOOKS, PROJECT, Hooks
from grantrules.methods import Allocation
from grantrules.pools import Condition, CostRule, GrantFormula, Pool, Requirement, Round, Stage
from grantrules.rulebooks import Rulebook
from grantrules.ruleset import RuleSet, with_carried_over
from grantrules.serial.rulesets import read
from grantrules.terms.schema import schema_of

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


@frozen
class Failure:
    """
    A plugin that could not be used, and everything that is wrong with it.

    Args:
        pool: the pool it owns, as far as it could be asked.
    """

    plugin: str
    distribution: str
    problems: tuple[Problem, ...]
    pool: str = ""

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
            if pool in (failure.plugin, failure.pool):
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
        except (Exception, SystemExit) as error:  # a plugin may raise anything at import, and must not stop others
            failures.append(Failure(point.name, distribution, (_raised(error, "importing it"),)))
    return found, failures


def _raised(error: BaseException, doing: str) -> Problem:
    """What a plugin's own code raised, and the line of the plugin it came from."""
    frames = [f for f in extract_tb(error.__traceback__) if "importlib" not in f.filename and f.filename[0] != "<"]
    outside = [f for f in frames if Path(f.filename).parent != Path(__file__).parent and "pluggy" not in f.filename]
    frames = [f for f in outside if _OWN not in Path(f.filename).parents] or outside
    where = f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
    return Problem(where, f"{doing} raised {type(error).__name__}: {error}", code="raised")


_OWN = Path(__file__).parent


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
            made |= {(pool.id, round.id): _rule_set(pool, round, [owner]) for round in pool.rounds}
        except PluginError as error:
            failed.append(Failure(owner.name, owner.distribution, error.problems, pool.id))
    made = _extended(made, {pool.id: owner for owner, pool in owners}, extensions, failed)
    if failed and strict:
        raise failed[0].error()
    return Registry(dict(sorted(made.items())), tuple(sorted(failed, key=lambda failure: failure.plugin)))


def _extended(
    made: dict[tuple[str, str], RuleSet],
    owners: Mapping[str, _Plugin],
    extensions: list[_Plugin],
    failed: list[Failure],
) -> dict[tuple[str, str], RuleSet]:
    """The rule sets with what extensions add; an extension that does not fit one of them is left out of all."""
    contributing: list[_Plugin] = []
    for extension in extensions:
        problems: list[Problem] = []
        extended = dict(made)
        for (id, name), rules in made.items():
            try:
                extended[id, name] = _rule_set(rules.pool, rules.round, [owners[id], *contributing, extension])
            except PluginError as error:
                problems += [evolve(p, where=f"pool {rules.name}: {p.where}".rstrip(": ")) for p in error.problems]
        if problems:
            failed.append(Failure(extension.name, extension.distribution, tuple(problems)))
        else:
            contributing.append(extension)
            made = extended
    return made


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
            pool = _caller(plugin).pool()
            if not isinstance(pool, Pool):
                raise PluginError(plugin.name, [_unexpected(pool, Pool, "pool")])
            owners.append((plugin, pool))
        except PluginError as error:
            failed.append(Failure(plugin.name, plugin.distribution, error.problems))
        except (Exception, SystemExit) as error:  # a hook is the plugin's code and may raise anything
            failed.append(Failure(plugin.name, plugin.distribution, (_raised(error, "its hook `pool`"),)))
    sound = []
    for plugin, pool in owners:
        rivals = sorted(o.distribution or o.name for o, other in owners if other.id == pool.id)
        problems = list(_pool_problems(pool))
        if len(rivals) > 1:
            message = f"two plugins own the pool `{pool.id}`: {' and '.join(rivals)}"
            problems.append(Problem("pool", message, "uninstall one of them", "two-pools"))
        if problems:
            failed.append(Failure(plugin.name, plugin.distribution, tuple(problems), pool.id))
        else:
            sound.append((plugin, pool))
    return sound, sorted(extensions, key=lambda plugin: plugin.name)


def _pool_problems(pool: Pool) -> Iterator[Problem]:
    if not isinstance(pool.rounds, tuple) or not all(isinstance(round, Round) for round in pool.rounds):
        yield Problem("pool.rounds", f"expected a tuple of `Round`, got {excerpt(pool.rounds)}", "write `(ROUND,)`")
        return
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


def _rule_set(pool: Pool, round: Round, contributors: list[_Plugin]) -> RuleSet:
    """
    The rules that the owner of a pool brings, and after them those of extensions, as one rule set.

    Raises:
        PluginError: with everything that is wrong with it.
    """
    try:
        return _put_together(pool, round, contributors)
    except PluginError:
        raise
    except Exception as error:  # what a plugin states may be of any type, and must not stop the others
        problem = _raised(error, "what it states is no rule set; reading it")
        raise PluginError(contributors[-1].name, [problem]) from error


def _put_together(pool: Pool, round: Round, contributors: list[_Plugin]) -> RuleSet:
    asked = [_Asked(plugin, _caller(plugin), pool, round) for plugin in contributors]
    own, problems = asked[0], list[Problem]()
    requirements = _gathered(asked, "eligibility", Requirement, problems)
    cost_rules = _gathered(asked, "cost_eligibility", CostRule, problems)
    scorings = [(plugin, plugin.one("scoring", Scoring, problems)) for plugin in asked]
    criteria = [
        (plugin.plugin.name, criterion)
        for plugin, scoring in scorings
        for criterion in (scoring.criteria if scoring is not None else ())
        if plugin.fits(criterion, Criterion, "scoring", problems)
    ]
    conditions = _gathered(asked, "conditions", Condition, problems)
    grant, allocation = own.one("highest_grant", GrantFormula, problems), own.one("allocation", Allocation, problems)
    if grant is None:
        message = "expected a `GrantFormula`, the plugin gives none"
        problems.append(Problem("highest_grant", message, "implement the hook `highest_grant`", "no-grant"))
    shares = [] if allocation is None else [(own.plugin.name, part) for part in allocation.parts]
    brought = _brought([*requirements, *cost_rules, *criteria, *conditions, *shares], problems)
    bringing = set(brought.values())
    if grant is None:
        raise PluginError(own.plugin.name, problems)
    stated = scorings[0][1] or Scoring(())
    rules = RuleSet(
        pool=pool,
        round=round,
        schema=schema_of(round.application or pool.application),
        requirements=tuple(
            sorted((r for _, r in requirements), key=lambda rule: not rule.id.startswith(f"{Stage.FORMAL}."))
        ),
        cost_rules=tuple(rule for _, rule in cost_rules),
        grant=grant,
        scoring=evolve(stated, criteria=tuple(rule for _, rule in criteria)),
        conditions=tuple(rule for _, rule in conditions),
        allocation=allocation,
        brought_by={GrantFormula.id: own.plugin.name, Allocation.id: own.plugin.name, **brought},
        versions={p.name: p.version for p in contributors if p.version and (p is own.plugin or p.name in bringing)},
    )
    problems += soundness.problems(rules)
    if problems:
        raise PluginError(own.plugin.name, problems)
    rules = with_carried_over(rules)
    if read(json.loads(json.dumps(rules.data))).data != rules.data:
        message = "its rules are not the same once they are saved: a text, number or date is of the wrong type"
        raise PluginError(own.plugin.name, [Problem(f"round {round.id}", message, code="not-storable")])
    return rules


@frozen
class _Asked:
    """One plugin, asked about one round."""

    plugin: _Plugin
    caller: Any
    pool: Pool
    round: Round

    def all(self, hook: str, problems: list[Problem]) -> list[Any]:
        """What the hook returns, as a list; empty if the plugin does not implement it."""
        try:
            answers = getattr(self.caller, hook)(pool=self.pool, round=self.round)
        except (Exception, SystemExit) as error:  # a hook is the plugin's code and may raise anything
            problems.append(_raised(error, f"its hook `{hook}`"))
            return []
        return [] if answers is None else answers if isinstance(answers, list) else [answers]

    def one(self, hook: str, kind: Any, problems: list[Problem]) -> Any:
        """The only answer, if it is what the hook should return."""
        answers = self.all(hook, problems)
        fitting = [answer for answer in answers if self.fits(answer, kind, hook, problems)]
        return fitting[0] if fitting else None

    def fits(self, value: Any, kind: Any, hook: str, problems: list[Problem]) -> bool:
        """Whether the hook returned what it should."""
        if not isinstance(value, kind):
            problems.append(_unexpected(value, kind, f"plugin {self.plugin.name}: {hook}"))
        return isinstance(value, kind)


def _gathered(asked: list[_Asked], hook: str, kind: Any, problems: list[Problem]) -> list[tuple[str, Any]]:
    """Every rule that a hook brings, each with its plugin, in the order of plugins."""
    found = []
    for plugin in asked:
        for items in plugin.all(hook, problems):
            if not isinstance(items, Sequence) or isinstance(items, str):
                problems.append(_unexpected(items, kind, f"plugin {plugin.plugin.name}: {hook}"))
                continue
            found += [(plugin.plugin.name, item) for item in items if plugin.fits(item, kind, hook, problems)]
    return found


def _brought(rules: list[tuple[str, Any]], problems: list[Problem]) -> dict[str, str]:
    """Rule id to the plugin that brought it; two rules with one id are a problem."""
    brought: dict[str, str] = {}
    for plugin, rule in rules:
        if rule.id in brought:
            both = " and ".join(dict.fromkeys([brought[rule.id], plugin]))
            message = f"two rules have the id `{rule.id}`, brought by {both}"
            problems.append(Problem(f"plugin {plugin}: rule {rule.id}", message, "rename one", "two-rules"))
        brought.setdefault(rule.id, plugin)
    return brought


def _unexpected(value: Any, kind: type, where: str) -> Problem:
    article = "an" if kind.__name__[0] in "AEIOU" else "a"
    return Problem(where, f"expected {article} `{kind.__name__}`, got {excerpt(value)}", code="hook")
