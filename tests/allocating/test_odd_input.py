"""Odd input to allocations: it is refused in words, or answered; nothing is raised that is no `InputError`."""

from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve

import grantrules as g
import grantrules_no_helseteknologi.plugin as helseteknologi
from grantrules.methods import Method
from grantrules_no_helseteknologi.criteria import SCORING

from .rounds import (
    ASSUMED,
    FIRST,
    LANGUAGES,
    RULES_2018,
    RULES_2022,
    SECOND,
    again,
    allocating,
    answering,
    decided,
    digitale,
    helse,
    in_order,
    kompetence,
)

TWO = [helse("HDIR-24-0001", "50000000.00"), helse("HDIR-24-0002", "8000000.00")]


def refused(doing: Callable[[], Any]) -> list[tuple[str, str]]:
    """Places and codes of everything that a call is refused for."""
    with pytest.raises(g.InputError) as caught:
        doing()
    return [(problem.where, problem.code) for problem in caught.value.problems]


def test_the_callers_decimal_context_does_not_matter() -> None:
    """A caller that computes with five digits gets the same allocation and the same sentences."""
    decisions = in_order(FIRST, TWO)
    made = FIRST.allocate(decisions)
    with localcontext(prec=5):
        assert FIRST.allocate(decisions).to_dict() == made.to_dict()
        assert made.reason("HDIR-24-0001") == "Ranked 1st: funded in full, 50,000,000.00 kr."


@pytest.mark.parametrize("budget", [Decimal("1E+400"), Decimal(10) ** 12, Decimal("0.001"), Decimal("Infinity")])
def test_a_budget_that_no_file_could_hold_is_refused(budget: Decimal) -> None:
    """A budget is an amount like any other."""
    assert refused(lambda: FIRST.allocate([], budget=budget)) == [("budget", "amount")]


def test_an_earlier_award_of_half_an_ore_is_refused() -> None:
    """Earlier awards are amounts, and are compared with the application only if they are."""
    funded = decided(SECOND, again("HDIR-24-0001", "900000.00", "400000.00"))
    prior = {"HDIR-24-0001": Decimal("400000.001")}
    assert refused(lambda: SECOND.allocate([funded], prior=prior)) == [("prior.HDIR-24-0001", "amount")]


def test_names_that_are_no_text_are_unknown() -> None:
    """A number instead of a case number is an unknown application."""
    made = FIRST.allocate(in_order(FIRST, TWO))
    assert refused(lambda: FIRST.replace(made, [5])) == [("withdrawn", "unknown-application")]  # type: ignore[list-item]


@pytest.mark.parametrize("sets_aside", [None, "formal.deadline", 3, [None], {"formal.deadline": True}])
def test_what_is_set_aside_is_a_list_of_ids(sets_aside: Any) -> None:
    """Anything but a list of texts is refused in words."""
    late = decided(FIRST, {**helse("HDIR-24-0001", "900000.00"), "submitted_at": "2024-01-16T00:00"})
    assert refused(lambda: FIRST.override(late, by="N.N.", reason="Varslet.", sets_aside=sets_aside)) == [
        ("sets_aside", "ids")
    ]


def test_a_single_case_number_is_not_read_letter_by_letter() -> None:
    """A text instead of a list names one application."""
    made = FIRST.allocate(in_order(FIRST, TWO))
    assert FIRST.replace(made, "HDIR-24-0001").award("HDIR-24-0001").reason is g.Why.WITHDRAWN
    assert g.Settled("HDIR-24-0001", "N.N.", "Loddtrekning.").order == ("HDIR-24-0001",)


def test_a_settled_order_names_somebody() -> None:
    """An empty order settles nothing."""
    assert refused(lambda: FIRST.allocate([], settled=g.Settled([], "N.N.", "Loddtrekning."))) == [
        ("settled.order", "not-stated")
    ]


