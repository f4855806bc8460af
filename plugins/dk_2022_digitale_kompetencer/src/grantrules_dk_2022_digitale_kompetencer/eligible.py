"""Eligibility requirements, in the order of the call."""

from grantrules import (
    EDUCATION,
    HOSPITAL,
    LEAD,
    MUNICIPALITY,
    PATIENT_ASSOCIATION,
    REGION,
    Assumed,
    Cited,
    Requirement,
    Text,
    all_of,
    any_of,
    facts,
    judgement,
    known,
)

from .application import MANAGERS, PATIENTS, STAFF, STUDENTS, TEACHERS, DigitaleKompetencer
from .sources import CALL_2022

a = facts(DigitaleKompetencer)
o = facts(DigitaleKompetencer, "organisations")

APPLICANT_ACCEPTED = judgement(
    "applicant-accepted",
    Text(
        da="Kan en hovedansøger af en type, som opslaget ikke nævner, søge puljen?",
        nb="Kan en hovedsøker av en type som utlysningen ikke nevner, søke på ordningen?",
        en="May a lead applicant of a kind that the call does not name apply to the pool?",
    ),
)

APPLICANTS = Requirement(
    "eligibility.applicants",
    any_of(
        a.organisations.any(
            all_of(
                o.role.is_(LEAD),
                o.kind.is_in(REGION, MUNICIPALITY, EDUCATION, HOSPITAL, PATIENT_ASSOCIATION),
            )
        ),
        all_of(a.organisations.any(o.role.is_(LEAD)), APPLICANT_ACCEPTED),
    ),
    Text(
        da="En hovedansøger er en region, en kommune, en uddannelsesinstitution, et hospital eller en patientforening. "
        "Opslaget nævner dem som eksempler; er ingen hovedansøger en af dem, afgør en sagsbehandler, om den kan søge.",
        nb="En hovedsøker er en region, en kommune, en utdanningsinstitusjon, et sykehus eller en pasientforening. "
        "Utlysningen nevner dem som eksempler; er ingen hovedsøker en av dem, avgjør en saksbehandler om den kan søke.",
        en="A lead applicant is a region, a municipality, an education body, a hospital or a patient association. The "
        "call names them as examples; where no lead applicant is one of them, a case officer decides whether it may "
        "apply.",
    ),
    basis=Cited(CALL_2022, "Hvem kan søge?"),
)

PURPOSE = Requirement(
    "eligibility.purpose",
    all_of(a.primary_aim, a.target_groups.includes_any(STAFF, MANAGERS, PATIENTS, STUDENTS, TEACHERS)),
    Text(
        da="Projektet skal først og fremmest styrke digitale kompetencer hos mindst én af målgrupperne: medarbejdere, "
        "ledere, patienter, studerende eller undervisere.",
        nb="Prosjektet skal først og fremst styrke den digitale kompetansen i minst én av målgruppene: ansatte, "
        "ledere, pasienter, studenter eller undervisere.",
        en="The project is primarily to strengthen the digital competences of at least one target group: staff, "
        "managers, patients, students or teachers.",
    ),
    basis=Cited(CALL_2022, "Hvad kan der søges midler til?"),
)

REQUEST_INTERVAL = Requirement(
    "eligibility.request-interval",
    a.requested_minimum <= a.requested,
    Text(
        da="Det mindste anvendelige tilskud, som ansøgeren oplyser, er ikke større end det ansøgte beløb.",
        nb="Det minste anvendelige tilskuddet som søkeren oppgir, er ikke større enn søknadsbeløpet.",
        en="The smallest usable grant that the applicant states is not above the amount applied for.",
    ),
    basis=Assumed(
        Text(
            da="Opslaget lader ansøgere oplyse et mindste og et største beløb uden at sætte grænser for dem. At det "
            "mindste ikke må overstige det største, er antaget.",
            nb="Utlysningen lar søkere oppgi et minste og et største beløp uten å sette grenser for dem. At det minste "
            "ikke kan overstige det største, er antatt.",
            en="The call lets applicants state a smallest and a largest amount and sets no limits to them. That the "
            "smallest may not exceed the largest is assumed.",
        )
    ),
    when=known(a.requested_minimum),
)

ELIGIBILITY = (APPLICANTS, PURPOSE, REQUEST_INTERVAL)
