"""The decision that users hold, and what has become of one that was stored."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from decimal import Decimal
from typing import Any

from attrs import field, frozen

from grantrules.awards import Override, Standing
from grantrules.errors import nearest
from grantrules.findings import (
    Account,
    CostStatement,
    Digests,
    Finding,
    Heading,
    Label,
    Need,
    Outcome,
    Panel,
    Result,
    RuleText,
    Score,
)
from grantrules.overriding import overridden
from grantrules.readings.explain import explained
from grantrules.readings.layout import Document, written
from grantrules.readings.phrases import check_language
from grantrules.serial.decisions import decision_to_data
from grantrules.serial.files import Input
from grantrules.serial.stored import read_parts
from grantrules.values import Language, Text, exact


@frozen(eq=False)
class Decision:
    """
    What was decided about one application, with every reason.

    Made by `Rulebook.decide`, or read by `Rulebook.read_decision`, which holds what was stored and decides nothing.
    Two decisions are equal if they would be stored alike.
    """

    _parts: Account = field(repr=lambda parts: f"{parts.heading.application}: {parts.outcome.value}")
    _stored: Mapping[str, Any] | None = field(default=None, repr=False)

    @property
    def heading(self) -> Heading:
        """What the decision is about."""
        return self._parts.heading

    @property
    def outcome(self) -> Outcome:
        """What the requirements add up to; allocation comes later."""
        return self._parts.outcome

    @property
    def results(self) -> Mapping[str, Result]:
        """What became of every formal and eligibility rule, by id; the reasons are in the findings."""
        return self._parts.results

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every formal and eligibility rule, in rule order; none hides another."""
        return self._parts.findings

    @property
    def costs(self) -> CostStatement:
        """Every budget line with what each rule took or holds back, and the totals."""
        return self._parts.costs

    @property
    def highest_grant(self) -> Decimal | None:
        """The highest grant possible, in the pool's currency: zero when none is, `None` while undetermined."""
        return self._parts.highest_grant

    @property
    def grant_range(self) -> tuple[Decimal, Decimal] | None:
        """
        The lowest and the highest it can still become by cost lines that are undetermined.

        `None` while another fact that it rests on is missing; twice the same once it is settled.
        """
        return self._parts.grant_range

    @property
    def score(self) -> Score | None:
        """The weighted points out of 100; `None` where no assessment counts."""
        return self._parts.score

    @property
    def panel(self) -> Panel:
        """Who assessed the application, who was left out for a conflict of interest, and what they wrote."""
        return self._parts.panel

    @property
    def conditions(self) -> tuple[str, ...]:
        """The duties that come with a grant, by id, as far as they surely do."""
        return self._parts.conditions

    @property
    def needed(self) -> tuple[Need, ...]:
        """What would settle the decision, from whom, and the rules that wait for it; the applicant's part first."""
        return self._parts.needed

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The ids of the assumptions that the decision relies on."""
        return self._parts.assumptions

    @property
    def assumption_texts(self) -> Mapping[str, Text]:
        """What each assumption relied on says, by id."""
        return self._parts.assumption_texts

    @property
    def rule_texts(self) -> Mapping[str, RuleText]:
        """Statement, basis and plugin of every rule, by id."""
        return self._parts.rule_texts

    @property
    def labels(self) -> Mapping[str, Label]:
        """What each path, judgement and rating that the decision names stands for."""
        return self._parts.labels

    @property
    def digests(self) -> Digests:
        """The digests of the rules, the application and the assessments that were decided on."""
        return self._parts.digests

    @property
    def rules_digest(self) -> str:
        """The digest of the rules that were decided by."""
        return self._parts.rules_digest

    @property
    def versions(self) -> Mapping[str, str]:
        """The versions of the library and of the plugins that brought the rules."""
        return self._parts.versions

    @property
    def overrides(self) -> tuple[Override, ...]:
        """Who set which findings aside, and why."""
        return self._parts.overrides

    @property
    def recommended(self) -> Decimal | None:
        """The highest grant possible by the rules alone, in the pool's currency."""
        return self._parts.highest_grant

    @property
    def decided(self) -> Decimal | None:
        """The highest grant possible once a person has decided; as recommended if nothing is set aside."""
        return self._parts.decided

    @property
    def decided_outcome(self) -> Outcome:
        """What the requirements add up to once a person has decided."""
        return self._parts.decided_outcome

    @property
    def standing(self) -> Standing | None:
        """What the allocation has to know of the application; `None` where the round says nothing of allocation."""
        return self._parts.standing

    def overridden(self, by: str, reason: str, sets_aside: Sequence[str]) -> "Decision":
        """
        The same decision with findings set aside by a person. `Rulebook.override` says more.

        Raises:
            InputError: nobody, nothing or no reason is named, or a rule that stands in nobody's way.
        """
        return Decision(overridden(self._parts, by, reason, sets_aside))

    def finding(self, rule: str) -> Finding:
        """
        The finding of one formal or eligibility rule.

        Raises:
            KeyError: there is no such rule, with the nearest names.
        """
        for finding in self.findings:
            if finding.rule == rule:
                return finding
        hint = nearest(rule, [finding.rule for finding in self.findings])
        raise KeyError(f"there is no rule `{rule}`{'; ' + hint if hint else ''}")

    def explain(self, language: Language = "en", *, markdown: bool = False) -> str:
        """
        The decision as text fit for a letter: what was decided, by which rules, on which facts.

        Args:
            language: `da`, `nb` or `en`.
            markdown: write Markdown instead of plain text.
        """
        return written(self.document(language), markdown)

    def document(self, language: Language = "en") -> Document:
        """
        The decision as headings, paragraphs, lists and tables, for programs with a layout of their own.

        Raises:
            InputError: there are no texts in that language.
        """
        check_language(language)
        with exact():
            return explained(self._parts, language)

    def to_dict(self) -> dict[str, Any]:
        """The decision as JSON data, in the format `grantrules.decision/1`; as stored, if it was."""
        if self._stored is not None:
            return deepcopy(dict(self._stored))
        with exact():
            return decision_to_data(self._parts)

    def __eq__(self, other: object) -> bool:
        return self.to_dict() == other.to_dict() if isinstance(other, Decision) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.outcome, self.digests))


