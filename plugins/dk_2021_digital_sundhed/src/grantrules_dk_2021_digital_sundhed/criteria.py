"""The award criteria: aims that the notice tells of, read as criteria."""

from grantrules import (
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

from .application import MONITORING, PREVENTION, TREATMENT, DigitalSundhed
from .sources import NOTICE

a = facts(DigitalSundhed)

CRITERIA = (
    Criterion(
        "purpose",
        Text(
            da="Projektet støtter rundens formål: digitale løsninger, der gør brug af den fælles infrastruktur.",
            nb="Prosjektet støtter rundens formål: digitale løsninger som tar i bruk den felles infrastrukturen.",
            en="The project supports the purpose of the round: digital solutions that use the shared infrastructure.",
        ),
        basis=Notice(
            NOTICE,
            assumed=Text(
                da="Meddelelsen fortæller om formålet. At ansøgninger bedømmes på, hvor godt de støtter det, er "
                "antaget.",
                nb="Meldingen forteller om formålet. At søknader bedømmes etter hvor godt de støtter det, er antatt.",
                en="The notice tells of the purpose. That applications are rated on how well they support it is "
                "assumed.",
            ),
        ),
    ),
    Criterion(
        "cross-sector-effort",
        Text(
            da="Projektet giver lokale erfaringer med nye digitale indsatser på tværs af sektorer.",
            nb="Prosjektet gir lokale erfaringer med nye digitale tiltak på tvers av sektorer.",
            en="The project brings local experience with new digital efforts that cross sectors.",
        ),
        basis=Notice(
            NOTICE,
            assumed=Text(
                da="Meddelelsen nævner det som det, støtten skal gøre muligt. At det er et tildelingskriterium, er "
                "antaget.",
                nb="Meldingen nevner det som noe støtten skal gjøre mulig. At det er et tildelingskriterium, er "
                "antatt.",
                en="The notice names it as what the support is to make possible. That it is an award criterion is "
                "assumed.",
            ),
        ),
    ),
    Criterion(
        "working-conditions",
        Text(
            da="Løsningen giver bedre arbejdsvilkår for de fagfolk, der har med patienternes forløb at gøre.",
            nb="Løsningen gir bedre arbeidsvilkår for fagfolkene som har med pasientforløpene å gjøre.",
            en="The solution improves working conditions for the professionals who take part in the patients' care.",
        ),
        basis=Notice(
            NOTICE,
            assumed=Text(
                da="Meddelelsen nævner det som et eksempel på, hvad løsninger i psykiatrien kan give. At det er et "
                "tildelingskriterium, og at det også gælder uden for psykiatrien, er antaget.",
                nb="Meldingen nevner det som et eksempel på hva løsninger i psykiatrien kan gi. At det er et "
                "tildelingskriterium, og at det også gjelder utenfor psykiatrien, er antatt.",
                en="The notice names it as an example of what solutions in psychiatry can bring. That it is an award "
                "criterion, and that it counts outside psychiatry too, is assumed.",
            ),
        ),
    ),
    Criterion(
        "psychiatry",
        Text(
            da="Løsningen bruges til mindst én af tre ting hos patienter i psykiatrien: forebyggelse, behandling eller "
            "monitorering.",
            nb="Løsningen brukes til minst én av tre ting hos pasienter i psykiatrien: forebygging, behandling eller "
            "oppfølging med målinger.",
            en="The solution serves patients in psychiatry in at least one of three ways: prevention, treatment or "
            "monitoring.",
        ),
        basis=Notice(
            NOTICE,
            assumed=Text(
                da="Meddelelsen siger, at runden også havde dette fokus, men beskriver et af de tre projekter som "
                "rettet mod rusmiddelområdet. At psykiatri er et tildelingskriterium og ikke et krav, og at én "
                "anvendelse giver alle point, er antaget.",
                nb="Meldingen sier at runden også hadde dette fokuset, men beskriver ett av de tre prosjektene som "
                "rettet mot rusfeltet. At psykiatri er et tildelingskriterium og ikke et krav, og at én bruk gir "
                "alle poeng, er antatt.",
                en="The notice says that the round also had this focus, but describes one of the three projects as "
                "being about the treatment of substance use. That psychiatry is an award criterion and not a "
                "demand, and that one use earns all points, is assumed.",
            ),
        ),
        computed=a.psychiatry_uses.includes_any(PREVENTION, TREATMENT, MONITORING),
    ),
)

SCORING = Scoring(
    CRITERIA,
    scale=Scale(
        5,
        basis=Assumed(
            Text(
                da="Opslagets tekst foreligger ikke, og meddelelsen nævner ingen skala; 0 til 5 er valgt.",
                nb="Utlysningsteksten foreligger ikke, og meldingen nevner ingen skala; 0 til 5 er valgt.",
                en="The text of the call is not at hand, and the notice names no scale; 0 to 5 was chosen.",
            )
        ),
    ),
    weights=Weights(
        Weighting.EQUAL,
        basis=Assumed(
            Text(
                da="Opslagets tekst foreligger ikke, og meddelelsen nævner ingen vægte; kriterierne vejer lige meget.",
                nb="Utlysningsteksten foreligger ikke, og meldingen nevner ingen vekter; kriteriene teller likt.",
                en="The text of the call is not at hand, and the notice names no weights; the criteria weigh the same.",
            )
        ),
    ),
    combination=Combination(
        Combining.MEAN,
        basis=Assumed(
            Text(
                da="Hvordan flere vurderinger blev til én, vides ikke; gennemsnittet er valgt.",
                nb="Hvordan flere vurderinger ble til én, vet man ikke; gjennomsnittet er valgt.",
                en="How several assessments became one is not known; their mean was chosen.",
            )
        ),
    ),
)
