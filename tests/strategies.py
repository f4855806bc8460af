"""
Hypothesis strategies read off a rulebook: its applications, whole or partly filled in, and their assessments.

    applications(rulebook)                      any application that a file could hold, any part of it missing
    applications(rulebook, complete=True)       with nothing missing
    assessments(rulebook, application)          none to three of them
    cases(rulebook)                             an application and assessments of it
    stated_more(draw, application, rulebook)    the same application with more of it filled in

Nothing here is written for one pool. Kinds, bounds and words come from the declarations of the facts; figures, dates
and words come from the rules, each threshold with its neighbours one step below and one step above.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from operator import eq, ge, gt, le, lt
from typing import Any

from attrs import define, evolve, field, frozen
from hypothesis import strategies as st

import grantrules as g
from grantrules.ruleset import RuleSet
from grantrules.serial.assessments import takes_consensus
from grantrules.terms.nodes import (
    Among,
    Compare,
    Constant,
    Fact,
    Lookup,
    Membership,
    Named,
    Not,
    Relation,
    Term,
)
from grantrules.terms.schema import APPLICATION, COSTS, ORGANISATIONS, Field, Kind, fields_of
from grantrules.terms.walk import parts, walk
from grantrules.values import ORE, fixed_offset

Strategy = st.SearchStrategy[Any]

Draw = Callable[[Strategy], Any]
"""The `draw` of a composite strategy or of `st.data()`."""

Key = tuple[str, str]
"""A fact by its record and its name, as in `("costs", "amount")`."""

NAMES = ("Region Midtjylland", "Aarhus Kommune", "VIA University College", "Ørsted Forening", "Nordhus A/S", "Hilsen")
IDENTIFIERS = ("DK-CVR-29190925", "DK-CVR-55133018", "NO-BRC-964338531", "GB-COH-09506232")
MOST_ITEMS = 3

_TENTHS = st.integers(0, 9)


# What the rules look for


STEPS: Mapping[Kind, Any] = {
    Kind.MONEY: ORE,
    Kind.COUNT: 1,
    Kind.QUANTITY: Decimal("0.001"),
    Kind.DAY: timedelta(days=1),
    Kind.MOMENT: timedelta(seconds=1),
}
"""The smallest step by which a value of a kind can miss a limit."""

_HOLDS: Mapping[Relation, Callable[[Any, Any], bool]] = {
    Relation.EQUAL: eq,
    Relation.LESS: lt,
    Relation.AT_MOST: le,
    Relation.MORE: gt,
    Relation.AT_LEAST: ge,
}
_MIRRORED = {Relation.LESS: Relation.MORE, Relation.AT_MOST: Relation.AT_LEAST}
_MIRRORED |= {mirrored: relation for relation, mirrored in _MIRRORED.items()} | {Relation.EQUAL: Relation.EQUAL}


def around(kind: Kind, limit: Any) -> tuple[Any, ...]:
    """A limit, and the values one step below and one step above it; other values have no steps."""
    step = STEPS.get(kind)
    if step is None:
        return (limit,)
    exact = Decimal(limit) if kind is Kind.QUANTITY else limit
    return (exact, exact - step, exact + step)


@frozen
class Hints:
    """
    What the rules of a round look for.

    Args:
        near: kind to the values on and beside every figure and day that the rules mention.
        apt: fact to values of it that some rule asks for.
    """

    near: Mapping[Kind, tuple[Any, ...]]
    apt: Mapping[Key, tuple[Any, ...]]


def hints_of(rules: RuleSet) -> Hints:
    """Read the hints off the rules."""
    near: dict[Kind, dict[Any, None]] = {kind: {} for kind in STEPS}
    for limit in _limits(rules):
        for kind in _kinds_of(limit):
            near[kind] |= dict.fromkeys(around(kind, limit))
    apt: dict[Key, dict[Any, None]] = {}
    for term, holds in _demands(rules):
        for key, value in _asked(term, holds, rules):
            apt.setdefault(key, {})[value] = None
    return Hints(
        {kind: tuple(found) for kind, found in near.items()}, {key: tuple(found) for key, found in apt.items()}
    )


def _limits(rules: RuleSet) -> Iterator[Any]:
    for amount in (
        *rules.values.values(),
        *(at.value for term, _ in _demands(rules) for at in walk(term) if isinstance(at, Constant)),
    ):
        if isinstance(amount, g.DatedTable):
            yield from (day for entry in amount.entries for day in (entry.first, entry.last))
        else:
            yield amount


def _kinds_of(limit: Any) -> tuple[Kind, ...]:
    match limit:
        case bool():
            return ()
        case int():
            return (Kind.COUNT, Kind.QUANTITY)
        case Decimal():
            return (Kind.MONEY,)
        case datetime():
            return (Kind.MOMENT,)
        case date():
            return (Kind.DAY,)
        case _:
            return ()


def _demands(rules: RuleSet) -> Iterator[tuple[Term, bool]]:
    """Every term of the rules, and which way an applicant would like it to go."""
    for rule in rules.rules:
        for place, term in rule.terms:
            yield term, not (isinstance(rule, g.CostRule) and _cuts(rule, place))


def _cuts(rule: g.CostRule, place: str) -> bool:
    """A line is cut where this term of a cost rule holds."""
    return place == "when" or (place == "concerns" and rule.when is None and isinstance(rule.disallow, g.Whole))


def _asked(term: Term, holds: bool, rules: RuleSet) -> Iterator[tuple[Key, Any]]:
    """The values of facts with which a term goes the way wanted, as far as they can be read off it."""
    match term:
        case Not(item):
            yield from _asked(item, not holds, rules)
            return
        case Fact():
            declared = _home(term, rules)
            if declared is not None and declared[1].kind is Kind.TRUTH:
                yield (declared[0], declared[1].name), holds
        case Compare(relation, left, right):
            for fact, limit, asked in ((left, right, relation), (right, left, _MIRRORED[relation])):
                declared = _home(fact, rules) if isinstance(fact, Fact) else None
                value = _literal(limit, rules)
                if declared is not None and value is not None:
                    for near in around(declared[1].kind, value):
                        if _HOLDS[asked](near, value) is holds:
                            yield (declared[0], declared[1].name), near
            holds = True
        case Membership(among, Fact() as fact, options) if holds and (declared := _home(fact, rules)) is not None:
            yield from (((declared[0], declared[1].name), word) for word in _fitting(among, options))
            return
        case Lookup(table, day) if isinstance(found := _literal(table, rules), g.DatedTable):
            declared = _home(day, rules) if isinstance(day, Fact) else None
            for entry in found.entries if declared is not None else ():
                yield from (((declared[0], declared[1].name), end) for end in (entry.first, entry.last))  # type: ignore[index]
        case _:
            pass
    for _, inner in parts(term):
        yield from _asked(inner, holds, rules)


def _fitting(among: Among, options: tuple[str, ...]) -> tuple[Any, ...]:
    """Values that stand to a list of words as wanted."""
    match among:
        case Among.IS_ONE_OF:
            return options
        case Among.INCLUDES_ALL:
            return (frozenset(options),)
        case Among.INCLUDES_ANY:
            return (frozenset(options), frozenset(options[:1]))


def _literal(term: Term, rules: RuleSet) -> Any:
    match term:
        case Constant(value):
            return value
        case Named(name):
            return rules.values[name]
        case _:
            return None


def _home(fact: Fact, rules: RuleSet) -> tuple[str, Field] | None:
    """The record that a fact stands in, and its declaration."""
    record = rules.schema.record(fact.of)
    for step in fact.path[:-1]:
        reference = record.reference(step) if record else None
        inner = record.field(step) if record else None
        record = rules.schema.record(reference.names if reference else inner.record if inner else "")
    declared = record.field(fact.path[-1]) if record else None
    return None if record is None or declared is None else (record.name, declared)


# The values of one fact


@frozen
class Values:
    """What one fact may be: what some rule asks for, if any does, and anything that its declaration allows."""

    apt: Strategy | None
    any: Strategy


def _values(rulebook: g.Rulebook, hints: Hints, record: str, declared: Field) -> Values:
    key = (record, declared.name)
    near = [value for value in hints.near.get(declared.kind, ()) if _allowed(value, declared)]
    asked = [value for value in hints.apt.get(key, ()) if _allowed(value, declared)]
    if declared.kind is Kind.MOMENT:
        near, asked = _elsewhere(near), _elsewhere(asked)
    ordinary = _identity(rulebook, key)
    if ordinary is None:
        ordinary = _ordinary(declared, near, asked)
    close = list(dict.fromkeys([*asked, *near]))
    return Values(
        st.sampled_from(asked) if asked else None,
        st.one_of(st.sampled_from(close), ordinary) if close else ordinary,
    )


def _identity(rulebook: g.Rulebook, key: Key) -> Strategy | None:
    """Facts whose values are fixed by something else than their declaration."""
    known: dict[Key, Strategy] = {
        (APPLICATION, "id"): st.sampled_from(("A-1", "2018/0417")),
        (APPLICATION, "pool"): st.just(rulebook.pool.id),
        (APPLICATION, "round"): st.just(rulebook.round.id),
        (ORGANISATIONS, "id"): st.sampled_from(IDENTIFIERS),
        (ORGANISATIONS, "country"): st.sampled_from(("DK", "NO")),
    }
    return known.get(key)


def _allowed(value: Any, declared: Field) -> bool:
    if declared.options:
        return all(word in declared.codes for word in ((value,) if isinstance(value, str) else value))
    low, high = declared.minimum, declared.maximum
    return (low is None or value >= low) and (high is None or value <= high)


def _elsewhere(moments: list[datetime]) -> list[datetime]:
    """The same moments, on the clocks of other places too."""
    places = (None, UTC, timezone(timedelta(hours=-5)), timezone(timedelta(hours=5, minutes=45)))
    return [
        fixed_offset(moment if place is None else moment.astimezone(place)) for place in places for moment in moments
    ]


def _ordinary(declared: Field, near: list[Any], asked: list[Any]) -> Strategy:
    low: Any = declared.minimum
    high: Any = declared.maximum
    match declared.kind:
        case Kind.TRUTH:
            return st.booleans()
        case Kind.MONEY:
            rounded = st.integers(0, 50).map(lambda n: Decimal(n * 100_000))
            small, large = (
                st.integers(0, top).map(lambda n: Decimal(n).scaleb(-2)) for top in (10**7, int(high * 100))
            )
            return st.one_of(rounded, small, large).filter(lambda amount: amount <= high)
        case Kind.QUANTITY:
            thousandths = st.integers(0, 5_000_000).map(lambda n: Decimal(n).scaleb(-3))
            return st.one_of(st.integers(0, 2000).map(Decimal), thousandths).filter(lambda found: found <= high)
        case Kind.COUNT:
            return st.one_of(st.integers(low, min(high, low + 30)), st.integers(low, high))
        case Kind.DAY:
            first, last = (min(near), max(near)) if near else (date(2018, 1, 1), date(2024, 12, 31))
            about = st.dates(first - timedelta(days=400), last + timedelta(days=400))
            return st.one_of(about, about, st.dates(low, high))
        case Kind.MOMENT:
            middle = near[0].replace(tzinfo=None) if near else datetime(2020, 1, 1)  # noqa: DTZ001
            days = st.integers(-400, 400).map(lambda n: fixed_offset((middle + timedelta(hours=n)).replace(tzinfo=UTC)))
            return st.one_of(days, st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001
        case Kind.TEXT:
            characters = st.characters(exclude_categories=["Cs"])
            return st.one_of(st.sampled_from(("", "Æblehaven", *asked)), st.text(characters, max_size=8))
        case Kind.CHOICE:
            return st.sampled_from(declared.codes)
        case Kind.CHOICES:
            return st.frozensets(st.sampled_from(declared.codes))
        case _:
            raise TypeError(f"a {declared.kind.value} is no single fact")


# Filling in an application


States = Callable[[str, Field], bool]
"""Whether a fact that is missing, by its path, is to be stated."""


@define
class _Names:
    """
    The names of a list that other facts refer to, such as the organisations.

    Args:
        carried: the names that its items have.
        referred: the names that are referred to.
        unnamed: how many items have no name; at least as many as names dangle.
        free: the list itself is missing, so that any name may be referred to.
    """

    carried: list[str]
    referred: set[str] = field(factory=set)
    unnamed: int = 0
    free: bool = True

    @property
    def dangling(self) -> list[str]:
        """Names that are referred to, and that no item has yet."""
        return sorted(self.referred.difference(self.carried))

    @property
    def fresh(self) -> list[str]:
        """Names that nobody has."""
        return [name for name in NAMES if name not in self.carried and name not in self.referred]

    @property
    def to_refer_to(self) -> list[str]:
        """Names that a fact may refer to without being refused."""
        carried = [name for name, times in Counter(self.carried).items() if times == 1]
        more = self.fresh if self.free or self.unnamed > len(self.dangling) else []
        return [*carried, *self.dangling, *more]

    @property
    def to_carry(self) -> list[str]:
        """Names that an item may be given: one that dangles, else one that nobody has."""
        return self.dangling[:1] or self.fresh

    @property
    def to_share(self) -> list[str]:
        """Names of items that a further item may have too, since nobody refers to them; never the first one's."""
        return [] if self.dangling else [name for name in self.carried[1:] if name not in self.referred]


