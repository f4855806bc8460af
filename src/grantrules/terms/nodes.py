"""
Terms: the closed set of nodes that rules are made of.

A term is data. What it means is said by the readings, `grantrules.readings.evaluate` first; nothing here
computes. Two terms are equal if they are built alike. Arithmetic and order use Python's operators because
an author writes them so; equality and logic use words, so that `==` stays structural.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, NoReturn, TypeAlias

from attrs import field, frozen

from grantrules.terms.schema import Option
from grantrules.values import Amount, DatedTable, Rounding, Text, settled_moment


class Operation(Enum):
    """Arithmetic on two numbers."""

    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"


class Relation(Enum):
    """How two values are compared."""

    EQUAL = "="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="


class Pick(Enum):
    """Which of several numbers is taken."""

    LEAST = "least"
    GREATEST = "greatest"


class Among(Enum):
    """How a value stands to a list of words."""

    IS_ONE_OF = "is one of"
    INCLUDES_ALL = "includes all of"
    INCLUDES_ANY = "includes any of"


class Words:
    """The operators and words that authors write on terms. They only build other terms."""

    __slots__ = ()

    def __add__(self, other: Any) -> "Term":
        return Arithmetic(Operation.ADD, term(self), term(other))

    def __radd__(self, other: Any) -> "Term":
        return Arithmetic(Operation.ADD, term(other), term(self))

    def __sub__(self, other: Any) -> "Term":
        return Arithmetic(Operation.SUBTRACT, term(self), term(other))

    def __rsub__(self, other: Any) -> "Term":
        return Arithmetic(Operation.SUBTRACT, term(other), term(self))

    def __mul__(self, other: Any) -> "Term":
        return Arithmetic(Operation.MULTIPLY, term(self), term(other))

    def __rmul__(self, other: Any) -> "Term":
        return Arithmetic(Operation.MULTIPLY, term(other), term(self))

    def __lt__(self, other: Any) -> "Term":
        return Compare(Relation.LESS, term(self), term(other))

    def __le__(self, other: Any) -> "Term":
        return Compare(Relation.AT_MOST, term(self), term(other))

    def __gt__(self, other: Any) -> "Term":
        return Compare(Relation.MORE, term(self), term(other))

    def __ge__(self, other: Any) -> "Term":
        return Compare(Relation.AT_LEAST, term(self), term(other))

    def __bool__(self) -> NoReturn:
        raise TypeError(
            "a term is neither true nor false until it is read: write `all_of(…)`, `any_of(…)`, `not_(…)` "
            "or `.between(…)` instead of `and`, `or`, `not` or a chain of comparisons"
        )

    def is_(self, other: Any) -> "Term":
        """Equal to a word, a value or another fact."""
        return Compare(Relation.EQUAL, term(self), term(other))

    def between(self, lowest: Any, highest: Any) -> "Term":
        """At least `lowest` and at most `highest`."""
        return AllOf((term(self) >= term(lowest), term(self) <= term(highest)))

    def is_in(self, *options: Option | str) -> "Term":
        """One of the words given."""
        return Membership(Among.IS_ONE_OF, term(self), codes(options))

    def includes(self, option: Option | str) -> "Term":
        """A list of words that has this one."""
        return self.includes_all(option)

    def includes_all(self, *options: Option | str) -> "Term":
        """A list of words that has every one of these."""
        return Membership(Among.INCLUDES_ALL, term(self), codes(options))

    def includes_any(self, *options: Option | str) -> "Term":
        """A list of words that has at least one of these."""
        return Membership(Among.INCLUDES_ANY, term(self), codes(options))

    def on(self, day: Any) -> "Term":
        """What a dated table says for `day`; missing where the table does not cover it."""
        return Lookup(term(self), term(day))

    def rounded(self, rounding: Rounding) -> "Term":
        """Brought to whole øre, in the way named."""
        return Rounded(term(self), rounding)

    def share(self, rate: Fraction, rounding: Rounding) -> "Term":
        """The share `rate` of an amount, rounded once to whole øre."""
        return Share(term(self), rate, rounding)


@frozen(order=False)
class Constant(Words):
    """A value written in the rule itself. Missing: never."""

    # In Python `True == 1 == Decimal(1)`; two constants are the same only if their kinds are.
    value: Amount = field(eq=lambda value: (type(value), value))


@frozen(order=False)
class Named(Words):
    """A value that the round binds by name, so that a what-if can change it. Missing: never."""

    name: str


@frozen(order=False)
class Fact(Words):
    """
    A fact of the application, or of the organisation, cost line or source of funding at hand.

    Args:
        of: the record the path starts in.
        path: the names to follow from there.
    """

    of: str
    path: tuple[str, ...]


@frozen(order=False)
class Judgement(Words):
    """A yes or no that only a person can give; missing until it is given, and while assessors disagree."""

    id: str
    question: Text = field(eq=False)


@frozen(order=False)
class Arithmetic(Words):
    """Sum, difference or product. Missing: if either side is."""

    operation: Operation
    left: "Term"
    right: "Term"


@frozen(order=False)
class Extreme(Words):
    """The least or the greatest of several numbers. Missing: if any of them is."""

    pick: Pick
    items: tuple["Term", ...]


@frozen(order=False)
class Share(Words):
    """An exact fraction of an amount, rounded once to whole øre. Missing: if the amount is."""

    base: "Term"
    rate: Fraction
    rounding: Rounding


@frozen(order=False)
class Rounded(Words):
    """An amount brought to whole øre. Missing: if the amount is."""

    amount: "Term"
    rounding: Rounding


@frozen(order=False)
class Lookup(Words):
    """What a dated table holds on a day. Missing: if the day is, or if the table does not cover it."""

    table: "Term"
    day: "Term"


@frozen(order=False)
class Total(Words):
    """The sum of a term over a list, of those items where a condition holds. Missing: if any part is."""

    collection: str
    item: "Term"
    where: "Term | None" = None


@frozen(order=False)
class Choose(Words):
    """One of two values, by a condition. Missing: if the condition is, or the value chosen."""

    condition: "Term"
    chosen: "Term"
    otherwise: "Term"


@frozen(order=False)
class Compare(Words):
    """Two values of one sort compared. Missing: if either is."""

    relation: Relation
    left: "Term"
    right: "Term"


@frozen(order=False)
class Membership(Words):
    """A word in a list, or a list of words that includes others. Missing: if the fact is."""

    among: Among
    subject: "Term"
    options: tuple[str, ...]


@frozen(order=False)
class AllOf(Words):
    """Every one holds. False as soon as one is false."""

    items: tuple["Term", ...]


@frozen(order=False)
class AnyOf(Words):
    """At least one holds. True as soon as one is true."""

    items: tuple["Term", ...]


@frozen(order=False)
class AtLeast(Words):
    """At least `count` of them hold. Settled as soon as enough, or too few, can still do so."""

    count: int
    items: tuple["Term", ...]


@frozen(order=False)
class Not(Words):
    """The opposite. Missing stays missing."""

    item: "Term"


@frozen(order=False)
class Exists(Words):
    """A list has an item for which the condition holds. True if one surely does, whatever is missing."""

    collection: str
    where: "Term"


@frozen(order=False)
class Different(Words):
    """
    At least `count` different organisations for which a condition holds, told apart by id, else by name.

    True if enough surely are different and surely fit, false if too few can be; missing otherwise.
    """

    count: int
    where: "Term"


@frozen(order=False)
class Known(Words):
    """A fact declared optional has been stated. Never missing."""

    fact: "Fact"


Term: TypeAlias = (
    Constant
    | Named
    | Fact
    | Judgement
    | Arithmetic
    | Extreme
    | Share
    | Rounded
    | Lookup
    | Total
    | Choose
    | Compare
    | Membership
    | AllOf
    | AnyOf
    | AtLeast
    | Not
    | Exists
    | Different
    | Known
)

NODES: tuple[type[Term], ...] = (
    Constant,
    Named,
    Fact,
    Judgement,
    Arithmetic,
    Extreme,
    Share,
    Rounded,
    Lookup,
    Total,
    Choose,
    Compare,
    Membership,
    AllOf,
    AnyOf,
    AtLeast,
    Not,
    Exists,
    Different,
    Known,
)
"""Every class of node, in the order in which readings take them."""


def term(value: Any) -> Term:
    """
    Take a term as it is, and make a constant of anything else an author may write.

    Raises:
        TypeError: a float, or something no rule can hold.
    """
    match value:
        case Constant() | Named() | Fact() | Judgement() | Arithmetic() | Extreme() | Share() | Rounded() | Lookup():
            return value
        case Total() | Choose() | Compare() | Membership() | AllOf() | AnyOf() | AtLeast() | Not() | Exists():
            return value
        case Different() | Known():
            return value
        case Option(code=code):
            return Constant(code)
        case bool() | int() | Decimal() | Fraction() | str() | date() | datetime() | DatedTable():
            return Constant(settled_moment(value))
        case float():
            raise TypeError(f'`{value}` is a binary float: write an amount as `kr("…")`')
        case _:
            raise TypeError(f"`{value!r}` cannot stand in a rule: expected a term or a value")


def codes(options: tuple[Option | str, ...]) -> tuple[str, ...]:
    """The codes of options written as options or as plain words."""
    return tuple(option.code if isinstance(option, Option) else option for option in options)
