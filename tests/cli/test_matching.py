"""`match`: the facts of a project that has not applied yet, held against every pool and round."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import grantrules as g

from .conftest import Run

LANGUAGES: tuple[g.values.Language, ...] = ("da", "nb", "en")

ROUNDS = [
    ("dk_2018_kompetenceloeft", "2018"),
    ("dk_2021_digital_sundhed", "2021"),
    ("dk_2022_digitale_kompetencer", "2022"),
    ("dk_2022_digitale_kompetencer", "2023"),
    ("no_helseteknologi", "2024-1"),
    ("no_helseteknologi", "2024-2"),
]

PROJECT: dict[str, Any] = {
    "title": "VR-træning i hjemmeplejen",
    "signed": True,
    "organisations": [
        {"name": "Aalborg Kommune", "kind": "municipality", "role": "lead"},
        {"name": "Region Nordjylland", "kind": "region", "role": "partner"},
    ],
    "requested": "1200000.00",
    "funding": [{"source": "own", "form": "cash", "amount": "900000.00"}],
    "costs": [],
}
"""Facts that every pool knows."""

INSTALLED = g.Registry.installed()


@pytest.fixture(autouse=True)
def _installed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The installed plugins, looked for once and not for every file."""
    monkeypatch.setattr("grantrules.cli.Registry.installed", lambda: INSTALLED)


