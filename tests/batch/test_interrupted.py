"""A run that is ended, or finds the disk full: nothing half done under a final name, and what was there stays."""

import os
import resource
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.running import COMMAND

from .given import POOL, cases_of, documents


@pytest.fixture
def waiting(tmp_path: Path) -> Path:
    """A pipe that has given some applications, and keeps a run waiting for more."""
    pipe = tmp_path / "in.jsonl"
    os.mkfifo(pipe)
    return pipe


def names_in(folder: Path) -> list[str]:
    """Everything in a folder."""
    return [path.name for path in folder.iterdir()]


def _as_in_the_foreground() -> None:
    """Where tests run in the background, what they start would pass over Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def begun(pipe: Path, folder: Path) -> tuple["subprocess.Popen[str]", int]:
    """A run in a process of its own that has begun to work, and the end of the pipe it reads."""
    out = folder / "results.csv"
    command = [*COMMAND, "batch", POOL, str(pipe), str(out)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, preexec_fn=_as_in_the_foreground)
    end = os.open(pipe, os.O_RDWR)  # which does not wait for somebody who reads
    os.write(end, documents(cases_of(POOL), folder.parent / "some.jsonl").read_bytes())
    for _ in range(1000):
        if any(name.startswith(".results.csv-") for name in names_in(folder)):
            break
        time.sleep(0.02)
    return process, end


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_ended_run_leaves_nothing(waiting: Path, tmp_path: Path, number: signal.Signals) -> None:
    """Ctrl-C and requests to end: a line says so, temporary files are gone, and earlier results stay."""
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "results.csv").write_text("before", "utf-8")
    process, end = begun(waiting, folder)
    assert len(names_in(folder)) > 1
    process.send_signal(number)
    _, err = process.communicate(timeout=30)
    os.close(end)
    assert process.returncode == 128 + number
    assert err == f"grantrules: interrupted; nothing was written to {folder / 'results.csv'}\n"
    assert names_in(folder) == ["results.csv"]
    assert (folder / "results.csv").read_text("utf-8") == "before"


def test_a_killed_run_leaves_nothing_under_a_final_name(waiting: Path, tmp_path: Path) -> None:
    """Nobody can tidy up then; what is left is hidden, and named after the results."""
    folder = tmp_path / "out"
    folder.mkdir()
    process, end = begun(waiting, folder)
    process.kill()
    process.communicate(timeout=30)
    os.close(end)
    (left,) = names_in(folder)
    assert left.startswith(".results.")
    assert left.endswith(".tmp")


def test_a_run_may_be_ended_while_it_loads(tmp_path: Path) -> None:
    """Ctrl-C before anything is read is no fault of the program."""
    loading = (
        "import sys, os, signal, threading, builtins; from grantrules.cli import main; before = builtins.__import__\n"
        "def load(name, *more):\n"
        "    if name == 'polars': os.kill(os.getpid(), signal.SIGINT)\n"
        "    return before(name, *more)\n"
        "builtins.__import__ = load; sys.exit(main())"
    )
    file = documents(cases_of(POOL), tmp_path / "in.jsonl")
    command = [*COMMAND[:-1], loading, "batch", POOL, str(file), str(tmp_path / "out.csv")]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, preexec_fn=_as_in_the_foreground, timeout=60
    )
    assert done.returncode == 128 + signal.SIGINT
    assert done.stderr == f"grantrules: interrupted; nothing was written to {tmp_path / 'out.csv'}\n"


def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    """Where a file cannot grow any more, the run says so with exit status 2, and what was there stays."""
    file = documents(cases_of(POOL), tmp_path / "in.jsonl")
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "results.csv").write_text("before", "utf-8")
    command = [*COMMAND, "batch", POOL, str(file), str(folder / "results.csv")]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, preexec_fn=_with_small_files, timeout=60
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "the run cannot go on, and nothing was written" in done.stderr
    assert names_in(folder) == ["results.csv"]
    assert (folder / "results.csv").read_text("utf-8") == "before"


def _with_small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
