"""A CEL engine: one expression that answers with a list; CEL adds nothing up, so the host does."""

from importlib import import_module

from peers import records
from peers.data import RATINGS
from peers.records import JUDGED, OneByOne, Record, Row

OUT = " || ".join(
    (
        f"l.incurred_on > {records.LAST_DAY}",
        "l.ordinary_operations",
        "(l.category == 'equipment' && !l.supports_project_directly)",
        "(l.category == 'research' && !l.leads_to_course)",
        *(f"(l.category == '{category}' && !judgements.{name})" for category, name in JUDGED.items()),
    )
)
LEFT = "(l.vat_recoverable ? l.amount_ore : l.amount_ore + l.vat_ore)"
RATE = f"(l.incurred_on < {records.NEW_RATE_FROM} ? {records.RATE_2018} : {records.RATE_2019})"
LIMIT = f"((l.kilometres_thousandths * {RATE} + 500) / 1000)"
LINE = f"({OUT}) ? 0 : l.category == 'transport' && {LIMIT} < {LEFT} ? {LIMIT} : {LEFT}"
LED = "organisations.exists(o, o.role == 'lead')"
RATED = " + ".join(f"a.{name}" for name in RATINGS)

PARTS = (
    f"submitted_at <= {records.DEADLINE}",
    "signed",
    f"pages <= {records.PAGES}",
    f"{LED} && organisations.all(o, o.role != 'lead' || o.kind in ['municipality', 'region'])",
    "activities.exists(word, word in ['new_course', 'further_development', 'teaching_capacity'])",
    "['technology_understanding', 'application', 'communication'].all(word, word in competence_elements)",
    f"{records.FLOOR} <= requested_ore && requested_ore <= {records.CEILING}",
    "own >= requested_ore",
    "shares_material",
    "!formal_programme || reports_for_approval",
    "costs.map(l, l.amount_ore + l.vat_ore)",
    f"costs.map(l, {LINE})",
    f"assessments.map(a, {RATED})",
    "organisations.exists(o, o.kind == 'region') && organisations.exists(o, o.kind == 'municipality')",
)
"""The ten requirements, what each line claims, what is left of it, the points of each assessor, and of the kinds."""


def set_up() -> OneByOne:
    """Compile the expression."""
    program = import_module("cel").compile(f"[{', '.join(PARTS)}]")

    def decide(record: Record) -> Row:
        own = sum(part["amount_ore"] for part in record["funding"] if part["source"] == "own")
        *met, claims, lines, rated, across = program.execute({**record, "own": own})
        claimed, eligible = sum(claims), sum(lines)
        least = min(record["requested_ore"], records.CEILING, own, eligible - own)
        grant = least if all(met) and least >= records.FLOOR else 0
        score = sum(rated) * 2 // len(rated) + (10_000 if across else 0)
        return records.row(record, met, claimed, eligible, grant, score)

    return OneByOne(decide)
