"""
Hypothesis strategies read off a rulebook: its applications, whole or partly filled in, and their assessments.

    applications(rulebook)                      applications that a file could hold; most meet most of the rules
    applications(rulebook, complete=True)       with nothing missing
    applications(rulebook, failing=[rule])      that fail a rule; `meeting` and `failing` may be given together
    assessments(rulebook, application)          none to three of them
    assessed_applications(rulebook)             an application and assessments of it
    stated_more(draw, application, rulebook)    the same application with more of it filled in

Nothing here is written for one pool. Shrinking leaves out what can be left out, and takes the plainest values.
"""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from attrs import evolve
from hypothesis import assume
from hypothesis import strategies as st

from grantrules.application import Assessment
from grantrules.findings import Result
from grantrules.rulebooks import Rulebook
from grantrules.serial.assessments import takes_consensus
from grantrules.terms.schema import COSTS, Field
from grantrules.testing.aiming.backwards import Aim
from grantrules.testing.aiming.editing import CaseFile
from grantrules.testing.aiming.search import PASSED, Wish, searched, wishes_for
from grantrules.testing.aiming.thresholds import hints_of, thresholds_of
from grantrules.testing.strategies.fact_values import Strategy, values_of
from grantrules.testing.strategies.filling import MOST_ITEMS, TENTHS, Draw, Filler, States, line_id
from grantrules.testing.strategies.filling import stated_paths as stated_paths


def _now_and_then(draw: Draw, tenths: int) -> States:
    """State a fact so many times out of ten."""
    return lambda _, __: tenths == 10 or (tenths > 0 and draw(TENTHS) >= 10 - tenths)


@st.composite
def _files(draw: st.DrawFn, rulebook: Rulebook, complete: bool, near: tuple[Rulebook, ...]) -> Any:
    """Applications of the rulebook's pool, such as its reader would take, whatever the rules say of them."""
    tenths = 10 if complete else draw(st.sampled_from((0, 4, 7, 9, 9, 10)))
    often = _now_and_then(draw, tenths)

    def states(path: str, declared: Field) -> bool:
        return draw(st.booleans()) if declared.optional else often(path, declared)

    aptness = draw(st.sampled_from((0, 5, 9, 10, 10)))
    return Filler(draw, rulebook, values_of(rulebook, near), states, aptness, whole=complete).application()


def applications(
    rulebook: Rulebook,
    *,
    complete: bool = False,
    meeting: Collection[str] = (),
    failing: Collection[str] = (),
    near: Sequence[Rulebook] = (),
) -> st.SearchStrategy[Any]:
    """
    Applications of the rulebook's pool, such as its reader would take.

    Args:
        complete: state every fact; those declared optional may still be left out.
        meeting, failing: ids of requirements that every application meets, or fails, without any assessment.
        near: other rulebooks, such as an earlier version, whose thresholds are tried too.

    Raises:
        InputError: there is no such requirement.
    """
    wishes = _wishes(rulebook, meeting, failing)
    return _aimed_at(rulebook, st.just(()), complete, wishes, tuple(near), False).map(lambda file: file.application)


def _wishes(rulebook: Rulebook, meeting: Collection[str], failing: Collection[str]) -> tuple[Wish, ...]:
    wanted: dict[str, Any] = dict.fromkeys(meeting, Result.MET) | dict.fromkeys(failing, Result.NOT_MET)
    return tuple(wishes_for(rulebook, wanted))


@st.composite
def _aimed_at(
    draw: st.DrawFn,
    rulebook: Rulebook,
    panels: Any,
    complete: bool,
    wishes: tuple[Wish, ...],
    near: tuple[Rulebook, ...],
    judging: bool,
) -> CaseFile:
    """Files of which the wishes hold; without wishes, more than half meet all of the rules or all but one."""
    application = draw(_files(rulebook, complete, near))
    panel = draw(panels(application)) if judging else ()
    file = CaseFile(rulebook.rules, application, tuple(panel))
    goals = wishes or _usual(draw, rulebook, complete)
    if not goals:
        return file
    hints = hints_of(rulebook.rules, *(one.rules for one in near))
    aim = Aim(rulebook.rules, hints, draw(st.integers(0, 5)), judging)
    found = searched(aim, file, goals)
    assume(found is not None or not wishes)
    return found or file if wishes else _at_a_threshold(draw, aim, found or file, (rulebook, *near))


def _at_a_threshold(draw: Draw, aim: Aim, file: CaseFile, rulebooks: Sequence[Rulebook]) -> CaseFile:
    """The file as it is, or with what one comparison of the rules looks at on its limit or one step beside it."""
    alike = (rulebook for rulebook in rulebooks if rulebook.rules.schema == aim.rules.schema)
    limits = [limit for rulebook in alike for limit in thresholds_of(rulebook.rules)]
    places = [(limit, steps) for limit in limits for steps in (0, -1, 1)]
    chosen = draw(st.sampled_from([*(None for _ in range(len(places) + 1)), *places]))
    made = None if chosen is None else next(aim.beside(file, chosen[0], chosen[1], {}), None)
    return made if made is not None and made.readable else file


def _usual(draw: Draw, rulebook: Rulebook, complete: bool) -> tuple[Wish, ...]:
    """Nothing, or that every requirement is passed, or every one but one that fails or is open."""
    ids = [rule.id for rule in rulebook.rules.requirements]
    among = draw(st.sampled_from(("any", "all", "all", "all", "all but one", "all but one")))
    if among == "any" or not ids:
        return ()
    wanted: dict[str, Any] = dict.fromkeys(ids, PASSED)
    if among == "all but one":
        other = Result.NOT_MET if complete else draw(st.sampled_from((Result.NOT_MET, Result.UNDETERMINED)))
        wanted[draw(st.sampled_from(ids))] = (other, Result.NOT_APPLICABLE)
    return tuple(wishes_for(rulebook, wanted))


