"""What kept a point from being looked at, in words."""

from collections.abc import Sequence
from typing import assert_never

from attrs import evolve

from grantrules.pools import CostRule
from grantrules.terms.nodes import Among, Compare, Constant, Fact, Membership, Relation, Term
from grantrules.terms.notation import notation
from grantrules.terms.schema import COSTS
from grantrules.testing.coverage.clauses import Clause, Guard, Into, Way, subject
from grantrules.testing.coverage.looking import TRUTHS, Hindrance, Passed
from grantrules.testing.coverage.points import Argument, Point
from grantrules.testing.coverage.sightings import Sight
from grantrules.testing.coverage.wording import Looks, Seen, unit

_Obstacles = Sequence[tuple[str, Passed]]
"""What stood before one point, each with the decision."""


def way_to(point: Point) -> Way:
    """What leads to a point, from the outside in."""
    match point.of:
        case CostRule(concerns=concerns):
            return Into(COSTS), *(() if concerns is None else (Guard("concerns", concerns),))
        case Clause(spot) | Argument(spot):
            return spot.way
        case _:
            return ()


def list_of(way: Way) -> str:
    """The innermost list on a way; empty for the application itself."""
    return next((step.collection for step in reversed(way) if isinstance(step, Into)), "")


def obstacle(point: Point, looks: Looks) -> str:
    """What kept a point from being looked at, as far in as any decision came; none looked at it."""
    passed = [(decision, sight.passed) for decision, sight in looks if sight.passed is not None]
    if not passed:
        return "nothing led to it"
    way = way_to(point)
    depths = [_depth(way, one) for _, one in passed]
    furthest = max(depths)
    return _written(way[:furthest], [one for one, depth in zip(passed, depths, strict=True) if depth == furthest])


def _depth(way: Way, passed: Passed) -> int:
    """How many steps of a way stand before an obstacle."""
    steps = [step.collection if isinstance(step, Into) else step.place for step in way]
    match passed.how:
        case Hindrance.REFUSED | Hindrance.UNASSESSED:
            return 0
        case Hindrance.NO_FIGURE | Hindrance.NO_AMOUNT:
            return len(steps)
        case Hindrance.USED_UP:
            return len(steps) + 1
        case Hindrance.NOT_STATED | Hindrance.EMPTY | Hindrance.TRUE | Hindrance.FALSE | Hindrance.MISSING:
            return steps.index(passed.what)
        case _:
            assert_never(passed.how)


def _written(before: Way, passed: _Obstacles) -> str:
    """An obstacle that stood at one place of the way in every decision given, after what comes `before` it."""
    collection, first = list_of(before), passed[0][1]
    found = Seen(collection, [(decision, Sight("", found=one.how)) for decision, one in passed])
    if first.guard is not None:
        return _unfulfilled(first.guard, passed, found)
    if first.how in (Hindrance.NOT_STATED, Hindrance.EMPTY):
        return f"`{first.what}` was {found.counts()}"
    return f"{found.counted()} {'was' if found.number(found.looks) == 1 else 'were'} {first.how}"


def _unfulfilled(guard: Guard, passed: _Obstacles, found: Seen) -> str:
    """A condition that never was as it should be; of one that asks for words of an item, the words."""
    words = words_asked(guard.term) if guard.holds and found.collection else ""
    if not words:
        return f"`{guard.place}` ({notation(guard.term)}) was never {TRUTHS[guard.holds]}: {found.counts()}"
    instead = evolve(found, looks=[(decision, Sight("", found=one.found)) for decision, one in passed])
    asked = notation(subject(guard.term))
    return f"no {unit(found.collection, 1)} of {words}: `{asked}` was {instead.values()}"


def words_asked(term: Term) -> str:
    """The fact and the words that a condition asks for, as in `category research`; empty if it asks otherwise."""
    match term:
        case Compare(Relation.EQUAL, Fact(_, path), Constant(str(word))):
            return f"{path[-1]} {word}"
        case Membership(Among.IS_ONE_OF, Fact(_, path), options):
            return f"{path[-1]} {' or '.join(options)}"
        case _:
            return ""
