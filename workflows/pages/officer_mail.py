"""Mail that did not arrive, with the reason, before the time that the law gives is over; and what is to go on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import render

from tender.enums import Role
from workflows.pages.room import StaffPage
from workflows.undelivered import came_back, elsewhere, nobody_told, not_sent, told, untold

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tender.http import SignedIn

PAGE = 50
ROLES = (Role.OFFICER, Role.SIGNATORY, Role.HEAD, Role.AUDITOR)
"""Who sees to it that people hear of what was decided, or looks at how that was done."""


class UndeliveredPage(StaffPage):
    """Not sent within a day, and come back: each with why, and until when it is in time."""

    roles = ROLES

    def get(self, request: SignedIn) -> HttpResponse:
        """Three lists: what has no mail at all, what is not sent, and what is to go on paper."""
        waiting = Paginator(not_sent(request.user, request.at), PAGE).get_page(request.GET.get("page"))
        back = Paginator(came_back(request.user), PAGE).get_page(request.GET.get("page"))
        untold_rows = [untold(event, request.at) for event in nobody_told(request.user, request.at).prefetch_related("outbox")[:PAGE]]
        context = {
            "untold": untold_rows,
            "waiting": [told(row, request.at) for row in waiting],
            "back": [told(row, request.at) for row in back],
            "elsewhere": elsewhere(request.at),
            "page": max(waiting, back, key=lambda page: page.paginator.num_pages),
        }
        return render(request, "workflows/officer/undelivered.html", context)
