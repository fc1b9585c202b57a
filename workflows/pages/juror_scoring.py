"""A form with marks that saves itself and is handed in once: the sheet on an application, and that on a practice proposal."""

from __future__ import annotations

from abc import ABC, abstractmethod
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from scoring.commands.marking import WHOLE, answers_on
from scoring.models import Mark
from scoring.models.sheet import DONE
from tender.commands.drafting import Overtaken
from tender.enums import SheetState
from tender.forms import seen_of
from tender.schemes.cowriting import mark as imprint
from tender.templatetags.drietrap import said_mark
from workflows.commands import Refused
from workflows.flows.taking import take_step
from workflows.pages.juror_room import CONFLICT, UNPROCESSABLE
from workflows.scorecard import Scorecard, in_words, said_weight, to_explain

if TYPE_CHECKING:
    from tender.http import SignedIn
    from tender.schemes.definition import Rubric


class ScoringPage(LoginRequiredMixin, View, ABC):
    """The scorecard of whoever is signed in; anybody else's is not there. What it is on, a page of its own says."""

    machine: ClassVar[type[Any]]
    template: ClassVar[str]
    startable: ClassVar[str]
    """The state from which the form is opened."""

    @abstractmethod
    def find(self, request: SignedIn, **where: Any) -> Any:
        """The sheet, if it is this person's own and open to them; else `Http404`."""

    @abstractmethod
    def address(self, sheet: Any) -> str:
        """Where this form is."""

    @abstractmethod
    def open(self, request: SignedIn, sheet: Any) -> None:
        """Take the step that opens the form."""

    @abstractmethod
    def write(self, request: SignedIn, sheet: Any, **said: Any) -> Any:
        """Keep what was given; returns the sheet as it is then."""

    @abstractmethod
    def handed_in(self, request: SignedIn, sheet: Any) -> HttpResponse:
        """Where to go once the form is in."""

    @abstractmethod
    def context(self, sheet: Any) -> dict[str, Any]:
        """What the page holds beside the scorecard."""

    def figures(self, sheet: Any) -> dict[str, Any]:
        """How far this form is."""
        answered = sum(mark.unable or mark.value is not None for mark in sheet.given.values())
        return {"answered": answered, "total": len(sheet.stage.rules.rubric.questions)}

    def get(self, request: SignedIn, **where: Any) -> HttpResponse:
        """What is judged, with the scorecard."""
        sheet = self.find(request, **where)
        return self.show(request, sheet, scorecard(sheet))

    def post(self, request: SignedIn, **where: Any) -> HttpResponse:
        """Start, save, or save and hand in."""
        sheet = self.find(request, **where)
        action = request.POST.get("action", "save")
        if action == "start" and sheet.state == self.startable:
            return self.start(request, sheet)
        if sheet.state != SheetState.STARTED or action == "start":
            return HttpResponse(status=CONFLICT) if request.htmx else redirect(self.address(sheet))
        form = scorecard(sheet, request.POST)
        if (fault := self.keep(request, sheet, form)) is not None:
            return fault
        if request.htmx:
            return render(request, "workflows/juror/saved.html", {**self.figures(sheet), "seen": seen(sheet)})
        if action == "seal":
            return self.seal(request, sheet, form)
        messages.success(request, _("Your scores are saved. They are not handed in yet."))
        return redirect(self.address(sheet))

    def start(self, request: SignedIn, sheet: Any) -> HttpResponse:
        """Open the form."""
        try:
            self.open(request, sheet)
        except Refused as refused:
            return self.show(request, sheet, scorecard(sheet), refused=refused.reasons, status=CONFLICT)
        return redirect(f"{request.path}#scorecard")

    def keep(self, request: SignedIn, sheet: Any, form: Scorecard) -> HttpResponse | None:
        """Save; else the page that says why not."""
        try:
            saved = form.is_valid() and self.save(request, sheet, form)
        except Overtaken as overtaken:
            return self.overtaken(request, sheet, form, overtaken.theirs)
        # Nothing was saved, so the page has still seen what it had: what others saved since is not to be overwritten by the next try.
        return None if saved else self.show(request, sheet, form, status=UNPROCESSABLE, seen=request.POST.get("seen", ""))

    def save(self, request: SignedIn, sheet: Any, form: Scorecard) -> bool:
        """Keep what was given; says whether all of it could be kept."""
        shown = seen_of(request.POST.get("seen", ""), answers_on(sheet))
        try:
            saved = self.write(request, sheet, marks=form.marks(), comment=form.cleaned_data["comment"], seen=shown)
        except ValidationError as fault:
            form.add_error(None, fault)
            return False
        sheet.saved_at, sheet.comment = saved.saved_at, saved.comment
        return True

    def overtaken(self, request: SignedIn, sheet: Any, form: Scorecard, theirs: dict[str, Any]) -> HttpResponse:
        """Another window saved other scores in the meantime: nothing is saved, both are shown."""
        if request.htmx:
            return render(request, "tender/answering/overtaken.html", status=CONFLICT)
        for name, answer in theirs.items():
            form.add_error(form.names.get(name, WHOLE), said_elsewhere(answer, form.rubric))
        return self.show(request, sheet, form, status=CONFLICT, overtaken=True)

    def seal(self, request: SignedIn, sheet: Any, form: Scorecard) -> HttpResponse:
        """Hand the form in, if every question is answered."""
        if form.lacking():
            return self.show(request, sheet, form, status=UNPROCESSABLE)
        try:
            take_step(self.machine, "seal", pk=sheet.pk, actor=request.user, at=request.at)
        except Refused as refused:
            return self.show(request, sheet, form, refused=refused.reasons, status=CONFLICT)
        return self.handed_in(request, sheet)

    def show(
        self, request: SignedIn, sheet: Any, form: Scorecard, *, refused: tuple[str, ...] = (), status: int = 200, **how: Any
    ) -> HttpResponse:
        """The page; ``how``: what it had ``seen`` before, where that still holds, or that another window has ``overtaken`` it."""
        if request.htmx:
            return HttpResponse(status=status)
        context = {
            "sheet": sheet,
            "stage": sheet.stage,
            "here": self.address(sheet),
            "form": form,
            "seen": seen(sheet),
            "weights": [(criterion, said_weight(criterion)) for criterion in form.rubric.criteria],
            "anchors": [(said_mark(anchor.mark), anchor.label) for anchor in form.rubric.anchors],
            "in_words": in_words(form.rubric),
            "to_explain": to_explain(form.rubric),
            "refused": refused,
            "done": sheet.state in DONE,
            "started": sheet.state == SheetState.STARTED,
            **self.figures(sheet),
            **self.context(sheet),
            **how,
        }
        return render(request, self.template, context, status=status)


