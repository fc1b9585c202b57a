"""Exports: ask for one, watch it being made, fetch it; and see who fetched what before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View

from reports.commands.exporting import ask_export
from reports.exports.closed import closed_to
from reports.forms import ExportForm
from reports.models import Export, ExportStatus
from reports.models.export import EXPORTERS
from reports.tasks import send_export
from tender.http import private

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from tender.http import SignedIn

PER_PAGE = 25


class ExporterPage(LoginRequiredMixin, View):
    """A page for those who may take records out of the house."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let in auditors, controllers and the head."""
        if request.user.is_authenticated and not request.user.has_role(*EXPORTERS):
            raise PermissionDenied("exports")
        return super().dispatch(request, *args, **kwargs)


class Exports(ExporterPage):
    """The history, and the form to ask for one more."""

    def get(self, request: SignedIn) -> HttpResponse:
        """The list, newest first."""
        return self.shown(request, ExportForm())

    def post(self, request: SignedIn) -> HttpResponse:
        """Ask for an export; it is made in the background."""
        form = ExportForm(request.POST)
        if not form.is_valid():
            return self.shown(request, form, status=422)
        said = form.cleaned_data
        with transaction.atomic():
            made = ask_export(
                kind=said["kind"],
                form=said["form"],
                scope=form.scope(),
                actor=request.user,
                at=request.at,
                language=(get_language() or "nl")[:2],
            )
            transaction.on_commit(lambda: send_export(made.pk))
        return redirect("reports:exports")

    def shown(self, request: SignedIn, form: ExportForm, *, status: int = 200) -> HttpResponse:
        """The page with its form."""
        rows = Export.objects.visible_to(request.user).select_related("requested_by")
        context = {
            "form": form,
            "left_out": len(closed_to(request.user).cases),
            "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
            "trail": [(_("Audit"), reverse("reports:dashboard"))],
        }
        return render(request, "reports/exports.html", context, status=status)


class Progress(ExporterPage):
    """One line of the history, asked for again until it is made."""

    def get(self, request: SignedIn, pk: int) -> HttpResponse:
        """How far it is now."""
        made = get_object_or_404(Export.objects.visible_to(request.user).select_related("requested_by"), pk=pk)
        return render(request, "reports/parts/export_row.html", {"export": made})


class Download(ExporterPage):
    """The file of an export that is made: to who asked for it; an auditor fetches any. Another's may hold what an interest closes."""

    def get(self, request: SignedIn, pk: int) -> FileResponse:
        """The file, under a name that says what it is."""
        made = get_object_or_404(Export.objects.readable_by(request.user), pk=pk)
        if made.status != ExportStatus.DONE:
            raise Http404
        response = FileResponse(made.file.open("rb"), as_attachment=True, filename=made.file_name)
        return private(response)
