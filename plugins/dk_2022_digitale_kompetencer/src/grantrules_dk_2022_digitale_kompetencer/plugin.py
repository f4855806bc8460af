"""The hooks of the pool."""

from grantrules import Allocation, Condition, GrantFormula, Pool, Requirement, Round, Scoring, Text, hook

from .application import DigitaleKompetencer
from .awards import ALLOCATION, ASSUMPTIONS, CONDITIONS, HIGHEST_GRANT
from .criteria import SCORING
from .eligible import ELIGIBILITY
from .formal import FORMAL_2022, FORMAL_2023
from .rounds import ROUND_2022, ROUND_2023
from .sources import ANNOUNCEMENT_2023, CALL_2022, OUTCOME_2022, OUTCOME_2023

GRANTRULES_API = 1

POOL = Pool(
    id="dk_2022_digitale_kompetencer",
    title=Text(
        da="Puljen til digitale kompetencer i sundhedsvæsenet",
        nb="Digital kompetanse i helsetjenesten (Danmark)",
        en="Digital competences in health care (Denmark)",
    ),
    funder=Text("Sundhedsministeriet", "Det danske helseministeriet", "Danish Ministry of Health"),
    country="DK",
    currency="DKK",
    zone="Europe/Copenhagen",
    language="da",
    application=DigitaleKompetencer,
    rounds=(ROUND_2022, ROUND_2023),
    sources=(CALL_2022, OUTCOME_2022, ANNOUNCEMENT_2023, OUTCOME_2023),
    assumptions=ASSUMPTIONS,
    notes=(
        Text(
            da="Reglerne er læst i opslaget for 2022. Opslaget for 2023 foreligger ikke: kun fristen og beløbet er "
            "kendt fra ministeriets nyheder, og reglerne fra 2022 er antaget at gælde uændret.",
            nb="Reglene er lest i utlysningen for 2022. Utlysningen for 2023 foreligger ikke: bare fristen og beløpet "
            "er kjent fra departementets nyheter, og reglene fra 2022 er antatt å gjelde uendret.",
            en="The rules were read in the call of 2022. The call of 2023 is not at hand: only its deadline and its "
            "money are known, from the ministry's notices, and the rules of 2022 are assumed to hold unchanged.",
        ),
        Text(
            da="Hvem der kan søge, står kun som eksempler. En ansøger af en anden type afvises ikke af den grund; en "
            "sagsbehandler afgør det.",
            nb="Hvem som kan søke, står bare som eksempler. En søker av en annen type avvises ikke av den grunn; en "
            "saksbehandler avgjør det.",
            en="Who may apply is told by examples alone. An applicant of another kind is not refused for it; a case "
            "officer decides.",
        ),
        Text(
            da="Opslaget regulerer ikke, hvilke udgifter der kan dækkes. Ingen budgetpost fjernes her; om budgettet "
            "er rimeligt, er et skøn.",
            nb="Utlysningen regulerer ikke hvilke kostnader som kan dekkes. Ingen budsjettpost fjernes her; om "
            "budsjettet er rimelig, er et skjønn.",
            en="The call does not regulate which costs can be covered. No budget line is taken away here; whether the "
            "budget is reasonable is for people to judge.",
        ),
    ),
)

FORMAL = {ROUND_2022.id: FORMAL_2022, ROUND_2023.id: FORMAL_2023}


@hook
def pool() -> Pool:
    """The pool and its two rounds."""
    return POOL


@hook
def eligibility(round: Round) -> tuple[Requirement, ...]:
    """Formal and eligibility rules; each round has its own deadline."""
    return (*FORMAL[round.id], *ELIGIBILITY)


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
