"""Expectations: what may be said, what is refused, and how a difference is shown."""

import json
from pathlib import Path
from typing import Any

import pytest

import grantrules as g
from grantrules.testing.cases.differences import CaseDifference
from grantrules.testing.cases.reading import case_differences, read_cases
from tests.pools import REAL
from tests.testing.case_files import APPLICATION, written

CASES = Path(__file__).parents[2] / "plugins" / "dk_2018_kompetenceloeft" / "cases"


def differences(folder: Path, expected: Any, case: str = "", **facts: Any) -> list[CaseDifference]:
    """What differs from an expectation of the small case, or of one of the pool's own."""
    said = {"why": "a try", **expected}
    if case:
        files = {path.name: json.loads(path.read_text("utf-8")) for path in (CASES / case).glob("assessment*.json")}
        data = json.loads((CASES / case / "application.json").read_text("utf-8"))
        written(folder, said, application=data, assessments=files)
    else:
        written(folder, said, application={**APPLICATION, **facts})
    (read,) = read_cases(folder, REAL)
    return list(case_differences(read))


def refused(folder: Path, expected: Any) -> str:
    """The report of an expectation that cannot be read."""
    data = {"why": "a try", **expected} if isinstance(expected, dict) else expected
    with pytest.raises(g.InputError) as caught:
        read_cases(written(folder, data), REAL)
    return str(caught.value).removeprefix(f"{folder}/")


FINDING = {"findings": {"formal.length": "met"}}

FITTING: list[dict[str, Any]] = [
    {"findings": {"formal.length": "met"}},
    {"findings": {"formal.length": {"result": "met", "found": 5, "limit": 5, "margin": 0, "facts": {"pages": 5}}}},
    {"findings": {"formal.length": {"missing": [], "judgement": None, "disputed": False}}},
    {"findings": {"formal.deadline": {"found": "2018-09-28T10:00", "limit": "2018-10-01T12:00", "margin": "P3DT2H"}}},
    {"findings": {"formal.signature": {"found": True, "limit": True, "margin": None}}},
    {"findings": {"eligibility.matching": {"found": "1500000", "limit": "1500000.00", "margin": "0.00"}}},
    {"findings": {"eligibility.matching": {"facts": {"funding[0].amount": "1000000.00", "costs[0].amount": None}}}},
    {"findings": {"eligibility.approval": "not_applicable"}},
    {"findings": {"eligibility.activity": {"found": ["new_course"]}}},
    {"findings": {"eligibility.applicants": {"result": "met", "found": None, "$comment": "no single value"}}},
    FINDING | {"outcome": "eligible", "highest_grant": "1500000.00"},
    FINDING | {"grant_range": {"low": "1500000.00", "high": "1500000.00"}},
    FINDING | {"costs": {"claimed": "3005000.00", "lines": {"c2": {"eligible": "1980.00", "category": "transport"}}}},
    FINDING | {"costs": {"lines": {"c1": {"findings": {}}}}},
    {"costs": {"lines": {"c2": {"findings": {"cost.transport-rate": "3020.00"}}}}},
    {"costs": {"lines": {"c2": {"findings": {"cost.transport-rate": {"taken": "3020.00", "limit": "1980.00"}}}}}},
    {"costs": {"lines": {"c1": {"findings": {"cost.transport-rate": "0.00"}}}}},
    FINDING | {"score": {"exact": "80", "total": "80.00", "low": "80", "exact_high": "80"}},
    FINDING | {"score": {"criteria": {"purpose": "4/5", "cross-sector": {"points": "1", "weight": "1/6"}}}},
    FINDING | {"score": {"criteria": {"goals": {"rating": "3", "ratings": 1, "missing": []}}, "thresholds": {}}},
    FINDING | {"needed": []},
    FINDING | {"standing": {"least": "1000000.00", "strand": None, "prior": None, "missing": [], "order": []}},
]


@pytest.mark.parametrize("expected", FITTING, ids=lambda expected: json.dumps(expected)[:80])
def test_any_part_of_a_decision_may_be_expected(expected: dict[str, Any], tmp_path: Path) -> None:
    """What is named is compared, in whatever form the value may be written; what is left out is not."""
    assert differences(tmp_path, expected) == []


