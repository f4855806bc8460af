"""The rules themselves: ids, stages, bases and figures, as the project's contract fixes them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

import grantrules as g
from grantrules_no_helseteknologi.application import AndreTildeling, FirstRound, Helseteknologi
from grantrules_no_helseteknologi.sources import ARTICLE, FEBRUARY, JANUARY, PRESS

from .build import BOTH, POOL, REGISTRY, RULES

# The headings of the article, as they stand in it, each a line of its own.
HEADINGS = (
    "Øker tilskuddet i Helseteknologiordningen",
    "I tråd med nasjonale mål",
    "Fordeling av midler",
    "Samarbeid lønner seg",
    "Eksempler på digital hjemmeoppfølging",
    "Arkiv",
)

# Rule id: kind of basis, source, heading, whether a part is assumed.
Row = tuple[str, g.Source | None, str | None, bool]
ASSUMED: Row = ("assumed", None, None, True)
APPLICANTS_AND_AREA: dict[str, Row] = {
    "eligibility.applicants": ("notice", ARTICLE, "Samarbeid lønner seg", False),
    "eligibility.area": ("notice", ARTICLE, "Fordeling av midler", False),
}
SHARED_BY_BOTH: dict[str, Row] = {
    "grant.formula": ASSUMED,
    "benefit": ASSUMED,
    "feasibility": ASSUMED,
    "cooperation": ("notice", ARTICLE, "Samarbeid lønner seg", False),
    "leadership": ("notice", ARTICLE, "Samarbeid lønner seg", False),
    "allocation.method": ASSUMED,
}
RULE_TABLE: dict[str, dict[str, Row]] = {
    "2024-1": {
        "formal.deadline": ("notice", JANUARY, None, True),
        **APPLICANTS_AND_AREA,
        **SHARED_BY_BOTH,
    },
    "2024-2": {
        **APPLICANTS_AND_AREA,
        "eligibility.first-round": ("notice", ARTICLE, "Fordeling av midler", False),
        "eligibility.top-up-room": ASSUMED,
        **SHARED_BY_BOTH,
    },
}

EVERY_RULE = [(round, rule) for round in BOTH for rule in RULES[round].rules.rules]
BY_ID = pytest.mark.parametrize(("round", "rule"), EVERY_RULE, ids=[f"{round}-{rule.id}" for round, rule in EVERY_RULE])


@pytest.mark.parametrize("round", BOTH)
def test_rules_stand_in_the_order_of_the_contract(round: str) -> None:
    """The rules are those of the contract, each under its id and in its order."""
    assert [rule.id for rule in RULES[round].rules.rules] == list(RULE_TABLE[round])


@BY_ID
def test_every_basis_is_the_one_of_the_contract(round: str, rule: g.Requirement) -> None:
    """Kind of basis, source, heading and whether a part is assumed are as the contract says; nothing is cited."""
    basis = rule.basis
    assert not isinstance(basis, g.Cited)
    if isinstance(basis, g.Notice):
        assert ("notice", basis.source, basis.heading, basis.assumed is not None) == RULE_TABLE[round][rule.id]
    else:
        assert RULE_TABLE[round][rule.id] == ASSUMED


@pytest.mark.parametrize("round", BOTH)
def test_every_heading_stands_in_the_article(round: str) -> None:
    """A heading that anything in the rulebook names stands in the article, literally, as a line of its own."""
    rules = RULES[round].rules
    bases = [rule.basis for rule in rules.rules]
    bases += [part.basis for part in rules.scoring.parts]
    bases += [value.basis for value in rules.round.values]
    bases += [appropriation.basis for appropriation in rules.round.appropriations]
    bases += [figure.basis for figure in rules.round.figures]
    headed = [basis for basis in bases if isinstance(basis, g.Notice) and basis.heading is not None]
    assert headed
    for basis in headed:
        assert basis.source == ARTICLE
        assert basis.heading in HEADINGS


@pytest.mark.parametrize("round", BOTH)
def test_statements_and_reasons_are_sentences(round: str) -> None:
    """What is stated, assumed or noted ends as sentences do, for letters set them one after another."""
    texts = [*(rule.statement for rule in RULES[round].rules.rules), *RULES[round].pool.notes]
    texts += [assumption.reason for assumption in RULES[round].assumptions]
    assert all(text.endswith(".") for each in texts for text in (each.da, each.nb, each.en))


def test_the_rulebook_says_first_that_nothing_is_cited() -> None:
    """The first note is that the regulations are not at hand, and every printed rulebook begins with it."""
    assert "foreligger ikke" in RULES["2024-1"].pool.notes[0].nb
    for round in BOTH:
        printed = " ".join(RULES[round].describe("en").split())
        note = "The regulations of the scheme are not at hand"
        assert 0 < printed.index(note) < printed.index("eligibility.applicants")


@pytest.mark.parametrize(("round", "formal"), [("2024-1", 1), ("2024-2", 0)])
def test_stages_are_told_by_the_ids(round: str, formal: int) -> None:
    """The deadline is the only formal rule, and only of the first allocation."""
    stages = [rule.stage for rule in RULES[round].rules.requirements]
    assert stages[:formal] == [g.Stage.FORMAL] * formal
    assert set(stages[formal:]) == {g.Stage.ELIGIBILITY}


def test_the_pool_and_its_rounds() -> None:
    """Identifiers, currency, zone, language and budgets are the contract's."""
    pool = REGISTRY.pools[POOL]
    assert (pool.id, pool.country, pool.currency, pool.zone) == (POOL, "NO", "NOK", "Europe/Oslo")
    assert pool.language == "nb"
    assert [round.id for round in pool.rounds] == ["2024-1", "2024-2"]
    assert [round.budget for round in pool.rounds] == [g.kr("56700000"), g.kr("14500000")]
    assert {round.title.nb for round in pool.rounds} == {"Første tildeling 2024", "Andre tildeling 2024"}


