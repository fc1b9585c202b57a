"""The juror's room: who comes in. Whoever may not know of a round finds nothing at its address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from workflows.jury import Round, round_of

if TYPE_CHECKING:
    from tender.http import SignedIn

UNPROCESSABLE, CONFLICT = 422, 409


class JuryPage(LoginRequiredMixin, View):
    """A page about one round, for who judges in it."""

    def round(self, request: SignedIn, call: str, key: str) -> Round:
        """The round with this person's part in it; 404 for anybody else, and for whom an interest keeps out."""
        found = round_of(request.user, call=call, key=key, at=request.at)
        if found is None:
            raise Http404
        return found


def trail(*crumbs: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page of this room."""
    return [(_("Jury"), reverse("workflows:reading")), *crumbs]


def where(one: Round) -> list[str]:
    """The arguments of a round's addresses."""
    return [one.stage.call.reference, one.stage.key]
