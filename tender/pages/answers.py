"""Questions and answers about a call, for everybody; and one's own questions, for who asked them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tender.enums import QuestionState
from tender.models import Question
from tender.onward import onward
from tender.queries import public_calls
from tender.rules import questions_until, takes_questions

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from tender.models import Call, Stage

PAGE, FEW = 20, 3


def asking_stage(stages: Iterable[Stage], at: datetime) -> Stage | None:
    """The stage about which questions can be asked now: the first that takes them."""
    return next((stage for stage in stages if takes_questions(stage, at)), None)


def ask_url(request: HttpRequest, call: Call, stage: Stage | None) -> str:
    """Where somebody asks; nowhere while no stage takes questions, or for people of the house."""
    if stage is None or (request.user.is_authenticated and request.user.roles):
        return ""
    return onward("ask", call.reference)


def asked_and_answered(request: HttpRequest, call: Call, at: datetime) -> dict[str, Any]:
    """What the page of a call tells of its questions: the latest few, how many there are, and where to ask."""
    answered = Question.objects.answered().about([call])
    few = list(answered[: FEW + 1])
    stage = asking_stage(call.known_stages, at)  # type: ignore[attr-defined]
    return {
        "answers": few[:FEW], "more_answers": len(few) > FEW, "ask_url": ask_url(request, call, stage),
        "ask_until": questions_until(stage) if stage else None,
    }  # fmt: skip


@require_safe
def answers(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything that was asked and answered about a call, the latest first, a page at a time."""
    at: datetime = request.at  # type: ignore[attr-defined]
    call = public_calls().filter(reference=reference).first()
    if call is None:
        raise Http404
    page = Paginator(Question.objects.answered().about([call]), PAGE).get_page(request.GET.get("page"))
    stage = asking_stage(call.known_stages, at)  # type: ignore[attr-defined]
    context = {
        "call": call, "page": page, "mine": mine(request, call), "ask_url": ask_url(request, call, stage), "now": at,
        "ask_until": questions_until(stage) if stage else None,
        "trail": [(_("Calls"), reverse("tender:calls")), (call.title, reverse("tender:call", args=[call.reference]))],
    }  # fmt: skip
    return render(request, "tender/answers.html", context)


def mine(request: HttpRequest, call: Call) -> list[dict[str, Any]]:
    """The visitor's own questions about a call that are not published, each with what can be done about it."""
    if not request.user.is_authenticated:
        return []
    own = Question.objects.about([call]).filter(asked_by=request.user).exclude(state=QuestionState.ANSWERED).order_by("-asked_at", "-pk")
    here = reverse("tender:answers", args=[call.reference])
    rows = []
    for question in own[:PAGE]:
        step = onward("step", "question", question.pk, "withdraw") if question.state == QuestionState.ASKED else ""
        rows.append({"question": question, "withdraw": f"{step}?next={here}" if step else "", "waits": question.state == QuestionState.ASKED})
    return rows
