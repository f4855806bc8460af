"""What the figures are measured on: one application of twelve lines, and varied ones on which both sides must agree."""

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import handwritten
from attrs import evolve

from grantrules import Application, Assessment, Decision, Result, Rulebook

POOL, ROUND = "dk_2018_kompetenceloeft", "2018"
LINES = 12
SEED = 20181001

CLEAN = Path(__file__).parent.parent / "plugins" / POOL / "cases" / "clean"

JUDGEMENTS = tuple(handwritten.JUDGED.values())
CATEGORIES = (
    *("project_staff", "experts", "supporting_material", "meetings", "transport", "consultancy", "audit", "fares"),
    *("material_development", "establishment", "equipment", "research", "other"),
)
KINDS = ("municipality", "region", "hospital", "education", "association", "company")


def twelve_lines() -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The application of the case `clean` cut to twelve lines, and its assessments, as JSON data."""
    application = json.loads((CLEAN / "application.json").read_text("utf-8"))
    application["costs"] = application["costs"][:LINES]
    assessments = [json.loads(path.read_text("utf-8")) for path in sorted(CLEAN.glob("assessment-*.json"))]
    return application, assessments


# A whole round


def decided_round(rules: Rulebook, applications: int) -> list[Decision]:
    """The example many times, requests, case numbers and ratings varied, each decided with two assessments."""
    random = Random(SEED)
    application, assessments = twelve_lines()
    made = rules.read_application(application)
    given = [rules.read_assessment(assessment) for assessment in assessments]
    return [_decided(rules, random, made, given, f"A-{index}") for index in range(applications)]


def _decided(rules: Rulebook, random: Random, made: Application, given: Sequence[Assessment], id: str) -> Decision:
    requested = Decimal(random.randint(100_000_000, 160_000_000)).scaleb(-2)
    ratings = [{name: Decimal(random.randint(0, 50)).scaleb(-1) for name in one.ratings} for one in given]
    rated = [evolve(one, application=id, ratings=found) for one, found in zip(given, ratings, strict=True)]
    return rules.decide(evolve(made, id=id, requested=requested), rated)


# Varied applications


def varied(number: int) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Complete applications with every judgement given and undisputed, as JSON data; the same ones every time."""
    random = Random(SEED)
    for index in range(number):
        yield _application(random, f"A-{index}"), _assessments(random, f"A-{index}")


def _application(random: Random, id: str) -> dict[str, Any]:
    requested = random.choice(
        (999_999, 1_000_000, *(random.randint(1_000_000, 2_500_000) for _ in range(6)), 2_500_000)
    )
    return {
        "id": id,
        "submitted_at": random.choice(("2018-09-01T08:00", "2018-10-01T12:00:00", "2018-10-01T10:00:00Z"))
        if _mostly(random)
        else "2018-10-01T10:00:01Z",
        "signed": _mostly(random),
        "pages": random.choice((1, 4, 5)) if _mostly(random) else 6,
        "activities": _some(random, handwritten.ACTIVITIES),
        "competence_elements": sorted(handwritten.ELEMENTS) if _mostly(random) else _some(random, handwritten.ELEMENTS),
        "shares_material": _mostly(random),
        "formal_programme": random.random() < 0.5,
        "reports_for_approval": _mostly(random),
        "organisations": [
            _organisation(random, index) for index in range(random.randint(0 if random.random() < 0.1 else 1, 4))
        ],
        "requested": f"{requested}.{random.choice(('00', '00', '50', '01'))}",
        "costs": [_cost(random, f"c{index}") for index in range(random.randint(0, 24))],
        "funding": [_funding(random, requested) for _ in range(random.randint(0, 5))],
    }


def _mostly(random: Random) -> bool:
    return random.random() < 0.95


def _some(random: Random, words: frozenset[str]) -> list[str]:
    return random.sample(sorted(words), random.randint(0, len(words)))


def _organisation(random: Random, index: int) -> dict[str, Any]:
    lead = index == 0 or random.random() < 0.1
    kind = random.choice(KINDS[:2]) if lead and _mostly(random) else random.choice(KINDS)
    return {"name": f"organisation {index}", "kind": kind, "role": "lead" if lead else "partner"}


