"""Eligibility requirements, in the order of the call."""

from grantrules import (
    LEAD,
    MUNICIPALITY,
    REGION,
    Cited,
    Requirement,
    Text,
    all_of,
    facts,
    own_financing,
    value,
)

from .application import (
    APPLICATION,
    COMMUNICATION,
    FURTHER_DEVELOPMENT,
    NEW_COURSE,
    TEACHING_CAPACITY,
    TECHNOLOGY_UNDERSTANDING,
    Kompetenceloeft,
)
from .sources import CALL

a = facts(Kompetenceloeft)
o = facts(Kompetenceloeft, "organisations")

APPLICANTS = Requirement(
    "eligibility.applicants",
    all_of(
        a.organisations.any(o.role.is_(LEAD)),
        a.organisations.every(o.kind.is_in(MUNICIPALITY, REGION), where=o.role.is_(LEAD)),
    ),
    Text(
        da="Der er mindst én hovedansøger, og alle hovedansøgere er kommuner eller regioner.",
        nb="Det er minst én hovedsøker, og alle hovedsøkere er kommuner eller regioner.",
        en="There is at least one lead applicant, and every lead applicant is a municipality or a region.",
    ),
    basis=Cited(CALL, "Hvem kan søge?"),
)

ACTIVITY = Requirement(
    "eligibility.activity",
    a.activities.includes_any(NEW_COURSE, FURTHER_DEVELOPMENT, TEACHING_CAPACITY),
    Text(
        da="Projektet udvikler nye forløb, videreudvikler uddannelser eller styrker undervisningskapaciteten.",
        nb="Prosjektet utvikler nye løp, videreutvikler utdanninger eller styrker undervisningskapasiteten.",
        en="The project develops new courses, develops existing programmes further or strengthens teaching capacity.",
    ),
    basis=Cited(CALL, "Krav til ansøgere"),
)

COMPETENCE_ELEMENTS = Requirement(
    "eligibility.competence-elements",
    a.competence_elements.includes_all(TECHNOLOGY_UNDERSTANDING, APPLICATION, COMMUNICATION),
    Text(
        da="Alle tre kompetenceelementer indgår: teknologiforståelse og forandring, anvendelse, samt formidling og "
        "kommunikation.",
        nb="Alle tre kompetanseelementer inngår: teknologiforståelse og endring, anvendelse, og formidling og "
        "kommunikasjon.",
        en="All three competence elements are included: technology understanding and change, application, and "
        "communication with the citizen.",
    ),
    basis=Cited(CALL, "Krav til ansøgere"),
)

GRANT_LIMITS = Requirement(
    "eligibility.grant-limits",
    a.requested.between(value("grant_floor"), value("grant_ceiling")),
    Text(
        da="Det ansøgte beløb er mindst 1,0 mio. kr. og højst 2,5 mio. kr.",
        nb="Søknadsbeløpet er minst 1,0 mill. kr og høyst 2,5 mill. kr.",
        en="The amount applied for is at least DKK 1.0 million and at most DKK 2.5 million.",
    ),
    basis=Cited(
        CALL,
        "Økonomi",
        assumed=Text(
            da="Opslaget sætter grænser for tilskuddet. At en ansøgning uden for grænserne ikke kan imødekommes, "
            "i stedet for at blive sat ned eller op til dem, er antaget.",
            nb="Utlysningen setter grenser for tilskuddet. At en søknad utenfor grensene ikke kan innvilges, "
            "i stedet for å bli satt ned eller opp til dem, er antatt.",
            en="The call bounds the grant given. That a request outside the bounds is refused, rather than "
            "brought within them, is assumed.",
        ),
    ),
)

MATCHING = Requirement(
    "eligibility.matching",
    own_financing(a) >= a.requested,
    Text(
        da="Ansøgeren finansierer selv mindst lige så meget, som der søges om.",
        nb="Søkeren finansierer selv minst like mye som det søkes om.",
        en="The applicant puts in at least as much of its own as it applies for.",
    ),
    basis=Cited(
        CALL,
        "Økonomi",
        assumed=Text(
            da="Opslaget kræver, at egenfinansieringen svarer til beløbet. At en større egenfinansiering også "
            "opfylder kravet, er antaget.",
            nb="Utlysningen krever at egenfinansieringen svarer til beløpet. At en større egenfinansiering også "
            "oppfyller kravet, er antatt.",
            en="The call asks for own financing that equals the amount. That more than equal meets the demand "
            "too is assumed.",
        ),
    ),
)

SHARING = Requirement(
    "eligibility.sharing",
    a.shares_material,
    Text(
        da="Ansøgeren stiller det udarbejdede materiale til rådighed for andre offentlige aktører efter projektet.",
        nb="Søkeren stiller materiellet som utarbeides, til rådighet for andre offentlige aktører etter prosjektet.",
        en="The applicant makes the material available to other public bodies once the project has ended.",
    ),
    basis=Cited(CALL, "Øvrige betingelser"),
)

APPROVAL = Requirement(
    "eligibility.approval",
    a.reports_for_approval,
    Text(
        da="Forløb, der skal indgå i en formel uddannelse eller udbydes på professionshøjskoleniveau, indberettes "
        "til godkendelse.",
        nb="Løp som skal inngå i en formell utdanning eller tilbys på høyskolenivå, meldes inn til godkjenning.",
        en="Courses that are to enter a formal programme or be offered at university-college level are reported "
        "for approval.",
    ),
    basis=Cited(CALL, "Øvrige betingelser"),
    when=a.formal_programme,
)

ELIGIBILITY = (APPLICANTS, ACTIVITY, COMPETENCE_ELEMENTS, GRANT_LIMITS, MATCHING, SHARING, APPROVAL)
