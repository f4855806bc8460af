"""A run: from a folder of tables, or a file of applications, to files of results."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

import narwhals as nw
import polars as pl
import polars.selectors as cs
from attrs import define, field, frozen

from grantrules.batch.buckets import divided
from grantrules.batch.deciding import Bucket, Checked
from grantrules.batch.inputs import Documents, Format, Given, format_of, given_at
from grantrules.batch.memory import free_memory
from grantrules.batch.outputs import Outputs, drafts, ending_of, workspace, write_rows
from grantrules.batch.rejects import write_nameless, write_rejects
from grantrules.batch.staging import empty_tables, files_of, staged
from grantrules.batch.storing import Stored
from grantrules.batch.telling import Tell, tenths
from grantrules.caseload import together, tried
from grantrules.errors import GrantrulesError, InputError, Problem
from grantrules.readings.columns.results import ranked
from grantrules.rulebooks import Rulebook
from grantrules.tables.answers import OUTCOME, RANK, SCORE, thresholds
from grantrules.tables.layout import KEY, layout

_OVERHEAD = 250 * 2**20
"""What Python and the engine take up before any table."""

_LEAST_ROOM = 64 * 2**20

_MOST_ROOM = 512 * 2**20
"""Buckets are not larger than this: while one is decided, a run does not end when it is told to."""

_WORKING = 10
"""Deciding tables takes up so many times their own size."""


@frozen
class Run:
    """
    What is asked for.

    Args:
        source: a folder of tables, or a file with an application on every line.
        outputs: where the results go.
        rank: whether results say the rank of each application.
        memory: how many bytes the run may take up; half of what is free if nobody says.
    """

    rules: Rulebook
    source: Path
    outputs: Outputs
    rank: bool = False
    memory: int | None = None


@frozen
class Summary:
    """
    What came of a run.

    Args:
        read: applications that were read, or rows of their table.
        outcomes: how many of those that were decided have each outcome.
        strays: rows that belong to no application: one that they are of may have been decided without them.
    """

    read: int
    outcomes: Mapping[str, int]
    strays: int

    @property
    def decided(self) -> int:
        """How many were decided."""
        return sum(self.outcomes.values())

    @property
    def rejected(self) -> int:
        """How many were not."""
        return self.read - self.decided


def run(asked: Run, tell: Tell = lambda done, of: None) -> Summary:
    """
    Decide everything, and write the results.

    Results are in the order of case numbers. Files that are there already are replaced when all is done, and stay as
    they are where it is not.

    Args:
        tell: for a bar.

    Raises:
        InputError: with everything that is wrong, before anything is decided: no such input, a table or column that is
            missing or of another type, an output that cannot be written. Later, if the disk is full or a file cannot be
            read to its end; nothing is written then.
    """
    try:
        return _done(asked, _given(asked), tell)
    except OSError as error:
        raise _stopped(asked, error.strerror or str(error)) from error
    except pl.exceptions.ComputeError as error:
        reason = str(error).splitlines()[0]
        if "os error" in reason or reason.startswith("parquet"):  # the engine tells of disks and files in its own way
            raise _stopped(asked, reason) from error
        raise


def _stopped(asked: Run, reason: str) -> InputError:
    message = f"the run cannot go on, and nothing was written: {reason}"
    return InputError(str(asked.outputs.results), [Problem("", message, code="no-file")])


def _done(asked: Run, given: Given, tell: Tell) -> Summary:
    memory = free_memory() // 2 if asked.memory is None else asked.memory
    with workspace(asked.outputs.results) as folder, drafts(asked.outputs.files, ending_of(folder), folder) as made:
        stored = staged(given, asked.rules, layout(asked.rules.rules), folder / "tables", tenths(tell, 0, 4))
        room = min(_MOST_ROOM, max(_LEAST_ROOM, memory - _OVERHEAD) // _WORKING)
        parts = divided(stored, folder / "buckets", room, tenths(tell, 4, 6))
        bench = _Bench(asked, folder, parts.text_keys)
        with made[asked.outputs.rejects].open("w", encoding="utf-8") as rejects:
            for index, bucket in enumerate(parts.buckets):
                bench.work_on(index, bucket, rejects)
                tenths(tell, 6, 10)(index + 1, len(parts.buckets))
        bench.finish(made)
    return Summary(parts.applications, dict(bench.outcomes), bench.strays)


def _given(asked: Run) -> Given:
    """What is given, once nothing stands in the way of working on it."""
    errors: list[GrantrulesError] = []
    tables = layout(asked.rules.rules)
    given = tried(errors, given_at, asked.source, tables)
    errors += asked.outputs.problems(asked.source, () if given is None else files_of(given))
    empty = None if given is None else tried(errors, empty_tables, given, tables)
    if given is not None and empty is not None:
        schemas = {name: frame.lazy() for name, frame in _alike(given, empty).items()}
        tried(errors, asked.rules.columns, schemas)
    if errors or given is None:
        raise together(errors)
    return given


def _alike(given: Given, empty: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The tables as they will be: beside one that is read from text, all case numbers are text."""
    if isinstance(given, Documents) or all(one.format is Format.PARQUET for one in given):
        return dict(empty)
    whole = cs.by_name(KEY, require_all=False) & cs.integer()
    return {name: frame.with_columns(whole.cast(pl.String)) for name, frame in empty.items()}


