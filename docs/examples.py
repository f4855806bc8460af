"""
The generated regions of the pages: tables and examples, every figure of which the library has computed.

A region is called by name, with words after it: `<!-- generated: cost-line pending -->` calls `cost_line("pending")`.
"""

import ast
import inspect
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement, pairwise, product
from pathlib import Path
from typing import Any

from attrs import frozen

import grantrules as g
import grantrules_dk_2018_kompetenceloeft.plugin as kompetenceloeft
from grantrules.assessments import NOBODY, combined, combined_rating
from grantrules.awards import Why
from grantrules.findings import Interval, Outcome
from grantrules.hooks import EXTENSION_HOOKS, HOOKS, Hooks
from grantrules.pools import Stage
from grantrules.readings import phrases
from grantrules.readings.awarding import REASONS
from grantrules.readings.evaluate import Scope, cuts, evaluate, grant_range, highest_grant, outcome, result, scope_of
from grantrules.scores import points
from grantrules.terms.nodes import Term
from grantrules.terms.notation import notation
from grantrules.terms.schema import APPLICATION, COSTS
from grantrules.values import LANGUAGES, Text, Truth, all_true, any_true, hundredths, negated, share_of

ROOT = Path(__file__).parent.parent
CASES = ROOT / "plugins" / "dk_2018_kompetenceloeft" / "cases"
TRUTHS: tuple[Truth, ...] = (True, None, False)

GENERATED: dict[str, Callable[..., str]] = {}


def generated(write: Callable[..., str]) -> Callable[..., str]:
    """Make a function known as the region of its name."""
    GENERATED[write.__name__.replace("_", "-")] = write
    return write


