"""Who stands beside an applicant: a call that asks consent and a second signature at once, invitations, questions, and their links."""

from tender.commands.drafting import save_draft
from tender.enums import Part
from tender.models import Application, CaseRole, Consent
from tender.together import link_token, partners_named
from tests.factories.answers import PARTNERS, answers_for
from tests.factories.laying import laid_down
from tests.factories.people import person
from tests.factories.rounds import deliver, dossier, open_call, variant
from workflows.commands import perform
from workflows.commands.joining import ask_partner, invite
from workflows.models import ConsentMachine, Event, InvitationMachine, Notification

ASKS = 'then = "nomination"'


@laid_down
def asking_call(*, consent=True, cosign=False, **said):
    """The three-stage call, of which the first stage asks the consent of partners, a second signature, or both."""
    keys = [*(["partner_consent = true"] if consent else []), *(['cosign = "second_signer"'] if cosign else []), ASKS]
    return open_call(variant("crossover", (ASKS, "\n".join(keys))), **said)


@laid_down
def filled(call, at, **said):
    """A dossier whose form is complete."""
    case = dossier(call, at=at)
    save_draft(pk=case.pk, actor=case.applicant, at=at, typed={**answers_for(case.rules.form), "partners": partners_of(case), **said})
    return Application.objects.get(pk=case.pk)


def partners_of(case):
    """The partners, with the applicant itself on the first line."""
    return [{**PARTNERS[0], "kvk": case.organisation.kvk if case.organisation else ""}, *(dict(row) for row in PARTNERS[1:])]


def write(case, at, actor=None, **typed):
    """Somebody types in the form; the dossier, fresh."""
    save_draft(pk=case.pk, actor=actor or case.applicant, at=at, typed=typed)
    return Application.objects.get(pk=case.pk)


def invited(case, user, at, part=Part.WRITE):
    """An invitation to this person."""
    return invite(case, email=user.email, part=part, actor=case.applicant, at=at)


@laid_down
def joined(case, at, part=Part.WRITE, name="colleague"):
    """Somebody who was invited and accepted."""
    user = person(name)
    perform(InvitationMachine, "accept", pk=invited(case, user, at, part).pk, actor=user, at=at)
    return user


def token_of(sent):
    """The token in the newest mail of an invitation or a question."""
    noun = "consent" if isinstance(sent, Consent) else "invitation"
    return link_token(Event.objects.filter(noun=noun, key=sent.pk, kind__regex="(invite|ask)").order_by("seq").last().pk)


def asked(case, at, number=0, email=None):
    """A question to one of the partners that stand in the form, and how the form names it."""
    named = partners_named(case)[number]
    ask_partner(case, named, email=email or named.email, actor=case.applicant, at=at)
    return ConsentMachine.objects.get(application=case, partner=named.key), named


def told(user):
    """The subjects of what somebody is to hear by mail, the newest last."""
    deliver()
    return list(Notification.objects.filter(user=user).order_by("pk").values_list("subject", flat=True))


def parts(case, user):
    """What somebody may do in a dossier now."""
    return set(CaseRole.objects.open().filter(application=case, user=user).values_list("role", flat=True))
