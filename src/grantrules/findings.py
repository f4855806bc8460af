"""
What the rules leave behind: findings, the cost statement, the score and what is still needed. Plain data.
"""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple, Protocol

from attrs import field, frozen

from grantrules.awards import Override, Standing
from grantrules.bases import Basis, Source
from grantrules.pools import Stage
from grantrules.terms.schema import Kind
from grantrules.values import Text, Truth, hundredths, minus, plus


class Result(StrEnum):
    """What became of one rule."""

    MET = "met"
    NOT_MET = "not_met"
    UNDETERMINED = "undetermined"
    NOT_APPLICABLE = "not_applicable"


class Outcome(StrEnum):
    """What became of the application, before any money is allocated."""

    DISMISSED = "dismissed"
    INELIGIBLE = "ineligible"
    UNDETERMINED = "undetermined"
    ELIGIBLE = "eligible"


class Interval(NamedTuple):
    """
    What is left of an amount claimed: surely `low`, at most `high`.

    `low` is eligible, `claimed - high` disallowed, `high - low` undetermined.
    """

    claimed: Decimal
    low: Decimal
    high: Decimal

    @property
    def eligible(self) -> Decimal:
        """What surely remains."""
        return self.low

    @property
    def disallowed(self) -> Decimal:
        """What is surely gone."""
        return minus(self.claimed, self.high)

    @property
    def undetermined(self) -> Decimal:
        """What lies between."""
        return minus(self.high, self.low)


class Verdicts(NamedTuple):
    """
    Everything a rule set says of one application, without reasons: what every reading must agree on.

    Attributes:
        requirements: one result for each requirement, in rule order.
        outcome: what they add up to.
        lines: an interval for each cost line, `None` where its amount or VAT is missing; `None` if costs are.
        total: the sum of the lines, `None` if one of them is `None`.
        highest_grant: `None` while undetermined.
    """

    requirements: tuple[Result, ...]
    outcome: Outcome
    lines: tuple[Interval | None, ...] | None
    total: Interval | None
    highest_grant: Decimal | None


@frozen
class Missing:
    """
    Something that keeps a term from being settled.

    Args:
        what: the path of a fact (`costs[6].vat_recoverable`), the id of a judgement or rating, or a day that a
            dated table lacks (`lowest_rate[2020-01-05]`).
        origin: who can give it: `applicant` or `assessor`.
        kind: `fact`, `judgement`, `rating` or `table`.
        disputed: a judgement that assessors answer differently.
        at: the path of the day that a dated table lacks.
    """

    what: str
    origin: str
    kind: str
    disputed: bool = False
    at: str = ""


@frozen
class Clause:
    """
    One comparison inside a rule.

    Args:
        kind: of the values: `money`, `count`, `quantity`, `day`, `moment`, `yes/no`, `choice`, `choices`, `text`.
        found: the value found, `None` while missing.
        limit: what it is compared with.
        margin: how far `found` is on the right side, negative where it falls short: an amount, a number, or a
            `timedelta` between days or moments. `None` where there is none.
        relation: how `found` must stand to `limit`, such as `>=`.
        holds: the verdict on this comparison alone.
    """

    kind: Kind
    relation: str
    found: Any
    limit: Any
    margin: Any
    holds: Truth


