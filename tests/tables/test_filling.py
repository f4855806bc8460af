"""Applications and assessments written into tables: exact, whole, and refused where a column cannot hold them."""

import sys
from datetime import UTC, date, datetime
from decimal import Decimal, localcontext
from typing import Any, get_args

import narwhals as nw
import pytest
from attrs import evolve

import grantrules as g
from grantrules.tables import filling
from grantrules.tables.filling import Backend, filled, frames
from grantrules.tables.layout import layout
from tests.pools import EVERY_POOL, RULEBOOKS, TOY

from .round_2018 import RULES, application, assessments, everything, problems

BACKENDS = pytest.mark.parametrize("backend", get_args(Backend))

DTYPES = {
    "text or int64": nw.String(),
    "text": nw.String(),
    "boolean": nw.Boolean(),
    "int64": nw.Int64(),
    "date": nw.Date(),
    "timestamp with time zone": nw.Datetime("us", "UTC"),
}


def cells(tables: Any, table: str) -> dict[str, list[Any]]:
    """The cells of a table, by column."""
    columns: dict[str, list[Any]] = nw.from_native(tables[table], eager_only=True).to_dict(as_series=False)
    return columns


@EVERY_POOL
@BACKENDS
def test_tables_of_nothing_have_every_column(pool: str, backend: Backend) -> None:
    """Without an application, every table is there with the columns of the layout, in order and of their types."""
    rulebook = RULEBOOKS[pool]
    tables = rulebook.to_tables([], backend=backend)
    expected = layout(rulebook.rules).tables
    assert list(tables) == [table.name for table in expected]
    for table in expected:
        frame = nw.from_native(tables[table.name], eager_only=True)
        assert dict(frame.schema) == {column.name: DTYPES[column.type.value] for column in table.columns}
        assert frame.schema.names() == [column.name for column in table.columns]
        assert len(frame) == 0


@BACKENDS
def test_an_application_as_rows(backend: Backend) -> None:
    """An application is one row with whole øre and a moment in UTC, and each of its lines a row with its place."""
    tables = RULES.to_tables([application()], backend=backend)
    row = {name: found[0] for name, found in cells(tables, "applications").items()}
    assert (row["application"], row["requested_ore"], row["pages"]) == ("SUM-2018-0470", 120_000_000, 5)
    assert row["submitted_at"] == datetime(2018, 9, 28, 11, 20, tzinfo=UTC)
    assert row["submitted_at"].utcoffset().total_seconds() == 0
    assert (row["starts_on"], row["requested_minimum_ore"], row["reports_for_approval"]) == (
        date(2018, 12, 1),
        None,
        None,
    )
    assert (row["activities__new_course"], row["activities__further_development"]) == (False, True)
    lines = cells(tables, "costs")
    assert lines["position"] == list(range(11))
    assert lines["application"] == ["SUM-2018-0470"] * 11
    assert lines["amount_ore"][8:] == [97_000, 198_000, 1_600_000]
    assert lines["kilometres_thousandths"][7:] == [None, 500_000, 1_000_000, None]


def test_what_is_not_stated_is_null() -> None:
    """A list that is not stated differs from an empty one, and so does a list of words; records are flat."""
    bare = TOY.application(id="A-1")
    none = TOY.application(id="A-2", costs=(), effects=frozenset())  # type: ignore[call-arg]
    row = cells(TOY.to_tables([bare, none]), "applications")
    assert row["costs_stated"] == [False, True]
    assert row["effects__sound"] == [None, False]
    assert row["site__area_thousandths"] == [None, None]


def test_assessments_are_told_apart() -> None:
    """Assessments of one application are numbered, whatever their assessors are called, and go to its rows."""
    one = assessments("clean")[0]
    others = [evolve(one, application="SUM-2018-0470", assessor=name) for name in ("N.N.", "N.N.", None)]
    table = cells(RULES.to_tables([application(), application("clean")], [*others[:2], one, others[2]]), "assessments")
    rows = list(zip(table["application"], table["assessment"], table["assessor"], strict=True))
    assert sorted(rows, key=str) == [
        ("SUM-2018-0417", "1", one.assessor),
        ("SUM-2018-0470", "1", "N.N."),
        ("SUM-2018-0470", "2", "N.N."),
        ("SUM-2018-0470", "3", None),
    ]


def test_answers_line_by_line_have_rows_of_their_own() -> None:
    """An answer for all lines stands with the assessment, answers for single lines in their own table."""
    judged = {"experts-limited": True, "unlisted-accepted": {"c6": False, "c2": True}}
    given = g.Assessment(application="SUM-2018-0470", ratings={"purpose": Decimal("3.5")}, judgements=judged)
    tables = RULES.to_tables([application()], [given])
    whole, lines = cells(tables, "assessments"), cells(tables, "line_judgements")
    assert whole["rating_purpose_thousandths"] == [3500]
    assert (whole["judgement_experts_limited"], whole["judgement_unlisted_accepted"]) == ([True], [None])
    assert dict(zip(lines["line"], lines["judgement_unlisted_accepted"], strict=True)) == {"c6": False, "c2": True}
    assert lines["judgement_experts_limited"] == [None, None]


