"""What a letter that mends, and a chosen way of post, bring with them; and the ways to ask and note them once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tender.enums import ObjectionTerm, RouteState
from tender.models import Objection
from workflows.commands.door import cascade, create
from workflows.commands.rounds import by_clock, each
from workflows.models import (
    AddressTrustMachine,
    CorrectionMachine,
    DecisionMachine,
    ObjectionMachine,
    PaperPostMachine,
    PostRoute,
    PostRouteMachine,
)
from workflows.rules.posting import letter_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from tender.models import Application, User
    from tender.step import Step
    from workflows.models import AddressTrust, Correction, Event, Letter, PaperPost


def ask_correction(*, letter: Letter, actor: User, at: datetime, reason: str, text: str) -> Correction:
    """Ask for a letter that mends ``letter``. Raises what `create` raises."""
    of = {"application": letter.application, "letter": letter}
    return create(CorrectionMachine, "ask", of=of, actor=actor, at=at, reason=reason, text=text)  # type: ignore[no-any-return]


def choose_route(*, application: Application, actor: User, at: datetime, on_paper: bool, address: str) -> PostRoute:
    """Write down how a party gets its post. Raises what `create` raises."""
    return create(PostRouteMachine, "choose", of={"application": application}, actor=actor, at=at, on_paper=on_paper, address=address)  # type: ignore[no-any-return]


def note_on_paper(*, application: Application, event: Event, actor: User, at: datetime, posted_on: date) -> PaperPost:
    """Note that what ``event`` tells of went by post. Raises what `create` raises."""
    of = {"application": application, "event": event, "letter": letter_of(application, event)}
    return create(PaperPostMachine, "send", of=of, actor=actor, at=at, posted_on=posted_on)  # type: ignore[no-any-return]


def note_address_works(*, application: Application, user: User, actor: User, at: datetime, reason: str) -> AddressTrust:
    """Note that mail arrives again at somebody's address, and how the house knows. Raises what `create` raises."""
    return create(AddressTrustMachine, "note", of={"application": application, "user": user}, actor=actor, at=at, reason=reason)  # type: ignore[no-any-return]


@cascade("correction.sign")
def begin_the_term_anew(correction: Any, step: Step) -> None:
    """Where the signatory says so, the term for objecting begins anew; what waits and came after the old one is in time by the new."""
    if correction.term == ObjectionTerm.ANEW:
        by_clock(DecisionMachine, "renew_term", correction.letter.decision_id, step, correction=correction.pk)
        waiting = Objection.objects.undecided_and_late().filter(decision=correction.letter.decision_id)
        each(waiting, ObjectionMachine, "count_in_time", step)


@cascade("route.choose")
def drop_what_was_chosen_before(route: Any, step: Step) -> None:
    """What the party said last holds."""
    before = PostRoute.objects.filter(application=route.application_id, state=RouteState.CHOSEN).exclude(pk=route.pk)
    each(before, PostRouteMachine, "replace", step)