@frozen
class Finding:
    """What one requirement said of one application, with its reasons."""

    rule: str
    stage: Stage
    result: Result
    plugin: str
    clauses: tuple[Clause, ...]
    facts: Mapping[str, Any]
    needs: tuple[Missing, ...]
    basis: Basis
    statement: Text

    @property
    def clause(self) -> Clause | None:
        """The comparison that decides: the first that fails, else the tightest; `None` if none stands out."""
        failing = [clause for clause in self.clauses if clause.holds is False]
        if failing or len(self.clauses) == 1:
            return (failing or self.clauses)[0]
        margins = [clause for clause in self.clauses if clause.margin is not None]
        alike = len({clause.kind for clause in self.clauses}) == 1 and len(margins) == len(self.clauses)
        return min(margins, key=lambda clause: clause.margin) if alike and margins else None

    @property
    def found(self) -> Any:
        """The value found, where the rule compares one."""
        return self.clause.found if self.clause else None

    @property
    def limit(self) -> Any:
        """The limit it is compared with."""
        return self.clause.limit if self.clause else None

    @property
    def margin(self) -> Any:
        """How far the value found is on the right side of the limit; negative where it falls short."""
        return self.clause.margin if self.clause else None

    @property
    def missing(self) -> tuple[str, ...]:
        """The paths of the facts whose absence keeps the rule from being settled."""
        return tuple(need.at or need.what for need in self.needs if need.kind != "judgement")

    @property
    def judgement(self) -> str | None:
        """The judgement the rule waits for."""
        return next((need.what for need in self.needs if need.kind == "judgement"), None)

    @property
    def disputed(self) -> bool:
        """Assessors answer that judgement differently."""
        return any(need.disputed for need in self.needs)


@frozen
class CostFinding:
    """
    What one cost rule did to one line.

    Args:
        taken: what is surely gone by this rule.
        held: what it may further take, in order of the rules and within what is undetermined in the end.
        limit: the limit above which it took, where it has one.
    """

    rule: str
    taken: Decimal
    held: Decimal
    needs: tuple[Missing, ...]
    facts: Mapping[str, Any]
    limit: Decimal | None = None

    @property
    def amount(self) -> Decimal:
        """Taken and held together."""
        return plus(self.taken, self.held)

    @property
    def missing(self) -> tuple[str, ...]:
        """The paths of the facts that keep the rule from being settled on this line."""
        return tuple(need.at or need.what for need in self.needs if need.kind != "judgement")

    @property
    def judgement(self) -> str | None:
        """The judgement the rule waits for."""
        return next((need.what for need in self.needs if need.kind == "judgement"), None)

    @property
    def disputed(self) -> bool:
        """Assessors answer that judgement differently."""
        return any(need.disputed for need in self.needs)


@frozen
class CostLine:
    """
    One budget line, judged.

    Args:
        interval: what is left of it; `None` where its amount or VAT is missing.
        needs: for such a line, what it waits for, each with the rule that does.
    """

    id: str | None
    index: int
    category: str | None
    interval: Interval | None
    findings: tuple[CostFinding, ...]
    needs: tuple[tuple[str, Missing], ...]


@frozen
class CostStatement:
    """
    All budget lines, judged, and their sum.

    Claimed is eligible, disallowed and undetermined together, to the øre, for each line and in total.
    """

    lines: tuple[CostLine, ...]
    total: Interval | None

    @property
    def claimed(self) -> Decimal | None:
        """What is budgeted, VAT included."""
        return None if self.total is None else self.total.claimed

    @property
    def eligible(self) -> Decimal | None:
        """What surely counts."""
        return None if self.total is None else self.total.eligible

    @property
    def disallowed(self) -> Decimal | None:
        """What surely does not."""
        return None if self.total is None else self.total.disallowed

    @property
    def undetermined(self) -> Decimal | None:
        """What a missing fact or judgement still decides."""
        return None if self.total is None else self.total.undetermined

    def line(self, id: str) -> CostLine:
        """
        The line with this id.

        Raises:
            KeyError: there is none.
        """
        for line in self.lines:
            if line.id == id:
                return line
        raise KeyError(id)


@frozen
class CriterionScore:
    """
    One criterion's part of the score.

    Args:
        rating: the combined rating, `None` where it is computed or missing.
        ratings: how many ratings were combined.
        points: from 0 to 1, `None` while missing.
        weight: the share of the total, all shares adding up to 1.
    """

    id: str
    rating: Fraction | None
    ratings: int
    points: Fraction | None
    weight: Fraction
    computed: bool
    needs: tuple[Missing, ...]


@frozen
class ThresholdFinding:
    """
    A lowest score, and whether it is reached.

    Args:
        id: of the criterion, or `score.threshold` for the total.
        least: a rating on the scale, points from 0 to 1 where they are computed, or a total out of 100.
        found: the exact number held against it; `None` while missing.
        holds: `None` while a rating or a fact can still decide it.
    """

    id: str
    least: Fraction
    found: Fraction | None
    holds: Truth


