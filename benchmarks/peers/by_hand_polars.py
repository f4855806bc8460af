"""
Hand-written Polars: the rules of 2018 as one query that an expert would write for them alone.

Three-valued throughout. Inside a group a truth is a number, 0 false, 1 unknown, 2 true, so that `or` over the group is
its largest. Cost lines are summed before anything is joined to them: what a judgement decides is whether the lines of
a category count, so each such category is summed by itself and the answers meet one row for each application. The few
lines that somebody answers for one by one are then put right.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
from peers import data
from peers.data import ACTIVITIES, DEADLINE, ELEMENTS, JUDGEMENTS, RATINGS
from peers.verdicts import ELIGIBILITY, FORMAL, REQUIREMENTS

FLOOR, CEILING = 100_000_000, 250_000_000
LAST_DAY = pl.date(2019, 12, 31)
RATES = {2018: 194, 2019: 198}

JUDGED = {category: f"answer_{index}" for index, category in enumerate(JUDGEMENTS)}
"""Category to the answer on which it depends, for all its lines."""

Tables = Mapping[str, pl.LazyFrame]


def set_up() -> "Polars":
    """Nothing is prepared."""
    return Polars()


class Polars:
    """Lazy frames in, one query, a frame out."""

    def opened(self, folder: Path) -> Any:
        """The files, to be scanned by the query."""
        return data.scans(folder)

    def held(self, folder: Path) -> Any:
        """The tables, read."""
        return {name: frame.lazy() for name, frame in data.frames(folder).items()}

    def decided(self, facts: Any) -> Any:
        """The results, collected."""
        return query(facts).collect(engine="streaming")

    def compared(self, made: Any) -> pl.DataFrame:
        """The results as they are."""
        frame: pl.DataFrame = made
        return frame


def query(tables: Tables) -> pl.LazyFrame:
    """All verdicts, totals and scores."""
    counted = tables["assessments"].filter(~pl.col("conflict_of_interest").fill_null(False))
    made = (
        tables["applications"]
        .join(organisations(tables["organisations"]), on="application", how="left")
        .join(own_financing(tables["funding"]), on="application", how="left")
        .join(lines(tables["costs"]), on="application", how="left")
        .join(assessed(counted), on="application", how="left")
    )
    if "line_judgements" in tables:
        made = made.join(corrections(tables, counted), on="application", how="left")
    else:
        made = made.with_columns(pl.lit(0).alias("more_low"), pl.lit(0).alias("more_high"))
    return decided(made)


def level(truth: pl.Expr) -> pl.Expr:
    """A truth as a number."""
    return (truth.cast(pl.Int8) * 2).fill_null(1)


def truth(level: pl.Expr) -> pl.Expr:
    """A number as a truth."""
    return pl.when(level != 1).then(level == 2)


def agreed(name: str, lowest: str, highest: str) -> pl.Expr:
    """The answer that all give, as a number."""
    same = pl.col(lowest) == pl.col(highest)
    return pl.when(same).then(pl.col(lowest).cast(pl.Int8) * 2).otherwise(1).fill_null(1).alias(name)


# One row for each application of each list


def organisations(table: pl.LazyFrame) -> pl.LazyFrame:
    """Who leads, and which kinds take part."""
    lead, kind = pl.col("role") == "lead", pl.col("kind")
    may_lead = (kind == "municipality") | (kind == "region")
    found = {
        "lead": lead,
        "wrong_lead": lead & ~may_lead,
        "region": kind == "region",
        "municipality": kind == "municipality",
    }
    return table.group_by("application").agg(level(of).max().alias(name) for name, of in found.items())


def own_financing(table: pl.LazyFrame) -> pl.LazyFrame:
    """The applicant's own money, and whether some of it may be missing."""
    own, amount = pl.col("source") == "own", pl.col("amount_ore")
    possible = table.filter(own.fill_null(True))
    missing = (own.is_null() | amount.is_null()).any().alias("own_missing")
    return possible.group_by("application").agg(amount.sum().alias("own"), missing)


def assessed(counted: pl.LazyFrame) -> pl.LazyFrame:
    """The ratings, and the answers that the assessors agree on."""
    answers = JUDGEMENTS.values()
    found = counted.group_by("application").agg(
        *(pl.col(name).sum() for name in RATINGS),
        *(pl.col(name).count().cast(pl.Int64).alias(f"{name}_count") for name in RATINGS),
        *(pl.col(name).min().alias(f"{name}_min") for name in answers),
        *(pl.col(name).max().alias(f"{name}_max") for name in answers),
    )
    return found.with_columns(
        agreed(JUDGED[category], f"{name}_min", f"{name}_max") for category, name in JUDGEMENTS.items()
    )


