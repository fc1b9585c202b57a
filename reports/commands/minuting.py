"""Print the minutes of a signature, once, seal them, and keep them with the stage."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from uuid import uuid5

from django.db import transaction

from reports.commands.keeping import put
from reports.letters.sealing import seal
from reports.minutes import facts_of, print_minutes
from scoring.models import Meeting
from tender.models import Document, Stage
from workflows.minutes import FIELD

if TYPE_CHECKING:
    from workflows.models import Event


@transaction.atomic
def keep_minutes(*, event: Event) -> Document | None:
    """The file of a signature: the one there is, or a new one; None where the signature fell before it was printed.

    A later signature takes the place of an earlier one; the earlier file stays on record, marked as removed, since people acted on it.
    The file's name follows from the event, so that a second delivery finds it and a killed run leaves nothing behind.
    """
    meeting = Meeting.objects.select_for_update().get(stage=event.key)  # two deliveries at once: the second finds the first one's file
    stage = Stage.objects.select_related("call__version").get(pk=event.key)
    if meeting.signed_at != event.at:
        return None
    name = f"documents/{uuid5(event.pk, FIELD).hex}"
    before = stage.documents.filter(file=name).first()
    return before or _print(event, stage, name)


def _print(event: Event, stage: Stage, name: str) -> Document:
    facts = facts_of(event, stage)
    pdf = seal(print_minutes(facts), facts.language)
    document = Document(
        stage=stage, field=FIELD, name=f"notulen-{stage.call.reference}-{stage.key}.pdf", content_type="application/pdf", size=len(pdf),
        sha256=hashlib.sha256(pdf).hexdigest(), uploaded_by=event.actor, uploaded_at=event.at,
    )  # fmt: skip
    put(document.file, name, pdf)
    stage.documents.filter(field=FIELD, removed_at=None).update(removed_at=event.at)
    document.save()
    return document
