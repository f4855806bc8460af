"""Comparing rulebooks: what moved, what becomes of applications and decisions, and through which rule first."""

import json
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

import grantrules as g
from grantrules.pools import CostRule, Requirement
from grantrules.readings.layout import to_text
from grantrules.soundness import checked
from grantrules.testing.comparing.changes import COST_ORDER, Kind, Way, in_order
from grantrules.testing.comparing.changes import moved as way_moved
from grantrules.testing.comparing.comparison import Comparison, Given, compare
from grantrules.testing.comparing.directions import Direction, Open
from grantrules.testing.comparing.fallen import Kept
from grantrules.testing.comparing.report import comparison_document, comparison_to_data
from tests.pools import CITED, EVERY_POOL, LATER_TOY, OTHERS, REAL, RULEBOOKS, TOY, a, text, toy_with

CASES = Path(__file__).parents[2] / "plugins" / "dk_2018_kompetenceloeft" / "cases"
CEILING = REAL.with_values(grant_ceiling=g.kr("3000000"))
FIRST, SECOND = (OTHERS.rulebook("no_helseteknologi", round) for round in ("2024-1", "2024-2"))
CALL, AFTER = (OTHERS.rulebook("dk_2022_digitale_kompetencer", round) for round in ("2022", "2023"))


def stated(case: str, **changed: Any) -> tuple[Mapping[str, Any], list[Any]]:
    """A case of the 2018 pool with some facts changed, and its assessments."""
    application = json.loads((CASES / case / "application.json").read_text("utf-8"))
    assessments = [json.loads(file.read_text("utf-8")) for file in sorted((CASES / case).glob("assessment*.json"))]
    return {**application, **changed}, assessments


def other(rulebook: g.Rulebook, **parts: Any) -> g.Rulebook:
    """The rulebook with other rules."""
    return g.Rulebook(checked(evolve(rulebook.rules, **parts)))


def without(rulebook: g.Rulebook, id: str) -> g.Rulebook:
    """The rulebook without one of its requirements, cost rules or duties."""
    rules = rulebook.rules
    left = {name: tuple(r for r in getattr(rules, name) if r.id != id) for name in ("requirements", "cost_rules")}
    duties = tuple(rule for rule in rules.conditions if rule.id != id)
    return other(rulebook, **left, conditions=duties)


def changed(rulebook: g.Rulebook, id: str, **parts: Any) -> g.Rulebook:
    """The rulebook with one of its requirements or cost rules changed."""
    rules = rulebook.rules
    several: dict[str, Any] = {
        name: tuple(evolve(r, **parts) if r.id == id else r for r in getattr(rules, name))
        for name in ("requirements", "cost_rules")
    }
    return other(rulebook, **several)


def moved(found: Comparison) -> dict[str, Direction]:
    """Every rule that moved, with its direction."""
    return {change.id: change.verdict.direction for change in found.rules}


# The rules


def test_a_value_moves_the_rules_that_read_it() -> None:
    """A ceiling that rises relaxes the limits and the formula, and nothing else moves."""
    found = compare(REAL, CEILING)
    assert moved(found) == {"eligibility.grant-limits": Direction.RELAXED, "grant.formula": Direction.RELAXED}
    assert all(change.verdict.proven and not change.reworded for change in found.rules)
    (value,) = found.values
    assert (value.name, value.way) == ("grant_ceiling", Way.RISEN)
    (piece, *_) = found.rules[0].pieces
    assert str(piece) == "grant_ceiling: 2,500,000.00 kr → 3,000,000.00 kr"


def test_two_rounds_that_differ_in_their_deadline() -> None:
    """The round of 2023 keeps the rules of 2022: its deadline moved, and everything else only reads otherwise."""
    found = compare(CALL, AFTER)
    assert {id: way for id, way in moved(found).items() if way is not Direction.WORDING} == {
        "formal.deadline": Direction.RELAXED
    }
    (deadline,) = (change for change in found.rules if change.id == "formal.deadline")
    assert deadline.reworded == ("statement", "basis")
    assert [(value.name, value.way) for value in found.values] == [("deadline", Way.RISEN)]
    assert "round.carried_over" in {change.id for change in found.others}


