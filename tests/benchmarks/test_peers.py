"""The programs that the library is compared with decide what it decides."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.repo.files import ROOT

APPLICATIONS = 300

WITHOUT_THE_GROUP = {
    "full": ["columns-polars", "columns-duckdb", "by-hand-polars", "by-hand-duckdb"],
    "complete": ["columns-polars", "columns-duckdb", "by-hand-polars", "by-hand-duckdb", "by-hand-python"],
}
"""Those that need no package of the group `benchmarks`, beside the library one at a time."""


@pytest.fixture
def peers(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The package `peers` of the benchmarks."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    import peers.parties
    import peers.verdicts

    return peers


@pytest.mark.parametrize("variant", WITHOUT_THE_GROUP)
def test_all_find_the_same(peers: Any, tmp_path: Path, variant: str) -> None:
    """Every field of every generated application, facts missing or complete, is the same whoever decides it."""
    peers.data.write(tmp_path, APPLICATIONS, peers.data.Variant(variant))
    parties = {party.id: party for party in peers.parties.PARTIES}
    found = {id: _results(parties[id], tmp_path) for id in ("library", *WITHOUT_THE_GROUP[variant])}
    for id, made in found.items():
        assert peers.verdicts.differences(found["library"], made) == [], id
    assert len({peers.verdicts.checksum(made) for made in found.values()}) == 1
    assert {made.height for made in found.values()} == {APPLICATIONS}


def _results(party: Any, folder: Path) -> pl.DataFrame:
    engine = party.engine()
    made: pl.DataFrame = engine.compared(engine.decided(engine.opened(folder)))
    return made


def test_every_outcome_and_open_lines_occur(peers: Any, tmp_path: Path) -> None:
    """What is compared has every outcome, costs that are undetermined, grants and scores."""
    peers.data.write(tmp_path, APPLICATIONS, peers.data.Variant.FULL)
    party = next(party for party in peers.parties.PARTIES if party.id == "by-hand-polars")
    made = _results(party, tmp_path)
    assert set(made["outcome"]) == {"dismissed", "ineligible", "undetermined", "eligible"}
    for column in ("undetermined_ore", "disallowed_ore", "highest_grant_ore", "score_numerator"):
        assert made.filter(pl.col(column) > 0).height > APPLICATIONS // 20, column
    assert all(made[name].null_count() and made[name].n_unique() == 3 for name in peers.verdicts.REQUIREMENTS)


def test_a_difference_is_found(peers: Any, tmp_path: Path) -> None:
    """One øre in one application is told, and changes the checksum."""
    peers.data.write(tmp_path, APPLICATIONS, peers.data.Variant.FULL)
    party = next(party for party in peers.parties.PARTIES if party.id == "by-hand-polars")
    made = _results(party, tmp_path)
    first = pl.col("application") == "2018-0000007"
    other = made.with_columns(pl.when(first).then(pl.lit(1)).otherwise("claimed_ore").alias("claimed_ore"))
    [told] = peers.verdicts.differences(made, other)
    assert told.startswith(f"claimed_ore: 1 of {APPLICATIONS}, 2018-0000007 has ")
    assert peers.verdicts.checksum(made) != peers.verdicts.checksum(other)
