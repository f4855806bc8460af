"""
Applications and assessments as files, brought together into cases.

Files are named one by one, or by folder. Everything wrong in any of them is reported at once, and nothing is decided
then.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from attrs import evolve, frozen

from grantrules.application import Application, Assessment
from grantrules.decisions import Decision
from grantrules.errors import GrantrulesError, InputError, Problem, excerpt, nearest
from grantrules.registry import Registry
from grantrules.rulebooks import Rulebook
from grantrules.serial.allocating import StatedOverride
from grantrules.serial.files import Parsed, read_input

_SEVERAL = "input"
"""What is refused where several files are at fault."""

RulesOf = Callable[[Parsed], Rulebook]
"""What finds the rules that an application file is read by."""


@frozen
class Case:
    """An application with its file, its rulebook and all its assessments."""

    name: str
    rules: Rulebook
    application: Application
    assessments: tuple[Assessment, ...]

    def decided(self) -> Decision:
        """The decision on it."""
        return self.rules.decide(self.application, self.assessments)


@frozen
class _File:
    """An application file: its rules, the case number it states, and the application as far as it can be read."""

    name: str
    rules: Rulebook
    id: str | None
    application: Application | None


def files_in(names: Iterable[str], empty: bool = False) -> tuple[list[str], list[str]]:
    """
    Applications and assessments among files and folders, in order of name.

    A folder holds `applications/*.json` and `assessments/*.json`; or it is a case, with `application.json` and
    `assessment*.json`; or every JSON file in it is an application.

    Args:
        empty: a folder `applications` may be empty: nobody applied.

    Raises:
        InputError: folders hold no application; all of them are named.
    """
    applications: list[str] = []
    assessments: list[str] = []
    errors: list[GrantrulesError] = []
    for name in names:
        folder = Path(name)
        if not folder.is_dir():
            applications.append(name)
            continue
        if (folder / "applications").is_dir():
            found, beside = folder.glob("applications/*.json"), folder.glob("assessments/*.json")
        elif (folder / "application.json").exists():
            found, beside = folder.glob("application.json"), folder.glob("assessment*.json")
        else:
            found, beside = folder.glob("*.json"), folder.glob("assessments/*.json")
        paths = sorted(found)
        if not paths and not (empty and (folder / "applications").is_dir()):
            message = "the folder holds no application"
            hint = "put them into `applications`, as JSON files"
            errors.append(InputError(name, [Problem("", message, hint, "no-file")]))
        applications += map(str, paths)
        assessments += map(str, sorted(beside))
    if errors:
        raise together(errors)
    return applications, assessments


def decided_with(
    cases: Sequence[Case], stated: Sequence[StatedOverride], file: str
) -> tuple[list[Decision], list[GrantrulesError]]:
    """
    Decide cases, and set aside what people set aside.

    Args:
        file: where the overrides stand.

    Returns:
        The decisions, and what is wrong: cases without a case number, and overrides that do not fit.
    """
    unnamed = [case.name for case in cases if case.application.id is None]
    problem = Problem("id", "the application has no case number", "give it its `id`", "no-id")
    errors: list[GrantrulesError] = [InputError(name, [problem]) for name in unnamed]
    made = {case.application.id: case.decided() for case in cases if case.application.id is not None}
    for index, item in enumerate(stated):
        by = item.override
        try:
            if item.application not in made:
                message = f"no application is {excerpt(item.application)}"
                hint = nearest(item.application, made)
                raise InputError("", [Problem("application", message, hint, "unknown-application")])
            made[item.application] = made[item.application].overridden(by.by, by.reason, by.sets_aside)
        except GrantrulesError as error:
            errors.append(InputError(file, [evolve(p, where=f"[{index}].{p.where}") for p in error.problems]))
    return list(made.values()), errors


def named_rules(registry: Registry) -> RulesOf:
    """Finds the rules by the pool and round that a file names."""

    def found(parsed: Parsed) -> Rulebook:
        data = parsed.data
        problems = [
            Problem(key, f"expected text, got {excerpt(data[key])}", "put it in quotation marks")
            for key in ("pool", "round")
            if data.get(key) is not None and not isinstance(data[key], str)
        ]
        if data.get("pool") is None:
            known = ", ".join(f"`{pool}`" for pool in registry.pools)
            message = "the application does not name its pool"
            problems.append(Problem("pool", message, f"choose from {known}", "no-pool"))
        if problems:
            raise InputError(parsed.subject, problems)
        try:
            return registry.rulebook(data["pool"], data.get("round"))
        except InputError as error:
            where = "round" if data["pool"] in registry.pools else "pool"
            raise InputError(parsed.subject, [evolve(problem, where=where) for problem in error.problems]) from error

    return found


def read_cases(rules_of: RulesOf, files: Sequence[str], assessments: Sequence[str]) -> list[Case]:
    """
    Read all applications and assessments, and bring them together.

    Raises:
        InputError: one report of everything wrong in any of the files; nothing is decided then.
    """
    errors: list[GrantrulesError] = []
    opened = [found for file in files if (found := _opened(rules_of, file, errors)) is not None]
    errors += _same_ids(opened)
    given: dict[int, list[Assessment]] = {}
    for file in sorted({file for file in assessments if assessments.count(file) > 1}):
        errors.append(InputError(file, [Problem("", "the assessment is given twice", "give it once", "twice")]))
    places = {file.id: index for index, file in reversed(list(enumerate(opened))) if file.id is not None}
    for file in assessments:
        _assign(opened, places, file, given, errors, guess=len(opened) == len(files) == 1)
    if errors:
        raise together(errors)
    return [
        Case(file.name, file.rules, file.application, tuple(given.get(index, ())))
        for index, file in enumerate(opened)
        if file.application is not None
    ]


_Read = TypeVar("_Read")


def tried(errors: list[GrantrulesError], read: Callable[..., _Read], *arguments: Any) -> _Read | None:
    """What is read; `None`, and one more error for `together`, where it cannot be."""
    try:
        return read(*arguments)
    except GrantrulesError as error:
        errors.append(error)
        return None


def together(errors: Sequence[GrantrulesError]) -> GrantrulesError:
    """Several errors as one that reports everything."""
    if len(errors) == 1:
        return errors[0]
    return InputError(_SEVERAL, [evolve(p, where=_placed(error, p)) for error in errors for p in error.problems])


def _placed(error: GrantrulesError, problem: Problem) -> str:
    if error.subject == _SEVERAL:  # its problems name their files already
        return problem.where
    return f"{error.subject}: {problem.where}" if problem.where else error.subject


def _opened(rules_of: RulesOf, name: str, errors: list[GrantrulesError]) -> _File | None:
    """An application file whose rules can be found; `None` where they cannot."""
    try:
        parsed = read_input(Path(name))
        rules = rules_of(parsed)
    except GrantrulesError as error:
        errors.append(error)
        return None
    id = parsed.data.get("id")
    application = None
    try:
        application = rules.read_application(parsed)
    except GrantrulesError as error:
        errors.append(error)
    return _File(name, rules, id if isinstance(id, str) else None, application)


def _same_ids(files: Sequence[_File]) -> list[GrantrulesError]:
    first: dict[str, _File] = {}
    problems = [
        Problem("id", f"{file.name} and {first[file.id].name} are both application `{file.id}`", "decide them apart")
        for file in files
        if file.id is not None and first.setdefault(file.id, file) is not file
    ]
    return [InputError(_SEVERAL, problems)] if problems else []


def _assign(
    files: Sequence[_File],
    places: dict[str, int],
    name: str,
    given: dict[int, list[Assessment]],
    errors: list[GrantrulesError],
    guess: bool,
) -> None:
    """Give an assessment to the application it names; where there is but one, it may leave out the name."""
    try:
        parsed = read_input(Path(name))
        stated = parsed.data.get("application")
        index = places.get(stated) if isinstance(stated, str) else None
        if index is None and guess:
            index = 0
        if index is None:
            raise InputError(name, [_unassigned(stated, files)])
        file = files[index]
        made = file.rules.read_assessment(parsed)
        if file.application is not None:
            file.rules.check_assessments(file.application, [made], name)
        given.setdefault(index, []).append(made)
    except GrantrulesError as error:
        errors.append(error)


def _unassigned(stated: Any, files: Sequence[_File]) -> Problem:
    if stated is None:
        message, hint = "the assessment names no application", "name it: there are several"
    else:
        message = f"no application is {excerpt(stated)}"
        hint = nearest(stated, [file.id for file in files if file.id]) if isinstance(stated, str) else ""
    return Problem("application", message, hint, "other-application")
