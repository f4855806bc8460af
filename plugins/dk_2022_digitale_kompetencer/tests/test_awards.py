"""Highest grant, score, allocation, conditions and assumptions of the pool."""

from fractions import Fraction
from typing import Any

import pytest

import grantrules as g
from grantrules_dk_2022_digitale_kompetencer.application import DigitaleKompetencer

from .build import ROUNDS, RULES, decide, organisations


@pytest.mark.parametrize("round", ROUNDS)
@pytest.mark.parametrize(
    ("requested", "grant"),
    [
        ("0.00", "0.00"),
        ("400000.00", "400000.00"),
        ("1999999.99", "1999999.99"),
        ("2000000.00", "2000000.00"),
        ("2000000.01", "2000000.00"),
        ("999999999999.99", "2000000.00"),
        (None, None),
    ],
)
def test_the_highest_grant_is_the_request_or_the_budget(round: str, requested: Any, grant: str | None) -> None:
    """Nobody is granted more than applied for, nor more than the round has."""
    assert decide(round=round, requested=requested).to_dict()["highest_grant"] == grant


@pytest.mark.parametrize(
    "facts", [{"costs": None}, {"costs": [{"id": "c1"}]}, {"funding": None}, {"signed": None}, {"funding": []}]
)
def test_the_highest_grant_asks_for_nothing_else(facts: dict[str, Any]) -> None:
    """Costs, funding and open rules do not touch the formula."""
    assert decide(**facts).highest_grant == g.kr("400000")


@pytest.mark.parametrize("facts", [{"signed": False}, {"primary_aim": False}, {"signed": False, "requested": None}])
def test_a_refused_application_is_granted_nothing(facts: dict[str, Any]) -> None:
    """The highest grant of a dismissed or ineligible application is zero, even with facts missing."""
    assert decide(**facts).to_dict()["highest_grant"] == "0.00"


def test_another_budget_is_a_what_if() -> None:
    """The formula reads the budget of the round by name."""
    less = RULES["2023"].with_values(budget=g.kr("300000"))
    application = less.read_application({"requested": "400000.00"})
    assert less.decide(application).highest_grant == g.kr("300000")


@pytest.mark.parametrize("round", ROUNDS)
def test_every_budget_line_is_eligible(round: str) -> None:
    """No rule takes anything, whatever the category, the date or the VAT; the letter says that nothing is regulated."""
    lines = [
        {"id": "c1", "category": "udstyr", "amount": "100.00", "vat": "25.00", "vat_recoverable": True},
        {"id": "c2", "amount": "10.50", "vat": "0.00", "incurred_on": "2199-12-31"},
    ]
    decision = decide(round=round, costs=lines)
    costs = decision.to_dict()["costs"]
    assert [costs[name] for name in ("claimed", "eligible", "disallowed", "undetermined")] == [
        *("135.50", "135.50"),
        *("0.00", "0.00"),
    ]
    assert RULES[round].rules.cost_rules == ()
    assert "does not regulate costs" in decision.explain("en")


def test_a_line_without_vat_is_not_summed() -> None:
    """VAT that is not stated is never taken as zero, although no rule reads it."""
    costs = decide(costs=[{"id": "c1", "amount": "100.00"}]).to_dict()["costs"]
    assert (costs["claimed"], costs["lines"][0]["eligible"]) == (None, None)


RATED = ("strengthening", "goals", "organisation", "volume", "effects")


