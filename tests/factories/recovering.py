"""A grant that was paid more than it came to, and what is to come back of it."""

from datetime import datetime, time, timedelta
from decimal import Decimal

from tender.calendar import AMSTERDAM, amsterdam_day
from tender.models import Decision, Grant, Recovery
from tests.factories.awarded import award
from tests.factories.rounds import decide, pay
from workflows.commands import perform
from workflows.commands.proposing import propose_for
from workflows.models import GrantMachine, RecoveryMachine

WEIGHED = "U hebt de kosten niet gemaakt, en u kunt in delen betalen."
WHY = {"reason": "U ontving meer dan waar u recht op hebt."}


def on(day):
    """Nine in the morning of a day."""
    return datetime.combine(day, time(9), tzinfo=AMSTERDAM)


def paid_grant(number=1, **more):
    """Grants of which the first is accepted, and was paid its first instalment."""
    it = award(number, **more)
    grant = it.grants[0]
    it.take(GrantMachine, "accept", grant, "signer")
    pay(grant, it.cast.house, it.at)
    return it, Grant.objects.get(pk=grant.pk)


def taking(it, grant, kind, amount, ground="duty", **more):
    """The officer proposes to take from a grant."""
    said = {"kind": kind, "ground": ground, "amount": Decimal(amount), "reasons": "Het verslag bleef uit.", "weighing": WEIGHED, **more}
    made = propose_for(pk=grant.application_id, actor=it.cast["officer"], at=it.at, grant=grant, **said)
    return Decision.objects.get(pk=made.pk)


def taken(it, grant, kind, amount, ground="duty", **more):
    """A grant withdrawn or lowered, after the hearing and through the chain."""
    return decide(taking(it, grant, kind, amount, ground, **more), it.cast.house, it.at)


def step(it, name, recovery, who, at=None, **data):
    """One step on a recovery."""
    perform(RecoveryMachine, name, pk=recovery.pk, actor=it.cast[who], at=at or it.at, **data)
    return Recovery.objects.get(pk=recovery.pk)


def claimed(it, grant):
    """What was paid of a withdrawn grant, claimed back."""
    taken(it, grant, "withdraw", 0)
    recovery = Recovery.objects.get(grant=grant)
    step(it, "ask_claim", recovery, "officer", **WHY)
    return step(it, "claim", recovery, "signatory", **WHY)


def after(day, days=1):
    """The morning of a day some days later."""
    return on(day + timedelta(days=days))


def today(it):
    """The day of the story."""
    return amsterdam_day(it.at)
