"""Mail to the house about reports: one is late, more time is asked, a review says no."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from reports.commands.notifying import Notice, notify
from reports.subscriptions.applicants import dossier_of, handlers
from tender.enums import ReportOutcome, Role
from tender.models import ProgressReport, people_with
from workflows.outbox import on

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from workflows.models import Event

SUBJECTS: dict[str, str | Promise] = {
    "report.note_late": _("%(reference)s: report “%(report)s” did not come in time; payments wait for it"),
    "report.ask_more_time": _("%(reference)s: more time is asked for report “%(report)s”"),
    "report.reject": _("%(reference)s: the review “%(report)s” is a no-go; decide what becomes of the grant"),
}
"""What the subject of the mail says, per kind of event."""


@on("report.note_late", "report.ask_more_time", "report.reject")
def tell_who_looks_after_it(event: Event) -> None:
    """The case officers of the dossier; of a no-go the controllers as well, because nothing more is paid."""
    report = ProgressReport.objects.select_related("grant__stage__call__version").get(pk=event.key)
    if event.kind == "report.reject" and event.data["outcome"] != ReportOutcome.NO_GO:
        return
    application = dossier_of(event)
    people = {user.pk: user for user in handlers(application, Role.OFFICER)}
    if event.kind == "report.reject":
        people |= {user.pk: user for user in people_with([Role.CONTROLLER])}
    for user in people.values():
        label = report.terms.label.in_language(user.language)
        notify(event=event, users=[user], notice=Notice(SUBJECTS[event.kind], {"reference": application.reference, "report": label}))
