"""Comparing cases: an expectation that does not fit is never passed over."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from grantrules.testing import case_differences, case_folders
from tests.pools import REAL

CASES = Path(__file__).parents[2] / "plugins" / "dk_2018_kompetenceloeft" / "cases"


def _changed(folder: Path, case: str, **expected: Any) -> Path:
    copied = Path(shutil.copytree(CASES / case, folder / case))
    (copied / "expected.json").write_text(json.dumps(expected), "utf-8")
    return copied


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ({"outcomes": "eligible"}, [".outcomes: the decision has no such key"]),
        ({"costs": {"lines": {"c99": {}}}}, [".costs.lines.c99: the decision has no such key"]),
        ({"outcome": "dismissed"}, [".outcome: expected 'dismissed', found 'eligible'"]),
        ({"highest_grant": {"amount": "0.00"}}, [".highest_grant: expected an object, found '1640000.00'"]),
    ],
)
def test_an_expectation_that_does_not_fit_is_named(expected: dict[str, Any], said: list[str], tmp_path: Path) -> None:
    """An expectation with a key that the decision does not have, or another value, is a difference."""
    found = case_differences(REAL, _changed(tmp_path, "clean", why="a try", **expected))
    assert set(said) <= set(found)


def test_a_list_that_is_named_is_the_whole_list(tmp_path: Path) -> None:
    """An expectation of the findings that leaves one out is a difference, and so is one of the lines."""
    expected = {"findings": {"formal.deadline": "met"}, "costs": {"lines": {"c1": {}}}}
    found = case_differences(REAL, _changed(tmp_path, "clean", why="a try", **expected))
    assert ".findings.formal.signature: not among what is expected" in found
    assert ".costs.lines.c2: not among what is expected" in found


def test_an_expectation_gives_its_reasons(tmp_path: Path) -> None:
    """One without `why` is a difference."""
    assert case_differences(REAL, _changed(tmp_path, "clean", outcome="eligible")) == [
        ".why: the expectation gives no reasons"
    ]


def test_folders_without_an_application_are_no_cases(tmp_path: Path) -> None:
    """Only folders with an application are cases."""
    (tmp_path / "notes").mkdir()
    shutil.copytree(CASES / "late", tmp_path / "late")
    assert [folder.name for folder in case_folders(tmp_path)] == ["late"]
