"""
One party in a process of its own, so that its memory and its caches are its own.

    python -m peers.child PARTY FOLDER [--results FILE] [--memory-limit MEGABYTES]

Prints what was measured as one line of JSON.
"""

import gc
import json
import resource
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import polars as pl
from peers.parties import PARTIES, Engine


def main() -> None:
    """Measure what the command line asks for."""
    parser = ArgumentParser(description="Measure one party.")
    parser.add_argument("party")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--results", type=Path)
    parser.add_argument("--memory-limit", type=int)
    asked = parser.parse_args()
    engine = next(party for party in PARTIES if party.id == asked.party).engine()
    gc.collect()
    gc.disable()
    if asked.memory_limit is None:
        print(json.dumps(measured(engine, asked.folder, asked.results)))
    else:
        print(json.dumps(limited(engine, asked.folder, asked.results, asked.memory_limit)))


def measured(engine: Engine, folder: Path, results: Path | None) -> dict[str, float]:
    """From stored files to results in memory; where the results are kept, also from facts in memory."""
    idle = peak()
    made, stored = timed(lambda: engine.decided(engine.opened(folder)))
    found = {"stored": stored, "peak": peak(), "idle": idle}
    if results is not None:
        engine.compared(made).write_parquet(results)
        del made
        facts = engine.held(folder)
        _, found["held"] = timed(lambda: engine.decided(facts))
    return found


def limited(engine: Any, folder: Path, results: Path, megabytes: int) -> dict[str, float]:
    """From stored files to a stored file, in DuckDB, which may keep no more than so much in memory."""
    idle = peak()
    with tempfile.TemporaryDirectory() as spilled:
        engine.connection.execute(f"SET memory_limit = '{megabytes}MB'; SET temp_directory = '{spilled}'")
        engine.connection.execute("SET preserve_insertion_order = false")
        _, stored = timed(lambda: engine.results(engine.opened(folder)).write_parquet(str(results)))
        found = {"stored": stored, "peak": peak(), "idle": idle}
    engine.compared(pl.read_parquet(results).to_arrow()).write_parquet(results)
    return found


def timed(task: Callable[[], Any]) -> tuple[Any, float]:
    """What a task returns, and the seconds it takes."""
    start = perf_counter()
    made = task()
    return made, perf_counter() - start


def peak() -> float:
    """
    The most memory that this process has had, in megabytes.

    What `getrusage` says counts in the parent, whose memory a new process has for a moment; Linux says it of the
    process alone.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text("ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1024**2 if sys.platform == "darwin" else most / 1024


if __name__ == "__main__":
    main()
