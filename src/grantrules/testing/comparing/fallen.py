"""
Which stored decisions no longer stand under other rules: by what they decide, not by texts, versions or digests.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import frozen

from grantrules.decisions import Decision, Difference
from grantrules.errors import InputError, Problem
from grantrules.findings import Result
from grantrules.pools import GrantFormula
from grantrules.rulebooks import Rulebook
from grantrules.serial.files import Input
from grantrules.testing.comparing.carrying import Judged, Stated, carried


@frozen
class Kept:
    """A stored decision with what it was made on, written for the rules that are asked now or for another round."""

    name: str
    decision: Decision | Input
    application: Stated
    assessments: tuple[Judged, ...] = ()
    home: Rulebook | None = None


@frozen
class Fallen:
    """
    A stored decision that no longer stands.

    Args:
        rule: the first rule that decides otherwise; empty where it cannot be read any more.
        first: what differs first: the outcome, else the finding, the amount or the score.
        count: how much differs in all.
        problems: why it cannot be decided again.
    """

    name: str
    rule: str = ""
    first: Difference | None = None
    count: int = 0
    problems: tuple[Problem, ...] = ()


def fallen(rules: Rulebook, kept: Iterable[Kept]) -> Iterator[Fallen]:
    """The stored decisions that do not stand under these rules."""
    for one in kept:
        at_home, here = carried(one.home or rules, rules, one.application, one.assessments)
        problems = (*at_home.problems, *here.problems)
        if problems:
            yield Fallen(one.name, problems=problems)
            continue
        found = _fallen(rules, one, here.application, here.assessments)
        if found is not None:
            yield found


def _fallen(rules: Rulebook, one: Kept, application: Any, assessments: Iterable[Any]) -> Fallen | None:
    try:
        verification = rules.verify(one.decision, application, assessments)
    except InputError as error:
        return Fallen(one.name, problems=error.problems)
    decided = [difference for difference in verification.differences if _decides(difference)]
    if not decided:
        return None
    return Fallen(one.name, _rule(decided), decided[0], len(decided))


_DECIDED = re.compile(
    r"outcome|highest_grant|grant_range.*|decided|decided_outcome|conditions.*"
    r"|findings\[[^\]]+\](\.result)?"
    r"|costs\.(claimed|eligible|disallowed|undetermined)"
    r"|costs\.lines\[[^\]]+\](\.(claimed|eligible|disallowed|undetermined)|\.findings\[[^\]]+\](\.(taken|held))?)?"
    r"|score|score\.(exact|exact_low|exact_high|thresholds.*|criteria\[[^\]]+\](\.(points|weight))?)"
)
"""The places of a decision file that say what was decided, not why or in which words."""

_PASSED = (None, Result.MET.value, Result.NOT_APPLICABLE.value)


def _decides(found: Difference) -> bool:
    if not _DECIDED.fullmatch(found.where):
        return False
    if re.fullmatch(r"findings\[[^\]]+\]", found.where):  # a rule that is new or gone matters if it is not passed
        return any(_result(side) not in _PASSED for side in (found.stored, found.now))
    return True


def _result(finding: Any) -> Any:
    return finding.get("result") if isinstance(finding, Mapping) else finding


_CRITERION = r"score\.(?:criteria|thresholds)\[([^\]]+)\].*"


def _rule(found: Iterable[Difference]) -> str:
    """The first rule that decides otherwise: a requirement, else a cost rule, the formula, a criterion, a duty."""
    where = [difference.where for difference in found]
    for pattern in (r"findings\[([^\]]+)\].*", r"costs\..*\.findings\[([^\]]+)\].*"):
        named = [match[1] for place in where if (match := re.fullmatch(pattern, place))]
        if named:
            return named[0]
    if any(place.startswith(("highest_grant", "grant_range", "decided")) for place in where):
        return GrantFormula.id
    named = [match[1] for place in where if (match := re.fullmatch(_CRITERION, place))]
    return named[0] if named else where[0].partition(".")[0]
