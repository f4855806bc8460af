"""
Allocations as files: the format `grantrules.allocation/1`, written, checked and read back.

An allocation file stands alone: it can be explained, and the reserve list can move up, without the applications.
"""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from grantrules.awards import (
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
from grantrules.errors import InputError, Problem, excerpt
from grantrules.methods import Base
from grantrules.readings.awarding import sentence
from grantrules.serial.decisions import override_to_data
from grantrules.serial.files import Input, read_input, too_deep
from grantrules.serial.shapes import Each, Flag, Items, Maybe, Object, Shape, Whole, Words, Written, misfits
from grantrules.serial.stored import OVERRIDE, override_from
from grantrules.values import LANGUAGES, Rounding, Text, exact, plain

FORMAT = "grantrules.allocation/1"

_TEXT = Written()
_SURE_AMOUNT = Written(r"-?[0-9]{1,30}\.[0-9]{2}", "an amount")
_AMOUNT = Maybe(_SURE_AMOUNT)
_FRACTION = Written(r"[0-9]{1,200}(/[1-9][0-9]{0,199})?", "a fraction")
_TEXTS = Object(dict.fromkeys(LANGUAGES, _TEXT), closed=True)

_FIGURES: Mapping[str, Shape] = {
    "line": Maybe(Whole()),
    "more": _AMOUNT,
    "left": _AMOUNT,
    "rule": Maybe(_TEXT),
    "threshold": Maybe(_FRACTION),
    "found": Maybe(_FRACTION),
}
_DEMAND: Mapping[str, Shape] = {
    "id": _TEXT,
    "base": Words(tuple(base.value for base in Base)),
    "rate": _FRACTION,
    "rounding": Words(tuple(rounding.value for rounding in Rounding)),
    "amount": _AMOUNT,
    "required": _AMOUNT,
    "stated": _AMOUNT,
    "margin": _AMOUNT,
}
_AWARD: Mapping[str, Shape] = {
    "application": _TEXT,
    "title": Maybe(_TEXT),
    "outcome": Words(tuple(outcome.value for outcome in AwardOutcome)),
    "amount": _SURE_AMOUNT,
    "recommended": _SURE_AMOUNT,
    "rank": Maybe(Whole()),
    "score": _AMOUNT,
    "exact": Maybe(_FRACTION),
    "reason": Words(tuple(why.value for why in Why)),
    "sentence": _TEXTS,
    "figures": Object(_FIGURES),
    "highest_grant": _AMOUNT,
    "least": _AMOUNT,
    "strand": Maybe(_TEXT),
    "prior": _AMOUNT,
    "co_financing": Items(Object(_DEMAND)),
    "missing": Items(_TEXT),
    "overrides": Items(OVERRIDE),
}

ALLOCATION = Object(
    {
        "format": Words((FORMAT,)),
        "pool": _TEXT,
        "round": _TEXT,
        "pool_title": _TEXTS,
        "funder": _TEXTS,
        "currency": _TEXT,
        "rules": _TEXT,
        "method": _TEXT,
        "budget": _SURE_AMOUNT,
        "appropriations": Items(Object({"amount": _SURE_AMOUNT, "label": _TEXTS, "transferred": Flag()})),
        "administration": _SURE_AMOUNT,
        "awarded": _SURE_AMOUNT,
        "remainder": _SURE_AMOUNT,
        "awards": Items(Object(_AWARD)),
        "reserve": Items(_TEXT),
        "ties": Items(
            Object({"rank": Whole(), "applications": Items(_TEXT), "left": _SURE_AMOUNT, "needed": _SURE_AMOUNT})
        ),
        "groups": Items(Object({"id": _TEXT, "applications": Items(_TEXT), "awarded": _SURE_AMOUNT})),
        "strands": Items(
            Object({"id": _TEXT, "floor": _AMOUNT, "ceiling": _AMOUNT, "awarded": _SURE_AMOUNT, "unused": _SURE_AMOUNT})
        ),
        "seed": Maybe(_TEXT),
        "settled": Maybe(Object({"order": Items(_TEXT), "by": _TEXT, "reason": _TEXT})),
        "withdrawn": Items(_TEXT),
        "assumptions": Each(_TEXTS),
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
        "pool_title": _text(made.pool_title),
        "funder": _text(made.funder),
        "currency": made.currency,
        "rules": made.rules,
        "method": made.method,
        "budget": plain(made.budget),
        "appropriations": [
            {"amount": plain(f.amount), "label": _text(f.label), "transferred": f.transferred} for f in made.funds
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
        "assumptions": {id: _text(text) for id, text in made.assumptions.items()},
    }


def _text(text: Text) -> dict[str, str]:
    return {language: text.to(language) for language in LANGUAGES}


def _amount(amount: Decimal | None) -> str | None:
    return None if amount is None else plain(amount)


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
        "score": _amount(award.points),
        "exact": _fraction(award.score),
        "reason": award.reason.value,
        "sentence": _text(sentence(award)),
        "figures": _figures(award.figures),
        "highest_grant": _amount(award.highest),
        "least": _amount(award.least),
        "strand": award.strand,
        "prior": _amount(award.prior),
        "co_financing": [_demand(d, d.of(award.amount) if award.amount else None) for d in award.demands],
        "missing": list(award.missing),
        "overrides": [override_to_data(override) for override in award.overrides],
    }


def _figures(figures: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: figures.get(name) for name in _FIGURES}
    amounts = {name: _amount(found[name]) for name in ("more", "left")}
    scores = {name: _fraction(found[name]) for name in ("threshold", "found")}
    return {**found, **amounts, **scores}


def _demand(demand: CoFinancingDemand, found: CoFinanced | None) -> dict[str, Any]:
    return {
        "id": demand.id,
        "base": demand.base.value,
        "rate": str(demand.rate),
        "rounding": demand.rounding.value,
        "amount": _amount(demand.amount),
        "required": None if found is None else _amount(found.required),
        "stated": _amount(demand.stated),
        "margin": None if found is None else _amount(found.margin),
    }


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
        "floor": _amount(use.floor),
        "ceiling": _amount(use.ceiling),
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
        if made.awarded + made.remainder + made.administration != made.budget:
            message = "awards, remainder and administration do not add up to the budget"
            raise InputError(parsed.subject, [Problem("budget", message, code="sum")])
    return made


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
        settled=None if data["settled"] is None else settled_from(data["settled"]),
        withdrawn=tuple(data["withdrawn"]),
        assumptions={id: Text(**text) for id, text in data["assumptions"].items()},
    )


def settled_from(data: Mapping[str, Any]) -> Settled:
    """Read a settled order that fits its shape."""
    return Settled(tuple(data["order"]), data["by"], data["reason"])


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _award_from(data: Mapping[str, Any]) -> Award:
    return Award(
        application=data["application"],
        title=data["title"],
        outcome=AwardOutcome(data["outcome"]),
        reason=Why(data["reason"]),
        amount=Decimal(data["amount"]),
        recommended=Decimal(data["recommended"]),
        highest=_decimal(data["highest_grant"]),
        least=_decimal(data["least"]),
        rank=data["rank"],
        score=None if data["exact"] is None else Fraction(data["exact"]),
        strand=data["strand"],
        prior=_decimal(data["prior"]),
        figures=_figures_from(data["figures"]),
        demands=tuple(_demand_from(demand) for demand in data["co_financing"]),
        missing=tuple(data["missing"]),
        overrides=tuple(override_from(override) for override in data["overrides"]),
    )


def _figures_from(data: Mapping[str, Any]) -> dict[str, Any]:
    read = {"more": Decimal, "left": Decimal, "threshold": Fraction, "found": Fraction}
    stated = {name: value for name, value in data.items() if value is not None}
    return {name: read[name](value) if name in read else value for name, value in stated.items()}


def _demand_from(data: Mapping[str, Any]) -> CoFinancingDemand:
    return CoFinancingDemand(
        data["id"],
        Base(data["base"]),
        Fraction(data["rate"]),
        Rounding(data["rounding"]),
        _decimal(data["amount"]),
        _decimal(data["stated"]),
    )


def _strand_from(data: Mapping[str, Any]) -> StrandUse:
    amounts = (_decimal(data["floor"]), _decimal(data["ceiling"]))
    return StrandUse(data["id"], *amounts, Decimal(data["awarded"]), Decimal(data["unused"]))
