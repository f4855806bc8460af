"""What may be wrong with a single rule: its id, its basis, its terms, and the questions it asks."""

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import assert_never

from attrs import evolve

from grantrules.criteria import Banded, Criterion, Linear
from grantrules.errors import Problem, excerpt
from grantrules.methods import Administration, Allocation, CoFinancing, Strand
from grantrules.pools import (
    Above,
    Condition,
    CostRule,
    GrantFormula,
    Part,
    Requirement,
    Stage,
    Whole,
)
from grantrules.ruleset import Rule, RuleSet
from grantrules.soundness.texts import (
    ID,
    basis_problems,
    text_problems,
)
from grantrules.terms.check import NOT_A_TERM, TRUTH, Sort
from grantrules.terms.nodes import Arithmetic, Choose, Extreme, Fact, Operation, Rounded, Share, Term
from grantrules.terms.notation import notation
from grantrules.terms.schema import APPLICATION, COSTS, TOTALS, Kind
from grantrules.terms.walk import facts_read, judgements
from grantrules.values import Text


def rule_problems(rules: RuleSet) -> Iterator[Problem]:
    """What is wrong with each rule, with its plugin, id and place."""
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
    Strand: (Stage.ALLOCATION,),
    CoFinancing: (Stage.ALLOCATION,),
}


def _id_problems(rule: Rule) -> Iterator[Problem]:
    stages = _STAGES.get(type(rule), ())
    if not isinstance(rule.id, str) or not re.fullmatch(ID, rule.id):
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
        case Requirement() | Criterion() | Condition() | Allocation() | Administration() | Strand() | CoFinancing():
            pass
        case _:
            assert_never(rule)
    if isinstance(rule, GrantFormula) and not _rises(rule.amount):
        message = "it may fall when eligible costs rise, so it cannot be read at both ends of what is undetermined"
        yield Problem("amount", message, "let eligible costs only add to it", "falling")
    match rule:
        case Criterion(computed=Linear() | Banded() as points):
            yield from checker.check_alike(tuple(term for _, term in rule.terms), "computed")
            yield from _figure_problems(rules, points)
        case Allocation():
            for place, term in rule.keys:
                yield from checker.check_ordered(term, place)
            for place, term in rule.terms[len(rule.keys) :]:
                yield from checker.check(term, Sort(Kind.MONEY), place)
        case _:
            for place, term in rule.terms:
                yield from checker.check(term, Sort(Kind.MONEY) if _is_money(rule, place) else TRUTH, place)


def _is_money(rule: Rule, place: str) -> bool:
    return isinstance(rule, GrantFormula | CoFinancing) or place.startswith("disallow")


def _figure_problems(rules: RuleSet, points: Linear | Banded) -> Iterator[Problem]:
    """What is wrong with the figures between which points are given."""
    terms = (points.none, points.full) if isinstance(points, Linear) else tuple(band.start for band in points.bands)
    figures = [rules.checker.figure(term) for term in terms]
    hint = "write a figure, or name a value of the round"
    for term, figure in zip(terms, figures, strict=True):
        if figure is None:
            yield Problem("computed", f"`{notation(term)}` is no figure", hint, "no-figure")
    if None in figures:
        return
    if isinstance(points, Linear):
        if figures[0] == figures[1]:
            message = f"no points and all points begin at the same figure, {figures[0]}"
            yield Problem("computed", message, "let them differ", "no-figure")
        return
    if not figures or figures != sorted(set(figures)):
        yield Problem("computed.bands", "the bands do not begin one above the other", "sort them", "bands")
    for index, band in enumerate(points.bands):
        if not isinstance(band.points, Fraction | int) or not 0 <= band.points <= 1:
            message = f"expected exact points from 0 to 1, got {excerpt(band.points)}"
            yield Problem(f"computed.bands[{index}].points", message, "write `Fraction(1, 2)`", "bands")


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
    yield from basis_problems(rule.basis)
    yield from text_problems("statement", rule.statement)


def judgement_problems(rules: RuleSet) -> Iterator[Problem]:
    """Questions that are asked in two ways, or of two things."""
    asked: dict[str, dict[Text, list[str]]] = {}
    pairs = [(rule, j) for rule in rules.rules for _, term in rule.terms for j in judgements(term)]
    for rule, judgement in pairs:
        asked.setdefault(judgement.id, {}).setdefault(judgement.question, []).append(rule.id)
    for id, questions in asked.items():
        if not isinstance(id, str) or not re.fullmatch(ID, id):
            yield Problem(f"judgement {id}", f"{excerpt(id)} is not an id", "use small letters and `-`", "wrong-id")
        for question in questions:
            yield from text_problems(f"judgement {id}: question", question)
        if len(questions) > 1:
            by = " and ".join(f"`{found[0]}`" for found in questions.values())
            yield Problem(f"judgement {id}", f"{by} ask it in different words", "share one question", "two-questions")
    application = {j.id for rule in rules.requirements for _, term in rule.terms for j in judgements(term)}
    for id in sorted(application & rules.line_judgements):
        yield Problem(f"judgement {id}", "asked of the application and of single lines", code="two-scopes")
