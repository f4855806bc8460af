"""
openfisca-core, and policyengine-core which grew out of it: variables of two entities, cost lines and applications.

Cost lines are the members of an application, so the cores add them up. Of organisations, funding and assessments,
which would be three more kinds of members, a query outside finds what the rules ask of each application.
"""

from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl
from peers import data
from peers.data import CATEGORIES, JUDGEMENTS, RATINGS
from peers.verdicts import ELIGIBILITY, FORMAL, REQUIREMENTS, SCHEMA

PERIOD = "2018"
DEADLINE = int(data.DEADLINE.timestamp())
LAST_DAY, NEW_RATE_FROM = (int(pl.Series([day]).to_physical()[0]) for day in (data.LAST_DAY, data.NEW_RATE_FROM))

PARAMETERS = {
    "lowest_rate": {"values": {"2018-01-01": {"value": 194}, "2019-01-01": {"value": 198}}},
    "grant_floor": {"values": {"2018-01-01": {"value": 100_000_000}}},
    "grant_ceiling": {"values": {"2018-01-01": {"value": 250_000_000}}},
    "page_limit": {"values": {"2018-01-01": {"value": 5}}},
}

Formula = Callable[[Any, Any, Any], Any]


def openfisca() -> "Fisca":
    """The rules for openfisca-core."""
    return Fisca("openfisca_core")


def policyengine() -> "Fisca":
    """The rules for policyengine-core."""
    return Fisca("policyengine_core")


class Fisca:
    """
    The rules of 2018 for one of the two cores.

    Args:
        core: its package.
    """

    def __init__(self, core: str) -> None:
        part = partial(_part, core)
        self.np = import_module("numpy")
        build = part("entities").build_entity
        roles = [{"key": "member", "plural": "members", "label": "", "doc": ""}]
        entities = [
            build(key="line", plural="lines", label="", is_person=True),
            build(key="application", plural="applications", label="", roles=roles),
        ]
        self.system = part("taxbenefitsystems").TaxBenefitSystem(entities)
        self.system.parameters = part("parameters").ParameterNode("", data=PARAMETERS)
        self.simulation = part("simulations").Simulation
        yearly, variable = part("periods").YEAR, part("variables").Variable
        for entity, inputs, formulas in zip(entities, INPUTS, formulas_with(self.np), strict=True):
            for name, type in inputs.items():
                self.system.add_variable(_variable(variable, name, type, entity, yearly, None))
            for name, (type, formula) in formulas.items():
                self.system.add_variable(_variable(variable, name, type, entity, yearly, formula))

    def opened(self, folder: Path) -> dict[str, Any]:
        """The inputs as arrays, and of which application each line is."""
        tables = data.scans(folder)
        applications, costs = pl.collect_all([applications_of(tables), lines_of(tables)], engine="streaming")
        return {
            "ids": applications["application"],
            "of": costs["index"].to_numpy(),
            "application": {name: applications[name].to_numpy() for name in INPUTS[1]},
            "line": {name: costs[name].to_numpy() for name in INPUTS[0]},
        }

    held = opened

    def decided(self, facts: Any) -> dict[str, Any]:
        """Every column of the results."""
        populations = self.system.instantiate_entities()
        lines, applications = populations["line"], populations["application"]
        for population, count in ((lines, len(facts["of"])), (applications, len(facts["ids"]))):
            population.count = count
            population.ids = self.np.arange(count)
        applications.members_entity_id = facts["of"]
        simulation = self.simulation(tax_benefit_system=self.system, populations=populations)
        for entity in ("line", "application"):
            for name, values in facts[entity].items():
                simulation.set_input(name, PERIOD, values)
        found = {name: self.np.asarray(simulation.calculate(name, PERIOD)) for name in (*REQUIREMENTS, *FIGURES)}
        return {"application": facts["ids"], **found}

    def compared(self, made: Any) -> pl.DataFrame:
        """The arrays as a frame."""
        frame = pl.DataFrame(made)
        outcomes = {0: "dismissed", 1: "ineligible", 2: "eligible"}
        return frame.select(
            "application",
            pl.col("outcome_code").replace_strict(outcomes, return_dtype=pl.String).alias("outcome"),
            *REQUIREMENTS,
            pl.col("claimed").alias("claimed_ore"),
            pl.col("eligible").alias("eligible_ore"),
            (pl.col("claimed") - pl.col("eligible")).alias("disallowed_ore"),
            pl.lit(0).alias("undetermined_ore"),
            pl.col("grant").alias("highest_grant_ore"),
            pl.col("score").alias("score_numerator"),
        ).select(list(SCHEMA))


