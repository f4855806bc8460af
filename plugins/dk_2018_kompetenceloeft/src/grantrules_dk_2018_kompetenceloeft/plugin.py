"""The hooks of the pool."""

from datetime import date, datetime, timedelta, timezone

from grantrules import (
    Allocation,
    Appropriation,
    Cited,
    Condition,
    CostRule,
    Dated,
    DatedTable,
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

from .application import Kompetenceloeft
from .awards import ALLOCATION, ASSUMPTIONS, CONDITIONS, HIGHEST_GRANT
from .costs import COST_RULES, FUNDED
from .criteria import SCORING
from .eligible import ELIGIBILITY
from .formal import FORMAL
from .sources import CALL, RATES, RATES_2018, RATES_2019

GRANTRULES_API = 1

SUMMER_TIME = timezone(timedelta(hours=2))

ROUND = Round(
    "2018",
    Text("Opslag 2018", "Utlysning 2018", "Call of 2018"),
    budget=kr("10000000"),
    appropriations=(
        Appropriation(
            kr("10000000"),
            Text("finansloven for 2018", "den danske finansloven for 2018", "the Finance Act of 2018"),
            Cited(CALL, "Økonomi"),
        ),
    ),
    values=(
        Value(
            "deadline",
            datetime(2018, 10, 1, 12, 0, tzinfo=SUMMER_TIME),
            Text("ansøgningsfrist", "søknadsfrist", "deadline"),
            Cited(CALL, "Frist og spørgsmål"),
        ),
        Value(
            "page_limit",
            5,
            Text("højeste sidetal", "høyeste sidetall", "highest number of pages"),
            Cited(CALL, "Ansøgningsskema"),
        ),
        Value(
            "grant_floor",
            kr("1000000"),
            Text("mindste tilskud", "minste tilskudd", "lowest grant"),
            Cited(CALL, "Økonomi"),
        ),
        Value(
            "grant_ceiling",
            kr("2500000"),
            Text("højeste tilskud", "høyeste tilskudd", "highest grant"),
            Cited(CALL, "Økonomi"),
        ),
        Value(
            "last_cost_day",
            date(2019, 12, 31),
            Text("sidste dag for udgifter", "siste dag for kostnader", "last day of costs"),
            Cited(CALL, "Økonomi"),
        ),
        Value(
            "lowest_rate",
            DatedTable(
                "km",
                (
                    Dated(date(2018, 1, 1), date(2018, 12, 31), kr("1.94"), RATES_2018),
                    Dated(date(2019, 1, 1), date(2019, 12, 31), kr("1.98"), RATES_2019),
                ),
            ),
            Text(
                "statens laveste kilometertakst",
                "statens laveste kilometersats",
                "the State's lowest mileage rate",
            ),
            Cited(
                RATES,
                "Lav sats",
                assumed=Text(
                    da=f"Opslaget (»{FUNDED}«) nævner taksten uden beløb; beløbene er læst andre steder.",
                    nb=f"Utlysningen («{FUNDED}») nevner satsen uten beløp; beløpene er lest andre steder.",
                    en=f"The call (“{FUNDED}”) names the rate without its amount; the amounts were read elsewhere "
                    "than with the State itself.",
                ),
            ),
        ),
    ),
)

POOL = Pool(
    id="dk_2018_kompetenceloeft",
    title=Text(
        da="Løft af digitale kompetencer hos sundhedspersoner",
        nb="Løft av digital kompetanse hos helsepersonell (Danmark)",
        en="Digital competences of health professionals (Denmark)",
    ),
    funder=Text("Sundheds- og Ældreministeriet", "Det danske helse- og eldreministeriet", "Danish Ministry of Health"),
    country="DK",
    currency="DKK",
    zone="Europe/Copenhagen",
    language="da",
    application=Kompetenceloeft,
    rounds=(ROUND,),
    sources=(CALL, RATES),
    assumptions=ASSUMPTIONS,
    notes=(
        Text(
            da="Ingen ansøgning afvises på faggruppe: to steder i opslaget nævner forskellige grupper.",
            nb="Ingen søknad avvises på grunn av yrkesgruppe: to steder i utlysningen nevner ulike grupper.",
            en="No application is refused on profession: two places of the call name different professions.",
        ),
        Text(
            da="Hvad »begrænset omfang« betyder, siger opslaget ikke; det er et skøn for sagsbehandleren.",
            nb="Hva «begrenset omfang» betyr, sier ikke utlysningen; det er et skjønn for saksbehandleren.",
            en="What “limited extent” means the call does not say; it is left to the case officer's judgement.",
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
