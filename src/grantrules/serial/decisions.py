"""
Writing decisions, and reading stored ones back: the format `grantrules.decision/1`.

A decision file stands alone. It carries the texts, sources and labels that its reasons name, so that it can be
explained and compared where neither the plugin nor the application is at hand.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import asdict, frozen

from grantrules.errors import InputError, Problem
from grantrules.findings import (
    Clause,
    CostFinding,
    CostLine,
    CostStatement,
    CriterionScore,
    Digests,
    Finding,
    Heading,
    Interval,
    Label,
    Missing,
    Need,
    Outcome,
    Result,
    RuleText,
    Score,
)
from grantrules.pools import Source, Stage
from grantrules.serial.facts import duration_from, to_data
from grantrules.serial.files import Input, read_input
from grantrules.storage import basis_from_data, basis_to_data
from grantrules.terms.schema import Kind
from grantrules.values import LANGUAGES, Text, hundredths, plain

if TYPE_CHECKING:
    from grantrules.decisions import Decision

FORMAT = "grantrules.decision/1"


def decision_to_data(decision: "Decision") -> dict[str, Any]:
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
        "highest_grant": _amount(decision.highest_grant),
        "grant_range": None if decision.grant_range is None else [plain(end) for end in decision.grant_range],
        "score": None if decision.score is None else _score(decision.score),
        "conditions": list(decision.conditions),
        "needed": [{"from": n.origin, "what": n.what, "rules": list(n.rules)} for n in decision.needed],
        "assumptions": list(decision.assumptions),
        "assumption_texts": {id: _text(reason) for id, reason in sorted(decision.assumption_texts.items())},
        "currency": heading.currency,
        "pool_title": _text(heading.pool_title),
        "funder": _text(heading.funder),
        "rules": {id: _rule_text(text) for id, text in sorted(decision.rule_texts.items())},
        "labels": {what: _label(label) for what, label in sorted(decision.labels.items())},
        "sources": [_source(source) for source in heading.sources],
        "digests": asdict(decision.digests, value_serializer=lambda _, __, v: list(v) if isinstance(v, tuple) else v),
        "versions": dict(decision.versions),
    }


def _text(text: Text) -> dict[str, str]:
    return {language: text.to(language) for language in LANGUAGES}


def _label(label: Label) -> dict[str, Any]:
    words = {code: _text(word) for code, word in label.words.items()}
    return {"text": _text(label.text), "kind": None if label.kind is None else label.kind.value, "words": words}


def _amount(amount: Decimal | None) -> str | None:
    return None if amount is None else plain(amount)


def _source(source: Source) -> dict[str, Any]:
    return {name: to_data(value) for name, value in asdict(source).items()}


def _rule_text(text: RuleText) -> dict[str, Any]:
    return {"statement": _text(text.statement), "basis": basis_to_data(text.basis), "plugin": text.plugin}


def _needs(needs: tuple[Missing, ...]) -> list[dict[str, Any]]:
    return [{"from": n.origin, "what": n.what, "kind": n.kind, "disputed": n.disputed} for n in needs]


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
        "statement": _text(finding.statement),
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
        "needs": _needs(line.needs),
    }


def _cost_finding(finding: CostFinding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "taken": plain(finding.taken),
        "held": plain(finding.held),
        "amount": plain(finding.amount),
        "limit": _amount(finding.limit),
        "missing": list(finding.missing),
        "judgement": finding.judgement,
        "disputed": finding.disputed,
        "facts": to_data(finding.facts),
        "needs": _needs(finding.needs),
    }


def _score(score: Score) -> dict[str, Any]:
    return {
        "total": _amount(score.total),
        "exact": None if score.exact is None else str(score.exact),
        "low": plain(hundredths(score.low)),
        "high": plain(hundredths(score.high)),
        "exact_low": str(score.low),
        "exact_high": str(score.high),
        "criteria": [_criterion(criterion) for criterion in score.criteria],
        "assessors": score.assessors,
        "conflict_of_interest": list(score.conflicted),
        "conflict_not_stated": list(score.unstated_conflict),
    }


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


# Reading back


@frozen
class Parts:
    """Everything a stored decision holds, as the objects it was written from."""

    heading: Heading
    outcome: Outcome
    findings: tuple[Finding, ...]
    costs: CostStatement
    highest_grant: Decimal | None
    grant_range: tuple[Decimal, Decimal] | None
    score: Score | None
    conditions: tuple[str, ...]
    needed: tuple[Need, ...]
    assumptions: tuple[str, ...]
    assumption_texts: Mapping[str, Text]
    rule_texts: Mapping[str, RuleText]
    labels: Mapping[str, Label]
    digests: Digests
    versions: Mapping[str, str]


def read_parts(source: Input) -> tuple[Parts, Mapping[str, Any]]:
    """
    Read a stored decision.

    Returns:
        Its parts, and its data as stored.

    Raises:
        InputError: it is no decision file of this format.
    """
    subject, data, problems = read_input(source)
    if problems:
        raise InputError(subject, problems)
    if data.get("format") != FORMAT:
        message = f"expected the format `{FORMAT}`, got `{data.get('format')}`"
        raise InputError(subject, [Problem("format", message, "give a file that `grantrules decide` wrote")])
    try:
        return _parts(data), data
    except KeyError as error:
        raise InputError(subject, [Problem("", f"the decision has no key {error}", code="not-a-decision")]) from error
    except (ValueError, TypeError, AttributeError, ArithmeticError) as error:
        raise InputError(subject, [Problem("", f"not a stored decision: {error}", code="not-a-decision")]) from error


def _parts(data: Mapping[str, Any]) -> Parts:
    sources = {
        s["id"]: Source(**{**s, "published": _optional(date.fromisoformat, s["published"])}) for s in data["sources"]
    }
    heading = Heading(
        application=data["application"],
        title=data["title"],
        pool=data["pool"],
        pool_title=Text(**data["pool_title"]),
        round=data["round"],
        funder=Text(**data["funder"]),
        currency=data["currency"],
        sources=tuple(sources.values()),
    )
    digests = data["digests"]
    labels = {what: _label_from(label) for what, label in data["labels"].items()}
    return Parts(
        heading=heading,
        outcome=Outcome(data["outcome"]),
        findings=tuple(_finding_from(finding, sources, labels) for finding in data["findings"]),
        costs=_costs_from(data["costs"], labels),
        highest_grant=_optional(Decimal, data["highest_grant"]),
        grant_range=_optional(lambda ends: (Decimal(ends[0]), Decimal(ends[1])), data["grant_range"]),
        score=_optional(_score_from, data["score"]),
        conditions=tuple(data["conditions"]),
        needed=tuple(Need(n["from"], n["what"], tuple(n["rules"])) for n in data["needed"]),
        assumptions=tuple(data["assumptions"]),
        assumption_texts={id: Text(**reason) for id, reason in data["assumption_texts"].items()},
        rule_texts={id: _rule_text_from(text, sources) for id, text in data["rules"].items()},
        labels=labels,
        digests=Digests(digests["rules"], digests["application"], tuple(digests["assessments"])),
        versions=dict(data["versions"]),
    )


def _optional(read: Callable[[Any], Any], value: Any) -> Any:
    return None if value is None else read(value)


def _rule_text_from(data: Mapping[str, Any], sources: Mapping[str, Source]) -> RuleText:
    return RuleText(Text(**data["statement"]), basis_from_data(data["basis"], sources), data["plugin"])


def _needs_from(data: list[Mapping[str, Any]]) -> tuple[Missing, ...]:
    return tuple(Missing(n["what"], n["from"], n["kind"], n["disputed"]) for n in data)


def _label_from(data: Mapping[str, Any]) -> Label:
    words = {code: Text(**word) for code, word in data["words"].items()}
    return Label(Text(**data["text"]), _optional(Kind, data["kind"]), words)


_Labels = Mapping[str, Label]


def _facts_from(data: Mapping[str, Any], labels: _Labels) -> dict[str, Any]:
    return {path: _fact_from(value, labels[path].kind if path in labels else None) for path, value in data.items()}


def _fact_from(value: Any, kind: Kind | None) -> Any:
    if kind is Kind.MANY:
        return ()
    return value if kind is None else _VALUES.get(kind, _as_it_is)(value)


def _finding_from(data: Mapping[str, Any], sources: Mapping[str, Source], labels: _Labels) -> Finding:
    return Finding(
        rule=data["rule"],
        stage=Stage(data["stage"]),
        result=Result(data["result"]),
        plugin=data["plugin"],
        clauses=tuple(_clause_from(clause) for clause in data["clauses"]),
        facts=_facts_from(data["facts"], labels),
        needs=_needs_from(data["needs"]),
        basis=basis_from_data(data["basis"], sources),
        statement=Text(**data["statement"]),
    )


_VALUES: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.MONEY: Decimal,
    Kind.QUANTITY: Decimal,
    Kind.DAY: date.fromisoformat,
    Kind.MOMENT: datetime.fromisoformat,
    Kind.CHOICES: frozenset,
    Kind.CHOICE: lambda value: frozenset(value) if isinstance(value, list) else value,
}


def _as_it_is(value: Any) -> Any:
    return value


def _clause_from(data: Mapping[str, Any]) -> Clause:
    kind = Kind(data["kind"])
    read = _VALUES.get(kind, _as_it_is)
    span = duration_from if kind in (Kind.DAY, Kind.MOMENT) else read
    found, limit = (_optional(read, data[name]) for name in ("found", "limit"))
    return Clause(kind, data["relation"], found, limit, _optional(span, data["margin"]), data["holds"])


def _costs_from(data: Mapping[str, Any], labels: _Labels) -> CostStatement:
    lines = tuple(_line_from(index, line, labels) for index, line in enumerate(data["lines"]))
    return CostStatement(lines, _interval_from(data))


def _interval_from(data: Mapping[str, Any]) -> Interval | None:
    if data["claimed"] is None:
        return None
    claimed, eligible, disallowed = (Decimal(data[name]) for name in ("claimed", "eligible", "disallowed"))
    return Interval(claimed, eligible, claimed - disallowed)


def _line_from(index: int, data: Mapping[str, Any], labels: _Labels) -> CostLine:
    findings = tuple(_cost_finding_from(finding, labels) for finding in data["findings"])
    interval = _interval_from(data)
    return CostLine(data["id"], index, data["category"], interval, findings, _needs_from(data["needs"]))


def _cost_finding_from(data: Mapping[str, Any], labels: _Labels) -> CostFinding:
    taken, held = Decimal(data["taken"]), Decimal(data["held"])
    limit = _optional(Decimal, data["limit"])
    return CostFinding(data["rule"], taken, held, _needs_from(data["needs"]), _facts_from(data["facts"], labels), limit)


def _score_from(data: Mapping[str, Any]) -> Score:
    return Score(
        _optional(Fraction, data["exact"]),
        Fraction(data["exact_low"]),
        Fraction(data["exact_high"]),
        tuple(_criterion_from(criterion) for criterion in data["criteria"]),
        data["assessors"],
        tuple(data["conflict_of_interest"]),
        tuple(data["conflict_not_stated"]),
    )


def _criterion_from(data: Mapping[str, Any]) -> CriterionScore:
    return CriterionScore(
        data["id"],
        _optional(Fraction, data["rating"]),
        data["ratings"],
        _optional(Fraction, data["points"]),
        Fraction(data["weight"]),
        data["computed"],
        _needs_from(data["needs"]),
    )
