"""Pages about a ranking that is fixed: who comes in, and what they see of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from tender.models import Stage
from workflows.jury import seats_of
from workflows.looking import look_at
from workflows.pages.room import StagePage, trail

if TYPE_CHECKING:
    from tender.http import SignedIn
    from tender.models import User
    from workflows.looking import Look


class RankedPage(StagePage):
    """A version of the ranking, the newest unless ``?version=``; for the house, and for who sits in the panel of the stage today."""

    closed_to_recused = True
    request: SignedIn

    def may_enter(self, user: User, **where: str) -> bool:
        """Beside the house, the panel of the stage may look."""
        if super().may_enter(user):
            return True
        here = Stage.objects.filter(call__reference=where["call"], key=where["key"])
        return here.filter(pk__in=seats_of(user, at=self.request.at)).exists()

    def look(self, call: str, key: str) -> Look:
        """What this person may know of the ranking; 404 where there is none."""
        stage = self.stage(self.request, call, key)
        rankings, version = stage.rankings.order_by("-version"), self.request.GET.get("version", "")
        wanted = rankings.filter(version=version) if version.isascii() and version.isdigit() else rankings
        ranking = get_object_or_404(wanted[:1])
        ranking.stage = stage
        return look_at(ranking, self.request.user, self.request.at)

    def trail(self, stage: Stage, *crumbs: tuple[str, str]) -> list[tuple[str, str]]:
        """The way here: for a member of the panel, who has no business in the house's rooms, from the jury's."""
        if StagePage.may_enter(self, self.request.user):
            return trail(*crumbs, stage=stage)
        here = [stage.call.reference, stage.key]
        return [(_("Jury"), reverse("workflows:reading")), (_("Meeting"), reverse("workflows:meeting", args=here)), *crumbs]


def to_ranking(look: Look) -> tuple[str, str]:
    """The way back to the version of the ranking that is looked into."""
    stage = look.ranking.stage
    return _("Ranking"), f"{reverse('workflows:ranking', args=[stage.call.reference, stage.key])}?version={look.ranking.version}"
