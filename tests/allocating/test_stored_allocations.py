"""Allocations and decisions as files: read back as they were, allocated like fresh ones, and refused when spoilt."""

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import grantrules as g
import grantrules_dk_2022_digitale_kompetencer.plugin as digitale_kompetencer
import grantrules_no_helseteknologi.plugin as helseteknologi
from grantrules.awards import Standing
from tests.serial.mutations import JSON, KEYS, Changed, as_json, mutated

from .rounds import (
    ASSUMED,
    FIRST,
    LANGUAGES,
    RULES_2018,
    RULES_2022,
    SECOND,
    WORDS,
    again,
    allocating,
    decided,
    digitale,
    helse,
    in_order,
    kompetence,
)

a = g.facts(SECOND.application)
NORTH = g.Strand(
    "allocation.records",
    a.areas.includes_any("medical_record"),
    WORDS,
    ASSUMED,
    floor=g.kr("2000000"),
    ceiling=g.kr("4000000"),
)
RUN_BY = g.Administration(Fraction(3, 100), g.Rounding.DOWN, WORDS, ASSUMED)
AWARDED = g.CoFinancing(
    "allocation.own", Fraction(1, 3), g.Base.AWARD, g.own_financing(a), g.Rounding.UP, WORDS, ASSUMED
)
RICH = allocating(
    helseteknologi,
    g.Method.RANK_PARTIAL_LAST,
    "2024-2",
    order=(g.ByScore(), g.ByTerm(a.submitted_at), g.ByTerm(a.requested), g.ByTerm(a.starts_on)),
    prior=helseteknologi.ALLOCATIONS["2024-2"].prior,
    strands=(NORTH,),
    administration=RUN_BY,
    co_financing=(AWARDED,),
    reserve=1,
)
"""The second allocation with everything that an allocation can have but lots."""
DRAWN = allocating(digitale_kompetencer, g.Method.RANK_STOP, "2022", order=(g.ByDraw(),))


NOWHERE = Standing(None)


def _rich() -> list[g.Decision]:
    """New and topped-up projects of two areas, one without a start, one refused, one that nobody rated."""
    facts: Any = {"starts_on": "2024-08-01", "funding": [{"source": "own", "form": "cash", "amount": "100000.00"}]}
    made = [
        again("HDIR-24-0001", "3000000.00", "500000.00", "1500000.00", areas=["medical_record"], **facts),
        again("HDIR-24-0002", "3500000.00", None, areas=["medical_record"], **facts),
        again("HDIR-24-0003", "8000000.00", None, **facts),
        again("HDIR-24-0004", "6000000.00", "900000.00", **facts),
        again("HDIR-24-0005", "700000.00", None, **facts),
        again("HDIR-24-0006", "700000.00", None, **facts),
        again("HDIR-24-0007", "700000.00", "700000.00", **facts),
        again("HDIR-24-0008", "700000.00", None),
    ]
    unrated = decided(RICH, again("HDIR-24-0009", "700000.00", None, **facts), None)
    return [*in_order(RICH, made), unrated]


def _with_a_tie() -> list[g.Decision]:
    """Five equal applications for the money of four, one of them let in by a person."""
    late = decided(RULES_2018, kompetence("SUM-2018-0446", submitted_at="2018-10-01T12:07"))
    let_in = RULES_2018.override(late, by="Birgit Holm", reason="Systemet var nede.", sets_aside=["formal.deadline"])
    return [let_in, *(decided(RULES_2018, kompetence(f"SUM-2018-000{i}")) for i in range(5))]


def _intervals() -> list[g.Decision]:
    made = [digitale(f"SUM-2022-000{i}", "900000.00", "600000.00") for i in range(4)]
    return in_order(RULES_2022, made)


def _lots() -> list[g.Decision]:
    return [decided(DRAWN, digitale(f"SUM-2022-000{i}", "600000.00")) for i in range(5)]


SETTLED = g.Settled(["SUM-2018-0004", "SUM-2018-0003"], "Styregruppen", "Størst bredde.")

MADE = {
    "rich": (RICH, RICH.allocate(_rich())),
    "replaced": (RICH, RICH.replace(RICH.allocate(_rich()), ["HDIR-24-0003"])),
    "tied": (RULES_2018, RULES_2018.allocate(_with_a_tie())),
    "settled": (RULES_2018, RULES_2018.allocate(_with_a_tie(), settled=SETTLED)),
    "intervals": (RULES_2022, RULES_2022.allocate(_intervals())),
    "lots": (DRAWN, DRAWN.allocate(_lots(), seed="lod 7")),
    "none": (FIRST, FIRST.allocate([])),
}
DATA: dict[str, dict[str, Any]] = {
    name: json.loads(json.dumps(made.to_dict()), parse_float=Decimal) for name, (_, made) in MADE.items()
}
EVERY_ONE = pytest.mark.parametrize("name", MADE)


