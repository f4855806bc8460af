"""Running mutants: a good suite catches them, a suite that asserts nothing does not, and the report says which."""

import json
from pathlib import Path
from typing import Any

import pytest

import grantrules as g
from grantrules.readings.layout import to_text
from grantrules.testing import Case, Fate, mutate, read_cases
from grantrules.testing.mutation.report import report, to_data
from tests.pools import REAL, RULEBOOKS, TOY

PLUGINS = Path(__file__).parents[2] / "plugins"
ROUNDS = [name for name, rulebook in RULEBOOKS.items() if rulebook.pool.id != "toy"]

_OWN = "total of funding.amount over funding where funding.source = own"
_REFUSED = "`{}` refuses every application in which `{}` would be the least, unless a person sets it aside"
EQUAL = {
    "dk_2018_kompetenceloeft@2018": [
        "`cost.period` takes the whole of every line on which they differ, unless a person sets it aside",
        _REFUSED.format("eligibility.grant-limits", "grant_ceiling"),
        _REFUSED.format("eligibility.matching", _OWN),
    ],
}
"""What nothing can tell apart in the real pools, by the reason."""


def cases_of(rulebook: g.Rulebook) -> list[Case]:
    """The plugin's own cases of one round."""
    registry = {name: one for name, one in RULEBOOKS.items() if one.pool.id == rulebook.pool.id}
    return [case for case in read_cases(PLUGINS / rulebook.pool.id, registry) if case.round == rulebook.round.id]


@pytest.mark.parametrize("name", ROUNDS)
def test_the_cases_of_every_pool_notice_every_mistake(name: str) -> None:
    """No mutant of a real round survives its cases; what is equal in meaning is so for the reasons known."""
    rulebook = RULEBOOKS[name]
    found = mutate(rulebook, cases_of(rulebook), laws=False, workers=1)
    assert [(one.rule, one.change) for one in found.survivors] == []
    assert [one.by for one in found.of(Fate.EQUAL)] == EQUAL.get(rulebook.rules.name, [])
    assert found.ratio == 1


def _folder(where: Path, name: str, application: dict[str, Any], expected: dict[str, Any]) -> None:
    folder = where / name
    folder.mkdir(parents=True)
    (folder / "application.json").write_text(json.dumps(application), "utf-8")
    (folder / "expected.json").write_text(json.dumps(expected), "utf-8")


SIGNED = {"id": "SUM-1", "pool": "dk_2018_kompetenceloeft", "round": "2018", "signed": True, "pages": 5}
LENGTH = ("formal.length", "value.page_limit")


def test_cases_that_assert_nothing_of_a_rule_let_its_mutants_live(tmp_path: Path) -> None:
    """A suite that looks at one finding alone leaves every mistake in the others, and says so by rule."""
    _folder(tmp_path, "signed", SIGNED, {"why": "It is signed.", "findings": {"formal.signature": "met"}})
    found = mutate(REAL, read_cases(tmp_path, REAL), laws=False, rules=[*LENGTH, "formal.signature"], workers=1)
    survived = {one.rule for one in found.survivors}
    assert survived == {*LENGTH}
    assert all(one.witness is not None for one in found.survivors)
    text = to_text(report(found))
    assert "formal.length" in text
    assert '"pages": 5' in text


def test_a_case_at_the_limit_and_one_beyond_it_catch_what_moves_it(tmp_path: Path) -> None:
    """Two cases, one page apart, catch every mistake in the limit of pages."""
    met = {"why": "Five pages are allowed.", "findings": {"formal.length": "met"}}
    late = {"why": "Six are not.", "findings": {"formal.length": "not_met"}}
    _folder(tmp_path, "five", SIGNED, met)
    _folder(tmp_path, "six", {**SIGNED, "pages": 6}, late)
    found = mutate(REAL, read_cases(tmp_path, REAL), laws=False, rules=LENGTH, workers=1)
    assert found.survivors == ()
    assert {one.by for one in found.tried} == {"case five", "case six"}


def test_only_the_cases_given_count_as_they_stand_now(tmp_path: Path) -> None:
    """A variation that is not given catches nothing, and a case that was changed is read again."""
    met = {"why": "Five pages are allowed.", "findings": {"formal.length": "met"}}
    _folder(tmp_path, "five", SIGNED, met)
    six = {"why": "Six are not.", "application": {"pages": 6}, "expected": {"findings": {"formal.length": "not_met"}}}
    (tmp_path / "five" / "variations.json").write_text(json.dumps({"six": six}), "utf-8")
    first, *_ = cases = read_cases(tmp_path, REAL)
    assert mutate(REAL, cases, laws=False, rules=LENGTH, workers=1).survivors == ()
    assert mutate(REAL, [first], laws=False, rules=LENGTH, workers=1).survivors
    (tmp_path / "five" / "variations.json").unlink()
    assert mutate(REAL, read_cases(tmp_path, REAL), laws=False, rules=LENGTH, workers=1).survivors


