"""When awards are turned down: the reserve list moves up, and what stands is never lowered."""

from decimal import Decimal
from functools import partial

import pytest

import grantrules as g
import grantrules_no_helseteknologi.plugin as helseteknologi

from .rounds import (
    ASSUMED,
    FIRST,
    LANGUAGES,
    RULES_2018,
    RULES_2022,
    SECOND,
    WORDS,
    again,
    allocating,
    amounts,
    decided,
    digitale,
    helse,
    in_order,
    kompetence,
    outcomes,
    refusal,
    said,
)

a = g.facts(FIRST.application)
STOP = allocating(helseteknologi, g.Method.RANK_STOP, "2024-1")
SKIP = allocating(helseteknologi, g.Method.RANK_SKIP, "2024-1")
PROPORTIONAL = allocating(helseteknologi, g.Method.PROPORTIONAL, "2024-1")

W = g.Why


def of_sizes(rules: g.Rulebook, *millions: str, minimum: str | None = None) -> g.AllocationResult:
    """Projects `A`, `B`, … of so many millions, in this order."""
    made = [
        helse(name, str(Decimal(size) * 1_000_000), minimum) for name, size in zip("ABCDEFGH", millions, strict=False)
    ]
    return rules.allocate(in_order(rules, made))


def sums_hold(made: g.AllocationResult) -> bool:
    """Awards, remainder and administration are the budget."""
    awarded = sum((award.amount for award in made.awards), Decimal(0))
    return awarded == made.awarded and made.awarded + made.remainder + made.administration == made.budget


def test_the_next_in_line_moves_up() -> None:
    """The first on the reserve list gets what became free, and leaves the list."""
    before = of_sizes(STOP, "30", "20", "15", "10")
    assert before.reserve == ("C", "D")
    made = STOP.replace(before, ["B"])
    assert amounts(made) == {"A": "30000000.00", "C": "15000000.00", "D": "10000000.00"}
    assert outcomes(made) == {"A": "awarded", "B": "declined", "C": "awarded", "D": "awarded"}
    assert made.award("B").reason is W.WITHDRAWN
    assert made.award("C").reason is W.FROM_RESERVE
    assert made.reserve == ()
    assert made.allotment.withdrawn == ("B",)
    assert sums_hold(made)
    assert amounts(before)["B"] == "20000000.00"


def test_the_list_stops_at_the_first_that_does_not_fit() -> None:
    """The list moves up in its order: whoever is first and does not fit holds up the others."""
    made = STOP.replace(of_sizes(STOP, "30", "20", "27", "5"), ["B"])
    assert amounts(made) == {"A": "30000000.00"}
    assert made.reserve == ("C", "D")
    assert made.remainder == g.kr("26700000")


def test_where_the_method_skips_the_list_skips_too() -> None:
    """Under a method that passes over what does not fit, the list passes over it as well."""
    made = SKIP.replace(of_sizes(SKIP, "30", "20", "27", "12", "13"), ["B"])
    assert amounts(made) == {"A": "30000000.00", "D": "12000000.00", "E": "13000000.00"}
    assert made.award("C").reason is W.DOES_NOT_FIT
    assert (
        said(made, "C")[2]
        == "Ranked 3rd; 26,700,000.00 kr was left when its turn came, and it needed 27,000,000.00 kr."
    )


def test_a_part_is_made_up_before_the_list_moves() -> None:
    """Who was funded in part gets the rest first; only then comes the next one, who may be funded in part in turn."""
    before = of_sizes(FIRST, "30", "20", "10", "16")
    assert amounts(before)["C"] == "6700000.00"
    made = FIRST.replace(before, ["B"])
    assert amounts(made) == {"A": "30000000.00", "C": "10000000.00", "D": "16000000.00"}
    assert made.award("C").outcome is g.AwardOutcome.AWARDED
    smaller = FIRST.replace(of_sizes(FIRST, "30", "20", "10", "25"), ["B"])
    assert amounts(smaller) == {"A": "30000000.00", "C": "10000000.00", "D": "16700000.00"}
    assert smaller.award("D").outcome is g.AwardOutcome.AWARDED_IN_PART


def test_the_one_in_part_may_turn_it_down() -> None:
    """A part that is turned down goes to the next in line."""
    before = of_sizes(FIRST, "50", "10", "8")
    assert amounts(before)["B"] == "6700000.00"
    made = FIRST.replace(before, ["B"])
    assert amounts(made) == {"A": "50000000.00", "C": "6700000.00"}


def test_a_part_to_the_next_is_never_below_the_least() -> None:
    """Money that became free and is less than the next one can use stays."""
    made = RULES_2018.replace(
        RULES_2018.allocate(
            in_order(
                RULES_2018,
                [kompetence(f"SUM-2018-000{i}") for i in range(3)]
                + [kompetence("SUM-2018-0003", "1600000.00"), kompetence("SUM-2018-0004", "1000000.00")]
                + [kompetence("SUM-2018-0005", "2500000.00", requested_minimum="2000000.00")],
            )
        ),
        ["SUM-2018-0003"],
    )
    assert amounts(made)["SUM-2018-0004"] == "1000000.00"
    assert "SUM-2018-0005" not in amounts(made)
    assert made.remainder == g.kr("1500000")


