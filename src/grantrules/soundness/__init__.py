"""
Whether a rule set holds together: everything that can be wrong with rules before they meet an application.

What passes here can be read by every reading without an error.
"""

from grantrules.bases import Source
from grantrules.errors import PluginError, Problem
from grantrules.ruleset import RuleSet
from grantrules.soundness.methods import allocation_problems
from grantrules.soundness.rounds import pool_problems, round_problems, value_problems
from grantrules.soundness.rules import judgement_problems, rule_problems
from grantrules.soundness.scores import score_problems
from grantrules.terms.check import NOT_A_TERM


def checked(rules: RuleSet) -> RuleSet:
    """
    Return the rule set if it holds together.

    Raises:
        PluginError: with every problem found, each with its plugin, rule and place.
    """
    found = problems(rules)
    if found:
        raise PluginError(rules.name, found)
    return rules


def problems(rules: RuleSet) -> list[Problem]:
    """Everything that is wrong with a rule set, each with its plugin, rule and place."""
    found = list(rule_problems(rules))
    if any(problem.code == NOT_A_TERM for problem in found):
        return found
    found += [*pool_problems(rules), *round_problems(rules), *value_problems(rules), *score_problems(rules)]
    found += [*judgement_problems(rules), *allocation_problems(rules)]
    sources: dict[str, Source] = {}
    for source in rules.sources:
        if sources.setdefault(source.id, source) != source:
            found.append(Problem(f"source {source.id}", "two different sources have this id", code="two-sources"))
    return found
