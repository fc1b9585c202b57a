"""Asking a question about a call, and answering it for everybody. No page here says who asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Min
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from scoring.rules import kept_out
from tender.calendar import amsterdam_day
from tender.enums import QuestionState, Role
from tender.models import Question, Stage
from tender.pages.answers import asking_stage
from tender.queries import public_calls
from tender.rules import questions_until
from tender.templatetags.drietrap import day
from workflows.commands import Refused, create
from workflows.flows.taking import take_step
from workflows.forms import FORMS
from workflows.models import QuestionMachine
from workflows.pages.room import StaffPage, StagePage, trail
from workflows.queries import closed_rounds

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tender.http import SignedIn
    from tender.models import Call, User
    from workflows.forms import Plain

PAGE = 25
REFUSED, UNPROCESSABLE = 409, 422
WRITES = {QuestionState.ASKED: "answer_it", QuestionState.ANSWERED: "put_right"}
"""Which arrow publishes what an officer writes, by the state of the question."""


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ask(request: SignedIn, reference: str) -> HttpResponse:
    """A question about a call, in private; the answer will be for everybody."""
    call = public_calls().filter(reference=reference).first()
    if call is None:
        raise Http404
    if request.user.roles:
        raise PermissionDenied("ask")
    stage = asking_stage(call.known_stages, request.at)  # type: ignore[attr-defined]
    form = FORMS["question.ask"](request.POST or None, initial={"token": uuid4()})
    if request.method != "POST" or not form.is_valid():
        return show_ask(request, call, stage, form, status=UNPROCESSABLE if request.method == "POST" else 200)
    try:
        made = sent_once(request, stage or call.known_stages[0], form)  # type: ignore[attr-defined]
    except Refused as refused:
        for reason in refused.reasons:
            form.add_error(None, reason)
        return show_ask(request, call, stage, form, status=REFUSED)
    said = _("Your question was sent. You get a mail when it is answered: before %(day)s at the latest.")
    messages.success(request, said % {"day": day(made.answer_by)})
    return redirect("tender:answers", reference)


def sent_once(request: SignedIn, stage: Stage, form: Plain) -> Question:
    """The question that this form asks; of a second press on the same form, the question that the first one made."""
    body, token, language = form.cleaned_data["body"], form.cleaned_data["token"], (get_language() or "nl")[:2]
    try:
        return create(  # type: ignore[no-any-return]
            QuestionMachine, "ask", of={"stage": stage}, actor=request.user, at=request.at, body=body, token=token, language=language
        )
    except Refused:
        made = Question.objects.filter(asked_by=request.user, token=token).exclude(token=None).first()
        if made is None:
            raise
        return made


def show_ask(request: SignedIn, call: Call, stage: Stage | None, form: Plain, status: int = 200) -> HttpResponse:
    """The form, or why nothing can be asked now."""
    crumbs = [(_("Calls"), reverse("tender:calls")), (call.title, reverse("tender:call", args=[call.reference]))]
    context = {
        "call": call, "stage": stage, "form": form, "until": questions_until(stage) if stage else None, "now": request.at,
        "trail": [*crumbs, (_("Questions and answers"), reverse("tender:answers", args=[call.reference]))],
    }  # fmt: skip
    return render(request, "workflows/asking/ask.html", context, status=status)


class QuestionsPage(StagePage):
    """The questions about a call: what waits for an answer, and what was published."""

    roles = (Role.OFFICER, Role.HEAD, Role.AUDITOR)
    closed_to_recused = True

    def get(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """All that wait; of the others a page."""
        stage = self.stage(request, call, key)
        today = amsterdam_day(request.at)
        about = Question.objects.filter(stage__call=stage.call_id).select_related("stage__call__version")
        done = about.exclude(state=QuestionState.ASKED).order_by("-answered_at", "-pk")
        context = {
            "stage": stage, "trail": trail(stage=stage), "page": Paginator(done, PAGE).get_page(request.GET.get("page")),
            "waiting": [{"question": each, "late": each.answer_by < today} for each in about.waiting()],
            "answers_here": request.user.has_role(Role.OFFICER),
        }  # fmt: skip
        return render(request, "workflows/asking/questions.html", context)


class QuestionPage(StaffPage):
    """One question: what was asked, and the form in which the officer writes what everybody will read."""

    roles = (Role.OFFICER,)

    def get(self, request: SignedIn, pk: int) -> HttpResponse:
        """The form."""
        question = self.question(request, pk)
        return self.show(request, question, self.form(question))

    def post(self, request: SignedIn, pk: int) -> HttpResponse:
        """Publish, or show again what was typed with what is wrong."""
        question = self.question(request, pk)
        form = self.form(question, request.POST)
        if form is None or not form.is_valid():
            return self.show(request, question, form, status=UNPROCESSABLE if form else REFUSED)
        try:
            take_step(
                QuestionMachine, WRITES[QuestionState(question.state)], pk=pk, actor=request.user, at=request.at, **form.data_for_step()
            )
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
            return self.show(request, question, form, status=REFUSED)
        messages.success(request, _("The answer is published. Who asked gets a mail."))
        return redirect("workflows:questions", question.stage.call.reference, question.stage.key)

    def question(self, request: SignedIn, pk: int) -> QuestionMachine:
        """The question, for an officer without an interest in its round."""
        questions: Any = QuestionMachine.objects.select_related("stage__call__version")
        found: QuestionMachine = get_object_or_404(questions, pk=pk)
        if kept_out(found.stage, request.user):
            raise PermissionDenied("interest")
        return found

    def form(self, question: QuestionMachine, data: Any = None) -> Plain | None:
        """What can be written of it now; nothing once it was declined or withdrawn."""
        name = WRITES.get(question.state)
        return FORMS[f"question.{name}"](data, case=question) if name else None

    def show(self, request: SignedIn, question: QuestionMachine, form: Plain | None, status: int = 200) -> HttpResponse:
        """The page."""
        listed = reverse("workflows:questions", args=[question.stage.call.reference, question.stage.key])
        aside = {QuestionState.ASKED: "decline", QuestionState.ANSWERED: "take_down"}.get(question.state)
        context = {
            "question": question, "form": form, "published": question.state == QuestionState.ANSWERED,
            "late": question.state == QuestionState.ASKED and question.answer_by < amsterdam_day(request.at),
            "aside": f"{reverse('workflows:step', args=['question', question.pk, aside])}?next={listed}" if aside else "",
            "trail": trail((_("Questions"), listed), stage=question.stage),
        }  # fmt: skip
        return render(request, "workflows/asking/question.html", context, status=status)


def waiting_for(user: User) -> list[dict[str, Any]]:
    """Per round what waits for an answer from this officer: how many, and the first day one is due; rounds closed to them are left out."""
    if not user.has_role(Role.OFFICER):
        return []
    waiting = Question.objects.waiting().exclude(stage__in=closed_rounds(user)).values("stage").order_by()
    counted = {row["stage"]: row for row in waiting.annotate(number=Count("pk"), first=Min("answer_by"))}
    stages = Stage.objects.filter(pk__in=counted).select_related("call__version")
    rows = [{"stage": stage, "number": counted[stage.pk]["number"], "first": counted[stage.pk]["first"]} for stage in stages]
    return sorted(rows, key=lambda row: str(row["first"]))


urlpatterns = [
    path("openstelling/<slug:reference>/vraag/", ask, name="ask"),
    path("werk/openstellingen/<slug:call>/<slug:key>/vragen/", QuestionsPage.as_view(), name="questions"),
    path("werk/vraag/<int:pk>/", QuestionPage.as_view(), name="question"),
]
