"""What the paths, judgements and ratings that a decision names are called, in three languages."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from attrs import evolve

from grantrules.criteria import Criterion
from grantrules.findings import Label
from grantrules.readings.phrases import RATING_OF, numbered
from grantrules.ruleset import RuleSet
from grantrules.terms.schema import COSTS, FUNDING, ORGANISATIONS, Field, Record, Schema
from grantrules.values import LANGUAGES, Language, Text

_ITEM = re.compile(r"(?P<record>\w+)\[(?P<index>\d+)\]")
_LOOKED_UP = re.compile(r"(?P<value>\w+)\[(?P<day>[\d-]+)\]")

_ONE_OF = {
    COSTS: Text("budgetpost", "budsjettpost", "budget line"),
    ORGANISATIONS: Text("organisation", "organisasjon", "organisation"),
    FUNDING: Text("finansieringskilde", "finansieringskilde", "source of funding"),
}


def labels_of(rules: RuleSet, application: Any, names: Iterable[str]) -> Mapping[str, Label]:
    """The label of each name: a fact's with the item it stands in, a judgement's question, a criterion's statement."""
    known = {criterion.id: Label(_rating_of(criterion)) for criterion in rules.scoring.criteria}
    known |= {judgement.id: Label(judgement.question) for judgement in rules.judgements}
    return {name: known.get(name) or _label(rules, application, name) for name in dict.fromkeys(names)}


def _rating_of(criterion: Criterion) -> Text:
    return _text(lambda language: RATING_OF.to(language).format(criterion=criterion.statement.to(language).rstrip(".")))


def _label(rules: RuleSet, application: Any, path: str) -> Label:
    looked_up = _LOOKED_UP.fullmatch(path)
    table = next((v for v in rules.round.values if looked_up and v.name == looked_up["value"]), None)
    if looked_up and table is not None:
        label, day = table.label, looked_up["day"]
        return Label(_text(lambda language: f"{label.to(language)}, {day}"))
    head, _, rest = path.partition(".")
    item = _ITEM.fullmatch(head)
    record = rules.schema.record(item["record"]) if item else None
    if item is None or record is None:
        return _fact_label(rules.schema, rules.schema.application, path)
    one, name = _ONE_OF.get(record.name), _name_of(application, record.name, int(item["index"]))
    fact = _fact_label(rules.schema, record, rest)
    written = _text(
        lambda language: f"{one.to(language) if one else record.name} {name.to(language)}: {fact.text.to(language)}"
    )
    return evolve(fact, text=written)


def _text(write: Callable[[Language], str]) -> Text:
    return Text(**{language: write(language) for language in LANGUAGES})


def _fact_label(schema: Schema, record: Record, path: str) -> Label:
    declared: Field | None = None
    within: Record | None = record
    for step in path.split("."):
        declared = within.field(step) if within else None
        within = schema.record(declared.record) if declared and declared.record else None
    if declared is None:
        return Label(Text(path, path, path))
    return Label(declared.label, declared.kind, {option.code: option.label for option in declared.options})


def _name_of(application: Any, record: str, index: int) -> Text:
    items = getattr(application, record) or ()
    item = items[index] if index < len(items) else None
    name = getattr(item, "id" if record == COSTS else "name", None)
    return Text(name, name, name) if isinstance(name, str) and name else numbered(index)
