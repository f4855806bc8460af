"""Three applications to the pool of 2018, made of the case that meets every rule."""

import json
from pathlib import Path
from typing import Any

import polars as pl

import grantrules as g
from tests.pools import REAL

POOL = "dk_2018_kompetenceloeft"
CLEAN = Path(__file__).parents[2] / "plugins" / POOL / "cases" / "clean"


def application(id: str, **stated: Any) -> Any:
    """The application of the case with another number and other facts."""
    data = {**json.loads((CLEAN / "application.json").read_text("utf-8")), "id": id, **stated}
    return REAL.read_application({key: value for key, value in data.items() if value is not None})


def assessments(id: str) -> list[Any]:
    """The assessments of the case, of another application."""
    files = sorted(CLEAN.glob("assessment-*.json"))
    return [REAL.read_assessment({**json.loads(file.read_text("utf-8")), "application": id}) for file in files]


def led_by(*kinds: str | None) -> list[dict[str, Any]]:
    """The organisations of the case, so many of them in the lead and of these kinds."""
    stated = json.loads((CLEAN / "application.json").read_text("utf-8"))["organisations"]
    leads = [{**one, "role": "lead", "kind": kind} for one, kind in zip(stated, kinds, strict=False)]
    partners = [{**one, "role": "partner"} for one in stated[len(leads) :]]
    return [{name: fact for name, fact in one.items() if fact is not None} for one in (*leads, *partners)]


def larger(extra: int) -> dict[str, Any]:
    """Costs and own financing of the case, each with so many kroner more."""
    data = json.loads((CLEAN / "application.json").read_text("utf-8"))
    costs, funding = data["costs"], data["funding"]
    for item in (costs[1], funding[0]):
        item["amount"] = str(g.kr(item["amount"]) + extra)
    return {"costs": costs, "funding": funding}


def tables(*applications: Any) -> dict[str, pl.DataFrame]:
    """The tables of some applications, each assessed."""
    made: dict[str, pl.DataFrame] = REAL.to_tables(
        applications, [one for made in applications for one in assessments(made.id)]
    )
    return made


def three() -> dict[str, pl.DataFrame]:
    """One that is eligible, one that applies for more than the ceiling, and one that does not say for how much."""
    return tables(
        application("SUM-2018-0417"),
        application(
            "SUM-2018-0418",
            requested="2800000.00",
            organisations=led_by("municipality"),
            **larger(2_500_000),
        ),
        application("SUM-2018-0419", requested=None, organisations=led_by("region", "municipality")),
    )


def written(frames: dict[str, pl.DataFrame], folder: Path) -> str:
    """Tables as the files of a folder."""
    folder.mkdir()
    for name, frame in frames.items():
        frame.write_parquet(folder / f"{name}.parquet")
    return str(folder)
