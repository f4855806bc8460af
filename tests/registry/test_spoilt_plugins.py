"""Every way of getting a plugin wrong: a clear error that names plugin, rule and place; other pools keep working."""

import types
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

import grantrules as g

from .small import (
    ASSUMED,
    CALL,
    CITED,
    GRANT,
    SIGNED,
    SmallApplication,
    a,
    c,
    cost_rule,
    plugin,
    pool_of,
    pool_plugin,
    requirement,
    round_of,
    words,
)

SOUND = pool_plugin("sound")


def refused(spoilt: Any, *others: Any) -> str:
    """
    The one report about the plugin called `spoilt`, registered beside a sound one.

    The sound pool must still decide, and strict registering must raise the same report.
    """
    registry = g.Registry.of(spoilt, *others, SOUND, strict=False)
    assert "sound" in registry.pools
    rules = registry.rulebook("sound")
    assert rules.decide(rules.read_application({"signed": True})).outcome is g.Outcome.ELIGIBLE
    assert "spoilt" not in registry.pools
    (failure,) = registry.failures
    report = str(failure.error())
    with pytest.raises(g.PluginError) as caught:
        g.Registry.of(spoilt, *others, SOUND)
    assert str(caught.value) == report
    assert report.splitlines()[0].startswith("plugin spoilt: ")
    return report


DEEP_TERM = a.pages + 1
for _ in range(58):
    DEEP_TERM = DEEP_TERM + 1

ASKED = g.judgement("accepted", words("can it be accepted?"))
ASKED_OTHERWISE = g.judgement("accepted", words("is it all right?"))

SPOILT_RULES: dict[str, tuple[g.Requirement, str]] = {
    "money with a date": (
        requirement(a.requested <= a.starts_on),
        "plugin spoilt: rule eligibility.spoilt: demand: compares `requested` (money) with `starts_on` (day)",
    ),
    "money times money": (
        requirement(a.requested * a.requested_minimum <= g.kr(5)),
        (
            "plugin spoilt: rule eligibility.spoilt: demand.left: multiplies `requested` (money) and "
            "`requested_minimum` (money)"
        ),
    ),
    "money with a bare number": (
        requirement(a.requested <= 5),
        (
            "plugin spoilt: rule eligibility.spoilt: demand: compares `requested` (money) with `5` (count)\n"
            '    hint: write an amount as `kr("…")`'
        ),
    ),
    "a limit outside of the bounds of its fact": (
        requirement(a.pages <= 101),
        (
            "plugin spoilt: rule eligibility.spoilt: demand: the limit `101` (101) is outside of what `pages` can be\n"
            "    hint: keep it within 0 to 100"
        ),
    ),
    "a word that is not in the list": (
        requirement(a.colour.is_in("red", "bleu")),
        (
            "plugin spoilt: rule eligibility.spoilt: demand: `bleu` is not among the words of `colour`\n"
            "    hint: did you mean `blue`?"
        ),
    ),
    "an unknown value": (
        requirement(a.pages <= g.value("page_limt")),
        "plugin spoilt: rule eligibility.spoilt: demand.right: the round binds no value `page_limt`",
    ),
    "a fact of cost lines outside of them": (
        requirement(c.amount > g.kr(5)),
        "plugin spoilt: rule eligibility.spoilt: demand.left: `costs.amount` can only be read inside a list of costs",
    ),
    "a number as a demand": (
        requirement(a.requested),
        "plugin spoilt: rule eligibility.spoilt: demand: expected yes/no, got money: `requested`",
    ),
    "a money term as a condition": (
        requirement(a.signed, when=a.requested),
        "plugin spoilt: rule eligibility.spoilt: when: expected yes/no, got money: `requested`",
    ),
    "sixty levels": (
        requirement(DEEP_TERM > 5),
        (
            "plugin spoilt: rule eligibility.spoilt: demand: the term is more than 40 levels deep\n"
            "    hint: split the rule"
        ),
    ),
    "an amount between two øre": (
        requirement(a.reach * g.value("rate").on(a.starts_on) <= a.requested),
        (
            "plugin spoilt: rule eligibility.spoilt: demand: `(reach * rate on starts_on)` can fall between two øre\n"
            "    hint: name the rounding: `.rounded(Rounding.HALF_UP)`"
        ),
    ),
    "no basis": (
        g.Requirement("eligibility.spoilt", a.safe, words("it is safe")),
        (
            "plugin spoilt: rule eligibility.spoilt: basis: the rule has no basis\n"
            "    hint: give it `Cited(…)`, `Notice(…)` or `Assumed(…)`"
        ),
    ),
    "an empty text": (
        g.Requirement("eligibility.spoilt", a.safe, g.Text("sikker", " ", "safe"), CITED),
        "plugin spoilt: rule eligibility.spoilt: statement.nb: the text is empty",
    ),
    "an empty note of what is assumed": (
        g.Requirement("eligibility.spoilt", a.safe, words("safe"), g.Cited(CALL, "x", assumed=g.Text("x", "x", ""))),
        "plugin spoilt: rule eligibility.spoilt: basis.en: the text is empty",
    ),
    "an id without its stage": (
        requirement(a.safe, id="safe"),
        "plugin spoilt: rule safe: id: `safe` begins with neither `formal.` nor `eligibility.`",
    ),
    "asking of a fact that may not be left out whether it is stated": (
        requirement(g.known(a.pages)),
        "plugin spoilt: rule eligibility.spoilt: demand: `pages` is not optional",
    ),
    "nothing at all asked": (
        requirement(g.all_of()),
        "plugin spoilt: rule eligibility.spoilt: demand: `all of ()` asks nothing",
    ),
}

