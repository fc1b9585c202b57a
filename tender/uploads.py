"""What a file is, by what is in it; never by what its name says."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import puremagic
from django.utils.translation import gettext as _

from tender.schemes.answers import AnswerFault

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from tender.schemes.definition import Field

HEAD = 4096
MEGABYTE = 1024 * 1024
MOST_MEGABYTES = 20
"""Where a scheme sets no limit of its own."""
LONGEST_NAME = 120
TYPES = {"pdf": "application/pdf", "png": "image/png", "jpeg": "image/jpeg"}
"""The kinds of file that a scheme may ask for, and what the browser is told they are."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What is kept of a file beside its content."""

    name: str
    content_type: str
    size: int
    sha256: str


def kind_of(head: bytes) -> str:
    """The kind of a file by its first bytes: a key of `TYPES`, or nothing."""
    try:
        found = {match.mime_type for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return ""
    return next((kind for kind, mime in TYPES.items() if mime in found), "")


def check(field: Field, upload: UploadedFile[Any]) -> Checked:
    """Look into a file; raises `AnswerFault` with how to mend it where the question does not take it."""
    size = upload.size or 0
    most = field.max_megabytes or MOST_MEGABYTES
    if size == 0:
        raise AnswerFault(_("This file is empty. Choose another one."))
    if size > most * MEGABYTE:
        said = _("This file is too large: at most %(most)d MB. Make it smaller, or choose another one.")
        raise AnswerFault(said % {"most": most})
    upload.seek(0)
    kind = kind_of(upload.read(HEAD))
    wanted = field.file_types or tuple(TYPES)
    if kind not in wanted:
        kinds = ", ".join(each.upper() for each in wanted)
        said = _("We cannot take this kind of file, whatever its name says. Send one of these: %(kinds)s.")
        raise AnswerFault(said % {"kinds": kinds})
    return Checked(plain_name(upload.name or "", kind), TYPES[kind], size, hash_of(upload))


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
