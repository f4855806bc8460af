"""The rules themselves: ids, stages, bases and figures, as the project's contract fixes them."""

import re
from collections.abc import Iterator
from datetime import date

import pytest

import grantrules as g
from grantrules_dk_2021_digital_sundhed.application import DigitalSundhed
from grantrules_dk_2021_digital_sundhed.sources import NOTICE

from .build import LANGUAGES, RULES, Language

# The notice has one heading, its title; nothing under it is headed, listed as a rule or numbered.
HEADINGS = ("Udmøntning af puljemidler fra Strategi for digital sundhed",)

# Rule id: kind of basis, whether a part is assumed.
RULE_TABLE: dict[str, tuple[str, bool]] = {
    "eligibility.applicants": ("notice", True),
    "eligibility.infrastructure": ("notice", False),
    "eligibility.develops-and-tests": ("notice", True),
    "grant.formula": ("assumed", True),
    "purpose": ("notice", True),
    "cross-sector-effort": ("notice", True),
    "working-conditions": ("notice", True),
    "psychiatry": ("notice", True),
    "allocation.method": ("assumed", True),
}


def bases() -> Iterator[tuple[str, g.Cited | g.Notice | g.Assumed]]:
    """Every basis of the round, with what it belongs to."""
    yield from ((rule.id, rule.basis) for rule in RULES.rules.rules)
    yield from ((part.id, part.basis) for part in RULES.rules.scoring.parts)
    yield from (("appropriation", part.basis) for part in RULES.round.appropriations)
    yield from ((figure.name, figure.basis) for figure in RULES.round.figures)


def test_rules_stand_in_the_order_of_the_contract() -> None:
    """The rules are those of the contract, each under its id and in its order."""
    assert [rule.id for rule in RULES.rules.rules] == list(RULE_TABLE)


@pytest.mark.parametrize("rule", RULES.rules.rules, ids=lambda rule: str(rule.id))
def test_every_basis_is_the_one_of_the_contract(rule: g.Requirement) -> None:
    """Kind of basis and whether a part is assumed are as the contract says."""
    match rule.basis:
        case g.Notice(source, heading, assumed):
            assert (source, heading) == (NOTICE, None)
            found = ("notice", assumed is not None)
        case g.Assumed():
            found = ("assumed", True)
        case g.Cited():
            found = ("cited", rule.basis.assumed is not None)
    assert found == RULE_TABLE[rule.id]


