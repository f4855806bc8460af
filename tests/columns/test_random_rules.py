"""Whatever rules the checker passes, columns say what the specification says, or refuse to say anything."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import pytest
from attrs import evolve
from hypothesis import event, given, settings

import grantrules as g
from grantrules.errors import Problem
from tests.agreement.test_readings import RandomTerms, random_terms
from tests.columns.batches import Batch, Case, sampled
from tests.columns.engines import native
from tests.pools import TOY

COUNT = 40
"""So many applications are asked about under every rule set."""


@cache
def cases() -> Sequence[Case]:
    """Applications to the toy pool, whose rules ask everything."""
    return sampled(TOY, COUNT).cases


@pytest.fixture(autouse=True)
def _drawn_before() -> None:
    """Hypothesis draws them before the test, and not inside it."""
    cases()


def answering(case: Case, asked: frozenset[str]) -> Case:
    """The case without answers to questions that nobody asks."""
    application, assessments = case
    return application, [
        evolve(
            one, ratings={}, comments={}, judgements={id: said for id, said in one.judgements.items() if id in asked}
        )
        for one in assessments
    ]


@settings(max_examples=80)
@given(terms=random_terms())
def test_columns_agree_on_random_rules(terms: RandomTerms) -> None:
    """Demands, cost rules and a grant formula of random terms: the same of every application, in every column."""
    rules = evolve(terms.rules(), scoring=g.Scoring(()), conditions=())
    asked = frozenset(judgement.id for judgement in rules.judgements)
    batch = Batch(g.Rulebook(rules), tuple(answering(case, asked) for case in cases()))
    columns, refused = _asked(batch)
    assert all(problem.code == "not-in-columns" for problem in refused)
    event("refused" if columns is None else "asked")
    if columns is not None:
        batch.check(columns)


def _asked(batch: Batch) -> tuple[Any, tuple[Problem, ...]]:
    """What columns say, or why they do not."""
    tables = native("polars", batch.tables)
    try:
        return batch.rulebook.columns(tables), ()
    except g.InputError as error:
        return None, error.problems
