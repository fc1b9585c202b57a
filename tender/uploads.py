"""What a file is, by what is in it; never by what its name says."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, TYPE_CHECKING, Any, Final, cast

import puremagic
from django.utils.translation import gettext as _

from tender import films, scanning
from tender.films import FILMS
from tender.inspecting import inspect
from tender.schemes.answers import AnswerFault

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.core.files.uploadedfile import UploadedFile

    from tender.schemes.definition import Field

HEAD = 4096
MEGABYTE = 1024 * 1024
MOST_MEGABYTES = 20
"""Where a scheme sets no limit of its own; and of a document or a picture where a film may be sent too."""
MOST_FILES: Final = 200
MOST_TOGETHER: Final = 1000
"""Of one dossier, in megabytes; what was replaced counts, for it is kept."""
LONGEST_NAME = 120
DOCUMENTS = {"pdf": "application/pdf", "png": "image/png", "jpeg": "image/jpeg"}
TYPES = {**DOCUMENTS, **FILMS}
"""The kinds of file that a scheme may ask for, and what the browser is told they are."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Checked:
    """What is kept of a file beside its content."""

    name: str
    content_type: str
    size: int
    sha256: str
    scanned: bool


def kind_of(head: bytes) -> str:
    """The kind of a file by its first bytes: a key of `TYPES`, or nothing."""
    try:
        found = {match.mime_type for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        found = set()
    return next((kind for kind, mime in DOCUMENTS.items() if mime in found), "") or films.kind_of(head)


def most_megabytes(kind: str, wanted: Iterable[str], most: int | None) -> int:
    """How large a file of this kind may be where these kinds are asked for, of at most so many megabytes."""
    limit = most or MOST_MEGABYTES
    if kind in FILMS:
        return min(limit, films.MOST_MEGABYTES)
    return min(limit, MOST_MEGABYTES) if set(wanted) & set(FILMS) else limit


def check(field: Field, upload: UploadedFile[Any]) -> Checked:
    """Look into a file; raises `AnswerFault` with how to mend it where the question does not take it."""
    return examined(upload, field.file_types or tuple(DOCUMENTS), field.max_megabytes)


def examined(upload: UploadedFile[Any], wanted: tuple[str, ...], most: int | None = None) -> Checked:
    """Look into a file of one of these kinds: its size, what it is, whether it opens and is safe, and whether it holds a virus.

    It takes as long as it takes, so do it before a row is locked. Errors: `AnswerFault`.
    """
    size, file = upload.size or 0, _open(upload)
    if size == 0:
        raise AnswerFault(_("This file is empty. Choose another one."))
    if size > max(most_megabytes(kind, wanted, most) for kind in wanted) * MEGABYTE:
        raise _too_large(max(most_megabytes(kind, wanted, most) for kind in wanted))
    kind = kind_of(file.read(HEAD))
    if kind not in wanted:
        kinds = ", ".join(each.upper() for each in wanted)
        said = _("We cannot take this kind of file, whatever its name says. Send one of these: %(kinds)s.")
        raise AnswerFault(said % {"kinds": kinds})
    if size > most_megabytes(kind, wanted, most) * MEGABYTE:
        raise _too_large(most_megabytes(kind, wanted, most))
    inspect(kind, file)
    return Checked(plain_name(upload.name or "", kind), TYPES[kind], size, hash_of(upload), scanned=scanned(file))


def _open(upload: UploadedFile[Any]) -> IO[bytes]:
    upload.seek(0)
    return cast("IO[bytes]", upload.file)


def _too_large(most: int) -> AnswerFault:
    said = _("This file is too large: at most %(most)d MB. Make it smaller, or choose another one.")
    return AnswerFault(said % {"most": most})


def scanned(file: IO[bytes]) -> bool:
    """Whether a scanner looked at it and found nothing. Errors: `AnswerFault` where it found something, or does not answer."""
    if not scanning.is_on():
        return False
    try:
        virus = scanning.virus_in(file)
    except scanning.NoAnswer:
        log.exception("the virus scanner does not answer, so a file was refused")
        raise AnswerFault(_("We cannot check files for viruses now, so this file is not kept. Try again in a few minutes.")) from None
    if virus:
        log.warning("a file with a virus was refused: %s", virus)
        raise AnswerFault(_("There is a virus in this file (%(virus)s), so it is not kept. Send a clean file.") % {"virus": virus})
    return True


def plain_name(name: str, kind: str) -> str:
    """The last part of a file's name, without what breaks a header or a disk."""
    last = PurePath(name.replace("\\", "/")).name
    kept = "".join(sign for sign in last if sign.isprintable() and sign not in '<>:"|?*').strip(" .")
    stem = PurePath(kept).stem[:LONGEST_NAME] or _("file")
    return f"{stem}.{'jpg' if kind == 'jpeg' else kind}"


def hash_of(upload: UploadedFile[Any]) -> str:
    """SHA-256 of the content, as 64 hex digits."""
    seen = hashlib.sha256()
    for chunk in upload.chunks():
        seen.update(chunk)
    upload.seek(0)
    return seen.hexdigest()
