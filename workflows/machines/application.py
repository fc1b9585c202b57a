from __future__ import annotations

from typing import TYPE_CHECKING

from tender.commands.handing_over import hand_over, note_legal_form
from tender.commands.objecting import bring_back
from tender.commands.screening import judge_as_it_is, note_intake, note_screening
from tender.commands.submitting import begin_next_stage, hand_in, open_dossier, postpone_term, suspend_term
from tender.enums import APPLICANT_ROLES, NOTHING, Account, DecisionKind, Follows
from tender.enums import ApplicationState as S
from tender.models import Application, CoSignature, LedgerEntry, Objection
from tender.rules import (
    any_of,
    asks_cosignature,
    awaits_plan,
    checklist_done,
    closing,
    cosigned,
    form_complete,
    gaps_are_formal,
    has_applicant_kind,
    has_coach_intake,
    in_window,
    intake_done,
    is_clock,
    is_first_stage,
    is_signer,
    may_apply,
    none_yet,
    partners_consent,
    reason_given,
    repair_in_time,
    repair_term_left,
    repair_term_over,
    revision_was_asked,
    scored_content_unchanged,
    signs_what_stands,
)
from tender.together import draft_digest
from workflows.machines.aid import lock_applicant
from workflows.machines.arrow import Machine, arrow
from workflows.rules import (
    account_as_known,
    contact_confirmed,
    decision_says,
    is_coach,
    is_head,
    is_judged_in_turn,
    is_officer,
    next_stage_takes,
    no_open_decision,
    not_reminded_yet,
    nothing_due,
    reminder_due,
    reserve_expired,
    round_takes_it,
    stage_takes_no_more,
    within_state_aid,
)
from workflows.rules.handing_over import giver_has_it, has_organisation, legal_form_known, taker_is_clear, taker_is_officer
from workflows.rules.lateness import (
    names_later_working_day,
    no_notice_yet,
    not_warned,
    term_runs,
    warning_due,
    within_postponement,
)
from workflows.rules.objecting import objection_says
from workflows.rules.reminding import moment_of
from workflows.rules.screening import coach_weighed, intake_fits, screening_fits
from workflows.rules.together import (
    RUNNING,
    contact_stays,
    has_that_part,
    is_beside,
    not_asked_for_this,
    not_signed_yet,
    not_too_many,
    others_may_sign,
    others_who_sign,
    own_part_or_signer,
    somebody_stays,
    writes_or_signs,
)

if TYPE_CHECKING:
    from tender.step import Facts, Step

SUBMIT_WRITES = ["title", "summary", "theme", "province", "amount_asked", "iban", "submitted_at", "completed_at", "decide_by"]
STANDING = [S.DRAFT, S.SUBMITTED, S.INCOMPLETE, S.ELIGIBLE, S.SET_ASIDE, S.INELIGIBLE, S.IN_REVIEW, S.RANKED, S.RESERVED, S.ADMITTED,
            S.AWARDED, S.REFUSED]  # fmt: skip
"""The states in which there may still be something to write to the applicant."""
RUNNING_TERM = [S.SUBMITTED, S.ELIGIBLE, S.IN_REVIEW, S.RANKED]
"""The states in which the term for deciding runs."""
BROUGHT_BACK = ["decide_by", "reconsider_by", "postponed_to", "postponed_after", "postponed_because", "gaps", "repair_asked_at",
                "repair_until", "reserve_place", "reserve_until"]  # fmt: skip
UNDECIDED = [S.DRAFT, S.SUBMITTED, S.INCOMPLETE, S.ELIGIBLE, S.IN_REVIEW, S.RANKED]


