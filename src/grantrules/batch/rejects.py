"""
The applications that are not decided, each with its reasons and its rows, as lines of JSON.

Together with the results this is all that was read: no row is in neither.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby, islice
from typing import Any, TextIO

import polars as pl

from grantrules.batch.buckets import slices
from grantrules.batch.chunks import NAMELESS
from grantrules.batch.deciding import Bucket, Checked
from grantrules.batch.faults import FAULTS
from grantrules.errors import Problem
from grantrules.tables.layout import APPLICATIONS, KEY, Layout, layout
from grantrules.tables.telling import told

_SLICE = 100
"""So many applications are turned into JSON at once."""

_MANY = 1_000
"""An application with more rows, or more that is wrong with it, is turned into JSON by itself."""

_MOST = 10_000
"""A line of the rejects has no more rows and reasons than this; others of the same application go on from it."""

_PROBLEMS = "problems"


def write_nameless(bucket: Bucket, into: TextIO) -> int:
    """
    Write the rows of a bucket that name no application, each by itself.

    Returns:
        How many of them are no rows of the applications: they belong to none.
    """
    strays, tables = 0, layout(bucket.rules.rules)
    if FAULTS in bucket.stored.files:
        faults = (row for rows in _without_key(bucket, FAULTS) for row in rows.iter_rows(named=True))
        for (table, _), found in groupby(faults, lambda fault: (fault["table"], fault["place"])):
            _write(_record(None, [(FAULTS, fault) for fault in found], tables), into)
            strays += table != APPLICATIONS
    for table in bucket.stored.tables:
        reasons = [_reason(Problem(f"{table}.{KEY}", NAMELESS.message, NAMELESS.hint, NAMELESS.code))]
        for rows in _without_key(bucket, table):
            for row in rows.iter_rows(named=True):
                _write({KEY: None, "reasons": reasons, "rows": {table: [_stated(None, row)]}}, into)
            strays += len(rows) * (table != APPLICATIONS)
    return strays


def _without_key(bucket: Bucket, table: str) -> Iterator[pl.DataFrame]:
    count = bucket.stored.scan(table, False).select(pl.col(KEY).null_count()).collect().item()
    if count:
        for rows in slices(bucket.stored, table, bucket.text_keys, _MOST):
            yield rows.filter(pl.col(KEY).is_null())


def write_rejects(checked: Checked, into: TextIO) -> int:
    """
    Write the applications that are rejected of a bucket, in the order of case numbers.

    Returns:
        How many rows are of applications that are not there: they belong to none.
    """
    if checked.sound:
        return 0
    for record in _records(checked):
        _write(record, into)
    return _strays(checked)


def _write(record: Mapping[str, Any], into: TextIO) -> None:
    into.write(json.dumps(record, ensure_ascii=False, default=_written) + "\n")


def _written(value: Any) -> str:
    # A moment is a date too. What else is no JSON, stands in columns that the layout does not know.
    return value.isoformat() if isinstance(value, date) else str(value)


def _strays(checked: Checked) -> int:
    texts = checked.faults.filter(pl.col("text").is_not_null()).lazy()
    whole = pl.col("table") == APPLICATIONS
    tables = {name: rows.select(pl.col(KEY).cast(pl.String)) for name, rows in checked.bucket.tables().items()}
    there = pl.concat([tables.pop(APPLICATIONS), texts.filter(whole).select(KEY)])
    rows = pl.concat([*tables.values(), texts.filter(~whole).select(KEY)])
    named = rows.filter(pl.col(KEY).is_not_null())
    return int(named.join(there, on=KEY, how="anti").select(pl.len()).collect().item())


def _records(checked: Checked) -> Iterator[dict[str, Any]]:
    tables = layout(checked.bucket.rules.rules)
    parts = _parts(checked)
    long = _long(checked.rejected, parts)
    for own in _beside(checked, parts, long).iter_slices(_SLICE):
        for row in own.iter_rows(named=True):
            if row[KEY] in long:
                yield from _continued(tables, row[KEY], parts)
            else:
                items = ((name, each) for name in parts for each in row[name] or ())
                yield _record(row[KEY], items, tables)


def _parts(checked: Checked) -> dict[str, pl.LazyFrame]:
    """All that may be of a rejected application: what is wrong, and rows of tables; case numbers are text."""
    own = {_PROBLEMS: checked.problems.lazy(), FAULTS: checked.faults.lazy(), **checked.bucket.tables()}
    return {name: rows.with_columns(pl.col(KEY).cast(pl.String)) for name, rows in own.items()}


def _long(rejected: pl.Series, parts: Mapping[str, pl.LazyFrame]) -> frozenset[str]:
    """The case numbers of which there is more than fits into a list."""
    keys = pl.concat([rows.select(KEY) for rows in parts.values()])
    counted = keys.join(rejected.to_frame().lazy(), on=KEY, how="semi").group_by(KEY).len()
    return frozenset(counted.filter(pl.col("len") > _MANY).collect().get_column(KEY))


def _beside(checked: Checked, parts: Mapping[str, pl.LazyFrame], long: frozenset[str]) -> pl.DataFrame:
    """The case numbers that are rejected, in order, with lists of what is of each; none for those that are long."""
    key = checked.bucket.tables()[APPLICATIONS].collect_schema()[KEY]
    numbers = checked.rejected.to_frame().lazy()
    short = numbers.filter(~pl.col(KEY).is_in(list(long)))
    found = numbers.sort(pl.col(KEY).cast(key, strict=False), KEY)
    for name, rows in parts.items():
        listed = rows.join(short, on=KEY, how="semi").group_by(KEY, maintain_order=True)
        found = found.join(
            listed.agg(pl.struct(pl.exclude(KEY)).alias(name)), on=KEY, how="left", maintain_order="left"
        )
    return found.collect()


def _continued(tables: Layout, application: str, parts: Mapping[str, pl.LazyFrame]) -> Iterator[dict[str, Any]]:
    """An application in several records: all but the first say that they go on."""
    items = (
        (name, row)
        for name, rows in parts.items()
        for row in rows.filter(pl.col(KEY) == application).collect().iter_rows(named=True)
    )
    yield _record(application, islice(items, _MOST), tables)
    while some := list(islice(items, _MOST)):
        yield {**_record(application, some, tables), "continued": True}


def _record(application: str | None, items: Iterable[tuple[str, dict[str, Any]]], tables: Layout) -> dict[str, Any]:
    """
    Args:
        items: what is of an application, each with the name of its part.
    """
    reasons: list[dict[str, str]] = []
    rows: dict[str, list[dict[str, Any]]] = {}
    texts: list[str] = []
    for name, item in items:
        if name == _PROBLEMS:
            reasons.append(_reason(told(tables, {**item, KEY: application})))
        elif name == FAULTS:
            reasons.append(_of_cell(item))
            texts += [] if item["text"] is None else [item["text"]]
        else:
            rows.setdefault(name, []).append(_stated(application, item))
    made: dict[str, Any] = {KEY: application, "reasons": reasons}
    return {**made, **({"rows": rows} if rows else {}), **({"text": texts} if texts else {})}


def _of_cell(fault: Mapping[str, Any]) -> dict[str, str]:
    where = f"{fault['place']}: {fault['column']}" if fault["column"] else fault["place"]
    reason = _reason(Problem(where, fault["message"], fault["hint"], fault["code"]))
    return reason if fault["given"] is None else {**reason, "given": fault["given"]}


def _reason(problem: Problem) -> dict[str, str]:
    return {"where": problem.where, "message": problem.message, "hint": problem.hint, "code": problem.code}


def _stated(application: str | None, row: dict[str, Any]) -> dict[str, Any]:
    stated = {name: value for name, value in row.items() if value is not None and name != KEY}
    floats = {name: str(value) for name, value in stated.items() if isinstance(value, float)}
    return {KEY: application, **stated, **floats}
