"""The award criteria of both allocations."""

from grantrules import (
    MUNICIPALITY,
    Assumed,
    Combination,
    Combining,
    Criterion,
    Notice,
    Scale,
    Scoring,
    Text,
    Weighting,
    Weights,
    facts,
)

from .application import Helseteknologi
from .sources import ARTICLE

a = facts(Helseteknologi)
o = facts(Helseteknologi, "organisations")

REWARDED = "Samarbeid lønner seg"

CRITERIA = (
    Criterion(
        "benefit",
        Text(
            da="Projektet giver nytte for borgere, pårørende og sundhedspersonale.",
            nb="Prosjektet gir nytte for pasienter, pårørende og helsepersonell.",
            en="The project benefits patients, their relatives and health personnel.",
        ),
        basis=Assumed(
            Text(
                da="Ordningens kriterier foreligger ikke. Nytte er valgt som kriterium, fordi omtalen af projekterne "
                "lægger vægt på sparet arbejde og større tryghed.",
                nb="Ordningens kriterier foreligger ikke. Nytte er valgt som kriterium fordi omtalen av prosjektene "
                "legger vekt på spart arbeid og økt trygghet.",
                en="The criteria of the scheme are not at hand. Benefit was chosen because what is told of the "
                "projects stresses work saved and greater safety.",
            )
        ),
    ),
    Criterion(
        "feasibility",
        Text(
            da="Projektet kan gennemføres med den plan og de kræfter, der er beskrevet.",
            nb="Prosjektet lar seg gjennomføre med den planen og de ressursene som er beskrevet.",
            en="The project can be carried out with the plan and the means described.",
        ),
        basis=Assumed(
            Text(
                da="Ordningens kriterier foreligger ikke. Gennemførlighed er valgt, fordi en udvælgelse blandt "
                "ansøgninger næppe kan se bort fra den.",
                nb="Ordningens kriterier foreligger ikke. Gjennomførbarhet er valgt fordi et utvalg blant søknader "
                "vanskelig kan se bort fra den.",
                en="The criteria of the scheme are not at hand. Feasibility was chosen because a choice between "
                "applications can hardly do without it.",
            )
        ),
    ),
    Criterion(
        "cooperation",
        Text(
            da="Mindst to forskellige kommuner står bag projektet.",
            nb="Minst to forskjellige kommuner står bak prosjektet.",
            en="At least two different municipalities stand behind the project.",
        ),
        basis=Notice(ARTICLE, REWARDED),
        computed=a.organisations.different(2, where=o.kind.is_(MUNICIPALITY)),
    ),
    Criterion(
        "leadership",
        Text(
            da="Kommunen går forrest og driver indsatsen frem.",
            nb="Kommunen går i spissen og driver tiltaket fram.",
            en="The municipality heads the effort and drives it forward.",
        ),
        basis=Notice(ARTICLE, REWARDED),
    ),
)

SCORING = Scoring(
    CRITERIA,
    scale=Scale(
        5,
        basis=Assumed(
            Text(
                da="Ingen kilde nævner en skala; 0 til 5 er valgt.",
                nb="Ingen kilde nevner noen skala; 0 til 5 er valgt.",
                en="No source names a scale; 0 to 5 was chosen.",
            )
        ),
    ),
    weights=Weights(
        Weighting.EQUAL,
        basis=Assumed(
            Text(
                da="Ingen kilde siger, hvad kriterierne vejer; de vejer lige meget.",
                nb="Ingen kilde sier hva kriteriene veier; de teller likt.",
                en="No source says what the criteria weigh; they weigh the same.",
            )
        ),
    ),
    combination=Combination(
        Combining.MEAN,
        basis=Assumed(
            Text(
                da="Ingen kilde siger, hvordan flere vurderinger bliver til én; gennemsnittet er valgt.",
                nb="Ingen kilde sier hvordan flere vurderinger blir til én; gjennomsnittet er valgt.",
                en="No source says how several assessments become one; their mean was chosen.",
            )
        ),
    ),
)
