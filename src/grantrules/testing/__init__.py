"""
For the tests of people who write and change rules. Nothing here is imported by the rest of the library.

    applications, assessments, rounds_of    Hypothesis strategies read off a rulebook
    law_suite, broken_laws                  the laws that every pool keeps
    read_cases, case_differences            example cases and what is expected of them
    coverage_of, watching                   what a run of decisions has shown of the rules
    mutate                                  whether cases and laws would notice a mistake
    compare                                 what another version of the rules changes

Names are imported when they are first asked for: cases and coverage need nothing beyond the library, strategies,
laws, mutants and comparisons need Hypothesis, which comes with the extra `grantrules[testing]`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grantrules.testing.aiming.search import aimed as aimed
    from grantrules.testing.cases.reading import Case as Case
    from grantrules.testing.cases.reading import case_differences as case_differences
    from grantrules.testing.cases.reading import read_cases as read_cases
    from grantrules.testing.comparing.comparison import Comparison as Comparison
    from grantrules.testing.comparing.comparison import compare as compare
    from grantrules.testing.comparing.intents import Intent as Intent
    from grantrules.testing.comparing.intents import read_intent as read_intent
    from grantrules.testing.coverage import Coverage as Coverage
    from grantrules.testing.coverage import coverage_of as coverage_of
    from grantrules.testing.coverage import unwatched as unwatched
    from grantrules.testing.coverage import watching as watching
    from grantrules.testing.laws import Breach as Breach
    from grantrules.testing.laws import broken_laws as broken_laws
    from grantrules.testing.laws import law_suite as law_suite
    from grantrules.testing.mutation.running import Fate as Fate
    from grantrules.testing.mutation.running import Mutation as Mutation
    from grantrules.testing.mutation.running import mutate as mutate
    from grantrules.testing.strategies.applications import applications as applications
    from grantrules.testing.strategies.applications import assessed_applications as assessed_applications
    from grantrules.testing.strategies.applications import assessments as assessments
    from grantrules.testing.strategies.applications import stated_more as stated_more
    from grantrules.testing.strategies.rounds import Caseload as Caseload
    from grantrules.testing.strategies.rounds import rounds_of as rounds_of

_LATER = {
    "grantrules.testing.aiming.search": ("aimed",),
    "grantrules.testing.cases.reading": ("Case", "case_differences", "read_cases"),
    "grantrules.testing.comparing.comparison": ("Comparison", "compare"),
    "grantrules.testing.comparing.intents": ("Intent", "read_intent"),
    "grantrules.testing.coverage": ("Coverage", "coverage_of", "unwatched", "watching"),
    "grantrules.testing.laws": ("Breach", "broken_laws", "law_suite"),
    "grantrules.testing.mutation.running": ("Fate", "Mutation", "mutate"),
    "grantrules.testing.strategies.applications": (
        "applications",
        "assessed_applications",
        "assessments",
        "stated_more",
    ),
    "grantrules.testing.strategies.rounds": ("Caseload", "rounds_of"),
}

__all__ = [
    "Breach",
    "Case",
    "Caseload",
    "Comparison",
    "Coverage",
    "Fate",
    "Intent",
    "Mutation",
    "aimed",
    "applications",
    "assessed_applications",
    "assessments",
    "broken_laws",
    "case_differences",
    "compare",
    "coverage_of",
    "law_suite",
    "mutate",
    "read_cases",
    "read_intent",
    "rounds_of",
    "stated_more",
    "unwatched",
    "watching",
]


def __getattr__(name: str) -> Any:
    for module, names in _LATER.items():
        if name in names:
            from importlib import import_module

            return getattr(import_module(module), name)
    raise AttributeError(f"module `grantrules.testing` has no name `{name}`")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
