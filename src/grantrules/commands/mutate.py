"""`grantrules mutate`: would the cases and laws of a pool notice a mistake in its rules?"""

from argparse import ArgumentTypeError, Namespace
from pathlib import Path
from typing import Any

from grantrules.commands import asked as asked_for
from grantrules.commands.asked import DOES_NOT_HOLD, DONE
from grantrules.console import progress, show, show_json

_USUAL = Path("cases")


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "mutate", help="make small mistakes in rules, and say which no case and no law notices"
    )
    asked_for.pool(parser)
    parser.add_argument(
        "--cases", metavar="DIR", nargs="+", action="extend", help="folders of cases (default: `cases`, if it is there)"
    )
    parser.add_argument("--rule", metavar="ID", nargs="+", action="extend", default=[], help="only these rules")
    parser.add_argument("--no-laws", action="store_true", help="cases alone")
    parser.add_argument("--workers", metavar="N", type=_workers, help="processes (default: one for each processor)")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.set_defaults(run=_run)


def _workers(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"expected a whole number from 1, got `{text}`")
    return int(text)


def _run(asked: Namespace) -> int:
    asked_for.needs_testing()
    from grantrules.testing.cases.reading import read_cases
    from grantrules.testing.mutation.report import report, to_data
    from grantrules.testing.mutation.running import mutate

    rulebook = asked_for.rulebook(asked.pool)
    folders = [_USUAL] if asked.cases is None and _USUAL.is_dir() else [Path(name) for name in asked.cases or ()]
    cases = [case for folder in folders for case in read_cases(folder, _rules_of(asked.pool))]
    with progress("mutants") as tell:
        found = mutate(
            rulebook,
            cases,
            laws=not asked.no_laws,
            rules=asked.rule,
            workers=asked.workers,
            progress=tell,
        )
    if asked.format == "json":
        show_json(to_data(found))
    else:
        show(report(found))
    return DOES_NOT_HOLD if found.survivors else DONE


def _rules_of(pool: str) -> Any:
    """What the cases are decided by: the saved rule set that is named, else the installed plugins."""
    return asked_for.rulebook(pool) if pool.endswith(".json") else None
