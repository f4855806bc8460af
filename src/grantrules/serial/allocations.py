"""
Allocations as files: the format `grantrules.allocation/1`, written, checked and read back.

An allocation file stands alone: it can be explained, and the reserve list can move up, without the applications.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from grantrules.awards import (
    GROUPS,
    Allotment,
    Award,
    AwardOutcome,
    CoFinanced,
    CoFinancingDemand,
    Funds,
    Group,
    Settled,
    StrandUse,
    Tie,
    Why,
)
from grantrules.errors import InputError, Problem, excerpt, nearest
from grantrules.readings.awarding import sentence
from grantrules.serial.decisions import amount_to_data, demand_to_data, override_to_data, text_to_data
from grantrules.serial.files import Input, read_input, too_deep
from grantrules.serial.shapes import Each, Flag, Items, Maybe, Object, Shape, Whole, Words, misfits
from grantrules.serial.stored import (
    AMOUNT,
    DEMAND,
    FRACTION,
    OVERRIDE,
    SURE_AMOUNT,
    TEXT,
    TEXTS,
    demand_from,
    optional,
    override_from,
)
from grantrules.values import Text, exact, plain

FORMAT = "grantrules.allocation/1"

_FIGURES: Mapping[str, Shape] = {
    "line": Maybe(Whole()),
    "more": AMOUNT,
    "then": AMOUNT,
    "left": AMOUNT,
    "needed": AMOUNT,
    "rule": Maybe(TEXT),
    "rules": Maybe(Items(TEXT)),
    "threshold": Maybe(FRACTION),
    "found": Maybe(FRACTION),
}
_AMOUNTS = tuple(name for name, shape in _FIGURES.items() if shape == AMOUNT)
_CO_FINANCED: Mapping[str, Shape] = {**DEMAND, "required": AMOUNT, "margin": AMOUNT}
_AWARD: Mapping[str, Shape] = {
    "application": TEXT,
    "title": Maybe(TEXT),
    "outcome": Words(tuple(outcome.value for outcome in AwardOutcome)),
    "amount": SURE_AMOUNT,
    "recommended": SURE_AMOUNT,
    "rank": Maybe(Whole()),
    "score": AMOUNT,
    "exact": Maybe(FRACTION),
    "reason": Words(tuple(why.value for why in Why)),
    "sentence": TEXTS,
    "figures": Object(_FIGURES),
    "highest_grant": AMOUNT,
    "least": AMOUNT,
    "strand": Maybe(TEXT),
    "prior": AMOUNT,
    "co_financing": Items(Object(_CO_FINANCED)),
    "missing": Items(TEXT),
    "overrides": Items(OVERRIDE),
}

ALLOCATION = Object(
    {
        "format": Words((FORMAT,)),
        "pool": TEXT,
        "round": TEXT,
        "pool_title": TEXTS,
        "funder": TEXTS,
        "currency": TEXT,
        "rules": TEXT,
        "method": TEXT,
        "budget": SURE_AMOUNT,
        "appropriations": Items(Object({"amount": SURE_AMOUNT, "label": TEXTS, "transferred": Flag()})),
        "administration": SURE_AMOUNT,
        "awarded": SURE_AMOUNT,
        "remainder": SURE_AMOUNT,
        "awards": Items(Object(_AWARD)),
        "reserve": Items(TEXT),
        "ties": Items(
            Object({"rank": Whole(), "applications": Items(TEXT), "left": SURE_AMOUNT, "needed": SURE_AMOUNT})
        ),
        "groups": Items(Object({"id": Words(GROUPS), "applications": Items(TEXT), "awarded": SURE_AMOUNT})),
        "strands": Items(
            Object({"id": TEXT, "floor": AMOUNT, "ceiling": AMOUNT, "awarded": SURE_AMOUNT, "unused": SURE_AMOUNT})
        ),
        "seed": Maybe(TEXT),
        "settled": Maybe(Object({"order": Items(TEXT), "by": TEXT, "reason": TEXT})),
        "withdrawn": Items(TEXT),
        "assumptions": Each(TEXTS),
    }
)
"""What an allocation file holds. More keys may be added to the format; these stay."""


def allotment_to_data(made: Allotment) -> dict[str, Any]:
    """Write an allocation as JSON data."""
    settled = made.settled
    return {
        "format": FORMAT,
        "pool": made.pool,
        "round": made.round,
        "pool_title": text_to_data(made.pool_title),
        "funder": text_to_data(made.funder),
        "currency": made.currency,
        "rules": made.rules,
        "method": made.method,
        "budget": plain(made.budget),
        "appropriations": [
            {"amount": plain(f.amount), "label": text_to_data(f.label), "transferred": f.transferred}
            for f in made.funds
        ],
        "administration": plain(made.administration),
        "awarded": plain(made.awarded),
        "remainder": plain(made.remainder),
        "awards": [_award(award) for award in made.awards],
        "reserve": list(made.reserve),
        "ties": [_tie(tie) for tie in made.ties],
        "groups": [
            {"id": group.id, "applications": list(group.applications), "awarded": plain(group.awarded)}
            for group in made.groups
        ],
        "strands": [_strand(use) for use in made.strands],
        "seed": made.seed,
        "settled": None
        if settled is None
        else {"order": list(settled.order), "by": settled.by, "reason": settled.reason},
        "withdrawn": list(made.withdrawn),
        "assumptions": {id: text_to_data(text) for id, text in made.assumptions.items()},
    }


def _fraction(number: Fraction | None) -> str | None:
    return None if number is None else str(number)


def _award(award: Award) -> dict[str, Any]:
    return {
        "application": award.application,
        "title": award.title,
        "outcome": award.outcome.value,
        "amount": plain(award.amount),
        "recommended": plain(award.recommended),
        "rank": award.rank,
        "score": amount_to_data(award.points),
        "exact": _fraction(award.score),
        "reason": award.reason.value,
        "sentence": text_to_data(sentence(award)),
        "figures": _figures(award.figures),
        "highest_grant": amount_to_data(award.highest),
        "least": amount_to_data(award.least),
        "strand": award.strand,
        "prior": amount_to_data(award.prior),
        "co_financing": [_co_financed(d, d.of(award.amount) if award.amount else None) for d in award.demands],
        "missing": list(award.missing),
        "overrides": [override_to_data(override) for override in award.overrides],
    }


def _figures(figures: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: figures.get(name) for name in _FIGURES}
    amounts = {name: amount_to_data(found[name]) for name in _AMOUNTS}
    scores = {name: _fraction(found[name]) for name in ("threshold", "found")}
    rules = None if found["rules"] is None else list(found["rules"])
    return {**found, **amounts, **scores, "rules": rules}


def _co_financed(demand: CoFinancingDemand, found: CoFinanced | None) -> dict[str, Any]:
    required, margin = (None, None) if found is None else (found.required, found.margin)
    worked_out = {"required": amount_to_data(required), "margin": amount_to_data(margin)}
    return {**demand_to_data(demand), **worked_out}


def _tie(tie: Tie) -> dict[str, Any]:
    return {
        "rank": tie.rank,
        "applications": list(tie.applications),
        "left": plain(tie.left),
        "needed": plain(tie.needed),
    }


def _strand(use: StrandUse) -> dict[str, Any]:
    return {
        "id": use.id,
        "floor": amount_to_data(use.floor),
        "ceiling": amount_to_data(use.ceiling),
        "awarded": plain(use.awarded),
        "unused": plain(use.unused),
    }


def read_allotment(source: Input) -> Allotment:
    """
    Read a stored allocation.

    Raises:
        InputError: it is no allocation file of this format, with everything that is wrong with it.
    """
    parsed = read_input(source)
    data, problems = parsed.data, list(parsed.problems)
    if data.get("format") != FORMAT:
        message = f"expected the format `{FORMAT}`, got {excerpt(data.get('format'))}"
        raise InputError(parsed.subject, [Problem("format", message, "give a file that `grantrules allocate` wrote")])
    if too_deep(data):
        raise InputError(parsed.subject, [Problem("", "the file is nested too deeply to be read", code="too-deep")])
    problems += misfits(ALLOCATION, data)
    if problems:
        raise InputError(parsed.subject, problems)
    with exact():
        made = _allotment_from(data)
        problems = list(_inconsistent(made))
    if problems:
        raise InputError(parsed.subject, problems)
    return made


def _inconsistent(made: Allotment) -> Iterator[Problem]:
    """Everything in which the parts of an allocation contradict each other."""
    if made.awarded + made.remainder + made.administration != made.budget:
        yield Problem("budget", "awards, remainder and administration do not add up to it", code="sum")
    if sum((award.amount for award in made.awards), Decimal(0)) != made.awarded:
        yield Problem("awarded", "the awards do not add up to it", code="sum")
    for id, times in Counter(award.application for award in made.awards).items():
        if times > 1:
            yield Problem("awards", f"application {excerpt(id)} stands twice", code="twice")
    waiting = [award.application for award in made.awards if award.outcome is AwardOutcome.RESERVE]
    if list(made.reserve) != waiting:
        yield Problem("reserve", "it does not name those whose outcome is `reserve`, in their order", code="reserve")
    strands = {use.id for use in made.strands}
    for award in made.awards:
        if award.strand is not None and award.strand not in strands:
            message = f"there is no strand {excerpt(award.strand)}"
            yield Problem(f"awards[{award.application}].strand", message, nearest(award.strand, strands), "strand")


def _allotment_from(data: Mapping[str, Any]) -> Allotment:
    return Allotment(
        pool=data["pool"],
        round=data["round"],
        pool_title=Text(**data["pool_title"]),
        funder=Text(**data["funder"]),
        currency=data["currency"],
        rules=data["rules"],
        method=data["method"],
        budget=Decimal(data["budget"]),
        funds=tuple(Funds(Decimal(f["amount"]), Text(**f["label"]), f["transferred"]) for f in data["appropriations"]),
        administration=Decimal(data["administration"]),
        awarded=Decimal(data["awarded"]),
        remainder=Decimal(data["remainder"]),
        awards=tuple(_award_from(award) for award in data["awards"]),
        reserve=tuple(data["reserve"]),
        ties=tuple(
            Tie(t["rank"], tuple(t["applications"]), Decimal(t["left"]), Decimal(t["needed"])) for t in data["ties"]
        ),
        groups=tuple(Group(g["id"], tuple(g["applications"]), Decimal(g["awarded"])) for g in data["groups"]),
        strands=tuple(_strand_from(use) for use in data["strands"]),
        seed=data["seed"],
        settled=optional(settled_from, data["settled"]),
        withdrawn=tuple(data["withdrawn"]),
        assumptions={id: Text(**text) for id, text in data["assumptions"].items()},
    )


def settled_from(data: Mapping[str, Any]) -> Settled:
    """Read a settled order that fits its shape."""
    return Settled(tuple(data["order"]), data["by"], data["reason"])


def _award_from(data: Mapping[str, Any]) -> Award:
    return Award(
        application=data["application"],
        title=data["title"],
        outcome=AwardOutcome(data["outcome"]),
        reason=Why(data["reason"]),
        amount=Decimal(data["amount"]),
        recommended=Decimal(data["recommended"]),
        highest=optional(Decimal, data["highest_grant"]),
        least=optional(Decimal, data["least"]),
        rank=data["rank"],
        score=optional(Fraction, data["exact"]),
        strand=data["strand"],
        prior=optional(Decimal, data["prior"]),
        figures=_figures_from(data["figures"]),
        demands=tuple(demand_from(demand) for demand in data["co_financing"]),
        missing=tuple(data["missing"]),
        overrides=tuple(override_from(override) for override in data["overrides"]),
    )


def _figures_from(data: Mapping[str, Any]) -> dict[str, Any]:
    exactly: dict[str, Callable[[Any], Any]] = dict.fromkeys(_AMOUNTS, Decimal)
    exactly |= dict.fromkeys(("threshold", "found"), Fraction)
    stated = {name: data[name] for name in _FIGURES if data[name] is not None}
    return {name: exactly.get(name, _frozen)(value) for name, value in stated.items()}


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _strand_from(data: Mapping[str, Any]) -> StrandUse:
    amounts = (optional(Decimal, data["floor"]), optional(Decimal, data["ceiling"]))
    return StrandUse(data["id"], *amounts, Decimal(data["awarded"]), Decimal(data["unused"]))
