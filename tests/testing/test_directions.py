"""Directions: what structure proves of a change, and that no application ever says otherwise."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings

import grantrules as g
from grantrules.assessments import combined
from grantrules.readings.evaluate import each, evaluate, scope_of
from grantrules.terms.nodes import Constant, Term
from grantrules.terms.schema import COSTS
from grantrules.testing.aiming.backwards import Aim
from grantrules.testing.aiming.search import Has, blank, searched
from grantrules.testing.aiming.thresholds import hints_of
from grantrules.testing.comparing.directions import Direction, Open, direction
from grantrules.testing.comparing.transitions import ANY, STILL, Both, Shift, bound, moves, shifts
from grantrules.testing.strategies.applications import assessed_applications
from grantrules.values import exact
from tests.pools import ACCEPTED, CITED, GREEN, LIGHT, MOTION, RED, SOUND, TOY, a, c, f, o, text, v

RELAXED, TIGHTENED, BOTH, SAME = Direction.RELAXED, Direction.TIGHTENED, Direction.BOTH, Direction.SAME
UNCLEAR = Direction.UNCLEAR

LEAD = o.role.is_(g.LEAD)


def requirement(demand: Term, when: Term | None = None) -> g.Requirement:
    """A requirement of this demand."""
    return g.Requirement("eligibility.tried", demand, text("tried"), CITED, when)


def verdict(old: Any, new: Any, after: g.Rulebook = TOY) -> Any:
    """The direction of a rule between the toy pool and another version of it."""
    return direction(old, new, TOY.rules, after.rules)


DEMANDS: dict[str, tuple[Term, Term, Direction]] = {
    "a limit raised": (a.pages <= 10, a.pages <= 12, RELAXED),
    "a limit lowered": (a.pages <= 10, a.pages <= 8, TIGHTENED),
    "a floor raised": (a.requested >= g.kr(10), a.requested >= g.kr(20), TIGHTENED),
    "the limit itself let in": (a.pages < 10, a.pages <= 10, RELAXED),
    "the limit itself kept out": (a.requested <= g.kr(10), a.requested < g.kr(10), TIGHTENED),
    "written with the other relation": (a.pages < 11, a.pages <= 10, SAME),
    "written the other way round": (g.value("page_limit") >= a.pages, a.pages <= g.value("page_limit"), SAME),
    "an interval widened": (a.requested.between(g.kr(5), g.kr(9)), a.requested.between(g.kr(4), g.kr(9)), RELAXED),
    "an interval moved": (a.pages.between(5, 9), a.pages.between(6, 10), BOTH),
    "a limit turned round": (a.pages <= 10, a.pages >= 10, BOTH),
    "a condition dropped": (g.all_of(a.safe, a.loud), a.safe, RELAXED),
    "a condition added": (a.safe, g.all_of(a.safe, a.loud), TIGHTENED),
    "a way out added": (a.safe, g.any_of(a.safe, ACCEPTED), RELAXED),
    "a way out taken": (g.any_of(a.safe, a.loud), a.safe, TIGHTENED),
    "one fewer of three": (g.at_least(2, a.safe, a.loud, ACCEPTED), g.at_least(1, a.safe, a.loud, ACCEPTED), RELAXED),
    "all instead of two": (g.at_least(2, a.safe, a.loud, ACCEPTED), g.all_of(a.safe, a.loud, ACCEPTED), TIGHTENED),
    "written as all": (g.at_least(2, a.safe, a.loud), g.all_of(a.loud, a.safe), SAME),
    "negated": (a.safe, g.not_(a.safe), BOTH),
    "negated twice": (a.safe, g.not_(g.not_(a.safe)), SAME),
    "a limit under a not": (g.not_(a.pages <= 10), g.not_(a.pages <= 12), TIGHTENED),
    "a word added": (a.colour.is_in(RED), a.colour.is_in(RED, GREEN), RELAXED),
    "a word taken": (a.colour.is_in(RED, GREEN), a.colour.is_(RED), TIGHTENED),
    "another word": (a.colour.is_(RED), a.colour.is_(GREEN), BOTH),
    "all of fewer": (a.effects.includes_all(SOUND, LIGHT), a.effects.includes_all(SOUND), RELAXED),
    "any of more": (a.effects.includes_any(SOUND), a.effects.includes_any(SOUND, LIGHT), RELAXED),
    "any instead of all": (a.effects.includes_all(SOUND, MOTION), a.effects.includes_any(SOUND, MOTION), RELAXED),
    "some of a wider list": (
        a.organisations.any(o.kind.is_in(g.MUNICIPALITY)),
        a.organisations.any(o.kind.is_in(g.MUNICIPALITY, g.REGION)),
        RELAXED,
    ),
    "every one of a wider list": (
        a.organisations.every(o.kind.is_(g.MUNICIPALITY), where=LEAD),
        a.organisations.every(o.kind.is_in(g.MUNICIPALITY, g.REGION), where=LEAD),
        RELAXED,
    ),
    "every one, of more": (
        a.organisations.every(o.kind.is_(g.MUNICIPALITY), where=LEAD),
        a.organisations.every(o.kind.is_(g.MUNICIPALITY)),
        TIGHTENED,
    ),
    "more of them": (a.organisations.different(1, where=LEAD), a.organisations.different(2, where=LEAD), TIGHTENED),
    "of more of them": (
        a.organisations.different(2, where=LEAD),
        a.organisations.different(2, where=o.role.is_in(g.LEAD, g.PARTNER)),
        RELAXED,
    ),
    "counted more widely": (
        a.organisations.count(LEAD) >= 2,
        a.organisations.count(o.role.is_in(g.LEAD, g.PARTNER)) >= 2,
        RELAXED,
    ),
    "a greater share": (
        g.own_financing(a) >= g.share(a.requested, Fraction(1, 3), g.Rounding.HALF_UP),
        g.own_financing(a) >= g.share(a.requested, Fraction(1, 2), g.Rounding.HALF_UP),
        TIGHTENED,
    ),
    "rounded up": (
        g.own_financing(a) >= g.share(a.requested, Fraction(1, 3), g.Rounding.DOWN),
        g.own_financing(a) >= g.share(a.requested, Fraction(1, 3), g.Rounding.UP),
        TIGHTENED,
    ),
    "another sum": (a.visits.total(v.children) >= 5, a.visits.total(v.children * 2) >= 5, UNCLEAR),
}


@pytest.mark.parametrize("change", DEMANDS)
def test_the_direction_of_a_demand(change: str) -> None:
    """A demand that moves one way is relaxed or tightened, and structure proves it."""
    old, new, expected = DEMANDS[change]
    found = verdict(requirement(old), requirement(new))
    assert found.direction is expected
    assert found.proven is (expected is not UNCLEAR)


@pytest.mark.parametrize("change", DEMANDS)
def test_turned_back_the_direction_is_the_other(change: str) -> None:
    """What relaxes tightens when it is taken back, and what structure cannot tell it cannot tell either way."""
    old, new, expected = DEMANDS[change]
    opposite = {RELAXED: TIGHTENED, TIGHTENED: RELAXED}
    assert verdict(requirement(new), requirement(old)).direction is opposite.get(expected, expected)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (None, a.loud, RELAXED),
        (a.loud, None, TIGHTENED),
        (a.loud, g.all_of(a.loud, a.safe), RELAXED),
        (a.loud, g.any_of(a.loud, a.safe), TIGHTENED),
        (a.loud, g.not_(a.loud), BOTH),
    ],
)
def test_a_rule_that_applies_to_fewer_is_relaxed(old: Term | None, new: Term | None, expected: Direction) -> None:
    """A narrower `when` relaxes, a wider one tightens."""
    demand = a.pages <= 10
    assert verdict(requirement(demand, old), requirement(demand, new)).direction is expected


def test_where_only_what_is_undetermined_moves() -> None:
    """That earlier support must be stated changes nothing for those who state it."""
    little = a.prior_support <= g.kr(500)
    found = verdict(requirement(little), requirement(g.all_of(g.known(a.prior_support), little)))
    assert (found.direction, found.open) == (TIGHTENED, Open.ONLY)


def test_values_are_compared_by_what_they_are() -> None:
    """A rule that reads a value by name moves with it, though it is written as before."""
    (pages,) = (rule for rule in TOY.rules.requirements if rule.id == "formal.pages")
    assert verdict(pages, pages, TOY.with_values(page_limit=11)).direction is RELAXED
    assert verdict(pages, pages, TOY.with_values(page_limit=9)).direction is TIGHTENED
    assert verdict(pages, evolve(pages, demand=a.pages <= 10)).direction is SAME


def test_more_conditions_than_can_be_gone_through_are_compared_by_what_differs() -> None:
    """What two long lists share is not gone through."""
    many = [fact.is_(word) for fact in (a.colour, a.second_colour) for word in (RED, GREEN)]
    many += [a.pages <= n for n in range(3, 20, 2)] + [a.safe, a.loud, a.signed, a.requested >= g.kr(100)]
    many += [a.starts_on < date(2020, month, 1) for month in range(1, 9)]
    found = verdict(requirement(g.all_of(*many, a.reach <= 5)), requirement(g.all_of(*many, a.reach <= 6)))
    assert found.direction is RELAXED


def cost_rule(disallow: Any, when: Term | None = None, concerns: Term | None = None) -> g.CostRule:
    """A cost rule that takes this away."""
    return g.CostRule("cost.tried", disallow, text("tried"), CITED, when, concerns)


def amount(kroner: int) -> Term:
    """An amount that is written in the rule."""
    return Constant(g.kr(kroner))


RATE = g.value("rate").on(c.incurred_on)
TRAVEL = c.category.is_("travel")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (cost_rule(g.Above(amount(10))), cost_rule(g.Above(amount(20))), RELAXED),
        (cost_rule(g.Above(c.hours * g.kr(20))), cost_rule(g.Above(c.hours * g.kr(10))), TIGHTENED),
        (cost_rule(g.Part(amount(1))), cost_rule(g.Part(amount(2))), TIGHTENED),
        (cost_rule(g.Part(c.vat)), cost_rule(g.Whole()), TIGHTENED),
        (cost_rule(g.Whole()), cost_rule(g.Above(amount(5))), RELAXED),
        (cost_rule(g.Whole(), c.essential), cost_rule(g.Whole()), TIGHTENED),
        (cost_rule(g.Whole(), concerns=TRAVEL), cost_rule(g.Whole(), concerns=g.all_of(TRAVEL, c.essential)), RELAXED),
        (cost_rule(g.Whole(), concerns=TRAVEL), cost_rule(g.Whole(), TRAVEL), SAME),
        (
            cost_rule(g.Part(amount(1)), c.essential),
            cost_rule(g.Part(amount(2)), g.all_of(c.essential, TRAVEL)),
            UNCLEAR,
        ),
        (cost_rule(g.Part(amount(1))), cost_rule(g.Above(amount(1))), UNCLEAR),
    ],
)
def test_a_cost_rule_that_takes_more_is_tightened(old: g.CostRule, new: g.CostRule, expected: Direction) -> None:
    """Of more lines, more of a line, or above a lower limit."""
    found = verdict(old, new)
    assert found.direction is expected


def test_a_table_that_rises_relaxes_what_is_taken_above_it() -> None:
    """A mileage rate that rises on some days relaxes the rule that caps travel by it."""
    (travel,) = (rule for rule in TOY.rules.cost_rules if rule.id == "cost.travel")
    table = TOY.rules.values["rate"]
    assert isinstance(table, g.DatedTable)
    first, second = table.entries
    raised = TOY.with_values(rate=g.DatedTable("km", (first, evolve(second, amount=g.kr("2.10")))))
    crossed = TOY.with_values(
        rate=g.DatedTable("km", (evolve(first, amount=g.kr("1.90")), evolve(second, amount=g.kr("2.10"))))
    )
    assert verdict(travel, travel, raised).direction is RELAXED
    assert verdict(travel, travel, crossed).direction is UNCLEAR


FORMULA = g.GrantFormula(g.least(a.requested, g.eligible_costs()), text("tried"), CITED, floor=g.value("floor"))
HIGHER = g.value("lump")


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (evolve(FORMULA, amount=g.least(a.requested, g.eligible_costs(), g.kr(500))), TIGHTENED),
        (evolve(FORMULA, amount=a.requested), RELAXED),
        (evolve(FORMULA, amount=g.least(a.requested, g.eligible_costs() - g.own_financing(a))), TIGHTENED),
        (evolve(FORMULA, amount=g.greatest(a.requested, g.eligible_costs())), RELAXED),
        (evolve(FORMULA, amount=g.least(g.eligible_costs(), a.requested)), SAME),
        (evolve(FORMULA, floor=HIGHER), TIGHTENED),
        (evolve(FORMULA, floor=None), RELAXED),
        (evolve(FORMULA, amount=a.requested, floor=HIGHER), UNCLEAR),
    ],
)
def test_a_highest_grant_that_rises_is_relaxed(new: g.GrantFormula, expected: Direction) -> None:
    """A limit added or lowered tightens, and so does a higher floor."""
    assert verdict(FORMULA, new).direction is expected


@pytest.mark.parametrize(
    ("id", "change", "expected"),
    [
        ("joy", {"weight": Fraction(5)}, BOTH),
        ("joy", {"threshold": Fraction(3)}, TIGHTENED),
        ("joy", {"threshold": None}, RELAXED),
        ("score.threshold", {"least": Fraction(30)}, RELAXED),
        ("score.scale", {"top": 5}, BOTH),
        ("score.combination", {"combining": g.Combining.MEDIAN}, BOTH),
        ("score.emphasis", {"groups": (("craft",),)}, SAME),
        ("allocation.method", {"method": g.Method.RANK_STOP}, BOTH),
        ("allocation.administration", {"rate": Fraction(1, 50)}, RELAXED),
        ("allocation.loud", {"floor": g.kr(6_000)}, BOTH),
        ("allocation.own-share", {"rate": Fraction(1, 2)}, TIGHTENED),
        ("allocation.own-share", {"base": g.Base.REQUEST}, UNCLEAR),
        ("condition.ear-muffs", {"when": None}, TIGHTENED),
    ],
)
def test_what_ranks_and_shares_out(id: str, change: dict[str, Any], expected: Direction) -> None:
    """Weights and shares of the money move some up and others down; thresholds and duties have a direction."""
    (old,) = (rule for rule in (*TOY.rules.rules, *TOY.rules.scoring.parts) if rule.id == id)
    assert verdict(old, evolve(old, **change)).direction is expected


@pytest.mark.parametrize("rule", [requirement(a.safe), cost_rule(g.Whole()), TOY.rules.conditions[0]])
def test_a_rule_that_is_new_tightens(rule: Any) -> None:
    """And one that is gone relaxes."""
    assert (verdict(None, rule).direction, verdict(rule, None).direction) == (TIGHTENED, RELAXED)


# Soundness: no application ever does what structure rules out

TERMS = tuple(dict.fromkeys(term for old, new, _ in DEMANDS.values() for term in (old, new)))
TERMS += (a.organisations.any(g.all_of(LEAD, o.kind.is_(g.REGION))), a.site.area <= 10, g.known(a.prior_support))
TERMS += (a.effects.is_(g.value("unwanted")), g.when(a.loud).then(a.safe).otherwise(a.pages <= 4), g.always())

NUMBERS: tuple[Term, ...] = (
    a.requested,
    g.value("floor"),
    g.value("lump"),
    a.requested + g.own_financing(a),
    a.requested - g.own_financing(a),
    g.own_financing(a),
    a.funding.total(f.amount),
    a.funding.total(f.amount, where=f.source.is_in(g.OWN, g.PUBLIC)),
    g.share(a.requested, Fraction(1, 3), g.Rounding.UP),
    g.share(a.requested, Fraction(2, 3), g.Rounding.DOWN),
    g.share(g.own_financing(a), Fraction(2, 3), g.Rounding.DOWN),
    g.least(a.requested, g.own_financing(a)),
    g.least(a.requested, g.own_financing(a), g.kr(2_000)),
    g.greatest(a.requested, g.own_financing(a)),
    g.greatest(a.requested, g.kr(2_000)),
    g.when(a.loud).then(a.requested).otherwise(g.kr(0)),
    g.when(a.loud).then(g.own_financing(a)).otherwise(g.kr(5)),
)

ALL = settings(max_examples=30)


def _bound(term: Term) -> Term:
    return bound(term, TOY.rules.values)


@cache
def _moves(one: int, other: int) -> frozenset[Any]:
    return moves(_bound(TERMS[one]), _bound(TERMS[other]), Both.of(TOY.rules, TOY.rules)).possible


@cache
def _shifts(one: int, other: int) -> frozenset[Shift]:
    return shifts(_bound(NUMBERS[one]), _bound(NUMBERS[other]), Both.of(TOY.rules, TOY.rules))


def _shift(before: Decimal | None, after: Decimal | None) -> Shift:
    if before is None or after is None:
        return Shift.SAME if before is after else Shift.APPEARS if before is None else Shift.VANISHES
    return Shift.SAME if before == after else Shift.HIGHER if after > before else Shift.LOWER


def _values(case: Any, terms: tuple[Term, ...]) -> list[Any]:
    application, assessments = case
    with exact():
        scope = scope_of(TOY.rules, application, combined(assessments))
        return [evaluate(term, scope) for term in terms]


@ALL
@given(case=assessed_applications(TOY))
def test_no_application_makes_a_move_that_structure_rules_out(case: Any) -> None:
    """For any two conditions, the truths they have are among the moves that are said to be possible."""
    truths = list(enumerate(_values(case, TERMS)))
    for (one, before), (other, after) in product(truths, truths):
        assert (before, after) in _moves(one, other), f"{TERMS[one]!r} to {TERMS[other]!r}"


@ALL
@given(case=assessed_applications(TOY))
def test_no_application_shifts_a_number_as_structure_rules_out(case: Any) -> None:
    """For any two numbers, how they lie to each other is among the shifts that are said to be possible."""
    numbers = list(enumerate(_values(case, NUMBERS)))
    for (one, before), (other, after) in product(numbers, numbers):
        assert _shift(before, after) in _shifts(one, other), f"{NUMBERS[one]!r} to {NUMBERS[other]!r}"


ON_LINES = (
    c.essential,
    TRAVEL,
    g.not_(c.essential),
    g.all_of(TRAVEL, c.essential),
    c.bearer.kind.is_(g.COMPANY),
    c.bearer.kind.is_in(g.COMPANY, g.REGION),
    c.incurred_on > a.ends_on,
    c.hours * g.value("hourly") > g.kr(1000),
    c.hours * g.value("hourly") > g.kr(2000),
    (c.kilometres * RATE).rounded(g.Rounding.UP) >= c.amount,
    (c.kilometres * RATE).rounded(g.Rounding.DOWN) >= c.amount,
)


@ALL
@given(case=assessed_applications(TOY))
def test_no_cost_line_makes_a_move_that_structure_rules_out(case: Any) -> None:
    """The same for conditions on cost lines."""
    both = Both.of(TOY.rules, TOY.rules, COSTS)
    bounds = [bound(term, TOY.rules.values) for term in ON_LINES]
    application, assessments = case
    with exact():
        for line in each(COSTS, scope_of(TOY.rules, application, combined(assessments))) or ():
            truths = [evaluate(term, line) for term in ON_LINES]
            for (one, before), (other, after) in product(zip(bounds, truths, strict=True), repeat=2):
                assert (before, after) in moves(one, other, both).possible


BOTH_WAYS = [(old, new) for old, new, expected in DEMANDS.values() if expected is BOTH]


@pytest.mark.parametrize("pair", BOTH_WAYS)
@pytest.mark.parametrize("before", [True, False])
def test_both_is_said_only_where_both_happens(pair: tuple[Term, Term], before: bool) -> None:
    """Where a change is said to do both, there is an application that shows each."""
    old, new = pair
    aim = Aim(TOY.rules, hints_of(TOY.rules))
    found = searched(aim, blank(TOY), [Has(old, before), Has(new, not before)])
    assert found is not None
    assert (found.value(old, {}), found.value(new, {})) == (before, not before)


def test_what_says_nothing_of_each_other_may_do_anything() -> None:
    """Two unrelated facts rule nothing out, and a condition held against itself does not move."""
    both = Both.of(TOY.rules, TOY.rules)
    assert moves(a.safe, a.loud, both).possible == ANY
    assert moves(a.safe, a.safe, both).possible == STILL