def stated_more(
    draw: Draw, application: Any, rulebook: Rulebook, *, only: Collection[str] | None = None, whole: bool = False
) -> Any:
    """
    The same application with more of it filled in, and nothing changed that it states.

    Facts declared optional are left as they are in every record that is there already.

    Args:
        only: the paths to state, with all that is inside of them; a random part of what is missing if left out.
        whole: state everything that is missing.
    """
    if only is None:
        states = _now_and_then(draw, 10 if whole else draw(st.sampled_from((10, 7, 3))))
    else:
        inside = tuple(f"{path}{mark}" for path in only for mark in ("[", "."))

        def states(path: str, declared: Field) -> bool:
            return path in only or path.startswith(inside)

    aptness = draw(st.sampled_from((0, 5, 10)))
    whole = whole or only is not None
    return Filler(draw, rulebook, values_of(rulebook), states, aptness, whole=whole).application(application)


# Assessments, and both together


@st.composite
def assessments(
    draw: st.DrawFn, rulebook: Rulebook, application: Any = None, max_size: int = MOST_ITEMS
) -> list[Assessment]:
    """
    Assessments of one application: ratings on the scale, judgements of all of it or line by line, conflicts, and
    entries that assessors agreed on where the round asks for them.

    Args:
        application: whose lines may be judged one by one; without one, no line is.
    """
    # A line that has no id yet may be answered for by the id that `stated_more` would give it.
    costs = getattr(application, COSTS, None) or ()
    lines = [line_id(i) if line.id is None else line.id for i, line in enumerate(costs)]
    return [
        Assessment(
            application=draw(st.sampled_from((None, getattr(application, "id", None)))),
            assessor=draw(st.sampled_from((f"assessor-{number}", f"assessor-{number}", None))),
            ratings=draw(_ratings(rulebook)),
            judgements=draw(_judgements(rulebook, lines)),
            comments=draw(_comments(rulebook)),
            consensus=draw(st.sampled_from((True, True, None, False))) if takes_consensus(rulebook.rules) else None,
            conflict_of_interest=draw(st.sampled_from((False, False, None, True))),
        )
        for number in range(draw(st.integers(0, max_size)))
    ]


def _ratings(rulebook: Rulebook) -> Strategy:
    scoring = rulebook.rules.scoring
    rated = tuple(criterion.id for criterion in scoring.criteria if criterion.computed is None)
    return _rated(scoring.scale.top if scoring.scale else 0, rated)


# A strategy that is made again for every example costs more than what it draws.
@cache
def _rated(top: int, criteria: tuple[str, ...]) -> Strategy:
    whole = st.integers(0, top).map(Decimal)
    rating = st.one_of(whole, whole, st.integers(0, top * 1000).map(lambda n: Decimal(n).scaleb(-3)))
    return _some(dict.fromkeys(criteria, rating))


def _judgements(rulebook: Rulebook, lines: Sequence[str]) -> Strategy:
    asked = tuple(
        (judgement.id, judgement.id in rulebook.rules.line_judgements) for judgement in rulebook.rules.judgements
    )
    return _judged(asked, tuple(lines))


@cache
def _judged(asked: tuple[tuple[str, bool], ...], lines: tuple[str, ...]) -> Strategy:
    on_lines = st.dictionaries(st.sampled_from(lines), st.booleans()) if lines else st.booleans()
    either = st.one_of(st.booleans(), on_lines)
    return _some({id: either if by_line else st.booleans() for id, by_line in asked})


def _comments(rulebook: Rulebook) -> Strategy:
    return _commented(tuple(criterion.id for criterion in rulebook.rules.scoring.criteria[:1]))


@cache
def _commented(ids: tuple[str, ...]) -> Strategy:
    return st.sampled_from(({}, {}, dict.fromkeys(ids, "»sådan«")))


def _some(strategies: Mapping[str, Strategy]) -> Strategy:
    """A mapping with some of the keys, often all of them."""
    whole = st.fixed_dictionaries(dict(strategies))
    return st.one_of(st.fixed_dictionaries({}, optional=dict(strategies)), whole)


def answering(draw: Draw, rulebook: Rulebook, given: Assessment, whats: Collection[str]) -> Assessment:
    """The same assessment with ratings and answers to the questions named, for every line at once."""
    judged = {id: draw(st.booleans()) for id in whats if id in {j.id for j in rulebook.rules.judgements}}
    rated = {id: Decimal(draw(st.integers(0, 5))) for id in whats if id not in judged}
    return evolve(given, ratings={**given.ratings, **rated}, judgements={**given.judgements, **judged})


def assessed_applications(
    rulebook: Rulebook,
    *,
    complete: bool = False,
    meeting: Collection[str] = (),
    failing: Collection[str] = (),
    near: Sequence[Rulebook] = (),
) -> st.SearchStrategy[tuple[Any, list[Assessment]]]:
    """
    An application and assessments of it.

    Args:
        complete: the application states every fact.
        meeting, failing: ids of requirements that every application meets, or fails, with its assessments.
        near: other rulebooks, such as an earlier version, whose thresholds are tried too.

    Raises:
        InputError: there is no such requirement.
    """
    wishes = _wishes(rulebook, meeting, failing)
    files = _aimed_at(rulebook, lambda made: assessments(rulebook, made), complete, wishes, tuple(near), True)
    return files.map(lambda file: (file.application, list(file.assessments)))
