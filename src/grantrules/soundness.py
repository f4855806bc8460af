"""
Whether a rule set holds together: everything that can be wrong with rules before they meet an application.

What passes here can be read by every reading without an error.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import assert_never, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attrs import evolve

from grantrules.bases import Assumed, Basis, Cited, Source, assumption_of
from grantrules.criteria import Banded, Criterion, Linear, Scoring, Weighting, Weights
from grantrules.errors import PluginError, Problem, excerpt, nearest
from grantrules.methods import Administration, Allocation, ByScore, CoFinancing, Method, Strand
from grantrules.pools import (
    BUDGET,
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
from grantrules.terms.canonical import amount_to_data
from grantrules.terms.check import NOT_A_TERM, TRUTH, Sort
from grantrules.terms.nodes import Arithmetic, Choose, Extreme, Fact, Operation, Rounded, Share, Term
from grantrules.terms.notation import notation
from grantrules.terms.schema import APPLICATION, COSTS, TOTALS, Kind
from grantrules.terms.walk import facts_read, judgements, named_values
from grantrules.values import LANGUAGES, Amount, Text


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
    found += [*_pool_problems(rules), *_round_problems(rules), *_value_problems(rules), *_score_problems(rules)]
    found += [*_judgement_problems(rules), *_allocation_problems(rules)]
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
    Strand: (Stage.ALLOCATION,),
    CoFinancing: (Stage.ALLOCATION,),
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
        if value.name == BUDGET:
            yield Problem(place, "the round binds its budget by this name itself", "leave it out", "two-values")
        elif value.name in seen:
            yield Problem(place, "two values have this name", code="two-values")
        seen.add(value.name)
        yield from _text_problems(f"{place}: label", value.label)
        yield from _amount_problems(value.amount, place)
        yield from _stated_basis_problems(value.basis, place, "the value")
    read = {name for rule in rules.rules for _, term in rule.terms for name in named_values(term)}
    for name in sorted(seen - read):
        yield Problem(f"round {rules.round.id}: value {name}", "no rule reads it", "remove it", "idle-value")


def _amount_problems(amount: Amount, place: str) -> Iterator[Problem]:
    if isinstance(amount, datetime) and amount.utcoffset() is None:
        yield Problem(place, f"`{amount.isoformat()}` has no time zone", "give it its offset", "no-zone")
    try:
        amount_to_data(amount)
    except (ArithmeticError, AssertionError):
        yield Problem(place, f"`{amount!r}` is not a value rules can hold", "write amounts as `kr(…)`")


def _stated_basis_problems(basis: Basis, place: str, what: str) -> Iterator[Problem]:
    if not isinstance(basis, get_args(Basis)):
        yield Problem(place, f"{what} has no basis", code="no-basis")


def _round_problems(rules: RuleSet) -> Iterator[Problem]:
    round, place = rules.round, f"round {rules.round.id}"
    if not isinstance(round.budget, Decimal) or round.budget < 0:
        yield Problem(f"{place}: budget", f"expected an amount, got {excerpt(round.budget)}", "write it as `kr(…)`")
        return
    for appropriation in round.appropriations:
        yield from _text_problems(f"{place}: appropriation", appropriation.label)
        yield from _stated_basis_problems(appropriation.basis, f"{place}: appropriation", "it")
    found = sum((appropriation.amount for appropriation in round.appropriations), Decimal(0))
    if round.appropriations and found != round.budget:
        message = f"they add up to {found}, the budget is {round.budget}"
        yield Problem(f"{place}: appropriations", message, "state all of them, or none", "budget")
    for figure in round.figures:
        where = f"{place}: figure {figure.name}"
        yield from _text_problems(f"{where}: label", figure.label)
        yield from _amount_problems(figure.amount, where)
        yield from _stated_basis_problems(figure.basis, where, "the figure")


def _score_problems(rules: RuleSet) -> Iterator[Problem]:
    scoring = rules.scoring
    if scoring.scale is not None and (type(scoring.scale.top) is not int or scoring.scale.top < 1):
        message = f"expected a whole number from 1, got {excerpt(scoring.scale.top)}"
        yield Problem(f"{scoring.scale.id}: top", message, code="scale")
    for part in scoring.parts:
        yield from _stated_basis_problems(part.basis, part.id, "it")
    for name in ("scale", "weights", "combination"):
        if scoring.criteria and getattr(scoring, name) is None:
            yield Problem("scoring", f"there are criteria but no {name}", f"give the scoring a {name}", "no-scoring")
    inexact = list(_inexact(scoring))
    yield from inexact
    if scoring.weights is not None and not inexact:
        yield from _weight_problems(scoring, scoring.weights)
        yield from _emphasis_problems(scoring)
        yield from _threshold_problems(scoring)


def _inexact(scoring: Scoring) -> Iterator[Problem]:
    """Weights and thresholds that are no exact numbers."""
    stated = [(f"criterion {c.id}: {n}", getattr(c, n)) for c in scoring.criteria for n in ("weight", "threshold")]
    stated += [] if scoring.weights is None else [(f"{scoring.weights.id}: total", scoring.weights.total)]
    stated += [] if scoring.threshold is None else [(scoring.threshold.id, scoring.threshold.least)]
    for place, number in stated:
        if number is not None and (not isinstance(number, Fraction | int) or number < 0):
            message = f"expected an exact number of at least zero, got {excerpt(number)}"
            yield Problem(place, message, "write `Fraction(1, 3)`", "weights")


def _weight_problems(scoring: Scoring, weights: Weights) -> Iterator[Problem]:
    stated = [criterion for criterion in scoring.criteria if criterion.weight is not None]
    if weights.weighting is Weighting.EQUAL and stated:
        yield Problem("scoring", f"weights are equal, but `{stated[0].id}` states one", code="weights")
    elif weights.weighting is Weighting.STATED:
        whole = sum((criterion.weight or Fraction(0) for criterion in stated), Fraction(0))
        if len(stated) < len(scoring.criteria):
            yield Problem("scoring", "a criterion states no weight", code="weights")
        elif not whole or whole != weights.total:
            yield Problem("scoring", f"the weights add up to {whole}, not to {weights.total}", code="weights")


def _emphasis_problems(scoring: Scoring) -> Iterator[Problem]:
    """An order in words that names other criteria, or that the weights in use contradict."""
    emphasis = scoring.emphasis
    if emphasis is None:
        return
    yield from _text_problems(f"{emphasis.id}: statement", emphasis.statement)
    shares = dict(zip((criterion.id for criterion in scoring.criteria), scoring.shares, strict=True))
    named = [id for group in emphasis.groups for id in group]
    for id in dict.fromkeys(named):
        if id not in shares:
            yield Problem(emphasis.id, f"there is no criterion {excerpt(id)}", nearest(id, shares), "unknown-id")
        elif named.count(id) > 1:
            yield Problem(emphasis.id, f"`{id}` is named twice", "name each criterion once", "emphasis")
    groups = [*emphasis.groups, tuple(id for id in shares if id not in named)]
    for heavier, lighter in pairwise([[id for id in group if id in shares] for group in groups]):
        least, most = min(heavier, key=shares.__getitem__, default=""), max(lighter, key=shares.__getitem__, default="")
        if least and most and shares[least] < shares[most]:
            message = (
                f"`{least}` should weigh at least as much as `{most}`, and weighs {shares[least]} to {shares[most]}"
            )
            yield Problem(emphasis.id, message, "change the weights, or the emphasis", "emphasis")


def _threshold_problems(scoring: Scoring) -> Iterator[Problem]:
    top = 1 if scoring.scale is None else scoring.scale.top
    for criterion in scoring.criteria:
        highest = top if criterion.computed is None else 1
        if criterion.threshold is not None and criterion.threshold > highest:
            message = f"expected a threshold from 0 to {highest}, got {criterion.threshold}"
            yield Problem(f"criterion {criterion.id}: threshold", message, code="threshold")
    if scoring.threshold is not None and scoring.threshold.least > 100:
        message = f"expected a total from 0 to 100, got {scoring.threshold.least}"
        yield Problem(scoring.threshold.id, message, code="threshold")


def _allocation_problems(rules: RuleSet) -> Iterator[Problem]:
    allocation = rules.allocation
    if allocation is None:
        return
    place = f"rule {allocation.id}"
    if not isinstance(allocation.method, Method):
        yield Problem(f"{place}: method", f"expected a `Method`, got {excerpt(allocation.method)}", code="method")
    if not allocation.order:
        yield Problem(f"{place}: order", "nothing puts applications in order", "begin with `ByScore()`", "order")
    if ByScore() in allocation.order and not rules.scoring.criteria:
        yield Problem(f"{place}: order", "it asks for the score, and there are no criteria", code="order")
    if allocation.reserve is not None and (type(allocation.reserve) is not int or allocation.reserve < 0):
        yield Problem(
            f"{place}: reserve", f"expected a whole number, got {excerpt(allocation.reserve)}", code="reserve"
        )
    if allocation.administration is not None:
        rate = allocation.administration.rate
        if not isinstance(rate, Fraction) or not 0 <= rate <= 1:
            message = f"expected an exact share from 0 to 1, got {excerpt(rate)}"
            yield Problem(f"rule {allocation.administration.id}: rate", message, "write `Fraction(3, 100)`", "share")
    for demand in allocation.co_financing:
        if not isinstance(demand.rate, Fraction) or demand.rate < 0:
            message = f"expected an exact share, got {excerpt(demand.rate)}"
            yield Problem(f"rule {demand.id}: rate", message, "write `Fraction(1, 2)`", "share")
    yield from _strand_problems(rules, allocation)


_WITH_STRANDS = (Method.RANK_STOP, Method.RANK_SKIP, Method.RANK_PARTIAL_LAST)


def _strand_problems(rules: RuleSet, allocation: Allocation) -> Iterator[Problem]:
    if allocation.strands and allocation.method not in _WITH_STRANDS:
        message = f"strands do not go with `{allocation.method.value}`, which shares out one sum"
        yield Problem(f"rule {allocation.id}: strands", message, "choose a method that goes by rank", "strands")
    for strand in allocation.strands:
        for name in ("floor", "ceiling"):
            amount = getattr(strand, name)
            if amount is not None and (not isinstance(amount, Decimal) or amount < 0):
                message = f"expected an amount, got {excerpt(amount)}"
                yield Problem(f"rule {strand.id}: {name}", message, "write it as `kr(…)`", "strands")
                return
        if strand.floor is not None and strand.ceiling is not None and strand.floor > strand.ceiling:
            message = f"the floor {strand.floor} is above the ceiling {strand.ceiling}"
            yield Problem(f"rule {strand.id}", message, code="strands")
    floors = sum((strand.floor for strand in allocation.strands if strand.floor is not None), Decimal(0))
    if floors > rules.round.budget:
        message = f"the floors add up to {floors}, the budget is {rules.round.budget}"
        yield Problem(f"rule {allocation.id}: strands", message, "lower a floor", "strands")


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