def written(folder: Path, data: Any) -> str:
    """A project file with this as JSON, or as text."""
    file = folder / "project.json"
    file.write_text(data if isinstance(data, str) else json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return str(file)


def matched(run: Run, folder: Path, data: Mapping[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """What `match --format json` says, by pool and round."""
    ran = run("match", written(folder, data), "--format", "json")
    assert (ran.status, ran.err) == (0, "")
    return {(one["pool"], one["round"]): one for one in json.loads(ran.out)}


def refused(run: Run, folder: Path, data: Any) -> str:
    """The report of a refusal, which is all that is printed, in every format."""
    file = written(folder, data)
    ran = run("match", file)
    assert (ran.status, ran.out) == (2, "")
    assert run("match", file, "--format", "json") == ran
    assert "Traceback" not in ran.err
    return ran.err.replace(f"{folder}/", "")


# What is found


def test_every_pool_and_round_answers(run: Run, tmp_path: Path) -> None:
    """Each installed round says which of its requirements are met, fail, wait or do not apply: all of them, once."""
    found = matched(run, tmp_path, PROJECT)
    assert list(found) == ROUNDS
    for (pool, round), one in found.items():
        listed = [
            *one["met"],
            *one["not_met"],
            *(open_["rule"] for open_ in one["undetermined"]),
            *one["not_applicable"],
        ]
        assert sorted(listed) == sorted(rule.id for rule in INSTALLED.rulebook(pool, round).rules.requirements)
        assert one["problems"] == []


def test_what_common_facts_decide(run: Run, tmp_path: Path) -> None:
    """Own financing below the request fails the pool of 2018; the lead suits all; deadlines wait for a day."""
    found = matched(run, tmp_path, PROJECT)
    kompetence = found["dk_2018_kompetenceloeft", "2018"]
    assert kompetence["outcome"] == "ineligible"
    assert kompetence["not_met"] == ["eligibility.matching"]
    assert kompetence["met"] == ["formal.signature", "eligibility.applicants", "eligibility.grant-limits"]
    assert {"rule": "formal.deadline", "needs": [{"from": "applicant", "what": "submitted_at"}]} in kompetence[
        "undetermined"
    ]
    assert all("eligibility.applicants" in one["met"] for one in found.values())
    assert found["no_helseteknologi", "2024-2"]["undetermined"] == [
        {"rule": "eligibility.area", "needs": [{"from": "applicant", "what": "areas"}]},
        {"rule": "eligibility.first-round", "needs": [{"from": "applicant", "what": "first_round"}]},
        {"rule": "eligibility.top-up-room", "needs": [{"from": "applicant", "what": "first_round"}]},
    ]


def test_facts_of_one_pool_are_passed_over_by_the_others(run: Run, tmp_path: Path) -> None:
    """Pages belong to 2018, target groups to 2022, areas to Norway: each is read where it is known."""
    plain = matched(run, tmp_path, PROJECT)
    facts = {
        "pages": 7,
        "target_groups": ["staff"],
        "primary_aim": True,
        "areas": ["welfare_technology"],
        "first_round": {"status": "not_applied"},
    }
    found = matched(run, tmp_path, {**PROJECT, **facts})
    assert found["dk_2018_kompetenceloeft", "2018"]["not_met"] == ["formal.length", "eligibility.matching"]
    assert "eligibility.purpose" in found["dk_2022_digitale_kompetencer", "2023"]["met"]
    assert "eligibility.area" in found["no_helseteknologi", "2024-1"]["met"]
    assert found["no_helseteknologi", "2024-2"]["not_met"] == ["eligibility.first-round"]
    assert found["dk_2021_digital_sundhed", "2021"] == plain["dk_2021_digital_sundhed", "2021"]


def test_pool_and_round_of_the_file_are_passed_over(run: Run, tmp_path: Path) -> None:
    """An application to one pool is held against all of them; where it says it goes does not matter."""
    addressed = {**PROJECT, "pool": "dk_2018_kompetenceloeft", "round": "1999", "$comment": "et udkast"}
    assert matched(run, tmp_path, addressed) == matched(run, tmp_path, PROJECT)


def test_nothing_stated_waits_for_everything(run: Run, tmp_path: Path) -> None:
    """An empty file meets nothing and fails nothing: a missing fact is neither yes nor no."""
    for one in matched(run, tmp_path, {}).values():
        assert (one["outcome"], one["met"], one["not_met"]) == ("undetermined", [], [])
        assert one["undetermined"]


def test_judgements_are_asked_of_assessors(run: Run, tmp_path: Path) -> None:
    """A lead of a kind that a call does not name waits for a case officer, and the match says so."""
    company = {**PROJECT, "organisations": [{"name": "Nordhus A/S", "kind": "company", "role": "lead"}]}
    found = matched(run, tmp_path, company)
    assert {"rule": "eligibility.applicants", "needs": [{"from": "assessor", "what": "applicant-accepted"}]} in found[
        "dk_2022_digitale_kompetencer", "2022"
    ]["undetermined"]
    assert "eligibility.applicants" in found["dk_2018_kompetenceloeft", "2018"]["not_met"]


def test_what_one_pool_cannot_read_the_others_can(run: Run, tmp_path: Path) -> None:
    """A budget line of a type that only free text allows is unreadable in 2018, with the reason; others answer."""
    line = {"id": "c1", "category": "projektledelse", "amount": "5.00", "vat": "0.00"}
    found = matched(run, tmp_path, {**PROJECT, "costs": [line]})
    unread = found["dk_2018_kompetenceloeft", "2018"]
    assert (unread["outcome"], unread["met"], unread["not_met"], unread["undetermined"]) == (None, [], [], [])
    (problem,) = unread["problems"]
    assert problem["where"] == "costs[0].category"
    assert "projektledelse" in problem["message"]
    assert {one["outcome"] for key, one in found.items() if key != ("dk_2018_kompetenceloeft", "2018")} <= {
        "undetermined",
        "eligible",
    }


HEADINGS: Mapping[g.values.Language, tuple[str, ...]] = {
    "da": (
        "Løft af digitale kompetencer hos sundhedspersoner (dk_2018_kompetenceloeft@2018)",
        "Krav, der ikke er opfyldt",
        "Krav, der endnu ikke er afgjort",
        "venter på: tidspunkt for modtaget ansøgning",
        "Krav, der er opfyldt",
        "Ikke tilskudsberettiget",
    ),
    "nb": (
        "Helseteknologiordningen (no_helseteknologi@2024-2)",
        "Krav som ikke er oppfylt",
        "Krav som ennå ikke er avgjort",
        "venter på: satsingsområder",
        "Krav som er oppfylt",
        "Ikke støtteberettiget",
    ),
    "en": (
        "Health-technology scheme (Norway) (no_helseteknologi@2024-1)",
        "Requirements not met",
        "Requirements still undetermined",
        "waits for: areas",
        "Requirements met",
        "Ineligible",
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_says_it_in_the_language_asked_for(run: Run, tmp_path: Path, language: g.values.Language) -> None:
    """Every round has its heading, its outcome, and its requirements with what they wait for in words."""
    ran = run("match", written(tmp_path, PROJECT), "--lang", language)
    assert (ran.status, ran.err) == (0, "")
    text = " ".join(ran.out.split())
    assert all(f"({pool}@{round})" in text for pool, round in ROUNDS)
    for words in HEADINGS[language]:
        assert words in text
    for one in g.match(PROJECT, INSTALLED):
        assert one.decision is not None
        for finding in one.decision.findings:
            assert f"{finding.statement.to(language)} [{finding.rule}]" in text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("da", "Oplysningerne kan ikke læses efter denne puljes regler."),
        ("nb", "Opplysningene kan ikke leses etter reglene for denne ordningen."),
        ("en", "The facts cannot be read by the rules of this pool."),
    ],
)
def test_the_text_says_which_pool_cannot_read_it(run: Run, tmp_path: Path, language: str, words: str) -> None:
    """A round whose rules cannot read the facts says so in the language asked for, and names the place."""
    line = {"id": "c1", "category": "projektledelse", "amount": "5.00", "vat": "0.00"}
    ran = run("match", written(tmp_path, {**PROJECT, "costs": [line]}), "--lang", language)
    assert ran.status == 0
    assert ran.out.count(words) == 1
    before, after = ran.out.split(words)
    assert "(dk_2018_kompetenceloeft@2018)" in before
    assert "- costs[0].category: " in after.split("=====")[0]


def test_the_library_says_the_same(run: Run, tmp_path: Path) -> None:
    """`grantrules.match` gives what the command prints, from a file or a mapping."""
    found = g.match(PROJECT)
    assert [(one.pool, one.round) for one in found] == ROUNDS
    assert found == g.match(written(tmp_path, PROJECT))
    printed = matched(run, tmp_path, PROJECT)
    for one in found:
        assert list(one.rules(g.Result.MET)) == printed[one.pool, one.round]["met"]
        assert list(one.rules(g.Result.NOT_MET)) == printed[one.pool, one.round]["not_met"]


# Refused


def test_facts_that_no_pool_knows_are_listed_at_once(run: Run, tmp_path: Path) -> None:
    """Misspelt keys at every depth are one report with paths and the nearest names; nothing is matched."""
    data = {
        **PROJECT,
        "reqested": "5.00",
        "pagse": 4,
        "organisations": [{"name": "Aalborg Kommune", "knid": "municipality"}],
        "costs": [{"id": "c1", "amout": "5.00"}, {"id": "c2", "kilometers": 5}],
        "first_round": {"statuss": "awarded", "$comment": "ikke sikkert"},
    }
    assert refused(run, tmp_path, data) == (
        "project.json: 6 problems\n"
        "  organisations[0].knid: no pool has this fact\n"
        "    hint: did you mean `kind` or `id`?\n"
        "  costs[0].amout: no pool has this fact\n"
        "    hint: did you mean `amount`?\n"
        "  costs[1].kilometers: no pool has this fact\n"
        "    hint: did you mean `kilometres`?\n"
        "  reqested: no pool has this fact\n"
        "    hint: did you mean `requested`?\n"
        "  pagse: no pool has this fact\n"
        "    hint: did you mean `pages`?\n"
        "  first_round.statuss: no pool has this fact\n"
        "    hint: did you mean `status`?\n"
    )


def test_a_project_that_no_pool_can_read(run: Run, tmp_path: Path) -> None:
    """What is wrong for every pool is wrong input, each problem told once and not once for every pool."""
    data = {**PROJECT, "requested": "a lot", "organisations": "Aalborg Kommune", "signed": "yes"}
    said = refused(run, tmp_path, data)
    assert said.startswith("project.json: 3 problems\n")
    for problem in ("requested: expected an amount", "organisations: expected a list", "signed: expected yes or no"):
        assert said.count(problem) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "expected a JSON object"),
        ("{", "the file is not JSON"),
        ('"project"', "expected a JSON object"),
        ('{"title": "a", "title": "b", "x": 1}', "title: the key stands twice"),
        ('{"costs": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested too deeply"),
    ],
    ids=["a list", "half a file", "a word", "a key twice", "too deep"],
)
def test_a_file_that_is_no_project(run: Run, tmp_path: Path, text: str, said: str) -> None:
    """Files that are no JSON object, or not only one, are refused."""
    assert said in refused(run, tmp_path, text)


def test_no_such_file_and_wrong_usage(run: Run, tmp_path: Path) -> None:
    """A file that is not there, a folder, and unknown choices are status 2 with nothing on standard output."""
    for arguments in (
        (str(tmp_path / "nowhere.json"),),
        (str(tmp_path),),
        (),
        (written(tmp_path, PROJECT), "--format", "markdown"),
        (written(tmp_path, PROJECT), "--lang", "sv"),
    ):
        ran = run("match", *arguments)
        assert (ran.status, ran.out) == (2, "")
        assert ran.err


ODD: list[Any] = [
    None,
    5,
    True,
    "x",
    [],
    [None],
    [5],
    {},
    {"x": {"y": 1}},
    [{"name": [1]}],
    [[[]]],
    "\u0000",
    -1,
    1e400,
]


@pytest.mark.parametrize(
    "fact", ["organisations", "costs", "funding", "first_round", "areas", "requested", "pages", "id"]
)
def test_odd_values_are_read_or_refused(run: Run, tmp_path: Path, fact: str) -> None:
    """Whatever stands where a fact should, it is matched, left to the pools that know it, or refused as wrong input."""
    for value in ODD:
        ran = run("match", written(tmp_path, {**PROJECT, fact: value}), "--format", "json")
        assert ran.status in (0, 2)
        assert bool(ran.out) == (ran.status == 0)
        assert bool(ran.err) == (ran.status == 2)


def test_a_hint_stands_below_what_is_wrong(run: Run, tmp_path: Path) -> None:
    """What a pool cannot read is a line, and the hint is a line of its own."""
    file = tmp_path / "project.json"
    file.write_text(json.dumps({"requested": "900000.00", "first_round": "awarded"}), "utf-8")
    out = run("match", str(file)).out
    assert "\\n" not in out
    assert "- first_round: expected an object, got `awarded`\n    put its keys in curly brackets" in out


def test_what_is_noticed_or_assumed_says_so(run: Run, tmp_path: Path) -> None:
    """Rules that stand in no call are marked in every language, and what a reader should know comes first."""
    file = tmp_path / "project.json"
    file.write_text(json.dumps({"requested": "900000.00"}), "utf-8")
    for language, words in (
        ("da", "Fra en meddelelse, ikke fra opslaget"),
        ("nb", "Fra en melding, ikke fra utlysningen"),
        ("en", "From a notice, not from the call"),
    ):
        assert words in " ".join(run("match", str(file), "--lang", language).out.split())
    (pool,) = [one for one in json.loads(run("match", str(file), "--format", "json").out) if one["round"] == "2021"]
    assert {basis["kind"] for basis in pool["bases"].values()} == {"notice"}