@pytest.mark.parametrize(
    ("expected", "where", "got"),
    [
        ({"findings": {"formal.length": "not_met"}}, "findings[formal.length]", "met"),
        ({"findings": {"formal.length": {"found": 4}}}, "findings[formal.length].found", 5),
        ({"findings": {"formal.length": {"found": None}}}, "findings[formal.length].found", 5),
        ({"findings": {"formal.length": {"facts": {"pages": 4}}}}, "findings[formal.length].facts[pages]", 5),
        ({"findings": {"formal.length": {"facts": {}}}}, "findings[formal.length].facts", {"pages": {}}),
        ({"findings": {"formal.length": {"missing": ["pages"]}}}, "findings[formal.length].missing", []),
        ({"findings": {"formal.deadline": {"margin": "PT1S"}}}, "findings[formal.deadline].margin", "P3DT2H"),
        (FINDING | {"outcome": "ineligible"}, "outcome", "eligible"),
        (FINDING | {"highest_grant": None}, "highest_grant", "1500000.00"),
        (FINDING | {"grant_range": None}, "grant_range", {}),
        (FINDING | {"costs": {"undetermined": None}}, "costs.undetermined", "0.00"),
        (FINDING | {"costs": {"lines": {}}}, "costs.lines", {"c1": {}, "c2": {}}),
        (FINDING | {"costs": {"lines": {"c2": {"findings": {}}}}}, "costs.lines[c2].findings", None),
        (
            {"costs": {"lines": {"c2": {"findings": {"cost.transport-rate": "3020.01"}}}}},
            "costs.lines[c2].findings[cost.transport-rate]",
            "3020.00",
        ),
        (FINDING | {"score": None}, "score", {}),
        (FINDING | {"score": {"criteria": {"goals": "4/5"}}}, "score.criteria[goals]", "3/5"),
        (FINDING | {"needed": [{"from": "assessor", "what": "goals"}]}, "needed", []),
        (FINDING | {"conditions": []}, "conditions", None),
        (FINDING | {"assumptions": []}, "assumptions", None),
        (FINDING | {"standing": None}, "standing", {}),
    ],
)
def test_what_is_expected_otherwise_differs(expected: dict[str, Any], where: str, got: Any, tmp_path: Path) -> None:
    """One value that is otherwise is one difference, with its path and what was got."""
    (difference,) = differences(tmp_path, expected)
    assert difference.where == where
    assert got is None or (difference.got, type(difference.got)) == (got, type(got))


def test_what_is_missing_is_neither_false_nor_zero(tmp_path: Path) -> None:
    """Where a fact is not stated, an expected no, zero or empty list differs, and `null` fits."""
    missing = {"findings": {"formal.signature": {"found": None}, "formal.length": {"found": None}}}
    assert differences(tmp_path, missing, signed=None, pages=None) == []
    stated = {"findings": {"formal.signature": {"found": False}, "formal.length": {"found": 0}}}
    assert [d.got for d in differences(tmp_path, stated, signed=None, pages=None)] == [None, None]


