"""The same results, whatever the applications are written in, wherever they go and in however many parts."""

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import grantrules as g
from grantrules.batch import buckets
from grantrules.batch.outputs import Outputs
from grantrules.batch.running import Run, run
from grantrules.batch.storing import Stored
from tests.registry.small import pool_plugin

from .given import FORMATS, POOL, TABLE_FORMATS, cases_of, decided, source, tables, written


def in_buckets(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """Let the next runs take so many buckets, as if there were little memory."""
    monkeypatch.setattr(buckets, "buckets_needed", lambda bytes, memory: count)


def ore(amount: Decimal | None) -> int | None:
    """An amount in whole øre."""
    return None if amount is None else int(amount * 100)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("pool", [POOL, "no_helseteknologi@2024-1"])
def test_results_are_those_of_deciding_one_at_a_time(tmp_path: Path, pool: str, format: str) -> None:
    """Outcome, costs, highest grant and score of every case are what `decide` says, from every kind of input."""
    given = cases_of(pool)
    done = decided(given.rules, source(given, tmp_path, format), tmp_path / "out")
    decisions = given.decisions
    assert done.results["application"].to_list() == sorted(decisions)
    for row in done.results.iter_rows(named=True):
        decision = decisions[row["application"]]
        total = decision.costs.total
        assert row["outcome"] == decision.outcome.value
        assert row["highest_grant_ore"] == ore(decision.highest_grant)
        assert row["claimed_ore"] == ore(None if total is None else total.claimed)
        assert row["disallowed_ore"] == ore(None if total is None else total.disallowed)
    assert (done.summary.read, done.summary.rejected, done.summary.strays) == (len(decisions), 0, 0)
    assert done.rejects == []


def test_buckets_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven buckets give the rows of one, in the same order: results, cost lines, ranks and rejects."""
    given = cases_of(POOL)
    at = source(given, tmp_path, "documents")
    at.write_text(at.read_text("utf-8") + '{"id": "SUM-2018-0402", "pages": "5"}\n{\n', "utf-8")
    one = decided(given.rules, at, tmp_path / "one", rank=True)
    in_buckets(monkeypatch, 7)
    seven = decided(given.rules, at, tmp_path / "seven", rank=True)
    assert_frame_equal(one.results, seven.results)
    assert_frame_equal(one.lines, seven.lines)
    assert (one.summary, one.rejects) == (seven.summary, seven.rejects)
    assert one.results["rank"].drop_nulls().len() > 0


def test_buckets_are_of_about_the_same_size(tmp_path: Path) -> None:
    """Limits go by rows, not by case numbers; rows without one are apart, and one that is large has its own."""
    keys = [f"{place:04}" for place in range(1000)]
    lists = [*(key for key in keys[900:] for _ in range(100)), *[keys[500]] * 5000, *[None] * 3000]
    pl.DataFrame({"application": keys}).write_parquet(tmp_path / "applications.parquet")
    pl.DataFrame({"application": lists}, schema={"application": pl.String}).write_parquet(tmp_path / "costs.parquet")
    files = {name: (tmp_path / f"{name}.parquet",) for name in ("applications", "costs")}
    made = buckets.split(Stored(files), tmp_path / "buckets", 8, 10_000, True, lambda done, of: None)
    nameless, *others = [{name: one.scan(name, True).collect() for name in files} for one in made]
    assert [one.nameless for one in made] == [True, *[False] * len(others)]
    assert (len(nameless["applications"]), len(nameless["costs"])) == (0, 3000)
    rows = [len(one["costs"]) for one in others]
    assert sum(rows) == 15_000
    assert max(count for count in rows if count != 5000) < 3500
    assert [key for one in others for key in one["applications"]["application"]] == keys


def test_a_table_may_be_a_folder_of_parts(tmp_path: Path) -> None:
    """Parts of a table are read as one, and tables of different formats go together."""
    given = cases_of(POOL)
    whole = tables(given)
    folder = written(whole, tmp_path / "in", "parquet")
    for name, format in zip(("costs", "organisations", "funding"), TABLE_FORMATS, strict=True):
        (folder / f"{name}.parquet").unlink()
        parts = {f"part-{place}": whole[name].slice(5 * place, 5) for place in range(len(whole[name]) // 5 + 1)}
        assert len(parts) > 1
        written(parts, folder / name, format)
    one = decided(given.rules, written(whole, tmp_path / "whole", "parquet"), tmp_path / "one")
    parted = decided(given.rules, folder, tmp_path / "parted")
    assert_frame_equal(one.results, parted.results)
    assert_frame_equal(one.lines, parted.lines)


def test_case_numbers_may_be_whole_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole case numbers stay whole in the results, in their own order, and become text beside a table of text."""
    given = cases_of(POOL)
    short = pl.col("application").str.slice(-4).cast(pl.Int64) - 395
    numbered = {name: frame.with_columns(short) for name, frame in tables(given).items()}
    expected = sorted(numbered["applications"]["application"])
    assert expected != sorted(expected, key=str)
    folder = written(numbered, tmp_path / "in", "parquet")
    in_buckets(monkeypatch, 2)
    assert decided(given.rules, folder, tmp_path / "whole").results["application"].to_list() == expected
    (folder / "costs.parquet").unlink()
    written({"costs": numbered["costs"]}, folder, "csv")
    mixed = decided(given.rules, folder, tmp_path / "mixed")
    assert mixed.results["application"].to_list() == sorted(map(str, expected))


def test_outputs_of_every_format_say_the_same(tmp_path: Path) -> None:
    """The rows of Parquet, CSV and newline JSON are the same; in text, what is not known is empty or null."""
    given = cases_of(POOL)
    folder = source(given, tmp_path, "parquet")
    for ending in ("parquet", "csv", "jsonl"):
        run(Run(given.rules, folder, Outputs(tmp_path / f"r.{ending}", tmp_path / f"l.{ending}", tmp_path / "rejects")))
    for name in ("r", "l"):
        whole = pl.read_parquet(tmp_path / f"{name}.parquet")
        assert_frame_equal(pl.read_csv(tmp_path / f"{name}.csv", schema=whole.schema), whole)
        assert_frame_equal(pl.read_ndjson(tmp_path / f"{name}.jsonl", schema=whole.schema), whole)


def test_ranks_are_over_all_applications(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ranks count through all buckets, and are those that the columns themselves give."""
    given = cases_of(POOL)
    in_buckets(monkeypatch, 2)
    done = decided(given.rules, source(given, tmp_path, "parquet"), tmp_path / "out", rank=True)
    frames = {name: frame.lazy() for name, frame in tables(given).items()}
    expected = given.rules.columns(frames, rank=True).results.collect().sort("application")
    assert_frame_equal(done.results, expected)


def test_without_criteria_nobody_has_a_rank(tmp_path: Path) -> None:
    """A round that scores nothing is decided all the same where ranks are asked for."""
    rules = g.Registry.of(pool_plugin("unscored")).rulebook("unscored")
    folder = tmp_path / "tables"
    folder.mkdir()
    for name, frame in rules.to_tables([rules.application(id="2020/1")]).items():
        frame.write_parquet(folder / f"{name}.parquet")
    out = tmp_path / "out.parquet"
    run(Run(rules, folder, Outputs(out, None, tmp_path / "rejects.jsonl"), rank=True))
    assert pl.read_parquet(out).select("application", "rank").rows() == [("2020/1", None)]
