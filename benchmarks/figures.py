"""
The figures: what deciding, importing, reading and writing cost, as ratios measured in one run.

    uv run python benchmarks/figures.py
    uv run python benchmarks/figures.py --write

Every ratio compares medians of interleaved repetitions, so what else the machine does touches both sides alike.
"""

import gc
import json
import os
import platform
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

import cases
import handwritten

import grantrules

REPETITIONS = 21
ROUND_SECONDS = 0.02
"""How long one repetition of one task takes, about."""

ROUND_SIZE = 10_000
"""How many applications a round has that is allocated."""

VARIED = 400
"""How many varied applications both sides must decide alike before anything is measured."""

NOTHING, DEPENDENCIES, LIBRARY = "pass", "import attrs, cattrs, pluggy", "import grantrules"
UNWANTED = ("hypothesis", "polars", "pandas", "narwhals", "rich")

WRITTEN = Path(__file__).parent / "figures.md"

Task = Callable[[], object]


class Figure(NamedTuple):
    """One row of the table. A row without a target is for information."""

    what: str
    value: str
    target: str = ""
    met: bool | None = None


def limited(what: str, ratio: float, limit: float) -> Figure:
    """A ratio that must not exceed a limit."""
    return Figure(what, f"{ratio:.2f}", f"≤ {limit:g}", ratio <= limit)


# Measuring


def medians(tasks: Mapping[str, Task]) -> dict[str, float]:
    """The median time of one call of each task, in seconds; tasks take turns."""
    calls = {name: _calls(task) for name, task in tasks.items()}
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(REPETITIONS):
        for name, task in tasks.items():
            times[name].append(_timed(task, calls[name]))
    return {name: median(found) for name, found in times.items()}


def _calls(task: Task) -> int:
    """How many calls fill one repetition."""
    task()
    return max(1, round(ROUND_SECONDS / max(_timed(task, 3), 1e-7)))


def _timed(task: Task, calls: int) -> float:
    gc.collect()
    gc.disable()
    try:
        start = perf_counter()
        for _ in range(calls):
            task()
        return (perf_counter() - start) / calls
    finally:
        gc.enable()


# Deciding


class Example(NamedTuple):
    """The application of twelve lines, on both sides."""

    rules: grantrules.Rulebook
    application: Any
    assessments: tuple[grantrules.Assessment, ...]
    by_hand: handwritten.Application
    assessed_by_hand: tuple[handwritten.Assessment, ...]


def example() -> Example:
    """The application of twelve lines, read."""
    rules = grantrules.rulebook(cases.POOL, cases.ROUND)
    data, assessed = cases.twelve_lines()
    application = rules.read_application(data)
    assessments = tuple(rules.read_assessment(given) for given in assessed)
    by_hand = tuple(cases.assessment_by_hand(made) for made in assessments)
    return Example(rules, application, assessments, cases.by_hand(application), by_hand)


def agreed(made: Example) -> int:
    """Check that both sides decide alike, on the example and on varied applications; return how many were compared."""
    cases.check(made.rules, made.application, made.assessments)
    for data, assessed in cases.varied(VARIED):
        assessments = [made.rules.read_assessment(given) for given in assessed]
        cases.check(made.rules, made.rules.read_application(data), assessments)
    return VARIED + 1


def deciding(made: Example) -> list[Figure]:
    """Deciding one application already read, relative to the baseline."""
    decide, application, assessments = made.rules.decide, made.application, made.assessments

    def looked_at() -> object:
        decision = decide(application, assessments)
        return decision.findings, decision.costs

    found = medians(
        {
            "baseline, two": lambda: handwritten.decide(made.by_hand, made.assessed_by_hand),
            "two": lambda: decide(application, assessments),
            "baseline, one": lambda: handwritten.decide(made.by_hand, made.assessed_by_hand[:1]),
            "one": lambda: decide(application, assessments[:1]),
            "none": lambda: decide(application),
            "looked at": looked_at,
            "to_dict": lambda: decide(application, assessments).to_dict(),
        }
    )
    two, one = found["baseline, two"], found["baseline, one"]
    return [
        limited("decide, two assessments / baseline", found["two"] / two, 8),
        limited("decide, one assessment / baseline", found["one"] / one, 8),
        Figure("decide, no assessment (judgements pending) / baseline with one", f"{found['none'] / one:.2f}"),
        Figure(
            "decide, and look at every finding and the cost statement / baseline", f"{found['looked at'] / two:.1f}"
        ),
        Figure("decide, and write the whole decision to a dict / baseline", f"{found['to_dict'] / two:.1f}"),
    ]


# Allocating


def allocating(made: Example) -> list[Figure]:
    """Allocating a round of decided applications, relative to sorting them by score."""
    fresh = cases.decided_round(made.rules, ROUND_SIZE)
    first = _timed(lambda: [(decision.score, decision.standing) for decision in fresh], 1)

    def by_score() -> list[grantrules.Decision]:
        return sorted(fresh, key=_exact_score, reverse=True)

    found = medians({"sort": by_score, "allocate": lambda: made.rules.allocate(fresh)})
    name = f"{ROUND_SIZE:,} decided applications"
    return [
        limited(f"allocate {name} / sort them by score", found["allocate"] / found["sort"], 20),
        Figure(f"score {name}, which is done once / sort them", f"{first / found['sort']:.0f}"),
    ]


def _exact_score(decision: grantrules.Decision) -> Fraction:
    assert decision.score is not None
    assert decision.score.exact is not None
    return decision.score.exact


# From text to text


