"""The tables of a run as Parquet files: those that are given so, and those made of text files."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from shutil import rmtree

import polars as pl
from attrs import define, field, frozen

from grantrules.batch.faults import FAULTS
from grantrules.tables.layout import KEY

_PART = 32 * 2**20
"""So many bytes of a table are held before they are written."""


@frozen
class Stored:
    """
    Tables in files, each of one or more parts.

    Args:
        files: table to its Parquet files; what could not be read is the table `FAULTS`.
        misread: how many rows of the applications, or documents, are among the faults alone.
        folder: what is on disk for these tables alone.
        nameless: no row in them has a case number.
    """

    files: Mapping[str, tuple[Path, ...]]
    misread: int = 0
    folder: Path | None = None
    nameless: bool = False

    def scan(self, table: str, text_keys: bool) -> pl.LazyFrame:
        """
        The rows of a table.

        Args:
            text_keys: turn case numbers that are whole numbers into text.
        """
        found = pl.scan_parquet(list(self.files[table]), glob=False, hive_partitioning=False)
        return found.with_columns(pl.col(KEY).cast(pl.String)) if text_keys else found

    @property
    def has_text_keys(self) -> bool:
        """Case numbers are text in at least one table: text and whole numbers cannot meet."""
        keys = [self.scan(table, False).collect_schema()[KEY] for table in self.files]
        return any(key == pl.String for key in keys)

    def discard(self) -> None:
        """Remove what is on disk for these tables alone: they are of no more use."""
        if self.folder is not None:
            rmtree(self.folder)

    def of(self, table: str, files: Sequence[Path]) -> "Stored":
        """Some files of one table."""
        return Stored({table: tuple(files)})

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables, without that of the faults."""
        return tuple(table for table in self.files if table != FAULTS)


@define
class Store:
    """Writes chunks of tables as Parquet files of a reasonable size."""

    folder: Path
    waiting: dict[str, list[pl.DataFrame]] = field(factory=dict)
    sizes: dict[str, int] = field(factory=dict)
    files: dict[str, list[Path]] = field(factory=dict)
    rows: int = 0

    def put(self, table: str, frame: pl.DataFrame) -> None:
        """Add rows to a table."""
        self.waiting.setdefault(table, []).append(frame)
        self.sizes[table] = self.sizes.get(table, 0) + int(frame.estimated_size())
        if self.sizes[table] >= _PART:
            self._write(table)

    def _write(self, table: str) -> None:
        files = self.files.setdefault(table, [])
        files.append(self.folder / f"{table}-{len(files):06}.parquet")
        pl.concat(self.waiting.pop(table)).write_parquet(files[-1], compression="lz4", statistics=False)
        self.sizes[table] = 0

    def close(self) -> dict[str, tuple[Path, ...]]:
        """Write what is left, and say where everything is."""
        for table in list(self.waiting):
            self._write(table)
        return {table: tuple(files) for table, files in self.files.items()}
