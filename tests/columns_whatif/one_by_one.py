"""The same applications decided twice, one by one, and counted: what a summary of columns must say."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import product
from typing import Any

from attrs import frozen

import grantrules as g
from grantrules.findings import Outcome
from grantrules.readings.columns.whatif_summary import (
    Amounts,
    Flip,
    GrantChanges,
    Group,
    OutcomeChange,
    ScoreChanges,
    Summary,
    Taken,
    Tally,
    Transition,
)
from grantrules.values import Truth
from tests.columns.batches import Case
from tests.columns.expected import HOLDS

NONE = Decimal(0)
TRUTHS: tuple[Truth, ...] = (False, None, True)


@frozen
class Twice:
    """One application, decided by both rulebooks."""

    application: Any
    before: g.Decision
    after: g.Decision

    @cached_property
    def flips(self) -> dict[str, tuple[Truth, Truth]]:
        """The requirements whose verdict changes; one that is not there is met."""
        first, second = ({f.rule: HOLDS[f.result] for f in one.findings} for one in (self.before, self.after))
        both = {id: (first.get(id, True), second.get(id, True)) for id in (*first, *second)}
        return {id: pair for id, pair in both.items() if pair[0] is not pair[1]}

    @cached_property
    def changed(self) -> bool:
        """It comes out otherwise."""
        outcome = self.before.outcome is not self.after.outcome
        return bool(self.flips) or outcome or self.before.highest_grant != self.after.highest_grant

    @cached_property
    def kind(self) -> str:
        """The kind of whoever leads the project."""
        leads = [one for one in self.application.organisations or () if one.role == g.LEAD.code]
        kinds = {one.kind for one in leads}
        if len(kinds - {None}) > 1:
            return "several"
        return "unknown" if None in kinds or not kinds else str(kinds.pop())


def decided_twice(rules: g.Rulebook, other: g.Rulebook, cases: Iterable[Case]) -> list[Twice]:
    """Every application, decided by both."""
    return [Twice(made, rules.decide(made, given), other.decide(made, given)) for made, given in cases]


def summary(rules: g.Rulebook, other: g.Rulebook, found: Sequence[Twice]) -> Summary:
    """What becomes of them all."""
    by_kind = {kind: [one for one in found if one.kind == kind] for kind in dict.fromkeys(one.kind for one in found)}
    outcomes = tuple(_outcome(outcome, found) for outcome in Outcome)
    kinds = {kind: tally(rules, other, own) for kind, own in by_kind.items()}
    return Summary(
        tally(rules, other, found), outcomes, kinds, _taken(rules, other, found), _scores(rules, other, found)
    )


def tally(rules: g.Rulebook, other: g.Rulebook, found: Sequence[Twice]) -> Tally:
    """What becomes of some of them."""
    grants = [(one.before.highest_grant, one.after.highest_grant) for one in found]
    known = [(first, second) for first, second in grants if first is not None and second is not None]
    changes = GrantChanges(
        sum(second > first for first, second in known),
        sum(second < first for first, second in known),
        sum(first is None and second is not None for first, second in grants),
        sum(first is not None and second is None for first, second in grants),
    )
    transitions = [
        Transition(before, after, group(own))
        for before, after in product(Outcome, Outcome)
        if (own := [one for one in found if (one.before.outcome, one.after.outcome) == (before, after)])
    ]
    ids = dict.fromkeys(rule.id for book in (rules, other) for rule in book.rules.requirements)
    flips = [
        Flip(
            id,
            *pair,
            group(own),
            sum(len(one.flips) == 1 for one in own),
            sum(one.before.outcome is not one.after.outcome for one in own),
        )
        for id in ids
        for pair in product(TRUTHS, TRUTHS)
        if (own := [one for one in found if one.flips.get(id) == pair])
    ]
    return Tally(group(found), sum(one.changed for one in found), changes, tuple(transitions), tuple(flips))


def group(found: Sequence[Twice]) -> Group:
    """How many they are, and their amounts."""
    return Group(len(found), _amounts([one.before for one in found]), _amounts([one.after for one in found]))


def _amounts(decisions: Sequence[g.Decision]) -> Amounts:
    eligible = [None if one.costs.total is None else one.costs.total.eligible for one in decisions]
    grants = [one.highest_grant for one in decisions]
    return Amounts(_sum(eligible), eligible.count(None), _sum(grants), grants.count(None))


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), NONE)


def _outcome(outcome: Outcome, found: Sequence[Twice]) -> OutcomeChange:
    first = [one.before for one in found if one.before.outcome is outcome]
    second = [one.after for one in found if one.after.outcome is outcome]
    return OutcomeChange(outcome, (len(first), len(second)), (_amounts(first), _amounts(second)))


def _taken(rules: g.Rulebook, other: g.Rulebook, found: Sequence[Twice]) -> tuple[Taken, ...]:
    """What each cost rule takes, if any of them reads otherwise or reads a value that does."""
    books = (rules.rules, other.rules)
    said = [[(rule, [one.values.get(name) for name in one.values]) for rule in one.cost_rules] for one in books]
    if said[0] == said[1]:
        return ()
    ids = dict.fromkeys(rule.id for one in books for rule in one.cost_rules)

    def side(id: str, place: int, decision: Callable[[Twice], g.Decision]) -> Decimal | None:
        if id not in {rule.id for rule in books[place].cost_rules}:
            return None
        settled = [decision(one).costs for one in found if decision(one).costs.total is not None]
        return _sum(f.taken for costs in settled for line in costs.lines for f in line.findings if f.rule == id)

    return tuple(Taken(id, side(id, 0, lambda one: one.before), side(id, 1, lambda one: one.after)) for id in ids)


def _scores(rules: g.Rulebook, other: g.Rulebook, found: Sequence[Twice]) -> ScoreChanges | None:
    if not (rules.rules.scoring.criteria and other.rules.scoring.criteria):
        return None
    changed = sum(_exact(one.before) != _exact(one.after) for one in found)
    passing = [
        _passing(book, [getattr(one, side) for one in found]) for book, side in ((rules, "before"), (other, "after"))
    ]
    return ScoreChanges(changed, (passing[0], passing[1]))


def _exact(decision: g.Decision) -> Any:
    return None if decision.score is None else decision.score.exact


def _passing(rules: g.Rulebook, decisions: Sequence[g.Decision]) -> int | None:
    scoring = rules.rules.scoring
    if scoring.threshold is None and all(criterion.threshold is None for criterion in scoring.criteria):
        return None
    return sum(one.score is not None and all(t.holds is True for t in one.score.thresholds) for one in decisions)
