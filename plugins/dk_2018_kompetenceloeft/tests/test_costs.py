"""The cost rules at their limits, in their order, with facts missing and judgements in every state."""

from typing import Any

import pytest

from .build import LINE, amounts, changed, decide, line

ALL, NONE = ("1250.00", "0.00", "0.00"), ("0.00", "1250.00", "0.00")
OPEN = ("0.00", "0.00", "1250.00")


def test_a_plain_line_is_eligible_with_the_vat_it_cannot_recover() -> None:
    """Claimed is amount and VAT together, and VAT that cannot be recovered stays eligible."""
    found = line()
    assert found["claimed"] == "1250.00"
    assert amounts(found) == ALL
    assert found["findings"] == []


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2018-01-01", ALL),
        ("2017-06-01", ALL),
        ("2019-12-30", ALL),
        ("2019-12-31", ALL),
        ("2020-01-01", NONE),
        ("2020-02-29", NONE),
        (None, OPEN),
    ],
)
def test_costs_until_the_last_day_of_2019_are_eligible(day: str | None, expected: tuple[str, ...]) -> None:
    """31 December 2019 counts and 1 January 2020 does not, VAT included."""
    assert amounts(line(incurred_on=day)) == expected


def test_the_audit_must_fall_inside_too() -> None:
    """An audit of 2020 is disallowed like any other cost."""
    assert amounts(line(category="audit", incurred_on="2020-01-01")) == NONE


@pytest.mark.parametrize(("stated", "expected"), [(False, ALL), (True, NONE), (None, OPEN)])
def test_ordinary_operations_are_disallowed_whole(stated: bool | None, expected: tuple[str, ...]) -> None:
    """A line that is ordinary operations is gone, one that does not say is open."""
    assert amounts(line(ordinary_operations=stated)) == expected


@pytest.mark.parametrize(
    ("category", "fact", "rule"),
    [
        ("equipment", "supports_project_directly", "cost.equipment"),
        ("research", "leads_to_course", "cost.research"),
    ],
)
def test_equipment_and_research_must_serve_the_project(category: str, fact: str, rule: str) -> None:
    """Equipment must support the project and research end in a course; the fact matters for no other category."""
    assert amounts(line(category=category, **{fact: True})) == ALL
    refused = line(category=category, **{fact: False})
    assert amounts(refused) == NONE
    assert [(f["rule"], f["taken"]) for f in refused["findings"]] == [(rule, "1250.00")]
    waiting = line(category=category)
    assert amounts(waiting) == OPEN
    assert [(f["rule"], f["held"], f["missing"]) for f in waiting["findings"]] == [
        (rule, "1250.00", [f"costs[0].{fact}"])
    ]
    assert amounts(line(category="meetings", **{fact: False})) == ALL


@pytest.mark.parametrize(
    ("recoverable", "vat", "expected"),
    [
        (True, "250.00", ("1000.00", "250.00", "0.00")),
        (False, "250.00", ("1250.00", "0.00", "0.00")),
        (None, "250.00", ("1000.00", "0.00", "250.00")),
        (True, "0.00", ("1000.00", "0.00", "0.00")),
        (None, "0.00", ("1000.00", "0.00", "0.00")),
        (True, "0.01", ("1000.00", "0.01", "0.00")),
    ],
)
def test_vat_that_can_be_recovered_is_disallowed(recoverable: bool | None, vat: str, expected: tuple[str, ...]) -> None:
    """Only the VAT is taken, only if it can be recovered; no VAT waits for no answer."""
    assert amounts(line(vat_recoverable=recoverable, vat=vat)) == expected


def trip(day: str | None, kilometres: Any, amount: str, **facts: Any) -> dict[str, Any]:
    """A line of transport without VAT."""
    return line(category="transport", incurred_on=day, kilometres=kilometres, amount=amount, vat="0.00", **facts)


