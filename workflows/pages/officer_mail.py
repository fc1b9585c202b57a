"""Mail that did not arrive, with the reason, before the time that the law gives is over; and the queue of what is to go on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import render

from tender.enums import Role
from workflows.pages.room import StaffPage, link
from workflows.paper import queue
from workflows.undelivered import elsewhere, nobody_told, not_sent, told, untold

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
        back = Paginator(queue(request.user, request.at), PAGE).get_page(request.GET.get("page"))
        untold_rows = [untold(event, request.at) for event in nobody_told(request.user, request.at).prefetch_related("outbox")[:PAGE]]
        context = {
            "untold": [row for row in untold_rows if not row.on_paper],
            "waiting": [told(row, request.at) for row in waiting],
            "back": list(back),
            "back_number": back.paginator.count,
            "print_url": link("reports:paper_pdf"),
            "printable": any(piece.lines for piece in back),
            "may_act": request.user.has_role(Role.OFFICER) and not request.user.has_role(Role.AUDITOR),
            "elsewhere": elsewhere(request.at),
            "page": back if back.paginator.num_pages > waiting.paginator.num_pages else waiting,
        }
        return render(request, "workflows/officer/undelivered.html", context)