def test_the_examples_hold_everything_that_a_file_can_hold() -> None:
    """Between them the examples fill every list and every part of the format, so that reading it is tried."""
    filled = {key for data in DATA.values() for key, value in data.items() if value}
    assert filled == set(DATA["rich"])
    awards = [award for data in DATA.values() for award in data["awards"]]
    assert {key for award in awards for key, value in award.items() if value} == set(awards[0])


# Read back


@EVERY_ONE
def test_an_allocation_is_read_back_as_it_was(tmp_path: Path, name: str) -> None:
    """A stored allocation equals the one it was written from, and is written, explained and told alike."""
    rules, made = MADE[name]
    file = tmp_path / "allocation.json"
    file.write_text(json.dumps(made.to_dict(), ensure_ascii=False), encoding="utf-8")
    for stored in (
        rules.read_allocation(file),
        rules.read_allocation(str(file)),
        rules.read_allocation(made.to_dict()),
    ):
        assert stored == made
        assert stored.to_dict() == made.to_dict()
        for language in LANGUAGES:
            assert stored.explain(language) == made.explain(language)
            assert stored.explain(language, markdown=True) == made.explain(language, markdown=True)
            for award in made.awards:
                assert stored.reason(award.application, language) == made.reason(award.application, language)
                assert award.co_financing == stored.award(award.application).co_financing


@EVERY_ONE
def test_the_file_says_what_the_contract_asks_for(name: str) -> None:
    """Amounts are text with two decimals, every award has its sentence in three languages, and the sums add up."""
    data = DATA[name]
    assert data["format"] == "grantrules.allocation/1"
    assert Decimal(data["awarded"]) + Decimal(data["remainder"]) + Decimal(data["administration"]) == Decimal(
        data["budget"]
    )
    assert sum((Decimal(award["amount"]) for award in data["awards"]), Decimal(0)) == Decimal(data["awarded"])
    for award in data["awards"]:
        assert {"application", "outcome", "amount", "rank", "score", "reason"} <= set(award)
        assert set(award["sentence"]) == set(LANGUAGES)
        assert Decimal(award["amount"]).as_tuple().exponent == -2


@EVERY_ONE
def test_the_reserve_list_moves_up_from_a_file(name: str) -> None:
    """A stored allocation is replaced like the one it was written from, without the applications."""
    rules, made = MADE[name]
    funded = [award.application for award in made.awards if award.funded][:1]
    assert rules.replace(rules.read_allocation(DATA[name]), funded) == rules.replace(made, funded)


@EVERY_ONE
def test_further_keys_are_passed_over(name: str) -> None:
    """A later version may say more; what it says beside the format is not read and does no harm."""
    rules, made = MADE[name]
    more = json.loads(json.dumps({**DATA[name], "remark": [1, {"x": None}], "$comment": "til arkivet"}))
    for award in more["awards"]:
        award["signed_by"] = "Kontorchefen"
    assert rules.read_allocation(more) == made


# Stored decisions


@pytest.mark.parametrize(
    ("rules", "decisions", "seed"),
    [
        (RICH, _rich, None),
        (RULES_2018, _with_a_tie, None),
        (RULES_2022, _intervals, None),
        (DRAWN, _lots, "lod 7"),
    ],
    ids=["rich", "overridden", "intervals", "lots"],
)
def test_stored_decisions_are_allocated_like_fresh_ones(rules: g.Rulebook, decisions: Any, seed: str | None) -> None:
    """What an allocation has to know is in the decision file: allocating files gives the same to the last word."""
    fresh: list[g.Decision] = decisions()
    stored = [rules.read_decision(json.loads(json.dumps(decision.to_dict()))) for decision in fresh]
    made = rules.allocate(fresh, seed=seed)
    assert made == rules.allocate(stored, seed=seed)
    assert made == rules.allocate([*stored[::2], *fresh[1::2]], seed=seed)


def test_values_of_the_order_keep_their_kind() -> None:
    """Times, amounts and days by which an order goes come back from a decision file as what they were."""
    for decision in _rich():
        stored = RICH.read_decision(json.loads(json.dumps(decision.to_dict())))
        assert stored.standing == decision.standing
        kinds = [[type(value.value) for value in (found.standing or NOWHERE).order] for found in (stored, decision)]
        assert kinds[0] == kinds[1]
        assert len(kinds[0]) == 3


