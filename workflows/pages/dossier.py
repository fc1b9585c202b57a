"""The case page that the applicant's side, the jury and the house share; the declaration before it; and its letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from scoring.models import Conflict
from tender.commands.drafting import may_write
from tender.enums import ConflictState, Role
from tender.http import private
from tender.ladder import dossier_ladder, told
from tender.models import Application, Message
from workflows.casefile import INSIDE, JURY, OUTSIDE, WAITING, actions, deadlines, letters, submissions, viewer
from workflows.charts import charts_of
from workflows.commands import Refused
from workflows.commands.declaring import ask_once
from workflows.commands.receiving import note_read
from workflows.declaring import Declare, suggested
from workflows.due import penalty_of
from workflows.flows.taking import take_step
from workflows.models import ConflictMachine, Letter
from workflows.objections import standings
from workflows.pages import corresponding, details, differing
from workflows.pages.case import found_case, known_to_staff, undeclared
from workflows.pages.pitching import panel
from workflows.pages.recovering import with_pay_back
from workflows.rules.posting import standing_route
from workflows.rules.together import helps
from workflows.term import term_of
from workflows.timeline import timeline
from workflows.undelivered import of_dossier

if TYPE_CHECKING:
    from tender.http import SignedIn

FORBIDDEN, REFUSED, UNPROCESSABLE = 403, 409, 422
RECENT = 8
"""How much of what happened stands open; the rest unfolds."""


@require_safe
@login_required
def dossier(request: SignedIn, reference: str) -> HttpResponse:
    """One dossier through all its stages: where it is, what happened, and what there is to do."""
    found = found_case(request, reference)
    if found is None:
        return undeclared(request, reference)
    seat = viewer(found, request.user)
    context = everybody_sees(request, found, seat)
    if seat != JURY:
        context |= everything(request, found, seat)
        beside_their_receipts(context["submissions"], [row.letter for row in context["letters"]])
    return render(request, "workflows/dossier.html", context)


def everybody_sees(request: SignedIn, application: Application, seat: str) -> dict[str, Any]:
    """The cover, the ladder, and what was handed in."""
    inside = seat == INSIDE
    stages = application.call.stages.select_related("call__version").order_by("number")
    state, state_label = told(application, inside=inside)
    blind = seat == JURY and application.rules.blind
    return {
        "application": application, "seat": seat, "inside": inside, "outside": seat == OUTSIDE, "blind": blind,
        "ladder": dossier_ladder(application, stages, inside=inside), "state": state, "state_label": state_label,
        "submissions": submissions(application, blind=blind, judging=seat == JURY), "now": request.at,
        "partners": [] if blind else list(application.partners.order_by("pk")),
        "trail": trail(seat),
    }  # fmt: skip


def trail(seat: str) -> list[tuple[str, str]]:
    """Where the page hangs: under one's dossiers, or under one's work."""
    if seat == JURY:
        return []
    return [(_("Work"), reverse("workflows:inbox")) if seat == INSIDE else (_("My dossiers"), reverse("workflows:my_dossiers"))]


def everything(request: SignedIn, application: Application, seat: str) -> dict[str, Any]:
    """What the applicant's side and the house see beside it; each only its own part."""
    possible = actions(application, request.user, request.at)
    happened = timeline(application, inside=seat == INSIDE)
    pitching = panel(application, request.user, request.at)
    chooses = pitching is not None and (pitching["asked"] or pitching["booked"])
    recent = RECENT if len(happened) > RECENT + 2 else len(happened)
    return {
        "timeline": happened[:recent], "earlier": happened[recent:],
        "waiting": WAITING.get(told(application, inside=False)[0]) if seat == OUTSIDE and not chooses else None,
        "pitching": pitching,
        "actions": [action for action in possible if not action.apart],
        "apart": [action for action in possible if action.apart],
        "may_help": seat == INSIDE and application.organisation is not None and helps(request.user, application.organisation),
        "writing": may_write(application, request.user),
        "letters": letters(application, request.user), "route": standing_route(application),
        "mends": seat == INSIDE and request.user.has_role(Role.OFFICER) and not request.user.has_role(Role.AUDITOR),
        "grants": with_pay_back(application, request), "deadlines": deadlines(application, request.user),
        "decisions": list(application.decisions.select_related("stage__call__version").order_by("-pk")) if seat == INSIDE else [],
        "objecting": standings(application, request.user, request.at, outside=seat == OUTSIDE),
        "mail": of_dossier(application, request.at) if seat == INSIDE else [],
        "charts": charts_of(application) if seat == INSIDE else [],
        "term": term_of(application, request.at), "unread": unread(application, seat), "corresponds": True,
        **(penalty_of([application.pk], request.at) if seat == INSIDE else {}),
    }  # fmt: skip


