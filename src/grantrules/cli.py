"""
The command line: a thin shell over rulebooks.

Exit status: 0 done, whatever the outcome; 1 a check that does not hold; 2 wrong input.
"""

import json
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.metadata import version
from io import TextIOWrapper
from pathlib import Path
from typing import Any, get_args

from attrs import evolve, frozen

from grantrules.application import Application, Assessment
from grantrules.decisions import Decision, Verification
from grantrules.errors import GrantrulesError, InputError, Problem, excerpt, nearest, visible
from grantrules.readings.layout import (
    Block,
    Document,
    Item,
    Items,
    Paragraph,
    Row,
    Section,
    Table,
    Title,
    to_text,
)
from grantrules.registry import Registry
from grantrules.rulebooks import FileKind, Rulebook, TemplateKind
from grantrules.serial.files import Parsed, read_input
from grantrules.values import LANGUAGES, Language

DONE, DOES_NOT_HOLD, WRONG_INPUT = 0, 1, 2

TRACEBACK = "GRANTRULES_TRACEBACK"
"""Set in the environment, faults of the library show where they happened."""

_SHOWN_DIFFERENCES = 40


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    asked = _parser().parse_args(arguments)
    run: Callable[[Namespace], int] = asked.run
    try:
        status = run(asked)
        if sys.stdout is not None:
            sys.stdout.flush()
    except GrantrulesError as error:
        print(error, file=sys.stderr)
        return WRONG_INPUT
    except OSError as error:
        # Nothing may be written to the output any more, not even at exit. A reader that has gone is no fault.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return DONE
        print(f"grantrules: the output cannot be written: {error.strerror}", file=sys.stderr)
        return WRONG_INPUT
    except Exception as error:
        if os.environ.get(TRACEBACK):
            raise
        fault = visible(f"{type(error).__name__}: {error}")
        print(f"grantrules: a fault of the library or of a plugin, not of the input: {fault}", file=sys.stderr)
        print(f"    hint: set {TRACEBACK}=1 to see where, and report it", file=sys.stderr)
        return WRONG_INPUT
    return status


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="grantrules",
        description="Rules of public grant schemes: who may get money, for what, and how much, with reasons.",
        epilog="Exit status: 0 done, whatever the outcome; 1 a check that does not hold; 2 wrong input.",
    )
    parser.add_argument("--version", action="version", version=f"grantrules {version('grantrules')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    pools = commands.add_parser("pools", help="list the installed pools and rounds, and plugins that failed to load")
    _languages(pools)
    pools.set_defaults(run=_pools)

    show = commands.add_parser("show", help="print a rulebook: every rule with its statement, source and assumptions")
    _pool(show)
    show.add_argument("--format", choices=("text", "markdown", "json"), default="text", help="json: the saved rule set")
    _languages(show)
    show.set_defaults(run=_show)

    decide = commands.add_parser("decide", help="decide applications and explain the decisions")
    decide.add_argument("files", nargs="+", metavar="FILE", help="an application as JSON; it names its pool and round")
    _assessments(decide)
    _saved(decide)
    decide.add_argument("--format", choices=("text", "json", "markdown"), default="text")
    _languages(decide)
    decide.set_defaults(run=_decide)

    verify = commands.add_parser("verify", help="say whether a stored decision still stands")
    verify.add_argument("decision", metavar="DECISION", help="what `decide --format json` wrote")
    verify.add_argument("application", metavar="APPLICATION")
    _assessments(verify)
    _saved(verify)
    verify.set_defaults(run=_verify)

    schema = commands.add_parser("schema", help="print the JSON Schema of a kind of file")
    _pool(schema)
    schema.add_argument("--of", choices=get_args(FileKind), default="application")
    _languages(schema)
    schema.set_defaults(run=_schema)

    template = commands.add_parser("template", help="print a blank file with every key and its meaning")
    _pool(template)
    template.add_argument("--of", choices=get_args(TemplateKind), default="application")
    _languages(template)
    template.set_defaults(run=_template)
    return parser


def _pool(parser: ArgumentParser) -> None:
    parser.add_argument("pool", metavar="POOL[@ROUND]", help="the round may be left out where the pool has one")


def _languages(parser: ArgumentParser) -> None:
    parser.add_argument("--lang", choices=LANGUAGES, default="en", help="language of the texts (default: %(default)s)")


def _assessments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--assessment", nargs="+", action="extend", default=[], metavar="FILE", help="assessments; may be repeated"
    )