def table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a Markdown table."""
    lines = [headers, ["---"] * len(headers), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def shown(value: Any) -> str:
    """Write a value as the pages do."""
    match value:
        case None:
            return "missing"
        case bool():
            return str(value).lower()
        case Decimal():
            return f"{value:,.2f}"
        case frozenset() | tuple() | list():
            return ", ".join(map(shown, value)) or "none"
        case _:
            return str(value)


# Truth tables


@frozen(kw_only=True)
class Sample(g.Application):
    """Facts to try terms on."""

    x: bool | None = g.flag(Text("x", "x", "x"))
    y: bool | None = g.flag(Text("y", "y", "y"))
    z: bool | None = g.flag(Text("z", "z", "z"))
    one: Decimal | None = g.money(Text("en", "en", "one"))
    other: Decimal | None = g.money(Text("anden", "annen", "other"))
    earlier: Decimal | None = g.money(Text("tidligere", "tidligere", "earlier"), optional=True)


a = g.facts(Sample)
o = g.facts(Sample, "organisations")
f = g.facts(Sample, "funding")


def value_of(term: Term, **stated: Any) -> Any:
    """The value of a term of `Sample`, by the specification."""
    return evaluate(term, Scope({}, {}, NOBODY, {APPLICATION: Sample(**stated)}))


def _agreed(one: Truth, other: Truth) -> Truth:
    if one is not other:
        raise AssertionError(f"values.py says {one}, evaluate says {other}")
    return one


@generated
def and_or() -> str:
    """All of, any of."""
    rows = []
    for x, y in product(TRUTHS, TRUTHS):
        both = _agreed(all_true((x, y)), value_of(g.all_of(a.x, a.y), x=x, y=y))
        either = _agreed(any_true((x, y)), value_of(g.any_of(a.x, a.y), x=x, y=y))
        rows.append([shown(value) for value in (x, y, both, either)])
    return table(("`x`", "`y`", "`all_of(x, y)`", "`any_of(x, y)`"), rows)


@generated
def negation() -> str:
    """Not."""
    rows = [(shown(x), shown(_agreed(negated(x), value_of(g.not_(a.x), x=x)))) for x in TRUTHS]
    return table(("`x`", "`not_(x)`"), rows)


@generated
def at_least() -> str:
    """At least two of three, in any order."""
    rows = []
    for x, y, z in combinations_with_replacement(TRUTHS, 3):
        found = value_of(g.at_least(2, a.x, a.y, a.z), x=x, y=y, z=z)
        rows.append([", ".join(shown(truth) for truth in (x, y, z)), shown(found)])
    return table(("`x`, `y`, `z`, in any order", "`at_least(2, x, y, z)`"), rows)


@generated
def over_lists() -> str:
    """Some of a list, every one of a list, how many of a list."""
    municipal = o.kind.is_(g.MUNICIPALITY)
    lists: list[tuple[str | None, ...] | None] = [
        None,
        (),
        ("municipality",),
        ("company",),
        (None,),
        ("municipality", None),
        ("company", None),
        ("municipality", "company"),
    ]
    rows = []
    for kinds in lists:
        stated = None if kinds is None else tuple(g.Organisation(kind=kind) for kind in kinds)
        terms = (a.organisations.any(municipal), a.organisations.every(municipal), a.organisations.count(municipal))
        found = [shown(value_of(term, organisations=stated)) for term in terms]
        rows.append(["not stated" if kinds is None else shown(["kind " + shown(kind) for kind in kinds]), *found])
    return table(("organisations", "`any(municipality)`", "`every(municipality)`", "`count(municipality)`"), rows)


@generated
def totals() -> str:
    """Own financing."""
    lists: list[tuple[tuple[str | None, str | None], ...] | None] = [
        None,
        (),
        (("own", "600.00"), ("own", "400.00"), ("public", "50.00")),
        (("own", "600.00"), ("own", None)),
        (("own", "600.00"), (None, "400.00")),
        (("own", "600.00"), ("public", None)),
    ]
    rows = []
    for parts in lists:
        stated = None if parts is None else tuple(g.Funding(source=s, amount=_decimal(amount)) for s, amount in parts)
        found = value_of(g.own_financing(a), funding=stated)
        words = "not stated" if parts is None else "; ".join(f"{shown(s)} {shown(m)}" for s, m in parts) or "none"
        rows.append((words, shown(None if found is None else Decimal(found))))
    return table(("funding", "total of `amount` where `source` is own"), rows)


def _decimal(amount: str | None) -> Decimal | None:
    return None if amount is None else g.kr(amount)


@generated
def different() -> str:
    """Whether two organisations are told apart."""
    pairs: list[tuple[tuple[str | None, str | None], tuple[str | None, str | None]]] = [
        (("Vik", "NO-BRC-1"), ("Vik", "NO-BRC-2")),
        (("Vik", "NO-BRC-1"), ("Vika", "NO-BRC-1")),
        (("Vik", "NO-BRC-1"), ("Vik", None)),
        (("Vik", "NO-BRC-1"), ("Sund", None)),
        (("Vik", None), ("Sund", None)),
        (("Vik", None), (None, None)),
    ]
    rows = []
    for pair in pairs:
        stated = tuple(g.Organisation(name=name, id=id) for name, id in pair)
        said = [", ".join(part or "not stated" for part in one) for one in pair]
        rows.append((*said, shown(value_of(a.organisations.different(2), organisations=stated))))
    return table(("name and id", "name and id", "`different(2)`"), rows)


@generated
def other_terms() -> str:
    """Choice, comparison, the least, and what is known."""
    small, large = Decimal("10.00"), Decimal("20.00")
    choice = g.when(a.x).then(a.one).otherwise(a.other)
    stated: list[tuple[Term, dict[str, Any]]] = [
        (choice, {"x": True, "one": small}),
        (choice, {"x": True, "other": large}),
        (choice, {"one": small, "other": small}),
        (a.one <= a.other, {"one": small, "other": large}),
        (a.one <= a.other, {"one": small}),
        (g.least(a.one, a.other), {"one": small, "other": large}),
        (g.least(a.one, a.other), {"one": small}),
        (a.one + a.other, {"one": small}),
        (g.known(a.earlier), {"earlier": small}),
        (g.known(a.earlier), {}),
        (a.earlier < a.one, {"one": small}),
    ]
    rows = []
    for term, facts in stated:
        said = ", ".join(f"{name} {shown(value)}" for name, value in facts.items()) or "nothing"
        rows.append((f"`{notation(term)}`", said, shown(value_of(term, **facts))))
    return table(("term", "stated", "value"), rows)


# Rules


@generated
def results() -> str:
    """The result of a requirement, by its condition and its demand."""
    rows = []
    for when in ("no `when`", *TRUTHS):
        row = [when if isinstance(when, str) else f"`when` {shown(when)}"]
        for demand in TRUTHS:
            condition = None if isinstance(when, str) else a.y
            rule = g.Requirement("eligibility.sample", a.x, Text("", "", ""), when=condition)
            truth = None if isinstance(when, str) else when
            scope = Scope({}, {}, NOBODY, {APPLICATION: Sample(x=demand, y=truth)})
            row.append(f"`{result(rule, scope).value}`")
        rows.append(row)
    return table(("", *(f"demand {shown(demand)}" for demand in TRUTHS)), rows)


@generated
def outcomes() -> str:
    """The outcome, by the worst result of each stage."""
    rules = [
        g.Requirement(f"{stage.value}.sample", a.x, Text("", "", "")) for stage in (Stage.FORMAL, Stage.ELIGIBILITY)
    ]
    order = (g.Result.NOT_MET, g.Result.UNDETERMINED, g.Result.MET)
    rows = [
        (f"`{formal.value}`", f"`{eligible.value}`", f"`{outcome(rules, (formal, eligible)).value}`")
        for formal, eligible in product(order, order)
    ]
    return table(("a formal rule", "an eligibility rule", "outcome"), rows)


@generated
def rounding() -> str:
    """A share of an amount, by the rounding named."""
    cases = [("10.00", "1/3"), ("10.00", "2/3"), ("0.05", "1/2"), ("0.03", "1/2"), ("10.00", "1/2")]
    rows = []
    for amount, rate in cases:
        exact = Fraction(amount) * Fraction(rate)
        found = [shown(share_of(Decimal(amount), Fraction(rate), rounding)) for rounding in g.Rounding]
        rows.append((amount, rate, exact, *found))
    return table(("amount", "share", "exactly", *(f"`{r.name}`" for r in g.Rounding)), rows)


@cache
def pool() -> g.Rulebook:
    """The pool that the examples are read by: the one of 2018, without extensions."""
    return g.Registry.of(kompetenceloeft).rulebook("dk_2018_kompetenceloeft")


@generated
def times() -> str:
    """How times of receipt are read, and what the deadline says of them."""
    rows = []
    for written in (
        "2018-10-01T12:00",
        "2018-10-01T12:00:01",
        "2018-10-01T10:00:00Z",
        "2018-10-01T12:00:00+01:00",
        "2018-10-28T02:30",
        "2018-03-25T02:30",
    ):
        try:
            application = pool().read_application({"submitted_at": written})
        except g.InputError as error:
            rows.append((f"`{written}`", f"refused: {error.problems[0].message}", ""))
            continue
        finding = pool().decide(application).finding("formal.deadline")
        rows.append((f"`{written}`", f"`{application.submitted_at.isoformat()}`", f"`{finding.result.value}`"))
    return table(("written", "read as", "`formal.deadline`"), rows)


@generated
def dated_table() -> str:
    """A rate by date."""
    rate = next(value.amount for value in pool().round.values if value.name == "lowest_rate")
    if not isinstance(rate, g.DatedTable):
        raise TypeError("`lowest_rate` is no dated table")
    days = (date(2018, 1, 1), date(2018, 12, 31), date(2019, 1, 1), date(2020, 1, 5))
    return table(("day", f"`lowest_rate`, kr per {rate.unit}"), [(day, shown(rate.at(day))) for day in days])


# Costs

LINE = {
    "id": "c1",
    "category": "experts",
    "amount": "80000",
    "vat": "20000",
    "incurred_on": "2019-05-02",
    "ordinary_operations": False,
}
LINES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "open": ({}, {}),
    "recoverable": ({"vat_recoverable": True}, {}),
    "refused": ({}, {"experts-limited": False}),
    "refused-recoverable": ({"vat_recoverable": True}, {"experts-limited": False}),
    "settled": ({"vat_recoverable": True}, {"experts-limited": True}),
}


@generated
def cost_line(name: str) -> str:
    """One line, rule by rule."""
    facts, judgements = LINES[name]
    application = pool().read_application({"id": "1", "costs": [{**LINE, **facts}]})
    assessments = [pool().read_assessment({"judgements": judgements})] if judgements else []
    line = pool().decide(application, assessments).costs.line("c1")
    if line.interval is None:
        raise AssertionError("the line has amount and VAT")
    held = {finding.rule: finding.held for finding in line.findings}
    rules = pool().rules
    scope = scope_of(rules, application, combined(assessments)).inside(COSTS, 0, application.costs[0])
    rows: list[Sequence[object]] = [("claimed", "", *(shown(line.interval.claimed),) * 2, "", "")]
    for cut in cuts(rules.cost_rules, scope, line.interval.claimed):
        effect = "may cut" if cut.may else "surely cuts"
        amounts = (cut.low, cut.high, cut.taken, held.get(cut.rule.id, Decimal(0)))
        rows.append((f"`{cut.rule.id}`", effect, *map(shown, amounts)))
    ends = f"Eligible {shown(line.interval.eligible)}, disallowed {shown(line.interval.disallowed)}, undetermined "
    headers = ("rule", "", "surely left", "at most left", "taken", "held")
    return f"{table(headers, rows)}\n\n{ends}{shown(line.interval.undetermined)}."


@generated
def grant_ends() -> str:
    """The highest grant of the pool of 2018 at both ends of the eligible cost."""
    rules = pool().rules
    application = pool().read_application(
        {"requested": "1500000", "funding": [{"source": "own", "form": "cash", "amount": "1500000"}]}
    )
    scope = scope_of(rules, application, NOBODY)
    rows = []
    for low, high in (("3100000", "3300000"), ("2700000", "2900000"), ("2400000", "2600000"), ("2300000", "2400000")):
        total = Interval(Decimal("3500000.00"), g.kr(low), g.kr(high))
        ends = grant_range(rules.grant, scope, total) or (None, None)
        found = highest_grant(rules.grant, scope, total)
        cells = (total.low, total.high, *ends, found)
        rows.append(["not settled" if i == 4 and cell is None else shown(cell) for i, cell in enumerate(cells)])
    return table(("eligible, surely", "eligible, at most", "grant, lower end", "upper end", "highest grant"), rows)


# Assessments


@generated
def judgements() -> str:
    """What two assessors' answers to one question come to, for one line and for the others."""
    answers: list[tuple[Any, Any]] = [
        (None, None),
        (True, None),
        (True, True),
        (True, False),
        (True, {"c5": False}),
        ({"c5": True}, None),
        ({"c5": True}, False),
    ]
    rows = []
    for given in answers:
        made = [g.Assessment(judgements={} if answer is None else {"q": answer}) for answer in given]
        together = combined(made)
        cells = [_said(answer) for answer in given]
        for line in ("c5", "c6"):
            found = together.answer("q", line)
            open_ = "disputed" if together.disputed("q", line) else "pending"
            cells.append(open_ if found is None else _yes(found))
        rows.append(cells)
    return table(("first assessor", "second assessor", "on line c5", "on every other line"), rows)


