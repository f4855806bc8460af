"""The law of files: what is written as JSON is read back as it was."""

import json
from collections.abc import Iterator
from typing import Any

from grantrules.errors import GrantrulesError
from grantrules.rulebooks import Rulebook
from grantrules.serial.applications import application_digest, application_to_data
from grantrules.serial.assessments import assessment_digest, assessment_to_data
from grantrules.serial.files import parse_json
from grantrules.serial.rulesets import load
from grantrules.testing.laws.law import Cases, Wrong
from grantrules.testing.strategies.filling import Draw


def files_are_read_otherwise(rulebook: Rulebook, given: Cases, draw: Draw) -> Iterator[Wrong]:
    """Applications, assessments, decisions and the rule set itself are equal once written and read back."""
    ((application, assessments),) = given
    try:
        yield from _rules_otherwise(rulebook)
        read = rulebook.read_application(_through_json(application_to_data(application)))
        if read != application or application_digest(read) != application_digest(application):
            yield Wrong("the application is another one once it is written and read back")
        for assessment in assessments:
            again = rulebook.read_assessment(_through_json(assessment_to_data(assessment)))
            if again != assessment or assessment_digest(again) != assessment_digest(assessment):
                yield Wrong("an assessment is another one once it is written and read back")
        decision = rulebook.decide(application, assessments)
        stored = rulebook.read_decision(_through_json(decision.to_dict()))
        if stored != decision or stored.results != decision.results or stored.explain() != decision.explain():
            yield Wrong("the decision is another one once it is written and read back")
    except GrantrulesError as error:
        yield Wrong(f"what was written cannot be read: {error}")


def _rules_otherwise(rulebook: Rulebook) -> Iterator[Wrong]:
    saved = rulebook.save()
    read = load(saved)
    if read.digest != rulebook.digest or Rulebook(read).save() != saved:
        yield Wrong("the rule set is another one once it is saved and loaded")


def _through_json(data: Any) -> Any:
    """The data written as JSON text and parsed again, as files are."""
    return parse_json(json.dumps(data, allow_nan=False), "what was written")