# Cost lines

CATEGORY = pl.col("category")


def certainly_out() -> pl.Expr:
    """What takes a whole line whatever anybody judges."""
    return pl.any_horizontal(
        pl.col("incurred_on") > LAST_DAY,
        pl.col("ordinary_operations"),
        (CATEGORY == "equipment") & ~pl.col("supports_project_directly"),
        (CATEGORY == "research") & ~pl.col("leads_to_course"),
    )


def ends(out: pl.Expr) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """What a line claims, and what of it is left at least and at most."""
    amount, recoverable, day = pl.col("amount_ore"), pl.col("vat_recoverable"), pl.col("incurred_on")
    claimed = amount + pl.col("vat_ore")
    years = [(day.is_between(pl.date(year, 1, 1), pl.date(year, 12, 31)), ore) for year, ore in RATES.items()]
    rate = pl.coalesce(pl.when(within).then(ore) for within, ore in years)
    limit = (pl.col("kilometres_thousandths") * rate + 500) // 1000
    transport = CATEGORY == "transport"
    low = pl.when(recoverable.fill_null(True)).then(amount).otherwise(claimed)
    low = pl.when(transport.fill_null(True)).then(pl.min_horizontal(low, limit.fill_null(0))).otherwise(low)
    high = pl.when(recoverable).then(amount).otherwise(claimed)
    high = pl.when(transport).then(pl.min_horizontal(high, limit)).otherwise(high)  # no limit takes nothing for sure
    low = pl.when(out.fill_null(True)).then(0).otherwise(low)
    high = pl.when(out).then(0).otherwise(high)
    return claimed.alias("claimed"), low.alias("low"), high.alias("high")


def lines(costs: pl.LazyFrame) -> pl.LazyFrame:
    """The lines of each application added up, those that hang on a judgement by category."""
    depends = CATEGORY.is_in(list(JUDGED))
    low, high = pl.col("low"), pl.col("high")
    parts = {
        "low": pl.when(~depends).then(low),
        "high": pl.when(depends).then(None).otherwise(high),
        "low_any": pl.when(CATEGORY.is_null()).then(low),
    }
    for category, answer in JUDGED.items():
        parts[f"low_{answer}"] = pl.when(category == CATEGORY).then(low)
        parts[f"high_{answer}"] = pl.when(category == CATEGORY).then(high)
    return (
        costs.select("application", "category", *ends(certainly_out()))
        .select("application", "claimed", *(part.alias(name) for name, part in parts.items()))
        .group_by("application")
        .agg(pl.col("claimed").null_count().alias("unclaimed"), pl.col("claimed", *parts).sum())
    )


def judged(answers: Mapping[str, pl.Expr]) -> pl.Expr:
    """A judgement takes a line, given the answers as numbers."""
    return pl.any_horizontal(
        (category == CATEGORY) & pl.when(answers[answer] != 1).then(answers[answer] == 0)
        for category, answer in JUDGED.items()
    )


def corrections(tables: Tables, counted: pl.LazyFrame) -> pl.LazyFrame:
    """How much more, or less, is left of the lines that somebody answers for by themselves."""
    names = JUDGEMENTS.values()
    given = tables["line_judgements"].join(counted, on=["application", "assessment"], how="semi")
    extremes = [
        *(pl.col(name).min().alias(f"{name}_line_min") for name in names),
        *(pl.col(name).max().alias(f"{name}_line_max") for name in names),
    ]
    own = given.group_by("application", pl.col("line").alias("id")).agg(extremes)
    overall = assessed(counted.join(own, on="application", how="semi"))
    found = tables["costs"].join(own, on=["application", "id"]).join(overall, on="application", how="left")
    both = {
        JUDGED[category]: agreed(f"{JUDGED[category]}_line", f"{name}_lowest", f"{name}_highest")
        for category, name in JUDGEMENTS.items()
    }
    found = found.with_columns(
        *(pl.min_horizontal(f"{name}_min", f"{name}_line_min").alias(f"{name}_lowest") for name in names),
        *(pl.max_horizontal(f"{name}_max", f"{name}_line_max").alias(f"{name}_highest") for name in names),
    )
    general = {answer: pl.col(answer).fill_null(1) for answer in JUDGED.values()}
    out = certainly_out()
    _, low, high = ends(out | judged(general))
    _, own_low, own_high = ends(out | judged(both))
    return (
        found.select("application", (own_low - low).alias("more_low"), (own_high - high).alias("more_high"))
        .group_by("application")
        .agg(pl.col("more_low").sum(), pl.col("more_high").sum())
    )


