"""Formal and eligibility rules at their limits: at, one step below, one step above, and not stated."""

from typing import Any

import pytest

from .build import RULES, SOUND, changed, decide, result

MET, NOT_MET, OPEN, NOT_APPLICABLE = "met", "not_met", "undetermined", "not_applicable"


def test_the_sound_application_is_sound() -> None:
    """The application that all others are made from meets every rule."""
    decision = decide()
    assert decision.outcome.value == "eligible"
    assert {finding.result.value for finding in decision.findings} == {MET, NOT_APPLICABLE}


@pytest.mark.parametrize(
    ("submitted_at", "found"),
    [
        ("2018-10-01T11:59:59", MET),
        ("2018-10-01T12:00", MET),
        ("2018-10-01T12:00:00", MET),
        ("2018-10-01T12:00:00.000001", NOT_MET),
        ("2018-10-01T12:00:01", NOT_MET),
        ("2018-10-01T12:01", NOT_MET),
        ("2018-10-01T10:00:00Z", MET),
        ("2018-10-01T10:00:01Z", NOT_MET),
        ("2018-10-01T11:00:00+01:00", MET),
        ("2018-10-01T11:59:59+01:00", NOT_MET),
        ("2018-10-01T12:00:01+02:00", NOT_MET),
        ("2018-10-02T00:00:00+14:00", MET),
        ("2017-10-01T12:00:01", MET),
        ("2018-10-02T00:00:00", NOT_MET),
        (None, OPEN),
    ],
)
def test_the_deadline_is_noon_in_copenhagen(submitted_at: str | None, found: str) -> None:
    """An application is in time to the second of 1 October 2018, 12:00 in Copenhagen, however its time is written."""
    assert result("formal.deadline", submitted_at=submitted_at) == found


def test_the_margin_of_the_deadline_is_a_span_of_time() -> None:
    """Being late or early is told by how much."""
    for submitted_at, margin in (("2018-10-01T12:06:30", "-PT6M30S"), ("2018-09-29T12:00", "P2D")):
        (finding,) = (
            f for f in decide(submitted_at=submitted_at).to_dict()["findings"] if f["rule"] == "formal.deadline"
        )
        assert finding["margin"] == margin
        assert finding["limit"] == "2018-10-01T12:00:00+02:00"


@pytest.mark.parametrize(("signed", "found"), [(True, MET), (False, NOT_MET), (None, OPEN), (..., OPEN)])
def test_the_application_is_signed(signed: Any, found: str) -> None:
    """An unsigned application fails, one that does not say is open."""
    assert result("formal.signature", signed=signed) == found


@pytest.mark.parametrize(("pages", "found"), [(0, MET), (4, MET), (5, MET), (6, NOT_MET), (500, NOT_MET), (None, OPEN)])
def test_five_pages_are_allowed(pages: int | None, found: str) -> None:
    """Five pages are allowed and six are not."""
    assert result("formal.length", pages=pages) == found


def organisations(*pairs: tuple[str | None, str | None]) -> list[dict[str, Any]]:
    """Organisations by kind and role."""
    return [{"name": f"O{i}", "kind": kind, "role": role} for i, (kind, role) in enumerate(pairs)]


APPLICANTS: list[tuple[Any, str]] = [
    (organisations(("municipality", "lead")), MET),
    (organisations(("region", "lead")), MET),
    (organisations(("region", "lead"), ("municipality", "lead")), MET),
    (organisations(("region", "lead"), ("company", "partner")), MET),
    (organisations(("region", "lead"), ("company", "represented")), MET),
    *(
        (organisations((kind, "lead")), NOT_MET)
        for kind in ("hospital", "education", "patient_association", "association")
    ),
    *((organisations((kind, "lead")), NOT_MET) for kind in ("state", "company", "other")),
    (organisations(("region", "lead"), ("company", "lead")), NOT_MET),
    (organisations(("region", "partner")), NOT_MET),
    (organisations(("municipality", "represented")), NOT_MET),
    ([], NOT_MET),
    (organisations((None, "lead")), OPEN),
    (organisations(("region", None)), OPEN),
    (organisations(("company", None)), OPEN),
    (organisations(("region", "lead"), (None, "lead")), OPEN),
    (organisations(("region", "lead"), ("company", None)), OPEN),
    (organisations(("region", "lead"), ("region", None)), MET),
    (organisations(("region", "lead"), (None, "partner")), MET),
    (organisations((None, None)), OPEN),
    (organisations(("company", "lead"), (None, None)), NOT_MET),
    (None, OPEN),
]


