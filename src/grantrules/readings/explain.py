"""
Explaining a decision to people, in Danish, Norwegian and English.

The order is a case officer's: the outcome, what fails and by how much, what became of the money, what is still
needed and from whom; then the rest. Nothing is decided here: every figure stands in the decision.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from grantrules.awards import Override
from grantrules.bases import Basis
from grantrules.criteria import Emphasis
from grantrules.findings import (
    Account,
    Clause,
    CostFinding,
    CostLine,
    CriterionScore,
    Finding,
    Interval,
    Need,
    Outcome,
    Result,
    Score,
    ThresholdFinding,
)
from grantrules.pools import Stage
from grantrules.readings import phrases as say
from grantrules.readings.layout import Block, Document, Item, Items, Paragraph, Row, Section, Table, Title
from grantrules.terms.nodes import Among
from grantrules.terms.schema import Kind
from grantrules.values import Language, hundredths

EMPHASIS = Emphasis.id


def explained(decision: Account, language: Language) -> Document:
    """Lay a decision out as a document."""
    return tuple(_blocks(decision, language))


def _blocks(decision: Account, language: Language) -> Iterator[Block]:
    heading = decision.heading
    name = heading.application or say.UNNAMED.to(language)
    title = f": {heading.title}" if heading.title else ""
    yield Title(f"{say.APPLICATION.to(language)} {name}{title}")
    yield Paragraph(f"{heading.pool_title.to(language)}, {heading.round}. {heading.funder.to(language)}.")
    yield Paragraph(f"{say.OUTCOME.to(language)}: {say.OUTCOMES[decision.outcome].to(language)}", strong=True)
    yield from _overrides(decision, language)
    yield from _figures(decision, language)
    yield from _failing(decision, language)
    yield from _costs(decision, language)
    if decision.outcome is not Outcome.DISMISSED:  # it is not assessed, so nothing is asked for
        yield from _needed(decision, language)
    yield from _open(decision, language)
    for result in (Result.MET, Result.NOT_APPLICABLE):
        yield from _settled(decision, result, say.RESULTS[result].to(language), language)
    if decision.score is not None:
        yield from _score(decision, decision.score, language)
    yield from _panel(decision, language)
    yield from _conditions(decision, language)
    yield from _assumptions(decision, language)
    yield from _record(decision, language)


def _overrides(decision: Account, language: Language) -> Iterator[Block]:
    """What a person decided otherwise; what the rules say stands above it and stays."""
    if not decision.overrides:
        return
    outcome = say.OUTCOMES[decision.decided_outcome].to(language)
    yield Paragraph(f"{say.DECIDED.to(language)}: {outcome}", strong=True)
    grant = say.OPEN_AMOUNT.to(language) if decision.decided is None else say.amount(decision.decided, language)
    yield Paragraph(f"{say.DECIDED_GRANT.to(language)}: {grant}")
    yield Items(tuple(_override(decision, override, language) for override in decision.overrides))


def _override(decision: Account, override: Override, language: Language) -> Item:
    words = {"by": override.by, "rules": ", ".join(override.sets_aside), "reason": override.reason}
    known = [decision.rule_texts[id] for id in override.sets_aside if id in decision.rule_texts]
    return Item(say.SET_ASIDE.to(language).format(**words), tuple(text.statement.to(language) for text in known))


def _figures(decision: Account, language: Language) -> Iterator[Block]:
    found, between = decision.highest_grant, decision.grant_range
    grant = say.OPEN_AMOUNT.to(language) if found is None else say.amount(found, language)
    if found is None and between is not None:
        low, high = (say.amount(end, language) for end in between)
        grant = f"{grant}, {say.BETWEEN.to(language).format(low=low, high=high)}"
    yield Paragraph(f"{say.HIGHEST_GRANT.to(language)}: {grant}")
    if decision.score is not None:
        yield Paragraph(f"{say.SCORE.to(language)}: {_total(decision.score, language)}")


def _total(score: Score, language: Language) -> str:
    if score.exact is not None:
        shown = _points(score.exact, language)
    else:
        ends = {"low": _points(score.low, language), "high": _points(score.high, language)}
        shown = say.BETWEEN.to(language).format(**ends)
    return f"{shown} {say.OF_100.to(language)}"


def _points(exact: Any, language: Language) -> str:
    return say.number(hundredths(exact), language, 2)


def _failing(decision: Account, language: Language) -> Iterator[Block]:
    failing = [finding for finding in decision.findings if finding.result is Result.NOT_MET]
    if failing:
        yield Section(say.RESULTS[Result.NOT_MET].to(language))
        yield Items(tuple(_finding(decision, finding, language) for finding in failing))


def _finding(decision: Account, finding: Finding, language: Language) -> Item:
    below = [_clause(decision, finding, clause, language) for clause in finding.clauses if clause.holds is not True]
    if len(finding.facts) > 1 or not finding.clauses:
        facts = "; ".join(_fact(decision, path, value, language) for path, value in finding.facts.items())
        below.append(f"{say.FACTS.to(language)}: {facts}")
    below += _reference(decision, finding, language)
    return Item(f"{finding.statement.to(language)} [{finding.rule}]", tuple(below))


def _reference(decision: Account, finding: Finding, language: Language) -> list[str]:
    added = _added(decision, finding.plugin, language)
    return [say.source(finding.basis, language), *say.assumed(finding.basis, language), *added]


def _fact(decision: Account, path: str, value: Any, language: Language) -> str:
    label = decision.labels[path]
    if label.words:
        shown = _words(decision, path, [value] if isinstance(value, str) else value, language)
    else:
        shown = _value(label.kind or Kind.TEXT, value, language)
    return f"{label.text.to(language)} {shown}"


def _words(decision: Account, path: str, words: Iterable[str], language: Language) -> str:
    labels = decision.labels[path].words if path in decision.labels else {}
    shown = [labels[word].to(language) if word in labels else word for word in words]
    return ", ".join(sorted(shown)) or say.NOTHING.to(language)


def _clause(decision: Account, finding: Finding, clause: Clause, language: Language) -> str:
    found, limit = clause.found, clause.limit
    if clause.kind is Kind.TRUTH:
        return f"{say.STATED.to(language)}: {say.value(found, language) if found is not None else '?'}"
    if clause.kind in (Kind.CHOICE, Kind.CHOICES):
        return _membership(decision, finding, clause, language)
    if clause.kind is Kind.MOMENT and isinstance(found, datetime):
        found = found.astimezone(limit.tzinfo)
    asked = say.LATEST.get(clause.relation) if clause.kind in (Kind.MOMENT, Kind.DAY) else None
    asked = asked or say.REQUIRED[clause.relation]
    shown = say.MISSING.to(language) if found is None else _value(clause.kind, found, language)
    required = f"{asked.to(language)} {'?' if limit is None else _value(clause.kind, limit, language)}"
    margin = _margin(clause, language)
    return f"{say.FOUND.to(language)} {shown}, {required}{': ' + margin if margin else ''}"


def _membership(decision: Account, finding: Finding, clause: Clause, language: Language) -> str:
    path = next(iter(finding.facts), "")
    found = [clause.found] if isinstance(clause.found, str) else sorted(clause.found or ())
    stated = f"{say.STATED.to(language)}: {_words(decision, path, found, language)}"
    if clause.relation != Among.INCLUDES_ALL.value:
        return stated
    lacking = sorted(set(clause.limit) - set(found))
    return f"{stated}; {say.LACKING.to(language)}: {_words(decision, path, lacking, language)}"


def _value(kind: Kind, value: Any, language: Language) -> str:
    return say.amount(value, language) if kind is Kind.MONEY else say.value(value, language)


def _margin(clause: Clause, language: Language) -> str:
    if clause.margin is None:
        return ""
    if not clause.margin:
        return say.AT_LIMIT.to(language)
    least = clause.relation in (">=", ">")
    match clause.kind:
        case Kind.MOMENT | Kind.DAY:
            shown, falling, sparing = say.span(clause.margin, language), say.TOO_LATE, say.IN_TIME
        case Kind.COUNT:
            shown, falling, sparing = say.number(abs(clause.margin), language), say.TOO_MANY, say.TO_SPARE
        case _:
            shown, falling, sparing = _value(clause.kind, abs(clause.margin), language), say.TOO_MUCH, say.TO_SPARE
    words = sparing if clause.holds else say.SHORT if least else falling
    return words.to(language).format(margin=shown)


def _open(decision: Account, language: Language) -> Iterator[Block]:
    waiting = [finding for finding in decision.findings if finding.result is Result.UNDETERMINED]
    if not waiting:
        return
    yield Section(say.RESULTS[Result.UNDETERMINED].to(language))
    yield Items(tuple(_waiting(decision, finding, language) for finding in waiting))


def _waiting(decision: Account, finding: Finding, language: Language) -> Item:
    asked = ", ".join(_label(decision, need.what, language) for need in finding.needs)
    disputed = f" ({say.DISPUTED.to(language)})" if finding.disputed else ""
    waits = f"{say.WAITS.to(language)}: {asked}{disputed}"
    below = (waits, *_reference(decision, finding, language))
    return Item(f"{finding.statement.to(language)} [{finding.rule}]", below)


def _settled(decision: Account, result: Result, words: str, language: Language) -> Iterator[Block]:
    found = [finding for finding in decision.findings if finding.result is result]
    if found:
        yield Section(words)
        yield Items(tuple(_settled_item(decision, finding, language) for finding in found))


def _settled_item(decision: Account, finding: Finding, language: Language) -> Item:
    shown = f"{finding.statement.to(language)} [{finding.rule}]{_spare(finding, language)}"
    return Item(shown + _mark(finding.basis, language), _added(decision, finding.plugin, language))


def _mark(basis: Basis, language: Language) -> str:
    """What is to be said beside a rule that is not simply cited."""
    mark = say.mark(basis, language)
    return f" – {mark}" if mark else ""


def _added(decision: Account, plugin: str, language: Language) -> tuple[str, ...]:
    """Who added a rule to the pool, where it is not the pool's own."""
    return (f"{say.BROUGHT.to(language)}: {plugin}",) if plugin != decision.heading.pool else ()


