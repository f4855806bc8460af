"""`allocate`: a folder of applications in, the money shared out, and everything wrong with it in one report."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import grantrules as g
from tests.allocating.rounds import (
    FIRST,
    LANGUAGES,
    RULES_2018,
    SECOND,
    again,
    amounts,
    assessed,
    digitale,
    helse,
    kompetence,
)

from .conftest import Run
from .running import in_process_of_its_own, written

NO_1, NO_2 = "no_helseteknologi@2024-1", "no_helseteknologi@2024-2"
POOL_2018 = "dk_2018_kompetenceloeft"


def round_of(folder: Path, rules: g.Rulebook, rated: Sequence[tuple[Mapping[str, Any], str | None]]) -> str:
    """A folder with applications and, of those that are rated, their assessments."""
    (folder / "applications").mkdir(parents=True)
    for data, rating in rated:
        written(folder, f"applications/{data['id']}.json", data)
        if rating is not None:
            written(folder, f"assessments/{data['id']}.json", assessed(rules, data, rating))
    return str(folder)


LATE = kompetence("SUM-2018-0446", submitted_at="2018-10-01T12:07")
COMPETENCES = [
    (kompetence("SUM-2018-0417"), "5"),
    (kompetence("SUM-2018-0402"), "4.5"),
    (kompetence("SUM-2018-0431"), "4"),
    (kompetence("SUM-2018-0409", "1300000.00"), "3.5"),
    (kompetence("SUM-2018-0411", "1500000.00"), "3"),
    (kompetence("SUM-2018-0423"), "2"),
    (LATE, "4.8"),
    (kompetence("SUM-2018-0440", activities=[]), "5"),
    (kompetence("SUM-2018-0444"), None),
]

TOPPED_UP = [
    (again("HDIR-24-0114", "2400000.00", "1500000.00"), "5"),
    (again("HDIR-24-0061", "1150000.00", None, "800000.00"), "4"),
    (again("HDIR-24-0008", "13000000.00", None), "3"),
]


@cache
def _installed() -> g.Registry:
    return g.Registry.installed()


@pytest.fixture
def installed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The installed plugins, looked for once and not for every file that is refused."""
    found = _installed()
    monkeypatch.setattr("grantrules.cli.Registry.installed", lambda: found)


@pytest.fixture
def competences(tmp_path: Path) -> str:
    """The folder of the round of 2018."""
    return round_of(tmp_path / "2018", RULES_2018, COMPETENCES)


@pytest.fixture
def second(tmp_path: Path) -> str:
    """The folder of the second allocation of 2024."""
    return round_of(tmp_path / "2024-2", SECOND, TOPPED_UP)


def made_of(rules: g.Rulebook, folder: str, **given: Any) -> g.AllocationResult:
    """The allocation of a folder as the library makes it."""
    decisions = []
    for file in sorted((Path(folder) / "applications").iterdir()):
        assessment = Path(folder) / "assessments" / file.name
        given_to = [rules.read_assessment(assessment)] if assessment.exists() else []
        decisions.append(rules.decide(rules.read_application(file), given_to))
    return rules.allocate(decisions, **given)


# What is printed


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_and_markdown_are_what_the_library_explains(run: Run, competences: str, language: Any) -> None:
    """Text and Markdown in every language are the explanation that the Python interface gives."""
    made = made_of(RULES_2018, competences)
    ran = run("allocate", POOL_2018, competences, "--lang", language)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == made.explain(language)
    marked = run("allocate", f"{POOL_2018}@2018", competences, "--lang", language, "--format", "markdown")
    assert marked.out == made.explain(language, markdown=True)


