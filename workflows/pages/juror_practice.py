"""A practice proposal: scored like any other, then laid beside the answer of the scheme and the marks of the others."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoring.commands.marking import save_practice
from scoring.models import PracticeSheet, Seating
from scoring.practising import Tried, handed_in, may_show, tried
from scoring.rules import PRACTISING
from tender.calendar import amsterdam_day
from tender.enums import JURY_ROLES, NOTHING, Role, SheetState
from tender.templatetags.drietrap import said_mark
from workflows.commands import create
from workflows.jury import round_of
from workflows.models import PracticeMachine
from workflows.pages.juror_room import trail, where
from workflows.pages.juror_scoring import ScoringPage, said

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from decimal import Decimal

    from tender.http import SignedIn
    from tender.models import Stage, User
    from tender.schemes.definition import Practice, Rubric
    from workflows.jury import Round


class PracticePage(ScoringPage):
    """One's own form on a practice proposal."""

    machine = PracticeMachine
    template = "workflows/juror/practice.html"
    startable = NOTHING

    def find(self, request: SignedIn, **at: Any) -> PracticeSheet:
        """The form, or one that is not begun yet; 404 for whoever gives no marks in this round."""
        one = round_of(request.user, call=at["call"], key=at["key"], at=request.at)
        if one is None or one.part not in JURY_ROLES:
            raise Http404
        of = {"stage": one.stage, "juror": request.user, "practice": called(one.stage, at["practice"]).key}
        mine = PracticeSheet.objects.select_related("stage__call__version", "juror")
        found = mine.filter(**of).first() or PracticeSheet(**of)
        if found.state == NOTHING and one.stage.state not in PRACTISING:
            raise Http404  # nothing is begun any more, and nothing was
        return found

    def address(self, sheet: PracticeSheet) -> str:
        """Where this form is."""
        return reverse("workflows:practice", args=[sheet.stage.call.reference, sheet.stage.key, sheet.practice])

    def open(self, request: SignedIn, sheet: PracticeSheet) -> None:
        """Begin."""
        of = {"stage": sheet.stage, "juror": request.user, "practice": sheet.practice}
        create(PracticeMachine, "begin", of=of, actor=request.user, at=request.at)

    def write(self, request: SignedIn, sheet: PracticeSheet, **said: Any) -> PracticeSheet:
        """Keep the marks."""
        saved = save_practice(pk=sheet.pk, actor=request.user, at=request.at, **said)
        sheet.answers = saved.answers
        return saved

    def handed_in(self, request: SignedIn, sheet: PracticeSheet) -> HttpResponse:
        """To the same page, which now shows the answer."""
        messages.success(request, _("Your practice is handed in. Below you see how your marks lie beside the answer."))
        return redirect(self.address(sheet))

    def context(self, sheet: PracticeSheet) -> dict[str, Any]:
        """The made-up proposal; once the form is in, what it deserved and what others gave."""
        practice = called(sheet.stage, sheet.practice)
        shown = {"practice": practice, "trail": trail(), "blocks": blocks(practice), "ended": sheet.stage.state not in PRACTISING}
        rubric = sheet.stage.rules.rubric
        if sheet.state != SheetState.SEALED or rubric is None:
            return shown
        others = handed_in(sheet.stage, practice, but=sheet.juror)
        enough = may_show(others, sheet.juror)
        rows = tried(sheet.stage, practice, sheet, others if enough else [])
        return {**shown, **compared(rows, rubric), "enough": enough}


def called(stage: Stage, key: str) -> Practice:
    """The practice proposal of a stage with this key; `Http404` where there is none."""
    practice = stage.rules.practice_called(key)
    if practice is None:
        raise Http404
    return practice


def blocks(practice: Practice) -> list[dict[str, Any]]:
    """The made-up proposal in the shape in which every proposal is read."""
    return [{"label": _("What they write"), "lines": [{"label": part.label, "text": part.text} for part in practice.sections]}]


