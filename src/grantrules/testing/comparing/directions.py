"""
Which way a rule moves when its terms or the values that it reads are changed: decided by structure, never by trying.

A requirement is relaxed where no application that met it fails it now; a cost rule that takes more is tightened; so is
a highest grant that falls. Where structure cannot tell, the direction is `UNCLEAR`, and evidence is for others to find.
"""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from attrs import evolve, frozen

from grantrules.criteria import Combination, Criterion, Emphasis, Scale, ScoringPart, Threshold, Weights
from grantrules.methods import Administration, Allocation, CoFinancing, Strand
from grantrules.pools import Above, Condition, CostRule, Disallowed, GrantFormula, Part, Requirement, Whole
from grantrules.ruleset import Rule, RuleSet
from grantrules.terms.nodes import AllOf, Choose, Constant, Term
from grantrules.terms.schema import COSTS, TOTALS
from grantrules.testing.comparing.transitions import Both, Moves, Shift, bound, moves, shifts
from grantrules.values import Rounding

Carrier: TypeAlias = Rule | ScoringPart
"""Everything of a rule set that has an id and can move."""


class Direction(StrEnum):
    """Which way something moves, as applicants see it."""

    RELAXED = "relaxed"
    TIGHTENED = "tightened"
    BOTH = "both"
    SAME = "same in meaning"
    WORDING = "wording only"
    UNCLEAR = "unclear"


class Open(StrEnum):
    """What becomes of findings and amounts that are undetermined before or after."""

    AS_TOLD = ""
    ALSO = "some of what is undetermined moves otherwise"
    ONLY = "only what is undetermined before or after changes"


@frozen
class Verdict:
    """
    A direction, and what it rests on.

    Args:
        direction: where there are settled findings or amounts that move, the way they move.
        open: what becomes of the others.
        shown_on: on how many applications it was seen; `None` where structure proves it.
    """

    direction: Direction
    open: Open = Open.AS_TOLD
    shown_on: int | None = None

    @property
    def proven(self) -> bool:
        """Structure alone says so."""
        return self.shown_on is None and self.direction is not Direction.UNCLEAR

    def __str__(self) -> str:
        if self.shown_on == 0:
            return "unclear: its structure does not tell, and no application shows it"
        many = "1 application" if self.shown_on == 1 else f"{self.shown_on} applications"
        seen = "" if self.shown_on is None else f" (shown on {many}, not proven)"
        return f"{self.direction.value}{seen}{'; ' if self.open else ''}{self.open.value}"


@frozen
class _Leaning:
    """
    Which ways something can move.

    Args:
        up, down: settled findings or amounts can become better, worse.
        open_up, open_down: those that are undetermined before or after can.
        exact: whatever can happen surely does on some application.
    """

    up: bool = False
    down: bool = False
    open_up: bool = False
    open_down: bool = False
    exact: bool = False

    @property
    def flipped(self) -> "_Leaning":
        return _Leaning(self.down, self.up, self.open_down, self.open_up, self.exact)

    @property
    def verdict(self) -> Verdict:
        settled = self.up or self.down
        up, down = (self.up, self.down) if settled else (self.open_up, self.open_down)
        contrary = (self.open_down and not down) or (self.open_up and not up)
        open = Open.ONLY if not settled and (up or down) else Open.ALSO if settled and contrary else Open.AS_TOLD
        if not up and not down:
            return Verdict(Direction.SAME)
        if up and down:
            return Verdict(Direction.BOTH if self.exact else Direction.UNCLEAR, open)
        return Verdict(Direction.RELAXED if up else Direction.TIGHTENED, open)


_EITHER = _Leaning(up=True, down=True)
_UP, _DOWN = _Leaning(up=True), _Leaning(down=True)


def _of_moves(found: Moves) -> _Leaning:
    pairs = found.possible
    return _Leaning(
        up=(False, True) in pairs,
        down=(True, False) in pairs,
        open_up=(False, None) in pairs or (None, True) in pairs,
        open_down=(True, None) in pairs or (None, False) in pairs,
        exact=found.exact,
    )


def _of_shifts(found: frozenset[Shift]) -> _Leaning:
    return _Leaning(
        up=Shift.HIGHER in found,
        down=Shift.LOWER in found,
        open_up=Shift.APPEARS in found,
        open_down=Shift.VANISHES in found,
    )


def _together(parts: Iterable[_Leaning]) -> _Leaning:
    """Parts that move by themselves; what one does, another may hide."""
    moving = [part for part in parts if evolve(part, exact=False) != _Leaning()]
    if len(moving) == 1:
        return moving[0]
    ways = ("up", "down", "open_up", "open_down")
    return _Leaning(**{way: any(getattr(part, way) for part in moving) for way in ways})


def direction(old: Carrier | None, new: Carrier | None, before: RuleSet, after: RuleSet) -> Verdict:
    """
    Which way a rule moves between two rule sets.

    Args:
        old, new: the rule before and after; `None` where there is none.
        before, after: the rule sets, whose values the rules read by name.
    """
    if old is None or new is None:
        there = new if old is None else old
        leaning = _EITHER if there is None else _brought(there)
        return _as_ranked(leaning if old is None else leaning.flipped)
    if type(old) is not type(new):
        return Verdict(Direction.UNCLEAR)
    return _changed(old, new, _Pair(before, after))


def _as_ranked(leaning: _Leaning) -> Verdict:
    return Verdict(Direction.BOTH) if leaning == _EITHER else leaning.verdict


