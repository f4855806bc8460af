"""Laws of single cost rules: each takes something, and does so of lines that no other touches."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import assert_never

from attrs import frozen

from grantrules.pools import Above, CostRule, Part, Whole
from grantrules.readings.evaluate import ZERO, claimed, cuts
from grantrules.rulebooks import Rulebook
from grantrules.terms.nodes import Constant, Fact, Term
from grantrules.terms.schema import COSTS
from grantrules.testing.aiming.backwards import Aim
from grantrules.testing.aiming.editing import At, CaseFile
from grantrules.testing.aiming.search import Wish, blank, searched
from grantrules.testing.aiming.thresholds import hints_of
from grantrules.testing.laws.law import Cases, Wrong
from grantrules.testing.laws.reaching import NOTHING_FOUND, TRIES, names
from grantrules.values import exact, kr

LINE: At = {COSTS: 0}
"""The line that is aimed at."""

USUAL = kr(100)
"""What a line costs that is made up."""


@frozen
class Cuts:
    """
    A cost rule surely takes something of the first line, or surely nothing.

    Args:
        among: the rules that are applied, in order; the rule is one of them.
    """

    rule: CostRule
    among: tuple[CostRule, ...]
    wanted: bool = True

    def holds(self, file: CaseFile) -> bool:
        """It is so."""
        lowest, highest = self._taken(file)
        return lowest > ZERO if self.wanted else highest == ZERO

    def taken(self, file: CaseFile) -> Decimal:
        """What the rule surely takes."""
        return self._taken(file)[0]

    def _taken(self, file: CaseFile) -> tuple[Decimal, Decimal]:
        """What the rule takes at least and at most; of no line, nothing."""
        whole = claimed(file.items(COSTS)[0]) if file.items(COSTS) else None
        if whole is None:
            return ZERO, ZERO
        with exact():
            made = [cut for cut in cuts(self.among, file.at(LINE), whole) if cut.rule == self.rule]
            return sum((cut.taken for cut in made), ZERO), sum((cut.taken + cut.may for cut in made), ZERO)

    def ways(self, file: CaseFile, aim: Aim) -> Iterator[CaseFile]:
        """Files, near this one, of which it may be so."""
        if not file.items(COSTS):
            file = file.with_item(COSTS)
        line = file.items(COSTS)[0]
        if line.vat is None:
            file = file.stated((COSTS, 0, "vat"), ZERO)
        if line.amount is None:
            file = file.stated((COSTS, 0, "amount"), USUAL)
        guards = [term for term in (self.rule.concerns, self.rule.when) if term is not None]
        if self.wanted:
            for bite in _bites(self.rule):
                yield from aim.every(file, [(term, True) for term in (*guards, *bite)], LINE)
        else:
            # A line that costs nothing is cut by no rule, and of no use to the other wishes.
            terms = [*guards, *(term for bite in _bites(self.rule) for term in bite)]
            ways = (made for term in terms for made in aim.ways(file, term, False, LINE))
            yield from (made for made in ways if claimed(made.items(COSTS)[0]))


def _bites(rule: CostRule) -> Sequence[Sequence[Term]]:
    """What has to hold of figures so that a rule takes something: one way or another."""
    match rule.disallow:
        case Part(amount):
            return ([amount > Constant(ZERO)],)
        case Above(limit):
            return ([Fact(COSTS, ("amount",)) > limit], [limit <= Constant(ZERO)])
        case Whole():
            return ([],)
        case _:
            assert_never(rule.disallow)


def cost_rules_that_never_cut(rulebook: Rulebook) -> Iterator[Wrong]:
    """Every cost rule takes something of some line."""
    for rule in rulebook.rules.cost_rules:
        if cutting(rulebook, rule) is None:
            yield Wrong(f"it never takes anything: {NOTHING_FOUND}", rule.id)


def cost_rules_that_never_cut_alone(rulebook: Rulebook) -> Iterator[Wrong]:
    """Every cost rule takes something of some line of which no other takes anything."""
    for rule in rulebook.rules.cost_rules:
        if cutting(rulebook, rule, alone=True) is None:
            yield _shadowed(rulebook, rule)


def cutting(rulebook: Rulebook, rule: CostRule, alone: bool = False) -> CaseFile | None:
    """An application with a line that a cost rule cuts, and if `alone`, no other."""
    every = rulebook.rules.cost_rules
    others = [Cuts(other, every, wanted=False) for other in every if other != rule]
    return nearest_to(rulebook, [Cuts(rule, every), *(others if alone else [])])


def nearest_to(rulebook: Rulebook, wishes: Sequence[Wish]) -> CaseFile | None:
    """The first application found of which all wishes hold, from one start after another."""
    hints = hints_of(rulebook.rules)
    for turn in range(TRIES):
        file = searched(Aim(rulebook.rules, hints, turn), blank(rulebook), wishes)
        if file is not None:
            return file
    return None


def _shadowed(rulebook: Rulebook, rule: CostRule) -> Wrong:
    """Why a cost rule does not cut alone: it never cuts, or another cuts the same line."""
    every, file = rulebook.rules.cost_rules, cutting(rulebook, rule)
    if file is None:
        return Wrong(f"it never takes anything: {NOTHING_FOUND}", rule.id)
    others = [other for other in every if other != rule]
    apart = {other.id: nearest_to(rulebook, [Cuts(rule, every), Cuts(other, every, wanted=False)]) for other in others}
    shadows = [id for id, without in apart.items() if without is None]
    said = f"only lines that {names(shadows)} cuts too" if shadows else "no line that all others leave whole"
    return Wrong(f"it cuts {said}: {NOTHING_FOUND}", rule.id, shown(file))


def shown(file: CaseFile) -> Cases:
    """A file as an example."""
    return ((file.application, list(file.assessments)),)