def test_json_is_the_allocation_file(run: Run, competences: str) -> None:
    """`--format json` prints the file that the library writes and reads, and that its schema takes."""
    ran = run("allocate", POOL_2018, competences, "--format", "json")
    assert (ran.status, ran.err) == (0, "")
    data = json.loads(ran.out)
    made = made_of(RULES_2018, competences)
    assert data == made.to_dict()
    assert RULES_2018.read_allocation(data) == made
    Draft202012Validator(RULES_2018.schema("allocation")).validate(data)
    assert [(award["application"], award["outcome"], award["amount"]) for award in data["awards"]] == [
        ("SUM-2018-0417", "awarded", "2500000.00"),
        ("SUM-2018-0402", "awarded", "2500000.00"),
        ("SUM-2018-0431", "awarded", "2500000.00"),
        ("SUM-2018-0409", "awarded", "1300000.00"),
        ("SUM-2018-0411", "awarded_in_part", "1200000.00"),
        ("SUM-2018-0423", "reserve", "0.00"),
        ("SUM-2018-0440", "ineligible", "0.00"),
        ("SUM-2018-0444", "undetermined", "0.00"),
        ("SUM-2018-0446", "dismissed", "0.00"),
    ]


def test_the_names_of_the_files_do_not_matter(run: Run, tmp_path: Path, competences: str) -> None:
    """Files of other names, in another order, give the same result: nothing goes by the order of input."""
    shuffled = tmp_path / "shuffled"
    for index, (data, rating) in enumerate(reversed(COMPETENCES)):
        written(shuffled, f"applications/{index}.json", data)
        if rating is not None:
            written(shuffled, f"assessments/z{9 - index}.json", assessed(RULES_2018, data, rating))
    arguments = ("--format", "json")
    assert run("allocate", POOL_2018, str(shuffled), *arguments) == run("allocate", POOL_2018, competences, *arguments)


def test_allocating_by_a_saved_rule_set(run: Run, tmp_path: Path, competences: str) -> None:
    """`--rules` shares out by the rules in a file: the installed ones saved, or others."""
    same = written(tmp_path, "rules.json", RULES_2018.save())
    plain = run("allocate", POOL_2018, competences, "--format", "json")
    assert run("allocate", POOL_2018, competences, "--format", "json", "--rules", same) == plain
    other = written(tmp_path, "other.json", RULES_2018.with_values(grant_ceiling=g.kr("2000000")).save())
    ran = run("allocate", POOL_2018, competences, "--format", "json", "--rules", other)
    first = json.loads(ran.out)["awards"][0]  # what asks for more than two million is not eligible any more
    assert (first["application"], first["amount"], first["rank"]) == ("SUM-2018-0409", "1300000.00", 1)
    spoilt = written(tmp_path, "spoilt.json", RULES_2018.save().replace("2500000", "2600000"))
    for rules, pool in ((spoilt, POOL_2018), (same, NO_1), (str(tmp_path / "nowhere.json"), POOL_2018)):
        ran = run("allocate", pool, competences, "--rules", rules)
        assert (ran.status, ran.out) == (2, "")


def test_a_folder_with_no_applications_in_it(run: Run, tmp_path: Path) -> None:
    """An empty `applications` is a round that nobody applied to, and its money remains."""
    folder = round_of(tmp_path / "none", FIRST, [])
    ran = run("allocate", NO_1, folder)
    assert (ran.status, ran.err) == (0, "")
    assert "There are no applications." in ran.out
    data = json.loads(run("allocate", NO_1, folder, "--format", "json").out)
    assert (data["awards"], data["awarded"], data["remainder"]) == ([], "0.00", "56700000.00")


def test_a_tie_is_status_zero_and_is_reported(run: Run, tmp_path: Path) -> None:
    """An allocation that waits for a person is a result, not an error."""
    rated = [(kompetence(f"SUM-2018-000{i}"), "4") for i in range(5)]
    ran = run("allocate", POOL_2018, round_of(tmp_path / "tie", RULES_2018, rated), "--lang", "da")
    assert ran.status == 0
    assert "Står lige, hvor pengene slipper op" in ran.out
    assert "En sagsbehandler afgør rækkefølgen." in " ".join(ran.out.split())


