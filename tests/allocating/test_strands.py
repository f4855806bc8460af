"""Money of strands: a floor is for its strand, whoever stands beside it; and what nobody uses is as if never kept."""

from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pytest
from attrs import evolve

import grantrules as g
import grantrules_no_helseteknologi.plugin as helseteknologi
from grantrules.awards import Why
from grantrules.sharing import Claim, Purse, Shared, share_out
from grantrules_no_helseteknologi.criteria import SCORING

from .rounds import ASSUMED, WORDS, allocating, answering, assessed, decided, helse

BY_RANK = (g.Method.RANK_STOP, g.Method.RANK_SKIP, g.Method.RANK_PARTIAL_LAST)


def claim(id: str, most: int, least: int | None = None, strand: str | None = None) -> Claim:
    """A claim in whole kroner."""
    return Claim(id, g.kr(most), g.kr(most if least is None else least), strand)


def amounts(made: Shared) -> dict[str, Decimal]:
    """What each claim gets."""
    return dict(made.amounts)


@pytest.mark.parametrize("method", BY_RANK)
def test_a_floor_is_not_lost_to_a_level_mate_that_does_not_fit(method: g.Method) -> None:
    """A claim that its own floor covers is funded, whether it stands beside, above or below one that does not fit."""
    first, large, hospital = claim("a", 70), claim("b", 90), claim("h", 60, strand="s")
    for levels in ([[first], [large, hospital]], [[first], [hospital], [large]], [[first], [large], [hospital]]):
        made = share_out(method, levels, g.kr(120), {"s": Purse(floor=g.kr(80))})
        assert made.amounts["h"] == g.kr(60)
        assert made.undecided == ()


@pytest.mark.parametrize("method", BY_RANK)
def test_a_floor_that_nobody_uses_changes_nothing(method: g.Method) -> None:
    """Where a strand has no claim, and releases its floor, the money goes as if there were no strand."""
    levels = [[claim("a", 80)], [claim("b", 50, 10)], [claim("c", 30)]]
    with_strand = share_out(method, levels, g.kr(120), {"s": Purse(floor=g.kr(50))})
    assert amounts(with_strand) == amounts(share_out(method, levels, g.kr(120)))


def test_level_claims_whose_order_does_not_matter_are_no_tie() -> None:
    """Each has money that the others cannot have, so every order ends alike, and nobody has to choose."""
    levels = [
        [claim("c0", 9, 4, "t")],
        [claim("c1", 8, 4), claim("c2", 2, 1), claim("c3", 3, 2, "s")],
    ]
    purses = {"s": Purse(g.kr(2), None, False), "t": Purse(g.kr(5), None, False)}
    made = share_out(g.Method.RANK_PARTIAL_LAST, levels, g.kr(7), purses)
    assert amounts(made) == {"c0": g.kr(5), "c3": g.kr(2)}
    assert made.undecided == ()


def test_two_strands_may_each_end_in_a_tie() -> None:
    """Money of two strands ends among level claims of each; both ties are reported."""
    levels = [
        [claim("a1", 30, strand="s"), claim("a2", 30, strand="s")],
        [claim("b1", 30, strand="t"), claim("b2", 30, strand="t")],
    ]
    kept = Purse(g.kr(40), None, releases=False)
    made = share_out(g.Method.RANK_STOP, levels, g.kr(80), {"s": kept, "t": kept})
    assert amounts(made) == {}
    assert [tie.claims for tie in made.undecided] == [("a1", "a2"), ("b1", "b2")]
    assert set(made.refused.values()) == {Why.TIED}


@pytest.mark.parametrize("method", BY_RANK)
def test_the_order_inside_a_level_is_not_looked_at(method: g.Method) -> None:
    """A level in another order gives the same result, reasons and what was left included."""
    level = [claim("b", 90), claim("c", 40, 5), claim("h", 60, 10, "s"), claim("k", 30, strand="s")]
    purses = {"s": Purse(g.kr(50), g.kr(70))}
    found = [
        share_out(method, [[claim("a", 20)], list(order), [claim("z", 5)]], g.kr(120), purses)
        for order in permutations(level)
    ]
    assert all(made == found[0] for made in found)


def test_a_floor_waits_where_two_of_its_own_strand_are_level() -> None:
    """Two level claims want a floor that is enough for one; nobody else gets it before a person has chosen."""
    levels = [[claim("a", 10)], [claim("b", 10, strand="t"), claim("d", 10, strand="t")]]
    made = share_out(g.Method.RANK_STOP, levels, g.kr(10), {"t": Purse(floor=g.kr(10))})
    assert amounts(made) == {}
    assert [tie.claims for tie in made.undecided] == [("b", "d")]


