"""What several commands ask for, and how it is found."""

import os
from argparse import ArgumentParser, ArgumentTypeError
from importlib.util import find_spec
from pathlib import Path
from tempfile import gettempdir

from grantrules.errors import InputError, Problem
from grantrules.registry import Registry
from grantrules.rulebooks import Rulebook
from grantrules.tables.extra import INSTALL
from grantrules.values import LANGUAGES

DONE, DOES_NOT_HOLD, WRONG_INPUT = 0, 1, 2
"""The exit statuses."""

_MEBIBYTE, _LEAST = 2**20, 512


def pool(parser: ArgumentParser, name: str = "pool", metavar: str = "POOL[@ROUND]") -> None:
    """Ask for a pool and round, or for a saved rule set."""
    parser.add_argument(name, metavar=metavar, help="an installed pool and its round, or the file of a saved rule set")


def languages(parser: ArgumentParser) -> None:
    """Ask for the language of texts."""
    parser.add_argument("--lang", choices=LANGUAGES, default="en", help="language of the texts (default: %(default)s)")


def memory(parser: ArgumentParser) -> None:
    """Ask how much memory may be taken up; in bytes, or `None` if nobody says."""
    parser.add_argument(
        "--memory",
        type=_mebibytes,
        metavar="MB",
        help=f"take up so much, from {_LEAST} (default: half of what is free)",
    )


def _mebibytes(text: str) -> int:
    if not text.isdecimal() or int(text) < _LEAST:
        raise ArgumentTypeError(f"expected a whole number from {_LEAST}, got `{text}`")
    return int(text) * _MEBIBYTE


def rulebook(named: str) -> Rulebook:
    """
    The rulebook that is named.

    Args:
        named: `POOL` or `POOL@ROUND` of an installed plugin, or the path of a saved rule set, which ends in `.json`.

    Raises:
        InputError: there is no such pool, round or file.
    """
    if named.endswith(".json"):
        return Rulebook.load(Path(named))
    return installed(named)


def installed(named: str) -> Rulebook:
    """
    The rulebook of an installed plugin, by `POOL` or `POOL@ROUND`.

    Raises:
        InputError: there is no such pool or round.
    """
    id, _, round = named.partition("@")
    return Registry.installed().rulebook(id, round or None)


def needs_columns() -> None:
    """
    Refuse to go on where what reads and decides tables is not installed.

    Raises:
        InputError: Narwhals or Polars is missing.
    """
    if any(find_spec(name) is None for name in ("narwhals", "polars")):
        raise InputError("grantrules.columns", [Problem("", "it needs Polars", INSTALL, "not-installed")])


def needs_testing() -> None:
    """
    Refuse to go on where what the testing kit is built on is not installed.

    What Hypothesis keeps for later runs goes into a temporary folder, here and in processes begun from here: a command
    that looks at rules leaves nothing where it is run.

    Raises:
        InputError: Hypothesis is missing.
    """
    if find_spec("hypothesis") is None:
        raise InputError("grantrules.testing", [Problem("", "it needs Hypothesis", "install `grantrules[testing]`")])
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(Path(gettempdir()) / "grantrules-hypothesis"))