def test_some_at_a_time_are_all_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Applications taken a few at a time, from an iterator, make the tables that they make at once."""
    monkeypatch.setattr(filling, "CHUNK", 2)
    cases, given = everything()
    expected = layout(RULES.rules)
    at_once = frames(expected, filled(expected, cases, given))
    made = RULES.to_tables(iter(cases), iter(given))
    for name, table in at_once.items():
        assert made[name].equals(table), name


CASE = "application SUM-2018-0470"


@pytest.mark.parametrize(
    ("changes", "where", "code"),
    [
        ({"requested": Decimal("1500000.005")}, f"{CASE}: requested", "over-precise"),
        ({"requested": Decimal("1E+999999")}, f"{CASE}: requested", "out-of-bounds"),
        ({"requested": Decimal("1E-999999")}, f"{CASE}: requested", "over-precise"),
        ({"requested": Decimal(-1)}, f"{CASE}: requested", "out-of-bounds"),
        ({"requested": Decimal("NaN")}, f"{CASE}: requested", "wrong-type"),
        ({"pages": 4.0}, f"{CASE}: pages", "wrong-type"),
        ({"pages": True}, f"{CASE}: pages", "wrong-type"),
        ({"signed": "yes"}, f"{CASE}: signed", "wrong-type"),
        ({"title": "\ud800"}, f"{CASE}: title", "wrong-type"),
        ({"starts_on": datetime(2019, 1, 1, tzinfo=UTC)}, f"{CASE}: starts_on", "wrong-type"),
        ({"ends_on": date(2200, 1, 1)}, f"{CASE}: ends_on", "out-of-bounds"),
        ({"activities": frozenset({"new_course", "teaching"})}, f"{CASE}: activities", "unknown-word"),
        ({"activities": "new_course"}, f"{CASE}: activities", "wrong"),
        ({"organisations": (g.Organisation(kind="comune"),)}, f"{CASE}: organisations[0].kind", "unknown-word"),
        ({"costs": (g.Cost(id="c1"),)}, f"{CASE}: costs[0]", "other-pool"),
        ({"id": None}, "applications[0].id", "no-key"),
    ],
)
def test_what_no_column_can_hold_is_refused(changes: dict[str, Any], where: str, code: str) -> None:
    """A fact that its column would change or lose is refused, with its application and its path."""
    assert problems(lambda: RULES.to_tables([evolve(application(), **changes)])) == [(where, code)]


def test_applications_of_another_pool_are_refused() -> None:
    """An application of a class without the facts of the pool is refused by name."""
    with pytest.raises(g.InputError, match=r"a `ToyApplication` has no fact `activities`, `competence_elements`"):
        RULES.to_tables([TOY.application(id="A-1")])


def test_everything_wrong_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Case numbers that come twice, also far apart, and assessments of nobody are refused together with the rest."""
    monkeypatch.setattr(filling, "CHUNK", 2)
    one, other = application(), evolve(application("clean"), pages=-1)
    strays = [g.Assessment(assessor="N.N."), g.Assessment(application="SUM-2018-0471")]
    assert problems(lambda: RULES.to_tables([one, one, other, one], strays)) == [
        ("", "two-cases"),
        ("", "two-cases"),
        ("application SUM-2018-0417: pages", "out-of-bounds"),
        ("assessment of N.N.", "no-key"),
        ("assessment", "other-application"),
    ]


@pytest.mark.parametrize(
    ("given", "where", "code"),
    [
        ({"ratings": {"purpse": Decimal(3)}}, "ratings.purpse", "unknown-id"),
        ({"ratings": {"cross-sector": Decimal(3)}}, "ratings.cross-sector", "unknown-id"),
        ({"ratings": {"purpose": Decimal("5.5")}}, "ratings.purpose", "out-of-bounds"),
        ({"ratings": {"purpose": Decimal("3.3333")}}, "ratings.purpose", "over-precise"),
        ({"judgements": {"experts": True}}, "judgements.experts", "unknown-id"),
        ({"judgements": {"experts-limited": "yes"}}, "judgements.experts-limited", "wrong-type"),
        ({"comments": {"nobody": "no"}}, "comments.nobody", "unknown-id"),
    ],
)
def test_assessments_that_no_column_can_hold_are_refused(given: dict[str, Any], where: str, code: str) -> None:
    """What an assessment says of something unknown, or off the scale, is refused with its place."""
    assessment = g.Assessment(application="SUM-2018-0470", **given)
    place = f"{CASE}, assessment 1: {where}"
    assert problems(lambda: RULES.to_tables([application()], [assessment])) == [(place, code)]


def test_answers_by_line_where_the_application_is_asked_are_refused() -> None:
    """A question about the application takes no answer line by line."""
    rules = RULEBOOKS["dk_2021_digital_sundhed"]
    given = g.Assessment(application="A-1", judgements={"applicant-accepted": {"c1": True}})
    with pytest.raises(g.InputError, match="not line by line"):
        rules.to_tables([rules.application(id="A-1")], [given])


def test_amounts_are_exact_whatever_the_context() -> None:
    """The decimal context of the caller, however coarse, changes no amount, there or back."""
    stated = evolve(application(), requested=Decimal("999999999999.99"))
    with localcontext(prec=3):
        tables = RULES.to_tables([stated])
        ((restored, _),) = RULES.from_tables(tables)
    assert cells(tables, "applications")["requested_ore"] == [99_999_999_999_999]
    assert restored.requested == stated.requested


def test_engines_that_hold_no_tables_made_here_are_refused() -> None:
    """An unknown engine is refused with those that there are."""
    with pytest.raises(g.InputError, match="choose from polars, pyarrow"):
        RULES.to_tables([], backend="duckdb")  # type: ignore[arg-type]


@pytest.mark.parametrize("missing", ["narwhals", "pyarrow"])
def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    """Without the extra, or without the engine asked for, tables are refused and the hint says what to install."""
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(g.InputError, match=r"hint: install"):
        RULES.to_tables([], backend="pyarrow")
