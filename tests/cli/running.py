"""Running the command line: in this process, and as others run it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from attrs import frozen

from grantrules.cli import main

CASES = Path(__file__).parents[2] / "plugins" / "dk_2018_kompetenceloeft" / "cases"
POOL = "dk_2018_kompetenceloeft"

COMMAND = [sys.executable, "-c", "import sys; from grantrules.cli import main; sys.exit(main())"]


@frozen
class Ran:
    """What came of one run."""

    status: int
    out: str
    err: str


def case(name: str) -> str:
    """The path of a case's application."""
    return str(CASES / name / "application.json")


def assessments(name: str) -> list[str]:
    """The paths of a case's assessments."""
    return [str(path) for path in sorted((CASES / name).glob("assessment-*.json"))]


def status_of(*arguments: str) -> int:
    """Run in this process; a usage error ends with the status that the parser gives it."""
    try:
        return main(list(arguments))
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else -1


def in_process_of_its_own(*arguments: str, cwd: Path | None = None, **environment: str) -> Ran:
    """Run as a command, in a folder and with further variables in its environment."""
    variables = {**os.environ, **environment}
    done = subprocess.run([*COMMAND, *arguments], capture_output=True, check=False, env=variables, cwd=cwd, timeout=60)
    encoding = environment.get("PYTHONIOENCODING", "utf-8")
    return Ran(done.returncode, done.stdout.decode(encoding), done.stderr.decode(encoding))


def written(folder: Path, name: str, data: Any) -> str:
    """A file below the folder with this as JSON, or as text."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(data if isinstance(data, str) else json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return str(file)
