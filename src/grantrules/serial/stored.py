"""
Reading stored decisions back.

What a decision file may hold is declared once, as a shape; the reader checks a file against it, and the JSON Schema
is written from it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import frozen

from grantrules.awards import CoFinancingDemand, OrderValue, Override, Standing
from grantrules.bases import Source
from grantrules.errors import InputError, Problem, excerpt
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
    Panel,
    Result,
    RuleText,
    Score,
    ThresholdFinding,
)
from grantrules.methods import Base
from grantrules.pools import Stage
from grantrules.serial.facts import duration_from
from grantrules.serial.files import Input, read_input, too_deep
from grantrules.serial.shapes import Anything, Each, Flag, Items, Maybe, Object, Shape, Whole, Words, Written, misfits
from grantrules.storage import basis_from_data
from grantrules.terms.schema import Kind
from grantrules.values import LANGUAGES, Rounding, Text, fixed_offset

FORMAT = "grantrules.decision/1"

NUMBER = r"-?[0-9]{1,30}(\.[0-9]{1,10})?"

# Shapes that other files share.
TEXT = Written()
SURE_AMOUNT = Written(r"-?[0-9]{1,30}\.[0-9]{2}", "an amount")
AMOUNT = Maybe(SURE_AMOUNT)
FRACTION = Written(r"[0-9]{1,200}(/[1-9][0-9]{0,199})?", "a fraction")
TEXTS = Object(dict.fromkeys(LANGUAGES, TEXT), closed=True)
_ORIGIN = Words(("applicant", "assessor"))
_NEED: Mapping[str, Shape] = {
    "from": _ORIGIN,
    "what": TEXT,
    "kind": TEXT,
    "disputed": Flag(),
    "at": Maybe(TEXT),
}
_NEEDS = Items(Object(_NEED))
_BASIS = Object(
    {
        "kind": Words(("cited", "notice", "assumed")),
        "source": Maybe(TEXT),
        "heading": Maybe(TEXT),
        "item": Maybe(TEXT),
        "assumed": Maybe(TEXTS),
    }
)
_KIND = Words(tuple(kind.value for kind in Kind))
_CLAUSE: Mapping[str, Shape] = {
    "kind": _KIND,
    "relation": TEXT,
    "found": Anything(),
    "limit": Anything(),
    "margin": Anything(),
    "holds": Maybe(Flag()),
}
_FINDING: Mapping[str, Shape] = {
    "rule": TEXT,
    "stage": Words((Stage.FORMAL.value, Stage.ELIGIBILITY.value)),
    "result": Words(tuple(result.value for result in Result)),
    "plugin": TEXT,
    "found": Anything(),
    "limit": Anything(),
    "margin": Anything(),
    "missing": Items(TEXT),
    "judgement": Maybe(TEXT),
    "disputed": Flag(),
    "facts": Each(Anything()),
    "clauses": Items(Object(_CLAUSE)),
    "needs": _NEEDS,
    "basis": _BASIS,
    "statement": TEXTS,
}
_COST_FINDING: Mapping[str, Shape] = {
    "rule": TEXT,
    "taken": SURE_AMOUNT,
    "held": SURE_AMOUNT,
    "amount": SURE_AMOUNT,
    "limit": AMOUNT,
    "missing": Items(TEXT),
    "judgement": Maybe(TEXT),
    "disputed": Flag(),
    "facts": Each(Anything()),
    "needs": _NEEDS,
}
_INTERVAL: Mapping[str, Shape] = dict.fromkeys(("claimed", "eligible", "disallowed", "undetermined"), AMOUNT)
_LINE: Mapping[str, Shape] = {
    "id": Maybe(TEXT),
    "category": Maybe(TEXT),
    **_INTERVAL,
    "findings": Items(Object(_COST_FINDING)),
    "needs": Items(Object({**_NEED, "rule": TEXT})),
}
_CRITERION: Mapping[str, Shape] = {
    "id": TEXT,
    "rating": Maybe(FRACTION),
    "points": Maybe(FRACTION),
    "weight": FRACTION,
    "ratings": Whole(),
    "computed": Flag(),
    "needs": _NEEDS,
}
_SCORE: Mapping[str, Shape] = {
    "total": AMOUNT,
    "exact": Maybe(FRACTION),
    "low": SURE_AMOUNT,
    "high": SURE_AMOUNT,
    "exact_low": FRACTION,
    "exact_high": FRACTION,
    "criteria": Items(Object(_CRITERION)),
    "thresholds": Items(Object({"id": TEXT, "least": FRACTION, "found": Maybe(FRACTION), "holds": Maybe(Flag())})),
}
_PANEL: Mapping[str, Shape] = {
    "assessors": Whole(),
    "conflict_of_interest": Items(Maybe(TEXT)),
    "conflict_not_stated": Items(Maybe(TEXT)),
    "comments": Each(Items(TEXT)),
}
_NEEDED: Mapping[str, Shape] = {
    "from": _ORIGIN,
    "what": TEXT,
    "rules": Items(TEXT),
    "lines": Items(TEXT),
    "disputed": Flag(),
}
_SOURCE = Object(
    {
        "id": TEXT,
        "title": TEXT,
        "publisher": TEXT,
        "kind": TEXT,
        "published": Maybe(Written(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "a date")),
        "reference": TEXT,
    },
    closed=True,
)

OVERRIDE = Object({"by": TEXT, "reason": TEXT, "sets_aside": Items(TEXT)})
"""A person's decision to set findings aside."""

