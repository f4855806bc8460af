"""Formal and eligibility rules at their limits: at, one step below, one step above, and not stated."""

from typing import Any

import pytest

import grantrules as g

from .build import ROUNDS, RULES, SOUND, changed, decide, organisations, result

MET, NOT_MET, OPEN, NOT_APPLICABLE = "met", "not_met", "undetermined", "not_applicable"

YES, NO = {"assessor": "a", "judgements": {"applicant-accepted": True}}, {"judgements": {"applicant-accepted": False}}


@pytest.mark.parametrize("round", ROUNDS)
def test_the_sound_application_is_sound(round: str) -> None:
    """The application that all others are made from meets every rule of both rounds."""
    decision = decide(round=round)
    assert decision.outcome.value == "eligible"
    assert [finding.result.value for finding in decision.findings] == [MET] * 5 + [NOT_APPLICABLE]


@pytest.mark.parametrize(
    ("round", "submitted_at", "found"),
    [
        ("2022", "2022-07-01T00:00", MET),
        ("2022", "2022-07-01T23:59:59", MET),
        ("2022", "2022-07-01T23:59:59.999999", MET),
        ("2022", "2022-07-02T00:00:00", NOT_MET),
        ("2022", "2022-07-02T00:00:00.000001", NOT_MET),
        ("2022", "2022-07-01T21:59:59Z", MET),
        ("2022", "2022-07-01T22:00:00Z", NOT_MET),
        ("2022", "2022-07-02T09:59:59+12:00", MET),
        ("2022", "2022-07-01T16:00:00-06:00", NOT_MET),
        ("2022", "2023-10-01T12:00", NOT_MET),
        ("2022", "2021-01-01T00:00", MET),
        ("2022", None, OPEN),
        ("2023", "2023-10-23T23:59:59", MET),
        ("2023", "2023-10-23T23:59:59.999999", MET),
        ("2023", "2023-10-24T00:00:00", NOT_MET),
        ("2023", "2023-10-23T21:59:59Z", MET),
        ("2023", "2023-10-23T22:00:00Z", NOT_MET),
        ("2023", "2023-10-23T23:00:00+01:00", NOT_MET),
        ("2023", None, OPEN),
    ],
)
def test_the_deadline_is_the_end_of_its_day_in_copenhagen(round: str, submitted_at: str | None, found: str) -> None:
    """The whole last day counts in Danish summer time, and the midnight that ends it is too late."""
    assert result("formal.deadline", round=round, submitted_at=submitted_at) == found


@pytest.mark.parametrize(("signed", "found"), [(True, MET), (False, NOT_MET), (None, OPEN), (..., OPEN)])
@pytest.mark.parametrize("round", ROUNDS)
def test_the_application_is_signed(round: str, signed: Any, found: str) -> None:
    """An unsigned application fails, one that does not say is open."""
    assert result("formal.signature", round=round, signed=signed) == found


UNNAMED = [{"kind": "municipality", "role": "lead"}]


@pytest.mark.parametrize(
    ("party", "stated", "found"),
    [
        ("Odense Kommune", SOUND["organisations"], MET),
        ("Region Syddanmark", SOUND["organisations"], MET),
        ("Vejle Kommune", SOUND["organisations"], NOT_MET),
        ("odense kommune", SOUND["organisations"], NOT_MET),
        (None, SOUND["organisations"], OPEN),
        (..., SOUND["organisations"], OPEN),
        ("Odense Kommune", UNNAMED, OPEN),
        ("Odense Kommune", [*UNNAMED, *SOUND["organisations"]], MET),
        ("Vejle Kommune", [*UNNAMED, *SOUND["organisations"]], OPEN),
        ("Odense Kommune", None, OPEN),
        ("Odense Kommune", [], NOT_MET),
        (None, [], NOT_MET),
        (None, None, OPEN),
    ],
)
def test_the_responsible_party_is_one_of_the_organisations(party: Any, stated: Any, found: str) -> None:
    """Any organisation may be responsible; a name that is none of them fails the rule and does not spoil the file."""
    assert result("formal.responsible-party", responsible_party=party, organisations=stated) == found


def test_a_party_that_names_nobody_is_shown() -> None:
    """The finding holds the name and those it was looked for among."""
    facts = decide(responsible_party="Vejle Kommune").finding("formal.responsible-party").facts
    assert facts["responsible_party"] == "Vejle Kommune"
    assert {facts[f"organisations[{i}].name"] for i in range(2)} == {"Odense Kommune", "Region Syddanmark"}


