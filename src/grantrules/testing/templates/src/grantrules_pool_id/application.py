"""The facts of an application to this pool, beside those that every pool knows."""

from datetime import date

from attrs import frozen
from grantrules import Application, Cost, Option, Text, choice, choices, count, day, flag, many

PILOT = Option("pilot", Text("afprøvning", "utprøving", "pilot"))
ROLL_OUT = Option("roll_out", Text("udbredelse", "spredning", "roll-out"))

CHILDREN = Option("children", Text("børn", "barn", "children"))
YOUNG_PEOPLE = Option("young_people", Text("unge mennesker", "ungdom", "young people"))
OLDER_PEOPLE = Option("older_people", Text("ældre mennesker", "eldre", "older people"))

STAFF = Option("staff", Text("løn til projektet", "lønn til prosjektet", "staff"))
EQUIPMENT = Option("equipment", Text("udstyr", "utstyr", "equipment"))
OPERATIONS = Option("operations", Text("almindelig drift", "ordinær drift", "ordinary operations"))


@frozen(kw_only=True)
class BudgetLine(Cost):
    """A budget line of this pool."""

    category: str | None = choice(
        Text("udgiftstype", "kostnadstype", "category"),
        STAFF,
        EQUIPMENT,
        OPERATIONS,
    )


@frozen(kw_only=True)
class Project(Application):
    """An application to this pool."""

    costs: tuple[BudgetLine, ...] | None = many(BudgetLine, Text("budgetposter", "budsjettposter", "budget lines"))
    pages: int | None = count(Text("sider i ansøgningen", "sider i søknaden", "pages of the application"), max=1000)
    focus: str | None = choice(Text("sigte med projektet", "formål med prosjektet", "aim"), PILOT, ROLL_OUT)
    target_groups: frozenset[str] | None = choices(
        Text("målgrupper i projektet", "målgrupper i prosjektet", "target groups"),
        CHILDREN,
        YOUNG_PEOPLE,
        OLDER_PEOPLE,
    )
    evaluated_on: date | None = day(Text("evalueringen er færdig", "evalueringen er ferdig", "day of the evaluation"))
    publishes_results: bool | None = flag(
        Text("offentliggør resultaterne", "offentliggjør resultatene", "publishes the results")
    )
