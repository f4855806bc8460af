"""The documents of the pool."""

from datetime import date

from grantrules import Source

CALL_2022 = Source(
    "call-2022",
    title="Pulje til styrkelse af digitale kompetencer i sundhedsvæsenet, opslag 2022",
    publisher="Sundhedsministeriet",
    kind="call",
    reference="https://sum.dk/puljer/pulje-til-digitale-kompetencer-i-sundhedsvaesenet",
)

OUTCOME_2022 = Source(
    "outcome-2022",
    title="Ministeriets nyhed om tilsagnene i 2022",
    publisher="Sundhedsministeriet",
    kind="notice",
    published=date(2022, 9, 16),
    reference="https://www.ism.dk/nyheder/2022/september/2-mio-kr-til-styrkelse-af-digitale-kompetencer-i-"
    "sundhedsvaesenet",
)

ANNOUNCEMENT_2023 = Source(
    "announcement-2023",
    title="Ministeriets nyhed om åbningen af puljen i 2023",
    publisher="Indenrigs- og Sundhedsministeriet",
    kind="notice",
    published=date(2023, 8, 22),
    reference="https://www.ism.dk/nyheder/2023/august/pulje-skal-styrke-digitale-kompetencer-i-sundhedsvaesenet",
)

OUTCOME_2023 = Source(
    "outcome-2023",
    title="Ministeriets nyhed om tilsagnene i 2023",
    publisher="Indenrigs- og Sundhedsministeriet",
    kind="notice",
    published=date(2024, 2, 20),
    reference="https://www.ism.dk/nyheder/2024/februar/2-mio-kr-til-at-styrke-digitale-kompetencer-hos-patienter-og-"
    "sundhedspersoner",
)