@pytest.mark.parametrize(
    ("day", "kilometres", "amount", "taken"),
    [
        ("2018-12-31", 100, "194.00", "0.00"),
        ("2018-12-31", 100, "194.01", "0.01"),
        ("2018-12-31", 100, "193.99", "0.00"),
        ("2018-01-01", 100, "194.01", "0.01"),
        ("2019-01-01", 100, "198.00", "0.00"),
        ("2019-01-01", 100, "198.01", "0.01"),
        ("2019-12-31", 100, "198.01", "0.01"),
        ("2019-06-01", 0, "198.00", "198.00"),
        ("2019-06-01", 0, "0.00", "0.00"),
        ("2018-06-01", "0.250", "0.49", "0.00"),
        ("2018-06-01", "0.250", "0.50", "0.01"),
        ("2018-06-01", "1250.25", "2425.49", "0.00"),
        ("2018-06-01", "1250.25", "2425.50", "0.01"),
        ("2019-06-01", "812.75", "1609.25", "0.00"),
        ("2019-06-01", "812.75", "1609.26", "0.01"),
        ("2019-06-01", "0.002", "0.00", "0.00"),
        ("2019-06-01", "0.002", "0.01", "0.01"),
        ("2019-06-01", "0.003", "0.01", "0.00"),
        ("2018-06-01", "999999999.999", "999999999.99", "0.00"),
    ],
)
def test_transport_is_eligible_up_to_the_rate_of_the_day(day: str, kilometres: Any, amount: str, taken: str) -> None:
    """What exceeds kilometres times 1.94 kr in 2018 or 1.98 kr in 2019 is taken; half an øre rounds up."""
    found = trip(day, kilometres, amount)
    assert found["disallowed"] == taken
    assert found["undetermined"] == "0.00"


@pytest.mark.parametrize("day", ["2017-12-31", "2017-06-01"])
def test_transport_on_a_day_without_a_rate_is_open(day: str) -> None:
    """A day before the table leaves transport undetermined and says which day lacks its rate."""
    found = trip(day, 100, "150.00")
    assert amounts(found) == ("0.00", "0.00", "150.00")
    (held,) = found["findings"]
    assert (held["rule"], held["missing"]) == ("cost.transport-rate", ["costs[0].incurred_on"])
    assert [need["what"] for need in held["needs"]] == [f"lowest_rate[{day}]"]


def test_transport_of_2020_is_settled_although_there_is_no_rate() -> None:
    """A trip of 2020 is out of the period, so the missing rate is of no consequence."""
    found = trip("2020-01-01", 100, "150.00")
    assert amounts(found) == ("0.00", "150.00", "0.00")
    assert [f["rule"] for f in found["findings"]] == ["cost.period"]


@pytest.mark.parametrize(
    ("day", "kilometres", "missing"),
    [("2018-06-01", None, ["costs[0].kilometres"]), (None, 100, ["costs[0].incurred_on"])],
)
def test_transport_without_kilometres_or_day_is_open(day: str | None, kilometres: Any, missing: list[str]) -> None:
    """Transport lacking what its limit is made of is undetermined as a whole, and the fact is asked for."""
    found = trip(day, kilometres, "150.00")
    assert amounts(found) == ("0.00", "0.00", "150.00")
    assert sorted({path for finding in found["findings"] for path in finding["missing"]}) == missing


def test_fares_are_not_touched_by_the_rate() -> None:
    """Tickets are a category of their own; kilometres on them change nothing."""
    assert amounts(line(category="fares", kilometres=0)) == ALL


def test_the_rate_applies_to_what_recoverable_vat_left() -> None:
    """Transport with VAT that is recovered is compared with the limit after the VAT is gone."""
    found = line(category="transport", kilometres=500, incurred_on="2019-06-01", vat_recoverable=True)
    assert amounts(found) == ("990.00", "260.00", "0.00")
    assert [(f["rule"], f["taken"]) for f in found["findings"]] == [
        ("cost.recoverable-vat", "250.00"),
        ("cost.transport-rate", "10.00"),
    ]
    assert found["findings"][1]["limit"] == "990.00"


JUDGED = {
    "experts": ("experts-limited", "cost.experts-limited"),
    "supporting_material": ("material-limited", "cost.material-limited"),
    "consultancy": ("consultancy-necessary", "cost.consultancy-necessary"),
    "material_development": ("material-decisive", "cost.material-decisive"),
    "other": ("unlisted-accepted", "cost.unlisted"),
}


@pytest.mark.parametrize(("category", "judgement", "rule"), [(k, *v) for k, v in JUDGED.items()])
def test_a_category_that_is_judged(category: str, judgement: str, rule: str) -> None:
    """Yes keeps the line, no takes it whole, no answer and differing answers leave it open."""
    assert amounts(line({judgement: True}, category=category)) == ALL
    refused = line({judgement: False}, category=category)
    assert amounts(refused) == NONE
    assert [(f["rule"], f["taken"]) for f in refused["findings"]] == [(rule, "1250.00")]
    for answers, disputed in (([], False), ([{}], False), ([{judgement: True}, {judgement: False}], True)):
        waiting = line(*answers, category=category)
        assert amounts(waiting) == OPEN
        (finding,) = waiting["findings"]
        assert (finding["rule"], finding["held"], finding["amount"]) == (rule, "1250.00", "1250.00")
        assert (finding["judgement"], finding["disputed"], finding["missing"]) == (judgement, disputed, [])
    assert amounts(line({judgement: True}, {}, {judgement: True}, category=category)) == ALL
    assert amounts(line({judgement: False}, category="meetings")) == ALL


