"""Print the list for the board, once, seal it, and keep it with the stage."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction

from reports.board import print_board_list
from reports.commands.keeping import put
from reports.letters.sealing import seal
from tender.models import BoardList, Document

if TYPE_CHECKING:
    from workflows.models import Event

FIELD = "board_list_print"


@transaction.atomic
def keep_printed_list(*, event: Event) -> Document:
    """The file of a list: the one there is, or a new one. Its name follows from the list, so that a second delivery finds it and a killed
    run leaves nothing behind."""
    drawn = BoardList.objects.select_for_update().get(pk=event.data["list"])
    if drawn.printed is not None:
        return drawn.printed
    drawn = BoardList.objects.select_related("stage__call__version", "made_by").get(pk=drawn.pk)
    pdf = seal(print_board_list(drawn), drawn.language)
    code = drawn.code.replace(" ", "")
    document = Document(
        stage=drawn.stage, field=FIELD, name=f"bestuurslijst-{drawn.stage.call.reference}-{code}.pdf", content_type="application/pdf",
        size=len(pdf), sha256=hashlib.sha256(pdf).hexdigest(), uploaded_by=drawn.made_by, uploaded_at=drawn.made_at,
    )  # fmt: skip
    put(document.file, f"documents/{uuid5(NAMESPACE_URL, f'{FIELD}:{drawn.pk}:{drawn.sha256}').hex}", pdf)
    document.save()
    drawn.printed = document
    drawn.save(update_fields=["printed"])
    return document
