from __future__ import annotations

from typing import TYPE_CHECKING

from tender.calendar import amsterdam_day
from tender.canonical import digest
from tender.commands.objecting import decide_on, receive, set_term, stand_still
from tender.enums import NOTHING, Route
from tender.enums import ObjectionState as S
from tender.models import Objection
from tender.rules import any_of, is_clock, is_signer, reason_given
from workflows.machines.arrow import DossierMachine, arrow
from workflows.rules import is_officer
from workflows.rules.objecting import (
    advice_written,
    appeal_over,
    came_late,
    completes_in_time,
    completion_given,
    completion_over,
    days_right,
    decides_objections,
    follows_fits,
    gaps_named,
    grounds_given,
    hearing_ahead,
    hearing_ahead_if_any,
    hearing_leaves_room,
    hearing_not_needed,
    hearing_was,
    in_time_now,
    inadmissible_holds,
    is_known,
    is_objection_handler,
    late_excused,
    minutes_given,
    new_decision_known,
    no_court_yet,
    no_hand_in_it,
    none_before,
    not_asked_yet,
    not_over_yet,
    not_the_adviser,
    nothing_else_weighed,
    outcome_fits,
    put_right_apart,
    reasons_written,
    repair_fits,
    weeks_right,
)

if TYPE_CHECKING:
    from tender.step import Facts, Step

UNDECIDED = [S.FILED, S.ACKNOWLEDGED, S.INCOMPLETE, S.ADMISSIBLE, S.HEARD, S.ADVISED]
TAKEN_IN = [is_known, no_court_yet, none_before, grounds_given]


