"""
Comparing two rulebooks: which rules moved and which way, and what becomes of applications and stored decisions.

    compare(rules, rules.with_values(grant_ceiling=kr("3000000")), applications=200)

Which way a rule moved is decided by structure where it can be, and else only seen on applications, which is said. What
becomes of applications is decided on each, and the smallest example of each kind is kept.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import evolve, field, frozen

from grantrules.errors import InputError, Problem
from grantrules.readings.reasons import facts_used
from grantrules.rulebooks import Rulebook
from grantrules.serial.applications import application_to_data
from grantrules.serial.assessments import assessment_to_data
from grantrules.testing.comparing.carrying import Carried, Judged, Stated, carried, homes_of
from grantrules.testing.comparing.changes import (
    Change,
    Kind,
    ValueChange,
    carriers,
    fact_changes,
    other_changes,
    rule_changes,
    value_changes,
)
from grantrules.testing.comparing.directions import Direction, Open, Verdict
from grantrules.testing.comparing.effects import ASPECTS, UNDETERMINED, Cause, Effect, Trial, effect, said
from grantrules.testing.comparing.fallen import Fallen, Kept, fallen
from grantrules.testing.comparing.size import Data, size

if TYPE_CHECKING:
    from grantrules.testing.comparing.drawing import Drawn, Draws

_MADE_PLAIN = 3
"""So many kinds of effect, the most frequent first, are given a plain example by a search; the others a pared one."""

_TRIES = 40
"""So many applications are tried to make one example plain."""


@frozen
class Given:
    """An application that somebody gives, as an object or as JSON data, with its assessments."""

    name: str
    application: Stated
    assessments: tuple[Judged, ...] = ()


Applications: TypeAlias = Iterable[Given | tuple[Stated, Iterable[Judged]]] | int
"""Applications with their assessments; or how many are to be drawn."""


@frozen
class Example:
    """
    One application and what becomes of it.

    Args:
        name: of a given one; empty for one that was drawn.
        home: the pool and round that it is written for.
        application: as JSON data, with what the rule that it is about reads in front.
        read: the facts that this rule reads, by path.
        left_out: what was left out to carry it over.
    """

    name: str
    home: str
    application: Data
    assessments: tuple[Data, ...]
    effect: Effect
    read: Mapping[str, Any] = field(factory=dict)
    left_out: tuple[str, ...] = ()


Kindred: TypeAlias = tuple[str, Direction, str, str, str]
"""What effects of one kind have in common: the first rule, its direction, and the weightiest thing that differs."""


@frozen
class Flip:
    """
    All effects of one kind.

    Args:
        rule: the rule through which the applications change first.
        of: which cost line, threshold, condition or rule it is about, where there are several.
        change: as in `eligible → ineligible` or `falls`.
        count: how many applications.
        example: the smallest of them.
    """

    rule: str
    direction: Direction
    aspect: str
    of: str
    change: str
    count: int
    example: Example


@frozen
class Unreadable:
    """An application that one of the rulebooks cannot read."""

    name: str
    by: str
    problems: tuple[Problem, ...]


@frozen
class Comparison:
    """
    What differs between two rulebooks.

    Args:
        rules, facts, others: what was added, removed or changed, with before and after.
        compared: on how many applications.
        drawn: they were drawn, not given.
        flips: the kinds of effect that they show, the most frequent first.
        moved: for each rule and direction in which it moved an application, the smallest one.
        left_out: what had to be left out to carry applications over, and of how many.
        decisions: how many stored decisions were held against the new rules.
        fallen: those that no longer stand.
    """

    old: Rulebook
    new: Rulebook
    values: tuple[ValueChange, ...]
    facts: tuple[Change, ...]
    rules: tuple[Change, ...]
    others: tuple[Change, ...]
    compared: int = 0
    drawn: bool = False
    flips: tuple[Flip, ...] = ()
    moved: Mapping[tuple[str, Direction], Example] = field(factory=dict)
    left_out: Mapping[str, int] = field(factory=dict)
    unreadable: tuple[Unreadable, ...] = ()
    decisions: int = 0
    fallen: tuple[Fallen, ...] = ()

    @property
    def changes(self) -> tuple[Change, ...]:
        """Everything that moved and is no value: rules, facts, and what else there is of the round."""
        return (*self.rules, *self.facts, *self.others)

    @property
    def same(self) -> bool:
        """Nothing differs, in the rules or on any application."""
        return not (self.changes or self.values or self.flips or self.fallen)


def compare(
    old: Rulebook,
    new: Rulebook,
    applications: Applications = (),
    decisions: Iterable[Kept] = (),
    *,
    seed: int = 0,
) -> Comparison:
    """
    Compare two rulebooks of one pool: two rounds, two versions, or a what-if.

    Args:
        applications: what to try them on, written for either; or a number, to draw so many, which takes Hypothesis.
        decisions: stored decisions to hold against the new rules.
        seed: what applications are drawn with.

    Raises:
        InputError: they are of two pools.
    """
    if old.pool.id != new.pool.id:
        message = f"`{old.rules.name}` and `{new.rules.name}` are of two pools"
        raise InputError("comparison", [Problem("", message, "name two rulebooks of one pool", "two-pools")])
    kept = tuple(decisions)
    made = Comparison(
        old,
        new,
        value_changes(old.rules, new.rules),
        fact_changes(old.rules, new.rules),
        rule_changes(old.rules, new.rules),
        other_changes(old.rules, new.rules),
        decisions=len(kept),
        fallen=tuple(fallen(new, kept)),
    )
    if isinstance(applications, int):
        return _on_drawn(made, applications, seed) if applications else made
    return _on_given(made, applications)


@frozen
class _Tried:
    """An application with what becomes of it."""

    name: str
    home: Rulebook
    old: Trial
    new: Trial
    said: tuple[Cause, ...]
    effect: Effect | None
    left_out: tuple[str, ...]

    @property
    def data(self) -> tuple[Data, tuple[Data, ...]]:
        at_home = self.old if self.home is self.old.rulebook else self.new
        return application_to_data(at_home.application), tuple(map(assessment_to_data, at_home.assessments))


def _tried(
    old: Rulebook, new: Rulebook, name: str, home: Rulebook, stated: Stated, judged: Iterable[Judged]
) -> _Tried | Unreadable:
    away = new if home is old else old
    at_home, elsewhere = carried(home, away, stated, judged)
    for rules, found in ((home, at_home), (away, elsewhere)):
        if found.problems:
            return Unreadable(name, rules.rules.name, found.problems)
    before, after = (at_home, elsewhere) if home is old else (elsewhere, at_home)
    trials = _trial(old, before), _trial(new, after)
    return _Tried(name, home, *trials, said(*trials), effect(*trials), elsewhere.left_out)


def _trial(rulebook: Rulebook, found: Carried) -> Trial:
    return Trial(rulebook, found.application, found.assessments)


# Applications that are given


def _on_given(made: Comparison, applications: Iterable[Given | tuple[Stated, Iterable[Judged]]]) -> Comparison:
    return _seen(made, [_tried_somewhere(made.old, made.new, one) for one in _named(applications)])


def _tried_somewhere(old: Rulebook, new: Rulebook, one: Given) -> _Tried | Unreadable:
    """What becomes of an application, read by the rules that it is of: two versions of a round do not say which."""
    homes = homes_of(one.application, old, new)
    found = [_tried(old, new, one.name, home, one.application, one.assessments) for home in homes[:1]]
    if isinstance(found[0], Unreadable):
        found += [_tried(old, new, one.name, home, one.application, one.assessments) for home in homes[1:]]
    return next((tried for tried in found if isinstance(tried, _Tried)), found[0])


def _named(applications: Iterable[Given | tuple[Stated, Iterable[Judged]]]) -> Iterator[Given]:
    for index, one in enumerate(applications):
        if isinstance(one, Given):
            yield one
        else:
            stated, judged = one
            id = stated.get("id") if isinstance(stated, Mapping) else stated.id
            yield Given(str(id or f"applications[{index}]"), stated, tuple(judged))


def _seen(made: Comparison, found: Sequence[_Tried | Unreadable]) -> Comparison:
    """The comparison with what was seen on applications."""
    tried = [one for one in found if isinstance(one, _Tried)]
    groups = _kindred(tried).items()
    flips = tuple(Flip(*kind, len(those), _example(_smallest(those))) for kind, those in groups)
    return evolve(
        made,
        rules=tuple(_with_evidence(change, tried) for change in made.rules),
        compared=len(tried),
        flips=flips,
        moved={key: _example(_smallest(those), key[0]) for key, those in _movers(tried).items()},
        left_out=dict(Counter(what for one in tried for what in one.left_out)),
        unreadable=tuple(one for one in found if isinstance(one, Unreadable)),
    )


def _kindred(tried: Iterable[_Tried]) -> dict[Kindred, list[_Tried]]:
    groups: dict[Kindred, list[_Tried]] = {}
    for one in tried:
        if one.effect is not None:
            groups.setdefault(_kind(one.effect), []).append(one)
    return dict(sorted(groups.items(), key=lambda group: (ASPECTS.index(group[0][2]), -len(group[1]))))


def _kind(found: Effect) -> Kindred:
    main = found.main
    of = "" if main.name == "cost line" else main.of
    return found.first.rule, found.first.direction, main.name, of, main.change


def _smallest(those: Iterable[_Tried]) -> _Tried:
    return min(those, key=lambda one: size(*one.data))


def _movers(tried: Iterable[_Tried]) -> dict[tuple[str, Direction], list[_Tried]]:
    """For each rule and direction, the applications that it moved."""
    found: dict[tuple[str, Direction], list[_Tried]] = {}
    for one in tried:
        for key in _keys(one.effect) if one.effect else ():
            found.setdefault(key, []).append(one)
    return found


def _keys(found: Effect) -> list[tuple[str, Direction]]:
    return [(cause.rule, cause.direction) for cause in found.causes]


def _example(one: _Tried, rule: str = "") -> Example:
    """An application as an example of what becomes of it, through one rule or the first."""
    assert one.effect is not None
    application, assessments = one.data
    read = _facts_read(one, rule or one.effect.first.rule)
    names = ("pool", "round", *(path.partition("[")[0].partition(".")[0] for path in read))
    stated = {**application, "pool": one.home.pool.id, "round": one.home.round.id}
    ordered = {key: stated[key] for key in sorted(stated, key=lambda key: _place(key, names))}
    return Example(one.name, one.home.rules.name, ordered, assessments, one.effect, read, one.left_out)


def _place(key: str, first: Sequence[str]) -> int:
    return first.index(key) if key in first else len(first)


def _facts_read(one: _Tried, rule: str) -> dict[str, Any]:
    """The facts that a rule reads, before or after, by path."""
    found: dict[str, Any] = {}
    for trial in (one.old, one.new):
        there = carriers(trial.rules).get(rule)
        terms = [term for _, term in getattr(there, "terms", ())]
        scopes = trial.lines if rule.startswith("cost.") else (trial.scope,)
        found |= {path: value for scope in scopes for term in terms for path, value in facts_used(term, scope)}
    return found


# Evidence


def _with_evidence(change: Change, tried: Sequence[_Tried]) -> Change:
    """A change whose direction structure cannot tell, with what was seen of it."""
    if change.verdict.direction is not Direction.UNCLEAR or change.kind is not Kind.CHANGED or not tried:
        return change
    seen = [cause for one in tried for cause in one.said if cause.rule == change.id]
    settled = [cause for cause in seen if cause.direction not in (Direction.SAME, Direction.UNCLEAR)]
    certain = [cause for cause in settled if UNDETERMINED not in (cause.before, cause.after)]
    shown, open = certain, Open.ALSO if len(certain) < len(seen) else Open.AS_TOLD
    if not certain and seen:
        shown, open = seen, Open.ONLY
    ways = {cause.direction for cause in shown} - {Direction.SAME}
    way = Direction.UNCLEAR if not ways else ways.pop() if len(ways) == 1 else Direction.BOTH
    return evolve(change, verdict=Verdict(way, open, len(shown)))


# Applications that are drawn


def _on_drawn(made: Comparison, count: int, seed: int) -> Comparison:
    from grantrules.testing.comparing.drawing import Draws, drawn

    moved = (change for change in made.rules if change.verdict.direction is not Direction.WORDING)
    draws = Draws(made.old, made.new, tuple(change.id for change in moved), count, seed)
    found = [_tried_drawn(draws, one) for one in drawn(draws)]
    seen = _seen(evolve(made, drawn=True), found)
    tried = [one for one in found if isinstance(one, _Tried)]
    flips = tuple(_plain_flips(seen.flips, tried, draws))
    return evolve(seen, flips=flips, moved=dict(_small_moves(tried, flips, draws)))


def _tried_drawn(draws: "Draws", one: "Drawn") -> _Tried | Unreadable:
    return _tried(draws.old, draws.new, "", draws.home(one), one.application, one.assessments)


def _plain_flips(flips: Sequence[Flip], tried: Sequence[_Tried], draws: "Draws") -> Iterator[Flip]:
    """The flips, each with a small example, made from what was drawn."""
    for index, (flip, (kind, those)) in enumerate(zip(flips, _kindred(tried).items(), strict=True)):

        def alike(effect: Effect, kind: Kindred = kind) -> bool:
            return _kind(effect) == kind

        smallest = _made_small(draws, alike, _smallest(those), search=index < _MADE_PLAIN)
        yield evolve(flip, example=_example(smallest))


def _small_moves(
    tried: Sequence[_Tried], flips: Sequence[Flip], draws: "Draws"
) -> Iterator[tuple[tuple[str, Direction], Example]]:
    """For each rule and direction an example, made small: one of a flip if that shows it."""
    for key, those in _movers(tried).items():
        plain = [flip.example for flip in flips if key in _keys(flip.example.effect)]

        def shows(effect: Effect, key: tuple[str, Direction] = key) -> bool:
            return key in _keys(effect)

        if not plain:
            plain.append(_example(_made_small(draws, shows, _smallest(those), search=False), key[0]))
        yield key, plain[0]


def _made_small(draws: "Draws", wanted: Callable[[Effect], bool], start: _Tried, search: bool) -> _Tried:
    from grantrules.testing.comparing.drawing import Drawn, made_small, plainest

    def again(one: Drawn) -> _Tried | None:
        tried = _tried_drawn(draws, one)
        return tried if isinstance(tried, _Tried) and tried.effect and wanted(tried.effect) else None

    def shows(one: Drawn) -> bool:
        return again(one) is not None

    at_home = start.old if start.home is draws.old else start.new
    best = Drawn(start.home is draws.new, at_home.application, at_home.assessments)
    if search:
        best = plainest(draws, shows, best, _TRIES)
    return again(made_small(draws, shows, best)) or start