def _said(answer: Any) -> str:
    if isinstance(answer, dict):
        return "; ".join(f"{line}: {_yes(found)}" for line, found in answer.items())
    return "silent" if answer is None else _yes(answer)


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"


@generated
def combining() -> str:
    """What several ratings of one criterion come to, by each way of combining them."""
    rows = []
    for ratings in ((4,), (3, 4), (1, 4, 4), (1, 3, 4, 5)):
        found = [combined_rating([Decimal(rating) for rating in ratings], way) for way in g.Combining]
        rows.append((", ".join(map(str, ratings)), *map(shown, found)))
    return table(("ratings", *(f"`{way.name}`" for way in g.Combining)), rows)


@generated
def growing_points() -> str:
    """Points that grow with a number."""
    linear = g.Linear(a.one, g.kr(100), g.kr(300))
    banded = g.Banded(a.one, (g.Band(g.kr(100), Fraction(1, 4)), g.Band(g.kr(200), Fraction(1))))
    rows = []
    for amount in (None, g.kr(50), g.kr(100), g.kr(150), g.kr(200), g.kr(250), g.kr(400)):
        scope = Scope({}, {}, NOBODY, {APPLICATION: Sample(one=amount)})
        rows.append((shown(amount), shown(points(linear, scope)), shown(points(banded, scope))))
    heads = ("`one`", "linear, none at 100 and all at 300", "banded, 1/4 from 100, all from 200")
    return table(heads, rows)


