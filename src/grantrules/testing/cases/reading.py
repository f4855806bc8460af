"""
Example cases: an application, its assessments, and what is expected of the decision, in a folder.

    cases/late/application.json, assessment-1.json, …, expected.json, and perhaps variations.json

`expected.json` is written by hand, apart from the code. It names any part of a decision, among it the finding of at
least one rule, and says why under `why`. `variations.json` holds further cases, each a patch to the folder's own.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from attrs import evolve, field, frozen

from grantrules.application import Assessment
from grantrules.caseload import RulesOf, named_rules, together, tried
from grantrules.decisions import Decision
from grantrules.errors import GrantrulesError, InputError, Problem, excerpt, nearest
from grantrules.registry import Registry
from grantrules.rulebooks import Rulebook
from grantrules.serial.files import COMMENT, Parsed, joined, read_input, too_deep
from grantrules.testing.cases.differences import CaseDifference, explained
from grantrules.testing.cases.expectations import WHY, Expectation, read_expectation, read_why
from grantrules.testing.cases.expecting import Steps
from grantrules.testing.cases.variations import patched

APPLICATION = "application.json"
EXPECTED = "expected.json"
VARIATIONS = "variations.json"
CASES = "cases"

Rules: TypeAlias = Rulebook | Mapping[Any, Rulebook] | Registry
"""The rulebooks that cases are decided by: one, several under any names, or those of a registry."""


@frozen(eq=False)
class Case:
    """
    One case, read and sound.

    Args:
        name: of its folder; of a variation `FOLDER/VARIATION`.
        source: the file in which the expectation stands.
        steps: the keys that lead to it there.
        rulebook: the rules of its pool and round.
        application, assessments: as JSON data.
        expected: as JSON data, without its reasons.
        why: the reasons.
    """

    name: str
    folder: Path = field(repr=str)
    source: Path = field(repr=False)
    steps: Steps = field(repr=False)
    rulebook: Rulebook = field(repr=lambda rulebook: rulebook.rules.name)
    application: Mapping[str, Any] = field(repr=False)
    assessments: tuple[Mapping[str, Any], ...] = field(repr=False)
    expected: Mapping[str, Any] = field(repr=False)
    why: tuple[str, ...] = field(repr=False)
    expectation: Expectation = field(repr=False)
    _stated: "_Stated" = field(repr=False)

    @property
    def pool(self) -> str:
        """The pool it applies to."""
        return self.rulebook.pool.id

    @property
    def round(self) -> str:
        """The round it applies to."""
        return self.rulebook.round.id

    @property
    def is_variation(self) -> bool:
        """Whether it is a variation of the folder's own case."""
        return bool(self.steps)

    def read(self, rulebook: Rulebook | None = None) -> tuple[Any, tuple[Assessment, ...]]:
        """
        The application and its assessments as objects.

        Args:
            rulebook: other rules to read them by. Where those ask for the same facts, nothing is read again.

        Raises:
            InputError: the other rules cannot read them.
        """
        if rulebook is None or _asks_alike(rulebook, self.rulebook):
            return self._stated
        application = rulebook.read_application(self.application)
        return application, tuple(rulebook.read_assessment(data) for data in self.assessments)

    def decide(self, rulebook: Rulebook | None = None) -> Decision:
        """The decision on the case, by its own rulebook or by another."""
        application, assessments = self.read(rulebook)
        return (rulebook or self.rulebook).decide(application, assessments)

    def holds(self, rulebook: Rulebook | None = None) -> bool:
        """Whether the decision is as expected: `case_differences` without the reasons, and no further than needed."""
        return next(self.expectation.parted(self.decide(rulebook)), None) is None


_Stated: TypeAlias = tuple[Any, tuple[Assessment, ...]]


def _asks_alike(one: Rulebook, other: Rulebook) -> bool:
    return one is other or (one.pool.zone == other.pool.zone and one.rules.schema == other.rules.schema)


def case_differences(
    case: Case, rulebook: Rulebook | None = None, decision: Decision | None = None
) -> tuple[CaseDifference, ...]:
    """
    Everything in which the decision on a case differs from what is expected of it; empty if nothing does.

    Args:
        rulebook: other rules to decide by. What is expected of a rule that they do not have is a difference.
        decision: the decision by that rulebook, where it has been made already.
    """
    made = case.decide(rulebook) if decision is None else decision
    parted = tuple(case.expectation.parted(made))
    if not parted:
        return ()
    rules = (rulebook or case.rulebook).rules
    return tuple(explained(part, rules, made, *case.read(rulebook)) for part in parted)


