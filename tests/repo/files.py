"""The files of the repository, as they would be checked in."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]


def files(*suffixes: str) -> Iterator[Path]:
    """Every file with one of the suffixes, but for what tools have made."""
    folders = [ROOT]
    while folders:
        for path in sorted(folders.pop().iterdir()):
            if path.name.startswith(".") or path.name in ("__pycache__", "build", "dist", "node_modules"):
                continue
            if path.is_dir():
                folders.append(path)
            elif path.suffix in suffixes:
                yield path


def named(path: Path) -> str:
    """What a file is called in a test."""
    return path.relative_to(ROOT).as_posix()
