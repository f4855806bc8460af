"""
How several assessments of one application become one set of judgements and ratings.

Assessors with a conflict of interest count for nothing and are named. Judgements that differ are disputed,
which leaves what depends on them undetermined. Ratings that are missing stay missing.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, assert_never

from attrs import field, frozen

from grantrules.application import Assessment
from grantrules.criteria import Combining
from grantrules.values import Truth


class ByLine(NamedTuple):
    """
    What assessors answer to a question that one of them answers line by line.

    Attributes:
        overall: the answer for every line without one of its own.
        lines: answers for single cost lines; `None` where assessors differ.
    """

    overall: Truth
    lines: Mapping[str, Truth]

    def on(self, line: str | None) -> Truth:
        """The answer for one cost line; for one that has no id yet, only if it is the answer for every line."""
        if line is not None:
            return self.lines.get(line, self.overall)
        return self.overall if all(answer is self.overall for answer in self.lines.values()) else None


@frozen
class Assessed:
    """
    All assessments of one application, combined.

    Attributes:
        counted: those that count.
        conflicted: assessors left out because of a conflict of interest.
        unstated: assessors who did not say whether they have one; counted, and reported.
        answers: judgement id to the answer, `None` where assessors differ.
    """

    counted: tuple[Assessment, ...]
    conflicted: tuple[str | None, ...]
    unstated: tuple[str | None, ...]
    answers: Mapping[str, Truth | ByLine] = field(eq=False)

    def answer(self, judgement: str, line: str | None) -> Truth:
        """The answer to a question for one cost line, or for the application; `None` while pending or disputed."""
        found = self.answers.get(judgement)
        return found.on(line) if isinstance(found, ByLine) else found

    def by_line(self, judgement: str) -> bool:
        """Somebody answers the question line by line."""
        return isinstance(self.answers.get(judgement), ByLine)

    def disputed(self, judgement: str, line: str | None) -> bool:
        """Two assessors answer the question differently, for this line or for the application."""
        return len(set(_on_line(self.counted, judgement, line))) > 1

    @property
    def comments(self) -> Mapping[str, tuple[str, ...]]:
        """What the assessors who count wrote, by criterion or judgement, in the order of the alphabet."""
        ids = sorted({id for assessment in self.counted for id in assessment.comments})
        return {id: tuple(sorted(a.comments[id] for a in self.counted if id in a.comments)) for id in ids}

    def ratings(self, criterion: str, agreed: bool = False) -> tuple[Decimal, ...]:
        """The ratings given for a criterion, in increasing order; only those that were agreed on, if `agreed`."""
        counted = [a for a in self.counted if a.consensus is True] if agreed else self.counted
        return tuple(sorted(a.ratings[criterion] for a in counted if criterion in a.ratings))


def combined(assessments: Sequence[Assessment]) -> Assessed:
    """Combine assessments; their order does not matter."""
    counted = tuple(a for a in assessments if not a.conflict_of_interest)
    conflicted = _named(a for a in assessments if a.conflict_of_interest)
    unstated = _named(a for a in counted if a.conflict_of_interest is None)
    return Assessed(counted, conflicted, unstated, _answers(counted))


def _named(assessments: Iterable[Assessment]) -> tuple[str | None, ...]:
    names = [assessment.assessor for assessment in assessments]
    return tuple(sorted(names, key=lambda name: (name is None, name or "")))


def _answers(counted: Sequence[Assessment]) -> Mapping[str, Truth | ByLine]:
    # Deciding thousands of applications goes through here, and most answers are for all lines and alike.
    answers: dict[str, Truth | ByLine] = {}
    by_line: dict[str, None] = {}
    for assessment in counted:
        for id, given in assessment.judgements.items():
            if given is True or given is False:
                if answers.setdefault(id, given) is not given:
                    answers[id] = None
            else:
                by_line[id] = None
    for id in by_line:
        lines = dict.fromkeys(line for a in counted for line in _lines(a, id))
        own = {line: _agreed(_on_line(counted, id, line)) for line in lines}
        answers[id] = ByLine(_agreed(_on_line(counted, id, None)), own)
    return answers


def _lines(assessment: Assessment, id: str) -> Iterable[str]:
    given = assessment.judgements.get(id, False)
    return () if isinstance(given, bool) else given


def _on_line(counted: Sequence[Assessment], id: str, line: str | None) -> list[bool]:
    """Everybody's answer for a line, or else their answer for all lines."""
    found = []
    for assessment in counted:
        given = assessment.judgements.get(id)
        own = given if given is None or isinstance(given, bool) else None if line is None else given.get(line)
        if own is not None:
            found.append(own)
    return found


def _agreed(given: Sequence[bool]) -> Truth:
    return given[0] if given and all(answer is given[0] for answer in given) else None


NOBODY = combined(())
"""No assessment at all."""


def combined_rating(ratings: Sequence[Decimal], combining: Combining) -> Fraction | None:
    """
    Bring several ratings, in increasing order, to one, exactly.

    Returns:
        `None` if there are none, if there are too few to drop the lowest and the highest, or if entries that were
        agreed on differ.
    """
    given = [Fraction(rating) for rating in ratings]
    if not given:
        return None
    match combining:
        case Combining.MEAN:
            return _mean(given)
        case Combining.MEDIAN:
            return _mean(given[(len(given) - 1) // 2 : len(given) // 2 + 1])
        case Combining.CONSENSUS:
            return given[0] if given[0] == given[-1] else None
        case Combining.TRIMMED_MEAN:
            return _mean(given[1:-1]) if len(given) > 2 else None
        case _:
            assert_never(combining)


def _mean(given: Sequence[Fraction]) -> Fraction:
    return sum(given, Fraction(0)) / len(given)
