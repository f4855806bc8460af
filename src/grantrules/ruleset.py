"""
A rule set: what one round's hooks add up to. Ordered, checked, frozen, digested; saved and loaded as JSON.

A loaded rule set decides the same as the one that was saved, without the plugin that it came from.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property
from typing import Any, get_args

import cattrs
from attrs import evolve, field, fields, frozen
from cattrs.gen import make_dict_unstructure_fn, override

from grantrules.application import Application, application_class
from grantrules.errors import InputError, PluginError, Problem
from grantrules.pools import (
    Above,
    Allocation,
    Assumed,
    Assumption,
    Basis,
    Cited,
    Condition,
    CostRule,
    Criterion,
    Disallowed,
    GrantFormula,
    Notice,
    Part,
    Pool,
    Requirement,
    Round,
    Scoring,
    Source,
    Stage,
    Weighting,
    Whole,
    assumption_of,
)
from grantrules.terms.canonical import amount_from_data, amount_to_data, digest, term_from_data, term_to_data
from grantrules.terms.check import TRUTH, Checker, Sort
from grantrules.terms.nodes import Judgement, Term
from grantrules.terms.schema import APPLICATION, COSTS, TOTALS, Bound, Kind, Schema
from grantrules.terms.walk import judgements, named_values
from grantrules.values import LANGUAGES, Amount, Text, plain

FORMAT = "grantrules.ruleset/1"

DISMISSAL = "stage.formal"
"""The id of the assumption that failing a formal rule dismisses an application."""

_DISMISSAL = Assumption(
    DISMISSAL,
    Text(
        da="At en ansøgning, der ikke opfylder et formkrav, afvises uden vurdering, står ikke i noget opslag.",
        nb="At en søknad som ikke oppfyller et formkrav, avvises uten vurdering, står ikke i noen utlysning.",
        en="That failing a formal requirement dismisses an application unassessed is said by no call.",
    ),
)

Rule = Requirement | CostRule | GrantFormula | Criterion | Condition | Allocation
"""Everything with an id, a statement and a basis."""


@frozen
class RuleSet:
    """
    The rules of one round, whoever brought them.

    Attributes:
        requirements: formal rules before eligibility rules, the pool's own before those of extensions.
        cost_rules: in the order in which they are applied.
        brought_by: rule id to the plugin that brought it.
        versions: plugin to its version; no part of the digest, for a new version may say the same.
    """

    pool: Pool
    round: Round
    schema: Schema
    requirements: tuple[Requirement, ...]
    cost_rules: tuple[CostRule, ...]
    grant: GrantFormula
    scoring: Scoring
    conditions: tuple[Condition, ...]
    allocation: Allocation | None
    brought_by: Mapping[str, str]
    versions: Mapping[str, str] = field(factory=dict, eq=False)

    @cached_property
    def values(self) -> Mapping[str, Amount]:
        """What the round binds: name to value."""
        return {value.name: value.amount for value in self.round.values}

    @cached_property
    def checker(self) -> Checker:
        """What knows the sort of every term outside of cost lines."""
        return Checker(self.schema, self.values)

    @cached_property
    def references(self) -> Mapping[tuple[str, str], str]:
        """Record and word to the fact that names another record, as in `(costs, bearer)` to `organisation`."""
        return {
            (record.name, fact.alias): fact.name
            for record in self.schema.records
            for fact in record.fields
            if fact.alias
        }

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule, in the order of the stages."""
        allocation = () if self.allocation is None else (self.allocation,)
        scored = self.scoring.criteria
        return (*self.requirements, *self.cost_rules, self.grant, *scored, *allocation, *self.conditions)

    @cached_property
    def judgements(self) -> tuple[Judgement, ...]:
        """Every question that rules put to assessors, in rule order."""
        return tuple(dict.fromkeys(found for term, _ in self._terms() for found in judgements(term)))

    @cached_property
    def line_judgements(self) -> frozenset[str]:
        """The judgements that may be given line by line."""
        return frozenset(j.id for rule in self.cost_rules for t, _ in cost_terms(rule) for j in judgements(t))

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """Every document that rules are taken from, in order of id."""
        found = [
            *self.pool.sources,
            *(basis.source for basis in self._bases() if not isinstance(basis, Assumed)),
        ]
        return tuple(sorted(set(found), key=lambda source: source.id))

    @cached_property
    def data(self) -> Mapping[str, Any]:
        """The canonical form, as JSON data."""
        return _data_of(self)

    @cached_property
    def digest(self) -> str:
        """The digest of the canonical form: equal for rule sets that say the same."""
        return digest(self.data)

    def assumptions(self) -> tuple[Assumption, ...]:
        """Everything the rules assume, whether or not a single decision relies on it."""
        scoring = (self.scoring.scale, self.scoring.weights, self.scoring.combination)
        carriers = [*self.rules, *(part for part in scoring if part is not None)]
        found = [Assumption(c.id, reason) for c in carriers if (reason := assumption_of(c.basis)) is not None]
        values = [
            Assumption(f"value.{value.name}", reason)
            for value in self.round.values
            if (reason := assumption_of(value.basis)) is not None
        ]
        formal = [_DISMISSAL] if any(rule.stage is Stage.FORMAL for rule in self.requirements) else []
        return (*found, *formal, *values, *self.pool.assumptions)

    def with_values(self, changed: Mapping[str, Amount]) -> "RuleSet":
        """
        The same rules with other values: a what-if.

        Raises:
            InputError: the round has no such value.
            PluginError: the rules do not hold together with the new values.
        """
        unknown = [name for name in changed if name not in self.values]
        if unknown:
            known = ", ".join(f"`{name}`" for name in sorted(self.values))
            message = "the round binds no such value"
            raise InputError(self.name, [Problem(name, message, f"choose from {known}") for name in unknown])
        values = tuple(evolve(v, amount=changed.get(v.name, v.amount)) for v in self.round.values)
        return checked(evolve(self, round=evolve(self.round, values=values)))

    @property
    def name(self) -> str:
        """Pool and round, as in `dk_2018_kompetenceloeft@2018`."""
        return f"{self.pool.id}@{self.round.id}"

    @property
    def owner(self) -> str:
        """The plugin that owns the pool."""
        return self.brought_by.get(self.grant.id, self.pool.id)

    def _bases(self) -> Iterator[Basis]:
        scoring = (self.scoring.scale, self.scoring.weights, self.scoring.combination)
        yield from (rule.basis for rule in (*self.rules, *self.round.values))
        yield from (part.basis for part in scoring if part is not None)

    def _terms(self) -> Iterator[tuple[Term, str]]:
        for rule in self.requirements:
            yield from _requirement_terms(rule)
        for cost_rule in self.cost_rules:
            yield from cost_terms(cost_rule)


