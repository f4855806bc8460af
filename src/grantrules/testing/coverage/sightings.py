"""What one decision shows of each point, read off the specification."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias, assert_never

from attrs import frozen

from grantrules.application import Application, Assessment
from grantrules.criteria import Banded, Criterion, Linear, Threshold
from grantrules.decide import Decided, decide
from grantrules.findings import CriterionScore, Result
from grantrules.pools import Condition, CostRule, GrantFormula, Requirement
from grantrules.readings.evaluate import ZERO, Cut, Scope, claimed, cuts, each, evaluate, verdicts
from grantrules.ruleset import RuleSet
from grantrules.terms.nodes import Different, Term
from grantrules.terms.schema import COSTS, Kind
from grantrules.testing.coverage.clauses import Clause, Guard, Way, subject
from grantrules.testing.coverage.looking import TRUTHS, Hindrance, Looked, Passed, no_items
from grantrules.testing.coverage.points import (
    Argument,
    BandReached,
    Floor,
    OwnThreshold,
    Point,
    takes_what_it_concerns,
)
from grantrules.testing.coverage.sides import Side
from grantrules.values import Truth, exact


@frozen
class Sight:
    """
    One look at a point: of the application, or of one item of a list.

    Args:
        point: its id.
        sides: from which it was seen.
        found: the value found, where there is one.
        limit: what it was held against.
        passed: why it was not looked at; then there are no sides.
    """

    point: str
    sides: tuple[Side, ...] = ()
    found: Any = None
    limit: Any = None
    passed: Passed | None = None


@frozen
class _Line:
    """A cost line, and what each rule that may apply does to it; `None` where its amount or VAT is missing."""

    scope: Scope
    cuts: Mapping[str, Cut] | None


Lines: TypeAlias = Sequence[_Line]


def sights_of(
    rules: RuleSet, points: Sequence[Point], application: Application, assessments: Sequence[Assessment]
) -> tuple[Sight, ...]:
    """
    Decide an application and look at every point.

    Raises:
        InputError: assessments or application do not belong to these rules.
    """
    decided = decide(rules, lambda made, assessed: verdicts(rules, made, assessed), application, assessments)
    with exact():
        looked, lines = Looked.at(decided), _lines(decided)
        return tuple(sight for point in points for sight in _sights(point, looked, lines))


def _lines(decided: Decided) -> Lines | None:
    scopes = each(COSTS, decided.scope)
    return None if scopes is None else [_Line(at, _cuts(decided.rules, at)) for at in scopes]


def _cuts(rules: RuleSet, at: Scope) -> Mapping[str, Cut] | None:
    whole = claimed(at.items[COSTS])
    return None if whole is None else {cut.rule.id: cut for cut in cuts(rules.cost_rules, at, whole)}


def _sights(point: Point, looked: Looked, lines: Lines | None) -> Iterator[Sight]:
    """Every look at a point in one decision."""
    match point.of:
        case Requirement() as rule:
            yield _of_requirement(point, rule, looked)
        case CostRule() as rule:
            yield from _of_cost_rule(point, rule, lines)
        case GrantFormula():
            yield _of_grant(point, looked)
        case Floor(formula, term):
            yield from _each(point, looked, (), lambda at: _of_floor(point, formula, term, at))
        case Condition(when=when):
            follows = when is None or evaluate(when, looked.decided.scope)
            sides = {True: (Side.FOLLOWING,), False: (Side.NOT_FOLLOWING,), None: ()}[follows]
            yield Sight(point.id, sides, TRUTHS[follows])
        case Criterion() as criterion:
            yield _of_criterion(point, criterion, looked)
        case BandReached() as band:
            yield from _each(point, looked, (), lambda at: _of_band(point, band, looked.rules, at))
        case OwnThreshold() | Threshold():
            yield _of_threshold(point, looked)
        case Clause(spot) as clause:
            yield from _each(point, looked, spot.way, lambda at: _of_clause(point, clause, at))
        case Argument(spot) as argument:
            yield from _each(point, looked, spot.way, lambda at: _of_argument(point, argument, at))
        case _:
            assert_never(point.of)


def _each(point: Point, looked: Looked, way: Way, see: Callable[[Scope], Sight]) -> Iterator[Sight]:
    for at in looked.along(point.rule, way):
        yield Sight(point.id, passed=at) if isinstance(at, Passed) else see(at)


_RESULTS: Mapping[Result, Side] = {
    Result.MET: Side.MET,
    Result.NOT_MET: Side.NOT_MET,
    Result.UNDETERMINED: Side.UNDETERMINED,
    Result.NOT_APPLICABLE: Side.NOT_APPLICABLE,
}
_CLAUSES: Mapping[Truth, Side] = {True: Side.MET, False: Side.NOT_MET, None: Side.UNDETERMINED}


def _of_requirement(point: Point, rule: Requirement, looked: Looked) -> Sight:
    found = looked.decided.results[rule.id]
    return Sight(point.id, (_RESULTS[found],), _RESULTS[found].value)


def _of_cost_rule(point: Point, rule: CostRule, lines: Lines | None) -> Iterator[Sight]:
    if not lines:
        yield Sight(point.id, passed=no_items(COSTS, stated=lines is not None))
    for line in lines or ():
        yield _on_line(point, rule, line)


def _on_line(point: Point, rule: CostRule, line: _Line) -> Sight:
    """What a cost rule did to a line; a line of which earlier rules left nothing shows nothing."""
    concerned = True if rule.concerns is None else evaluate(rule.concerns, line.scope)
    if concerned is False and rule.concerns is not None:
        if takes_what_it_concerns(rule):
            return Sight(point.id, (Side.NOT_CUTTING,))
        found, guard = evaluate(subject(rule.concerns), line.scope), Guard("concerns", rule.concerns)
        return Sight(point.id, passed=Passed(guard.place, Hindrance.FALSE, found, guard))
    if line.cuts is None:
        return Sight(point.id, passed=Passed(COSTS, Hindrance.NO_AMOUNT))
    cut = line.cuts.get(rule.id)
    if cut is None:
        return Sight(point.id, (Side.NOT_CUTTING,) if concerned is True else ())
    left = cut.high + cut.taken
    if not left:
        return Sight(point.id, passed=Passed(COSTS, Hindrance.USED_UP))
    if cut.taken or cut.may:
        return Sight(point.id, (Side.CUTTING if cut.taken else Side.HELD_BACK,), left, cut.limit)
    settled = rule.when is None or evaluate(rule.when, line.scope) is True
    return Sight(point.id, (Side.NOT_CUTTING,) if concerned is True and settled else (), left, cut.limit)


def _of_grant(point: Point, looked: Looked) -> Sight:
    passed, grant = looked.before(point.rule), looked.decided.highest_grant
    if passed is not None:
        return Sight(point.id, passed=passed)
    return Sight(point.id, (Side.UNDETERMINED if grant is None else Side.SETTLED,), grant)


def _of_floor(point: Point, formula: GrantFormula, term: Term, at: Scope) -> Sight:
    amount, floor = evaluate(formula.amount, at), evaluate(term, at)
    if amount is None or floor is None:
        return Sight(point.id, passed=Passed("", Hindrance.NO_FIGURE))
    bites = (Side.BITING,) if 0 < amount < max(floor, ZERO) else ()
    spares = (Side.NOT_BITING,) if amount > 0 and amount >= floor else ()
    return Sight(point.id, (*bites, *spares), amount, floor)


def _of_criterion(point: Point, criterion: Criterion, looked: Looked) -> Sight:
    found, scope = _scored(criterion.id, looked), looked.decided.scope
    if found is None:
        return Sight(point.id, passed=Passed("", Hindrance.UNASSESSED))
    if found.points is None:
        return Sight(point.id, (Side.UNDETERMINED,))
    match criterion.computed:
        case None:
            ends: Mapping[Fraction | None, Side] = {Fraction(0): Side.LOWEST, Fraction(1): Side.HIGHEST}
            return Sight(point.id, (ends[found.points],) if found.points in ends else (), found.rating)
        case Linear(of):
            ends = {Fraction(0): Side.NO_POINTS, Fraction(1): Side.ALL_POINTS}
            return Sight(point.id, (ends.get(found.points, Side.SOME_POINTS),), _number(of, looked.rules, scope))
        case Banded(of, bands):
            number = _number(of, looked.rules, scope)
            return Sight(point.id, (Side.NO_POINTS,) if number < evaluate(bands[0].start, scope) else (), number)
        case yes_or_no:
            return Sight(point.id, (_CLAUSES[bool(found.points)],), evaluate(yes_or_no, scope))


def _number(term: Term, rules: RuleSet, at: Scope) -> Any:
    return _exactly(rules.checker.kind_of(term), evaluate(term, at))


def _scored(criterion: str, looked: Looked) -> CriterionScore | None:
    score = looked.decided.score
    return None if score is None else next(found for found in score.criteria if found.id == criterion)


def _of_band(point: Point, band: BandReached, rules: RuleSet, at: Scope) -> Sight:
    found = _number(band.bands.of, rules, at)
    if found is None:
        return Sight(point.id, passed=Passed("", Hindrance.NO_FIGURE))
    reached = [index for index, one in enumerate(band.bands.bands) if found >= evaluate(one.start, at)]
    return Sight(point.id, (Side.REACHED,) if reached[-1:] == [band.index] else (), found)


def _of_threshold(point: Point, looked: Looked) -> Sight:
    score = looked.decided.score
    if score is None:
        return Sight(point.id, passed=Passed("", Hindrance.UNASSESSED))
    found = next(threshold for threshold in score.thresholds if threshold.id == point.rule)
    sides = {True: (Side.REACHED,), False: (Side.NOT_REACHED,), None: ()}[found.holds]
    return Sight(point.id, sides, found.found, found.least)


def _of_clause(point: Point, clause: Clause, at: Scope) -> Sight:
    truth, term = evaluate(clause.spot.term, at), clause.spot.term
    if clause.limits is not None:
        sides = (clause.limits.found, clause.limits.limit)
        found, limit = (_exactly(clause.limits.kind, evaluate(side, at)) for side in sides)
        return Sight(point.id, (_CLAUSES[truth], *_position(found, limit)), found, limit)
    return Sight(point.id, (_CLAUSES[truth],), None if isinstance(term, Different) else evaluate(subject(term), at))


def _exactly(kind: Kind, value: Any) -> Any:
    """A sum of counts is a count; sums are made of decimals, whatever is added up."""
    return int(value) if kind is Kind.COUNT and value is not None else value


def _position(found: Any, limit: Any) -> tuple[Side, ...]:
    if found is None or limit is None:
        return ()
    return (Side.BELOW,) if found < limit else (Side.ABOVE,) if found > limit else (Side.AT,)


def _of_argument(point: Point, argument: Argument, at: Scope) -> Sight:
    """An argument decides where it is the value taken; where several are level, each of them does."""
    taken, own = evaluate(argument.pick, at), evaluate(argument.term, at)
    if taken is None:
        return Sight(point.id, passed=Passed("", Hindrance.NO_FIGURE))
    return Sight(point.id, (Side.DECIDING,) if own == taken else (), own, taken)
