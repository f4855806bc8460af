"""The table of problems: every row that a file may not say, on every engine, and nothing else."""

from datetime import UTC, datetime
from typing import Any

import narwhals as nw
import polars as pl
import pytest

from grantrules.errors import Problem
from grantrules.tables.checking import checked
from grantrules.tables.filling import frames, tables_of
from grantrules.tables.layout import KEY, layout
from grantrules.tables.problems import COLUMNS, problems
from grantrules.tables.telling import told
from tests.pools import REAL, TOY
from tests.tables.round_2018 import everything

from .hand_made import ENGINES, LAYOUT, Found, Rows, application, columns, day, found, native, tables

BAD: dict[str, tuple[dict[str, Rows], list[Found]]] = {
    "a null key": (
        {"applications": [application(None)], "costs": [{"position": 0, "amount_ore": 100}]},
        [
            ("applications", None, None, "application", "no-key", "null"),
            ("costs", None, "0", "application", "no-key", "null"),
        ],
    ),
    "two applications of one number": (
        {"applications": [application("twice"), application("twice")]},
        [("applications", "twice", None, "application", "duplicate-key", "2")],
    ),
    "two items in one place": (
        {
            "applications": [application("places"), application("other")],
            "funding": [
                {"application": "places", "position": 1, "source": "own"},
                {"application": "places", "position": 1, "source": "public"},
                {"application": "other", "position": 1, "source": "public"},
            ],
        },
        [("funding", "places", "1", "position", "duplicate-key", "2")],
    ),
    "two assessments of one number": (
        {
            "applications": [application("assessed")],
            "assessments": [{"application": "assessed", "assessment": "1"}] * 3,
        },
        [("assessments", "assessed", "1", "assessment", "duplicate-key", "3")],
    ),
    "two answers for one line": (
        {
            "applications": [application("judged")],
            "costs": [{"application": "judged", "position": 0, "id": "pay"}],
            "assessments": [{"application": "judged", "assessment": "1"}],
            "line_judgements": [{"application": "judged", "assessment": "1", "line": "pay"}] * 2,
        },
        [("line_judgements", "judged", "1/pay", "line", "duplicate-key", "2")],
    ),
    "rows of nobody": (
        {
            "costs": [{"application": "gone", "position": place} for place in (0, 1)],
            "assessments": [{"application": "gone too", "assessment": "1"}],
        },
        [
            ("assessments", "gone too", None, "application", "unknown-application", "1"),
            ("costs", "gone", None, "application", "unknown-application", "2"),
        ],
    ),
    "a list that is not stated": (
        {
            "applications": [application("no", visits_stated=False), application("null", visits_stated=None)],
            "visits": [{"application": id, "position": 0} for id in ("no", "null")],
        },
        [
            ("visits", "no", None, "application", "unstated-list", "1"),
            ("visits", "null", None, "application", "unstated-list", "1"),
        ],
    ),
    "numbers outside their limits": (
        {
            "applications": [application("limits", requested_ore=-1, pages=101, reach_thousandths=0)],
            "costs": [
                {"application": "limits", "position": 0, "amount_ore": 10**14, "hours": 2000},
                {"application": "limits", "position": 1, "amount_ore": 10**14 - 1, "hours": 2001},
            ],
            "assessments": [{"application": "limits", "assessment": "1", "rating_joy_thousandths": 7001}],
        },
        [
            ("applications", "limits", None, "pages", "out-of-bounds", "101"),
            ("applications", "limits", None, "requested_ore", "out-of-bounds", "-1"),
            ("assessments", "limits", "1", "rating_joy_thousandths", "out-of-bounds", "7001"),
            ("costs", "limits", "0", "amount_ore", "out-of-bounds", "100000000000000"),
            ("costs", "limits", "1", "hours", "out-of-bounds", "2001"),
        ],
    ),
    "days outside their limits": (
        {"applications": [application("days", starts_on=day("1899-12-31"), ends_on=day("2200-01-01"))]},
        [
            ("applications", "days", None, "ends_on", "out-of-bounds", "2200-01-01"),
            ("applications", "days", None, "starts_on", "out-of-bounds", "1899-12-31"),
        ],
    ),
    "times outside the years of files": (
        {
            "applications": [
                application("long ago", submitted_at=datetime(1899, 6, 15, 12, tzinfo=UTC)),
                application("first", submitted_at=datetime(1900, 1, 1, tzinfo=UTC)),
                application("last", submitted_at=datetime(2199, 12, 31, 23, tzinfo=UTC)),
                application("far ahead", submitted_at=datetime(2200, 6, 15, 12, tzinfo=UTC)),
            ]
        },
        [
            ("applications", "far ahead", None, "submitted_at", "out-of-bounds", "2200-06-15"),
            ("applications", "long ago", None, "submitted_at", "out-of-bounds", "1899-06-15"),
        ],
    ),
    "words of no list": (
        {
            "applications": [application("words", colour="yellow", second_colour="red")],
            "organisations": [{"application": "words", "position": 0, "role": "LEAD"}],
        },
        [
            ("applications", "words", None, "colour", "unknown-word", "yellow"),
            ("organisations", "words", "0", "role", "unknown-word", "LEAD"),
        ],
    ),
    "half a list of words": (
        {
            "applications": [
                application("half", effects__sound=True, effects__light=False),
                application("whole", effects__sound=True, effects__light=False, effects__motion=False),
            ]
        },
        [("applications", "half", None, "effects", "half-stated", "null")],
    ),
    "more rows than can be added up": (
        {
            "applications": [application("many"), application("enough")],
            "costs": [{"application": "many", "position": place} for place in range(11)]
            + [{"application": "enough", "position": place} for place in range(10)],
            "assessments": [{"application": "many", "assessment": str(number)} for number in range(6)]
            + [{"application": "enough", "assessment": str(number)} for number in range(5)],
        },
        [
            ("assessments", "many", None, "application", "too-many-ratings", "6"),
            ("costs", "many", None, "application", "too-many-lines", "11"),
        ],
    ),
    "answers of no assessment": (
        {
            "applications": [application("judged")],
            "costs": [{"application": "judged", "position": 0, "id": "pay"}],
            "assessments": [{"application": "judged", "assessment": "1"}],
            "line_judgements": [{"application": "judged", "assessment": number, "line": "pay"} for number in "12"],
        },
        [("line_judgements", "judged", "2", "assessment", "unknown-assessment", "2")],
    ),
    "answers for lines that are not there": (
        {
            "applications": [
                application("other id"),
                application("no lines"),
                application("no ids yet"),
                application("no list", costs_stated=None),
            ],
            "costs": [
                {"application": "other id", "position": 0, "id": "pay"},
                {"application": "no ids yet", "position": 0},
                {"application": "no ids yet", "position": 1, "id": "pay"},
            ],
            "assessments": [
                {"application": id, "assessment": "1"} for id in ("other id", "no lines", "no ids yet", "no list")
            ],
            "line_judgements": [
                {"application": id, "assessment": "1", "line": "travel"}
                for id in ("other id", "no lines", "no ids yet", "no list")
            ],
        },
        [
            ("line_judgements", "no lines", "1/travel", "line", "unknown-line", "travel"),
            ("line_judgements", "other id", "1/travel", "line", "unknown-line", "travel"),
        ],
    ),
    "answers for the whole and for a line": (
        {
            "applications": [application("judged")],
            "costs": [{"application": "judged", "position": 0, "id": "pay"}],
            "assessments": [
                {"application": "judged", "assessment": "1", "judgement_hours_sensible": False},
                {"application": "judged", "assessment": "2", "judgement_colour_accepted": True},
            ],
            "line_judgements": [
                {"application": "judged", "assessment": number, "line": "pay", "judgement_hours_sensible": True}
                for number in "12"
            ],
        },
        [("line_judgements", "judged", "1", "judgement_hours_sensible", "both-answers", "1")],
    ),
    "two lines of one id": (
        {
            "applications": [application("lines"), application("other")],
            "costs": [
                {"application": "lines", "position": place, "id": id} for place, id in enumerate(("a", "a", None))
            ]
            + [{"application": "other", "position": 0, "id": "a"}, {"application": "other", "position": 1}],
        },
        [("costs", "lines", "a", "id", "duplicate-line", "2")],
    ),
    "another pool or round": (
        {
            "applications": [
                application("astray", pool="toys", round="2019"),
                application("right", pool="toy", round="2020"),
            ]
        },
        [
            ("applications", "astray", None, "pool", "other-pool", "toys"),
            ("applications", "astray", None, "round", "other-round", "2019"),
        ],
    ),
    "an end before the start": (
        {"applications": [application("dates", starts_on=day("2020-09-01"), ends_on=day("2020-08-31"))]},
        [("applications", "dates", None, "ends_on", "ends-first", "2020-08-31")],
    ),
    "identifiers of no register": (
        {
            "applications": [application("ids")],
            "organisations": [
                {"application": "ids", "position": place, "id": id}
                for place, id in enumerate(
                    (
                        "DK-CVR-29189420",
                        "DK-CVR-29189652",
                        "NO-BRC-964338531",
                        "NO-BRC-96433853",
                        "DK-CVR-ABCDEFGH",
                        "SE-1",
                    )
                )
            ],
        },
        [
            ("organisations", "ids", "1", "id", "identifier", "DK-CVR-29189652"),
            ("organisations", "ids", "3", "id", "identifier", "NO-BRC-96433853"),
            ("organisations", "ids", "4", "id", "identifier", "DK-CVR-ABCDEFGH"),
        ],
    ),
    "organisations that are named and not there": (
        {
            "applications": [
                application("names"),
                application("a name to come"),
                application("nobody yet", organisations_stated=False),
            ],
            "organisations": [
                {"application": "names", "position": 0, "name": "Odense Kommune"},
                {"application": "names", "position": 1, "name": "Vejle Kommune"},
                {"application": "names", "position": 2, "name": "Vejle Kommune"},
                {"application": "a name to come", "position": 0},
            ],
            "costs": [
                {"application": id, "position": place, "organisation": name}
                for id in ("names", "a name to come", "nobody yet")
                for place, name in enumerate(("Odense Kommune", "Odense", None))
            ],
            "visits": [{"application": "names", "position": 0, "host": "Vejle Kommune"}],
        },
        [
            ("costs", "names", None, "organisation", "unknown-organisation", "Odense"),
            ("visits", "names", None, "host", "ambiguous-organisation", "Vejle Kommune"),
        ],
    ),
}


