"""What is wrong with an application as a whole: keys, references, identifiers, and everything at once."""

from pathlib import Path
from typing import Any

import pytest

import grantrules as g

from .cases import APPLICATIONS, RULES, application, in_file, mapping, places, problems


@pytest.mark.parametrize("file", APPLICATIONS, ids=lambda file: file.parent.name)
def test_the_cases_are_read(file: Path) -> None:
    """Every case file is read without a problem, from the file and as a mapping."""
    assert RULES.read_application(file) == RULES.read_application(str(file)) == RULES.read_application(mapping(file))


def test_an_empty_object_is_a_draft() -> None:
    """An application that states nothing is read, and every fact of it is missing."""
    draft = RULES.read_application({})
    assert draft.id is None
    assert draft.costs is None
    assert RULES.decide(draft).outcome.value == "undetermined"


def test_null_and_left_out_are_the_same() -> None:
    """A key that is `null` is as missing as one that is left out; an empty list is not."""
    keys = ("id", "title", "signed", "costs", "funding", "activities", "submitted_at", "requested", "pages")
    assert RULES.read_application(dict.fromkeys(keys)) == RULES.read_application({})
    assert RULES.read_application({"costs": []}) != RULES.read_application({})


@pytest.mark.parametrize(
    ("data", "place", "hint"),
    [
        ({"titel": "x"}, "titel", "did you mean `title`?"),
        ({"organizations": []}, "organizations", "did you mean `organisations`?"),
        ({"submited_at": None}, "submited_at", "did you mean `submitted_at`?"),
        ({"costs": [{}, {"amout": 5}]}, "costs[1].amout", "did you mean `amount`?"),
        (
            {"costs": [{"ordinary_operation": True}]},
            "costs[0].ordinary_operation",
            "did you mean `ordinary_operations`?",
        ),
        ({"organisations": [{"nmae": "x"}]}, "organisations[0].nmae", "did you mean `name`?"),
        ({"funding": [{"sorce": "own"}]}, "funding[0].sorce", "did you mean `source`?"),
        ({"zzz": 1}, "zzz", ""),
        ({"Title": "x"}, "Title", "did you mean `title`?"),
        ({"costs": [{"pages": 5}]}, "costs[0].pages", ""),
    ],
)
def test_an_unknown_key_is_met_with_the_nearest(data: dict[str, Any], place: str, hint: str) -> None:
    """A key that is not known is refused with its path and the nearest known keys, if any is near."""
    (found,) = problems(data)
    assert (found.where, found.message, found.hint, found.code) == (place, "there is no such key", hint, "unknown-key")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("responsible_party", "A"),
        ("target_groups", ["staff"]),
        ("primary_aim", True),
        ("people_reached", 5),
        ("uses_shared_infrastructure", True),
        ("psychiatry_uses", ["treatment"]),
        ("develops_and_tests", True),
        ("areas", ["medical_record"]),
        ("first_round", {"status": "awarded", "awarded": "1"}),
    ],
)
def test_facts_of_another_pool_are_unknown_keys(key: str, value: Any) -> None:
    """A fact that only another pool knows is an unknown key here, even if it is `null`."""
    for stated in (value, None):
        assert [(p.where, p.code) for p in problems({key: stated})] == [(key, "unknown-key")]


def test_a_key_that_stands_twice_is_refused_wherever_it_stands(tmp_path: Path) -> None:
    """Repeated keys are found at every depth and in unknown parts too, even if both say the same."""
    text = (
        '{"id": "a", "id": "a", "costs": [{"id": "c1"}, {"vat": 1, "vat": 2, "vat": 3}],'
        ' "nonsense": {"x": 1, "x": 2}, "$comment": {"y": 1, "y": 2}}'
    )
    found = [(p.where, p.code) for p in problems(in_file(tmp_path, text))]
    assert set(found) == {
        ("id", "repeated-key"),
        ("costs[1].vat", "repeated-key"),
        ("nonsense.x", "repeated-key"),
        ("$comment.y", "repeated-key"),
        ("nonsense", "unknown-key"),
    }
    assert len(found) == 5


def test_keys_that_differ_by_an_escape_alone_are_the_same_key(tmp_path: Path) -> None:
    """A key written with an escape is the same key, and stands twice."""
    assert places(problems(in_file(tmp_path, '{"id": "a", "\\u0069d": "b"}'))) == ["id"]


def test_a_comment_may_stand_in_every_object() -> None:
    """`$comment` is passed over in the application and in all of its parts, whatever it holds."""
    data = {
        "$comment": {"anything": [1, None, float("nan")]},
        "organisations": [{"$comment": "x", "name": "A"}],
        "costs": [{"$comment": None, "id": "c1"}],
        "funding": [{"$comment": [], "source": "own"}],
    }
    plain = {"organisations": [{"name": "A"}], "costs": [{"id": "c1"}], "funding": [{"source": "own"}]}
    assert RULES.read_application(data) == RULES.read_application(plain)


