"""
Bringing an application to wanted results by small changes: to what meets one rule, fails another, or leaves it open.

The search takes, of all changes that grant a wish, the one after which the fewest wishes are left. What it finds has
been checked; it may miss what is there.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any, Protocol, assert_never

from attrs import field, frozen

from grantrules.application import Assessment
from grantrules.errors import InputError, Problem, nearest
from grantrules.findings import Result
from grantrules.pools import Requirement
from grantrules.readings.evaluate import result
from grantrules.rulebooks import Rulebook
from grantrules.terms.nodes import Term
from grantrules.testing.aiming.backwards import Aim
from grantrules.testing.aiming.editing import At, CaseFile
from grantrules.testing.aiming.thresholds import hints_of
from grantrules.values import Truth, exact

_WAYS = 60
"""How many ways of one wish are tried."""
_ROUNDS = 40
"""How many changes are made one after another."""

PASSED = (Result.MET, Result.NOT_APPLICABLE)
"""The results of a rule that stands in nobody's way."""


class Wish(Protocol):
    """Something that is wanted of a file."""

    def holds(self, file: CaseFile) -> bool:
        """It is so."""

    def ways(self, file: CaseFile, aim: "Aim") -> Iterator[CaseFile]:
        """Files, near this one, of which it may be so."""


@frozen
class Has:
    """A term has a truth, `None` for undetermined, with items of lists at hand."""

    term: Term
    truth: Truth = True
    at: At = field(factory=dict)

    def holds(self, file: CaseFile) -> bool:
        """It is so."""
        there = all(index < len(file.items(collection)) for collection, index in self.at.items())
        return there and file.value(self.term, self.at) is self.truth

    def ways(self, file: CaseFile, aim: "Aim") -> Iterator[CaseFile]:
        """Files, near this one, of which it may be so."""
        for collection, index in self.at.items():
            while index >= len(file.items(collection)):
                file = file.with_item(collection)
        yield from aim.ways(file, self.term, self.truth, self.at)


@frozen
class Gives:
    """A requirement has one of several results."""

    rule: Requirement
    results: Collection[Result]

    def holds(self, file: CaseFile) -> bool:
        """It is so."""
        with exact():
            return result(self.rule, file.scope) in self.results

    def ways(self, file: CaseFile, aim: "Aim") -> Iterator[CaseFile]:
        """Files, near this one, of which it may be so."""
        applies = () if self.rule.when is None else (self.rule.when,)
        for wanted in Result:
            if wanted not in self.results:
                continue
            match wanted:
                case Result.MET:
                    yield from aim.every(file, [(term, True) for term in (*applies, self.rule.demand)], {})
                case Result.NOT_MET:
                    pairs = [*((term, True) for term in applies), (self.rule.demand, False)]
                    yield from aim.every(file, pairs, {})
                case Result.UNDETERMINED:
                    yield from aim.every(file, [*((t, True) for t in applies), (self.rule.demand, None)], {})
                    yield from chain.from_iterable(aim.ways(file, term, None, {}) for term in applies)
                case Result.NOT_APPLICABLE:
                    yield from chain.from_iterable(aim.ways(file, term, False, {}) for term in applies)
                case _:
                    assert_never(wanted)


def searched(aim: Aim, start: CaseFile, wishes: Sequence[Wish]) -> CaseFile | None:
    """A file, as near to the first as the search finds it, of which every wish holds; `None` if it finds none."""
    file, seen = start, [start]
    for _ in range(_ROUNDS):
        open_ = [wish for wish in wishes if not wish.holds(file)]
        if not open_:
            return file if file.readable else None
        found: tuple[int, CaseFile] | None = None
        for wish in open_:
            found = _best(aim, file, wish, wishes, seen, found)
            if found is not None and found[0] < len(open_):
                break
        if found is None:
            return None
        file = found[1]
        seen.append(file)
    return None


def _best(
    aim: Aim,
    file: CaseFile,
    wish: Wish,
    wishes: Sequence[Wish],
    seen: Collection[CaseFile],
    found: tuple[int, CaseFile] | None,
) -> tuple[int, CaseFile] | None:
    """Of what grants a wish, the file with the fewest wishes left, unless the one found before has as few."""
    for made in islice(wish.ways(file, aim), _WAYS):
        if made not in seen and made.readable:
            most = len(wishes) if found is None else found[0] - 1
            left = sum(1 for _ in islice(_open(made, wishes), most + 1))
            if left <= most:
                found = left, made
            if left == 0:
                break
    return found


def _open(file: CaseFile, wishes: Sequence[Wish]) -> Iterator[Wish]:
    """The wishes that do not hold, found one by one."""
    return (wish for wish in wishes if not wish.holds(file))


def wishes_for(rulebook: Rulebook, wanted: Mapping[str, Result | Collection[Result]]) -> list[Wish]:
    """
    What is wished of a file so that the requirements named have the results named.

    Raises:
        InputError: there is no such requirement.
    """
    rules = {rule.id: rule for rule in rulebook.rules.requirements}
    unknown = [Problem(id, "there is no such requirement", nearest(id, rules)) for id in wanted if id not in rules]
    if unknown:
        raise InputError(rulebook.rules.name, unknown)
    return [Gives(rules[id], (r,) if isinstance(r, Result) else tuple(r)) for id, r in wanted.items()]


def aimed(
    rulebook: Rulebook,
    wanted: Mapping[str, Result | Collection[Result]],
    *,
    start: Any = None,
    assessments: Sequence[Assessment] = (),
    turn: int = 0,
) -> tuple[Any, list[Assessment]] | None:
    """
    An application, with assessments where rules wait for judgements, to which requirements give wanted results.

    Args:
        wanted: rule id to its result, or to several of which any will do.
        start: an application to begin from; one of which nothing is known but its pool and round if left out.
        turn: from which of several equally good values a fact takes the first.

    Returns:
        `None` if the search finds none: there may be one all the same.

    Raises:
        InputError: there is no such requirement.
    """
    first = blank(rulebook) if start is None else CaseFile(rulebook.rules, start, tuple(assessments))
    aim = Aim(rulebook.rules, hints_of(rulebook.rules), turn)
    found = searched(aim, first, wishes_for(rulebook, wanted))
    return None if found is None else (found.application, list(found.assessments))


def blank(rulebook: Rulebook) -> CaseFile:
    """An application of which nothing is known but its pool and round."""
    return CaseFile(rulebook.rules, rulebook.application(id="A-1", pool=rulebook.pool.id, round=rulebook.round.id))
