"""Comparisons in stored decisions: what is written is read, whatever a rule wrote its limit as."""

import json
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from attrs import evolve

import grantrules as g
from tests.pools import TOY, a, text


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


def test_a_deadline_with_a_zone_is_told_alike_once_it_is_stored() -> None:
    """A limit written with a time zone has its offset at that time, before and after it is stored."""
    first, *others = TOY.rules.requirements
    summer = datetime(2030, 6, 1, 12, tzinfo=ZoneInfo("Europe/Copenhagen"))
    deadline = evolve(first, demand=a.submitted_at <= summer)
    rulebook = g.Rulebook(evolve(TOY.rules, requirements=(deadline, *others)))
    decision = rulebook.decide(rulebook.read_application({"submitted_at": "2030-01-15T20:59:51+00:00"}))
    read = rulebook.read_decision(json.loads(json.dumps(decision.to_dict())))
    assert read.explain("da") == decision.explain("da")
    value = g.Value("deadline", summer, text("deadline"))
    assert value.amount == summer
    assert str(value.amount) == "2030-06-01 12:00:00+02:00"