def _part(core: str, name: str) -> Any:
    return import_module(f"{core}.{name}")


def _variable(base: Any, name: str, type_: type, entity: Any, period: Any, formula: Formula | None) -> Any:
    body = {"value_type": type_, "entity": entity, "definition_period": period, "label": name}
    return type(name, (base,), body if formula is None else {**body, "formula": formula})


# What goes in

TRUTHS = (
    *("signed", "shares_material", "formal_programme", "reports_for_approval"),
    *data.ACTIVITIES,
    *data.ELEMENTS,
)
LINE_TRUTHS = ("vat_recoverable", "ordinary_operations", "supports_project_directly", "leads_to_course")
LINE_NUMBERS = ("category", "amount_ore", "vat_ore", "incurred_on", "kilometres_thousandths")

INPUTS: tuple[dict[str, type], dict[str, type]] = (
    {**dict.fromkeys(LINE_NUMBERS, int), **dict.fromkeys(LINE_TRUTHS, bool)},
    {
        **dict.fromkeys(("submitted_at", "pages", "requested_ore", "own", "points"), int),
        **dict.fromkeys((*TRUTHS, "lead", "wrong_lead", "region", "municipality", *JUDGEMENTS.values()), bool),
    },
)
"""Of lines, and of applications."""


def applications_of(tables: Mapping[str, pl.LazyFrame]) -> pl.LazyFrame:
    """What the rules ask of each application but for its lines."""
    lead, kind = pl.col("role") == "lead", pl.col("kind")
    organised = (
        tables["organisations"]
        .group_by("application")
        .agg(
            lead.any().alias("lead"),
            (lead & (kind != "municipality") & (kind != "region")).any().alias("wrong_lead"),
            *((kind == word).any().alias(word) for word in ("region", "municipality")),
        )
    )
    financed = tables["funding"].filter(pl.col("source") == "own").group_by("application")
    assessed = (
        tables["assessments"]
        .group_by("application")
        .agg(
            pl.sum_horizontal(pl.col(name).sum() for name in RATINGS).alias("points"),
            *(pl.col(name).all() for name in JUDGEMENTS.values()),
        )
    )
    return (
        tables["applications"]
        .join(organised, on="application", how="left")
        .join(financed.agg(pl.col("amount_ore").sum().alias("own")), on="application", how="left")
        .join(assessed, on="application", how="left")
        .select(
            "application",
            pl.col("submitted_at").dt.epoch("s"),
            *(pl.col(name).fill_null(0) for name in ("pages", "requested_ore", "own", "points")),
            *(pl.col(name).fill_null(False) for name, type in INPUTS[1].items() if type is bool),
        )
        .sort("application")
    )


def lines_of(tables: Mapping[str, pl.LazyFrame]) -> pl.LazyFrame:
    """What the rules ask of each line, and the place of its application."""
    index = tables["applications"].select("application").sort("application").with_row_index("index")
    codes = {word: code for code, word in enumerate(CATEGORIES)}
    return (
        tables["costs"]
        .join(index, on="application")
        .select(
            pl.col("index").cast(pl.Int64),
            pl.col("category").replace_strict(codes, return_dtype=pl.Int32),
            pl.col("incurred_on").to_physical(),
            *("amount_ore", "vat_ore"),
            pl.col("kilometres_thousandths").fill_null(0),
            *(pl.col(name).fill_null(False) for name in LINE_TRUTHS),
        )
    )


# What comes out

FIGURES = ("outcome_code", "claimed", "eligible", "grant", "score")


