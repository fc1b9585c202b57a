"""What is written when a decision is weighed: the money it holds back, and the chain of approvals."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tender.calendar import amsterdam_day, days_later
from tender.canonical import digest, plain
from tender.enums import AFTER_AWARD, GIVES, Account, DecisionKind, DecisionState
from tender.models import Approval, LedgerEntry

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tender.models import Decision, User
    from tender.step import Facts, Step


LEAST_HEARING_DAYS = 14
"""To respond where the scheme hears nobody and the law does."""


def say_anew(decision: Decision, step: Step) -> None:
    """Take over what was changed: amount, reasons, and of a decision that takes from a grant also its ground and weighing."""
    decision.amount, decision.reasons = step.data["amount"], step.data["reasons"]
    if decision.kind in AFTER_AWARD:
        decision.ground = step.data.get("ground", decision.ground)
        decision.facts = {**decision.facts, "weighing": step.data.get("weighing", decision.weighing)}
    restate(decision)


def reserve_money(decision: Decision, *, event_id: UUID) -> None:
    """Hold back from the ceiling what the decision gives: more or less than before, to the cent. `Overdrawn` when it is not there."""
    wanted = Decimal(decision.amount) if decision.kind in GIVES else Decimal(0)
    more = wanted - Decimal(decision.reserved)
    source, target = (Account.FREE, Account.RESERVED) if more > 0 else (Account.RESERVED, Account.FREE)
    LedgerEntry.objects.move(decision.application, decision.stage, abs(more), source=source, target=target, event_id=event_id)
    decision.reserved = wanted


def restate(decision: Decision) -> None:
    """Bring what the frozen facts say of amount and reasons in line with the decision."""
    amount = Decimal(decision.amount)
    now: dict[str, Any] = {"amount": amount, "reason": decision.reasons}
    if "advances" in decision.facts:
        now["to_pay"] = amount - Decimal(decision.facts["advances"])
    decision.facts = {**decision.facts, **plain({key: value for key, value in now.items() if key in decision.facts})}


def depart_from_advice(decision: Decision, step: Step) -> Facts:
    """Decide otherwise than was advised, with the reasons in the frozen facts, where letter, board and chain find them. Returns what
    was advised, and what is decided instead."""
    said = {name: step.data[name] for name in ("kind", "ground", "amount", "departure")}
    advised = decision.advised or plain({name: getattr(decision, name) for name in ("kind", "ground", "amount")})
    facts = {**decision.facts, "advised": advised, "departure": said["departure"], "amount": said["amount"]}
    if said["kind"] == DecisionKind.RESERVE:
        facts |= next_reserve(decision, at=step.at)
    decision.kind, decision.ground, decision.amount, decision.facts = said["kind"], said["ground"], said["amount"], plain(facts)
    reserve_money(decision, event_id=step.event_id)
    return {**said, "advised": advised, "facts": decision.facts}


def next_reserve(decision: Decision, *, at: datetime) -> Facts:
    """The place behind the last of the reserve list, and until when it holds."""
    stage = decision.stage
    places = stage.decisions.filter(kind=DecisionKind.RESERVE).exclude(pk=decision.pk).exclude(state=DecisionState.DISCARDED)
    taken = [place for place in places.values_list("facts__reserve_place", flat=True) if place]
    weeks = stage.rules.selection.reserve.weeks if stage.rules.selection.reserve else 0
    return {"reserve_place": max(taken, default=0) + 1, "reserve_until": amsterdam_day(at) + timedelta(weeks=weeks)}


def announce(decision: Decision, *, at: datetime) -> Facts:
    """Put before the party what is intended: from now on it may respond, for as long as the scheme says. What was said on an earlier
    intention falls away."""
    # What takes money from a party is heard whatever the scheme says (Awb 4:12, second paragraph).
    decision.intent_at, decision.respond_until = at, days_later(at, decision.stage.rules.terms.hearing_days or LEAST_HEARING_DAYS)
    decision.heard_amount, decision.response, decision.responded_at, decision.responded_by = decision.amount, "", None, None
    decision.heard_sha256 = decision.why_sha256
    decision.facts = {**decision.facts, "intent_on": amsterdam_day(at).isoformat(), "responded_on": ""}
    said = {name: getattr(decision, name) for name in ("kind", "ground", "amount", "facts", "reasons")}
    return {**said, "until": decision.respond_until}


def keep_response(decision: Decision, response: str, *, by: User, at: datetime) -> Facts:
    """Keep what the party said; the letter of the decision names the day."""
    decision.response, decision.responded_at, decision.responded_by = response, at, by
    decision.facts = {**decision.facts, "responded_on": amsterdam_day(at).isoformat()}
    return {"sha256": digest(response)}


def approve_link(decision: Decision, *, by: User, at: datetime, board_list: Any = None) -> Facts:
    """Note that a link of the chain agrees with exactly what the decision says now."""
    link, seen = decision.link, decision.seen_sha256
    Approval.objects.create(decision=decision, link=link, user=by, at=at, seen_sha256=seen, board_list_id=board_list)
    decision.links_done += 1
    wording = decision.wording
    return {"link": link, "seen": seen, "board_list": board_list, "wording": wording.pk if wording else 0}


def void_approvals(decision: Decision, *, at: datetime) -> None:
    """What was agreed no longer holds."""
    decision.approvals.filter(voided_at=None).update(voided_at=at)
