"""What the command line prints: documents, with type and colour where the terminal has them, and JSON."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from grantrules.readings.layout import Document, to_text


@contextmanager
def progress(what: str, quiet: bool = False) -> Iterator[Callable[[int, int], None]]:
    """
    A bar on a terminal; else nothing, for whoever reads a file of it needs none.

    Args:
        what: the things that are counted.

    Returns:
        A function that is told how many are done, and of how many.
    """
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield lambda done, of: None
        return
    try:
        from grantrules import terminal
    except ImportError:  # the extra `grantrules[cli]` is not installed
        yield lambda done, of: print(f"\r{100 * done // of} % of {what}", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
    else:
        with terminal.progress(what) as tell:
            yield tell


def show_json(data: Mapping[str, Any] | list[Any]) -> None:
    """Print JSON data."""
    # JSON has escapes of its own for what an encoding cannot hold.
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    print(json.dumps(data, ensure_ascii=not encoding.lower().startswith("utf"), indent=2))


def show(document: Document) -> None:
    """Print a document: with type and colour on a terminal that has them, else as plain text."""
    if sys.stdout is not None and sys.stdout.isatty():
        try:
            from grantrules import terminal
        except ImportError:  # the extra `grantrules[cli]` is not installed; plain text says the same
            pass
        else:
            terminal.show(document)
            return
    print(to_text(document), end="")
