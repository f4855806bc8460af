"""
Rule coverage: what a run of decisions has shown of the rules, and why not the rest.

    coverage = Coverage.of(rules).with_decision(application, assessments)
    coverage.ratio      # Fraction(17, 20)
    coverage.missing    # what was not seen, each with the reason found in the decisions
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property

from attrs import evolve, field, frozen

from grantrules.application import Application, Assessment
from grantrules.errors import InputError, Problem
from grantrules.rulebooks import Rulebook
from grantrules.serial.applications import application_digest
from grantrules.serial.assessments import assessment_digest
from grantrules.testing.coverage.points import Point, points_of
from grantrules.testing.coverage.sides import Side
from grantrules.testing.coverage.sightings import Sight, sights_of
from grantrules.testing.coverage.unseen import Evidence, Unseen
from grantrules.testing.coverage.watching import Case, Watched, unwatched, watching

__all__ = ["Case", "Coverage", "Point", "Side", "Unseen", "Watched", "coverage_of", "unwatched", "watching"]


@frozen
class Coverage:
    """
    What decisions have shown of the rules of one round. It is never changed; more decisions make another one.

    Attributes:
        points: everything that must be seen, in rule order.
        decisions: what each decision showed, by the digest of what was decided.
    """

    rulebook: Rulebook
    points: tuple[Point, ...] = field(repr=False)
    decisions: Mapping[str, tuple[Sight, ...]] = field(factory=dict, repr=lambda found: f"{len(found)} decisions")

    @classmethod
    def of(cls, rulebook: Rulebook) -> "Coverage":
        """The coverage of no decision at all."""
        return cls(rulebook, points_of(rulebook.rules))

    def with_decision(self, application: Application, assessments: Sequence[Assessment] = ()) -> "Coverage":
        """
        The coverage with one more decision; deciding the same again adds nothing.

        Raises:
            InputError: application or assessments do not belong to these rules.
        """
        return self.with_decisions([(application, assessments)])

    def with_decisions(self, cases: Iterable[tuple[Application, Sequence[Assessment]]]) -> "Coverage":
        """
        The coverage with more decisions.

        Raises:
            InputError: an application or an assessment does not belong to these rules.
        """
        found = dict(self.decisions)
        for application, assessments in cases:
            key = _digest(application, assessments)
            if key not in found:
                found[key] = sights_of(self.rulebook.rules, self.points, application, assessments)
        return evolve(self, decisions=found)

    def __or__(self, other: "Coverage") -> "Coverage":
        """
        What both have seen together; a decision in both counts once.

        Raises:
            InputError: the other one is of other rules.
        """
        if other.rulebook.digest != self.rulebook.digest:
            message = f"the coverage is of other rules ({self.rulebook.rules.unlike(other.rulebook.digest)})"
            raise InputError(
                self.name, [Problem("", message, "bring together coverage of one rule set", "other-rules")]
            )
        return evolve(self, decisions={**self.decisions, **other.decisions})

    @property
    def name(self) -> str:
        """Pool and round."""
        return self.rulebook.rules.name

    @cached_property
    def seen(self) -> frozenset[tuple[str, Side]]:
        """Every side of every point that was seen, of those that can be."""
        wanted = {(point.id, side) for point in self.points for side in point.sides}
        return (
            frozenset((at.point, side) for sights in self.decisions.values() for at in sights for side in at.sides)
            & wanted
        )

    def sides(self, points: Iterable[Point]) -> tuple[int, int]:
        """How many sides of some points were seen, and how many there are."""
        sides = [(point.id, side) in self.seen for point in points for side in point.sides]
        return sum(sides), len(sides)

    def ratio_of(self, points: Iterable[Point]) -> Fraction:
        """How much of some points was seen, from 0 to 1, exactly; 1 if there is nothing to see."""
        seen, total = self.sides(points)
        return Fraction(seen, total) if total else Fraction(1)

    @cached_property
    def ratio(self) -> Fraction:
        """How much was seen, from 0 to 1, exactly."""
        return self.ratio_of(self.points)

    @cached_property
    def missing(self) -> tuple[Unseen, ...]:
        """What was not seen, in rule order, each with the reason found in the decisions."""
        evidence = self._evidence
        return tuple(Unseen(point, side, evidence.why(point, side)) for point, side in self._unseen)

    @property
    def _unseen(self) -> Iterator[tuple[Point, Side]]:
        return ((point, side) for point in self.points for side in point.sides if (point.id, side) not in self.seen)

    @property
    def _evidence(self) -> Evidence:
        looks: dict[str, list[tuple[str, Sight]]] = {}
        for decision, sights in self.decisions.items():
            for sight in sights:
                looks.setdefault(sight.point, []).append((decision, sight))
        return Evidence({point.id: point for point in self.points}, looks, len(self.decisions))


def _digest(application: Application, assessments: Sequence[Assessment]) -> str:
    """What tells one decision under the same rules from another; the order of assessments does not."""
    return " ".join([application_digest(application), *sorted(map(assessment_digest, assessments))])


def coverage_of(
    decided: Iterable[tuple[Rulebook, Application, Sequence[Assessment]]], rulebooks: Iterable[Rulebook] = ()
) -> Mapping[str, Coverage]:
    """
    The coverage of each rule set by the decisions made under it.

    Args:
        decided: rulebook, application and assessments of each decision.
        rulebooks: the ones asked about, also if nothing was decided under them; all that decided if none are given.

    Returns:
        Pool and round to the coverage. Of rules that were changed for a what-if, the digest is named too.
    """
    asked = {rulebook.digest: rulebook for rulebook in rulebooks}
    cases: dict[str, list[tuple[Application, Sequence[Assessment]]]] = {digest: [] for digest in asked}
    found = dict(asked)
    for rulebook, application, assessments in decided:
        if not asked or rulebook.digest in asked:
            found.setdefault(rulebook.digest, rulebook)
            cases.setdefault(rulebook.digest, []).append((application, assessments))
    named: dict[str, Coverage] = {}
    for digest, rulebook in found.items():
        name = rulebook.rules.name
        key = name if name not in named else f"{name} ({digest[:19]}…)"
        named[key] = Coverage.of(rulebook).with_decisions(cases[digest])
    return named
