from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db import models

from tender.canonical import digest, plain
from tender.models import User
from tender.step import Ask, Hand

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from tender.step import Facts, Step
    from workflows.machines.arrow import Machine


class EventQuerySet(models.QuerySet["Event"]):
    """The trail."""

    def about(self, case: Machine) -> Self:
        """What happened to one case, oldest first."""
        return self.filter(noun=case.noun, key=case.pk).order_by("seq")

    def hands_on(self, case: Machine) -> frozenset[Hand]:
        """Who took which arrow on this case before, as which link of a chain."""
        rows = self.about(case).values_list("actor_id", "kind", "data__link")
        return frozenset(Hand(actor, kind.split(".")[1], link or "") for actor, kind, link in rows)

    def hands_on_each(self, cases: Sequence[Machine]) -> dict[int, frozenset[Hand]]:
        """`hands_on` for many cases of one machine, by key: one query."""
        found: dict[int, set[Hand]] = {}
        if cases:
            rows = self.filter(noun=cases[0].noun, key__in=[case.pk for case in cases]).order_by("key", "seq")
            for key, actor, kind, link in rows.values_list("key", "actor_id", "kind", "data__link"):
                found.setdefault(key, set()).add(Hand(actor, kind.split(".")[1], link or ""))
        return {key: frozenset(hands) for key, hands in found.items()}

    def standing_ask(self, case: Machine, name: str) -> Ask | None:
        """The request for arrow ``name`` that has not been answered, refused or withdrawn yet."""
        kinds = [f"{case.noun}.{prefix}{name}" for prefix in ("ask_", "", "unask_")]
        last = self.about(case).filter(kind__in=kinds).last()
        if last is None or last.kind != kinds[0]:
            return None
        return Ask(last.actor_id, last.data["asked_sha256"])

    def record(self, case: Machine, name: str, step: Step, *, before: str, facts: Facts) -> Event:
        """Write the next line of the case's chain. The caller holds the lock of the chain's root row."""
        chain = case.chain
        last = self.filter(chain=chain).order_by("-seq").values_list("seq", "hash").first()
        seq, previous = last or (0, "")
        event = Event(
            id=step.event_id,
            chain=chain,
            seq=seq + 1,
            previous=previous,
            noun=case.noun,
            key=case.pk,
            kind=f"{case.noun}.{name}",
            actor=step.actor,
            at=step.at,
            before=before,
            after=case.state,
            data=plain(facts),
        )
        event.hash = digest(event.content())
        event.save(force_insert=True)
        return event


class Event(models.Model):
    """One line of the audit trail: written once, chained to the line before it in its dossier or call."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    chain = models.CharField(max_length=60)
    seq = models.PositiveIntegerField()
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    noun = models.CharField(max_length=20)
    key = models.BigIntegerField()
    kind = models.CharField(max_length=60)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    before = models.CharField(max_length=20, blank=True)
    after = models.CharField(max_length=20)
    data = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["chain", "seq"]
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="event_seq_once")]
        indexes = [models.Index(fields=["noun", "key"]), models.Index(fields=["kind", "at"])]

    def __str__(self) -> str:
        return f"{self.chain} #{self.seq} {self.kind}"

    def content(self) -> dict[str, Any]:
        """What the hash is over: everything but the hash."""
        names = ("id", "chain", "seq", "previous", "noun", "key", "kind", "actor_id", "at", "before", "after", "data")
        return {name: getattr(self, name) for name in names}


class Outbox(models.Model):
    """One row per event and handler: a handler that fails does not repeat its neighbours."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="outbox")
    handler = models.CharField(max_length=120)
    queued_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    """The kind of the last failure and where, never its values."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "handler"], name="one_delivery_per_handler")]
        indexes = [models.Index(fields=["queued_at"], condition=models.Q(done_at=None), name="outbox_waiting")]

    def __str__(self) -> str:
        return f"{self.event_id} → {self.handler}"