NAMED = ("region", "municipality", "education", "hospital", "patient_association")
OTHERS = ("association", "state", "company", "other")


@pytest.mark.parametrize("kind", NAMED)
@pytest.mark.parametrize("judgements", [(), (YES,), (NO,)])
def test_a_lead_of_a_named_kind_needs_no_judgement(kind: str, judgements: Any) -> None:
    """Each of the five kinds meets the rule, whatever is said about other kinds."""
    assert result("eligibility.applicants", *judgements, organisations=organisations((kind, "lead"))) == MET


@pytest.mark.parametrize("round", ROUNDS)
@pytest.mark.parametrize("kind", OTHERS)
@pytest.mark.parametrize(("judgements", "found"), [((), OPEN), ((YES,), MET), ((NO,), NOT_MET), ((YES, NO), OPEN)])
def test_a_lead_of_another_kind_waits_for_a_judgement(round: str, kind: str, judgements: Any, found: str) -> None:
    """An open list refuses nobody: a case officer says yes or no, silence and dispute leave the rule open."""
    decision = decide(*judgements, round=round, organisations=organisations((kind, "lead")))
    finding = decision.finding("eligibility.applicants")
    assert finding.result.value == found
    assert finding.judgement == ("applicant-accepted" if found == OPEN else None)
    assert finding.disputed == (judgements == (YES, NO))


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        (organisations(("company", "lead"), ("region", "lead")), MET),
        (organisations(("company", "lead"), ("region", "partner")), OPEN),
        (organisations(("company", "lead"), ("region", "represented")), OPEN),
        (organisations(("region", "lead"), (None, "lead")), MET),
        (organisations(("region", "lead"), (None, None)), MET),
        (organisations(("region", "partner")), NOT_MET),
        (organisations(("municipality", "represented")), NOT_MET),
        ([], NOT_MET),
        (organisations((None, "lead")), OPEN),
        (organisations(("region", None)), OPEN),
        (organisations(("company", None)), OPEN),
        (organisations((None, None)), OPEN),
        (None, OPEN),
    ],
)
def test_one_good_lead_suffices(stated: Any, found: str) -> None:
    """A single lead of the five kinds is enough, partners are none, and organisations without a lead fail the rule."""
    assert result("eligibility.applicants", organisations=stated) == found


@pytest.mark.parametrize(
    ("stated", "missing", "judgement"),
    [
        (organisations((None, "lead")), ("organisations[0].kind",), "applicant-accepted"),
        (organisations(("region", None)), ("organisations[0].role",), "applicant-accepted"),
        (organisations(("company", "lead")), (), "applicant-accepted"),
        (None, ("organisations",), "applicant-accepted"),
    ],
)
def test_an_open_applicant_says_what_it_waits_for(stated: Any, missing: Any, judgement: str) -> None:
    """The fact that is missing is named, and the judgement that would settle the rule too."""
    finding = decide(organisations=stated).finding("eligibility.applicants")
    assert (finding.missing, finding.judgement) == (missing, judgement)


def test_a_yes_does_not_make_up_for_a_lead_that_is_not_there() -> None:
    """The judgement is about a lead of another kind; without any lead the rule fails all the same."""
    assert result("eligibility.applicants", YES, organisations=organisations(("company", "partner"))) == NOT_MET
    assert result("eligibility.applicants", YES, organisations=organisations((None, "lead"))) == MET
    assert result("eligibility.applicants", NO, organisations=organisations((None, "lead"))) == OPEN


GROUPS = ("staff", "managers", "patients", "students", "teachers")


@pytest.mark.parametrize(
    ("aim", "groups", "found"),
    [
        *((True, [group], MET) for group in GROUPS),
        (True, list(GROUPS), MET),
        (True, [], NOT_MET),
        (True, None, OPEN),
        (False, ["staff"], NOT_MET),
        (False, [], NOT_MET),
        (False, None, NOT_MET),
        (None, ["staff"], OPEN),
        (None, [], NOT_MET),
        (None, None, OPEN),
        (..., ["staff"], OPEN),
    ],
)
def test_the_primary_aim_is_a_target_group(aim: Any, groups: Any, found: str) -> None:
    """Primary aim and at least one group are both needed; one that surely fails settles it whatever is missing."""
    assert result("eligibility.purpose", primary_aim=aim, target_groups=groups) == found


