"""No rule goes untried: each guards an arrow that some test here saw refused."""

import re
from pathlib import Path

from workflows.machines import MACHINES
from workflows.machines.arrow import arrows
from workflows.rules import asked_by_another, other_person, own_link

HERE = Path(__file__).parent


def test_every_rule_was_seen_to_refuse():
    elsewhere = ("journeys/test_objection.py", "reports/test_wordings.py")
    places = [*HERE.glob("test_*.py"), *(HERE.parents[1] / place for place in elsewhere)]
    tried = {name for path in places for name in re.findall(r"(?:refused\w*|stopped|words)\(\s*\"(\w+)\"", path.read_text())}
    # These stand in a table of their tests.
    tried |= {"ceiling_set", "windows_in_order", "scored_content_unchanged", "form_complete"}
    tried |= {"funding_adds_up", "funding_complete", "funding_named_once"}
    rules = {rule.__name__ for machine in MACHINES.values() for arrow in arrows(machine) for rule in arrow.custom["when"]}
    assert rules - tried == set()


def test_rules_that_look_back_are_told_what_happened():
    """A machine whose rules ask who had a hand in a case must have the door look it up; else they would hold for anybody."""
    looking = {asked_by_another, other_person, own_link}

    def parts(rule):
        return {rule, *(part for each in getattr(rule, "parts", ()) for part in parts(each))}

    needing = {
        noun
        for noun, machine in MACHINES.items()
        for arrow in arrows(machine)
        for rule in (arrow.custom["who"], *arrow.custom["when"])
        if parts(rule) & looking
    }
    assert needing == {noun for noun, machine in MACHINES.items() if machine.looks_back}
