"""Messages on a dossier: read by who is written to, written once however often the button is pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tender.enums import ApplicationState
from tender.ladder import told
from tender.models import Application, Message
from tender.models.corresponding import MOST_CHARACTERS
from tender.step import Step
from workflows.casefile import JURY, OUTSIDE, viewer
from workflows.commands import Refused
from workflows.commands.corresponding import open_messages, send_message
from workflows.machines.arrow import admits, arrow_named
from workflows.models import MessageMachine
from workflows.pages.case import found_case, undeclared

if TYPE_CHECKING:
    from tender.http import SignedIn

REFUSED, UNPROCESSABLE = 409, 422
JUDGED = (ApplicationState.SUBMITTED, ApplicationState.INCOMPLETE, ApplicationState.ELIGIBLE, ApplicationState.IN_REVIEW)
"""The states, as the applicant's side is told of them, in which what was handed in is looked at and judged."""


class Write(forms.Form):
    """One message."""

    use_required_attribute = False
    body = forms.CharField(
        label=gettext_lazy("Your message"), widget=forms.Textarea(attrs={"rows": 6, "maxlength": MOST_CHARACTERS}),
        max_length=MOST_CHARACTERS,
    )  # fmt: skip
    token = forms.UUIDField(widget=forms.HiddenInput)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def correspondence(request: SignedIn, reference: str) -> HttpResponse:
    """All that was written on a dossier, and a form to write; who judges finds no such page."""
    application = found_case(request, reference)
    if application is None:
        return undeclared(request, reference)
    if viewer(application, request.user) == JURY:
        raise Http404
    if request.method != "POST":
        return show(request, application, Write(initial={"token": uuid4()}))
    if not may_write(request, application):
        raise PermissionDenied("message")
    form = Write(request.POST)
    if not form.is_valid():
        return show(request, application, form, status=UNPROCESSABLE)
    return sent(request, application, form)


def sent(request: SignedIn, application: Application, form: Write) -> HttpResponse:
    """Send it, or say why not; sent twice it is one message, and the page says that it is there."""
    try:
        send_message(application=application, actor=request.user, at=request.at, **form.cleaned_data)
    except Refused as refused:
        for reason in refused.reasons:
            form.add_error("body", reason)
        return show(request, application, form, status=REFUSED)
    messages.success(request, _("Your message is sent."))
    return redirect("workflows:messages", application.reference)


def may_write(request: SignedIn, application: Application) -> bool:
    """Whether this person writes messages on a dossier."""
    case = MessageMachine(application=application)
    return admits(arrow_named(case, "send"), case, Step(actor=request.user, at=request.at))


def show(request: SignedIn, application: Application, form: Write, status: int = 200) -> HttpResponse:
    """The page, the newest last; opening it notes as read what was written to this person."""
    outside = viewer(application, request.user) == OUTSIDE
    new = open_messages(application=application, actor=request.user, at=request.at) if request.method == "GET" else set()
    written = list(Message.objects.visible_to(request.user).filter(application=application).select_related("by", "read_by"))
    context = {
        "application": application, "outside": outside, "form": form, "writes": may_write(request, application),
        "lines": [line(message, outside=outside, new=message.pk in new) for message in written],
        "judged": told(application, inside=False)[0] in JUDGED, "handed_in": application.submissions.exists(),
        "trail": [(application.reference, reverse("workflows:dossier", args=[application.reference]))],
    }  # fmt: skip
    return render(request, "workflows/corresponding/messages.html", context, status=status)


def line(message: Message, *, outside: bool, new: bool) -> dict[str, Any]:
    """One message as the reader sees it: from their own side, or from the other."""
    return {"message": message, "own": message.from_house != outside, "new": new}


urlpatterns = [path("dossier/<slug:reference>/berichten/", correspondence, name="messages")]
