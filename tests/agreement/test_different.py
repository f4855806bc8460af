"""Counting different organisations: told apart by id where both state one, else by name, and not sooner than surely."""

from collections.abc import Mapping, Sequence
from itertools import combinations, product
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import grantrules as g
from grantrules.assessments import NOBODY
from grantrules.findings import Missing
from grantrules.readings.compile import compiled
from grantrules.readings.evaluate import verdicts
from grantrules.values import LANGUAGES, Truth
from tests.registry.small import CITED, SmallApplication, a, pool_plugin, words

o = g.facts(SmallApplication, "organisations")

ODENSE, ESBJERG, VEJLE = "DK-CVR-35209115", "DK-CVR-29189803", "DK-CVR-29189900"

COUNTS = (1, 2, 3)

RULES = g.Registry.of(
    pool_plugin(
        "apart",
        eligibility=tuple(
            g.Requirement(
                f"eligibility.{count}-municipalities",
                a.organisations.different(count, where=o.kind.is_(g.MUNICIPALITY)),
                words(f"{count} different municipalities"),
                CITED,
            )
            for count in COUNTS
        ),
    )
).rulebook("apart")
"""Three rules: that one, two or three different municipalities stand behind."""

COMPILED = compiled(RULES.rules)

TRUTHS: Mapping[g.Result, Truth] = {g.Result.MET: True, g.Result.NOT_MET: False, g.Result.UNDETERMINED: None}


def municipality(name: str | None = None, id: str | None = None, kind: str | None = "municipality") -> dict[str, Any]:
    """An organisation as its file holds it; without more, a municipality of which nothing else is known."""
    return {"name": name, "id": id, "kind": kind}


def decided(organisations: Sequence[Mapping[str, Any]] | None) -> g.Decision:
    """The decision on an application with these organisations, by the compiled rules as by the specification."""
    application = RULES.read_application({"organisations": organisations})
    assert COMPILED(application, NOBODY) == verdicts(RULES.rules, application, NOBODY)
    return RULES.decide(application)


def enough(*organisations: Mapping[str, Any]) -> tuple[Truth, ...]:
    """Whether there are one, two and three different municipalities among the organisations."""
    return tuple(TRUTHS[finding.result] for finding in decided(organisations).findings)


@pytest.mark.parametrize(
    ("organisations", "expected"),
    [
        ([], (False, False, False)),
        ([municipality("Odense", ODENSE)], (True, False, False)),
        ([municipality("Odense", ODENSE), municipality("Odense", ODENSE)], (True, False, False)),
        ([municipality("Odense Kommune", ODENSE), municipality("Odense", ODENSE)], (True, False, False)),
        ([municipality("Odense", ODENSE), municipality("Odense", ESBJERG)], (True, True, False)),
        (
            [municipality("Odense", ODENSE), municipality("Esbjerg", ESBJERG), municipality("Vejle", VEJLE)],
            (True, True, True),
        ),
        (
            [municipality("Odense", ODENSE), municipality("Esbjerg", ESBJERG), municipality("Byen", ESBJERG)],
            (True, True, False),
        ),
    ],
    ids=["nobody", "one", "twice", "two-names-one-id", "one-name-two-ids", "three", "three-lines-of-two"],
)
def test_ids_tell_apart_where_both_have_one(organisations: list[dict[str, Any]], expected: tuple[Truth, ...]) -> None:
    """Two organisations with ids are one if the ids are the same, whatever they are called."""
    assert enough(*organisations) == expected


@pytest.mark.parametrize(
    ("organisations", "expected"),
    [
        ([municipality("Odense"), municipality("Esbjerg")], (True, True, False)),
        ([municipality("Odense"), municipality("Odense")], (True, False, False)),
        ([municipality("Odense", ODENSE), municipality("Odense")], (True, False, False)),
        ([municipality("Odense", ODENSE), municipality("Esbjerg")], (True, True, False)),
        ([municipality("Odense"), municipality("Esbjerg"), municipality("Vejle")], (True, True, True)),
        ([municipality("Odense"), municipality("Esbjerg"), municipality("Odense")], (True, True, False)),
        # Two with ids differ by them, and the one without is neither of them or one of them by its name.
        (
            [municipality("Odense", ODENSE), municipality("Odense", ESBJERG), municipality("Vejle")],
            (True, True, True),
        ),
        (
            [municipality("Odense", ODENSE), municipality("Esbjerg", ESBJERG), municipality("Odense")],
            (True, True, False),
        ),
    ],
    ids=["two", "same", "one-id-same", "one-id-other", "three", "three-of-two", "name-of-neither", "name-of-one"],
)
def test_names_tell_apart_where_an_id_is_lacking(
    organisations: list[dict[str, Any]], expected: tuple[Truth, ...]
) -> None:
    """Where one of two organisations has no id, they are one if they are called the same."""
    assert enough(*organisations) == expected


