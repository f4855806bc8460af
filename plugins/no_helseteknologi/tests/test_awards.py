"""Highest grant, costs, score, allocation and assumptions of the pool."""

from fractions import Fraction
from typing import Any

import pytest

import grantrules as g

from .build import BOTH, RULES, SOUND, changed, decide, first


def highest(round: str, **facts: Any) -> str | None:
    """The highest grant of the sound application with some facts changed."""
    found = decide(round, **facts).to_dict()["highest_grant"]
    assert found is None or isinstance(found, str)
    return found


@pytest.mark.parametrize(
    ("requested", "grant"),
    [
        ("0.00", "0.00"),
        ("0.01", "0.01"),
        ("1500000.00", "1500000.00"),
        ("56699999.99", "56699999.99"),
        ("56700000.00", "56700000.00"),
        ("56700000.01", "56700000.00"),
        ("332100000.00", "56700000.00"),
        (None, None),
    ],
)
def test_the_first_allocation_grants_what_is_requested_within_the_budget(requested: Any, grant: str | None) -> None:
    """No more than is applied for, and no more than there is."""
    assert highest("2024-1", requested=requested) == grant


@pytest.mark.parametrize(
    ("requested", "stated", "grant"),
    [
        ("1500000.00", first("awarded", "600000.00"), "900000.00"),
        ("600000.01", first("awarded", "600000.00"), "0.01"),
        ("600000.00", first("awarded", "600000.00"), "0.00"),
        ("500000.00", first("awarded", "600000.00"), "0.00"),
        ("14500000.00", first("awarded", "0.00"), "14500000.00"),
        ("15100000.00", first("awarded", "600000.00"), "14500000.00"),
        ("15100000.01", first("awarded", "600000.00"), "14500000.00"),
        ("15099999.99", first("awarded", "600000.00"), "14499999.99"),
        ("1500000.00", first("not_awarded"), "1500000.00"),
        ("1500000.00", first("not_awarded", "600000.00"), "1500000.00"),
        ("14500000.01", first("not_awarded"), "14500000.00"),
        ("1500000.00", first("not_applied"), "0.00"),
        ("1500000.00", first("awarded"), None),
        ("1500000.00", first(None, "600000.00"), None),
        ("1500000.00", None, None),
        (None, first("awarded", "600000.00"), None),
        (None, first("not_awarded"), None),
    ],
)
def test_the_second_allocation_grants_what_is_still_lacking(requested: Any, stated: Any, grant: str | None) -> None:
    """What was awarded before is taken off the amount applied for, from projects that were awarded alone."""
    assert highest("2024-2", requested=requested, first_round=stated) == grant


@pytest.mark.parametrize("round", BOTH)
def test_a_refused_application_is_granted_nothing(round: str) -> None:
    """The highest grant of an application that fails a rule is zero, even with facts missing."""
    assert highest(round, areas=[]) == "0.00"
    assert highest(round, areas=[], requested=None) == "0.00"
    assert highest(round, areas=None) == ("1500000.00" if round == "2024-1" else "900000.00")


@pytest.mark.parametrize("round", BOTH)
def test_the_budget_bounds_the_grant_by_its_name(round: str) -> None:
    """A what-if with a smaller budget grants no more than that."""
    rules = RULES[round].with_values(budget=g.kr("100000"))
    assert rules.decide(rules.read_application(SOUND[round])).highest_grant == g.kr("100000")


@pytest.mark.parametrize("round", BOTH)
def test_costs_are_not_regulated(round: str) -> None:
    """Every line of any category is eligible with its VAT, and the letter says that costs are not regulated."""
    lines = [
        {"id": "k1", "category": "reise til månen", "amount": "1000.00", "vat": "250.00", "vat_recoverable": True},
        {"id": "k2", "amount": "10.00", "vat": "0.00", "incurred_on": "2031-01-01"},
    ]
    decision = decide(round, costs=lines)
    costs = decision.to_dict()["costs"]
    assert (costs["claimed"], costs["eligible"]) == ("1260.00", "1260.00")
    assert decision.to_dict()["highest_grant"] == highest(round)
    assert "regulerer ikke kostnadene" in decision.explain("nb")
    assert RULES[round].rules.cost_rules == ()


RATED = ("benefit", "feasibility", "leadership")


