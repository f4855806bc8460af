"""Parts of tables, as text files hold them: the rows that can be read, and what is wrong with the others."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import polars as pl
from attrs import frozen

from grantrules.batch.cells import Cells, complaint
from grantrules.batch.faults import Fault, fault_frame
from grantrules.errors import Problem
from grantrules.tables.layout import KEY, Column

CHUNK = 16 * 2**20
"""So many bytes of a file are read at once."""


@frozen
class Chunk:
    """
    Args:
        frames: rows of tables, with typed columns.
        faults: what could not be read, of these rows and of such that are not among them.
        rows: how many rows or documents that was, those that are not in `frames` too.
        bytes: how much of the file that was.
    """

    frames: dict[str, pl.DataFrame]
    faults: pl.DataFrame
    rows: int
    bytes: int


@frozen
class Misfit:
    """A row that has no place in its table: on which line it stands, how it is written, and what is wrong with it."""

    line: int
    text: str
    problem: Problem
    application: str | None = None

    def fault(self, table: str, file: str) -> Fault:
        """The row as a fault of the file it stands in."""
        return written(self.problem, table, place_of(file, self.line), self.application, text=self.text)


def place_of(file: str, line: int) -> str:
    """Where a row or document stands."""
    return f"{file}, line {line}"


def written(
    problem: Problem, table: str, place: str, application: str | None, given: str | None = None, text: str | None = None
) -> Fault:
    """A problem as a fault of the place where the row or document stands."""
    column, message, hint, code = problem.where, problem.message, problem.hint, problem.code
    return Fault(application, table, place, column, message, hint, code, _whole(given), _whole(text))


def _whole(text: str | None) -> str | None:
    # Bytes that are not UTF-8 are in it as halves of characters.
    return None if text is None else text.encode("utf-8", "backslashreplace").decode()


@frozen
class Rows:
    """
    Rows as a file states them.

    Args:
        file: its name.
        lines: where each row begins.
        value: what stands in a row and column.
        text: how a row is written.
        misfits: those that are no rows of the table.
        strange: rows and what is wrong with them but for their cells.
    """

    file: str
    lines: Sequence[int]
    value: Callable[[int, str], Any]
    text: Callable[[int], str]
    misfits: Sequence[Misfit] = ()
    strange: Sequence[tuple[int, Problem]] = ()

    def chunk(self, table: str, columns: Sequence[Column], cells: Sequence[Cells], bytes: int) -> Chunk:
        """The rows with their cells as they were read; those without a case number that can be read are left out."""
        frame = pl.DataFrame([each.typed for each in cells])
        keys = frame.get_column(KEY) if KEY in frame.columns else pl.Series(KEY, [None] * len(self.lines), pl.String)
        faults = fault_frame(self._faults(table, columns, cells, keys))
        frame = frame.filter(keys.is_not_null()) if len(frame) else frame
        return Chunk({table: frame}, faults, len(self.lines) + len(self.misfits), bytes)

    def _faults(
        self, table: str, columns: Sequence[Column], cells: Sequence[Cells], keys: pl.Series
    ) -> Iterator[Fault]:
        """What is wrong; all of a row that names no application stands together, and its text once."""
        yield from (misfit.fault(table, self.file) for misfit in self.misfits)
        nameless: dict[int, list[tuple[Problem, str | None]]] = {}
        for row, problem, given in self._problems(columns, cells):
            if (key := keys[row]) is None:
                nameless.setdefault(row, []).append((problem, given))
            else:
                yield written(problem, table, place_of(self.file, self.lines[row]), key, given)
        for row in keys.is_null().arg_true():
            for index, (problem, given) in enumerate(nameless.get(row, [(NAMELESS, None)])):
                text = self.text(row) if index == 0 else None
                yield written(problem, table, place_of(self.file, self.lines[row]), None, given, text)

    def _problems(self, columns: Sequence[Column], cells: Sequence[Cells]) -> Iterator[tuple[int, Problem, str | None]]:
        """Rows, what is wrong with them, and what stands in the cell if it is one."""
        yield from ((row, problem, None) for row, problem in self.strange)
        for column, each in zip(columns, cells, strict=True):
            for row in each.unreadable:
                value = self.value(row, column.name)
                given = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
                yield row, complaint(column, value), given


NAMELESS = Problem(KEY, "the row names no application", "give its case number", "no-key")
"""What is wrong with a row without a case number."""
