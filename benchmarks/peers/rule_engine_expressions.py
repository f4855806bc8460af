"""
rule-engine: one expression for each requirement and figure.

Its comprehensions could go through cost lines and assessments by themselves; evaluating an expression for each, and
adding up outside, takes a tenth of the time.
"""

from importlib import import_module

from peers import records
from peers.data import RATINGS
from peers.records import JUDGED, OneByOne, Record, Row
from peers.verdicts import ELIGIBILITY, FORMAL, REQUIREMENTS

OUT = " or ".join(
    (
        f"incurred_on > {records.LAST_DAY}",
        "ordinary_operations",
        "(category == 'equipment' and not supports_project_directly)",
        "(category == 'research' and not leads_to_course)",
        *(f"(category == '{category}' and not {name})" for category, name in JUDGED.items()),
    )
)
LEFT = "(vat_recoverable ? amount_ore : amount_ore + vat_ore)"
RATE = f"(incurred_on < {records.NEW_RATE_FROM} ? {records.RATE_2018} : {records.RATE_2019})"
LIMIT = f"((kilometres_thousandths * {RATE} + 500) // 1000)"
LINE = f"(category == 'transport' ? $min([{LEFT}, {LIMIT}]) : {LEFT})"

EXPRESSIONS = {
    "own": "$sum([f.amount_ore for f in funding if f.source == 'own'])",
    "formal_deadline": f"submitted_at <= {records.DEADLINE}",
    "formal_signature": "signed",
    "formal_length": f"pages <= {records.PAGES}",
    "eligibility_applicants": "$any([o.role == 'lead' for o in organisations]) and "
    "$all([o.role != 'lead' or o.kind in ['municipality', 'region'] for o in organisations])",
    "eligibility_activity": "$any([word in activities for word in "
    "['new_course', 'further_development', 'teaching_capacity']])",
    "eligibility_competence_elements": "$all([word in competence_elements for word in "
    "['technology_understanding', 'application', 'communication']])",
    "eligibility_grant_limits": f"requested_ore >= {records.FLOOR} and requested_ore <= {records.CEILING}",
    "eligibility_matching": "own >= requested_ore",
    "eligibility_sharing": "shares_material",
    "eligibility_approval": "not formal_programme or reports_for_approval",
    "formal": " and ".join(FORMAL),
    "eligibility": " and ".join(ELIGIBILITY),
    "least": f"$min([requested_ore, {records.CEILING}, own, eligible - own])",
    "grant": f"formal and eligibility and least >= {records.FLOOR} ? least : 0",
    "outcome": "formal ? (eligibility ? 'eligible' : 'ineligible') : 'dismissed'",
}
"""In order: a later one may name what an earlier one found, and what was added up."""

CROSS = "$any([o.kind == 'region' for o in organisations]) and $any([o.kind == 'municipality' for o in organisations])"
RATED = " + ".join(RATINGS)


def set_up() -> OneByOne:
    """Parse the expressions."""
    library = import_module("rule_engine")
    context = library.Context(resolver=library.resolve_item)
    rules = {name: library.Rule(text, context=context) for name, text in EXPRESSIONS.items()}
    line = library.Rule(f"({OUT}) ? 0 : {LINE}", context=context)
    cross, rated = (library.Rule(text, context=context) for text in (CROSS, RATED))

    def decide(record: Record) -> Row:
        claimed = sum(cost["amount_ore"] + cost["vat_ore"] for cost in record["costs"])
        eligible = sum(int(line.evaluate({**cost, **record["judgements"]})) for cost in record["costs"])
        given = [int(rated.evaluate(one)) for one in record["assessments"]]
        known = {**record, "eligible": eligible}
        for name, rule in rules.items():
            known[name] = rule.evaluate(known)
        score = sum(given) * 2 // len(given) + (10_000 if cross.evaluate(record) else 0)
        amounts = (claimed, eligible, claimed - eligible, 0, int(known["grant"]))
        return (record["application"], known["outcome"], *(known[name] for name in REQUIREMENTS), *amounts, score)

    return OneByOne(decide)