@cache
def decided(case: str) -> g.Decision:
    """A case of the pool of 2018, decided."""
    application = pool().read_application(CASES / case / "application.json")
    assessments = [pool().read_assessment(path) for path in sorted((CASES / case).glob("assessment-*.json"))]
    return pool().decide(application, assessments)


@generated
def score(case: str) -> str:
    """The score of a case, criterion by criterion."""
    found = decided(case).score
    if found is None:
        raise AssertionError(f"`{case}` has no score")
    given = [
        json.loads(path.read_text("utf-8")).get("ratings", {}) for path in sorted((CASES / case).glob("assessment-*"))
    ]
    rows = []
    for criterion in found.criteria:
        ratings = [str(ratings[criterion.id]) for ratings in given if criterion.id in ratings]
        stated = "computed" if criterion.computed else ", ".join(ratings) or "none"
        cells = (criterion.rating, criterion.points)
        shown_ = ["" if criterion.computed and cell is None else shown(cell) for cell in cells]
        rows.append((f"`{criterion.id}`", stated, *shown_, criterion.weight))
    ends = [f"{hundredths(end)} ({end})" for end in (found.low, found.high)]
    total = f"from {ends[0]} to {ends[1]}; the total is `null`" if found.exact is None else ends[0]
    return f"{table(('criterion', 'ratings', 'mean', 'points', 'weight'), rows)}\n\nOut of 100: {total}."


