"""What may be wrong with a pool and its round: their ids, values, money and published figures."""

import re
from collections.abc import Iterator
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from grantrules.bases import Source
from grantrules.errors import Problem, excerpt
from grantrules.pools import BUDGET, Round
from grantrules.ruleset import RuleSet
from grantrules.soundness.texts import (
    POOL_ID,
    amount_problems,
    stated_basis_problems,
    text_problems,
)
from grantrules.terms.walk import named_values
from grantrules.values import is_amount


def pool_problems(rules: RuleSet) -> Iterator[Problem]:
    """What is wrong with a pool."""
    try:
        ZoneInfo(rules.pool.zone)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        yield Problem("pool.zone", f"there is no time zone {excerpt(rules.pool.zone)}", code="unknown-zone")
    for place, id in (("pool.id", rules.pool.id), ("round.id", rules.round.id)):
        if not isinstance(id, str) or not re.fullmatch(POOL_ID, id):
            yield Problem(place, f"{excerpt(id)} is not an id", "use letters, digits, `_`, `-` and `.`", "wrong-id")
    for place in ("title", "funder"):
        yield from text_problems(f"pool.{place}", getattr(rules.pool, place))


def round_problems(rules: RuleSet) -> Iterator[Problem]:
    """What is wrong with the money and the published figures of a round."""
    round, place = rules.round, f"round {rules.round.id}"
    if not is_amount(round.budget):
        yield Problem(f"{place}: budget", f"expected an amount, got {excerpt(round.budget)}", "write it as `kr(…)`")
    if round.carried_over is not None:
        yield from text_problems(f"{place}: carried_over.reason", round.carried_over.reason)
        if not isinstance(round.carried_over.source, Source):
            message = f"expected a `Source`, got {excerpt(round.carried_over.source)}"
            yield Problem(f"{place}: carried_over.source", message, code="no-source")
    yield from _appropriation_problems(round, place)
    for figure in round.figures:
        where = f"{place}: figure {figure.name}"
        yield from text_problems(f"{where}: label", figure.label)
        yield from amount_problems(figure.amount, where)
        yield from stated_basis_problems(figure.basis, where, "the figure")


def _appropriation_problems(round: Round, place: str) -> Iterator[Problem]:
    amounts = [appropriation.amount for appropriation in round.appropriations]
    for index, appropriation in enumerate(round.appropriations):
        where = f"{place}: appropriations[{index}]"
        yield from text_problems(f"{where}.label", appropriation.label)
        yield from stated_basis_problems(appropriation.basis, where, "it")
        if not is_amount(appropriation.amount):
            message = f"expected an amount, got {excerpt(appropriation.amount)}"
            yield Problem(f"{where}.amount", message, "write it as `kr(…)`", "amount")
    if amounts and all(map(is_amount, amounts)) and sum(amounts, Decimal(0)) != round.budget:
        message = f"they add up to {sum(amounts, Decimal(0))}, the budget is {round.budget}"
        yield Problem(f"{place}: appropriations", message, "state all of them, or none", "budget")


def value_problems(rules: RuleSet) -> Iterator[Problem]:
    """What is wrong with the values that a round binds."""
    seen: set[str] = set()
    for value in rules.round.values:
        place = f"round {rules.round.id}: value {value.name}"
        if value.name == BUDGET:
            yield Problem(place, "the round binds its budget by this name itself", "leave it out", "two-values")
        elif value.name in seen:
            yield Problem(place, "two values have this name", code="two-values")
        seen.add(value.name)
        yield from text_problems(f"{place}: label", value.label)
        yield from amount_problems(value.amount, place)
        yield from stated_basis_problems(value.basis, place, "the value")
    read = {name for rule in rules.rules for _, term in rule.terms for name in named_values(term)}
    for name in sorted(seen - read):
        yield Problem(f"round {rules.round.id}: value {name}", "no rule reads it", "remove it", "idle-value")
