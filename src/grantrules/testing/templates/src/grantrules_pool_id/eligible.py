"""Eligibility requirements, in the order of the call."""

from fractions import Fraction

from grantrules import (
    ASSOCIATION,
    LEAD,
    MUNICIPALITY,
    Requirement,
    Rounding,
    Text,
    all_of,
    facts,
    judgement,
    own_financing,
    share,
    value,
)

from .application import CHILDREN, ROLL_OUT, YOUNG_PEOPLE, Project
from .sources import ECONOMY, INVENTED

a = facts(Project)
o = facts(Project, "organisations")

APPLICANT = Requirement(
    "eligibility.applicant",
    a.organisations.any(all_of(o.role.is_(LEAD), o.kind.is_in(MUNICIPALITY, ASSOCIATION))),
    Text(
        da="En kommune eller en forening er hovedansøger.",
        nb="En kommune eller en forening er hovedsøker.",
        en="A municipality or an association is a lead applicant.",
    ),
    basis=INVENTED,
)

TARGET_GROUP = Requirement(
    "eligibility.target-group",
    a.target_groups.includes_any(CHILDREN, YOUNG_PEOPLE),
    Text(
        da="Projektet er rettet mod børn eller unge.",
        nb="Prosjektet er rettet mot barn eller ungdom.",
        en="The project is for children or young people.",
    ),
    basis=INVENTED,
)

GRANT_LIMITS = Requirement(
    "eligibility.grant-limits",
    a.requested.between(value("grant_floor"), value("grant_ceiling")),
    Text(
        da="Det ansøgte beløb ligger mellem puljens laveste og højeste tilskud.",
        nb="Søknadsbeløpet ligger mellom ordningens laveste og høyeste tilskudd.",
        en="The amount applied for lies between the lowest and the highest grant of the pool.",
    ),
    basis=ECONOMY,
)

OWN_FINANCING = Requirement(
    "eligibility.own-financing",
    own_financing(a) >= share(a.requested, Fraction(1, 3), Rounding.UP),
    Text(
        da="Ansøgeren finansierer selv mindst en tredjedel af, hvad der søges om.",
        nb="Søkeren finansierer selv minst en tredjedel av det som det søkes om.",
        en="The applicant puts in at least a third of the amount applied for.",
    ),
    basis=ECONOMY,
)

EVALUATION = Requirement(
    "eligibility.evaluation",
    a.evaluated_on <= value("last_evaluation_day"),
    Text(
        da="Et projekt, der udbreder en løsning, er evalueret, inden runden slutter.",
        nb="Et prosjekt som sprer en løsning, er evaluert før runden er slutt.",
        en="A project that rolls a solution out is evaluated before the round ends.",
    ),
    basis=INVENTED,
    when=a.focus.is_(ROLL_OUT),
)

PURPOSE = Requirement(
    "eligibility.purpose",
    judgement(
        "serves-purpose",
        Text(
            da="Tjener projektet puljens formål?",
            nb="Tjener prosjektet ordningens formål?",
            en="Does the project serve the purpose of the pool?",
        ),
    ),
    Text(
        da="Projektet tjener puljens formål.",
        nb="Prosjektet tjener ordningens formål.",
        en="The project serves the purpose of the pool.",
    ),
    basis=INVENTED,
)

ELIGIBILITY = (APPLICANT, TARGET_GROUP, GRANT_LIMITS, OWN_FINANCING, EVALUATION, PURPOSE)
