"""The panel's sitting: how far everybody is before it; in it the agenda, which moves as marks change; and its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from scoring.models import Conflict, Meeting, Scoresheet
from scoring.queries import missing_sheets, newest_change, pulse
from scoring.quorum import rooms
from scoring.rules import is_chair
from scoring.side_by_side import moved, side_by_side
from tender.enums import ConflictState, Role, SheetState, StageState
from tender.step import Step
from workflows.declaring import found_about
from workflows.judging import KINDS_OF_INTEREST
from workflows.jury import SITTING, Round, open_cases, progress
from workflows.looking import lines_in_meeting
from workflows.models import Event
from workflows.pages.juror_practice import calibration
from workflows.pages.juror_room import JuryPage, trail, where
from workflows.pages.minutes import minutes_shown
from workflows.pages.noise import noise_part
from workflows.steps import as_machine, open_steps

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from scoring.quorum import Room
    from scoring.side_by_side import Compared
    from tender.http import SignedIn
    from tender.models import Application, User

STEPS = ("convene", "minute", "sign_minutes", "ask_rank", "rank")
"""The steps of the round that belong to the panel."""
NO_CONTENT = 204


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
            "minutes": minutes_shown(stage, request.user, at=request.at) if meeting is not None and meeting.minutes else None,
            "bounds": stage.rules.selection.meeting_fixes,
            "judges": judges,
            "sheets": sum(row["total"] for row in judges),
            "done": sum(row["done"] for row in judges),
            "missing": list(missing_sheets(stage).filter(application__in=cases)) if one.leads and not sitting else [],
            **(agenda_context(one, request.user) if sitting else {"agenda": []}),
            "doubts": doubts(request, one) if one.leads else [],
            "practices": calibration(one, request.user, at=request.at) if one.leads else [],
            "handed_in": handed_in(request, one, cases) if not sitting else [],
            "steps": steps(request, one, meeting) if one.leads else [],
            "noise_url": reverse("workflows:meeting_noise", args=where(one)) if warns(one) else "",
            "asked": asked_to_rank(one) if one.leads else None,
            "ranking_url": reverse("workflows:ranking", args=where(one)) if ranked else "",
            "advices_url": reverse("workflows:advices", args=where(one)) if ranked and one.leads and stage.rules.meeting else "",
        }
        return render(request, "workflows/juror/meeting.html", context)


class AgendaPage(JuryPage):
    """The agenda as it is now, for a page that asks every few seconds: nothing where nothing changed since."""

    def get(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """The table with what changed, or 204."""
        one = panel_round(self.round(request, call, key))
        if one.stage.state not in SITTING:
            raise Http404
        now, seen = pulse(one.stage, open_cases(one.stage, request.user)), request.GET.get("since", "")
        if now == seen:
            return HttpResponse(status=NO_CONTENT)
        return render(request, "workflows/juror/agenda.html", agenda_context(one, request.user, since=newest_change(seen)))


class MeetingNoisePage(JuryPage):
    """Which numbers to nominate would cut through applications that the marks cannot tell apart: for who leads, in the meeting.

    A part of the meeting's page that comes after it, because it takes a second to work out.
    """

    def get(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """A line per number the panel may nominate."""
        one = panel_round(self.round(request, call, key))
        if not warns(one):
            raise Http404
        return noise_part(request, lines_in_meeting(one.stage, request.user))


def warns(one: Round) -> bool:
    """Whether this person is warned, before the number is fixed, how sure the line would be."""
    return one.leads and one.stage.state == StageState.MEETING and one.stage.rules.selection.meeting_fixes is not None


def panel_round(one: Round) -> Round:
    """A round that a panel judges: its chair, deputy and secretary at any time, the members from the meeting on."""
    if one.part == Role.ASSESSOR:
        raise Http404
    if not one.leads and one.stage.state not in SITTING:
        raise PermissionDenied("before the meeting")
    return one


def agenda_context(one: Round, user: User, *, since: int | None = None) -> dict[str, Any]:
    """The agenda for this person, by disagreement, with its address and the moment it is of; and what moved ``since`` a change."""
    stage, there, cases = one.stage, rooms(one.stage), open_cases(one.stage, user)
    now = pulse(stage, cases)  # before the rows: what comes in between is shown twice, never missed
    rows = side_by_side(stage, cases)
    return {
        "agenda": [agenda_row(one, row, there.get(row.application.pk)) for row in rows],
        "moved": [] if since is None else moved(stage, rows, since),
        "criteria": list(stage.rules.rubric.criteria) if stage.rules.rubric else [],
        "now_url": f"{reverse('workflows:agenda_now', args=where(one))}?since={now}",
        "live": stage.state == StageState.MEETING,
    }


def agenda_row(one: Round, row: Compared, room: Room | None) -> dict[str, Any]:
    """One line of the agenda, with each judge's total as a dot on a scale of 0 to 100."""
    totals = [float(each.total) for each in row.columns if each.total is not None]
    return {
        "case": row.application,
        "named": not one.stage.rules.blind,
        "url": reverse("workflows:compare", args=[*where(one), row.application.reference]),
        "before": row.before,
        "room": room,
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


def doubts(request: SignedIn, one: Round) -> list[dict[str, Any]]:
    """The declarations that this person, as chair or in the chair's place, has to judge: cover and explanation, nothing else."""
    waiting = Conflict.objects.filter(application__stage=one.stage, state=ConflictState.DOUBTFUL)
    step, here = Step(actor=request.user, at=request.at), reverse("workflows:meeting", args=where(one))
    rows = waiting.select_related("application__stage__call__version", "application__organisation", "application__applicant", "user")
    mine = [conflict for conflict in rows.order_by("application__reference", "user__name") if is_chair(conflict, step)]
    found = found_about(mine, request.user)
    return [
        {
            "conflict": conflict,
            "kind": kind_in_words(conflict),
            "found": found[conflict.pk],
            "clear": f"{reverse('workflows:step', args=['conflict', conflict.pk, 'clear'])}?next={here}",
            "recuse": f"{reverse('workflows:step', args=['conflict', conflict.pk, 'recuse'])}?next={here}",
        }
        for conflict in mine
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
