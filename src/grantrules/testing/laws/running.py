"""Looking for examples that break laws, and collecting every breach by name."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from traceback import extract_tb
from typing import Any, assert_never

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky, HypothesisException

from grantrules.rulebooks import Rulebook
from grantrules.testing.aiming.editing import CaseFile
from grantrules.testing.aiming.shrinking import smallest
from grantrules.testing.coverage import unwatched
from grantrules.testing.laws.law import Breach, Cases, Law, OfExamples, OfPlugins, OfRules, Plugins, Wrong
from grantrules.testing.laws.waivers import waivable
from grantrules.testing.strategies.fact_values import Strategy

MOST_BREACHES = 20
"""A law of examples that so many rules break is not looked into further."""


def breaches_of(
    law: Law,
    rulebook: Rulebook,
    *,
    examples: int | None = None,
    derandomize: bool | None = None,
    small: bool = True,
) -> tuple[Breach, ...]:
    """
    Everything in which a rulebook breaks a law; nothing if the law is one of plugins.

    Args:
        examples: how many are drawn, where the law draws examples; as many as it likes itself if left out.
        derandomize: draw the same examples every time; as the active profile of Hypothesis says if left out.
        small: leave out of the examples found what can be left out.
    """
    match law.check:
        case OfExamples() as check:
            how = _settings(examples or check.examples, derandomize)
            found = _of_examples(law, check, rulebook, how)
            return tuple(_smallest(law, check, rulebook, breach) if small else breach for breach in found)
        case OfRules(wrongs):
            return _collected(law, lambda: wrongs(rulebook), rulebook)
        case OfPlugins():
            return ()
        case _:
            assert_never(law.check)


def breaches_by_plugins(law: Law, plugins: Plugins) -> tuple[Breach, ...]:
    """Everything in which plugins break a law; nothing if the law is one of rulebooks."""
    match law.check:
        case OfPlugins(wrongs):
            return _collected(law, lambda: wrongs(plugins))
        case OfExamples() | OfRules():
            return ()
        case _:
            assert_never(law.check)


def _collected(law: Law, wrongs: Any, rulebook: Rulebook | None = None) -> tuple[Breach, ...]:
    """Every breach of a law that looks for itself."""
    found = []
    with unwatched():
        try:
            for wrong in wrongs():
                found.append(_breach(law, rulebook, wrong, wrong.example))
        except Exception as error:  # rules are other people's code and may raise anything
            found.append(Breach(law.name, None, _raised(error)))
    return tuple(dict.fromkeys(found))


# Drawn examples


REDRAWN, REDRAWN_AT_LAST = 8, 100
"""So often an example that was made smaller is given another chance to break the law, where the law itself draws."""
MOST_TRIES = 250
"""So often something is left out of an example before it is small enough."""


class _FoundBreach(Exception):
    """Tells Hypothesis that an example breaks the law."""

    def __init__(self, breach: Breach) -> None:
        super().__init__(breach.message)
        self.breach = breach


def _of_examples(law: Law, check: OfExamples, rulebook: Rulebook, how: settings) -> Iterator[Breach]:
    """One breach for each rule that breaks the law."""
    drawn, known = check.drawn(rulebook), set[str]()
    while len(known) < MOST_BREACHES:
        found = _drawn_breach(law, check, rulebook, drawn, how, lambda key: key not in known)
        if found is None:
            return
        known.add(found.key)
        yield found


def _smallest(law: Law, check: OfExamples, rulebook: Rulebook, found: Breach) -> Breach:
    """The same breach by an example from which all was left out that can be, or that was looked at for long enough."""
    tries = count(1)

    def again(example: Cases, how: settings) -> Breach | None:
        return _drawn_breach(law, check, rulebook, st.just(example), how, lambda key: key == found.key)

    def shows(example: Cases) -> bool:
        return next(tries) <= MOST_TRIES and again(example, _settings(REDRAWN, True)) is not None

    return again(_left_out(found.example, shows, rulebook), _settings(REDRAWN_AT_LAST, True, shrink=True)) or found


def _left_out(example: Cases, shows: Callable[[Cases], bool], rulebook: Rulebook) -> Cases:
    """An example with fewer applications, and less in each, that still shows what it is for."""
    for index in reversed(range(len(example))):
        fewer = (*example[:index], *example[index + 1 :])
        example = fewer if len(example) > 1 and shows(fewer) else example
    for index in range(len(example)):
        example = _one_smaller(example, index, shows, rulebook)
    return example


def _one_smaller(example: Cases, index: int, shows: Callable[[Cases], bool], rulebook: Rulebook) -> Cases:
    """An example with less in one of its applications."""
    application, assessments = example[index]

    def with_one(file: CaseFile) -> Cases:
        return (*example[:index], (file.application, list(file.assessments)), *example[index + 1 :])

    file = CaseFile(rulebook.rules, application, tuple(assessments))
    return with_one(smallest(file, lambda less: shows(with_one(less))))


def _drawn_breach(
    law: Law, check: OfExamples, rulebook: Rulebook, examples: Strategy, how: settings, wanted: Callable[[str], bool]
) -> Breach | None:
    """A breach by one of the examples drawn, of those whose key is wanted."""

    @how
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        drawn = data.draw(examples)
        for breach in _breaches_by(law, check, rulebook, drawn, data):
            if wanted(breach.key):
                raise _FoundBreach(breach)

    with unwatched():
        try:
            holds()
        except _FoundBreach as found:
            return found.breach
        except Flaky:
            changing = "one and the same example breaks the law, and does not when it is tried again"
            return Breach(law.name, None, changing) if wanted(law.name) else None
    return None


def _breaches_by(
    law: Law, check: OfExamples, rulebook: Rulebook, drawn: Cases, data: st.DataObject
) -> Iterator[Breach]:
    """Every breach that one example shows."""
    try:
        for wrong in check.wrongs(rulebook, drawn, data.draw):
            yield _breach(law, rulebook, wrong, drawn)
    except HypothesisException:
        raise
    except Exception as error:  # rules are other people's code and may raise anything
        yield Breach(law.name, None, _raised(error), drawn)


def _settings(examples: int, derandomize: bool | None, shrink: bool = False) -> settings:
    own: dict[str, Any] = {} if derandomize is None else {"derandomize": derandomize}
    return settings(
        max_examples=examples,
        # One function draws for every law and rulebook, and an example of one means nothing to another.
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        **own,
    )


# Breaches


def _breach(law: Law, rulebook: Rulebook | None, wrong: Wrong, example: Cases) -> Breach:
    named = rulebook is None or wrong.rule in waivable(rulebook)
    return Breach(law.name, wrong.rule if named else None, wrong.message, example)


def _raised(error: Exception) -> str:
    """What was raised, and the last line of Python that it came through."""
    frames = extract_tb(error.__traceback__)
    where = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    return f"checking it raised {type(error).__name__}: {error}{where}"
