"""What is granted: the highest grant possible and the allocation of the money, in each of the two allocations."""

from grantrules import Allocation, Assumed, GrantFormula, Method, Text, facts, kr, least, value, when

from .application import AWARDED, AndreTildeling, Helseteknologi

a = facts(Helseteknologi)
second = facts(AndreTildeling)

AWARDED_BEFORE = when(second.first_round.status.is_(AWARDED)).then(second.first_round.awarded).otherwise(kr(0))

HIGHEST_GRANT = GrantFormula(
    least(a.requested, value("budget")),
    Text(
        da="Tilskuddet er højst det ansøgte beløb og højst tildelingens ramme.",
        nb="Tilskuddet er høyst søknadsbeløpet og høyst rammen for tildelingen.",
        en="The grant is at most the amount applied for and at most the budget of the allocation.",
    ),
    basis=Assumed(
        Text(
            da="Ordningens beløbsgrænser foreligger ikke; kun det ansøgte beløb og rammen begrænser tilskuddet.",
            nb="Ordningens beløpsgrenser foreligger ikke; bare søknadsbeløpet og rammen begrenser tilskuddet.",
            en="The limits of the scheme are not at hand; only the amount applied for and the budget bound the grant.",
        )
    ),
)

HIGHEST_TOP_UP = GrantFormula(
    least(second.requested - AWARDED_BEFORE, value("budget")),
    Text(
        da="Tilskuddet er højst det ansøgte beløb, fratrukket hvad projektet fik ved første tildeling, og højst "
        "tildelingens ramme.",
        nb="Tilskuddet er høyst søknadsbeløpet, fratrukket det prosjektet fikk i første tildeling, og høyst rammen for "
        "tildelingen.",
        en="The grant is at most the amount applied for, less what the project got in the first allocation, and at "
        "most the budget of the allocation.",
    ),
    basis=Assumed(
        Text(
            da="Ordningens beløbsgrænser foreligger ikke. At et projekt i alt højst kan få, hvad der er søgt om, er "
            "antaget.",
            nb="Ordningens beløpsgrenser foreligger ikke. At et prosjekt i alt høyst kan få det som er søkt om, er "
            "antatt.",
            en="The limits of the scheme are not at hand. That a project can get no more in all than is applied for "
            "is assumed.",
        )
    ),
)

ALLOCATION = Allocation(
    Method.RANK_PARTIAL_LAST,
    Text(
        da="Ansøgninger ordnes efter point og får fuldt tilskud, så længe der er penge; den sidste kan få en del, "
        "hvis ansøgeren kan bruge den. Står ansøgninger lige ved grænsen, afgør et menneske det.",
        nb="Søknader ordnes etter poeng og får fullt tilskudd så lenge det er penger; den siste kan få en del "
        "hvis søkeren kan bruke den. Står søknader likt ved grensen, avgjør et menneske det.",
        en="The best-rated applications are funded in full, one after another, until the money runs out. What is then "
        "left may go to the next as a part, unless that is less than the applicant can use. Where applications are "
        "level at that point, a person decides.",
    ),
    basis=Assumed(
        Text(
            da="Ingen kilde siger, hvordan rammen blev fordelt. Tallene tyder på, at tilskud blev sat ned; hvor meget "
            "og hvordan vides ikke, og derfor er det ikke efterlignet.",
            nb="Ingen kilde sier hvordan rammen ble fordelt. Tallene tyder på at tilskudd ble avkortet; hvor mye og "
            "hvordan er ikke kjent, og derfor er det ikke etterlignet.",
            en="No source says how the budget was shared out. The figures suggest that grants were cut; how much and "
            "how is not known, so it was not imitated.",
        )
    ),
)

TOP_UP_ALLOCATION = Allocation(
    Method.RANK_PARTIAL_LAST,
    Text(
        da="Nye projekter og forhøjelser ordnes sammen efter point og får, hvad der mangler, så længe der er penge; "
        "den sidste kan få en del, hvis ansøgeren kan bruge den. Står ansøgninger lige ved grænsen, afgør "
        "et menneske det.",
        nb="Nye prosjekter og økninger ordnes sammen etter poeng og får det som mangler, så lenge det er penger; den "
        "siste kan få en del hvis søkeren kan bruke den. Står søknader likt ved grensen, avgjør et menneske det.",
        en="New projects and top-ups stand in one order by score and get what they still lack, until the money runs "
        "out. What is then left may go to the next as a part, unless that is less than the applicant can use. Where "
        "applications are level at that point, a person decides.",
    ),
    basis=Assumed(
        Text(
            da="Artiklen fortæller, hvor mange nye og hvor mange tidligere modtagere der fik penge, men ikke hvordan "
            "rammen blev fordelt mellem dem.",
            nb="Artikkelen forteller hvor mange nye og hvor mange tidligere mottakere som fikk penger, men ikke "
            "hvordan rammen ble fordelt mellom dem.",
            en="The article tells how many new and how many earlier recipients got money, not how the budget was "
            "shared out between them.",
        )
    ),
    prior=AWARDED_BEFORE,
)
