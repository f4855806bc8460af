"""What is given as text, read once into Parquet files that hold the same exactly."""

from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl

from grantrules.batch.cells import dtype
from grantrules.batch.chunks import Chunk
from grantrules.batch.csv_files import csv_chunks, csv_columns
from grantrules.batch.documents import document_chunks
from grantrules.batch.faults import FAULTS, fault_frame
from grantrules.batch.inputs import Documents, Format, Given, TableFiles
from grantrules.batch.json_files import json_chunks, json_columns
from grantrules.batch.storing import Store, Stored
from grantrules.caseload import together, tried
from grantrules.errors import GrantrulesError, InputError, Problem
from grantrules.rulebooks import Rulebook
from grantrules.tables.filling import filled, frames
from grantrules.tables.layout import APPLICATIONS, Layout


def empty_tables(given: Given, layout: Layout) -> dict[str, pl.DataFrame]:
    """
    The tables that are given, with their columns and without their rows.

    Raises:
        InputError: files that cannot be read, or parts of a table with other columns than the rest, in one report.
    """
    if isinstance(given, Documents):
        return frames(layout, filled(layout, ()))
    errors: list[GrantrulesError] = []
    found = {one.table.name: tried(errors, _empty, one) for one in given}
    if errors:
        raise together(errors)
    return {name: frame for name, frame in found.items() if frame is not None}


def _empty(one: TableFiles) -> pl.DataFrame:
    errors: list[GrantrulesError] = []
    schemas = {file: tried(errors, _schema, one, file) for file in one.files}
    first = next(iter(schemas.values()))
    for file, schema in schemas.items():
        if schema is not None and first is not None and schema != first:
            message = f"its columns are not those of `{one.files[0].name}`"
            errors.append(InputError(str(file), [Problem("", message, "give all parts the same", "other-columns")]))
    if errors:
        raise together(errors)
    return pl.DataFrame(schema=first)


def _schema(one: TableFiles, file: Path) -> dict[str, pl.DataType]:
    try:
        match one.format:
            case Format.PARQUET:
                return dict(pl.read_parquet_schema(file))
            case Format.CSV:
                return {column.name: dtype(column.type) for column in csv_columns(file, one.table)}
            case Format.JSON:
                return {column.name: dtype(column.type) for column in json_columns(file, one.table)}
    except (OSError, pl.exceptions.PolarsError) as error:
        reason = str(getattr(error, "strerror", None) or error).splitlines()[0]
        problem = Problem("", f"the file cannot be read: {reason}", code="no-file")
        raise InputError(str(file), [problem]) from error


def staged(given: Given, rules: Rulebook, layout: Layout, folder: Path, tell: Callable[[int, int], None]) -> Stored:
    """
    The tables as Parquet files: those that are given so where they are, all others in the folder.

    Args:
        folder: is made.
        tell: is told how many bytes of text are read, and of how many.

    Raises:
        InputError: a CSV file whose rows cannot be told apart.
    """
    texts, stored = _by_kind(given)
    folder.mkdir()
    store, misread, done = Store(folder), 0, 0
    total = sum(file.stat().st_size for file in files_of(texts))
    for name, frame in {**empty_tables(texts, layout), FAULTS: fault_frame(())}.items() if texts else ():
        store.put(name, frame)
    for table, chunk in _chunks(texts, rules, layout):
        for name, frame in chunk.frames.items():
            store.put(name, frame)
        if len(chunk.faults):
            store.put(FAULTS, chunk.faults)
        if table == APPLICATIONS:
            misread += chunk.rows - len(chunk.frames.get(table, ()))
        done += chunk.bytes
        tell(done, max(done, total))
    return Stored({**stored, **store.close()}, misread, folder)


def _by_kind(given: Given) -> tuple[Given, dict[str, tuple[Path, ...]]]:
    """What must be read as text, and the tables that are Parquet files already."""
    if isinstance(given, Documents):
        return given, {}
    texts = tuple(one for one in given if one.format is not Format.PARQUET)
    return texts, {one.table.name: one.files for one in given if one.format is Format.PARQUET}


def files_of(given: Given) -> tuple[Path, ...]:
    """Every file that is given."""
    return (given.file,) if isinstance(given, Documents) else tuple(file for one in given for file in one.files)


def _chunks(given: Given, rules: Rulebook, layout: Layout) -> Iterator[tuple[str, Chunk]]:
    """All chunks, each with the name of its table; of documents, which are all tables, that of the applications."""
    if isinstance(given, Documents):
        yield from ((APPLICATIONS, chunk) for chunk in document_chunks(given.file, rules, layout))
        return
    for one in given:
        read = csv_chunks if one.format is Format.CSV else json_chunks
        for file in one.files:
            name = file.name if len(one.files) == 1 else f"{one.table.name}/{file.name}"
            yield from ((one.table.name, chunk) for chunk in read(file, name, one.table, rules.pool.zone))