@pytest.mark.parametrize(
    ("organisations", "expected"),
    [
        ([municipality()], (True, False, False)),
        ([municipality(), municipality()], (True, None, False)),
        ([municipality("Odense"), municipality()], (True, None, False)),
        ([municipality("Odense", ODENSE), municipality(None, ESBJERG)], (True, True, False)),
        ([municipality("Odense", ODENSE), municipality()], (True, None, False)),
        ([municipality("Odense"), municipality("Esbjerg"), municipality()], (True, True, None)),
        ([municipality("Odense"), municipality("Odense"), municipality()], (True, None, False)),
        ([municipality(), municipality(), municipality()], (True, None, None)),
    ],
    ids=["one", "two", "one-named", "by-id", "id-and-nothing", "two-named", "twice-named", "three"],
)
def test_whoever_has_no_name_may_be_another(organisations: list[dict[str, Any]], expected: tuple[Truth, ...]) -> None:
    """An organisation without name and id may be one that is there already, or another: neither is guessed."""
    assert enough(*organisations) == expected


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (("municipality", "municipality", "region"), (True, True, False)),
        (("municipality", "region", "region"), (True, False, False)),
        (("municipality", None, "region"), (True, None, False)),
        (("municipality", None, None), (True, None, None)),
        ((None, None, None), (None, None, None)),
        ((None, None, "region"), (None, None, False)),
        ((None, "region", "region"), (None, False, False)),
        (("region", "region", "region"), (False, False, False)),
        (("municipality", "municipality", None), (True, True, None)),
    ],
    ids=str,
)
def test_a_missing_kind_decides_nothing(kinds: Sequence[str | None], expected: tuple[Truth, ...]) -> None:
    """Whoever may be a municipality may count: enough only surely, too few only where no more can be."""
    names = ("Odense", "Esbjerg", "Vejle")
    assert enough(*(municipality(name, kind=kind) for name, kind in zip(names, kinds, strict=True))) == expected


def test_without_organisations_nothing_is_known() -> None:
    """Where the organisations are not stated, that is what is missing; none at all are too few."""
    for finding in decided(None).findings:
        assert finding.result is g.Result.UNDETERMINED
        assert finding.needs == (Missing("organisations", "applicant", "fact"),)
    for finding in decided([]).findings:
        assert (finding.result, finding.facts) == (g.Result.NOT_MET, {"organisations": ()})


@pytest.mark.parametrize(
    ("organisations", "count", "missing"),
    [
        ([municipality("Odense"), municipality()], 2, ("organisations[1].name",)),
        ([municipality(), municipality()], 2, ("organisations[0].name", "organisations[1].name")),
        ([municipality("Odense"), municipality("Vejle", kind=None)], 2, ("organisations[1].kind",)),
        (
            [municipality("Odense"), municipality(kind=None)],
            2,
            ("organisations[1].kind", "organisations[1].name"),
        ),
        # A region does not count, whatever it is called.
        ([municipality("Odense"), municipality(kind="region"), municipality(kind=None)], 2, None),
        ([municipality("Odense"), municipality("Vejle"), municipality()], 2, ()),
        ([municipality("Odense"), municipality("Vejle"), municipality()], 3, ("organisations[2].name",)),
        ([municipality("Odense"), municipality()], 3, ()),
    ],
    ids=str,
)
def test_what_is_needed_is_named(
    organisations: list[dict[str, Any]], count: int, missing: tuple[str, ...] | None
) -> None:
    """A count that is open names the kinds and names it waits for, of those alone who may count; a settled one none."""
    found = decided(organisations).finding(f"eligibility.{count}-municipalities")
    expected = ("organisations[2].kind", "organisations[2].name") if missing is None else missing
    assert found.missing == expected
    assert (found.result is g.Result.UNDETERMINED) is bool(expected)
    assert all((need.origin, need.kind) == ("applicant", "fact") for need in found.needs)


