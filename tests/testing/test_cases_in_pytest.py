"""The pytest plugin, in a project of its own: what it collects, what a failure shows, and what it rewrites."""

import json

import pytest

from tests.pools import RULEBOOKS
from tests.testing.case_files import APPLICATION, varied, written

pytest_plugins = ["pytester"]

PLUGIN = "grantrules.testing.pytest_plugin"


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No other plugin is loaded, and this one only by name, whether or not it is installed."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


@pytest.fixture(autouse=True, scope="module")
def _imported() -> None:
    """
    Import what a run imports, before pytester looks which modules there are.

    It forgets those that a run in this process brings, and a second copy of a class is another class.
    """
    from grantrules.testing import broken_laws, mutate
    from grantrules.testing.coverage import report

    assert RULEBOOKS
    assert all((broken_laws, mutate, report))


def ran(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """A run of pytest in the project."""
    return pytester.runpytest_inprocess("-p", PLUGIN, "-p", "no:cacheprovider", "-W", "error", *arguments)


def test_every_case_and_variation_is_a_test(pytester: pytest.Pytester) -> None:
    """Each with a name to select it by; other JSON files are passed over."""
    written(pytester.path / "cases" / "clean", variations=varied(application={"pages": 4}))
    written(pytester.path / "cases" / "late")
    (pytester.path / "cases" / "expected.json").write_text("{}", "utf-8")
    result = ran(pytester, "-v")
    result.assert_outcomes(passed=3)
    for name in ("clean/expected.json::clean", "clean/expected.json::clean/varied", "late/expected.json::late"):
        result.stdout.fnmatch_lines([f"cases/{name} PASSED*"])
    ran(pytester, "-k", "varied").assert_outcomes(passed=1, deselected=2)


def test_a_failure_shows_every_difference(pytester: pytest.Pytester) -> None:
    """Expected, got, the clause with its facts, and why it was expected; none of the library's frames."""
    why = "Seven pages are fine, or so we thought."
    expected = {"why": why, "outcome": "eligible", "findings": {"formal.length": "met"}}
    written(pytester.path / "cases" / "long", expected, application={**APPLICATION, "pages": 7})
    result = ran(pytester)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*case long*",
            "long: 2 differences",
            "- outcome: expected eligible, got dismissed",
            "    not_met: formal.length",
            "- findings[[]formal.length]: expected met, got not_met",
            "    formal.length, demand: pages <= page_limit does not hold: found 7, required <= 5, margin -2",
            "    facts: pages = 7",
            "It is expected because:",
            "- Seven pages are fine, or so we thought.",
            "FAILED cases/long/expected.json::long - long: 2 differences",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*pytest_plugin.py*")


def test_a_wrong_expectation_is_an_error_of_its_file(pytester: pytest.Pytester) -> None:
    """The others are run all the same, where errors of collection do not stop the run."""
    written(pytester.path / "cases" / "misspelt", {"why": "w", "findings": {"formal.lenght": "met"}})
    written(pytester.path / "cases" / "sound")
    result = ran(pytester, "--continue-on-collection-errors")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        ["*ERROR collecting cases/misspelt/expected.json*", "*there is no rule `formal.lenght`", "*did you mean*"]
    )
    assert ran(pytester).ret == pytest.ExitCode.INTERRUPTED


def test_values_are_rewritten_on_request(pytester: pytest.Pytester) -> None:
    """The run passes, says what it rewrote and that the reasons are to be read again; the next run passes too."""
    folder = written(pytester.path / "cases" / "long", application={**APPLICATION, "pages": 7})
    result = ran(pytester, "--grantrules-update")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        ["*rewritten expectations*", "long: findings[[]formal.length]: expected met, got not_met", "*read them again"]
    )
    assert json.loads((folder / "expected.json").read_text("utf-8"))["findings"] == {"formal.length": "not_met"}
    result = ran(pytester)
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*rewritten expectations*")


