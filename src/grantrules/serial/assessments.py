"""Reading and writing assessments."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

import cattrs
from attrs import asdict, frozen
from cattrs.errors import ClassValidationError, IterableValidationError, IterableValidationNote
from cattrs.gen import make_dict_structure_fn, override

from grantrules.application import Assessment
from grantrules.criteria import Combining
from grantrules.errors import InputError, excerpt, nearest
from grantrules.ruleset import RuleSet
from grantrules.serial.applications import flattened
from grantrules.serial.facts import Wrong, flag, quantity, text, to_data
from grantrules.serial.files import COMMENT, Input, read_input
from grantrules.terms.canonical import digest


@frozen
class AssessmentReader:
    """Reads the assessments of one round."""

    rules: RuleSet

    @cached_property
    def _converter(self) -> cattrs.Converter:
        return _converter(self.rules)

    def read(self, source: Input) -> Assessment:
        """
        Read one assessment from a file or a mapping.

        Raises:
            InputError: with everything that is wrong, each with its path: unknown criteria and judgements among it.
        """
        parsed = read_input(source)
        problems = list(parsed.problems)
        stated = {key: value for key, value in parsed.data.items() if key != COMMENT}
        try:
            made = self._converter.structure(stated, Assessment)
        except ClassValidationError as error:
            problems += [problem for _, problem in flattened(error)]
            raise InputError(parsed.subject, problems) from error
        if problems:
            raise InputError(parsed.subject, problems)
        return made


def _converter(rules: RuleSet) -> cattrs.Converter:
    rated = [criterion.id for criterion in rules.scoring.criteria if criterion.computed is None]
    computed = [criterion.id for criterion in rules.scoring.criteria if criterion.computed is not None]
    asked = [judgement.id for judgement in rules.judgements]
    top = Decimal(0 if rules.scoring.scale is None else rules.scoring.scale.top)
    commented = [*rated, *computed, *asked]
    converter = cattrs.Converter(detailed_validation=True)
    maps = {
        "ratings": _map(lambda _, value: _rating(value, top), rated, "criterion", computed),
        "judgements": _map(lambda key, value: _judgement(value, key in rules.line_judgements), asked, "judgement"),
        "comments": _map(lambda _, value: text(value), commented, "criterion or judgement"),
    }
    single = {"application": text, "assessor": text, "conflict_of_interest": flag, "consensus": flag}
    hooks: dict[str, Any] = {name: override(struct_hook=hook) for name, hook in maps.items()}
    hooks |= {name: override(struct_hook=_or_missing(read)) for name, read in single.items()}
    if not takes_consensus(rules):
        hooks["consensus"] = override(omit=True)
    strictly: dict[str, Any] = {"_cattrs_forbid_extra_keys": True, "_cattrs_detailed_validation": True}
    built: Callable[[Any, Any], Any] = make_dict_structure_fn(Assessment, converter, **strictly, **hooks)
    converter.register_structure_hook(Assessment, built)
    return converter


def takes_consensus(rules: RuleSet) -> bool:
    """The round counts only what assessors agreed on, so an entry may say that it is theirs together."""
    return rules.scoring.combining is Combining.CONSENSUS


def _or_missing(read: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda value, _: None if value is None else read(value)


def _map(
    read: Callable[[str, Any], Any], known: Iterable[str], what: str, computed: Iterable[str] = ()
) -> Callable[[Any, Any], dict[str, Any]]:
    """The reader of an object whose keys are ids; `null` inside it means not given."""

    def structure(value: Any, _: Any) -> dict[str, Any]:
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            raise Wrong(f"expected an object, got {excerpt(value)}", "put its keys in curly brackets")
        stated = {key: inner for key, inner in value.items() if key != COMMENT}

        def one(key: Any, inner: Any) -> Any:
            if key in computed:
                raise Wrong("the criterion is computed from the facts and takes no rating", "remove it", "computed")
            if key not in known:
                hint = nearest(str(key), known) or ("choose from " + ", ".join(known) if known else "")
                raise Wrong(f"there is no {what} {excerpt(key)}", hint, "unknown-id")
            return None if inner is None else read(key, inner)

        return {key: made for key, made in _each(stated, one) if made is not None}

    return structure


def _each(items: Mapping[Any, Any], read: Callable[[Any, Any], Any]) -> list[tuple[Any, Any]]:
    """Read every item, and raise all that went wrong together."""
    made, errors = [], []
    for key, value in items.items():
        try:
            made.append((key, read(key, value)))
        except (Wrong, IterableValidationError) as error:
            error.add_note(IterableValidationNote("item", key, Any))
            errors.append(error)
    if errors:
        raise IterableValidationError("items", errors, dict)
    return made


def _rating(value: Any, top: Decimal) -> Decimal:
    found = quantity(value, "points")
    if found > top:
        raise Wrong(f"expected a rating from 0 to {top}, got {excerpt(value)}", code="off-scale")
    return found


def _judgement(value: Any, by_line: bool) -> bool | dict[str, bool]:
    if not isinstance(value, Mapping):
        return flag(value)
    if not by_line:
        raise Wrong("it is given for the application, not line by line", "write `true` or `false`")
    stated = {key: inner for key, inner in value.items() if key != COMMENT and inner is not None}
    return dict(_each(stated, _line_answer))


def _line_answer(line: Any, given: Any) -> bool:
    text(line)
    return flag(given)


def assessment_to_data(assessment: Assessment) -> dict[str, Any]:
    """Write an assessment as JSON data; what is not stated is left out."""
    data = asdict(assessment, recurse=False)
    return {name: to_data(value) for name, value in data.items() if value is not None and value != {}}


def assessment_digest(assessment: Assessment) -> str:
    """The digest of an assessment."""
    return digest(assessment_to_data(assessment))
