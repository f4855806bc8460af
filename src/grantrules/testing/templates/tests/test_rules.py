"""What holds for this pool and no other. Cases show one application at a time; here stands what they cannot show."""

import json
from pathlib import Path

from grantrules import Decision, Outcome, Registry, kr

import grantrules_pool_id.plugin

REGISTRY = Registry.of(grantrules_pool_id.plugin)
RULES = REGISTRY.rulebook("pool_id", "2027")
CLEAN = Path(__file__).parents[1] / "cases" / "clean"


def test_a_blank_application_is_a_draft() -> None:
    """What the template leaves open can be decided, and the decision asks for it."""
    decision = RULES.decide(RULES.read_application(RULES.template("application", "en")))
    assert decision.outcome is Outcome.UNDETERMINED
    assert {need.origin for need in decision.needed} == {"applicant", "assessor"}


def test_a_lower_ceiling_refuses_more() -> None:
    """A what-if: at a ceiling of 250,000, an application for 300,000 is refused by that rule."""
    application = RULES.read_application({"requested": "300000.00"})
    assert RULES.decide(application).finding("eligibility.grant-limits").result.value == "met"
    lower = RULES.with_values(grant_ceiling=kr("250000"))
    assert lower.decide(application).finding("eligibility.grant-limits").margin == kr("-50000")


def test_the_best_gets_its_money_first() -> None:
    """With money for one and a half, the higher score is funded in full and the lower one in part."""
    decisions = [_decided("one", "2"), _decided("other", "4.5")]
    made = RULES.allocate(decisions, budget=kr("450000"))
    assert [(award.application, award.amount) for award in made.awards] == [
        ("other", kr("300000")),
        ("one", kr("150000")),
    ]


def _decided(id: str, rating: str) -> Decision:
    """The case `clean` under another case number, with this rating on both criteria."""
    facts = json.loads((CLEAN / "application.json").read_text("utf-8"))
    said = json.loads((CLEAN / "assessment-1.json").read_text("utf-8"))
    ratings = {"relevance": rating, "feasibility": rating}
    assessment = RULES.read_assessment({**said, "application": id, "ratings": ratings})
    return RULES.decide(RULES.read_application({**facts, "id": id}), [assessment])