def test_nothing_is_cited() -> None:
    """The call is not at hand, so nothing claims to stand in it: not a rule, not the scoring, not a figure."""
    assert not [owner for owner, basis in bases() if isinstance(basis, g.Cited)]
    assert {basis.source for _, basis in bases() if isinstance(basis, g.Notice)} == {NOTICE}
    assert [source.kind for source in RULES.rules.sources] == ["notice"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_missing_call_is_told_before_anything_else(language: Language) -> None:
    """The rulebook begins with the call not being at hand, in every language and before the first rule."""
    first = {"da": "Opslagets tekst foreligger ikke", "nb": "Utlysningsteksten foreligger ikke"}
    said = first.get(language, "The text of the call is not at hand")
    assert RULES.pool.notes[0].to(language).startswith(said)
    shown = RULES.describe(language)
    assert shown.index(said) < shown.index("[eligibility.applicants]")


def texts() -> Iterator[tuple[str, g.Text]]:
    """Every text of the pool, with what it belongs to."""
    for rule in RULES.rules.rules:
        yield rule.id, rule.statement
    for owner, basis in bases():
        reason = basis.reason if isinstance(basis, g.Assumed) else basis.assumed
        if reason is not None:
            yield owner, reason
    for index, note in enumerate(RULES.pool.notes):
        yield f"note {index}", note
    for judgement in RULES.rules.judgements:
        yield judgement.id, judgement.question
    yield "title", RULES.pool.title
    yield "funder", RULES.pool.funder
    yield "round", RULES.round.title
    for part in RULES.round.appropriations:
        yield "appropriation", part.label
    for figure in RULES.round.figures:
        yield figure.name, figure.label


def test_statements_and_reasons_are_sentences() -> None:
    """What is stated, assumed or noted ends as sentences do, for letters set them one after another."""
    said = [*(rule.statement for rule in RULES.rules.rules), *RULES.pool.notes]
    said += [assumption.reason for assumption in RULES.assumptions]
    assert all(words.endswith(".") for text in said for words in (text.da, text.nb, text.en))


@pytest.mark.parametrize(("owner", "text"), [*texts()])
def test_languages_are_not_mixed(owner: str, text: g.Text) -> None:
    """No Danish spelling stands in a Norwegian text, nor a Norwegian one in a Danish text."""
    danish = r"\b(af|ansøgning\w*|hvad|kun|meddelelsen|opslaget\w*|udgifter|der er|én sådan|uden for|midler,? der)\b"
    norwegian = r"\b(av|søknad\w*|hva|bare|meldingen|utlysning\w*|kostnader|det er å|én slik|utenfor|midler som)\b"
    assert not re.findall(danish, text.nb, re.IGNORECASE), owner
    assert not re.findall(norwegian, text.da, re.IGNORECASE), owner


def test_there_are_no_formal_rules_no_cost_rules_and_no_duties() -> None:
    """What is not known is not invented."""
    assert [rule.stage for rule in RULES.rules.requirements] == [g.Stage.ELIGIBILITY] * 3
    assert RULES.rules.cost_rules == ()
    assert RULES.rules.conditions == ()


def test_the_pool_and_its_round() -> None:
    """Identifier, round, currency, zone and budget are those of the contract."""
    assert (RULES.pool.id, RULES.round.id) == ("dk_2021_digital_sundhed", "2021")
    assert [round.id for round in RULES.pool.rounds] == ["2021"]
    assert (RULES.pool.country, RULES.pool.currency, RULES.pool.zone) == ("DK", "DKK", "Europe/Copenhagen")
    assert RULES.pool.language == "da"
    assert RULES.round.budget == g.kr("7300000")
    assert dict(RULES.rules.values) == {"budget": g.kr("7300000")}
    assert NOTICE.published == date(2021, 12, 15)
    assert NOTICE.title in HEADINGS


def test_what_the_budget_is_made_of() -> None:
    """One appropriation makes up the whole budget, and is not moved from elsewhere."""
    (part,) = RULES.round.appropriations
    assert part.amount == RULES.round.budget
    assert not part.transferred
    assert "2018" in part.label.da


def test_the_figures_of_the_round() -> None:
    """The size of the pool, the number of projects and their recipients are kept; no amount per project is."""
    assert [(figure.name, figure.amount) for figure in RULES.round.figures] == [
        ("pool", g.kr("7300000")),
        ("projects", 3),
        ("recipient", "Center for Planlagt Kirurgi, Regionshospital Silkeborg, Hospitalsenhed Midt"),
        ("recipient", "Telepsykiatrisk Center, Psykiatrien i Region Syddanmark"),
        ("recipient", "KL for kommunerne København, Odense, Gladsaxe og Helsingør"),
    ]


def test_one_source_does_not_disagree_with_itself() -> None:
    """Three recipients are three figures of one name, and the rulebook takes them for no disagreement."""
    shown = RULES.describe("en")
    assert shown.count("recipient: ") == 3
    assert "disagree" not in shown


def test_the_facts_of_the_pool() -> None:
    """The pool adds the contract's facts to those that every pool knows, and no others."""
    own = {a.name for a in DigitalSundhed.__attrs_attrs__} - {a.name for a in g.Application.__attrs_attrs__}
    assert own == {"uses_shared_infrastructure", "psychiatry_uses", "develops_and_tests"}


def test_the_words_of_the_pool() -> None:
    """The uses in psychiatry are the contract's, and categories of costs are free text."""
    properties = RULES.schema()["properties"]
    uses = properties["psychiatry_uses"]["anyOf"][0]["items"]["enum"]
    assert uses == ["prevention", "treatment", "monitoring"]
    category = properties["costs"]["anyOf"][0]["items"]["properties"]["category"]
    assert "enum" not in str(category)


@pytest.mark.parametrize("key", ["pages", "target_groups", "areas", "first_round", "responsible_party"])
def test_facts_of_other_pools_are_unknown(key: str) -> None:
    """A key of another pool is refused."""
    with pytest.raises(g.InputError, match=key):
        RULES.read_application({key: None})


def test_the_judgements_of_the_pool() -> None:
    """One question is put to assessors, about the application as a whole."""
    assert [judgement.id for judgement in RULES.rules.judgements] == ["applicant-accepted"]
    assert RULES.rules.line_judgements == frozenset()


def test_what_the_rules_assume() -> None:
    """Every assumption of the contract is listed, under its id, and no other."""
    assert [assumption.id for assumption in RULES.assumptions] == [
        *(id for id, (_, assumed) in RULE_TABLE.items() if assumed),
        *("score.scale", "score.weights", "score.combination"),
    ]


def test_the_scale_and_the_method() -> None:
    """Ratings go from 0 to 5, weights are equal, several assessments give their mean; all of it is assumed."""
    scoring = RULES.rules.scoring
    assert scoring.scale is not None
    assert scoring.weights is not None
    assert scoring.combination is not None
    assert scoring.scale.top == 5
    assert scoring.weights.weighting is g.Weighting.EQUAL
    assert scoring.combination.combining is g.Combining.MEAN
    assert (scoring.emphasis, scoring.threshold) == (None, None)
    assert all(isinstance(part.basis, g.Assumed) for part in scoring.parts)


def test_the_allocation() -> None:
    """Money goes by score alone, the last one may be funded in part, and nothing else is declared."""
    allocation = RULES.rules.allocation
    assert allocation is not None
    assert allocation.method is g.Method.RANK_PARTIAL_LAST
    assert allocation.order == (g.ByScore(),)
    assert (allocation.least, allocation.prior, allocation.reserve) == (None, None, None)
    assert allocation.parts == ()
