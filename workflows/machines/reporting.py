from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tender.accounting import begun_with
from tender.calendar import amsterdam_day
from tender.canonical import digest
from tender.enums import NOTHING, Role
from tender.enums import ReportState as R
from tender.models import ProgressReport
from tender.reporting import earlier, fresh_basis
from tender.rules import any_of, is_clock, is_editor, is_signer, reason_given
from workflows.machines.arrow import GrantPartMachine, arrow
from workflows.rules import (
    by_a_second_person,
    completion_over,
    grant_runs,
    is_officer,
    is_reader,
    later_than_due,
    no_wish_open,
    not_noted_late,
    not_reminded,
    outcome_explained,
    outcome_fits,
    proposal_as_weighed,
    proposed_to_approve,
    proposed_to_reject,
    report_comes_due,
    report_filled_in,
    report_is_late,
    report_is_open,
    something_proposed,
    weighed,
    wish_open,
)

if TYPE_CHECKING:
    from typing import Any

    from tender.step import Facts, Step

OWED = [R.ASKED, R.DRAFT]
JUDGED = ["judged_at", "judgement", "outcome", "conditions"]
AGREED = [by_a_second_person, proposal_as_weighed]


def same(report: Any, step: Step) -> str:  # noqa: ARG001
    """The state it was in."""
    return str(report.state)


