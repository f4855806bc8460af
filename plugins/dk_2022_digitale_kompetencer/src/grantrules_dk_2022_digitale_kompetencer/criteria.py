"""The award criteria of the call, in its order, and the emphasis that it publishes in words."""

from grantrules import (
    EDUCATION,
    MUNICIPALITY,
    REGION,
    Assumed,
    Cited,
    Combination,
    Combining,
    Criterion,
    Emphasis,
    Scale,
    Scoring,
    Text,
    Weighting,
    Weights,
    at_least,
    facts,
    kr,
    own_financing,
)

from .application import DigitaleKompetencer
from .sources import CALL_2022

a = facts(DigitaleKompetencer)
o = facts(DigitaleKompetencer, "organisations")

HEADING = "Udvælgelseskriterier"

CRITERIA = (
    Criterion(
        "strengthening",
        Text(
            da="Projektet styrker målgruppernes digitale kompetencer, så de kan bruge nye digitale løsninger.",
            nb="Prosjektet styrker målgruppenes digitale kompetanse, så de kan bruke nye digitale løsninger.",
            en="The project strengthens the digital competences of its target groups, so that they can use new digital "
            "solutions.",
        ),
        basis=Cited(CALL_2022, HEADING, "1"),
    ),
    Criterion(
        "goals",
        Text(
            da="Projektet har klare mål, og det fremgår, hvornår de er nået.",
            nb="Prosjektet har klare mål, og det går fram når de er nådd.",
            en="The project has clear goals and says when they are reached.",
        ),
        basis=Cited(CALL_2022, HEADING, "2"),
    ),
    Criterion(
        "organisation",
        Text(
            da="Organiseringen er klart beskrevet, også hvordan ledelsen står bag.",
            nb="Organiseringen er klart beskrevet, også hvordan ledelsen står bak.",
            en="The organisation is clearly described, including how it is anchored in management.",
        ),
        basis=Cited(CALL_2022, HEADING, "3"),
    ),
    Criterion(
        "volume",
        Text(
            da="Projektet forventes at nå mange, gerne i flere målgrupper.",
            nb="Prosjektet ventes å nå mange, gjerne i flere målgrupper.",
            en="The project is expected to reach many people, preferably in several target groups.",
        ),
        basis=Cited(CALL_2022, HEADING, "4"),
    ),
    Criterion(
        "effects",
        Text(
            da="De forventede effekter er store og godt underbygget.",
            nb="De forventede effektene er store og godt underbygd.",
            en="The expected effects are large and well supported.",
        ),
        basis=Cited(CALL_2022, HEADING, "5"),
    ),
    Criterion(
        "joint",
        Text(
            da="Mindst to af disse typer står bag projektet: region, kommune, uddannelsesinstitution.",
            nb="Minst to av disse typene står bak prosjektet: region, kommune, utdanningsinstitusjon.",
            en="At least two of these kinds stand behind the project: region, municipality, education body.",
        ),
        basis=Cited(
            CALL_2022,
            HEADING,
            "6",
            assumed=Text(
                da="Opslagets opregning er åben: den ender i »mv.«. At andre typer ikke tæller med, er antaget.",
                nb="Utlysningens oppregning er åpen: den ender i «mv.». At andre typer ikke teller med, er antatt.",
                en="The list in the call is open: it ends in “mv.” (and the like). That other kinds do not count is "
                "assumed.",
            ),
        ),
        computed=at_least(
            2,
            a.organisations.any(o.kind.is_(REGION)),
            a.organisations.any(o.kind.is_(MUNICIPALITY)),
            a.organisations.any(o.kind.is_(EDUCATION)),
        ),
    ),
    Criterion(
        "own-financing",
        Text(
            da="Ansøgeren lægger selv penge eller arbejdstid i projektet.",
            nb="Søkeren legger selv penger eller arbeidstid i prosjektet.",
            en="The applicant puts money or working hours of its own into the project.",
        ),
        basis=Cited(CALL_2022, HEADING, "7"),
        computed=own_financing(a) > kr(0),
    ),
)

SCORING = Scoring(
    CRITERIA,
    scale=Scale(
        5,
        basis=Assumed(
            Text(
                da="Opslaget sætter ingen skala for vurderingerne; 0 til 5 er valgt.",
                nb="Utlysningen setter ingen skala for vurderingene; 0 til 5 er valgt.",
                en="The call sets no scale for the ratings; 0 to 5 was chosen.",
            )
        ),
    ),
    weights=Weights(
        Weighting.EQUAL,
        basis=Assumed(
            Text(
                da="Opslaget siger kun i ord, hvad der vejer tungest, og giver ingen tal. Lige vægte er valgt; de er "
                "ikke i strid med ordene.",
                nb="Utlysningen sier bare i ord hva som veier tyngst, og gir ingen tall. Like vekter er valgt; de er "
                "ikke i strid med ordene.",
                en="The call says in words alone what weighs most and gives no figures. Equal weights were chosen; "
                "they do not contradict the words.",
            )
        ),
    ),
    combination=Combination(
        Combining.MEAN,
        basis=Assumed(
            Text(
                da="Opslaget siger ikke, hvordan flere bedømmeres vurderinger bliver til én; gennemsnittet er valgt.",
                nb="Utlysningen sier ikke hvordan flere bedømmeres vurderinger blir til én; gjennomsnittet er valgt.",
                en="The call does not say how the ratings of several assessors become one; their mean was chosen.",
            )
        ),
    ),
    emphasis=Emphasis(
        (("strengthening", "goals", "organisation"), ("volume",)),
        Text(
            da="Styrkede kompetencer (puljens formål), klare mål og klar organisering vejer hver mindst så tungt som "
            "noget andet kriterium; volumen vejer mindst så tungt som de øvrige.",
            nb="Styrket kompetanse (ordningens formål), klare mål og klar organisering veier hver minst like tungt som "
            "noe annet kriterium; volum veier minst like tungt som de øvrige.",
            en="Stronger competences (the purpose of the pool), clear goals and clear organisation each weigh at least "
            "as much as any other criterion; volume weighs at least as much as the rest.",
        ),
        basis=Cited(CALL_2022, HEADING),
    ),
)
