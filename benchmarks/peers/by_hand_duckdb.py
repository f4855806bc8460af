"""
Hand-written SQL for DuckDB: the rules of 2018 as one query that an expert would write for them alone.

SQL's own `and`, `or` and `not` are three-valued; its aggregates skip what is missing, so that is counted beside them.
As in the query for Polars, cost lines are added up before anything is joined to them.
"""

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from peers import data
from peers.data import ACTIVITIES, ELEMENTS, JUDGEMENTS, RATINGS
from peers.verdicts import ELIGIBILITY, FORMAL, REQUIREMENTS

JUDGED = {category: f"answer_{index}" for index, category in enumerate(JUDGEMENTS)}
ANSWERS = tuple(JUDGED.values())


def set_up() -> "Duckdb":
    """A database in memory."""
    return Duckdb()


class Duckdb:
    """Files or tables in, one query, an Arrow table out."""

    def __init__(self) -> None:
        import_module("pyarrow")  # which the first result would import otherwise

        self.connection = duckdb.connect()

    def opened(self, folder: Path) -> bool:
        """The files as views, to be scanned by the query."""
        for name, path in data.files(folder):
            self.connection.read_parquet(str(path)).create_view(name)
        return _by_line(folder)

    def held(self, folder: Path) -> bool:
        """The tables, read into another database in memory."""
        self.connection = duckdb.connect()
        for name, path in data.files(folder):
            self.connection.read_parquet(str(path)).create(name)
        return _by_line(folder)

    def decided(self, facts: Any) -> Any:
        """The results, fetched."""
        return self.results(facts).to_arrow_table()

    def results(self, facts: Any) -> Any:
        """The results, not yet worked out."""
        return self.connection.sql(query(by_line=facts))

    def compared(self, made: Any) -> pl.DataFrame:
        """The results as a frame."""
        frame = pl.from_arrow(made)
        assert isinstance(frame, pl.DataFrame)
        return frame


def _by_line(folder: Path) -> bool:
    return "line_judgements" in dict(data.files(folder))


def joined(parts: Iterable[str], by: str = ", ") -> str:
    """Parts of a query as one."""
    return by.join(parts)


