"""The documents of the pool: one notice of who was awarded money. The call itself is not at hand."""

from datetime import date

from grantrules import Source

NOTICE = Source(
    "notice",
    title="Udmøntning af puljemidler fra Strategi for digital sundhed",
    publisher="Sundhedsministeriet",
    kind="notice",
    published=date(2021, 12, 15),
    reference="https://www.ism.dk/nyheder/2021/december/udmoentning-af-puljemidler-fra-strategi-for-digital-sundhed",
)
