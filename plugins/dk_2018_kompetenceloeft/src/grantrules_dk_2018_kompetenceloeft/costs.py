"""What can be paid for: the cost rules, in the order in which they apply to what is left of a line."""

from grantrules import (
    Above,
    Assumed,
    Cited,
    CostRule,
    Part,
    Rounding,
    Text,
    Whole,
    facts,
    judgement,
    not_,
    value,
)

from .application import (
    CONSULTANCY,
    EQUIPMENT,
    EXPERTS,
    MATERIAL_DEVELOPMENT,
    OTHER_COST,
    RESEARCH,
    SUPPORTING_MATERIAL,
    TRANSPORT,
    Kompetenceloeft,
)
from .sources import CALL

c = facts(Kompetenceloeft, "costs")

NOT_FUNDED = "Hvad kan der ikke søges til?"
FUNDED = "Hvad kan der ansøges om støtte til?"

PERIOD = CostRule(
    "cost.period",
    Whole(),
    Text(
        da="Udgifter afholdt efter den 31. december 2019 er ikke tilskudsberettigede.",
        nb="Kostnader pådratt etter 31. desember 2019 er ikke støtteberettigede.",
        en="Costs incurred after 31 December 2019 are not eligible.",
    ),
    basis=Cited(
        CALL,
        "Økonomi",
        assumed=Text(
            da="Opslaget siger »inden 31. december 2019«. At dagen selv tæller med, og at også revisionen skal være "
            "afholdt inden da, er antaget.",
            nb="Utlysningen sier «inden 31. december 2019». At selve dagen regnes med, og at også revisjonen må være "
            "utført innen da, er antatt.",
            en="The call says “inden 31. december 2019”. It was assumed that costs of that very day count, and that "
            "the audit is a cost like any other and has to be incurred by then.",
        ),
    ),
    when=c.incurred_on > value("last_cost_day"),
)

ORDINARY_OPERATIONS = CostRule(
    "cost.ordinary-operations",
    Whole(),
    Text(
        da="Aktiviteter og løn, der har karakter af almindelig drift, er ikke tilskudsberettigede.",
        nb="Aktiviteter og lønn som har preg av ordinær drift, er ikke støtteberettigede.",
        en="Activities and pay with the character of ordinary operations are not eligible.",
    ),
    basis=Cited(CALL, NOT_FUNDED, "1"),
    when=c.ordinary_operations,
)

EQUIPMENT_ONLY_DIRECT = CostRule(
    "cost.equipment",
    Whole(),
    Text(
        da="It-udstyr og apparatur, der ikke direkte understøtter projektet, er ikke tilskudsberettiget.",
        nb="It-utstyr og apparatur som ikke direkte støtter prosjektet, er ikke støtteberettiget.",
        en="Equipment that does not directly support the project is not eligible.",
    ),
    basis=Cited(
        CALL,
        NOT_FUNDED,
        "2",
        assumed=Text(
            da="At udstyr, der direkte understøtter projektet, er tilskudsberettiget, følger kun modsætningsvis.",
            nb="At utstyr som direkte støtter prosjektet, er støtteberettiget, følger bare motsetningsvis.",
            en="That equipment which directly supports the project is eligible follows by implication only.",
        ),
    ),
    concerns=c.category.is_(EQUIPMENT),
    when=not_(c.supports_project_directly),
)

RESEARCH_ENDS_IN_COURSE = CostRule(
    "cost.research",
    Whole(),
    Text(
        da="Forskning, der ikke munder ud i et uddannelsesforløb eller løfter en eksisterende uddannelse, er ikke "
        "tilskudsberettiget.",
        nb="Forskning som ikke munner ut i et utdanningsløp eller løfter en eksisterende utdanning, er ikke "
        "støtteberettiget.",
        en="Research that ends in no course and improves no existing programme is not eligible.",
    ),
    basis=Cited(CALL, NOT_FUNDED, "3"),
    concerns=c.category.is_(RESEARCH),
    when=not_(c.leads_to_course),
)

RECOVERABLE_VAT = CostRule(
    "cost.recoverable-vat",
    Part(c.vat),
    Text(
        da="Moms, der kan afløftes, er ikke tilskudsberettiget.",
        nb="Mva. som kan trekkes fra eller kompenseres, er ikke støtteberettiget.",
        en="VAT that can be recovered is not eligible.",
    ),
    basis=Cited(CALL, NOT_FUNDED, "4"),
    when=c.vat_recoverable,
)

TRANSPORT_RATE = CostRule(
    "cost.transport-rate",
    Above((c.kilometres * value("lowest_rate").on(c.incurred_on)).rounded(Rounding.HALF_UP)),
    Text(
        da="Kørsel er tilskudsberettiget op til statens laveste kilometertakst på dagen; resten er det ikke.",
        nb="Kjøring er støtteberettiget opp til den danske statens laveste kilometersats på dagen; resten er det ikke.",
        en="Transport is eligible up to the State's lowest mileage rate of the day; the rest is not.",
    ),
    basis=Cited(
        CALL,
        FUNDED,
        "5",
        assumed=Text(
            da="At billetter til offentlig transport er en udgiftstype for sig, som taksten ikke vedrører, og at "
            "beløbet afrundes til hele øre med halve øre op, er antaget.",
            nb="At billetter til kollektivtransport er en egen kostnadstype som satsen ikke gjelder, og at beløpet "
            "rundes av til hele øre med halve øre opp, er antatt.",
            en="That fares for public transport are a category of their own, which the rate does not touch, and that "
            "the limit is rounded half up to the øre, is assumed.",
        ),
    ),
    concerns=c.category.is_(TRANSPORT),
)

