"""A person decides otherwise: findings are set aside and stay, and what the rules recommend stays beside it."""

import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve

import grantrules as g
import grantrules_no_helseteknologi.plugin as helseteknologi

from .rounds import (
    ASSUMED,
    LANGUAGES,
    POOL_NO,
    RULES_2018,
    RULES_2022,
    amounts,
    answering,
    assessed,
    decided,
    digitale,
    helse,
    kompetence,
    refusal,
    said,
)

LATE = kompetence("SUM-2018-0446", submitted_at="2018-10-01T12:07")
NOTHING = g.kr(0)
BY = "Kontorchef Birgit Holm"
REASON = "Digital Post var nede fra kl. 11.40 til 12.05."

SCORING = helseteknologi.scoring()
CAREFUL = g.Registry.of(
    answering(
        helseteknologi,
        scoring=evolve(
            SCORING,
            criteria=tuple(
                evolve(criterion, threshold=Fraction(3)) if criterion.id == "feasibility" else criterion
                for criterion in SCORING.criteria
            ),
            threshold=g.Threshold(Fraction(70), ASSUMED),
        ),
    )
).rulebook(POOL_NO, "2024-1")
"""The first allocation of 2024, had it asked for feasibility of at least 3 and 70 points in all."""


def overridden(decision: g.Decision, *sets_aside: str, rules: g.Rulebook = RULES_2018) -> g.Decision:
    """The decision with some findings set aside by the head of the office."""
    return rules.override(decision, by=BY, reason=REASON, sets_aside=sets_aside)


def operations(id: str) -> dict[str, Any]:
    """An application of which 2.5 of 5 million are ordinary operations, which no grant covers."""
    data = kompetence(id)
    (line,) = data["costs"]
    half = {**line, "amount": "2500000.00"}
    return {**data, "costs": [half, {**half, "id": "c2", "ordinary_operations": True}]}


# What is set aside


def test_a_requirement_is_set_aside_and_its_finding_stays() -> None:
    """The deadline was missed and that stays in the decision; what a person decided stands beside it."""
    plain = decided(RULES_2018, LATE)
    made = overridden(plain, "formal.deadline")
    assert made.findings == plain.findings
    assert made.finding("formal.deadline").result is g.Result.NOT_MET
    assert (made.outcome, made.decided_outcome) == (g.Outcome.DISMISSED, g.Outcome.ELIGIBLE)
    assert (made.highest_grant, made.recommended, made.decided) == (NOTHING, NOTHING, g.kr("2500000"))
    assert made.overrides == (g.Override(BY, REASON, ("formal.deadline",)),)
    assert plain.overrides == ()
    assert (plain.decided_outcome, plain.decided) == (plain.outcome, plain.recommended)


def test_an_open_requirement_can_be_set_aside() -> None:
    """A lead of a kind that the call does not name waits for a judgement; a person may settle it by an override."""
    company = [{"name": "Nordhus A/S", "kind": "company", "role": "lead"}]
    data = digitale("SUM-2022-0031", "400000.00", organisations=company, responsible_party="Nordhus A/S", funding=[])
    plain = decided(RULES_2022, data)
    assert plain.outcome is g.Outcome.UNDETERMINED
    made = overridden(plain, "eligibility.applicants", rules=RULES_2022)
    assert (made.outcome, made.decided_outcome) == (g.Outcome.UNDETERMINED, g.Outcome.ELIGIBLE)
    assert made.finding("eligibility.applicants").result is g.Result.UNDETERMINED
    assert amounts(RULES_2022.allocate([made])) == {"SUM-2022-0031": "400000.00"}
    assert amounts(RULES_2022.allocate([plain])) == {}


def test_a_cost_rule_is_set_aside_and_the_cost_statement_stays() -> None:
    """With what the rule took counted again the grant is higher; the cost statement still shows what it took."""
    plain = decided(RULES_2018, operations("SUM-2018-0431"))
    assert (plain.outcome, plain.highest_grant) == (g.Outcome.ELIGIBLE, NOTHING)
    made = overridden(plain, "cost.ordinary-operations")
    assert made.costs == plain.costs
    assert made.costs.disallowed == g.kr("2500000")
    assert (made.recommended, made.decided) == (NOTHING, g.kr("2500000"))
    assert RULES_2018.allocate([plain]).award("SUM-2018-0431").reason is g.Why.NO_GRANT
    award = RULES_2018.allocate([made]).award("SUM-2018-0431")
    assert (award.reason, award.amount, award.recommended) == (g.Why.FUNDED, g.kr("2500000"), NOTHING)


