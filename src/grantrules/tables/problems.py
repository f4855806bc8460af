"""
What is wrong with the rows of tables, as a table: nothing passes that a file may not say.

Schemas are right when this is asked; see `grantrules.tables.checking`. A problem never raises, so that everything wrong
in a million applications comes back at once, and only when somebody looks.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import reduce
from operator import or_
from typing import NamedTuple

import narwhals as nw
from attrs import frozen

from grantrules.identifiers import WEIGHTS
from grantrules.ruleset import RuleSet
from grantrules.tables.fitting import Frame
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
    Type,
    lists_of_words,
    stated,
)
from grantrules.terms.schema import COSTS, ORGANISATIONS
from grantrules.values import FIRST_YEAR, LAST_YEAR

TABLE, ROW, COLUMN, CODE, VALUE = "table", "row", "column", "code", "value"

COLUMNS = (TABLE, KEY, ROW, COLUMN, CODE, VALUE)
"""
The columns of the problems, all of them text.

`row` tells the row inside its application: the place or id of an item, an assessment, an assessment and a line. Without
one, the problem is about all rows of the application in that table. `value` is what was found, or how many rows.
"""

_AT = "@"
"""Stands between a column and what is wrong with it; no column of a layout has it in its name."""

FIRST, LAST = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC), datetime(LAST_YEAR, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
"""Between these, files may state a time."""

_WRITABLE = {
    Type.DAY: (date(1000, 1, 1), date(9999, 12, 31)),
    Type.MOMENT: (datetime(1700, 1, 1, tzinfo=UTC), datetime(2250, 1, 1, tzinfo=UTC)),
}
"""Outside of these, an engine may fail to write a date as text, or to compare a time."""

_LONGEST = 200


def problems(layout: Layout, frames: Mapping[str, Frame], rules: RuleSet, line_limit: int, rating_limit: int) -> Frame:
    """
    One row for each thing that is wrong, in no order; lazy where the frames are.

    Args:
        frames: as `grantrules.tables.checking` has passed them.
        rules: whose pool and round the applications may name.
        line_limit: no application may have more items in a list.
        rating_limit: no application may have more assessments.
    """
    asked = _Asked(layout, frames, rules, line_limit, rating_limit)
    return nw.concat([*asked.rows(), *asked.repeated(), *asked.counted(), *asked.named(), *asked.judged()])


class _Check(NamedTuple):
    """One thing that may be wrong with a row: the column it is said of, its code, whether it holds, what was found."""

    column: str
    code: str
    wrong: nw.Expr
    value: nw.Expr


_NULL = nw.lit("null")
_NOTHING = nw.lit(None, dtype=nw.String)


def _text(word: str) -> nw.Expr:
    return nw.lit(word).cast(nw.String)


def _reported(frame: Frame, table: nw.Expr, row: nw.Expr, checks: Sequence[_Check]) -> Frame:
    """The problems of a frame that `checks` find, in one go through its rows."""
    found = {f"{check.column}{_AT}{check.code}": check for check in checks}
    held = frame.with_columns(**{name: check.wrong for name, check in found.items()})
    wrong = held.filter(nw.any_horizontal(*found, ignore_nulls=True))
    said = {name: nw.when(nw.col(name)).then(check.value.cast(nw.String)) for name, check in found.items()}
    each = wrong.select(nw.col(KEY), table.alias(TABLE), row.alias(ROW), **said)
    code = nw.col(CODE).cast(nw.String)
    return _below(each, list(found)).select(
        nw.col(TABLE, KEY, ROW).cast(nw.String),
        code.str.replace_all(f"{_AT}.*", "").alias(COLUMN),
        code.str.replace_all(f".*{_AT}", "").alias(CODE),
        nw.col(VALUE).str.slice(0, _LONGEST),
    )


def _below(frame: Frame, names: Sequence[str]) -> Frame:
    """Columns beside each other, below each other: their names as codes, and of their cells those that are there."""
    if frame.implementation.is_duckdb():
        # Narwhals would look for the relation in the connection that DuckDB has of itself, and it may be of another.
        from duckdb import ColumnExpression, ConstantExpression, FunctionExpression

        columns = {CODE: [ConstantExpression(name) for name in names], VALUE: [ColumnExpression(n) for n in names]}
        lists = {name: FunctionExpression("list_value", *cells) for name, cells in columns.items()}
        below = [FunctionExpression("unnest", cells).alias(name) for name, cells in lists.items()]
        made: Frame = nw.from_native(frame.to_native().select(TABLE, KEY, ROW, *below))
    else:
        made = frame.unpivot(on=list(names), index=[TABLE, KEY, ROW], variable_name=CODE, value_name=VALUE)
    return made.filter(~nw.col(VALUE).is_null())


# One row by itself


def _row_checks(table: Table, names: Iterable[str]) -> Iterator[_Check]:
    """What can be said of a row of any table without looking at another."""
    given = [column for column in table.columns if column.name in set(names)]
    for column in given:
        cell = nw.col(column.name)
        if column.key:
            yield _Check(column.name, "no-key", cell.is_null(), _NULL)
        if column.options:
            unknown = ~cell.is_null() & ~cell.is_in(column.options)
            yield _Check(column.name, "unknown-word", unknown, cell)
        low, high = (FIRST, LAST) if column.type is Type.MOMENT else (column.minimum, column.maximum)
        outside = [cell < low] * (low is not None) + [cell > high] * (high is not None)
        if outside:
            yield _Check(column.name, "out-of-bounds", reduce(or_, outside), _written(column))
    for path in lists_of_words(given):
        words = [nw.col(column.name).is_null() for column in given if column.path == path]
        yield _Check("__".join(path), "half-stated", reduce(or_, words) & ~_all(words), _NULL)


def _all(flags: Sequence[nw.Expr]) -> nw.Expr:
    return nw.all_horizontal(*flags, ignore_nulls=False)


def _written(column: Column) -> nw.Expr:
    """A cell as text, and something in the place of a time that no calendar has."""
    cell = nw.col(column.name)
    if column.type not in _WRITABLE:
        return cell
    first, last = _WRITABLE[column.type]
    return nw.when((cell >= first) & (cell <= last)).then(cell).cast(nw.String).fill_null("…")


def _misnumbered(id: nw.Expr) -> nw.Expr:
    """An identifier whose digits cannot be right, as `identifiers.identifier_problem` says it of one."""
    wrong = []
    for register, weights in WEIGHTS.items():
        fits = id.str.contains(f"^{register}-[0-9]{{{len(weights)}}}\\z")
        # An engine may work out what stands behind `then` in every row, so there must be a number in all of them.
        digits = nw.when(fits).then(id.str.slice(len(register) + 1)).otherwise(nw.lit("0"))
        number = digits.cast(nw.Int64)
        total = sum((number // 10**place % 10 * weight for place, weight in enumerate(reversed(weights))), nw.lit(0))
        wrong.append(id.str.starts_with(f"{register}-") & (~fits | (total % 11 != 0)))
    return reduce(or_, wrong)


# Rows beside each other


_TIMES, _ROWS, _USES = "@times", "@rows", "@uses"


@frozen
class _Asked:
    """The tables, and what they are held against."""

    layout: Layout
    frames: Mapping[str, Frame]
    rules: RuleSet
    line_limit: int
    rating_limit: int

    def has(self, table: str, *columns: str) -> bool:
        """The table is given, with these columns."""
        return table in self.frames and set(columns) <= set(self.names(table))

    def names(self, table: str) -> list[str]:
        """The columns that a table has."""
        return list(self.frames[table].collect_schema())

    @property
    def given(self) -> list[Table]:
        """The tables that are given."""
        return [table for table in self.layout.tables if table.name in self.frames]

    def row(self, table: str, names: Iterable[str]) -> nw.Expr:
        """What tells a row of an application's apart, as far as `names` do."""
        if table == LINE_JUDGEMENTS and LINE in names:
            return nw.concat_str(ASSESSMENT, LINE, separator="/")
        told = {ASSESSMENTS: (ASSESSMENT,), LINE_JUDGEMENTS: (ASSESSMENT,), APPLICATIONS: ()}
        found = [name for name in told.get(table, (POSITION, "id")) if name in names]
        return nw.col(found[0]) if found else _NOTHING

    # Each row

    def rows(self) -> Iterator[Frame]:
        """What is wrong with single rows."""
        for table in self.given:
            names = self.names(table.name)
            checks = [*_row_checks(table, names), *self._more(table.name, names)]
            yield _reported(self.frames[table.name], _text(table.name), self.row(table.name, names), checks)

    def _more(self, table: str, names: Sequence[str]) -> Iterator[_Check]:
        """What files may not say of an application or an organisation."""
        if table == APPLICATIONS:
            for name, right in (("pool", self.rules.pool.id), ("round", self.rules.round.id)):
                if name in names:
                    yield _Check(name, f"other-{name}", nw.col(name) != right, nw.col(name))
            if {"starts_on", "ends_on"} <= set(names):
                ends = _written(next(c for c in self.layout.table(APPLICATIONS).columns if c.name == "ends_on"))
                yield _Check("ends_on", "ends-first", nw.col("ends_on") < nw.col("starts_on"), ends)
        if table == ORGANISATIONS and "id" in names:
            yield _Check("id", "identifier", _misnumbered(nw.col("id")), nw.col("id"))

    # Several rows of one application

    def repeated(self) -> Iterator[Frame]:
        """Rows that nothing tells apart."""
        for table in self.given:
            if self.has(table.name, *table.key):
                yield self._repeated(table.name, table.key, "duplicate-key")
        if self.has(COSTS, "id"):
            yield self._repeated(COSTS, (KEY, "id"), "duplicate-line")

    def _repeated(self, table: str, key: Sequence[str], code: str) -> Frame:
        counted = self.frames[table].group_by(*key).agg(nw.len().alias(_TIMES))
        whole = _all([~nw.col(name).is_null() for name in key])
        check = _Check(key[-1], code, whole & (nw.col(_TIMES) > 1), nw.col(_TIMES))
        return _reported(counted, _text(table), self.row(table, key), [check])

    @property
    def applications(self) -> Frame:
        """Every case number once, with how often it is there and which lists are stated."""
        flags = [stated(name) for name in self.layout.lists if self.has(APPLICATIONS, stated(name))]
        chosen = self.frames[APPLICATIONS].select(KEY, *(nw.col(flag).cast(nw.Int64) for flag in flags))
        return chosen.group_by(KEY).agg(nw.len().alias(_TIMES), *(nw.col(flag).max() for flag in flags))

    def counted(self) -> Iterator[Frame]:
        """Rows of applications that are not there or do not state the list, and more rows than may be."""
        counts = [self._count(table.name) for table in self.given if table.name != APPLICATIONS]
        if counts:
            beside = nw.concat(counts).join(self.applications, on=[KEY], how="left")
            yield _reported(beside, nw.col(TABLE), _NOTHING, list(self._counts()))

    def _count(self, table: str) -> Frame:
        counted = self.frames[table].group_by(KEY).agg(nw.len().alias(_ROWS))
        return counted.select(nw.col(KEY), nw.col(_ROWS).cast(nw.Int64), _text(table).alias(TABLE))

    def _counts(self) -> Iterator[_Check]:
        rows, there, of = nw.col(_ROWS), ~nw.col(_TIMES).is_null(), nw.col(TABLE)
        keyed = ~nw.col(KEY).is_null()
        yield _Check(KEY, "unknown-application", keyed & ~there, rows)
        flags = [
            (of == name, nw.col(stated(name))) for name in self.layout.lists if self.has(APPLICATIONS, stated(name))
        ]
        unstated = [here & (flag.is_null() | (flag == 0)) for here, flag in flags]
        if unstated:
            yield _Check(KEY, "unstated-list", there & reduce(or_, unstated), rows)
        many = of.is_in(self.layout.lists) & (rows > self.line_limit)
        yield _Check(KEY, "too-many-lines", keyed & many, rows)
        yield _Check(KEY, "too-many-ratings", keyed & (of == ASSESSMENTS) & (rows > self.rating_limit), rows)

    def _stating(self, frame: Frame, collection: str) -> Frame:
        """The rows of applications that state a list."""
        stating = self.applications.filter(nw.col(stated(collection)) == 1)
        return frame.join(stating.select(KEY), on=[KEY], how="semi")

    # Organisations that are named

    def named(self) -> Iterator[Frame]:
        """Organisations that are named, and are not there or are several."""
        if not (self.has(ORGANISATIONS, "name") and self.has(APPLICATIONS, stated(ORGANISATIONS))):
            return
        for collection in self.layout.lists:
            record = self.rules.schema.record(collection)
            for fact in record.fields if record is not None else ():
                if fact.names and self.has(collection, fact.name):
                    yield self._named(collection, fact.name)

    def _named(self, collection: str, column: str) -> Frame:
        organisations = self.frames[ORGANISATIONS]
        by_name = organisations.group_by(KEY, "name").agg(nw.len().alias(_TIMES))
        by_name = by_name.filter(~nw.col("name").is_null()).select(KEY, _TIMES, nw.col("name").alias(column))
        nameless = organisations.filter(nw.col("name").is_null()).group_by(KEY).agg(nw.len().alias(_ROWS))
        used = (
            self.frames[collection].filter(~nw.col(column).is_null()).group_by(KEY, column).agg(nw.len().alias(_USES))
        )
        beside = self._stating(used, ORGANISATIONS).join(by_name, on=[KEY, column], how="left")
        beside = beside.join(nameless, on=[KEY], how="left")
        times, name = nw.col(_TIMES), nw.col(column)
        checks = [
            _Check(column, "unknown-organisation", times.is_null() & nw.col(_ROWS).is_null(), name),
            _Check(column, "ambiguous-organisation", times > 1, name),
        ]
        return _reported(beside, _text(collection), _NOTHING, checks)

    # Answers line by line

    def judged(self) -> Iterator[Frame]:
        """Answers line by line that belong to no assessment or line, or are given for the whole application too."""
        if not self.has(LINE_JUDGEMENTS):
            return
        yield self._answered()
        if self.has(COSTS) and self.has(APPLICATIONS, stated(COSTS)):
            yield self._lines()

    def _answered(self) -> Frame:
        columns = self.layout.table(LINE_JUDGEMENTS).columns
        asked = [column.name for column in columns if column.path and self.has(LINE_JUDGEMENTS, column.name)]
        both = [name for name in asked if self.has(ASSESSMENTS, name)]
        overall, by_line = (
            self.frames[table]
            .group_by(KEY, ASSESSMENT)
            .agg(
                nw.len().alias(_ROWS if table == LINE_JUDGEMENTS else _TIMES),
                *(nw.col(name).count().alias(f"{name}_{table}") for name in both),
            )
            for table in (ASSESSMENTS, LINE_JUDGEMENTS)
        )
        beside = by_line.join(overall, on=[KEY, ASSESSMENT], how="left")
        keyed = ~nw.col(KEY).is_null() & ~nw.col(ASSESSMENT).is_null()
        checks = [_Check(ASSESSMENT, "unknown-assessment", keyed & nw.col(_TIMES).is_null(), nw.col(ASSESSMENT))]
        for name in both:
            twice = (nw.col(f"{name}_{ASSESSMENTS}") > 0) & (nw.col(f"{name}_{LINE_JUDGEMENTS}") > 0)
            checks.append(_Check(name, "both-answers", twice, nw.col(ASSESSMENT)))
        return _reported(beside, _text(LINE_JUDGEMENTS), nw.col(ASSESSMENT), checks)

    def _lines(self) -> Frame:
        """Lines that are judged and not there; while a line has no id yet, any id may be its own."""
        costs, judged = self.frames[COSTS], self.frames[LINE_JUDGEMENTS].select(KEY, ASSESSMENT, LINE)
        judged = self._stating(judged.filter(~nw.col(LINE).is_null()), COSTS)
        unnamed = costs
        if self.has(COSTS, "id"):
            named = costs.filter(~nw.col("id").is_null()).select(KEY, nw.col("id").alias(LINE))
            judged = judged.join(named, on=[KEY, LINE], how="anti")
            unnamed = costs.filter(nw.col("id").is_null())
        unknown = judged.join(unnamed.select(KEY), on=[KEY], how="anti")
        check = _Check(LINE, "unknown-line", ~nw.col(LINE).is_null(), nw.col(LINE))
        return _reported(unknown, _text(LINE_JUDGEMENTS), self.row(LINE_JUDGEMENTS, (LINE,)), [check])