def beside_their_receipts(sent: list[dict[str, Any]], posted: list[Letter]) -> None:
    """Put the letter of receipt beside what it is the receipt of."""
    of_event = {each.event_id: each for each in posted if each.kind == "receipt"}
    for row in sent:
        row["letter"] = of_event.get(row["sent"].event_id)


def unread(application: Application, seat: str) -> int:
    """How many messages of the other side nobody of this side has opened."""
    return Message.objects.unread(from_house=seat == OUTSIDE).filter(application=application).count()


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def declare(request: SignedIn, reference: str) -> HttpResponse:
    """The cover of a dossier, and the question whether one has an interest, before anything of it opens."""
    application = known_to_staff(request, reference)
    if application is None:
        raise Http404
    asked = Conflict.objects.filter(application=application, user=request.user).first()
    if asked is not None and asked.state != ConflictState.ASKED:
        return answered(request, application, asked)
    form = Declare(request.POST or None, case=asked, found=suggested(request.user, [application]).get(application.pk))
    if request.method != "POST":
        return cover(request, application, form)
    if not form.is_valid():
        return cover(request, application, form, status=UNPROCESSABLE)
    return declared(request, application, form)


def declared(request: SignedIn, application: Application, form: Declare) -> HttpResponse:
    """Note the answer; with no interest the dossier opens."""
    asked = ask_once(application=application, user=request.user, at=request.at)
    try:
        take_step(ConflictMachine, form.step, pk=asked.pk, actor=request.user, at=request.at, **form.data_for_step())
    except Refused as refused:
        for reason in refused.reasons:
            form.add_error(None, reason)
        return cover(request, application, form, status=REFUSED)
    if form.step == "declare_none":
        messages.success(request, _("Thank you. The dossier is open to you."))
        return redirect("workflows:dossier", application.reference)
    return redirect("workflows:declare", application.reference)


def answered(request: SignedIn, application: Application, asked: Conflict) -> HttpResponse:
    """What was declared before: the dossier if it is open, else why it stays closed."""
    if Application.objects.visible_to(request.user).filter(pk=application.pk).exists():
        return redirect("workflows:dossier", application.reference)
    return cover(request, application, None, asked=asked, status=FORBIDDEN)


def cover(
    request: SignedIn, application: Application, form: Declare | None, *, asked: Conflict | None = None, status: int = 200
) -> HttpResponse:
    """Title, parties and partners: enough to know whether one has an interest, and no more."""
    context = {
        "application": application, "partners": application.partners.order_by("pk"), "form": form, "asked": asked,
        "doubtful": asked is not None and asked.state == ConflictState.DOUBTFUL,
    }  # fmt: skip
    return render(request, "workflows/declare.html", context, status=status)


@require_safe
@login_required
def letter(request: SignedIn, pk: int) -> FileResponse:
    """The PDF of a letter, for who may read it; the applicant's first reading is noted."""
    found = get_object_or_404(Letter.objects.visible_to(request.user).select_related("application"), pk=pk)
    seat = viewer(found.application, request.user)
    if seat == JURY:
        raise PermissionDenied
    if seat == OUTSIDE:
        note_read(pk=found.pk, at=request.at)
    name = f"{found.application.reference}-{found.kind}.pdf"
    return private(FileResponse(found.file.open("rb"), as_attachment=True, filename=name, content_type="application/pdf"))


urlpatterns = [
    path("dossier/<slug:reference>/", dossier, name="dossier"),
    path("dossier/<slug:reference>/belang/", declare, name="declare"),
    path("brief/<int:pk>/", letter, name="letter"),
    *corresponding.urlpatterns,
    *details.urlpatterns,
    *differing.urlpatterns,
]
