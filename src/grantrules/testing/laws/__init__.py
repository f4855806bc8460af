"""
The laws that every pool keeps, and the tests that hold it to them.

    from grantrules.testing import law_suite
    import grantrules_x.plugin
    TestLaws = law_suite(grantrules_x.plugin)

`broken_laws` looks for breaches without pytest, also of a rulebook that was loaded from a file.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from grantrules.rulebooks import Rulebook
from grantrules.testing.laws.catalogue import LAWS
from grantrules.testing.laws.law import Breach, Law
from grantrules.testing.laws.running import breaches_of
from grantrules.testing.laws.waivers import known_laws

if TYPE_CHECKING:
    from grantrules.testing.laws.suite import law_suite


def broken_laws(
    rulebook: Rulebook, laws: Iterable[str] | None = None, examples: int | None = None, *, small: bool = True
) -> tuple[Breach, ...]:
    """
    Every law that a rulebook breaks, with the smallest application found that shows it; the same every time.

    Args:
        laws: the names of the laws to look at; all of them if left out. Those of plugins are passed over.
        examples: how many applications are drawn for each law that draws them; as many as suit it if left out.
        small: leave out of the applications found what can be left out; without it, looking is faster.

    Raises:
        InputError: there is no such law.
    """
    names = known_laws(LAWS if laws is None else laws, LAWS)
    found = (breaches_of(LAWS[name], rulebook, examples=examples, derandomize=True, small=small) for name in names)
    return tuple(breach for breaches in found for breach in breaches)


def __getattr__(name: str) -> Any:
    # Whoever looks for breaches without running tests does without pytest.
    if name == "law_suite":
        from grantrules.testing.laws.suite import law_suite

        return law_suite
    raise AttributeError(f"module `grantrules.testing.laws` has no name `{name}`")


__all__ = ["LAWS", "Breach", "Law", "broken_laws", "law_suite"]
