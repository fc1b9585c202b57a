"""All terms of the dossiers that somebody reads, and what being late costs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tender.enums import Role
from workflows.due import KINDS, all_due, penalty_of, read_in_the_house
from workflows.pages.room import MONEY_ROLES, StaffPage

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tender.http import SignedIn

PAGE = 50


class TermsPage(StaffPage):
    """The terms, the first to end in front; ``?kind=`` shows those of one kind."""

    roles = (*MONEY_ROLES, Role.OBJECTION_HANDLER)

    def get(self, request: SignedIn) -> HttpResponse:
        """The list, a page of fifty, and the notices of default."""
        rows, kind = all_due(request.user, request.at), request.GET.get("kind", "")
        numbers = Counter(row.kind for row in rows)
        shown = [row for row in rows if row.kind == kind] if kind in KINDS else rows
        page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
        context = {
            "page": page,
            "kind": kind,
            "kinds": [(name, label, numbers[name]) for name, label in KINDS.items() if numbers[name] or name == kind],
            "number": len(rows),
            "late": sum(row.late for row in rows),
            **penalty_of(read_in_the_house(request.user).values("pk"), request.at),
            "trail": [(_("Work"), reverse("workflows:inbox"))],
        }
        return render(request, "workflows/officer/terms.html", context)
