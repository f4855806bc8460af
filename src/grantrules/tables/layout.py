"""
How the applications of a round are laid out as tables, and the results as one.

Tables are flat, so that a file of any format and every engine can hold them: one row for each application, for each
item of its lists and for each assessment, keyed by the case number. Money and other exact numbers are whole numbers
of the unit that their name ends in. A list of words is one yes or no for each word.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from enum import Enum

from attrs import evolve, field, frozen

from grantrules.criteria import Combining
from grantrules.errors import PluginError, Problem
from grantrules.ruleset import RuleSet
from grantrules.tables.reads import Reads, reads_of
from grantrules.terms.schema import APPLICATION, Field, Kind, Record, Schema
from grantrules.values import Text

APPLICATIONS = "applications"
ASSESSMENTS = "assessments"
LINE_JUDGEMENTS = "line_judgements"
"""The tables that every pool has, beside one for each list of its applications."""

KEY = APPLICATION
"""The column by which every table says whose row it is."""

POSITION, ASSESSMENT, LINE = "position", "assessment", "line"
CONFLICT, CONSENSUS = "conflict_of_interest", "consensus"


class Type(Enum):
    """What a column holds. A null is a fact that is not stated."""

    KEY = "text or int64"
    TEXT = "text"
    TRUTH = "boolean"
    WHOLE = "int64"
    DAY = "date"
    MOMENT = "timestamp with time zone"


@frozen
class Column:
    """
    One column.

    Args:
        scale: the decimals of the fact, all of which the whole number holds: 2 for øre.
        unit: what the whole number counts.
        path: where the fact stands in its record.
        option: of a list of words, the one that this column is about.
        options: the words that may stand here; empty if any may.
        minimum, maximum: both allowed, in the unit of the column.
        required: a rule reads it, so the table must have it.
        key: it may not be null.
    """

    name: str
    type: Type
    label: Text
    scale: int = 0
    unit: str = ""
    path: tuple[str, ...] = ()
    option: str | None = None
    options: tuple[str, ...] = ()
    minimum: int | date | None = None
    maximum: int | date | None = None
    required: bool = False
    key: bool = False


@frozen
class Table:
    """
    One table.

    Args:
        required: it must be given.
    """

    name: str
    label: Text
    columns: tuple[Column, ...]
    required: bool = False

    @property
    def key(self) -> tuple[str, ...]:
        """The columns by which a row is told from all others, as far as the table has them."""
        return tuple(column.name for column in self.columns if column.key)

    def column(self, name: str) -> Column | None:
        """The column called `name`, if the table has one."""
        return next((column for column in self.columns if column.name == name), None)


@frozen
class Layout:
    """
    The tables of a round.

    Attributes:
        tables: what goes in, the applications first.
        lists: the names of those that hold a list of the applications.
    """

    tables: tuple[Table, ...]
    lists: tuple[str, ...] = field(default=())

    def table(self, name: str) -> Table:
        """
        The table called `name`.

        Raises:
            KeyError: there is none.
        """
        found = {table.name: table for table in self.tables}
        return found[name]


def layout(rules: RuleSet) -> Layout:
    """
    Lay out the applications and assessments of a round.

    Raises:
        PluginError: two tables, or two columns of one, would have the same name; all of them are listed.
    """
    reads = reads_of(rules)
    lists = [fact for fact in rules.schema.application.fields if fact.kind is Kind.MANY]
    tables = (
        _applications(rules.schema, lists, reads),
        *(_items(rules.schema, fact, reads) for fact in lists),
        _assessments(rules),
        _line_judgements(rules),
    )
    problems = tuple(_clashes(tables))
    if problems:
        raise PluginError(rules.name, problems)
    return Layout(tables, tuple(fact.record for fact in lists))


def _clashes(tables: Iterable[Table]) -> Iterator[Problem]:
    """Names that two tables, or two columns of one table, share; engines of SQL tell no capitals apart."""
    tables = tuple(tables)
    yield from _shared("", "tables", [table.name for table in tables])
    for table in tables:
        yield from _shared(table.name, "columns", [column.name for column in table.columns])


def _shared(where: str, what: str, names: Iterable[str]) -> Iterator[Problem]:
    alike: dict[str, list[str]] = {}
    for name in names:
        alike.setdefault(name.casefold(), []).append(name)
    for found in alike.values():
        if len(found) > 1:
            said = ", ".join(f"`{name}`" for name in dict.fromkeys(found))
            message = f"{len(found)} {what} have the name {said}"
            yield Problem(where, message, "rename one of the facts, words or rules", "one-name")


def lists_of_words(columns: Iterable[Column]) -> dict[tuple[str, ...], list[str]]:
    """Path to the words of the list that stands there, for every list of words among the columns."""
    found: dict[tuple[str, ...], list[str]] = {}
    for column in columns:
        if column.option is not None:
            found.setdefault(column.path, []).append(column.option)
    return found


def snake(id: str) -> str:
    """
    The column that a rule or criterion goes by.

    >>> snake("eligibility.grant-limits")
    'eligibility_grant_limits'
    """
    return re.sub(r"\W", "_", id)


def stated(collection: str) -> str:
    """The column that says whether an application states a list, be it an empty one."""
    return f"{collection}_stated"


def rating(criterion: str) -> str:
    """The column of the ratings for a criterion, in thousandths of a point."""
    return f"rating_{snake(criterion)}_thousandths"


def answer(judgement: str) -> str:
    """The column of the answers to a question."""
    return f"judgement_{snake(judgement)}"


def comment(about: str) -> str:
    """The column of what is written about a criterion or judgement."""
    return f"comment_{snake(about)}"


# The columns of facts

KEY_COLUMN = Column(KEY, Type.KEY, Text("sagsnummer", "saksnummer", "case number"), required=True, key=True)

ORE_DECIMALS = 2
"""Whole øre hold the two decimals of an amount."""

_SCALES = {Kind.MONEY: ORE_DECIMALS, Kind.COUNT: 0, Kind.QUANTITY: 3}
_TYPES = {Kind.TRUTH: Type.TRUTH, Kind.DAY: Type.DAY, Kind.MOMENT: Type.MOMENT}


def columns_of(fact: Field, path: tuple[str, ...] = ()) -> Iterator[Column]:
    """The columns of one fact that is neither a record nor a list; `path` leads to the record it stands in."""
    name, where = "__".join((*path, fact.name)), (*path, fact.name)
    if fact.kind is Kind.CHOICES:
        for option in fact.options:
            label = joined(fact.label, option.label)
            yield Column(f"{name}__{snake(option.code)}", Type.TRUTH, label, path=where, option=option.code)
    elif fact.kind in _SCALES:
        scale = _SCALES[fact.kind]
        unit = {Kind.MONEY: "øre", Kind.QUANTITY: f"thousandths of {fact.unit}"}.get(fact.kind, "")
        suffix = {Kind.MONEY: "_ore", Kind.QUANTITY: "_thousandths"}.get(fact.kind, "")
        low, high = (_whole(bound, scale) for bound in (fact.minimum, fact.maximum))
        yield Column(name + suffix, Type.WHOLE, fact.label, scale, unit, where, minimum=low, maximum=high)
    else:
        type = _TYPES.get(fact.kind, Type.TEXT)
        first, last = (bound if isinstance(bound, date) else None for bound in (fact.minimum, fact.maximum))
        yield Column(name, type, fact.label, path=where, options=fact.codes, minimum=first, maximum=last)


def _whole(bound: object, scale: int) -> int | None:
    return int(Decimal(bound).scaleb(scale)) if isinstance(bound, int | Decimal) else None


def joined(first: Text, second: Text) -> Text:
    return Text(*(f"{first.to(language)}: {second.to(language)}" for language in ("da", "nb", "en")))


def _facts(schema: Schema, record: Record, reads: Reads, of: str, path: tuple[str, ...] = ()) -> Iterator[Column]:
    for fact in record.fields:
        inner = schema.record(fact.record) if fact.kind is Kind.RECORD else None
        if inner is not None:
            yield from _facts(schema, inner, reads, of, (*path, fact.name))
        elif fact.kind is not Kind.MANY:
            required = (of, (*path, fact.name)) in reads.facts
            yield from (evolve(column, required=required) for column in columns_of(fact, path))


def _applications(schema: Schema, lists: Iterable[Field], reads: Reads) -> Table:
    facts = [column for column in _facts(schema, schema.application, reads, APPLICATION) if column.path != ("id",)]
    says = Text("oplyst", "oppgitt", "stated")
    flags = [
        Column(stated(fact.record), Type.TRUTH, joined(says, fact.label), required=fact.record in reads.lists)
        for fact in lists
    ]
    label = Text("ansøgninger", "søknader", "applications")
    return Table(APPLICATIONS, label, (KEY_COLUMN, *facts, *flags), required=True)


def _items(schema: Schema, fact: Field, reads: Reads) -> Table:
    record = schema.record(fact.record)
    assert record is not None, "a schema has every record that it names"
    place = Text("plads i listen, fra 0", "plass i listen, fra 0", "place in the list, from 0")
    position = Column(
        POSITION, Type.WHOLE, place, minimum=0, maximum=10**9, required=fact.record in reads.positions, key=True
    )
    facts = _facts(schema, record, reads, record.name)
    return Table(record.name, fact.label, (KEY_COLUMN, position, *facts), required=fact.record in reads.lists)


# The columns of assessments


def _assessments(rules: RuleSet) -> Table:
    scoring = rules.scoring
    rated = [criterion for criterion in scoring.criteria if criterion.computed is None]
    top = 1000 * (1 if scoring.scale is None else scoring.scale.top)
    ratings = [
        Column(
            rating(criterion.id),
            Type.WHOLE,
            criterion.statement,
            3,
            "thousandths of a point",
            ("ratings", criterion.id),
            minimum=0,
            maximum=top,
            required=True,
        )
        for criterion in rated
    ]
    remark = Text("bemærkning", "merknad", "comment")
    commented = [(criterion.id, criterion.statement) for criterion in scoring.criteria]
    commented += [(judgement.id, judgement.question) for judgement in rules.judgements]
    comments = [
        Column(comment(id), Type.TEXT, joined(remark, what), path=("comments", id))
        for id, what in dict(commented).items()
    ]
    conflict = Text("inhabil", "inhabil", "has a conflict of interest")
    agreed = Text("fælles vurdering", "felles vurdering", "agreed by all assessors")
    columns = (
        KEY_COLUMN,
        _ASSESSMENT,
        Column("assessor", Type.TEXT, Text("bedømmer", "bedømmer", "assessor"), path=("assessor",)),
        Column(CONFLICT, Type.TRUTH, conflict, path=(CONFLICT,), required=True),
        Column(CONSENSUS, Type.TRUTH, agreed, path=(CONSENSUS,), required=scoring.combining is Combining.CONSENSUS),
        *ratings,
        *_answers(rules, [judgement.id for judgement in rules.judgements]),
        *comments,
    )
    return Table(ASSESSMENTS, Text("vurderinger", "vurderinger", "assessments"), columns)


_ASSESSMENT = Column(
    ASSESSMENT,
    Type.TEXT,
    Text("vurderingens nummer", "vurderingens nummer", "what tells an application's assessments apart"),
    required=True,
    key=True,
)


def _answers(rules: RuleSet, asked: Iterable[str]) -> tuple[Column, ...]:
    questions = {judgement.id: judgement.question for judgement in rules.judgements}
    return tuple(Column(answer(id), Type.TRUTH, questions[id], path=("judgements", id), required=True) for id in asked)


def _line_judgements(rules: RuleSet) -> Table:
    asked = [judgement.id for judgement in rules.judgements if judgement.id in rules.line_judgements]
    line = Column(
        LINE, Type.TEXT, Text("budgetpostens id", "budsjettpostens id", "id of the line"), required=True, key=True
    )
    label = Text("vurderinger af enkelte poster", "vurderinger av enkelte poster", "answers for single lines")
    return Table(LINE_JUDGEMENTS, label, (KEY_COLUMN, _ASSESSMENT, line, *_answers(rules, asked)))
