"""When: money that was paid too much is claimed, paid in instalments, reminded of, set off, written off; and a party that cannot pay."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.conf import settings

from tender import interest
from tender.calendar import add_months, amsterdam_day
from tender.enums import DecisionState, InstalmentState
from tender.models import InsolvencyNote, Instalment
from tender.models.recovery import parts_of
from tender.schemes.cleaning import right_iban
from workflows.rules.grants import grant_pays, not_being_settled
from workflows.rules.people import cleared

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tender.models import Recovery, User
    from tender.step import Step

PLAN_MONTHS = 24
"""How long paying in instalments takes at most."""
MOST_PARTS = 24


def in_cents(amount: Any) -> bool:
    """Whether it is an amount above zero in euros and cents."""
    try:
        value = Decimal(amount)
    except (InvalidOperation, TypeError, ValueError):
        return False
    return value.is_finite() and value > 0 and value == value.quantize(interest.CENT)


def set_off_within(instalment: Instalment, step: Step) -> bool:
    """What is set off is an amount above zero, and not more than the payment."""
    return in_cents(step.data.get("amount")) and Decimal(step.data["amount"]) <= instalment.amount


def pay_back_known(recovery: Recovery, step: Step) -> bool:
    """The account to pay back into is not known here: whoever runs the system sets PAY_BACK_IBAN and PAY_BACK_NAME."""
    return bool(settings.PAY_BACK_NAME.strip()) and right_iban(settings.PAY_BACK_IBAN.replace(" ", ""))


def follows_decision(recovery: Recovery, step: Step) -> bool:
    """This follows only from a decision that was made known, on what was paid beyond what the grant came to."""
    return bool(recovery.decision.state == DecisionState.PUBLISHED and in_cents(recovery.amount))


def decision_stands(recovery: Recovery, step: Step) -> bool:
    """The decision that this follows from no longer stands."""
    return recovery.decision.state in {DecisionState.PUBLISHED, DecisionState.FINAL}


def claimed_in_time(recovery: Recovery, step: Step) -> bool:
    """Five years have passed since the decision was made known: it can no longer be claimed (Awb 4:57, fourth paragraph)."""
    last = recovery.claim_until
    return last is not None and amsterdam_day(step.at) <= last


def not_barred(recovery: Recovery, step: Step) -> bool:
    """The claim is barred: five years have passed since its term, or since we last reminded of it (Awb 4:104)."""
    last = recovery.barred_after
    return last is not None and amsterdam_day(step.at) <= last


def plan_fits(recovery: Recovery, step: Step) -> bool:
    """Instalments are amounts above zero on rising days after today, within 24 months, and together exactly what is still owed of the sum."""
    return plan_holds(recovery, step.data.get("plan", []), amsterdam_day(step.at))


def plan_holds(recovery: Recovery, plan: Any, today: date) -> bool:
    """Whether such instalments could be agreed on ``today``."""
    try:
        days, amounts = [date.fromisoformat(day) for day, _amount in plan], [amount for _day, amount in plan]
    except (TypeError, ValueError):
        return False
    if not plan or len(plan) > MOST_PARTS or not all(in_cents(amount) for amount in amounts):
        return False
    rising = all(before < after for before, after in zip([today, *days], days, strict=False))
    total = sum((Decimal(amount) for amount in amounts), start=Decimal(0))
    return rising and days[-1] <= add_months(today, PLAN_MONTHS) and total == recovery.rest


def plan_was_asked(recovery: Recovery, step: Step) -> bool:
    """The party asked for no instalments."""
    return bool(recovery.asked_plan)


def asked_plan_holds(recovery: Recovery, step: Step) -> bool:
    """These instalments no longer fit: their days or what is still owed have changed. Refuse them; the party can ask again."""
    return plan_holds(recovery, recovery.asked_plan, amsterdam_day(step.at))


def plan_as_seen(recovery: Recovery, step: Step) -> bool:
    """The party asked for other instalments meanwhile: look again."""
    return step.data.get("seen") in {None, plan_in_words(recovery)}


def plan_in_words(recovery: Recovery) -> str:
    """The instalments asked for, as one text."""
    return "; ".join(f"{part.day.isoformat()} {part.amount}" for part in parts_of(recovery.asked_plan))


def sum_still_owed(recovery: Recovery, step: Step) -> bool:
    """The sum itself is paid: only interest is left."""
    return recovery.rest > 0


def most_to_receive(recovery: Recovery) -> Decimal:
    """What can still come in: the rest of the sum, and of the interest as far as it was fixed."""
    paid = sum((each.amount - each.principal for each in recovery.back), start=Decimal(0))
    return recovery.rest + (Decimal(recovery.interest_set or 0) - paid)


def not_more_than_owed(recovery: Recovery, step: Step) -> bool:
    """Note an amount above zero in euros and cents, and not more than is still owed of the sum and of the interest that was fixed."""
    return in_cents(step.data.get("amount")) and Decimal(step.data["amount"]) <= most_to_receive(recovery)


def received_then(recovery: Recovery, step: Step) -> bool:
    """It came in on a day since we claimed it, not before and not in the future."""
    on, claimed = step.data.get("on"), recovery.claimed_at
    return on is not None and claimed is not None and amsterdam_day(claimed) <= on <= amsterdam_day(step.at)


def reference_new(recovery: Recovery, step: Step) -> bool:
    """Give the reference of the bank, one that was not noted before."""
    said = step.data.get("bank_reference", "").strip()
    return bool(said) and not recovery.receipts.filter(bank_reference=said).exists()


def term_passed(recovery: Recovery, step: Step) -> bool:
    """The term to pay still runs, or nothing is owed any more."""
    part = recovery.next_part
    return part is not None and amsterdam_day(step.at) > part.day


def reminder_passed(recovery: Recovery, step: Step) -> bool:
    """The party was not reminded of what must be paid now, or the term of the reminder still runs."""
    until = recovery.reminder_until
    return until is not None and amsterdam_day(step.at) > until


def not_reminded_of(recovery: Recovery, step: Step) -> bool:
    """The party was reminded of what must be paid now: after the term of that reminder it goes to the bailiff."""
    return recovery.reminder_until is None


def interest_to_set(recovery: Recovery, step: Step) -> bool:
    """Interest is fixed once, when the sum itself is paid, and only where it comes to twenty euros or more (Awb 4:98, 4:99)."""
    if recovery.interest_set is not None or recovery.rest > 0:
        return False
    return interest.owed(recovery.interest_run(amsterdam_day(step.at))) > 0


def party_not_insolvent(recovery: Recovery, step: Step) -> bool:
    """The party is insolvent: file the claim with the trustee; nothing is agreed, reminded of or set off beside that."""
    return not InsolvencyNote.objects.of(recovery.grant.application).exists()


def party_insolvent(recovery: Recovery, step: Step) -> bool:
    """No insolvency of the party is noted."""
    return InsolvencyNote.objects.of(recovery.grant.application).exists()


def filed_then(recovery: Recovery, step: Step) -> bool:
    """Name the day on which the claim was filed with the trustee, today at the latest."""
    on = step.data.get("on")
    return on is not None and on <= amsterdam_day(step.at)


def could_set_off(recovery: Recovery, user: User) -> QuerySet[Instalment]:
    """The payments that are due of other grants of the same party, in dossiers that are open to this person."""
    mine = recovery.grant.application
    party = {"organisation": mine.organisation_id} if mine.organisation_id else {"organisation": None, "applicant": mine.applicant_id}
    theirs = {f"grant__application__{name}": value for name, value in party.items()}
    shown = Instalment.objects.visible_to(user).values("pk")
    due = Instalment.objects.filter(state=InstalmentState.DUE, pk__in=shown, **theirs).exclude(grant=recovery.grant_id)
    return due.select_related("grant__application", "grant__stage__call__version").order_by("pk")


def other_payment(recovery: Recovery, step: Step) -> Instalment | None:
    """The payment that it would be set off against, where that is one of the party and open to who asks."""
    return could_set_off(recovery, step.actor).filter(pk=step.data.get("instalment") or 0).first()


def set_off_fits(recovery: Recovery, step: Step) -> bool:
    """Choose a payment that is due, of another grant of this party for the same activities; not more than that payment, or than is owed."""
    part, amount = other_payment(recovery, step), step.data.get("amount")
    if part is None or not in_cents(amount) or not step.data.get("same_activities"):
        return False
    return Decimal(str(amount)) <= min(part.amount, recovery.rest)


def other_dossier_clear(recovery: Recovery, step: Step) -> bool:
    """Declare first that you have no interest in the dossier of that payment."""
    part = other_payment(recovery, step)
    return part is None or cleared(part, step)


def other_grant_pays(recovery: Recovery, step: Step) -> bool:
    """That payment may not be made now, so nothing is set off against it: its grant is not accepted, is suspended or is being settled."""
    part = other_payment(recovery, step)
    return part is None or (grant_pays(part, step) and not_being_settled(part, step))


def insolvency_right(note: InsolvencyNote, step: Step) -> bool:
    """Say what was pronounced, since which day (today at the latest), who the trustee is, and its number in the register."""
    since = step.data.get("since")
    named = all(step.data.get(name, "").strip() for name in ("kind", "trustee", "register_number"))
    return named and since is not None and since <= amsterdam_day(step.at)


def insolvency_new(note: InsolvencyNote, step: Step) -> bool:
    """The insolvency of this party is noted already."""
    return not InsolvencyNote.objects.of(note.application).exists()