# Reading


def read_cases(path: str | Path, rules: Rules | None = None) -> tuple[Case, ...]:
    """
    Read the cases of a folder, each followed by its variations.

    Args:
        path: the folder of one case, a folder of such folders, or one with such a folder called `cases`.
        rules: what they are decided by; the installed plugins if left out.

    Raises:
        InputError: with everything wrong in any of the files, the expectations among them.
    """
    rules_of = _rules_of(Registry.installed() if rules is None else rules)
    errors: list[GrantrulesError] = []
    found = [case for folder in case_folders(Path(path)) for case in _read_folder(folder, rules_of, errors)]
    if errors:
        # A plugin that cannot be used is at fault once, however many cases it has.
        raise together(list({(error.subject, error.problems): error for error in errors}.values()))
    return tuple(found)


def case_folders(path: Path) -> tuple[Path, ...]:
    """
    The folders of cases at a path, as `read_cases` finds them, in order of name.

    Raises:
        InputError: there is none.
    """
    if (path / APPLICATION).exists():
        return (path.resolve() if not path.name else path,)
    inside = path / CASES if (path / CASES).is_dir() else path
    folders = sorted({file.parent for name in (APPLICATION, EXPECTED) for file in inside.glob(f"*/{name}")})
    if not folders:
        message = "the folder holds no case" if path.is_dir() else "there is no such folder"
        hint = f"name a folder with `{APPLICATION}` and `{EXPECTED}`, or a folder of such folders"
        raise InputError(str(path), [Problem("", message, hint, "no-case")])
    return tuple(folders)


def _rules_of(rules: Rules) -> RulesOf:
    """Finds the rulebook that an application file names; the same one each time, for it compiles its rules once."""
    if isinstance(rules, Rulebook):
        only = rules
        return lambda _: only
    books: dict[str, Rulebook] = {}
    if isinstance(rules, Mapping):
        books = {book.rules.name: book for book in rules.values()}
        rules = Registry({(book.pool.id, book.round.id): book.rules for book in books.values()})
    named = named_rules(rules)

    def found(parsed: Parsed) -> Rulebook:
        book = named(parsed)
        return books.setdefault(book.rules.name, book)

    return found


@frozen
class _Files:
    """The files of a case, parsed: what they hold is not looked at yet."""

    folder: Path
    application: Parsed
    assessments: Mapping[str, Parsed]
    expected: Parsed | None
    variations: Parsed | None


def _read_folder(folder: Path, rules_of: RulesOf, errors: list[GrantrulesError]) -> Iterator[Case]:
    files = _opened(folder, errors)
    rulebook = None if files is None else tried(errors, rules_of, files.application)
    if files is None or rulebook is None:
        return
    stated = _stated(rulebook, files.application, files.assessments, errors)
    if files.expected is not None:
        problems = list(files.expected.problems)
        data = {key: value for key, value in files.expected.data.items() if key != WHY}
        why = read_why(files.expected.data.get(WHY), WHY, problems)
        expectation = read_expectation(data, rulebook.rules, None if stated is None else stated[0], "", problems)
        if problems:
            errors.append(InputError(files.expected.subject, problems))
        elif expectation is not None and stated is not None:
            given = tuple(parsed.data for parsed in files.assessments.values())
            source = folder / EXPECTED
            parts = (rulebook, files.application.data, given, data, why, expectation, stated)
            yield Case(folder.name, folder, source, (), *parts)
    if files.variations is not None and stated is not None:
        yield from _variations(files, files.variations, rulebook, errors)


def _opened(folder: Path, errors: list[GrantrulesError]) -> _Files | None:
    application = tried(errors, read_input, folder / APPLICATION)
    expected = tried(errors, read_input, folder / EXPECTED)
    varied = folder / VARIATIONS
    variations = tried(errors, read_input, varied) if varied.exists() else None
    assessments: dict[str, Parsed] = {}
    for number, file in sorted((_number(file), file) for file in folder.glob("assessment*.json")):
        parsed = tried(errors, read_input, file)
        if parsed is not None:
            assessments[number[1]] = parsed
    return None if application is None else _Files(folder, application, assessments, expected, variations)


def _number(file: Path) -> tuple[int, str]:
    """What an assessment is called in variations, and where it stands: the number in its name, or else its name."""
    found = re.fullmatch(r"assessment-([0-9]+)", file.stem, re.ASCII)
    return (int(found[1]), found[1]) if found else (0, file.stem)


