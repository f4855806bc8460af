"""The strategies: what they draw can be read, reaches every stage, and touches the thresholds."""

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from attrs import frozen
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

import grantrules as g
from grantrules.serial.applications import application_to_data
from grantrules.serial.assessments import assessment_to_data
from grantrules.testing import applications, assessed_applications, assessments, rounds_of
from tests.pools import ASSUMED, EVERY_POOL, REAL, RULEBOOKS, TOY, text

QUIETLY = settings(
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    deadline=None,
)


def drawn(strategy: st.SearchStrategy[Any], most: int = 120) -> list[Any]:
    """Many examples of a strategy, the same every time."""
    found: list[Any] = []

    @settings(QUIETLY, max_examples=most)
    @given(strategy)
    def draw(example: Any) -> None:
        found.append(example)

    draw()
    return found


@EVERY_POOL
def test_what_is_drawn_can_be_read(pool: str) -> None:
    """Every application and assessment is one that a reader takes."""
    rulebook = RULEBOOKS[pool]
    for application, panel in drawn(assessed_applications(rulebook), 40):
        assert rulebook.read_application(application_to_data(application)) == application
        for assessment in panel:
            assert rulebook.read_assessment(assessment_to_data(assessment)) == assessment


@EVERY_POOL
def test_later_stages_are_reached(pool: str) -> None:
    """A good part of what is drawn is eligible, and of the rest there is some of everything that can be."""
    rulebook = RULEBOOKS[pool]
    outcomes = Counter(rulebook.decide(*case).outcome for case in drawn(assessed_applications(rulebook)))
    assert outcomes[g.Outcome.ELIGIBLE] * 8 >= outcomes.total()
    assert outcomes[g.Outcome.UNDETERMINED]
    assert outcomes[g.Outcome.INELIGIBLE]


def test_thresholds_are_touched_at_below_and_above() -> None:
    """The limits of the 2018 call are met exactly, and missed by the smallest step."""
    made = drawn(applications(REAL), 300)
    pages = {application.pages for application in made}
    assert {4, 5, 6} <= pages
    requested = {application.requested for application in made}
    floor, ceiling, step = Decimal("1000000.00"), Decimal("2500000.00"), Decimal("0.01")
    assert requested & {floor - step}
    assert requested & {floor, ceiling}
    assert requested & {ceiling + step}


def test_complete_applications_state_everything() -> None:
    """With nothing missing, no fact but those declared optional is left out."""
    for application in drawn(applications(TOY, complete=True), 30):
        stated = application_to_data(application)
        assert set(TOY.template()) - {"$comment", "prior_support", "requested_minimum"} <= set(stated)


@pytest.mark.parametrize("pool", ["toy", "dk_2018_kompetenceloeft", "no_helseteknologi@2024-2"])
def test_named_rules_are_met_or_fail(pool: str) -> None:
    """`meeting` and `failing` hold of every application that is drawn."""
    rulebook = RULEBOOKS[pool]
    first, *_, last = [rule.id for rule in rulebook.rules.requirements if rule.when is None]
    for application in drawn(applications(rulebook, meeting=[first], failing=[last]), 30):
        results = rulebook.decide(application).results
        assert (results[first], results[last]) == (g.Result.MET, g.Result.NOT_MET)


def test_an_unknown_rule_is_refused_at_once() -> None:
    """A rule that is not there is an error when the strategy is made, not when it draws."""
    with pytest.raises(g.InputError, match="there is no such requirement"):
        applications(TOY, meeting=["formal.pagess"])


def test_shrinking_gives_a_small_application() -> None:
    """What fails a rule shrinks to little more than the fact that fails it."""
    quiet = settings(derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    found = find(applications(REAL, failing=["formal.length"]), lambda _: True, settings=quiet)
    assert application_to_data(found) == {"pages": 6}


def test_assessments_need_no_application() -> None:
    """Without an application no line is judged by itself, and everything else can be."""
    panels = drawn(assessments(TOY), 60)
    assert {len(panel) for panel in panels} == {0, 1, 2, 3}
    assert all(isinstance(a, bool) for panel in panels for one in panel for a in one.judgements.values())


def test_thresholds_of_another_version_are_tried_too() -> None:
    """Near another rulebook, its limits are drawn as well."""
    other = REAL.with_values(page_limit=17)
    pages = {application.pages for application in drawn(applications(REAL, near=[other]), 300)}
    assert 17 in pages
    assert pages & {16, 18}


@EVERY_POOL
def test_rounds_can_be_allocated(pool: str) -> None:
    """Rounds have applications of several outcomes and a budget that some of them would use up."""
    rulebook = RULEBOOKS[pool]
    assert rulebook.rules.allocation is not None
    short = 0
    for load in drawn(rounds_of(rulebook, most=4), 30):
        made = load.allocated()
        assert sum((award.amount or 0 for award in made.awards), Decimal(0)) <= load.budget
        short += any(award.amount == 0 for award in made.awards)
    assert short


@frozen(kw_only=True)
class Narrow(g.Application):
    """An application whose facts can be little else than what they are."""

    day: date | None = g.day(text("day"), min=date(2031, 1, 1), max=date(2031, 1, 2))
    weight: Decimal | None = g.quantity(text("weight"), "kg", max=Decimal("0.02"))
    fee: Decimal | None = g.money(text("fee"), max=g.kr("0.03"))
    rooms: int | None = g.count(text("rooms"), min=3, max=4)


class NarrowPool:
    """A pool with nothing but a grant."""

    name = "narrow"

    @g.hook
    def pool(self) -> g.Pool:
        """The pool, of one round without any value."""
        round = g.Round("2031", text("2031"), g.kr(1000))
        names = (text("narrow"), text("nobody"))
        return g.Pool("narrow", *names, "DK", "DKK", "Europe/Copenhagen", Narrow, (round,))

    @g.hook
    def highest_grant(self) -> g.GrantFormula:
        """What is applied for."""
        return g.GrantFormula(g.facts(Narrow).requested, text("as applied for"), ASSUMED)


def test_narrow_bounds_are_kept() -> None:
    """Facts with hardly any room, in a pool without rules, are drawn within their bounds."""
    rulebook = g.Registry.of(NarrowPool()).rulebook("narrow")
    found = drawn(applications(rulebook, complete=True), 40)
    for application in found:
        assert rulebook.read_application(application_to_data(application)) == application
    assert {application.weight for application in found} >= {Decimal(0)}
