"""
Carrying an application over to other rules: of another round, of another version, with other facts.

Pool and round are rewritten. Facts and words that the other rules do not know are left out, and each is named; what
cannot be read then is a problem that is told, never raised.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from attrs import evolve, frozen

from grantrules.application import Application, Assessment
from grantrules.errors import InputError, Problem
from grantrules.rulebooks import Rulebook
from grantrules.serial.applications import application_to_data
from grantrules.serial.assessments import assessment_to_data, takes_consensus
from grantrules.serial.files import COMMENT
from grantrules.terms.schema import APPLICATION, Field, Kind, Schema

Stated: TypeAlias = Mapping[str, Any] | Application
Judged: TypeAlias = Mapping[str, Any] | Assessment


@frozen
class Carried:
    """
    An application with its assessments, as one rulebook reads them.

    Args:
        application: `None` where it cannot be read.
        left_out: the facts, words, ratings and answers that these rules do not know.
    """

    application: Any
    assessments: tuple[Assessment, ...] = ()
    left_out: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def carried(home: Rulebook, away: Rulebook, stated: Stated, judged: Iterable[Judged] = ()) -> tuple[Carried, Carried]:
    """
    An application as it is read at home, and as it is read by other rules.

    Args:
        home: the rules that it was written for.
        away: the rules that it is carried over to.
        stated: the application, or a mapping of the shape of its file.
    """
    judged = tuple(judged)
    try:
        at_home = _at_home(home, stated, judged)
    except InputError as error:
        return Carried(None, problems=error.problems), Carried(None)
    if home.digest == away.digest:
        return at_home, at_home
    try:
        return at_home, _away(home, away, at_home)
    except InputError as error:
        return at_home, Carried(None, problems=error.problems)


def _at_home(home: Rulebook, stated: Stated, judged: Iterable[Judged]) -> Carried:
    application = stated if isinstance(stated, home.application) else home.read_application(_as_data(stated))
    given = (one if isinstance(one, Assessment) else home.read_assessment(one) for one in judged)
    assessments = tuple(given)
    home.check_assessments(application, assessments)
    return Carried(application, assessments)


def _as_data(stated: Stated) -> Mapping[str, Any]:
    return application_to_data(stated) if isinstance(stated, Application) else stated


def _away(home: Rulebook, away: Rulebook, found: Carried) -> Carried:
    names = {"pool": away.pool.id, "round": away.round.id}
    renamed = {key: name for key, name in names.items() if getattr(found.application, key) is not None}
    left_out: list[str] = []
    if home.application is away.application:
        application = evolve(found.application, **renamed)
    else:
        data = {**application_to_data(found.application), **renamed}
        schemas = home.rules.schema, away.rules.schema
        application = away.read_application(_known(data, APPLICATION, *schemas, left_out))
    alike = home.rules.scoring == away.rules.scoring and home.rules.judgements == away.rules.judgements
    assessments = found.assessments if alike else tuple(_judged(away, one, left_out) for one in found.assessments)
    return Carried(application, assessments, tuple(dict.fromkeys(left_out)))


def _known(data: Mapping[str, Any], record: str, home: Schema, away: Schema, left_out: list[str]) -> dict[str, Any]:
    """The data of a record without facts and words that the schema it is carried to does not know."""
    known, other = home.record(record), away.record(record)
    made: dict[str, Any] = {}
    for key, value in data.items():
        declared = other.field(key) if other else None
        if key == COMMENT or known is None or known.field(key) is None:
            made[key] = value
        elif declared is None:
            left_out.append(_named(record, key))
        elif declared.options and value is not None:
            for kept in _known_words(record, declared, value, left_out):
                made[key] = kept
        elif declared.kind is Kind.MANY and isinstance(value, list):
            made[key] = [_known(item, declared.record, home, away, left_out) for item in value]
        elif declared.kind is Kind.RECORD and isinstance(value, Mapping):
            made[key] = _known(value, declared.record, home, away, left_out)
        else:
            made[key] = value
    return made


def _named(record: str, fact: str) -> str:
    return fact if record == APPLICATION else f"{record}.{fact}"


def _known_words(record: str, declared: Field, value: Any, left_out: list[str]) -> Iterator[Any]:
    """What is left of a choice, or of several, once unknown words are gone; nothing if it was one word."""
    words = [value] if isinstance(value, str) else value
    left_out += [f"{_named(record, declared.name)}: {word}" for word in words if word not in declared.codes]
    kept = [word for word in words if word in declared.codes]
    if not isinstance(value, str):
        yield kept
    elif kept:
        yield value


def _judged(away: Rulebook, given: Assessment, left_out: list[str]) -> Assessment:
    """The assessment without what the rules do not ask for."""
    rated = {criterion.id for criterion in away.rules.scoring.criteria if criterion.computed is None}
    asked = {judgement.id for judgement in away.rules.judgements}
    criteria = {criterion.id for criterion in away.rules.scoring.criteria}
    kept: dict[str, Any] = {
        "ratings": {id: rating for id, rating in given.ratings.items() if id in rated},
        "judgements": {id: answer for id, answer in given.judgements.items() if id in asked},
        "comments": {id: comment for id, comment in given.comments.items() if id in criteria | asked},
    }
    left_out += [f"rating {id}" for id in given.ratings if id not in rated]
    left_out += [f"judgement {id}" for id in given.judgements if id not in asked]
    if given.consensus is not None and not takes_consensus(away.rules):
        kept["consensus"] = None
        left_out.append("consensus")
    return away.read_assessment(assessment_to_data(evolve(given, **kept)))


def home_of(stated: Stated, old: Rulebook, new: Rulebook) -> Rulebook:
    """Whose application it is: of the rules that it names and whose class it is, else the old ones'."""
    return homes_of(stated, old, new)[0]


def homes_of(stated: Stated, old: Rulebook, new: Rulebook) -> tuple[Rulebook, ...]:
    """The rules that an application may have been written for, the likeliest first."""
    data: Mapping[str, Any] = _names(stated)
    named = (data.get("pool"), data.get("round"))
    fitting = [
        rules
        for rules in (old, new)
        if all(name in (None, own) for name, own in zip(named, (rules.pool.id, rules.round.id), strict=True))
    ]
    if isinstance(stated, Application):
        fitting.sort(key=lambda rules: not isinstance(stated, rules.application))
    return tuple(fitting) or (old,)


def _names(stated: Stated) -> Mapping[str, Any]:
    return {"pool": stated.pool, "round": stated.round} if isinstance(stated, Application) else stated
