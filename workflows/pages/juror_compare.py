"""One application in the meeting: every sheet side by side, who is in the room, and one's own marks to change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from scoring.models import Scoresheet
from scoring.queries import pulse
from scoring.quorum import rooms
from scoring.side_by_side import side_by_side
from tender.enums import SheetState, StageState
from tender.models import User
from tender.templatetags.drietrap import said_mark
from workflows.judging import Amend, Discuss
from workflows.jury import SITTING, Round, open_cases
from workflows.pages.juror_meeting import NO_CONTENT, panel_round
from workflows.pages.juror_room import JuryPage, trail, where
from workflows.scorecard import UNABLE, in_words, plain_mark, said_weight
from workflows.steps import as_machine, open_steps

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from scoring.models import Mark
    from scoring.quorum import Room
    from scoring.side_by_side import Compared
    from tender.http import SignedIn
    from tender.models import Application
    from tender.schemes.definition import Rubric


STOP_POLLING = 286
"""What htmx takes as an answer that needs no next question."""


class ComparePage(JuryPage):
    """One dossier in the meeting: every mark and remark of every judge, side by side."""

    def get(self, request: SignedIn, call: str, key: str, reference: str) -> HttpResponse:
        """The table, the room, and one's own marks."""
        one = panel_round(self.round(request, call, key))
        if one.stage.state not in SITTING:
            raise Http404
        now = pulse(one.stage, only(one, request, reference))  # before the rows, so that nothing in between is missed
        found = side_by_side(one.stage, open_cases(one.stage, request.user))
        here = next((index for index, row in enumerate(found) if row.application.reference == reference), None)
        if here is None:
            raise Http404
        row, room = found[here], rooms(one.stage).get(found[here].application.pk)
        context = {
            "stage": one.stage,
            "trail": trail((_("Meeting"), reverse("workflows:meeting", args=where(one)))),
            "row": row,
            "criteria": table(one.stage.rules.rubric, row),
            "changes": changes(one.stage.rules.rubric, row),
            "remarks": [(each.sheet.juror, each.sheet.comment) for each in row.columns if each.sheet.comment.strip()],
            "before": link(one, found[here - 1]) if here else None,
            "after": link(one, found[here + 1]) if here + 1 < len(found) else None,
            "blind": one.stage.rules.blind,
            "room": room and named(room),
            "discuss": room and discuss(request, one, row.application, room),
            "mine": own_marks(request, one, row.application),
            "live": one.stage.state == StageState.MEETING,
            "now_url": f"{reverse('workflows:compare_now', args=[*where(one), reference])}?since={now}",
        }
        return render(request, "workflows/juror/compare.html", context)


class CompareNow(JuryPage):
    """Whether anything moved on one application, for a page that asks every few seconds. It says so and does not move the page, on which
    somebody may be typing."""

    def get(self, request: SignedIn, call: str, key: str, reference: str) -> HttpResponse:
        """A line with a link, after which the page stops asking; or 204."""
        one = panel_round(self.round(request, call, key))
        case = only(one, request, reference)
        if one.stage.state not in SITTING or not case.exists():
            raise Http404
        if pulse(one.stage, case) == request.GET.get("since", ""):
            return HttpResponse(status=NO_CONTENT)
        url = reverse("workflows:compare", args=[*where(one), reference])
        return render(request, "workflows/juror/compare_moved.html", {"url": url}, status=STOP_POLLING)


def only(one: Round, request: SignedIn, reference: str) -> QuerySet[Application]:
    """One application of the agenda, where it is open to this person."""
    return open_cases(one.stage, request.user).filter(reference=reference)


def link(one: Round, row: Compared) -> tuple[str, str]:
    """A dossier of the agenda, with its address."""
    return row.application.reference, reverse("workflows:compare", args=[*where(one), row.application.reference])


def table(rubric: Rubric | None, row: Compared) -> list[dict[str, Any]]:
    """Per criterion the mean of all and of each judge, and under it each question with its marks and remarks."""
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


