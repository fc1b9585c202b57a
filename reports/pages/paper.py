"""What goes by post, to be printed: one thing of the queue, or all that has an address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reports.paper import MOST, print_pieces
from tender.http import private
from workflows.pages.officer_mail import ROLES
from workflows.paper import UNPRINTABLE, queue

if TYPE_CHECKING:
    from uuid import UUID

    from tender.http import SignedIn


@require_safe
@login_required
def paper_pdf(request: SignedIn, event: UUID | None = None) -> HttpResponse:
    """The sheets with their letters as one file, the oldest first; 404 where nothing of it has an address, or it is not theirs to see. What
    could not be put in is told in the file and on the next page."""
    if not request.user.has_role(*ROLES):
        raise PermissionDenied("room")
    pieces = [piece for piece in queue(request.user, request.at) if piece.lines and event in {None, piece.event}][:MOST]
    if not pieces:
        raise Http404
    file, lacking = print_pieces(pieces, request.at)
    for piece in lacking:
        words = _("Not in the file for printing: %(subject)s (%(reference)s). %(what)s")
        what = {"subject": piece.subject, "reference": piece.reference, "what": UNPRINTABLE}
        messages.error(request, words % what)  # shown on the page they go to next, which is the queue
    response = HttpResponse(file, content_type="application/pdf")
    name = pieces[0].reference if event is not None else "post"
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return private(response)
