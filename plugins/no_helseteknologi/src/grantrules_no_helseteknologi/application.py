"""The facts of an application to this pool, beside those that every pool knows."""

from decimal import Decimal

from attrs import frozen

from grantrules import Application, Option, Text, choice, choices, money, record

MEDICAL_RECORD = Option("medical_record", Text("elektronisk journal", "elektronisk pasientjournal", "medical record"))
WELFARE_TECHNOLOGY = Option("welfare_technology", Text("velfærdsteknologi", "velferdsteknologi", "welfare technology"))
DIGITAL_HOME_FOLLOW_UP = Option(
    "digital_home_follow_up",
    Text("digital hjemmeopfølgning", "digital hjemmeoppfølging", "digital home follow-up"),
)

AWARDED = Option("awarded", Text("fik tilskud", "fikk tilskudd", "awarded a grant"))
NOT_AWARDED = Option("not_awarded", Text("fik ikke tilskud", "fikk ikke tilskudd", "not awarded a grant"))
NOT_APPLIED = Option("not_applied", Text("søgte ikke", "søkte ikke", "did not apply"))


@frozen(kw_only=True)
class FirstRound:
    """What became of the project in the first allocation."""

    status: str | None = choice(
        Text("projektet i første tildeling", "prosjektet i første tildeling", "the project in the first allocation"),
        AWARDED,
        NOT_AWARDED,
        NOT_APPLIED,
    )
    awarded: Decimal | None = money(
        Text(
            "beløb tildelt ved første tildeling",
            "beløp innvilget i første tildeling",
            "amount awarded in the first allocation",
        )
    )


@frozen(kw_only=True)
class Helseteknologi(Application):
    """An application to this pool."""

    areas: frozenset[str] | None = choices(
        Text("indsatsområder", "satsingsområder", "areas"),
        MEDICAL_RECORD,
        WELFARE_TECHNOLOGY,
        DIGITAL_HOME_FOLLOW_UP,
    )


@frozen(kw_only=True)
class AndreTildeling(Helseteknologi):
    """An application in the second allocation, with what it got in the first."""

    first_round: FirstRound | None = record(
        FirstRound, Text("første tildeling", "første tildeling", "first allocation")
    )