def test_rules_and_facts_that_come_and_go() -> None:
    """The second allocation asks what became of the first, and has no deadline of its own."""
    found = compare(FIRST, SECOND)
    kinds = {change.id: change.kind for change in found.changes}
    assert kinds["eligibility.first-round"] is kinds["first_round.status"] is Kind.ADDED
    assert kinds["formal.deadline"] is Kind.REMOVED
    assert moved(found)["formal.deadline"] is Direction.RELAXED
    assert moved(found)["eligibility.top-up-room"] is moved(found)["grant.formula"] is Direction.TIGHTENED
    assert {value.name: value.way for value in found.values} == {"budget": Way.FALLEN, "deadline": Way.REMOVED}


def test_what_is_gone_stands_where_it_stood() -> None:
    """Rules that were removed come after the one that they came after."""
    assert in_order("abcd", "axc") == ("a", "b", "x", "c", "d")
    assert compare(FIRST, SECOND).rules[0].id == "formal.deadline"


def test_a_statement_alone() -> None:
    """Another statement is wording, and is told from a rule that moved."""
    found = compare(REAL, changed(REAL, "formal.length", statement=text("at most five pages")))
    assert moved(found) == {"formal.length": Direction.WORDING}
    assert found.rules[0].reworded == ("statement",)


def test_a_term_written_otherwise() -> None:
    """A demand that means the same is neither wording alone nor a rule that moved."""
    rule = next(rule for rule in REAL.rules.requirements if rule.id == "eligibility.grant-limits")
    found = compare(REAL, changed(REAL, rule.id, demand=g.not_(g.not_(rule.demand))))
    assert moved(found) == {rule.id: Direction.SAME}


def test_a_rulebook_and_itself() -> None:
    """Nothing differs, whatever is asked."""
    assert compare(REAL, REAL, [stated("clean"), stated("refused")]).same


def test_two_pools_are_not_compared() -> None:
    """Nothing is said of rulebooks of two pools."""
    with pytest.raises(g.InputError, match="are of two pools"):
        compare(REAL, CALL)


@EVERY_POOL
def test_what_was_saved_says_the_same(pool: str, tmp_path: Path) -> None:
    """A rulebook does not differ from itself once it is saved and loaded, in nothing that a comparison looks at."""
    rulebook = RULEBOOKS[pool]
    file = tmp_path / "saved.json"
    file.write_text(rulebook.save(), "utf-8")
    assert compare(g.Rulebook.load(file), rulebook).same


def test_a_saved_rulebook_is_compared_like_an_installed_one(tmp_path: Path) -> None:
    """What was saved says the same as its plugin, and the comparison with it is the same."""
    file = tmp_path / "released.json"
    file.write_text(REAL.save(), "utf-8")
    released = g.Rulebook.load(file)
    assert compare(released, REAL, [stated("clean"), stated("costs")]).same
    application, assessments = stated("clean", requested="2800000.00")
    one, other_one = (compare(old, CEILING, [(application, assessments)]) for old in (REAL, released))
    assert one.flips == other_one.flips != ()


# Applications


def test_an_application_flips_through_the_rule_that_moved() -> None:
    """A request between the two ceilings was refused, and is eligible now; a smaller one stays as it was."""
    funding = [{"source": "own", "form": "cash", "amount": "2800000.00"}]
    large = stated("clean", requested="2800000.00", funding=funding)
    found = compare(REAL, CEILING, [stated("clean"), Given("large", large[0], tuple(large[1]))])
    (flip,) = found.flips
    assert (flip.rule, flip.direction, flip.change) == (
        "eligibility.grant-limits",
        Direction.RELAXED,
        "ineligible → eligible",
    )
    assert (found.compared, flip.count, flip.example.name) == (2, 1, "large")
    assert flip.example.read == {"requested": g.kr(2_800_000)}
    assert list(flip.example.application)[:3] == ["pool", "round", "requested"]


def test_the_example_is_the_smallest_of_its_kind() -> None:
    """Of several applications that move alike, the one that states least is shown."""
    whole, part = stated("clean", requested="2800000.00"), {"id": "PART", "requested": "2700000.00"}
    found = compare(REAL, CEILING, [whole, (part, ()), ({**part, "id": "MORE", "title": "t"}, ())])
    flips = {flip.change: flip for flip in found.flips}
    assert flips["ineligible → undetermined"].count == 2
    assert flips["ineligible → undetermined"].example.name == "PART"


