"""Applications of real pools, written as every kind of input that a run takes."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
from attrs import frozen

import grantrules as g
from grantrules.batch.outputs import Outputs
from grantrules.batch.running import Run, Summary, run
from tests.pools import RULEBOOKS

PLUGINS = Path(__file__).parents[2] / "plugins"

TABLE_FORMATS = ("parquet", "csv", "jsonl")
FORMATS = (*TABLE_FORMATS, "documents")

POOL = "dk_2018_kompetenceloeft"


@frozen
class Given:
    """The cases of a pool, as they stand in its files."""

    rules: g.Rulebook
    cases: tuple[tuple[Any, tuple[Any, ...]], ...]

    @property
    def decisions(self) -> dict[str, g.Decision]:
        """What the rules say of each, one at a time."""
        made = {}
        for stated, assessed in self.cases:
            application = self.rules.read_application(stated)
            assessments = [self.rules.read_assessment(each) for each in assessed]
            made[application.id] = self.rules.decide(application, assessments)
        return made


def cases_of(pool: str) -> Given:
    """The cases of a pool and round that have a case number."""
    rules = RULEBOOKS[pool]
    found = []
    for folder in sorted((PLUGINS / rules.pool.id / "cases").iterdir()):
        if not (folder / "application.json").exists():
            continue
        application = json.loads((folder / "application.json").read_text("utf-8"))
        assessments = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("assessment*.json"))]
        if application.get("id") and application.get("round") in (None, rules.round.id):
            found.append((application, tuple(assessments)))
    return Given(rules, tuple(found))


def documents(given: Given, file: Path) -> Path:
    """The cases as a file with an application on every line, alone where nobody assesses it."""
    lines = [
        {"application": application, "assessments": given} if given else application
        for application, given in given.cases
    ]
    file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
    return file


def tables(given: Given) -> dict[str, pl.DataFrame]:
    """The cases as data frames."""
    applications = [given.rules.read_application(stated) for stated, _ in given.cases]
    assessments = [
        given.rules.read_assessment({"application": stated["id"], **each})
        for stated, own in given.cases
        for each in own
    ]
    made: dict[str, pl.DataFrame] = given.rules.to_tables(applications, assessments)
    return made


def written(tables: Mapping[str, pl.DataFrame], folder: Path, format: str) -> Path:
    """Tables as the files of a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        match format:
            case "parquet":
                frame.write_parquet(folder / f"{name}.parquet")
            case "csv":
                frame.write_csv(folder / f"{name}.csv")
            case _:
                frame.write_ndjson(folder / f"{name}.jsonl")
    return folder


def source(given: Given, folder: Path, format: str) -> Path:
    """The cases in one of `FORMATS`."""
    return (
        documents(given, folder / "all.jsonl")
        if format == "documents"
        else written(tables(given), folder / format, format)
    )


@frozen
class Done:
    """What a run has written."""

    summary: Summary
    results: pl.DataFrame
    lines: pl.DataFrame
    rejects: Sequence[dict[str, Any]]

    def reasons(self, application: str | None) -> list[tuple[str, str]]:
        """Where something is wrong with an application, and what."""
        found = [each for each in self.rejects if each["application"] == application]
        return [(reason["where"], reason["message"]) for each in found for reason in each["reasons"]]


def decided(rules: g.Rulebook, source: Path, folder: Path, rank: bool = False) -> Done:
    """Run, with the results as Parquet files in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    outputs = Outputs(folder / "results.parquet", folder / "lines.parquet", folder / "rejects.jsonl")
    summary = run(Run(rules, source, outputs, rank))
    assert sorted(path.name for path in folder.iterdir()) == ["lines.parquet", "rejects.jsonl", "results.parquet"]
    rejects = [json.loads(line) for line in outputs.rejects.read_text("utf-8").splitlines()]
    return Done(summary, pl.read_parquet(outputs.results), pl.read_parquet(folder / "lines.parquet"), rejects)