def _cost(random: Random, id: str) -> dict[str, Any]:
    category = random.choice(CATEGORIES)
    amount = random.randint(0, 60_000_000)
    line: dict[str, Any] = {
        "id": id,
        "category": category,
        "amount": _kroner(random.randint(0, 600_000) if category == "transport" else amount),
        "vat": _kroner(random.choice((0, amount // 4))),
        "vat_recoverable": random.random() < 0.3,
        "incurred_on": random.choice(("2018-12-31", "2019-01-01", "2019-12-31", "2019-06-30", "2020-01-01")),
        "ordinary_operations": not _mostly(random),
    }
    if category == "transport":
        line["incurred_on"] = random.choice(("2018-12-31", "2019-01-01", "2019-12-31"))
        line["kilometres"] = f"{random.randint(0, 4000)}.{random.randint(0, 999):03}"
    if category == "equipment":
        line["supports_project_directly"] = random.random() < 0.7
    if category == "research":
        line["leads_to_course"] = random.random() < 0.7
    return line


def _kroner(ore: int) -> str:
    return f"{ore // 100}.{ore % 100:02}"


def _funding(random: Random, requested: int) -> dict[str, Any]:
    return {
        "source": random.choice(("own", "own", "public", "private")),
        "form": random.choice(("cash", "in_kind")),
        "amount": _kroner(random.randint(requested * 20, requested * 100)),
    }


def _assessments(random: Random, id: str) -> list[dict[str, Any]]:
    """One or two assessors who agree; the second may answer for one line, or have a conflict of interest."""
    answers: dict[str, Any] = {judgement: random.random() < 0.8 for judgement in JUDGEMENTS}
    first = {"application": id, "assessor": "a", "judgements": answers, "conflict_of_interest": False}
    if random.random() < 0.5:
        return [first]
    second = {"application": id, "assessor": "b", "judgements": dict(answers), "conflict_of_interest": False}
    if random.random() < 0.3:
        second["conflict_of_interest"] = True
        second["judgements"] = {judgement: not answer for judgement, answer in answers.items()}
    return [first, second]


# The same, in the classes of the baseline


def by_hand(made: Any) -> handwritten.Application:
    """A complete application in the classes of the baseline."""
    return handwritten.Application(
        *(made.id, made.submitted_at, made.signed, made.pages, made.activities, made.competence_elements),
        *(made.shares_material, made.formal_programme, made.reports_for_approval, made.requested),
        tuple(handwritten.Organisation(o.kind, o.role) for o in made.organisations),
        tuple(_cost_by_hand(line) for line in made.costs),
        tuple(handwritten.Funding(f.source, f.amount) for f in made.funding),
    )


def _cost_by_hand(line: Any) -> handwritten.Cost:
    return handwritten.Cost(
        *(line.id, line.category, line.amount, line.vat, line.vat_recoverable, line.incurred_on),
        *(line.ordinary_operations, line.kilometres, line.supports_project_directly, line.leads_to_course),
    )


def assessment_by_hand(made: Assessment) -> handwritten.Assessment:
    """An assessment in the class of the baseline."""
    judgements = {id: dict(given) if isinstance(given, Mapping) else given for id, given in made.judgements.items()}
    return handwritten.Assessment(judgements, bool(made.conflict_of_interest))


def check(rules: Rulebook, application: Application, assessments: Sequence[Assessment]) -> None:
    """
    Compare both sides on one application.

    Raises:
        AssertionError: they do not decide alike.
    """
    ours = _of_decision(rules.decide(application, assessments))
    theirs = _of_baseline(handwritten.decide(by_hand(application), [assessment_by_hand(a) for a in assessments]))
    if ours != theirs:
        raise AssertionError(f"{application.id} is not decided alike:\n{ours}\n{theirs}")


_TRUTHS = {Result.MET: True, Result.NOT_MET: False, Result.NOT_APPLICABLE: None}


def _of_decision(decision: Decision) -> tuple[Any, ...]:
    costs = decision.costs
    results = [_TRUTHS.get(finding.result, finding.result) for finding in decision.findings]
    lines = [line.interval and (line.interval.eligible, line.interval.undetermined) for line in costs.lines]
    total = costs.total and tuple(costs.total)
    return results, decision.outcome.value, lines, total, decision.highest_grant


def _of_baseline(made: handwritten.Decision) -> tuple[Any, ...]:
    found = made.requirements
    results = [getattr(found, name) for name in handwritten.Requirements.__slots__ if not name.startswith("__")]
    lines = [(amount, Decimal(0)) for amount in made.lines]
    total = (made.claimed, made.eligible, made.claimed - made.disallowed)
    return results, made.outcome.value, lines, total, made.highest_grant