def test_replacing_again_and_again() -> None:
    """Awards that came from the list can be turned down too; every step keeps who withdrew, in order."""
    one = STOP.replace(of_sizes(STOP, "30", "20", "15", "20", "5"), ["B"])
    assert amounts(one) == {"A": "30000000.00", "C": "15000000.00"}
    two = STOP.replace(one, ["C"])
    assert amounts(two) == {"A": "30000000.00", "D": "20000000.00", "E": "5000000.00"}
    three = STOP.replace(two, ["A", "D"])
    assert amounts(three) == {"E": "5000000.00"}
    assert three.allotment.withdrawn == ("B", "C", "A", "D")
    assert {id for id, outcome in outcomes(three).items() if outcome == "declined"} == {"A", "B", "C", "D"}
    assert all(sums_hold(made) for made in (one, two, three))
    stored = STOP.read_allocation(two.to_dict())
    assert STOP.replace(stored, ["A", "D"]) == three


def test_nobody_withdraws() -> None:
    """With nobody gone, what was left is offered to the list again, and changes nothing."""
    before = of_sizes(STOP, "30", "20", "15")
    after = STOP.replace(before, [])
    assert (amounts(after), outcomes(after), after.reserve) == (amounts(before), outcomes(before), before.reserve)
    assert after.remainder == before.remainder


def test_everybody_withdraws() -> None:
    """All the money is free again, and all that is left of the list gets it."""
    made = STOP.replace(of_sizes(STOP, "30", "26", "15", "10"), ["A", "B"])
    assert amounts(made) == {"C": "15000000.00", "D": "10000000.00"}
    assert STOP.replace(made, ["C", "D"]).remainder == g.kr("56700000")


@pytest.mark.parametrize(
    "rules", [STOP, SKIP, FIRST, PROPORTIONAL], ids=lambda rules: rules.rules.allocation.method.name
)
@pytest.mark.parametrize("gone", ["A", "B", "C"])
def test_what_stands_is_never_lowered(rules: g.Rulebook, gone: str) -> None:
    """Whoever keeps an award keeps at least what it had, under every method."""
    before = of_sizes(rules, "30", "12", "9", "8", "30", "6")
    if gone not in amounts(before):
        assert refusal(lambda: rules.replace(before, [gone])) == [("withdrawn", "no-award")]
        return
    made = rules.replace(before, [gone])
    assert all(made.award(id).amount >= Decimal(amount) for id, amount in amounts(before).items() if id != gone)
    assert sums_hold(made)


def test_under_intervals_the_list_moves_up_and_raises_stay() -> None:
    """In the pool of 2022 those who stand keep what they have, and the next in line gets what became free."""
    made = RULES_2022.allocate(
        in_order(
            RULES_2022,
            [
                digitale("SUM-2022-0001", "900000.00", "700000.00"),
                digitale("SUM-2022-0002", "900000.00", "700000.00"),
                digitale("SUM-2022-0003", "700000.00"),
            ],
        )
    )
    assert amounts(made) == {"SUM-2022-0001": "900000.00", "SUM-2022-0002": "900000.00"}
    after = RULES_2022.replace(made, ["SUM-2022-0001"])
    assert amounts(after) == {"SUM-2022-0002": "900000.00", "SUM-2022-0003": "700000.00"}
    assert after.remainder == g.kr("400000")


def level(settled: g.Settled | None = None) -> g.AllocationResult:
    """`A` of 40 million, and `B` and `C` of 10 million each, level with each other."""
    made = [helse("A", "40000000.00"), helse("B", "10000000.00"), helse("C", "10000000.00")]
    ratings = ("5", "4", "4")
    return STOP.allocate([decided(STOP, d, r) for d, r in zip(made, ratings, strict=True)], settled=settled)


def test_a_tie_is_solved_by_money_that_becomes_free() -> None:
    """Level applications that waited for a person are all funded once there is money for all of them."""
    before = level()
    assert before.ties[0].applications == ("B", "C")
    made = STOP.replace(before, ["A"])
    assert amounts(made) == {"B": "10000000.00", "C": "10000000.00"}
    assert made.ties == ()


def test_a_tie_can_be_settled_afterwards() -> None:
    """A person orders those who are level on the list, and the list moves up in that order; both are told."""
    settled = g.Settled(["C", "B"], "Avdelingsdirektør Aasen", "Loddtrekning i vitners nærvær.")
    made = STOP.replace(level(), [], settled=settled)
    assert amounts(made) == {"A": "40000000.00", "C": "10000000.00"}
    assert made.ties == ()
    assert made.allotment.settled == settled
    assert "Avdelingsdirektør Aasen" in made.explain("nb")