def _stated(
    rulebook: Rulebook, application: Parsed, assessments: Mapping[str, Parsed], errors: list[GrantrulesError]
) -> _Stated | None:
    """The application and its assessments as objects; `None` if one of them cannot be read."""
    before = len(errors)
    made = tried(errors, rulebook.read_application, application)
    given: list[Assessment] = []
    for parsed in assessments.values():
        assessment = tried(errors, rulebook.read_assessment, parsed)
        if assessment is not None and made is not None:
            tried(errors, rulebook.check_assessments, made, [assessment], parsed.subject)
            given.append(assessment)
    return (made, tuple(given)) if len(errors) == before else None


# Variations


_KEYS = (WHY, "application", "assessments", "expected")
_NAME = re.compile(r"[^\W_]([\w .,+-]*[\w.+])?")


def _variations(files: _Files, parsed: Parsed, rulebook: Rulebook, errors: list[GrantrulesError]) -> Iterator[Case]:
    problems = list(parsed.problems)
    for name, data in parsed.data.items():
        if name == COMMENT:
            continue
        if not _NAME.fullmatch(name):
            hint = "name it in letters, digits, blanks and `.,+-_`"
            problems.append(Problem(name, "a variation cannot be called so", hint, "name"))
        elif too_deep(data):
            problems.append(Problem(name, "the variation is nested too deeply to be read", code="too-deep"))
        elif not isinstance(data, Mapping):
            problems.append(Problem(name, f"expected an object, got {excerpt(data)}", code="wrong-type"))
        else:
            case = _variation(files, name, data, rulebook, problems)
            yield from [] if case is None else [case]
    if problems:
        errors.append(InputError(parsed.subject, problems))


def _variation(
    files: _Files, name: str, data: Mapping[str, Any], rulebook: Rulebook, problems: list[Problem]
) -> Case | None:
    before = len(problems)
    for key in data:
        if key not in (*_KEYS, COMMENT):
            hint = nearest(key, _KEYS) or "choose from " + ", ".join(f"`{known}`" for known in _KEYS)
            problems.append(Problem(joined(name, key), "there is no such key", hint, "unknown-key"))
    why = read_why(data.get(WHY), joined(name, WHY), problems)
    if not {"application", "assessments"} & set(data):
        message = "the variation changes nothing"
        problems.append(Problem(name, message, "patch its `application` or its `assessments`", "changes-nothing"))
    application, assessments = _changed(files, name, data, problems)
    stated = None
    if len(problems) == before:
        errors: list[GrantrulesError] = []
        stated = _stated(rulebook, application, assessments, errors)
        problems += [evolve(p, where=joined(error.subject, p.where)) for error in errors for p in error.problems]
    place = joined(name, "expected")
    expected = data.get("expected")
    if expected is None:
        problems.append(Problem(place, "nothing is expected of the variation", 'add `"expected"`', "missing-key"))
        return None
    expectation = read_expectation(expected, rulebook.rules, None if stated is None else stated[0], place, problems)
    if expectation is None or stated is None or len(problems) > before:
        return None
    given = tuple(parsed.data for parsed in assessments.values())
    parts = (rulebook, application.data, given, expected, why, expectation, stated)
    return Case(f"{files.folder.name}/{name}", files.folder, files.folder / VARIATIONS, (name, "expected"), *parts)


def _changed(
    files: _Files, name: str, data: Mapping[str, Any], problems: list[Problem]
) -> tuple[Parsed, Mapping[str, Parsed]]:
    """The application and the assessments of a variation, each called by the path of its patch."""
    patches = {key: data.get(key, {}) for key in ("application", "assessments")}
    for key, patch in patches.items():
        if not isinstance(patch, Mapping):
            problems.append(Problem(joined(name, key), f"expected an object, got {excerpt(patch)}", code="wrong-type"))
            patches[key] = {}
    place = joined(name, "application")
    application = Parsed(place, patched(files.application.data, patches["application"], place, problems))
    place = joined(name, "assessments")
    before = {number: parsed.data for number, parsed in files.assessments.items()}
    for number in patches["assessments"]:
        if number not in before and number != COMMENT and not number.isdecimal():
            hint = nearest(number, before) or "name it by the number in its file's name"
            message = f"there is no assessment {excerpt(number)}"
            problems.append(Problem(joined(place, number), message, hint, "leads-nowhere"))
    after = patched(before, patches["assessments"], place, problems)
    for number, given in after.items():
        if not isinstance(given, Mapping):
            message = f"expected an object, got {excerpt(given)}"
            problems.append(Problem(joined(place, number), message, code="wrong-type"))
    return application, {n: Parsed(joined(place, n), given) for n, given in after.items() if isinstance(given, Mapping)}
