"""An allocation as text: what became of every application, and why, in Danish, Norwegian and English."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import frozen

from grantrules.awards import Allotment, Award, AwardOutcome, CoFinanced, Group, StrandUse, Tie, Why
from grantrules.readings import phrases as say
from grantrules.readings.layout import Block, Document, Item, Items, Paragraph, Row, Section, Table, Title
from grantrules.values import LANGUAGES, Language, Text

OUTCOMES: Mapping[AwardOutcome, Text] = {
    AwardOutcome.AWARDED: Text("tilsagn", "tilsagn", "awarded"),
    AwardOutcome.AWARDED_IN_PART: Text("delvist tilsagn", "delvis tilsagn", "awarded in part"),
    AwardOutcome.RESERVE: Text("reserveliste", "reserveliste", "reserve list"),
    AwardOutcome.DECLINED: Text("afslag", "avslag", "declined"),
    AwardOutcome.INELIGIBLE: Text("ikke tilskudsberettiget", "ikke støtteberettiget", "ineligible"),
    AwardOutcome.DISMISSED: Text("afvist", "avvist", "dismissed"),
    AwardOutcome.UNDETERMINED: Text("ikke afgjort", "ikke avgjort", "undetermined"),
}

_RANKED = Text("Placeret som nr. {rank}", "Rangert som nr. {rank}", "Ranked {rank}")

REASONS: Mapping[Why, Text] = {
    Why.FUNDED: Text(
        "{ranked}: fuldt tilskud, {amount}.",
        "{ranked}: fullt tilskudd, {amount}.",
        "{ranked}: funded in full, {amount}.",
    ),
    Why.REST_OF_MONEY: Text(
        "{ranked}: {amount} af højst {highest}; det var, hvad der var tilbage.",
        "{ranked}: {amount} av høyst {highest}; det var det som var igjen.",
        "{ranked}: {amount} of at most {highest}, which was what was left.",
    ),
    Why.WITHIN_INTERVAL: Text(
        "{ranked}: {amount}, mellem det mindste, {least}, og det højeste, {highest}; alle er hævet lige langt.",
        "{ranked}: {amount}, mellom det minste, {least}, og det høyeste, {highest}; alle er hevet like langt.",
        "{ranked}: {amount}, between the least, {least}, and the highest, {highest}; all were raised alike.",
    ),
    Why.LEAST_AWARD: Text(
        "{ranked}: {amount}, det mindste, den kan få, af højst {highest}.",
        "{ranked}: {amount}, det minste den kan få, av høyst {highest}.",
        "{ranked}: {amount}, the least it can be awarded, of at most {highest}.",
    ),
    Why.PROPORTIONAL_CUT: Text(
        "{ranked}: {amount} af højst {highest}; alle er nedsat med samme andel.",
        "{ranked}: {amount} av høyst {highest}; alle er avkortet med samme andel.",
        "{ranked}: {amount} of at most {highest}; all were cut by the same share.",
    ),
    Why.FROM_RESERVE: Text(
        "{ranked}: {amount}, af midler, der er blevet frigjort.",
        "{ranked}: {amount}, av midler som er blitt ledige.",
        "{ranked}: {amount}, from money that has become free.",
    ),
    Why.MONEY_ENDED: Text(
        "{ranked}; {ended}{left_over}{more}.",
        "{ranked}; {ended}{left_over}{more}.",
        "{ranked}; {ended}{left_over}{more}.",
    ),
    Why.DOES_NOT_FIT: Text(
        "{ranked}; {left} var tilbage, da turen kom til den, og den skulle bruge {highest}.",
        "{ranked}; {left} var igjen da turen kom til den, og den trengte {highest}.",
        "{ranked}; {left} was left when its turn came, and it needed {highest}.",
    ),
    Why.STRAND_FULL: Text(
        "{ranked}; delpuljens loft levnede {left}, og den skulle bruge {highest} [{strand}].",
        "{ranked}; delordningens tak levnet {left}, og den trengte {highest} [{strand}].",
        "{ranked}; the ceiling of its strand left {left}, and it needed {highest} [{strand}].",
    ),
    Why.SHARE_TOO_SMALL: Text(
        "{ranked}; den forholdsmæssige andel ville være mindre end det mindste, den kan få, {least}.",
        "{ranked}; den forholdsmessige andelen ville være mindre enn det minste den kan få, {least}.",
        "{ranked}; its proportional share would be less than the least it can be awarded, {least}.",
    ),
    Why.AFTER_TIE: Text(
        "{ranked}; pengene slap op mellem ansøgninger, der står lige, og som en sagsbehandler skal vælge mellem.",
        "{ranked}; pengene tok slutt mellom søknader som står likt, og som en saksbehandler må velge mellom.",
        "{ranked}; the money ended among level applications, between which a person decides.",
    ),
    Why.TIED: Text(
        "{ranked}, lige med andre netop dér, hvor pengene slipper op; en sagsbehandler afgør det.",
        "{ranked}, likt med andre akkurat der pengene tar slutt; en saksbehandler avgjør det.",
        "{ranked}, level with others just where the money ends; a person decides.",
    ),
    Why.NO_RESERVE_PLACE: Text(
        "{ranked}; der var ikke penge nok til den, og reservelisten er fuld.",
        "{ranked}; det var ikke nok penger til den, og reservelisten er full.",
        "{ranked}; there was not enough money for it, and the reserve list is full.",
    ),
    Why.NO_GRANT: Text(
        "Det højest mulige tilskud er 0 kr.",
        "Det høyest mulige tilskuddet er 0 kr.",
        "The highest grant possible is zero.",
    ),
    Why.BELOW_LEAST: Text(
        "Det højest mulige tilskud, {highest}, er mindre end det mindste, den kan få, {least}.",
        "Det høyest mulige tilskuddet, {highest}, er mindre enn det minste den kan få, {least}.",
        "The highest grant possible, {highest}, is less than the least it can be awarded, {least}.",
    ),
    Why.BELOW_THRESHOLD: Text(
        "Vurderingen {found} er under tærsklen på {threshold} [{rule}].",
        "Vurderingen {found} er under terskelen på {threshold} [{rule}].",
        "The score {found} is below the threshold of {threshold} [{rule}].",
    ),
    Why.WITHDRAWN: Text(
        "Ansøgeren har takket nej til tilsagnet.",
        "Søkeren har takket nei til tilsagnet.",
        "The applicant turned the award down.",
    ),
    Why.INELIGIBLE: Text(
        "Ansøgningen opfylder ikke kravene for at opnå tilskud ({rules}).",
        "Søknaden oppfyller ikke kravene for å få tilskudd ({rules}).",
        "The application does not meet the requirements for a grant ({rules}).",
    ),
    Why.DISMISSED: Text(
        "Ansøgningen opfylder ikke formkravene ({rules}).",
        "Søknaden oppfyller ikke formkravene ({rules}).",
        "The application does not meet the formal requirements ({rules}).",
    ),
    Why.UNDETERMINED: Text(
        "Der mangler oplysninger eller et skøn, før det kan afgøres, om kravene er opfyldt ({rules}).",
        "Det mangler opplysninger eller et skjønn før det kan avgjøres om kravene er oppfylt ({rules}).",
        "Facts or judgements are missing before it can be said whether the requirements are met ({rules}).",
    ),
    Why.GRANT_UNDETERMINED: Text(
        "Det højest mulige tilskud kan ikke fastsættes endnu.",
        "Det høyest mulige tilskuddet kan ikke fastsettes ennå.",
        "The highest grant possible is not determined yet.",
    ),
    Why.NOT_ASSESSED: Text(
        "Ansøgningen er ikke vurderet på alle kriterier.",
        "Søknaden er ikke vurdert på alle kriterier.",
        "The application is not assessed on every criterion.",
    ),
    Why.FACTS_MISSING: Text(
        "Der mangler oplysninger, før den kan placeres: {missing}.",
        "Det mangler opplysninger før den kan rangeres: {missing}.",
        "Facts are missing before it can be placed: {missing}.",
    ),
}

_ENDED = Text("pengene slap op ved nr. {line}", "pengene tok slutt ved nr. {line}", "the money ended at the {line}")
_NONE_FUNDED = Text(
    "der var ikke penge nok til nogen", "det var ikke nok penger til noen", "there was not enough money for any"
)
_ENDED_BEFORE = Text(
    "de penge, den kunne få, slap op forinden",
    "pengene den kunne få, tok slutt før den",
    "the money that it could have had ended before it",
)
_LEFT_OVER = Text(
    "; der var {left} tilbage, og den skulle bruge mindst {needed}",
    "; det var {left} igjen, og den trengte minst {needed}",
    "; {left} was left, and it needed at least {needed}",
)
_MORE = Text(
    "; {more} mere at fordele ville have givet den {then}",
    "; {more} mer å fordele ville ha gitt den {then}",
    "; {more} more to share out would have funded it with {then}",
)

TITLE = Text("Fordeling", "Fordeling", "Allocation")
AMOUNTS = Text("Beløb", "Beløp", "Amounts")
BUDGET = Text("Puljebeløb", "Ramme", "Budget")
OF_WHICH = Text("heraf", "herav", "of which")
ADMINISTRATION = Text("Administration", "Administrasjon", "Administration")
AWARDED = Text("Fordelt", "Fordelt", "Awarded")
REMAINDER = Text("Ikke fordelt", "Ikke fordelt", "Remainder")
AWARDS = Text("Ansøgningerne", "Søknadene", "The applications")
NO_APPLICATIONS = Text("Der er ingen ansøgninger.", "Det er ingen søknader.", "There are no applications.")
RANK = Text("Nr.", "Nr.", "Rank")
APPLICATION = Text("Ansøgning", "Søknad", "Application")
OUTCOME = Text("Resultat", "Resultat", "Outcome")
AMOUNT = Text("Tilskud", "Tilskudd", "Award")
REASON = Text("Begrundelse", "Begrunnelse", "Reason")
TIES = Text("Står lige, hvor pengene slipper op", "Står likt der pengene tar slutt", "Level where the money ends")
TIE = Text(
    "Nr. {rank}: {applications}. Der er {left}; sammen skal de bruge {needed}. En sagsbehandler afgør rækkefølgen.",
    "Nr. {rank}: {applications}. Det er {left}; sammen trenger de {needed}. En saksbehandler avgjør rekkefølgen.",
    "Rank {rank}: {applications}. There is {left}; together they need {needed}. A person decides their order.",
)
RESERVE = Text("Reserveliste", "Reserveliste", "Reserve list")
GROUPS = Text("Nye og forhøjede tilskud", "Nye og økte tilskudd", "New and topped-up projects")
GROUP = {
    "new": Text("Nye projekter", "Nye prosjekter", "New projects"),
    "topped-up": Text("Projekter, der får mere end før", "Prosjekter som får mer enn før", "Projects topped up"),
}
GROUP_LINE = Text(
    "{group}: {count}, i alt {amount}", "{group}: {count}, i alt {amount}", "{group}: {count}, {amount} in all"
)
STRANDS = Text("Delpuljer", "Delordninger", "Strands")
STRAND = Text("{strand}: fordelt {awarded}", "{strand}: fordelt {awarded}", "{strand}: awarded {awarded}")
FLOOR = Text(
    "øremærket {floor}, heraf ikke brugt {unused}",
    "øremerket {floor}, herav ikke brukt {unused}",
    "earmarked {floor}, of which not used {unused}",
)
CEILING = Text("højst {ceiling}", "høyst {ceiling}", "at most {ceiling}")
CO_FINANCING = Text(
    "Kræver medfinansiering på {required}; oplyst {stated}.",
    "Krever medfinansiering på {required}; oppgitt {stated}.",
    "Demands co-financing of {required}; stated {stated}.",
)
RECOMMENDED = Text("Efter reglerne alene: {amount}.", "Etter reglene alene: {amount}.", "By the rules alone: {amount}.")
PRIOR = Text("Fik tidligere {amount}.", "Fikk tidligere {amount}.", "Awarded {amount} before.")
SEED = Text(
    "Lodtrækning med udgangspunktet »{seed}«: laveste SHA-256 af udgangspunkt, linjeskift og sagsnummer først.",
    "Loddtrekning med utgangspunktet «{seed}»: laveste SHA-256 av utgangspunkt, linjeskift og saksnummer først.",
    "Lots drawn with the seed “{seed}”: lowest SHA-256 of seed, line feed and case number first.",
)
SETTLED = Text(
    "{by} har afgjort rækkefølgen, hvor ansøgninger står lige ({order}): {reason}",
    "{by} har avgjort rekkefølgen der søknader står likt ({order}): {reason}",
    "{by} settled the order where applications are level ({order}): {reason}",
)
PERSONS = Text("Afgjort af mennesker", "Avgjort av mennesker", "Decided by people")


def sentence(award: Award) -> Text:
    """The reason of an outcome as a sentence."""
    return Text(**{language: _sentence(award, language) for language in LANGUAGES})


def _sentence(award: Award, language: Language) -> str:
    figures = award.figures
    words = {
        "ranked": "" if award.rank is None else _RANKED.to(language).format(rank=_nth(award.rank, language)),
        "ended": _ended(figures, language),
        "more": _more(figures, language),
        "left_over": _left_over(figures, language),
        "amount": say.amount(award.amount, language),
        "highest": _amount(award.highest, language),
        "least": _amount(award.least, language),
        "left": _amount(figures.get("left"), language),
        "strand": award.strand or "",
        "missing": ", ".join(award.missing),
        "rule": figures.get("rule", ""),
        "rules": ", ".join(figures.get("rules", ())),
        **_threshold(figures, language),
    }
    text = _ended_once(REASONS[award.reason].to(language).format(**words), language)
    return text[0].upper() + text[1:]


def _threshold(figures: Mapping[str, Any], language: Language) -> dict[str, str]:
    least, found = figures.get("threshold"), figures.get("found")
    if least is None or found is None:
        return {"threshold": _score(least, language), "found": _TOTAL.to(language)}
    shown = say.apart(found, least, language)
    return {"threshold": shown[1], "found": shown[0]}


_TOTAL = Text("i alt", "totalt", "in total")


def _ended_once(text: str, language: Language) -> str:
    """A sentence that ends in an amount: where the unit has a full stop of its own, it is not set twice."""
    unit = say.CURRENCY.to(language)
    return text.replace(f"{unit}.", unit) if unit.endswith(".") else text


def _ended(figures: Mapping[str, Any], language: Language) -> str:
    """Where the money ended: at a rank, before anybody could be funded, or, in strands, before it reached this one."""
    if "line" in figures:
        return _ENDED.to(language).format(line=_nth(figures["line"], language))
    return (_NONE_FUNDED if "more" in figures else _ENDED_BEFORE).to(language)


def _left_over(figures: Mapping[str, Any], language: Language) -> str:
    """What was left, where it was not enough for the application whose turn it was."""
    if not figures.get("left") or "needed" not in figures:
        return ""
    left, needed = (say.amount(figures[name], language) for name in ("left", "needed"))
    return _LEFT_OVER.to(language).format(left=left, needed=needed)


def _more(figures: Mapping[str, Any], language: Language) -> str:
    if "more" not in figures or "then" not in figures:
        return ""
    more, then = (say.amount(figures[name], language) for name in ("more", "then"))
    return _MORE.to(language).format(more=more, then=then)


def _amount(amount: Decimal | None, language: Language) -> str:
    return "?" if amount is None else say.amount(amount, language)


def _score(score: Fraction | None, language: Language) -> str:
    return "?" if score is None else say.share(score, language)


def _nth(rank: int, language: Language) -> str:
    """An ordinal in English; Danish and Norwegian say `nr.` before the number."""
    if language != "en":
        return str(rank)
    teens = 10 < rank % 100 < 20
    return f"{rank}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(rank % 10, 'th')}"


def allotted(allotment: Allotment, language: Language) -> Document:
    """Lay an allocation out as a document."""
    return tuple(_Page(allotment, language).blocks())


@frozen
class _Page:
    allotment: Allotment
    language: Language

    def to(self, text: Text, **words: Any) -> str:
        return _ended_once(text.to(self.language).format(**words), self.language)

    def amount(self, amount: Decimal | None) -> str:
        return _amount(amount, self.language)

    def blocks(self) -> Iterator[Block]:
        made = self.allotment
        yield Title(f"{self.to(TITLE)}: {made.pool_title.to(self.language)} ({made.pool}@{made.round})")
        yield Paragraph(f"{made.funder.to(self.language)}.")
        yield Section(self.to(AMOUNTS))
        yield Items(tuple(self.amounts()))
        if made.ties:
            yield Section(self.to(TIES))
            yield Items(tuple(Item(self.tie(tie)) for tie in made.ties))
        yield Section(f"{self.to(AWARDS)} ({made.currency})")
        if made.awards:
            columns = (RANK, APPLICATION, say.SCORE, OUTCOME, AMOUNT)
            rows = tuple(self.row(award) for award in made.awards)
            yield Table(tuple(self.to(c) for c in columns), rows, self.to(REASON), frozenset({0, 2, 4}))
        else:
            yield Paragraph(self.to(NO_APPLICATIONS))
        yield from self.section(GROUPS, [self.group(group) for group in made.groups])
        yield from self.section(STRANDS, [self.strand(strand) for strand in made.strands])
        yield from self.section(RESERVE, [Item(id) for id in made.reserve])
        yield from self.section(PERSONS, list(self.persons()))
        if made.seed is not None:
            yield Paragraph(self.to(SEED, seed=made.seed))
        if made.assumptions:
            yield Section(self.to(say.ASSUMPTIONS))
            yield say.assumptions(made.assumptions.items(), self.language)

    def section(self, words: Text, items: list[Item]) -> Iterator[Block]:
        if items:
            yield Section(self.to(words))
            yield Items(tuple(items))

    def amounts(self) -> Iterator[Item]:
        made = self.allotment
        parts = tuple(
            f"{self.to(OF_WHICH)} {self.amount(funds.amount)}: {funds.label.to(self.language)}"
            + (f" ({self.to(say.TRANSFERRED)})" if funds.transferred else "")
            for funds in made.funds
        )
        yield Item(f"{self.to(BUDGET)}: {self.amount(made.budget)}", parts)
        if made.administration:
            yield Item(f"{self.to(ADMINISTRATION)}: {self.amount(made.administration)}")
        yield Item(f"{self.to(AWARDED)}: {self.amount(made.awarded)}")
        yield Item(f"{self.to(REMAINDER)}: {self.amount(made.remainder)}")

    def tie(self, tie: Tie) -> str:
        words = {"rank": tie.rank, "applications": ", ".join(tie.applications)}
        return self.to(TIE, left=self.amount(tie.left), needed=self.amount(tie.needed), **words)

    def row(self, award: Award) -> Row:
        rank = "" if award.rank is None else str(award.rank)
        score = "" if award.points is None else say.number(award.points, self.language, 2)
        amount = say.number(award.amount, self.language, 2)
        cells = (rank, award.application, score, self.to(OUTCOMES[award.outcome]), amount)
        title = (award.title,) if award.title else ()
        return Row(cells, (*title, _sentence(award, self.language), *self.further(award)))

    def further(self, award: Award) -> Iterator[str]:
        if award.prior:
            yield self.to(PRIOR, amount=self.amount(award.prior))
        for demand in award.co_financing:
            yield self.demand(demand)
        if not self.allotment.withdrawn and any(other.overrides for other in self.allotment.awards):
            yield self.to(RECOMMENDED, amount=self.amount(award.recommended))

    def demand(self, demand: CoFinanced) -> str:
        required = self.to(say.OPEN_AMOUNT) if demand.required is None else self.amount(demand.required)
        stated = self.to(say.MISSING) if demand.stated is None else self.amount(demand.stated)
        return f"{self.to(CO_FINANCING, required=required, stated=stated)} [{demand.id}]"

    def group(self, group: Group) -> Item:
        words = {"group": self.to(GROUP[group.id]), "count": len(group.applications)}
        below = (", ".join(group.applications),) if group.applications else ()
        return Item(self.to(GROUP_LINE, amount=self.amount(group.awarded), **words), below)

    def strand(self, use: StrandUse) -> Item:
        lines = []
        if use.floor is not None:
            lines.append(self.to(FLOOR, floor=self.amount(use.floor), unused=self.amount(use.unused)))
        if use.ceiling is not None:
            lines.append(self.to(CEILING, ceiling=self.amount(use.ceiling)))
        return Item(self.to(STRAND, strand=use.id, awarded=self.amount(use.awarded)), tuple(lines))

    def persons(self) -> Iterator[Item]:
        settled = self.allotment.settled
        if settled is not None:
            words = {"by": settled.by, "reason": settled.reason}
            yield Item(self.to(SETTLED, order=", ".join(settled.order), **words))
        for award in self.allotment.awards:
            for override in award.overrides:
                said = {"by": override.by, "rules": ", ".join(override.sets_aside), "reason": override.reason}
                yield Item(f"{award.application}: {self.to(say.SET_ASIDE, **said)}")
