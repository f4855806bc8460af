"""
The hooks: everything that can be extended, on one page.

A plugin is a module or an object with some of these functions, each marked `@grantrules.hook`. A plugin with
`pool` owns that pool, and its other hooks are asked about that pool alone. A plugin without `pool` is an
extension: it is asked about every pool and may add rules to it, or return nothing.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import pluggy

from grantrules.pools import Condition, CostRule, GrantFormula, Pool, Requirement, Round

if TYPE_CHECKING:
    from grantrules.criteria import Scoring
    from grantrules.methods import Allocation

PROJECT = "grantrules"
"""The name of the entry point group and of the pluggy project."""

API_VERSION = 1
"""The version of this page. A plugin may state the one it was written for as `GRANTRULES_API`."""

_spec = pluggy.HookspecMarker(PROJECT)

hook = pluggy.HookimplMarker(PROJECT)
"""The mark of a hook implementation: `@hook` above the function."""

EXTENSION_HOOKS = ("eligibility", "cost_eligibility", "scoring", "conditions")
"""What a plugin without a pool may implement."""


class Hooks(Protocol):
    """The specifications."""

    @_spec(firstresult=True)
    def pool(self) -> Pool:
        """Return the pool this plugin owns, with its rounds."""

    @_spec
    def eligibility(self, pool: Pool, round: Round) -> Sequence[Requirement]:
        """Return the formal and eligibility rules, in the order of the call."""

    @_spec
    def cost_eligibility(self, pool: Pool, round: Round) -> Sequence[CostRule]:
        """Return the cost rules, in the order in which they are applied to what is left of a line."""

    @_spec(firstresult=True)
    def highest_grant(self, pool: Pool, round: Round) -> GrantFormula:
        """Return the highest grant possible for one application."""

    @_spec
    def scoring(self, pool: Pool, round: Round) -> "Scoring":
        """Return the award criteria and how they add up; from an extension, further criteria only."""

    @_spec(firstresult=True)
    def allocation(self, pool: Pool, round: Round) -> "Allocation":
        """Return how the round's money is allocated."""

    @_spec
    def conditions(self, pool: Pool, round: Round) -> Sequence[Condition]:
        """Return the duties that follow an award."""


HOOKS = tuple(name for name, member in vars(Hooks).items() if hasattr(member, f"{PROJECT}_spec"))
"""The names of all hooks, in the order of this page."""
