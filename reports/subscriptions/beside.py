"""Mail to and about those who stand beside an applicant, and who acts for an organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from reports.commands.inviting import send_invitation, send_question
from reports.commands.notifying import Notice, notify
from reports.subscriptions.applicants import dossier_of
from tender.enums import Role
from tender.models import (
    Consent,
    Invitation,
    Joining,
    User,
)
from workflows.outbox import on

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from workflows.models import Event


@on("invitation.invite", "invitation.invite_again")
def mail_invitation(event: Event) -> None:
    """Who is invited gets a link, account or not."""
    send_invitation(event)


@on("consent.ask", "consent.ask_again")
def mail_question(event: Event) -> None:
    """A partner that is asked to consent gets a link; it needs no account."""
    send_question(event)


REPLIED: dict[str, str | Promise] = {
    "invitation.accept": _("%(reference)s: %(who)s now takes part"),
    "invitation.decline": _("%(reference)s: %(who)s declined your invitation"),
    "consent.give": _("%(reference)s: %(who)s consents to being a partner"),
    "consent.decline": _("%(reference)s: %(who)s does not consent to being a partner"),
}
"""What who asked hears of the answer, per kind of event."""


@on(*REPLIED)
def tell_who_waits_for_a_reply(event: Event) -> None:
    """Who invited somebody, or asked a partner, hears the answer."""
    model = Invitation if event.noun == "invitation" else Consent
    found: Invitation | Consent = model.objects.select_related("application").get(pk=event.key)
    asker, who = (found.by, found.email) if isinstance(found, Invitation) else (found.asked_by, found.name)
    notify(event=event, users=[asker], notice=Notice(REPLIED[event.kind], {"reference": found.application.reference, "who": who}))


@on("joining.ask")
def tell_who_may_let_in(event: Event) -> None:
    """Who signs for an organisation hears that somebody wants to be let in."""
    asked = Joining.objects.select_related("organisation", "user").get(pk=event.key)
    signing = asked.organisation.memberships.filter(role=Role.SIGNER).values("user")
    users = User.objects.filter(pk__in=signing, is_active=True).order_by("pk")
    words = {"organisation": asked.organisation.name, "who": str(asked.user)}
    notify(event=event, users=users, notice=Notice(_("%(organisation)s: %(who)s asks to be let in"), words))


@on("joining.let_in", "joining.decline", "joining.end")
def tell_who_wanted_in(event: Event) -> None:
    """Who asked to be let in hears the answer; and who is let out hears that."""
    said = {
        "joining.let_in": _("%(organisation)s: you are let in, and can start applications for it"),
        "joining.decline": _("%(organisation)s: you are not let in"),
        "joining.end": _("%(organisation)s: you act for this organisation here no more"),
    }
    asked = Joining.objects.select_related("organisation", "user").get(pk=event.key)
    if event.actor_id != asked.user_id:
        notify(event=event, users=[asked.user], notice=Notice(said[event.kind], {"organisation": asked.organisation.name}))


@on("application.ask_signature")
def ask_who_may_sign(event: Event) -> None:
    """Who may sign beside who hands in hears that the form is complete and waits for them."""
    notice = Notice(_("%(reference)s: the form is complete; please read it and sign"), {"reference": dossier_of(event).reference})
    notify(event=event, users=User.objects.filter(pk__in=event.data["users"], is_active=True).order_by("pk"), notice=notice)


@on("application.end_part")
def tell_who_takes_part_no_more(event: Event) -> None:
    """Whose part somebody else ended hears of it."""
    if event.actor_id != event.data["user"]:
        notice = Notice(_("%(reference)s: you take part in this application no more"), {"reference": dossier_of(event).reference})
        notify(event=event, users=User.objects.filter(pk=event.data["user"], is_active=True), notice=notice)