def test_needs_may_stand_in_any_order(tmp_path: Path) -> None:
    """What is needed is compared as a whole and without its order."""
    needs = [{"from": "applicant", "what": what} for what in ("signed", "pages", "shares_material")]
    facts: dict[str, Any] = dict.fromkeys(("signed", "pages", "shares_material"))
    named = {"findings": {"formal.length": "undetermined"}}
    assert differences(tmp_path, {**named, "needed": needs[::-1]}, **facts) == []
    (difference,) = differences(tmp_path, {**named, "needed": needs[1:]}, **facts)
    assert str(difference) == 'needed: has besides {"from": "applicant", "what": "signed"}'


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ({"outcom": "eligible"}, "outcom: there is no such key\n    hint: did you mean `outcome`?"),
        ({"outcome": "eligable"}, "outcome: expected a word of the list, got `eligable`\n    hint: did you mean"),
        ({"outcome": True}, "outcome: expected a word of the list, got `true`"),
        ({"findings": ["formal.length"]}, "findings: expected an object"),
        ({"findings": {"formal.lenght": "met"}}, "findings[formal.lenght]: there is no rule `formal.lenght`\n    hint"),
        ({"findings": {"formal.length": "meet"}}, "findings[formal.length]: expected a word of the list, got `meet`"),
        ({"findings": {"formal.length": 5}}, "findings[formal.length]: expected a word of the list, got `5`"),
        ({"findings": {"formal.length": {}}}, "findings[formal.length]: nothing is expected of it"),
        ({"findings": {"formal.length": {"limits": 5}}}, "findings[formal.length].limits: there is no such key"),
        ({"findings": {"formal.length": {"found": "5"}}}, "findings[formal.length].found: expected a whole number"),
        ({"findings": {"formal.length": {"margin": "P1D"}}}, "findings[formal.length].margin: expected a whole number"),
        ({"findings": {"formal.deadline": {"margin": 5}}}, "findings[formal.deadline].margin: expected text"),
        ({"findings": {"formal.deadline": {"margin": "two days"}}}, "margin: expected a span of time, got `two days`"),
        ({"findings": {"eligibility.approval": {"margin": "1.00"}}}, "margin: expected `null`, got `1.00`"),
        ({"findings": {"formal.length": {"facts": {"page": 5}}}}, "facts[page]: there is no fact or judgement `page`"),
        ({"findings": {"formal.length": {"facts": {"pages": "5"}}}}, "facts[pages]: expected a whole number"),
        ({"findings": {"formal.length": {"missing": "pages"}}}, "missing: expected a list, got `pages`"),
        ({"findings": {"formal.length": {"judgement": "experts-limitd"}}}, "there is no judgement `experts-limitd`"),
        ({"highest_grant": "1500000,00"}, "highest_grant: expected an amount, got `1500000,00`"),
        ({"highest_grant": "1.005"}, "highest_grant: expected at most two decimals"),
        ({"grant_range": {"lowest": "1.00"}}, "grant_range.lowest: there is no such key"),
        ({"costs": {"clamed": "1.00"}}, "costs.clamed: there is no such key\n    hint: did you mean `claimed`?"),
        ({"costs": {"lines": {"c9": {"eligible": "1.00"}}}}, "costs.lines[c9]: there is no cost line `c9`"),
        ({"costs": {"lines": {"c2": "1.00"}}}, "costs.lines[c2]: expected an object, got `1.00`"),
        (
            {"costs": {"lines": {"c2": {"findings": {"cost.transport": "1.00"}}}}},
            "costs.lines[c2].findings[cost.transport]: there is no cost rule `cost.transport`\n    hint: did you mean",
        ),
        (
            {"costs": {"lines": {"c2": {"findings": {"cost.transport-rate": {"takes": "1.00"}}}}}},
            "findings[cost.transport-rate].takes: there is no such key\n    hint: did you mean `taken`?",
        ),
        ({"score": {"criteria": {"purpos": "1"}}}, "score.criteria[purpos]: there is no criterion `purpos`"),
        ({"score": {"exact": "80 of 100"}}, "score.exact: expected a fraction"),
        ({"score": {"thresholds": {"purpose": True}}}, "score.thresholds[purpose]: there is no threshold"),
        ({"score": []}, "score: expected an object"),
        ({"conditions": ["condition.audit"]}, "conditions: there is no condition `condition.audit`"),
        ({"conditions": ["condition.final-report"] * 2}, "conditions: `condition.final-report` stands twice"),
        ({"assumptions": ["score.wieghts"]}, "assumptions: there is no assumption `score.wieghts`"),
        ({"needed": [{"from": "aplicant", "what": "pages"}]}, "needed: expected who can give it, got `aplicant`"),
        ({"needed": [{"what": "pages"}]}, "needed: expected `from` and `what`"),
        ({"standing": {"leest": "1.00"}}, "standing.leest: there is no such key"),
        ({"why": []}, "why: expected text or a list of texts, got `[]`"),
        ({"why": ["", "so"]}, "why: expected text or a list of texts"),
        ('{"why": "a", "outcome": "eligible", "outcome": "eligible"}', "outcome: the key stands twice"),
        ('{"findings": {"formal.length": "met"}}', "why: the expectation gives no reasons"),
        ("{", "the file is not JSON"),
    ],
)
def test_a_wrong_expectation_is_an_error(expected: Any, said: str, tmp_path: Path) -> None:
    """Nothing that is misspelt, unknown or of the wrong type is passed over; each with its path and what was meant."""
    assert said in refused(tmp_path, expected)


@pytest.mark.parametrize(
    "expected",
    [
        {"outcome": "eligible"},
        {"findings": {}},
        {"findings": {"$comment": "none yet"}},
        {"costs": {"eligible": "3001980.00", "lines": {"c1": {"eligible": "3000000.00"}}}},
        {"costs": {"lines": {"c1": {"findings": {}}}}},
        {"score": {"total": "80.00"}},
    ],
)
def test_an_expectation_names_a_finding(expected: dict[str, Any], tmp_path: Path) -> None:
    """One that speaks of no rule would hold whatever the rules became, or nearly."""
    assert refused(tmp_path, expected) == (
        "expected.json: 1 problem\n"
        "  the expectation names no finding, of a requirement or of a cost rule on a line\n"
        '    hint: add `"findings": {"RULE": "met"}`'
    )


# How a difference is shown


def shown(folder: Path, expected: dict[str, Any], case: str = "", **facts: Any) -> str:
    """All differences as they are printed."""
    return "\n".join(str(difference) for difference in differences(folder, expected, case, **facts))


def test_a_requirement_is_shown_with_the_clause_that_fails(tmp_path: Path) -> None:
    """Of two limits, the one that is broken; what was found, what was required, by how much, on which facts."""
    said = shown(tmp_path, {"findings": {"eligibility.grant-limits": "met"}}, requested="2500000.01")
    assert said == (
        "findings[eligibility.grant-limits]: expected met, got not_met\n"
        "    eligibility.grant-limits, demand: requested <= grant_ceiling does not hold: "
        "found 2500000.01, required <= 2500000.00, margin -0.01\n"
        "    values: grant_ceiling = 2500000.00\n"
        "    facts: requested = 2500000.01"
    )


