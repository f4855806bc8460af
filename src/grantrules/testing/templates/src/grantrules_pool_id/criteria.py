"""The award criteria: what assessors rate, what is computed, and how it adds up."""

from fractions import Fraction

from grantrules import (
    PARTNER,
    Combination,
    Combining,
    Criterion,
    Scale,
    Scoring,
    Text,
    Weighting,
    Weights,
    facts,
)

from .application import Project
from .sources import INVENTED

a = facts(Project)
o = facts(Project, "organisations")

CRITERIA = (
    Criterion(
        "relevance",
        Text(
            da="Projektet bidrager til det, puljen vil opnå.",
            nb="Prosjektet bidrar til det ordningen vil oppnå.",
            en="The project contributes to what the pool is to achieve.",
        ),
        basis=INVENTED,
        weight=Fraction(50),
    ),
    Criterion(
        "feasibility",
        Text(
            da="Projektet kan gennemføres med de midler og inden for den tid, der er beskrevet.",
            nb="Prosjektet kan gjennomføres med de midlene og innenfor den tiden som er beskrevet.",
            en="The project can be carried out with the means and in the time described.",
        ),
        basis=INVENTED,
        weight=Fraction(30),
    ),
    Criterion(
        "partnership",
        Text(
            da="Mindst én samarbejdspartner deltager.",
            nb="Minst én samarbeidspartner deltar.",
            en="At least one partner takes part.",
        ),
        basis=INVENTED,
        computed=a.organisations.any(o.role.is_(PARTNER)),
        weight=Fraction(20),
    ),
)

SCORING = Scoring(
    CRITERIA,
    scale=Scale(5, INVENTED),
    weights=Weights(Weighting.STATED, INVENTED, total=Fraction(100)),
    combination=Combination(Combining.MEAN, INVENTED),
)
