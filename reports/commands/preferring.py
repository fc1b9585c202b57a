"""Which mail somebody wants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef

from reports.mails import ALL
from reports.models import MailPreference
from tender.enums import MAY_BE_OFF, Bounce
from tender.models import User
from workflows.models import Notification, PaperPost
from workflows.undelivered import opened

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


@transaction.atomic
def prefer(*, user: User, digest: bool, off: Iterable[str]) -> MailPreference:
    """Note what somebody chose; what may not be turned off stays on, whatever is asked."""
    choice = chosen_by(user.pk)
    choice.digest, choice.off = digest, [kind for kind in MAY_BE_OFF if kind in set(off)]
    choice.save(update_fields=["digest", "off"])
    return choice


@transaction.atomic
def turn_off(*, user_id: int, kind: str) -> MailPreference:
    """Send somebody no more mail of one kind, or of every kind that may be turned off; a second time changes nothing."""
    choice = chosen_by(user_id)
    wanted_off = set(MAY_BE_OFF) if kind == ALL else {kind}
    choice.off = [each for each in MAY_BE_OFF if each in {*choice.off, *wanted_off}]
    choice.save(update_fields=["off"])
    return choice


@transaction.atomic
def trust_address(*, user: User, at: datetime) -> MailPreference:
    """Their address works again: mail that came back before says nothing any more, and what must arrive goes out anew.

    Not what went by post or was opened in the portal meanwhile: that arrived. When it came back, and what was said then, stays on the row.
    """
    choice = chosen_by(user.pk)
    choice.works_since = at
    choice.save(update_fields=["works_since"])
    back = Notification.objects.needed().filter(user=user, bounce=Bounce.HARD, address__iexact=user.email, bounced_at__lte=at)
    on_paper = PaperPost.objects.sent().filter(event=OuterRef("event"))
    back.exclude(Exists(on_paper)).exclude(opened()).update(bounce="", sent_at=None, failure="")
    return choice


def chosen_by(user_id: int) -> MailPreference:
    """What somebody chose before, locked; a first choice is made on the locked person, so that there is one."""
    User.objects.select_for_update().get(pk=user_id)
    choice, _made = MailPreference.objects.select_for_update().get_or_create(user_id=user_id)
    return choice
