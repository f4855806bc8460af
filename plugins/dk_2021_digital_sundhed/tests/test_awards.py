"""Costs, highest grant, score and assumptions of the pool."""

from fractions import Fraction
from typing import Any

import pytest

import grantrules as g

from .build import LANGUAGES, RULES, decide

RATED = ("purpose", "cross-sector-effort", "working-conditions")


@pytest.mark.parametrize(
    ("requested", "grant"),
    [
        ("0.00", "0.00"),
        ("0.01", "0.01"),
        ("7299999.99", "7299999.99"),
        ("7300000.00", "7300000.00"),
        ("7300000.01", "7300000.00"),
        ("999999999999.99", "7300000.00"),
        (None, None),
    ],
)
def test_the_highest_grant_is_the_request_or_the_budget(requested: str | None, grant: str | None) -> None:
    """What is applied for is the highest grant, up to all there is to award."""
    assert decide(requested=requested).to_dict()["highest_grant"] == grant


def test_the_highest_grant_follows_the_budget() -> None:
    """The formula reads the budget of the round, so another budget is another limit."""
    smaller = RULES.with_values(budget=g.kr("1000000"))
    application = RULES.read_application({"requested": "1500000.00"})
    assert smaller.decide(application).highest_grant == g.kr("1000000")


def test_costs_funding_and_the_minimum_do_not_touch_the_highest_grant() -> None:
    """Neither what the project costs, nor own money, nor what the applicant can use at least bounds the grant."""
    line = {"id": "c1", "amount": "10.00", "vat": "2.50"}
    own = [{"source": "own", "form": "cash", "amount": "5.00"}]
    facts: list[dict[str, Any]] = [{"costs": [line]}, {"costs": None}, {"funding": own}, {"requested_minimum": "2.00"}]
    for stated in facts:
        assert decide(**stated).to_dict()["highest_grant"] == "1500000.00"


def test_a_refused_application_is_granted_nothing() -> None:
    """An ineligible application has the highest grant zero, even with its amount missing."""
    assert decide(develops_and_tests=False).to_dict()["highest_grant"] == "0.00"
    assert decide(develops_and_tests=False, requested=None).to_dict()["highest_grant"] == "0.00"
    assert decide(develops_and_tests=None).to_dict()["highest_grant"] == "1500000.00"


def test_every_cost_line_is_eligible() -> None:
    """No rule about costs is known: nothing is cut, whatever a line is for, and recoverable VAT is not either."""
    lines = [
        {"id": "c1", "category": "drift", "amount": "1000.00", "vat": "250.00", "vat_recoverable": True},
        {"id": "c2", "category": None, "amount": "0.01", "vat": "0.00", "incurred_on": "2031-01-01"},
    ]
    costs = decide(costs=lines).to_dict()["costs"]
    assert (costs["claimed"], costs["eligible"]) == ("1250.01", "1250.01")
    assert (costs["disallowed"], costs["undetermined"]) == ("0.00", "0.00")
    assert [line["findings"] for line in costs["lines"]] == [[], []]


def test_vat_that_is_not_stated_is_not_zero() -> None:
    """A line without its VAT has no amounts, nor have the totals."""
    costs = decide(costs=[{"id": "c1", "amount": "1000.00"}]).to_dict()["costs"]
    names = ("claimed", "eligible", "disallowed", "undetermined")
    assert [costs[name] for name in names] == [None] * 4


def score(*ratings: dict[str, Any], **facts: Any) -> dict[str, Any] | None:
    """The score for the ratings of some assessors."""
    found = decide(*({"assessor": str(i), "ratings": given} for i, given in enumerate(ratings)), **facts).to_dict()
    assert found["score"] is None or isinstance(found["score"], dict)
    return found["score"]


ONE_USE = {"psychiatry_uses": ["treatment"]}


@pytest.mark.parametrize(
    ("ratings", "facts", "exact", "total"),
    [
        (dict.fromkeys(RATED, 5), ONE_USE, "100", "100.00"),
        (dict.fromkeys(RATED, 5), {}, "75", "75.00"),
        (dict.fromkeys(RATED, 0), ONE_USE, "25", "25.00"),
        (dict.fromkeys(RATED, 0), {}, "0", "0.00"),
        ({**dict.fromkeys(RATED, 0), "purpose": 5}, {}, "25", "25.00"),
        ({**dict.fromkeys(RATED, 0), "cross-sector-effort": 1}, {}, "5", "5.00"),
        ({**dict.fromkeys(RATED, 0), "working-conditions": "0.001"}, {}, "1/200", "0.01"),
        ({**dict.fromkeys(RATED, 0), "working-conditions": "2.5"}, ONE_USE, "75/2", "37.50"),
    ],
)
def test_the_score_is_the_mean_of_four(ratings: dict[str, Any], facts: dict[str, Any], exact: str, total: str) -> None:
    """Four criteria weigh the same; a rating counts as its share of five, psychiatry as all or nothing."""
    found = score(ratings, **facts)
    assert found is not None
    assert (found["exact"], found["total"], found["low"], found["high"]) == (exact, total, total, total)
    assert [criterion["id"] for criterion in found["criteria"]] == [*RATED, "psychiatry"]
    assert [Fraction(criterion["weight"]) for criterion in found["criteria"]] == [Fraction(1, 4)] * 4