def text_to_text(made: Example) -> list[Figure]:
    """From the JSON text of an application to the JSON text of its decision: the whole, and who takes which share."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "application.json"
        path.write_text(json.dumps(cases.twelve_lines()[0], ensure_ascii=False), "utf-8")
        stages = _stages(made, path)
    baseline = medians({"baseline": lambda: handwritten.decide(made.by_hand, made.assessed_by_hand)})["baseline"]
    whole = sum(stages.values())
    rows = [Figure("from JSON text to decision JSON text / baseline", f"{whole / baseline:.0f}")]
    return rows + [Figure(f"share of it: {name}", f"{time / whole:.0%}") for name, time in stages.items()]


def _stages(made: Example, path: Path) -> dict[str, float]:
    """The median time of each stage on the way from text to text; every round begins anew."""
    names = ("parsing and structuring", "deciding", "giving reasons and writing a dict", "writing JSON")
    times: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(REPETITIONS * 5):
        for name, time in zip(names, _one_way(made, path), strict=True):
            times[name].append(time)
    return {name: median(found) for name, found in times.items()}


def _one_way(made: Example, path: Path) -> tuple[float, ...]:
    marks = [perf_counter()]
    application = made.rules.read_application(path)
    marks.append(perf_counter())
    decision = made.rules.decide(application, made.assessments)
    marks.append(perf_counter())
    data = decision.to_dict()
    marks.append(perf_counter())
    json.dumps(data, ensure_ascii=False)
    marks.append(perf_counter())
    return tuple(later - earlier for earlier, later in pairwise(marks))


# Importing


def importing() -> list[Figure]:
    """What importing costs in fresh processes, relative to importing the dependencies; and what it must not import."""
    with tempfile.TemporaryDirectory() as folder:
        environment = _environment(folder)
        found = _processes((NOTHING, DEPENDENCIES, LIBRARY), environment)
        code = f"{LIBRARY}, sys; print(*[name for name in {UNWANTED!r} if name in sys.modules])"
        unwanted = _run(code, environment).stdout.split()
    base = found[DEPENDENCIES]
    return [
        limited(f"`{LIBRARY}` / `{DEPENDENCIES}`", found[LIBRARY] / base, 1.5),
        Figure(f"an empty process / `{DEPENDENCIES}`", f"{found[NOTHING] / base:.2f}"),
        Figure(f"of {', '.join(UNWANTED)}, imported", ", ".join(unwanted) or "none", "none", not unwanted),
    ]


def _environment(folder: str) -> dict[str, str]:
    """The environment of the processes: bytecode is kept, for all alike, in a folder of its own."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": folder}


def _processes(codes: Sequence[str], environment: Mapping[str, str]) -> dict[str, float]:
    for code in codes:  # writes the bytecode
        _run(code, environment)
    times: dict[str, list[float]] = {code: [] for code in codes}
    for _ in range(REPETITIONS):
        for code in codes:
            start = perf_counter()
            _run(code, environment)
            times[code].append(perf_counter() - start)
    return {code: median(found) for code, found in times.items()}


def _run(code: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True)


# The testing kit

SUITE_SECONDS, MUTANT_SECONDS = 120, 300
"""What the suite of one pool with its laws, and all mutants of one pool, may take on two cores."""


def testing() -> list[Figure]:
    """The tests, cases and laws of the largest pool, and its mutants, as shares of the time they may take."""
    plugin = Path(__file__).parents[1] / "plugins" / cases.POOL
    suite = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(plugin)]
    quiet = {**os.environ, "CI": "1"}
    command = [sys.executable, "-c", "import sys; from grantrules.cli import main; sys.exit(main())", "mutate"]
    runs: list[tuple[str, list[str], int]] = [
        ("tests, cases and laws", suite, SUITE_SECONDS),
        ("all mutants", [*command, cases.POOL, "--cases", str(plugin / "cases")], MUTANT_SECONDS),
        ("all mutants, no cases: laws alone", [*command, cases.POOL], MUTANT_SECONDS),
    ]
    found = []
    with tempfile.TemporaryDirectory() as elsewhere:  # where no folder of cases is found by chance
        for what, run, limit in runs:
            start = perf_counter()
            subprocess.run(run, env=quiet, check=False, capture_output=True, cwd=elsewhere)
            share = (perf_counter() - start) / limit
            found.append(limited(f"{what} of {cases.POOL} / {limit} seconds", share, 1))
    return found


# Showing


def machine() -> list[str]:
    """What the figures were measured on and with."""
    libraries = ", ".join(f"{name} {version(name)}" for name in ("grantrules", "attrs", "cattrs", "pluggy"))
    return [
        f"{os.cpu_count()} CPUs, {platform.machine()}, {platform.system()}",
        f"{platform.python_implementation()} {platform.python_version()}, {libraries}",
        f"{datetime.now(UTC).date()}",
    ]


def table(figures: Sequence[Figure]) -> str:
    """The figures as a table, plain and Markdown at once."""
    rows = [("what", "measured", "target", ""), *((f.what, f.value, f.target, _met(f.met)) for f in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def _met(met: bool | None) -> str:
    return "" if met is None else "met" if met else "missed"


def main() -> None:
    """Measure, print, and write if asked to."""
    parser = ArgumentParser(description="Measure the figures of grantrules.")
    parser.add_argument("--write", action="store_true", help=f"write them to {WRITTEN.name} too")
    arguments = parser.parse_args()
    made = example()
    compared = agreed(made)
    shown = table([*deciding(made), *allocating(made), *text_to_text(made), *importing(), *testing()])
    about = [f"- {line}" for line in machine()]
    about.append(f"- checked first: decided alike by both sides, {compared} applications")
    print(shown, "", *about, sep="\n")
    if arguments.write:
        text = "\n".join(["# Figures", "", "What each row means: [README.md](README.md).", "", shown, "", *about, ""])
        WRITTEN.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
