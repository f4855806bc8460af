"""
What differs between two rule sets: values, facts and rules, each with what it was and what it is, in words.

Nothing is decided here; which way a rule moves is said by `grantrules.testing.comparing.directions`.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from fractions import Fraction
from typing import Any

from attrs import fields, frozen

from grantrules.criteria import Banded, Linear
from grantrules.methods import ByDraw, ByScore, ByTerm
from grantrules.pools import Above, Assumption, Part, Value, Whole
from grantrules.readings import phrases
from grantrules.ruleset import RuleSet
from grantrules.terms.nodes import NODES, Judgement
from grantrules.terms.notation import notation
from grantrules.terms.schema import APPLICATION, Field, Option
from grantrules.terms.walk import judgements, named_values
from grantrules.testing.comparing.directions import Carrier, Direction, Verdict, direction
from grantrules.values import Amount, DatedTable, Text

COST_ORDER = "costs.order"
"""What the order of the cost rules is called; no rule can have this id."""


class Kind(StrEnum):
    """What became of something."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Sort(StrEnum):
    """What something is that changed."""

    RULE = "rule"
    FACT = "fact"
    ROUND = "round"


@frozen
class Piece:
    """A part of something that differs, before and after, in words; `None` where there is none."""

    name: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        before, after = ("none" if side is None else side for side in (self.before, self.after))
        return f"{self.name}: {before} → {after}"


@frozen
class Change:
    """
    A rule, a fact, or something else of the round, that was added, removed or changed.

    Args:
        id: of the rule; a fact by its record, as in `costs.hours`.
        pieces: what differs, values that a rule reads by name among it; nothing where it was added or removed.
        reworded: the texts that differ, such as `statement`.
    """

    id: str
    sort: Sort
    kind: Kind
    verdict: Verdict
    pieces: tuple[Piece, ...] = ()
    reworded: tuple[str, ...] = ()


class Way(StrEnum):
    """What became of a value of the round."""

    ADDED = "added"
    REMOVED = "removed"
    RISEN = "risen"
    FALLEN = "fallen"
    CHANGED = "changed"
    REWORDED = "reworded"


@frozen
class ValueChange:
    """A value of the round that is not as it was."""

    name: str
    way: Way
    before: str | None
    after: str | None


def in_order(old: Iterable[str], new: Iterable[str]) -> tuple[str, ...]:
    """The ids of both, in the order of the new ones, and each that is gone after the one that it came after."""
    ids, last = list(new), -1
    for id in old:
        if id not in ids:
            ids.insert(last + 1, id)
        last = ids.index(id)
    return tuple(ids)


# Values


def value_changes(old: RuleSet, new: RuleSet) -> tuple[ValueChange, ...]:
    """The values of the round that differ, its budget among them."""
    labels = [{value.name: value for value in rules.round.values} for rules in (old, new)]
    return tuple(
        ValueChange(name, way, *(_figure_or_none(rules.values.get(name)) for rules in (old, new)))
        for name in in_order(old.values, new.values)
        if (way := _way(name, old.values, new.values, *labels)) is not None
    )


def _way(
    name: str,
    old: Mapping[str, Amount],
    new: Mapping[str, Amount],
    old_values: Mapping[str, Value],
    new_values: Mapping[str, Value],
) -> Way | None:
    if name not in old:
        return Way.ADDED
    if name not in new:
        return Way.REMOVED
    before, after = old[name], new[name]
    if (type(before), before) == (type(after), after):
        return Way.REWORDED if old_values.get(name) != new_values.get(name) else None
    return moved(before, after)


def moved(before: Amount, after: Amount) -> Way:
    """Which way a value that differs went; a dated table rises if no amount of any day falls."""
    match before, after:
        case (bool(), _) | (_, bool()):
            return Way.CHANGED
        case (int() | Decimal() | Fraction(), int() | Decimal() | Fraction()):
            return Way.RISEN if Fraction(after) > Fraction(before) else Way.FALLEN
        case (datetime(), datetime()):
            return Way.RISEN if after > before else Way.FALLEN
        case (date(), date()) if not isinstance(before, datetime) and not isinstance(after, datetime):
            return Way.RISEN if after > before else Way.FALLEN
        case (DatedTable(), DatedTable()):
            return _moved_table(before, after)
        case _:
            return Way.CHANGED


def _moved_table(before: DatedTable, after: DatedTable) -> Way:
    days = {day for table in (before, after) for entry in table.entries for day in (entry.first, entry.last)}
    pairs = [(before.at(day), after.at(day)) for day in days]
    if before.unit != after.unit or any(one is None or other is None for one, other in pairs):
        return Way.CHANGED
    known = [(one, other) for one, other in pairs if one is not None and other is not None]
    rises, falls = any(other > one for one, other in known), any(other < one for one, other in known)
    return Way.CHANGED if rises == falls else Way.RISEN if rises else Way.FALLEN


