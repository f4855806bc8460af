"""`grantrules batch`: decide many applications at once, from files to files."""

import signal
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
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
    asked_for.memory(parser)
    parser.add_argument("--quiet", action="store_true", help="print no summary and no bar")
    parser.set_defaults(run=_run)


def _run(asked: Namespace) -> int:
    asked_for.needs_columns()
    out = Path(asked.out)
    rejects = out.parent / f"{out.stem}.rejects.jsonl" if asked.rejects is None else Path(asked.rejects)
    try:
        with _ended_by_signals() as heed:
            found = _done(asked, out, rejects, heed)
    except _Ended as end:
        print(f"grantrules: interrupted; nothing was written to {out}", file=sys.stderr)
        return INTERRUPTED + end.number
    if not asked.quiet:
        show(tuple(_summary(found, rejects)))
    return DOES_NOT_HOLD if found.rejected or found.strays else DONE


def _done(asked: Namespace, out: Path, rejects: Path, heed: Callable[[], None]) -> "Summary":
    from grantrules.batch.outputs import Outputs
    from grantrules.batch.running import Run, run

    heed()  # loaded only now, the engine has put its own handler of Ctrl-C in place
    rules = asked_for.rulebook(asked.pool)
    outputs = Outputs(out, None if asked.lines is None else Path(asked.lines), rejects)
    with progress("applications", asked.quiet) as tell:
        return run(Run(rules, Path(asked.source), outputs, asked.rank, asked.memory), tell)


def _summary(found: "Summary", rejects: Path) -> Iterator[Block]:
    outcomes = {f"  {outcome.value}": found.outcomes.get(outcome.value, 0) for outcome in Outcome}
    rows = [("read", found.read), ("decided", found.decided), *outcomes.items(), ("rejected", found.rejected)]
    yield Table(("applications", ""), tuple(Row((what, f"{count:,}")) for what, count in rows), numbers=frozenset({1}))
    if found.strays:
        belong, they_are, them = (
            ("row belongs", "it is", "it") if found.strays == 1 else ("rows belong", "they are", "them")
        )
        counted = f"{found.strays:,} {belong} to no application"
        without = f"an application that {they_are} of may have been decided without {them}"
        yield Paragraph(f"{counted}: {without}.", strong=True)
    if found.rejected or found.strays:
        yield Paragraph(f"What was rejected, and why, is in {rejects}.", strong=True)


# Signals


class _Ended(BaseException):
    """Somebody ends the run."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def _ended_by_signals() -> Iterator[Callable[[], None]]:
    """
    What ends a process raises instead, so that a run can remove its files.

    That is so of Ctrl-C too: with a handler of its own, an engine may take it for itself and go on.

    Yields:
        What makes that so again, where something else has been put in place since.
    """
    if current_thread() is not main_thread():  # only there can signals be handled
        yield lambda: None
        return
    known = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {each: signal.getsignal(each) for each in known if signal.getsignal(each) is not signal.SIG_IGN}

    def end(number: int, frame: object) -> None:
        for each in before:  # what is being tidied up is not left half done
            signal.signal(each, signal.SIG_IGN)
        raise _Ended(number)

    def heed() -> None:
        for each in before:
            signal.signal(each, end)

    heed()
    try:
        yield heed
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
