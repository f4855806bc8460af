"""How far a run is: its parts tell how much of their own is done, and whoever looks sees the whole."""

from collections.abc import Callable
from typing import TypeAlias

Tell: TypeAlias = Callable[[int, int], None]
"""Is told how much is done, and of how much."""


def tenths(tell: Tell, start: int, end: int) -> Tell:
    """Tells of a part of the work, from one tenth to another, as of all of it."""
    return lambda done, of: tell(1000 * start + 1000 * (end - start) * done // max(1, of), 10_000)
