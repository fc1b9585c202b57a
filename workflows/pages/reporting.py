"""Reports of a grantee: begun, written as typed, checked, handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tender.calendar import amsterdam_day
from tender.commands.reporting import may_report, save_report
from tender.commands.uploading import attach_to_report, detach_from_report, place_of
from tender.enums import ReportState
from tender.models import Application, ProgressReport
from tender.pages.answering import AnswerPage, Sheet
from tender.readout import readout
from tender.reporting import form_of, gaps_of
from tender.schemes.answers import by_field
from tender.schemes.balancing import rows_in
from workflows.casefile import JURY, action_of, judging, viewer
from workflows.commands import Refused
from workflows.flows.taking import take_step
from workflows.models import ReportMachine
from workflows.pages.dossier import trail
from workflows.report_facts import facts_of, offered, waiting_for
from workflows.steps import as_machine, open_steps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.core.files.uploadedfile import UploadedFile

    from tender.http import SignedIn
    from tender.models import Document

REFUSED = 409
ASKING = ("ask_more_time",)
"""Steps beside the writing of a report."""


def report_of(request: SignedIn, reference: str, pk: int) -> ProgressReport:
    """A report of a dossier this person may know of; else 404."""
    found = (
        ProgressReport.objects.visible_to(request.user)
        .filter(pk=pk, grant__application__reference=reference)
        .select_related("grant__application__organisation", "grant__application__stage", "grant__stage__call__version")
        .first()
    )
    if found is None or viewer(found.grant.application, request.user) == JURY:
        raise Http404
    return found


def documents_of(report: ProgressReport) -> dict[str, Document]:
    """The files of a report by question."""
    places = {place_of(report, field.key): field.key for field in form_of(report).fields()}
    rows = report.grant.application.documents.filter(removed_at=None, field__in=list(places))
    return {places[document.field]: document for document in rows}


class ReportSheet(Sheet):
    """A report as one page of questions."""

    def __init__(self, report: ProgressReport, request: SignedIn) -> None:
        self.report, self.request = report, request
        self.form, self.answers = form_of(report), report.answers
        self.fields = tuple(self.form.fields())
        self.place = (report.grant.application_id, f"report-{report.pk}", str(report.terms.label))

    def save(self, typed: dict[str, Any], seen: dict[str, Any]) -> dict[str, str]:
        """Keep what was typed in the report."""
        saved, faults = save_report(pk=self.report.pk, actor=self.request.user, at=self.request.at, typed=typed, seen=seen)
        self.answers, self.saved_at = saved.answers, self.request.at
        return faults

    def attach(self, key: str, upload: UploadedFile[Any], seen: str | None) -> None:
        """Keep a file of the report."""
        attach_to_report(pk=self.report.pk, key=key, upload=upload, actor=self.request.user, at=self.request.at, seen=seen)

    def detach(self, key: str, seen: str | None) -> None:
        """Take a file out of the report."""
        detach_from_report(pk=self.report.pk, key=key, actor=self.request.user, at=self.request.at, seen=seen)

    def untouched(self, key: str) -> bool:
        """The lines of a budget stand there before anything is typed in them."""
        field = self.form.field(key)
        rows = rows_in(self.answers.get(key)) if field.given else []
        typed = [column.key for column in field.columns[1:]]
        return bool(rows) and not any(row.get(name) for row in rows for name in typed)

    def files(self) -> Mapping[str, Document]:
        """The files of the report by question."""
        return documents_of(self.report)


class ReportPage(AnswerPage):
    """The questions of a report; begun by a press of the button, read-only once handed in."""

    template = "workflows/applicant/report.html"

    def sheet(self, request: SignedIn, **kwargs: Any) -> Sheet | HttpResponse:
        """The report, where this person may write in it now; else what there is to read, or the button to begin."""
        report = report_of(request, kwargs["reference"], kwargs["pk"])
        if may_report(report, request.user):
            return ReportSheet(report, request)
        if request.method == "POST" and report.state == ReportState.ASKED:
            return begun(request, report)
        return read(request, report)

    def onward(self, request: SignedIn, sheet: ReportSheet) -> str:
        """To the check before handing in, or back to the dossier."""
        reference = sheet.report.grant.application.reference
        if "close" in request.POST:
            return reverse("workflows:dossier", args=[reference])
        return reverse("workflows:report_check", args=[reference, sheet.report.pk])

    def context(self, request: SignedIn, sheet: ReportSheet) -> dict[str, Any]:
        """Which report, and what we asked to complete."""
        return {**about(request, sheet.report), "keep": f"report-{sheet.report.pk}"}


def about(request: SignedIn, report: ProgressReport) -> dict[str, Any]:
    """What every page of a report tells."""
    application: Application = report.grant.application
    here = (application.reference, reverse("workflows:dossier", args=[application.reference]))
    steps = [*trail(viewer(application, request.user)), here]
    day = amsterdam_day(request.at)
    waiting = waiting_for(report.grant, day)[report.pk]
    return {
        "report": report, "label": report.terms.label, "application": application, "trail": steps, "late": report.due_on <= day,
        "facts": facts_of(report, day), "waiting": waiting,
        "ways": [action_of(application, step, "") for step in open_steps(as_machine("report", report.pk), actor=request.user, at=request.at)
                 if step.name in ASKING and offered(report, step.name, request.user, day)],
    }  # fmt: skip


def begun(request: SignedIn, report: ProgressReport) -> HttpResponse:
    """Begin the report, and show its questions."""
    try:
        take_step(ReportMachine, "start", pk=report.pk, actor=request.user, at=request.at)
    except Refused as refused:
        messages.info(request, str(refused))
    return redirect(request.path)


def read(request: SignedIn, report: ProgressReport) -> HttpResponse:
    """A report to read: what was answered, and how it was judged; or the button to begin it."""
    steps = {step.name for step in open_steps(as_machine("report", report.pk), actor=request.user, at=request.at)}
    asked = report.state == ReportState.ASKED
    context = {
        **about(request, report), "blocks": blocks_of(report), "may_begin": "start" in steps, "asked": asked,
        "check_url": reverse("workflows:report_check", args=[report.grant.application.reference, report.pk]) if "hand_in" in steps else "",
        "actions": judging(report, request.user, request.at),
    }  # fmt: skip
    return render(request, "workflows/applicant/report_read.html", context)


def blocks_of(report: ProgressReport, errors: Mapping[str, str] | None = None) -> list[Any]:
    """The answers of a report for a reader."""
    kept = documents_of(report).items()
    files = [{"document": each.pk, "field": key, "name": each.name, "size": each.size} for key, each in kept]
    return readout(form_of(report), report.answers, files=files, errors=errors)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def report_check(request: SignedIn, reference: str, pk: int) -> HttpResponse:
    """Every gap of a report with a link, and the button to hand it in."""
    report = report_of(request, reference, pk)
    if not may_check(report, request):
        return redirect("workflows:report", reference, pk)
    if request.method != "POST":
        return show_check(request, report)
    try:
        take_step(ReportMachine, "hand_in", pk=pk, actor=request.user, at=request.at)
    except Refused as refused:
        now = report_of(request, reference, pk)
        if not may_check(now, request):
            return redirect("workflows:report", reference, pk)
        return show_check(request, now, refused=refused.reasons, status=REFUSED)
    messages.success(request, _("Your report was handed in. We read it and let you know."))
    return redirect("workflows:dossier", reference)


def may_check(report: ProgressReport, request: SignedIn) -> bool:
    """Whether somebody writes this report now, or may hand it in without writing."""
    steps = open_steps(as_machine("report", report.pk), actor=request.user, at=request.at)
    return may_report(report, request.user) or any(step.name == "hand_in" for step in steps)


def show_check(request: SignedIn, report: ProgressReport, *, refused: tuple[str, ...] = (), status: int = 200) -> HttpResponse:
    """What is missing in a report, and what was answered."""
    form, url = form_of(report), reverse("workflows:report", args=[report.grant.application.reference, report.pk])
    missing = gaps_of(report)
    steps = open_steps(as_machine("report", report.pk), actor=request.user, at=request.at)
    context = {
        **about(request, report), "refused": refused, "may_sign": any(step.name == "hand_in" for step in steps), "back_url": url,
        "gaps": [{"label": str(form.field(gap.field).label), "message": gap.message, "url": f"{url}#question-q-{gap.field}"}
                 for gap in missing],
        "blocks": blocks_of(report, by_field(missing)),
    }  # fmt: skip
    return render(request, "workflows/applicant/report_check.html", context, status=status)


urlpatterns = [
    path("dossier/<slug:reference>/rapportage/<int:pk>/", ReportPage.as_view(), name="report"),
    path("dossier/<slug:reference>/rapportage/<int:pk>/controleren/", report_check, name="report_check"),
]
