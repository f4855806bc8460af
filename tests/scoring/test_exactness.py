"""Weights and thresholds are exact, whatever they are written as; what cannot be is refused by rule and place."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

import grantrules as g
from tests.pools import RULEBOOKS

from .rounds import criterion, decided, rated, rulebook, scored, scoring, text

ASSUMED = g.Assumed(text("antaget", "antatt", "assumed"))
WHY = text("en prøve", "en prøve til", "a trial")
DIGITAL = RULEBOOKS["dk_2022_digitale_kompetencer@2022"]
CRITERIA = [found.id for found in DIGITAL.rules.scoring.criteria]


def weighed(*weights: Any, **parts: Any) -> g.Scoring:
    """Two criteria with these weights."""
    stated = g.Weights(g.Weighting.STATED, ASSUMED, total=parts.pop("total", Fraction(1)))
    pair = (criterion(id, weight=weight) for id, weight in zip(("benefit", "plan"), weights, strict=True))
    return scoring(*pair, weights=stated, **parts)


def test_whole_numbers_as_weights_stay_exact() -> None:
    """40 and 60 of 100 are two fifths and three fifths, and no binary float comes of them."""
    given = weighed(40, 60, total=100)
    assert given.shares == (Fraction(2, 5), Fraction(3, 5))
    assert all(type(share) is Fraction for share in given.shares)
    assert type(scored(rulebook(given), *rated(9), *rated(3, id="plan")).exact) is Fraction


@pytest.mark.parametrize("weight", [0.5, "1/2", True, Decimal("0.5"), None])
def test_a_weight_that_is_not_exact_is_refused_by_name(weight: Any) -> None:
    """A what-if with a weight that is no whole number and no fraction names the criterion."""
    weights = {**dict.fromkeys(CRITERIA, 1), "volume": weight}
    with pytest.raises(g.InputError, match="volume: expected an exact weight"):
        DIGITAL.with_weights(weights, WHY)


def test_weights_that_are_all_zero_are_refused() -> None:
    """Nothing can be weighed by nothing; the order in words is not asked then."""
    with pytest.raises(g.PluginError) as caught:
        DIGITAL.with_weights(dict.fromkeys(CRITERIA, 0), WHY)
    assert [problem.code for problem in caught.value.problems] == ["weights"]


def test_a_what_if_gives_its_reason() -> None:
    """Weights without a reason are refused."""
    with pytest.raises(g.PluginError, match=r"score\.weights: basis\.da: the text is empty"):
        DIGITAL.with_weights(dict.fromkeys(CRITERIA, 1), g.Text("", "", ""))


@pytest.mark.parametrize("budget", [Decimal("NaN"), Decimal("Infinity"), None, 2000000, Decimal("0.001")])
def test_a_what_if_with_a_budget_that_is_no_amount(budget: Any) -> None:
    """Another budget is an amount, for a round with strands too."""
    for name in ("toy", "no_helseteknologi@2024-2"):
        with pytest.raises(g.GrantrulesError, match="budget: expected a"):
            RULEBOOKS[name].with_values(budget=budget)


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        ((("benefit",), (), ("plan",)), "expected ids of criteria, got `[]`"),
        (("benefit", "plan"), "expected ids of criteria, got `benefit`"),
    ],
)
def test_an_emphasis_is_made_of_groups_of_ids(groups: Any, said: str) -> None:
    """A group without a criterion, or written as a text, is refused."""
    given = weighed(Fraction(1, 3), Fraction(2, 3), emphasis=g.Emphasis(groups, WHY, ASSUMED))
    with pytest.raises(g.PluginError) as caught:
        rulebook(given)
    assert said in str(caught.value)


def test_an_emphasis_holds_between_groups_that_are_not_neighbours() -> None:
    """The first group weighs at least as much as the third, whatever stands between them."""
    stated = g.Weights(g.Weighting.STATED, ASSUMED, total=Fraction(10))
    weights = {"benefit": 3, "plan": 3, "reach": 4}
    three = (criterion(id, weight=Fraction(weight)) for id, weight in weights.items())
    emphasis = g.Emphasis((("benefit",), ("plan",), ("reach",)), WHY, ASSUMED)
    with pytest.raises(g.PluginError, match="`benefit` should weigh at least as much as `reach`"):
        rulebook(scoring(*three, weights=stated, emphasis=emphasis))


def test_a_letter_shows_what_two_decimals_would_hide() -> None:
    """A total a hair below the threshold is shown exactly beside it."""
    given = scoring(criterion("benefit"), threshold=g.Threshold(Fraction(60), ASSUMED))
    letter = decided(rulebook(given), *rated("5.999", "6", "6")).explain("en")
    assert "The threshold of 60 is not reached: 17999/300 [score.threshold]" in letter
