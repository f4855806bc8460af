"""Lazy in, lazy out; native in, native out; and nothing is read before somebody looks."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from tests.columns.engines import EAGER, HERE, native, on_spark, rows
from tests.columns.rules import ruled, tables
from tests.pools import COST_RULES, REQUIREMENTS
from tests.tables_bad.hand_made import application

GIVEN = tables(
    applications=[application("2020/417", pages=4), application("2020/418", pages=11)],
    costs=[{"application": "2020/417", "position": 0, "id": "c1", "amount_ore": 100, "vat_ore": 25}],
)

SMALL = ruled(*REQUIREMENTS[:3], COST_RULES[0])
"""A few rules: what is asked of an engine here depends on none of them."""

KINDS: Mapping[str, type] = {
    "polars": pl.LazyFrame,
    EAGER: pl.DataFrame,
    "duckdb": duckdb.DuckDBPyRelation,
    "pyarrow": type(pl.DataFrame().to_arrow()),
}


@pytest.mark.parametrize("engine", KINDS)
def test_answers_are_frames_of_the_same_engine(engine: str) -> None:
    """Results, cost lines and problems are what the tables are, ranked or not."""
    for rank in (False, True):
        answers = SMALL.columns(native(engine, GIVEN), rank=rank)
        for frame in (answers.results, answers.lines, answers.problems):
            assert type(frame) is KINDS[engine]
        results = {row["application"]: row for row in rows(answers.results)}
        assert set(results) == {"2020/417", "2020/418"}
        assert ("rank" in results["2020/417"]) is rank
        assert results["2020/418"]["outcome"] == "dismissed"
        assert [row["id"] for row in rows(answers.lines)] == ["c1"]
        assert rows(answers.problems) == []


def test_answers_of_pyspark(spark: Any) -> None:
    """PySpark answers with data frames of its own, about rows that nobody has looked at."""
    import pyspark.sql.functions as functions
    from pyspark.sql import DataFrame

    given = on_spark(spark, GIVEN)
    failing = functions.raise_error(functions.lit("nobody was to look")).cast("string")
    given["applications"] = given["applications"].withColumn("application", failing)
    answers = SMALL.columns(given, rank=True)
    assert all(isinstance(frame, DataFrame) for frame in (answers.results, answers.lines, answers.problems))
    with pytest.raises(Exception, match="nobody was to look"):
        answers.results.collect()


def test_nothing_is_read_of_polars() -> None:
    """Whoever scans is asked for rows only when the answers are collected."""
    looked: list[str] = []

    def scan(name: str) -> Callable[[], pl.DataFrame]:
        def read() -> pl.DataFrame:
            looked.append(name)
            return GIVEN[name]

        return read

    lazy = {name: pl.defer(scan(name), schema=frame.schema) for name, frame in GIVEN.items()}
    answers = SMALL.columns(lazy, rank=True)
    assert all(isinstance(frame, pl.LazyFrame) for frame in (answers.results, answers.lines, answers.problems))
    assert looked == []
    assert len(answers.results.collect()) == 2
    assert "applications" in looked


def test_nothing_is_read_of_duckdb(tmp_path: Path) -> None:
    """A relation over a file is asked for rows only when the answers are."""
    connection = duckdb.connect()
    lazy = {}
    for name, frame in GIVEN.items():
        frame.write_parquet(tmp_path / f"{name}.parquet")
        relation = connection.read_parquet(str(tmp_path / f"{name}.parquet"))
        lazy[name] = relation if name != "applications" else relation.project("*, error('nobody was to look') AS more")
    answers = SMALL.columns(lazy)
    assert type(answers.results) is duckdb.DuckDBPyRelation
    assert len(answers.results.fetchall()) == 2


ASKED = """
import sys
import grantrules
import grantrules.cli
rules = grantrules.rulebook("dk_2018_kompetenceloeft", "2018")
rules.decide(rules.read_application({"id": "2018-1"}), []).explain("da")
rules.table_schema()
loaded = [name for name in ("narwhals", "polars", "duckdb", "pyarrow", "pyspark", "pandas") if name in sys.modules]
print(*loaded)
"""


def test_the_library_imports_no_engine() -> None:
    """Whoever decides one application, or asks for the layout, loads no data frames."""
    done = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize("engine", HERE)
def test_tables_of_narwhals(engine: str) -> None:
    """Frames that Narwhals already holds come back as those of the engine."""
    import narwhals as nw

    held = {name: nw.from_native(frame) for name, frame in native(engine, GIVEN).items()}
    assert type(SMALL.columns(held).results) is KINDS[engine]


def test_the_repr_is_short() -> None:
    """What one sees in a notebook is which rules were asked."""
    assert repr(SMALL.columns(native("polars", GIVEN))) == "Columns(rules=toy@2020, rank=False)"
