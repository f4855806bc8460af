"""Each law catches its fault, by name, with the rule and an application that shows it."""

import importlib.util
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from attrs import evolve

import grantrules as g
from grantrules.bases import UNSTATED
from grantrules.testing.laws import LAWS, Breach, broken_laws
from grantrules.testing.laws.law import Plugins
from grantrules.testing.laws.running import breaches_by_plugins
from grantrules.testing.strategies.applications import stated_paths
from tests.pools import OTHERS, TOY
from tests.registry import small
from tests.testing import faulty
from tests.testing.faulty import pool_with

SEARCHED = ("can-be-met", "can-fail-alone", "can-be-undetermined", "cost-rules-cut", "no-two-rules-alike")
"""The laws of single rules."""

SOUND = pool_with(faulty.SHORT, faulty.VAT)


def keys(rulebook: g.Rulebook, *laws: str, examples: int | None = None) -> list[str]:
    """The laws that a rulebook breaks, each with the rule that breaks it."""
    return [breach.key for breach in broken_laws(rulebook, laws, examples)]


def only(breaches: Sequence[Breach]) -> Breach:
    """The only breach."""
    (breach,) = breaches
    return breach


def test_a_sound_pool_breaks_no_law() -> None:
    """What the faults are put into is sound itself, its texts aside, which are English in every language."""
    assert {breach.law for breach in broken_laws(SOUND)} <= {"every-text-in-the-languages"}


# Rules


def test_a_dead_rule_is_caught() -> None:
    """A rule that nothing meets is named, and no other is blamed for it."""
    rulebook = pool_with(faulty.DEAD)
    breach = only(broken_laws(rulebook, ["can-be-met"]))
    assert breach.key == "can-be-met:eligibility.dead"
    assert breach.message == "it can never be met: no application that shows otherwise was found in 3 searches"
    assert keys(rulebook, *SEARCHED) == ["can-be-met:eligibility.dead"]


def test_a_rule_that_never_fails_is_caught() -> None:
    """A rule that every application meets is named, once, and takes no other rule with it."""
    breach = only(broken_laws(pool_with(faulty.IDLE), SEARCHED))
    assert breach.key == "can-fail-alone:eligibility.idle"
    assert breach.message.startswith("it never fails:")


def test_a_shadowed_rule_is_caught() -> None:
    """A rule that fails only where another fails is named with the other, and with an application that fails both."""
    rulebook = pool_with(faulty.SHORT, faulty.SHADOWED)
    breach = only(broken_laws(rulebook, SEARCHED))
    assert breach.key == "can-fail-alone:eligibility.shadowed"
    assert breach.message.startswith("it fails only where `eligibility.short` fails too:")
    decision = rulebook.decide(*breach.example[0])
    assert decision.results["eligibility.shadowed"] is g.Result.NOT_MET
    assert decision.results["eligibility.short"] is g.Result.NOT_MET


def test_two_rules_that_always_agree_are_caught() -> None:
    """Of two rules that say the same, the second is named with the first."""
    rulebook = pool_with(faulty.SHORT, faulty.TWIN)
    breach = only(broken_laws(rulebook, ["no-two-rules-alike"]))
    assert breach.key == "no-two-rules-alike:eligibility.twin"
    assert breach.message.startswith("it always agrees with `eligibility.short`:")


def test_a_rule_that_is_always_settled_is_caught() -> None:
    """A rule that asks for nothing can neither fail nor be undetermined."""
    assert keys(pool_with(faulty.SETTLED), *SEARCHED) == [
        "can-fail-alone:formal.settled",
        "can-be-undetermined:formal.settled",
    ]


def test_a_cost_rule_that_never_cuts_is_caught() -> None:
    """A cost rule that concerns no line is named."""
    assert "cost-rules-cut:cost.never" in keys(pool_with(faulty.NEVER), *SEARCHED)


def test_a_cost_rule_after_one_that_takes_all_is_caught() -> None:
    """A cost rule for which nothing is left is named; in the other order, both cut, but never one alone."""
    after = keys(pool_with(faulty.LATE, faulty.VAT), "cost-rules-cut")
    before = keys(pool_with(faulty.VAT, faulty.LATE), "cost-rules-cut")
    assert (after, before) == (["cost-rules-cut:cost.vat"], [])


def test_two_cost_rules_that_take_the_same_are_caught() -> None:
    """Of two cost rules that always take the same, the second is named with the first."""
    breach = only(broken_laws(pool_with(faulty.VAT, faulty.VAT_TWIN), ["no-two-rules-alike"]))
    assert breach.key == "no-two-rules-alike:cost.vat-twin"


def test_rules_that_differ_in_one_step_are_not_alike() -> None:
    """Two limits one page apart shadow each other, and still do not say the same."""
    nearly = small.requirement(small.a.pages <= 11, "eligibility.nearly")
    assert keys(pool_with(faulty.SHORT, nearly), *SEARCHED) == ["can-fail-alone:eligibility.nearly"]


