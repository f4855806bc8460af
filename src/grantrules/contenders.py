"""Who takes part when the money is shared out, and why others do not."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeAlias, assert_never

from attrs import frozen

from grantrules.awards import AwardOutcome, Override, Standing, Why
from grantrules.decisions import Decision
from grantrules.findings import Outcome, Result, Score
from grantrules.pools import Stage


@frozen
class View:
    """An outcome and a highest grant: as the rules have it, or as a person decided."""

    outcome: Outcome
    highest: Decimal | None
    aside: frozenset[str] = frozenset()


@frozen
class Contender:
    """An application that asks for money, as far as an allocation knows it."""

    id: str
    title: str | None
    recommended: View
    decided: View
    score: Score | None
    standing: Standing
    overrides: tuple[Override, ...]
    results: Mapping[str, Result]

    @classmethod
    def of(cls, decision: Decision) -> "Contender":
        """Read it off a decision."""
        aside = frozenset(id for override in decision.overrides for id in override.sets_aside)
        return cls(
            decision.heading.application or "",
            decision.heading.title,
            View(decision.outcome, decision.recommended),
            View(decision.decided_outcome, decision.decided, aside),
            decision.score,
            decision.standing or Standing(None),
            decision.overrides,
            {} if decision.decided_outcome is Outcome.ELIGIBLE else decision.results,
        )


Stopped: TypeAlias = tuple[AwardOutcome, Why, dict[str, Any]]
"""An outcome without a rank, its reason, and what the reason names."""


def stopped_by(contender: Contender, view: View, rated: bool) -> Stopped | None:
    """Why an application cannot be ranked, the first reason that applies; `None` if it can."""
    highest, least = view.highest, contender.standing.least
    below = _below_threshold(contender, view)
    match view.outcome:
        case Outcome.DISMISSED:
            return AwardOutcome.DISMISSED, Why.DISMISSED, _against(contender, view, Result.NOT_MET, Stage.FORMAL)
        case Outcome.INELIGIBLE:
            return AwardOutcome.INELIGIBLE, Why.INELIGIBLE, _against(contender, view, Result.NOT_MET)
        case Outcome.UNDETERMINED:
            return AwardOutcome.UNDETERMINED, Why.UNDETERMINED, _against(contender, view, Result.UNDETERMINED)
        case Outcome.ELIGIBLE:
            pass
        case _:
            assert_never(view.outcome)
    if highest is not None and not highest:
        return AwardOutcome.DECLINED, Why.NO_GRANT, {}
    if below:
        return AwardOutcome.DECLINED, Why.BELOW_THRESHOLD, below
    if rated and (contender.score is None or contender.score.exact is None):
        return AwardOutcome.UNDETERMINED, Why.NOT_ASSESSED, {}
    if highest is None:
        return AwardOutcome.UNDETERMINED, Why.GRANT_UNDETERMINED, {}
    if contender.standing.missing or least is None:
        return AwardOutcome.UNDETERMINED, Why.FACTS_MISSING, {}
    if highest < least:
        return AwardOutcome.DECLINED, Why.BELOW_LEAST, {}
    return None


def _against(contender: Contender, view: View, result: Result, stage: Stage | None = None) -> dict[str, Any]:
    """The requirements that came out so and are not set aside, of one stage if it is named."""
    came = (id for id, found in contender.results.items() if found is result and id not in view.aside)
    return {"rules": tuple(id for id in came if stage is None or id.startswith(f"{stage}."))}


def _below_threshold(contender: Contender, view: View) -> dict[str, Any]:
    """The first threshold that is surely not reached and not set aside."""
    for threshold in () if contender.score is None else contender.score.thresholds:
        if threshold.holds is False and threshold.id not in view.aside:
            found = {} if threshold.found is None else {"found": threshold.found}
            return {"rule": threshold.id, "threshold": threshold.least, **found}
    return {}
