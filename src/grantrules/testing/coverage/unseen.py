"""Why something was not seen: what the decisions held instead, found in what they showed."""

from collections.abc import Mapping
from typing import assert_never

from attrs import frozen

from grantrules.criteria import Banded, Criterion, Linear, Threshold
from grantrules.pools import Above, Condition, CostRule, GrantFormula, Requirement
from grantrules.terms.nodes import Constant, Different, Fact, Judgement, Named, Term
from grantrules.terms.notation import notation
from grantrules.terms.walk import walk
from grantrules.testing.coverage.clauses import Clause, subject
from grantrules.testing.coverage.obstacles import list_of, obstacle, way_to
from grantrules.testing.coverage.points import (
    Argument,
    BandReached,
    Floor,
    OwnThreshold,
    Point,
    takes_what_it_concerns,
)
from grantrules.testing.coverage.sides import Side
from grantrules.testing.coverage.wording import Looks, Seen, listed


@frozen
class Unseen:
    """
    A side from which a point was never seen.

    Args:
        why: what the decisions held instead.
    """

    point: Point
    side: Side
    why: str

    def __str__(self) -> str:
        written = f" (`{self.point.text}`)" if self.point.place else ""
        return f"{self.point.id}{written}: never {self.side}: {self.why}"


@frozen
class Evidence:
    """
    Everything that decisions showed of a rule set.

    Args:
        points: by id.
        looks: the looks at each point, by its id.
        decisions: how many decisions there are.
    """

    points: Mapping[str, Point]
    looks: Mapping[str, Looks]
    decisions: int

    def why(self, point: Point, side: Side) -> str:
        """Why a point was never seen from a side."""
        if not self.decisions:
            return "no decision of this round"
        seen = self._seen(point)
        if not seen.looks:
            return f"never looked at: {obstacle(point, self.looks.get(point.id, ()))}"
        return self._instead(point, side, seen)

    def _seen(self, point: Point) -> Seen:
        """The looks at a point, without those where it was not looked at."""
        looks = self.looks.get(point.id, ())
        return Seen(list_of(way_to(point)), tuple(look for look in looks if look[1].passed is None))

    def _instead(self, point: Point, side: Side, seen: Seen) -> str:
        match point.of:
            case Requirement(id):
                return self._of_whole(f"{id}:demand", side, seen)
            case CostRule() as rule:
                return self._of_cost_rule(rule, side, seen)
            case GrantFormula():
                return f"it was {seen.sides()}"
            case Condition(when=when):
                asked = "" if when is None else f" ({notation(when)})"
                return f"`when`{asked} was {seen.counts()}"
            case Criterion(computed=None):
                return seen.ratings()
            case Criterion(computed=Linear(of) | Banded(of)) | BandReached(bands=Banded(of)):
                return _facts_stated(of, seen) if side is Side.UNDETERMINED else f"`{notation(of)}` was {seen.values()}"
            case Criterion(id):
                return self._of_whole(f"{id}:computed", side, seen)
            case Clause() as clause:
                return _of_clause(clause, side, seen)
            case Argument(_, pick):
                return f"it was {seen.values()}, where the {pick.pick.value} was {seen.limits()}"
            case Floor():
                return f"the amount was {seen.values()}, the floor is {seen.limits()}"
            case OwnThreshold() | Threshold():
                return f"it was {seen.values()}, the least is {seen.limits()}"
            case _:
                assert_never(point.of)

    def _of_whole(self, clause: str, side: Side, seen: Seen) -> str:
        """What was found where a rule is a single clause; else what became of the rule."""
        point = self.points.get(clause)
        if point is None or not isinstance(point.of, Clause) or side is Side.NOT_APPLICABLE:
            return f"it was {seen.sides()}"
        looked = self._seen(point)
        return _of_clause(point.of, side, looked) if looked.looks else f"it was {seen.sides()}"

    def _of_cost_rule(self, rule: CostRule, side: Side, seen: Seen) -> str:
        """What became of the lines that were looked at, and what its one condition found there."""
        became = f"it was {seen.sides()}" if seen.sides() else f"not settled in {seen.counted()}"
        place = "concerns" if takes_what_it_concerns(rule) else "when"
        inside = [p for p in self.points.values() if p.rule == rule.id and p.place.partition(".")[0] == place]
        clauses = [(point.of, self._seen(point)) for point in inside if isinstance(point.of, Clause)]
        said = [_of_clause(clause, _asked(side), looks) for clause, looks in clauses if looks.looks]
        held = seen.compared()
        limited = isinstance(rule.disallow, Above) and side is not Side.HELD_BACK and held.looks
        above = [f"what was left was {held.values()}, the limit {held.limits()}"] if limited else []
        return "; ".join([became, *(said if len(said) == 1 else []), *above])


def _asked(side: Side) -> Side:
    """The side of a condition that answers for a side of its cost rule."""
    return Side.UNDETERMINED if side is Side.HELD_BACK else Side.MET


def _of_clause(clause: Clause, side: Side, seen: Seen) -> str:
    term, limits = clause.spot.term, clause.limits
    if side is Side.UNDETERMINED:
        return _facts_stated(term, seen)
    if isinstance(term, Different):
        return f"it was {seen.sides()}"
    if limits is None:
        return f"`{notation(subject(term))}` was {seen.values()}"
    compared, found = seen.compared(), notation(limits.found)
    if not compared.looks:
        return f"one of its sides was missing {seen.everywhere()}"
    if isinstance(limits.limit, Constant | Named):
        return f"`{found}` was {seen.values()}, the limit is {seen.limits()}"
    return f"`{found}` was {compared.values()}, where `{notation(limits.limit)}` was {compared.limits()}"


def _facts_stated(term: Term, seen: Seen) -> str:
    """That nothing a term rests on was ever missing."""
    leaves = dict.fromkeys(at for at in walk(term) if isinstance(at, Fact | Judgement))
    facts = [f"`{notation(at)}`" for at in leaves if isinstance(at, Fact)]
    answers = [f"`{at.id}`" for at in leaves if isinstance(at, Judgement)]
    parts = [(facts, "stated"), (answers, "answered, and alike,")]
    said = [f"{listed(names)} {'was' if len(names) == 1 else 'were'} {how}" for names, how in parts if names]
    return f"{', '.join(said) or 'nothing was missing'} {seen.everywhere()}"