def formulas_with(np: Any) -> tuple[dict[str, tuple[type, Formula]], dict[str, tuple[type, Formula]]]:
    """The formulas of lines, and of applications."""

    def out(line: Any, period: Any, parameters: Any) -> Any:
        category = line("category", period)
        found = (line("incurred_on", period) > LAST_DAY) | line("ordinary_operations", period)
        found |= (category == CATEGORIES.index("equipment")) & ~line("supports_project_directly", period)
        found |= (category == CATEGORIES.index("research")) & ~line("leads_to_course", period)
        for word, judgement in JUDGEMENTS.items():
            found |= (category == CATEGORIES.index(word)) & ~line.application(judgement, period)
        return found

    def line_eligible(line: Any, period: Any, parameters: Any) -> Any:
        vat = np.where(line("vat_recoverable", period), 0, line("vat_ore", period))
        left = line("amount_ore", period) + vat
        rates = [parameters(f"{year}-01-01").lowest_rate for year in (2018, 2019)]
        rate = np.where(line("incurred_on", period) < NEW_RATE_FROM, *rates)
        limit = (line("kilometres_thousandths", period).astype(np.int64) * rate + 500) // 1000
        transport = line("category", period) == CATEGORIES.index("transport")
        return np.where(line("out", period), 0, np.where(transport, np.minimum(left, limit), left))

    def line_claimed(line: Any, period: Any, parameters: Any) -> Any:
        return line("amount_ore", period) + line("vat_ore", period)

    def fact(name: str) -> Formula:
        return lambda application, period, parameters: application(name, period)

    def summed(name: str) -> Formula:
        return lambda application, period, parameters: application.sum(application.members(name, period))

    def every(*names: str) -> Formula:
        return lambda application, period, parameters: np.all([application(name, period) for name in names], axis=0)

    def some(*names: str) -> Formula:
        return lambda application, period, parameters: np.any([application(name, period) for name in names], axis=0)

    def applicants(application: Any, period: Any, parameters: Any) -> Any:
        return application("lead", period) & ~application("wrong_lead", period)

    def deadline(application: Any, period: Any, parameters: Any) -> Any:
        return application("submitted_at", period) <= DEADLINE

    def length(application: Any, period: Any, parameters: Any) -> Any:
        return application("pages", period) <= parameters(period).page_limit

    def limits(application: Any, period: Any, parameters: Any) -> Any:
        requested, at = application("requested_ore", period), parameters(period)
        return (requested >= at.grant_floor) & (requested <= at.grant_ceiling)

    def matching(application: Any, period: Any, parameters: Any) -> Any:
        return application("own", period) >= application("requested_ore", period)

    def approval(application: Any, period: Any, parameters: Any) -> Any:
        return ~application("formal_programme", period) | application("reports_for_approval", period)

    def outcome(application: Any, period: Any, parameters: Any) -> Any:
        refused = np.where(application("meets_eligibility", period), 2, 1)
        return np.where(application("meets_formal", period), refused, 0)

    def grant(application: Any, period: Any, parameters: Any) -> Any:
        own, at = application("own", period), parameters(period)
        least = np.minimum(np.minimum(application("requested_ore", period), at.grant_ceiling), own)
        least = np.minimum(least, application("eligible", period) - own)
        return np.where((application("outcome_code", period) == 2) & (least >= at.grant_floor), least, 0)

    def score(application: Any, period: Any, parameters: Any) -> Any:
        both = application("region", period) & application("municipality", period)
        return application("points", period) + np.where(both, 10_000, 0)

    demands: dict[str, Formula] = {
        "formal_deadline": deadline,
        "formal_signature": fact("signed"),
        "formal_length": length,
        "eligibility_applicants": applicants,
        "eligibility_activity": some(*data.ACTIVITIES),
        "eligibility_competence_elements": every(*data.ELEMENTS),
        "eligibility_grant_limits": limits,
        "eligibility_matching": matching,
        "eligibility_sharing": fact("shares_material"),
        "eligibility_approval": approval,
        "meets_formal": every(*FORMAL),
        "meets_eligibility": every(*ELIGIBILITY),
    }
    figures: dict[str, Formula] = {
        "outcome_code": outcome,
        "claimed": summed("line_claimed"),
        "eligible": summed("line_eligible"),
        "grant": grant,
        "score": score,
    }
    of_lines: dict[str, tuple[type, Formula]] = {
        "out": (bool, out),
        "line_eligible": (int, line_eligible),
        "line_claimed": (int, line_claimed),
    }
    truths = {name: (bool, formula) for name, formula in demands.items()}
    return of_lines, {**truths, **{name: (int, formula) for name, formula in figures.items()}}
