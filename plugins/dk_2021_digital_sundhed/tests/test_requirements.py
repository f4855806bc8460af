"""The eligibility rules, with good leads, other leads and facts that are not stated."""

from typing import Any

import pytest

from .build import RULES, SOUND, changed, decide, organisations, result

MET, NOT_MET, OPEN = "met", "not_met", "undetermined"

KINDS = (
    *("municipality", "region", "hospital", "education", "patient_association", "association"),
    *("state", "company", "other"),
)
GOOD = ("region", "hospital", "municipality")

YES, NO = {"assessor": "a", "judgements": {"applicant-accepted": True}}, {"judgements": {"applicant-accepted": False}}


def test_the_sound_application_is_sound() -> None:
    """The application that all others are made from meets every rule."""
    decision = decide()
    assert decision.outcome.value == "eligible"
    assert [finding.result.value for finding in decision.findings] == [MET] * 3
    assert decision.needed == ()


# Organisations; the result without a judgement; whether a judgement is waited for.
APPLICANTS: list[tuple[Any, str, bool]] = [
    *((organisations((kind, "lead")), MET, False) for kind in GOOD),
    *((organisations((kind, "lead")), OPEN, True) for kind in KINDS if kind not in GOOD),
    (organisations(("association", "lead"), ("municipality", "represented")), MET, False),
    (organisations(("municipality", "represented"), ("association", "lead")), MET, False),
    (organisations(("association", "lead"), *[("municipality", "represented")] * 4), MET, False),
    (organisations(("association", "lead"), ("municipality", "partner")), OPEN, True),
    (organisations(("association", "lead"), ("region", "represented")), OPEN, True),
    (organisations(("association", "lead"), ("hospital", "represented")), OPEN, True),
    (organisations(("association", "partner"), ("municipality", "represented")), NOT_MET, False),
    (organisations(("patient_association", "lead"), ("municipality", "represented")), OPEN, True),
    (organisations(("company", "lead"), ("municipality", "represented")), OPEN, True),
    (organisations(("company", "lead"), ("association", "partner"), ("municipality", "represented")), OPEN, True),
    (organisations(("company", "lead"), ("region", "lead")), MET, False),
    (organisations(("company", "lead"), ("region", "partner")), OPEN, True),
    (organisations(("region", "partner")), NOT_MET, False),
    (organisations(("municipality", "represented")), NOT_MET, False),
    ([], NOT_MET, False),
    (organisations((None, "lead")), OPEN, True),
    (organisations((None, "partner")), NOT_MET, False),
    (organisations(("region", None)), OPEN, True),
    (organisations(("region", "lead"), (None, None)), MET, False),
    (organisations(("association", "lead"), (None, "represented")), OPEN, True),
    (organisations(("association", "lead"), ("municipality", None)), OPEN, True),
    (None, OPEN, True),
]


@pytest.mark.parametrize(("stated", "found", "asked"), APPLICANTS)
def test_one_good_lead_is_enough(stated: Any, found: str, asked: bool) -> None:
    """A region, a hospital, a municipality or an association for a municipality leads; others are asked about."""
    finding = decide(organisations=stated).finding("eligibility.applicants")
    assert finding.result.value == found
    assert (finding.judgement == "applicant-accepted") is asked


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in GOOD])
def test_another_kind_of_lead_is_accepted_or_not(kind: str) -> None:
    """Any other lead is good where a case officer says so, and not where a case officer says no."""
    stated = organisations((kind, "lead"))
    assert decide(YES, organisations=stated).finding("eligibility.applicants").result.value == MET
    assert decide(NO, organisations=stated).finding("eligibility.applicants").result.value == NOT_MET
    assert decide(NO, organisations=stated).outcome.value == "ineligible"


@pytest.mark.parametrize("kind", GOOD)
def test_a_good_lead_needs_no_acceptance(kind: str) -> None:
    """A no to a question that nobody had to ask takes nothing from a good lead."""
    stated = organisations((kind, "lead"))
    assert decide(NO, organisations=stated).finding("eligibility.applicants").result.value == MET


@pytest.mark.parametrize("stated", [[], organisations(("region", "partner"))])
def test_nobody_is_accepted_where_nobody_leads(stated: Any) -> None:
    """Without a lead there is nobody to accept."""
    assert decide(YES, organisations=stated).finding("eligibility.applicants").result.value == NOT_MET


