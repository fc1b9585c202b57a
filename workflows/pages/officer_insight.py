"""A frozen ranking looked into: other ways to order it side by side, what if, and how sure the cut is. Computed, never kept."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django import forms
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.insight import lines, totals_of, weights_of
from workflows.looking import figures, jurors_shown, what_if
from workflows.outcomes import OUTCOMES
from workflows.pages.noise import UNFIT, noise, noise_part
from workflows.pages.pictures import Series, strips
from workflows.pages.ranked_room import RankedPage, to_ranking
from workflows.pages.room import StaffForm

if TYPE_CHECKING:
    from django.http import HttpResponse, QueryDict

    from scoring.insight import Insight
    from scoring.models import Placing
    from tender.http import SignedIn
    from tender.schemes.definition import Criterion
    from workflows.looking import Changed, Look
    from workflows.pages.pictures import Strips

WEIGHT = "weight-"


class WeightField(forms.CharField):
    """A weight from 0 to 1 as people type it, with a comma or a point; None where it is left open."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), required=False, **kwargs)

    def to_python(self, value: Any) -> Any:
        """The number exactly as typed."""
        said = super().to_python(value)
        if not said:
            return None
        try:
            found = Decimal(str(said).replace(",", "."))
        except InvalidOperation:
            found = Decimal("NaN")
        if not found.is_finite():
            raise forms.ValidationError(_("Type a number such as 0.25."))
        return found


class WhatIf(StaffForm):
    """What to change: a juror to leave out, other weights that sum to exactly 1."""

    without = forms.ChoiceField(label=gettext_lazy("Leave out the marks of"), required=False)

    def __init__(self, data: QueryDict | None, jurors: list[tuple[str, str]], criteria: tuple[Criterion, ...]) -> None:
        super().__init__(data)
        self.criteria = criteria
        self.fields["without"].choices = [("", _("nobody")), *jurors]  # type: ignore[attr-defined]
        for criterion in criteria:
            label = _("Weight of %(criterion)s") % {"criterion": criterion.label}
            self.fields[f"{WEIGHT}{criterion.key}"] = WeightField(label=label, initial=plain(criterion.weight))
        if criteria:
            self.fields[self.last].help_text = _("Leave it open, and it gets what is left of 1.")

    @property
    def last(self) -> str:
        """The field that may be left open."""
        return f"{WEIGHT}{self.criteria[-1].key}"

    def clean(self) -> dict[str, Any]:
        """With ``weights`` that are exactly 1 in all, where any were sent."""
        said: dict[str, Any] = super().clean() or {}
        names = [f"{WEIGHT}{criterion.key}" for criterion in self.criteria]
        if not any(name in self.data for name in names) or any(name in self.errors for name in names):
            return said
        typed = [said[name] for name in names]
        try:
            return {**said, "weights": weights_of(typed)}
        except ValueError:
            total = sum((each for each in typed if each is not None), Decimal(0))
            words = _("The weights must be 0 or more and add up to exactly 1; these add up to %(total)s. Only the last may be left open.")
            self.add_error(self.last, words % {"total": plain(total)})
            return said


def plain(weight: Decimal) -> str:
    """A weight as people read and type it: ``0,3``."""
    return str(number_format(weight.normalize(), use_l10n=True))


class InsightPage(RankedPage):
    """Raw, severity-adjusted and expected rank beside the frozen rank, and what if."""

    def get(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """The table and its pictures; with something asked, what would change."""
        look = self.look(call, key)
        stage, rubric, names = look.ranking.stage, look.rules.rubric, jurors_shown(look, request.user)
        found, totals = figures(look) if names else None, totals_of(look.material)
        asked = request.GET if "without" in request.GET else None
        form = WhatIf(asked, sorted(names.items(), key=lambda each: each[1]), rubric.criteria if rubric else ())
        context = {
            "stage": stage,
            "trail": self.trail(stage, to_ranking(look)),
            "ranking": look.ranking,
            "part": not look.whole,
            "k": look.cut["selected"],
            "found": found,
            "rows": [line(placing, look, found, totals) for placing in look.placings] if found else [],
            "no_adjusted": UNFIT.get(found.no_adjusted or "") if found else "",
            "no_ranks": UNFIT.get(found.no_ranks or "") if found else "",
            "noise": noise(([found.line] if found.line else [], found.no_ranks) if look.whole else None) if found else None,
            "spread": spread(look, totals),
            "intervals": intervals(look, found) if found and found.ranks else None,
            "form": form,
            **(changes(look, form) if asked and form.is_valid() else {}),
        }
        return render(request, "workflows/officer/insight.html", context)


class NoisePage(RankedPage):
    """How sure the frozen cut is: a part of the ranking's page that comes after it, because it takes a second to work out."""

    def get(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """The cut in words."""
        look = self.look(call, key)
        found = lines(look.material, [look.cut["selected"]]) if look.whole else None
        return noise_part(request, found)


def line(placing: Placing, look: Look, found: Insight, totals: dict[str, list[float]]) -> dict[str, Any]:
    """One line of the table."""
    name = placing.application.reference
    return {
        "placing": placing,
        "case": placing.application,
        "frozen": look.ranks[name],
        "outcome": OUTCOMES.get(placing.outcome, placing.outcome),
        "totals": totals[name],
        "raw": found.raw.get(name),
        "adjusted": found.adjusted.get(name),
        "rank": found.ranks.get(name),
        "unsure": found.line is not None and found.line.in_noise and name in found.line.unsure,
    }


def changes(look: Look, form: WhatIf) -> dict[str, Any]:
    """What would change: the lines in their new order, who would come in, who would fall out."""
    rows, unfit = what_if(look, without=form.cleaned_data["without"], weights=form.cleaned_data.get("weights", ()))
    return {
        "changed": [(each, OUTCOMES.get(each.outcome, each.outcome)) for each in rows],
        "enter": references(each for each in rows if each.enters),
        "leave": references(each for each in rows if each.leaves),
        "unfit": UNFIT.get(unfit or ""),
    }


def references(rows: Any) -> list[str]:
    """The references of changed lines."""
    found: list[Changed] = list(rows)
    return [each.placing.application.reference for each in found]


def spread(look: Look, totals: dict[str, list[float]]) -> Strips:
    """Per proposal every juror's total as a dot, and the frozen total as a mark, from 0 to 100."""
    rows = [
        (placing.application.reference, Series.of(totals[placing.application.reference], mark=placing.total)) for placing in look.placings
    ]
    return strips(rows, (0, 100), step=20)


def intervals(look: Look, found: Insight) -> Strips:
    """Per proposal the interval of its rank, the rank to expect as a dot, and the frozen rank as a mark."""
    rows = []
    for placing in look.placings:
        name = placing.application.reference
        if name in found.ranks:
            rank = found.ranks[name]
            rows.append((name, Series(rank.low, rank.high, (rank.expected,), look.ranks[name])))
    most = max(2, len(rows))
    return strips(rows, (1, most), step=max(1, most // 8))