@pytest.mark.parametrize(
    ("smallest", "requested", "found"),
    [
        ("400000.00", "400000.00", MET),
        ("399999.99", "400000.00", MET),
        ("400000.01", "400000.00", NOT_MET),
        ("0.00", "400000.00", MET),
        ("0.00", "0.00", MET),
        ("0.01", "0.00", NOT_MET),
        ("100000.00", None, OPEN),
        (None, "400000.00", NOT_APPLICABLE),
        (..., "400000.00", NOT_APPLICABLE),
        (None, None, NOT_APPLICABLE),
    ],
)
def test_the_smallest_usable_grant_is_at_most_the_request(smallest: Any, requested: Any, found: str) -> None:
    """Equal is allowed and an øre more is not; without a smallest grant there is nothing to compare."""
    assert result("eligibility.request-interval", requested_minimum=smallest, requested=requested) == found


def test_an_interval_that_is_upside_down_says_by_how_much() -> None:
    """The finding shows both amounts and what is too much."""
    found = decide(requested_minimum="450000.50").to_dict()["findings"][5]
    assert (found["found"], found["limit"], found["margin"]) == ("450000.50", "400000.00", "-50000.50")


@pytest.mark.parametrize("round", ROUNDS)
@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({}, "eligible"),
        ({"signed": False}, "dismissed"),
        ({"responsible_party": "Nobody"}, "dismissed"),
        ({"signed": False, "primary_aim": False}, "dismissed"),
        ({"signed": None, "responsible_party": "Nobody"}, "dismissed"),
        ({"primary_aim": False}, "ineligible"),
        ({"primary_aim": False, "signed": None}, "ineligible"),
        ({"requested_minimum": "500000.00"}, "ineligible"),
        ({"signed": None}, "undetermined"),
        ({"primary_aim": None}, "undetermined"),
        ({"responsible_party": None}, "undetermined"),
        ({"costs": None}, "eligible"),
        ({"costs": [{}]}, "eligible"),
        ({"funding": None}, "eligible"),
        ({"people_reached": None, "starts_on": None, "title": None}, "eligible"),
    ],
)
def test_the_outcome_is_the_first_that_applies(round: str, facts: dict[str, Any], outcome: str) -> None:
    """Dismissed before ineligible before undetermined before eligible; costs and funding do not touch it."""
    assert decide(round=round, **facts).outcome.value == outcome


@pytest.mark.parametrize("round", ROUNDS)
def test_a_refused_application_shows_every_rule_that_failed(round: str) -> None:
    """No finding hides another: all six rules are there, whatever became of the first."""
    decision = decide(
        round=round,
        submitted_at="2024-01-01T12:00",
        signed=False,
        organisations=[],
        target_groups=[],
        requested="1.00",
        requested_minimum="2.00",
    )
    assert [finding.result.value for finding in decision.findings] == [NOT_MET] * 6


@pytest.mark.parametrize("round", ROUNDS)
def test_an_application_that_states_nothing_leaves_every_rule_open(round: str) -> None:
    """Nothing stated, nothing passed and nothing failed; only a smallest grant that is left out says something."""
    decision = RULES[round].decide(RULES[round].read_application({}))
    assert [finding.result.value for finding in decision.findings] == [OPEN] * 5 + [NOT_APPLICABLE]
    assert decision.outcome.value == "undetermined"
    assert decision.highest_grant is None


@pytest.mark.parametrize("round", ROUNDS)
def test_leaving_out_a_key_and_null_are_the_same(round: str) -> None:
    """A rule waits for a fact in the same words whether it is left out or `null`."""
    rules = RULES[round]
    for key in [*SOUND, "requested_minimum", "people_reached"]:
        if key not in ("id", "pool"):
            null, left_out = (
                rules.read_application(changed(SOUND, round=round, **{key: value})) for value in (None, ...)
            )
            assert rules.decide(null) == rules.decide(left_out)


@pytest.mark.parametrize(
    "facts",
    [
        {"target_groups": ["nurses"]},
        {"target_groups": ["Staff"]},
        {"primary_aim": "yes"},
        {"people_reached": -1},
        {"people_reached": 1.5},
        {"people_reached": "640"},
        {"responsible_party": 5},
        {"requested_minimum": "-1.00"},
        {"pages": 4},
        {"areas": ["welfare_technology"]},
        {"round": "2024"},
    ],
)
def test_what_is_no_fact_of_this_pool_is_refused(facts: dict[str, Any]) -> None:
    """Unknown words, wrong types and the facts of other pools are refused."""
    with pytest.raises(g.InputError):
        RULES["2022"].read_application(changed(SOUND, **{"round": "2022", **facts}))
