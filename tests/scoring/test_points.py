"""Criteria computed from the facts: points that rise or fall with a number, and points by bands."""

from bisect import bisect_right
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import grantrules as g
from grantrules.values import LANGUAGES, Language
from tests.registry.small import CITED, words

from .rounds import (
    BENEFIT,
    OWN,
    a,
    criterion,
    decided,
    ends,
    item,
    rated,
    rulebook,
    saved_and_loaded,
    scored,
    scoring,
)

REACHED = criterion("reached", computed=g.Linear(a.people_reached, none=g.value("few"), full=g.value("many")))
NEARNESS = criterion("nearness", computed=g.Linear(a.longest_drive, none=60, full=10))
FUNDED = criterion("funded", computed=g.Linear(OWN, none=g.kr("10000.01"), full=g.kr("40000.04")))
CLASSES = criterion(
    "classes",
    computed=g.Banded(
        a.people_reached,
        (g.Band(1, Fraction(1, 10)), g.Band(g.value("few"), Fraction(2, 3)), g.Band(g.value("many"), Fraction(1))),
    ),
)
DRIVES = criterion(
    "drives",
    computed=g.Banded(a.longest_drive, (g.Band(0, Fraction(1)), g.Band(10, Fraction(1, 2)), g.Band(60, Fraction(0)))),
)

RULES = rulebook(
    scoring(REACHED, NEARNESS, FUNDED, CLASSES, DRIVES),
    g.Value("few", 100, words("few"), CITED),
    g.Value("many", 500, words("many"), CITED),
)
"""From 100 people to 500 points rise, from 10 km to 60 they fall; and two criteria by bands."""


def points(id: str, rules: g.Rulebook = RULES, **facts: Any) -> Fraction | None:
    """The points of one criterion for an application that states these facts."""
    score = scored(rules, {}, **facts)
    (found,) = [criterion for criterion in score.criteria if criterion.id == id]
    assert (found.computed, found.rating, found.ratings) == (True, None, 0)
    assert found.points is None or isinstance(found.points, Fraction)
    return found.points


def own(*amounts: str | None) -> list[dict[str, Any]]:
    """Own financing in these parts, and somebody else's that does not count."""
    parts = [{"source": "own", "form": "cash", "amount": amount} for amount in amounts]
    return [*parts, {"source": "private", "form": "cash", "amount": "5000.00"}]


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        (0, Fraction(0)),
        (99, Fraction(0)),
        (100, Fraction(0)),
        (101, Fraction(1, 400)),
        (300, Fraction(1, 2)),
        (233, Fraction(133, 400)),
        (499, Fraction(399, 400)),
        (500, Fraction(1)),
        (501, Fraction(1)),
        (999_999_999, Fraction(1)),
    ],
)
def test_points_rise_between_two_figures(people: int, expected: Fraction) -> None:
    """Up to the lower figure there are none, from the upper one all, and between them they rise evenly and exactly."""
    assert points("reached", people_reached=people) == expected


@pytest.mark.parametrize(
    ("drive", "expected"),
    [
        ("0", Fraction(1)),
        ("9.999", Fraction(1)),
        ("10", Fraction(1)),
        ("10.001", Fraction(49_999, 50_000)),
        ("35", Fraction(1, 2)),
        ("26.667", Fraction(33_333, 50_000)),
        ("59.999", Fraction(1, 50_000)),
        ("60", Fraction(0)),
        ("60.001", Fraction(0)),
        ("12000", Fraction(0)),
    ],
)
def test_points_fall_where_less_is_better(drive: str, expected: Fraction) -> None:
    """With all points at the lower figure they fall evenly, to the thousandth of a kilometre."""
    assert points("nearness", longest_drive=drive) == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((), Fraction(0)),
        (("10000.01",), Fraction(0)),
        (("10000.02",), Fraction(1, 3_000_003)),
        (("10000.01", "10000.01"), Fraction(1_000_001, 3_000_003)),
        (("40000.03",), Fraction(3_000_002, 3_000_003)),
        (("20000.02", "20000.02"), Fraction(1)),
        (("999999999999.99",), Fraction(1)),
    ],
    ids=str,
)
def test_points_rise_with_money_to_the_ore(parts: tuple[str, ...], expected: Fraction) -> None:
    """Points that rise with an amount are exact to the øre; a sum over nothing is zero, which earns none."""
    assert points("funded", funding=own(*parts)) == expected


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        (0, Fraction(0)),
        (1, Fraction(1, 10)),
        (2, Fraction(1, 10)),
        (99, Fraction(1, 10)),
        (100, Fraction(2, 3)),
        (101, Fraction(2, 3)),
        (499, Fraction(2, 3)),
        (500, Fraction(1)),
        (501, Fraction(1)),
    ],
)
def test_points_by_bands(people: int, expected: Fraction) -> None:
    """A band begins at its start and ends one step before the next; below the first there are no points."""
    assert points("classes", people_reached=people) == expected


