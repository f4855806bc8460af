"""Many assessed applications at once, as tables, and whether columns say of them what the specification says."""

import json
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import polars as pl
from attrs import evolve, field, frozen
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import grantrules as g
from grantrules.assessments import combined
from grantrules.readings.compile import compiled
from grantrules.readings.evaluate import verdicts
from grantrules.serial.applications import application_to_data
from grantrules.serial.assessments import assessment_to_data
from grantrules.testing.strategies.applications import assessed_applications
from tests.columns import expected
from tests.columns.engines import rows
from tests.columns.expected import Row

Case = tuple[Any, Sequence[g.Assessment]]
"""An application and its assessments."""

SHOWN = 3


class Difference(NamedTuple):
    """A column of one application, or of one of its lines, on which two readings differ."""

    application: str
    column: str
    columns: object
    specification: object


@frozen
class Batch:
    """
    Assessed applications with case numbers of their own.

    Args:
        cases: each with all its assessments.
    """

    rulebook: g.Rulebook = field(repr=lambda rulebook: rulebook.rules.name)
    cases: tuple[Case, ...] = field(repr=lambda cases: f"{len(cases)} cases")

    @property
    def tables(self) -> dict[str, pl.DataFrame]:
        """The tables of all of them."""
        applications = [application for application, _ in self.cases]
        assessments = [assessment for _, given in self.cases for assessment in given]
        return self.rulebook.to_tables(applications, assessments)

    def check(self, columns: Any, ranked: bool = False) -> None:
        """Fail unless columns say of every application what the specification says, and name those that differ."""
        found = [*self._results(rows(columns.results), columns.denominators, ranked), *self._lines(rows(columns.lines))]
        assert not found, self._report(found)

    def check_readings(self) -> None:
        """Fail unless the compiled function says what the specification says."""
        decides = compiled(self.rulebook.rules)
        for application, assessments in self.cases:
            together = combined(assessments)
            assert decides(application, together) == verdicts(self.rulebook.rules, application, together)

    def _results(self, found: Sequence[Row], wholes: Mapping[str, int], ranked: bool) -> Iterator[Difference]:
        wanted = [expected.result(self.rulebook, *case) for case in self.cases]
        if ranked:
            ranks = expected.ranks(wanted)
            wanted = [{**row, "rank": ranks[row["application"]]} for row in wanted]
        yield from _differences(("application",), [_as_fractions(row, wholes) for row in found], wanted)

    def _lines(self, found: Sequence[Row]) -> Iterator[Difference]:
        wanted = [line for case in self.cases for line in expected.lines(self.rulebook, *case)]
        yield from _differences(("application", "position"), found, wanted)

    def _report(self, found: Sequence[Difference]) -> str:
        """The smallest applications that differ, as files, each with the columns on which it does."""
        by_case = {
            application.id: _written(application, assessments)
            for application, assessments in self.cases
            if any(one.application == application.id for one in found)
        }
        smallest = sorted(by_case, key=lambda id: len(by_case[id]))[:SHOWN]
        parts = [f"{len(by_case)} of {len(self.cases)} applications of {self.rulebook.rules.name} differ"]
        for id in smallest:
            parts += [by_case[id], *(str(one) for one in found if one.application == id)]
        strange = [str(one) for one in found if one.application not in by_case]
        return "\n".join([*parts, *strange])


def _written(application: Any, assessments: Sequence[g.Assessment]) -> str:
    files = [application_to_data(application), *map(assessment_to_data, assessments)]
    return "\n".join(json.dumps(file, ensure_ascii=False) for file in files)


def _as_fractions(row: Row, wholes: Mapping[str, int]) -> Row:
    """The row with its scores and points divided by what they are to be divided by."""
    exact = dict(row)
    denominator = exact.pop("score_denominator", 1)
    for name in row:
        whole = denominator if name in expected.SCORES else wholes.get(name)
        if whole is not None and row[name] is not None:
            exact[name] = Fraction(row[name]) / whole
    return exact


def _differences(key: Sequence[str], found: Sequence[Row], wanted: Sequence[Row]) -> Iterator[Difference]:
    """Every column on which two tables differ, and every row that is in one of them alone, or twice."""
    by_key: dict[tuple[Any, ...], Row] = {}
    for row in found:
        own = tuple(row[name] for name in key)
        if own in by_key:
            yield Difference(row["application"], "row", "twice", "once")
        by_key[own] = row
    for row in wanted:
        own = tuple(row[name] for name in key)
        other = by_key.pop(own, {})
        # An answer that is no yes or no is none that is equal to one.
        unlike = [name for name in {**row, **other} if repr(_at(other, name)) != repr(_at(row, name))]
        yield from (Difference(row["application"], name, _at(other, name), _at(row, name)) for name in unlike)
    yield from (Difference(row["application"], "row", "there", "not there") for row in by_key.values())


def _at(row: Row, name: str) -> Any:
    return row.get(name, "no such column")


def sampled(
    rulebook: g.Rulebook, count: int, strategy: st.SearchStrategy[tuple[Any, list[g.Assessment]]] | None = None
) -> Batch:
    """So many applications that Hypothesis draws, one after the other, as one batch."""
    drawn: list[Case] = []

    @settings(max_examples=count, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=assessed_applications(rulebook) if strategy is None else strategy)
    def draw(case: Case) -> None:
        drawn.append(case)

    draw()
    return Batch(rulebook, numbered(drawn))


def numbered(cases: Sequence[Case]) -> tuple[Case, ...]:
    """The cases with case numbers of their own."""
    return tuple(
        (evolve(made, id=f"2020/{number}"), [evolve(one, application=f"2020/{number}") for one in assessments])
        for number, (made, assessments) in enumerate(cases, start=417)
    )