def test_a_rulebook_overrides_only_its_own_decisions() -> None:
    """A decision of another pool is refused."""
    other = decided(RULES_2018, {**kompetence("SUM-2018-0001"), "signed": False})
    assert refused(lambda: RULES_2022.override(other, by="N.N.", reason="x", sets_aside=["formal.signature"])) == [
        ("", "other-rules")
    ]


@pytest.mark.parametrize("earlier", ["another pool", "the same round"])
def test_only_an_earlier_round_of_the_pool_is_a_prior(earlier: str) -> None:
    """Awards of another pool, or of the round itself, are no earlier awards."""
    funded = decided(SECOND, again("HDIR-24-0001", "900000.00", "400000.00"))
    made = RULES_2022.allocate([decided(RULES_2022, digitale("SUM-1", "100000.00"))])
    prior = made if earlier == "another pool" else SECOND.allocate([funded])
    assert refused(lambda: SECOND.allocate([funded], prior=prior)) == [("prior", "other-prior")]


# After an award was turned down


def test_who_still_waits_is_told_how_much_is_lacking() -> None:
    """After a replacement the reason names the line and what more would do, as before it."""
    rules = allocating(helseteknologi, Method.RANK_STOP)
    decisions = in_order(rules, [*TWO, helse("HDIR-24-0003", "9000000.00")])
    made = rules.allocate(decisions)
    expected = (
        "Ranked 2nd; the money ended at the 1st; 6,700,000.00 kr was left, and it needed at least 8,000,000.00 kr; "
        "1,300,000.00 kr more to share out would have funded it with "
    )
    assert made.reason("HDIR-24-0002") == f"{expected}8,000,000.00 kr."
    assert rules.replace(made, []).reason("HDIR-24-0002") == made.reason("HDIR-24-0002")
    moved = rules.replace(made, ["HDIR-24-0001"])
    assert [award.outcome.value for award in moved.awards] == ["declined", "awarded", "awarded"]


def test_what_a_replaced_reason_names_really_would_do() -> None:
    """With as much more as the reason says, the application that waits is funded; with an øre less it is not."""
    rules = allocating(helseteknologi, Method.RANK_PARTIAL_LAST)
    minimum = {"requested_minimum": "20000000.00"}
    asked = [("1", {}), ("2", {}), ("3", minimum), ("4", minimum)]
    made = rules.allocate(
        in_order(rules, [helse(f"HDIR-24-000{i}", "30000000.00", **facts) for i, facts in asked]),
        budget=g.kr(65_000_000),
    )
    waiting = rules.replace(made, ["HDIR-24-0002"]).award("HDIR-24-0004")
    ended = {"line": 3, "left": g.kr(5_000_000), "needed": g.kr(20_000_000)}
    assert waiting.figures == {**ended, "more": g.kr(25_000_000), "then": g.kr(30_000_000)}


# Ties


def test_a_tie_names_everybody_whose_order_matters() -> None:
    """Where the first that does not fit ends everything, one that cannot be funded in any order matters too."""
    rules = allocating(helseteknologi, Method.RANK_STOP)
    level = [decided(rules, helse("X2", "9000000.00"), "3"), decided(rules, helse("X3", "1000000.00"), "3")]
    made = rules.allocate([decided(rules, helse("X1", "50000000.00"), "5"), *level])
    (tie,) = made.ties
    assert (tie.rank, tie.applications) == (2, ("X2", "X3"))
    assert (tie.left, tie.needed) == (g.kr(6_700_000), g.kr(10_000_000))
    assert made.award("X3").reason is g.Why.TIED
    assert made.award("X2").outcome is g.AwardOutcome.RESERVE


# Stored allocations


def _stored(**changed: Any) -> dict[str, Any]:
    return {**SECOND.allocate([decided(SECOND, again("B", "900000.00", None))]).to_dict(), **changed}


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"awards": []}, ["awarded"]),
        ({"awarded": "1.00"}, ["budget", "awarded"]),
        ({"groups": [{"id": "neu", "applications": [], "awarded": "0.00"}]}, ["groups[0].id"]),
        ({"reserve": ["B"]}, ["reserve"]),
    ],
)
def test_a_stored_allocation_that_contradicts_itself_is_refused(changed: dict[str, Any], where: list[str]) -> None:
    """Sums, groups and the reserve list of a file have to fit its awards."""
    assert [place for place, _ in refused(lambda: SECOND.read_allocation(_stored(**changed)))] == where


