"""The rulebook: the object users hold. It reads applications, decides them, and checks decisions again."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, assert_never, cast

from attrs import evolve, field, frozen

from grantrules.allocate import allocate
from grantrules.allocations import AllocationResult, read_allocation
from grantrules.application import Application, Assessment
from grantrules.awards import Settled
from grantrules.bases import Assumed
from grantrules.criteria import Weighting, Weights
from grantrules.decide import check_assessments, decide
from grantrules.decisions import Decision, Verification, read_decision, verified
from grantrules.errors import InputError, Problem, excerpt, nearest
from grantrules.pools import BUDGET, Assumption, Pool, Round
from grantrules.readings.compile import Compiled, compiled, source_of
from grantrules.readings.describe import described
from grantrules.readings.layout import Document, written
from grantrules.readings.phrases import check_language
from grantrules.replacing import replace
from grantrules.ruleset import RuleSet
from grantrules.serial.applications import ApplicationReader
from grantrules.serial.assessments import AssessmentReader
from grantrules.serial.files import Input, read_text
from grantrules.serial.json_schema import allocation_schema, application_schema, assessment_schema, decision_schema
from grantrules.serial.rulesets import load, save
from grantrules.serial.templates import application_template, assessment_template
from grantrules.soundness import checked
from grantrules.tables.described import described as described_tables
from grantrules.tables.extra import needs_narwhals
from grantrules.tables.filling import Backend, tables_of
from grantrules.tables.layout import layout
from grantrules.tables.restoring import restored
from grantrules.values import Amount, Language, Text, is_value

if TYPE_CHECKING:
    from grantrules.readings.columns.tables import Columns
    from grantrules.readings.columns.whatif import WhatIf

FileKind: TypeAlias = Literal["application", "assessment", "decision", "allocation"]
TemplateKind: TypeAlias = Literal["application", "assessment"]


@frozen
class Rulebook:
    """
    The rules of one round, ready to be used.

        rules = grantrules.rulebook("dk_2018_kompetenceloeft")
        application = rules.read_application("application.json")
        decision = rules.decide(application, assessments=[rules.read_assessment("assessment.json")])

    A rulebook is never changed; `with_values` returns another one.
    """

    rules: RuleSet = field(repr=lambda rules: rules.name)

    @property
    def pool(self) -> Pool:
        """The pool."""
        return self.rules.pool

    @property
    def round(self) -> Round:
        """The round."""
        return self.rules.round

    @property
    def digest(self) -> str:
        """The digest of the rules: equal for rulebooks that say the same."""
        return self.rules.digest

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """Everything the rules assume because no document says it."""
        return self.rules.assumptions()

    @cached_property
    def _verdicts(self) -> Compiled:
        return compiled(self.rules)

    @property
    def source(self) -> str:
        """The Python source that the rules were compiled to."""
        return source_of(self.rules)[0]

    @cached_property
    def _reader(self) -> ApplicationReader:
        return ApplicationReader(self.rules)

    @cached_property
    def _assessment_reader(self) -> AssessmentReader:
        return AssessmentReader(self.rules)

    def read_application(self, source: Input) -> Any:
        """
        Read an application.

        Args:
            source: the path of a JSON file, or a mapping of the same shape.

        Returns:
            An object of the pool's own application class.

        Raises:
            InputError: with everything that is wrong, each with its path.
        """
        return self._reader.read(source)

    def read_assessment(self, source: Input) -> Assessment:
        """
        Read one assessor's assessment.

        Raises:
            InputError: with everything that is wrong, each with its path.
        """
        return self._assessment_reader.read(source)

    def read_decision(self, source: Input) -> Decision:
        """
        Read a stored decision. It holds what was stored; nothing is decided again.

        Raises:
            InputError: it is no decision file of this format.
        """
        return read_decision(source)

    def decide(self, application: Application, assessments: Iterable[Assessment] = ()) -> Decision:
        """
        Decide one application.

        Args:
            application: as read by `read_application`, or built in Python.
            assessments: all of this application, in any order.

        Raises:
            InputError: an assessment is of another application or judges a line that is not there.
        """
        return Decision(decide(self.rules, self._verdicts, application, tuple(assessments)))

    def check_assessments(
        self, application: Application, assessments: Iterable[Assessment], subject: str = "assessments"
    ) -> None:
        """
        Refuse assessments that do not belong to an application; `decide` does so too.

        Raises:
            InputError: about `subject`, with all problems at once.
        """
        check_assessments(application, tuple(assessments), subject)

    def verify(
        self,
        decision: Decision | Input,
        application: Application,
        assessments: Iterable[Assessment] = (),
    ) -> Verification:
        """
        Say whether a decision still stands for this application under these rules, and if not, what differs.

        Args:
            decision: a decision, or where one is stored.
        """
        stored = decision if isinstance(decision, Decision) else self.read_decision(decision)
        now = self.decide(application, assessments)
        for override in stored.overrides:
            with suppress(InputError):  # what stands in nobody's way any more differs, and is shown
                now = now.overridden(override.by, override.reason, override.sets_aside)
        return verified(stored, now)

    def override(self, decision: Decision, *, by: str, reason: str, sets_aside: Sequence[str]) -> Decision:
        """
        Record that a person sets findings aside.

            rules.override(decision, by="Kontorchef N.N.", reason="…", sets_aside=["formal.length"])

        The findings stay as they are. `recommended` is the highest grant by the rules alone, `decided` the one
        without the rules that are set aside, and the allocation keeps both apart.

        Args:
            decision: one that `decide` has made.
            sets_aside: ids of requirements that are not met or undetermined, of cost rules that took or hold back
                money, or of thresholds that are not reached.

        Raises:
            InputError: nobody, nothing or no reason is named, or a rule that stands in nobody's way.
        """
        if decision.rules_digest != self.digest:
            message = f"the decision was made by other rules ({self.rules.unlike(decision.rules_digest)})"
            raise InputError(
                self.rules.name, [Problem("", message, "override it with its own rulebook", "other-rules")]
            )
        return decision.overridden(by, reason, sets_aside)

    def allocate(
        self,
        decisions: Iterable[Decision],
        *,
        budget: Decimal | None = None,
        prior: Mapping[str, Decimal] | AllocationResult | None = None,
        seed: str | None = None,
        settled: Settled | None = None,
    ) -> AllocationResult:
        """
        Share out the budget of the round over its decided applications.

        The order of the decisions does not matter, and a tie is never broken by it.

        Args:
            decisions: of this round, one for each application.
            budget: another sum than the round's, such as what there is left.
            prior: application to what it was awarded before, or the earlier allocation, in a round that tops up;
                it is held against what the applications state.
            seed: what lots are drawn with, where the order draws lots; the result publishes it.
            settled: the order in which a person put level applications.

        Raises:
            InputError: decisions of another round or of other rules, two on one application, an earlier award of an
                unknown application, …: with everything that is wrong; nothing is allocated then.
        """
        before = _awarded(self.rules, prior) if isinstance(prior, AllocationResult) else prior
        made = allocate(self.rules, decisions, budget=budget, prior=before, seed=seed, settled=settled)
        return AllocationResult(made)

    def replace(
        self, allocation: AllocationResult, withdrawn: Iterable[str], *, settled: Settled | None = None
    ) -> AllocationResult:
        """
        Give what applicants turned down, and what was left, to those next in line.

        Args:
            withdrawn: the case numbers of those who turn their awards down.
            settled: the order in which a person put level applications on the reserve list.

        Raises:
            InputError: somebody has no award to turn down, or the allocation is of other rules.
        """
        return AllocationResult(replace(self.rules, allocation.allotment, withdrawn, settled))

    def read_allocation(self, source: Input) -> AllocationResult:
        """
        Read a stored allocation. It holds what was stored; nothing is allocated again.

        Raises:
            InputError: it is no allocation file of this format.
        """
        return read_allocation(source)

    def with_values(self, **changed: Amount) -> "Rulebook":
        """
        The same rules with other values of the round: a what-if.

            rules.with_values(grant_ceiling=kr("3000000"))

        Raises:
            InputError: the round binds no such value.
            PluginError: the rules do not hold together with the new values.
        """
        rules, known = self.rules, self.rules.values
        unknown = [name for name in changed if name not in known]
        if unknown:
            hint = "choose from " + ", ".join(f"`{name}`" for name in sorted(known))
            problems = (Problem(n, "the round binds no such value", nearest(n, known) or hint) for n in unknown)
            raise InputError(rules.name, problems)
        wrong = [name for name, value in changed.items() if not is_value(value)]
        if wrong:
            problems = (Problem(name, f"expected a value, got {excerpt(changed[name])}") for name in wrong)
            raise InputError(rules.name, problems)
        values = tuple(evolve(v, amount=changed.get(v.name, v.amount)) for v in rules.round.values)
        round = evolve(rules.round, values=values)
        if BUDGET in changed:  # what another budget is made of, nobody has said
            round = evolve(round, budget=cast(Decimal, changed[BUDGET]), appropriations=())
        return Rulebook(checked(evolve(rules, round=round)))

    def with_weights(self, weights: Mapping[str, Fraction | int], reason: Text) -> "Rulebook":
        """
        The same rules with other weights: a what-if.

            rules.with_weights({"strengthening": 3, "goals": 3, "volume": 2, ...}, reason)

        Args:
            weights: criterion id to its weight; only their proportions count.
            reason: why these weights are assumed.

        Raises:
            InputError: a criterion is left out or not known.
            PluginError: the weights contradict the order that the call publishes in words.
        """
        scoring = self.rules.scoring
        known = [criterion.id for criterion in scoring.criteria]
        problems = [Problem(id, "there is no such criterion", nearest(id, known)) for id in weights if id not in known]
        problems += [Problem(id, "it is given no weight", "weigh every criterion") for id in known if id not in weights]
        problems += [
            Problem(id, f"expected an exact weight, got {excerpt(weight)}", "write `Fraction(1, 3)`", "weights")
            for id, weight in weights.items()
            if type(weight) not in (int, Fraction)
        ]
        if problems:
            raise InputError(self.rules.name, problems)
        criteria = tuple(evolve(criterion, weight=Fraction(weights[criterion.id])) for criterion in scoring.criteria)
        total = sum((Fraction(weight) for weight in weights.values()), Fraction(0))
        stated = Weights(Weighting.STATED, Assumed(reason), total)
        return Rulebook(checked(evolve(self.rules, scoring=evolve(scoring, criteria=criteria, weights=stated))))

    @property
    def application(self) -> type[Application]:
        """The class of the round's applications."""
        return self.rules.application

    def describe(self, language: Language = "en", *, markdown: bool = False) -> str:
        """The rulebook as readable text: every rule with its statement, source and assumptions."""
        return written(self.document(language), markdown)

    def document(self, language: Language = "en") -> Document:
        """
        The rulebook as headings, paragraphs and lists, for programs with a layout of their own.

        Raises:
            InputError: there are no texts in that language.
        """
        check_language(language)
        return described(self.rules, language)

    def schema(self, of: FileKind = "application", language: Language = "en") -> dict[str, Any]:
        """
        The JSON Schema of a kind of file.

        It accepts everything that the reader accepts; what it cannot refuse is listed in its `$comment`.
        """
        match of:
            case "application":
                return application_schema(self.rules, language)
            case "assessment":
                return assessment_schema(self.rules, language)
            case "decision":
                return decision_schema(self.rules, language)
            case "allocation":
                return allocation_schema(self.rules, language)
            case _:
                assert_never(of)

    def table_schema(self, language: Language = "en") -> dict[str, Any]:
        """
        How applications and assessments are laid out as tables, as JSON data: every table and column, with its type,
        unit, limits and meaning.

        Raises:
            InputError: there are no texts in that language.
            PluginError: two columns of one table would have the same name.
        """
        check_language(language)
        return described_tables(self.rules, language)

    def to_tables(
        self,
        applications: Iterable[Application],
        assessments: Iterable[Assessment] = (),
        *,
        backend: Backend = "polars",
    ) -> dict[str, Any]:
        """
        Applications and all their assessments as tables, laid out as `table_schema` says.

        Args:
            applications: each with a case number of its own; they are gone through once.
            assessments: each names its application.
            backend: what the data frames are made of.

        Returns:
            Table name to a native data frame: every table and column of the layout, also those without a row.

        Raises:
            InputError: with everything that is wrong: no case number or two alike, an assessment of no application, a
                fact that its column cannot hold; or the engine is not installed.
        """
        return tables_of(layout(self.rules), applications, assessments, backend)

    def columns(self, tables: Mapping[str, Any], *, rank: bool = False) -> "Columns":
        """
        Decide all applications of a set of tables with one query of the engine that holds them.

            answers = rules.columns({"applications": polars.scan_parquet("applications.parquet"), …})
            answers.results.collect()

        Args:
            tables: table name to a native data frame, eager or lazy, laid out as `table_schema` says.
            rank: whether the results say how applications come out by their scores.

        Returns:
            `results`, one row for each application; `lines`, one for each cost line; and `problems`, one for each
            thing that is wrong with the rows: as long as there is any, the results are not to be relied on. They are
            data frames of the same engine, lazy if the tables are: nothing has been read yet but what columns there
            are.

        Raises:
            InputError: with everything that is wrong: a table or column that is missing or of another type, a rule that
                columns cannot express; or the extra is not installed.
        """
        needs_narwhals()
        from grantrules.readings.columns.tables import columns

        return columns(self.rules, tables, rank)

    def what_if(self, tables: Mapping[str, Any], other: "Rulebook") -> "WhatIf":
        """
        Decide all applications of a set of tables under these rules and under others, with one query.

            found = rules.what_if(tables, rules.with_values(grant_ceiling=kr("3000000")))
            found.summary().all.changed

        Args:
            tables: table name to a native data frame, eager or lazy, laid out as `table_schema` says, with what either
                rulebook reads.
            other: these rules with other values, another round, or any other rulebook of the same facts.

        Returns:
            `applications`, one row for each application, and `flipped`, those of them that come out otherwise: data
            frames of the same engine, lazy if the tables are. `summary()` reads the tables and adds up what becomes of
            outcomes and money, through which rules, and for which kinds of applicants. As long as `problems` has a
            row, nothing of that is to be relied on.

        Raises:
            InputError: with everything that is wrong: the rulebooks do not mean the same by a fact, a table or column
                is missing or of another type, a rule that columns cannot express; or the extra is not installed.
        """
        needs_narwhals()
        from grantrules.readings.columns.whatif import what_if

        return what_if(self.rules, other.rules if isinstance(other, Rulebook) else other, tables)

    def from_tables(self, tables: Mapping[str, Any]) -> list[tuple[Any, tuple[Assessment, ...]]]:
        """
        The applications that tables hold, in the order of their rows, each with its assessments.

        What `to_tables` wrote comes back as it was, but that a record of which nothing is stated is not there, and
        times have the offset of the pool's own zone. Whether the parts of an application agree with each other, as
        `read_application` does, is not asked.

        Args:
            tables: table name to a native data frame, eager or lazy, of Polars, DuckDB, PyArrow or PySpark.

        Raises:
            InputError: with everything that is wrong, each with its table, row and column.
        """
        return restored(self.rules, tables)

    def template(self, of: TemplateKind = "application", language: Language = "en") -> dict[str, Any]:
        """A blank file with every key, and its meaning under `$comment`, which readers pass over."""
        match of:
            case "application":
                return application_template(self.rules, language)
            case "assessment":
                return assessment_template(self.rules, language)
            case _:
                assert_never(of)

    def save(self) -> str:
        """Write the rulebook as JSON text, from which `load` makes one that decides the same."""
        return save(self.rules)

    @classmethod
    def load(cls, source: str | Path) -> "Rulebook":
        """
        Read a saved rulebook from a file. Its plugin need not be installed.

        Raises:
            InputError: the file holds no rule set, or was changed since it was saved.
        """
        return cls(load(read_text(Path(source)), str(source)))

    def to_dict(self) -> Mapping[str, Any]:
        """The canonical form of the rules, as JSON data."""
        return self.rules.data


def _awarded(rules: RuleSet, allocation: AllocationResult) -> dict[str, Decimal]:
    """What an earlier allocation of the same pool awarded."""
    made = allocation.allotment
    if made.pool != rules.pool.id or made.round == rules.round.id:
        message = f"`{made.pool}@{made.round}` is no earlier allocation of this pool"
        raise InputError(rules.name, [Problem("prior", message, "give that of an earlier round", "other-prior")])
    return {award.application: award.amount for award in allocation.awards if award.amount}
