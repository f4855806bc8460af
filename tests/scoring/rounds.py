"""A pool for rehabilitation at home, of which a test chooses how it scores."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from attrs import evolve, frozen

import grantrules as g
from grantrules.readings.layout import Document, Item, Items
from tests.registry.small import CALL, CITED, pool_of, pool_plugin, round_of

TOP = 10
"""The top of the scale; ratings on it may be fractions of a point."""


def text(da: str, nb: str, en: str) -> g.Text:
    """One text in three languages that differ."""
    return g.Text(da=da, nb=nb, en=en)


@frozen(kw_only=True)
class Rehabilitation(g.Application):
    """An application to the pool."""

    people_reached: int | None = g.count(text("borgere, der nås", "personer som nås", "people reached"))
    longest_drive: Decimal | None = g.quantity(text("længste køretur", "lengste kjøretur", "longest drive"), "km")
    volunteers: bool | None = g.flag(text("frivillige deltager", "frivillige deltar", "volunteers take part"))


a = g.facts(Rehabilitation)
f = g.facts(Rehabilitation, "funding")

OWN = a.funding.total(f.amount, where=f.source.is_(g.OWN))


def said(id: str) -> g.Text:
    """The statement of a criterion, in three languages that differ."""
    return text(f"Det taler for, {id}.", f"Det teller positivt, {id}.", f"It counts in favour, {id}.")


def criterion(id: str, **settings: Any) -> g.Criterion:
    """A criterion of the call, rated unless it is computed."""
    return g.Criterion(id, said(id), CITED, **settings)


BENEFIT, PLAN = criterion("benefit"), criterion("plan")
VOLUNTEERS = criterion("volunteers", computed=a.volunteers.is_(True))


def scoring(*criteria: g.Criterion, combining: g.Combining = g.Combining.MEAN, **parts: Any) -> g.Scoring:
    """A scoring with equal weights, or with the weights that all its criteria state."""
    stated = bool(criteria) and criteria[0].weight is not None
    total = sum((criterion.weight or Fraction(0) for criterion in criteria), Fraction(0))
    sound: dict[str, Any] = {
        "scale": g.Scale(TOP, CITED),
        "weights": g.Weights(g.Weighting.STATED, CITED, total) if stated else g.Weights(g.Weighting.EQUAL, CITED),
        "combination": g.Combination(combining, CITED),
    }
    return g.Scoring(criteria, **{**sound, **parts})


def rulebook(given: g.Scoring, *values: g.Value, **settings: Any) -> g.Rulebook:
    """The pool with this way to score, its round binding some values."""
    round = evolve(round_of(*values), **settings)
    pool = pool_of("rehabilitation", round, application=Rehabilitation, sources=(CALL,))
    return g.Registry.of(pool_plugin("rehabilitation", pool=pool, scoring=given)).rulebook("rehabilitation")


def decided(rules: g.Rulebook, *assessments: Mapping[str, Any], **facts: Any) -> g.Decision:
    """The decision on an application that states what is asked for, and more; assessments as their files hold them."""
    asked = {"id": "R-17", "signed": True, "requested": "250000.00", "costs": []}
    application = rules.read_application({**asked, **facts})
    return rules.decide(application, [rules.read_assessment(given) for given in assessments])


def scored(rules: g.Rulebook, *assessments: Mapping[str, Any], **facts: Any) -> g.Score:
    """The score of such an application; there must be one."""
    found = decided(rules, *assessments, **facts).score
    assert found is not None
    return found


def rated(*ratings: str | int | None, id: str = "benefit") -> list[dict[str, Any]]:
    """Assessments that rate one criterion; `None` of one who left it out."""
    return [
        {"assessor": f"assessor {number}", "ratings": {id: rating}, "conflict_of_interest": False}
        for number, rating in enumerate(ratings)
    ]


def ends(score: g.Score) -> tuple[Any, Any, Any]:
    """The total, and what it can at least and at most become."""
    return score.exact, score.low, score.high


def item(document: Document, id: str) -> Item:
    """The item of a document that ends in the id of a rule or of a part of the scoring."""
    items = [found for block in document if isinstance(block, Items) for found in block.items]
    (found,) = [found for found in items if found.text.endswith(f"[{id}]")]
    return found


def saved_and_loaded(rules: g.Rulebook) -> g.Rulebook:
    """The rulebook as it is read from the file it was saved to."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rules.json"
        path.write_text(rules.save(), encoding="utf-8")
        return g.Rulebook.load(path)
