"""Comparisons in stored decisions: what is written is read, whatever a rule wrote its limit as."""

import json
from decimal import Decimal

from attrs import evolve

import grantrules as g
from tests.pools import TOY, a


def test_a_quantity_held_against_a_whole_number_is_stored_as_a_quantity() -> None:
    """A limit that a rule writes as a whole number is a quantity where it limits one."""
    first, *others = TOY.rules.requirements
    near = evolve(first, demand=a.reach >= 2)
    rulebook = g.Rulebook(evolve(TOY.rules, requirements=(near, *others)))
    for stated in ({"reach": "1.5"}, {}):
        decision = rulebook.decide(rulebook.read_application(stated))
        read = rulebook.read_decision(json.loads(json.dumps(decision.to_dict())))
        clause = read.finding(near.id).clause
        assert clause is not None
        assert (clause.limit, type(clause.limit)) == (Decimal(2), Decimal)
        assert read == decision
