"""The board's signed list: a file of the stage, kept with its hash, on which the board's agreement rests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied

from tender.enums import Role
from tender.models import Document
from tender.schemes.answers import AnswerFault
from tender.uploads import DOCUMENTS, examined
from workflows.commands.door import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from django.core.files.uploadedfile import UploadedFile

    from tender.models import BoardList, Stage, User

FIELD = "board_list"
MOST_MEGABYTES = 20


def keep_board_list(*, stage: Stage, file: UploadedFile[Any], signs: BoardList, actor: User, at: datetime) -> Document:
    """Keep the list the board signed, bound to the list that was drawn up. The same file for the same list again is the same document."""
    if not actor.has_role(Role.BOARD, Role.OFFICER):
        raise PermissionDenied(FIELD)
    try:
        checked = examined(file, tuple(DOCUMENTS), MOST_MEGABYTES)
    except AnswerFault as fault:
        raise Refused(fault.message) from fault
    known = stage.documents.filter(field=FIELD, sha256=checked.sha256, signs=signs, removed_at=None).first()
    if known is not None:
        return known
    return Document.objects.create(
        stage=stage,
        field=FIELD,
        name=checked.name,
        file=file,
        content_type=checked.content_type,
        size=checked.size,
        sha256=checked.sha256,
        uploaded_by=actor,
        uploaded_at=at,
        signs=signs,
        scanned_at=at if checked.scanned else None,
    )


def board_lists(stage: Stage) -> list[Document]:
    """The signed lists of a stage, newest first."""
    return list(stage.documents.filter(field=FIELD, removed_at=None).select_related("signs").order_by("-uploaded_at", "-pk"))