EXPERTS_LIMITED = CostRule(
    "cost.experts-limited",
    Whole(),
    Text(
        da="Honorar til fagpersoner og konsulenter er tilskudsberettiget i begrænset omfang.",
        nb="Honorar til fagpersoner og konsulenter er støtteberettiget i begrenset omfang.",
        en="Fees to professionals and consultants are eligible to a limited extent.",
    ),
    basis=Cited(CALL, FUNDED, "2"),
    concerns=c.category.is_(EXPERTS),
    when=not_(
        judgement(
            "experts-limited",
            Text(
                da="Er honoraret til fagpersoner og konsulenter af begrænset omfang?",
                nb="Er honoraret til fagpersoner og konsulenter av begrenset omfang?",
                en="Are the fees to professionals and consultants of limited extent?",
            ),
        )
    ),
)

MATERIAL_LIMITED = CostRule(
    "cost.material-limited",
    Whole(),
    Text(
        da="Understøttende materialer er tilskudsberettigede i begrænset omfang.",
        nb="Støttemateriell er støtteberettiget i begrenset omfang.",
        en="Supporting material is eligible to a limited extent.",
    ),
    basis=Cited(CALL, FUNDED, "3"),
    concerns=c.category.is_(SUPPORTING_MATERIAL),
    when=not_(
        judgement(
            "material-limited",
            Text(
                da="Er de understøttende materialer af begrænset omfang?",
                nb="Er støttemateriellet av begrenset omfang?",
                en="Is the supporting material of limited extent?",
            ),
        )
    ),
)

CONSULTANCY_NECESSARY = CostRule(
    "cost.consultancy-necessary",
    Whole(),
    Text(
        da="Konsulentbistand er tilskudsberettiget, når den er nødvendig og af begrænset omfang.",
        nb="Konsulentbistand er støtteberettiget når den er nødvendig og av begrenset omfang.",
        en="Consultancy is eligible where it is necessary and of limited extent.",
    ),
    basis=Cited(CALL, FUNDED, "6"),
    concerns=c.category.is_(CONSULTANCY),
    when=not_(
        judgement(
            "consultancy-necessary",
            Text(
                da="Er konsulentbistanden nødvendig og af begrænset omfang?",
                nb="Er konsulentbistanden nødvendig og av begrenset omfang?",
                en="Is the consultancy necessary and of limited extent?",
            ),
        )
    ),
)

MATERIAL_DECISIVE = CostRule(
    "cost.material-decisive",
    Whole(),
    Text(
        da="Udvikling og formidling af materialer er tilskudsberettiget, når materialerne er afgørende for projektet.",
        nb="Utvikling og formidling av materiell er støtteberettiget når materiellet er avgjørende for prosjektet.",
        en="Developing and disseminating material is eligible where the material is decisive for the project.",
    ),
    basis=Cited(CALL, FUNDED, "7"),
    concerns=c.category.is_(MATERIAL_DEVELOPMENT),
    when=not_(
        judgement(
            "material-decisive",
            Text(
                da="Er materialerne afgørende for, at projektet kan gennemføres?",
                nb="Er materiellet avgjørende for at prosjektet kan gjennomføres?",
                en="Is the material decisive for carrying out the project?",
            ),
        )
    ),
)

UNLISTED = CostRule(
    "cost.unlisted",
    Whole(),
    Text(
        da="En udgift, som opslaget ikke nævner, er tilskudsberettiget, når en sagsbehandler godtager den.",
        nb="En kostnad som utlysningen ikke nevner, er støtteberettiget når en saksbehandler godtar den.",
        en="A cost that the call does not name is eligible where a case officer accepts it.",
    ),
    basis=Assumed(
        Text(
            da="Opslaget siger ikke, at listen over tilskudsberettigede udgifter er udtømmende.",
            nb="Utlysningen sier ikke at listen over støtteberettigede kostnader er uttømmende.",
            en="The call does not say that its list of fundable costs is closed.",
        )
    ),
    concerns=c.category.is_(OTHER_COST),
    when=not_(
        judgement(
            "unlisted-accepted",
            Text(
                da="Kan en udgift, som opslaget ikke nævner, godtages?",
                nb="Kan en kostnad som utlysningen ikke nevner, godtas?",
                en="Can a cost that the call does not name be accepted?",
            ),
        )
    ),
)

COST_RULES = (
    PERIOD,
    ORDINARY_OPERATIONS,
    EQUIPMENT_ONLY_DIRECT,
    RESEARCH_ENDS_IN_COURSE,
    RECOVERABLE_VAT,
    TRANSPORT_RATE,
    EXPERTS_LIMITED,
    MATERIAL_LIMITED,
    CONSULTANCY_NECESSARY,
    MATERIAL_DECISIVE,
    UNLISTED,
)
