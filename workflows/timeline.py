"""What happened in a dossier, in plain words. The applicant's side hears what it may know, when it may know it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tender.models import User
from tender.templatetags.drietrap import euro, moment
from workflows.machines import MACHINES
from workflows.models import Event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from django.utils.functional import Promise

    from tender.models import Application

TOLD: dict[str, tuple[str | Promise, str]] = {
    "application.open": (_("You started this application"), "neutral"),
    "application.submit": (_("Your application was handed in"), "ok"),
    "application.request_completion": (_("We asked you to mend formal gaps"), "warning"),
    "application.complete": (_("You mended what was missing"), "ok"),
    "application.find_eligible": (_("Your application meets the conditions"), "ok"),
    "application.take_up": (_("Your application is being assessed"), "busy"),
    "application.ask_revision": (_("We asked you to revise your plan"), "warning"),
    "application.revise": (_("You handed in a revised plan"), "ok"),
    "application.admit": (_("You are invited to the next stage"), "ok"),
    "application.start_next": (_("The next stage has begun for you"), "busy"),
    "application.award": (_("A grant was awarded to you"), "ok"),
    "application.reserve": (_("You have a place on the reserve list"), "waiting"),
    "application.expire": (_("Your place on the reserve list has expired"), "stopped"),
    "application.refuse": (_("Your application was refused"), "stopped"),
    "application.set_aside": (_("Your application was not processed"), "stopped"),
    "application.find_ineligible": (_("Your application does not meet the conditions"), "stopped"),
    "application.remind": (_("We reminded you that nothing was handed in yet"), "waiting"),
    "application.postpone": (_("We need more time to decide"), "warning"),
    "notice.note": (_("We noted that you wrote us that we are late"), "warning"),
    "notice.drop": (_("We noted by mistake that you wrote us that we are late"), "neutral"),
    "notice.fix": (_("We decided what being late costs us"), "info"),
    "application.withdraw": (_("You withdrew this application"), "stopped"),
    "application.lapse": (_("The call closed and nothing had been handed in"), "stopped"),
    "application.cancel": (_("The round was cancelled"), "stopped"),
    "application.close": (_("This dossier is closed: nothing is due either way"), "ok"),
    "pitch.ask": (_("We asked you to choose a moment for your pitch"), "waiting"),
    "pitch.book": (_("You booked a moment for your pitch"), "ok"),
    "pitch.move": (_("You chose another moment for your pitch"), "ok"),
    "pitch.cancel": (_("You gave the moment for your pitch back"), "warning"),
    "pitch.call_off": (_("We had to cancel the moment of your pitch"), "warning"),
    "pitch.remind": (_("We reminded you of your pitch"), "waiting"),
    "pitch.hold": (_("You presented your plan"), "ok"),
    "pitch.note": (_("You presented your plan"), "ok"),
    "pitch.miss": (_("You did not come to your pitch"), "stopped"),
    "pitch.invite_again": (_("We asked you to choose another moment for your pitch"), "waiting"),
    "application.change_contact": (_("The contact of this dossier has changed"), "info"),
    "message.send": (_("A message was sent"), "neutral"),
    "account.propose": (_("You named another account to pay to"), "waiting"),
    "account.confirm": (_("From now on we pay to another account"), "info"),
    "account.drop": (_("The account to pay to stays as it was"), "neutral"),
    "contact.propose": (_("You named another contact"), "waiting"),
    "decision.announce_intent": (_("We told you what we intend to decide; you can respond"), "warning"),
    "decision.respond": (_("You responded to what we intend"), "ok"),
    "decision.note_response": (_("We wrote down what you said of what we intend"), "ok"),
    "decision.let_term_pass": (_("The term for responding is over"), "neutral"),
    "application.cosign": (_("Somebody signed as well"), "ok"),
    "application.ask_signature": (_("Who else may sign was asked to sign"), "waiting"),
    "application.end_part": (_("Somebody takes part no more"), "neutral"),
    "invitation.accept": (_("Somebody came to take part"), "neutral"),
    "consent.give": (_("A partner consented"), "ok"),
    "consent.decline": (_("A partner did not consent"), "warning"),
    "decision.publish": (_("The decision was published"), "info"),
    "decision.supersede": (_("A new decision took the place of an earlier one"), "info"),
    "objection.file": (_("You objected to a decision"), "info"),
    "objection.enter": (_("Your objection came in by post"), "info"),
    "objection.acknowledge": (_("We confirmed that we have your objection"), "busy"),
    "objection.ask_completion": (_("We asked you for what is missing from your objection"), "warning"),
    "objection.complete": (_("You sent what was missing from your objection"), "ok"),
    "objection.note_completion": (_("What was missing from your objection came in"), "ok"),
    "objection.count_in_time": (_("The term for objecting began anew: your objection is in time"), "ok"),
    "objection.plan_hearing": (_("We named a moment to hear you on your objection"), "info"),
    "objection.hear": (_("You were heard on your objection"), "ok"),
    "objection.postpone": (_("We need more time to decide on your objection"), "warning"),
    "objection.decide": (_("We decided on your objection"), "info"),
    "objection.withdraw": (_("You withdrew your objection"), "stopped"),
    "objection.note_withdrawal": (_("We noted that you withdrew your objection"), "stopped"),
    "objection.conclude": (_("What your objection was about was put right"), "ok"),
    "application.reconsider_to_review": (_("Your application is looked at again"), "busy"),
    "application.reconsider_to_rank": (_("Your application is ranked again"), "busy"),
    "correction.sign": (_("We mended a letter: the new one says what was wrong"), "info"),
    "route.choose": (_("How your post goes was written down"), "neutral"),
    "paper.send": (_("We sent you something on paper"), "neutral"),
    "grant.offer": (_("A grant was offered to you"), "info"),
    "grant.settle_directly": (_("The grant was awarded and settled at once"), "ok"),
    "grant.accept": (_("You accepted the grant"), "ok"),
    "grant.lapse": (_("The grant was not accepted in time and has lapsed"), "stopped"),
    "grant.suspend": (_("Payment was suspended"), "warning"),
    "grant.resume": (_("Payment was resumed"), "busy"),
    "grant.run_out": (_("The suspension of payment is over"), "busy"),
    "grant.withdraw": (_("The grant was withdrawn"), "stopped"),
    "grant.lower": (_("The grant was lowered"), "warning"),
    "instalment.set_off": (_("A payment was set off against what was to be paid back"), "neutral"),
    "recovery.claim": (_("What was paid too much was claimed back"), "warning"),
    "recovery.ask_plan": (_("You asked to pay back in instalments"), "info"),
    "recovery.agree_plan": (_("Paying back in instalments was agreed"), "ok"),
    "recovery.refuse_plan": (_("The instalments for paying back were not agreed"), "warning"),
    "recovery.receive": (_("Money was paid back"), "ok"),
    "recovery.set_off": (_("What was to be paid back was set off"), "neutral"),
    "recovery.remind": (_("A reminder to pay back was sent"), "warning"),
    "recovery.serve": (_("The claim went to the bailiff"), "stopped"),
    "recovery.set_interest": (_("The interest was fixed"), "warning"),
    "recovery.write_off": (_("The rest need not be paid back"), "neutral"),
    "grant.account": (_("Your final report was approved; the grant can be settled"), "ok"),
    "grant.settle": (_("The grant was settled"), "ok"),
    "grant.close": (_("The grant is finished"), "ok"),
    "instalment.fall_due": (_("A payment fell due"), "busy"),
    "instalment.pay": (_("A payment was made"), "ok"),
    "instalment.cancel": (_("A payment is no longer due"), "neutral"),
    "report.ask": (_("A report will be asked of you"), "neutral"),
    "report.remind": (_("We reminded you of a report that is due soon"), "waiting"),
    "report.hand_in": (_("You handed in a report"), "ok"),
    "report.request_completion": (_("We asked you to complete a report"), "warning"),
    "report.approve": (_("Your report was approved"), "ok"),
    "report.reject": (_("Your report was rejected"), "stopped"),
}
"""What the applicant's side hears of; everything else is the house's own business."""

TOLD_WHERE = Q(kind="pitch.drop", data__has_key="slot") | Q(kind="decision.discard", data__has_key="intent_at")
"""What they hear of only where it touches them: a moment that they had booked, or a decision that we told them of."""
TOLD_THERE = {
    "pitch.drop": (_("Your pitch is not needed any more"), "neutral"),
    "decision.discard": (_("We do not take the decision that we told you of"), "info"),
}
"""In which words."""

OWN = ("application.open", "application.submit", "application.complete", "application.revise", "application.withdraw",
       "application.cosign", "application.ask_signature", "application.end_part", "invitation.accept",
       "pitch.book", "pitch.move", "pitch.cancel", "grant.accept",
       "report.hand_in", "account.propose", "account.confirm", "account.drop", "contact.propose", "decision.respond",
       "objection.file", "objection.complete", "objection.withdraw")  # fmt: skip
"""What the applicant's side did itself: there a name is said."""

