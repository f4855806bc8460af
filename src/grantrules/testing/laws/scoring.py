"""Laws of scores: on their scale, exact, and never lower for a better rating."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from attrs import evolve
from hypothesis import strategies as st

from grantrules.application import Assessment
from grantrules.findings import Score
from grantrules.rulebooks import Rulebook
from grantrules.testing.laws.law import Cases, Wrong
from grantrules.testing.strategies.filling import Draw

HALF_A_DIGIT = Fraction(1, 200)
"""So far from the exact score is the one with two decimals at most."""


def scores_leave_their_scale(rulebook: Rulebook, given: Cases, draw: Draw) -> Iterator[Wrong]:
    """A score is an exact number from 0 to 100 between its ends, of points from 0 to 1 and ratings on the scale."""
    ((application, assessments),) = given
    score = rulebook.decide(application, assessments).score
    if score is None:
        return
    if not 0 <= score.low <= score.high <= 100:
        yield Wrong(f"the score lies between {score.low} and {score.high}")
    if score.exact is not None and not score.low == score.exact == score.high:
        yield Wrong(f"the score is {score.exact}, and lies between {score.low} and {score.high}")
    if score.exact is not None and score.total is not None and abs(Fraction(score.total) - score.exact) > HALF_A_DIGIT:
        yield Wrong(f"the score is {score.exact}, and is shown as {score.total}")
    for finding in score.thresholds:
        if not isinstance(finding.least, Fraction) or not isinstance(finding.found, Fraction | None):
            yield Wrong(
                f"{finding.found!r} is held against {finding.least!r}, and one of them is not exact", finding.id
            )
    if (score.exact is None) is not any(criterion.points is None for criterion in score.criteria):
        yield Wrong(f"the score is {score.exact}, and points are missing, or the other way round")
    if sum((criterion.weight for criterion in score.criteria), Fraction(0)) != 1:
        yield Wrong(f"the weights are {', '.join(str(c.weight) for c in score.criteria)}, and do not add up to 1")
    top = rulebook.rules.scoring.scale.top if rulebook.rules.scoring.scale else 1
    for criterion in score.criteria:
        if not _on_scale(criterion.points, 1):
            yield Wrong(f"it is worth {criterion.points} of 1", criterion.id)
        if not _on_scale(criterion.rating, top):
            yield Wrong(f"its rating is {criterion.rating} on a scale from 0 to {top}", criterion.id)


def _on_scale(number: object, top: int) -> bool:
    return number is None or (isinstance(number, Fraction) and 0 <= number <= top)


def better_ratings_lower_scores(rulebook: Rulebook, given: Cases, draw: Draw) -> Iterator[Wrong]:
    """Raising one rating of one assessor lowers neither the score nor its ends, and takes no threshold away."""
    ((application, assessments),) = given
    scoring = rulebook.rules.scoring
    rated = [criterion.id for criterion in scoring.criteria if criterion.computed is None]
    if not rated or scoring.scale is None:
        return
    id, index = draw(st.sampled_from(rated)), draw(st.integers(0, max(0, len(assessments) - 1)))
    top = Decimal(scoring.scale.top)
    lower = draw(st.decimals(0, top, places=1))
    higher = draw(st.decimals(lower, top, places=1))
    before, after = (
        rulebook.decide(application, _rating(assessments, index, id, rating)).score for rating in (lower, higher)
    )
    if before is None or after is None:
        return
    for message in _lowered(before, after):
        yield Wrong(f"{message} when a rating of {lower} is raised to {higher}", id)


def _rating(assessments: Sequence[Assessment], index: int, criterion: str, rating: Decimal) -> list[Assessment]:
    """The assessments, with one rating of one of them; with one assessment where there is none."""
    changed = [*assessments] or [Assessment(assessor="assessor-0", conflict_of_interest=False)]
    changed[index] = evolve(changed[index], ratings={**changed[index].ratings, criterion: rating})
    return changed


def _lowered(before: Score, after: Score) -> Iterator[str]:
    """What of a score is lower than it was."""
    if before.exact is not None and (after.exact is None or after.exact < before.exact):
        yield f"the score falls from {before.exact} to {after.exact}"
    for end in ("low", "high"):
        if getattr(after, end) < getattr(before, end):
            which = "lowest" if end == "low" else "highest"
            yield f"the {which} possible score falls from {getattr(before, end)} to {getattr(after, end)}"
    for old, new in zip(before.thresholds, after.thresholds, strict=True):
        if (old.holds is True and new.holds is not True) or (new.holds is False and old.holds is not False):
            yield f"the threshold `{old.id}` gets out of reach"