# Allocation


@generated
def reasons() -> str:
    """Every coded reason of an award, and its sentence with places for the figures."""
    rows = [(f"`{why.value}`", re.sub(r"{(\w+)}", r"*\1*", REASONS[why].en.replace("}{", "}; {"))) for why in Why]
    return table(("reason", "says"), rows)


# Architecture

WITHOUT_DOCSTRING = {
    "readings": "What is made of rules: `evaluate` (the specification), `compile`, `reasons`, `labels`, `explain`, "
    "`awarding` (an allocation as text), `describe`, and `layout` for documents",
    "terms": "Nodes (the closed set), words (what authors write), schema, check, walk, notation, canonical form",
}
"""What the packages are that say nothing of themselves."""


@generated
def layers(id: str = "layers") -> str:
    """The modules from high to low, as a contract in `pyproject.toml` orders them, and what each says of itself."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    (contract,) = (contract for contract in contracts if contract["id"] == id)
    (container,) = contract["containers"]
    rows = []
    for layer in contract["layers"]:
        for place, name in enumerate(part.strip(" ()") for part in layer.split(":")):
            package = ROOT.joinpath("src", *container.split("."), name)
            file = package / "__init__.py" if package.is_dir() else package.with_suffix(".py")
            says = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or WITHOUT_DOCSTRING[name]
            first = " ".join(says.partition("\n\n")[0].split()).rstrip(".")
            rows.append((f"{'= ' * bool(place)}`{name}{'/' * package.is_dir()}`", first))
    return table(("module", "is"), rows)


# How-to pages


@generated
def hooks() -> str:
    """Every hook: what it returns, and whether an extension may have it."""
    rows = []
    for name in HOOKS:
        says = inspect.getdoc(getattr(Hooks, name)) or ""
        rows.append((f"`{name}`", says.splitlines()[0], "yes" if name in EXTENSION_HOOKS else "no"))
    return table(("hook", "what it does", "for extensions"), rows)


@generated
def pools() -> str:
    """Every installed pool, with its page."""
    found = g.Registry.installed(strict=True).pools
    return "\n".join(f"- [{id}](pools/{id}.md): {pool.title.en}" for id, pool in found.items())


@generated
def assumptions(name: str) -> str:
    """Everything that the rules of a pool, or of one of its rounds, assume."""
    id, _, only = name.partition("@")
    registry = g.Registry.installed(strict=True)
    rounds = [round for owner, round in registry.rule_sets if owner == id and only in ("", round)]
    if not rounds:
        raise ValueError(f"there is no `{name}`")
    found = {a.id: a.reason.en for round in rounds for a in registry.rulebook(id, round).assumptions}
    return "\n".join(f"- `{assumption}`: {reason}" for assumption, reason in found.items())


@generated
def words() -> str:
    """The words of a decision, in the file and in three languages."""
    rows = [
        (f"`{found.value}`", *(_first(phrases.OUTCOMES[found], language) for language in LANGUAGES))
        for found in Outcome
    ]
    return table(("in the file", "dansk", "norsk (bokmål)", "English"), rows)


def _first(text: Text, language: Any) -> str:
    return text.to(language).split(":")[0]


@generated
def part(case: str, *heading: str) -> str:
    """A part of the text form of a decision, by its heading; the top of it if none is given."""
    text = decided(case).explain("en")
    lines = text.splitlines()
    headings = [i for i, line in enumerate(lines) if i and line and set(line) == {"-"} and lines[i - 2] == ""]
    starts = [0, *(i - 1 for i in headings), len(lines)]
    wanted = " ".join(heading)
    for start, end in pairwise(starts):
        if (lines[start] == wanted) if wanted else start == 0:
            return _fenced("text", "\n".join(lines[start:end]))
    raise ValueError(f"`{case}` has no part `{wanted}`")


@generated
def data(case: str, *path: str) -> str:
    """A part of a decision file: keys, and ids of items, from the outside in."""
    found: Any = decided(case).to_dict()
    for step in path:
        found = (
            found[step] if isinstance(found, dict) else next(i for i in found if step in (i.get("id"), i.get("rule")))
        )
    return _fenced("json", json.dumps(found, ensure_ascii=False, indent=2))


def _fenced(kind: str, text: str) -> str:
    return f"```{kind}\n{text.rstrip()}\n```"