def _line_id(index: int) -> str:
    """The id of a cost line, which no other line of the application has."""
    return f"c{index + 1}"


@define
class _Filler:
    """
    Fills in an application: states what is missing, and keeps whatever is stated.

    Args:
        states: which of the missing facts are to be stated.
        aptness: how often, of ten times, a fact is what some rule asks for.
        whole: new lists are not left empty, so that nothing need be missing in the end.
        names: the lists that facts refer to by name.
    """

    draw: Draw
    rulebook: g.Rulebook
    values: Callable[[str, Field], Values]
    states: States
    aptness: int
    whole: bool = False
    names: dict[str, _Names] = field(factory=dict)

    def application(self, at: Any = None) -> Any:
        """The application, filled in."""
        cls = self.rulebook.application
        for record in self.rulebook.rules.schema.records:
            for declared in record.fields:
                if declared.names:
                    carried = [item.name for item in getattr(at, declared.names, None) or () if item.name is not None]
                    self.names[declared.names] = _Names(carried)
        for _, declared, item in _stated_facts(at, APPLICATION) if at is not None else ():
            if declared.names:
                self.names[declared.names].referred.add(getattr(item, declared.name))
        return self.record(cls, APPLICATION, "", at)

    def record(self, cls: type, name: str, path: str, at: Any) -> Any:
        """One record: `at` with more of it stated, or a new one."""
        made: dict[str, Any] = {}
        facts = fields_of(cls)
        for fact, (declared, of) in sorted(facts.items(), key=lambda item: item[1][0].record not in self.names):
            place = f"{path}.{fact}" if path else fact
            stated = None if at is None else getattr(at, fact)
            kept = declared.optional and at is not None
            if declared.kind is Kind.MANY and of is not None:
                made[fact] = self.many(of, declared, place, stated)
            elif stated is not None and declared.kind is not Kind.RECORD:
                made[fact] = stated
            elif (stated is None and kept) or (stated is None and not self.states(place, declared)):
                made[fact] = None
            elif of is not None:
                made[fact] = self.record(of, declared.record, place, stated)
            else:
                made[fact] = self.value(name, declared, place)
        return cls(**self.in_order(made, at))

    def many(self, of: type, declared: Field, path: str, at: Any) -> Any:
        """A list: its items with more of them stated, or a new list."""
        named = self.names.get(declared.record)
        if at is None and not self.states(path, declared):
            return None
        least = max(len(named.dangling) if named else 0, int(self.whole or self.aptness > 5))
        items = at if at is not None else (None,) * self.draw(st.integers(least, max(least, MOST_ITEMS)))
        if named:
            named.free, named.unnamed = False, sum(getattr(item, "name", None) is None for item in items)
        return tuple(self.record(of, declared.record, f"{path}[{i}]", item) for i, item in enumerate(items))

    def value(self, record: str, declared: Field, path: str) -> Any:
        """The value of a single fact that was missing."""
        if (record, declared.name) == (COSTS, "id"):
            return _line_id(int(path.partition("[")[2].partition("]")[0]))
        if record in self.names and declared.name == "name":
            return self.name(self.names[record])
        if declared.names:
            return self.reference(self.names[declared.names])
        values = self.values(record, declared)
        apt = values.apt is not None and self.draw(_TENTHS) < self.aptness
        return self.draw(values.apt if apt and values.apt is not None else values.any)

    def reference(self, names: _Names) -> str | None:
        """A name to refer to; none where the list has nobody who could be meant."""
        if not names.to_refer_to:
            return None
        made: str = self.draw(st.sampled_from(names.to_refer_to))
        names.referred.add(made)
        return made

    def name(self, names: _Names) -> str:
        """A name for an item of such a list; now and then one that another item has too."""
        shared = names.to_share if not self.whole and self.draw(_TENTHS) == 9 else []
        made: str = self.draw(st.sampled_from(shared or names.to_carry))
        names.unnamed -= 1
        names.carried.append(made)
        return made

    @staticmethod
    def in_order(made: dict[str, Any], at: Any) -> dict[str, Any]:
        """The facts, with a project that does not end before it starts."""
        start, end = made.get("starts_on"), made.get("ends_on")
        if start is None or end is None or start <= end:
            return made
        return {**made, "starts_on": end} if getattr(at, "ends_on", None) else {**made, "ends_on": start}


