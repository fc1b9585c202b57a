"""When: more time to decide, warning that the term runs out, and being late."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from tender.calendar import amsterdam_day, is_working_day
from tender.canonical import plain
from tender.commands.submitting import due_day, lawful_day
from tender.enums import NoPenalty, Role
from tender.models import DefaultNotice
from workflows.rules.people import asked_by_another

if TYPE_CHECKING:
    from datetime import datetime

    from tender.models import Application
    from tender.step import Step

WARNED = "application.warn"
ENDS = tuple(f"application.{name}" for name in ("admit", "award", "reserve", "refuse", "set_aside", "find_ineligible", "withdraw", "cancel"))
"""After which nothing has to be decided any more at that stage."""
AGAIN = ("application.reconsider_to_review", "application.reconsider_to_rank")
"""After which something has: an objection was founded."""


def postponed_at_most(application: Application) -> date | None:
    """The last working day until which the scheme lets a decision be postponed, counted from the end of the term itself; None where
    there is no term."""
    last = due_day(application, suspended=application.suspended_days)
    if last is None:
        return None
    most = last + timedelta(weeks=application.rules.terms.postpone_weeks)
    while not is_working_day(most):
        most -= timedelta(days=1)
    return most


def no_notice_yet(application: Application, step: Step) -> bool:
    """The party put us in default: more time does not undo that, and can no longer be taken."""
    return not step.recall(("in default", application.pk), lambda: in_default(application))


def term_runs(application: Application, step: Step) -> bool:
    """The last day to decide has passed: more time has to be told before that."""
    return application.decide_by is not None and amsterdam_day(step.at) <= application.decide_by


def names_later_working_day(application: Application, step: Step) -> bool:
    """Name a working day after the day that is the last one to decide now."""
    until, last = step.data.get("until"), application.decide_by
    return isinstance(until, date) and last is not None and until > last and is_working_day(until)


def within_postponement(application: Application, step: Step) -> bool:
    """The scheme does not let a decision be postponed that long."""
    until, most = step.data.get("until"), postponed_at_most(application)
    return isinstance(until, date) and most is not None and until <= most


def decided_on(application: Application) -> date | None:
    """The day on which it was decided in the stage where the dossier is, or needed no decision any more; None while that is not so."""
    from workflows.models import Event

    trail = Event.objects.filter(noun="application", key=application.pk).order_by("seq")
    last = trail.filter(kind__in=(*ENDS, *AGAIN), at__gte=application.submitted_at).last()
    return amsterdam_day(last.at) if last is not None and last.kind in ENDS else None


def notice_has_come(notice: DefaultNotice, step: Step) -> bool:
    """Name the day on which the notice of default came in: today, or before."""
    received = step.data.get("received")
    return isinstance(received, date) and received <= amsterdam_day(step.at)


def was_late_by_then(notice: DefaultNotice, step: Step) -> bool:
    """On the day that the notice came in the term had not passed yet: it has no effect, and has to be sent again once we are late."""
    received, last = step.data.get("received"), lawful_day(notice.application)
    return isinstance(received, date) and last is not None and received > last


def came_before_decision(notice: DefaultNotice, step: Step) -> bool:
    """The notice came in when it was decided already: it has no effect."""
    received, decided = step.data.get("received"), notice.application.submitted_at and decided_on(notice.application)
    return isinstance(received, date) and (not decided or received < decided)


def not_in_default_yet(notice: DefaultNotice, step: Step) -> bool:
    """It was noted before that the party put us in default; a second notice changes nothing."""
    return not in_default(notice.application)


def in_default(application: Application) -> bool:
    """Whether the party put us in default over the decision that is due: after a founded objection that is another one."""
    from workflows.models import Event

    standing = DefaultNotice.objects.standing().filter(application=application, stage=application.stage_id)
    again = Event.objects.filter(noun="application", key=application.pk, kind__in=AGAIN).order_by("seq").last()
    return (standing if again is None else standing.filter(noted_at__gte=again.at)).exists()


def costs_already(notice: DefaultNotice, step: Step) -> bool:
    """Being late costs nothing yet: one person can drop the notice."""
    return notice.owed(amsterdam_day(step.at)) > 0


def dropped_by_two(notice: DefaultNotice, step: Step) -> bool:
    """Being late costs money already: an officer asks to drop the notice, and a signatory does it."""
    if not costs_already(notice, step):
        return True
    return asked_by_another(notice, step) and step.actor.has_role(Role.SIGNATORY)


def penalty_is_over(notice: DefaultNotice, step: Step) -> bool:
    """Being late may still cost more: it is fixed once it was decided, or once no more can be owed."""
    return amsterdam_day(step.at) > notice.ends


def penalty_owed(notice: DefaultNotice, step: Step) -> bool:
    """It was decided before anything was owed, so there is nothing to fix."""
    return notice.owed(amsterdam_day(step.at)) > 0


def seen_amount(notice: DefaultNotice, step: Step) -> bool:
    """What is owed is another amount than you saw; look again."""
    return step.data.get("seen") in {None, notice.owed(amsterdam_day(step.at))}


def why_nothing(notice: DefaultNotice, step: Step) -> bool:
    """Where nothing is owed although we were late, name the ground and explain it."""
    because, reason = step.data.get("because"), str(step.data.get("reason", "")).strip()
    return because == "" or (because in NoPenalty.values and bool(reason))


def warned_now(application: Application, at: datetime) -> list[Role]:
    """Who has to know by ``at`` that the last day to decide is near or over: the case officer, and nearer to it the head too."""
    last, terms = application.decide_by, application.rules.terms
    if last is None:
        return []
    left = (last - amsterdam_day(at)).days
    return [role for role, days in ((Role.OFFICER, terms.warn_days), (Role.HEAD, terms.alarm_days)) if left <= days]


def not_warned(application: Application, at: datetime) -> Role | None:
    """Whom of those nobody has told of this very day yet; None where everybody was."""
    from workflows.models import Event

    told = Event.objects.filter(noun="application", key=application.pk, kind=WARNED, data__until=plain(application.decide_by))
    before = set(told.values_list("data__role", flat=True))
    return next((role for role in warned_now(application, at) if role not in before), None)


def warning_due(application: Application, step: Step) -> bool:
    """The last day to decide is not near yet, or who has to know was told before."""
    return not_warned(application, step.at) is not None