def test_stored_decisions_of_other_rules_are_refused() -> None:
    """A file holds the digest of the rules it was decided by; other rules do not allocate it."""
    other = FIRST.with_values(budget=g.kr("9000000"))
    stored = FIRST.read_decision(decided(other, helse("HDIR-24-0001", "900000.00")).to_dict())
    with pytest.raises(g.InputError) as caught:
        FIRST.allocate([stored])
    assert [problem.code for problem in caught.value.problems] == ["other-rules"]
    assert other.allocate([stored]).awarded == g.kr("900000")


# Spoilt files


def shown(refused: g.InputError) -> None:
    """A refusal can be printed, and says what it is about and what is wrong."""
    assert str(refused).startswith(refused.subject)
    assert refused.problems
    assert all(problem.message for problem in refused.problems)


ORIGINALS = list(DATA.values())
OBJECTS = st.dictionaries(KEYS, JSON, max_size=6)
FUZZ = settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@FUZZ
@given(mutated(ORIGINALS))
def test_an_allocation_with_a_change_is_read_or_refused(changed: Changed) -> None:
    """A stored allocation with one arbitrary change is refused as wrong input, or read, told and stored again."""
    try:
        stored = FIRST.read_allocation(changed.data)
    except g.InputError as error:
        shown(error)
        return
    assert stored.explain("da")
    assert stored.explain("en", markdown=True)
    assert all(stored.reason(award.application, "nb") for award in stored.awards)
    assert json.loads(json.dumps(stored.to_dict()))["format"] == "grantrules.allocation/1"


@FUZZ
@given(mutated(ORIGINALS))
def test_an_allocation_with_a_change_is_replaced_or_refused(changed: Changed) -> None:
    """What is read of a spoilt file can be replaced, or is refused then; the sums hold after it in any case."""
    by_digest = {rules.digest: rules for rules, _ in MADE.values()}
    try:
        stored = FIRST.read_allocation(changed.data)
        rules = by_digest.get(stored.allotment.rules, FIRST)
        made = rules.replace(stored, [award.application for award in stored.awards if award.funded][:1])
    except g.InputError as error:
        shown(error)
        return
    assert made.awarded + made.remainder + made.administration == made.budget


@FUZZ
@given(changed=mutated(ORIGINALS))
def test_a_file_is_read_or_refused_like_its_mapping(tmp_path_factory: pytest.TempPathFactory, changed: Changed) -> None:
    """A file with one arbitrary change is read as an allocation, or refused as wrong input."""
    file = tmp_path_factory.getbasetemp() / "allocation.json"
    file.write_text(json.dumps(as_json(changed.data)), encoding="utf-8")
    try:
        FIRST.read_allocation(file)
    except g.InputError as error:
        shown(error)


@FUZZ
@given(OBJECTS)
def test_any_mapping_is_read_as_an_allocation_or_refused(data: dict[str, Any]) -> None:
    """Arbitrary JSON data as an allocation is read or refused as wrong input, with the right format too."""
    for source in (data, {**DATA["rich"], **data}, {**data, "format": "grantrules.allocation/1"}):
        try:
            FIRST.read_allocation(source)
        except g.InputError as error:
            shown(error)


@pytest.mark.parametrize("key", [key for key in DATA["rich"] if key != "format"])
def test_an_allocation_without_one_of_its_keys_is_refused(key: str) -> None:
    """A file that lacks a key of the format is refused, and the key is named."""
    with pytest.raises(g.InputError, match=f"the key `{key}` is missing"):
        FIRST.read_allocation({name: value for name, value in DATA["rich"].items() if name != key})


@pytest.mark.parametrize("key", list(DATA["rich"]["awards"][0]))
def test_an_award_without_one_of_its_keys_is_refused(key: str) -> None:
    """An award that lacks a key of the format is refused, with its place."""
    first, *others = DATA["rich"]["awards"]
    spoilt = {name: value for name, value in first.items() if name != key}
    with pytest.raises(g.InputError, match=rf"awards\[0\]: the key `{key}` is missing"):
        FIRST.read_allocation({**DATA["rich"], "awards": [spoilt, *others]})


