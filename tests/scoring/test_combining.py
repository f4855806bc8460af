"""Several assessors, one rating: mean, median, what was agreed on, and the mean without the ends."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import grantrules as g
from grantrules.assessments import combined_rating
from grantrules.values import LANGUAGES, Language

from .rounds import (
    BENEFIT,
    PLAN,
    TOP,
    VOLUNTEERS,
    decided,
    ends,
    item,
    rated,
    rulebook,
    saved_and_loaded,
    scored,
    scoring,
)

ROUNDS: Mapping[g.Combining, g.Rulebook] = {
    combining: rulebook(scoring(BENEFIT, PLAN, combining=combining)) for combining in g.Combining
}
"""A round for each way to combine: two criteria rated from 0 to 10, that weigh the same."""

OTHERS = [combining for combining in g.Combining if combining is not g.Combining.CONSENSUS]

EVERY_WAY = pytest.mark.parametrize("combining", g.Combining, ids=lambda combining: combining.value)


def rating(combining: g.Combining, *ratings: str | int | None, agreed: bool = False) -> Fraction | None:
    """What the ratings of one criterion become; `None` in place of a rating is an assessor who left it out."""
    stated = [{**one, "consensus": True} if agreed else one for one in rated(*ratings)]
    return scored(ROUNDS[combining], *stated).criteria[0].rating


@pytest.mark.parametrize(
    ("ratings", "expected"),
    [
        ((7,), Fraction(7)),
        ((0,), Fraction(0)),
        ((4, 5), Fraction(9, 2)),
        ((2, 2, 3), Fraction(7, 3)),
        (("3.333", "3.334", 0), Fraction(6667, 3000)),
        ((0, None, 10), Fraction(5)),
    ],
    ids=str,
)
def test_the_mean_is_exact(ratings: Sequence[str | int | None], expected: Fraction) -> None:
    """The mean of the ratings given is an exact fraction; whoever left the criterion out does not count as zero."""
    assert rating(g.Combining.MEAN, *ratings) == expected


@pytest.mark.parametrize(
    ("ratings", "expected"),
    [
        ((7,), Fraction(7)),
        ((9, 0, 4), Fraction(4)),
        ((10, 0, 0, 10, 1), Fraction(1)),
        ((1, 10), Fraction(11, 2)),
        ((10, 2, 3, 0), Fraction(5, 2)),
        (("2.001", "2.002", 0, 9), Fraction(4003, 2000)),
        ((9, None, 4, 5), Fraction(5)),
    ],
    ids=str,
)
def test_the_median_is_the_middle(ratings: Sequence[str | int | None], expected: Fraction) -> None:
    """The median is the rating in the middle, or halfway between the two in the middle of an even number."""
    assert rating(g.Combining.MEDIAN, *ratings) == expected


@pytest.mark.parametrize(
    ("ratings", "expected"),
    [
        ((0, 5, 10), Fraction(5)),
        ((4, 4, 4), Fraction(4)),
        ((9, 9, 1, 1), Fraction(5)),
        ((10, 10, 10, 2, 3), Fraction(23, 3)),
        ((0, 0, 1), Fraction(0)),
    ],
    ids=str,
)
def test_the_trimmed_mean_leaves_out_the_ends(ratings: Sequence[int], expected: Fraction) -> None:
    """One lowest and one highest rating are left out, others that are as low or as high stay."""
    assert rating(g.Combining.TRIMMED_MEAN, *ratings) == expected


@pytest.mark.parametrize("ratings", [(), (10,), (9, 10), (9, None, 10)], ids=str)
def test_two_ratings_have_no_trimmed_mean(ratings: Sequence[int | None]) -> None:
    """Of fewer than three ratings nothing would be left: the rating is missing, is needed, and leaves a range."""
    given = [*rated(*ratings), *rated(6, 6, 6, id="plan")]
    decision = decided(ROUNDS[g.Combining.TRIMMED_MEAN], *given)
    assert decision.score is not None
    benefit, plan = decision.score.criteria
    assert (benefit.rating, benefit.points, benefit.ratings) == (None, None, len([r for r in ratings if r]))
    assert plan.points == Fraction(3, 5)
    assert ends(decision.score) == (None, 30, 80)
    assert [(need.origin, need.what, need.rules) for need in decision.needed] == [("assessor", "benefit", ("benefit",))]


def test_only_what_was_agreed_on_counts() -> None:
    """Where consensus counts, the ratings of single assessors count for nothing, also where the agreed one is zero."""
    agreed = {"assessor": "panel", "ratings": {"benefit": 0, "plan": "7.5"}, "consensus": True}
    single = [{**one, "consensus": stated} for one, stated in zip(rated(10, 9, 8), (None, False, None), strict=True)]
    score = scored(ROUNDS[g.Combining.CONSENSUS], *single, agreed)
    assert [(c.rating, c.ratings) for c in score.criteria] == [(Fraction(0), 1), (Fraction(15, 2), 1)]
    assert score.exact == Fraction(75, 2)


def test_without_an_agreed_entry_the_rating_is_missing() -> None:
    """Where consensus counts and nobody has entered any, every rating is missing, whatever single assessors say."""
    decision = decided(ROUNDS[g.Combining.CONSENSUS], *rated(10, 10))
    assert decision.score is not None
    assert ends(decision.score) == (None, 0, 100)
    assert [need.what for need in decision.needed] == ["benefit", "plan"]


@pytest.mark.parametrize(("second", "expected"), [("4.0", Fraction(4)), ("4.001", None), (None, Fraction(4))])
def test_agreed_entries_that_differ_leave_the_rating_missing(second: str | None, expected: Fraction | None) -> None:
    """Two entries that were agreed on count if they say the same, and leave the rating missing if they differ."""
    assert rating(g.Combining.CONSENSUS, 4, second, agreed=True) == expected


def test_a_criterion_that_the_agreed_entry_leaves_out_is_missing() -> None:
    """What the agreed entry says nothing about is missing, although a single assessor rates it."""
    agreed = {"ratings": {"benefit": 3}, "consensus": True}
    score = scored(ROUNDS[g.Combining.CONSENSUS], agreed, *rated(9, id="plan"))
    assert [criterion.rating for criterion in score.criteria] == [Fraction(3), None]
    assert ends(score) == (None, 15, 65)


@EVERY_WAY
def test_the_key_is_read_only_where_consensus_counts(combining: g.Combining) -> None:
    """`consensus` is a key of the assessment, its schema and its blank file in that round, and unknown elsewhere."""
    rules = ROUNDS[combining]
    entry: Mapping[str, Any] = {"ratings": {"benefit": 5}, "consensus": True}
    takes = combining is g.Combining.CONSENSUS
    assert ("consensus" in rules.template("assessment")) is takes
    assert Draft202012Validator(rules.schema("assessment")).is_valid(entry) is takes
    if takes:
        assert rules.read_assessment(entry).consensus is True
        assert rules.read_assessment({**entry, "consensus": None}).consensus is None
        return
    with pytest.raises(g.InputError) as caught:
        rules.read_assessment({**entry, "consensus": None})
    assert [(problem.where, problem.code) for problem in caught.value.problems] == [("consensus", "unknown-key")]


@pytest.mark.parametrize("value", ["yes", 1, [], {}], ids=str)
def test_the_key_is_a_yes_or_no(value: Any) -> None:
    """Words, numbers and lists are refused as `consensus`."""
    with pytest.raises(g.InputError) as caught:
        ROUNDS[g.Combining.CONSENSUS].read_assessment({"consensus": value})
    assert [problem.where for problem in caught.value.problems] == ["consensus"]


@EVERY_WAY
def test_a_conflict_of_interest_removes_the_assessor(combining: g.Combining) -> None:
    """Nothing from an assessor with a conflict of interest counts, and the assessor is named, however one combines."""
    rules = ROUNDS[combining]
    agreed = {"consensus": True} if combining is g.Combining.CONSENSUS else {}
    fair = [{**one, **agreed} for one in rated(4, 4, 4)]
    partial = {**agreed, "assessor": "Overlæge Holm", "ratings": {"benefit": 10, "plan": 10}}
    alone = decided(rules, *fair)
    decision = decided(rules, {**partial, "conflict_of_interest": True}, *fair)
    assert decision.score == alone.score
    assert (decision.panel.counted, decision.panel.conflicted) == (3, ("Overlæge Holm",))
    for language in LANGUAGES:
        assert "Overlæge Holm" in decision.explain(language)
        assert "Overlæge Holm" not in alone.explain(language)
    counted = decided(rules, {**partial, "conflict_of_interest": False}, *fair).score
    assert counted != alone.score


@EVERY_WAY
def test_with_conflicted_assessors_alone_there_is_no_score(combining: g.Combining) -> None:
    """Where nobody's assessment counts there is no score at all, not one of zero."""
    agreed = {"consensus": True} if combining is g.Combining.CONSENSUS else {}
    decision = decided(ROUNDS[combining], {"ratings": {"benefit": 9}, "conflict_of_interest": True, **agreed})
    assert decision.score is None
    assert decision.to_dict()["score"] is None
    assert decision.panel.conflicted == (None,)