def _stated_facts(at: Any, record: str, path: str = "") -> Iterator[tuple[str, Field, Any]]:
    """Every fact that is stated: its path, its declaration, and the record that it stands in."""
    cls: type = type(at)
    for name, (declared, of) in fields_of(cls).items():
        value, place = getattr(at, name), f"{path}.{name}" if path else name
        if value is None:
            continue
        yield place, declared, at
        items = enumerate(value) if declared.kind is Kind.MANY else [(None, value)] if of is not None else []
        for index, item in items:
            yield from _stated_facts(item, declared.record, place if index is None else f"{place}[{index}]")


def stated_paths(application: Any) -> frozenset[str]:
    """The paths of everything that an application states, lists and records among it."""
    return frozenset(path for path, _, _ in _stated_facts(application, APPLICATION))


_READ: dict[str, Callable[[str, Field], Values]] = {}


def _values_of(rulebook: g.Rulebook) -> Callable[[str, Field], Values]:
    """The values of every fact, worked out once for each rulebook."""
    if rulebook.digest not in _READ:
        hints = hints_of(rulebook.rules)
        known: dict[Key, Values] = {}

        def values(record: str, declared: Field) -> Values:
            key = (record, declared.name)
            if key not in known:
                known[key] = _values(rulebook, hints, record, declared)
            return known[key]

        _READ[rulebook.digest] = values
    return _READ[rulebook.digest]


