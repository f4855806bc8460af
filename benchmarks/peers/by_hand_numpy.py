"""
NumPy over sorted offsets: the rules of 2018 on arrays, the items of an application side by side.

The tables are in the order of their case numbers, and a case number is a number once its year is cut off; both are
true of this data and of no data in general, and it is checked. A truth is a number, 0 false, 1 unknown, 2 true: `and`
is the lesser, `or` the greater, `not` is two less it.
"""

from functools import reduce
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
from peers import data
from peers.data import JUDGEMENTS, RATINGS
from peers.verdicts import ELIGIBILITY, FORMAL, REQUIREMENTS, SCHEMA

Array = Any
FLOOR, CEILING = 100_000_000, 250_000_000
UNKNOWN = 1


class Table(NamedTuple):
    """One table as arrays: what is stated, and where."""

    keys: Array
    arrays: dict[str, Array]
    stated: dict[str, Array]


def set_up() -> "Numpy":
    """Nothing is prepared."""
    return Numpy(import_module("numpy"))


class Numpy:
    """Arrays in, arrays out."""

    def __init__(self, np: Any) -> None:
        self.np = np

    def opened(self, folder: Path) -> dict[str, Table]:
        """Every table as arrays."""
        return {name: self._table(name, frame) for name, frame in data.frames(folder).items()}

    held = opened

    def _table(self, name: str, frame: pl.DataFrame) -> Table:
        keys = frame["application"].str.slice(5).cast(pl.Int64).to_numpy()
        assert (keys[1:] >= keys[:-1]).all(), f"{name} is not in the order of its case numbers"
        arrays, stated = {}, {}
        for column in frame.drop("application", "position", strict=False):
            if column.name in _WORDS:
                column = column.cast(pl.Enum(_WORDS[column.name])).to_physical().cast(pl.Int8)
            elif column.name in ("id", "line"):
                column = column.str.slice(1).cast(pl.Int64)
            elif column.name == "submitted_at":
                column = column.dt.epoch("us")
            elif column.dtype == pl.Boolean:
                arrays[column.name] = (column.cast(pl.Int8) * 2).fill_null(UNKNOWN).to_numpy()
                continue
            elif column.dtype == pl.Date:
                column = column.to_physical()
            elif column.dtype == pl.String:
                column = column.cast(pl.Int64)
            stated[column.name] = column.is_not_null().to_numpy()
            arrays[column.name] = column.fill_null(-1 if column.name in _WORDS else 0).to_numpy()
        return Table(keys, arrays, stated)

    def decided(self, facts: Any) -> dict[str, Array]:
        """Every column of the results."""
        return _Deciding(self.np, facts).decided()

    def compared(self, made: Any) -> pl.DataFrame:
        """The arrays as a frame."""
        outcome = pl.Series(_OUTCOMES)[pl.Series(made["outcome"])]
        truths = {name: pl.Series(made[name]).replace_strict({0: False, 1: None, 2: True}) for name in REQUIREMENTS}
        amounts = {name: pl.Series(made[name]).set(~pl.Series(made[f"{name}?"]), None) for name in _AMOUNTS}
        id = "2018-" + pl.Series(made["application"]).cast(pl.String).str.zfill(7)
        return pl.DataFrame({"application": id, "outcome": outcome, **truths, **amounts}).select(list(SCHEMA))


_OUTCOMES = ("dismissed", "ineligible", "undetermined", "eligible")
_AMOUNTS = tuple(name for name in SCHEMA if name not in ("application", "outcome", *REQUIREMENTS))
_WORDS = {
    "category": data.CATEGORIES,
    "kind": data.KINDS,
    "role": ("lead", "partner"),
    "source": ("own", "public", "private"),
}


