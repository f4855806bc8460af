"""
Bring the documentation up to date with the code.

    uv run python docs/build.py          write every page
    uv run python docs/build.py --check  write nothing; name the pages that are not up to date, and exit with 1

Three things in a page are made, not written: code that is included between marks of a source file, regions that
`examples.py` generates, and what code blocks print. The pages under `pools/` are generated whole.
"""

import re
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from difflib import unified_diff
from pathlib import Path
from textwrap import dedent

from blocks import with_output
from examples import GENERATED, table

from grantrules import Registry, Rulebook, Text
from grantrules.readings import phrases
from grantrules.readings.describe import described
from grantrules.readings.layout import Title, to_markdown
from grantrules.tables.described import NOTES, rows_of
from grantrules.tables.layout import Column, layout
from grantrules.terms.schema import APPLICATION, Field, Kind, Record
from grantrules.values import Amount, Language

DOCS = Path(__file__).parent
ROOT = DOCS.parent

CODE_IS_RUN = ("allocation.md", "tutorial.md", "how-to/*.md")
"""The pages whose code blocks are run."""

_REGION = re.compile(
    r"(?P<begin><!-- (?P<kind>include|generated): (?P<what>[^>]+?) -->\n).*?(?P<end><!-- end (?P=kind)(?:d)? -->)",
    re.DOTALL,
)

NAMES: Mapping[Language, str] = {"da": "dansk", "nb": "norsk (bokmål)", "en": "English"}
ENGLISH: Mapping[Language, str] = {"da": "Danish", "nb": "Norwegian", "en": "English"}
HEADINGS: Mapping[Language, str] = {"da": "Reglerne på dansk", "nb": "Reglene på norsk", "en": "The rules"}

TABLES = """\
The facts of many applications at once, as tables of Polars, DuckDB, PyArrow or PySpark.
`grantrules schema POOL@ROUND --of tables` prints as JSON what stands here, with limits.
"""

