"""Every decision can be explained."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grantrules import Outcome
from grantrules.testing.strategies.applications import assessed_applications
from grantrules.values import LANGUAGES, Language
from tests.pools import EVERY_POOL, RULEBOOKS


@pytest.mark.parametrize("language", LANGUAGES)
@EVERY_POOL
@settings(max_examples=25)
@given(data=st.data())
def test_every_decision_is_explained(pool: str, language: Language, data: st.DataObject) -> None:
    """A decision is explained in every language, as text and as Markdown, and names every rule not met or open."""
    rulebook = RULEBOOKS[pool]
    decision = rulebook.decide(*data.draw(assessed_applications(rulebook)))
    for markdown in (False, True):
        explained = decision.explain(language, markdown=markdown).replace("\\", "")
        assert explained.strip()
        for finding in decision.findings:
            assert f"[{finding.rule}]" in explained
        # A dismissed application is not assessed, so its letter asks for nothing.
        for need in decision.needed if decision.outcome is not Outcome.DISMISSED else ():
            assert need.what in explained
        assert "Decimal(" not in explained
