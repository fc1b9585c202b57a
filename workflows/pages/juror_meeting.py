"""The panel's sitting: how far everybody is before it, all sheets side by side in it, and its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from scoring.models import Conflict, Meeting, Scoresheet
from scoring.queries import missing_sheets
from scoring.rules import is_chair
from scoring.side_by_side import Compared, side_by_side
from tender.enums import ConflictState, Role, SheetState
from tender.step import Step
from workflows.forms import KINDS_OF_INTEREST
from workflows.jury import SITTING, Round, open_cases, progress
from workflows.models import Event
from workflows.pages.juror_room import JuryPage, trail, where
from workflows.scorecard import in_words, said_mark, said_weight
from workflows.steps import as_machine, open_steps

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse

    from tender.http import SignedIn
    from tender.models import Application

STEPS = ("convene", "minute", "sign_minutes", "ask_rank", "rank")
"""The steps of the round that belong to the panel."""


class MeetingPage(JuryPage):
    """The round as chair and secretary lead it; from the meeting on, open to the whole panel."""

    def get(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """Before the meeting: who is how far, and doubts to judge. In it: the agenda by disagreement."""
        one = panel_round(self.round(request, call, key))
        stage, cases = one.stage, open_cases(one.stage, request.user)
        sitting = stage.state in SITTING
        meeting = Meeting.objects.filter(stage=stage).select_related("signed_by").prefetch_related("present").first()
        judges, ranked = progress(stage, cases), stage.rankings.exists()
        context = {
            "round": one,
            "stage": stage,
            "trail": trail(),
            "sitting": sitting,
            "meeting": meeting,
            "bounds": stage.rules.selection.meeting_fixes,
            "judges": judges,
            "sheets": sum(row["total"] for row in judges),
            "done": sum(row["done"] for row in judges),
            "missing": list(missing_sheets(stage).filter(application__in=cases)) if one.leads and not sitting else [],
            "agenda": [agenda_row(one, row) for row in side_by_side(stage, cases)] if sitting else [],
            "criteria": list(stage.rules.rubric.criteria) if stage.rules.rubric else [],
            "doubts": doubts(request, one) if one.leads else [],
            "handed_in": handed_in(request, one, cases) if not sitting else [],
            "steps": steps(request, one, meeting) if one.leads else [],
            "asked": asked_to_rank(one) if one.leads else None,
            "ranking_url": reverse("workflows:ranking", args=where(one)) if ranked else "",
            "advices_url": reverse("workflows:advices", args=where(one)) if ranked and one.leads and stage.rules.meeting else "",
        }
        return render(request, "workflows/juror/meeting.html", context)


class ComparePage(JuryPage):
    """One dossier in the meeting: every mark and remark of every judge, side by side."""

    def get(self, request: SignedIn, call: str, key: str, reference: str) -> HttpResponse:
        """The table."""
        one = panel_round(self.round(request, call, key))
        if one.stage.state not in SITTING:
            raise Http404
        found = side_by_side(one.stage, open_cases(one.stage, request.user))
        here = next((index for index, row in enumerate(found) if row.application.reference == reference), None)
        if here is None:
            raise Http404
        context = {
            "stage": one.stage,
            "trail": trail((_("Meeting"), reverse("workflows:meeting", args=where(one)))),
            "row": found[here],
            "criteria": table(one, found[here]),
            "remarks": [(each.sheet.juror, each.sheet.comment) for each in found[here].columns if each.sheet.comment.strip()],
            "before": link(one, found[here - 1]) if here else None,
            "after": link(one, found[here + 1]) if here + 1 < len(found) else None,
            "blind": one.stage.rules.blind,
        }
        return render(request, "workflows/juror/compare.html", context)


def panel_round(one: Round) -> Round:
    """A round that a panel judges: its chair, deputy and secretary at any time, the members from the meeting on."""
    if one.part == Role.ASSESSOR:
        raise Http404
    if not one.leads and one.stage.state not in SITTING:
        raise PermissionDenied("before the meeting")
    return one


def link(one: Round, row: Compared) -> tuple[str, str]:
    """A dossier of the agenda, with its address."""
    return row.application.reference, reverse("workflows:compare", args=[*where(one), row.application.reference])


def agenda_row(one: Round, row: Compared) -> dict[str, Any]:
    """One line of the agenda, with each judge's total as a dot on a scale of 0 to 100."""
    totals = [float(each.total) for each in row.columns if each.total is not None]
    return {
        "case": row.application,
        "named": not one.stage.rules.blind,
        "url": link(one, row)[1],
        "total": row.total,
        "spread": row.spread,
        "criteria": row.criteria,
        "sheets": len(row.columns),
        "dots": [f"{10 + 1.8 * total:.1f}" for total in totals],
        "low": f"{10 + 1.8 * min(totals):.1f}" if totals else "",
        "high": f"{10 + 1.8 * max(totals):.1f}" if totals else "",
        "mean": f"{10 + 1.8 * float(row.total):.1f}" if row.total is not None else "",
        "totals": [(each.sheet.juror, each.total) for each in row.columns],
    }


