"""
The command line: a thin shell over rulebooks.

Exit status: 0 done, whatever the outcome; 1 a check that does not hold; 2 wrong input.
"""

import json
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from importlib.metadata import version
from io import TextIOWrapper
from pathlib import Path
from typing import Any, get_args

from grantrules.allocations import AllocationResult
from grantrules.awards import Allotment
from grantrules.bases import Cited
from grantrules.caseload import decided_with, files_in, named_rules, read_cases, together, tried
from grantrules.commands import asked as asked_for
from grantrules.commands import batch, diff, mutate, new, test, whatif
from grantrules.commands.asked import DOES_NOT_HOLD, DONE, WRONG_INPUT
from grantrules.console import show, show_json
from grantrules.decisions import Decision, Verification
from grantrules.errors import GrantrulesError, InputError, Problem, visible
from grantrules.findings import Finding, Result
from grantrules.matching import Match, match
from grantrules.readings import phrases
from grantrules.readings.layout import (
    Block,
    Item,
    Items,
    Paragraph,
    Row,
    Section,
    Table,
    Title,
)
from grantrules.registry import Registry
from grantrules.rulebooks import FileKind, Rulebook, TemplateKind
from grantrules.serial.allocating import read_amount, read_overrides, read_prior, read_settled
from grantrules.storage import basis_to_data
from grantrules.values import Language

TRACEBACK = "GRANTRULES_TRACEBACK"
"""Set in the environment, faults of the library show where they happened."""

TABLES = "tables"
"""What is asked for beside the kinds of file."""

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
    asked_for.languages(pools)
    pools.set_defaults(run=_pools)

    shown = commands.add_parser("show", help="print a rulebook: every rule with its statement, source and assumptions")
    _pool(shown)
    shown.add_argument(
        "--format", choices=("text", "markdown", "json"), default="text", help="json: the saved rule set"
    )
    asked_for.languages(shown)
    shown.set_defaults(run=_show)

    decide = commands.add_parser("decide", help="decide applications and explain the decisions")
    decide.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="an application as JSON; it names its pool and round. Or a folder of them, with assessments",
    )
    _assessments(decide)
    _saved(decide)
    decide.add_argument("--format", choices=("text", "json", "markdown"), default="text")
    asked_for.languages(decide)
    decide.set_defaults(run=_decide)

    allocate = commands.add_parser("allocate", help="share out the budget of a round over its applications")
    _pool(allocate)
    allocate.add_argument("folder", metavar="FOLDER", help="holds applications/*.json and assessments/*.json")
    allocate.add_argument("--budget", metavar="AMOUNT", help="another sum than the round's: a what-if")
    allocate.add_argument("--seed", metavar="TEXT", help="what lots are drawn with, where the round draws lots")
    allocate.add_argument("--prior", metavar="FILE", help="earlier awards: an allocation, or case numbers and amounts")
    allocate.add_argument("--overrides", metavar="FILE", help="findings that people set aside")
    allocate.add_argument("--settled", metavar="FILE", help="the order in which a person put level applications")
    allocate.add_argument(
        "--withdrawn", nargs="+", action="extend", default=[], metavar="ID", help="who turned an award down"
    )
    _saved(allocate)
    allocate.add_argument("--format", choices=("text", "json", "markdown"), default="text")
    asked_for.languages(allocate)
    allocate.set_defaults(run=_allocate)

    match = commands.add_parser("match", help="hold the facts of a project against every pool and round")
    match.add_argument("file", metavar="FILE", help="the facts, written as an application of any pool")
    match.add_argument("--format", choices=("text", "json"), default="text")
    asked_for.languages(match)
    match.set_defaults(run=_match)

    verify = commands.add_parser("verify", help="say whether a stored decision still stands")
    verify.add_argument("decision", metavar="DECISION", help="what `decide --format json` wrote")
    verify.add_argument("application", metavar="APPLICATION")
    _assessments(verify)
    _saved(verify)
    verify.set_defaults(run=_verify)

    schema = commands.add_parser("schema", help="print the JSON Schema of a kind of file, or how tables are laid out")
    _pool(schema)
    schema.add_argument("--of", choices=(*get_args(FileKind), TABLES), default="application")
    asked_for.languages(schema)
    schema.set_defaults(run=_schema)

    template = commands.add_parser("template", help="print a blank file with every key and its meaning")
    _pool(template)
    template.add_argument("--of", choices=get_args(TemplateKind), default="application")
    asked_for.languages(template)
    template.set_defaults(run=_template)

    for command in (test, mutate, diff, batch, whatif, new):
        command.add(commands)
    return parser


def _pool(parser: ArgumentParser) -> None:
    parser.add_argument("pool", metavar="POOL[@ROUND]", help="the round may be left out where the pool has one")


def _assessments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--assessment", nargs="+", action="extend", default=[], metavar="FILE", help="assessments; may be repeated"
    )


def _saved(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--rules", metavar="FILE", help="a saved rule set to decide by, instead of the installed plugins"
    )


def _rules_asked(asked: Namespace) -> Rulebook:
    """The rulebook that is named, from the saved rule set if one is given."""
    pool, _, round = asked.pool.partition("@")
    return _registry(asked).rulebook(pool, round or None)


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
    show(tuple(_pool_blocks(Registry.installed(), asked.lang)))
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


def _show(asked: Namespace) -> int:
    rules = asked_for.installed(asked.pool)
    if asked.format == "json":
        print(rules.save(), end="")
    elif asked.format == "markdown":
        print(rules.describe(asked.lang, markdown=True), end="")
    else:
        show(rules.document(asked.lang))
    return DONE