RATE = g.Value(
    "rate", g.DatedTable("km", (g.Dated(date(2020, 1, 1), date(2020, 12, 31), g.kr("1.96")),)), words("rate"), CITED
)


@pytest.mark.parametrize(("rule", "said"), SPOILT_RULES.values(), ids=SPOILT_RULES)
def test_a_spoilt_requirement_is_named_with_its_place(rule: g.Requirement, said: str) -> None:
    """Whatever is wrong with a requirement is reported with plugin, rule and place inside the rule."""
    reads_rate = rule is SPOILT_RULES["an amount between two øre"][0]
    pool = pool_of("spoilt", round_of(*([RATE] if reads_rate else [])))
    report = refused(pool_plugin(pool=pool, eligibility=(SIGNED, rule)))
    assert f"  {said}" in report
    assert report.startswith("plugin spoilt: 1 problem\n")


SPOILT_COST_RULES: dict[str, tuple[g.CostRule, str]] = {
    "a part that is no money": (
        cost_rule(g.Part(c.kilometres)),
        "rule cost.spoilt: disallow.amount: expected money, got quantity (km): `costs.kilometres`",
    ),
    "a limit that is no money": (
        cost_rule(g.Above(c.incurred_on)),
        "rule cost.spoilt: disallow.limit: expected money, got day: `costs.incurred_on`",
    ),
    "a condition that is no yes or no": (
        cost_rule(g.Whole(), when=c.amount),
        "rule cost.spoilt: when: expected yes/no, got money: `costs.amount`",
    ),
    "lines picked by a number": (
        cost_rule(g.Whole(), concerns=c.vat),
        "rule cost.spoilt: concerns: expected yes/no, got money: `costs.vat`",
    ),
    "no basis": (
        g.CostRule("cost.spoilt", g.Whole(), words("all of it")),
        "rule cost.spoilt: basis: the rule has no basis",
    ),
    "the eligible costs before they are known": (
        cost_rule(g.Above(g.eligible_costs())),
        "rule cost.spoilt: disallow.limit: `totals.eligible` can only be read inside the grant formula",
    ),
}


