"""
A rule set: all rules of one round together, in order and frozen, with a digest that tells two of them apart.

Whether it holds together is said by `grantrules.soundness`; it is saved and loaded by `grantrules.serial.rulesets`.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from attrs import evolve, field, frozen

from grantrules.application import Application
from grantrules.bases import Basis, Cited, Notice, Source, assumption_of, with_note
from grantrules.criteria import Criterion, Scoring
from grantrules.methods import Administration, Allocation, CoFinancing, Strand
from grantrules.pools import BUDGET, Assumption, Condition, CostRule, GrantFormula, Pool, Requirement, Round, Stage
from grantrules.storage import writer
from grantrules.terms.canonical import digest
from grantrules.terms.check import Checker
from grantrules.terms.nodes import Judgement
from grantrules.terms.schema import Schema
from grantrules.terms.walk import judgements
from grantrules.values import Amount, Text

FORMAT = "grantrules.ruleset/1"

DISMISSAL = "stage.formal"
"""The id of the assumption that failing a formal rule dismisses an application."""

_DISMISSAL = Assumption(
    DISMISSAL,
    Text(
        da="At en ansøgning, der ikke opfylder et formkrav, afvises uden vurdering, står ikke i noget opslag.",
        nb="At en søknad som ikke oppfyller et formkrav, avvises uten vurdering, står ikke i noen utlysning.",
        en="That failing a formal requirement dismisses an application unassessed is said by no call.",
    ),
)

Rule = (
    Requirement | CostRule | GrantFormula | Criterion | Condition | Allocation | Administration | Strand | CoFinancing
)
"""Everything with an id, a statement and a basis."""


@frozen
class RuleSet:
    """
    The rules of one round, whoever brought them.

    Attributes:
        requirements: formal rules before eligibility rules, the pool's own before those of extensions.
        cost_rules: in the order in which they are applied.
        brought_by: rule id to the plugin that brought it.
        versions: plugin to its version; no part of the digest, for a new version may say the same.
    """

    pool: Pool
    round: Round
    schema: Schema
    requirements: tuple[Requirement, ...]
    cost_rules: tuple[CostRule, ...]
    grant: GrantFormula
    scoring: Scoring
    conditions: tuple[Condition, ...]
    allocation: Allocation | None
    brought_by: Mapping[str, str]
    versions: Mapping[str, str] = field(factory=dict, eq=False)

    @cached_property
    def values(self) -> Mapping[str, Amount]:
        """What the round binds: name to value, its budget among them."""
        return {BUDGET: self.round.budget, **{value.name: value.amount for value in self.round.values}}

    @property
    def application(self) -> type[Application]:
        """The class of the round's applications."""
        return self.round.application or self.pool.application

    @cached_property
    def checker(self) -> Checker:
        """What knows the sort of every term outside of cost lines."""
        return Checker(self.schema, self.values)

    @cached_property
    def references(self) -> Mapping[tuple[str, str], str]:
        """Record and word to the fact that names another record, as in `(costs, bearer)` to `organisation`."""
        return {
            (record.name, fact.alias): fact.name
            for record in self.schema.records
            for fact in record.fields
            if fact.alias
        }

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule, in the order of the stages."""
        allocation = () if self.allocation is None else (self.allocation, *self.allocation.parts)
        scored = self.scoring.criteria
        return (*self.requirements, *self.cost_rules, self.grant, *scored, *allocation, *self.conditions)

    @cached_property
    def judgements(self) -> tuple[Judgement, ...]:
        """Every question that rules put to assessors, in rule order."""
        return tuple(dict.fromkeys(j for rule in self.rules for _, term in rule.terms for j in judgements(term)))

    @cached_property
    def line_judgements(self) -> frozenset[str]:
        """The judgements that may be given line by line."""
        return frozenset(j.id for rule in self.cost_rules for _, term in rule.terms for j in judgements(term))

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """Every document that rules are taken from, in order of id."""
        return sources_of(self._bases(), self.pool.sources)

    @cached_property
    def data(self) -> Mapping[str, Any]:
        """The canonical form, as JSON data."""
        data: dict[str, Any] = writer().unstructure(self)
        del data["versions"]
        return {"format": FORMAT, **data, "sources": [writer().unstructure(source) for source in self.sources]}

    @cached_property
    def digest(self) -> str:
        """The digest of the canonical form: equal for rule sets that say the same."""
        return digest(self.data)

    def unlike(self, digest: str) -> str:
        """The beginnings of another digest and of this one, for messages that tell them apart."""
        return f"{digest[:19]}…, not {self.digest[:19]}…"

    def assumptions(self) -> tuple[Assumption, ...]:
        """Everything the rules assume, whether or not a single decision relies on it."""
        carriers = (*self.rules, *self.scoring.parts)
        found = [Assumption(c.id, reason) for c in carriers if (reason := assumption_of(c.basis)) is not None]
        values = [
            Assumption(f"value.{value.name}", reason)
            for value in self.round.values
            if (reason := assumption_of(value.basis)) is not None
        ]
        formal = [_DISMISSAL] if any(rule.stage is Stage.FORMAL for rule in self.requirements) else []
        return (*found, *formal, *values, *self.pool.assumptions)

    @property
    def name(self) -> str:
        """Pool and round, as in `dk_2018_kompetenceloeft@2018`."""
        return f"{self.pool.id}@{self.round.id}"

    @property
    def owner(self) -> str:
        """The plugin that owns the pool."""
        return self.brought_by.get(self.grant.id, self.pool.id)

    def _bases(self) -> Iterator[Basis]:
        carriers = (*self.rules, *self.scoring.parts, *self.round.values, *self.round.appropriations)
        yield from (carrier.basis for carrier in carriers)


def with_carried_over(rules: RuleSet) -> RuleSet:
    """The rule set with a note on every basis that names the call which its round carries over."""
    carried = rules.round.carried_over
    if carried is None:
        return rules

    def noted(carrier: Any) -> Any:
        return evolve(carrier, basis=with_note(carrier.basis, carried.source, carried.reason))

    scoring = evolve(rules.scoring, criteria=tuple(map(noted, rules.scoring.criteria)))
    parts = ("scale", "weights", "combination", "emphasis", "threshold")
    stated = {name: noted(part) for name in parts if (part := getattr(scoring, name)) is not None}
    allocation = rules.allocation
    if allocation is not None:
        allocation = evolve(
            allocation,
            administration=None if allocation.administration is None else noted(allocation.administration),
            strands=tuple(map(noted, allocation.strands)),
            co_financing=tuple(map(noted, allocation.co_financing)),
        )
    return evolve(
        rules,
        requirements=tuple(map(noted, rules.requirements)),
        cost_rules=tuple(map(noted, rules.cost_rules)),
        grant=noted(rules.grant),
        scoring=evolve(scoring, **stated),
        conditions=tuple(map(noted, rules.conditions)),
        allocation=None if allocation is None else noted(allocation),
    )


def sources_of(bases: Iterable[Basis], named: Iterable[Source] = ()) -> tuple[Source, ...]:
    """The documents that bases name, and those named beside them, in order of id."""
    found = {*named, *(basis.source for basis in bases if isinstance(basis, Cited | Notice))}
    return tuple(sorted(found, key=lambda source: source.id))
