"""What may be wrong with the way criteria add up: weights, emphasis and thresholds."""

from collections.abc import Iterator
from fractions import Fraction
from typing import get_args

from attrs import evolve

from grantrules.bases import Basis
from grantrules.criteria import Combining, Scoring, Weighting, Weights
from grantrules.errors import Problem, excerpt, nearest
from grantrules.ruleset import RuleSet
from grantrules.soundness.texts import basis_problems, text_problems


def score_problems(rules: RuleSet) -> Iterator[Problem]:
    """What is wrong with the criteria together."""
    scoring = rules.scoring
    if scoring.scale is not None and (type(scoring.scale.top) is not int or scoring.scale.top < 1):
        message = f"expected a whole number from 1, got {excerpt(scoring.scale.top)}"
        yield Problem(f"{scoring.scale.id}: top", message, code="scale")
    yield from _part_problems(scoring)
    for name in ("scale", "weights", "combination"):
        if scoring.criteria and getattr(scoring, name) is None:
            yield Problem("scoring", f"there are criteria but no {name}", f"give the scoring a {name}", "no-scoring")
    inexact = list(_inexact(scoring))
    yield from inexact
    if scoring.weights is None or inexact:
        return
    wrong = list(_weight_problems(scoring, scoring.weights))
    yield from wrong
    yield from () if wrong else _emphasis_problems(scoring)
    yield from _threshold_problems(scoring)


def _part_problems(scoring: Scoring) -> Iterator[Problem]:
    """What is wrong with each part by itself: its basis, and a word that is none of those there are."""
    for part in scoring.parts:
        if isinstance(part.basis, get_args(Basis)):
            for problem in basis_problems(part.basis):
                yield evolve(problem, where=f"{part.id}: {problem.where}")
        else:
            yield Problem(part.id, "it has no basis", code="no-basis")
    if scoring.weights is not None and not isinstance(scoring.weights.weighting, Weighting):
        message = f"expected a `Weighting`, got {excerpt(scoring.weights.weighting)}"
        yield Problem(f"{scoring.weights.id}: weighting", message, code="wrong-word")
    if scoring.combination is not None and not isinstance(scoring.combination.combining, Combining):
        message = f"expected a `Combining`, got {excerpt(scoring.combination.combining)}"
        yield Problem(f"{scoring.combination.id}: combining", message, code="wrong-word")
    if scoring.threshold is not None and not scoring.criteria:
        yield Problem(scoring.threshold.id, "there is nothing to reach it with: the round has no criteria")


def _inexact(scoring: Scoring) -> Iterator[Problem]:
    """Weights and thresholds that are no exact numbers."""
    stated = [(f"criterion {c.id}: {n}", getattr(c, n)) for c in scoring.criteria for n in ("weight", "threshold")]
    stated += [] if scoring.weights is None else [(f"{scoring.weights.id}: total", scoring.weights.total)]
    stated += [] if scoring.threshold is None else [(scoring.threshold.id, scoring.threshold.least)]
    for place, number in stated:
        if number is not None and (type(number) not in (int, Fraction) or number < 0):
            message = f"expected an exact number of at least zero, got {excerpt(number)}"
            yield Problem(place, message, "write `Fraction(1, 3)`", "weights")


def _weight_problems(scoring: Scoring, weights: Weights) -> Iterator[Problem]:
    stated = [criterion for criterion in scoring.criteria if criterion.weight is not None]
    if weights.weighting is Weighting.EQUAL and stated:
        yield Problem("scoring", f"weights are equal, but `{stated[0].id}` states one", code="weights")
    elif weights.weighting is Weighting.STATED:
        whole = sum((criterion.weight or Fraction(0) for criterion in stated), Fraction(0))
        if len(stated) < len(scoring.criteria):
            yield Problem("scoring", "a criterion states no weight", code="weights")
        elif not whole:
            yield Problem("scoring", "the weights are all zero", code="weights")
        elif whole != weights.total:
            yield Problem("scoring", f"the weights add up to {whole}, not to {weights.total}", code="weights")


def _emphasis_problems(scoring: Scoring) -> Iterator[Problem]:
    """An order in words that names other criteria, or that the weights in use contradict."""
    emphasis = scoring.emphasis
    if emphasis is None:
        return
    yield from text_problems(f"{emphasis.id}: statement", emphasis.statement)
    shares = dict(zip((criterion.id for criterion in scoring.criteria), scoring.shares, strict=True))
    for group in emphasis.groups:
        if isinstance(group, str) or not group:
            message = f"expected ids of criteria, got {excerpt(group)}"
            yield Problem(emphasis.id, message, 'write `("purpose", "goals")`', "emphasis")
            return
    named = [id for group in emphasis.groups for id in group]
    for id in dict.fromkeys(named):
        if id not in shares:
            yield Problem(emphasis.id, f"there is no criterion {excerpt(id)}", nearest(id, shares), "unknown-id")
        elif named.count(id) > 1:
            yield Problem(emphasis.id, f"`{id}` is named twice", "name each criterion once", "emphasis")
    groups = [*emphasis.groups, tuple(id for id in shares if id not in named)]
    known = [[id for id in group if id in shares] for group in groups]
    for index, heavier in enumerate(known):
        lighter = [id for group in known[index + 1 :] for id in group]
        least, most = min(heavier, key=shares.__getitem__, default=""), max(lighter, key=shares.__getitem__, default="")
        if least and most and shares[least] < shares[most]:
            weighs = f"and weighs {shares[least]} to {shares[most]}"
            message = f"`{least}` should weigh at least as much as `{most}`, {weighs}"
            yield Problem(emphasis.id, message, "change the weights, or the emphasis", "emphasis")


def _threshold_problems(scoring: Scoring) -> Iterator[Problem]:
    top = 1 if scoring.scale is None else scoring.scale.top
    for criterion in scoring.criteria:
        highest = top if criterion.computed is None else 1
        if criterion.threshold is not None and criterion.threshold > highest:
            message = f"expected a threshold from 0 to {highest}, got {criterion.threshold}"
            yield Problem(f"criterion {criterion.id}: threshold", message, code="threshold")
    if scoring.threshold is not None and scoring.threshold.least > 100:
        message = f"expected a total from 0 to 100, got {scoring.threshold.least}"
        yield Problem(scoring.threshold.id, message, code="threshold")
