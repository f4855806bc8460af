"""
The same applications decided by this library, by hand-written programs and by other engines, in one run.

    uv run --group benchmarks python benchmarks/compare.py
    uv run --group benchmarks python benchmarks/compare.py --write
    uv run --group benchmarks python benchmarks/compare.py --quick

Prints tables, and writes docs/benchmarks.md if asked to. Exits with 1 where two parties do not find the same, or one
does not finish.
"""

import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

from peers.aims import TIMES_THE_LIMIT
from peers.data import Variant
from peers.measure import Comparison, Run, Unequal, equal, limited, runs
from peers.parties import PARTIES, Party
from peers.report import Report, text

APPLICATIONS, QUICK, REPETITIONS = 1_000_000, 10_000, 3
GROWING = ("columns-polars", "columns-duckdb", "by-hand-polars", "by-hand-duckdb")
LIMITED = ("columns-duckdb", "by-hand-duckdb")

FEWEST = 1_000

LEAST_LIMITED = 1_000_000
"""With fewer, a quarter of what the tables take is less than DuckDB itself needs."""

WRITTEN = Path(__file__).parents[1] / "docs" / "benchmarks.md"


def main() -> int:
    """Measure, print, and write if asked to."""
    asked = arguments()
    parties = [party for party in PARTIES if party.installed and (not asked.only or party.id in asked.only)]
    with tempfile.TemporaryDirectory() as folder:
        try:
            made = measured(Path(folder), parties, asked)
        except (Unequal, RuntimeError) as error:
            print(error, file=sys.stderr)
            return 1
    page = text(made)
    print(page)
    if asked.write:
        WRITTEN.write_text(page, "utf-8")
    return 0


def arguments() -> Namespace:
    """What the command line asks for."""
    parser = ArgumentParser(description="Compare grantrules with hand-written programs and other engines.")
    parser.add_argument("--applications", type=int, default=APPLICATIONS, help="how many (default %(default)s)")
    parser.add_argument("--repetitions", type=int, default=REPETITIONS, help="of which the median counts")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} applications once, and fewer for slow engines")
    parser.add_argument("--only", nargs="+", choices=[party.id for party in PARTIES], help="leave all others out")
    parser.add_argument("--write", action="store_true", help=f"write docs/{WRITTEN.name} too")
    asked = parser.parse_args()
    if asked.applications < FEWEST:
        parser.error(f"give at least {FEWEST} applications: a hundredth of them is measured too")
    if asked.write and (asked.quick or asked.only):
        parser.error("the page is of a whole run: leave out `--quick` and `--only`")
    if asked.quick:
        asked.applications, asked.repetitions = QUICK, 1
    return asked


def measured(root: Path, parties: Sequence[Party], asked: Namespace) -> Report:
    """Everything."""
    comparisons = dict(compared(root, parties, asked))
    full = comparisons[Variant.FULL].runs if Variant.FULL in comparisons else {}
    growth = grown(root, [full[id] for id in GROWING if id in full], asked)
    tight = [full[id].party for id in LIMITED if id in full and asked.applications >= LEAST_LIMITED]
    little = [limited(root, party, asked.applications, TIMES_THE_LIMIT) for party in tight]
    return Report(comparisons, growth, little, [party for party in PARTIES if not party.installed])


def compared(root: Path, parties: Sequence[Party], asked: Namespace) -> Iterator[tuple[Variant, Comparison]]:
    """Everybody, on each kind of data."""
    for variant in Variant:
        taking_part = [party for party in parties if variant in party.variants]
        if taking_part:
            sizes = {party.id: size(party, asked) for party in taking_part}
            yield variant, equal(root, variant, runs(root, taking_part, variant, sizes, asked.repetitions))


def size(party: Party, asked: Namespace) -> int:
    """How many applications a party decides."""
    most: int = asked.applications if party.at_most is None else party.at_most
    fewer = 10 if asked.quick and party.at_most is not None else 1
    return min(int(asked.applications), most // fewer)


def grown(root: Path, most: Sequence[Run], asked: Namespace) -> dict[str, list[Run]]:
    """The runs on a hundredth and a tenth of the applications, and those on all."""
    parties = [run.party for run in most]
    found: dict[str, list[Run]] = {party.id: [] for party in parties}
    for part in (100, 10):
        sizes = dict.fromkeys(found, asked.applications // part)
        for id, run in runs(root, parties, Variant.FULL, sizes, asked.repetitions).items():
            found[id].append(run)
    for run in most:
        found[run.party.id].append(run)
    return found


if __name__ == "__main__":
    sys.exit(main())
