"""
Money to be shared out: claims in levels for the arithmetic, and decided applications for whole allocations.

    pots()                                claims in levels and money for them, perhaps with strands
    caseloads(name)                       a rulebook, decided applications of its round, and a budget for them

The name is that of a real round, whose applications are its plugin's own cases with other amounts and ratings, or of a
method: then the rulebook is the toy pool with one of many ways to allocate its money by that method.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve, field, frozen
from hypothesis import strategies as st

import grantrules as g
import grantrules_dk_2018_kompetenceloeft.plugin as kompetenceloeft
import grantrules_dk_2021_digital_sundhed.plugin as digital_sundhed
import grantrules_dk_2022_digitale_kompetencer.plugin as digitale_kompetencer
import grantrules_no_helseteknologi.plugin as helseteknologi
from grantrules.sharing import Claim, Purse
from grantrules.testing.strategies.applications import assessed_applications
from grantrules.testing.strategies.rounds import NOTHING, Caseload, budgets, caseload
from grantrules.values import ORE
from tests.pools import ASSUMED, CITED, POOL, ROUND, Site, ToyApplication, ToyCost, ToyPlugin, Visit, a, text

BY_RANK = (g.Method.RANK_STOP, g.Method.RANK_SKIP, g.Method.RANK_PARTIAL_LAST)
"""Methods that go down the list, and know of strands."""

IN_ORDER = (g.Method.RANK_STOP, g.Method.RANK_PARTIAL_LAST, g.Method.INTERVALS)
"""Methods that promise that nobody is funded before somebody higher."""


# Claims


@frozen
class Pot:
    """Claims in levels, and money for them."""

    levels: Sequence[Sequence[Claim]]
    money: Decimal
    purses: Mapping[str, Purse] = field(factory=dict)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All claims in order."""
        return tuple(claim for level in self.levels for claim in level)


_ORE = st.one_of(st.integers(1, 9).map(lambda n: n * 10), st.integers(1, 99), st.integers(1, 10**9))


@st.composite
def claims_in_levels(
    draw: st.DrawFn, most_claims: int = 9, strands: Sequence[str] = (), level: bool = True
) -> list[list[Claim]]:
    """Levels of claims, the ids in no order; only levels of one claim each if not `level`."""
    ids = draw(st.permutations([f"{letter}" for letter in "abcdefghi"[:most_claims]]))
    levels: list[list[Claim]] = []
    for id in ids[: draw(st.integers(0, most_claims))]:
        most = draw(_ORE)
        least = draw(st.one_of(st.just(most), st.just(1), st.integers(1, most)))
        strand = draw(st.sampled_from((None, *strands)))
        claim = Claim(id, most * ORE, least * ORE, strand)
        if level and levels and len(levels[-1]) < 3 and draw(st.booleans()):
            levels[-1].append(claim)
        else:
            levels.append([claim])
    return levels


@st.composite
def pots(draw: st.DrawFn, most_claims: int = 9, stranded: bool = False, level: bool = True) -> Pot:
    """
    Claims in levels and money for them: some, none, what the first of them need, an øre less or more.

    Args:
        stranded: some claims are of strands that have money of their own.
        level: claims may be level.
    """
    purses = {strand: draw(_PURSES) for strand in ("s", "t")} if stranded else {}
    levels = draw(claims_in_levels(most_claims, tuple(purses), level))
    floors = sum((purse.floor for purse in purses.values()), NOTHING)
    money = draw(st.one_of(_near(levels), st.integers(0, 500).map(lambda n: n * ORE)))
    return Pot(levels, max(money, floors), purses)


def _near(levels: Sequence[Sequence[Claim]]) -> st.SearchStrategy[Decimal]:
    """Sums that some of the claims come to, and an øre beside them."""
    sums = [NOTHING]
    for claim in (claim for level in levels for claim in level):
        sums += [sums[-1] + claim.most, sums[-1] + claim.least]
    return st.builds(lambda n, step: max(NOTHING, n + step * ORE), st.sampled_from(sums), st.integers(-1, 1))


@st.composite
def _purses(draw: st.DrawFn) -> Purse:
    floor = draw(st.one_of(st.just(0), st.integers(0, 150))) * ORE
    above = draw(st.one_of(st.none(), st.integers(0, 100)))
    return Purse(floor, None if above is None else floor + above * ORE, draw(st.booleans()))


_PURSES = _purses()