def test_what_cannot_be_rewritten_fails(pytester: pytest.Pytester) -> None:
    """What a person has to settle is not passed over."""
    written(pytester.path / "cases" / "one", {"why": "w", "findings": {"formal.length": "met"}, "score": None})
    result = ran(pytester, "--grantrules-update")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["- score: expected null, got an object"])


def test_nothing_is_imported_before_a_case_is_found(pytester: pytest.Pytester) -> None:
    """A project without cases pays for no rules, no registry and no Hypothesis."""
    pytester.makepyfile(
        """
        import sys

        def test_modules():
            late = ("grantrules.registry", "grantrules.rulebooks", "grantrules.testing.cases.reading", "hypothesis")
            assert [name for name in late if name in sys.modules] == []
        """
    )
    result = pytester.runpytest_subprocess("-p", PLUGIN, "-p", "no:cacheprovider")
    result.assert_outcomes(passed=1)


# Coverage and mutants


def test_coverage_of_what_was_decided(pytester: pytest.Pytester) -> None:
    """What cases and tests decide counts, and less than was asked for fails the run."""
    written(pytester.path / "cases" / "clean")
    result = ran(
        pytester, "--grantrules-coverage", "--grantrules-fail-under", "90", "--grantrules-coverage-json=c.json"
    )
    result.assert_outcomes(passed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*rule coverage*", "Rule coverage of dk_2018_kompetenceloeft@2018:*"])
    data = json.loads((pytester.path / "c.json").read_text("utf-8"))
    assert data["rule_sets"][0]["decisions"] == 1
    assert ran(pytester, "--grantrules-fail-under", "10").ret == pytest.ExitCode.OK


def test_what_the_laws_decide_is_no_coverage(pytester: pytest.Pytester) -> None:
    """Random applications show nothing of the cases."""
    pytester.makepyfile(
        """
        from grantrules.testing import law_suite
        import grantrules_no_helseteknologi.plugin as plugin

        TestLaws = law_suite(plugin, rounds=["2024-1"], examples=2)
        """
    )
    written(pytester.path / "cases" / "clean")
    result = ran(pytester, "--grantrules-coverage", "-k", "amounts or clean", ".", "cases")
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["Rule coverage of dk_2018_kompetenceloeft@2018:*"])
    result.stdout.no_fnmatch_line("Rule coverage of no_helseteknologi*")


def test_a_share_that_is_none_stops_the_run(pytester: pytest.Pytester) -> None:
    """A wrong option is a usage error, before anything runs."""
    written(pytester.path / "cases" / "clean")
    result = ran(pytester, "--grantrules-fail-under", "most")
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_mutants_are_one_more_test(pytester: pytest.Pytester) -> None:
    """The mutants of a pool are tried against the cases collected; survivors fail the run, with the report."""
    written(pytester.path / "cases" / "clean")
    result = ran(pytester, "--grantrules-mutate", "no_helseteknologi@2024-1")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*Mutants of no_helseteknologi@2024-1", "*against 0 cases*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_mutants_of_a_pool_that_is_not_there(pytester: pytest.Pytester) -> None:
    """An unknown pool fails that test, by name."""
    written(pytester.path / "cases" / "clean")
    result = ran(pytester, "--grantrules-mutate", "nowhere")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*there is no pool `nowhere`*"])


def test_where_nothing_is_decided_nothing_was_seen(pytester: pytest.Pytester) -> None:
    """A run without a single decision is no full coverage."""
    pytester.makepyfile("def test_a() -> None: pass")
    result = ran(pytester, "--grantrules-fail-under", "100")
    result.assert_outcomes(passed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["nothing was decided*"])


def test_a_file_that_cannot_be_is_refused_at_once(pytester: pytest.Pytester) -> None:
    """A folder that is not there is a usage error, not a traceback at the end."""
    result = ran(pytester, "--grantrules-coverage-json", "nowhere/c.json")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
