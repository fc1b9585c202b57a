"""Files: handed only to who may read them, and never shown inside our own pages but as a picture that we made, or as a film."""

from __future__ import annotations

import re
from io import BytesIO
from typing import IO, TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from tender.films import FILMS
from tender.http import private
from tender.previews import preview
from tender.queries import judges_only, readable_documents
from tender.readout import neutral_name
from tender.stripping import CannotStrip, stripped

if TYPE_CHECKING:
    from tender.http import SignedIn
    from tender.models import Document

RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})", re.ASCII)
PARTIAL, UNSATISFIABLE = 206, 416
MOST_AT_ONCE = 8 * 1024 * 1024
"""Of a film: what goes out in one answer, where it was asked in parts."""


def readable(request: SignedIn, pk: int) -> Document:
    """A file that this person may read; else 404."""
    found = readable_documents(request.user).filter(pk=pk).select_related("application__stage__call__version").first()
    if found is None or hidden_from(request, found):
        raise Http404
    return found


@require_safe
@login_required
def document(request: SignedIn, pk: int) -> FileResponse | HttpResponse:
    """A file to keep, under the name it was sent with; who judges blind gets it without what tells who made it, its name included."""
    found = readable(request, pk)
    content: IO[bytes] = found.file.open("rb")
    name = found.name
    if judged_blind(request, found):
        name = neutral_name(found.pk, found.name)
        try:
            with content:
                content = BytesIO(stripped(content, found.content_type))
        except CannotStrip:
            return render(request, "tender/cannot_strip.html", {"name": name}, status=409)
    if found.content_type in FILMS.values() and (part := part_asked(request)):
        return private(part_of(content, found.content_type, *part))
    response = FileResponse(content, as_attachment=True, filename=name, content_type=found.content_type)
    if found.content_type in FILMS.values():
        response["Accept-Ranges"] = "bytes"
    return private(response)


def part_asked(request: SignedIn) -> tuple[int, int | None] | None:
    """From which byte to which; None where the whole is asked, or nothing that is a part."""
    found = RANGE.fullmatch(request.headers.get("Range", ""))
    if found is None or (found[2] and int(found[2]) < int(found[1])):
        return None
    return int(found[1]), int(found[2]) if found[2] else None


def part_of(film: IO[bytes], content_type: str, first: int, last: int | None) -> HttpResponse:
    """A part of a film: who watches one asks for it bit by bit."""
    with film:
        length = film.seek(0, 2)
        if first >= length:
            return HttpResponse(status=UNSATISFIABLE, headers={"Content-Range": f"bytes */{length}"})
        end = min(length if last is None else last + 1, length, first + MOST_AT_ONCE)
        film.seek(first)
        content = film.read(end - first)
    response = HttpResponse(content, status=PARTIAL, content_type=content_type)
    response["Content-Range"], response["Accept-Ranges"] = f"bytes {first}-{end - 1}/{length}", "bytes"
    response["Content-Disposition"] = "attachment"
    return response


@require_safe
@login_required
def document_preview(request: SignedIn, pk: int) -> HttpResponse:
    """A small picture of a file, made by us; who judges blind gets it of the file without what tells who made it."""
    found = readable(request, pk)
    try:
        made = preview(found, blind=judged_blind(request, found))
    except CannotStrip:
        made = b""
    if not made:
        return redirect(static("tender/no-preview.svg"))
    return private(HttpResponse(made, content_type="image/png"))


def judged_blind(request: SignedIn, found: Document) -> bool:
    """Whether this person may not learn from a file's name who applied."""
    dossier = found.application
    return dossier is not None and dossier.rules.blind and judges_only(dossier, request.user)


def hidden_from(request: SignedIn, found: Document) -> bool:
    """Whether a stage is judged blind, and this file would tell a juror who applied; or a juror asks for a report."""
    dossier = found.application
    if dossier is None or not judges_only(dossier, request.user):
        return False
    if found.field.startswith("report."):
        return True
    blind = {field.key for field in dossier.rules.form.fields() if field.identifying} if dossier.rules.blind else set()
    return found.field in blind
