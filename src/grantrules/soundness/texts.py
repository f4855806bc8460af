"""What may be wrong with texts, bases, ids and figures, wherever they stand."""

from collections.abc import Iterator
from datetime import datetime
from typing import get_args

from grantrules.bases import Assumed, Basis, Cited, Source, assumption_of
from grantrules.errors import Problem, excerpt
from grantrules.terms.canonical import amount_to_data
from grantrules.values import LANGUAGES, Amount, Text

ID = r"[a-z0-9]+([.-][a-z0-9]+)*"
"""What ids of rules, criteria and judgements look like."""

POOL_ID = r"[A-Za-z0-9][A-Za-z0-9_.-]*"


def basis_problems(basis: Basis) -> Iterator[Problem]:
    """What is wrong with the basis of a rule."""
    if not isinstance(basis, get_args(Basis)):
        yield Problem("basis", "the rule has no basis", "give it `Cited(…)`, `Notice(…)` or `Assumed(…)`", "no-basis")
        return
    if isinstance(basis, Assumed) or assumption_of(basis) is not None:
        yield from text_problems("basis", assumption_of(basis))
    if not isinstance(basis, Assumed) and not isinstance(basis.source, Source):
        yield Problem("basis.source", f"expected a `Source`, got {excerpt(basis.source)}", code="no-source")
    if isinstance(basis, Cited) and not (isinstance(basis.heading, str) and basis.heading.strip()):
        yield Problem("basis.heading", "it names no heading of the source", code="no-heading")


def text_problems(place: str, text: object) -> Iterator[Problem]:
    """What is wrong with a text for people."""
    if not isinstance(text, Text):
        yield Problem(place, f"expected a text in da, nb and en, got `{text!r:.40}`", "write `Text(da=…, nb=…, en=…)`")
        return
    for language in LANGUAGES:
        written = text.to(language)
        if not isinstance(written, str) or not written.strip():
            yield Problem(f"{place}.{language}", "the text is empty", code="no-text")


def stated_basis_problems(basis: Basis, place: str, what: str) -> Iterator[Problem]:
    """What is wrong with the basis of something that is no rule: that there is none."""
    if not isinstance(basis, get_args(Basis)):
        yield Problem(place, f"{what} has no basis", code="no-basis")


def amount_problems(amount: Amount, place: str) -> Iterator[Problem]:
    """What is wrong with a figure or date that a round states."""
    if isinstance(amount, datetime) and amount.utcoffset() is None:
        yield Problem(place, f"`{amount.isoformat()}` has no time zone", "give it its offset", "no-zone")
    try:
        amount_to_data(amount)
    except (ArithmeticError, AssertionError):
        yield Problem(place, f"`{amount!r}` is not a value rules can hold", "write amounts as `kr(…)`")
