"""What is aimed at, and what is reached."""

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen
from peers.data import Variant
from peers.measure import Comparison, Limited, Run
from peers.parties import BY_HAND, COLUMNS, ONE_AT_A_TIME

SLOWER_THAN_BY_HAND, FASTER_THAN_ONE, LINEAR, TIMES_THE_LIMIT = 1.3, 10, 1.25, 4


@frozen
class Aim:
    """
    One of them.

    Args:
        measured: the ratio.
        aim: what it should be.
    """

    what: str
    measured: float
    aim: str
    met: bool


def aims(
    comparisons: Mapping[Variant, Comparison], growth: Mapping[str, Sequence[Run]], limited: Sequence[Limited]
) -> Iterator[Aim]:
    """All for which the parties were there."""
    for comparison in comparisons.values():
        yield from _as_by_hand(comparison)
        yield from _as_one_at_a_time(comparison)
        yield from _as_peers(comparison)
    yield from _linear(growth.get(COLUMNS, ()))
    for run in limited:
        what = f"{run.party.name}: data / limit on memory, and it finishes"
        yield Aim(what, run.held / run.limit, f"≥ {TIMES_THE_LIMIT}", run.seconds is not None)


def _as_by_hand(comparison: Comparison) -> Iterator[Aim]:
    if {BY_HAND, COLUMNS} <= comparison.runs.keys():
        ratio = comparison.runs[BY_HAND].rate / comparison.runs[COLUMNS].rate
        what = f"columns on Polars / hand-written Polars, time, {comparison.variant.value} data"
        yield Aim(what, ratio, f"≤ {SLOWER_THAN_BY_HAND}", ratio <= SLOWER_THAN_BY_HAND)


def _as_one_at_a_time(comparison: Comparison) -> Iterator[Aim]:
    if {ONE_AT_A_TIME, COLUMNS} <= comparison.runs.keys():
        ratio = comparison.runs[COLUMNS].rate / comparison.runs[ONE_AT_A_TIME].rate
        what = f"columns on Polars / one at a time, throughput, {comparison.variant.value} data"
        yield Aim(what, ratio, f"≥ {FASTER_THAN_ONE}", ratio >= FASTER_THAN_ONE)


def _as_peers(comparison: Comparison) -> Iterator[Aim]:
    peers = [run for run in comparison.runs.values() if run.party.peer]
    if peers and COLUMNS in comparison.runs:
        best = max(peers, key=lambda run: run.rate)
        ratio = comparison.runs[COLUMNS].rate / best.rate
        what = f"columns on Polars / {best.party.name}, the quickest peer, throughput from file"
        yield Aim(what, ratio, "> 1", ratio > 1)


def _linear(runs: Sequence[Run]) -> Iterator[Aim]:
    if len(runs) > 1:
        fewer, most = runs[-2:]
        ratio = fewer.rate / most.rate
        what = f"columns on Polars, time an application, {most.applications:,} / {fewer.applications:,}"
        yield Aim(what, ratio, f"≤ {LINEAR}", ratio <= LINEAR)
