"""What holds of every allocation: of the toy pool by every method and way to declare it, and of every real round."""

import json
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import cache
from hashlib import sha256
from typing import Any

import pytest
from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import grantrules as g
from grantrules.awards import Award, AwardOutcome, Why
from grantrules.methods import ByDraw, ByScore, ByTerm
from grantrules.ordering import draw
from grantrules.overriding import against
from grantrules.testing.strategies.rounds import Caseload, caseload
from grantrules.values import LANGUAGES, ORE, share_of
from tests.allotments import (
    BY_PAGES,
    BY_TIME,
    EVERY_ROUND,
    EVERY_ROUND_IN_ORDER,
    IN_ORDER,
    ROUNDS,
    SOUND,
    caseloads,
    own_cases,
    rulebooks,
    toy_allocating,
)
from tests.pools import a, text

SOME = settings(max_examples=20)

PANEL = [g.Assessment(assessor="assessor-1", ratings={"joy": Decimal(5), "craft": Decimal(6)})]

WAITING = (AwardOutcome.RESERVE, AwardOutcome.UNDETERMINED)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """The sum of amounts."""
    return sum(amounts, Decimal(0))


def amounts(found: g.AllocationResult) -> dict[str, Decimal]:
    """What everybody gets."""
    return {award.application: award.amount for award in found.awards}


def ranked(found: g.AllocationResult) -> dict[str, Award]:
    """The awards of those that are ranked, in order."""
    return {award.application: award for award in found.awards if award.rank is not None}


def administration(load: Caseload, budget: Decimal) -> Decimal:
    """What is taken off a budget first."""
    part = load.allocation.administration
    return Decimal(0) if part is None else share_of(budget, part.rate, part.rounding)


def budget_for(load: Caseload, money: Decimal) -> Decimal:
    """The budget of which so much is left to share out once the administration has its part."""
    rate = Fraction(0) if load.allocation.administration is None else load.allocation.administration.rate
    budget = Decimal((Fraction(money) * 100 / (1 - rate)).__floor__()) * ORE
    while budget - administration(load, budget) > money:
        budget -= ORE
    while budget - administration(load, budget) < money:
        budget += ORE
    return budget


# Sums and amounts


@EVERY_ROUND
@SOME
@given(data=st.data())
def test_awards_remainder_and_administration_are_the_budget(name: str, data: st.DataObject) -> None:
    """To the øre; and groups, strands and the reserve list say the same as the awards."""
    load = data.draw(caseloads(name))
    found = load.allocated()
    assert found.awarded + found.remainder + found.administration == found.budget == load.budget
    assert found.awarded == total(award.amount for award in found.awards)
    assert found.administration == administration(load, load.budget)
    assert found.remainder >= 0
    assert sorted(amounts(found)) == sorted(application.id for application, _ in load.cases)
    assert list(found.reserve) == [a.application for a in found.awards if a.outcome is AwardOutcome.RESERVE]
    places = load.allocation.reserve
    waiting = [a for a in found.awards if a.outcome is AwardOutcome.RESERVE or a.reason is Why.NO_RESERVE_PLACE]
    assert list(found.reserve) == [award.application for award in waiting][:places]
    for strand in found.strands:
        assert strand.awarded == total(award.amount for award in found.awards if award.strand == strand.id)
    if load.allocation.prior is not None:
        funded = {award.application: bool(award.prior) for award in found.awards if award.amount}
        new, more = found.groups
        assert (new.id, more.id) == ("new", "topped-up")
        assert {*new.applications} == {id for id, before in funded.items() if not before}
        assert {*more.applications} == {id for id, before in funded.items() if before}
        assert new.awarded + more.awarded == found.awarded