def bad_rows() -> tuple[dict[str, list[Any]], list[Found]]:
    """Everything that is wrong, in one set of tables."""
    rows: dict[str, list[Any]] = {}
    expected = []
    for name, (parts, reported) in BAD.items():
        for table, given in parts.items():
            rows.setdefault(table, []).extend({**row, KEY: _apart(name, row.get(KEY))} for row in given)
        expected += [(found[0], _apart(name, found[1]), *found[2:]) for found in reported]
    return rows, sorted(expected, key=repr)


def _apart(name: str, application: str | None) -> str | None:
    return None if application is None else f"{name}: {application}"


@pytest.mark.parametrize("name", BAD)
def test_each_fault_by_itself(name: str) -> None:
    """What is wrong comes back with its table, application, row, column and code, and nothing beside it does."""
    rows, expected = BAD[name]
    assert found(tables("polars, lazy", **rows)) == expected


@pytest.mark.parametrize("engine", ENGINES)
def test_all_faults_at_once(engine: str) -> None:
    """Every engine finds the same faults among the rows of many applications."""
    rows, expected = bad_rows()
    assert found(tables(engine, **rows)) == expected


def test_dates_that_no_calendar_has() -> None:
    """Days and times too far off to be written as text are found all the same."""
    made = frames(LAYOUT, columns(applications=[application("far")]))
    far = made["applications"].with_columns(
        pl.lit(2**31 - 1, pl.Int32).cast(pl.Date).alias("starts_on"),
        pl.lit(-(2**62), pl.Int64).cast(pl.Datetime("us", "UTC")).alias("submitted_at"),
    )
    assert found({**made, "applications": far.lazy()}) == [
        ("applications", "far", None, "starts_on", "out-of-bounds", "…"),
        ("applications", "far", None, "submitted_at", "out-of-bounds", "…"),
    ]


