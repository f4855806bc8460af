"""
The shape of the facts: which records there are, and the sort, unit, bounds and labels of each fact.

A schema is plain data. It is read off the attrs classes of a pool, written into a saved rule set, and
turned back into classes where the plugin is not installed.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

from attrs import field, frozen

from grantrules.values import Text

APPLICATION = "application"
"""The name of the outermost record."""

ORGANISATIONS = "organisations"
COSTS = "costs"
FUNDING = "funding"

TOTALS = "totals"
"""The record of sums that the cost rules leave to the grant formula; nobody states it."""

METADATA = "grantrules"
"""The key under which an attrs field carries its `Field`."""


class Kind(Enum):
    """The kinds of value a fact or a term can have."""

    TRUTH = "yes/no"
    MONEY = "money"
    COUNT = "count"
    QUANTITY = "quantity"
    RATE = "rate"
    DAY = "day"
    MOMENT = "moment"
    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"
    RECORD = "record"
    MANY = "many"


@frozen
class Option:
    """One word of a closed list, with its label for people."""

    code: str
    label: Text


Bound = int | Decimal | date | datetime
"""What limits a fact from below or above, both ends included."""


@frozen
class Field:
    """
    One fact: its name, kind, label and limits.

    Args:
        unit: the unit of a quantity (`"km"`).
        options: the closed list of a choice.
        minimum, maximum: the absurd begins outside of these; both are allowed values.
        optional: leaving it out is itself a statement, so that `known` may ask for it.
        record: the record that a `RECORD` or `MANY` holds.
        names: the list of records that a `TEXT` names one of, by `name`.
        alias: the word by which rules reach the record named.
    """

    name: str
    kind: Kind
    label: Text
    unit: str = ""
    options: tuple[Option, ...] = ()
    minimum: Bound | None = None
    maximum: Bound | None = None
    optional: bool = False
    record: str = ""
    names: str = ""
    alias: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the closed list."""
        return tuple(option.code for option in self.options)


@frozen
class Record:
    """A named group of facts: the application, one organisation, one cost line, …"""

    name: str
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field | None:
        """The fact called `name`, if the record has it."""
        return next((field for field in self.fields if field.name == name), None)

    def reference(self, alias: str) -> Field | None:
        """The fact that names another record, by the word rules use for that record."""
        return next((field for field in self.fields if field.alias and field.alias == alias), None)


def _by_name(records: tuple[Record, ...]) -> tuple[Record, ...]:
    return tuple(sorted(records, key=lambda record: (record.name != APPLICATION, record.name)))


@frozen
class Schema:
    """All records of a pool, the application first."""

    records: tuple[Record, ...] = field(converter=_by_name)

    def record(self, name: str) -> Record | None:
        """The record called `name`, if there is one."""
        return next((record for record in self.records if record.name == name), None)

    @property
    def application(self) -> Record:
        """The outermost record."""
        return self.records[0]


@cache
def fields_of(cls: type) -> Mapping[str, tuple[Field, Any]]:
    """Read the facts off an attrs class: name to `Field` and to the class its records are of, if any."""
    found = {}
    for attribute in getattr(cls, "__attrs_attrs__", ()):
        if METADATA in attribute.metadata:
            declared, of = attribute.metadata[METADATA]
            found[attribute.name] = (_named(declared, attribute.name), of)
    return found


def _named(declared: Field, name: str) -> Field:
    values = {a.name: getattr(declared, a.name) for a in declared.__attrs_attrs__}
    record = declared.record or (name if declared.kind in (Kind.RECORD, Kind.MANY) else "")
    return Field(**{**values, "name": name, "record": record})


def schema_of(cls: type) -> Schema:
    """Read the whole schema off an application class, following its records and lists."""
    records: dict[str, Record] = {}
    _collect(APPLICATION, cls, records)
    return Schema(tuple(records.values()))


def _collect(name: str, cls: type, records: dict[str, Record]) -> None:
    facts = fields_of(cls)
    records[name] = Record(name, tuple(field for field, _ in facts.values()))
    for fact, of in facts.values():
        if of is not None and fact.record not in records:
            _collect(fact.record, of, records)
