"""
The tables of a query as they are joined: one frame for every scope that a term is read in.

A scope is the lists whose items are at hand, outermost first: `()` for the application, `("costs",)` for a cost line,
`("costs", "organisations")` for an organisation while each cost line is looked at. A column is computed once, in the
outermost scope that it depends on, and carried inwards by a join on the case number.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import narwhals as nw
from attrs import define, evolve, field

from grantrules.tables.fitting import Frame
from grantrules.tables.layout import APPLICATIONS, KEY, POSITION, Column, Layout
from grantrules.terms.schema import COSTS, ORGANISATIONS

Scope: TypeAlias = tuple[str, ...]

OUTERMOST: Scope = ()
"""Where the application itself is at hand."""


def column_name(of: str, name: str) -> str:
    """What a column of a table is called in the frames."""
    return f"{of}__{name}"


def row_key(scope: Scope) -> tuple[str, ...]:
    """The columns that tell the rows of a scope apart, where a term looks at each of them by itself."""
    return (KEY, *(column_name(collection, POSITION) for collection in scope))


@define
class Frames:
    """
    Args:
        layouts: one for each rule set that is asked.
        tables: frames that `grantrules.tables.checking` has passed.
        by_line: the judgements that any rule set lets assessors answer line by line.
        at: scope to its frame.
        facts: what applicants state for the application alone.
        answers: what assessors answer, for applications that anybody has assessed.
    """

    layouts: tuple[Layout, ...]
    tables: Mapping[str, Frame]
    by_line: frozenset[str] = frozenset()
    at: dict[Scope, Frame] = field(factory=dict)
    facts: Frame = None
    answers: Frame = None
    referred: set[tuple[Scope, str]] = field(factory=set)
    count: int = 0

    def has(self, table: str) -> bool:
        """The table was given."""
        return table in self.tables

    def columns(self, table: str) -> dict[str, Column]:
        """The columns of a table by name, with the limits that every layout keeps to."""
        found: dict[str, Column] = {}
        for known in (one for layout in self.layouts for one in layout.tables if one.name == table):
            for column in known.columns:
                found[column.name] = _widest(found.get(column.name, column), column)
        return found

    def base(self, table: str) -> Frame:
        """What rules read of a table, and what tells its rows apart, each column named after the table."""
        given = self.tables[table].collect_schema().names()
        told = {"id"} if table == COSTS else set()  # by which a line is known in the table of the cost lines
        read = [c.name for c in self.columns(table).values() if c.required or c.key or c.name in told]
        named = [nw.col(name).alias(column_name(table, name)) for name in read if name != KEY and name in given]
        return self.tables[table].select(nw.col(KEY), *named)

    def fresh(self, stem: str) -> str:
        """A name that no column has yet."""
        self.count += 1
        return f"{stem}_{self.count}"

    def open(self, scope: Scope) -> None:
        """Begin a scope with the rows of its table, unless it is there."""
        if scope not in self.at:
            self.at[scope] = self.base(scope[0] if scope else APPLICATIONS)

    def add(self, scope: Scope, columns: Mapping[str, nw.Expr]) -> None:
        """Compute columns in a scope."""
        if columns:
            self.at[scope] = self.at[scope].with_columns(**columns)

    def join(self, scope: Scope, other: Frame, on: Sequence[str]) -> None:
        """Put the columns of a frame, which has at most one row for each key, beside those of a scope."""
        self.at[scope] = self.at[scope].join(other, on=list(on), how="left")

    def carry(self, source: Frame, columns: Mapping[str, nw.Expr], scope: Scope) -> None:
        """Bring columns that are the same for a whole application into the rows of a list."""
        if columns:
            self.join(scope, source.select(nw.col(KEY), **columns), (KEY,))

    def inside(self, outer: Scope, collection: str) -> None:
        """Begin the scope of a list inside another: its items for every row of the other that has any."""
        self.at[(*outer, collection)] = self.at[outer].join(self.base(collection), on=[KEY], how="inner")

    def refer(self, scope: Scope, name: str, alias: str) -> None:
        """
        Put the organisation that a column names beside it, unless none or several go by that name.

        Args:
            name: the column of the scope that holds a name.
            alias: what the columns of the organisation are named after.
        """
        if (scope, alias) in self.referred:
            return
        self.referred.add((scope, alias))
        organisations = self.tables[ORGANISATIONS].filter(~nw.col("name").is_null())
        once = organisations.group_by(KEY, "name").agg(nw.len().alias("_times")).filter(nw.col("_times") == 1)
        read = [column.name for column in self.columns(ORGANISATIONS).values() if column.required]
        facts = [nw.col(column).alias(column_name(alias, column)) for column in read if column != KEY]
        chosen = organisations.select(nw.col(KEY), nw.col("name").alias(name), *facts)
        once = once.select(nw.col(KEY), nw.col("name").alias(name))
        self.join(scope, chosen.join(once, on=[KEY, name], how="inner"), (KEY, name))


def _widest(one: Column, other: Column) -> Column:
    """A column that two layouts share: read if either reads it, within the limits of both."""
    low = None if one.minimum is None or other.minimum is None else min(one.minimum, other.minimum)
    high = None if one.maximum is None or other.maximum is None else max(one.maximum, other.maximum)
    words = tuple(dict.fromkeys((*one.options, *other.options))) if one.options and other.options else ()
    return evolve(one, minimum=low, maximum=high, options=words, required=one.required or other.required)
