"""
Tables cut into buckets, so that each fits into memory: all rows of an application are in one bucket.

A bucket holds the case numbers between two limits. So the buckets one after another are in the order of case numbers,
however many there are.
"""

from collections.abc import Callable, Iterator, Mapping
from math import ceil
from pathlib import Path

import polars as pl
from attrs import frozen

from grantrules.batch.storing import Stored
from grantrules.tables.layout import APPLICATIONS, KEY

_SAMPLE = 20_000
"""From about so many rows the limits are taken, and from so many of each table their size."""

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
    step = _rows_in(memory, sizes)
    total, done = sum(size.rows for size in sizes.values()), 0
    folders = [folder / f"{bucket:05}" for bucket in range(len(limits) + 2)]
    for each in folders:
        each.mkdir(parents=True)
    files: list[dict[str, list[Path]]] = [{table: [] for table in stored.files} for _ in folders]
    for table in stored.files:
        for part, rows in enumerate(slices(stored, table, text_keys, step[table])):
            keys = rows.get_column(KEY)
            places = pl.Series(limits.search_sorted(keys.cast(limits.dtype), side="right"), dtype=pl.Int64) + 1
            placed = rows.with_columns(places.set(keys.is_null(), _NAMELESS).fill_null(_NAMELESS).alias(_BUCKET))
            for (bucket,), own in placed.partition_by(_BUCKET, as_dict=True, include_key=False).items():
                file = folders[int(bucket)] / f"{table}-{part:06}.parquet"
                own.write_parquet(file, compression="lz4", statistics=False)
                files[int(bucket)][table].append(file)
            done += len(rows)
            tell(done, total)
        _fill_gaps(stored.scan(table, text_keys), folder / f"{table}.parquet", table, files)
    named = [{table: tuple(parts) for table, parts in own.items()} for own in files]
    return [
        Stored(own, folder=each, nameless=place == _NAMELESS)
        for place, (own, each) in enumerate(zip(named, folders, strict=True))
    ]


_BUCKET = "bucket of the row"
"""Between words are spaces: no column of a table is called so."""

_NAMELESS = 0
"""The place of the bucket of rows without a case number."""


def _rows_in(memory: int, sizes: Mapping[str, Size]) -> dict[str, int]:
    """So many rows of each table the memory holds at once."""
    return {table: max(1_000, int(memory / max(1.0, size.width))) for table, size in sizes.items()}


def slices(stored: Stored, table: str, text_keys: bool, step: int) -> Iterator[pl.DataFrame]:
    """The rows of a table, file by file, `step` of them at once."""
    for file in stored.files[table]:
        rows = stored.of(table, [file]).scan(table, text_keys)
        for start in range(0, _length(rows), step):
            yield rows.slice(start, step).collect()


def _length(rows: pl.LazyFrame) -> int:
    return int(rows.select(pl.len()).collect().item())


_WEIGHT = "bytes that the case number stands for"


def _limits(stored: Stored, count: int, text_keys: bool, sizes: Mapping[str, Size]) -> pl.Series:
    """The case numbers with which all buckets but the first begin, so that about as many bytes are in each."""
    type = pl.String() if text_keys else pl.Int64()
    sampled = [_sampled(stored, table, text_keys, sizes) for table in stored.files]
    heavy = pl.concat([keys.cast({KEY: type}) for keys in sampled]).group_by(KEY).agg(pl.sum(_WEIGHT)).sort(KEY)
    room = heavy.get_column(_WEIGHT).sum() / count
    ends = heavy.get_column(_WEIGHT).cum_sum()
    full = pl.Series([place * room for place in range(1, count)], dtype=pl.Float64)
    places = set(ends.search_sorted(full, side="right"))
    # What stands behind an application that fills a bucket by itself is not added to it.
    places |= {place + 1 for place in (heavy.get_column(_WEIGHT) > room).arg_true()}
    return heavy.get_column(KEY).gather(sorted(place for place in places if 0 < place < len(heavy)))


def _sampled(stored: Stored, table: str, text_keys: bool, sizes: Mapping[str, Size]) -> pl.DataFrame:
    """Some case numbers of a table, each with the bytes that it stands for: about as many in all tables."""
    width = max(1.0, sizes[table].width)
    every = max(1, int(sum(size.bytes for size in sizes.values()) / _SAMPLE / width))
    found = [pl.Series(KEY, [], stored.scan(table, text_keys).collect_schema()[KEY])]
    for file in stored.files[table]:
        keys = stored.of(table, [file]).scan(table, text_keys).select(KEY)
        for start in range(0, _length(keys), _KEYS):
            found.append(keys.slice(start, _KEYS).collect().get_column(KEY).gather_every(every).drop_nulls())
    return pl.concat(found).to_frame().with_columns(pl.lit(every * width).alias(_WEIGHT))


def _fill_gaps(rows: pl.LazyFrame, empty: Path, table: str, files: list[dict[str, list[Path]]]) -> None:
    """Give a table without rows to the buckets that have none of its rows."""
    rows.head(0).collect().write_parquet(empty)
    for own in files:
        if not own[table]:
            own[table].append(empty)
