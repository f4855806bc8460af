"""
The pools that the core is tested with: the real one of 2018, and a toy that uses every word of the vocabulary.

The toy is built from the public names alone, as any plugin is. Its rules make no sense as policy; each is there for
the nodes it is made of.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import grantrules_dk_2018_kompetenceloeft.plugin as kompetenceloeft
from attrs import frozen

import grantrules as g


def _text(words: str) -> g.Text:
    return g.Text(da=f"{words} (da)", nb=f"{words} (nb)", en=words)


CALL = g.Source("call", title="Legetøjspuljen", publisher="Legestuen", published=date(2020, 1, 2))
NOTICE = g.Source("notice", title="Udfaldet", publisher="Legestuen", kind="notice")

CITED = g.Cited(CALL, "Krav", "1")
PARTLY = g.Cited(CALL, "Krav", assumed=_text("partly assumed"))
NOTICED = g.Notice(NOTICE, "Udfald")
ASSUMED = g.Assumed(_text("wholly assumed"))

RED = g.Option("red", _text("red"))
GREEN = g.Option("green", _text("green"))
BLUE = g.Option("blue", _text("blue"))

SOUND = g.Option("sound", _text("sound"))
LIGHT = g.Option("light", _text("light"))
MOTION = g.Option("motion", _text("motion"))


@frozen(kw_only=True)
class Site:
    """Where the toys stand: a record of facts that belong together."""

    address: str | None = g.text(_text("address"))
    area: Decimal | None = g.quantity(_text("area"), "m2")
    rented: bool | None = g.flag(_text("rented"))
    since: date | None = g.day(_text("in use since"))


@frozen(kw_only=True)
class Visit:
    """One visit: an item of a list that the core knows nothing of."""

    children: int | None = g.count(_text("children"), max=1000)
    on: date | None = g.day(_text("day of the visit"))
    price: Decimal | None = g.money(_text("price"), max=g.kr("100000"))
    host: str | None = g.text(_text("host"), names="organisations", alias="hosted_by")


@frozen(kw_only=True)
class ToyCost(g.Cost):
    """A budget line of the toy pool."""

    essential: bool | None = g.flag(_text("essential"))
    hours: int | None = g.count(_text("hours"), max=2000)
    colour: str | None = g.choice(_text("colour"), RED, GREEN, BLUE)


@frozen(kw_only=True)
class ToyApplication(g.Application):
    """An application to the toy pool."""

    costs: tuple[ToyCost, ...] | None = g.many(ToyCost, _text("budget lines"))
    pages: int | None = g.count(_text("pages"), max=100)
    colour: str | None = g.choice(_text("colour"), RED, GREEN, BLUE)
    second_colour: str | None = g.choice(_text("second colour"), RED, GREEN, BLUE)
    effects: frozenset[str] | None = g.choices(_text("effects"), SOUND, LIGHT, MOTION)
    reach: Decimal | None = g.quantity(_text("reach"), "km")
    safe: bool | None = g.flag(_text("safe"))
    loud: bool | None = g.flag(_text("loud"))
    prior_support: Decimal | None = g.money(_text("prior support"), optional=True)
    site: Site | None = g.record(Site, _text("site"))
    visits: tuple[Visit, ...] | None = g.many(Visit, _text("visits"))


a = g.facts(ToyApplication)
o = g.facts(ToyApplication, "organisations")
c = g.facts(ToyApplication, "costs")
f = g.facts(ToyApplication, "funding")
v = g.facts(ToyApplication, "visits")

ACCEPTED = g.judgement("colour-accepted", _text("can the colour be accepted?"))
SENSIBLE = g.judgement("hours-sensible", _text("are the hours sensible?"))

REQUIREMENTS = (
    g.Requirement("formal.deadline", a.submitted_at < g.value("deadline"), _text("in time"), CITED),
    g.Requirement("formal.pages", g.value("page_limit") >= a.pages, _text("short enough"), PARTLY),
    g.Requirement("formal.always", g.always(), _text("nothing asked"), ASSUMED),
    g.Requirement("eligibility.colour", g.any_of(a.colour.is_(RED), ACCEPTED), _text("red, or accepted"), CITED),
    g.Requirement(
        "eligibility.colours-agree", a.colour.is_(a.second_colour), _text("one colour"), CITED, when=g.not_(a.loud)
    ),
    g.Requirement("eligibility.effects", a.effects.includes_all(SOUND, LIGHT), _text("sound and light"), CITED),
    g.Requirement("eligibility.wanted", g.not_(a.effects.is_(g.value("unwanted"))), _text("not the unwanted"), CITED),
    g.Requirement(
        "eligibility.two-of-three",
        g.at_least(2, a.safe, g.not_(a.loud), a.effects.includes_any(MOTION)),
        _text("two of: safe, quiet, moving"),
        NOTICED,
    ),
    g.Requirement(
        "eligibility.partners",
        g.all_of(
            a.organisations.count(o.role.is_(g.LEAD)).is_(1),
            a.organisations.every(o.kind.is_in(g.MUNICIPALITY, g.ASSOCIATION), where=o.role.is_(g.LEAD)),
        ),
        _text("one lead, a municipality or an association"),
        CITED,
    ),
    g.Requirement(
        "eligibility.site",
        g.any_of(g.not_(a.site.rented), a.site.area.between(10, 500)),
        _text("a site of their own, or of fitting size"),
        PARTLY,
    ),
    g.Requirement("eligibility.site-in-use", a.site.since <= a.starts_on, _text("in use from the start"), CITED),
    g.Requirement(
        "eligibility.prior-support",
        a.prior_support < a.requested,
        _text("more than before"),
        ASSUMED,
        when=g.known(a.prior_support),
    ),
    g.Requirement(
        "eligibility.reach",
        (a.reach * g.value("rate").on(a.starts_on)).rounded(g.Rounding.UP) <= a.requested,
        _text("the way there costs less than is applied for"),
        CITED,
    ),
    g.Requirement(
        "eligibility.visits",
        a.visits.total(v.children * 2, where=v.price > g.kr(0)) + 1 >= a.pages,
        _text("enough children who pay"),
        CITED,
    ),
    g.Requirement(
        "eligibility.hosts",
        a.visits.any(g.all_of(v.hosted_by.kind.is_(g.ASSOCIATION), v.on >= a.starts_on)),
        _text("an association is host once the project runs"),
        CITED,
    ),
)

COST_RULES = (
    g.CostRule(
        "cost.part-of-vat", g.Part(c.vat), _text("recoverable VAT"), basis=CITED, when=c.vat_recoverable.is_(True)
    ),
    g.CostRule(
        "cost.share-of-companies",
        g.Part(g.share(c.amount, Fraction(1, 3), g.Rounding.HALF_UP)),
        _text("a third, where a company bears it"),
        basis=PARTLY,
        when=c.bearer.kind.is_(g.COMPANY),
    ),
    g.CostRule(
        "cost.travel",
        g.Above((c.kilometres * g.value("rate").on(c.incurred_on)).rounded(g.Rounding.DOWN)),
        _text("travel above the rate"),
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
        _text("pay above the hourly rate, or a lump"),
        basis=CITED,
        when=g.not_(SENSIBLE),
        concerns=c.category.is_in("pay", "experts"),
    ),
    g.CostRule("cost.late", g.Whole(), _text("after the end"), basis=CITED, when=c.incurred_on > a.ends_on),
    g.CostRule("cost.all-of-blue", g.Whole(), _text("blue"), basis=ASSUMED, concerns=c.colour.is_(BLUE)),
    g.CostRule("cost.deduction", g.Part(g.value("deduction")), _text("a deduction from every line"), basis=CITED),
)

GRANT = g.GrantFormula(
    g.least(
        a.requested,
        g.share(g.eligible_costs(), Fraction(2, 3), g.Rounding.HALF_UP),
        g.greatest(g.value("lump"), g.eligible_costs() - g.own_financing(a)),
    ),
    _text("two thirds of what is eligible, or what own financing leaves"),
    basis=PARTLY,
    floor=g.value("floor"),
)

SCORING = g.Scoring(
    (
        g.Criterion("joy", _text("joy"), CITED, weight=Fraction(1, 3)),
        g.Criterion("craft", _text("craft"), CITED, weight=Fraction(1, 2)),
        g.Criterion(
            "together",
            _text("together"),
            CITED,
            computed=g.all_of(a.organisations.any(o.role.is_(g.PARTNER)), g.own_financing(a) > g.kr(0)),
            weight=Fraction(1, 6),
        ),
    ),
    scale=g.Scale(7, ASSUMED),
    weights=g.Weights(g.Weighting.STATED, CITED),
    combination=g.Combination(g.Combining.MEAN, ASSUMED),
)

CONDITIONS = (
    g.Condition("condition.report", _text("a report"), CITED),
    g.Condition("condition.ear-muffs", _text("ear muffs"), PARTLY, when=a.loud),
)

ROUND = g.Round(
    "2020",
    _text("the round of 2020"),
    budget=g.kr(100_000),
    values=(
        g.Value("deadline", datetime(2020, 3, 1, 12, tzinfo=timezone(timedelta(hours=1))), _text("deadline"), CITED),
        g.Value("page_limit", 10, _text("page limit"), CITED),
        g.Value("unwanted", frozenset({"sound", "motion"}), _text("unwanted"), PARTLY),
        g.Value("hourly", g.kr("312.75"), _text("hourly rate"), CITED),
        g.Value("deduction", g.kr("0.10"), _text("deduction"), CITED),
        g.Value("lump", g.kr("2500.00"), _text("lump"), CITED),
        g.Value("floor", g.kr("100.00"), _text("floor"), CITED),
        g.Value(
            "rate",
            g.DatedTable(
                "km",
                (
                    g.Dated(date(2020, 1, 1), date(2020, 6, 30), g.kr("1.96"), "one"),
                    g.Dated(date(2020, 7, 1), date(2021, 12, 31), g.kr("2.07"), "another"),
                ),
            ),
            _text("rate"),
            CITED,
        ),
    ),
)

POOL = g.Pool(
    id="toy",
    title=_text("The toy pool"),
    funder=_text("The nursery"),
    country="DK",
    currency="DKK",
    zone="Europe/Copenhagen",
    application=ToyApplication,
    rounds=(ROUND,),
    sources=(CALL, NOTICE),
    assumptions=(
        g.Assumption("toy.in-kind", _text("in kind counts"), when=a.funding.any(f.form.is_(g.IN_KIND))),
        g.Assumption("toy.always", _text("toys are good")),
    ),
    notes=(_text("only a toy"),),
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
        return g.Allocation(g.Method.RANK_PARTIAL_LAST, _text("by rank"), ASSUMED)

    @g.hook
    def conditions(self) -> tuple[g.Condition, ...]:
        """The duties after an award."""
        return CONDITIONS


TOY = g.Registry.of(ToyPlugin()).rulebook("toy")
REAL = g.Registry.of(kompetenceloeft).rulebook("dk_2018_kompetenceloeft")

RULEBOOKS: Mapping[str, g.Rulebook] = {"toy": TOY, "dk_2018_kompetenceloeft": REAL}
"""Every rulebook that the laws are tried on, by the name of its test."""
