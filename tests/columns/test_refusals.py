"""What no column can express is refused when the query is built, by the rules and the term that ask for it."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from attrs import evolve

import grantrules as g
from grantrules.errors import Problem
from tests.columns.engines import HERE, native
from tests.columns.rules import demanding, ruled, tables
from tests.pools import CITED, LATER_TOY, SCORING, a, c, o, text, v

EMPTY = tables()


def refusal(rulebook: g.Rulebook, engine: str = "polars", given: Mapping[str, pl.DataFrame] = EMPTY) -> list[Problem]:
    """What is said of rules that are asked of tables without a row."""
    with pytest.raises(g.InputError) as refused:
        rulebook.columns(native(engine, given))
    return list(refused.value.problems)


TOO_LARGE = a.requested * a.pages * a.pages * a.pages


def test_a_product_that_might_not_fit() -> None:
    """A number that may pass 64 bits is refused, whatever the tables hold, with how large it may be."""
    (problem,) = refusal(demanding(g.kr(1) <= TOO_LARGE, a.safe))
    assert problem == Problem(
        "eligibility.1",
        "`(((requested * pages) * pages) * pages)` cannot be worked out in columns: "
        "it may reach 1.00e+20, and 64 bits hold 9.22e+18",
        "decide the applications one at a time, with `decide`",
        "not-in-columns",
    )


def test_every_rule_is_named() -> None:
    """Every rule that has such a term is named, those of the cost lines, the grant and the criteria among them."""
    large = c.amount * c.hours * c.hours
    criterion = evolve(SCORING.criteria[2], computed=g.kr(2) <= TOO_LARGE)
    scoring = evolve(SCORING, criteria=(criterion,), emphasis=None, weights=g.Weights(g.Weighting.EQUAL, CITED))
    rules = [
        g.Requirement("eligibility.large", g.kr(1) <= TOO_LARGE, text("large"), CITED),
        g.Requirement("eligibility.when", a.safe, text("large"), CITED, when=g.kr(3) <= TOO_LARGE),
    ]
    found = refusal(ruled(*rules, grant=g.least(a.requested, TOO_LARGE), scoring=scoring))
    assert {problem.where for problem in found} == {
        "eligibility.large",
        "eligibility.when",
        "grant.formula",
        "together",
    }
    assert {problem.code for problem in found} == {"not-in-columns"}
    lines = [
        g.CostRule("cost.part", g.Part(large), text("large"), CITED),
        g.CostRule("cost.when", g.Whole(), text("large"), CITED, when=large >= g.kr(1)),
        g.CostRule("cost.small", g.Part(c.vat), text("small"), CITED),
    ]
    assert [problem.where for problem in refusal(ruled(*lines))] == ["cost.part", "cost.when"]


@pytest.mark.parametrize(
    ("term", "said"),
    [
        (a.organisations.different(5), "columns tell at most 4 organisations apart, not 5"),
        (a.visits.total(v.children * a.requested * 90) >= g.kr(0), "with 100 visits"),
        (a.visits.any(v.children * TOO_LARGE >= g.kr(0)), "64 bits hold"),
        (
            g.share(a.requested * a.pages, Fraction(1, 10**7 + 19), g.Rounding.HALF_UP) >= g.kr(1),
            "a division by 20000038 is not exact on every engine",
        ),
        (
            g.share(a.requested * a.pages, Fraction(10**9 + 7, 10**10 + 19), g.Rounding.DOWN) >= g.kr(1),
            "not exact",
        ),
    ],
    ids=["different", "sum", "in-a-list", "division", "share"],
)
def test_terms_that_columns_cannot_express(term: Any, said: str) -> None:
    """The message names the rule, writes the term as the rulebook does, and says what is in the way."""
    (problem,) = refusal(demanding(a.safe, term))
    assert (problem.where, problem.code) == ("eligibility.2", "not-in-columns")
    assert said in problem.message


def test_the_eligible_cost_inside_a_list() -> None:
    """What the cost rules leave is not known yet where a list is gone through."""
    formula = a.visits.total(g.eligible_costs(), where=v.price > g.kr(0))
    (problem,) = refusal(ruled(grant=formula))
    assert (problem.where, problem.code) == ("grant.formula", "not-in-columns")
    assert "`totals.eligible`" in problem.message


def test_weights_that_are_too_fine() -> None:
    """Scores with which not even one rating could be weighed exactly."""
    fine = (Fraction(1, 2**61 - 1), Fraction(1, 2**59 - 55))
    criteria = tuple(
        evolve(one, weight=weight, threshold=None) for one, weight in zip(SCORING.criteria[:2], fine, strict=True)
    )
    weights = g.Weights(g.Weighting.STATED, CITED, total=sum(fine, Fraction(0)))
    scoring = evolve(SCORING, criteria=criteria, weights=weights, emphasis=None)
    (problem,) = refusal(ruled(scoring=scoring))
    assert (problem.where, problem.code) == ("score.weights", "not-in-columns")


def test_points_between_figures_that_differ() -> None:
    """Points that rise between figures of the application have no denominator that is the same in every row."""
    rising = evolve(SCORING.criteria[3], computed=g.Linear(a.requested, none=g.kr(0), full=a.prior_support))
    scoring = evolve(SCORING, criteria=(rising,), weights=g.Weights(g.Weighting.EQUAL, CITED), emphasis=None)
    (problem,) = refusal(ruled(scoring=scoring))
    assert (problem.where, problem.code) == ("visitors", "not-in-columns")


def test_medians_on_pyarrow() -> None:
    """PyArrow cannot put the ratings of each application in order; the criteria are named, and others can."""
    found = refusal(LATER_TOY, "pyarrow", LATER_TOY.to_tables([]))
    assert [problem.where for problem in found] == ["joy", "craft"]
    assert {problem.code for problem in found} == {"not-in-columns"}


@pytest.mark.parametrize("engine", HERE)
def test_four_different_organisations(engine: str) -> None:
    """Up to four organisations are told apart."""
    rulebook = demanding(a.organisations.different(4, where=o.role.is_(g.PARTNER)))
    assert rulebook.columns(native(engine, EMPTY)).results is not None