class ApplicationMachine(Machine, Application):
    """One dossier through all stages."""

    noun = "application"
    above_new = ("call",)
    along = ("stage__call__version", "call__version")
    lastly = {"find_eligible": lock_applicant}

    class Meta:
        proxy = True

    @property
    def chain(self) -> str:
        """The dossier."""
        return f"dossier:{self.reference}"

    @arrow(source=NOTHING, target=S.DRAFT, who=may_apply, when=[is_first_stage, has_applicant_kind, in_window, none_yet])
    def open(self, step: Step) -> Facts:
        """Start an application: it gets its reference number at once."""
        return open_dossier(self, by=step.actor, at=step.at)

    @arrow(source=S.DRAFT, target=S.SUBMITTED, who=is_signer, when=[in_window, form_complete, account_as_known, partners_consent, cosigned],
           writes=SUBMIT_WRITES)  # fmt: skip
    def submit(self, step: Step) -> Facts:
        """Hand in the form of this stage."""
        return hand_in(self, by=step.actor, at=step.at, event_id=step.event_id)

    @arrow(source=S.SUBMITTED, target=S.SUBMITTED, who=is_coach, when=[has_coach_intake, intake_fits],
           writes=["intake_serious", "intake_note", "intake_missing", "intake_called_at", "intake_called_with"])  # fmt: skip
    def intake(self, step: Step) -> Facts:
        """Note the call with the maker: serious or not, and what is missing."""
        return note_intake(self, step)

    @arrow(source=S.SUBMITTED, target=S.SUBMITTED, who=is_officer, when=[screening_fits],
           writes=["checklist", "checklist_notes", "gaps_found"])  # fmt: skip
    def screen(self, step: Step) -> Facts:
        """Keep what the screening found so far; nothing is asked or decided yet."""
        return note_screening(self, step)

    @arrow(source=S.SUBMITTED, target=S.INCOMPLETE, who=is_officer, when=[gaps_are_formal, repair_term_left, no_open_decision],
           writes=["gaps", "gaps_found", "repair_asked_at", "repair_until"])  # fmt: skip
    def request_completion(self, step: Step) -> Facts:
        """Ask to mend formal gaps within one term, the same for everyone in the round."""
        self.gaps, self.gaps_found = step.data["gaps"], []
        self.repair_asked_at, self.repair_until = step.at, suspend_term(self, at=step.at)
        return {"gaps": self.gaps, "until": self.repair_until}

    @arrow(source=S.INCOMPLETE, target=S.SUBMITTED, who=is_signer,
           when=[repair_in_time, form_complete, scored_content_unchanged, partners_consent],
           writes=[*SUBMIT_WRITES, "gaps", "suspended_days"])  # fmt: skip
    def complete(self, step: Step) -> Facts:
        """Mend the formal gaps; the judged content stays as it was."""
        return hand_in(self, by=step.actor, at=step.at, event_id=step.event_id, completing=True)

    @arrow(source=S.INCOMPLETE, target=S.SUBMITTED, who=is_officer, when=[repair_term_over, reason_given, no_open_decision],
           writes=["gaps", "gaps_found", "suspended_days", "decide_by"])  # fmt: skip
    def judge_anyway(self, step: Step) -> Facts:
        """Go on with what was handed in first, also without what is missing."""
        return judge_as_it_is(self, reason=step.data["reason"])

    @arrow(source=S.SUBMITTED, target=S.ELIGIBLE, who=is_officer,
           when=[checklist_done, intake_done, coach_weighed, within_state_aid, no_open_decision, round_takes_it],
           writes=["checklist"])  # fmt: skip
    def find_eligible(self, step: Step) -> Facts:
        """The application may be judged."""
        self.checklist = step.data.get("checklist", self.checklist)
        against = {"reason": step.data["reason"]} if self.intake_serious is False else {}
        return {"checklist": self.checklist, **against}

    @arrow(source=S.INCOMPLETE, target=S.SET_ASIDE, who=is_clock,
           when=[decision_says(DecisionKind.SET_ASIDE), repair_term_over])  # fmt: skip
    def set_aside(self, step: Step) -> Facts:
        """Not processed: the term is over and a gap remains."""
        return {"decision": step.data["decision"]}

    @arrow(source=S.SUBMITTED, target=S.INELIGIBLE, who=is_clock, when=[decision_says(DecisionKind.INELIGIBLE)])
    def find_ineligible(self, step: Step) -> Facts:
        """Refused on a condition."""
        return {"decision": step.data["decision"]}

    @arrow(source=S.ELIGIBLE, target=S.IN_REVIEW, who=is_clock)
    def take_up(self, step: Step) -> Facts:
        """The content opens to those who judge."""
        return {}

    @arrow(source=S.IN_REVIEW, target=S.IN_REVIEW, who=is_officer, when=[reason_given], writes=["revision_asked"])
    def ask_revision(self, step: Step) -> Facts:
        """Ask in writing for a revised plan, where no jury judges."""
        self.revision_asked = step.data["reason"]
        return {"request": self.revision_asked}

    @arrow(source=S.IN_REVIEW, target=S.IN_REVIEW, who=is_signer,
           when=[revision_was_asked, form_complete, account_as_known, partners_consent, cosigned],
           writes=["title", "summary", "theme", "province", "amount_asked", "iban", "revision_asked"])  # fmt: skip
    def revise(self, step: Step) -> Facts:
        """Hand in the revised plan as a new version; the rank never changes."""
        facts = hand_in(self, by=step.actor, at=step.at, event_id=step.event_id, completing=True)
        self.revision_asked = ""
        return facts

    @arrow(source=S.IN_REVIEW, target=S.RANKED, who=is_clock, when=[is_judged_in_turn])
    def place(self, step: Step) -> Facts:
        """Judged: the place in the ranking, or the assessors' verdict, is known."""
        return {key: step.data[key] for key in ("rank", "ranking") if key in step.data}

    @arrow(source=[S.RANKED, S.RESERVED], target=S.ADMITTED, who=is_clock,
           when=[decision_says(DecisionKind.ADMIT), within_state_aid], writes=["awarded"])  # fmt: skip
    def admit(self, step: Step) -> Facts:
        """Selected: invited to the next stage, with the money of this one if it gives any."""
        return self._commit(step)

    @arrow(source=[S.RANKED, S.RESERVED], target=S.AWARDED, who=is_clock,
           when=[decision_says(DecisionKind.AWARD), within_state_aid], writes=["awarded"])  # fmt: skip
    def award(self, step: Step) -> Facts:
        """Awarded, inside the ceiling."""
        return self._commit(step)

    def _commit(self, step: Step) -> Facts:
        self.awarded = step.data["amount"]
        LedgerEntry.objects.move(self, self.stage, self.awarded, source=Account.RESERVED, target=Account.COMMITTED, event_id=step.event_id)
        return {"decision": step.data["decision"], "amount": self.awarded}

    @arrow(source=S.ADMITTED, target=S.DRAFT, who=is_clock, when=[next_stage_takes],
           writes=["stage", "draft", "draft_version", "draft_saved_at", "submitted_at", "completed_at", "personal_until", "decide_by",
                   "checklist", "checklist_notes", "awarded", "gaps", "gaps_found", "suspended_days", "repair_asked_at", "repair_until",
                   "postponed_to", "postponed_after", "postponed_because", "reconsider_by"])  # fmt: skip
    def start_next(self, step: Step) -> Facts:
        """Go on to the next stage under the same reference, starting from what was handed in last."""
        return begin_next_stage(self, at=step.at, personal_until=step.data.get("personal_until"))

    @arrow(source=S.RANKED, target=S.RESERVED, who=is_clock, when=[decision_says(DecisionKind.RESERVE)],
           writes=["reserve_place", "reserve_until"])  # fmt: skip
    def reserve(self, step: Step) -> Facts:
        """Refused on the ceiling, with a place on the reserve list."""
        self.reserve_place, self.reserve_until = step.data["place"], step.data["until"]
        return {"decision": step.data["decision"], "place": self.reserve_place, "until": self.reserve_until}

    @arrow(source=S.RESERVED, target=S.REFUSED, who=is_clock, when=[reserve_expired])
    def expire(self, step: Step) -> Facts:
        """The reserve place has expired; no new decision is needed."""
        return {"until": self.reserve_until}

    @arrow(source=[S.ELIGIBLE, S.IN_REVIEW, S.RANKED, S.RESERVED], target=S.REFUSED, who=is_clock,
           when=[decision_says(DecisionKind.REFUSE)])  # fmt: skip
    def refuse(self, step: Step) -> Facts:
        """Refused, with ground and figures."""
        return {"decision": step.data["decision"]}

    @arrow(source=[*UNDECIDED, S.RESERVED], target=S.WITHDRAWN, who=is_signer)
    def withdraw(self, step: Step) -> Facts:
        """Withdraw the application."""
        return {"reason": step.data.get("reason", "")}

    @arrow(source=[S.DRAFT, S.INCOMPLETE], target=lambda application, step: application.state, targets=[S.DRAFT, S.INCOMPLETE],
           who=is_clock, when=[reminder_due, not_reminded_yet])  # fmt: skip
    def remind(self, step: Step) -> Facts:
        """Remind the applicant that nothing has been handed in yet, and until when that is possible."""
        until = closing(self, step.at)
        return {"stage": self.stage.key, "until": until, "days": moment_of(until, step.at)}

    @arrow(source=RUNNING_TERM, target=lambda application, step: application.state, targets=RUNNING_TERM, who=is_officer,
           when=[no_notice_yet, reason_given, term_runs, names_later_working_day, within_postponement],
           writes=["decide_by", "postponed_to", "postponed_after", "postponed_because"])  # fmt: skip
    def postpone(self, step: Step) -> Facts:
        """Take more time to decide, and tell the applicant why and until when."""
        return postpone_term(self, until=step.data["until"], reason=step.data["reason"])

    @arrow(source=RUNNING_TERM, target=lambda application, step: application.state, targets=RUNNING_TERM, who=is_clock, when=[warning_due])
    def warn(self, step: Step) -> Facts:
        """Warn that the last day to decide is near or has passed: the case officer first, nearer to it the head."""
        return {"stage": self.stage_id, "until": self.decide_by, "role": not_warned(self, step.at)}

    @arrow(source=S.DRAFT, target=S.LAPSED, who=is_clock, when=[stage_takes_no_more])
    def lapse(self, step: Step) -> Facts:
        """The stage closed without anything handed in."""
        return {}

    @arrow(source=UNDECIDED, target=S.CANCELLED, who=is_clock, when=[reason_given])
    def cancel(self, step: Step) -> Facts:
        """The round was cancelled."""
        return {"reason": step.data["reason"]}

    @arrow(source=STANDING, target=lambda application, step: application.state, targets=STANDING, who=is_clock,
           when=[contact_confirmed], writes=["applicant"])  # fmt: skip
    def change_contact(self, step: Step) -> Facts:
        """Somebody else of the applicant's side is written to."""
        before, contact = self.applicant_id, self.contacts.get(pk=step.data["contact"])
        self.applicant = contact.user
        return {"before": before, "user": contact.user_id}

    @arrow(source=[S.AWARDED, S.ADMITTED], target=S.CLOSED, who=is_clock, when=[nothing_due])
    def close(self, step: Step) -> Facts:
        """Settled, and nothing is due either way."""
        return {}

    # ── together ──────────────────────────────────────────────────────────────────────────────────────────────
    @arrow(source=[S.DRAFT, S.IN_REVIEW], target=lambda case, step: case.state, targets=[S.DRAFT, S.IN_REVIEW], who=is_signer,
           when=[asks_cosignature, awaits_plan, form_complete, signs_what_stands])  # fmt: skip
    def cosign(self, step: Step) -> Facts:
        """Sign what somebody else will hand in; a change in the form afterwards undoes it."""
        sha256 = draft_digest(self)
        CoSignature.objects.get_or_create(application=self, stage=self.stage, user=step.actor, sha256=sha256, defaults={"at": step.at})
        return {"stage": self.stage.key, "sha256": sha256}

    @arrow(source=S.DRAFT, target=S.DRAFT, who=writes_or_signs,
           when=[asks_cosignature, in_window, form_complete, others_may_sign, not_signed_yet, not_asked_for_this, not_too_many])  # fmt: skip
    def ask_signature(self, step: Step) -> Facts:
        """Ask who else may sign, by mail, to read what stands in the form and sign it."""
        return {"stage": self.stage.key, "sha256": draft_digest(self), "users": others_who_sign(self, step.actor)}

    @arrow(source=RUNNING, target=lambda case, step: case.state, targets=RUNNING, who=is_beside,
           when=[own_part_or_signer, has_that_part, contact_stays, somebody_stays])  # fmt: skip
    def end_part(self, step: Step) -> Facts:
        """End what somebody may do in the dossier: one's own part, or who signs that of somebody else."""
        ended = self.case_roles.open().filter(user=step.data["user"], role__in=APPLICANT_ROLES)
        roles = sorted(ended.values_list("role", flat=True))
        ended.close(at=step.at)
        return {"user": step.data["user"], "roles": roles}

    # ── after an objection ────────────────────────────────────────────────────────────────────────────────────────
    @arrow(source=[S.SET_ASIDE, S.INELIGIBLE, S.REFUSED, S.RESERVED], target=S.SUBMITTED, who=is_clock,
           when=[objection_says(Follows.REVIEW)], writes=BROUGHT_BACK)  # fmt: skip
    def reconsider_to_review(self, step: Step) -> Facts:
        """An objection was founded: the application is screened and judged again."""
        return bring_back(self, Objection.objects.get(pk=step.data["objection"]), at=step.at)

    @arrow(source=[S.REFUSED, S.RESERVED], target=S.RANKED, who=is_clock, when=[objection_says(Follows.RANK)], writes=BROUGHT_BACK)
    def reconsider_to_rank(self, step: Step) -> Facts:
        """An objection was founded: the application is ranked again, against the ceiling as it stood."""
        return bring_back(self, Objection.objects.get(pk=step.data["objection"]), at=step.at)

    # ── the house ─────────────────────────────────────────────────────────────────────────────────────────────────
    @arrow(source=STANDING, target=lambda case, step: case.state, targets=STANDING, who=any_of(is_officer, is_head),
           when=[reason_given, giver_has_it, taker_is_officer, taker_is_clear])  # fmt: skip
    def reassign(self, step: Step) -> Facts:
        """Hand the dossier over from one case officer to another; what either did in it stays theirs."""
        hand_over(self, source=step.data["source"], target=step.data["target"], at=step.at)
        return {"source": step.data["source"], "target": step.data["target"], "reason": step.data["reason"]}

    @arrow(source=STANDING, target=lambda case, step: case.state, targets=STANDING, who=is_officer,
           when=[has_organisation, legal_form_known])  # fmt: skip
    def note_legal_form(self, step: Step) -> Facts:
        """Note the legal form of the organisation, as the Business Register has it: it says whether it is named in public."""
        return note_legal_form(self, step.data["legal_form"])
