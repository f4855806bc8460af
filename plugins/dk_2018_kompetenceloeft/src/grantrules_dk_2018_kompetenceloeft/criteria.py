"""The award criteria of the call, in its order."""

from grantrules import (
    MUNICIPALITY,
    REGION,
    Assumed,
    Cited,
    Combination,
    Combining,
    Criterion,
    Scale,
    Scoring,
    Text,
    Weighting,
    Weights,
    all_of,
    facts,
)

from .application import Kompetenceloeft
from .sources import CALL

a = facts(Kompetenceloeft)
o = facts(Kompetenceloeft, "organisations")

HEADING = "Udvælgelseskriterier"

CRITERIA = (
    Criterion(
        "purpose",
        Text(
            da="Ansøgningen viser klart og præcist, hvordan projektet støtter puljens formål.",
            nb="Søknaden viser klart og presist hvordan prosjektet støtter ordningens formål.",
            en="The application shows clearly and precisely how the project supports the purpose of the pool.",
        ),
        basis=Cited(CALL, HEADING, "1"),
    ),
    Criterion(
        "goals",
        Text(
            da="Projektet har klare mål og kriterier for, hvornår de er nået.",
            nb="Prosjektet har klare mål og kriterier for når de er nådd.",
            en="The project has clear goals and criteria for when they are reached.",
        ),
        basis=Cited(CALL, HEADING, "2"),
    ),
    Criterion(
        "organisation",
        Text(
            da="Organiseringen og den ledelsesmæssige forankring er klart beskrevet.",
            nb="Organiseringen og forankringen i ledelsen er klart beskrevet.",
            en="Organisation and anchoring in management are clearly described.",
        ),
        basis=Cited(CALL, HEADING, "3"),
    ),
    Criterion(
        "broad-lift",
        Text(
            da="Projektet sigter mod at løfte en bred gruppe af sundhedsfaglige.",
            nb="Prosjektet sikter mot å løfte en bred gruppe helsepersonell.",
            en="The project aims to lift a broad group of health professionals.",
        ),
        basis=Cited(CALL, HEADING, "4"),
    ),
    Criterion(
        "strategic-technology",
        Text(
            da="Leverancerne bruger indsatser og teknologi af betydning for strategien for digital sundhed 2018-2022.",
            nb="Leveransene bruker tiltak og teknologi av betydning for den danske digitale helsestrategien 2018-2022.",
            en="The deliverables use efforts and technologies that matter to the digital health strategy 2018-2022.",
        ),
        basis=Cited(CALL, HEADING, "5"),
    ),
    Criterion(
        "cross-sector",
        Text(
            da="Både en region og en kommune står bag projektet.",
            nb="Både en region og en kommune står bak prosjektet.",
            en="Both a region and a municipality stand behind the project.",
        ),
        basis=Cited(CALL, HEADING, "6"),
        computed=all_of(a.organisations.any(o.kind.is_(REGION)), a.organisations.any(o.kind.is_(MUNICIPALITY))),
    ),
)

SCORING = Scoring(
    CRITERIA,
    scale=Scale(
        5,
        basis=Assumed(
            Text(
                da="Opslaget spørger »i hvilken grad« uden at sætte en skala; 0 til 5 er valgt.",
                nb="Utlysningen spør «i hvilken grad» uten å sette en skala; 0 til 5 er valgt.",
                en="The call asks “to what degree” without a scale; 0 to 5 was chosen.",
            )
        ),
    ),
    weights=Weights(
        Weighting.EQUAL,
        basis=Assumed(
            Text(
                da="Opslaget vægter ikke kriterierne; de vejer lige meget.",
                nb="Utlysningen vekter ikke kriteriene; de teller likt.",
                en="The call publishes no weights; the criteria weigh the same.",
            )
        ),
    ),
    combination=Combination(
        Combining.MEAN,
        basis=Assumed(
            Text(
                da="Opslaget siger ikke, hvordan flere vurderinger bliver til én; gennemsnittet er valgt.",
                nb="Utlysningen sier ikke hvordan flere vurderinger blir til én; gjennomsnittet er valgt.",
                en="The call does not say how several assessments become one; their mean was chosen.",
            )
        ),
    ),
)
