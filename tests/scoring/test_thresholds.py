"""Lowest scores: of a criterion and in total, held against exact numbers and decided no sooner than they surely are."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import grantrules as g
from grantrules.findings import ThresholdFinding
from grantrules.values import LANGUAGES, Language, Truth
from tests.registry.small import ASSUMED, CITED

from .rounds import a, criterion, decided, item, rated, rulebook, saved_and_loaded, scored, scoring

BENEFIT = criterion("benefit", threshold=Fraction(5, 2))
PLAN = criterion("plan")
REACHED = criterion("reached", computed=g.Linear(a.people_reached, none=100, full=500), threshold=Fraction(1, 3))
VOLUNTEERS = criterion("volunteers", computed=a.volunteers.is_(True), threshold=Fraction(1))

TOTAL = "score.threshold"


def total(least: int | Fraction) -> g.Threshold:
    """A lowest total, cited."""
    return g.Threshold(Fraction(least), CITED)


OWN_LEAST = rulebook(scoring(BENEFIT, PLAN, REACHED, VOLUNTEERS))
"""Three of four criteria have a lowest score of their own."""

IN_TOTAL = rulebook(scoring(criterion("benefit"), PLAN, threshold=total(60)))
"""Two criteria that weigh the same, and at least 60 out of 100 together."""


def held(rules: g.Rulebook, *assessments: Mapping[str, Any], **facts: Any) -> dict[str, tuple[Fraction | None, Truth]]:
    """What was held against each threshold, and whether it reaches it."""
    found = scored(rules, *assessments, **facts).thresholds
    assert all(isinstance(finding.least, Fraction) for finding in found)
    assert all(isinstance(finding.found, Fraction | None) for finding in found)
    return {finding.id: (finding.found, finding.holds) for finding in found}


@pytest.mark.parametrize(
    ("ratings", "found", "holds"),
    [
        (("2.5",), Fraction(5, 2), True),
        (("2.499",), Fraction(2499, 1000), False),
        (("2.501",), Fraction(2501, 1000), True),
        ((2, 3), Fraction(5, 2), True),
        ((2, 2, 3), Fraction(7, 3), False),
        (("2.499", "2.5", "2.501"), Fraction(5, 2), True),
        (("2.499", "2.499", "2.501"), Fraction(7499, 3000), False),
        ((0,), Fraction(0), False),
        ((10,), Fraction(10), True),
        ((), None, None),
    ],
    ids=str,
)
def test_the_threshold_of_a_rated_criterion(ratings: Sequence[str | int], found: Fraction | None, holds: Truth) -> None:
    """The exact combined rating is held against it: it is reached at the least rating, not the smallest step below."""
    assert held(OWN_LEAST, {}, *rated(*ratings))["benefit"] == (found, holds)


@pytest.mark.parametrize(
    ("people", "found", "holds"),
    [
        (233, Fraction(133, 400), False),
        (234, Fraction(67, 200), True),
        (0, Fraction(0), False),
        (500, Fraction(1), True),
        (None, None, None),
    ],
)
def test_the_threshold_of_computed_points(people: int | None, found: Fraction | None, holds: Truth) -> None:
    """Where points are computed it is a share of them, and undetermined while the fact is missing."""
    assert held(OWN_LEAST, {}, people_reached=people)["reached"] == (found, holds)


@pytest.mark.parametrize(("stated", "expected"), [(True, (1, True)), (False, (0, False)), (None, (None, None))])
def test_the_threshold_of_a_yes_or_no(stated: bool | None, expected: tuple[int | None, Truth]) -> None:
    """A yes or no that must be a yes can be a threshold too."""
    assert held(OWN_LEAST, {}, volunteers=stated)["volunteers"] == expected


def test_only_criteria_with_a_threshold_are_held_against_one() -> None:
    """Each threshold is reported once, in the order of the criteria, and the total last; none where there is none."""
    rules = rulebook(scoring(PLAN, BENEFIT, REACHED, threshold=total(10)))
    assert [finding.id for finding in scored(rules, {}).thresholds] == ["benefit", "reached", TOTAL]
    assert scored(rulebook(scoring(PLAN)), {}).thresholds == ()


@pytest.mark.parametrize(
    ("benefit", "plan", "found", "holds"),
    [
        (("6",), ("6",), Fraction(60), True),
        (("5.999",), ("6",), Fraction(11_999, 200), False),
        (("6.001",), ("6",), Fraction(12_001, 200), True),
        (("2",), ("10",), Fraction(60), True),
        (("0",), ("10",), Fraction(50), False),
    ],
    ids=str,
)
def test_the_threshold_in_total(benefit: Sequence[str], plan: Sequence[str], found: Fraction, holds: bool) -> None:
    """The total is reached at the least total, and not the smallest step of a rating below it."""
    given_ratings = [*rated(*benefit), *rated(*plan, id="plan")]
    assert held(IN_TOTAL, *given_ratings) == {TOTAL: (found, holds)}


def test_a_total_that_is_rounded_up_to_the_threshold_does_not_reach_it() -> None:
    """The exact total is held against the threshold, not the two decimals that are shown of it."""
    ratings = rated(*["6"] * 5, "5.999")
    score = scored(IN_TOTAL, *ratings, *rated("6", id="plan"))
    assert str(score.total) == "60.00"
    assert score.exact == Fraction(60) - Fraction(1, 1200)
    assert [finding.holds for finding in score.thresholds] == [False]


@pytest.mark.parametrize(
    ("benefit", "plan", "holds"),
    [
        ((), (), None),
        (("1.999",), (), False),
        (("2",), (), None),
        (("10",), (), None),
        ((), ("1.999",), False),
        (("10",), ("2",), True),
        (("10",), ("0",), False),
    ],
    ids=str,
)
def test_the_total_is_decided_as_soon_as_it_surely_is(
    benefit: Sequence[str], plan: Sequence[str], holds: Truth
) -> None:
    """While a rating is missing it is undetermined, but not once even the top of the scale could not reach it."""
    given_ratings = [*rated(*benefit), *rated(*plan, id="plan")]
    found, decided_now = held(IN_TOTAL, {}, *given_ratings)[TOTAL]
    assert decided_now is holds
    assert (found is None) is not (bool(benefit) and bool(plan))


def test_the_total_is_decided_once_it_is_surely_reached() -> None:
    """A total that is reached with everything missing at the bottom is reached, although nobody knows it exactly."""
    heavy, light = criterion("benefit", weight=Fraction(90)), criterion("plan", weight=Fraction(10))
    rules = rulebook(scoring(heavy, light, threshold=total(81)))
    for rating, holds in (("9", True), ("8.999", None), ("7.889", None), ("7.888", False)):
        assert held(rules, *rated(rating)) == {TOTAL: (None, holds)}, rating


def test_what_weighs_nothing_keeps_no_total_open() -> None:
    """A missing rating that weighs nothing leaves the total exact for the threshold, though the rating is asked for."""
    rules = rulebook(
        scoring(criterion("benefit", weight=Fraction(1)), criterion("plan", weight=Fraction(0)), threshold=total(60))
    )
    assert held(rules, *rated(6)) == {TOTAL: (Fraction(60), True)}


def test_a_threshold_of_a_third_is_exact() -> None:
    """A threshold that no decimal number can express is reached exactly where the total is that fraction."""
    thirds = tuple(criterion(id, weight=Fraction(1, 3)) for id in ("benefit", "plan", "team"))
    rules = rulebook(scoring(*thirds, threshold=total(Fraction(100, 3))))
    others = [*rated(0, id="plan"), *rated(0, id="team")]
    assert held(rules, *rated(10), *others) == {TOTAL: (Fraction(100, 3), True)}
    assert held(rules, *rated("9.999"), *others)[TOTAL][1] is False


def test_missing_facts_keep_the_total_open() -> None:
    """A computed criterion whose fact is missing keeps the total open just as a rating does."""
    rules = rulebook(scoring(PLAN, criterion("reached", computed=REACHED.computed), threshold=total(75)))
    plan = rated(8, id="plan")
    assert held(rules, *plan) == {TOTAL: (None, None)}
    assert held(rules, *rated("4.999", id="plan")) == {TOTAL: (None, False)}
    assert held(rules, *plan, people_reached=380) == {TOTAL: (Fraction(75), True)}
    assert held(rules, *plan, people_reached=379) == {TOTAL: (Fraction(75) - Fraction(1, 8), False)}


def test_conflicted_assessors_reach_nothing() -> None:
    """Ratings of an assessor with a conflict of interest do not help over a threshold."""
    conflicted = [{**one, "conflict_of_interest": True} for one in rated(10)]
    assert held(OWN_LEAST, *rated(2), *conflicted)["benefit"] == (Fraction(2), False)
    assert held(OWN_LEAST, {}, *conflicted)["benefit"] == (None, None)


def test_thresholds_decide_no_outcome() -> None:
    """An application below a threshold is eligible all the same: whether it can be funded is said at the allocation."""
    low = decided(OWN_LEAST, *rated(0), people_reached=0, volunteers=False)
    assert low.score is not None
    assert [finding.holds for finding in low.score.thresholds] == [False, False, False]
    assert low.outcome is g.Outcome.ELIGIBLE
    assert low.highest_grant is not None
    assert low.highest_grant > 0


def test_thresholds_are_stored_and_read_back() -> None:
    """A stored decision holds each threshold exactly, with what was held against it, and is read back the same."""
    rules = rulebook(scoring(BENEFIT, PLAN, REACHED, threshold=total(Fraction(200, 3))))
    decision = decided(rules, *rated(2, 2, 3), people_reached=300)
    assert decision.to_dict()["score"]["thresholds"] == [
        {"id": "benefit", "least": "5/2", "found": "7/3", "holds": False},
        {"id": "reached", "least": "1/3", "found": "1/2", "holds": True},
        {"id": TOTAL, "least": "200/3", "found": None, "holds": False},
    ]
    read = rules.read_decision(decision.to_dict())
    assert read.score == decision.score
    assert all(read.explain(language) == decision.explain(language) for language in LANGUAGES)


def test_saved_thresholds_hold_alike() -> None:
    """A round that was saved and loaded keeps every threshold; another threshold is another rulebook."""
    given_scoring = scoring(BENEFIT, REACHED, threshold=total(Fraction(200, 3)))
    rules = rulebook(given_scoring)
    loaded = saved_and_loaded(rules)
    assert loaded.rules.scoring == given_scoring
    assert held(loaded, *rated(9), people_reached=300) == held(rules, *rated(9), people_reached=300)
    others = [
        rulebook(scoring(BENEFIT, REACHED)),
        rulebook(scoring(BENEFIT, REACHED, threshold=total(Fraction(201, 3)))),
        rulebook(scoring(criterion("benefit"), REACHED, threshold=total(Fraction(200, 3)))),
    ]
    assert len({book.digest for book in (rules, loaded, *others)}) == 4


@pytest.mark.parametrize(
    ("language", "own", "whole"),
    [
        ("da", "Tærskel: mindst 2,5", "Samlet tærskel: mindst 66,67 af 100 point."),
        ("nb", "Terskel: minst 2,5", "Samlet terskel: minst 66,67 av 100 poeng."),
        ("en", "Threshold: at least 2.5", "Threshold in total: at least 66.67 out of 100 points."),
    ],
)
def test_the_rulebook_shows_thresholds(language: Language, own: str, whole: str) -> None:
    """The rulebook shows the threshold of a criterion with the criterion, and the one in total with its source."""
    rules = rulebook(scoring(BENEFIT, PLAN, threshold=total(Fraction(200, 3))))
    document = rules.document(language)
    assert own in item(document, "benefit").below
    assert not any("skel" in line or "hreshold" in line for line in item(document, "plan").below)
    shown = item(document, TOTAL)
    assert whole in shown.text
    assert any("The call" in line for line in shown.below)


@pytest.mark.parametrize(
    ("language", "reached", "not_reached", "open_"),
    [
        ("da", "Tærsklen på 2,5 er nået: 3", "Tærsklen på 0,33 er ikke nået: 0,25", "Om tærsklen på 60 nås"),
        ("nb", "Terskelen på 2,5 er nådd: 3", "Terskelen på 0,33 er ikke nådd: 0,25", "Om terskelen på 60 nås"),
        (
            "en",
            "threshold of 2.5 is reached: 3",
            "threshold of 0.33 is not reached: 0.25",
            "threshold of 60 is reached",
        ),
    ],
)
def test_a_decision_shows_thresholds(language: Language, reached: str, not_reached: str, open_: str) -> None:
    """A decision says of every threshold whether it is reached, is not, or is not decided yet, and with what."""
    rules = rulebook(scoring(BENEFIT, PLAN, REACHED, threshold=total(60)))
    document = decided(rules, *rated(3), people_reached=200).document(language)
    assert reached in item(document, "benefit").text
    assert not_reached in item(document, "reached").text
    # The rest could still bring it there: 3 of 10, a quarter, and at most all of the plan.
    assert item(decided(rules, *rated(10), people_reached=200).document(language), TOTAL).text.find(open_) >= 0


def test_an_assumed_threshold_is_listed_with_the_assumptions() -> None:
    """A threshold that no call states is among the assumptions of the rulebook and of every decision with a score."""
    rules = rulebook(scoring(criterion("benefit"), threshold=g.Threshold(Fraction(50), ASSUMED)))
    assert TOTAL in [assumption.id for assumption in rules.assumptions]
    assert TOTAL in decided(rules, *rated(9)).assumptions
    assert TOTAL not in decided(rules).assumptions


@settings(max_examples=60)
@given(
    benefit=st.lists(st.integers(0, 10), max_size=3),
    plan=st.lists(st.integers(0, 10), max_size=3),
    more=st.integers(0, 10),
    least=st.fractions(0, 100, max_denominator=12),
)
def test_what_is_decided_stays_decided(benefit: list[int], plan: list[int], more: int, least: Fraction) -> None:
    """Whatever the missing rating turns out to be, a total decided without it stays as it was decided."""
    rules = rulebook(scoring(criterion("benefit"), PLAN, threshold=total(least)))
    given_ratings = [*rated(*benefit), *rated(*plan, id="plan")]
    before = scored(rules, {}, *given_ratings)
    (decided_before,) = before.thresholds
    assert decided_before.holds is (True if before.low >= least else False if before.high < least else None)
    missing = [id for id, ratings in (("benefit", benefit), ("plan", plan)) if not ratings]
    after = scored(rules, {}, *given_ratings, *(one for id in missing for one in rated(more, id=id)))
    (decided_after,) = after.thresholds
    assert after.exact is not None
    assert decided_after == ThresholdFinding(TOTAL, least, after.exact, after.exact >= least)
    assert decided_before.holds in (None, decided_after.holds)
