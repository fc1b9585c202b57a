"""How far the jurors of a ranked round agree: in all, per criterion, each of them and two by two, with what it means in words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.reliability import band
from workflows.looking import agreement_in, jurors_shown
from workflows.pages.noise import UNFIT
from workflows.pages.officer_heat import drawn
from workflows.pages.pictures import Series, strips
from workflows.pages.ranked_room import RankedPage, to_ranking

if TYPE_CHECKING:
    from django.http import HttpResponse

    from scoring.reliability import Agreement, Reliability
    from tender.http import SignedIn
    from workflows.pages.officer_heat import HeatMap
    from workflows.pages.pictures import Strips

BANDS = {
    "excellent": gettext_lazy("excellent"),
    "good": gettext_lazy("good"),
    "strong": gettext_lazy("strong"),
    "moderate": gettext_lazy("moderate"),
    "tentative": gettext_lazy("tentative"),
    "weak": gettext_lazy("weak"),
    "poor": gettext_lazy("low"),
}
FIGURES = (("alpha", "alpha"), ("icc_one", "icc"), ("icc_mean", "icc"), ("icc_order", "icc"), ("w", "w"))
"""The figures of a row, each with the kind of its band."""


class ReliabilityPage(RankedPage):
    """Krippendorff's alpha first; ICC and W where every juror scored the same proposals; severity and consistency of each juror."""

    def get(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """The figures, their meaning, their pictures."""
        look = self.look(call, key)
        stage, rubric = look.ranking.stage, look.rules.rubric
        found = agreement_in(look, jurors_shown(look, request.user))
        labels = {criterion.key: str(criterion.label) for criterion in rubric.criteria} if rubric else {}
        tables = [(_("Total"), found.overall), *((labels[key], table) for key, table in found.criteria.items())]
        context = {
            "stage": stage,
            "trail": self.trail(stage, to_ranking(look)),
            "ranking": look.ranking,
            "part": not look.whole,
            "found": found,
            "rows": [row(label, table) for label, table in tables] if found.judges else [],
            "verdict": verdict(found.overall),
            "no_severity": UNFIT.get(found.no_severity or ""),
            "severity": severity(found),
            "heat": pairs(found) if any(value is not None for value in apart(found)) else None,
            "matrix": [(judge.name, values) for judge, values in zip(found.judges, found.pairs, strict=True)],
        }
        return render(request, "workflows/officer/reliability.html", context)


def row(label: str, table: Agreement) -> dict[str, Any]:
    """One table of scores: its figures with the word each deserves, and what they rest on."""
    figures = [(getattr(table, name), BANDS.get(band(kind, getattr(table, name)), "")) for name, kind in FIGURES]
    return {"label": label, "figures": figures, "table": table}


def verdict(table: Agreement) -> str:
    """What alpha says of the whole, in a sentence."""
    if table.alpha is None:
        return _("Alpha cannot be computed: no application has the scores of two jurors, or all scores are the same.")
    return {
        "good": _("The jurors agree well: the differences between the applications are reliable."),
        "tentative": _("The jurors agree tolerably: differences between the applications allow careful conclusions only."),
        "poor": _("The jurors agree little: do not read much into small differences between the applications."),
    }[band("alpha", table.alpha)]


def severity(found: Reliability) -> Strips | None:
    """Per juror a line from nought to how severe they are; None where that cannot be told."""
    told = [(judge.name, judge.severity) for judge in found.judges if judge.severity is not None]
    most = max((ceil(abs(value) / 5) * 5 for _name, value in told), default=0)
    rows = [(name, Series(min(0, value), max(0, value), (value,), 0)) for name, value in told]
    return strips(rows, (-most, most), step=max(1, most // 5)) if most else None


def apart(found: Reliability) -> list[float | None]:
    """The correlations of every juror with every other."""
    return [value for one, values in enumerate(found.pairs) for other, value in enumerate(values) if one != other]


def pairs(found: Reliability) -> HeatMap | None:
    """Juror by juror, the rank correlation of what both scored."""
    names = [judge.name for judge in found.judges]
    cells = [[None if value is None or one == other else Decimal(f"{value:.2f}") for other, value in enumerate(values)]
             for one, values in enumerate(found.pairs)]  # fmt: skip
    heat = drawn(names, list(zip(names, cells, strict=True)))
    return replace(heat, width=heat.width + 60) if heat else None