def _spare(finding: Finding, language: Language) -> str:
    clause = finding.clause
    margin = _margin(clause, language) if clause else ""
    return f" ({margin})" if margin else ""


def _costs(decision: Account, language: Language) -> Iterator[Block]:
    lines = decision.costs.lines
    yield Section(f"{say.COSTS.to(language)} ({decision.heading.currency})")
    if not any(rule.startswith(f"{Stage.COST}.") for rule in decision.rule_texts):
        yield Paragraph(say.NOT_REGULATED.to(language))
    if not lines:
        yield Paragraph((say.COSTS_MISSING if decision.costs.total is None else say.NO_COSTS).to(language))
        return
    columns = (say.LINE, say.CATEGORY, say.CLAIMED, say.ELIGIBLE, say.DISALLOWED, say.UNDETERMINED)
    rows = [_row(decision, line, language) for line in lines]
    rows.append(Row((say.TOTAL.to(language), "", *_amounts(decision.costs.total, language))))
    headers = tuple(column.to(language) for column in columns)
    yield Table(headers, tuple(rows), say.BY_RULE.to(language), frozenset(range(2, 6)), footed=True)
    named = dict.fromkeys(finding.rule for line in lines for finding in line.findings)
    if named:
        yield Section(say.COST_RULES.to(language))
        yield Items(tuple(_cost_rule(decision, rule, language) for rule in named))


