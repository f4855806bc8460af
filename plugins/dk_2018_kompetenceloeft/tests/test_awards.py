"""Highest grant, score, conditions and assumptions of the pool."""

from fractions import Fraction
from typing import Any

import pytest

import grantrules as g

from .build import LINE, RULES, changed, decide


def highest(requested: str | None, own: str | None, eligible: str, **facts: Any) -> str | None:
    """The highest grant for three amounts; own financing is put beside the matching rule's reach."""
    costs = [changed(LINE, amount=eligible, vat="0.00")]
    funding = [{"source": "own", "form": "cash", "amount": own}]
    found = decide(requested=requested, costs=costs, funding=funding, **facts).to_dict()["highest_grant"]
    assert found is None or isinstance(found, str)
    return found


def test_the_amount_requested_may_be_the_least() -> None:
    """Where the amount requested is the least of the four, it is the highest grant."""
    assert highest("1500000.00", "1600000.00", "9000000.00") == "1500000.00"


def test_the_ceiling_may_be_the_least() -> None:
    """No more than 2.5 million is granted; a request at the ceiling is granted in full."""
    assert highest("2500000.00", "3000000.00", "9000000.00") == "2500000.00"
    what_if = RULES.with_values(grant_ceiling=RULES.rules.values["grant_floor"])
    application = RULES.read_application({"requested": "2500000.00"})
    assert what_if.decide(application).finding("eligibility.grant-limits").result.value == "not_met"


def test_own_financing_may_be_the_least() -> None:
    """The grant never exceeds own financing: by the matching rule the two can only be equal."""
    assert highest("1500000.00", "1500000.00", "9000000.00") == "1500000.00"
    assert highest("1500000.00", "1499999.99", "9000000.00") == "0.00"


@pytest.mark.parametrize(
    ("eligible", "grant"),
    [
        ("3000000.00", "1500000.00"),
        ("2999999.99", "1499999.99"),
        ("3000000.01", "1500000.00"),
        ("2500000.01", "1000000.01"),
        ("2500000.00", "1000000.00"),
        ("2499999.99", "0.00"),
        ("1500000.00", "0.00"),
        ("0.00", "0.00"),
    ],
)
def test_eligible_costs_less_own_financing_may_be_the_least(eligible: str, grant: str) -> None:
    """What own financing leaves of the eligible costs bounds the grant; below 1.0 million there is none at all."""
    assert highest("1500000.00", "1500000.00", eligible) == grant


def test_a_refused_application_is_granted_nothing() -> None:
    """The highest grant of a dismissed or ineligible application is zero, even with facts missing."""
    assert highest("1500000.00", "1500000.00", "9000000.00", signed=False) == "0.00"
    assert highest("1500000.00", "1500000.00", "9000000.00", shares_material=False) == "0.00"
    assert highest(None, None, "9000000.00", signed=False) == "0.00"


@pytest.mark.parametrize(
    ("rule", "requested", "own", "eligible", "decided"),
    [
        ("eligibility.grant-limits", "3000000.00", "3000000.00", "9000000.00", "2500000.00"),
        ("eligibility.matching", "2000000.00", "1200000.00", "9000000.00", "1200000.00"),
    ],
)
def test_a_limit_binds_the_grant_though_its_rule_is_set_aside(
    rule: str, requested: str, own: str, eligible: str, decided: str
) -> None:
    """Whoever lets a request above the ceiling or without the matching through still grants no more than the limit."""
    costs = [changed(LINE, amount=eligible, vat="0.00")]
    decision = decide(requested=requested, costs=costs, funding=[{"source": "own", "form": "cash", "amount": own}])
    overridden = RULES.override(decision, by="Kontorchef N.N.", reason="Særlige forhold.", sets_aside=[rule])
    assert (overridden.recommended, overridden.decided) == (g.kr("0.00"), g.kr(decided))


def test_an_open_application_with_all_amounts_has_a_highest_grant() -> None:
    """While the outcome is undetermined the formula alone speaks."""
    assert highest("1500000.00", "1500000.00", "9000000.00", signed=None) == "1500000.00"


def test_the_highest_grant_is_open_while_its_amounts_are() -> None:
    """Missing amounts leave the highest grant open, and are asked for."""
    assert highest(None, "1500000.00", "9000000.00") is None
    assert highest("1500000.00", None, "9000000.00") is None


