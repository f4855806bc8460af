"""
What assessors say, brought together: one answer to every question, one rating for every criterion.

Assessors with a conflict of interest count for nothing. Answers that differ leave a question open, for the whole
application or for the one cost line they differ about.
"""

from collections.abc import Sequence

import narwhals as nw

from grantrules.criteria import Combining
from grantrules.errors import InputError, Problem
from grantrules.readings.columns.frames import OUTERMOST, Frames, column_name
from grantrules.readings.columns.numbers import literal
from grantrules.readings.columns.terms import NOT_IN_COLUMNS, judgement_column
from grantrules.readings.columns.values import truth
from grantrules.ruleset import RuleSet
from grantrules.tables.fitting import Frame
from grantrules.tables.layout import ASSESSMENT, ASSESSMENTS, CONFLICT, CONSENSUS, KEY, LINE, LINE_JUDGEMENTS, answer
from grantrules.tables.layout import rating as rating_column
from grantrules.terms.schema import COSTS

COUNTED = "assessed__counted"
"""The column of how many assessments of an application count; null if none does."""

_COST_LINE = (COSTS,)


def bring_assessments(frames: Frames, rules: Sequence[RuleSet]) -> None:
    """
    Put beside every application what its assessors say.

    Raises:
        InputError: the engine cannot bring ratings together as the round does.
    """
    asked = list(dict.fromkeys(judgement.id for one in rules for judgement in one.judgements))
    if not frames.has(ASSESSMENTS):
        frames.add(OUTERMOST, {COUNTED: literal(0), **{judgement_column(OUTERMOST, id): truth(None) for id in asked}})
        unrated = [f"{rated(*one)}_{end}" for one in _ratings(rules) for end in ("least", "most", "sum", "known")]
        frames.add(OUTERMOST, {name: nw.lit(None, dtype=nw.Int64) for name in unrated})
        frames.facts = frames.at[OUTERMOST]
        return
    frames.facts = frames.at[OUTERMOST]
    counted = frames.tables[ASSESSMENTS].filter(nw.col(CONFLICT).is_null() | ~nw.col(CONFLICT))
    _refuse_medians(counted, rules)
    said = _brought_together(counted, rules, asked)
    by_line = sorted(frames.by_line)
    if by_line:
        lines = _line_answers(frames, counted, by_line)
        frames.answers = _reopened(said, lines, by_line)
        _put_beside_costs(frames, lines, by_line)
    else:
        frames.answers = said
    frames.join(OUTERMOST, frames.answers, (KEY,))


def _refuse_medians(counted: Frame, rules: Sequence[RuleSet]) -> None:
    """PyArrow cannot put the ratings of each application in order."""
    medians = [id for id, combining in _ratings(rules) if combining is Combining.MEDIAN]
    if medians and counted.implementation.is_pyarrow():
        message = "the median of ratings needs a window, which PyArrow has not"
        hint = "use another engine, such as Polars"
        raise InputError(rules[0].name, [Problem(id, message, hint, NOT_IN_COLUMNS) for id in medians])


def _brought_together(counted: Frame, rules: Sequence[RuleSet], asked: Sequence[str]) -> Frame:
    """What assessors say of each application as a whole."""
    ratings = _ratings(rules)
    columns = {rated(id, combining): _rated(id, combining) for id, combining in ratings}
    given = counted.with_columns(**columns) if columns else counted
    found = given.group_by(KEY).agg(
        nw.len().alias(COUNTED),
        *(end for id in asked for end in _ends(answer(id), _whole(id))),
        *(end for id, combining in ratings for end in _ends_and_sum(rated(id, combining))),
    )
    made = {f"{rated(*one)}_sum": nw.col(f"{rated(*one)}_sum").cast(nw.Int64) for one in ratings}
    made |= {judgement_column(OUTERMOST, id): _agreed(_whole(id)) for id in asked}
    return found.with_columns(**made) if made else found


# Ratings


def _ratings(rules: Sequence[RuleSet]) -> list[tuple[str, Combining]]:
    """The criteria that assessors rate, each with how its ratings are brought together."""
    return list(
        dict.fromkeys(
            (criterion.id, one.scoring.combining)
            for one in rules
            for criterion in one.scoring.criteria
            if criterion.computed is None
        )
    )


def rated(criterion: str, combining: Combining) -> str:
    """What the columns of a criterion's ratings are named after: `_sum`, `_known`, `_least` and `_most` follow."""
    return f"{rating_column(criterion)}__{combining.name.lower()}"


def _rated(criterion: str, combining: Combining) -> nw.Expr:
    """The ratings that count: all of them, those that were agreed on, or those in the middle."""
    given = nw.col(rating_column(criterion))
    match combining:
        case Combining.MEAN | Combining.TRIMMED_MEAN:
            return given
        case Combining.CONSENSUS:
            return nw.when(nw.col(CONSENSUS)).then(given)
        case Combining.MEDIAN:
            place = given.rank("ordinal").over(KEY).cast(nw.Int64) * 2
            all_of_them = given.count().over(KEY).cast(nw.Int64)
            return nw.when((place >= all_of_them) & (place <= all_of_them + 2)).then(given)


def _ends_and_sum(name: str) -> list[nw.Expr]:
    return [*_ends(name, name), nw.col(name).sum().alias(f"{name}_sum"), nw.col(name).count().alias(f"{name}_known")]


# Answers


