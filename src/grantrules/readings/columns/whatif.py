"""
What if other rules held: the same applications under two rule sets, with one query over one scan of their tables.

What both rule sets say alike is computed once.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, reduce
from math import lcm
from operator import add
from typing import Any

import narwhals as nw
from attrs import field, frozen

from grantrules.application import LEAD
from grantrules.errors import InputError, Problem, excerpt
from grantrules.readings.columns.frames import OUTERMOST, Frames
from grantrules.readings.columns.numbers import HIGHEST, literal
from grantrules.readings.columns.query import Query
from grantrules.readings.columns.results import Results
from grantrules.readings.columns.scoring import scores_of
from grantrules.readings.columns.tables import asked
from grantrules.readings.columns.values import all_true, any_true, truth
from grantrules.readings.columns.whatif_summary import (
    AFTER,
    APPLICATIONS,
    BEFORE,
    CHANGED,
    HIGHER,
    KIND,
    LOWER,
    MET,
    NOT_MET,
    OPEN,
    OPENED,
    SAME,
    SCORE_CHANGES,
    SETTLED,
    SEVERAL,
    SIDES,
    UNKNOWN,
    WORD,
    Moved,
    Summary,
    changing,
    count,
    flip,
    kinds_of,
    moved,
    moved_cost_rules,
    parts,
    passes,
    summed,
)
from grantrules.ruleset import RuleSet
from grantrules.tables.answers import ELIGIBLE, HIGHEST_GRANT, OUTCOME, SCORE, taken, thresholds
from grantrules.tables.checking import checked
from grantrules.tables.fitting import Frame
from grantrules.tables.layout import KEY, Layout, Table, layout, snake
from grantrules.tables.problems import problems
from grantrules.terms.schema import ORGANISATIONS, Field


@frozen
class WhatIf:
    """
    The same applications under two rule sets, as tables of the engine that holds them; lazy if its tables are.

    Args:
        rules: before.
        other: after.
    """

    rules: RuleSet = field(repr=lambda rules: rules.name)
    other: RuleSet = field(repr=lambda rules: rules.name)
    tables: Mapping[str, Frame] = field(repr=False)

    @cached_property
    def _asked(self) -> "_Asked":
        rules = (self.rules, self.other)
        made, (before, after) = asked(rules, self.tables)
        return _Asked(rules, made, (before, after))

    @cached_property
    def _compared(self) -> Frame:
        return self._asked.compared(self.tables)

    @property
    def applications(self) -> Any:
        """
        One row for each application: what the rules say before and after.

        Columns: `application`; `applicant_kind`; `outcome`, `highest_grant_ore` and `eligible_ore`, each with
        `_before` and `_after`; likewise the verdict of every requirement that does not say the same, what each cost
        rule takes if these do not, and `passes_thresholds`; `score_changes`; and `changed`, which is true where
        outcome, highest grant or a verdict differ.
        """
        return self._compared.to_native()

    @property
    def flipped(self) -> Any:
        """The rows of `applications` whose outcome, highest grant or verdict on any requirement changes."""
        return self._compared.filter(nw.col(CHANGED)).to_native()

    @cached_property
    def problems(self) -> Any:
        """
        One row for each thing that is wrong with the rows of the tables, as in `Columns.problems`.

        As long as there is one, nothing else is to be relied on.
        """
        asked = self._asked
        most = [one.rating_limit for one in asked.said if one.rating_limit is not None]
        limit = asked.query.line_limit
        both = together(self.rules, self.other)
        return problems(both, self.tables, self.rules, limit, min([limit, *most])).to_native()

    def rows(self) -> list[dict[str, Any]]:
        """The table that `summary` adds up, collected; with those of other applications, `summed` adds up all."""
        grouped = self._asked.grouped(self._compared)
        found = grouped.collect() if isinstance(grouped, nw.LazyFrame) else grouped
        return list(found.rows(named=True))

    def summary(self) -> Summary:
        """Add everything up; this reads the tables, once."""
        return summed(self.rules, self.other, self.rows())


def what_if(rules: RuleSet, other: object, tables: Mapping[str, Any]) -> WhatIf:
    """
    Ask two rule sets about the same tables; nothing is read of them yet but what columns they have.

    Raises:
        InputError: the rule sets do not mean the same by their tables, the tables are not laid out as both need, or a
            rule cannot be expressed in columns.
    """
    if not isinstance(other, RuleSet):
        raise InputError(
            rules.name, [Problem("other", f"expected a rulebook, got {excerpt(other)}", "give a `Rulebook`")]
        )
    made = WhatIf(rules, other, checked(together(rules, other), tables, _named(rules, other)))
    _ = made._compared
    return made


def _named(rules: RuleSet, other: RuleSet) -> str:
    return rules.name if rules.name == other.name else f"{rules.name} → {other.name}"


# Tables that both rule sets read


def together(rules: RuleSet, other: RuleSet) -> Layout:
    """
    The layout that holds what either rule set reads, within the limits of both.

    Raises:
        InputError: they do not mean the same by a fact, or count in another currency.
    """
    both = layout(rules), layout(other)
    found = list(_misfits(rules, other))
    if found:
        raise InputError(_named(rules, other), found)
    names = dict.fromkeys(table.name for one in both for table in one.tables)
    lists = dict.fromkeys(name for one in both for name in one.lists)
    return Layout(tuple(_merged(name, both) for name in names), tuple(lists))


def _merged(name: str, layouts: tuple[Layout, Layout]) -> Table:
    tables = [table for one in layouts for table in one.tables if table.name == name]
    columns = tuple(Frames(layouts, {}).columns(name).values())
    return Table(name, tables[0].label, columns, any(table.required for table in tables))


def _misfits(rules: RuleSet, other: RuleSet) -> Iterator[Problem]:
    """What the two rule sets do not mean the same by."""
    hint = "compare rulebooks of one pool"
    if rules.pool.currency != other.pool.currency:
        said = f"amounts are in {rules.pool.currency} before and in {other.pool.currency} after"
        yield Problem("", said, hint, "other-currency")
    for record in rules.schema.records:
        beside = other.schema.record(record.name)
        for fact in record.fields if beside is not None else ():
            twin = None if beside is None else beside.field(fact.name)
            if twin is not None and _meaning(fact) != _meaning(twin):
                message = f"it is {_in_words(fact)} before and {_in_words(twin)} after"
                yield Problem(f"{record.name}.{fact.name}", message, hint, "other-fact")


def _meaning(fact: Field) -> tuple[object, ...]:
    return (fact.kind, fact.unit, fact.optional, fact.record, fact.names, fact.alias)


def _in_words(fact: Field) -> str:
    unit = f" in {fact.unit}" if fact.unit else ""
    names = f" that names one of `{fact.names}`" if fact.names else ""
    also = f", reached by `{fact.alias}`" if fact.alias else ""
    return f"{'an optional ' if fact.optional else 'a '}{fact.kind.value}{unit}{names}{also}"


# Both rule sets beside each other


@frozen
class _Asked:
    """
    A query for two rule sets, and what each says.

    Args:
        rules: before and after.
    """

    rules: tuple[RuleSet, RuleSet]
    query: Query
    said: tuple[Results, Results]

    @cached_property
    def moved(self) -> tuple[Moved, ...]:
        """The requirements that do not say the same."""
        return moved(*self.rules)

    @cached_property
    def amounts(self) -> tuple[str, ...]:
        """What is added up, by its name in the results."""
        return (ELIGIBLE, HIGHEST_GRANT, *(taken(rule.id) for rule in moved_cost_rules(*self.rules)))

    def compared(self, tables: Mapping[str, Frame]) -> Frame:
        """One row for each application, as `WhatIf.applications` has them."""
        frame, kinds = self.query.frames.at[OUTERMOST], _kinds(tables, tuple(kinds_of(*self.rules)))
        if kinds is None:
            frame = frame.with_columns(_word(UNKNOWN).alias(KIND))
        else:
            frame = frame.join(kinds, on=[KEY], how="left").with_columns(nw.col(KIND).fill_null(UNKNOWN))
        changes = [_differ(nw.col(name + BEFORE), nw.col(name + AFTER)) for name in (OUTCOME, HIGHEST_GRANT)]
        changes += [_flip_of(rule) != SAME for rule in self.moved]
        chosen = frame.select(nw.col(KEY), nw.col(KIND), *self._columns())
        return chosen.with_columns(any_true(changes).alias(CHANGED))

    def _columns(self) -> Iterator[nw.Expr]:
        for name in (OUTCOME, *self.amounts, *(snake(rule.id) for rule in self.moved)):
            for side, said in zip(SIDES, self.said, strict=True):
                if name in said.columns:
                    yield nw.col(said.columns[name]).alias(name + side)
        for side, said in zip(SIDES, self.said, strict=True):
            reached = [nw.col(said.columns[name]) for name in thresholds(said.columns)]
            if reached:
                yield all_true(reached).alias(passes(side))
        if all(SCORE in said.columns for said in self.said):
            one, other = (scores_of(asked.reader).denominator for asked in self.query.asked)
            both = lcm(one, other)
            if 100 * both <= HIGHEST:  # scores are out of 100
                first, second = (nw.col(said.columns[SCORE]) for said in self.said)
                yield _differ(first * (both // one), second * (both // other)).alias(SCORE_CHANGES)

    def grouped(self, compared: Frame) -> Frame:
        """The table that is added up: one row for each kind, outcome before and after, and change of verdicts."""
        there = compared.collect_schema().names()
        amounts = [name + side for name in self.amounts for side in SIDES if name + side in there]
        truths = [name for name in (CHANGED, SCORE_CHANGES, *map(passes, SIDES)) if name in there]
        sums = {part: expr for name in amounts for part, expr in in_parts(name).items()}
        sums |= {count(name): _one_where(nw.col(name)) for name in truths}
        sums |= {count(name): _one_where(expr) for name, expr in _grant_changes().items()}
        flips = {flip(index): _flip_of(rule) for index, rule in enumerate(self.moved)}
        made = compared.with_columns(**flips, **sums)
        found = made.group_by(KIND, OUTCOME + BEFORE, OUTCOME + AFTER, *flips).agg(
            nw.len().alias(APPLICATIONS), *(nw.col(name).sum() for name in sums)
        )
        # DuckDB adds whole numbers up to wider ones.
        return found.with_columns(nw.col(APPLICATIONS, *sums).cast(nw.Int64))


# Columns


def _flip_of(rule: Moved) -> nw.Expr:
    """How the verdict on a requirement changes; one that is not there stands in nobody's way."""
    before, after = (
        _verdict(nw.col(snake(rule.id) + side)) if there else literal(MET)
        for side, there in zip(SIDES, rule.there, strict=True)
    )
    return nw.when(before == after).then(literal(SAME)).otherwise(changing(before, after))


