"""
Deliberately wrong pools and rulebooks, each with one fault that a law has to catch.

The pools are small ones whose rules are wrong, though every plugin of them loads. The rulebooks are subclasses that do
what no honest rulebook does: they decide, score or allocate otherwise than their rules say.
"""

import types
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import count
from typing import Any

from attrs import evolve, field, frozen

import grantrules as g
from grantrules.decide import Decided
from grantrules.findings import Finding, Verdicts
from grantrules.readings.compile import Compiled, compiled
from grantrules.values import ORE
from tests.registry.small import SIGNED, a, c, cost_rule, pool_plugin, requirement

# Rules that are wrong


def pool_with(*rules: g.Requirement | g.CostRule) -> g.Rulebook:
    """A small pool with these rules beside its own, that the application is signed."""
    requirements = [rule for rule in rules if isinstance(rule, g.Requirement)]
    cost_rules = [rule for rule in rules if isinstance(rule, g.CostRule)]
    made = pool_plugin("faulty", eligibility=(SIGNED, *requirements), cost_eligibility=tuple(cost_rules))
    return g.Registry.of(made).rulebook("faulty")


DEAD = requirement(g.all_of(a.pages < 3, a.pages > 5), "eligibility.dead")
"""Fewer than three pages, and more than five."""

IDLE = requirement(g.any_of(a.pages <= 5, a.pages > 5), "eligibility.idle")
"""Any number of pages will do."""

SHORT = requirement(a.pages <= 10, "eligibility.short")
SHADOWED = requirement(a.pages <= 20, "eligibility.shadowed")
"""It fails only where `SHORT` fails."""

TWIN = requirement(g.not_(a.pages > 10), "eligibility.twin")
"""It says what `SHORT` says."""

SETTLED = requirement(g.always(), "formal.settled")
"""Nothing is asked."""

VAT = cost_rule(g.Part(c.vat), "cost.vat", when=c.vat_recoverable)
VAT_TWIN = cost_rule(g.Part(c.vat), "cost.vat-twin", when=g.not_(g.not_(c.vat_recoverable)))
"""It takes what `VAT` takes."""

NEVER = cost_rule(g.Whole(), "cost.never", concerns=g.all_of(c.amount < g.kr(5), c.amount > g.kr(10)))
"""No line costs less than five kroner, and more than ten."""

LATE = cost_rule(g.Whole(), "cost.late", when=c.vat_recoverable)
"""It takes the whole of every line of which `VAT` takes a part, so that nothing is left for a rule after it."""


def changing() -> types.ModuleType:
    """A plugin whose page limit is one page higher every time it is asked."""
    asked = count(10)

    def eligibility() -> tuple[g.Requirement, ...]:
        return (SIGNED, requirement(a.pages <= next(asked), "eligibility.short"))

    return pool_plugin("changing", eligibility=eligibility)


READS_THE_CLOCK = '''
"""A pool whose deadline is always tomorrow."""

import random as chance
from datetime import datetime as moment, timedelta, UTC
from os import environ

from tests.registry.small import GRANT, a, pool_of, requirement, round_of
import grantrules as g


@g.hook
def pool():
    return pool_of("clocked", round_of())


@g.hook
def eligibility():
    late = moment.now(UTC) + timedelta(days=1)
    return (requirement(a.submitted_at < late, "formal.deadline"),)


@g.hook
def highest_grant():
    open("/dev/null").close()
    return GRANT
'''
"""The source of a plugin that reads the clock, chance, its surroundings and a file."""


# Rulebooks that do otherwise than their rules


@frozen
class Guessing(g.Rulebook):
    """Takes a missing number of pages for none: a rule that is met so fails once the pages are stated."""

    def decide(self, application: Any, assessments: Iterable[g.Assessment] = ()) -> g.Decision:
        """Decide with a default filled in."""
        guessed = evolve(application, pages=0) if application.pages is None else application
        return g.Rulebook.decide(self, guessed, assessments)


@frozen
class Miscompiled(g.Rulebook):
    """Compiles `<=` as `<`."""

    @property
    def _verdicts(self) -> Compiled:
        strict = tuple(
            evolve(rule, demand=a.pages < 10) if rule.id == SHORT.id else rule for rule in self.rules.requirements
        )
        return compiled(evolve(self.rules, requirements=strict))


@frozen
class Losing(g.Rulebook):
    """Loses an øre of every sum of costs."""

    @property
    def _verdicts(self) -> Compiled:
        def verdicts(application: Any, assessed: Any) -> Verdicts:
            found = compiled(self.rules)(application, assessed)
            if found.total is None or not found.total.high:
                return found
            low = min(found.total.low, found.total.high - ORE)
            return found._replace(total=found.total._replace(low=low, high=found.total.high - ORE))

        return verdicts


@frozen
class Generous(g.Rulebook):
    """Grants an øre more than is applied for."""

    @property
    def _verdicts(self) -> Compiled:
        def verdicts(application: Any, assessed: Any) -> Verdicts:
            found = compiled(self.rules)(application, assessed)
            return found._replace(highest_grant=found.highest_grant + ORE) if found.highest_grant else found

        return verdicts


@frozen
class FirstOnly(g.Rulebook):
    """Looks at the first organisation alone."""

    def decide(self, application: Any, assessments: Iterable[g.Assessment] = ()) -> g.Decision:
        """Decide as if there were no second organisation."""
        first = evolve(application, organisations=(application.organisations or ())[:1] or application.organisations)
        return g.Rulebook.decide(self, first, assessments)


