"""The example cases, decided and compared with what was worked out apart from this code."""

import json
from pathlib import Path
from typing import Any

import pytest

from .build import RULES

CASES = Path(__file__).parents[1] / "cases"
FOLDERS = sorted(folder for folder in CASES.iterdir() if folder.is_dir())

FOR_PEOPLE = ("why",)


def compared(expected: Any, found: Any, place: str = "") -> list[str]:
    """
    Everything in which a decision differs from what is expected of it.

    An expectation may leave out whatever it likes; one that names what the decision does not have is a difference.
    """
    if not isinstance(expected, dict):
        return [] if expected == found else [f"{place}: expected {expected!r}, found {found!r}"]
    if not isinstance(found, dict):
        return [f"{place}: expected an object, found {found!r}"]
    differences = [f"{place}.{key}: the decision has no such key" for key in expected if key not in found]
    for key in expected.keys() & found.keys():
        differences += compared(expected[key], found[key], f"{place}.{key}")
    return differences


def told_apart(decision: dict[str, Any]) -> dict[str, Any]:
    """A decision in the form of an expectation: findings and lines by their id, needs as sorted pairs."""
    costs = decision["costs"]
    needs = [{"from": need["from"], "what": need["what"]} for need in decision["needed"]]
    return {
        **decision,
        "findings": {finding["rule"]: finding["result"] for finding in decision["findings"]},
        "costs": {**costs, "lines": {line["id"]: line for line in costs["lines"]}},
        "needed": sorted(needs, key=lambda need: (need["from"], need["what"])),
    }


def decided(folder: Path) -> dict[str, Any]:
    """The decision on a case with all its assessments, as JSON data."""
    assessments = [RULES.read_assessment(file) for file in sorted(folder.glob("assessment*.json"))]
    decision = RULES.decide(RULES.read_application(folder / "application.json"), assessments)
    data = json.loads(json.dumps(decision.to_dict()))
    assert isinstance(data, dict)
    return data


def test_there_are_at_least_four_cases() -> None:
    """There are four cases and more, each with an application and an expectation that gives its reasons."""
    assert len(FOLDERS) >= 4
    for folder in FOLDERS:
        assert json.loads((folder / "application.json").read_text("utf-8"))
        assert json.loads((folder / "expected.json").read_text("utf-8"))["why"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_case_is_decided_as_expected(folder: Path) -> None:
    """Outcome, findings, every amount, highest grant, score, needs and conditions are as worked out by hand."""
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    expected = {key: value for key, value in expected.items() if key not in FOR_PEOPLE}
    assert expected
    assert compared(expected, told_apart(decided(folder))) == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_an_expectation_covers_what_it_speaks_of_wholly(folder: Path) -> None:
    """An expectation that lists findings, lines or needs lists all of them."""
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    found = told_apart(decided(folder))
    assert list(expected["findings"]) == list(found["findings"])
    assert list(expected["costs"]["lines"]) == list(found["costs"]["lines"])
    assert expected["needed"] == found["needed"]
    assert expected["conditions"] == found["conditions"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_amounts_of_a_case_add_up(folder: Path) -> None:
    """Claimed is eligible, disallowed and undetermined together, to the øre, per line and in total."""
    costs = decided(folder)["costs"]
    cents = {
        name: [round(float(line[name]) * 100) for line in costs["lines"]]
        for name in ("claimed", "eligible", "disallowed", "undetermined")
    }
    for claimed, *parts in zip(*cents.values(), strict=True):
        assert claimed == sum(parts)
    for name, amounts in cents.items():
        assert sum(amounts) == round(float(costs[name]) * 100)


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ({"outcomes": "eligible"}, [".outcomes: the decision has no such key"]),
        ({"findings": {"formal.deadlin": "met"}}, [".findings.formal.deadlin: the decision has no such key"]),
        ({"costs": {"lines": {"c99": {}}}}, [".costs.lines.c99: the decision has no such key"]),
        ({"costs": {"lines": {"c1": {"cut": "0.00"}}}}, [".costs.lines.c1.cut: the decision has no such key"]),
        ({"outcome": "dismissed"}, [".outcome: expected 'dismissed', found 'eligible'"]),
        ({"highest_grant": {"amount": "0.00"}}, [".highest_grant: expected an object, found '1640000.00'"]),
    ],
)
def test_an_expectation_that_does_not_fit_is_never_ignored(expected: dict[str, Any], said: list[str]) -> None:
    """An expectation with a key that the decision does not have, or another value, is an error."""
    assert compared(expected, told_apart(decided(CASES / "clean"))) == said
