"""
The errors of the library and the one way a message is laid out.

Errors are for wrong input and wrong plugins. A refused application is a result, never an error.
Every error carries all problems found, not only the first.
"""

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher, get_close_matches
from unicodedata import category

from attrs import frozen


@frozen
class Problem:
    """
    One thing that is wrong.

    Args:
        where: the path inside the file or the rule, such as `costs[3].amount`; empty for the whole of it.
        message: what is wrong, then what was found; lower case, no full stop.
        hint: what to do about it, beginning with a verb; may be empty.
        code: a stable word for the kind of problem.
    """

    where: str
    message: str
    hint: str = ""
    code: str = "wrong"

    def __str__(self) -> str:
        line = visible(f"{self.where}: {self.message}" if self.where else self.message)
        return f"{line}\n    hint: {visible(self.hint)}" if self.hint else line


_LONGEST_NUMBER = 10**60


class GrantrulesError(Exception):
    """
    What every error of this library is.

    Attributes:
        subject: the file, plugin or pool the problems are about.
        problems: all of them, in the order of the subject.
    """

    def __init__(self, subject: str, problems: Iterable[Problem]) -> None:
        self.subject = subject
        self.problems = tuple(problems)
        super().__init__(subject, self.problems)

    def __str__(self) -> str:
        count = f"{len(self.problems)} problem{'' if len(self.problems) == 1 else 's'}"
        return "\n".join([f"{visible(self.subject)}: {count}", *(f"  {problem}" for problem in self.problems)])


class InputError(GrantrulesError):
    """A file, a mapping or a request that cannot be read: wrong input."""


class PluginError(GrantrulesError):
    """A plugin or a rule set that does not hold together."""


_AS_NEAR = 0.8
"""Names much farther off than the nearest one are no help."""


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()


def nearest(word: object, names: Iterable[str]) -> str:
    """A hint with the names nearest to `word`, at most three; empty if none is near, or if it is no text."""
    asked = word[:200] if isinstance(word, str) else ""
    close = get_close_matches(asked, sorted(set(names)), n=3, cutoff=0.6)
    best = _likeness(asked, close[0]) if close else 0
    close = [name for name in close if _likeness(asked, name) >= best * _AS_NEAR]
    return "did you mean " + " or ".join(excerpt(name) for name in close) + "?" if close else ""


def visible(text: str) -> str:
    """Text with control characters, and other signs that a terminal would act on, written out as escapes."""
    return "".join(c if category(c)[0] != "C" else c.encode("unicode_escape").decode() for c in text)


def excerpt(value: object, length: int = 60) -> str:
    """What the user wrote, in backticks and cut to a readable length."""
    text = visible(value[: 2 * length]) if isinstance(value, str) else _shape(value)
    return f"`{text if len(text) <= length else text[: length - 1] + '…'}`"


def _shape(value: object) -> str:
    """A value that is no text, as JSON would show it; of large ones only the outermost."""
    match value:
        case None | bool():
            return {None: "null", True: "true", False: "false"}[value]
        case Mapping():
            return "{}" if not value else f"{{…}} with {len(value)} keys"
        case list() | tuple() | set() | frozenset():
            return "[]" if not value else f"[…] with {len(value)} items"
        case int() if abs(value) >= _LONGEST_NUMBER:
            # Python refuses to write out a number of thousands of digits.
            return f"{'-' if value < 0 else ''}… with about {value.bit_length() * 3 // 10} digits"
        case _:
            return visible(str(value)[:200])