def cell(mark: Mark | None, rubric: Rubric) -> dict[str, Any]:
    """One mark with its remark, and what it was before the meeting."""
    if mark is None:
        return {"mark": "–", "comment": "", "was": ""}
    first = next(iter(mark.changes.all()), None)
    return {"mark": in_short(mark.value, rubric, unable=mark.unable), "comment": mark.comment,
            "was": in_short(first.before, rubric, unable=True) if first else ""}  # fmt: skip


def in_short(value: Any, rubric: Rubric, *, unable: bool) -> str:
    """A mark in a cell."""
    if value is None:
        return _("not able") if unable else "–"
    words = {rubric.minimum: _("no"), rubric.maximum: _("yes")} if in_words(rubric) else {}
    return words.get(value) or said_mark(value)


def questions_of(rubric: Rubric) -> dict[str, str]:
    """The label of every question, by ``criterion.question``."""
    return {f"{criterion.key}.{question.key}": str(question.label) for criterion in rubric.criteria for question in criterion.questions}


def changes(rubric: Rubric | None, row: Compared) -> list[dict[str, Any]]:
    """What changed in the meeting, in order: who, on which question, from what to what, why, and when."""
    if rubric is None:
        return []
    found: list[dict[str, Any]] = []
    for column in row.columns:
        for question, mark in column.marks.items():
            found += [
                {"juror": column.sheet.juror, "question": questions_of(rubric).get(question, question), "at": change.at,
                 "before": in_short(change.before, rubric, unable=True), "after": in_short(change.after, rubric, unable=True),
                 "reason": change.reason}
                for change in mark.changes.all()
            ]  # fmt: skip
    return sorted(found, key=lambda change: change["at"])


def named(room: Room) -> dict[str, Any]:
    """Who is in the room for an application and who left it, by name."""
    names = {user.pk: user for user in User.objects.filter(pk__in=room.present | room.left).order_by("name")}
    return {
        "room": room,
        "present": [user for pk, user in names.items() if pk in room.present],
        "left": [user for pk, user in names.items() if pk in room.left],
    }


def discuss(request: SignedIn, one: Round, application: Application, room: Room) -> dict[str, Any] | None:
    """The form to note who is in the room, for who may."""
    case = as_machine("stage", one.stage.pk)
    if one.stage.state != StageState.MEETING or "discuss" not in {s.name for s in open_steps(case, actor=request.user, at=request.at)}:
        return None
    form = Discuss(case=case, initial={"application": application.pk, "present": [str(pk) for pk in room.present], "note": room.note})
    choices = form.fields["present"].choices  # type: ignore[attr-defined]
    form.fields["present"].choices = [each for each in choices if int(each[0]) in room.voters]  # type: ignore[attr-defined]
    return {"form": form, "url": reverse("workflows:step", args=["stage", one.stage.pk, "discuss"])}


def own_marks(request: SignedIn, one: Round, application: Application) -> dict[str, Any] | None:
    """One's own marks with a form to change each, while the meeting goes on."""
    rubric = one.stage.rules.rubric
    sheet = Scoresheet.objects.of(request.user).filter(stage=one.stage, application=application, state=SheetState.CONFIRMED).first()
    if sheet is None or rubric is None or one.stage.state != StageState.MEETING or one.stage.meeting.signed_at is not None:
        return None
    given, case = {mark.question: mark for mark in sheet.marks.prefetch_related("changes")}, as_machine("scoresheet", sheet.pk)
    lines = []
    for number, (question, label) in enumerate(questions_of(rubric).items(), start=1):
        value = given[question].value if question in given else None
        now = UNABLE if value is None else plain_mark(value)
        last = max((change.pk for change in given[question].changes.all()), default=None) if question in given else None
        seen = {"question": question, "before": now, "last": last, "value": now}
        form = Amend(case=case, initial=seen, prefix=None, auto_id=f"q{number}-%s")
        lines.append({"label": label, "mark": in_short(value, rubric, unable=True), "form": form})
    return {"lines": lines, "url": reverse("workflows:step", args=["scoresheet", sheet.pk, "amend"])}
