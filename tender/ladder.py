"""The stages of a call as steps: what the ladder on every page is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tender.enums import ApplicationState as A
from tender.enums import StageState as S
from tender.rules import takes_at
from tender.schemes.definition import Intake
from tender.templatetags.drietrap import day, moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from decimal import Decimal

    from tender.models import Application, Stage

JUDGING = (S.CLOSED, S.SCORING, S.MEETING, S.RANKED, S.DECIDING)
OVER = (S.PUBLISHED, S.FINISHED)
STOPPED = (A.SET_ASIDE, A.INELIGIBLE, A.REFUSED, A.WITHDRAWN, A.LAPSED, A.CANCELLED)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a ladder, as the template takes it."""

    label: str
    status: str
    status_label: str
    dates: str = ""
    money: Decimal | None = None
    count: str = ""
    url: str = ""


def dates_of(stage: Stage) -> str:
    """The window in words."""
    if stage.closes_at is None or stage.rules.intake == Intake.CONTINUOUS:
        return _("all year, from %(day)s") % {"day": day(stage.opens_at)}
    return _("%(opens)s to %(closes)s") % {"opens": day(stage.opens_at), "closes": moment(stage.closes_at)}


def standing(stage: Stage, at: datetime) -> tuple[str, str]:
    """How far a stage is at an instant, for the public: the step's status, and a word for it."""
    if stage.state == S.CANCELLED:
        return "stopped", _("Cancelled")
    if takes_at(stage, at):
        return "current", _("Open")
    if at < stage.opens_at:
        return "next", _("Planned")
    if stage.state == S.PAUSED:
        return "current", _("Paused: the money is used up")
    if stage.state in OVER:
        return "done", _("Decided") if stage.state == S.PUBLISHED else _("Finished")
    return "current", _("Being assessed")


def call_ladder(stages: Iterable[Stage], *, at: datetime, counts: Mapping[int, int] | None = None) -> list[Step]:
    """The stages of a call for the public: dates, money, and how many came in once a stage has closed."""
    steps = []
    for stage in stages:
        status, word = standing(stage, at)
        many = (counts or {}).get(stage.pk, 0)
        closed = status != "next" and not takes_at(stage, at)
        count = ngettext("%(many)d application", "%(many)d applications", many) % {"many": many} if closed and many else ""
        steps.append(Step(stage.label, status, word, dates_of(stage), stage.ceiling or None, count))
    return steps


def told(application: Application, *, inside: bool) -> tuple[str, str]:
    """The state of a dossier and its word. Outside the house nobody hears of a ranking before it is published."""
    if not inside and application.state == A.RANKED:
        return A.IN_REVIEW.value, str(A.IN_REVIEW.label)
    return application.state, application.get_state_display()


def dossier_ladder(application: Application, stages: Iterable[Stage], *, inside: bool) -> list[Step]:
    """The stages with where one dossier is: what is behind it, where it stands, what may come."""
    return [_dossier_step(application, stage, inside=inside) for stage in stages]


def _dossier_step(application: Application, stage: Stage, *, inside: bool) -> Step:
    here = application.stage.number
    said: dict[str, Any] = {"label": stage.label, "dates": dates_of(stage), "money": stage.ceiling or None}
    if stage.number < here:
        return Step(**said, status="done", status_label=_("Passed"))
    if stage.number > here:
        ended = application.state in STOPPED
        return Step(**said, status="next", status_label=_("Not reached") if ended else _("To come"))
    state, word = told(application, inside=inside)
    status = "stopped" if state in STOPPED else "done" if state in {A.ADMITTED, A.AWARDED, A.CLOSED} else "current"
    return Step(**said, status=status, status_label=word[:1].upper() + word[1:])