DEMAND: Mapping[str, Shape] = {
    "id": TEXT,
    "base": Words(tuple(base.value for base in Base)),
    "rate": FRACTION,
    "rounding": Words(tuple(rounding.value for rounding in Rounding)),
    "amount": AMOUNT,
    "stated": AMOUNT,
}
_STANDING: Mapping[str, Shape] = {
    "least": AMOUNT,
    "order": Items(Object({"kind": _KIND, "value": Anything()})),
    "strand": Maybe(TEXT),
    "prior": AMOUNT,
    "co_financing": Items(Object(DEMAND)),
    "missing": Items(TEXT),
}

DECISION = Object(
    {
        "format": Words((FORMAT,)),
        "application": Maybe(TEXT),
        "pool": TEXT,
        "round": TEXT,
        "title": Maybe(TEXT),
        "outcome": Words(tuple(outcome.value for outcome in Outcome)),
        "findings": Items(Object(_FINDING)),
        "costs": Object({**_INTERVAL, "lines": Items(Object(_LINE))}),
        "highest_grant": AMOUNT,
        "grant_range": Maybe(Object({"low": SURE_AMOUNT, "high": SURE_AMOUNT})),
        "score": Maybe(Object(_SCORE)),
        "panel": Object(_PANEL),
        "conditions": Items(TEXT),
        "needed": Items(Object(_NEEDED)),
        "assumptions": Items(TEXT),
        "assumption_texts": Each(TEXTS),
        "currency": TEXT,
        "pool_title": TEXTS,
        "funder": TEXTS,
        "rules": Each(Object({"statement": TEXTS, "basis": _BASIS, "plugin": TEXT})),
        "labels": Each(Object({"text": TEXTS, "kind": Maybe(_KIND), "words": Each(TEXTS)})),
        "sources": Items(_SOURCE),
        "digests": Object({"rules": TEXT, "application": TEXT, "assessments": Items(TEXT)}),
        "versions": Each(TEXT),
        "overrides": Items(OVERRIDE),
        "recommended": AMOUNT,
        "decided": AMOUNT,
        "decided_outcome": Words(tuple(outcome.value for outcome in Outcome)),
        "standing": Maybe(Object(_STANDING)),
    }
)
"""What a decision file holds. More keys may be added to the format; these stay."""


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
    panel: Panel
    conditions: tuple[str, ...]
    needed: tuple[Need, ...]
    assumptions: tuple[str, ...]
    assumption_texts: Mapping[str, Text]
    rule_texts: Mapping[str, RuleText]
    labels: Mapping[str, Label]
    digests: Digests
    versions: Mapping[str, str]
    overrides: tuple[Override, ...]
    decided: Decimal | None
    decided_outcome: Outcome
    standing: Standing | None

    @property
    def results(self) -> Mapping[str, Result]:
        """What became of every formal and eligibility rule, by id."""
        return {finding.rule: finding.result for finding in self.findings}

    @property
    def rules_digest(self) -> str:
        """The digest of the rules."""
        return self.digests.rules


