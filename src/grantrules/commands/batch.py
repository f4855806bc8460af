"""`grantrules batch`: decide many applications at once, from files to files."""

import signal
import sys
from argparse import ArgumentTypeError, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import current_thread, main_thread
from typing import TYPE_CHECKING, Any

from grantrules.commands import asked as asked_for
from grantrules.commands.asked import DOES_NOT_HOLD, DONE
from grantrules.console import progress, show
from grantrules.findings import Outcome
from grantrules.readings.layout import Block, Paragraph, Row, Table

if TYPE_CHECKING:
    from grantrules.batch.running import Summary

_MEBIBYTE = 2**20
_LEAST = 512

INTERRUPTED = 128
"""To this the number of the signal is added that ended a run, as shells do."""


def add(commands: Any) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("batch", help="decide many applications at once, from files to files")
    asked_for.pool(parser)
    parser.add_argument(
        "source",
        metavar="IN",
        help="a folder of tables (Parquet, CSV or newline JSON), or a `.jsonl` file with an application on every line",
    )
    parser.add_argument(
        "out", metavar="OUT", help="one row for each application; ends in `.parquet`, `.csv`, `.jsonl` or `.ndjson`"
    )
    parser.add_argument("--lines", metavar="FILE", help="also what becomes of each cost line, in any of these formats")
    parser.add_argument("--rejects", metavar="FILE", help="what is not decided, and why (default: beside OUT)")
    parser.add_argument("--rank", action="store_true", help="rank the applications by their scores")
    parser.add_argument(
        "--memory",
        type=_mebibytes,
        metavar="MB",
        help=f"take up so much, from {_LEAST} (default: half of what is free)",
    )
    parser.add_argument("--quiet", action="store_true", help="print no summary and no bar")
    parser.set_defaults(run=_run)


def _mebibytes(text: str) -> int:
    if not text.isdecimal() or int(text) < _LEAST:
        raise ArgumentTypeError(f"expected a whole number from {_LEAST}, got `{text}`")
    return int(text) * _MEBIBYTE


def _run(asked: Namespace) -> int:
    asked_for.needs_columns()
    from grantrules.batch.outputs import Outputs
    from grantrules.batch.running import Run, run

    rules = asked_for.rulebook(asked.pool)
    out = Path(asked.out)
    rejects = out.parent / f"{out.stem}.rejects.jsonl" if asked.rejects is None else Path(asked.rejects)
    outputs = Outputs(out, None if asked.lines is None else Path(asked.lines), rejects)
    try:
        with _ended_by_signals(), progress("applications", asked.quiet) as tell:
            found = run(Run(rules, Path(asked.source), outputs, asked.rank, asked.memory), tell)
    except _Ended as end:
        print(f"grantrules: interrupted; nothing was written to {out}", file=sys.stderr)
        return INTERRUPTED + end.number
    if not asked.quiet:
        show(tuple(_summary(found, rejects)))
    return DOES_NOT_HOLD if found.rejected or found.strays else DONE


def _summary(found: "Summary", rejects: Path) -> Iterator[Block]:
    outcomes = {f"  {outcome.value}": found.outcomes.get(outcome.value, 0) for outcome in Outcome}
    rows = [("read", found.read), ("decided", found.decided), *outcomes.items(), ("rejected", found.rejected)]
    yield Table(("applications", ""), tuple(Row((what, f"{count:,}")) for what, count in rows), numbers=frozenset({1}))
    if found.strays:
        belong = "row belongs" if found.strays == 1 else "rows belong"
        yield Paragraph(f"{found.strays:,} {belong} to no application.")
    if found.rejected or found.strays:
        yield Paragraph(f"What was rejected, and why, is in {rejects}.", strong=True)


# Signals


class _Ended(BaseException):
    """Somebody ends the run."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """
    What ends a process raises instead, so that a run can remove its files.

    That is so of Ctrl-C too: with a handler of its own, an engine may take it for itself and go on.
    """
    if current_thread() is not main_thread():  # only there can signals be handled
        yield
        return
    known = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {each: signal.getsignal(each) for each in known if signal.getsignal(each) is not signal.SIG_IGN}

    def end(number: int, frame: object) -> None:
        for each in before:  # what is being tidied up is not left half done
            signal.signal(each, signal.SIG_IGN)
        raise _Ended(number)

    for each in before:
        signal.signal(each, end)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
