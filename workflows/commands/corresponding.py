"""Messages, and changes of account or contact: written once however often they are sent, and what a confirmed change does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tender.enums import InstalmentState
from tender.models import Message
from workflows.commands.door import Refused, cascade, create, perform, step_for
from workflows.commands.rounds import by_clock, each
from workflows.machines.arrow import admits, arrow_named
from workflows.machines.grant import PAYS
from workflows.models import AccountMachine, ApplicationMachine, ContactMachine, GrantMachine, InstalmentMachine, MessageMachine

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tender.models import Application, User
    from tender.step import Step


def send_message(*, application: Application, actor: User, at: datetime, body: str, token: UUID) -> Message:
    """A message on a dossier; the same form sent again is the message it made. Raises what `create` raises."""
    try:
        return create(MessageMachine, "send", of={"application": application}, actor=actor, at=at, body=body, token=token)  # type: ignore[no-any-return]
    except Refused:
        sent = Message.objects.filter(application=application, by=actor, token=token).first()
        if sent is None:
            raise
        return sent


def open_messages(*, application: Application, actor: User, at: datetime) -> set[int]:
    """Note as read what the other side wrote, where it is written to this person; returns which were new to them."""
    found: Any = MessageMachine.objects.select_related(*MessageMachine.along)
    opened = set()
    for message in found.filter(application=application, state="sent").order_by("pk"):
        step = step_for(message, "read", actor=actor, at=at, data={})
        if not admits(arrow_named(message, "read"), message, step):
            continue
        try:
            perform(MessageMachine, "read", pk=message.pk, actor=actor, at=at)
        except Refused:  # somebody of the same side opened it at this very moment
            continue
        opened.add(message.pk)
    return opened


@cascade("account.confirm")
def pay_there(account: Any, step: Step) -> None:
    """The account before falls away; grants that still pay, pay here; what was approved for the old account is approved afresh."""
    application = account.application
    each(application.bankaccounts.confirmed().exclude(pk=account.pk), AccountMachine, "replace", step)
    for grant in application.grants.filter(state__in=PAYS).order_by("pk"):
        by_clock(GrantMachine, "change_account", grant.pk, step, account=account.pk)
        approved = grant.instalments.filter(state=InstalmentState.APPROVED)
        each(approved, InstalmentMachine, "recheck", step, reason="account changed")


@cascade("contact.confirm")
def write_to(contact: Any, step: Step) -> None:
    """The contact before falls away, and the dossier names the new one."""
    application = contact.application
    each(application.contacts.confirmed().exclude(pk=contact.pk), ContactMachine, "replace", step)
    by_clock(ApplicationMachine, "change_contact", application.pk, step, contact=contact.pk)
