"""
Going through lists: what terms add up, look for or tell apart among the items of a list.

All that is asked of the items of one list is worked out in one pass: one column for every part, one grouping by case
number, one join. Passes that need others' results wait for them.
"""

from collections.abc import Sequence
from typing import NamedTuple, assert_never

import narwhals as nw
from attrs import define, field

from grantrules.readings.columns import values
from grantrules.readings.columns.frames import Frames, Scope, column_name, row_key
from grantrules.readings.columns.numbers import Number, TooLarge, literal
from grantrules.readings.columns.terms import Pass, Reader, Unsupported
from grantrules.readings.columns.values import Plain, Value, either, truth
from grantrules.tables.fitting import Frame
from grantrules.tables.layout import POSITION
from grantrules.terms.nodes import Different, Exists, Fact, Term, Total
from grantrules.terms.schema import APPLICATION

_NO, _OPEN, _YES = 0, 1, 2
"""Truths as numbers, of which the greatest is that of Kleene's `or`."""

MOST_DIFFERENT = 4
"""More organisations are not told apart: each takes another join of the list with itself."""


class Gathered(NamedTuple):
    """
    Columns of the items of a list that are brought together by case number.

    Attributes:
        sums: those to be added up.
        most: those of which the greatest is wanted.
        counted: those whose known values are counted.
    """

    sums: tuple[str, ...] = ()
    most: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()


def sum_of(column: str) -> str:
    """The column of the sums of a column."""
    return f"{column}_sum"


def most_of(column: str) -> str:
    """The column of the greatest of a column."""
    return f"{column}_most"


def known_of(column: str) -> str:
    """The column that counts the items for which a column is known."""
    return f"{column}_known"


def whole_count(name: str) -> nw.Expr:
    """A count that is zero where there was nothing to count."""
    return nw.col(name).fill_null(0)


@define
class Items:
    """
    One pass over the items of a list.

    Args:
        inner: the scope of the items.
        line_limit: no application has more of them, so that sums fit.
        count: the column of how many there are, for every row of the outer scope.
        parts: the column of each pass that is gathered.
    """

    frames: Frames
    inner: Scope
    line_limit: int
    count: str = ""
    parts: dict[Pass, str] = field(factory=dict)
    gathered: list[Gathered] = field(factory=list)
    columns: dict[str, nw.Expr] = field(factory=dict)

    @property
    def outer(self) -> Scope:
        """The scope for each of whose rows the items are gone through."""
        return self.inner[:-1]

    @property
    def collection(self) -> str:
        """The list."""
        return self.inner[-1]

    def open(self, reader: Reader, terms: Sequence[Term]) -> None:
        """Bring beside the items what terms read of the application."""
        open_scope(reader, self.outer)
        reader.prepare([self._stated], self.outer)
        open_scope(reader, self.inner)
        reader.prepare(terms, self.inner)

    def ask(self, reader: Reader, one: Pass) -> None:
        """Take up a pass; organisations are told apart in a way of their own."""
        if isinstance(one.term, Different):
            return
        part = self.parts[one] = self.frames.fresh("part")
        match one.term:
            case Total(_, item, where):
                number = reader.number(item, self.inner).expr
                self.columns[part] = (
                    number if where is None else either(reader.column(where, self.inner), number, literal(0))
                )
                self.gather(Gathered(sums=(part,), counted=(part,)))
            case Exists(_, where):
                holds = reader.column(where, self.inner)
                no = nw.when(~holds).then(literal(_NO)).otherwise(literal(_OPEN))
                self.columns[part] = nw.when(holds).then(literal(_YES)).otherwise(no)
                self.gather(Gathered(most=(part,)))

    def gather(self, gathered: Gathered) -> None:
        """Take up columns of the items."""
        self.gathered.append(gathered)

    def add_up(self) -> None:
        """Bring everything together by case number, and put it beside the rows of the outer scope."""
        if not self.gathered:
            return
        self.frames.add(self.inner, self.columns)
        key, self.count = row_key(self.outer), self.frames.fresh("items")
        sums, most, counted = (
            tuple(dict.fromkeys(column for one in self.gathered for column in getattr(one, kind)))
            for kind in Gathered._fields
        )
        found = (
            self.frames.at[self.inner]
            .group_by(*key)
            .agg(
                *(nw.col(column).sum().alias(sum_of(column)) for column in sums),
                *(nw.col(column).max().alias(most_of(column)) for column in most),
                *(nw.col(column).count().alias(known_of(column)) for column in counted),
                nw.len().alias(self.count),
            )
        )
        # DuckDB adds whole numbers up to wider ones.
        whole = [nw.col(sum_of(column)).cast(nw.Int64) for column in sums]
        self.frames.join(self.outer, found.with_columns(*whole) if whole else found, key)

    def answer(self, reader: Reader, one: Pass) -> None:
        """What a pass found, for every row of the outer scope."""
        reader.held[one.term, self.outer] = reader.hold(self._answer(reader, one), self.outer)

    def close(self, reader: Reader) -> None:
        """Forget the items of a list inside another: they are joined anew when something else is asked of them."""
        if self.outer:
            del self.frames.at[self.inner]
            self.frames.referred -= {(scope, alias) for scope, alias in self.frames.referred if scope == self.inner}
            for key in [key for key in reader.held if key[1] == self.inner]:
                del reader.held[key]

    @property
    def _stated(self) -> Fact:
        return Fact(APPLICATION, (self.collection,))

    def _answer(self, reader: Reader, one: Pass) -> Value:
        is_stated = reader.column(self._stated, self.outer)
        match one.term:
            case Total(_, item, _):
                part, number = self.parts[one], reader.number(item, self.inner)
                low, high = min(0, number.low) * self.line_limit, max(0, number.high) * self.line_limit
                total = nw.when(is_stated & self._all_known(part)).then(nw.col(sum_of(part)).fill_null(0))
                try:
                    return Number(total, number.scale, low, high)
                except TooLarge as error:
                    raise Unsupported(one.term, f"{error}, with {self.line_limit} {self.collection}") from error
            case Exists():
                most = nw.col(most_of(self.parts[one])).fill_null(_NO)
                none = nw.when(most == _NO).then(truth(False))
                return Plain(nw.when(is_stated).then(nw.when(most == _YES).then(truth(True)).otherwise(none)))
            case Different(count, where):
                if count > MOST_DIFFERENT:
                    message = f"columns tell at most {MOST_DIFFERENT} organisations apart, not {count}"
                    raise Unsupported(one.term, message)
                return Plain(nw.when(is_stated).then(self._different(count, reader.column(where, self.inner))))
            case _:
                assert_never(one.term)

    def _all_known(self, part: str) -> nw.Expr:
        return whole_count(known_of(part)) == whole_count(self.count)

    def _different(self, count: int, fits: nw.Expr) -> nw.Expr:
        """There are surely, or surely not, so many different organisations that fit."""
        key, name = row_key(self.outer), self.frames.fresh("different")
        told = [column_name(self.collection, column) for column in (POSITION, "id", "name")]
        fitting = self.frames.at[self.inner].select(*key, *told, fits.alias("fits")).filter(possibly(nw.col("fits")))
        groups = _groups(fitting, key, told, count).with_columns(**{name: surely(nw.col("sure")).cast(nw.Int64)})
        self.frames.join(self.outer, groups.group_by(*key).agg(nw.col(name).max()), key)
        none = nw.when(nw.col(name).is_null()).then(truth(False))
        return nw.when(nw.col(name) == 1).then(truth(True)).otherwise(none)


