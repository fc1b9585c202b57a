"""What must go on paper, because mail came back or the party asked for it: never a query per row."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tender.enums import CorrectionState, RouteState
from tender.models import Application
from workflows.models import Event, Letter, Notification, Outbox, PaperPost, PostRoute
from workflows.rules.posting import lines_of
from workflows.undelivered import LEGAL, asked_for_paper, back, closed_chains, reference_of, untold_of, why

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from uuid import UUID

    from tender.models import User


log = logging.getLogger(__name__)

UNPRINTABLE = gettext_lazy(
    "The file of this letter is missing or damaged, so it cannot be printed. Ask your administrator to put it back from a backup; then print "
    "again. Do not note it as sent before it is in the post."
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing to send: of which dossier, what, why on paper, whose address, and by when the party must have heard of it."""

    event: UUID
    reference: str
    subject: str
    name: str
    person: str
    lines: tuple[str, ...]
    language: str
    why: str
    placed: datetime
    until: datetime
    late: bool
    letter: Letter | None = None
    user: int | None = None
    """Whose mail came back, where it did."""


def queue(user: User, at: datetime) -> list[Piece]:
    """What must go on paper, the oldest first; of dossiers in which this person has no interest."""
    closed = closed_chains(user)
    why_of: dict[UUID, tuple[Event, str, str, int | None]] = {}
    for row in back(closed).select_related("event", "user").order_by("event__at", "pk"):
        why_of.setdefault(row.event_id, (row.event, why(row), row.subject, row.user_id))
    failing = Outbox.objects.filter(event=OuterRef("pk"), done_at=None).exclude(error="")
    for event in untold_of(closed, at).exclude(Exists(failing)).order_by("at"):
        why_of.setdefault(event.pk, (event, _("nobody writes or signs for this application any more"), _("A decision was published"), None))
    asked = list(asked_for_paper(closed).select_related("event").order_by("event__at", "pk"))
    events = events_of(asked)
    for letter in asked:
        why_of.setdefault(events[letter.pk].pk, (events[letter.pk], _("the party asked for paper"), letter.subject, None))
    return pieces(why_of.values(), at)


def events_of(letters: list[Letter]) -> dict[int, Event]:
    """By which event each letter was made known: its own, or the publication of its decision; not where that is not published. One query."""
    decisions = [letter.event.key for letter in letters if letter.event.kind == "decision.sign"]
    published = {event.key: event for event in Event.objects.filter(noun="decision", kind="decision.publish", key__in=decisions)}
    return {
        letter.pk: published[letter.event.key] if letter.event.kind == "decision.sign" else letter.event
        for letter in letters
        if letter.event.kind != "decision.sign" or letter.event.key in published
    }


def pieces(found: Iterable[tuple[Event, str, str, int | None]], at: datetime) -> list[Piece]:
    """What is to be sent, with letter and address; four queries for any number."""
    rows = sorted(found, key=lambda row: row[0].at)
    letters = letters_of([event for event, *_rest in rows])
    references = {reference_of(event) for event, *_rest in rows}
    cases = {
        case.reference: case for case in Application.objects.filter(reference__in=references).select_related("organisation", "applicant")
    }
    routes = {route.application_id: route for route in PostRoute.objects.filter(application__in=cases.values(), state=RouteState.CHOSEN)}
    made = []
    for event, reason, subject, whose in rows:
        case, letter = cases[reference_of(event)], letters.get(event.pk)
        until = event.at + LEGAL
        made.append(
            Piece(
                event.pk,
                case.reference,
                letter.subject if letter else subject,
                case.party,
                str(case.applicant),
                lines_of(case, routes.get(case.pk)),
                case.language,
                reason,
                event.at,
                until,
                at > until,
                letter,
                whose,
            )
        )
    return made


def letters_of(events: list[Event]) -> dict[UUID, Letter]:
    """The letter of each event, as `letter_of` has it; one query."""
    published = {event.key: event.pk for event in events if event.kind == "decision.publish"}
    own = Q(event__in=[event.pk for event in events]) & ~Q(event__kind="decision.sign")
    of_decision = Q(decision__in=published, event__kind="decision.sign")
    found = Letter.objects.sent().filter(own | of_decision).select_related("event").order_by("pk")
    return {published[letter.event.key] if letter.event.kind == "decision.sign" else letter.event_id: letter for letter in found}


def piece_of(user: User, at: datetime, event: UUID) -> Piece | None:
    """One thing of the queue."""
    return next((piece for piece in queue(user, at) if piece.event == event), None)


def stored(letter: Letter) -> bytes | None:
    """The file of a letter as it was made; None where it is missing, or is no longer what it was. Who runs the house finds that in the log.
    A storage that does not answer at all is no fault of one letter, and is not caught."""
    try:
        with letter.file.open("rb") as file:
            data: bytes = file.read()
    except OSError:
        log.exception("Letter %s cannot be printed: its file %s is missing or unreadable", letter.pk, letter.file.name)
        return None
    if hashlib.sha256(data).hexdigest() != letter.sha256:
        log.error("Letter %s cannot be printed: its file %s is not what was sealed", letter.pk, letter.file.name)
        return None
    return data


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is on record of one letter: when it was there to be read, when mail about it went, on paper, read, and mended by which."""

    letter: Letter
    placed: datetime | None
    """Nothing where the party may not have it: before publication, or of a signature that was sent back."""
    mailed: datetime | None
    came_back: bool
    posted: date | None
    post: int | None
    mended_by: Letter | None
    asked: bool
    """Whether a letter that mends it waits for its signature."""


def deliveries(letters: list[Letter]) -> list[Delivery]:
    """The letters with what is on record of each; five queries for any number."""
    theirs = set(Letter.objects.sent().filter(pk__in=[letter.pk for letter in letters]).values_list("pk", flat=True))
    events = events_of([letter for letter in letters if letter.pk in theirs])
    seen = {event.pk for event in events.values()}
    mails: dict[Any, list[Any]] = {}
    for row in Notification.objects.filter(event__in=seen):
        mails.setdefault(row.event_id, []).append(row)
    posted = {post.event_id: post for post in PaperPost.objects.filter(event__in=seen).sent()}
    mended = {each.mends_id: each for each in letters if each.mends_id}
    asked = set(
        Letter.objects.filter(pk__in=[each.pk for each in letters], corrections__state=CorrectionState.ASKED).values_list("pk", flat=True)
    )
    made = []
    for letter in letters:
        event = events.get(letter.pk)
        rows, post = (mails.get(event.pk, []), posted.get(event.pk)) if event is not None else ([], None)
        made.append(
            Delivery(
                letter,
                placed=event.at if event is not None else None,
                mailed=min((row.sent_at for row in rows if row.sent_at), default=None),
                came_back=any(bool(row.bounce) for row in rows),
                posted=post.posted_on if post else None,
                post=post.pk if post else None,
                mended_by=mended.get(letter.pk),
                asked=letter.pk in asked,
            )
        )
    return made
