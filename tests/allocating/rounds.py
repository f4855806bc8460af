"""
Applications as they come in to the real pools, decided; and the pools with another way of sharing out their money.

Amounts are written as text, ratings are the same on every criterion that assessors rate, so a higher rating is a
higher rank.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from types import FunctionType, ModuleType
from typing import Any

import pytest

import grantrules as g
import grantrules_dk_2018_kompetenceloeft.plugin as kompetenceloeft
import grantrules_dk_2022_digitale_kompetencer.plugin as digitale_kompetencer
import grantrules_no_helseteknologi.plugin as helseteknologi

LANGUAGES: tuple[g.values.Language, ...] = ("da", "nb", "en")

POOL_2018, POOL_2022, POOL_NO = "dk_2018_kompetenceloeft", "dk_2022_digitale_kompetencer", "no_helseteknologi"

REGISTRY = g.Registry.of(kompetenceloeft, digitale_kompetencer, helseteknologi)
RULES_2018 = REGISTRY.rulebook(POOL_2018)
RULES_2022 = REGISTRY.rulebook(POOL_2022, "2022")
RULES_2023 = REGISTRY.rulebook(POOL_2022, "2023")
FIRST = REGISTRY.rulebook(POOL_NO, "2024-1")
SECOND = REGISTRY.rulebook(POOL_NO, "2024-2")

WORDS = g.Text("prøvet af en test", "prøvd av en test", "tried by a test")
ASSUMED = g.Assumed(WORDS)


# Rules


def answering(plugin: ModuleType, **answers: Any) -> ModuleType:
    """A real plugin of which some hooks give another answer; a function becomes the hook itself."""
    made = ModuleType(plugin.__name__)
    vars(made).update({name: found for name, found in vars(plugin).items() if not name.startswith("__")})
    for name, answer in answers.items():
        function = answer if isinstance(answer, FunctionType) else _returning(answer)
        function.__module__ = plugin.__name__
        setattr(made, name, g.hook(function))
    return made


def _returning(answer: Any) -> Callable[[], Any]:
    def implementation() -> Any:
        return answer

    return implementation


def allocating(plugin: ModuleType, method: g.Method, round: str | None = None, **stated: Any) -> g.Rulebook:
    """A real round whose money is shared out in another way; other rounds of the pool go by score alone."""

    def allocation(round: g.Round) -> g.Allocation:
        return g.Allocation(method, WORDS, ASSUMED, **(stated if round.id == asked else {}))

    asked = round or plugin.pool().rounds[0].id
    return g.Registry.of(answering(plugin, allocation=allocation)).rulebook(plugin.pool().id, asked)


# Applications


def kompetence(id: str | None, requested: str = "2500000.00", **facts: Any) -> dict[str, Any]:
    """An application to the pool of 2018 that meets everything, with as much own financing as it applies for."""
    amount = Decimal(requested)
    costs = [
        {
            "id": "c1",
            "category": "project_staff",
            "amount": str(2 * amount),
            "vat": "0.00",
            "vat_recoverable": True,
            "incurred_on": "2019-06-28",
            "organisation": "Odense Kommune",
            "ordinary_operations": False,
        }
    ]
    sound = {
        "id": id,
        "pool": POOL_2018,
        "round": "2018",
        "title": "Digital hjemmemonitorering: et fælles kursus",
        "submitted_at": "2018-09-27T10:15",
        "signed": True,
        "pages": 5,
        "activities": ["new_course"],
        "competence_elements": ["technology_understanding", "application", "communication"],
        "shares_material": True,
        "formal_programme": False,
        "organisations": [
            {"name": "Odense Kommune", "kind": "municipality", "role": "lead"},
            {"name": "Region Syddanmark", "kind": "region", "role": "partner"},
        ],
        "requested": requested,
        "costs": costs,
        "funding": [{"source": "own", "form": "cash", "amount": requested, "organisation": "Odense Kommune"}],
    }
    return {**sound, **facts}


def digitale(id: str | None, requested: str, minimum: str | None = None, **facts: Any) -> dict[str, Any]:
    """An application to the pool of 2022 that meets everything, perhaps with the least that it can use."""
    sound = {
        "id": id,
        "pool": POOL_2022,
        "round": "2022",
        "title": "Digitale værktøjer på dagsordenen i sygeplejerskeuddannelsen",
        "submitted_at": "2022-06-28T14:02",
        "signed": True,
        "responsible_party": "UC Syd",
        "target_groups": ["students", "teachers"],
        "primary_aim": True,
        "people_reached": 320,
        "organisations": [
            {"name": "UC Syd", "kind": "education", "role": "lead"},
            {"name": "Haderslev Kommune", "kind": "municipality", "role": "partner"},
        ],
        "requested": requested,
        "requested_minimum": minimum,
        "costs": [],
        "funding": [{"source": "own", "form": "in_kind", "amount": "40000.00", "organisation": "UC Syd"}],
    }
    return {**sound, **facts}


def helse(id: str | None, requested: str | None, minimum: str | None = None, **facts: Any) -> dict[str, Any]:
    """An application to the first allocation of 2024 that meets everything."""
    sound = {
        "id": id,
        "pool": POOL_NO,
        "round": "2024-1",
        "title": "Digital hjemmeoppfølging i fjellkommunene",
        "submitted_at": "2024-01-11T09:30",
        "areas": ["digital_home_follow_up"],
        "organisations": [
            {"name": "Bardu kommune", "kind": "municipality", "role": "lead"},
            {"name": "Målselv kommune", "kind": "municipality", "role": "partner"},
        ],
        "requested": requested,
        "requested_minimum": minimum,
        "costs": [],
        "funding": [],
    }
    return {**sound, **facts}


def again(
    id: str | None, requested: str | None, before: str | None, minimum: str | None = None, **facts: Any
) -> dict[str, Any]:
    """The same application in the second allocation, with what it was awarded in the first; `None` for nothing."""
    status = {"status": "not_awarded"} if before is None else {"status": "awarded", "awarded": before}
    return {**helse(id, requested, minimum), "round": "2024-2", "first_round": status, **facts}


# Decisions


def assessed(rules: g.Rulebook, data: Mapping[str, Any], rating: str) -> dict[str, Any]:
    """An assessment of an application that rates every criterion the same."""
    rated = [criterion.id for criterion in rules.rules.scoring.criteria if criterion.computed is None]
    return {
        "application": data["id"],
        "assessor": "panel-1",
        "ratings": dict.fromkeys(rated, rating),
        "conflict_of_interest": False,
    }


def decided(rules: g.Rulebook, data: Mapping[str, Any], rating: str | None = "4") -> g.Decision:
    """The decision on an application that is rated the same on every criterion, or not at all."""
    assessments = [] if rating is None else [rules.read_assessment(assessed(rules, data, rating))]
    return rules.decide(rules.read_application(data), assessments)


def in_order(rules: g.Rulebook, applications: Iterable[Mapping[str, Any]]) -> list[g.Decision]:
    """Decisions on applications, each rated a little lower than the one before it."""
    made = list(applications)
    step = Decimal(5) / max(1, len(made))
    return [decided(rules, data, str(round(5 - i * step, 3))) for i, data in enumerate(made)]


def outcomes(made: g.AllocationResult) -> dict[str, str]:
    """What became of every application, by case number."""
    return {award.application: award.outcome.value for award in made.awards}


def amounts(made: g.AllocationResult) -> dict[str, str]:
    """What every application that gets money gets, by case number."""
    return {award.application: str(award.amount) for award in made.awards if award.amount}


def said(made: g.AllocationResult, application: str) -> tuple[str, str, str]:
    """Why an application gets what it gets, in Danish, Norwegian and English; hard spaces as spaces."""
    da, nb, en = (made.reason(application, language).replace("\u00a0", " ") for language in LANGUAGES)
    return da, nb, en


def refusal(act: Callable[[], Any]) -> list[tuple[str, str]]:
    """Place and code of everything that an act is refused for."""
    with pytest.raises(g.InputError) as caught:
        act()
    assert str(caught.value).startswith(caught.value.subject)
    return [(problem.where, problem.code) for problem in caught.value.problems]
