"""Files: handed only to who may read them, and never shown inside our own pages."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tender.http import private
from tender.queries import judges_only, readable_documents
from tender.readout import neutral_name
from tender.stripping import CannotStrip, stripped

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tender.http import SignedIn
    from tender.models import Document


@require_safe
@login_required
def document(request: SignedIn, pk: int) -> FileResponse | HttpResponse:
    """A file to keep, under the name it was sent with; who judges blind gets it without what tells who made it, its name included."""
    found = readable_documents(request.user).filter(pk=pk).select_related("application__stage__call__version").first()
    if found is None or hidden_from(request, found):
        raise Http404
    if judged_blind(request, found):
        try:
            with found.file.open("rb") as file:
                content, name = BytesIO(stripped(file, found.content_type)), neutral_name(found.pk, found.name)
        except CannotStrip:
            return render(request, "tender/cannot_strip.html", {"name": neutral_name(found.pk, found.name)}, status=409)
        return private(FileResponse(content, as_attachment=True, filename=name, content_type=found.content_type))
    return private(FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name, content_type=found.content_type))


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
