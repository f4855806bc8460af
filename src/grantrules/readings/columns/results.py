"""What the rules say of every application, and of every cost line, as columns."""

from collections.abc import Mapping

import narwhals as nw
from attrs import evolve, frozen

from grantrules.findings import Outcome
from grantrules.pools import Condition, Requirement, Stage
from grantrules.readings.columns import values
from grantrules.readings.columns.costs import LINE, held_back
from grantrules.readings.columns.frames import OUTERMOST, Frames, column_name
from grantrules.readings.columns.lists import known_of, sum_of, whole_count
from grantrules.readings.columns.numbers import Number, constant, literal
from grantrules.readings.columns.query import Asked, Query
from grantrules.readings.columns.scoring import Scores, scores_of
from grantrules.readings.columns.terms import Reader
from grantrules.readings.columns.values import either, truth
from grantrules.tables import answers
from grantrules.tables.fitting import Frame
from grantrules.tables.layout import APPLICATIONS, KEY, ORE_DECIMALS, POSITION, snake, stated
from grantrules.terms.schema import COSTS

Named = dict[str, nw.Expr]
"""Columns by the names under which they are given out."""


@frozen
class Results:
    """
    What one rule set says of every application.

    Args:
        columns: public name to the column of the frames.
        rating_limit: more assessments of an application are not brought together; `None` if it does not matter how
            many there are.
        denominators: the points of each criterion, by their column, and what stands below them in every row.
    """

    columns: Mapping[str, str]
    rating_limit: int | None
    denominators: Mapping[str, int]

    def named(self, before: str = "") -> list[nw.Expr]:
        """The columns under their public names, each with a word before it."""
        return [nw.col(column).alias(before + name) for name, column in self.columns.items()]


def results(query: Query, index: int) -> Results:
    """
    Work out everything that one rule set says of the applications.

    Raises:
        InputError: a rule that columns cannot express.
    """
    asked = query.asked[index]
    said, scores = _Said(query.frames, f"rules{index}__", {}), query.tried(asked, scores_of, asked.reader)
    for rule in asked.requirements:
        query.tried(asked, _judge, said, asked, rule)
    query.settle()
    assert scores is not None, "what could not be made is refused"
    said.add({answers.OUTCOME: _outcome(said, asked)})
    said.add(_totals(query, asked))
    query.tried(asked, _grant, query, said, asked)
    query.tried(asked, _score, said, scores)
    for condition in asked.conditions:
        query.tried(asked, _follow, said, asked, condition)
    query.settle()
    order = [column.name for column in answers.result_columns(asked.rules, rank=False) if column.name != KEY]
    return Results(
        {name: said.columns[name] for name in order},
        scores.rating_limit if scores.averages else None,
        {answers.points(id): points.whole for id, points in scores.points.items()},
    )


@frozen
class _Said:
    """
    The columns given out so far.

    Args:
        prefix: what they are named after in the frames, so that several rule sets do not meet.
    """

    frames: Frames
    prefix: str
    columns: dict[str, str]

    def add(self, columns: Named) -> None:
        named = {self.prefix + name: expr for name, expr in columns.items()}
        self.frames.add(OUTERMOST, named)
        self.columns.update({name: self.prefix + name for name in columns})

    def column(self, name: str) -> nw.Expr:
        return nw.col(self.columns[name])


# Requirements


def _judge(said: _Said, asked: Asked, rule: Requirement) -> None:
    """Whether a requirement is met, or does not apply; and whether it applies, where that depends."""
    holds = asked.reader.column(rule.demand, OUTERMOST)
    if rule.when is None:
        said.add({snake(rule.id): holds})
        return
    applies = asked.reader.column(rule.when, OUTERMOST)
    said.add({snake(rule.id): either(applies, holds, truth(True)), answers.applies(rule.id): applies})


def _follow(said: _Said, asked: Asked, condition: Condition) -> None:
    """Whether a duty follows an award."""
    if condition.when is not None:
        said.add({snake(condition.id): asked.reader.column(condition.when, OUTERMOST)})


def _outcome(said: _Said, asked: Asked) -> nw.Expr:
    """What the verdicts add up to: one that fails settles it, whatever is missing."""
    formal, eligibility = (
        values.all_true([said.column(snake(rule.id)) for rule in asked.requirements if rule.stage is stage])
        for stage in (Stage.FORMAL, Stage.ELIGIBILITY)
    )
    undetermined = nw.when(formal & eligibility).then(_word(Outcome.ELIGIBLE)).otherwise(_word(Outcome.UNDETERMINED))
    not_dismissed = nw.when(~eligibility).then(_word(Outcome.INELIGIBLE)).otherwise(undetermined)
    return nw.when(~formal).then(_word(Outcome.DISMISSED)).otherwise(not_dismissed)


def _word(outcome: Outcome) -> nw.Expr:
    return nw.lit(outcome.value, dtype=nw.String)


# Costs and the grant


