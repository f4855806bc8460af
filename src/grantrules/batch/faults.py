"""What cannot be read of the input, as a frame: which application it is about, where it stands, and why."""

from collections.abc import Iterable
from itertools import islice

import polars as pl
from attrs import astuple, frozen

from grantrules.tables.layout import KEY

FAULTS = "bad-rows"
"""The name of the frame among the tables; no list of applications can be called so."""

SCHEMA: dict[str, pl.DataType] = {
    KEY: pl.String(),
    "table": pl.String(),
    "place": pl.String(),
    "column": pl.String(),
    "message": pl.String(),
    "hint": pl.String(),
    "code": pl.String(),
    "given": pl.String(),
    "text": pl.String(),
}

_BATCH = 10_000
"""So many faults are held as objects at once: as a frame they take up a tenth of that."""


@frozen
class Fault:
    """
    One thing that cannot be read.

    Args:
        application: the case number, as far as it can be told.
        table: whose row it is; the applications where it is a document.
        place: the file and the line.
        column: the column or the path in it; empty for all of it.
        given: what stands in a cell that cannot be read, in full.
        text: what is written there, where it makes no row of a table; it is kept nowhere else.
    """

    application: str | None
    table: str
    place: str
    column: str
    message: str
    hint: str
    code: str
    given: str | None = None
    text: str | None = None


def fault_frame(faults: Iterable[Fault]) -> pl.DataFrame:
    """The faults as a frame of `SCHEMA`."""
    rest, made = iter(faults), [pl.DataFrame(schema=SCHEMA)]
    while some := [astuple(fault) for fault in islice(rest, _BATCH)]:
        made.append(pl.DataFrame(some, schema=SCHEMA, orient="row"))
    return pl.concat(made)
