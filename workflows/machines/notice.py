from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tender.calendar import amsterdam_day
from tender.commands.submitting import lawful_day
from tender.enums import NOTHING
from tender.enums import NoticeState as S
from tender.models import DefaultNotice
from tender.rules import any_of, reason_given
from workflows.machines.arrow import DossierMachine, arrow
from workflows.machines.stage import asked
from workflows.rules import asked_by_another, is_officer, is_signatory
from workflows.rules.lateness import (
    came_before_decision,
    costs_already,
    decided_on,
    dropped_by_two,
    not_in_default_yet,
    notice_has_come,
    penalty_is_over,
    penalty_owed,
    seen_amount,
    was_late_by_then,
    why_nothing,
)

if TYPE_CHECKING:
    from datetime import date

    from tender.step import Facts, Step


class NoticeMachine(DossierMachine, DefaultNotice):
    """A notice of default, from the letter of the party until we said what being late cost."""

    noun = "notice"
    along = ("application__stage__call__version",)
    looks_back = True

    class Meta:
        proxy = True

    @arrow(source=NOTHING, target=S.NOTED, who=is_officer,
           when=[notice_has_come, was_late_by_then, came_before_decision, not_in_default_yet])  # fmt: skip
    def note(self, step: Step) -> Facts:
        """Note that the party put us in default: two weeks later being late costs money."""
        self.stage, self.received_on = self.application.stage, step.data["received"]
        self.last_day = cast("date", lawful_day(self.application))  # without one nobody is late, as the rule says
        self.noted_by, self.noted_at, self.ended_on = step.actor, step.at, decided_on(self.application)
        return {"received": self.received_on, "last_day": self.last_day, "penalty_from": self.starts, "ended": self.ended_on}

    @arrow(source=S.NOTED, target=S.NOTED, who=is_officer, when=[reason_given, costs_already])
    def ask_drop(self, step: Step) -> Facts:
        """Ask to drop the notice, although being late costs money already."""
        return asked(step)

    @arrow(source=S.NOTED, target=S.DROPPED, who=any_of(is_officer, is_signatory), when=[reason_given, dropped_by_two])
    def drop(self, step: Step) -> Facts:
        """It was noted by mistake, or with a wrong day; it can be noted again."""
        return {"received": self.received_on, "reason": step.data["reason"]}

    @arrow(source=S.NOTED, target=S.NOTED, who=is_officer, when=[penalty_is_over, penalty_owed, seen_amount, why_nothing])
    def ask_fix(self, step: Step) -> Facts:
        """Ask to fix what being late costs, now that it costs no more."""
        return asked(step)

    @arrow(source=S.NOTED, target=S.FIXED, who=is_signatory,
           when=[asked_by_another, penalty_is_over, penalty_owed, seen_amount, why_nothing],
           writes=["fixed", "fixed_at", "no_penalty"])  # fmt: skip
    def fix(self, step: Step) -> Facts:
        """Decide what being late costs, and tell the party (Awb 4:18)."""
        owed = self.owed(amsterdam_day(step.at))
        self.no_penalty, self.fixed_at = step.data["because"], step.at
        self.fixed = 0 if self.no_penalty else owed
        return {
            "amount": self.fixed, "because": self.no_penalty, "reason": step.data["reason"], "received": self.received_on,
            "last_day": self.last_day, "from": self.starts, "until": self.ends,
        }  # fmt: skip