@EVERY_ROUND
@SOME
@given(data=st.data())
def test_every_award_is_nothing_or_between_its_least_and_its_most(name: str, data: st.DataObject) -> None:
    """Nobody gets less than the pool grants or than it can use, nor more than its highest grant."""
    load = data.draw(caseloads(name))
    found = load.allocated()
    for (application, _), decision in zip(load.cases, load.decisions, strict=True):
        award = found.award(application.id)
        assert award.highest == decision.highest_grant
        assert award.funded is (award.amount > 0)
        assert (award.outcome is AwardOutcome.AWARDED) is (award.amount > 0 and award.amount == award.highest)
        if award.amount:
            assert award.least is not None
            assert award.highest is not None
            assert ORE <= award.least <= award.amount <= award.highest
            assert award.amount + (award.prior or 0) >= (application.requested_minimum or 0)
            assert award.amount <= application.requested - (award.prior or 0)
            assert decision.outcome is g.Outcome.ELIGIBLE
        if load.allocation.least is None and load.rulebook.rules.grant.floor is None and award.rank is not None:
            assert award.least == max(ORE, (application.requested_minimum or 0) - (award.prior or 0))


@EVERY_ROUND
@SOME
@given(data=st.data())
def test_strands_keep_their_ceilings_and_what_they_do_not_release(name: str, data: st.DataObject) -> None:
    """No strand gets more than its ceiling, and what one leaves of a floor that it does not release is left over."""
    load = data.draw(caseloads(name))
    found = load.allocated()
    keeps_strands(load, found)


def keeps_strands(load: Caseload, found: g.AllocationResult) -> None:
    """Hold the strands of an allocation against their declarations."""
    kept = Decimal(0)
    for strand, use in zip(load.allocation.strands, found.strands, strict=True):
        assert strand.ceiling is None or use.awarded <= strand.ceiling
        assert use.unused == max(Decimal(0), (strand.floor or Decimal(0)) - use.awarded)
        kept += Decimal(0) if strand.releases else use.unused
    assert found.remainder >= kept


@EVERY_ROUND
@SOME
@given(data=st.data())
def test_co_financing_is_worked_out_on_the_base_that_the_rule_names(name: str, data: st.DataObject) -> None:
    """Of the award it falls with a cut, of the request or the eligible costs it does not; without an award, nothing."""
    load = data.draw(caseloads(name))
    found = load.allocated()
    for (application, _), decision in zip(load.cases, load.decisions, strict=True):
        award = found.award(application.id)
        assert len(award.co_financing) == (len(load.allocation.co_financing) if award.amount else 0)
        for rule, demand in zip(load.allocation.co_financing, award.co_financing, strict=False):
            costs = decision.costs.total
            bases = {
                g.Base.AWARD: award.amount,
                g.Base.REQUEST: application.requested,
                g.Base.ELIGIBLE_COSTS: None if costs is None or costs.undetermined else costs.low,
            }
            base = bases[rule.base]
            assert (demand.id, demand.base) == (rule.id, rule.base)
            assert demand.required == (None if base is None else share_of(base, rule.rate, rule.rounding))
            assert demand.stated == total(part.amount for part in application.funding if part.source == "own")
            assert demand.required is None or demand.margin == demand.stated - demand.required


# Order


@EVERY_ROUND
@SOME
@given(data=st.data())
def test_the_order_of_the_decisions_decides_nothing(name: str, data: st.DataObject) -> None:
    """Decisions in another order, and decisions that were stored and read back, give the very same allocation."""
    load = data.draw(caseloads(name))
    expected = load.allocated().to_dict()
    assert load.allocated(data.draw(st.permutations(load.decisions))).to_dict() == expected
    stored = [load.rulebook.read_decision(decision.to_dict()) for decision in load.decisions]
    assert load.allocated(stored).to_dict() == expected


def place(load: Caseload, application: Any, decision: g.Decision) -> tuple[Any, ...]:
    """Where an application stands by each step of the order, the first before the last."""

    def step(key: g.methods.Key) -> Any:
        match key:
            case ByScore():
                return -(decision.score.exact or Fraction(0)) if decision.score else None
            case ByDraw():
                return sha256(f"{load.seed}\n{application.id}".encode()).hexdigest()
            case ByTerm():
                return {BY_TIME: application.submitted_at, BY_PAGES: -(application.pages or 0)}[key]

    return tuple(step(key) for key in load.allocation.order)


