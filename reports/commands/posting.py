"""Print and seal the letter of an event, once, and keep it with its hash."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any
from uuid import uuid5

from django.db import transaction

from reports.commands.keeping import put
from reports.letters.composing import compose
from reports.letters.facts import to_plain
from reports.letters.printing import Printed, print_letter
from tender.canonical import digest
from tender.clock import database_now
from tender.models import Application, Decision
from workflows.models import MACHINES, Event, Letter

if TYPE_CHECKING:
    from reports.letters.facts import LetterFacts


Press = Callable[[str, dict[str, Any]], Printed]
PRESS: ContextVar[Press] = ContextVar("press", default=print_letter)
"""Kind and plain facts in, letter out. Whoever has many to print may lend a press that began before."""


@transaction.atomic
def post(*, event: Event) -> Letter | None:
    """The letter that follows from ``event``: the one there is, or a new one; None where none follows (any more).

    The file's name follows from event and kind, so that a run that was killed between file and row leaves nothing
    behind that the next run does not write over.
    """
    Event.objects.select_for_update().get(pk=event.pk)  # two deliveries at once: the second finds the first one's letter
    facts = compose(event)
    if facts is None:
        return None
    before = Letter.objects.filter(event=event, kind=facts.kind).first()
    return before or _print(event, facts)


def _print(event: Event, facts: LetterFacts) -> Letter:
    record = to_plain(facts)
    printed = PRESS.get()(facts.kind, record)
    decision = Decision.objects.filter(pk=event.key).first() if event.noun == "decision" else None
    letter = Letter(
        event=event, application=about(event), decision=decision, mends_id=mended_by(event), kind=facts.kind, language=facts.language,
        subject=printed.subject, facts=record, facts_sha256=digest(record), template_sha256=printed.template_sha256,
        sha256=printed.sha256, pages=printed.pages, rendered_at=database_now(),
    )  # fmt: skip
    put(letter.file, file_name(event, facts.kind), printed.pdf)
    letter.save()
    return letter


def mended_by(event: Event) -> int | None:
    """Which letter the one of this event mends; None where it mends none."""
    return event.data["letter"] if event.kind == "correction.sign" else None


def file_name(event: Event, kind: str) -> str:
    """Where the letter lies: one place per event and kind, that nobody can guess who does not know the event's
    random number.
    """
    return f"letters/{uuid5(event.pk, kind).hex}.pdf"


OF_A_GRANT = {"instalment", "report", "recovery"}
"""What belongs to a grant, and through it to a dossier."""


def about(event: Event) -> Application:
    """The dossier that an event belongs to."""
    if event.noun == "application":
        return Application.objects.get(pk=event.key)
    machine: Any = MACHINES[event.noun]
    held = "grant__application" if event.noun in OF_A_GRANT else "application"
    return Application.objects.get(pk__in=machine.objects.filter(pk=event.key).values(held))
