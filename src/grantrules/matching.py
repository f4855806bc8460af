"""What a project that has not applied yet would meet: its common facts, held against every pool and round."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from grantrules.decisions import Decision
from grantrules.errors import InputError, Problem, nearest
from grantrules.findings import Result
from grantrules.registry import Registry
from grantrules.rulebooks import Rulebook
from grantrules.serial.files import COMMENT, Input, Parsed, joined, read_input
from grantrules.terms.schema import Record, Schema
from grantrules.values import Text

_ADDRESS = ("pool", "round")
"""What says where an application goes; a project that is matched goes nowhere yet."""


@frozen
class Match:
    """
    A project held against one round.

    Args:
        decision: what its facts decide so far; `None` where they cannot be read by the round's rules.
        problems: why they cannot be.
        notes: what a reader of the pool's rules should know first.
    """

    pool: str
    round: str
    title: Text
    decision: Decision | None
    problems: tuple[Problem, ...] = ()
    notes: tuple[Text, ...] = ()

    def rules(self, result: Result) -> tuple[str, ...]:
        """The requirements of which this came out."""
        findings = () if self.decision is None else self.decision.findings
        return tuple(finding.rule for finding in findings if finding.result is result)


def match(source: Input, registry: Registry | None = None) -> tuple[Match, ...]:
    """
    Hold the facts of a project against every pool and round at hand.

    A fact that only some pools know is read by those and passed over by the others.

    Args:
        source: an application file or a mapping; what it says of its pool and round is passed over.
        registry: the pools; the installed ones if left out.

    Raises:
        InputError: it holds a fact that no pool knows, or no pool can read it.
    """
    parsed, registry = read_input(source), registry or Registry.installed()
    stated = {key: value for key, value in parsed.data.items() if key not in _ADDRESS}
    schemas = [rules.schema for rules in registry.rule_sets.values()]
    problems = [*parsed.problems, *_unknown(stated, [schema.application for schema in schemas], schemas)]
    found = tuple(_matched(Rulebook(rules), stated, parsed.subject) for rules in registry.rule_sets.values())
    if found and all(one.decision is None for one in found):
        problems += dict.fromkeys(problem for one in found for problem in one.problems)
    if problems:
        raise InputError(parsed.subject, problems)
    return found


def _matched(rules: Rulebook, stated: Mapping[str, Any], subject: str) -> Match:
    schema = rules.rules.schema
    made, problems = None, tuple[Problem, ...]()
    try:
        application = rules.read_application(Parsed(subject, _known(stated, schema.application, schema)))
        made = rules.decide(application)
    except InputError as error:
        problems = error.problems
    return Match(rules.pool.id, rules.round.id, rules.pool.title, made, problems, rules.pool.notes)


def _known(data: Any, record: Record, schema: Schema) -> Any:
    """The part of the data that a schema knows; what is of the wrong shape stays, for the reader to refuse."""
    if isinstance(data, list):
        return [_known(item, record, schema) for item in data]
    if not isinstance(data, Mapping):
        return data
    kept = {}
    for key, value in data.items():
        fact = record.field(key) if isinstance(key, str) else None
        inner = schema.record(fact.record) if fact and fact.record else None
        if fact is not None or key == COMMENT:
            kept[key] = value if inner is None else _known(value, inner, schema)
    return kept


def _unknown(data: Any, records: Sequence[Record], schemas: Sequence[Schema], path: str = "") -> Iterator[Problem]:
    """Facts that no schema knows, each with its path; `records` are the schemas' records at this place."""
    if isinstance(data, list):
        for index, item in enumerate(data):
            yield from _unknown(item, records, schemas, joined(path, index))
        return
    for key, value in data.items() if isinstance(data, Mapping) else ():
        if key == COMMENT:
            continue
        facts = [fact for record in records if (fact := record.field(str(key))) is not None]
        if not facts:
            names = {fact.name for record in records for fact in record.fields}
            yield Problem(joined(path, str(key)), "no pool has this fact", nearest(str(key), names), "unknown-key")
            continue
        inner = [r for fact in facts if fact.record for s in schemas if (r := s.record(fact.record)) is not None]
        if inner:
            yield from _unknown(value, inner, schemas, joined(path, str(key)))
