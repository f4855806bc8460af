"""The documents of the pool, and the basis of whatever is still an example."""

from datetime import date

from grantrules import Assumed, Cited, Source, Text

CALL = Source(
    "call",
    title="The title of the call",
    publisher="Who published it",
    kind="call",
    published=date(2027, 1, 4),
    reference="Where it stands",
)

EXAMPLE = Text(
    da="Et eksempel, som ingen kilde bærer. Skriv, hvad opslaget siger, og henvis til det.",
    nb="Et eksempel som ingen kilde bærer. Skriv hva utlysningen sier, og vis til den.",
    en="An example that no source bears out. Write what the call says, and cite it.",
)

INVENTED = Assumed(EXAMPLE)
"""What nothing has been cited for yet."""

DEADLINE = Cited(CALL, "Heading of the deadline", assumed=EXAMPLE)
"""How to cite: the document, the heading and, where items are listed, which one; then drop the note."""

ECONOMY = Cited(CALL, "Heading of the amounts", "1", assumed=EXAMPLE)
