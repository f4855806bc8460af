"""This library, one application at a time, from objects of its own classes."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
from peers import data
from peers.verdicts import AMOUNTS, DENOMINATOR, REQUIREMENTS, SCHEMA, SCORE

import grantrules

POOL, ROUND = "dk_2018_kompetenceloeft", "2018"


# Deciding


def one_at_a_time() -> "OneAtATime":
    """The rules, found, bound and compiled."""
    return OneAtATime(scores=True)


def verdicts_alone() -> "OneAtATime":
    """The same, and nobody looks at the score."""
    return OneAtATime(scores=False)


class OneAtATime:
    """
    One decision for each application, with verdicts and amounts; reasons are made when somebody looks at them.

    Args:
        scores: the score is looked at, which works it out.
    """

    def __init__(self, scores: bool) -> None:
        self._rules, self._scores = grantrules.rulebook(POOL, ROUND), scores
        self._rules.decide(self._rules.application())

    def opened(self, folder: Path) -> Any:
        """The objects of all applications, with their assessments."""
        return self._rules.from_tables(data.frames(folder))

    held = opened

    def decided(self, facts: Any) -> Any:
        """A decision for each."""
        made = [self._rules.decide(*case) for case in facts]
        if self._scores:
            for decision in made:
                _ = decision.score
        return made

    def compared(self, made: Any) -> pl.DataFrame:
        """The decisions as a frame."""
        return compared(made)


# What was decided, as it is compared


def compared(decisions: Sequence[grantrules.Decision]) -> pl.DataFrame:
    """The decisions as a frame."""
    return pl.DataFrame([_row(decision) for decision in decisions], schema=SCHEMA, orient="row")


_TRUTHS = {
    grantrules.Result.MET: True,
    grantrules.Result.NOT_APPLICABLE: True,
    grantrules.Result.NOT_MET: False,
    grantrules.Result.UNDETERMINED: None,
}


def _row(decision: grantrules.Decision) -> tuple[Any, ...]:
    total, score = decision.costs.total, decision.score
    whole = (None,) * 4 if total is None else (total.claimed, total.eligible, total.disallowed, total.undetermined)
    amounts = [None if amount is None else int(amount.scaleb(2)) for amount in (*whole, decision.highest_grant)]
    assert len(decision.results) == len(REQUIREMENTS)
    assert len(amounts) == len(AMOUNTS)
    truths = [_TRUTHS[result] for result in decision.results.values()]
    numerator = None if score is None or score.exact is None else numerator_of(score.exact)
    return (decision.heading.application, decision.outcome.value, *truths, *amounts, numerator)


def numerator_of(exact: Fraction) -> int:
    """The numerator of a score over the common denominator."""
    scaled = exact * DENOMINATOR
    assert scaled.denominator == 1, f"{SCORE}: {exact} is not a number of {DENOMINATOR}ths"
    return scaled.numerator