def _now_and_then(draw: Draw, tenths: int) -> States:
    """State a fact so many times out of ten."""
    return lambda _, __: tenths == 10 or (tenths > 0 and draw(_TENTHS) >= 10 - tenths)


@st.composite
def applications(draw: st.DrawFn, rulebook: g.Rulebook, complete: bool = False) -> Any:
    """
    Applications of the rulebook's pool, such as its reader would take.

    Args:
        complete: state every fact; those declared optional may still be left out.
    """
    tenths = 10 if complete else draw(st.sampled_from((0, 4, 7, 9, 9, 10)))
    often = _now_and_then(draw, tenths)

    def states(path: str, declared: Field) -> bool:
        return draw(st.booleans()) if declared.optional else often(path, declared)

    aptness = draw(st.sampled_from((0, 5, 9, 10, 10)))
    return _Filler(draw, rulebook, _values_of(rulebook), states, aptness, whole=complete).application()


def stated_more(
    draw: Draw, application: Any, rulebook: g.Rulebook, *, only: Collection[str] | None = None, whole: bool = False
) -> Any:
    """
    The same application with more of it filled in, and nothing changed that it states.

    Facts declared optional are left as they are in every record that is there already.

    Args:
        only: the paths to state, with all that is inside of them; a random part of what is missing if left out.
        whole: state everything that is missing.
    """
    if only is None:
        states = _now_and_then(draw, 10 if whole else draw(st.sampled_from((10, 7, 3))))
    else:
        inside = tuple(f"{path}{mark}" for path in only for mark in ("[", "."))

        def states(path: str, declared: Field) -> bool:
            return path in only or path.startswith(inside)

    aptness = draw(st.sampled_from((0, 5, 10)))
    whole = whole or only is not None
    return _Filler(draw, rulebook, _values_of(rulebook), states, aptness, whole=whole).application(application)


