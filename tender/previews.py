"""Small pictures of files: made once, apart from us (`confined.py`), and kept beside the files, as private as they are."""

from __future__ import annotations

from pathlib import Path, PurePath
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
    """A picture of at most 640 pixels, as PNG; nothing where there is none to make, and that too is found out once (not where the program was
    stopped before it was done: a busy machine says nothing of the file).

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
    if made is None:
        return b""
    _keep(kept, made)
    return made


def _keep(kept: str, made: bytes) -> None:
    """Whole or not at all, for two may ask for it at once: first under a name of its own. A store that is no disk is whole by itself."""
    try:
        place = default_storage.path(kept)
    except NotImplementedError:
        if (name := default_storage.save(kept, ContentFile(made))) != kept:
            default_storage.delete(name)  # somebody was first
        return
    Path(default_storage.path(default_storage.save(f"{kept}.new", ContentFile(made)))).replace(place)