def query(by_line: bool) -> str:
    """
    All verdicts, totals and scores, from views or tables named as the tables are.

    Args:
        by_line: there are answers for single lines.
    """
    correct = f", {CORRECTIONS}" if by_line else ""
    join = "LEFT JOIN corrections USING (application)" if by_line else ""
    more = ("coalesce(more_low, 0)", "coalesce(more_high, 0)") if by_line else ("0", "0")
    return f"""
WITH counted AS (
    SELECT * FROM assessments WHERE conflict_of_interest IS NOT TRUE
), organised AS (
    SELECT application,
        {some("role = 'lead'", "lead")},
        {some("role = 'lead' AND kind NOT IN ('municipality', 'region')", "wrong_lead")},
        {some("kind = 'region'", "region")},
        {some("kind = 'municipality'", "municipality")}
    FROM organisations GROUP BY application
), financed AS (
    SELECT application, sum(amount_ore) AS own, bool_or(source IS NULL OR amount_ore IS NULL) AS own_missing
    FROM funding WHERE source = 'own' OR source IS NULL GROUP BY application
), assessed AS (
    {assessed("counted")}
), lines AS (
    SELECT application,
        count(*) - count(claimed) AS unclaimed,
        sum(claimed) AS claimed,
        sum(low) FILTER ({OTHERWISE}) AS low,
        sum(high) FILTER ({OTHERWISE} OR category IS NULL) AS high,
        sum(low) FILTER (category IS NULL) AS low_any,
        {joined(map(by_category, JUDGED))}
    FROM (SELECT application, category, {ends(CERTAINLY_OUT)} FROM costs) GROUP BY application
){correct}, facts AS (
    SELECT a.*,
        {joined(f"CASE WHEN organisations_stated THEN {of} END AS {name}" for name, of in ORGANISED.items())},
        CASE WHEN funding_stated AND own_missing IS NOT TRUE THEN coalesce(own, 0)::BIGINT END AS own,
        costs_stated AND coalesce(unclaimed, 0) = 0 AS whole,
        CASE WHEN whole THEN coalesce(claimed, 0)::BIGINT END AS claimed,
        CASE WHEN whole THEN ({low()} + {more[0]})::BIGINT END AS low,
        CASE WHEN whole THEN ({high()} + {more[1]})::BIGINT END AS high,
        {joined(f"{name}, {name}_count" for name in RATINGS)}
    FROM applications AS a
    LEFT JOIN organised USING (application)
    LEFT JOIN financed USING (application)
    LEFT JOIN lines USING (application)
    LEFT JOIN assessed USING (application)
    {join}
), required AS (
    SELECT *,
        submitted_at <= TIMESTAMPTZ '2018-10-01 10:00:00+00' AS formal_deadline,
        signed AS formal_signature,
        pages <= 5 AS formal_length,
        lead AND NOT wrong_lead AS eligibility_applicants,
        {joined(ACTIVITIES, " OR ")} AS eligibility_activity,
        {joined(ELEMENTS, " AND ")} AS eligibility_competence_elements,
        requested_ore BETWEEN 100000000 AND 250000000 AS eligibility_grant_limits,
        own >= requested_ore AS eligibility_matching,
        shares_material AS eligibility_sharing,
        CASE WHEN formal_programme THEN reports_for_approval WHEN NOT formal_programme THEN true END
            AS eligibility_approval,
        {joined(FORMAL, " AND ")} AS formal,
        {joined(ELIGIBILITY, " AND ")} AS eligible,
        {grant("low")} AS lowest_grant,
        {grant("high")} AS largest_grant
    FROM facts
)
SELECT application,
    CASE WHEN NOT formal THEN 'dismissed' WHEN NOT eligible THEN 'ineligible'
        WHEN formal AND eligible THEN 'eligible' ELSE 'undetermined' END AS outcome,
    {joined(REQUIREMENTS)},
    claimed AS claimed_ore, low AS eligible_ore, claimed - high AS disallowed_ore, high - low AS undetermined_ore,
    CASE WHEN NOT (formal AND eligible) THEN 0 WHEN lowest_grant = largest_grant THEN lowest_grant END
        AS highest_grant_ore,
    ({joined(map(points, RATINGS), " + ")} + 10000 * (region AND municipality)::INTEGER)::BIGINT AS score_numerator
FROM required
"""


def some(holds: str, name: str) -> str:
    """`or` over a group, three-valued."""
    return f"CASE WHEN bool_or({holds}) THEN true WHEN count({holds}) = count(*) THEN false END AS {name}"


def assessed(counted: str) -> str:
    """The ratings, and the answers on which assessors agree."""
    ratings = joined(f"sum({name})::BIGINT AS {name}, count({name}) AS {name}_count" for name in RATINGS)
    ends = joined(f"bool_and({name}) AS {name}_min, bool_or({name}) AS {name}_max" for name in JUDGEMENTS.values())
    answers = joined(
        f"CASE WHEN {name}_min = {name}_max THEN {name}_min END AS {JUDGED[category]}"
        for category, name in JUDGEMENTS.items()
    )
    grouped = f"SELECT application, {ratings}, {ends} FROM {counted} GROUP BY application"
    return f"SELECT *, {answers} FROM ({grouped})"


