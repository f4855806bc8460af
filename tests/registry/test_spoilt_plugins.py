"""Every way of getting a plugin wrong: a clear error that names plugin, rule and place; other pools keep working."""

import types
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve

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
    "an amount finer than an øre": (
        requirement(a.requested <= Decimal("10.125")),
        (
            "plugin spoilt: rule eligibility.spoilt: demand.right: expected at most two decimals, got `10.125`\n"
            "    hint: round it to whole øre, or to a whole number"
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
    "no different organisations asked for": (
        requirement(a.organisations.different(0)),
        "plugin spoilt: rule eligibility.spoilt: demand.count: expected a count of at least 1, got `0`",
    ),
    "different organisations picked by a number": (
        requirement(a.organisations.different(2, where=a.requested)),
        "plugin spoilt: rule eligibility.spoilt: demand.where: expected yes/no, got money: `requested`",
    ),
    "different organisations of each organisation": (
        requirement(a.organisations.different(2, where=a.organisations.different(1))),
        (
            "plugin spoilt: rule eligibility.spoilt: demand.where: a list of organisations inside a list of "
            "organisations"
        ),
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


def rated(id: str, **settings: Any) -> g.Criterion:
    """A criterion that assessors rate."""
    return g.Criterion(id, words(id), CITED, **settings)


def computed(points: Any, **settings: Any) -> g.Criterion:
    """A criterion whose points are computed."""
    return g.Criterion("spoilt", words("points"), CITED, computed=points, **settings)


def scoring(*criteria: g.Criterion, **parts: Any) -> g.Scoring:
    """A sound scoring from 0 to 5, but for the parts given."""
    sound: dict[str, Any] = {
        "scale": g.Scale(5, CITED),
        "weights": g.Weights(g.Weighting.EQUAL, CITED),
        "combination": g.Combination(g.Combining.MEAN, CITED),
    }
    return g.Scoring(criteria, **{**sound, **parts})


FEW = g.Value("few", 5, words("few"), CITED)

SPOILT_POINTS: dict[str, tuple[Any, Sequence[str]]] = {
    "money between numbers": (
        g.Linear(a.requested, none=0, full=5),
        ["computed: brings together `requested` (money), `0` (count), `5` (count)"],
    ),
    "a day between days": (
        g.Linear(a.starts_on, none=date(2020, 1, 1), full=date(2020, 7, 1)),
        ["computed: brings together `starts_on` (day), `2020-01-01` (day), `2020-07-01` (day)"],
    ),
    "a yes or no that grows": (
        g.Linear(a.safe, none=0, full=1),
        ["computed: brings together `safe` (yes/no), `0` (count), `1` (count)"],
    ),
    "no term": (
        g.Linear(5, none=0, full=1),  # type: ignore[arg-type]
        ["computed[0]: expected a term, got `5`\n    hint: write a term over the facts"],
    ),
    "a term too deep": (
        g.Linear(DEEP_TERM, none=0, full=1),
        ["computed[0]: the term is more than 40 levels deep\n    hint: split the rule"],
    ),
    "a fact instead of a figure": (
        g.Linear(a.requested, none=a.requested_minimum, full=g.kr(5)),
        ["computed: `requested_minimum` is no figure\n    hint: write a figure, or name a value of the round"],
    ),
    "a figure that the round does not bind": (
        g.Linear(a.pages, none=g.value("fw"), full=50),
        [
            "computed[1]: the round binds no value `fw`\n    hint: did you mean `few`?",
            "computed: `fw` is no figure",
        ],
    ),
    "no points and all at one figure": (
        g.Linear(a.pages, none=g.value("few"), full=5),
        ["computed: no points and all points begin at the same figure, 5\n    hint: let them differ"],
    ),
    "bands in no order": (
        g.Banded(a.pages, (g.Band(10, Fraction(1, 2)), g.Band(g.value("few"), Fraction(1)))),
        ["computed.bands: the bands do not begin one above the other\n    hint: sort them"],
    ),
    "two bands from one start": (
        g.Banded(a.pages, (g.Band(5, Fraction(1, 2)), g.Band(g.value("few"), Fraction(1)))),
        ["computed.bands: the bands do not begin one above the other\n    hint: sort them"],
    ),
    "no bands": (
        g.Banded(a.pages, ()),
        ["computed.bands: the bands do not begin one above the other\n    hint: sort them"],
    ),
    "bands of another sort": (
        g.Banded(a.reach, (g.Band(g.kr(5), Fraction(1)),)),
        ["computed: brings together `reach` (quantity (km)), `5.00` (money)"],
    ),
    "a binary float of points": (
        g.Banded(a.pages, (g.Band(1, Fraction(1, 2)), g.Band(2, 0.75))),  # type: ignore[arg-type]
        ["computed.bands[1].points: expected exact points from 0 to 1, got `0.75`\n    hint: write `Fraction(1, 2)`"],
    ),
    "more than all points": (
        g.Banded(a.pages, (g.Band(1, Fraction(101, 100)),)),
        ["computed.bands[0].points: expected exact points from 0 to 1, got `101/100`"],
    ),
    "less than no points": (
        g.Banded(a.pages, (g.Band(1, Fraction(-1)),)),
        ["computed.bands[0].points: expected exact points from 0 to 1, got `-1`"],
    ),
}


@pytest.mark.parametrize(("points", "said"), SPOILT_POINTS.values(), ids=SPOILT_POINTS)
def test_spoilt_points_are_named_with_their_place(points: Any, said: Sequence[str]) -> None:
    """Whatever is wrong with points that grow is reported with plugin, criterion and place, and nothing besides."""
    few = requirement(a.pages <= g.value("few"), id="eligibility.few")
    pool = pool_of("spoilt", round_of(FEW))
    report = refused(pool_plugin(pool=pool, eligibility=(SIGNED, few), scoring=scoring(computed(points))))
    assert report.startswith(f"plugin spoilt: {len(said)} problem")
    for problem in said:
        assert f"  plugin spoilt: rule spoilt: {problem}" in report


def emphasised(*groups: tuple[str, ...], statement: Any = None, **weights: int) -> g.Scoring:
    """Criteria that weigh so much, and an order in words."""
    criteria = tuple(rated(id, weight=Fraction(weight)) for id, weight in weights.items())
    total = g.Weights(g.Weighting.STATED, CITED, Fraction(sum(weights.values())))
    return scoring(*criteria, weights=total, emphasis=g.Emphasis(groups, statement or words("an order"), CITED))


SPOILT_SCORINGS: dict[str, tuple[g.Scoring, str]] = {
    "no weights": (scoring(rated("x"), weights=None), "scoring: there are criteria but no weights"),
    "no combination": (
        scoring(rated("x"), combination=None),
        "scoring: there are criteria but no combination\n    hint: give the scoring a combination",
    ),
    "a scale of nothing": (
        scoring(rated("x"), scale=g.Scale(0, CITED)),
        "score.scale: top: expected a whole number from 1, got `0`",
    ),
    "a scale that is no whole number": (
        scoring(rated("x"), scale=g.Scale(2.5, CITED)),  # type: ignore[arg-type]
        "score.scale: top: expected a whole number from 1, got `2.5`",
    ),
    "a binary float as weight": (
        scoring(rated("x", weight=0.5), weights=g.Weights(g.Weighting.STATED, CITED)),
        "criterion x: weight: expected an exact number of at least zero, got `0.5`\n    hint: write `Fraction(1, 3)`",
    ),
    "a weight below zero": (
        scoring(
            rated("x", weight=Fraction(2)),
            rated("y", weight=Fraction(-1)),
            weights=g.Weights(g.Weighting.STATED, CITED),
        ),
        "criterion y: weight: expected an exact number of at least zero, got `-1`",
    ),
    "a binary float as total": (
        scoring(rated("x", weight=Fraction(1)), weights=g.Weights(g.Weighting.STATED, CITED, 1.0)),  # type: ignore[arg-type]
        "score.weights: total: expected an exact number of at least zero, got `1.0`",
    ),
    "weights of another total": (
        scoring(
            rated("x", weight=Fraction(40)),
            rated("y", weight=Fraction(59)),
            weights=g.Weights(g.Weighting.STATED, CITED, Fraction(100)),
        ),
        "scoring: the weights add up to 99, not to 100",
    ),
    "weights of nothing": (
        scoring(rated("x", weight=Fraction(0)), weights=g.Weights(g.Weighting.STATED, CITED, Fraction(0))),
        "scoring: the weights are all zero",
    ),
    "a weight left out": (
        scoring(rated("x", weight=Fraction(1)), rated("y"), weights=g.Weights(g.Weighting.STATED, CITED)),
        "scoring: a criterion states no weight",
    ),
    "a binary float as threshold": (
        scoring(rated("x", threshold=2.5)),
        "criterion x: threshold: expected an exact number of at least zero, got `2.5`",
    ),
    "a threshold below zero": (
        scoring(rated("x", threshold=Fraction(-1, 2))),
        "criterion x: threshold: expected an exact number of at least zero, got `-1/2`",
    ),
    "a threshold above the scale": (
        scoring(rated("x", threshold=Fraction(51, 10))),
        "criterion x: threshold: expected a threshold from 0 to 5, got 51/10",
    ),
    "a threshold above all points": (
        scoring(computed(a.safe, threshold=Fraction(3))),
        "criterion spoilt: threshold: expected a threshold from 0 to 1, got 3",
    ),
    "a total above a hundred": (
        scoring(rated("x"), threshold=g.Threshold(Fraction(1001, 10), CITED)),
        "score.threshold: expected a total from 0 to 100, got 1001/10",
    ),
    "a binary float as total threshold": (
        scoring(rated("x"), threshold=g.Threshold(60.5, CITED)),  # type: ignore[arg-type]
        "score.threshold: expected an exact number of at least zero, got `60.5`",
    ),
    "a threshold without a basis": (
        scoring(rated("x"), threshold=g.Threshold(Fraction(60))),
        "score.threshold: it has no basis",
    ),
    "weights without a basis": (
        scoring(rated("x"), weights=g.Weights(g.Weighting.EQUAL)),
        "score.weights: it has no basis",
    ),
    "a combination without a basis": (
        scoring(rated("x"), combination=g.Combination(g.Combining.MEDIAN)),
        "score.combination: it has no basis",
    ),
    "an order without a basis": (
        scoring(rated("x"), emphasis=g.Emphasis((("x",),), words("x first"))),
        "score.emphasis: it has no basis",
    ),
    "an order without words": (
        emphasised(("x",), statement=g.Text("x", "x", ""), x=1),
        "score.emphasis: statement.en: the text is empty",
    ),
    "an order of criteria that are not there": (
        emphasised(("quality",), ("quantity", "qualitty"), quality=2, quantity=1),
        "score.emphasis: there is no criterion `qualitty`\n    hint: did you mean `quality`",
    ),
    "an order that names one twice": (
        emphasised(("x", "y"), ("y",), x=2, y=2),
        "score.emphasis: `y` is named twice\n    hint: name each criterion once",
    ),
    "an order that the weights contradict": (
        emphasised(("x",), ("y",), x=40, y=60),
        (
            "score.emphasis: `x` should weigh at least as much as `y`, and weighs 2/5 to 3/5\n"
            "    hint: change the weights, or the emphasis"
        ),
    ),
    "an order that an unnamed criterion contradicts": (
        emphasised(("x",), x=40, y=60),
        "score.emphasis: `x` should weigh at least as much as `y`, and weighs 2/5 to 3/5",
    ),
}


@pytest.mark.parametrize(("given", "said"), SPOILT_SCORINGS.values(), ids=SPOILT_SCORINGS)
def test_a_spoilt_scoring_is_named_with_its_place(given: g.Scoring, said: str) -> None:
    """Whatever is wrong with scale, weights, order and thresholds is reported with plugin, part or criterion."""
    report = refused(pool_plugin(scoring=given))
    assert report.startswith("plugin spoilt: 1 problem\n")
    assert f"  {said}" in report


def test_a_criterion_of_an_extension_is_checked_like_the_pools_own() -> None:
    """A criterion that upsets the weights is laid to the extension that brings it; the pool keeps working."""
    pool = pool_plugin("spoilt", scoring=emphasised(("x",), x=1, y=1))
    extension = plugin("greener", scoring=g.Scoring((rated("green", weight=Fraction(5)),)))
    registry = g.Registry.of(pool, extension, strict=False)
    assert list(registry.pools) == ["spoilt"]
    (failure,) = registry.failures
    assert failure.plugin == "greener"
    assert "pool spoilt@2020: scoring: the weights add up to 7, not to 2" in str(failure.error())


def allocation(**settings: Any) -> g.Allocation:
    """A sound allocation by score, but for what is given."""
    return g.Allocation(**{"method": g.Method.RANK_STOP, "statement": words("by rank"), "basis": CITED, **settings})


def strand(**settings: Any) -> g.Strand:
    """A sound strand, but for what is given."""
    sound = {"id": "allocation.safe", "where": a.safe, "statement": words("what is safe"), "basis": CITED}
    return g.Strand(**{**sound, **settings})


def administration(rate: Any, **settings: Any) -> g.Administration:
    """An administration share at this rate."""
    return g.Administration(rate, g.Rounding.UP, words("to run it"), **{"basis": CITED, **settings})


def demand(**settings: Any) -> g.CoFinancing:
    """A sound demand for co-financing, but for what is given."""
    sound: dict[str, Any] = {
        "id": "allocation.own",
        "rate": Fraction(1, 2),
        "base": g.Base.AWARD,
        "stated": g.own_financing(a),
        "rounding": g.Rounding.UP,
        "statement": words("half of it"),
        "basis": CITED,
    }
    return g.CoFinancing(**{**sound, **settings})


SPOILT_ALLOCATIONS: dict[str, tuple[g.Allocation, str]] = {
    "no method": (
        allocation(method="by rank"),
        "rule allocation.method: method: expected a `Method`, got `by rank`",
    ),
    "no order": (
        allocation(order=()),
        "rule allocation.method: order: nothing puts applications in order\n    hint: begin with `ByScore()`",
    ),
    "an order by words": (
        allocation(order=(g.ByScore(), g.ByTerm(a.colour))),
        "plugin spoilt: rule allocation.method: order[1].of: `colour` (choice) has no order",
    ),
    "an order by no term": (
        allocation(order=(g.ByTerm(5),)),  # type: ignore[arg-type]
        "plugin spoilt: rule allocation.method: order[0].of: expected a term, got `5`",
    ),
    "an order by an unknown value": (
        allocation(order=(g.ByTerm(a.pages + g.value("limit")),)),
        "plugin spoilt: rule allocation.method: order[0].of.right: the round binds no value `limit`",
    ),
    "a least award that is no money": (
        allocation(least=a.pages),
        "plugin spoilt: rule allocation.method: least: expected money, got count: `pages`",
    ),
    "earlier awards that are no money": (
        allocation(prior=a.safe),
        "plugin spoilt: rule allocation.method: prior: expected money, got yes/no: `safe`",
    ),
    "a reserve list of less than nobody": (
        allocation(reserve=-1),
        "rule allocation.method: reserve: expected a whole number, got `-1`",
    ),
    "a reserve list of half a place": (
        allocation(reserve=0.5),
        "rule allocation.method: reserve: expected a whole number, got `0.5`",
    ),
    "an administration share above all": (
        allocation(administration=administration(Fraction(101, 100))),
        (
            "rule allocation.administration: rate: expected an exact share from 0 to 1, got `101/100`\n"
            "    hint: write `Fraction(3, 100)`"
        ),
    ),
    "a binary float as administration share": (
        allocation(administration=administration(0.03)),
        "rule allocation.administration: rate: expected an exact share from 0 to 1, got `0.03`",
    ),
    "an administration share without a basis": (
        allocation(administration=administration(Fraction(3, 100), basis=None)),
        "plugin spoilt: rule allocation.administration: basis: the rule has no basis",
    ),
    "strands of one sum": (
        allocation(method=g.Method.PROPORTIONAL, strands=(strand(),)),
        (
            "rule allocation.method: strands: strands do not go with `proportional`, which shares out one sum\n"
            "    hint: choose a method that goes by rank"
        ),
    ),
    "strands of intervals": (
        allocation(method=g.Method.INTERVALS, strands=(strand(),)),
        "rule allocation.method: strands: strands do not go with `intervals`",
    ),
    "a strand under another stage": (
        allocation(strands=(strand(id="eligibility.safe"),)),
        (
            "plugin spoilt: rule eligibility.safe: id: `eligibility.safe` does not begin with `allocation.`\n"
            "    hint: begin the id with its stage"
        ),
    ),
    "two strands of one id": (
        allocation(strands=(strand(), strand(where=a.signed))),
        "plugin spoilt: rule allocation.safe: two rules have the id `allocation.safe`, brought by spoilt",
    ),
    "a strand picked by a number": (
        allocation(strands=(strand(where=a.pages),)),
        "plugin spoilt: rule allocation.safe: where: expected yes/no, got count: `pages`",
    ),
    "a strand without a basis": (
        allocation(strands=(strand(basis=None),)),
        "plugin spoilt: rule allocation.safe: basis: the rule has no basis",
    ),
    "a floor that is no amount": (
        allocation(strands=(strand(floor=100),)),
        "rule allocation.safe: floor: expected an amount, got `100`\n    hint: write it as `kr(…)`",
    ),
    "a ceiling below zero": (
        allocation(strands=(strand(ceiling=g.kr(-1)),)),
        "rule allocation.safe: ceiling: expected an amount, got `-1.00`",
    ),
    "a floor above the ceiling": (
        allocation(strands=(strand(floor=g.kr("100.01"), ceiling=g.kr(100)),)),
        "rule allocation.safe: the floor 100.01 is above the ceiling 100.00",
    ),
    "floors above the budget": (
        allocation(strands=(strand(floor=g.kr(600)), strand(id="allocation.signed", floor=g.kr("400.01")))),
        (
            "rule allocation.method: strands: the floors add up to 1000.01, and there is 1000.00 to share out\n"
            "    hint: lower a floor"
        ),
    ),
    "co-financing under another stage": (
        allocation(co_financing=(demand(id="own"),)),
        "plugin spoilt: rule own: id: `own` does not begin with `allocation.`",
    ),
    "co-financing of no money": (
        allocation(co_financing=(demand(stated=a.safe),)),
        "plugin spoilt: rule allocation.own: stated: expected money, got yes/no: `safe`",
    ),
    "co-financing of less than nothing": (
        allocation(co_financing=(demand(rate=Fraction(-1, 2)),)),
        "rule allocation.own: rate: expected an exact share, got `-1/2`\n    hint: write `Fraction(1, 2)`",
    ),
    "a binary float as co-financing": (
        allocation(co_financing=(demand(rate=0.5),)),
        "rule allocation.own: rate: expected an exact share, got `0.5`",
    ),
    "co-financing without a statement": (
        allocation(co_financing=(demand(statement=g.Text("x", "", "x")),)),
        "plugin spoilt: rule allocation.own: statement.nb: the text is empty",
    ),
}


@pytest.mark.parametrize(("given", "said"), SPOILT_ALLOCATIONS.values(), ids=SPOILT_ALLOCATIONS)
def test_a_spoilt_allocation_is_named_with_its_place(given: g.Allocation, said: str) -> None:
    """Whatever is wrong with an allocation, its strands and shares is reported with plugin, rule and place."""
    report = refused(pool_plugin(scoring=scoring(rated("x")), allocation=given))
    assert report.startswith("plugin spoilt: 1 problem\n")
    assert f"  {said}" in report


def test_an_order_by_score_needs_criteria() -> None:
    """An allocation by score is refused where nothing is scored; one by time of receipt is not."""
    report = refused(pool_plugin(allocation=allocation()))
    assert "rule allocation.method: order: it asks for the score, and there are no criteria" in report
    received = g.ByTerm(a.submitted_at)
    assert g.Registry.of(pool_plugin("fine", allocation=allocation(order=(received,)))).pools


PARTS = (
    g.Appropriation(g.kr(600), words("one"), CITED),
    g.Appropriation(g.kr(400), words("another"), CITED, transferred=True),
)

SPOILT_ROUNDS: dict[str, tuple[dict[str, Any], str]] = {
    "a budget in whole numbers": (
        {"budget": 1000},
        "round 2020: budget: expected an amount, got `1000`\n    hint: write it as `kr(…)`",
    ),
    "a budget below zero": ({"budget": Decimal(-1)}, "round 2020: budget: expected an amount, got `-1`"),
    "money that does not add up": (
        {"appropriations": (PARTS[0], evolve(PARTS[1], amount=g.kr("400.01")))},
        (
            "round 2020: appropriations: they add up to 1000.01, the budget is 1000.00\n"
            "    hint: state all of them, or none"
        ),
    ),
    "money without a basis": (
        {"appropriations": (PARTS[0], g.Appropriation(g.kr(400), words("x")))},
        "round 2020: appropriations[1]: it has no basis",
    ),
    "money without words": (
        {"appropriations": (PARTS[0], evolve(PARTS[1], label=g.Text("", "x", "x")))},
        "round 2020: appropriations[1].label.da: the text is empty",
    ),
    "a figure without a basis": (
        {"figures": (g.Figure("applications", words("x"), 41),)},
        "round 2020: figure applications: the figure has no basis",
    ),
    "a figure without words": (
        {"figures": (g.Figure("applications", g.Text("x", "x", " "), 41, CITED),)},
        "round 2020: figure applications: label.en: the text is empty",
    ),
    "a binary float as figure": (
        {"figures": (g.Figure("applied-for", words("x"), 332.1, CITED),)},  # type: ignore[arg-type]
        "round 2020: figure applied-for: `332.1` is not a value rules can hold\n    hint: write amounts as `kr(…)`",
    ),
    "a figure without a time zone": (
        {"figures": (g.Figure("announced", words("x"), datetime(2020, 1, 1, 12), CITED),)},  # noqa: DTZ001
        "round 2020: figure announced: `2020-01-01T12:00:00` has no time zone",
    ),
    "a value under the name of the budget": (
        {"values": (g.Value("budget", g.kr(5), words("x"), CITED),)},
        "round 2020: value budget: the round binds its budget by this name itself\n    hint: leave it out",
    ),
}


@pytest.mark.parametrize(("changed", "said"), SPOILT_ROUNDS.values(), ids=SPOILT_ROUNDS)
def test_a_spoilt_round_is_named_with_its_place(changed: dict[str, Any], said: str) -> None:
    """Whatever is wrong with the money and the figures of a round is reported with plugin, round and name."""
    reads = requirement(a.requested <= g.value("budget"), id="eligibility.budget")
    pool = pool_of("spoilt", evolve(round_of(), **changed))
    report = refused(pool_plugin(pool=pool, eligibility=(SIGNED, reads) if "values" in changed else (SIGNED,)))
    assert report.startswith("plugin spoilt: 1 problem\n")
    assert f"  {said}" in report


def test_money_that_adds_up_is_no_problem() -> None:
    """The same appropriations pass where they add up, whatever they are written like."""
    pool = pool_of("fine", evolve(round_of(), appropriations=(evolve(PARTS[0], amount=Decimal("6E+2")), PARTS[1])))
    assert g.Registry.of(pool_plugin("fine", pool=pool)).rulebook("fine").round.appropriations


def test_the_round_that_is_spoilt_is_found_among_several() -> None:
    """A pool of which one round is sound and the other is not is refused, and the round is named."""
    pool = pool_of("spoilt", round_of(), evolve(round_of(id="2021"), budget=g.kr(-1)))
    assert "round 2021: budget: expected an amount" in refused(pool_plugin(pool=pool))


def test_only_organisations_are_told_apart() -> None:
    """Asking for different budget lines raises where it is written."""
    with pytest.raises(TypeError, match="only organisations are told apart, not `costs`"):
        _ = a.costs.different(2)


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
