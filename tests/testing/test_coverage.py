"""Rule coverage: what decisions show of the rules, and why not the rest."""

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import grantrules as g
from grantrules.errors import InputError
from grantrules.readings.layout import to_text
from grantrules.testing.coverage import Coverage, Side, coverage_of, unwatched, watching
from grantrules.testing.coverage.report import falling_short, least_asked, percent, report, to_data
from grantrules.testing.strategies.applications import assessed_applications
from tests.pools import (
    CITED,
    CONDITIONS,
    COST_RULES,
    EVERY_POOL,
    NOTICED,
    POOL,
    REQUIREMENTS,
    ROUND,
    RULEBOOKS,
    SCORING,
    TOY,
    ToyPlugin,
    a,
    text,
    toy_granting,
    toy_scoring,
    toy_with,
    v,
)

VALUES = ("page_limit", "rate", "floor", "few_children", "many_children", "deduction")


class SmallPlugin(ToyPlugin):
    """A pool with one rule of every kind, whose sides can all be counted by hand."""

    @g.hook
    def pool(self) -> g.Pool:
        values = tuple(value for value in ROUND.values if value.name in VALUES)
        return evolve(POOL, rounds=(evolve(ROUND, values=values),), assumptions=())

    @g.hook
    def eligibility(self) -> tuple[g.Requirement, ...]:
        return tuple(rule for rule in REQUIREMENTS if rule.id in ("formal.pages", "eligibility.prior-support"))

    @g.hook
    def cost_eligibility(self) -> tuple[g.CostRule, ...]:
        return tuple(rule for rule in COST_RULES if rule.id in ("cost.travel", "cost.all-of-blue", "cost.deduction"))

    @g.hook
    def highest_grant(self) -> g.GrantFormula:
        formula = g.least(a.requested, g.eligible_costs())
        return g.GrantFormula(formula, text("what is eligible"), CITED, floor=g.value("floor"))

    @g.hook
    def scoring(self) -> g.Scoring:
        visitors = g.Linear(a.visits.total(v.children), none=g.value("few_children"), full=g.value("many_children"))
        bands = g.Banded(a.reach, (g.Band(5, Fraction(1, 2)), g.Band(50, Fraction(1))))
        return g.Scoring(
            (
                g.Criterion("joy", text("joy"), CITED, threshold=Fraction(3)),
                g.Criterion("visitors", text("visitors"), NOTICED, computed=visitors),
                g.Criterion("reach", text("reach"), NOTICED, computed=bands),
                g.Criterion("red", text("red"), CITED, computed=a.colour.is_in("red", "green")),
            ),
            scale=g.Scale(7, CITED),
            weights=g.Weights(g.Weighting.EQUAL, CITED),
            combination=g.Combination(g.Combining.MEAN, CITED),
            threshold=g.Threshold(Fraction(50), CITED),
        )

    @g.hook
    def allocation(self) -> g.Allocation:
        return g.Allocation(g.Method.RANK_STOP, text("by rank"), CITED)

    @g.hook
    def conditions(self) -> tuple[g.Condition, ...]:
        return CONDITIONS


SMALL = g.Registry.of(SmallPlugin()).rulebook("toy")

LINE = {"id": "c1", "category": "pay", "amount": "1000.10", "vat": "0", "colour": "red"}
TRAVEL = {"id": "c2", "category": "travel", "amount": "100", "vat": "0", "colour": "green"}
TRAVEL |= {"kilometres": "10", "incurred_on": "2020-02-01"}
FACTS: dict[str, Any] = {
    "id": "T-1",
    "pages": 9,
    "requested": "1000",
    "costs": [LINE],
    "visits": [{"children": 3}],
    "reach": "4",
    "colour": "blue",
    "loud": False,
}

Case = tuple[dict[str, Any], list[int | None]]
"""Facts that differ from the common ones, `None` where they are left out; and a rating of joy for each assessment."""


def decided(*given_: Case, rulebook: g.Rulebook = SMALL) -> Coverage:
    """The coverage of cases."""
    return Coverage.of(rulebook).with_decisions([_read(rulebook, *case) for case in given_])