def _saved(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--rules", metavar="FILE", help="a saved rule set to decide by, instead of the installed plugins"
    )


def _registry(asked: Namespace) -> Registry:
    if asked.rules is None:
        registry = Registry.installed()
        for failure in registry.failures:
            print(f"warning: deciding without plugin `{failure.plugin}`, which could not be used", file=sys.stderr)
            print("    hint: see `grantrules pools`", file=sys.stderr)
        return registry
    rules = Rulebook.load(asked.rules).rules
    return Registry({(rules.pool.id, rules.round.id): rules})


# Commands


def _pools(asked: Namespace) -> int:
    _print(tuple(_pool_blocks(Registry.installed(), asked.lang)))
    return DONE


def _pool_blocks(registry: Registry, language: Language) -> Iterator[Block]:
    yield Title("Pools")
    rows = [
        Row((pool, round, rules.pool.title.to(language), rules.versions.get(rules.owner, "")))
        for (pool, round), rules in registry.rule_sets.items()
    ]
    yield Table(("pool", "round", "title", "version"), tuple(rows)) if rows else Paragraph("No pool is installed.")
    if registry.failures:
        yield Section("Plugins that failed to load")
        yield Items(
            tuple(
                Item(f"{failure.plugin} ({failure.distribution})", tuple(_problem_lines(failure.problems)))
                for failure in registry.failures
            )
        )


def _problem_lines(problems: Sequence[Problem]) -> Iterator[str]:
    for problem in problems:
        yield from str(problem).splitlines()


def _rulebook(name: str) -> Rulebook:
    pool, _, round = name.partition("@")
    return Registry.installed().rulebook(pool, round or None)


def _show(asked: Namespace) -> int:
    rules = _rulebook(asked.pool)
    if asked.format == "json":
        print(rules.save(), end="")
    elif asked.format == "markdown":
        print(rules.describe(asked.lang, markdown=True), end="")
    else:
        _print(rules.document(asked.lang))
    return DONE


def _schema(asked: Namespace) -> int:
    _print_json(_rulebook(asked.pool).schema(asked.of, asked.lang))
    return DONE


def _template(asked: Namespace) -> int:
    _print_json(_rulebook(asked.pool).template(asked.of, asked.lang))
    return DONE


def _decide(asked: Namespace) -> int:
    decisions = [case.decided() for case in _cases(_registry(asked), asked.files, asked.assessment)]
    if asked.format == "json":
        data = [decision.to_dict() for decision in decisions]
        _print_json(data[0] if len(data) == 1 else data)
        return DONE
    for index, decision in enumerate(decisions):
        if index:
            print("\n")
        if asked.format == "markdown":
            print(decision.explain(asked.lang, markdown=True), end="")
        else:
            _print(decision.document(asked.lang))
    return DONE


def _verify(asked: Namespace) -> int:
    (case,) = _cases(_registry(asked), [asked.application], asked.assessment)
    stored = case.rules.read_decision(asked.decision)
    found = case.rules.verify(stored, case.application, case.assessments)
    _print(tuple(_verification(stored, found)))
    return DONE if found.stands else DOES_NOT_HOLD


def _verification(stored: Decision, found: Verification) -> Iterator[Block]:
    name = stored.heading.application or "without a case number"
    if found.stands:
        yield Paragraph(f"The decision on application {name} stands.", strong=True)
        return
    yield Paragraph(f"The decision on application {name} no longer stands.", strong=True)
    shown = found.differences[:_SHOWN_DIFFERENCES]
    yield Items(tuple(Item(d.where, (f"stored: {_short(d.stored)}", f"now: {_short(d.now)}")) for d in shown))
    if len(found.differences) > len(shown):
        yield Paragraph(f"… and {len(found.differences) - len(shown)} more differences.")


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 120 else f"{text[:119]}…"


