"""What one person may know of a frozen ranking, and what follows from exactly that. Reads and computes; writes nothing.

Everything is computed again from the frozen inputs, without those of the dossiers that are closed to whoever looks: so no figure,
place or count tells of them. Who sees only a part sees places and counts of that part.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from scoring.commands.freezing import gather, material_of, selected
from scoring.insight import insight, lines
from scoring.models import Conflict, Seating
from scoring.reliability import reliability
from tender.calendar import amsterdam_day
from tender.enums import Role
from tender.models import Application, User
from workflows.jury import open_cases

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from decimal import Decimal

    from scoring.insight import Insight, Line
    from scoring.methods import Material, Unfit
    from scoring.models import Placing, Ranking
    from scoring.reliability import Reliability
    from tender.models import Stage
    from tender.schemes import definition


@dataclass
class Look:
    """A ranking with the lines that somebody sees, best first; ``whole``: they see all; ``readable``: what they may also open."""

    ranking: Ranking
    placings: list[Placing]
    whole: bool
    readable: set[int]

    @property
    def rules(self) -> definition.Stage:
        """What the scheme says of the round."""
        return self.ranking.stage.rules

    @cached_property
    def seen(self) -> set[str]:
        """The references they see."""
        return {placing.application.reference for placing in self.placings}

    @cached_property
    def inputs(self) -> dict[str, Any]:
        """What went in, of what they see."""
        frozen: dict[str, Any] = self.ranking.inputs
        return frozen if self.whole else only(frozen, self.seen)

    @cached_property
    def material(self) -> Material:
        """The same, as the arithmetic takes it."""
        return material_of(self.rules, self.inputs)

    @cached_property
    def ranks(self) -> dict[str, int | None]:
        """The frozen rank by reference; closed up over what they do not see."""
        ranks = [placing.rank for placing in self.placings if placing.rank is not None]
        return {
            placing.application.reference: placing.rank if self.whole or placing.rank is None else 1 + sum(r < placing.rank for r in ranks)
            for placing in self.placings
        }

    @cached_property
    def cut(self) -> dict[str, Any]:
        """The frozen cut; of a part, how many of it are selected and ranked, and the draws within it."""
        frozen: dict[str, Any] = self.ranking.cut
        if self.whole:
            return frozen
        draws = [[name for name in draw["order"] if name in self.seen] for draw in frozen.get("draws", [])]
        return {
            "selected": sum(placing.outcome == "selected" for placing in self.placings),
            "ranked": sum(placing.rank is not None for placing in self.placings),
            "draws": [{"rank": self.ranks[names[0]], "order": names} for names in draws if len(names) > 1],
            "unfit": frozen.get("unfit"),
        }


def look_at(ranking: Ranking, user: User, at: datetime) -> Look:
    """What this person may know of a ranking: the dossiers they read, and those they are free to judge in its panel. Three queries."""
    readable = set(Application.objects.visible_to(user).filter(placings__ranking=ranking).values_list("pk", flat=True))
    shown = ranking.placings.filter(Q(application__in=readable) | Q(application__in=judged_by(ranking.stage, user, at)))
    placings = list(shown.select_related("application__organisation", "application__applicant").order_by("order"))
    return Look(ranking, placings, len(placings) == ranking.placings.count(), readable)


def judged_by(stage: Stage, user: User, at: datetime) -> Any:
    """The dossiers of a round that a member of its panel sees in the meeting, whoever was assigned them: those they are free to judge."""
    seated = Seating.objects.seats(stage, on=amsterdam_day(at)).filter(user=user)
    return Conflict.objects.clear().filter(user=user, user__in=seated.values("user_id")).values("application_id")


def only(inputs: dict[str, Any], seen: set[str]) -> dict[str, Any]:
    """Inputs of a ranking without those of any dossier that is not ``seen``."""
    kept = {name: {ref: value for ref, value in inputs[name].items() if ref in seen} for name in ("amounts", "received", "earlier")}
    marks = [row for row in inputs["marks"] if row[0] in seen]
    return {**inputs, **kept, "marks": marks, "references": [ref for ref in inputs["references"] if ref in seen]}


def jurors_of(inputs: Mapping[str, Any]) -> tuple[str, ...]:
    """Who marked, as the inputs name them, in the order of the material."""
    return tuple(sorted({row[1] for row in inputs["marks"]}))


KNOWS_JURORS = (Role.OFFICER, Role.SECRETARY, Role.AUDITOR)
"""Who of the house sees whose marks are whose; the panel sees that in the meeting already."""


def jurors_shown(look: Look, user: User) -> dict[str, str]:
    """What the jurors are called, by what the inputs call them: by name for those who may know whose marks are whose, else by number."""
    names = names_of(look.inputs)
    if user.has_role(*KNOWS_JURORS) or Seating.objects.seats(look.ranking.stage).filter(user=user).exists():
        return names
    return {juror: _("Juror %(number)s") % {"number": number} for number, juror in enumerate(sorted(names), start=1)}


def names_of(inputs: Mapping[str, Any]) -> dict[str, str]:
    """The names of who marked, by what the inputs call them. One query."""
    keys = {int(juror.removeprefix("juror-")): juror for juror in jurors_of(inputs)}
    return {keys[pk]: name for pk, name in User.objects.filter(pk__in=keys).values_list("pk", "name")}


def figures(look: Look) -> Insight:
    """Raw mean, severity-adjusted and expected rank of each, and what the evidence says of the line. The line of a part is no line."""
    found = insight(look.material, max(1, look.cut["selected"]))
    return found if look.whole else replace(found, line=None)


def agreement_in(look: Look, names: Mapping[str, str]) -> Reliability:
    """How far the jurors agree, in what this person sees."""
    jurors = jurors_of(look.inputs)
    return reliability(look.material, tuple(names.get(juror, juror) for juror in jurors))


@dataclass(frozen=True, slots=True)
class Changed:
    """One line of a what-if: its rank and outcome as frozen and as they would be; of a part no outcomes."""

    placing: Placing
    before: int | None
    rank: int | None
    outcome: str

    @property
    def moved(self) -> bool:
        """Whether it would stand elsewhere."""
        return self.before != self.rank

    @property
    def enters(self) -> bool:
        """Whether it would be selected, and was not."""
        return self.outcome == "selected" != self.placing.outcome

    @property
    def leaves(self) -> bool:
        """Whether it was selected, and would not be."""
        return bool(self.outcome) and self.outcome != "selected" == self.placing.outcome


def what_if(look: Look, *, without: str = "", weights: Sequence[Decimal] = ()) -> tuple[list[Changed], Unfit | None]:
    """The order as it would be ``without`` a juror, or with other ``weights`` per criterion; and why its method would not fit then.

    Only who sees all is told what would become of the selection: what is selected of a part says something of the rest.
    """
    rules, inputs = look.rules, look.inputs
    if weights and rules.rubric is not None:
        pairs = zip(rules.rubric.criteria, weights, strict=True)
        rules = replace(rules, rubric=replace(rules.rubric, criteria=tuple(replace(each, weight=weight) for each, weight in pairs)))
    found = selected(rules, {**inputs, "marks": [row for row in inputs["marks"] if row[1] != without]})
    lines_of = {placing.application.reference: placing for placing in look.placings}
    rows = [
        Changed(lines_of[place.reference], look.ranks[place.reference], place.rank, str(place.standing) if look.whole else "")
        for place in found.outcome.places
    ]
    return rows, found.unfit


def lines_in_meeting(stage: Stage, user: User) -> tuple[list[Line], Unfit | None] | None:
    """What the marks as they are now say of each number the panel may nominate; None for who sees only a part of the round.

    At most a dozen numbers.
    """
    bounds, inputs = stage.rules.selection.meeting_fixes, gather(stage, again=False)
    if bounds is None or not set(inputs["references"]) <= set(open_cases(stage, user).values_list("reference", flat=True)):
        return None
    low, high = bounds
    return lines(material_of(stage.rules, inputs), range(low, min(high, low + 11) + 1))
