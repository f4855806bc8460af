"""Rulebooks over the user's own data frames: native tables in, native tables out."""

from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any

import narwhals as nw
from attrs import field, frozen

from grantrules.errors import InputError
from grantrules.readings.columns.frames import OUTERMOST
from grantrules.readings.columns.query import Query, query
from grantrules.readings.columns.results import Results, cost_table, ranked, results
from grantrules.ruleset import RuleSet
from grantrules.tables.checking import checked
from grantrules.tables.fitting import Frame
from grantrules.tables.layout import KEY, layout
from grantrules.tables.problems import problems

_LINE_LIMITS = (10_000, 1_000, 100)
"""How many items a list of an application may have: as many as leave every sum exact in 64 bits."""


@frozen
class Columns:
    """
    What the rules say of all applications of a set of tables, as tables of the same engine; lazy if those are.

    Args:
        rank: whether the results say how applications come out by their scores.
    """

    rules: RuleSet = field(repr=lambda rules: rules.name)
    tables: Mapping[str, Frame] = field(repr=False)
    rank: bool = False

    @cached_property
    def _query(self) -> tuple[Query, Results]:
        made, (said,) = asked((self.rules,), self.tables)
        return made, said

    @cached_property
    def results(self) -> Any:
        """One row for each application."""
        made, said = self._query
        frame = made.frames.at[OUTERMOST].select(nw.col(KEY), *said.named())
        if self.rank:
            frame = ranked(frame)
        return frame.to_native()

    @property
    def denominators(self) -> Mapping[str, int]:
        """The points of each criterion are whole numbers: by their column, what stands below them in every row."""
        return self._query[1].denominators

    @cached_property
    def lines(self) -> Any:
        """One row for each cost line: what is left of it, and what each rule takes and holds back."""
        return cost_table(self._query[0], 0).to_native()

    @cached_property
    def problems(self) -> Any:
        """
        One row for each thing that is wrong with the rows of the tables.

        As long as there is one, the results are not to be relied on: nothing that is listed here is looked for again
        while the rules are read.
        """
        made, said = self._query
        most = made.line_limit if said.rating_limit is None else said.rating_limit
        return problems(layout(self.rules), self.tables, self.rules, made.line_limit, most).to_native()


def columns(rules: RuleSet, tables: Mapping[str, Any], rank: bool) -> Columns:
    """
    Ask a rule set about tables; nothing is read of them yet but what columns they have.

    Raises:
        InputError: the tables are not laid out as the rules need, or a rule cannot be expressed in columns.
    """
    made = Columns(rules, checked(layout(rules), tables, rules.name), rank)
    _ = made._query
    return made


def asked(rules: tuple[RuleSet, ...], tables: Mapping[str, Frame]) -> tuple[Query, tuple[Results, ...]]:
    """
    The query with as many items in a list as leave every sum exact, and what each rule set says.

    Raises:
        InputError: a rule that columns cannot express, however short the lists are.
    """
    *larger, least = _LINE_LIMITS
    for limit in larger:
        with suppress(InputError):
            return _asked(rules, tables, limit)
    return _asked(rules, tables, least)


def _asked(rules: tuple[RuleSet, ...], tables: Mapping[str, Frame], limit: int) -> tuple[Query, tuple[Results, ...]]:
    made = query(rules, tables, limit)
    return made, tuple(results(made, index) for index in range(len(rules)))
