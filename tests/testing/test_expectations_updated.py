"""Rewriting expectations: the values that differ and nothing else, and never what a person has to settle."""

import json
from pathlib import Path
from typing import Any

import pytest

import grantrules as g
from grantrules.testing.cases.reading import case_differences, read_cases
from grantrules.testing.cases.updating import Update, replaced, update
from tests.pools import REAL
from tests.testing.case_files import written

EXPECTED = """{
  "why": [
    "Six pages,  and five are allowed."
  ],
  "outcome": "eligible",
  "findings": {
    "formal.length": {"margin": 1, "result": "met", "facts": {"pages": 4}},
    "formal.signature": "met"
  },
  "costs": {"lines": {"c2": {"findings": {"cost.transport-rate": "20.00"}, "eligible": "1980.00"}}},
  "score": {"criteria": {"purpose": "3/5"}},
  "needed": [
    {"from": "assessor", "what": "goals"}
  ],
  "conditions": [
    "condition.final-report"
  ],
  "$comment": "øre by øre"
}
"""


def updated(folder: Path, **files: Any) -> list[Update]:
    """What becomes of every case of a folder."""
    cases = read_cases(written(folder, **files), REAL)
    return [update(case, found) for case in cases if (found := case_differences(case))]


def test_values_are_rewritten_in_place(tmp_path: Path) -> None:
    """Keys, their order, the reasons, comments and the layout stay; afterwards the case holds."""
    (made,) = updated(tmp_path, expected=EXPECTED)
    assert made.left == ()
    text = (tmp_path / "expected.json").read_text("utf-8")
    conditions = ("knowledge-sharing", "audited-accounts", "final-report", "share-material")
    assert text == (
        EXPECTED.replace('"margin": 1', '"margin": 0')
        .replace('"pages": 4', '"pages": 5')
        .replace('"20.00"', '"3020.00"')
        .replace('"3/5"', '"4/5"')
        .replace('[\n    {"from": "assessor", "what": "goals"}\n  ]', "[]")
        .replace('    "condition.final-report"', ",\n".join(f'    "condition.{name}"' for name in conditions))
    )
    (case,) = read_cases(tmp_path, REAL)
    assert case_differences(case) == ()


def test_what_was_rewritten_is_told(tmp_path: Path) -> None:
    """For review: each place with what stood there and what stands there now."""
    (made,) = updated(tmp_path, expected=EXPECTED)
    assert [difference.where for difference in made.rewritten][:3] == [
        "findings[formal.length].margin",
        "findings[formal.length].facts[pages]",
        "conditions",
    ]
    assert str(made.rewritten[0]).splitlines()[0] == "findings[formal.length].margin: expected 1, got 0"


def test_a_case_that_holds_is_not_touched(tmp_path: Path) -> None:
    """Nothing is written where nothing differs, and nothing that fits is written again in another form."""
    text = '{"why": "w", "highest_grant": 1500000, "findings": {"formal.length": {"found": 5, "margin": 1}}}'
    updated(tmp_path, expected=text)
    assert (tmp_path / "expected.json").read_text("utf-8") == text.replace('"margin": 1', '"margin": 0')


def test_variations_are_rewritten_where_they_stand(tmp_path: Path) -> None:
    """The variation that differs, and neither the other nor the patch, which has keys of the same name."""
    variations = {
        name: {
            "why": "It varies.",
            "application": {"pages": pages},
            "expected": {"findings": {"formal.length": {"facts": {"pages": 4}}}},
        }
        for name, pages in (("four", 4), ("six", 6))
    }
    (made,) = updated(tmp_path, variations=variations)
    assert made.case.name == f"{tmp_path.name}/six"
    variations["six"]["expected"] = {"findings": {"formal.length": {"facts": {"pages": 6}}}}
    assert (tmp_path / "variations.json").read_text("utf-8") == json.dumps(variations, indent=2)


@pytest.mark.parametrize(
    "expected",
    [{"score": None}, {"costs": {"lines": {}}}, {"standing": None}, {"costs": {"lines": {"c2": {"findings": {}}}}}],
)
def test_what_has_another_shape_is_left(expected: dict[str, Any], tmp_path: Path) -> None:
    """An object where nothing was expected would need keys of its own, and those a person chooses."""
    data = {"why": "a try", "findings": {"formal.length": "not_met"}, **expected}
    (made,) = updated(tmp_path, expected=data)
    assert [difference.where for difference in made.rewritten] == ["findings[formal.length]"]
    assert len(made.left) == 1
    after = json.loads((tmp_path / "expected.json").read_text("utf-8"))
    assert after == {**data, "findings": {"formal.length": "met"}}


def test_what_is_not_there_at_all_is_left(tmp_path: Path) -> None:
    """Where there is no score, the points that were expected are not made `null`."""
    data = {"why": "a try", "findings": {"formal.length": "met"}, "score": {"total": "80.00", "exact": "80"}}
    (made,) = updated(tmp_path, expected=data, assessments={})
    assert (made.rewritten, [difference.where for difference in made.left]) == ((), ["score"])


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be rewritten is an error about the file."""
    (case,) = read_cases(written(tmp_path, expected=EXPECTED), REAL)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(g.InputError, match=r"expected\.json: 1 problem\n  the file cannot be written: permission"):
        update(case, case_differences(case))


@pytest.mark.parametrize(
    ("text", "value", "after"),
    [
        ('{"a": {"b": 1, "c": [1, {"b": 2}]}, "b": 3}', 4, '{"a": {"b": 4, "c": [1, {"b": 2}]}, "b": 3}'),
        (
            '{ "x": "\\"b\\": 1", "a" : { "c": {}, "b" : null } }',
            "ø",
            '{ "x": "\\"b\\": 1", "a" : { "c": {}, "b" : "ø" } }',
        ),
        ('{"a": {\n  "b": ["x"]\n}}', ["y", "z"], '{"a": {\n  "b": ["y", "z"]\n}}'),
        (
            '{"a": {\n  "b": []\n}}',
            ["y" * 70, "z" * 70],
            '{"a": {\n  "b": [\n    "' + "y" * 70 + '",\n    "' + "z" * 70 + '"\n  ]\n}}',
        ),
        (
            '{"a": {\n  "b": [\n    {\n      "x": 1\n    }\n  ]\n}}',
            [{"x": 2}, {"x": 3}],
            '{"a": {\n  "b": [\n    {\n      "x": 2\n    },\n    {\n      "x": 3\n    }\n  ]\n}}',
        ),
        ('{"a": {\n  "b": [\n    {"x": 1}\n  ]\n}}', [{"x": 2}], '{"a": {\n  "b": [\n    {"x": 2}\n  ]\n}}'),
    ],
)
def test_a_value_is_laid_out_as_the_one_before(text: str, value: Any, after: str) -> None:
    """The value at `a.b`, wherever else the key stands; lists over several lines stay so, down to their items."""
    assert replaced(text, ("a", "b"), value) == after
