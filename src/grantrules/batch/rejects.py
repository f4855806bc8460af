"""
The applications that are not decided, each with its reasons and its rows, as lines of JSON.

Together with the results this is all that was read: no row is in neither.
"""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, TextIO

import polars as pl

from grantrules.batch.deciding import Checked
from grantrules.batch.faults import FAULTS
from grantrules.errors import Problem
from grantrules.tables.layout import APPLICATIONS, KEY, Layout, layout
from grantrules.tables.telling import told

_SLICE = 1_000
"""So many are turned into JSON at once."""

_PROBLEMS = "problems"


def write_rejects(checked: Checked, into: TextIO) -> int:
    """
    Write what is rejected of a bucket, what names no application first, then in the order of case numbers.

    Returns:
        How many rows of tables belong to no application.
    """
    strays = 0
    for record in _records(checked):
        rows = record.get("rows", {})
        if APPLICATIONS not in rows:
            strays += sum(map(len, rows.values()))
        into.write(json.dumps(record, ensure_ascii=False, default=_written) + "\n")
    return strays


def _written(value: Any) -> str:
    # A moment is a date too. What else is no JSON, stands in columns that the layout does not know.
    return value.isoformat() if isinstance(value, date) else str(value)


def _records(checked: Checked) -> Iterator[dict[str, Any]]:
    if checked.sound:
        return
    tables = layout(checked.bucket.rules.rules)
    yield from _nameless(checked, tables)
    for own in _beside(checked).iter_slices(_SLICE):
        for row in own.iter_rows(named=True):
            yield _record(tables, row[KEY], row)


def _beside(checked: Checked) -> pl.DataFrame:
    """The case numbers that are rejected, in order, each with lists of what is wrong and of its rows."""
    tables = checked.bucket.tables()
    key = tables[APPLICATIONS].collect_schema()[KEY]
    numbers = checked.rejected.to_frame().lazy()
    parts = {_PROBLEMS: checked.problems.lazy(), FAULTS: checked.faults.lazy(), **tables}
    found = numbers.sort(pl.col(KEY).cast(key, strict=False), KEY)
    for name, rows in parts.items():
        texts = rows.with_columns(pl.col(KEY).cast(pl.String))
        listed = texts.join(numbers, on=KEY, how="semi").group_by(KEY, maintain_order=True)
        found = found.join(
            listed.agg(pl.struct(pl.exclude(KEY)).alias(name)), on=KEY, how="left", maintain_order="left"
        )
    return found.collect()


def _record(tables: Layout, application: str | None, parts: dict[str, Any]) -> dict[str, Any]:
    faults = parts.get(FAULTS) or []
    reasons = [_reason(told(tables, {KEY: application, **problem})) for problem in parts.get(_PROBLEMS) or []]
    reasons += [_reason(Problem(f["where"], f["message"], f["hint"], f["code"])) for f in faults]
    listed = {name: rows for name, rows in parts.items() if rows and name not in (KEY, FAULTS, _PROBLEMS)}
    rows = {table: [_stated(application, row) for row in own] for table, own in listed.items()}
    texts = [fault["text"] for fault in faults if fault["text"] is not None]
    made: dict[str, Any] = {KEY: application, "reasons": reasons}
    return {**made, **({"rows": rows} if rows else {}), **({"text": texts} if texts else {})}


def _reason(problem: Problem) -> dict[str, str]:
    return {"where": problem.where, "message": problem.message, "hint": problem.hint, "code": problem.code}


def _stated(application: str | None, row: dict[str, Any]) -> dict[str, Any]:
    stated = {name: value for name, value in row.items() if value is not None and name != KEY}
    floats = {name: str(value) for name, value in stated.items() if isinstance(value, float)}
    return {KEY: application, **stated, **floats}


def _nameless(checked: Checked, tables: Layout) -> Iterator[dict[str, Any]]:
    """Rows that name no application, each by itself."""
    problem = Problem(KEY, "the row names no application", "give its case number", "no-key")
    for fault in checked.faults.filter(pl.col(KEY).is_null()).iter_rows(named=True):
        yield _record(tables, None, {FAULTS: [fault]})
    for table, rows in checked.bucket.tables().items():
        for row in rows.filter(pl.col(KEY).is_null()).collect().iter_rows(named=True):
            yield {KEY: None, "reasons": [_reason(problem)], "rows": {table: [_stated(None, row)]}}