@pytest.mark.parametrize("rating", ["-0.001", "5.001", "6"])
def test_ratings_stay_on_the_scale(rating: str) -> None:
    """A rating off the scale of 0 to 5 is refused."""
    with pytest.raises(g.InputError):
        score({"purpose": rating})


def test_psychiatry_is_not_rated() -> None:
    """The computed criterion takes no rating."""
    with pytest.raises(g.InputError):
        score({"psychiatry": 5})


def test_ratings_of_several_assessors_are_averaged_exactly() -> None:
    """A criterion counts with the exact mean of the ratings given, and with how many there are."""
    found = score({"purpose": 1, "working-conditions": 5}, {"purpose": 2}, {"purpose": 2})
    assert found is not None
    criteria = {criterion["id"]: criterion for criterion in found["criteria"]}
    purpose = criteria["purpose"]
    assert (purpose["rating"], purpose["points"], purpose["ratings"]) == ("5/3", "1/3", 3)
    assert criteria["working-conditions"]["ratings"] == 1


def test_a_missing_rating_leaves_a_range() -> None:
    """Without all ratings there is no total, but the lowest and highest it can become."""
    found = score({"purpose": 3, "cross-sector-effort": 3}, **ONE_USE)
    assert found is not None
    assert (found["total"], found["exact"], found["low"], found["high"]) == (None, None, "55.00", "80.00")
    assert score() is None


@pytest.mark.parametrize(
    ("uses", "points"),
    [
        (["prevention"], "1"),
        (["treatment"], "1"),
        (["monitoring"], "1"),
        (["prevention", "treatment", "monitoring"], "1"),
        ([], "0"),
        (None, None),
    ],
)
def test_one_use_in_psychiatry_earns_all_points(uses: list[str] | None, points: str | None) -> None:
    """Any one of the three uses is enough, all three earn no more, and none stated earns nothing."""
    found = score(dict.fromkeys(RATED, 0), psychiatry_uses=uses)
    assert found is not None
    criterion = found["criteria"][-1]
    assert (criterion["id"], criterion["points"], criterion["computed"]) == ("psychiatry", points, True)
    assert (found["low"], found["high"]) == ("25.00" if points == "1" else "0.00", "0.00" if points == "0" else "25.00")


def test_no_duty_is_known() -> None:
    """No condition follows an award, and the rulebook says that none is known."""
    assert decide().conditions == ()
    assert RULES.rules.conditions == ()
    assert "duties after an award are not known" in RULES.pool.notes[1].en


def test_assumptions_relied_on_are_named() -> None:
    """A decision names every assumption it relies on, and none that it does not."""
    eligibility = ["eligibility.applicants", "eligibility.develops-and-tests"]
    scoring = [*RATED, "psychiatry", "score.scale", "score.weights", "score.combination"]
    assert list(decide().assumptions) == [*eligibility, "grant.formula"]
    assert list(decide({"assessor": "a"}).assumptions) == [*eligibility, "grant.formula", *scoring]
    assert list(decide(develops_and_tests=False).assumptions) == eligibility
    own = [{"source": "own", "form": "in_kind", "amount": "5.00"}]
    assert list(decide(funding=own).assumptions) == [*eligibility, "grant.formula"]


def test_every_assumption_relied_on_is_in_the_rulebook_and_explained() -> None:
    """Each assumption of a decision is listed by the rulebook, with its reason in the decision."""
    decision = decide({"assessor": "a"})
    assert set(decision.assumptions) <= {assumption.id for assumption in RULES.assumptions}
    assert set(decision.assumption_texts) == set(decision.assumptions)
    for language in LANGUAGES:
        text = " ".join(decision.explain(language).split())
        for reason in decision.assumption_texts.values():
            assert " ".join(reason.to(language).split()) in text


def test_the_judgement_is_asked_in_the_readers_language() -> None:
    """The question about the applicant stands in the explanation in all three languages."""
    decision = decide(organisations=[{"name": "O", "kind": "state", "role": "lead"}])
    (asked,) = RULES.rules.judgements
    for language in LANGUAGES:
        assert asked.question.to(language) in " ".join(decision.explain(language).split())