def test_the_facts_it_rests_on_are_named() -> None:
    """A finding names the kinds looked at, and of those who count what they are told apart by."""
    organisations = [
        municipality("Odense", ODENSE),
        municipality("Esbjerg"),
        municipality("Region Syddanmark", VEJLE, "region"),
    ]
    found = decided(organisations).finding("eligibility.2-municipalities")
    assert found.result is g.Result.MET
    assert found.facts == {
        "organisations[0].kind": "municipality",
        "organisations[0].id": ODENSE,
        "organisations[0].name": "Odense",
        "organisations[1].kind": "municipality",
        "organisations[1].name": "Esbjerg",
        "organisations[2].kind": "region",
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_says_who_was_counted(language: Any) -> None:
    """A refusal for too few names those who were counted, and a stored one says the same."""
    decision = decided([municipality("Odense Kommune", ODENSE), municipality("Odense by", ODENSE)])
    explained = decision.explain(language)
    assert "[eligibility.2-municipalities]" in explained
    assert "Odense by" in explained
    assert ODENSE in explained
    assert RULES.read_decision(decision.to_dict()).explain(language) == explained


ORGANISATIONS = st.lists(
    st.builds(
        g.Organisation,
        name=st.sampled_from((None, "Odense", "Esbjerg", "Vejle")),
        id=st.sampled_from((None, None, ODENSE, ESBJERG)),
        kind=st.sampled_from((None, "municipality", "municipality", "region")),
    ),
    max_size=4,
)
"""Up to four organisations, with much that is missing or the same."""


def differ(one: g.Organisation, other: g.Organisation) -> Truth:
    """Whether two are different: by id, else by name, else nobody knows."""
    if one.id and other.id:
        return one.id != other.id
    return one.name != other.name if one.name and other.name else None


def among(count: int, found: Sequence[g.Organisation], told: tuple[Truth, ...]) -> bool:
    """So many of them are, two by two, told apart in one of these ways."""
    return any(all(differ(*pair) in told for pair in combinations(group, 2)) for group in combinations(found, count))


@settings(max_examples=300)
@given(organisations=ORGANISATIONS)
def test_it_is_true_if_surely_enough_and_false_if_too_few_can_be(organisations: list[g.Organisation]) -> None:
    """Enough that surely count and surely differ make it true; too few that may count and may differ make it false."""
    application = SmallApplication(organisations=tuple(organisations))
    sure = [found for found in organisations if found.kind == "municipality"]
    possible = [found for found in organisations if found.kind in ("municipality", None)]
    results = COMPILED(application, NOBODY)
    assert results == verdicts(RULES.rules, application, NOBODY)
    for count, result in zip(COUNTS, results.requirements, strict=True):
        true, open_ = among(count, sure, (True,)), among(count, possible, (True, None))
        assert TRUTHS[result] is (True if true else None if open_ else False)


@settings(max_examples=60)
@given(organisations=ORGANISATIONS, shuffled=st.data())
def test_order_and_repetition_decide_nothing(organisations: list[g.Organisation], shuffled: st.DataObject) -> None:
    """Another order changes no verdict, and nor does naming somebody with an id twice."""
    results = COMPILED(SmallApplication(organisations=tuple(organisations)), NOBODY).requirements
    moved = shuffled.draw(st.permutations(organisations))
    repeated = [*moved, *(found for found in organisations if found.id)]
    for other in (moved, repeated):
        assert COMPILED(SmallApplication(organisations=tuple(other)), NOBODY).requirements == results


@settings(max_examples=60)
@given(organisations=ORGANISATIONS.filter(lambda found: len(found) <= 3))
def test_a_verdict_holds_however_the_rest_is_filled_in(organisations: list[g.Organisation]) -> None:
    """Whatever names and kinds turn out to be missing, a count that was settled without them stays as it was."""
    before = COMPILED(SmallApplication(organisations=tuple(organisations)), NOBODY).requirements
    for filled in product(*(list(completions(found)) for found in organisations)):
        after = COMPILED(SmallApplication(organisations=filled), NOBODY).requirements
        for old, new in zip(before, after, strict=True):
            assert new is not g.Result.UNDETERMINED
            assert old in (g.Result.UNDETERMINED, new)


def completions(organisation: g.Organisation) -> list[g.Organisation]:
    """The organisation with its name and kind filled in, in every way that matters; an id left out says nothing."""
    names = ("Odense", "Esbjerg", "Nyborg") if organisation.name is None else (organisation.name,)
    kinds = ("municipality", "region") if organisation.kind is None else (organisation.kind,)
    return [evolve(organisation, name=name, kind=kind) for name in names for kind in kinds]


def test_one_with_an_id_needs_its_name_where_another_has_none() -> None:
    """Whoever has an id and no name is told apart by name from one without an id, so the name is asked for."""
    found = decided([municipality("Odense"), municipality(None, "DK-CVR-29190925")])
    finding = found.finding("eligibility.2-municipalities")
    assert finding.result is g.Result.UNDETERMINED
    assert finding.missing == ("organisations[1].name",)
