"""The hooks of the pool."""

from grantrules import (
    Allocation,
    Appropriation,
    Figure,
    GrantFormula,
    Notice,
    Pool,
    Requirement,
    Round,
    Scoring,
    Text,
    hook,
    kr,
)

from .application import DigitalSundhed
from .awards import ALLOCATION, HIGHEST_GRANT
from .criteria import SCORING
from .eligible import ELIGIBILITY
from .sources import NOTICE

GRANTRULES_API = 1

NOTICED = Notice(NOTICE)

RECIPIENT = Text("tilskudsmodtager", "tilskuddsmottaker", "recipient")

ROUND = Round(
    "2021",
    Text("Runden 2021", "Tildelingen i 2021", "Round of 2021"),
    budget=kr("7300000"),
    appropriations=(
        Appropriation(
            kr("7300000"),
            Text(
                "finansloven for 2018, midler til Strategi for digital sundhed 2018-2021",
                "den danske finansloven for 2018, midler til strategien for digital helse 2018-2021",
                "Finance Act of 2018, money for the strategy for digital health 2018-2021",
            ),
            NOTICED,
        ),
    ),
    figures=(
        Figure("pool", Text("puljen i alt", "rammen i alt", "the pool in total"), kr("7300000"), NOTICED),
        Figure(
            "projects",
            Text("projekter, der fik midler", "prosjekter som fikk midler", "projects awarded money"),
            3,
            NOTICED,
        ),
        Figure(
            "recipient",
            RECIPIENT,
            "Center for Planlagt Kirurgi, Regionshospital Silkeborg, Hospitalsenhed Midt",
            NOTICED,
        ),
        Figure("recipient", RECIPIENT, "Telepsykiatrisk Center, Psykiatrien i Region Syddanmark", NOTICED),
        Figure("recipient", RECIPIENT, "KL for kommunerne København, Odense, Gladsaxe og Helsingør", NOTICED),
    ),
)

POOL = Pool(
    id="dk_2021_digital_sundhed",
    title=Text(
        da="Puljen fra Strategi for digital sundhed",
        nb="Ordningen under strategien for digital helse (Danmark)",
        en="Pool of the strategy for digital health (Denmark)",
    ),
    funder=Text("Sundhedsministeriet", "Det danske helseministeriet", "Danish Ministry of Health"),
    country="DK",
    currency="DKK",
    zone="Europe/Copenhagen",
    language="da",
    application=DigitalSundhed,
    rounds=(ROUND,),
    sources=(NOTICE,),
    notes=(
        Text(
            da="Opslagets tekst foreligger ikke. Alle regler her er enten udledt af ministeriets meddelelse om, hvem "
            "der fik midler, eller antaget; ingen er taget fra et opslag.",
            nb="Utlysningsteksten foreligger ikke. Alle regler her er enten utledet av departementets melding om hvem "
            "som fikk midler, eller antatt; ingen er tatt fra en utlysning.",
            en="The text of the call is not at hand. Every rule here is either gathered from the ministry's notice of "
            "who was awarded money, or assumed; none is taken from a call.",
        ),
        Text(
            da="Frist, formkrav, regler for udgifter og vilkår efter tilsagn kendes ikke. At der ingen står her, "
            "betyder ikke, at runden var uden.",
            nb="Frist, formkrav, regler for kostnader og vilkår etter tilsagn er ikke kjent. At ingen står her, betyr "
            "ikke at runden var uten.",
            en="Deadline, formal requirements, rules about costs and duties after an award are not known. That none "
            "stand here does not mean that the round had none.",
        ),
        Text(
            da="Hvor meget hvert projekt fik, er ikke offentliggjort i meddelelsen.",
            nb="Hvor mye hvert prosjekt fikk, går ikke fram av meldingen.",
            en="How much each project got is not in the notice.",
        ),
    ),
)


@hook
def pool() -> Pool:
    """The pool and its only round."""
    return POOL


@hook
def eligibility() -> tuple[Requirement, ...]:
    """Eligibility rules."""
    return ELIGIBILITY


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