def _read(rulebook: g.Rulebook, facts: dict[str, Any], joys: list[int | None]) -> tuple[Any, list[g.Assessment]]:
    application = {key: value for key, value in {**FACTS, **facts}.items() if value is not None}
    ratings = [{} if joy is None else {"joy": joy} for joy in joys]
    return rulebook.read_application(application), [rulebook.read_assessment({"ratings": r}) for r in ratings]


def whys(coverage: Coverage) -> Mapping[str, str]:
    """Point and side to why it was not seen."""
    return {f"{unseen.point.id} {unseen.side.name}": unseen.why for unseen in coverage.missing}


EVERYTHING: list[Case] = [
    ({}, [0]),
    ({"pages": 10, "prior_support": "999.99", "reach": "5", "visits": [{"children": 4}]}, [7]),
    ({"pages": 11, "prior_support": "1000", "reach": "50", "visits": [{"children": 10}], "colour": "red"}, [7, 7]),
    ({"pages": None, "prior_support": "1000.01", "loud": True, "reach": None, "visits": None, "colour": None}, [None]),
    ({"requested": None, "prior_support": "5", "loud": None}, []),
    ({"requested": "2000", "costs": [TRAVEL, {**LINE, "amount": "900"}]}, []),
    ({"costs": [{**TRAVEL, "kilometres": None}, {**LINE, "colour": "blue"}]}, []),
    ({"costs": [{**TRAVEL, "amount": "1"}, {**LINE, "category": None, "colour": None}]}, []),
]


def test_cases_that_reach_everything_are_a_whole() -> None:
    """Nothing is missing, and the ratio is exactly one."""
    coverage = decided(*EVERYTHING)
    assert coverage.missing == ()
    assert coverage.ratio == 1


@pytest.mark.parametrize("left_out", range(len(EVERYTHING)))
def test_each_of_them_is_needed(left_out: int) -> None:
    """Without any one of these cases, something is missing, and the ratio says how much."""
    coverage = decided(*EVERYTHING[:left_out], *EVERYTHING[left_out + 1 :])
    asked = sum(len(point.sides) for point in coverage.points)
    assert coverage.missing
    assert coverage.ratio == 1 - Fraction(len(coverage.missing), asked)


@EVERY_POOL
def test_without_a_decision_nothing_is_seen(pool: str) -> None:
    """Everything is missing for one reason."""
    coverage = Coverage.of(RULEBOOKS[pool])
    assert coverage.ratio == 0
    assert {unseen.why for unseen in coverage.missing} == {"no decision of this round"}


def test_a_rule_that_is_a_single_clause_is_asked_for_once() -> None:
    """Its clause is asked for where it stands to its limit, and for what `when` hides."""
    sides = {point.id: set(point.sides) for point in Coverage.of(SMALL).points}
    assert sides["formal.pages"] == {Side.MET, Side.NOT_MET, Side.UNDETERMINED}
    assert sides["formal.pages:demand"] == {Side.BELOW, Side.AT, Side.ABOVE}
    assert Side.UNDETERMINED in sides["eligibility.prior-support:demand"]
    assert sides["red:computed"] == set()


def test_what_a_rule_cannot_do_is_left_out_with_the_reason() -> None:
    """A deduction from every line always takes something, and waits for nothing."""
    point = next(point for point in Coverage.of(SMALL).points if point.id == "cost.deduction")
    assert point.sides == (Side.CUTTING,)
    assert point.impossible == {
        Side.NOT_CUTTING: "it takes something of every line that it concerns",
        Side.HELD_BACK: "nothing that it rests on can be missing on a line with an amount",
    }


# Why


