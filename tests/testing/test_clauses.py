"""The clauses of a rule set, and what is said to be impossible."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import grantrules as g
from grantrules.terms.nodes import Term
from grantrules.testing.coverage.clauses import Clause, Guard, clauses_of
from grantrules.testing.coverage.points import points_of
from grantrules.testing.coverage.sides import Side
from grantrules.testing.coverage.sightings import sights_of
from grantrules.testing.strategies.applications import assessed_applications
from tests.pools import BLUE, CITED, EVERY_POOL, GREEN, RED, RULEBOOKS, TOY, a, c, o, text, toy_with, v


def _clauses(rulebook: g.Rulebook, rule: str) -> dict[str, Clause]:
    return {clause.spot.place: clause for clause in clauses_of(rulebook.rules) if clause.spot.rule == rule}


Tried = g.Requirement | g.CostRule


def _demanding(demand: Any, when: Term | None = None) -> g.Requirement:
    return g.Requirement("eligibility.tried", demand, text("tried"), CITED, when=when)


def _cutting(when: Any, concerns: Term | None = None) -> g.CostRule:
    return g.CostRule("cost.tried", g.Whole(), text("tried"), CITED, when=when, concerns=concerns)


def test_every_single_condition_of_a_rule_is_a_clause() -> None:
    """Comparisons, words, answers and counts of organisations, with those inside lists; and nothing that joins them."""
    assert {place: clause.text for place, clause in _clauses(TOY, "eligibility.partners").items()} == {
        "demand.items[0].items[0]": "total of 1 over organisations where organisations.role = lead >= 1",
        "demand.items[0].items[0].left.where": "organisations.role = lead",
        "demand.items[0].items[1]": "total of 1 over organisations where organisations.role = lead <= 3",
        "demand.items[0].items[1].left.where": "organisations.role = lead",
        "demand.items[1].item.where.items[0]": "organisations.role = lead",
        "demand.items[1].item.where.items[1].item": "organisations.kind is one of municipality, association",
    }
    assert list(_clauses(TOY, "eligibility.different")) == ["demand", "demand.where"]
    assert list(_clauses(TOY, "cost.hours")) == ["concerns", "when.item", "disallow.limit.items[1].condition"]
    assert list(_clauses(TOY, "allocation.associations")) == ["where.where.items[0]", "where.where.items[1]"]


@EVERY_POOL
def test_ids_tell_clauses_apart(pool: str) -> None:
    """No two clauses have one id, and each begins with its rule."""
    found = clauses_of(RULEBOOKS[pool].rules)
    assert len({clause.id for clause in found}) == len(found)
    assert all(clause.id == f"{clause.spot.rule}:{clause.spot.place}" for clause in found)


def test_a_yes_or_no_that_is_compared_is_one_clause() -> None:
    """`vat_recoverable.is_(True)` asks one thing."""
    assert {place: clause.text for place, clause in _clauses(TOY, "cost.part-of-vat").items()} == {
        "when": "costs.vat_recoverable = yes"
    }


def test_a_clause_knows_where_it_is_looked_at() -> None:
    """The lists, the outermost first, and the conditions that must hold before."""
    rule = _cutting(a.visits.any(v.on > c.incurred_on), concerns=c.category.is_("pay"))
    spot = _clauses(toy_with(rule), rule.id)["when.where"].spot
    assert spot.scope == ("costs", "visits")
    assert [step.place for step in spot.way if isinstance(step, Guard)] == ["concerns"]
    assert _clauses(TOY, "eligibility.hosts")["demand.where.items[1]"].spot.scope == ("visits",)


def test_what_every_one_must_be_is_looked_at_for_those_picked() -> None:
    """The kind of an organisation is demanded of the leads alone."""
    clause = _clauses(TOY, "eligibility.partners")["demand.items[1].item.where.items[1].item"]
    assert [step.place for step in clause.spot.way if isinstance(step, Guard)] == [
        "demand.items[1].item.where.items[0]"
    ]


def test_both_branches_of_a_choice_have_their_condition_before_them() -> None:
    """What is chosen is looked at where the condition holds, and the other where it does not."""
    one, other = a.visits.total(v.children, where=v.price > g.kr(0)), a.visits.total(v.children)
    rule = _demanding(g.when(a.loud).then(one).otherwise(other + a.pages) >= 3)
    way = _clauses(toy_with(rule), rule.id)["demand.left.chosen.where"].spot.way
    assert [(step.place, step.holds) for step in way if isinstance(step, Guard)] == [("demand.left.condition", True)]


@pytest.mark.parametrize(
    ("rule", "place", "found", "limit"),
    [
        ("formal.pages", "demand", a.pages, g.value("page_limit")),
        ("formal.deadline", "demand", a.submitted_at, g.value("deadline")),
        ("eligibility.site-in-use", "demand", a.site.since, a.starts_on),
    ],
)
def test_the_limit_is_the_figure_or_else_the_right_side(rule: str, place: str, found: Term, limit: Term) -> None:
    """Whichever side the author wrote it on."""
    limits = _clauses(TOY, rule)[place].limits
    assert limits is not None
    assert (limits.found, limits.limit) == (found, limit)


def test_words_and_answers_have_no_limit() -> None:
    """Only what has an order is touched at, below and above a limit."""
    assert all(clause.limits is None for clause in _clauses(TOY, "eligibility.colour").values())


def test_a_clause_is_labelled_by_what_it_asks() -> None:
    """The labels of its facts and the questions of its judgements."""
    assert _clauses(TOY, "eligibility.site-in-use")["demand"].label.en == "in use since; project start"
    assert _clauses(TOY, "eligibility.colour")["demand.items[1]"].label.en == "can the colour be accepted?"


HALF = Fraction(1, 2)

IMPOSSIBLE: Mapping[str, tuple[Tried, str, set[Side]]] = {
    "a count from zero": (_demanding(a.pages >= 0), "demand", {Side.NOT_MET, Side.BELOW}),
    "a count up to its bound": (_demanding(a.pages > 100), "demand", {Side.MET, Side.ABOVE}),
    "sums and products of counts": (
        _demanding(a.pages * 2 + 1 > 0),
        "demand",
        {Side.NOT_MET, Side.BELOW, Side.AT},
    ),
    "a total of amounts": (_demanding(g.own_financing(a) < g.kr(0)), "demand", {Side.MET, Side.BELOW}),
    "a share": (
        _demanding(g.share(a.requested, HALF, g.Rounding.DOWN) >= g.kr(0)),
        "demand",
        {Side.NOT_MET, Side.BELOW},
    ),
    "a difference may be anything": (_demanding(a.requested - g.kr(5) >= g.kr(0)), "demand", set()),
    "the greatest of two": (
        _demanding(g.greatest(a.requested, g.kr(5)) >= g.kr(5)),
        "demand",
        {Side.NOT_MET, Side.BELOW},
    ),
    "the least of two": (_demanding(g.least(a.requested, g.kr(5)) > g.kr(5)), "demand", {Side.MET, Side.ABOVE}),
    "a choice between two figures": (
        _demanding(g.when(a.loud).then(3).otherwise(5) <= 2),
        "demand",
        {Side.MET, Side.BELOW, Side.AT},
    ),
    "a fact and itself": (
        _demanding(a.requested <= a.requested),
        "demand",
        {Side.NOT_MET, Side.BELOW, Side.ABOVE},
    ),
    "every word there is": (_demanding(a.colour.is_in(RED, GREEN, BLUE)), "demand", {Side.NOT_MET}),
    "whether it is stated": (_demanding(g.known(a.prior_support)), "demand", {Side.UNDETERMINED}),
    "what was asked for before": (
        _demanding(a.prior_support < g.kr(5), when=g.known(a.prior_support)),
        "demand",
        {Side.UNDETERMINED},
    ),
    "what another condition rested on": (
        _demanding(a.pages < 5, when=g.all_of(a.loud, a.pages > 2)),
        "demand",
        {Side.UNDETERMINED},
    ),
    "the same once more": (
        _demanding(g.any_of(a.loud, a.safe), when=a.loud),
        "demand.items[0]",
        {Side.NOT_MET, Side.UNDETERMINED},
    ),
    "its opposite": (
        _demanding(g.any_of(a.loud, a.safe), when=g.not_(a.loud)),
        "demand.items[0]",
        {Side.MET, Side.UNDETERMINED},
    ),
    "none of two that failed together": (
        _demanding(g.any_of(a.loud, a.safe), when=g.not_(g.any_of(a.loud, a.pages > 5))),
        "demand.items[0]",
        {Side.MET, Side.UNDETERMINED},
    ),
    "one of two that failed, nobody knows which": (
        _demanding(g.any_of(a.loud, a.safe), when=g.not_(g.all_of(a.loud, a.pages > 5))),
        "demand.items[0]",
        set(),
    ),
    "another word than the one picked": (
        _cutting(c.colour.is_(RED), concerns=c.colour.is_in(GREEN, BLUE)),
        "when",
        {Side.MET, Side.UNDETERMINED},
    ),
    "the other words": (
        _cutting(c.colour.is_in(RED, BLUE), concerns=g.not_(c.colour.is_(GREEN))),
        "when",
        {Side.NOT_MET, Side.UNDETERMINED},
    ),
    "two figures": (
        _demanding(g.any_of(a.loud, g.value("lump") > g.kr(5))),
        "demand.items[1]",
        {Side.NOT_MET, Side.UNDETERMINED},
    ),
    "a list that may be empty": (
        _demanding(a.organisations.different(1, where=o.role.is_(g.LEAD))),
        "demand",
        set(),
    ),
}


RULES: Mapping[str, Tried] = {
    name: evolve(rule, id=f"{rule.id}-{number}") for number, (name, (rule, _, _)) in enumerate(IMPOSSIBLE.items())
}
ODD = toy_with(*RULES.values())
"""The toy pool with all of these rules at once."""


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_cannot_be_is_left_out_with_the_reason(name: str) -> None:
    """What surely cannot be seen of a clause is not asked for; everything else is."""
    _, place, sides = IMPOSSIBLE[name]
    clause = _clauses(ODD, RULES[name].id)[place]
    assert set(clause.impossible) == sides
    assert all(clause.impossible.values())
    asked = {Side.MET, Side.NOT_MET, Side.UNDETERMINED}
    asked |= {Side.BELOW, Side.AT, Side.ABOVE} if clause.limits else set()
    assert set(clause.sides) == asked - sides


@pytest.mark.parametrize("pool", [*RULEBOOKS, "odd"])
@given(data=st.data())
@settings(max_examples=30, suppress_health_check=list(HealthCheck))
def test_nothing_impossible_is_ever_seen(pool: str, data: st.DataObject) -> None:
    """Random cases never show a side that is called impossible, of clauses and of whole rules."""
    rulebook = {**RULEBOOKS, "odd": ODD}[pool]
    application, assessments = data.draw(assessed_applications(rulebook))
    points = points_of(rulebook.rules)
    impossible = {(point.id, side) for point in points for side in point.impossible}
    sights = sights_of(rulebook.rules, points, application, assessments)
    assert not impossible & {(sight.point, side) for sight in sights for side in sight.sides}
