"""A decision depends on rules, application and assessments, and on nothing around them."""

import ast
import json
import os
import subprocess
import sys
from decimal import ROUND_CEILING, ROUND_DOWN, Context, localcontext
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grantrules.serial.applications import application_digest, application_to_data
from grantrules.testing.strategies.applications import assessed_applications
from grantrules.values import LANGUAGES
from tests.pools import EVERY_POOL, RULEBOOKS

ROOT = Path(__file__).parents[2]
CASES = ROOT / "plugins" / "dk_2018_kompetenceloeft" / "cases"

NARROW = (Context(prec=6, rounding=ROUND_CEILING), Context(prec=3, rounding=ROUND_DOWN))
"""What another library may have made of the context in which decimals are computed."""

DECIDE_ALL = """
import json, sys
from pathlib import Path
import grantrules as g

rulebook = g.rulebook("dk_2018_kompetenceloeft")
for folder in sorted(path for path in Path(sys.argv[1]).iterdir() if path.is_dir()):
    application = rulebook.read_application(folder / "application.json")
    assessments = [rulebook.read_assessment(path) for path in sorted(folder.glob("assessment-*.json"))]
    decision = rulebook.decide(application, assessments)
    print(json.dumps(decision.to_dict()))
    print(json.dumps([decision.explain(language) for language in ("da", "nb", "en")]))
print(json.dumps(rulebook.save()))
"""


@EVERY_POOL
@settings(max_examples=30)
@given(data=st.data())
def test_the_decimal_context_decides_nothing(pool: str, data: st.DataObject) -> None:
    """A decision that is made and written where decimals are computed with few digits is the same."""
    rulebook = RULEBOOKS[pool]
    application, assessments = data.draw(assessed_applications(rulebook))
    expected = json.dumps(rulebook.decide(application, assessments).to_dict())
    for context in NARROW:
        with localcontext(context):
            assert json.dumps(rulebook.decide(application, assessments).to_dict()) == expected


@EVERY_POOL
@settings(max_examples=30)
@given(data=st.data())
def test_the_decimal_context_explains_nothing(pool: str, data: st.DataObject) -> None:
    """A decision reads the same where decimals are computed with few digits."""
    rulebook = RULEBOOKS[pool]
    decision = rulebook.decide(*data.draw(assessed_applications(rulebook)))
    expected = [decision.explain(language) for language in LANGUAGES]
    for context in NARROW:
        with localcontext(context):
            assert [decision.explain(language) for language in LANGUAGES] == expected


@EVERY_POOL
@settings(max_examples=30)
@given(data=st.data())
def test_the_decimal_context_reads_nothing(pool: str, data: st.DataObject) -> None:
    """An application, and a stored decision, are read and written alike where decimals are computed with few digits."""
    rulebook = RULEBOOKS[pool]
    application, assessments = data.draw(assessed_applications(rulebook))
    stored, digest = application_to_data(application), application_digest(application)
    decision = rulebook.decide(application, assessments).to_dict()
    for context in NARROW:
        with localcontext(context):
            assert application_to_data(rulebook.read_application(stored)) == stored
            assert application_digest(application) == digest
            read = rulebook.read_decision(decision)
            costs = {"claimed": read.costs.claimed, "disallowed": read.costs.disallowed}
        assert costs == {"claimed": read.costs.claimed, "disallowed": read.costs.disallowed}


@pytest.fixture(scope="module")
def decided_here() -> bytes:
    """What the case files are decided to with hash seed 0, in plain C, at Greenwich."""
    return decided("0", "C", "UTC")


def decided(seed: str, locale: str, zone: str) -> bytes:
    """Decide the case files in an interpreter of their own."""
    surroundings = {"PYTHONHASHSEED": seed, "LANG": locale, "LC_ALL": locale, "TZ": zone}
    run = [sys.executable, "-W", "error", "-c", DECIDE_ALL, str(CASES)]
    return subprocess.run(run, env={**os.environ, **surroundings}, capture_output=True, check=True).stdout


@pytest.mark.parametrize(
    ("seed", "locale", "zone"), [("1", "da_DK.UTF-8", "Asia/Kathmandu"), ("4711", "tr_TR", "America/St_Johns")]
)
def test_hash_seed_and_locale_decide_nothing(decided_here: bytes, seed: str, locale: str, zone: str) -> None:
    """The case files are decided and explained to the same bytes whatever hash seed, language and time zone are."""
    assert decided_here.count(b"\n") == 1 + 2 * len([path for path in CASES.iterdir() if path.is_dir()])
    assert decided(seed, locale, zone) == decided_here


def test_nothing_looks_at_the_clock() -> None:
    """No module of the library asks for the time, or for chance; the testing kit, which decides nothing, may."""
    modules = {"time", "random", "uuid", "secrets"}
    library = ROOT / "src" / "grantrules"
    for path in sorted(set(library.rglob("*.py")) - set((library / "testing").rglob("*.py"))):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            match node:
                case ast.Attribute(ast.Name("datetime" | "date"), name):
                    assert name not in {"now", "utcnow", "today"}, path
                case ast.Import(names):
                    assert not modules & {name.name for name in names}, path
                case ast.ImportFrom(module):
                    assert module not in modules, path
