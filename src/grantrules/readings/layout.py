"""Documents made of a few kinds of block, and how they are written as plain text and as Markdown."""

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap
from typing import TypeAlias, assert_never

from attrs import frozen

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
class Table:
    """
    A table.

    Args:
        numbers: which columns hold numbers and are set flush right.
        footed: the last row is a sum.
    """

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    footed: bool = False


Block: TypeAlias = Title | Section | Paragraph | Items | Table
Document: TypeAlias = Sequence[Block]


def to_text(document: Document, width: int = WIDTH) -> str:
    """Write a document as plain text."""
    return "\n\n".join("\n".join(_text_lines(block, width)) for block in document) + "\n"


def _text_lines(block: Block, width: int) -> Iterator[str]:
    match block:
        case Title(text):
            yield from wrap(text, width)
            yield "=" * min(len(text), width)
        case Section(text):
            yield text
            yield "-" * len(text)
        case Paragraph(text):
            yield from wrap(text, width) or [""]
        case Items(items):
            for item in items:
                yield from wrap(item.text, width, initial_indent="- ", subsequent_indent="  ")
                for line in item.below:
                    yield from wrap(line, width, initial_indent="    ", subsequent_indent="      ")
        case Table():
            yield from _table_lines(block, width)
        case _:
            assert_never(block)


def _table_lines(table: Table, width: int) -> Iterator[str]:
    widths = [max(len(row[i]) for row in (table.headers, *table.rows)) for i in range(len(table.headers))]
    spare = width - sum(widths[:-1]) - 2 * (len(widths) - 1)
    widths[-1] = min(widths[-1], max(spare, 24))
    rule = "  ".join("-" * size for size in widths)
    yield from _row_lines(table.headers, widths, table.numbers)
    yield rule
    for index, row in enumerate(table.rows):
        if table.footed and index == len(table.rows) - 1:
            yield rule
        yield from _row_lines(row, widths, table.numbers)


def _row_lines(row: Sequence[str], widths: Sequence[int], numbers: Iterable[int]) -> Iterator[str]:
    last = wrap(row[-1], widths[-1]) or [""]
    cells = [
        text.rjust(size) if i in numbers else text.ljust(size)
        for i, (text, size) in enumerate(zip(row[:-1], widths, strict=False))
    ]
    yield "  ".join([*cells, last[0].rjust(widths[-1]) if len(row) - 1 in numbers else last[0]]).rstrip()
    indent = " " * (sum(widths[:-1]) + 2 * (len(widths) - 1))
    yield from (indent + line for line in last[1:])


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
        case Table(headers, rows, numbers):
            yield "| " + " | ".join(headers) + " |"
            yield "| " + " | ".join("---:" if i in numbers else "---" for i in range(len(headers))) + " |"
            for row in rows:
                yield "| " + " | ".join(_escaped(cell).replace("|", "\\|") for cell in row) + " |"
        case _:
            assert_never(block)


def _escaped(text: str) -> str:
    """Text that Markdown would read as its own marks, kept as text; one line."""
    text = " ".join(text.split())
    for mark in ("\\", "*", "_", "<", "#", "["):
        text = text.replace(mark, "\\" + mark)
    return text