def _requirement_terms(rule: Requirement) -> Iterator[tuple[Term, str]]:
    yield rule.demand, "demand"
    if rule.when is not None:
        yield rule.when, "when"


def cost_terms(rule: CostRule) -> Iterator[tuple[Term, str]]:
    """The terms of a cost rule, each with its place."""
    if rule.concerns is not None:
        yield rule.concerns, "concerns"
    if rule.when is not None:
        yield rule.when, "when"
    match rule.disallow:
        case Part(amount):
            yield amount, "disallow.amount"
        case Above(limit):
            yield limit, "disallow.limit"
        case _:
            return


def checked(rules: RuleSet) -> RuleSet:
    """
    Return the rule set if it holds together.

    Raises:
        PluginError: with every problem found, each with its plugin, rule and place.
    """
    problems = list(_problems(rules))
    if problems:
        raise PluginError(rules.name, problems)
    return rules


def _problems(rules: RuleSet) -> Iterator[Problem]:
    yield from _rule_problems(rules)
    yield from _value_problems(rules)
    yield from _score_problems(rules)
    yield from _judgement_problems(rules)
    sources: dict[str, Source] = {}
    for source in rules.sources:
        if sources.setdefault(source.id, source) != source:
            yield Problem(f"source {source.id}", "two different sources have this id", code="two-sources")