# What people hand to it


def test_the_order_of_level_applications_from_a_file(run: Run, tmp_path: Path) -> None:
    """`--settled` names the order, who gave it and why; the result tells it."""
    rated = [(kompetence(f"SUM-2018-000{i}"), "4") for i in range(5)]
    folder = round_of(tmp_path / "tie", RULES_2018, rated)
    order = ["SUM-2018-0004", "SUM-2018-0003", "SUM-2018-0002", "SUM-2018-0001", "SUM-2018-0000"]
    settled = written(tmp_path, "order.json", {"order": order, "by": "Kontorchef Holm", "reason": "Bredest virkning."})
    data = json.loads(run("allocate", POOL_2018, folder, "--settled", settled, "--format", "json").out)
    assert [award["application"] for award in data["awards"]] == order
    assert (data["ties"], data["reserve"]) == ([], ["SUM-2018-0000"])
    assert data["settled"] == {"order": order, "by": "Kontorchef Holm", "reason": "Bredest virkning."}


def test_overrides_from_a_file(run: Run, tmp_path: Path, competences: str) -> None:
    """`--overrides` names findings that people set aside; what is recommended stays beside what is decided."""
    override = {
        "application": "SUM-2018-0446",
        "by": "Kontorchef Holm",
        "reason": "Digital Post var nede.",
        "sets_aside": ["formal.deadline"],
    }
    file = written(tmp_path, "overrides.json", [override])
    data = json.loads(run("allocate", POOL_2018, competences, "--overrides", file, "--format", "json").out)
    found = {award["application"]: (award["recommended"], award["amount"]) for award in data["awards"]}
    assert found["SUM-2018-0446"] == ("0.00", "2500000.00")
    assert found["SUM-2018-0411"] == ("1200000.00", "0.00")
    out = run("allocate", POOL_2018, competences, "--overrides", file, "--lang", "da").out
    assert "Kontorchef Holm har set bort fra formal.deadline: Digital Post var nede." in " ".join(out.split())
    none = written(tmp_path, "none.json", [])
    assert run("allocate", POOL_2018, competences, "--overrides", none) == run("allocate", POOL_2018, competences)


def test_two_overrides_of_one_application(run: Run, tmp_path: Path) -> None:
    """Several entries of one application are set aside one after the other."""
    folder = round_of(tmp_path / "one", RULES_2018, [({**LATE, "signed": False}, "5")])
    stated = [
        {"application": "SUM-2018-0446", "by": by, "reason": "Efter aftale.", "sets_aside": [rule]}
        for by, rule in (("Lund", "formal.signature"), ("Holm", "formal.deadline"))
    ]
    file = written(tmp_path, "overrides.json", stated)
    (award,) = json.loads(run("allocate", POOL_2018, folder, "--overrides", file, "--format", "json").out)["awards"]
    assert (award["outcome"], [override["by"] for override in award["overrides"]]) == ("awarded", ["Lund", "Holm"])


def test_withdrawn_applications_are_replaced(run: Run, competences: str) -> None:
    """`--withdrawn` may be repeated or take several; the list moves up as the library lets it move."""
    made = RULES_2018.replace(made_of(RULES_2018, competences), ["SUM-2018-0402", "SUM-2018-0417"])
    several = run(
        "allocate", POOL_2018, competences, "--withdrawn", "SUM-2018-0402", "SUM-2018-0417", "--format", "json"
    )
    assert json.loads(several.out) == made.to_dict()
    repeated = ("--withdrawn", "SUM-2018-0402", "--withdrawn", "SUM-2018-0417", "--format", "json")
    assert run("allocate", POOL_2018, competences, *repeated) == several
    assert amounts(made)["SUM-2018-0411"] == "1500000.00"
    assert amounts(made)["SUM-2018-0423"] == "2500000.00"


