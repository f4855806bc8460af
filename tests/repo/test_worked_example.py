"""The round that `docs/allocation.md` allocates by hand: its tables, read from the page, held against the library."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

import grantrules as g
import grantrules_no_helseteknologi.plugin as helseteknologi
from tests.repo.files import ROOT

PAGE = (ROOT / "docs" / "allocation.md").read_text("utf-8")
FOLDER = ROOT / "docs" / "rounds" / "no_helseteknologi-2024-2"
RULES = g.Registry.of(helseteknologi).rulebook("no_helseteknologi", "2024-2")
RATED = ("benefit", "feasibility", "leadership")

Row = dict[str, str]


def table(page: str, name: str) -> list[Row]:
    """The rows of the table below `<!-- table: name -->`, by its headings."""
    below = page.partition(f"<!-- table: {name} -->\n\n")[2].partition("\n\n")[0]
    heads, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in below.splitlines()]
    return [dict(zip(heads, row, strict=True)) for row in rows]


def amount(cell: str) -> Decimal:
    """An amount as the page writes it."""
    return Decimal(cell.replace(",", ""))


def result(cell: str) -> Decimal:
    """What the last part of a sum comes to."""
    return amount(cell.rpartition("=")[2].strip())


def application(row: Row) -> dict[str, Any]:
    """The application that a row tells of."""
    before = row["awarded before"]
    first = {"status": "awarded", "awarded": str(amount(before))} if before else {"status": "not_awarded"}
    least = row["least it can use"]
    return {
        "id": row["case"],
        "areas": ["welfare_technology"],
        "organisations": [
            {"name": f"Municipality {i}", "kind": "municipality", "role": "partner" if i else "lead"}
            for i in range(int(row["municipalities"]))
        ],
        "requested": str(amount(row["applied for"])),
        "requested_minimum": str(amount(least)) if least else None,
        "first_round": first,
    }


def ratings(row: Row) -> list[dict[str, str]]:
    """What each assessor rated."""
    given = {criterion: [part.strip() for part in row[criterion].split(",") if part] for criterion in RATED}
    assessors = max(len(parts) for parts in given.values())
    return [{c: parts[i] for c, parts in given.items() if i < len(parts)} for i in range(assessors)]


def decisions(page: str) -> Iterator[g.Decision]:
    """The applications of the first table, decided."""
    for row in table(page, "applications"):
        assessments = [RULES.read_assessment({"ratings": rated}) for rated in ratings(row)]
        yield RULES.decide(RULES.read_application(application(row)), assessments)


def by_hand(page: str) -> list[tuple[int, str, Fraction, Decimal, Decimal]]:
    """Rank, case, score, highest grant and award as the second table has them."""
    return [
        (
            int(row["rank"]),
            row["case"],
            Fraction(result(row["score"])),
            result(row["highest grant"]),
            amount(row["award"]),
        )
        for row in table(page, "by hand")
    ]


def by_library(made: g.AllocationResult) -> list[tuple[int, str, Fraction | None, Decimal | None, Decimal]]:
    """The same of those that the library ranks."""
    return [(a.rank, a.application, a.score, a.highest, a.amount) for a in made.awards if a.rank is not None]


def test_the_library_allocates_as_the_hand_does() -> None:
    """Everybody has the rank, the score, the highest grant and the award of the table, and nobody else is ranked."""
    assert by_library(RULES.allocate(decisions(PAGE))) == by_hand(PAGE)


def test_those_who_are_not_in_the_second_table_are_not_ranked() -> None:
    """What the page says of the other two is what becomes of them."""
    made = RULES.allocate(decisions(PAGE))
    ranked = {row["case"] for row in table(PAGE, "by hand")}
    others = {row["case"]: made.award(row["case"]) for row in table(PAGE, "applications") if row["case"] not in ranked}
    found = {case: (award.outcome.value, award.reason.value) for case, award in others.items()}
    assert found == {"HT-24-07": ("ineligible", "ineligible"), "HT-24-08": ("undetermined", "not-assessed")}


@pytest.mark.parametrize("row", table(PAGE, "by hand"), ids=lambda row: row["case"])
def test_each_line_of_the_arithmetic_holds(row: Row) -> None:
    """The sums of a line come to what stands behind them, by arithmetic that knows nothing of the library."""
    facts = next(other for other in table(PAGE, "applications") if other["case"] == row["case"])
    requested, before = (amount(part) for part in row["highest grant"].partition("=")[0].split("−"))
    assert (requested, before) == (amount(facts["applied for"]), amount(facts["awarded before"] or "0"))
    assert requested - before == result(row["highest grant"])

    means = [[Fraction(part) for part in facts[criterion].split(",")] for criterion in RATED]
    total = sum((sum(parts, Fraction(0)) / len(parts) for parts in means), Fraction(0))
    assert total == Fraction(row["b + f + l"])
    rated, cooperation = (Fraction(part.strip()) for part in row["score"].partition("=")[0].split("+"))
    assert (rated, cooperation) == (5 * total, Fraction(25 * (int(facts["municipalities"]) > 1)))
    assert rated + cooperation == Fraction(result(row["score"]))

    assert amount(row["money before"]) - amount(row["award"]) == amount(row["money after"])


def test_the_money_goes_down_from_line_to_line() -> None:
    """The first line has the budget, each other one what the line before it left, and scores fall."""
    rows = table(PAGE, "by hand")
    assert [amount(row["money before"]) for row in rows] == [
        RULES.round.budget,
        *(amount(row["money after"]) for row in rows[:-1]),
    ]
    scores = [result(row["score"]) for row in rows]
    assert scores == sorted(scores, reverse=True)


def test_the_groups_are_those_of_the_page() -> None:
    """New projects and top-ups, apart, come to the sums that the page works out."""
    said = dict(re.findall(r"(New|Topped up): [^=]+= ([\d,]+)\.", PAGE))
    made = RULES.allocate(decisions(PAGE))
    assert {group.id: group.awarded for group in made.groups} == {
        "new": amount(said["New"]),
        "topped-up": amount(said["Topped up"]),
    }
    assert made.awarded == RULES.round.budget


def test_the_line_is_where_the_page_says() -> None:
    """The least that the one in part can use, and what the next one lacks, are the sums of the page."""
    (least,) = re.findall(r"needs at least 3,400,000 − 800,000 = ([\d,]+) more", PAGE)
    (more,) = re.findall(r"680,000 more for HT-24-05 and 1,200,000 for itself: ([\d,]+) more in all", PAGE)
    made = RULES.allocate(decisions(PAGE))
    assert made.award("HT-24-05").least == amount(least)
    assert made.award("HT-24-06").figures["more"] == amount(more)


def test_the_files_say_what_the_table_says() -> None:
    """The round as a folder has the same applications, and gives the same awards."""
    given = [json.loads(path.read_text("utf-8")) for path in FOLDER.glob("assessments/*.json")]
    filed = []
    for path in FOLDER.glob("applications/*.json"):
        read = RULES.read_application(path)
        own = [RULES.read_assessment(data) for data in given if data["application"] == read.id]
        filed.append(RULES.decide(read, own))
    for found, told in zip(sorted(filed, key=case), sorted(decisions(PAGE), key=case), strict=True):
        assert case(found) == case(told)
        assert (found.outcome, found.highest_grant, found.score) == (told.outcome, told.highest_grant, told.score)
        assert found.standing == told.standing
    assert by_library(RULES.allocate(filed)) == by_hand(PAGE)


def case(decision: g.Decision) -> str:
    """The case number of a decision."""
    return decision.heading.application or ""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("| HT-24-05 | 800,000 |", "| HT-24-05 | 700,000 |"),
        ("| HT-24-05 | 800,000 | 4,300,000 | 3,400,000 |", "| HT-24-05 | 800,000 | 4,300,000 | 3,700,000 |"),
        ("| HT-24-06 | | 1,200,000 | | 4 | 4 | 3 | 1 |", "| HT-24-06 | | 1,200,000 | | 4 | 4 | 3 | 2 |"),
        ("| 5, 4 | 4, 4 | 4, 4 |", "| 5, 5 | 4, 4 | 4, 4 |"),
        ("| 2,820,000 | 2,820,000 | 0 |", "| 2,820,000 | 2,600,000 | 0 |"),
    ],
)
def test_a_table_that_says_otherwise_is_seen(before: str, after: str) -> None:
    """Another prior award, another minimum, another rating or another award does not pass for this one."""
    assert PAGE.count(before) == 1
    changed = PAGE.replace(before, after)
    assert by_library(RULES.allocate(decisions(changed))) != by_hand(changed)
