"""Small pictures of files: made once, apart from us (`confined.py`), and kept beside the files, as private as they are."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tender import confined
from tender.stripping import stripped
from tender.uploads import DOCUMENTS

if TYPE_CHECKING:
    from tender.models import Document

KINDS: Final = {mime: kind for kind, mime in DOCUMENTS.items()}


def preview(document: Document, *, blind: bool) -> bytes:
    """A picture of at most 640 pixels, as PNG; nothing where there is none to make, and that too is found out once.

    ``blind``: of the file without what tells who made it. Errors: `CannotStrip`.
    """
    kept = f"previews/{PurePath(document.file.name or '').name}{'-blind' if blind else ''}"
    if default_storage.exists(kept):
        with default_storage.open(kept) as file:
            return bytes(file.read())
    with document.file.open("rb") as file:
        content = stripped(file, document.content_type) if blind else file.read()
    kind = KINDS.get(document.content_type, "")
    made = confined.preview_of(kind, content) if kind else b""
    default_storage.save(kept, ContentFile(made))
    return made
