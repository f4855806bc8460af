"""Amounts at the limits of what files may state are exact on every engine, as whole numbers of Python are."""

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl
import pytest

import grantrules as g
from grantrules.terms.nodes import Term
from tests.columns.engines import HERE, native, on_spark, rows
from tests.columns.rules import ruled, tables
from tests.pools import CITED, a, c, f, text
from tests.tables_bad.hand_made import application

MOST = 99_999_999_999_999
"""The greatest amount that a file may state, in øre."""

AMOUNTS = (0, 1, 2, 3, 50, 149, 2**31 - 1, 2**31, 12_345_678_901_234, 2**46 + 1, MOST - 1, MOST)
PAGES = (0, 1, 7, 99, 100)

Ask = Callable[[g.Rulebook, dict[str, pl.DataFrame]], list[dict[str, Any]]]


@pytest.fixture(params=[*HERE, "pyspark"])
def ask(request: pytest.FixtureRequest) -> Ask:
    """Asks one engine after the other, and gives back the results as rows."""
    engine = request.param

    def asked(rulebook: g.Rulebook, given: dict[str, pl.DataFrame]) -> list[dict[str, Any]]:
        held = on_spark(request.getfixturevalue("spark"), given) if engine == "pyspark" else native(engine, given)
        return rows(rulebook.columns(held).results)

    return asked


def rounded(exact: Fraction, rounding: g.Rounding) -> int:
    """A number of øre rounded to a whole one; a half goes away from zero, as up and down do from and to it."""
    size = abs(exact)
    whole = int(size)
    match rounding:
        case g.Rounding.UP:
            whole += size > whole
        case g.Rounding.HALF_UP:
            whole += size - whole >= Fraction(1, 2)
        case g.Rounding.DOWN:
            pass
    return whole if exact >= 0 else -whole


SHARES = (
    (Fraction(1, 3), g.Rounding.HALF_UP),
    (Fraction(-2, 3), g.Rounding.HALF_UP),
    (Fraction(5, 4), g.Rounding.UP),
    (Fraction(-1, 7), g.Rounding.DOWN),
)
"""Of an amount, or of what it falls short of zero by."""

OFFSET = 10**16
"""Keeps what is granted above zero, in øre."""

PRODUCT = a.requested * a.pages
SUM = a.funding.total(f.amount)


def one_of(terms: Sequence[Term]) -> Term:
    """The term whose number is the title of an application."""
    found = terms[0]
    for number, term in enumerate(terms[1:], start=1):
        found = g.when(a.title.is_(str(number))).then(term).otherwise(found)
    return found


@pytest.mark.parametrize("ask", HERE, indirect=True)
def test_shares_of_large_amounts(ask: Ask) -> None:
    """A share of up to 10^14 kroner, beyond what a float holds to the øre, is rounded once and right, either sign."""
    offset = g.kr(OFFSET // 100)
    base = {True: PRODUCT, False: g.kr(0) - PRODUCT}
    terms = [offset + g.share(base[rate > 0], abs(rate), rounding) for rate, rounding in SHARES]
    cases = [(title, amount, pages) for title in range(len(SHARES)) for amount in AMOUNTS for pages in PAGES]
    given = tables(
        applications=[
            application(str(number), requested_ore=amount, pages=pages, title=str(title))
            for number, (title, amount, pages) in enumerate(cases)
        ]
    )
    found = {row["application"]: row["highest_grant_ore"] for row in ask(ruled(grant=one_of(terms)), given)}
    for number, (title, amount, pages) in enumerate(cases):
        rate, rounding = SHARES[title]
        expected = max(0, OFFSET + rounded(amount * pages * rate, rounding))
        assert found[str(number)] == expected, (amount, pages, rate, rounding)


def test_sums_of_many_large_amounts(ask: Ask) -> None:
    """Ten thousand of the largest amounts are added up to the øre, and two thirds of them are rounded right."""
    many = 10_000
    applications = [application(id, title="1" if id == "C" else "0", requested_ore=1) for id in ("A", "B", "C")]
    lines = [
        {"application": id, "position": place, "id": f"c{place}", "amount_ore": MOST - place % 7, "vat_ore": MOST}
        for id in ("A", "B")
        for place in range(many if id == "A" else 1)
    ]
    funding = [
        {"application": id, "position": place, "amount_ore": MOST - place % 3} for id in "AC" for place in range(many)
    ]
    given = tables(applications=applications, costs=lines, funding=funding)
    grant = one_of([SUM, g.share(SUM, Fraction(2, 3), g.Rounding.HALF_UP)])
    halved = g.CostRule("cost.half", g.Part(g.share(c.amount, Fraction(1, 2), g.Rounding.UP)), text("half"), CITED)
    found = {row["application"]: row for row in ask(ruled(halved, grant=grant), given)}
    claimed = sum(2 * MOST - place % 7 for place in range(many))
    taken = sum(rounded(Fraction(MOST - place % 7, 2), g.Rounding.UP) for place in range(many))
    financed = sum(MOST - place % 3 for place in range(many))
    assert found["A"]["claimed_ore"] == claimed
    assert found["A"]["eligible_ore"] == claimed - taken
    assert found["A"]["disallowed_ore"] == found["A"]["cost_half_taken_ore"] == taken
    assert found["A"]["highest_grant_ore"] == financed
    assert found["B"]["claimed_ore"] == 2 * MOST
    assert (found["B"]["highest_grant_ore"], found["C"]["claimed_ore"]) == (0, 0)
    assert found["C"]["highest_grant_ore"] == rounded(financed * Fraction(2, 3), g.Rounding.HALF_UP)
    assert all(type(row["claimed_ore"]) is int for row in found.values())


def test_rates_of_long_ways(ask: Ask) -> None:
    """Kilometres to the thousandth, times a rate in øre, are rounded to the øre; no day, no rate."""
    ways = (0, 1, 255, 256, 2_551, 123_456_789_012, 999_999_999_999)
    cases = [(title, way) for title in range(len(g.Rounding)) for way in ways]
    given = tables(
        applications=[
            application(str(number), reach_thousandths=way, starts_on=date(2020, 6, 30), title=str(title))
            for number, (title, way) in enumerate(cases)
        ]
        + [application("late", reach_thousandths=1000, starts_on=date(2022, 1, 1), title="0")]
    )
    cost = a.reach * g.value("rate").on(a.starts_on)
    rulebook = ruled(grant=one_of([cost.rounded(rounding) for rounding in g.Rounding]))
    found = {row["application"]: row["highest_grant_ore"] for row in ask(rulebook, given)}
    for number, (title, way) in enumerate(cases):
        assert found[str(number)] == rounded(Fraction(way * 196, 1000), list(g.Rounding)[title])
    assert found["late"] is None
