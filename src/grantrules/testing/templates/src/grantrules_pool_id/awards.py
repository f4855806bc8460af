"""What is granted: the highest grant possible, the allocation of the money, and the duties that follow."""

from fractions import Fraction

from grantrules import (
    IN_KIND,
    OWN,
    Allocation,
    Assumption,
    Condition,
    GrantFormula,
    Method,
    Rounding,
    Text,
    all_of,
    eligible_costs,
    facts,
    least,
    share,
    value,
)

from .application import Project
from .sources import ECONOMY, INVENTED

a = facts(Project)
f = facts(Project, "funding")

HIGHEST_GRANT = GrantFormula(
    least(a.requested, share(eligible_costs(), Fraction(3, 4), Rounding.DOWN)),
    Text(
        da="Tilskuddet er højst det ansøgte beløb og højst tre fjerdedele af de tilskudsberettigede udgifter. Er det "
        "under puljens laveste tilskud, kan der ikke gives tilskud.",
        nb="Tilskuddet er høyst søknadsbeløpet og høyst tre fjerdedeler av de støtteberettigede kostnadene. Er det "
        "under ordningens laveste tilskudd, kan det ikke gis tilskudd.",
        en="The grant is at most the amount applied for and at most three quarters of the eligible costs. If that is "
        "below the lowest grant of the pool, no grant can be given.",
    ),
    basis=ECONOMY,
    floor=value("grant_floor"),
)

ALLOCATION = Allocation(
    Method.RANK_PARTIAL_LAST,
    Text(
        da="Ansøgningerne får tilskud efter point, de bedste først, så længe der er penge; den sidste kan få en del.",
        nb="Søknadene får tilskudd etter poeng, de beste først, så lenge det er penger; den siste kan få en del.",
        en="Applications are funded by score, the best first, until the money runs out; the last may get a part.",
    ),
    basis=INVENTED,
)

CONDITIONS = (
    Condition(
        "condition.final-report",
        Text(
            da="Projektet sender en afsluttende rapport.",
            nb="Prosjektet sender en sluttrapport.",
            en="The project sends a final report.",
        ),
        basis=INVENTED,
    ),
    Condition(
        "condition.publish-results",
        Text(
            da="Projektet offentliggør sine resultater, når det er slut.",
            nb="Prosjektet offentliggjør resultatene sine når det er slutt.",
            en="The project publishes its results once it has ended.",
        ),
        basis=INVENTED,
        when=a.publishes_results,
    ),
)

ASSUMPTIONS = (
    Assumption(
        "funding.in-kind",
        Text(
            da="Egenfinansiering kan bestå af egne timer og naturalydelser; sådan er opslaget læst.",
            nb="Egenfinansiering kan bestå av egne timer og naturalytelser; slik er utlysningen lest.",
            en="Own financing may be in kind; so the call was read.",
        ),
        when=a.funding.any(all_of(f.source.is_(OWN), f.form.is_(IN_KIND))),
    ),
)