def _verdict(holds: nw.Expr) -> nw.Expr:
    # A condition that is missing takes what `otherwise` says.
    return nw.when(holds).then(literal(MET)).otherwise(nw.when(~holds).then(literal(NOT_MET)).otherwise(literal(OPEN)))


def _differ(one: nw.Expr, other: nw.Expr) -> nw.Expr:
    """Two columns are not the same, be it that one of them is missing; never missing."""
    alike = (one == other) | (one.is_null() & other.is_null())
    return nw.when(alike).then(truth(False)).otherwise(truth(True))


def _grant_changes() -> dict[str, nw.Expr]:
    """In what way the highest grant changes."""
    before, after = nw.col(HIGHEST_GRANT + BEFORE), nw.col(HIGHEST_GRANT + AFTER)
    return {
        HIGHER: after > before,
        LOWER: after < before,
        SETTLED: before.is_null() & ~after.is_null(),
        OPENED: ~before.is_null() & after.is_null(),
    }


def _one_where(holds: nw.Expr) -> nw.Expr:
    return nw.when(holds).then(literal(1)).otherwise(literal(0))


def in_parts(amount: str) -> dict[str, nw.Expr]:
    """An amount in two parts that can be added up of any number of applications, and 1 where it is not known."""
    words, rest, unknown = parts(amount)
    whole = nw.col(amount)
    # A multiple of a power of two, divided by it: exact on an engine that divides as floats too.
    return {
        words: (whole - whole % WORD) // WORD,
        rest: whole % WORD,
        unknown: _one_where(whole.is_null()),
    }