def _ends(column: str, name: str) -> list[nw.Expr]:
    """The least and the greatest of a column; of yes and no, no is the least."""
    return [nw.col(column).min().alias(f"{name}_least"), nw.col(column).max().alias(f"{name}_most")]


def _agreed(name: str) -> nw.Expr:
    """What everybody answers; null if nobody does, or if they differ."""
    least, most = nw.col(f"{name}_least"), nw.col(f"{name}_most")
    return nw.when(least == most).then(most)


def _line_answers(frames: Frames, counted: Frame, asked: Sequence[str]) -> Frame:
    """What assessors answer for the single lines that any of them answers for, by case number and id of the line."""
    entries = frames.tables[LINE_JUDGEMENTS].join(counted.select(KEY, ASSESSMENT), on=[KEY, ASSESSMENT], how="inner")
    return entries.group_by(KEY, LINE).agg(*(end for id in asked for end in _ends(answer(id), _on_line(id))))


def _reopened(said: Frame, lines: Frame, asked: Sequence[str]) -> Frame:
    """
    What assessors say, with every question open about which a single line is answered otherwise than the whole.

    That is what holds where no line is at hand, and for a line without an id.
    """
    flags = {name: expr for id in asked for name, expr in _against(id).items()}
    found = lines.with_columns(**flags).group_by(KEY).agg(*(nw.col(name).max() for name in flags))
    whole = {_whole(id): nw.col(_opened(id)) for id in asked}
    nobody = {_nobody(id): nw.col(f"{_whole(id)}_least").is_null() for id in asked}
    opened = {_opened(id): nw.when(~_unlike(id)).then(nw.col(_whole(id))) for id in asked}
    return said.join(found, on=[KEY], how="left").with_columns(**whole, **nobody).with_columns(**opened)


def _against(judgement: str) -> dict[str, nw.Expr]:
    """Whether the answers for a line stand against each answer for the whole, or against none at all, as 1 or 0."""
    least, most = (nw.col(f"{_on_line(judgement)}_{end}") for end in ("least", "most"))
    against = {"yes": ~least, "no": most, "nobody": least == most}
    return {
        f"{_on_line(judgement)}_{whole}": nw.when(holds).then(literal(1)).otherwise(literal(0))
        for whole, holds in against.items()
    }


def _unlike(judgement: str) -> nw.Expr:
    """A single line is answered otherwise than the whole application; nothing is where assessors differ about that."""
    yes, no, nobody = (nw.col(f"{_on_line(judgement)}_{whole}").fill_null(0) == 1 for whole in ("yes", "no", "nobody"))
    whole = nw.col(_whole(judgement))
    answered = nw.when(whole).then(yes).otherwise(nw.when(~whole).then(no).otherwise(truth(False)))
    return nw.when(nw.col(_nobody(judgement))).then(nobody).otherwise(answered)


def _put_beside_costs(frames: Frames, lines: Frame, asked: Sequence[str]) -> None:
    """
    Put beside every cost line what assessors answer for it, be it for the whole application.

    Few applications have lines that are answered for by themselves, so only their lines are looked up one by one.
    """
    frames.open(_COST_LINE)
    costs, id = frames.at[_COST_LINE], column_name(COSTS, "id")
    some = lines.select(KEY)
    whole = {judgement_column(_COST_LINE, one): nw.col(_opened(one)) for one in asked}
    plain = costs.join(some, on=[KEY], how="anti").join(
        frames.answers.select(nw.col(KEY), **whole), on=[KEY], how="left"
    )
    overall = [name(one) for one in asked for name in (_opened, _whole, _nobody)]
    alone = {_on_line(one): _agreed(_on_line(one)) for one in asked}
    given = {_alone(one): ~nw.col(f"{_on_line(one)}_least").is_null() for one in asked}
    single = (
        costs.join(some, on=[KEY], how="semi")
        .join(frames.answers.select(KEY, *overall), on=[KEY], how="left")
        .join(lines.select(nw.col(KEY), nw.col(LINE).alias(id), **alone, **given), on=[KEY, id], how="left")
        .with_columns(**{judgement_column(_COST_LINE, one): _for_line(one, nw.col(id)) for one in asked})
    )
    columns = plain.collect_schema().names()
    frames.at[_COST_LINE] = nw.concat([plain, single.select(*columns)])


def _for_line(judgement: str, id: nw.Expr) -> nw.Expr:
    """What everybody answers for a line who answers for it or for the whole application."""
    line, whole, nobody = nw.col(_on_line(judgement)), nw.col(_whole(judgement)), nw.col(_nobody(judgement))
    alike = nw.when(nobody | (whole == line)).then(line)
    unnamed = nw.when(id.is_null()).then(nw.col(_opened(judgement))).otherwise(whole)
    return nw.when(nw.col(_alone(judgement))).then(alike).otherwise(unnamed)


def _opened(judgement: str) -> str:
    """The column of the answer where no line is at hand."""
    return judgement_column(OUTERMOST, judgement)


def _whole(judgement: str) -> str:
    """The column of the answer for the whole application, whatever is answered for single lines."""
    return f"{answer(judgement)}__whole"


def _nobody(judgement: str) -> str:
    """The column that says that nobody answers for the whole application."""
    return f"{answer(judgement)}__nobody"


def _on_line(judgement: str) -> str:
    return f"{answer(judgement)}__line"


def _alone(judgement: str) -> str:
    """The column that says that somebody answers for a line by itself."""
    return f"{answer(judgement)}__alone"
