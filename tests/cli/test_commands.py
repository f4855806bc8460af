"""The other commands, wrong usage, plugins that fail, and the world around: encodings, pipes, terminals."""

import io
import json
import os
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import grantrules as g

from .conftest import Run
from .running import COMMAND, POOL, assessments, case, in_process_of_its_own, status_of

LANGUAGES = ("da", "nb", "en")


def test_pools_lists_what_is_installed(run: Run) -> None:
    """`pools` shows id, round, title and version of every installed pool."""
    ran = run("pools")
    assert (ran.status, ran.err) == (0, "")
    (row,) = [row for row in ran.out.splitlines() if row.startswith(POOL)]
    assert "2018" in row
    assert "0.1.0" in row
    assert "sundhedspersoner" in run("pools", "--lang", "da").out


@pytest.mark.parametrize("name", [POOL, f"{POOL}@2018", f"{POOL}@"])
def test_show_prints_every_rule_with_its_source(run: Run, name: str) -> None:
    """`show` names every rule, its source, what is assumed, the figures and the digest."""
    rules = g.rulebook(POOL)
    ran = run("show", name)
    assert (ran.status, ran.err) == (0, "")
    for rule in rules.rules.rules:
        assert f"[{rule.id}]" in ran.out
    for assumption in rules.assumptions:
        assert f"[{assumption.id}]" in ran.out
    for said in (rules.digest, "10,000,000.00", "2,500,000.00", "Økonomi", "1.94", CALL_REFERENCE):
        assert said in ran.out


CALL_REFERENCE = "http://sundhedsministeriet.dk/Puljer/Loeft-af-digitiale-kompetencer-hos-sundhedspersoner.aspx"


@pytest.mark.parametrize("language", LANGUAGES)
def test_show_is_what_the_library_describes(run: Run, language: Any) -> None:
    """`show` prints the description that the Python interface gives, in every language and as Markdown."""
    rules = g.rulebook(POOL)
    assert run("show", POOL, "--lang", language).out == rules.describe(language)
    assert run("show", POOL, "--lang", language, "--format", "markdown").out == rules.describe(language, markdown=True)


def test_show_as_json_is_the_saved_rule_set(run: Run) -> None:
    """`show --format json` prints the rule set as it is saved."""
    saved = json.loads(run("show", POOL, "--format", "json").out)
    assert saved["format"] == "grantrules.ruleset/1"
    assert saved["digest"] == g.rulebook(POOL).digest


