"""`grantrules whatif`: the same applications under two rulebooks, and what becomes of outcomes and money."""

from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from attrs import frozen

from grantrules.caseload import together, tried
from grantrules.commands import asked as asked_for
from grantrules.commands.asked import DOES_NOT_HOLD, DONE
from grantrules.console import progress, show, show_json
from grantrules.errors import GrantrulesError, InputError, Problem, excerpt, nearest
from grantrules.readings.layout import to_markdown
from grantrules.rulebooks import Rulebook
from grantrules.serial.facts import Wrong, money, reader_of, text
from grantrules.terms.schema import Field, Kind
from grantrules.values import Amount, DatedTable, Text

if TYPE_CHECKING:
    from grantrules.batch.inputs import Given
    from grantrules.batch.storing import Stored
    from grantrules.readings.columns.whatif_report import LeftOut
    from grantrules.tables.layout import Layout

_ROOM = 16 * 2**20, 512 * 2**20
"""Tables of so many bytes, at least and at most, are decided at once."""

_OVERHEAD = 250 * 2**20
"""What Python and the engine take up before any table."""

_WORKING = 16
"""Deciding tables under two rule sets takes up so many times their own size."""


def add(commands: Any) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("whatif", help="say what becomes of many applications under other rules")
    asked_for.pool(parser)
    parser.add_argument(
        "tables",
        metavar="TABLES",
        help="a folder of tables (Parquet, CSV or newline JSON), or a `.jsonl` file with an application on every line",
    )
    other = parser.add_mutually_exclusive_group(required=True)
    other.add_argument(
        "--set", nargs="+", action="extend", metavar="NAME=VALUE", help="other values of the round; may be repeated"
    )
    other.add_argument("--other", metavar="POOL[@ROUND]", help="another round, or the file of a saved rule set")
    parser.add_argument("--flipped", metavar="FILE", help="also the applications that come out otherwise, as rows")
    parser.add_argument("--format", choices=("text", "json", "markdown"), default="text")
    asked_for.memory(parser)
    asked_for.languages(parser)
    parser.set_defaults(run=_run)


def _run(asked: Namespace) -> int:
    asked_for.needs_columns()
    from grantrules.readings.columns.whatif_report import what_if_document, what_if_to_data
    from grantrules.readings.columns.whatif_summary import summed

    rules = asked_for.rulebook(asked.pool)
    errors: list[GrantrulesError] = []
    other = tried(errors, _other, asked, rules)
    flipped = None if asked.flipped is None else Path(asked.flipped)
    run = tried(errors, _prepared, rules, other, Path(asked.tables), flipped)
    if errors or run is None or other is None:
        raise together(errors)
    with progress("applications") as tell:
        rows, left_out = run.done(asked.memory, tell)
    found = summed(rules.rules, other.rules, rows)
    if asked.format == "json":
        show_json(what_if_to_data(found, rules.rules, other.rules, left_out))
    else:
        document = what_if_document(found, rules.rules, other.rules, asked.lang, left_out)
        if asked.format == "markdown":
            print(to_markdown(document), end="")
        else:
            show(document)
    return DOES_NOT_HOLD if left_out.problems else DONE


# The other rules


def _other(asked: Namespace, rules: Rulebook) -> Rulebook:
    if asked.other is not None:
        return asked_for.rulebook(asked.other)
    values: dict[str, Amount] = {}
    problems: list[Problem] = []
    for stated in asked.set:
        name, equals, written = stated.partition("=")
        try:
            if name in values:
                raise Wrong("the value is set twice", "set it once", "twice")
            values[name] = _value(rules, name, written if equals else None)
        except Wrong as error:
            problems.append(Problem(name, error.message, error.hint, error.code))
    if problems:
        raise InputError("--set", problems)
    return rules.with_values(**values)


def _value(rules: Rulebook, name: str, written: str | None) -> Amount:
    """What is written, read as the value that the round binds now."""
    known = rules.rules.values
    if name not in known:
        hint = nearest(name, known) or "choose from " + ", ".join(f"`{one}`" for one in sorted(known))
        raise Wrong("the round binds no such value", hint, "unknown-value")
    if written is None:
        raise Wrong("no value is given", f"write `{name}=VALUE`", "no-value")
    match known[name]:
        case bool():
            return _read(Kind.TRUTH, {"true": True, "false": False}.get(written, written), rules)
        case int():
            return _read(Kind.COUNT, int(written) if written.isascii() and written.isdecimal() else written, rules)
        case Decimal():
            return money(written)
        case Fraction():
            return _fraction(written)
        case datetime():
            return _read(Kind.MOMENT, written, rules)
        case date():
            return _read(Kind.DAY, written, rules)
        case frozenset():
            return frozenset(word.strip() for word in text(written).split(",") if word.strip())
        case DatedTable():
            hint = "give a saved rule set that has it, as `--other`"
            raise Wrong("a value that changes over time cannot be set here", hint, "dated")
        case str():
            return text(written)


def _read(kind: Kind, written: object, rules: Rulebook) -> Amount:
    read: Amount = reader_of(Field("value", kind, Text("", "", "")), rules.pool.zone)(written)
    return read


def _fraction(written: str) -> Fraction:
    try:
        return Fraction(written)
    except (ValueError, ZeroDivisionError) as error:
        raise Wrong(f"expected a fraction, got {excerpt(written)}", "write it as `1/3`") from error


# The applications


