"""Tables of the toy pool as somebody writes them by hand, on every engine that needs no server."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import narwhals as nw
import polars as pl

from grantrules.tables.checking import checked
from grantrules.tables.filling import frames
from grantrules.tables.layout import layout
from grantrules.tables.problems import problems
from tests.pools import TOY

LAYOUT = layout(TOY.rules)

ENGINES = ("polars, lazy", "polars", "duckdb", "pyarrow")

Rows = Sequence[Mapping[str, Any]]

Found = tuple[str, str | None, str | None, str, str, str]
"""Table, application, row, column, code and value of a problem."""


def application(id: str | None, **facts: Any) -> dict[str, Any]:
    """A row of an application with all lists stated."""
    lists = {f"{name}_stated": True for name in LAYOUT.lists}
    received = datetime(2020, 2, 14, 9, 30, tzinfo=UTC)
    return {"application": id, "submitted_at": received, "requested_ore": 7_500_000, **lists, **facts}


def columns(**rows: Rows) -> dict[str, dict[str, list[Any]]]:
    """Rows as columns of the layout, null where a row says nothing; tables without rows are there too."""
    return {
        table.name: {
            column.name: [row.get(column.name) for row in rows.get(table.name, ())] for column in table.columns
        }
        for table in LAYOUT.tables
    }


def native(engine: str, tables: Mapping[str, pl.DataFrame]) -> dict[str, Any]:
    """Frames of Polars as those of an engine."""
    match engine:
        case "polars, lazy":
            return {name: frame.lazy() for name, frame in tables.items()}
        case "duckdb":
            own = duckdb.connect()
            return {name: own.from_arrow(frame.to_arrow()) for name, frame in tables.items()}
        case "pyarrow":
            return {name: frame.to_arrow() for name, frame in tables.items()}
        case _:
            return dict(tables)


def tables(engine: str, **rows: Rows) -> dict[str, Any]:
    """Rows as native tables with every column of the layout."""
    return native(engine, frames(LAYOUT, columns(**rows)))


def found(given: Mapping[str, Any], line_limit: int = 10, rating_limit: int = 5) -> list[Found]:
    """The problems of native tables, in order; of a time the day alone, for engines write times in their own ways."""
    made = problems(LAYOUT, checked(LAYOUT, given, TOY.rules.name), TOY.rules, line_limit, rating_limit)
    rows = made.collect() if isinstance(made, nw.LazyFrame) else made
    assert set(rows.schema.values()) == {nw.String()}
    days = nw.when(nw.col("column") == "submitted_at").then(nw.col("value").str.slice(0, 10)).otherwise(nw.col("value"))
    return sorted(rows.with_columns(value=days).rows(), key=repr)


def day(text: str) -> date:
    """A date."""
    return date.fromisoformat(text)