def _brought(rule: Carrier) -> _Leaning:
    """Which way a rule moves the others by being there."""
    match rule:
        case Requirement() | CostRule() | Condition() | CoFinancing() | Administration() | Threshold():
            return _DOWN
        case Emphasis():
            return _Leaning()
        case _:
            return _EITHER


@frozen
class _Pair:
    before: RuleSet
    after: RuleSet

    def bound(self, old: Term | None, new: Term | None, absent: Term) -> tuple[Term, Term]:
        return (
            bound(absent if old is None else old, self.before.values),
            bound(absent if new is None else new, self.after.values),
        )

    def truth(self, old: Term | None, new: Term | None, *records: str) -> _Leaning:
        """How a condition moves; one that is left out always holds."""
        pair = self.bound(old, new, Constant(True))
        return _of_moves(moves(*pair, Both.of(self.before, self.after, *records)))

    def number(self, old: Term | None, new: Term | None, *records: str) -> _Leaning:
        """How an amount moves; one that is left out is nothing."""
        pair = self.bound(old, new, Constant(Decimal(0)))
        return _of_shifts(shifts(*pair, Both.of(self.before, self.after, *records)))


def _changed(old: Carrier, new: Carrier, pair: _Pair) -> Verdict:
    match old, new:
        case Requirement(), Requirement():
            return pair.truth(passed(old), passed(new)).verdict
        case CostRule(), CostRule():
            guard = pair.truth(_guard(old), _guard(new), COSTS).flipped
            return _together([guard, _taken(old.disallow, new.disallow, pair)]).verdict
        case GrantFormula(), GrantFormula():
            floor = pair.number(old.floor, new.floor, TOTALS).flipped
            return _together([pair.number(old.amount, new.amount, TOTALS), floor]).verdict
        case Condition(), Condition():
            return pair.truth(old.when, new.when).flipped.verdict
        case CoFinancing(), CoFinancing():
            return _demanded(old, new, pair).verdict
        case Administration(), Administration():
            return _together([_higher(new.rate, old.rate), _rounded(old.rounding, new.rounding).flipped]).verdict
        case Threshold(), Threshold():
            return _higher(old.least, new.least).flipped.verdict
        case Criterion(), Criterion():
            return _ranked(old, new, pair)
        case Emphasis(), Emphasis():
            return Verdict(Direction.SAME)  # it is held against the weights, and no application against it
        case _:  # what ranks or shares out gives to one what it takes from another
            return Verdict(
                Direction.SAME if _as_read(old, pair.before) == _as_read(new, pair.after) else Direction.BOTH
            )


def passed(rule: Requirement) -> Term:
    """The term that is true where a requirement is met or does not apply."""
    return rule.demand if rule.when is None else Choose(rule.when, rule.demand, Constant(True))


def _guard(rule: CostRule) -> Term:
    """The term that is true where a cost rule takes something."""
    return AllOf(tuple(term for term in (rule.concerns, rule.when) if term is not None))


def _taken(old: Disallowed, new: Disallowed, pair: _Pair) -> _Leaning:
    match old, new:
        case Whole(), Whole():
            return _Leaning()
        case Part(before), Part(after):
            return pair.number(before, after, COSTS).flipped
        case Above(before), Above(after):
            return pair.number(before, after, COSTS)
        case _, Whole():
            return _DOWN
        case Whole(), _:
            return _UP
        case _:
            return _EITHER


def _demanded(old: CoFinancing, new: CoFinancing, pair: _Pair) -> _Leaning:
    stated = pair.number(old.stated, new.stated)
    if old.base is not new.base:
        return _EITHER
    return _together([_higher(new.rate, old.rate), _rounded(old.rounding, new.rounding).flipped, stated])


def _higher(one: object, other: object) -> _Leaning:
    """Up where `other` is the higher of two figures that lie fast."""
    if one == other:
        return _Leaning()
    return _UP if other > one else _DOWN  # type: ignore[operator]


def _rounded(before: Rounding, after: Rounding) -> _Leaning:
    order = (Rounding.DOWN, Rounding.HALF_UP, Rounding.UP)
    return _higher(order.index(before), order.index(after))


def _ranked(old: Criterion, new: Criterion, pair: _Pair) -> Verdict:
    """A criterion: its threshold has a direction; its points and its weight move some up and others down."""
    kept = evolve(new, threshold=old.threshold, statement=old.statement, basis=old.basis)
    if _as_read(kept, pair.after) != _as_read(old, pair.before):
        return Verdict(Direction.BOTH)
    if old.threshold == new.threshold:
        return Verdict(Direction.SAME)
    lowest = -1  # a threshold that is left out is always reached
    before, after = (lowest if one.threshold is None else one.threshold for one in (old, new))
    return _higher(before, after).flipped.verdict


def _as_read(rule: Carrier, rules: RuleSet) -> object:
    """What of a rule is read when it is used, with its values in the place of their names."""
    terms = tuple(bound(term, rules.values) for _, term in getattr(rule, "terms", ()))
    match rule:
        case Criterion():
            return (rule.weight, rule.threshold, type(rule.computed), _band_points(rule), terms)
        case Scale():
            return rule.top
        case Weights():
            return (rule.weighting, rule.total)
        case Combination():
            return rule.combining
        case Allocation():
            order = tuple((type(key), getattr(key, "highest_first", None)) for key in rule.order)
            return (rule.method, order, rule.least is None, rule.prior is None, rule.reserve, terms)
        case Strand():
            return (rule.floor, rule.ceiling, rule.releases, terms)
        case _:
            return rule


def _band_points(rule: Criterion) -> tuple[object, ...]:
    return tuple(band.points for band in getattr(rule.computed, "bands", ()))
