"""Formal requirements: failing one dismisses the application unassessed."""

from grantrules import Cited, Requirement, Text, facts, value

from .application import Kompetenceloeft
from .sources import CALL

a = facts(Kompetenceloeft)

DEADLINE = Requirement(
    "formal.deadline",
    a.submitted_at <= value("deadline"),
    Text(
        da="Ansøgningen er modtaget senest mandag den 1. oktober 2018 kl. 12.00.",
        nb="Søknaden er mottatt senest mandag 1. oktober 2018 kl. 12.00.",
        en="The application was received by Monday 1 October 2018 at 12:00.",
    ),
    basis=Cited(CALL, "Frist og spørgsmål"),
)

SIGNATURE = Requirement(
    "formal.signature",
    a.signed,
    Text(
        da="Ansøgningen er underskrevet.",
        nb="Søknaden er signert.",
        en="The application is signed.",
    ),
    basis=Cited(CALL, "Frist og spørgsmål"),
)

LENGTH = Requirement(
    "formal.length",
    a.pages <= value("page_limit"),
    Text(
        da="Ansøgningen fylder højst fem sider, når budgetskemaer og bilag ikke tælles med.",
        nb="Søknaden er på høyst fem sider når budsjettskjemaer og vedlegg ikke regnes med.",
        en="The application takes up at most five pages, budget forms and annexes not counted.",
    ),
    basis=Cited(CALL, "Ansøgningsskema"),
)

FORMAL = (DEADLINE, SIGNATURE, LENGTH)
