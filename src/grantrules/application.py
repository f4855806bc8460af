"""
What an applicant and the assessors state: applications, their parts, and assessments.

Every fact may be missing, and a missing fact is `None`: neither false nor zero. A pool subclasses `Application`
(and `Cost`, if its lines carry more) and declares its own facts with the helpers of this module.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from attrs import field, frozen, make_class

from grantrules.terms.nodes import Term
from grantrules.terms.schema import (
    COSTS,
    FUNDING,
    METADATA,
    ORGANISATIONS,
    Field,
    Kind,
    Option,
    Record,
    Schema,
)
from grantrules.terms.words import Facts, facts
from grantrules.values import AMOUNT_LIMIT, FIRST_YEAR, LAST_YEAR, ORE, Text, fixed_offset

COUNT_LIMIT = 10**9
"""Counts in files stay below this."""

_HIGHEST_AMOUNT = AMOUNT_LIMIT - ORE


def _amount(value: Any) -> Any:
    if value is None or isinstance(value, Decimal):
        return value
    if isinstance(value, int | str) and not isinstance(value, bool):
        return Decimal(value)
    raise TypeError(f"`{value!r}` is not an exact number: write a `Decimal`, a whole number or text")


def _moment(value: datetime | None) -> datetime | None:
    return None if value is None else fixed_offset(value)


def _converter(kind: Kind) -> dict[str, Any]:
    match kind:
        case Kind.MONEY | Kind.QUANTITY:
            return {"converter": _amount}
        case Kind.MOMENT:
            return {"converter": _moment}
        case _:
            return {}


def attribute(declared: Field, of: type | None = None, **settings: Any) -> Any:
    """An attrs field that is missing unless stated and carries its declaration."""
    return field(default=None, metadata={METADATA: (declared, of)}, **settings)


def money(label: Text, *, max: Decimal = _HIGHEST_AMOUNT, optional: bool = False) -> Any:
    """An amount in whole currency units with at most two decimals, from zero upwards."""
    declared = Field("", Kind.MONEY, label, minimum=Decimal(0), maximum=max, optional=optional)
    return attribute(declared, **_converter(declared.kind))


def count(label: Text, *, min: int = 0, max: int = COUNT_LIMIT - 1, optional: bool = False) -> Any:
    """A whole number of things."""
    return attribute(Field("", Kind.COUNT, label, minimum=min, maximum=max, optional=optional))


def quantity(label: Text, unit: str, *, max: Decimal = Decimal(COUNT_LIMIT), optional: bool = False) -> Any:
    """A measured quantity with a unit and at most three decimals, from zero upwards."""
    declared = Field("", Kind.QUANTITY, label, unit, minimum=Decimal(0), maximum=max, optional=optional)
    return attribute(declared, **_converter(declared.kind))


def flag(label: Text, *, optional: bool = False) -> Any:
    """A yes or no."""
    return attribute(Field("", Kind.TRUTH, label, optional=optional))


def day(
    label: Text, *, min: date = date(FIRST_YEAR, 1, 1), max: date = date(LAST_YEAR, 12, 31), optional: bool = False
) -> Any:
    """A calendar date in the pool's time zone."""
    return attribute(Field("", Kind.DAY, label, minimum=min, maximum=max, optional=optional))


def moment(label: Text, *, optional: bool = False) -> Any:
    """A point in time. It must know its offset; a time zone is turned into the offset it has at that time."""
    return attribute(Field("", Kind.MOMENT, label, optional=optional), **_converter(Kind.MOMENT))


def text(label: Text, *, names: str = "", alias: str = "", optional: bool = False) -> Any:
    """
    Free text.

    Args:
        names: the list of records that the text names one of, by `name`.
        alias: the word by which rules reach the record that is named.
    """
    return attribute(Field("", Kind.TEXT, label, names=names, alias=alias, optional=optional))


def choice(label: Text, *options: Option, optional: bool = False) -> Any:
    """One word of a closed list."""
    return attribute(Field("", Kind.CHOICE, label, options=options, optional=optional))


def choices(label: Text, *options: Option, optional: bool = False) -> Any:
    """Any number of words of a closed list; none at all is a statement too."""
    return attribute(Field("", Kind.CHOICES, label, options=options, optional=optional))


