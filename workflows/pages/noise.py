"""How sure a line is, in words: whom the evidence cannot part from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django.http import HttpResponse

    from scoring.insight import Line
    from scoring.methods import Unfit
    from tender.http import SignedIn

UNFIT = {
    "unconnected": gettext_lazy("Not every juror can be compared with every other by the proposals they shared."),
    "all_alike": gettext_lazy("Between the proposals there is no difference beyond chance."),
    "few_sheets": gettext_lazy("A juror judged fewer than five proposals."),
    "no_spread": gettext_lazy("A juror gave every proposal the same score."),
    "unbeaten": gettext_lazy("Some proposals never stood below the others, or were never compared with them."),
    "few_proposals": gettext_lazy("It needs three proposals and two jurors at the least."),
}
"""By `scoring.methods.Unfit`."""


def noise_part(request: SignedIn, found: tuple[list[Line], Unfit | None] | None) -> HttpResponse:
    """The part of a page about the line, for the page that asks for it; a page of its own for whoever opens its address."""
    template = "workflows/officer/noise.html" if request.htmx else "workflows/officer/noise_page.html"
    return render(request, template, noise(found))


def noise(found: tuple[list[Line], Unfit | None] | None) -> dict[str, Any]:
    """What the part of a page about the line shows: the lines, or why there are none (``found`` None: only a part is seen)."""
    if found is None:
        return {"lines": [], "none": _("Some applications are closed to you, so the cut cannot be shown to you.")}
    lines, unfit = found
    if lines:
        return {"lines": lines, "none": ""}
    return {"lines": [], "none": str(UNFIT[unfit]) if unfit else _("There is no cut: nobody is selected, or nobody is left out.")}
