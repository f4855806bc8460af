"""What is granted: the highest grant possible, the allocation of the money, and the duties that follow."""

from fractions import Fraction

from grantrules import (
    IN_KIND,
    OWN,
    Allocation,
    Assumed,
    Assumption,
    Base,
    Cited,
    CoFinancing,
    Condition,
    GrantFormula,
    Method,
    Rounding,
    Text,
    all_of,
    eligible_costs,
    facts,
    least,
    own_financing,
    value,
)

from .application import Kompetenceloeft
from .sources import CALL

a = facts(Kompetenceloeft)
f = facts(Kompetenceloeft, "funding")

HIGHEST_GRANT = GrantFormula(
    least(a.requested, value("grant_ceiling"), own_financing(a), eligible_costs() - own_financing(a)),
    Text(
        da="Tilskuddet er højst det mindste af fire beløb: det ansøgte, 2,5 mio. kr., egenfinansieringen, og de "
        "tilskudsberettigede udgifter fratrukket egenfinansieringen. Er det under 1,0 mio. kr., kan der ikke gives "
        "tilskud.",
        nb="Tilskuddet er høyst det minste av fire beløp: det omsøkte, 2,5 mill. kr, egenfinansieringen, og de "
        "støtteberettigede kostnadene fratrukket egenfinansieringen. Er det under 1,0 mill. kr, kan det ikke gis "
        "tilskudd.",
        en="The grant is at most the least of four amounts: the amount applied for, DKK 2.5 million, own financing, "
        "and eligible costs less own financing. If that is below DKK 1.0 million, no grant can be given.",
    ),
    basis=Cited(
        CALL,
        "Økonomi",
        assumed=Text(
            da="Grænserne og kravet om egenfinansiering står i opslaget. At de sammen med de tilskudsberettigede "
            "udgifter udgør denne formel, er antaget.",
            nb="Grensene og kravet om egenfinansiering står i utlysningen. At de sammen med de støtteberettigede "
            "kostnadene utgjør denne formelen, er antatt.",
            en="The limits and the demand for own financing are in the call. That they and the eligible costs make up "
            "this formula is assumed.",
        ),
    ),
    floor=value("grant_floor"),
)

MATCHING_AFTER_A_CUT = CoFinancing(
    "allocation.matching",
    Fraction(1),
    Base.REQUEST,
    own_financing(a),
    Rounding.HALF_UP,
    Text(
        da="Egenfinansieringen svarer til det ansøgte beløb, også når tilskuddet bliver mindre.",
        nb="Egenfinansieringen tilsvarer søknadsbeløpet, også når tilskuddet blir mindre.",
        en="Own financing equals the amount applied for, even where the grant is less.",
    ),
    basis=Cited(
        CALL,
        "Økonomi",
        assumed=Text(
            da="Opslaget måler egenfinansieringen på det ansøgte beløb. At kravet ikke falder, når tilskuddet sættes "
            "ned, er antaget.",
            nb="Utlysningen måler egenfinansieringen mot søknadsbeløpet. At kravet ikke faller når tilskuddet settes "
            "ned, er antatt.",
            en="The call measures own financing by the amount applied for. That the demand does not fall when the "
            "grant is cut is assumed.",
        ),
    ),
)

ALLOCATION = Allocation(
    Method.RANK_PARTIAL_LAST,
    Text(
        da="Ansøgninger ordnes efter point og får fuldt tilskud, så længe der er penge; den sidste kan få en del, hvis "
        "den og puljens mindstebeløb tillader det. Står ansøgninger lige ved grænsen, afgør et menneske det.",
        nb="Søknader ordnes etter poeng og får fullt tilskudd så lenge det er penger; den siste kan få en del hvis den "
        "og ordningens minstebeløp tillater det. Står søknader likt ved grensen, avgjør et menneske det.",
        en="The best-rated applications are funded in full, one after another, until the money runs out. What is then "
        "left may go to the next as a part, unless that is less than the pool grants or the applicant can use. Where "
        "applications are level at that point, a person decides.",
    ),
    basis=Assumed(
        Text(
            da="Opslaget siger ikke, hvordan puljens midler fordeles mellem egnede ansøgninger.",
            nb="Utlysningen sier ikke hvordan midlene fordeles mellom egnede søknader.",
            en="The call does not say how the money is shared out among eligible applications.",
        )
    ),
    co_financing=(MATCHING_AFTER_A_CUT,),
)

REPORTING = "Erfaringsopsamling og afrapportering"

CONDITIONS = (
    Condition(
        "condition.knowledge-sharing",
        Text(
            da="Projektet deltager i et videndelingsarrangement med de øvrige modtagere.",
            nb="Prosjektet deltar på et arrangement for kunnskapsdeling med de andre mottakerne.",
            en="The project takes part in a knowledge-sharing event with the other recipients.",
        ),
        basis=Cited(CALL, REPORTING, "1"),
    ),
    Condition(
        "condition.audited-accounts",
        Text(
            da="Projektet indsender et revisorpåtegnet regnskab.",
            nb="Prosjektet sender inn et revisorbekreftet regnskap.",
            en="The project submits audited accounts.",
        ),
        basis=Cited(CALL, REPORTING, "2"),
    ),
    Condition(
        "condition.final-report",
        Text(
            da="Projektet indsender en afsluttende rapport.",
            nb="Prosjektet sender inn en sluttrapport.",
            en="The project submits a final report.",
        ),
        basis=Cited(CALL, REPORTING, "2"),
    ),
    Condition(
        "condition.share-material",
        Text(
            da="Det udarbejdede materiale stilles til rådighed for kommuner, regioner og uddannelsesinstitutioner.",
            nb="Materiellet som utarbeides, stilles til rådighet for kommuner, regioner og utdanningsinstitusjoner.",
            en="The material is made available to municipalities, regions and education bodies.",
        ),
        basis=Cited(CALL, "Øvrige betingelser"),
    ),
    Condition(
        "condition.report-for-approval",
        Text(
            da="Forløbet indberettes til de relevante myndigheder med henblik på godkendelse.",
            nb="Løpet meldes inn til de relevante myndighetene med sikte på godkjenning.",
            en="The course is reported to the authorities concerned for approval.",
        ),
        basis=Cited(CALL, "Øvrige betingelser"),
        when=a.formal_programme,
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
