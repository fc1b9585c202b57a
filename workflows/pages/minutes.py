"""The signed minutes, handed out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from tender.http import private
from tender.models import Stage
from workflows.minutes import may_read_minutes, signed_minutes

if TYPE_CHECKING:
    from datetime import datetime

    from tender.http import SignedIn
    from tender.models import User


@require_safe
@login_required
def minutes(request: SignedIn, call: str, key: str) -> FileResponse:
    """The PDF of the minutes that stand; 404 for whoever may not read them: that there are any is no business of theirs."""
    stage = get_object_or_404(Stage.objects.select_related("call__version"), call__reference=call, key=key)
    found = signed_minutes(stage) if may_read_minutes(stage, request.user, at=request.at) else None
    if found is None:
        raise Http404
    return private(FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name, content_type=found.content_type))


def minutes_shown(stage: Stage, user: User, *, at: datetime) -> dict[str, Any]:
    """For a page beside them: whether this person may read the minutes, and the address of the signed ones where there are any."""
    may = may_read_minutes(stage, user, at=at)
    there = may and signed_minutes(stage) is not None
    return {"open": may, "url": reverse("workflows:minutes", args=[stage.call.reference, stage.key]) if there else ""}


urlpatterns = [path("notulen/<slug:call>/<slug:key>.pdf", minutes, name="minutes")]
