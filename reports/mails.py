"""How a mail is made: of what kind it is, why one gets it, how to get it no more, and how it is known when it comes back."""

from __future__ import annotations

from email.utils import parseaddr
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from tender.enums import MAY_BE_OFF, MailKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.functional import Promise

    from tender.models import User
    from workflows.models import Notification

SALT = "drietrap.mail.off"
ALL = "all"
"""In an address that turns mail off: every kind that may be."""
KIND_OF: dict[str, MailKind] = {
    "application.submit": MailKind.RECEIPT,
    "application.complete": MailKind.RECEIPT,
    "application.revise": MailKind.RECEIPT,
    "application.request_completion": MailKind.GAPS,
    "application.ask_revision": MailKind.GAPS,
    "application.cancel": MailKind.DECISION,
    "application.remind": MailKind.REMINDER,
    "application.lapse": MailKind.NEWS,
    "application.withdraw": MailKind.NEWS,
    "stage.extend": MailKind.NEWS,
    "slot.offer": MailKind.NEWS,
    "pitch.remind": MailKind.REMINDER,
    "decision.announce_intent": MailKind.HEARING,
    "decision.publish": MailKind.DECISION,
    "objection.ask_completion": MailKind.GAPS,
    "objection.plan_hearing": MailKind.HEARING,
    "objection.decide": MailKind.DECISION,
    "objection.count_in_time": MailKind.DECISION,
    "correction.sign": MailKind.DECISION,
    "grant.offer": MailKind.DECISION,
    "report.remind": MailKind.REMINDER,
    "report.request_completion": MailKind.GAPS,
    "report.reject": MailKind.DECISION,
    "report.approve": MailKind.DECISION,
    "report.note_late": MailKind.DECISION,
    "report.extend": MailKind.DECISION,
    "report.keep_day": MailKind.DECISION,
    "report.ask_more_time": MailKind.OTHER,
    "grant.suspend": MailKind.DECISION,
    "grant.resume": MailKind.DECISION,
    "grant.run_out": MailKind.DECISION,
    **dict.fromkeys(
        [f"recovery.{name}" for name in ("claim", "agree_plan", "refuse_plan", "set_off", "remind", "serve", "set_interest", "write_off")],
        MailKind.DECISION,
    ),
    "seat.invite": MailKind.JURY,
    "seat.invite_again": MailKind.JURY,
    "conflict.ask": MailKind.JURY,
    "scoresheet.assign": MailKind.JURY,
    "scoresheet.reopen": MailKind.JURY,
    **dict.fromkeys(
        (
            "pitch.ask",
            "pitch.book",
            "pitch.move",
            "pitch.cancel",
            "pitch.call_off",
            "pitch.drop",
            "pitch.invite_again",
            "message.send",
            "account.propose",
            "account.confirm",
            "contact.propose",
            "contact.confirm",
            "decision.respond",
            "decision.let_term_pass",
            "decision.discard",
            "application.end_part",
            "application.postpone",
            "stage.lapse_moment",
            "notice.note",
            "notice.drop",
            "notice.fix",
            "application.warn",
            "application.reassign",
            "standin.appoint",
            "standin.call_off",
            "application.ask_signature",
            "objection.file",
            "objection.enter",
            "objection.acknowledge",
            "objection.complete",
            "objection.note_completion",
            "objection.advise",
            "objection.postpone",
            "objection.withdraw",
            "objection.note_withdrawal",
            "objection.conclude",
            "question.answer_it",
            "question.put_right",
            "question.decline",
            "question.take_down",
            "invitation.accept",
            "invitation.decline",
            "consent.give",
            "consent.decline",
            "joining.ask",
            "joining.let_in",
            "joining.decline",
            "joining.end",
            "recovery.arise",
            "recovery.ask_plan",
        ),
        MailKind.OTHER,
    ),
}
"""Of which kind the mail about an event is. What is not named here cannot be turned off."""
WHY: dict[str, str | Promise] = {
    MailKind.RECEIPT: _("You get this mail because you write or sign for an application. It is your receipt, so it cannot be turned off."),
    MailKind.GAPS: _("You get this mail because you write or sign for an application. We must ask you this, so it cannot be turned off."),
    MailKind.HEARING: _("You get this mail because you write or sign for an application. We must hear you, so it cannot be turned off."),
    MailKind.DECISION: _(
        "You get this mail because you write or sign for an application. We must tell you this, so it cannot be turned off."
    ),
    MailKind.OTHER: _("You get this mail because something of yours has changed, or waits for you."),
    MailKind.REMINDER: _("You get this mail because a term or a moment of yours is near."),
    MailKind.NEWS: _("You get this mail because you have a part in an application."),
    MailKind.JURY: _("You get this mail because you judge applications, or are asked to."),
}
"""What the foot of a mail says."""


