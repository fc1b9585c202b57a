"""Which event mails the applicant's side that something waits, and whom of the house."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from reports.commands.notifying import Notice, notify
from reports.commands.posting import about
from reports.letters.words import day, moment
from scoring.models import Scoresheet
from tender.calendar import amsterdam_day, papers_until
from tender.enums import ApplicationState, Role
from tender.models import (
    Application,
    CaseRole,
    Decision,
    Grant,
    Message,
    ProgressReport,
    User,
)
from workflows.outbox import on

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from workflows.models import Event


TOLD: dict[str, str | Promise] = {
    "application.submit": _("%(reference)s: we have received your application; the receipt waits for you"),
    "application.complete": _("%(reference)s: we have received what was missing; the receipt waits for you"),
    "application.revise": _("%(reference)s: we have received your revised plan; the receipt waits for you"),
    "application.request_completion": _("%(reference)s: something is missing from your application"),
    "application.ask_revision": _("%(reference)s: we ask you to revise your plan"),
    "application.postpone": _("%(reference)s: we need more time, until %(until)s; a letter waits for you"),
    "notice.fix": _("%(reference)s: a decision on our being late waits for you"),
    "notice.drop": _("%(reference)s: we noted by mistake that you wrote us that we are late"),
    "notice.note": _("%(reference)s: we noted that you wrote us that we are late; we decide as soon as we can"),
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
    "objection.acknowledge": _("%(reference)s: we have your objection; a letter waits for you"),
    "objection.ask_completion": _("%(reference)s: something is missing from your objection; you can send it until %(until)s"),
    "objection.plan_hearing": _(
        "%(reference)s: you are heard on your objection on %(until)s; you can send papers %(papers)s, and read the file in the week before"
    ),
    "objection.count_in_time": _(
        "%(reference)s: the term for objecting began anew, so your objection is in time; we decide on it by %(until)s"
    ),
    "objection.postpone": _("%(reference)s: we need more time to decide on your objection, until %(until)s"),
    "objection.decide": _("%(reference)s: our decision on your objection waits for you; you can go to the court until %(until)s"),
    "objection.note_withdrawal": _("%(reference)s: we noted that you withdrew your objection; was that not you, tell us at once"),
    "objection.conclude": _("%(reference)s: what your objection was about was put right"),
    "correction.sign": _("%(reference)s: we mended a letter; the new one waits for you"),
    "grant.offer": _("%(reference)s: accept your grant before %(until)s"),
    "grant.suspend": _("%(reference)s: we pay nothing for a while; a letter waits for you"),
    "grant.resume": _("%(reference)s: we pay your grant again; a letter waits for you"),
    "grant.run_out": _("%(reference)s: we pay your grant again; a letter waits for you"),
    "recovery.claim": _("%(reference)s: we claim money back, to be paid by %(until)s; a letter waits for you"),
    "recovery.agree_plan": _("%(reference)s: you may pay back in instalments; a letter waits for you"),
    "recovery.refuse_plan": _("%(reference)s: we do not agree to your instalments; a letter waits for you"),
    "recovery.set_off": _("%(reference)s: we set off what you owe us; a letter waits for you"),
    "recovery.remind": _("%(reference)s: you have not paid back in time; a letter waits for you"),
    "recovery.serve": _("%(reference)s: our claim goes to the bailiff; a letter waits for you"),
    "recovery.set_interest": _("%(reference)s: we fixed the interest you owe; a letter waits for you"),
    "recovery.write_off": _("%(reference)s: you need not pay the rest back; a letter waits for you"),
    "report.approve": _("%(reference)s: your report is approved; a letter waits for you"),
    "report.remind": _("%(reference)s: your report is due by %(until)s; a letter waits for you"),
    "report.request_completion": _("%(reference)s: something is missing from your report"),
    "report.reject": _("%(reference)s: your report has not been approved"),
    "report.note_late": _("%(reference)s: your report did not come in time; payments wait for it"),
    "report.extend": _("%(reference)s: you have until %(until)s for your report"),
    "report.keep_day": _("%(reference)s: you get no more time for your report; it is due by %(until)s"),
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
            notice=Notice(subject_of(event), {**words, "until": until_of(event, user.language), "papers": papers_of(event, user.language)}),
        )


def papers_of(event: Event, language: str) -> str:
    """Until when papers can be sent before a hearing (Awb 7:4); where the party agreed to a day that leaves no time for that, until then."""
    if event.kind != "objection.plan_hearing":
        return ""
    last = papers_until(amsterdam_day(datetime.fromisoformat(event.data["hearing_at"])))
    with override(language):
        if last <= amsterdam_day(event.at):
            return gettext("until then")
        return gettext("until %(day)s") % {"day": day(last, language)}


def subject_of(event: Event) -> str | Promise:
    """What the subject says: of a decision that was taken on an objection, that the court is next."""
    if event.kind == "decision.publish" and Decision.objects.filter(pk=event.key).exclude(supersedes=None).exists():
        return _("%(reference)s: a new decision waits for you; you can go to the court until %(until)s")
    return TOLD[event.kind]


@on("decision.discard")
def tell_that_it_is_off(event: Event) -> None:
    """Whom we told what we intend hears that we do not do it; not where they withdrew, or the round was cancelled."""
    application = dossier_of(event)
    if "intent_at" not in event.data or application.state in {ApplicationState.WITHDRAWN, ApplicationState.CANCELLED}:
        return
    notice = Notice(_("%(reference)s: we do not take the decision that we told you of"), {"reference": application.reference})
    notify(event=event, users=applicants(application), notice=notice)


@on("decision.respond", "decision.let_term_pass")
def tell_whose_decision_goes_on(event: Event) -> None:
    """The party responded, or its term is over: the officers of the dossier can go on."""
    application = dossier_of(event)
    notice = Notice(_("%(reference)s: the party was heard; the decision can go on"), {"reference": application.reference})
    notify(event=event, users=handlers(application, Role.OFFICER), notice=notice)


@on("grant.run_out")
def tell_that_payment_goes_on(event: Event) -> None:
    """The officers hear that the days on which payment rested are over."""
    application = dossier_of(event)
    notice = Notice(_("%(reference)s: the suspension of payment is over; payment goes on"), {"reference": application.reference})
    notify(event=event, users=handlers(application, Role.OFFICER), notice=notice)


@on("recovery.arise", "recovery.ask_plan")
def tell_what_there_is_to_do(event: Event) -> None:
    """More was paid than a grant came to: the officers claim it back. The party asks for instalments: the controllers look at that."""
    application = dossier_of(event)
    asks = event.kind == "recovery.ask_plan"
    says = _("%(reference)s: the party asks to pay back in instalments") if asks else _("%(reference)s: too much was paid; claim it back")
    notice = Notice(says, {"reference": application.reference})
    users = handlers(application, Role.CONTROLLER if asks else Role.OFFICER)
    notify(event=event, users=users, notice=notice)


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
    """The last day that the mail names: of the objection, for accepting the grant, of the report, or to decide."""
    if (said := until_in(event, language)) is not None:
        return said
    if event.noun == "report":
        return day(ProgressReport.objects.get(pk=event.key).due_on, language)
    if event.noun == "decision":
        until = Decision.objects.get(pk=event.key).objection_until
        return day(until, language) if until else ""
    if event.noun == "grant":
        instant = Grant.objects.get(pk=event.key).accept_until
        return day(amsterdam_day(instant), language) if instant else ""
    return ""


def until_in(event: Event, language: str) -> str | None:
    """The same where the event itself holds it; None where it does not."""
    if event.noun == "pitch":
        return moment(datetime.fromisoformat(event.data["starts_at"]), language) if "starts_at" in event.data else ""
    if event.kind in MOMENTS:
        return moment(datetime.fromisoformat(event.data[MOMENTS[event.kind]]), language)
    if event.kind in DAYS:
        return day(date.fromisoformat(event.data[DAYS[event.kind]]), language)
    return None


MOMENTS = {"decision.announce_intent": "until", "objection.plan_hearing": "hearing_at"}
DAYS = {
    "application.postpone": "until", "objection.ask_completion": "until", "objection.postpone": "until", "objection.decide": "appeal_until",
    "objection.count_in_time": "decide_by",
    "recovery.claim": "pay_by",
}  # fmt: skip
"""Under which word an event holds the moment, or the day, that its mail names."""
