"""
Compiling a rule set into one generated Python function.

The function gives the same verdicts as `grantrules.readings.evaluate`, on every application, without reasons.
Code is generated in the order of the specification: one statement for each node, a branch wherever a value can
be missing, none where it cannot. The source is kept where tracebacks and debuggers find it.
"""

import linecache
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeAlias, assert_never

from attrs import define, field

from grantrules.application import Application
from grantrules.assessments import Assessed
from grantrules.findings import Interval, Outcome, Result, Verdicts
from grantrules.pools import Above, CostRule, Part, Requirement, Stage, Whole
from grantrules.readings.evaluate import NOTHING, ZERO, enough_different, organisation_named
from grantrules.ruleset import RuleSet
from grantrules.terms.nodes import (
    AllOf,
    Among,
    AnyOf,
    Arithmetic,
    AtLeast,
    Choose,
    Compare,
    Constant,
    Different,
    Exists,
    Extreme,
    Fact,
    Judgement,
    Known,
    Lookup,
    Membership,
    Named,
    Not,
    Relation,
    Rounded,
    Share,
    Term,
    Total,
)
from grantrules.terms.schema import APPLICATION, COSTS, ORGANISATIONS, TOTALS
from grantrules.terms.walk import facts_read, judgements
from grantrules.values import ORE, ROUNDING, exact, share_of

Compiled: TypeAlias = Callable[[Application, Assessed], Verdicts]


def compiled(rules: RuleSet) -> Compiled:
    """
    Generate the function that decides applications by `rules`.

    Returns:
        A function of an application and its combined assessments.
    """
    source, names = source_of(rules)
    filename = f"<grantrules {rules.name} {rules.digest[:19]}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    exec(compile(source, filename, "exec"), names)
    inner = names["verdicts"]

    def decided(application: Application, assessed: Assessed) -> Verdicts:
        with exact():
            made: Verdicts = inner(application, assessed.answers)
        return made

    return decided


def source_of(rules: RuleSet) -> tuple[str, dict[str, Any]]:
    """The generated source, and the objects that its names stand for."""
    writer = _Writer(rules)
    writer.verdicts()
    return "\n".join(writer.lines) + "\n", writer.names


class _Value(NamedTuple):
    """An expression without side effects, and whether it can be `None`."""

    code: str
    nullable: bool


