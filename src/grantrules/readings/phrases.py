"""The words of explanations in three languages, and how each language writes amounts, numbers and times."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from grantrules.bases import Assumed, Basis, Cited, Notice
from grantrules.errors import InputError, Problem, excerpt
from grantrules.findings import Outcome, Result
from grantrules.readings.layout import Item, Items
from grantrules.values import LANGUAGES, ORE, Language, Text, decimals, hundredths

OUTCOMES: Mapping[Outcome, Text] = {
    Outcome.DISMISSED: Text(
        "Afvises: ansøgningen opfylder ikke formkravene og vurderes ikke.",
        "Avvises: søknaden oppfyller ikke formkravene og vurderes ikke.",
        "Dismissed: the application does not meet the formal requirements and is not assessed.",
    ),
    Outcome.INELIGIBLE: Text(
        "Ikke tilskudsberettiget: ansøgningen opfylder ikke kravene for at opnå tilskud.",
        "Ikke støtteberettiget: søknaden oppfyller ikke kravene for å få tilskudd.",
        "Ineligible: the application does not meet the requirements for a grant.",
    ),
    Outcome.UNDETERMINED: Text(
        "Kan ikke afgøres endnu: der mangler oplysninger eller et skøn.",
        "Kan ikke avgjøres ennå: det mangler opplysninger eller et skjønn.",
        "Undetermined: facts or judgements are still missing.",
    ),
    Outcome.ELIGIBLE: Text(
        "Tilskudsberettiget: ansøgningen opfylder kravene. Om den får tilskud, afgøres ved fordelingen af puljen.",
        "Støtteberettiget: søknaden oppfyller kravene. Om den får tilskudd, avgjøres når midlene fordeles.",
        "Eligible: the application meets the requirements. Whether it is funded is decided at the allocation.",
    ),
}

RESULTS: Mapping[Result, Text] = {
    Result.NOT_MET: Text("Krav, der ikke er opfyldt", "Krav som ikke er oppfylt", "Requirements not met"),
    Result.UNDETERMINED: Text(
        "Krav, der endnu ikke er afgjort", "Krav som ennå ikke er avgjort", "Requirements still undetermined"
    ),
    Result.MET: Text("Krav, der er opfyldt", "Krav som er oppfylt", "Requirements met"),
    Result.NOT_APPLICABLE: Text(
        "Krav, der ikke er relevante", "Krav som ikke er relevante", "Requirements that do not apply"
    ),
}

UNREADABLE = Text(
    "Oplysningerne kan ikke læses efter denne puljes regler.",
    "Opplysningene kan ikke leses etter reglene for denne ordningen.",
    "The facts cannot be read by the rules of this pool.",
)

APPLICATION = Text("Ansøgning", "Søknad", "Application")
UNNAMED = Text("uden sagsnummer", "uten saksnummer", "without a case number")
OUTCOME = Text("Resultat", "Resultat", "Outcome")
HIGHEST_GRANT = Text("Højest mulige tilskud", "Høyest mulige tilskudd", "Highest grant possible")
OPEN_AMOUNT = Text("kan ikke fastsættes endnu", "kan ikke fastsettes ennå", "not determined yet")
SCORE = Text("Point", "Poeng", "Score")
OF_100 = Text("af 100", "av 100", "out of 100")
BETWEEN = Text("mellem {low} og {high}", "mellom {low} og {high}", "between {low} and {high}")
COSTS = Text("Udgifter", "Kostnader", "Costs")
NO_COSTS = Text(
    "Ansøgningen oplyser, at der ingen budgetposter er.",
    "Søknaden oppgir at det ikke er noen budsjettposter.",
    "The application states that there are no budget lines.",
)
COSTS_MISSING = Text(
    "Budgetposterne er ikke oplyst.", "Budsjettpostene er ikke oppgitt.", "The budget lines are not stated."
)
NOT_REGULATED = Text(
    "Opslaget regulerer ikke udgifterne, så vidt det kendes; alle budgetposter regnes som tilskudsberettigede.",
    "Utlysningen regulerer ikke kostnadene, så vidt den er kjent; alle budsjettposter regnes som støtteberettigede.",
    "The call does not regulate costs, as far as it is known; every budget line counts as eligible.",
)
COST_RULES = Text(
    "Regler, der har fjernet eller tilbageholdt beløb",
    "Regler som har fjernet eller holdt tilbake beløp",
    "Rules that took or hold back amounts",
)
DECIDED = Text("Afgjort af et menneske", "Avgjort av et menneske", "Decided by a person")
DECIDED_GRANT = Text(
    "Højest mulige tilskud efter afgørelsen",
    "Høyest mulige tilskudd etter avgjørelsen",
    "Highest grant possible as decided",
)
SET_ASIDE = Text(
    "{by} har set bort fra {rules}: {reason}",
    "{by} har sett bort fra {rules}: {reason}",
    "{by} set aside {rules}: {reason}",
)
REACHED = Text(
    "Tærsklen på {least} er nået: {found}",
    "Terskelen på {least} er nådd: {found}",
    "The threshold of {least} is reached: {found}",
)
NOT_REACHED = Text(
    "Tærsklen på {least} er ikke nået: {found}",
    "Terskelen på {least} er ikke nådd: {found}",
    "The threshold of {least} is not reached: {found}",
)
OPEN_THRESHOLD = Text(
    "Om tærsklen på {least} nås, kan ikke afgøres endnu",
    "Om terskelen på {least} nås, kan ikke avgjøres ennå",
    "Whether the threshold of {least} is reached is undetermined yet",
)
NEEDED = Text("Det mangler endnu", "Dette mangler ennå", "Still needed")
FROM = {
    "applicant": Text("Fra ansøgeren", "Fra søkeren", "From the applicant"),
    "assessor": Text("Fra sagsbehandler eller bedømmer", "Fra saksbehandler eller bedømmer", "From the assessor"),
}
NEEDED_BY = Text("afgør", "avgjør", "settles")
CRITERIA = Text("Tildelingskriterier", "Tildelingskriterier", "Award criteria")
CONDITIONS = Text("Vilkår ved et tilsagn", "Vilkår ved tilsagn", "Duties that follow an award")
ASSUMPTIONS = Text("Antagelser bag resultatet", "Antakelser bak resultatet", "Assumptions relied on")
COMMENTS = Text("Bedømmernes bemærkninger", "Bedømmernes merknader", "Assessors' comments")
RATING_OF = Text("Karakter mangler: »{criterion}«", "Karakter mangler: «{criterion}»", "Rating missing: “{criterion}”")
RECORD = Text("Grundlag", "Grunnlag", "Record")
UNKNOWN = Text("en bedømmer uden navn", "en bedømmer uten navn", "an assessor without a name")
CONFLICTED = Text(
    "Set bort fra på grund af inhabilitet",
    "Sett bort fra på grunn av inhabilitet",
    "Left out for conflict of interest",
)
UNSTATED = Text(
    "Har ikke oplyst, om de er inhabile",
    "Har ikke oppgitt om de er inhabile",
    "Did not say whether they have a conflict of interest",
)

TRANSFERRED = Text(
    "overført fra en anden bevilling", "overført fra en annen bevilgning", "moved from another appropriation"
)

FACTS = Text("Oplysninger", "Opplysninger", "Facts")
LINE = Text("Post", "Post", "Line")
CATEGORY = Text("Type", "Type", "Category")
CLAIMED = Text("Budgetteret", "Budsjettert", "Claimed")
ELIGIBLE = Text("Berettiget", "Berettiget", "Eligible")
DISALLOWED = Text("Ikke berettiget", "Ikke berettiget", "Disallowed")
UNDETERMINED = Text("Ikke afgjort", "Ikke avgjort", "Undetermined")
BY_RULE = Text("Efter regel", "Etter regel", "By rule")
TAKEN = Text("fjernet", "fjernet", "taken away")
HELD = Text("tilbageholdt", "holdt tilbake", "held back")
TOTAL = Text("I alt", "I alt", "Total")
CRITERION = Text("Kriterium", "Kriterium", "Criterion")
RATING = Text("Vurdering", "Vurdering", "Rating")
POINTS = Text("Andel af point", "Andel av poeng", "Share of points")
WEIGHT = Text("Vægt", "Vekt", "Weight")
COMPUTED = Text("beregnet", "beregnet", "computed")
MISSING = Text("mangler", "mangler", "missing")

FOUND = Text("fundet", "funnet", "found")
REQUIRED = {
    ">=": Text("kravet er mindst", "kravet er minst", "required at least"),
    ">": Text("kravet er mere end", "kravet er mer enn", "required more than"),
    "<=": Text("tilladt højst", "tillatt høyst", "allowed at most"),
    "<": Text("tilladt mindre end", "tillatt mindre enn", "allowed less than"),
    "=": Text("kravet er", "kravet er", "required"),
}
LATEST = {"<=": Text("senest", "senest", "by"), "<": Text("skal være før", "skal være før", "must be before")}
SHORT = Text("mangler {margin}", "mangler {margin}", "{margin} short")
TOO_MUCH = Text("{margin} for meget", "{margin} for mye", "{margin} too much")
TOO_MANY = Text("{margin} for mange", "{margin} for mange", "{margin} too many")
TOO_LATE = Text("{margin} for sent", "{margin} for sent", "{margin} too late")
AT_LIMIT = Text("lige på grænsen", "akkurat på grensen", "exactly at the limit")
TO_SPARE = Text("{margin} fra grænsen", "{margin} fra grensen", "{margin} to spare")
IN_TIME = Text("{margin} før fristen", "{margin} før fristen", "{margin} to spare")
STATED = Text("oplyst", "oppgitt", "stated")
NOTHING = Text("intet", "ingenting", "nothing")
LACKING = Text("mangler", "mangler", "missing")
WAITS = Text("venter på", "venter på", "waits for")
DISPUTED = Text("bedømmerne er uenige", "bedømmerne er uenige", "assessors disagree")
SOURCE = Text("Kilde", "Kilde", "Source")
NOTICED = Text(
    "Fra en meddelelse, ikke fra opslaget", "Fra en melding, ikke fra utlysningen", "From a notice, not from the call"
)
ASSUMED = Text("Antaget", "Antatt", "Assumed")
PARTLY = Text("delvist antaget", "delvis antatt", "partly assumed")
ITEM = Text("punkt", "punkt", "item")
BROUGHT = Text("Tilføjet af", "Lagt til av", "Added by")
YES, NO = Text("ja", "ja", "yes"), Text("nej", "nei", "no")
DIGESTS = Text(
    "Regelsæt {rules}; ansøgning {application}",
    "Regelsett {rules}; søknad {application}",
    "Rules {rules}; application {application}",
)
DAYS, HOURS = Text("dage", "dager", "days"), Text("timer", "timer", "hours")
MINUTES, SECONDS = Text("minutter", "minutter", "minutes"), Text("sekunder", "sekunder", "seconds")
ONE_DAY, ONE_HOUR = Text("dag", "dag", "day"), Text("time", "time", "hour")
ONE_MINUTE, ONE_SECOND = Text("minut", "minutt", "minute"), Text("sekund", "sekund", "second")
MICROSECONDS = Text("mikrosekunder", "mikrosekunder", "microseconds")
CURRENCY = Text("kr.", "kr", "kr")

_MARKS: Mapping[Language, tuple[str, str]] = {"da": (".", ","), "nb": ("\u00a0", ","), "en": (",", ".")}


def check_language(language: str) -> None:
    """
    Refuse a language that there are no texts in.

    Raises:
        InputError: with the languages there are.
    """
    if language not in LANGUAGES:
        known = ", ".join(f"`{known}`" for known in LANGUAGES)
        problem = Problem("", f"there are no texts in {excerpt(language)}", f"choose from {known}", "unknown-language")
        raise InputError("language", [problem])


def numbered(index: int) -> Text:
    """What an item without a name is called: its number in the file, beginning with one."""
    return Text(f"nr. {index + 1}", f"nr. {index + 1}", f"no. {index + 1}")


def number(value: Decimal | int, language: Language, places: int | None = None) -> str:
    """Write a number with the language's own marks."""
    exact = Decimal(value)
    shown = format(exact, f",.{decimals(exact) if places is None else places}f")
    thousands, point = _MARKS[language]
    return shown.translate({ord(","): thousands, ord("."): point})