def test_a_comment_in_a_list_of_words_is_no_word() -> None:
    """`$comment` is a key of objects; as a word in a list it is unknown."""
    assert places(problems({"activities": ["$comment"]})) == ["activities"]


@pytest.mark.parametrize("key", ["costs", "funding"])
def test_an_organisation_that_nobody_listed_is_refused(key: str) -> None:
    """A cost line or source of funding that names nobody in the list is refused with the nearest name."""
    data = {"organisations": [{"name": "Odense Kommune"}, {"name": "Esbjerg Kommune"}]}
    (found,) = problems({**data, key: [{"organisation": "Odense Kommune"}, {"organisation": "Odense Komune"}]})
    assert (found.where, found.code) == (f"{key}[1].organisation", "unknown-organisation")
    assert found.hint.startswith("did you mean `Odense Kommune`")
    (found,) = problems({**data, key: [{"organisation": "zzz"}]})
    assert found.hint == "choose from `Odense Kommune`, `Esbjerg Kommune`"


def test_with_no_organisation_at_all_none_can_be_named() -> None:
    """An empty list of organisations names nobody; a list that is missing leaves the name open."""
    line = {"costs": [{"organisation": "A"}], "funding": [{"organisation": "A"}]}
    assert places(problems({"organisations": [], **line})) == ["costs[0].organisation", "funding[0].organisation"]
    assert not problems(line)
    assert not problems({"organisations": None, **line})


def test_an_organisation_without_a_name_may_be_the_one_that_is_named() -> None:
    """While an organisation has no name yet, a name that is not listed may be meant for it."""
    assert not problems({"organisations": [{"name": "A"}, {"kind": "region"}], "costs": [{"organisation": "B"}]})


@pytest.mark.parametrize("key", ["costs", "funding"])
def test_an_ambiguous_organisation_is_refused(key: str) -> None:
    """Two of one name differ by their unit, and naming them by that name alone is refused."""
    units = [{"name": "Region Syd", "unit": "Odense"}, {"name": "Region Syd", "unit": "Kolding"}, {"name": "A"}]
    data = {"organisations": units, key: [{"organisation": "A"}, {"organisation": "Region Syd"}]}
    (found,) = problems(data)
    assert (found.where, found.code) == (f"{key}[1].organisation", "ambiguous-organisation")
    assert "names 2 of the organisations" in found.message
    assert not problems({"organisations": units})


def test_two_cost_lines_with_one_id_are_refused() -> None:
    """Each further line with an id that is taken is refused and told of the first; lines without an id are free."""
    lines: list[dict[str, Any]] = [{"id": "c1"}, {"id": "c2"}, {}, {}, {"id": "c1"}, {"id": "c1"}]
    found = problems({"costs": lines})
    assert [(p.where, p.code) for p in found] == [("costs[4].id", "two-lines"), ("costs[5].id", "two-lines")]
    assert all("the other is costs[0]" in problem.message for problem in found)


IDENTIFIERS = {
    "DK-CVR-29189625": "",
    "DK-CVR-29190909": "",
    "NO-BRC-964338531": "",
    "DK-CVR-29189652": "check digit",
    "DK-CVR-12345678": "check digit",
    "NO-BRC-964338532": "check digit",
    "DK-CVR-2918962": "expected 8 digits",
    "DK-CVR-291896255": "expected 8 digits",
    "DK-CVR-": "expected 8 digits",
    "DK-CVR-2918962a": "expected 8 digits",
    "DK-CVR-29 18 96 25": "expected 8 digits",
    "DK-CVR-２９１８９６２５": "expected 8 digits",
    "DK-CVR-29189625 ": "expected 8 digits",
    "NO-BRC-96433853": "expected 9 digits",
    "NO-BRC-29189625": "expected 9 digits",
    "GB-COH-09506232": "",
    "SE-BLV-556036-0793": "",
    "XI-LEI-213800EXAMPLE": "",
    "DK-CVRX-1": "",
    "29189625": "",
    "": "",
}


@pytest.mark.parametrize(("identifier", "said"), IDENTIFIERS.items())
def test_length_and_check_digit_of_known_registers_are_verified(identifier: str, said: str) -> None:
    """CVR and Brønnøysund numbers must have their length and check digit; other lists are taken as they are."""
    found = problems({"organisations": [{"name": "A"}, {"id": identifier}]})
    assert [(p.where, p.code) for p in found] == ([("organisations[1].id", "identifier")] if said else [])
    assert all(said in problem.message for problem in found)


@pytest.mark.parametrize("number", ["29189625", "29190909", "35209115", "29189803", "64942212", "55133018"])
def test_a_slip_in_any_digit_of_a_cvr_number_is_found(number: str) -> None:
    """Changing any single digit, or swapping two neighbours that differ, breaks the check digit."""
    slips = {f"{number[:i]}{digit}{number[i + 1 :]}" for i in range(8) for digit in "0123456789"}
    slips |= {f"{number[:i]}{number[i + 1]}{number[i]}{number[i + 2 :]}" for i in range(7)}
    for slip in slips - {number}:
        assert problems({"organisations": [{"id": f"DK-CVR-{slip}"}]}), slip