@pytest.mark.parametrize(("rule", "said"), SPOILT_COST_RULES.values(), ids=SPOILT_COST_RULES)
def test_a_spoilt_cost_rule_is_named_with_its_place(rule: g.CostRule, said: str) -> None:
    """Whatever is wrong with a cost rule is reported with plugin, rule and place inside the rule."""
    assert f"  plugin spoilt: {said}" in refused(pool_plugin(cost_eligibility=(rule,)))


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"highest_grant": g.GrantFormula(a.pages, words("x"), CITED)}, "rule grant.formula: amount: expected money"),
        (
            {"highest_grant": g.GrantFormula(a.requested, words("x"), CITED, floor=a.safe)},
            "rule grant.formula: floor: expected money, got yes/no",
        ),
        (
            {"highest_grant": g.GrantFormula(a.requested, words("x"))},
            "rule grant.formula: basis: the rule has no basis",
        ),
        (
            {"conditions": (g.Condition("condition.spoilt", words("x"), CITED, when=a.pages),)},
            "rule condition.spoilt: when: expected yes/no, got count",
        ),
        (
            {"conditions": (g.Condition("condition.spoilt", words("x")),)},
            "rule condition.spoilt: basis: the rule has no basis",
        ),
        (
            {
                "scoring": g.Scoring(
                    (g.Criterion("spoilt", words("x"), CITED, computed=a.requested),),
                    g.Scale(5, ASSUMED),
                    g.Weights(g.Weighting.EQUAL, ASSUMED),
                    g.Combination(g.Combining.MEAN, ASSUMED),
                )
            },
            "rule spoilt: computed: expected yes/no, got money",
        ),
        (
            {"allocation": g.Allocation(g.Method.RANK_PARTIAL_LAST, words("x"))},
            "rule allocation.method: basis: the rule has no basis",
        ),
    ],
    ids=["amount", "floor", "formula-basis", "condition", "condition-basis", "criterion", "allocation"],
)
def test_every_other_kind_of_rule_is_checked_as_well(answers: dict[str, Any], said: str) -> None:
    """Grant formulas, conditions, criteria and allocations are checked like requirements."""
    assert f"  plugin spoilt: {said}" in refused(pool_plugin(**answers))


def test_all_problems_of_a_plugin_are_reported_at_once() -> None:
    """One report holds every problem of every rule of a plugin."""
    rules = tuple(
        requirement(demand, id=f"eligibility.spoilt-{index}")
        for index, demand in enumerate([a.requested, a.pages <= 101, a.requested <= 5])
    )
    costs = (cost_rule(g.Part(c.kilometres)),)
    report = refused(pool_plugin(eligibility=rules, cost_eligibility=costs))
    assert report.startswith("plugin spoilt: 4 problems\n")
    for id in ("eligibility.spoilt-0", "eligibility.spoilt-1", "eligibility.spoilt-2", "cost.spoilt"):
        assert f"plugin spoilt: rule {id}: " in report


@pytest.mark.parametrize(
    "demand", [True, None, "signed", 5, a.organisations], ids=["bool", "none", "text", "number", "list"]
)
def test_a_demand_that_is_no_term_is_named_with_its_place(demand: Any) -> None:
    """A demand that is no term, as `a.pages == 5` is not, is reported for its rule and not as a crash."""
    report = refused(pool_plugin(eligibility=(SIGNED, requirement(demand))))
    assert "plugin spoilt: rule eligibility.spoilt: demand: " in report
    assert "importing it raised" not in report


def test_a_cost_rule_whose_part_is_no_term_is_named_with_its_place() -> None:
    """An amount written where a term belongs is reported for its rule and not as a crash."""
    report = refused(pool_plugin(cost_eligibility=(cost_rule(g.Part(g.kr(5))),)))  # type: ignore[arg-type]
    assert "plugin spoilt: rule cost.spoilt: disallow.amount: " in report


def test_a_term_thousands_of_levels_deep_is_named_with_its_place() -> None:
    """A term built in a loop that never ended is refused like any deep term, without running out of stack."""
    demand = a.safe
    for _ in range(5000):
        demand = g.not_(demand)
    report = refused(pool_plugin(eligibility=(requirement(demand),)))
    assert "plugin spoilt: rule eligibility.spoilt: demand: the term is more than 40 levels deep" in report


def test_two_rules_with_one_id_in_one_plugin() -> None:
    """Two rules of one plugin with one id are refused, and the id is named."""
    report = refused(pool_plugin(eligibility=(SIGNED, requirement(a.safe, id="formal.signed"))))
    assert "plugin spoilt: rule formal.signed: two rules have the id `formal.signed`, brought by spoilt" in report


def test_two_rules_of_different_stages_with_one_id() -> None:
    """Ids are told apart over all stages: a condition may not have the id of a requirement."""
    report = refused(pool_plugin(conditions=(g.Condition("formal.signed", words("x"), CITED),)))
    assert "two rules have the id `formal.signed`" in report