@pytest.mark.parametrize(
    ("drive", "expected"), [("0", 1), ("9.999", 1), ("10", Fraction(1, 2)), ("59.999", Fraction(1, 2)), ("60", 0)]
)
def test_bands_may_fall(drive: str, expected: Fraction) -> None:
    """A higher band may be worth less, down to nothing; a band from zero takes in zero."""
    assert points("drives", longest_drive=drive) == expected


def test_a_missing_number_leaves_the_points_missing() -> None:
    """Without the number there are no points and not zero points: a range is left, and the fact is asked for."""
    decision = decided(RULES, {}, longest_drive="35", funding=own())
    score = decision.score
    assert score is not None
    assert [criterion.points for criterion in score.criteria] == [None, Fraction(1, 2), 0, None, Fraction(1, 2)]
    assert ends(score) == (None, 20, 60)
    assert [(need.origin, need.what, need.rules) for need in decision.needed] == [
        ("applicant", "people_reached", ("reached", "classes"))
    ]
    zero = scored(RULES, {}, longest_drive="35", funding=own(), people_reached=0)
    assert ends(zero) == (20, 20, 20)


def test_a_missing_part_of_a_sum_leaves_the_points_missing() -> None:
    """A sum with a part missing is missing, though what is known would earn all points; the part is named."""
    decision = decided(RULES, {}, people_reached=1, longest_drive=1, funding=own("50000.00", None))
    assert decision.score is not None
    assert decision.score.criteria[2].points is None
    assert [need.what for need in decision.needed] == ["funding[1].amount"]


def test_points_need_no_rating_and_take_none() -> None:
    """A criterion of points is computed: an assessment that rates it is refused."""
    with pytest.raises(g.InputError, match="the criterion is computed from the facts and takes no rating"):
        RULES.read_assessment({"ratings": {"reached": 5}})


@pytest.mark.parametrize(
    ("changed", "reached", "classes"),
    [
        ({}, Fraction(1, 4), Fraction(2, 3)),
        ({"few": 0}, Fraction(2, 5), None),
        ({"few": 200}, Fraction(0), Fraction(2, 3)),
        ({"few": 201}, Fraction(0), Fraction(1, 10)),
        ({"few": 199}, Fraction(1, 301), Fraction(2, 3)),
        ({"many": 200}, Fraction(1), Fraction(1)),
        ({"few": 150, "many": 250}, Fraction(1, 2), Fraction(2, 3)),
        ({"few": 500, "many": 100}, None, None),
    ],
    ids=str,
)
def test_named_figures_can_be_changed(
    changed: Mapping[str, int], reached: Fraction | None, classes: Fraction | None
) -> None:
    """A what-if moves the figures that points are given between, and is refused where the bands would not rise."""
    if classes is None:
        with pytest.raises(g.PluginError, match="the bands do not begin one above the other"):
            RULES.with_values(**changed)
        return
    rules = RULES.with_values(**changed)
    assert points("reached", rules, people_reached=200) == reached
    assert points("classes", rules, people_reached=200) == classes
    assert (rules.digest == RULES.digest) is not bool(changed)


def test_figures_that_meet_are_refused() -> None:
    """A what-if in which no points and all points begin at the same figure is refused."""
    rules = rulebook(scoring(REACHED), *RULES.round.values)
    with pytest.raises(g.PluginError, match="rule reached: computed: no points and all points begin at the same") as e:
        rules.with_values(few=500)
    assert [problem.code for problem in e.value.problems] == ["no-figure"]
    # The other way round points fall instead.
    assert points("reached", rules.with_values(few=500, many=100), people_reached=200) == Fraction(3, 4)


def test_no_number_of_a_score_is_a_binary_float() -> None:
    """Every number of a score is an exact fraction, and is stored as one."""
    score = scored(RULES, {}, people_reached=233, longest_drive="26.667", funding=own("10000.02"))
    numbers = [score.exact, score.low, score.high]
    numbers += [number for criterion in score.criteria for number in (criterion.points, criterion.weight)]
    assert all(isinstance(number, Fraction) for number in numbers)
    assert isinstance(score.total, Decimal)
    expected = Fraction(133, 400) + Fraction(33_333, 50_000) + Fraction(1, 3_000_003) + Fraction(2, 3) + Fraction(1, 2)
    assert score.exact == 20 * expected


def test_points_are_stored_exactly() -> None:
    """A stored decision holds points and total as exact fractions, and is read back with the same score."""
    decision = decided(RULES, {}, people_reached=233, longest_drive="26.667", funding=own("10000.02"))
    stored = decision.to_dict()["score"]
    assert [criterion["points"] for criterion in stored["criteria"]] == [
        "133/400",
        "33333/50000",
        "1/3000003",
        "2/3",
        "1/2",
    ]
    assert decision.score is not None
    assert stored["exact"] == str(decision.score.exact)
    assert RULES.read_decision(decision.to_dict()).score == decision.score


