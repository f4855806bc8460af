"""Every party in turn, again and again, each time in a new process; and whether all found the same."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

import polars as pl
from attrs import frozen
from peers import data, verdicts
from peers.data import Variant
from peers.parties import ONE_AT_A_TIME, Party

BENCHMARKS = Path(__file__).parents[1]


@frozen
class Run:
    """
    What was measured of one party.

    Attributes:
        applications: how many it decided.
        stored: seconds from stored files to results in memory, the median.
        held: seconds from facts in memory to results in memory, once.
        peak: megabytes at most until the results from the files were there.
    """

    party: Party
    applications: int
    stored: float
    held: float
    peak: float

    @property
    def rate(self) -> float:
        """Applications a second from stored files."""
        return self.applications / self.stored

    @property
    def rate_held(self) -> float:
        """Applications a second from facts in memory."""
        return self.applications / self.held


@frozen
class Comparison:
    """
    What was measured on one kind of data.

    Attributes:
        checked: how many applications all parties decided.
        checksum: of the results of all of these; every party's.
        outcomes: of all applications, how many have which.
    """

    variant: Variant
    applications: int
    runs: Mapping[str, Run]
    checked: int
    checksum: str
    outcomes: Mapping[str, int]


@frozen
class Limited:
    """
    A run in DuckDB with a limit on its memory.

    Attributes:
        limit: megabytes.
        files, held: megabytes of the tables, stored and in memory.
        seconds: from files to a file; `None` if it did not finish.
        peak: megabytes of the process at most.
        idle: megabytes of the process before it began.
    """

    party: Party
    applications: int
    limit: int
    files: float
    held: float
    seconds: float | None
    peak: float
    idle: float


class Unequal(Exception):
    """Two parties found something else."""


def stored(root: Path, variant: Variant, applications: int) -> Path:
    """The folder of so many applications, written once."""
    folder = root / f"{variant.value}-{applications}"
    if not folder.exists():
        code = "import sys; from pathlib import Path; from peers import data; "
        code += "data.write(Path(sys.argv[1]), int(sys.argv[2]), data.Variant(sys.argv[3]))"
        command = [sys.executable, "-c", code, str(folder), str(applications), variant.value]
        subprocess.run(command, cwd=BENCHMARKS, check=True)
    return folder


def child(party: Party, folder: Path, *options: str) -> dict[str, float]:
    """
    Run one party in a process of its own.

    Raises:
        RuntimeError: it does not finish.
    """
    command = [sys.executable, "-m", "peers.child", party.id, str(folder), *options]
    done = subprocess.run(command, cwd=BENCHMARKS, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{party.name} does not finish:\n{done.stderr}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def runs(
    root: Path, parties: Sequence[Party], variant: Variant, sizes: Mapping[str, int], repetitions: int
) -> dict[str, Run]:
    """
    Measure all parties on data of one kind. They take turns; the first time around they keep what they found, and
    begin with facts in memory too.
    """
    times: dict[str, list[dict[str, float]]] = {party.id: [] for party in parties}
    for turn in range(repetitions):
        for party in parties:
            folder = stored(root, variant, sizes[party.id])
            keep = ["--results", str(results(root, variant, party, sizes[party.id]))] if turn == 0 else []
            told(f"{variant.value} data, turn {turn + 1} of {repetitions}: {party.name}")
            times[party.id].append(child(party, folder, *keep))
    told("")
    return {party.id: _run(party, sizes[party.id], times[party.id]) for party in parties}


def told(what: str) -> None:
    """Say what is going on, to a person who waits."""
    if sys.stderr.isatty():
        print(f"\r\033[K{what}", end="", file=sys.stderr, flush=True)


def results(root: Path, variant: Variant, party: Party, applications: int) -> Path:
    """Where a party's results are kept."""
    return root / f"{variant.value}-{applications}-{party.id}.parquet"


def _run(party: Party, applications: int, times: Sequence[Mapping[str, float]]) -> Run:
    stored, peak = (median(found[name] for found in times) for name in ("stored", "peak"))
    return Run(party, applications, stored, times[0]["held"], peak)


def equal(root: Path, variant: Variant, made: Mapping[str, Run]) -> Comparison:
    """
    Hold the results of all parties against each other, every field of every application that two decided.

    Raises:
        Unequal: they are not the same.
    """
    frames = {id: pl.read_parquet(results(root, variant, run.party, run.applications)) for id, run in made.items()}
    unequal = list(_unequal(frames))
    if unequal:
        raise Unequal("\n".join(unequal))
    fewest = min(frame.height for frame in frames.values())
    most = max(frames.values(), key=len)
    sums = {id: verdicts.checksum(verdicts.settled(frame).head(fewest)) for id, frame in frames.items()}
    assert len(set(sums.values())) == 1, sums
    outcomes = dict(most["outcome"].value_counts(sort=True).iter_rows())
    return Comparison(variant, most.height, made, fewest, sums.popitem()[1], outcomes)


def _unequal(frames: Mapping[str, pl.DataFrame]) -> Iterator[str]:
    reference = max(frames, key=lambda id: frames[id].height)
    for id, frame in frames.items():
        for difference in verdicts.differences(frames[reference], frame):
            yield f"{reference} and {id}: {difference}"
        if ONE_AT_A_TIME in frames:
            for difference in verdicts.differences(frames[ONE_AT_A_TIME], frame):
                yield f"{ONE_AT_A_TIME} and {id}: {difference}"


def limited(root: Path, party: Party, applications: int, share: int) -> Limited:
    """
    A run of a party that has run before, with that share of the memory that its tables would take.

    Raises:
        Unequal: it does not find what it found before.
    """
    folder = stored(root, Variant.FULL, applications)
    files, held = size_of(folder)
    about = (party, applications, int(held / share), files, held)
    told(f"{about[2]} MB of memory: {party.name}")
    kept, before = root / "limited.parquet", results(root, Variant.FULL, party, applications)
    try:
        found = child(party, folder, "--results", str(kept), "--memory-limit", str(about[2]))
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return Limited(*about, None, 0, 0)
    finally:
        told("")
    unequal = verdicts.differences(pl.read_parquet(before), pl.read_parquet(kept))
    if unequal:
        raise Unequal(f"{party.name} with little memory: {'; '.join(unequal)}")
    return Limited(*about, found["stored"], found["peak"], found["idle"])


def size_of(folder: Path) -> tuple[float, float]:
    """Megabytes of the tables in a folder: as files, and in memory."""
    files = [path for _, path in data.files(folder)]
    held = sum(pl.read_parquet(path).estimated_size() for path in files)
    return sum(path.stat().st_size for path in files) / 1e6, held / 1e6
