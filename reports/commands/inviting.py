"""The mails that hold a link: to who was invited, and to a partner that is asked to consent. They may have no account here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from tender.models import Consent, Invitation, User
from tender.together import link_hash, link_token

if TYPE_CHECKING:
    from workflows.models import Event

SUBJECT_LENGTH = 200


def send_invitation(event: Event) -> bool:
    """Mail the link of an invitation; not one that was replaced, answered or taken back meanwhile. Says whether it is sent."""
    found = Invitation.objects.select_related("by", "application__call__version").get(pk=event.key)
    token = link_token(event.pk)
    if found.token_sha256 != link_hash(token):
        return False
    with override(language_of(found.email, found.application.language)):
        words = {"who": found.by, "reference": found.application.reference, "call": found.application.call.title}
        subject = _("%(who)s invites you to take part in application %(reference)s") % words
        lines = [
            _("%(who)s invites you to take part in application %(reference)s for “%(call)s”.") % words,
            _("Open the link, sign in with this e-mail address, and accept or decline. The link works once, until it expires."),
        ]
        send_link(found.email, subject, lines, reverse("workflows:invited", args=[token]))
    return True


def send_question(event: Event) -> bool:
    """Mail a partner the link to what it is named for; not one that was replaced or answered meanwhile. Says whether it is sent."""
    found = Consent.objects.select_related("asked_by", "application__call__version", "application__organisation").get(pk=event.key)
    token = link_token(event.pk)
    if found.token_sha256 != link_hash(token):
        return False
    with override(language_of(found.email, found.application.language)):
        words = {"party": found.application.party, "partner": found.name, "reference": found.application.reference,
                 "call": found.application.call.title, "who": found.asked_by}  # fmt: skip
        subject = _("%(party)s names %(partner)s as a partner: do you consent?") % words
        lines = [
            _("%(who)s of %(party)s names %(partner)s as a partner in application %(reference)s for “%(call)s”.") % words,
            _("Open the link to read exactly what for, and consent or decline. You need no account. The link works once, until it expires."),
        ]
        send_link(found.email, subject, lines, reverse("workflows:consent", args=[token]))
    return True


def language_of(email: str, otherwise: str) -> str:
    """The language of who has this address here; of who applies, where nobody has."""
    return User.objects.filter(email=email).values_list("language", flat=True).first() or otherwise


def send_link(email: str, subject: str, lines: list[str], path: str) -> None:
    """One mail with one link, in the language of the moment; a mail server that is down raises, and the outbox tries again."""
    title = " ".join(subject.split())[:SUBJECT_LENGTH]
    context = {"subject": title, "lines": lines, "url": f"{settings.SITE_URL.rstrip('/')}{path}"}
    mail = EmailMultiAlternatives(title, render_to_string("reports/mail/link.txt", context), to=[email])
    mail.attach_alternative(render_to_string("reports/mail/link.html", context), "text/html")
    mail.send()
