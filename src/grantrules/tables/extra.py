"""What tables need beside the library itself."""

from importlib.util import find_spec

from grantrules.errors import InputError, Problem

INSTALL = "install `grantrules[columns]`"


def needs_narwhals() -> None:
    """
    Refuse to go on without what data frames are read with.

    Raises:
        InputError: it is not installed.
    """
    if find_spec("narwhals") is None:
        raise InputError("grantrules.columns", [Problem("", "tables need Narwhals", INSTALL, "no-engine")])