def test_a_round_has_to_be_named() -> None:
    """With two rounds there is no telling which one is meant."""
    with pytest.raises(g.InputError):
        REGISTRY.rulebook(POOL)


def test_the_values_of_the_rounds() -> None:
    """The first allocation binds its deadline, the second nothing but the budget."""
    assert RULES["2024-1"].rules.values == {
        "budget": g.kr("56700000"),
        "deadline": datetime(2024, 1, 15, 23, tzinfo=UTC),
    }
    assert RULES["2024-2"].rules.values == {"budget": g.kr("14500000")}


def test_the_deadline_says_what_is_assumed_of_it() -> None:
    """The value is the first moment that is too late; its label says so and its basis that the hour is assumed."""
    (value,) = RULES["2024-1"].round.values
    assert isinstance(value.basis, g.Notice)
    assert value.basis.source == JANUARY
    assert value.basis.assumed is not None
    assert all("15" in label for label in (value.label.da, value.label.nb, value.label.en))


@pytest.mark.parametrize(
    ("round", "amount", "source", "transferred"),
    [("2024-1", "56700000", FEBRUARY, False), ("2024-2", "14500000", ARTICLE, True)],
)
def test_where_the_money_comes_from(round: str, amount: str, source: g.Source, transferred: bool) -> None:
    """The first budget is the scheme's own, the second was moved here from another programme."""
    (appropriation,) = RULES[round].round.appropriations
    assert (appropriation.amount, appropriation.transferred) == (g.kr(amount), transferred)
    assert appropriation.basis == g.Notice(source)
    if transferred:
        assert "Nasjonalt velferdsteknologiprogram" in appropriation.label.nb


FIGURES: dict[str, list[tuple[str, Any, g.Source]]] = {
    "2024-1": [
        ("applications", 180, ARTICLE),
        ("applications", 179, JANUARY),
        ("applied-for", g.kr("332100000"), ARTICLE),
        ("applied-for", g.kr("331600000"), JANUARY),
        ("projects", 66, FEBRUARY),
        ("projects", 66, ARTICLE),
        ("awarded", g.kr("56700000"), FEBRUARY),
        ("awarded", g.kr("56700000"), ARTICLE),
        ("earmarked", g.kr("3100000"), PRESS),
    ],
    "2024-2": [
        ("projects", 32, ARTICLE),
        ("projects-new", 16, ARTICLE),
        ("projects-topped-up", 16, ARTICLE),
        ("awarded", g.kr("14500000"), ARTICLE),
        ("recipient", "Bardu kommune", ARTICLE),
        ("awarded-bardu", g.kr("700000"), ARTICLE),
        ("recipient", "Båtsfjord kommune", ARTICLE),
        ("awarded-batsfjord", g.kr("400000"), ARTICLE),
        ("recipient", "Lurøy kommune", ARTICLE),
        ("recipient", "Seljord kommune", ARTICLE),
    ],
}


@pytest.mark.parametrize("round", BOTH)
def test_what_is_published_about_the_rounds(round: str) -> None:
    """Every figure has its amount and its source, and none is more than the documents tell."""
    found = []
    for figure in RULES[round].round.figures:
        assert isinstance(figure.basis, g.Notice)
        found.append((figure.name, figure.amount, figure.basis.source))
    assert found == FIGURES[round]