# Bases and texts


def spoilt(rule: str, **changed: Any) -> g.Rulebook:
    """The toy pool with something of one requirement changed, unchecked."""
    requirements = tuple(evolve(r, **changed) if r.id == rule else r for r in TOY.rules.requirements)
    return g.Rulebook(evolve(TOY.rules, requirements=requirements))


def test_a_missing_basis_is_caught() -> None:
    """A rule without a basis is named; no registry takes it in the first place."""
    assert keys(spoilt("formal.pages", basis=UNSTATED), "every-rule-has-a-basis") == [
        "every-rule-has-a-basis:formal.pages"
    ]
    with pytest.raises(g.PluginError, match="the rule has no basis"):
        pool_with(evolve(faulty.SHORT, basis=UNSTATED))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (g.Text("kort nok", "", "short enough"), "statement.nb: the text is empty"),
        (g.Text("it is short enough", "kort nok", "it is short enough"), "the same in da and in en"),
        (g.Text("den er ikke for lang til os", "den er ikke for lang til os", "short"), "the same in da and in nb"),
    ],
    ids=["empty", "english", "danish"],
)
def test_texts_that_are_missing_or_copied_are_caught(text: g.Text, message: str) -> None:
    """A text that one language lacks, or that was copied from another, is named with its rule."""
    breach = only(broken_laws(spoilt("formal.pages", statement=text), ["every-text-in-the-languages"]))
    assert breach.key == "every-text-in-the-languages:formal.pages"
    assert message in breach.message


def test_texts_that_are_rightly_the_same_are_not_caught() -> None:
    """A word or two may be the same in every language, and a few more in Danish and Norwegian."""
    for text in (g.Text("revision", "revisjon", "revision"), g.Text("id på org-id.guide", "id på org-id.guide", "id")):
        assert keys(spoilt("formal.pages", statement=text), "every-text-in-the-languages") == []


def test_a_copied_question_is_caught() -> None:
    """Texts inside of terms are read too."""
    question = "can the colour be accepted?"
    asked = g.judgement("colour-accepted", g.Text(question, question, question))
    (breach, *_) = broken_laws(spoilt("eligibility.colour", demand=asked), ["every-text-in-the-languages"])
    assert breach.key == "every-text-in-the-languages:eligibility.colour"


# Deciding


@pytest.mark.parametrize(
    ("made", "law", "key"),
    [
        (faulty.Guessing, "missing-facts", "missing-facts:eligibility.short"),
        (faulty.Guessing, "engine-agreement", "engine-agreement:eligibility.short"),
        (faulty.Miscompiled, "engine-agreement", "engine-agreement:eligibility.short"),
        (faulty.Losing, "amounts-conserved", "amounts-conserved"),
        (faulty.Generous, "grant-within-limits", "grant-within-limits:grant.formula"),
        (faulty.Silent, "needs", "needs:eligibility.short"),
        (faulty.Forgetful, "json-round-trips", "json-round-trips"),
        (faulty.Broken, "engine-agreement", "engine-agreement"),
    ],
    ids=lambda value: value if isinstance(value, str) and ":" not in value else getattr(value, "__name__", ""),
)
def test_a_rulebook_that_decides_otherwise_is_caught(made: Callable[..., g.Rulebook], law: str, key: str) -> None:
    """A rulebook that does otherwise than its rules breaks the law by name, and a small application shows it."""
    breaches = broken_laws(made(SOUND.rules), [law])
    (breach, *_) = [breach for breach in breaches if breach.key == key]
    ((application, assessments),) = breach.example
    assert assessments == []
    assert len(stated_paths(application)) <= 9, application


def test_a_fault_is_named_with_what_was_stated() -> None:
    """The message of a settled finding that turns round says what was stated."""
    breach = next(
        b for b in broken_laws(faulty.Guessing(SOUND.rules), ["missing-facts"]) if b.rule == "eligibility.short"
    )
    assert breach.message == "it was met, and is not_met once `pages` is stated"


def test_an_extension_cannot_ask_whether_a_fact_is_missing() -> None:
    """The honest way to flip on a missing fact is closed: only of optional facts can a rule ask if they are stated."""
    flips = small.requirement(g.any_of(g.not_(g.known(small.a.pages)), small.a.pages <= 10), "eligibility.flips")
    with pytest.raises(g.PluginError, match="leaving it out states nothing"):
        pool_with(flips)


def test_a_decision_that_depends_on_the_order_of_organisations_is_caught() -> None:
    """A rulebook that looks at the first organisation alone is caught, and the orders that show it are named."""
    breaches = broken_laws(faulty.FirstOnly(TOY.rules), ["order-independence"], 10, small=False)
    assert breaches
    assert all("organisations [" in breach.message for breach in breaches)