@pytest.mark.parametrize(
    ("aside", "reason"),
    [
        ((), g.Why.BELOW_THRESHOLD),
        (("feasibility",), g.Why.BELOW_THRESHOLD),
        (("score.threshold",), g.Why.BELOW_THRESHOLD),
        (("feasibility", "score.threshold"), g.Why.FUNDED),
    ],
    ids=str,
)
def test_thresholds_are_set_aside_one_by_one(aside: tuple[str, ...], reason: g.Why) -> None:
    """A threshold stops an application unless it is set aside; the score stays what it is."""
    alone = [{"name": "Træna kommune", "kind": "municipality", "role": "lead"}]
    plain = decided(CAREFUL, helse("HDIR-24-0001", "900000.00", organisations=alone), "2.5")
    made = overridden(plain, *aside, rules=CAREFUL) if aside else plain
    assert made.score == plain.score
    award = CAREFUL.allocate([made]).award("HDIR-24-0001")
    assert (award.reason, award.score) == (reason, Fraction(75, 2))
    left = {"feasibility": Fraction(3), "score.threshold": Fraction(70)}
    if reason is g.Why.BELOW_THRESHOLD:
        first = next(id for id in left if id not in aside)
        assert (award.figures["rule"], award.figures["threshold"]) == (first, left[first])


def test_several_overrides_add_up() -> None:
    """What two people set aside on two days is set aside together, and both are named."""
    plain = decided(RULES_2018, {**LATE, "signed": False})
    one = RULES_2018.override(
        plain, by="Fuldmægtig Jens Lund", reason="Underskriften kom dagen efter.", sets_aside=["formal.signature"]
    )
    assert one.decided_outcome is g.Outcome.DISMISSED
    both = overridden(one, "formal.deadline")
    assert both.decided_outcome is g.Outcome.ELIGIBLE
    assert [override.by for override in both.overrides] == ["Fuldmægtig Jens Lund", BY]
    together = overridden(plain, "formal.deadline", "formal.signature")
    assert (together.decided_outcome, together.decided) == (both.decided_outcome, both.decided)


def test_setting_one_finding_aside_leaves_the_others() -> None:
    """An application that fails two rules stays refused when one of them is set aside."""
    data = {**LATE, "activities": []}
    made = overridden(decided(RULES_2018, data), "formal.deadline")
    assert (made.outcome, made.decided_outcome) == (g.Outcome.DISMISSED, g.Outcome.INELIGIBLE)
    assert made.decided == 0
    assert RULES_2018.allocate([made]).award("SUM-2018-0446").outcome is g.AwardOutcome.INELIGIBLE


def test_a_rule_named_twice_counts_once() -> None:
    """Naming a rule twice in one override is naming it once."""
    made = overridden(decided(RULES_2018, LATE), "formal.deadline", "formal.deadline")
    assert made.overrides[0].sets_aside == ("formal.deadline",)


# Recommended and decided


def test_recommended_and_decided_amounts_stay_apart() -> None:
    """The overridden application takes the place of the last, whom the rules alone would have funded."""
    others = [decided(RULES_2018, kompetence(f"SUM-2018-000{i}"), str(4 - i)) for i in range(4)]
    made = RULES_2018.allocate([*others, overridden(decided(RULES_2018, LATE, "5"), "formal.deadline")])
    assert {award.application: (str(award.recommended), str(award.amount)) for award in made.awards} == {
        "SUM-2018-0446": ("0.00", "2500000.00"),
        "SUM-2018-0000": ("2500000.00", "2500000.00"),
        "SUM-2018-0001": ("2500000.00", "2500000.00"),
        "SUM-2018-0002": ("2500000.00", "2500000.00"),
        "SUM-2018-0003": ("2500000.00", "0.00"),
    }
    assert sum(award.recommended for award in made.awards) == g.kr("10000000")
    stored = {award["application"]: award for award in made.to_dict()["awards"]}
    assert (stored["SUM-2018-0446"]["recommended"], stored["SUM-2018-0446"]["amount"]) == ("0.00", "2500000.00")
    assert stored["SUM-2018-0446"]["overrides"] == [{"by": BY, "reason": REASON, "sets_aside": ["formal.deadline"]}]


def test_without_an_override_what_is_recommended_is_what_is_decided() -> None:
    """Where nobody sets anything aside both amounts are the same, and the text does not repeat them."""
    made = RULES_2018.allocate([decided(RULES_2018, kompetence(f"SUM-2018-000{i}"), str(5 - i)) for i in range(5)])
    assert all(award.amount == award.recommended for award in made.awards)
    assert "By the rules alone" not in made.explain("en")