WHYS: list[tuple[list[Case], str, str]] = [
    ([({}, [])], "formal.pages UNDETERMINED", "`pages` was stated in the one decision"),
    (
        [({"pages": 2}, []), ({"pages": 5}, []), ({"pages": None}, [])],
        "formal.pages:demand ABOVE",
        "`pages` was 2 to 5 in 2 decisions and missing in 1, the limit is 10",
    ),
    ([({"pages": None}, [])], "formal.pages:demand AT", "one of its sides was missing in the one decision"),
    (
        [({}, []), ({"id": "T-2"}, [])],
        "eligibility.prior-support:demand BELOW",
        "never looked at: `when` (prior_support is stated) was never true: false in 2 decisions",
    ),
    (
        [({"prior_support": "5"}, []), ({"prior_support": "7", "requested": None}, [])],
        "eligibility.prior-support:demand AT",
        "`prior_support` was 5.00 in 1 decision, where `requested` was 1,000.00",
    ),
    (
        [({"prior_support": "5"}, [])],
        "eligibility.prior-support NOT_APPLICABLE",
        "it was met in 1 decision",
    ),
    ([({"costs": []}, [])], "cost.travel CUTTING", "never looked at: `costs` was empty in 1 decision"),
    (
        [({"costs": None}, []), ({"costs": []}, []), ({"costs": [], "id": "T-2"}, [])],
        "cost.travel:concerns MET",
        "never looked at: `costs` was empty in 2 decisions and not stated in 1",
    ),
    (
        [({"costs": [LINE, {**LINE, "id": "c3", "category": "rent"}]}, [])],
        "cost.travel CUTTING",
        "never looked at: no line of category travel: `costs.category` was `pay` and `rent` in 2 lines",
    ),
    (
        [({"costs": []}, []), ({"costs": [LINE, {**LINE, "id": "c3", "category": None}]}, [])],
        "cost.travel NOT_CUTTING",
        "it was held back in 1 line",
    ),
    (
        [({"costs": []}, []), ({"costs": [LINE]}, [])],
        "cost.travel NOT_CUTTING",
        "never looked at: no line of category travel: `costs.category` was `pay` in 1 line",
    ),
    (
        [({"costs": [{**TRAVEL, "amount": "5", "vat": None}]}, [])],
        "cost.travel CUTTING",
        "never looked at: 1 line was without an amount or VAT",
    ),
    (
        [({"costs": [{**TRAVEL, "amount": "0"}]}, [])],
        "cost.travel CUTTING",
        "never looked at: 1 line was taken by earlier rules",
    ),
    (
        [({"costs": [{**TRAVEL, "amount": "5"}, {**TRAVEL, "id": "c3", "amount": "19.60"}]}, [])],
        "cost.travel CUTTING",
        "it was not cutting in 2 lines; what was left was 5.00 to 19.60 in 2 lines, the limit 19.60",
    ),
    (
        [({}, [])],
        "cost.all-of-blue CUTTING",
        "it was not cutting in 1 line; `costs.colour` was `red` in 1 line",
    ),
    (
        [({}, [])],
        "cost.all-of-blue HELD_BACK",
        "it was not cutting in 1 line; `costs.colour` was stated in the one line",
    ),
    (
        [({"pages": 11}, [])],
        "grant.formula:amount.items[0] DECIDING",
        "never looked at: 1 decision was refused",
    ),
    (
        [({"requested": "1001"}, [])],
        "grant.formula:amount.items[0] DECIDING",
        "it was 1,001.00 in 1 decision, where the least was 1,000.00",
    ),
    ([({}, [])], "grant.formula UNDETERMINED", "it was settled in 1 decision"),
    ([({}, [])], "grant.formula:floor BITING", "the amount was 1,000.00 in 1 decision, the floor is 100.00"),
    (
        [({"costs": None}, [])],
        "grant.formula:floor BITING",
        "never looked at: 1 decision was without a figure that it rests on",
    ),
    ([({}, [])], "joy LOWEST", "never looked at: 1 decision was without an assessment that counts"),
    ([({}, [3, 4]), ({}, [5])], "joy LOWEST", "it was rated 3.5 to 5 in 2 decisions"),
    ([({}, [None])], "joy HIGHEST", "not rated in 1 decision"),
    ([({}, [3])], "joy:threshold NOT_REACHED", "it was 3 in 1 decision, the least is 3"),
    (
        [({}, [3]), ({"visits": [{"children": 2}, {"children": 5}]}, [3])],
        "visitors ALL_POINTS",
        "`total of visits.children over visits` was 3 to 7 in 2 decisions",
    ),
    ([({}, [3])], "visitors UNDETERMINED", "`visits.children` was stated in the one decision"),
    ([({}, [3])], "reach:computed.bands[1] REACHED", "`reach` was 4.00 in 1 decision"),
    ([({}, [3])], "red MET", "`colour` was `blue` in 1 decision"),
    (
        [({}, []), ({"loud": None}, [])],
        "condition.ear-muffs FOLLOWING",
        "`when` (loud) was false in 1 decision and missing in 1",
    ),
    ([({}, [3])], "score.threshold REACHED", "it was 75/7 (about 10.71) in 1 decision, the least is 50"),
]


