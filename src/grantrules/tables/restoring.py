"""
Tables as applications and assessments again.

A cell is held against its column, and a row against the application that it says it is of. Whether the parts of an
application agree with each other is not asked here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from attrs import frozen

from grantrules.application import Assessment
from grantrules.errors import InputError, Problem, excerpt
from grantrules.ruleset import RuleSet
from grantrules.tables.cells import Misfit, fact_of
from grantrules.tables.extra import needs_narwhals
from grantrules.tables.filling import SUBJECT
from grantrules.tables.layout import (
    APPLICATIONS,
    ASSESSMENT,
    ASSESSMENTS,
    CONFLICT,
    CONSENSUS,
    KEY,
    LINE,
    LINE_JUDGEMENTS,
    POSITION,
    Column,
    Layout,
    Table,
    answer,
    layout,
    lists_of_words,
    stated,
)
from grantrules.terms.schema import Kind, fields_of
from grantrules.values import exact

Case: TypeAlias = tuple[Any, tuple[Assessment, ...]]
"""An application of the round's own class, and all its assessments."""

Facts: TypeAlias = Mapping[tuple[str, ...], Sequence[Any]]
"""Path to the fact that every record states there."""


def restored(rules: RuleSet, tables: Mapping[str, Any]) -> list[Case]:
    """
    The applications that tables hold, in the order of their rows, each with its assessments.

    Args:
        tables: table name to a native data frame, eager or lazy. Tables and columns that no rule reads may be left
            out; columns that the layout does not know are passed over.

    Raises:
        InputError: with everything that is wrong with the columns, or else with the rows: each with its table, row
            (counted from 0) and column.
    """
    needs_narwhals()
    from grantrules.tables.checking import checked

    expected = layout(rules)
    problems: list[Problem] = []
    with exact():
        given = {
            name: _rows(expected.table(name), frame, rules.pool.zone, problems)
            for name, frame in checked(expected, tables, SUBJECT).items()
        }
        cases = _cases(rules, expected, given, problems)
    if problems:
        raise InputError(SUBJECT, problems)
    return cases


def _cases(rules: RuleSet, expected: Layout, given: Mapping[str, "_Rows"], problems: list[Problem]) -> list[Case]:
    """The applications as far as they can be read."""
    cases = given.get(APPLICATIONS, _nothing(expected.table(APPLICATIONS)))
    keys = cases.columns[KEY]
    known = frozenset(keys)
    for rows in given.values():
        problems += _repeated(rows)
        problems += _of_nobody(rows, known) if rows is not cases else ()
    facts = {("id",): keys, **_by_path(cases, problems)}
    cls: type = rules.application
    for name in expected.lists:
        if name in given:
            facts[(name,)] = _lists(given[name], fields_of(cls)[name][1], cases, problems)
    applications = _records(cls, facts, cases.count)
    assessments = _assessments(expected, given, problems)
    return [(made, tuple(assessments.get(key, ()))) for key, made in zip(keys, applications, strict=True)]


# Rows


@frozen
class _Rows:
    """
    The rows of one table.

    Args:
        names: the columns that the table has; the others of the layout are null in every row.
        columns: every column of the layout, its cells read as facts.
    """

    table: Table
    names: frozenset[str]
    columns: Mapping[str, Sequence[Any]]

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.columns[KEY])

    @property
    def keys(self) -> list[tuple[Any, ...]]:
        """What tells each row apart, as far as the table has it."""
        return list(zip(*(self.columns[name] for name in self.table.key if name in self.names), strict=True))

    def where(self, row: int, column: str = KEY) -> str:
        """The place of a cell, as messages name it."""
        return f"{self.table.name}[{row}].{column}"


def _nothing(table: Table) -> _Rows:
    return _Rows(table, frozenset(), {column.name: () for column in table.columns})