def test_a_stored_award_names_a_strand_that_is_there() -> None:
    """An award in a strand that the file does not know is refused."""
    data = _stored()
    data["awards"][0]["strand"] = "N2"
    assert [place for place, _ in refused(lambda: SECOND.read_allocation(data))] == ["awards[B].strand"]


def test_an_application_stands_once_in_a_stored_allocation() -> None:
    """An award that stands twice is refused, and so is the sum that it makes wrong."""
    data = _stored()
    data["awards"] *= 2
    assert [place for place, _ in refused(lambda: SECOND.read_allocation(data))] == ["awarded", "awards"]


@pytest.mark.parametrize("name", ["more", "then"])
def test_a_reason_without_a_figure_leaves_it_out(name: str) -> None:
    """A stored reason that lacks one of its figures still makes a sentence."""
    made = FIRST.allocate(in_order(FIRST, [*TWO, helse("HDIR-24-0003", "9000000.00")]))
    data = made.to_dict()
    data["awards"][2]["figures"][name] = None
    read = FIRST.read_allocation(data)
    for language in LANGUAGES:
        assert read.reason("HDIR-24-0003", language).endswith(".")


# Thresholds


def test_a_score_a_hair_below_the_threshold_is_shown_exactly() -> None:
    """Where two decimals would not tell a score from its threshold, the exact number is shown."""
    scoring = evolve(SCORING, threshold=g.Threshold(Fraction("70.001"), ASSUMED))
    rules = g.Registry.of(answering(helseteknologi, scoring=scoring)).rulebook("no_helseteknologi", "2024-1")
    made = rules.allocate([decided(rules, helse("HDIR-24-0001", "900000.00"), "2.999")])
    assert made.award("HDIR-24-0001").points == Decimal("69.99")
    assert made.reason("HDIR-24-0001") == "The score 69.99 is below the threshold of 70 [score.threshold]."
    made = rules.allocate([decided(rules, helse("HDIR-24-0002", "900000.00"), "3")])
    assert made.reason("HDIR-24-0002") == "The score 70 is below the threshold of 70.001 [score.threshold]."


def test_a_tie_within_intervals_is_settled_before_anybody_is_replaced() -> None:
    """While nobody is raised for a tie, nobody moves up past those who wait for it."""
    asked = [("A", "900000.00", "300000.00", "5"), ("B", "1000000.00", "900000.00", "3")]
    asked.append(("C", "1000000.00", "900000.00", "3"))
    decisions = [decided(RULES_2022, digitale(id, most, least), rating) for id, most, least, rating in asked]
    made = RULES_2022.allocate(decisions)
    settled = g.Settled(["B", "C"], "N.N.", "Loddtrekning.")
    assert refused(lambda: RULES_2022.replace(made, [], settled=settled)) == [("ties", "tie")]
    raised = RULES_2022.allocate(decisions, settled=settled)
    assert [award.amount for award in raised.awards[:2]] == [g.kr(900_000), g.kr(1_000_000)]


@pytest.mark.parametrize("given", [{"prior": 5}, {"settled": {"order": ["A"]}}])
def test_things_of_another_kind_are_refused_in_words(given: Any) -> None:
    """A number where a mapping belongs, and a mapping where a settled order does, are wrong input."""
    assert refused(lambda: SECOND.allocate([], **given)) == [(next(iter(given)), "wrong-type")]
    assert refused(lambda: SECOND.allocate([1])) == [("decision 1", "wrong-type")]  # type: ignore[list-item]


def test_everything_that_a_draft_lacks_is_named() -> None:
    """A rule that holds a fact against a list needs both, and names both while neither is stated."""
    finding = RULES_2022.decide(RULES_2022.read_application({})).finding("formal.responsible-party")
    assert finding.missing == ("organisations", "responsible_party")