def score(round: str, *ratings: dict[str, Any], **facts: Any) -> dict[str, Any] | None:
    """The score for the ratings of some assessors."""
    given = ({"assessor": str(i), "ratings": each} for i, each in enumerate(ratings))
    found = decide(round, *given, **facts).to_dict()["score"]
    assert found is None or isinstance(found, dict)
    return found


TWO = [{"name": "A", "kind": "municipality", "role": "lead"}, {"name": "B", "kind": "municipality", "role": "partner"}]


@pytest.mark.parametrize("round", BOTH)
@pytest.mark.parametrize(
    ("ratings", "facts", "exact", "total"),
    [
        (dict.fromkeys(RATED, 5), {"organisations": TWO}, "100", "100.00"),
        (dict.fromkeys(RATED, 5), {}, "75", "75.00"),
        (dict.fromkeys(RATED, 0), {"organisations": TWO}, "25", "25.00"),
        (dict.fromkeys(RATED, 0), {}, "0", "0.00"),
        (dict.fromkeys(RATED, "2.5"), {}, "75/2", "37.50"),
        ({**dict.fromkeys(RATED, 0), "leadership": "0.001"}, {}, "1/200", "0.01"),
        ({**dict.fromkeys(RATED, 0), "benefit": 1, "feasibility": 2}, {}, "15", "15.00"),
    ],
)
def test_the_score_is_the_mean_of_four(
    round: str, ratings: dict[str, Any], facts: dict[str, Any], exact: str, total: str
) -> None:
    """Four criteria weigh the same; a rating counts as its share of five, cooperation as all or nothing."""
    found = score(round, ratings, **facts)
    assert found is not None
    assert (found["exact"], found["total"], found["low"], found["high"]) == (exact, total, total, total)
    assert [Fraction(criterion["weight"]) for criterion in found["criteria"]] == [Fraction(1, 4)] * 4


def test_ratings_of_several_assessors_are_averaged_exactly() -> None:
    """A criterion counts with the exact mean of the ratings given, and with how many there are."""
    found = score("2024-1", {"benefit": 1, "leadership": 5}, {"benefit": 2}, {"benefit": 2})
    assert found is not None
    criteria = {criterion["id"]: criterion for criterion in found["criteria"]}
    assert (criteria["benefit"]["rating"], criteria["benefit"]["points"], criteria["benefit"]["ratings"]) == (
        "5/3",
        "1/3",
        3,
    )
    assert criteria["leadership"]["ratings"] == 1
    assert (found["total"], found["low"], found["high"]) == (None, "33.33", "58.33")


@pytest.mark.parametrize("rating", [-1, "5.001", 6])
def test_ratings_off_the_scale_are_refused(rating: Any) -> None:
    """The scale goes from 0 to 5."""
    with pytest.raises(g.InputError):
        score("2024-1", {"benefit": rating})


@pytest.mark.parametrize("criterion", ["cooperation", "purpose"])
def test_only_the_rated_criteria_can_be_rated(criterion: str) -> None:
    """Cooperation is computed, and other criteria do not exist."""
    with pytest.raises(g.InputError):
        score("2024-2", {criterion: 3})


def bodies(*stated: tuple[str | None, str | None, str | None]) -> list[dict[str, Any]]:
    """Organisations by name, number and kind; the first one is the lead and the others stand in several roles."""
    roles = ("lead", "partner", "represented", None)
    return [
        {"name": name, "id": None if number is None else f"NO-BRC-{number}", "kind": kind, "role": roles[i % 4]}
        for i, (name, number, kind) in enumerate(stated)
    ]


TROMSO, BODO, KIND = "940101808", "972418013", "municipality"


