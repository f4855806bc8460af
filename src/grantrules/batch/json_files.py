"""Lines of JSON: the rows of a table. A key that is left out states nothing."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from json import JSONDecoder
from pathlib import Path
from typing import Any, BinaryIO

from attrs import evolve, frozen

from grantrules.batch.cells import from_json
from grantrules.batch.chunks import CHUNK, Chunk, Misfit, Rows
from grantrules.errors import InputError, Problem, excerpt
from grantrules.serial.files import Parsed, parse_json, repeated_keys
from grantrules.tables.layout import Column, Table

_BOM = "\ufeff"

_FIRST = 2**20
"""So many bytes of a file say which columns it has."""

LONGEST = 16
"""A line may have so many MiB: as objects of Python it takes up ten times as much."""

_SHOWN = 1_000
"""So much is kept of a line that is longer."""


@frozen
class Line:
    """
    A line of a file.

    Args:
        text: without its end; of a line that is too long, the beginning.
    """

    number: int
    text: str
    too_long: bool = False


def json_columns(file: Path, table: Table) -> tuple[Column, ...]:
    """The columns of a table in newline JSON: those that the first lines name, be it as null; all if there are none."""
    lines: list[Line] = []
    for lines, _ in batches(file, _FIRST):
        stated = {key for line in lines for key in _keys(object_in(line))}
        if stated:
            return tuple(column for column in table.columns if column.name in stated)
    return () if lines else table.columns


def _keys(found: Parsed | Misfit) -> Iterable[str]:
    return () if isinstance(found, Misfit) else found.data


def json_chunks(file: Path, name: str, table: Table, zone: str, size: int = CHUNK // 4) -> Iterator[Chunk]:
    """
    Read a table in newline JSON.

    Args:
        name: what to call the file.
        zone: whose local time it is where a time names no offset.
    """
    columns = json_columns(file, table)
    named = {column.name for column in columns}
    others = {column.name for column in table.columns} - named
    for lines, bytes in batches(file, size):
        objects: list[Parsed] = []
        numbers: list[int] = []
        texts: list[str] = []
        misfits: list[Misfit] = []
        for line in lines:
            found = object_in(line)
            if isinstance(found, Misfit):
                misfits.append(found)
            else:
                objects.append(found)
                numbers.append(line.number)
                texts.append(line.text)
        rows = Rows(
            name,
            numbers,
            partial(_value, objects),
            texts.__getitem__,
            misfits,
            [
                (row, problem)
                for row, parsed in enumerate(objects)
                if parsed.problems or not others.isdisjoint(parsed.data)
                for problem in _strange(parsed, others)
            ],
        )
        cells = [from_json(column, [each.data.get(column.name) for each in objects], zone) for column in columns]
        yield rows.chunk(table.name, columns, cells, bytes)


def _value(objects: Sequence[Parsed], row: int, column: str) -> Any:
    return objects[row].data[column]


def batches(file: Path, size: int) -> Iterator[tuple[list[Line], int]]:
    """
    The lines of a file, about `size` bytes of them at once, and how many bytes that was.

    What is not UTF-8 becomes a sign that no JSON has outside of a text, and half a character inside of one.
    """
    with file.open("rb") as opened:
        lines: list[Line] = []
        bytes = 0
        for number, (raw, taken) in enumerate(_lines(opened), 1):
            too_long = taken > len(raw)
            text = raw.decode("utf-8", "surrogateescape").removeprefix(_BOM).rstrip("\r\n")
            bytes += taken
            if text.strip():
                lines.append(Line(number, text, too_long))
            if bytes >= size:
                yield lines, bytes
                lines, bytes = [], 0
        if bytes:
            yield lines, bytes


def _lines(opened: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Lines with their bytes; of one that is too long only the beginning, and the bytes of all of it."""
    most = LONGEST * 2**20
    while raw := opened.readline(most):
        if len(raw) < most or raw.endswith(b"\n"):
            yield raw, len(raw)
            continue
        taken, shown = len(raw), raw[:_SHOWN]
        while not raw.endswith(b"\n") and (raw := opened.readline(CHUNK)):
            taken += len(raw)
        yield shown, taken


def object_in(line: Line) -> Parsed | Misfit:
    """The object on a line, with what is wrong with its JSON; or the line, where it holds none."""
    if line.too_long:
        message = f"the line is longer than {LONGEST} MiB; `text` is its beginning"
        return Misfit(line.number, line.text, Problem("", message, "split it up", "too-long"))
    plain = _plain(line.text)
    if plain is not None:
        return Parsed("", plain)
    try:
        data: Any = parse_json(line.text, "")
        if not isinstance(data, dict):
            message = f"expected a JSON object, got {excerpt(data)}"
            raise InputError("", [Problem("", message, "write one object on every line", "not-an-object")])
    except InputError as error:
        (problem,) = error.problems
        where, message = problem.where.removeprefix("line 1, "), problem.message.replace("the file", "the line", 1)
        return Misfit(line.number, line.text, evolve(problem, where=where, message=message))
    return Parsed("", data, tuple(repeated_keys(data)))


def _plain(text: str) -> dict[str, Any] | None:
    """An object without objects in it, in which no key stands twice; `None` for all that takes longer to read."""
    try:
        found = _PLAIN.decode(text)
    except (ValueError, ArithmeticError, RecursionError):
        return None
    # Every key but those with a gap behind them is followed by this sign: were there more of them than there are keys,
    # one may stand twice, or be of an inner object.
    tight = not any(gap in text for gap in (" :", "\t:", "\r:"))
    return found if isinstance(found, dict) and tight and text.count('":') == len(found) else None


def _odd(word: str) -> Any:
    raise ValueError(word)


_PLAIN = JSONDecoder(parse_float=Decimal, parse_constant=_odd)


def _strange(parsed: Parsed, others: Collection[str]) -> Iterator[Problem]:
    yield from parsed.problems
    for key in parsed.data:
        if key in others:
            message = "the first lines of the file do not name this column"
            yield Problem(key, message, "name it in the first line, as null if need be", "other-columns")