def test_a_cost_rule_is_named_and_what_follows_from_it_is_not() -> None:
    """Without a rule a line is kept, though the rule on VAT takes some of it now: it says what it said before."""
    found = compare(REAL, without(REAL, "cost.equipment"), [stated("costs")])
    flip = next(flip for flip in found.flips)
    assert flip.rule == "cost.equipment"
    assert flip.direction is Direction.RELAXED
    lines = [aspect for aspect in flip.example.effect.aspects if aspect.name == "cost line"]
    assert lines
    assert {cause.rule for cause in flip.example.effect.causes} == {"cost.equipment"}


def test_the_order_of_cost_rules() -> None:
    """Two rules that take parts of a line in another order take another sum."""
    cut = CostRule("cost.cut", g.Above(g.value("lump")), text("a cap"), CITED)
    off = CostRule("cost.off", g.Part(g.value("lump")), text("a deduction"), CITED)
    line = {
        "id": "c1",
        "category": "toys",
        "amount": "4000.00",
        "vat": "0.00",
        "vat_recoverable": False,
        "colour": "red",
    }
    line |= {"incurred_on": "2020-05-05", "organisation": "Legestuen"}
    organisations = [{"name": "Legestuen", "kind": "association"}]
    facts = {"organisations": organisations, "ends_on": "2020-12-31", "costs": [line]}
    found = compare(toy_with(cut, off), toy_with(off, cut), [(facts, ())])
    assert moved(found) == {COST_ORDER: Direction.BOTH}
    assert found.rules[0].verdict.shown_on == 1
    assert [(flip.rule, flip.aspect, flip.change) for flip in found.flips] == [(COST_ORDER, "cost line", "rises")]


def test_the_formula_is_the_cause_where_costs_are_as_before() -> None:
    """A lower ceiling cuts the grant of who asked for less: through the formula, for the request is within limits."""
    formula = evolve(REAL.rules.grant, amount=g.least(REAL.rules.grant.amount, g.value("grant_floor")))
    found = compare(REAL, other(REAL, grant=formula), [stated("clean")])
    (flip,) = found.flips
    assert (flip.rule, flip.direction, flip.aspect, flip.change) == (
        "grant.formula",
        Direction.TIGHTENED,
        "highest grant",
        "falls",
    )
    assert moved(found) == {"grant.formula": Direction.TIGHTENED}


def test_weights_move_the_score() -> None:
    """Another weight moves the score through the first criterion that weighs otherwise."""
    first, *others = (criterion.id for criterion in CALL.rules.scoring.criteria)
    weighed = CALL.with_weights({first: 9, **dict.fromkeys(others, 1)}, text("the first above all"))
    rated = {c.id: index % 3 for index, c in enumerate(CALL.rules.scoring.criteria) if c.computed is None}
    assessment = {"assessor": "one", "ratings": rated, "conflict_of_interest": False}
    facts = {"id": "A", "organisations": [], "funding": [], "costs": [], "requested": "100000.00"}
    found = compare(CALL, weighed, [(facts, [assessment])])
    (flip,) = found.flips
    assert flip.aspect == "score"
    assert flip.rule == first
    assert moved(found)[flip.rule] is Direction.BOTH


def test_a_duty_that_is_gone() -> None:
    """The applications that it followed lose it."""
    found = compare(TOY, without(TOY, "condition.ear-muffs"), [({"loud": True}, ()), ({"loud": False}, ())])
    (flip,) = found.flips
    assert (flip.rule, flip.direction, flip.count) == ("condition.ear-muffs", Direction.RELAXED, 1)
    assert flip.change == "follows → does not follow"


def test_a_threshold_of_the_score() -> None:
    """One that is raised is no longer reached."""
    scoring = TOY.rules.scoring
    assert scoring.threshold is not None
    raised = other(TOY, scoring=evolve(scoring, threshold=evolve(scoring.threshold, least=Fraction(99))))
    rated = {"ratings": {"joy": 7, "craft": 7}, "conflict_of_interest": False}
    facts = {"organisations": [], "funding": [], "visits": [{"children": 20}], "reach": "5"}
    found = compare(TOY, raised, [(facts, [rated])])
    assert [(flip.rule, flip.change) for flip in found.flips] == [("score.threshold", "reached → not reached")]
    assert moved(found) == {"score.threshold": Direction.TIGHTENED}


# Carrying over


def test_what_the_other_round_does_not_know_is_left_out_and_told() -> None:
    """An application of the second allocation is held against the first without what became of it."""
    facts = {"pool": "no_helseteknologi", "round": "2024-2", "id": "N", "first_round": {"status": "awarded"}}
    found = compare(FIRST, SECOND, [({**facts, "requested": "10.00"}, ())])
    assert found.left_out == {"first_round": 1}
    assert found.unreadable == ()
    assert "carried over without first_round" in to_text(comparison_document(found))


