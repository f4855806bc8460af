"""The rules themselves: ids, stages, bases and figures, as the project's contract fixes them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

import grantrules as g
from grantrules_dk_2022_digitale_kompetencer.application import DigitaleKompetencer
from grantrules_dk_2022_digitale_kompetencer.sources import ANNOUNCEMENT_2023, CALL_2022, OUTCOME_2022, OUTCOME_2023

from .build import ROUNDS, RULES

# The headings of the call, as they stand in it, each a line of its own; the first is its title.
HEADINGS = (
    "Pulje til styrkelse af digitale kompetencer i sundhedsvæsenet",
    "Puljens formål",
    "Hvem kan søge?",
    "Hvad kan der søges midler til?",
    "Udvælgelseskriterier",
    "Ansøgningsprocedure",
    "Kontakt",
    "Ansøgningsfrist",
)

# Bullets under a heading.
ITEMS = {"Hvem kan søge?": 5, "Udvælgelseskriterier": 7}

CRITERIA = "Udvælgelseskriterier"

# Rule id: kind of basis, heading, item, whether a part is assumed, all in 2022.
RULE_TABLE: dict[str, tuple[str, str | None, str | None, bool]] = {
    "formal.deadline": ("cited", "Ansøgningsfrist", None, True),
    "formal.signature": ("cited", "Ansøgningsprocedure", None, False),
    "formal.responsible-party": ("cited", "Hvem kan søge?", None, True),
    "eligibility.applicants": ("cited", "Hvem kan søge?", None, False),
    "eligibility.purpose": ("cited", "Hvad kan der søges midler til?", None, False),
    "eligibility.request-interval": ("assumed", None, None, True),
    "grant.formula": ("assumed", None, None, True),
    "strengthening": ("cited", CRITERIA, "1", False),
    "goals": ("cited", CRITERIA, "2", False),
    "organisation": ("cited", CRITERIA, "3", False),
    "volume": ("cited", CRITERIA, "4", False),
    "effects": ("cited", CRITERIA, "5", False),
    "joint": ("cited", CRITERIA, "6", True),
    "own-financing": ("cited", CRITERIA, "7", False),
    "allocation.method": ("assumed", None, None, True),
    "condition.audited-accounts": ("cited", CRITERIA, None, False),
    "condition.final-report": ("cited", CRITERIA, None, False),
}

# In 2023 the deadline is noticed, and what is cited from the call of 2022 is assumed to hold.
RULE_TABLES = {
    "2022": RULE_TABLE,
    "2023": {
        **{id: (kind, heading, item, True) for id, (kind, heading, item, _) in RULE_TABLE.items()},
        "formal.deadline": ("notice", None, None, True),
    },
}

EVERY_RULE = [(round, rule) for round in ROUNDS for rule in RULES[round].rules.rules]
NAMES = [f"{round}-{rule.id}" for round, rule in EVERY_RULE]


def told(basis: g.Cited | g.Notice | g.Assumed) -> tuple[str, str | None, str | None, bool]:
    """Kind of basis, heading, item, and whether a part is assumed."""
    match basis:
        case g.Cited():
            return "cited", basis.heading, basis.item, basis.assumed is not None
        case g.Notice():
            return "notice", basis.heading, None, basis.assumed is not None
        case g.Assumed():
            return "assumed", None, None, True


@pytest.mark.parametrize("round", ROUNDS)
def test_rules_stand_in_the_order_of_the_contract(round: str) -> None:
    """The rules are those of the contract, each under its id and in its order."""
    assert [rule.id for rule in RULES[round].rules.rules] == list(RULE_TABLES[round])


@pytest.mark.parametrize(("round", "rule"), EVERY_RULE, ids=NAMES)
def test_every_basis_is_the_one_of_the_contract(round: str, rule: Any) -> None:
    """Kind of basis, heading, item and whether a part is assumed are as the contract says."""
    assert told(rule.basis) == RULE_TABLES[round][rule.id]
    if isinstance(rule.basis, g.Cited):
        assert rule.basis.source == CALL_2022


@pytest.mark.parametrize(("round", "rule"), EVERY_RULE, ids=NAMES)
def test_every_heading_stands_in_the_call(round: str, rule: Any) -> None:
    """A heading that a rule cites is a heading of the call, literally, and its item exists under it."""
    if isinstance(rule.basis, g.Cited):
        assert rule.basis.heading in HEADINGS
        if rule.basis.item is not None:
            assert 1 <= int(rule.basis.item) <= ITEMS[rule.basis.heading]


@pytest.mark.parametrize("round", ROUNDS)
def test_statements_are_sentences(round: str) -> None:
    """A statement ends as sentences do, for letters set them one after another."""
    texts = [rule.statement for rule in RULES[round].rules.rules]
    assert all(text.endswith(".") for each in texts for text in (each.da, each.nb, each.en))


@pytest.mark.parametrize("round", ROUNDS)
def test_stages_are_told_by_the_ids(round: str) -> None:
    """Three formal rules come before three eligibility rules, and there are no cost rules."""
    stages = [rule.stage for rule in RULES[round].rules.requirements]
    assert stages == [g.Stage.FORMAL] * 3 + [g.Stage.ELIGIBILITY] * 3
    assert RULES[round].rules.cost_rules == ()


def test_the_rounds_differ_in_the_deadline_alone() -> None:
    """What the rules of 2023 demand and say is what those of 2022 do, but for the day; no basis of theirs is firmer."""
    for one, other in zip(RULES["2022"].rules.rules, RULES["2023"].rules.rules, strict=True):
        assert (one.id, one.terms) == (other.id, other.terms)
        assert (one.statement == other.statement) == (one.id != "formal.deadline")
    first, second = (RULES[round].rules.scoring for round in ROUNDS)
    assert (first.scale, first.weights, first.combination) == (second.scale, second.weights, second.combination)
    assert first.shares == second.shares


@pytest.mark.parametrize("language", ["da", "nb", "en"])
def test_what_is_carried_over_says_so(language: Any) -> None:
    """Every basis of 2023 that cites the call of 2022 ends in the reason; no basis of 2022 has it."""
    carried = RULES["2023"].round.carried_over
    assert carried is not None
    assert carried.source == CALL_2022
    assert RULES["2022"].round.carried_over is None
    emphasis = RULES["2023"].rules.scoring.emphasis
    assert emphasis is not None
    for basis in [emphasis.basis, *(rule.basis for rule in RULES["2023"].rules.rules)]:
        if isinstance(basis, g.Cited):
            assert basis.assumed is not None
            assert basis.assumed.to(language).endswith(carried.reason.to(language))
        else:
            assert carried.reason.to(language) not in repr(basis)
    assert carried.reason.to(language) not in repr([rule.basis for rule in RULES["2022"].rules.rules])


@pytest.mark.parametrize("round", ROUNDS)
def test_the_pool_and_its_rounds(round: str) -> None:
    """Identifier, rounds, currency, zone and budget are those of the contract."""
    rules = RULES[round]
    assert (rules.pool.id, rules.round.id) == ("dk_2022_digitale_kompetencer", round)
    assert (rules.pool.country, rules.pool.currency, rules.pool.zone) == ("DK", "DKK", "Europe/Copenhagen")
    assert [each.id for each in rules.pool.rounds] == ["2022", "2023"]
    assert rules.round.budget == g.kr("2000000")
    sources = ["announcement-2023", "call-2022", "outcome-2022", "outcome-2023"]
    assert [source.id for source in rules.rules.sources] == sources
    assert all(source.reference.startswith("https://") for source in rules.rules.sources)


def test_the_days_of_the_documents() -> None:
    """Notices have their day; that of the call is not known and not made up."""
    days = [source.published for source in (CALL_2022, OUTCOME_2022, ANNOUNCEMENT_2023, OUTCOME_2023)]
    assert days == [None, date(2022, 9, 16), date(2023, 8, 22), date(2024, 2, 20)]


@pytest.mark.parametrize(
    ("round", "midnight", "source"),
    [
        ("2022", datetime(2022, 7, 1, 22, tzinfo=UTC), CALL_2022),
        ("2023", datetime(2023, 10, 23, 22, tzinfo=UTC), ANNOUNCEMENT_2023),
    ],
)
def test_the_deadline_is_a_value_of_the_round(round: str, midnight: datetime, source: g.Source) -> None:
    """The midnight that ends the last day, from the call or from the announcement; that the day counts is assumed."""
    rules = RULES[round]
    assert rules.rules.values == {"budget": g.kr("2000000"), "deadline": midnight}
    (value,) = rules.round.values
    assert not isinstance(value.basis, g.Assumed)
    assert (value.basis.source, value.basis.assumed is not None) == (source, True)
    assert value.basis == rules.rules.requirements[0].basis


@pytest.mark.parametrize(("round", "kind", "source"), [("2022", "cited", CALL_2022), ("2023", "notice", OUTCOME_2023)])
def test_the_money_of_the_round_has_a_source(round: str, kind: str, source: g.Source) -> None:
    """Two million in each round, cited in the first and noticed in the second."""
    (money,) = RULES[round].round.appropriations
    assert (money.amount, money.transferred) == (g.kr("2000000"), False)
    assert not isinstance(money.basis, g.Assumed)
    assert (told(money.basis)[0], money.basis.source) == (kind, source)
    if isinstance(money.basis, g.Cited):
        assert money.basis.heading in HEADINGS


FIGURES = {
    "2022": {
        "awarded": [(g.kr("2000000"), OUTCOME_2022), (g.kr("2000000"), OUTCOME_2023)],
        "projects": [(6, OUTCOME_2022), (6, OUTCOME_2023)],
    },
    "2023": {
        "awarded": [(g.kr("1900000"), OUTCOME_2023)],
        "projects": [(6, OUTCOME_2023)],
    },
}

RECIPIENTS = {
    "2022": ("Professionshøjskole", "Aalborg Universitet", "UC Syd", "Kræftens Bekæmpelse", "UCL", "Region Sjælland"),
    "2023": ("Absalon", "Ringsted", "Fredensborg", "Sundhedsinnovation", "Odense Universitetshospital", "Haderslev"),
}


@pytest.mark.parametrize("round", ROUNDS)
def test_what_was_published_about_the_outcome(round: str) -> None:
    """Money and projects as each source has them, six recipients, and nothing about what each of them got."""
    figures = RULES[round].round.figures
    assert all(isinstance(figure.basis, g.Notice) and figure.basis.assumed is None for figure in figures)
    found = {name: [(f.amount, f.basis.source) for f in figures if f.name == name] for name in FIGURES[round]}  # type: ignore[union-attr]
    assert found == FIGURES[round]
    recipients = [str(figure.amount) for figure in figures if figure.name == "recipient"]
    assert len(recipients) == 6
    assert all(part in name for part, name in zip(RECIPIENTS[round], recipients, strict=True))
    assert {figure.name for figure in figures} == {"awarded", "projects", "recipient"}


@pytest.mark.parametrize("language", ["da", "nb", "en"])
@pytest.mark.parametrize("round", ROUNDS)
def test_the_rulebook_shows_figures_that_agree(round: str, language: Any) -> None:
    """The printed rulebook has the figures of the round, and says of none that its sources disagree."""
    shown = RULES[round].describe(language)
    assert all(str(figure.amount) in shown for figure in RULES[round].round.figures if figure.name == "recipient")
    assert not any(words in shown for words in ("ikke enige", "disagree"))


def test_the_facts_of_the_pool() -> None:
    """The pool adds the contract's facts to those that every pool knows, and no others."""
    own = {a.name for a in DigitaleKompetencer.__attrs_attrs__} - {a.name for a in g.Application.__attrs_attrs__}
    assert own == {"responsible_party", "target_groups", "primary_aim", "people_reached"}


