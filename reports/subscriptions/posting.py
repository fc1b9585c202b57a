"""What follows from the house noting that somebody's address works again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.commands.preferring import trust_address
from tender.models import User
from workflows.outbox import on

if TYPE_CHECKING:
    from workflows.models import Event


@on("trust.note")
def send_again(event: Event) -> None:
    """What came back goes out anew."""
    trust_address(user=User.objects.get(pk=event.data["user"]), at=event.at)
