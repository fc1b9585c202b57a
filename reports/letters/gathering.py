"""From an event to what every letter says: read once from the case, then frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse

from reports.letters.facts import Addressee, Objection, Rung, Sender, Signer
from tender.calendar import amsterdam_day, objection_deadline
from tender.enums import Role
from tender.schemes.definition import Text
from workflows.models import Event
from workflows.rules.posting import standing_route

if TYPE_CHECKING:
    from tender.models import Application, Stage, User
    from tender.schemes.definition import Scheme

FUNCTIONS: dict[str, Text] = {
    Role.HEAD: Text("hoofd subsidies", "head of funding"),
    Role.SIGNATORY: Text("tekenbevoegd onder mandaat", "authorised to sign under mandate"),
    Role.READER: Text("tweede lezer", "second reader"),
    Role.CONTROLLER: Text("controller", "controller"),
    Role.OFFICER: Text("behandelend medewerker", "case officer"),
    Role.OBJECTION_HANDLER: Text("behandelaar bezwaar", "objection handler"),
}


def common(application: Application, stage: Stage, event: Event, kind: str) -> dict[str, Any]:
    """The head of a letter: who writes to whom, about what, under which scheme."""
    scheme, language = stage.call.definition, application.language
    title = Text(stage.call.title_nl, stage.call.title_en)
    return {
        "kind": kind,
        "language": language,
        "reference": application.reference,
        "title": application.title,
        "on": amsterdam_day(event.at),
        "sender": sender_of(scheme, language),
        "to": addressee(application),
        "scheme": scheme.title.in_language(language),
        "call": title.in_language(language),
        "stage": stage.rules.label.in_language(language),
        "legal_basis": scheme.legal_basis.in_language(language).rstrip(". "),
        "ladder": ladder(stage, language),
        "scheme_key": scheme.key,
        "stage_key": stage.key,
        "composed_at": event.at,
        "wording_id": event.data.get("wording"),
        "event_hash": event.hash,
        "proof_at": settings.SITE_URL + reverse("reports:check_letter"),
    }


def sender_of(scheme: Scheme, language: str) -> Sender:
    """The body of a scheme, as it writes."""
    return Sender(
        name=scheme.body.name.in_language(language),
        city=scheme.body.city,
        address=scheme.body.address,
        email=scheme.body.email,
        signed_by=scheme.body.signed_by.in_language(language).rstrip(", "),
    )


def addressee(application: Application) -> Addressee:
    """The party, its contact, and its address as far as it is known: where its post goes, else as its organisation is known."""
    house, route = application.organisation, standing_route(application)
    lines = route.lines if route is not None else ()
    if house is None:
        return Addressee(str(application.applicant), str(application.applicant), lines)
    return Addressee(house.name, str(application.applicant), lines or tuple(line for line in (house.address, house.city) if line))


def ladder(stage: Stage, language: str) -> tuple[Rung, ...]:
    """The stages of the call, seen from the one this letter is about."""
    status = {-1: "done", 0: "current", 1: "next"}
    return tuple(
        Rung(each.rules.label.in_language(language), status[(each.number > stage.number) - (each.number < stage.number)])
        for each in stage.call.stages.order_by("number")
    )


def objection(stage: Stage, event: Event, language: str, *, appeal: bool = False) -> Objection:
    """The clause, reckoned as if the decision were made known today. ``appeal``: it was taken on an objection, so the court is next."""
    known_on = amsterdam_day(event.at)
    return Objection(stage.call.definition.objection_to.in_language(language), known_on, objection_deadline(known_on), appeal)


def signer(user: User, role: str, language: str) -> Signer:
    """Who signs, in which function."""
    return Signer(str(user), FUNCTIONS[role].in_language(language))


def signer_of(event: Event, language: str, *, otherwise: str) -> Signer:
    """Who signs a step that several roles may take: in the role that the event keeps of that moment, whatever roles they have by now.

    ``otherwise``: of an event from before that was kept.
    """
    return signer(event.actor, event.data.get("signed_as") or otherwise, language)


def who_cancelled(stage: Stage) -> User | None:
    """The person who cancelled a round, in whose name its cases are cancelled."""
    last = Event.objects.filter(noun="stage", key=stage.pk, kind="stage.cancel").select_related("actor").last()
    return last.actor if last else None


def handed_in(application: Application, stage: Stage) -> dict[str, Any]:
    """The answers that were handed in last at a stage; none where nothing was."""
    sent = application.submission(stage)
    return sent.answers if sent else {}


def gap_words(stage: Stage, gaps: list[dict[str, Any]], language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is missing: the questions by their labels, and what the officer said about them, each once."""
    labels = {field.key: field.label.in_language(language) for field in stage.rules.form.fields()}
    said = dict.fromkeys(str(gap.get("words") or gap.get("message") or "").strip() for gap in gaps)
    return tuple(labels.get(gap["field"], gap["field"]) for gap in gaps), tuple(text for text in said if text)
