"""
Applications and assessments as tables.

What comes back from the tables by `grantrules.tables.restoring` is what went in, but for two things: a record of which
nothing is stated is not there, and a moment has the offset of the pool's own clock.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from itertools import islice
from types import MappingProxyType
from typing import Any, Literal, TypeAlias, TypeVar, get_args

from attrs import asdict, field, frozen

from grantrules.application import Application, Assessment
from grantrules.errors import InputError, Problem, excerpt, nearest, visible
from grantrules.tables.cells import Cell, Misfit, cell_of
from grantrules.tables.extra import needs_narwhals
from grantrules.tables.layout import (
    APPLICATIONS,
    ASSESSMENT,
    ASSESSMENTS,
    KEY,
    LINE,
    LINE_JUDGEMENTS,
    POSITION,
    Column,
    Layout,
    Table,
    lists_of_words,
    stated,
)
from grantrules.terms.schema import fields_of
from grantrules.values import exact

Backend: TypeAlias = Literal["polars", "pyarrow"]
"""The engines that hold a table of Python's values."""

Columns: TypeAlias = dict[str, list[Cell]]
"""One table: column name to its cells, a row at the same place in each."""

SUBJECT = "tables"
"""What is refused where tables cannot be made, or cannot be read."""

CHUNK = 10_000
"""Applications that are taken at a time, so that memory holds the tables of all and the objects of few."""


def tables_of(
    layout: Layout,
    applications: Iterable[Application],
    assessments: Iterable[Assessment] = (),
    backend: Backend = "polars",
) -> dict[str, Any]:
    """
    Applications and all their assessments as native data frames, one for each table of the layout.

    Args:
        applications: are gone through once, some at a time.
        assessments: of these applications; those of one application are numbered in the order given.

    Raises:
        InputError: with everything that is wrong, of all applications; or the engine is not installed.
    """
    _needs(backend)
    waiting = _by_application(assessments)
    problems: list[Problem] = []
    before: set[str] = set()
    parts: list[dict[str, Any]] = []
    place = 0
    for chunk in _chunks(applications):
        ids = {application.id for application in chunk if application.id is not None}
        problems += [_twice(id) for id in sorted(ids & before, key=str)]
        before |= ids
        given = [assessment for case in chunk for assessment in waiting.pop(case.id, ())]
        try:
            columns = filled(layout, chunk, given, first=place)
            if not problems:
                parts.append(_frames(layout, columns, backend))
        except InputError as error:
            problems += error.problems
        place += len(chunk)
    problems += [_of_nobody(assessment) for given in waiting.values() for assessment in given]
    if problems:
        raise InputError(SUBJECT, problems)
    return _together(parts)


def frames(layout: Layout, columns: Mapping[str, Columns], backend: Backend = "polars") -> dict[str, Any]:
    """
    Columns as `filled` makes them, as native data frames of the types that the layout names.

    Raises:
        InputError: the engine is not installed.
    """
    _needs(backend)
    made = _frames(layout, columns, backend)
    return {name: frame.to_native() for name, frame in made.items()}


def filled(
    layout: Layout, applications: Iterable[Application], assessments: Iterable[Assessment] = (), *, first: int = 0
) -> dict[str, Columns]:
    """
    Applications and all their assessments as plain columns: table to column to its cells.

    Every table of the layout is there with every column, be it empty.

    Args:
        first: the place of the first application among all, for messages.

    Raises:
        InputError: with everything that is wrong: an application without a case number, two with one, an assessment
            of none of them, a fact that its column cannot hold.
    """
    cases, given = list(applications), list(assessments)
    problems = [
        Problem(f"{APPLICATIONS}[{first + row}].id", "the application has no case number", "give it one", "no-key")
        for row, case in enumerate(cases)
        if case.id is None
    ]
    times = Counter(case.id for case in cases)
    problems += [_twice(id) for id, count in times.items() if id is not None and count > 1]
    problems += [_of_nobody(assessment) for assessment in given if assessment.application not in times]
    with exact():
        made = {rows.table.name: _columns(rows, problems) for rows in _all_rows(layout, cases, given, problems)}
    if problems:
        raise InputError(SUBJECT, problems)
    return made


# Rows


@frozen
class _Rows:
    """
    The rows of one table.

    Args:
        given: the columns that are not read off the records.
        records: what the row is about: an application, an item of a list, an assessment.
        where: the place of a row's record, as messages name it.
    """

    table: Table
    given: Columns
    records: Sequence[Any]
    where: Callable[[int], str] = field(eq=False)


