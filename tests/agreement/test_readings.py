"""The compiled function, saved rule sets and findings say what the specification says."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from attrs import evolve, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

import grantrules as g
from grantrules.assessments import combined
from grantrules.errors import Problem
from grantrules.pools import Disallowed
from grantrules.readings.compile import Compiled, compiled
from grantrules.readings.evaluate import verdicts
from grantrules.ruleset import RuleSet
from grantrules.serial.applications import application_to_data
from grantrules.terms import nodes as n
from grantrules.terms.canonical import canonical_text, term_from_data, term_to_data
from grantrules.terms.check import TRUTH, Checker, Sort
from grantrules.terms.schema import APPLICATION, COSTS, ORGANISATIONS, TOTALS, Field, Kind
from grantrules.terms.walk import depth, walk
from grantrules.testing.strategies.applications import assessed_applications
from tests.pools import ACCEPTED, CITED, EVERY_POOL, REAL, RULEBOOKS, SENSIBLE, TOY, a, f, text, toy_granting, toy_with

COMPILED: dict[str, Compiled] = {rulebook.digest: compiled(rulebook.rules) for rulebook in RULEBOOKS.values()}
LOADED: dict[str, g.Rulebook] = {}


def loaded(rulebook: g.Rulebook) -> g.Rulebook:
    """The rulebook, saved to a file and loaded from it."""
    if rulebook.digest not in LOADED:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "rules.json"
            path.write_text(rulebook.save(), encoding="utf-8")
            LOADED[rulebook.digest] = g.Rulebook.load(path)
    return LOADED[rulebook.digest]


def rule_terms(rules: RuleSet) -> Iterator[n.Term]:
    """Every term of a rule set."""
    return (term for rule in rules.rules for _, term in rule.terms)


# The rules as they are


@EVERY_POOL
@settings(max_examples=30)
@given(data=st.data())
def test_loaded_rules_decide_the_same(pool: str, data: st.DataObject) -> None:
    """A rule set that was saved and loaded reads the same JSON and decides the same, to the last letter."""
    rulebook = RULEBOOKS[pool]
    application, given_assessments = data.draw(assessed_applications(rulebook))
    stored = application_to_data(application)
    read = loaded(rulebook).read_application(stored)
    assert application_to_data(read) == stored
    expected = rulebook.decide(application, given_assessments).to_dict()
    assert json.dumps(loaded(rulebook).decide(read, given_assessments).to_dict()) == json.dumps(expected)


@EVERY_POOL
def test_loading_keeps_the_digest(pool: str) -> None:
    """A rulebook loaded from its file has the same digest, and is saved as the same text."""
    rulebook = RULEBOOKS[pool]
    assert loaded(rulebook).digest == rulebook.digest
    assert loaded(rulebook).save() == rulebook.save()
    assert loaded(rulebook).rules.schema == rulebook.rules.schema


@EVERY_POOL
def test_terms_of_the_rules_are_stored_and_read_back(pool: str) -> None:
    """Every term of the rules is the same after it was written as JSON and read back."""
    rulebook = RULEBOOKS[pool]
    for term in rule_terms(rulebook.rules):
        assert term_from_data(json.loads(json.dumps(term_to_data(term)))) == term


def test_the_toy_uses_every_node() -> None:
    """The rules of the toy pool have every class of node in them."""
    assert {type(at) for term in rule_terms(TOY.rules) for at in walk(term)} == set(n.NODES)


# Terms at random


T = TypeVar("T")

Leaf = tuple[n.Fact, Field]

_WORDS = ("red", "lead", "own", "travel", "")
_ITEM_LISTS = (ORGANISATIONS, COSTS, "funding", "visits")
_NUMBERS = (Sort(Kind.MONEY), Sort(Kind.COUNT), Sort(Kind.QUANTITY, "km"), Sort(Kind.QUANTITY, "m2"))
_ORDERED = (*_NUMBERS, Sort(Kind.DAY), Sort(Kind.MOMENT), Sort(Kind.RATE, "km"))
_ROUNDING = st.sampled_from(g.Rounding)
_RATES = st.sampled_from((Fraction(1, 3), Fraction(2, 3), Fraction(1, 2), Fraction(5, 4), Fraction(1, 7)))


def reachable(rules: RuleSet, of: str) -> Iterator[Leaf]:
    """Every fact that can be read from a record, through the records inside it and those it names."""
    record = rules.schema.record(of)
    for declared in record.fields if record else ():
        if declared.kind is Kind.RECORD or declared.alias:
            step = declared.alias or declared.name
            inner = rules.schema.record(declared.names or declared.record)
            yield from ((n.Fact(of, (step, more.name)), more) for more in (inner.fields if inner else ()))
        if declared.kind not in (Kind.RECORD, Kind.MANY):
            yield n.Fact(of, (declared.name,)), declared


FACTS: dict[str, tuple[Leaf, ...]] = {of: tuple(reachable(TOY.rules, of)) for of in (APPLICATION, *_ITEM_LISTS)}


@frozen
class Terms:
    """
    Draws terms over the facts of the toy pool that the checker passes, by the sort of what they yield.

    Args:
        scope: the records at hand.
        asks: the judgement that may be asked.
    """

    draw: st.DrawFn
    scope: tuple[str, ...] = (APPLICATION,)
    asks: n.Term = ACCEPTED

    def pick(self, *options: T) -> T:
        """One of the options."""
        return self.draw(st.sampled_from(options))

    def facts(self, *kinds: Kind, unit: str = "", optional: bool = False) -> list[n.Term]:
        """The facts at hand of one kind."""
        facts = [leaf for record in self.scope for leaf in FACTS.get(record, ())]
        return [fact for fact, d in facts if d.kind in kinds and d.unit == unit and (d.optional or not optional)]

    def inside(self) -> tuple[str, "Terms"]:
        """One of the lists that are not at hand yet, and what draws terms over its items."""
        collection = self.pick(*(name for name in _ITEM_LISTS if name not in self.scope))
        return collection, evolve(self, scope=(*self.scope, collection))

    def truth(self, depth: int) -> n.Term:
        if depth <= 1:
            return self.question()
        match self.draw(st.integers(0, 9)):
            case 0:
                return n.Not(self.truth(depth - 1))
            case 1:
                return n.AllOf(self.truths(depth - 1))
            case 2:
                return n.AnyOf(self.truths(depth - 1))
            case 3:
                items = self.truths(depth - 1)
                return n.AtLeast(self.pick(*range(1, len(items) + 1)), items)
            case 4 if len(self.scope) < 3:
                collection, inner = self.inside()
                return n.Exists(collection, inner.truth(depth - 1))
            case 5:
                return n.Choose(self.truth(depth - 1), self.truth(depth - 1), self.truth(depth - 1))
            case 6:
                return self.equal_words(depth - 1)
            case 7 if len(self.scope) < 3 and ORGANISATIONS not in self.scope:
                inner = evolve(self, scope=(*self.scope, ORGANISATIONS))
                return n.Different(self.pick(1, 2, 3), inner.truth(depth - 1))
            case _:
                sort = self.pick(*_ORDERED)
                left, right = self.number(sort, depth - 1), self.number(sort, depth - 1)
                return n.Compare(self.pick(*n.Relation), left, right)

    def truths(self, depth: int) -> tuple[n.Term, ...]:
        return tuple(self.truth(depth) for _ in range(self.draw(st.integers(1, 3))))

    def question(self) -> n.Term:
        """A yes or no that is asked of one fact, or of a person."""
        match self.draw(st.integers(0, 5)):
            case 0:
                return n.Constant(self.draw(st.booleans()))
            case 1:
                return self.asks
            case 2:
                return n.Known(n.Fact(APPLICATION, (self.pick("prior_support", "requested_minimum"),)))
            case 3:
                fact, declared = self.pick(*self.worded(Kind.CHOICE, Kind.TEXT))
                return n.Membership(n.Among.IS_ONE_OF, fact, self.some(declared.codes or _WORDS))
            case 4:
                among = self.pick(n.Among.INCLUDES_ALL, n.Among.INCLUDES_ANY)
                fact, declared = self.pick(*(leaf for leaf in FACTS[APPLICATION] if leaf[1].kind is Kind.CHOICES))
                return n.Membership(among, fact, self.some(declared.codes))
            case _:
                return self.pick(*self.facts(Kind.TRUTH))

    def worded(self, *kinds: Kind) -> list[Leaf]:
        return [leaf for record in self.scope for leaf in FACTS.get(record, ()) if leaf[1].kind in kinds]

    def some(self, words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.draw(st.lists(st.sampled_from(words), min_size=1, max_size=2, unique=True)))

    def equal_words(self, depth: int) -> n.Term:
        """Two words, or two lists of words, that are the same."""
        if self.draw(st.booleans()):
            lists = [*self.facts(Kind.CHOICES), n.Named("unwanted")]
            return n.Compare(n.Relation.EQUAL, self.pick(*lists), self.pick(*lists))
        left, declared = self.pick(*self.worded(Kind.CHOICE, Kind.TEXT))
        others = [n.Constant(word) for word in declared.codes or _WORDS] + self.facts(Kind.CHOICE, Kind.TEXT)
        right = self.pick(*others)
        if depth > 1 and self.draw(st.booleans()):
            right = n.Choose(self.truth(depth - 1), right, self.pick(*self.facts(declared.kind)))
        return n.Compare(n.Relation.EQUAL, left, right)

    def number(self, sort: Sort, depth: int) -> n.Term:
        """Something that can be compared: an amount, a number, a day, a moment or a rate."""
        if depth <= 1:
            return self.figure(sort)
        if self.draw(st.integers(0, 4)) == 0:
            return n.Choose(self.truth(depth - 1), self.number(sort, depth - 1), self.number(sort, depth - 1))
        if sort.kind in (Kind.DAY, Kind.MOMENT, Kind.RATE):
            return self.figure(sort)
        match self.draw(st.integers(0, 6)):
            case 0 | 1:
                pick = self.pick(n.Operation.ADD, n.Operation.SUBTRACT)
                return n.Arithmetic(pick, self.number(sort, depth - 1), self.number(sort, depth - 1))
            case 2:
                sides = [self.number(sort, depth - 1), self.number(Sort(Kind.COUNT), depth - 1)]
                return n.Arithmetic(n.Operation.MULTIPLY, *self.draw(st.permutations(sides)))
            case 3:
                items = tuple(self.number(sort, depth - 1) for _ in range(self.draw(st.integers(1, 3))))
                return n.Extreme(self.pick(*n.Pick), items)
            case 4 if sort.kind is Kind.MONEY:
                return n.Share(self.number(sort, depth - 1), self.draw(_RATES), self.draw(_ROUNDING))
            case 5 if sort.kind is Kind.MONEY:
                return n.Rounded(self.unrounded(depth - 1), self.draw(_ROUNDING))
            case _ if len(self.scope) < 3:
                collection, inner = self.inside()
                where = inner.truth(depth - 1) if self.draw(st.booleans()) else None
                return n.Total(collection, inner.number(sort, depth - 1), where)
            case _:
                return self.figure(sort)

    def unrounded(self, depth: int) -> n.Term:
        """An amount that may fall between two øre."""
        if depth <= 1 or self.draw(st.booleans()):
            return self.number(Sort(Kind.MONEY), depth)
        sides = [self.number(Sort(Kind.QUANTITY, "km"), depth - 1), self.figure(Sort(Kind.RATE, "km"))]
        return n.Arithmetic(n.Operation.MULTIPLY, *self.draw(st.permutations(sides)))

    def figure(self, sort: Sort) -> n.Term:
        """A fact, a value of the round or a constant."""
        found = self.facts(sort.kind, unit=sort.unit)
        match sort.kind:
            case Kind.MONEY:
                totals: list[n.Term] = [n.Fact(TOTALS, ("eligible",))] * 3 if TOTALS in self.scope else []
                named = (n.Named("lump"), n.Named("hourly"), n.Constant(g.kr("100.05")), n.Constant(g.kr(0)))
                return self.pick(*found, *totals, *named)
            case Kind.COUNT:
                return self.pick(*found, n.Named("page_limit"), *(n.Constant(count) for count in (0, 1, 7)))
            case Kind.DAY:
                return self.pick(*found, *(n.Constant(day) for day in (date(2020, 6, 30), date(2021, 12, 31))))
            case Kind.MOMENT:
                return self.pick(*found, n.Named("deadline"), n.Constant(datetime(2020, 3, 1, 11, tzinfo=UTC)))
            case Kind.RATE:
                return n.Lookup(n.Named("rate"), self.figure(Sort(Kind.DAY)))
            case _:
                return self.pick(*found)


DEPTH = st.integers(1, 4)


@st.composite
def truths(draw: st.DrawFn) -> n.Term:
    """A term that can be the demand of a requirement of the toy pool."""
    return Terms(draw).truth(draw(DEPTH))


@frozen
class RandomTerms:
    """The terms of a random rule set: two demands, one with a condition, a cost rule and a grant formula."""

    demands: tuple[n.Term, n.Term]
    when: n.Term
    disallow: Disallowed
    line_when: n.Term | None
    line_concerns: n.Term | None
    grant: n.Term

    def rules(self) -> RuleSet:
        """The rules of the toy pool with these instead of its own."""
        first, second = self.demands
        return evolve(
            TOY.rules,
            requirements=(
                g.Requirement("formal.random", first, text("random"), CITED, when=self.when),
                g.Requirement("eligibility.random", second, text("random"), CITED),
            ),
            cost_rules=(
                g.CostRule("cost.random", self.disallow, text("random"), CITED, self.line_when, self.line_concerns),
                *TOY.rules.cost_rules[-2:],
            ),
            grant=g.GrantFormula(self.grant, text("random"), CITED),
        )


@st.composite
def random_terms(draw: st.DrawFn) -> RandomTerms:
    """Terms that the checker passes where they stand."""
    on_lines = Terms(draw, (APPLICATION, COSTS), SENSIBLE)
    amount = on_lines.number(Sort(Kind.MONEY), draw(DEPTH))
    cuts: tuple[Disallowed, ...] = (g.Whole(), g.Part(amount), g.Above(amount))
    return RandomTerms(
        demands=(draw(truths()), draw(truths())),
        when=draw(truths()),
        disallow=draw(st.sampled_from(cuts)),
        line_when=draw(st.sampled_from((None, on_lines.truth(draw(DEPTH))))),
        line_concerns=draw(st.sampled_from((None, on_lines.truth(draw(DEPTH))))),
        grant=Terms(draw, (APPLICATION, TOTALS)).number(Sort(Kind.MONEY), draw(DEPTH)),
    )


def problems(rules: RuleSet) -> list[Problem]:
    """What the checker has against the terms of a rule set."""
    on_lines = Checker(rules.schema, rules.values, (APPLICATION, COSTS))
    found = Checker(rules.schema, rules.values, (APPLICATION, TOTALS)).check(rules.grant.amount, Sort(Kind.MONEY), "")
    for requirement in rules.requirements:
        found += rules.checker.check(requirement.demand, TRUTH, requirement.id)
    for place, term in rules.cost_rules[0].terms:
        found += on_lines.check(term, Sort(Kind.MONEY) if place.startswith("disallow") else TRUTH, place)
    return found


@settings(max_examples=150)
@given(terms=random_terms(), data=st.data())
def test_compiled_function_agrees_on_random_rules(terms: RandomTerms, data: st.DataObject) -> None:
    """Whatever terms the checker passes, the compiled function and the specification agree on them."""
    rules = terms.rules()
    assert problems(rules) == []
    decides = compiled(rules)
    for _ in range(3):
        application, given_assessments = data.draw(assessed_applications(TOY))
        assessed = combined(given_assessments)
        assert decides(application, assessed) == verdicts(rules, application, assessed)


@settings(max_examples=150)
@given(term=truths())
def test_terms_are_stored_and_read_back(term: n.Term) -> None:
    """A term read back from JSON is the term that was written, and is written alike."""
    assert depth(term) <= 10
    data = term_to_data(term)
    read = term_from_data(json.loads(json.dumps(data)))
    assert read == term
    assert canonical_text(term_to_data(read)) == canonical_text(data)


# Small rules on which readings could stumble


NOTHING = a.funding.total(f.amount)
"""A sum over no items is an amount too."""


def decided(rulebook: g.Rulebook, **facts: Any) -> dict[str, Any]:
    """The stored decision on an application of the toy pool that states these facts."""
    return rulebook.decide(rulebook.read_application(facts)).to_dict()


def test_the_sum_of_no_amounts_can_be_rounded() -> None:
    """The sum of an empty list of amounts is an amount that can be rounded."""
    rule = g.Requirement("eligibility.sum", NOTHING.rounded(g.Rounding.UP) <= a.requested, text("sum"), CITED)
    made = decided(toy_with(rule), funding=[], requested="1.00")
    assert made["findings"][-1]["result"] == "met"


def test_the_sum_of_no_amounts_can_be_granted() -> None:
    """A highest grant that is the sum of an empty list is zero, and is stored as an amount."""
    rulebook = toy_granting(g.least(NOTHING, g.value("lump") + g.value("floor")))
    assert decided(rulebook, funding=[], costs=[])["highest_grant"] == "0.00"


def test_the_sum_of_no_amounts_can_be_a_limit() -> None:
    """A limit on a line that is the sum of an empty list is zero, and is stored as an amount."""
    rule = g.CostRule("cost.limit", g.Above(NOTHING), text("limit"), CITED)
    made = decided(toy_with(rule), funding=[], costs=[{"amount": "10.00", "vat": "0.00"}])
    found = [finding["limit"] for finding in made["costs"]["lines"][0]["findings"] if finding["rule"] == "cost.limit"]
    assert found == ["0.00"]


def test_no_grant_is_less_than_zero() -> None:
    """A highest grant that is rounded up to zero from below is stored as zero, without a sign."""
    formula = g.share(g.eligible_costs() - a.requested, Fraction(1, 3), g.Rounding.HALF_UP)
    rulebook = toy_granting(g.least(formula, g.value("lump") + g.value("floor")))
    assert decided(rulebook, requested="0.01", costs=[])["highest_grant"] == "0.00"


def test_products_of_many_facts_can_be_read() -> None:
    """A product of as many facts as the checker passes has a value, however large the facts are."""
    product: n.Term = a.requested
    for _ in range(30):
        product = product * a.pages
    rule = g.Requirement("eligibility.product", product >= g.kr(0), text("product"), CITED)
    assert decided(toy_with(rule), requested="999999999999.99", pages=99)["findings"][-1]["result"] == "met"


def agree(rulebook: g.Rulebook, application: g.Application, *given_assessments: g.Assessment) -> bool:
    """The compiled function and the specification give the same verdicts."""
    assessed = combined(given_assessments)
    expected = verdicts(rulebook.rules, application, assessed)
    return compiled(rulebook.rules)(application, assessed) == expected


def test_no_and_nought_are_told_apart() -> None:
    """A rule that does not apply is told apart from one that does, where another rule mentions the number nought."""
    counted = g.Requirement("formal.counted", a.pages >= 0, text("counted"), CITED)
    never = g.when(a.safe).then(True).otherwise(False)
    asked = g.Requirement("formal.asked", a.loud, text("asked"), CITED, when=never)
    rulebook = toy_with(counted, asked)
    assert agree(rulebook, rulebook.read_application({"pages": 1, "safe": False}))


def test_amounts_and_numbers_are_told_apart() -> None:
    """An amount of nought can be rounded, where another rule mentions the number nought."""
    counted = g.Requirement("formal.counted", a.pages >= 0, text("counted"), CITED)
    nought = g.least(g.kr(0), g.kr(0)).rounded(g.Rounding.UP)
    rounded = g.Requirement("eligibility.rounded", a.requested >= nought, text("rounded"), CITED)
    rulebook = toy_with(counted, rounded)
    assert agree(rulebook, rulebook.read_application({"pages": 1, "requested": "1.00"}))


def test_judgements_of_lines_are_told_apart() -> None:
    """A judgement asked of the application is told apart from the same one asked of the lines of a list."""
    asked = g.judgement("good", text("is it good?"))
    rule = g.Requirement("eligibility.good", g.all_of(asked, a.costs.any(asked)), text("good"), CITED)
    rulebook = toy_with(rule)
    application = rulebook.read_application({"costs": [{"id": "c1"}]})
    all_good, one_bad = g.Assessment(judgements={"good": True}), g.Assessment(judgements={"good": {"c1": False}})
    assert agree(rulebook, application, all_good, one_bad)


def test_rates_are_compared_and_stored() -> None:
    """A decision whose rule compares two rates is explained alike before and after it was stored."""
    rate = g.value("rate")
    rule = g.Requirement("eligibility.rates", rate.on(a.starts_on) >= rate.on(a.ends_on), text("rates"), CITED)
    rulebook = toy_with(rule)
    decision = rulebook.decide(rulebook.read_application({"starts_on": "2020-01-01", "ends_on": "2021-12-31"}))
    assert decision.finding("eligibility.rates").margin == Decimal("-0.11")
    stored = rulebook.read_decision(decision.to_dict())
    assert stored.finding("eligibility.rates").margin == Decimal("-0.11")
    assert stored.explain("da") == decision.explain("da")


def test_judgements_of_duties_can_be_given() -> None:
    """A judgement that only the condition of a duty asks for can be read from an assessment file."""
    asked = g.judgement("noisy", text("is it noisy?"))
    rulebook = toy_with(g.Condition("condition.quiet", text("be quiet"), CITED, when=asked))
    assessment = rulebook.read_assessment({"judgements": {"noisy": True}})
    decision = rulebook.decide(rulebook.read_application({}), [assessment])
    assert "condition.quiet" in decision.conditions


def test_the_real_pool_is_the_installed_one() -> None:
    """The rulebook that the tests register by hand says the same as the installed plugin's."""
    assert g.rulebook("dk_2018_kompetenceloeft").digest == REAL.digest
