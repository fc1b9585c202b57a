"""When: a decision, from desk to party."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tender.calendar import amsterdam_day, set_aside_deadline
from tender.clock import GRACE
from tender.enums import AFTER_AWARD, GIVES, TAKES, Account, ApplicationState, DecisionKind, DecisionState, GrantState, Ground, Role
from tender.models import Document, Grant, LedgerEntry
from tender.schemes.definition import Intake
from workflows.outcomes import kind_of
from workflows.queue import gives_money, money_left_for
from workflows.rules.people import is_officer
from workflows.rules.state_aid import uncovered

if TYPE_CHECKING:
    from datetime import datetime

    from tender.models import Decision
    from tender.step import Step

MOST_RESPONSE = 8000
"""How many characters a response holds."""


def kind_fits(decision: Decision, step: Step) -> bool:
    """A decision of this kind does not fit the state of the dossier."""
    fits = {
        ApplicationState.SUBMITTED: {DecisionKind.INELIGIBLE},
        ApplicationState.INCOMPLETE: {DecisionKind.SET_ASIDE},
        ApplicationState.RANKED: {DecisionKind.ADMIT, DecisionKind.AWARD, DecisionKind.RESERVE, DecisionKind.REFUSE},
        ApplicationState.RESERVED: {DecisionKind.AWARD, DecisionKind.ADMIT},
        ApplicationState.AWARDED: set(AFTER_AWARD),
        ApplicationState.ADMITTED: set(AFTER_AWARD),
        ApplicationState.CLOSED: set(TAKES),
    }
    return step.data.get("kind") in fits.get(decision.application.state, set())


def follows_ranking(decision: Decision, step: Step) -> bool:
    """This does not follow from the place of the application in the ranking: propose what does, and then depart from it with reasons."""
    ranking = decision.stage.rankings.order_by("-version").first()
    if ranking is None or decision.application.state != ApplicationState.RANKED:
        return True
    placing = ranking.placings.filter(application=decision.application).first()
    if placing is None:
        return False
    kind, ground = kind_of(placing.outcome, decision.stage)
    if kind in GIVES and (step.data.get("kind"), step.data.get("ground")) == (DecisionKind.REFUSE, Ground.CONDITION):
        return uncovered(decision.application, decision.stage, placing.amount, amsterdam_day(step.at)) is not None
    return step.data.get("kind") == kind and (kind != DecisionKind.REFUSE or step.data.get("ground") == ground)


def award_gives(decision: Decision, step: Step) -> bool:
    """An award gives money: the amount is more than zero."""
    kind, amount = step.data.get("kind", decision.kind), step.data.get("amount", 0)
    least_is_more = kind == DecisionKind.AWARD and gives_money(decision.stage)
    return bool(amount > 0 if least_is_more else amount >= 0)


def amount_fits(decision: Decision, step: Step) -> bool:
    """The amount is more than was asked, or than the scheme gives."""
    amount, kind = step.data.get("amount", 0), step.data.get("kind", decision.kind)
    terms, asked = decision.stage.rules.grant, decision.application.amount_asked
    if kind not in GIVES:
        return True
    most = terms.flat if terms.amount == "flat" else (terms.maximum if terms.amount == "requested" else 0)
    within_asked = terms.amount != "requested" or asked is None or amount <= asked
    return (most is None or amount <= most) and within_asked


def ceiling_holds(decision: Decision, step: Step) -> bool:
    """There is not enough money left under the ceiling for this."""
    if step.data.get("kind", decision.kind) not in GIVES:
        return True
    return bool(LedgerEntry.objects.balance(decision.stage, Account.FREE) + decision.reserved >= step.data.get("amount", 0))


def in_turn(decision: Decision, step: Step) -> bool:
    """Applications that were complete earlier still wait for this money; they come first."""
    takes = step.data.get("kind") in GIVES and gives_money(decision.stage)
    if decision.stage.rules.intake != Intake.CONTINUOUS or not takes:
        return True
    return bool(money_left_for(decision.stage, before=decision.application) >= step.data.get("amount", 0))


def ground_given(decision: Decision, step: Step) -> bool:
    """A refusal names its ground."""
    return step.data.get("kind") != DecisionKind.REFUSE or bool(step.data.get("ground"))


def drops_unsigned(decision: Decision, step: Step) -> bool:
    """Only a case officer without an interest may do this, before it is signed: what is signed is sent back first."""
    return decision.state != DecisionState.SIGNED and is_officer(decision, step)


def board_list_there(decision: Decision, step: Step) -> bool:
    """The board decides with its signed list: add it."""
    if decision.link != Role.BOARD:
        return True
    return signed_list(decision, step) is not None


def signed_list(decision: Decision, step: Step) -> Document | None:
    """The signed list that the step names, if it is one of the stage."""
    pk = step.data.get("board_list") or 0
    lists = Document.objects.filter(stage=decision.stage_id, field="board_list", removed_at=None, pk=pk).select_related("signs")
    return cast("Document | None", step.recall(("board_list", decision.stage_id, pk), lists.first))


def board_list_as_it_is(decision: Decision, step: Step) -> bool:
    """This decision is not on the list that the board signed, or has changed since: draw up a new list, and have it signed."""
    if decision.link != Role.BOARD:
        return True
    signed = signed_list(decision, step)
    return signed is not None and signed.signs is not None and signed.signs.still_says(decision)


def seen_as_it_is(decision: Decision, step: Step) -> bool:
    """The decision has changed since you saw it; look again."""
    return step.data.get("seen") in {None, decision.seen_sha256}


def agreed_as_it_is(decision: Decision, step: Step) -> bool:
    """The text of the letter has changed since others agreed with it. Send the decision back, so that everybody reads it as it is now."""
    return not decision.agreed_on_something_else


def letter_ready(decision: Decision, step: Step) -> bool:
    """The letter is not printed yet; try again in a moment."""
    # Of this very signature: a decision that was sent back and signed again has a letter of before, too.
    signed_at = cast("datetime", decision.signed_at)
    printed = decision.letters.filter(event__kind="decision.sign", event__at=signed_at)
    return bool(step.recall(("letter", decision.pk), printed.exists))


def objection_term_over(decision: Decision, step: Step) -> bool:
    """The term for objecting still runs."""
    return decision.objection_until is not None and amsterdam_day(step.at) > decision.objection_until


def hearing_due(decision: Decision) -> bool:
    """Whether the party must be heard before this is decided (Awb 4:7, 4:8, 4:12): where we refuse on a condition, so on its own facts,
    and where we settle lower than we awarded, withdraw or lower. A scheme may do without for the first (`hearing_days = 0`), never for
    what it takes back (4:12, second paragraph)."""
    if decision.kind in TAKES:
        return True
    if decision.kind == DecisionKind.SETTLE:
        grant = Grant.objects.filter(application=decision.application, stage=decision.stage, state=GrantState.ACCOUNTED).first()
        return grant is not None and decision.amount < grant.amount
    if decision.stage.rules.terms.hearing_days == 0:
        return False
    return decision.kind == DecisionKind.INELIGIBLE or (decision.kind == DecisionKind.REFUSE and decision.ground == Ground.CONDITION)


def was_heard(decision: Decision, at: datetime) -> bool:
    """Whether the party was told exactly this, or worse, and responded or let the term pass."""
    if decision.respond_until is None or decision.amount < (decision.heard_amount or 0):
        return False
    return decision.responded_at is not None or at >= decision.respond_until + GRACE


def heard_first(decision: Decision, step: Step) -> bool:
    """The party must be heard first: announce what we intend, and wait for the response or for the end of the term."""
    return not hearing_due(decision) or was_heard(decision, step.at)


def hearing_fits(decision: Decision, step: Step) -> bool:
    """The party need not be heard on this, or was heard on it already."""
    # Reasons may take up what the party said; where they bring up something new, it can be heard on that too (Awb 4:7).
    return hearing_due(decision) and (not was_heard(decision, step.at) or decision.says_otherwise)


def said_why(decision: Decision, step: Step) -> bool:
    """Write the reasons first: the party must know to what it responds."""
    return bool((decision.reasons or decision.departure).strip())


def respond_in_time(decision: Decision, step: Step) -> bool:
    """The term for responding is over."""
    return decision.respond_until is not None and step.at < decision.respond_until


def respond_term_over(decision: Decision, step: Step) -> bool:
    """The term for responding still runs."""
    return decision.respond_until is not None and step.at >= decision.respond_until + GRACE


def response_given(decision: Decision, step: Step) -> bool:
    """Write your response, in at most 8,000 characters."""
    said = step.data.get("response", "")
    return bool(said.strip()) and len(said) <= MOST_RESPONSE


def settles_within(decision: Decision, step: Step) -> bool:
    """A settlement is never more than what was awarded, nor less than nothing; a lower one gives its reason."""
    if step.data.get("kind", decision.kind) != DecisionKind.SETTLE:
        return True
    grant = Grant.objects.filter(application=decision.application, stage=decision.stage, state=GrantState.ACCOUNTED).first()
    if grant is None:
        return False
    amount, reasons = step.data.get("amount", decision.amount), step.data.get("reasons", decision.reasons)
    return bool(0 <= amount <= grant.amount and (amount == grant.amount or reasons))


def set_aside_in_time(decision: Decision, step: Step) -> bool:
    """The four weeks in which we can leave an application aside are over (Awb 4:5, fourth paragraph): drop this decision, and judge it."""
    ended = decision.application.repair_until
    if step.data.get("kind", decision.kind) != DecisionKind.SET_ASIDE or ended is None:
        return True
    return amsterdam_day(step.at) <= set_aside_deadline(amsterdam_day(ended))
