"""How a page finds its dossier: who may read it, who has to declare first, and for whom there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from tender.models import Application
from workflows.commands.declaring import part_of

if TYPE_CHECKING:
    from tender.http import SignedIn


def found_case(request: SignedIn, reference: str) -> Application | None:
    """A dossier whose content this person may read, along with its rules."""
    return Application.objects.visible_to(request.user).with_rules().filter(reference=reference).first()


def undeclared(request: SignedIn, reference: str) -> HttpResponse:
    """Somebody of the house declares first; for anybody else there is no such dossier."""
    if known_to_staff(request, reference) is None:
        raise Http404
    return redirect("workflows:declare", reference)


def known_to_staff(request: SignedIn, reference: str) -> Application | None:
    """A dossier of which somebody of the house may know the cover: one that was handed in."""
    if not part_of(request.user):
        return None
    return Application.objects.with_rules().filter(reference=reference, submissions__isnull=False).distinct().first()
