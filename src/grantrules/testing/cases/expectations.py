"""
What may be expected of a decision: every key, rule, line and value an expectation names, held against the rules.

An expectation is read once, with everything wrong in it at once. What is read can then be held against any number of
decisions, also such that other rules have made, and looks only at what is expected.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from attrs import evolve, frozen

from grantrules.awards import Standing
from grantrules.decisions import Decision
from grantrules.errors import Problem, excerpt, nearest
from grantrules.findings import CostFinding, CostLine, CostStatement, Outcome, Result, Score
from grantrules.methods import Base
from grantrules.pools import CostRule, Requirement
from grantrules.readings.labels import labels_of
from grantrules.ruleset import RuleSet
from grantrules.serial.facts import Wrong, flag, money, text, to_data
from grantrules.serial.files import COMMENT, joined
from grantrules.terms.nodes import AllOf, Among, Compare, Fact, Membership
from grantrules.terms.schema import COSTS, Kind
from grantrules.testing.cases.expected_values import (
    count,
    fraction,
    id_of,
    list_of,
    margin_of,
    maybe,
    needs,
    of_kinds,
    plain_values,
    refused,
    texts,
    word,
)
from grantrules.testing.cases.expecting import Absent, Branch, Ids, Keys, Node, Parted, Said, Value, read
from grantrules.values import Rounding, hundredths

WHY = "why"
"""The key under which an expectation gives its reasons."""


@frozen
class Expectation:
    """What is expected of a decision, read and ready to be held against many."""

    _said: tuple[Said, ...]

    def parted(self, decision: Decision) -> Iterator[Parted]:
        """Every place where a decision is not as expected; what is cheap to look at comes first."""
        for said in self._said:
            yield from said.parted(decision)


def read_expectation(
    data: Mapping[str, Any], rules: RuleSet, application: Any, place: str, problems: list[Problem]
) -> Expectation | None:
    """
    Read an expectation against the rules of its round.

    Args:
        data: without its reasons.
        application: what it is about; `None` if it cannot be read, and lines are taken as they are named.
        place: the path of the expectation in its file.
        problems: takes everything that is wrong with it.

    Returns:
        The expectation, `None` if something is wrong with it.
    """
    wrong: list[Problem] = []
    (said,) = read(_decision(rules, application), data, "", (), wrong) or (None,)
    if not wrong and not _names_a_finding(data):
        message = "the expectation names no finding, of a requirement or of a cost rule on a line"
        wrong.append(Problem("", message, 'add `"findings": {"RULE": "met"}`', "no-finding"))
    problems += [evolve(p, where=joined(place, p.where) if p.where else place) for p in wrong]
    return Expectation(said.parts) if isinstance(said, Branch) and not wrong else None


def read_why(stated: Any, place: str, problems: list[Problem]) -> tuple[str, ...]:
    """
    The reasons that an expectation gives: text, or a list of texts.

    Args:
        place: the path of the reasons in their file.
        problems: takes what is wrong with them.
    """
    hint = "say in words why it is expected"
    why = [stated] if isinstance(stated, str) else stated
    if stated is None:
        problems.append(Problem(place, "the expectation gives no reasons", hint, "no-why"))
    elif not isinstance(why, list) or not why or not all(isinstance(one, str) and one.strip() for one in why):
        problems.append(Problem(place, f"expected text or a list of texts, got {excerpt(stated)}", hint, "no-why"))
    else:
        return tuple(why)
    return ()


def _names_a_finding(data: Mapping[str, Any]) -> bool:
    """What a requirement found, what a cost rule took of a line, or the points of a criterion."""
    lines = data.get("costs", {}).get("lines", {})
    score = data.get("score") or {}
    named = [data.get("findings"), score.get("criteria"), score.get("thresholds")]
    named += [line.get("findings") for key, line in lines.items() if key != COMMENT]
    return any(set(findings or ()) - {COMMENT} for findings in named)


# The decision, part by part, in the order of what it costs to look at


def _decision(rules: RuleSet, application: Any) -> Keys:
    requirements = {rule.id: rule for rule in rules.requirements}
    conditions = [condition.id for condition in rules.conditions]
    assumptions = [assumption.id for assumption in rules.assumptions()]
    return Keys(
        {
            "outcome": Value(word(Outcome), lambda decision: decision.outcome),
            "findings": Ids(
                "rule",
                tuple(requirements),
                lambda id: _finding(requirements[id], rules, application),
                lambda decision: decision.results,
            ),
            "highest_grant": Value(maybe(money), lambda decision: decision.highest_grant),
            "conditions": Value(list_of("condition", conditions), lambda decision: decision.conditions),
            "costs": _costs(rules, application),
            "grant_range": Keys(
                {"low": Value(money, lambda ends: ends[0]), "high": Value(money, lambda ends: ends[1])},
                lambda decision: decision.grant_range,
                nullable=True,
            ),
            "score": _score(rules),
            "needed": Value(needs, _needed, _needs_to_data),
            "assumptions": Value(list_of("assumption", assumptions), lambda decision: decision.assumptions),
            "standing": _standing(rules),
        },
        _same_decision,
    )


def _same_decision(decision: Decision) -> Decision:
    return decision


def _finding(rule: Requirement, rules: RuleSet, application: Any) -> Keys:
    compared = _compared(rule, rules)
    limits = [Kind.CHOICES if kind is Kind.CHOICE else kind for kind in compared]
    return Keys(
        {
            "result": Value(word(Result), lambda found: found.result),
            "found": Value(of_kinds(compared, rules.pool.zone), lambda found: found.found),
            "limit": Value(of_kinds(limits, rules.pool.zone), lambda found: found.limit),
            "margin": Value(margin_of(compared), lambda found: found.margin),
            **_reasons(rules, application),
        },
        lambda decision: next((found for found in decision.findings if found.rule == rule.id), Absent.RULE),
        # The result alone is there at once; everything else has to be worked out first.
        short=Value(word(Result), lambda decision: decision.results.get(rule.id, Absent.RULE)),
    )


def _compared(rule: Requirement, rules: RuleSet) -> list[Kind]:
    """The kinds of value that the comparisons of a demand compare."""
    kinds: list[Kind] = []
    for item in rule.demand.items if isinstance(rule.demand, AllOf) else (rule.demand,):
        match item:
            case Compare(_, left, _):
                kinds.append(rules.checker.kind_of(left))
            case Membership(among):
                kinds.append(Kind.CHOICE if among is Among.IS_ONE_OF else Kind.CHOICES)
            case Fact():
                kinds.append(Kind.TRUTH)
            case _:
                pass
    return list(dict.fromkeys(kinds))


def _reasons(rules: RuleSet, application: Any) -> dict[str, Node]:
    """What findings of requirements and of cost rules have in common."""
    judgements = [judgement.id for judgement in rules.judgements]
    paths = _Paths(rules, application)
    return {
        "facts": Ids("fact or judgement", None, paths.fact, lambda found: found.facts),
        "missing": Value(texts, lambda found: tuple(sorted(found.missing))),
        "judgement": Value(maybe(id_of("judgement", judgements)), lambda found: found.judgement),
        "disputed": Value(flag, lambda found: found.disputed),
    }


@frozen
class _Paths:
    """The facts and judgements that a finding may rest on."""

    rules: RuleSet
    application: Any

    def fact(self, path: str) -> Value:
        """What may be said of one of them."""

        def read(value: Any) -> Any:
            if value is None:
                return None
            kind = self._kind(path)
            if kind in (Kind.MANY, Kind.RECORD):
                return () if value == [] else refused(value, "an empty list")
            return of_kinds([kind], self.rules.pool.zone)(value)

        return Value(read, lambda found: found.facts.get(path))

    def _kind(self, path: str) -> Kind:
        if any(judgement.id == path for judgement in self.rules.judgements):
            return Kind.TRUTH
        kind = labels_of(self.rules, self.application, [path])[path].kind
        if kind is None:
            known = [judgement.id for judgement in self.rules.judgements]
            known += [fact.name for fact in self.rules.schema.application.fields]
            raise Wrong(f"there is no fact or judgement {excerpt(path)}", nearest(path, known), "unknown-id")
        return kind


def _costs(rules: RuleSet, application: Any) -> Keys:
    stated = getattr(application, COSTS, None)
    names = None if application is None else [line.id or f"{COSTS}[{i}]" for i, line in enumerate(stated or ())]
    lines = Ids("cost line", names, lambda name: _line(name, rules, application), _line_names)
    amounts: dict[str, Node] = {name: Value(maybe(money), _amount(name)) for name in _AMOUNTS}
    return Keys({**amounts, "lines": lines}, lambda decision: decision.costs)


_AMOUNTS = ("claimed", "eligible", "disallowed", "undetermined")


def _amount(name: str) -> Callable[[Any], Any]:
    """One of the four amounts of a line or of all lines together."""

    def of(judged: CostLine | CostStatement) -> Decimal | None:
        interval = judged.interval if isinstance(judged, CostLine) else judged.total
        found: Decimal | None = None if interval is None else getattr(interval, name)
        return found

    return of


def _line_names(costs: CostStatement) -> list[str]:
    return [_line_name(line) for line in costs.lines]


def _line_name(line: CostLine) -> str:
    return line.id or f"{COSTS}[{line.index}]"


def _line(name: str, rules: RuleSet, application: Any) -> Keys:
    cost_rules = {rule.id: rule for rule in rules.cost_rules}
    amounts: dict[str, Node] = {amount: Value(maybe(money), _amount(amount)) for amount in _AMOUNTS}
    findings = Ids(
        "cost rule",
        tuple(cost_rules),
        lambda id: _cost_finding(cost_rules[id], rules, application),
        lambda line: tuple(found.rule for found in line.findings),
    )
    return Keys(
        {"category": Value(maybe(text), lambda line: line.category), **amounts, "findings": findings},
        lambda costs: next((line for line in costs.lines if _line_name(line) == name), Absent.LINE),
    )


def _cost_finding(rule: CostRule, rules: RuleSet, application: Any) -> Keys:
    def taken(line: CostLine) -> CostFinding | None:
        """The finding of the rule on the line; one that takes nothing where it has none."""
        if line.interval is None:
            return None
        nothing = CostFinding(rule.id, _ZERO, _ZERO, (), {})
        return next((found for found in line.findings if found.rule == rule.id), nothing)

    def amount(line: CostLine) -> Decimal | None:
        found = taken(line)
        return None if found is None else found.taken

    return Keys(
        {
            "taken": Value(money, lambda found: found.taken),
            "held": Value(money, lambda found: found.held),
            "amount": Value(money, lambda found: found.amount),
            "limit": Value(maybe(money), lambda found: found.limit),
            **_reasons(rules, application),
        },
        taken,
        short=Value(maybe(money), amount),
        nullable=True,
    )


_ZERO = Decimal("0.00")


def _score(rules: RuleSet) -> Keys:
    criteria = [criterion.id for criterion in rules.scoring.criteria]
    thresholds = [criterion.id for criterion in rules.scoring.criteria if criterion.threshold is not None]
    thresholds += [] if rules.scoring.threshold is None else [rules.scoring.threshold.id]
    return Keys(
        {
            "total": Value(maybe(money), lambda score: score.total),
            "exact": Value(maybe(fraction), lambda score: score.exact),
            "low": Value(money, lambda score: hundredths(score.low)),
            "high": Value(money, lambda score: hundredths(score.high)),
            "exact_low": Value(fraction, lambda score: score.low),
            "exact_high": Value(fraction, lambda score: score.high),
            "criteria": Ids("criterion", criteria, _criterion, lambda score: [c.id for c in score.criteria]),
            "thresholds": Ids("threshold", thresholds, _threshold, lambda score: [t.id for t in score.thresholds]),
        },
        lambda decision: decision.score,
        nullable=True,
    )


def _criterion(id: str) -> Keys:
    def of(score: Score) -> Any:
        return next((found for found in score.criteria if found.id == id), Absent.CRITERION)

    return Keys(
        {
            "points": Value(maybe(fraction), lambda found: found.points),
            "rating": Value(maybe(fraction), lambda found: found.rating),
            "ratings": Value(count, lambda found: found.ratings),
            "weight": Value(fraction, lambda found: found.weight),
            "missing": Value(texts, lambda found: tuple(sorted(need.what for need in found.needs))),
        },
        of,
        short=Value(maybe(fraction), _part(of, "points")),
    )


def _threshold(id: str) -> Keys:
    def of(score: Score) -> Any:
        return next((found for found in score.thresholds if found.id == id), Absent.THRESHOLD)

    return Keys(
        {
            "holds": Value(maybe(flag), lambda found: found.holds),
            "found": Value(maybe(fraction), lambda found: found.found),
            "least": Value(fraction, lambda found: found.least),
        },
        of,
        short=Value(maybe(flag), _part(of, "holds")),
    )


def _part(of: Callable[[Any], Any], name: str) -> Callable[[Any], Any]:
    """A part of something that may be absent."""

    def part(around: Any) -> Any:
        found = of(around)
        return found if isinstance(found, Absent) else getattr(found, name)

    return part


def _standing(rules: RuleSet) -> Keys:
    allocation = rules.allocation
    strands = [] if allocation is None else [strand.id for strand in allocation.strands]
    demands = [] if allocation is None else [demand.id for demand in allocation.co_financing]
    return Keys(
        {
            "least": Value(maybe(money), lambda standing: standing.least),
            "strand": Value(maybe(id_of("strand", strands)), lambda standing: standing.strand),
            "prior": Value(maybe(money), lambda standing: standing.prior),
            "order": Value(plain_values, lambda standing: tuple(to_data(value.value) for value in standing.order)),
            "missing": Value(texts, lambda standing: tuple(sorted(standing.missing))),
            "co_financing": Ids("demand", demands, _demand, lambda standing: [d.id for d in standing.demands]),
        },
        lambda decision: decision.standing,
        nullable=True,
    )


def _demand(id: str) -> Keys:
    def of(standing: Standing) -> Any:
        return next((found for found in standing.demands if found.id == id), Absent.CO_FINANCING)

    return Keys(
        {
            "base": Value(word(Base), lambda found: found.base),
            "rate": Value(fraction, lambda found: found.rate),
            "rounding": Value(word(Rounding), lambda found: found.rounding),
            "amount": Value(maybe(money), lambda found: found.amount),
            "stated": Value(maybe(money), lambda found: found.stated),
        },
        of,
    )


def _needed(decision: Decision) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((need.origin, need.what) for need in decision.needed))


def _needs_to_data(needs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"from": origin, "what": what} for origin, what in needs]
