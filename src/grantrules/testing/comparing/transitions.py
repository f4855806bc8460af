"""
What can become of a value when one term takes the place of another, found by their structure alone.

    moves(old, new, both)     pairs of truth values that the two can have on one application
    shifts(old, new, both)    how the number of the one can lie to the number of the other

Both say too much rather than too little: what is not among them never happens, whatever an application states or
leaves out. Values of the round are put in the place of their names first (`bound`): rounds are compared by figures.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from math import prod
from typing import Any, TypeAlias

from attrs import evolve, fields, frozen

from grantrules.readings.evaluate import among_holds, enough
from grantrules.ruleset import RuleSet
from grantrules.terms.check import Checker
from grantrules.terms.nodes import (
    NODES,
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
    Operation,
    Pick,
    Relation,
    Rounded,
    Share,
    Term,
    Total,
)
from grantrules.terms.schema import APPLICATION, ORGANISATIONS, TOTALS, Field, Kind
from grantrules.terms.walk import facts_read, walk
from grantrules.testing.aiming.thresholds import HOLDS, STEPS
from grantrules.values import Amount, DatedTable, Rounding, Truth, all_true, any_true, negated

Move: TypeAlias = tuple[Truth, Truth]
"""A truth before and after."""

TRUTHS: tuple[Truth, ...] = (False, None, True)
"""In increasing order."""

STILL: frozenset[Move] = frozenset((truth, truth) for truth in TRUTHS)
RISING: frozenset[Move] = frozenset(itertools.combinations_with_replacement(TRUTHS, 2))
FALLING: frozenset[Move] = frozenset((after, before) for before, after in RISING)
ANY: frozenset[Move] = frozenset((before, after) for before in TRUTHS for after in TRUTHS)

_SETTLED_RISE = STILL | {(False, True)}
_SETTLED_FALL = STILL | {(True, False)}

MOST = 20_000
"""More combinations of what facts can be are not gone through."""

_MOST_WORDS = 6


class Shift(Enum):
    """How the number of a term can lie to that of the one before it."""

    LOWER = "lower"
    SAME = "the same"
    HIGHER = "higher"
    APPEARS = "no longer missing"
    VANISHES = "missing now"


NO_SHIFT = frozenset({Shift.SAME})
ANY_SHIFT = frozenset(Shift)
_UP, _DOWN = frozenset({Shift.SAME, Shift.HIGHER}), frozenset({Shift.SAME, Shift.LOWER})
_EITHER = _UP | _DOWN
_FLIPPED = {Shift.LOWER: Shift.HIGHER, Shift.HIGHER: Shift.LOWER}


@frozen
class Moves:
    """
    The moves between two terms.

    Args:
        possible: every move that can happen; perhaps also some that cannot.
        exact: each of them surely happens on some application.
    """

    possible: frozenset[Move]
    exact: bool = False


@frozen
class Both:
    """What knows the facts before and after."""

    old: Checker
    new: Checker

    @classmethod
    def of(cls, old: RuleSet, new: RuleSet, *records: str) -> "Both":
        """Of two rule sets; `records` are at hand beside the application, such as the cost line of a cost rule."""
        scope = (APPLICATION, *records)
        return cls(evolve(old.checker, scope=scope), evolve(new.checker, scope=scope))

    def inside(self, collection: str) -> "Both":
        """With one item of a list at hand."""
        checkers = (evolve(one, scope=(*one.scope, collection)) for one in (self.old, self.new))
        return Both(*checkers)

    def declared(self, fact: Term) -> list[Field]:
        """How a fact is declared, before and after; nothing for another term."""
        found = [one.field_of(fact) for one in (self.old, self.new)] if isinstance(fact, Fact) else []
        return [declared for declared in found if declared is not None]

    def kind(self, term: Term) -> Kind:
        """The kind of value that a term yields."""
        found = self.new.kind_of(term)
        return found if found is not Kind.TEXT else self.old.kind_of(term)


def bound(term: Term, values: Mapping[str, Amount]) -> Term:
    """The term with the values of the round in the place of their names."""
    if isinstance(term, Named):
        return Constant(values[term.name])
    inner: dict[str, Any] = {}
    for attribute in fields(type(term)):
        part = getattr(term, attribute.name)
        if isinstance(part, NODES):
            inner[attribute.name] = bound(part, values)
        elif isinstance(part, tuple):
            inner[attribute.name] = tuple(bound(item, values) if isinstance(item, NODES) else item for item in part)
    return evolve(term, **inner)


# Truths


def moves(old: Term, new: Term, both: Both) -> Moves:
    """
    The moves between two yes-or-no terms.

    What facts and judgements can be is gone through, limit by limit with its neighbours one step away, so nothing is
    lost however conditions are put together. Lists are compared by what is asked of their items.

    Args:
        old, new: without names of values, as `bound` makes them.
    """
    if old == new:
        return Moves(STILL, exact=True)
    unknowns = _unknowns(old, new, both)
    if prod(len(unknown.values) for unknown in unknowns) > MOST:
        return _without_what_they_share(old, new, both)
    at = {term: place for place, unknown in enumerate(unknowns) for term in unknown.terms}
    before, after = (_reader(term, side, at) for side, term in enumerate((old, new)))
    found = {(before(given), after(given)) for given in itertools.product(*(unknown.values for unknown in unknowns))}
    return Moves(frozenset(found), exact=_apart(unknowns))


def _without_what_they_share(old: Term, new: Term, both: Both) -> Moves:
    """The moves of two lists of conditions of which some are the same, found by the others alone."""
    if not isinstance(old, AllOf | AnyOf) or type(old) is not type(new):
        return Moves(ANY)
    shared = [item for item in old.items if item in new.items]
    if not shared:
        return Moves(ANY)
    kind = type(old)
    before, after = (kind(tuple(item for item in term.items if item not in shared)) for term in (old, new))
    inner = moves(before, after, both)
    together = all_true if isinstance(old, AllOf) else any_true
    found = {(together((truth, one)), together((truth, other))) for truth in TRUTHS for one, other in inner.possible}
    return Moves(frozenset(found))


Pair: TypeAlias = tuple[Any, Any]
"""What an unknown is before and after."""


@frozen
class _Unknown:
    """
    What an application can state or leave out, as far as the two terms can tell.

    Args:
        terms: what the terms read it by, each with the side on which: a fact is one and the same on both.
        values: one of every kind that makes a difference, missing among them.
        exact: each of them surely happens on some application.
    """

    terms: tuple[tuple[Term, int], ...]
    values: tuple[Pair, ...]
    exact: bool


def _apart(unknowns: Sequence[_Unknown]) -> bool:
    """Nothing that one unknown is keeps another from being anything."""
    read = [frozenset().union(*(_read(term) for term, _ in unknown.terms)) for unknown in unknowns]
    return all(unknown.exact for unknown in unknowns) and sum(map(len, read)) == len(frozenset().union(*read))


def _read(term: Term) -> frozenset[object]:
    """The facts, judgements and lists that a term reads."""
    read: set[object] = {inner for inner in walk(term) if isinstance(inner, Fact | Judgement)}
    read |= {inner.collection for inner in walk(term) if isinstance(inner, Exists | Total)}
    return frozenset(read | {ORGANISATIONS for inner in walk(term) if isinstance(inner, Different)})


def _unknowns(old: Term, new: Term, both: Both) -> list[_Unknown]:
    leaves = [list(dict.fromkeys(_leaves(term))) for term in (old, new)]
    subjects = [{subject for leaf in found if (subject := _subject(leaf)) is not None} for found in leaves]
    simple = {s for s in subjects[0] | subjects[1] if isinstance(s, Fact | Judgement)} | (subjects[0] & subjects[1])
    made: list[_Unknown] = []
    for subject in sorted(simple, key=repr):
        asked = [leaf for found in leaves for leaf in found if _subject(leaf) == subject]
        values = _representatives(subject, asked, both)
        if values is None:
            simple.remove(subject)
        else:
            pairs = tuple((value, value) for value in values)
            exact = isinstance(subject, Fact | Judgement | Total)
            made.append(_Unknown(((subject, 0), (subject, 1)), pairs, exact))
    before, after = ([leaf for leaf in found if not _folded(leaf) and _subject(leaf) not in simple] for found in leaves)
    return [*made, *_paired(before, after, both)]


def _leaves(term: Term) -> Iterator[Term]:
    """The parts of a condition that are no conditions made of others."""
    match term:
        case AllOf(items) | AnyOf(items) | AtLeast(_, items):
            for item in items:
                yield from _leaves(item)
        case Not(item):
            yield from _leaves(item)
        case Choose(condition, chosen, otherwise):
            for item in (condition, chosen, otherwise):
                yield from _leaves(item)
        case _:
            yield term


def _subject(leaf: Term) -> Term | None:
    """What a leaf asks about, if it holds one thing against what is written in the rule."""
    match leaf:
        case Fact() | Judgement():
            return leaf
        case Known(fact):
            return fact
        case Membership(_, subject, _):
            return subject
        case Compare(_, Constant(), Constant()):
            return None
        case Compare(_, subject, Constant()) | Compare(_, Constant(), subject):
            return subject
        case _:
            return None


def _folded(leaf: Term) -> bool:
    """Nothing of an application decides it."""
    return isinstance(leaf, Constant) or (
        isinstance(leaf, Compare) and isinstance(leaf.left, Constant) and isinstance(leaf.right, Constant)
    )


def _representatives(subject: Term, asked: Iterable[Term], both: Both) -> tuple[Any, ...] | None:
    """Missing, and one value for each way to stand to everything asked; `None` if there is no telling."""
    kind, declared = both.kind(subject), both.declared(subject)
    stated: list[Any] = []
    for leaf in asked:
        match leaf:
            case Compare(_, Constant(value), _) | Compare(_, _, Constant(value)):
                stated.append(value)
            case Membership(_, _, options):
                stated += options
            case _:
                pass
    if kind is Kind.TRUTH:
        return TRUTHS
    if kind in (Kind.CHOICE, Kind.TEXT):
        return (None, *_words({word for word in stated if isinstance(word, str)}, declared))
    if kind is Kind.CHOICES:
        mentioned = {word for item in stated for word in ((item,) if isinstance(item, str) else item)}
        words = _words(mentioned, declared)
        return None if len(words) > _MOST_WORDS else (None, *_subsets(words))
    if kind not in STEPS or any(isinstance(item, DatedTable) for item in stated):
        return None
    step = timedelta(microseconds=1) if kind is Kind.MOMENT else STEPS[kind]
    if not stated:
        return (None, declared[0].minimum if declared and declared[0].minimum is not None else _some(kind))
    near = {value + distance for value in stated for distance in (-step, step - step, step)}
    return (None, *sorted(value for value in near if _within(value, subject, declared, both)))


def _some(kind: Kind) -> Any:
    match kind:
        case Kind.DAY:
            return date(2020, 1, 1)
        case Kind.MOMENT:
            return datetime(2020, 1, 1)  # noqa: DTZ001  (it is compared with nothing)
        case _:
            return 0


def _within(value: Any, subject: Term, declared: Sequence[Field], both: Both) -> bool:
    """Whether a subject can be this value: inside the bounds of a fact, and no negative sum of what cannot be so."""
    if declared:
        return any(
            (one.minimum is None or value >= one.minimum) and (one.maximum is None or value <= one.maximum)
            for one in declared
        )
    return not isinstance(value, int | Decimal) or value >= 0 or not _never_negative(subject, both)


OTHER = "…"
"""Stands for every word that neither term mentions."""


def _words(mentioned: set[str], declared: Sequence[Field]) -> tuple[str, ...]:
    """The words that make a difference: those mentioned, as far as there are such, and one for all others."""
    listed = {code for one in declared for code in one.codes}
    known = mentioned & listed if listed else mentioned
    return (*sorted(known), *([OTHER] if not listed or listed - known else []))


def _subsets(words: Sequence[str]) -> Iterator[frozenset[str]]:
    for size in range(len(words) + 1):
        yield from map(frozenset, itertools.combinations(words, size))


def _paired(old: Sequence[Term], new: Sequence[Term], both: Both) -> Iterator[_Unknown]:
    """What cannot be told by values: the same on both sides, else each with one of its shape, else by itself."""
    free = [(truth, truth) for truth in TRUTHS]
    for leaf in [leaf for leaf in old if leaf in new]:
        yield _Unknown(((leaf, 0), (leaf, 1)), tuple(free), isinstance(leaf, Exists))
    left = [leaf for leaf in new if leaf not in old]
    for leaf in [leaf for leaf in old if leaf not in new]:
        other = next((other for other in left if _shape(other) == _shape(leaf)), None)
        if other is None:
            yield _Unknown(((leaf, 0),), tuple(free), exact=False)
            continue
        left.remove(other)
        found = _leaf_moves(leaf, other, both)
        values = tuple(sorted(found.possible, key=repr))
        yield _Unknown(((leaf, 0), (other, 1)), values, found.exact)
    for leaf in left:
        yield _Unknown(((leaf, 1),), tuple(free), exact=False)


def _shape(leaf: Term) -> object:
    match leaf:
        case Exists(collection):
            return (Exists, collection)
        case Compare():
            relation, left, right = _forwards(leaf)
            return (Compare, relation is Relation.EQUAL, type(left), type(right))
        case _:
            return type(leaf)


def _leaf_moves(old: Term, new: Term, both: Both) -> Moves:
    match old, new:
        case Exists(collection, before), Exists(_, after):
            inner = moves(before, after, both.inside(collection))
            by_itself = all(fact.of == collection for fact in facts_read(before) | facts_read(after))
            return Moves(_of_some(inner.possible), inner.exact and by_itself)
        case Different(count, before), Different(other, after):
            rising = _direction(moves(before, after, both.inside(ORGANISATIONS)).possible)
            found = [RISING, FALLING] if rising is None else [rising]
            found += [FALLING if other > count else RISING] if other != count else []
            kept = [one for one in found if one != STILL]
            return Moves(STILL if not kept else kept[0] if len(set(kept)) == 1 else ANY)
        case Compare(), Compare():
            return Moves(_comparison_moves(old, new, both))
        case _:
            return Moves(ANY)


def _direction(found: frozenset[Move]) -> frozenset[Move] | None:
    return next((one for one in (STILL, RISING, FALLING) if found <= one), None)


def _of_some(items: frozenset[Move]) -> frozenset[Move]:
    """The moves of "some of a list": of no items, of a list not stated, and of any items together."""
    found = {(False, False), (None, None), *items}
    while True:
        more = {(any_true((a, c)), any_true((b, d))) for a, b in found for c, d in found}
        if more <= found:
            return frozenset(found)
        found |= more


def _forwards(term: Compare) -> tuple[Relation, Term, Term]:
    """A comparison as `=`, `<` or `<=`."""
    match term.relation:
        case Relation.MORE:
            return Relation.LESS, term.right, term.left
        case Relation.AT_LEAST:
            return Relation.AT_MOST, term.right, term.left
        case relation:
            return relation, term.left, term.right


def _comparison_moves(old: Compare, new: Compare, both: Both) -> frozenset[Move]:
    """The moves of a comparison by how far its right side can move away from its left."""
    (was, left, right), (now, other_left, other_right) = _forwards(old), _forwards(new)
    gap = _added(shifts(right, other_right, both), _negative(shifts(left, other_left, both)))
    found: frozenset[Move] = STILL
    if Shift.APPEARS in gap:
        found |= {(None, False), (None, True)}
    if Shift.VANISHES in gap:
        found |= {(False, None), (True, None)}
    looser, tighter = Shift.HIGHER in gap, Shift.LOWER in gap
    if Relation.EQUAL in (was, now):
        looser = tighter = looser or tighter or was is not now
    looser |= (was, now) == (Relation.LESS, Relation.AT_MOST)
    tighter |= (was, now) == (Relation.AT_MOST, Relation.LESS)
    return found | (_SETTLED_RISE if looser else STILL) | (_SETTLED_FALL if tighter else STILL)


Given: TypeAlias = tuple[Pair, ...]


def _reader(term: Term, side: int, at: Mapping[tuple[Term, int], int]) -> Callable[[Given], Truth]:
    """What gives the truth of a term, before (0) or after (1), for what the unknowns are."""

    def inner(item: Term) -> Callable[[Given], Truth]:
        return _reader(item, side, at)

    place = at.get((term, side))
    if place is not None:
        return lambda given: given[place][side]
    match term:
        case AllOf(items):
            read = [inner(item) for item in items]
            return lambda given: all_true(one(given) for one in read)
        case AnyOf(items):
            read = [inner(item) for item in items]
            return lambda given: any_true(one(given) for one in read)
        case AtLeast(count, items):
            read = [inner(item) for item in items]
            return lambda given: enough(count, [one(given) for one in read])
        case Not(item):
            opposite = inner(item)
            return lambda given: negated(opposite(given))
        case Choose(condition, chosen, otherwise):
            first, yes, no = inner(condition), inner(chosen), inner(otherwise)
            return lambda given: None if (t := first(given)) is None else yes(given) if t else no(given)
        case Constant(bool(value)):
            return lambda _: value
        case _:
            return _leaf_reader(term, side, at)


def _leaf_reader(leaf: Term, side: int, at: Mapping[tuple[Term, int], int]) -> Callable[[Given], Truth]:
    subject = _subject(leaf)
    place = -1 if subject is None else at[subject, side]
    match leaf:
        case Compare(relation, Constant(left), Constant(right)):
            truth = HOLDS[relation](left, right)
            return lambda _: truth
        case Compare(relation, Constant(value), _):
            return lambda given: None if (f := given[place][side]) is None else HOLDS[relation](value, f)
        case Compare(relation, _, Constant(value)):
            return lambda given: None if (f := given[place][side]) is None else HOLDS[relation](f, value)
        case Membership(among, _, options):
            return lambda given: None if (f := given[place][side]) is None else among_holds(among, f, options)
        case Known():
            return lambda given: given[place][side] is not None
        case _:
            raise TypeError(f"`{leaf!r}` is no condition")


# Numbers


def shifts(old: Term, new: Term, both: Both) -> frozenset[Shift]:
    """
    How the number of one term can lie to that of another.

    Args:
        old, new: without names of values, as `bound` makes them.
    """
    if old == new:
        return NO_SHIFT
    match old, new:
        case Constant(before), Constant(after):
            return _figures(before, after)
        case Arithmetic(operation, left, right), Arithmetic(other, new_left, new_right) if operation is other:
            return _arithmetic(operation, (left, new_left), (right, new_right), both)
        case (Extreme(pick), _) | (_, Extreme(pick)):
            return _extreme(pick, old, new, both)
        case Share(base, rate, rounding), Share(new_base, new_rate, new_rounding):
            inner = shifts(base, new_base, both)
            if (rate, rounding) == (new_rate, new_rounding):
                return _weakly(inner if rate >= 0 else _negative(inner))
            fair = rate >= 0 and _never_negative(base, both) and _never_negative(new_base, both)
            by_rounding = _by_rounding(rounding, new_rounding)
            return _weakly(_added(inner, _figures(rate, new_rate), by_rounding)) if fair else ANY_SHIFT
        case Rounded(amount, rounding), Rounded(new_amount, new_rounding):
            inner = shifts(amount, new_amount, both)
            fair = rounding is new_rounding or (_never_negative(amount, both) and _never_negative(new_amount, both))
            return _weakly(_added(inner, _by_rounding(rounding, new_rounding))) if fair else ANY_SHIFT
        case Lookup(Constant(DatedTable() as table), day), Lookup(Constant(DatedTable() as other), new_day):
            return _tables(table, other) if day == new_day else ANY_SHIFT
        case Total(collection, item, where), Total(other_collection, new_item, new_where):
            if collection != other_collection:
                return ANY_SHIFT
            return _totals((item, new_item), (where, new_where), both.inside(collection))
        case Choose(condition, chosen, otherwise), Choose(other, new_chosen, new_otherwise):
            if moves(condition, other, both).possible != STILL:
                return ANY_SHIFT
            return shifts(chosen, new_chosen, both) | shifts(otherwise, new_otherwise, both)
        case before, Arithmetic(operation, left, right) if before in (left, right):
            return _with_more(operation, right if before == left else left, before == left, both)
        case Arithmetic(operation, left, right), after if after in (left, right):
            found = _with_more(operation, right if after == left else left, after == left, both)
            return frozenset(_UNDONE.get(shift, shift) for shift in found)
        case _:
            return ANY_SHIFT


_UNDONE = {**_FLIPPED, Shift.APPEARS: Shift.VANISHES, Shift.VANISHES: Shift.APPEARS}


def _with_more(operation: Operation, more: Term, first: bool, both: Both) -> frozenset[Shift]:
    """How a number shifts that something is added to, or taken from."""
    if not _never_negative(more, both) or operation is Operation.MULTIPLY or not (first or operation is Operation.ADD):
        return ANY_SHIFT
    return (_UP if operation is Operation.ADD else _DOWN) | ({Shift.VANISHES} if _may_be_missing(more) else set())


def _figures(before: Amount, after: Amount) -> frozenset[Shift]:
    match before, after:
        case (bool(), _) | (_, bool()):
            return ANY_SHIFT
        case int() | Decimal() | Fraction(), int() | Decimal() | Fraction():
            return _between(Fraction(before), Fraction(after))
        case (datetime(), datetime()) | (date(), date()) if type(before) is type(after):
            return _between(before, after)
        case _:
            return ANY_SHIFT


def _between(before: Any, after: Any) -> frozenset[Shift]:
    return NO_SHIFT if before == after else frozenset({Shift.HIGHER if after > before else Shift.LOWER})


def _negative(found: frozenset[Shift]) -> frozenset[Shift]:
    return frozenset(_FLIPPED.get(shift, shift) for shift in found)


def _weakly(found: frozenset[Shift]) -> frozenset[Shift]:
    """Perhaps not at all, where rounding or a limit swallows the difference."""
    return found | NO_SHIFT


def _added(*parts: frozenset[Shift]) -> frozenset[Shift]:
    """The shift of a sum whose parts shift by themselves."""
    ways = [found & {Shift.LOWER, Shift.HIGHER} for found in parts]
    gone = frozenset().union(*parts) & {Shift.APPEARS, Shift.VANISHES}
    if frozenset().union(*ways) == {Shift.LOWER, Shift.HIGHER}:
        return _EITHER | gone
    still = NO_SHIFT if all(Shift.SAME in found for found in parts) or gone else frozenset()
    return frozenset().union(still, gone, *ways)


def _by_rounding(before: Rounding, after: Rounding) -> frozenset[Shift]:
    order = (Rounding.DOWN, Rounding.HALF_UP, Rounding.UP)
    return _weakly(_between(order.index(before), order.index(after)))


def _arithmetic(
    operation: Operation, left: tuple[Term, Term], right: tuple[Term, Term], both: Both
) -> frozenset[Shift]:
    ways = [shifts(*side, both) for side in (left, right)]
    match operation:
        case Operation.ADD:
            return _added(*ways)
        case Operation.SUBTRACT:
            return _added(ways[0], _negative(ways[1]))
        case Operation.MULTIPLY:
            fair = all(_never_negative(term, both) for term in (*left, *right))
            return _weakly(_added(*ways)) if fair else ANY_SHIFT


def _extreme(pick: Pick, old: Term, new: Term, both: Both) -> frozenset[Shift]:
    """The shift of the least or greatest of several: those that are the same hold it, the others may move it."""
    sides = [Counter(term.items if isinstance(term, Extreme) and term.pick is pick else (term,)) for term in (old, new)]
    kept = tuple((sides[0] & sides[1]).elements())
    before, after = (list((side - Counter(kept)).elements()) for side in sides)
    pairs = list(zip(before, after, strict=False))
    ways = [shifts(*pair, both) for pair in pairs]
    dropped, added = before[len(pairs) :], after[len(pairs) :]
    ways += [_one_fewer(pick, term, (*kept, *after)) for term in dropped]
    ways += [_one_more(pick, term, (*kept, *before)) for term in added]
    return _weakly(_added(*ways)) if kept or len(pairs) != 1 or dropped or added else _added(*ways)


def _one_fewer(pick: Pick, term: Term, others: Sequence[Term]) -> frozenset[Shift]:
    appears = frozenset({Shift.APPEARS}) if _may_be_missing_alone(term, others) else frozenset[Shift]()
    return (_UP if pick is Pick.LEAST else _DOWN) | appears


def _one_more(pick: Pick, term: Term, others: Sequence[Term]) -> frozenset[Shift]:
    vanishes = frozenset({Shift.VANISHES}) if _may_be_missing_alone(term, others) else frozenset[Shift]()
    return (_DOWN if pick is Pick.LEAST else _UP) | vanishes


def _may_be_missing_alone(term: Term, others: Sequence[Term]) -> bool:
    return _may_be_missing(term) and not any(term in _strict(other) for other in others)


def _may_be_missing(term: Term) -> bool:
    return any(isinstance(inner, Fact | Judgement | Lookup | Total | Exists | Different) for inner in walk(term))


def _strict(term: Term) -> Iterator[Term]:
    """A term and what inside it makes it missing by being so."""
    yield term
    match term:
        case Arithmetic(_, left, right):
            yield from _strict(left)
            yield from _strict(right)
        case Extreme(_, items):
            for item in items:
                yield from _strict(item)
        case Share(inner) | Rounded(inner):
            yield from _strict(inner)
        case _:
            return


def _tables(old: DatedTable, new: DatedTable) -> frozenset[Shift]:
    if old.unit != new.unit:
        return ANY_SHIFT
    one = timedelta(days=1)
    ends = {end for table in (old, new) for entry in table.entries for end in (entry.first, entry.last)}
    days = {day for end in ends for day in (end - one, end, end + one)}
    return frozenset().union(*(_on(old.at(day), new.at(day)) for day in days))


def _on(before: Decimal | None, after: Decimal | None) -> frozenset[Shift]:
    if before is None or after is None:
        missing = {(True, False): Shift.APPEARS, (False, True): Shift.VANISHES}
        return frozenset({missing.get((before is None, after is None), Shift.SAME)})
    return _between(before, after)


_BY_CHOICE: Mapping[Move, Shift] = {
    (False, True): Shift.HIGHER,
    (True, False): Shift.LOWER,
    (False, None): Shift.VANISHES,
    (True, None): Shift.VANISHES,
    (None, False): Shift.APPEARS,
    (None, True): Shift.APPEARS,
}
"""How a sum of what is never negative shifts where one item of it is picked otherwise."""


def _totals(items: tuple[Term, Term], wheres: tuple[Term | None, Term | None], both: Both) -> frozenset[Shift]:
    old, new = (Constant(True) if where is None else where for where in wheres)
    picked = moves(old, new, both).possible - STILL
    ways = _weakly(shifts(*items, both))
    if not picked:
        return _added(ways)
    if not all(_never_negative(item, both) for item in items):
        return ANY_SHIFT
    found = {_BY_CHOICE[move] for move in picked}
    if any(_may_be_missing(item) for item in items):
        found |= {Shift.APPEARS} if Shift.LOWER in found else set()
        found |= {Shift.VANISHES} if Shift.HIGHER in found else set()
    return _weakly(_added(ways, frozenset(found) | NO_SHIFT))


def _never_negative(term: Term, both: Both) -> bool:
    match term:
        case Constant(value):
            return isinstance(value, int | Decimal | Fraction) and value >= 0
        case Fact(of):
            declared = both.declared(term)
            return of == TOTALS or all(isinstance(d.minimum, int | Decimal) and d.minimum >= 0 for d in declared)
        case Arithmetic(Operation.ADD | Operation.MULTIPLY, left, right):
            return _never_negative(left, both) and _never_negative(right, both)
        case Extreme(pick, items):
            found = [_never_negative(item, both) for item in items]
            return all(found) if pick is Pick.LEAST else any(found)
        case Share(base, rate):
            return rate >= Fraction(0) and _never_negative(base, both)
        case Rounded(amount):
            return _never_negative(amount, both)
        case Lookup(Constant(DatedTable(_, entries))):
            return all(entry.amount >= 0 for entry in entries)
        case Total(collection, item):
            return _never_negative(item, both.inside(collection))
        case Choose(_, chosen, otherwise):
            return _never_negative(chosen, both) and _never_negative(otherwise, both)
        case _:
            return False
