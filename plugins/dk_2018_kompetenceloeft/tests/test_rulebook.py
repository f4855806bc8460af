"""The rules themselves: ids, stages, bases and figures, as the project's contract fixes them."""

from datetime import UTC, date, datetime

import pytest

import grantrules as g
from grantrules_dk_2018_kompetenceloeft.application import Kompetenceloeft, Udgift
from grantrules_dk_2018_kompetenceloeft.sources import CALL, RATES

from .build import RULES

# The headings of the call, as they stand in it, each at the beginning of a line.
HEADINGS = (
    "Puljens formål",
    "Baggrund",
    "Målgruppe",
    "Krav til ansøgere",
    "Hvem kan søge?",
    "Økonomi",
    "Hvad kan der ansøges om støtte til?",
    "Hvad kan der ikke søges til?",
    "Øvrige betingelser for at modtage støtte?",
    "Udvælgelseskriterier",
    "Erfaringsopsamling og afrapportering",
    "Frist og spørgsmål til puljen:",
    "Ansøgningsskema, projektbeskrivelse og budgetskema:",
    "Kontaktinformation",
)

# Bullets or numbers under a heading.
ITEMS = {
    "Hvad kan der ansøges om støtte til?": 8,
    "Hvad kan der ikke søges til?": 4,
    "Udvælgelseskriterier": 6,
    "Erfaringsopsamling og afrapportering": 2,
}

FUNDED, NOT_FUNDED = "Hvad kan der ansøges om støtte til?", "Hvad kan der ikke søges til?"

# Rule id: kind of basis, heading (its beginning), item, whether a part is assumed.
RULE_TABLE: dict[str, tuple[str, str | None, str | None, bool]] = {
    "formal.deadline": ("cited", "Frist og spørgsmål", None, False),
    "formal.signature": ("cited", "Frist og spørgsmål", None, False),
    "formal.length": ("cited", "Ansøgningsskema", None, False),
    "eligibility.applicants": ("cited", "Hvem kan søge?", None, False),
    "eligibility.activity": ("cited", "Krav til ansøgere", None, False),
    "eligibility.competence-elements": ("cited", "Krav til ansøgere", None, False),
    "eligibility.grant-limits": ("cited", "Økonomi", None, True),
    "eligibility.matching": ("cited", "Økonomi", None, True),
    "eligibility.sharing": ("cited", "Øvrige betingelser", None, False),
    "eligibility.approval": ("cited", "Øvrige betingelser", None, False),
    "cost.period": ("cited", "Økonomi", None, True),
    "cost.ordinary-operations": ("cited", NOT_FUNDED, "1", False),
    "cost.equipment": ("cited", NOT_FUNDED, "2", True),
    "cost.research": ("cited", NOT_FUNDED, "3", False),
    "cost.recoverable-vat": ("cited", NOT_FUNDED, "4", False),
    "cost.transport-rate": ("cited", FUNDED, "5", True),
    "cost.experts-limited": ("cited", FUNDED, "2", False),
    "cost.material-limited": ("cited", FUNDED, "3", False),
    "cost.consultancy-necessary": ("cited", FUNDED, "6", False),
    "cost.material-decisive": ("cited", FUNDED, "7", False),
    "cost.unlisted": ("assumed", None, None, True),
    "grant.formula": ("cited", "Økonomi", None, True),
    "purpose": ("cited", "Udvælgelseskriterier", "1", False),
    "goals": ("cited", "Udvælgelseskriterier", "2", False),
    "organisation": ("cited", "Udvælgelseskriterier", "3", False),
    "broad-lift": ("cited", "Udvælgelseskriterier", "4", False),
    "strategic-technology": ("cited", "Udvælgelseskriterier", "5", False),
    "cross-sector": ("cited", "Udvælgelseskriterier", "6", False),
    "allocation.method": ("assumed", None, None, True),
    "allocation.matching": ("cited", "Økonomi", None, True),
    "condition.knowledge-sharing": ("cited", "Erfaringsopsamling og afrapportering", "1", False),
    "condition.audited-accounts": ("cited", "Erfaringsopsamling og afrapportering", "2", False),
    "condition.final-report": ("cited", "Erfaringsopsamling og afrapportering", "2", False),
    "condition.share-material": ("cited", "Øvrige betingelser", None, False),
    "condition.report-for-approval": ("cited", "Øvrige betingelser", None, False),
}


def test_rules_stand_in_the_order_of_the_contract() -> None:
    """The rules are those of the contract, each under its id and in its order."""
    assert [rule.id for rule in RULES.rules.rules] == list(RULE_TABLE)


@pytest.mark.parametrize("rule", RULES.rules.rules, ids=lambda rule: str(rule.id))
def test_every_basis_is_the_one_of_the_contract(rule: g.Requirement) -> None:
    """Kind of basis, heading, item and whether a part is assumed are as the contract says."""
    kind, heading, item, assumed = RULE_TABLE[rule.id]
    basis = rule.basis
    match basis:
        case g.Cited():
            found = ("cited", basis.heading, basis.item, basis.assumed is not None)
            assert basis.source == CALL
        case g.Notice():
            found = ("notice", basis.heading or "", None, basis.assumed is not None)
        case g.Assumed():
            found = ("assumed", None, None, True)  # type: ignore[assignment]
    assert (found[0], found[2:]) == (kind, (item, assumed))
    assert (found[1] or "").startswith(heading or "")
    assert (heading is None) == (found[1] is None)


@pytest.mark.parametrize("rule", RULES.rules.rules, ids=lambda rule: str(rule.id))
def test_every_heading_stands_in_the_call(rule: g.Requirement) -> None:
    """A heading that a rule cites begins a heading of the call, literally, and its item exists under it."""
    if isinstance(rule.basis, g.Cited):
        (heading,) = [heading for heading in HEADINGS if heading.startswith(rule.basis.heading)]
        if rule.basis.item is not None:
            assert 1 <= int(rule.basis.item) <= ITEMS[heading]


