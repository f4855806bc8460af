"""Documents on a terminal, with type and colour. Needs rich, which comes with the extra `grantrules[cli]`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import assert_never

from rich.console import Console
from rich.padding import Padding
from rich.progress import Progress
from rich.table import Table as RichTable
from rich.text import Text as RichText

from grantrules.errors import visible
from grantrules.readings.layout import Block, Document, Items, Paragraph, Section, Table, Title, to_text


def show(document: Document, console: Console | None = None) -> None:
    """Print a document to the terminal, as wide as it is."""
    out = console or Console(highlight=False)
    for block in document:
        _show(block, out)


def _show(block: Block, out: Console) -> None:
    match block:
        case Title(text):
            out.print(_styled(text, "bold underline"))
        case Section(text):
            out.print()
            out.print(_styled(text, "bold cyan"))
        case Paragraph(text, strong):
            out.print(_styled(text, "bold" if strong else ""))
        case Items(items):
            for item in items:
                out.print(Padding(_styled(f"• {item.text}"), (0, 0, 0, 1)))
                for line in item.below:
                    out.print(Padding(_styled(line, "dim"), (0, 0, 0, 5)))
        case Table():
            _show_table(block, out)
        case _:
            assert_never(block)


def _styled(text: str, style: str = "") -> RichText:
    return RichText(visible(text), style)


def _show_table(table: Table, out: Console) -> None:
    """A table as it is, or, where the terminal is too narrow for its numbers, as plain text that the terminal wraps."""
    made = _table(table)
    unlimited = out.options.update(max_width=10_000)
    if out.measure(made, options=unlimited).maximum <= out.width:
        out.print(made)
    else:
        for line in to_text([table]).splitlines():
            out.print(_styled(line), soft_wrap=True)


def _table(table: Table) -> RichTable:
    made = RichTable(show_edge=False, pad_edge=False, header_style="bold")
    for index, header in enumerate(table.headers):
        made.add_column(header, justify="right" if index in table.numbers else "left", no_wrap=index in table.numbers)
    for index, row in enumerate(table.rows):
        if table.footed and index == len(table.rows) - 1:
            made.add_section()
        made.add_row(*(_styled(cell) for cell in row.cells))
        for line in row.below:
            made.add_row("", _styled(line, "dim"))
    return made


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error; what it yields is told how many are done, and of how many."""
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
