"""Saying which law is broken, by which rule, and on what application."""

import json
from collections.abc import Iterator, Sequence

from grantrules.testing.laws.law import Breach, Law


def report(law: Law, subject: str, breaches: Sequence[Breach]) -> str:
    """What pytest shows of a law that a rulebook or a plugin breaks: every breach with its smallest example."""
    return "\n".join(_lines(law, subject, breaches))


def _lines(law: Law, subject: str, breaches: Sequence[Breach]) -> Iterator[str]:
    yield f"`{subject}` breaks the law `{law.name}`: {law.statement}"
    for breach in breaches:
        yield f"  {breach.rule}: {breach.message}" if breach.rule else f"  {breach.message}"
        for case in breach.example_data:
            yield f"    application: {json.dumps(case['application'], ensure_ascii=False)}"
            for assessment in case["assessments"]:
                yield f"    assessment: {json.dumps(assessment, ensure_ascii=False)}"
    keys = ", ".join(f"`{key}`" for key in dict.fromkeys(breach.key for breach in breaches))
    yield f"    hint: mend the rule, or waive {keys} with the reason"