# Everything together


def stated(name: str, of: pl.Expr) -> pl.Expr:
    """Something about a list, if the list is stated."""
    return pl.when(pl.col(f"{name}_stated")).then(of)


def totals() -> dict[str, pl.Expr]:
    """What is claimed, and what is left at least and at most."""
    low, high = pl.col("low").fill_null(0), pl.col("high").fill_null(0)
    accepted = pl.all_horizontal(pl.col(answer) == 2 for answer in JUDGED.values())
    low += pl.when(accepted).then(pl.col("low_any")).otherwise(0).fill_null(0)
    for answer in JUDGED.values():
        low += pl.when(pl.col(answer) == 2).then(pl.col(f"low_{answer}")).otherwise(0).fill_null(0)
        high += pl.when(pl.col(answer) == 0).then(0).otherwise(pl.col(f"high_{answer}")).fill_null(0)
    low += pl.col("more_low").fill_null(0)
    high += pl.col("more_high").fill_null(0)
    found = {"claimed": pl.col("claimed").fill_null(0), "low": low, "high": high}
    complete = pl.col("unclaimed").fill_null(0) == 0
    return {name: stated("costs", pl.when(complete).then(of)).alias(name) for name, of in found.items()}


def requirements() -> dict[str, pl.Expr]:
    """Every requirement."""
    formal = pl.col("formal_programme")
    approval = pl.when(formal).then("reports_for_approval").when(~formal).then(True)
    return {
        "formal_deadline": pl.col("submitted_at") <= pl.lit(DEADLINE),
        "formal_signature": pl.col("signed"),
        "formal_length": pl.col("pages") <= 5,
        "eligibility_applicants": pl.col("lead") & ~pl.col("wrong_lead"),
        "eligibility_activity": pl.any_horizontal(ACTIVITIES),
        "eligibility_competence_elements": pl.all_horizontal(ELEMENTS),
        "eligibility_grant_limits": pl.col("requested_ore").is_between(FLOOR, CEILING),
        "eligibility_matching": pl.col("own") >= pl.col("requested_ore"),
        "eligibility_sharing": pl.col("shares_material"),
        "eligibility_approval": approval,
    }


def grant(eligible: str) -> pl.Expr:
    """The highest grant at one end of the eligible cost."""
    own, requested = pl.col("own"), pl.col("requested_ore")
    amount = pl.min_horizontal(requested, CEILING, own, pl.col(eligible) - own)
    known = requested.is_not_null() & own.is_not_null() & pl.col(eligible).is_not_null()
    return pl.when(known).then(pl.when(amount >= FLOOR).then(amount).otherwise(0))


def decided(made: pl.LazyFrame) -> pl.LazyFrame:
    """The results of all applications, given everything about them in one row each."""
    known = ("lead", "wrong_lead", "region", "municipality")
    own = pl.when(pl.col("own_missing").fill_null(False)).then(None).otherwise(pl.col("own").fill_null(0))
    made = made.with_columns(
        *(stated("organisations", truth(pl.col(name).fill_null(0))).alias(name) for name in known),
        stated("funding", own).alias("own"),
        *totals().values(),
    )
    made = made.with_columns(**requirements())
    formal, eligible = pl.all_horizontal(FORMAL), pl.all_horizontal(ELIGIBILITY)
    refused = pl.when(~formal).then(pl.lit("dismissed")).when(~eligible).then(pl.lit("ineligible"))
    outcome = refused.when(formal & eligible).then(pl.lit("eligible")).otherwise(pl.lit("undetermined"))
    low, high = grant("low"), grant("high")
    score = (pl.col("region") & pl.col("municipality")).cast(pl.Int64) * 10_000
    for name in RATINGS:
        raters = pl.col(f"{name}_count")
        score += pl.when(raters > 0).then(pl.col(name) * 2 // raters)
    return made.select(
        "application",
        outcome.alias("outcome"),
        *REQUIREMENTS,
        pl.col("claimed").alias("claimed_ore"),
        pl.col("low").alias("eligible_ore"),
        (pl.col("claimed") - pl.col("high")).alias("disallowed_ore"),
        (pl.col("high") - pl.col("low")).alias("undetermined_ore"),
        pl.when(~(formal & eligible)).then(0).when(low == high).then(low).alias("highest_grant_ore"),
        score.alias("score_numerator"),
    )
