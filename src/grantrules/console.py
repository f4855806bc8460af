"""What the command line prints: documents, with type and colour where the terminal has them, and JSON."""

import json
import sys
from collections.abc import Mapping
from typing import Any

from grantrules.readings.layout import Document, to_text


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