def test_a_requirement_is_shown_with_what_it_waits_for(tmp_path: Path) -> None:
    """Of one that is open: the fact that is missing."""
    said = shown(tmp_path, {"findings": {"formal.length": "met"}}, pages=None)
    assert said == (
        "findings[formal.length]: expected met, got undetermined\n"
        "    formal.length, demand: pages <= page_limit is open: found null, required <= 5\n"
        "    values: page_limit = 5\n"
        "    waits for: pages"
    )


def test_a_requirement_that_does_not_apply_is_shown_with_its_condition(tmp_path: Path) -> None:
    """The condition, not the demand, is where they part."""
    said = shown(tmp_path, {"findings": {"eligibility.approval": "met"}})
    assert said == (
        "findings[eligibility.approval]: expected met, got not_applicable\n"
        "    eligibility.approval, when: formal_programme does not hold: found false, required = true\n"
        "    facts: formal_programme = false"
    )


def test_a_cost_rule_is_shown_with_its_figures(tmp_path: Path) -> None:
    """One that takes more than expected: which lines it looks at, its limit, and the facts that make it."""
    said = shown(tmp_path, {"costs": {"lines": {"c2": {"findings": {"cost.transport-rate": "0.00"}}}}})
    assert said.splitlines()[:3] == [
        "costs.lines[c2].findings[cost.transport-rate]: expected 0.00, got 3020.00",
        "    cost.transport-rate, concerns: costs.category = transport holds",
        "    facts: costs[1].category = transport",
    ]
    assert "rounded half-up is 1980.00\n" in said
    assert said.endswith("    facts: costs[1].incurred_on = 2019-06-01; costs[1].kilometres = 1000.00")


def test_a_cost_rule_that_takes_nothing_is_shown_with_its_guard(tmp_path: Path) -> None:
    """The guard that keeps it from the line."""
    said = shown(tmp_path, {"costs": {"lines": {"c1": {"findings": {"cost.recoverable-vat": "1.00"}}}}})
    assert said == (
        "costs.lines[c1].findings[cost.recoverable-vat]: expected 1.00, got 0.00\n"
        "    cost.recoverable-vat, when: costs.vat_recoverable does not hold\n"
        "    facts: costs[0].vat_recoverable = false"
    )


def test_amounts_are_shown_with_the_rules_that_made_them(tmp_path: Path) -> None:
    """Of a line what each rule took, of the total on which lines, of the grant its formula."""
    expected = FINDING | {"costs": {"eligible": "1.00", "lines": {"c2": {"eligible": "1.00"}}}, "highest_grant": "1.00"}
    said = shown(tmp_path, expected)
    assert "costs.eligible: expected 1.00, got 3001980.00\n    cost.transport-rate: c2 (takes 3020.00)\n" in said
    assert (
        "costs.lines[c2].eligible: expected 1.00, got 1980.00\n    cost.transport-rate takes 3020.00, above a" in said
    )
    assert "highest_grant: expected 1.00, got 1500000.00\n    grant.formula, amount: least(requested, " in said


def test_outcome_and_score_are_shown_with_what_they_are_made_of(tmp_path: Path) -> None:
    """The rules that are not met, and the points of every criterion."""
    expected = FINDING | {"outcome": "eligible", "score": {"exact": "1"}}
    said = shown(tmp_path, expected, "refused")
    assert "outcome: expected eligible, got ineligible\n    not_met: eligibility.applicants, " in said
    assert "score.exact: expected 1, got null\n    purpose: points 3/5 (rating 3), weight 1/6" in said
    assert "    waits for: strategic-technology" in said


def test_a_difference_is_data_too(tmp_path: Path) -> None:
    """With the clause, its figures and its facts, each as JSON data."""
    (difference,) = differences(tmp_path, {"findings": {"formal.length": "met"}}, pages=7)
    assert json.loads(json.dumps(difference.to_dict())) == {
        "where": "findings[formal.length]",
        "expected": "met",
        "got": "not_met",
        "absent": None,
        "reasons": [
            {
                "says": "formal.length, demand: pages <= page_limit does not hold: found 7, required <= 5, margin -2",
                "rule": "formal.length",
                "place": "demand",
                "clause": "pages <= page_limit",
                "holds": False,
                "found": 7,
                "relation": "<=",
                "limit": 5,
                "margin": -2,
                "values": {"page_limit": "5"},
                "facts": {"pages": 7},
                "missing": [],
            }
        ],
    }
