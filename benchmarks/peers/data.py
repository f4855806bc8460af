"""
The applications that everybody decides: tables as `grantrules.tables.layout` lays them out, made by arithmetic alone.

Every fact is drawn from a hash of its row, so the same number of applications is the same data in every run, a table
can be written without being held, and what one table says of an application another can draw again.

The tables `full` have what a ministry has: half of the applications are unfinished, and of those every tenth fact is
missing, five percent of all; assessors disagree, have conflicts of interest, or answer line by line. The tables
`complete` are the same applications without any of that, for those who know no missing facts.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path

import polars as pl

LINES = 12
"""Cost lines of every application."""

ORGANISATIONS, FUNDING, ASSESSORS = 4, 3, 2
"""At most so many, at most so many, and always so many."""

TABLES = ("applications", "organisations", "funding", "costs", "assessments", "line_judgements")

CATEGORIES = (
    *("project_staff", "experts", "supporting_material", "meetings", "transport", "consultancy"),
    *("material_development", "audit", "establishment", "equipment", "research", "fares", "other"),
)
JUDGEMENTS = {
    "experts": "judgement_experts_limited",
    "supporting_material": "judgement_material_limited",
    "consultancy": "judgement_consultancy_necessary",
    "material_development": "judgement_material_decisive",
    "other": "judgement_unlisted_accepted",
}
"""Category to the answer on which its lines depend."""

RATINGS = tuple(
    f"rating_{criterion}_thousandths"
    for criterion in ("purpose", "goals", "organisation", "broad_lift", "strategic_technology")
)
ACTIVITIES = tuple(f"activities__{word}" for word in ("new_course", "further_development", "teaching_capacity"))
ELEMENTS = (
    *("competence_elements__technology_understanding", "competence_elements__application"),
    "competence_elements__communication",
)
KINDS = ("municipality", "region", "hospital", "education", "association", "company")
"""Of organisations; the first two may lead."""

DEADLINE = datetime(2018, 10, 1, 10, 0, tzinfo=UTC)
FIRST_DAY, LAST_DAY, NEW_RATE_FROM = date(2018, 1, 1), date(2019, 12, 31), date(2019, 1, 1)


class Variant(Enum):
    """Which tables."""

    FULL = "full"
    COMPLETE = "complete"


def write(folder: Path, applications: int, variant: Variant) -> None:
    """Write one Parquet file for each table; complete applications need no answers for single lines."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Made(variant is Variant.FULL)
    tables = {
        "applications": made.applications(applications),
        "organisations": made.organisations(applications),
        "funding": made.funding(applications),
        "costs": made.costs(applications),
        "assessments": made.assessments(applications),
    }
    if made.full:
        tables["line_judgements"] = made.line_judgements(applications)
    for name, table in tables.items():
        table.sink_parquet(folder / f"{name}.parquet")


def scans(folder: Path) -> dict[str, pl.LazyFrame]:
    """The tables that a folder has, to be read when a query wants them."""
    return {name: pl.scan_parquet(path) for name, path in files(folder)}


def frames(folder: Path) -> dict[str, pl.DataFrame]:
    """The tables that a folder has, read."""
    return {name: pl.read_parquet(path) for name, path in files(folder)}


