"""The allocation that users hold."""

from decimal import Decimal
from typing import Any

from attrs import field, frozen

from grantrules.awards import Allotment, Award, Group, StrandUse, Tie
from grantrules.errors import nearest
from grantrules.readings.awarding import allotted, sentence
from grantrules.readings.layout import Document, written
from grantrules.readings.phrases import check_language
from grantrules.serial.allocations import allotment_to_data, read_allotment
from grantrules.serial.files import Input
from grantrules.values import Language, exact


@frozen
class AllocationResult:
    """
    How the budget of a round was shared out, with the reason for every applicant.

    Made by `Rulebook.allocate` and `Rulebook.replace`, or read by `Rulebook.read_allocation`.
    """

    allotment: Allotment = field(repr=lambda made: f"{made.pool}@{made.round}: {made.awarded} of {made.budget}")

    @property
    def budget(self) -> Decimal:
        """The whole sum, in the pool's currency: what is awarded, the remainder, and what administration takes."""
        return self.allotment.budget

    @property
    def administration(self) -> Decimal:
        """What is taken off first to run the pool."""
        return self.allotment.administration

    @property
    def awarded(self) -> Decimal:
        """The sum of all awards."""
        return self.allotment.awarded

    @property
    def remainder(self) -> Decimal:
        """What is not awarded."""
        return self.allotment.remainder

    @property
    def awards(self) -> tuple[Award, ...]:
        """Every application: the ranked ones in order, then the others by case number."""
        return self.allotment.awards

    @property
    def reserve(self) -> tuple[str, ...]:
        """The case numbers on the reserve list, in the order in which it moves up."""
        return self.allotment.reserve

    @property
    def ties(self) -> tuple[Tie, ...]:
        """Level applications among which the money ended; a person decides between them."""
        return self.allotment.ties

    @property
    def groups(self) -> tuple[Group, ...]:
        """New and topped-up applications apart, in a round that tops up."""
        return self.allotment.groups

    @property
    def strands(self) -> tuple[StrandUse, ...]:
        """What became of the money of each strand."""
        return self.allotment.strands

    @property
    def seed(self) -> str | None:
        """What lots were drawn with; `None` where none were."""
        return self.allotment.seed

    def award(self, application: str) -> Award:
        """
        What one application gets, and why.

        Raises:
            KeyError: there is no such application, with the nearest case numbers.
        """
        for award in self.awards:
            if award.application == application:
                return award
        hint = nearest(application, [award.application for award in self.awards])
        raise KeyError(f"there is no application `{application}`{'; ' + hint if hint else ''}")

    def reason(self, application: str, language: Language = "en") -> str:
        """
        Why one application gets what it gets, as a sentence.

        Raises:
            KeyError: there is no such application.
            InputError: there are no texts in that language.
        """
        check_language(language)
        with exact():
            return sentence(self.award(application)).to(language)

    def explain(self, language: Language = "en", *, markdown: bool = False) -> str:
        """
        The allocation as text: the sums, every application with its reason, the reserve list and the ties.

        Args:
            language: `da`, `nb` or `en`.
            markdown: write Markdown instead of plain text.
        """
        return written(self.document(language), markdown)

    def document(self, language: Language = "en") -> Document:
        """
        The allocation as headings, lists and tables, for programs with a layout of their own.

        Raises:
            InputError: there are no texts in that language.
        """
        check_language(language)
        with exact():
            return allotted(self.allotment, language)

    def to_dict(self) -> dict[str, Any]:
        """The allocation as JSON data, in the format `grantrules.allocation/1`."""
        with exact():
            return allotment_to_data(self.allotment)


def read_allocation(source: Input) -> AllocationResult:
    """
    Read a stored allocation.

    Raises:
        InputError: it is no allocation file of this format.
    """
    return AllocationResult(read_allotment(source))