def table(one: Round, row: Compared) -> list[dict[str, Any]]:
    """Per criterion the mean of all and of each judge, and under it each question with its marks and remarks."""
    rubric = one.stage.rules.rubric
    if rubric is None or not row.columns:
        return []
    return [
        {
            "label": criterion.label,
            "weight": said_weight(criterion),
            "floor": criterion.floor,
            "mean": row.criteria[index],
            "means": [each.criteria[index] for each in row.columns],
            "lines": [(question.label, [cell(each.marks.get(f"{criterion.key}.{question.key}"), rubric) for each in row.columns])
                      for question in criterion.questions],
        }
        for index, criterion in enumerate(rubric.criteria)
    ]  # fmt: skip


def cell(mark: Any, rubric: Any) -> dict[str, str]:
    """One mark with its remark."""
    if mark is None:
        return {"mark": "–", "comment": ""}
    if mark.value is None:
        return {"mark": _("not able") if mark.unable else "–", "comment": mark.comment}
    words = {rubric.minimum: _("no"), rubric.maximum: _("yes")} if in_words(rubric) else {}
    return {"mark": words.get(mark.value) or said_mark(mark.value), "comment": mark.comment}


def doubts(request: SignedIn, one: Round) -> list[dict[str, Any]]:
    """The declarations that this person, as chair or in the chair's place, has to judge: cover and explanation, nothing else."""
    waiting = Conflict.objects.filter(application__stage=one.stage, state=ConflictState.DOUBTFUL)
    step, here = Step(actor=request.user, at=request.at), reverse("workflows:meeting", args=where(one))
    rows = waiting.select_related("application__stage__call__version", "application__organisation", "application__applicant", "user")
    return [
        {
            "conflict": conflict,
            "kind": kind_in_words(conflict),
            "clear": f"{reverse('workflows:step', args=['conflict', conflict.pk, 'clear'])}?next={here}",
            "recuse": f"{reverse('workflows:step', args=['conflict', conflict.pk, 'recuse'])}?next={here}",
        }
        for conflict in rows.order_by("application__reference", "user__name")
        if is_chair(conflict, step)
    ]


def handed_in(request: SignedIn, one: Round, cases: QuerySet[Application]) -> list[dict[str, Any]]:
    """The sheets that the chair may give back, with the address of that step; no marks."""
    if not is_chair(one.stage, Step(actor=request.user, at=request.at)):
        return []
    sheets = Scoresheet.objects.filter(stage=one.stage, application__in=cases, state=SheetState.SEALED).select_related("application", "juror")
    here = reverse("workflows:meeting", args=where(one))
    return [
        {"sheet": sheet, "url": f"{reverse('workflows:step', args=['scoresheet', sheet.pk, 'reopen'])}?next={here}"}
        for sheet in sheets.order_by("application__reference", "juror__name")
    ]


def kind_in_words(conflict: Conflict) -> str:
    """What kind of interest was named."""
    return str(dict(KINDS_OF_INTEREST).get(conflict.kind, conflict.kind))


def steps(request: SignedIn, one: Round, meeting: Meeting | None) -> list[dict[str, Any]]:
    """The steps of the panel that this person may take now: a form of its own, or one press. Minutes are signed once."""
    here = reverse("workflows:meeting", args=where(one))
    machine, signed = as_machine("stage", one.stage.pk), meeting is not None and meeting.signed_at is not None
    found = []
    for step in open_steps(machine, actor=request.user, at=request.at):
        if step.name in STEPS and not (step.name == "sign_minutes" and signed):
            url = reverse("workflows:step", args=["stage", one.stage.pk, step.name])
            found.append({"step": step, "url": url, "next": here, "form": step.needs_form})
    return found


def asked_to_rank(one: Round) -> Event | None:
    """Who asked for the ranking, while it stands."""
    machine = as_machine("stage", one.stage.pk)
    if Event.objects.standing_ask(machine, "rank") is None:
        return None
    return Event.objects.about(machine).filter(kind="stage.ask_rank").select_related("actor").last()
