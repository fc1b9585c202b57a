from __future__ import annotations

from typing import TYPE_CHECKING

from tender.calendar import amsterdam_day, payment_deadline
from tender.commands.recovering import came_back, figures_of
from tender.enums import NOTHING
from tender.enums import InsolvencyState as I
from tender.enums import RecoveryState as S
from tender.models import InsolvencyNote, Instalment, Recovery
from tender.models.recovery import OPEN_RECOVERIES, REMIND_DAYS, RUNNING_RECOVERIES
from tender.rules import any_of, is_clock, is_signer, reason_given
from workflows.machines.arrow import DossierMachine, GrantPartMachine, arrow
from workflows.machines.stage import asked
from workflows.rules import asked_by_another, is_controller, is_head, is_officer, is_signatory
from workflows.rules.grants import as_it_arose
from workflows.rules.recovering import (
    asked_plan_holds,
    claimed_in_time,
    decision_stands,
    filed_then,
    follows_decision,
    insolvency_new,
    insolvency_right,
    interest_to_set,
    not_barred,
    not_more_than_owed,
    not_reminded_of,
    other_dossier_clear,
    other_grant_pays,
    party_insolvent,
    party_not_insolvent,
    pay_back_known,
    plan_as_seen,
    plan_fits,
    plan_was_asked,
    received_then,
    reference_new,
    reminder_passed,
    set_off_fits,
    sum_still_owed,
    term_passed,
)

if TYPE_CHECKING:
    from tender.step import Facts, Step

SETTING_OFF = [sum_still_owed, set_off_fits, other_dossier_clear, other_grant_pays, not_barred, party_not_insolvent]
PLANNED_FROM = [S.CLAIMED, S.PLAN, S.REMINDED]
"""The states in which paying in instalments can be asked for, and the party be reminded."""


def after_what_came(recovery: Recovery, step: Step) -> str:
    """Paid back once nothing of it is owed, no interest either; where it was until then."""
    day = step.data.get("on") or amsterdam_day(step.at)
    return S.PAID if recovery.rest <= 0 and recovery.interest_owed(day) <= 0 else str(recovery.state)


