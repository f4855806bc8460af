"""Formal requirements: failing one dismisses the application unassessed. The second allocation has none."""

from grantrules import Notice, Requirement, Text, facts, value

from .application import Helseteknologi
from .sources import JANUARY

a = facts(Helseteknologi)

END_OF_DAY = Text(
    da="Nyheden nævner kun dagen. At fristen løber til døgnets slutning, er antaget.",
    nb="Nyheten nevner bare dagen. At fristen løper ut døgnet, er antatt.",
    en="The news names the day alone. That the deadline runs to the end of that day is assumed.",
)

DEADLINE = Requirement(
    "formal.deadline",
    a.submitted_at < value("deadline"),
    Text(
        da="Ansøgningen er modtaget senest den 15. januar 2024.",
        nb="Søknaden er mottatt senest 15. januar 2024.",
        en="The application was received on 15 January 2024 at the latest.",
    ),
    basis=Notice(JANUARY, assumed=END_OF_DAY),
)
