"""Walks a case through its states, and writes down at each who may take which step: the table that a test holds equal to the rules.

On the way it tries everything that is *not* in the table, and sees to it that nothing moves.
"""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from tender.models import LedgerEntry
from workflows.commands import Refused, create, perform
from workflows.commands.door import step_for
from workflows.labels import LABELS
from workflows.machines import MACHINES
from workflows.machines.arrow import admits, arrows, arrows_from
from workflows.models import Event, Outbox
from workflows.steps import open_steps

NOT_NOW = "This step is not possible now|Deze stap is nu niet mogelijk"


def snapshot():
    """All that an arrow could have moved."""
    states = {noun: list(machine.objects.order_by("pk").values_list("pk", "state")) for noun, machine in MACHINES.items()}
    return states, Event.objects.count(), Outbox.objects.count(), LedgerEntry.objects.count()


class Walk:
    """The table of one machine as it is found on the way: state → who → steps, in the order of the machine."""

    def __init__(self, machine, cast, *, without=()):
        self.machine, self.cast, self.table = machine, cast, {}
        self.people = {name: user for name, user in cast.people.items() if name not in without}
        known = {arrow.name for arrow in arrows(machine)}
        self.names = [name for name in vars(machine) if name in known]

    def note(self, pk, at, *, called=None):
        """Write down the row of the state a case is in, or see that it is the row of before."""
        case = self.machine.objects.get(pk=pk)
        row = self.row(case, at)
        assert self.table.setdefault(called or case.state, row) == row
        before = snapshot()
        self.try_what_is_not_theirs(case, at, row)
        self.try_what_does_not_leave_here(case, at)
        assert snapshot() == before
        return case

    def row(self, case, at):
        row = {}
        leaving = arrows_from(case)
        for name, user in self.people.items():
            admitted = [a for a in leaving if admits(a, case, step_for(case, a.name, actor=user, at=at, data={}))]
            if admitted:
                row[name] = " ".join(sorted((a.name for a in admitted), key=self.names.index))
            buttons = {step.name for step in open_steps(case, actor=user, at=at)}
            assert buttons == {a.name for a in admitted if f"{case.noun}.{a.name}" in LABELS}
        return row

    def try_what_is_not_theirs(self, case, at, open_to):
        for arrow in arrows_from(case):
            for name, user in self.people.items():
                if arrow.name in open_to.get(name, "").split():
                    continue
                with pytest.raises(PermissionDenied):
                    perform(self.machine, arrow.name, pk=case.pk, actor=user, at=at)

    def try_what_does_not_leave_here(self, case, at):
        leaving = {arrow.name for arrow in arrows_from(case)}
        for name in self.names:
            if name in leaving:
                continue
            with pytest.raises(Refused, match=NOT_NOW):
                perform(self.machine, name, pk=case.pk, actor=self.people["clock"], at=at)

    def note_new(self, of, at, **data):
        """Write down who may make a case; those who may not leave nothing behind. The people's own data comes from ``of(user)``."""
        row = {}
        for name, user in self.people.items():
            case = self.machine(**of(user))
            born = [a for a in arrows_from(case) if admits(a, case, step_for(case, a.name, actor=user, at=at, data=data))]
            if born:
                row[name] = " ".join(a.name for a in born)
            for arrow in arrows_from(case):
                if arrow in born:
                    continue
                before = snapshot()
                with pytest.raises(PermissionDenied), transaction.atomic():
                    create(self.machine, arrow.name, of=of(user), actor=user, at=at, **data)
                assert snapshot() == before
        self.table[""] = row


def states_of(machine):
    """Every state a case can be in, and nothing (before it is made)."""
    return {"", *(value for value, _label in machine._meta.get_field("state").choices)}


def reached(machine):
    """Every state some arrow leads to."""
    found = set()
    for arrow in arrows(machine):
        target = arrow.target
        found |= {target} if isinstance(target, str) else set(target.allowed_states)
    return found
