"""Formal requirements: failing one dismisses the application unassessed. The rounds differ in the deadline alone."""

from grantrules import Cited, Notice, Requirement, Text, facts, value

from .application import DigitaleKompetencer
from .sources import ANNOUNCEMENT_2023, CALL_2022

a = facts(DigitaleKompetencer)
o = facts(DigitaleKompetencer, "organisations")

END_OF_DAY_2022 = Text(
    da="Opslaget nævner en dag uden klokkeslæt. At hele dagen er med, dansk tid, er antaget.",
    nb="Utlysningen nevner en dag uten klokkeslett. At hele dagen er med, dansk tid, er antatt.",
    en="The call names a day and no hour. That the whole day counts, in Danish time, is assumed.",
)

END_OF_DAY_2023 = Text(
    da="Nyheden nævner en dag uden klokkeslæt. At hele dagen er med, dansk tid, er antaget.",
    nb="Nyheten nevner en dag uten klokkeslett. At hele dagen er med, dansk tid, er antatt.",
    en="The announcement names a day and no hour. That the whole day counts, in Danish time, is assumed.",
)

DEADLINE_BASIS_2022 = Cited(CALL_2022, "Ansøgningsfrist", assumed=END_OF_DAY_2022)
DEADLINE_BASIS_2023 = Notice(ANNOUNCEMENT_2023, assumed=END_OF_DAY_2023)

DEADLINE_2022 = Requirement(
    "formal.deadline",
    a.submitted_at < value("deadline"),
    Text(
        da="Ansøgningen er modtaget senest fredag den 1. juli 2022.",
        nb="Søknaden er mottatt senest fredag 1. juli 2022.",
        en="The application was received no later than Friday 1 July 2022.",
    ),
    basis=DEADLINE_BASIS_2022,
)

DEADLINE_2023 = Requirement(
    "formal.deadline",
    a.submitted_at < value("deadline"),
    Text(
        da="Ansøgningen er modtaget senest mandag den 23. oktober 2023.",
        nb="Søknaden er mottatt senest mandag 23. oktober 2023.",
        en="The application was received no later than Monday 23 October 2023.",
    ),
    basis=DEADLINE_BASIS_2023,
)

SIGNATURE = Requirement(
    "formal.signature",
    a.signed,
    Text(
        da="Ansøgningen er underskrevet.",
        nb="Søknaden er signert.",
        en="The application is signed.",
    ),
    basis=Cited(CALL_2022, "Ansøgningsprocedure"),
)

RESPONSIBLE_PARTY = Requirement(
    "formal.responsible-party",
    a.organisations.any(o.name.is_(a.responsible_party)),
    Text(
        da="Ansøgningen udpeger den part, der har ansvaret for projektet, og den er en af ansøgningens organisationer.",
        nb="Søknaden peker ut hvem som har ansvaret for prosjektet, og det er en av organisasjonene i søknaden.",
        en="The application names the party responsible for the project, and it is one of its organisations.",
    ),
    basis=Cited(
        CALL_2022,
        "Hvem kan søge?",
        assumed=Text(
            da="Opslaget siger det om ansøgninger, som flere står bag. At det gælder alle ansøgninger, er antaget.",
            nb="Utlysningen sier det om søknader som flere står bak. At det gjelder alle søknader, er antatt.",
            en="The call says so of joint applications. That it holds for every application is assumed.",
        ),
    ),
)

FORMAL_2022 = (DEADLINE_2022, SIGNATURE, RESPONSIBLE_PARTY)
FORMAL_2023 = (DEADLINE_2023, SIGNATURE, RESPONSIBLE_PARTY)
