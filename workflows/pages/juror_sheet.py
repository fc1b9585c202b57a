"""One's own sheet: the proposal beside the scorecard, saved as one goes, and handed in once."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from scoring.commands.marking import WHOLE, answers_on, save_marks
from scoring.models import Mark, Scoresheet
from scoring.models.sheet import DONE
from scoring.rules import kept_out
from scoring.sheets import question_names
from scoring.side_by_side import own_marks
from tender.commands.drafting import Overtaken
from tender.enums import SheetState
from tender.forms import seen_of
from tender.forms.posted import mark as imprint
from tender.readout import readout
from tender.schemes.definition import Assess
from workflows.commands import Refused
from workflows.flows.taking import take_step
from workflows.jury import next_sheet
from workflows.models import Event, ScoresheetMachine
from workflows.pages.juror_room import CONFLICT, UNPROCESSABLE, trail
from workflows.scorecard import Scorecard, in_words, said_mark, said_weight, scale, to_explain

if TYPE_CHECKING:
    from tender.http import SignedIn
    from tender.models import Stage, User
    from tender.schemes.definition import Rubric


class SheetPage(LoginRequiredMixin, View):
    """The sheet of whoever is signed in; anybody else's is not there."""

    def get(self, request: SignedIn, pk: int) -> HttpResponse:
        """The proposal with the scorecard."""
        sheet = self.sheet(request, pk)
        return self.show(request, sheet, scorecard(sheet))

    def post(self, request: SignedIn, pk: int) -> HttpResponse:
        """Start, save, or save and hand in."""
        sheet = self.sheet(request, pk)
        action = request.POST.get("action", "save")
        if action == "start" and sheet.state == SheetState.ASSIGNED:
            return self.start(request, sheet)
        if sheet.state != SheetState.STARTED or action == "start":
            return HttpResponse(status=CONFLICT) if request.htmx else redirect("workflows:sheet", pk)
        form = scorecard(sheet, request.POST)
        if (fault := self.keep(request, sheet, form)) is not None:
            return fault
        if request.htmx:
            return render(request, "workflows/juror/saved.html", {**self.figures(sheet, request.user), "seen": seen(sheet)})
        if action == "seal":
            return self.seal(request, sheet, form)
        messages.success(request, _("Your scores are saved. They are not handed in yet."))
        return redirect("workflows:sheet", pk)

    def sheet(self, request: SignedIn, pk: int) -> Scoresheet:
        """The sheet, if it is this person's own, counts, and is open to them."""
        mine = Scoresheet.objects.of(request.user).select_related(
            "application__organisation", "application__applicant", "stage__call__version"
        )
        found = mine.filter(pk=pk).first()
        if found is None or kept_out(found.stage, request.user) or found.stage.rules.rubric is None:
            raise Http404
        return found

    def start(self, request: SignedIn, sheet: Scoresheet) -> HttpResponse:
        """Open the form."""
        try:
            take_step(ScoresheetMachine, "start", pk=sheet.pk, actor=request.user, at=request.at)
        except Refused as refused:
            return self.show(request, sheet, scorecard(sheet), refused=refused.reasons, status=CONFLICT)
        return redirect(f"{request.path}#scorecard")

    def keep(self, request: SignedIn, sheet: Scoresheet, form: Scorecard) -> HttpResponse | None:
        """Save; else the page that says why not."""
        try:
            saved = form.is_valid() and self.save(request, sheet, form)
        except Overtaken as overtaken:
            return self.overtaken(request, sheet, form, overtaken.theirs)
        return None if saved else self.show(request, sheet, form, status=UNPROCESSABLE)

    def save(self, request: SignedIn, sheet: Scoresheet, form: Scorecard) -> bool:
        """Keep what was given; says whether all of it could be kept."""
        given, shown = form.marks(), seen_of(request.POST.get("seen", ""), answers_on(sheet))
        try:
            saved = save_marks(pk=sheet.pk, actor=request.user, at=request.at, marks=given, comment=form.cleaned_data["comment"], seen=shown)
        except ValidationError as fault:
            form.add_error(None, fault)
            return False
        sheet.saved_at = saved.saved_at
        return True

    def overtaken(self, request: SignedIn, sheet: Scoresheet, form: Scorecard, theirs: dict[str, Any]) -> HttpResponse:
        """Another window saved other scores in the meantime: nothing is saved, both are shown."""
        if request.htmx:
            return render(request, "tender/answering/overtaken.html", status=CONFLICT)
        for name, answer in theirs.items():
            form.add_error(form.names.get(name, WHOLE), said_elsewhere(answer, form.rubric))
        return self.show(request, sheet, form, status=CONFLICT)

    def seal(self, request: SignedIn, sheet: Scoresheet, form: Scorecard) -> HttpResponse:
        """Hand the sheet in, if every question is answered."""
        if form.lacking():
            return self.show(request, sheet, form, status=UNPROCESSABLE)
        try:
            take_step(ScoresheetMachine, "seal", pk=sheet.pk, actor=request.user, at=request.at)
        except Refused as refused:
            return self.show(request, sheet, form, refused=refused.reasons, status=CONFLICT)
        messages.success(request, _("Your scores on %(reference)s are handed in.") % {"reference": sheet.application.reference})
        following = next_sheet(request.user, sheet)
        return redirect("workflows:sheet", following.pk) if following else redirect("workflows:reading")

    def show(
        self, request: SignedIn, sheet: Scoresheet, form: Scorecard, *, refused: tuple[str, ...] = (), status: int = 200
    ) -> HttpResponse:
        """The page."""
        if request.htmx:
            return HttpResponse(status=status)
        rules, sent = sheet.stage.rules, sheet.application.submission(sheet.stage)
        if sent is None:
            raise PermissionDenied("nothing handed in")
        context = {
            "sheet": sheet,
            "stage": sheet.stage,
            "application": sheet.application,
            "blind": rules.blind,
            "panel": rules.assess == Assess.JURY,
            "partners": [] if rules.blind else list(sheet.application.partners.order_by("pk")),
            "trail": trail(),
            "blocks": readout(rules.form, sent.answers, files=sent.documents, blind=rules.blind, judging=True),
            "sent": sent,
            "form": form,
            "seen": seen(sheet),
            "weights": [(criterion, said_weight(criterion)) for criterion in form.rubric.criteria],
            "anchors": [(said_mark(anchor.mark), anchor.label) for anchor in form.rubric.anchors],
            "in_words": in_words(form.rubric),
            "to_explain": to_explain(form.rubric),
            "refused": refused,
            "done": sheet.state in DONE,
            "started": sheet.state == SheetState.STARTED,
            "given": given(sheet, form) if sheet.state in DONE else [],
            "given_back": given_back(sheet),
            **self.figures(sheet, request.user),
        }
        return render(request, "workflows/juror/sheet.html", context, status=status)

    def figures(self, sheet: Scoresheet, user: User) -> dict[str, Any]:
        """How far this sheet is, and how one's own marks lie in this round."""
        marks = list(sheet.marks.values_list("value", "unable"))
        rubric = sheet.stage.rules.rubric
        answered = sum(unable or value is not None for value, unable in marks)
        total = sum(len(criterion.questions) for criterion in rubric.criteria) if rubric else 0
        return {"answered": answered, "total": total, "spread": distribution(sheet.stage, user, rubric)}


