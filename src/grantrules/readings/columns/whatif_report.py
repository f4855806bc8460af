"""What becomes of applications under other rules: as a document for people, and as JSON data."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import frozen

from grantrules.findings import Outcome
from grantrules.readings import phrases as say
from grantrules.readings.columns.whatif_summary import (
    SEVERAL,
    UNKNOWN,
    Amounts,
    Flip,
    Group,
    ScoreChanges,
    Summary,
    Taken,
    Tally,
    kinds_of,
)
from grantrules.readings.layout import Block, Document, Item, Items, Paragraph, Row, Section, Table, Title
from grantrules.ruleset import RuleSet
from grantrules.values import Amount, DatedTable, Language, Text, Truth, minus, plain

FORMAT = "grantrules.what-if/1"

WHAT_IF = Text("Hvad nu hvis", "Hva om", "What if")
SAME = Text("De to regelsæt siger det samme.", "De to regelsettene sier det samme.", "The two rule sets say the same.")
ALL = Text(
    "{all} ansøgninger. Ændret for: {changed}.",
    "{all} søknader. Endret for: {changed}.",
    "{all} applications. Changed for: {changed}.",
)
LEFT_OUT = Text(
    "{applications} ansøgninger er ikke talt med. Antal fejl i rækkerne: {problems}; `grantrules batch` siger hvilke.",
    "{applications} søknader er ikke talt med. Antall feil i radene: {problems}; `grantrules batch` sier hvilke.",
    "{applications} applications are not counted. Problems in the rows: {problems}; `grantrules batch` says which.",
)
STRAYS = Text(
    "Rækker, der ikke hører til nogen ansøgning: {strays}. En ansøgning, de er en del af, kan være talt med uden.",
    "Rader som ikke hører til noen søknad: {strays}. En søknad de skulle høre til, kan være talt med uten dem.",
    "Rows that belong to no application: {strays}. An application that they are of may be counted without them.",
)
OUTCOMES = Text("Resultater", "Resultater", "Outcomes")
BEFORE, AFTER = Text("Før", "Før", "Before"), Text("Efter", "Etter", "After")
CHANGE = Text("Ændring", "Endring", "Change")
GRANTS_BEFORE = Text("Tilskud før", "Tilskudd før", "Grants before")
GRANTS_AFTER = Text("Tilskud efter", "Tilskudd etter", "Grants after")
APPLICATIONS = Text("Ansøgninger", "Søknader", "Applications")
IN_ALL = Text("I alt", "I alt", "In all")
GRANTS = Text(
    "Tilskud er det højest mulige tilskud i kr., lagt sammen for dem, hvor det er fastsat; det er det ikke for "
    "{before} ansøgninger før og {after} efter. Det stiger for {higher}, falder for {lower}, fastsættes først efter "
    "for {settled} og kun før for {opened}.",
    "Tilskudd er det høyest mulige tilskuddet i kr, lagt sammen for dem der det er fastsatt; det er det ikke for "
    "{before} søknader før og {after} etter. Det stiger for {higher}, faller for {lower}, fastsettes først etter "
    "for {settled} og bare før for {opened}.",
    "Grants are the highest grants possible in kr, added up where they are determined; they are not for {before} "
    "applications before and {after} after. They rise for {higher}, fall for {lower}, are determined only after for "
    "{settled} and only before for {opened}.",
)
FROM_TO = Text("Fra resultat til resultat", "Fra resultat til resultat", "From outcome to outcome")
THROUGH = Text("Gennem hvilke krav", "Gjennom hvilke krav", "Through which requirements")
NO_FLIP = Text(
    "Intet krav afgøres anderledes.", "Ingen krav avgjøres annerledes.", "No requirement is decided otherwise."
)
FLIP = Text(
    "{before} → {after}: {count}, heraf {alone} gennem dette krav alene, {outcomes} med et andet resultat; "
    "tilskud {first} → {second}",
    "{before} → {after}: {count}, herav {alone} gjennom dette kravet alene, {outcomes} med et annet resultat; "
    "tilskudd {first} → {second}",
    "{before} → {after}: {count}, of which {alone} through this requirement alone, {outcomes} with another outcome; "
    "grants {first} → {second}",
)
LED_BY = Text("Ledet af", "Ledet av", "Led by")
BY_KIND = Text("Efter hovedansøger", "Etter hovedsøker", "By kind of lead applicant")
CHANGED = Text("Ændret", "Endret", "Changed")
SEVERAL_KINDS = Text("flere slags", "flere slag", "several kinds")
NO_KIND = Text("ikke oplyst", "ikke oppgitt", "not stated")
TAKEN = Text("Fjernet efter udgiftsregler", "Fjernet etter kostnadsregler", "Taken away by cost rules")
RULE = Text("Regel", "Regel", "Rule")
SCORES = Text("Point", "Poeng", "Scores")
SCORED = Text("Andre point: {count}.", "Andre poeng: {count}.", "Another score: {count}.")
TOO_FINE = Text(
    "Vægtene er for fine til at sammenligne point eksakt.",
    "Vektene er for fine til å sammenligne poeng eksakt.",
    "The weights are too fine to compare scores exactly.",
)
PASSING = Text(
    "Over alle tærskler: {before} før, {after} efter.",
    "Over alle terskler: {before} før, {after} etter.",
    "Above all thresholds: {before} before, {after} after.",
)

_VERDICTS: Mapping[Truth, Text] = {
    True: Text("opfyldt", "oppfylt", "met"),
    False: Text("ikke opfyldt", "ikke oppfylt", "not met"),
    None: Text("ikke afgjort", "ikke avgjort", "undetermined"),
}
_WORDS: Mapping[Truth, str] = {True: "met", False: "not_met", None: "undetermined"}


@frozen
class LeftOut:
    """
    What is not counted.

    Args:
        applications: with whose rows something is wrong.
        problems: how many things are wrong, be it with rows that belong to no application.
        strays: how many rows belong to no application: one that they are of may be counted without them.
    """

    applications: int = 0
    problems: int = 0
    strays: int = 0


NOTHING = LeftOut()


def what_if_document(
    found: Summary, rules: RuleSet, other: RuleSet, language: Language = "en", left_out: LeftOut = NOTHING
) -> Document:
    """
    What becomes of applications, for people.

    Args:
        rules, other: before and after.
    """
    return tuple(_Written(found, rules, other, language).blocks(left_out))


def value_changes(rules: RuleSet, other: RuleSet) -> dict[str, tuple[Amount | None, Amount | None]]:
    """The values of the round that differ: name to the one before and the one after."""
    names = dict.fromkeys((*rules.values, *other.values))
    both = {name: (rules.values.get(name), other.values.get(name)) for name in names}
    return {name: pair for name, pair in both.items() if pair[0] != pair[1]}


@frozen
class _Written:
    """Writes in one language."""

    found: Summary
    rules: RuleSet
    other: RuleSet
    language: Language

    def to(self, text: Text) -> str:
        return text.to(self.language)

    def money(self, amount: Decimal) -> str:
        return say.number(amount, self.language, 2)

    def number(self, count: int) -> str:
        return say.number(count, self.language)

    def change(self, before: Decimal, after: Decimal) -> str:
        return self.signed(minus(after, before), 2)

    def signed(self, change: Decimal | int, places: int = 0) -> str:
        return ("+" if change > 0 else "") + say.number(change, self.language, places)

    def outcome(self, outcome: Outcome) -> str:
        return self.to(say.OUTCOMES[outcome]).partition(":")[0]

    def blocks(self, left_out: LeftOut) -> Iterator[Block]:
        names = self.rules.name if self.rules.name == self.other.name else f"{self.rules.name} → {self.other.name}"
        yield Title(f"{self.to(WHAT_IF)}: {names}")
        yield from self.values()
        every = self.found.all
        said = self.to(ALL).format(all=self.number(every.group.applications), changed=self.number(every.changed))
        yield Paragraph(said, strong=True)
        if left_out.problems:
            counts = {"applications": left_out.applications, "problems": left_out.problems}
            said = self.to(LEFT_OUT).format(**{name: self.number(count) for name, count in counts.items()})
            yield Paragraph(said, strong=True)
        if left_out.strays:
            yield Paragraph(self.to(STRAYS).format(strays=self.number(left_out.strays)), strong=True)
        yield Section(self.to(OUTCOMES))
        yield self.outcomes()
        yield self.grants(every)
        yield from self.transitions(every)
        yield Section(self.to(THROUGH))
        yield self.flips(every)
        yield Section(self.to(BY_KIND))
        yield self.kinds()
        yield from self.cost_rules()
        yield from self.scores(self.found.scores)

    def values(self) -> Iterator[Block]:
        changes = value_changes(self.rules, self.other)
        labels = {value.name: value.label for one in (self.other, self.rules) for value in one.round.values}
        items = [
            Item(f"{self.to(labels[name]) if name in labels else name}: {' → '.join(map(self.value, pair))} [{name}]")
            for name, pair in changes.items()
        ]
        if items:
            yield Items(tuple(items))
        if self.rules.digest == self.other.digest:
            yield Paragraph(self.to(SAME))

    def value(self, value: Amount | None) -> str:
        match value:
            case None:
                return "–"
            case Decimal():
                return say.amount(value, self.language)
            case DatedTable(unit, entries):
                shown = (
                    f"{say.amount(entry.amount, self.language)} / {unit} ({say.day(entry.first, self.language)} – "
                    f"{say.day(entry.last, self.language)})"
                    for entry in entries
                )
                return "; ".join(shown)
            case _:
                return say.value(value, self.language)

    def outcomes(self) -> Table:
        rows = []
        for one in self.found.outcomes:
            before, after = (amounts.highest_grant for amounts in one.amounts)
            rows.append(self.row(self.outcome(one.outcome), one.applications, before, after))
        group = self.found.all.group
        both = group.before.highest_grant, group.after.highest_grant
        rows.append(self.row(self.to(IN_ALL), (group.applications, group.applications), *both))
        headers = (say.OUTCOME, BEFORE, AFTER, CHANGE, GRANTS_BEFORE, GRANTS_AFTER, CHANGE)
        return Table(tuple(map(self.to, headers)), tuple(rows), numbers=frozenset(range(1, 7)), footed=True)

    def row(self, name: str, counts: tuple[int, int], before: Decimal, after: Decimal) -> Row:
        change = self.signed(counts[1] - counts[0])
        return Row((name, *map(self.number, counts), change, *self.both(before, after)))

    def both(self, before: Decimal, after: Decimal) -> tuple[str, str, str]:
        return self.money(before), self.money(after), self.change(before, after)

    def grants(self, tally: Tally) -> Paragraph:
        changes, group = tally.grants, tally.group
        counts = {
            "before": group.before.open_grants,
            "after": group.after.open_grants,
            "higher": changes.higher,
            "lower": changes.lower,
            "settled": changes.settled,
            "opened": changes.opened,
        }
        return Paragraph(self.to(GRANTS).format(**{name: self.number(count) for name, count in counts.items()}))

    def transitions(self, tally: Tally) -> Iterator[Block]:
        rows = [
            Row((self.outcome(one.before), self.outcome(one.after), *self.group(one.group)))
            for one in tally.transitions
            if one.before is not one.after
        ]
        if rows:
            yield Section(self.to(FROM_TO))
            headers = (BEFORE, AFTER, APPLICATIONS, GRANTS_BEFORE, GRANTS_AFTER, CHANGE)
            yield Table(tuple(map(self.to, headers)), tuple(rows), numbers=frozenset(range(2, 6)))

    def group(self, group: Group) -> tuple[str, ...]:
        return self.number(group.applications), *self.both(group.before.highest_grant, group.after.highest_grant)

    def flips(self, tally: Tally) -> Block:
        if not tally.flips:
            return Paragraph(self.to(NO_FLIP))
        statements = {rule.id: rule.statement for one in (self.other, self.rules) for rule in one.requirements}
        ids = dict.fromkeys(one.requirement for one in tally.flips)
        return Items(
            tuple(
                Item(
                    f"{self.to(statements[id])} [{id}]",
                    tuple(self.flip(one) for one in tally.flips if one.requirement == id),
                )
                for id in ids
            )
        )

    def flip(self, one: Flip) -> str:
        return self.to(FLIP).format(
            before=self.to(_VERDICTS[one.before]),
            after=self.to(_VERDICTS[one.after]),
            count=self.number(one.group.applications),
            alone=self.number(one.alone),
            outcomes=self.number(one.outcomes),
            first=self.money(one.group.before.highest_grant),
            second=self.money(one.group.after.highest_grant),
        )

    def kinds(self) -> Table:
        labels = {**kinds_of(self.rules, self.other), SEVERAL: SEVERAL_KINDS, UNKNOWN: NO_KIND}
        rows = []
        for kind, tally in self.found.kinds.items():
            count, *money = self.group(tally.group)
            cells = (self.to(labels[kind]), count, self.number(tally.changed), *money)
            rows.append(Row(cells, tuple(self.below(tally))))
        headers = (LED_BY, APPLICATIONS, CHANGED, GRANTS_BEFORE, GRANTS_AFTER, CHANGE)
        below = f"{self.to(OUTCOMES)}, {self.to(THROUGH)[0].lower()}{self.to(THROUGH)[1:]}"
        return Table(tuple(map(self.to, headers)), tuple(rows), below=below, numbers=frozenset(range(1, 6)))

    def below(self, tally: Tally) -> Iterator[str]:
        for one in tally.transitions:
            if one.before is not one.after:
                count = self.number(one.group.applications)
                yield f"{self.outcome(one.before)} → {self.outcome(one.after)}: {count}"
        for flip in tally.flips:
            verdicts = " → ".join(self.to(_VERDICTS[truth]) for truth in (flip.before, flip.after))
            yield f"{flip.requirement}: {verdicts}: {self.number(flip.group.applications)}"

    def cost_rules(self) -> Iterator[Block]:
        rows = [Row((one.rule, *self.taken(one))) for one in self.found.cost_rules if one.before != one.after]
        if rows:
            yield Section(self.to(TAKEN))
            headers = (RULE, BEFORE, AFTER, CHANGE)
            yield Table(tuple(map(self.to, headers)), tuple(rows), numbers=frozenset({1, 2, 3}))

    def taken(self, one: Taken) -> tuple[str, str, str]:
        before, after = ("–" if amount is None else self.money(amount) for amount in (one.before, one.after))
        return before, after, self.change(one.before or Decimal(0), one.after or Decimal(0))

    def scores(self, found: ScoreChanges | None) -> Iterator[Block]:
        if found is None:
            return
        yield Section(self.to(SCORES))
        said = self.to(TOO_FINE) if found.changed is None else self.to(SCORED).format(count=self.number(found.changed))
        if found.passing != (None, None):
            before, after = ("–" if count is None else self.number(count) for count in found.passing)
            said += " " + self.to(PASSING).format(before=before, after=after)
        yield Paragraph(said)


# As data


def what_if_to_data(found: Summary, rules: RuleSet, other: RuleSet, left_out: LeftOut = NOTHING) -> dict[str, Any]:
    """What becomes of applications, as JSON data. Amounts are text, in kroner."""
    scores = found.scores
    return {
        "format": FORMAT,
        "before": _rules_data(rules),
        "after": _rules_data(other),
        "values": {
            name: {"before": _value_data(before), "after": _value_data(after)}
            for name, (before, after) in value_changes(rules, other).items()
        },
        "left_out": {
            "applications": left_out.applications,
            "problems": left_out.problems,
            "strays": left_out.strays,
        },
        **_tally_data(found.all),
        "outcomes": {
            one.outcome.value: {
                side: {"applications": count, **_amounts_data(amounts)}
                for side, count, amounts in zip(("before", "after"), one.applications, one.amounts, strict=True)
            }
            for one in found.outcomes
        },
        "kinds": {kind: _tally_data(tally) for kind, tally in found.kinds.items()},
        "cost_rules": {
            one.rule: {"before": _money_data(one.before), "after": _money_data(one.after)} for one in found.cost_rules
        },
        "scores": None
        if scores is None
        else {"changed": scores.changed, "passing": dict(zip(("before", "after"), scores.passing, strict=True))},
    }


def _rules_data(rules: RuleSet) -> dict[str, str]:
    return {"pool": rules.pool.id, "round": rules.round.id, "rules_digest": rules.digest}


def _value_data(value: Amount | None) -> Any:
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            return plain(value)
        case date():
            return value.isoformat()
        case frozenset():
            return sorted(value)
        case DatedTable(unit, entries):
            dated = [{"first": str(e.first), "last": str(e.last), "amount": plain(e.amount)} for e in entries]
            return {"unit": unit, "entries": dated}
        case _:
            return str(value)


def _money_data(amount: Decimal | None) -> str | None:
    return None if amount is None else plain(amount)


def _tally_data(tally: Tally) -> dict[str, Any]:
    grants = tally.grants
    return {
        **_group_data(tally.group),
        "changed": tally.changed,
        "highest_grants": {
            "higher": grants.higher,
            "lower": grants.lower,
            "determined_only_after": grants.settled,
            "determined_only_before": grants.opened,
        },
        "transitions": [
            {"from": one.before.value, "to": one.after.value, **_group_data(one.group)} for one in tally.transitions
        ],
        "flips": [
            {
                "requirement": one.requirement,
                "from": _WORDS[one.before],
                "to": _WORDS[one.after],
                **_group_data(one.group),
                "alone": one.alone,
                "with_another_outcome": one.outcomes,
            }
            for one in tally.flips
        ],
    }


def _group_data(group: Group) -> dict[str, Any]:
    return {
        "applications": group.applications,
        "before": _amounts_data(group.before),
        "after": _amounts_data(group.after),
    }


def _amounts_data(amounts: Amounts) -> dict[str, Any]:
    return {
        "eligible": plain(amounts.eligible),
        "eligible_undetermined": amounts.open_eligible,
        "highest_grant": plain(amounts.highest_grant),
        "highest_grant_undetermined": amounts.open_grants,
    }
