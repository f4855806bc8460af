"""Formal and eligibility rules at their limits: at, one step below, one step above, and not stated."""

from typing import Any

import pytest

import grantrules as g

from .build import BOTH, RULES, SOUND, changed, decide, first, result

MET, NOT_MET, OPEN, NOT_APPLICABLE = "met", "not_met", "undetermined", "not_applicable"


@pytest.mark.parametrize("round", BOTH)
def test_the_sound_application_is_sound(round: str) -> None:
    """The application that all others are made from meets every rule."""
    decision = decide(round)
    assert decision.outcome.value == "eligible"
    assert {finding.result.value for finding in decision.findings} == {MET}


@pytest.mark.parametrize(
    ("submitted_at", "found"),
    [
        ("2023-11-01T08:00", MET),
        ("2024-01-15T00:00:00", MET),
        ("2024-01-15T23:59:59", MET),
        ("2024-01-15T23:59:59.999999", MET),
        ("2024-01-16T00:00:00", NOT_MET),
        ("2024-01-16T00:00:00.000001", NOT_MET),
        ("2024-01-15T22:59:59Z", MET),
        ("2024-01-15T23:00:00Z", NOT_MET),
        ("2024-01-16T00:30:00+02:00", MET),
        ("2024-01-15T23:30:00+00:00", NOT_MET),
        ("2025-01-10T12:00", NOT_MET),
        (None, OPEN),
        (..., OPEN),
    ],
)
def test_the_deadline_is_the_end_of_15_january_in_oslo(submitted_at: Any, found: str) -> None:
    """Every moment of 15 January 2024 in Oslo is in time, and the first of the 16th is not."""
    assert result("2024-1", "formal.deadline", submitted_at=submitted_at) == found


@pytest.mark.parametrize("submitted_at", ["2024-01-16T00:00:00", "2024-05-20T12:00", None])
def test_the_second_allocation_has_no_deadline(submitted_at: str | None) -> None:
    """When an application was received is not asked in 2024-2."""
    decision = decide("2024-2", submitted_at=submitted_at)
    assert decision.outcome.value == "eligible"
    assert [finding.rule for finding in decision.findings] == [
        "eligibility.applicants",
        "eligibility.area",
        "eligibility.first-round",
        "eligibility.top-up-room",
    ]


def organisations(*pairs: tuple[str | None, str | None]) -> list[dict[str, Any]]:
    """Organisations by kind and role."""
    return [{"name": f"O{i}", "kind": kind, "role": role} for i, (kind, role) in enumerate(pairs)]


OTHER_KINDS = ("region", "hospital", "education", "patient_association", "association", "state", "company", "other")

APPLICANTS: list[tuple[Any, str]] = [
    (organisations(("municipality", "lead")), MET),
    (organisations(("municipality", "lead"), ("municipality", "lead")), MET),
    (organisations(("company", "lead"), ("municipality", "lead")), MET),
    (organisations(("municipality", "lead"), ("hospital", "partner")), MET),
    (organisations(("municipality", "lead"), (None, None)), MET),
    *((organisations((kind, "lead")), NOT_MET) for kind in OTHER_KINDS),
    (organisations(("municipality", "partner")), NOT_MET),
    (organisations(("municipality", "represented")), NOT_MET),
    (organisations(("company", "lead"), ("municipality", "partner")), NOT_MET),
    (organisations(("association", "lead"), ("municipality", "represented")), NOT_MET),
    (organisations(("company", None), (None, "partner")), NOT_MET),
    ([], NOT_MET),
    (organisations((None, "lead")), OPEN),
    (organisations(("municipality", None)), OPEN),
    (organisations((None, None)), OPEN),
    (organisations(("company", "lead"), (None, None)), OPEN),
    (None, OPEN),
    (..., OPEN),
]


@pytest.mark.parametrize("round", BOTH)
@pytest.mark.parametrize(("stated", "found"), APPLICANTS)
def test_one_lead_at_least_is_a_municipality(round: str, stated: Any, found: str) -> None:
    """One good lead is enough, whoever else leads; municipalities in other roles are not; no lead at all fails."""
    assert result(round, "eligibility.applicants", organisations=stated) == found


@pytest.mark.parametrize("round", BOTH)
@pytest.mark.parametrize(
    ("areas", "found"),
    [
        (["medical_record"], MET),
        (["welfare_technology"], MET),
        (["digital_home_follow_up"], MET),
        (["digital_home_follow_up", "medical_record", "welfare_technology"], MET),
        ([], NOT_MET),
        (None, OPEN),
        (..., OPEN),
    ],
)
def test_one_area_is_enough(round: str, areas: Any, found: str) -> None:
    """Any of the three areas meets the rule; none at all, stated, does not."""
    assert result(round, "eligibility.area", areas=areas) == found


FIRST_ROUND: list[tuple[Any, str, str]] = [
    # what is stated about the first allocation, whether it was applied for, whether there is room for a top-up
    (first("awarded", "1499999.99"), MET, MET),
    (first("awarded", "1500000.00"), MET, NOT_MET),
    (first("awarded", "1500000.01"), MET, NOT_MET),
    (first("awarded", "0.00"), MET, MET),
    (first("awarded", None), MET, OPEN),
    (first("awarded"), MET, OPEN),
    (first("not_awarded"), MET, NOT_APPLICABLE),
    (first("not_awarded", "1500000.00"), MET, NOT_APPLICABLE),
    (first("not_applied"), NOT_MET, NOT_APPLICABLE),
    (first(None, "600000.00"), OPEN, OPEN),
    (first(), OPEN, OPEN),
    (None, OPEN, OPEN),
    (..., OPEN, OPEN),
]