@define
class _Bench:
    """Where buckets are decided one after another, and what has come of them."""

    asked: Run
    folder: Path
    text_keys: bool
    results: list[Path] = field(factory=list)
    lines: list[Path] = field(factory=list)
    outcomes: Counter[str] = field(factory=Counter)
    strays: int = 0

    def work_on(self, index: int, stored: Stored, rejects: TextIO) -> None:
        """Decide one bucket, and set its results aside on disk."""
        bucket = Bucket(self.asked.rules, stored, self.text_keys)
        self.strays += write_nameless(bucket, rejects)
        if not stored.nameless:
            self._decide(index, bucket.checked(), rejects)
        stored.discard()

    def _decide(self, index: int, checked: Checked, rejects: TextIO) -> None:
        self.strays += write_rejects(checked, rejects)
        decided = checked.decided(lines=self.asked.outputs.lines is not None)
        self.outcomes.update(decided.outcomes)
        self.results.append(self._put(f"results-{index:05}", decided.results))
        if decided.lines is not None:
            self.lines.append(self._put(f"lines-{index:05}", decided.lines))

    def _put(self, name: str, rows: pl.DataFrame) -> Path:
        file = self.folder / f"{name}.parquet"
        rows.write_parquet(file, compression="lz4", statistics=False)
        return file

    def finish(self, made: Mapping[Path, Path]) -> None:
        """Write the results of all buckets."""
        outputs = self.asked.outputs
        results = pl.scan_parquet(self.results)
        _write(self._ranked(results) if self.asked.rank else results, outputs.results, made)
        if outputs.lines is not None:
            _write(pl.scan_parquet(self.lines), outputs.lines, made)

    def _ranked(self, results: pl.LazyFrame) -> pl.LazyFrame:
        """The results with the rank of each application among all; only what it is made of is held at once."""
        names = results.collect_schema().names()
        read = {KEY, OUTCOME, SCORE, *thresholds(names)}
        narrow = results.select(name for name in names if name in read).collect()
        ranks: pl.DataFrame = ranked(nw.from_native(narrow)).to_native().select(RANK)
        return pl.concat([results, ranks.lazy()], how="horizontal")


def _write(rows: pl.LazyFrame, file: Path, made: Mapping[Path, Path]) -> None:
    format = format_of(file)
    assert format is not None, "the outputs have been checked"
    write_rows(rows, made[file], format)