def test_saved_points_are_computed_alike() -> None:
    """A round that was saved and loaded gives the same points, and its figures can be changed as before."""
    loaded = saved_and_loaded(RULES)
    assert loaded.rules.scoring == RULES.rules.scoring
    assert loaded.save() == RULES.save()
    facts: dict[str, Any] = {"people_reached": 233, "longest_drive": "26.667", "funding": own("10000.02")}
    assert scored(loaded, {}, **facts) == scored(RULES, {}, **facts)
    assert points("reached", loaded.with_values(many=200), people_reached=150) == Fraction(1, 2)


@pytest.mark.parametrize(
    ("language", "between", "shares"),
    [
        ("da", "Point stiger jævnt med people_reached: ingen ved few, alle ved many.", "Andel af point efter"),
        ("nb", "Poengene stiger jevnt med people_reached: ingen ved few, alle ved many.", "Andel av poeng etter"),
        ("en", "Points rise evenly with people_reached: none at few, all at many.", "Share of points by"),
    ],
)
def test_the_rulebook_says_how_points_grow(language: Language, between: str, shares: str) -> None:
    """The rulebook shows in every language between which figures points are given, and each band with its share."""
    document = RULES.document(language)
    assert between in item(document, "reached").below
    (banded,) = [line for line in item(document, "classes").below if line.startswith(shares)]
    for start, share in (("1", "1/10"), ("few", "2/3"), ("many", "1")):
        assert f"{start}: {share}" in banded


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_decision_shows_the_points(language: Language) -> None:
    """A decision shows the share of points of each criterion in the marks of its language, and what is missing."""
    comma = "." if language == "en" else ","
    shown = decided(RULES, {}, longest_drive="26.667", funding=own("10000.02")).explain(language)
    rows = {row.split()[0]: row for row in shown.splitlines() if row.strip()}
    assert f"0{comma}67" in rows["nearness"]
    missing = {"da": "mangler", "nb": "mangler", "en": "missing"}[language]
    assert missing in rows["reached"]
    assert missing not in rows["nearness"]


FIGURES = st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)).filter(lambda pair: pair[0] != pair[1])


@settings(max_examples=60)
@given(figures=FIGURES, people=st.lists(st.integers(0, 10**6 + 5), min_size=2, max_size=2).map(sorted))
def test_points_are_on_the_line_between_two_figures(figures: tuple[int, int], people: list[int]) -> None:
    """Points lie on the straight line between two figures, cut off at none and all, and never turn back."""
    none, full = figures
    rules = rulebook(scoring(REACHED), *RULES.round.values).with_values(few=none, many=full)
    found = [points("reached", rules, people_reached=number) for number in people]
    for number, share in zip(people, found, strict=True):
        assert share is not None
        assert share == min(1, max(0, Fraction(number - none, full - none)))
    fewer, more = found
    assert fewer is not None
    assert more is not None
    assert (fewer <= more) if none < full else (fewer >= more)


STARTS = st.lists(st.integers(0, 300), min_size=1, max_size=5, unique=True).map(sorted)


@settings(max_examples=60)
@given(starts=STARTS, people=st.integers(0, 320), data=st.data())
def test_points_are_those_of_the_band(starts: list[int], people: int, data: st.DataObject) -> None:
    """The points are those of the last band that begins at or below the number."""
    shares = data.draw(st.lists(st.fractions(0, 1), min_size=len(starts), max_size=len(starts)))
    bands = tuple(g.Band(start, share) for start, share in zip(starts, shares, strict=True))
    rules = rulebook(scoring(criterion("classes", computed=g.Banded(a.people_reached, bands))))
    index = bisect_right(starts, people)
    assert points("classes", rules, people_reached=people) == (shares[index - 1] if index else 0)


def test_ratings_and_points_make_one_total() -> None:
    """Ratings on the scale and computed points count together, each by its weight."""
    rules = rulebook(
        scoring(
            criterion("benefit", weight=Fraction(60)),
            criterion("nearness", computed=NEARNESS.computed, weight=Fraction(40)),
        )
    )
    score = scored(rules, *rated(7, 8), longest_drive=35)
    assert ends(score) == (65, 65, 65)
    assert ends(scored(rules, *rated(7, 8))) == (None, 45, 85)
    assert ends(scored(rules, {}, longest_drive=35)) == (None, 20, 80)


def test_a_round_of_points_alone_still_asks_for_an_assessment() -> None:
    """Where no assessment is given there is no score, although every criterion is computed."""
    assert decided(rulebook(scoring(NEARNESS)), longest_drive=10).score is None
    assert decided(rulebook(scoring(NEARNESS, BENEFIT)), longest_drive=10).score is None
