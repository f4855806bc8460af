"""
The law suite: every law on every round, as tests for pytest.

    TestLaws = law_suite(grantrules_x.plugin, waived={"can-fail-alone:formal.always": "it only informs"})
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import pytest
from attrs import define, field

from grantrules.errors import InputError, Problem, nearest
from grantrules.registry import Registry
from grantrules.rulebooks import Rulebook
from grantrules.testing.laws.catalogue import LAWS
from grantrules.testing.laws.law import Breach, OfPlugins, Plugins
from grantrules.testing.laws.purity import named
from grantrules.testing.laws.reporting import report
from grantrules.testing.laws.running import breaches_by_plugins, breaches_of
from grantrules.testing.laws.waivers import Waiver, read_waivers, waivable

STALE_EXAMPLES = 200
"""So many examples are drawn before a waiver of a law of examples is said to be stale."""


@define
class _Suite:
    """
    What one call of `law_suite` tests.

    Args:
        breaches: law and subject to the breaches that were found, so that a waiver does not look for them again.
    """

    rulebooks: Mapping[str, Rulebook]
    plugins: Mapping[str, Plugins]
    waivers: tuple[Waiver, ...]
    examples: int | None
    breaches: dict[tuple[str, str], tuple[Breach, ...]] = field(factory=dict)

    @property
    def tests(self) -> Iterator[tuple[str, str]]:
        """Every law with everything that it is about: the names of rulebooks, or of plugins."""
        for law in LAWS.values():
            subjects = self.plugins if isinstance(law.check, OfPlugins) else self.rulebooks
            yield from ((law.name, subject) for subject in subjects)

    def broken(self, law: str, subject: str) -> tuple[Breach, ...]:
        """Every breach of a law by one rulebook, or by the plugins."""
        if (law, subject) not in self.breaches:
            self.breaches[law, subject] = self._looked_for(law, subject, self.examples)
        return self.breaches[law, subject]

    def _looked_for(self, law: str, subject: str, examples: int | None) -> tuple[Breach, ...]:
        if isinstance(LAWS[law].check, OfPlugins):
            return breaches_by_plugins(LAWS[law], self.plugins[subject])
        return breaches_of(LAWS[law], self.rulebooks[subject], examples=examples)

    def not_waived(self, law: str, subject: str) -> list[Breach]:
        """The breaches that no waiver covers."""
        found = self.broken(law, subject)
        return [breach for breach in found if not any(waiver.covers(breach) for waiver in self.waivers)]

    def is_stale(self, waiver: Waiver) -> bool:
        """Nothing that the waiver is about breaks the law any more."""
        subjects = [subject for law, subject in self.tests if law == waiver.law and self._concerns(waiver, subject)]
        if any(waiver.covers(breach) for subject in subjects for breach in self.broken(waiver.law, subject)):
            return False
        # What is drawn at random may have missed what is waived.
        more = (breach for subject in subjects for breach in self._looked_for(waiver.law, subject, STALE_EXAMPLES))
        return not any(waiver.covers(breach) for breach in more)

    def _concerns(self, waiver: Waiver, subject: str) -> bool:
        return waiver.rule is None or waiver.rule in waivable(self.rulebooks[subject])


def law_suite(
    *plugins: Any,
    rounds: Collection[str] | None = None,
    waived: Mapping[str, str] | None = None,
    examples: int | None = None,
) -> type:
    """
    A class for pytest with one test for every law and every round, and one for every waiver.

    Args:
        plugins: plugin modules or objects, as for `Registry.of`; or rulebooks that are ready, of which the laws of
            plugins are not tested.
        rounds: the ids of the rounds to test; all of them if left out.
        waived: `law`, or `law:rule id`, to the reason why it need not hold. A waiver of a law that holds fails.
        examples: how many applications are drawn for each law that draws them; as many as suit it if left out.

    Raises:
        InputError: there is no such round, law or rule, or a waiver has no reason.
        PluginError: a plugin cannot be used.
    """
    suite = _made(plugins, rounds, waived or {}, examples)
    tests, waivers = list(suite.tests), {waiver.key: waiver for waiver in suite.waivers}

    @pytest.mark.parametrize(("law", "subject"), tests, ids=["-".join(test) for test in tests])
    def test_law(self: Any, law: str, subject: str) -> None:
        found = suite.not_waived(law, subject)
        if found:
            pytest.fail(report(LAWS[law], subject, found), pytrace=False)

    @pytest.mark.parametrize("waiver", waivers)
    def test_waiver(self: Any, waiver: str) -> None:
        if suite.is_stale(waivers[waiver]):
            pytest.fail(f"`{waiver}` is waived, but holds\n    hint: remove the waiver", pytrace=False)

    methods: dict[str, Callable[..., None]] = {"test_law": test_law}
    methods |= {"test_waiver": test_waiver} if waivers else {}
    return type("TestLaws", (), {"__doc__": "Every law on every round.", **methods})


def _made(
    plugins: tuple[Any, ...], rounds: Collection[str] | None, waived: Mapping[str, str], examples: int | None
) -> _Suite:
    given = tuple(plugin for plugin in plugins if not isinstance(plugin, Rulebook))
    registry = Registry.of(*given)
    rulebooks = [Rulebook(rules) for rules in registry.rule_sets.values()]
    rulebooks += [plugin for plugin in plugins if isinstance(plugin, Rulebook)]
    chosen = [rulebook for rulebook in rulebooks if rounds is None or rulebook.round.id in rounds]
    _check(rulebooks, rounds)
    waivers = read_waivers(waived, LAWS, chosen)
    together = {"+".join(named(plugin) for plugin in given): Plugins(given, registry)} if given else {}
    return _Suite(dict(_told_apart(chosen)), together, waivers, examples)


def _check(rulebooks: Collection[Rulebook], rounds: Collection[str] | None) -> None:
    if not rulebooks:
        raise InputError("law_suite", [Problem("", "there is no round to test", "give it a plugin with a pool")])
    known = sorted({rulebook.round.id for rulebook in rulebooks})
    problems = [
        Problem("rounds", f"there is no round `{id}`", nearest(id, known) or f"choose from {', '.join(known)}")
        for id in rounds or ()
        if id not in known
    ]
    if problems:
        raise InputError("law_suite", problems)


def _told_apart(rulebooks: Collection[Rulebook]) -> Iterator[tuple[str, Rulebook]]:
    """Rulebooks by pool and round; several of one round with a number."""
    names = [rulebook.rules.name for rulebook in rulebooks]
    for index, (name, rulebook) in enumerate(zip(names, rulebooks, strict=True)):
        before = names[:index].count(name)
        yield f"{name}#{before + 1}" if before else name, rulebook
