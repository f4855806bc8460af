"""
Intents: what a change of rules may do, and why; everything that it does not name must not move.

    {"format": "grantrules.intent/1", "why": "the call of 2024 raises the ceiling",
     "may": {"eligibility.grant-limits": "relax", "grant.formula": "relax"}, "values": {"grant_ceiling": "rise"}}

What is named and did not move is held against it too: a stale intent fails.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeAlias, get_args

from attrs import field, frozen

from grantrules.errors import InputError, Problem, excerpt, nearest
from grantrules.ruleset import RuleSet
from grantrules.serial.files import COMMENT, Input, Parsed, joined, read_input
from grantrules.testing.comparing.changes import (
    COST_ORDER,
    Change,
    Kind,
    Sort,
    ValueChange,
    Way,
    carriers,
    facts_by_id,
    ids_beside_rules,
)
from grantrules.testing.comparing.comparison import Comparison, Example
from grantrules.testing.comparing.directions import Direction

FORMAT = "grantrules.intent/1"

Verb: TypeAlias = Literal["add", "remove", "relax", "tighten", "change", "reword"]
ValueVerb: TypeAlias = Literal["rise", "fall", "change", "add", "remove", "reword"]
FactVerb: TypeAlias = Literal["add", "remove", "change", "reword"]


@frozen
class Intent:
    """
    What a change may do.

    Args:
        may: rule id to what may become of it; `costs.order` is the order of the cost rules, and what else there is of
            the round goes by ids such as `round.title`.
        values: name of a value of the round to what may become of it.
        facts: fact, as in `pages` or `costs.hours`, to what may become of it.
    """

    why: str
    may: Mapping[str, Verb] = field(factory=dict)
    values: Mapping[str, ValueVerb] = field(factory=dict)
    facts: Mapping[str, FactVerb] = field(factory=dict)


@frozen
class Breach:
    """
    Something that moved and must not, or was to move and did not.

    Args:
        id: of the rule, the value or the fact.
        message: what is wrong, in one line.
        example: the smallest application that shows it.
    """

    id: str
    message: str
    example: Example | None = None


# Reading


def read_intent(source: Input, old: RuleSet, new: RuleSet) -> Intent:
    """
    Read an intent for a comparison of two rule sets.

    Args:
        source: the path of a JSON file, or a mapping of the same shape.

    Raises:
        InputError: with everything that is wrong: unknown rules, values and facts among it, with the nearest names.
    """
    parsed = read_input(source)
    problems = [*parsed.problems, *_problems(parsed, old, new)]
    if problems:
        raise InputError(parsed.subject, problems)
    data = parsed.data
    return Intent(data["why"], *(_entries(data.get(key)) for key in _VERBS))


_VERBS: Mapping[str, tuple[str, ...]] = {
    "may": get_args(Verb),
    "values": get_args(ValueVerb),
    "facts": get_args(FactVerb),
}
_KINDS = {"may": "rule", "values": "value of the round", "facts": "fact"}
_KEYS = ("format", "why", *_VERBS, COMMENT)


def _entries(data: Any) -> dict[str, Any]:
    return {key: verb for key, verb in (data or {}).items() if key != COMMENT}


def _problems(parsed: Parsed, old: RuleSet, new: RuleSet) -> Iterator[Problem]:
    data = parsed.data
    for key in data:
        if key not in _KEYS:
            yield Problem(key, "there is no such key", nearest(key, _KEYS) or _choose(_KEYS[:-1]), "unknown-key")
    if data.get("format") != FORMAT:
        found = excerpt(data.get("format"))
        yield Problem("format", f"expected `{FORMAT}`, got {found}", f'write "format": "{FORMAT}"', "format")
    why = data.get("why")
    if not isinstance(why, str) or not why.strip():
        yield Problem("why", f"expected the reason, got {excerpt(why)}", "say why the rules are changed", "no-reason")
    known = _known(old, new)
    for key, verbs in _VERBS.items():
        yield from _entry_problems(key, data.get(key), verbs, known[key])


def _known(old: RuleSet, new: RuleSet) -> Mapping[str, frozenset[str]]:
    ids = [set(carriers(rules)) | set(ids_beside_rules(rules)) for rules in (old, new)]
    return {
        "may": frozenset({COST_ORDER, *ids[0], *ids[1]}),
        "values": frozenset({*old.values, *new.values}),
        "facts": frozenset({*facts_by_id(old), *facts_by_id(new)}),
    }


def _entry_problems(key: str, data: Any, verbs: tuple[str, ...], known: frozenset[str]) -> Iterator[Problem]:
    if data is None:
        return
    if not isinstance(data, Mapping):
        yield Problem(key, f"expected an object, got {excerpt(data)}", "put it in curly brackets", "wrong-type")
        return
    for id, verb in data.items():
        if id == COMMENT:
            continue
        if id not in known:
            hint = nearest(id, known) or "see `grantrules show POOL` for what there is"
            yield Problem(joined(key, id), f"neither side has a {_KINDS[key]} {excerpt(id)}", hint, "unknown-id")
        if not isinstance(verb, str) or verb not in verbs:
            hint = (nearest(verb, verbs) if isinstance(verb, str) else "") or _choose(verbs)
            yield Problem(joined(key, id), f"expected what may become of it, got {excerpt(verb)}", hint, "unknown-verb")


def _choose(words: tuple[str, ...]) -> str:
    return "choose from " + ", ".join(f"`{word}`" for word in words)


# Holding a comparison against it


def breaches(intent: Intent, found: Comparison) -> tuple[Breach, ...]:
    """Everything in which a comparison is not as intended; nothing if the intent holds."""
    return tuple(_merged([*_of_changes(intent, found), *_of_values(intent, found), *_of_effects(intent, found)]))


def _of_changes(intent: Intent, found: Comparison) -> Iterator[Breach]:
    changed = {(change.sort is Sort.FACT, change.id): change for change in found.changes}
    for (is_fact, id), change in changed.items():
        verb = (intent.facts if is_fact else intent.may).get(id)
        said = _told(change)
        if verb is None:
            yield Breach(id, f"{said}; the intent does not name it", _example_of(found, id))
        elif not _allows(verb, change):
            yield Breach(id, f"{said}; the intent lets it {verb}", _example_of(found, id))
    for is_fact, verbs in ((False, intent.may), (True, intent.facts)):
        for id, verb in verbs.items():
            if (is_fact, id) not in changed:
                yield Breach(id, f"the intent lets it {verb}, and it did not move: strike it out of the intent")


def _told(change: Change) -> str:
    if change.kind is not Kind.CHANGED:
        return f"it was {change.kind.value}"
    if change.sort is Sort.FACT and change.verdict.direction is Direction.UNCLEAR:
        return "it was changed"
    words = {
        Direction.WORDING: "only its wording changed",
        Direction.SAME: "it is written otherwise, and means the same",
    }
    return words.get(change.verdict.direction, f"it moved: {change.verdict}")


def _allows(verb: str, change: Change) -> bool:
    way = change.verdict.direction
    match verb:
        case "add":
            return change.kind is Kind.ADDED
        case "remove":
            return change.kind is Kind.REMOVED
        case "change":
            return change.kind is Kind.CHANGED
        case "reword":
            return change.kind is Kind.CHANGED and way in (Direction.WORDING, Direction.SAME)
        case "relax":
            return change.kind is Kind.CHANGED and way is Direction.RELAXED
        case _:
            return change.kind is Kind.CHANGED and way is Direction.TIGHTENED


_WAYS: Mapping[str, tuple[Way, ...]] = {
    "rise": (Way.RISEN,),
    "fall": (Way.FALLEN,),
    "change": (Way.RISEN, Way.FALLEN, Way.CHANGED, Way.REWORDED),
    "add": (Way.ADDED,),
    "remove": (Way.REMOVED,),
    "reword": (Way.REWORDED,),
}


def _of_values(intent: Intent, found: Comparison) -> Iterator[Breach]:
    moved: dict[str, ValueChange] = {change.name: change for change in found.values}
    for name, change in moved.items():
        verb = intent.values.get(name)
        said = f"the value has {'been ' if change.way in _PASSIVE else ''}{change.way.value}"
        if change.before != change.after:
            said += f": {change.before or 'none'} → {change.after or 'none'}"
        if verb is None:
            yield Breach(name, f"{said}; the intent does not name it")
        elif change.way not in _WAYS[verb]:
            yield Breach(name, f"{said}; the intent lets it {verb}")
    for name, verb in intent.values.items():
        if name not in moved:
            yield Breach(name, f"the intent lets it {verb}, and it did not move: strike it out of the intent")


_PASSIVE = (Way.ADDED, Way.REMOVED, Way.CHANGED, Way.REWORDED)

_EFFECTS: Mapping[str | None, tuple[Direction, ...]] = {
    "relax": (Direction.RELAXED, Direction.SAME),
    "tighten": (Direction.TIGHTENED, Direction.SAME),
    "add": tuple(Direction),
    "remove": tuple(Direction),
    "change": tuple(Direction),
}
"""In which directions a rule may move applications."""


def _of_effects(intent: Intent, found: Comparison) -> Iterator[Breach]:
    for (rule, direction), example in found.moved.items():
        verb = intent.may.get(rule)
        if direction in _EFFECTS.get(verb, ()):
            continue
        told = (
            "an application moves through it" if direction is Direction.SAME else f"an application is {direction.value}"
        )
        if direction in (Direction.UNCLEAR, Direction.BOTH):
            told = "an application moves through it, both ways or with no telling which"
        named = "the intent does not name it" if verb is None else f"the intent lets it {verb}"
        yield Breach(rule, f"{told}; {named}", _example_of(found, rule, direction) or example)


def _example_of(found: Comparison, rule: str, direction: Direction | None = None) -> Example | None:
    """The smallest application that shows a rule to move, made plain where there is such a one."""
    plain = [
        flip.example
        for flip in found.flips
        if any(cause.rule == rule and direction in (None, cause.direction) for cause in flip.example.effect.causes)
    ]
    others = [example for (id, way), example in found.moved.items() if id == rule and direction in (None, way)]
    return next(iter([*plain, *others]), None)


def _merged(found: list[Breach]) -> Iterator[Breach]:
    """Of what is said of a rule that is not named at all, the first alone: its effects follow from its moving."""
    unnamed: set[str] = set()
    for breach in found:
        if breach.id in unnamed:
            continue
        if breach.message.endswith("does not name it"):
            unnamed.add(breach.id)
        yield breach