@pytest.mark.parametrize("money", [99, 100])
def test_who_is_above_the_ceiling_of_its_strand_stops_its_strand_alone(money: int) -> None:
    """A claim that its ceiling makes impossible ends nobody else's money, however much there is."""
    levels = [[claim("a", 100, strand="s")], [claim("b", 20)]]
    made = share_out(g.Method.RANK_STOP, levels, g.kr(money), {"s": Purse(ceiling=g.kr(50))})
    assert amounts(made) == {"b": g.kr(20)}
    assert made.refused == {"a": Why.STRAND_FULL}


@pytest.mark.parametrize("money", [9, 10, 11])
def test_a_part_up_to_the_ceiling_is_given_in_its_turn(money: int) -> None:
    """What a ceiling leaves a claim in any case it gets before those below, however much money there is."""
    levels = [[claim("a", 10, 1, "s")], [claim("b", 10)]]
    made = share_out(g.Method.RANK_PARTIAL_LAST, levels, g.kr(money), {"s": Purse(ceiling=g.kr(1))})
    assert made.amounts["a"] == g.kr(1)


def test_skipping_with_strands_reports_its_ties() -> None:
    """A tie is one whether or not the round has a strand."""
    levels = [[claim("a", 60), claim("b", 60)], [claim("d", 50)]]
    for purses in ({}, {"s": Purse()}):
        made = share_out(g.Method.RANK_SKIP, levels, g.kr(100), purses)
        assert amounts(made) == {}
        assert [tie.claims for tie in made.undecided] == [("a", "b")]


# Whole rounds

a = g.facts(helseteknologi.POOL.application)


def in_millions(rules: g.Rulebook, *asked: tuple[str, int, str, str]) -> list[g.Decision]:
    """Decisions on applications for so many millions, with a rating and an area."""
    return [
        decided(rules, helse(id, f"{millions}000000.00", areas=[area]), rating) for id, millions, rating, area in asked
    ]


RECORD, HOME = "medical_record", "digital_home_follow_up"


def test_a_floor_is_kept_for_its_strand_when_an_award_is_turned_down() -> None:
    """Money that a strand's award sets free goes to the next of the strand, as far as its floor reaches."""
    strand = g.Strand("allocation.records", a.areas.includes(RECORD), WORDS, ASSUMED, floor=g.kr("10000000"))
    rules = allocating(helseteknologi, g.Method.RANK_STOP, strands=(strand,))
    asked = [("A", 10, "5", HOME), ("X", 10, "4", RECORD), ("B", 10, "3", HOME), ("Y", 10, "2", RECORD)]
    made = rules.allocate(in_millions(rules, *asked), budget=g.kr("20000000"))
    assert [award.application for award in made.awards if award.funded] == ["A", "X"]
    after = rules.replace(made, ["X"])
    assert [award.application for award in after.awards if award.funded] == ["A", "Y"]


def test_level_applications_share_the_end_of_the_reserve_list() -> None:
    """A list of one place takes both of two that are level; a case number does not decide between them."""
    rules = allocating(helseteknologi, g.Method.RANK_STOP, reserve=1)
    asked = [("A", 50, "5", HOME), ("B", 20, "4", HOME), ("C", 20, "4", HOME), ("D", 20, "3", HOME)]
    made = rules.allocate(in_millions(rules, *asked))
    assert made.reserve == ("B", "C")
    assert made.award("D").reason is Why.NO_RESERVE_PLACE


def test_a_settled_order_is_remembered_by_the_reserve_list() -> None:
    """Once a person has put level applications in order, the list moves up in that order, time and again."""
    rules = allocating(helseteknologi, g.Method.RANK_STOP)
    asked = [("A", 20, "5", HOME), ("P", 20, "4", HOME), *((id, 20, "3", HOME) for id in ("B", "C", "D"))]
    made = rules.allocate(in_millions(rules, *asked), budget=g.kr("40000000"))
    first = rules.replace(made, ["A"], settled=g.Settled(["D", "C", "B"], "N.N.", "Loddtrekning."))
    assert first.award("D").funded
    assert first.reserve == ("C", "B")
    second = rules.replace(first, ["P"])
    assert second.award("C").funded
    assert second.ties == ()
    assert rules.read_allocation(second.to_dict()) == second


def test_surely_below_the_total_with_a_rating_missing_round_trips() -> None:
    """A total that is not known exactly, and surely too low, is written and read back alike."""
    scoring = evolve(SCORING, threshold=g.Threshold(Fraction(90), ASSUMED))
    rules = g.Registry.of(answering(helseteknologi, scoring=scoring)).rulebook("no_helseteknologi", "2024-1")
    data = helse("HDIR-24-0001", "900000.00")
    assessment = rules.read_assessment({**assessed(rules, data, "1"), "ratings": {"benefit": "1"}})
    made = rules.allocate([rules.decide(rules.read_application(data), [assessment])])
    assert made.award("HDIR-24-0001").reason is Why.BELOW_THRESHOLD
    assert rules.read_allocation(made.to_dict()) == made