def figure(value: Amount) -> str:
    """
    Write a value of a round with its unit.

    >>> figure(Decimal("2500000"))
    '2,500,000.00 kr'
    """
    match value:
        case Decimal():
            return phrases.amount(value, "en")
        case DatedTable(unit, entries):
            return "; ".join(f"{phrases.amount(e.amount, 'en')} per {unit} from {e.first} to {e.last}" for e in entries)
        case Fraction():
            return str(value)
        case _:
            return phrases.value(value, "en")


def _figure_or_none(value: Amount | None) -> str | None:
    return None if value is None else figure(value)


# Rules


def carriers(rules: RuleSet) -> Mapping[str, Carrier]:
    """Everything of a rule set that has an id, in the order of the stages."""
    found: list[Carrier] = [*rules.rules, *rules.scoring.parts]
    return {carrier.id: carrier for carrier in found}


def rule_changes(old: RuleSet, new: RuleSet) -> tuple[Change, ...]:
    """The rules that differ, a rule that reads a value that differs among them."""
    before, after = carriers(old), carriers(new)
    ids = in_order(before, after)
    found = [change for id in ids if (change := _rule_change(id, before.get(id), after.get(id), old, new)) is not None]
    return (*found, *_order_change(old, new))


def _rule_change(id: str, before: Carrier | None, after: Carrier | None, old: RuleSet, new: RuleSet) -> Change | None:
    if before is None or after is None:
        kind = Kind.ADDED if before is None else Kind.REMOVED
        return Change(id, Sort.RULE, kind, direction(before, after, old, new))
    pieces = (*_pieces(_parts_of(before), _parts_of(after)), *_values_read(before, after, old, new))
    reworded = tuple(_reworded(before, after, old, new))
    if pieces:
        return Change(id, Sort.RULE, Kind.CHANGED, direction(before, after, old, new), pieces, reworded)
    return Change(id, Sort.RULE, Kind.CHANGED, Verdict(Direction.WORDING), (), reworded) if reworded else None


def _order_change(old: RuleSet, new: RuleSet) -> Iterator[Change]:
    orders = [[rule.id for rule in rules.cost_rules] for rules in (old, new)]
    kept = [[id for id in order if id in orders[0] and id in orders[1]] for order in orders]
    if kept[0] != kept[1]:
        # Even of two that take all of a line, the first is the reason that its applicant is told.
        pieces = (Piece("order", *(", ".join(order) for order in kept)),)
        yield Change(COST_ORDER, Sort.RULE, Kind.CHANGED, Verdict(Direction.UNCLEAR), pieces)


_TEXTS = ("statement", "basis")


def _parts_of(rule: Carrier) -> Mapping[str, Any]:
    """What of a rule is no text and no id, by name."""
    stated = {attribute.name: getattr(rule, attribute.name) for attribute in fields(type(rule))}
    return {name: part for name, part in stated.items() if name not in ("id", *_TEXTS)}


def _pieces(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Piece]:
    for name in dict.fromkeys([*before, *after]):
        one, other = before.get(name), after.get(name)
        if one != other:
            yield Piece(name, _in_words(one), _in_words(other))


def _in_words(part: Any) -> str | None:
    match part:
        case None:
            return None
        case Whole():
            return "the whole line"
        case Part(amount):
            return notation(amount)
        case Above(limit):
            return f"what exceeds {notation(limit)}"
        case Linear(of, none, full):
            return f"evenly with {notation(of)}, none at {notation(none)}, all at {notation(full)}"
        case Banded(of, bands):
            steps = (f"{band.points} from {notation(band.start)}" for band in bands)
            return f"by bands of {notation(of)}: {', '.join(steps)}"
        case ByScore():
            return "score"
        case ByDraw():
            return "lots"
        case ByTerm(of, highest_first):
            return f"{notation(of)}, {'highest' if highest_first else 'lowest'} first"
        case Option(code):
            return code
        case Enum():
            return str(part.value)
        case Text():
            return part.to("en")
        case tuple():
            return ", ".join(str(_in_words(item)) for item in part) or "nothing"
        case _ if isinstance(part, NODES):
            return notation(part)
        case str():
            return part
        case _:
            return figure(part)


def _values_read(before: Carrier, after: Carrier, old: RuleSet, new: RuleSet) -> Iterator[Piece]:
    """Values that a rule reads before and after, and that differ; new names stand in its terms already."""
    terms = [[term for _, term in getattr(rule, "terms", ())] for rule in (before, after)]
    names = [frozenset[str]().union(*map(named_values, found)) for found in terms]
    for name in sorted(names[0] & names[1]):
        one, other = old.values[name], new.values[name]
        if (type(one), one) != (type(other), other):
            yield Piece(name, figure(one), figure(other))