def _all_rows(
    layout: Layout, cases: Sequence[Application], assessments: Sequence[Assessment], problems: list[Problem]
) -> Iterator[_Rows]:
    keys: list[Cell] = [case.id for case in cases]
    flags: Columns = {stated(name): [getattr(case, name, None) is not None for case in cases] for name in layout.lists}
    yield _Rows(layout.table(APPLICATIONS), {KEY: keys, **flags}, cases, lambda row: f"{_name(keys[row])}: ")
    for name in layout.lists:
        yield _items(layout.table(name), name, cases)
    yield from _assessed(layout, assessments, problems)


def _items(table: Table, name: str, cases: Sequence[Application]) -> _Rows:
    keys: list[Cell] = []
    places: list[Cell] = []
    items: list[Any] = []
    for case in cases:
        found = getattr(case, name, None) or ()
        keys += [case.id] * len(found)
        places += range(len(found))
        items += found
    return _Rows(table, {KEY: keys, POSITION: places}, items, lambda row: f"{_name(keys[row])}: {name}[{places[row]}].")


def _assessed(layout: Layout, assessments: Sequence[Assessment], problems: list[Problem]) -> Iterator[_Rows]:
    """The rows of the assessments, and those of their answers line by line."""
    whole, by_line = layout.table(ASSESSMENTS), layout.table(LINE_JUDGEMENTS)
    keys: list[Cell] = [assessment.application for assessment in assessments]
    numbers: list[Cell] = list(_numbered(keys))
    places = [f"{_name(key)}, assessment {number}" for key, number in zip(keys, numbers, strict=True)]
    problems += _unknown(assessments, places, whole, by_line)
    given: Columns = {KEY: keys, ASSESSMENT: numbers}
    yield _Rows(whole, given, [_whole(assessment) for assessment in assessments], lambda row: f"{places[row]}: ")

    of: list[int] = []
    lines: list[Cell] = []
    answers: list[Mapping[str, Any]] = []
    for row, assessment in enumerate(assessments):
        for line, answered in _by_line(assessment).items():
            of.append(row)
            lines.append(line)
            answers.append({_JUDGEMENTS: answered})
    given = {KEY: [keys[row] for row in of], ASSESSMENT: [numbers[row] for row in of], LINE: lines}
    yield _Rows(by_line, given, answers, lambda row: f"{places[of[row]]}, line {excerpt(lines[row])}: ")


def _numbered(keys: Iterable[Cell]) -> Iterator[str]:
    """How many times each key has come up so far."""
    times: Counter[Cell] = Counter()
    for key in keys:
        times[key] += 1
        yield str(times[key])


_RATINGS, _JUDGEMENTS, _COMMENTS = "ratings", "judgements", "comments"


def _whole(assessment: Assessment) -> Mapping[str, Any]:
    """An assessment without its answers line by line."""
    answers = {id: given for id, given in assessment.judgements.items() if not isinstance(given, Mapping)}
    return {**asdict(assessment, recurse=False), _JUDGEMENTS: answers}


def _by_line(assessment: Assessment) -> Mapping[str, Mapping[str, bool]]:
    """Cost line id to the answers for that line."""
    found: dict[str, dict[str, bool]] = {}
    for id, given in assessment.judgements.items():
        for line, answer in given.items() if isinstance(given, Mapping) else ():
            found.setdefault(line, {})[id] = answer
    return found


def _unknown(
    assessments: Sequence[Assessment], places: Sequence[str], whole: Table, by_line: Table
) -> Iterator[Problem]:
    """What assessors say of criteria and questions that no column is about."""
    known = {part: [c.path[1] for c in whole.columns if c.path[:1] == (part,)] for part in _ASKED}
    lined = {column.path[1] for column in by_line.columns if column.path}
    for assessment, place in zip(assessments, places, strict=True):
        for part, what in _ASKED.items():
            for id, given in getattr(assessment, part).items():
                where = f"{place}: {part}.{id}"
                if id not in known[part]:
                    yield Problem(where, f"there is no {what} {excerpt(id)}", nearest(id, known[part]), "unknown-id")
                elif isinstance(given, Mapping) and id not in lined:
                    yield Problem(where, "it is given for the application, not line by line", "answer yes or no")


_ASKED = {_RATINGS: "rated criterion", _JUDGEMENTS: "judgement", _COMMENTS: "criterion or judgement"}


# Columns


def _columns(rows: _Rows, problems: list[Problem]) -> Columns:
    problems += _strangers(rows)
    words = {
        path: _words(rows, path, options, problems) for path, options in lists_of_words(rows.table.columns).items()
    }
    made: Columns = {}
    for column in rows.table.columns:
        if column.option is not None:
            made[column.name] = [None if said is None else column.option in said for said in words[column.path]]
        else:
            values = rows.given[column.name] if column.name in rows.given else _values(rows.records, column.path)
            made[column.name] = _cells(column, values, rows, problems)
    return made


