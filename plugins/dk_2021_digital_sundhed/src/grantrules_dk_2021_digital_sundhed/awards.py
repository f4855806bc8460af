"""What is granted: the highest grant and the allocation of the money. Duties that follow an award are not known."""

from grantrules import Allocation, Assumed, GrantFormula, Method, Text, facts, least, value

from .application import DigitalSundhed

a = facts(DigitalSundhed)

HIGHEST_GRANT = GrantFormula(
    least(a.requested, value("budget")),
    Text(
        da="Tilskuddet er højst det ansøgte beløb og aldrig mere, end der er at uddele i runden.",
        nb="Tilskuddet er høyst søknadsbeløpet og aldri mer enn det er å dele ut i runden.",
        en="The grant is at most the amount applied for, and never more than there is to award in the round.",
    ),
    basis=Assumed(
        Text(
            da="Meddelelsen nævner hverken grænser for det enkelte tilskud, krav om egenfinansiering eller regler for "
            "udgifter. Kun det ansøgte og puljens størrelse er tilbage til at sætte en grænse.",
            nb="Meldingen nevner verken grenser for det enkelte tilskuddet, krav om egenfinansiering eller regler for "
            "kostnader. Bare søknadsbeløpet og rammen er igjen til å sette en grense.",
            en="The notice names neither limits for a single grant, nor a demand for own financing, nor rules about "
            "costs. Only the amount applied for and the size of the pool are left to set a limit.",
        )
    ),
)

ALLOCATION = Allocation(
    Method.RANK_PARTIAL_LAST,
    Text(
        da="Ansøgninger ordnes efter point og får fuldt tilskud, så længe der er penge; den sidste kan få en del, hvis "
        "den kan bruge så lidt. Står ansøgninger lige ved grænsen, afgør et menneske det.",
        nb="Søknader ordnes etter poeng og får fullt tilskudd så lenge det er penger; den siste kan få en del hvis den "
        "kan bruke så lite. Står søknader likt ved grensen, avgjør et menneske det.",
        en="The best-rated applications are funded in full, one after another, until the money runs out. What is then "
        "left may go to the next as a part, unless that is less than the applicant can use. Where applications are "
        "level at that point, a person decides.",
    ),
    basis=Assumed(
        Text(
            da="Meddelelsen siger, hvem der fik midler, men ikke hvordan de blev fordelt, eller hvor meget hver fik.",
            nb="Meldingen sier hvem som fikk midler, men ikke hvordan de ble fordelt, eller hvor mye hver fikk.",
            en="The notice says who was awarded money, but not how it was shared out, nor how much each got.",
        )
    ),
)