def _reworded(before: Carrier, after: Carrier, old: RuleSet, new: RuleSet) -> Iterator[str]:
    """The texts of a rule that differ: its own, its source's, and the questions that it asks."""
    for name in _TEXTS:
        if getattr(before, name, None) != getattr(after, name, None):
            yield name
    asked = [_questions(rule) for rule in (before, after)]
    yield from (f"question {id}" for id in asked[0] if asked[0][id] != asked[1].get(id, asked[0][id]))
    if old.brought_by.get(before.id, old.pool.id) != new.brought_by.get(after.id, new.pool.id):
        yield "plugin"


def _questions(rule: Carrier) -> Mapping[str, Text]:
    found: Iterable[Judgement] = (j for _, term in getattr(rule, "terms", ()) for j in judgements(term))
    return {judgement.id: judgement.question for judgement in found}


# Facts


def fact_changes(old: RuleSet, new: RuleSet) -> tuple[Change, ...]:
    """The facts that an application of the one round states and one of the other states otherwise, or not at all."""
    before, after = facts_by_id(old), facts_by_id(new)
    ids = in_order(before, after)
    return tuple(found for id in ids if (found := _fact_change(id, before.get(id), after.get(id))) is not None)


def facts_by_id(rules: RuleSet) -> Mapping[str, Field]:
    """Every fact, by its name, with that of its record in front where it is not of the application itself."""
    return {
        declared.name if record.name == APPLICATION else f"{record.name}.{declared.name}": declared
        for record in rules.schema.records
        for declared in record.fields
    }


def _fact_change(id: str, before: Field | None, after: Field | None) -> Change | None:
    if before is None or after is None:
        kind = Kind.ADDED if before is None else Kind.REMOVED
        return Change(id, Sort.FACT, kind, Verdict(Direction.UNCLEAR))
    parts = [{a.name: getattr(one, a.name) for a in fields(Field) if a.name != "label"} for one in (before, after)]
    parts = [{**found, "options": one.codes} for found, one in zip(parts, (before, after), strict=True)]
    labels = [{"label": one.label, **{o.code: o.label for o in one.options}} for one in (before, after)]
    reworded = tuple(name for name, text in labels[0].items() if labels[1].get(name, text) != text)
    pieces = tuple(_pieces(*parts))
    if pieces:
        return Change(id, Sort.FACT, Kind.CHANGED, Verdict(Direction.UNCLEAR), pieces, reworded)
    return Change(id, Sort.FACT, Kind.CHANGED, Verdict(Direction.WORDING), (), reworded) if reworded else None


# The round and its pool


_DECIDING = ("pool.zone", "pool.currency")
"""What else of a pool decides how a file is read."""


def other_changes(old: RuleSet, new: RuleSet) -> tuple[Change, ...]:
    """What else differs of pool and round: titles, sources, notes, assumptions. Most of it is wording."""
    before, after = ids_beside_rules(old), ids_beside_rules(new)
    found = []
    for id in in_order(before, after):
        one, other = before.get(id), after.get(id)
        if one != other:
            verdict = Verdict(Direction.UNCLEAR if id in _DECIDING else Direction.WORDING)
            if isinstance(one, Assumption) or isinstance(other, Assumption):
                found.append(_assumption_change(id, one, other))
            elif id in _DECIDING:
                pieces: tuple[Piece, ...] = (Piece(id, _in_words(before.get(id)), _in_words(after.get(id))),)
                found.append(Change(id, Sort.ROUND, Kind.CHANGED, verdict, pieces))
            else:
                found.append(Change(id, Sort.ROUND, Kind.CHANGED, verdict, (), (id.rpartition(".")[2],)))
    return tuple(found)


def _assumption_change(id: str, before: Assumption | None, after: Assumption | None) -> Change:
    """An assumption that decisions rely on otherwise: there or not, or under another condition. Else its wording."""
    unclear = Verdict(Direction.UNCLEAR)
    if before is None or after is None:
        return Change(id, Sort.ROUND, Kind.ADDED if before is None else Kind.REMOVED, unclear)
    if before.when == after.when:
        return Change(id, Sort.ROUND, Kind.CHANGED, Verdict(Direction.WORDING), (), ("reason",))
    pieces = (Piece("when", _in_words(before.when), _in_words(after.when)),)
    return Change(id, Sort.ROUND, Kind.CHANGED, unclear, pieces, ("reason",) if before.reason != after.reason else ())


_NOT_OF_THE_POOL = ("id", "application", "rounds", "assumptions", "sources")
_OF_THE_ROUND = ("title", "appropriations", "carried_over")


def ids_beside_rules(rules: RuleSet) -> Mapping[str, Any]:
    """What else there is of pool and round, by what it is called here, as in `round.title`."""
    pool, round = rules.pool, rules.round
    names = [attribute.name for attribute in fields(type(pool)) if attribute.name not in _NOT_OF_THE_POOL]
    found: dict[str, Any] = {f"pool.{name}": getattr(pool, name) for name in names}
    found["pool.sources"] = rules.sources  # all of them, in order of id: so they are saved
    found |= {f"assumption.{assumption.id}": assumption for assumption in pool.assumptions}
    return {**found, **{f"round.{name}": getattr(round, name) for name in _OF_THE_ROUND}}