@pytest.mark.parametrize("engine", ["polars, lazy", "pyarrow"])
def test_nothing_is_wrong_with_what_files_say(engine: str) -> None:
    """The example applications of the 2018 pool, with their assessments, have no problem."""
    rules = layout(REAL.rules)
    given = native(engine, tables_of(rules, *everything()))
    made = problems(rules, checked(rules, given, REAL.rules.name), REAL.rules, 1000, 100)
    assert (made.collect() if isinstance(made, nw.LazyFrame) else made).rows() == []


def test_only_what_is_given_is_looked_at() -> None:
    """Tables and columns that no rule reads may be left out, and whole numbers may be case numbers."""
    made = frames(LAYOUT, columns(applications=[application("1"), application("1")]))
    applications = made["applications"].with_columns(pl.col("application").cast(pl.Int64))
    given = {
        name: frame.select(column.name for column in LAYOUT.table(name).columns if column.required).lazy()
        for name, frame in {**made, "applications": applications}.items()
        if LAYOUT.table(name).required
    }
    given = {name: frame.with_columns(pl.col("application").cast(pl.Int64)) for name, frame in given.items()}
    assert found(given) == [("applications", "1", None, "application", "duplicate-key", "2")]


def test_nothing_is_computed_before_somebody_looks() -> None:
    """A scan that fails when it is read does not fail while the problems are asked for."""
    made = frames(LAYOUT, columns(applications=[application("A")]))

    def fails(_: pl.DataFrame) -> pl.DataFrame:
        raise AssertionError("the table is read")

    given = {name: frame.lazy().map_batches(fails, schema=frame.schema) for name, frame in made.items()}
    asked = problems(LAYOUT, checked(LAYOUT, given, TOY.rules.name), TOY.rules, 10, 5)
    assert tuple(asked.collect_schema()) == COLUMNS
    with pytest.raises(Exception, match="the table is read"):
        asked.collect()


