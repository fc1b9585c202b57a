"""What is told: which event prints a letter, and which one mails whom that something waits."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reports.commands.inviting import send_invitation, send_question
from reports.commands.minuting import keep_minutes
from reports.commands.notifying import Notice, notify
from reports.commands.posting import about, post
from reports.letters.words import day, moment
from scoring.models import Conflict, PanelMember, Scoresheet
from tender.calendar import amsterdam_day
from tender.enums import JURY_ROLES, ApplicationState, PitchState, Role
from tender.models import (
    Application,
    CaseRole,
    Consent,
    Decision,
    Grant,
    Invitation,
    Joining,
    Message,
    Pitch,
    PitchSlot,
    ProgressReport,
    Question,
    User,
)
from tender.schemes.definition import Intake
from workflows.models import Event, Notification
from workflows.outbox import on

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from tender.models import Stage


# ── letters ───────────────────────────────────────────────────────────────────────────────────────────────────
@on("application.submit", "application.complete", "application.revise")
def receipt(event: Event) -> None:
    """Every time something is handed in, its receipt with a copy."""
    post(event=event)


@on("decision.sign")
def letter_of_decision(event: Event) -> None:
    """Once a decision is signed, its letter; publication waits for it."""
    post(event=event)


@on("application.request_completion")
def letter_of_request(event: Event) -> None:
    """What is missing, and until when."""
    post(event=event)


@on("decision.announce_intent")
def letter_of_intent(event: Event) -> None:
    """Before a decision on which the party is heard: what we intend, and until when it may respond."""
    post(event=event)


@on("application.cancel")
def letter_of_cancellation(event: Event) -> None:
    """The round was cancelled: each open case hears why."""
    post(event=event)


@on("report.remind")
def letter_of_reminder(event: Event) -> None:
    """A report is due soon: which, and by when."""
    post(event=event)


@on("stage.sign_minutes")
def file_of_minutes(event: Event) -> None:
    """Once the chair signs the minutes, their file."""
    keep_minutes(event=event)


# ── mail to the applicant's side ──────────────────────────────────────────────────────────────────────────────
TOLD: dict[str, str | Promise] = {
    "application.submit": _("%(reference)s: we have received your application; the receipt waits for you"),
    "application.complete": _("%(reference)s: we have received what was missing; the receipt waits for you"),
    "application.revise": _("%(reference)s: we have received your revised plan; the receipt waits for you"),
    "application.request_completion": _("%(reference)s: something is missing from your application"),
    "application.ask_revision": _("%(reference)s: we ask you to revise your plan"),
    "application.cancel": _("%(reference)s: the call has been cancelled; a letter waits for you"),
    "application.lapse": _("%(reference)s: the stage has closed and your draft was not handed in"),
    "pitch.ask": _("%(reference)s: choose a moment for your pitch"),
    "pitch.invite_again": _("%(reference)s: choose another moment for your pitch"),
    "pitch.book": _("%(reference)s: your pitch is on %(until)s"),
    "pitch.move": _("%(reference)s: your pitch is now on %(until)s"),
    "pitch.cancel": _("%(reference)s: your pitch on %(until)s is off, as you asked; choose another moment"),
    "pitch.call_off": _("%(reference)s: we had to cancel your pitch on %(until)s; choose another moment"),
    "pitch.remind": _("%(reference)s: remember your pitch on %(until)s"),
    "decision.announce_intent": _("%(reference)s: a letter with what we intend waits for you; you can respond until %(until)s"),
    "decision.publish": _("%(reference)s: a decision waits for you; you can object until %(until)s"),
    "grant.offer": _("%(reference)s: accept your grant before %(until)s"),
    "report.remind": _("%(reference)s: your report is due by %(until)s; a letter waits for you"),
    "report.request_completion": _("%(reference)s: something is missing from your report"),
    "report.reject": _("%(reference)s: your report has not been approved"),
}
"""What the subject of the mail says, per kind of event."""


@on(*TOLD)
def tell_the_applicant(event: Event) -> None:
    """Mail those who write or sign for the applicant that something waits."""
    application = dossier_of(event)
    words = {"reference": application.reference}
    for user in applicants(application):
        notify(
            event=event,
            users=[user],
            notice=Notice(TOLD[event.kind], {**words, "until": until_of(event, user.language)}),
        )


@on("decision.respond", "decision.let_term_pass")
def tell_whose_decision_goes_on(event: Event) -> None:
    """The party responded, or its term is over: the officers of the dossier can go on."""
    application = dossier_of(event)
    notice = Notice(_("%(reference)s: the party was heard; the decision can go on"), {"reference": application.reference})
    notify(event=event, users=handlers(application, Role.OFFICER), notice=notice)


@on("message.send")
def tell_that_a_message_waits(event: Event) -> None:
    """One mail to the other side, not one per message: while one waits unread, the next adds nothing to it."""
    message = Message.objects.select_related("application").get(pk=event.key)
    application, before = message.application, Message.objects.filter(application=message.application_id, pk__lt=message.pk)
    if before.unread(from_house=message.from_house).exists():
        return
    users = applicants(application) if message.from_house else handlers(application, Role.OFFICER, Role.COACH)
    notice = Notice(_("%(reference)s: a message waits for you"), {"reference": application.reference})
    notify(event=event, users=users, notice=notice)


CHANGES: dict[str, str | Promise] = {
    "account.propose": _("%(reference)s: another account number was named to pay to; was that not you, tell us at once"),
    "account.confirm": _("%(reference)s: from now on we pay to another account; was that not you, tell us at once"),
    "contact.propose": _("%(reference)s: another contact was named; was that not you, tell us at once"),
    "contact.confirm": _("%(reference)s: the contact of this dossier has changed; was that not you, tell us at once"),
}
"""What the subject of the mail says of a change that two moments must agree on."""


@on(*CHANGES)
def tell_everybody_of_the_change(event: Event) -> None:
    """Who writes or signs, and the contact as it was before: whoever took over one mailbox does not hold them all."""
    application = dossier_of(event)
    before = {application.applicant_id, event.data.get("before")} - {None}
    everybody = {user.pk: user for user in (*applicants(application), *User.objects.filter(pk__in=before, is_active=True))}
    notice = Notice(CHANGES[event.kind], {"reference": application.reference})
    notify(event=event, users=[everybody[pk] for pk in sorted(everybody)], notice=notice)


@on("stage.extend")
def tell_everyone_who_drafts(event: Event) -> None:
    """The window is longer: who writes or signs for a draft in it hears until when."""
    for application in Application.objects.filter(stage=event.key, state=ApplicationState.DRAFT).order_by("pk"):
        for user in applicants(application):
            words = {"reference": application.reference, "until": moment(datetime.fromisoformat(event.data["to"]), user.language)}
            notify(event=event, users=[user], notice=Notice(_("%(reference)s: you have more time, until %(until)s"), words))


@on("application.remind")
def tell_who_has_not_finished(event: Event) -> None:
    """Somebody who can write hears that nothing is handed in yet, and until when; not if it was handed in or withdrawn meanwhile."""
    application = dossier_of(event)
    if application.state != event.after or application.stage.key != event.data["stage"]:
        return
    for user in applicants(application):
        words = {"reference": application.reference, "until": moment(datetime.fromisoformat(event.data["until"]), user.language)}
        notify(event=event, users=[user], notice=Notice(REMINDED[event.after], words))


REMINDED: dict[str, str | Promise] = {
    ApplicationState.DRAFT: _("%(reference)s: not handed in yet; you can do so until %(until)s"),
    ApplicationState.INCOMPLETE: _("%(reference)s: we still miss something; you can send it until %(until)s"),
}
"""What the subject of a reminder says, per state of the dossier."""


@on("application.withdraw")
def tell_who_worked_on_it(event: Event) -> None:
    """An application was withdrawn: its officers and those who were to judge it need do nothing more."""
    application = dossier_of(event)
    officers = CaseRole.objects.open().filter(application=application, role=Role.OFFICER).values("user")
    judges = Scoresheet.objects.filter(application=application, stage=application.stage).values("juror")
    users = User.objects.filter(Q(pk__in=officers) | Q(pk__in=judges), is_active=True).order_by("pk")
    notice = Notice(_("%(reference)s: the application was withdrawn; you need do nothing more"), {"reference": application.reference})
    notify(event=event, users=users, notice=notice)


def dossier_of(event: Event) -> Application:
    """The dossier that an event of a dossier, decision, grant or report belongs to."""
    if event.noun == "grant":
        return Grant.objects.select_related("application").get(pk=event.key).application
    return about(event)


def applicants(application: Application) -> list[User]:
    """Who writes or signs for the applicant, each once."""
    parts = CaseRole.objects.open().filter(application=application, role__in=[Role.EDITOR, Role.SIGNER])
    return list(User.objects.filter(pk__in=parts.values("user_id"), is_active=True).order_by("pk"))


def handlers(application: Application, *roles: str) -> list[User]:
    """Who of the house has one of these parts in a dossier, each once."""
    parts = CaseRole.objects.open().filter(application=application, role__in=roles)
    return list(User.objects.filter(pk__in=parts.values("user_id"), is_active=True).order_by("pk"))


def until_of(event: Event, language: str) -> str:
    """The last day that the mail names: of the objection, for accepting the grant, or of the report."""
    if event.noun == "pitch":
        return moment(datetime.fromisoformat(event.data["starts_at"]), language) if "starts_at" in event.data else ""
    if event.kind == "report.remind":
        return day(ProgressReport.objects.get(pk=event.key).due_on, language)
    if event.kind == "decision.announce_intent":
        return moment(datetime.fromisoformat(event.data["until"]), language)
    if event.noun == "decision":
        until = Decision.objects.get(pk=event.key).objection_until
        return day(until, language) if until else ""
    if event.noun == "grant":
        instant = Grant.objects.get(pk=event.key).accept_until
        return day(amsterdam_day(instant), language) if instant else ""
    return ""


# ── mail about moments to present ─────────────────────────────────────────────────────────────────────────────
HEARERS_TOLD: dict[str, str | Promise] = {
    "pitch.book": _("%(reference)s: you hear this maker on %(until)s"),
    "pitch.move": _("%(reference)s: you hear this maker on %(until)s"),
    "pitch.remind": _("%(reference)s: remember, you hear this maker on %(until)s"),
}


@on(*HEARERS_TOLD)
def tell_who_hears(event: Event) -> None:
    """Who hears a maker is told when; of a dossier on which they declared to have no interest, and of no other."""
    pitch = Pitch.objects.select_related("application").get(pk=event.key)
    clear = Conflict.objects.clear().filter(application=pitch.application).values("user")
    for user in User.objects.filter(pitch_slots=event.data["slot"], pk__in=clear, is_active=True).order_by("pk"):
        words = {"reference": pitch.application.reference, "until": until_of(event, user.language)}
        notify(event=event, users=[user], notice=Notice(HEARERS_TOLD[event.kind], words))


@on("pitch.cancel", "pitch.call_off")
def tell_who_hears_no_more(event: Event) -> None:
    """A maker does not come: who would have heard them is told, as above."""
    pitch = Pitch.objects.select_related("application").get(pk=event.key)
    clear = Conflict.objects.clear().filter(application=pitch.application).values("user")
    for user in User.objects.filter(pitch_slots=event.data["slot"], pk__in=clear, is_active=True).order_by("pk"):
        words = {"reference": pitch.application.reference, "until": until_of(event, user.language)}
        notify(event=event, users=[user], notice=Notice(_("%(reference)s: this maker does not come on %(until)s"), words))


@on("slot.offer")
def tell_who_waits_for_a_moment(event: Event) -> None:
    """Makers who have still to choose hear that there are new moments: once for a series."""
    stage = PitchSlot.objects.get(pk=event.key).stage_id
    if Event.objects.filter(kind=event.kind, chain=event.chain, at=event.at, data__stage=event.data["stage"], seq__lt=event.seq).exists():
        return
    for pitch in Pitch.objects.filter(stage=stage, state=PitchState.ASKED).select_related("application").order_by("pk"):
        notice = Notice(_("%(reference)s: there are new moments for your pitch"), {"reference": pitch.application.reference})
        notify(event=event, users=applicants(pitch.application), notice=notice)


# ── mail to who asked a question about a call ─────────────────────────────────────────────────────────────────
ANSWERED = {
    "question.answer_it": _("%(call)s: your question has been answered"),
    "question.put_right": _("%(call)s: the answer to your question has been put right"),
    "question.decline": _("%(call)s: your question is not answered; why, you read with your questions"),
    "question.take_down": _("%(call)s: the answer to your question has been taken down"),
}
"""What the mail to who asked says, per kind of event."""


@on(*ANSWERED)
def tell_who_asked(event: Event) -> None:
    """Who asked hears that there is an answer, or that there will be none."""
    question = Question.objects.select_related("asked_by", "stage__call").get(pk=event.key)
    notify(event=event, users=[question.asked_by], notice=Notice(ANSWERED[event.kind], {"call": question.stage.call.reference}))


# ── mail to those who judge: one per person and round, not one per dossier ────────────────────────────────────
@on("seat.invite", "seat.invite_again")
def tell_who_is_invited(event: Event) -> None:
    """Who is asked to sit in a panel hears which, and finds the terms in the portal."""
    seat = PanelMember.objects.select_related("panel", "user").get(pk=event.key)
    notify(event=event, users=[seat.user], notice=Notice(_("%(panel)s: you are invited to sit in this panel"), {"panel": seat.panel.name}))


@on("conflict.ask")
def tell_who_must_declare(event: Event) -> None:
    """One mail per juror and round that there are declarations to make."""
    asked = Conflict.objects.select_related("user", "application__stage__call__version").get(pk=event.key)
    if asked.part in JURY_ROLES or asked.part == Role.SECRETARY:
        same = Conflict.objects.filter(user=asked.user, application__stage=asked.application.stage)
        subject = _("%(stage)s: declare whether you have an interest in the applications")
        tell_once(event, asked.user, asked.application.stage, list(same.values_list("pk", flat=True)), subject)


@on("scoresheet.assign")
def tell_who_must_score(event: Event) -> None:
    """One mail per juror and round that there are applications to judge."""
    sheet = Scoresheet.objects.select_related("juror", "stage__call__version").get(pk=event.key)
    same = Scoresheet.objects.filter(juror=sheet.juror, stage=sheet.stage)
    subject = _("%(stage)s: applications wait for your judgement")
    tell_once(event, sheet.juror, sheet.stage, list(same.values_list("pk", flat=True)), subject)


@on("scoresheet.reopen")
def tell_who_must_score_again(event: Event) -> None:
    """The chair gave a sheet back: its juror hears which."""
    sheet = Scoresheet.objects.select_related("juror", "application").get(pk=event.key)
    notice = Notice(_("%(reference)s: the chair gave your scores back to you"), {"reference": sheet.application.reference})
    notify(event=event, users=[sheet.juror], notice=notice)


def tell_once(event: Event, user: User, stage: Stage, keys: list[int], subject: str | Promise) -> None:
    """Mail ``user`` unless an event of this kind in this round (all year round: on this day) did so before."""
    User.objects.select_for_update().get(pk=user.pk)  # two events at once: the second sees the first one's mail
    earlier = Notification.objects.filter(user=user, event__kind=event.kind, event__key__in=keys)
    days = {amsterdam_day(at) for at in earlier.values_list("event__at", flat=True)}
    if days and (stage.rules.intake == Intake.WINDOW or amsterdam_day(event.at) in days):
        return
    label = f"{stage.call.reference}, {stage.rules.label.in_language(user.language)}"
    notify(event=event, users=[user], notice=Notice(subject, {"stage": label}))


# ── mail to and about those who stand beside an applicant ─────────────────────────────────────────────────────
@on("invitation.invite", "invitation.invite_again")
def mail_invitation(event: Event) -> None:
    """Who is invited gets a link, account or not."""
    send_invitation(event)


@on("consent.ask", "consent.ask_again")
def mail_question(event: Event) -> None:
    """A partner that is asked to consent gets a link; it needs no account."""
    send_question(event)


REPLIED: dict[str, str | Promise] = {
    "invitation.accept": _("%(reference)s: %(who)s now takes part"),
    "invitation.decline": _("%(reference)s: %(who)s declined your invitation"),
    "consent.give": _("%(reference)s: %(who)s consents to being a partner"),
    "consent.decline": _("%(reference)s: %(who)s does not consent to being a partner"),
}
"""What who asked hears of the answer, per kind of event."""


@on(*REPLIED)
def tell_who_waits_for_a_reply(event: Event) -> None:
    """Who invited somebody, or asked a partner, hears the answer."""
    model = Invitation if event.noun == "invitation" else Consent
    found: Invitation | Consent = model.objects.select_related("application").get(pk=event.key)
    asker, who = (found.by, found.email) if isinstance(found, Invitation) else (found.asked_by, found.name)
    notify(event=event, users=[asker], notice=Notice(REPLIED[event.kind], {"reference": found.application.reference, "who": who}))


@on("joining.ask")
def tell_who_may_let_in(event: Event) -> None:
    """Who signs for an organisation hears that somebody wants to be let in."""
    asked = Joining.objects.select_related("organisation", "user").get(pk=event.key)
    signing = asked.organisation.memberships.filter(role=Role.SIGNER).values("user")
    users = User.objects.filter(pk__in=signing, is_active=True).order_by("pk")
    words = {"organisation": asked.organisation.name, "who": str(asked.user)}
    notify(event=event, users=users, notice=Notice(_("%(organisation)s: %(who)s asks to be let in"), words))


@on("joining.let_in", "joining.decline", "joining.end")
def tell_who_wanted_in(event: Event) -> None:
    """Who asked to be let in hears the answer; and who is let out hears that."""
    said = {
        "joining.let_in": _("%(organisation)s: you are let in, and can start applications for it"),
        "joining.decline": _("%(organisation)s: you are not let in"),
        "joining.end": _("%(organisation)s: you act for this organisation here no more"),
    }
    asked = Joining.objects.select_related("organisation", "user").get(pk=event.key)
    if event.actor_id != asked.user_id:
        notify(event=event, users=[asked.user], notice=Notice(said[event.kind], {"organisation": asked.organisation.name}))


@on("application.end_part")
def tell_who_takes_part_no_more(event: Event) -> None:
    """Whose part somebody else ended hears of it."""
    if event.actor_id != event.data["user"]:
        notice = Notice(_("%(reference)s: you take part in this application no more"), {"reference": dossier_of(event).reference})
        notify(event=event, users=User.objects.filter(pk=event.data["user"], is_active=True), notice=notice)