def _rows(table: Table, frame: Any, zone: str, problems: list[Problem]) -> _Rows:
    """The rows of a data frame whose columns are of the types that the layout names."""
    cells = frame.lazy().collect().to_dict(as_series=False)
    missing = (None,) * len(cells[KEY])
    columns = {
        column.name: _facts(table, column, cells[column.name], zone, problems) if column.name in cells else missing
        for column in table.columns
    }
    return _Rows(table, frozenset(cells), columns)


def _facts(table: Table, column: Column, cells: Iterable[Any], zone: str, problems: list[Problem]) -> list[Any]:
    """The cells of a column, as facts."""
    read = fact_of(column, zone)
    facts: list[Any] = []
    for row, cell in enumerate(cells):
        where = f"{table.name}[{row}].{column.name}"
        try:
            facts.append(read(cell))
        except Misfit as misfit:
            problems.append(Problem(where, misfit.message, misfit.hint, misfit.code))
            facts.append(None)
            continue
        if cell is None and column.key:
            problems.append(Problem(where, "it tells the row apart and is null", "state it", "no-key"))
    return facts


def _repeated(rows: _Rows) -> Iterator[Problem]:
    """Rows that nothing tells apart."""
    names = [name for name in rows.table.key if name in rows.names]
    if len(names) < len(rows.table.key):
        return
    first: dict[tuple[Any, ...], int] = {}
    for row, key in enumerate(rows.keys):
        if None not in key and first.setdefault(key, row) != row:
            said = ", ".join(f"{name} {excerpt(cell)}" for name, cell in zip(names, key, strict=True))
            message = f"another row, {rows.table.name}[{first[key]}], has {said} too"
            yield Problem(rows.where(row, names[-1]), message, "tell the rows apart", "two-rows")


def _of_nobody(rows: _Rows, known: frozenset[str]) -> Iterator[Problem]:
    for row, key in enumerate(rows.columns[KEY]):
        if key is not None and key not in known:
            message = f"there is no application {excerpt(key)}"
            yield Problem(rows.where(row), message, f"add it to `{APPLICATIONS}`", "other-application")


# Applications


def _by_path(rows: _Rows, problems: list[Problem]) -> dict[tuple[str, ...], Sequence[Any]]:
    """Path to the facts that stand in the rows, each list of words put together again."""
    found = {c.path: rows.columns[c.name] for c in rows.table.columns if c.path and c.option is None}
    for path in lists_of_words(rows.table.columns):
        columns = [column for column in rows.table.columns if column.path == path]
        found[path] = _words(rows, columns, problems)
    return found


def _words(rows: _Rows, columns: Sequence[Column], problems: list[Problem]) -> Sequence[frozenset[str | None] | None]:
    """A list of words, from one yes or no for each."""
    if columns[0].name not in rows.names:
        return (None,) * rows.count
    options = [column.option for column in columns]
    made: list[frozenset[str | None] | None] = []
    for row, said in enumerate(zip(*(rows.columns[column.name] for column in columns), strict=True)):
        if None not in said:
            made.append(frozenset(option for option, chosen in zip(options, said, strict=True) if chosen))
            continue
        made.append(None)
        if any(chosen is not None for chosen in said):
            where = rows.where(row, columns[said.index(None)].name)
            message = "it is null, and other words of the list are not"
            problems.append(Problem(where, message, "state all of them or none", "half-stated"))
    return made


def _lists(rows: _Rows, of: Any, cases: _Rows, problems: list[Problem]) -> list[tuple[Any, ...] | None]:
    """The list of every application, `None` where none is stated."""
    flag, name = stated(rows.table.name), rows.table.name
    items = _records(of, _by_path(rows, problems), rows.count)
    places = rows.columns[POSITION] if POSITION in rows.names else range(rows.count)
    found: dict[Any, list[tuple[int, int]]] = {}
    for row, (key, place) in enumerate(zip(rows.columns[KEY], places, strict=True)):
        found.setdefault(key, []).append((row if place is None else place, row))
    made: list[tuple[Any, ...] | None] = []
    for case, (key, says) in enumerate(zip(cases.columns[KEY], cases.columns[flag], strict=True)):
        own = sorted(found.get(key, ()))
        made.append(tuple(items[row] for _, row in own) if says else None)
        if own and not says:
            message = f"the list is not stated, and `{name}` has {len(own)} rows of it, the first {name}[{own[0][1]}]"
            problems.append(Problem(cases.where(case, flag), message, "write true", "not-stated"))
    return made