def _rule_problems(rules: RuleSet) -> Iterator[Problem]:
    checker = rules.checker
    on_lines = Checker(rules.schema, rules.values, (APPLICATION, COSTS))
    on_totals = Checker(rules.schema, rules.values, (APPLICATION, TOTALS))
    money = Sort(Kind.MONEY)
    for rule in rules.rules:
        found = list(_carrier_problems(rule))
        match rule:
            case Requirement():
                found += _all(checker.check(term, TRUTH, place) for term, place in _requirement_terms(rule))
                if rule.id.partition(".")[0] not in (Stage.FORMAL.value, Stage.ELIGIBILITY.value):
                    message = f"`{rule.id}` begins with neither `formal.` nor `eligibility.`"
                    found.append(Problem("id", message, "begin the id with its stage", "wrong-stage"))
            case CostRule():
                found += _all(
                    on_lines.check(term, money if place.startswith("disallow") else TRUTH, place)
                    for term, place in cost_terms(rule)
                )
            case GrantFormula(amount=amount, floor=floor):
                found += on_totals.check(amount, money, "amount")
                found += [] if floor is None else checker.check(floor, money, "floor")
            case Criterion(computed=term):
                found += [] if term is None else checker.check(term, TRUTH, "computed")
            case Condition(when=term):
                found += [] if term is None else checker.check(term, TRUTH, "when")
            case Allocation():
                pass
        plugin = rules.brought_by.get(rule.id, rules.pool.id)
        yield from (evolve(p, where=f"plugin {plugin}: rule {rule.id}: {p.where}") for p in found)
    for assumption in rules.pool.assumptions:
        if assumption.when is not None:
            for problem in checker.check(assumption.when, TRUTH, "when"):
                yield evolve(problem, where=f"assumption {assumption.id}: {problem.where}")


def _all(lists: Iterable[list[Problem]]) -> list[Problem]:
    return [problem for problems in lists for problem in problems]


def _carrier_problems(rule: Rule) -> Iterator[Problem]:
    if not isinstance(rule.basis, get_args(Basis)):
        yield Problem("basis", "the rule has no basis", "give it `Cited(…)`, `Notice(…)` or `Assumed(…)`", "no-basis")
    elif (assumed := assumption_of(rule.basis)) is not None:
        yield from _text_problems("basis", assumed)
    yield from _text_problems("statement", rule.statement)


def _text_problems(place: str, text: object) -> Iterator[Problem]:
    if not isinstance(text, Text):
        yield Problem(place, f"expected a text in da, nb and en, got `{text!r:.40}`", "write `Text(da=…, nb=…, en=…)`")
        return
    for language in LANGUAGES:
        if not text.to(language).strip():
            yield Problem(f"{place}.{language}", "the text is empty", code="no-text")


def _value_problems(rules: RuleSet) -> Iterator[Problem]:
    seen: set[str] = set()
    for value in rules.round.values:
        place = f"round {rules.round.id}: value {value.name}"
        if value.name in seen:
            yield Problem(place, "two values have this name", code="two-values")
        seen.add(value.name)
        if not isinstance(value.basis, get_args(Basis)):
            yield Problem(place, "the value has no basis", code="no-basis")
        try:
            amount_to_data(value.amount)
        except (ArithmeticError, AssertionError):
            yield Problem(place, f"`{value.amount!r}` is not a value rules can hold", "write amounts as `kr(…)`")
    read = {name for rule in rules.rules for term in _terms_in(rule) for name in named_values(term)}
    for name in sorted(seen - read):
        yield Problem(f"round {rules.round.id}: value {name}", "no rule reads it", "remove it", "idle-value")


