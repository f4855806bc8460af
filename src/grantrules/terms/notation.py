"""Writing a term in one line of plain notation, for error messages, rulebooks and documentation pages."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from grantrules.terms.nodes import (
    AllOf,
    Among,
    AnyOf,
    Arithmetic,
    AtLeast,
    Choose,
    Compare,
    Constant,
    Different,
    Exists,
    Extreme,
    Fact,
    Judgement,
    Known,
    Lookup,
    Membership,
    Named,
    Not,
    Rounded,
    Share,
    Term,
    Total,
)
from grantrules.terms.schema import APPLICATION
from grantrules.values import Amount, DatedTable, decimals, plain


def notation(term: Term) -> str:
    """
    Write `term` in one line, as in `requested <= grant_ceiling`.

    The line is for reading; the form that is stored and digested is `grantrules.terms.canonical`.
    """
    match term:
        case Constant(value):
            return amount_text(value)
        case Named(name):
            return name
        case Fact(of, path):
            return ".".join(path if of == APPLICATION else (of, *path))
        case Judgement(id):
            return f"judgement({id})"
        case Arithmetic(operation, left, right):
            return f"({notation(left)} {operation.value} {notation(right)})"
        case Extreme(pick, items):
            return f"{pick.value}({_list(items)})"
        case Share(base, rate, rounding):
            return f"{rate} of {notation(base)} rounded {rounding.value}"
        case Rounded(amount, rounding):
            return f"{notation(amount)} rounded {rounding.value}"
        case Lookup(table, day):
            return f"{notation(table)} on {notation(day)}"
        case Total(collection, item, where):
            picked = "" if where is None else f" where {notation(where)}"
            return f"total of {notation(item)} over {collection}{picked}"
        case Choose(condition, chosen, otherwise):
            return f"({notation(chosen)} when {notation(condition)}, otherwise {notation(otherwise)})"
        case Compare(relation, left, right):
            return f"{notation(left)} {relation.value} {notation(right)}"
        case Membership(among, subject, options):
            return f"{notation(subject)} {_among(among, options)}"
        case AllOf(items):
            return f"all of ({_list(items)})"
        case AnyOf(items):
            return f"any of ({_list(items)})"
        case AtLeast(count, items):
            return f"at least {count} of ({_list(items)})"
        case Not(Exists(collection, AllOf((where, Not(item))))):
            return f"every one of {collection} where {notation(where)} has {notation(item)}"
        case Not(Exists(collection, Not(item))):
            return f"every one of {collection} has {notation(item)}"
        case Not(item):
            return f"not ({notation(item)})"
        case Exists(collection, where):
            return f"some of {collection} where {notation(where)}"
        case Different(count, where):
            return f"at least {count} different organisations where {notation(where)}"
        case Known(fact):
            return f"{notation(fact)} is stated"
        case _:
            assert_never(term)


def _list(items: tuple[Term, ...]) -> str:
    return ", ".join(notation(item) for item in items)


def _among(among: Among, options: tuple[str, ...]) -> str:
    return (
        f"is {options[0]}" if among is Among.IS_ONE_OF and len(options) == 1 else f"{among.value} {', '.join(options)}"
    )


def amount_text(value: Amount) -> str:
    """Write a constant or a value of a round, without an exponent and without a class name."""
    match value:
        case bool():
            return "yes" if value else "no"
        case Decimal():
            # What is too fine for an amount is refused, and the refusal has to show it.
            return plain(value) if decimals(value) <= 2 else format(value, "f")
        case int() | Fraction():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case DatedTable(unit, entries):
            return "; ".join(f"{plain(e.amount)} per {unit} from {e.first} to {e.last}" for e in entries)
        case frozenset():
            return ", ".join(sorted(value))
        case str():
            return value
        case _:
            assert_never(value)