def _totals(query: Query, asked: Asked) -> Named:
    """The sums of the cost lines; all null if the costs are not stated or an amount is missing."""
    lines = query.lines[asked.cost_rules]
    is_stated = nw.col(column_name(APPLICATIONS, stated(COSTS)))
    known = is_stated & (whole_count(known_of(lines.claimed)) == whole_count(query.items))

    def total(column: str) -> nw.Expr:
        return nw.when(known).then(whole_count(sum_of(column)))

    claimed, low, high = (total(column) for column in (lines.claimed, lines.low, lines.high))
    sums: Named = {answers.CLAIMED: claimed, answers.ELIGIBLE: low, answers.DISALLOWED: claimed - high}
    takings = {answers.taken(id): total(column) for id, column in lines.taken.items()}
    return {**sums, answers.UNDETERMINED: high - low, **takings}


def _grant(query: Query, said: _Said, asked: Asked) -> None:
    """The highest grant possible: nothing for what is refused, null while the ends of the eligible cost disagree."""
    eligible, undetermined = said.column(answers.ELIGIBLE), said.column(answers.UNDETERMINED)
    most = query.lines[asked.cost_rules].most * query.line_limit
    ends = {"least": eligible, "most": eligible + undetermined}
    names = {end: f"{said.prefix}grant_{end}" for end in ends}
    for end, amount in ends.items():
        reader = evolve(asked.reader, eligible=Number(amount, ORE_DECIMALS, 0, most))
        query.frames.add(OUTERMOST, {names[end]: _grant_at(asked, reader)})
    low, high = (nw.col(name) for name in names.values())
    refused = said.column(answers.OUTCOME).is_in([Outcome.DISMISSED.value, Outcome.INELIGIBLE.value])
    said.add({answers.HIGHEST_GRANT: nw.when(refused).then(literal(0)).otherwise(nw.when(low == high).then(low))})


def _grant_at(asked: Asked, reader: Reader) -> nw.Expr:
    amount = reader.apart(asked.grant.amount, OUTERMOST).at_scale(ORE_DECIMALS)
    floor = constant(0) if asked.grant.floor is None else reader.apart(asked.grant.floor, OUTERMOST)
    least = floor.at_scale(ORE_DECIMALS)
    reached = (amount.expr > 0) & (amount.expr >= least.expr)
    known = ~(amount.expr.is_null() | least.expr.is_null())
    return nw.when(known).then(nw.when(reached).then(amount.expr).otherwise(literal(0)))


# Scores


def _score(said: _Said, scores: Scores) -> None:
    scoring = scores.scoring
    if not scoring.criteria:
        return
    said.add({answers.points(id): nw.when(scores.counted).then(points.steps) for id, points in scores.points.items()})
    steps = {id: said.column(answers.points(id)) for id in scores.points}
    said.add(
        {
            answers.SCORE: scores.total(steps, None),
            answers.LOWEST_SCORE: scores.total(steps, 0),
            answers.HIGHEST_SCORE: scores.total(steps, 1),
            answers.DENOMINATOR: literal(scores.denominator),
        }
    )
    for criterion in scoring.criteria:
        if criterion.threshold is not None:
            said.add(
                {answers.reaches(criterion.id): scores.reaches(steps[criterion.id], criterion, criterion.threshold)}
            )
    if scoring.threshold is not None:
        low, high = said.column(answers.LOWEST_SCORE), said.column(answers.HIGHEST_SCORE)
        said.add({answers.reaches(scoring.threshold.id): scores.reaches_in_all(low, high, scoring.threshold.least)})


def ranked(frame: Frame) -> Frame:
    """
    The results with the rank of each application by its score: 1 for the highest, the same for level ones.

    Only what is eligible, fully scored and below no threshold has one; nothing has where there are no criteria.
    """
    names = frame.collect_schema().names()
    if answers.SCORE not in names:
        return frame.with_columns(rank=nw.lit(None, dtype=nw.Int64))
    competes = (nw.col(answers.OUTCOME) == Outcome.ELIGIBLE.value) & values.all_true(
        [nw.col(name) for name in answers.thresholds(names)]
    )
    scored = frame.with_columns(rank=nw.when(competes).then(nw.col(answers.SCORE)))
    place = nw.col("rank").rank("min", descending=True)
    if isinstance(frame, nw.DataFrame):
        return scored.with_columns(place.cast(nw.Int64))
    whole = scored.with_columns(whole_round=truth(True))
    return whole.with_columns(place.over("whole_round").cast(nw.Int64)).drop("whole_round")


# Cost lines


def cost_table(query: Query, index: int) -> Frame:
    """What becomes of every cost line: what is left of it, and what each rule takes and holds back."""
    frames, lines = query.frames, query.lines[query.asked[index].cost_rules]
    held = held_back(frames, lines)
    given = frames.at[LINE].collect_schema().names()
    place = [name for name in (POSITION, "id") if column_name(COSTS, name) in given]
    known = ~nw.col(lines.claimed).is_null()

    def amount(expr: nw.Expr) -> nw.Expr:
        return nw.when(known).then(expr)

    claimed, low, high = nw.col(lines.claimed), nw.col(lines.low), nw.col(lines.high)
    columns: Named = {
        answers.CLAIMED: claimed,
        answers.ELIGIBLE: amount(low),
        answers.DISALLOWED: amount(claimed - high),
        answers.UNDETERMINED: amount(high - low),
    }
    for id in lines.cuts:
        columns[answers.taken(id)] = amount(nw.col(lines.taken[id]))
        columns[answers.held(id)] = amount(nw.col(held[id]))
    named = [nw.col(column_name(COSTS, name)).alias(name) for name in place]
    return frames.at[LINE].select(nw.col(KEY), *named, **columns)