def test_a_project_cannot_end_before_it_starts() -> None:
    """`ends_on` before `starts_on` is refused; on the same day is allowed."""
    assert [(p.where, p.code) for p in problems({"starts_on": "2019-01-02", "ends_on": "2019-01-01"})] == [
        ("ends_on", "ends-first")
    ]
    assert not problems({"starts_on": "2019-01-01", "ends_on": "2019-01-01"})
    assert not problems({"ends_on": "2019-01-01"})


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({"pool": "dk_2018_kompetenceloft"}, "pool"),
        ({"pool": "dk_2022_digitale_kompetencer"}, "pool"),
        ({"round": "2019"}, "round"),
        ({"round": ""}, "round"),
    ],
)
def test_an_application_to_another_pool_or_round_is_refused(data: dict[str, Any], place: str) -> None:
    """An application that names another pool or round is refused; one that names none is a draft of this one."""
    assert [(p.where, p.code) for p in problems(data)] == [(place, "other-pool")]
    assert not problems({"pool": "dk_2018_kompetenceloeft", "round": "2018"})


def test_everything_wrong_is_reported_at_once(tmp_path: Path) -> None:
    """One refusal holds every mistake of a file: wrong facts, unknown and repeated keys, and what does not fit."""
    data = """
    {
      "id": "a", "id": "b",
      "pool": "dk_2022_digitale_kompetencer",
      "titel": "x",
      "pages": 5.0,
      "signed": "yes",
      "requested": 12.505,
      "submitted_at": "2018-03-25T02:30",
      "starts_on": "2019-06-01", "ends_on": "2019-05-31",
      "activities": ["new_cource"],
      "people_reached": 12,
      "organisations": [
        {"name": "Odense Kommune", "kind": "municipalty", "id": "DK-CVR-29189652"},
        {"name": "Region Syd", "unit": "A"}, {"name": "Region Syd", "unit": "B"},
        "Esbjerg"
      ],
      "costs": [
        {"id": "c1", "amount": "-5", "organisation": "Odense Komune"},
        {"id": "c1", "vat": NaN, "kilometres": true, "organisation": "Region Syd"},
        {"id": "c3", "incurred_on": "2019-02-30", "vat_recoverable": 1}
      ],
      "funding": [{"source": "own", "form": "cash", "amount": 1E+9999, "organisation": "Nobody"}]
    }
    """
    found = problems(in_file(tmp_path, data))
    assert sorted((p.where, p.code) for p in found) == [
        ("activities", "unknown-word"),
        ("costs[0].amount", "negative"),
        ("costs[1].id", "two-lines"),
        ("costs[1].kilometres", "wrong-type"),
        ("costs[1].organisation", "ambiguous-organisation"),
        ("costs[1].vat", "wrong-type"),
        ("costs[2].incurred_on", "no-date"),
        ("costs[2].vat_recoverable", "wrong-type"),
        ("ends_on", "ends-first"),
        ("funding[0].amount", "out-of-bounds"),
        ("id", "repeated-key"),
        ("organisations[0].id", "identifier"),
        ("organisations[0].kind", "unknown-word"),
        ("organisations[3]", "wrong-type"),
        ("pages", "wrong-type"),
        ("people_reached", "unknown-key"),
        ("pool", "other-pool"),
        ("requested", "over-precise"),
        ("signed", "wrong-type"),
        ("submitted_at", "no-date"),
        ("titel", "unknown-key"),
    ]


def test_names_are_still_checked_where_every_organisation_can_be_read() -> None:
    """A mistake elsewhere in an organisation does not keep names from being checked against the list."""
    data = application("clean")
    data["organisations"][0]["kind"] = "regoin"
    data["costs"][0]["organisation"] = "Region Syddanmrk"
    data["funding"][0]["organisation"] = "Region Syddanmrk"
    assert places(problems(data)) == ["organisations[0].kind", "costs[0].organisation", "funding[0].organisation"]


def test_a_mistake_in_one_fact_causes_no_second_report() -> None:
    """What cannot be read counts as missing for the checks between facts: one mistake, one problem."""
    assert places(problems({"starts_on": "2019-13-01", "ends_on": "2019-01-01"})) == ["starts_on"]
    assert places(problems({"organisations": "A", "costs": [{"organisation": "A"}]})) == ["organisations"]
    assert places(problems({"organisations": [{"name": 5}], "costs": [{"organisation": "A"}]})) == [
        "organisations[0].name"
    ]
    assert places(problems({"organisations": ["A"], "costs": [{"organisation": "A"}]})) == ["organisations[0]"]
    assert places(problems({"costs": [{"id": 1}, {"id": 1}]})) == ["costs[0].id", "costs[1].id"]


def test_an_application_without_the_facts_of_the_rules_is_refused() -> None:
    """An application built in Python from another class is refused in words, not with an error of Python's own."""
    for odd in (g.Application(), g.Application(costs=(g.Cost(amount=g.kr(1), vat=g.kr(0)),))):
        with pytest.raises(g.InputError, match="facts that these rules read"):
            RULES.decide(odd)