def _row(decision: Account, line: CostLine, language: Language) -> Row:
    shown = _words(decision, f"costs[{line.index}].category", [line.category], language) if line.category else "?"
    cells = (line.id or say.numbered(line.index).to(language), shown, *_amounts(line.interval, language))
    asked = dict.fromkeys(need.what for _, need in line.needs)
    waits = [f"{say.WAITS.to(language)}: {_label(decision, what, language)}" for what in asked]
    return Row(cells, (*(_cost_finding(decision, finding, language) for finding in line.findings), *waits))


def _amounts(interval: Interval | None, language: Language) -> tuple[str, ...]:
    if interval is None:
        return ("?",) * 4
    parts = (interval.claimed, interval.eligible, interval.disallowed, interval.undetermined)
    return tuple(say.number(part, language, 2) for part in parts)


def _cost_finding(decision: Account, finding: CostFinding, language: Language) -> str:
    parts = [(finding.taken, say.TAKEN), (finding.held, say.HELD)]
    shown = [f"{say.number(part, language, 2)} {words.to(language)}" for part, words in parts if part]
    if not shown:
        asked = "; ".join(_label(decision, need.what, language) for need in finding.needs)
        shown = [f"{say.WAITS.to(language)} {asked}"]
    return f"{finding.rule}: {', '.join(shown)}"


def _cost_rule(decision: Account, rule: str, language: Language) -> Item:
    text = decision.rule_texts[rule]
    below = (say.source(text.basis, language), *say.assumed(text.basis, language))
    return Item(f"{text.statement.to(language)} [{rule}]", (*below, *_added(decision, text.plugin, language)))


def _label(decision: Account, what: str, language: Language) -> str:
    label = decision.labels.get(what)
    return label.text.to(language) if label else what


