"""
Filling in an application: stating what is missing and keeping whatever is stated, so that a reader would take it.

Facts that name a record of a list, and the names that the records carry, are kept in step.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from attrs import define, field
from hypothesis import strategies as st

from grantrules.rulebooks import Rulebook
from grantrules.terms.schema import APPLICATION, COSTS, Field, Kind, fields_of
from grantrules.testing.aiming.editing import NAMES as KNOWN_NAMES
from grantrules.testing.strategies.fact_values import Strategy, Values

Draw = Callable[[Strategy], Any]
"""The `draw` of a composite strategy or of `st.data()`."""

NAMES = KNOWN_NAMES[:6]
MOST_ITEMS = 3

TENTHS = st.integers(0, 9)


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


def line_id(index: int) -> str:
    """The id of a cost line, which no other line of the application has."""
    return f"c{index + 1}"


@define
class Filler:
    """
    Fills in an application: states what is missing, and keeps whatever is stated.

    Args:
        states: which of the missing facts are to be stated.
        aptness: how often, of ten times, a fact is what some rule asks for.
        whole: new lists are not left empty, so that nothing need be missing in the end.
        names: the lists that facts refer to by name.
    """

    draw: Draw
    rulebook: Rulebook
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
            return line_id(int(path.partition("[")[2].partition("]")[0]))
        if record in self.names and declared.name == "name":
            return self.name(self.names[record])
        if declared.names:
            return self.reference(self.names[declared.names])
        values = self.values(record, declared)
        apt = values.apt is not None and self.draw(TENTHS) < self.aptness
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
        shared = names.to_share if not self.whole and self.draw(TENTHS) == 9 else []
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