def _records(cls: Any, facts: Facts, count: int, path: tuple[str, ...] = ()) -> list[Any]:
    """Records of a class; a record inside of them of which nothing is stated is not there."""
    known: dict[str, Sequence[Any]] = {}
    for name, (declared, of) in fields_of(cls).items():
        where = (*path, name)
        if declared.kind is Kind.RECORD and of is not None:
            empty = of()
            inner = _records(of, facts, count, where)
            known[name] = [None if made == empty else made for made in inner]
        elif where in facts:
            known[name] = facts[where]
    if not known:
        return [cls() for _ in range(count)]
    return [cls(**dict(zip(known, row, strict=True))) for row in zip(*known.values(), strict=True)]


# Assessments


def _assessments(
    expected: Layout, given: Mapping[str, _Rows], problems: list[Problem]
) -> dict[str | None, list[Assessment]]:
    """Case number to the assessments of that application, in the order of their rows."""
    rows = given.get(ASSESSMENTS, _nothing(expected.table(ASSESSMENTS)))
    columns = rows.columns
    numbered = list(zip(columns[KEY], columns[ASSESSMENT], strict=True))
    by_line = _by_line(given, frozenset(numbered), problems)
    parts = {
        part: [(c.path[1], columns[c.name]) for c in rows.table.columns if c.path[:1] == (part,)]
        for part in ("ratings", "judgements", "comments")
    }
    found: dict[str | None, list[Assessment]] = {}
    for row, own in enumerate(numbered):
        said = {
            part: {id: cells[row] for id, cells in asked if cells[row] is not None} for part, asked in parts.items()
        }
        lines = by_line.get(own, {})
        for id in sorted(said["judgements"].keys() & lines):
            message = f"it is answered in `{LINE_JUDGEMENTS}` too, line by line"
            problems.append(Problem(rows.where(row, answer(id)), message, "answer it in one of the two", "two-answers"))
        made = Assessment(
            application=columns[KEY][row],
            assessor=columns["assessor"][row],
            ratings=said["ratings"],
            judgements={**said["judgements"], **lines},
            comments=said["comments"],
            consensus=columns[CONSENSUS][row],
            conflict_of_interest=columns[CONFLICT][row],
        )
        found.setdefault(columns[KEY][row], []).append(made)
    return found


def _by_line(
    given: Mapping[str, _Rows], known: frozenset[tuple[Any, Any]], problems: list[Problem]
) -> dict[tuple[Any, Any], dict[str, dict[str, bool]]]:
    """Case number and assessment to the answers line by line, by question and line."""
    found: dict[tuple[Any, Any], dict[str, dict[str, bool]]] = {}
    if LINE_JUDGEMENTS not in given:
        return found
    rows = given[LINE_JUDGEMENTS]
    asked = [(column.path[1], rows.columns[column.name]) for column in rows.table.columns if column.path]
    for row, (key, number, line) in enumerate(
        zip(rows.columns[KEY], rows.columns[ASSESSMENT], rows.columns[LINE], strict=True)
    ):
        if None not in (key, number) and (key, number) not in known:
            message = f"application {excerpt(key)} has no assessment {excerpt(number)}"
            problems.append(
                Problem(rows.where(row, ASSESSMENT), message, f"add it to `{ASSESSMENTS}`", "other-assessment")
            )
        for id, cells in asked:
            if cells[row] is not None:
                found.setdefault((key, number), {}).setdefault(id, {})[line] = cells[row]
    return found
