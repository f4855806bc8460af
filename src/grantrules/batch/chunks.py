"""Parts of tables, as text files hold them: the rows that can be read, and what is wrong with the others."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import polars as pl
from attrs import frozen

from grantrules.batch.cells import Cells, complaint
from grantrules.batch.faults import Fault
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
    faults: tuple[Fault, ...]
    rows: int
    bytes: int


@frozen
class Misfit:
    """A row that has no place in its table: on which line it stands, how it is written, and what is wrong with it."""

    line: int
    text: str
    problem: Problem
    application: str | None = None

    def fault(self, file: str) -> Fault:
        """The row as a fault of the file it stands in."""
        return written(self.problem, f"{file}, line {self.line}", self.application, self.text)


def written(problem: Problem, place: str, application: str | None, text: str | None = None) -> Fault:
    """A problem as a fault of the place where the row or document stands."""
    where = f"{place}: {problem.where}" if problem.where else place
    if text is not None:  # bytes that are not UTF-8 are in it as halves of characters
        text = text.encode("utf-8", "backslashreplace").decode()
    return Fault(application, where, problem.message, problem.hint, problem.code, text)


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
        """The rows with their cells as they were read; one whose case number cannot be read is left out."""
        frame = pl.DataFrame([each.typed for each in cells])
        keys = frame.get_column(KEY) if KEY in frame.columns else pl.Series(KEY, [None] * len(self.lines), pl.String)
        by_name = {column.name: each for column, each in zip(columns, cells, strict=True)}
        nameless = set(by_name[KEY].unreadable) if KEY in by_name else set()
        faults = [misfit.fault(self.file) for misfit in self.misfits]
        for row, problem in self._problems(columns, cells):
            text = self.text(row) if row in nameless else None
            faults.append(written(problem, f"{self.file}, line {self.lines[row]}", keys[row], text))
        if nameless:
            frame = frame.filter(~pl.Series([row in nameless for row in range(len(frame))]))
        return Chunk({table: frame}, tuple(faults), len(self.lines) + len(self.misfits), bytes)

    def _problems(self, columns: Sequence[Column], cells: Sequence[Cells]) -> Iterator[tuple[int, Problem]]:
        yield from self.strange
        for column, each in zip(columns, cells, strict=True):
            for row in each.unreadable:
                yield row, complaint(column, self.value(row, column.name))