def read_decision(source: Input) -> Decision:
    """
    Read a stored decision.

    Raises:
        InputError: it is no decision file of this format.
    """
    with exact():
        return Decision(*read_parts(source))


@frozen
class Difference:
    """
    Something that is no longer as it was stored.

    Args:
        where: the path in the decision file, items of lists by their id, as in `findings[eligibility.matching].result`.
        stored: what the file says; `None` where it says nothing.
        now: what these rules say of this application.
    """

    where: str
    stored: Any
    now: Any


@frozen
class Verification:
    """Whether a stored decision still stands, and if not, everything that differs."""

    differences: tuple[Difference, ...]

    @property
    def stands(self) -> bool:
        """Nothing differs: rules, application, assessments and every reason are as they were."""
        return not self.differences

    def __bool__(self) -> bool:
        return self.stands


def verified(stored: Decision, now: Decision) -> Verification:
    """Compare a stored decision with one made now. Versions alone make no difference."""
    before, after = stored.to_dict(), now.to_dict()
    for data in (before, after):
        data.pop("versions", None)
    return Verification(tuple(_differences("", before, after)))


def _differences(where: str, before: Any, after: Any) -> Iterator[Difference]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys([*before, *after]):
            place = f"{where}.{key}" if where else key
            yield from _differences(place, before.get(key), after.get(key))
    elif isinstance(before, list) and isinstance(after, list) and _keys(before) and _keys(after):
        stored, now = (dict(zip(_keys(side), side, strict=True)) for side in (before, after))
        for key in dict.fromkeys([*stored, *now]):
            yield from _differences(f"{where}[{key}]", stored.get(key), now.get(key))
    elif before != after:
        yield Difference(where, before, after)


def _keys(items: list[Any]) -> list[str]:
    """What tells the items of a list apart: rule, id or what; nothing if they are not told apart."""
    for name in ("rule", "id", "what"):
        found = (item.get(name) for item in items if isinstance(item, dict))
        keys = [key for key in found if isinstance(key, str)]
        if len(keys) == len(items) == len(set(keys)):
            return keys
    return []