@pytest.mark.parametrize("round", ROUNDS)
def test_the_words_of_the_pool(round: str) -> None:
    """Target groups are the contract's, and categories of cost are free text."""
    properties = RULES[round].schema()["properties"]
    words = properties["target_groups"]["anyOf"][0]["items"]["enum"]
    assert words == ["staff", "managers", "patients", "students", "teachers"]
    category = properties["costs"]["anyOf"][0]["items"]["properties"]["category"]
    assert "enum" not in str(category)


@pytest.mark.parametrize("round", ROUNDS)
def test_the_judgement_of_the_pool(round: str) -> None:
    """One question is put to assessors, about the application and not about its lines."""
    rules = RULES[round].rules
    assert [judgement.id for judgement in rules.judgements] == ["applicant-accepted"]
    assert rules.line_judgements == frozenset()


@pytest.mark.parametrize("round", ROUNDS)
def test_what_the_rules_assume(round: str) -> None:
    """Every assumption of the contract is listed, under its id."""
    carried = {"score.emphasis"} if round == "2023" else set()
    assert {assumption.id for assumption in RULES[round].assumptions} == {
        *(id for id, (_, _, _, assumed) in RULE_TABLES[round].items() if assumed),
        *("score.scale", "score.weights", "score.combination", "funding.in-kind", "stage.formal", "value.deadline"),
        *carried,
    }


@pytest.mark.parametrize("round", ROUNDS)
def test_the_scale_and_the_method(round: str) -> None:
    """Ratings go from 0 to 5, weights are equal, several assessments give their mean; no threshold is set."""
    scoring = RULES[round].rules.scoring
    assert scoring.scale is not None
    assert scoring.weights is not None
    assert scoring.combination is not None
    assert (scoring.scale.top, scoring.weights.weighting) == (5, g.Weighting.EQUAL)
    assert (scoring.combination.combining, scoring.threshold) == (g.Combining.MEAN, None)
    computed = [criterion.id for criterion in scoring.criteria if criterion.computed is not None]
    assert computed == ["joint", "own-financing"]
    for part in (scoring.scale, scoring.weights, scoring.combination):
        assert isinstance(part.basis, g.Assumed)