def test_an_application_is_read_by_the_version_that_knows_its_facts() -> None:
    """Where neither pool nor round says whose it is, the rules that can read it do."""
    found = compare(TOY, LATER_TOY, [({"earlier": "5.00"}, ())])
    assert (found.compared, found.left_out) == (1, {"earlier": 1})


def test_what_cannot_be_read_is_told_and_stops_nothing() -> None:
    """A misspelt fact is a problem of that application alone."""
    found = compare(REAL, CEILING, [Given("odd", {"requested": "2800000.00", "pges": 4}), stated("clean")])
    (odd,) = found.unreadable
    assert odd.name == "odd"
    assert [problem.where for problem in odd.problems] == ["pges"]
    assert found.compared == 1


# Applications that are drawn


def test_drawn_applications_show_each_change_small() -> None:
    """A raised ceiling is found to let applications in, with an example that states what it must and no more."""
    found = compare(REAL, CEILING, 40)
    assert found.drawn
    flip = next(flip for flip in found.flips if flip.change == "ineligible → eligible")
    requested = g.kr(str(flip.example.application["requested"]))
    assert g.kr(2_500_000) < requested <= g.kr(3_000_000)
    assert {flip.rule for flip in found.flips} <= {"eligibility.grant-limits", "grant.formula"}
    assert len(flip.example.application) <= 15
    again = REAL.read_application(flip.example.application)
    given = [REAL.read_assessment(one) for one in flip.example.assessments]
    assert REAL.decide(again, given).outcome is g.Outcome.INELIGIBLE
    assert CEILING.decide(again, given).outcome is g.Outcome.ELIGIBLE


def test_the_same_seed_draws_the_same() -> None:
    """Two comparisons with one seed agree to the letter."""
    one, two = (comparison_to_data(compare(CALL, AFTER, 15, seed=5)) for _ in range(2))
    assert one == two


def test_where_structure_cannot_tell_what_is_seen_is_said_to_be_seen() -> None:
    """Twice the children, but of fewer visits: applications show what structure cannot, and it is no proof."""
    demand = a.visits.total(g.facts(TOY.application, "visits").children * 3) >= a.pages
    found = compare(TOY, changed(TOY, "eligibility.visits", demand=demand))
    assert moved(found) == {"eligibility.visits": Direction.UNCLEAR}
    facts = {"visits": [{"children": 4, "price": "0.00"}], "pages": 9}
    seen = compare(TOY, changed(TOY, "eligibility.visits", demand=demand), [(facts, ())])
    (rule,) = seen.rules
    assert (rule.verdict.direction, rule.verdict.shown_on, rule.verdict.proven) == (Direction.RELAXED, 1, False)
    assert "shown on 1 application, not proven" in str(rule.verdict)


def test_where_no_application_shows_it_nothing_is_claimed() -> None:
    """That no application moved is no evidence of a direction."""
    demand = a.visits.total(g.facts(TOY.application, "visits").children * 3) >= a.pages
    (rule,) = compare(TOY, changed(TOY, "eligibility.visits", demand=demand), [({"id": "A"}, ())]).rules
    assert (rule.verdict.direction, rule.verdict.shown_on) == (Direction.UNCLEAR, 0)
    assert rule.verdict.open is Open.AS_TOLD


# Stored decisions


def _kept(case: str, name: str, **facts: Any) -> Kept:
    application, assessments = stated(case, **facts)
    made = REAL.decide(REAL.read_application(application), [REAL.read_assessment(one) for one in assessments])
    return Kept(name, made, application, tuple(assessments))


def test_decisions_that_no_longer_stand() -> None:
    """Of three stored decisions those fall that the change is about, by what differs first and through which rule."""
    kept = [_kept("clean", "clean"), _kept("refused", "refused"), _kept("clean", "large", requested="2800000.00")]
    found = compare(REAL, CEILING, (), kept)
    assert found.decisions == 3
    assert [(fallen.name, fallen.rule) for fallen in found.fallen] == [
        ("refused", "eligibility.grant-limits"),
        ("large", "eligibility.grant-limits"),
    ]
    first = found.fallen[0].first
    assert first is not None
    assert (first.where, first.stored, first.now) == ("findings[eligibility.grant-limits].result", "not_met", "met")


