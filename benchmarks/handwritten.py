"""
The baseline of the figures: the pool of 2018 decided by hand.

What one would write for this pool alone, with speed in mind and without generated code: one class for each record,
one function for each kind of question, early returns. It takes complete applications on which every judgement it
needs is given and no two assessors disagree; it knows no missing facts, gives no reasons and refuses nothing.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum

from attrs import define

ZERO = Decimal("0.00")
ORE = Decimal("0.01")

DEADLINE = datetime(2018, 10, 1, 12, 0, tzinfo=timezone(timedelta(hours=2)))
PAGE_LIMIT = 5
GRANT_FLOOR = Decimal("1000000.00")
GRANT_CEILING = Decimal("2500000.00")
LAST_COST_DAY = date(2019, 12, 31)

RATES = {2018: Decimal("1.94"), 2019: Decimal("1.98")}
"""The State's lowest rate per kilometre, by year."""

LEADS = frozenset({"municipality", "region"})
ACTIVITIES = frozenset({"new_course", "further_development", "teaching_capacity"})
ELEMENTS = frozenset({"technology_understanding", "application", "communication"})

JUDGED = {
    "experts": "experts-limited",
    "supporting_material": "material-limited",
    "consultancy": "consultancy-necessary",
    "material_development": "material-decisive",
    "other": "unlisted-accepted",
}
"""The judgement on which a cost of a category depends."""


class Outcome(Enum):
    """What the requirements add up to."""

    DISMISSED = "dismissed"
    INELIGIBLE = "ineligible"
    ELIGIBLE = "eligible"


@define(slots=True)
class Organisation:
    """A body that applies or takes part."""

    kind: str
    role: str


@define(slots=True)
class Cost:
    """One line of the budget. What does not concern its category is `None`."""

    id: str
    category: str
    amount: Decimal
    vat: Decimal
    vat_recoverable: bool
    incurred_on: date
    ordinary_operations: bool
    kilometres: Decimal | None = None
    supports_project_directly: bool | None = None
    leads_to_course: bool | None = None


@define(slots=True)
class Funding:
    """One source of money beside the grant."""

    source: str
    amount: Decimal


@define(slots=True)
class Application:
    """A complete application."""

    id: str
    submitted_at: datetime
    signed: bool
    pages: int
    activities: frozenset[str]
    competence_elements: frozenset[str]
    shares_material: bool
    formal_programme: bool
    reports_for_approval: bool
    requested: Decimal
    organisations: tuple[Organisation, ...]
    costs: tuple[Cost, ...]
    funding: tuple[Funding, ...]


@define(slots=True)
class Assessment:
    """What one assessor judges: yes or no for all lines, or line by line."""

    judgements: dict[str, bool | dict[str, bool]]
    conflict_of_interest: bool = False


@define(slots=True)
class Requirements:
    """Whether each formal and eligibility rule is met; `None` where it does not apply."""

    deadline: bool
    signature: bool
    length: bool
    applicants: bool
    activity: bool
    competence_elements: bool
    grant_limits: bool
    matching: bool
    sharing: bool
    approval: bool | None


@define(slots=True)
class Decision:
    """
    What is decided.

    Attributes:
        lines: the eligible amount of each line.
    """

    requirements: Requirements
    outcome: Outcome
    lines: list[Decimal]
    claimed: Decimal
    eligible: Decimal
    disallowed: Decimal
    highest_grant: Decimal


@define(slots=True)
class Judgements:
    """The judgements of all assessors together."""

    overall: dict[str, bool]
    by_line: dict[tuple[str, str], bool]

    def on(self, judgement: str, line: str) -> bool:
        """The answer for one line."""
        answer = self.by_line.get((judgement, line))
        return self.overall[judgement] if answer is None else answer


def decide(application: Application, assessments: Sequence[Assessment]) -> Decision:
    """Decide one application."""
    own = sum((part.amount for part in application.funding if part.source == "own"), ZERO)
    found = requirements(application, own)
    reached = outcome(found)
    judgements = together(assessments)
    lines = [eligible_cost(line, judgements) for line in application.costs]
    claimed = sum((line.amount + line.vat for line in application.costs), ZERO)
    eligible = sum(lines, ZERO)
    grant = highest_grant(application.requested, own, eligible) if reached is Outcome.ELIGIBLE else ZERO
    return Decision(found, reached, lines, claimed, eligible, claimed - eligible, grant)


def requirements(application: Application, own: Decimal) -> Requirements:
    """Look at every formal and eligibility rule."""
    requested = application.requested
    return Requirements(
        deadline=application.submitted_at <= DEADLINE,
        signature=application.signed,
        length=application.pages <= PAGE_LIMIT,
        applicants=leads_may_apply(application.organisations),
        activity=not ACTIVITIES.isdisjoint(application.activities),
        competence_elements=application.competence_elements >= ELEMENTS,
        grant_limits=GRANT_FLOOR <= requested <= GRANT_CEILING,
        matching=own >= requested,
        sharing=application.shares_material,
        approval=application.reports_for_approval if application.formal_programme else None,
    )


def leads_may_apply(organisations: Sequence[Organisation]) -> bool:
    """There is a lead, and every lead is a municipality or a region."""
    found = False
    for organisation in organisations:
        if organisation.role == "lead":
            if organisation.kind not in LEADS:
                return False
            found = True
    return found


def outcome(found: Requirements) -> Outcome:
    """What the requirements add up to."""
    if not (found.deadline and found.signature and found.length):
        return Outcome.DISMISSED
    eligible = (
        found.applicants
        and found.activity
        and found.competence_elements
        and found.grant_limits
        and found.matching
        and found.sharing
        and found.approval is not False
    )
    return Outcome.ELIGIBLE if eligible else Outcome.INELIGIBLE


def together(assessments: Sequence[Assessment]) -> Judgements:
    """Bring the judgements of all assessors without a conflict of interest together."""
    made = Judgements({}, {})
    for assessment in assessments:
        if assessment.conflict_of_interest:
            continue
        for judgement, given in assessment.judgements.items():
            if isinstance(given, bool):
                made.overall[judgement] = given
            else:
                for line, answer in given.items():
                    made.by_line[judgement, line] = answer
    return made


def eligible_cost(line: Cost, judgements: Judgements) -> Decimal:
    """What is eligible of one line."""
    category = line.category
    if line.incurred_on > LAST_COST_DAY or line.ordinary_operations:
        return ZERO
    if category == "equipment" and not line.supports_project_directly:
        return ZERO
    if category == "research" and not line.leads_to_course:
        return ZERO
    judgement = JUDGED.get(category)
    if judgement is not None and not judgements.on(judgement, line.id):
        return ZERO
    left = line.amount if line.vat_recoverable else line.amount + line.vat
    if category == "transport" and line.kilometres is not None:
        return min(left, transport_limit(line.kilometres, line.incurred_on))
    return left


def transport_limit(kilometres: Decimal, day: date) -> Decimal:
    """The most that is eligible of transport by the kilometre."""
    return (kilometres * RATES[day.year]).quantize(ORE, ROUND_HALF_UP)


def highest_grant(requested: Decimal, own: Decimal, eligible: Decimal) -> Decimal:
    """The highest grant possible for an eligible application."""
    amount = min(requested, GRANT_CEILING, own, eligible - own)
    return amount if amount >= GRANT_FLOOR else ZERO