def open_scope(reader: Reader, scope: Scope) -> None:
    """Begin a scope, and put beside its rows the organisations that they name."""
    if scope not in reader.frames.at:
        if len(scope) > 1:
            reader.frames.inside(scope[:-1], scope[-1])
        else:
            reader.frames.open(scope)
    reader.refer(scope)


def surely(expr: nw.Expr) -> nw.Expr:
    """It is true, and not missing."""
    return nw.when(expr).then(truth(True)).otherwise(truth(False))


def possibly(expr: nw.Expr) -> nw.Expr:
    """It is true, or missing."""
    return nw.when(~expr).then(truth(False)).otherwise(truth(True))


def _groups(fitting: Frame, key: Sequence[str], told: Sequence[str], count: int) -> Frame:
    """Every group of `count` organisations that may fit and may differ from each other; `sure` if they surely do."""
    groups = _numbered(fitting, key, told, 0).with_columns(sure=surely(nw.col("fits_0")))
    for index in range(1, count):
        groups = groups.join(_numbered(fitting, key, told, index), on=list(key), how="inner")
        groups = groups.filter(nw.col(f"{told[0]}_{index - 1}") < nw.col(f"{told[0]}_{index}"))
        differences = [_differ(told, before, index) for before in range(index)]
        certain = [surely(one) for one in (nw.col(f"fits_{index}"), *differences)]
        groups = groups.filter(values.all_true([possibly(one) for one in differences]))
        groups = groups.with_columns(sure=nw.col("sure") & values.all_true(certain))
    return groups


def _numbered(fitting: Frame, key: Sequence[str], told: Sequence[str], index: int) -> Frame:
    return fitting.select(*key, *(nw.col(column).alias(f"{column}_{index}") for column in (*told, "fits")))


def _differ(told: Sequence[str], one: int, other: int) -> nw.Expr:
    """Two organisations are different: by id where both state one, else by name; missing without names."""
    _, id, name = told
    first, second = nw.col(f"{id}_{one}"), nw.col(f"{id}_{other}")
    both = ~(first.is_null() | second.is_null())
    return nw.when(both).then(first != second).otherwise(nw.col(f"{name}_{one}") != nw.col(f"{name}_{other}"))
