"""
Saving rule sets, and loading saved ones: the format `grantrules.ruleset/1`.

A loaded rule set decides the same as the one that was saved, without the plugin that it came from.
"""

import json
from typing import Any

import cattrs
from attrs import evolve

from grantrules.application import application_class
from grantrules.errors import InputError, Problem
from grantrules.pools import Figure
from grantrules.ruleset import FORMAT, RuleSet, sources_of
from grantrules.soundness import checked
from grantrules.storage import reader, with_bases, writer
from grantrules.terms.schema import Schema

_FIGURES = tuple[Figure, ...]
"""What is published about a round. It is saved beside the rules: no digest covers what no rule reads."""


def save(rules: RuleSet) -> str:
    """Write a rule set as JSON text, with its digest and the versions of the plugins it came from."""
    figures = rules.round.figures
    published = {
        "figures": writer().unstructure(figures),
        "sources": [writer().unstructure(source) for source in sources_of(figure.basis for figure in figures)],
    }
    data = {**rules.data, "digest": rules.digest, "versions": dict(rules.versions), "published": published}
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
        claimed = data.pop("digest", None)
        published = data.pop("published", {"figures": [], "sources": []})
        rules = read(data)
        figures = reader().structure(with_bases(published["figures"], published["sources"]), _FIGURES)
        rules = evolve(rules, round=evolve(rules.round, figures=figures))
    except RecursionError as error:
        raise InputError(subject, [Problem("", "the file is nested too deeply")]) from error
    except KeyError as error:
        message = f"not a saved rule set: the key `{error.args[0]}` is missing"
        raise InputError(subject, [Problem("", message)]) from error
    except (ValueError, TypeError, AttributeError, cattrs.BaseValidationError) as error:
        raise InputError(subject, [Problem("", f"not a saved rule set: {_innermost(error)}")]) from error
    if claimed != rules.digest:
        message = f"the file says {claimed}, its rules have {rules.digest}"
        raise InputError(subject, [Problem("digest", message, "save the rule set again", "changed")])
    return checked(rules)


def _innermost(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def read(data: dict[str, Any]) -> RuleSet:
    """The rule set whose canonical form `data` is; whatever is wrong with it raises an error of some kind."""
    stated = {key: value for key, value in data.items() if key not in ("format", "sources")}
    made = application_class(reader().structure(data["schema"], Schema))
    pool = {**data["pool"], "application": made, "rounds": [data["round"]], "sources": data["sources"]}
    return reader().structure(with_bases({**stated, "pool": pool}, data["sources"]), RuleSet)
