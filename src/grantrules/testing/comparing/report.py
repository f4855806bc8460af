"""A comparison as a document, and as JSON data in the format `grantrules.comparison/1`."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from attrs import frozen

from grantrules.errors import Problem
from grantrules.readings.layout import Block, Document, Item, Items, Paragraph, Section, Title
from grantrules.rulebooks import Rulebook
from grantrules.serial.facts import to_data
from grantrules.testing.comparing.changes import Change, Kind, Piece, Sort, ValueChange
from grantrules.testing.comparing.comparison import Comparison, Example, Flip, Unreadable
from grantrules.testing.comparing.directions import Direction
from grantrules.testing.comparing.fallen import Fallen
from grantrules.testing.comparing.intents import Breach, Intent

FORMAT = "grantrules.comparison/1"


@frozen
class Judged:
    """An intent, and everything in which a comparison is not as intended."""

    intent: Intent
    breaches: tuple[Breach, ...]


def comparison_document(found: Comparison, judged: Judged | None = None) -> Document:
    """Lay a comparison out: what moved, what becomes of applications and decisions, and whether that was intended."""
    return tuple(_blocks(found, judged))


def _blocks(found: Comparison, judged: Judged | None) -> Iterator[Block]:
    yield Title(f"{found.old.rules.name} → {found.new.rules.name}")
    yield Paragraph(f"Rules {_digest(found.old)} → {_digest(found.new)}")
    if judged is not None:
        yield from _intent_blocks(judged)
    if not (found.values or found.changes):
        yield Paragraph("The rules say the same.")
    yield from _section("Values of the round", (Item(_value_line(change)) for change in found.values))
    yield from _section("Rules", _change_items(found.rules))
    yield from _section("Facts of an application", _change_items(found.facts))
    yield from _section("Round and pool", _change_items(found.others))
    if found.compared or found.unreadable:
        yield from _application_blocks(found)
    if found.decisions:
        yield Section("Stored decisions")
        yield Paragraph(f"{len(found.fallen)} of {found.decisions} no longer stand.", strong=bool(found.fallen))
        yield from _items(_fallen_item(one) for one in found.fallen)


def _digest(rulebook: Rulebook) -> str:
    return f"{rulebook.digest[:19]}…"


def _section(title: str, items: Iterator[Item]) -> Iterator[Block]:
    blocks = tuple(_items(items))
    if blocks:
        yield Section(title)
        yield from blocks


def _items(items: Iterator[Item]) -> Iterator[Block]:
    made = tuple(items)
    if made:
        yield Items(made)


def _value_line(change: ValueChange) -> str:
    if change.before == change.after:
        return f"{change.name}: {change.way.value}"
    return f"{change.name}: {change.before or 'none'} → {change.after or 'none'} ({change.way.value})"


def _change_items(changes: Sequence[Change]) -> Iterator[Item]:
    """One item for each change; what only reads otherwise stands in one."""
    wording = [change for change in changes if change.verdict.direction is Direction.WORDING]
    for change in changes:
        if change not in wording:
            yield Item(f"{change.id}: {_told(change)}", tuple(_change_lines(change)))
    if wording:
        yield Item(f"wording only: {', '.join(change.id for change in wording)}")


def _told(change: Change) -> str:
    if change.sort is not Sort.RULE:
        return change.kind.value
    return f"{change.kind.value}; {change.verdict}" if change.kind is not Kind.CHANGED else str(change.verdict)


def _change_lines(change: Change) -> Iterator[str]:
    yield from map(str, change.pieces)
    if change.reworded:
        yield f"worded otherwise: {', '.join(change.reworded)}"


# Applications


def _application_blocks(found: Comparison) -> Iterator[Block]:
    yield Section("Applications")
    changed = sum(flip.count for flip in found.flips)
    what = "applications drawn" if found.drawn else "applications given"
    yield Paragraph(f"{changed} of {found.compared} {what} {'changes' if changed == 1 else 'change'}.", strong=True)
    yield from _items(_flip_item(flip) for flip in found.flips)
    yield from _items(_left_out_item(what, count) for what, count in found.left_out.items())
    yield from _items(_unreadable_item(one) for one in found.unreadable)


def _left_out_item(what: str, count: int) -> Item:
    return Item(f"carried over without {what}: {_many(count)}")


def _many(count: int) -> str:
    return f"{count} application{'' if count == 1 else 's'}"


def _flip_item(flip: Flip) -> Item:
    """One line that says what changes and through which rule, and below it the smallest application of the kind."""
    about = f"{flip.aspect} {flip.of}".rstrip()
    change = f"{about}: {flip.change}" if flip.aspect == "outcome" or "→" in flip.change else f"{about} {flip.change}"
    way = "" if flip.direction in (Direction.SAME, Direction.UNCLEAR) else f" ({flip.direction.value})"
    return Item(f"{change}, first through {flip.rule}{way}: {_many(flip.count)}", tuple(_example_lines(flip.example)))


def _example_lines(example: Example, rule: str = "") -> Iterator[str]:
    """What becomes of an example, through one rule or the first; one that was drawn is written out."""
    causes = example.effect.causes
    cause = next((cause for cause in causes if cause.rule == rule), example.effect.first)
    what = example.name or "smallest found"
    through = f"{cause.rule} {cause.before} → {cause.after}" if cause.before else "no rule, but a fact that is left out"
    yield f"{what}: {through}"
    for aspect in example.effect.aspects:
        if aspect.name != "finding":
            yield f"{f'{aspect.name} {aspect.of}'.rstrip()}: {aspect.before} → {aspect.after}"
    if example.read:
        yield f"reads {', '.join(f'{path} = {_plain(value)}' for path, value in example.read.items())}"
    if not example.name:
        yield json.dumps(example.application, ensure_ascii=False)
        yield from (json.dumps(assessment, ensure_ascii=False) for assessment in example.assessments)
    if example.left_out:
        yield f"carried over without {', '.join(example.left_out)}"


def _plain(value: Any) -> str:
    data = to_data(value)
    return data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)


def _unreadable_item(one: Unreadable) -> Item:
    name = one.name or "a drawn application"
    return Item(f"{name} cannot be read by {one.by}", tuple(map(_problem_line, one.problems)))


def _problem_line(problem: Problem) -> str:
    return f"{problem.where}: {problem.message}" if problem.where else problem.message


def _fallen_item(one: Fallen) -> Item:
    if one.first is None:
        return Item(f"{one.name} cannot be decided again", tuple(map(_problem_line, one.problems)))
    first = one.first
    line = f"{one.name}: {first.where} {_short(first.stored)} → {_short(first.now)}, first through {one.rule}"
    return Item(line, (f"{one.count} differences in all",) if one.count > 1 else ())


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("result", "{…}"))
    return "none" if value is None else _plain(value)


# The intent


def _intent_blocks(judged: Judged) -> Iterator[Block]:
    yield Section("Intent")
    yield Paragraph(judged.intent.why)
    if not judged.breaches:
        yield Paragraph("The change does what it is to do, and nothing else.", strong=True)
        return
    count = len(judged.breaches)
    yield Paragraph(f"Not as intended: {count} breach{'' if count == 1 else 'es'}.", strong=True)
    yield Items(tuple(_breach_item(breach) for breach in judged.breaches))


def _breach_item(breach: Breach) -> Item:
    lines = () if breach.example is None else tuple(_example_lines(breach.example, breach.id))
    return Item(f"{breach.id}: {breach.message}", lines)


# Data


def comparison_to_data(found: Comparison, judged: Judged | None = None) -> dict[str, Any]:
    """Write a comparison as JSON data."""
    return {
        "format": FORMAT,
        "old": _rules_data(found.old),
        "new": _rules_data(found.new),
        "values": [
            {"name": one.name, "way": one.way.value, "before": one.before, "after": one.after} for one in found.values
        ],
        "rules": [_change_data(change) for change in found.rules],
        "facts": [_change_data(change) for change in found.facts],
        "others": [_change_data(change) for change in found.others],
        "applications": {
            "compared": found.compared,
            "drawn": found.drawn,
            "changed": sum(flip.count for flip in found.flips),
            "effects": [_flip_data(flip) for flip in found.flips],
            "left_out": dict(found.left_out),
            "unreadable": [
                {"name": one.name or None, "by": one.by, "problems": _problems_data(one.problems)}
                for one in found.unreadable
            ],
        },
        "decisions": {"compared": found.decisions, "fallen": [_fallen_data(one) for one in found.fallen]},
        "intent": None if judged is None else _judged_data(judged),
    }


def _rules_data(rulebook: Rulebook) -> dict[str, Any]:
    return {"rules": rulebook.rules.name, "digest": rulebook.digest, "versions": dict(rulebook.rules.versions)}


def _change_data(change: Change) -> dict[str, Any]:
    verdict = change.verdict
    return {
        "id": change.id,
        "kind": change.kind.value,
        "direction": None if change.sort is Sort.FACT and verdict.direction is Direction.UNCLEAR else verdict.direction,
        "proven": verdict.proven,
        "shown_on": verdict.shown_on,
        "open": verdict.open.value or None,
        "parts": [_piece_data(piece) for piece in change.pieces],
        "reworded": list(change.reworded),
    }


def _piece_data(piece: Piece) -> dict[str, Any]:
    return {"name": piece.name, "before": piece.before, "after": piece.after}


def _flip_data(flip: Flip) -> dict[str, Any]:
    return {
        "rule": flip.rule,
        "direction": flip.direction.value,
        "aspect": flip.aspect,
        "of": flip.of or None,
        "change": flip.change,
        "count": flip.count,
        "example": _example_data(flip.example),
    }


def _example_data(example: Example) -> dict[str, Any]:
    found = example.effect
    return {
        "name": example.name or None,
        "rules": example.home,
        "application": dict(example.application),
        "assessments": [dict(assessment) for assessment in example.assessments],
        "read": {path: to_data(value) for path, value in example.read.items()},
        "left_out": list(example.left_out),
        "causes": [
            {"rule": one.rule, "direction": one.direction.value, "before": one.before, "after": one.after}
            for one in found.causes
        ],
        "differences": [
            {"aspect": one.name, "of": one.of or None, "before": one.before, "after": one.after}
            for one in found.aspects
        ],
    }


def _problems_data(problems: Sequence[Problem]) -> list[dict[str, str]]:
    return [{"where": one.where, "message": one.message} for one in problems]


def _fallen_data(one: Fallen) -> dict[str, Any]:
    first = one.first
    return {
        "name": one.name,
        "rule": one.rule or None,
        "first": None if first is None else {"where": first.where, "stored": first.stored, "now": first.now},
        "differences": one.count,
        "problems": _problems_data(one.problems),
    }


def _judged_data(judged: Judged) -> dict[str, Any]:
    breaches = [
        {
            "id": one.id,
            "message": one.message,
            "example": None if one.example is None else _example_data(one.example),
        }
        for one in judged.breaches
    ]
    return {"why": judged.intent.why, "holds": not judged.breaches, "breaches": breaches}
