"""Who and when: invitations to a dossier, the consent of partners, and who acts for an organisation."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from scoring.models import Conflict, PanelMember, Scoresheet
from tender.enums import APPLICANT_ROLES, ROLES_OF, ApplicationState, ConflictState, JoiningState, Part, Role, SeatState
from tender.rules import dossier_of, has_part
from tender.together import cosigned_by, draft_digest, link_hash, partners_named, without_consent

if TYPE_CHECKING:
    from typing import Any

    from tender.models import Application, Consent, Invitation, Joining, Organisation, User
    from tender.step import Step
    from tender.together import Named

RUNNING = (
    ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.INCOMPLETE, ApplicationState.ELIGIBLE, ApplicationState.IN_REVIEW,
    ApplicationState.RANKED, ApplicationState.RESERVED, ApplicationState.ADMITTED, ApplicationState.AWARDED,
)  # fmt: skip
"""While a dossier goes on, people come and go."""
A_DAY, MOST_A_DAY, MOST_ASKED = timedelta(days=1), 30, 10
"""So that nobody floods others with mail in our name: the first mail and each that is sent again."""
SENDS_MAIL = ("invitation.invite", "invitation.invite_again", "consent.ask", "consent.ask_again", "application.ask_signature")


# ── a dossier ─────────────────────────────────────────────────────────────────────────────────────────────────
def is_beside(case: Any, step: Step) -> bool:
    """Only someone on the applicant's side of this dossier may do this."""
    return has_part(dossier_of(case), step.actor, *APPLICANT_ROLES)


def writes_or_signs(case: Any, step: Step) -> bool:
    """Only someone who writes or signs for the applicant may do this."""
    return has_part(dossier_of(case), step.actor, Role.EDITOR, Role.SIGNER)


def addresses_of(user: User) -> set[str]:
    """Every address that somebody proved to be theirs."""
    proved = user.emailaddress_set.filter(verified=True).values_list("email", flat=True)  # type: ignore[attr-defined]  # of allauth
    return {user.email.lower(), *(email.lower() for email in proved)}


def is_invited(invitation: Invitation, step: Step) -> bool:
    """Only the person to whose address this invitation was sent may answer it."""
    return invitation.email.lower() in addresses_of(step.actor)


def goes_on(invitation: Invitation, step: Step) -> bool:
    """This dossier is over: nobody can be let in any more."""
    return invitation.application.state in RUNNING


def gives_no_more(invitation: Invitation, step: Step) -> bool:
    """Only who may sign can let somebody else sign."""
    signs = Role.SIGNER in ROLES_OF.get(invitation.part, ())
    return not signs or has_part(invitation.application, step.actor, Role.SIGNER)


def not_there_yet(invitation: Invitation, step: Step) -> bool:
    """This person takes part in that way already, or was invited and has not answered yet."""
    others = invitation.application.invitations.waiting(step.at).filter(email__iexact=invitation.email)
    if others.exclude(pk=invitation.pk).exists():
        return False
    held = invitation.application.case_roles.open().filter(user__email__iexact=invitation.email).values_list("role", flat=True)
    return not set(ROLES_OF.get(invitation.part, ())) <= set(held)


def not_too_many(case: Any, step: Step) -> bool:
    """Thirty mails to people and partners went from this dossier within a day: go on tomorrow."""
    from workflows.models import Event

    return Event.objects.filter(chain=case.chain, kind__in=SENDS_MAIL, at__gt=step.at - A_DAY).count() < MOST_A_DAY


def not_of_the_house(case: Any, step: Step) -> bool:
    """Who works for the house cannot stand on the side of an applicant."""
    return not comer(case, step).roles


def comer(case: Any, step: Step) -> User:
    """Who comes to the applicant's side: who asks to act for an organisation, or who accepts an invitation."""
    return case.user if hasattr(case, "user_id") else step.actor


def judges_not_here(case: Any, step: Step) -> bool:
    """Who judges in a round, or is asked to, cannot stand on the side of an applicant in it."""
    running = [case.application] if hasattr(case, "application_id") else case.organisation.applications.filter(state__in=RUNNING)
    stages = {application.stage_id for application in running}
    user = comer(case, step)
    declared = Conflict.objects.filter(user=user, application__stage__in=stages).exclude(state=ConflictState.RECUSED)
    scores = Scoresheet.objects.counting().filter(juror=user, stage__in=stages)
    sits = PanelMember.objects.filter(user=user, panel__seatings__stage__in=stages).exclude(state=SeatState.DECLINED)
    return not (declared.exists() or scores.exists() or sits.exists())


def answered_in_time(invitation: Invitation, step: Step) -> bool:
    """This invitation has expired: ask for a new one."""
    return step.at < invitation.until


def own_part_or_signer(application: Application, step: Step) -> bool:
    """Only who may sign can end the part of somebody else."""
    return step.data.get("user") == step.actor.pk or has_part(application, step.actor, Role.SIGNER)


def has_that_part(application: Application, step: Step) -> bool:
    """This person takes no part in this dossier."""
    return application.case_roles.open().filter(user=step.data.get("user"), role__in=APPLICANT_ROLES).exists()


def somebody_stays(application: Application, step: Step) -> bool:
    """Somebody must stay who writes and somebody who signs: let somebody else in first."""
    staying = application.case_roles.open().exclude(user=step.data.get("user"))
    return {Role.EDITOR, Role.SIGNER} <= set(staying.values_list("role", flat=True))


