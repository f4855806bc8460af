"""
What becomes of applications under other rules, added up.

It is added up from one small table: how many applications there are of each kind, with each outcome before and after
and each change of verdicts, and the sums of their amounts. Tables of several parts of the applications add up too.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import product
from typing import Any, TypeAlias

from attrs import frozen

from grantrules.findings import Outcome
from grantrules.pools import CostRule, Requirement
from grantrules.ruleset import RuleSet
from grantrules.tables.answers import ELIGIBLE, HIGHEST_GRANT, OUTCOME, taken
from grantrules.terms.schema import ORGANISATIONS
from grantrules.terms.walk import bound
from grantrules.values import ORE, Text, Truth, exact

Rows = Sequence[Mapping[str, Any]]
"""Rows of that table."""

KIND = "applicant_kind"
SEVERAL, UNKNOWN = "several", "unknown"
"""The kind of applicant where leads are of several kinds, and where there is none or one of no known kind."""

CHANGED, SCORE_CHANGES = "changed", "score_changes"

BEFORE, AFTER = "_before", "_after"
SIDES = (BEFORE, AFTER)
"""What columns end in that are there for both rule sets."""

APPLICATIONS = "applications"

HIGHER, LOWER, SETTLED, OPENED = "grant_higher", "grant_lower", "grant_settled", "grant_opened"

WORD = 2**32
"""Amounts are added up in two parts, for no number of applications may be too many for the sum."""

NOT_MET, OPEN, MET = range(3)
SAME = -1
"""A change of a verdict is a number: three times the one before, and the one after; or nothing changes."""

_TRUTHS: Mapping[int, Truth] = {NOT_MET: False, OPEN: None, MET: True}


def changing(before: Any, after: Any) -> Any:
    """The number of a change of verdicts."""
    return before * len(_TRUTHS) + after


def passes(side: str) -> str:
    """The column that says whether all thresholds are reached."""
    return f"passes_thresholds{side}"


def flip(index: int) -> str:
    """The column of how the verdict on a requirement changes, by its place among those that do not say the same."""
    return f"flip__{index}"


def count(name: str) -> str:
    """The column of how many applications something is true of."""
    return f"{name}__count"


def parts(amount: str) -> tuple[str, str, str]:
    """The columns that an amount is added up in: whole words of it, the rest, and how often it is not known."""
    return f"{amount}__words", f"{amount}__rest", f"{amount}__open"


@frozen
class Amounts:
    """
    What applications have under one rule set, in kroner.

    Args:
        eligible, highest_grant: sums of what is known.
        open_eligible, open_grants: how many have an amount that is not known.
    """

    eligible: Decimal
    open_eligible: int
    highest_grant: Decimal
    open_grants: int


@frozen
class Group:
    """So many applications, and their amounts under both rule sets."""

    applications: int
    before: Amounts
    after: Amounts


@frozen
class Transition:
    """The applications with one outcome before and one, maybe the same, after."""

    before: Outcome
    after: Outcome
    group: Group


@frozen
class Flip:
    """
    The applications whose verdict on one requirement changes in one way.

    Args:
        before, after: met, not met, or undetermined; met too where the requirement does not apply or is not there.
        alone: of how many this is the only requirement whose verdict changes.
        outcomes: of how many the outcome changes too.
    """

    requirement: str
    before: Truth
    after: Truth
    group: Group
    alone: int
    outcomes: int


@frozen
class GrantChanges:
    """Of how many applications the highest grant rises, falls, is settled only after, or is open only after."""

    higher: int
    lower: int
    settled: int
    opened: int


@frozen
class Tally:
    """
    What becomes of some applications.

    Args:
        group: all of them.
        changed: how many have another outcome, highest grant or verdict on a requirement.
        transitions: those that there are, in the order of outcomes.
        flips: those that there are, in the order of the rules.
    """

    group: Group
    changed: int
    grants: GrantChanges
    transitions: tuple[Transition, ...]
    flips: tuple[Flip, ...]

    def of(self, before: Outcome, after: Outcome) -> int:
        """How many applications have the one outcome before and the other after."""
        return sum(one.group.applications for one in self.transitions if (one.before, one.after) == (before, after))


@frozen
class OutcomeChange:
    """
    One outcome, before and after.

    Args:
        applications: how many have it under each rule set.
        amounts: those of the applications that have it.
    """

    outcome: Outcome
    applications: tuple[int, int]
    amounts: tuple[Amounts, Amounts]


@frozen
class Taken:
    """What a cost rule surely takes of all cost lines, in kroner; `None` under the rule set that does not have it."""

    rule: str
    before: Decimal | None
    after: Decimal | None


@frozen
class ScoreChanges:
    """
    What becomes of scores.

    Args:
        changed: how many applications have another score, or one under only one of the rule sets; `None` if the
            weights are too fine to compare scores exactly.
        passing: how many reach all thresholds before and after; `None` where there is none.
    """

    changed: int | None
    passing: tuple[int | None, int | None]


@frozen
class Summary:
    """
    What becomes of all applications.

    Args:
        outcomes: every outcome, before and after.
        kinds: the same for each kind of applicant that there is: the kind of the organisation that leads the project,
            `several` or `unknown`.
        cost_rules: those that take more or less; none if the cost rules say the same.
        scores: `None` unless both rule sets have criteria.
    """

    all: Tally
    outcomes: tuple[OutcomeChange, ...]
    kinds: Mapping[str, Tally]
    cost_rules: tuple[Taken, ...]
    scores: ScoreChanges | None


# What does not say the same


@frozen
class Moved:
    """
    A rule that does not say the same.

    Args:
        there: whether it is there before, and after.
    """

    id: str
    there: tuple[bool, bool]


def moved(rules: RuleSet, other: RuleSet) -> tuple[Moved, ...]:
    """The requirements that do not say the same with the values of their round, the earlier rules first."""
    before, after = _said_by(rules, rules.requirements), _said_by(other, other.requirements)
    return _unlike(before, after, [id for id in {**before, **after} if before.get(id) != after.get(id)])


def moved_cost_rules(rules: RuleSet, other: RuleSet) -> tuple[Moved, ...]:
    """All cost rules, if they do not all say the same in one order: what one takes depends on those before it."""
    before, after = _said_by(rules, rules.cost_rules), _said_by(other, other.cost_rules)
    same = list(before.items()) == list(after.items())
    return () if same else _unlike(before, after, {**before, **after})


_Said: TypeAlias = Mapping[str, tuple[object, ...]]


def _said_by(rules: RuleSet, carriers: Iterable[Requirement | CostRule]) -> _Said:
    """What rules say by their ids, with what the round binds in place of the names."""
    return {
        rule.id: (_kind(rule), *((place, bound(term, rules.values)) for place, term in rule.terms)) for rule in carriers
    }


def _kind(rule: Requirement | CostRule) -> type:
    return type(rule.disallow) if isinstance(rule, CostRule) else type(rule)


def _unlike(before: _Said, after: _Said, ids: Iterable[str]) -> tuple[Moved, ...]:
    return tuple(Moved(id, (id in before, id in after)) for id in ids)


def kinds_of(*rules: RuleSet) -> Mapping[str, Text]:
    """The words for kinds of organisations that any of the rule sets has, with what they mean."""
    records = [one.schema.record(ORGANISATIONS) for one in rules]
    facts = [record.field("kind") for record in records if record is not None]
    return {option.code: option.label for fact in facts if fact is not None for option in fact.options}


# Adding up


def summed(rules: RuleSet, other: RuleSet, rows: Rows) -> Summary:
    """Add up everything that is said of applications under two rule sets."""
    requirements = [one.id for one in moved(rules, other)]
    words = (*kinds_of(rules, other), SEVERAL, UNKNOWN)
    kinds = {word: [row for row in rows if row[KIND] == word] for word in words}
    with exact():
        return Summary(
            _tally(rows, requirements),
            tuple(_outcome_change(outcome, rows) for outcome in Outcome),
            {word: _tally(own, requirements) for word, own in kinds.items() if own},
            tuple(_taken(one, rows) for one in moved_cost_rules(rules, other)),
            _score_changes(rules, other, rows),
        )


def _tally(rows: Rows, requirements: Sequence[str]) -> Tally:
    return Tally(
        _group(rows),
        _total(rows, count(CHANGED)),
        GrantChanges(*(_total(rows, count(name)) for name in (HIGHER, LOWER, SETTLED, OPENED))),
        tuple(_transitions(rows)),
        tuple(one for index, id in enumerate(requirements) for one in _flips(rows, requirements, index)),
    )


def _group(rows: Rows) -> Group:
    return Group(_total(rows, APPLICATIONS), *(_amounts(rows, side) for side in SIDES))


def _amounts(rows: Rows, side: str) -> Amounts:
    eligible, grant = ELIGIBLE + side, HIGHEST_GRANT + side
    return Amounts(
        _kroner(rows, eligible), _total(rows, parts(eligible)[2]), _kroner(rows, grant), _total(rows, parts(grant)[2])
    )


def _total(rows: Rows, name: str) -> int:
    return sum(row[name] or 0 for row in rows)


def _kroner(rows: Rows, amount: str) -> Decimal:
    """The sum of an amount. No row has one where none is known."""
    words, rest, _ = parts(amount)
    return Decimal(_total(rows, words) * WORD + _total(rows, rest)) * ORE


def _transitions(rows: Rows) -> Iterator[Transition]:
    for before, after in product(Outcome, Outcome):
        own = [row for row in rows if (row[OUTCOME + BEFORE], row[OUTCOME + AFTER]) == (before.value, after.value)]
        if own:
            yield Transition(before, after, _group(own))


def _flips(rows: Rows, requirements: Sequence[str], index: int) -> Iterator[Flip]:
    """Every way in which the verdict on one requirement changes; what is lost first."""
    others = [flip(other) for other in range(len(requirements)) if other != index]
    for before, after in product(_TRUTHS, _TRUTHS):
        own = [row for row in rows if row[flip(index)] == changing(before, after)]
        if own:
            alone = [row for row in own if all(row[other] == SAME for other in others)]
            elsewhere = [row for row in own if row[OUTCOME + BEFORE] != row[OUTCOME + AFTER]]
            found = [_total(some, APPLICATIONS) for some in (alone, elsewhere)]
            yield Flip(requirements[index], _TRUTHS[before], _TRUTHS[after], _group(own), *found)


def _outcome_change(outcome: Outcome, rows: Rows) -> OutcomeChange:
    own = [[row for row in rows if row[OUTCOME + side] == outcome.value] for side in SIDES]
    first, second = own
    counts = _total(first, APPLICATIONS), _total(second, APPLICATIONS)
    return OutcomeChange(outcome, counts, (_amounts(first, BEFORE), _amounts(second, AFTER)))


def _taken(rule: Moved, rows: Rows) -> Taken:
    found = [
        _kroner(rows, taken(rule.id) + side) if there else None for side, there in zip(SIDES, rule.there, strict=True)
    ]
    return Taken(rule.id, *found)


def _score_changes(rules: RuleSet, other: RuleSet, rows: Rows) -> ScoreChanges | None:
    if not (rules.scoring.criteria and other.scoring.criteria):
        return None
    compared = not rows or count(SCORE_CHANGES) in rows[0]
    passing = [
        _total(rows, count(passes(side))) if _has_threshold(one) else None
        for side, one in zip(SIDES, (rules, other), strict=True)
    ]
    return ScoreChanges(_total(rows, count(SCORE_CHANGES)) if compared else None, (passing[0], passing[1]))


def _has_threshold(rules: RuleSet) -> bool:
    scoring = rules.scoring
    return scoring.threshold is not None or any(one.threshold is not None for one in scoring.criteria)
