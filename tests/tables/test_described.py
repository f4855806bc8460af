"""The layout as data and on the command line: somebody who has the facts can make the tables from it alone."""

import json
from typing import Any

import narwhals as nw
import pytest
from attrs import evolve, frozen

import grantrules as g
from grantrules.cli import main
from grantrules.tables.layout import layout
from grantrules.terms.schema import schema_of
from grantrules.values import LANGUAGES
from tests.pools import EVERY_POOL, RULEBOOKS, TOY, Site, text

from .round_2018 import RULES, everything, problems

POOL = "dk_2018_kompetenceloeft"


def columns(data: Any, table: str) -> dict[str, Any]:
    """The columns of a described table, by name."""
    (found,) = (described for described in data["tables"] if described["name"] == table)
    return {column["name"]: column for column in found["columns"]}


@EVERY_POOL
def test_every_table_that_is_made_is_described(pool: str) -> None:
    """The description has every table and column that `to_tables` makes, in order, and is plain JSON."""
    rulebook = RULEBOOKS[pool]
    data = rulebook.table_schema()
    assert json.loads(json.dumps(data)) == data
    made = rulebook.to_tables([])
    names = {name: nw.from_native(frame, eager_only=True).columns for name, frame in made.items()}
    assert {table["name"]: list(columns(data, table["name"])) for table in data["tables"]} == names


def test_columns_say_what_they_hold() -> None:
    """Type, unit, limits, words, what is read, what is told apart, and whom a name names."""
    data = RULES.table_schema("da")
    assert columns(data, "applications")["requested_ore"] == {
        "name": "requested_ore",
        "type": "int64",
        "label": "ansøgt beløb",
        "required": True,
        "key": False,
        "unit": "øre",
        "minimum": 0,
        "maximum": 99_999_999_999_999,
    }
    costs, toy = columns(data, "costs"), columns(TOY.table_schema(), "applications")
    assert (costs["application"]["key"], costs["position"]["key"], costs["id"]["key"]) == (True, True, False)
    assert costs["kilometres_thousandths"]["unit"] == "thousandths of km"
    assert costs["organisation"]["names"] == "organisations.name"
    assert columns(data, "funding")["source"]["words"] == ["own", "public", "private"]
    assert columns(data, "assessments")["rating_purpose_thousandths"]["maximum"] == 5000
    assert costs["incurred_on"]["maximum"] == "2199-12-31"
    assert columns(data, "applications")["activities__new_course"]["word"] == "new_course"
    assert toy["site__area_thousandths"]["label"] == "area"
    assert (toy["prior_support_ore"]["optional"], "optional" in toy["safe"]) == (True, False)
    assert not columns(data, "applications")["title"]["required"]


def test_what_holds_everywhere_is_said() -> None:
    """What null, stated lists, øre, keys, and a conflict of interest mean stands beside the tables."""
    notes = RULES.table_schema()["notes"]
    said = " ".join(notes.values())
    for word in ("null", "_stated", "øre", "thousandths", "position", "conflict_of_interest", "optional", "line"):
        assert word in said


def test_languages_differ_in_labels_alone() -> None:
    """Title and labels aside, the description is the same in every language."""

    def bare(data: Any) -> Any:
        if isinstance(data, dict):
            return {name: bare(inner) for name, inner in data.items() if name not in ("title", "label")}
        return [bare(item) for item in data] if isinstance(data, list) else data

    described_in = [RULES.table_schema(language) for language in LANGUAGES]
    assert bare(described_in[0]) == bare(described_in[1]) == bare(described_in[2])
    assert len({json.dumps(data) for data in described_in}) == 3
    assert problems(lambda: RULES.table_schema("sv"))  # type: ignore[arg-type]


def test_limits_hold_for_what_is_written() -> None:
    """Every cell of the example cases keeps to the limits and words that its column is described with."""
    data = RULES.table_schema()
    for name, frame in RULES.to_tables(*everything()).items():
        cells = nw.from_native(frame, eager_only=True).to_dict(as_series=False)
        for column, told in columns(data, name).items():
            stated = [
                cell.isoformat() if told["type"] == "date" else cell for cell in cells[column] if cell is not None
            ]
            assert all(cell in told["words"] for cell in stated if "words" in told), column
            assert all(told["minimum"] <= cell <= told["maximum"] for cell in stated if "minimum" in told), column
            assert not told["key"] or len(stated) == len(cells[column]), column


def test_what_comes_out_is_described_where_it_is_given() -> None:
    """Columns of results and of cost lines are described like those that go in, in the order in which they come."""
    data = RULES.table_schema("nb")
    answers = RULES.columns(RULES.to_tables(*everything()), rank=True)
    assert [column["name"] for column in data["results"]] == answers.results.columns
    assert [column["name"] for column in data["lines"]] == answers.lines.columns
    assert data["results"][1] == {
        "name": "outcome",
        "type": "text",
        "label": "utfall",
        "required": False,
        "key": False,
        "words": ["dismissed", "ineligible", "undetermined", "eligible"],
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_line_prints_it(capsys: pytest.CaptureFixture[str], language: Any) -> None:
    """`schema --of tables` prints the description as JSON."""
    assert main(["schema", POOL, "--of", "tables", "--lang", language]) == 0
    assert json.loads(capsys.readouterr().out) == g.rulebook(POOL).table_schema(language)


@frozen(kw_only=True)
class Clashing(g.Application):
    """Facts whose columns have one name."""

    site: Site | None = g.record(Site, text("site"))
    site__rented: bool | None = g.flag(text("rented"))
    Signed: bool | None = g.flag(text("signed"))
    effects: frozenset[str] | None = g.choices(
        text("effects"), g.Option("a-b", text("one")), g.Option("a.b", text("other"))
    )
    assessments: tuple[Site, ...] | None = g.many(Site, text("assessments"))


def test_names_that_two_columns_share_are_refused() -> None:
    """Columns and tables of one name, capitals aside, are refused together, each with its table."""
    rules = evolve(TOY.rules, schema=schema_of(Clashing))
    with pytest.raises(g.PluginError) as caught:
        layout(rules)
    assert [(problem.where, problem.message) for problem in caught.value.problems] == [
        ("", "2 tables have the name `assessments`"),
        ("applications", "2 columns have the name `signed`, `Signed`"),
        ("applications", "2 columns have the name `site__rented`"),
        ("applications", "2 columns have the name `effects__a_b`"),
    ]
