"""
An extension: rules for pools that other plugins own. This one has no pool, and changes nothing in theirs.

Both rules are invented, to show how it is done: no ministry demands that publications name it as the funder, and
the call of 2022 demands no title.
"""

from grantrules import Application, Assumed, Condition, Pool, Requirement, Text, facts, hook, not_

GRANTRULES_API = 1

COUNTRY = "DK"
TITLED_POOL = "dk_2022_digitale_kompetencer"

a = facts(Application)

INVENTED = Assumed(
    Text(
        da="Opdigtet for at vise en udvidelse; intet ministerium har stillet dette krav.",
        nb="Oppdiktet for å vise en utvidelse; ikke noe departement har stilt dette kravet.",
        en="Invented to show an extension; no ministry has made this demand.",
    )
)

FUNDER_NAMED = Condition(
    "condition.funder-named",
    Text(
        da="Det fremgår af alt, hvad projektet offentliggør, hvem der har givet tilskuddet.",
        nb="Det framgår av alt prosjektet publiserer, hvem som har gitt tilskuddet.",
        en="Everything that the project publishes names the funder.",
    ),
    basis=INVENTED,
)

TITLE = Requirement(
    "formal.funder-named-title",
    not_(a.title.is_("")),
    Text(
        da="Ansøgningen har en titel, som offentliggørelser kan henvise til.",
        nb="Søknaden har en tittel som publikasjoner kan vise til.",
        en="The application has a title that publications can refer to.",
    ),
    basis=INVENTED,
)


@hook
def eligibility(pool: Pool) -> tuple[Requirement, ...]:
    """One formal rule, for a single pool."""
    return (TITLE,) if pool.id == TITLED_POOL else ()


@hook
def conditions(pool: Pool) -> tuple[Condition, ...]:
    """One duty, for all pools of the country."""
    return (FUNDER_NAMED,) if pool.country == COUNTRY else ()