INSIDE_TONES = {"published": "ok", "signed": "ok", "recused": "stopped", "discarded": "stopped", "void": "stopped"}


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a timeline, as the template takes it."""

    at: datetime
    title: str
    text: str = ""
    who: str = ""
    tone: str = "neutral"
    url: str = ""


def timeline(application: Application, *, inside: bool) -> list[Happening]:
    """What happened, newest first: all of it inside the house, what they may know for the applicant's side."""
    events = Event.objects.filter(chain=f"dossier:{application.reference}").select_related("actor").order_by("-seq")
    if not inside:
        events = events.filter(Q(kind__in=list(TOLD)) | TOLD_WHERE)
    found = list(events)
    instead = {int(event.data["for"]) for event in found if inside and "for" in event.data}
    names = dict(User.objects.filter(pk__in=instead).values_list("pk", "name")) if instead else {}
    by_row = any(event.noun == "consent" for event in found)
    partners = dict(application.consents.values_list("pk", "name")) if by_row else {}
    return [_inside(event, partners, names) for event in found] if inside else once(_outside(event, partners) for event in found)


def once(happened: Iterable[Happening]) -> list[Happening]:
    """What happened several times at one moment (five reports asked on one day) is told once."""
    return [next(same) for _one, same in groupby(happened, key=lambda each: (each.at, each.title, each.text))]


