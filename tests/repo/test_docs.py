"""The documentation: up to date, its code runs, its links lead somewhere, and it leaves no hook out."""

import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from grantrules.hooks import HOOKS, Hooks
from tests.repo.files import ROOT, files, named

DOCS = ROOT / "docs"
BLOCKS = runpy.run_path(str(DOCS / "blocks.py"))

RUN = [DOCS / "allocation.md", DOCS / "tutorial.md", *sorted((DOCS / "how-to").glob("*.md"))]
PAGES = [path for path in files(".md") if path.is_relative_to(DOCS) or path.name in ("README.md", "CONTRIBUTING.md")]

LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#+ (?P<text>.+)$", re.MULTILINE)


def _build(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(DOCS / "build.py"), *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


def test_every_page_is_up_to_date() -> None:
    """The build would change nothing."""
    done = _build("--check")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", RUN, ids=named)
def test_code_prints_what_the_page_says(page: Path) -> None:
    """The blocks of a page run in order, and each prints what stands below it, and nothing else."""
    for run in BLOCKS["runs"](page.read_text("utf-8"), page.name):
        stated = "" if run.stated is None else run.stated.body
        assert _lines(run.printed) == _lines(stated), run.block.body


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().splitlines()]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_to_files_and_headings(page: Path) -> None:
    """Every link inside the repository names a file that is there and, after `#`, a heading in it."""
    lost = [target for target in _internal_links(page) if not _leads_somewhere(page, target)]
    assert not lost


def _internal_links(page: Path) -> list[str]:
    text = FENCED.sub("", page.read_text("utf-8"))
    return [found["target"] for found in LINK.finditer(text) if not re.match(r"[a-z]+:", found["target"])]


def _leads_somewhere(page: Path, target: str) -> bool:
    name, _, anchor = target.partition("#")
    path = page if not name else (page.parent / name).resolve()
    if not path.exists() or not path.is_relative_to(ROOT):
        return False
    return not anchor or anchor in _anchors(path)


def _anchors(page: Path) -> set[str]:
    headings = (found["text"] for found in HEADING.finditer(FENCED.sub("", page.read_text("utf-8"))))
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_is_described(name: str) -> None:
    """A hook is named in the tutorial or in the page about extensions."""
    text = "".join((DOCS / page).read_text("utf-8") for page in ("tutorial.md", "how-to/add-an-extension.md"))
    assert f"`{name}`" in text


def test_the_list_of_hooks_is_whole() -> None:
    """What the registry calls a hook is what the specifications declare."""
    assert set(HOOKS) == {name for name in vars(Hooks) if not name.startswith("_")}


def test_every_installed_pool_has_a_page() -> None:
    """Each plugin folder has its page, and each page its plugin."""
    plugins = {path.name for path in (ROOT / "plugins").iterdir() if (path / "pyproject.toml").exists()}
    assert {page.stem for page in (DOCS / "pools").glob("*.md")} == plugins


def test_a_stale_page_is_named() -> None:
    """The build sees an output that is no longer printed."""
    page = "```python\nprint(1)\n```\n\n```text\n2\n```\n"
    assert BLOCKS["with_output"](page) == page.replace("2", "1")


def test_changelog_uses_its_own_kinds() -> None:
    """Every entry of the changelog begins with one of the kinds it lists."""
    kinds = ("outcome", "added", "changed", "fixed", "removed", "docs")
    text = (DOCS / "changelog.md").read_text("utf-8")
    entries = [line for line in text.partition("\n## ")[2].splitlines() if line.startswith("- ")]
    assert entries
    assert all(re.match(rf"- \*\*({'|'.join(kinds)})\*\* ", entry) for entry in entries)