def test_the_figures_fit_each_other() -> None:
    """New projects and top-ups are all projects; what is told of single awards is within what was awarded."""
    told = {name: amount for name, amount, _ in FIGURES["2024-2"] if name != "recipient"}
    assert told["projects-new"] + told["projects-topped-up"] == told["projects"]
    single: list[Decimal] = [amount for name, amount in told.items() if name.startswith("awarded-")]
    assert sum(single) < told["awarded"] == RULES["2024-2"].round.budget


def test_sources_that_disagree_are_shown_as_disagreeing() -> None:
    """How many applied, and for how much, is told twice in the rulebook, and that it is not the same."""
    printed = RULES["2024-1"].describe("en")
    assert printed.count("The sources disagree; both figures are kept.") == 4
    for figure in ("applications: 180", "applications: 179", "332,100,000.00 kr", "331,600,000.00 kr"):
        assert figure in printed
    assert "The sources disagree" not in RULES["2024-2"].describe("en")


def test_the_documents_are_told_with_their_day() -> None:
    """The directorate's news are dated, and every document says where it was published."""
    assert (JANUARY.published, FEBRUARY.published) == (date(2024, 1, 19), date(2024, 2, 16))
    assert (ARTICLE.published, PRESS.published) == (None, None)
    assert all(source.reference.startswith("https://") for source in (ARTICLE, JANUARY, FEBRUARY, PRESS))
    assert RULES["2024-1"].pool.sources == (ARTICLE, JANUARY, FEBRUARY, PRESS)


def test_the_facts_of_the_pool() -> None:
    """The pool adds the contract's facts to those that every pool knows, the second allocation one more."""

    def own(cls: Any, beside: Any) -> set[str]:
        return {a.name for a in cls.__attrs_attrs__} - {a.name for a in beside.__attrs_attrs__}

    assert own(Helseteknologi, g.Application) == {"areas"}
    assert own(AndreTildeling, Helseteknologi) == {"first_round"}
    assert {a.name for a in FirstRound.__attrs_attrs__} == {"status", "awarded"}
    assert RULES["2024-1"].rules.application is Helseteknologi
    assert RULES["2024-2"].rules.application is AndreTildeling


def test_the_words_of_the_pool() -> None:
    """Areas and what became of a project are the contract's words; costs have free categories."""
    schemas = {round: RULES[round].schema()["properties"] for round in BOTH}
    for properties in schemas.values():
        areas = properties["areas"]["anyOf"][0]["items"]["enum"]
        assert areas == ["medical_record", "welfare_technology", "digital_home_follow_up"]
        line = properties["costs"]["anyOf"][0]["items"]["properties"]
        assert "enum" not in str(line["category"])
    before = schemas["2024-2"]["first_round"]["anyOf"][0]["properties"]
    assert before["status"]["anyOf"][0]["enum"] == ["awarded", "not_awarded", "not_applied"]
    assert "first_round" not in schemas["2024-1"]


@pytest.mark.parametrize("round", BOTH)
def test_no_judgement_is_asked(round: str) -> None:
    """Nothing is left to a yes or no of a case officer: no document tells of such a question."""
    assert RULES[round].rules.judgements == ()


@pytest.mark.parametrize(("round", "further"), [("2024-1", {"stage.formal", "value.deadline"}), ("2024-2", set[str]())])
def test_what_the_rules_assume(round: str, further: set[str]) -> None:
    """Every assumption of the contract is listed, under its id."""
    assert {assumption.id for assumption in RULES[round].assumptions} == {
        *(id for id, (_, _, _, assumed) in RULE_TABLE[round].items() if assumed),
        *("score.scale", "score.weights", "score.combination"),
        *further,
    }


@pytest.mark.parametrize("round", BOTH)
def test_the_scale_and_the_weights(round: str) -> None:
    """Ratings go from 0 to 5, weights are equal, several assessments give their mean; all of it assumed."""
    scoring = RULES[round].rules.scoring
    assert scoring.scale is not None
    assert scoring.weights is not None
    assert scoring.combination is not None
    assert scoring.scale.top == 5
    assert scoring.weights.weighting is g.Weighting.EQUAL
    assert scoring.combination.combining is g.Combining.MEAN
    assert (scoring.emphasis, scoring.threshold) == (None, None)
    assert all(isinstance(part.basis, g.Assumed) for part in scoring.parts)
    assert [criterion.id for criterion in scoring.criteria if criterion.computed is not None] == ["cooperation"]


def test_the_rounds_are_told_apart_by_their_digests() -> None:
    """Two allocations with different rules are different rulebooks."""
    assert RULES["2024-1"].digest != RULES["2024-2"].digest
