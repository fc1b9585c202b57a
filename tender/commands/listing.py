"""The list for the board: every decision that waits for it, frozen together as it is now."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tender.canonical import digest, plain
from tender.enums import GIVES, DecisionState, Role
from tender.models import BoardList, Decision, Wording

if TYPE_CHECKING:
    from datetime import datetime

    from tender.models import Stage, User
    from tender.step import Facts


def before_the_board(stage: Stage) -> list[Decision]:
    """The decisions of a stage whose turn is the board's, by rank and then by reference."""
    found = list(stage.decisions.filter(state=DecisionState.IN_CHECK).select_related("application"))
    texts = Wording.objects.in_force_by_place({stage.call.version.scheme_id})
    for decision in found:
        decision.stage, decision.known_wordings = stage, texts  # one parsed scheme, and one look at the texts, for all
    waiting = [decision for decision in found if decision.link == Role.BOARD]
    return sorted(waiting, key=lambda each: (each.facts.get("rank") or 10**9, str(each.facts.get("reference", "")), each.pk))


def draw_up(stage: Stage, *, by: User, at: datetime) -> Facts:
    """Lay before the board what waits for it. The same decisions, saying the same, are the same list."""
    decisions = before_the_board(stage)
    rows = {str(each.pk): each.seen_sha256 for each in decisions}
    facts = plain(list_facts(stage, decisions))
    sha256 = digest({"rows": rows, "facts": facts})
    made, _new = BoardList.objects.get_or_create(
        stage=stage, sha256=sha256, language=by.language, defaults={"rows": rows, "facts": facts, "made_by": by, "made_at": at}
    )
    return {"list": made.pk, "sha256": sha256, "decisions": len(rows), "total": facts["total"]}


def list_facts(stage: Stage, decisions: list[Decision]) -> dict[str, Any]:
    """What the list says: the ceiling, what everything open in the round and what was given before takes of it, and a row per decision."""
    listed = [each.pk for each in decisions]
    gives = stage.decisions.filter(kind__in=GIVES)
    others = gives.exclude(pk__in=listed).exclude(state__in=[DecisionState.DISCARDED, DecisionState.SUPERSEDED])
    given = sum((amount for amount in others.values_list("amount", flat=True)), start=Decimal(0))
    total = sum((each.amount for each in decisions if each.kind in GIVES), start=Decimal(0))
    return {"ceiling": stage.ceiling, "total": total, "others": given, "rows": [row_of(each) for each in decisions]}


def row_of(decision: Decision) -> dict[str, Any]:
    """One decision, from what was frozen of it."""
    said = decision.facts
    return {
        "rank": said.get("rank"), "reference": said.get("reference", ""), "title": said.get("title", ""),
        "applicant": said.get("applicant", ""), "score": said.get("score"), "kind": decision.kind, "ground": decision.ground,
        "amount": decision.amount, "departure": decision.departure, "advised": decision.advised, "seen": decision.seen_sha256,
    }  # fmt: skip
