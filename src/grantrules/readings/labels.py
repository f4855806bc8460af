"""What the paths, judgements and ratings that a decision names are called, in three languages."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from grantrules.ruleset import RuleSet
from grantrules.terms.schema import COSTS, FUNDING, ORGANISATIONS, Field, Option, Record, Schema
from grantrules.values import LANGUAGES, Text

_ITEM = re.compile(r"(?P<record>\w+)\[(?P<index>\d+)\]")
_LOOKED_UP = re.compile(r"(?P<value>\w+)\[(?P<day>[\d-]+)\]")

_ONE_OF = {
    COSTS: Text("budgetpost", "budsjettpost", "budget line"),
    ORGANISATIONS: Text("organisation", "organisasjon", "organisation"),
    FUNDING: Text("finansieringskilde", "finansieringskilde", "source of funding"),
}


def labels_of(rules: RuleSet, application: Any, names: Iterable[str]) -> Mapping[str, Text]:
    """The label of each name: a fact's with the item it stands in, a judgement's question, a criterion's statement."""
    asked = {judgement.id: judgement.question for judgement in rules.judgements}
    criteria = {criterion.id: criterion.statement for criterion in rules.scoring.criteria}
    known = {**criteria, **asked}
    found: dict[str, Text] = {}
    for name in dict.fromkeys(names):
        found[name] = known.get(name) or _path_label(rules, application, name)
        found |= {f"{name}={option.code}": option.label for option in _options(rules.schema, name)}
    return found


def _options(schema: Schema, path: str) -> tuple[Option, ...]:
    """The closed list of words that the fact at a path is taken from."""
    record: Record | None = schema.application
    declared: Field | None = None
    for step in re.sub(r"\[\d+\]", "", path).split("."):
        declared = record.field(step) if record else None
        record = schema.record(declared.record) if declared and declared.record else None
    return declared.options if declared else ()


def _path_label(rules: RuleSet, application: Any, path: str) -> Text:
    looked_up = _LOOKED_UP.fullmatch(path)
    values = {value.name: value.label for value in rules.round.values}
    if looked_up and looked_up["value"] in values:
        label = values[looked_up["value"]]
        return _text(lambda language: f"{label.to(language)}, {looked_up['day']}")
    head, _, rest = path.partition(".")
    item = _ITEM.fullmatch(head)
    if item is None:
        return _fact_label(rules.schema, rules.schema.application, path)
    record = rules.schema.record(item["record"])
    name = _name_of(application, item["record"], int(item["index"]))
    one = _ONE_OF.get(item["record"])
    fact = _fact_label(rules.schema, record, rest) if record else None
    return _text(
        lambda language: f"{one.to(language) if one else item['record']} {name}: {fact.to(language)}" if fact else name
    )


def _text(write: Any) -> Text:
    return Text(**{language: write(language) for language in LANGUAGES})


def _fact_label(schema: Schema, record: Record | None, path: str) -> Text:
    declared: Field | None = None
    for step in path.split("."):
        declared = record.field(step) if record else None
        record = schema.record(declared.record) if declared and declared.record else None
    return declared.label if declared else Text(path, path, path)


def _name_of(application: Any, record: str, index: int) -> str:
    items = getattr(application, record) or ()
    item = items[index] if index < len(items) else None
    name = getattr(item, "id" if record == COSTS else "name", None)
    return name if isinstance(name, str) and name else f"nr. {index + 1}"
