"""How far a batch is: the letters of what was signed, and who was told of what was published. As many queries for ten as for a thousand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from tender.enums import DecisionState
from tender.models import Decision
from workflows import outbox
from workflows.models import Event, Letter, Notification, Outbox

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet
    from django.utils.functional import Promise

    from tender.models import Stage, User

LATELY = timedelta(hours=48)
"""How long after publication the bar of who was told is shown; what is late then stands in the list of mail that did not arrive."""
PRINTS = "reports.subscriptions.letter_of_decision"
"""The handler that makes the letter of a signature."""
FAILED: list[tuple[tuple[str, ...], str | Promise]] = [
    (("LetterFault", "KeyError", "TypeError"), _("the letter cannot be made from what the decision and the scheme say")),
    (("SealFault",), _("the certificate that letters are sealed with does not hold now; ask your administrator to replace it")),
    (("OSError", "PermissionError", "FileNotFoundError", "ClientError", "S3"), _("the file could not be stored")),
    (("OperationalError", "InterfaceError"), _("the database did not answer")),
    (("MemoryError", "SoftTimeLimit", "TimeLimit"), _("it took too long, or too much memory")),
    (("",), _("making it failed")),
]
"""By how the name of the failure begins."""


@dataclass(frozen=True, slots=True)
class Bar:
    """So many of so many."""

    done: int
    total: int

    @property
    def finished(self) -> bool:
        """Whether nothing waits."""
        return self.done >= self.total


@dataclass(frozen=True, slots=True)
class Failing:
    """A letter that could not be made: of which decision, why, and how often it was tried."""

    reference: str
    decision: int
    why: str
    kind: str
    attempts: int


def printed(stage: Stage) -> Bar:
    """Of the signed decisions of a round, how many have the letter of the signature that stands."""
    signed = stage.decisions.filter(state=DecisionState.SIGNED)
    letter = Letter.objects.filter(decision=OuterRef("pk"), event__kind="decision.sign", event__at=OuterRef("signed_at"))
    return Bar(signed.filter(Exists(letter)).count(), signed.count())


def told(stage: Stage, at: datetime) -> Bar:
    """Of the decisions that were published lately, of how many somebody was sent mail, or is known not to be reached by it."""
    published = Event.objects.filter(noun="decision", kind="decision.publish", key__in=stage.decisions.values("pk"), at__gt=at - LATELY)
    mails = Notification.objects.filter(event=OuterRef("pk"))
    over = mails.exclude(sent_at=None, bounce="")
    return Bar(published.filter(Exists(over)).count(), published.filter(Exists(mails) | waits()).count())


def waits() -> Exists:
    """Whether something that follows from an event is not done yet."""
    return Exists(Outbox.objects.filter(event=OuterRef("pk"), done_at=None))


def rows_failing(stage: Stage) -> QuerySet[Outbox]:
    """What failed, and was not done since, of the signatures of a round that stand."""
    standing = stage.decisions.filter(state=DecisionState.SIGNED, pk=OuterRef("event__key"), signed_at=OuterRef("event__at"))
    found = Outbox.objects.filter(handler=PRINTS, event__noun="decision", event__kind="decision.sign", done_at=None).exclude(error="")
    return found.filter(Exists(standing)).select_related("event").order_by("event__at", "pk")


def failing(stage: Stage, user: User) -> list[Failing]:
    """The letters of a round that could not be made, of decisions this person may see."""
    rows = list(rows_failing(stage))
    decisions: dict[int, Decision] = {
        each.pk: each
        for each in Decision.objects.visible_to(user).filter(pk__in=[row.event.key for row in rows]).select_related("application")
    }
    return [
        Failing(decisions[row.event.key].application.reference, row.event.key, str(words_of(row.error)), row.error, row.attempts)
        for row in rows
        if row.event.key in decisions
    ]


def words_of(error: str) -> str | Promise:
    """Why, in words."""
    return next(words for beginnings, words in FAILED if error.startswith(beginnings))


def try_again(stage: Stage) -> int:
    """Hand what failed to the workers again, at once; returns how many. What was done meanwhile does nothing."""
    rows = list(rows_failing(stage).values_list("pk", flat=True))
    for pk in rows:
        outbox.send(pk)
    return len(rows)
