"""Plugins that add to the pools of others, and registries that know nothing of each other."""

import subprocess
import sys
from typing import Any

import pytest

import grantrules as g
import grantrules_dk_2018_kompetenceloeft.plugin as kompetenceloeft

from .small import (
    ASSUMED,
    CITED,
    GRANT,
    SIGNED,
    SmallApplication,
    a,
    cost_rule,
    plugin,
    pool_plugin,
    requirement,
    words,
)

DUTY = g.Condition("condition.extra", words("a further duty"), CITED)
FORMAL = requirement(a.safe, id="formal.extra")
CUT = cost_rule(g.Whole(), id="cost.extra", when=g.facts(g.Application, "costs").vat_recoverable)
CRITERION = g.Criterion("extra", words("a further criterion"), CITED)

STRICTER = plugin(
    "stricter",
    eligibility=(FORMAL,),
    cost_eligibility=(CUT,),
    conditions=(DUTY,),
)

SCORING = g.Scoring(
    (g.Criterion("own", words("the pool's own"), CITED),),
    g.Scale(5, ASSUMED),
    g.Weights(g.Weighting.EQUAL, ASSUMED),
    g.Combination(g.Combining.MEAN, ASSUMED),
)


def test_an_extension_is_named_by_the_findings_of_its_rules() -> None:
    """What an extension adds is decided like the pool's own, and every finding says who brought it."""
    rules = g.Registry.of(pool_plugin("pond"), STRICTER).rulebook("pond")
    decision = rules.decide(rules.read_application({"signed": True, "safe": False}))
    assert decision.outcome is g.Outcome.DISMISSED
    assert {f["rule"]: (f["result"], f["plugin"]) for f in decision.to_dict()["findings"]} == {
        "formal.signed": ("met", "pond"),
        "formal.extra": ("not_met", "stricter"),
    }
    assert decision.conditions == ("condition.extra",)
    assert decision.rule_texts["condition.extra"].plugin == "stricter"
    assert decision.rule_texts["cost.extra"].plugin == "stricter"
    for language in ("da", "nb", "en"):
        assert "stricter" in decision.explain(language)
        assert "stricter" in rules.describe(language)


def test_formal_rules_of_an_extension_stand_before_the_pools_eligibility_rules() -> None:
    """Formal rules come first whoever brought them; within a stage, the pool's own come first."""
    pool = pool_plugin("pond", eligibility=(requirement(a.safe, id="eligibility.own"), SIGNED))
    rules = g.Registry.of(STRICTER, pool).rulebook("pond")
    assert [rule.id for rule in rules.rules.requirements] == ["formal.signed", "formal.extra", "eligibility.own"]


def test_a_cost_rule_of_an_extension_takes_after_the_pools_own() -> None:
    """The cost rules of an extension apply to what the pool's own left."""
    own = cost_rule(g.Part(g.facts(SmallApplication, "costs").vat), id="cost.own")
    rules = g.Registry.of(STRICTER, pool_plugin("pond", cost_eligibility=(own,))).rulebook("pond")
    line = {"id": "c1", "amount": "100", "vat": "25", "vat_recoverable": True}
    (found,) = rules.decide(rules.read_application({"costs": [line]})).to_dict()["costs"]["lines"]
    assert [(f["rule"], f["taken"]) for f in found["findings"]] == [("cost.own", "25.00"), ("cost.extra", "100.00")]


def test_a_criterion_of_an_extension_counts_like_the_pools_own() -> None:
    """A further criterion is rated on the pool's scale and shares its equal weights."""
    extension = plugin("stricter", scoring=g.Scoring((CRITERION,)))
    rules = g.Registry.of(pool_plugin("pond", scoring=SCORING), extension).rulebook("pond")
    assessment = rules.read_assessment({"ratings": {"own": 5, "extra": 0}})
    score = rules.decide(rules.read_application({}), [assessment]).to_dict()["score"]
    assert score["total"] == "50.00"
    assert [(c["id"], c["weight"]) for c in score["criteria"]] == [("own", "1/2"), ("extra", "1/2")]


def test_an_extension_may_leave_pools_alone() -> None:
    """An extension that returns nothing for a pool changes neither its rules nor their digest."""

    def conditions(pool: g.Pool) -> Any:
        return (DUTY,) if pool.id == "pond" else None

    extension = plugin("picky", conditions=conditions)
    alone = g.Registry.of(pool_plugin("lake"))
    both = g.Registry.of(pool_plugin("pond"), pool_plugin("lake"), extension)
    assert both.rulebook("lake").digest == alone.rulebook("lake").digest
    assert [c.id for c in both.rulebook("pond").rules.conditions] == ["condition.extra"]


def test_the_order_of_registering_changes_nothing() -> None:
    """Rules and digest are the same in whatever order plugins are registered."""
    others = [STRICTER, plugin("aaa", conditions=(g.Condition("condition.aaa", words("x"), CITED),))]
    one = g.Registry.of(pool_plugin("pond"), *others)
    other = g.Registry.of(*reversed(others), pool_plugin("pond"))
    assert one.rulebook("pond").digest == other.rulebook("pond").digest


