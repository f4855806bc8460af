"""Money of strands: a floor is for its strand, whoever stands beside it; and what nobody uses is as if never kept."""

from decimal import Decimal
from itertools import permutations

import pytest

import grantrules as g
from grantrules.awards import Why
from grantrules.sharing import Claim, Purse, Shared, share_out

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