class ObjectionMachine(DossierMachine, Objection):
    """What a party brings against a decision, up to the decision on it."""

    noun = "objection"
    along = ("application__stage__call__version", "decision__stage__call__version")

    class Meta:
        proxy = True

    @arrow(source=NOTHING, target=S.FILED, who=is_signer, when=TAKEN_IN)
    def file(self, step: Step) -> Facts:
        """Object to a decision; late is possible too, and is told at once."""
        return receive(self, step, route=Route.PORTAL)

    @arrow(source=NOTHING, target=S.FILED, who=any_of(is_officer, is_objection_handler), when=[*TAKEN_IN, days_right])
    def enter(self, step: Step) -> Facts:
        """Enter an objection that came by post, with the days of its postmark and its receipt."""
        return receive(self, step, route=Route.POST)

    @arrow(source=S.FILED, target=S.ACKNOWLEDGED, who=is_objection_handler, when=[no_hand_in_it, hearing_ahead_if_any, hearing_leaves_room],
           writes=["handler", "hearing_at", "hearing_place"])  # fmt: skip
    def acknowledge(self, step: Step) -> Facts:
        """Take the objection on and confirm its receipt by letter: in time or not, when we hear the party, until when we decide."""
        self.handler = step.actor
        self.hearing_at, self.hearing_place = step.data.get("hearing_at"), step.data.get("hearing_place", "")
        return {"in_time": self.in_time, "decide_by": self.decide_by, **self._hearing(step)}

    @arrow(source=S.ACKNOWLEDGED, target=S.INCOMPLETE, who=is_objection_handler, when=[no_hand_in_it, not_asked_yet, gaps_named, repair_fits],
           writes=["gaps", "repair_asked_on", "repair_until"])  # fmt: skip
    def ask_completion(self, step: Step) -> Facts:
        """Ask by letter for what is formally missing; until it comes the term stands still."""
        self.gaps, self.repair_until = step.data["gaps"], step.data["until"]
        self.repair_asked_on = amsterdam_day(step.at)
        return {"gaps": self.gaps, "until": self.repair_until}

    @arrow(source=S.INCOMPLETE, target=S.ACKNOWLEDGED, who=is_signer, when=[completes_in_time, completion_given],
           writes=["completion", "suspended_days", "decide_by"])  # fmt: skip
    def complete(self, step: Step) -> Facts:
        """Send what was missing from the objection."""
        return self._completed(step)

    @arrow(source=S.INCOMPLETE, target=S.ACKNOWLEDGED, who=is_objection_handler, when=[no_hand_in_it, completes_in_time, completion_given],
           writes=["completion", "suspended_days", "decide_by"])  # fmt: skip
    def note_completion(self, step: Step) -> Facts:
        """Enter what came in by post of what was missing."""
        return self._completed(step)

    def _completed(self, step: Step) -> Facts:
        self.completion = step.data["completion"]
        stand_still(self, ended=amsterdam_day(step.at))
        return {"completion": self.completion, "decide_by": self.decide_by}

    @arrow(source=S.INCOMPLETE, target=S.ACKNOWLEDGED, who=is_clock, when=[completion_over], writes=["suspended_days", "decide_by"])
    def let_term_pass(self, step: Step) -> Facts:
        """The term for completing the objection is over, and nothing came."""
        stand_still(self, ended=self.repair_until or amsterdam_day(step.at))
        return {"until": self.repair_until, "decide_by": self.decide_by}

    @arrow(source=S.ACKNOWLEDGED, target=S.ADMISSIBLE, who=is_objection_handler, when=[no_hand_in_it, late_excused], writes=["excused"])
    def find_admissible(self, step: Step) -> Facts:
        """The objection can be looked into."""
        self.excused = "" if self.in_time else step.data["excused"]
        return {"in_time": self.in_time, "excused": self.excused}

    @arrow(source=[S.ACKNOWLEDGED, S.ADMISSIBLE], target=lambda case, step: case.state, targets=[S.ACKNOWLEDGED, S.ADMISSIBLE],
           who=is_objection_handler, when=[no_hand_in_it, hearing_ahead, hearing_leaves_room],
           writes=["hearing_at", "hearing_place"])  # fmt: skip
    def plan_hearing(self, step: Step) -> Facts:
        """Name the moment at which the party is heard, or another; it gets a mail."""
        self.hearing_at, self.hearing_place = step.data["hearing_at"], step.data.get("hearing_place", "")
        return self._hearing(step)

    def _hearing(self, step: Step) -> Facts:
        """When and where; and of a day within two weeks, how the party agreed to it."""
        agreed = str(step.data.get("agreed", "")).strip()
        return {"hearing_at": self.hearing_at, "hearing_place": self.hearing_place, "agreed": agreed}

    @arrow(source=S.ADMISSIBLE, target=S.HEARD, who=is_objection_handler, when=[no_hand_in_it, hearing_was, minutes_given],
           writes=["minutes", "heard_at", "no_hearing"])  # fmt: skip
    def hear(self, step: Step) -> Facts:
        """Write down what was said at the hearing."""
        self.minutes, self.heard_at, self.no_hearing = step.data["minutes"], self.hearing_at, ""
        return {"heard_at": self.heard_at, "minutes": self.minutes}

    @arrow(source=S.ADMISSIBLE, target=S.HEARD, who=is_objection_handler, when=[no_hand_in_it, hearing_not_needed, reason_given],
           writes=["minutes", "no_hearing", "heard_at"])  # fmt: skip
    def dispense(self, step: Step) -> Facts:
        """Do without a hearing, on a ground of the law."""
        self.no_hearing, self.minutes, self.heard_at = step.data["no_hearing"], step.data["reason"], None
        return {"ground": self.no_hearing, "reason": self.minutes}

    @arrow(source=[S.ACKNOWLEDGED, S.HEARD], target=S.ADVISED, who=is_objection_handler,
           when=[no_hand_in_it, outcome_fits, inadmissible_holds, advice_written],
           writes=["advised", "inadmissible", "advice", "advised_by", "advised_at"])  # fmt: skip
    def advise(self, step: Step) -> Facts:
        """Advise who decides."""
        self.advised, self.advice = step.data["outcome"], step.data["advice"]
        self.inadmissible = step.data.get("inadmissible") or ""
        self.advised_by, self.advised_at = step.actor, step.at
        return {"outcome": self.advised, "inadmissible": self.inadmissible, "advice": self.advice}

    @arrow(source=S.ADVISED, target=lambda case, step: S.HEARD if case.heard_at or case.no_hearing else S.ACKNOWLEDGED,
           targets=[S.ACKNOWLEDGED, S.HEARD], who=decides_objections, when=[no_hand_in_it, reason_given])  # fmt: skip
    def send_back(self, step: Step) -> Facts:
        """Back to who handles the objection, with a reason."""
        return {"reason": step.data["reason"]}

    @arrow(source=S.ADVISED, target=lambda case, step: step.data["outcome"], targets=[S.INADMISSIBLE, S.UNFOUNDED, S.FOUNDED],
           who=decides_objections,
           when=[no_hand_in_it, not_the_adviser, outcome_fits, inadmissible_holds, reasons_written, follows_fits, nothing_else_weighed],
           writes=["outcome", "inadmissible", "follows", "reasons", "decided_by", "decided_at", "appeal_until"])  # fmt: skip
    def decide(self, step: Step) -> Facts:
        """Decide on the objection under mandate; the party gets the letter at once, and can go to the court for six weeks."""
        return decide_on(self, step)

    @arrow(source=[S.FILED, S.ACKNOWLEDGED, S.ADMISSIBLE, S.HEARD, S.ADVISED], target=lambda case, step: case.state,
           targets=[S.FILED, S.ACKNOWLEDGED, S.ADMISSIBLE, S.HEARD, S.ADVISED], who=is_objection_handler,
           when=[no_hand_in_it, reason_given, weeks_right, not_over_yet],
           writes=["postponed_weeks", "postponed_because", "decide_by"])  # fmt: skip
    def postpone(self, step: Step) -> Facts:
        """Take more time to decide on the objection, once; the party hears why and until when."""
        before = self.decide_by
        self.postponed_weeks, self.postponed_because = step.data["weeks"], step.data["reason"]
        set_term(self)
        return {"from": before, "until": self.decide_by, "reason": self.postponed_because}

    @arrow(source=UNDECIDED, target=lambda case, step: case.state, targets=UNDECIDED, who=is_clock, when=[came_late, in_time_now],
           writes=["in_time", "decide_by"])  # fmt: skip
    def count_in_time(self, step: Step) -> Facts:
        """The term for objecting began anew: what came after the old one is in time; who handles it and the party hear so."""
        self.in_time = True
        set_term(self)
        return {"last_day": self.decision.objection_until, "decide_by": self.decide_by}

    @arrow(source=UNDECIDED, target=S.WITHDRAWN, who=is_signer)
    def withdraw(self, step: Step) -> Facts:
        """Withdraw the objection; the decision stays as it is."""
        return {"reason_sha256": digest(step.data.get("reason", ""))}

    @arrow(source=UNDECIDED, target=S.WITHDRAWN, who=is_objection_handler, when=[no_hand_in_it, reason_given])
    def note_withdrawal(self, step: Step) -> Facts:
        """Note that the party withdrew its objection by post, or said so at the hearing."""
        return {"reason": step.data["reason"]}

    @arrow(source=[S.INADMISSIBLE, S.UNFOUNDED], target=S.CLOSED, who=is_clock, when=[appeal_over])
    def close(self, step: Step) -> Facts:
        """The term for going to the court is over."""
        return {"appeal_until": self.appeal_until}

    @arrow(source=S.FOUNDED, target=S.CLOSED, who=is_clock, when=[new_decision_known])
    def settle(self, step: Step) -> Facts:
        """The new decision was made known."""
        return {"decision": step.data.get("decision")}

    @arrow(source=S.FOUNDED, target=S.CLOSED, who=is_objection_handler, when=[put_right_apart, reason_given])
    def conclude(self, step: Step) -> Facts:
        """Note how the grant was put right, where no new decision takes the place of the old one."""
        return {"reason": step.data["reason"]}
