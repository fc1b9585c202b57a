"""The room of objections: what waits, one objection with all that counts, what came by post, and the new decision after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tender.calendar import amsterdam_day
from tender.enums import ApplicationState, Follows, ObjectionState, Role
from tender.models import Application, Decision, Objection
from tender.schemes.definition import Intake
from tender.step import Step
from tender.templatetags.drietrap import day
from workflows.commands import Refused, create
from workflows.commands.objecting import propose_anew
from workflows.forms import FORMS
from workflows.labels import LABELS
from workflows.models import Event, Letter, ObjectionMachine
from workflows.objections import HANDLES, KNOWN, in_the_room, lines
from workflows.pages.room import StaffForm, StaffPage
from workflows.rerunning import rerun_of
from workflows.rules import cleared
from workflows.rules.objecting import brought_back, touched_by
from workflows.steps import as_machine, open_steps

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tender.http import SignedIn
    from workflows.forms import Plain

ROOM = (Role.OBJECTION_HANDLER, Role.SIGNATORY, Role.HEAD, Role.OFFICER, Role.AUDITOR)
"""Who comes in: who handles and decides, who sees to the new decision, and who looks at how it was done."""
PAGE = 50
REFUSED, UNPROCESSABLE = 409, 422
VIEWS = {"open": gettext_lazy("to be decided"), "after": gettext_lazy("decided, not over yet"), "over": gettext_lazy("closed or withdrawn")}


class Find(StaffForm):
    """A dossier by its reference, to enter what came by post."""

    reference = forms.CharField(label=gettext_lazy("Reference of the dossier"), max_length=20)


def trail(*crumbs: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page of this room."""
    return [(_("Work"), reverse("workflows:inbox")), (_("Objections"), reverse("workflows:objections")), *crumbs]


class ObjectionsPage(StaffPage):
    """The list, the first to be decided in front; ``?view=`` shows those that were decided, or are over. ``POST`` looks for a dossier."""

    roles = ROOM

    def get(self, request: SignedIn) -> HttpResponse:
        """A page of fifty."""
        return self.show(request, Find())

    def post(self, request: SignedIn) -> HttpResponse:
        """To the dossier with this reference, where its decisions stand."""
        form = Find(request.POST)
        if not form.is_valid():
            return self.show(request, form, status=UNPROCESSABLE)
        reference = form.cleaned_data["reference"].strip().upper()
        if not Application.objects.filter(reference=reference, decisions__state__in=KNOWN).exists():
            form.add_error("reference", _("No dossier with this reference has a published decision."))
            return self.show(request, form, status=UNPROCESSABLE)
        return redirect("workflows:dossier", reference)

    def show(self, request: SignedIn, form: Find, status: int = 200) -> HttpResponse:
        """The list and the form."""
        view = request.GET.get("view", "open")
        found = in_the_room(request.user)
        ended = found.filter(state__in=[ObjectionState.CLOSED, ObjectionState.WITHDRAWN]).order_by("-filed_at", "-pk")
        shown: Any = {"over": ended, "after": found.open().exclude(outcome="")}.get(view, found.undecided())
        page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
        context = {
            "page": page, "rows": lines(page, request.user, amsterdam_day(request.at)), "form": form, "view": view, "views": VIEWS.items(),
            "enters": request.user.has_role(Role.OFFICER, Role.OBJECTION_HANDLER) and not request.user.has_role(Role.AUDITOR),
            "trail": [(_("Work"), reverse("workflows:inbox"))],
        }  # fmt: skip
        return render(request, "workflows/objecting/list.html", context, status=status)


class ObjectionPage(StaffPage):
    """One objection: what the party says, whether in time, the hearing, the advice, the decision and what follows; the steps beside it."""

    roles: tuple[str, ...] = ROOM

    def get(self, request: SignedIn, pk: int) -> HttpResponse:
        """The objection, for who may read its dossier; others of the house declare first."""
        objection = get_object_or_404(in_the_room(request.user), pk=pk)
        if not Objection.objects.visible_to(request.user).filter(pk=pk).exists():
            return redirect("workflows:declare", objection.application.reference)
        return self.show(request, objection)

    def show(self, request: SignedIn, objection: Objection, error: str = "", status: int = 200) -> HttpResponse:
        """The page."""
        user, application = request.user, objection.application
        case = as_machine("objection", objection.pk)
        touched = touched_by(user).filter(pk=objection.pk).exists()
        steps = [] if touched else open_steps(case, actor=user, at=request.at)
        context = {
            "objection": objection, "application": application, "decision": objection.decision, "touched": touched, "error": error,
            "steps": steps, "here": reverse("workflows:objection", args=[objection.pk]), "today": amsterdam_day(request.at),
            "handles": user.has_role(*HANDLES), "history": history(case), "rerun": rerun_of(objection, user),
            "letters": Letter.objects.visible_to(user).filter(event__noun="objection", event__key=objection.pk).select_related("event"),
            "new": getattr(objection.decision, "superseded_by", None), "anew": self.anew(request, objection),
            "trail": trail(),
        }  # fmt: skip
        return render(request, "workflows/objecting/objection.html", context, status=status)

    def anew(self, request: SignedIn, objection: Objection) -> dict[str, Any] | None:
        """What comes next once it was founded, and who does it; None where nothing does."""
        application, stage = objection.application, objection.stage
        if objection.state != ObjectionState.FOUNDED or objection.follows == Follows.OTHERWISE:
            return None
        judged = application.state == ApplicationState.RANKED
        steps = open_steps(as_machine("stage", stage.pk), actor=request.user, at=request.at) if judged else []
        return {
            "judged": judged,
            "first_rank": judged and not ranked_since_then(objection),
            "weighed": application.decisions.open().first(),
            "rank": [step for step in steps if step.name in {"ask_rerank", "rerank"}],
            "proposes": judged and request.user.has_role(Role.OFFICER) and cleared(application, step_of(request)),
        }


