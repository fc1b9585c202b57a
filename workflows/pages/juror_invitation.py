"""An invitation to sit in a panel: its terms, and the answer. Until it is accepted nothing of any round is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from scoring.terms import TERMS, terms_hash
from tender.enums import SeatState
from workflows.commands import Refused
from workflows.flows.taking import take_step
from workflows.judging import Accept
from workflows.models import SeatMachine
from workflows.pages.juror_room import CONFLICT, UNPROCESSABLE, trail
from workflows.plain import WithRemark

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tender.http import SignedIn
    from tender.models import User


def invitations(user: User) -> list[SeatMachine]:
    """The invitations this person has not answered yet, the oldest first."""
    return list(SeatMachine.objects.filter(user=user, state=SeatState.INVITED).select_related("panel").order_by("pk"))


class InvitationPage(LoginRequiredMixin, View):
    """One's own invitation; 404 for anybody else's."""

    def get(self, request: SignedIn, pk: int) -> HttpResponse:
        """The terms, and what was answered."""
        return self.show(request, self.seat(request, pk))

    def post(self, request: SignedIn, pk: int) -> HttpResponse:
        """Accept exactly the terms that were shown, or decline."""
        seat, declines = self.seat(request, pk), "decline" in request.POST
        form = (WithRemark if declines else Accept)(request.POST, case=seat)
        if not form.is_valid():
            return self.show(request, seat, status=UNPROCESSABLE)
        try:
            name = "decline" if declines else "accept"
            take_step(SeatMachine, name, pk=pk, actor=request.user, at=request.at, **form.data_for_step())
        except Refused as refused:
            messages.error(request, str(refused))
            return self.show(request, self.seat(request, pk), status=CONFLICT)
        told = _("You declined the invitation.") if declines else _("Thank you. You sit in %(panel)s.")
        messages.success(request, told % {"panel": seat.panel})
        return redirect("workflows:reading")

    def seat(self, request: SignedIn, pk: int) -> SeatMachine:
        """The invitation, if it is this person's and not answered yet; else 404."""
        found: SeatMachine = get_object_or_404(SeatMachine.objects.select_related("panel"), pk=pk, user=request.user, state=SeatState.INVITED)
        return found

    def show(self, request: SignedIn, seat: SeatMachine, *, status: int = 200) -> HttpResponse:
        """The page."""
        context = {
            "seat": seat,
            "terms": TERMS,
            "hash": terms_hash(),
            "accept": Accept(case=seat),
            "decline": WithRemark(case=seat),
            "trail": trail(),
        }
        return render(request, "workflows/juror/invitation.html", context, status=status)
