"""
The pytest plugin: every `expected.json` beside an `application.json` is a test file, its case and variations the tests.

pytest loads this in every project where grantrules is installed, so nothing else is imported until it is needed.
"""

import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from grantrules.registry import Registry
    from grantrules.testing.cases.differences import CaseDifference
    from grantrules.testing.cases.reading import Case
    from grantrules.testing.coverage import Coverage
    from grantrules.testing.mutation.running import Mutation

UPDATE = "--grantrules-update"
COVERAGE = "--grantrules-coverage"
COVERAGE_JSON = "--grantrules-coverage-json"
FAIL_UNDER = "--grantrules-fail-under"
MUTATE = "--grantrules-mutate"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options."""
    group = parser.getgroup("grantrules", "cases of grant rules")
    group.addoption(
        UPDATE,
        action="store_true",
        default=False,
        help="rewrite the expected values that differ, for review, instead of failing",
    )
    group.addoption(
        COVERAGE, action="store_true", default=False, help="say which parts of the rules the decisions have shown"
    )
    group.addoption(COVERAGE_JSON, metavar="FILE", default=None, help="write that as JSON data")
    group.addoption(FAIL_UNDER, metavar="PERCENT", default=None, help="fail where less of the rules was seen")
    group.addoption(
        MUTATE,
        metavar="POOL[@ROUND]",
        action="append",
        default=[],
        help="try the mutants of these rules against the cases collected, and fail for those that survive",
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "CaseFile | None":
    """Collect the expectation of a case."""
    if file_path.name == "expected.json" and (file_path.parent / "application.json").exists():
        file: CaseFile = CaseFile.from_parent(parent, path=file_path)
        return file
    return None


def pytest_configure(config: pytest.Config) -> None:
    """
    Refuse options that cannot be meant.

    Raises:
        UsageError: with what is wrong.
    """
    file = config.getoption(COVERAGE_JSON)
    if file is not None and not Path(file).absolute().parent.is_dir():
        raise pytest.UsageError(f"{COVERAGE_JSON}: there is no folder for `{file}`")
    if config.getoption(FAIL_UNDER) is not None:
        from grantrules.errors import InputError
        from grantrules.testing.coverage.report import least_asked

        try:
            least_asked(config.getoption(FAIL_UNDER))
        except InputError as error:
            raise pytest.UsageError(str(error)) from error


def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the mutants that are asked for behind everything else."""
    cases = [item.case for item in items if isinstance(item, CaseItem)]
    for pool in config.getoption(MUTATE):
        item: MutantsItem = MutantsItem.from_parent(session, name=f"mutants of {pool}", pool=pool, cases=cases)
        items.append(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, Any, Any]:
    """Watch what is decided while the tests run, if the coverage of rules is asked for."""
    if not any(session.config.getoption(option) for option in (COVERAGE, COVERAGE_JSON, FAIL_UNDER)):
        return (yield)
    from grantrules.testing.coverage import coverage_of, watching

    with watching() as watched:
        result = yield
    # What-ifs, and pools that a test made up, are no part of it.
    own = {rules.digest for rules in _installed(session.config).rule_sets.values()}
    session.config.stash[_COVERAGES] = coverage_of(case for case in watched.cases if case[0].digest in own)
    return result


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Write the coverage, and fail where less was seen than was asked for."""
    config = session.config
    file = config.getoption(COVERAGE_JSON)
    if file is not None and _COVERAGES in config.stash:
        from grantrules.testing.coverage.report import to_data

        text = json.dumps(to_data(config.stash[_COVERAGES]), ensure_ascii=False, indent=2)
        Path(file).write_text(f"{text}\n", "utf-8")
    if _short(config) and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say which expectations were rewritten, and what was seen of the rules."""
    lines = config.stash.get(_REWRITTEN, [])
    if lines:
        from grantrules.testing.cases.updating import READ_WHY

        terminalreporter.section("rewritten expectations")
        for line in (*lines, READ_WHY):
            terminalreporter.line(line)
    if _COVERAGES in config.stash:
        from grantrules.readings.layout import to_text
        from grantrules.testing.coverage.report import report

        terminalreporter.section("rule coverage")
        if config.getoption(COVERAGE):
            terminalreporter.line(to_text(report(config.stash[_COVERAGES])))
        for line in _short(config):
            terminalreporter.line(line)


