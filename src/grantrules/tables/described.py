"""The layout of the tables as JSON data, from which somebody who has the facts can make them."""

from datetime import date
from typing import Any

from grantrules.ruleset import RuleSet
from grantrules.tables.answers import line_columns, result_columns
from grantrules.tables.layout import APPLICATIONS, ASSESSMENTS, LINE_JUDGEMENTS, Column, Layout, Table, layout
from grantrules.terms.schema import Field, Schema
from grantrules.values import Language

FORMAT = "grantrules.tables/1"

NOTES: dict[str, str] = {
    "missing": (
        "A null is a fact that is not stated: neither false, nor zero, nor an empty text. What cannot be decided "
        "without it is undetermined; only of a fact marked `optional` a null says that there is none. A column that is "
        "not `required` may be left out, which is a null in every row; so may a table that is not."
    ),
    "keys": (
        f"Every row of every table names its application by the case number in `application`, all of them as text or "
        f"all as int64. `{APPLICATIONS}` has one row for each, and every other row is of an application there. The "
        "columns under `key` tell the rows of a table apart and are never null; only `position` may be left out of a "
        "list, where it is not `required`, and the rows then stand in an order of their own."
    ),
    "lists": (
        "A list is a table with one row for each item. Its column `<list>_stated` in "
        f"`{APPLICATIONS}` is true where the application states the list, be it an empty one; false or null is a list "
        "that is not stated, and has no rows. The column is there wherever the table is."
    ),
    "words": (
        "A list of words is one boolean column for each word, `<fact>__<word>`: all of them are null where the fact "
        "is not stated, none of them where it is. One word of a list is text, and one of those under `words`."
    ),
    "records": "Facts of a record stand in the row it belongs to, as `<record>__<fact>`.",
    "numbers": (
        "Amounts are whole øre (1500000.00 kroner are 150000000), quantities and ratings whole thousandths (12.5 km "
        "are 12500), both as int64 and never as floating-point numbers; `minimum` and `maximum` are allowed, and in "
        "the unit of the column."
    ),
    "times": "A timestamp is a moment, in whatever zone it is written; a date is one in the time zone of the pool.",
    "names": (
        "A column with `names` holds the name of one row of the application in the table and column given there, "
        "spelt as it is there."
    ),
    "assessments": (
        f"`{ASSESSMENTS}` has one row for each assessment, told apart within its application by `assessment`, which "
        "may be any text. Where `conflict_of_interest` is true, nothing of the row counts, nor of its "
        f"`{LINE_JUDGEMENTS}`; null counts as false, and is reported. A rating or an answer that is null is not given. "
        "`consensus` is true in the entry that the assessors agreed on; only where it is `required` does it matter."
    ),
    "line_judgements": (
        f"A question about cost lines is answered for the whole application in `{ASSESSMENTS}`, or line by line in "
        f"`{LINE_JUDGEMENTS}`, which names the assessment and, as `line`, the `id` of the cost line; one assessment "
        "does not answer one question in both."
    ),
}
"""What holds in every pool, by what it is about."""


def described(rules: RuleSet, language: Language) -> dict[str, Any]:
    """
    The tables of a round as JSON data: each column with its type, unit, limits and words, and what it means.

    `results` and `lines` are what comes out: one row for each application, and one for each cost line.

    Raises:
        PluginError: two columns of one table would have the same name.
    """
    expected = layout(rules)
    return {
        "format": FORMAT,
        "title": f"{rules.pool.title.to(language)} ({rules.name})",
        "currency": rules.pool.currency,
        "zone": rules.pool.zone,
        "notes": dict(NOTES),
        "tables": [_table(table, expected, rules.schema, language) for table in expected.tables],
        "results": [_column(column, language) for column in result_columns(rules)],
        "lines": [_column(column, language) for column in line_columns(rules)],
    }


def _table(table: Table, expected: Layout, schema: Schema, language: Language) -> dict[str, Any]:
    columns = [
        _column(column, language)
        | _unless_empty({"word": column.option})
        | _of_fact(_fact(column, table, schema), expected)
        for column in table.columns
    ]
    return {
        "name": table.name,
        "label": table.label.to(language),
        "rows": rows_of(table, expected),
        "required": table.required,
        "key": list(table.key),
        "columns": columns,
    }


def rows_of(table: Table, expected: Layout) -> str:
    """What one row of a table is."""
    of_their_own = {
        APPLICATIONS: "one for each application",
        ASSESSMENTS: "one for each assessment",
        LINE_JUDGEMENTS: "one for each cost line that an assessment answers for by itself",
    }
    return of_their_own.get(table.name) or f"one for each item of the list `{table.name}` of an application"


def _column(column: Column, language: Language) -> dict[str, Any]:
    return {
        "name": column.name,
        "type": column.type.value,
        "label": column.label.to(language),
        "required": column.required,
        "key": column.key,
        **_unless_empty(
            {
                "unit": column.unit,
                "words": list(column.options),
                "minimum": _bound(column.minimum),
                "maximum": _bound(column.maximum),
            }
        ),
    }


def _bound(bound: int | date | None) -> int | str | None:
    return bound.isoformat() if isinstance(bound, date) else bound


def _fact(column: Column, table: Table, schema: Schema) -> Field | None:
    """The fact that a column holds, if it holds one."""
    record = schema.application if table.name == APPLICATIONS else schema.record(table.name)
    fact = None
    for step in column.path if record is not None else ():
        fact = record.field(step) if record is not None else None
        record = schema.record(fact.record) if fact is not None and fact.record else None
    return fact


def _of_fact(fact: Field | None, expected: Layout) -> dict[str, Any]:
    """What else there is to say of a column: whether a null says something, and what its text names."""
    if fact is None:
        return {}
    named = {"names": f"{fact.names}.name"} if fact.names in expected.lists else {}
    return ({"optional": True} if fact.optional else {}) | named


def _unless_empty(stated: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in stated.items() if value not in (None, "", [])}