# Assessments, and both together


@st.composite
def assessments(
    draw: st.DrawFn, rulebook: g.Rulebook, application: Any, max_size: int = MOST_ITEMS
) -> list[g.Assessment]:
    """
    Assessments of one application: ratings on the scale, judgements of all of it or line by line, conflicts, and
    entries that assessors agreed on where the round asks for them.
    """
    # A line that has no id yet may be answered for by the id that `stated_more` would give it.
    lines = [_line_id(i) if line.id is None else line.id for i, line in enumerate(application.costs or ())]
    return [
        g.Assessment(
            application=draw(st.sampled_from((None, application.id))),
            assessor=draw(st.sampled_from((f"assessor-{number}", f"assessor-{number}", None))),
            ratings=draw(_ratings(rulebook)),
            judgements=draw(_judgements(rulebook, lines)),
            comments=draw(_comments(rulebook)),
            consensus=draw(st.sampled_from((True, True, None, False))) if takes_consensus(rulebook.rules) else None,
            conflict_of_interest=draw(st.sampled_from((False, False, None, True))),
        )
        for number in range(draw(st.integers(0, max_size)))
    ]


def _ratings(rulebook: g.Rulebook) -> Strategy:
    top = rulebook.rules.scoring.scale.top if rulebook.rules.scoring.scale else 0
    whole = st.integers(0, top).map(Decimal)
    rating = st.one_of(whole, whole, st.integers(0, top * 1000).map(lambda n: Decimal(n).scaleb(-3)))
    rated = [criterion.id for criterion in rulebook.rules.scoring.criteria if criterion.computed is None]
    return _some(dict.fromkeys(rated, rating))


