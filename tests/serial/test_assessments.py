"""What is wrong with an assessment, alone and with its application."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import grantrules as g

from .cases import ASSESSMENTS, RULES, in_file, mapping, places, problems


@pytest.mark.parametrize("file", ASSESSMENTS, ids=lambda file: f"{file.parent.name}-{file.stem[-1]}")
def test_the_cases_are_read(file: Path) -> None:
    """Every assessment of the cases is read without a problem, from the file and as a mapping."""
    assert RULES.read_assessment(file) == RULES.read_assessment(mapping(file))


def test_null_and_left_out_are_the_same() -> None:
    """What is `null` in an assessment is as missing as what is left out, also inside its objects."""
    data: dict[str, Any] = {
        "$comment": 1,
        "application": None,
        "assessor": None,
        "ratings": {"$comment": 1, "goals": None},
        "judgements": None,
        "comments": {"$comment": "x", "goals": None},
        "conflict_of_interest": None,
    }
    assert RULES.read_assessment(data) == RULES.read_assessment({}) == g.Assessment()


@pytest.mark.parametrize(
    ("written", "read"), [("0", "0"), ("5", "5"), ("4.5", "4.5"), ('"3.125"', "3.125"), ("5.000", "5")]
)
def test_a_rating_may_be_a_fraction_of_a_point(tmp_path: Path, written: str, read: str) -> None:
    """Ratings are text or numbers with up to three decimals, from 0 to the top of the scale, exactly."""
    made = RULES.read_assessment(in_file(tmp_path, f'{{"ratings": {{"goals": {written}}}}}'))
    assert made.ratings["goals"] == Decimal(read)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("5.001", "off-scale"),
        ("6", "off-scale"),
        ('"6"', "off-scale"),
        ("1e9", "out-of-bounds"),
        ("-1", "negative"),
        ("4.0001", "over-precise"),
        ("1e-9999999", "over-precise"),
        ('"4.0001"', "over-precise"),
        ('"four"', "wrong-type"),
        ("true", "wrong-type"),
        ("NaN", "wrong-type"),
        ("[]", "wrong-type"),
        ("9" * 5000, "wrong-type"),
    ],
    ids=lambda value: str(value)[:16],
)
def test_a_rating_off_the_scale_is_refused(tmp_path: Path, written: str, code: str) -> None:
    """Ratings above the top, below zero, over-precise or of another type are refused with their criterion."""
    found = problems(in_file(tmp_path, f'{{"ratings": {{"goals": {written}}}}}'), "assessment")
    assert [(p.where, p.code) for p in found] == [("ratings.goals", code)]


def test_python_ratings_are_read_exactly_or_refused() -> None:
    """Whole numbers and decimals are ratings, binary floats and huge numbers are refused with their criterion."""
    assert RULES.read_assessment({"ratings": {"goals": Decimal("4.5"), "purpose": 3}}).ratings["goals"] == Decimal(
        "4.5"
    )
    found = problems({"ratings": {"goals": 4.5, "purpose": 10**5000}}, "assessment")
    assert sorted(places(found)) == ["ratings.goals", "ratings.purpose"]


def test_a_computed_criterion_takes_no_rating() -> None:
    """A rating for a criterion that is computed from the facts is refused; a comment on it is not."""
    (found,) = problems({"ratings": {"cross-sector": 5}, "comments": {"cross-sector": "both"}}, "assessment")
    assert (found.where, found.code, found.hint) == ("ratings.cross-sector", "computed", "remove it")


@pytest.mark.parametrize(
    ("data", "place", "hint"),
    [
        ({"rating": {}}, "rating", "did you mean `ratings`?"),
        ({"ratings": {"purpos": 5}}, "ratings.purpos", "did you mean `purpose`?"),
        ({"ratings": {"experts-limited": 5}}, "ratings.experts-limited", "choose from purpose"),
        ({"judgements": {"expert-limited": True}}, "judgements.expert-limited", "did you mean `experts-limited`"),
        ({"judgements": {"purpose": True}}, "judgements.purpose", "choose from experts-limited"),
        ({"comments": {"gaols": "x"}}, "comments.gaols", "did you mean `goals`?"),
        ({"comments": {"zzz": "x"}}, "comments.zzz", "choose from purpose"),
    ],
)
def test_an_unknown_id_is_met_with_the_nearest(data: dict[str, Any], place: str, hint: str) -> None:
    """Unknown keys, criteria, judgements and comments are refused with the nearest ids, or with all of them."""
    (found,) = problems(data, "assessment")
    assert found.where == place
    assert found.hint.startswith(hint)


def test_an_unknown_id_is_refused_even_where_nothing_is_given() -> None:
    """A misspelt id is refused although its value is `null`."""
    assert places(problems({"ratings": {"purpos": None}}, "assessment")) == ["ratings.purpos"]


@pytest.mark.parametrize("value", [0, 1, "yes", "true", [], [True]])
def test_a_judgement_is_a_yes_or_no(value: Any) -> None:
    """Numbers, words and lists are refused as a judgement, given at large or for a line."""
    assert places(problems({"judgements": {"experts-limited": value}}, "assessment")) == ["judgements.experts-limited"]
    found = problems({"judgements": {"experts-limited": {"c1": value}}}, "assessment")
    assert places(found) == ["judgements.experts-limited.c1"]


def test_a_judgement_of_lines_may_be_given_line_by_line() -> None:
    """Answers for single lines are read; `null` and `$comment` among them are passed over."""
    made = RULES.read_assessment({"judgements": {"experts-limited": {"c1": True, "c2": None, "$comment": 5}}})
    assert made.judgements["experts-limited"] == {"c1": True}


def test_line_ids_are_text() -> None:
    """Answers for lines under keys that are no text are refused as wrong input."""
    found = problems({"judgements": {"experts-limited": {1: True, "c2": False}}}, "assessment")
    assert found


@pytest.mark.parametrize("junk", [[], "yes", 1, {}])
def test_an_answer_for_a_line_is_yes_or_no_whatever_the_line_is_called(junk: Any) -> None:
    """An answer that is neither yes nor no is refused, under an empty line id too, and never read as a no."""
    assert problems({"judgements": {"experts-limited": {"": junk}}}, "assessment")


def test_a_judgement_of_the_application_is_not_given_line_by_line() -> None:
    """A judgement that a requirement asks for is given once, and line by line it is refused."""
    asked = g.judgement("accepted", g.Text("?", "?", "?"))
    cited = g.Cited(g.Source("call", "x", "x"), "x")
    text = g.Text("x", "x", "x")

    class Plugin:
        name = "asking"

        @g.hook
        def pool(self) -> g.Pool:
            rounds = (g.Round("1", text, g.kr(1)),)
            return g.Pool("asking", text, text, "DK", "DKK", "Europe/Copenhagen", g.Application, rounds)

        @g.hook
        def eligibility(self) -> tuple[g.Requirement, ...]:
            return (g.Requirement("eligibility.accepted", asked, text, cited),)

        @g.hook
        def highest_grant(self) -> g.GrantFormula:
            return g.GrantFormula(g.facts(g.Application).requested, text, cited)

    rules = g.Registry.of(Plugin()).rulebook("asking")
    assert rules.read_assessment({"judgements": {"accepted": True}}).judgements == {"accepted": True}
    with pytest.raises(g.InputError, match=r"judgements\.accepted: it is given for the application, not line by line"):
        rules.read_assessment({"judgements": {"accepted": {"c1": True}}})


@pytest.mark.parametrize("key", ["ratings", "judgements", "comments"])
@pytest.mark.parametrize("value", [[], "x", 5, True, [["goals", 5]]])
def test_ratings_judgements_and_comments_are_objects(key: str, value: Any) -> None:
    """Anything but an object is refused where ids and their values belong."""
    assert places(problems({key: value}, "assessment")) == [key]


def test_everything_wrong_is_reported_at_once() -> None:
    """One refusal holds every mistake of an assessment."""
    data = {
        "application": 5,
        "assesor": "x",
        "ratings": {"purpos": 1, "cross-sector": 1, "goals": 6, "organisation": "4.5555", "broad-lift": True},
        "judgements": {"experts-limitd": True, "material-limited": {"c1": 1, "c2": None}, "material-decisive": "no"},
        "comments": {"zzz": "a", "goals": 5},
        "conflict_of_interest": "no",
    }
    assert sorted(places(problems(data, "assessment"))) == [
        "application",
        "assesor",
        "comments.goals",
        "comments.zzz",
        "conflict_of_interest",
        "judgements.experts-limitd",
        "judgements.material-decisive",
        "judgements.material-limited.c1",
        "ratings.broad-lift",
        "ratings.cross-sector",
        "ratings.goals",
        "ratings.organisation",
        "ratings.purpos",
    ]


def test_a_key_that_stands_twice_is_refused(tmp_path: Path) -> None:
    """Repeated criteria, judgements and line ids are refused with their path."""
    text = '{"ratings": {"goals": 1, "goals": 1}, "judgements": {"experts-limited": {"c1": true, "c1": false}}}'
    found = problems(in_file(tmp_path, text), "assessment")
    assert places(found) == ["ratings.goals", "judgements.experts-limited.c1"]


APPLICATION = RULES.read_application({"id": "A-1", "costs": [{"id": "c1"}, {"id": "c2"}]})


def test_an_assessment_of_another_application_is_refused() -> None:
    """Deciding with an assessment of another application raises, and names both."""
    other = RULES.read_assessment({"application": "A-2", "assessor": "b"})
    with pytest.raises(g.InputError, match="it is of application `A-2`, not of `A-1`"):
        RULES.decide(APPLICATION, [RULES.read_assessment({"application": "A-1"}), other])


def test_an_assessment_that_names_no_application_belongs_to_the_one_at_hand() -> None:
    """Where either side has no case number, nothing speaks against the other."""
    RULES.decide(APPLICATION, [RULES.read_assessment({"assessor": "a"})])
    RULES.decide(RULES.read_application({}), [RULES.read_assessment({"application": "A-2"})])


def test_a_judgement_of_a_line_that_is_not_there_is_refused() -> None:
    """Every answer for an unknown line is refused with the nearest id; nothing is decided."""
    data = {
        "assessor": "b",
        "judgements": {"experts-limited": {"c1": True, "c22": False}, "material-limited": {"x": True}},
    }
    with pytest.raises(g.InputError) as caught:
        RULES.decide(APPLICATION, [RULES.read_assessment(data)])
    assert [(p.code, p.hint[:17]) for p in caught.value.problems] == [
        ("unknown-line", "did you mean `c2`"),
        ("unknown-line", ""),
    ]


def test_a_line_without_an_id_may_be_the_one_that_is_judged() -> None:
    """While a line has no id, or there are no lines yet, an unknown line id is not refused."""
    judged = RULES.read_assessment({"judgements": {"experts-limited": {"c9": True}}})
    for data in ({}, {"costs": [{"id": "c1"}, {}]}):
        RULES.decide(RULES.read_application(data), [judged])


def test_several_wrong_assessments_are_reported_together() -> None:
    """What is wrong with any of the assessments is said at once, each by its assessor or its number."""
    wrong = [
        RULES.read_assessment({"assessor": "Mette", "application": "A-2"}),
        RULES.read_assessment({"judgements": {"experts-limited": {"c9": True}}}),
    ]
    with pytest.raises(g.InputError) as caught:
        RULES.decide(APPLICATION, wrong)
    assert [p.where for p in caught.value.problems] == [
        "assessment Mette: application",
        "assessment 2: judgements.experts-limited",
    ]


def test_assessors_with_control_characters_reach_no_message_raw() -> None:
    """The name of an assessor is shown with its control characters written out."""
    wrong = RULES.read_assessment({"assessor": "\x1b[2J", "application": "\x1b[2J"})
    with pytest.raises(g.InputError) as caught:
        RULES.decide(APPLICATION, [wrong])
    (problem,) = caught.value.problems
    assert all(line.isprintable() for line in str(problem).split("\n"))
