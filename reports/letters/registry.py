"""Every kind of letter by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reports.letters import (
    advance,
    award,
    cancellation,
    completion,
    correction,
    default_noted,
    intent,
    invitation,
    nomination,
    objection_completion,
    objection_decided,
    objection_received,
    penalty,
    postponement,
    receipt,
    recovery,
    refusal_ceiling,
    refusal_condition,
    refusal_minimum,
    refusal_rank,
    refusal_receipt_order,
    report_due,
    report_judged,
    reserve,
    resumption,
    set_aside,
    settlement,
    suspension,
    withdrawal,
    withdrawn,
)

if TYPE_CHECKING:
    from reports.letters.document import Kind

KINDS: Final[dict[str, Kind]] = {
    kind.name: kind
    for kind in (
        receipt.KIND,
        completion.KIND,
        set_aside.KIND,
        invitation.KIND,
        nomination.KIND,
        award.KIND,
        reserve.KIND,
        refusal_rank.KIND,
        refusal_minimum.KIND,
        refusal_ceiling.KIND,
        refusal_receipt_order.KIND,
        refusal_condition.KIND,
        settlement.KIND,
        cancellation.KIND,
        report_due.KIND,
        intent.KIND,
        postponement.KIND,
        withdrawn.KIND,
        default_noted.KIND,
        advance.KIND,
        suspension.KIND,
        resumption.KIND,
        report_judged.APPROVED,
        report_judged.RETURNED,
        report_judged.REJECTED,
        penalty.KIND,
        objection_received.KIND,
        objection_completion.KIND,
        objection_decided.KIND,
        correction.KIND,
        withdrawal.KIND,
        recovery.CLAIM,
        recovery.REMINDER,
        recovery.CHANGE,
    )
}
