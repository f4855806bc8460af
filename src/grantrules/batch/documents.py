"""
Lines of JSON: whole applications, each alone or with its assessments.

A line is read as an application file is; what `grantrules decide` refuses, is refused here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import evolve, field, frozen

from grantrules.application import Application, Assessment
from grantrules.batch.chunks import CHUNK, Chunk, Misfit, place_of, written
from grantrules.batch.faults import Fault, fault_frame
from grantrules.batch.json_files import Line, batches, object_in
from grantrules.errors import InputError, Problem, excerpt, nearest
from grantrules.rulebooks import Rulebook
from grantrules.serial.files import COMMENT, Parsed, joined
from grantrules.tables.filling import filled, frames
from grantrules.tables.layout import APPLICATIONS, Layout

_APPLICATION, _ASSESSMENTS = "application", "assessments"


@frozen
class _Document:
    """A line: what could be read of it, or all that is wrong with it."""

    line: int
    text: str
    id: str | None
    application: Application | None = None
    assessments: tuple[Assessment, ...] = ()
    problems: tuple[Problem, ...] = field(default=())


def document_chunks(file: Path, rules: Rulebook, layout: Layout, size: int = CHUNK // 8) -> Iterator[Chunk]:
    """Read a file with an application on every line, into all tables of the layout."""
    for lines, bytes in batches(file, size):
        documents = [_read(rules, line) for line in lines]
        parts = list(_apart([document for document in documents if document.application is not None]))
        faults = fault_frame(fault for document in documents for fault in _faults(document, file.name))
        for part in parts:
            yield Chunk(_tables(layout, part), fault_frame(()), len(part), 0)
        yield Chunk({}, faults, len(documents) - sum(map(len, parts)), bytes)


def _apart(documents: Sequence[_Document]) -> Iterator[list[_Document]]:
    """Runs of documents in which no case number comes twice: that some do, is found where all tables are at hand."""
    run: dict[str | None, _Document] = {}
    for document in documents:
        if document.id in run:
            yield list(run.values())
            run = {}
        run[document.id] = document
    if run:
        yield list(run.values())


def _tables(layout: Layout, documents: Sequence[_Document]) -> dict[str, Any]:
    applications = [document.application for document in documents if document.application is not None]
    assessments = [assessment for document in documents for assessment in document.assessments]
    return frames(layout, filled(layout, applications, assessments))


def _faults(document: _Document, file: str) -> Iterator[Fault]:
    for index, problem in enumerate(document.problems):
        text = document.text if index == 0 else None
        yield written(problem, APPLICATIONS, place_of(file, document.line), document.id, text=text)


def _read(rules: Rulebook, at: Line) -> _Document:
    found, line, text = object_in(at), at.number, at.text
    if isinstance(found, Misfit):
        return _Document(line, text, None, problems=(found.problem,))
    problems = list(found.problems)
    data, given, place = _parts(found, problems)
    id = data.get("id") if isinstance(data.get("id"), str) else None
    application = _tried(rules.read_application, data, place, problems)
    if id is None and application is not None:
        problems.append(Problem(joined(place, "id"), "the application has no case number", "give it its `id`", "no-id"))
    assessments = [_tried(rules.read_assessment, each, where, problems) for where, each in given]
    if application is None or None in assessments:
        return _Document(line, text, id, problems=tuple(problems))
    own = [evolve(each, application=each.application or id) for each in assessments]
    _tried(lambda all: rules.check_assessments(application, all), own, "", problems)
    if problems:
        return _Document(line, text, id, problems=tuple(problems))
    return _Document(line, text, id, application, tuple(own))


def _parts(found: Parsed, problems: list[Problem]) -> tuple[Mapping[str, Any], list[tuple[str, Any]], str]:
    """The application, the assessments with their places, and the place of the application."""
    data = found.data
    if not isinstance(data.get(_APPLICATION), Mapping):
        return data, [], ""
    known = (_APPLICATION, _ASSESSMENTS)
    for key in data:
        if key not in (*known, COMMENT):
            problems.append(Problem(key, "there is no such key", nearest(key, known), "unknown-key"))
    given = data.get(_ASSESSMENTS)
    if given is not None and not isinstance(given, list):
        message = f"expected a list, got {excerpt(given)}"
        problems.append(Problem(_ASSESSMENTS, message, "put it in square brackets", "wrong-type"))
        given = None
    assessments = []
    for index, each in enumerate(given or ()):
        place = joined(_ASSESSMENTS, index)
        if isinstance(each, Mapping):
            assessments.append((place, each))
        else:  # a text would be taken for the name of a file
            message = f"expected an object, got {excerpt(each)}"
            problems.append(Problem(place, message, "put its keys in curly brackets", "wrong-type"))
    return data[_APPLICATION], assessments, _APPLICATION


def _tried(read: Callable[[Any], Any], data: Any, place: str, problems: list[Problem]) -> Any:
    """What is read; `None`, and further problems, where anything is wrong with it."""
    try:
        return read(data)
    except InputError as error:
        problems += [evolve(p, where=_placed(place, p.where)) for p in error.problems]
        return None


def _placed(place: str, where: str) -> str:
    return f"{place}.{where}" if place and where else place or where
