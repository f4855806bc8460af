"""
Complete applications one at a time: the tables as records, for engines that take one document.

A record is plain data of texts, truths and whole numbers. A day is the number 20191231, a moment counts seconds since
1970; what does not concern a cost line is 0 or false; judgements are those of the first assessor, for nobody disagrees.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import polars as pl
from peers import data
from peers.verdicts import ELIGIBILITY, FORMAL, SCHEMA

Record = dict[str, Any]
Row = tuple[Any, ...]
"""One row of the results, in the order of their columns."""

DEADLINE = int(data.DEADLINE.timestamp())
LAST_DAY = 20191231
PAGES, FLOOR, CEILING = 5, 100_000_000, 250_000_000
RATE_2018, RATE_2019, NEW_RATE_FROM = 194, 198, 20190101
WORDS = {"activities": data.ACTIVITIES, "competence_elements": data.ELEMENTS}

JUDGED = {category: name.removeprefix("judgement_") for category, name in data.JUDGEMENTS.items()}
"""Category to the name of the judgement in a record."""


def records(folder: Path) -> list[Record]:
    """All applications, in order."""
    tables = data.scans(folder)
    first = tables["assessments"].filter(pl.col("assessment") == "1")
    judged = pl.struct(pl.col(name).alias(name.removeprefix("judgement_")) for name in data.JUDGEMENTS.values())
    made = tables["applications"].select(
        "application",
        pl.col("submitted_at").dt.epoch("s"),
        *("signed", "pages", "requested_ore", "shares_material", "formal_programme", "reports_for_approval"),
        *(_words(name, columns).alias(name) for name, columns in WORDS.items()),
    )
    nested: dict[str, list[Any]] = {
        "organisations": ["kind", "role"],
        "funding": ["source", "amount_ore"],
        "assessments": list(data.RATINGS),
        "costs": [
            *("id", "category", "amount_ore", "vat_ore", "vat_recoverable", "ordinary_operations"),
            pl.col("incurred_on").dt.to_string("%Y%m%d").cast(pl.Int64),
            pl.col("kilometres_thousandths").fill_null(0),
            pl.col("supports_project_directly", "leads_to_course").fill_null(False),
        ],
    }
    for name, columns in nested.items():
        items = tables[name].group_by("application", maintain_order=True).agg(pl.struct(columns).alias(name))
        made = made.join(items, on="application", how="left")
    made = made.join(first.select("application", judged.alias("judgements")), on="application", how="left")
    found: list[Record] = made.sort("application").with_columns(pl.col(*nested).fill_null([])).collect().to_dicts()
    return found


def _words(name: str, columns: Sequence[str]) -> pl.Expr:
    words = (pl.when(pl.col(column)).then(pl.lit(column.removeprefix(f"{name}__"))) for column in columns)
    return pl.concat_list(words).list.drop_nulls()


def row(record: Record, met: Sequence[bool], claimed: int, eligible: int, grant: int, score: int) -> Row:
    """A row of the results; on complete applications nothing is undetermined."""
    amounts = (claimed, eligible, claimed - eligible, 0, grant)
    return (record["application"], outcome(met), *met, *amounts, score)


def outcome(met: Sequence[bool]) -> str:
    """What the requirements add up to."""
    if not all(met[: len(FORMAL)]):
        return "dismissed"
    return "eligible" if all(met[-len(ELIGIBILITY) :]) else "ineligible"


class OneByOne:
    """An engine that decides one record after another."""

    def __init__(self, decide: Callable[[Any], Row], read: Callable[[Path], list[Any]] = records) -> None:
        self._decide, self._read = decide, read

    def opened(self, folder: Path) -> Any:
        """The records, read."""
        return self._read(folder)

    held = opened

    def decided(self, facts: Any) -> Any:
        """One row for each record."""
        return [self._decide(record) for record in facts]

    def compared(self, made: Any) -> pl.DataFrame:
        """The rows as a frame."""
        return pl.DataFrame(made, schema=SCHEMA, orient="row")