@pytest.mark.parametrize(("made", "what", "why"), WHYS, ids=[f"{n} {what}" for n, (_, what, _) in enumerate(WHYS)])
def test_why_something_was_not_seen_is_found_in_the_decisions(made: list[Case], what: str, why: str) -> None:
    """The values found, what was never missing, what stood before it, and what there was none of."""
    assert whys(decided(*made))[what] == why


def test_why_names_the_words_that_were_found() -> None:
    """Of many different words, the first few."""
    colours = [{**LINE, "id": f"c{n}", "category": category} for n, category in enumerate("abcdef")]
    why = whys(decided(({"costs": colours}, [])))["cost.travel CUTTING"]
    assert why.endswith("`costs.category` was `a`, `b`, `c`, `d` and 2 more in 6 lines")


def test_why_a_limit_on_lines_was_not_exceeded_names_both() -> None:
    """What was left of the lines that it was held against, and not of those where the rule did not apply."""
    pay = {"category": "pay", "amount": "100", "vat": "0", "essential": True, "hours": 1}
    application = TOY.read_application({"costs": [{**pay, "id": "c1"}, {**pay, "id": "c2", "amount": "70"}]})
    assessment = TOY.read_assessment({"judgements": {"hours-sensible": {"c1": True, "c2": False}}})
    assert whys(Coverage.of(TOY).with_decision(application, [assessment]))["cost.hours CUTTING"] == (
        "it was not cutting in 2 lines; `judgement(hours-sensible)` was no and yes in 2 lines; "
        "what was left was 70.00 in 1 line, the limit 5,000.00"
    )


def test_an_answer_that_was_always_given_is_named() -> None:
    """A judgement is undetermined where nobody answers, or where the answers differ."""
    application = TOY.read_application({"id": "T-1", "colour": "blue"})
    yes, no = (TOY.read_assessment({"judgements": {"colour-accepted": given}}) for given in (True, False))
    once = Coverage.of(TOY).with_decision(application, [yes])
    found = whys(once)
    assert found["eligibility.colour:demand.items[1] UNDETERMINED"] == (
        "`colour-accepted` was answered, and alike, in the one decision"
    )
    assert found["eligibility.colour:demand.items[1] NOT_MET"] == "`judgement(colour-accepted)` was yes in 1 decision"
    assert "eligibility.colour:demand.items[1] UNDETERMINED" not in whys(once.with_decision(application, [yes, no]))


def test_the_furthest_obstacle_is_named() -> None:
    """Where the visits were reached in some decision, those in which there were none do not matter."""
    quiet = TOY.read_application({"loud": False})
    loud = TOY.read_application({"loud": True})
    place = "eligibility.hosts:demand.where.items[0] MET"
    assert whys(Coverage.of(TOY).with_decision(quiet))[place] == (
        "never looked at: `when` (loud) was never true: false in 1 decision"
    )
    assert whys(Coverage.of(TOY).with_decision(quiet).with_decision(loud))[place] == (
        "never looked at: `visits` was not stated in 1 decision"
    )


