"""The facts of an application to this pool, beside those that every pool knows."""

from attrs import frozen

from grantrules import Application, Option, Text, choices, flag

PREVENTION = Option("prevention", Text("forebyggelse", "forebygging", "prevention"))
TREATMENT = Option("treatment", Text("behandling", "behandling", "treatment"))
MONITORING = Option("monitoring", Text("monitorering", "oppfølging med målinger", "monitoring"))


@frozen(kw_only=True)
class DigitalSundhed(Application):
    """An application to this pool."""

    uses_shared_infrastructure: bool | None = flag(
        Text(
            "gør brug af sundhedsvæsenets fælles digitale infrastruktur",
            "tar i bruk helsetjenestens felles digitale infrastruktur",
            "uses the digital infrastructure that the health service shares",
        )
    )
    psychiatry_uses: frozenset[str] | None = choices(
        Text(
            "hvad løsningen bruges til hos patienter i psykiatrien",
            "hva løsningen brukes til hos pasienter i psykiatrien",
            "what the solution does for patients in psychiatry",
        ),
        PREVENTION,
        TREATMENT,
        MONITORING,
    )
    develops_and_tests: bool | None = flag(
        Text(
            "udvikler og afprøver en løsning",
            "utvikler og prøver ut en løsning",
            "develops a solution and tests it",
        )
    )