def test_a_tie_that_is_not_settled_keeps_waiting() -> None:
    """Money that becomes free and does not suffice for all who are level is not given to one of them by chance."""
    made = [helse("A", "40000000.00"), helse("B", "10000000.00"), helse("C", "30000000.00"), helse("D", "30000000.00")]
    ratings = ("5", "4", "3", "3")
    before = STOP.allocate([decided(STOP, d, r) for d, r in zip(made, ratings, strict=True)])
    assert before.reserve == ("C", "D")
    after = STOP.replace(before, ["A"])
    assert amounts(after) == {"B": "10000000.00"}
    (tie,) = after.ties
    assert (tie.rank, tie.applications, tie.left) == (3, ("C", "D"), g.kr("46700000"))
    assert {after.award(id).reason for id in "CD"} == {W.TIED}


def test_top_ups_are_replaced_by_what_is_next_new_or_not() -> None:
    """In the second allocation the list is one list, and the groups are counted anew."""
    before = SECOND.allocate(
        in_order(
            SECOND,
            [
                again("A", "14500000.00", "500000.00"),
                again("B", "900000.00", None),
                again("C", "9000000.00", "1000000.00"),
            ],
        )
    )
    assert [group.awarded for group in before.groups] == [g.kr("500000"), g.kr("14000000")]
    made = SECOND.replace(before, ["A"])
    new, topped_up = made.groups
    assert (new.applications, new.awarded) == (("B",), g.kr("900000"))
    assert (topped_up.applications, topped_up.awarded) == (("C",), g.kr("8000000"))


def test_a_strand_keeps_its_ceiling() -> None:
    """The list of a strand moves up only as far as the strand may go, however much money is free."""
    homes = g.Strand(
        "allocation.homes", a.areas.includes_any("welfare_technology"), WORDS, ASSUMED, ceiling=g.kr("5000000")
    )
    rules = allocating(helseteknologi, g.Method.RANK_STOP, "2024-1", strands=(homes,))
    made = [helse(name, "3000000.00", areas=["welfare_technology"]) for name in "AB"]
    made += [helse(name, "30000000.00", areas=["medical_record"]) for name in "CD"]
    before = rules.allocate(in_order(rules, made))
    assert outcomes(before) == {"A": "awarded", "B": "reserve", "C": "awarded", "D": "reserve"}
    freed = rules.replace(before, ["C"])
    assert outcomes(freed) == {"A": "awarded", "B": "reserve", "C": "declined", "D": "awarded"}
    assert freed.award("B").reason is W.STRAND_FULL
    moved = rules.replace(before, ["A"])
    assert amounts(moved) == {"B": "3000000.00", "C": "30000000.00"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_after_a_replacement_is_clean(language: g.values.Language) -> None:
    """Every reason is a sentence, the list is shorter, and nothing is said of what no longer is."""
    made = FIRST.replace(of_sizes(FIRST, "30", "20", "10", "16"), ["B"])
    text = made.explain(language)
    for spoilt in ("kr..", "{", "None", "?"):
        assert spoilt not in text
    for award in made.awards:
        assert " ".join(made.reason(award.application, language).split()) in " ".join(text.split())


def test_wrong_withdrawals_are_refused_with_everything_that_is_wrong() -> None:
    """Unknown, without an award, named twice: all of it in one report, and nothing is replaced."""
    before = of_sizes(STOP, "30", "20", "15")
    found = refusal(lambda: STOP.replace(before, ["A", "A", "C", "X"]))
    assert sorted(found) == [("withdrawn", "no-award"), ("withdrawn", "twice"), ("withdrawn", "unknown-application")]
    gone = STOP.replace(before, ["A"])
    assert refusal(lambda: STOP.replace(gone, ["A"])) == [("withdrawn", "no-award")]
    settled = g.Settled(["B", "B", "Y"], "", "etter loddtrekning")
    assert sorted(refusal(lambda: STOP.replace(before, ["Z"], settled=settled))) == [
        ("settled.by", "not-stated"),
        ("settled.order", "twice"),
        ("settled.order", "unknown-application"),
        ("withdrawn", "unknown-application"),
    ]


def test_an_allocation_of_other_rules_is_refused() -> None:
    """Another round's allocation, or one made before the rules were changed, is not replaced by these rules."""
    before = of_sizes(FIRST, "30", "20")
    for rules in (SECOND, STOP, FIRST.with_values(budget=g.kr("9000000"))):
        assert refusal(partial(rules.replace, before, ["A"])) == [("", "other-rules")]
    stored = FIRST.read_allocation({**before.to_dict(), "rules": "sha256:0000"})
    assert refusal(lambda: FIRST.replace(stored, ["A"])) == [("", "other-rules")]
