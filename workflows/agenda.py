"""What an applicant has to do by when, dossier by dossier: read from the cases, not from what anybody remembers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Prefetch, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from tender.calendar import amsterdam_day
from tender.enums import APPLICANT_ROLES, DecisionState, GrantState, PitchState, ReportState, Role
from tender.enums import ApplicationState as A
from tender.models import Application, Decision, Grant, Message, Pitch, ProgressReport
from workflows.rules.deadlines import present_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

    from django.db.models import QuerySet

    from tender.models import User

TO_WRITE = (ReportState.ASKED, ReportState.DRAFT, ReportState.INCOMPLETE)
TO_PRESENT = (PitchState.ASKED, PitchState.BOOKED)
SOON = timedelta(days=92)
"""How long before its day a report is something to do, rather than something that comes one day."""


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do: what, where, and before when (an instant, or a day)."""

    label: str
    url: str
    until: datetime | None = None
    day: date | None = None
    tone: str = "info"
    late: bool = False


def my_applications(user: User) -> QuerySet[Application]:
    """The dossiers on whose side this person stands, with all that a list tells of them."""
    intended = Decision.objects.filter(state=DecisionState.HEARING, application=OuterRef("pk"))
    unread = Message.objects.unread(from_house=True).filter(application=OuterRef("pk"))
    reports = ProgressReport.objects.filter(state__in=TO_WRITE).order_by("due_on")
    grants = Grant.objects.select_related("stage__call__version").prefetch_related(Prefetch("reports", reports, to_attr="to_write"))
    return (
        Application.objects.held_by(user, *APPLICANT_ROLES)
        .with_rules()
        .annotate(
            unread=Exists(unread), intended=Subquery(intended.values("pk")[:1]), respond_until=Subquery(intended.values("respond_until")[:1])
        )
        .prefetch_related(
            Prefetch("grants", grants, to_attr="all_grants"),
            Prefetch("case_roles", to_attr="all_parts"),
            Prefetch("pitches", Pitch.objects.filter(state__in=TO_PRESENT).select_related("slot", "stage"), to_attr="to_present"),
        )
        .order_by("-draft_saved_at", "-reference")
    )


def may_act(application: Any, user: User) -> bool:
    """Whether this person writes or signs in a dossier of `my_applications`."""
    parts = {part.role for part in application.all_parts if part.user_id == user.pk and part.until is None}
    return bool(parts & {Role.EDITOR, Role.SIGNER})


def may_write_there(application: Any, user: User) -> bool:
    """Whether this person writes in a dossier of `my_applications`; who only signs goes to the page with the button."""
    return any(part.user_id == user.pk and part.until is None and part.role == Role.EDITOR for part in application.all_parts)


def may_sign_there(application: Any, user: User) -> bool:
    """Whether this person signs in a dossier of `my_applications`; who only writes can read what there is to respond to."""
    return any(part.user_id == user.pk and part.until is None and part.role == Role.SIGNER for part in application.all_parts)


def todos(application: Any, user: User, at: datetime) -> list[Todo]:
    """What waits for this person in a dossier of `my_applications`, most pressing first."""
    if not may_act(application, user):
        return []
    found = [
        *_of_the_house(application, signs=may_sign_there(application, user)),
        *_of_the_form(application, writes=may_write_there(application, user)),
        *_of_the_pitch(application, at),
        *_of_the_grants(application, amsterdam_day(at)),
    ]
    return sorted(found, key=lambda todo: str(todo.until or todo.day or "9"))


def _of_the_house(application: Any, *, signs: bool) -> Iterator[Todo]:
    if application.intended:
        url = reverse("workflows:dossier", args=[application.reference])
        if signs:
            url = reverse("workflows:step", args=["decision", application.intended, "respond"])
        yield Todo(_("Respond to what we intend"), url, until=application.respond_until, tone="warning")
    if application.unread:
        yield Todo(_("Read the message we sent you"), reverse("workflows:messages", args=[application.reference]))


def _of_the_form(application: Application, *, writes: bool) -> Iterator[Todo]:
    url = reverse("tender:draft" if writes else "workflows:check", args=[application.reference])
    if application.state == A.DRAFT:
        until = application.personal_until or application.stage.closes_at
        yield Todo(_("Fill in the form and hand it in"), url, until=until)
    elif application.state == A.INCOMPLETE:
        yield Todo(_("Mend what is missing"), url, until=application.repair_until, tone="warning")
    elif application.state == A.IN_REVIEW and application.revision_asked:
        yield Todo(_("Revise your plan, as we asked"), url, tone="warning")


def _of_the_pitch(application: Any, at: datetime) -> Iterator[Todo]:
    url = f"{reverse('workflows:dossier', args=[application.reference])}#pitch"
    for pitch in application.to_present:
        if pitch.stage_id != application.stage_id:
            continue
        if pitch.state == PitchState.ASKED:
            yield Todo(_("Choose a moment for your pitch"), url, day=present_by(application, at), tone="warning")
        elif pitch.slot.starts_at > at:
            yield Todo(_("Present your plan"), url, until=pitch.slot.starts_at)


def to_write_now(reports: Iterable[ProgressReport], today: date) -> list[ProgressReport]:
    """Of the reports still to be written, by their day: those begun, sent back, late or due soon; else only the first."""
    waiting = sorted(reports, key=lambda report: report.due_on)
    pressing = [each for each in waiting if each.state != ReportState.ASKED or each.due_on <= today + SOON]
    return pressing or waiting[:1]


def _of_the_grants(application: Any, today: date) -> Iterator[Todo]:
    for grant in application.all_grants:
        if grant.state == GrantState.OFFERED:
            url = reverse("workflows:dossier", args=[application.reference])
            yield Todo(_("Accept the grant"), f"{url}#grant-{grant.pk}", until=grant.accept_until, tone="warning")
        if grant.state in {GrantState.ACTIVE, GrantState.SUSPENDED, GrantState.SETTLED}:
            for report in to_write_now(grant.to_write, today):
                yield _report(application, grant, report, today)


def _report(application: Application, grant: Grant, report: ProgressReport, today: date) -> Todo:
    report.grant = grant
    url = reverse("workflows:report", args=[application.reference, report.pk])
    asked_again = report.state == ReportState.INCOMPLETE
    label = _("Complete the report “%(label)s”") if asked_again else _("Write the report “%(label)s”")
    late = report.due_on < today
    tone = "warning" if asked_again or late else "info"
    return Todo(label % {"label": report.terms.label}, url, day=report.due_on, tone=tone, late=late)
