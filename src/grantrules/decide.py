"""
Deciding one application: the stages in order, and everything that can be said about the result.

What is decided is computed at once; why, where and what is still needed is found when it is looked at.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

from attrs import frozen

from grantrules.application import Application, Assessment
from grantrules.assessments import NOBODY, Assessed, combined
from grantrules.awards import Override, Standing
from grantrules.criteria import Scoring
from grantrules.errors import InputError, Problem, excerpt, nearest, visible
from grantrules.findings import (
    CostFinding,
    CostLine,
    CostStatement,
    Digests,
    Finding,
    Heading,
    Interval,
    Label,
    Missing,
    Need,
    Outcome,
    Panel,
    Result,
    RuleText,
    Score,
    Verdicts,
)
from grantrules.pools import Assumption, CostRule, Requirement, Whole
from grantrules.readings.compile import Compiled
from grantrules.readings.evaluate import (
    Cut,
    Scope,
    claimed,
    cost_rule_applies,
    cuts,
    each,
    evaluate,
    grant_range,
    highest_grant,
    interval,
    outcome,
    scope_of,
    total,
)
from grantrules.readings.labels import labels_of
from grantrules.readings.reasons import clauses, facts_used, needs
from grantrules.ruleset import DISMISSAL, RuleSet
from grantrules.scores import score
from grantrules.serial.applications import application_digest
from grantrules.serial.assessments import assessment_digest
from grantrules.standings import standing
from grantrules.terms.schema import COSTS, TOTALS
from grantrules.terms.walk import facts_read
from grantrules.values import Text, exact


def decide(
    rules: RuleSet, verdicts_of: Compiled, application: Application, assessments: Sequence[Assessment] = ()
) -> "Decided":
    """
    Decide one application.

    Args:
        verdicts_of: a reading of the rules that gives the verdicts.
        assessments: all of this application; their order does not matter.

    Raises:
        InputError: an assessment is of another application, or judges a line that is not there; or the application
            is of a class that lacks facts of these rules.
    """
    together = NOBODY
    if assessments:
        check_assessments(application, assessments, f"assessments of {application.id or 'the application'}")
        together = combined(assessments)
    try:
        return Decided(rules, application, tuple(assessments), together, verdicts_of(application, together))
    except (AttributeError, TypeError) as error:
        # Built in Python, an application may be another pool's, or hold what no reader would have let through.
        message = f"the application does not have the facts that these rules read: {error}"
        hint = "build it from `rules.application`, or read it with `rules.read_application`"
        raise InputError(rules.name, [Problem("", message, hint, "other-class")]) from error


def check_assessments(application: Application, assessments: Sequence[Assessment], subject: str) -> None:
    """
    Refuse assessments that do not belong to the application.

    Raises:
        InputError: about `subject`, with all problems at once.
    """
    problems = list(assessment_problems(application, assessments))
    if problems:
        raise InputError(subject, problems)


def assessment_problems(application: Application, assessments: Sequence[Assessment]) -> Iterator[Problem]:
    """What keeps assessments from belonging to an application."""
    for index, assessment in enumerate(assessments):
        stated = assessment.application
        if stated is not None and application.id is not None and stated != application.id:
            message = f"it is of application {excerpt(stated)}, not of `{application.id}`"
            where = f"{_who(assessment, index)}: application"
            yield Problem(where, message, nearest(stated, [application.id]), "other-application")
        for id, given in assessment.judgements.items():
            if not isinstance(given, bool):
                yield from _line_problems(application, f"{_who(assessment, index)}: judgements.{id}", given)


def _who(assessment: Assessment, index: int) -> str:
    return visible(f"assessment {assessment.assessor or index + 1}")


def _line_problems(application: Application, where: str, given: Iterable[str]) -> Iterator[Problem]:
    """Lines that are judged and not there; while a line has no id yet, any id may be its own."""
    lines = [line.id for line in application.costs or ()]
    if application.costs is None or None in lines:
        return
    known = [line for line in lines if line is not None]
    for line in sorted(set(given) - set(known)):
        yield Problem(where, f"there is no cost line {excerpt(line)}", nearest(line, known), "unknown-line")


_Waiting = tuple[str, Missing, str | None]
"""A rule, what it waits for, and the cost line it waits for it on."""


@frozen(eq=False)
class Decided:
    """
    One application decided. The verdicts are there at once; everything else is found when it is looked at.

    Attributes:
        verdicts: what the rules say.
        assessed: the assessments, combined.
        overrides: who set which findings aside; the verdicts stay as they are.
    """

    rules: RuleSet
    application: Application
    assessments: tuple[Assessment, ...]
    assessed: Assessed
    verdicts: Verdicts
    overrides: tuple[Override, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """What the requirements add up to."""
        return self.verdicts.outcome

    @property
    def highest_grant(self) -> Decimal | None:
        """The highest grant possible, `None` while undetermined."""
        return self.verdicts.highest_grant

    @cached_property
    def settled(self) -> Verdicts:
        """The verdicts with the findings that a person set aside left out of account."""
        aside = {id for override in self.overrides for id in override.sets_aside}
        if not aside:
            return self.verdicts
        with exact():
            return _without(aside, self.rules, self.verdicts, self.scope)

    @property
    def decided_outcome(self) -> Outcome:
        """What the requirements add up to once a person has decided."""
        return self.settled.outcome

    @property
    def decided(self) -> Decimal | None:
        """The highest grant possible once a person has decided."""
        return self.settled.highest_grant

    @cached_property
    def standing(self) -> Standing | None:
        """What the allocation has to know of the application."""
        with exact():
            return standing(self.rules, self.scope, self.settled.total)

    @cached_property
    def heading(self) -> Heading:
        """What the decision is about."""
        pool, made = self.rules.pool, self.application
        about = (made.id, made.title, pool.id, pool.title, self.rules.round.id, pool.funder, pool.currency)
        return Heading(*about, self.rules.sources)

    @property
    def rules_digest(self) -> str:
        """The digest of the rules, without the work of digesting the application."""
        return self.rules.digest

    @cached_property
    def digests(self) -> Digests:
        """What was decided on. The order of assessments does not matter."""
        assessments = tuple(sorted(assessment_digest(assessment) for assessment in self.assessments))
        return Digests(self.rules.digest, application_digest(self.application), assessments)

    @cached_property
    def versions(self) -> Mapping[str, str]:
        """Of the library and the plugins."""
        return {"grantrules": _own_version(), **self.rules.versions}

    @cached_property
    def scope(self) -> Scope:
        """Where the terms of this decision are read."""
        return scope_of(self.rules, self.application, self.assessed)

    @cached_property
    def _on_lines(self) -> Sequence[Scope]:
        """Where the cost rules read each line."""
        return each(COSTS, self.scope) or []

    @property
    def results(self) -> Mapping[str, Result]:
        """What became of every formal and eligibility rule, by id, without the reasons."""
        ids = (rule.id for rule in self.rules.requirements)
        return dict(zip(ids, self.verdicts.requirements, strict=True))

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Every formal and eligibility rule, in rule order; none hides another."""
        with exact():
            pairs = zip(self.rules.requirements, self.verdicts.requirements, strict=True)
            return tuple(self._finding(rule, found) for rule, found in pairs)

    def _finding(self, rule: Requirement, found: Result) -> Finding:
        terms = [term for place, term in rule.terms if place == "when" or found is not Result.NOT_APPLICABLE]
        waits = found is Result.UNDETERMINED
        open_ = (need for term in terms for need in needs(term, self.scope)) if waits else ()
        return Finding(
            rule=rule.id,
            stage=rule.stage,
            result=found,
            plugin=self.rules.brought_by[rule.id],
            clauses=() if found is Result.NOT_APPLICABLE else clauses(rule.demand, self.scope, self.rules.checker),
            facts=dict(sorted({path: v for term in terms for path, v in facts_used(term, self.scope)}.items())),
            needs=tuple(dict.fromkeys(open_)),
            basis=rule.basis,
            statement=rule.statement,
        )

    @cached_property
    def costs(self) -> CostStatement:
        """Every budget line with what each rule took or holds back, and the totals."""
        with exact():
            intervals = self.verdicts.lines or ()
            lines = tuple(self._line(i, *pair) for i, pair in enumerate(zip(self._on_lines, intervals, strict=True)))
            return CostStatement(lines, self.verdicts.total)

    def _line(self, index: int, at: Scope, interval: Interval | None) -> CostLine:
        line = at.items[COSTS]
        whole = claimed(line)
        if interval is None or whole is None:
            unstated = [name for name in ("amount", "vat") if getattr(line, name) is None]
            amounts = [(self._summed_by, Missing(f"{at.places[COSTS]}.{n}", "applicant", "fact")) for n in unstated]
            return CostLine(line.id, index, line.category, None, (), (*amounts, *self._held(at)))
        if interval.low == whole:  # nothing is taken and nothing held back: no rule has anything to say
            return CostLine(line.id, index, line.category, interval, (), ())
        findings = tuple(_cost_findings(cuts(self.rules.cost_rules, at, whole), interval.undetermined, at))
        return CostLine(line.id, index, line.category, interval, findings, ())

    @cached_property
    def _summed_by(self) -> str:
        """What waits for the amount of every line: the grant where it rests on costs, else their sum alone."""
        formula = self.rules.grant
        reads = any(fact.of == TOTALS for _, term in formula.terms for fact in facts_read(term))
        return formula.id if reads else COSTS

    def _held(self, at: Scope) -> list[tuple[str, Missing]]:
        """What cost rules wait for on a line whose amount is not known yet; nothing if one surely takes all of it."""
        found: list[tuple[str, Missing]] = []
        amount = (f"{at.places[COSTS]}.amount", f"{at.places[COSTS]}.vat")
        for rule in self.rules.cost_rules:
            applies = cost_rule_applies(rule, at)
            if applies is True and isinstance(rule.disallow, Whole):
                return []
            terms = [] if applies is False else [term for _, term in rule.terms]
            found += [(rule.id, n) for term in terms for n in needs(term, at) if n.what not in amount]
        return found

    @cached_property
    def grant_range(self) -> tuple[Decimal, Decimal] | None:
        """The highest grant at both ends of what is eligible; `None` while another fact it rests on is missing."""
        settled = self.verdicts.highest_grant
        if settled is not None:
            return settled, settled
        with exact():
            return grant_range(self.rules.grant, self.scope, self.verdicts.total)

    @cached_property
    def score(self) -> Score | None:
        """The weighted points, `None` where no assessment counts."""
        with exact():
            return score(self.rules.scoring, self.scope)

    @cached_property
    def panel(self) -> Panel:
        """Who assessed the application, and what they wrote."""
        found = self.assessed
        return Panel(len(found.counted), found.conflicted, found.unstated, found.comments)

    @cached_property
    def conditions(self) -> tuple[str, ...]:
        """The duties that come with a grant, by id, as far as they surely do."""
        with exact():
            found = self.rules.conditions
            return tuple(c.id for c in found if c.when is None or evaluate(c.when, self.scope) is True)

    @cached_property
    def needed(self) -> tuple[Need, ...]:
        """What would settle the decision, from whom, and which rules wait for it; the applicant's part first."""
        waiting: dict[tuple[str, str], list[_Waiting]] = {}
        with exact():
            for rule, need, line in self._open():
                waiting.setdefault((need.origin, need.what), []).append((rule, need, line))
        found = [_need(origin, what, those) for (origin, what), those in waiting.items()]
        return tuple(sorted(found, key=lambda need: need.origin))

    def _open(self) -> Iterator[_Waiting]:
        for finding in self.findings:
            yield from ((finding.rule, need, None) for need in finding.needs)
        for line in self.costs.lines:
            name = line.id or f"{COSTS}[{line.index}]"
            yield from ((rule, need, name) for rule, need in line.needs)
            for cost_finding in line.findings:
                yield from ((cost_finding.rule, need, name) for need in cost_finding.needs)
        if self.application.costs is None:
            yield self._summed_by, Missing(COSTS, "applicant", "fact"), None
        if self.verdicts.highest_grant is None:
            yield from ((self.rules.grant.id, need, None) for need in self._grant_needs())
        for criterion in self.score.criteria if self.score else ():
            yield from ((criterion.id, need, None) for need in criterion.needs)
        for condition in self.rules.conditions:
            if condition.when is not None:
                yield from ((condition.id, need, None) for need in needs(condition.when, self.scope))

    def _grant_needs(self) -> Iterator[Missing]:
        formula = self.rules.grant
        for term in (formula.amount, formula.floor):
            yield from () if term is None else needs(term, self.scope)

    @cached_property
    def assumptions(self) -> tuple[str, ...]:
        """The ids of the assumptions that this decision relies on, in the order of the stages."""
        with exact():
            assumed = {assumption.id for assumption in self.rules.assumptions()}
            return tuple(id for id in dict.fromkeys(self._relied()) if id in assumed)

    def _relied(self) -> Iterator[str]:
        for finding in self.findings:
            if finding.result is not Result.NOT_APPLICABLE:
                yield finding.rule
        yield from (rule.id for rule in self.rules.cost_rules if any(_concerned(rule, at) for at in self._on_lines))
        if self.verdicts.outcome in (Outcome.ELIGIBLE, Outcome.UNDETERMINED):
            yield self.rules.grant.id
        if self.score is not None:
            yield from _scoring_ids(self.rules.scoring)
        yield from self.conditions
        yield from (a.id for a in self.rules.pool.assumptions if self._holds(a))

    def _holds(self, assumption: Assumption) -> bool:
        return assumption.when is None or evaluate(assumption.when, self.scope) is True

    @cached_property
    def rule_texts(self) -> Mapping[str, RuleText]:
        """Statement, basis and plugin of every rule, by id."""
        brought, emphasis = self.rules.brought_by, self.rules.scoring.emphasis
        owner = self.rules.pool.id
        rules = (*self.rules.rules, *(() if emphasis is None else (emphasis,)))
        return {r.id: RuleText(r.statement, r.basis, brought.get(r.id, owner)) for r in rules}

    @cached_property
    def assumption_texts(self) -> Mapping[str, Text]:
        """What each assumption relied on says, by id."""
        relied = {*self.assumptions, *([DISMISSAL] if self.outcome is Outcome.DISMISSED else [])}
        return {a.id: a.reason for a in self.rules.assumptions() if a.id in relied}

    @cached_property
    def labels(self) -> Mapping[str, Label]:
        """What each path, judgement and rating that the decision names stands for."""
        facts = [path for finding in self.findings for path in finding.facts]
        facts += [path for line in self.costs.lines for found in line.findings for path in found.facts]
        facts += [f"{COSTS}[{line.index}].category" for line in self.costs.lines if line.category is not None]
        return labels_of(self.rules, self.application, [*facts, *(need.what for need in self.needed)])


