"""What was measured, as a page: tables that are plain and Markdown at once."""

import os
import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from textwrap import fill

from attrs import frozen
from peers import lacks
from peers.aims import aims
from peers.data import LINES, Variant
from peers.measure import Comparison, Limited, Run
from peers.parties import BY_HAND, COLUMNS, PARTIES, Party


@frozen
class Report:
    """
    Everything measured.

    Attributes:
        growth: party to its runs, from few applications to many, with facts missing.
        absent: parties whose packages are not installed.
    """

    comparisons: Mapping[Variant, Comparison]
    growth: Mapping[str, Sequence[Run]]
    limited: Sequence[Limited]
    absent: Sequence[Party]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table with its numbers to the right."""
    every = [head, *rows]
    widths = [max(len(row[at]) for row in every) for at in range(len(head))]
    lines = ["| " + " | ".join(_cells(row, widths)) + " |" for row in every]
    rule = "|" + "|".join("-" * (width + 1) + ("-" if at == 0 else ":") for at, width in enumerate(widths)) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def _cells(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    for at, (text, width) in enumerate(zip(row, widths, strict=True)):
        yield text.rjust(width) if at else text.ljust(width)


def number(value: float) -> str:
    """A number with no more digits than it deserves."""
    if value >= 1000:
        return f"{round(value, 3 - len(str(int(value)))):,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


# The page

WHAT = """\
The rules of `dk_2018_kompetenceloeft@2018` over the same applications, decided by this library, by programs written by
hand for these rules alone, and by other engines. One command measures everything in one run and writes this page:

```sh
uv run --group benchmarks python benchmarks/compare.py --write
```

Everybody works out the outcome, the ten requirements, what is claimed, eligible, disallowed and undetermined in whole
øre, the highest grant, and the exact score. Each party runs in processes of its own, by turns with the others. *From
file* is from stored Parquet files to results in memory, the median; *from memory* begins with the facts in memory in
the form that suits the party best, and is measured once. Importing packages and parsing rules is not measured,
building a query is. Where deciding all applications would take too long, the rate is that of fewer, as the table says.
"""

TITLES = {Variant.FULL: "Facts missing, assessors who differ", Variant.COMPLETE: "Complete applications"}

ABOUT = {
    Variant.FULL: f"""\
{LINES} cost lines each, up to four organisations and three sources of money, two assessments. Half of the applications
are unfinished, and of those every tenth fact is missing: five percent of all that a rule reads. Assessors differ,
answer for single lines, or have a conflict of interest.
""",
    Variant.COMPLETE: """\