def test_assessors_may_disagree_on_the_applicant() -> None:
    """Differing answers leave the rule open and are told apart from an answer that is missing."""
    finding = decide(YES, {"assessor": "b", **NO}, organisations=organisations(("state", "lead"))).finding(
        "eligibility.applicants"
    )
    assert (finding.result.value, finding.judgement, finding.disputed) == (OPEN, "applicant-accepted", True)


def test_what_would_settle_the_applicant_is_asked_for() -> None:
    """A lead whose kind is missing is settled by its kind or by a judgement, and both are named."""
    stated = organisations((None, "lead"))
    needs = [(need.origin, need.what) for need in decide(organisations=stated).needed]
    assert needs == [("applicant", "organisations[0].kind"), ("assessor", "applicant-accepted")]


RECIPIENTS: dict[str, list[dict[str, Any]]] = {
    "a centre of a hospital": [
        {
            "name": "Regionshospital Silkeborg",
            "unit": "Center for Planlagt Kirurgi",
            "kind": "hospital",
            "role": "lead",
        },
    ],
    "a centre of a region's psychiatry": [
        {"name": "Region Syddanmark", "unit": "Telepsykiatrisk Center", "kind": "region", "role": "lead"},
    ],
    "an association for four municipalities": [
        {"name": "KL", "kind": "association", "role": "lead"},
        *(
            {"name": f"{name} Kommune", "kind": "municipality", "role": "represented"}
            for name in ("Københavns", "Odense", "Gladsaxe", "Helsingør")
        ),
    ],
}


@pytest.mark.parametrize("recipient", RECIPIENTS)
def test_those_who_were_awarded_money_could_apply(recipient: str) -> None:
    """Each of the three bodies of the notice can be written down, and is a good lead without anybody's judgement."""
    decision = decide(organisations=RECIPIENTS[recipient])
    assert decision.outcome.value == "eligible"
    assert decision.needed == ()


@pytest.mark.parametrize(("stated", "found"), [(True, MET), (False, NOT_MET), (None, OPEN), (..., OPEN)])
@pytest.mark.parametrize(
    ("rule", "fact"),
    [
        ("eligibility.infrastructure", "uses_shared_infrastructure"),
        ("eligibility.develops-and-tests", "develops_and_tests"),
    ],
)
def test_a_stated_yes_is_demanded(rule: str, fact: str, stated: Any, found: str) -> None:
    """Yes meets the rule, no fails it, and what is not stated leaves it open and is asked for."""
    decision = decide(**{fact: stated})
    assert decision.finding(rule).result.value == found
    assert [need.what for need in decision.needed] == ([fact] if found == OPEN else [])
    outcomes = {MET: "eligible", NOT_MET: "ineligible", OPEN: "undetermined"}
    assert decision.outcome.value == outcomes[found]


def test_psychiatry_is_no_requirement() -> None:
    """A project outside psychiatry is eligible, as is one that does not say."""
    for uses in ([], None, ["treatment"]):
        assert decide(psychiatry_uses=uses).outcome.value == "eligible"


@pytest.mark.parametrize(
    "facts",
    [
        {"submitted_at": "2022-06-01T12:00"},
        {"submitted_at": None},
        {"signed": False},
        {"title": None},
        {"costs": None},
        {"funding": None},
        {"requested": "0.00"},
        {"requested": None},
        {"requested_minimum": "9000000.00"},
    ],
)
def test_nothing_else_is_demanded(facts: dict[str, Any]) -> None:
    """No deadline, signature, limit of amounts or list of costs is known, and none is invented."""
    assert decide(**facts).outcome.value == "eligible"


def test_a_refused_application_shows_every_rule_that_failed() -> None:
    """No finding hides another."""
    decision = decide(organisations=[], uses_shared_infrastructure=False, develops_and_tests=False)
    assert [finding.result.value for finding in decision.findings] == [NOT_MET] * 3


def test_an_application_that_states_nothing_leaves_every_rule_open() -> None:
    """Nothing stated, nothing passed and nothing failed."""
    decision = RULES.decide(RULES.read_application({}))
    assert [finding.result.value for finding in decision.findings] == [OPEN] * 3
    assert decision.outcome.value == "undetermined"
    assert decision.highest_grant is None


def test_leaving_out_a_key_and_null_are_the_same() -> None:
    """A rule waits for a fact in the same words whether it is left out or `null`."""
    for key in SOUND:
        if key not in ("id", "pool", "round"):
            null, left_out = (RULES.read_application(changed(SOUND, **{key: value})) for value in (None, ...))
            assert RULES.decide(null) == RULES.decide(left_out)
    assert result("eligibility.applicants", organisations=None) == OPEN
