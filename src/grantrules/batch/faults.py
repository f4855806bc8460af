"""What cannot be read of the input, as a frame: which application it is about, where it stands, and why."""

from collections.abc import Sequence

import polars as pl
from attrs import asdict, frozen

from grantrules.tables.layout import KEY

FAULTS = "bad-rows"
"""The name of the frame among the tables; no list of applications can be called so."""

SCHEMA: dict[str, pl.DataType] = {
    KEY: pl.String(),
    "where": pl.String(),
    "message": pl.String(),
    "hint": pl.String(),
    "code": pl.String(),
    "text": pl.String(),
}


@frozen
class Fault:
    """
    One thing that cannot be read.

    Args:
        application: the case number, as far as it can be told.
        where: the file, the line, and the column or the path in it.
        text: what is written there, where it makes no row of a table; it is kept nowhere else.
    """

    application: str | None
    where: str
    message: str
    hint: str
    code: str
    text: str | None = None


def fault_frame(faults: Sequence[Fault]) -> pl.DataFrame:
    """The faults as a frame of `SCHEMA`."""
    return pl.DataFrame([asdict(fault) for fault in faults], schema=SCHEMA)