def test_a_conflicted_assessor_is_no_third_rating() -> None:
    """Three ratings are two once one of them is left out: then nothing can be trimmed."""
    ratings = rated(4, 5, 6)
    ratings[2]["conflict_of_interest"] = True
    found = scored(ROUNDS[g.Combining.TRIMMED_MEAN], *ratings).criteria[0]
    assert (found.rating, found.ratings) == (None, 2)


@EVERY_WAY
def test_zero_and_missing_are_different(combining: g.Combining) -> None:
    """A rating of zero settles the score; a missing one leaves a range from there up to the top, and is asked for."""
    agreed = {"consensus": True} if combining is g.Combining.CONSENSUS else {}
    three = [{**one, **agreed} for one in rated(5, 5, 5)]
    zero = [{**one, **agreed} for one in rated(0, 0, 0, id="plan")]
    rules = ROUNDS[combining]
    missing, settled = decided(rules, *three), decided(rules, *three, *zero)
    assert missing.score is not None
    assert settled.score is not None
    assert ends(settled.score) == (25, 25, 25)
    assert settled.score.criteria[1].rating == 0
    assert ends(missing.score) == (None, 25, 75)
    assert missing.score.criteria[1].rating is None
    assert ([need.what for need in missing.needed], settled.needed) == (["plan"], ())
    stored = [decision.to_dict()["score"] for decision in (missing, settled)]
    assert [score["total"] for score in stored] == [None, "25.00"]
    assert [score["criteria"][1]["points"] for score in stored] == [None, "0"]


