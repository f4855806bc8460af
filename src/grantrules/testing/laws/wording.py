"""Laws of words: where each rule comes from, and that all of it can be read in three languages."""

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import evolve, fields, has

from grantrules.errors import Problem
from grantrules.rulebooks import Rulebook
from grantrules.soundness.texts import basis_problems, text_problems
from grantrules.testing.laws.law import Wrong
from grantrules.values import Language, Text


def rules_without_a_basis(rulebook: Rulebook) -> Iterator[Wrong]:
    """Every rule, every part of a scoring and every figure of the round says where it comes from."""
    rules = rulebook.rules
    for rule in (*rules.rules, *rules.scoring.parts):
        yield from (_said_of(rule.id, problem) for problem in basis_problems(rule.basis))
    published: tuple[Any, ...] = (*rules.round.values, *rules.round.appropriations, *rules.round.figures)
    for stated in published:
        named = f"`{stated.label.en}`"
        yield from (_said_of(None, evolve(p, where=f"{named} {p.where}")) for p in basis_problems(stated.basis))


def _said_of(rule: str | None, problem: Problem) -> Wrong:
    return Wrong(f"{problem.where}: {problem.message}", rule)


_LONGEST_COPY: Mapping[tuple[Language, Language], int] = {("da", "nb"): 4, ("da", "en"): 2, ("nb", "en"): 2}
"""Up to so many words may be the same in two languages, as in Danish and Norwegian `id som på org-id.guide`."""

_NAMES = frozenset({"title", "funder"})
"""Texts that may be proper names, which are the same everywhere."""


def texts_not_in_every_language(rulebook: Rulebook) -> Iterator[Wrong]:
    """Every text is there in all three languages, and none was copied from one language into another."""
    for rule, place, text in _texts(rulebook.rules, None, ""):
        problems = list(text_problems(place, text))
        yield from (Wrong(f"{problem.where}: {problem.message}", rule) for problem in problems)
        for (one, other), longest in _LONGEST_COPY.items() if not problems else ():
            words = text.to(one).split()
            copied = words == text.to(other).split() and len(words) > longest
            if copied and place.rpartition(".")[2] not in _NAMES:
                yield Wrong(f"{place}: the text is the same in {one} and in {other}: `{text.to(one)}`", rule)


def _texts(at: Any, rule: str | None, place: str) -> Iterator[tuple[str | None, str, Text]]:
    """Every text inside of something frozen, with the rule and the place that it stands in."""
    if isinstance(at, Text):
        yield rule, place, at
    elif isinstance(at, tuple | frozenset):
        for index, item in enumerate(at):
            named = next((name for key in ("id", "name", "code") if isinstance(name := getattr(item, key, 0), str)), "")
            yield from _texts(item, rule, f"{place}[{named or index}]")
    elif has(type(at)):
        rule = rule or getattr(at, "id", None) if hasattr(at, "statement") else rule
        for attribute in fields(type(at)):
            yield from _texts(getattr(at, attribute.name), rule, f"{place}.{attribute.name}".lstrip("."))
