"""A frozen ranking: the order, the line, why each stands where it stands, and how anybody can draw and compute it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tender.enums import Role
from tender.schemes.figures import in_euros
from tender.schemes.plain_words import how_ordered
from tender.schemes.vocabulary import BESIDE_TOTAL, Method
from tender.templatetags.drietrap import score
from workflows.outcomes import OUTCOMES
from workflows.pages.minutes import minutes_shown
from workflows.pages.noise import UNFIT
from workflows.pages.officer_heat import figure
from workflows.pages.ranked_room import RankedPage
from workflows.pages.room import HOUSE_ROLES, MONEY_ROLES, undeclared

if TYPE_CHECKING:
    from django.http import HttpResponse

    from scoring.models import Placing, Ranking
    from tender.http import SignedIn
    from tender.models import Stage, User
    from tender.schemes import definition
    from workflows.looking import Look

TIES = {
    "none": gettext_lazy("The score alone drew the line."),
    "criterion": gettext_lazy("A tie at the line was broken on a criterion."),
    "all_in": gettext_lazy("Everyone tied with the last one aimed at came in."),
    "lottery": gettext_lazy("A tie at the line was broken by the lottery."),
}
TONES = {"selected": "ok", "reserve": "waiting"}


class RankingPage(RankedPage):
    """A version of the ranking; the newest unless ``?version=``."""

    def get(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """The table, the line, the draws, the versions."""
        look = self.look(call, key)
        ranking, stage, rubric = look.ranking, look.ranking.stage, look.rules.rubric
        criteria = list(rubric.criteria) if rubric else []
        context = {
            "stage": stage,
            "trail": self.trail(stage),
            "decides": request.user.has_role(*MONEY_ROLES),
            "named": names_applicants(stage, request.user),
            "ranking": ranking,
            "versions": list(stage.rankings.order_by("-version")),
            "cut": look.cut,
            "criteria": criteria,
            "rows": rows(look, criteria),
            "how": how_made(ranking),
            "by_total": by_total(ranking),
            "tie": tie_of(look),
            "part": not look.whole,
            "noise_url": f"{reverse('workflows:noise', args=[call, key])}?version={ranking.version}",
            "undeclared": undeclared(stage, request.user).count(),
            "floors": floors(stage.rules),
            "minutes": minutes_shown(stage, request.user, at=request.at),
        }
        return render(request, "workflows/officer/ranking.html", context)


def names_applicants(stage: Stage, user: User) -> bool:
    """Whether the page says who applied: where that is kept from those who judge, only to the others."""
    return not stage.rules.blind or user.has_role(*(role for role in HOUSE_ROLES if role != Role.ASSESSOR))


def rows(look: Look, criteria: list[definition.Criterion]) -> list[dict[str, Any]]:
    """The lines of the table; the last that is selected bears the line."""
    inside = [placing.pk for placing in look.placings if placing.outcome == "selected" and placing.rank is not None]
    return [{**row(placing, criteria, look), "cut": placing.pk in inside[-1:]} for placing in look.placings]


def row(placing: Placing, criteria: list[definition.Criterion], look: Look) -> dict[str, Any]:
    """One line of the table. What hangs on dossiers that are not seen is left out of it."""
    means = [(criterion, figure(placing.criteria.get(criterion.key))) for criterion in criteria]
    return {
        "placing": placing,
        "case": placing.application,
        "readable": placing.application_id in look.readable,
        "rank": look.ranks[placing.application.reference],
        "chance": placing.chance if look.whole else None,
        "means": [(mean, c.floor is not None and mean is not None and mean < c.floor) for c, mean in means],
        "outcome": OUTCOMES.get(placing.outcome, placing.outcome),
        "tone": TONES.get(placing.outcome, "neutral"),
        "why": why(placing, look.ranking) if look.whole or ground_of(placing) in OWN_GROUNDS else "",
        "tied": [name for name in placing.facts.get("tied_with", []) if name in look.seen],
    }


OWN_GROUNDS = ("below_floor", "not_rankable")
"""Why an application is not selected, where that says nothing of another."""


def ground_of(placing: Placing) -> str:
    """Why an application is not selected, by its name."""
    return placing.facts.get("ground") or placing.outcome


def why(placing: Placing, ranking: Ranking) -> str:
    """Why an application is not selected, in figures; where it is, whether with less than asked."""
    if placing.outcome == "selected":
        return _("In part: the ceiling leaves no more.") if placing.facts.get("partial") else ""
    ground = ground_of(placing)
    if ground == "below_floor":
        return "; ".join(shortfall(lack, ranking) for lack in placing.facts.get("shortfalls", []))
    if ground == "over_ceiling":
        return _("The ceiling was reached at place %(place)s.") % {"place": placing.facts.get("ceiling_rank") or "–"}
    if ground == "not_rankable":
        return _("Not every criterion has a score.")
    return beyond(placing, ranking)


def beyond(placing: Placing, ranking: Ranking) -> str:
    """Where the line lies, for who stands below it."""
    if placing.outcome == "lottery_lost":
        return _("Equal score at the line; the lottery decided.")
    selected, line = ranking.cut.get("selected"), placing.facts.get("line")
    if line is None:
        return _("%(number)s were selected.") % {"number": selected}
    return _("%(number)s were selected; the last with %(line)s.") % {"number": selected, "line": score(line)}


def shortfall(lack: list[Any], ranking: Ranking) -> str:
    """One floor that was not met."""
    floor, value, required = lack
    rubric = ranking.stage.rules.rubric
    names = {criterion.key: str(criterion.label) for criterion in rubric.criteria} if rubric else {}
    name = {"total": _("Total"), "passes": _("Passes")}.get(floor, names.get(floor, floor))
    return _("%(name)s %(value)s, at least %(required)s needed") % {
        "name": name,
        "value": score(value),
        "required": score(required),
    }


def tie_of(look: Look) -> str:
    """What parted the last in from the first out, in words."""
    return str(TIES.get(look.cut.get("tie", ""), ""))


def by_total(ranking: Ranking) -> bool:
    """Whether the order is that of the totals, or that of another score of the method."""
    return ranking.method not in BESIDE_TOTAL or bool(ranking.cut.get("unfit"))


def how_made(ranking: Ranking) -> list[str]:
    """How the method made the order, and why it could not, where the weighted mean had to decide."""
    unfit = UNFIT.get(ranking.cut.get("unfit") or "")
    return [str(said) for said in (how_ordered(Method(ranking.method), unfit=bool(unfit)), unfit) if said]


def floors(rules: definition.Stage) -> list[str]:
    """The rule of selection in words: floors, number, ceiling."""
    selection, criteria = rules.selection, rules.rubric.criteria if rules.rubric else ()
    found = [
        _("%(criterion)s: at least %(floor)s") % {"criterion": each.label, "floor": score(each.floor)}
        for each in criteria
        if each.floor is not None
    ]
    if selection.floor is not None:
        found.insert(0, _("total of at least %(floor)s") % {"floor": score(selection.floor)})
    if selection.aim is not None:
        found.append(_("aim %(aim)s, at most %(most)s") % {"aim": selection.aim, "most": selection.most or selection.aim})
    if selection.meeting_fixes is not None:
        low, high = selection.meeting_fixes
        found.append(_("the meeting fixed the number, from %(low)s to %(high)s") % {"low": low, "high": high})
    if rules.grant.flat is not None:
        found.append(_("%(amount)s each") % {"amount": in_euros(rules.grant.flat, get_language() or "nl")})
    return found