def _terms_in(rule: Any) -> Iterator[Term]:
    for attribute in fields(type(rule)):
        inner = getattr(rule, attribute.name)
        if isinstance(inner, get_args(Term)):
            yield inner
        elif isinstance(inner, Part | Above):
            yield from _terms_in(inner)


def _score_problems(rules: RuleSet) -> Iterator[Problem]:
    scoring = rules.scoring
    for name in ("scale", "weights", "combination"):
        part = getattr(scoring, name)
        if scoring.criteria and part is None:
            yield Problem("scoring", f"there are criteria but no {name}", f"give the scoring a {name}", "no-scoring")
        elif part is not None and not isinstance(part.basis, get_args(Basis)):
            yield Problem(part.id, "it has no basis", code="no-basis")
    if scoring.weights is None:
        return
    stated = [criterion for criterion in scoring.criteria if criterion.weight is not None]
    if scoring.weights.weighting is Weighting.EQUAL and stated:
        yield Problem("scoring", f"weights are equal, but `{stated[0].id}` states one", code="weights")
    elif scoring.weights.weighting is Weighting.STATED:
        if len(stated) < len(scoring.criteria):
            yield Problem("scoring", "a criterion states no weight", code="weights")
        elif (whole := sum((c.weight or Fraction(0) for c in stated), Fraction(0))) != 1:
            yield Problem("scoring", f"the weights add up to {whole}, not to 1", code="weights")


def _judgement_problems(rules: RuleSet) -> Iterator[Problem]:
    questions: dict[str, Text] = {}
    for judgement in (found for rule in rules.rules for term in _terms_in(rule) for found in judgements(term)):
        if questions.setdefault(judgement.id, judgement.question) != judgement.question:
            yield Problem(f"judgement {judgement.id}", "two rules ask it in different words", code="two-questions")
    lines = rules.line_judgements
    both = {j.id for r in rules.requirements for t, _ in _requirement_terms(r) for j in judgements(t)} & lines
    for id in sorted(both):
        yield Problem(f"judgement {id}", "asked of the application and of single lines", code="two-scopes")


# Saving and loading


def _data_of(rules: RuleSet) -> dict[str, Any]:
    data: dict[str, Any] = _writer().unstructure(rules)
    data["sources"] = [_writer().unstructure(source) for source in rules.sources]
    return {"format": FORMAT, **data}


def save(rules: RuleSet) -> str:
    """Write a rule set as JSON text, with its digest and the versions of the plugins it came from."""
    data = {**rules.data, "digest": rules.digest, "versions": dict(rules.versions)}
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def load(text: str, subject: str = "rule set") -> RuleSet:
    """
    Read a saved rule set.

    Raises:
        InputError: the text is no rule set of this format, or was changed since it was saved.
        PluginError: the rules do not hold together.
    """
    try:
        data = json.loads(text)
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise ValueError(f"expected the format `{FORMAT}`")
        claimed, versions = data.pop("digest", None), data.pop("versions", {})
        rules = evolve(_read(data), versions=versions)
    except RecursionError as error:
        raise InputError(subject, [Problem("", "the file is nested too deeply")]) from error
    except (ValueError, KeyError, TypeError, AttributeError, cattrs.BaseValidationError) as error:
        raise InputError(subject, [Problem("", f"not a saved rule set: {_innermost(error)}")]) from error
    if claimed != rules.digest:
        message = f"the file says {claimed}, its rules have {rules.digest}"
        raise InputError(subject, [Problem("digest", message, "save the rule set again", "changed")])
    return checked(rules)