# Kinds of applicants


def _kinds(tables: Mapping[str, Frame], kinds: Sequence[str]) -> Frame | None:
    """The kind of the organisation that leads, by case number; `None` if no table says it."""
    organisations = tables.get(ORGANISATIONS)
    if organisations is None or not {"kind", "role"} <= set(organisations.collect_schema().names()):
        return None
    kind = nw.col("kind")
    # Engines do not agree on which text is the greatest, and all do on numbers.
    flags = {f"kind__{index}": _one_where(kind == word) for index, word in enumerate(kinds)}
    leads = organisations.filter(nw.col("role") == LEAD.code).with_columns(
        **flags, kind__unknown=_one_where(kind.is_null())
    )
    found = leads.group_by(KEY).agg(*(nw.col(name).max() for name in (*flags, "kind__unknown")))
    chosen = _word(UNKNOWN)
    for name, word in zip(flags, kinds, strict=True):
        chosen = nw.when(nw.col(name) == 1).then(_word(word)).otherwise(chosen)
    chosen = nw.when(nw.col("kind__unknown") == 1).then(_word(UNKNOWN)).otherwise(chosen)
    several = reduce(add, [nw.col(name) for name in flags], literal(0)) > 1
    return found.select(nw.col(KEY), nw.when(several).then(_word(SEVERAL)).otherwise(chosen).alias(KIND))


def _word(word: str) -> nw.Expr:
    return nw.lit(word, dtype=nw.String)
