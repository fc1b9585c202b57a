"""One's own sheet: the proposal beside the scorecard, saved as one goes, and handed in once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from scoring.commands.marking import save_marks
from scoring.models import Scoresheet
from scoring.models.sheet import DONE
from scoring.rules import kept_out
from scoring.side_by_side import own_marks
from tender.enums import SheetState
from tender.readout import readout
from tender.schemes.definition import Assess
from tender.templatetags.drietrap import said_mark
from workflows.flows.taking import take_step
from workflows.jury import next_sheet
from workflows.models import Event, ScoresheetMachine
from workflows.pages.juror_room import trail
from workflows.pages.juror_scoring import ScoringPage, said
from workflows.scorecard import scale

if TYPE_CHECKING:
    from tender.http import SignedIn
    from tender.models import Stage, User
    from tender.schemes.definition import Rubric


class SheetPage(ScoringPage):
    """The sheet of whoever is signed in; anybody else's is not there."""

    machine = ScoresheetMachine
    template = "workflows/juror/sheet.html"
    startable = SheetState.ASSIGNED

    def find(self, request: SignedIn, **where: Any) -> Scoresheet:
        """The sheet, if it is this person's own, counts, and is open to them."""
        mine = Scoresheet.objects.of(request.user).select_related(
            "application__organisation", "application__applicant", "stage__call__version", "juror"
        )
        found = mine.filter(pk=where["pk"]).first()
        if found is None or kept_out(found.stage, request.user) or found.stage.rules.rubric is None:
            raise Http404
        return found

    def address(self, sheet: Scoresheet) -> str:
        """Where this form is."""
        return reverse("workflows:sheet", args=[sheet.pk])

    def open(self, request: SignedIn, sheet: Scoresheet) -> None:
        """Start on what was assigned."""
        take_step(ScoresheetMachine, "start", pk=sheet.pk, actor=request.user, at=request.at)

    def write(self, request: SignedIn, sheet: Scoresheet, **said: Any) -> Scoresheet:
        """Keep the marks."""
        return save_marks(pk=sheet.pk, actor=request.user, at=request.at, **said)

    def handed_in(self, request: SignedIn, sheet: Scoresheet) -> HttpResponse:
        """To the next sheet of the round that is not in."""
        messages.success(request, _("Your scores on %(reference)s are handed in.") % {"reference": sheet.application.reference})
        following = next_sheet(request.user, sheet)
        return redirect("workflows:sheet", following.pk) if following else redirect("workflows:reading")

    def context(self, sheet: Scoresheet) -> dict[str, Any]:
        """The proposal."""
        rules, sent = sheet.stage.rules, sheet.application.submission(sheet.stage)
        if sent is None:
            raise PermissionDenied("nothing handed in")
        return {
            "application": sheet.application,
            "blind": rules.blind,
            "panel": rules.assess == Assess.JURY,
            "partners": [] if rules.blind else list(sheet.application.partners.order_by("pk")),
            "trail": trail(),
            "blocks": readout(rules.form, sent.answers, files=sent.documents, blind=rules.blind, judging=True),
            "sent": sent,
            "revised": sent.version > 1,
            "given": given(sheet) if sheet.state in DONE else [],
            "given_back": given_back(sheet),
        }

    def figures(self, sheet: Scoresheet) -> dict[str, Any]:
        """How far this sheet is, and how one's own marks lie in this round."""
        return {**super().figures(sheet), "spread": distribution(sheet.stage, sheet.juror, sheet.stage.rules.rubric)}


def given(sheet: Scoresheet) -> list[dict[str, Any]]:
    """A sheet that is in, to read."""
    marks, rubric = sheet.given, sheet.stage.rules.rubric
    return [
        {"criterion": criterion, "lines": [(question, said(marks.get(f"{criterion.key}.{question.key}"), rubric),
                                            marks.get(f"{criterion.key}.{question.key}")) for question in criterion.questions]}
        for criterion in rubric.criteria
    ] if rubric else []  # fmt: skip


def given_back(sheet: Scoresheet) -> str:
    """Why the chair gave this sheet back, while it is open again; empty where nobody did."""
    last = Event.objects.filter(noun="scoresheet", key=sheet.pk).order_by("seq").last()
    return str(last.data["reason"]) if last is not None and last.kind == "scoresheet.reopen" else ""


def distribution(stage: Stage, user: User, rubric: Rubric | None) -> dict[str, Any] | None:
    """The bars of one's own marks: how often each was given in this round; None before the first mark."""
    counted = own_marks(stage, user)
    if rubric is None or not counted:
        return None
    marks, most = scale(rubric), max(counted.values())
    width = 400 / len(marks)
    bars = []
    for index, mark in enumerate(marks):
        height = 80 * counted[mark] / most
        left = index * width
        bars.append({
            "label": said_mark(mark), "number": counted[mark], "x": f"{left + width * 0.15:.1f}", "width": f"{width * 0.7:.1f}",
            "y": f"{96 - height:.1f}", "height": f"{height:.1f}", "middle": f"{left + width / 2:.1f}", "above": f"{90 - height:.1f}",
        })  # fmt: skip
    return {"bars": bars, "total": sum(counted.values())}
