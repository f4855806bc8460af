"""
The stored form of what plugins state: JSON data, written and read by cattrs.

Sources are written once, and bases name them by id.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any, get_args

import cattrs
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from grantrules.application import Application
from grantrules.bases import Assumed, Basis, Cited, Notice, Source, assumption_of
from grantrules.criteria import Banded, Computed, Linear
from grantrules.methods import ByDraw, ByScore, ByTerm, Key
from grantrules.pools import Above, Disallowed, Part, Pool, Round, Whole
from grantrules.terms.canonical import amount_from_data, amount_to_data, term_from_data, term_to_data
from grantrules.terms.nodes import Term
from grantrules.terms.schema import Bound
from grantrules.values import LANGUAGES, Amount, Text, plain


def _is_term(kind: Any) -> bool:
    return set(get_args(Term)) <= set(get_args(kind))


def _is_computed(kind: Any) -> bool:
    return {Linear, Banded} <= set(get_args(kind))


def _is_amount(kind: Any) -> bool:
    return kind in (Amount, Bound, Bound | None)


@cache
def writer() -> cattrs.Converter:
    """What writes pools, rounds and rules; a pool without its class, rounds and sources."""
    made = cattrs.Converter()
    made.register_unstructure_hook(Decimal, plain)
    made.register_unstructure_hook(Fraction, str)
    made.register_unstructure_hook(date, date.isoformat)
    made.register_unstructure_hook_func(_is_term, lambda t: None if t is None else term_to_data(t))
    made.register_unstructure_hook_func(_is_amount, lambda a: None if a is None else amount_to_data(a))
    made.register_unstructure_hook_func(lambda kind: kind == Basis, basis_to_data)
    made.register_unstructure_hook_func(lambda kind: kind == Disallowed, _disallowed_to_data)
    made.register_unstructure_hook_func(_is_computed, lambda points: _computed_to_data(points, made))
    made.register_unstructure_hook_func(lambda kind: kind == Key, lambda key: _key_to_data(key))
    for cls, names in ((Pool, ("application", "rounds", "sources")), (Round, ("application", "figures"))):
        left_out: dict[str, Any] = {name: override(omit=True) for name in names}
        made.register_unstructure_hook(cls, make_dict_unstructure_fn(cls, made, **left_out))
    return made


def basis_to_data(basis: Basis) -> dict[str, Any]:
    """Write a basis as JSON data; its source by id."""
    assumed = assumption_of(basis)
    note = None if assumed is None else {language: assumed.to(language) for language in LANGUAGES}
    match basis:
        case Cited(source, heading, item):
            return {"kind": "cited", "source": source.id, "heading": heading, "item": item, "assumed": note}
        case Notice(source, heading):
            return {"kind": "notice", "source": source.id, "heading": heading, "item": None, "assumed": note}
        case Assumed():
            return {"kind": "assumed", "source": None, "heading": None, "item": None, "assumed": note}


def basis_from_data(data: Mapping[str, Any], sources: Mapping[str, Source]) -> Basis:
    """
    Read a basis back.

    Raises:
        KeyError: its source is not among `sources`.
        ValueError: it is of no known kind.
    """
    note = None if data["assumed"] is None else Text(**data["assumed"])
    match data["kind"]:
        case "cited":
            return Cited(sources[data["source"]], data["heading"], data["item"], note)
        case "notice":
            return Notice(sources[data["source"]], data["heading"], note)
        case "assumed" if note is not None:
            return Assumed(note)
        case kind:
            raise ValueError(f"no such basis: `{kind}`")


def _disallowed_to_data(disallowed: Disallowed) -> dict[str, Any]:
    match disallowed:
        case Whole():
            return {"takes": "whole"}
        case Part(amount):
            return {"takes": "part", "amount": term_to_data(amount)}
        case Above(limit):
            return {"takes": "above", "limit": term_to_data(limit)}


def _disallowed_from_data(data: Mapping[str, Any], _: object) -> Disallowed:
    match data["takes"]:
        case "whole":
            return Whole()
        case "part":
            return Part(term_from_data(data["amount"]))
        case "above":
            return Above(term_from_data(data["limit"]))
        case takes:
            raise ValueError(f"no cost rule takes `{takes}`")


def _computed_to_data(points: Computed | None, made: cattrs.Converter) -> Any:
    match points:
        case None:
            return None
        case Linear() | Banded():
            return {"points": type(points).__name__.lower(), **made.unstructure(points)}
        case yes_or_no:
            return term_to_data(yes_or_no)


def _computed_from_data(data: Any, made: cattrs.Converter) -> Computed | None:
    if data is None or "points" not in data:
        return None if data is None else term_from_data(data)
    stated = {name: value for name, value in data.items() if name != "points"}
    match data["points"]:
        case "linear":
            return made.structure(stated, Linear)
        case "banded":
            return made.structure(stated, Banded)
        case other:
            raise ValueError(f"no criterion is computed as `{other}`")


def _key_to_data(key: Key) -> dict[str, Any]:
    match key:
        case ByScore():
            return {"by": "score"}
        case ByDraw():
            return {"by": "draw"}
        case ByTerm(of, highest_first):
            return {"by": "term", "of": term_to_data(of), "highest_first": highest_first}


def _key_from_data(data: Mapping[str, Any], _: object) -> Key:
    match data["by"]:
        case "score":
            return ByScore()
        case "draw":
            return ByDraw()
        case "term":
            return ByTerm(term_from_data(data["of"]), data["highest_first"])
        case other:
            raise ValueError(f"no order goes by `{other}`")


@cache
def reader() -> cattrs.Converter:
    """
    What reads pools, rounds and rules back, out of data whose bases `with_bases` has read.

    It is made once: most of what it costs is writing the code that reads each class.
    """
    made = cattrs.Converter(forbid_extra_keys=True)
    made.register_structure_hook(Decimal, lambda text, _: Decimal(text))
    made.register_structure_hook(Fraction, lambda text, _: Fraction(text))
    made.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
    made.register_structure_hook_func(_is_term, lambda d, _: None if d is None else term_from_data(d))
    made.register_structure_hook_func(_is_amount, lambda d, _: None if d is None else amount_from_data(d))
    made.register_structure_hook_func(lambda kind: kind == Basis, lambda basis, _: _as_basis(basis))
    made.register_structure_hook_func(lambda kind: kind == Disallowed, _disallowed_from_data)
    made.register_structure_hook_func(_is_computed, lambda d, _: _computed_from_data(d, made))
    made.register_structure_hook_func(lambda kind: kind == Key, _key_from_data)
    made.register_structure_hook_func(lambda kind: kind == type[Application], lambda cls, _: cls)
    left_out: dict[str, Any] = {name: override(omit=True) for name in ("application", "figures")}
    strictly: dict[str, Any] = {"_cattrs_forbid_extra_keys": True, **left_out}
    made.register_structure_hook(Round, make_dict_structure_fn(Round, made, **strictly))
    return made


def _as_basis(basis: object) -> Basis:
    if not isinstance(basis, Cited | Notice | Assumed):
        raise ValueError(f"not a basis: `{basis!r:.80}`")
    return basis


def with_bases(data: Any, sources_data: Sequence[Mapping[str, Any]]) -> Any:
    """
    The data with every basis in it read: wherever an object has the key `basis`, what stands there names a source.

    Args:
        sources_data: the sources, as they were written.

    Raises:
        KeyError: a basis names a source that is not there.
        ValueError: a basis is of no known kind.
    """
    made = reader()
    return _with_bases(data, {source["id"]: made.structure(source, Source) for source in sources_data})


def _with_bases(data: Any, sources: Mapping[str, Source]) -> Any:
    match data:
        case dict():
            return {
                key: basis_from_data(inner, sources) if key == "basis" and inner else _with_bases(inner, sources)
                for key, inner in data.items()
            }
        case list():
            return [_with_bases(inner, sources) for inner in data]
        case _:
            return data
