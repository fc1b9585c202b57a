"""When: a report of a grantee is handed in, weighed by two people, and given more time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tender.calendar import amsterdam_day
from tender.canonical import digest
from tender.enums import ReportOutcome
from tender.reporting import gaps_of, holding, is_late, opens_on

if TYPE_CHECKING:
    from datetime import date

    from tender.models import Instalment, ProgressReport
    from tender.step import Step

OF_REVIEW = (ReportOutcome.GO, ReportOutcome.CONDITIONS, ReportOutcome.NO_GO)
OF_REPORT = (ReportOutcome.APPROVE, ReportOutcome.REJECT)
GOES_ON = (ReportOutcome.APPROVE, ReportOutcome.GO, ReportOutcome.CONDITIONS)
LONGEST_EXTENSION = timedelta(days=183)


def outcomes_of(report: ProgressReport) -> tuple[ReportOutcome, ...]:
    """What may become of a report."""
    return OF_REVIEW if report.terms.review else OF_REPORT


def weighed(report: ProgressReport) -> str:
    """The hash of what is weighed: the report as it was handed in, and what is proposed to do with it."""
    said = {name: report.proposal.get(name, "") for name in ("by", "outcome", "reason", "conditions")}
    return digest([str(report), report.sha256, said])


def report_is_open(report: ProgressReport, step: Step) -> bool:
    """This report is not due yet: its page says from which day on it can be handed in."""
    opens = opens_on(report)
    return opens is None or amsterdam_day(step.at) >= opens


def report_filled_in(report: ProgressReport, step: Step) -> bool:
    """The report has gaps: fill in every required question, and explain each line that deviates too much."""
    return not gaps_of(report)


def outcome_fits(report: ProgressReport, step: Step) -> bool:
    """Choose what is to become of this report: of a review whether the work goes on, of any other whether it is approved."""
    return step.data.get("outcome") in outcomes_of(report)


def outcome_explained(report: ProgressReport, step: Step) -> bool:
    """Give reasons where you do not approve, and name the conditions where there are some."""
    outcome = step.data.get("outcome")
    if outcome == ReportOutcome.CONDITIONS:
        return bool(str(step.data.get("conditions", "")).strip())
    return outcome in GOES_ON or bool(str(step.data.get("reason", "")).strip())


def proposed_to_approve(report: ProgressReport, step: Step) -> bool:
    """Nobody proposed to approve this report yet: a case officer does so first."""
    return report.proposal.get("outcome") in GOES_ON


def proposed_to_reject(report: ProgressReport, step: Step) -> bool:
    """Nobody proposed not to approve this report yet: a case officer does so first, with reasons."""
    return bool(report.proposal) and report.proposal["outcome"] not in GOES_ON


def something_proposed(report: ProgressReport, step: Step) -> bool:
    """Nothing was proposed on this report."""
    return bool(report.proposal)


def by_a_second_person(report: ProgressReport, step: Step) -> bool:
    """A second person must agree: you proposed this yourself."""
    return bool(report.proposal.get("by") != step.actor.pk)


def proposal_as_weighed(report: ProgressReport, step: Step) -> bool:
    """The report or the proposal changed since it was proposed, or since this page was opened: look at it again."""
    return report.proposal.get("sha256") == weighed(report) and step.data.get("seen") in {None, report.proposal["sha256"]}


def completion_over(report: ProgressReport, step: Step) -> bool:
    """The term to complete this report still runs."""
    return report.complete_by is not None and amsterdam_day(step.at) > report.complete_by


def later_than_due(report: ProgressReport, step: Step) -> bool:
    """Name a day after the one on which the report is due now, and at most half a year later."""
    until: date | None = step.data.get("until")
    return until is not None and report.due_on < until <= report.due_on + LONGEST_EXTENSION and until > amsterdam_day(step.at)


def no_wish_open(report: ProgressReport, step: Step) -> bool:
    """More time was asked for this report already; we still have to answer."""
    return report.wished_until is None


def wish_open(report: ProgressReport, step: Step) -> bool:
    """No more time was asked for this report."""
    return report.wished_until is not None


def report_is_late(report: ProgressReport, step: Step) -> bool:
    """The report is not late."""
    return is_late(report, amsterdam_day(step.at))


def not_noted_late(report: ProgressReport, step: Step) -> bool:
    """It was noted before that this report is late."""
    from workflows.models import Event

    last = report.complete_by or report.due_on
    return not Event.objects.filter(noun="report", key=report.pk, kind="report.note_late", data__last=last.isoformat()).exists()


def no_report_holds(instalment: Instalment, step: Step) -> bool:
    """A report of this grant is late, was not approved or was a no-go: its payments wait."""
    grant = instalment.grant
    if grant.state == "settled":
        return True  # what a settlement leaves waits for nothing more
    return not holding(grant, amsterdam_day(step.at))
