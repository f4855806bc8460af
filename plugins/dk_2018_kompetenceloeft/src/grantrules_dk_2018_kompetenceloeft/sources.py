"""The documents of the pool."""

from datetime import date

from grantrules import Source

CALL = Source(
    "call",
    title="Løft af digitale kompetencer hos sundhedspersoner",
    publisher="Sundheds- og Ældreministeriet",
    kind="call",
    published=date(2018, 7, 10),
    reference="http://sundhedsministeriet.dk/Puljer/Loeft-af-digitiale-kompetencer-hos-sundhedspersoner.aspx",
)

RATES_2018 = "http://post.revisorperdunk.dk/index.php?id=84"
RATES_2019 = "http://www.kaagaard.com/?page_id=92"

RATES = Source(
    "rates",
    title="Statens takster for kørsel i egen bil, lav sats, 2018 og 2019",
    publisher="gengivet af to revisionsfirmaer; ministeriets eget cirkulære er ikke læst",
    kind="figures",
    reference=f"2018: {RATES_2018}; 2019: {RATES_2019}",
)