def ranked_since_then(objection: Objection) -> bool:
    """Whether the round was ranked again since the objection was founded; where intake is continuous nothing is ranked."""
    stage = objection.stage
    if stage.rules.intake == Intake.CONTINUOUS:
        return True
    return stage.rankings.filter(at__gte=objection.decided_at).exists()


def step_of(request: SignedIn) -> Step:
    """The moment of this request, as rules read it."""
    return Step(actor=request.user, at=request.at)


class ProposeAnew(ObjectionPage):
    """``POST`` drafts the new decision: by the last ranking, or in turn; then it goes its usual way."""

    http_method_names = ["post"]
    roles = (Role.OFFICER,)

    def post(self, request: SignedIn, pk: int) -> HttpResponse:
        """Draft it, or say why that cannot be."""
        objection = get_object_or_404(in_the_room(request.user).filter(pk__in=Objection.objects.visible_to(request.user)), pk=pk)
        if brought_back(objection.application) != objection:
            return self.show(request, objection, _("No new decision follows on this objection now."), status=REFUSED)
        try:
            made = propose_anew(pk=objection.application_id, actor=request.user, at=request.at)
        except Refused as refused:
            return self.show(request, objection, str(refused), status=REFUSED)
        messages.success(request, _("The new decision is drafted. Published, it takes the place of the old one."))
        return redirect("workflows:decision", made.pk)


class EnterPage(StaffPage):
    """An objection that came by post, against a published decision."""

    roles = (Role.OFFICER, Role.OBJECTION_HANDLER)

    def get(self, request: SignedIn, pk: int) -> HttpResponse:
        """The form."""
        decision = self.decision(request, pk)
        return self.form(request, decision, FORMS["objection.enter"](initial={"received_on": amsterdam_day(request.at)}))

    def post(self, request: SignedIn, pk: int) -> HttpResponse:
        """Enter it, or show again what was typed with what is wrong."""
        decision = self.decision(request, pk)
        form = FORMS["objection.enter"](request.POST)
        if not form.is_valid():
            return self.form(request, decision, form, status=UNPROCESSABLE)
        of = {"application": decision.application, "decision": decision}
        try:
            made = create(ObjectionMachine, "enter", of=of, actor=request.user, at=request.at, **form.data_for_step())
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
            return self.form(request, decision, form, status=REFUSED)
        messages.success(request, _("The objection is entered. We decide on it by %(day)s.") % {"day": day(made.decide_by)})
        return redirect("workflows:objection", made.pk)

    def decision(self, request: SignedIn, pk: int) -> Decision:
        """A published decision of a dossier that this person may read, and in which they have no interest."""
        visible = Decision.objects.visible_to(request.user).filter(state__in=KNOWN)
        related = ("application__organisation", "application__applicant", "application__stage__call__version", "stage__call__version")
        found: Decision = get_object_or_404(visible.select_related(*related), pk=pk)
        if not cleared(found, step_of(request)):
            raise PermissionDenied("interest")
        return found

    def form(self, request: SignedIn, decision: Decision, form: Plain, status: int = 200) -> HttpResponse:
        """The page."""
        dossier = (decision.application.reference, reverse("workflows:dossier", args=[decision.application.reference]))
        context = {"decision": decision, "application": decision.application, "form": form, "trail": trail(dossier)}
        return render(request, "workflows/objecting/enter.html", context, status=status)


def history(case: Any) -> list[dict[str, Any]]:
    """What happened to the objection, newest first."""
    events = Event.objects.about(case).select_related("actor").order_by("-seq")
    return [
        {"at": event.at, "title": LABELS.get(event.kind) or _(type(case).__dict__[event.kind.split(".")[1]].__doc__), "who": str(event.actor),
         "tone": event.after, "text": event.data.get("reason", "")}
        for event in events
    ]  # fmt: skip


urlpatterns = [
    path("werk/bezwaren/", ObjectionsPage.as_view(), name="objections"),
    path("werk/bezwaren/<int:pk>/", ObjectionPage.as_view(), name="objection"),
    path("werk/bezwaren/<int:pk>/besluit/", ProposeAnew.as_view(), name="propose_anew"),
    path("werk/bezwaren/bij/<int:pk>/", EnterPage.as_view(), name="enter_objection"),
]
