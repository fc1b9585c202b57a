"""Where anybody checks whether a letter is ours. The answer is yes or no, and when
it was mended: whose it is and what it says is not told, and nothing is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from reports.forms import CheckLetter
from tender.http import private
from workflows.models import Letter

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
def check_letter(request: HttpRequest) -> HttpResponse:
    """Whether a file is a letter that we sent, to the last byte."""
    form = CheckLetter(request.POST, request.FILES) if request.method == "POST" else CheckLetter()
    sha256 = form.sha256 if form.is_bound and form.is_valid() else ""
    found = Letter.objects.sent().filter(sha256=sha256).first() if sha256 else None
    mended = found.mended_by.order_by("event__at").values_list("event__at", flat=True) if found is not None else []
    context = {
        "form": CheckLetter() if sha256 else form,
        "sha256": sha256,
        "ours": found is not None,
        "mended": list(mended),
    }
    refused = form.is_bound and not sha256
    return private(render(request, "reports/check_letter.html", context, status=UNPROCESSABLE if refused else 200))