class _Deciding:
    def __init__(self, np: Any, tables: dict[str, Table]) -> None:
        self.np, self.tables = np, tables
        self.keys = tables["applications"].keys

    def offsets(self, keys: Array) -> tuple[Array, Array]:
        """Where the rows of each application begin and end."""
        return self.np.searchsorted(keys, self.keys), self.np.searchsorted(keys, self.keys, side="right")

    def total(self, numbers: Array, offsets: tuple[Array, Array]) -> Array:
        """The sum of the rows of each application."""
        running = self.np.zeros(len(numbers) + 1, dtype=self.np.int64)
        self.np.cumsum(numbers, out=running[1:])
        return running[offsets[1]] - running[offsets[0]]

    def any(self, truths: Array, offsets: tuple[Array, Array]) -> Array:
        """`or` over the rows of each application."""
        sure, possible = (self.total(truths == level, offsets) > 0 for level in (2, UNKNOWN))
        return self.np.where(sure, 2, self.np.where(possible, UNKNOWN, 0)).astype(self.np.int8)

    def is_(self, table: Table, column: str, word: str) -> Array:
        """Whether a word is this one."""
        found = 2 * (table.arrays[column] == _WORDS[column].index(word)).astype(self.np.int8)
        return self.known(found, table.stated[column])

    def known(self, truth: Array, stated: Array) -> Array:
        """A truth where what it rests on is stated."""
        return self.np.where(stated, truth, self.np.int8(UNKNOWN))

    def of(self, holds: Array, stated: Array) -> Array:
        """A truth of a comparison."""
        return self.known(2 * holds.astype(self.np.int8), stated)

    def both(self, *truths: Array) -> Array:
        """`and`."""
        return reduce(self.np.minimum, truths)

    def either(self, *truths: Array) -> Array:
        """`or`."""
        return reduce(self.np.maximum, truths)

    def decided(self) -> dict[str, Array]:
        np, a = self.np, self.tables["applications"]
        lists = {name: a.arrays[f"{name}_stated"] == 2 for name in ("organisations", "funding", "costs")}
        lead, region, municipality = (self.known(of, lists["organisations"]) for of in self.organisations())
        own, own_known = self.own()
        own_known &= lists["funding"]
        requested, asked = a.arrays["requested_ore"], a.stated["requested_ore"]
        deadline = int(data.DEADLINE.timestamp() * 1_000_000)
        programme = a.arrays["formal_programme"]
        met = {
            "formal_deadline": self.of(a.arrays["submitted_at"] <= deadline, a.stated["submitted_at"]),
            "formal_signature": a.arrays["signed"],
            "formal_length": self.of(a.arrays["pages"] <= 5, a.stated["pages"]),
            "eligibility_applicants": lead,
            "eligibility_activity": self.either(*(a.arrays[name] for name in data.ACTIVITIES)),
            "eligibility_competence_elements": self.both(*(a.arrays[name] for name in data.ELEMENTS)),
            "eligibility_grant_limits": self.of((requested >= FLOOR) & (requested <= CEILING), asked),
            "eligibility_matching": self.of(own >= requested, own_known & asked),
            "eligibility_sharing": a.arrays["shares_material"],
            "eligibility_approval": np.where(
                programme == 0, 2, np.where(programme == UNKNOWN, UNKNOWN, a.arrays["reports_for_approval"])
            ),
        }
        formal, eligible = (self.both(*(met[name] for name in names)) for names in (FORMAL, ELIGIBILITY))
        whole = self.both(formal, eligible)
        outcome = np.where(formal == 0, 0, np.where(eligible == 0, 1, np.where(whole == 2, 3, 2)))
        claimed, low, high, lines_known = self.lines()
        lines_known &= lists["costs"]
        grants = []
        for end in (low, high):
            amount = np.minimum(np.minimum(requested, CEILING), np.minimum(own, end - own))
            grants.append(np.where(amount >= FLOOR, amount, 0))
        granted = lines_known & own_known & asked & (grants[0] == grants[1])
        score, scored = self.score()
        amounts = {
            "claimed_ore": (claimed, lines_known),
            "eligible_ore": (low, lines_known),
            "disallowed_ore": (claimed - high, lines_known),
            "undetermined_ore": (high - low, lines_known),
            "highest_grant_ore": (np.where(whole == 0, 0, grants[0]), granted | (whole == 0)),
            "score_numerator": (
                score + 5_000 * self.both(region, municipality).astype(np.int64),
                scored & (self.both(region, municipality) != UNKNOWN),
            ),
        }
        found = {"application": self.keys, "outcome": outcome, **met}
        for name, (amount, known) in amounts.items():
            found |= {name: amount, f"{name}?": known}
        return found

    def organisations(self) -> tuple[Array, Array, Array]:
        """The requirement on who leads; a region, and a municipality, takes part."""
        table = self.tables["organisations"]
        at = self.offsets(table.keys)
        lead = self.is_(table, "role", "lead")
        region, municipality = (self.is_(table, "kind", kind) for kind in ("region", "municipality"))
        wrong = self.both(lead, 2 - self.either(region, municipality))
        led = self.both(self.any(lead, at), 2 - self.any(wrong, at))
        return led, self.any(region, at), self.any(municipality, at)

    def own(self) -> tuple[Array, Array]:
        """The applicant's own money, and where it is known."""
        table = self.tables["funding"]
        at = self.offsets(table.keys)
        own = self.is_(table, "source", "own")
        missing = (own == UNKNOWN) | ((own == 2) & ~table.stated["amount_ore"])
        return self.total(self.np.where(own == 2, table.arrays["amount_ore"], 0), at), self.total(missing, at) == 0

    def counted(self) -> Array:
        """The assessments that count."""
        return self.tables["assessments"].arrays["conflict_of_interest"] != 2

    def score(self) -> tuple[Array, Array]:
        """The points of the ratings, and where all are there."""
        np, table = self.np, self.tables["assessments"]
        at, counted = self.offsets(table.keys), self.counted()
        points, known = np.zeros(len(self.keys), np.int64), np.ones(len(self.keys), bool)
        for name in RATINGS:
            given = counted & table.stated[name]
            raters = self.total(given, at)
            points += self.total(np.where(given, table.arrays[name], 0), at) * 2 // np.maximum(raters, 1)
            known &= raters > 0
        return points, known

    def answers(self) -> dict[str, tuple[Array, Array]]:
        """For each judgement, somebody says yes, and somebody no."""
        table = self.tables["assessments"]
        at, counted = self.offsets(table.keys), self.counted()
        return {
            name: tuple(self.total(counted & (table.arrays[name] == level), at) > 0 for level in (2, 0))
            for name in JUDGEMENTS.values()
        }

    def line_answers(self, name: str, yes: Array, no: Array) -> None:
        """Add what is said of single lines, in place."""
        if "line_judgements" not in self.tables:
            return
        np, by_line, costs = self.np, self.tables["line_judgements"], self.tables["costs"]
        assessments = self.tables["assessments"]
        of = np.searchsorted(
            assessments.keys * 10 + assessments.arrays["assessment"], by_line.keys * 10 + by_line.arrays["assessment"]
        )
        line = np.searchsorted(costs.keys * 100 + costs.arrays["id"], by_line.keys * 100 + by_line.arrays["line"])
        for level, found in ((2, yes), (0, no)):
            found[line[self.counted()[of] & (by_line.arrays[name] == level)]] = True

    def lines(self) -> tuple[Array, Array, Array, Array]:
        """What is claimed, what is left at least and at most, and where all lines say what they claim."""
        np, table = self.np, self.tables["costs"]
        at = self.offsets(table.keys)
        row = np.repeat(np.arange(len(self.keys)), at[1] - at[0])
        amount, vat = table.arrays["amount_ore"], table.arrays["vat_ore"]
        day, dated = table.arrays["incurred_on"], table.stated["incurred_on"]
        first_2018, first_2019, first_2020 = 17532, 17897, 18262
        out = [
            self.of(day >= first_2020, dated),
            table.arrays["ordinary_operations"],
            self.both(self.is_(table, "category", "equipment"), 2 - table.arrays["supports_project_directly"]),
            self.both(self.is_(table, "category", "research"), 2 - table.arrays["leads_to_course"]),
        ]
        given = self.answers()
        for category, name in JUDGEMENTS.items():
            yes, no = (said[row] for said in given[name])
            self.line_answers(name, yes, no)
            answer = np.where(yes & ~no, 2, np.where(no & ~yes, 0, UNKNOWN)).astype(np.int8)
            out.append(self.both(self.is_(table, "category", category), 2 - answer))
        taken = self.either(*out)
        claimed, recoverable = amount + vat, table.arrays["vat_recoverable"]
        limited = dated & (day >= first_2018) & (day < first_2020) & table.stated["kilometres_thousandths"]
        limit = (table.arrays["kilometres_thousandths"] * np.where(day < first_2019, 194, 198) + 500) // 1000
        transport = self.is_(table, "category", "transport")
        low = np.where(recoverable == 0, claimed, amount)
        low = np.where(transport == 0, low, np.where(limited, np.minimum(low, limit), 0))
        high = np.where(recoverable == 2, amount, claimed)
        high = np.where((transport == 2) & limited, np.minimum(high, limit), high)
        known = table.stated["amount_ore"] & table.stated["vat_ore"]
        sums = (claimed, np.where(taken == 0, low, 0), np.where(taken == 2, 0, high))
        return *(self.total(of, at) for of in sums), self.total(~known, at) == 0
