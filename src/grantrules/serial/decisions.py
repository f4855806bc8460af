"""
Writing decisions: the format `grantrules.decision/1`.

A decision file stands alone. It carries the texts, sources and labels that its reasons name, so that it can be
explained and compared where neither the plugin nor the application is at hand.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from attrs import asdict

from grantrules.awards import CoFinancingDemand, Override, Standing
from grantrules.bases import Source
from grantrules.findings import (
    Account,
    Clause,
    CostFinding,
    CostLine,
    CostStatement,
    CriterionScore,
    Finding,
    Interval,
    Label,
    Missing,
    Need,
    Panel,
    RuleText,
    Score,
    ThresholdFinding,
)
from grantrules.serial.facts import to_data
from grantrules.serial.stored import FORMAT
from grantrules.storage import basis_to_data
from grantrules.terms.schema import Kind
from grantrules.values import LANGUAGES, Text, hundredths, plain


def decision_to_data(decision: Account) -> dict[str, Any]:
    """Write a decision as JSON data."""
    heading = decision.heading
    return {
        "format": FORMAT,
        "application": heading.application,
        "pool": heading.pool,
        "round": heading.round,
        "title": heading.title,
        "outcome": decision.outcome.value,
        "findings": [_finding(finding) for finding in decision.findings],
        "costs": _costs(decision.costs),
        "highest_grant": amount_to_data(decision.highest_grant),
        "grant_range": _range(decision.grant_range),
        "score": None if decision.score is None else _score(decision.score),
        "panel": _panel(decision.panel),
        "conditions": list(decision.conditions),
        "needed": [_need(need) for need in decision.needed],
        "assumptions": list(decision.assumptions),
        "assumption_texts": {id: text_to_data(reason) for id, reason in sorted(decision.assumption_texts.items())},
        "currency": heading.currency,
        "pool_title": text_to_data(heading.pool_title),
        "funder": text_to_data(heading.funder),
        "rules": {id: _rule_text(text) for id, text in sorted(decision.rule_texts.items())},
        "labels": {what: _label(label) for what, label in sorted(decision.labels.items())},
        "sources": [_source(source) for source in heading.sources],
        "digests": asdict(decision.digests, value_serializer=lambda _, __, v: list(v) if isinstance(v, tuple) else v),
        "versions": dict(decision.versions),
        "overrides": [override_to_data(override) for override in decision.overrides],
        "recommended": amount_to_data(decision.highest_grant),
        "decided": amount_to_data(decision.decided),
        "decided_outcome": decision.decided_outcome.value,
        "standing": None if decision.standing is None else _standing(decision.standing),
    }


def override_to_data(override: Override) -> dict[str, Any]:
    """Write an override as JSON data."""
    return {"by": override.by, "reason": override.reason, "sets_aside": list(override.sets_aside)}


def _standing(standing: Standing) -> dict[str, Any]:
    return {
        "least": amount_to_data(standing.least),
        "order": [{"kind": value.kind.value, "value": to_data(value.value)} for value in standing.order],
        "strand": standing.strand,
        "prior": amount_to_data(standing.prior),
        "co_financing": [demand_to_data(demand) for demand in standing.demands],
        "missing": list(standing.missing),
    }


def demand_to_data(demand: CoFinancingDemand) -> dict[str, Any]:
    """Write a demand for co-financing as JSON data."""
    return {
        "id": demand.id,
        "base": demand.base.value,
        "rate": str(demand.rate),
        "rounding": demand.rounding.value,
        "amount": amount_to_data(demand.amount),
        "stated": amount_to_data(demand.stated),
    }


def text_to_data(text: Text) -> dict[str, str]:
    """Write a text as JSON data."""
    return {language: text.to(language) for language in LANGUAGES}


def _label(label: Label) -> dict[str, Any]:
    words = {code: text_to_data(word) for code, word in label.words.items()}
    return {"text": text_to_data(label.text), "kind": None if label.kind is None else label.kind.value, "words": words}


def _range(ends: tuple[Decimal, Decimal] | None) -> dict[str, str] | None:
    return None if ends is None else {"low": plain(ends[0]), "high": plain(ends[1])}


def amount_to_data(amount: Decimal | None) -> str | None:
    """Write an amount as JSON data, `null` while it is undetermined."""
    return None if amount is None else plain(amount)


def _source(source: Source) -> dict[str, Any]:
    return {name: to_data(value) for name, value in asdict(source).items()}


def _rule_text(text: RuleText) -> dict[str, Any]:
    return {"statement": text_to_data(text.statement), "basis": basis_to_data(text.basis), "plugin": text.plugin}


def _panel(panel: Panel) -> dict[str, Any]:
    return {
        "assessors": panel.counted,
        "conflict_of_interest": list(panel.conflicted),
        "conflict_not_stated": list(panel.unstated),
        "comments": to_data(panel.comments),
    }


def _needs(needs: Iterable[Missing]) -> list[dict[str, Any]]:
    return [_missing(need) for need in needs]


def _missing(need: Missing) -> dict[str, Any]:
    found = {"from": need.origin, "what": need.what, "kind": need.kind, "disputed": need.disputed}
    return {**found, "at": need.at or None}


def _need(need: Need) -> dict[str, Any]:
    found = {"from": need.origin, "what": need.what, "rules": list(need.rules)}
    return {**found, "lines": list(need.lines), "disputed": need.disputed}


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "stage": finding.stage.value,
        "result": finding.result.value,
        "plugin": finding.plugin,
        "found": to_data(finding.found),
        "limit": to_data(finding.limit),
        "margin": to_data(finding.margin),
        "missing": list(finding.missing),
        "judgement": finding.judgement,
        "disputed": finding.disputed,
        "facts": to_data(finding.facts),
        "clauses": [_clause(clause) for clause in finding.clauses],
        "needs": _needs(finding.needs),
        "basis": basis_to_data(finding.basis),
        "statement": text_to_data(finding.statement),
    }


def _clause(clause: Clause) -> dict[str, Any]:
    return {name: _clause_part(value) for name, value in asdict(clause, recurse=False).items()}


def _clause_part(value: Any) -> Any:
    return value.value if isinstance(value, Kind) else to_data(value)


def _costs(costs: CostStatement) -> dict[str, Any]:
    return {**_interval(costs.total), "lines": [_line(line) for line in costs.lines]}


def _interval(interval: Interval | None) -> dict[str, str | None]:
    names = ("claimed", "eligible", "disallowed", "undetermined")
    return {name: None if interval is None else plain(getattr(interval, name)) for name in names}


def _line(line: CostLine) -> dict[str, Any]:
    findings = [_cost_finding(finding) for finding in line.findings]
    return {
        "id": line.id,
        "category": line.category,
        **_interval(line.interval),
        "findings": findings,
        "needs": [{**_missing(need), "rule": rule} for rule, need in line.needs],
    }


def _cost_finding(finding: CostFinding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "taken": plain(finding.taken),
        "held": plain(finding.held),
        "amount": plain(finding.amount),
        "limit": amount_to_data(finding.limit),
        "missing": list(finding.missing),
        "judgement": finding.judgement,
        "disputed": finding.disputed,
        "facts": to_data(finding.facts),
        "needs": _needs(finding.needs),
    }


def _score(score: Score) -> dict[str, Any]:
    return {
        "total": amount_to_data(score.total),
        "exact": None if score.exact is None else str(score.exact),
        "low": plain(hundredths(score.low)),
        "high": plain(hundredths(score.high)),
        "exact_low": str(score.low),
        "exact_high": str(score.high),
        "criteria": [_criterion(criterion) for criterion in score.criteria],
        "thresholds": [_threshold(threshold) for threshold in score.thresholds],
    }


def _threshold(threshold: ThresholdFinding) -> dict[str, Any]:
    found = None if threshold.found is None else str(threshold.found)
    return {"id": threshold.id, "least": str(threshold.least), "found": found, "holds": threshold.holds}


def _criterion(criterion: CriterionScore) -> dict[str, Any]:
    return {
        "id": criterion.id,
        "rating": None if criterion.rating is None else str(criterion.rating),
        "points": None if criterion.points is None else str(criterion.points),
        "weight": str(criterion.weight),
        "ratings": criterion.ratings,
        "computed": criterion.computed,
        "needs": _needs(criterion.needs),
    }