def ends(out: str) -> str:
    """What a line claims, and what of it is left at least and at most."""
    claimed = "amount_ore + vat_ore"
    rate = """CASE WHEN incurred_on BETWEEN DATE '2018-01-01' AND DATE '2018-12-31' THEN 194
        WHEN incurred_on BETWEEN DATE '2019-01-01' AND DATE '2019-12-31' THEN 198 END"""
    limit = f"((kilometres_thousandths * {rate} + 500) // 1000)"
    sure = f"CASE WHEN vat_recoverable IS NOT FALSE THEN amount_ore ELSE {claimed} END"
    most = f"CASE WHEN vat_recoverable THEN amount_ore ELSE {claimed} END"
    low = f"CASE WHEN category <> 'transport' THEN {sure} ELSE least({sure}, coalesce({limit}, 0)) END"
    high = f"CASE WHEN category = 'transport' THEN least({most}, coalesce({limit}, {most})) ELSE {most} END"
    return f"""{claimed} AS claimed,
        CASE WHEN ({out}) IS NOT FALSE THEN 0 ELSE {low} END AS low,
        CASE WHEN {out} THEN 0 ELSE {high} END AS high"""


CERTAINLY_OUT = """incurred_on > DATE '2019-12-31' OR ordinary_operations
    OR (category = 'equipment' AND NOT supports_project_directly) OR (category = 'research' AND NOT leads_to_course)"""

OTHERWISE = f"category NOT IN ({joined(map(repr, JUDGED))})"


def by_category(category: str) -> str:
    """What is left of the lines of one category."""
    only, answer = f"FILTER (category = '{category}')", JUDGED[category]
    return f"sum(low) {only} AS low_{answer}, sum(high) {only} AS high_{answer}"


def judged(suffix: str) -> str:
    """A judgement takes a line."""
    return joined((f"(category = '{c}' AND NOT {answer}{suffix})" for c, answer in JUDGED.items()), " OR ")


def _both(name: str) -> str:
    lowest = f"least({name}_line_min, {name}_min)"
    return f"CASE WHEN {lowest} = greatest({name}_line_max, {name}_max) THEN {lowest} END"


CORRECTIONS = f"""own_answers AS (
    SELECT application, line AS id,
        {joined(f"bool_and({n}) AS {n}_line_min, bool_or({n}) AS {n}_line_max" for n in JUDGEMENTS.values())}
    FROM line_judgements SEMI JOIN counted USING (application, assessment) GROUP BY application, line
), own_lines AS (
    SELECT *, {joined(f"{_both(name)} AS {JUDGED[category]}_line" for category, name in JUDGEMENTS.items())}
    FROM costs JOIN own_answers USING (application, id) LEFT JOIN assessed USING (application)
), corrections AS (
    SELECT application, sum(right_low - low) AS more_low, sum(right_high - high) AS more_high
    FROM (
        SELECT application, {ends(f"{CERTAINLY_OUT} OR {judged('')}")},
            {ends(f"{CERTAINLY_OUT} OR {judged('_line')}").replace(" AS ", " AS right_")}
        FROM own_lines
    )
    GROUP BY application
)"""

ORGANISED = {
    name: f"CASE WHEN organised.application IS NULL THEN false ELSE {name} END"
    for name in ("lead", "wrong_lead", "region", "municipality")
}


def low() -> str:
    """What is left of all lines at least."""
    parts = [f"CASE WHEN {answer} THEN coalesce(low_{answer}, 0) ELSE 0 END" for answer in ANSWERS]
    any_category = f"CASE WHEN {joined(ANSWERS, ' AND ')} THEN coalesce(low_any, 0) ELSE 0 END"
    return joined(("coalesce(low, 0)", any_category, *parts), " + ")


def high() -> str:
    """What is left of all lines at most."""
    parts = [f"CASE WHEN {answer} IS NOT FALSE THEN coalesce(high_{answer}, 0) ELSE 0 END" for answer in ANSWERS]
    return joined(("coalesce(high, 0)", *parts), " + ")


def grant(eligible: str) -> str:
    """The highest grant at one end of the eligible cost."""
    known = f"requested_ore + own + {eligible} IS NOT NULL"
    amount = f"least(requested_ore, 250000000, own, {eligible} - own)"
    return f"CASE WHEN {known} THEN CASE WHEN {amount} >= 100000000 THEN {amount} ELSE 0 END END"


def points(rating: str) -> str:
    """The mean of a rating over its assessors, by two."""
    return f"CASE WHEN {rating}_count > 0 THEN {rating} * 2 // {rating}_count END"
