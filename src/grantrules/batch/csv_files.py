"""Tables in CSV files. An empty cell states nothing, and a row must have a cell for every column."""

import csv
from collections.abc import Iterator, Sequence
from functools import partial
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import polars as pl

from grantrules.batch.cells import from_text
from grantrules.batch.chunks import CHUNK, Chunk, Misfit, Rows
from grantrules.errors import InputError, Problem
from grantrules.tables.layout import KEY, Column, Table, Type

_BOM = b"\xef\xbb\xbf"


def csv_columns(file: Path, table: Table) -> tuple[Column, ...]:
    """
    The columns that a CSV file names in its first line; one that the layout does not know is taken as text.

    Raises:
        InputError: the file has no first line, or it names a column twice.
    """
    with file.open("rb") as opened:
        names, _ = _header(opened, file)
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        problems = (Problem(name, "the column stands twice", "keep one of them", "repeated-key") for name in repeated)
        raise InputError(str(file), problems)
    return tuple(table.column(name) or Column(name, Type.TEXT, table.label) for name in names)


def csv_chunks(file: Path, name: str, table: Table, zone: str, size: int = CHUNK) -> Iterator[Chunk]:
    """
    Read a CSV file.

    Args:
        name: what to call the file.
        zone: whose local time it is where a time names no offset.

    Raises:
        InputError: a quotation mark that is not closed, or bytes that are not UTF-8: it is not known which rows there
            are.
    """
    columns = csv_columns(file, table)
    names = [column.name for column in columns]
    with file.open("rb") as opened:
        _, separator = _header(opened, file)
        before, first = opened.tell(), 2
        while lines := opened.readlines(size):
            found = _plain(lines, names, separator)
            raw, numbers, misfits, taken = (
                (found, range(first, first + len(lines)), [], len(lines))
                if found is not None
                else _quoted(lines, opened, names, separator, file, first)
            )
            rows = Rows(name, numbers, raw.item, partial(_line, raw, separator), misfits)
            cells = [from_text(column, raw.get_column(column.name), zone) for column in columns]
            yield rows.chunk(table.name, columns, cells, opened.tell() - before)
            before, first = opened.tell(), first + taken


def _header(opened: BinaryIO, file: Path) -> tuple[list[str], str]:
    """The names of the columns, and what stands between them: a comma, or a semicolon where there is no comma."""
    line = opened.readline().removeprefix(_BOM)
    if not line.strip():
        raise InputError(str(file), [Problem("", "the file has no header", "name the columns in the first line")])
    text = _decoded(line, file, 1)
    separator = ";" if ";" in text and "," not in text else ","
    try:
        return next(csv.reader([text], delimiter=separator, strict=True)), separator
    except csv.Error as error:
        raise _broken(file, 1, error) from error


def _plain(lines: Sequence[bytes], names: Sequence[str], separator: str) -> pl.DataFrame | None:
    """The cells of lines that are all rows, without quotation marks; `None` for others, which take longer to read."""
    text = b"".join(lines).replace(b"\r\n", b"\n")
    if len(names) == 1 or b'"' in text or b"\r" in text:
        return None
    try:
        rows = pl.Series(text.decode("utf-8").removesuffix("\n").split("\n"), dtype=pl.String)
    except UnicodeDecodeError:
        return None
    if not (rows.str.count_matches(separator, literal=True) == len(names) - 1).all():
        return None
    return pl.read_csv(
        BytesIO(text),
        has_header=False,
        new_columns=list(names),
        separator=separator,
        quote_char=None,
        infer_schema=False,
    )


def _quoted(
    lines: Sequence[bytes], rest: BinaryIO, names: Sequence[str], separator: str, file: Path, first: int
) -> tuple[pl.DataFrame, list[int], list[Misfit], int]:
    """
    Read the rows that begin in some lines, one by one; the last may end in the rest of the file.

    Returns:
        Their cells, the line each begins on, the rows that do not fit, and how many lines all of them take.
    """
    text = (_decoded(line, file, first + index) for index, line in enumerate(chain(lines, rest)))
    reader = csv.reader(text, delimiter=separator, strict=True)
    rows: list[list[str]] = []
    numbers: list[int] = []
    misfits: list[Misfit] = []
    while (taken := reader.line_num) < len(lines):
        try:
            row = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            raise _broken(file, first + taken, error) from error
        if len(row) == len(names):
            rows.append(row)
            numbers.append(first + taken)
        elif row:
            misfits.append(_ragged(row, names, separator, first + taken))
    cells = zip(*rows, strict=True) if rows else ([] for _ in names)
    raw = pl.DataFrame([pl.Series(name, each, pl.String) for name, each in zip(names, cells, strict=True)])
    return raw.with_columns(pl.all().replace("", None)), numbers, misfits, reader.line_num


def _ragged(row: Sequence[str], names: Sequence[str], separator: str, line: int) -> Misfit:
    found = f"{len(row)} cell{'' if len(row) == 1 else 's'}"
    problem = Problem("", f"expected {len(names)} cells, got {found}", "give every column one cell", "ragged")
    place = names.index(KEY) if KEY in names else len(row)
    application = (row[place] or None) if place < len(row) else None
    return Misfit(line, separator.join(row), problem, application)


def _line(raw: pl.DataFrame, separator: str, row: int) -> str:
    return separator.join("" if cell is None else cell for cell in raw.row(row))


def _decoded(line: bytes, file: Path, number: int) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8: byte {error.start} of the line cannot be read"
        raise InputError(str(file), [Problem(f"line {number}", message, "save it as UTF-8", "not-utf8")]) from error


def _broken(file: Path, line: int, error: csv.Error) -> InputError:
    hint = "close every quotation mark, and write those inside a text twice"
    return InputError(str(file), [Problem(f"line {line}", f"the row cannot be read: {error}", hint, "not-csv")])