def test_decisions_stand_when_only_texts_change() -> None:
    """Another statement, another digest, another version: what was decided stands."""
    reworded = changed(REAL, "formal.length", statement=text("short"))
    assert compare(REAL, reworded, (), [_kept("clean", "clean"), _kept("refused", "refused")]).fallen == ()


def test_a_decision_falls_through_a_cost_rule() -> None:
    """The rule that took something is named."""
    found = compare(REAL, without(REAL, "cost.equipment"), (), [_kept("costs", "costs")])
    assert [fallen.rule for fallen in found.fallen] == ["cost.equipment"]


def test_a_rule_that_is_new_and_met_lets_a_decision_stand() -> None:
    """A new rule alone is no reason; only one that the application does not pass."""
    rules = REAL.rules
    brought = {**rules.brought_by, "eligibility.new": "dk_2018_kompetenceloeft"}
    r = g.facts(REAL.application)

    def with_limit(kroner: int) -> g.Rulebook:
        rule = Requirement("eligibility.new", r.requested <= g.kr(kroner), text("new"), rules.requirements[0].basis)
        return other(REAL, requirements=(*rules.requirements, rule), brought_by=brought)

    kept = [_kept("clean", "clean")]
    assert compare(REAL, with_limit(9_000_000), (), kept).fallen == ()
    assert [fallen.rule for fallen in compare(REAL, with_limit(1), (), kept).fallen] == ["eligibility.new"]


def test_data_and_text_say_the_same() -> None:
    """Every rule, value and flip of the data stands in the text."""
    found = compare(
        REAL, CEILING, [stated("clean", requested="2800000.00")], [_kept("clean", "one", requested="2800000.00")]
    )
    data, shown = comparison_to_data(found), to_text(comparison_document(found))
    assert data["format"] == "grantrules.comparison/1"
    json.dumps(data)
    for word in ("grant_ceiling", "eligibility.grant-limits: relaxed", "1 of 1 no longer stand"):
        assert word in shown
    assert [effect["rule"] for effect in data["applications"]["effects"]] == ["eligibility.grant-limits"]
    assert data["decisions"]["fallen"][0]["name"] == "one"


def test_an_assumption_under_another_condition_is_no_wording() -> None:
    """Who relies on an assumption is no matter of words; that its reason reads otherwise is."""
    (own,) = REAL.pool.assumptions
    assert own.when is not None

    def with_assumptions(*assumptions: g.Assumption) -> g.Rulebook:
        return g.Rulebook(evolve(REAL.rules, pool=evolve(REAL.pool, assumptions=assumptions)))

    def told(rulebook: g.Rulebook) -> list[tuple[str, Kind, Direction]]:
        return [(change.id, change.kind, change.verdict.direction) for change in compare(REAL, rulebook).others]

    id = "assumption.funding.in-kind"
    assert told(with_assumptions(evolve(own, when=g.not_(own.when)))) == [(id, Kind.CHANGED, Direction.UNCLEAR)]
    assert told(with_assumptions()) == [(id, Kind.REMOVED, Direction.UNCLEAR)]
    assert told(with_assumptions(evolve(own, reason=text("otherwise")))) == [(id, Kind.CHANGED, Direction.WORDING)]


def test_two_rules_that_take_all_are_not_the_same_in_another_order() -> None:
    """Which of two cost rules takes a line is the reason that is given, so their order is not the same in meaning."""
    rules = list(REAL.rules.cost_rules)
    rules[:2] = reversed(rules[:2])
    swapped = other(REAL, cost_rules=tuple(rules))
    assert moved(compare(REAL, swapped)) == {COST_ORDER: Direction.UNCLEAR}


def test_a_table_that_rises_and_falls_has_changed() -> None:
    """An entry that was nothing counts too."""

    def table(*amounts: str) -> g.DatedTable:
        months = ((date(2020, 1, 1), date(2020, 1, 31)), (date(2020, 2, 1), date(2020, 2, 29)))
        entries = (g.Dated(*ends, g.kr(amount)) for ends, amount in zip(months, amounts, strict=True))
        return g.DatedTable("km", tuple(entries))

    assert way_moved(table("0", "3"), table("5", "2")) is Way.CHANGED
    assert way_moved(table("0", "3"), table("5", "3")) is Way.RISEN
    assert way_moved(table("5", "3"), table("0", "3")) is Way.FALLEN
