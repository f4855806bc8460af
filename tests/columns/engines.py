"""The engines that tests ask, from frames of Polars to theirs and from their answers to rows."""

from collections.abc import Mapping
from typing import Any

import duckdb
import narwhals as nw
import polars as pl

HERE = ("polars", "duckdb", "pyarrow")
"""The engines that run in this process, Polars lazily."""

EAGER = "polars, eager"


def native(engine: str, tables: Mapping[str, pl.DataFrame]) -> dict[str, Any]:
    """Tables as an engine of this process holds them; those of DuckDB share a connection."""
    match engine:
        case "polars":
            return {name: frame.lazy() for name, frame in tables.items()}
        case "duckdb":
            connection = duckdb.connect()
            return {name: connection.from_arrow(frame.to_arrow()) for name, frame in tables.items()}
        case "pyarrow":
            return {name: frame.to_arrow() for name, frame in tables.items()}
        case _:
            assert engine == EAGER
            return dict(tables)


def on_spark(session: Any, tables: Mapping[str, pl.DataFrame]) -> dict[str, Any]:
    """Tables as a session of PySpark holds them."""
    return {name: session.createDataFrame(frame.to_arrow()) for name, frame in tables.items()}


def rows(frame: Any) -> list[dict[str, Any]]:
    """The rows of a native frame, lazy or not."""
    found: Any = nw.from_native(frame)
    eager = found.collect() if isinstance(found, nw.LazyFrame) else found
    return list(eager.rows(named=True))