def test_a_branch_that_was_never_taken_is_named_with_its_condition() -> None:
    """What is added up otherwise is looked at where the condition is false."""
    total = a.visits.total(v.children, where=v.price > g.kr(0))
    demand = g.when(a.loud).then(a.pages).otherwise(total) >= 3
    rulebook = toy_with(g.Requirement("eligibility.tried", demand, text("tried"), CITED))
    coverage = Coverage.of(rulebook).with_decision(rulebook.read_application({"visits": []}))
    assert whys(coverage)["eligibility.tried:demand.left.otherwise.where MET"] == (
        "never looked at: `demand.left.condition` (loud) was never false: missing in 1 decision"
    )


# What counts as seen


@EVERY_POOL
@given(data=st.data())
@settings(max_examples=15)
def test_what_is_seen_is_what_the_decision_says(pool: str, data: st.DataObject) -> None:
    """Results, cuts, conditions, points and thresholds are those of the decision that users get."""
    rulebook = RULEBOOKS[pool]
    application, assessments = data.draw(assessed_applications(rulebook))
    decision = rulebook.decide(application, assessments)
    coverage = Coverage.of(rulebook).with_decision(application, assessments)
    (sights,) = coverage.decisions.values()
    shown = {(sight.point, side) for sight in sights for side in sight.sides}
    for rule, result in decision.results.items():
        assert {side for point, side in shown if point == rule} == {Side(result.value.replace("_", " "))}
    cutting = {finding.rule for line in decision.costs.lines for finding in line.findings if finding.taken}
    assert {point for point, side in shown if side is Side.CUTTING} == cutting
    assert {point for point, side in shown if side is Side.FOLLOWING} == set(decision.conditions)
    thresholds = decision.score.thresholds if decision.score else ()
    reached = {found.id for found in thresholds if found.holds}
    assert {point.removesuffix(":threshold") for point, side in shown if side is Side.REACHED} >= reached


def test_a_line_of_which_nothing_is_left_shows_nothing() -> None:
    """A rule that comes too late to take anything is not seen sparing the line."""
    late = decided(({"costs": [{**LINE, "amount": "0", "colour": "blue"}]}, []))
    assert ("cost.all-of-blue", Side.CUTTING) not in late.seen
    assert ("cost.all-of-blue", Side.NOT_CUTTING) not in late.seen


def test_a_clause_is_looked_at_where_its_rule_applies() -> None:
    """The demand of a rule whose `when` is missing or false is not seen met."""
    met = TOY.read_application({"loud": False, "colour": "red", "second_colour": "red"})
    idle = TOY.read_application({"loud": True, "colour": "red", "second_colour": "red"})
    open_ = TOY.read_application({"colour": "red", "second_colour": "red"})
    side = ("eligibility.colours-agree:demand.items[0]", Side.MET)
    assert side in Coverage.of(TOY).with_decision(met).seen
    assert side not in Coverage.of(TOY).with_decision(idle).with_decision(open_).seen


def test_arguments_that_are_level_all_decide() -> None:
    """Of two that are the least together, either would do."""
    rulebook = toy_granting(g.least(a.requested, g.value("lump"), g.value("floor") + g.kr(2400)))
    application = rulebook.read_application({"requested": "9000", "costs": []})
    seen = Coverage.of(rulebook).with_decision(application).seen
    assert {point for point, side in seen if side is Side.DECIDING} >= {
        "grant.formula:amount.items[1]",
        "grant.formula:amount.items[2]",
    }


def test_an_argument_that_never_can_decide_is_not_asked_for() -> None:
    """Of two figures, the greater is never the least."""
    rulebook = toy_granting(g.least(a.requested, g.value("lump"), g.value("floor")))
    points = {point.id: point for point in Coverage.of(rulebook).points}
    assert points["grant.formula:amount.items[1]"].impossible == {Side.DECIDING: "another is always less"}
    assert points["grant.formula:amount.items[2]"].sides == (Side.DECIDING,)