@pytest.mark.parametrize("rule", RULES.rules.rules, ids=lambda rule: str(rule.id))
def test_every_statement_is_a_sentence(rule: g.Requirement) -> None:
    """A statement ends as sentences do, for letters set one after another."""
    assert all(text.endswith(".") for text in (rule.statement.da, rule.statement.nb, rule.statement.en))


def test_stages_are_told_by_the_ids() -> None:
    """Three formal rules come before seven eligibility rules."""
    stages = [rule.stage for rule in RULES.rules.requirements]
    assert stages == [g.Stage.FORMAL] * 3 + [g.Stage.ELIGIBILITY] * 7


def test_the_pool_and_its_round() -> None:
    """Identifier, round, currency, zone, budget and source are those of the call."""
    assert (RULES.pool.id, RULES.round.id) == ("dk_2018_kompetenceloeft", "2018")
    assert (RULES.pool.country, RULES.pool.currency, RULES.pool.zone) == ("DK", "DKK", "Europe/Copenhagen")
    assert RULES.round.budget == g.kr("10000000")
    assert CALL.published == date(2018, 7, 10)
    assert [source.id for source in RULES.rules.sources] == ["call", "rates"]


def test_the_figures_of_the_round() -> None:
    """Deadline, page limit, grant limits, last day and mileage rates are those of the contract."""
    values = RULES.rules.values
    assert values["deadline"] == datetime(2018, 10, 1, 10, tzinfo=UTC)
    assert values["page_limit"] == 5
    assert values["grant_floor"] == g.kr("1000000")
    assert values["grant_ceiling"] == g.kr("2500000")
    assert values["last_cost_day"] == date(2019, 12, 31)
    rates = values["lowest_rate"]
    assert isinstance(rates, g.DatedTable)
    assert [rates.at(day) for day in (date(2018, 1, 1), date(2018, 12, 31))] == [g.kr("1.94")] * 2
    assert [rates.at(day) for day in (date(2019, 1, 1), date(2019, 12, 31))] == [g.kr("1.98")] * 2
    assert rates.at(date(2017, 12, 31)) is None
    assert rates.at(date(2020, 1, 1)) is None
    assert set(values) == {
        "budget",
        "deadline",
        "page_limit",
        "grant_floor",
        "grant_ceiling",
        "last_cost_day",
        "lowest_rate",
    }


def test_rates_are_figures_with_their_own_source() -> None:
    """The mileage rates name where they were read, for they are not in the call."""
    (value,) = (value for value in RULES.round.values if value.name == "lowest_rate")
    assert isinstance(value.basis, g.Cited)
    assert value.basis.source == RATES
    assert value.basis.assumed is not None
    assert isinstance(value.amount, g.DatedTable)
    assert all(entry.source.startswith("http") for entry in value.amount.entries)


def test_the_facts_of_the_pool() -> None:
    """The pool adds the contract's facts to those that every pool knows, and no others."""
    own = {a.name for a in Kompetenceloeft.__attrs_attrs__} - {a.name for a in g.Application.__attrs_attrs__}
    assert own == {
        "pages",
        "activities",
        "competence_elements",
        "shares_material",
        "formal_programme",
        "reports_for_approval",
    }
    of_lines = {a.name for a in Udgift.__attrs_attrs__} - {a.name for a in g.Cost.__attrs_attrs__}
    assert of_lines - {"category"} == {"ordinary_operations", "supports_project_directly", "leads_to_course"}


def test_the_words_of_the_pool() -> None:
    """Categories, activities and competence elements are the contract's."""
    properties = RULES.schema()["properties"]
    category = properties["costs"]["anyOf"][0]["items"]["properties"]["category"]["anyOf"][0]["enum"]
    assert category == [
        *("project_staff", "experts", "supporting_material", "meetings", "transport", "consultancy"),
        *("material_development", "audit", "establishment", "equipment", "research", "fares", "other"),
    ]
    activities = properties["activities"]["anyOf"][0]["items"]["enum"]
    assert activities == ["new_course", "further_development", "teaching_capacity"]
    elements = properties["competence_elements"]["anyOf"][0]["items"]["enum"]
    assert elements == ["technology_understanding", "application", "communication"]


def test_the_judgements_of_the_pool() -> None:
    """Five questions are put to assessors, all of them answerable line by line."""
    asked = [judgement.id for judgement in RULES.rules.judgements]
    assert asked == [
        "experts-limited",
        "material-limited",
        "consultancy-necessary",
        "material-decisive",
        "unlisted-accepted",
    ]
    assert RULES.rules.line_judgements == frozenset(asked)


def test_what_the_rules_assume() -> None:
    """Every assumption of the contract is listed, under its id."""
    assert {assumption.id for assumption in RULES.assumptions} == {
        *(id for id, (_, _, _, assumed) in RULE_TABLE.items() if assumed),
        *("score.scale", "score.weights", "score.combination", "funding.in-kind", "stage.formal", "value.lowest_rate"),
    }


def test_the_scale_and_the_method() -> None:
    """Ratings go from 0 to 5, weights are equal, several assessments give their mean, money goes by rank."""
    scoring = RULES.rules.scoring
    assert scoring.scale is not None
    assert scoring.weights is not None
    assert scoring.combination is not None
    assert scoring.scale.top == 5
    assert scoring.weights.weighting is g.Weighting.EQUAL
    assert scoring.combination.combining is g.Combining.MEAN
    assert RULES.rules.allocation is not None
    assert RULES.rules.allocation.method is g.Method.RANK_PARTIAL_LAST
