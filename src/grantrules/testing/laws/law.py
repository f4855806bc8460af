"""
What a law is, and what breaking one looks like.

A law is a small function that says everything that is wrong, by rule where it can. Of one example that was drawn, of a
rulebook as it stands, or of the plugins that bring the rules; `grantrules.testing.laws.running` looks for examples.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

from attrs import field, frozen

from grantrules.application import Assessment
from grantrules.registry import Registry
from grantrules.rulebooks import Rulebook
from grantrules.serial.applications import application_to_data
from grantrules.serial.assessments import assessment_to_data
from grantrules.testing.strategies.applications import assessed_applications
from grantrules.testing.strategies.fact_values import Strategy
from grantrules.testing.strategies.filling import Draw

Case: TypeAlias = tuple[Any, Sequence[Assessment]]
"""An application and its assessments."""

Cases: TypeAlias = tuple[Case, ...]


@frozen
class Wrong:
    """
    Something that a law does not allow.

    Args:
        message: what is wrong, lower case, no full stop.
        rule: the id of the rule that it is about; `None` where no single one is.
        example: the applications that show it, where the law itself has found them.
    """

    message: str
    rule: str | None = None
    example: Cases = field(default=(), repr=False, eq=False)


@frozen
class Breach:
    """
    A law that is broken.

    Args:
        rule: the id of the rule that breaks it; `None` where no single one does.
        example: the smallest applications found that show it, each with its assessments; empty where none are needed.
    """

    law: str
    rule: str | None
    message: str
    example: Cases = field(default=(), repr=False, eq=False)

    @property
    def key(self) -> str:
        """What it is waived by: `can-fail-alone:formal.signature`, or the law alone where no rule is named."""
        return self.law if self.rule is None else f"{self.law}:{self.rule}"

    @property
    def example_data(self) -> list[dict[str, Any]]:
        """The example as JSON data: `application` and `assessments`, as files hold them, of each case."""
        return [
            {
                "application": application_to_data(application),
                "assessments": [assessment_to_data(assessment) for assessment in assessments],
            }
            for application, assessments in self.example
        ]


@frozen
class OfExamples:
    """
    A law that holds of every application; examples are drawn until one breaks it.

    Args:
        wrongs: everything that is wrong with one example; what it draws itself belongs to the example.
        drawn: the strategy of the examples.
        examples: how many are drawn, unless somebody asks for another number.
    """

    wrongs: Callable[[Rulebook, Cases, Draw], Iterable[Wrong]]
    drawn: Callable[[Rulebook], Strategy] = lambda rulebook: assessed_applications(rulebook).map(lambda case: (case,))
    examples: int = 30


@frozen
class OfRules:
    """A law of the rules themselves. Where it looks for applications, it does so in a fixed order."""

    wrongs: Callable[[Rulebook], Iterable[Wrong]]


@frozen
class Plugins:
    """Plugins, and what they make together."""

    given: tuple[Any, ...]
    registry: Registry


@frozen
class OfPlugins:
    """A law of the plugins that bring the rules; a rulebook that was loaded from a file has none."""

    wrongs: Callable[[Plugins], Iterable[Wrong]]


Check: TypeAlias = OfExamples | OfRules | OfPlugins


@frozen
class Law:
    """
    Something that must hold of every pool.

    Args:
        name: stable for ever; waivers use it.
        statement: the law in one sentence.
    """

    name: str
    statement: str
    check: Check
