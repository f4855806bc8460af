"""
Where a rule comes from: a document that says so, a notice it was learned from, or a choice with its reason.

A part that the source does not say is an `assumed` note, and is shown wherever the rule is shown.
"""

from datetime import date
from typing import TypeAlias, cast

from attrs import evolve, frozen

from grantrules.terms.nodes import Term
from grantrules.values import LANGUAGES, Text


@frozen
class Source:
    """
    A document that rules are taken from.

    Args:
        id: short name inside the pool, such as `call`.
        kind: `call`, `notice`, `regulation` or `figures`.
        published: date of the text version that was read.
        reference: where the publisher put it.
    """

    id: str
    title: str
    publisher: str
    kind: str = "call"
    published: date | None = None
    reference: str = ""


@frozen
class Cited:
    """
    The source says so.

    Args:
        heading: the heading in the source, in its own language.
        item: which item under it, if they are listed or numbered.
        assumed: the part of the rule that is not in the text, and why it was chosen.
    """

    source: Source
    heading: str
    item: str | None = None
    assumed: Text | None = None


@frozen
class Notice:
    """Learned from a notice of outcome or a press report, not from the call itself."""

    source: Source
    heading: str | None = None
    assumed: Text | None = None


@frozen
class Assumed:
    """The documents are silent or ambiguous, and the plugin had to choose: why it chose so."""

    reason: Text


Basis: TypeAlias = Cited | Notice | Assumed

Placed: TypeAlias = tuple[tuple[str, Term], ...]
"""The terms of a rule, each with its place in it."""

UNSTATED: Basis = cast(Basis, None)
"""A rule written without a basis is built, so that the error can name the rule; no rule set takes it."""


def assumption_of(basis: Basis) -> Text | None:
    """The part of a basis that no document says, if there is one."""
    return basis.reason if isinstance(basis, Assumed) else basis.assumed


def with_note(basis: Basis, source: Source, note: Text) -> Basis:
    """The basis with a further assumed note if it names `source`, else as it is."""
    if isinstance(basis, Assumed | None) or basis.source != source:
        return basis
    before = basis.assumed
    if before is None:
        return evolve(basis, assumed=note)
    return evolve(basis, assumed=Text(*(f"{before.to(language)} {note.to(language)}" for language in LANGUAGES)))


def placed(**terms: Term | None) -> Placed:
    """The terms that are there, each with its place."""
    return tuple((place, term) for place, term in terms.items() if term is not None)