@pytest.mark.parametrize("of", ["application", "assessment", "decision"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_schema_prints_a_schema(run: Run, of: Any, language: Any) -> None:
    """`schema` prints the JSON Schema of each kind of file in each language."""
    ran = run("schema", POOL, "--of", of, "--lang", language)
    assert (ran.status, ran.err) == (0, "")
    assert json.loads(ran.out) == g.rulebook(POOL).schema(of, language)


@pytest.mark.parametrize("of", ["application", "assessment"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_template_prints_a_blank_file(run: Run, tmp_path: Path, of: Any, language: Any) -> None:
    """`template` prints a blank file of each kind in each language, which `decide` takes as it is."""
    ran = run("template", POOL, "--of", of, "--lang", language)
    assert (ran.status, ran.err) == (0, "")
    file = tmp_path / "blank.json"
    file.write_text(ran.out, encoding="utf-8")
    arguments = [str(file)] if of == "application" else [case("clean"), "--assessment", str(file)]
    assert run("decide", *arguments).status == 0


def test_kinds_default_to_the_application(run: Run) -> None:
    """`schema` and `template` speak of the application unless told otherwise."""
    assert run("schema", POOL) == run("schema", POOL, "--of", "application")
    assert run("template", POOL) == run("template", POOL, "--of", "application")


@pytest.mark.parametrize("command", ["show", "schema", "template"])
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("dk_2018_kompetenceloft", "did you mean `dk_2018_kompetenceloeft`?"),
        (f"{POOL}@2019", "did you mean `2018`?"),
        ("zzz", "choose from `dk_2018_kompetenceloeft`"),
        ("", "choose from `dk_2018_kompetenceloeft`"),
        ("@", "choose from `dk_2018_kompetenceloeft`"),
        ("@2018", "choose from `dk_2018_kompetenceloeft`"),
        (f"{POOL}@2018@2018", "no round `2018@2018`"),
    ],
)
def test_an_unknown_pool_or_round_is_wrong_input(run: Run, command: str, name: str, said: str) -> None:
    """An unknown pool or round is status 2 with the nearest names, and nothing on standard output."""
    ran = run(command, name)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err


USAGE: list[tuple[str, ...]] = [
    (),
    ("nonsense",),
    ("decide",),
    ("decide", case("clean"), "--format", "xml"),
    ("decide", case("clean"), "--lang", "sv"),
    ("decide", case("clean"), "--assessment"),
    ("verify",),
    ("verify", case("clean")),
    ("schema",),
    ("schema", POOL, "--of", "invoice"),
    ("template", POOL, "--of", "decision"),
    ("show",),
    ("show", POOL, "extra"),
    ("pools", "extra"),
    ("--nonsense",),
]


@pytest.mark.parametrize("arguments", USAGE, ids=" ".join)
def test_wrong_usage_is_wrong_input(run: Run, arguments: tuple[str, ...]) -> None:
    """Unknown commands, missing files and unknown choices are status 2 with the usage on standard error."""
    ran = run(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("usage: grantrules")


@pytest.mark.parametrize("arguments", [("--help",), ("decide", "--help"), ("pools", "-h"), ("--version",)])
def test_help_and_version_are_printed(run: Run, arguments: tuple[str, ...]) -> None:
    """Help and version go to standard output with status 0."""
    ran = run(*arguments)
    assert (ran.status, ran.err) == (0, "")
    assert "grantrules" in ran.out
    if arguments == ("--help",):
        for said in ("pools", "show", "decide", "verify", "schema", "template", "Exit status: 0"):
            assert said in ran.out


BROKEN = "import grantrules\n\nraise RuntimeError('no \\x1b[2J luck')\n"


@pytest.fixture
def _broken_plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plugin that fails at import is installed beside the real one."""
    (tmp_path / "plugin_of_test_cli.py").write_text(BROKEN, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    points = [
        EntryPoint("broken_pool", "plugin_of_test_cli", "grantrules"),
        EntryPoint(POOL, "grantrules_dk_2018_kompetenceloeft.plugin", "grantrules"),
    ]

    def entry_points(*, group: str) -> list[EntryPoint]:
        return [point for point in points if point.group == group]

    monkeypatch.setattr("importlib.metadata.entry_points", entry_points)
    monkeypatch.setattr("grantrules.registry.entry_points", entry_points, raising=False)


@pytest.mark.usefixtures("_broken_plugin")
def test_a_plugin_that_failed_is_listed_with_the_reason(run: Run) -> None:
    """`pools` lists plugins that failed with file, line and reason; the others are there too."""
    ran = run("pools")
    assert ran.status == 0
    assert "broken_pool" in ran.out
    assert "plugin_of_test_cli.py, line 3" in ran.out
    assert "RuntimeError" in ran.out
    assert POOL in ran.out
    assert "\x1b" not in ran.out


@pytest.mark.usefixtures("_broken_plugin")
def test_a_plugin_that_failed_does_not_keep_others_from_deciding(run: Run) -> None:
    """`decide` works for the pools whose plugins are sound."""
    ran = run("decide", case("clean"), "--format", "json")
    assert ran.status == 0
    assert json.loads(ran.out)["outcome"] == "eligible"


@pytest.mark.usefixtures("_broken_plugin")
def test_asking_for_a_pool_that_failed_says_why(run: Run, tmp_path: Path) -> None:
    """`show` and `decide` for a pool whose plugin failed give the reason, status 2."""
    file = tmp_path / "x.json"
    file.write_text('{"pool": "broken_pool"}', encoding="utf-8")
    for arguments in (("show", "broken_pool"), ("decide", str(file))):
        ran = run(*arguments)
        assert (ran.status, ran.out) == (2, "")
        assert "RuntimeError" in ran.err
        assert "\x1b" not in ran.err


WEIRD = st.sampled_from(
    [
        *(
            "",
            " ",
            "-",
            "--",
            "@",
            "/",
            ".",
            "..",
            "~",
            "*",
            "\x00",
            "\ud800",
            "\x1b[2J",
            "é",
            "x" * 300,
            "a\nb",
            "%s",
            "{}",
        ),
        *(
            "decide",
            "verify",
            "show",
            "schema",
            "template",
            "pools",
            "--assessment",
            "--format",
            "json",
            "--lang",
            "da",
        ),
        *("--of", "decision", "--rules", POOL, f"{POOL}@2018", "/dev/null", "/nonexistent/x.json", case("draft"), "0"),
    ]
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(WEIRD | st.text(max_size=5), max_size=6))
def test_no_arguments_lead_to_a_fault(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    """Whatever is typed, the status is 0, 1 or 2 and nothing is printed that a terminal would act on."""
    assert status_of(*arguments) in (0, 1, 2)
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    assert "\x1b" not in out


@pytest.mark.parametrize("command", ["show", "schema", "template"])
def test_names_with_control_characters_are_shown_written_out(run: Run, command: str) -> None:
    """An unknown pool or round with escape sequences in its name is shown without them."""
    for name in ("\x1b[2J", f"{POOL}@\x1b[2J", "\ud800"):
        ran = run(command, name)
        assert (ran.status, ran.out) == (2, "")
        assert "\x1b" not in ran.err


def test_a_process_of_its_own_does_the_same(run: Run) -> None:
    """The command as others run it prints what it prints in this process, whatever the hash seed and time zone."""
    arguments = ("decide", case("clean"), "--assessment", *assessments("clean"), "--format", "json")
    expected = run(*arguments)
    for seed, zone in (("1", "UTC"), ("2", "Pacific/Kiritimati")):
        assert in_process_of_its_own(*arguments, PYTHONHASHSEED=seed, TZ=zone) == expected


def test_the_installed_command_is_there() -> None:
    """The distribution installs a command `grantrules`."""
    command = Path(sys.executable).with_name("grantrules")
    done = subprocess.run([command, "--version"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stdout.startswith("grantrules 0.")


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_any_encoding_of_the_output_will_do(encoding: str, form: str) -> None:
    """Where the output's encoding lacks a letter, the letter is written out; nothing fails."""
    ran = in_process_of_its_own(
        "decide", case("refused"), "--lang", "da", "--format", form, LANG="C", PYTHONIOENCODING=encoding
    )
    assert (ran.status, ran.err) == (0, "")
    assert "SUM-2018-0388" in ran.out
    if form == "json":
        assert json.loads(ran.out)["outcome"] == "ineligible"


def test_json_in_ascii_is_still_json() -> None:
    """JSON written where only ASCII can be is the same JSON, its letters and stars included."""
    plain = in_process_of_its_own("decide", case("refused"), "--format", "json", PYTHONIOENCODING="utf-8")
    ascii_only = in_process_of_its_own("decide", case("refused"), "--format", "json", PYTHONIOENCODING="ascii")
    assert json.loads(ascii_only.out) == json.loads(plain.out)


def test_errors_are_written_in_any_encoding(tmp_path: Path) -> None:
    """A message with letters and half characters is written where standard error is ASCII."""
    file = tmp_path / "x.json"
    file.write_text('{"pool": "dk_2018_kompetenceloeft", "\\ud800ø": 1, "title": 5}', encoding="utf-8")
    ran = in_process_of_its_own("decide", str(file), LANG="C", PYTHONIOENCODING="ascii")
    assert (ran.status, ran.out) == (2, "")
    assert "2 problems" in ran.err
    assert "Traceback" not in ran.err


def piped(arguments: list[str], tail: str) -> subprocess.CompletedProcess[str]:
    """Run in a shell with something behind the command."""
    shell = 'exec 3>&1; { "$@"; echo "status $?" >&3; } ' + tail
    return subprocess.run(
        ["bash", "-c", shell, "bash", *COMMAND, *arguments], capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("tail", ["| head -1 >/dev/null", "| true"])
def test_a_reader_that_goes_away_is_no_fault(tail: str) -> None:
    """Output into a pipe that is closed early ends quietly."""
    done = piped(["show", POOL], tail)
    assert done.stderr == ""
    assert done.stdout.strip() == "status 0"


@pytest.mark.parametrize("arguments", [["--help"], ["pools"], ["schema", POOL], ["decide", case("clean")]])
def test_no_standard_output_is_no_fault(arguments: list[str]) -> None:
    """With standard output closed a command ends without a traceback."""
    done = subprocess.run(
        ["bash", "-c", '"$@" >&-', "bash", *COMMAND, *arguments], capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    assert "fault of the library" not in done.stderr
    assert done.returncode in (0, 2)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full, which is always full")
def test_a_full_disk_is_no_fault_of_the_library() -> None:
    """Output that cannot be written is said in words, and the status is not 0."""
    done = subprocess.run(
        ["bash", "-c", '"$@" >/dev/full', "bash", *COMMAND, "show", POOL], capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    assert "fault of the library" not in done.stderr
    assert done.stderr
    assert done.returncode == 2


class Terminal(io.StringIO):
    """Standard output that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


@pytest.mark.parametrize(
    "arguments", [("decide", case("costs")), ("show", POOL), ("pools",)], ids=["decide", "show", "pools"]
)
def test_without_rich_a_terminal_gets_plain_text(
    run: Run, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    """Where rich is not installed a terminal gets the same text as a file."""
    plain = run(*arguments)
    for name in [name for name in sys.modules if name.partition(".")[0] == "rich" or name == "grantrules.terminal"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "rich", None)
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    assert status_of(*arguments) == 0
    assert terminal.getvalue() == plain.out


@pytest.mark.parametrize(
    "arguments", [("decide", case("costs")), ("show", POOL), ("pools",)], ids=["decide", "show", "pools"]
)
def test_with_rich_a_terminal_gets_every_word_of_the_text(
    run: Run, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    """On a terminal with rich the same words stand, laid out for its width."""
    words = run(*arguments).out.split()
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    monkeypatch.setenv("COLUMNS", "400")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    assert status_of(*arguments) == 0
    shown = terminal.getvalue()
    lost = {word for word in words if word.strip("=-•│┃━─ ") and word not in shown}
    assert not lost


@pytest.mark.parametrize("width", ["60", "80", "120"])
def test_a_narrow_terminal_loses_no_rule(monkeypatch: pytest.MonkeyPatch, width: str) -> None:
    """On a terminal of ordinary width amounts and rule ids may be wrapped, but nothing of them is left out."""
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    monkeypatch.setenv("COLUMNS", width)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    assert status_of("decide", case("costs")) == 0
    assert "…" not in terminal.getvalue()
    assert "3,060,000.00" in terminal.getvalue()
    assert "\\n" not in terminal.getvalue()


def test_a_terminal_acts_on_nothing_in_the_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Escape sequences and markup in an application are shown on a terminal, not acted on."""
    data = json.loads(Path(case("clean")).read_text("utf-8"))
    data["title"] = "T\x1b[31m [bold]x[/bold] [/nonsense] :smile:"
    file = tmp_path / "x.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("COLUMNS", "200")
    assert status_of("decide", str(file)) == 0
    assert "[bold]x[/bold] [/nonsense] :smile:" in terminal.getvalue()
    assert "\x1b[31m" not in terminal.getvalue()


def test_json_on_a_terminal_is_plain_json(monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON is never laid out for a terminal."""
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    assert status_of("decide", case("clean"), "--format", "json") == 0
    assert json.loads(terminal.getvalue())["application"] == "SUM-2018-0417"


def test_the_command_needs_no_home_and_no_current_folder(tmp_path: Path) -> None:
    """The command runs from any folder with an almost empty environment."""
    done = subprocess.run(
        [*COMMAND, "decide", case("clean")],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env={"PATH": os.defpath},
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, b"")
