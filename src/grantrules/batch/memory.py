"""How much memory there is."""

import os
from pathlib import Path

_MEBIBYTE = 2**20
_GROUP = Path("/sys/fs/cgroup")


def free_memory() -> int:
    """
    The bytes that this process may still take: what the machine has free, or less where its group is held to less.

    Where the system does not say what is free, half of what there is counts as such.
    """
    free = _available()
    limit, used = (_number(_GROUP / name) for name in ("memory.max", "memory.current"))
    return free if limit is None else min(free, max(limit - (used or 0), 0))


def _available() -> int:
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
    except OSError:
        return _all_of_it() // 2
    found = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return int(found[0]) * 1024 if found else _all_of_it() // 2


def _all_of_it() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):  # not a system of that kind
        return 4096 * _MEBIBYTE


def _number(file: Path) -> int | None:
    try:
        text = file.read_text("ascii").strip()
    except OSError:
        return None
    return int(text) if text.isdecimal() else None
