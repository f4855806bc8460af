"""
The words authors write rules with. They build terms and mean nothing by themselves.

    a = facts(Kompetenceloeft)
    a.requested <= value("grant_ceiling")
    a.organisations.any(o.kind.is_(REGION))
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from attrs import frozen

from grantrules.errors import nearest
from grantrules.terms.nodes import (
    AllOf,
    AnyOf,
    AtLeast,
    Choose,
    Constant,
    Different,
    Exists,
    Extreme,
    Fact,
    Judgement,
    Known,
    Named,
    Not,
    Pick,
    Share,
    Term,
    Total,
    term,
)
from grantrules.terms.schema import APPLICATION, ORGANISATIONS, TOTALS, Kind, Record, Schema, schema_of
from grantrules.values import Rounding, Text


@frozen
class Many:
    """The symbolic side of a list: what can be asked of all its items."""

    name: str

    def any(self, condition: Any) -> Term:
        """At least one item for which the condition holds."""
        return Exists(self.name, term(condition))

    def every(self, condition: Any, where: Any = None) -> Term:
        """The condition holds for every item, or every item that `where` picks; true of none at all."""
        failing = Not(term(condition))
        return Not(Exists(self.name, failing if where is None else AllOf((term(where), failing))))

    def different(self, count: int, where: Any = True) -> Term:
        """At least `count` different ones, of organisations: told apart by id where both state one, else by name."""
        if self.name != ORGANISATIONS:
            raise TypeError(f"only organisations are told apart, not `{self.name}`")
        return Different(count, term(where))

    def total(self, item: Any, where: Any = None) -> Term:
        """The sum of a number over the items, or over those that `where` picks."""
        return Total(self.name, term(item), None if where is None else term(where))

    def count(self, where: Any = None) -> Term:
        """How many items there are, or how many `where` picks."""
        return self.total(1, where)


@frozen
class Facts:
    """
    The symbolic side of a record: `facts.requested` is the term that stands for that fact.

    An unknown name raises `AttributeError` with the nearest names, so a misspelt fact stops a plugin from loading.
    """

    _schema: Schema
    _record: Record
    _of: str
    _path: tuple[str, ...] = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        reference = self._record.reference(name)
        if reference is not None:
            return self._inner(name, reference.names)
        fact = self._record.field(name)
        if fact is None:
            known = [f.name for f in self._record.fields] + [f.alias for f in self._record.fields if f.alias]
            hint = nearest(name, known) or "the facts are " + ", ".join(f"`{fact}`" for fact in known)
            raise AttributeError(f"no fact `{name}` in `{self._record.name}`; {hint}")
        match fact.kind:
            case Kind.MANY:
                return Many(fact.record)
            case Kind.RECORD:
                return self._inner(name, fact.record)
            case _:
                return Fact(self._of, (*self._path, name))

    def _inner(self, name: str, record: str) -> "Facts":
        found = self._schema.record(record)
        if found is None:
            raise AttributeError(f"`{name}` leads to `{record}`, which is no record of this schema")
        return Facts(self._schema, found, self._of, (*self._path, name))


def facts(cls: type, record: str = APPLICATION) -> Facts:
    """
    Open the symbolic side of an application class.

    Args:
        cls: the pool's application class.
        record: which record's facts, such as `"organisations"` or `"costs"`; the application's own if left out.

    Raises:
        AttributeError: the class has no such record.
    """
    schema = schema_of(cls)
    found = schema.record(record)
    if found is None:
        names = [known.name for known in schema.records]
        raise AttributeError(f"no record `{record}` in `{cls.__name__}`; {nearest(record, names)}".rstrip("; "))
    return Facts(schema, found, record)


def eligible_costs() -> Term:
    """The eligible cost of the whole application, which the cost rules leave to the grant formula."""
    return Fact(TOTALS, ("eligible",))


def value(name: str) -> Term:
    """A value that the round binds, such as `value("grant_ceiling")`."""
    return Named(name)


def judgement(id: str, question: Text) -> Term:
    """A yes or no that a case officer gives; in a cost rule for all lines or line by line."""
    return Judgement(id, question)


def all_of(*items: Any) -> Term:
    """Every one of them holds."""
    return AllOf(_terms(items))


def any_of(*items: Any) -> Term:
    """At least one of them holds."""
    return AnyOf(_terms(items))


def at_least(count: int, *items: Any) -> Term:
    """At least `count` of them hold."""
    return AtLeast(count, _terms(items))


def not_(item: Any) -> Term:
    """It does not hold."""
    return Not(term(item))


def least(*items: Any) -> Term:
    """The least of several numbers."""
    return Extreme(Pick.LEAST, _terms(items))


def greatest(*items: Any) -> Term:
    """The greatest of several numbers."""
    return Extreme(Pick.GREATEST, _terms(items))


def share(base: Any, rate: Fraction, rounding: Rounding) -> Term:
    """The share `rate` of `base`, rounded once to whole øre."""
    return Share(term(base), rate, rounding)


def known(fact: Term) -> Term:
    """
    An optional fact has been stated.

    Raises:
        TypeError: what is asked for is no fact.
    """
    if not isinstance(fact, Fact):
        raise TypeError("`known` asks for a fact")
    return Known(fact)


def always() -> Term:
    """The term that always holds."""
    return Constant(True)


@frozen
class _Then:
    condition: Term
    chosen: Term

    def otherwise(self, other: Any) -> Term:
        """The value where the condition does not hold."""
        return Choose(self.condition, self.chosen, term(other))


@frozen
class _When:
    condition: Term

    def then(self, chosen: Any) -> _Then:
        """The value where the condition holds."""
        return _Then(self.condition, term(chosen))


def when(condition: Any) -> _When:
    """Begin a choice: `when(condition).then(one).otherwise(another)`."""
    return _When(term(condition))


def _terms(items: Iterable[Any]) -> tuple[Term, ...]:
    return tuple(term(item) for item in items)
