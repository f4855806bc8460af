"""Formal requirements: failing one dismisses the application unassessed."""

from grantrules import Requirement, Text, facts, value

from .application import Project
from .sources import DEADLINE, INVENTED

a = facts(Project)

IN_TIME = Requirement(
    "formal.deadline",
    a.submitted_at <= value("deadline"),
    Text(
        da="Ansøgningen er modtaget inden fristen.",
        nb="Søknaden er mottatt innen fristen.",
        en="The application was received by the deadline.",
    ),
    basis=DEADLINE,
)

LENGTH = Requirement(
    "formal.length",
    a.pages <= value("page_limit"),
    Text(
        da="Ansøgningen er ikke længere, end opslaget tillader.",
        nb="Søknaden er ikke lengre enn utlysningen tillater.",
        en="The application is no longer than the call allows.",
    ),
    basis=INVENTED,
)

FORMAL = (IN_TIME, LENGTH)
