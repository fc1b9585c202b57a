from __future__ import annotations

from typing import TYPE_CHECKING

from tender.enums import NOTHING
from tender.enums import StandInState as S
from tender.models import StandIn
from tender.rules import is_clock, reason_given
from workflows.machines.arrow import Machine, arrow
from workflows.rules.standing_in import (
    another_than_oneself,
    colleague_of_the_house,
    day_has_come,
    days_are_over,
    days_in_order,
    lends,
    lends_or_stands_in,
    nobody_else_stands_in,
    roles_of_their_own,
    signing_lent_by_head,
)

if TYPE_CHECKING:
    from tender.step import Facts, Step


class StandInMachine(Machine, StandIn):
    """One colleague who stands in for another, for some days."""

    noun = "standin"
    above = ("absent",)
    above_new = ("absent",)
    along = ("absent", "stands_in")

    class Meta:
        proxy = True

    @property
    def chain(self) -> str:
        """Of whose roles it is about."""
        return f"person:{self.absent_id}"

    @arrow(source=NOTHING, target=lambda standin, step: S.RUNNING if day_has_come(standin, step) else S.PLANNED,
           targets=[S.PLANNED, S.RUNNING], who=lends,
           when=[reason_given, colleague_of_the_house, another_than_oneself, roles_of_their_own, signing_lent_by_head, days_in_order,
                 nobody_else_stands_in])  # fmt: skip
    def appoint(self, step: Step) -> Facts:
        """Let a colleague act in some roles of somebody who is away, under their own name."""
        self.set_by, self.reason = step.actor, step.data["reason"]
        who = {"absent": self.absent_id, "stands_in": self.stands_in_id, "roles": self.roles}
        return {**who, "since": self.since, "until": self.until, "reason": self.reason}

    @arrow(source=S.PLANNED, target=S.RUNNING, who=is_clock, when=[day_has_come])
    def begin(self, step: Step) -> Facts:
        """The first day has come: the roles are lent."""
        return {"roles": self.roles}

    @arrow(source=S.RUNNING, target=S.ENDED, who=is_clock, when=[days_are_over])
    def end(self, step: Step) -> Facts:
        """The last day is over: the roles go back."""
        return {"roles": self.roles}

    @arrow(source=[S.PLANNED, S.RUNNING], target=S.CALLED_OFF, who=lends_or_stands_in)
    def call_off(self, step: Step) -> Facts:
        """Standing in is called off: what was lent goes back at once."""
        return {"roles": self.roles}