def contact_stays(application: Application, step: Step) -> bool:
    """We write to this person: let somebody else be the contact first. Who applies in their own name always stays."""
    return bool(step.data.get("user") != application.applicant_id)


# ── a partner's consent ───────────────────────────────────────────────────────────────────────────────────────
def named_in(consent: Consent) -> Named | None:
    """The partner as the form names it now; None once it is not named any more, or the dossier stands in another stage."""
    if consent.stage_id != consent.application.stage_id:
        return None
    return next((each for each in partners_named(consent.application) if each.key == consent.partner), None)


def asks_consent(consent: Consent, step: Step) -> bool:
    """This stage does not ask partners to consent."""
    return consent.application.rules.partner_consent


def is_named(consent: Consent, step: Step) -> bool:
    """The form does not name this partner any more."""
    return named_in(consent) is not None


def address_is_theirs(consent: Consent, step: Step) -> bool:
    """This is the address of somebody who takes part in the application: ask the partner at an address of its own."""
    email = step.data.get("email", consent.email)
    return not consent.application.case_roles.open().filter(user__email__iexact=email, role__in=APPLICANT_ROLES).exists()


def not_consented_yet(consent: Consent, step: Step) -> bool:
    """This partner has consented to what stands in the form."""
    return consent.partner in {each.key for each in without_consent(consent.application)}


def link_holds(consent: Consent, step: Step) -> bool:
    """This link is used, replaced or expired: ask who applies for a new one."""
    fits = bool(consent.token_sha256) and consent.token_sha256 == link_hash(str(step.data.get("token", "")))
    return fits and step.at < consent.until


def shown_as_it_is(consent: Consent, step: Step) -> bool:
    """What you are named for was changed since you opened this page: read it again."""
    named = named_in(consent)
    return named is not None and step.data.get("seen") == named.sha256


def answers_by_name(consent: Consent, step: Step) -> bool:
    """Say who you are: your name is kept with the answer."""
    return bool(str(step.data.get("by_name", "")).strip())


# ── the second signature ──────────────────────────────────────────────────────────────────────────────────────
def others_who_sign(application: Application, user: User) -> list[int]:
    """Who may sign here, but for this person."""
    signing = application.case_roles.open().filter(role=Role.SIGNER).exclude(user=user)
    return sorted(set(signing.values_list("user", flat=True)))


def others_may_sign(application: Application, step: Step) -> bool:
    """Nobody else may sign here: invite somebody first who may."""
    return bool(others_who_sign(application, step.actor))


def not_signed_yet(application: Application, step: Step) -> bool:
    """Somebody signed what stands in the form: somebody else who may sign can hand it in."""
    return not cosigned_by(application)


def not_asked_for_this(application: Application, step: Step) -> bool:
    """Who else may sign was asked to sign exactly this before."""
    from workflows.models import Event

    asked = Event.objects.filter(noun="application", key=application.pk, kind="application.ask_signature")
    before = {user for data in asked.values_list("data", flat=True) if data["sha256"] == draft_digest(application) for user in data["users"]}
    others = others_who_sign(application, step.actor)
    return not others or not before.issuperset(others)


# ── an organisation ───────────────────────────────────────────────────────────────────────────────────────────
def is_oneself(joining: Joining, step: Step) -> bool:
    """Only this person themselves may do this."""
    return joining.user_id == step.actor.pk and step.actor.is_active


def helps(user: User, organisation: Organisation) -> bool:
    """Whether somebody of the house may look after an organisation: case officer or head, without an interest in what it applied for."""
    if not user.has_role(Role.OFFICER, Role.HEAD):
        return False
    return not Conflict.objects.filter(user=user, state=ConflictState.RECUSED, application__organisation=organisation).exists()


def lets_in(joining: Joining, step: Step) -> bool:
    """Only a member who may sign, or a case officer without an interest, may do this."""
    if helps(step.actor, joining.organisation):
        return True
    return joining.organisation.memberships.filter(user=step.actor, role=Role.SIGNER).exists()


def comes_first(joining: Joining, step: Step) -> bool:
    """This organisation is known here already: ask to be let in."""
    known = joining.organisation
    return not known.memberships.exists() and not known.joinings.exists() and not known.applications.exists()


def not_a_member_yet(joining: Joining, step: Step) -> bool:
    """You act for this organisation already, or you have asked and have no answer yet."""
    there = joining.organisation.joinings.filter(user=joining.user_id, state__in=[JoiningState.ASKED, JoiningState.LET_IN])
    acts = joining.organisation.memberships.filter(user=joining.user_id, role__in=[Role.EDITOR, Role.SIGNER])
    return not there.exists() and not acts.exists()


def asks_few(joining: Joining, step: Step) -> bool:
    """You asked ten organisations within a day to let you in: go on tomorrow."""
    return type(joining).objects.filter(user=joining.user_id, at__gt=step.at - A_DAY).count() < MOST_ASKED


def known_part(joining: Joining, step: Step) -> bool:
    """Choose what this person may do for the organisation."""
    return step.data.get("part", joining.part) in Part.values


def a_signer_stays(joining: Joining, step: Step) -> bool:
    """Somebody must stay who signs for the organisation: let somebody else in first, or ask the house."""
    if helps(step.actor, joining.organisation):
        return True
    return joining.organisation.memberships.filter(role=Role.SIGNER).exclude(user=joining.user_id).exists()
