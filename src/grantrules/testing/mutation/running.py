"""
Running cases and laws against the mutants of a rule set, in several processes, and what comes of each.

A mutant is caught by the first case that does not hold for it, else by a law that it breaks and the rules keep. For
one that nothing catches, the smallest application is looked for that would have caught it: one that the rules and
the mutant decide differently.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from enum import StrEnum
from fractions import Fraction
from functools import cache, cached_property
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path

from attrs import field, frozen

from grantrules.errors import InputError, Problem, nearest
from grantrules.rulebooks import Rulebook
from grantrules.serial.rulesets import load
from grantrules.soundness import problems
from grantrules.testing.aiming.editing import CaseFile
from grantrules.testing.cases.reading import Case, case_differences, read_cases
from grantrules.testing.coverage import unwatched
from grantrules.testing.laws import broken_laws
from grantrules.testing.mutation.equivalence import why_equal
from grantrules.testing.mutation.mistakes import Operator
from grantrules.testing.mutation.mutants import Mutant, mutants
from grantrules.testing.mutation.witnesses import Witness, witness

LAWS = (
    "can-be-met",
    "can-fail-alone",
    "can-be-undetermined",
    "cost-rules-cut",
    "no-two-rules-alike",
    "grant-within-limits",
    "scores-on-scale",
    "scores-monotone",
)
"""The laws that rest on what the rules say. The others are kept by whatever rules the engine takes."""

_EXAMPLES = 10
_AT_ONCE = 6
_STARTS = 4


class Fate(StrEnum):
    """What comes of a mutant."""

    CAUGHT = "caught"
    REFUSED = "refused when loaded"
    EQUAL = "equal in meaning"
    SURVIVED = "survived"


@frozen
class Tried:
    """
    A mutant, and what came of it.

    Args:
        change: what was done to the rule, in words.
        by: the case or the law that caught it, what refused it, or why nothing can tell it apart.
        witness: of one that survived; `None` where no application was found that would catch it.
    """

    id: str
    rule: str
    operator: Operator
    change: str
    fate: Fate
    by: str = ""
    witness: Witness | None = None


@frozen
class Mutation:
    """The mutants of one rule set, tried."""

    rules: str
    digest: str
    cases: int
    tried: tuple[Tried, ...]

    def of(self, fate: Fate) -> tuple[Tried, ...]:
        """Those with one fate, in the order of the rules."""
        return tuple(one for one in self.tried if one.fate is fate)

    @property
    def survivors(self) -> tuple[Tried, ...]:
        """Those that nothing caught and that are not known to be equal in meaning."""
        return self.of(Fate.SURVIVED)

    @cached_property
    def ratio(self) -> Fraction:
        """The share of those that can be caught which was caught; 1 if there are none."""
        caught = len(self.of(Fate.CAUGHT)) + len(self.of(Fate.REFUSED))
        can_be = caught + len(self.survivors)
        return Fraction(caught, can_be) if can_be else Fraction(1)


def mutate(
    rulebook: Rulebook,
    cases: Sequence[Case] = (),
    *,
    laws: bool = True,
    rules: Collection[str] = (),
    workers: int | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Mutation:
    """
    Try every mutant of a rulebook.

    Args:
        cases: of this rulebook; those of other rounds are passed over.
        laws: run laws too, against what no case catches.
        rules: only mutants of these rules, or of `value.…` of the round.
        workers: processes; as many as there are processors if left out, 1 for none but this one. A script that begins
            processes has to do so under `if __name__ == "__main__"`, for each of them reads it again.
        progress: told how many mutants are done, and of how many.

    Raises:
        InputError: a case does not hold for the rules themselves, or nothing is called by one of `rules`.
    """
    own = [case for case in cases if case.rulebook.digest == rulebook.digest]
    _hold(own, rulebook)
    chosen = _chosen(rulebook, rules)
    job = _Job(rulebook.save(), tuple((str(case.folder), case.name) for case in own), laws)
    count = workers or cpu_count() or 1
    groups = [tuple(chosen[i : i + _AT_ONCE]) for i in range(0, len(chosen), _AT_ONCE)]
    found: dict[str, Tried] = {}
    for tried in _in_turn(job, groups) if count == 1 else _at_once(job, groups, count):
        found |= {one.id: one for one in tried}
        progress(len(found), len(chosen))
    return Mutation(rulebook.rules.name, rulebook.digest, len(own), tuple(found[id] for id in chosen))


def _hold(cases: Sequence[Case], rulebook: Rulebook) -> None:
    failing = [case.name for case in cases if case_differences(case, rulebook)]
    if failing:
        hint = "run `grantrules test` and mend them first"
        raise InputError("cases", [Problem(name, "the case does not hold for the rules", hint) for name in failing])


def _chosen(rulebook: Rulebook, rules: Collection[str]) -> list[str]:
    made = list(mutants(rulebook.rules))
    known = {mutant.rule for mutant in made}
    unknown = [Problem(id, "no mutant is made of it", nearest(id, known)) for id in rules if id not in known]
    if unknown:
        raise InputError(rulebook.rules.name, unknown)
    return [mutant.id for mutant in made if not rules or mutant.rule in rules]


# Processes


@frozen
class _Job:
    """What a process needs to make the mutants again: nothing that cannot be sent, and no plugin."""

    saved: str = field(repr=False)
    cases: tuple[tuple[str, str], ...]
    laws: bool


def _in_turn(job: _Job, groups: Sequence[tuple[str, ...]]) -> Iterator[list[Tried]]:
    bench = _bench(job)
    yield from (bench.all_tried(group) for group in groups)


def _at_once(job: _Job, groups: Sequence[tuple[str, ...]], workers: int) -> Iterator[list[Tried]]:
    # A fresh interpreter for each: a copy of this one could inherit locks that nobody lets go of.
    with ProcessPoolExecutor(min(workers, len(groups) or 1), get_context("spawn")) as pool:
        waiting = [pool.submit(_try_all, job, group) for group in groups]
        yield from (done.result() for done in as_completed(waiting))


def _try_all(job: _Job, ids: Sequence[str]) -> list[Tried]:
    """What a process of its own does. It lives no longer than one call of `mutate`, so it reads the cases once."""
    return _kept_bench(job).all_tried(ids)


def _bench(job: _Job) -> "_Bench":
    rulebook = Rulebook(load(job.saved))
    folders = dict.fromkeys(folder for folder, _ in job.cases)
    found = [case for folder in folders for case in read_cases(Path(folder), rulebook)]
    own = tuple(case for case in found if (str(case.folder), case.name) in job.cases)
    return _Bench(rulebook, own, {m.id: m for m in mutants(rulebook.rules)}, job.laws)


_kept_bench = cache(_bench)


@frozen(eq=False)
class _Bench:
    """Where mutants are tried: the rules, the cases, and all mutants by id."""

    rulebook: Rulebook
    cases: tuple[Case, ...]
    mutants: dict[str, Mutant]
    laws: bool

    @cached_property
    def _broken_anyway(self) -> frozenset[str]:
        """The laws that the rules themselves break; they catch nothing."""
        return frozenset(breach.key for breach in broken_laws(self.rulebook, LAWS, _EXAMPLES, small=False))

    def all_tried(self, ids: Sequence[str]) -> list[Tried]:
        """What comes of several mutants. What is decided on the way is no coverage."""
        with unwatched():
            return [self.tried(self.mutants[id]) for id in ids]

    def tried(self, mutant: Mutant) -> Tried:
        """What comes of one mutant."""
        fate, by, witness = self._fate(mutant)
        return Tried(mutant.id, mutant.rule, mutant.operator, mutant.change, fate, by, witness)

    def _fate(self, mutant: Mutant) -> tuple[Fate, str, Witness | None]:
        refused = problems(mutant.rules)
        if refused:
            return Fate.REFUSED, refused[0].message, None
        changed = Rulebook(mutant.rules)
        for case in self.cases:
            if not case.holds(changed):
                return Fate.CAUGHT, f"case {case.name}", None
        equal = why_equal(self.rulebook.rules, mutant)
        if equal:
            return Fate.EQUAL, equal, None
        for breach in broken_laws(changed, LAWS, _EXAMPLES, small=False) if self.laws else ():
            if breach.key not in self._broken_anyway:
                return Fate.CAUGHT, f"law {breach.key}", None
        return Fate.SURVIVED, "", witness(self.rulebook, changed, self._starts)

    @cached_property
    def _starts(self) -> tuple[CaseFile, ...]:
        """Some of the cases, to look for what would have caught a mutant near them."""
        own = [case for case in self.cases if not case.is_variation][:_STARTS]
        return tuple(CaseFile(self.rulebook.rules, *case.read()) for case in own)
