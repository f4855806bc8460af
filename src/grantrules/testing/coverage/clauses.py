"""
The clauses of a rule set: every single condition inside its rules, where it is looked at, and what it can be at all.

A clause is a comparison, a question whether a word is among others, a yes or no that is stated or judged, a count of
different organisations, or whether a fact is known. What stands inside a list is looked at for each item of the list.
A part of a rule is looked at where what stands before it holds: a demand where `when` does, the `when` of a cost rule
on the lines that it concerns, what is added up of the items that are picked. "Met" and "not met" are said of the clause
itself, also inside a "not".
"""

from collections.abc import Iterator, Mapping
from typing import TypeAlias, assert_never

from attrs import evolve, frozen

from grantrules.bases import Placed
from grantrules.criteria import Criterion
from grantrules.methods import Administration, Allocation, CoFinancing, Strand
from grantrules.pools import Condition, CostRule, GrantFormula, Requirement
from grantrules.ruleset import Rule, RuleSet
from grantrules.terms.nodes import (
    AllOf,
    AnyOf,
    Arithmetic,
    AtLeast,
    Choose,
    Compare,
    Constant,
    Different,
    Exists,
    Extreme,
    Fact,
    Judgement,
    Known,
    Lookup,
    Membership,
    Named,
    Not,
    Rounded,
    Share,
    Term,
    Total,
)
from grantrules.terms.notation import notation
from grantrules.terms.schema import COSTS, ORGANISATIONS, Kind
from grantrules.terms.walk import parts, walk
from grantrules.testing.aiming.thresholds import STEPS
from grantrules.testing.coverage.possible import Position, Possible
from grantrules.testing.coverage.sides import Side
from grantrules.values import LANGUAGES, Text

POSITIONS: Mapping[Position, Side] = {
    Position.BELOW: Side.BELOW,
    Position.AT: Side.AT,
    Position.ABOVE: Side.ABOVE,
}


@frozen
class Into:
    """What follows is looked at for each item of a list."""

    collection: str


@frozen
class Guard:
    """
    What follows is looked at where a condition has settled one way.

    Args:
        place: of the condition in its rule.
    """

    place: str
    term: Term
    holds: bool = True


Way: TypeAlias = tuple[Into | Guard, ...]
"""What leads to a part of a rule, from the outside in."""


@frozen
class Spot:
    """
    A term somewhere in a rule.

    Args:
        place: where it stands in the rule, such as `demand.items[1].where`.
        way: under what circumstances, and for which items, it is looked at.
    """

    rule: str
    place: str
    term: Term
    way: Way = ()

    @property
    def id(self) -> str:
        """Rule and place; stable as long as the rule is built alike."""
        return f"{self.rule}:{self.place}"

    @property
    def scope(self) -> tuple[str, ...]:
        """The lists for whose items it is looked at, the outermost first."""
        return tuple(step.collection for step in self.way if isinstance(step, Into))

    def possible(self, rules: RuleSet) -> Possible:
        """What terms can be there, given what leads to it."""
        found = Possible(rules)
        for step in self.way:
            found = found.where(step.term, step.holds) if isinstance(step, Guard) else found
        return found


@frozen
class Limits:
    """
    A comparison of values that have an order.

    Args:
        found: the side that is held against the limit.
        limit: the side that is a figure of the call, else the right one.
        kind: of both.
    """

    found: Term
    limit: Term
    kind: Kind


@frozen
class Clause:
    """
    One condition inside a rule.

    Args:
        spot: the condition and where it stands.
        label: what it is about, in words: the labels of the facts and the questions that it asks.
        limits: both sides, where it compares amounts, numbers, days or moments.
        sides: what can be seen of it.
        impossible: what cannot, with the reason.
    """

    spot: Spot
    label: Text
    limits: Limits | None
    sides: tuple[Side, ...]
    impossible: Mapping[Side, str]

    @property
    def id(self) -> str:
        """Rule and place, as in `formal.length:demand`."""
        return self.spot.id

    @property
    def text(self) -> str:
        """The condition in one line."""
        return notation(self.spot.term)


def subject(term: Term) -> Term:
    """What a condition asks about: the fact that it compares or looks up among words, else itself."""
    match term:
        case Compare(_, Constant() | Named(), found) | Compare(_, found) | Membership(_, found):
            return found
        case _:
            return term


def clauses_of(rules: RuleSet) -> tuple[Clause, ...]:
    """Every clause of a rule set, in the order of its rules."""
    return tuple(
        _clause(rules, spot) for rule in rules.rules for spot in spots(rules, rule) if _is_clause(rules, spot.term)
    )


def spots(rules: RuleSet, rule: Rule) -> Iterator[Spot]:
    """Every term of a rule that is a clause, or the least or the greatest of several."""
    for place, term in rule.terms:
        yield from _inside(rules, Spot(rule.id, place, term, _before(rule, place)))


def _before(rule: Rule, place: str) -> Way:
    """What comes before a term of a rule."""
    match rule:
        case Requirement(when=when):
            return _guards(("when", when)) if place == "demand" else ()
        case CostRule(when=when, concerns=concerns):
            concerned = (Into(COSTS), *_guards(("concerns", concerns)))
            before: Mapping[str, Way] = {"concerns": (Into(COSTS),), "when": concerned}
            return before.get(place, (*concerned, *_guards(("when", when))))
        case GrantFormula() | Criterion() | Condition() | Allocation() | Administration() | Strand() | CoFinancing():
            return ()
        case _:
            assert_never(rule)