@EVERY_ROUND
@SOME
@given(data=st.data())
def test_ranks_follow_the_steps_of_the_order(name: str, data: st.DataObject) -> None:
    """
    Each is ranked one below all that stand before it by score, facts, and lots, where the lowest SHA-256 of seed,
    line feed and case number comes first; those that nothing parts have the same rank.
    """
    load = data.draw(caseloads(name))
    found = load.allocated()
    places = {
        application.id: place(load, application, decision)
        for (application, _), decision in zip(load.cases, load.decisions, strict=True)
        if application.id in ranked(found)
    }
    for id, award in ranked(found).items():
        assert award.rank == 1 + sum(other < places[id] for other in places.values())
    assert list(ranked(found)) == sorted(places, key=lambda id: (places[id], id))
    unranked = [award.application for award in found.awards if award.rank is None]
    assert [award.application for award in found.awards] == [*ranked(found), *sorted(unranked)]


@EVERY_ROUND
@SOME
@given(data=st.data())
def test_only_those_that_can_be_granted_money_and_are_fully_rated_are_ranked(name: str, data: st.DataObject) -> None:
    """All others are listed with a reason of their own, and get nothing."""
    load = data.draw(caseloads(name))
    found = load.allocated()
    reasons = {
        g.Outcome.DISMISSED: (AwardOutcome.DISMISSED, Why.DISMISSED),
        g.Outcome.INELIGIBLE: (AwardOutcome.INELIGIBLE, Why.INELIGIBLE),
        g.Outcome.UNDETERMINED: (AwardOutcome.UNDETERMINED, Why.UNDETERMINED),
    }
    for (application, _), decision in zip(load.cases, load.decisions, strict=True):
        award = found.award(application.id)
        if decision.outcome in reasons:
            assert (award.outcome, award.reason) == reasons[decision.outcome]
        fully = decision.score is not None and decision.score.exact is not None
        reached = decision.score is not None and all(t.holds is True for t in decision.score.thresholds)
        surely_not = decision.score is not None and any(t.holds is False for t in decision.score.thresholds)
        assert surely_not or award.reason is not Why.BELOW_THRESHOLD
        possible = decision.outcome is g.Outcome.ELIGIBLE and bool(decision.highest_grant)
        within = (
            award.least is not None and decision.highest_grant is not None and decision.highest_grant >= award.least
        )
        assert (award.rank is not None) is (possible and fully and reached and within and not award.missing)
        assert award.rank is not None or not award.amount


@pytest.mark.parametrize("name", [method.name for method in IN_ORDER])
@SOME
@given(data=st.data())
def test_nobody_lower_is_funded_before_somebody_higher(name: str, data: st.DataObject) -> None:
    """Where the method promises it, everybody funded has a better rank than everybody ranked and not funded."""
    load = data.draw(caseloads(name))
    assume(not load.allocation.strands)
    found = ranked(load.allocated()).values()
    for funded in (award for award in found if award.amount):
        assert all(award.amount or (award.rank or 0) > (funded.rank or 0) for award in found)


@EVERY_ROUND
@SOME
@given(data=st.data())
def test_a_better_rating_never_worsens_total_or_rank(name: str, data: st.DataObject) -> None:
    """Raising one rating of one assessor lowers neither the total nor the rank."""
    load = data.draw(caseloads(name))
    rated = [(i, j) for i, (_, panel) in enumerate(load.cases) for j, one in enumerate(panel) if one.ratings]
    assume(rated)
    which, assessor = data.draw(st.sampled_from(rated))
    application, panel = load.cases[which]
    id = data.draw(st.sampled_from(sorted(panel[assessor].ratings)))
    assert load.rulebook.rules.scoring.scale is not None
    top = Decimal(load.rulebook.rules.scoring.scale.top)
    higher = data.draw(st.decimals(panel[assessor].ratings[id], top, places=3))
    raised = [*panel]
    raised[assessor] = evolve(panel[assessor], ratings={**panel[assessor].ratings, id: higher})
    decisions = [*load.decisions]
    decisions[which] = load.rulebook.decide(application, raised)
    before, after = (load.allocated(made).award(application.id) for made in (load.decisions, decisions))
    if before.score is not None:
        assert after.score is not None
        assert after.score >= before.score
    if before.rank is not None:
        assert after.rank is not None
        assert after.rank <= before.rank


