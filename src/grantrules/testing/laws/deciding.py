"""Laws of deciding: one meaning, nothing settled turns round, no order matters, and what is open says why."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import evolve
from hypothesis import strategies as st

from grantrules.assessments import combined
from grantrules.decisions import Decision
from grantrules.findings import Missing, Outcome, Result
from grantrules.readings.evaluate import verdicts
from grantrules.rulebooks import Rulebook
from grantrules.terms.schema import ORGANISATIONS, Kind
from grantrules.testing.aiming.editing import CaseFile
from grantrules.testing.laws.law import Cases, Wrong
from grantrules.testing.laws.reaching import found
from grantrules.testing.strategies.applications import assessed_applications, stated_paths
from grantrules.testing.strategies.fact_values import Strategy
from grantrules.testing.strategies.filling import Draw

# One meaning


def compiled_and_specified_differ(rulebook: Rulebook, given: Cases, draw: Draw) -> Iterator[Wrong]:
    """What the rulebook decides is what the specification says, for every rule and every amount."""
    ((application, assessments),) = given
    decision = rulebook.decide(application, assessments)
    expected = verdicts(rulebook.rules, application, combined(assessments))
    for rule, result in zip(rulebook.rules.requirements, expected.requirements, strict=True):
        found = decision.results.get(rule.id)
        if found is not result:
            yield Wrong(f"it is decided as {found}, and the specification says {result}", rule.id)
    if decision.outcome is not expected.outcome:
        yield Wrong(f"the outcome is {decision.outcome}, and the specification says {expected.outcome}")
    for index, (line, interval) in enumerate(zip(decision.costs.lines, expected.lines or (), strict=True)):
        if line.interval != interval:
            yield Wrong(f"of costs[{index}] {line.interval} is left, and the specification says {interval}")
    if decision.costs.total != expected.total:
        yield Wrong(f"the costs come to {decision.costs.total}, and the specification says {expected.total}")
    if decision.highest_grant != expected.highest_grant:
        message = f"the highest grant is {decision.highest_grant}, and the specification says {expected.highest_grant}"
        yield Wrong(message, rulebook.rules.grant.id)


# Missing facts


_STAYS: Mapping[Outcome, tuple[Outcome, ...]] = {
    Outcome.ELIGIBLE: (Outcome.ELIGIBLE,),
    Outcome.INELIGIBLE: (Outcome.INELIGIBLE, Outcome.DISMISSED),
    Outcome.DISMISSED: (Outcome.DISMISSED,),
    Outcome.UNDETERMINED: tuple(Outcome),
}


def mostly_failing(rulebook: Rulebook) -> Strategy:
    """Applications, most of which fail one requirement or another: a fact turns a rule round where it fails with it."""
    any_case = assessed_applications(rulebook)
    ids = [rule.id for rule in rulebook.rules.requirements if found(rulebook, {rule.id: Result.NOT_MET}) is not None]
    failing = [assessed_applications(rulebook, failing=[id]) for id in ids]
    return st.one_of(any_case, *failing, *failing).map(lambda case: (case,))


def settled_things_turn_round(rulebook: Rulebook, given: Cases, draw: Draw) -> Iterator[Wrong]:
    """Stating what was missing changes nothing that was settled without it; optional facts are left as they are."""
    ((application, assessments),) = given
    after = rulebook.decide(application, assessments)
    less = _stated_less(draw, rulebook, application, after)
    before = rulebook.decide(less, assessments)
    added = _listed(stated_paths(application) - stated_paths(less))
    for rule, message in (
        *_turned_results(before, after),
        *_turned_amounts(before, after),
        *_turned_grants(before, after),
        *_turned_scores(before, after),
    ):
        yield Wrong(f"{message} once {added} is stated", rule)


def _stated_less(draw: Draw, rulebook: Rulebook, application: Any, decision: Decision) -> Any:
    """The application without one to three of its facts, mostly such as one finding rests on."""
    optional = {fact.name for record in rulebook.rules.schema.records for fact in record.fields if fact.optional}
    stated = {path for path in stated_paths(application) if path.rpartition(".")[2] not in optional}
    failed = [set(finding.facts) & stated for finding in decision.findings if finding.result is Result.NOT_MET]
    others = [set(finding.facts) & stated for finding in decision.findings]
    among = [sorted(paths) for paths in (*failed * 3, *others, stated) if paths]
    file = CaseFile(rulebook.rules, application)
    for path in draw(st.lists(st.sampled_from(draw(st.sampled_from(among))), max_size=3)) if among else ():
        place = tuple(int(step) if step.isdigit() else step for step in re.findall(r"\w+", path))
        fewer = file if _missing(file.application, path) else file.stated(place, None)
        file = fewer if fewer.readable else file
    return file.application


def _missing(application: Any, path: str) -> bool:
    """A fact, or something that leads to it, is not stated."""
    try:
        return _fact_at(application, path) is None
    except (AttributeError, TypeError):
        return True


_Turned = Iterator[tuple[str | None, str]]


def _turned_results(before: Decision, after: Decision) -> _Turned:
    for rule, result in before.results.items():
        if result is not Result.UNDETERMINED and after.results[rule] is not result:
            yield rule, f"it was {result}, and is {after.results[rule]}"
    if after.outcome not in _STAYS[before.outcome]:
        yield None, f"the outcome was {before.outcome}, and is {after.outcome}"
    for condition in before.conditions:
        if condition not in after.conditions:
            yield condition, "the duty followed, and does not follow"


def _turned_amounts(before: Decision, after: Decision) -> _Turned:
    pairs = zip(before.costs.lines, after.costs.lines, strict=False)  # costs that were not stated have no lines
    lines = [(f"costs[{old.index}]", old.interval, new.interval) for old, new in pairs]
    for name, old, new in (*lines, ("the costs", before.costs.total, after.costs.total)):
        if old is not None and (
            new is None or new.claimed != old.claimed or not old.low <= new.low <= new.high <= old.high
        ):
            yield None, f"of {name} {old} was left, and {new} is"


def _turned_grants(before: Decision, after: Decision) -> _Turned:
    if after.outcome in (Outcome.DISMISSED, Outcome.INELIGIBLE) and before.outcome is Outcome.UNDETERMINED:
        return
    if before.highest_grant is not None and after.highest_grant != before.highest_grant:
        yield "grant.formula", f"the highest grant was {before.highest_grant}, and is {after.highest_grant}"
    elif before.grant_range is not None and not _inside(after.grant_range, before.grant_range):
        yield "grant.formula", f"the highest grant lay in {before.grant_range}, and lies in {after.grant_range}"


def _inside(inner: tuple[Any, Any] | None, outer: tuple[Any, Any]) -> bool:
    return inner is not None and outer[0] <= inner[0] <= inner[1] <= outer[1]


def _turned_scores(before: Decision, after: Decision) -> _Turned:
    old, new = before.score, after.score
    if old is None or new is None:
        if old is not new:
            yield None, "there was a score, or none, and now it is the other way round"
        return
    if not _inside((new.low, new.high), (old.low, old.high)):
        yield None, f"the score lay between {old.low} and {old.high}, and lies between {new.low} and {new.high}"
    for was, is_ in zip(old.criteria, new.criteria, strict=True):
        if was.points not in (None, is_.points):
            yield was.id, f"it was worth {was.points} of 1, and is worth {is_.points}"


def _listed(paths: Iterable[str], most: int = 4) -> str:
    """Paths for a message; those inside of another one are left out."""
    found = sorted(paths)
    outer = [path for path in found if not any(path.startswith((f"{other}.", f"{other}[")) for other in found)]
    more = f" and {len(outer) - most} more" if len(outer) > most else ""
    return (", ".join(f"`{path}`" for path in outer[:most]) or "nothing") + more


# Order


Places = Mapping[str, list[int]]
"""List to the old index of each item, in the new order."""

_ITEM = re.compile(r"\b(\w+)\[(\d+)\]")


def order_matters(rulebook: Rulebook, given: Cases, draw: Draw) -> Iterator[Wrong]:
    """Items of lists, and assessments, may come in any order: nothing changes but the indexes in paths."""
    ((application, assessments),) = given
    lists = [fact.name for fact in rulebook.rules.schema.application.fields if fact.kind is Kind.MANY]
    stated = {name: items for name in lists if (items := getattr(application, name)) is not None}
    places = {name: draw(st.permutations(range(len(items)))) for name, items in stated.items()}
    moved = evolve(application, **{name: tuple(stated[name][old] for old in order) for name, order in places.items()})
    unmoved = {name: sorted(order) for name, order in places.items()}
    decision = rulebook.decide(application, assessments)
    expected, found = _said(decision, unmoved), _said(rulebook.decide(moved, assessments), places)
    for (what, rule), said in expected.items():
        if found.get((what, rule)) != said:
            orders = ", ".join(f"{name} {order}" for name, order in places.items() if order != sorted(order))
            yield Wrong(f"{what} is another one with the items in the order {orders}", rule)
    if rulebook.decide(application, draw(st.permutations(assessments))).to_dict() != decision.to_dict():
        yield Wrong("the decision is another one with the assessments in another order")


def _said(decision: Decision, places: Places) -> Mapping[tuple[str, str | None], Any]:
    """Everything that a decision says, by what it is and by rule, with the paths of the first application."""

    def back(path: str) -> str:
        return _ITEM.sub(lambda m: f"{m[1]}[{places[m[1]][int(m[2])]}]" if m[1] in places else m[0], path)

    def needs(found: Iterable[Missing]) -> set[Missing]:
        return {evolve(need, what=back(need.what), at=back(need.at)) for need in found}

    def facts(found: Mapping[str, Any]) -> dict[str, Any]:
        return {back(path): value for path, value in found.items()}

    said: dict[tuple[str, str | None], Any] = {
        ("the outcome", None): decision.outcome,
        ("the sum of costs", None): decision.costs.total,
        ("the highest grant", "grant.formula"): (decision.highest_grant, decision.grant_range),
        ("what follows an award", None): decision.conditions,
        ("what is needed", None): {(n.origin, back(n.what), frozenset(n.rules)) for n in decision.needed},
        ("what is assumed", None): decision.assumptions,
    }
    for f in decision.findings:
        said["the finding", f.rule] = (f.result, f.clauses, facts(f.facts), needs(f.needs))
    for line in decision.costs.lines:
        where = f"costs[{places['costs'][line.index]}]"
        held = {f.rule: (f.taken, f.held, f.limit, needs(f.needs), facts(f.facts)) for f in line.findings}
        said[where, None] = (line.id, line.category, line.interval, needs(n for _, n in line.needs), held)
    if decision.score is not None:
        score = decision.score
        said["the score", None] = (score.exact, score.low, score.high, score.thresholds)
        for c in score.criteria:
            said["the criterion", c.id] = (c.rating, c.ratings, c.points, c.weight, needs(c.needs))
    return said


# What is needed


_STEP = re.compile(r"(\w+)(?:\[(\d+)\])?")


def open_things_name_nothing(rulebook: Rulebook, given: Cases, draw: Draw) -> Iterator[Wrong]:
    """What is open names what it waits for, what is settled nothing; all of it is unstated, and asked for once."""
    ((application, assessments),) = given
    decision = rulebook.decide(application, assessments)
    for finding in decision.findings:
        if bool(finding.needs) is not (finding.result is Result.UNDETERMINED):
            names = _listed(need.what for need in finding.needs)
            yield Wrong(f"it is {finding.result}, and waits for {names}", finding.rule)
    for line in decision.costs.lines:
        waits = line.interval is None or bool(line.interval.undetermined)
        if bool(line.needs or any(finding.needs for finding in line.findings)) is not waits:
            yield Wrong(
                f"costs[{line.index}] is {'open' if waits else 'settled'}, and what it waits for says otherwise"
            )
    waited_for = list(_waited_for(decision))
    for rule, need in waited_for:
        if need.origin != ("applicant" if need.kind == "fact" else "assessor"):
            yield Wrong(f"`{need.what}` is asked of the {need.origin}", rule)
        if need.kind == "fact" and need.what != ORGANISATIONS and _fact_at(application, need.what) is not None:
            yield Wrong(f"it waits for `{need.what}`, which is stated", rule)
    asked = [(need.origin, need.what) for need in decision.needed]
    for rule, need in waited_for:
        if asked.count((need.origin, need.what)) != 1:
            yield Wrong(f"`{need.what}` is asked for {asked.count((need.origin, need.what))} times", rule)


def _waited_for(decision: Decision) -> Iterator[tuple[str | None, Missing]]:
    """All that findings, lines and criteria wait for, with the rule that does."""
    for finding in decision.findings:
        yield from ((finding.rule, need) for need in finding.needs)
    for line in decision.costs.lines:
        yield from line.needs
        yield from ((finding.rule, need) for finding in line.findings for need in finding.needs)
    for criterion in decision.score.criteria if decision.score else ():
        yield from ((criterion.id, need) for need in criterion.needs)


def _fact_at(application: Any, path: str) -> Any:
    at = application
    for name, index in _STEP.findall(path):
        at = getattr(at, name)
        at = at[int(index)] if index else at
    return at
