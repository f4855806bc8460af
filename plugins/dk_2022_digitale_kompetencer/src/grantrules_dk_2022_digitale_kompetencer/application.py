"""The facts of an application to this pool, beside those that every pool knows."""

from attrs import frozen

from grantrules import Application, Option, Text, choices, count, flag, text

STAFF = Option("staff", Text("medarbejdere", "ansatte", "staff"))
MANAGERS = Option("managers", Text("ledere", "ledere", "managers"))
PATIENTS = Option("patients", Text("patienter", "pasienter", "patients"))
STUDENTS = Option("students", Text("studerende", "studenter", "students"))
TEACHERS = Option("teachers", Text("undervisere", "undervisere", "teachers"))


@frozen(kw_only=True)
class DigitaleKompetencer(Application):
    """An application to this pool."""

    responsible_party: str | None = text(
        Text("projektansvarlig part", "prosjektansvarlig part", "party responsible for the project")
    )
    target_groups: frozenset[str] | None = choices(
        Text("målgrupper", "målgrupper", "target groups"), STAFF, MANAGERS, PATIENTS, STUDENTS, TEACHERS
    )
    primary_aim: bool | None = flag(
        Text(
            "projektet skal først og fremmest styrke målgruppernes digitale kompetencer",
            "prosjektet skal først og fremst styrke målgruppenes digitale kompetanse",
            "the project is primarily to strengthen the digital competences of the target groups",
        )
    )
    people_reached: int | None = count(
        Text(
            "antal personer, som projektet omfatter",
            "antall personer som prosjektet omfatter",
            "number of people that the project reaches",
        )
    )