def test_points_that_fall_and_counts_without_a_gap() -> None:
    """Where less is better, the ends change places; between two neighbouring counts lies nothing."""
    near = g.Criterion("near", text("near"), CITED, computed=g.Linear(a.reach, none=50, full=5))
    step = g.Criterion("step", text("step"), CITED, computed=g.Linear(a.pages, none=3, full=4))
    children = g.Linear(a.visits.total(v.children), none=g.value("few_children"), full=g.value("many_children"))
    visitors = g.Criterion("visitors", text("visitors"), CITED, computed=children)
    equal = g.Weights(g.Weighting.EQUAL, CITED)
    rulebook = toy_scoring(evolve(SCORING, criteria=(near, step, visitors), weights=equal, emphasis=None))
    points = {point.id: point for point in Coverage.of(rulebook).points}
    assert set(points["near"].sides) == {Side.NO_POINTS, Side.SOME_POINTS, Side.ALL_POINTS, Side.UNDETERMINED}
    assert points["step"].impossible == {Side.SOME_POINTS: "no number lies between"}


# Bringing coverage together


def test_the_same_decision_counts_once() -> None:
    """Whatever the order of its assessments."""
    application, (one, other) = _read(SMALL, {}, [3, 4])
    once = Coverage.of(SMALL).with_decision(application, [one, other])
    again = once.with_decision(application, [other, one])
    assert len(again.decisions) == 1
    assert again.ratio == once.ratio


def test_coverage_is_brought_together() -> None:
    """Two halves see what the whole sees, and a coverage is never changed."""
    one, other = decided(*EVERYTHING[:4]), decided(*EVERYTHING[3:])
    assert (one | other).ratio == 1
    assert len((one | other).decisions) == len(EVERYTHING)
    assert one.ratio < 1


def test_coverage_of_other_rules_is_refused() -> None:
    """The digests tell two rule sets apart, also of one round."""
    changed = SMALL.with_values(page_limit=11)
    with pytest.raises(InputError, match="the coverage is of other rules"):
        Coverage.of(SMALL) | Coverage.of(changed)


def test_coverage_is_told_by_pool_and_round() -> None:
    """A what-if has a coverage of its own, unless only some rulebooks are asked about."""
    application, assessments = _read(SMALL, {}, [3])
    changed = SMALL.with_values(page_limit=11)
    made = [(SMALL, application, assessments), (changed, application, assessments)]
    assert list(coverage_of(made)) == ["toy@2020", f"toy@2020 ({changed.digest[:19]}…)"]
    asked = coverage_of(made, [changed])
    assert [coverage.rulebook.digest for coverage in asked.values()] == [changed.digest]
    assert coverage_of([], [SMALL])["toy@2020"].ratio == 0


# Watching


def test_decisions_are_watched() -> None:
    """Every decision in the process is recorded, each case once, and only while it is watched."""
    application, assessments = _read(SMALL, {}, [3])
    SMALL.decide(application, assessments)
    with watching() as watched:
        for _ in range(3):
            SMALL.decide(application, assessments)
        TOY.decide(TOY.read_application({}))
    SMALL.decide(*_read(SMALL, {"id": "T-2"}, []))
    assert [rulebook.digest for rulebook, _, _ in watched.cases] == [SMALL.digest, TOY.digest]
    assert {name: len(c.decisions) for name, c in coverage_of(watched.cases, [SMALL]).items()} == {"toy@2020": 1}


def test_one_rulebook_is_watched() -> None:
    """Decisions by others, what-ifs among them, are passed over."""
    with watching(SMALL) as watched:
        SMALL.with_values(page_limit=11).decide(*_read(SMALL, {}, []))
        assert watched.cases == ()
        SMALL.decide(*_read(SMALL, {}, []))
    assert len(watched.cases) == 1


def test_nothing_is_recorded_while_looking_away() -> None:
    """Random applications of laws are no cases."""
    with watching() as watched:
        with unwatched():
            SMALL.decide(*_read(SMALL, {}, []))
            with unwatched():
                pass
            SMALL.decide(*_read(SMALL, {"id": "T-2"}, []))
        assert watched.cases == ()
        SMALL.decide(*_read(SMALL, {}, []))
        assert len(watched.cases) == 1