@pytest.mark.parametrize("as_allocation", [True, False], ids=["an allocation", "case numbers"])
def test_earlier_awards_from_a_file(run: Run, tmp_path: Path, second: str, as_allocation: bool) -> None:
    """`--prior` takes the allocation file of the first round, or an object of case numbers and amounts."""
    before = [(helse("HDIR-24-0114", "1500000.00"), "5"), (helse("HDIR-24-0061", "56700000.00"), "4")]
    folder = round_of(tmp_path / "2024-1", FIRST, before)
    first = run("allocate", NO_1, folder, "--format", "json").out
    by_number = {award["application"]: award["amount"] for award in json.loads(first)["awards"]}
    assert by_number == {"HDIR-24-0114": "1500000.00", "HDIR-24-0061": "55200000.00"}
    prior = written(tmp_path, "prior.json", first if as_allocation else by_number)
    ran = run("allocate", NO_2, second, "--prior", prior)
    assert (ran.status, ran.out) == (2, "")
    assert (
        "prior.HDIR-24-0061: the application states 0.00 awarded before, the earlier allocation says 55200000.00"
        in ran.err
    )
    alone = round_of(tmp_path / "alone", FIRST, before[:1])
    first = run("allocate", NO_1, alone, "--format", "json").out
    prior = written(tmp_path, "prior.json", first if as_allocation else {"HDIR-24-0114": "1500000.00"})
    ran = run("allocate", NO_2, second, "--prior", prior, "--format", "json")
    assert ran == run("allocate", NO_2, second, "--format", "json")
    groups = json.loads(ran.out)["groups"]
    assert groups == [
        {"id": "new", "applications": ["HDIR-24-0061", "HDIR-24-0008"], "awarded": "13600000.00"},
        {"id": "topped-up", "applications": ["HDIR-24-0114"], "awarded": "900000.00"},
    ]


# Wrong input


