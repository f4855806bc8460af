"""Mutants: every kind of mistake is made, each differs from the rules, and what is called equal is equal."""

from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import grantrules as g
from grantrules.soundness import problems
from grantrules.testing import assessed_applications
from grantrules.testing.mutation.equivalence import why_equal
from grantrules.testing.mutation.mistakes import Operator
from grantrules.testing.mutation.mutants import Mutant, mutants
from grantrules.testing.mutation.witnesses import told, witness
from tests.pools import EVERY_POOL, REAL, RULEBOOKS, TOY


def of(rulebook: g.Rulebook, rule: str, operator: Operator | None = None) -> list[Mutant]:
    """The mutants of one rule, by one operator."""
    found = (mutant for mutant in mutants(rulebook.rules) if mutant.rule == rule)
    return [mutant for mutant in found if operator in (None, mutant.operator)]


@EVERY_POOL
def test_each_mutant_has_an_id_of_its_own(pool: str) -> None:
    """Ids tell mutants apart, and are the same when they are made again."""
    ids = [mutant.id for mutant in mutants(RULEBOOKS[pool].rules)]
    assert len(set(ids)) == len(ids)
    assert ids == [mutant.id for mutant in mutants(RULEBOOKS[pool].rules)]


@EVERY_POOL
def test_each_mutant_says_something_else(pool: str) -> None:
    """The rules of a mutant have another digest than the rules it was made of, and nearly all load."""
    rules = RULEBOOKS[pool].rules
    made = list(mutants(rules))
    assert all(mutant.rules.digest != rules.digest for mutant in made)
    refused = [mutant.id for mutant in made if problems(mutant.rules)]
    assert len(refused) * 50 <= len(made), refused


def test_every_operator_is_used() -> None:
    """Between them the toy and the 2018 pool give every kind of mistake."""
    used = {mutant.operator for rulebook in (TOY, REAL) for mutant in mutants(rulebook.rules)}
    assert used == set(Operator)


@pytest.mark.parametrize(
    ("rule", "operator", "after"),
    [
        ("value.page_limit", Operator.LIMIT_MOVED, {"4", "6"}),
        ("value.grant_ceiling", Operator.LIMIT_MOVED, {"2499999.99", "2500000.01"}),
        ("value.deadline", Operator.DATE_SHIFTED, {"2018-10-01T11:59:59+02:00", "2018-10-01T12:00:01+02:00"}),
        ("value.last_cost_day", Operator.DATE_SHIFTED, {"2019-12-30", "2020-01-01"}),
        ("formal.length", Operator.RELATION_CHANGED, {"pages < page_limit"}),
        ("formal.signature", Operator.RULE_DROPPED, {""}),
        ("eligibility.approval", Operator.WHEN_DROPPED, {""}),
        ("cost.recoverable-vat", Operator.VAT_INVERTED, {"not (costs.vat_recoverable)"}),
        ("cost.recoverable-vat", Operator.RULES_REORDERED, {"cost.transport-rate, cost.recoverable-vat"}),
        ("cost.research", Operator.WORD_CHANGED, {"costs.category = fares"}),
        ("purpose", Operator.CRITERION_DROPPED, {""}),
        ("purpose", Operator.WEIGHT_CHANGED, {"3/13"}),
        ("allocation.matching", Operator.ROUNDING_CHANGED, {"down", "up"}),
        ("score.combination", Operator.COMBINATION_CHANGED, {"median"}),
    ],
)
def test_the_mistakes_of_the_call(rule: str, operator: Operator, after: set[str]) -> None:
    """Each rule of the 2018 call gets the mistakes that its terms allow."""
    assert {mutant.after for mutant in of(REAL, rule, operator)} == after


def test_every_word_is_removed_and_every_other_added() -> None:
    """A list of kinds loses each of its own and gains each of the others."""
    removed = of(REAL, "eligibility.applicants", Operator.WORD_REMOVED)
    added = of(REAL, "eligibility.applicants", Operator.WORD_ADDED)
    assert len(removed) == 2
    assert len(added) == 7


def test_a_value_that_nothing_reads_any_more_goes_with_its_rule() -> None:
    """A mutant without a rule has no value that only that rule read: it loads."""
    (mutant,) = of(REAL, "formal.length", Operator.RULE_DROPPED)
    assert "page_limit" not in mutant.rules.values
    assert problems(mutant.rules) == []


def test_stated_weights_still_add_up() -> None:
    """Without a criterion, the others keep their proportions and add up to one."""
    for mutant in mutants(TOY.rules):
        if mutant.operator in (Operator.CRITERION_DROPPED, Operator.WEIGHT_CHANGED):
            assert sum(mutant.rules.scoring.shares) == 1, mutant.id


# Equal in meaning


def test_the_order_of_cost_rules_always_shows() -> None:
    """Even of two that concern different categories, the first holds back a line that has no category yet."""
    reordered = [mutant for mutant in mutants(REAL.rules) if mutant.operator is Operator.RULES_REORDERED]
    assert reordered
    assert {why_equal(REAL.rules, mutant) for mutant in reordered} == {""}


