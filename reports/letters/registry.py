"""Every kind of letter by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reports.letters import (
    award,
    cancellation,
    completion,
    correction,
    intent,
    invitation,
    nomination,
    objection_completion,
    objection_decided,
    objection_received,
    penalty,
    postponement,
    receipt,
    refusal_ceiling,
    refusal_condition,
    refusal_minimum,
    refusal_rank,
    refusal_receipt_order,
    report_due,
    reserve,
    set_aside,
    settlement,
)

if TYPE_CHECKING:
    from reports.letters.document import Kind

KINDS: Final[dict[str, Kind]] = {
    module.KIND.name: module.KIND
    for module in (
        receipt,
        completion,
        set_aside,
        invitation,
        nomination,
        award,
        reserve,
        refusal_rank,
        refusal_minimum,
        refusal_ceiling,
        refusal_receipt_order,
        refusal_condition,
        settlement,
        cancellation,
        report_due,
        intent,
        postponement,
        penalty,
        objection_received,
        objection_completion,
        objection_decided,
        correction,
    )
}
