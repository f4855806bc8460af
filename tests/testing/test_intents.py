"""Intents: a change that does what it is to do holds, and everything else is named, with an example."""

from typing import Any

import pytest

import grantrules as g
from grantrules.terms.schema import Kind
from grantrules.testing.comparing.comparison import Applications, compare
from grantrules.testing.comparing.intents import Breach, breaches, read_intent
from tests.pools import LATER_TOY, REAL, TOY, a, text, v

from .test_comparing import AFTER, CALL, CEILING, FIRST, SECOND, changed, stated, without

RAISE = {"may": {"eligibility.grant-limits": "relax", "grant.formula": "relax"}, "values": {"grant_ceiling": "rise"}}
LARGE = stated("clean", requested="2800000.00")


def intent(**parts: Any) -> dict[str, Any]:
    """An intent file."""
    return {"format": "grantrules.intent/1", "why": "the call of 2024 raises the ceiling", **parts}


def broken(old: g.Rulebook, new: g.Rulebook, parts: dict[str, Any], tried: Applications = ()) -> list[Breach]:
    """Everything in which a change is not as intended."""
    return list(breaches(read_intent(intent(**parts), old.rules, new.rules), compare(old, new, tried)))


def told(found: list[Breach]) -> dict[str, str]:
    """What is said of each rule, value or fact."""
    return {breach.id: breach.message for breach in found}


def test_what_was_intended_holds() -> None:
    """A ceiling that rises may relax the limits and the formula, and does nothing else."""
    assert broken(REAL, CEILING, RAISE, [LARGE, stated("clean"), stated("refused")]) == []


def test_nothing_at_all_may_be_intended() -> None:
    """An intent that names nothing holds where nothing moves."""
    assert broken(REAL, REAL, {}, [LARGE]) == []


def test_a_value_that_is_not_named_must_not_move() -> None:
    """Upwards only: the floor that falls too relaxes the same rule, and is named all the same."""
    wider = REAL.with_values(grant_ceiling=g.kr("3000000"), grant_floor=g.kr("500000"))
    assert told(broken(REAL, wider, RAISE)) == {
        "grant_floor": "the value has fallen: 1,000,000.00 kr → 500,000.00 kr; the intent does not name it"
    }


def test_a_value_that_goes_the_other_way() -> None:
    """A ceiling that falls is neither the rise that was allowed, nor do the rules relax."""
    lower = REAL.with_values(grant_ceiling=g.kr("2000000"))
    found = told(broken(REAL, lower, RAISE))
    assert found["grant_ceiling"].endswith("; the intent lets it rise")
    assert found["eligibility.grant-limits"] == "it moved: tightened; the intent lets it relax"


def test_an_application_that_goes_the_other_way_is_shown() -> None:
    """An application that is refused now is the example."""
    lower = REAL.with_values(grant_ceiling=g.kr("1300000"))
    found = broken(REAL, lower, {**RAISE, "values": {"grant_ceiling": "change"}}, [stated("clean")])
    shown = [breach.example for breach in found if breach.id == "eligibility.grant-limits" and breach.example]
    assert shown
    assert shown[0].effect.main.change == "eligible → ineligible"


def test_a_rule_that_is_not_named_must_not_move() -> None:
    """Not even in its wording; and what is said of it is said once."""
    reworded = changed(CEILING, "formal.length", statement=text("short"))
    assert told(broken(REAL, reworded, RAISE)) == {
        "formal.length": "only its wording changed; the intent does not name it"
    }
    may = {**RAISE["may"], "formal.length": "reword"}
    assert broken(REAL, reworded, {**RAISE, "may": may}) == []


def shared_or_signed(rulebook: g.Rulebook) -> g.Rulebook:
    """The 2018 pool with a way around sharing its material."""
    r = g.facts(rulebook.application)
    return changed(rulebook, "eligibility.sharing", demand=g.any_of(r.shares_material, r.signed))


def test_what_may_be_reworded_may_not_move() -> None:
    """A rule whose wording alone may change gets no way around it by the way."""
    found = told(broken(REAL, shared_or_signed(REAL), {"may": {"eligibility.sharing": "reword"}}))
    assert found == {"eligibility.sharing": "it moved: relaxed; the intent lets it reword"}


def test_an_effect_through_a_rule_that_is_not_named() -> None:
    """An application that flips through another rule is the example of that rule's breach."""
    (breach,) = broken(REAL, shared_or_signed(CEILING), RAISE, [LARGE, stated("clean", shares_material=False)])
    assert (breach.id, breach.message) == ("eligibility.sharing", "it moved: relaxed; the intent does not name it")
    assert breach.example is not None
    assert breach.example.application["shares_material"] is False


def test_a_permission_that_is_not_used_is_stale() -> None:
    """What was to move and did not is told, of rules, values and facts alike."""
    parts = {"may": {"formal.length": "relax"}, "values": {"grant_floor": "fall"}, "facts": {"pages": "change"}}
    found = told(broken(REAL, REAL, parts))
    assert set(found) == {"formal.length", "grant_floor", "pages"}
    assert all("did not move: strike it out" in message for message in found.values())


def test_a_rule_that_only_reads_otherwise_was_not_relaxed() -> None:
    """The permission to relax is stale where the wording alone changed."""
    reworded = changed(REAL, "formal.length", statement=text("short"))
    assert told(broken(REAL, reworded, {"may": {"formal.length": "relax"}})) == {
        "formal.length": "only its wording changed; the intent lets it relax"
    }


