"""Reading cases: folders, assessments, variations, and everything that can be wrong with them at once."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

import grantrules as g
from grantrules.testing.cases.reading import Case, case_differences, read_cases
from tests.pools import OTHERS, REAL
from tests.testing.case_files import APPLICATION, ASSESSMENT, EXPECTED, varied, written

PLUGINS = Path(__file__).parents[2] / "plugins"


def refused(folder: Path) -> str:
    """The report of a folder that cannot be read, without the path of the test's own folder."""
    with pytest.raises(g.InputError) as caught:
        read_cases(folder, REAL)
    return str(caught.value).replace(f"{folder.parent}/", "")


def only(folder: Path) -> Case:
    """The last case of a folder: its variation, if it has one."""
    return read_cases(folder, REAL)[-1]


# Folders


@pytest.mark.parametrize("plugin", sorted(path.name for path in PLUGINS.iterdir()))
def test_the_cases_of_every_pool_hold(plugin: str) -> None:
    """The cases of a plugin's folder are found, and decided as expected."""
    cases = read_cases(PLUGINS / plugin)
    assert {case.pool for case in cases} == {plugin}
    assert [difference for case in cases for difference in case_differences(case)] == []


def test_one_case_and_a_folder_of_cases(tmp_path: Path) -> None:
    """A path may be that of one case or of many, which come in order of name; other folders are passed over."""
    for name in ("late", "early"):
        written(tmp_path / name)
    (tmp_path / "notes").mkdir()
    assert [case.name for case in read_cases(tmp_path, REAL)] == ["early", "late"]
    assert [case.name for case in read_cases(tmp_path / "late", REAL)] == ["late"]


def test_a_case_says_what_it_is(tmp_path: Path) -> None:
    """Pool, round, data, expectation and reasons of a case can be read off it."""
    case = only(written(tmp_path / "late"))
    assert (case.pool, case.round, case.why) == ("dk_2018_kompetenceloeft", "2018", ("Everything is met.",))
    assert (case.application, case.assessments) == (APPLICATION, (ASSESSMENT,))
    assert case.expected == {"findings": {"formal.length": "met"}}
    assert case.decide().finding("formal.length").result is g.Result.MET


def test_assessments_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    """The tenth comes after the second."""
    files = {f"assessment-{number}.json": {**ASSESSMENT, "assessor": str(number)} for number in (10, 2, 1)}
    case = only(written(tmp_path / "late", assessments=files))
    assert [data["assessor"] for data in case.assessments] == ["1", "2", "10"]


def test_the_rulebooks_may_be_given_under_any_names(tmp_path: Path) -> None:
    """Several rounds of a pool are told apart by what the applications name."""
    for name in ("clean", "late"):
        shutil.copytree(PLUGINS / "dk_2022_digitale_kompetencer" / "cases" / name, tmp_path / name)
    books = {round: OTHERS.rulebook("dk_2022_digitale_kompetencer", round) for round in ("2022", "2023")}
    cases = read_cases(tmp_path, books)
    assert all(case.rulebook is books[case.round] for case in cases)


@pytest.mark.parametrize(
    ("path", "said"),
    [("nowhere", "there is no such folder"), ("empty", "the folder holds no case")],
)
def test_a_path_without_cases_is_refused(path: str, said: str, tmp_path: Path) -> None:
    """No cases at all would be a test that cannot fail."""
    (tmp_path / "empty").mkdir()
    assert said in refused(tmp_path / path)


def test_a_case_lacks_one_of_its_files(tmp_path: Path) -> None:
    """An application without an expectation is an error, and so is an expectation without an application."""
    (written(tmp_path / "cases" / "one") / "expected.json").unlink()
    (written(tmp_path / "cases" / "two") / "application.json").unlink()
    report = refused(tmp_path / "cases")
    assert "cases/one/expected.json: the file cannot be read" in report
    assert "cases/two/application.json: the file cannot be read" in report


def test_everything_wrong_is_reported_at_once(tmp_path: Path) -> None:
    """The application, an assessment, the expectation and, in another folder, a variation: one report."""
    one = tmp_path / "cases" / "one"
    written(one, {"outcom": "eligible"}, application={**APPLICATION, "pages": "5"})
    written(one, assessments={"assessment-1.json": {"ratings": {"purpos": 4}}}, expected=None, application=None)
    written(tmp_path / "cases" / "two", variations=varied(application={"singed": None}))
    report = refused(tmp_path / "cases")
    assert report.startswith("input: 5 problems")
    for said in (
        "one/application.json: pages: expected a whole number",
        "one/assessment-1.json: ratings.purpos: there is no criterion `purpos`",
        "one/expected.json: why: the expectation gives no reasons",
        "one/expected.json: outcom: there is no such key\n    hint: did you mean `outcome`?",
        "two/variations.json: varied.application.singed: there is nothing called `singed` to change",
        "hint: did you mean `signed`?",
    ):
        assert said in report