@cache
def weighed(digest: str, scale: Fraction) -> g.Rulebook:
    """A rulebook with the weights that it has, or with one each, times a number."""
    rulebook = _BY_DIGEST[digest]
    criteria = rulebook.rules.scoring.criteria
    stated = {criterion.id: scale * (1 if criterion.weight is None else criterion.weight) for criterion in criteria}
    return rulebook.with_weights(stated, text("a what-if"))


_BY_DIGEST: dict[str, g.Rulebook] = {}


@EVERY_ROUND
@settings(max_examples=8)
@given(data=st.data())
def test_scaling_all_weights_changes_nothing(name: str, data: st.DataObject) -> None:
    """Seven or a third of every weight: the same scores, ranks, amounts and reasons, and as with the round's own."""
    load = data.draw(caseloads(name))
    _BY_DIGEST[load.rulebook.digest] = load.rulebook
    scale = data.draw(st.sampled_from((Fraction(7), Fraction(1, 3))))
    expected = load.allocated().awards
    for rulebook in (weighed(load.rulebook.digest, Fraction(1)), weighed(load.rulebook.digest, scale)):
        other = evolve(load, rulebook=rulebook, decisions=[rulebook.decide(*case) for case in load.cases])
        assert other.allocated().awards == expected


# More money


@EVERY_ROUND_IN_ORDER
@SOME
@given(data=st.data())
def test_more_budget_takes_nobody_s_award(name: str, data: st.DataObject) -> None:
    """With a greater budget everybody funded still is; by rank alone no amount falls."""
    load = data.draw(caseloads(name))
    assume(not load.allocation.strands)
    more = data.draw(st.one_of(st.integers(1, 200), st.integers(1, 10**8))) * ORE
    before, after = (amounts(load.allocated(budget=budget)) for budget in (load.budget, load.budget + more))
    for id, amount in before.items():
        assert after[id] >= (amount if load.allocation.method is not g.Method.INTERVALS else min(amount, ORE))


@EVERY_ROUND
@SOME
@given(data=st.data())
def test_what_is_said_to_be_lacking_is_enough_and_no_ore_too_much(name: str, data: st.DataObject) -> None:
    """So much more to share out gives the application what is said, its most or its least; an øre less gives less."""
    load = data.draw(caseloads(name))
    found = load.allocated()
    told = [award for award in found.awards if "more" in award.figures]
    unfunded = [award for award in ranked(found).values() if not award.amount]
    assert told == (unfunded if load.allocation.method in IN_ORDER and not load.allocation.strands else [])
    for award in told:
        money, then = load.budget - found.administration + award.figures["more"], award.figures["then"]
        assert award.least is not None
        assert then == (award.least if load.allocation.method is g.Method.INTERVALS else award.highest)
        enough, short = (load.allocated(budget=budget_for(load, each)) for each in (money, money - ORE))
        assert enough.award(award.application).amount >= then
        assert short.award(award.application).amount < then


# Ties


