"""The two rounds: their money, their deadlines, and what is published about how they ended."""

from datetime import datetime, timedelta, timezone

from grantrules import Appropriation, CarriedOver, Cited, Figure, Notice, Round, Text, Value, kr

from .formal import DEADLINE_BASIS_2022, DEADLINE_BASIS_2023
from .sources import CALL_2022, OUTCOME_2022, OUTCOME_2023

SUMMER_TIME = timezone(timedelta(hours=2))

FROM_AGREEMENT = Text(
    da="afsat efter aftalen om en strategi for life science (maj 2021)",
    nb="satt av etter avtalen om en strategi for life science (mai 2021)",
    en="set aside after the agreement on a strategy for life science (May 2021)",
)
DEADLINE = Text(
    da="fristens udløb (midnat efter den sidste dag)",
    nb="fristens utløp (midnatt etter den siste dagen)",
    en="end of the deadline (the midnight that ends the last day)",
)
AWARDED = Text(
    da="tildelt i alt (offentliggjort i millioner med én decimal)",
    nb="tildelt i alt (offentliggjort i millioner med én desimal)",
    en="awarded in all (published in millions with one decimal)",
)
PROJECTS = Text("projekter med tilsagn", "prosjekter med tilsagn", "projects awarded a grant")
RECIPIENT = Text("tilsagn til", "tilsagn til", "awarded to")

ROUND_2022 = Round(
    "2022",
    Text("Opslag 2022", "Utlysning 2022", "Call of 2022"),
    budget=kr("2000000"),
    appropriations=(
        Appropriation(
            kr("2000000"),
            FROM_AGREEMENT,
            Cited(CALL_2022, "Pulje til styrkelse af digitale kompetencer i sundhedsvæsenet"),
        ),
    ),
    values=(Value("deadline", datetime(2022, 7, 2, tzinfo=SUMMER_TIME), DEADLINE, DEADLINE_BASIS_2022),),
    figures=(
        Figure("awarded", AWARDED, kr("2000000"), Notice(OUTCOME_2022)),
        Figure("awarded", AWARDED, kr("2000000"), Notice(OUTCOME_2023)),
        Figure("projects", PROJECTS, 6, Notice(OUTCOME_2022)),
        Figure("projects", PROJECTS, 6, Notice(OUTCOME_2023)),
        Figure("recipient", RECIPIENT, "Københavns Professionshøjskole", Notice(OUTCOME_2022)),
        Figure("recipient", RECIPIENT, "Aalborg Universitet, Klinisk Institut", Notice(OUTCOME_2022)),
        Figure("recipient", RECIPIENT, "UC Syd, sygeplejerskeuddannelsen", Notice(OUTCOME_2022)),
        Figure("recipient", RECIPIENT, "Kræftens Bekæmpelse", Notice(OUTCOME_2022)),
        Figure("recipient", RECIPIENT, "UCL", Notice(OUTCOME_2022)),
        Figure("recipient", RECIPIENT, "Region Sjælland, eHospital", Notice(OUTCOME_2022)),
    ),
)

# The headline of the notice names 2 million, the size of the pool; its text says that 1.9 million was awarded.
ROUND_2023 = Round(
    "2023",
    Text("Runde 2023", "Runden i 2023", "Round of 2023"),
    budget=kr("2000000"),
    appropriations=(Appropriation(kr("2000000"), FROM_AGREEMENT, Notice(OUTCOME_2023)),),
    values=(Value("deadline", datetime(2023, 10, 24, tzinfo=SUMMER_TIME), DEADLINE, DEADLINE_BASIS_2023),),
    carried_over=CarriedOver(
        CALL_2022,
        Text(
            da="Opslaget for 2023 foreligger ikke; at runden følger reglerne fra 2022, er antaget.",
            nb="Utlysningen for 2023 foreligger ikke; at runden følger reglene fra 2022, er antatt.",
            en="The call of 2023 is not at hand; that the round keeps the rules of 2022 is assumed.",
        ),
    ),
    figures=(
        Figure("awarded", AWARDED, kr("1900000"), Notice(OUTCOME_2023)),
        Figure("projects", PROJECTS, 6, Notice(OUTCOME_2023)),
        Figure("recipient", RECIPIENT, "Professionshøjskolen Absalon og Næstved Kommune", Notice(OUTCOME_2023)),
        Figure("recipient", RECIPIENT, "Ringsted Kommune, Koncern Digitalisering", Notice(OUTCOME_2023)),
        Figure("recipient", RECIPIENT, "Fredensborg Kommune, Center for Ældre og Forebyggelse", Notice(OUTCOME_2023)),
        Figure("recipient", RECIPIENT, "Region Syddanmark, Syddansk Sundhedsinnovation", Notice(OUTCOME_2023)),
        Figure("recipient", RECIPIENT, "Region Syddanmark, Odense Universitetshospital", Notice(OUTCOME_2023)),
        Figure("recipient", RECIPIENT, "Haderslev Kommune, Sundhed og Forebyggelse", Notice(OUTCOME_2023)),
    ),
)