# Ways to allocate the money of the toy pool


BY_TIME = g.ByTerm(a.submitted_at)
BY_PAGES = g.ByTerm(a.pages, highest_first=True)
HALF = g.share(a.requested, Fraction(1, 2), g.Rounding.UP)
STATED = g.when(g.known(a.requested_minimum)).then(a.requested_minimum).otherwise(a.requested)

ADMINISTRATION = g.Administration(Fraction(3, 100), g.Rounding.HALF_UP, text("to run the pool"), CITED)
A_SEVENTH = g.Administration(Fraction(1, 7), g.Rounding.UP, text("to run the pool well"), CITED)

FEW_PAGES = g.Strand("allocation.few-pages", a.pages < 3, text("few pages"), CITED, g.kr(3000), g.kr(7000))
MANY_PAGES = g.Strand("allocation.many-pages", a.pages > 6, text("many pages"), CITED, g.kr(1500), releases=False)
MORE_PAGES = g.Strand("allocation.more-pages", a.pages > 4, text("more pages"), CITED, ceiling=g.kr(6000))

CO_FINANCING = tuple(
    g.CoFinancing(f"allocation.{id}", rate, base, g.own_financing(a), g.Rounding.HALF_UP, text(id), CITED)
    for id, rate, base in (
        ("a-third", Fraction(1, 3), g.Base.AWARD),
        ("a-half", Fraction(1, 2), g.Base.REQUEST),
        ("a-seventh", Fraction(1, 7), g.Base.ELIGIBLE_COSTS),
    )
)

_ANY_METHOD: tuple[dict[str, Any], ...] = (
    {},
    {"order": (g.ByScore(), BY_TIME), "least": HALF, "administration": ADMINISTRATION, "co_financing": CO_FINANCING},
    {"order": (g.ByScore(), g.ByDraw()), "least": STATED, "reserve": 1},
    {"order": (BY_TIME, BY_PAGES), "reserve": 2, "administration": A_SEVENTH},
    {"order": (BY_PAGES, g.ByScore()), "least": a.requested, "reserve": 0},
    {"order": (g.ByDraw(),), "least": HALF},
)
_WITH_STRANDS: tuple[dict[str, Any], ...] = (
    {"order": (g.ByScore(), BY_TIME), "strands": (FEW_PAGES, MANY_PAGES), "least": HALF},
    {"order": (g.ByScore(),), "strands": (MORE_PAGES,), "administration": ADMINISTRATION, "reserve": 1},
    {"order": (BY_PAGES, g.ByDraw()), "strands": (MANY_PAGES, FEW_PAGES, MORE_PAGES), "co_financing": CO_FINANCING},
)

SCORINGS = (
    g.Scoring(
        (
            g.Criterion("joy", text("joy"), CITED, weight=Fraction(1, 3)),
            g.Criterion("craft", text("craft"), CITED, weight=Fraction(2, 3)),
        ),
        scale=g.Scale(7, ASSUMED),
        weights=g.Weights(g.Weighting.STATED, CITED),
        combination=g.Combination(g.Combining.MEAN, ASSUMED),
    ),
    g.Scoring(
        (
            g.Criterion("joy", text("joy"), CITED, threshold=Fraction(3, 2)),
            g.Criterion("craft", text("craft"), CITED),
            g.Criterion("brevity", text("brevity"), CITED, computed=g.Linear(a.pages, none=10, full=0)),
        ),
        scale=g.Scale(7, ASSUMED),
        weights=g.Weights(g.Weighting.EQUAL, ASSUMED),
        combination=g.Combination(g.Combining.MEDIAN, ASSUMED),
        threshold=g.Threshold(Fraction(25), CITED),
    ),
)


@frozen
class Allocating(ToyPlugin):
    """The toy pool with another way to allocate its money and other criteria."""

    stated: g.Allocation
    criteria: g.Scoring

    @g.hook
    def pool(self) -> g.Pool:
        """The pool, its round without the values that only the toy's own criteria read."""
        values = tuple(value for value in ROUND.values if value.name not in ("few_children", "many_children"))
        return evolve(POOL, rounds=(evolve(ROUND, values=values),))

    @g.hook
    def scoring(self) -> g.Scoring:
        """The award criteria."""
        return self.criteria

    @g.hook
    def allocation(self) -> g.Allocation:
        """How the money is shared out."""
        return self.stated