def read_parts(source: Input) -> tuple[Parts, Mapping[str, Any]]:
    """
    Read a stored decision.

    Returns:
        Its parts, and its data as stored.

    Raises:
        InputError: it is no decision file of this format, with everything that is wrong with it.
    """
    parsed = read_input(source)
    subject, data, problems = parsed.subject, parsed.data, list(parsed.problems)
    if data.get("format") != FORMAT:
        message = f"expected the format `{FORMAT}`, got {excerpt(data.get('format'))}"
        raise InputError(subject, [Problem("format", message, "give a file that `grantrules decide` wrote")])
    if too_deep(data):
        raise InputError(subject, [Problem("", "the file is nested too deeply to be read", code="too-deep")])
    problems += misfits(DECISION, data)
    if problems:
        raise InputError(subject, problems)
    try:
        parts = _parts(data)
    except (ValueError, TypeError, ArithmeticError, KeyError) as error:
        raise InputError(subject, [Problem("", f"not a stored decision: {error}", code="not-a-decision")]) from error
    problems += _dangling(parts)
    if problems:
        raise InputError(subject, problems)
    return parts, data


def _dangling(parts: Parts) -> Iterator[Problem]:
    """Rules, assumptions and facts that the file names and says nothing about."""
    rules = [finding.rule for line in parts.costs.lines for finding in line.findings] + [*parts.conditions]
    for rule in dict.fromkeys(rules):
        if rule not in parts.rule_texts:
            yield Problem("rules", f"the rule {excerpt(rule)} is named and not among them", code="dangling")
    for id in parts.assumptions:
        if id not in parts.assumption_texts:
            yield Problem(
                "assumption_texts", f"the assumption {excerpt(id)} is named and not among them", code="dangling"
            )
    facts = [path for finding in parts.findings for path in finding.facts]
    for path in dict.fromkeys(facts):
        if path not in parts.labels:
            yield Problem("labels", f"the fact {excerpt(path)} is named and not among them", code="dangling")


def _parts(data: Mapping[str, Any]) -> Parts:
    sources = {
        s["id"]: Source(**{**s, "published": optional(date.fromisoformat, s["published"])}) for s in data["sources"]
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
        highest_grant=optional(Decimal, data["highest_grant"]),
        grant_range=optional(lambda ends: (Decimal(ends["low"]), Decimal(ends["high"])), data["grant_range"]),
        score=optional(_score_from, data["score"]),
        panel=_panel_from(data["panel"]),
        conditions=tuple(data["conditions"]),
        needed=tuple(_need_from(need) for need in data["needed"]),
        assumptions=tuple(data["assumptions"]),
        assumption_texts={id: Text(**reason) for id, reason in data["assumption_texts"].items()},
        rule_texts={id: _rule_text_from(text, sources) for id, text in data["rules"].items()},
        labels=labels,
        digests=Digests(digests["rules"], digests["application"], tuple(digests["assessments"])),
        versions=dict(data["versions"]),
        overrides=tuple(override_from(override) for override in data["overrides"]),
        decided=optional(Decimal, data["decided"]),
        decided_outcome=Outcome(data["decided_outcome"]),
        standing=optional(_standing_from, data["standing"]),
    )


def override_from(data: Mapping[str, Any]) -> Override:
    """Read an override that fits its shape."""
    return Override(data["by"], data["reason"], tuple(data["sets_aside"]))


def _standing_from(data: Mapping[str, Any]) -> Standing:
    return Standing(
        least=optional(Decimal, data["least"]),
        order=tuple(_order_value_from(value) for value in data["order"]),
        strand=data["strand"],
        prior=optional(Decimal, data["prior"]),
        demands=tuple(demand_from(demand) for demand in data["co_financing"]),
        missing=tuple(data["missing"]),
    )


def _order_value_from(data: Mapping[str, Any]) -> OrderValue:
    kind = Kind(data["kind"])
    return OrderValue(kind, optional(_VALUES.get(kind, _as_it_is), data["value"]))


def demand_from(data: Mapping[str, Any]) -> CoFinancingDemand:
    """Read a demand for co-financing that fits its shape."""
    return CoFinancingDemand(
        data["id"],
        Base(data["base"]),
        Fraction(data["rate"]),
        Rounding(data["rounding"]),
        optional(Decimal, data["amount"]),
        optional(Decimal, data["stated"]),
    )


def optional(read: Callable[[Any], Any], value: Any) -> Any:
    """Read a value unless it is `null`."""
    return None if value is None else read(value)


