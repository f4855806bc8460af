"""What may be wrong with the way the money is allocated."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from grantrules.errors import Problem, excerpt
from grantrules.methods import Allocation, ByScore, Method
from grantrules.ruleset import RuleSet


def allocation_problems(rules: RuleSet) -> Iterator[Problem]:
    """What is wrong with an allocation, its terms aside."""
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