def toy_allocating(method: g.Method, criteria: g.Scoring = SCORINGS[0], **stated: Any) -> g.Rulebook:
    """The toy pool, its money allocated in the way stated."""
    allocation = g.Allocation(method, text(method.value), ASSUMED, **stated)
    return g.Registry.of(Allocating(allocation, criteria)).rulebook("toy")


@cache
def _toys(method: g.Method) -> tuple[g.Rulebook, ...]:
    """The toy pool with every declaration of one method that the laws are tried on."""
    declared = (*_ANY_METHOD, *(_WITH_STRANDS if method in BY_RANK else ()))
    return tuple(toy_allocating(method, SCORINGS[index % 2], **stated) for index, stated in enumerate(declared))


# Applications to them


SOUND = ToyApplication(
    id="T-0",
    pool="toy",
    round="2020",
    title="Et legehus",
    submitted_at=datetime(2020, 1, 15, 12, tzinfo=UTC),
    starts_on=date(2020, 2, 1),
    ends_on=date(2020, 12, 31),
    organisations=(
        g.Organisation(name="Aarhus Kommune", kind="municipality", role="lead"),
        g.Organisation(name="Ørsted Forening", kind="association", role="partner"),
    ),
    requested=g.kr(5000),
    costs=(
        ToyCost(
            id="c1",
            category="toys",
            amount=g.kr(20_000),
            vat=g.kr(0),
            vat_recoverable=False,
            incurred_on=date(2020, 3, 1),
            colour="red",
            organisation="Aarhus Kommune",
        ),
    ),
    funding=(g.Funding(source="own", form="cash", amount=g.kr(1000)),),
    pages=4,
    colour="red",
    second_colour="green",
    effects=frozenset({"motion"}),
    reach=Decimal(1),
    safe=True,
    loud=False,
    site=Site(rented=False),
    visits=(Visit(children=20, on=date(2020, 2, 2), price=g.kr(10)),),
)
"""An application to the toy pool that meets every requirement, and of which all that it applies for can be granted."""

_AMOUNTS = st.one_of(
    st.integers(1, 8).map(lambda n: g.kr(n * 1000)), st.integers(10_000, 900_000).map(lambda n: n * ORE)
)


_RARELY = st.integers(0, 14).map(lambda n: n == 0)


def _costing(amount: Decimal) -> tuple[ToyCost, ...]:
    """The one budget line of `SOUND`, of another amount."""
    return tuple(evolve(line, amount=amount) for line in SOUND.costs or ())


@st.composite
def _toy_cases(draw: st.DrawFn, rulebook: g.Rulebook) -> tuple[Any, list[g.Assessment]]:
    """An application to the toy pool, mostly one that can be granted money, with its assessments."""
    if draw(_RARELY):
        application, panel = draw(assessed_applications(rulebook))
        bounded = None if application.requested is None else min(application.requested, g.kr(10**9))
        return evolve(application, requested=bounded), panel
    requested = draw(_AMOUNTS)
    changed: dict[str, Any] = {
        "requested": requested,
        "requested_minimum": draw(_minimum(requested)),
        "submitted_at": datetime(2020, 1, draw(st.integers(1, 3)), 12, tzinfo=UTC),
        "pages": draw(st.integers(0, 8)),
        "funding": (g.Funding(source="own", form="cash", amount=draw(_AMOUNTS)),),
    }
    if draw(_RARELY):
        changed["costs"] = _costing(draw(_AMOUNTS))
    if draw(_RARELY):
        changed |= draw(st.sampled_from(({"pages": 11}, {"pages": None}, {"colour": "blue"}, {"costs": None})))
    return evolve(SOUND, **changed), draw(_panels(rulebook))


def _minimum(requested: Decimal) -> st.SearchStrategy[Decimal | None]:
    """The least that an applicant can use: not stated, nothing, some of what it applies for, or, seldom, more."""
    some = st.integers(1, 8).map(lambda eighths: (requested * eighths / 8).quantize(ORE))
    usual = st.one_of(st.none(), st.none(), st.none(), st.just(NOTHING), some, some, st.just(requested))
    return _RARELY.flatmap(lambda more: st.just(requested + ORE) if more else usual)