class RecoveryMachine(GrantPartMachine, Recovery):
    """Money that was paid beyond what a grant came to, until it is back."""

    noun = "recovery"
    along = ("grant__application", "grant__stage__call__version", "decision")
    across = {"set_off": (("instalment", Instalment),)}
    looks_back = True

    class Meta:
        proxy = True

    @arrow(source=NOTHING, target=S.OWED, who=is_clock, when=[follows_decision])
    def arise(self, step: Step) -> Facts:
        """More was paid than the grant came to."""
        return {"decision": self.decision_id, "amount": self.amount, **figures_of(self)}

    @arrow(source=S.OWED, target=S.OWED, who=is_officer, when=[reason_given, pay_back_known, decision_stands, claimed_in_time])
    def ask_claim(self, step: Step) -> Facts:
        """Ask to claim it back."""
        return asked(step)

    @arrow(source=S.OWED, target=S.CLAIMED, who=is_signatory,
           when=[asked_by_another, reason_given, pay_back_known, decision_stands, claimed_in_time],
           writes=["claimed_at", "pay_by", "reason"])  # fmt: skip
    def claim(self, step: Step) -> Facts:
        """Claim it back by a decision, to be paid within six weeks (Awb 4:57, 4:86, 4:87)."""
        self.claimed_at, self.reason = step.at, step.data["reason"]
        self.pay_by = payment_deadline(amsterdam_day(step.at))
        return {"amount": self.amount, "pay_by": self.pay_by, "reason": self.reason, **as_it_arose(self)}

    @arrow(source=PLANNED_FROM, target=lambda case, step: case.state, targets=PLANNED_FROM, who=is_signer,
           when=[sum_still_owed, plan_fits], writes=["asked_plan"])  # fmt: skip
    def ask_plan(self, step: Step) -> Facts:
        """Ask to pay it back in instalments."""
        self.asked_plan = [[day, str(amount)] for day, amount in step.data["plan"]]
        return {"plan": self.asked_plan}

    @arrow(source=PLANNED_FROM, target=S.PLAN, who=is_controller,
           when=[plan_was_asked, asked_plan_holds, plan_as_seen, party_not_insolvent],
           writes=["plan", "asked_plan", "plan_from", "interest_before"])  # fmt: skip
    def agree_plan(self, step: Step) -> Facts:
        """Agree that it is paid back in these instalments (Awb 4:94)."""
        today = amsterdam_day(step.at)
        self.interest_before = self.interest_run(today)
        self.plan, self.asked_plan, self.plan_from = self.asked_plan, [], today
        self.receipts.update(before_plan=True)
        return {"plan": self.plan, "interest": self.interest_before}

    @arrow(source=PLANNED_FROM, target=lambda case, step: case.state, targets=PLANNED_FROM, who=is_controller,
           when=[plan_was_asked, reason_given], writes=["asked_plan"])  # fmt: skip
    def refuse_plan(self, step: Step) -> Facts:
        """Do not agree to these instalments; the party can ask for others."""
        refused, self.asked_plan = self.asked_plan, []
        return {"plan": refused, "reason": step.data["reason"]}

    @arrow(source=RUNNING_RECOVERIES, target=after_what_came, targets=[*RUNNING_RECOVERIES, S.PAID], who=is_controller,
           when=[not_more_than_owed, received_then, reference_new])  # fmt: skip
    def receive(self, step: Step) -> Facts:
        """Note that money came in."""
        return came_back(self, step, bank_reference=step.data["bank_reference"].strip())

    @arrow(source=RUNNING_RECOVERIES, target=lambda case, step: case.state, targets=RUNNING_RECOVERIES, who=is_officer, when=SETTING_OFF)
    def ask_set_off(self, step: Step) -> Facts:
        """Ask to set it off against a payment of another grant."""
        return asked(step)

    @arrow(source=RUNNING_RECOVERIES, target=after_what_came, targets=[*RUNNING_RECOVERIES, S.PAID], who=is_controller,
           when=[asked_by_another, *SETTING_OFF])  # fmt: skip
    def set_off(self, step: Step) -> Facts:
        """Set it off against a payment of another grant, and tell the party (Awb 4:57, 4:93)."""
        return came_back(self, step, instalment=step.data["instalment"])

    @arrow(source=PLANNED_FROM, target=S.REMINDED, who=is_officer,
           when=[pay_back_known, term_passed, not_reminded_of, not_barred, party_not_insolvent],
           writes=["reminded_on", "remind_until"])  # fmt: skip
    def remind(self, step: Step) -> Facts:
        """Remind the party: pay within two weeks (Awb 4:112)."""
        today = amsterdam_day(step.at)
        self.reminded_on, self.remind_until = today, today + REMIND_DAYS
        return {"amount": self.owed(today), "interest": self.interest_owed(today), "until": self.remind_until}

    @arrow(source=S.REMINDED, target=S.SERVED, who=is_controller,
           when=[pay_back_known, term_passed, reminder_passed, not_barred, party_not_insolvent],
           writes=["served_on"])  # fmt: skip
    def serve(self, step: Step) -> Facts:
        """Give formal notice: it goes to the bailiff (Awb 4:114)."""
        self.served_on = amsterdam_day(step.at)
        return {"amount": self.owed(self.served_on), "interest": self.interest_owed(self.served_on)}

    @arrow(source=RUNNING_RECOVERIES, target=lambda case, step: case.state, targets=RUNNING_RECOVERIES, who=is_officer,
           when=[pay_back_known, interest_to_set])  # fmt: skip
    def ask_set_interest(self, step: Step) -> Facts:
        """Ask to fix the interest, now that the sum itself is paid."""
        return asked(step)

    @arrow(source=RUNNING_RECOVERIES, target=lambda case, step: case.state, targets=RUNNING_RECOVERIES, who=is_signatory,
           when=[asked_by_another, pay_back_known, interest_to_set], writes=["interest_set"])  # fmt: skip
    def set_interest(self, step: Step) -> Facts:
        """Fix the interest by a decision (Awb 4:99)."""
        self.interest_set = self.interest_run(amsterdam_day(step.at))
        return {"amount": self.interest_set, "pay_by": payment_deadline(amsterdam_day(step.at))}

    @arrow(source=RUNNING_RECOVERIES, target=lambda case, step: case.state, targets=RUNNING_RECOVERIES, who=is_officer,
           when=[party_insolvent, filed_then], writes=["trustee_told_on"])  # fmt: skip
    def file_claim(self, step: Step) -> Facts:
        """Note that the claim was filed with the trustee."""
        self.trustee_told_on = step.data["on"]
        return {"on": self.trustee_told_on, "amount": self.owed(self.trustee_told_on)}

    @arrow(source=OPEN_RECOVERIES, target=lambda case, step: case.state, targets=OPEN_RECOVERIES, who=is_officer, when=[reason_given])
    def ask_write_off(self, step: Step) -> Facts:
        """Ask to write off what is still owed."""
        return asked(step)

    @arrow(source=OPEN_RECOVERIES, target=S.WRITTEN_OFF, who=any_of(is_controller, is_head), when=[asked_by_another, reason_given])
    def write_off(self, step: Step) -> Facts:
        """Write off what is still owed."""
        today = amsterdam_day(step.at)
        return {"amount": self.rest, "interest": self.owed(today) - self.rest, "reason": step.data["reason"]}


class InsolvencyMachine(DossierMachine, InsolvencyNote):
    """A party that cannot pay, and to which nothing is paid."""

    noun = "insolvency"

    class Meta:
        proxy = True

    @arrow(source=NOTHING, target=I.NOTED, who=is_officer, when=[insolvency_right, insolvency_new])
    def note(self, step: Step) -> Facts:
        """Note that the party is insolvent: nothing is paid to it, in any dossier."""
        for name in ("kind", "since", "trustee", "register_number"):
            setattr(self, name, step.data[name])
        return {name: getattr(self, name) for name in ("kind", "since", "trustee", "register_number")}

    @arrow(source=I.NOTED, target=I.ENDED, who=is_officer, when=[reason_given])
    def end(self, step: Step) -> Facts:
        """The insolvency has ended, or was noted by mistake."""
        return {"reason": step.data["reason"]}
