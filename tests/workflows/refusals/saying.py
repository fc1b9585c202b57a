"""A refusal: it names its rule in words, in the reader's language, and nothing has moved."""

import pytest
from django.utils.translation import gettext

from tests.workflows.machines.walking import snapshot
from workflows.commands import Refused, create, perform
from workflows.machines.arrow import arrows


def words(rule, machine, name):
    """What the rule called ``rule`` says where it guards the arrow ``name``."""
    arrow = next(each for each in arrows(machine) if each.name == name)
    found = [each for each in arrow.custom["when"] if each.__name__ == rule]
    assert found, f"{name} does not ask for {rule}"
    return gettext(found[0].__doc__)


def refused(rule, machine, name, case, actor, at, **data):
    """The arrow is refused by this rule, among others perhaps, and nothing changed."""
    before = snapshot()
    with pytest.raises(Refused) as said:
        perform(machine, name, pk=case.pk, actor=actor, at=at, **data)
    assert words(rule, machine, name) in said.value.reasons
    assert snapshot() == before


def refused_new(rule, machine, name, of, actor, at, **data):
    """No case is made, by this rule, among others perhaps, and nothing changed."""
    before = snapshot()
    with pytest.raises(Refused) as said:
        create(machine, name, of=of, actor=actor, at=at, **data)
    assert words(rule, machine, name) in said.value.reasons
    assert snapshot() == before