@pytest.mark.parametrize(("stated", "found"), APPLICANTS)
def test_every_lead_is_a_municipality_or_a_region_and_there_is_one(stated: Any, found: str) -> None:
    """One lead at least, and none of another kind; partners may be anybody; what is missing decides nothing."""
    assert result("eligibility.applicants", organisations=stated) == found


def test_two_open_parts_leave_the_applicants_open() -> None:
    """A company without a role leaves both parts of the rule open, and the role is what is asked for."""
    finding = decide(organisations=organisations(("company", None))).finding("eligibility.applicants")
    assert finding.result.value == OPEN
    assert finding.missing == ("organisations[0].role",)


@pytest.mark.parametrize(
    ("activities", "found"),
    [
        (["new_course"], MET),
        (["further_development"], MET),
        (["teaching_capacity"], MET),
        (["teaching_capacity", "new_course"], MET),
        ([], NOT_MET),
        (None, OPEN),
    ],
)
def test_one_activity_is_enough(activities: list[str] | None, found: str) -> None:
    """Any of the three activities meets the rule; none at all, stated, does not."""
    assert result("eligibility.activity", activities=activities) == found


ELEMENTS = ["technology_understanding", "application", "communication"]


@pytest.mark.parametrize("element", ELEMENTS)
def test_every_competence_element_is_needed(element: str) -> None:
    """Leaving out any one of the three elements fails the rule, and the finding shows what was found."""
    rest = [other for other in ELEMENTS if other != element]
    decision = decide(competence_elements=rest)
    finding = decision.finding("eligibility.competence-elements")
    assert finding.result.value == NOT_MET
    assert finding.found == frozenset(rest)
    assert finding.limit == frozenset(ELEMENTS)
    assert result("eligibility.competence-elements", competence_elements=[element]) == NOT_MET


@pytest.mark.parametrize(("elements", "found"), [(ELEMENTS, MET), (ELEMENTS[::-1], MET), ([], NOT_MET), (None, OPEN)])
def test_all_competence_elements_meet_the_rule(elements: list[str] | None, found: str) -> None:
    """All three in any order meet the rule; an empty list fails it, a missing one leaves it open."""
    assert result("eligibility.competence-elements", competence_elements=elements) == found


@pytest.mark.parametrize(
    ("requested", "found"),
    [
        ("0.00", NOT_MET),
        ("999999.99", NOT_MET),
        ("1000000.00", MET),
        ("1000000.01", MET),
        ("2499999.99", MET),
        ("2500000.00", MET),
        ("2500000.01", NOT_MET),
        ("999999999999.99", NOT_MET),
        (None, OPEN),
    ],
)
def test_one_to_two_and_a_half_million_may_be_requested(requested: str | None, found: str) -> None:
    """The limits of 1.0 and 2.5 million are allowed, one øre outside of them is not."""
    assert result("eligibility.grant-limits", requested=requested) == found


def test_the_limit_that_is_broken_is_the_one_that_is_shown() -> None:
    """A finding about the amount requested shows the limit it breaks and by how much."""
    for requested, limit, margin in (
        ("999999.99", "1000000.00", "-0.01"),
        ("2500000.01", "2500000.00", "-0.01"),
        ("2800000.00", "2500000.00", "-300000.00"),
    ):
        findings = {f["rule"]: f for f in decide(requested=requested).to_dict()["findings"]}
        found = findings["eligibility.grant-limits"]
        assert (found["found"], found["limit"], found["margin"]) == (requested, limit, margin)


def own(*amounts: str | None, source: str = "own", form: str | None = "cash") -> list[dict[str, Any]]:
    """Funding of one source."""
    return [{"source": source, "form": form, "amount": amount} for amount in amounts]


@pytest.mark.parametrize(
    ("funding", "found"),
    [
        (own("1500000.00"), MET),
        (own("1499999.99"), NOT_MET),
        (own("1500000.01"), MET),
        (own("9000000.00"), MET),
        (own("750000.00", "750000.00"), MET),
        (own("750000.00", "749999.99"), NOT_MET),
        (own("1500000.00", form="in_kind"), MET),
        (own("1500000.00", form=None), MET),
        (own("1000000.00") + own("500000.00", form="in_kind"), MET),
        (own("1499999.99") + own("5000000.00", source="public"), NOT_MET),
        (own("1499999.99") + own("5000000.00", source="private"), NOT_MET),
        (own("1500000.00") + own(None, source="public"), MET),
        ([], NOT_MET),
        (own(None), OPEN),
        (own("1499999.99", None), OPEN),
        ([{"amount": "1500000.00"}], OPEN),
        ([*own("1500000.00"), {"amount": "5.00"}], OPEN),
        (None, OPEN),
    ],
)
def test_own_financing_equals_what_is_requested(funding: Any, found: str) -> None:
    """Own financing, in cash or in kind, must reach the amount requested to the øre; nobody else's counts."""
    assert result("eligibility.matching", funding=funding) == found


