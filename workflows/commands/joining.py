"""Who comes to stand beside an applicant: by an invitation, as a partner that consents, or by acting for the organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from tender.enums import ROLES_OF, InvitationState, Part, Role
from tender.models import Application, Consent, Membership, Organisation, User
from workflows.commands.door import Refused, cascade, create, perform
from workflows.commands.rounds import each, give_part
from workflows.models import ConsentMachine, InvitationMachine, JoiningMachine
from workflows.rules.together import addresses_of, helps

if TYPE_CHECKING:
    from datetime import datetime

    from tender.step import Step
    from tender.together import Named


class KnownAlready(Exception):
    """Others act for the organisation with this KvK number, and the person is no member of it."""

    def __init__(self, organisation: Organisation) -> None:
        super().__init__(organisation.kvk)
        self.organisation = organisation


# ── a dossier ─────────────────────────────────────────────────────────────────────────────────────────────────
def invite(application: Application, *, email: str, part: str, actor: User, at: datetime) -> InvitationMachine:
    """Ask somebody by mail to take part; raises what `create` raises."""
    of = {"application": application, "email": email.lower(), "part": part}
    return create(InvitationMachine, "invite", of=of, actor=actor, at=at)  # type: ignore[no-any-return]


@cascade("invitation.accept")
def give_the_part(invitation: Any, step: Step) -> None:
    """Who accepts has the part from that moment on."""
    for role in ROLES_OF[invitation.part]:
        give_part(invitation.application, step.actor, role, step)


@cascade("application.end_part")
def take_their_invitations_back(application: Any, step: Step) -> None:
    """Who goes lets nobody in any more, nor comes back in by an invitation that still waits."""
    gone = User.objects.get(pk=step.data["user"])
    theirs = Q(by=gone) | Q(email__in=addresses_of(gone))
    each(application.invitations.filter(theirs, state=InvitationState.INVITED), InvitationMachine, "take_back", step)


# ── a partner's consent ───────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def ask_partner(application: Application, named: Named, *, email: str, actor: User, at: datetime) -> None:
    """Ask a partner to consent, for the first time or again; raises what `perform` raises."""
    Application.objects.select_for_update(no_key=True).get(pk=application.pk)  # who presses twice finds what the first press made
    known = Consent.objects.filter(application=application, stage=application.stage, partner=named.key).first()
    if known is not None:
        perform(ConsentMachine, "ask_again", pk=known.pk, actor=actor, at=at, email=email.lower())
        return
    of = {"application": application, "stage": application.stage, "partner": named.key, "name": named.name}
    create(ConsentMachine, "ask", of=of, actor=actor, at=at, email=email.lower())


# ── an organisation ───────────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def found_organisation(*, actor: User, at: datetime, name: str, kvk: str, city: str = "", legal_form: str = "") -> Organisation:
    """The organisation with this KvK number that ``actor`` may act for; who is the first of one nobody knew writes and signs for it.

    Raises `KnownAlready` for a number of an organisation that is known: they must ask to be let in.
    """
    organisation, made = Organisation.objects.get_or_create(kvk=kvk, defaults={"name": name, "city": city, "legal_form": legal_form})
    if not made and not organisation.legal_form and not organisation.memberships.exists():
        # The house named it before anybody acted for it: whoever does first knows better.
        organisation.name, organisation.city, organisation.legal_form = name, city or organisation.city, legal_form
        organisation.save(update_fields=["name", "city", "legal_form"])
    if organisation.memberships.filter(user=actor, role__in=[Role.EDITOR, Role.SIGNER]).exists():
        return organisation
    try:
        with transaction.atomic():
            create(JoiningMachine, "found", of={"organisation": organisation, "user": actor, "part": Part.WRITE_SIGN}, actor=actor, at=at)
    except Refused as refused:
        raise KnownAlready(organisation) from refused
    return organisation


def ask_in(organisation: Organisation, *, part: str, note: str, actor: User, at: datetime) -> JoiningMachine:
    """Ask to be let in to an organisation; raises what `create` raises."""
    of = {"organisation": organisation, "user": actor, "part": part, "note": note}
    return create(JoiningMachine, "ask", of=of, actor=actor, at=at)  # type: ignore[no-any-return]


@cascade("joining.found", "joining.let_in")
def act_for_it(joining: Any, step: Step) -> None:  # noqa: ARG001  (a cascade is given the step)
    """Who is let in may start and sign applications of the organisation from now on; in those that run, they are invited apart."""
    for role in ROLES_OF[joining.part]:
        Membership.objects.get_or_create(organisation=joining.organisation, user=joining.user, role=role)


@cascade("joining.let_in")
def put_the_name_right(joining: Any, step: Step) -> None:
    """The house, which looked it up, corrects what the first comer called the organisation."""
    name = str(step.data.get("called") or "").strip()
    if name and helps(step.actor, joining.organisation):
        Organisation.objects.filter(pk=joining.organisation_id).update(name=name)


@cascade("joining.end")
def act_no_more(joining: Any, step: Step) -> None:  # noqa: ARG001  (a cascade is given the step)
    """Who goes acts no more for the organisation; the trail keeps that they did."""
    joining.organisation.memberships.filter(user=joining.user).delete()
