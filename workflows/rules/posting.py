"""Who and when: a letter that mends a letter, the way a party's post goes, what went on paper, and an address that works again."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast

from tender.calendar import amsterdam_day
from tender.enums import Bounce, CorrectionState, DecisionState, ObjectionState, ObjectionTerm, PaperState, RouteState

if TYPE_CHECKING:
    from tender.models import Application, Decision
    from tender.step import Step
    from workflows.models import AddressTrust, Correction, Event, Letter, PaperPost, PostRoute

MOST_WORDS = 4000
"""How many characters what is wrong, and what it must be, may each have."""
LINES = range(2, 5)
"""How many lines of an address fit in the window of an envelope, below the name and the person."""
LINE = 40
"""How many characters of a line do."""


def has_term(letter: Letter) -> bool:
    """Whether a letter tells of a decision to which one can object."""
    return letter.decision_id is not None and letter.event.kind == "decision.sign"


def party_has_it(correction: Correction, step: Step) -> bool:
    """The party does not have this letter yet: send the decision back, and sign it anew."""
    from workflows.models import Letter

    return bool(Letter.objects.sent().filter(pk=correction.letter_id, application=correction.application_id).exists())


def says_what_is_right(correction: Correction, step: Step) -> bool:
    """Write what is wrong and what it must be, each in at most 4,000 characters."""
    said = [step.data.get(name, "") for name in ("reason", "text")]
    return all(words.strip() and len(words) <= MOST_WORDS for words in said)


def not_asked_before(correction: Correction, step: Step) -> bool:
    """A letter that mends this one waits for its signature already."""
    return not type(correction).objects.filter(letter=correction.letter_id, state=CorrectionState.ASKED).exists()


def signed_by_another(correction: Correction, step: Step) -> bool:
    """Somebody else must sign: you asked for this letter."""
    return correction.asked_by_id != step.actor.pk


def correction_as_seen(correction: Correction, step: Step) -> bool:
    """Something else is asked now than what you saw; look again."""
    return bool(step.data.get("seen") == correction.seen_sha256)


def term_can_begin_anew(decision: Decision | None) -> bool:
    """Whether the term for objecting to a decision can begin anew: it is not final, and nobody objected in time or has our decision on it.
    Who came too late and waits for that decision gains by it, and who withdrew may object again."""
    if decision is None or decision.state != DecisionState.PUBLISHED:
        return False
    objections = decision.objections.exclude(state=ObjectionState.WITHDRAWN)
    return not objections.exclude(pk__in=decision.objections.undecided_and_late()).exists()


def term_chosen(correction: Correction, step: Step) -> bool:
    """Say what becomes of the term for objecting: it runs as before, or begins anew; anew only while the decision is not final, nobody
    objected to it in time, and we did not decide on an objection yet: that would bring the party nothing, and only give us more time."""
    term = step.data.get("term", "")
    if not has_term(correction.letter):
        return not term
    return bool(term == ObjectionTerm.RUNS or (term == ObjectionTerm.ANEW and term_can_begin_anew(correction.letter.decision)))


def mended_anew(decision: Decision, step: Step) -> bool:
    """This follows from a signed letter only, that mends the letter of the decision."""
    from workflows.models import Correction

    signed = Correction.objects.filter(state=CorrectionState.SIGNED, term=ObjectionTerm.ANEW, letter__decision=decision)
    return signed.filter(pk=step.data.get("correction") or 0).exists()


def address_fits(route: PostRoute, step: Step) -> bool:
    """Write the address as it stands on an envelope, without the name: two to four lines of at most 40 characters each. Paper needs one."""
    lines = [line.strip() for line in step.data.get("address", "").splitlines() if line.strip()]
    if not lines:
        return not step.data.get("on_paper")
    return len(lines) in LINES and all(len(line) <= LINE for line in lines)


def route_differs(route: PostRoute, step: Step) -> bool:
    """This is what we have on record already."""
    last = standing_route(route.application)
    before = (last.on_paper, last.lines) if last else (False, ())
    lines = tuple(line.strip() for line in step.data.get("address", "").splitlines() if line.strip())
    return before != (bool(step.data.get("on_paper")), lines)


def standing_route(application: Application) -> PostRoute | None:
    """What a party said last of its post; None where it said nothing."""
    from workflows.models import PostRoute

    return PostRoute.objects.filter(application=application, state=RouteState.CHOSEN).order_by("pk").last()


def postal_lines(application: Application) -> tuple[str, ...]:
    """Where post goes, without the name; nothing where nobody knows."""
    return lines_of(application, standing_route(application))


def lines_of(application: Application, route: PostRoute | None) -> tuple[str, ...]:
    """The lines of an address below the name: as the party said, or as its organisation is known."""
    house = application.organisation
    if route is not None and route.lines:
        return route.lines
    return tuple(line for line in (house.address, house.city) if line) if house is not None and house.address else ()


def is_post_of_dossier(post: PaperPost, step: Step) -> bool:
    """There is nothing of this dossier to send on paper."""
    if post.event.chain != f"dossier:{post.application.reference}":
        return False
    return letter_of(post.application, post.event) == post.letter and (post.letter is not None or post.event.notifications.exists())


def letter_of(application: Application, event: Event) -> Letter | None:
    """The letter that the party could have from an event on: its own, or that of the decision it publishes."""
    found: Any = application.letters.sent()
    if event.kind == "decision.publish":
        last = found.filter(decision=event.key, event__kind="decision.sign").last()
    else:
        last = found.filter(event=event).exclude(event__kind="decision.sign").last()
    return cast("Letter | None", last)


def not_on_paper_yet(post: PaperPost, step: Step) -> bool:
    """This was sent on paper already."""
    return not type(post).objects.filter(event=post.event_id, state=PaperState.SENT).exists()


def address_known(post: PaperPost, step: Step) -> bool:
    """No postal address is known: write it down first."""
    return bool(postal_lines(post.application))


def posted_by_then(post: PaperPost, step: Step) -> bool:
    """Name the day on which it was posted: today or before, and not before there was something to send."""
    on: Any = step.data.get("posted_on")
    return isinstance(on, date) and amsterdam_day(post.event.at) <= on <= amsterdam_day(step.at)


def mail_came_back(trust: AddressTrust, step: Step) -> bool:
    """No mail about this dossier to the present address of this person came back for good."""
    rows = trust.user.notifications.filter(event__chain=f"dossier:{trust.application.reference}", bounce=Bounce.HARD)
    return rows.filter(address__iexact=trust.user.email).exists()