ALONE = {
    "da": "Efter reglerne alene: 0,00 kr.",
    "nb": "Etter reglene alene: 0,00 kr.",
    "en": "By the rules alone: 0.00 kr.",
}
ASIDE = {"da": "har set bort fra", "nb": "har sett bort fra", "en": "set aside"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_allocation_tells_who_decided_otherwise(language: g.values.Language) -> None:
    """Who set what aside, and why, stands in the text, with what the rules alone would have given."""
    made = RULES_2018.allocate([overridden(decided(RULES_2018, LATE), "formal.deadline")])
    text = " ".join(made.explain(language).split())
    assert f"SUM-2018-0446: {BY} {ASIDE[language]} formal.deadline: {REASON}" in text
    assert ALONE[language] in text
    assert "kr.." not in text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "da",
            (
                "Resultat: Afvises",
                "Afgjort af et menneske: Tilskudsberettiget",
                "Højest mulige tilskud efter afgørelsen: 2.500.000,00 kr.",
            ),
        ),
        (
            "nb",
            (
                "Resultat: Avvises",
                "Avgjort av et menneske: Støtteberettiget",
                "Høyest mulige tilskudd etter avgjørelsen: 2 500 000,00 kr",
            ),
        ),
        (
            "en",
            (
                "Outcome: Dismissed",
                "Decided by a person: Eligible",
                "Highest grant possible as decided: 2,500,000.00 kr",
            ),
        ),
    ],
)
def test_the_letter_tells_both(language: g.values.Language, words: tuple[str, ...]) -> None:
    """The letter begins with the outcome by the rules; below it stand what a person decided, who, and why."""
    text = " ".join(overridden(decided(RULES_2018, LATE), "formal.deadline").explain(language).split())
    places = [text.index(said) for said in (*words, f"{BY} {ASIDE[language]} formal.deadline: {REASON}")]
    assert places == sorted(places)
    assert "[formal.deadline]" in text


# Stored


def read_back(decision: g.Decision) -> g.Decision:
    """The decision as it is read from the file it was stored in."""
    return RULES_2018.read_decision(json.loads(json.dumps(decision.to_dict())))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_overridden_decision_is_read_back_as_it_was(language: g.values.Language) -> None:
    """Overrides, both outcomes and both amounts survive being stored, and so does the letter."""
    made = overridden(decided(RULES_2018, LATE), "formal.deadline")
    stored = read_back(made)
    assert stored == made
    assert stored.overrides == made.overrides
    assert (stored.decided_outcome, stored.decided, stored.recommended) == (
        g.Outcome.ELIGIBLE,
        g.kr("2500000"),
        NOTHING,
    )
    assert stored.explain(language) == made.explain(language)
    assert RULES_2018.allocate([stored]) == RULES_2018.allocate([made])


def verified(decision: g.Decision, **facts: Any) -> g.Verification:
    """What becomes of a stored decision on the late application when some of its facts have changed."""
    data = {**LATE, **facts}
    assessment = RULES_2018.read_assessment(assessed(RULES_2018, data, "4"))
    return RULES_2018.verify(read_back(decision), RULES_2018.read_application(data), [assessment])


def test_an_overridden_decision_still_stands() -> None:
    """Nothing has changed, so the decision stands with all its overrides."""
    one = overridden(decided(RULES_2018, LATE), "formal.deadline")
    assert verified(one).stands
    two = RULES_2018.override(one, by="Jens Lund", reason="Igen.", sets_aside=["formal.deadline"])
    assert verified(two).stands


def test_a_change_of_the_facts_is_noticed_beside_the_override() -> None:
    """What differs is named; an override that still applies is no difference."""
    found = verified(overridden(decided(RULES_2018, LATE), "formal.deadline"), requested="2400000.00")
    assert not found.stands
    places = {difference.where for difference in found.differences}
    assert {"digests.application", "decided"} <= places
    assert "overrides" not in places


def test_an_override_that_nothing_needs_any_more_is_noticed() -> None:
    """In time after all, nothing stands in the way: the override that was stored no longer applies, and is shown."""
    found = verified(overridden(decided(RULES_2018, LATE), "formal.deadline"), submitted_at="2018-10-01T11:57")
    differing = {difference.where: difference for difference in found.differences}
    assert differing["overrides"].stored == [{"by": BY, "reason": REASON, "sets_aside": ["formal.deadline"]}]
    assert differing["overrides"].now == []
    assert differing["outcome"].now == "eligible"