def test_watching_is_put_back() -> None:
    """Also after an error, and one inside another."""
    before = g.Rulebook.decide
    with watching() as outer, watching() as inner:
        SMALL.decide(*_read(SMALL, {}, []))
    assert len(outer.cases) == len(inner.cases) == 1
    assert g.Rulebook.decide is before
    with pytest.raises(KeyError), watching():
        raise KeyError
    assert g.Rulebook.decide is before


def test_wrong_input_is_no_decision() -> None:
    """An assessment of another application is refused, and shows nothing."""
    application, _ = _read(SMALL, {}, [])
    stray = SMALL.read_assessment({"application": "T-9"})
    with watching() as watched, pytest.raises(InputError):
        SMALL.decide(application, [stray])
    assert watched.cases == ()


# The report


def test_only_the_whole_is_a_hundred_percent() -> None:
    """Ratios are rounded down, and held exactly against what is asked for."""
    assert percent(Fraction(1)) == "100 %"
    assert percent(Fraction(99_999, 100_000)) == "99.9 %"
    assert percent(Fraction(2, 3)) == "66.6 %"
    nearly = {"toy@2020": decided(*EVERYTHING[1:])}
    assert falling_short(nearly, least_asked("100")) == (
        "toy@2020: 92.9 % of the rules were seen, and 100 % are asked for",
    )
    assert falling_short(nearly, nearly["toy@2020"].ratio) == ()
    assert falling_short({"toy@2020": decided(*EVERYTHING)}, least_asked("100")) == ()


@pytest.mark.parametrize("wrong", ["", "all", "101", "-1", "1/0", "nan"])
def test_what_is_no_percentage_is_refused(wrong: str) -> None:
    """With what was written."""
    with pytest.raises(InputError, match="expected a percentage from 0 to 100"):
        least_asked(wrong)


def test_the_report_says_totals_first_and_then_what_is_missing() -> None:
    """By rule and by heading of the source, then each point with its reasons."""
    text = to_text(report({"toy@2020": decided(*EVERYTHING[1:])}))
    assert text.startswith("Rule coverage of toy@2020: 92.9 %\n")
    assert "53 of 57 seen, in 7 decisions." in text
    assert [line.split() for line in text.splitlines() if line.startswith(("formal.pages ", "call:", "notice:"))] == [
        ["formal.pages", "6", "6", "100", "%"],
        ["call:", "Krav", "31", "33", "93.9", "%"],
        ["notice:", "Udfald", "6", "8", "75", "%"],
    ]
    assert "- joy\n    never rated at the bottom of the scale: it was rated 7 in 2 decisions\n" in text
    assert "- cost.deduction: not cutting: it takes something of every line that it concerns\n" in text


def test_the_report_of_no_decision_is_short() -> None:
    """One line says it for all rules."""
    text = to_text(report(coverage_of([], [SMALL])))
    assert "0 of 57 seen, in no decisions of this round." in text
    assert "Not seen" not in text


@EVERY_POOL
def test_the_figures_of_rules_and_headings_add_up(pool: str) -> None:
    """In the JSON form, which is plain JSON, and of which nothing is rounded."""
    rulebook = RULEBOOKS[pool]
    coverage = Coverage.of(rulebook).with_decision(rulebook.read_application({}))
    data = json.loads(json.dumps(to_data({pool: coverage})))
    assert data["format"] == "grantrules.coverage/1"
    (found,) = data["rule_sets"]
    for groups in (found["rules"], found["headings"]):
        assert sum(group["seen"] for group in groups) == found["seen"]
        assert sum(group["total"] for group in groups) == found["total"]
    points = [point for rule in found["rules"] for point in rule["points"]]
    assert sum(len(point["missing"]) for point in points) == found["total"] - found["seen"]
    assert Fraction(found["ratio"]) == coverage.ratio == Fraction(found["seen"], found["total"])