@EVERY_ROUND
@settings(max_examples=40)
@given(data=st.data())
def test_level_applications_at_the_line_are_reported_and_a_person_settles_them(name: str, data: st.DataObject) -> None:
    """
    The money waits for them. Once somebody has put them in order, none of them is level at a line any more, nobody
    else who was funded loses anything, and where the method promises it, none is funded before one put higher.
    """
    load = data.draw(caseloads(name))
    found = load.allocated()
    tied = [award for award in found.awards if award.reason is Why.TIED]
    assert {award.application for award in tied} <= {id for tie in found.ties for id in tie.applications}
    assert all(award.outcome is AwardOutcome.UNDETERMINED and not award.amount for award in tied)
    for tie in found.ties:
        assert {found.award(id).rank for id in tie.applications} == {tie.rank}
        assert found.remainder >= tie.left
        level = {id for id, award in ranked(found).items() if award.rank == tie.rank}
        order = data.draw(st.permutations(sorted(level)))
        settled = g.Settled(order, "Styregruppen", "the widest spread over the country")
        after = load.allocated(settled=settled)
        assert not any(set(tie.applications) & set(other.applications) for other in after.ties)
        assert [id for id in ranked(after) if id in level] == order
        for id, award in ranked(found).items():
            if award.amount and load.allocation.method is not g.Method.RANK_SKIP:
                assert after.award(id).amount >= (award.least or ORE)
        if load.allocation.method in IN_ORDER and not load.allocation.strands:
            funded = [after.award(id).funded for id in order]
            assert funded == sorted(funded, reverse=True)
            assert load.allocation.method is g.Method.RANK_PARTIAL_LAST or not all(funded)
        assert after.allotment.settled == settled
        assert "Styregruppen" in after.explain("en")


@EVERY_ROUND
@settings(max_examples=10)
@given(data=st.data())
def test_if_all_are_alike_nobody_is_preferred(name: str, data: st.DataObject) -> None:
    """Applications that say the same are all funded, all wait, or none is; only a draw parts them."""
    load = data.draw(caseloads(name, most=1))
    assume(ByDraw() not in load.allocation.order and load.cases)
    same = caseload(load.rulebook, list(load.cases) * data.draw(st.integers(2, 5)), load.budget)
    found = same.allocated()
    assert len({award.amount > 0 for award in found.awards}) == 1
    assert len({award.rank for award in found.awards}) == 1
    most, least = (end(award.amount for award in found.awards) for end in (max, min))
    assert most - least <= ORE
    assert len({award.reason for award in found.awards} - {Why.NO_RESERVE_PLACE}) <= 1


# Replacement


def waits_for_a_person(load: Caseload, made: g.AllocationResult) -> bool:
    """Nobody was raised yet, and nobody is replaced, before a tie within intervals is settled."""
    return bool(made.ties) and load.allocation.method is g.Method.INTERVALS


@EVERY_ROUND
@settings(max_examples=40)
@given(data=st.data())
def test_replacing_follows_the_reserve_list_and_lowers_nobody(name: str, data: st.DataObject) -> None:
    """
    Those who withdraw have nothing, nobody else has less, the sums hold, and the list moves up in its order: where
    the method keeps to it, nobody on it gets money before somebody of a better rank has all it can get.
    """
    load = data.draw(caseloads(name))
    first = load.allocated()
    gone = data.draw(st.sets(st.sampled_from([a.application for a in first.awards if a.amount] or [""])))
    gone.discard("")
    if waits_for_a_person(load, first):
        with pytest.raises(g.InputError, match="a tie is not settled yet"):
            load.rulebook.replace(first, sorted(gone))
        return
    after = load.rulebook.replace(first, sorted(gone))
    assert after.awarded + after.remainder + after.administration == after.budget == load.budget
    assert after.awarded == total(award.amount for award in after.awards)
    assert after.remainder >= 0
    assert after.allotment.withdrawn == tuple(sorted(gone))
    keeps_strands(load, after)
    assert [award.application for award in after.awards] == [award.application for award in first.awards]
    raised = []
    for before, award in zip(first.awards, after.awards, strict=True):
        if before.application in gone:
            assert (award.outcome, award.reason) == (AwardOutcome.DECLINED, Why.WITHDRAWN)
            assert not award.amount
            continue
        assert award.amount >= before.amount
        if award.amount > before.amount:
            raised.append(award)
            made_up = load.allocation.method is g.Method.RANK_PARTIAL_LAST
            assert before.outcome in WAITING or (made_up and before.outcome is AwardOutcome.AWARDED_IN_PART)
            assert (award.least or ORE) <= award.amount <= (award.highest or 0)
        elif before.outcome not in WAITING:
            assert award == before
    if load.allocation.method is not g.Method.RANK_SKIP and not load.allocation.strands:
        passed = [
            award
            for before, award in zip(first.awards, after.awards, strict=True)
            if award.outcome in WAITING and before.outcome in WAITING and award.rank is not None
        ]
        assert all((award.rank or 0) < (other.rank or 0) for award in raised for other in passed)
        assert all(award.amount == award.highest for award in raised[:-1])
    waiting = [award.application for award in after.awards if award.outcome is AwardOutcome.RESERVE]
    assert list(after.reserve) == waiting
    assert {*after.reserve} <= {a.application for a in first.awards if a.outcome in WAITING}


