"""What a row of the table of problems means, in words."""

from collections.abc import Mapping

from grantrules.errors import Problem, excerpt, nearest
from grantrules.tables.layout import APPLICATIONS, ASSESSMENTS, KEY, Column, Layout, Type, stated
from grantrules.tables.problems import CODE, COLUMN, FIRST, LAST, ROW, TABLE, VALUE
from grantrules.terms.schema import ORGANISATIONS


def told(layout: Layout, row: Mapping[str, str | None]) -> Problem:
    """
    A row of the table of problems as a problem, whose place is the table, the row inside the application, and the
    column, such as `costs[3].amount_ore`; which application it is of stands in the row.
    """
    table, column, code = row[TABLE] or "", row[COLUMN] or "", row[CODE] or ""
    message, hint = _said(table, layout.table(table).column(column), row)
    if row[ROW] is not None:
        return Problem(f"{table}[{row[ROW]}].{column}", message, hint, code)
    return Problem(table if column == KEY else f"{table}.{column}", message, hint, code)


def _said(table: str, column: Column | None, row: Mapping[str, str | None]) -> tuple[str, str]:
    """What is wrong, and a hint."""
    value, key = row[VALUE] or "", row[KEY]
    match row[CODE]:
        case "no-key":
            return "it tells the row apart and is null", "state it"
        case "duplicate-key" if table == APPLICATIONS:
            return f"{value} rows have the case number {excerpt(key)}", "leave all but one of them out"
        case "duplicate-key":
            return f"{value} rows of the application have the same `{row[COLUMN]}`", "tell the rows apart"
        case "duplicate-line":
            return f"{value} cost lines of the application have the same id", "give each line an id of its own"
        case "unknown-application":
            message = f"there is no application {excerpt(key)}, and the table has {_rows(value)} of it"
            return message, f"add it to `{APPLICATIONS}`"
        case "unstated-list":
            message = f"the application does not state the list, and the table has {_rows(value)} of it"
            return message, f"write true in `{APPLICATIONS}.{stated(table)}`"
        case "too-many-lines":
            return f"the application has {_rows(value)}, too many to be added up exactly", "decide it by itself"
        case "too-many-ratings":
            return f"the application has {value} assessments, too many to be added up exactly", "decide it by itself"
        case "out-of-bounds":
            return f"expected {_limits(column)}, got {excerpt(value)}", ""
        case "unknown-word":
            options = column.options if column is not None else ()
            hint = nearest(value, options) or "choose from " + ", ".join(options)
            return f"expected a word of the list, got {excerpt(value)}", hint
        case "half-stated":
            return "some words of the list are null, and others are not", "state all of them or none"
        case "other-pool" | "other-round":
            message = f"the application is for {excerpt(value)}, and these rules are not"
            return message, "decide it by the rules it names"
        case "ends-first":
            return f"the project ends on {excerpt(value)}, before it starts", ""
        case "identifier":
            return f"the digits of {excerpt(value)} do not fit the register", "look it up in the register"
        case "unknown-organisation":
            return f"no organisation of the application is named {excerpt(value)}", "spell it as it is there"
        case "ambiguous-organisation":
            message = f"{excerpt(value)} names several organisations of the application"
            return message, f"give the units in `{ORGANISATIONS}` names of their own"
        case "unknown-assessment":
            return f"the application has no assessment {excerpt(value)}", f"add it to `{ASSESSMENTS}`"
        case "unknown-line":
            return f"the application has no cost line {excerpt(value)}", "name the line by its id"
        case "both-answers":
            message = f"assessment {excerpt(value)} answers it for the whole application too"
            return message, "answer it in one of the two"
        case _:
            return f"it is wrong: {excerpt(value)}", ""


def _rows(count: str) -> str:
    return f"{count} row{'' if count == '1' else 's'}"


def _limits(column: Column | None) -> str:
    """What a column may hold."""
    if column is None or column.type is Type.MOMENT:
        return f"a time from {FIRST.date()} to {LAST.date()}"
    unit = f" {column.unit}" if column.unit else ""
    low, high = column.minimum, column.maximum
    if low is not None and high is not None:
        return f"from {low} to {high}{unit}"
    return f"at least {low}{unit}" if high is None else f"at most {high}{unit}"
