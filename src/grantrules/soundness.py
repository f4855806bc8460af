"""
Whether a rule set holds together: everything that can be wrong with rules before they meet an application.

What passes here can be read by every reading without an error.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from fractions import Fraction
from typing import assert_never, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attrs import evolve

from grantrules.errors import PluginError, Problem, excerpt
from grantrules.pools import (
    Above,
    Allocation,
    Assumed,
    Basis,
    Cited,
    Condition,
    CostRule,
    Criterion,
    GrantFormula,
    Part,
    Requirement,
    Source,
    Stage,
    Weighting,
    Whole,
    assumption_of,
)
from grantrules.ruleset import Rule, RuleSet
from grantrules.terms.canonical import amount_to_data
from grantrules.terms.check import NOT_A_TERM, TRUTH, Sort
from grantrules.terms.nodes import Arithmetic, Choose, Extreme, Fact, Operation, Rounded, Share, Term
from grantrules.terms.schema import APPLICATION, COSTS, TOTALS, Kind
from grantrules.terms.walk import facts_read, judgements, named_values
from grantrules.values import LANGUAGES, Text


def checked(rules: RuleSet) -> RuleSet:
    """
    Return the rule set if it holds together.

    Raises:
        PluginError: with every problem found, each with its plugin, rule and place.
    """
    found = problems(rules)
    if found:
        raise PluginError(rules.name, found)
    return rules


_ID = r"[a-z0-9]+([.-][a-z0-9]+)*"
"""What ids of rules, criteria and judgements look like."""

_POOL_ID = r"[A-Za-z0-9][A-Za-z0-9_.-]*"


def problems(rules: RuleSet) -> list[Problem]:
    """Everything that is wrong with a rule set, each with its plugin, rule and place."""
    found = list(_rule_problems(rules))
    if any(problem.code == NOT_A_TERM for problem in found):
        return found
    found += [*_pool_problems(rules), *_value_problems(rules), *_score_problems(rules), *_judgement_problems(rules)]
    sources: dict[str, Source] = {}
    for source in rules.sources:
        if sources.setdefault(source.id, source) != source:
            found.append(Problem(f"source {source.id}", "two different sources have this id", code="two-sources"))
    return found


def _rule_problems(rules: RuleSet) -> Iterator[Problem]:
    for rule in rules.rules:
        plugin = rules.brought_by.get(rule.id, rules.pool.id)
        for problem in (*_carrier_problems(rule), *_id_problems(rule), *_term_problems(rules, rule)):
            yield evolve(problem, where=f"plugin {plugin}: rule {rule.id}: {problem.where}")
    for assumption in rules.pool.assumptions:
        if assumption.when is not None:
            for problem in rules.checker.check(assumption.when, TRUTH, "when"):
                yield evolve(problem, where=f"assumption {assumption.id}: {problem.where}")


_STAGES: Mapping[type, tuple[Stage, ...]] = {
    Requirement: (Stage.FORMAL, Stage.ELIGIBILITY),
    CostRule: (Stage.COST,),
    Condition: (Stage.CONDITION,),
}


def _id_problems(rule: Rule) -> Iterator[Problem]:
    stages = _STAGES.get(type(rule), ())
    if not isinstance(rule.id, str) or not re.fullmatch(_ID, rule.id):
        hint = "use small letters, digits, `-` and `.`, as in `eligibility.matching`"
        yield Problem("id", f"{excerpt(rule.id)} is not an id", hint, "wrong-id")
    if stages and str(rule.id).partition(".")[0] not in stages:
        if len(stages) == 1:
            message = f"`{rule.id}` does not begin with `{stages[0]}.`"
        else:
            message = f"`{rule.id}` begins with neither " + " nor ".join(f"`{stage}.`" for stage in stages)
        yield Problem("id", message, "begin the id with its stage", "wrong-stage")


def _term_problems(rules: RuleSet, rule: Rule) -> Iterator[Problem]:
    checker = rules.checker
    if isinstance(rule, CostRule) and not isinstance(rule.disallow, Whole | Part | Above):
        message = f"expected `Whole()`, `Part(…)` or `Above(…)`, got {excerpt(rule.disallow)}"
        yield Problem("disallow", message, code=NOT_A_TERM)
        return
    match rule:
        case CostRule():
            checker = evolve(checker, scope=(APPLICATION, COSTS))
        case GrantFormula():
            checker = evolve(checker, scope=(APPLICATION, TOTALS))
        case Requirement() | Criterion() | Condition() | Allocation():
            pass
        case _:
            assert_never(rule)
    if isinstance(rule, GrantFormula) and not _rises(rule.amount):
        message = "it may fall when eligible costs rise, so it cannot be read at both ends of what is undetermined"
        yield Problem("amount", message, "let eligible costs only add to it", "falling")
    for place, term in rule.terms:
        money = place.startswith("disallow") or isinstance(rule, GrantFormula)
        yield from checker.check(term, Sort(Kind.MONEY) if money else TRUTH, place)


def _rises(term: Term) -> bool:
    """A term never falls when the totals rise: they are only added, compared and shared, never taken away."""
    match term:
        case Arithmetic(Operation.SUBTRACT, left, right):
            return _rises(left) and not _reads_totals(right)
        case Arithmetic(Operation.ADD, left, right):
            return _rises(left) and _rises(right)
        case Extreme(_, items):
            return all(_rises(item) for item in items)
        case Share(base, rate, _):
            return _rises(base) and rate >= 0
        case Rounded(amount, _):
            return _rises(amount)
        case Choose(condition, chosen, otherwise):
            return not _reads_totals(condition) and _rises(chosen) and _rises(otherwise)
        case Fact():
            return True
        case _:
            return not _reads_totals(term)


def _reads_totals(term: Term) -> bool:
    return any(fact.of == TOTALS for fact in facts_read(term))


def _carrier_problems(rule: Rule) -> Iterator[Problem]:
    yield from _basis_problems(rule.basis)
    yield from _text_problems("statement", rule.statement)


def _basis_problems(basis: Basis) -> Iterator[Problem]:
    if not isinstance(basis, get_args(Basis)):
        yield Problem("basis", "the rule has no basis", "give it `Cited(…)`, `Notice(…)` or `Assumed(…)`", "no-basis")
        return
    if isinstance(basis, Assumed) or assumption_of(basis) is not None:
        yield from _text_problems("basis", assumption_of(basis))
    if not isinstance(basis, Assumed) and not isinstance(basis.source, Source):
        yield Problem("basis.source", f"expected a `Source`, got {excerpt(basis.source)}", code="no-source")
    if isinstance(basis, Cited) and not (isinstance(basis.heading, str) and basis.heading.strip()):
        yield Problem("basis.heading", "it names no heading of the source", code="no-heading")


def _text_problems(place: str, text: object) -> Iterator[Problem]:
    if not isinstance(text, Text):
        yield Problem(place, f"expected a text in da, nb and en, got `{text!r:.40}`", "write `Text(da=…, nb=…, en=…)`")
        return
    for language in LANGUAGES:
        written = text.to(language)
        if not isinstance(written, str) or not written.strip():
            yield Problem(f"{place}.{language}", "the text is empty", code="no-text")


def _value_problems(rules: RuleSet) -> Iterator[Problem]:
    seen: set[str] = set()
    for value in rules.round.values:
        place = f"round {rules.round.id}: value {value.name}"
        if value.name in seen:
            yield Problem(place, "two values have this name", code="two-values")
        seen.add(value.name)
        yield from _text_problems(f"{place}: label", value.label)
        if isinstance(value.amount, datetime) and value.amount.utcoffset() is None:
            yield Problem(place, f"`{value.amount.isoformat()}` has no time zone", "give it its offset", "no-zone")
        if not isinstance(value.basis, get_args(Basis)):
            yield Problem(place, "the value has no basis", code="no-basis")
        try:
            amount_to_data(value.amount)
        except (ArithmeticError, AssertionError):
            yield Problem(place, f"`{value.amount!r}` is not a value rules can hold", "write amounts as `kr(…)`")
    read = {name for rule in rules.rules for _, term in rule.terms for name in named_values(term)}
    for name in sorted(seen - read):
        yield Problem(f"round {rules.round.id}: value {name}", "no rule reads it", "remove it", "idle-value")


def _score_problems(rules: RuleSet) -> Iterator[Problem]:
    scoring = rules.scoring
    if scoring.scale is not None and (type(scoring.scale.top) is not int or scoring.scale.top < 1):
        message = f"expected a whole number from 1, got {excerpt(scoring.scale.top)}"
        yield Problem(f"{scoring.scale.id}: top", message, code="scale")
    for criterion in scoring.criteria:
        weight = criterion.weight
        if weight is not None and (not isinstance(weight, Fraction | int) or weight < 0):
            message = f"expected an exact weight of at least zero, got {excerpt(weight)}"
            yield Problem(f"criterion {criterion.id}: weight", message, "write `Fraction(1, 3)`", "weights")
            return
    for name in ("scale", "weights", "combination"):
        part = getattr(scoring, name)
        if scoring.criteria and part is None:
            yield Problem("scoring", f"there are criteria but no {name}", f"give the scoring a {name}", "no-scoring")
        elif part is not None and not isinstance(part.basis, get_args(Basis)):
            yield Problem(part.id, "it has no basis", code="no-basis")
    if scoring.weights is None:
        return
    stated = [criterion for criterion in scoring.criteria if criterion.weight is not None]
    if scoring.weights.weighting is Weighting.EQUAL and stated:
        yield Problem("scoring", f"weights are equal, but `{stated[0].id}` states one", code="weights")
    elif scoring.weights.weighting is Weighting.STATED:
        if len(stated) < len(scoring.criteria):
            yield Problem("scoring", "a criterion states no weight", code="weights")
        elif (whole := sum((c.weight or Fraction(0) for c in stated), Fraction(0))) != 1:
            yield Problem("scoring", f"the weights add up to {whole}, not to 1", code="weights")


def _judgement_problems(rules: RuleSet) -> Iterator[Problem]:
    asked: dict[str, dict[Text, list[str]]] = {}
    pairs = [(rule, j) for rule in rules.rules for _, term in rule.terms for j in judgements(term)]
    for rule, judgement in pairs:
        asked.setdefault(judgement.id, {}).setdefault(judgement.question, []).append(rule.id)
    for id, questions in asked.items():
        if not isinstance(id, str) or not re.fullmatch(_ID, id):
            yield Problem(f"judgement {id}", f"{excerpt(id)} is not an id", "use small letters and `-`", "wrong-id")
        for question in questions:
            yield from _text_problems(f"judgement {id}: question", question)
        if len(questions) > 1:
            by = " and ".join(f"`{found[0]}`" for found in questions.values())
            yield Problem(f"judgement {id}", f"{by} ask it in different words", "share one question", "two-questions")
    application = {j.id for rule in rules.requirements for _, term in rule.terms for j in judgements(term)}
    for id in sorted(application & rules.line_judgements):
        yield Problem(f"judgement {id}", "asked of the application and of single lines", code="two-scopes")


def _pool_problems(rules: RuleSet) -> Iterator[Problem]:
    try:
        ZoneInfo(rules.pool.zone)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        yield Problem("pool.zone", f"there is no time zone {excerpt(rules.pool.zone)}", code="unknown-zone")
    for place, id in (("pool.id", rules.pool.id), ("round.id", rules.round.id)):
        if not isinstance(id, str) or not re.fullmatch(_POOL_ID, id):
            yield Problem(place, f"{excerpt(id)} is not an id", "use letters, digits, `_`, `-` and `.`", "wrong-id")
    for place in ("title", "funder"):
        yield from _text_problems(f"pool.{place}", getattr(rules.pool, place))
