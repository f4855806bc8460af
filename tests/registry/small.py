"""Small plugins made on the spot: a sound one, of which a test spoils one thing at a time."""

import types
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from attrs import frozen

import grantrules as g


def words(said: str) -> g.Text:
    """One text for all three languages."""
    return g.Text(da=said, nb=said, en=said)


CALL = g.Source("call", title="The call", publisher="The funder")
CITED = g.Cited(CALL, "Heading")
ASSUMED = g.Assumed(words("the call is silent"))


@frozen(kw_only=True)
class SmallApplication(g.Application):
    """An application with a few facts of every kind."""

    pages: int | None = g.count(words("pages"), max=100)
    reach: Decimal | None = g.quantity(words("reach"), "km")
    colour: str | None = g.choice(words("colour"), g.Option("red", words("red")), g.Option("blue", words("blue")))
    safe: bool | None = g.flag(words("safe"))


a = g.facts(SmallApplication)
c = g.facts(SmallApplication, "costs")

SIGNED = g.Requirement("formal.signed", a.signed, words("it is signed"), CITED)
GRANT = g.GrantFormula(a.requested, words("what is applied for"), CITED)


def requirement(demand: Any, id: str = "eligibility.spoilt", **settings: Any) -> g.Requirement:
    """A requirement of the pool; `demand` may be anything a careless author writes."""
    return g.Requirement(id, demand, words("it holds"), **{"basis": CITED, **settings})


def cost_rule(disallow: Any, id: str = "cost.spoilt", **settings: Any) -> g.CostRule:
    """A cost rule of the pool."""
    return g.CostRule(id, disallow, words("it is taken"), **{"basis": CITED, **settings})


def round_of(*values: g.Value, id: str = "2020") -> g.Round:
    """A round that binds some values."""
    return g.Round(id, words("the round"), budget=g.kr(1000), values=values)


def pool_of(id: str, *rounds: g.Round, **settings: Any) -> g.Pool:
    """A pool with its rounds."""
    stated: dict[str, Any] = {
        "title": words(id),
        "funder": words("the funder"),
        "country": "DK",
        "currency": "DKK",
        "zone": "Europe/Copenhagen",
        "application": SmallApplication,
        "rounds": rounds,
    }
    return g.Pool(id, **{**stated, **settings})


def plugin(name: str, /, **answers: Any) -> types.ModuleType:
    """
    A plugin whose hooks return what is given.

    An answer that is a plain function becomes the hook itself. Without `pool` it is an extension.
    """
    made = types.ModuleType(name)
    for hook, answer in answers.items():
        function = answer if isinstance(answer, types.FunctionType) else _returning(answer)
        function.__module__ = name
        setattr(made, hook, g.hook(function))
    return made


def _returning(answer: Any) -> Callable[[], Any]:
    def implementation() -> Any:
        return answer

    return implementation


def pool_plugin(name: str = "spoilt", /, **answers: Any) -> types.ModuleType:
    """A sound plugin with a pool of its own name, but for the answers given."""
    sound: dict[str, Any] = {"pool": pool_of(name, round_of()), "eligibility": (SIGNED,), "highest_grant": GRANT}
    return plugin(name, **{**sound, **answers})