def amount(value: Decimal, language: Language) -> str:
    """
    Write an amount, with its unit as the language writes it.

    >>> amount(Decimal("300000"), "en"), amount(Decimal("300000"), "da")
    ('300,000.00 kr', '300.000,00 kr.')
    """
    return f"{number(value.quantize(ORE), language, 2)} {CURRENCY.to(language)}"


def share(value: Fraction, language: Language) -> str:
    """Write an exact number with at most two decimals, half up."""
    return number(hundredths(value), language)


def apart(one: Fraction, other: Fraction, language: Language) -> tuple[str, str]:
    """Write two exact numbers with two decimals each, or exactly where those would not tell them apart."""
    shown = share(one, language), share(other, language)
    return shown if one == other or shown[0] != shown[1] else (exactly(one, language), exactly(other, language))


def exactly(value: Fraction, language: Language) -> str:
    """Write an exact number: as a decimal where it is one, else as a fraction."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return number(Decimal(value.numerator) / value.denominator, language) if rest == 1 else str(value)


def moment(value: datetime, language: Language) -> str:
    """Write a point in time, seconds only if there are any."""
    shape = "%H:%M:%S.%f" if value.microsecond else "%H:%M:%S" if value.second else "%H:%M"
    clock = value.strftime(shape)
    if language == "en":
        return f"{value.date().isoformat()} {clock} ({value.strftime('%z')[:3]}:{value.strftime('%z')[3:]})"
    return f"{day(value.date(), language)} kl. {clock.replace(':', '.')}"


def day(value: date, language: Language) -> str:
    """Write a calendar date."""
    return value.isoformat() if language == "en" else f"{value.day}.{value.month}.{value.year}"


def span(value: timedelta, language: Language) -> str:
    """Write a span of time in words, without its sign."""
    seconds = abs(value).days * 86400 + abs(value).seconds
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, seconds = divmod(rest, 60)
    parts = [(days, DAYS, ONE_DAY), (hours, HOURS, ONE_HOUR), (minutes, MINUTES, ONE_MINUTE)]
    parts.append((seconds, SECONDS, ONE_SECOND))
    shown = [f"{count} {(one if count == 1 else many).to(language)}" for count, many, one in parts if count]
    fraction = f"{abs(value).microseconds} {MICROSECONDS.to(language)}"
    return " ".join([*shown, *([fraction] if abs(value).microseconds else [])]) or f"0 {SECONDS.to(language)}"


def source(basis: Basis, language: Language) -> str:
    """Say where a rule comes from."""
    match basis:
        case Cited(_, _, item):
            place = f", {ITEM.to(language)} {item}" if item else ""
            return f"{SOURCE.to(language)}: {document(basis, language)}{place}."
        case Notice():
            return f"{NOTICED.to(language)}: {document(basis, language)}."
        case Assumed(reason):
            return f"{ASSUMED.to(language)}: {reason.to(language)}"


def mark(basis: Basis, language: Language) -> str:
    """A word for a rule that is not simply cited: learned from a notice, or assumed, wholly or in part."""
    match basis:
        case Assumed():
            return ASSUMED.to(language).lower()
        case Notice():
            words = [NOTICED.to(language)[0].lower() + NOTICED.to(language)[1:]]
        case Cited():
            words = []
    return "; ".join([*words, *([PARTLY.to(language)] if basis.assumed is not None else [])])


def document(basis: Cited | Notice, language: Language) -> str:
    """The document that a basis names, and the heading in it."""
    return f"{basis.source.title}{', ' + quoted(basis.heading, language) if basis.heading else ''}"


def assumed(basis: Basis, language: Language) -> list[str]:
    """The assumed note of a basis that cites a source, as lines."""
    note = None if isinstance(basis, Assumed) else basis.assumed
    return [] if note is None else [f"{ASSUMED.to(language)}: {note.to(language)}"]


def assumptions(found: Iterable[tuple[str, Text]], language: Language) -> Items:
    """Assumptions as a list; what several rules share is said once."""
    ids: dict[Text, list[str]] = {}
    for id, text in found:
        ids.setdefault(text, []).append(id)
    return Items(tuple(Item(f"{text.to(language)} [{', '.join(named)}]") for text, named in ids.items()))


def quoted(text: str, language: Language) -> str:
    """Text in the quotation marks of the language."""
    marks = {"da": "»«", "nb": "«»", "en": "“”"}[language]
    return f"{marks[0]}{text}{marks[1]}"


def value(found: Any, language: Language) -> str:
    """Write any fact."""
    match found:
        case bool():
            return (YES if found else NO).to(language)
        case Decimal():
            return number(found, language, max(2, decimals(found)))
        case int():
            return number(found, language)
        case datetime():
            return moment(found, language)
        case date():
            return day(found, language)
        case frozenset() | tuple() | list():
            return ", ".join(sorted(str(item) for item in found)) or NOTHING.to(language)
        case _:
            return str(found)