def _schema(asked: Namespace) -> int:
    rules = asked_for.installed(asked.pool)
    show_json(rules.table_schema(asked.lang) if asked.of == TABLES else rules.schema(asked.of, asked.lang))
    return DONE


def _template(asked: Namespace) -> int:
    show_json(asked_for.installed(asked.pool).template(asked.of, asked.lang))
    return DONE


def _decide(asked: Namespace) -> int:
    files, assessments = files_in(asked.files)
    cases = read_cases(named_rules(_registry(asked)), files, [*assessments, *asked.assessment])
    decisions = [case.decided() for case in cases]
    if asked.format == "json":
        data = [decision.to_dict() for decision in decisions]
        show_json(data[0] if len(data) == 1 else data)
        return DONE
    for index, decision in enumerate(decisions):
        if index:
            print("\n")
        if asked.format == "markdown":
            print(decision.explain(asked.lang, markdown=True), end="")
        else:
            show(decision.document(asked.lang))
    return DONE


def _allocate(asked: Namespace) -> int:
    rules = _rules_asked(asked)
    if not Path(asked.folder).is_dir():
        raise InputError(asked.folder, [Problem("", "there is no such folder", "name a folder of applications")])
    errors: list[GrantrulesError] = []
    cases = tried(errors, lambda: read_cases(lambda _: rules, *files_in([asked.folder], empty=True)))
    prior = tried(errors, _earlier, asked.prior) if asked.prior is not None else None
    settled = tried(errors, read_settled, asked.settled) if asked.settled is not None else None
    budget = tried(errors, read_amount, asked.budget, "--budget") if asked.budget is not None else None
    overrides = tried(errors, read_overrides, asked.overrides) if asked.overrides is not None else ()
    made = None
    if cases is not None:
        decisions, misfits = decided_with(cases, overrides or (), asked.overrides)
        errors += misfits
        given = {"budget": budget, "prior": prior, "seed": asked.seed, "settled": settled}
        made = tried(errors, lambda: rules.allocate(decisions, **given))
    if made is None or errors:
        raise together(errors)
    if asked.withdrawn:
        made = rules.replace(made, asked.withdrawn, settled=settled)
    if asked.format == "json":
        show_json(made.to_dict())
    elif asked.format == "markdown":
        print(made.explain(asked.lang, markdown=True), end="")
    else:
        show(made.document(asked.lang))
    return DONE


def _earlier(file: str) -> AllocationResult | dict[str, Decimal]:
    found = read_prior(file)
    return AllocationResult(found) if isinstance(found, Allotment) else found


def _match(asked: Namespace) -> int:
    found = match(asked.file, Registry.installed())
    if asked.format == "json":
        show_json([_match_data(one) for one in found])
    else:
        show(tuple(_match_blocks(found, asked.lang)))
    return DONE


def _match_data(found: Match) -> dict[str, Any]:
    decision = found.decision
    findings = () if decision is None else decision.findings
    open_ = [
        {"rule": finding.rule, "needs": [{"from": need.origin, "what": need.what} for need in finding.needs]}
        for finding in findings
        if finding.result is Result.UNDETERMINED
    ]
    return {
        "pool": found.pool,
        "round": found.round,
        "outcome": None if decision is None else decision.outcome.value,
        "met": list(found.rules(Result.MET)),
        "not_met": list(found.rules(Result.NOT_MET)),
        "undetermined": open_,
        "not_applicable": list(found.rules(Result.NOT_APPLICABLE)),
        "bases": {finding.rule: basis_to_data(finding.basis) for finding in findings},
        "problems": [{"where": problem.where, "message": problem.message} for problem in found.problems],
    }


def _match_blocks(found: Sequence[Match], language: Language) -> Iterator[Block]:
    for one in found:
        yield Title(f"{one.title.to(language)} ({one.pool}@{one.round})")
        if one.decision is None:
            yield Paragraph(phrases.UNREADABLE.to(language))
            problems = ((f"{p.where}: {p.message}" if p.where else p.message, p.hint) for p in one.problems)
            yield Items(tuple(Item(message, (hint,) if hint else ()) for message, hint in problems))
            continue
        yield Paragraph(phrases.OUTCOMES[one.decision.outcome].to(language), strong=True)
        if one.notes:
            yield Items(tuple(Item(note.to(language)) for note in one.notes))
        for result, words in phrases.RESULTS.items():
            findings = [finding for finding in one.decision.findings if finding.result is result]
            if findings:
                yield Section(words.to(language))
                yield Items(tuple(_match_item(one.decision, finding, language) for finding in findings))


def _match_item(decision: Decision, finding: Finding, language: Language) -> Item:
    labels = (decision.labels.get(need.what) for need in finding.needs)
    needs = dict.fromkeys(label.text.to(language) for label in labels if label is not None)
    waits = (f"{phrases.WAITS.to(language)}: {'; '.join(needs)}",) if needs else ()
    source = () if isinstance(finding.basis, Cited) else (phrases.source(finding.basis, language),)
    below = (*waits, *source, *phrases.assumed(finding.basis, language))
    return Item(f"{finding.statement.to(language)} [{finding.rule}]", below)


def _verify(asked: Namespace) -> int:
    (case,) = read_cases(named_rules(_registry(asked)), [asked.application], asked.assessment)
    stored = case.rules.read_decision(asked.decision)
    found = case.rules.verify(stored, case.application, case.assessments)
    show(tuple(_verification(stored, found)))
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