def test_without_cases_laws_alone_catch_what_makes_a_rule_pointless() -> None:
    """A mistake that leaves a rule which can never fail is caught by the law that it must."""
    found = mutate(TOY, rules=["eligibility.effects"], workers=1)
    assert [one.by for one in found.of(Fate.CAUGHT)] == ["law can-fail-alone:eligibility.wanted"]
    assert found.survivors
    assert found.cases == 0


def test_a_case_that_does_not_hold_stops_everything(tmp_path: Path) -> None:
    """Mutants say nothing while a case fails on the rules themselves."""
    _folder(tmp_path, "wrong", SIGNED, {"why": "Nonsense.", "findings": {"formal.signature": "not_met"}})
    with pytest.raises(g.InputError, match="the case does not hold for the rules"):
        mutate(REAL, read_cases(tmp_path, REAL), workers=1)


def test_an_unknown_rule_is_wrong_input() -> None:
    """Mutants can only be asked for of rules that there are."""
    with pytest.raises(g.InputError, match="no mutant is made of it"):
        mutate(REAL, rules=["formal.lenght"], workers=1)


def test_several_processes_find_the_same(tmp_path: Path) -> None:
    """Two processes find what one finds, in the same order, and tell how far they are."""
    _folder(tmp_path, "signed", SIGNED, {"why": "It is signed.", "findings": {"formal.signature": "met"}})
    cases = read_cases(tmp_path, REAL)
    told: list[tuple[int, int]] = []
    one = mutate(REAL, cases, laws=False, rules=LENGTH, workers=1)
    two = mutate(REAL, cases, laws=False, rules=LENGTH, workers=2, progress=lambda *at: told.append(at))
    assert two == one
    assert told[-1] == (len(one.tried), len(one.tried))


def test_a_saved_rule_set_is_tried_alike(tmp_path: Path) -> None:
    """Rules that were saved have the same mutants, and the same fates, as those of the plugin."""
    file = tmp_path / "rules.json"
    file.write_text(REAL.save(), "utf-8")
    loaded = g.Rulebook.load(file)
    found = [mutate(rulebook, laws=False, rules=LENGTH, workers=1) for rulebook in (REAL, loaded)]
    assert found[0] == found[1]


def test_the_report_is_data_too(tmp_path: Path) -> None:
    """The JSON form has every mutant with its fate, and exact counts."""
    _folder(tmp_path, "signed", SIGNED, {"why": "It is signed.", "findings": {"formal.signature": "met"}})
    found = mutate(REAL, read_cases(tmp_path, REAL), laws=False, rules=["value.page_limit"], workers=1)
    data = json.loads(json.dumps(to_data(found)))
    assert data["format"] == "grantrules.mutation/1"
    assert data["counts"] == {"caught": 0, "refused when loaded": 0, "equal in meaning": 0, "survived": 2}
    assert data["ratio"] == "0"
    application = data["mutants"][0]["witness"]["application"]
    assert {key: application[key] for key in ("pool", "pages")} == {"pool": "dk_2018_kompetenceloeft", "pages": 5}


def test_a_mutant_that_does_not_load_is_caught_by_that() -> None:
    """What the checks at load refuse needs no case."""
    found = mutate(TOY, laws=False, rules=["eligibility.visits"], workers=1)
    refused = found.of(Fate.REFUSED)
    assert refused
    assert all(one.by for one in refused)


def test_only_cases_of_the_round_count() -> None:
    """Cases of another round of the pool are passed over."""
    other = RULEBOOKS["dk_2022_digitale_kompetencer@2023"]
    one = RULEBOOKS["dk_2022_digitale_kompetencer@2022"]
    found = mutate(one, cases_of(other), laws=False, rules=["volume"], workers=1)
    assert found.cases == 0
    assert found.survivors


def test_a_rulebook_with_other_values_is_not_the_one_of_the_cases() -> None:
    """A what-if has a digest of its own; the cases of the round are not its cases."""
    what_if = REAL.with_values(page_limit=6)
    assert mutate(what_if, cases_of(REAL), laws=False, rules=["formal.length"], workers=1).cases == 0
