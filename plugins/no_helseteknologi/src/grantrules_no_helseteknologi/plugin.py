"""The hooks of the pool."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

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
    Value,
    hook,
    kr,
)

from .application import AndreTildeling, Helseteknologi
from .awards import ALLOCATION, HIGHEST_GRANT, HIGHEST_TOP_UP, TOP_UP_ALLOCATION
from .criteria import SCORING
from .eligible import APPLICANTS, AREA, FIRST_ROUND, TOP_UP_ROOM
from .formal import DEADLINE, END_OF_DAY
from .sources import ARTICLE, FEBRUARY, JANUARY, PRESS

GRANTRULES_API = 1

WINTER_TIME = timezone(timedelta(hours=1))

FIRST = "2024-1"
SECOND = "2024-2"

APPLICATIONS = Text("ansøgninger", "søknader", "applications")
APPLIED_FOR = Text("ansøgt i alt", "omsøkt i alt", "applied for in all")
PROJECTS = Text("projekter med tilskud", "prosjekter med tilskudd", "projects with a grant")
AWARDED_IN_ALL = Text("tildelt i alt", "innvilget i alt", "awarded in all")
RECIPIENT = Text("modtager", "mottaker", "recipient")

ROUND_1 = Round(
    FIRST,
    Text("Første tildeling i 2024", "Første tildeling 2024", "First allocation of 2024"),
    budget=kr("56700000"),
    values=(
        Value(
            "deadline",
            datetime(2024, 1, 16, 0, 0, tzinfo=WINTER_TIME),
            Text(
                "ansøgningsfristen er udløbet (den 15. januar er sidste dag)",
                "søknadsfristen er ute (15. januar er siste dag)",
                "the deadline is over (15 January is the last day)",
            ),
            Notice(JANUARY, assumed=END_OF_DAY),
        ),
    ),
    appropriations=(
        Appropriation(
            kr("56700000"),
            Text("Helseteknologiordningen", "Helseteknologiordningen", "the health-technology scheme"),
            Notice(FEBRUARY),
        ),
    ),
    figures=(
        Figure("applications", APPLICATIONS, 180, Notice(ARTICLE)),
        Figure("applications", APPLICATIONS, 179, Notice(JANUARY)),
        Figure("applied-for", APPLIED_FOR, kr("332100000"), Notice(ARTICLE)),
        Figure("applied-for", APPLIED_FOR, kr("331600000"), Notice(JANUARY)),
        Figure("projects", PROJECTS, 66, Notice(FEBRUARY)),
        Figure("projects", PROJECTS, 66, Notice(ARTICLE)),
        Figure("awarded", AWARDED_IN_ALL, kr("56700000"), Notice(FEBRUARY)),
        Figure("awarded", AWARDED_IN_ALL, kr("56700000"), Notice(ARTICLE)),
        Figure(
            "earmarked",
            Text(
                "heraf øremærket til ældres tryghed i eget hjem",
                "herav øremerket til at eldre skal kunne bo trygt hjemme",
                "of it, earmarked for older people safe at home",
            ),
            kr("3100000"),
            Notice(PRESS),
        ),
    ),
)

ROUND_2 = Round(
    SECOND,
    Text("Anden tildeling i 2024", "Andre tildeling 2024", "Second allocation of 2024"),
    budget=kr("14500000"),
    appropriations=(
        Appropriation(
            kr("14500000"),
            Text(
                "mindreforbrug i det norske nationale velfærdsteknologiprogram",
                "mindreforbruk i Nasjonalt velferdsteknologiprogram",
                "under-spend of the national welfare technology programme",
            ),
            Notice(ARTICLE),
            transferred=True,
        ),
    ),
    figures=(
        Figure("projects", PROJECTS, 32, Notice(ARTICLE, "Fordeling av midler")),
        Figure(
            "projects-new",
            Text("heraf nye projekter", "herav nye prosjekter", "of them, new projects"),
            16,
            Notice(ARTICLE, "Fordeling av midler"),
        ),
        Figure(
            "projects-topped-up",
            Text(
                "heraf projekter, der allerede havde tilskud og fik mere",
                "herav prosjekter som alt hadde tilskudd og fikk mer",
                "of them, projects that had a grant and got more",
            ),
            16,
            Notice(ARTICLE, "Fordeling av midler"),
        ),
        Figure("awarded", AWARDED_IN_ALL, kr("14500000"), Notice(ARTICLE, "Fordeling av midler")),
        Figure("recipient", RECIPIENT, "Bardu kommune", Notice(ARTICLE, "Eksempler på digital hjemmeoppfølging")),
        Figure(
            "awarded-bardu",
            Text("tildelt Bardu kommune", "innvilget Bardu kommune", "awarded to Bardu"),
            kr("700000"),
            Notice(ARTICLE, "Eksempler på digital hjemmeoppfølging"),
        ),
        Figure("recipient", RECIPIENT, "Båtsfjord kommune", Notice(ARTICLE, "Eksempler på digital hjemmeoppfølging")),
        Figure(
            "awarded-batsfjord",
            Text("tildelt Båtsfjord kommune", "innvilget Båtsfjord kommune", "awarded to Båtsfjord"),
            kr("400000"),
            Notice(ARTICLE, "Eksempler på digital hjemmeoppfølging"),
        ),
        Figure("recipient", RECIPIENT, "Lurøy kommune", Notice(ARTICLE, "Eksempler på digital hjemmeoppfølging")),
        Figure("recipient", RECIPIENT, "Seljord kommune", Notice(ARTICLE, "Eksempler på digital hjemmeoppfølging")),
    ),
    application=AndreTildeling,
)

POOL = Pool(
    id="no_helseteknologi",
    title=Text(
        da="Helseteknologiordningen (Norge)",
        nb="Helseteknologiordningen",
        en="Health-technology scheme (Norway)",
    ),
    funder=Text("Det norske Helsedirektorat", "Helsedirektoratet", "Norwegian Directorate of Health"),
    country="NO",
    currency="NOK",
    zone="Europe/Oslo",
    language="nb",
    application=Helseteknologi,
    rounds=(ROUND_1, ROUND_2),
    sources=(ARTICLE, JANUARY, FEBRUARY, PRESS),
    notes=(
        Text(
            da="Ordningens regelværk foreligger ikke, og ingen regel her er citeret. Hver regel er enten læst ud af "
            "nyheder om tildelingerne eller antaget.",
            nb="Regelverket for ordningen foreligger ikke, og ingen regel her er sitert. Hver regel er enten lest ut "
            "av nyheter om tildelingene eller antatt.",
            en="The regulations of the scheme are not at hand, and no rule here is cited. Each was either learned from "
            "news of the allocations or assumed.",
        ),
        Text(
            da="Hvilke udgifter ordningen dækker, og hvilke vilkår der følger et tilskud, vides ikke. Der er derfor "
            "ingen udgiftsregler og ingen vilkår.",
            nb="Hvilke kostnader ordningen dekker, og hvilke vilkår som følger med et tilskudd, er ikke kjent. Her er "
            "det derfor verken kostnadsregler eller vilkår.",
            en="Which costs the scheme covers, and which duties follow an award, is not known. So there are neither "
            "cost rules nor duties.",
        ),
        Text(
            da="Ingen kilde nævner et nyt opslag til anden tildeling. Den er læst som en fordeling af flere penge "
            "mellem ansøgningerne fra første tildeling, hvor det tæller med, hvad de fik dengang.",
            nb="Ingen kilde nevner noen ny utlysning til andre tildeling. Den er lest som en fordeling av flere penger "
            "mellom søknadene fra første tildeling, der det teller med hva de fikk da.",
            en="No source tells of a new call for the second allocation. It was read as sharing out more money between "
            "the applications of the first, with what they got then taken into account.",
        ),
    ),
)

ELIGIBILITY: Mapping[str, tuple[Requirement, ...]] = {
    FIRST: (DEADLINE, APPLICANTS, AREA),
    SECOND: (APPLICANTS, AREA, FIRST_ROUND, TOP_UP_ROOM),
}

HIGHEST_GRANTS: Mapping[str, GrantFormula] = {FIRST: HIGHEST_GRANT, SECOND: HIGHEST_TOP_UP}

ALLOCATIONS: Mapping[str, Allocation] = {FIRST: ALLOCATION, SECOND: TOP_UP_ALLOCATION}


@hook
def pool() -> Pool:
    """The pool and its two allocations."""
    return POOL


@hook
def eligibility(round: Round) -> tuple[Requirement, ...]:
    """Formal and eligibility rules."""
    return ELIGIBILITY[round.id]


@hook
def highest_grant(round: Round) -> GrantFormula:
    """The highest grant possible; in the second allocation, less what the project has."""
    return HIGHEST_GRANTS[round.id]


@hook
def scoring() -> Scoring:
    """The award criteria, the same in both allocations."""
    return SCORING


@hook
def allocation(round: Round) -> Allocation:
    """How the money is shared out."""
    return ALLOCATIONS[round.id]