def test_a_rule_of_an_extension_with_the_id_of_the_pools_own() -> None:
    """An extension that brings a rule under a pool's own id is named, and so is the pool's plugin."""
    pool = pool_plugin("spoilt", eligibility=(SIGNED, requirement(a.safe)))
    extension = plugin("louder", eligibility=(requirement(a.safe),))
    registry = g.Registry.of(pool, extension, strict=False)
    assert list(registry.pools) == ["spoilt"]
    (failure,) = registry.failures
    said = "two rules have the id `eligibility.spoilt`, brought by spoilt and louder"
    assert f"plugin louder: rule eligibility.spoilt: {said}" in str(failure.error())


def test_two_pools_with_one_id() -> None:
    """Two plugins that own one pool id both fail and are both named; a third pool keeps working."""
    rival = pool_plugin("rival", pool=pool_of("spoilt", round_of()))
    registry = g.Registry.of(pool_plugin(), rival, SOUND, strict=False)
    assert list(registry.pools) == ["sound"]
    assert [failure.plugin for failure in registry.failures] == ["rival", "spoilt"]
    for failure in registry.failures:
        assert "two plugins own the pool `spoilt`: rival and spoilt" in str(failure.error())


def test_two_plugins_with_one_name() -> None:
    """Two plugins under one name both fail, for nobody could tell their rules apart."""
    registry = g.Registry.of(pool_plugin(), pool_plugin(), SOUND, strict=False)
    assert list(registry.pools) == ["sound"]
    assert len(registry.failures) == 2
    assert "two plugins are named `spoilt`" in str(registry.failures[0].error())


def test_a_judgement_asked_in_different_words() -> None:
    """One judgement put in two ways is refused, and the rules that ask it are named."""
    rules = (requirement(ASKED, id="eligibility.one"), requirement(ASKED_OTHERWISE, id="eligibility.other"))
    report = refused(pool_plugin(eligibility=rules))
    assert "judgement accepted: " in report
    assert "in different words" in report
    assert "eligibility.one" in report
    assert "eligibility.other" in report


def test_a_judgement_asked_of_the_application_and_of_lines() -> None:
    """One judgement asked both of the application and of single lines is refused."""
    asked = g.not_(ASKED)
    report = refused(
        pool_plugin(eligibility=(requirement(ASKED),), cost_eligibility=(cost_rule(g.Whole(), when=asked),))
    )
    assert "judgement accepted: asked of the application and of single lines" in report


def test_a_pool_without_rounds() -> None:
    """A pool without any round is refused."""
    assert "pool.rounds: the pool has no round" in refused(pool_plugin(pool=pool_of("spoilt")))


def test_a_pool_with_two_rounds_of_one_id() -> None:
    """Two rounds of one id are refused."""
    pool = pool_of("spoilt", round_of(), round_of())
    assert "pool.rounds: two rounds have the id `2020`" in refused(pool_plugin(pool=pool))


def test_a_pool_in_a_zone_that_does_not_exist() -> None:
    """A misspelt time zone is found when the plugin is loaded, not when the first application is read."""
    pool = pool_of("spoilt", round_of(), zone="Europe/Copenhagn")
    assert "Europe/Copenhagn" in refused(pool_plugin(pool=pool))


def test_a_value_that_no_rule_reads() -> None:
    """A value that a round binds and no rule reads is refused: its rule is misspelt or gone."""
    pool = pool_of("spoilt", round_of(g.Value("idle", 5, words("idle"), CITED)))
    assert "round 2020: value idle: no rule reads it" in refused(pool_plugin(pool=pool))


def test_a_value_without_a_basis() -> None:
    """A figure without a basis is refused like a rule without one."""
    pool = pool_of("spoilt", round_of(g.Value("limit", 5, words("limit"))))
    rules = (requirement(a.pages <= g.value("limit")),)
    assert "round 2020: value limit: the value has no basis" in refused(pool_plugin(pool=pool, eligibility=rules))


def test_two_values_with_one_name() -> None:
    """Two values of one name are refused."""
    twice = g.Value("limit", 5, words("limit"), CITED)
    rules = (requirement(a.pages <= g.value("limit")),)
    report = refused(pool_plugin(pool=pool_of("spoilt", round_of(twice, twice)), eligibility=rules))
    assert "round 2020: value limit: two values have this name" in report


