"""`grantrules diff`: compare two rulebooks, and hold what moved against what was intended."""

from argparse import ArgumentTypeError, Namespace
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grantrules.caseload import files_in, together, tried
from grantrules.commands import asked as asked_for
from grantrules.commands.asked import DOES_NOT_HOLD, DONE
from grantrules.console import show, show_json
from grantrules.errors import GrantrulesError, InputError, Problem, excerpt, nearest
from grantrules.readings.layout import to_markdown
from grantrules.registry import Registry
from grantrules.rulebooks import Rulebook
from grantrules.serial.files import Parsed, parse_json, read_input, read_text

if TYPE_CHECKING:
    from grantrules.testing.comparing.comparison import Applications, Given
    from grantrules.testing.comparing.fallen import Kept

_DRAWN = 200
"""So many applications are drawn unless others are given."""

_APPLICATION, _ASSESSMENTS, _DECISION = "application.json", "assessment*.json", "decision.json"


def add(commands: Any) -> None:
    """Add the command to the command line."""
    diff = commands.add_parser(
        "diff", help="compare two rounds or versions of a pool, and what becomes of applications"
    )
    asked_for.pool(diff, "old", "OLD")
    asked_for.pool(diff, "new", "NEW")
    tried = diff.add_mutually_exclusive_group()
    tried.add_argument(
        "--cases", nargs="+", action="extend", metavar="DIR", help="cases, or folders of applications, to try them on"
    )
    tried.add_argument(
        "--generate", type=_count, metavar="N", help=f"draw so many applications (default: {_DRAWN}, unless `--cases`)"
    )
    diff.add_argument(
        "--decisions", metavar="DIR", help="stored decisions with their applications, to hold against NEW"
    )
    diff.add_argument("--intent", metavar="FILE", help="what the change may do: nothing else may move")
    diff.add_argument("--format", choices=("text", "json", "markdown"), default="text")
    diff.add_argument("--seed", type=int, default=0, metavar="N", help="what applications are drawn with (default: 0)")
    diff.set_defaults(run=_run)