def refused(run: Run, *arguments: str) -> str:
    """The report of a refusal, which is all that is printed."""
    ran = run("allocate", *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert "Traceback" not in ran.err
    return ran.err


def test_no_such_pool_round_or_folder(run: Run, tmp_path: Path, competences: str) -> None:
    """An unknown pool, a round that is not named, and a folder that is not there are status 2, with a hint."""
    assert "did you mean `dk_2018_kompetenceloeft`?" in refused(run, "dk_2018_kompetenceloft", competences)
    assert "choose from `2024-1`, `2024-2`" in refused(run, "no_helseteknologi", competences)
    assert "did you mean `2024-2`" in refused(run, "no_helseteknologi@2024-3", competences)
    assert "there is no such folder" in refused(run, POOL_2018, str(tmp_path / "nowhere"))
    file = written(tmp_path, "application.json", LATE)
    assert "there is no such folder" in refused(run, POOL_2018, file)
    (tmp_path / "empty").mkdir()
    assert "the folder holds no application" in refused(run, POOL_2018, str(tmp_path / "empty"))


def test_everything_wrong_in_the_folder_is_reported_at_once(run: Run, tmp_path: Path) -> None:
    """An assessment for an unknown application, a rating off its scale, another pool, one case number twice."""
    folder = Path(round_of(tmp_path / "bad", FIRST, [(helse("HDIR-24-0114", "900000.00"), "4")]))
    written(folder, "applications/again.json", helse("HDIR-24-0114", "800000.00"))
    written(folder, "applications/danish.json", digitale("SUM-2022-0001", "900000.00"))
    written(folder, "applications/half.json", '{"id": "HDIR-24-0007",')
    written(folder, "applications/misspelt.json", {**helse("HDIR-24-0008", "900000.00"), "reqested": "1.00"})
    written(folder, "assessments/a.json", {"application": "HDIR-24-0141", "ratings": {"benefit": 4}})
    written(folder, "assessments/b.json", {"application": "HDIR-24-0114", "ratings": {"benefit": 6, "benifit": 4}})
    written(folder, "assessments/c.json", {"ratings": {"benefit": 4}})
    said = refused(run, NO_1, str(folder))
    for problem in (
        "danish.json: pool: the application is for `dk_2022_digitale_kompetencer`",
        "half.json: line 1, column ",
        "misspelt.json: reqested: there is no such key\n    hint: did you mean `requested`?",
        "are both application `HDIR-24-0114`",
        "a.json: application: no application is `HDIR-24-0141`\n    hint: did you mean `HDIR-24-0114`",
        "b.json: ratings.benefit: expected a rating from 0 to 5, got `6`",
        "b.json: ratings.benifit: there is no criterion `benifit`\n    hint: did you mean `benefit`?",
        "c.json: application: the assessment names no application",
    ):
        assert problem in said


def test_everything_wrong_in_what_people_hand_over_is_reported_at_once(
    run: Run, tmp_path: Path, competences: str
) -> None:
    """Earlier awards, an order and overrides that cannot be read are reported in one go, each with its file."""
    prior = written(tmp_path, "prior.json", {"SUM-2018-0417": "12.345", "SUM-2018-0402": -1})
    settled = written(tmp_path, "settled.json", {"order": "SUM-2018-0417", "by": 5})
    overrides = written(tmp_path, "overrides.json", [{"application": "SUM-2018-0446", "by": "Holm", "set_aside": []}])
    said = refused(run, POOL_2018, competences, "--prior", prior, "--settled", settled, "--overrides", overrides)
    for problem in (
        "prior.json: SUM-2018-0417: expected at most two decimals",
        "prior.json: SUM-2018-0402: expected an amount of at least zero",
        "settled.json: order: expected a list",
        "settled.json: by: expected text, got `5`",
        "settled.json: the key `reason` is missing",
        "overrides.json: [0]: the key `reason` is missing",
        "overrides.json: [0]: the key `sets_aside` is missing",
        "overrides.json: [0].set_aside: there is no such key",
    ):
        assert problem in said


BAD_OVERRIDES: dict[str, Any] = {
    "an object": {"application": "SUM-2018-0446"},
    "a number": 5,
    "no JSON": "[{",
    "an entry that is no object": ["SUM-2018-0446"],
    "a word for a list": [{"application": "SUM-2018-0446", "by": "H", "reason": "x", "sets_aside": "formal.deadline"}],
    "unknown application": [
        {"application": "SUM-2018-0464", "by": "H", "reason": "x", "sets_aside": ["formal.deadline"]}
    ],
    "unknown rule": [{"application": "SUM-2018-0446", "by": "H", "reason": "x", "sets_aside": ["formal.dedline"]}],
    "a rule that is met": [
        {"application": "SUM-2018-0446", "by": "H", "reason": "x", "sets_aside": ["formal.signature"]}
    ],
    "nothing": [{"application": "SUM-2018-0446", "by": "H", "reason": "x", "sets_aside": []}],
    "nobody": [{"application": "SUM-2018-0446", "by": " ", "reason": "x", "sets_aside": ["formal.deadline"]}],
    "no reason": [{"application": "SUM-2018-0446", "by": "H", "reason": "", "sets_aside": ["formal.deadline"]}],
}


@pytest.mark.usefixtures("installed_once")
@pytest.mark.parametrize("name", BAD_OVERRIDES)
def test_bad_overrides_are_refused(run: Run, tmp_path: Path, competences: str, name: str) -> None:
    """Overrides of the wrong shape, of nothing, by nobody, or of a rule in nobody's way: nothing is allocated."""
    file = written(tmp_path, "overrides.json", BAD_OVERRIDES[name])
    assert "problem" in refused(run, POOL_2018, competences, "--overrides", file)


BAD_ORDERS: dict[str, Any] = {
    "a list": ["SUM-2018-0417"],
    "no JSON": "{",
    "unknown": {"order": ["SUM-2018-0471"], "by": "H", "reason": "x"},
    "twice": {"order": ["SUM-2018-0417", "SUM-2018-0417"], "by": "H", "reason": "x"},
    "nobody": {"order": ["SUM-2018-0417"], "by": "", "reason": "x"},
    "no reason": {"order": ["SUM-2018-0417"], "by": "H", "reason": "  "},
    "a key too many": {"order": [], "by": "H", "reason": "x", "why": "y"},
    "a key twice": '{"order": [], "by": "H", "by": "L", "reason": "x"}',
}


@pytest.mark.usefixtures("installed_once")
@pytest.mark.parametrize("name", BAD_ORDERS)
def test_a_bad_order_is_refused(run: Run, tmp_path: Path, competences: str, name: str) -> None:
    """An order that names unknown applications, one of them twice, nobody or no reason: nothing is allocated."""
    file = written(tmp_path, "settled.json", BAD_ORDERS[name])
    assert "problem" in refused(run, POOL_2018, competences, "--settled", file)


BAD_PRIORS: dict[str, Any] = {
    "a list": [["HDIR-24-0114", "1500000.00"]],
    "unknown": {"HDIR-24-0114": "1500000.00", "HDIR-24-0141": "1.00"},
    "other amount": {"HDIR-24-0114": "1500000.01"},
    "left out": {},
    "negative": {"HDIR-24-0114": "-1500000.00"},
    "yes": {"HDIR-24-0114": True},
    "an object": {"HDIR-24-0114": {"amount": "1500000.00"}},
    "other format": {"format": "grantrules.decision/1", "HDIR-24-0114": "1500000.00"},
    "twice": '{"HDIR-24-0114": "1500000.00", "HDIR-24-0114": "1500000.00"}',
}


@pytest.mark.usefixtures("installed_once")
@pytest.mark.parametrize("name", BAD_PRIORS)
def test_bad_earlier_awards_are_refused(run: Run, tmp_path: Path, second: str, name: str) -> None:
    """Earlier awards that disagree with the applications, are of unknown ones or are no amounts: refused."""
    file = written(tmp_path, "prior.json", BAD_PRIORS[name])
    assert "problem" in refused(run, NO_2, second, "--prior", file)


def test_a_spoilt_allocation_as_earlier_awards(run: Run, tmp_path: Path, second: str) -> None:
    """An allocation file that lacks a part or does not add up is no source of earlier awards."""
    folder = round_of(tmp_path / "2024-1", FIRST, [(helse("HDIR-24-0114", "1500000.00"), "5")])
    data = json.loads(run("allocate", NO_1, folder, "--format", "json").out)
    for spoilt in ({**data, "awards": None}, {**data, "remainder": "0.00"}, {**data, "rules": 5}):
        assert "prior.json" in refused(run, NO_2, second, "--prior", written(tmp_path, "prior.json", spoilt))


@pytest.mark.usefixtures("installed_once")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--seed", "7"), "seed: the round draws no lots"),
        (("--withdrawn", "SUM-2018-0423"), "`SUM-2018-0423` has no award to turn down"),
        (("--withdrawn", "SUM-2018-0471"), "no application is `SUM-2018-0471`"),
        (("--withdrawn", "SUM-2018-0417", "SUM-2018-0417"), "`SUM-2018-0417` stands twice"),
        (("--prior", "nowhere.json"), "nowhere.json: 1 problem\n  the file cannot be read"),
        (("--settled", "nowhere.json"), "nowhere.json: 1 problem\n  the file cannot be read"),
        (("--overrides", "nowhere.json"), "nowhere.json: 1 problem\n  the file cannot be read"),
    ],
    ids=" ".join,
)
def test_what_is_asked_for_and_makes_no_sense(
    run: Run, competences: str, arguments: tuple[str, ...], said: str
) -> None:
    """A seed that nobody asked for, withdrawals of nobody, files that are not there: refused, nothing printed."""
    assert said in refused(run, POOL_2018, competences, *arguments)


