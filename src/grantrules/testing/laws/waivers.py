"""Waivers: laws that a pool truly breaks, by name and with a reason."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from attrs import frozen

from grantrules.errors import InputError, Problem, excerpt, nearest
from grantrules.rulebooks import Rulebook
from grantrules.testing.laws.law import Breach, Law, OfPlugins


@frozen
class Waiver:
    """
    A law that does not have to hold.

    Args:
        rule: the one rule that need not keep it; `None` for every rule.
        reason: why, for whoever reads the tests.
    """

    law: str
    rule: str | None
    reason: str

    @property
    def key(self) -> str:
        """How it is written: `can-fail-alone:formal.always`, or the law alone."""
        return self.law if self.rule is None else f"{self.law}:{self.rule}"

    def covers(self, breach: Breach) -> bool:
        """The breach is what is waived."""
        return self.law == breach.law and self.rule in (None, breach.rule)


def read_waivers(
    waived: Mapping[str, str], laws: Mapping[str, Law], rulebooks: Iterable[Rulebook]
) -> tuple[Waiver, ...]:
    """
    The waivers that somebody has written.

    Args:
        waived: `law` or `law:rule id` to the reason.

    Raises:
        InputError: a law or a rule that there is not, or no reason; with everything that is wrong.
    """
    rules = {id for rulebook in rulebooks for id in waivable(rulebook)}
    problems = list(_problems(waived, laws, rules))
    if problems:
        raise InputError("waived", problems)
    return tuple(Waiver(law, rule or None, reason) for (law, _, rule), reason in _split(waived))


def known_laws(names: Iterable[str], laws: Mapping[str, Law]) -> tuple[str, ...]:
    """
    The names, if there are such laws.

    Raises:
        InputError: there are not, with the nearest names.
    """
    asked = tuple(names)
    problems = [problem for name in asked for problem in _law_problems(name, name, laws)]
    if problems:
        raise InputError("laws", problems)
    return asked


def _law_problems(where: str, name: str, laws: Mapping[str, Law]) -> Iterator[Problem]:
    if name not in laws:
        hint = nearest(name, laws) or "choose from " + ", ".join(f"`{known}`" for known in laws)
        yield Problem(where, f"there is no law {excerpt(name)}", hint, "unknown-law")


def waivable(rulebook: Rulebook) -> frozenset[str]:
    """The ids by which rules can be named in a breach."""
    return frozenset(rule.id for rule in (*rulebook.rules.rules, *rulebook.rules.scoring.parts))


def _split(waived: Mapping[str, str]) -> Iterator[tuple[tuple[str, str, str], str]]:
    return ((key.partition(":"), reason) for key, reason in waived.items())


def _problems(waived: Mapping[str, str], laws: Mapping[str, Law], rules: Collection[str]) -> Iterator[Problem]:
    for (law, colon, rule), reason in _split(waived):
        where = f"{law}{colon}{rule}"
        yield from _law_problems(where, law, laws)
        if colon and law in laws:
            yield from _rule_problems(where, rule, laws[law], rules)
        if not isinstance(reason, str) or not reason.strip():
            yield Problem(where, "the waiver gives no reason", "say why the pool may break the law", "no-reason")


def _rule_problems(where: str, rule: str, law: Law, rules: Collection[str]) -> Iterator[Problem]:
    if isinstance(law.check, OfPlugins):
        yield Problem(where, f"`{law.name}` is about whole plugins", f"waive `{law.name}`", "unknown-rule")
    elif rule not in rules:
        hint = nearest(rule, rules) or "name a rule of the pool by its id"
        yield Problem(where, f"there is no rule {excerpt(rule)}", hint, "unknown-rule")
