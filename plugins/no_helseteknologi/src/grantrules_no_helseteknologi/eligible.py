"""Eligibility requirements: the two of both allocations, and those that the second one adds."""

from grantrules import LEAD, MUNICIPALITY, Assumed, Notice, Requirement, Text, all_of, facts

from .application import (
    AWARDED,
    DIGITAL_HOME_FOLLOW_UP,
    MEDICAL_RECORD,
    NOT_AWARDED,
    WELFARE_TECHNOLOGY,
    AndreTildeling,
    Helseteknologi,
)
from .sources import ARTICLE

a = facts(Helseteknologi)
o = facts(Helseteknologi, "organisations")
second = facts(AndreTildeling)

APPLICANTS = Requirement(
    "eligibility.applicants",
    a.organisations.any(all_of(o.role.is_(LEAD), o.kind.is_(MUNICIPALITY))),
    Text(
        da="Mindst én hovedansøger er en kommune.",
        nb="Minst én hovedsøker er en kommune.",
        en="At least one lead applicant is a municipality.",
    ),
    basis=Notice(ARTICLE, "Samarbeid lønner seg"),
)

AREA = Requirement(
    "eligibility.area",
    a.areas.includes_any(MEDICAL_RECORD, WELFARE_TECHNOLOGY, DIGITAL_HOME_FOLLOW_UP),
    Text(
        da="Projektet gælder mindst ét af tre områder: elektronisk journal, velfærdsteknologi eller digital "
        "hjemmeopfølgning.",
        nb="Prosjektet gjelder minst ett av tre områder: elektronisk pasientjournal, velferdsteknologi eller digital "
        "hjemmeoppfølging.",
        en="The project is about at least one of three areas: medical records, welfare technology or digital home "
        "follow-up.",
    ),
    basis=Notice(ARTICLE, "Fordeling av midler"),
)

FIRST_ROUND = Requirement(
    "eligibility.first-round",
    second.first_round.status.is_in(AWARDED, NOT_AWARDED),
    Text(
        da="Projektet blev søgt i første tildeling, hvad enten det fik tilskud eller ej.",
        nb="Prosjektet ble omsøkt i første tildeling, enten det fikk tilskudd eller ikke.",
        en="The project was applied for in the first allocation, whether it was awarded a grant or not.",
    ),
    basis=Notice(ARTICLE, "Fordeling av midler"),
)

TOP_UP_ROOM = Requirement(
    "eligibility.top-up-room",
    second.requested > second.first_round.awarded,
    Text(
        da="Et projekt, der allerede har tilskud, har fået mindre, end der er søgt om, så det kan forhøjes.",
        nb="Et prosjekt som alt har tilskudd, har fått mindre enn det er søkt om, slik at tilskuddet kan økes.",
        en="A project that has a grant already got less than is applied for, so that there is room for a top-up.",
    ),
    basis=Assumed(
        Text(
            da="Artiklen siger, at tidligere modtagere fik mere, men ikke hvor meget de kan få. At tilskud i alt ikke "
            "kan overstige det ansøgte, er antaget.",
            nb="Artikkelen sier at tidligere mottakere fikk mer, men ikke hvor mye de kan få. At tilskuddene i alt "
            "ikke kan overstige søknadsbeløpet, er antatt.",
            en="The article says that earlier recipients got more, not how much more they can get. That all grants "
            "together cannot exceed the amount applied for is assumed.",
        )
    ),
    when=second.first_round.status.is_(AWARDED),
)