def test_earlier_awards_where_nothing_is_topped_up(run: Run, tmp_path: Path, competences: str) -> None:
    """A round that does not top up takes no earlier awards."""
    file = written(tmp_path, "prior.json", {"SUM-2018-0417": "1.00"})
    assert "prior: the round does not top up earlier awards" in refused(run, POOL_2018, competences, "--prior", file)


@pytest.mark.parametrize(
    "arguments", [(), ("dk_2018_kompetenceloeft",), ("dk_2018_kompetenceloeft", ".", "--lang", "sv")]
)
def test_wrong_usage(run: Run, arguments: tuple[str, ...]) -> None:
    """Missing arguments and unknown choices are status 2 with the usage on standard error."""
    ran = run("allocate", *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("usage: grantrules")


def test_as_others_run_it(tmp_path: Path) -> None:
    """As a command of its own, in an encoding that cannot hold every letter, it prints JSON that can be read."""
    folder = round_of(tmp_path / "2024-1", FIRST, [(helse("HDIR-24-0114", "900000.00"), "4")])
    ran = in_process_of_its_own("allocate", NO_1, folder, "--format", "json", PYTHONIOENCODING="ascii")
    assert (ran.status, ran.err) == (0, "")
    assert json.loads(ran.out)["awards"][0]["title"] == "Digital hjemmeoppfølging i fjellkommunene"


# Everything at once


def test_folder_and_papers_are_reported_together(run: Run, tmp_path: Path, competences: str) -> None:
    """An unreadable application, a bad order and a bad override are in one report, each under its own file."""
    written(Path(competences), "applications/no-id.json", {**kompetence(None), "id": None})
    overrides = [
        {"application": "SUM-2018-9999", "by": "N.N.", "reason": "Dispensation.", "sets_aside": ["formal.length"]}
    ]
    said = refused(
        run,
        *(POOL_2018, competences, "--seed", "1"),
        *("--overrides", written(tmp_path, "overrides.json", overrides)),
    )
    assert "no-id.json: id: the application has no case number" in said
    assert "overrides.json: [0].application: no application is `SUM-2018-9999`" in said
    assert "seed: the round draws no lots" in said
    assert "input: input" not in said


def test_a_report_of_reports_names_each_file_once(run: Run, tmp_path: Path, competences: str) -> None:
    """Two files of one application and a bad order: no line is about `input`."""
    written(Path(competences), "applications/twice.json", kompetence("SUM-2018-0001"))
    written(Path(competences), "applications/thrice.json", kompetence("SUM-2018-0001"))
    settled = written(tmp_path, "settled.json", {"order": []})
    said = refused(run, POOL_2018, competences, "--settled", settled)
    assert "settled.json: the key `by` is missing" in said
    assert "are both application `SUM-2018-0001`" in said
    assert not [line for line in said.splitlines()[1:] if line.strip().startswith("input")]


def test_a_bar_in_a_title_stays_in_its_cell(run: Run, competences: str) -> None:
    """A title with a vertical bar does not break the Markdown table."""
    written(Path(competences), "applications/bar.json", kompetence("SUM-2018-0777", title="Kursus | del 1"))
    out = run("allocate", POOL_2018, competences, "--format", "markdown").out
    (row,) = [line for line in out.splitlines() if "SUM-2018-0777" in line]
    assert "Kursus \\| del 1" in row


@pytest.mark.parametrize("option", ["--prior", "--settled", "--overrides", "--budget"])
def test_an_empty_option_is_not_passed_over(run: Run, competences: str, option: str) -> None:
    """An option that is given with nothing in it is refused: an unset variable must not drop a check."""
    assert refused(run, POOL_2018, competences, option, "")