@st.composite
def _panels(draw: st.DrawFn, rulebook: g.Rulebook) -> list[g.Assessment]:
    """Assessments by one to three people, whole points of a few kinds so that many are level; seldom incomplete."""
    scoring = rulebook.rules.scoring
    rated = [criterion.id for criterion in scoring.criteria if criterion.computed is None]
    top = scoring.scale.top if scoring.scale else 0
    if draw(_RARELY):
        return []
    panel = []
    for number in range(draw(st.sampled_from((1, 1, 1, 2, 3)))):
        ratings = dict.fromkeys(rated, Decimal(draw(st.integers(top - 2, top))))
        ratings[rated[0]] = Decimal(draw(st.integers(top - 1, top)))
        if draw(_RARELY):
            del ratings[draw(st.sampled_from(rated))]
        if draw(_RARELY):
            ratings = dict.fromkeys(ratings, Decimal(0))
        panel.append(g.Assessment(assessor=f"assessor-{number}", ratings=ratings))
    return panel


# The real rounds, and applications to them


PLUGINS = {
    "dk_2018_kompetenceloeft": kompetenceloeft,
    "dk_2021_digital_sundhed": digital_sundhed,
    "dk_2022_digitale_kompetencer": digitale_kompetencer,
    "no_helseteknologi": helseteknologi,
}
_REGISTRY = g.Registry.of(*PLUGINS.values())
_FOLDERS = Path(__file__).parents[1] / "plugins"

ROUNDS: Mapping[str, g.Rulebook] = {
    f"{pool}@{round}": _REGISTRY.rulebook(pool, round) for pool, round in _REGISTRY.rule_sets
}
"""Every real round by its name."""


@cache
def own_cases(name: str) -> tuple[tuple[Any, list[g.Assessment]], ...]:
    """The cases that a plugin brings for a round, those that can be granted money many times."""
    rulebook = ROUNDS[name]
    found = []
    for folder in sorted((_FOLDERS / rulebook.pool.id / "cases").iterdir()):
        file = folder / "application.json"
        if file.exists() and f'"round": "{rulebook.round.id}"' in file.read_text("utf-8"):
            application = rulebook.read_application(file)
            panel = [rulebook.read_assessment(each) for each in sorted(folder.glob("assessment*.json"))]
            times = 9 if rulebook.decide(application, panel).outcome is g.Outcome.ELIGIBLE else 1
            found += [(application, panel)] * times
    return tuple(found)


@st.composite
def _real_cases(draw: st.DrawFn, name: str) -> tuple[Any, list[g.Assessment]]:
    """One of the plugin's own cases, with another amount, other ratings and another award before."""
    application, panel = draw(st.sampled_from(own_cases(name)))
    if application.requested is not None:
        requested = (application.requested * draw(st.integers(6, 9)) / 9).quantize(ORE)
        application = evolve(application, requested=requested, requested_minimum=draw(_minimum(requested)))
        before = getattr(application, "first_round", None)
        if before is not None and before.awarded is not None:
            amount = (requested * draw(st.integers(0, 4)) / 5).quantize(ORE)
            application = evolve(application, first_round=evolve(before, awarded=amount))
    heard = (assessment for assessment in panel if not assessment.conflict_of_interest)
    judged = {id: answer for assessment in heard for id, answer in assessment.judgements.items()}
    return application, [evolve(one, judgements=judged) for one in draw(_panels(ROUNDS[name]))]


# Rounds with everything decided


NAMES = (*(method.name for method in g.Method), *ROUNDS)
"""The toy pool by each method, and every real round."""

EVERY_ROUND = pytest.mark.parametrize("name", NAMES)
EVERY_ROUND_IN_ORDER = pytest.mark.parametrize("name", [n for n in NAMES if n not in ("RANK_SKIP", "PROPORTIONAL")])
"""Those whose method promises that nobody is funded before somebody higher."""


def rulebooks(name: str) -> tuple[g.Rulebook, ...]:
    """The rulebook of a real round; every declaration that the laws are tried on, of a method."""
    return (ROUNDS[name],) if name in ROUNDS else _toys(g.Method[name])


@st.composite
def caseloads(draw: st.DrawFn, name: str, most: int = 7) -> Caseload:
    """A rulebook, up to `most` decided applications of its round, and a budget near what some of them come to."""
    rulebook = draw(st.sampled_from(rulebooks(name)))
    one = _real_cases(name) if name in ROUNDS else _toy_cases(rulebook)
    load = caseload(rulebook, draw(st.lists(one, max_size=most)), rulebook.round.budget)
    return evolve(load, budget=draw(budgets(load)))
