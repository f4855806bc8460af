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
from grantrules.pools import Combining
from grantrules.values import Truth


class Answer(NamedTuple):
    """
    What assessors answer to one question.

    Attributes:
        overall: the answer for the application and for every line without one of its own.
        by_line: answers for single cost lines; `None` where assessors differ.
    """

    overall: Truth
    by_line: Mapping[str, Truth]

    def on(self, line: str | None) -> Truth:
        """The answer for one cost line, or for the application."""
        return self.overall if line is None else self.by_line.get(line, self.overall)


PENDING = Answer(None, {})
"""Nobody has answered."""


@frozen
class Assessed:
    """
    All assessments of one application, combined.

    Attributes:
        counted: those that count.
        conflicted: assessors left out because of a conflict of interest.
        unstated: assessors who did not say whether they have one; counted, and reported.
    """

    counted: tuple[Assessment, ...]
    conflicted: tuple[str, ...]
    unstated: tuple[str, ...]
    answers: Mapping[str, Answer] = field(eq=False)

    def disputed(self, judgement: str, line: str | None) -> bool:
        """Two assessors answer the question differently, for this line or for the application."""
        return len(set(_given(self.counted, judgement, line))) > 1

    def ratings(self, criterion: str) -> tuple[Decimal, ...]:
        """The ratings given for a criterion, in increasing order."""
        return tuple(sorted(a.ratings[criterion] for a in self.counted if criterion in a.ratings))


def combined(assessments: Sequence[Assessment]) -> Assessed:
    """Combine assessments; their order does not matter."""
    counted = tuple(a for a in assessments if not a.conflict_of_interest)
    conflicted = sorted(a.assessor or "" for a in assessments if a.conflict_of_interest)
    unstated = sorted(a.assessor or "" for a in counted if a.conflict_of_interest is None)
    ids = {id for a in counted for id in a.judgements}
    answers = {id: _answer(counted, id) for id in ids}
    return Assessed(counted, tuple(conflicted), tuple(unstated), answers)


NOBODY = combined(())
"""No assessment at all."""


def _answer(assessments: Sequence[Assessment], id: str) -> Answer:
    lines = {line for a in assessments for line in _lines(a, id)}
    return Answer(
        _agreed(_given(assessments, id, None)),
        {line: _agreed(_given(assessments, id, line)) for line in lines},
    )


def _lines(assessment: Assessment, id: str) -> Iterable[str]:
    given = assessment.judgements.get(id)
    return given if isinstance(given, Mapping) else ()


def _given(assessments: Sequence[Assessment], id: str, line: str | None) -> list[bool]:
    found = []
    for assessment in assessments:
        given = assessment.judgements.get(id)
        answer = given.get(line) if isinstance(given, Mapping) and line is not None else given
        if isinstance(answer, bool):
            found.append(answer)
    return found


def _agreed(given: Sequence[bool]) -> Truth:
    return given[0] if given and all(answer is given[0] for answer in given) else None


def combined_rating(ratings: Sequence[Decimal], combining: Combining) -> Fraction | None:
    """Bring several ratings to one, exactly; `None` if there are none."""
    if not ratings:
        return None
    match combining:
        case Combining.MEAN:
            return sum((Fraction(rating) for rating in ratings), Fraction(0)) / len(ratings)
        case _:
            assert_never(combining)