The same applications with nothing missing and nobody of another mind, for engines that know nothing else.
""",
}

GROWTH = "From file, facts missing.\n"

LITTLE_MEMORY = """\
DuckDB with a limit set on its memory, from stored files to a stored file of results, facts missing. The limit holds
for DuckDB; the peak is that of the whole process, with Python and all libraries, and idle what that has before it
begins.
"""

OUTSIDE = """\
What an engine has no words for is worked out in Python around it, inside the time measured. None of the others gives
reasons, sources and texts, and giving them is not measured.
"""


def text(report: Report) -> str:
    """The page."""
    return "\n".join(_page(report))


def _page(report: Report) -> Iterator[str]:
    yield "# Benchmarks\n"
    yield WHAT
    yield "## Aims\n"
    yield aims_table(report) + "\n"
    for variant, comparison in report.comparisons.items():
        yield f"## {TITLES[variant]}\n"
        yield ABOUT[variant]
        yield parties_table(comparison) + "\n"
        yield _equal(comparison)
    if report.growth:
        yield "## Few and many\n"
        yield GROWTH
        yield growth_table(report.growth) + "\n"
    if report.limited:
        yield "## Little memory\n"
        yield LITTLE_MEMORY
        yield limited_table(report.limited) + "\n"
    yield "## What each cannot say\n"
    yield OUTSIDE
    yield from _lacks(report)
    yield "\n## Measured on\n"
    yield from (f"- {line}" for line in machine(report))
    yield ""


def aims_table(report: Report) -> str:
    """What is aimed at, and whether it is reached."""
    found = aims(report.comparisons, report.growth, report.limited)
    rows = [(aim.what, number(aim.measured), aim.aim, "met" if aim.met else "missed") for aim in found]
    return table(("", "measured", "aim", ""), rows)


def parties_table(comparison: Comparison) -> str:
    """Everybody on one kind of data, the quickest first."""
    head = (
        *("", "applications", "from file, a second", "time / hand-written Polars", "time / grantrules in columns"),
        *("from memory, a second", "peak memory, MB"),
    )
    runs = sorted(comparison.runs.values(), key=lambda run: -run.rate)
    return table(head, [_row(run, comparison.runs) for run in runs])


def _row(run: Run, runs: Mapping[str, Run]) -> tuple[str, ...]:
    ratios = (number(runs[id].rate / run.rate) if id in runs else "" for id in (BY_HAND, COLUMNS))
    rates = number(run.rate_held), number(run.peak)
    return (run.party.name, f"{run.applications:,}", number(run.rate), *ratios, *rates)


def _equal(comparison: Comparison) -> str:
    outcomes = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(comparison.outcomes.items()))
    return (
        "All found the same in every field of every application that they decided. "
        f"Of the first\n{comparison.checked:,}, which all decided, each party's results have the checksum "
        f"`{comparison.checksum}`.\nOf all: {outcomes}.\n"
    )


def growth_table(growth: Mapping[str, Sequence[Run]]) -> str:
    """What one application takes, by how many there are."""
    sizes = [f"{run.applications:,}" for run in next(iter(growth.values()))]
    rows = [(runs[0].party.name, *(number(1e6 / run.rate) for run in runs)) for runs in growth.values()]
    return table(("microseconds an application, by their number", *sizes), rows)


def limited_table(limited: Sequence[Limited]) -> str:
    """The runs with little memory."""
    head = ("", "applications", "files, MB", "in memory, MB", "limit, MB", "seconds", "peak memory, MB", "idle, MB")
    return table(head, [_limited_row(run) for run in limited])


def _limited_row(run: Limited) -> tuple[str, ...]:
    sizes = (number(size) for size in (run.files, run.held, run.limit))
    seconds = "did not finish" if run.seconds is None else number(run.seconds)
    peaks = ("", "") if run.seconds is None else (number(run.peak), number(run.idle))
    return (run.party.name, f"{run.applications:,}", *sizes, seconds, *peaks)


def _lacks(report: Report) -> Iterator[str]:
    shown = {id for comparison in report.comparisons.values() for id in comparison.runs}
    for party in PARTIES:
        if party.id in shown and party.id in lacks.LACKS:
            said = f"- **{party.name}**: {lacks.LACKS[party.id]}"
            yield fill(said, 120, subsequent_indent="  ", break_on_hyphens=False)
    if report.absent:
        yield "\nNot installed, so not measured: " + ", ".join(party.name for party in report.absent) + "."


# What it was measured on


def machine(report: Report) -> Iterator[str]:
    """The machine, the versions and the day."""
    yield f"{os.cpu_count()} CPUs ({processor()}), {memory()} GB of memory, {platform.machine()}, {platform.system()}"
    packages = dict.fromkeys(package for party in PARTIES if party not in report.absent for package in party.packages)
    versions = ", ".join(f"{package} {version(package)}" for package in ("grantrules", *packages))
    yield f"{platform.python_implementation()} {platform.python_version()}, {versions}"
    yield f"{datetime.now(UTC).date()}"


def processor() -> str:
    """The name of the processor, if the system tells."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text("utf-8").splitlines() if told.exists() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or "unnamed"


def memory() -> str:
    """Gigabytes of memory."""
    try:
        return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f}"
    except (ValueError, OSError):
        return "an unknown number of"
