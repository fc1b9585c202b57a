"""More time to decide for a whole round at once (Awb 4:14): what will be the new last day of whom, and then each through the door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tender.enums import Role
from tender.models import Application
from tender.templatetags.drietrap import day
from workflows.machines.application import RUNNING_TERM
from workflows.models import ApplicationMachine
from workflows.pages.bulk import Preview, Row, by_arrow, carry_out, fingerprint, foresee_all, selected
from workflows.pages.room import StaffForm, StagePage, trail

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tender.http import SignedIn
    from workflows.models import StageMachine


class MoreTime(StaffForm):
    """The new last day for everybody, and why."""

    until = forms.DateField(label=gettext_lazy("The new last day to decide"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(
        label=gettext_lazy("Why do you need more time?"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000,
        help_text=gettext_lazy("Every applicant gets a letter with the new day and with this reason, word for word."),
    )  # fmt: skip


class PostponePage(StagePage):
    """``GET`` asks for the day and the reason; ``POST`` shows what that does to each dossier whose term runs, and with ``confirm`` does
    it, each on its own: one that has changed since stays as it is, and says so."""

    roles = (Role.OFFICER,)
    closed_to_recused = True

    def get(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """The form."""
        return self.ask(request, self.stage(request, call, key), MoreTime())

    def post(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """The preview, or the deed."""
        stage, form = self.stage(request, call, key), MoreTime(request.POST)
        if not request.user.has_role(Role.OFFICER):
            raise PermissionDenied("postpone")
        if not form.is_valid():
            return self.ask(request, stage, form, status=422)
        data = {"until": form.cleaned_data["until"], "reason": form.cleaned_data["reason"]}
        confirmed = "confirm" in request.POST
        rows, hidden = rows_for(stage, request, data, only=set(selected(request.POST)) if confirmed else None)
        context = {
            "stage": stage,
            "trail": trail(stage=stage),
            "back": request.path,
            "step": "postpone",
            "title": _("More time for the whole round"),
            "label": _("Take more time to decide"),
            "says": _("Every applicant below gets a letter with the new day and your reason."),
            "carried": [("until", data["until"].isoformat()), ("reason", data["reason"])],
            "preview": Preview(rows, hidden=hidden),
        }
        if not confirmed:
            return render(request, "workflows/officer/preview.html", context)
        act = by_arrow("application", "postpone", actor=request.user, at=request.at)
        return render(request, "workflows/officer/results.html", {**context, "results": carry_out(rows, request.POST, act)})

    def ask(self, request: SignedIn, stage: StageMachine, form: MoreTime, status: int = 200) -> HttpResponse:
        """The page that asks."""
        context = {"stage": stage, "trail": trail(stage=stage), "form": form}
        return render(request, "workflows/officer/postpone.html", context, status=status)


def rows_for(stage: StageMachine, request: SignedIn, data: dict[str, Any], *, only: set[int] | None) -> tuple[list[Row], int]:
    """A row per dossier whose term runs and that this person may read (``only`` those that were confirmed), and how many they may not."""
    running = stage.applications.filter(state__in=RUNNING_TERM)
    visible = Application.objects.visible_to(request.user).filter(pk__in=running.values("pk"))
    found: Any = ApplicationMachine.objects.filter(pk__in=visible.values("pk"))
    cases = list(found.select_related("organisation", "applicant", "stage__call__version").order_by("reference"))
    hidden = running.count() - len(cases)
    if only is not None:
        cases = [case for case in cases if case.pk in only]
    unmet = foresee_all(cases, "postpone", actor=request.user, at=request.at, data=lambda _case: data)
    rows = [
        Row(
            case.pk,
            case.reference,
            f"{case.title} · {case.party}",
            _("last day to decide: %(before)s → %(after)s") % {"before": day(case.decide_by), "after": day(data["until"])},
            now=case.get_state_display(),
            seen=fingerprint(case.state, case.decide_by, data["until"], data["reason"]),
            data=data,
            unmet=why_not,
        )
        for case, why_not in zip(cases, unmet, strict=True)
    ]
    return rows, hidden
