"""The hooks of the pool."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from grantrules import (
    Allocation,
    Appropriation,
    Condition,
    CostRule,
    GrantFormula,
    Pool,
    Requirement,
    Round,
    Scoring,
    Text,
    Value,
    hook,
    kr,
)

from .application import Project
from .awards import ALLOCATION, ASSUMPTIONS, CONDITIONS, HIGHEST_GRANT
from .costs import COST_RULES
from .criteria import SCORING
from .eligible import ELIGIBILITY
from .formal import FORMAL
from .sources import CALL, DEADLINE, ECONOMY, INVENTED

GRANTRULES_API = 1

ZONE = "Europe/Copenhagen"

ROUND = Round(
    "2027",
    Text("Opslag 2027", "Utlysning 2027", "Call of 2027"),
    budget=kr("2000000"),
    appropriations=(
        Appropriation(
            kr("2000000"),
            Text("bevillingen for 2027", "bevilgningen for 2027", "the appropriation of 2027"),
            ECONOMY,
        ),
    ),
    values=(
        Value(
            "deadline",
            datetime(2027, 3, 1, 12, tzinfo=ZoneInfo(ZONE)),
            Text("ansøgningsfrist", "søknadsfrist", "deadline"),
            DEADLINE,
        ),
        Value(
            "page_limit",
            10,
            Text("højeste sidetal", "høyeste sidetall", "highest number of pages"),
            INVENTED,
        ),
        Value(
            "grant_floor",
            kr("100000"),
            Text("laveste tilskud", "laveste tilskudd", "lowest grant"),
            ECONOMY,
        ),
        Value(
            "grant_ceiling",
            kr("500000"),
            Text("højeste tilskud", "høyeste tilskudd", "highest grant"),
            ECONOMY,
        ),
        Value(
            "last_evaluation_day",
            date(2028, 12, 31),
            Text("sidste dag for evalueringen", "siste dag for evalueringen", "last day of the evaluation"),
            INVENTED,
        ),
        Value(
            "equipment_limit",
            kr("50000"),
            Text("højeste beløb for udstyr", "høyeste beløp for utstyr", "highest amount for equipment"),
            ECONOMY,
        ),
    ),
)

POOL = Pool(
    id="pool_id",
    title=Text(
        da="Puljens titel",
        nb="Ordningens tittel",
        en="Title of the pool",
    ),
    funder=Text(da="Den, der giver tilskuddet", nb="Den som gir tilskuddet", en="Who gives the grant"),
    country="DK",
    currency="DKK",
    zone=ZONE,
    language="da",
    application=Project,
    rounds=(ROUND,),
    sources=(CALL,),
    assumptions=ASSUMPTIONS,
    notes=(
        Text(
            da="Reglerne er et eksempel, som `grantrules new` har skrevet, og ikke nogen puljes.",
            nb="Reglene er et eksempel som `grantrules new` har skrevet, og ikke reglene for noen ordning.",
            en="The rules are an example that `grantrules new` wrote, and those of no pool.",
        ),
    ),
)


@hook
def pool() -> Pool:
    """The pool and its only round."""
    return POOL


@hook
def eligibility() -> tuple[Requirement, ...]:
    """Formal and eligibility rules."""
    return (*FORMAL, *ELIGIBILITY)


@hook
def cost_eligibility() -> tuple[CostRule, ...]:
    """The cost rules, in order."""
    return COST_RULES


@hook
def highest_grant() -> GrantFormula:
    """The highest grant possible."""
    return HIGHEST_GRANT


@hook
def scoring() -> Scoring:
    """The award criteria."""
    return SCORING


@hook
def allocation() -> Allocation:
    """How the money is shared out."""
    return ALLOCATION


@hook
def conditions() -> tuple[Condition, ...]:
    """The duties after an award."""
    return CONDITIONS