def kind_of(event_kind: str) -> MailKind:
    """Of which kind the mail about an event is."""
    return KIND_OF.get(event_kind, MailKind.OTHER)


def mail_of(rows: Sequence[Notification]) -> EmailMultiAlternatives:
    """One mail to one person about one thing, or gathering several: that something waits, and where; of a dossier only its reference."""
    user, first = rows[0].user, rows[0]
    mail_id = uuid5(first.event_id, str(user.pk))
    with override(user.language):
        subject = first.subject if len(rows) == 1 else gettext("%(number)s things came up") % {"number": len(rows)}
        context = {"name": user.name, "subject": subject, "subjects": [row.subject for row in rows], "several": len(rows) > 1}
        context |= {"url": settings.SITE_URL, **foot(rows, user)}
        text = render_to_string("reports/mail/waiting.txt", context)
        page = render_to_string("reports/mail/waiting.html", context)
    mail = EmailMultiAlternatives(subject, text, envelope_sender(mail_id), [user.email], headers=headers(mail_id, str(context["off_url"])))
    mail.attach_alternative(page, "text/html")
    for row in rows:
        row.mail_id, row.address = mail_id, user.email
    return mail


def foot(rows: Sequence[Notification], user: User) -> dict[str, str]:
    """What stands below a mail: why one gets it, how to get it no more, and where to choose."""
    kind = rows[0].kind if len(rows) == 1 else ALL
    off = kind == ALL or kind in MAY_BE_OFF
    why = WHY[kind] if kind != ALL else _("You chose to get one mail a day about what can wait.")
    return {
        "why": str(why),
        "off_url": off_url(user, kind) if off else "",
        "off_label": gettext("Get no more of this mail"),
        "preferences_url": f"{settings.SITE_URL}{reverse('reports:mail')}",
    }


def headers(mail_id: UUID, off: str) -> dict[str, str]:
    """What only mail programs read. With both of the last two a mail program offers to turn the mail off by one press (RFC 8058)."""
    said = {"From": settings.DEFAULT_FROM_EMAIL, "Message-ID": f"<{mail_id.hex}@{sending_domain()}>", "Auto-Submitted": "auto-generated"}
    if off:
        said |= {"List-Unsubscribe": f"<{off}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return said


def sending_domain() -> str:
    """The domain in whose name we send."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]


def envelope_sender(mail_id: UUID) -> str:
    """To whom a mail comes back: where a mailbox for that is set, an address that names the mail; else to whom it is from."""
    if not settings.BOUNCE_ADDRESS:
        return settings.DEFAULT_FROM_EMAIL
    name, _at, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    return f"{name}+{mail_id.hex}@{domain}"


def off_url(user: User, kind: str) -> str:
    """The address that turns a kind of mail off for one person, without signing in: signed, so that nobody makes one for another."""
    token = signing.dumps([user.pk, kind], salt=SALT)
    return f"{settings.SITE_URL}{reverse('reports:mail_off', args=[token])}"


def read_off(token: str) -> tuple[int, str] | None:
    """For whom an address turns off which kind of mail; None for one that we did not make."""
    try:
        user, kind = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return (user, kind) if kind == ALL or kind in MAY_BE_OFF else None