@define
class _Writer:
    """Writes statements, and remembers which facts are already held in a local variable."""

    rules: RuleSet
    lines: list[str] = field(factory=list)
    names: dict[str, Any] = field(factory=dict)
    indent: int = 0
    count: int = 0
    held: dict[tuple[Term, str], _Value] = field(factory=dict)
    constants: dict[str, str] = field(factory=dict)
    items: dict[str, str] = field(factory=lambda: {APPLICATION: "application"})
    line: str = "None"

    # The text

    def put(self, text: str) -> None:
        self.lines.append("    " * self.indent + text)

    @contextmanager
    def block(self, opening: str) -> Iterator[None]:
        """An indented block; what it holds in local variables is forgotten after it."""
        self.put(opening)
        before, self.held = self.held, dict(self.held)
        self.indent += 1
        yield
        self.indent -= 1
        self.held = before

    def fresh(self, stem: str) -> str:
        self.count += 1
        return f"{stem}{self.count}"

    def hold(self, stem: str, code: str, nullable: bool) -> _Value:
        """Put an expression into a new local variable."""
        name = self.fresh(stem)
        self.put(f"{name} = {code}")
        return _Value(name, nullable)

    def constant(self, stem: str, value: Any) -> str:
        """The name of a global that holds `value`; the same name for the same value."""
        key = f"{type(value).__name__} {value!r}"
        if key not in self.constants:
            self.constants[key] = f"{stem.upper()}_{len(self.constants)}"
            self.names[self.constants[key]] = value
        return self.constants[key]

    # Terms, in the order of the specification

    def term(self, term: Term) -> _Value:
        """Write what it takes to have the value of `term`, and return the expression for it."""
        # A judgement has an answer of its own for each line; everything else is the same wherever it stands.
        key = (term, self.line if judgements(term) else "")
        if key in self.held:
            return self.held[key]
        value = self._term(term)
        # What reads the totals is read twice, once for each end of them, and must not be remembered.
        if all(fact.of != TOTALS for fact in facts_read(term)):
            self.held[key] = value
        return value

    def _term(self, term: Term) -> _Value:
        match term:
            case Constant(value):
                return self._literal(value)
            case Named(name):
                return _Value(self.constant(name, self.rules.values[name]), False)
            case Fact():
                return self._fact(term)
            case Judgement(id):
                return self._judgement(id)
            case Arithmetic(operation, left, right):
                return self._both(f"{{}} {operation.value} {{}}", left, right)
            case Extreme(pick, items):
                return self._extreme("min" if pick.value == "least" else "max", items)
            case Share(base, rate, rounding):
                self.names["share_of"] = share_of
                call = f"share_of({{}}, {self.constant('rate', rate)}, {self.constant('rounding', rounding)})"
                return self._one(call, base)
            case Rounded(amount, rounding):
                self.names |= {"ORE": ORE, "ROUNDING": ROUNDING}
                return self._one(f"{{}}.quantize(ORE, {rounding.mode!r}, ROUNDING)", amount)
            case Lookup(table, day):
                found = self._one(f"{self.term(table).code}.at({{}})", day)
                return _Value(found.code, True)
            case Total(collection, item, where):
                return self._total(collection, item, where)
            case Choose(condition, chosen, otherwise):
                return self._choose(condition, chosen, otherwise)
            case Compare(relation, left, right):
                sign = "==" if relation is Relation.EQUAL else relation.value
                return self._both(f"{{}} {sign} {{}}", left, right)
            case Membership(among, subject, options):
                return self._membership(among, subject, options)
            case AllOf(items):
                return self._junction(items, "False", "True")
            case AnyOf(items):
                return self._junction(items, "True", "False")
            case AtLeast(count, items):
                return self._at_least(count, items)
            case Not(item):
                return self._one("not {}", item)
            case Exists(collection, where):
                return self._exists(collection, where)
            case Different(count, where):
                return self._different(count, where)
            case Known(fact):
                return self.hold("known", f"{self.term(fact).code} is not None", False)
            case _:
                assert_never(term)

    def _literal(self, value: Any) -> _Value:
        if isinstance(value, bool | int | str):
            return _Value(repr(value), False)
        return _Value(self.constant("constant", value), False)

    def _one(self, pattern: str, inner: Term) -> _Value:
        value = self.term(inner)
        code = pattern.format(value.code)
        return self.hold("v", f"None if {value.code} is None else {code}" if value.nullable else code, value.nullable)

    def _both(self, pattern: str, left: Term, right: Term) -> _Value:
        first, second = self.term(left), self.term(right)
        missing = " or ".join(f"{value.code} is None" for value in (first, second) if value.nullable)
        code = pattern.format(first.code, second.code)
        return self.hold("v", f"None if {missing} else {code}" if missing else code, bool(missing))

    def _fact(self, fact: Fact) -> _Value:
        if fact.of == TOTALS:
            return _Value("eligible", True)
        at = _Value(self.items[fact.of], False)
        for step in fact.path:
            stated = self.rules.references.get((fact.of, step))
            if stated is None:
                code = f"{at.code}.{step}"
            else:
                self.names["organisation_named"] = organisation_named
                code = f"organisation_named(application, {at.code}.{stated})"
            at = self.hold(step, f"None if {at.code} is None else {code}" if at.nullable else code, True)
        return at

    def _judgement(self, id: str) -> _Value:
        judged = self.hold("judged", f"answers.get({id!r})", True)
        known = " and ".join(f"{judged.code} is not {value}" for value in (None, True, False))
        self.put(f"if {known}: {judged.code} = {judged.code}.on({self.line})")
        return judged

    def _extreme(self, function: str, items: tuple[Term, ...]) -> _Value:
        values = [self.term(item) for item in items]
        missing = " or ".join(f"{value.code} is None" for value in values if value.nullable)
        call = f"{function}({', '.join(value.code for value in values)},)"
        if len(values) == 1:
            return values[0]
        return self.hold("v", f"None if {missing} else {call}" if missing else call, bool(missing))

    @contextmanager
    def _each(self, collection: str, items: str) -> Iterator[None]:
        """A loop over a list, with its item at hand."""
        name, outer_items, outer_line = self.fresh(collection.rstrip("s")), self.items, self.line
        with self.block(f"for {name} in {items}:"):
            self.items = {**outer_items, collection: name}
            self.line = f"{name}.id" if collection == COSTS else outer_line
            yield
        self.items, self.line = outer_items, outer_line

    def _total(self, collection: str, item: Term, where: Term | None) -> _Value:
        items = self.term(Fact(APPLICATION, (collection,)))
        total = self.fresh("total")
        nothing = self.constant("nothing", NOTHING)
        self.put(f"{total} = None if {items.code} is None else {nothing}")
        with self._each(collection, f"{items.code} or ()"):
            picked = _Value("True", False) if where is None else self.term(where)
            if where is not None:
                self.put(f"if {picked.code} is False: continue")
            part = self.term(item)
            missing = " or ".join(f"{value.code} is None" for value in (picked, part) if value.nullable)
            if missing:
                with self.block(f"if {missing}:"):
                    self.put(f"{total} = None")
                    self.put("break")
            self.put(f"{total} += {part.code}")
        return _Value(total, True)

    def _choose(self, condition: Term, chosen: Term, otherwise: Term) -> _Value:
        truth, made = self.term(condition), self.fresh("chosen")
        if truth.nullable:
            with self.block(f"if {truth.code} is None:"):
                self.put(f"{made} = None")
        with self.block(f"{'elif' if truth.nullable else 'if'} {truth.code}:"):
            first = self.term(chosen)
            self.put(f"{made} = {first.code}")
        with self.block("else:"):
            second = self.term(otherwise)
            self.put(f"{made} = {second.code}")
        return _Value(made, truth.nullable or first.nullable or second.nullable)

    def _membership(self, among: Among, subject: Term, options: tuple[str, ...]) -> _Value:
        match among:
            case Among.IS_ONE_OF:
                return self._one(f"{{}} in {options!r}", subject)
            case Among.INCLUDES_ALL:
                return self._one(f"{{}} >= {self.constant('words', frozenset(options))}", subject)
            case Among.INCLUDES_ANY:
                return self._one(f"not {{}}.isdisjoint({options!r})", subject)
            case _:
                assert_never(among)

    def _junction(self, items: tuple[Term, ...], settling: str, neutral: str) -> _Value:
        """All of, settled by one false; any of, settled by one true."""
        first = self.term(items[0])
        made, nullable = self.hold("t", first.code, first.nullable), first.nullable
        opened = self.indent
        before = self.held
        for item in items[1:]:
            self.put(f"if {made.code} is not {settling}:")
            self.indent, self.held = self.indent + 1, dict(self.held)
            value = self.term(item)
            nullable |= value.nullable
            self.put(f"if {value.code} is not {neutral}: {made.code} = {value.code}")
        self.indent, self.held = opened, before
        return _Value(made.code, nullable)

    def _at_least(self, count: int, items: tuple[Term, ...]) -> _Value:
        values = [self.term(item).code for item in items]
        sure = " + ".join(f"({value} is True)" for value in values)
        possible = " + ".join(f"({value} is not False)" for value in values)
        return self.hold("t", f"True if {sure} >= {count} else False if {possible} < {count} else None", True)

    def _exists(self, collection: str, where: Term) -> _Value:
        items = self.term(Fact(APPLICATION, (collection,)))
        found = self.fresh("found")
        self.put(f"{found} = None if {items.code} is None else False")
        with self._each(collection, f"{items.code} or ()"):
            truth = self.term(where)
            with self.block(f"if {truth.code} is not False:"):
                self.put(f"{found} = {truth.code}")
                self.put(f"if {found}: break")
        return _Value(found, True)

    def _different(self, count: int, where: Term) -> _Value:
        self.names["enough_different"] = enough_different
        items, found = self.term(Fact(APPLICATION, (ORGANISATIONS,))), self.fresh("found")
        self.put(f"{found} = []")
        with self._each(ORGANISATIONS, f"{items.code} or ()"):
            truth = self.term(where)
            self.put(f"{found}.append(({self.items[ORGANISATIONS]}, {truth.code}))")
        return self.hold("t", f"None if {items.code} is None else enough_different({count}, {found})", True)

    # Rules, in the order of the specification

    def verdicts(self) -> None:
        self.names |= {"Verdicts": Verdicts, "Interval": Interval, "ZERO": ZERO, "new": tuple.__new__}
        self.names |= {found.name: found for found in Result} | {f"O_{found.name}": found for found in Outcome}
        with self.block("def verdicts(application, answers):"):
            results = [self._requirement(rule) for rule in self.rules.requirements]
            self._outcome(results)
            self._costs()
            self._grant()
            self.put(f"return new(Verdicts, (({''.join(r + ', ' for r in results)}), outcome, lines, total, grant))")

    def _requirement(self, rule: Requirement) -> str:
        made = self.fresh("result")
        if rule.when is None:
            self._demand(rule, made)
            return made
        applies = self.term(rule.when)
        with self.block(f"if {applies.code} is False:"):
            self.put(f"{made} = NOT_APPLICABLE")
        if applies.nullable:
            with self.block(f"elif {applies.code} is None:"):
                self.put(f"{made} = UNDETERMINED")
        with self.block("else:"):
            self._demand(rule, made)
        return made

    def _demand(self, rule: Requirement, made: str) -> None:
        holds = self.term(rule.demand)
        missing = f"UNDETERMINED if {holds.code} is None else " if holds.nullable else ""
        self.put(f"{made} = MET if {holds.code} else {missing}NOT_MET")

    def _outcome(self, results: list[str]) -> None:
        pairs = list(zip(self.rules.requirements, results, strict=True))
        formal = [made for rule, made in pairs if rule.stage is Stage.FORMAL]
        other = [made for rule, made in pairs if rule.stage is not Stage.FORMAL]
        self.put("outcome = (")
        for group, reached in ((formal, "O_DISMISSED"), (other, "O_INELIGIBLE")):
            if group:
                self.put(f"    {reached} if {' or '.join(f'{made} is NOT_MET' for made in group)} else")
        if results:
            self.put(f"    O_UNDETERMINED if {' or '.join(f'{made} is UNDETERMINED' for made in results)} else")
        self.put("    O_ELIGIBLE)")

    def _costs(self) -> None:
        costs = self.term(Fact(APPLICATION, (COSTS,)))
        with self.block(f"if {costs.code} is None:"):
            self.put("lines = total = eligible = most = None")
        with self.block("else:"):
            self.put("made = []")
            self.put("whole = eligible = most = ZERO")
            with self._each(COSTS, costs.code):
                self._line(self.items[COSTS])
            self.put("lines = new(tuple, made)")
            self.put("total = None")
            with self.block("if eligible is not None:"):
                self.put("total = new(Interval, (whole, eligible, most))")

    def _line(self, item: str) -> None:
        amount, vat = self.term(Fact(COSTS, ("amount",))), self.term(Fact(COSTS, ("vat",)))
        with self.block(f"if {amount.code} is None or {vat.code} is None:"):
            self.put("made.append(None)")
            self.put("eligible = most = None")
            self.put("continue")
        self.put(f"claimed = low = high = {amount.code} + {vat.code}")
        for rule in self.rules.cost_rules:
            self._cost_rule(rule)
        self.put("made.append(new(Interval, (claimed, low, high)))")
        with self.block("if eligible is not None:"):
            self.put("whole += claimed")
            self.put("eligible += low")
            self.put("most += high")

    def _cost_rule(self, rule: CostRule) -> None:
        opened, before = self.indent, self.held
        truths = []
        for index, guard in enumerate(term for term in (rule.concerns, rule.when) if term is not None):
            possible, sure = self._guard(guard)
            # What the first guard reads is read for every line; the rest only where that guard lets it through.
            before = self.held if index == 0 else before
            self.held = dict(self.held)
            self.put(f"if {possible}:")
            self.indent += 1
            truths += [sure] if sure else []
        self._cut(rule, truths)
        self.indent, self.held = opened, before

    def _guard(self, guard: Term) -> tuple[str, str]:
        """Two conditions: that a term is not surely false, and that it then is true, empty if it must be."""
        match guard:
            case Compare(Relation.EQUAL, Fact() as fact, Constant(value)):
                found = self.term(fact).code
                return f"{found} is None or {found} == {self._literal(value).code}", f"{found} is not None"
            case _:
                truth = self.term(guard)
                return f"{truth.code} is not False", truth.code if truth.nullable else ""

    def _cut(self, rule: CostRule, truths: list[str]) -> None:
        """Take from the lower end, and from the upper end too where the rule surely applies."""
        match rule.disallow:
            case Whole():
                left, known = "ZERO", _Value("", False)
            case Part(amount):
                known = self.term(amount)
                left = f"ZERO if {known.code} >= {{0}} else {{0}} if {known.code} <= ZERO else {{0}} - {known.code}"
            case Above(limit):
                known = self.term(limit)
                left = f"{{0}} if {{0}} <= {known.code} else {known.code} if {known.code} > ZERO else ZERO"
            case _:
                assert_never(rule.disallow)
        conditions = [*truths, *([f"{known.code} is not None"] if known.nullable else [])]
        if not conditions:
            self._cut_both(left)
            return
        with self.block(f"if {' and '.join(conditions)}:"):
            self._cut_both(left)
        with self.block("else:"):
            unless = f"ZERO if {known.code} is None else " if known.nullable else ""
            self.put(f"low = {unless}{left.format('low')}")

    def _cut_both(self, left: str) -> None:
        # The two ends are one object until a rule may or may not apply.
        with self.block("if low is high:"):
            self.put(f"low = high = {left.format('high')}")
        with self.block("else:"):
            self.put(f"high = {left.format('high')}")
            self.put(f"low = {left.format('low')}")

    def _grant(self) -> None:
        refused = "outcome is O_DISMISSED or outcome is O_INELIGIBLE"
        with self.block(f"if {refused}:"):
            self.put("grant = ZERO")
        with self.block("else:"):
            least = self._grant_at()
            with self.block("if eligible != most:"):
                self.put("eligible = most")
                most = self._grant_at()
                self.put(f"if {most} != {least}: {least} = None")
            self.put(f"grant = {least}")

    def _grant_at(self) -> str:
        amount = self.term(self.rules.grant.amount)
        floor = _Value("ZERO", False) if self.rules.grant.floor is None else self.term(self.rules.grant.floor)
        missing = " or ".join(f"{value.code} is None" for value in (amount, floor) if value.nullable)
        code = f"{amount.code} if {amount.code} and {amount.code} >= max({floor.code}, ZERO) else ZERO"
        return self.hold("grant", f"None if {missing} else {code}" if missing else code, bool(missing)).code