def _outside(event: Event, partners: Mapping[int, str]) -> Happening:
    title, tone = (TOLD | TOLD_THERE)[event.kind]
    who = str(event.actor) if event.kind in OWN else ""
    return Happening(event.at, str(title), said(event, partners), who, tone)


def _inside(event: Event, partners: Mapping[int, str], names: Mapping[int, str]) -> Happening:
    noun, _dot, name = event.kind.partition(".")
    arrow = MACHINES[noun].__dict__.get(name) if noun in MACHINES else None
    title = gettext(arrow.__doc__) if arrow is not None and arrow.__doc__ else event.kind
    tone = TOLD[event.kind][1] if event.kind in TOLD else INSIDE_TONES.get(event.after, "neutral")
    who = str(event.actor)
    if "for" in event.data:
        who = gettext("%(who)s, for %(absent)s") % {"who": who, "absent": names.get(event.data["for"], "–")}
    return Happening(event.at, title, said(event, partners), who, tone)


def said(event: Event, partners: Mapping[int, str]) -> str:
    """What there is to tell beside what happened; never scores, nor why somebody has an interest. What a partner is called, its row says."""
    if event.noun == "consent":
        return partners.get(event.key, "")
    say = SAID.get(event.kind)
    return say(event.data) if say else ""


def _until(data: dict[str, Any]) -> str:
    until = parse_datetime(data.get("until") or "")
    words = "; ".join(dict.fromkeys(gap.get("words", "") for gap in data.get("gaps", [])))
    return gettext("%(words)s Before %(until)s.") % {"words": words, "until": moment(until)} if until else words


def _term(data: dict[str, Any]) -> str:
    return gettext("It can be handed in until %(until)s.") % {"until": moment(parse_datetime(data["until"]))}


def _version(data: dict[str, Any]) -> str:
    return gettext("Version %(version)s, with fingerprint %(hash)s…") % {
        "version": data.get("version"), "hash": str(data.get("sha256", ""))[:16],
    }  # fmt: skip


def _amount(data: dict[str, Any]) -> str:
    return euro(data.get("amount")) if data.get("amount") not in (None, "0", "0.00") else ""


def _ends_in(data: dict[str, Any]) -> str:
    return gettext("The account ends in %(digits)s.") % {"digits": data.get("ends_in", "")}


def _reason(data: dict[str, Any]) -> str:
    return str(data.get("reason") or "")


def _slot(data: dict[str, Any]) -> str:
    at = parse_datetime(data.get("starts_at") or "")
    reason = data.get("reason")
    said = [moment(at) if at else "", str(data.get("where") or ""), gettext(reason) if reason else ""]
    return " · ".join(word for word in said if word)


SAID: dict[str, Callable[[dict[str, Any]], str]] = {
    "account.propose": _ends_in,
    "account.confirm": _ends_in,
    "account.drop": _ends_in,
    "decision.announce_intent": lambda data: _until({"until": data.get("until")}),
    "application.submit": _version,
    "application.complete": _version,
    "application.revise": _version,
    "application.request_completion": _until,
    "application.remind": _term,
    "application.ask_revision": lambda data: str(data.get("request", "")),
    "application.withdraw": _reason,
    "application.reassign": _reason,
    "application.cancel": _reason,
    "correction.sign": _reason,
    "correction.decline": _reason,
    "paper.undo": _reason,
    "trust.note": _reason,
    "application.award": _amount,
    "application.admit": _amount,
    **dict.fromkeys(("pitch.book", "pitch.move", "pitch.cancel", "pitch.call_off", "pitch.drop"), _slot),
    **dict.fromkeys(("pitch.hold", "pitch.miss", "pitch.remind"), _slot),
    "grant.settle": _amount,
    "grant.suspend": _reason,
    **dict.fromkeys(("grant.withdraw", "grant.lower", "recovery.claim", "recovery.receive", "recovery.set_off"), _amount),
    "instalment.pay": _amount,
    "instalment.fall_due": lambda data: "",  # noqa: ARG005
    "report.request_completion": _reason,
    "report.reject": _reason,
}
