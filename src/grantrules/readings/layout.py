"""Documents made of a few kinds of block, and how they are written as plain text and as Markdown."""

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import TypeAlias, assert_never

from attrs import frozen

from grantrules.errors import visible

WIDTH = 100


@frozen
class Title:
    """The name of the document."""

    text: str


@frozen
class Section:
    """A heading inside it."""

    text: str


@frozen
class Paragraph:
    """Running text; `strong` where the eye should land first."""

    text: str
    strong: bool = False


@frozen
class Item:
    """One entry of a list, with lines below it."""

    text: str
    below: tuple[str, ...] = ()


@frozen
class Items:
    """A list."""

    items: tuple[Item, ...]


@frozen
class Row:
    """One row of a table, and what is to be said below it."""

    cells: tuple[str, ...]
    below: tuple[str, ...] = ()


@frozen
class Table:
    """
    A table.

    Args:
        below: what the lines below rows are called, where there are any.
        numbers: which columns hold numbers and are set flush right.
        footed: the last row is a sum.
    """

    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    below: str = ""
    numbers: frozenset[int] = frozenset()
    footed: bool = False


Block: TypeAlias = Title | Section | Paragraph | Items | Table
Document: TypeAlias = Sequence[Block]


def written(document: Document, markdown: bool) -> str:
    """Write a document as Markdown or as plain text."""
    return to_markdown(document) if markdown else to_text(document)


def to_text(document: Document, width: int = WIDTH) -> str:
    """Write a document as plain text."""
    return "\n\n".join("\n".join(_text_lines(block, width)) for block in document) + "\n"


def _text_lines(block: Block, width: int) -> Iterator[str]:
    match block:
        case Title(text):
            yield from _wrapped(text, width, rest="")
            yield "=" * min(len(text), width)
        case Section(text):
            yield text
            yield "-" * len(text)
        case Paragraph(text):
            yield from _wrapped(text, width, rest="")
        case Items(items):
            for item in items:
                yield from (
                    f"{'  ' if i else '- '}{line}" for i, line in enumerate(_wrapped(item.text, width - 2, rest=""))
                )
                for line in item.below:
                    yield from _wrapped(line, width, "    ")
        case Table():
            yield from _table_lines(block, width)
        case _:
            assert_never(block)


def _table_lines(table: Table, width: int) -> Iterator[str]:
    rows = [Row(tuple(visible(cell) for cell in row.cells), row.below) for row in table.rows]
    every = [table.headers, *(row.cells for row in rows)]
    widths = [max(len(cells[i]) for cells in every) for i in range(len(table.headers))]
    rule = "  ".join("-" * size for size in widths)
    yield _row_line(table.headers, widths, table.numbers)
    yield rule
    for index, row in enumerate(rows):
        if table.footed and index == len(rows) - 1:
            yield rule
        yield _row_line(row.cells, widths, table.numbers)
        for line in row.below:
            yield from _wrapped(line, width, " " * (widths[0] + 2))


def _row_line(cells: Sequence[str], widths: Sequence[int], numbers: frozenset[int]) -> str:
    shown = zip(cells, widths, strict=True)
    return "  ".join(t.rjust(size) if i in numbers else t.ljust(size) for i, (t, size) in enumerate(shown)).rstrip()


def _wrapped(text: str, width: int, first: str = "", rest: str = "  ") -> list[str]:
    # Ids are full of hyphens, and an id that is broken cannot be searched for.
    return wrap(
        visible(text),
        width,
        initial_indent=first,
        subsequent_indent=first + rest,
        break_on_hyphens=False,
        break_long_words=False,
    )


def to_markdown(document: Document, level: int = 1) -> str:
    """Write a document as Markdown, its title at heading `level`."""
    return "\n\n".join("\n".join(_markdown_lines(block, level)) for block in document) + "\n"


def _markdown_lines(block: Block, level: int) -> Iterator[str]:
    match block:
        case Title(text):
            yield f"{'#' * level} {_escaped(text)}"
        case Section(text):
            yield f"{'#' * (level + 1)} {_escaped(text)}"
        case Paragraph(text, strong):
            yield f"**{_escaped(text)}**" if strong else _escaped(text)
        case Items(items):
            for item in items:
                yield f"- {_escaped(item.text)}"
                yield from (f"  - {_escaped(line)}" for line in item.below)
        case Table(headers, rows, below, numbers):
            columns = (*headers, below) if below else headers
            yield _markdown_row(columns)
            yield _markdown_row(["---:" if i in numbers else "---" for i in range(len(columns))])
            for row in rows:
                cells = [_cell(cell) for cell in row.cells]
                yield _markdown_row([*cells, *(["<br>".join(map(_cell, row.below))] if below else [])])
        case _:
            assert_never(block)


def _markdown_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return _escaped(text).replace("|", "\\|")


def _escaped(text: str) -> str:
    """Text that Markdown would read as its own marks, kept as text; one line."""
    text = visible(" ".join(text.split(" ")))
    for mark in ("\\", "*", "_", "<", "#", "["):
        text = text.replace(mark, "\\" + mark)
    return text
