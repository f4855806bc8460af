"""
Expecting: how any part of something may be named in JSON data, read with everything wrong in it, and compared.

What may be said is a tree of nodes, declared once. What is said is read against it, and then held against many things;
only what is named is looked at.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from enum import Enum
from typing import Any, TypeAlias, assert_never

from attrs import frozen

from grantrules.errors import Problem, excerpt, nearest
from grantrules.serial.facts import Wrong, to_data
from grantrules.serial.files import COMMENT, joined

Steps: TypeAlias = tuple[str, ...]
"""The keys that lead to a value of an expectation, from the outside in."""


class Absent(Enum):
    """Stands for what a decision does not have at all."""

    RULE = "there is no such rule any more"
    LINE = "there is no such line any more"
    CRITERION = "there is no such criterion any more"
    THRESHOLD = "there is no such threshold any more"
    CO_FINANCING = "there is no such demand any more"


@frozen
class Parted:
    """
    A place where a decision is not as expected.

    Args:
        steps: the keys of the place in the expectation.
        expected, got: as JSON data; an object whose parts are expected is `{}`.
        absent: what the decision lacks altogether.
    """

    where: str
    steps: Steps
    expected: Any
    got: Any
    absent: Absent | None = None


# What may be said


@frozen
class Value:
    """One value: how it is read from an expectation, taken from what is around it, and written."""

    read: Callable[[Any], Any]
    of: Callable[[Any], Any]
    write: Callable[[Any], Any] = to_data


@frozen
class Keys:
    """
    Several things by name, any subset of them.

    Args:
        of: what they belong to, taken from what is around it.
        short: what may be written instead of an object.
        nullable: there may be nothing at all, written `null`.
    """

    keys: "Mapping[str, Node]"
    of: Callable[[Any], Any]
    short: Value | None = None
    nullable: bool = False


@frozen
class Ids:
    """
    Several things by id, any subset of them; an empty object says that there are none.

    Args:
        what: what an id names.
        known: all ids; `None` where they cannot be told.
        each: what may be said of one of them.
        ids: the ids of what there is.
    """

    what: str
    known: Collection[str] | None
    each: "Callable[[str], Node]"
    ids: Callable[[Any], Iterable[str | None]]


Node: TypeAlias = Value | Keys | Ids


# What is said


@frozen
class Leaf:
    """One value that is expected."""

    where: str
    steps: Steps
    value: Any
    said: Value

    def parted(self, around: Any) -> Iterator[Parted]:
        """The difference, if there is one, taken from what is around the value."""
        got = self.said.of(around)
        if isinstance(got, Absent):
            yield Parted(self.where, self.steps, self.said.write(self.value), None, got)
        elif not _same(self.value, got):
            yield Parted(self.where, self.steps, self.said.write(self.value), self.said.write(got))


@frozen
class Branch:
    """Something of which parts are expected; where it is not there at all, that is one difference and not many."""

    where: str
    steps: Steps
    of: Callable[[Any], Any]
    parts: "tuple[Said, ...]"

    def parted(self, around: Any) -> Iterator[Parted]:
        """Every difference in its parts, or that it is not there."""
        got = self.of(around)
        if got is None or isinstance(got, Absent):
            yield Parted(self.where, self.steps, {}, None, got)
            return
        for part in self.parts:
            yield from part.parted(got)


Said: TypeAlias = Leaf | Branch


def _same(expected: Any, got: Any) -> bool:
    """Equal, and a yes is not a one."""
    return bool(expected == got) and isinstance(expected, bool) == isinstance(got, bool)


# Reading what is said


def read(node: Node, data: Any, place: str, steps: Steps, problems: list[Problem]) -> tuple[Said, ...]:
    """
    Read what is said of a node.

    Args:
        place: its path, and `steps` the keys of that path.
        problems: takes everything that is wrong with it.

    Returns:
        What is said, without what is wrong.
    """
    match node:
        case Value():
            return _value(node, data, place, steps, problems)
        case Keys(short=short) if short is not None and not isinstance(data, Mapping):
            return _value(short, data, place, steps, problems)
        case Keys(nullable=True) if data is None:
            return _value(Value(_nothing, node.of, _whether), data, place, steps, problems)
        case _ if not isinstance(data, Mapping):
            problems.append(Problem(place, f"expected an object, got {excerpt(data)}", code="wrong-type"))
            return ()
        case Keys():
            return (Branch(place, steps, node.of, _keys(node, data, place, steps, problems)),)
        case Ids():
            return _ids(node, data, place, steps, problems)
        case _:
            assert_never(node)


def _value(node: Value, data: Any, place: str, steps: Steps, problems: list[Problem]) -> tuple[Said, ...]:
    try:
        return (Leaf(place, steps, node.read(data), node),)
    except Wrong as error:
        problems.append(Problem(place, error.message, error.hint, error.code))
        return ()


def _keys(node: Keys, data: Mapping[str, Any], place: str, steps: Steps, problems: list[Problem]) -> tuple[Said, ...]:
    stated = {key: value for key, value in data.items() if key != COMMENT}
    for key in stated:
        if key not in node.keys:
            hint = nearest(key, node.keys) or "choose from " + ", ".join(f"`{known}`" for known in node.keys)
            problems.append(Problem(joined(place, key), "there is no such key", hint, "unknown-key"))
    if not stated and steps:
        problems.append(Problem(place, "nothing is expected of it", "name what is, or leave it out", "says-nothing"))
    found: list[Said] = []
    for key, inner in node.keys.items():  # not in the order of the file: what is cheap to look at is declared first
        if key in stated:
            found += read(inner, stated[key], joined(place, key), (*steps, key), problems)
    return tuple(found)


def _ids(node: Ids, data: Mapping[str, Any], place: str, steps: Steps, problems: list[Problem]) -> tuple[Said, ...]:
    stated = {key: value for key, value in data.items() if key != COMMENT}
    if not stated:
        return (Leaf(place, steps, (), Value(_nothing, lambda there: tuple(node.ids(there)), _named)),)
    found: list[Said] = []
    for id, value in stated.items():
        at = f"{place}[{joined('', id)}]"
        if node.known is not None and id not in node.known:
            few = len(node.known) <= _FEW
            hint = nearest(id, node.known) or (f"choose from {', '.join(node.known)}" if few and node.known else "")
            problems.append(Problem(at, f"there is no {node.what} {excerpt(id)}", hint, "unknown-id"))
        else:
            found += read(node.each(id), value, at, (*steps, id), problems)
    return tuple(found)


_FEW = 12
"""As many ids as can be offered for choice."""


def _nothing(_: Any) -> None:
    return None


def _whether(there: Any) -> Any:
    """Where `null` was expected, that there is something says enough."""
    return None if there is None else {}


def _named(ids: Iterable[str | None]) -> dict[str, Any]:
    return {id or "": {} for id in ids}
