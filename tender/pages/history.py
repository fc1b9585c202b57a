"""The history of a draft: who changed what and when; and one answer put back as it was. For who takes part in the dossier only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tender.commands.drafting import Overtaken, TooLate, may_write, writable
from tender.commands.restoring import put_back
from tender.drafts import changes_of, told
from tender.enums import APPLICANT_ROLES
from tender.pages.drafting import dossier, trail
from tender.rules import has_part
from tender.schemes.cowriting import mark

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tender.http import SignedIn
    from tender.models import Application, DraftChange

PER_PAGE = 20


def own_dossier(request: SignedIn, reference: str) -> Application:
    """A dossier on whose side this person stands; to the house and to the jury a draft is closed."""
    application = dossier(request, reference)
    if not has_part(application, request.user, *APPLICANT_ROLES):
        raise Http404
    return application


@require_safe
@login_required
def history(request: SignedIn, reference: str) -> HttpResponse:
    """Who changed what and when, the newest first."""
    application = own_dossier(request, reference)
    page = Paginator(changes_of(application), PER_PAGE).get_page(request.GET.get("page"))
    files = {str(pk): name for pk, name in application.documents.values_list("pk", "name")}
    open_now = writable(application) if may_write(application, request.user) else frozenset()
    context = {
        "application": application, "page": page, "trail": trail(application, with_form=bool(open_now)),
        "rows": [row_of(application, change, files, open_now) for change in page],
    }  # fmt: skip
    return render(request, "tender/history.html", context)


def row_of(application: Application, change: DraftChange, files: dict[str, str], open_now: frozenset[str]) -> dict[str, Any]:
    """One row: who, when, and each question with whether it can be put back."""
    here = change.stage_id == application.stage_id
    lines = [
        {"told": each, "mark": mark(application.draft.get(each.key)),
         "back": here and each.key in open_now and application.draft.get(each.key) != change.changes[each.key][0]}
        for each in told(change, files)
    ]  # fmt: skip
    return {"change": change, "label": change.stage.label, "here": here, "lines": lines}


@require_POST
@login_required
def put_back_answer(request: SignedIn, reference: str, pk: int, key: str) -> HttpResponse:
    """One answer as it was before a change; unless somebody wrote since this page was opened."""
    application = own_dossier(request, reference)
    now = application.draft.get(key)
    change = get_object_or_404(application.draft_changes, pk=pk)
    if not may_write(application, request.user) or key not in change.changes:
        raise PermissionDenied("write")
    stale = request.POST.get("seen") != mark(now)
    try:
        if not stale:
            put_back(pk=pk, key=key, actor=request.user, at=request.at, seen=now)
    except Overtaken:
        stale = True
    except TooLate:
        messages.error(request, _("Nothing was put back: the closing has passed, so nothing can be changed any more."))
        return redirect("tender:history", reference)
    if stale:
        messages.error(request, _("This answer was changed since you opened the page, so nothing was put back. Look at it again."))
    else:
        messages.success(request, _("The answer is put back as it was. You find what stood there in the history."))
    return redirect("tender:history", reference)
