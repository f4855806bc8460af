"""Where the parts of a rule are looked at in one decision, and what keeps them from being looked at."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, assert_never

from attrs import evolve, frozen

from grantrules.decide import Decided
from grantrules.findings import Outcome
from grantrules.readings.evaluate import Scope, each, evaluate
from grantrules.ruleset import RuleSet
from grantrules.testing.coverage.clauses import Guard, Into, Way, subject
from grantrules.values import Truth


class Hindrance(StrEnum):
    """What keeps a part of a rule from being looked at."""

    REFUSED = "refused"
    UNASSESSED = "without an assessment that counts"
    NOT_STATED = "not stated"
    EMPTY = "empty"
    TRUE = "true"
    FALSE = "false"
    MISSING = "missing"
    NO_FIGURE = "without a figure that it rests on"
    NO_AMOUNT = "without an amount or VAT"
    USED_UP = "taken by earlier rules"


TRUTHS: Mapping[Truth, Hindrance] = {True: Hindrance.TRUE, False: Hindrance.FALSE, None: Hindrance.MISSING}


@frozen
class Passed:
    """
    Why a point was not looked at.

    Args:
        what: the list, or the place of the condition, that stood before it; empty for the rule as a whole.
        found: what was found instead of what the condition asks for.
        guard: the condition.
    """

    what: str
    how: Hindrance
    found: Any = None
    guard: Guard | None = None


@frozen
class Looked:
    """
    One decision, to be looked at from everywhere.

    Args:
        at_ends: where the grant formula is read: at both ends of what is eligible.
    """

    decided: Decided
    at_ends: tuple[Scope, ...]

    @classmethod
    def at(cls, decided: Decided) -> "Looked":
        """A decision, to be looked at."""
        total = decided.verdicts.total
        ends = (None,) if total is None else dict.fromkeys((total.low, total.high))
        return cls(decided, tuple(evolve(decided.scope, eligible=end) for end in ends))

    @property
    def rules(self) -> RuleSet:
        """The rules that decided."""
        return self.decided.rules

    def before(self, rule: str) -> Passed | None:
        """What keeps a whole rule from being looked at."""
        if rule == self.rules.grant.id and self.decided.outcome in (Outcome.DISMISSED, Outcome.INELIGIBLE):
            return Passed("", Hindrance.REFUSED)
        scored = {criterion.id for criterion in self.rules.scoring.criteria}
        return Passed("", Hindrance.UNASSESSED) if rule in scored and self.decided.score is None else None

    def along(self, rule: str, way: Way) -> Iterator[Scope | Passed]:
        """Every scope in which a part of a rule is looked at, and why it is not looked at elsewhere."""
        passed = self.before(rule)
        if passed is not None:
            yield passed
            return
        for scope in self.at_ends if rule == self.rules.grant.id else (self.decided.scope,):
            yield from _along(way, scope)


def _along(way: Way, at: Scope) -> Iterator[Scope | Passed]:
    if not way:
        yield at
        return
    match way[0]:
        case Into(collection):
            inner = each(collection, at)
            if not inner:
                yield no_items(collection, stated=inner is not None)
            for item in inner or ():
                yield from _along(way[1:], item)
        case Guard(place, term, holds) as guard:
            truth = evaluate(term, at)
            if truth is holds:
                yield from _along(way[1:], at)
            else:
                yield Passed(place, TRUTHS[truth], evaluate(subject(term), at), guard)
        case _:
            assert_never(way[0])


def no_items(collection: str, stated: bool) -> Passed:
    """That a list has no item to look at."""
    return Passed(collection, Hindrance.EMPTY if stated else Hindrance.NOT_STATED)
