"""
Rewriting expectations, for review: the values that differ, in place.

No key is added or taken away, and neither their order, the reasons nor the layout of the file is touched.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from attrs import frozen

from grantrules.errors import InputError, Problem
from grantrules.testing.cases.differences import CaseDifference
from grantrules.testing.cases.reading import Case

READ_WHY = "the reasons under `why` were not rewritten: read them again"
"""What is to be said wherever expectations are rewritten."""


@frozen
class Update:
    """
    What became of the differences of a case.

    Args:
        rewritten: those whose expected values were replaced in the file.
        left: those that a person has to settle: something is expected that is not there, or the other way round.
    """

    case: Case
    rewritten: tuple[CaseDifference, ...]
    left: tuple[CaseDifference, ...]


def update(case: Case, differences: Iterable[CaseDifference]) -> Update:
    """
    Rewrite the file in which a case says what is expected of it.

    Raises:
        InputError: the file cannot be written.
    """
    found = tuple(differences)
    rewritten = tuple(difference for difference in found if _writable(difference))
    if rewritten:
        text = case.source.read_bytes().decode("utf-8-sig")
        for difference in rewritten:
            text = replaced(text, (*case.steps, *difference.steps), difference.got)
        _write(case.source, text)
    return Update(case, rewritten, tuple(difference for difference in found if difference not in rewritten))


def _write(file: Path, text: str) -> None:
    try:
        file.write_bytes(text.encode("utf-8"))
    except OSError as error:
        message = f"the file cannot be written: {(error.strerror or str(error)).lower()}"
        raise InputError(str(file), [Problem("", message, code="no-file")]) from error


def _writable(difference: CaseDifference) -> bool:
    """One value stands in place of another; an object that is there, or is not, has keys of its own."""
    return not difference.absent and not isinstance(difference.got, dict) and difference.expected != {}


def replaced(text: str, steps: Iterable[str], value: Any) -> str:
    """
    JSON text with one value replaced, laid out as the one before it was.

    Args:
        steps: the keys that lead to it; every one of them is there.
    """
    start = _after_space(text, 0)
    for step in steps:
        start = _value_of(text, start, step)
    end = json.JSONDecoder().raw_decode(text, start)[1]
    line = text[text.rfind("\n", 0, start) + 1 : start]
    indent = line[: len(line) - len(line.lstrip())]
    return text[:start] + _laid_out(value, text[start:end], indent, len(line)) + text[end:]


def _value_of(text: str, start: int, key: str) -> int:
    """Where the value of a key begins, in the object that begins at `start`."""
    decoder = json.JSONDecoder()
    at = _after_space(text, start + 1)
    while True:  # the key is there: the expectation was read from this text
        found, at = decoder.raw_decode(text, at)
        at = _after_space(text, _after_space(text, at) + 1)
        if found == key:
            return at
        at = _after_space(text, _after_space(text, decoder.raw_decode(text, at)[1]) + 1)


def _after_space(text: str, at: int) -> int:
    while text[at] in " \t\r\n":
        at += 1
    return at


_WIDTH = 120
"""A list in one line is not made longer than this."""


def _laid_out(value: Any, before: str, indent: str, column: int) -> str:
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, list) or not value or ("\n" not in before and column + len(line) < _WIDTH):
        return line
    inside = before.lstrip("[").lstrip()
    # Where items are objects over several lines, so are the new ones.
    step = 2 if "\n" in inside[: inside.find("}")] and inside.startswith("{") else None
    items = (json.dumps(item, ensure_ascii=False, indent=step).replace("\n", f"\n{indent}  ") for item in value)
    return "[\n" + ",\n".join(f"{indent}  {item}" for item in items) + f"\n{indent}]"
