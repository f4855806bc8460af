"""What came of the mutants of a rule set, for developers: a document and JSON data."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from grantrules.readings.layout import Block, Document, Item, Items, Paragraph, Row, Section, Table, Title
from grantrules.testing.mutation.running import Fate, Mutation, Tried
from grantrules.testing.mutation.witnesses import Witness

FORMAT = "grantrules.mutation/1"


def report(found: Mutation) -> Document:
    """The survivors by rule, each with what would have caught it; those equal in meaning; and counts by rule."""
    return tuple(_blocks(found))


def _blocks(found: Mutation) -> Iterator[Block]:
    yield Title(f"Mutants of {found.rules}")
    yield Paragraph(_summary(found), strong=True)
    if found.survivors:
        yield Section("Survived: no case and no law noticed")
        for rule, those in _by_rule(found.survivors):
            yield Paragraph(rule, strong=True)
            yield Items(tuple(Item(one.change, tuple(_witness_lines(one.witness))) for one in those))
    equal = found.of(Fate.EQUAL)
    if equal:
        yield Section("Equal in meaning: nothing can tell them apart")
        yield Items(tuple(Item(f"{one.rule}: {one.change}", (one.by,)) for one in equal))
    yield Section("By rule")
    yield _table(found)


def _summary(found: Mutation) -> str:
    counts = Counter(one.fate for one in found.tried)
    caught = counts[Fate.CAUGHT] + counts[Fate.REFUSED]
    by_laws = sum(one.by.startswith("law ") for one in found.of(Fate.CAUGHT))
    cases = f"{found.cases} case{'' if found.cases == 1 else 's'}"
    return (
        f"{len(found.tried)} mutants against {cases}: {caught} caught ({by_laws} of them by laws alone), "
        f"{counts[Fate.EQUAL]} equal in meaning, {counts[Fate.SURVIVED]} survived."
    )


def _by_rule(tried: tuple[Tried, ...]) -> list[tuple[str, list[Tried]]]:
    rules = dict.fromkeys(one.rule for one in tried)
    return [(rule, [one for one in tried if one.rule == rule]) for rule in rules]


def _witness_lines(witness: Witness | None) -> Iterator[str]:
    if witness is None:
        yield "no application was found that would have caught it"
        return
    yield f"would be caught by a case of which {witness.where} is {_json(witness.before)}, not {_json(witness.after)}:"
    yield _json(witness.application)
    for assessment in witness.assessments:
        yield f"assessed: {_json(assessment)}"


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False)


def _table(found: Mutation) -> Table:
    rows = []
    for rule, those in _by_rule(found.tried):
        counts = Counter(one.fate for one in those)
        caught = counts[Fate.CAUGHT] + counts[Fate.REFUSED]
        rows.append(Row((rule, str(len(those)), str(caught), str(counts[Fate.EQUAL]), str(counts[Fate.SURVIVED]))))
    return Table(("rule", "mutants", "caught", "equal", "survived"), tuple(rows), numbers=frozenset({1, 2, 3, 4}))


def to_data(found: Mutation) -> dict[str, Any]:
    """The report as JSON data, in the format `grantrules.mutation/1`."""
    return {
        "format": FORMAT,
        "rules": found.rules,
        "digest": found.digest,
        "cases": found.cases,
        "counts": {fate.value: len(found.of(fate)) for fate in Fate},
        "ratio": str(found.ratio),
        "mutants": [_one_to_data(one) for one in found.tried],
    }


def _one_to_data(one: Tried) -> dict[str, Any]:
    witness = one.witness
    return {
        "id": one.id,
        "rule": one.rule,
        "operator": one.operator.value,
        "change": one.change,
        "fate": one.fate.value,
        "by": one.by,
        "witness": None
        if witness is None
        else {
            "application": witness.application,
            "assessments": witness.assessments,
            "where": witness.where,
            "rules": witness.before,
            "mutant": witness.after,
        },
    }