def words() -> dict[str, Problem]:
    """A problem of every code in words."""
    _, rows = bad_rows()
    return {row[4]: told(LAYOUT, dict(zip(COLUMNS, row, strict=True))) for row in reversed(rows)}


def test_every_code_has_words_of_its_own() -> None:
    """No two kinds of problem are said alike but of pool and round, and each keeps its code."""
    said = words()
    assert [problem.code for problem in said.values()] == list(said)
    assert all("wrong" not in problem.message for problem in said.values())


def test_words() -> None:
    """The place leads to the row inside the application; what was found, its unit and what to do are said."""
    rows: list[Found] = [
        ("costs", "LEG-2020-017", "3", "amount_ore", "out-of-bounds", "-1"),
        ("costs", "LEG-2020-017", None, "application", "unstated-list", "12"),
        ("applications", "LEG-2020-017", None, "application", "duplicate-key", "2"),
        ("applications", "LEG-2020-017", None, "colour", "unknown-word", "grene"),
        ("applications", "LEG-2020-017", None, "submitted_at", "out-of-bounds", "1066-10-14 09:00:00+00:00"),
        ("line_judgements", "LEG-2020-017", "1/travel", "line", "unknown-line", "travel"),
    ]
    assert [str(told(LAYOUT, dict(zip(COLUMNS, row, strict=True)))) for row in rows] == [
        "costs[3].amount_ore: expected from 0 to 99999999999999 øre, got `-1`",
        (
            "costs: the application does not state the list, and the table has 12 rows of it\n"
            "    hint: write true in `applications.costs_stated`"
        ),
        "applications: 2 rows have the case number `LEG-2020-017`\n    hint: leave all but one of them out",
        "applications.colour: expected a word of the list, got `grene`\n    hint: did you mean `green`?",
        "applications.submitted_at: expected a time from 1900-01-01 to 2199-12-31, got `1066-10-14 09:00:00+00:00`",
        "line_judgements[1/travel].line: the application has no cost line `travel`\n    hint: name the line by its id",
    ]