@EVERY_ROUND
@SOME
@given(data=st.data())
def test_what_the_reserve_list_is_said_to_lack_is_enough_and_no_ore_too_much(name: str, data: st.DataObject) -> None:
    """After a replacement, so much more gives the application what is said; an øre less gives less."""
    load = data.draw(caseloads(name))
    first = load.allocated()
    assume(not waits_for_a_person(load, first))
    gone = [award.application for award in first.awards if award.amount][: data.draw(st.integers(1, 2))]
    after = load.rulebook.replace(first, gone)
    for award in after.awards:
        if award.outcome not in WAITING or "more" not in award.figures:
            continue
        more, then = award.figures["more"], award.figures["then"]
        enough, short = (
            load.rulebook.replace(evolve(after, allotment=evolve(after.allotment, budget=after.budget + extra)), [])
            for extra in (more, more - ORE)
        )
        assert enough.award(award.application).amount >= then
        assert short.award(award.application).amount < then


@EVERY_ROUND
@SOME
@given(data=st.data())
def test_a_stored_allocation_moves_up_as_the_one_that_was_stored(name: str, data: st.DataObject) -> None:
    """The reserve list moves up without the applications; and as long as nobody withdraws, no award changes."""
    load = data.draw(caseloads(name))
    first = load.allocated()
    assume(not waits_for_a_person(load, first))
    gone = [award.application for award in first.awards if award.amount][: data.draw(st.integers(0, 2))]
    stored = load.rulebook.read_allocation(json.loads(json.dumps(first.to_dict())))
    assert load.rulebook.replace(stored, gone) == load.rulebook.replace(first, gone)
    if load.allocation.method is not g.Method.PROPORTIONAL:
        assert amounts(load.rulebook.replace(first, [])) == amounts(first)


# Persons


@EVERY_ROUND
@SOME
@given(data=st.data())
def test_recommended_is_what_the_rules_alone_would_give(name: str, data: st.DataObject) -> None:
    """Whatever is set aside, `recommended` is the award of an allocation without any override."""
    load = data.draw(caseloads(name))
    alone = load.allocated()
    assert all(award.recommended == award.amount for award in alone.awards)
    decisions = []
    for decision in load.decisions:
        standing_in_the_way = list(dict.fromkeys(against(decision._parts)))
        aside = data.draw(st.sets(st.sampled_from(standing_in_the_way), max_size=3)) if standing_in_the_way else set()
        if aside:
            decision = load.rulebook.override(decision, by="Kontorchefen", reason="ours", sets_aside=sorted(aside))
        decisions.append(decision)
    found = load.allocated(decisions)
    for decision in decisions:
        award = found.award(decision.heading.application or "")
        assert award.recommended == alone.award(award.application).amount
        assert award.overrides == decision.overrides
        assert award.highest == decision.decided
        assert award.funded is False or decision.decided_outcome is g.Outcome.ELIGIBLE
    assert found.awarded + found.remainder + found.administration == load.budget


