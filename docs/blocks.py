"""
The code blocks of a page: run in order, as a reader would run them, and what they print.

A page is Markdown. Its `python` blocks run in one namespace, from the root of the repository. A `text` block that
follows a block holds what that block prints. A block with `<!-- file: NAME -->` above it is also (a part of) a file
of that name; `sh` blocks with output run where those files are, beside the folder `docs` of the repository. If there is
a `pyproject.toml`, there or in a folder there, its distribution counts as installed.
"""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import chdir, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent

_BLOCK = re.compile(
    r"^(?:<!-- file: (?P<file>\S+) -->\n)?```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL
)


class Block(NamedTuple):
    """One fenced block: the file it belongs to, its language, its text, and where in the page the text stands."""

    file: str | None
    kind: str
    body: str
    start: int
    end: int


class Run(NamedTuple):
    """A block that was run, what it printed, and the block that says what it should print."""

    block: Block
    printed: str
    stated: Block | None


def blocks(page: str) -> list[Block]:
    """Find the fenced blocks of a page."""
    return [Block(m["file"], m["kind"], m["body"], m.start("body"), m.end("body")) for m in _BLOCK.finditer(page)]


def runs(page: str, name: str = "page") -> Iterator[Run]:
    """Run the blocks of a page in order; an exception in one of them is the reader's too and is not caught."""
    found = blocks(page)
    space: dict[str, Any] = {"__name__": name}
    with TemporaryDirectory() as folder:
        scratch = Path(folder)
        (scratch / "docs").symlink_to(ROOT / "docs", target_is_directory=True)
        for index, block in enumerate(found):
            if block.file is not None:
                _append(scratch / block.file, block.body)
            following = found[index + 1] if index + 1 < len(found) else None
            stated = following if following and _follows(page, block, following) else None
            if block.kind == "python":
                yield Run(block, _python(block.body, space, name), stated)
            elif block.kind == "sh" and stated is not None:
                yield Run(block, _shell(block.body, scratch), stated)


def with_output(page: str, name: str = "page") -> str:
    """The page with every output as it is printed now."""
    made = page
    for run in reversed(list(runs(page, name))):
        if run.stated is not None:
            made = made[: run.stated.start] + _output(run.printed) + made[run.stated.end :]
    return made


def _output(printed: str) -> str:
    return "\n".join(line.rstrip() for line in printed.rstrip().splitlines()) + "\n"


def _follows(page: str, block: Block, following: Block) -> bool:
    return following.kind == "text" and page[block.end : following.start] == "```\n\n```text\n"


def _append(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text("utf-8") + "\n" if path.exists() else ""
    path.write_text(before + text, "utf-8")


def _python(code: str, space: dict[str, Any], name: str) -> str:
    printed = StringIO()
    with chdir(ROOT), redirect_stdout(printed):
        exec(compile(code, name, "exec"), space)
    return printed.getvalue()


def _shell(commands: str, scratch: Path) -> str:
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONPATH": os.pathsep.join(str(path) for project in _projects(scratch) for path in _installed(project)),
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        commands, shell=True, cwd=scratch, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    return done.stdout + done.stderr


def _projects(scratch: Path) -> list[Path]:
    return [stated.parent for pattern in ("pyproject.toml", "*/pyproject.toml") for stated in scratch.glob(pattern)]


def _installed(project: Path) -> tuple[Path, Path]:
    """The package's folder, and one with the metadata that an editable install would leave."""
    stated = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["project"]
    site = project / "site"
    info = site / f"{stated['name'].replace('-', '_')}-{stated['version']}.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    header = f"Metadata-Version: 2.1\nName: {stated['name']}\nVersion: {stated['version']}\n"
    (info / "METADATA").write_text(header, "utf-8")
    groups = (
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in points.items())
        for group, points in stated["entry-points"].items()
    )
    (info / "entry_points.txt").write_text("\n".join(groups), "utf-8")
    return project / "src", site