@EVERY_WAY
def test_computed_points_need_no_assessor(combining: g.Combining) -> None:
    """A computed criterion is worth all or nothing by the facts alone, however ratings are combined."""
    rules = rulebook(scoring(BENEFIT, VOLUNTEERS, combining=combining))
    points = [scored(rules, {}, volunteers=stated).criteria[1].points for stated in (True, False, None)]
    assert points == [1, 0, None]


@EVERY_WAY
def test_a_saved_round_combines_alike(combining: g.Combining) -> None:
    """A round that was saved and loaded combines ratings in the same way, and two ways never have one digest."""
    rules = ROUNDS[combining]
    loaded = saved_and_loaded(rules)
    agreed = {"consensus": True} if combining is g.Combining.CONSENSUS else {}
    entries = [{**one, **agreed} for one in rated(2, 3, 9, 3)]
    assert loaded.digest == rules.digest
    assert scored(loaded, *entries) == scored(rules, *entries)
    assert len({other.digest for other in ROUNDS.values()}) == len(g.Combining)


WORDS: Mapping[g.Combining, Mapping[Language, str]] = {
    g.Combining.MEAN: {"da": "gennemsnit.", "nb": "gjennomsnitt.", "en": "mean."},
    g.Combining.MEDIAN: {"da": "median", "nb": "median", "en": "median"},
    g.Combining.CONSENSUS: {"da": "enige om", "nb": "enige om", "en": "agreed on"},
    g.Combining.TRIMMED_MEAN: {
        "da": "uden den laveste og den højeste",
        "nb": "uten den laveste og den høyeste",
        "en": "without the lowest and the highest",
    },
}


@pytest.mark.parametrize("language", LANGUAGES)
@EVERY_WAY
def test_the_rulebook_says_how_ratings_are_combined(combining: g.Combining, language: Language) -> None:
    """The rulebook says in every language how several assessments become one, and where that comes from."""
    found = item(ROUNDS[combining].document(language), "score.combination")
    assert any("The call" in line for line in found.below)
    for other, words in WORDS.items():
        assert (words[language] in found.text) is (other is combining)


GIVEN = st.lists(st.decimals(0, TOP, places=3, allow_nan=False), min_size=1, max_size=7).map(sorted)
"""Ratings of one criterion by several assessors, in increasing order."""


@settings(max_examples=200)
@given(ratings=GIVEN)
def test_ratings_combine_as_statistics_say(ratings: list[Decimal]) -> None:
    """Mean and median are those of exact fractions, and the trimmed mean that of what stands between the ends."""
    exact = [Fraction(given) for given in ratings]
    assert combined_rating(ratings, g.Combining.MEAN) == sum(exact) / len(exact)
    assert combined_rating(ratings, g.Combining.MEDIAN) == median(exact)
    inner = exact[1:-1]
    assert combined_rating(ratings, g.Combining.TRIMMED_MEAN) == (sum(inner) / len(inner) if inner else None)
    assert combined_rating(ratings, g.Combining.CONSENSUS) == (exact[0] if len(set(exact)) == 1 else None)


@settings(max_examples=100)
@given(ratings=GIVEN, combining=st.sampled_from(g.Combining))
def test_what_is_combined_lies_between_the_ends(ratings: list[Decimal], combining: g.Combining) -> None:
    """The rating that several become is an exact fraction, never below the lowest of them nor above the highest."""
    found = combined_rating(ratings, combining)
    if found is not None:
        assert isinstance(found, Fraction)
        assert ratings[0] <= found <= ratings[-1]
    assert combined_rating([], combining) is None


@settings(max_examples=60)
@given(ratings=GIVEN, combining=st.sampled_from(OTHERS), data=st.data())
def test_raising_one_rating_never_lowers_what_they_become(
    ratings: list[Decimal], combining: g.Combining, data: st.DataObject
) -> None:
    """However ratings are combined, raising one of them never lowers the result; with consensus, they would differ."""
    chosen = data.draw(st.integers(0, len(ratings) - 1))
    higher = data.draw(st.decimals(ratings[chosen], TOP, places=3))
    raised = sorted([*ratings[:chosen], higher, *ratings[chosen + 1 :]])
    before, after = combined_rating(ratings, combining), combined_rating(raised, combining)
    assert (before is None) is (after is None)
    assert before is None or after is None or before <= after
