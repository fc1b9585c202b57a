"""Who and when: messages on a dossier, and changes of account or contact that two moments must agree on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tender.enums import APPLICANT_ROLES, ApplicationState, Role
from tender.models import BankAccount, Contact, Message, iban_of
from tender.models.corresponding import MOST_CHARACTERS
from tender.rules import any_of, has_part, is_editor
from tender.schemes.answers import project
from tender.schemes.cleaning import right_iban
from workflows.rules.people import is_coach, is_officer

if TYPE_CHECKING:
    from tender.models import Application, Grant
    from tender.models.corresponding import Change
    from tender.step import Step

FRESH = timedelta(minutes=15)
"""How long after signing in somebody may confirm what they proposed themselves."""
OVER = (ApplicationState.WITHDRAWN, ApplicationState.LAPSED, ApplicationState.CANCELLED, ApplicationState.CLOSED)
"""The states in which nothing is paid or written to anybody any more."""

corresponds = any_of(is_editor, is_officer, is_coach)
"""Who writes messages: who writes or signs for the applicant, and the officer or the coach of the dossier."""


def is_addressee(message: Message, step: Step) -> bool:
    """Only somebody of the side that a message is written to may note it as read."""
    if message.from_house:
        return has_part(message.application, step.actor, *APPLICANT_ROLES)
    return is_officer(message, step) or is_coach(message, step)


def was_handed_in(case: Any, step: Step) -> bool:
    """Nothing has been handed in yet; until then nobody of the house knows of this dossier."""
    return bool(case.application.submissions.exists())


def says_something(message: Message, step: Step) -> bool:
    """A message says something, in at most 5,000 characters."""
    return len(step.data.get("body", "").strip()) > 0 and len(step.data["body"]) <= MOST_CHARACTERS


def not_sent_before(message: Message, step: Step) -> bool:
    """This message was sent before."""
    return not Message.objects.filter(token=step.data["token"]).exists()


def still_runs(case: Any, step: Step) -> bool:
    """This dossier is over: nothing is paid or written to anybody any more."""
    return case.application.state not in OVER


def none_proposed(case: Change, step: Step) -> bool:
    """A change is proposed already: confirm it or drop it first."""
    return not type(case).objects.filter(application=case.application).proposed().exists()


def confirmed_twice(case: Change, step: Step) -> bool:
    """Somebody else who may sign confirms this, or you yourself after you have signed in again."""
    if step.actor.pk != case.proposed_by_id:
        return True
    signed_in = step.data.get("signed_in_at")
    return signed_in is not None and signed_in > case.proposed_at and step.at - signed_in <= FRESH


def change_as_seen(case: Change, step: Step) -> bool:
    """Something else is proposed now than what you saw; look again."""
    return step.data.get("seen") in {None, case.seen_sha256}


def account_right(account: BankAccount, step: Step) -> bool:
    """This is not a valid IBAN. Check the letters and digits, for example NL91 ABNA 0417 1643 00."""
    return right_iban(step.data.get("iban", ""))


def account_differs(account: BankAccount, step: Step) -> bool:
    """This is the account that we pay to already."""
    return bool(step.data.get("iban") != iban_of(account.application))


def other_account(application: Application) -> str:
    """The account that we know for a dossier, where its form now names another; empty where it does not."""
    typed = project(application.rules.form, application.draft)["iban"]
    known = iban_of(application) if typed else ""
    return known if known != typed else ""


def account_as_known(application: Application, step: Step) -> bool:
    """The form names another account than the one we know: write that one, or change it first on the page about account and contact."""
    return not other_account(application)


def account_confirmed(grant: Grant, step: Step) -> bool:
    """This follows from a confirmed change of account only."""
    return grant.application.bankaccounts.confirmed().filter(pk=step.data.get("account", 0)).exists()


def applies_together(contact: Contact, step: Step) -> bool:
    """Who applies in their own name is the contact."""
    return contact.application.organisation_id is not None


def contact_takes_part(contact: Contact, step: Step) -> bool:
    """The contact is somebody else who writes or signs in this dossier."""
    user = contact.user
    return user.pk != contact.application.applicant_id and has_part(contact.application, user, Role.EDITOR, Role.SIGNER)


def contact_confirmed(application: Any, step: Step) -> bool:
    """This follows from a confirmed change of contact only."""
    return bool(application.contacts.confirmed().filter(pk=step.data.get("contact", 0)).exists())