@frozen
class Grumpy(g.Rulebook):
    """Takes every rating from the other end of its scale."""

    def decide(self, application: Any, assessments: Iterable[g.Assessment] = ()) -> g.Decision:
        """Decide with ratings turned round."""
        return g.Rulebook.decide(self, application, [self.turned(each) for each in assessments])

    def turned(self, given: g.Assessment) -> g.Assessment:
        """An assessment with the opposite ratings."""
        assert self.rules.scoring.scale is not None
        top = Decimal(self.rules.scoring.scale.top)
        return evolve(given, ratings={id: top - rating for id, rating in given.ratings.items()})


@frozen
class Enthusiastic(g.Rulebook):
    """Doubles every rating."""

    def decide(self, application: Any, assessments: Iterable[g.Assessment] = ()) -> g.Decision:
        """Decide with ratings doubled."""
        doubled = [evolve(each, ratings={id: 2 * r for id, r in each.ratings.items()}) for each in assessments]
        return g.Rulebook.decide(self, application, doubled)


@frozen(eq=False)
class _Silent(Decided):
    """Names nothing that is missing."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        decided = Decided(self.rules, self.application, self.assessments, self.assessed, self.verdicts)
        return tuple(evolve(finding, needs=()) for finding in decided.findings)


@frozen
class Silent(g.Rulebook):
    """Leaves rules open, and does not say what for."""

    def decide(self, application: Any, assessments: Iterable[g.Assessment] = ()) -> g.Decision:
        """Decide without naming what is missing."""
        parts: Any = g.Rulebook.decide(self, application, assessments)._parts
        return g.Decision(_Silent(parts.rules, application, parts.assessments, parts.assessed, parts.verdicts))


@frozen
class Forgetful(g.Rulebook):
    """Reads applications without their titles."""

    def read_application(self, source: Any) -> Any:
        """Read an application."""
        return evolve(g.Rulebook.read_application(self, source), title=None)


@frozen
class Moody(g.Rulebook):
    """Decides the same application now this way, now that way."""

    moods: Iterator[int] = field(factory=count)

    def decide(self, application: Any, assessments: Iterable[g.Assessment] = ()) -> g.Decision:
        """Decide, every other time as if nothing were signed."""
        signed = application.signed if next(self.moods) % 2 else False
        return g.Rulebook.decide(self, evolve(application, signed=signed), assessments)


@frozen
class Broken(g.Rulebook):
    """Cannot decide what is signed."""

    def decide(self, application: Any, assessments: Iterable[g.Assessment] = ()) -> g.Decision:
        """Decide, or fall over."""
        if application.signed:
            raise ZeroDivisionError("no signature to divide by")
        return g.Rulebook.decide(self, application, assessments)


# Allocations that are wrong


@frozen
class Overspending(g.Rulebook):
    """Gives everybody all that can be granted, whatever the budget is."""

    def allocate(self, decisions: Iterable[g.Decision], **settings: Any) -> g.AllocationResult:
        """Share out more than there is."""
        made = g.Rulebook.allocate(self, decisions, **settings)
        awards = tuple(
            evolve(award, amount=award.highest or Decimal(0), outcome=g.AwardOutcome.AWARDED, reason=g.Why.FUNDED)
            if award.rank is not None
            else award
            for award in made.awards
        )
        awarded = sum((award.amount for award in awards), Decimal(0))
        remainder = made.budget - made.administration - awarded
        return g.AllocationResult(evolve(made.allotment, awards=awards, awarded=awarded, remainder=remainder))


@frozen
class Partial(g.Rulebook):
    """Gives everything to whoever was handed in first."""

    def allocate(self, decisions: Iterable[g.Decision], **settings: Any) -> g.AllocationResult:
        """Share out by the order of the input."""
        given = list(decisions)
        made = g.Rulebook.allocate(self, given, **settings)
        first = given[0].heading.application if given else ""
        awards = tuple(
            award if award.application == first or not award.amount else evolve(award, amount=Decimal(0))
            for award in made.awards
        )
        awarded = sum((award.amount for award in awards), Decimal(0))
        remainder = made.budget - made.administration - awarded
        return g.AllocationResult(
            evolve(made.allotment, awards=awards, awarded=awarded, remainder=remainder, strands=())
        )


@frozen
class Capricious(g.Rulebook):
    """Gives the last of those who are funded to the best of those who are not."""

    def allocate(self, decisions: Iterable[g.Decision], **settings: Any) -> g.AllocationResult:
        """Share out, and pass somebody over."""
        made = g.Rulebook.allocate(self, decisions, **settings)
        ranked = [award for award in made.awards if award.rank is not None]
        if len(ranked) < 2 or not ranked[0].funded or ranked[0].rank == ranked[-1].rank:
            return made
        first, last = ranked[0], ranked[-1]
        moved = {
            first.application: evolve(first, amount=Decimal(0)),
            last.application: evolve(last, amount=min(first.amount, last.highest or Decimal(0))),
        }
        awards = tuple(moved.get(award.application, award) for award in made.awards)
        awarded = sum((award.amount for award in awards), Decimal(0))
        remainder = made.budget - made.administration - awarded
        return g.AllocationResult(evolve(made.allotment, awards=awards, awarded=awarded, remainder=remainder))