@pytest.mark.parametrize(("stated", "applied", "room"), FIRST_ROUND)
def test_what_the_first_allocation_gave_decides_over_the_second(stated: Any, applied: str, room: str) -> None:
    """The project was applied for before, and one that was awarded got less than is applied for."""
    assert result("2024-2", "eligibility.first-round", first_round=stated) == applied
    assert result("2024-2", "eligibility.top-up-room", first_round=stated) == room


@pytest.mark.parametrize(
    ("requested", "found"),
    [("600000.00", NOT_MET), ("600000.01", MET), ("599999.99", NOT_MET), ("0.00", NOT_MET), (None, OPEN)],
)
def test_room_for_a_top_up_is_one_ore_at_least(requested: str | None, found: str) -> None:
    """The amount applied for must exceed what was awarded before, and an øre is enough."""
    assert result("2024-2", "eligibility.top-up-room", requested=requested) == found


def test_no_room_is_told_with_both_amounts() -> None:
    """The finding shows what is applied for, what was awarded, and what is missing."""
    findings = {f["rule"]: f for f in decide("2024-2", requested="590000.00").to_dict()["findings"]}
    found = findings["eligibility.top-up-room"]
    assert (found["found"], found["limit"], found["margin"]) == ("590000.00", "600000.00", "-10000.00")
    assert found["facts"] == {
        "requested": "590000.00",
        "first_round.status": "awarded",
        "first_round.awarded": "600000.00",
    }


def test_missing_facts_of_the_first_allocation_are_asked_for() -> None:
    """What is missing is named by its path, and all of it."""
    for stated, missing in (
        (None, ("first_round",)),
        (first(), ("first_round.status", "first_round.awarded")),
        (first(None, "600000.00"), ("first_round.status",)),
        (first("awarded"), ("first_round.awarded",)),
    ):
        finding = decide("2024-2", first_round=stated).finding("eligibility.top-up-room")
        assert finding.missing == missing


@pytest.mark.parametrize("stated", [first("awarded", "600000.00"), first(), None])
def test_the_first_allocation_asks_for_nothing_earlier(stated: Any) -> None:
    """In 2024-1 `first_round` is an unknown key, whatever it holds."""
    with pytest.raises(g.InputError) as refused:
        RULES["2024-1"].read_application(changed(SOUND["2024-1"], first_round=stated))
    (problem,) = refused.value.problems
    assert (problem.where, problem.code) == ("first_round", "unknown-key")


@pytest.mark.parametrize(
    "stated",
    [
        first("topped_up"),
        first("awarded", "-1.00"),
        first("awarded", "1.001"),
        {"status": "awarded", "amount": "1.00"},
        "awarded",
    ],
)
def test_wrong_words_and_amounts_are_refused(stated: Any) -> None:
    """The word list is closed, amounts are amounts, and keys are known."""
    with pytest.raises(g.InputError):
        decide("2024-2", first_round=stated)


@pytest.mark.parametrize("round", BOTH)
@pytest.mark.parametrize("facts", [{"areas": ["telemedicine"]}, {"pages": 3}, {"psychiatry_uses": []}])
def test_facts_of_other_pools_are_unknown(round: str, facts: dict[str, Any]) -> None:
    """An area that is not of the three, and facts of other pools, are refused."""
    with pytest.raises(g.InputError):
        decide(round, **facts)


@pytest.mark.parametrize(
    ("round", "facts", "outcome"),
    [
        ("2024-1", {"submitted_at": "2024-01-16T00:00"}, "dismissed"),
        ("2024-1", {"submitted_at": "2024-01-16T00:00", "areas": []}, "dismissed"),
        ("2024-1", {"submitted_at": None, "areas": []}, "ineligible"),
        ("2024-1", {"submitted_at": None}, "undetermined"),
        ("2024-1", {"signed": False, "costs": None, "ends_on": None}, "eligible"),
        ("2024-2", {"first_round": first("not_awarded")}, "eligible"),
        ("2024-2", {"first_round": first("not_applied")}, "ineligible"),
        ("2024-2", {"first_round": first("not_applied"), "areas": None}, "ineligible"),
        ("2024-2", {"first_round": None}, "undetermined"),
        ("2024-2", {"first_round": first("awarded")}, "undetermined"),
    ],
)
def test_the_outcome_is_the_first_that_applies(round: str, facts: dict[str, Any], outcome: str) -> None:
    """Dismissed before ineligible before undetermined before eligible; nothing else touches it."""
    assert decide(round, **facts).outcome.value == outcome


@pytest.mark.parametrize("round", BOTH)
def test_an_application_that_states_nothing_leaves_every_rule_open(round: str) -> None:
    """Nothing stated, nothing passed and nothing failed."""
    decision = RULES[round].decide(RULES[round].read_application({}))
    assert {finding.result.value for finding in decision.findings} == {OPEN}
    assert decision.outcome.value == "undetermined"
    assert decision.highest_grant is None


@pytest.mark.parametrize("round", BOTH)
def test_leaving_out_a_key_and_null_are_the_same(round: str) -> None:
    """A rule waits for a fact in the same words whether it is left out or `null`."""
    rules = RULES[round]
    for key in SOUND[round]:
        if key not in ("id", "pool", "round"):
            null, left_out = (rules.read_application(changed(SOUND[round], **{key: value})) for value in (None, ...))
            assert rules.decide(null) == rules.decide(left_out)
