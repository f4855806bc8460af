"""
The pools that the core is tested with: every real one, and a toy that uses every word of the vocabulary.

The toy is built from the public names alone, as any plugin is. Its rules make no sense as policy; each is there for
the nodes it is made of. Its later round has facts of its own, and keeps the rules of the first.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import pytest
from attrs import evolve, frozen

import grantrules as g
import grantrules_dk_2018_kompetenceloeft.plugin as kompetenceloeft
import grantrules_dk_2021_digital_sundhed.plugin as digital_sundhed
import grantrules_dk_2022_digitale_kompetencer.plugin as digitale_kompetencer
import grantrules_no_helseteknologi.plugin as helseteknologi
from grantrules.terms.nodes import Term


def text(words: str) -> g.Text:
    """A text in three languages that are all the same."""
    return g.Text(da=f"{words} (da)", nb=f"{words} (nb)", en=words)


CALL = g.Source("call", title="Legetøjspuljen", publisher="Legestuen", published=date(2020, 1, 2))
NOTICE = g.Source("notice", title="Udfaldet", publisher="Legestuen", kind="notice")
PRESS = g.Source("press", title="Legetøjstidende", publisher="Tidenden", kind="notice", published=date(2020, 6, 5))

CITED = g.Cited(CALL, "Krav", "1")
PARTLY = g.Cited(CALL, "Krav", assumed=text("partly assumed"))
NOTICED = g.Notice(NOTICE, "Udfald")
ASSUMED = g.Assumed(text("wholly assumed"))

RED = g.Option("red", text("red"))
GREEN = g.Option("green", text("green"))
BLUE = g.Option("blue", text("blue"))

SOUND = g.Option("sound", text("sound"))
LIGHT = g.Option("light", text("light"))
MOTION = g.Option("motion", text("motion"))


@frozen(kw_only=True)
class Site:
    """Where the toys stand: a record of facts that belong together."""

    address: str | None = g.text(text("address"))
    area: Decimal | None = g.quantity(text("area"), "m2")
    rented: bool | None = g.flag(text("rented"))
    since: date | None = g.day(text("in use since"))


@frozen(kw_only=True)
class Visit:
    """One visit: an item of a list that the core knows nothing of."""

    children: int | None = g.count(text("children"), max=1000)
    on: date | None = g.day(text("day of the visit"))
    price: Decimal | None = g.money(text("price"), max=g.kr("100000"))
    host: str | None = g.text(text("host"), names="organisations", alias="hosted_by")


@frozen(kw_only=True)
class ToyCost(g.Cost):
    """A budget line of the toy pool."""

    essential: bool | None = g.flag(text("essential"))
    hours: int | None = g.count(text("hours"), max=2000)
    colour: str | None = g.choice(text("colour"), RED, GREEN, BLUE)


@frozen(kw_only=True)
class ToyApplication(g.Application):
    """An application to the toy pool."""

    costs: tuple[ToyCost, ...] | None = g.many(ToyCost, text("budget lines"))
    pages: int | None = g.count(text("pages"), max=100)
    colour: str | None = g.choice(text("colour"), RED, GREEN, BLUE)
    second_colour: str | None = g.choice(text("second colour"), RED, GREEN, BLUE)
    effects: frozenset[str] | None = g.choices(text("effects"), SOUND, LIGHT, MOTION)
    reach: Decimal | None = g.quantity(text("reach"), "km")
    safe: bool | None = g.flag(text("safe"))
    loud: bool | None = g.flag(text("loud"))
    prior_support: Decimal | None = g.money(text("prior support"), optional=True)
    site: Site | None = g.record(Site, text("site"))
    visits: tuple[Visit, ...] | None = g.many(Visit, text("visits"))


@frozen(kw_only=True)
class LaterToyApplication(ToyApplication):
    """An application to the later round, which asks what became of the first."""

    earlier: Decimal | None = g.money(text("awarded in 2020"))


a = g.facts(ToyApplication)
later = g.facts(LaterToyApplication)
o = g.facts(ToyApplication, "organisations")
c = g.facts(ToyApplication, "costs")
f = g.facts(ToyApplication, "funding")
v = g.facts(ToyApplication, "visits")

ACCEPTED = g.judgement("colour-accepted", text("can the colour be accepted?"))
SENSIBLE = g.judgement("hours-sensible", text("are the hours sensible?"))

REQUIREMENTS = (
    g.Requirement("formal.deadline", a.submitted_at < g.value("deadline"), text("in time"), CITED),
    g.Requirement("formal.pages", g.value("page_limit") >= a.pages, text("short enough"), PARTLY),
    g.Requirement("formal.always", g.always(), text("nothing asked"), ASSUMED),
    g.Requirement("eligibility.colour", g.any_of(a.colour.is_(RED), ACCEPTED), text("red, or accepted"), CITED),
    g.Requirement(
        "eligibility.colours-agree",
        g.any_of(a.second_colour.is_(a.colour), a.second_colour.is_(GREEN)),
        text("one colour, or green besides"),
        CITED,
        when=g.not_(a.loud),
    ),
    g.Requirement("eligibility.effects", a.effects.includes_any(SOUND, MOTION), text("sound or motion"), CITED),
    g.Requirement("eligibility.wanted", g.not_(a.effects.is_(g.value("unwanted"))), text("not the unwanted"), CITED),
    g.Requirement(
        "eligibility.two-of-three",
        g.at_least(2, a.safe, g.not_(a.loud), a.effects.includes_all(MOTION, LIGHT)),
        text("two of: safe, quiet, moving with light"),
        NOTICED,
    ),
    g.Requirement(
        "eligibility.partners",
        g.all_of(
            a.organisations.count(o.role.is_(g.LEAD)).between(1, 3),
            a.organisations.every(o.kind.is_in(g.MUNICIPALITY, g.ASSOCIATION), where=o.role.is_(g.LEAD)),
        ),
        text("one to three leads, municipalities or associations"),
        CITED,
    ),
    g.Requirement(
        "eligibility.different",
        a.organisations.different(2, where=o.role.is_in(g.LEAD, g.PARTNER)),
        text("two different ones take part"),
        NOTICED,
    ),
    g.Requirement(
        "eligibility.site",
        g.any_of(g.not_(a.site.rented), a.site.area.between(10, 500)),
        text("a site of their own, or of fitting size"),
        PARTLY,
    ),
    g.Requirement(
        "eligibility.site-in-use", a.site.since <= a.starts_on, text("in use from the start"), CITED, when=a.site.rented
    ),
    g.Requirement(
        "eligibility.prior-support",
        a.prior_support < a.requested,
        text("more than before"),
        ASSUMED,
        when=g.known(a.prior_support),
    ),
    g.Requirement(
        "eligibility.reach",
        (a.reach * g.value("rate").on(a.starts_on)).rounded(g.Rounding.UP) <= a.requested,
        text("the way there costs less than is applied for"),
        CITED,
    ),
    g.Requirement(
        "eligibility.visits",
        a.visits.total(v.children * 2, where=v.price > g.kr(0)) + 1 >= a.pages,
        text("enough children who pay"),
        CITED,
    ),
    g.Requirement(
        "eligibility.hosts",
        a.visits.any(g.all_of(v.hosted_by.kind.is_(g.ASSOCIATION), v.on >= a.starts_on)),
        text("an association is host once the project runs"),
        CITED,
        when=a.loud,
    ),
)

COST_RULES = (
    g.CostRule(
        "cost.part-of-vat", g.Part(c.vat), text("recoverable VAT"), basis=CITED, when=c.vat_recoverable.is_(True)
    ),
    g.CostRule(
        "cost.share-of-companies",
        g.Part(g.share(c.amount, Fraction(1, 3), g.Rounding.HALF_UP)),
        text("a third, where a company bears it"),
        basis=PARTLY,
        when=c.bearer.kind.is_(g.COMPANY),
    ),
    g.CostRule(
        "cost.travel",
        g.Above((c.kilometres * g.value("rate").on(c.incurred_on)).rounded(g.Rounding.DOWN)),
        text("travel above the rate"),
        basis=CITED,
        concerns=c.category.is_("travel"),
    ),
    g.CostRule(
        "cost.hours",
        g.Above(
            g.greatest(
                c.hours * g.value("hourly"),
                g.when(c.essential).then(g.kr(5000)).otherwise(a.requested - g.kr("100.50")),
            )
        ),
        text("pay above the hourly rate, or a lump"),
        basis=CITED,
        when=g.not_(SENSIBLE),
        concerns=c.category.is_in("pay", "experts"),
    ),
    g.CostRule("cost.late", g.Whole(), text("after the end"), basis=CITED, when=c.incurred_on > a.ends_on),
    g.CostRule("cost.all-of-blue", g.Whole(), text("blue"), basis=ASSUMED, concerns=c.colour.is_(BLUE)),
    g.CostRule("cost.deduction", g.Part(g.value("deduction")), text("a deduction from every line"), basis=CITED),
)

GRANT = g.GrantFormula(
    g.least(
        a.requested,
        g.share(g.eligible_costs(), Fraction(2, 3), g.Rounding.HALF_UP),
        g.greatest(g.value("lump"), g.eligible_costs() - g.own_financing(a)),
    ),
    text("two thirds of what is eligible, or what own financing leaves"),
    basis=PARTLY,
    floor=g.value("floor"),
)

SCORING = g.Scoring(
    (
        g.Criterion("joy", text("joy"), CITED, weight=Fraction(4), threshold=Fraction(5, 2)),
        g.Criterion("craft", text("craft"), CITED, weight=Fraction(5)),
        g.Criterion(
            "together",
            text("together"),
            CITED,
            computed=g.all_of(a.organisations.any(o.role.is_(g.PARTNER)), g.own_financing(a) > g.kr(0)),
            weight=Fraction(2),
        ),
        g.Criterion(
            "visitors",
            text("the more children, the better"),
            CITED,
            computed=g.Linear(a.visits.total(v.children), none=g.value("few_children"), full=g.value("many_children")),
            weight=Fraction(3),
            threshold=Fraction(1, 8),
        ),
        g.Criterion(
            "nearness",
            text("the nearer, the better"),
            PARTLY,
            computed=g.Linear(a.reach, none=50, full=5),
            weight=Fraction(1),
        ),
        g.Criterion(
            "own-money",
            text("own money, by bands"),
            NOTICED,
            computed=g.Banded(
                g.own_financing(a),
                (
                    g.Band(g.kr(1000), Fraction(1, 4)),
                    g.Band(g.value("lump"), Fraction(2, 3)),
                    g.Band(g.kr(10_000), Fraction(1)),
                ),
            ),
            weight=Fraction(1),
        ),
    ),
    scale=g.Scale(7, ASSUMED),
    weights=g.Weights(g.Weighting.STATED, CITED, total=Fraction(16)),
    combination=g.Combination(g.Combining.MEAN, ASSUMED),
    emphasis=g.Emphasis((("craft",), ("joy", "visitors")), text("craft above all, then joy and visitors"), CITED),
    threshold=g.Threshold(Fraction(40), PARTLY),
)

ALLOCATION = g.Allocation(
    g.Method.RANK_PARTIAL_LAST,
    text("by rank"),
    ASSUMED,
    order=(g.ByScore(), g.ByTerm(a.submitted_at), g.ByTerm(a.pages, highest_first=True), g.ByDraw()),
    least=g.share(a.requested, Fraction(1, 2), g.Rounding.DOWN),
    administration=g.Administration(Fraction(3, 100), g.Rounding.UP, text("a share to run the pool"), CITED),
    strands=(
        g.Strand(
            "allocation.associations",
            a.organisations.any(g.all_of(o.role.is_(g.LEAD), o.kind.is_(g.ASSOCIATION))),
            text("associations"),
            CITED,
            floor=g.kr(20_000),
            ceiling=g.kr(60_000),
        ),
        g.Strand(
            "allocation.loud", a.loud, text("what is loud"), PARTLY, floor=g.kr(5_000), ceiling=None, releases=False
        ),
    ),
    co_financing=(
        g.CoFinancing(
            "allocation.own-share",
            Fraction(1, 3),
            g.Base.AWARD,
            g.own_financing(a),
            g.Rounding.HALF_UP,
            text("a third of the award"),
            CITED,
        ),
        g.CoFinancing(
            "allocation.public-share",
            Fraction(1, 10),
            g.Base.REQUEST,
            a.funding.total(f.amount, where=f.source.is_(g.PUBLIC)),
            g.Rounding.UP,
            text("a tenth of what is applied for"),
            NOTICED,
        ),
        g.CoFinancing(
            "allocation.private-share",
            Fraction(1, 7),
            g.Base.ELIGIBLE_COSTS,
            a.funding.total(f.amount, where=f.source.is_(g.PRIVATE)),
            g.Rounding.DOWN,
            text("a seventh of what is eligible"),
            PARTLY,
        ),
    ),
    reserve=2,
)

CONDITIONS = (
    g.Condition("condition.report", text("a report"), CITED),
    g.Condition("condition.ear-muffs", text("ear muffs"), PARTLY, when=a.loud),
)

ROUND = g.Round(
    "2020",
    text("the round of 2020"),
    budget=g.kr(100_000),
    appropriations=(
        g.Appropriation(g.kr(60_000), text("for toys"), CITED),
        g.Appropriation(g.kr(40_000), text("for games"), NOTICED, transferred=True),
    ),
    figures=(
        g.Figure("applications", text("applications"), 41, NOTICED),
        g.Figure("applications", text("applications"), 43, g.Notice(PRESS)),
        g.Figure("awarded", text("awarded"), g.kr("96999.99"), NOTICED),
        g.Figure("recipient", text("recipient"), "Legetøjsmuseet", NOTICED),
    ),
    values=(
        g.Value("deadline", datetime(2020, 3, 1, 12, tzinfo=timezone(timedelta(hours=1))), text("deadline"), CITED),
        g.Value("page_limit", 10, text("page limit"), CITED),
        g.Value("unwanted", frozenset({"sound", "motion"}), text("unwanted"), PARTLY),
        g.Value("hourly", g.kr("312.75"), text("hourly rate"), CITED),
        g.Value("deduction", g.kr("0.10"), text("deduction"), CITED),
        g.Value("lump", g.kr("2500.00"), text("lump"), CITED),
        g.Value("floor", g.kr("100.00"), text("floor"), CITED),
        g.Value("few_children", 3, text("few children"), CITED),
        g.Value("many_children", 10, text("many children"), PARTLY),
        g.Value(
            "rate",
            g.DatedTable(
                "km",
                (
                    g.Dated(date(2020, 1, 1), date(2020, 6, 30), g.kr("1.96"), "one"),
                    g.Dated(date(2020, 7, 1), date(2021, 12, 31), g.kr("2.07"), "another"),
                ),
            ),
            text("rate"),
            CITED,
        ),
    ),
)

LATER_ROUND = g.Round(
    "2021",
    text("the round of 2021"),
    budget=g.kr(50_000),
    values=ROUND.values,
    carried_over=g.CarriedOver(CALL, text("the call of 2021 is not at hand")),
    figures=(g.Figure("applications", text("applications"), 12, NOTICED),),
    application=LaterToyApplication,
)

POOL = g.Pool(
    id="toy",
    title=text("The toy pool"),
    funder=text("The nursery"),
    country="DK",
    currency="DKK",
    zone="Europe/Copenhagen",
    application=ToyApplication,
    rounds=(ROUND,),
    sources=(CALL, NOTICE),
    assumptions=(
        g.Assumption("toy.in-kind", text("in kind counts"), when=a.funding.any(f.form.is_(g.IN_KIND))),
        g.Assumption("toy.always", text("toys are good")),
    ),
    notes=(text("only a toy"),),
)


class ToyPlugin:
    """The hooks of the toy pool."""

    name = "toy"

    @g.hook
    def pool(self) -> g.Pool:
        """The pool."""
        return POOL

    @g.hook
    def eligibility(self) -> tuple[g.Requirement, ...]:
        """Formal and eligibility rules."""
        return REQUIREMENTS

    @g.hook
    def cost_eligibility(self) -> tuple[g.CostRule, ...]:
        """The cost rules, in order."""
        return COST_RULES

    @g.hook
    def highest_grant(self) -> g.GrantFormula:
        """The highest grant possible."""
        return GRANT

    @g.hook
    def scoring(self) -> g.Scoring:
        """The award criteria."""
        return SCORING

    @g.hook
    def allocation(self) -> g.Allocation:
        """How the money is shared out."""
        return ALLOCATION

    @g.hook
    def conditions(self) -> tuple[g.Condition, ...]:
        """The duties after an award."""
        return CONDITIONS


EARLIER = g.Requirement("eligibility.earlier", later.earlier < later.requested, text("more than the first time"), CITED)

LATER_ALLOCATION = g.Allocation(
    g.Method.INTERVALS,
    text("as many as possible"),
    CITED,
    least=g.share(a.requested, Fraction(1, 4), g.Rounding.HALF_UP),
    prior=later.earlier,
    administration=g.Administration(Fraction(1, 20), g.Rounding.DOWN, text("a share to run the pool"), PARTLY),
)


class LaterToyPlugin(ToyPlugin):
    """The toy pool with both rounds; the later one has a fact, a rule and an allocation of its own."""

    @g.hook
    def pool(self) -> g.Pool:
        """The pool."""
        return evolve(POOL, rounds=(ROUND, LATER_ROUND))

    @g.hook
    def eligibility(self, round: g.Round) -> tuple[g.Requirement, ...]:  # type: ignore[override]
        """Formal and eligibility rules."""
        return (*REQUIREMENTS, EARLIER) if round == LATER_ROUND else REQUIREMENTS

    @g.hook
    def scoring(self, round: g.Round) -> g.Scoring:  # type: ignore[override]
        """The award criteria; in the later round, the median counts."""
        median = g.Combination(g.Combining.MEDIAN, CITED)
        return evolve(SCORING, combination=median) if round == LATER_ROUND else SCORING

    @g.hook
    def allocation(self, round: g.Round) -> g.Allocation:  # type: ignore[override]
        """How the money is shared out."""
        return LATER_ALLOCATION if round == LATER_ROUND else ALLOCATION


@frozen
class Extension:
    """A plugin that adds rules to the toy pool."""

    requirements: tuple[g.Requirement, ...] = ()
    cost_rules: tuple[g.CostRule, ...] = ()
    duties: tuple[g.Condition, ...] = ()

    name = "extension"

    @g.hook
    def eligibility(self) -> tuple[g.Requirement, ...]:
        """Further requirements."""
        return self.requirements

    @g.hook
    def cost_eligibility(self) -> tuple[g.CostRule, ...]:
        """Further cost rules."""
        return self.cost_rules

    @g.hook
    def conditions(self) -> tuple[g.Condition, ...]:
        """Further duties."""
        return self.duties


def toy_with(*rules: g.Requirement | g.CostRule | g.Condition) -> g.Rulebook:
    """The toy pool with further rules, brought by an extension."""
    requirements = tuple(rule for rule in rules if isinstance(rule, g.Requirement))
    cost_rules = tuple(rule for rule in rules if isinstance(rule, g.CostRule))
    duties = tuple(rule for rule in rules if isinstance(rule, g.Condition))
    return g.Registry.of(ToyPlugin(), Extension(requirements, cost_rules, duties)).rulebook("toy")


def toy_granting(formula: Term) -> g.Rulebook:
    """The toy pool with no floor and another formula of the highest grant, which must read `lump` and `floor`."""

    class Granting(ToyPlugin):
        @g.hook
        def highest_grant(self) -> g.GrantFormula:
            return g.GrantFormula(formula, text("another formula"), CITED)

    return g.Registry.of(Granting()).rulebook("toy")


def toy_scoring(scoring: g.Scoring) -> g.Rulebook:
    """The toy pool with other criteria, or another way to score by them."""

    class Scored(ToyPlugin):
        @g.hook
        def scoring(self) -> g.Scoring:
            return scoring

    return g.Registry.of(Scored()).rulebook("toy")


TOY = g.Registry.of(ToyPlugin()).rulebook("toy")
LATER_TOY = g.Registry.of(LaterToyPlugin()).rulebook("toy", "2021")
REAL = g.Registry.of(kompetenceloeft).rulebook("dk_2018_kompetenceloeft")

OTHERS = g.Registry.of(digital_sundhed, digitale_kompetencer, helseteknologi)
"""The other real pools."""

RULEBOOKS: Mapping[str, g.Rulebook] = {
    "toy": TOY,
    "toy@2021": LATER_TOY,
    "dk_2018_kompetenceloeft": REAL,
    "dk_2021_digital_sundhed": OTHERS.rulebook("dk_2021_digital_sundhed"),
    **{
        f"{pool}@{round}": OTHERS.rulebook(pool, round)
        for pool, round in OTHERS.rule_sets
        if pool != "dk_2021_digital_sundhed"
    },
}
"""Every rulebook that the laws are tried on, by the name of its test: pool, and round where there are several."""

EVERY_POOL = pytest.mark.parametrize("pool", RULEBOOKS)
"""Tries a test on every rulebook; by its name, for a rulebook is too long to be printed when a test fails."""