def test_an_open_line_matters_only_where_it_changes_the_least() -> None:
    """Where both ends of an undetermined line give one grant it is settled, else the range is told."""
    sure, open_ = changed(LINE, amount="3000000.00", vat="0.00"), changed(LINE, id="c2", category="experts")
    assert decide(costs=[sure, open_]).to_dict()["highest_grant"] == "1500000.00"
    sure = changed(sure, amount="2900000.00")
    decision = decide(costs=[sure, open_])
    assert decision.highest_grant is None
    assert decision.grant_range == (g.kr("1400000.00"), g.kr("1401250.00"))
    sure = changed(sure, amount="2499000.00")
    assert decide(costs=[sure, open_]).grant_range == (g.kr("0.00"), g.kr("1000250.00"))
    sure = changed(sure, amount="2000000.00")
    assert decide(costs=[sure, open_]).to_dict()["highest_grant"] == "0.00"


RATED = ("purpose", "goals", "organisation", "broad-lift", "strategic-technology")


def score(*ratings: dict[str, Any], **facts: Any) -> dict[str, Any] | None:
    """The score for the ratings of some assessors."""
    found = decide(*({"assessor": str(i), "ratings": given} for i, given in enumerate(ratings)), **facts).to_dict()
    assert found["score"] is None or isinstance(found["score"], dict)
    return found["score"]


ONLY_REGION = [{"name": "R", "kind": "region", "role": "lead"}]


@pytest.mark.parametrize(
    ("ratings", "facts", "exact", "total"),
    [
        (dict.fromkeys(RATED, 5), {}, "100", "100.00"),
        (dict.fromkeys(RATED, 0), {}, "50/3", "16.67"),
        (dict.fromkeys(RATED, 0), {"organisations": ONLY_REGION}, "0", "0.00"),
        (dict.fromkeys(RATED, 5), {"organisations": ONLY_REGION}, "250/3", "83.33"),
        (dict.fromkeys(RATED, 4), {"organisations": ONLY_REGION}, "200/3", "66.67"),
        (dict.fromkeys(RATED, "2.5"), {"organisations": ONLY_REGION}, "125/3", "41.67"),
        ({**dict.fromkeys(RATED, 0), "goals": "0.001"}, {"organisations": ONLY_REGION}, "1/300", "0.00"),
        ({**dict.fromkeys(RATED, 0), "goals": "0.15"}, {"organisations": ONLY_REGION}, "1/2", "0.50"),
    ],
)
def test_the_score_is_the_weighted_mean(ratings: dict[str, Any], facts: dict[str, Any], exact: str, total: str) -> None:
    """Six criteria weigh the same; a rating counts as its share of five, the computed one as all or nothing."""
    found = score(ratings, **facts)
    assert found is not None
    assert (found["exact"], found["total"], found["low"], found["high"]) == (exact, total, total, total)
    assert [Fraction(criterion["weight"]) for criterion in found["criteria"]] == [Fraction(1, 6)] * 6


def test_ratings_of_several_assessors_are_averaged_exactly() -> None:
    """A criterion counts with the exact mean of the ratings given, and with how many there are."""
    found = score({"goals": 1, "purpose": 5}, {"goals": 2}, {"goals": 2})
    assert found is not None
    criteria = {criterion["id"]: criterion for criterion in found["criteria"]}
    assert (criteria["goals"]["rating"], criteria["goals"]["points"], criteria["goals"]["ratings"]) == ("5/3", "1/3", 3)
    assert criteria["purpose"]["ratings"] == 1


def test_a_missing_rating_leaves_a_range() -> None:
    """Without all ratings there is no total, but the lowest and highest it can become."""
    found = score({**dict.fromkeys(RATED, 3), "goals": None})
    assert found is not None
    assert (found["total"], found["exact"]) == (None, None)
    assert (found["low"], found["high"]) == ("56.67", "73.33")


def test_an_assessment_without_ratings_gives_a_score_without_a_total() -> None:
    """An assessment that rates nothing leaves everything between what is computed and the top."""
    found = score({})
    assert found is not None
    assert (found["total"], found["low"], found["high"]) == (None, "16.67", "100.00")
    assert score() is None


