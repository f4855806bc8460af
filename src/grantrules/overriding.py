"""A person decides otherwise: which findings are set aside, by whom and why. No finding is changed."""

from collections.abc import Iterator, Sequence

from attrs import evolve

from grantrules.awards import Override
from grantrules.decide import Decided
from grantrules.errors import InputError, Problem, excerpt, nearest
from grantrules.findings import Account, Result


def overridden(decision: Account, by: str, reason: str, sets_aside: Sequence[str]) -> Decided:
    """
    Set findings aside.

    Args:
        sets_aside: ids of requirements that are not met or undetermined, of cost rules that took or hold back money,
            or of thresholds that are not reached.

    Raises:
        InputError: nobody, nothing or no reason is named, or a rule that stands in nobody's way.
    """
    subject = f"override of {decision.heading.application or 'an application'}"
    if not isinstance(decision, Decided):
        hint = "decide the application again, and override that decision"
        message = "the decision was read from a file, without the application it was made on"
        raise InputError(subject, [Problem("", message, hint, "stored-decision")])
    problems = list(_problems(decision, by, reason, sets_aside))
    if problems:
        raise InputError(subject, problems)
    return evolve(decision, overrides=(*decision.overrides, Override(by, reason, tuple(dict.fromkeys(sets_aside)))))


def _problems(decision: Decided, by: str, reason: str, sets_aside: Sequence[str]) -> Iterator[Problem]:
    for name, stated in (("by", by), ("reason", reason)):
        if not isinstance(stated, str) or not stated.strip():
            yield Problem(name, "it is not stated", "say who decides, and why", "not-stated")
    listed = isinstance(sets_aside, Sequence) and not isinstance(sets_aside, str)
    if not listed or not all(isinstance(id, str) for id in sets_aside):
        yield Problem("sets_aside", f"expected a list of rule ids, got {excerpt(sets_aside)}", "write `[…]`", "ids")
        return
    if not sets_aside:
        yield Problem("sets_aside", "no rule is set aside", "name the rules", "not-stated")
    open_ = dict.fromkeys(against(decision))
    known = [rule.id for rule in decision.rules.rules]
    for id in sets_aside:
        if id in open_:
            continue
        hint = nearest(id, open_) or ("choose from " + ", ".join(f"`{rule}`" for rule in open_) if open_ else "")
        message = f"{excerpt(id)} stands in nobody's way here" if id in known else f"there is no rule {excerpt(id)}"
        yield Problem("sets_aside", message, hint, "unknown-rule")


def against(decision: Account) -> Iterator[str]:
    """The ids of everything in a decision that can be set aside."""
    failing = (Result.NOT_MET, Result.UNDETERMINED)
    yield from (finding.rule for finding in decision.findings if finding.result in failing)
    yield from (finding.rule for line in decision.costs.lines for finding in line.findings)
    if decision.score is not None:
        yield from (threshold.id for threshold in decision.score.thresholds if threshold.holds is not True)
