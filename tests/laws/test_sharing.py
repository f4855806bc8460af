"""The arithmetic of every method on claims in levels: what it promises, held against a naive account of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import permutations, product

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import grantrules as g
from grantrules.awards import Why
from grantrules.sharing import NOTHING, Claim, Levels, Purse, Shared, in_proportion, share_out
from grantrules.values import ORE, exact, kr
from tests.allotments import BY_RANK, IN_ORDER, Pot, pots

EVERY_METHOD = pytest.mark.parametrize("method", g.Method)
EVERY_METHOD_STRANDS_TOO = pytest.mark.parametrize(
    ("method", "stranded"), [*((method, False) for method in g.Method), *((method, True) for method in BY_RANK)]
)


def shared(method: g.Method, pot: Pot) -> Shared:
    """A pot shared out, in exact arithmetic."""
    with exact():
        return share_out(method, pot.levels, pot.money, pot.purses)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """The sum of amounts."""
    return sum(amounts, NOTHING)


# What holds under every method


@EVERY_METHOD_STRANDS_TOO
@settings(max_examples=100)
@given(data=st.data())
def test_every_claim_gets_nothing_or_what_it_can_use(method: g.Method, stranded: bool, data: st.DataObject) -> None:
    """Every award is between its least and its most, every other claim has a reason, and no øre is made up."""
    pot = data.draw(pots(stranded=stranded))
    found = shared(method, pot)
    assert set(found.amounts).isdisjoint(found.refused)
    assert {*found.amounts, *found.refused} == {claim.id for claim in pot.claims}
    assert all(c.least <= found.amounts[c.id] <= c.most for c in pot.claims if c.id in found.amounts)
    assert all(amount == round(amount, 2) for amount in found.amounts.values())
    assert total(found.amounts.values()) <= pot.money
    assert set(found.left) <= set(found.refused)


@EVERY_METHOD_STRANDS_TOO
@settings(max_examples=60)
@given(data=st.data())
def test_the_order_of_claims_in_a_level_decides_nothing(method: g.Method, stranded: bool, data: st.DataObject) -> None:
    """Level claims and strands may come in any order."""
    pot = data.draw(pots(stranded=stranded))
    levels = [data.draw(st.permutations(level)) for level in pot.levels]
    purses = dict(data.draw(st.permutations(sorted(pot.purses.items(), key=lambda item: item[0]))))
    assert shared(method, evolve(pot, levels=levels, purses=purses)) == shared(method, pot)


@EVERY_METHOD
@given(pots())
def test_the_undecided_are_a_level_among_which_the_money_ends(method: g.Method, pot: Pot) -> None:
    """
    Undecided claims are of one level, each could be met by what is left, and not all together: where the method stops
    at the first that does not fit, not the whole level.
    """
    found = shared(method, pot)
    tied = {id for id, why in found.refused.items() if why is Why.TIED}
    if not found.undecided:
        assert not tied
        assert Why.AFTER_TIE not in found.refused.values()
        return
    (undecided,) = found.undecided
    assert undecided.claims == tuple(sorted(tied))
    (level,) = [level for level in pot.levels if tied & {claim.id for claim in level}]
    assert tied <= {claim.id for claim in level}
    assert undecided.left == pot.money - total(found.amounts.values())
    asked = {c.id: c.least if method in _BY_LEAST else c.most for c in level}
    assert all(claim.least <= undecided.left for claim in level if claim.id in tied)
    assert total(asked.values()) > undecided.left
    everybody = tuple(sorted(asked))
    assert undecided.level == (undecided.claims if method is g.Method.RANK_SKIP else everybody)
    assert undecided.needed == total(asked[id] for id in undecided.level)


_BY_LEAST = (g.Method.INTERVALS,)
"""Methods that first ask for the least of everybody."""


# A naive account of going by rank


def naively(method: g.Method, claims: Sequence[Claim], money: Decimal) -> dict[str, Decimal]:
    """Going down a list in which no two are level."""
    given: dict[str, Decimal] = {}
    left = money
    for claim in claims:
        asked = claim.least if method is g.Method.INTERVALS else claim.most
        if asked <= left:
            given[claim.id] = asked
        elif method is g.Method.RANK_SKIP:
            continue
        elif method is g.Method.RANK_PARTIAL_LAST and claim.least <= left:
            return {**given, claim.id: left}
        else:
            break
        left -= asked
    if method is g.Method.INTERVALS:
        rises = naive_shares({c.id: c.most - c.least for c in claims if c.id in given}, left)
        return {id: amount + rises[id] for id, amount in given.items()}
    return given


def naive_shares(wanted: Mapping[str, Decimal], money: Decimal) -> dict[str, Decimal]:
    """The same share for all: rounded down, and an øre more for the largest remainders, between equal ones by id."""
    whole = total(wanted.values())
    if whole <= money:
        return dict(wanted)
    shares = {id: Fraction(amount) * Fraction(money) / Fraction(whole) * 100 for id, amount in wanted.items()}
    down = {id: share.__floor__() for id, share in shares.items()}
    over = int(money * 100) - sum(down.values())
    raised = sorted(shares, key=lambda id: (down[id] - shares[id], id))[:over]
    return {id: (down[id] + (id in raised)) * ORE for id in wanted}


def in_every_order(levels: Levels) -> Iterator[list[Claim]]:
    """The claims as one list, in every order that the levels leave open."""
    for orders in product(*(permutations(level) for level in levels)):
        yield [claim for order in orders for claim in order]


@pytest.mark.parametrize("method", [*BY_RANK, g.Method.INTERVALS])
@settings(max_examples=200)
@given(pots(most_claims=6))
def test_by_rank_it_is_as_going_down_the_list_in_every_order(method: g.Method, pot: Pot) -> None:
    """
    The naive account is tried in every order of level claims. If they all come to the same, so it is; if not, the
    first level at which they differ waits for a person, all of it that gets something in some order.
    """
    with exact():
        outcomes = [naively(method, order, pot.money) for order in in_every_order(pot.levels)]
    found = shared(method, pot)
    for index, level in enumerate(pot.levels):
        ids = {claim.id for claim in level}
        if len({frozenset(_in_level(method, outcome, ids)) for outcome in outcomes}) > 1:
            above = [claim for before in pot.levels[:index] for claim in before]
            (undecided,) = found.undecided
            assert undecided.claims == tuple(sorted({id for made in outcomes for id in made} & ids))
            if method in _BY_LEAST:
                assert found.amounts == {claim.id: claim.least for claim in above}
            else:
                assert found.amounts == {c.id: outcomes[0][c.id] for c in above if c.id in outcomes[0]}
            return
    assert not found.undecided
    assert all(found.amounts == outcome for outcome in outcomes)


def _in_level(method: g.Method, outcome: Mapping[str, Decimal], ids: set[str]) -> set[tuple[str, Decimal]]:
    """What a level gets; under intervals only who, for by how much all are raised is seen at the end."""
    found = {id: amount for id, amount in outcome.items() if id in ids}
    return {(id, NOTHING if method in _BY_LEAST else amount) for id, amount in found.items()}


# What goes by rank promises


@pytest.mark.parametrize("method", IN_ORDER)
@given(pots())
def test_nobody_lower_is_funded_before_somebody_higher(method: g.Method, pot: Pot) -> None:
    """Those who are funded stand first; under `RANK_PARTIAL_LAST` only the last of them has a part."""
    found = shared(method, pot)
    funded = [claim.id in found.amounts for claim in pot.claims]
    assert funded == sorted(funded, reverse=True)
    if method is not g.Method.INTERVALS:
        parts = [claim for claim in pot.claims if claim.id in found.amounts and found.amounts[claim.id] < claim.most]
        assert not parts or parts == [pot.claims[sum(funded) - 1]]
        assert method is g.Method.RANK_PARTIAL_LAST or not parts


@pytest.mark.parametrize("method", IN_ORDER)
@settings(max_examples=200)
@given(pots(), st.integers(1, 200))
def test_more_money_takes_nobody_s_award(method: g.Method, pot: Pot, more: int) -> None:
    """With more money everybody funded still is; by rank alone nobody gets less, within intervals one may."""
    before, after = (shared(method, evolve(pot, money=money)) for money in (pot.money, pot.money + more * ORE))
    assert set(before.amounts) <= set(after.amounts)
    if method is not g.Method.INTERVALS:
        assert all(after.amounts[id] >= amount for id, amount in before.amounts.items())


@pytest.mark.parametrize("method", [g.Method.RANK_STOP, g.Method.INTERVALS])
@settings(max_examples=60)
@given(pots())
def test_more_money_turns_a_tie_into_awards_and_never_the_other_way(method: g.Method, pot: Pot) -> None:
    """What an undecided level still needs is enough for it; an øre less leaves it undecided."""
    found = shared(method, pot)
    if not found.undecided:
        return
    (undecided,) = found.undecided
    (level,) = [level for level in pot.levels if undecided.claims[0] in {claim.id for claim in level}]
    asked = total(c.least if method is g.Method.INTERVALS else c.most for c in level)
    enough = pot.money - undecided.left + asked
    assert shared(method, evolve(pot, money=enough - ORE)).undecided
    with_more = shared(method, evolve(pot, money=enough))
    assert not with_more.undecided
    assert {claim.id for claim in level} <= set(with_more.amounts)


def test_skipping_promises_neither() -> None:
    """By rank and skip somebody lower can be funded before somebody higher, and more money can take an award."""
    levels = [[Claim("a", kr(60), kr(60))], [Claim("b", kr(50), kr(50))]]
    assert shared(g.Method.RANK_SKIP, Pot(levels, kr(59))).amounts == {"b": kr(50)}
    assert shared(g.Method.RANK_SKIP, Pot(levels, kr(60))).amounts == {"a": kr(60)}


# Strands


def of_strand(pot: Pot, found: Shared, strand: str | None) -> Decimal:
    """What the claims of a strand got."""
    return total(found.amounts.get(claim.id, NOTHING) for claim in pot.claims if claim.strand == strand)


def unused(pot: Pot, found: Shared, released: bool) -> Mapping[str, Decimal]:
    """What each strand left of its floor; only of those that release it, or only of those that do not."""
    purses = {strand: purse for strand, purse in pot.purses.items() if purse.releases is released}
    return {strand: max(NOTHING, purse.floor - of_strand(pot, found, strand)) for strand, purse in purses.items()}


@pytest.mark.parametrize("method", BY_RANK)
@settings(max_examples=150)
@given(pots(stranded=True))
def test_strands_keep_their_ceilings_and_what_they_do_not_release(method: g.Method, pot: Pot) -> None:
    """No strand gets more than its ceiling, and a floor that is not released is either used or left over."""
    found = shared(method, pot)
    for strand, purse in pot.purses.items():
        assert purse.ceiling is None or of_strand(pot, found, strand) <= purse.ceiling
    assert total([*found.amounts.values(), *unused(pot, found, released=False).values()]) <= pot.money


@pytest.mark.parametrize("method", BY_RANK)
@settings(max_examples=150)
@given(pots(stranded=True))
def test_nobody_else_gets_a_floor_while_the_strand_can_use_it(method: g.Method, pot: Pot) -> None:
    """The first of a strand, as many as its floor holds, are funded in full, whoever stands before or beside them."""
    found = shared(method, pot)
    for strand, purse in pot.purses.items():
        wanted = NOTHING
        for level in pot.levels:
            own = [claim for claim in level if claim.strand == strand]
            wanted += total(claim.most for claim in own)
            if wanted > purse.floor:
                break
            assert all(found.amounts.get(claim.id) == claim.most for claim in own)


def test_a_floor_is_not_lost_to_somebody_who_is_level() -> None:
    """The floor of a strand pays for its claim, though one that is level with it does not fit."""
    levels = [[Claim("a", kr(10), kr(10))], [Claim("b", kr(10), kr(10), "s"), Claim("c", kr(10), kr(10))]]
    found = shared(g.Method.RANK_STOP, Pot(levels, kr(10), {"s": Purse(kr(10))}))
    assert found.amounts == {"b": kr(10)}
    assert not found.undecided


@pytest.mark.parametrize("method", BY_RANK)
@settings(max_examples=150)
@given(pots(stranded=True, level=False))
def test_money_is_left_only_where_the_next_in_line_cannot_use_it(method: g.Method, pot: Pot) -> None:
    """
    What is released is given out: the first that is not funded in full has no use for what it may take, and where
    those that do not fit are skipped, nobody has.
    """
    found = shared(method, pot)
    kept = unused(pot, found, released=False)
    left = pot.money - total(found.amounts.values())
    for claim in pot.claims:
        amount = found.amounts.get(claim.id, NOTHING)
        if amount == claim.most:
            continue
        within = left - total(unspent for strand, unspent in kept.items() if strand != claim.strand)
        ceiling = None if claim.strand is None else pot.purses[claim.strand].ceiling
        if ceiling is not None:
            within = min(within, ceiling - of_strand(pot, found, claim.strand))
        in_part = method is g.Method.RANK_PARTIAL_LAST
        assert within == 0 if amount else within < (claim.least if in_part else claim.most)
        if method is not g.Method.RANK_SKIP:
            return


@pytest.mark.parametrize("method", [g.Method.RANK_STOP, g.Method.RANK_PARTIAL_LAST])
@settings(max_examples=100)
@given(pots(stranded=True, level=False))
def test_in_a_strand_nobody_lower_is_funded_before_somebody_higher(method: g.Method, pot: Pot) -> None:
    """Those of one strand that are funded stand first among its own."""
    found = shared(method, pot)
    for strand in (None, *pot.purses):
        funded = [claim.id in found.amounts for claim in pot.claims if claim.strand == strand]
        assert funded == sorted(funded, reverse=True)


@pytest.mark.parametrize("method", BY_RANK)
@settings(max_examples=60)
@given(pots(level=False))
def test_strands_without_money_of_their_own_change_nothing(method: g.Method, pot: Pot) -> None:
    """Strands with neither floor nor ceiling are as no strands at all, as long as nobody is level."""
    strands = dict(zip((claim.id for claim in pot.claims), "stst" * 3, strict=False))
    levels = [[evolve(claim, strand=strands[claim.id]) for claim in level] for level in pot.levels]
    stranded = Pot(levels, pot.money, {"s": Purse(), "t": Purse(releases=False)})
    assert shared(method, stranded).amounts == shared(method, pot).amounts


@pytest.mark.parametrize("method", BY_RANK)
@pytest.mark.parametrize(("releases", "others"), [(True, {"a": kr(100)}), (False, {})])
def test_what_a_strand_cannot_use_is_released_or_stays(
    method: g.Method, releases: bool, others: Mapping[str, Decimal]
) -> None:
    """Of a floor of 80 one claim needs 50; only where the rest is released is there enough for a claim of 100."""
    levels = [[Claim("a", kr(100), kr(100))], [Claim("b", kr(50), kr(50), "s")]]
    pot = Pot(levels, kr(150), {"s": Purse(kr(80), None, releases)})
    assert shared(method, pot).amounts == {**others, "b": kr(50)}


# In proportion, and within intervals


def naive_cut(levels: Levels, money: Decimal) -> dict[str, Decimal]:
    """Again and again: the cut for all that remain, and out go those of the lowest level whom it does not suit."""
    remaining = [list(level) for level in levels]
    while True:
        wanted = total(claim.most for level in remaining for claim in level)
        share = min(Fraction(1), Fraction(money) / Fraction(wanted)) if wanted else Fraction(1)
        failing = [level for level in remaining if any(share * Fraction(claim.most) < claim.least for claim in level)]
        if not failing:
            return naive_shares({claim.id: claim.most for level in remaining for claim in level}, money)
        failing[-1][:] = [claim for claim in failing[-1] if share * Fraction(claim.most) >= claim.least]


@settings(max_examples=300)
@given(pots())
def test_a_proportional_cut_is_as_leaving_out_one_level_after_another(pot: Pot) -> None:
    """The one look at each level from below comes to the same as starting over after each level."""
    found = shared(g.Method.PROPORTIONAL, pot)
    assert found.amounts == naive_cut(pot.levels, pot.money)
    assert set(found.refused.values()) <= {Why.SHARE_TOO_SMALL}
    kept = total(claim.most for claim in pot.claims if claim.id in found.amounts)
    assert total(found.amounts.values()) == min(pot.money, kept)


_WANTED = st.dictionaries(st.text("abc", min_size=1, max_size=4), st.integers(1, 10**9).map(lambda n: n * ORE))


@settings(max_examples=200)
@given(_WANTED, st.one_of(st.integers(0, 99), st.integers(0, 10**10)).map(lambda n: n * ORE))
def test_a_share_is_off_by_less_than_an_ore(wanted: Mapping[str, Decimal], money: Decimal) -> None:
    """All is given out up to what is wanted, each share is within an øre of the exact one, and more wanted is more."""
    with exact():
        found = in_proportion(wanted, money)
    whole = total(wanted.values())
    assert found.keys() == wanted.keys()
    assert total(found.values()) == min(money, whole)
    for id, amount in found.items():
        assert whole <= money or abs(Fraction(amount) - Fraction(wanted[id] * money) / Fraction(whole)) < Fraction(ORE)
        assert 0 <= amount <= wanted[id]
        assert all(amount <= found[other] for other in found if wanted[id] < wanted[other])


@settings(max_examples=150)
@given(pots())
def test_within_intervals_all_are_raised_alike(pot: Pot) -> None:
    """Everybody funded has gone the same part of the way from the least to the most, to the øre, or all of it."""
    found = shared(g.Method.INTERVALS, pot)
    funded = [claim for claim in pot.claims if claim.id in found.amounts]
    rises = {claim.id: found.amounts[claim.id] - claim.least for claim in funded}
    if found.undecided:
        assert not any(rises.values())
        return
    room = total(claim.most - claim.least for claim in funded)
    left = pot.money - total(claim.least for claim in funded)
    assert total(rises.values()) == min(room, left)
    for claim in funded:
        share = Fraction((claim.most - claim.least) * min(room, left)) / Fraction(room or 1)
        assert abs(Fraction(rises[claim.id]) - share) < Fraction(ORE)


# Rounds at the edge


def claims(count: int, most: Decimal, least: Decimal) -> list[Claim]:
    """As many claims, all alike."""
    return [Claim(f"{number:05}", most, least) for number in range(count)]


@EVERY_METHOD
@pytest.mark.parametrize("money", [kr(0), kr(100)])
def test_no_claims_take_nothing(method: g.Method, money: Decimal) -> None:
    """A round without applications is shared out: nobody gets anything, and nobody waits."""
    assert shared(method, Pot([], money)) == Shared({}, {}, {})


@EVERY_METHOD
def test_one_claim_gets_what_there_is_for_it(method: g.Method) -> None:
    """One claim gets its most, or under methods that give parts what there is, and below its least nothing."""
    (claim,) = claims(1, kr(100), kr(40))
    in_part = method not in (g.Method.RANK_STOP, g.Method.RANK_SKIP)
    for money, amount in ((kr(200), kr(100)), (kr(100), kr(100)), (kr("99.99"), in_part), (kr(40), in_part)):
        expected = {} if amount is False else {claim.id: money if amount is True else amount}
        assert shared(method, Pot([[claim]], money)).amounts == expected
    for money in (kr("39.99"), kr(0)):
        assert shared(method, Pot([[claim]], money)).amounts == {}
        assert not shared(method, Pot([[claim]], money)).undecided


@EVERY_METHOD
def test_if_all_are_level_they_get_all_or_wait_together(method: g.Method) -> None:
    """Level with each other, all are funded if there is enough; else by rank a person decides, and money waits."""
    level = claims(5, kr(100), kr(50))
    assert shared(method, Pot([level], kr(500))).amounts == {claim.id: kr(100) for claim in level}
    found = shared(method, Pot([level], kr(240)))
    if method is g.Method.PROPORTIONAL:
        assert found.amounts == {}
        assert set(found.refused.values()) == {Why.SHARE_TOO_SMALL}
    else:
        assert found.amounts == {}
        assert set(found.refused.values()) == {Why.TIED}
        (undecided,) = found.undecided
        assert (undecided.left, len(undecided.claims)) == (kr(240), 5)


@EVERY_METHOD
@given(pots(), st.booleans())
def test_money_below_every_least_goes_to_nobody(method: g.Method, pot: Pot, level: bool) -> None:
    """No money, or less than anybody can use: nobody gets anything, nobody is level at a line, all have a reason."""
    least = min((claim.least for claim in pot.claims), default=ORE)
    money = least - ORE if method is not g.Method.PROPORTIONAL else NOTHING
    levels = [list(pot.claims)] if level else pot.levels
    found = shared(method, Pot(levels, money))
    assert found.amounts == {}
    assert not found.undecided
    assert set(found.refused) == {claim.id for claim in pot.claims}


@EVERY_METHOD
@given(pots())
def test_exactly_enough_is_enough(method: g.Method, pot: Pot) -> None:
    """What all claims come to funds them all in full."""
    found = shared(method, evolve(pot, money=total(claim.most for claim in pot.claims)))
    assert found == Shared({claim.id: claim.most for claim in pot.claims}, {}, {})


@EVERY_METHOD
def test_ten_thousand_claims(method: g.Method) -> None:
    """Ten thousand claims come to what the naive account says, and every one of them has an amount or a reason."""
    everybody = [
        Claim(f"{n:05}", kr(10**6) if n % 701 == 100 else kr(n % 97 + 7), kr(n % 5 + 2)) for n in range(10_000)
    ]
    money = kr(20_000)
    if method is g.Method.PROPORTIONAL:
        levels = [everybody[start : start + 500] for start in range(0, 10_000, 500)]
        naive = naive_cut(levels, money)
    else:
        levels = [[claim] for claim in everybody]
        naive = naively(method, everybody, money)
    found = shared(method, Pot(levels, money))
    assert found.amounts == naive
    assert found.amounts
    assert found.refused
    assert len(found.amounts) + len(found.refused) == 10_000