@pytest.mark.parametrize(
    ("stated", "points"),
    [
        (bodies(("Tromsø", TROMSO, KIND), ("Bodø", BODO, KIND)), "1"),
        (bodies(("Tromsø", None, KIND), ("Bodø", None, KIND)), "1"),
        (bodies(("Tromsø", TROMSO, KIND), ("Bodø", None, KIND)), "1"),
        (bodies(("Våler", "871034222", KIND), ("Våler", "959272581", KIND)), "1"),
        (bodies((None, TROMSO, KIND), (None, BODO, KIND)), "1"),
        (bodies(("Tromsø", None, KIND), ("UNN", None, "hospital"), ("Bodø", None, KIND)), "1"),
        (bodies(("UNN", None, "hospital"), ("A", None, "company"), ("B", None, KIND), ("C", None, KIND)), "1"),
        (bodies(("Tromsø", TROMSO, KIND)), "0"),
        (bodies(("Tromsø", TROMSO, KIND), ("Tromsø, helse", TROMSO, KIND)), "0"),
        (bodies(("Tromsø", None, KIND), ("Tromsø", None, KIND)), "0"),
        (bodies(("Tromsø", TROMSO, KIND), ("Tromsø", None, KIND)), "0"),
        (bodies(("Tromsø", TROMSO, KIND), ("Bodø", BODO, "region")), "0"),
        ([], "0"),
        (bodies(("Tromsø", TROMSO, KIND), (None, None, KIND)), None),
        (bodies(("Tromsø", TROMSO, KIND), ("Bodø", BODO, None)), None),
        (bodies(("Tromsø", TROMSO, KIND), ("Tromsø", TROMSO, None)), "0"),
        (None, None),
    ],
)
def test_cooperation_is_computed(stated: Any, points: str | None) -> None:
    """Two different municipalities in any role: told apart by id where both state one, else by name."""
    for round in BOTH:
        found = score(round, dict.fromkeys(RATED, 0), organisations=stated)
        assert found is not None
        (cooperation,) = (criterion for criterion in found["criteria"] if criterion["id"] == "cooperation")
        assert (cooperation["points"], cooperation["rating"], cooperation["computed"]) == (points, None, True)


@pytest.mark.parametrize("round", BOTH)
def test_money_goes_by_score_and_the_last_one_may_get_a_part(round: str) -> None:
    """Both allocations go by rank, with nothing taken off, no strands and no order beside the score."""
    allocation = RULES[round].rules.allocation
    assert allocation is not None
    assert allocation.method is g.Method.RANK_PARTIAL_LAST
    assert allocation.order == (g.ByScore(),)
    assert (allocation.parts, allocation.least, allocation.reserve) == ((), None, None)


def test_only_the_second_allocation_looks_at_what_was_awarded_before() -> None:
    """The second allocation reads, and shows, what a project has; the first one has nothing to read."""
    first_time, second_time = (RULES[round].rules.allocation for round in BOTH)
    assert first_time is not None
    assert second_time is not None
    assert first_time.prior is None
    award = g.facts(RULES["2024-2"].rules.application).first_round
    assert second_time.prior == g.when(award.status.is_("awarded")).then(award.awarded).otherwise(g.kr(0))


@pytest.mark.parametrize("round", BOTH)
def test_no_duty_is_known(round: str) -> None:
    """No duty that follows an award was noticed, so none is listed."""
    assert decide(round).conditions == ()
    assert RULES[round].rules.conditions == ()


CRITERIA_CHOSEN = ("benefit", "feasibility", "score.scale", "score.weights", "score.combination")


@pytest.mark.parametrize(
    ("round", "facts", "relied"),
    [
        ("2024-1", {}, ("formal.deadline", "grant.formula")),
        ("2024-1", {"areas": []}, ("formal.deadline",)),
        ("2024-2", {}, ("eligibility.top-up-room", "grant.formula")),
        ("2024-2", {"first_round": first("not_awarded")}, ("grant.formula",)),
        ("2024-2", {"first_round": first("not_applied")}, ()),
    ],
)
def test_assumptions_relied_on_are_named(round: str, facts: dict[str, Any], relied: tuple[str, ...]) -> None:
    """A decision names every assumption it relies on, and none that it does not."""
    assert decide(round, **facts).assumptions == relied
    assert decide(round, {"assessor": "a"}, **facts).assumptions == (*relied, *CRITERIA_CHOSEN)


def test_a_dismissal_says_that_it_is_assumed() -> None:
    """That a late application is dismissed unassessed is told in its letter."""
    decision = decide("2024-1", submitted_at="2024-01-16T00:00")
    assert "stage.formal" in decision.assumption_texts
    assert all("stage.formal" in letter for letter in (decision.explain("da"), decision.explain("nb")))


def test_an_amount_stated_for_a_project_that_was_not_awarded_counts_for_nothing() -> None:
    """Only the status says whether there was an award; an amount beside it does not make one."""
    stated = changed(SOUND["2024-2"], first_round=first("not_awarded", "600000.00"))
    rules = RULES["2024-2"]
    assert rules.decide(rules.read_application(stated)).highest_grant == g.kr("1500000")