def _needed(decision: Account, language: Language) -> Iterator[Block]:
    if not decision.needed:
        return
    yield Section(say.NEEDED.to(language))
    for origin, words in say.FROM.items():
        asked = [need for need in decision.needed if need.origin == origin]
        if asked:
            yield Paragraph(f"{words.to(language)}:")
            yield Items(tuple(Item(_need(decision, need, language)) for need in asked))


def _need(decision: Account, need: Need, language: Language) -> str:
    disputed = f" ({say.DISPUTED.to(language)})" if need.disputed else ""
    lines = f" ({', '.join(need.lines)})" if need.lines and need.origin == "assessor" else ""
    asked = f"{_label(decision, need.what, language)} [{need.what}]{lines}{disputed}"
    return f"{asked} – {say.NEEDED_BY.to(language)} {', '.join(need.rules)}"


def _score(decision: Account, score: Score, language: Language) -> Iterator[Block]:
    columns = (say.CRITERION, say.RATING, say.POINTS, say.WEIGHT)
    rows = tuple(_criterion(decision, criterion, language) for criterion in score.criteria)
    yield Section(say.CRITERIA.to(language))
    yield Table(tuple(column.to(language) for column in columns), rows, numbers=frozenset((1, 2, 3)))
    if EMPHASIS in decision.rule_texts:
        text = decision.rule_texts[EMPHASIS]
        shown = f"{text.statement.to(language)} {say.source(text.basis, language)} [{EMPHASIS}]"
        yield Paragraph(shown + _mark(text.basis, language))
    if score.thresholds:
        yield Items(tuple(Item(_threshold(found, language)) for found in score.thresholds))


def _threshold(found: ThresholdFinding, language: Language) -> str:
    reached = {True: say.REACHED, False: say.NOT_REACHED, None: say.OPEN_THRESHOLD}[found.holds]
    least, reached_at = say.share(found.least, language), say.MISSING.to(language)
    if found.found is not None:
        reached_at, least = say.apart(found.found, found.least, language)
    words = {"least": least, "found": reached_at}
    return f"{reached.to(language).format(**words)} [{found.id}]"


def _panel(decision: Account, language: Language) -> Iterator[Block]:
    panel = decision.panel
    for assessors, words in ((panel.conflicted, say.CONFLICTED), (panel.unstated, say.UNSTATED)):
        if assessors:
            yield Paragraph(
                f"{words.to(language)}: {', '.join(name or say.UNKNOWN.to(language) for name in assessors)}."
            )
    if panel.comments:
        yield Section(say.COMMENTS.to(language))
        yield Items(tuple(Item(f"[{id}]", texts) for id, texts in panel.comments.items()))


def _criterion(decision: Account, criterion: CriterionScore, language: Language) -> Row:
    rating = say.COMPUTED.to(language) if criterion.computed else _share(criterion.rating, language)
    weight = f"{criterion.weight.numerator}/{criterion.weight.denominator}"
    text = decision.rule_texts.get(criterion.id)
    statement = "" if text is None else text.statement.to(language) + _mark(text.basis, language)
    return Row((criterion.id, rating, _share(criterion.points, language), weight), (statement,) if statement else ())


def _share(value: Any, language: Language) -> str:
    return say.MISSING.to(language) if value is None else say.share(value, language)


def _conditions(decision: Account, language: Language) -> Iterator[Block]:
    if decision.conditions and decision.outcome in (Outcome.ELIGIBLE, Outcome.UNDETERMINED):
        yield Section(say.CONDITIONS.to(language))
        yield Items(tuple(_condition(decision, id, language) for id in decision.conditions))


def _condition(decision: Account, id: str, language: Language) -> Item:
    text = decision.rule_texts[id]
    shown = f"{text.statement.to(language)} [{id}]{_mark(text.basis, language)}"
    return Item(shown, _added(decision, text.plugin, language))


def _assumptions(decision: Account, language: Language) -> Iterator[Block]:
    if decision.assumption_texts:
        texts = decision.assumption_texts
        ids = dict.fromkeys((*decision.assumptions, *texts))
        yield Section(say.ASSUMPTIONS.to(language))
        yield say.assumptions([(id, texts[id]) for id in ids], language)


def _record(decision: Account, language: Language) -> Iterator[Block]:
    digests = {"rules": decision.digests.rules, "application": decision.digests.application}
    yield Section(say.RECORD.to(language))
    yield Paragraph(say.DIGESTS.to(language).format(**digests) + ".")