# Zero and missing


@EVERY_ROUND
@SOME
@given(data=st.data())
def test_a_rating_of_zero_ranks_and_a_missing_one_does_not(name: str, data: st.DataObject) -> None:
    """With zero on a criterion an application is still ranked; with no rating it is not assessed."""
    load = data.draw(caseloads(name))
    rated = [c for c in load.rulebook.rules.scoring.criteria if c.computed is None]
    id = data.draw(st.sampled_from([criterion.id for criterion in rated]))
    for which, award in enumerate(load.allocated().award(application.id) for application, _ in load.cases):
        if award.rank is None:
            continue
        application, panel = load.cases[which]
        zero = [evolve(one, ratings={**one.ratings, id: Decimal(0)}) for one in panel]
        missing = [evolve(one, ratings={k: v for k, v in one.ratings.items() if k != id}) for one in panel]
        found = []
        for changed in (zero, missing):
            decisions = [*load.decisions]
            decisions[which] = load.rulebook.decide(application, changed)
            found.append(load.allocated(decisions).award(application.id))
        assert (found[0].rank is not None and found[0].score is not None) or found[0].reason is Why.BELOW_THRESHOLD
        assert (found[1].rank, found[1].score) == (None, None)
        assert found[1].reason in (Why.NOT_ASSESSED, Why.BELOW_THRESHOLD)


# Files and texts


@EVERY_ROUND
@SOME
@given(data=st.data())
def test_an_allocation_round_trips_and_explains_itself(name: str, data: st.DataObject) -> None:
    """Written as JSON and read back it is equal; it reads in three languages, with no hole of a template left open."""
    load = data.draw(caseloads(name))
    made = load.allocated()
    gone = [award.application for award in made.awards if award.amount][:1]
    moved = [] if waits_for_a_person(load, made) else [load.rulebook.replace(made, gone)]
    for found in (made, *moved):
        data_ = json.loads(json.dumps(found.to_dict(), allow_nan=False))
        assert data_ == found.to_dict()
        read = load.rulebook.read_allocation(data_)
        assert read == found
        assert read.to_dict() == found.to_dict()
        for language in LANGUAGES:
            for markdown in (False, True):
                shown = found.explain(language, markdown=markdown)
                assert "{" not in shown
                assert shown == read.explain(language, markdown=markdown)
            for award in found.awards:
                assert "{" not in found.reason(award.application, language)


# Rounds at the edge


@EVERY_ROUND
def test_a_round_without_applications_is_allocated(name: str) -> None:
    """Nobody gets anything, all of the money remains, and the text says that there are no applications."""
    for rulebook in rulebooks(name):
        load = caseload(rulebook, [], rulebook.round.budget)
        found = load.allocated()
        assert found.awards == ()
        assert found.reserve == ()
        assert found.ties == ()
        assert found.awarded == 0
        assert found.remainder == found.budget - found.administration
        assert "There are no applications." in found.explain("en")


@EVERY_ROUND
@settings(max_examples=15)
@given(data=st.data())
def test_no_money_goes_to_nobody(name: str, data: st.DataObject) -> None:
    """With no budget, or less than anybody can use, nobody is funded or level at a line, and everybody is told why."""
    load = data.draw(caseloads(name))
    assume(not any(strand.floor for strand in load.allocation.strands))
    least = min((award.least or ORE for award in ranked(load.allocated()).values()), default=ORE)
    budgets = [Decimal(0)]
    if load.allocation.method is not g.Method.PROPORTIONAL:
        budgets.append(budget_for(load, least - ORE))
    for budget in budgets:
        found = load.allocated(budget=budget)
        assert found.awarded == 0
        assert not found.ties
        assert found.remainder == budget - found.administration
        reasons = {award.reason for award in ranked(found).values()}
        assert reasons <= {Why.MONEY_ENDED, Why.DOES_NOT_FIT, Why.SHARE_TOO_SMALL, Why.NO_RESERVE_PLACE}