def _prepared(rules: Rulebook, other: Rulebook | None, source: Path, flipped: Path | None) -> "_Run":
    """The run, once nothing stands in the way of it; without other rules, only to say what is wrong with the rest."""
    from grantrules.batch.inputs import given_at
    from grantrules.batch.staging import empty_tables, files_of
    from grantrules.readings.columns.whatif import together as both_layouts

    other = rules if other is None else other
    errors: list[GrantrulesError] = []
    layout = both_layouts(rules.rules, other.rules)
    given = tried(errors, given_at, source, layout)
    empty = None if given is None else tried(errors, empty_tables, given, layout)
    if empty is not None:
        tried(errors, rules.what_if, {name: frame.lazy() for name, frame in empty.items()}, other)
    problems = [] if flipped is None else list(_unwritable(flipped, source, () if given is None else files_of(given)))
    if problems:
        errors.append(InputError(str(flipped), problems))
    if errors or given is None:
        raise together(errors)
    return _Run(rules, other, layout, given, flipped)


def _unwritable(file: Path, source: Path, inputs: Sequence[Path]) -> Iterator[Problem]:
    from grantrules.batch.inputs import ENDINGS, format_of

    if format_of(file) is None:
        ending = f"the ending {excerpt(file.suffix)} names no format" if file.suffix else "the name has no ending"
        yield Problem("", ending, f"choose from {ENDINGS}", "no-format")
    if file.is_dir():
        yield Problem("", "there is a folder of this name", "name a file", "no-file")
    elif not file.parent.is_dir():
        yield Problem("", f"there is no folder {excerpt(str(file.parent))}", "make it first", "no-folder")
    if file.resolve() in {path.resolve() for path in inputs}:
        yield Problem("", "the file is part of the input", "name another file", "same-file")
    elif source.is_dir() and file.resolve().is_relative_to(source.resolve()):
        message = f"it would be in {excerpt(str(source))}, among the tables that are read"
        yield Problem("", message, "name a file in another folder", "same-file")


@frozen
class _Part:
    """
    Some of the applications.

    Args:
        rows: to be added up.
        problems: how many things are wrong with them.
        strays: how many of these are said of rows that belong to no application.
    """

    rows: list[dict[str, Any]]
    problems: int
    strays: int


@frozen
class _Run:
    """
    What is asked for.

    Args:
        layout: of the tables that both rulebooks read.
        flipped: where the applications go that come out otherwise.
    """

    rules: Rulebook
    other: Rulebook
    layout: "Layout"
    given: "Given"
    flipped: Path | None

    def done(self, memory: int | None, tell: Callable[[int, int], None]) -> "tuple[list[dict[str, Any]], LeftOut]":
        """
        What is to be added up, and what is not counted.

        Args:
            memory: how many bytes to take up; half of what is free if nobody says.
            tell: for a bar.
        """
        from grantrules.batch.buckets import divided
        from grantrules.batch.memory import free_memory
        from grantrules.batch.staging import staged
        from grantrules.batch.telling import tenths
        from grantrules.readings.columns.whatif_report import LeftOut
        from grantrules.readings.columns.whatif_summary import APPLICATIONS

        with TemporaryDirectory(prefix="grantrules-") as temporary:
            folder = Path(temporary)
            stored = staged(self.given, self.rules, self.layout, folder / "tables", tenths(tell, 0, 4))
            least, most = _ROOM
            allowed = free_memory() // 2 if memory is None else memory
            room = min(most, max(least, (allowed - _OVERHEAD) // _WORKING))
            made = divided(stored, folder / "buckets", room, tenths(tell, 4, 6))
            parts = []
            for place, bucket in enumerate(made.buckets):
                parts.append(self._part(bucket, made.text_keys, folder / f"{place}.parquet"))
                bucket.discard()
                tenths(tell, 6, 10)(place + 1, len(made.buckets))
            self._write([folder / f"{place}.parquet" for place in range(len(parts))])
        rows = [row for part in parts for row in part.rows]
        left_out = made.applications - sum(row[APPLICATIONS] for row in rows)
        return rows, LeftOut(left_out, sum(part.problems for part in parts), sum(part.strays for part in parts))

    def _part(self, stored: "Stored", text_keys: bool, draft: Path) -> "_Part":
        """
        What is found in some applications.

        Args:
            draft: where to put those that flip.
        """
        import polars as pl

        from grantrules.batch.deciding import without
        from grantrules.batch.faults import FAULTS
        from grantrules.tables.layout import KEY

        tables = {table: stored.scan(table, text_keys) for table in stored.tables}
        found = self.rules.what_if(tables, self.other)
        wrong = [found.problems.collect().get_column(KEY)]
        if FAULTS in stored.files:
            wrong.append(stored.scan(FAULTS, True).collect().get_column(KEY))
        keys = pl.concat(wrong)
        if len(keys):
            found = self.rules.what_if(without(tables, keys.drop_nulls().unique()), self.other)
        if self.flipped is not None:
            found.flipped.collect().sort(KEY).write_parquet(draft)
        return _Part(found.rows(), len(keys), keys.null_count())

    def _write(self, parts: Sequence[Path]) -> None:
        import polars as pl

        from grantrules.batch.inputs import format_of
        from grantrules.batch.outputs import drafts, write_rows

        if self.flipped is not None:
            format = format_of(self.flipped)
            assert format is not None, "the file has been checked"
            with drafts([self.flipped], "draft") as made:
                write_rows(pl.scan_parquet(list(parts)), made[self.flipped], format)
