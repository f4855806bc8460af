"""The law suite as a plugin uses it: its tests, its waivers, and what it says when a law is broken."""

from typing import Any

import pytest

import grantrules as g
from grantrules.testing.laws import LAWS, broken_laws, law_suite
from tests.pools import LATER_TOY, TOY, LaterToyPlugin
from tests.registry import small
from tests.testing import faulty

SHADOWED = faulty.pool_with(faulty.SHORT, faulty.SHADOWED)
SHADOW = "can-fail-alone:eligibility.shadowed"
COPIES = {"every-text-in-the-languages": "the texts are the same in every language"}

OF_TOY = {
    "can-fail-alone:formal.always": "it asks for nothing",
    "can-be-undetermined:formal.always": "it asks for nothing",
    "can-fail-alone:cost.share-of-companies": "what it leaves is cut by the deduction from every line",
}

TestToy = law_suite(LaterToyPlugin(), waived=OF_TOY)


def ids_of(suite: type) -> list[str]:
    """The ids of the tests of a suite."""
    (mark,) = suite.test_law.pytestmark  # type: ignore[attr-defined]
    ids: list[str] = mark.kwargs["ids"]
    return ids


def failure(suite: type, test: str, **values: Any) -> str:
    """What a test of a suite says when it fails; empty if it passes."""
    try:
        getattr(suite(), test)(**values)
    except pytest.fail.Exception as failed:
        return str(failed)
    return ""


def test_every_law_is_tested_on_every_round() -> None:
    """The tests of a suite are laws by rounds, and the laws of plugins by plugins."""
    ids = ids_of(TestToy)
    assert ids[:2] == ["engine-agreement-toy@2020", "engine-agreement-toy@2021"]
    assert "no-clock-no-chance-LaterToyPlugin" in ids
    assert len(ids) == 2 * (len(LAWS) - 2) + 2


def test_rounds_can_be_chosen() -> None:
    """Some rounds alone are tested; one that there is not is refused with the nearest."""
    ids = ids_of(law_suite(LaterToyPlugin(), rounds=["2021"]))
    assert not [id for id in ids if id.endswith("toy@2020")]
    with pytest.raises(g.InputError, match="there is no round `2012`"):
        law_suite(LaterToyPlugin(), rounds=["2012"])


def test_rulebooks_can_be_given_ready() -> None:
    """Rulebooks without their plugins are tested too, without the laws of plugins; two of a name are told apart."""
    ids = ids_of(law_suite(TOY, LATER_TOY, TOY))
    assert {id.rpartition("-")[2] for id in ids} == {"toy@2020", "toy@2021", "toy@2020#2"}
    assert not [id for id in ids if id.startswith("no-clock")]


def test_nothing_to_test_is_refused() -> None:
    """A suite of no plugin is a mistake."""
    with pytest.raises(g.InputError, match="there is no round to test"):
        law_suite()


def test_a_broken_law_is_reported_with_rule_and_application() -> None:
    """The report names law, rule and what is wrong, shows an application, and says what to do."""
    said = failure(law_suite(SHADOWED), "test_law", law="can-fail-alone", subject="faulty@2020")
    lines = said.splitlines()
    assert lines[0].startswith("`faulty@2020` breaks the law `can-fail-alone`: Every requirement can fail while")
    assert lines[1].startswith("  eligibility.shadowed: it fails only where `eligibility.short` fails too")
    assert '"pages": ' in lines[2]
    assert lines[-1] == f"    hint: mend the rule, or waive `{SHADOW}` with the reason"


def test_a_waived_law_passes() -> None:
    """What is waived does not fail, by the law alone or by law and rule, and what is not waived still does."""
    for waived in ({SHADOW: "both are in the call"}, {"can-fail-alone": "both are in the call"}):
        suite = law_suite(SHADOWED, waived=waived)
        assert failure(suite, "test_law", law="can-fail-alone", subject="faulty@2020") == ""
        assert failure(suite, "test_waiver", waiver=next(iter(waived))) == ""
    others = law_suite(SHADOWED, waived={"can-fail-alone:eligibility.short": "the wrong one"})
    assert SHADOW in failure(others, "test_law", law="can-fail-alone", subject="faulty@2020")