class ReportMachine(GrantPartMachine, ProgressReport):
    """One report of a grantee."""

    noun = "report"

    class Meta:
        proxy = True

    @arrow(source=NOTHING, target=R.ASKED, who=is_clock)
    def ask(self, step: Step) -> Facts:
        """Ask the grantee for a report."""
        return {"key": self.key, "due_on": self.due_on}

    @arrow(source=OWED, target=same, targets=OWED, who=is_clock, when=[grant_runs, report_comes_due, not_reminded])
    def remind(self, step: Step) -> Facts:
        """Remind the grantee that a report is due soon."""
        return {"key": self.key, "due_on": self.due_on}

    @arrow(source=[*OWED, R.INCOMPLETE], target=same, targets=[*OWED, R.INCOMPLETE], who=is_clock,
           when=[grant_runs, report_is_late, not_noted_late])  # fmt: skip
    def note_late(self, step: Step) -> Facts:
        """Note that a report did not come in time: payments wait, the grantee and the case officer are told."""
        return {"key": self.key, "last": self.complete_by or self.due_on}

    @arrow(source=R.ASKED, target=R.DRAFT, who=is_editor, writes=["basis", "answers"])
    def start(self, step: Step) -> Facts:
        """Begin to write the report; what it is held against is frozen, and it is filled in as far as the report before tells."""
        self.basis = fresh_basis(self)
        self.answers = begun_with(self.basis, next(reversed(earlier(self)), {}))
        return {"basis": digest(self.basis)}

    @arrow(source=OWED, target=same, targets=OWED, who=is_signer, when=[reason_given, later_than_due, no_wish_open],
           writes=["wished_until", "wished_why"])  # fmt: skip
    def ask_more_time(self, step: Step) -> Facts:
        """Ask for more time to report."""
        self.wished_until, self.wished_why = step.data["until"], step.data["reason"]
        return {"until": self.wished_until, "reason": self.wished_why}

    @arrow(source=OWED, target=same, targets=OWED, who=is_officer, when=[wish_open, reason_given, later_than_due],
           writes=["due_on", "wished_until", "wished_why"])  # fmt: skip
    def extend(self, step: Step) -> Facts:
        """Give more time to report."""
        before, self.due_on = self.due_on, step.data["until"]
        asked, self.wished_until, self.wished_why = self.wished_until, None, ""
        return {"before": before, "until": self.due_on, "asked": asked, "reason": step.data["reason"]}

    @arrow(source=OWED, target=same, targets=OWED, who=is_officer, when=[wish_open, reason_given], writes=["wished_until", "wished_why"])
    def keep_day(self, step: Step) -> Facts:
        """Give no more time to report."""
        asked, self.wished_until, self.wished_why = self.wished_until, None, ""
        return {"asked": asked, "reason": step.data["reason"]}

    @arrow(source=[R.DRAFT, R.INCOMPLETE], target=R.HANDED_IN, who=is_signer, when=[report_is_open, report_filled_in],
           writes=["handed_in_at", "sha256", "gaps", "complete_by", "wished_until", "wished_why"])  # fmt: skip
    def hand_in(self, step: Step) -> Facts:
        """Hand in the report."""
        self.handed_in_at, self.gaps, self.complete_by, self.wished_until, self.wished_why = step.at, "", None, None, ""
        self.sha256 = digest([str(self), self.basis, self.answers])
        return {"sha256": self.sha256, "answers": self.answers}

    @arrow(source=R.HANDED_IN, target=R.INCOMPLETE, who=is_officer, when=[reason_given], writes=["gaps", "complete_by", "proposal"])
    def request_completion(self, step: Step) -> Facts:
        """Give the report back, say what is missing and by when it must be there."""
        self.gaps, self.proposal = step.data["reason"], {}
        self.complete_by = amsterdam_day(step.at) + timedelta(days=self.terms.repair_days)
        return {"reason": self.gaps, "complete_by": self.complete_by}

    @arrow(source=R.INCOMPLETE, target=R.HANDED_IN, who=is_officer, when=[completion_over, reason_given], writes=["complete_by", "sha256"])
    def weigh_as_it_is(self, step: Step) -> Facts:
        """What was asked did not come in time: weigh the report as it stands now."""
        self.complete_by, self.sha256 = None, digest([str(self), self.basis, self.answers])
        return {"reason": step.data["reason"], "asked": self.gaps, "sha256": self.sha256, "answers": self.answers}

    @arrow(source=R.HANDED_IN, target=R.HANDED_IN, who=is_officer, when=[outcome_fits, outcome_explained], writes=["proposal"])
    def propose(self, step: Step) -> Facts:
        """Propose what is to become of the report; a second person decides."""
        said = {name: str(step.data.get(name, "")).strip() for name in ("outcome", "reason", "conditions")}
        self.proposal = {"by": step.actor.pk, **said}
        self.proposal["sha256"] = weighed(self)
        return {**said, "weighed": self.proposal["sha256"], "sha256": self.sha256}

    @arrow(source=R.HANDED_IN, target=R.HANDED_IN, who=any_of(is_officer, is_reader),
           when=[something_proposed, by_a_second_person, reason_given], writes=["proposal"])  # fmt: skip
    def disagree(self, step: Step) -> Facts:
        """Do not agree with what is proposed: it is weighed again."""
        before, self.proposal = self.proposal["outcome"], {}
        return {"proposed": before, "reason": step.data["reason"]}

    @arrow(source=R.HANDED_IN, target=R.APPROVED, who=any_of(is_officer, is_reader), when=[proposed_to_approve, *AGREED], writes=JUDGED)
    def approve(self, step: Step) -> Facts:
        """Approve the report, or let the work go on, as the second person."""
        return self.judged(step)

    @arrow(source=R.HANDED_IN, target=R.REJECTED, who=any_of(is_officer, is_reader), when=[proposed_to_reject, *AGREED], writes=JUDGED)
    def reject(self, step: Step) -> Facts:
        """Do not approve the report, or stop the work, with reasons, as the second person."""
        return self.judged(step)

    def judged(self, step: Step) -> Facts:
        """Write down what was agreed."""
        said = self.proposal
        self.judged_at, self.judgement, self.outcome, self.conditions = step.at, said["reason"], said["outcome"], said["conditions"]
        by = {"proposed_by": said["by"], "signed_as": step.role_among(Role.OFFICER, Role.READER)}
        return {name: said[name] for name in ("outcome", "reason", "conditions")} | {"weighed": said["sha256"], **by}