def test_matching_that_falls_short_by_an_ore_says_so() -> None:
    """The finding shows own financing, the amount requested and the øre between them."""
    findings = {f["rule"]: f for f in decide(funding=own("1000000.00", "499999.99")).to_dict()["findings"]}
    found = findings["eligibility.matching"]
    assert (found["found"], found["limit"], found["margin"]) == ("1499999.99", "1500000.00", "-0.01")
    assert found["facts"]["funding[1].amount"] == "499999.99"


@pytest.mark.parametrize(("shares", "found"), [(True, MET), (False, NOT_MET), (None, OPEN)])
def test_the_material_is_shared(shares: bool | None, found: str) -> None:
    """An applicant who will not share the material fails the rule."""
    assert result("eligibility.sharing", shares_material=shares) == found


@pytest.mark.parametrize(
    ("formal", "reports", "found"),
    [
        (True, True, MET),
        (True, False, NOT_MET),
        (True, None, OPEN),
        (False, True, NOT_APPLICABLE),
        (False, False, NOT_APPLICABLE),
        (False, None, NOT_APPLICABLE),
        (None, True, OPEN),
        (None, False, OPEN),
        (None, None, OPEN),
    ],
)
def test_a_course_of_a_formal_programme_is_reported_for_approval(
    formal: bool | None, reports: bool | None, found: str
) -> None:
    """The rule applies to formal programmes alone; while that is missing it is open, whatever else is stated."""
    assert result("eligibility.approval", formal_programme=formal, reports_for_approval=reports) == found


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({}, "eligible"),
        ({"signed": False}, "dismissed"),
        ({"signed": False, "shares_material": False}, "dismissed"),
        ({"signed": None, "pages": 6}, "dismissed"),
        ({"shares_material": False}, "ineligible"),
        ({"shares_material": False, "signed": None}, "ineligible"),
        ({"signed": None}, "undetermined"),
        ({"shares_material": None}, "undetermined"),
        ({"formal_programme": True, "reports_for_approval": None}, "undetermined"),
        ({"costs": None}, "eligible"),
        ({"costs": [{}]}, "eligible"),
        ({"starts_on": None, "title": None, "requested_minimum": None}, "eligible"),
    ],
)
def test_the_outcome_is_the_first_that_applies(facts: dict[str, Any], outcome: str) -> None:
    """Dismissed before ineligible before undetermined before eligible; cost lines do not touch it."""
    assert decide(**facts).outcome.value == outcome


def test_a_refused_application_shows_every_rule_that_failed() -> None:
    """No finding hides another: all ten rules are there, whatever became of the first."""
    decision = decide(
        submitted_at="2018-10-02T12:00",
        signed=False,
        pages=6,
        organisations=[],
        activities=[],
        competence_elements=[],
        requested="1.00",
        funding=[],
        shares_material=False,
        formal_programme=True,
        reports_for_approval=False,
    )
    assert [finding.result.value for finding in decision.findings] == [NOT_MET] * 10


def test_an_application_that_states_nothing_leaves_every_rule_open() -> None:
    """Nothing stated, nothing passed and nothing failed."""
    decision = RULES.decide(RULES.read_application({}))
    assert [finding.result.value for finding in decision.findings] == [OPEN] * 10
    assert decision.outcome.value == "undetermined"
    assert decision.highest_grant is None


@pytest.mark.parametrize("profession", ["læger", "SOSU-hjælpere", "ergoterapeuter"])
def test_no_profession_is_asked_for(profession: str) -> None:
    """The application has no fact about professions to be refused on."""
    assert "profession" not in RULES.schema()["properties"]
    assert decide(title=f"Kursus for {profession}").outcome.value == "eligible"


def test_leaving_out_a_key_and_null_are_the_same() -> None:
    """A rule waits for a fact in the same words whether it is left out or `null`."""
    for key in SOUND:
        if key not in ("id", "pool", "round"):
            null, left_out = (RULES.read_application(changed(SOUND, **{key: value})) for value in (None, ...))
            assert RULES.decide(null) == RULES.decide(left_out)
