"""`grantrules new`: a plugin to edit."""

from argparse import Namespace
from pathlib import Path
from typing import Any

from grantrules.commands.asked import DONE
from grantrules.console import show
from grantrules.readings.layout import Item, Items, Paragraph, Section, Title


def add(commands: Any) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("new", help="make a plugin with a pool of one of everything, to edit")
    parser.add_argument("folder", metavar="FOLDER", help="where to make it: a folder that is new, or empty")
    parser.add_argument("--id", default="", help="the id of the pool (default: the name of the folder)")
    parser.add_argument("--title", default="", metavar="TEXT", help="the pool's title in the language of its country")
    parser.add_argument("--country", default="DK", help="of its funder, such as DK or NO (default: %(default)s)")
    parser.add_argument("--currency", default="", metavar="CODE", help="another currency than the country's")
    parser.set_defaults(run=_run)


def _run(asked: Namespace) -> int:
    from grantrules.testing.scaffold import NewPool, write_pool

    plugin = NewPool(Path(asked.folder), asked.id, asked.title, asked.country, asked.currency)
    written = write_pool(plugin)
    show(
        (
            Title(f"The pool {plugin.pool}"),
            Paragraph(f"{len(written)} files are written below {plugin.folder}. The rules in them are an example."),
            Section("What to do next"),
            Items(
                (
                    Item("Install it, with what its tests need:", (f"pip install --editable '{plugin.folder}[test]'",)),
                    Item("Run its laws, cases and tests:", (f"cd {plugin.folder} && pytest",)),
                    Item("Edit sources.py first, then the facts, then rule by rule:", (f"src/{plugin.package}/",)),
                )
            ),
        )
    )
    return DONE
