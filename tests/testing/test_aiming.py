"""Bringing applications to wanted results: what is found is so, and what can be is found."""

import pytest

import grantrules as g
from grantrules.serial.applications import application_to_data
from grantrules.testing.aiming.backwards import Aim
from grantrules.testing.aiming.editing import CaseFile
from grantrules.testing.aiming.search import PASSED, Has, aimed, blank, searched
from grantrules.testing.aiming.thresholds import hints_of
from tests.pools import EVERY_POOL, RULEBOOKS, TOY

UNREACHABLE = {"formal.always": (g.Result.NOT_MET, g.Result.UNDETERMINED)}
"""A toy rule that asks for nothing can neither fail nor be open."""


def _requirements() -> list[tuple[str, str]]:
    return [(name, rule.id) for name, rulebook in RULEBOOKS.items() for rule in rulebook.rules.requirements]


@EVERY_POOL
def test_every_requirement_can_be_passed_at_once(pool: str) -> None:
    """An application, begun from nothing, is found that is eligible."""
    rulebook = RULEBOOKS[pool]
    found = aimed(rulebook, {rule.id: PASSED for rule in rulebook.rules.requirements})
    assert found is not None
    assert rulebook.decide(*found).outcome is g.Outcome.ELIGIBLE
    assert rulebook.read_application(application_to_data(found[0])) == found[0]


@pytest.mark.parametrize(("pool", "rule"), _requirements())
@pytest.mark.parametrize("wanted", [g.Result.MET, g.Result.NOT_MET, g.Result.UNDETERMINED])
def test_each_result_of_a_requirement_is_found(pool: str, rule: str, wanted: g.Result) -> None:
    """Each result of each requirement is found while no other fails; nothing is found where there is nothing."""
    rulebook = RULEBOOKS[pool]
    others = {other.id: (*PASSED, g.Result.UNDETERMINED) for other in rulebook.rules.requirements}
    found = aimed(rulebook, {**others, rule: (wanted,)})
    assert (found is None) is (wanted in UNREACHABLE.get(rule, ()))
    if found is not None:
        results = rulebook.decide(*found).results
        assert results[rule] is wanted
        assert all(result is not g.Result.NOT_MET for id, result in results.items() if id != rule)


def test_a_requirement_can_be_made_not_to_apply() -> None:
    """A rule with a condition is found not applicable."""
    found = aimed(RULEBOOKS["dk_2018_kompetenceloeft"], {"eligibility.approval": g.Result.NOT_APPLICABLE})
    assert found is not None
    assert found[0].formal_programme is False


def test_only_what_is_wanted_is_stated() -> None:
    """Begun from nothing, little more is stated than what the rule asks for."""
    found = aimed(RULEBOOKS["dk_2018_kompetenceloeft"], {"formal.length": g.Result.NOT_MET})
    assert found is not None
    assert application_to_data(found[0]) == {
        "id": "A-1",
        "pool": "dk_2018_kompetenceloeft",
        "round": "2018",
        "pages": 6,
    }


def test_what_is_stated_is_kept_where_it_can_be() -> None:
    """Aiming from an application changes no fact that the rule does not look at."""
    rulebook = RULEBOOKS["dk_2018_kompetenceloeft"]
    start = rulebook.read_application({"id": "SUM-1", "signed": True, "pages": 2, "requested": "1500000.00"})
    found = aimed(rulebook, {"formal.length": g.Result.NOT_MET}, start=start)
    assert found is not None
    assert application_to_data(found[0]) == {**application_to_data(start), "pages": 6}


def test_an_unknown_rule_is_wrong_input() -> None:
    """A rule that is not there is refused, with the nearest name."""
    with pytest.raises(g.InputError, match=r"did you mean `formal.pages`\?"):
        aimed(TOY, {"formal.page": g.Result.MET})


def test_a_cost_line_can_be_aimed_at() -> None:
    """A line is found of which a cost rule's condition holds, through the organisation that bears it."""
    rule = next(rule for rule in TOY.rules.cost_rules if rule.id == "cost.share-of-companies")
    assert rule.when is not None
    aim = Aim(TOY.rules, hints_of(TOY.rules))
    found = searched(aim, blank(TOY), [Has(rule.when, True, {"costs": 0})])
    assert found is not None
    (line,) = found.application.costs or ()
    (bearer,) = [o for o in found.application.organisations or () if o.name == line.organisation]
    assert bearer.kind == "company"


def test_without_judging_no_answer_is_given() -> None:
    """Where judgements stay as they are, what only a judgement could grant is not granted."""
    pool = RULEBOOKS["dk_2021_digital_sundhed"]
    (applicants, *_) = pool.rules.requirements
    state = pool.read_application({"organisations": [{"name": "Styrelsen", "kind": "state", "role": "lead"}]})
    for judging in (True, False):
        aim = Aim(pool.rules, hints_of(pool.rules), judging=judging)
        answered = [f for f in aim.ways(CaseFile(pool.rules, state), applicants.demand, True, {}) if f.assessments]
        assert bool(answered) is judging
