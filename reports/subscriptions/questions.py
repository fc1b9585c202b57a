"""Mail to who asked a question about a call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from reports.commands.notifying import Notice, notify
from tender.models import (
    Question,
)
from workflows.outbox import on

if TYPE_CHECKING:
    from workflows.models import Event

ANSWERED = {
    "question.answer_it": _("%(call)s: your question has been answered"),
    "question.put_right": _("%(call)s: the answer to your question has been put right"),
    "question.decline": _("%(call)s: your question is not answered; why, you read with your questions"),
    "question.take_down": _("%(call)s: the answer to your question has been taken down"),
}
"""What the mail to who asked says, per kind of event."""


@on(*ANSWERED)
def tell_who_asked(event: Event) -> None:
    """Who asked hears that there is an answer, or that there will be none."""
    question = Question.objects.select_related("asked_by", "stage__call").get(pk=event.key)
    notify(event=event, users=[question.asked_by], notice=Notice(ANSWERED[event.kind], {"call": question.stage.call.reference}))