def _rule_text_from(data: Mapping[str, Any], sources: Mapping[str, Source]) -> RuleText:
    return RuleText(Text(**data["statement"]), basis_from_data(data["basis"], sources), data["plugin"])


def _needs_from(data: list[Mapping[str, Any]]) -> tuple[Missing, ...]:
    return tuple(_missing_from(need) for need in data)


def _missing_from(data: Mapping[str, Any]) -> Missing:
    return Missing(data["what"], data["from"], data["kind"], data["disputed"], data["at"] or "")


def _need_from(data: Mapping[str, Any]) -> Need:
    return Need(data["from"], data["what"], tuple(data["rules"]), data["disputed"], tuple(data["lines"]))


def _panel_from(data: Mapping[str, Any]) -> Panel:
    comments = {id: tuple(texts) for id, texts in data["comments"].items()}
    conflicts = (tuple(data["conflict_of_interest"]), tuple(data["conflict_not_stated"]))
    return Panel(data["assessors"], *conflicts, comments)


def _label_from(data: Mapping[str, Any]) -> Label:
    words = {code: Text(**word) for code, word in data["words"].items()}
    return Label(Text(**data["text"]), optional(Kind, data["kind"]), words)


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
    Kind.MONEY: lambda value: _number(value),
    Kind.QUANTITY: lambda value: _number(value),
    Kind.RATE: lambda value: _number(value),
    Kind.DAY: date.fromisoformat,
    Kind.MOMENT: lambda value: fixed_offset(datetime.fromisoformat(value)),
    Kind.COUNT: lambda value: _of(int, value),
    Kind.TRUTH: lambda value: _of(bool, value),
    Kind.TEXT: lambda value: _of(str, value),
    Kind.CHOICES: lambda value: _words(_of(list, value)),
    Kind.CHOICE: lambda value: _words(value) if isinstance(value, list) else _of(str, value),
}


def _number(value: Any) -> Decimal:
    if not isinstance(value, str) or not re.fullmatch(NUMBER, value, re.ASCII):
        raise ValueError(f"expected a number, got {excerpt(value)}")
    return Decimal(value)


def _of(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise ValueError(f"expected {_KINDS[kind]}, got {excerpt(value)}")
    return value


def _words(value: Any) -> frozenset[str]:
    return frozenset(_of(str, word) for word in value)


_KINDS = {int: "a whole number", bool: "yes or no", str: "text", list: "a list"}


def _as_it_is(value: Any) -> Any:
    return value


def _clause_from(data: Mapping[str, Any]) -> Clause:
    kind = Kind(data["kind"])
    read = _VALUES.get(kind, _as_it_is)
    span = duration_from if kind in (Kind.DAY, Kind.MOMENT) else read
    found, limit = (optional(read, data[name]) for name in ("found", "limit"))
    return Clause(kind, data["relation"], found, limit, optional(span, data["margin"]), data["holds"])


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
    waits = tuple((need["rule"], _missing_from(need)) for need in data["needs"])
    return CostLine(data["id"], index, data["category"], interval, findings, waits)


def _cost_finding_from(data: Mapping[str, Any], labels: _Labels) -> CostFinding:
    taken, held = Decimal(data["taken"]), Decimal(data["held"])
    limit = optional(Decimal, data["limit"])
    return CostFinding(data["rule"], taken, held, _needs_from(data["needs"]), _facts_from(data["facts"], labels), limit)


def _score_from(data: Mapping[str, Any]) -> Score:
    return Score(
        optional(Fraction, data["exact"]),
        Fraction(data["exact_low"]),
        Fraction(data["exact_high"]),
        tuple(_criterion_from(criterion) for criterion in data["criteria"]),
        tuple(_threshold_from(threshold) for threshold in data["thresholds"]),
    )


def _threshold_from(data: Mapping[str, Any]) -> ThresholdFinding:
    found = optional(Fraction, data["found"])
    return ThresholdFinding(data["id"], Fraction(data["least"]), found, data["holds"])


def _criterion_from(data: Mapping[str, Any]) -> CriterionScore:
    return CriterionScore(
        data["id"],
        optional(Fraction, data["rating"]),
        data["ratings"],
        optional(Fraction, data["points"]),
        Fraction(data["weight"]),
        data["computed"],
        _needs_from(data["needs"]),
    )