def _without(aside: Collection[str], rules: RuleSet, verdicts: Verdicts, scope: Scope) -> Verdicts:
    """The verdicts as they would be without some of the rules."""
    pairs = zip(rules.requirements, verdicts.requirements, strict=True)
    results = tuple(Result.MET if rule.id in aside else found for rule, found in pairs)
    reached = outcome(rules.requirements, results)
    kept = tuple(rule for rule in rules.cost_rules if rule.id not in aside)
    inner = each(COSTS, scope)
    lines = None if inner is None else tuple(interval(kept, at, at.items[COSTS]) for at in inner)
    whole = total(lines)
    refused = reached in (Outcome.DISMISSED, Outcome.INELIGIBLE)
    grant = Decimal("0.00") if refused else highest_grant(rules.grant, scope, whole)
    return Verdicts(results, reached, lines, whole, grant)


def _need(origin: str, what: str, waiting: Sequence[_Waiting]) -> Need:
    rules = dict.fromkeys(rule for rule, _, _ in waiting)
    lines = dict.fromkeys(line for _, _, line in waiting if line is not None)
    return Need(origin, what, tuple(rules), any(need.disputed for _, need, _ in waiting), tuple(lines))


@cache
def _own_version() -> str:
    # Reading distributions is slow to import, and not every decision is written down.
    from importlib.metadata import version

    return version("grantrules")


def _concerned(rule: CostRule, at: Scope) -> bool:
    return rule.concerns is None or evaluate(rule.concerns, at) is not False


def _scoring_ids(scoring: Scoring) -> Iterator[str]:
    yield from (criterion.id for criterion in scoring.criteria)
    yield from (part.id for part in scoring.parts)


def _cost_findings(made: Iterable[Cut], undetermined: Any, at: Scope) -> Iterator[CostFinding]:
    """
    The findings of one line.

    What a rule holds back is what it may further take, in order, and never more than what is left open in the
    end; so all that is held adds up to what is undetermined. A line that is settled waits for nothing.
    """
    rest = undetermined
    for cut in made:
        held = min(cut.may, rest)
        rest -= held
        waits = bool(undetermined) and bool(cut.may)
        if cut.taken or waits:
            terms = [term for _, term in cut.rule.terms]
            open_ = (need for term in terms for need in needs(term, at)) if waits else ()
            facts = {path: value for term in terms for path, value in facts_used(term, at)}
            yield CostFinding(cut.rule.id, cut.taken, held, tuple(dict.fromkeys(open_)), facts, cut.limit)
