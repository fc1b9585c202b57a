"""On which grounds a grant may be settled lower, withdrawn or changed, and on which article each rests. Pure.

Awb 4:46, second paragraph (lower settlement); 4:48 (before settlement); 4:50 (before settlement, with a reasonable term); 4:49 (after it).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tender.enums import DecisionKind
from tender.enums import GrantGround as G

if TYPE_CHECKING:
    from tender.models import Grant

SETTLING = {G.NOT_DONE: "4:46(2)(a)", G.DUTY: "4:46(2)(b)", G.WRONG_DATA: "4:46(2)(c)", G.WRONG_AWARD: "4:46(2)(d)"}
BEFORE = {
    G.NOT_DONE: "4:48(1)(a)", G.DUTY: "4:48(1)(b)", G.WRONG_DATA: "4:48(1)(c)", G.WRONG_AWARD: "4:48(1)(d)", G.BUDGET: "4:48(1)(e)",
}  # fmt: skip
WITH_A_TERM = {G.MISTAKE: "4:50(1)(a)", G.CHANGED: "4:50(1)(b)"}
"""Nobody is to blame: only for the time to come, with a reasonable term, and with compensation of the damage (4:50, second paragraph)."""
AFTER = {G.LATER_FACTS: "4:49(1)(a)", G.WRONG_SETTLING: "4:49(1)(b)", G.LATER_DUTY: "4:49(1)(c)"}
REASONABLE_WEEKS = 13
"""How long the term of 4:50 and 4:51 is here at least: a choice of ours, the law says "reasonable"."""
YEARS = 5
"""For how long a settlement can still be withdrawn or changed (4:49, third paragraph)."""


def grounds_of(kind: str, *, settled: bool) -> dict[G, str]:
    """The grounds for a decision of ``kind`` on a grant that is settled or not, each with its article."""
    if kind == DecisionKind.SETTLE:
        return SETTLING
    if settled:
        return AFTER
    return BEFORE if kind == DecisionKind.WITHDRAW else {**BEFORE, **WITH_A_TERM}


def article_of(kind: str, ground: str) -> str:
    """The article a ground rests on; empty for one that does not fit."""
    found = {**(SETTLING if kind == DecisionKind.SETTLE else {**BEFORE, **WITH_A_TERM, **AFTER})}
    return found.get(ground, "")  # type: ignore[call-overload, no-any-return]


def is_settled(grant: Grant) -> bool:
    """Whether its settlement was made known: then only article 4:49 is left."""
    return grant.settled_amount is not None
