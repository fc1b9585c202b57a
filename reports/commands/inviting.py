"""The mails that hold a link: to who was invited, and to a partner that is asked to consent. They may have no account here."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid5

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from reports.commands.notifying import refused_for_good
from reports.mails import envelope_sender, headers
from tender.clock import database_now
from tender.models import Consent, Invitation, User
from tender.together import link_hash, link_token

if TYPE_CHECKING:
    from workflows.models import Event

SUBJECT_LENGTH = 200


def send_invitation(event: Event) -> bool:
    """Mail the link of an invitation; not one that was replaced, answered or taken back meanwhile. Says whether it is sent."""
    found = Invitation.objects.select_related("by", "application__call__version").get(pk=event.key)
    token = link_token(event.pk)
    if not still_waits(found, token):
        return False
    with override(language_of(found.email, found.application.language)):
        words = {"who": found.by, "reference": found.application.reference, "call": found.application.call.title}
        subject = _("%(who)s invites you to take part in application %(reference)s") % words
        lines = [
            _("%(who)s invites you to take part in application %(reference)s for “%(call)s”.") % words,
            _("Open the link, sign in with this e-mail address, and accept or decline. The link works once, until it expires."),
        ]
        return send_link(found, event, subject, lines, reverse("workflows:invited", args=[token]))


def send_question(event: Event) -> bool:
    """Mail a partner the link to what it is named for; not one that was replaced or answered meanwhile. Says whether it is sent."""
    found = Consent.objects.select_related("asked_by", "application__call__version", "application__organisation").get(pk=event.key)
    token = link_token(event.pk)
    if not still_waits(found, token):
        return False
    with override(language_of(found.email, found.application.language)):
        words = {"party": found.application.party, "partner": found.name, "reference": found.application.reference,
                 "call": found.application.call.title, "who": found.asked_by}  # fmt: skip
        subject = _("%(party)s names %(partner)s as a partner: do you consent?") % words
        lines = [
            _("%(who)s of %(party)s names %(partner)s as a partner in application %(reference)s for “%(call)s”.") % words,
            _("Open the link to read exactly what for, and consent or decline. You need no account. The link works once, until it expires."),
        ]
        return send_link(found, event, subject, lines, reverse("workflows:consent", args=[token]))


def language_of(email: str, otherwise: str) -> str:
    """The language of who has this address here; of who applies, where nobody has."""
    return User.objects.filter(email=email).values_list("language", flat=True).first() or otherwise


def still_waits(found: Invitation | Consent, token: str) -> bool:
    """Whether this link is still to be sent; of one that expired before it could be sent, who asked reads that it did not arrive."""
    if found.token_sha256 != link_hash(token):
        return False
    if found.until > database_now():
        return True
    note_undelivered(found)
    return False


def send_link(found: Invitation | Consent, event: Event, subject: str, lines: list[str], path: str) -> bool:
    """One mail with one link, in the language of the moment. Says whether it is sent.

    A mail server that is down raises, and the outbox tries again; an address that it refuses for good is noted for who asked.
    """
    title, mail_id = " ".join(subject.split())[:SUBJECT_LENGTH], uuid5(event.pk, "link")
    context = {"subject": title, "lines": lines, "url": f"{settings.SITE_URL.rstrip('/')}{path}"}
    text = render_to_string("reports/mail/link.txt", context)
    mail = EmailMultiAlternatives(title, text, envelope_sender(mail_id), [found.email], headers=headers(mail_id, off=""))
    mail.attach_alternative(render_to_string("reports/mail/link.html", context), "text/html")
    try:
        mail.send()
    except OSError as failure:  # every failure of smtplib is one
        if not refused_for_good(failure):
            raise
        note_undelivered(found)
        return False
    type(found).objects.filter(pk=found.pk).update(mail_id=mail_id)
    return True


def note_undelivered(found: Invitation | Consent) -> None:
    """The mail did not arrive: who asked reads it beside the address, and can ask at another."""
    type(found).objects.filter(pk=found.pk).update(undelivered_at=database_now())