@pytest.mark.parametrize(
    ("made", "law"), [(faulty.Grumpy, "scores-monotone"), (faulty.Enthusiastic, "scores-on-scale")]
)
def test_a_rulebook_that_scores_otherwise_is_caught(made: Callable[..., g.Rulebook], law: str) -> None:
    """Ratings that lower the score, or leave the scale, are caught by their criterion."""
    assert f"{law}:joy" in keys(made(TOY.rules), law)


def test_a_rulebook_that_changes_its_mind_is_caught() -> None:
    """A rulebook that decides one application in two ways breaks the law, and raises nothing."""
    assert keys(faulty.Moody(SOUND.rules), "engine-agreement")


# Allocating


NORWAY = OTHERS.rulebook("no_helseteknologi", "2024-1")
KOMPETENCER = OTHERS.rulebook("dk_2022_digitale_kompetencer", "2022")


@pytest.mark.parametrize("sound", [NORWAY, KOMPETENCER, TOY], ids=lambda rulebook: rulebook.rules.name)
def test_an_allocation_that_overspends_is_caught(sound: g.Rulebook) -> None:
    """Awards that come to more than the budget are caught, with the applications that show it."""
    breach = only(broken_laws(faulty.Overspending(sound.rules), ["allocation"]))
    assert breach.key == "allocation:allocation.method"
    assert "more is awarded than there is" in breach.message
    assert 1 <= len(breach.example) <= 3


def test_an_allocation_by_order_of_input_is_caught() -> None:
    """An allocation that depends on the order of the decisions is caught."""
    assert keys(faulty.Partial(NORWAY.rules), "allocation") == ["allocation:allocation.method"]


def test_an_allocation_that_passes_somebody_over_is_caught() -> None:
    """An allocation that funds somebody lower before somebody higher is caught where the method promises otherwise."""
    breach = only(broken_laws(faulty.Capricious(NORWAY.rules), ["allocation"]))
    assert breach.key == "allocation:allocation.method"


# Plugins


def pure(*plugins: Any) -> list[Breach]:
    """What plugins break of the laws that are about them."""
    given = Plugins(plugins, g.Registry.of(*plugins))
    return [breach for law in LAWS.values() for breach in breaches_by_plugins(law, given)]


def test_hooks_that_answer_differently_each_time_are_caught() -> None:
    """A plugin that gives other rules when it is asked again is caught with the hook and the rule."""
    found = [breach for breach in pure(faulty.changing()) if breach.law == "same-rules-twice"]
    assert {breach.key for breach in found} == {"same-rules-twice:eligibility.short"}
    assert "`eligibility` of `changing` gives other rules for changing@2020" in found[0].message


def test_a_pool_that_changes_is_caught() -> None:
    """A pool whose budget is another one when it is asked for again is caught."""
    budgets = count(1000)

    def pool() -> g.Pool:
        return small.pool_of("growing", evolve(small.round_of(), budget=g.kr(next(budgets))))

    found = [breach for breach in pure(small.pool_plugin("growing", pool=pool)) if breach.law == "same-rules-twice"]
    assert only(found).message == "`pool` gives another pool or round for growing@2020 when asked the second time"


def test_a_plugin_that_reads_the_clock_is_caught(tmp_path: Path) -> None:
    """Clock, chance, surroundings and files are found in the source, each with its line."""
    breaches = [breach for breach in pure(loaded(tmp_path, faulty.READS_THE_CLOCK)) if "no-clock" in breach.law]
    assert [breach.message for breach in breaches] == [
        "clocked.py, line 4: `random` leaves something to chance",
        "clocked.py, line 6: `os.environ` reads its surroundings",
        "clocked.py, line 19: `datetime.datetime.now` reads the clock",
        "clocked.py, line 25: `open` reads a file",
    ]


def test_a_plugin_that_only_names_days_is_not_caught(tmp_path: Path) -> None:
    """Days and times that are written down are no clock, and a fact may be called `today`."""
    source = """
from datetime import date, datetime, time
from tests.registry.small import GRANT, a, pool_of, requirement, round_of
import grantrules as g

class Known:
    today = date(2020, 1, 1)

@g.hook
def pool():
    return pool_of("dated", round_of())

@g.hook
def eligibility():
    assert time(12)
    return (requirement(a.starts_on >= Known.today, "eligibility.start"),)

@g.hook
def highest_grant():
    return GRANT
"""
    assert pure(loaded(tmp_path, source)) == []


def loaded(folder: Path, source: str) -> ModuleType:
    """A plugin module that is written to a file and imported from it."""
    file = folder / "clocked.py"
    file.write_text(source, "utf-8")
    spec = importlib.util.spec_from_file_location("clocked", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