def _count(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError(f"expected a whole number, got `{text}`")
    return int(text)


def _run(asked: Namespace) -> int:
    from grantrules.testing.comparing.comparison import compare
    from grantrules.testing.comparing.intents import breaches, read_intent
    from grantrules.testing.comparing.report import Judged, comparison_document, comparison_to_data

    old, new = asked_for.rulebook(asked.old), asked_for.rulebook(asked.new)
    errors: list[GrantrulesError] = []
    applications = tried(errors, _applications, asked, old, new)
    kept = tried(errors, _kept, Path(asked.decisions), old, new) if asked.decisions is not None else []
    intent = tried(errors, read_intent, asked.intent, old.rules, new.rules) if asked.intent is not None else None
    if errors or applications is None or kept is None:
        raise together(errors)
    found = compare(old, new, applications, kept, seed=asked.seed)
    judged = None if intent is None else Judged(intent, breaches(intent, found))
    if asked.format == "json":
        show_json(comparison_to_data(found, judged))
    elif asked.format == "markdown":
        print(to_markdown(comparison_document(found, judged)), end="")
    else:
        show(comparison_document(found, judged))
    return DOES_NOT_HOLD if found.fallen or (judged is not None and judged.breaches) else DONE


# Applications


def _applications(asked: Namespace, old: Rulebook, new: Rulebook) -> "Applications":
    if asked.cases is None:
        count: int = _DRAWN if asked.generate is None else asked.generate
        if count:
            asked_for.needs_testing()
        return count
    errors: list[GrantrulesError] = []
    found: list[Given] = []
    for name in asked.cases:
        found += tried(errors, _given, Path(name), old, new) or []
    if errors:
        raise together(errors)
    return found


def _given(folder: Path, old: Rulebook, new: Rulebook) -> "list[Given]":
    """The applications of a folder: of its cases, variations among them, or else of a caseload."""
    from grantrules.testing.cases.reading import read_cases
    from grantrules.testing.comparing.comparison import Given

    if not folder.is_dir():
        raise InputError(str(folder), [Problem("", "there is no such folder", "name a folder of cases", "no-folder")])
    if (folder / "applications").is_dir() or not _holds_cases(folder):
        return list(_caseload(folder))
    cases = read_cases(folder, _registry(old, new))
    ours = [case for case in cases if (case.pool, case.round) in _rounds(old, new)]
    if not ours:
        message = f"no case is of `{old.rules.name}` or `{new.rules.name}`"
        raise InputError(str(folder), [Problem("", message, "name a folder with cases of these rounds", "no-case")])
    return [Given(case.name, case.application, case.assessments) for case in ours]


def _holds_cases(folder: Path) -> bool:
    return any(any(folder.glob(f"{inside}{_APPLICATION}")) for inside in ("", "*/", "cases/*/"))


def _registry(old: Rulebook, new: Rulebook) -> Registry:
    """The installed rounds, and these two: cases of other rounds of the pool are read, and passed over."""
    sets = {(one.pool.id, one.round.id): one.rules for one in (old, new)}
    return Registry({**Registry.installed().rule_sets, **sets})


def _rounds(old: Rulebook, new: Rulebook) -> list[tuple[str, str]]:
    return [(one.pool.id, one.round.id) for one in (old, new)]


def _caseload(folder: Path) -> "Iterator[Given]":
    """The applications of a caseload, as data, each with the assessments that name it."""
    from grantrules.testing.comparing.comparison import Given

    files, beside = files_in([str(folder)])
    errors: list[GrantrulesError] = []
    parsed = [one for file in files if (one := tried(errors, read_input, Path(file)))]
    given = [one for file in beside if (one := tried(errors, read_input, Path(file)))]
    ids = [one.data.get("id") for one in parsed]
    errors += [InputError(one.subject, [_unassigned(one.data, ids)]) for one in given if _of(one.data, ids) is None]
    if errors:
        raise together(errors)
    for index, one in enumerate(parsed):
        own = tuple(other.data for other in given if _of(other.data, ids) == index)
        yield Given(Path(one.subject).stem, one.data, own)


def _of(assessment: Mapping[str, Any], ids: list[Any]) -> int | None:
    """Which application an assessment is of."""
    stated = assessment.get("application")
    if stated is None and len(ids) == 1:
        return 0
    return ids.index(stated) if stated is not None and stated in ids else None


def _unassigned(assessment: Mapping[str, Any], ids: Iterable[Any]) -> Problem:
    stated = assessment.get("application")
    message = "the assessment names no application" if stated is None else f"no application is {excerpt(stated)}"
    known = [id for id in ids if isinstance(id, str)]
    return Problem("application", message, nearest(stated, known) or "name the application", "other-application")


# Stored decisions


def _kept(folder: Path, old: Rulebook, new: Rulebook) -> "list[Kept]":
    """
    Stored decisions with their applications.

    Args:
        folder: a caseload with a folder `decisions` beside `applications`; or a case, or cases, each with a
            `decision.json`.
    """
    if not folder.is_dir():
        raise InputError(
            str(folder), [Problem("", "there is no such folder", "name a folder of decisions", "no-folder")]
        )
    if (folder / "decisions").is_dir():
        found = list(_kept_together(folder, old, new))
    else:
        files = [folder / _DECISION] if (folder / _DECISION).exists() else sorted(folder.glob(f"*/{_DECISION}"))
        found = [one for file in files for one in _kept_in_case(file, old, new)]
    if not found:
        hint = f"put them into `decisions` beside `applications`, or into each case as `{_DECISION}`"
        raise InputError(str(folder), [Problem("", "the folder holds no decision", hint, "no-file")])
    return found


def _kept_in_case(file: Path, old: Rulebook, new: Rulebook) -> "Iterator[Kept]":
    application = read_input(file.parent / _APPLICATION)
    assessments = tuple(read_input(path).data for path in sorted(file.parent.glob(_ASSESSMENTS)))
    for decision in _decisions(file):
        yield _one_kept(file.parent.name, decision, application.data, assessments, old, new)


def _kept_together(folder: Path, old: Rulebook, new: Rulebook) -> "Iterator[Kept]":
    given = {one.application.get("id"): one for one in _caseload(folder) if isinstance(one.application, Mapping)}
    for file in sorted(folder.glob("decisions/*.json")):
        for decision in _decisions(file):
            stated = decision.data.get("application")
            if stated not in given:
                message = f"no application is {excerpt(stated)}"
                hint = nearest(stated, [id for id in given if isinstance(id, str)])
                raise InputError(str(file), [Problem("application", message, hint, "unknown-application")])
            one = given[stated]
            yield _one_kept(str(stated), decision, one.application, one.assessments, old, new)


def _decisions(file: Path) -> list[Parsed]:
    """The decisions of a file: one, or a list of them, as `decide --format json` prints them."""
    data = parse_json(read_text(file), str(file))
    items = data if isinstance(data, list) else [data]
    wrong = [index for index, item in enumerate(items) if not isinstance(item, Mapping)]
    if wrong:
        raise InputError(str(file), [Problem(f"[{i}]", "expected a decision", code="wrong-type") for i in wrong])
    return [Parsed(str(file), item) for item in items]


def _one_kept(
    name: str, decision: Parsed, application: Any, assessments: tuple[Any, ...], old: Rulebook, new: Rulebook
) -> "Kept":
    from grantrules.testing.comparing.carrying import home_of
    from grantrules.testing.comparing.fallen import Kept

    return Kept(name, new.read_decision(decision), application, assessments, home_of(application, old, new))
