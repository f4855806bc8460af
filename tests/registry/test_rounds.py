"""What differs between the rounds of a pool: money, figures, facts, and rules kept from another round's call."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve, frozen
from jsonschema import Draft202012Validator

import grantrules as g
from grantrules.bases import Basis, assumption_of
from grantrules.values import LANGUAGES, Language
from tests.pools import CALL, LATER_TOY, NOTICE, RULEBOOKS, TOY, LaterToyApplication, ToyApplication

from .small import ASSUMED, CITED, SmallApplication, pool_of, pool_plugin, requirement, round_of, words

DIGITAL_2022 = RULEBOOKS["dk_2022_digitale_kompetencer@2022"]
DIGITAL_2023 = RULEBOOKS["dk_2022_digitale_kompetencer@2023"]
FIRST, SECOND = RULEBOOKS["no_helseteknologi@2024-1"], RULEBOOKS["no_helseteknologi@2024-2"]


def loaded(rules: g.Rulebook, folder: Path) -> g.Rulebook:
    """The rulebook as it is read from the file it was saved to."""
    path = folder / "rules.json"
    path.write_text(rules.save(), encoding="utf-8")
    return g.Rulebook.load(path)


def book(**settings: Any) -> g.Rulebook:
    """A small pool with one round, made with these settings."""
    pool = pool_of("small", evolve(round_of(), **settings))
    return g.Registry.of(pool_plugin("small", pool=pool)).rulebook("small")


# Facts of one round


def test_a_round_may_ask_for_facts_of_its_own() -> None:
    """Each round has its own class of applications, and both are read by the same pool."""
    assert (TOY.application, LATER_TOY.application) == (ToyApplication, LaterToyApplication)
    assert type(TOY.read_application({})) is ToyApplication
    made = LATER_TOY.read_application({"earlier": "1200.00", "pages": 3})
    assert type(made) is LaterToyApplication
    assert (made.earlier, made.pages) == (Decimal(1200), 3)


@pytest.mark.parametrize(
    ("without", "with_it", "key", "stated"),
    [
        (FIRST, SECOND, "first_round", {"status": "awarded", "awarded": "700000.00"}),
        (TOY, LATER_TOY, "earlier", "1.00"),
    ],
    ids=["no_helseteknologi", "toy"],
)
def test_a_fact_of_one_round_is_unknown_in_the_other(
    without: g.Rulebook, with_it: g.Rulebook, key: str, stated: Any
) -> None:
    """What only one round asks for is an unknown key in the other, also for its schema and its blank file."""
    assert with_it.read_application({key: stated}) != with_it.read_application({})
    with pytest.raises(g.InputError) as caught:
        without.read_application({key: stated})
    assert [(problem.where, problem.code) for problem in caught.value.problems] == [(key, "unknown-key")]
    for rules, knows in ((with_it, True), (without, False)):
        assert (key in rules.template()) is knows
        assert Draft202012Validator(rules.schema()).is_valid({key: stated}) is knows


def test_rules_of_one_round_read_its_own_facts() -> None:
    """A rule of the later round rests on a fact that the other round does not know, and waits for it by name."""
    decision = LATER_TOY.decide(LATER_TOY.read_application({"requested": "900.00"}))
    assert decision.finding("eligibility.earlier").missing == ("earlier",)
    decision = LATER_TOY.decide(LATER_TOY.read_application({"requested": "900.00", "earlier": "900.00"}))
    assert decision.finding("eligibility.earlier").result is g.Result.NOT_MET
    assert "eligibility.earlier" not in [rule.id for rule in TOY.rules.requirements]


def test_a_rule_that_reads_a_fact_of_another_round_is_refused() -> None:
    """A rule given to both rounds that reads a fact of one is refused, with its place."""

    @frozen(kw_only=True)
    class Later(SmallApplication):
        """An application to the later round."""

        before: Decimal | None = g.money(words("before"))

    rule = requirement(g.facts(Later).before > g.kr(0), id="eligibility.before")
    pool = pool_of("small", round_of(), evolve(round_of(id="2021"), application=Later))
    with pytest.raises(g.PluginError, match=r"rule eligibility\.before: demand\.left: there is no fact"):
        g.Registry.of(pool_plugin("small", pool=pool, eligibility=(rule,)))
    only_later = evolve(pool, rounds=pool.rounds[1:])
    assert (
        g.Registry.of(pool_plugin("small", pool=only_later, eligibility=(rule,))).rulebook("small").round.id == "2021"
    )


def test_a_saved_round_keeps_its_facts(tmp_path: Path) -> None:
    """A round with facts of its own, saved and loaded without its plugin, still reads them and decides the same."""
    stated = {"id": "A-1", "requested": "900.00", "earlier": "100.00"}
    read = loaded(LATER_TOY, tmp_path)
    assert read.digest == LATER_TOY.digest
    made = read.decide(read.read_application(stated)).to_dict()
    assert made == LATER_TOY.decide(LATER_TOY.read_application(stated)).to_dict()


# Rules kept from another round's call


def bases(rules: g.Rulebook) -> dict[str, Basis]:
    """The basis of every rule and part of the scoring, by id."""
    return {rule.id: rule.basis for rule in (*rules.rules.rules, *rules.rules.scoring.parts)}


@pytest.mark.parametrize(
    ("first", "later"), [(DIGITAL_2022, DIGITAL_2023), (TOY, LATER_TOY)], ids=["dk_2022_digitale_kompetencer", "toy"]
)
def test_what_is_carried_over_says_so(first: g.Rulebook, later: g.Rulebook) -> None:
    """Every rule that cites the carried-over call, and no other, has the reason as a note after its own."""
    carried = later.round.carried_over
    assert carried is not None
    before, noted = bases(first), 0
    for id, basis in bases(later).items():
        cites = not isinstance(basis, g.Assumed) and basis.source == carried.source
        note = assumption_of(basis)
        assert (note is not None and note.da.endswith(carried.reason.da)) is cites, id
        noted += cites
        own = assumption_of(before[id]) if id in before and type(before[id]) is type(basis) else None
        if cites and own is not None and note is not None:
            assert [note.to(language) for language in LANGUAGES] == [
                f"{own.to(language)} {carried.reason.to(language)}" for language in LANGUAGES
            ]
    assert noted > 5
    notes = [note for basis in before.values() if (note := assumption_of(basis)) is not None]
    assert not any(note.da.endswith(carried.reason.da) for note in notes)


def test_parts_of_the_allocation_and_the_scoring_are_carried_over() -> None:
    """Strands, administration, co-financing, thresholds and the order in words carry the note as rules do."""
    carried = g.CarriedOver(CALL, words("kept from the call of 2020"))
    pool = evolve(TOY.pool, rounds=(evolve(TOY.round, carried_over=carried),))
    rules = TOY.rules
    assert rules.allocation is not None
    answers = {
        "pool": pool,
        "eligibility": rules.requirements,
        "cost_eligibility": rules.cost_rules,
        "highest_grant": rules.grant,
        "scoring": rules.scoring,
        "allocation": rules.allocation,
        "conditions": rules.conditions,
    }
    kept = g.Registry.of(pool_plugin("toy", **answers)).rulebook("toy")
    found = bases(kept)
    for id in ("score.weights", "score.emphasis", "score.threshold", "joy", "allocation.administration"):
        assert "kept from the call of 2020" in getattr(assumption_of(found[id]), "en", ""), id
    for id in ("allocation.associations", "allocation.own-share", "allocation.loud", "condition.report"):
        assert "kept from the call of 2020" in getattr(assumption_of(found[id]), "en", ""), id
    for id in ("score.scale", "allocation.method", "allocation.public-share", "own-money"):
        assert "kept from the call of 2020" not in getattr(assumption_of(found[id]), "en", ""), id


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_note_is_shown_wherever_the_rule_is(language: Language) -> None:
    """A rule that was carried over shows the reason in the rulebook and in every decision, and lists it as assumed."""
    reason = DIGITAL_2023.round.carried_over
    assert reason is not None
    shown = " ".join(DIGITAL_2023.describe(language).split())
    decision = DIGITAL_2023.decide(DIGITAL_2023.read_application({"signed": False}))
    explained = " ".join(decision.explain(language).split())
    for written in (shown, explained):
        assert " ".join(reason.reason.to(language).split()) in written
    assert reason.reason.to(language) not in " ".join(DIGITAL_2022.describe(language).split())
    assert "formal.signature" in [assumption.id for assumption in DIGITAL_2023.assumptions]
    assert "formal.signature" not in [assumption.id for assumption in DIGITAL_2022.assumptions]


def test_a_saved_round_keeps_its_notes_once(tmp_path: Path) -> None:
    """The notes are a part of what is saved; loading does not write them a second time."""
    for rules in (DIGITAL_2023, LATER_TOY):
        read = loaded(rules, tmp_path)
        assert bases(read) == bases(rules)
        assert read.save() == rules.save()
        assert loaded(read, tmp_path).digest == rules.digest


def test_a_what_if_keeps_the_notes_once() -> None:
    """Another value of the round leaves every note as it was."""
    assert bases(LATER_TOY.with_values(page_limit=11)) == bases(LATER_TOY)


# Figures that nobody reads


FIGURES = (
    g.Figure("applications", words("applications"), 41, g.Notice(NOTICE)),
    g.Figure("applications", words("applications"), 43, g.Cited(CALL, "x")),
    g.Figure("awarded", words("awarded"), g.kr("1234567.89"), ASSUMED),
    g.Figure("recipient", words("recipient"), "Ærø Kommune", g.Notice(NOTICE)),
)


def test_figures_change_no_digest() -> None:
    """What is published about a round is no rule: it changes neither the digest nor what equals what."""
    plain, told = book(), book(figures=FIGURES)
    assert plain.digest == told.digest
    assert plain.rules == told.rules
    assert told.round.figures == FIGURES
    assert "Ærø" not in str(told.to_dict())


def test_figures_are_kept_on_saving(tmp_path: Path) -> None:
    """Saving keeps every figure with its source, those that disagree among them, and the digest as it was."""
    told = book(figures=FIGURES)
    read = loaded(told, tmp_path)
    assert read.round.figures == FIGURES
    assert read.digest == told.digest
    assert read.save() == told.save()
    assert [read.describe(language) for language in LANGUAGES] == [told.describe(language) for language in LANGUAGES]
    assert loaded(SECOND, tmp_path).round.figures == SECOND.round.figures


def test_a_rule_set_saved_before_there_were_figures_is_read(tmp_path: Path) -> None:
    """A saved rule set that says nothing of figures is read as one without any."""
    rules = book()
    text = rules.save()
    start = text.index(',\n  "published"')
    path = tmp_path / "rules.json"
    path.write_text(text[:start] + "\n}\n", encoding="utf-8")
    assert g.Rulebook.load(path).round.figures == ()


@pytest.mark.parametrize(
    ("language", "disagree"),
    [("da", "Kilderne er ikke enige"), ("nb", "Kildene er ikke enige"), ("en", "The sources disagree")],
)
def test_figures_that_disagree_are_both_shown(language: Language, disagree: str) -> None:
    """Two figures of one name from two sources are both shown, each with its source and the remark."""
    shown = FIRST.describe(language)
    for written in ("180", "179"):
        assert written in shown
    for amount in {"en": ("332,100,000.00", "331,600,000.00"), "da": ("332.100.000,00",)}.get(language, ()):
        assert amount in shown
    assert shown.count(disagree) == 4
    assert disagree not in DIGITAL_2023.describe(language)


def test_a_figure_that_two_sources_give_stands_once() -> None:
    """A figure that two sources give alike is shown once with both of them, and nobody is said to disagree."""
    alike = evolve(FIGURES[1], amount=41)
    written = book(figures=(FIGURES[0], alike, *FIGURES[2:])).describe("en")
    published = written.partition("Published about the round")[2]
    assert published.count("applications: 41") == 1
    for source in (CALL, NOTICE):
        assert source.title in published
    assert "disagree" not in written
    assert book(figures=FIGURES).describe("en").count("The sources disagree") == 2


def test_two_figures_of_one_source_do_not_disagree() -> None:
    """Two amounts of one name and one source, such as two recipients, are both shown without the remark."""
    recipients = [evolve(FIGURES[3], amount=name) for name in ("Ærø Kommune", "Læsø Kommune")]
    written = book(figures=tuple(recipients)).describe("en")
    assert "Ærø Kommune" in written
    assert "Læsø Kommune" in written
    assert "disagree" not in written


# Money


@pytest.mark.parametrize(
    ("language", "words_"),
    [
        ("da", "overført fra en anden bevilling"),
        ("nb", "overført fra en annen bevilgning"),
        ("en", "moved from another"),
    ],
)
def test_money_that_was_moved_is_named(language: Language, words_: str) -> None:
    """An appropriation that was made for something else is shown as moved, and no other is."""
    assert " ".join(SECOND.describe(language).split()).count(words_) == 1
    assert words_ not in " ".join(FIRST.describe(language).split())


def test_rules_read_the_budget_by_its_name() -> None:
    """The budget of the round is a value that rules can read, and the highest grant of this pool does."""
    facts = {"requested": "3000000.00", "costs": [], "funding": []}
    grants = [rules.decide(rules.read_application(facts)).grant_range for rules in (DIGITAL_2022, FIRST)]
    assert [grant[1] for grant in grants if grant is not None] == [Decimal(2_000_000), Decimal(3_000_000)]


def test_another_budget_is_another_rulebook() -> None:
    """A what-if on the budget changes what rules read, and what it was made of is no longer known."""
    changed = DIGITAL_2022.with_values(budget=g.kr("2500000.01"))
    assert changed.round.budget == Decimal("2500000.01")
    assert changed.rules.values["budget"] == Decimal("2500000.01")
    assert (changed.round.appropriations, len(DIGITAL_2022.round.appropriations)) == ((), 1)
    assert changed.digest != DIGITAL_2022.digest
    assert changed.with_values(budget=DIGITAL_2022.round.budget).round.budget == DIGITAL_2022.round.budget
    found = changed.decide(changed.read_application({"requested": "3000000.00", "costs": []})).grant_range
    assert found == (Decimal("2500000.01"), Decimal("2500000.01"))
    assert "2,500,000.01" in changed.describe("en")
    # Other values leave it as it was.
    other = TOY.with_values(page_limit=11)
    assert (other.round.budget, other.round.appropriations) == (TOY.round.budget, TOY.round.appropriations)


@pytest.mark.parametrize("budget", [5, -1, "5.00", Decimal("-0.01"), True], ids=str)
def test_a_budget_that_is_no_amount_is_refused(budget: Any) -> None:
    """A what-if on the budget is an amount of at least zero."""
    with pytest.raises(g.PluginError) as caught:
        book().with_values(budget=budget)
    assert "round 2020: budget" in [problem.where for problem in caught.value.problems]


def test_a_budget_below_what_is_earmarked_is_refused() -> None:
    """A what-if in which strands are promised more than there is is refused with both amounts."""
    with pytest.raises(g.PluginError, match=r"the floors add up to 25000\.00, and there is 24249\.99 to share out"):
        TOY.with_values(budget=g.kr("24999.99"))


def test_a_value_may_not_be_called_budget() -> None:
    """The name by which rules read the budget is taken."""
    with pytest.raises(g.PluginError) as caught:
        book(values=(g.Value("budget", g.kr(5), words("budget"), CITED),))
    assert "two-values" in [problem.code for problem in caught.value.problems]


def test_a_round_of_everything_is_saved_and_read_back(tmp_path: Path) -> None:
    """Order keys, strands, shares, demands and appropriations are the same after saving and loading."""
    for rules in (TOY, LATER_TOY):
        read = loaded(rules, tmp_path)
        assert read.rules.allocation == rules.rules.allocation
        assert read.round.appropriations == rules.round.appropriations
        assert read.rules.rules == rules.rules.rules
    assert TOY.rules.allocation is not None
    assert {type(key) for key in TOY.rules.allocation.order} == {g.ByScore, g.ByTerm, g.ByDraw}
    assert {demand.base for demand in TOY.rules.allocation.co_financing} == set(g.Base)
    assert TOY.rules.allocation.administration is not None
    assert TOY.rules.allocation.administration.rate == Fraction(3, 100)