def test_a_misspelt_value_is_shown_with_the_nearest() -> None:
    """A value that the round does not bind is reported with the nearest that it does."""
    pool = pool_of("spoilt", round_of(g.Value("page_limit", 5, words("limit"), CITED)))
    rules = (requirement(a.pages <= g.value("page_limt")), requirement(a.pages <= g.value("page_limit"), id="formal.x"))
    report = refused(pool_plugin(pool=pool, eligibility=rules))
    assert "the round binds no value `page_limt`\n    hint: did you mean `page_limit`?" in report


def test_two_sources_with_one_id() -> None:
    """Two different documents under one id are refused."""
    other = g.Requirement("eligibility.other", a.safe, words("x"), g.Cited(g.Source("call", "Other", "Other"), "x"))
    assert "source call: two different sources have this id" in refused(pool_plugin(eligibility=(SIGNED, other)))


@pytest.mark.parametrize(
    ("scoring", "said"),
    [
        (g.Scoring((g.Criterion("x", words("x"), CITED),)), "scoring: there are criteria but no scale"),
        (
            g.Scoring(
                (g.Criterion("x", words("x"), CITED, weight=Fraction(1, 3)),),
                g.Scale(5, CITED),
                g.Weights(g.Weighting.STATED, CITED),
                g.Combination(g.Combining.MEAN, CITED),
            ),
            "scoring: the weights add up to 1/3, not to 1",
        ),
        (
            g.Scoring(
                (g.Criterion("x", words("x"), CITED, weight=Fraction(1)),),
                g.Scale(5, CITED),
                g.Weights(g.Weighting.EQUAL, CITED),
                g.Combination(g.Combining.MEAN, CITED),
            ),
            "scoring: weights are equal, but `x` states one",
        ),
        (
            g.Scoring(
                (g.Criterion("x", words("x"), CITED),),
                g.Scale(5),
                g.Weights(g.Weighting.EQUAL, CITED),
                g.Combination(g.Combining.MEAN, CITED),
            ),
            "score.scale: it has no basis",
        ),
    ],
    ids=["no-scale", "weights-do-not-add-up", "weight-among-equals", "scale-without-basis"],
)
def test_scoring_that_does_not_add_up(scoring: g.Scoring, said: str) -> None:
    """Criteria without scale, weights that do not add up and parts without a basis are refused."""
    assert said in refused(pool_plugin(scoring=scoring))


class Misspelt:
    """A plugin with a hook nobody asks."""

    name = "spoilt"

    @g.hook
    def pool(self) -> g.Pool:
        """The pool."""
        return pool_of("spoilt", round_of())

    @g.hook
    def highest_grant(self) -> g.GrantFormula:
        """The formula."""
        return GRANT

    @g.hook
    def eligibilty(self) -> tuple[g.Requirement, ...]:
        """The rules, under a misspelt name."""
        return (SIGNED,)


def test_a_misspelt_hook() -> None:
    """A hook under a name that nobody asks is refused with the nearest name, not silently left out."""
    said = "eligibilty: there is no hook `eligibilty`\n    hint: did you mean `eligibility` or `cost_eligibility`?"
    assert said in refused(Misspelt())


class Unmarked:
    """A plugin that forgot one mark."""

    name = "spoilt"

    @g.hook
    def pool(self) -> g.Pool:
        """The pool."""
        return pool_of("spoilt", round_of())

    @g.hook
    def highest_grant(self) -> g.GrantFormula:
        """The formula."""
        return GRANT

    def conditions(self) -> tuple[g.Condition, ...]:
        """Duties that would be lost."""
        return ()


def test_an_unmarked_hook() -> None:
    """A function with the name of a hook but without the mark is refused, not silently left out."""
    said = "conditions: `conditions` is not marked as a hook\n    hint: put `@hook` above it"
    assert said in refused(Unmarked())


def test_a_module_may_import_names_of_hooks_from_elsewhere() -> None:
    """A module that merely imports a function called like a hook is not taken to have forgotten the mark."""

    def conditions() -> None:
        """Somebody else's."""

    module = pool_plugin("fine")
    module.conditions = conditions  # type: ignore[attr-defined]
    assert "fine" in g.Registry.of(module).pools


def test_a_hook_with_a_wrong_parameter() -> None:
    """A hook that asks for something nobody passes is refused, and hook and parameter are named."""

    def eligibility(pool: g.Pool, runde: g.Round) -> tuple[g.Requirement, ...]:
        return (SIGNED,)

    report = refused(pool_plugin(eligibility=eligibility))
    assert "eligibility" in report
    assert "runde" in report


