"""
A new plugin to edit: a pool with one of everything, which installs, and whose laws and cases hold.

The files of `templates/` are the plugin, written as one that runs. Making a new one is replacing a few words in them.
"""

import re
import shutil
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from attrs import frozen

from grantrules.errors import InputError, Problem, excerpt, nearest
from grantrules.values import Language

ID = r"[a-z0-9]+(_[a-z0-9]+)*"
"""What the id of a new pool looks like: it is also the end of the name of a Python package."""

LONGEST_ID = 40
LONGEST_TITLE = 60


@frozen
class Country:
    """
    What a pool takes from the country of its funder.

    Args:
        currency: its ISO 4217 code.
        zone: the time zone in which times without an offset are read.
        language: the one that the pool's own texts are written in.
    """

    currency: str
    zone: str
    language: Language


COUNTRIES: Mapping[str, Country] = {
    "DK": Country("DKK", "Europe/Copenhagen", "da"),
    "FI": Country("EUR", "Europe/Helsinki", "en"),
    "FO": Country("DKK", "Atlantic/Faroe", "da"),
    "GL": Country("DKK", "America/Nuuk", "da"),
    "IS": Country("ISK", "Atlantic/Reykjavik", "en"),
    "NO": Country("NOK", "Europe/Oslo", "nb"),
    "SE": Country("SEK", "Europe/Stockholm", "en"),
}
"""The countries that a new pool can be made for, by their ISO 3166 code."""


@frozen
class NewPool:
    """
    What is asked of a new plugin.

    Args:
        folder: where it is made; it must not exist yet, or be empty.
        id: of the pool, its entry point and its package; made of the folder's name if left out.
        title: of the pool, in the language of its country; a placeholder if left out.
        country: its ISO 3166 code.
        currency: its ISO 4217 code; the country's if left out.
    """

    folder: Path
    id: str = ""
    title: str = ""
    country: str = "DK"
    currency: str = ""

    @property
    def pool(self) -> str:
        """The id of the pool."""
        return self.id or self.folder.resolve().name.lower().replace("-", "_")

    @property
    def package(self) -> str:
        """The name of the Python package."""
        return f"{PACKAGE}{self.pool}"


PACKAGE = "grantrules_"
"""How the packages of all pools begin."""


def write_pool(asked: NewPool) -> tuple[Path, ...]:
    """
    Make the plugin.

    Returns:
        The files written, in order.

    Raises:
        InputError: what is asked for cannot be made, with everything wrong at once. Nothing is written then.
    """
    problems = [*_word_problems(asked), *_folder_problems(asked.folder)]
    if problems:
        raise InputError(str(asked.folder), problems)
    texts = {asked.folder / path: text for path, text in plugin_files(asked).items()}
    is_new = not asked.folder.exists()
    try:
        for file, text in texts.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8", newline="\n")
    except BaseException as error:
        _clear(asked.folder, is_new)
        if isinstance(error, OSError):
            raise InputError(str(asked.folder), [Problem("", f"it cannot be written: {error.strerror}")]) from error
        raise
    return tuple(texts)


def plugin_files(asked: NewPool) -> Mapping[str, str]:
    """The text of every file of the plugin, by its path inside the folder; what is asked for is taken as it is."""
    words = _words(asked)
    found = _templates(files(__package__) / "templates")
    return {_replaced(path, words): _replaced(text, words) for path, text in sorted(found)}


def _templates(folder: Traversable, above: str = "") -> Iterator[tuple[str, str]]:
    for entry in folder.iterdir():
        if entry.name.startswith(".") or entry.name == "__pycache__":
            continue
        if entry.is_dir():
            yield from _templates(entry, f"{above}{entry.name}/")
        else:
            yield f"{above}{entry.name}", entry.read_text("utf-8")


def _replaced(text: str, words: Mapping[str, str]) -> str:
    return re.sub("|".join(map(re.escape, words)), lambda found: words[found[0]], text)


def _words(asked: NewPool) -> Mapping[str, str]:
    """What stands in the templates, and what stands in its place."""
    country = COUNTRIES[asked.country]
    return {
        "pool_id": asked.pool,
        "pool-id": asked.pool.replace("_", "-"),
        'country="DK"': f'country="{asked.country}"',
        'currency="DKK"': f'currency="{asked.currency or country.currency}"',
        'ZONE = "Europe/Copenhagen"': f'ZONE = "{country.zone}"',
        'language="da"': f'language="{country.language}"',
        **({} if not asked.title else _titles(asked.title, country.language)),
    }


_TITLES: Mapping[Language, tuple[str, str]] = {
    "da": ("Puljens titel", "titel på dansk"),
    "nb": ("Ordningens tittel", "tittel på norsk"),
    "en": ("Title of the pool", "title in English"),
}
"""The title in the templates, and what is put behind one in another language, which waits to be translated."""


def _titles(title: str, own: Language) -> Mapping[str, str]:
    return {
        template: title if language == own else f"{title} ({note})" for language, (template, note) in _TITLES.items()
    }


def _word_problems(asked: NewPool) -> Iterator[Problem]:
    if not re.fullmatch(ID, asked.pool) or len(asked.pool) > LONGEST_ID:
        message = f"{excerpt(asked.pool)} is not an id of a new pool"
        hint = f"use small letters, digits and `_` between them, at most {LONGEST_ID}, as in `dk_2027_local_projects`"
        yield Problem("--id", message, hint, "wrong-id")
    if asked.title and not _is_title(asked.title):
        message = f"{excerpt(asked.title)} cannot be the title of a new pool"
        hint = f'write one line of at most {LONGEST_TITLE} signs without `"` and `\\`'
        yield Problem("--title", message, hint, "wrong-title")
    if asked.country not in COUNTRIES:
        known = ", ".join(f"`{code}`" for code in COUNTRIES)
        hint = nearest(asked.country.upper(), COUNTRIES) or f"choose from {known}"
        yield Problem("--country", f"there is no country {excerpt(asked.country)} here", hint, "unknown-country")
    if asked.currency and not re.fullmatch("[A-Z]{3}", asked.currency):
        message = f"{excerpt(asked.currency)} is not the code of a currency"
        yield Problem("--currency", message, "write three capital letters, as in `DKK`", "wrong-currency")


def _is_title(text: str) -> bool:
    """It can stand between quotation marks in Python as it is."""
    return bool(text.strip()) and len(text) <= LONGEST_TITLE and text.isprintable() and not set(text) & {'"', "\\"}


def _folder_problems(folder: Path) -> Iterator[Problem]:
    if folder.is_dir():
        held = sorted(path.name for path in folder.iterdir())
        if held:
            yield Problem("", f"the folder is not empty: it holds {excerpt(held[0])}", "name a new folder", "not-empty")
    elif folder.exists() or folder.is_symlink():
        yield Problem("", "it is there and no folder", "name a new folder", "no-folder")
    elif not folder.absolute().parent.is_dir():
        message = f"there is no folder {excerpt(str(folder.parent))} to make it in"
        yield Problem("", message, "make that one first", "no-folder")


def _clear(folder: Path, is_new: bool) -> None:
    """Remove what was written into a folder that was empty, and the folder if it was not there."""
    if is_new:
        shutil.rmtree(folder, ignore_errors=True)
        return
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()
