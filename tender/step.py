"""The moment of one arrow: what every rule may look at beside the case."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from tender.canonical import digest

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tender.models import User

Facts = dict[str, Any]
"""What an arrow writes into its event, beside who, when and the states."""


@dataclass(frozen=True, slots=True)
class Hand:
    """Someone took part before: which arrow, and as which link of a chain (empty outside chains)."""

    actor_id: int
    arrow: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """A standing request for an arrow that two people must take: by whom, and for exactly which data."""

    actor_id: int
    data_hash: str


@dataclass(frozen=True, slots=True)
class Step:
    """Who takes an arrow, when, with what; who had a hand in the case before; and who asked for it."""

    actor: User
    at: datetime
    data: dict[str, Any] = field(default_factory=dict)
    hands: frozenset[Hand] = frozenset()
    asked: Ask | None = None
    event_id: UUID = field(default_factory=uuid4)
    known: dict[Any, Any] | None = None
    """What was looked up at once for many cases that are only foreseen; none at the door, where everything is looked up anew."""

    def recall(self, key: Any, find: Callable[[], Any]) -> Any:
        """What ``find`` finds: looked up anew at the door, and once for all cases that are foreseen together."""
        if self.known is None:
            return find()
        if key not in self.known:
            self.known[key] = find()
        return self.known[key]

    def role_among(self, *roles: str) -> str:
        """The first of these roles that the actor has now: in which they take this step, and sign what is written of it; empty if none."""
        return next((str(role) for role in roles if self.actor.has_role(role)), "")

    @property
    def data_hash(self) -> str:
        """The hash of the data: what an ask and its answer must agree on."""
        return digest(self.data)