@EVERY_ROUND
@settings(max_examples=15)
@given(data=st.data())
def test_exactly_enough_funds_everybody_ranked(name: str, data: st.DataObject) -> None:
    """With what all their highest grants come to, everybody who is ranked is funded in full and nothing remains."""
    load = data.draw(caseloads(name))
    assume(not load.allocation.strands)
    contenders = ranked(load.allocated())
    found = load.allocated(budget=budget_for(load, total(award.highest or Decimal(0) for award in contenders.values())))
    assert {award.reason for award in ranked(found).values()} <= {Why.FUNDED}
    assert found.remainder == 0
    assert (found.reserve, found.ties) == ((), ())


def test_lots_are_drawn_by_the_lowest_hash() -> None:
    """The lots of three applications, as any other tool works them out: `printf '24 June\\nS-0' | sha256sum`."""
    rulebook = toy_allocating(g.Method.RANK_STOP, order=(g.ByDraw(),))
    load = caseload(rulebook, [(SOUND, PANEL)] * 3, g.kr(10_000))
    lots = {seed: [sha256(f"{seed}\nS-{n}".encode()).hexdigest() for n in range(3)] for seed in ("24 June", "25 June")}
    assert [lot[:8] for lot in lots["24 June"]] == ["57dcdd68", "eb4c48f4", "af2e3c70"]
    for seed, drawn in lots.items():
        found = load.allocated(seed=seed)
        assert found.seed == seed
        assert list(ranked(found)) == [f"S-{n}" for n in sorted(range(3), key=lambda n: drawn[n])]
        assert found == load.allocated(seed=seed)
    assert list(ranked(load.allocated(seed="24 June"))) != list(ranked(load.allocated(seed="25 June")))


@given(st.text(st.characters(codec="utf-8"), min_size=1), st.text(st.characters(codec="utf-8")))
def test_a_lot_is_the_whole_hash(seed: str, id: str) -> None:
    """The SHA-256 of seed, line feed and case number in UTF-8, all 32 bytes of it, as a number."""
    assert draw(seed, id) == int(sha256(seed.encode() + b"\n" + id.encode()).hexdigest(), 16)


def test_a_least_of_zero_and_none_stated_are_different() -> None:
    """Who says that nothing is too little can get an øre; who states no least gets all it applied for or nothing."""
    stated = g.when(g.known(a.requested_minimum)).then(a.requested_minimum).otherwise(a.requested)
    rulebook = toy_allocating(g.Method.INTERVALS, least=stated)
    cases = [(evolve(SOUND, requested_minimum=least), PANEL) for least in (g.kr(0), None)]
    for case, amount in zip(cases, (g.kr(4000), g.kr(0)), strict=True):
        found = caseload(rulebook, [case], g.kr(4000)).allocated()
        assert found.awarded == amount
    zero = caseload(rulebook, cases[:1], g.kr(4000)).allocated().awards[0]
    assert zero.least == g.kr(100), "the floor of the highest grant is more than nothing"


def test_awarded_nothing_before_and_not_stated_are_different() -> None:
    """A top-up of nothing before is a new project's whole; what is not stated leaves the application undetermined."""
    rulebook = ROUNDS["no_helseteknologi@2024-2"]
    application, panel = next(
        (made, panel) for made, panel in own_cases("no_helseteknologi@2024-2") if made.first_round.awarded
    )
    for awarded, outcome in ((g.kr(0), AwardOutcome.AWARDED), (None, AwardOutcome.UNDETERMINED)):
        before = evolve(application.first_round, awarded=awarded)
        changed = evolve(application, first_round=before, requested_minimum=None)
        (award,) = caseload(rulebook, [(changed, panel)], rulebook.round.budget).allocated().awards
        assert award.outcome is outcome
        assert award.prior == awarded
        assert award.amount == (0 if awarded is None else application.requested)