ROUND = Text("Runde", "Runde", "Round")
BUDGET = Text("Beløb", "Ramme", "Budget")
PUBLISHED = Text("Offentliggjort", "Offentliggjort", "Published")
DIFFER = Text(
    "Reglerne i {one} og {other} er de samme, bortset fra:",
    "Reglene i {one} og {other} er de samme, bortsett fra:",
    "{one} and {other} have the same rules, but for these:",
)
ONLY = Text("kun i {round}", "bare i {round}", "only in {round}")
OTHERWISE = Text("anderledes i {round}", "annerledes i {round}", "otherwise in {round}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check all pages and return the exit status."""
    parser = ArgumentParser(description="Bring the documentation up to date with the code.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a page is not up to date")
    check = parser.parse_args(arguments).check
    stale = 0
    for path, text in pages():
        before = path.read_text("utf-8") if path.exists() else ""
        if before == text:
            continue
        stale += 1
        name = path.relative_to(ROOT).as_posix()
        if check:
            print(f"{name} is not up to date: run `uv run python docs/build.py`")
            sys.stdout.writelines(
                unified_diff(before.splitlines(True), text.splitlines(True), name, "as it should be", n=1)
            )
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
            print(f"{name} written")
    return 1 if check and stale else 0


def pages() -> Iterator[tuple[Path, str]]:
    """Every page and what it should say."""
    run = {path for pattern in CODE_IS_RUN for path in DOCS.glob(pattern)}
    written = {*DOCS.rglob("*.md"), *ROOT.glob("plugins/*/README.md")} - set((DOCS / "pools").glob("*.md"))
    for path in sorted(written):
        text = filled(path.read_text("utf-8"), path)
        yield path, with_output(text, path.name) if path in run else text
    registry = Registry.installed(strict=True)
    for pool in registry.pools:
        rounds = [registry.rulebook(pool, round) for owner, round in registry.rule_sets if owner == pool]
        yield DOCS / "pools" / f"{pool}.md", pool_page(rounds)


# Regions


def filled(page: str, path: Path) -> str:
    """The page with its regions made anew."""

    def fill(region: re.Match[str]) -> str:
        what = region["what"].strip()
        try:
            made = included(what) if region["kind"] == "include" else called(what)
        except Exception as error:
            error.add_note(f"in {path.relative_to(ROOT)}, region `{what}`")
            raise
        return f"{region['begin']}\n{made}\n\n{region['end']}"

    return _REGION.sub(fill, page)


def included(what: str) -> str:
    """The code between `# begin: mark` and `# end: mark` of a file, as a block."""
    name, _, mark = what.partition("#")
    source = (ROOT / name).read_text("utf-8")
    found = re.search(rf"^ *# begin: {mark}\n(.*?)^ *# end: {mark}$", source, re.DOTALL | re.MULTILINE)
    if found is None:
        raise ValueError(f"{name} has no marks `{mark}`")
    return f"```python\n{dedent(found[1]).strip()}\n```"


def called(what: str) -> str:
    """What a function of `examples.py` writes."""
    name, *words = what.split()
    return GENERATED[name](*words).strip()


# Pools


def pool_page(rounds: Sequence[Rulebook]) -> str:
    """The page of a pool: each round in English and in the pool's own language, and what its files hold."""
    pool = rounds[0].pool
    own = pool.language
    languages: list[Language] = ["en"] if own == "en" else ["en", own]
    parts = [
        f"# {pool.title.en}",
        "<!-- Made by docs/build.py from the rules of the plugin. Change the rules, then run it again. -->",
        f"Pool `{pool.id}`, {pool.country}, {pool.currency}, times of {pool.zone}. Files hold words in `code type`.",
    ]
    for language in languages:
        parts.append(f"## {HEADINGS[language]}")
        if language != own:
            parts.append(f"The same in {ENGLISH[own]} [stands below]({_anchor(HEADINGS[own])}).")
        if len(rounds) > 1:
            parts += [_overview(rounds, language), *(_differences(rounds[0], rules, language) for rules in rounds[1:])]
        parts += [_rules(rules, language) for rules in rounds]
    parts.append("## What a file holds")
    below = "####" if len(rounds) > 1 else "###"
    parts += _by_round(rounds, lambda rules: _files(rules, languages, below))
    parts += ["## Tables", TABLES, "\n".join(f"- {note}" for note in NOTES.values())]
    parts += _by_round(rounds, lambda rules: _tables(rules, languages, below))
    return "\n\n".join(part.strip() for part in parts if part) + "\n"


def _by_round(rounds: Sequence[Rulebook], written: Callable[[Rulebook], str]) -> Iterator[str]:
    """What is written of each round, once for those of which it is the same."""
    alike: dict[str, list[str]] = {}
    for rules in rounds:
        alike.setdefault(written(rules), []).append(rules.round.id)
    for text, ids in alike.items():
        yield f"### Round {' and '.join(ids)}" if len(rounds) > 1 else ""
        yield text


def _anchor(heading: str) -> str:
    return "#" + re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _heading(rules: Rulebook, language: Language) -> str:
    return f"{rules.round.title.to(language)} ({rules.round.id})"


def _overview(rounds: Sequence[Rulebook], language: Language) -> str:
    """The rounds, their budgets, and what is published about each in figures."""
    heads = [text.to(language) for text in (ROUND, BUDGET, PUBLISHED)]
    rows = []
    for rules in rounds:
        heading = _heading(rules, language)
        figures: dict[str, dict[str, None]] = {}  # where sources disagree, a label has several amounts
        for figure in rules.round.figures:
            if not isinstance(figure.amount, str):
                figures.setdefault(figure.label.to(language), {})[_figure(figure.amount, language)] = None
        published = "<br>".join(f"{label}: {' / '.join(amounts)}" for label, amounts in figures.items())
        budget = phrases.amount(rules.round.budget, language)
        rows.append((f"[{heading}]({_anchor(heading)})", budget, published))
    return table(heads, rows)


def _figure(amount: Amount, language: Language) -> str:
    return phrases.amount(amount, language) if isinstance(amount, Decimal) else phrases.value(amount, language)


def _differences(first: Rulebook, other: Rulebook, language: Language) -> str:
    """Which rules two rounds do not share, and which of those that they share say something else."""
    before, after = ({rule.id: rule for rule in rules.rules.rules} for rules in (first, other))
    changed = [
        id
        for id, rule in before.items()
        if id in after and (rule.statement, rule.terms) != (after[id].statement, after[id].terms)
    ]
    lines = [
        (ONLY, first, [id for id in before if id not in after]),
        (ONLY, other, [id for id in after if id not in before]),
        (OTHERWISE, other, changed),
    ]
    said = [
        f"- {words.to(language).format(round=rules.round.id)}: {', '.join(f'`{id}`' for id in ids)}"
        for words, rules, ids in lines
        if ids
    ]
    intro = DIFFER.to(language).format(one=first.round.id, other=other.round.id)
    return "\n".join([f"{intro}\n", *said]) if said else ""


def _rules(rules: Rulebook, language: Language) -> str:
    blocks = described(rules.rules, language)
    return to_markdown([Title(_heading(rules, language)), *blocks[1:]], level=3)


def _files(rules: Rulebook, languages: Sequence[Language], level: str) -> str:
    schema = rules.rules.schema
    parts = [f"{level} The application"]
    parts.append(
        "Every fact may be left out and is missing then; one marked *optional* says something by being left out."
    )
    for record in schema.records:
        if record.name != APPLICATION:
            parts.append(f"Each of `{record.name}`:" if _is_list(rules, record) else f"In `{record.name}`:")
        parts.append(_facts(record, languages))
    parts += [f"{level} The assessments", _judgements(rules, languages), _criteria(rules, languages)]
    return "\n\n".join(part for part in parts if part)


def _is_list(rules: Rulebook, record: Record) -> bool:
    fields = (field for other in rules.rules.schema.records for field in other.fields)
    return any(field.kind is Kind.MANY and field.record == record.name for field in fields)


def _facts(record: Record, languages: Sequence[Language]) -> str:
    rows = [(f"`{field.name}`", _kind(field), *_in(field.label, languages)) for field in record.fields]
    lists = [_options(record, field, languages) for field in record.fields if field.options]
    return "\n\n".join([table(("fact", "kind", *_heads(languages)), rows), *lists])


def _kind(field: Field) -> str:
    words = {Kind.MANY: "list", Kind.RECORD: "object", Kind.CHOICE: "one word", Kind.CHOICES: "list of words"}
    named = {Kind.COUNT: "whole number", Kind.DAY: "date", Kind.MOMENT: "time"}
    kind = {**words, **named}.get(field.kind, field.kind.value)
    unit = f", {field.unit}" if field.unit else ""
    names = f", one of `{field.names}` by name" if field.names else ""
    return f"{kind}{unit}{names}{', *optional*' if field.optional else ''}"


def _options(record: Record, field: Field, languages: Sequence[Language]) -> str:
    rows = [(f"`{option.code}`", *_in(option.label, languages)) for option in field.options]
    return f"Words of `{field.name}`:\n\n{table(('word', *_heads(languages)), rows)}"


def _judgements(rules: Rulebook, languages: Sequence[Language]) -> str:
    lines = rules.rules.line_judgements
    rows = [
        (f"`{found.id}`", "yes/no, or by line" if found.id in lines else "yes/no", *_in(found.question, languages))
        for found in rules.rules.judgements
    ]
    return (
        f"Judgements:\n\n{table(('judgement', 'kind', *_heads(languages)), rows)}"
        if rows
        else "No judgement is asked for."
    )


def _criteria(rules: Rulebook, languages: Sequence[Language]) -> str:
    scoring = rules.rules.scoring
    top = scoring.scale.top if scoring.scale else None
    rows = [
        (
            f"`{found.id}`",
            f"rating, 0 to {top}" if found.computed is None else "computed, takes no rating",
            *_in(found.statement, languages),
        )
        for found in scoring.criteria
    ]
    return (
        f"Award criteria:\n\n{table(('criterion', 'kind', *_heads(languages)), rows)}"
        if rows
        else "There are no award criteria."
    )


def _tables(rules: Rulebook, languages: Sequence[Language], level: str) -> str:
    expected = layout(rules.rules)
    parts = []
    for found in expected.tables:
        rows = [
            (f"`{column.name}`", _held(column), *_in(column.label, languages), "yes" if column.required else "")
            for column in found.columns
        ]
        given = "" if found.required else " The table may be left out."
        parts.append(f"{level} `{found.name}`\n\nRows: {rows_of(found, expected)}.{given}")
        parts.append(table(("column", "holds", *_heads(languages), "required"), rows))
    return "\n\n".join(parts)


def _held(column: Column) -> str:
    """The type of a column, with its unit or its words."""
    words = ": " + ", ".join(f"`{word}`" for word in column.options) if column.options else ""
    return f"{column.type.value}{f', {column.unit}' if column.unit else ''}{words}"


def _heads(languages: Sequence[Language]) -> list[str]:
    return ["meaning", *(NAMES[language] for language in languages[1:])]


def _in(text: Text, languages: Sequence[Language]) -> list[str]:
    return [text.to(language).replace("|", "\\|") for language in languages]


if __name__ == "__main__":
    sys.exit(main())