def record(of: type, label: Text, *, optional: bool = False) -> Any:
    """Several facts that belong together, of an attrs class of their own."""
    return attribute(Field("", Kind.RECORD, label, optional=optional), of)


def many(of: type, label: Text) -> Any:
    """A list of records of an attrs class of their own; an empty list states that there are none."""
    return attribute(Field("", Kind.MANY, label), of)


MUNICIPALITY = Option("municipality", Text("kommune", "kommune", "municipality"))
REGION = Option("region", Text("region", "region", "region"))
HOSPITAL = Option("hospital", Text("hospital", "sykehus", "hospital"))
EDUCATION = Option("education", Text("uddannelsesinstitution", "utdanningsinstitusjon", "education body"))
PATIENT_ASSOCIATION = Option("patient_association", Text("patientforening", "pasientforening", "patient association"))
ASSOCIATION = Option("association", Text("forening", "forening", "association"))
STATE = Option("state", Text("statslig myndighed", "statlig myndighet", "state body"))
COMPANY = Option("company", Text("virksomhed", "virksomhet", "company"))
OTHER = Option("other", Text("anden", "annen", "other"))

LEAD = Option("lead", Text("hovedansøger", "hovedsøker", "lead applicant"))
PARTNER = Option("partner", Text("samarbejdspartner", "samarbeidspartner", "partner"))
REPRESENTED = Option("represented", Text("ansøgt på vegne af", "søkt på vegne av", "applied for on behalf of"))

OWN = Option("own", Text("egenfinansiering", "egenfinansiering", "own financing"))
PUBLIC = Option("public", Text("offentlig medfinansiering", "offentlig medfinansiering", "public co-financing"))
PRIVATE = Option("private", Text("privat medfinansiering", "privat medfinansiering", "private co-financing"))

CASH = Option("cash", Text("kontant", "kontant", "cash"))
IN_KIND = Option("in_kind", Text("naturalydelse, egne timer", "egeninnsats, naturalytelse", "in kind"))


@frozen(kw_only=True)
class Organisation:
    """A body that applies, takes part, or is applied for."""

    name: str | None = text(Text("navn", "navn", "name"))
    kind: str | None = choice(
        Text("type", "type", "kind"),
        *(MUNICIPALITY, REGION, HOSPITAL, EDUCATION, PATIENT_ASSOCIATION, ASSOCIATION, STATE, COMPANY, OTHER),
    )
    role: str | None = choice(Text("rolle", "rolle", "role"), LEAD, PARTNER, REPRESENTED)
    # Optional: without one, an organisation is told apart by its name.
    id: str | None = text(
        Text("id som på org-id.guide", "id som på org-id.guide", "identifier as on org-id.guide"), optional=True
    )
    country: str | None = text(Text("land", "land", "country"))
    unit: str | None = text(
        Text("enhed inden for organisationen", "enhet i organisasjonen", "unit inside the organisation")
    )


@frozen(kw_only=True)
class Cost:
    """One line of the budget. Claimed is `amount` plus `vat`."""

    id: str | None = text(Text("linjens id", "linjens id", "id of the line"))
    category: str | None = text(Text("udgiftstype", "kostnadstype", "category"))
    amount: Decimal | None = money(Text("beløb uden moms", "beløp uten mva.", "amount net of VAT"))
    vat: Decimal | None = money(Text("moms", "mva.", "VAT"))
    vat_recoverable: bool | None = flag(
        Text("momsen kan afløftes", "mva. kan trekkes fra eller kompenseres", "the VAT can be recovered")
    )
    incurred_on: date | None = day(Text("afholdt den", "pådratt den", "incurred on"))
    organisation: str | None = text(
        Text(
            "organisation, der afholder udgiften",
            "organisasjon som bærer kostnaden",
            "organisation bearing it",
        ),
        names=ORGANISATIONS,
        alias="bearer",
    )
    kilometres: Decimal | None = quantity(Text("kilometer", "kilometer", "kilometres"), "km")