@pytest.mark.parametrize(("category", "judgement"), [(k, v[0]) for k, v in JUDGED.items()])
def test_a_judgement_given_line_by_line(category: str, judgement: str) -> None:
    """An answer for one line settles that line alone, and stands before an answer for all of them."""
    lines = [changed(LINE, id=f"c{i}", category=category) for i in (1, 2, 3)]
    by_line = {"assessor": "a", "judgements": {judgement: {"c1": True, "c2": False}}}
    at_large = {"assessor": "b", "judgements": {judgement: False}}
    found = [amounts(made) for made in decide(by_line, costs=lines).to_dict()["costs"]["lines"]]
    assert found == [ALL, NONE, OPEN]
    found = [amounts(made) for made in decide(by_line, at_large, costs=lines).to_dict()["costs"]["lines"]]
    assert found == [OPEN, NONE, NONE]


def test_a_conflicted_assessor_judges_nothing() -> None:
    """The judgement of an assessor with a conflict of interest does not count."""
    given = {"assessor": "a", "judgements": {"experts-limited": True}, "conflict_of_interest": True}
    (found,) = decide(given, costs=[changed(LINE, category="experts")]).to_dict()["costs"]["lines"]
    assert amounts(found) == OPEN


def test_recoverable_vat_is_gone_whatever_is_judged() -> None:
    """Of a line that waits for a judgement, recoverable VAT is surely gone and the rest is open."""
    found = line(category="experts", vat_recoverable=True)
    assert amounts(found) == ("0.00", "250.00", "1000.00")
    assert [(f["rule"], f["taken"], f["held"]) for f in found["findings"]] == [
        ("cost.recoverable-vat", "250.00", "0.00"),
        ("cost.experts-limited", "0.00", "1000.00"),
    ]


def test_a_line_that_a_later_rule_surely_refuses_is_disallowed() -> None:
    """A missing fact of an earlier rule does not keep a line open that a later rule takes whole."""
    found = line({"experts-limited": False}, category="experts", incurred_on=None, ordinary_operations=None)
    assert amounts(found) == NONE
    assert all(finding["held"] == "0.00" for finding in found["findings"])


def test_a_line_with_nothing_left_waits_for_no_judgement() -> None:
    """A line that an earlier rule took whole asks nobody for anything."""
    decision = decide(costs=[changed(LINE, category="experts", ordinary_operations=True, vat_recoverable=None)])
    (found,) = decision.to_dict()["costs"]["lines"]
    assert amounts(found) == NONE
    assert [f["rule"] for f in found["findings"]] == ["cost.ordinary-operations"]
    assert decision.needed == ()


def test_rules_take_in_the_order_of_the_call() -> None:
    """Of several rules that take a line whole, the first takes it all and the others find nothing left."""
    found = line(
        category="equipment", incurred_on="2020-01-01", ordinary_operations=True, supports_project_directly=False
    )
    assert [(f["rule"], f["taken"]) for f in found["findings"]] == [("cost.period", "1250.00")]


def test_a_line_without_category_is_open() -> None:
    """A line whose category is missing waits for it, but its recoverable VAT is surely gone."""
    assert amounts(line(category=None)) == OPEN
    assert amounts(line(category=None, vat_recoverable=True)) == ("0.00", "250.00", "1000.00")
    assert amounts(line(category=None, incurred_on="2020-01-01")) == NONE


@pytest.mark.parametrize("key", ["amount", "vat"])
def test_a_line_without_amount_or_vat_has_no_amounts(key: str) -> None:
    """VAT is never taken as zero: the line's four amounts and the totals are `null`, and the fact is asked for."""
    decision = decide(costs=[changed(LINE, **{key: None}), changed(LINE, id="c2")])
    costs = decision.to_dict()["costs"]
    names = ("claimed", "eligible", "disallowed", "undetermined")
    assert [costs[name] for name in names] == [None] * 4
    assert [costs["lines"][0][name] for name in names] == [None] * 4
    assert amounts(costs["lines"][1]) == ALL
    assert decision.highest_grant is None
    assert [(need.origin, need.what) for need in decision.needed] == [("applicant", f"costs[0].{key}")]


def test_missing_costs_and_no_costs_are_not_the_same() -> None:
    """Costs that are missing have no totals; an empty list of costs claims nothing."""
    assert decide(costs=None).to_dict()["costs"]["claimed"] is None
    assert [need.what for need in decide(costs=None).needed] == ["costs"]
    assert decide(costs=[]).to_dict()["costs"]["claimed"] == "0.00"
