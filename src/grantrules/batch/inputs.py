"""Where the applications of a run are: a folder of tables, or a file with one application on every line."""

from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import TypeAlias

from attrs import frozen

from grantrules.errors import InputError, Problem, excerpt, nearest
from grantrules.tables.layout import APPLICATIONS, Layout, Table


class Format(Enum):
    """The formats of tables."""

    PARQUET = "Parquet"
    CSV = "CSV"
    JSON = "newline JSON"


_FORMATS = {".parquet": Format.PARQUET, ".csv": Format.CSV, ".jsonl": Format.JSON, ".ndjson": Format.JSON}

ENDINGS = ", ".join(f"`{ending}`" for ending in _FORMATS)


def format_of(file: Path) -> Format | None:
    """The format of a file by the ending of its name, in capitals or not; `None` for any other ending."""
    return _FORMATS.get(file.suffix.lower())


@frozen
class TableFiles:
    """One table: its files, all of one format, in order of name."""

    table: Table
    format: Format
    files: tuple[Path, ...]


@frozen
class Documents:
    """A file with one application on every line."""

    file: Path


Given: TypeAlias = tuple[TableFiles, ...] | Documents


def given_at(source: Path, layout: Layout) -> Given:
    """
    Find the applications of a run.

    Raises:
        InputError: with everything that is wrong: nothing is there, no table of applications, two forms of one table,
            a file that is no table of the layout.
    """
    if source.is_dir():
        return _tables(source, layout)
    if not source.exists():
        hint = "name a folder of tables, or a file with one application on every line"
        raise InputError(str(source), [Problem("", "there is no such file or folder", hint, "no-file")])
    if format_of(source) is not Format.JSON:
        message = f"a single file holds applications as newline JSON, and its name ends in {excerpt('.jsonl')}"
        hint = "put tables into a folder, and name the folder"
        raise InputError(str(source), [Problem("", message, hint, "no-format")])
    return Documents(source)


def _tables(folder: Path, layout: Layout) -> tuple[TableFiles, ...]:
    problems: list[Problem] = []
    entries = [path for path in sorted(folder.iterdir()) if not path.name.startswith(".")]
    known = {table.name: table for table in layout.tables}
    found: dict[str, list[Path]] = {}
    for path in entries:
        name = path.name if path.is_dir() else path.stem
        if name in known and (path.is_dir() or format_of(path)):
            found.setdefault(name, []).append(path)
        elif path.is_dir() or format_of(path):
            hint = nearest(name, known) or "choose from " + ", ".join(known)
            problems.append(Problem(path.name, f"there is no table {excerpt(name)}", hint, "unknown-table"))
    for name, paths in found.items():
        if len(paths) > 1:
            twice = " and ".join(excerpt(path.name) for path in paths)
            problems.append(Problem(name, f"the table is given as {twice}", "keep one of them", "two-tables"))
    if APPLICATIONS not in found:
        hint = f"name its file `{APPLICATIONS}`, with the ending {ENDINGS}"
        problems.append(Problem("", "the folder holds no table of applications", hint, "no-table"))
    given = [one for name in known if name in found for one in _files(known[name], found[name][0], problems)]
    if problems:
        raise InputError(str(folder), problems)
    return tuple(given)


def _files(table: Table, path: Path, problems: list[Problem]) -> Iterator[TableFiles]:
    """The files of a table: the one, or the parts in a folder."""
    if not path.is_dir():
        format = format_of(path)
        assert format is not None, "others are not looked at"
        yield TableFiles(table, format, (path,))
        return
    parts = [part for part in sorted(path.iterdir()) if part.is_file() and not part.name.startswith((".", "_"))]
    formats = {format_of(part) for part in parts}
    format = formats.pop() if len(formats) == 1 else None
    if format is not None:
        yield TableFiles(table, format, tuple(parts))
        return
    message = "the folder holds no part of the table" if not parts else "the parts are not all files of one format"
    problems.append(Problem(path.name, message, f"give every part the same ending, of {ENDINGS}", "no-format"))
