"""Whole rounds as a Hypothesis strategy: applications decided, and a budget near what some of them come to."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from attrs import evolve, field, frozen
from hypothesis import strategies as st

from grantrules.allocations import AllocationResult
from grantrules.application import Assessment
from grantrules.decisions import Decision
from grantrules.methods import Allocation, ByDraw
from grantrules.rulebooks import Rulebook
from grantrules.testing.strategies.applications import assessed_applications
from grantrules.values import AMOUNT_LIMIT, ORE

NOTHING = Decimal("0.00")

_SEED = "2020-06-24"


@frozen
class Caseload:
    """
    Applications of one round, decided, and a budget for them.

    Args:
        cases: each application with its assessments.
        seed: what lots are drawn with, where the round draws lots.
    """

    rulebook: Rulebook = field(repr=lambda rulebook: str(rulebook.rules.allocation))
    cases: Sequence[tuple[Any, list[Assessment]]]
    decisions: Sequence[Decision] = field(repr=False)
    budget: Decimal
    seed: str | None

    @property
    def allocation(self) -> Allocation:
        """How the round allocates its money."""
        assert self.rulebook.rules.allocation is not None
        return self.rulebook.rules.allocation

    def allocated(self, decisions: Sequence[Decision] | None = None, **changed: Any) -> AllocationResult:
        """The budget shared out over the decisions, or over others."""
        made = self.decisions if decisions is None else decisions
        return self.rulebook.allocate(made, **{"budget": self.budget, "seed": self.seed, **changed})


def caseload(rulebook: Rulebook, cases: Sequence[tuple[Any, list[Assessment]]], budget: Decimal) -> Caseload:
    """Applications decided, with their places in the list as case numbers; the order of the list says nothing."""
    numbered = [(evolve(application, id=f"S-{place}"), panel) for place, (application, panel) in enumerate(cases)]
    own = [(application, [evolve(one, application=None) for one in panel]) for application, panel in numbered]
    rules = rulebook.rules.allocation
    draws = rules is not None and ByDraw() in rules.order
    return Caseload(rulebook, own, [rulebook.decide(*case) for case in own], budget, _SEED if draws else None)


@st.composite
def rounds_of(draw: st.DrawFn, rulebook: Rulebook, most: int = 6) -> Caseload:
    """
    Rounds of a rulebook: up to `most` decided applications with full and partial panels, and a budget.

    The rulebook has to say how the money is allocated.
    """
    load = caseload(rulebook, draw(st.lists(assessed_applications(rulebook), max_size=most)), rulebook.round.budget)
    return evolve(load, budget=draw(budgets(load)))


@st.composite
def budgets(draw: st.DrawFn, load: Caseload) -> Decimal:
    """The round's own budget, or a sum that some of the applications come to, or near it; never below the floors."""
    sums = [load.rulebook.round.budget, NOTHING]
    for decision in load.decisions:
        least = decision.standing.least if decision.standing is not None else None
        sums += [sums[-1] + (decision.decided or NOTHING), sums[-1] + (least or NOTHING)]
    chosen = min(draw(st.sampled_from(sums)), AMOUNT_LIMIT / 100)
    near = draw(st.one_of(st.sampled_from((NOTHING, ORE, -ORE)), st.integers(0, 10**6).map(lambda n: n * ORE)))
    return max(chosen + near, lowest_budget(load.rulebook))


def lowest_budget(rulebook: Rulebook) -> Decimal:
    """A budget that covers the floors of the strands and the administration."""
    rules = rulebook.rules.allocation
    floors = sum((strand.floor or NOTHING for strand in rules.strands), NOTHING) if rules is not None else NOTHING
    return 2 * floors
