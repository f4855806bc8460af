"""The law that no two rules say the same: of any two, some application tells them apart."""

from collections.abc import Iterator
from itertools import combinations

from grantrules.findings import Result
from grantrules.pools import CostRule, Requirement
from grantrules.rulebooks import Rulebook
from grantrules.testing.aiming.search import PASSED
from grantrules.testing.laws.cutting import Cuts, nearest_to
from grantrules.testing.laws.law import Wrong
from grantrules.testing.laws.reaching import NOTHING_FOUND, failing_alone, found


def rules_that_always_agree(rulebook: Rulebook) -> Iterator[Wrong]:
    """Requirements that always fail together, cost rules that always take the same, criteria worth the same."""
    # A requirement that fails alone is unlike every other, and one that never fails agrees with nobody.
    requirements = [
        rule
        for rule in rulebook.rules.requirements
        if failing_alone(rulebook, rule) is None and found(rulebook, {rule.id: Result.NOT_MET}) is not None
    ]
    for one, other in combinations(requirements, 2):
        if not _fails_without(rulebook, one, other) and not _fails_without(rulebook, other, one):
            yield _alike(one.id, other.id)
    for one_cut, other_cut in combinations(rulebook.rules.cost_rules, 2):
        if _always_takes_as_much(rulebook, one_cut, other_cut):
            yield _alike(one_cut.id, other_cut.id)
    for one_criterion, other_criterion in combinations(rulebook.rules.scoring.criteria, 2):
        if one_criterion.computed is not None and one_criterion.computed == other_criterion.computed:
            yield _alike(one_criterion.id, other_criterion.id)


def _alike(one: str, other: str) -> Wrong:
    return Wrong(f"it always agrees with `{one}`: {NOTHING_FOUND}", other)


def _fails_without(rulebook: Rulebook, rule: Requirement, other: Requirement) -> bool:
    return found(rulebook, {rule.id: Result.NOT_MET, other.id: PASSED}) is not None


def _always_takes_as_much(rulebook: Rulebook, one: CostRule, other: CostRule) -> bool:
    """Two cost rules, each applied by itself, take the same of every line that was found for either."""
    first, second = Cuts(one, (one,)), Cuts(other, (other,))
    for wishes in ([first, Cuts(other, (other,), False)], [second, Cuts(one, (one,), False)]):
        if nearest_to(rulebook, wishes) is not None:
            return False
    both = nearest_to(rulebook, [first, second])
    return both is not None and first.taken(both) == second.taken(both)