@pytest.mark.parametrize(
    ("key", "value", "differing"),
    [
        ("overrides", [], "decided_outcome"),
        ("decided", "2400000.00", "decided"),
        ("decided_outcome", "ineligible", "decided_outcome"),
        ("recommended", "2500000.00", "recommended"),
    ],
)
def test_a_stored_override_that_was_tampered_with_is_noticed(key: str, value: Any, differing: str) -> None:
    """A file from which the override is struck, or in which an amount or outcome is changed, no longer stands."""
    data = {**overridden(decided(RULES_2018, LATE), "formal.deadline").to_dict(), key: value}
    assessment = RULES_2018.read_assessment(assessed(RULES_2018, LATE, "4"))
    found = RULES_2018.verify(data, RULES_2018.read_application(LATE), [assessment])
    assert differing in {difference.where for difference in found.differences}


# Refused


def _refused() -> list[tuple[str, Callable[[], Any], list[tuple[str, str]]]]:
    late = decided(RULES_2018, LATE)
    clean = decided(RULES_2018, kompetence("SUM-2018-0001"))

    def act(decision: g.Decision, by: Any, reason: Any, *sets_aside: Any) -> Callable[[], Any]:
        return lambda: RULES_2018.override(decision, by=by, reason=reason, sets_aside=sets_aside)

    def one(sets_aside: Any) -> Callable[[], Any]:
        return lambda: RULES_2018.override(late, by=BY, reason=REASON, sets_aside=sets_aside)

    return [
        ("by nobody", act(late, "", REASON, "formal.deadline"), [("by", "not-stated")]),
        (
            "by blanks, no reason",
            act(late, " ", "\t", "formal.deadline"),
            [("by", "not-stated"), ("reason", "not-stated")],
        ),
        ("by no text", act(late, None, 5, "formal.deadline"), [("by", "not-stated"), ("reason", "not-stated")]),
        ("nothing set aside", act(late, BY, REASON), [("sets_aside", "not-stated")]),
        ("a word instead of a list", one("formal.deadline"), [("sets_aside", "ids")]),
        ("no text in the list", one([5]), [("sets_aside", "ids")]),
        ("a rule that is met", act(late, BY, REASON, "formal.signature"), [("sets_aside", "unknown-rule")]),
        ("no rule", act(late, BY, REASON, "formal.dedline"), [("sets_aside", "unknown-rule")]),
        ("nothing to set aside", act(clean, BY, REASON, "formal.deadline"), [("sets_aside", "unknown-rule")]),
        ("the formula", act(late, BY, REASON, "grant.formula"), [("sets_aside", "unknown-rule")]),
        (
            "everything",
            act(late, "", "", "formal.deadline", "formal.signature", "x"),
            [("by", "not-stated"), ("reason", "not-stated"), *[("sets_aside", "unknown-rule")] * 2],
        ),
        (
            "a stored decision",
            lambda: RULES_2018.override(read_back(late), by=BY, reason=REASON, sets_aside=["formal.deadline"]),
            [("", "stored-decision")],
        ),
    ]


REFUSED = {name: (act, found) for name, act, found in _refused()}


@pytest.mark.parametrize("name", REFUSED)
def test_an_override_that_makes_no_sense_is_refused(name: str) -> None:
    """Nobody, no reason, nothing, or a rule that stands in nobody's way: refused with everything that is wrong."""
    act, found = REFUSED[name]
    assert sorted(refusal(act)) == sorted(found)


def test_a_misspelt_rule_is_pointed_out() -> None:
    """The refusal names the nearest rule that can be set aside, or all of them."""
    with pytest.raises(g.InputError) as caught:
        overridden(decided(RULES_2018, LATE), "formal.dedline", "eligibility.matching")
    assert str(caught.value) == (
        "override of SUM-2018-0446: 2 problems\n"
        "  sets_aside: there is no rule `formal.dedline`\n"
        "    hint: did you mean `formal.deadline`?\n"
        "  sets_aside: `eligibility.matching` stands in nobody's way here\n"
        "    hint: choose from `formal.deadline`"
    )


def test_the_reason_of_an_overridden_award_is_an_ordinary_one() -> None:
    """An application that was let in by a person competes as any other, and its reason is told as any other's."""
    made = RULES_2018.allocate([overridden(decided(RULES_2018, LATE), "formal.deadline")])
    assert said(made, "SUM-2018-0446")[2] == "Ranked 1st: funded in full, 2,500,000.00 kr."