def score(*ratings: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """The score for the ratings of some assessors."""
    found = decide(*({"assessor": str(i), "ratings": given} for i, given in enumerate(ratings)), **facts).to_dict()
    assert isinstance(found["score"], dict)
    return found["score"]


ALONE: dict[str, Any] = {"organisations": organisations(("region", "lead")), "funding": []}


@pytest.mark.parametrize(
    ("ratings", "facts", "exact", "total"),
    [
        (dict.fromkeys(RATED, 5), {}, "100", "100.00"),
        (dict.fromkeys(RATED, 0), {}, "200/7", "28.57"),
        (dict.fromkeys(RATED, 0), {"funding": []}, "100/7", "14.29"),
        (dict.fromkeys(RATED, 0), ALONE, "0", "0.00"),
        (dict.fromkeys(RATED, 5), ALONE, "500/7", "71.43"),
        (dict.fromkeys(RATED, "2.5"), ALONE, "250/7", "35.71"),
        *(({**dict.fromkeys(RATED, 0), criterion: 5}, ALONE, "100/7", "14.29") for criterion in RATED),
    ],
)
def test_the_score_is_the_mean_of_seven(ratings: dict[str, Any], facts: dict[str, Any], exact: str, total: str) -> None:
    """Seven criteria weigh the same; a rating counts as its share of five, a computed one as all or nothing."""
    found = score(ratings, **facts)
    assert (found["exact"], found["total"], found["low"], found["high"]) == (exact, total, total, total)
    assert [Fraction(criterion["weight"]) for criterion in found["criteria"]] == [Fraction(1, 7)] * 7


def test_ratings_of_several_assessors_are_averaged() -> None:
    """A criterion counts with the exact mean of the ratings given."""
    found = {c["id"]: c for c in score({"goals": 1, "volume": 5}, {"goals": 2}, {"goals": 2})["criteria"]}
    assert (found["goals"]["rating"], found["goals"]["points"], found["goals"]["ratings"]) == ("5/3", "1/3", 3)
    assert found["volume"]["rating"] == "5"


def computed(criterion: str, **facts: Any) -> str | None:
    """The points of a computed criterion."""
    (found,) = (c for c in score({}, **facts)["criteria"] if c["id"] == criterion)
    assert (found["computed"], found["rating"]) == (True, None)
    points = found["points"]
    assert points is None or isinstance(points, str)
    return points


@pytest.mark.parametrize("round", ROUNDS)
@pytest.mark.parametrize(
    ("stated", "points"),
    [
        (organisations(("region", "lead"), ("municipality", "partner")), "1"),
        (organisations(("region", "lead"), ("education", "partner")), "1"),
        (organisations(("municipality", "lead"), ("education", "represented")), "1"),
        (organisations(("region", "partner"), ("municipality", "represented"), ("education", "lead")), "1"),
        (organisations(("region", "lead"), ("region", "partner")), "0"),
        (organisations(("region", "lead")), "0"),
        (organisations(("municipality", "lead"), ("hospital", "partner")), "0"),
        (organisations(("hospital", "lead"), ("patient_association", "partner"), ("state", "partner")), "0"),
        (organisations(("company", "lead"), ("region", "partner"), ("education", "partner")), "1"),
        (organisations(("region", None), ("municipality", None)), "1"),
        (organisations(("region", "lead"), (None, "partner")), None),
        (organisations(("region", "lead"), ("municipality", "lead"), (None, "partner")), "1"),
        (organisations(("hospital", "lead"), ("hospital", "partner")), "0"),
        (organisations(("hospital", "lead"), (None, "partner")), None),
        (organisations((None, "lead"), (None, "partner")), None),
        ([], "0"),
        (None, None),
    ],
)
def test_two_of_three_kinds_stand_behind(round: str, stated: Any, points: str | None) -> None:
    """
    Two of region, municipality and education body in any role; a hospital or an association counts as none.

    Each kind is asked for by itself, so one organisation of unknown kind leaves all three open.
    """
    assert computed("joint", round=round, organisations=stated) == points


def funding(*rows: tuple[str | None, str | None, str | None]) -> list[dict[str, Any]]:
    """Funding by source, form and amount."""
    return [{"source": source, "form": form, "amount": amount} for source, form, amount in rows]


@pytest.mark.parametrize(
    ("stated", "points"),
    [
        (funding(("own", "cash", "0.01")), "1"),
        (funding(("own", "in_kind", "0.01")), "1"),
        (funding(("own", None, "100.00")), "1"),
        (funding(("own", "cash", "0.00")), "0"),
        (funding(("own", "cash", "0.00"), ("own", "in_kind", "5.00")), "1"),
        (funding(("public", "cash", "100.00"), ("private", "cash", "100.00")), "0"),
        ([], "0"),
        (funding(("own", "cash", None)), None),
        (funding((None, "cash", "100.00")), None),
        (None, None),
    ],
)
def test_own_financing_above_zero_counts(stated: Any, points: str | None) -> None:
    """An øre of the applicant's own is enough, in cash or in kind; other people's money is not its own."""
    assert computed("own-financing", funding=stated) == points


REASON = g.Text("Prøve.", "Prøve!", "A trial.")
EQUAL = dict.fromkeys((*RATED, "joint", "own-financing"), 1)


@pytest.mark.parametrize(
    "weights",
    [
        EQUAL,
        {**EQUAL, "strengthening": 3, "goals": 3, "organisation": 3, "volume": 2},
        {**EQUAL, "strengthening": 4, "goals": 3, "organisation": 2, "volume": 2},
        {**EQUAL, "effects": 0, "joint": 0, "own-financing": 0},
    ],
)
@pytest.mark.parametrize("round", ROUNDS)
def test_weights_that_follow_the_words_are_taken(round: str, weights: dict[str, int]) -> None:
    """Any weights that keep the published order may be tried."""
    tried = RULES[round].with_weights(weights, REASON)
    assert tried.rules.scoring.shares[0] == Fraction(weights["strengthening"], sum(weights.values()))


@pytest.mark.parametrize(
    "weights",
    [
        *({**EQUAL, "strengthening": 3, "goals": 3, "organisation": 3, low: 1, "volume": 4} for low in ("effects",)),
        *({**EQUAL, heavy: 0, "volume": 1} for heavy in ("strengthening", "goals", "organisation")),
        *({**EQUAL, light: 2} for light in ("effects", "joint", "own-financing")),
        {**EQUAL, "volume": 2},
        {**EQUAL, "strengthening": 3, "goals": 3, "organisation": 3, "effects": 2},
    ],
)
def test_weights_against_the_words_are_refused(weights: dict[str, int]) -> None:
    """Weights that contradict the order published in words are no reading of the call."""
    with pytest.raises(g.PluginError):
        RULES["2022"].with_weights(weights, REASON)


def test_the_emphasis_is_an_order() -> None:
    """Three criteria come first, volume next, and the rest is not named."""
    emphasis = RULES["2022"].rules.scoring.emphasis
    assert emphasis is not None
    assert emphasis.groups == (("strengthening", "goals", "organisation"), ("volume",))


@pytest.mark.parametrize("round", ROUNDS)
def test_money_goes_by_score_within_intervals(round: str) -> None:
    """As many as possible get their smallest grant by rank; without one, what they applied for is the least."""
    allocation = RULES[round].rules.allocation
    assert allocation is not None
    assert (allocation.method, allocation.order) == (g.Method.INTERVALS, (g.ByScore(),))
    a = g.facts(DigitaleKompetencer)
    smallest = g.when(g.known(a.requested_minimum)).then(a.requested_minimum).otherwise(a.requested)
    assert allocation.least == smallest
    assert allocation.least != a.requested
    assert (allocation.prior, allocation.reserve, allocation.parts) == (None, None, ())


@pytest.mark.parametrize("round", ROUNDS)
def test_two_duties_always_follow(round: str) -> None:
    """Audited accounts and a final report follow every award, and wait for no fact."""
    duties = ("condition.audited-accounts", "condition.final-report")
    assert decide(round=round).conditions == duties
    assert decide(round=round, signed=False).conditions == duties
    assert RULES[round].decide(RULES[round].read_application({})).conditions == duties


BASE = ["formal.deadline", "formal.responsible-party", "grant.formula"]
SCORED = ["joint", "score.scale", "score.weights", "score.combination"]
IN_KIND = funding(("own", "in_kind", "100.00"))


@pytest.mark.parametrize(
    ("assessments", "facts", "assumptions"),
    [
        ((), {}, BASE),
        (({"assessor": "a"},), {}, BASE + SCORED),
        ((), {"requested_minimum": "1.00"}, [*BASE[:2], "eligibility.request-interval", *BASE[2:]]),
        ((), {"funding": IN_KIND}, [*BASE, "funding.in-kind"]),
        ((), {"funding": funding(("public", "in_kind", "5.00"))}, BASE),
        ((), {"funding": funding(("own", "in_kind", None))}, [*BASE, "funding.in-kind"]),
        ((), {"signed": False}, BASE[:2]),
        ((), {"primary_aim": False}, BASE[:2]),
    ],
)
def test_assumptions_relied_on_are_named(assessments: Any, facts: dict[str, Any], assumptions: list[str]) -> None:
    """A decision of 2022 names every assumption it relies on, and none that it does not."""
    assert list(decide(*assessments, **facts).assumptions) == assumptions


def test_in_2023_every_rule_is_relied_on_as_carried_over() -> None:
    """Without the call of 2023, what is cited from the call of 2022 is an assumption too."""
    rules = RULES["2023"].rules
    decision = decide({"assessor": "a"}, round="2023", requested_minimum="1.00", funding=IN_KIND)
    cited = {rule.id for rule in rules.rules} - {"allocation.method"}
    parts = {"score.scale", "score.weights", "score.combination", "score.emphasis", "funding.in-kind"}
    assert set(decision.assumptions) == cited | parts
    assert "Opslaget for 2023 foreligger ikke" in decision.explain("da")
    assert "Opslaget for 2023" not in decide({"assessor": "a"}).explain("da")