def test_what_nobody_can_tell_is_not_taken_for_granted() -> None:
    """A rule whose direction is unclear is no relaxed rule; seen on applications it is, and `change` allows either."""
    demand = a.visits.total(v.children * 3) >= a.pages
    moved = changed(TOY, "eligibility.visits", demand=demand)
    relax = {"may": {"eligibility.visits": "relax"}}
    assert "unclear" in told(broken(TOY, moved, relax))["eligibility.visits"]
    seen = ({"visits": [{"children": 4, "price": "0.00"}], "pages": 9}, ())
    assert broken(TOY, moved, relax, [seen]) == []
    assert broken(TOY, moved, {"may": {"eligibility.visits": "change"}}) == []


def test_rules_and_facts_that_come_and_go() -> None:
    """What is added and removed is named with these words, and the values that go with it."""
    parts: dict[str, Any] = {
        "may": {
            "formal.deadline": "remove",
            "eligibility.first-round": "add",
            "eligibility.top-up-room": "add",
            "grant.formula": "tighten",
            "allocation.method": "change",
            "round.title": "reword",
            "round.appropriations": "reword",
        },
        "values": {"budget": "fall", "deadline": "remove"},
        "facts": {"first_round": "add", "first_round.status": "add", "first_round.awarded": "add"},
    }
    facts = {"organisations": [{"role": "lead", "kind": "municipality"}], "areas": ["medical_record"]}
    tried = [({**facts, "submitted_at": "2024-01-10T12:00:00", "requested": "20000000.00"}, ())]
    assert broken(FIRST, SECOND, parts, tried) == []
    swapped = {**parts, "may": {**parts["may"], "formal.deadline": "relax", "eligibility.first-round": "change"}}
    assert set(told(broken(FIRST, SECOND, swapped))) == {"formal.deadline", "eligibility.first-round"}


def test_a_round_that_keeps_the_rules_and_moves_its_deadline() -> None:
    """Wording is named rule by rule, for each was read again."""
    reworded = [change.id for change in compare(CALL, AFTER).changes if change.id != "formal.deadline"]
    may = {"formal.deadline": "relax", **dict.fromkeys(reworded, "reword")}
    assert broken(CALL, AFTER, {"may": may, "values": {"deadline": "rise"}}) == []


def test_a_fact_that_is_added() -> None:
    """A later class of applications may ask for more only where that was intended."""
    found = told(broken(TOY, LATER_TOY, {}))
    assert found["earlier"] == "it was added; the intent does not name it"
    assert "earlier" not in told(broken(TOY, LATER_TOY, {"facts": {"earlier": "add"}}))
    assert Kind.MONEY in {field.kind for field in LATER_TOY.rules.schema.application.fields if field.name == "earlier"}


def test_a_rule_that_is_gone_was_not_relaxed() -> None:
    """To relax is not to remove."""
    gone = without(REAL, "eligibility.sharing")
    assert told(broken(REAL, gone, {"may": {"eligibility.sharing": "relax"}})) == {
        "eligibility.sharing": "it was removed; the intent lets it relax"
    }


@pytest.mark.parametrize(
    ("data", "where", "said"),
    [
        ({"format": "grantrules.intent/2", "why": "w"}, "format", "expected `grantrules.intent/1`"),
        ({"format": "grantrules.intent/1"}, "why", "expected the reason, got `null`"),
        (intent(why=" "), "why", "expected the reason"),
        (intent(mai={}), "mai", "there is no such key"),
        (intent(may=["x"]), "may", "expected an object"),
        (intent(may={"eligibility.grant-limit": "relax"}), "may.eligibility.grant-limit", "neither side has a rule"),
        (intent(may={"grant.formula": "relaxe"}), "may.grant.formula", "expected what may become of it, got `relaxe`"),
        (intent(values={"grant_celing": "rise"}), "values.grant_celing", "neither side has a value of the round"),
        (intent(values={"grant_ceiling": "relax"}), "values.grant_ceiling", "expected what may become of it"),
        (intent(facts={"page": "add"}), "facts.page", "neither side has a fact `page`"),
        (intent(may={"grant.formula": 3}), "may.grant.formula", "got `3`"),
    ],
)
def test_an_intent_that_is_wrong(data: dict[str, Any], where: str, said: str) -> None:
    """Each mistake is told with its place, and something to do about it."""
    with pytest.raises(g.InputError) as raised:
        read_intent(data, REAL.rules, CEILING.rules)
    (problem,) = raised.value.problems
    assert problem.where == where
    assert said in problem.message
    assert problem.hint


def test_everything_wrong_at_once_with_the_nearest_names() -> None:
    """A misspelt rule, value and verb are reported together, each with what may have been meant."""
    data = intent(may={"grant.fromula": "relax", "formal.length": "rewrod"}, values={"grant_celing": "rise"})
    with pytest.raises(g.InputError) as raised:
        read_intent(data, REAL.rules, CEILING.rules)
    hints = [problem.hint for problem in raised.value.problems]
    assert hints == ["did you mean `grant.formula`?", "did you mean `reword`?", "did you mean `grant_ceiling`?"]


def test_comments_are_not_read() -> None:
    """People may say more."""
    data = {"$comment": "x", "may": {"$comment": "y", **RAISE["may"]}, "values": RAISE["values"]}
    assert broken(REAL, CEILING, data) == []