def scorecard(sheet: Any, posted: Any = None) -> Scorecard:
    """The form with what was given before."""
    rubric = sheet.stage.rules.rubric
    if rubric is None:
        raise Http404
    return Scorecard(posted, rubric=rubric, given=sheet.given, comment=sheet.comment)


def seen(sheet: Any) -> str:
    """What the page of a sheet shows, as `seen_of` reads it when the page is sent."""
    kept = answers_on(sheet)
    return " ".join(f"{name}:{imprint(kept.get(name))}" for name in (*sheet.stage.rules.rubric.questions, WHOLE))


def said_elsewhere(answer: Any, rubric: Rubric) -> str:
    """What another window saved, beside what was typed here."""
    if isinstance(answer, list):
        value, unable, remark = answer
        chosen = said(Mark(value=Decimal(value) if value else None), rubric) if value or unable else ""
        answer = " · ".join(filter(None, [chosen, remark]))
    kept = {"theirs": answer or _("(nothing)")}
    return _("You saved something else in another window: %(theirs)s. What stands here is not saved yet; save to put it in its place.") % kept


def said(mark: Any, rubric: Rubric) -> str:
    """A mark in words."""
    if mark is None or mark.value is None:
        return _("Not able to judge")
    words = {anchor.mark: str(anchor.label) for anchor in rubric.anchors} if in_words(rubric) else {}
    return words.get(mark.value) or said_mark(mark.value)