SPOILT: dict[str, Any] = {
    "format": ["grantrules.allocation/2", None, ["grantrules.allocation/1"], "grantrules.decision/1"],
    "pool": [None, 5],
    "budget": ["14500000", "1e7", "NaN", 14500000, None, "14,500,000.00", " 14500000.00", "14500001.00"],
    "awarded": ["0.00", "-"],
    "remainder": ["0.01", None],
    "administration": ["0.00"],
    "awards": [{}, None, [5], [{}], "x"],
    "reserve": [[5], None, "HDIR-24-0006"],
    "ties": [[{}], [{"rank": -1, "applications": [], "left": "0.00", "needed": "0.00"}], None],
    "groups": [[{}], None],
    "strands": [[{"id": "x"}], None],
    "seed": [7, []],
    "settled": [{}, [], {"order": "x", "by": "y", "reason": "z"}],
    "withdrawn": [None, "HDIR-24-0003", [None]],
    "assumptions": [[], {"x": "y"}, {"x": {"da": "y"}}],
    "pool_title": [{"da": "x"}, {"da": "x", "nb": "x", "en": "x", "sv": "x"}, "x"],
}


@pytest.mark.parametrize(
    ("key", "value"), [(key, value) for key, values in SPOILT.items() for value in values], ids=str
)
def test_a_part_of_the_wrong_shape_is_refused(key: str, value: Any) -> None:
    """A file with a part of the wrong type or value, or whose sums do not add up, is refused with its place."""
    with pytest.raises(g.InputError) as caught:
        FIRST.read_allocation({**DATA["rich"], key: value})
    shown(caught.value)
    assert all(problem.where.startswith((key, "budget")) for problem in caught.value.problems)


AWARD: dict[str, list[Any]] = {
    "application": [None, 5],
    "outcome": ["rejected", None],
    "reason": ["no-reason", None],
    "amount": [None, "1", "1e6", "1000000.000", "١٠٠.٠٠"],
    "rank": ["1", 1.5, -1, True],
    "exact": ["1/0", "0.5", "1e1000000", "-1", "1/1/1"],
    "least": ["1", 5],
    "figures": [None, {}, {"line": 1}, []],
    "co_financing": [{}, [{}], None],
    "overrides": [[{}], [{"by": "x", "reason": "y", "sets_aside": "z"}], None],
    "missing": ["x", [5]],
}


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in AWARD.items() for value in values], ids=str)
def test_an_award_of_the_wrong_shape_is_refused(key: str, value: Any) -> None:
    """An award with a part of the wrong type or value is refused, with the place of that part."""
    first, *others = DATA["rich"]["awards"]
    with pytest.raises(g.InputError) as caught:
        FIRST.read_allocation({**DATA["rich"], "awards": [{**first, key: value}, *others]})
    shown(caught.value)
    assert all(problem.where.startswith(f"awards[0].{key}") for problem in caught.value.problems)


def test_everything_wrong_with_a_file_is_reported_at_once() -> None:
    """Several spoilt parts make one report with the path of each."""
    first, *others = DATA["rich"]["awards"]
    spoilt = {**DATA["rich"], "awards": [{**first, "rank": "1", "reason": "x"}, *others], "seed": 7, "reserve": None}
    with pytest.raises(g.InputError) as caught:
        FIRST.read_allocation(spoilt)
    assert [problem.where for problem in caught.value.problems] == [
        "awards[0].rank",
        "awards[0].reason",
        "reserve",
        "seed",
    ]


def test_a_file_that_is_no_json_or_not_there(tmp_path: Path) -> None:
    """Half a file, a list, and no file at all are refused as wrong input."""
    half = tmp_path / "half.json"
    half.write_text(json.dumps(DATA["rich"])[:-40], encoding="utf-8")
    listed = tmp_path / "list.json"
    listed.write_text(json.dumps([DATA["rich"]]), encoding="utf-8")
    for file in (half, listed, tmp_path / "nowhere.json", tmp_path):
        with pytest.raises(g.InputError) as caught:
            FIRST.read_allocation(file)
        shown(caught.value)


@pytest.mark.parametrize("depth", [60, 300, 900, 100_000])
def test_deep_junk_is_refused(tmp_path: Path, depth: int) -> None:
    """Junk nested deeper than any file of ours is refused, without running out of stack."""
    file = tmp_path / "allocation.json"
    junk = json.dumps({**DATA["none"], "remark": "HERE"}).replace('"HERE"', "[" * depth + "]" * depth)
    file.write_text(junk, encoding="utf-8")
    with pytest.raises(g.InputError, match="nested too deeply"):
        FIRST.read_allocation(file)
