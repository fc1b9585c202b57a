"""Where every euro is, told by the trail alone: the balances rebuilt from what the events say they moved. Pure: no database."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID


@dataclass(frozen=True, slots=True, order=True)
class Pot:
    """One pot of the ledger: of a stage, a source and a budget year."""

    stage: int
    source: str
    year: int
    kind: str

    def __str__(self) -> str:
        return f"{self.stage}:{self.kind}:{self.source}:{self.year}"


Balances = dict[Pot, int]
"""What each pot holds, in cents."""


def in_cents(amount: Any) -> int:
    """An amount of euros, a number or as the trail writes it, in cents."""
    return int(Decimal(amount).scaleb(2))


def moves_of(facts: Mapping[str, Any]) -> list[tuple[Pot, int]]:
    """What one event says it moved: into (plus) or out of (minus) which pots, in cents."""
    return [(Pot(line["stage"], line["source"], line["year"], line["pot"]), in_cents(line["amount"])) for line in facts.get("moved", [])]


def replay(trail: Iterable[Mapping[str, Any]]) -> Balances:
    """What every pot holds after the events whose facts are ``trail``, in cents; pots that hold nothing are left out."""
    found: Balances = {}
    for facts in trail:
        for pot, amount in moves_of(facts):
            found[pot] = found.get(pot, 0) + amount
    return {pot: amount for pot, amount in found.items() if amount}


def differences(told: Iterable[tuple[UUID, Mapping[str, Any]]], written: Iterable[tuple[UUID, Pot, int]]) -> list[tuple[UUID, Pot, int]]:
    """Where the ledger says something else than the trail: event, pot, and how many cents the ledger has there more than its event told.

    ``told``: the events with their facts; ``written``: the lines of the ledger with the event that each names.
    """
    more: dict[tuple[UUID, Pot], int] = {}
    for event, pot, amount in written:
        more[event, pot] = more.get((event, pot), 0) + amount
    for event, facts in told:
        for pot, amount in moves_of(facts):
            more[event, pot] = more.get((event, pot), 0) - amount
    return sorted((event, pot, amount) for (event, pot), amount in more.items() if amount)