def compared(rows: Sequence[Tried], rubric: Rubric) -> dict[str, Any]:
    """One's own marks beside the answers and the marks of the others, for the template."""
    apart = [row for row in rows if row.own is not None and row.own.value is not None and row.own.value != row.answer.mark]
    return {
        "rows": [line(row, rubric) for row in rows],
        "apart": ngettext(
            "On %(n)d question you gave another mark than the answer.",
            "On %(n)d questions you gave another mark than the answer.",
            len(apart),
        )
        % {"n": len(apart)}
        if apart
        else _("You gave the same marks as the answer."),
    }


def line(row: Tried, rubric: Rubric) -> dict[str, Any]:
    """One question, in words and as dots on the scale."""
    counted = sorted(Counter(row.others).items())

    def place(mark: Decimal) -> str:
        return f"{10 + 180 * float((mark - rubric.minimum) / (rubric.maximum - rubric.minimum)):.1f}"

    return {
        "criterion": row.criterion,
        "question": row.question,
        "own": said(row.own, rubric),
        "remark": row.own.comment if row.own is not None else "",
        "answer": said_mark(row.answer.mark),
        "why": row.answer.why,
        "difference": difference(row),
        "others": [(said_mark(mark), number) for mark, number in counted],
        "dots": [(place(mark), f"{3 + 1.5 * min(number, 4):.1f}") for mark, number in counted],
        "answer_at": place(row.answer.mark),
        "mean": row.mean,
        "distance": row.distance,
    }


def difference(row: Tried) -> str:
    """How one's own mark lies to the answer, in words."""
    if row.own is None or row.own.value is None:
        return ""
    far = row.own.value - row.answer.mark
    if not far:
        return _("the same")
    how = {"n": said_mark(abs(far))}
    return _("%(n)s higher") % how if far > 0 else _("%(n)s lower") % how


def to_practise(rounds: Sequence[Round], user: User) -> dict[int, list[dict[str, str]]]:
    """Per round the practice proposals on this person's reading list; one query, and none where no scheme has any."""
    given = [one for one in rounds if one.part in JURY_ROLES and one.stage.rules.practice]
    if not given:
        return {}
    mine = PracticeSheet.objects.filter(juror=user, stage__in=[one.stage.pk for one in given])
    begun = {(sheet.stage_id, sheet.practice): sheet for sheet in mine}
    return {one.stage.pk: [task for each in one.stage.rules.practice if (task := as_task(one, each, begun))] for one in given}


def as_task(one: Round, practice: Practice, begun: dict[tuple[int, str], PracticeSheet]) -> dict[str, str] | None:
    """One practice proposal as a line of a task list; None where it is too late to begin."""
    sheet = begun.get((one.stage.pk, practice.key))
    if sheet is None and one.stage.state not in PRACTISING:
        return None
    status, label = ("waiting", _("Not started")) if sheet is None else ("busy", sheet.get_state_display().capitalize())
    if sheet is not None and sheet.state == SheetState.SEALED:
        status = "ok"
    url = reverse("workflows:practice", args=[*where(one), practice.key])
    return {"label": str(practice.title), "url": url, "status": status, "status_label": label, "hint": ""}


def calibration(one: Round, user: User, *, at: datetime) -> list[dict[str, Any]]:
    """For who leads a round: how many of the panel tried each practice proposal, and how they lie beside its answer.

    Who gives marks too, reads the answers after their own form is in.
    """
    stage, found = one.stage, []
    rubric = stage.rules.rubric
    if rubric is None or not stage.rules.practice:
        return []
    seats = set(Seating.objects.seats(stage, on=amsterdam_day(at)).exclude(part=Role.SECRETARY).values_list("user_id", flat=True))
    for practice in stage.rules.practice:
        sheets = [sheet for sheet in handed_in(stage, practice) if sheet.juror_id in seats]  # not of who rose since
        may = one.part == Role.SECRETARY or stage.state not in PRACTISING or any(sheet.juror_id == user.pk for sheet in sheets)
        enough = may_show(sheets, user)
        rows = tried(stage, practice, None, sheets) if may and enough else []
        found.append({"practice": practice, "done": len(sheets), "seats": len(seats), "may": may, "enough": enough,
                      "rows": [line(row, rubric) for row in rows]})  # fmt: skip
    return found