@pytest.mark.parametrize(
    ("organisations", "points"),
    [
        ([("region", "lead"), ("municipality", "partner")], "1"),
        ([("municipality", "lead"), ("region", "represented")], "1"),
        ([("municipality", "lead"), ("education", "partner")], "0"),
        ([("region", "lead"), ("region", "partner")], "0"),
        ([], "0"),
        ([("region", "lead"), (None, "partner")], None),
        ([("region", None), ("municipality", None)], "1"),
        (None, None),
    ],
)
def test_cross_sector_is_computed(organisations: Any, points: str | None) -> None:
    """A region and a municipality in any role give the computed criterion all its points."""
    stated = organisations and [{"name": f"O{i}", "kind": k, "role": r} for i, (k, r) in enumerate(organisations)]
    found = score(dict.fromkeys(RATED, 0), organisations=stated if organisations is not None else None)
    assert found is not None
    (cross,) = (criterion for criterion in found["criteria"] if criterion["id"] == "cross-sector")
    assert (cross["points"], cross["rating"], cross["computed"]) == (points, None, True)


DUTIES = (
    "condition.knowledge-sharing",
    "condition.audited-accounts",
    "condition.final-report",
    "condition.share-material",
)


@pytest.mark.parametrize(
    ("formal", "expected"),
    [(True, (*DUTIES, "condition.report-for-approval")), (False, DUTIES), (None, DUTIES)],
)
def test_conditions_are_always_listed(formal: bool | None, expected: tuple[str, ...]) -> None:
    """Four duties always follow; reporting for approval follows a formal programme, and is left out while unknown."""
    decision = decide(formal_programme=formal, reports_for_approval=True)
    assert decision.conditions == expected
    assert decide(formal_programme=formal, reports_for_approval=True, signed=False).conditions == expected
    waiting = {need.what: need.rules for need in decision.needed}
    if formal is None:
        assert waiting == {"formal_programme": ("eligibility.approval", "condition.report-for-approval")}
    else:
        assert waiting == {}


def test_assumptions_relied_on_are_named() -> None:
    """A decision names every assumption it relies on, and none that it does not."""
    base = {"eligibility.grant-limits", "eligibility.matching", "grant.formula"}
    scoring = {"score.scale", "score.weights", "score.combination"}
    assert set(decide().assumptions) == base
    assert set(decide({"assessor": "a"}).assumptions) == base | scoring
    in_kind = [{"source": "own", "form": "in_kind", "amount": "1500000.00"}]
    assert set(decide(funding=in_kind).assumptions) == base | {"funding.in-kind"}
    in_kind_of_others = [{"source": "public", "form": "in_kind", "amount": "5.00"}]
    assert "funding.in-kind" not in decide(funding=in_kind_of_others).assumptions
    assert "stage.formal" not in decide(signed=False).assumptions
    assert "cost.unlisted" in decide(costs=[changed(LINE, category="other")]).assumptions
    assert "cost.equipment" in decide(costs=[changed(LINE, category="equipment")]).assumptions
    assert "cost.equipment" not in decide(costs=[LINE]).assumptions


def test_every_assumption_relied_on_is_in_the_rulebook_and_explained() -> None:
    """Each assumption of a decision is listed by the rulebook, with its reason in the decision."""
    listed = {assumption.id for assumption in RULES.assumptions}
    decision = decide({"assessor": "a"}, signed=False, costs=[changed(LINE, category="other")])
    assert set(decision.assumptions) <= listed
    assert set(decision.assumption_texts) == {*decision.assumptions, "stage.formal"}
    assert "stage.formal" in decision.explain("da")


def test_a_conflicted_assessor_is_named_though_nobody_else_counts() -> None:
    """An assessor left out for a conflict of interest is reported in the file and in the letter, score or no score."""
    decision = decide({"assessor": "assessor-a", "conflict_of_interest": True})
    assert decision.score is None
    assert decision.to_dict()["panel"]["conflict_of_interest"] == ["assessor-a"]
    assert "assessor-a" in decision.explain("da")


def test_what_assessors_wrote_stands_in_the_letter() -> None:
    """Comments on criteria and judgements are kept and shown, for a no without its reason is no reason."""
    decision = decide({"assessor": "a", "comments": {"goals": "Målene kan ikke måles."}})
    assert decision.panel.comments == {"goals": ("Målene kan ikke måles.",)}
    assert "Målene kan ikke måles." in decision.explain("da")