def _innermost(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _read(data: dict[str, Any]) -> RuleSet:
    sources = {s["id"]: s for s in data["sources"]}
    reader = _reader(sources)
    made = application_class(reader.structure(data["schema"], Schema))
    reader.register_structure_hook_func(lambda kind: kind == type[Application], lambda _, __: made)
    pool = {**data["pool"], "application": None, "rounds": [data["round"]], "sources": data["sources"]}
    return reader.structure({**data, "pool": pool}, RuleSet)


def _is_term(kind: Any) -> bool:
    return set(get_args(Term)) <= set(get_args(kind))


def _is_amount(kind: Any) -> bool:
    return kind in (Amount, Bound, Bound | None)


@cache
def _writer() -> cattrs.Converter:
    writer = cattrs.Converter()
    writer.register_unstructure_hook(Decimal, plain)
    writer.register_unstructure_hook(Fraction, str)
    writer.register_unstructure_hook(date, date.isoformat)
    writer.register_unstructure_hook_func(_is_term, lambda t: None if t is None else term_to_data(t))
    writer.register_unstructure_hook_func(_is_amount, lambda a: None if a is None else amount_to_data(a))
    writer.register_unstructure_hook_func(lambda kind: kind == Basis, basis_to_data)
    writer.register_unstructure_hook_func(lambda kind: kind == Disallowed, _disallowed_to_data)
    left_out: dict[type, dict[str, Any]] = {
        Pool: {name: override(omit=True) for name in ("application", "rounds", "sources")},
        RuleSet: {"versions": override(omit=True)},
    }
    for cls, omitted in left_out.items():
        writer.register_unstructure_hook(cls, make_dict_unstructure_fn(cls, writer, **omitted))
    return writer


def basis_to_data(basis: Basis) -> dict[str, Any]:
    """Write a basis as JSON data; its source by id."""
    assumed = assumption_of(basis)
    note = None if assumed is None else {language: assumed.to(language) for language in LANGUAGES}
    match basis:
        case Cited(source, heading, item):
            return {"kind": "cited", "source": source.id, "heading": heading, "item": item, "assumed": note}
        case Notice(source, heading):
            return {"kind": "notice", "source": source.id, "heading": heading, "item": None, "assumed": note}
        case Assumed():
            return {"kind": "assumed", "source": None, "heading": None, "item": None, "assumed": note}


def basis_from_data(data: Mapping[str, Any], sources: Mapping[str, Source]) -> Basis:
    """
    Read a basis back.

    Raises:
        KeyError: its source is not among `sources`.
        ValueError: it is of no known kind.
    """
    note = None if data["assumed"] is None else Text(**data["assumed"])
    match data["kind"]:
        case "cited":
            return Cited(sources[data["source"]], data["heading"], data["item"], note)
        case "notice":
            return Notice(sources[data["source"]], data["heading"], note)
        case "assumed" if note is not None:
            return Assumed(note)
        case kind:
            raise ValueError(f"no such basis: `{kind}`")


def _disallowed_to_data(disallowed: Disallowed) -> dict[str, Any]:
    match disallowed:
        case Whole():
            return {"takes": "whole"}
        case Part(amount):
            return {"takes": "part", "amount": term_to_data(amount)}
        case Above(limit):
            return {"takes": "above", "limit": term_to_data(limit)}


def _disallowed_from_data(data: Mapping[str, Any], _: object) -> Disallowed:
    match data["takes"]:
        case "whole":
            return Whole()
        case "part":
            return Part(term_from_data(data["amount"]))
        case "above":
            return Above(term_from_data(data["limit"]))
        case takes:
            raise ValueError(f"no cost rule takes `{takes}`")


def _reader(sources_data: Mapping[str, Any]) -> cattrs.Converter:
    reader = cattrs.Converter(forbid_extra_keys=False)
    reader.register_structure_hook(Decimal, lambda text, _: Decimal(text))
    reader.register_structure_hook(Fraction, lambda text, _: Fraction(text))
    reader.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
    sources = {id: reader.structure(data, Source) for id, data in sources_data.items()}
    reader.register_structure_hook_func(_is_term, lambda d, _: None if d is None else term_from_data(d))
    reader.register_structure_hook_func(_is_amount, lambda d, _: None if d is None else amount_from_data(d))
    reader.register_structure_hook_func(lambda kind: kind == Basis, lambda d, _: basis_from_data(d, sources))
    reader.register_structure_hook_func(lambda kind: kind == Disallowed, _disallowed_from_data)
    return reader
