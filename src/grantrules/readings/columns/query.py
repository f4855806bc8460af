"""
Rule sets over tables: one query, from the facts of many applications to what the rules say of each.

Several rule sets may be asked at once, over one scan of the tables; what they share is computed once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

from attrs import define, evolve, field, frozen

from grantrules.errors import InputError, Problem
from grantrules.pools import Condition, CostRule, GrantFormula, Requirement
from grantrules.readings.columns.assessing import bring_assessments
from grantrules.readings.columns.costs import LINE, CostLines, bound_rule, cost_lines, rule_terms
from grantrules.readings.columns.frames import OUTERMOST, Frames, Scope
from grantrules.readings.columns.lists import Items, open_scope
from grantrules.readings.columns.terms import NOT_IN_COLUMNS, ONE_BY_ONE, Pass, Reader, Unsupported
from grantrules.ruleset import Rule, RuleSet
from grantrules.tables.fitting import Frame
from grantrules.tables.layout import LINE_JUDGEMENTS, layout
from grantrules.terms.nodes import Term
from grantrules.terms.notation import notation
from grantrules.terms.walk import bound, walk

Made = TypeVar("Made")


@frozen
class Asked:
    """
    One rule set of a query, with what the round binds in place of the names.

    Args:
        reader: reads its terms.
    """

    reader: Reader

    @property
    def rules(self) -> RuleSet:
        """The rule set."""
        return self.reader.rules

    def bound(self, term: Term | None) -> Term | None:
        """A term with what the round binds."""
        return None if term is None else bound(term, self.rules.values)

    @cached_property
    def requirements(self) -> tuple[Requirement, ...]:
        """The requirements."""
        return tuple(
            evolve(rule, demand=bound(rule.demand, self.rules.values), when=self.bound(rule.when))
            for rule in self.rules.requirements
        )

    @cached_property
    def cost_rules(self) -> tuple[CostRule, ...]:
        """The cost rules, in order."""
        return tuple(bound_rule(rule, self.reader) for rule in self.rules.cost_rules)

    @cached_property
    def grant(self) -> GrantFormula:
        """The grant formula."""
        formula = self.rules.grant
        return evolve(formula, amount=bound(formula.amount, self.rules.values), floor=self.bound(formula.floor))

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """The duties that follow an award only under a condition."""
        conditions = self.rules.conditions
        return tuple(evolve(one, when=self.bound(one.when)) for one in conditions if one.when is not None)

    @property
    def roots(self) -> Iterator[tuple[str, Term, Scope]]:
        """Every term of the rules, with the id of its rule and the scope in which it is read."""
        judged: tuple[Rule, ...] = (*self.requirements, self.grant, *self.conditions)
        for rule in judged:
            yield from ((rule.id, term, OUTERMOST) for _, term in rule.terms)
        for criterion in self.rules.scoring.criteria:
            yield from ((criterion.id, bound(term, self.rules.values), OUTERMOST) for _, term in criterion.terms)
        for cost_rule in self.cost_rules:
            yield from ((cost_rule.id, term, LINE) for term in rule_terms((cost_rule,)))

    def refusal(self, error: Unsupported) -> Iterator[Problem]:
        """What to say of a term that columns cannot express: a problem for every rule that has it."""
        message = f"`{notation(error.term)}` cannot be worked out in columns: {error.reason}"
        found = [id for id, root, _ in self.roots if any(term == error.term for term in walk(root))]
        yield from (
            Problem(id, message, ONE_BY_ONE, NOT_IN_COLUMNS) for id in dict.fromkeys(found or [self.rules.name])
        )


@define
class Query:
    """
    The frames of a query after all lists have been gone through, and what was found in the cost lines.

    Args:
        line_limit: no application may have more items in a list.
        lines: cost rules to the columns of the lines under them.
        items: the column of how many lines an application has.
    """

    frames: Frames
    asked: tuple[Asked, ...]
    line_limit: int
    lines: dict[tuple[CostRule, ...], CostLines] = field(factory=dict)
    items: str = ""
    problems: list[Problem] = field(factory=list)

    def tried(self, asked: Asked, function: Callable[..., Made], *arguments: object) -> Made | None:
        """What a function makes; `None` if it comes upon a term that columns cannot express, which is noted."""
        try:
            return function(*arguments)
        except Unsupported as error:
            self.problems += asked.refusal(error)
            return None

    def settle(self) -> None:
        """
        Go on only if everything could be expressed so far.

        Raises:
            InputError: with every rule that columns cannot express.
        """
        if self.problems:
            raise InputError(self.asked[0].rules.name, dict.fromkeys(self.problems))


def query(rules: Sequence[RuleSet], tables: Mapping[str, Frame], line_limit: int) -> Query:
    """
    Go through all lists for several rule sets at once.

    Args:
        tables: as `grantrules.tables.checking` has passed them.

    Raises:
        InputError: a rule that columns cannot express.
    """
    by_line = frozenset(id for one in rules for id in one.line_judgements) if LINE_JUDGEMENTS in tables else frozenset()
    frames = Frames(tuple(layout(one) for one in rules), tables, by_line)
    first = Reader(frames, rules[0])
    readers = (first, *(Reader(frames, one, first.held) for one in rules[1:]))
    made = Query(frames, tuple(Asked(reader) for reader in readers), line_limit)
    for reader in readers:
        open_scope(reader, OUTERMOST)
    bring_assessments(frames, rules)
    _go_through_lists(made)
    return made


def _go_through_lists(query: Query) -> None:
    """Make every pass over a list as soon as the passes are made that it needs."""
    waiting = {one: asked for asked in query.asked for one in _passes(asked)}
    costs = {asked.cost_rules: asked for asked in query.asked}
    done: set[Pass] = set()
    while waiting or costs:
        ready = [one for one, asked in waiting.items() if asked.reader.needed(one) <= done]
        # The cost lines are the longest list, so what is asked of them waits for each other.
        others = [one for one in ready if one.inner != LINE]
        group = [one for one in others if one.inner == others[0].inner] if others else ready
        lines = {} if others else {rules: asked for rules, asked in costs.items() if _needed(asked, rules) <= done}
        _go_through(query, {one: waiting.pop(one) for one in group}, lines)
        done |= set(group)
        costs = {rules: asked for rules, asked in costs.items() if rules not in lines}


def _passes(asked: Asked) -> Iterator[Pass]:
    for _, term, scope in asked.roots:
        yield from asked.reader.passes(term, scope)


def _needed(asked: Asked, rules: tuple[CostRule, ...]) -> frozenset[Pass]:
    return frozenset(one for term in rule_terms(rules) for one in asked.reader.passes(term, LINE))


def _go_through(query: Query, passes: Mapping[Pass, Asked], costs: Mapping[tuple[CostRule, ...], Asked]) -> None:
    """Go through one list once, for all that is asked of it."""
    inner = next((one.inner for one in passes), LINE)
    items = Items(query.frames, inner, query.line_limit)
    for one, asked in passes.items():
        query.tried(asked, items.open, asked.reader, one.terms)
    for rules, asked in costs.items():
        query.tried(asked, items.open, asked.reader, tuple(rule_terms(rules)))
    query.settle()
    for one, asked in passes.items():
        query.tried(asked, items.ask, asked.reader, one)
    for rules, asked in costs.items():
        lines = query.tried(asked, cost_lines, asked.reader, rules)
        if lines is not None:
            query.lines[rules] = lines
            items.gather(lines.gathered)
    query.settle()
    items.add_up()
    query.items = items.count if inner == LINE else query.items
    for one, asked in passes.items():
        query.tried(asked, items.answer, asked.reader, one)
    query.settle()
    items.close(query.asked[0].reader)
