"""
Tables that no query can be built over, refused before anything is computed.

Only schemas are read. What is wrong with the rows is found by `grantrules.tables.problems`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import narwhals as nw
from attrs import frozen
from narwhals.dtypes import DType
from narwhals.exceptions import DuplicateError

from grantrules.errors import InputError, Problem, excerpt, nearest
from grantrules.tables.fitting import Found, Frame, cast_of, instead, misfit, types_of
from grantrules.tables.layout import APPLICATIONS, ASSESSMENTS, KEY, LINE_JUDGEMENTS, Column, Layout, Table, stated

ENGINES: Mapping[nw.Implementation, str] = {
    nw.Implementation.POLARS: "Polars",
    nw.Implementation.DUCKDB: "DuckDB",
    nw.Implementation.PYARROW: "PyArrow",
    nw.Implementation.PYSPARK: "PySpark",
    nw.Implementation.PYSPARK_CONNECT: "PySpark",
}
"""The engines on which three-valued logic and whole numbers are as the rules mean them."""

_NAMES = "Polars, DuckDB, PyArrow or PySpark"


def checked(layout: Layout, tables: Mapping[str, Any], subject: str) -> dict[str, Frame]:
    """
    Tables with the columns and types that a query may rely on.

    Narrower whole numbers become int64, words of a closed set text, and columns of nothing but null the type that the
    layout names. Columns that the layout does not know are left out. Where some frames of Polars are lazy, all are.

    Args:
        tables: table name to a data frame, native or of Narwhals.
        subject: what the problems are about.

    Raises:
        InputError: with everything that is wrong, each with its table and column.
    """
    if not isinstance(tables, Mapping):
        message = f"expected data frames by the names of their tables, got a `{type(tables).__name__}`"
        hint = f'write `{{"{APPLICATIONS}": …}}`'
        raise InputError(subject, [Problem("", message, hint, "wrong-type")])
    problems = [*_missing_tables(layout, tables), *_strange_tables(layout, tables)]
    given = [
        found for t in layout.tables if t.name in tables and (found := _given(t, tables[t.name], problems)) is not None
    ]
    problems += _apart(given)
    for one in given:
        problems += one.problems
    problems += _unflagged(layout, given)
    problems += _unlike_keys(given)
    if problems:
        raise InputError(subject, problems)
    key = next((dtype for one in given if (dtype := one.key) is not None), nw.String())
    lazy = any(isinstance(one.frame, nw.LazyFrame) for one in given)
    return {one.table.name: one.fitted(key, lazy) for one in given}


# Tables


def _missing_tables(layout: Layout, tables: Mapping[str, Any]) -> Iterator[Problem]:
    strange = [name for name in tables if name not in {table.name for table in layout.tables}]
    for table in layout.tables:
        if table.required and table.name not in tables:
            yield Problem(table.name, "the table is missing", nearest(table.name, _texts(strange)), "no-table")
    if LINE_JUDGEMENTS in tables and ASSESSMENTS not in tables:
        message = f"it is given without `{ASSESSMENTS}`, whose answers these are"
        yield Problem(LINE_JUDGEMENTS, message, f"give `{ASSESSMENTS}` too", "no-table")


def _strange_tables(layout: Layout, tables: Mapping[str, Any]) -> Iterator[Problem]:
    known = [table.name for table in layout.tables]
    for name in tables:
        if name not in known:
            hint = nearest(name, known) or "choose from " + ", ".join(known)
            yield Problem("", f"there is no table {excerpt(name)}", hint, "unknown-table")


def _texts(names: Iterable[object]) -> list[str]:
    return [name for name in names if isinstance(name, str)]


def _given(table: Table, native: Any, problems: list[Problem]) -> "_Given | None":
    """A table as Narwhals sees it; `None` and one more problem if it does not."""
    try:
        frame: Frame = nw.from_native(nw.to_native(native, pass_through=True))
        if frame.implementation in ENGINES:
            return _Given(table, frame, types_of(frame))
        message = f"expected a frame of {_NAMES}, got one of `{frame.implementation.value}`"
        problems.append(Problem(table.name, message, "convert it, such as to Polars", "no-engine"))
    except TypeError:
        message = f"expected a data frame, got a `{type(native).__name__}`"
        problems.append(Problem(table.name, message, f"give a frame of {_NAMES}", "wrong-type"))
    except DuplicateError:
        message = "two of its columns have the same name"
        problems.append(Problem(table.name, message, "rename one of them", "two-columns"))
    return None


def _apart(given: Sequence["_Given"]) -> Iterator[Problem]:
    """Frames that one query cannot bring together."""
    by_engine: dict[str, list[str]] = {}
    for one in given:
        by_engine.setdefault(ENGINES[one.frame.implementation], []).append(f"`{one.table.name}`")
    if len(by_engine) > 1:
        said = " and ".join(f"{engine} ({', '.join(names)})" for engine, names in by_engine.items())
        yield Problem("", f"the tables are of different engines: {said}", "bring all to one engine", "two-engines")
    elif set(by_engine) == {ENGINES[nw.Implementation.DUCKDB]}:
        first = given[0]
        for other in given[1:]:
            if not _connected(first.frame, other.frame):
                message = f"it is of another connection than `{first.table.name}`"
                yield Problem(other.table.name, message, "make all relations with one connection", "two-connections")


def _connected(one: Frame, other: Frame) -> bool:
    """Two relations of DuckDB are of one connection: nothing but trying tells."""
    import duckdb

    try:
        one.to_native().project("1").union(other.to_native().project("1"))
    except duckdb.InvalidInputException:
        return False
    return True


# Columns


@frozen
class _Given:
    """
    A table as it is given.

    Args:
        types: of all its columns.
    """

    table: Table
    frame: Frame
    types: Mapping[str, Found]

    @property
    def known(self) -> list[tuple[Column, Found]]:
        """The columns that both the layout and the table have."""
        return [(column, self.types[column.name]) for column in self.table.columns if column.name in self.types]

    @property
    def problems(self) -> Iterator[Problem]:
        """Columns that are missing or of a wrong type."""
        strange = [name for name in self.types if self.table.column(name) is None]
        for column in self.table.columns:
            where = f"{self.table.name}.{column.name}"
            if column.name in self.types:
                wrong = misfit(column, self.types[column.name])
                if wrong is not None:
                    yield Problem(where, wrong.message, wrong.hint, wrong.code)
            elif column.required:
                yield Problem(where, "the column is missing", instead(column, strange), "no-column")
            elif column.option is not None and any(other.path == column.path for other, _ in self.known):
                message = "the column is missing, and other words of the list have one"
                yield Problem(where, message, "give a column for each word, or for none", "no-column")

    @property
    def key(self) -> DType | None:
        """The type of the case numbers; `None` if there is no such column, or none of a fitting type."""
        for column, found in self.known:
            if column.name == KEY and not found.null and misfit(column, found) is None:
                return cast_of(column, found, self.frame.implementation)
        return None

    def fitted(self, key: DType, lazy: bool) -> Frame:
        """The frame with the columns of the layout, each of the type that the layout names."""
        engine = self.frame.implementation
        chosen = []
        for column, found in self.known:
            wanted = key if column.name == KEY else cast_of(column, found, engine)
            # Two types of text are one for Narwhals, and PyArrow joins no column of one with one of the other.
            same = wanted == found.dtype and not engine.is_pyarrow()
            chosen.append(nw.col(column.name) if same else nw.col(column.name).cast(wanted))
        return (self.frame.lazy() if lazy else self.frame).select(*chosen)


def _unflagged(layout: Layout, given: Sequence[_Given]) -> Iterator[Problem]:
    """Lists that are given, where nothing says which applications state them."""
    names = {one.table.name for one in given}
    flags = {column.name: column for column in layout.table(APPLICATIONS).columns}
    for one in given:
        for name in layout.lists if one.table.name == APPLICATIONS else ():
            flag = flags[stated(name)]
            if name in names and flag.name not in one.types and not flag.required:
                message = f"the column is missing, and the table `{name}` is given"
                hint = "say which applications state the list"
                yield Problem(f"{APPLICATIONS}.{flag.name}", message, hint, "no-column")


def _unlike_keys(given: Sequence[_Given]) -> Iterator[Problem]:
    """Case numbers that are text in one table and whole numbers in another."""
    keyed = [(one, one.key) for one in given if one.key is not None]
    for one, key in keyed[1:]:
        first, expected = keyed[0]
        if key != expected:
            message = f"it is {one.types[KEY]}, and in `{first.table.name}` it is {first.types[KEY]}"
            yield Problem(f"{one.table.name}.{KEY}", message, "cast one of the two", "two-types")