def test_a_stale_waiver_fails() -> None:
    """A waiver of a law that holds now is to be removed."""
    sound = faulty.pool_with(faulty.SHORT)
    suite = law_suite(sound, waived={"can-fail-alone:eligibility.short": "once it was shadowed"})
    said = failure(suite, "test_waiver", waiver="can-fail-alone:eligibility.short")
    assert said.startswith("`can-fail-alone:eligibility.short` is waived, but holds")


def test_a_waiver_of_a_drawn_law_is_stale_too() -> None:
    """Also where examples are drawn, a waiver fails once none breaks the law."""
    suite = law_suite(faulty.pool_with(faulty.SHORT), waived={"missing-facts:eligibility.short": "no more"}, examples=5)
    assert "is waived, but holds" in failure(suite, "test_waiver", waiver="missing-facts:eligibility.short")


def test_a_waiver_of_one_round_holds_for_all() -> None:
    """A law that one of two rounds breaks may be waived, and is not stale for the other."""
    rounds = (faulty.pool_with(faulty.SHORT), SHADOWED)
    suite = law_suite(*rounds, waived={SHADOW: "both are in the call"})
    assert failure(suite, "test_waiver", waiver=SHADOW) == ""


def test_unknown_and_unexplained_waivers_are_refused_together() -> None:
    """Laws and rules that there are not, and waivers without a reason, are wrong input, all at once."""
    waived = {
        "can-fial-alone": "a slip",
        "can-fail-alone:eligibility.shadowd": "a slip",
        "no-clock-no-chance:eligibility.short": "no rule breaks it",
        "needs": "  ",
    }
    with pytest.raises(g.InputError) as refused:
        law_suite(SHADOWED, waived=waived)
    assert str(refused.value).splitlines() == [
        "waived: 4 problems",
        "  can-fial-alone: there is no law `can-fial-alone`",
        "    hint: did you mean `can-fail-alone`?",
        "  can-fail-alone:eligibility.shadowd: there is no rule `eligibility.shadowd`",
        "    hint: did you mean `eligibility.shadowed` or `eligibility.short`?",
        "  no-clock-no-chance:eligibility.short: `no-clock-no-chance` is about whole plugins",
        "    hint: waive `no-clock-no-chance`",
        "  needs: the waiver gives no reason",
        "    hint: say why the pool may break the law",
    ]


def test_unknown_laws_are_refused() -> None:
    """Whoever asks for a law that there is not is told the nearest."""
    with pytest.raises(g.InputError, match="did you mean `missing-facts`"):
        broken_laws(TOY, ["missing-fact"])


def test_a_loaded_rulebook_is_held_to_the_laws(tmp_path: Any) -> None:
    """Laws are looked at without the plugin, and say the same as with it."""
    file = tmp_path / "rules.json"
    file.write_text(SHADOWED.save(), "utf-8")
    loaded = g.Rulebook.load(file)
    laws = ["can-fail-alone", "missing-facts", "no-clock-no-chance"]
    assert [breach.key for breach in broken_laws(loaded, laws, examples=10)] == [SHADOW]
    assert [breach.key for breach in broken_laws(SHADOWED, laws, examples=10)] == [SHADOW]


def test_breaches_are_the_same_every_time() -> None:
    """Two looks at one rulebook find the same breaches, with the same examples."""
    rulebook = faulty.Guessing(faulty.pool_with(faulty.SHORT).rules)
    first, second = (broken_laws(rulebook, ["missing-facts"], 30) for _ in range(2))
    assert first == second
    assert [breach.example for breach in first] == [breach.example for breach in second]


def test_a_breach_can_be_written_as_json() -> None:
    """The example of a breach is what files hold, and is read back."""
    (breach,) = broken_laws(SHADOWED, ["can-fail-alone"])
    (data,) = breach.example_data
    assert SHADOWED.read_application(data["application"]) == breach.example[0][0]


def test_texts_of_the_small_pool_are_waived() -> None:
    """The pool that these tests spoil has English texts alone, and a whole law is waived for it."""
    suite = law_suite(small.pool_plugin("whole"), waived=COPIES)
    assert failure(suite, "test_law", law="every-text-in-the-languages", subject="whole@2020") == ""
