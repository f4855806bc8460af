"""
Rules of public grant schemes as data: who may get money, for what, and how much, exactly and with reasons.

    rules = grantrules.rulebook("dk_2018_kompetenceloeft", "2018")
    application = rules.read_application("application.json")
    decision = rules.decide(application)
    print(decision.explain("da"))
"""

from typing import TYPE_CHECKING, Any

from grantrules.application import (
    ASSOCIATION,
    CASH,
    COMPANY,
    EDUCATION,
    HOSPITAL,
    IN_KIND,
    LEAD,
    MUNICIPALITY,
    OTHER,
    OWN,
    PARTNER,
    PATIENT_ASSOCIATION,
    PRIVATE,
    PUBLIC,
    REGION,
    REPRESENTED,
    STATE,
    Application,
    Assessment,
    Cost,
    Funding,
    Organisation,
    choice,
    choices,
    count,
    day,
    flag,
    many,
    moment,
    money,
    own_financing,
    quantity,
    record,
    text,
)
from grantrules.bases import Assumed, Cited, Notice, Source
from grantrules.criteria import (
    Band,
    Banded,
    Combination,
    Combining,
    Criterion,
    Emphasis,
    Linear,
    Scale,
    Scoring,
    Threshold,
    Weighting,
    Weights,
)
from grantrules.errors import GrantrulesError, InputError, PluginError, Problem
from grantrules.hooks import API_VERSION, hook
from grantrules.methods import (
    Administration,
    Allocation,
    Base,
    ByDraw,
    ByScore,
    ByTerm,
    CoFinancing,
    Method,
    Strand,
)
from grantrules.pools import (
    Above,
    Appropriation,
    Assumption,
    CarriedOver,
    Condition,
    CostRule,
    Figure,
    GrantFormula,
    Part,
    Pool,
    Requirement,
    Round,
    Stage,
    Value,
    Whole,
)
from grantrules.terms.schema import Option
from grantrules.terms.words import (
    all_of,
    always,
    any_of,
    at_least,
    eligible_costs,
    facts,
    greatest,
    judgement,
    known,
    least,
    not_,
    share,
    value,
    when,
)
from grantrules.values import Dated, DatedTable, Rounding, Text, kr

if TYPE_CHECKING:
    from grantrules.allocations import AllocationResult
    from grantrules.awards import Award, AwardOutcome, Override, Settled, Tie, Why
    from grantrules.decisions import Decision, Difference, Verification
    from grantrules.findings import CostFinding, CostLine, CostStatement, Finding, Need, Outcome, Result, Score
    from grantrules.matching import Match, match
    from grantrules.registry import Failure, Registry, rulebook
    from grantrules.rulebooks import Rulebook

# What plugins write with is imported at once; what reads and decides, when it is first used. A program that
# only states rules does not pay for deciding.
_LATER = {
    "grantrules.allocations": ("AllocationResult",),
    "grantrules.awards": ("Award", "AwardOutcome", "Override", "Settled", "Tie", "Why"),
    "grantrules.decisions": ("Decision", "Difference", "Verification"),
    "grantrules.findings": (
        "CostFinding",
        "CostLine",
        "CostStatement",
        "Finding",
        "Need",
        "Outcome",
        "Result",
        "Score",
    ),
    "grantrules.matching": ("Match", "match"),
    "grantrules.registry": ("Failure", "Registry", "rulebook"),
    "grantrules.rulebooks": ("Rulebook",),
}

__all__ = [
    "API_VERSION",
    "ASSOCIATION",
    "CASH",
    "COMPANY",
    "EDUCATION",
    "HOSPITAL",
    "IN_KIND",
    "LEAD",
    "MUNICIPALITY",
    "OTHER",
    "OWN",
    "PARTNER",
    "PATIENT_ASSOCIATION",
    "PRIVATE",
    "PUBLIC",
    "REGION",
    "REPRESENTED",
    "STATE",
    "Above",
    "Administration",
    "Allocation",
    "AllocationResult",
    "Application",
    "Appropriation",
    "Assessment",
    "Assumed",
    "Assumption",
    "Award",
    "AwardOutcome",
    "Band",
    "Banded",
    "Base",
    "ByDraw",
    "ByScore",
    "ByTerm",
    "CarriedOver",
    "Cited",
    "CoFinancing",
    "Combination",
    "Combining",
    "Condition",
    "Cost",
    "CostFinding",
    "CostLine",
    "CostRule",
    "CostStatement",
    "Criterion",
    "Dated",
    "DatedTable",
    "Decision",
    "Difference",
    "Emphasis",
    "Failure",
    "Figure",
    "Finding",
    "Funding",
    "GrantFormula",
    "GrantrulesError",
    "InputError",
    "Linear",
    "Match",
    "Method",
    "Need",
    "Notice",
    "Option",
    "Organisation",
    "Outcome",
    "Override",
    "Part",
    "PluginError",
    "Pool",
    "Problem",
    "Registry",
    "Requirement",
    "Result",
    "Round",
    "Rounding",
    "Rulebook",
    "Scale",
    "Score",
    "Scoring",
    "Settled",
    "Source",
    "Stage",
    "Strand",
    "Text",
    "Threshold",
    "Tie",
    "Value",
    "Verification",
    "Weighting",
    "Weights",
    "Whole",
    "Why",
    "all_of",
    "always",
    "any_of",
    "at_least",
    "choice",
    "choices",
    "count",
    "day",
    "eligible_costs",
    "facts",
    "flag",
    "greatest",
    "hook",
    "judgement",
    "known",
    "kr",
    "least",
    "many",
    "match",
    "moment",
    "money",
    "not_",
    "own_financing",
    "quantity",
    "record",
    "rulebook",
    "share",
    "text",
    "value",
    "when",
]


def __getattr__(name: str) -> Any:
    for module, names in _LATER.items():
        if name in names:
            from importlib import import_module

            return getattr(import_module(module), name)
    raise AttributeError(f"module `grantrules` has no name `{name}`")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