def _short(config: pytest.Config) -> tuple[str, ...]:
    """The rounds of which less was seen than was asked for."""
    if config.getoption(FAIL_UNDER) is None or _COVERAGES not in config.stash:
        return ()
    if not config.stash[_COVERAGES]:
        return ("nothing was decided by the rules of an installed pool: nothing was seen of any",)
    from grantrules.testing.coverage.report import falling_short, least_asked

    return falling_short(config.stash[_COVERAGES], least_asked(config.getoption(FAIL_UNDER)))


_REWRITTEN = pytest.StashKey[list[str]]()
_REGISTRY = pytest.StashKey["Registry"]()
_COVERAGES: "pytest.StashKey[Mapping[str, Coverage]]" = pytest.StashKey()


def _installed(config: pytest.Config) -> "Registry":
    """The installed plugins, found once for the whole run."""
    from grantrules.registry import Registry

    if _REGISTRY not in config.stash:
        config.stash[_REGISTRY] = Registry.installed()
    return config.stash[_REGISTRY]


class CaseFile(pytest.File):
    """The expectations of one folder."""

    def collect(self) -> "Iterator[CaseItem]":
        """The case and its variations; wrong expectations are an error of this file alone."""
        from grantrules.errors import GrantrulesError
        from grantrules.testing.cases.reading import read_cases

        try:
            cases = read_cases(self.path.parent, _installed(self.config))
        except GrantrulesError as error:
            raise self.CollectError(str(error)) from error
        for case in cases:
            item: CaseItem = CaseItem.from_parent(self, name=case.name, case=case)
            yield item


class CaseItem(pytest.Item):
    """One case: its decision is as expected."""

    def __init__(self, *, case: "Case", **given: Any) -> None:
        super().__init__(**given)
        self.case = case

    def runtest(self) -> None:
        """Decide the case and compare; with the option, rewrite what differs."""
        from grantrules.testing.cases.reading import case_differences

        differences = case_differences(self.case)
        if differences and self.config.getoption(UPDATE):
            differences = self._updated(differences)
        if differences:
            raise CaseDiffersError(self.case, differences)

    def _updated(self, differences: "tuple[CaseDifference, ...]") -> "tuple[CaseDifference, ...]":
        """Rewrite the expectation, and return what a person has to settle."""
        from grantrules.testing.cases.updating import update

        made = update(self.case, differences)
        said = self.config.stash.setdefault(_REWRITTEN, [])
        said += [f"{self.case.name}: {difference.item().text}" for difference in made.rewritten]
        return made.left

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """All differences of the case together, without the frames of this plugin."""
        if isinstance(excinfo.value, CaseDiffersError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """What the heading of a failure says."""
        return self.case.source, None, f"case {self.case.name}"


class MutantsItem(pytest.Item):
    """The mutants of one round: every one is caught, or equal in meaning."""

    def __init__(self, *, pool: str, cases: "Sequence[Case]", **given: Any) -> None:
        super().__init__(**given)
        self.pool, self.cases = pool, cases

    def runtest(self) -> None:
        """Try them against the cases that were collected, and against the laws."""
        from grantrules.testing.mutation.running import mutate

        id, _, round = self.pool.partition("@")
        found = mutate(_installed(self.config).rulebook(id, round or None), self.cases)
        if found.survivors:
            raise SurvivedError(found)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The report, without the frames of this plugin; what is wrong with the pool or the cases likewise."""
        from grantrules.errors import GrantrulesError

        if isinstance(excinfo.value, SurvivedError | GrantrulesError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """What the heading of a failure says."""
        return self.path, None, self.name


class SurvivedError(AssertionError):
    """Mistakes in the rules that no case and no law noticed."""

    def __init__(self, found: "Mutation") -> None:
        from grantrules.readings.layout import to_text
        from grantrules.testing.mutation.report import report

        super().__init__(to_text(report(found)).rstrip())


class CaseDiffersError(AssertionError):
    """The decision on a case is not as expected."""

    def __init__(self, case: "Case", differences: "tuple[CaseDifference, ...]") -> None:
        from grantrules.readings.layout import to_text
        from grantrules.testing.cases.differences import report

        count = f"{len(differences)} difference{'' if len(differences) == 1 else 's'}"
        super().__init__(f"{case.name}: {count}\n\n{to_text(report(case.why, differences)).rstrip()}")
