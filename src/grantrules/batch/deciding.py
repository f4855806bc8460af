"""One bucket of applications: checked first, and decided without those that anything is wrong with."""

from collections.abc import Mapping

import polars as pl
from attrs import frozen

from grantrules.batch.cells import UNREADABLE
from grantrules.batch.faults import FAULTS, SCHEMA
from grantrules.batch.storing import Stored
from grantrules.readings.columns.tables import Columns
from grantrules.rulebooks import Rulebook
from grantrules.tables.layout import APPLICATIONS, KEY, stated
from grantrules.tables.problems import CODE, COLUMN, COLUMNS, ROW, TABLE


@frozen
class Bucket:
    """
    The tables of some applications.

    Args:
        text_keys: turn case numbers that are whole numbers into text.
    """

    rules: Rulebook
    stored: Stored
    text_keys: bool

    def tables(self) -> dict[str, pl.LazyFrame]:
        """Its tables."""
        return {table: self.stored.scan(table, self.text_keys) for table in self.stored.tables}

    def faults(self) -> pl.DataFrame:
        """What could not be read."""
        if FAULTS not in self.stored.files:
            return pl.DataFrame(schema=SCHEMA)
        return self.stored.scan(FAULTS, True).collect()

    def checked(self) -> "Checked":
        """Hold the tables against their layout."""
        columns = self.rules.columns(self.tables())
        faults = self.faults()
        return Checked(self, columns, _in_order(_of_themselves(columns.problems.collect(), faults)), faults)


_EMPTIED = ("half-stated", "no-key", "unstated-list")
"""What is wrong with a row because nothing is stated in a cell, and where that cell cannot be read."""


def _of_themselves(problems: pl.DataFrame, faults: pl.DataFrame) -> pl.DataFrame:
    """The problems without those that are there only because a cell or a row could not be read."""
    if problems.is_empty() or faults.is_empty():
        return problems
    cells = faults.filter(pl.col("code") == UNREADABLE).select(KEY, TABLE, COLUMN)
    listed = cells.with_columns(pl.col(COLUMN).str.replace("__[^_].*$", ""))  # a word of a list
    flags = cells.filter(pl.col(TABLE) == APPLICATIONS, pl.col(COLUMN).str.ends_with(_STATED))
    unstated = flags.select(KEY, pl.col(COLUMN).str.strip_suffix(_STATED).alias(TABLE), pl.lit(KEY).alias(COLUMN))
    emptied = pl.concat([cells, listed, unstated])
    misread = faults.filter(pl.col(TABLE) == APPLICATIONS, pl.col("text").is_not_null()).select(KEY)
    derived = pl.concat(
        [
            problems.filter(pl.col(CODE).is_in(_EMPTIED)).join(emptied, on=[KEY, TABLE, COLUMN], how="semi"),
            problems.filter(pl.col(CODE) == "unknown-application").join(misread, on=KEY, how="semi"),
        ]
    )
    return problems.join(derived, on=[KEY, TABLE, COLUMN, CODE], how="anti")


_STATED = stated("")


def _in_order(problems: pl.DataFrame) -> pl.DataFrame:
    """Problems as they stand in the tables: an engine gives them in no order."""
    place = pl.col(ROW).cast(pl.Int64, strict=False)
    return problems.sort(KEY, TABLE, place, *(name for name in COLUMNS if name not in (KEY, TABLE)))


@frozen
class Checked:
    """
    A bucket, and what is wrong in it.

    Args:
        columns: what the rules say of it, wrong or not.
        problems: as `grantrules.tables.problems` lays them out.
        faults: what could not be read.
    """

    bucket: Bucket
    columns: Columns
    problems: pl.DataFrame
    faults: pl.DataFrame

    @property
    def sound(self) -> bool:
        """Nothing is wrong."""
        return self.problems.is_empty() and self.faults.is_empty()

    @property
    def rejected(self) -> pl.Series:
        """The case numbers, as text, that anything is wrong with, each once."""
        keys = pl.concat([self.problems.get_column(KEY), self.faults.get_column(KEY)])
        return keys.drop_nulls().unique()

    def decided(self, lines: bool) -> "Decided":
        """
        Decide the other applications.

        Args:
            lines: the cost lines too.
        """
        found = self.columns if self.sound else self.bucket.rules.columns(without(self.bucket.tables(), self.rejected))
        asked = [found.results, *([found.lines] if lines else [])]
        results, *rest = pl.collect_all(asked)
        by_line = rest[0].sort(rest[0].columns) if rest else None
        return Decided(results.sort(KEY), by_line)


_REJECTED = "case number of a rejected application"


def without(tables: Mapping[str, pl.LazyFrame], rejected: pl.Series) -> dict[str, pl.LazyFrame]:
    """
    The rows of all applications but some; those of none are left out too.

    Args:
        rejected: case numbers, as text.
    """
    numbers, key = rejected.to_frame(_REJECTED).lazy(), pl.col(KEY).cast(pl.String)
    named = {table: rows.filter(pl.col(KEY).is_not_null()) for table, rows in tables.items()}
    return {table: rows.join(numbers, left_on=key, right_on=_REJECTED, how="anti") for table, rows in named.items()}


@frozen
class Decided:
    """
    What the rules say of the applications of a bucket.

    Args:
        results: in the order of case numbers.
        lines: by case number and place in the budget.
    """

    results: pl.DataFrame
    lines: pl.DataFrame | None

    @property
    def outcomes(self) -> Mapping[str, int]:
        """How many there are of each outcome."""
        return dict(self.results.group_by("outcome").len().iter_rows())
