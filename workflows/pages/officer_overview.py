"""The work of the house at a glance, for case officers and the head; an auditor looks along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tender.enums import Role
from workflows.overview import at_risk, exposure, funnels, loads, open_to
from workflows.pages.room import StaffPage

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tender.http import SignedIn

HORIZONS = (7, 14, 28)
"""How many days ahead one can look; the middle one unless chosen."""


class OverviewPage(StaffPage):
    """The rounds, the terms, the penalties and the officers; ``?days=``: how far ahead a term is near."""

    roles = (Role.OFFICER, Role.HEAD, Role.AUDITOR)

    def get(self, request: SignedIn) -> HttpResponse:
        """Counts over every dossier that no interest closes to who looks."""
        said = request.GET.get("days", "")
        days = next((each for each in HORIZONS if str(each) == said), HORIZONS[1])
        mine = open_to(request.user)
        keys = mine.values("pk")
        risks = at_risk(keys, request.at, days)
        context = {
            "funnels": funnels(mine),
            "risks": risks,
            "late": sum(each.late for each in risks),
            "near": sum(each.week + each.soon for each in risks),
            "cost": exposure(keys, request.at),
            "loads": loads(keys, request.at, days),
            "days": days,
            "horizons": HORIZONS,
            "may_act": not request.user.has_role(Role.AUDITOR),
            "trail": [(_("Work"), reverse("workflows:inbox"))],
        }
        return render(request, "workflows/officer/overview.html", context)
