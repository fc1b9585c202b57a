"""A frozen ranking: the order, the line, why each stands where it stands, and how anybody can draw and compute it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from scoring.models import Conflict, Seating
from tender.enums import SeatState
from tender.models import Application
from tender.schemes.figures import in_euros
from tender.schemes.plain_words import how_ordered
from tender.schemes.vocabulary import BESIDE_TOTAL, Method
from tender.templatetags.drietrap import score
from workflows.pages.minutes import minutes_shown
from workflows.pages.officer_heat import figure
from workflows.pages.room import MONEY_ROLES, StagePage, trail, undeclared

if TYPE_CHECKING:
    from django.http import HttpResponse

    from scoring.models import Placing, Ranking
    from tender.http import SignedIn
    from tender.models import Stage, User
    from tender.schemes import definition

TIES = {
    "none": gettext_lazy("The score alone drew the line."),
    "criterion": gettext_lazy("A tie at the line was broken on a criterion."),
    "all_in": gettext_lazy("Everyone tied with the last one aimed at came in."),
    "lottery": gettext_lazy("A tie at the line was broken by the lottery."),
}
UNFIT = {
    "unconnected": gettext_lazy("Not every juror can be compared with every other by the proposals they shared."),
    "all_alike": gettext_lazy("Between the proposals there is no difference beyond chance."),
    "few_sheets": gettext_lazy("A juror judged fewer than five proposals."),
    "no_spread": gettext_lazy("A juror gave every proposal the same score."),
    "unbeaten": gettext_lazy("Some proposals never stood below the others, or were never compared with them."),
    "few_proposals": gettext_lazy("It needs three proposals and two jurors at the least."),
}
"""By `scoring.methods.Unfit`."""
TONES = {"selected": "ok", "reserve": "waiting"}


class RankingPage(StagePage):
    """A version of the ranking; the newest unless ``?version=``."""

    closed_to_recused = True

    def may_enter(self, user: User, **where: str) -> bool:
        """Beside the house, the panel of the stage may look."""
        if super().may_enter(user):
            return True
        seated = Seating.objects.filter(stage__call__reference=where["call"], stage__key=where["key"])
        return seated.filter(panel__members__user=user, panel__members__state=SeatState.ACCEPTED).exists()

    def get(self, request: SignedIn, call: str, key: str) -> HttpResponse:
        """The table, the line, the draws, the versions."""
        stage, at_home = self.stage(request, call, key), super().may_enter(request.user)
        rankings = stage.rankings.order_by("-version")
        version = request.GET.get("version", "")
        wanted = rankings.filter(version=version) if version.isascii() and version.isdigit() else rankings
        ranking = get_object_or_404(wanted[:1])
        readable = set(Application.objects.visible_to(request.user).filter(placings__ranking=ranking).values_list("pk", flat=True))
        placings = list(
            ranking.placings.filter(Q(application__in=readable) | Q(application__in=judged_by(stage, request.user)))
            .select_related("application__organisation", "application__applicant")
            .order_by("order")
        )
        criteria = list(stage.rules.rubric.criteria) if stage.rules.rubric else []
        context = {
            "stage": stage,
            "trail": trail(stage=stage) if at_home else jury_trail(stage),
            "decides": request.user.has_role(*MONEY_ROLES),
            "ranking": ranking,
            "versions": list(rankings),
            "cut": ranking.cut,
            "criteria": criteria,
            "rows": [{**row(placing, criteria, ranking), "readable": placing.application_id in readable} for placing in placings],
            "how": how_made(ranking),
            "by_total": by_total(ranking),
            "tie": tie_of(ranking),
            "hidden": ranking.placings.count() - len(placings),
            "undeclared": undeclared(stage, request.user).count(),
            "floors": floors(stage.rules),
            "minutes": minutes_shown(stage, request.user, at=request.at),
        }
        return render(request, "workflows/officer/ranking.html", context)


def jury_trail(stage: Stage) -> list[tuple[str, str]]:
    """The way to this page for a member of the panel, who has no business in the house's rooms."""
    here = [stage.call.reference, stage.key]
    return [(_("Jury"), reverse("workflows:reading")), (_("Meeting"), reverse("workflows:meeting", args=here))]


def judged_by(stage: Stage, user: User) -> Any:
    """The dossiers of a round that a member of its panel sees in the meeting, whoever was assigned them: those they are free to judge."""
    seated = Seating.objects.seats(stage).filter(user=user)
    return Conflict.objects.clear().filter(user=user, user__in=seated.values("user_id")).values("application_id")


def row(placing: Placing, criteria: list[definition.Criterion], ranking: Ranking) -> dict[str, Any]:
    """One line of the table."""
    means = [(criterion, figure(placing.criteria.get(criterion.key))) for criterion in criteria]
    return {
        "placing": placing,
        "case": placing.application,
        "means": [(mean, c.floor is not None and mean is not None and mean < c.floor) for c, mean in means],
        "outcome": OUTCOMES.get(placing.outcome, placing.outcome),
        "tone": TONES.get(placing.outcome, "neutral"),
        "why": why(placing, ranking),
        "cut": placing.rank is not None and placing.order == ranking.cut.get("selected"),
        "tied": placing.facts.get("tied_with", []),
    }


OUTCOMES = {
    "selected": gettext_lazy("selected"),
    "reserve": gettext_lazy("on the reserve list"),
    "below_floor": gettext_lazy("below the minimum"),
    "beyond_cut": gettext_lazy("below the line"),
    "over_ceiling": gettext_lazy("beyond the ceiling"),
    "lottery_lost": gettext_lazy("lost the lottery"),
    "not_rankable": gettext_lazy("cannot be ranked"),
}


def why(placing: Placing, ranking: Ranking) -> str:
    """Why an application is not selected, in figures; where it is, whether with less than asked."""
    if placing.outcome == "selected":
        return _("In part: the ceiling leaves no more.") if placing.facts.get("partial") else ""
    ground = placing.facts.get("ground") or placing.outcome
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


def tie_of(ranking: Ranking) -> str:
    """What parted the last in from the first out, in words."""
    return str(TIES.get(ranking.cut.get("tie", ""), ""))


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
