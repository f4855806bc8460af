"""What is granted: the highest grant possible, the allocation of the money, and the duties that follow."""

from grantrules import (
    IN_KIND,
    OWN,
    Allocation,
    Assumed,
    Assumption,
    Cited,
    Condition,
    GrantFormula,
    Method,
    Text,
    all_of,
    facts,
    known,
    least,
    value,
    when,
)

from .application import DigitaleKompetencer
from .sources import CALL_2022

a = facts(DigitaleKompetencer)
f = facts(DigitaleKompetencer, "funding")

HIGHEST_GRANT = GrantFormula(
    least(a.requested, value("budget")),
    Text(
        da="Tilskuddet er højst det ansøgte beløb og højst rundens samlede budget.",
        nb="Tilskuddet er høyst søknadsbeløpet og høyst rundens samlede ramme.",
        en="The grant is at most the amount applied for and at most the budget of the round.",
    ),
    basis=Assumed(
        Text(
            da="Opslaget sætter ingen grænser for tilskuddet. At ingen får mere end ansøgt eller mere, end der er at "
            "dele ud, er antaget.",
            nb="Utlysningen setter ingen grenser for tilskuddet. At ingen får mer enn omsøkt eller mer enn det er å "
            "dele ut, er antatt.",
            en="The call sets no limits to the grant. That nobody is granted more than applied for, or more than there "
            "is to award, is assumed.",
        )
    ),
)

ALLOCATION = Allocation(
    Method.INTERVALS,
    Text(
        da="Ansøgninger ordnes efter point. Så mange som muligt får deres mindste beløb, og resten af pengene hæver "
        "alles tilskud lige langt mod det ansøgte. Den, der ikke har oplyst et mindste beløb, får hele det ansøgte "
        "beløb eller intet.",
        nb="Søknader ordnes etter poeng. Så mange som mulig får sitt minste beløp, og resten av pengene hever alles "
        "tilskudd like langt mot det omsøkte. Den som ikke har oppgitt et minste beløp, får hele søknadsbeløpet eller "
        "ingenting.",
        en="Applications are ranked by score. As many as possible are awarded their smallest amount, and the rest of "
        "the money raises all of them alike towards what they applied for. Whoever states no smallest amount is "
        "awarded all it applied for or nothing.",
    ),
    basis=Assumed(
        Text(
            da="Opslaget siger ikke, hvordan pengene deles mellem egnede ansøgninger; det beder kun ansøgerne om at "
            "oplyse et spænd.",
            nb="Utlysningen sier ikke hvordan pengene deles mellom egnede søknader; den ber bare søkerne om å oppgi et "
            "spenn.",
            en="The call does not say how the money is shared out among eligible applications; it only asks applicants "
            "to state a span.",
        )
    ),
    least=when(known(a.requested_minimum)).then(a.requested_minimum).otherwise(a.requested),
)

# The duties stand at the end of the section on the criteria, without a heading of their own.
DUTIES = "Udvælgelseskriterier"

CONDITIONS = (
    Condition(
        "condition.audited-accounts",
        Text(
            da="Projektet indsender et regnskab med revisors påtegning.",
            nb="Prosjektet sender inn et revisorbekreftet regnskap.",
            en="The project submits audited accounts.",
        ),
        basis=Cited(CALL_2022, DUTIES),
    ),
    Condition(
        "condition.final-report",
        Text(
            da="Projektet indsender en afsluttende rapport om resultater og gevinster.",
            nb="Prosjektet sender inn en sluttrapport om resultater og gevinster.",
            en="The project submits a final report on results and gains.",
        ),
        basis=Cited(CALL_2022, DUTIES),
    ),
)

ASSUMPTIONS = (
    Assumption(
        "funding.in-kind",
        Text(
            da="Opslaget siger ikke, om egenfinansiering kan bestå af egne timer og naturalydelser; de er talt med.",
            nb="Utlysningen sier ikke om egenfinansiering kan bestå av egne timer og naturalytelser; de er regnet med.",
            en="The call does not say whether own financing may be in kind; it was counted.",
        ),
        when=a.funding.any(all_of(f.source.is_(OWN), f.form.is_(IN_KIND))),
    ),
)
