"""The party's own pages: objecting to a decision, and following what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tender.calendar import amsterdam_day
from tender.enums import APPLICANT_ROLES, ObjectionState, Role
from tender.models import Application, Decision, Objection
from tender.rules import has_part
from tender.templatetags.drietrap import day
from workflows.commands import Refused, create
from workflows.forms import FORMS
from workflows.models import Letter, ObjectionMachine
from workflows.objections import KNOWN
from workflows.steps import open_steps

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tender.http import SignedIn
    from workflows.forms import Plain

REFUSED, UNPROCESSABLE = 409, 422


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def file_objection(request: SignedIn, pk: int) -> HttpResponse:
    """The form in which whoever may sign objects to a decision. Late is possible, and said before it is written."""
    decision = own_decision(request, pk)
    standing = Objection.objects.filter(decision=decision).exclude(state=ObjectionState.WITHDRAWN).first()
    if standing is not None:
        return redirect("workflows:own_objection", standing.pk)
    case = ObjectionMachine(application=decision.application, decision=decision)
    late = case.late_on(amsterdam_day(request.at))
    form = FORMS["objection.file"](request.POST or None, case=case if late else None)
    if request.method != "POST" or not form.is_valid():
        return show_form(request, decision, form, late=late, status=UNPROCESSABLE if request.method == "POST" else 200)
    try:
        of = {"application": decision.application, "decision": decision}
        made = create(ObjectionMachine, "file", of=of, actor=request.user, at=request.at, **form.data_for_step())
    except Refused as refused:
        for reason in refused.reasons:
            form.add_error(None, reason)
        return show_form(request, decision, form, late=late, status=REFUSED)
    messages.success(request, _("We have your objection. We decide on it by %(day)s.") % {"day": day(made.decide_by)})
    return redirect("workflows:own_objection", made.pk)


def own_decision(request: SignedIn, pk: int) -> Decision:
    """A published decision of a dossier for which this person may sign; else there is none, or it is not theirs to object to."""
    visible = Decision.objects.visible_to(request.user).filter(state__in=KNOWN)
    related = ("application__organisation", "application__applicant", "application__stage__call__version", "stage__call__version")
    decision: Decision = get_object_or_404(visible.select_related(*related), pk=pk)
    if not has_part(decision.application, request.user, Role.SIGNER):
        raise PermissionDenied("object")
    return decision


def show_form(request: SignedIn, decision: Decision, form: Plain, *, late: bool, status: int = 200) -> HttpResponse:
    """The form; or where a decision was taken on an objection, that the court is next."""
    context = {
        "decision": decision, "application": decision.application, "form": form, "late": late, "court": decision.supersedes_id is not None,
        "to": decision.stage.call.definition.objection_to, "trail": trail(decision.application),
    }  # fmt: skip
    return render(request, "workflows/objecting/file.html", context, status=status)


def trail(application: Application) -> list[tuple[str, str]]:
    """Where the page hangs: under the dossier."""
    return [
        (_("My dossiers"), reverse("workflows:my_dossiers")),
        (application.reference, reverse("workflows:dossier", args=[application.reference])),
    ]


@require_safe
@login_required
def own_objection(request: SignedIn, pk: int) -> HttpResponse:
    """What the party said, where it is, what it can do, and by when we decide."""
    mine = Objection.objects.filter(application__in=Application.objects.held_by(request.user, *APPLICANT_ROLES))
    objection = get_object_or_404(mine.select_related("application__stage", "decision__stage__call__version"), pk=pk)
    letters = Letter.objects.visible_to(request.user).filter(event__noun="objection", event__key=pk).select_related("event")
    case: Any = ObjectionMachine.objects.select_related(*ObjectionMachine.along).get(pk=pk)
    context = {
        "objection": objection, "application": objection.application, "decision": objection.decision,
        "letters": letters, "steps": open_steps(case, actor=request.user, at=request.at),
        "trail": trail(objection.application), "decided": bool(objection.outcome),
    }  # fmt: skip
    return render(request, "workflows/objecting/own.html", context)


urlpatterns = [
    path("bezwaar/maken/<int:pk>/", file_objection, name="object"),
    path("bezwaar/<int:pk>/", own_objection, name="own_objection"),
]
