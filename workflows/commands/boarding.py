"""The board's signed list: a file of the stage, kept with its hash, on which the board's agreement rests."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from tender.enums import Role
from tender.models import Document
from workflows.commands.door import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from django.core.files.uploadedfile import UploadedFile

    from tender.models import Stage, User

FIELD = "board_list"
MOST_BYTES = 20 * 1024 * 1024
KINDS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
"""What a file begins with, and what it then is."""


def kind_of(head: bytes) -> str:
    """The type of a file by its first bytes; empty for what we do not take."""
    return next((kind for magic, kind in KINDS.items() if head.startswith(magic)), "")


def keep_board_list(*, stage: Stage, file: UploadedFile[Any], actor: User, at: datetime) -> Document:
    """Keep the list the board signed. The same file again is the same document."""
    if not actor.has_role(Role.BOARD, Role.OFFICER):
        raise PermissionDenied(FIELD)
    content = file.read()
    kind = kind_of(content[:16])
    if not kind or len(content) > MOST_BYTES:
        raise Refused(_("Add the signed list as a PDF, PNG or JPEG of at most 20 MB."))
    sha256 = hashlib.sha256(content).hexdigest()
    known = stage.documents.filter(field=FIELD, sha256=sha256, removed_at=None).first()
    if known is not None:
        return known
    file.seek(0)
    return Document.objects.create(
        stage=stage,
        field=FIELD,
        name=(file.name or "list")[:200],
        file=file,
        content_type=kind,
        size=len(content),
        sha256=sha256,
        uploaded_by=actor,
        uploaded_at=at,
    )


def board_lists(stage: Stage) -> list[Document]:
    """The lists of a stage, newest first."""
    return list(stage.documents.filter(field=FIELD, removed_at=None).order_by("-uploaded_at"))
