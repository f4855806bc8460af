"""`decide` and `verify`: formats, languages, several files at once, and which assessment goes where."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

import grantrules as g

from .conftest import Run
from .running import CASES, POOL, assessments, case

LANGUAGES = ("da", "nb", "en")
CASE_NAMES = sorted(folder.name for folder in CASES.iterdir() if folder.is_dir())


def written(folder: Path, name: str, data: Any) -> str:
    """A file with this as JSON, or as text."""
    file = folder / name
    file.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return str(file)


def changed(name: str, **facts: Any) -> dict[str, Any]:
    """The application of a case with some facts changed."""
    data = json.loads(Path(case(name)).read_text("utf-8"))
    assert isinstance(data, dict)
    return {**data, **facts}


@pytest.mark.parametrize("name", CASE_NAMES)
def test_whatever_the_outcome_the_status_is_zero(run: Run, name: str) -> None:
    """A decided application is status 0, be it eligible, refused, late or half filled in."""
    ran = (
        run("decide", case(name), "--assessment", *assessments(name))
        if assessments(name)
        else run("decide", case(name))
    )
    assert (ran.status, ran.err) == (0, "")
    assert name == "draft" or "SUM-2018-" in ran.out


@pytest.mark.parametrize("name", CASE_NAMES)
def test_json_is_the_decision_as_the_library_makes_it(run: Run, name: str) -> None:
    """`--format json` prints the decision that the Python interface gives."""
    rules = g.rulebook(POOL)
    given = assessments(name)
    made = rules.decide(rules.read_application(case(name)), [rules.read_assessment(path) for path in given])
    ran = run("decide", case(name), *(["--assessment", *given] if given else []), "--format", "json")
    assert json.loads(ran.out) == made.to_dict()
    assert json.loads(ran.out)["format"] == "grantrules.decision/1"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CASE_NAMES)
def test_text_and_markdown_are_what_the_library_explains(run: Run, name: str, language: Any) -> None:
    """Text and Markdown in every language are the explanation that the Python interface gives."""
    rules = g.rulebook(POOL)
    made = rules.decide(rules.read_application(case(name)))
    assert run("decide", case(name), "--lang", language).out == made.explain(language)
    assert run("decide", case(name), "--lang", language, "--format", "markdown").out == made.explain(
        language, markdown=True
    )


OUTCOMES = {
    "clean": ("Outcome: Eligible", "Requirements that are met"),
    "refused": ("Outcome: Ineligible", "Requirements not met"),
    "late": ("Outcome: Dismissed", "Requirements not met"),
    "draft": ("Outcome: Undetermined", "Costs"),
}


@pytest.mark.parametrize(("name", "outcome"), [(name, outcome) for name, (outcome, _) in OUTCOMES.items()])
def test_the_outcome_stands_before_every_finding(run: Run, name: str, outcome: str) -> None:
    """The text begins with the outcome: no rule, amount of a line or need is named before it."""
    out = run("decide", case(name)).out
    place = out.lower().index(outcome.lower())
    before = out[:place]
    assert before.count("\n") < 8
    for later in ("formal.", "eligibility.", "cost.", "c1 "):
        assert later not in before
        assert later in out[place:]


def test_the_text_follows_the_order_of_a_case_officer(run: Run) -> None:
    """Outcome first, then what fails with its margin, then the cost table, then what is still needed."""
    out = run("decide", case("refused")).out
    parts = [
        "Outcome:",
        "Requirements not met",
        "300,000.00 kr short",
        "Costs (DKK)",
        "cost.recoverable-vat",
        "Still needed",
    ]
    places = [out.index(part) for part in parts]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("da", ("Resultat: Ikke tilskudsberettiget", "kommuner eller regioner", "300.000,00")),
        ("nb", ("Resultat: Ikke støtteberettiget", "kommuner eller regioner", "300")),
    ],
)
def test_the_language_is_the_one_asked_for(run: Run, language: str, words: tuple[str, ...]) -> None:
    """Danish and Norwegian texts carry their own words and their own way of writing amounts."""
    out = run("decide", case("refused"), "--lang", language).out
    for word in words:
        assert word in out
    assert "Outcome" not in out


def test_one_file_prints_an_object_and_several_a_list(run: Run) -> None:
    """`--format json` prints one object for one file and a list in their order for several."""
    one = json.loads(run("decide", case("clean"), "--format", "json").out)
    several = json.loads(run("decide", case("late"), case("clean"), "--format", "json").out)
    assert isinstance(one, dict)
    assert [decision["application"] for decision in several] == ["SUM-2018-0446", "SUM-2018-0417"]
    assert several[1] == one


def test_several_files_print_one_text_after_another(run: Run) -> None:
    """Several applications are explained one after another, in the order of the files."""
    ran = run("decide", case("late"), case("clean"), case("draft"))
    places = [ran.out.index(id) for id in ("SUM-2018-0446", "SUM-2018-0417", "SUM-2018-0402")]
    assert places == sorted(places)


def test_assessments_may_be_repeated_and_take_several_files(run: Run) -> None:
    """`--assessment` once with two files and twice with one are the same."""
    one, other = assessments("clean")
    together = run("decide", case("clean"), "--format", "json", "--assessment", one, other)
    apart = run("decide", case("clean"), "--assessment", one, "--format", "json", "--assessment", other)
    assert together == apart
    assert json.loads(together.out)["panel"]["assessors"] == 2


def test_each_assessment_goes_to_the_application_it_names(run: Run) -> None:
    """With several applications every assessment counts for the one whose case number it holds."""
    given = [*assessments("costs"), *assessments("clean"), *assessments("refused")]
    decided = json.loads(
        run("decide", case("clean"), case("refused"), case("costs"), "--assessment", *given, "--format", "json").out
    )
    for decision, name in zip(decided, ("clean", "refused", "costs"), strict=True):
        own = run("decide", case(name), "--assessment", *assessments(name), "--format", "json").out
        assert decision == json.loads(own)


def test_the_order_of_assessments_changes_nothing(run: Run) -> None:
    """Two orders of the same assessments decide alike."""
    one, other = assessments("costs")
    runs = [run("decide", case("costs"), "--assessment", *pair) for pair in ((one, other), (other, one))]
    assert runs[0] == runs[1]


def test_an_assessment_of_none_of_the_applications_is_refused(run: Run, tmp_path: Path) -> None:
    """An assessment that names another application, or none where there are several, is refused with its file."""
    other = written(tmp_path, "other.json", {"application": "SUM-2018-0418"})
    nameless = written(tmp_path, "nameless.json", {"assessor": "x"})
    ran = run("decide", case("clean"), "--assessment", other)
    assert (ran.status, ran.out) == (2, "")
    assert "SUM-2018-0418" in ran.err
    ran = run("decide", case("clean"), case("late"), "--assessment", other, nameless)
    assert (ran.status, ran.out) == (2, "")
    assert "other.json" in ran.err
    assert "did you mean `SUM-2018-0417`" in ran.err
    assert "nameless.json: application: the assessment names no application" in ran.err
    assert run("decide", case("clean"), "--assessment", nameless).status == 0


def test_two_files_of_one_application_are_refused(run: Run) -> None:
    """The same case number in two files is refused, for no assessment could be told whose it is."""
    copy = case("clean").replace("/cases/", "/cases/../cases/")
    ran = run("decide", case("clean"), copy)
    assert (ran.status, ran.out) == (2, "")
    assert "SUM-2018-0417" in ran.err


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (
            {"pool": None},
            "pool: the application does not name its pool\n    hint: choose from `dk_2018_kompetenceloeft`",
        ),
        ({"pool": "dk_2018_kompetenceloft"}, "did you mean `dk_2018_kompetenceloeft`?"),
        ({"pool": "zzz"}, "pool: there is no pool `zzz`\n    hint: choose from `dk_2018_kompetenceloeft`"),
        ({"round": "2019"}, "round: `dk_2018_kompetenceloeft` has no round `2019`\n    hint: did you mean `2018`?"),
        ({"pool": 5}, "pool: expected text, got `5`"),
        ({"pool": ["x"]}, "pool: expected text, got `[…] with 1 items`"),
        ({"round": 2018}, "round: expected text, got `2018`"),
    ],
)
def test_a_file_must_name_its_pool_and_round(run: Run, tmp_path: Path, facts: dict[str, Any], said: str) -> None:
    """A file without a pool, or with an unknown pool or round, is refused with the nearest names."""
    file = written(tmp_path, "x.json", changed("clean", **facts))
    ran = run("decide", file)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err.replace("\n      hint", "\n    hint")
    assert ran.err.startswith(file)


def test_the_round_may_be_left_out_where_there_is_one(run: Run, tmp_path: Path) -> None:
    """An application without a round is decided by the only one the pool has."""
    ran = run("decide", written(tmp_path, "x.json", changed("clean", round=None)), "--format", "json")
    assert json.loads(ran.out)["round"] == "2018"


def test_several_bad_files_are_reported_together_and_nothing_is_decided(run: Run, tmp_path: Path) -> None:
    """What is wrong in any file is said in one report, and a sound file beside them is not decided."""
    files = [
        written(tmp_path, "one.json", changed("clean", pages="five", titel="x")),
        written(tmp_path, "two.json", "{"),
        written(tmp_path, "three.json", changed("late", pool=None)),
        str(tmp_path / "four.json"),
    ]
    for form in ("text", "json", "markdown"):
        ran = run("decide", files[0], case("costs"), *files[1:], "--format", form)
        assert (ran.status, ran.out) == (2, "")
        for place in ("one.json: pages", "one.json: titel", "two.json", "three.json: pool", "four.json"):
            assert place in ran.err
        assert ran.err.count("5 problems") == 1


def test_bad_assessments_are_reported_together(run: Run, tmp_path: Path) -> None:
    """What is wrong in several assessments is said at once, each with its file."""
    bad = [
        written(tmp_path, "a.json", {"ratings": {"goals": 6}}),
        written(tmp_path, "b.json", {"judgements": {"experts-limited": {"c99": True}}}),
        written(tmp_path, "c.json", "[]"),
    ]
    ran = run("decide", case("clean"), "--assessment", *bad)
    assert (ran.status, ran.out) == (2, "")
    for place in ("a.json: ratings.goals", "b.json", "`c99`", "c.json"):
        assert place in ran.err


def test_a_bad_application_does_not_hide_a_bad_assessment(run: Run, tmp_path: Path) -> None:
    """An assessment that is no JSON at all is reported beside a bad application."""
    application = written(tmp_path, "application.json", changed("clean", pages="five"))
    assessment = written(tmp_path, "assessment.json", "{")
    ran = run("decide", application, "--assessment", assessment)
    assert (ran.status, ran.out) == (2, "")
    assert "pages" in ran.err
    assert "assessment.json" in ran.err


def decision_file(run: Run, folder: Path, name: str) -> str:
    """The decision on a case as `decide` writes it."""
    given = assessments(name)
    out = run("decide", case(name), "--format", "json", *(["--assessment", *given] if given else [])).out
    return written(folder, "decision.json", out)


@pytest.mark.parametrize("name", CASE_NAMES)
def test_a_decision_stands_for_what_it_was_made_from(run: Run, tmp_path: Path, name: str) -> None:
    """`verify` with the same application and assessments says that the decision stands, status 0."""
    given = assessments(name)
    stored = decision_file(run, tmp_path, name)
    ran = run("verify", stored, case(name), *(["--assessment", *reversed(given)] if given else []))
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.endswith(" stands.\n")


def test_a_decision_does_not_stand_for_another_application(run: Run, tmp_path: Path) -> None:
    """`verify` after a change of the application names what differs, status 1."""
    stored = decision_file(run, tmp_path, "clean")
    file = written(tmp_path, "x.json", changed("clean", requested="1640000.01"))
    ran = run("verify", stored, file, "--assessment", *assessments("clean"))
    assert (ran.status, ran.err) == (1, "")
    assert "no longer stands" in ran.out
    assert "digests.application" in ran.out
    assert "highest_grant" not in ran.out


def test_a_decision_does_not_stand_without_its_assessments(run: Run, tmp_path: Path) -> None:
    """`verify` without the assessments that were decided on shows score and judgements as gone, status 1."""
    ran = run("verify", decision_file(run, tmp_path, "clean"), case("clean"))
    assert ran.status == 1
    assert "score" in ran.out


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"outcome": "ineligible"}, "outcome"),
        ({"highest_grant": "9999999.00"}, "highest_grant"),
        ({"grant_range": None}, "grant_range"),
        ({"title": "Another"}, "title"),
        ({"conditions": []}, "conditions"),
    ],
)
def test_a_tampered_decision_does_not_stand(run: Run, tmp_path: Path, change: dict[str, Any], place: str) -> None:
    """A decision file with another figure or outcome does not stand, and the place is shown."""
    stored = Path(decision_file(run, tmp_path, "costs"))
    file = written(tmp_path, "tampered.json", {**json.loads(stored.read_text("utf-8")), **change})
    ran = run("verify", file, case("costs"), "--assessment", *assessments("costs"))
    assert ran.status == 1
    assert place in ran.out


def test_numbers_where_text_belongs_are_refused_or_do_not_stand(run: Run, tmp_path: Path) -> None:
    """A decision with figures as JSON numbers, `NaN` among them, is refused or does not stand, without a fault."""
    stored = json.loads(Path(decision_file(run, tmp_path, "clean")).read_text("utf-8"))
    for number in ("1640000.00", "1.64e6", "NaN", "1E+9999", "-0.0"):
        for key in ("highest_grant", "remark"):
            text = json.dumps({**stored, key: "HERE"}).replace('"HERE"', number)
            ran = run("verify", written(tmp_path, "x.json", text), case("clean"), "--assessment", *assessments("clean"))
            assert ran.status in (1, 2), ran


@pytest.mark.parametrize(
    "garbage",
    ["", "{}", "[]", "null", "{", '{"format": "grantrules.decision/1"}', '{"format": "grantrules.decision/9"}', "\x00"],
)
def test_garbage_is_no_decision(run: Run, tmp_path: Path, garbage: str) -> None:
    """`verify` of something that is no decision is wrong input, status 2, with nothing on standard output."""
    ran = run("verify", written(tmp_path, "garbage.json", garbage), case("clean"))
    assert (ran.status, ran.out) == (2, "")
    assert "garbage.json" in ran.err


def test_verify_reads_all_its_files(run: Run, tmp_path: Path) -> None:
    """`verify` with a missing decision, application or assessment is wrong input."""
    stored, nowhere = decision_file(run, tmp_path, "clean"), str(tmp_path / "nowhere.json")
    for arguments in ((nowhere, case("clean")), (stored, nowhere), (stored, case("clean"), "--assessment", nowhere)):
        ran = run("verify", *arguments)
        assert (ran.status, ran.out) == (2, "")
        assert "nowhere.json" in ran.err


def test_control_characters_reach_no_terminal_raw(run: Run, tmp_path: Path) -> None:
    """Escape sequences in titles, names, ids and file names are written out in text, Markdown and errors."""
    escape = "\x1b[31m"
    data = changed("refused", id=f"A{escape}", title=f"T{escape}\r\n\x9b")
    data["organisations"][1]["name"] = f"O{escape}"
    for key in ("costs", "funding"):
        for item in data[key]:
            if item.get("organisation") == "Københavns Kommune":
                item["organisation"] = f"O{escape}"
    data["costs"][0]["id"] = f"c{escape}"
    file = written(tmp_path, "x.json", data)
    for form in ("text", "markdown"):
        ran = run("decide", file, "--format", form)
        assert ran.status == 0
        assert not [c for c in ran.out if c != "\n" and not c.isprintable()]
    stored = written(tmp_path, "decision.json", run("decide", file, "--format", "json").out)
    ran = run("verify", stored, file)
    assert ran.status == 0
    assert "\x1b" not in ran.out
    for bad in ({"pool": escape}, {escape: 1}, {"round": escape}, {"pool": [escape]}):
        ran = run("decide", written(tmp_path, f"bad{escape}.json", {**data, **bad}))
        assert (ran.status, ran.out) == (2, "")
        assert "\x1b" not in ran.err


def test_an_application_may_come_through_a_pipe(run: Run, tmp_path: Path) -> None:
    """An application is read once, so that one that comes through a pipe can be decided."""
    source, sink = os.pipe()
    with os.fdopen(sink, "wb") as pipe:
        pipe.write(Path(case("draft")).read_bytes())
    try:
        ran = run("decide", f"/dev/fd/{source}", "--format", "json")
    finally:
        os.close(source)
    assert ran.status == 0, ran.err
    assert json.loads(ran.out)["application"] == "SUM-2018-0402"


def test_a_saved_rule_set_decides_the_same(run: Run, tmp_path: Path) -> None:
    """`show --format json` saves rules by which `decide --rules` and `verify --rules` decide the same."""
    saved = written(tmp_path, "rules.json", run("show", POOL, "--format", "json").out)
    given = ["--assessment", *assessments("costs")]
    live = run("decide", case("costs"), *given, "--format", "json")
    loaded = run("decide", case("costs"), *given, "--format", "json", "--rules", saved)
    assert loaded == live
    stored = written(tmp_path, "decision.json", live.out)
    assert run("verify", stored, case("costs"), *given, "--rules", saved).status == 0


@pytest.mark.parametrize(
    "garbage", ["", "{}", "[]", "{", '{"format": "grantrules.ruleset/1"}', "\xff", '{"digest": NaN}']
)
def test_garbage_is_no_rule_set(run: Run, tmp_path: Path, garbage: str) -> None:
    """A rule set that is none is wrong input, with its file."""
    ran = run("decide", case("clean"), "--rules", written(tmp_path, "garbage.json", garbage))
    assert (ran.status, ran.out) == (2, "")
    assert "garbage.json" in ran.err
