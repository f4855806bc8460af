"""What every test of the command line has."""

from collections.abc import Callable

import pytest

from .running import Ran, status_of

Run = Callable[..., Ran]


@pytest.fixture(autouse=True)
def _faults_are_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a fault of the library be an error of the test, not a line on standard error."""
    monkeypatch.setenv("GRANTRULES_TRACEBACK", "1")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in this process: status, standard output and standard error."""

    def ran(*arguments: str) -> Ran:
        capsys.readouterr()
        status = status_of(*arguments)
        out, err = capsys.readouterr()
        return Ran(status, out, err)

    return ran
