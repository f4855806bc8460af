"""
What a pool plugin states: the pool, its rounds and sources, and its rules.

All of it is frozen data. Every rule has a statement in three languages and a basis; a part that the source
does not say is an `assumed` note on that basis and is shown wherever the rule is shown.
"""

from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum
from fractions import Fraction
from typing import TypeAlias, cast

from attrs import field, frozen

from grantrules.application import Application
from grantrules.terms.nodes import Term
from grantrules.values import Amount, Language, Text


@frozen
class Source:
    """
    A document that rules are taken from.

    Args:
        id: short name inside the pool, such as `call`.
        kind: `call`, `notice`, `regulation` or `figures`.
        published: date of the text version that was read.
        reference: where the publisher put it.
    """

    id: str
    title: str
    publisher: str
    kind: str = "call"
    published: date | None = None
    reference: str = ""


@frozen
class Cited:
    """
    The source says so.

    Args:
        heading: the heading in the source, in its own language.
        item: which item under it, if they are listed or numbered.
        assumed: the part of the rule that is not in the text, and why it was chosen.
    """

    source: Source
    heading: str
    item: str | None = None
    assumed: Text | None = None


@frozen
class Notice:
    """Learned from a notice of outcome or a press report, not from the call itself."""

    source: Source
    heading: str | None = None
    assumed: Text | None = None


@frozen
class Assumed:
    """The documents are silent or ambiguous, and the plugin had to choose: why it chose so."""

    reason: Text


Basis: TypeAlias = Cited | Notice | Assumed

Placed: TypeAlias = tuple[tuple[str, Term], ...]
"""The terms of a rule, each with its place in it."""

# A rule written without a basis is built, so that the error can name the rule; no rule set takes it.
_UNSTATED: Basis = cast(Basis, None)


def assumption_of(basis: Basis) -> Text | None:
    """The part of a basis that no document says, if there is one."""
    return basis.reason if isinstance(basis, Assumed) else basis.assumed


def _stated(**terms: Term | None) -> Placed:
    return tuple((place, term) for place, term in terms.items() if term is not None)


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
    basis: Basis = _UNSTATED
    when: Term | None = None

    @property
    def stage(self) -> Stage:
        """Formal or eligibility."""
        return Stage(self.id.partition(".")[0])

    @property
    def terms(self) -> Placed:
        """Its terms, each with its place."""
        return (*_stated(when=self.when), ("demand", self.demand))


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
    basis: Basis = _UNSTATED
    when: Term | None = None
    concerns: Term | None = None

    @property
    def terms(self) -> Placed:
        """Its terms, each with its place."""
        guards = _stated(concerns=self.concerns, when=self.when)
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
    basis: Basis = _UNSTATED
    floor: Term | None = None

    id = "grant.formula"

    @property
    def terms(self) -> Placed:
        """Its terms, each with its place."""
        return (("amount", self.amount), *_stated(floor=self.floor))


@frozen
class Criterion:
    """
    An award criterion, rated by assessors or computed from facts.

    Args:
        id: stable for ever; the key of its rating in an assessment.
        computed: a yes or no over the facts, worth all points or none; left out, assessors rate it.
        weight: the exact share of the total; `None` with equal weights.
    """

    id: str
    statement: Text
    basis: Basis = _UNSTATED
    computed: Term | None = None
    weight: Fraction | None = None

    @property
    def terms(self) -> Placed:
        """Its term, if it is computed, with its place."""
        return _stated(computed=self.computed)


@frozen
class Scale:
    """The scale of ratings, from 0 to `top`; fractions of a point are allowed."""

    top: int
    basis: Basis = _UNSTATED

    id = "score.scale"


class Weighting(Enum):
    """Where the weights of the criteria come from."""

    EQUAL = "equal"
    STATED = "stated"


@frozen
class Weights:
    """How criteria are weighed against each other."""

    weighting: Weighting
    basis: Basis = _UNSTATED

    id = "score.weights"


class Combining(Enum):
    """How the ratings of several assessors become one."""

    MEAN = "mean"


@frozen
class Combination:
    """How several assessments of one application are combined."""

    combining: Combining
    basis: Basis = _UNSTATED

    id = "score.combination"


@frozen
class Scoring:
    """
    The award criteria of a round and how they add up.

    The pool's own plugin gives all parts; an extension gives further criteria only.
    """

    criteria: tuple[Criterion, ...]
    scale: Scale | None = None
    weights: Weights | None = None
    combination: Combination | None = None


class Method(Enum):
    """How a budget is shared out over ranked applications."""

    RANK_PARTIAL_LAST = "rank, last one in part"


@frozen
class Allocation:
    """How the round's money is allocated."""

    method: Method
    statement: Text
    basis: Basis = _UNSTATED

    id = "allocation.method"

    @property
    def terms(self) -> Placed:
        """It has none."""
        return ()


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
    basis: Basis = _UNSTATED
    when: Term | None = None

    @property
    def terms(self) -> Placed:
        """Its term, if it has a condition, with its place."""
        return _stated(when=self.when)


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
    amount: Amount
    label: Text
    basis: Basis = _UNSTATED


@frozen
class Round:
    """One call of a pool: its dates, budget and named values."""

    id: str
    title: Text
    budget: Decimal
    values: tuple[Value, ...] = ()


@frozen
class Pool:
    """
    A grant pool.

    Args:
        id: one identifier for folder, entry point and page.
        zone: time zone in which times without an offset are read.
        application: the class of its applications.
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
