"""What a judge has to read: declarations due, sheets with their progress, and the meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from scoring.models.sheet import DONE
from tender.enums import Role, SheetState
from workflows.jury import Round, deadline, invitations, questions, reading_list
from workflows.pages.juror_practice import to_practise

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tender.http import SignedIn


@require_safe
@login_required
def reading(request: SignedIn) -> HttpResponse:
    """My rounds, the ones that wait for me first."""
    found = reading_list(request.user, at=request.at)
    practice = to_practise(found, request.user)
    rounds = [{**shown(one), "practice": practice.get(one.stage.pk, []), "practice_prefix": f"practice-{one.stage.pk}"} for one in found]
    in_panel = any(item["round"].part != Role.ASSESSOR for item in rounds)
    return render(request, "workflows/juror/reading.html", {"rounds": rounds, "in_panel": in_panel, "invited": invitations(request.user)})


def shown(one: Round) -> dict[str, Any]:
    """One round for the template."""
    stage, total = one.stage, questions(one.stage)
    where = [stage.call.reference, stage.key]
    named = one.stage.rules.blind is False
    return {
        "round": one,
        "stage": stage,
        "part": Role(one.part).label,
        "deadline": deadline(one) if one.busy else None,
        "conflicts_url": reverse("workflows:conflicts", args=where),
        "meeting_url": reverse("workflows:meeting", args=where) if one.leads or one.sits else "",
        "pitches_url": reverse("workflows:pitches") if stage.rules.pitch else "",
        "ranking_url": reverse("workflows:ranking", args=where) if getattr(stage, "ranked", False) else "",
        "declare": ngettext("Declare on %(n)d application", "Declare on %(n)d applications", one.to_declare) % {"n": one.to_declare},
        "judge": ngettext("Judge %(n)d doubt", "Judge %(n)d doubts", one.to_judge) % {"n": one.to_judge},
        "sheets": [task(sheet, total, named=named) for sheet in one.sheets],
    }


def task(sheet: Any, total: int, *, named: bool) -> dict[str, str]:
    """One sheet as a line of a task list."""
    status = {SheetState.ASSIGNED: "waiting", SheetState.STARTED: "busy"}.get(sheet.state, "ok")
    label = sheet.get_state_display().capitalize()
    if sheet.state not in DONE and sheet.answered:
        label = _("%(done)s of %(total)s answered") % {"done": sheet.answered, "total": total}
    elif sheet.state == SheetState.ASSIGNED:
        label = _("Not started")
    case = sheet.application
    return {
        "label": f"{case.reference} · {case.title}" if case.title else case.reference,
        "url": reverse("workflows:sheet", args=[sheet.pk]),
        "status": status,
        "status_label": label,
        "hint": case.party if named else "",
    }
