"""Tables that no query is built over: everything wrong is listed at once, and only schemas are read."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import narwhals as nw
import polars as pl
import pytest
from attrs import evolve

from grantrules.errors import InputError
from grantrules.tables.checking import checked
from grantrules.tables.layout import Column, Layout, Type, layout
from tests.pools import REAL

from .hand_made import ENGINES, LAYOUT, application, found, native, tables


def refusal(given: Any) -> str:
    """What is said of tables that are refused."""
    with pytest.raises(InputError) as refused:
        checked(LAYOUT, given, "toy@2020")
    return str(refused.value)


def lines(given: Any) -> list[str]:
    """The same, a line for each problem and hint."""
    return [line.strip() for line in refusal(given).splitlines()[1:]]


def good(**changes: Any) -> dict[str, Any]:
    """Lazy tables of Polars with one application, some of them other ones."""
    rows = {"applications": [application("A")], "costs": [{"application": "A", "position": 0, "id": "pay"}]}
    return {**tables("polars, lazy", **rows), **changes}


def with_column(table: str, column: str, cells: pl.Series) -> dict[str, Any]:
    """The tables with other cells in one column of one row."""
    frame = good()[table].collect()
    return good(**{table: frame.with_columns(cells.alias(column)).lazy()})


def test_everything_at_once() -> None:
    """Tables and columns that are missing, strange or mistyped are all in one report, in the order of the layout."""
    costs = pl.LazyFrame(
        {"application": [1], "amount": [12.5], "vat_ore": [Decimal("2.50")], "vat_recoverable": ["yes"]}
    )
    kept = [column.name for column in LAYOUT.table("costs").columns if column.name not in costs.collect_schema()]
    kept = [name for name in kept if name != "amount_ore"]
    given = good()
    costs = pl.concat([costs, given["costs"].select(kept)], how="horizontal")
    applications = given["applications"].with_columns(
        pl.col("requested_ore").cast(pl.Float64),
        pl.col("submitted_at").dt.replace_time_zone(None),
        pl.col("starts_on").cast(pl.Datetime),
        pl.col("safe").cast(pl.Int8),
    )
    assessments = {"line_judgements": given["line_judgements"]}
    broken = {"applications": applications, "costs": costs, "visits": "visits.csv", "fundings": given["funding"]}
    assert refusal({**broken, **assessments}) == (
        "toy@2020: 13 problems\n"
        "  organisations: the table is missing\n"
        "  funding: the table is missing\n"
        "    hint: did you mean `fundings`?\n"
        "  line_judgements: it is given without `assessments`, whose answers these are\n"
        "    hint: give `assessments` too\n"
        "  there is no table `fundings`\n"
        "    hint: did you mean `funding`?\n"
        "  visits: expected a data frame, got a `str`\n"
        "    hint: give a frame of Polars, DuckDB, PyArrow or PySpark\n"
        "  applications.submitted_at: expected timestamp with time zone, got timestamp without time zone\n"
        "    hint: say which time zone it is in\n"
        "  applications.starts_on: expected date, got timestamp without time zone\n"
        "    hint: take the date it is in the time zone of the pool\n"
        "  applications.requested_ore: expected int64, got float64: binary floats are not exact\n"
        "    hint: read the numbers as text or decimal, and cast whole øre to int64\n"
        "  applications.safe: expected boolean, got int8\n"
        "    hint: make it true, false or null\n"
        "  costs.amount_ore: the column is missing\n"
        "    hint: multiply `amount` by 100 and cast it to int64: whole øre are asked for\n"
        "  costs.vat_ore: expected int64, got decimal\n"
        "    hint: cast whole øre to int64\n"
        "  costs.vat_recoverable: expected boolean, got text\n"
        "    hint: make it true, false or null\n"
        "  costs.application: it is int64, and in `applications` it is text\n"
        "    hint: cast one of the two"
    )


def test_no_tables() -> None:
    """One frame alone is no set of tables."""
    assert lines(good()["applications"]) == [
        "expected data frames by the names of their tables, got a `LazyFrame`",
        'hint: write `{"applications": …}`',
    ]
    assert lines({})[0] == "applications: the table is missing"


def test_names_that_are_no_text() -> None:
    """A table under something else than a name is strange, whatever that is."""
    assert lines(good() | {7: good()["costs"]})[0] == "there is no table `7`"


MISFITS: Mapping[str, tuple[str, str, pl.Series, str, str]] = {
    "wide numbers": ("costs", "hours", pl.Series([1], dtype=pl.UInt64), "int64, got uint64", "cast it to int64"),
    "wider amounts": (
        "costs",
        "vat_ore",
        pl.Series([1], dtype=pl.Int128),
        "int64, got int128",
        "cast whole øre to int64",
    ),
    "counts as floats": ("costs", "hours", pl.Series([1.0]), "int64, got float64", "cast it to int64"),
    "quantities as floats": (
        "costs",
        "kilometres_thousandths",
        pl.Series([1.5], dtype=pl.Float32),
        "int64, got float32: binary floats are not exact",
        "read the numbers as text or decimal, and cast whole thousandths of km to int64",
    ),
    "words as numbers": ("costs", "category", pl.Series([1]), "text, got int64", "cast it to text"),
    "days as text": ("costs", "incurred_on", pl.Series(["2020-01-01"]), "date, got text", "make it a date"),
    "times as days": (
        "applications",
        "submitted_at",
        pl.Series([date(2020, 1, 1)]),
        "timestamp with time zone, got date",
        "make it a time, and say which time zone it is in",
    ),
    "keys as floats": (
        "applications",
        "application",
        pl.Series([1.0]),
        "text or int64, got float64",
        "cast it to text or int64",
    ),
    "lists": ("costs", "category", pl.Series([["a"]]), "text, got list", "cast it to text"),
}


@pytest.mark.parametrize("name", MISFITS)
def test_types_that_do_not_fit(name: str) -> None:
    """What was wanted, what was found and how to come from one to the other, with nothing read."""
    table, column, cells, message, hint = MISFITS[name]
    assert lines(with_column(table, column, cells)) == [f"{table}.{column}: expected {message}", f"hint: {hint}"]


def other_type(column: Column) -> Any:
    """A type of Polars that fits a column and is another than the layout names."""
    match column.type:
        case Type.KEY:
            return pl.Int32
        case Type.WHOLE:
            return pl.Null if column.required else pl.UInt32
        case Type.TEXT:
            return pl.Enum(column.options) if column.options else pl.Categorical
        case Type.MOMENT:
            return pl.Datetime("ms", "Europe/Copenhagen")
        case Type.TRUTH:
            return pl.Boolean if column.name.endswith("_stated") else pl.Null
        case Type.DAY:
            return pl.Null


WANTED = {
    Type.KEY: nw.Int64,
    Type.WHOLE: nw.Int64,
    Type.TEXT: nw.String,
    Type.MOMENT: nw.Datetime,
    Type.TRUTH: nw.Boolean,
    Type.DAY: nw.Date,
}


@pytest.mark.parametrize("engine", ENGINES)
def test_types_that_fit_become_those_of_the_layout(engine: str) -> None:
    """Narrow whole numbers, closed sets of words, times of other zones and columns of nothing but null are taken."""
    cells = {
        "applications": {
            "application": [1, 2],
            "submitted_at": [datetime(2020, 2, 14, tzinfo=UTC), None],
            "colour": ["red", None],
        },
        "costs": {"application": [1, 3], "position": [0, 4], "category": ["pay", None]},
    }
    made = {}
    for table in LAYOUT.tables:
        given = cells.get(table.name, {})
        rows = 2 if given else 0
        schema = {column.name: other_type(column) for column in table.columns}
        values = {name: given.get(name, [name.endswith("_stated") or None] * rows) for name in schema}
        made[table.name] = pl.DataFrame(values, schema=schema)
    tables = native(engine, made)
    frames = checked(LAYOUT, tables, "toy@2020")
    for table in LAYOUT.tables:
        schema = frames[table.name].collect_schema()
        assert {name: type(dtype) for name, dtype in schema.items()} == {c.name: WANTED[c.type] for c in table.columns}
    assert found(tables) == [("costs", "3", None, "application", "unknown-application", "1")]


@pytest.mark.parametrize("engine", ENGINES)
def test_nothing_but_null(engine: str) -> None:
    """Tables without a row have no problem, also where no column has a type but that of null."""
    made = {
        table.name: pl.DataFrame(schema={column.name: pl.Null for column in table.columns}) for table in LAYOUT.tables
    }
    assert found(native(engine, made)) == []


def test_case_numbers_of_two_types() -> None:
    """Whole numbers in one table and text in another would never meet."""
    given = good()
    given["funding"] = given["funding"].with_columns(pl.col("application").cast(pl.Int64))
    assert lines(given) == [
        "funding.application: it is int64, and in `applications` it is text",
        "hint: cast one of the two",
    ]


def test_columns_that_the_layout_does_not_know() -> None:
    """What else stands in the tables of a ministry is left out."""
    given = good()
    given["costs"] = given["costs"].with_columns(account=pl.lit("5610"))
    assert "account" not in checked(LAYOUT, given, "toy@2020")["costs"].collect_schema()


def test_words_of_a_list_belong_together() -> None:
    """A word without a column is a fact that nobody can state, also where no rule reads the list."""
    given = good()
    given["applications"] = given["applications"].drop("effects__light")
    assert lines(given) == [
        "applications.effects__light: the column is missing",
        "hint: add it, with null where the fact is not stated",
    ]
    optional = evolve_words(required=False)
    with pytest.raises(InputError, match="give a column for each word, or for none"):
        checked(optional, given, "toy@2020")
    given["applications"] = given["applications"].drop("effects__sound", "effects__motion")
    assert "effects__sound" not in checked(optional, given, "toy@2020")["applications"].collect_schema()


def evolve_words(required: bool) -> Layout:
    """The layout, where rules read no list of words."""
    first, *others = LAYOUT.tables
    columns = tuple(evolve(c, required=required) if c.option is not None else c for c in first.columns)
    return evolve(LAYOUT, tables=(evolve(first, columns=columns), *others))


def test_lists_that_nothing_says_are_stated() -> None:
    """A list that no rule reads may be left out; if it is given, the applications say who states it."""
    rules = layout(REAL.rules)
    first, *others = rules.tables
    columns = tuple(evolve(c, required=False) if c.name == "funding_stated" else c for c in first.columns)
    optional = evolve(rules, tables=(evolve(first, columns=columns), *others))
    given = {name: frame.lazy() for name, frame in REAL.to_tables([]).items()}
    given["applications"] = given["applications"].drop("funding_stated")
    with pytest.raises(
        InputError, match=r"applications.funding_stated: the column is missing, and the table `funding`"
    ):
        checked(optional, given, "toy@2020")


# Engines


def test_two_engines() -> None:
    """Tables of two engines are in no one query."""
    given = good()
    given["costs"] = given["costs"].collect().to_arrow()
    assert lines(given)[0].startswith("the tables are of different engines: Polars (`applications`, `organisations`, ")
    assert "PyArrow (`costs`)" in refusal(given)


def test_two_connections() -> None:
    """Relations of DuckDB from two connections are in no one query."""
    given = tables("duckdb", applications=[application("A")])
    given["costs"] = tables("duckdb")["costs"]
    assert lines(given) == [
        "costs: it is of another connection than `applications`",
        "hint: make all relations with one connection",
    ]


def test_some_frames_are_lazy() -> None:
    """Where one frame of Polars is lazy, all are; frames of Narwhals are taken as they are."""
    given = {name: frame.collect() for name, frame in good().items()}
    eager = checked(LAYOUT, given, "toy@2020")
    assert all(isinstance(frame, nw.DataFrame) for frame in eager.values())
    lazy = checked(LAYOUT, {**eager, "costs": given["costs"].lazy()}, "toy@2020")
    assert all(isinstance(frame, nw.LazyFrame) for frame in lazy.values())


def test_two_columns_of_one_name() -> None:
    """Which of them is meant cannot be told."""
    costs = pl.DataFrame({"application": [1], "position": [2]}).to_arrow().rename_columns(["application"] * 2)
    given = tables("pyarrow") | {"costs": costs}
    assert lines(given) == ["costs: two of its columns have the same name", "hint: rename one of them"]


def test_series_are_no_tables() -> None:
    """A column alone is no data frame."""
    assert lines(good(costs=pl.Series([1])))[0] == "costs: expected a data frame, got a `Series`"


def test_rows_are_not_read() -> None:
    """A scan that fails when it is read passes."""

    def fails(_: pl.DataFrame) -> pl.DataFrame:
        raise AssertionError("the table is read")

    given = {name: frame.map_batches(fails, schema=frame.collect_schema()) for name, frame in good().items()}
    assert set(checked(LAYOUT, given, "toy@2020")) == set(given)
