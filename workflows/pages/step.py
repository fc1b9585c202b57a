"""Any arrow over HTTP: show its form, take it, say what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import View

from tender.enums import NOTHING
from tender.models import Application
from tender.rules import dossier_of
from tender.templatetags.drietrap import weekday
from workflows.commands import Refused
from workflows.commands.door import step_for
from workflows.flows.taking import take_step
from workflows.forms import FORMS
from workflows.labels import LABELS
from workflows.machines import MACHINES
from workflows.machines.arrow import admits
from workflows.models import Event
from workflows.steps import as_machine, open_steps

if TYPE_CHECKING:
    from typing import Any

    from tender.http import SignedIn
    from tender.step import Step
    from workflows.forms import Plain


DANGEROUS = {"cancel", "ask_cancel", "withdraw", "discard", "reject", "recuse", "send_back", "take_back", "take_down"}
"""Steps whose button looks like what it does."""


def asked_before(case: Any, name: str) -> Event | None:
    """The standing request for this step, where two people must take it: what was asked, by whom and when."""
    if Event.objects.standing_ask(case, name) is None:
        return None
    return Event.objects.about(case).filter(kind=f"{case.noun}.ask_{name}").select_related("actor").last()


def name_of(case: Any) -> str:
    """A case without a dossier, as people call it: the round of a call, the panel of a seat, when makers can present, or a question."""
    if case.noun == "question":
        return f"{case.stage.call.reference} · {_('question')}"
    if case.noun == "seat":
        return str(case.panel)
    return weekday(case.starts_at) if case.noun == "slot" else f"{case.call.reference} · {case.label}"


def may_know(case: Any, name: str, request: SignedIn) -> bool:
    """Whether a step may be shown at all, whatever is wrong with what was sent: to who may take it, or where the case has moved on, to
    who might have or just did, as long as the dossier is open to them. Else a form that is not valid would tell a stranger what the case
    is about."""
    step = step_for(case, name, actor=request.user, at=request.at, data={})
    named = [each for each in case.get_all_state_transitions() if each.name == name and each.source != NOTHING]
    leaving = [each for each in named if each.source == case.state]
    if any(admits(each, case, step) for each in leaving or named):
        return True
    dossier = dossier_of(case)
    if leaving or (dossier is not None and not Application.objects.visible_to(request.user).filter(pk=dossier.pk).exists()):
        return False
    return Event.objects.about(case).filter(kind=f"{case.noun}.{name}", actor=request.user).exists()


class StepPage(LoginRequiredMixin, View):
    """``GET`` shows the form of a step, ``POST`` takes it. ``next`` in the form says where to go afterwards."""

    def get(self, request: SignedIn, noun: str, pk: int, name: str) -> HttpResponse:
        """The form, for who may take the step."""
        case = self.case(request, noun, pk, name)
        asked = asked_before(case, name)
        initial = asked.data.get("asked", {}) if asked is not None else None
        return self.show(request, case, name, FORMS[f"{noun}.{name}"](case=case, moment=self.moment(request, case, name), initial=initial))

    def post(self, request: SignedIn, noun: str, pk: int, name: str) -> HttpResponse:
        """Take the step, or show again what was typed with what is wrong."""
        case = self.case(request, noun, pk, name)
        form = FORMS[f"{noun}.{name}"](request.POST, request.FILES, case=case, moment=self.moment(request, case, name))
        if not form.is_valid():
            return self.show(request, case, name, form, status=422)
        try:
            take_step(type(case), name, pk=pk, actor=request.user, at=request.at, **form.data_for_step())
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
            return self.show(request, case, name, form, status=409)
        messages.success(request, _("Done: %(step)s.") % {"step": LABELS[f"{noun}.{name}"]})
        return redirect(self.back(request, case))

    def moment(self, request: SignedIn, case: Any, name: str) -> Step:
        """The moment as its rules see it, before anything is filled in: a form offers only what is open to who fills it in."""
        return step_for(case, name, actor=request.user, at=request.at, data={})

    def case(self, request: SignedIn, noun: str, pk: int, name: str) -> Any:
        """The case, if there is one and this person may take the step on it now; else 404 or 403."""
        if noun not in MACHINES or f"{noun}.{name}" not in LABELS:
            raise Http404
        try:
            case = as_machine(noun, pk)
        except MACHINES[noun].DoesNotExist as missing:  # type: ignore[attr-defined]
            raise Http404 from missing
        if request.method == "GET" and name not in {step.name for step in open_steps(case, actor=request.user, at=request.at)}:
            raise PermissionDenied(name)
        if not may_know(case, name, request):
            raise PermissionDenied(name)
        return case

    def show(self, request: SignedIn, case: Any, name: str, form: Plain, status: int = 200) -> HttpResponse:
        """The step as a page."""
        dossier, asked, back = dossier_of(case), asked_before(case, name), self.back(request, case)
        label, says = str(LABELS[f"{case.noun}.{name}"]), _(type(case).__dict__[name].__doc__)
        context = {
            "case": case, "dossier": dossier, "form": form, "name": name, "label": label,
            "says": "" if says.rstrip(".") == label else says, "back": back, "danger": name in DANGEROUS,
            "asked": asked and {"who": asked.actor, "at": asked.at}, "unmet": self.unmet(request, case, name),
            "about": " · ".join(filter(None, (dossier.reference, dossier.working_title))) if dossier is not None else name_of(case),
            "trail": [(dossier.reference if dossier is not None else name_of(case), back)],
        }  # fmt: skip
        return render(request, "workflows/step.html", context, status=status)

    def unmet(self, request: SignedIn, case: Any, name: str) -> tuple[str, ...]:
        """Why the step cannot be taken yet, where that can be said before its form is filled in."""
        steps = open_steps(case, actor=request.user, at=request.at) if request.method == "GET" else []
        return next((step.unmet for step in steps if step.name == name), ())

    def back(self, request: SignedIn, case: Any) -> str:
        """Where to go afterwards: the page asked for, if it is ours; else the dossier or the stage."""
        asked = request.POST.get("next") or request.GET.get("next") or ""
        if url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
            return asked
        dossier = dossier_of(case)
        if dossier is not None:
            return reverse("workflows:dossier", args=[dossier.reference])
        if case.noun == "seat":
            return reverse("workflows:reading")
        if case.noun == "question":
            return reverse("tender:answers", args=[case.stage.call.reference])
        if case.noun == "slot":
            return reverse("workflows:pitch_slots", args=[case.stage.call.reference, case.stage.key])
        return reverse("workflows:stage", args=[case.call.reference, case.key])
