"""This library in columns: the same rules over Polars frames and DuckDB relations, as a user would run them."""

from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from peers import data, library
from peers.verdicts import DENOMINATOR, SCHEMA, SCORE

import grantrules

WANTED = (*SCHEMA, "score_denominator")
"""Of all result columns, those that everybody works out."""


def on_polars() -> "OnPolars":
    """The rules, found and bound."""
    return OnPolars(grantrules.rulebook(library.POOL, library.ROUND))


def on_duckdb() -> "OnDuckdb":
    """The rules, found and bound."""
    return OnDuckdb(grantrules.rulebook(library.POOL, library.ROUND))


class OnPolars:
    """Lazy frames in, one query, a frame out."""

    def __init__(self, rules: grantrules.Rulebook) -> None:
        import_module("narwhals")  # which the first query would import otherwise
        self._rules = rules

    def opened(self, folder: Path) -> Any:
        """The files, to be scanned by the query."""
        return data.scans(folder)

    def held(self, folder: Path) -> Any:
        """The tables, read."""
        return {name: frame.lazy() for name, frame in data.frames(folder).items()}

    def decided(self, facts: Any) -> Any:
        """The results, collected."""
        results: Any = self._rules.columns(facts).results
        return results.select(WANTED).collect(engine="streaming")

    def compared(self, made: Any) -> pl.DataFrame:
        """The results with the scores over the common denominator."""
        return of_common_denominator(made)


class OnDuckdb:
    """Relations in, one query, an Arrow table out."""

    def __init__(self, rules: grantrules.Rulebook) -> None:
        for late in ("narwhals", "pyarrow"):  # which the first query would import otherwise
            import_module(late)
        self._rules, self.connection = rules, duckdb.connect()

    def opened(self, folder: Path) -> Any:
        """The files, to be scanned by the query."""
        return {name: self.connection.read_parquet(str(path)) for name, path in data.files(folder)}

    def held(self, folder: Path) -> Any:
        """The tables, read into the database in memory."""
        for name, relation in self.opened(folder).items():
            relation.create(name)
        return {name: self.connection.table(name) for name, _ in data.files(folder)}

    def decided(self, facts: Any) -> Any:
        """The results, fetched."""
        return self.results(facts).to_arrow_table()

    def results(self, facts: Any) -> Any:
        """The results, not yet worked out."""
        results: Any = self._rules.columns(facts).results
        return results.select(", ".join(WANTED))

    def compared(self, made: Any) -> pl.DataFrame:
        """The results with the scores over the common denominator."""
        frame = pl.from_arrow(made)
        assert isinstance(frame, pl.DataFrame)
        return of_common_denominator(frame)


def of_common_denominator(made: pl.DataFrame) -> pl.DataFrame:
    """Bring exact scores to the denominator by which they are compared."""
    scaled, over = pl.col(SCORE) * DENOMINATOR, pl.col("score_denominator")
    assert made.filter(scaled % over != 0).is_empty(), f"a score is not a number of {DENOMINATOR}ths"
    return made.with_columns((scaled // over).alias(SCORE)).drop("score_denominator")