def test_an_assessment_of_something_else_is_refused(tmp_path: Path) -> None:
    """An assessment that names another application does not belong to the case."""
    files = {"assessment-1.json": {**ASSESSMENT, "application": "SUM-2018-0999"}}
    assert "it is of application `SUM-2018-0999`" in refused(written(tmp_path / "late", assessments=files))


# Other rules


def test_a_case_is_decided_by_other_rules_without_reading_it_again(tmp_path: Path) -> None:
    """Rules that ask for the same facts are given the application as it was read."""
    case = only(written(tmp_path / "late"))
    shorter = REAL.with_values(page_limit=4)
    assert case.read(shorter)[0] is case.read()[0]
    (difference,) = case_differences(case, shorter)
    assert (difference.where, difference.expected, difference.got) == ("findings[formal.length]", "met", "not_met")
    assert case.holds()
    assert not case.holds(shorter)


def test_a_case_is_decided_by_a_saved_rule_set(tmp_path: Path) -> None:
    """Rules that were saved decide the case like those they were saved from."""
    file = tmp_path / "rules.json"
    file.write_text(REAL.save(), "utf-8")
    case = only(written(tmp_path / "late"))
    assert case.decide(g.Rulebook.load(file)) == case.decide()


def test_rules_that_lack_what_is_expected_differ(tmp_path: Path) -> None:
    """Without a requirement, a cost rule, a criterion and a duty, what is expected of them differs; nothing raises."""
    expected = {
        "why": "All of them.",
        "findings": {"formal.length": "met", "formal.signature": {"result": "met"}},
        "costs": {"lines": {"c2": {"findings": {"cost.transport-rate": "3020.00"}}}},
        "score": {"criteria": {"purpose": "4/5"}},
        "conditions": [
            "condition.knowledge-sharing",
            "condition.audited-accounts",
            "condition.final-report",
            "condition.share-material",
        ],
    }
    case = only(written(tmp_path / "late", expected))
    assert case_differences(case) == ()
    lacking = g.Rulebook(
        evolve(
            REAL.rules,
            requirements=REAL.rules.requirements[3:],
            cost_rules=(),
            scoring=evolve(REAL.rules.scoring, criteria=REAL.rules.scoring.criteria[1:]),
            conditions=REAL.rules.conditions[1:],
        )
    )
    found = {difference.where: (difference.absent, difference.got) for difference in case_differences(case, lacking)}
    assert found["findings[formal.length]"] == ("there is no such rule any more", None)
    assert found["findings[formal.signature]"] == ("there is no such rule any more", None)
    assert found["costs.lines[c2].findings[cost.transport-rate]"] == ("", "0.00")
    assert found["score.criteria[purpose]"] == ("there is no such criterion any more", None)
    assert "condition.knowledge-sharing" not in found["conditions"][1]
    assert len(found) == 5


# Variations


def application_of(folder: Path) -> Any:
    """The application of a folder's last variation, as JSON data."""
    return only(folder).application


def test_each_variation_is_a_case_of_its_own(tmp_path: Path) -> None:
    """At the limit, a page below and a page above: three cases beside the folder's own, each with its expectation."""
    variations = {
        name: {
            "why": f"{pages} pages, and five are allowed.",
            "application": {"pages": pages},
            "expected": {"findings": {"formal.length": {"result": result, "found": pages, "margin": 5 - pages}}},
        }
        for name, pages, result in (("below", 4, "met"), ("at", 5, "met"), ("above", 6, "not_met"))
    }
    cases = read_cases(written(tmp_path / "pages", variations=variations), REAL)
    assert [case.name for case in cases] == ["pages", "pages/below", "pages/at", "pages/above"]
    assert [case.application["pages"] for case in cases] == [5, 4, 5, 6]
    assert all(case.holds() for case in cases)
    assert cases[0].application == APPLICATION


def test_a_patch_merges_replaces_and_takes_out(tmp_path: Path) -> None:
    """Objects are merged, lists of words are replaced, and a key that is `null` is not stated any more."""
    patch = {"pages": None, "activities": ["teaching_capacity"], "title": "Kursus", "$comment": "for people"}
    made = application_of(written(tmp_path / "late", variations=varied(application=patch)))
    assert "pages" not in made
    assert "$comment" not in made
    assert (made["activities"], made["title"], made["signed"]) == (["teaching_capacity"], "Kursus", True)