def test_an_extension_that_raises_for_one_pool_is_left_out_of_all() -> None:
    """An extension that fails for one pool is named as the culprit and adds to none; every pool keeps working."""

    def conditions(pool: g.Pool) -> Any:
        if pool.id == "pond":
            raise ValueError("not this one")
        return (g.Condition("condition.picky", words("x"), CITED),)

    registry = g.Registry.of(
        pool_plugin("pond"), pool_plugin("lake"), plugin("picky", conditions=conditions), strict=False
    )
    assert list(registry.pools) == ["lake", "pond"]
    assert all(not rules.conditions for rules in registry.rule_sets.values())
    report = "\n".join(str(failure.error()) for failure in registry.failures)
    assert "picky" in report
    assert "ValueError: not this one" in report
    assert "conditions" in report


def test_a_spoilt_rule_of_an_extension_is_named_as_its_own() -> None:
    """A rule of an extension that does not hold together is reported under the extension's name."""
    extension = plugin("picky", eligibility=(requirement(a.requested),))
    registry = g.Registry.of(pool_plugin("pond"), extension, strict=False)
    assert "eligibility.spoilt" not in {rule.id for rule in registry.rulebook("pond").rules.rules}
    report = "\n".join(str(failure.error()) for failure in registry.failures)
    assert "plugin picky: rule eligibility.spoilt: demand: expected yes/no, got money: `requested`" in report


def test_asking_for_a_pool_that_failed_says_why() -> None:
    """Asking for a pool whose plugin failed raises the reason, not that there is no such pool."""
    registry = g.Registry.of(pool_plugin("pond", eligibility=(requirement(a.requested),)), strict=False)
    with pytest.raises(g.PluginError, match="expected yes/no, got money"):
        registry.rulebook("pond")


def test_asking_for_a_failed_pool_whose_plugin_has_another_name_says_why() -> None:
    """The reason is found by the pool's id even where the plugin is called something else."""
    spoilt = pool_plugin("pond", eligibility=(requirement(a.requested),))
    module = plugin("waters", **{hook: getattr(spoilt, hook) for hook in ("pool", "eligibility", "highest_grant")})
    registry = g.Registry.of(module, strict=False)
    with pytest.raises(g.PluginError, match="expected yes/no, got money"):
        registry.rulebook("pond")


def test_an_unknown_pool_or_round_is_met_with_the_nearest() -> None:
    """An unknown pool or round raises with the nearest names, or with all there are."""
    registry = g.Registry.of(kompetenceloeft, pool_plugin("pond"))
    with pytest.raises(g.InputError, match="did you mean `dk_2018_kompetenceloeft`"):
        registry.rulebook("dk_2018_kompetenceloft")
    with pytest.raises(g.InputError, match="choose from `dk_2018_kompetenceloeft`, `pond`"):
        registry.rulebook("zzz")
    with pytest.raises(g.InputError, match="has no round `2019`\n    hint: did you mean `2018`"):
        registry.rulebook("dk_2018_kompetenceloeft", "2019")
    with pytest.raises(g.InputError, match="install a plugin with a pool"):
        g.Registry.of().rulebook("pond")


def test_the_round_must_be_named_where_there_are_several() -> None:
    """Where a pool has several rounds, leaving out the round raises and names them all."""
    from .small import pool_of, round_of

    pool = pool_of("pond", round_of(id="spring"), round_of(id="autumn"))
    registry = g.Registry.of(pool_plugin("pond", pool=pool))
    assert registry.rulebook("pond", "spring").round.id == "spring"
    with pytest.raises(g.InputError, match="`pond` has several rounds\n    hint: choose from `autumn`, `spring`"):
        registry.rulebook("pond")


def test_two_registries_know_nothing_of_each_other() -> None:
    """Registering a plugin in one registry changes no other, before or after."""
    empty, one = g.Registry.of(), g.Registry.of(pool_plugin("pond"))
    other = g.Registry.of(pool_plugin("lake"), STRICTER)
    assert not empty.pools
    assert list(one.pools) == ["pond"]
    assert list(other.pools) == ["lake"]
    assert not one.rulebook("pond").rules.conditions
    assert other.rulebook("lake").rules.conditions


def test_importing_registers_nothing() -> None:
    """Importing grantrules and a plugin leaves a registry of nothing empty, in a process of its own."""
    code = (
        "import grantrules, grantrules_dk_2018_kompetenceloeft.plugin as p\n"
        "assert not grantrules.Registry.of().pools\n"
        "import sys\n"
        "assert not [m for m in sys.modules if m.split('.')[0] in ('hypothesis', 'rich', 'pandas', 'jsonschema')]\n"
        "assert list(grantrules.Registry.of(p).pools) == ['dk_2018_kompetenceloeft']\n"
        "assert not grantrules.Registry.of().pools\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_importing_grantrules_imports_no_plugin() -> None:
    """Importing the library alone imports no plugin's module."""
    code = "import grantrules, sys; sys.exit(any('kompetenceloeft' in name for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_pool_without_rules_decides() -> None:
    """A pool that demands nothing and cuts nothing finds every application eligible."""
    rules = g.Registry.of(plugin("pond", pool=pool_plugin("pond").pool(), highest_grant=GRANT)).rulebook("pond")
    decision = rules.decide(rules.read_application({"requested": 5, "costs": [{"amount": 7, "vat": 1}]}))
    assert decision.outcome is g.Outcome.ELIGIBLE
    assert decision.costs.eligible == g.kr(8)
    assert decision.highest_grant == g.kr(5)
