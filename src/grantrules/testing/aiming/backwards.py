"""
Running terms backwards: the small changes after which a term has a wanted value.

Whoever asks looks again: a change that does not do what it should is left out. Not every change that there is is
found; what is found is true.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import chain, combinations, islice
from typing import Any, assert_never

from attrs import evolve, field, frozen

from grantrules.ruleset import RuleSet
from grantrules.terms.nodes import (
    AllOf,
    Among,
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
    Not,
    Operation,
    Relation,
    Rounded,
    Share,
    Term,
    Total,
)
from grantrules.terms.schema import APPLICATION, ORGANISATIONS, TOTALS, Field, Kind, fields_of
from grantrules.terms.walk import walk
from grantrules.testing.aiming.editing import NAMES, At, CaseFile, Place, organisation_index
from grantrules.testing.aiming.thresholds import HOLDS, STEPS, Hints, home_of, is_allowed, literal
from grantrules.values import AMOUNT_LIMIT, DatedTable, Truth, fixed_offset, negated

_MOST_ITEMS = 5
_BREADTH = 4
"""How many ways of a part are carried on to the next part."""


@frozen
class Aim:
    """
    The changes that bring terms to wanted values, for the rules of one round.

    Args:
        turn: from which of several equally good values a fact takes the first; any whole number.
        judging: judgements may be given and taken back; otherwise they stay as they are.
    """

    rules: RuleSet = field(repr=False)
    hints: Hints = field(repr=False)
    turn: int = 0
    judging: bool = True

    def ways(self, file: CaseFile, term: Term, truth: Truth, at: At) -> Iterator[CaseFile]:
        """Files, near this one, in which a yes-or-no term has a truth."""
        if file.value(term, at) is truth:
            yield file
            return
        for made in self._ways(file, term, truth, at):
            if made.value(term, at) is truth:
                yield made

    def _ways(self, file: CaseFile, term: Term, truth: Truth, at: At) -> Iterator[CaseFile]:
        match term:
            case Not(item):
                yield from self.ways(file, item, negated(truth), at)
            case AllOf(items):
                yield from self._joined(file, items, truth, True, at)
            case AnyOf(items):
                yield from self._joined(file, items, truth, False, at)
            case AtLeast(count, items):
                yield from self._at_least(file, count, items, truth, at)
            case Compare() if truth is None:
                yield from self._unstated(file, term, at)
            case Compare(relation, left, right):
                yield from self._compared(file, relation, left, right, bool(truth), at)
            case Membership(among, Fact() as subject, options):
                for value in [None] if truth is None else self._members(subject, among, options, bool(truth)):
                    yield from self._set(file, subject, value, at)
            case Fact():
                yield from self._set(file, term, truth, at)
            case Judgement(id) if self.judging:
                yield file.answered(id, truth)
            case Known(fact):
                values = self._apt(fact) if truth else [None]
                yield from chain.from_iterable(self._set(file, fact, value, at) for value in values)
            case Exists(collection, where):
                yield from self._exists(file, collection, where, truth, at)
            case Different(count, where):
                yield from self._different(file, count, where, truth, at)
            case Choose(condition, chosen, otherwise):
                yield from self.every(file, [(condition, True), (chosen, truth)], at)
                yield from self.every(file, [(condition, False), (otherwise, truth)], at)
            case _:
                return

    def every(self, file: CaseFile, pairs: Sequence[tuple[Term, Truth]], at: At) -> Iterator[CaseFile]:
        """Files in which each of several terms has its truth."""
        if not pairs:
            yield file
            return
        (term, truth), *rest = pairs
        for made in islice(self.ways(file, term, truth, at), _BREADTH):
            yield from self.every(made, rest, at)

    def _joined(self, file: CaseFile, items: Sequence[Term], truth: Truth, unit: bool, at: At) -> Iterator[CaseFile]:
        """All-of with `unit` true, any-of with `unit` false: all are the unit, one is not, or one is open."""
        if truth is unit:
            yield from self.every(file, [(item, unit) for item in items], at)
        elif truth is None:
            for index in range(len(items)):
                rest = [(item, unit) for i, item in enumerate(items) if i != index]
                yield from self.every(file, [*rest, (items[index], None)], at)
        else:
            yield from chain.from_iterable(self.ways(file, item, truth, at) for item in items)

    def _at_least(self, file: CaseFile, count: int, items: Sequence[Term], truth: Truth, at: At) -> Iterator[CaseFile]:
        sure = count if truth else count - 1
        for chosen in combinations(range(len(items)), sure):
            rest = [i for i in range(len(items)) if i not in chosen]
            pairs: list[tuple[Term, Truth]] = [(items[i], True) for i in chosen]
            if truth is False:
                pairs += [(items[i], False) for i in rest]
            elif truth is None and rest:
                pairs += [*((items[i], False) for i in rest[1:]), (items[rest[0]], None)]
            yield from self.every(file, pairs, at)

    # Lists

    def _exists(self, file: CaseFile, collection: str, where: Term, truth: Truth, at: At) -> Iterator[CaseFile]:
        count = len(file.items(collection))
        if truth is True:
            for index in range(count):
                yield from self.ways(file, where, True, {**at, collection: index})
            yield from self._one_more(file, collection, where, True, at)
            return
        if truth is False:
            yield from self._all_items(file, collection, where, False, at)
            kept = file
            for index in reversed(range(count)):
                if file.value(where, {**at, collection: index}) is not False:
                    kept = kept.without_item(collection, index)
            yield kept
            return
        for made in islice(self._all_items(file, collection, where, False, at), _BREADTH):
            for index in range(count):
                yield from self.ways(made, where, None, {**at, collection: index})
            yield from self._one_more(made, collection, where, None, at)
        yield file.stated((collection,), None)

    def _one_more(self, file: CaseFile, collection: str, where: Term, truth: Truth, at: At) -> Iterator[CaseFile]:
        """One more item, of which a condition has a truth."""
        count = len(file.items(collection))
        if count < _MOST_ITEMS:
            yield from self.ways(file.with_item(collection), where, truth, {**at, collection: count})

    def _all_items(self, file: CaseFile, collection: str, where: Term, truth: Truth, at: At) -> Iterator[CaseFile]:
        """Every item is made to fit or not."""
        files: list[CaseFile] = [file]
        for index in range(len(file.items(collection))):
            found = (self.ways(made, where, truth, {**at, collection: index}) for made in files)
            files = list(islice(chain.from_iterable(found), _BREADTH))
        yield from (made.stated((collection,), made.items(collection)) for made in files)

    def _different(self, file: CaseFile, count: int, where: Term, truth: Truth, at: At) -> Iterator[CaseFile]:
        if truth is None:
            for made in islice(self._different(file, count, where, True, at), _BREADTH):
                for index in range(len(made.items(ORGANISATIONS))):
                    yield from self.ways(made, where, None, {**at, ORGANISATIONS: index})
            yield file.stated((ORGANISATIONS,), None)
            return
        if truth is False:
            files = [file]
            for index in range(len(file.items(ORGANISATIONS))):
                found = (self.ways(made, where, False, {**at, ORGANISATIONS: index}) for made in files)
                files = list(islice(chain(chain.from_iterable(found), files), _BREADTH))
                yield from files
            for index in reversed(range(len(file.items(ORGANISATIONS)))):
                file = file.without_item(ORGANISATIONS, index)
                yield file
            yield file.stated((ORGANISATIONS,), ())
            return
        made = file
        for index in range(_MOST_ITEMS):
            if index == len(made.items(ORGANISATIONS)):
                made = made.with_item(ORGANISATIONS)
            fitting = next(iter(self.ways(made, where, True, {**at, ORGANISATIONS: index})), None)
            made = made if fitting is None else self._told_apart(fitting, index)
            if fitting is not None:
                yield made

    def _told_apart(self, file: CaseFile, index: int) -> CaseFile:
        """The organisation has a name that no other has, and no id that another has."""
        one = file.items(ORGANISATIONS)[index]
        others = [o for i, o in enumerate(file.items(ORGANISATIONS)) if i != index]
        if one.name is None or one.name in [o.name for o in others]:
            name = file.with_item(ORGANISATIONS).items(ORGANISATIONS)[-1].name
            file = file.stated((ORGANISATIONS, index, "name"), name)
        return file.stated((ORGANISATIONS, index, "id"), None) if one.id in [o.id for o in others] else file

    # Comparisons

    def _compared(
        self, file: CaseFile, relation: Relation, left: Term, right: Term, truth: bool, at: At
    ) -> Iterator[CaseFile]:
        for made in self._filled(file, (left, right), at):
            for moved, other, mirrored in ((left, right, False), (right, left, True)):
                limit = made.value(other, at)
                kind = self._kind(other if isinstance(moved, Constant) else moved, at)
                for target in self._targets(kind, limit):
                    pair = (limit, target) if mirrored else (target, limit)
                    if HOLDS[relation](*pair) is truth:
                        yield from self._assigned(made, moved, target, at)

    def beside(self, file: CaseFile, comparison: Compare, steps: int, at: At) -> Iterator[CaseFile]:
        """Files in which one side of a comparison is so many steps from the other: 0 for at the limit itself."""
        for made in self._filled(file, (comparison.left, comparison.right), at):
            for moved, other in ((comparison.left, comparison.right), (comparison.right, comparison.left)):
                kind = self._kind(other if isinstance(moved, Constant) else moved, at)
                limit, step = made.value(other, at), STEPS.get(kind)
                if limit is not None and step is not None:
                    yield from self._assigned(made, moved, limit + steps * step, at)

    def _kind(self, term: Term, at: At) -> Kind:
        """The kind of value that a term yields, with items of lists at hand."""
        return evolve(self.rules.checker, scope=(APPLICATION, *at)).kind_of(term)

    def _targets(self, kind: Kind, limit: Any) -> Sequence[Any]:
        """Values at a limit, one step beside it, and farther off."""
        step = STEPS.get(kind)
        if limit is None or isinstance(limit, bool):
            return (True, False) if kind is Kind.TRUTH else ()
        if step is None:
            return (limit, *(o for o in self._words(kind) if o != limit))
        exactly = Decimal(limit) if kind in (Kind.QUANTITY, Kind.MONEY) else limit
        near = (exactly, exactly - step, exactly + step)
        far = tuple(exactly + sign * step * times for times in _FAR[kind] for sign in (1, -1))
        shift = self.turn % len(near)
        return (*near[shift:], *near[:shift], *far)

    def _words(self, kind: Kind) -> Sequence[Any]:
        words = [option.code for record in self.rules.schema.records for f in record.fields for option in f.options]
        match kind:
            case Kind.CHOICE:
                return words
            case Kind.CHOICES:
                return [frozenset(), *(frozenset({word}) for word in words)]
            case Kind.TEXT:
                return NAMES[:_MOST_ITEMS]
            case _:
                return ()

    def _assigned(self, file: CaseFile, term: Term, value: Any, at: At) -> Iterator[CaseFile]:
        """Files in which a number, a day or a word may have a value; whoever asks looks again."""
        match term:
            case Fact():
                yield from self._set(file, term, value, at)
            case Arithmetic(operation, left, right):
                yield from self._part_assigned(file, operation, left, right, value, at)
            case Extreme(_, items):
                yield from chain.from_iterable(self._assigned(file, item, value, at) for item in items)
                files = [file]
                for item in items:
                    files = [made for one in files for made in islice(self._assigned(one, item, value, at), 1)] or files
                yield from files
            case Share(base, rate, _) if rate:
                whole = Decimal(int(Fraction(value) * 100 / rate)).scaleb(-2)
                yield from self._assigned(file, base, whole, at)
                yield from self._assigned(file, base, whole + STEPS[Kind.MONEY], at)
            case Rounded(amount, _):
                yield from self._assigned(file, amount, value, at)
            case Total(collection, item, where):
                yield from self._total_assigned(file, collection, item, where, value, at)
            case Choose(condition, chosen, otherwise):
                taken = chosen if file.value(condition, at) else otherwise
                yield from self._assigned(file, taken, value, at)
            case _:
                return

    def _part_assigned(
        self, file: CaseFile, operation: Operation, left: Term, right: Term, value: Any, at: At
    ) -> Iterator[CaseFile]:
        for part, other in ((left, right), (right, left)):
            known = file.value(other, at)
            for wanted in (
                () if known is None else self._operands(operation, part is left, self._kind(part, at), value, known)
            ):
                yield from self._assigned(file, part, wanted, at)

    def _operands(self, operation: Operation, first: bool, kind: Kind, value: Any, known: Any) -> Sequence[Any]:
        """What one side must be for the outcome to be a value, or nearly so, where the other side is known."""
        match operation:
            case Operation.ADD:
                return (value - known,)
            case Operation.SUBTRACT:
                return (value + known if first else known - value,)
            case Operation.MULTIPLY:
                return _quotients(kind, value, known)
            case _:
                assert_never(operation)

    def _total_assigned(
        self, file: CaseFile, collection: str, item: Term, where: Term | None, value: Any, at: At
    ) -> Iterator[CaseFile]:
        picked = Constant(True) if where is None else where
        fitting = [i for i in range(len(file.items(collection))) if file.value(picked, {**at, collection: i}) is True]
        found = file.value(Total(collection, item, where), at)
        if found is None:
            return
        if not any(isinstance(inner, Fact) for inner in walk(item)):
            yield from self._counted(file, collection, picked, fitting, found - value, at)
            return
        for index in fitting:
            own = file.value(item, {**at, collection: index})
            yield from self._assigned(file, item, own + (value - found), {**at, collection: index})
            alone = file
            for other in reversed([i for i in fitting if i != index]):
                alone = alone.without_item(collection, other)
            left = index - sum(i < index for i in fitting)
            yield from self._assigned(alone, item, value, {**at, collection: left})
        for made in islice(self._one_more(file, collection, picked, True, at), 2):
            last = {**at, collection: len(made.items(collection)) - 1}
            yield from self._assigned(made, item, value - found, last)

    def _counted(
        self, file: CaseFile, collection: str, picked: Term, fitting: list[int], surplus: Any, at: At
    ) -> Iterator[CaseFile]:
        """As many items fit as are wanted: some taken out, or some more put in."""
        for index in reversed(fitting[: max(0, int(surplus))]):
            file = file.without_item(collection, index)
        for _ in range(min(_MOST_ITEMS, max(0, -int(surplus)))):
            more = next(iter(self._one_more(file, collection, picked, True, at)), None)
            file = file if more is None else more
        yield file

    # Single facts

    def _filled(self, file: CaseFile, terms: Sequence[Term], at: At) -> Iterator[CaseFile]:
        """Files in which what the terms read is stated."""
        if all(file.value(term, at) is not None for term in terms):
            yield file
            return
        for term in terms:
            for inner in walk(term):
                match inner:
                    case Fact() if inner.of in (APPLICATION, *at) and file.value(inner, at) is None:
                        chosen = next(iter(self._apt(inner)), None)
                        file = next(iter(self._set(file, inner, chosen, at)), file)
                    case Total(collection, item, _) | Exists(collection, item):
                        if getattr(file.application, collection) is None:
                            file = file.stated((collection,), ())
                        asked = [item] if inner.where is None else [item, inner.where]
                        for index in range(len(file.items(collection))):
                            file = next(iter(self._filled(file, asked, {**at, collection: index})), file)
                    case _:
                        pass
        yield file

    def _unstated(self, file: CaseFile, term: Term, at: At) -> Iterator[CaseFile]:
        """Files in which something that the term reads is missing."""
        for inner in walk(term):
            match inner:
                case Fact() if inner.of in (APPLICATION, *at):
                    yield from self._set(file, inner, None, at)
                case Total(collection) | Exists(collection):
                    for index in range(len(file.items(collection))):
                        for part in parts_of(inner):
                            yield from self._unstated(file, part, {**at, collection: index})
                    yield file.stated((collection,), None)
                case Judgement(id) if self.judging:
                    yield file.answered(id, None)
                case Lookup(table, Fact() as day) if isinstance(known := literal(table, self.rules), DatedTable):
                    for outside in (known.entries[0].first - timedelta(1), known.entries[-1].last + timedelta(1)):
                        yield from self._set(file, day, outside, at)
                case _:
                    pass

    def _set(self, file: CaseFile, fact: Fact, value: Any, at: At) -> Iterator[CaseFile]:
        """The file with a fact set; records and the organisation that lead to it are made if they are missing."""
        home = home_of(fact, self.rules)
        if home is None or fact.of == TOTALS or (value is not None and not is_allowed(value, home[1])):
            return
        value = _fitting(value, home[1])
        found = self._place(file, fact, at)
        if found is None:
            return
        file, place = found
        made = file.stated(place, value)
        if home[1].name in ("starts_on", "ends_on") and value is not None and not made.readable:
            other = "ends_on" if home[1].name == "starts_on" else "starts_on"
            made = made.stated((*place[:-1], other), value)
        if home[0] == ORGANISATIONS and home[1].name == "name":
            made = self._renamed(file, made, place)
        yield made

    def _renamed(self, before: CaseFile, after: CaseFile, place: Place) -> CaseFile:
        """Who named an organisation by its old name names it by the new one."""
        (old, new) = (getattr(f.items(ORGANISATIONS)[int(place[1])], "name") for f in (before, after))  # noqa: B009
        for collection, declared in _naming(after.application):
            for index, item in enumerate(after.items(collection)):
                if getattr(item, declared) == old and old is not None:
                    after = after.stated((collection, index, declared), new)
        return after

    def _place(self, file: CaseFile, fact: Fact, at: At) -> tuple[CaseFile, Place] | None:
        """Where a fact stands, with the file in which it can stand there."""
        place: Place = () if fact.of == APPLICATION else (fact.of, at[fact.of])
        for step in fact.path[:-1]:
            name = self.rules.references.get((fact.of, step))
            if name is None:
                place = (*place, step)
                continue
            record = _record_at(file.application, place)
            index = organisation_index(file.application, getattr(record, name))
            if index is None:
                if not file.items(ORGANISATIONS) or file.items(ORGANISATIONS)[0].name is None:
                    file = file.with_item(ORGANISATIONS)
                index = next(i for i, o in enumerate(file.items(ORGANISATIONS)) if o.name is not None)
                file = file.stated((*place, name), file.items(ORGANISATIONS)[index].name)
            place = (ORGANISATIONS, index)
        return file, (*place, fact.path[-1])

    def _apt(self, fact: Fact) -> Sequence[Any]:
        """Values that a fact may have: what some rule asks for, what is near a limit, or anything."""
        home = home_of(fact, self.rules)
        if home is None:
            return ()
        key = (home[0], home[1].name)
        asked = [v for v in self.hints.apt.get(key, ()) if is_allowed(v, home[1])]
        near = [v for v in self.hints.near.get(home[1].kind, ()) if is_allowed(v, home[1])]
        found = list(dict.fromkeys([*asked, *_plain_values(home[1]), *near]))
        shift = self.turn % len(found) if found else 0
        return [*found[shift:], *found[:shift]]

    def _members(self, subject: Fact, among: Among, options: tuple[str, ...], truth: bool) -> Sequence[Any]:
        home = home_of(subject, self.rules)
        words = home[1].codes if home is not None and home[1].codes else ("", *options)
        match among:
            case Among.IS_ONE_OF:
                return [word for word in words if (word in options) is truth]
            case Among.INCLUDES_ANY:
                return [frozenset({o}) for o in options] if truth else [frozenset(words) - set(options), frozenset()]
            case Among.INCLUDES_ALL if truth:
                return [frozenset(options), frozenset(words)]
            case Among.INCLUDES_ALL:
                return [frozenset(options) - {option} for option in options]
            case _:
                assert_never(among)


_FAR: Mapping[Kind, tuple[int, ...]] = {
    Kind.MONEY: (10_000_000, 100_000_000, 1_000_000_000),
    Kind.COUNT: (2, 10, 100),
    Kind.QUANTITY: (1000, 100_000),
    Kind.DAY: (30, 400),
    Kind.MOMENT: (3600, 86_400 * 30),
}
"""How many steps off a limit values are tried that are not near it."""


def parts_of(term: Total | Exists) -> Sequence[Term]:
    """What is asked of the items of a list."""
    match term:
        case Total(_, item, None):
            return (item,)
        case Total(_, item, where) if where is not None:
            return (where, item)
        case _:
            return () if term.where is None else (term.where,)


def _quotients(kind: Kind, value: Any, factor: Any) -> Sequence[Any]:
    """Numbers whose product with a factor is a value, or nearest to it from below and from above."""
    step = STEPS.get(kind)
    if not factor or step is None or not isinstance(value, int | Decimal):
        return ()
    steps = (Fraction(value) / Fraction(factor) / Fraction(step)).__floor__()
    return (step * steps, step * (steps + 1))


def _fitting(value: Any, declared: Field) -> Any:
    """A value as its fact holds it: counts are whole numbers, times know their offset."""
    match value:
        case Decimal() if declared.kind is Kind.COUNT:
            return int(value)
        case int() if declared.kind in (Kind.MONEY, Kind.QUANTITY) and not isinstance(value, bool):
            return Decimal(value)
        case datetime():
            return fixed_offset(value)
        case _:
            return value


def _plain_values(declared: Field) -> Sequence[Any]:
    match declared.kind:
        case Kind.TRUTH:
            return (True, False)
        case Kind.MONEY:
            return tuple(v for v in (Decimal("100000.00"), Decimal("1.00")) if v <= (declared.maximum or AMOUNT_LIMIT))  # type: ignore[operator]
        case Kind.COUNT:
            return (max(1, least) if isinstance(least := declared.minimum, int) else 1,)
        case Kind.QUANTITY:
            return (Decimal(1),)
        case Kind.DAY:
            return (date(2020, 6, 1),)
        case Kind.TEXT:
            return ("Æblehaven",)
        case Kind.CHOICE:
            return declared.codes
        case Kind.CHOICES:
            return (frozenset(declared.codes), frozenset(declared.codes[:1]), frozenset())
        case _:
            return ()


def _record_at(application: Any, place: Place) -> Any:
    at = application
    for step in place:
        at = at[step] if isinstance(step, int) else getattr(at, step)
    return at


def _naming(application: Any) -> Iterator[tuple[str, str]]:
    """The lists whose items name an organisation, and by which fact."""
    cls: type = type(application)
    for name, (declared, of) in fields_of(cls).items():
        if declared.kind is Kind.MANY and of is not None:
            yield from ((name, fact) for fact, (inner, _) in fields_of(of).items() if inner.names)