# Cases: an application with its rulebook and assessments


@frozen
class _File:
    """An application file: its rules, the case number it states, and the application as far as it can be read."""

    name: str
    rules: Rulebook
    id: str | None
    application: Application | None


@frozen
class _Case:
    rules: Rulebook
    application: Application
    assessments: tuple[Assessment, ...]

    def decided(self) -> Decision:
        return self.rules.decide(self.application, self.assessments)


def _cases(registry: Registry, files: Sequence[str], assessments: Sequence[str]) -> list[_Case]:
    """
    Read all applications and assessments, and bring them together.

    Raises:
        InputError: one report of everything wrong in any of the files; nothing is decided then.
    """
    errors: list[GrantrulesError] = []
    opened = [found for file in files if (found := _opened(registry, file, errors)) is not None]
    errors += _same_ids(opened)
    given: dict[int, list[Assessment]] = {}
    for file in sorted({file for file in assessments if assessments.count(file) > 1}):
        errors.append(InputError(file, [Problem("", "the assessment is given twice", "give it once", "twice")]))
    for file in assessments:
        _assign(opened, file, given, errors, guess=len(opened) == len(files) == 1)
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise InputError("input", [evolve(p, where=_placed(error, p)) for error in errors for p in error.problems])
    return [
        _Case(file.rules, file.application, tuple(given.get(index, ())))
        for index, file in enumerate(opened)
        if file.application is not None
    ]


def _placed(error: GrantrulesError, problem: Problem) -> str:
    return f"{error.subject}: {problem.where}" if problem.where else error.subject


def _opened(registry: Registry, name: str, errors: list[GrantrulesError]) -> _File | None:
    """An application file whose rules can be found; `None` where they cannot."""
    try:
        parsed = read_input(Path(name))
        rules = _rules_of(registry, parsed)
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


def _rules_of(registry: Registry, parsed: Parsed) -> Rulebook:
    data = parsed.data
    problems = [
        Problem(key, f"expected text, got {excerpt(data[key])}", "put it in quotation marks")
        for key in ("pool", "round")
        if data.get(key) is not None and not isinstance(data[key], str)
    ]
    if data.get("pool") is None:
        known = ", ".join(f"`{pool}`" for pool in registry.pools)
        problems.append(Problem("pool", "the application does not name its pool", f"choose from {known}", "no-pool"))
    if problems:
        raise InputError(parsed.subject, problems)
    try:
        return registry.rulebook(data["pool"], data.get("round"))
    except InputError as error:
        where = "round" if data["pool"] in registry.pools else "pool"
        raise InputError(parsed.subject, [evolve(problem, where=where) for problem in error.problems]) from error


def _same_ids(files: Sequence[_File]) -> list[GrantrulesError]:
    first: dict[str, _File] = {}
    problems = [
        Problem("id", f"{file.name} and {first[file.id].name} are both application `{file.id}`", "decide them apart")
        for file in files
        if file.id is not None and first.setdefault(file.id, file) is not file
    ]
    return [InputError("input", problems)] if problems else []


def _assign(
    files: Sequence[_File], name: str, given: dict[int, list[Assessment]], errors: list[GrantrulesError], guess: bool
) -> None:
    """Give an assessment to the application it names; where there is but one, it may leave out the name."""
    try:
        parsed = read_input(Path(name))
        stated = parsed.data.get("application")
        index = next((i for i, file in enumerate(files) if file.id is not None and file.id == stated), None)
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


# Output


def _print_json(data: Mapping[str, Any] | list[Any]) -> None:
    # JSON has escapes of its own for what an encoding cannot hold.
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    print(json.dumps(data, ensure_ascii=not encoding.lower().startswith("utf"), indent=2))


def _print(document: Document) -> None:
    """Print a document: with type and colour on a terminal that has them, else as plain text."""
    if sys.stdout is not None and sys.stdout.isatty():
        try:
            from grantrules.terminal import show
        except ImportError:  # the extra `grantrules[cli]` is not installed; plain text says the same
            pass
        else:
            show(document)
            return
    print(to_text(document), end="")
