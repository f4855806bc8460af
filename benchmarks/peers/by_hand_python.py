"""Hand-written Python: `handwritten.py` on its own classes, and the points beside it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import handwritten
from peers import data
from peers.records import OneByOne, Row
from peers.verdicts import REQUIREMENTS

Fields = Mapping[str, Any]


class Case(NamedTuple):
    """One application, with what its assessors say."""

    application: handwritten.Application
    assessments: list[handwritten.Assessment]
    ratings: list[int]


def set_up() -> OneByOne:
    """Nothing is prepared."""
    return OneByOne(decide, cases)


def cases(folder: Path) -> list[Case]:
    """Build the objects of all applications from the tables."""
    tables = data.frames(folder)
    of = {name: table.rows_by_key("application", named=True) for name, table in tables.items()}
    return [_case(row, of) for row in tables["applications"].iter_rows(named=True)]


def _case(row: Fields, of: Mapping[str, Mapping[Any, Sequence[Fields]]]) -> Case:
    lists = (of[name].get(row["application"], ()) for name in ("organisations", "costs", "funding", "assessments"))
    bodies, costs, funding, assessed = lists
    made = handwritten.Application(
        row["application"],
        row["submitted_at"],
        row["signed"],
        row["pages"],
        _words(row, data.ACTIVITIES),
        _words(row, data.ELEMENTS),
        row["shares_material"],
        row["formal_programme"],
        row["reports_for_approval"],
        _kroner(row["requested_ore"]),
        tuple(handwritten.Organisation(body["kind"], body["role"]) for body in bodies),
        tuple(_cost(line) for line in costs),
        tuple(handwritten.Funding(part["source"], _kroner(part["amount_ore"])) for part in funding),
    )
    ratings = [sum(one[name] for name in data.RATINGS) for one in assessed]
    return Case(made, [_assessment(one) for one in assessed], ratings)


def _words(row: Fields, columns: Sequence[str]) -> frozenset[str]:
    return frozenset(column.partition("__")[2] for column in columns if row[column])


def _kroner(ore: int) -> Decimal:
    return Decimal(ore).scaleb(-2)


def _cost(line: Fields) -> handwritten.Cost:
    kilometres = line["kilometres_thousandths"]
    return handwritten.Cost(
        line["id"],
        line["category"],
        _kroner(line["amount_ore"]),
        _kroner(line["vat_ore"]),
        line["vat_recoverable"],
        line["incurred_on"],
        line["ordinary_operations"],
        None if kilometres is None else Decimal(kilometres).scaleb(-3),
        line["supports_project_directly"],
        line["leads_to_course"],
    )


_ASKED = {column: column.removeprefix("judgement_").replace("_", "-") for column in data.JUDGEMENTS.values()}


def _assessment(row: Fields) -> handwritten.Assessment:
    return handwritten.Assessment({asked: row[column] for column, asked in _ASKED.items()}, row["conflict_of_interest"])


def decide(case: Case) -> Row:
    """Decide one application, and give it its points."""
    made = handwritten.decide(case.application, case.assessments)
    met = [getattr(made.requirements, name) is not False for name in FIELDS]
    kinds = {organisation.kind for organisation in case.application.organisations}
    score = sum(case.ratings) * 2 // len(case.ratings) + (10_000 if kinds >= {"region", "municipality"} else 0)
    amounts = (made.claimed, made.eligible, made.disallowed, Decimal(0), made.highest_grant)
    return (case.application.id, made.outcome.value, *met, *(int(amount * 100) for amount in amounts), score)


FIELDS = tuple(name.partition("_")[2] for name in REQUIREMENTS)
"""The requirements as the baseline calls them."""