def _guards(*conditions: tuple[str, Term | None]) -> Way:
    return tuple(Guard(place, term) for place, term in conditions if term is not None)


def _inside(rules: RuleSet, spot: Spot) -> Iterator[Spot]:
    """The spots inside a spot, itself among them."""
    match spot.term:
        case Constant() | Named():
            return
        case Fact() | Judgement() | Known():
            yield spot
        case Compare() | Membership():
            yield spot
            # A yes or no that is compared is a part of the comparison, no condition of its own.
            inner = ((place, term) for place, term in parts(spot.term) if not isinstance(term, Fact | Judgement))
            yield from _all_inside(rules, spot, inner)
        case Extreme():
            yield spot
            yield from _all_inside(rules, spot, parts(spot.term))
        case Not(Exists(collection, AllOf((where, Not(item))))):
            # Every one of those picked: what is demanded is looked at for these alone.
            into = evolve(spot, place=f"{spot.place}.item.where", way=(*spot.way, Into(collection)))
            picked = Guard(f"{into.place}.items[0]", where)
            yield from _inside(rules, _at(into, "items[0]", where))
            yield from _inside(rules, _at(into, "items[1].item", item, picked))
        case Exists(collection, where):
            yield from _inside(rules, _at(spot, "where", where, Into(collection)))
        case Different(_, where):
            yield spot
            yield from _inside(rules, _at(spot, "where", where, Into(ORGANISATIONS)))
        case Total(collection, item, where):
            into = evolve(spot, way=(*spot.way, Into(collection)))
            if where is not None:
                yield from _inside(rules, _at(into, "where", where))
            yield from _inside(rules, _at(into, "item", item, *_guards((f"{spot.place}.where", where))))
        case Choose(condition, chosen, otherwise):
            place = f"{spot.place}.condition"
            yield from _inside(rules, _at(spot, "condition", condition))
            yield from _inside(rules, _at(spot, "chosen", chosen, Guard(place, condition)))
            yield from _inside(rules, _at(spot, "otherwise", otherwise, Guard(place, condition, holds=False)))
        case AllOf() | AnyOf() | AtLeast() | Not() | Arithmetic() | Share() | Rounded() | Lookup():
            yield from _all_inside(rules, spot, parts(spot.term))
        case _:
            assert_never(spot.term)


def _all_inside(rules: RuleSet, spot: Spot, inner: Iterator[tuple[str, Term]] | Placed) -> Iterator[Spot]:
    for place, term in inner:
        yield from _inside(rules, _at(spot, place, term))


def _at(spot: Spot, place: str, term: Term, *steps: Into | Guard) -> Spot:
    return Spot(spot.rule, f"{spot.place}.{place}", term, (*spot.way, *steps))


def _is_clause(rules: RuleSet, term: Term) -> bool:
    """Of the terms that are picked out, those that are met or not."""
    if isinstance(term, Fact):
        declared = rules.checker.field_of(term)
        return declared is not None and declared.kind is Kind.TRUTH
    return not isinstance(term, Extreme)


def _clause(rules: RuleSet, spot: Spot) -> Clause:
    limits, can = _limits(rules, spot), spot.possible(rules)
    truths = can.truths(spot.term)
    impossible = {side: reason for truth, (side, reason) in _reasons(spot.term).items() if truth not in truths}
    sides = [side for side, _ in _reasons(spot.term).values() if side not in impossible]
    if limits is not None:
        positions = can.positions(limits.found, limits.limit)
        for position, side in POSITIONS.items():
            if position in positions:
                sides.append(side)
            else:
                impossible[side] = f"`{notation(limits.found)}` is never {position} `{notation(limits.limit)}`"
    return Clause(spot, _label(rules, spot.term), limits, tuple(sides), impossible)


def _reasons(term: Term) -> Mapping[bool | None, tuple[Side, str]]:
    """Each truth with its side, and with the reason where a clause cannot have it."""
    written = notation(term)
    return {
        True: (Side.MET, f"`{written}` cannot hold"),
        False: (Side.NOT_MET, f"`{written}` holds whenever nothing is missing"),
        None: (Side.UNDETERMINED, f"nothing that `{written}` rests on can be missing there"),
    }


def _limits(rules: RuleSet, spot: Spot) -> Limits | None:
    """Both sides of a comparison, the limit second; none where no fact is compared, or where there is no order."""
    term = spot.term
    if not isinstance(term, Compare):
        return None
    written = [isinstance(side, Constant | Named) for side in (term.left, term.right)]
    if all(written):
        return None
    found, limit = (term.right, term.left) if written[0] else (term.left, term.right)
    checker = evolve(rules.checker, scope=(*rules.checker.scope, *spot.scope))
    kind = checker.kind_of(found)
    return Limits(found, limit, kind) if kind in STEPS else None


def _label(rules: RuleSet, term: Term) -> Text:
    found = dict.fromkeys(
        label for at in walk(term) if isinstance(at, Fact | Judgement) and (label := _label_of(rules, at)) is not None
    )
    written = [notation(term)]
    return Text(*("; ".join([label.to(language) for label in found] or written) for language in LANGUAGES))


def _label_of(rules: RuleSet, term: Fact | Judgement) -> Text | None:
    if isinstance(term, Judgement):
        return term.question
    declared = rules.checker.field_of(term)
    return None if declared is None else declared.label
