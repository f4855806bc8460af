"""
Where the results of a run go: files that are there whole, or not at all.

Everything is written under other names beside them, and takes their names at the end.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import assert_never

import polars as pl
from attrs import frozen

from grantrules.batch.inputs import ENDINGS, Format, format_of
from grantrules.errors import InputError, Problem, excerpt


@frozen
class Outputs:
    """
    The files that a run writes.

    Args:
        results: one row for each application that is decided.
        lines: one row for each of its cost lines, if asked for.
        rejects: one line for each application that is not decided.
    """

    results: Path
    lines: Path | None
    rejects: Path

    @property
    def files(self) -> tuple[Path, ...]:
        """All of them; the results last, so that they are new only where all others are."""
        return tuple(path for path in (self.rejects, self.lines, self.results) if path is not None)

    def problems(self, source: Path, inputs: Sequence[Path]) -> Iterator[InputError]:
        """
        What stands in the way of writing them.

        Args:
            source: where the input is; if it is a folder, another run would take a file in it for a table.
            inputs: files that are read, which none of them may replace.
        """
        read, folder = {path.resolve() for path in inputs}, source.resolve()
        for index, path in enumerate(self.files):
            found = [*self._wrong_format(path), *_wrong_place(path)]
            if path.resolve() in read:
                found.append(Problem("", "the file is part of the input", "name another file", "same-file"))
            elif folder.is_dir() and path.resolve().is_relative_to(folder):
                message = f"it would be in {excerpt(str(source))}, among the tables that are read"
                found.append(Problem("", message, "name a file in another folder", "same-file"))
            if path.resolve() in {other.resolve() for other in self.files[:index]}:
                found.append(Problem("", "two outputs have this name", "name another file", "same-file"))
            if found:
                yield InputError(str(path), found)

    def _wrong_format(self, path: Path) -> Iterator[Problem]:
        if path != self.rejects and format_of(path) is None:
            ending = f"the ending {excerpt(path.suffix)} names no format" if path.suffix else "the name has no ending"
            yield Problem("", ending, f"choose from {ENDINGS}", "no-format")


def _wrong_place(path: Path) -> Iterator[Problem]:
    if path.is_dir():
        yield Problem("", "there is a folder of this name", "name a file", "no-file")
    elif not (folder := path.resolve().parent).is_dir():
        yield Problem("", f"there is no folder {excerpt(str(folder))}", "make it first", "no-folder")
    elif not os.access(folder, os.W_OK):
        yield Problem("", f"nothing can be written to {excerpt(str(folder))}", code="no-folder")


@contextmanager
def workspace(out: Path) -> Iterator[Path]:
    """A hidden folder beside a file, for what a run sets aside on disk. It is gone at the end, however that comes."""
    folder = Path(mkdtemp(prefix=f".{out.name}-", suffix=".tmp", dir=out.resolve().parent))
    try:
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)


def ending_of(folder: Path) -> str:
    """The ending by which a workspace is told from those of other runs."""
    return "." + folder.name.rpartition("-")[2]


@contextmanager
def drafts(files: Sequence[Path], ending: str, workspace: Path | None = None) -> Iterator[Mapping[Path, Path]]:
    """
    Files in hidden folders beside those that are to be written, which take their names if nothing is raised inside.

    What is to be written may be a link: its target is replaced then.

    Args:
        ending: what to tell the hidden folders from those of other runs by.
        workspace: a hidden folder that is there already; drafts of files beside it are in it.

    Yields:
        Each file to its draft.
    """
    targets = {file: file.resolve() for file in files}
    folders = {} if workspace is None else {workspace.resolve().parent: workspace / "drafts"}
    for target in targets.values():
        folders.setdefault(target.parent, target.with_name(f".{target.name}{ending}"))
    made = {
        file: folders[target.parent] / f"{place}-{target.name}" for place, (file, target) in enumerate(targets.items())
    }
    try:
        for draft in made.values():
            draft.parent.mkdir(exist_ok=True)
        yield made
        for draft in made.values():
            _to_disk(draft)
        for file, draft in made.items():
            draft.replace(targets[file])
    finally:
        for draft in made.values():
            rmtree(draft.parent, ignore_errors=True)


def _to_disk(file: Path) -> None:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())


def write_rows(rows: pl.LazyFrame, draft: Path, format: Format) -> None:
    """Write rows to a file, some at a time."""
    match format:
        case Format.PARQUET:
            rows.sink_parquet(draft)
        case Format.CSV:
            rows.sink_csv(draft)
        case Format.JSON:
            rows.sink_ndjson(draft)
        case _:
            assert_never(format)
