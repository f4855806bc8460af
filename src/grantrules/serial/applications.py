"""
Reading and writing applications.

cattrs builds the pool's own classes; each fact is read as its declaration says. All problems are reported at
once. Where some parts cannot be read, the rest is still checked against itself.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

import cattrs
from attrs import fields, frozen
from cattrs.errors import (
    ClassValidationError,
    ForbiddenExtraKeysError,
    IterableValidationError,
)
from cattrs.gen import make_dict_structure_fn, override

from grantrules.application import Application
from grantrules.errors import InputError, Problem, excerpt, nearest
from grantrules.identifiers import identifier_problem
from grantrules.ruleset import RuleSet
from grantrules.serial.facts import Wrong, reader_of, to_data
from grantrules.serial.files import COMMENT, Input, joined, read_input
from grantrules.terms.canonical import digest
from grantrules.terms.schema import COSTS, ORGANISATIONS, Field, Kind, fields_of

Path = tuple[str | int, ...]


@frozen
class ApplicationReader:
    """Reads the applications of one round."""

    rules: RuleSet

    @cached_property
    def _converter(self) -> cattrs.Converter:
        return _converter(self.rules.application, self.rules.pool.zone)

    def read(self, source: Input) -> Application:
        """
        Read an application from a file or a mapping.

        Raises:
            InputError: with everything that is wrong, each with its path.
        """
        parsed = read_input(source)
        data, problems = parsed.data, list(parsed.problems)
        cls = self.rules.application
        try:
            made = self._converter.structure(data, cls)
        except (ClassValidationError, Wrong) as error:
            found = list(flattened(error))
            problems += [problem for _, problem in found]
            made = self._converter.structure(_repaired(data, [path for path, _ in found]), cls)
        problems += self._cross_checked(made)
        if problems:
            raise InputError(parsed.subject, problems)
        return made

    def _cross_checked(self, made: Application) -> Iterator[Problem]:
        for name, stated, right in (
            ("pool", made.pool, self.rules.pool.id),
            ("round", made.round, self.rules.round.id),
        ):
            if stated is not None and stated != right:
                message = f"the application is for {excerpt(stated)}, these rules are of `{right}`"
                yield Problem(name, message, "read it with the rules it names", "other-pool")
        yield from cross_problems(made)


def _converter(cls: type, zone: str) -> cattrs.Converter:
    converter = cattrs.Converter(detailed_validation=True)
    _register(cls, zone, converter)
    return converter


def _register(cls: type, zone: str, converter: cattrs.Converter) -> None:
    overrides: dict[str, Any] = {
        name: override(struct_hook=_hook(declared, of, zone, converter))
        for name, (declared, of) in fields_of(cls).items()
    }
    strictly: dict[str, Any] = {"_cattrs_forbid_extra_keys": True, "_cattrs_detailed_validation": True}
    built: Callable[[Any, Any], Any] = make_dict_structure_fn(cls, converter, **strictly, **overrides)

    def structure(value: Any, kind: Any) -> Any:
        if not isinstance(value, Mapping):
            raise Wrong(f"expected an object, got {excerpt(value)}", "put its keys in curly brackets")
        if COMMENT in value:
            value = {key: inner for key, inner in value.items() if key != COMMENT}
        return built(value, kind)

    converter.register_structure_hook(cls, structure)


def _hook(declared: Field, of: type | None, zone: str, converter: cattrs.Converter) -> Callable[[Any, Any], Any]:
    if of is None:
        read = reader_of(declared, zone)
        return lambda value, _: read(value)
    _register(of, zone, converter)
    if declared.kind is Kind.MANY:
        return _many(of, converter)
    return _one(of, converter)


def _one(of: type, converter: cattrs.Converter) -> Callable[[Any, Any], Any]:
    return lambda value, _: None if value is None else converter.structure(value, of)


def _many(of: type, converter: cattrs.Converter) -> Callable[[Any, Any], Any]:
    def structure(value: Any, _: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, list | tuple):
            raise Wrong(f"expected a list, got {excerpt(value)}", "put it in square brackets")
        return tuple(converter.structure(list(value), list[of]))  # type: ignore[valid-type]

    return structure


def flattened(error: BaseException, path: Path = (), cls: type | None = None) -> Iterator[tuple[Path, Problem]]:
    """Every problem inside an error of cattrs, with its path."""
    match error:
        case ClassValidationError():
            noted, others = error.group_exceptions()
            for inner, note in noted:
                yield from flattened(inner, (*path, note.name), error.cl)
            for inner in others:
                yield from flattened(inner, path, error.cl)
        case IterableValidationError():
            items, others = error.group_exceptions()
            for inner, place in items:
                yield from flattened(inner, (*path, place.index))
            for inner in others:
                yield from flattened(inner, path)
        case ForbiddenExtraKeysError():
            known = [a.name for a in fields(error.cl)]
            for key in sorted(error.extra_fields, key=str):
                hint = nearest(str(key), known)
                problem = Problem(written((*path, str(key))), "there is no such key", hint, "unknown-key")
                yield (*path, key), problem
        case Wrong():
            yield path, Problem(written(path), error.message, error.hint, error.code)
        case _:
            yield path, Problem(written(path), f"cannot be read: {error}")


def written(path: Iterable[str | int]) -> str:
    """Write a path, as in `costs[3].amount`."""
    place = ""
    for step in path:
        place = joined(place, step)
    return place


def _repaired(data: Any, paths: Iterable[Path]) -> Any:
    """The data without the parts that cannot be read. Only what leads to them is copied."""
    wrong: dict[str | int, list[Path]] = {}
    for path in paths:
        if not path:
            return {}
        wrong.setdefault(path[0], []).append(path[1:])
    if isinstance(data, Mapping):
        kept = {key: _repaired(inner, wrong[key]) if key in wrong else inner for key, inner in data.items()}
        return {key: inner for key, inner in kept.items() if () not in wrong.get(key, ())}
    return [_repaired(item, wrong[index]) if index in wrong else item for index, item in enumerate(data)]


def cross_problems(made: Any) -> Iterator[Problem]:
    """What is wrong between the parts of an application, each of which is right by itself."""
    yield from _identifier_problems(made)
    yield from _line_problems(made)
    if made.organisations is not None:
        yield from _naming_problems(made, Counter(organisation.name for organisation in made.organisations))
    if made.starts_on is not None and made.ends_on is not None and made.ends_on < made.starts_on:
        message = f"the project ends on `{made.ends_on}`, before it starts on `{made.starts_on}`"
        yield Problem("ends_on", message, code="ends-first")


def _identifier_problems(made: Any) -> Iterator[Problem]:
    for index, organisation in enumerate(made.organisations or ()):
        message = identifier_problem(organisation.id) if organisation.id is not None else ""
        if message:
            yield Problem(f"{ORGANISATIONS}[{index}].id", message, "look it up in the register", "identifier")


def _line_problems(made: Any) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for index, line in enumerate(made.costs or ()):
        if line.id is not None and first.setdefault(line.id, index) != index:
            message = f"two cost lines have the id {excerpt(line.id)}, the other is {COSTS}[{first[line.id]}]"
            yield Problem(f"{COSTS}[{index}].id", message, "give each line an id of its own", "two-lines")


def _naming_problems(made: Any, names: Counter[str | None]) -> Iterator[Problem]:
    """Facts of the items of lists that should name one organisation and do not."""
    cls: type = type(made)
    for name, (declared, of) in sorted(fields_of(cls).items()):
        if declared.kind is Kind.MANY and of is not None:
            naming = [fact for fact, (inner, _) in fields_of(of).items() if inner.names]
            for index, item in enumerate(getattr(made, name) or ()):
                for fact in naming:
                    yield from _name_problems(f"{name}[{index}].{fact}", getattr(item, fact), names)


def _name_problems(place: str, name: str | None, names: Counter[str | None]) -> Iterator[Problem]:
    if name is None:
        return
    if names[name] > 1:
        message = f"{excerpt(name)} names {names[name]} of the organisations"
        yield Problem(place, message, "give the units names of their own", "ambiguous-organisation")
    elif not names[name] and not names[None]:
        known = [n for n in names if n is not None]
        hint = nearest(name, known) or ("choose from " + ", ".join(excerpt(n) for n in known[:5]) if known else "")
        yield Problem(place, f"no organisation is named {excerpt(name)}", hint, "unknown-organisation")


def application_to_data(application: Any) -> dict[str, Any]:
    """Write an application as JSON data, in the order of its class; what is not stated is left out."""
    data: dict[str, Any] = _record_to_data(application)
    return data


def _record_to_data(record: Any) -> dict[str, Any]:
    data = {}
    cls: type = type(record)
    for name, (declared, of) in fields_of(cls).items():
        value = getattr(record, name)
        if value is None:
            continue
        if of is None:
            data[name] = to_data(value)
        elif declared.kind is Kind.MANY:
            data[name] = [_record_to_data(item) for item in value]
        else:
            data[name] = _record_to_data(value)
    return data


def application_digest(application: Any) -> str:
    """The digest of an application: equal for files that state the same in the same order."""
    return digest(application_to_data(application))
