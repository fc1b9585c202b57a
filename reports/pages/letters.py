"""A letter before it is signed, beside its facts. (Handing out the printed one is `workflows.pages.dossier`.)"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reports.letters.composing import draft
from reports.letters.facts import to_plain
from reports.letters.printing import blocks_of, print_letter
from tender.enums import CASE_STAFF_ROLES, Role
from tender.http import private
from tender.models import Decision
from workflows.models import Event
from workflows.pages.officer_decision import facts as in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tender.http import SignedIn

LOOKERS = (*CASE_STAFF_ROLES, Role.AUDITOR)


def drafted(request: SignedIn, pk: int) -> tuple[Decision, dict[str, Any]]:
    """A decision, and the facts of the letter as it would be if it were signed now."""
    if not request.user.has_role(*LOOKERS):
        raise PermissionDenied("preview")
    decisions = Decision.objects.visible_to(request.user)
    decision = get_object_or_404(
        decisions.select_related("application__organisation", "application__applicant", "stage__call__version"), pk=pk
    )
    said = {name: getattr(decision, name) for name in ("kind", "ground", "amount", "facts", "reasons")}
    now = Event(noun="decision", key=decision.pk, kind="decision.sign", actor=request.user, at=request.at)
    return decision, to_plain(draft(decision, now, said, signed=False))


@require_safe
@login_required
def preview(request: SignedIn, pk: int) -> HttpResponse:
    """The letter of a decision beside its facts; nothing is stored."""
    decision, facts = drafted(request, pk)
    context = {
        "decision": decision,
        "checked": in_words(decision),
        "facts": list(flat(facts)),
        "trail": [(str(decision), reverse("workflows:decision", args=[pk]))],
        "letter": blocks_of(facts["kind"], facts),
        "pdf": reverse("reports:letter_preview_pdf", args=[pk]),
        "title": _("Letter preview"),
    }
    return render(request, "reports/letter_preview.html", context)


@require_safe
@login_required
def preview_pdf(request: SignedIn, pk: int) -> HttpResponse:
    """The same as a PDF, with the word “concept” across every page."""
    _decision, facts = drafted(request, pk)
    printed = print_letter(facts["kind"], facts, concept=True)
    response = HttpResponse(printed.pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="concept-{facts["reference"]}.pdf"'
    return private(response)


def flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Facts as pairs of a path and a value, for a table."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from flat(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for number, item in enumerate(value, start=1):
            yield from flat(item, f"{path} {number}")
    elif value not in {None, ""}:
        yield path, str(value)
