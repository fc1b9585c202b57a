"""The people of a round: who declares, who scores what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.shortcuts import render
from django.utils.translation import gettext as _

from tender.enums import ConflictState
from tender.models import Application
from workflows.commands.declaring import ask_once
from workflows.declaring import ANSWER_APART, suggested
from workflows.flows.taking import take_step
from workflows.models import ConflictMachine
from workflows.pages.bulk import Preview, Row, carry_out, fingerprint, selected
from workflows.pages.room import DECLARING_ROLES, StagePage, link, trail, undeclared

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tender.http import SignedIn


class DeclareRound(StagePage):
    """Declare to have no interest in many dossiers at once, from their covers; an interest is declared one by one."""

    roles = DECLARING_ROLES

    def get(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """The covers on which this person has not declared."""
        stage = self.stage(request, call, key)
        cases = undeclared(stage, request.user).select_related("organisation", "applicant", "stage__call__version")
        found = suggested(request.user, cases := cases.prefetch_related("partners"))
        mine = Application.objects.filter(submissions__stage=stage, conflicts__user=request.user).distinct()
        context = {
            "stage": stage,
            "trail": trail(stage=stage),
            "cases": [(case, link("workflows:declare", case.reference), found.get(case.pk)) for case in cases],
            "open": mine.exclude(conflicts__state=ConflictState.RECUSED).count(),
            "recused": list(mine.filter(conflicts__user=request.user, conflicts__state=ConflictState.RECUSED)),
        }
        return render(request, "workflows/officer/declare.html", context)

    def post(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """The preview, or with ``confirm`` the declarations themselves."""
        stage = self.stage(request, call, key)
        cases = undeclared(stage, request.user).select_related("organisation", "applicant", "stage__call__version")
        found = {case.pk: case for case in cases.filter(pk__in=selected(request.POST))}
        apart = suggested(request.user, found.values())
        rows = [
            Row(
                pk,
                case.reference,
                f"{case.title} · {case.party}",
                _("no interest; the dossier opens to you"),
                seen=fingerprint(case.pk),
                unmet=(str(ANSWER_APART),) if pk in apart else (),
            )
            for pk, case in found.items()
        ]
        context: dict[str, Any] = {
            "stage": stage,
            "trail": trail((_("Declare"), request.path), stage=stage),
            "back": request.path,
            "title": _("I have no interest in these applications"),
            "label": _("Yes, I declare this"),
            "says": _("I have no family, work or money tie to any party in these applications, and I do not compete with one."),
        }
        if "confirm" not in request.POST:
            return render(request, "workflows/officer/preview.html", {**context, "preview": Preview(rows), "step": "declare"})

        def act(row: Row) -> object:
            with transaction.atomic():
                asked = ask_once(application=found[row.pk], user=request.user, at=request.at)
                return take_step(ConflictMachine, "declare_none", pk=asked.pk, actor=request.user, at=request.at)

        return render(request, "workflows/officer/results.html", {**context, "results": carry_out(rows, request.POST, act)})
