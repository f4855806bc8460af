"""Weights as exact fractions of any total, and an order published in words that they may not contradict."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import grantrules as g
import grantrules_dk_2022_digitale_kompetencer.plugin as digitale_kompetencer
from grantrules.values import LANGUAGES, Language
from tests.pools import RULEBOOKS, TOY
from tests.registry.small import CITED, plugin

from .rounds import criterion, decided, item, rated, rulebook, saved_and_loaded, scored, scoring, text

CALL_2022 = RULEBOOKS["dk_2022_digitale_kompetencer@2022"]
EQUAL = dict.fromkeys((criterion.id for criterion in CALL_2022.rules.scoring.criteria), 1)
"""The criteria of the call of 2022, each weighed the same."""

REASON = text("Vi prøver det af.", "Vi prøver det ut.", "We try it out.")

ORDER = text(
    "Nytte vejer tungest, dernæst planen.",
    "Nytte veier tyngst, deretter planen.",
    "Benefit weighs most, then the plan.",
)
IDS = ("benefit", "plan", "team", "price")


def ordered(groups: tuple[tuple[str, ...], ...], **weights: int) -> g.Scoring:
    """Rated criteria with these weights, and an order in words between some of them."""
    criteria = tuple(criterion(id, weight=Fraction(weight)) for id, weight in weights.items())
    return scoring(*criteria, emphasis=g.Emphasis(groups, ORDER, CITED))


def shares(rules: g.Rulebook) -> Mapping[str, Fraction]:
    """The share of each criterion in the total."""
    found = rules.rules.scoring
    return dict(zip((criterion.id for criterion in found.criteria), found.shares, strict=True))


def contradiction(error: g.PluginError) -> str:
    """The last problem of a refused rulebook, between the nearest groups; all must be about the emphasis."""
    assert {(problem.where, problem.code) for problem in error.problems} == {("score.emphasis", "emphasis")}
    return error.problems[-1].message


# Weights


@pytest.mark.parametrize(
    ("weights", "total"),
    [
        (("40", "30", "30"), 100),
        (("2/5", "3/10", "3/10"), 1),
        (("4", "3", "3"), 10),
        (("4/3", "1", "1"), Fraction(10, 3)),
        (("0.4", "0.3", "0.3"), 1),
    ],
    ids=str,
)
def test_weights_of_any_total_are_the_same_shares(weights: tuple[str, ...], total: int | Fraction) -> None:
    """Percentages, tenths and fractions of one that stand in one proportion are exactly the same shares."""
    criteria = (criterion(id, weight=Fraction(weight)) for id, weight in zip(IDS, weights, strict=False))
    rules = rulebook(scoring(*criteria, weights=g.Weights(g.Weighting.STATED, CITED, Fraction(total))))
    assert shares(rules) == {"benefit": Fraction(2, 5), "plan": Fraction(3, 10), "team": Fraction(3, 10)}
    ratings = [*rated(7), *rated(4, id="plan"), *rated("3.333", id="team")]
    assert scored(rules, *ratings).exact == Fraction(28 + 12) + Fraction(9999, 1000)
    assert shares(saved_and_loaded(rules)) == shares(rules)


def test_equal_weights_of_any_number_are_exact() -> None:
    """Three criteria that weigh the same have a third each: all at the top is exactly 100."""
    rules = rulebook(scoring(*(criterion(id) for id in IDS[:3])))
    assert set(shares(rules).values()) == {Fraction(1, 3)}
    score = scored(rules, *(one for id in IDS[:3] for one in rated(10, id=id)))
    assert score.exact == 100
    assert isinstance(score.exact, Fraction)


WEIGHTS = st.lists(st.integers(0, 60), min_size=2, max_size=4).filter(any)


@settings(max_examples=60)
@given(weights=WEIGHTS, factor=st.fractions(Fraction(1, 1000), 1000), data=st.data())
def test_scaling_all_weights_changes_nothing(weights: list[int], factor: Fraction, data: st.DataObject) -> None:
    """Weights multiplied by one factor give the same shares and the same score, to the last digit."""
    ids = IDS[: len(weights)]
    rules = rulebook(scoring(*(criterion(id) for id in ids)))
    ratings = data.draw(st.lists(st.integers(0, 10), min_size=len(ids), max_size=len(ids)))
    entries = [one for id, rating in zip(ids, ratings, strict=True) for one in rated(rating, id=id)]
    one = rules.with_weights(dict(zip(ids, weights, strict=True)), REASON)
    other = rules.with_weights({id: weight * factor for id, weight in zip(ids, weights, strict=True)}, REASON)
    assert shares(one) == shares(other)
    assert sum(shares(one).values()) == 1
    assert scored(one, *entries) == scored(other, *entries)
    mean = sum(weight * rating for weight, rating in zip(weights, ratings, strict=True))
    assert scored(one, *entries).exact == Fraction(100 * mean, 10 * sum(weights))


def test_other_weights_are_another_rulebook_with_its_reason() -> None:
    """A what-if on weights has a digest of its own, lists its reason as assumed, and leaves the first as it was."""
    digest = CALL_2022.digest
    changed = CALL_2022.with_weights({**EQUAL, "goals": 2, "strengthening": 2, "organisation": 2}, REASON)
    assert len({digest, changed.digest, CALL_2022.with_weights(EQUAL, REASON).digest}) == 3
    assert CALL_2022.digest == digest
    (found,) = [assumption.reason for assumption in changed.assumptions if assumption.id == "score.weights"]
    assert found == REASON
    for language in LANGUAGES:
        assert REASON.to(language) in changed.describe(language)
        decision = changed.decide(changed.read_application({}), [changed.read_assessment({})])
        assert REASON.to(language) in decision.explain(language)
        assert "1/5" in decision.explain(language)


@pytest.mark.parametrize(
    ("weights", "where", "message", "hint"),
    [
        ({"gaols": 1}, "gaols", "there is no such criterion", "did you mean `goals`?"),
        ({"volume": None}, "volume", "it is given no weight", "weigh every criterion"),
    ],
    ids=["unknown", "left-out"],
)
def test_every_criterion_is_weighed_and_no_other(
    weights: Mapping[str, int | None], where: str, message: str, hint: str
) -> None:
    """Weights for a criterion that there is not, or none for one that there is, are refused by name."""
    stated = {id: weight for id, weight in {**EQUAL, **weights}.items() if weight is not None}
    with pytest.raises(g.InputError) as caught:
        CALL_2022.with_weights(stated, REASON)
    assert [(p.where, p.message, p.hint) for p in caught.value.problems] == [(where, message, hint)]


@pytest.mark.parametrize("weights", [(0, 0), (-1, 2), (-1, -1)], ids=str)
def test_weights_below_zero_or_of_nothing_are_refused(weights: tuple[int, int]) -> None:
    """No criterion weighs less than nothing, and something must weigh."""
    rules = rulebook(scoring(criterion("benefit"), criterion("plan")))
    with pytest.raises(g.PluginError) as caught:
        rules.with_weights(dict(zip(IDS, weights, strict=False)), REASON)
    assert {problem.code for problem in caught.value.problems} == {"weights"}


def test_a_criterion_may_weigh_nothing() -> None:
    """A criterion of weight zero is rated and shown, and changes no total."""
    rules = rulebook(scoring(criterion("benefit"), criterion("plan"))).with_weights({"benefit": 5, "plan": 0}, REASON)
    found = [scored(rules, *rated(6), *rated(rating, id="plan")).exact for rating in (0, 10)]
    assert found == [60, 60]


# The order in words


@pytest.mark.parametrize(
    ("groups", "weights"),
    [
        ((("benefit",), ("plan",)), {"benefit": 3, "plan": 2, "team": 1}),
        ((("benefit",), ("plan",)), {"benefit": 2, "plan": 2, "team": 2}),
        ((("benefit", "plan"), ("team",)), {"benefit": 2, "plan": 5, "team": 2, "price": 2}),
        ((("benefit", "plan", "team"),), {"team": 1, "plan": 2, "benefit": 3}),
        ((), {"benefit": 1, "plan": 9}),
        ((("price",), ("team",), ("plan",), ("benefit",)), {"benefit": 1, "plan": 2, "team": 3, "price": 4}),
    ],
    ids=str,
)
def test_weights_that_follow_the_order_pass(groups: tuple[tuple[str, ...], ...], weights: Mapping[str, int]) -> None:
    """Each criterion weighs at least as much as any of a later group; inside a group there is no order."""
    rules = rulebook(ordered(groups, **weights))
    assert shares(rules) == {id: Fraction(weight, sum(weights.values())) for id, weight in weights.items()}


@pytest.mark.parametrize(
    ("groups", "weights", "said"),
    [
        (
            (("benefit",), ("plan",)),
            {"benefit": 2, "plan": 3, "team": 1},
            "`benefit` should weigh at least as much as `plan`, and weighs 1/3 to 1/2",
        ),
        (
            (("benefit", "plan"), ("team",)),
            {"benefit": 5, "plan": 1, "team": 2},
            "`plan` should weigh at least as much as `team`, and weighs 1/8 to 1/4",
        ),
        (
            (("benefit",),),
            {"benefit": 3, "plan": 1, "team": 4},
            "`benefit` should weigh at least as much as `team`, and weighs 3/8 to 1/2",
        ),
        (
            (("benefit",), ("plan",)),
            {"benefit": 100, "plan": 49, "team": 51},
            "`plan` should weigh at least as much as `team`, and weighs 49/200 to 51/200",
        ),
    ],
    ids=["group-by-group", "inside-a-group", "unnamed", "last-group"],
)
def test_weights_against_the_order_are_refused(
    groups: tuple[tuple[str, ...], ...], weights: Mapping[str, int], said: str
) -> None:
    """A round whose weights contradict its order is refused with the two criteria and their shares."""
    with pytest.raises(g.PluginError) as caught:
        rulebook(ordered(groups, **weights))
    assert contradiction(caught.value) == said


def test_equal_weights_contradict_no_order() -> None:
    """The call of 2022 publishes an order and no numbers: equal weights are its neutral default, and pass."""
    assert set(shares(CALL_2022).values()) == {Fraction(1, 7)}
    assert shares(CALL_2022.with_weights(EQUAL, REASON)) == shares(CALL_2022)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"volume": 2}, "`strengthening` should weigh at least as much as `volume`, and weighs 1/8 to 1/4"),
        ({"goals": 0}, "`goals` should weigh at least as much as `volume`, and weighs 0 to 1/6"),
        (
            {"effects": Fraction(11, 10)},
            "`volume` should weigh at least as much as `effects`, and weighs 10/71 to 11/71",
        ),
    ],
    ids=str,
)
def test_a_what_if_against_the_order_is_refused(changed: Mapping[str, Any], said: str) -> None:
    """Other weights that contradict the order of the call are refused with the two criteria, not used in silence."""
    with pytest.raises(g.PluginError) as caught:
        CALL_2022.with_weights({**EQUAL, **changed}, REASON)
    assert contradiction(caught.value) == said


def test_a_what_if_within_the_order_passes() -> None:
    """Weights that put into numbers what the call says in words are taken."""
    weights = {
        "strengthening": 4,
        "goals": 3,
        "organisation": 3,
        "volume": 2,
        "effects": 1,
        "joint": 1,
        "own-financing": 0,
    }
    changed = CALL_2022.with_weights(weights, REASON)
    assert shares(changed) == {id: Fraction(weight, 14) for id, weight in weights.items()}


@settings(max_examples=100)
@given(weights=st.lists(st.integers(0, 3), min_size=4, max_size=4).filter(any), data=st.data())
def test_the_order_holds_or_the_weights_are_refused(weights: list[int], data: st.DataObject) -> None:
    """Weights pass exactly if no criterion of a later group, or of none, weighs more than one of an earlier."""
    named = data.draw(st.lists(st.sampled_from(IDS), unique=True, max_size=4))
    cuts = sorted(data.draw(st.sets(st.integers(1, max(1, len(named) - 1)), max_size=2)))
    groups = tuple(tuple(named[i:j]) for i, j in zip([0, *cuts], [*cuts, len(named)], strict=True) if named[i:j])
    stated = dict(zip(IDS, weights, strict=True))
    place = {id: next((i for i, group in enumerate(groups) if id in group), len(groups)) for id in IDS}
    follows = all(stated[one] >= stated[other] for one, other in permutations(IDS, 2) if place[one] < place[other])
    if follows:
        assert rulebook(ordered(groups, **stated)).rules.scoring.emphasis is not None
        return
    with pytest.raises(g.PluginError, match="should weigh at least as much as"):
        rulebook(ordered(groups, **stated))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_order_is_shown(language: Language) -> None:
    """The order in words is shown in every language, with its source, in the rulebook and wherever scores are."""
    rules = rulebook(ordered((("benefit",), ("plan",)), benefit=3, plan=2, team=1))
    shown = item(rules.document(language), "score.emphasis")
    assert ORDER.to(language) in shown.text
    assert any("The call" in line for line in shown.below)
    explained = " ".join(decided(rules, *rated(5)).explain(language).split())
    assert f"{ORDER.to(language)} " in explained
    assert "[score.emphasis]" in explained
    assert ORDER.to(language) not in decided(rules).explain(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_weights_are_shown_as_stated(language: Language) -> None:
    """The rulebook shows weights as the call states them, a decision the exact share of each in the total."""
    rules = rulebook(ordered((("benefit",),), benefit=50, plan=30, team=20))
    word = {"da": "Vægt", "nb": "Vekt", "en": "Weight"}[language]
    assert f"{word}: 30" in item(rules.document(language), "plan").below
    explained = decided(rules, *rated(5)).explain(language)
    (row,) = [line for line in explained.splitlines() if line.strip().startswith("plan ")]
    assert "3/10" in row


def test_the_order_stays_with_stored_decisions() -> None:
    """A decision that was stored is explained with the order in words, as it was when it was made."""
    rules = rulebook(ordered((("benefit",),), benefit=2, plan=1))
    decision = decided(rules, *rated(5), *rated(5, id="plan"))
    stored = rules.read_decision(decision.to_dict())
    for language in LANGUAGES:
        assert ORDER.to(language) in stored.explain(language)


def test_a_saved_order_still_refuses() -> None:
    """A round that was saved and loaded keeps its order in words, and weighs it against other weights as before."""
    loaded = saved_and_loaded(CALL_2022)
    assert loaded.rules.scoring == CALL_2022.rules.scoring
    with pytest.raises(g.PluginError) as caught:
        loaded.with_weights({**EQUAL, "volume": 2}, REASON)
    assert "`volume`" in contradiction(caught.value)
    toy = saved_and_loaded(TOY)
    assert (toy.rules.scoring, toy.digest) == (TOY.rules.scoring, TOY.digest)


def test_another_order_is_another_rulebook() -> None:
    """The order in words is a part of the rules: another one, or none, has another digest."""
    weights = {"benefit": 3, "plan": 2, "team": 1}
    orders = ((("benefit",),), (("benefit", "plan"),), (("benefit",), ("plan",)), ())
    books = [rulebook(ordered(groups, **weights)) for groups in orders]
    assert len({book.digest for book in books}) == len(orders)


def test_criteria_of_an_extension_come_last() -> None:
    """A criterion that an extension adds is in no group: it may weigh as much as the last one named, and no more."""
    extension = plugin("greener", scoring=g.Scoring((criterion("green"),)))
    extended = g.Registry.of(digitale_kompetencer, extension).rulebook(CALL_2022.pool.id, "2022")
    assert set(shares(extended).values()) == {Fraction(1, 8)}
    weights = {**EQUAL, "strengthening": 3, "goals": 3, "organisation": 3, "volume": 2}
    assert shares(extended.with_weights({**weights, "green": 2}, REASON))["green"] == Fraction(1, 8)
    with pytest.raises(g.PluginError) as caught:
        extended.with_weights({**weights, "green": 3}, REASON)
    said = "`volume` should weigh at least as much as `green`, and weighs 2/17 to 3/17"
    assert contradiction(caught.value) == said
