"""Noting that a party put us in default: made through its own arrow, on a page like any step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views import View

from workflows.casefile import notes_default
from workflows.commands import Refused, create
from workflows.forms import FORMS
from workflows.labels import LABELS
from workflows.models import NoticeMachine
from workflows.pages.case import found_case

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tender.http import SignedIn
    from tender.models import Application
    from workflows.plain import Plain

KIND = "notice.note"
UNPROCESSABLE, REFUSED = 422, 409


class NoteDefaultPage(LoginRequiredMixin, View):
    """``GET`` asks on which day the notice came in, ``POST`` notes it."""

    def get(self, request: SignedIn, reference: str) -> HttpResponse:
        """The form, for the case officer."""
        return self.show(request, self.dossier(request, reference), FORMS[KIND]())

    def post(self, request: SignedIn, reference: str) -> HttpResponse:
        """Note it, or show again what was typed with what is wrong."""
        application, form = self.dossier(request, reference), FORMS[KIND](request.POST)
        if not form.is_valid():
            return self.show(request, application, form, status=UNPROCESSABLE)
        try:
            create(NoticeMachine, "note", of={"application": application}, actor=request.user, at=request.at, **form.data_for_step())
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
            return self.show(request, application, form, status=REFUSED)
        messages.success(request, _("Done: %(step)s.") % {"step": LABELS[KIND]})
        return redirect("workflows:dossier", reference)

    def dossier(self, request: SignedIn, reference: str) -> Application:
        """The dossier, to who reads it and may note this in it; else 404 or 403."""
        application = found_case(request, reference)
        if application is None:
            raise Http404
        if not notes_default(application, request.user, request.at):
            raise PermissionDenied(KIND)
        return application

    def show(self, request: SignedIn, application: Application, form: Plain, status: int = 200) -> HttpResponse:
        """The page of a step."""
        back = reverse("workflows:dossier", args=[application.reference])
        context: dict[str, Any] = {
            "case": NoticeMachine(application=application), "form": form, "name": "note", "label": LABELS[KIND],
            "about": f"{application.reference} · {application.working_title}", "back": back, "trail": [(application.reference, back)],
        }  # fmt: skip
        return render(request, "workflows/step.html", context, status=status)


urlpatterns = [path("dossier/<slug:reference>/ingebreke/", NoteDefaultPage.as_view(), name="note_default")]
