"""Rule coverage as a document for a terminal, as JSON data, and held against what is asked for."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from grantrules.bases import Assumed, Basis
from grantrules.errors import InputError, Problem, excerpt
from grantrules.readings.layout import Block, Document, Item, Items, Paragraph, Row, Section, Table, Title
from grantrules.ruleset import RuleSet
from grantrules.testing.coverage import Coverage, Point, Unseen

FORMAT = "grantrules.coverage/1"

ASSUMED = "assumed"
"""Where rules without a source are counted."""

_NUMBERS = frozenset({1, 2, 3})


def report(coverages: Mapping[str, Coverage]) -> Document:
    """The coverage of rule sets, as headings, tables and lists: totals first, then what is missing, and why."""
    return tuple(block for name, coverage in coverages.items() for block in _blocks(name, coverage))


def _blocks(name: str, coverage: Coverage) -> Iterator[Block]:
    seen, total = coverage.sides(coverage.points)
    decisions = len(coverage.decisions)
    yield Title(f"Rule coverage of {name}: {percent(coverage.ratio)}")
    made = f"{decisions or 'no'} decision{'' if decisions == 1 else 's'}"
    yield Paragraph(f"{seen} of {total} seen, in {made}{'' if decisions else ' of this round'}.", strong=True)
    yield Section("By rule")
    yield _table("rule", coverage, _by_rule(coverage))
    yield Section("By source")
    yield _table("heading", coverage, _by_source(coverage))
    if coverage.missing and decisions:
        yield Section("Not seen")
        yield Items(tuple(_items(coverage.missing)))
    impossible = [(point, side, why) for point in coverage.points for side, why in point.impossible.items()]
    if impossible:
        yield Section("Cannot be seen, and is not asked for")
        yield Items(tuple(Item(f"{point.id}: {side}: {why}") for point, side, why in impossible))


def _table(what: str, coverage: Coverage, groups: Mapping[str, Sequence[Point]]) -> Table:
    rows = [Row((name, *_figures(coverage, points))) for name, points in groups.items()]
    return Table((what, "seen", "of", "coverage"), tuple(rows), numbers=_NUMBERS)


def _figures(coverage: Coverage, points: Sequence[Point]) -> tuple[str, str, str]:
    seen, total = coverage.sides(points)
    return str(seen), str(total), percent(coverage.ratio_of(points))


def _items(missing: Sequence[Unseen]) -> Iterator[Item]:
    """What is missing, by point."""
    by_point: dict[str, list[Unseen]] = {}
    for unseen in missing:
        by_point.setdefault(unseen.point.id, []).append(unseen)
    for id, found in by_point.items():
        point = found[0].point
        written = f" ({point.text})" if point.place else ""
        reasons: dict[str, list[str]] = {}
        for unseen in found:
            reasons.setdefault(unseen.why, []).append(unseen.side)
        yield Item(f"{id}{written}", tuple(f"never {' or '.join(sides)}: {why}" for why, sides in reasons.items()))


def _by_rule(coverage: Coverage) -> Mapping[str, Sequence[Point]]:
    groups: dict[str, list[Point]] = {}
    for point in coverage.points:
        if point.sides:
            groups.setdefault(point.rule, []).append(point)
    return groups


def _by_source(coverage: Coverage) -> Mapping[str, Sequence[Point]]:
    """The points under each heading of a source, in the order of the rules."""
    bases, groups = _bases(coverage.rulebook.rules), dict[str, list[Point]]()
    for rule, points in _by_rule(coverage).items():
        groups.setdefault(_heading(bases[rule]), []).extend(points)
    return groups


def _bases(rules: RuleSet) -> Mapping[str, Basis]:
    return {carrier.id: carrier.basis for carrier in (*rules.rules, *rules.scoring.parts)}


def _heading(basis: Basis) -> str:
    """Source and heading in a few words: the document is named by its short name in the pool."""
    if isinstance(basis, Assumed):
        return ASSUMED
    return f"{basis.source.id}: {basis.heading}" if basis.heading else basis.source.id


def percent(ratio: Fraction) -> str:
    """A ratio with one decimal, rounded down: only what is whole is 100 %."""
    tenths = (ratio * 1000).__floor__()
    return f"{tenths // 10}.{tenths % 10} %" if tenths % 10 else f"{tenths // 10} %"


def to_data(coverages: Mapping[str, Coverage]) -> dict[str, Any]:
    """The coverage of rule sets, as JSON data; ratios are exact, as in `"23/29"`."""
    return {"format": FORMAT, "rule_sets": [_rule_set(coverage) for coverage in coverages.values()]}


def _rule_set(coverage: Coverage) -> dict[str, Any]:
    rules, missing = coverage.rulebook.rules, dict[str, list[Unseen]]()
    for unseen in coverage.missing:
        missing.setdefault(unseen.point.id, []).append(unseen)
    bases = _bases(rules)
    return {
        "pool": rules.pool.id,
        "round": rules.round.id,
        "digest": rules.digest,
        "decisions": len(coverage.decisions),
        **_counts(coverage, coverage.points),
        "rules": [
            {
                "rule": rule,
                "heading": _heading(bases[rule]),
                **_counts(coverage, points),
                "points": [_point(coverage, point, missing.get(point.id, ())) for point in points],
            }
            for rule, points in _by_rule(coverage).items()
        ],
        "headings": [
            {"heading": heading, **_counts(coverage, points)} for heading, points in _by_source(coverage).items()
        ],
    }


def _counts(coverage: Coverage, points: Sequence[Point]) -> dict[str, Any]:
    seen, total = coverage.sides(points)
    return {"seen": seen, "total": total, "ratio": str(coverage.ratio_of(points))}


def _point(coverage: Coverage, point: Point, missing: Sequence[Unseen]) -> dict[str, Any]:
    return {
        "id": point.id,
        "text": point.text,
        "seen": [side.value for side in point.sides if (point.id, side) in coverage.seen],
        "missing": [{"side": unseen.side.value, "why": unseen.why} for unseen in missing],
        "impossible": [{"side": side.value, "why": why} for side, why in point.impossible.items()],
    }


def least_asked(text: str) -> Fraction:
    """
    Read a percentage, such as `100` or `99.5`.

    Raises:
        InputError: it is none from 0 to 100.
    """
    try:
        asked = Fraction(text)
    except (ValueError, ZeroDivisionError):
        asked = Fraction(-1)
    if not 0 <= asked <= 100:
        message = f"expected a percentage from 0 to 100, got {excerpt(text)}"
        raise InputError("--fail-under", [Problem("", message, "write a number such as `100`", "percentage")])
    return asked / 100


def falling_short(coverages: Mapping[str, Coverage], least: Fraction) -> tuple[str, ...]:
    """
    One line for every rule set of which less was seen than is asked for; the exact ratio counts.

    Args:
        least: from 0 to 1.
    """
    return tuple(
        f"{name}: {percent(coverage.ratio)} of the rules were seen, and {percent(least)} are asked for"
        for name, coverage in coverages.items()
        if coverage.ratio < least
    )