def files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The tables that a folder has, and where."""
    for name in TABLES:
        path = folder / f"{name}.parquet"
        if path.exists():
            yield name, path


# Draws

APPLICATION, ROW = pl.col("_application"), pl.col("_row")


def drawn(of: pl.Expr, stream: str, below: int) -> pl.Expr:
    """A whole number from 0 up to `below`, evenly."""
    seed = sum(ord(letter) * 31**place for place, letter in enumerate(stream)) % 2**61
    return (of.hash(seed) % below).cast(pl.Int64)


def chance(of: pl.Expr, stream: str, percent: int) -> pl.Expr:
    """True in so many of a hundred."""
    return drawn(of, stream, 100) < percent


def one_of(of: pl.Expr, stream: str, words: Sequence[str]) -> pl.Expr:
    """One of some words, evenly."""
    return drawn(of, stream, len(words)).replace_strict(range(len(words)), words, return_dtype=pl.String)


def rows(applications: int, each: int = 1) -> pl.LazyFrame:
    """So many rows for each application, in order, with the number of the application and of the row."""
    number = pl.int_range(applications * each, dtype=pl.UInt64)
    return pl.select(number.alias("_row")).lazy().with_columns((ROW // each).alias("_application"))


CASE_NUMBER = pl.concat_str(pl.lit("2018-"), APPLICATION.cast(pl.String).str.zfill(7)).alias("application")


def requested() -> pl.Expr:
    """What an application asks for: mostly within the limits, sometimes at one or an øre beside it."""
    evenly = 100_000_000 + drawn(APPLICATION, "requested", 150_000_001)
    edges = (99_999_999, 100_000_000, 250_000_000, 250_000_001)
    kind = drawn(APPLICATION, "edge", 100)
    for index, edge in enumerate(edges):
        evenly = pl.when(kind == index).then(edge).otherwise(evenly)
    return evenly


class Made:
    """
    The tables of one variant.

    Attributes:
        full: facts are missing, and assessors disagree.
    """

    def __init__(self, full: bool) -> None:
        self.full = full

    def stated(self, fact: pl.Expr, name: str) -> pl.Expr:
        """A fact, unless it is missing."""
        if not self.full:
            return fact.alias(name)
        missing = self._unfinished & (drawn(ROW, f"missing {name}", 10) == 0)
        return pl.when(~missing).then(fact).alias(name)

    @property
    def _unfinished(self) -> pl.Expr:
        return chance(APPLICATION, "unfinished", 50)

    def lists(self, name: str) -> pl.Expr:
        """Whether an application states a list."""
        if not self.full:
            return pl.lit(True)
        return ~(self._unfinished & (drawn(APPLICATION, f"list {name}", 40) == 0))

    def applications(self, applications: int) -> pl.LazyFrame:
        """One row each."""
        early = drawn(APPLICATION, "early", 60 * 24 * 3600)
        late = -1 - drawn(APPLICATION, "late", 3600)
        kind = drawn(APPLICATION, "moment", 100)
        before = pl.when(kind < 4).then(late).when(kind < 6).then(0).otherwise(early)
        moment = pl.lit(DEADLINE) - pl.duration(seconds=before)
        pages = pl.when(chance(ROW, "long", 3)).then(6).otherwise(1 + drawn(ROW, "pages", 5))
        whole = chance(ROW, "all elements", 94)
        words = [
            *((name, chance(ROW, name, 70)) for name in ACTIVITIES),
            *((name, whole | chance(ROW, name, 50)) for name in ELEMENTS),
        ]
        shares = {"activities": ACTIVITIES, "competence_elements": ELEMENTS}
        listed = {name: of for of, names in shares.items() for name in names}
        return rows(applications).select(
            CASE_NUMBER,
            self.stated(moment.cast(pl.Datetime("us", "UTC")), "submitted_at"),
            self.stated(chance(ROW, "signed", 97), "signed"),
            self.stated(requested(), "requested_ore"),
            self.stated(pages, "pages"),
            *(self.stated(fact, listed[name]).alias(name) for name, fact in words),
            self.stated(chance(ROW, "shares", 97), "shares_material"),
            self.stated(chance(ROW, "formal", 50), "formal_programme"),
            self.stated(chance(ROW, "reports", 95), "reports_for_approval"),
            *(self.lists(name).alias(f"{name}_stated") for name in ("organisations", "funding", "costs")),
        )

    def _items(self, name: str, applications: int, each: int, always: int) -> pl.LazyFrame:
        """The items of a list: some always, each further one half the time."""
        position = ROW % each
        there = (position < always) | chance(ROW, f"further {name}", 50)
        return (
            rows(applications, each)
            .filter(there & self.lists(name))
            .with_columns(position.cast(pl.Int64).alias("position"))
        )

    def organisations(self, applications: int) -> pl.LazyFrame:
        """The first one leads nearly always; a lead is nearly always a body that may."""
        lead = pl.when(pl.col("position") == 0).then(chance(ROW, "leads", 98)).otherwise(chance(ROW, "leads too", 10))
        role = pl.when(lead).then(pl.lit("lead")).otherwise(pl.lit("partner"))
        may = one_of(ROW, "may", KINDS[:2])
        any_kind = one_of(ROW, "any kind", KINDS)
        kind = pl.when(lead & chance(ROW, "allowed", 97)).then(may).otherwise(any_kind)
        return self._items("organisations", applications, ORGANISATIONS, 1).select(
            CASE_NUMBER, "position", self.stated(kind, "kind"), self.stated(role, "role")
        )

    def funding(self, applications: int) -> pl.LazyFrame:
        """The first one is nearly always own money, mostly a little more than what is asked for."""
        first = pl.col("position") == 0
        own = pl.when(chance(ROW, "own", 98)).then(pl.lit("own")).otherwise(pl.lit("private"))
        source = pl.when(first).then(own).otherwise(one_of(ROW, "source", ("own", "public", "private")))
        matched = requested() + pl.when(chance(ROW, "less", 6)).then(-1).otherwise(drawn(ROW, "more", 10_000_000))
        amount = pl.when(first).then(matched).otherwise(drawn(ROW, "amount", 20_000_000))
        return self._items("funding", applications, FUNDING, 1).select(
            CASE_NUMBER, "position", self.stated(source, "source"), self.stated(amount, "amount_ore")
        )

    def costs(self, applications: int) -> pl.LazyFrame:
        """Lines over all categories; what does not concern a category is not stated."""
        category = pl.col("_category")
        fare, price = drawn(ROW, "fare", 700_000), drawn(ROW, "amount", 90_000_000)
        amount = pl.when(category == "transport").then(fare).otherwise(price)
        vat = pl.when(chance(ROW, "taxed", 60)).then(pl.col("_amount") // 4).otherwise(0)
        day = pl.lit(FIRST_DAY) + pl.duration(days=drawn(ROW, "day", 740))
        if self.full:
            day = pl.when(chance(ROW, "before the rates", 1)).then(pl.lit(date(2017, 12, 31))).otherwise(day)
        return (
            self._items("costs", applications, LINES, LINES)
            .with_columns(one_of(ROW, "category", CATEGORIES).alias("_category"))
            .with_columns(amount.alias("_amount"))
            .select(
                CASE_NUMBER,
                "position",
                line_id().alias("id"),
                self.stated(pl.col("_amount"), "amount_ore"),
                self.stated(vat, "vat_ore"),
                self.stated(chance(ROW, "recoverable", 30), "vat_recoverable"),
                self.stated(day, "incurred_on"),
                self._concerning("transport", drawn(ROW, "kilometres", 4_000_000), "kilometres_thousandths"),
                self.stated(category, "category"),
                self.stated(chance(ROW, "operations", 4), "ordinary_operations"),
                self._concerning("equipment", chance(ROW, "direct", 70), "supports_project_directly"),
                self._concerning("research", chance(ROW, "course", 70), "leads_to_course"),
            )
        )

    def _concerning(self, category: str, fact: pl.Expr, name: str) -> pl.Expr:
        return self.stated(pl.when(pl.col("_category") == category).then(fact), name)

    def assessments(self, applications: int) -> pl.LazyFrame:
        """Two each; who answers a question line by line does not answer it for all lines."""
        conflict = chance(ROW, "conflict", 2) if self.full else pl.lit(False)
        rated = [self.stated(100 * drawn(ROW, name, 51), name) for name in RATINGS]
        answered = []
        for name in JUDGEMENTS.values():
            answer = self.answer(name)
            if self.full:
                answer = pl.when(~self.by_line(name)).then(answer)
            answered.append(self.stated(answer, name))
        return rows(applications, ASSESSORS).select(
            CASE_NUMBER,
            (ROW % ASSESSORS + 1).cast(pl.String).alias("assessment"),
            self.stated(conflict, "conflict_of_interest"),
            *rated,
            *answered,
        )

    def answer(self, judgement: str) -> pl.Expr:
        """What an assessor answers for all lines: both alike, but for one of twenty-five where they may differ."""
        alike = chance(APPLICATION, judgement, 80)
        if not self.full:
            return alike
        own = chance(ROW, f"differs {judgement}", 50)
        return pl.when(chance(ROW, f"own {judgement}", 4)).then(own).otherwise(alike)

    def by_line(self, judgement: str) -> pl.Expr:
        """An assessor answers a question line by line."""
        return chance(ROW, f"by line {judgement}", 2)

    def line_judgements(self, applications: int) -> pl.LazyFrame:
        """The answers for single lines, of those who give them; some are left out."""
        of_line = pl.col("_line")
        line = pl.col("_application") * LINES + of_line
        category = one_of(line, "category", CATEGORIES)
        answers = [
            pl.when(self.by_line(name) & (pl.col("_category") == category))
            .then(chance(ROW * LINES + of_line, f"line {name}", 60))
            .alias(name)
            for category, name in JUDGEMENTS.items()
        ]
        given = pl.any_horizontal(pl.col(name).is_not_null() for name in JUDGEMENTS.values())
        asked = rows(applications, ASSESSORS).filter(pl.any_horizontal(self.by_line(n) for n in JUDGEMENTS.values()))
        return (
            asked.filter(self.lists("costs"))
            .with_columns(pl.lit(list(range(LINES)), dtype=pl.List(pl.UInt64)).alias("_line"))
            .explode("_line")
            .with_columns(category.alias("_category"))
            .filter(~chance(ROW * LINES + of_line, "unanswered", 10))
            .select(
                CASE_NUMBER,
                (ROW % ASSESSORS + 1).cast(pl.String).alias("assessment"),
                line_id(of_line).alias("line"),
                *answers,
            )
            .filter(given)
        )


def line_id(position: pl.Expr | None = None) -> pl.Expr:
    """The id of a cost line."""
    at = ROW % LINES if position is None else position
    return pl.concat_str(pl.lit("c"), (at + 1).cast(pl.String).str.zfill(2))