def test_a_plugin_without_hooks() -> None:
    """An object without any hook is refused."""
    assert "it implements no hook" in refused(types.ModuleType("spoilt"))


@pytest.mark.parametrize("hook", ["highest_grant", "allocation"])
def test_an_extension_may_not_decide_what_is_the_pools_own(hook: str) -> None:
    """A plugin without a pool that implements `highest_grant` or `allocation` is refused; the pools keep working."""
    report = refused(plugin("spoilt", **{hook: GRANT}))
    assert f"{hook}: `{hook}` belongs to a plugin with a pool; this one has none" in report


@pytest.mark.parametrize("version", [0, 2, "1"])
def test_a_plugin_for_another_version_of_the_hooks(version: Any) -> None:
    """A plugin written for another version of the hooks is refused before any of its code runs."""

    def pool() -> g.Pool:
        raise AssertionError("it was asked")

    module = pool_plugin(pool=pool)
    module.GRANTRULES_API = version  # type: ignore[attr-defined]
    report = refused(module)
    assert f"GRANTRULES_API: written for version {version} of the hooks; this is version 1" in report
    assert "it was asked" not in report


WRONG_ANSWERS: dict[str, tuple[str, Any]] = {
    "no pool": ("pool", "a pool"),
    "the pool's class": ("pool", g.Pool),
    "a pool that is none": ("pool", None),
    "one requirement, not in a list": ("eligibility", SIGNED),
    "a number": ("eligibility", 5),
    "a word": ("eligibility", "formal.signed"),
    "cost rules among requirements": ("eligibility", (cost_rule(g.Whole()),)),
    "requirements among cost rules": ("cost_eligibility", (SIGNED,)),
    "no formula": ("highest_grant", None),
    "a term as formula": ("highest_grant", a.requested),
    "a criterion alone": ("scoring", g.Criterion("x", words("x"), CITED)),
    "a list of conditions in a list": ("conditions", ([g.Condition("condition.x", words("x"), CITED)],)),
    "a method as allocation": ("allocation", g.Method.RANK_PARTIAL_LAST),
}


@pytest.mark.parametrize(("hook", "answer"), WRONG_ANSWERS.values(), ids=WRONG_ANSWERS)
def test_a_hook_that_returns_the_wrong_thing_is_named(hook: str, answer: Any) -> None:
    """An answer of the wrong kind is reported with the hook that gave it, as an answer and not as a crash."""
    report = refused(pool_plugin(**{hook: answer}))
    assert hook in report
    assert "importing it raised" not in report
    assert "expected" in report


HOOKS = ("pool", "eligibility", "cost_eligibility", "highest_grant", "scoring", "allocation", "conditions")


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_that_raises_is_named_with_file_and_line(hook: str) -> None:
    """A hook that raises is reported with its name, its file and line, and what it raised."""

    def broken() -> Any:
        raise KeyError("nowhere")

    report = refused(pool_plugin(**{hook: broken}))
    assert hook in report
    assert f"{__file__.rpartition('/')[2]}, line {broken.__code__.co_firstlineno + 1}" in report
    assert "KeyError: 'nowhere'" in report
    assert "importing" not in report


def test_a_hook_that_exits_is_a_failure_like_any_other() -> None:
    """A hook that calls `sys.exit` does not take the other pools with it."""

    def eligibility() -> None:
        raise SystemExit(3)

    assert "SystemExit" in refused(pool_plugin(eligibility=eligibility))


def test_a_fact_that_does_not_exist_stops_the_module_with_the_nearest_name() -> None:
    """A misspelt fact raises when the rule is written, with the record and the nearest names."""
    with pytest.raises(AttributeError, match="no fact `pagez` in `application`; did you mean `pages`"):
        _ = a.pagez
    with pytest.raises(AttributeError, match="no record `cots` in `SmallApplication`; did you mean `costs`"):
        g.facts(SmallApplication, "cots")


def test_a_term_is_neither_true_nor_false() -> None:
    """Writing `and` between terms raises with the words to use instead."""
    with pytest.raises(TypeError, match=r"all_of\(…\)"):
        _ = a.signed and a.safe


def test_a_binary_float_in_a_rule() -> None:
    """A binary float in a rule raises where it is written."""
    with pytest.raises(TypeError, match="binary float"):
        _ = a.requested <= 0.5
