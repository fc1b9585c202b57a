"""Mail to those who judge: one per person and round, not one per dossier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from reports.commands.notifying import Notice, notify
from scoring.models import Conflict, PanelMember, Scoresheet
from tender.calendar import amsterdam_day
from tender.enums import JURY_ROLES, Role
from tender.models import (
    User,
)
from tender.schemes.definition import Intake
from workflows.models import Event, Notification
from workflows.outbox import on

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from tender.models import Stage


@on("seat.invite", "seat.invite_again")
def tell_who_is_invited(event: Event) -> None:
    """Who is asked to sit in a panel hears which, and finds the terms in the portal."""
    seat = PanelMember.objects.select_related("panel", "user").get(pk=event.key)
    notify(event=event, users=[seat.user], notice=Notice(_("%(panel)s: you are invited to sit in this panel"), {"panel": seat.panel.name}))


@on("conflict.ask")
def tell_who_must_declare(event: Event) -> None:
    """One mail per juror and round that there are declarations to make."""
    asked = Conflict.objects.select_related("user", "application__stage__call__version").get(pk=event.key)
    if asked.part in JURY_ROLES or asked.part == Role.SECRETARY:
        same = Conflict.objects.filter(user=asked.user, application__stage=asked.application.stage)
        subject = _("%(stage)s: declare whether you have an interest in the applications")
        tell_once(event, asked.user, asked.application.stage, list(same.values_list("pk", flat=True)), subject)


@on("scoresheet.assign")
def tell_who_must_score(event: Event) -> None:
    """One mail per juror and round that there are applications to judge."""
    sheet = Scoresheet.objects.select_related("juror", "stage__call__version").get(pk=event.key)
    same = Scoresheet.objects.filter(juror=sheet.juror, stage=sheet.stage)
    subject = _("%(stage)s: applications wait for your judgement")
    tell_once(event, sheet.juror, sheet.stage, list(same.values_list("pk", flat=True)), subject)


@on("scoresheet.reopen")
def tell_who_must_score_again(event: Event) -> None:
    """The chair gave a sheet back: its juror hears which."""
    sheet = Scoresheet.objects.select_related("juror", "application").get(pk=event.key)
    notice = Notice(_("%(reference)s: the chair gave your scores back to you"), {"reference": sheet.application.reference})
    notify(event=event, users=[sheet.juror], notice=notice)


def tell_once(event: Event, user: User, stage: Stage, keys: list[int], subject: str | Promise) -> None:
    """Mail ``user`` unless an event of this kind in this round (all year round: on this day) did so before."""
    User.objects.select_for_update().get(pk=user.pk)  # two events at once: the second sees the first one's mail
    earlier = Notification.objects.filter(user=user, event__kind=event.kind, event__key__in=keys)
    days = {amsterdam_day(at) for at in earlier.values_list("event__at", flat=True)}
    if days and (stage.rules.intake == Intake.WINDOW or amsterdam_day(event.at) in days):
        return
    label = f"{stage.call.reference}, {stage.rules.label.in_language(user.language)}"
    notify(event=event, users=[user], notice=Notice(subject, {"stage": label}))