@frozen(kw_only=True)
class Funding:
    """One source of money for the project beside the grant."""

    source: str | None = choice(Text("kilde", "kilde", "source"), OWN, PUBLIC, PRIVATE)
    form: str | None = choice(Text("form", "form", "form"), CASH, IN_KIND)
    amount: Decimal | None = money(Text("beløb", "beløp", "amount"))
    organisation: str | None = text(
        Text("organisation, der bidrager", "organisasjon som bidrar", "contributing organisation"),
        names=ORGANISATIONS,
        alias="contributor",
    )


@frozen(kw_only=True)
class Application:
    """The facts that every pool knows. A pool adds its own in a subclass."""

    id: str | None = text(Text("sagsnummer", "saksnummer", "case number"))
    pool: str | None = text(Text("pulje", "ordning", "pool"))
    round: str | None = text(Text("runde", "runde", "round"))
    title: str | None = text(Text("projektets titel", "prosjektets tittel", "title of the project"))
    submitted_at: datetime | None = moment(
        Text("tidspunkt for modtaget ansøgning", "tidspunkt for mottatt søknad", "time of receipt")
    )
    signed: bool | None = flag(Text("underskrevet", "signert", "signed"))
    starts_on: date | None = day(Text("projektstart", "prosjektstart", "project start"))
    ends_on: date | None = day(Text("projektslut", "prosjektslutt", "project end"))
    organisations: tuple[Organisation, ...] | None = many(
        Organisation, Text("organisationer", "organisasjoner", "organisations")
    )
    requested: Decimal | None = money(Text("ansøgt beløb", "søknadsbeløp", "amount applied for"))
    requested_minimum: Decimal | None = money(
        Text("mindste anvendelige tilskud", "minste anvendelige tilskudd", "smallest usable grant"),
        optional=True,
    )
    costs: tuple[Cost, ...] | None = many(Cost, Text("budgetposter", "budsjettposter", "budget lines"))
    funding: tuple[Funding, ...] | None = many(Funding, Text("finansiering", "finansiering", "funding"))


def application_class(schema: Schema) -> type[Application]:
    """
    Build an application class from a schema, for a rule set whose plugin is not installed.

    Its records are subclasses of the classes of this module wherever those know the record.
    """
    made: type[Application] = _record_class(schema, schema.application, Application)
    return made


_KNOWN_RECORDS: Mapping[str, type] = {ORGANISATIONS: Organisation, COSTS: Cost, FUNDING: Funding}


def _record_class(schema: Schema, record: Record, base: type) -> Any:
    attributes = {}
    for fact in record.fields:
        inner = schema.record(fact.record) if fact.record else None
        of = None if inner is None else _record_class(schema, inner, _KNOWN_RECORDS.get(inner.name, object))
        attributes[fact.name] = attribute(fact, of, **_converter(fact.kind))
    return make_class(record.name.capitalize(), attributes, bases=(base,), frozen=True, slots=True, kw_only=True)


def own_financing(a: Facts) -> Term:
    """Own financing: the sum of all funding with source `own`, in cash or in kind."""
    f = facts(Application, FUNDING)
    own: Term = a.funding.total(f.amount, where=f.source.is_(OWN))
    return own


def _frozen_mapping(mapping: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(
        {key: MappingProxyType(dict(v)) if isinstance(v, Mapping) else v for key, v in mapping.items()}
    )


@frozen(kw_only=True)
class Assessment:
    """
    What one assessor says of one application.

    Attributes:
        ratings: criterion id to a number on the criterion's scale.
        judgements: judgement id to yes or no, or to one yes or no for each cost line id.
        comments: criterion or judgement id to text.
        consensus: the entry that the assessors agreed on; asked for where the round counts only what is agreed.
        conflict_of_interest: nothing from this assessor counts; not stated counts as no, and is reported.
    """

    application: str | None = None
    assessor: str | None = None
    ratings: Mapping[str, Decimal] = field(factory=dict, converter=_frozen_mapping)
    judgements: Mapping[str, bool | Mapping[str, bool]] = field(factory=dict, converter=_frozen_mapping)
    comments: Mapping[str, str] = field(factory=dict, converter=_frozen_mapping)
    consensus: bool | None = None
    conflict_of_interest: bool | None = None
