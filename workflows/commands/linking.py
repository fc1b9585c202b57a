"""Parties that count as one for state aid, and the aid they had elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from tender.calendar import amsterdam_day
from tender.models import Organisation, Undertaking, User
from tender.undertakings import Parties, lock_all, named, undertaking_of
from workflows.commands.door import Refused, create
from workflows.models import AidNoteMachine, LinkMachine

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from tender.models import AidNote, Application

Party = Organisation | User


@transaction.atomic
def link_parties(  # noqa: PLR0913
    one: Party, other: Party, *, since: date, reason: str, actor: User, at: datetime, stated_in: Application | None = None
) -> Undertaking:
    """Count two parties as one from a day on: the one joins the undertaking of the other, or both begin one.

    `Refused` where they are the same, or where both belong to an undertaking already: end one of those links first.
    """
    if one == other:
        raise Refused(_("Choose another party than this one."))
    both = [party for party in (one, other) if isinstance(party, Organisation)], [party for party in (one, other) if isinstance(party, User)]
    today = amsterdam_day(at)
    lock_all(Parties(*(frozenset(party.pk for party in some) for some in both)), today)
    there = {party: undertaking_of(party, today) for party in (one, other)}
    if all(there.values()):
        raise Refused(_("Both belong to an undertaking already; end the link of one of them first."))
    whole = there[one] or there[other] or Undertaking.objects.create(name=str(one))
    for party in (one, other):
        if there[party] is None:
            of: dict[str, Any] = {"undertaking": whole, "since": since, "stated_in": stated_in, **named(party)}
            create(LinkMachine, "link", of=of, actor=actor, at=at, reason=reason)
    return whole


def note_aid(  # noqa: PLR0913
    party: Party, *, body: str, amount: Decimal, granted_on: date, reason: str, actor: User, at: datetime
) -> AidNote:
    """Note de minimis aid of another body."""
    of = {"body": body, "amount": amount, "granted_on": granted_on, **named(party)}
    return create(AidNoteMachine, "note", of=of, actor=actor, at=at, reason=reason)  # type: ignore[no-any-return]
