"""The documents of the pool. None is the scheme's regulations: they are news of what was applied for and awarded."""

from datetime import date

from grantrules import Source

ARTICLE = Source(
    "article",
    title="Øker tilskuddet i Helseteknologiordningen",
    publisher="smartcarecluster.no, mai 2024, etter en pressemelding på regjeringen.no",
    kind="notice",
    reference="https://www.smartcarecluster.no/aktuelt/2024/5/oker-tilskuddet-helseteknologiordningen",
)

JANUARY = Source(
    "january",
    title="179 søknader til Helseteknologiordningen",
    publisher="Helsedirektoratet",
    kind="notice",
    published=date(2024, 1, 19),
    reference="https://www.helsedirektoratet.no/nyheter/179-soknader-til-helseteknologiordningen",
)

FEBRUARY = Source(
    "february",
    title="Helseteknologiordningen: 66 prosjekter får tilskudd til journal, velferdsteknologi og digital "
    "hjemmeoppfølging",
    publisher="Helsedirektoratet",
    kind="notice",
    published=date(2024, 2, 16),
    reference="https://www.helsedirektoratet.no/nyheter/helseteknologiordningen-66-prosjekter-far-tilskudd-til-"
    "journal-velferdsteknologi-og-digital-hjemmeoppfolging",
)

PRESS = Source(
    "press",
    title="67 millioner i nye tilskudd til digitalisering og helseteknologi",
    publisher="digi.no",
    kind="figures",
    reference="https://www.digi.no/artikler/67-millioner-i-nye-tilskudd-til-digitalisering-og-helseteknologi/541570",
)
