"""The rulebook as readable text: every rule with its statement, its source and what is assumed."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import assert_never

from attrs import frozen

from grantrules.pools import Above, Basis, CostRule, Criterion, Part, Requirement, Source, Stage, Value, Whole
from grantrules.readings import phrases as say
from grantrules.readings.layout import Block, Document, Item, Items, Paragraph, Section, Title
from grantrules.ruleset import Rule, RuleSet
from grantrules.terms.nodes import Term
from grantrules.terms.notation import notation
from grantrules.values import Dated, DatedTable, Language, Text

ROUND = Text("Runde {round}, puljebeløb {budget}", "Runde {round}, ramme {budget}", "Round {round}, budget {budget}")
NOTES = Text("Bemærk", "Merk", "Please note")
VALUES = Text("Beløb og datoer", "Beløp og datoer", "Figures and dates")
FORMAL = Text("Formkrav", "Formkrav", "Formal requirements")
ELIGIBILITY = Text("Krav for at opnå tilskud", "Krav for å få tilskudd", "Eligibility requirements")
COSTS = Text(
    "Udgifter, i den rækkefølge reglerne anvendes",
    "Kostnader, i den rekkefølgen reglene brukes",
    "Costs, in the order in which the rules apply",
)
SCALE = Text("Skala: 0 til {top}.", "Skala: 0 til {top}.", "Scale: 0 to {top}.")
WEIGHTING = {
    "equal": Text("Vægte: lige.", "Vekter: like.", "Weights: equal."),
    "stated": Text("Vægte: som anført.", "Vekter: som oppgitt.", "Weights: as stated."),
}
COMBINING = {
    "mean": Text(
        "Flere vurderinger: gennemsnit.", "Flere vurderinger: gjennomsnitt.", "Several assessments: their mean."
    )
}
ALLOCATION = Text("Fordeling", "Fordeling", "Allocation")
SOURCES = Text("Kilder", "Kilder", "Sources")
HOLDS = Text("Regel", "Regel", "Rule")
WHEN = Text("Gælder når", "Gjelder når", "Applies when")
CONCERNS = Text("Vedrører", "Gjelder", "Concerns")
TAKES = Text("Fjerner", "Fjerner", "Takes away")
IF = Text("når", "når", "when")
WHOLE = Text("det hele", "alt", "the whole line")
ABOVE = Text("det, der overstiger {limit}", "det som overstiger {limit}", "what exceeds {limit}")
FLOOR = Text("Intet under", "Ingenting under", "Nothing at all below")
RATED = Text("Vurderes af bedømmere.", "Vurderes av bedømmere.", "Rated by assessors.")
COMPUTED = Text("Beregnes", "Beregnes", "Computed")
EVERYWHERE = Text("Alle antagelser", "Alle antakelser", "All assumptions")
DIGEST = Text(
    "Regelsættets kontrolsum: {digest}", "Regelsettets kontrollsum: {digest}", "Digest of the rules: {digest}"
)
UNDATED = Text("uden dato", "uten dato", "undated")


def described(rules: RuleSet, language: Language) -> Document:
    """Lay the rulebook out as a document."""
    return tuple(_Page(rules, language).blocks())


@frozen
class _Page:
    rules: RuleSet
    language: Language

    def to(self, text: Text) -> str:
        return text.to(self.language)

    def blocks(self) -> Iterator[Block]:
        rules, pool = self.rules, self.rules.pool
        budget = say.amount(rules.round.budget, self.language)
        yield Title(f"{self.to(pool.title)} ({rules.name})")
        yield Paragraph(f"{self.to(pool.funder)}. {self.to(ROUND).format(round=rules.round.id, budget=budget)}")
        if pool.notes:
            yield Section(self.to(NOTES))
            yield Items(tuple(Item(self.to(note)) for note in pool.notes))
        yield Section(self.to(VALUES))
        yield Items(tuple(self.value(value) for value in rules.round.values))
        for stage, words in ((Stage.FORMAL, FORMAL), (Stage.ELIGIBILITY, ELIGIBILITY)):
            found = [rule for rule in rules.requirements if rule.stage is stage]
            yield from self.section(words, (self.requirement(rule) for rule in found))
        yield Section(self.to(COSTS))
        if rules.cost_rules:
            yield Items(tuple(self.cost_rule(rule) for rule in rules.cost_rules))
        else:
            yield Paragraph(self.to(say.NOT_REGULATED))
        yield from self.section(say.HIGHEST_GRANT, [self.grant()])
        yield from self.section(say.CRITERIA, (self.criterion(criterion) for criterion in rules.scoring.criteria))
        yield from self.scoring()
        if rules.allocation is not None:
            yield from self.section(ALLOCATION, [self.rule(rules.allocation)])
        yield from self.section(say.CONDITIONS, (self.rule(c, self.term(WHEN, c.when)) for c in rules.conditions))
        assumed = (Item(f"{self.to(a.reason)} [{a.id}]") for a in rules.assumptions())
        yield from self.section(EVERYWHERE, assumed)
        yield from self.section(SOURCES, (self.source(source) for source in rules.sources))
        yield Paragraph(self.to(DIGEST).format(digest=rules.digest))

    def section(self, words: Text, items: Iterable[Item]) -> Iterator[Block]:
        found = tuple(items)
        if found:
            yield Section(self.to(words))
            yield Items(found)

    def basis(self, basis: Basis) -> list[str]:
        return [say.source(basis, self.language), *say.assumed(basis, self.language)]

    def rule(self, rule: Rule, *lines: str) -> Item:
        plugin = self.rules.brought_by.get(rule.id, self.rules.pool.id)
        added = [f"{self.to(say.BROUGHT)}: {plugin}"] if plugin != self.rules.pool.id else []
        below = (*(line for line in lines if line), *self.basis(rule.basis), *added)
        return Item(f"{self.to(rule.statement)} [{rule.id}]", below)

    def term(self, words: Text, term: Term | None) -> str:
        return "" if term is None else f"{self.to(words)}: {notation(term)}"

    def requirement(self, rule: Requirement) -> Item:
        return self.rule(rule, self.term(WHEN, rule.when), self.term(HOLDS, rule.demand))

    def cost_rule(self, rule: CostRule) -> Item:
        match rule.disallow:
            case Whole():
                takes = self.to(WHOLE)
            case Part(amount):
                takes = notation(amount)
            case Above(limit):
                takes = self.to(ABOVE).format(limit=notation(limit))
            case _:
                assert_never(rule.disallow)
        when = f", {self.to(IF)} {notation(rule.when)}" if rule.when is not None else ""
        return self.rule(rule, self.term(CONCERNS, rule.concerns), f"{self.to(TAKES)}: {takes}{when}")

    def grant(self) -> Item:
        formula = self.rules.grant
        return self.rule(formula, self.term(HOLDS, formula.amount), self.term(FLOOR, formula.floor))

    def criterion(self, criterion: Criterion) -> Item:
        how = self.to(RATED) if criterion.computed is None else self.term(COMPUTED, criterion.computed)
        weight = "" if criterion.weight is None else f"{self.to(say.WEIGHT)}: {criterion.weight}"
        return self.rule(criterion, how, weight)

    def scoring(self) -> Iterator[Block]:
        scoring, items = self.rules.scoring, []
        if scoring.scale is not None:
            shown = self.to(SCALE).format(top=scoring.scale.top)
            items.append(Item(f"{shown} [{scoring.scale.id}]", tuple(self.basis(scoring.scale.basis))))
        if scoring.weights is not None:
            shown = self.to(WEIGHTING[scoring.weights.weighting.value])
            items.append(Item(f"{shown} [{scoring.weights.id}]", tuple(self.basis(scoring.weights.basis))))
        if scoring.combination is not None:
            shown = self.to(COMBINING[scoring.combination.combining.value])
            items.append(Item(f"{shown} [{scoring.combination.id}]", tuple(self.basis(scoring.combination.basis))))
        if items:
            yield Items(tuple(items))

    def value(self, value: Value) -> Item:
        if isinstance(value.amount, DatedTable):
            entries = value.amount.entries
            lines = [self.dated(entry, value.amount.unit) for entry in entries]
            return Item(f"{self.to(value.label)} [{value.name}]", (*lines, *self.basis(value.basis)))
        amount = value.amount
        written = say.amount(amount, self.language) if isinstance(amount, Decimal) else say.value(amount, self.language)
        shown = f"{self.to(value.label)}: {written} [{value.name}]"
        return Item(shown, tuple(self.basis(value.basis)))

    def dated(self, entry: Dated, unit: str) -> str:
        first, last = (say.day(day, self.language) for day in (entry.first, entry.last))
        published = f" ({entry.source})" if entry.source else ""
        return f"{first} – {last}: {say.amount(entry.amount, self.language)} / {unit}{published}"

    def source(self, source: Source) -> Item:
        day = source.published.isoformat() if source.published else self.to(UNDATED)
        reference = (source.reference,) if source.reference else ()
        return Item(f"{source.title}. {source.publisher}, {day} [{source.id}]", reference)