def test_a_table_need_not_say_what_an_earlier_rule_has_taken() -> None:
    """No line of 2020 is left for the mileage rate; before 2018 nothing has been taken from it."""
    shifted = of(REAL, "value.lowest_rate", Operator.DATE_SHIFTED)
    reasons = {mutant.after: why_equal(REAL.rules, mutant) for mutant in shifted}
    (longer,) = [reason for after, reason in reasons.items() if "to 2020-01-01" in after]
    (earlier,) = [reason for after, reason in reasons.items() if "from 2017-12-31" in after]
    assert longer == "`cost.period` takes the whole of every line on which they differ, unless a person sets it aside"
    assert earlier == ""


def test_what_a_requirement_refuses_the_formula_need_not_say() -> None:
    """The ceiling in the formula never decides while a requirement refuses whoever asks for more."""
    dropped = of(REAL, "grant.formula", Operator.CLAUSE_DROPPED)
    reasons = [why_equal(REAL.rules, mutant) for mutant in dropped]
    assert any(reason.startswith("`eligibility.grant-limits` refuses every application") for reason in reasons)
    assert any(reason.startswith("`eligibility.matching` refuses every application") for reason in reasons)
    assert "" in reasons


def _doubled() -> g.Rulebook:
    """A rule set in which one clause says twice what is said once."""
    from attrs import evolve

    first = REAL.rules.requirements[2]
    twice = evolve(first, demand=g.all_of(first.demand, g.any_of(first.demand, first.demand)))
    return g.Rulebook(
        evolve(REAL.rules, requirements=(*REAL.rules.requirements[:2], twice, *REAL.rules.requirements[3:]))
    )


def test_a_clause_that_says_nothing_new_can_be_dropped() -> None:
    """A clause that the others imply is found by going through every combination of yes, no and missing."""
    rulebook = _doubled()
    dropped = of(rulebook, "formal.length", Operator.CLAUSE_DROPPED)
    assert len(dropped) == 4
    assert all(why_equal(rulebook.rules, mutant) for mutant in dropped)


@cache
def _equal() -> tuple[tuple[str, Mutant], ...]:
    """Every mutant that is called equal, with the name of its rulebook."""
    made = ((name, mutant) for name, rulebook in RULEBOOKS.items() for mutant in mutants(rulebook.rules))
    return tuple((name, mutant) for name, mutant in made if why_equal(RULEBOOKS[name].rules, mutant))


@settings(max_examples=60)
@given(data=st.data())
def test_what_is_called_equal_decides_alike(data: st.DataObject) -> None:
    """No application tells a mutant that is called equal from the rules."""
    name, mutant = data.draw(st.sampled_from(_equal()))
    case = data.draw(assessed_applications(RULEBOOKS[name]))
    assert told(g.Rulebook(mutant.rules).decide(*case)) == told(RULEBOOKS[name].decide(*case))


# Witnesses


@pytest.mark.parametrize(
    ("pool", "every"),
    [("dk_2018_kompetenceloeft", 6), ("no_helseteknologi@2024-1", 1), ("no_helseteknologi@2024-2", 1), ("toy", 9)],
)
def test_a_witness_tells_a_mutant_from_the_rules(pool: str, every: int) -> None:
    """For nearly every mutant that is not called equal there is a witness, and it is decided differently."""
    rulebook = RULEBOOKS[pool]
    missed = []
    for mutant in list(mutants(rulebook.rules))[::every]:
        if problems(mutant.rules) or why_equal(rulebook.rules, mutant):
            continue
        changed = g.Rulebook(mutant.rules)
        found = witness(rulebook, changed)
        if found is None:
            missed.append(mutant.id)
            continue
        application = rulebook.read_application(found.application)
        panel = [rulebook.read_assessment(data) for data in found.assessments]
        assert told(rulebook.decide(application, panel)) != told(changed.decide(application, panel))
        assert found.before != found.after
    assert len(missed) <= (2 if pool == "toy" else 0), missed


def test_a_witness_is_small() -> None:
    """What catches a moved page limit is an application that says how many pages it has, and nothing else."""
    for mutant in of(REAL, "value.page_limit"):
        found = witness(REAL, g.Rulebook(mutant.rules))
        assert found is not None
        assert set(found.application) == {"id", "pool", "round", "pages"}
        assert found.where == "findings[formal.length].result"


def test_rules_that_say_the_same_have_no_witness() -> None:
    """Between a rulebook and itself there is nothing to find."""
    assert witness(REAL, REAL) is None


def test_versions_of_one_rule_are_apart() -> None:
    """Two mutants of one rule are not one and the same rule set."""
    made = [mutant.rules.digest for mutant in mutants(TOY.rules)]
    assert all(one != other for one, other in pairwise(made))
