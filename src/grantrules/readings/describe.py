"""The rulebook as readable text: every rule with its statement, its source and what is assumed."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import assert_never

from attrs import frozen

from grantrules.bases import Assumed, Basis, Source
from grantrules.criteria import (
    Banded,
    Combination,
    Combining,
    Computed,
    Criterion,
    Emphasis,
    Linear,
    Scale,
    ScoringPart,
    Threshold,
    Weights,
)
from grantrules.methods import (
    Administration,
    Allocation,
    Base,
    ByDraw,
    ByScore,
    ByTerm,
    CoFinancing,
    Key,
    Method,
    Strand,
)
from grantrules.pools import Above, Appropriation, CostRule, Part, Requirement, Stage, Value, Whole
from grantrules.readings import phrases as say
from grantrules.readings.layout import Block, Document, Item, Items, Paragraph, Section, Title
from grantrules.ruleset import Rule, RuleSet, sources_of
from grantrules.terms.nodes import Term
from grantrules.terms.notation import notation
from grantrules.values import Amount, Dated, DatedTable, Language, Text

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
COMBINING: Mapping[Combining, Text] = {
    Combining.MEAN: Text(
        "Flere vurderinger: gennemsnit.", "Flere vurderinger: gjennomsnitt.", "Several assessments: their mean."
    ),
    Combining.MEDIAN: Text(
        "Flere vurderinger: median.", "Flere vurderinger: median.", "Several assessments: their median."
    ),
    Combining.CONSENSUS: Text(
        "Flere vurderinger: kun det, bedømmerne er blevet enige om, tæller.",
        "Flere vurderinger: bare det bedømmerne er blitt enige om, teller.",
        "Several assessments: only what the assessors agreed on counts.",
    ),
    Combining.TRIMMED_MEAN: Text(
        "Flere vurderinger: gennemsnit uden den laveste og den højeste; det kræver mindst tre.",
        "Flere vurderinger: gjennomsnitt uten den laveste og den høyeste; det krever minst tre.",
        "Several assessments: their mean without the lowest and the highest, of three at least.",
    ),
}
THRESHOLD = Text(
    "Samlet tærskel: mindst {least} af 100 point.",
    "Samlet terskel: minst {least} av 100 poeng.",
    "Threshold in total: at least {least} out of 100 points.",
)
OWN_THRESHOLD = Text("Tærskel: mindst {least}", "Terskel: minst {least}", "Threshold: at least {least}")
LINEAR = Text(
    "Point stiger jævnt med {of}: ingen ved {none}, alle ved {full}.",
    "Poengene stiger jevnt med {of}: ingen ved {none}, alle ved {full}.",
    "Points rise evenly with {of}: none at {none}, all at {full}.",
)
BANDED = Text("Andel af point efter {of}", "Andel av poeng etter {of}", "Share of points by {of}")
BAND = Text("fra {start}: {points}", "fra {start}: {points}", "from {start}: {points}")
APPROPRIATIONS = Text("Puljens midler", "Ordningens midler", "Where the money comes from")
PUBLISHED = Text("Offentliggjort om runden", "Offentliggjort om runden", "Published about the round")
DISAGREE = Text(
    "Kilderne er ikke enige; begge tal er bevaret.",
    "Kildene er ikke enige; begge tallene er beholdt.",
    "The sources disagree; both figures are kept.",
)
ORDER = Text("Rækkefølge", "Rekkefølge", "Order")
BY_SCORE = Text("point, de højeste først", "poeng, de høyeste først", "the score, highest first")
BY_DRAW = Text(
    "lodtrækning med et offentliggjort udgangspunkt",
    "loddtrekning med et offentliggjort utgangspunkt",
    "lots drawn with a published seed",
)
HIGHEST_FIRST = Text("{of}, højeste først", "{of}, høyeste først", "{of}, highest first")
LOWEST_FIRST = Text("{of}, laveste først", "{of}, laveste først", "{of}, lowest first")
METHODS: Mapping[Method, Text] = {
    Method.RANK_STOP: Text(
        "efter rang, til den første, der ikke er penge nok til",
        "etter rang, til den første det ikke er nok penger til",
        "by rank, until the first that does not fit",
    ),
    Method.RANK_SKIP: Text(
        "efter rang; den, der ikke er penge nok til, springes over",
        "etter rang; den det ikke er nok penger til, hoppes over",
        "by rank, passing over those that do not fit",
    ),
    Method.RANK_PARTIAL_LAST: Text(
        "efter rang; den sidste kan få en del",
        "etter rang; den siste kan få en del",
        "by rank; the last one may be funded in part",
    ),
    Method.INTERVALS: Text(
        "så mange som muligt efter rang med det mindste beløb; resten hæver alle lige langt i deres interval",
        "så mange som mulig etter rang med det minste beløpet; resten hever alle like langt i sine intervaller",
        "as many as possible by rank with their least amount; the rest raises all alike within their intervals",
    ),
    Method.PROPORTIONAL: Text(
        "alle nedsættes forholdsmæssigt",
        "alle avkortes forholdsmessig",
        "all are cut in proportion",
    ),
}
METHOD = Text("Metode", "Metode", "Method")
LEAST = Text("Mindste tilskud", "Minste tilskudd", "Least award")
PRIOR = Text("Tidligere tilskud", "Tidligere tilskudd", "Awarded before")
RESERVE = Text(
    "Reservelisten har {places} pladser.",
    "Reservelisten har {places} plasser.",
    "The reserve list has {places} places.",
)
SHARE_OF_BUDGET = Text("Andel af puljen: {rate}", "Andel av rammen: {rate}", "Share of the budget: {rate}")
TAKES_IN = Text("Omfatter", "Omfatter", "Takes in")
AT_LEAST_MONEY = Text("Øremærket: {amount}", "Øremerket: {amount}", "Earmarked: {amount}")
AT_MOST_MONEY = Text("Højst: {amount}", "Høyst: {amount}", "At most: {amount}")
RELEASES = Text(
    "Det, der ikke bruges, går til de øvrige.",
    "Det som ikke brukes, går til de andre.",
    "What is unused goes to the others.",
)
KEEPS = Text(
    "Det, der ikke bruges, forbliver ubrugt.", "Det som ikke brukes, forblir ubrukt.", "What is unused stays unspent."
)
BASES: Mapping[Base, Text] = {
    Base.REQUEST: Text("det ansøgte beløb", "søknadsbeløpet", "the amount applied for"),
    Base.AWARD: Text("tilskuddet", "tilskuddet", "the award"),
    Base.ELIGIBLE_COSTS: Text(
        "de tilskudsberettigede udgifter", "de støtteberettigede kostnadene", "the eligible costs"
    ),
}
DEMANDS = Text("Kræver {rate} af {base}", "Krever {rate} av {base}", "Demands {rate} of {base}")
COUNTS = Text("Der regnes med", "Det regnes med", "What counts")
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
        yield from self.section(APPROPRIATIONS, (self.appropriation(part) for part in rules.round.appropriations))
        yield from self.section(VALUES, (self.value(value) for value in rules.round.values))
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
            yield from self.section(ALLOCATION, self.allocation(rules.allocation))
        yield from self.section(say.CONDITIONS, (self.rule(c, self.term(WHEN, c.when)) for c in rules.conditions))
        assumed = rules.assumptions()
        if assumed:
            yield Section(self.to(EVERYWHERE))
            yield say.assumptions(((a.id, a.reason) for a in assumed), self.language)
        figures = rules.round.figures
        yield from self.section(PUBLISHED, self.figures())
        published = sources_of((figure.basis for figure in figures), rules.sources)
        yield from self.section(SOURCES, (self.source(source) for source in published))
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
        weight = "" if criterion.weight is None else f"{self.to(say.WEIGHT)}: {criterion.weight}"
        least = criterion.threshold
        threshold = "" if least is None else self.to(OWN_THRESHOLD).format(least=say.share(least, self.language))
        return self.rule(criterion, self.computed(criterion.computed), weight, threshold)

    def computed(self, points: Computed | None) -> str:
        match points:
            case None:
                return self.to(RATED)
            case Linear(of, none, full):
                return self.to(LINEAR).format(of=notation(of), none=notation(none), full=notation(full))
            case Banded(of, bands):
                shown = [self.to(BAND).format(start=notation(b.start), points=b.points) for b in bands]
                return f"{self.to(BANDED).format(of=notation(of))}: {'; '.join(shown)}"
            case yes_or_no:
                return self.term(COMPUTED, yes_or_no)

    def scoring(self) -> Iterator[Block]:
        parts = self.rules.scoring.parts
        if parts:
            yield Items(tuple(Item(f"{self.part(part)} [{part.id}]", tuple(self.basis(part.basis))) for part in parts))

    def part(self, part: ScoringPart) -> str:
        match part:
            case Scale(top):
                return self.to(SCALE).format(top=top)
            case Weights(weighting):
                return self.to(WEIGHTING[weighting.value])
            case Combination(combining):
                return self.to(COMBINING[combining])
            case Emphasis(_, statement):
                return self.to(statement)
            case Threshold(least):
                return self.to(THRESHOLD).format(least=say.share(least, self.language))
            case _:
                assert_never(part)

    def allocation(self, allocation: Allocation) -> Iterator[Item]:
        places = allocation.reserve
        yield self.rule(
            allocation,
            f"{self.to(METHOD)}: {self.to(METHODS[allocation.method])}",
            f"{self.to(ORDER)}: {'; '.join(self.key(key) for key in allocation.order)}",
            self.term(LEAST, allocation.least),
            self.term(PRIOR, allocation.prior),
            "" if places is None else self.to(RESERVE).format(places=places),
        )
        for part in allocation.parts:
            yield self.rule(part, *self.shared(part))

    def key(self, key: Key) -> str:
        match key:
            case ByScore():
                return self.to(BY_SCORE)
            case ByDraw():
                return self.to(BY_DRAW)
            case ByTerm(of, highest_first):
                return self.to(HIGHEST_FIRST if highest_first else LOWEST_FIRST).format(of=notation(of))
            case _:
                assert_never(key)

    def shared(self, part: Administration | Strand | CoFinancing) -> Iterator[str]:
        match part:
            case Administration(rate):
                yield self.to(SHARE_OF_BUDGET).format(rate=rate)
            case Strand():
                yield self.term(TAKES_IN, part.where)
                for words, amount in ((AT_LEAST_MONEY, part.floor), (AT_MOST_MONEY, part.ceiling)):
                    yield "" if amount is None else self.to(words).format(amount=say.amount(amount, self.language))
                yield "" if part.floor is None else self.to(RELEASES if part.releases else KEEPS)
            case CoFinancing(_, rate, base, stated):
                yield self.to(DEMANDS).format(rate=rate, base=self.to(BASES[base]))
                yield self.term(COUNTS, stated)
            case _:
                assert_never(part)

    def value(self, value: Value) -> Item:
        if isinstance(value.amount, DatedTable):
            entries = value.amount.entries
            lines = [self.dated(entry, value.amount.unit) for entry in entries]
            return Item(f"{self.to(value.label)} [{value.name}]", (*lines, *self.basis(value.basis)))
        shown = f"{self.to(value.label)}: {self.amount(value.amount)} [{value.name}]"
        return Item(shown, tuple(self.basis(value.basis)))

    def amount(self, amount: Amount) -> str:
        return say.amount(amount, self.language) if isinstance(amount, Decimal) else say.value(amount, self.language)

    def appropriation(self, part: Appropriation) -> Item:
        moved = f" ({self.to(say.TRANSFERRED)})" if part.transferred else ""
        shown = f"{self.to(part.label)}: {say.amount(part.amount, self.language)}{moved}"
        return Item(shown, tuple(self.basis(part.basis)))

    def figures(self) -> Iterator[Item]:
        """What is published: a figure that several sources give stands once, with all of them."""
        found = self.rules.round.figures
        for name, amount in dict.fromkeys((figure.name, figure.amount) for figure in found):
            alike = [figure for figure in found if (figure.name, figure.amount) == (name, amount)]
            others = sources_of(figure.basis for figure in found if figure.name == name and figure.amount != amount)
            own = sources_of(figure.basis for figure in alike)
            disagree = [self.to(DISAGREE)] if set(others) - set(own) else []
            below = (line for figure in alike for line in self.published(figure.basis))
            yield Item(f"{self.to(alike[0].label)}: {self.amount(amount)}", (*below, *disagree))

    def published(self, basis: Basis) -> list[str]:
        """Where a figure was published; that it was not in the call goes without saying."""
        if isinstance(basis, Assumed):
            return self.basis(basis)
        return [f"{self.to(say.SOURCE)}: {say.document(basis, self.language)}.", *say.assumed(basis, self.language)]

    def dated(self, entry: Dated, unit: str) -> str:
        first, last = (say.day(day, self.language) for day in (entry.first, entry.last))
        published = f" ({entry.source})" if entry.source else ""
        return f"{first} – {last}: {say.amount(entry.amount, self.language)} / {unit}{published}"

    def source(self, source: Source) -> Item:
        day = source.published.isoformat() if source.published else self.to(UNDATED)
        reference = (source.reference,) if source.reference else ()
        return Item(f"{source.title}. {source.publisher}, {day} [{source.id}]", reference)
