"""The facts of an application to this pool, beside those that every pool knows."""

from attrs import frozen

from grantrules import Application, Cost, Option, Text, choice, choices, count, flag, many

NEW_COURSE = Option("new_course", Text("nyt uddannelsesforløb", "nytt utdanningsløp", "new course"))
FURTHER_DEVELOPMENT = Option(
    "further_development",
    Text("videreudvikling af eksisterende uddannelse", "videreutvikling av utdanning", "further development"),
)
TEACHING_CAPACITY = Option(
    "teaching_capacity", Text("undervisningskapacitet", "undervisningskapasitet", "teaching capacity")
)

TECHNOLOGY_UNDERSTANDING = Option(
    "technology_understanding",
    Text("teknologiforståelse og forandring", "teknologiforståelse og endring", "technology understanding"),
)
APPLICATION = Option("application", Text("anvendelse", "anvendelse", "application"))
COMMUNICATION = Option(
    "communication",
    Text("formidling og kommunikation", "formidling og kommunikasjon", "communication with the citizen"),
)

PROJECT_STAFF = Option(
    "project_staff", Text("projektleder og projektgruppe", "prosjektleder og -gruppe", "project staff")
)
EXPERTS = Option("experts", Text("fagpersoner og konsulenter", "fagpersoner og konsulenter", "experts"))
SUPPORTING_MATERIAL = Option(
    "supporting_material", Text("understøttende materialer", "støttemateriell", "supporting material")
)
MEETINGS = Option("meetings", Text("møder og workshops", "møter og workshoper", "meetings and workshops"))
TRANSPORT = Option("transport", Text("kørsel", "kjøring", "transport by the kilometre"))
CONSULTANCY = Option("consultancy", Text("konsulentbistand", "konsulentbistand", "consultancy"))
MATERIAL_DEVELOPMENT = Option(
    "material_development",
    Text(
        "udvikling og formidling af materialer",
        "utvikling og formidling av materiell",
        "development of material",
    ),
)
AUDIT = Option("audit", Text("revision", "revisjon", "audit"))
ESTABLISHMENT = Option(
    "establishment",
    Text(
        "forberedelse og godkendelse af forløb",
        "forberedelse og godkjenning av løp",
        "establishment of a course",
    ),
)
EQUIPMENT = Option("equipment", Text("it-udstyr og apparatur", "it-utstyr og apparatur", "equipment"))
RESEARCH = Option("research", Text("forskning", "forskning", "research"))
FARES = Option("fares", Text("billetter", "billetter", "fares"))
OTHER_COST = Option("other", Text("andet", "annet", "other"))


@frozen(kw_only=True)
class Udgift(Cost):
    """A budget line of this pool."""

    category: str | None = choice(
        Text("udgiftstype", "kostnadstype", "category"),
        PROJECT_STAFF,
        EXPERTS,
        SUPPORTING_MATERIAL,
        MEETINGS,
        TRANSPORT,
        CONSULTANCY,
        MATERIAL_DEVELOPMENT,
        AUDIT,
        ESTABLISHMENT,
        EQUIPMENT,
        RESEARCH,
        FARES,
        OTHER_COST,
    )
    ordinary_operations: bool | None = flag(
        Text(
            "har karakter af almindelig drift",
            "har preg av ordinær drift",
            "has the character of ordinary operations",
        )
    )
    supports_project_directly: bool | None = flag(
        Text("understøtter projektet direkte", "støtter prosjektet direkte", "supports the project directly")
    )
    leads_to_course: bool | None = flag(
        Text(
            "munder ud i et forløb eller løfter en uddannelse",
            "munner ut i et løp eller løfter en utdanning",
            "ends in a course or an improved programme",
        )
    )


@frozen(kw_only=True)
class Kompetenceloeft(Application):
    """An application to this pool."""

    costs: tuple[Udgift, ...] | None = many(Udgift, Text("budgetposter", "budsjettposter", "budget lines"))
    pages: int | None = count(
        Text(
            "sider i ansøgningen uden budgetskemaer og bilag",
            "sider i søknaden uten budsjettskjemaer og vedlegg",
            "pages of the application without budget forms and annexes",
        ),
    )
    activities: frozenset[str] | None = choices(
        Text("aktiviteter", "aktiviteter", "activities"), NEW_COURSE, FURTHER_DEVELOPMENT, TEACHING_CAPACITY
    )
    competence_elements: frozenset[str] | None = choices(
        Text("kompetenceelementer", "kompetanseelementer", "competence elements"),
        TECHNOLOGY_UNDERSTANDING,
        APPLICATION,
        COMMUNICATION,
    )
    shares_material: bool | None = flag(
        Text(
            "stiller materialet til rådighed",
            "stiller materiellet til rådighet",
            "makes the material available",
        )
    )
    formal_programme: bool | None = flag(
        Text(
            "forløbet skal indgå i en formel uddannelse eller udbydes på professionshøjskoleniveau",
            "løpet skal inngå i en formell utdanning eller tilbys på høyskolenivå",
            "the course is to enter a formal programme or be offered at university-college level",
        )
    )
    reports_for_approval: bool | None = flag(
        Text(
            "forløbet indberettes til godkendelse",
            "løpet meldes inn til godkjenning",
            "the course is reported for approval",
        )
    )
