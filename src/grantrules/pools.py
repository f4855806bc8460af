"""
What a pool plugin states: the pool, its rounds and sources, and its rules.

All of it is frozen data. Every rule has a statement in three languages and a basis; a part that the source
does not say is an `assumed` note on that basis and is shown wherever the rule is shown.
"""

from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from attrs import field, frozen

from grantrules.application import Application
from grantrules.bases import UNSTATED, Basis, Placed, Source, placed
from grantrules.terms.nodes import Term
from grantrules.values import Amount, Language, Text, settled_moment


class Stage(StrEnum):
    """
    When a rule is looked at.

    Failing a formal rule dismisses the application unassessed, failing an eligibility rule makes it ineligible.
    """

    FORMAL = "formal"
    ELIGIBILITY = "eligibility"
    COST = "cost"
    SCORE = "score"
    ALLOCATION = "allocation"
    CONDITION = "condition"


@frozen
class Requirement:
    """
    A demand on the application.

    Args:
        id: `formal.…` or `eligibility.…`, which also is its stage; stable for ever.
        demand: what must hold.
        statement: the demand in words.
        when: the rule applies only where this holds.
    """

    id: str
    demand: Term
    statement: Text
    basis: Basis = UNSTATED
    when: Term | None = None

    @property
    def stage(self) -> Stage:
        """Formal or eligibility."""
        return Stage(self.id.partition(".")[0])

    @property
    def terms(self) -> Placed:
        """Its terms, each with its place."""
        return (*placed(when=self.when), ("demand", self.demand))


@frozen
class Whole:
    """All that is left of the line."""


@frozen
class Part:
    """A part of the line that can be named, such as its VAT; at most what is left."""

    amount: Term


@frozen
class Above:
    """What is left of the line above a limit."""

    limit: Term


Disallowed: TypeAlias = Whole | Part | Above


@frozen
class CostRule:
    """
    A rule that takes something away from budget lines.

    Args:
        id: `cost.…`, stable for ever.
        disallow: what is taken away of what earlier rules left.
        when: under what circumstances it takes; always if left out.
        concerns: the lines that the rule looks at, such as those of one category; all lines if left out.
    """

    id: str
    disallow: Disallowed
    statement: Text
    basis: Basis = UNSTATED
    when: Term | None = None
    concerns: Term | None = None

    @property
    def terms(self) -> Placed:
        """Its terms, each with its place."""
        guards = placed(concerns=self.concerns, when=self.when)
        match self.disallow:
            case Whole():
                return guards
            case Part(amount):
                return (*guards, ("disallow.amount", amount))
            case Above(limit):
                return (*guards, ("disallow.limit", limit))
            case _:  # `grantrules.soundness` says that it is none of these
                return guards


@frozen
class GrantFormula:
    """
    The highest grant possible.

    Args:
        amount: may read `eligible_costs()`; it must never fall when eligible costs rise.
        floor: below it nothing at all can be granted.
    """

    amount: Term
    statement: Text
    basis: Basis = UNSTATED
    floor: Term | None = None

    id = "grant.formula"

    @property
    def terms(self) -> Placed:
        """Its terms, each with its place."""
        return (("amount", self.amount), *placed(floor=self.floor))


@frozen
class Condition:
    """
    A duty that follows an award.

    Args:
        id: `condition.…`, stable for ever.
        when: the duty follows only where this holds.
    """

    id: str
    statement: Text
    basis: Basis = UNSTATED
    when: Term | None = None

    @property
    def terms(self) -> Placed:
        """Its term, if it has a condition, with its place."""
        return placed(when=self.when)


@frozen
class Assumption:
    """
    A choice that no single rule carries, such as how an open word of the call is read everywhere.

    Args:
        when: the decision relies on it only where this holds.
    """

    id: str
    reason: Text
    when: Term | None = None


@frozen
class Value:
    """A figure or date of a round that rules read by name, so that rounds and what-ifs differ by data alone."""

    name: str
    # A zone would be lost when the rules are saved, and a decision that was stored would then tell other clock faces.
    amount: Amount = field(converter=settled_moment)
    label: Text
    basis: Basis = UNSTATED


BUDGET = "budget"
"""The name by which rules read the budget of the round."""


@frozen
class Appropriation:
    """
    Money that a budget is made of.

    Args:
        label: where it comes from.
        transferred: it was appropriated for something else and moved here.
    """

    amount: Decimal
    label: Text
    basis: Basis = UNSTATED
    transferred: bool = False


@frozen
class Figure:
    """
    Something published about a round, such as how many applied. No rule reads it, and no digest covers it.

    Two figures of one name that differ are sources that disagree; both are kept.
    """

    name: str
    label: Text
    amount: Amount
    basis: Basis = UNSTATED


@frozen
class CarriedOver:
    """
    A round whose own call is not at hand keeps the rules of another one's.

    Args:
        source: the other round's call. Every basis that names it gets the reason as an assumed note.
        reason: why the rules are taken to be the same.
    """

    source: Source
    reason: Text


@frozen
class Round:
    """
    One call of a pool: its dates, budget and named values.

    Args:
        budget: what there is to award, in the pool's currency; rules read it as `value("budget")`.
        appropriations: what the budget is made of, as far as it is known; they add up to it.
        figures: what is published about the round, such as its outcome.
        application: the class of its applications, where the round asks for facts of its own.
    """

    id: str
    title: Text
    budget: Decimal
    values: tuple[Value, ...] = ()
    appropriations: tuple[Appropriation, ...] = ()
    carried_over: CarriedOver | None = None
    figures: tuple[Figure, ...] = field(default=(), eq=False)
    application: type[Application] | None = field(default=None, eq=False)


@frozen
class Pool:
    """
    A grant pool.

    Args:
        id: one identifier for folder, entry point and page.
        zone: time zone in which times without an offset are read.
        application: the class of its applications, unless a round has its own.
        notes: what a reader of the rulebook should know before the rules, such as what is left to people.
    """

    id: str
    title: Text
    funder: Text
    country: str
    currency: str
    zone: str
    application: type[Application] = field(eq=False)
    rounds: tuple[Round, ...]
    sources: tuple[Source, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    notes: tuple[Text, ...] = ()
    language: Language = "da"