def test_items_of_lists_are_patched_by_what_they_are_called(tmp_path: Path) -> None:
    """A line by its id, an organisation by its name or its number, a contribution by its position."""
    patch = {
        "costs": {"c2": {"kilometres": None}, "c3": {"id": "c3", "category": "meetings"}},
        "organisations": {"Region Syddanmark": {"role": "lead"}, "DK-CVR-35209115": None},
        "funding": {"1": {"amount": "1.00"}},
    }
    made = application_of(written(tmp_path / "late", variations=varied(application=patch)))
    assert [line["id"] for line in made["costs"]] == ["c1", "c2", "c3"]
    assert "kilometres" not in made["costs"][1]
    assert made["costs"][0] == APPLICATION["costs"][0]
    assert made["organisations"] == [{"name": "Region Syddanmark", "kind": "region", "role": "lead"}]
    assert [part["amount"] for part in made["funding"]] == ["1000000.00", "1.00"]


def test_assessments_are_changed_left_out_and_added(tmp_path: Path) -> None:
    """By the numbers in the names of their files; a rating that is `null` is not given."""
    files = {f"assessment-{number}.json": {**ASSESSMENT, "assessor": str(number)} for number in (1, 2)}
    patch = {"1": {"ratings": {"purpose": 1, "goals": None}}, "2": None, "3": {"assessor": "3"}}
    case = only(written(tmp_path / "late", assessments=files, variations=varied(assessments=patch)))
    first, added = case.assessments
    assert (first["assessor"], first["ratings"]["purpose"], "goals" in first["ratings"]) == ("1", 1, False)
    assert added == {"assessor": "3"}


@pytest.mark.parametrize(
    ("variations", "said"),
    [
        (varied(application={"singed": None}), "varied.application.singed: there is nothing called `singed`"),
        (varied(application={"costs": {"c9": None}}), "varied.application.costs.c9: there is nothing called `c9`"),
        (varied(application={"costs": {"0": {"vat": "1"}}}), "varied.application.costs.0: there is nothing called"),
        (varied(application={"funding": {"2": {"amount": "1"}}}), "varied.application.funding.2: there is nothing"),
        (varied(assessments={"2": None}), "varied.assessments.2: there is nothing called `2`"),
        (varied(assessments={"first": {}}), "varied.assessments.first: there is no assessment `first`"),
        (varied(assessments={"1": 5}), "varied.assessments.1: expected an object, got `5`"),
        (varied(application=[]), "varied.application: expected an object, got `[]`"),
        (varied(application={"page": 4}), "varied.application.page: there is no such key"),
        (varied(application={"pages": "4"}), "varied.application.pages: expected a whole number"),
        (varied(assessments={"1": {"ratings": {"goals": 9}}}), "varied.assessments.1.ratings.goals: expected a rating"),
        (varied(), "varied: the variation changes nothing"),
        (varied(aplication={}), "varied.aplication: there is no such key\n    hint: did you mean `application`?"),
        (varied(application={"pages": 4}, expected={}), "varied.expected: the expectation names no finding"),
        (
            varied(application={"pages": 4}, expected={"findings": {"formal.lenght": "met"}}),
            "varied.expected.findings[formal.lenght]: there is no rule `formal.lenght`",
        ),
        (varied(application={"pages": 4}, why=""), "varied.why: expected text or a list of texts"),
        ({"varied": {"why": "…", "application": {"pages": 4}}}, "varied.expected: nothing is expected"),
        ({"a/b": {}}, "a/b: a variation cannot be called so"),
        ('{"varied": ' + '{"application": ' * 60 + "1" + "}" * 61, "varied: the variation is nested too deeply"),
        ({"varied": 5}, "varied: expected an object, got `5`"),
        ('{"varied": {}, "varied": {}}', "varied: the key stands twice"),
        ("[]", "expected a JSON object"),
    ],
)
def test_a_variation_that_leads_nowhere_is_refused(variations: Any, said: str, tmp_path: Path) -> None:
    """A patch that changes nothing, a fact no application has, a wrong expectation: each with its path."""
    assert said in refused(written(tmp_path / "late", variations=variations))


def test_organisations_of_one_name_are_not_patched_by_it(tmp_path: Path) -> None:
    """Where several items are called the same, the patch would be a guess."""
    twins = [{"name": "Odense", "unit": "A"}, {"name": "Odense", "unit": "B"}]
    variations = varied(application={"organisations": {"Odense": {"role": "lead"}}})
    folder = written(tmp_path / "late", application={**APPLICATION, "organisations": twins}, variations=variations)
    assert "varied.application.organisations.Odense: 2 items are called `Odense`" in refused(folder)


def test_reading_a_variation_changes_no_file(tmp_path: Path) -> None:
    """The folder's own application stays what it was."""
    folder = written(tmp_path / "late", variations=varied(application={"costs": {"c2": {"kilometres": 1}}}))
    case, variation = read_cases(folder, REAL)
    assert case.application["costs"][1]["kilometres"] == 1000
    assert variation.application["costs"][1]["kilometres"] == 1
    assert json.loads((folder / "application.json").read_text("utf-8")) == APPLICATION
    assert json.loads((folder / "expected.json").read_text("utf-8")) == EXPECTED
