"""What may be wrong with the way the money is allocated."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from grantrules.errors import Problem, excerpt
from grantrules.methods import Allocation, Base, ByDraw, ByScore, ByTerm, Method
from grantrules.ruleset import RuleSet
from grantrules.values import Rounding, is_amount, minus


def allocation_problems(rules: RuleSet) -> Iterator[Problem]:
    """What is wrong with an allocation, its terms aside."""
    allocation = rules.allocation
    if allocation is None:
        return
    place = f"rule {allocation.id}"
    if not isinstance(allocation.method, Method):
        yield Problem(f"{place}: method", f"expected a `Method`, got {excerpt(allocation.method)}", code="method")
    for index, key in enumerate(allocation.order):
        if not isinstance(key, ByScore | ByTerm | ByDraw):
            message = f"expected `ByScore()`, `ByTerm(…)` or `ByDraw()`, got {excerpt(key)}"
            yield Problem(f"{place}: order[{index}]", message, code="order")
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
        if not _is_share(rate):
            message = f"expected an exact share from 0 to 1, got {excerpt(rate)}"
            yield Problem(f"rule {allocation.administration.id}: rate", message, "write `Fraction(3, 100)`", "share")
    for demand in allocation.co_financing:
        if not isinstance(demand.rate, Fraction) or demand.rate < 0:
            message = f"expected an exact share, got {excerpt(demand.rate)}"
            yield Problem(f"rule {demand.id}: rate", message, "write `Fraction(1, 2)`", "share")
        for name, words in (("base", Base), ("rounding", Rounding)):
            if not isinstance(getattr(demand, name), words):
                message = f"expected a `{words.__name__}`, got {excerpt(getattr(demand, name))}"
                yield Problem(f"rule {demand.id}: {name}", message, code="wrong-word")
    yield from _strand_problems(rules, allocation)


def _is_share(rate: object) -> bool:
    return isinstance(rate, Fraction) and 0 <= rate <= 1


_WITH_STRANDS = (Method.RANK_STOP, Method.RANK_SKIP, Method.RANK_PARTIAL_LAST)


def _strand_problems(rules: RuleSet, allocation: Allocation) -> Iterator[Problem]:
    if allocation.strands and allocation.method not in _WITH_STRANDS:
        message = f"strands do not go with `{allocation.method.value}`, which shares out one sum"
        yield Problem(f"rule {allocation.id}: strands", message, "choose a method that goes by rank", "strands")
    for strand in allocation.strands:
        for name in ("floor", "ceiling"):
            amount = getattr(strand, name)
            if amount is not None and not is_amount(amount):
                message = f"expected an amount, got {excerpt(amount)}"
                yield Problem(f"rule {strand.id}: {name}", message, "write it as `kr(…)`", "strands")
                return
        if strand.floor is not None and strand.ceiling is not None and strand.floor > strand.ceiling:
            message = f"the floor {strand.floor} is above the ceiling {strand.ceiling}"
            yield Problem(f"rule {strand.id}", message, code="strands")
    budget, administration = rules.round.budget, allocation.administration
    if not is_amount(budget):
        return
    if administration is not None and _is_share(administration.rate):
        budget = minus(budget, administration.of(budget))
    floors = sum((strand.floor for strand in allocation.strands if strand.floor is not None), Decimal(0))
    if floors > budget:
        message = f"the floors add up to {floors}, and there is {budget} to share out"
        yield Problem(f"rule {allocation.id}: strands", message, "lower a floor", "strands")
