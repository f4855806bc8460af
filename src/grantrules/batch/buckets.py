"""
Tables cut into buckets, so that each fits into memory: all rows of an application are in one bucket.

A bucket holds the case numbers between two limits. So the buckets one after another are in the order of case numbers,
however many there are.
"""

from collections.abc import Callable, Iterator
from math import ceil
from pathlib import Path

import polars as pl
from attrs import frozen

from grantrules.batch.storing import Stored
from grantrules.tables.layout import APPLICATIONS, KEY

_SAMPLE = 20_000
"""From about so many case numbers the limits are taken, and from so many rows their size."""

_KEYS = 500_000
"""So many case numbers are looked at at once."""

_MOST = 4_096
"""More buckets than this would each be a handful of files of a few rows."""


@frozen
class Size:
    """How large a table is in memory: its rows, and the bytes of one."""

    rows: int
    width: float

    @property
    def bytes(self) -> float:
        """All of it."""
        return self.rows * self.width


def sizes_of(stored: Stored, text_keys: bool) -> dict[str, Size]:
    """How large each table would be in memory, judging by its first rows."""
    found = {}
    for table in stored.files:
        rows = stored.scan(table, text_keys)
        head = rows.head(_SAMPLE).collect()
        found[table] = Size(_length(rows), head.estimated_size() / max(1, len(head)))
    return found


@frozen
class Divided:
    """
    Tables in buckets.

    Args:
        text_keys: case numbers are text, or are to be turned into it.
        applications: how many there are, those among them that could not be read.
    """

    text_keys: bool
    applications: int
    buckets: tuple[Stored, ...]


def divided(stored: Stored, folder: Path, room: int, tell: Callable[[int, int], None]) -> Divided:
    """
    Cut the tables into as many buckets as are needed for each to take up `room` bytes at most.

    Args:
        folder: where to put them; it is made if there is more than one.
        tell: is told how many rows are done, and of how many.
    """
    text_keys = stored.has_text_keys
    sizes = sizes_of(stored, text_keys)
    count = buckets_needed(sum(size.bytes for size in sizes.values()), room)
    buckets = [stored]
    if count > 1:
        buckets = split(stored, folder, count, room, text_keys, tell)
        stored.discard()
    return Divided(text_keys, sizes[APPLICATIONS].rows + stored.misread, tuple(buckets))


def buckets_needed(bytes: float, memory: int) -> int:
    """How many buckets there must be if each is to take up so much memory at most."""
    return min(_MOST, max(1, ceil(bytes / max(1, memory))))


def split(
    stored: Stored, folder: Path, count: int, memory: int, text_keys: bool, tell: Callable[[int, int], None]
) -> list[Stored]:
    """
    Cut the tables into buckets, each a folder of Parquet files. Rows without a case number are in the first.

    Args:
        folder: where to put them; it is made.
        count: how many there are to be; there are fewer where there are not so many applications.
        memory: rows of so many bytes at most are held at once.
        tell: is told how many rows are done, and of how many.
    """
    sizes = sizes_of(stored, text_keys)
    limits = _limits(stored, count, text_keys, sizes)
    total, done = sum(size.rows for size in sizes.values()), 0
    folders = [folder / f"{bucket:05}" for bucket in range(len(limits) + 1)]
    for each in folders:
        each.mkdir(parents=True)
    files: list[dict[str, list[Path]]] = [{table: [] for table in stored.files} for _ in folders]
    for table in stored.files:
        for part, rows in enumerate(_slices(stored, table, text_keys, sizes[table], memory)):
            places = limits.search_sorted(rows.get_column(KEY), side="right")
            placed = rows.with_columns(places.fill_null(0).alias(_BUCKET))
            for (bucket,), own in placed.partition_by(_BUCKET, as_dict=True, include_key=False).items():
                file = folders[int(bucket)] / f"{table}-{part:06}.parquet"
                own.write_parquet(file, compression="lz4", statistics=False)
                files[int(bucket)][table].append(file)
            done += len(rows)
            tell(done, total)
        _fill_gaps(stored.scan(table, text_keys), folder / f"{table}.parquet", table, files)
    named = [{table: tuple(parts) for table, parts in own.items()} for own in files]
    return [Stored(own, folder=each) for own, each in zip(named, folders, strict=True)]


_BUCKET = "bucket of the row"
"""Between words are spaces: no column of a table is called so."""


def _slices(stored: Stored, table: str, text_keys: bool, size: Size, memory: int) -> Iterator[pl.DataFrame]:
    """The rows of a table, file by file, as many at once as the memory holds."""
    step = max(1_000, int(memory / max(1.0, size.width)))
    for file in stored.files[table]:
        rows = stored.of(table, [file]).scan(table, text_keys)
        for start in range(0, _length(rows), step):
            yield rows.slice(start, step).collect()


def _length(rows: pl.LazyFrame) -> int:
    return int(rows.select(pl.len()).collect().item())


def _limits(stored: Stored, count: int, text_keys: bool, sizes: dict[str, Size]) -> pl.Series:
    """The case numbers with which all buckets but the first begin, so that about as many are in each."""
    every = max(1, sizes[APPLICATIONS].rows // _SAMPLE)
    found: set[str | int] = set()
    for file in stored.files[APPLICATIONS]:
        keys = stored.of(APPLICATIONS, [file]).scan(APPLICATIONS, text_keys).select(KEY)
        for start in range(0, _length(keys), _KEYS):
            found.update(keys.slice(start, _KEYS).collect().get_column(KEY).gather_every(every).drop_nulls())
    ordered = pl.Series(KEY, list(found), stored.scan(APPLICATIONS, text_keys).collect_schema()[KEY]).sort()
    places = {place * len(ordered) // count for place in range(1, count)} if len(ordered) else set()
    return ordered.gather(sorted(places - {0}))


def _fill_gaps(rows: pl.LazyFrame, empty: Path, table: str, files: list[dict[str, list[Path]]]) -> None:
    """Give a table without rows to the buckets that have none of its rows."""
    rows.head(0).collect().write_parquet(empty)
    for own in files:
        if not own[table]:
            own[table].append(empty)