def _strangers(rows: _Rows) -> Iterator[Problem]:
    """Records of a class that lacks facts of the layout, such as those of another pool."""
    first = {type(record): row for row, record in reversed(list(enumerate(rows.records)))}
    for cls, row in first.items():
        paths = dict.fromkeys(c.path for c in rows.table.columns if c.path and c.name not in rows.given)
        lacks = [".".join(path) for path in paths if cls is not dict and not _declares(cls, path)]
        if lacks:
            names = ", ".join(f"`{name}`" for name in lacks)
            message = f"a `{cls.__name__}` has no fact {names}"
            yield Problem(rows.where(row).rstrip(": ."), message, "build it with the class of this round", "other-pool")


def _declares(cls: type | None, path: Sequence[str]) -> bool:
    for step in path:
        if cls is None or step not in fields_of(cls):
            return False
        _, cls = fields_of(cls)[step]
    return True


def _values(records: Iterable[Any], path: Sequence[str]) -> list[Any]:
    """What each record states at a path."""
    values = list(records)
    for step in path:
        values = [
            value.get(step) if isinstance(value, dict | MappingProxyType) else getattr(value, step, None)
            for value in values
        ]
    return values


def _cells(column: Column, values: Iterable[Any], rows: _Rows, problems: list[Problem]) -> list[Cell]:
    write = cell_of(column)
    cells: list[Cell] = []
    for row, value in enumerate(values):
        try:
            cells.append(write(value))
        except Misfit as misfit:
            where = rows.where(row) + (".".join(column.path) or column.name)
            problems.append(Problem(where, misfit.message, misfit.hint, misfit.code))
            cells.append(None)
    return cells


def _words(
    rows: _Rows, path: tuple[str, ...], options: Sequence[str], problems: list[Problem]
) -> list[frozenset[str] | None]:
    """The list of words that each record states at a path."""
    made: list[frozenset[str] | None] = []
    known = frozenset(options)
    for row, words in enumerate(_values(rows.records, path)):
        if words is None or (isinstance(words, frozenset) and words <= known):
            made.append(words)
            continue
        made.append(None)
        where = rows.where(row) + ".".join(path)
        if not isinstance(words, frozenset):
            problems.append(Problem(where, f"expected a set of words, got {excerpt(words)}", "write a `frozenset`"))
            continue
        for word in sorted(words - known, key=str):
            hint = nearest(word, options) or "choose from " + ", ".join(options)
            problems.append(Problem(where, f"expected words of the list, got {excerpt(word)}", hint, "unknown-word"))
    return made


# All applications, some at a time

T = TypeVar("T")


def _chunks(items: Iterable[T]) -> Iterator[list[T]]:
    """Some items at a time, and an empty list first, so that tables of nothing have their columns too."""
    remaining = iter(items)
    chunk: list[T] = []
    while True:
        yield chunk
        chunk = list(islice(remaining, CHUNK))
        if not chunk:
            return


def _by_application(assessments: Iterable[Assessment]) -> dict[str | None, list[Assessment]]:
    found: dict[str | None, list[Assessment]] = {}
    for assessment in assessments:
        found.setdefault(assessment.application, []).append(assessment)
    return found


def _name(key: Cell) -> str:
    return visible(f"application {key}" if key is not None else "an application")


def _twice(id: str) -> Problem:
    return Problem("", f"two applications have the case number {excerpt(id)}", "leave one of them out", "two-cases")


def _of_nobody(assessment: Assessment) -> Problem:
    who = visible(f"assessment of {assessment.assessor}") if assessment.assessor else "assessment"
    if assessment.application is None:
        return Problem(who, "it names no application", "state `application`", "no-key")
    message = f"there is no application {excerpt(assessment.application)}"
    return Problem(who, message, "give the application too", "other-application")


# Data frames


def _frames(layout: Layout, columns: Mapping[str, Columns], backend: Backend) -> dict[str, Any]:
    import narwhals as nw

    from grantrules.tables.fitting import dtype_of

    made = {}
    for table in layout.tables:
        schema = {column.name: dtype_of(column.type) for column in table.columns}
        made[table.name] = nw.from_dict(columns[table.name], schema=schema, backend=backend)
    return made


def _together(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    import narwhals as nw

    return {name: nw.concat([part[name] for part in parts]).to_native() for name in parts[0]}


def _needs(backend: str) -> None:
    """
    Refuse to go on without the engine.

    Raises:
        InputError: it is not installed, or is none that holds tables made here.
    """
    if backend not in get_args(Backend):
        hint = nearest(backend, get_args(Backend)) or "choose from " + ", ".join(get_args(Backend))
        raise InputError(SUBJECT, [Problem("backend", f"there is no engine {excerpt(backend)}", hint, "no-engine")])
    needs_narwhals()
    if find_spec(backend) is None:
        problem = Problem("backend", f"`{backend}` is not installed", f"install `{backend}`", "no-engine")
        raise InputError(SUBJECT, [problem])
