"""Eligibility requirements. There are no formal ones: none is known."""

from grantrules import (
    ASSOCIATION,
    HOSPITAL,
    LEAD,
    MUNICIPALITY,
    REGION,
    REPRESENTED,
    Notice,
    Requirement,
    Text,
    all_of,
    any_of,
    facts,
    judgement,
)

from .application import DigitalSundhed
from .sources import NOTICE

a = facts(DigitalSundhed)
o = facts(DigitalSundhed, "organisations")

ACCEPTED = judgement(
    "applicant-accepted",
    Text(
        da="Kan hovedansøgeren godtages, selv om den hverken er region, hospital, kommune eller en forening på vegne "
        "af en kommune?",
        nb="Kan hovedsøkeren godtas selv om den verken er region, sykehus, kommune eller en forening på vegne av en "
        "kommune?",
        en="Can the lead applicant be accepted although it is neither a region, a hospital, a municipality, nor an "
        "association on behalf of a municipality?",
    ),
)

APPLICANTS = Requirement(
    "eligibility.applicants",
    any_of(
        a.organisations.any(all_of(o.role.is_(LEAD), o.kind.is_in(REGION, HOSPITAL, MUNICIPALITY))),
        all_of(
            a.organisations.any(all_of(o.role.is_(LEAD), o.kind.is_(ASSOCIATION))),
            a.organisations.any(all_of(o.role.is_(REPRESENTED), o.kind.is_(MUNICIPALITY))),
        ),
        all_of(a.organisations.any(o.role.is_(LEAD)), ACCEPTED),
    ),
    Text(
        da="Mindst én hovedansøger er en region, et hospital, en kommune eller en forening, der søger på vegne af "
        "mindst én kommune; en hovedansøger af anden slags skal godtages af sagsbehandleren.",
        nb="Minst én hovedsøker er en region, et sykehus, en kommune eller en forening som søker på vegne av minst én "
        "kommune; en hovedsøker av annet slag må godtas av saksbehandleren.",
        en="At least one lead applicant is a region, a hospital, a municipality, or an association that applies on "
        "behalf of at least one municipality; a lead applicant of another kind has to be accepted by the case "
        "officer.",
    ),
    basis=Notice(
        NOTICE,
        assumed=Text(
            da="De tre, der fik midler, var ifølge meddelelsen et hospitalscenter, et center i en regions psykiatri og "
            "en forening på vegne af fire kommuner. At enhver region og kommune kan søge, at en forening kun behøver "
            "at stå for én kommune, at én sådan hovedansøger er nok, og at andre beror på et skøn, er antaget.",
            nb="De tre som fikk midler, var ifølge meldingen et sykehussenter, et senter i psykiatrien i en region og "
            "en forening på vegne av fire kommuner. At enhver region og kommune kan søke, at en forening bare trenger "
            "å stå for én kommune, at én slik hovedsøker er nok, og at andre beror på et skjønn, er antatt.",
            en="The three awarded money were, by the notice, a hospital centre, a centre of a region's psychiatry and "
            "an association on behalf of four municipalities. That any region or municipality may apply, that an "
            "association need stand for one municipality only, that one such lead is enough, and that others are a "
            "matter of judgement, is assumed.",
        ),
    ),
)

INFRASTRUCTURE = Requirement(
    "eligibility.infrastructure",
    a.uses_shared_infrastructure,
    Text(
        da="Projektet gør brug af sundhedsvæsenets fælles digitale infrastruktur.",
        nb="Prosjektet tar i bruk helsetjenestens felles digitale infrastruktur.",
        en="The project uses the digital infrastructure that the health service shares.",
    ),
    basis=Notice(NOTICE),
)

DEVELOPS_AND_TESTS = Requirement(
    "eligibility.develops-and-tests",
    a.develops_and_tests,
    Text(
        da="Projektet både udvikler en løsning og afprøver den.",
        nb="Prosjektet både utvikler en løsning og prøver den ut.",
        en="The project both develops a solution and tests it.",
    ),
    basis=Notice(
        NOTICE,
        assumed=Text(
            da="Meddelelsen siger det om de projekter, der fik midler. At det kræves af alle, er antaget.",
            nb="Meldingen sier det om prosjektene som fikk midler. At det kreves av alle, er antatt.",
            en="The notice says so of the projects that were awarded money. That it is demanded of all is assumed.",
        ),
    ),
)

ELIGIBILITY = (APPLICANTS, INFRASTRUCTURE, DEVELOPS_AND_TESTS)
