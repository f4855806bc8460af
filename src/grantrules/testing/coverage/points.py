"""The points of coverage: every part of a rule set that a run of decisions must show, and from which sides."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import TypeAlias, assert_never

from attrs import frozen

from grantrules.criteria import Banded, Criterion, Linear, Scoring, Threshold
from grantrules.methods import Administration, Allocation, CoFinancing, Strand
from grantrules.pools import Above, Condition, CostRule, GrantFormula, Part, Requirement, Whole
from grantrules.ruleset import Rule, RuleSet
from grantrules.terms.nodes import Extreme, Fact, Pick, Term
from grantrules.terms.notation import notation
from grantrules.terms.schema import COSTS, Kind
from grantrules.testing.coverage.clauses import Clause, Spot, clauses_of, spots
from grantrules.testing.coverage.possible import Position, Possible, Span, Truths
from grantrules.testing.coverage.sides import Side


@frozen
class Argument:
    """One of several numbers of which the least or the greatest is taken."""

    spot: Spot
    pick: Extreme
    index: int

    @property
    def term(self) -> Term:
        """The number."""
        return self.pick.items[self.index]


@frozen
class Floor:
    """The amount below which nothing at all can be granted."""

    formula: GrantFormula
    term: Term


@frozen
class BandReached:
    """One band of a criterion that is computed by bands."""

    criterion: Criterion
    bands: Banded
    index: int


@frozen
class OwnThreshold:
    """The lowest rating, or points, that a criterion demands."""

    criterion: Criterion
    least: Fraction


Subject: TypeAlias = (
    Requirement
    | CostRule
    | GrantFormula
    | Condition
    | Criterion
    | Threshold
    | Clause
    | Argument
    | Floor
    | BandReached
    | OwnThreshold
)
"""What a point is about."""


@frozen
class Point:
    """
    A part of a rule set that must be seen from several sides.

    Args:
        rule: the id of its rule.
        place: where it stands in the rule; empty for the rule as a whole.
        text: what stands there, in one line.
        sides: those from which it must be seen; none where the rule as a whole shows the same.
        impossible: those from which it cannot be seen, with the reason.
    """

    rule: str
    place: str
    text: str
    of: Subject
    sides: tuple[Side, ...]
    impossible: Mapping[Side, str]

    @property
    def id(self) -> str:
        """Rule and place."""
        return f"{self.rule}:{self.place}" if self.place else self.rule


_NEVER_MISSING = "nothing that it rests on can be missing"

_Sides: TypeAlias = Iterable[tuple[Side, str]]
"""Sides, each with why it is impossible; with an empty reason where it is not."""


def points_of(rules: RuleSet) -> tuple[Point, ...]:
    """Every point of a rule set, in the order of its rules."""
    clauses: dict[str, list[Clause]] = {}
    for clause in clauses_of(rules):
        clauses.setdefault(clause.spot.rule, []).append(clause)
    of_rules = (point for rule in rules.rules for point in _of_rule(rules, rule, clauses.get(rule.id, ())))
    return (*of_rules, *_of_threshold(rules.scoring))


def _of_rule(rules: RuleSet, rule: Rule, clauses: Iterable[Clause]) -> Iterator[Point]:
    yield from _of_whole(rules, rule)
    for clause in clauses:
        shown = _shown_by_the_rule(rule, clause.spot.place)
        sides = tuple(side for side in clause.sides if side not in shown)
        yield Point(rule.id, clause.spot.place, clause.text, clause, sides, clause.impossible)
    for spot in spots(rules, rule):
        if isinstance(spot.term, Extreme):
            yield from _of_arguments(rules, spot, spot.term)


def _shown_by_the_rule(rule: Rule, place: str) -> tuple[Side, ...]:
    """The sides of a clause that a rule shows which consists of nothing else."""
    match rule:
        case Requirement(when=None) if place == "demand":
            return Side.MET, Side.NOT_MET, Side.UNDETERMINED
        case Requirement() if place == "demand":  # the rule is undetermined too where its `when` is
            return Side.MET, Side.NOT_MET
        case Criterion() if place == "computed":
            return Side.MET, Side.NOT_MET, Side.UNDETERMINED
        case Condition() if place == "when":
            return Side.MET, Side.NOT_MET
        case _:
            return ()


def _of_whole(rules: RuleSet, rule: Rule) -> Iterator[Point]:
    """The points of a rule apart from the terms it is made of."""
    can = Possible(rules)
    match rule:
        case Requirement():
            yield _point(rule.id, "", notation(rule.demand), rule, _of_requirement(can, rule))
        case CostRule():
            yield _point(rule.id, "", _taken(rule), rule, _of_cost_rule(can, rule))
        case GrantFormula(amount, floor=floor):
            waits = can.can_miss(amount) or (floor is not None and can.can_miss(floor))
            settles = (_always(Side.SETTLED), _if(Side.UNDETERMINED, waits, _NEVER_MISSING))
            yield _point(rule.id, "", notation(amount), rule, settles)
            if floor is not None:
                yield _point(rule.id, "floor", notation(floor), Floor(rule, floor), _of_floor(can, amount, floor))
        case Criterion():
            yield from _of_criterion(can, rule)
        case Condition(when=when):
            truths = {True} if when is None else can.truths(when)
            fails = [] if when is None else [_if(Side.NOT_FOLLOWING, False in truths, "it always follows")]
            follows = (_if(Side.FOLLOWING, True in truths, "its `when` cannot hold"), *fails)
            yield _point(rule.id, "", "always" if when is None else notation(when), rule, follows)
        case Allocation() | Administration() | Strand() | CoFinancing():
            return
        case _:
            assert_never(rule)


def _point(rule: str, place: str, text: str, of: Subject, sides: _Sides) -> Point:
    found = tuple(sides)
    possible = tuple(side for side, reason in found if not reason)
    return Point(rule, place, text, of, possible, {side: reason for side, reason in found if reason})


def _if(side: Side, possible: bool, otherwise: str) -> tuple[Side, str]:
    return side, "" if possible else otherwise


def _always(side: Side) -> tuple[Side, str]:
    return side, ""


def _of_requirement(can: Possible, rule: Requirement) -> _Sides:
    applies: Truths = frozenset({True}) if rule.when is None else can.truths(rule.when)
    inside = can if rule.when is None else can.where(rule.when, True)
    demand = inside.truths(rule.demand) if True in applies else frozenset()
    yield _if(Side.MET, True in demand, "its demand cannot hold")
    yield _if(Side.NOT_MET, False in demand, "its demand holds whenever nothing is missing")
    yield _if(Side.UNDETERMINED, None in applies | demand, _NEVER_MISSING)
    if rule.when is not None:
        yield _if(Side.NOT_APPLICABLE, False in applies, "its `when` always holds")


_CLAIMED = frozenset({Fact(COSTS, ("amount",)), Fact(COSTS, ("vat",))})
"""What is stated on every line that has an amount to cut."""


def _of_cost_rule(can: Possible, rule: CostRule) -> _Sides:
    on_line = Possible(can.rules, _CLAIMED)
    concerns, inside = _applies(on_line, rule.concerns)
    applies, where_applied = _applies(inside, rule.when)
    figure = _figure(rule)
    waits = None in concerns | applies or (figure is not None and where_applied.can_miss(figure))
    yield _if(
        Side.CUTTING, True in concerns and True in applies and _can_cut(where_applied, rule), "it never takes any"
    )
    spares = False in (concerns if takes_what_it_concerns(rule) else applies) or _can_spare(where_applied, rule)
    yield _if(Side.NOT_CUTTING, spares, "it takes something of every line that it concerns")
    yield _if(Side.HELD_BACK, waits, "nothing that it rests on can be missing on a line with an amount")


def _applies(can: Possible, condition: Term | None) -> tuple[Truths, Possible]:
    """What a condition can be, and what is possible where it holds."""
    return (frozenset({True}), can) if condition is None else (can.truths(condition), can.where(condition, True))


def takes_what_it_concerns(rule: CostRule) -> bool:
    """The rule takes the whole of every line that it looks at, so that `concerns` is its only condition."""
    return rule.when is None and isinstance(rule.disallow, Whole)


def _figure(rule: CostRule) -> Term | None:
    match rule.disallow:
        case Whole():
            return None
        case Part(amount):
            return amount
        case Above(limit):
            return limit
        case _:
            assert_never(rule.disallow)


def _can_cut(can: Possible, rule: CostRule) -> bool:
    return not isinstance(rule.disallow, Part) or Position.ABOVE in can.span(rule.disallow.amount).positions(_ZERO)


def _can_spare(can: Possible, rule: CostRule) -> bool:
    """The rule can apply and take nothing all the same."""
    match rule.disallow:
        case Whole():
            return False
        case Part(amount):
            return can.span(amount).positions(_ZERO) != {Position.ABOVE}
        case Above(limit):
            return Position.ABOVE in can.span(limit).positions(_ZERO)
        case _:
            assert_never(rule.disallow)


_ZERO = Span(Fraction(0), Fraction(0))


def _taken(rule: CostRule) -> str:
    match rule.disallow:
        case Whole():
            return "the whole of the line"
        case Part(amount):
            return notation(amount)
        case Above(limit):
            return f"what is above {notation(limit)}"
        case _:
            assert_never(rule.disallow)


def _of_floor(can: Possible, amount: Term, floor: Term) -> _Sides:
    positions = can.positions(amount, floor)
    written = f"`{notation(amount)}`"
    yield _if(Side.BITING, Position.BELOW in positions, f"{written} is never below it")
    yield _if(Side.NOT_BITING, bool(positions - {Position.BELOW}), f"{written} never reaches it")


def _of_criterion(can: Possible, criterion: Criterion) -> Iterator[Point]:
    id, computed = criterion.id, criterion.computed
    match computed:
        case None:
            sides: _Sides = map(_always, (Side.LOWEST, Side.HIGHEST, Side.UNDETERMINED))
            yield _point(id, "", "rated by assessors", criterion, sides)
        case Linear(of, none, full):
            yield _point(id, "", notation(of), criterion, _of_linear(can, of, none, full))
        case Banded(of, bands):
            below = Position.BELOW in can.positions(of, bands[0].start)
            sides = (
                _if(Side.NO_POINTS, below, "it is never below the first band"),
                _if(Side.UNDETERMINED, can.can_miss(of), _NEVER_MISSING),
            )
            yield _point(id, "", notation(of), criterion, sides)
            yield from (_of_band(can, criterion, computed, index) for index in range(len(bands)))
        case yes_or_no:
            truths = can.truths(yes_or_no)
            sides = (
                _if(Side.MET, True in truths, "it cannot hold"),
                _if(Side.NOT_MET, False in truths, "it holds whenever nothing is missing"),
                _if(Side.UNDETERMINED, None in truths, _NEVER_MISSING),
            )
            yield _point(id, "", notation(yes_or_no), criterion, sides)
    if criterion.threshold is not None:
        least = Fraction(criterion.threshold)
        top = 1 if computed is not None or can.rules.scoring.scale is None else can.rules.scoring.scale.top
        yield _point(id, "threshold", str(least), OwnThreshold(criterion, least), _of_least(least, top))


def _of_linear(can: Possible, of: Term, none: Term, full: Term) -> _Sides:
    lowest, highest = can.rules.checker.figure(none), can.rules.checker.figure(full)
    less_is_better = lowest is not None and highest is not None and highest < lowest
    beyond = Position.BELOW if less_is_better else Position.ABOVE
    before = Position.ABOVE if less_is_better else Position.BELOW
    at_none, at_full = can.positions(of, none), can.positions(of, full)
    yield _if(Side.NO_POINTS, bool(at_none - {beyond}), "it is always beyond where points begin")
    between = beyond in at_none and before in at_full and not _adjacent(can, of, lowest, highest)
    yield _if(Side.SOME_POINTS, between, "no number lies between")
    yield _if(Side.ALL_POINTS, bool(at_full - {before}), "it never gets there")
    yield _if(Side.UNDETERMINED, any(map(can.can_miss, (of, none, full))), _NEVER_MISSING)


def _adjacent(can: Possible, of: Term, one: object, other: object) -> bool:
    """Two counts with no whole number between them."""
    if can.rules.checker.kind_of(of) is not Kind.COUNT or not isinstance(one, int) or not isinstance(other, int):
        return False
    return abs(one - other) == 1


def _of_band(can: Possible, criterion: Criterion, banded: Banded, index: int) -> Point:
    start = banded.bands[index].start
    ends = [band.start for band in banded.bands[index + 1 : index + 2]]
    reached = bool(can.positions(banded.of, start) - {Position.BELOW})
    left = all(Position.BELOW in can.positions(banded.of, end) for end in ends)
    sides = (_if(Side.REACHED, reached and left, "no number lies in it"),)
    text = f"from {notation(start)}" + "".join(f" to below {notation(end)}" for end in ends)
    return _point(criterion.id, f"computed.bands[{index}]", text, BandReached(criterion, banded, index), sides)


def _of_least(least: Fraction, top: int) -> _Sides:
    yield _if(Side.REACHED, least <= top, "it is above the scale")
    yield _if(Side.NOT_REACHED, least > 0, "everything reaches it")


def _of_threshold(scoring: Scoring) -> Iterator[Point]:
    if scoring.threshold is not None:
        least = Fraction(scoring.threshold.least)
        yield _point(scoring.threshold.id, "", f"{least} out of 100", scoring.threshold, _of_least(least, 100))


def _of_arguments(rules: RuleSet, spot: Spot, pick: Extreme) -> Iterator[Point]:
    can = spot.possible(rules)
    wrong = Position.ABOVE if pick.pick is Pick.LEAST else Position.BELOW
    for index, item in enumerate(pick.items):
        others = [other for at, other in enumerate(pick.items) if at != index]
        decides = all(can.positions(item, other) != {wrong} for other in others)
        sides = (_if(Side.DECIDING, decides, f"another is always {'less' if wrong is Position.ABOVE else 'greater'}"),)
        argument = Argument(spot, pick, index)
        yield _point(spot.rule, f"{spot.place}.items[{index}]", notation(item), argument, sides)