@frozen
class Score:
    """
    The weighted points of one application, out of 100.

    Args:
        exact: the total, `None` while a rating or a fact is missing.
        low, high: what the total can at least and at most become, once the rest is rated; both the total if nothing is.
        thresholds: the lowest scores that the round demands.
    """

    exact: Fraction | None
    low: Fraction
    high: Fraction
    criteria: tuple[CriterionScore, ...]
    thresholds: tuple[ThresholdFinding, ...] = ()

    @property
    def total(self) -> Decimal | None:
        """The total with two decimals, half up; `None` while a rating or a fact is missing."""
        return None if self.exact is None else hundredths(self.exact)


@frozen
class Panel:
    """
    Who assessed the application.

    Args:
        counted: how many assessments count.
        conflicted: assessors left out because of a conflict of interest; `None` for one without a name.
        unstated: assessors who did not say whether they have one; they count.
        comments: criterion or judgement id to what the assessors who count wrote about it.
    """

    counted: int
    conflicted: tuple[str | None, ...]
    unstated: tuple[str | None, ...]
    comments: Mapping[str, tuple[str, ...]]


@frozen
class Need:
    """
    Something still needed, from whom, and the rules that wait for it.

    Args:
        disputed: a judgement that was given, but differently by several assessors.
        lines: the cost lines that wait for it, by id or else by path.
    """

    origin: str
    what: str
    rules: tuple[str, ...]
    disputed: bool = False
    lines: tuple[str, ...] = ()


@frozen
class Label:
    """
    What a path, a judgement or a rating that a decision names is called.

    Args:
        kind: of a fact; `None` for everything else.
        words: the closed list that a fact is taken from, code to label.
    """

    text: Text
    kind: Kind | None = None
    words: Mapping[str, Text] = field(factory=dict)


@frozen
class RuleText:
    """What a rule says and where it comes from."""

    statement: Text
    basis: Basis
    plugin: str


@frozen
class Heading:
    """
    What a decision is about, and under which rules it was made.

    Args:
        application: the case number.
        title: of the project.
        currency: of every amount.
        sources: the documents that bases name.
    """

    application: str | None
    title: str | None
    pool: str
    pool_title: Text
    round: str
    funder: Text
    currency: str
    sources: tuple[Source, ...]


@frozen
class Digests:
    """What was decided on: rules, application and assessments, each as the digest of its canonical form."""

    rules: str
    application: str
    assessments: tuple[str, ...]


class Account(Protocol):
    """
    Everything that can be said about one decided application, whether it was made now or read from a file.

    `grantrules.decisions.Decision` says what each part is.
    """

    @property
    def heading(self) -> Heading: ...

    @property
    def outcome(self) -> Outcome: ...

    @property
    def results(self) -> Mapping[str, Result]: ...

    @property
    def findings(self) -> tuple[Finding, ...]: ...

    @property
    def costs(self) -> CostStatement: ...

    @property
    def highest_grant(self) -> Decimal | None: ...

    @property
    def grant_range(self) -> tuple[Decimal, Decimal] | None: ...

    @property
    def score(self) -> Score | None: ...

    @property
    def panel(self) -> Panel: ...

    @property
    def conditions(self) -> tuple[str, ...]: ...

    @property
    def needed(self) -> tuple[Need, ...]: ...

    @property
    def assumptions(self) -> tuple[str, ...]: ...

    @property
    def assumption_texts(self) -> Mapping[str, Text]: ...

    @property
    def rule_texts(self) -> Mapping[str, RuleText]: ...

    @property
    def labels(self) -> Mapping[str, Label]: ...

    @property
    def rules_digest(self) -> str: ...

    @property
    def digests(self) -> Digests: ...

    @property
    def versions(self) -> Mapping[str, str]: ...

    @property
    def overrides(self) -> tuple[Override, ...]: ...

    @property
    def decided_outcome(self) -> Outcome: ...

    @property
    def decided(self) -> Decimal | None: ...

    @property
    def standing(self) -> Standing | None: ...