def _judgements(rulebook: g.Rulebook, lines: list[str]) -> Strategy:
    by_line = rulebook.rules.line_judgements
    on_lines = st.dictionaries(st.sampled_from(lines), st.booleans()) if lines else st.booleans()
    either = st.one_of(st.booleans(), on_lines)
    return _some({j.id: either if j.id in by_line else st.booleans() for j in rulebook.rules.judgements})


def _comments(rulebook: g.Rulebook) -> Strategy:
    ids = [criterion.id for criterion in rulebook.rules.scoring.criteria]
    return st.sampled_from(({}, {}, dict.fromkeys(ids[:1], "»sådan«")))


def _some(strategies: Mapping[str, Strategy]) -> Strategy:
    """A mapping with some of the keys, often all of them."""
    whole = st.fixed_dictionaries(dict(strategies))
    return st.one_of(st.fixed_dictionaries({}, optional=dict(strategies)), whole)


def answering(draw: Draw, rulebook: g.Rulebook, given: g.Assessment, whats: Collection[str]) -> g.Assessment:
    """The same assessment with ratings and answers to the questions named, for every line at once."""
    judged = {id: draw(st.booleans()) for id in whats if id in {j.id for j in rulebook.rules.judgements}}
    rated = {id: Decimal(draw(st.integers(0, 5))) for id in whats if id not in judged}
    return evolve(given, ratings={**given.ratings, **rated}, judgements={**given.judgements, **judged})


@st.composite
def cases(draw: st.DrawFn, rulebook: g.Rulebook, complete: bool = False) -> tuple[Any, list[g.Assessment]]:
    """An application and assessments of it."""
    application = draw(applications(rulebook, complete=complete))
    return application, draw(assessments(rulebook, application))
