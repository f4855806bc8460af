"""
What becomes of one application under other rules: what differs in its decision, and which rules are behind it.

A rule is a cause only if it says something else by itself, whatever rules before it did: a cost rule that takes less
because an earlier one took more is none.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from attrs import frozen

from grantrules.application import Assessment
from grantrules.assessments import combined
from grantrules.decisions import Decision
from grantrules.findings import CriterionScore, Interval, Result, Score
from grantrules.pools import CostRule
from grantrules.readings.evaluate import Scope, each, grant_range, interval, scope_of
from grantrules.rulebooks import Rulebook
from grantrules.ruleset import RuleSet
from grantrules.terms.schema import COSTS
from grantrules.testing.comparing.changes import COST_ORDER, in_order
from grantrules.testing.comparing.directions import Direction
from grantrules.values import exact, hundredths, plain


@frozen(eq=False)
class Trial:
    """An application as one rulebook reads and decides it."""

    rulebook: Rulebook
    application: Any
    assessments: tuple[Assessment, ...]

    @property
    def rules(self) -> RuleSet:
        """Its rules."""
        return self.rulebook.rules

    @cached_property
    def decision(self) -> Decision:
        """What they decide."""
        return self.rulebook.decide(self.application, self.assessments)

    @cached_property
    def scope(self) -> Scope:
        """Where their terms are read."""
        return scope_of(self.rules, self.application, combined(self.assessments))

    @cached_property
    def lines(self) -> Sequence[Scope]:
        """Where their cost rules read each line."""
        return each(COSTS, self.scope) or ()


@frozen
class Cause:
    """
    A rule that says something else of an application than before.

    Args:
        direction: relaxed, tightened, both, or the same in meaning where it only stands differently.
        shows: the names of the aspects in which it can show.
        before, after: what it says, in words.
    """

    rule: str
    direction: Direction
    shows: frozenset[str]
    before: str
    after: str


@frozen
class Aspect:
    """
    Something that a decision says of an application, where it differs.

    Args:
        name: `outcome`, `highest grant`, `cost line`, `score`, `threshold`, `condition` or `finding`.
        of: which line, threshold, condition or rule.
        change: the change without its figures, as in `eligible → ineligible` or `falls`.
    """

    name: str
    of: str
    before: str
    after: str
    change: str


@frozen
class Effect:
    """What becomes of one application: the rules behind it, in rule order, and what differs, the weightiest first."""

    causes: tuple[Cause, ...]
    aspects: tuple[Aspect, ...]

    @property
    def first(self) -> Cause:
        """The first rule that shows in the weightiest thing that differs."""
        return next((cause for cause in self.causes if self.main.name in cause.shows), self.causes[0])

    @property
    def main(self) -> Aspect:
        """The weightiest thing that differs."""
        return self.aspects[0]


def effect(old: Trial, new: Trial) -> Effect | None:
    """What becomes of an application; `None` if nothing that its decision says changes."""
    with exact():
        found = tuple(aspects(old.decision, new.decision))
        if not found:
            return None
        seen = {aspect.name for aspect in found}
        traced = {(cause.rule, cause.direction): cause for cause in _causes(old, new) if cause.shows & seen}
        causes = tuple(traced.values())
    return Effect(causes or (Cause(UNTRACED, Direction.UNCLEAR, frozenset(), "", ""),), found)


def said(old: Trial, new: Trial) -> tuple[Cause, ...]:
    """The rules that say something else of an application, whether or not its decision shows it."""
    with exact():
        return tuple(_causes(old, new))


ASPECTS = ("outcome", "highest grant", "cost line", "score", "threshold", "condition", "finding")
"""What can differ in a decision, the weightiest first."""

UNDETERMINED = "undetermined"

UNTRACED = "other"
"""What stands for the rule where facts that were left out, and no rule, make the difference."""


# What differs


def aspects(old: Decision, new: Decision) -> Iterator[Aspect]:
    """Everything that differs between two decisions on one application, the weightiest first."""
    yield from _worded("outcome", "", old.outcome.value, new.outcome.value)
    yield from _grants(old, new)
    yield from _lines(old, new)
    yield from _scores(old.score, new.score)
    for id in in_order(old.conditions, new.conditions):
        yield from _worded("condition", id, _follows(id, old), _follows(id, new))
    for id in in_order(old.results, new.results):
        before, after = (decision.results.get(id) for decision in (old, new))
        if before is not after and not (None in (before, after) and _rank(before) == _rank(after)):
            yield from _worded("finding", id, _result(before), _result(after))


def _follows(id: str, decision: Decision) -> str:
    return "follows" if id in decision.conditions else "does not follow"


def _worded(name: str, of: str, before: str, after: str) -> Iterator[Aspect]:
    if before != after:
        yield Aspect(name, of, before, after, f"{before} → {after}")


def _grants(old: Decision, new: Decision) -> Iterator[Aspect]:
    before, after = old.grant_range, new.grant_range
    if before != after:
        yield Aspect("highest grant", "", _range(before), _range(after), _trend(before, after))


def _lines(old: Decision, new: Decision) -> Iterator[Aspect]:
    for line, other in zip(old.costs.lines, new.costs.lines, strict=False):
        before, after = _ends(line.interval), _ends(other.interval)
        if before != after:
            name = line.id or f"{COSTS}[{line.index}]"
            yield Aspect("cost line", name, _range(before), _range(after), _trend(before, after))


def _ends(found: Interval | None) -> tuple[Decimal, Decimal] | None:
    return None if found is None else (found.low, found.high)


def _scores(old: Score | None, new: Score | None) -> Iterator[Aspect]:
    before, after = (None if one is None else (one.low, one.high) for one in (old, new))
    if before != after:
        yield Aspect("score", "", _score(old), _score(new), _trend(before, after))
    reached = [{} if one is None else {found.id: found.holds for found in one.thresholds} for one in (old, new)]
    for id in in_order(*reached):
        yield from _worded("threshold", id, *(_REACHED[found.get(id, True)] for found in reached))


_REACHED = {True: "reached", False: "not reached", None: UNDETERMINED}


def _points(found: Score) -> str:
    return _range((hundredths(found.low), hundredths(found.high)))


def _range(ends: tuple[Decimal, Decimal] | None) -> str:
    if ends is None:
        return UNDETERMINED
    low, high = map(plain, ends)
    return low if low == high else f"{low} to {high}"


def _trend(before: tuple[Any, Any] | None, after: tuple[Any, Any] | None) -> str:
    """The change between two intervals, without figures."""
    settled = [ends is not None and ends[0] == ends[1] for ends in (before, after)]
    if before is None or after is None or settled[0] != settled[1]:
        return "becomes settled" if settled[1] else "becomes undetermined" if settled[0] else "stays undetermined"
    rises, falls = after[0] >= before[0] and after[1] >= before[1], after[0] <= before[0] and after[1] <= before[1]
    return "rises" if rises else "falls" if falls else "narrows" if after[0] > before[0] else "widens"


# Which rules are behind it


def _causes(old: Trial, new: Trial) -> Iterator[Cause]:
    yield from _requirements(old, new)
    yield from _cost_rules(old, new)
    yield from _formula(old, new)
    yield from _criteria(old.decision.score, new.decision.score, old.rules, new.rules)
    yield from _thresholds(old, new)
    for id in in_order(old.decision.conditions, new.decision.conditions):
        before, after = (id in side.decision.conditions for side in (old, new))
        if before != after:
            direction = Direction.TIGHTENED if after else Direction.RELAXED
            shown = (_follows(id, side.decision) for side in (old, new))
            yield Cause(id, direction, frozenset({"condition"}), *shown)


_RANK = {Result.NOT_MET: 0, Result.UNDETERMINED: 1, Result.MET: 2, Result.NOT_APPLICABLE: 2}


def _rank(result: Result | None) -> int:
    return 2 if result is None else _RANK[result]


def _result(result: Result | None) -> str:
    return "no such rule" if result is None else result.value


def _way(before: Any, after: Any) -> Direction:
    return Direction.SAME if before == after else Direction.RELAXED if after > before else Direction.TIGHTENED


def _requirements(old: Trial, new: Trial) -> Iterator[Cause]:
    results = [side.decision.results for side in (old, new)]
    for id in in_order(*results):
        before, after = (found.get(id) for found in results)
        if before is after or (None in (before, after) and _rank(before) == _rank(after)):
            continue
        shows = frozenset({"outcome", "finding"})
        yield Cause(id, _way(_rank(before), _rank(after)), shows, _result(before), _result(after))


_COSTS = frozenset({"cost line"})


def _cost_rules(old: Trial, new: Trial) -> Iterator[Cause]:
    rules = [{rule.id: rule for rule in side.rules.cost_rules} for side in (old, new)]
    moved = False
    for id in in_order(*rules):
        one, other = (found.get(id) for found in rules)
        pairs = [
            (before, after)
            for line, other_line in zip(old.lines, new.lines, strict=False)
            if (before := _left(one, line)) != (after := _left(other, other_line))
        ]
        if pairs:
            moved = True
            yield Cause(id, _joined(_ends_way(*pair) for pair in pairs), _COSTS, *map(_left_words, pairs[0]))
    orders = [[rule.id for rule in side.rules.cost_rules] for side in (old, new)]
    if not moved and orders[0] != orders[1] and set(orders[0]) == set(orders[1]):
        verdicts = [[line.interval for line in side.decision.costs.lines] for side in (old, new)]
        if verdicts[0] != verdicts[1]:
            yield Cause(COST_ORDER, Direction.BOTH, _COSTS, *(", ".join(order) for order in orders))


def _left(rule: CostRule | None, line: Scope) -> tuple[Decimal, Decimal] | None:
    """What one cost rule, alone, would leave of a line: surely, and at most."""
    return _ends(interval(() if rule is None else (rule,), line, line.items[COSTS]))


def _left_words(left: tuple[Decimal, Decimal] | None) -> str:
    return f"leaves {_range(left)}"


def _joined(ways: Iterator[Direction]) -> Direction:
    found = set(ways) - {Direction.SAME}
    return Direction.SAME if not found else found.pop() if len(found) == 1 else Direction.BOTH


def _ends_way(before: tuple[Any, Any] | None, after: tuple[Any, Any] | None) -> Direction:
    """Which way an interval goes: relaxed if neither end falls, or if it was missing; what is missing now is less."""
    if before is None or after is None:
        return Direction.TIGHTENED if after is None else Direction.RELAXED
    ways = {_way(*pair) for pair in zip(before, after, strict=True)} - {Direction.SAME}
    return Direction.SAME if not ways else ways.pop() if len(ways) == 1 else Direction.BOTH


def _formula(old: Trial, new: Trial) -> Iterator[Cause]:
    """The formula is a cause if it gives something else for the same eligible costs."""
    for total in dict.fromkeys((old.decision.costs.total, new.decision.costs.total)):
        ranges = [grant_range(side.rules.grant, side.scope, total) for side in (old, new)]
        if ranges[0] != ranges[1]:
            shows = frozenset({"highest grant"})
            yield Cause(old.rules.grant.id, _ends_way(*ranges), shows, *map(_range, ranges))
            return


_SCORE = frozenset({"score", "threshold"})


def _criteria(old: Score | None, new: Score | None, before: RuleSet, after: RuleSet) -> Iterator[Cause]:
    found = [{} if one is None else {c.id: c for c in one.criteria} for one in (old, new)]
    weights = [{c.id: c.weight for c in rules.scoring.criteria} for rules in (before, after)]
    traced = False
    for id in in_order(*found):
        one, other = found[0].get(id), found[1].get(id)
        part = _moved_part(id, one, other, before, after, weights[0].get(id) != weights[1].get(id))
        if part is not None:
            traced = True
            points = (None if c is None or c.points is None else (c.points, c.points) for c in (one, other))
            yield Cause(part, _ends_way(*points), _SCORE, _criterion(one), _criterion(other))
    ranges = [None if one is None else (one.low, one.high) for one in (old, new)]
    if not traced and ranges[0] != ranges[1]:
        yield Cause("score.weights", Direction.BOTH, _SCORE, *map(_score, (old, new)))


def _score(found: Score | None) -> str:
    return "none" if found is None else _points(found)


def _moved_part(
    id: str, one: CriterionScore | None, other: CriterionScore | None, before: RuleSet, after: RuleSet, weighs: bool
) -> str | None:
    """The part of the scoring that makes a criterion say something else; `None` if it says the same."""
    if one is None or other is None:
        return id
    if one.points == other.points:
        return id if weighs and one.weight != other.weight else None
    if one.computed or other.computed:
        return id
    scorings = before.scoring, after.scoring
    if one.rating == other.rating and scorings[0].scale != scorings[1].scale:
        return "score.scale"
    return "score.combination" if scorings[0].combination != scorings[1].combination else id


def _criterion(found: CriterionScore | None) -> str:
    if found is None:
        return "no such criterion"
    points = "missing" if found.points is None else str(found.points)
    return f"points {points}, weight {found.weight}"


def _thresholds(old: Trial, new: Trial) -> Iterator[Cause]:
    """Thresholds that are another limit than before; where only the score differs, that is traced to its criteria."""
    scores = [side.decision.score for side in (old, new)]
    found = [{} if one is None else {f.id: f for f in one.thresholds} for one in scores]
    for id in in_order(*found):
        one, other = found[0].get(id), found[1].get(id)
        least = [None if f is None else f.least for f in (one, other)]
        holds = [True if f is None else f.holds for f in (one, other)]
        if least[0] != least[1] and holds[0] is not holds[1]:
            ranks = ({False: 0, None: 1, True: 2}[held] for held in holds)
            yield Cause(id, _way(*ranks), frozenset({"threshold"}), *(_REACHED[held] for held in holds))
