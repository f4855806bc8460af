"""The order in which organisations, lines, sources of funding and assessments are given decides nothing."""

import re
from collections.abc import Mapping
from typing import Any

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import grantrules as g
from grantrules.findings import Missing
from grantrules.terms.schema import Kind
from tests.pools import EVERY_POOL, RULEBOOKS
from tests.strategies import cases

_ITEM = re.compile(r"\b(\w+)\[(\d+)\]")

Places = Mapping[str, list[int]]
"""List to the old index of each item, in the new order."""


@st.composite
def permuted(draw: st.DrawFn, rulebook: g.Rulebook, application: Any) -> tuple[Any, Places]:
    """The application with the items of every list in another order, and where they were before."""
    lists = [fact.name for fact in rulebook.rules.schema.application.fields if fact.kind is Kind.MANY]
    stated = {name: getattr(application, name) for name in lists if getattr(application, name) is not None}
    places = {name: draw(st.permutations(range(len(items)))) for name, items in stated.items()}
    moved = {name: tuple(stated[name][old] for old in order) for name, order in places.items()}
    return evolve(application, **moved), places


def moved_back(path: str, places: Places) -> str:
    """A path of the permuted application as it reads in the first one."""
    return _ITEM.sub(lambda m: f"{m[1]}[{places[m[1]][int(m[2])]}]" if m[1] in places else m[0], path)


def said(decision: g.Decision, places: Places) -> dict[str, Any]:
    """Everything that a decision says, in the order of the rules and with the paths of the first application."""

    def needs(found: tuple[Missing, ...]) -> set[Missing]:
        return {evolve(n, what=moved_back(n.what, places), at=moved_back(n.at, places)) for n in found}

    def facts(found: Mapping[str, Any]) -> dict[str, Any]:
        return {moved_back(path, places): value for path, value in found.items()}

    lines = {
        places.get("costs", [])[line.index]: (
            line.id,
            line.category,
            line.interval,
            needs(tuple(need for _, need in line.needs)),
            [(f.rule, f.taken, f.held, f.limit, needs(f.needs), facts(f.facts)) for f in line.findings],
        )
        for line in decision.costs.lines
    }
    score = decision.score
    return {
        "outcome": decision.outcome,
        "findings": [(f.rule, f.result, f.clauses, facts(f.facts), needs(f.needs)) for f in decision.findings],
        "lines": lines,
        "total": decision.costs.total,
        "grant": decision.highest_grant,
        "score": None
        if score is None
        else [evolve(score, criteria=()), *(evolve(c, needs=()) for c in score.criteria)],
        "open": [] if score is None else [needs(criterion.needs) for criterion in score.criteria],
        "conditions": decision.conditions,
        "needed": {(need.origin, moved_back(need.what, places), frozenset(need.rules)) for need in decision.needed},
        "assumptions": decision.assumptions,
    }


@EVERY_POOL
@settings(max_examples=50)
@given(data=st.data())
def test_the_order_of_items_decides_nothing(pool: str, data: st.DataObject) -> None:
    """Another order of items changes nothing but the indexes in paths."""
    rulebook = RULEBOOKS[pool]
    application, assessments = data.draw(cases(rulebook))
    other, places = data.draw(permuted(rulebook, application))
    unmoved = {name: sorted(order) for name, order in places.items()}
    expected = said(rulebook.decide(application, assessments), unmoved)
    assert said(rulebook.decide(other, assessments), places) == expected


@EVERY_POOL
@settings(max_examples=30)
@given(data=st.data())
def test_the_order_of_assessments_decides_nothing(pool: str, data: st.DataObject) -> None:
    """Another order of assessments changes nothing at all, the digests among it."""
    rulebook = RULEBOOKS[pool]
    application, assessments = data.draw(cases(rulebook))
    other = data.draw(st.permutations(assessments))
    assert rulebook.decide(application, other).to_dict() == rulebook.decide(application, assessments).to_dict()
