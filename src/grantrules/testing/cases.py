"""
Example cases: a folder with an application, its assessments, and what is expected of the decision.

    cases/late/application.json, assessment-1.json, …, expected.json

`expected.json` is written by hand, apart from the code, and says why under `why`. It may leave out whatever it likes,
but a list of findings, lines, needs or conditions that it names is the whole list.
"""

import json
from pathlib import Path
from typing import Any

from grantrules.rulebooks import Rulebook

FOR_PEOPLE = "why"
"""The key under which an expectation gives its reasons."""


def case_folders(cases: Path) -> list[Path]:
    """Every case below a folder, in order of name."""
    return sorted(folder for folder in cases.iterdir() if (folder / "application.json").exists())


def decided_case(rulebook: Rulebook, folder: Path) -> dict[str, Any]:
    """
    The decision on a case with all its assessments, as an expectation is compared with it.

    Findings are told apart by rule, cost lines by id; needs are sorted pairs of `from` and `what`.
    """
    assessments = [rulebook.read_assessment(file) for file in sorted(folder.glob("assessment*.json"))]
    decision = rulebook.decide(rulebook.read_application(folder / "application.json"), assessments)
    data: dict[str, Any] = json.loads(json.dumps(decision.to_dict()))
    needs = [{"from": need["from"], "what": need["what"]} for need in data["needed"]]
    return {
        **data,
        "findings": {finding["rule"]: finding["result"] for finding in data["findings"]},
        "costs": {**data["costs"], "lines": {line["id"]: line for line in data["costs"]["lines"]}},
        "needed": sorted(needs, key=lambda need: (need["from"], need["what"])),
    }


def case_differences(rulebook: Rulebook, folder: Path) -> list[str]:
    """
    Everything in which the decision on a case differs from what is expected of it; empty if nothing does.

    An expectation without its reasons is a difference too.
    """
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    reasons = expected.pop(FOR_PEOPLE, None)
    unexplained = [] if reasons else [f".{FOR_PEOPLE}: the expectation gives no reasons"]
    return unexplained + differences(expected, decided_case(rulebook, folder))


def differences(expected: Any, found: Any, place: str = "") -> list[str]:
    """What an expectation names and the decision does not have, or has otherwise; each with its path."""
    if not isinstance(expected, dict):
        return [] if expected == found else [f"{place}: expected {expected!r}, found {found!r}"]
    if not isinstance(found, dict):
        return [f"{place}: expected an object, found {found!r}"]
    named = [f"{place}.{key}: the decision has no such key" for key in expected if key not in found]
    if place.rpartition(".")[2] in ("findings", "lines"):
        named += [f"{place}.{key}: not among what is expected" for key in found if key not in expected]
    for key in expected.keys() & found.keys():
        named += differences(expected[key], found[key], f"{place}.{key}")
    return named