def scorecard(sheet: Scoresheet, posted: Any = None) -> Scorecard:
    """The form with what was given before."""
    rubric = sheet.stage.rules.rubric
    if rubric is None:
        raise Http404
    marks = {mark.question: mark for mark in sheet.marks.all()}
    return Scorecard(posted, rubric=rubric, given=marks, comment=sheet.comment)


def seen(sheet: Scoresheet) -> str:
    """What the page of a sheet shows, as `seen_of` reads it when the page is sent."""
    kept = answers_on(Scoresheet.objects.get(pk=sheet.pk))
    names = (*question_names(sheet.stage.rules.rubric), WHOLE)
    return " ".join(f"{name}:{imprint(kept.get(name))}" for name in names)


def said_elsewhere(answer: Any, rubric: Rubric) -> str:
    """What another window saved, beside what was typed here."""
    if isinstance(answer, list):
        value, unable, remark = answer
        chosen = said(Mark(value=Decimal(value) if value else None), rubric) if value or unable else ""
        answer = " · ".join(filter(None, [chosen, remark]))
    kept = {"theirs": answer or _("(nothing)")}
    return _("You saved something else in another window: %(theirs)s. What stands here is not saved yet; save to put it in its place.") % kept


def given(sheet: Scoresheet, form: Scorecard) -> list[dict[str, Any]]:
    """A sheet that is in, to read."""
    marks = {mark.question: mark for mark in sheet.marks.all()}
    return [
        {"criterion": criterion, "lines": [(question, said(marks.get(f"{criterion.key}.{question.key}"), form.rubric),
                                            marks.get(f"{criterion.key}.{question.key}")) for question in criterion.questions]}
        for criterion in form.rubric.criteria
    ]  # fmt: skip


def given_back(sheet: Scoresheet) -> str:
    """Why the chair gave this sheet back, while it is open again; empty where nobody did."""
    last = Event.objects.filter(noun="scoresheet", key=sheet.pk).order_by("seq").last()
    return str(last.data["reason"]) if last is not None and last.kind == "scoresheet.reopen" else ""


def said(mark: Any, rubric: Rubric) -> str:
    """A mark in words."""
    if mark is None or mark.value is None:
        return _("Not able to judge")
    words = {anchor.mark: str(anchor.label) for anchor in rubric.anchors} if in_words(rubric) else {}
    return words.get(mark.value) or said_mark(mark.value)


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
