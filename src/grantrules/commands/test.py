"""`grantrules test`: decide cases and compare the decisions with what is expected of them."""

import json
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from grantrules.commands.asked import DOES_NOT_HOLD, DONE
from grantrules.console import show, show_json
from grantrules.errors import GrantrulesError, InputError, Problem
from grantrules.readings.layout import Block, Item, Items, Paragraph, Section
from grantrules.registry import Registry
from grantrules.rulebooks import Rulebook

if TYPE_CHECKING:
    from grantrules.decisions import Decision
    from grantrules.testing.cases.differences import CaseDifference
    from grantrules.testing.cases.reading import Case
    from grantrules.testing.cases.updating import Update
    from grantrules.testing.coverage import Coverage


def add(commands: Any) -> None:
    """Add the command to the command line."""
    test = commands.add_parser("test", help="decide cases and compare the decisions with what is expected of them")
    test.add_argument(
        "paths", nargs="+", metavar="PATH", help="the folder of a case, a folder of such folders, or that of a plugin"
    )
    test.add_argument(
        "--update", action="store_true", help="rewrite the expected values that differ, in place, and print them"
    )
    test.add_argument(
        "--rules",
        nargs="+",
        action="extend",
        default=[],
        metavar="FILE",
        help="saved rule sets to decide by, instead of the installed plugins",
    )
    test.add_argument("--coverage", action="store_true", help="say which parts of the rules the cases have shown")
    test.add_argument("--coverage-json", metavar="FILE", help="write the coverage as JSON data")
    test.add_argument("--fail-under", metavar="PERCENT", help="the least coverage; less is a check that does not hold")
    test.add_argument("--format", choices=("text", "json"), default="text")
    test.set_defaults(run=_run)


@frozen
class Tried:
    """A case, the decision on it, and where that is not as expected."""

    case: "Case"
    decision: "Decision"
    differences: "tuple[CaseDifference, ...]"


def _run(asked: Namespace) -> int:
    from grantrules.testing.coverage.report import falling_short, least_asked

    least = None if asked.fail_under is None else least_asked(asked.fail_under)
    tried = _tried(_cases(asked.paths, asked.rules))
    updates = _updates(tried) if asked.update else []
    covered = asked.coverage or asked.coverage_json is not None or least is not None
    coverages = _coverages(tried) if covered else {}
    short = () if least is None else falling_short(coverages, least)
    if asked.format == "json":
        show_json(_data(tried, updates, coverages))
    else:
        show(tuple(_blocks(tried, updates, coverages if asked.coverage else {}, short)))
    if asked.coverage_json is not None:
        _write(asked.coverage_json, coverages)
    failed = any(update.left for update in updates) if asked.update else any(one.differences for one in tried)
    return DOES_NOT_HOLD if failed or short else DONE


def _coverages(tried: Sequence[Tried]) -> "Mapping[str, Coverage]":
    """What the cases have shown of the rules of their rounds."""
    from grantrules.testing.coverage import coverage_of

    return coverage_of((one.case.rulebook, *one.case.read()) for one in tried)


def _write(file: str, coverages: "Mapping[str, Coverage]") -> None:
    """
    Write the coverage to a file.

    Raises:
        InputError: it cannot be written.
    """
    from grantrules.testing.coverage.report import to_data

    try:
        Path(file).write_text(json.dumps(to_data(coverages), ensure_ascii=False, indent=2) + "\n", "utf-8")
    except OSError as error:
        raise InputError(file, [Problem("", f"the coverage cannot be written: {error.strerror}")]) from error


def _cases(paths: Sequence[str], files: Sequence[str]) -> "list[Case]":
    """
    The cases at all paths, each once.

    Raises:
        InputError: with everything wrong in any of them.
    """
    from grantrules.caseload import together
    from grantrules.testing.cases.reading import read_cases

    rules = [Rulebook.load(file).rules for file in files]
    registry = Registry({(r.pool.id, r.round.id): r for r in rules}) if rules else Registry.installed()
    errors: list[GrantrulesError] = []
    found: dict[Any, Case] = {}
    for path in paths:
        try:
            found |= {(case.folder.resolve(), case.name): case for case in read_cases(path, registry)}
        except GrantrulesError as error:
            errors.append(error)
    if errors:
        raise together(errors)
    return list(found.values())


def _tried(cases: "Sequence[Case]") -> list[Tried]:
    from grantrules.testing.cases.reading import case_differences

    decided = [(case, case.decide()) for case in cases]
    return [Tried(case, decision, case_differences(case, decision=decision)) for case, decision in decided]


def _updates(tried: Sequence[Tried]) -> "list[Update]":
    from grantrules.testing.cases.updating import update

    return [update(one.case, one.differences) for one in tried if one.differences]


# What is printed


def _blocks(
    tried: Sequence[Tried],
    updates: "Sequence[Update]",
    coverages: "Mapping[str, Coverage]",
    short: Sequence[str],
) -> Iterator[Block]:
    from grantrules.testing.cases.differences import report
    from grantrules.testing.coverage import report as coverage_report

    for one in tried if not updates else ():
        if one.differences:
            yield Section(f"{one.case.name} ({one.case.source})")
            yield from report(one.case.why, one.differences)
    for update in updates:
        yield from _updated(update)
    yield Paragraph(_counted(tried, updates), strong=True)
    yield from coverage_report.report(coverages)
    yield from (Paragraph(line, strong=True) for line in short)


def _updated(update: "Update") -> Iterator[Block]:
    yield Section(f"{update.case.name} ({update.case.source})")
    if update.rewritten:
        yield Paragraph("Rewritten:")
        yield Items(tuple(Item(difference.item().text) for difference in update.rewritten))
    if update.left:
        yield Paragraph("Left for you to settle: what is expected is of another shape than what there is.")
        yield Items(tuple(difference.item() for difference in update.left))


def _counted(tried: Sequence[Tried], updates: "Sequence[Update]") -> str:
    from grantrules.testing.cases.updating import READ_WHY

    failed = sum(bool(one.differences) for one in tried)
    cases = _many(len(tried), "case")
    if not failed:
        return f"{cases}: all as expected."
    differences = sum(len(one.differences) for one in tried)
    if not updates:
        return f"{cases}: {len(tried) - failed} as expected, {failed} not; {_many(differences, 'difference')}."
    rewritten = sum(len(update.rewritten) for update in updates)
    return f"{cases}: {_many(rewritten, 'value')} rewritten, {differences - rewritten} left; {READ_WHY}."


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _data(tried: Sequence[Tried], updates: "Sequence[Update]", coverages: "Mapping[str, Coverage]") -> dict[str, Any]:
    from grantrules.testing.coverage.report import to_data

    rewritten = {update.case: [difference.where for difference in update.rewritten] for update in updates}
    return {
        "cases": [
            {
                "case": one.case.name,
                "source": str(one.case.source),
                "pool": one.case.pool,
                "round": one.case.round,
                "why": list(one.case.why),
                "differences": [difference.to_dict() for difference in one.differences],
                "rewritten": rewritten.get(one.case, []),
            }
            for one in tried
        ],
        "as_expected": sum(not one.differences for one in tried),
        "not_as_expected": sum(bool(one.differences) for one in tried),
        **({"coverage": to_data(coverages)} if coverages else {}),
    }
