"""
Mutants of a rule set: the same rules with one small mistake each.

A test suite that does not notice one would not notice the mistake. What only shows when a whole round is allocated
(the method, the reserve list, what strands hold) is not touched: a decision on one application cannot tell it.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, TypeVar

from attrs import evolve, field, frozen

from grantrules.bases import placed
from grantrules.criteria import Banded, Combining, Criterion, Weighting, Weights
from grantrules.methods import Allocation, CoFinancing, Strand
from grantrules.pools import BUDGET, Assumption, Condition, CostRule, GrantFormula, Part, Requirement
from grantrules.ruleset import Rule, RuleSet
from grantrules.terms.nodes import Fact, Term
from grantrules.terms.notation import amount_text
from grantrules.terms.schema import COSTS
from grantrules.terms.walk import named_values
from grantrules.testing.mutation.mistakes import RATE_STEP, Operator, mistakes, other_roundings, values_moved


@frozen
class Mutant:
    """
    A rule set with one mistake.

    Args:
        id: rule, place and what was done; the same every time for the same rules.
        rule: the rule that was changed, or `value.…` for a value of the round.
        place: where in the rule.
        before, after: the part that was changed, in plain notation; `after` is empty where it was dropped.
    """

    id: str
    rule: str
    place: str
    operator: Operator
    before: str
    after: str
    rules: RuleSet = field(repr=False, eq=False)

    @property
    def change(self) -> str:
        """What was done, in words."""
        became = f"`{self.before}` became `{self.after}`" if self.after else f"`{self.before}` was dropped"
        return f"{self.operator.value}: {became}"


_Made = tuple[str, str, Operator, str, str, RuleSet]
"""Rule, place, operator, before, after, and the rules as they then are."""


def mutants(rules: RuleSet) -> Iterator[Mutant]:
    """Every mutant of a rule set, in the order of its rules."""
    seen: dict[str, int] = {}
    for rule, place, operator, before, after, changed in _made(rules):
        name = ":".join((rule, place, operator.value.replace(" ", "-"), after)).replace(" ", "_")
        seen[name] = seen.get(name, 0) + 1
        unique = name if seen[name] == 1 else f"{name}#{seen[name]}"
        yield Mutant(unique, rule, place, operator, before, after, _without_idle_values(changed))


def _without_idle_values(rules: RuleSet) -> RuleSet:
    """The rules without the values of the round that no rule reads any more."""
    read = frozenset(name for rule in rules.rules for _, term in rule.terms for name in named_values(term))
    kept = tuple(value for value in rules.round.values if value.name in read)
    return rules if len(kept) == len(rules.round.values) else evolve(rules, round=evolve(rules.round, values=kept))


def _made(rules: RuleSet) -> Iterator[_Made]:
    yield from _of_values(rules)
    yield from _of_requirements(rules)
    yield from _of_cost_rules(rules)
    yield from _of_grant(rules)
    yield from _of_scoring(rules)
    yield from _of_allocation(rules)
    yield from _of_conditions(rules)
    yield from _of_assumptions(rules)


_Carrier = TypeVar("_Carrier")


def _replaced(items: tuple[_Carrier, ...], index: int, *new: _Carrier) -> tuple[_Carrier, ...]:
    return (*items[:index], *new, *items[index + 1 :])


def _of_values(rules: RuleSet) -> Iterator[_Made]:
    """Each figure and date of the round moved; the budget where a rule reads it."""
    for index, value in enumerate(rules.round.values):
        for operator, moved in values_moved(value.amount):
            values = _replaced(rules.round.values, index, evolve(value, amount=moved))
            after = evolve(rules, round=evolve(rules.round, values=values))
            yield f"value.{value.name}", "", operator, amount_text(value.amount), amount_text(moved), after
    if any(BUDGET in named_values(term) for rule in rules.rules for _, term in rule.terms):
        for operator, moved in values_moved(rules.round.budget):
            after = evolve(rules, round=evolve(rules.round, budget=moved, appropriations=()))
            yield f"value.{BUDGET}", "", operator, amount_text(rules.round.budget), amount_text(moved), after


def _of_requirements(rules: RuleSet) -> Iterator[_Made]:
    for index, rule in enumerate(rules.requirements):

        def among(*new: Requirement, index: int = index) -> RuleSet:
            return evolve(rules, requirements=_replaced(rules.requirements, index, *new))

        yield _dropped(rule, among())
        yield from _guard_dropped(rule, "when", Operator.WHEN_DROPPED, among)
        yield from _terms_of(rule, rules, among)


def _dropped(rule: Rule, rules: RuleSet, operator: Operator = Operator.RULE_DROPPED) -> _Made:
    return rule.id, "", operator, rule.id, "", rules


def _guard_dropped(rule: Any, name: str, operator: Operator, among: Callable[..., RuleSet]) -> Iterator[_Made]:
    """A `when` or a `concerns` left out."""
    if getattr(rule, name) is not None:
        yield rule.id, name, operator, f"{name} of {rule.id}", "", among(evolve(rule, **{name: None}))


def _terms_of(rule: Any, rules: RuleSet, among: Callable[..., RuleSet]) -> Iterator[_Made]:
    """Each term of a rule changed in each way."""
    for place, term in rule.terms:
        for mistake in mistakes(term, rules, place):
            made = among(_with_term(rule, place, mistake.term))
            yield rule.id, mistake.place, mistake.operator, mistake.before, mistake.after, made


def _with_term(rule: Any, place: str, term: Term) -> Any:
    """A rule with one of its terms exchanged, by the place that `rule.terms` gives it."""
    first, _, rest = place.partition(".")
    name, _, index = first.rstrip("]").partition("[")
    inner = getattr(rule, name)
    if index:
        at = int(index)
        return evolve(rule, **{name: _replaced(inner, at, _with_term(inner[at], rest, term))})
    return evolve(rule, **{name: _with_term(inner, rest, term) if rest else term})


def _of_cost_rules(rules: RuleSet) -> Iterator[_Made]:
    for index, rule in enumerate(rules.cost_rules):

        def among(*new: CostRule, index: int = index) -> RuleSet:
            return evolve(rules, cost_rules=_replaced(rules.cost_rules, index, *new))

        yield _dropped(rule, among())
        if index + 1 < len(rules.cost_rules):
            after = rules.cost_rules[index + 1]
            swapped = (*rules.cost_rules[:index], after, rule, *rules.cost_rules[index + 2 :])
            order = f"{rule.id}, {after.id}", f"{after.id}, {rule.id}"
            yield rule.id, "", Operator.RULES_REORDERED, *order, evolve(rules, cost_rules=swapped)
        yield from _guard_dropped(rule, "when", Operator.WHEN_DROPPED, among)
        yield from _guard_dropped(rule, "concerns", Operator.CLAUSE_DROPPED, among)
        inverted = _takes_vat(rule)
        for made in _terms_of(rule, rules, among):
            at_when = inverted and made[1] == "when" and made[2] is Operator.NEGATED
            yield (*made[:2], Operator.VAT_INVERTED, *made[3:]) if at_when else made


def _takes_vat(rule: CostRule) -> bool:
    return rule.disallow == Part(Fact(COSTS, ("vat",)))


def _of_grant(rules: RuleSet) -> Iterator[_Made]:
    def among(formula: GrantFormula) -> RuleSet:
        return evolve(rules, grant=formula)

    yield from _guard_dropped(rules.grant, "floor", Operator.CLAUSE_DROPPED, among)
    yield from _terms_of(rules.grant, rules, among)


def _of_conditions(rules: RuleSet) -> Iterator[_Made]:
    for index, rule in enumerate(rules.conditions):

        def among(*new: Condition, index: int = index) -> RuleSet:
            return evolve(rules, conditions=_replaced(rules.conditions, index, *new))

        yield _dropped(rule, among())
        yield from _guard_dropped(rule, "when", Operator.WHEN_DROPPED, among)
        yield from _terms_of(rule, rules, among)


def _of_assumptions(rules: RuleSet) -> Iterator[_Made]:
    """What the pool assumes under a condition: who relies on it is told so."""
    for index, assumption in enumerate(rules.pool.assumptions):

        def among(*new: Assumption, index: int = index) -> RuleSet:
            return evolve(rules, pool=evolve(rules.pool, assumptions=_replaced(rules.pool.assumptions, index, *new)))

        yield assumption.id, "", Operator.RULE_DROPPED, assumption.id, "", among()
        yield from _guard_dropped(assumption, "when", Operator.WHEN_DROPPED, among)
        for place, term in placed(when=assumption.when):
            for mistake in mistakes(term, rules, place):
                made = among(evolve(assumption, when=mistake.term))
                yield assumption.id, mistake.place, mistake.operator, mistake.before, mistake.after, made


def _of_scoring(rules: RuleSet) -> Iterator[_Made]:
    scoring = rules.scoring
    for index, criterion in enumerate(scoring.criteria):

        def among(new: Criterion, index: int = index) -> RuleSet:
            return _scored(rules, criteria=_replaced(scoring.criteria, index, new))

        if len(scoring.criteria) > 1:
            yield _dropped(criterion, _without(rules, index), Operator.CRITERION_DROPPED)
            yield _heavier(rules, index)
        yield from _terms_of(criterion, rules, among)
        yield from _bands_of(criterion, among)
        yield from _guard_dropped(criterion, "threshold", Operator.CLAUSE_DROPPED, among)
        if criterion.threshold is not None:
            for moved in (criterion.threshold - RATE_STEP, criterion.threshold + RATE_STEP):
                figures = str(criterion.threshold), str(moved)
                yield (
                    criterion.id,
                    "threshold",
                    Operator.LIMIT_MOVED,
                    *figures,
                    among(evolve(criterion, threshold=moved)),
                )
    yield from _of_scoring_parts(rules)


def _scored(rules: RuleSet, **changed: Any) -> RuleSet:
    return evolve(rules, scoring=evolve(rules.scoring, **changed))


def _without(rules: RuleSet, index: int) -> RuleSet:
    """The rules without one criterion; the others keep their proportions."""
    scoring = rules.scoring
    dropped, weights = scoring.criteria[index], scoring.weights
    left = _replaced(scoring.criteria, index)
    if weights is not None and weights.weighting is Weighting.STATED:
        weights = evolve(weights, total=weights.total - (dropped.weight or 0))
    emphasis = scoring.emphasis
    if emphasis is not None:
        groups = (tuple(id for id in group if id != dropped.id) for group in emphasis.groups)
        kept = tuple(group for group in groups if group)
        emphasis = evolve(emphasis, groups=kept) if len(kept) > 1 or kept else None
    return _scored(rules, criteria=left, weights=weights, emphasis=emphasis)


def _heavier(rules: RuleSet, index: int) -> _Made:
    """One criterion weighs half as much again, the others as before."""
    scoring = rules.scoring
    basis = scoring.weights.basis if scoring.weights is not None else scoring.criteria[index].basis
    shares = [share * 3 / 2 if at == index else share for at, share in enumerate(scoring.shares)]
    pairs = zip(scoring.criteria, shares, strict=True)
    criteria = tuple(evolve(criterion, weight=share) for criterion, share in pairs)
    stated = Weights(Weighting.STATED, basis, sum(shares, Fraction(0)))
    made = _scored(rules, criteria=criteria, weights=stated, emphasis=None)
    figures = str(scoring.shares[index]), str(shares[index] / stated.total)
    return scoring.criteria[index].id, "weight", Operator.WEIGHT_CHANGED, *figures, made


def _bands_of(criterion: Criterion, among: Callable[[Criterion], RuleSet]) -> Iterator[_Made]:
    if isinstance(criterion.computed, Banded):
        bands = criterion.computed.bands
        for index, band in enumerate(bands):
            moved = evolve(band, points=band.points - RATE_STEP if band.points else RATE_STEP)
            changed = evolve(criterion.computed, bands=_replaced(bands, index, moved))
            figures = str(band.points), str(moved.points)
            place = f"computed.bands[{index}].points"
            yield criterion.id, place, Operator.LIMIT_MOVED, *figures, among(evolve(criterion, computed=changed))


def _of_scoring_parts(rules: RuleSet) -> Iterator[_Made]:
    scoring = rules.scoring
    if scoring.scale is not None and any(criterion.computed is None for criterion in scoring.criteria):
        for top in (scoring.scale.top - 1, scoring.scale.top + 1):
            made = _scored(rules, scale=evolve(scoring.scale, top=top))
            yield scoring.scale.id, "top", Operator.LIMIT_MOVED, str(scoring.scale.top), str(top), made
    if scoring.combination is not None:
        combining = scoring.combination.combining
        other = Combining.MEAN if combining is Combining.MEDIAN else Combining.MEDIAN
        made = _scored(rules, combination=evolve(scoring.combination, combining=other))
        figures = combining.value, other.value
        yield scoring.combination.id, "combining", Operator.COMBINATION_CHANGED, *figures, made
    if scoring.threshold is not None:
        least = scoring.threshold.least
        for moved in (least - RATE_STEP, least + RATE_STEP):
            made = _scored(rules, threshold=evolve(scoring.threshold, least=moved))
            yield scoring.threshold.id, "least", Operator.LIMIT_MOVED, str(least), str(moved), made
        yield scoring.threshold.id, "", Operator.RULE_DROPPED, scoring.threshold.id, "", _scored(rules, threshold=None)


def _of_allocation(rules: RuleSet) -> Iterator[_Made]:
    """What a decision carries for the allocation: the order, the least, earlier awards, strands, co-financing."""
    stated = rules.allocation
    if stated is None:
        return

    def among(new: Allocation) -> RuleSet:
        return evolve(rules, allocation=new)

    yield from _terms_of(stated, rules, among)
    for index, strand in enumerate(stated.strands):

        def strands(*new: Strand, index: int = index) -> RuleSet:
            return among(evolve(stated, strands=_replaced(stated.strands, index, *new)))

        yield _dropped(strand, strands())
        yield from _terms_of(strand, rules, strands)
    for index, demanded in enumerate(stated.co_financing):

        def demands(*new: CoFinancing, index: int = index) -> RuleSet:
            return among(evolve(stated, co_financing=_replaced(stated.co_financing, index, *new)))

        yield _dropped(demanded, demands())
        yield from _terms_of(demanded, rules, demands)
        yield from _of_co_financing(demanded, demands)


def _of_co_financing(demanded: CoFinancing, demands: Callable[..., RuleSet]) -> Iterator[_Made]:
    for rate in (demanded.rate - RATE_STEP, demanded.rate + RATE_STEP):
        made = demands(evolve(demanded, rate=rate))
        yield demanded.id, "rate", Operator.LIMIT_MOVED, str(demanded.rate), str(rate), made
    for rounding in other_roundings(demanded.rounding):
        figures = demanded.rounding.value, rounding.value
        made = demands(evolve(demanded, rounding=rounding))
        yield demanded.id, "rounding", Operator.ROUNDING_CHANGED, *figures, made
