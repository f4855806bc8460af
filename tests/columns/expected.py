"""What the specification says of an application, under the names that columns have."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import grantrules as g
from grantrules.assessments import combined
from grantrules.findings import Interval
from grantrules.readings.evaluate import evaluate, scope_of
from grantrules.tables.answers import applies, held, points, reaches, taken
from grantrules.tables.layout import snake
from grantrules.values import Truth, exact

Row = Mapping[str, Any]

HOLDS: Mapping[g.Result, Truth] = {
    g.Result.MET: True,
    g.Result.NOT_MET: False,
    g.Result.UNDETERMINED: None,
    g.Result.NOT_APPLICABLE: True,
}

SCORES = ("score_numerator", "score_low_numerator", "score_high_numerator")


def ore(amount: Decimal | None) -> int | None:
    """An amount in whole øre."""
    if amount is None:
        return None
    whole = int(amount * 100)
    assert whole == amount * 100
    return whole


def amounts(found: Interval | None) -> dict[str, int | None]:
    """What is claimed, eligible, disallowed and undetermined."""
    return {
        f"{name}_ore": None if found is None else ore(getattr(found, name))
        for name in ("claimed", "eligible", "disallowed", "undetermined")
    }


def result(rulebook: g.Rulebook, application: Any, assessments: Sequence[g.Assessment]) -> Row:
    """The row of an application but for its rank: points and scores as exact fractions, and no denominator."""
    rules, decision = rulebook.rules, rulebook.decide(application, assessments)
    scope = scope_of(rules, application, combined(assessments))
    row: dict[str, Any] = {"application": application.id, "outcome": decision.outcome.value}
    row |= {snake(id): HOLDS[found] for id, found in decision.results.items()}
    with exact():
        asked = [(applies(rule.id), rule.when) for rule in rules.requirements]
        asked += [(snake(condition.id), condition.when) for condition in rules.conditions]
        row |= {name: evaluate(when, scope) for name, when in asked if when is not None}
    row |= amounts(decision.costs.total)
    for rule in rules.cost_rules:
        by_line = [f.taken for line in decision.costs.lines for f in line.findings if f.rule == rule.id]
        row[taken(rule.id)] = None if decision.costs.total is None else ore(sum(by_line, Decimal(0)))
    row["highest_grant_ore"] = ore(decision.highest_grant)
    return row | (_scores(rulebook, decision.score) if rules.scoring.criteria else {})


def _scores(rulebook: g.Rulebook, score: g.Score | None) -> dict[str, Any]:
    if score is None:
        scoring = rulebook.rules.scoring
        thresholds = [criterion.id for criterion in scoring.criteria if criterion.threshold is not None]
        thresholds += [] if scoring.threshold is None else [scoring.threshold.id]
        names = [*SCORES, *(points(criterion.id) for criterion in scoring.criteria), *map(reaches, thresholds)]
        return dict.fromkeys(names)
    return {
        **dict(zip(SCORES, (score.exact, score.low, score.high), strict=True)),
        **{points(criterion.id): criterion.points for criterion in score.criteria},
        **{reaches(threshold.id): threshold.holds for threshold in score.thresholds},
    }


def lines(rulebook: g.Rulebook, application: Any, assessments: Sequence[g.Assessment]) -> list[Row]:
    """The rows of the cost lines of an application."""
    return [
        {"application": application.id, "position": line.index, "id": line.id, **amounts(line.interval)}
        | {name: value for rule in rulebook.rules.cost_rules for name, value in _taken_and_held(rule.id, line).items()}
        for line in rulebook.decide(application, assessments).costs.lines
    ]


def _taken_and_held(rule: str, line: Any) -> dict[str, int | None]:
    """What a rule takes of a line and holds back; nothing if it is not among the findings."""
    found = next(((f.taken, f.held) for f in line.findings if f.rule == rule), (Decimal(0), Decimal(0)))
    took, holds = (None, None) if line.interval is None else found
    return {taken(rule): ore(took), held(rule): ore(holds)}


def ranks(rows: Sequence[Row]) -> dict[str, int | None]:
    """Case number to rank: by score, of those that are eligible, wholly scored and below no threshold."""

    def score_of(row: Row) -> Fraction | None:
        above = all(value for name, value in row.items() if name.startswith(reaches("")))
        return row.get("score_numerator") if row["outcome"] == "eligible" and above else None

    scores = {row["application"]: score_of(row) for row in rows}
    ahead = [score for score in scores.values() if score is not None]
    return {id: None if own is None else 1 + sum(other > own for other in ahead) for id, own in scores.items()}
