"""Writing the text of a letter: in the draft there is, or in a new one; and what gives way when a text is put in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tender.enums import WordingState
from tender.models import Scheme, Wording
from workflows.commands.door import cascade, create, perform
from workflows.commands.rounds import by_clock
from workflows.models import WordingMachine

if TYPE_CHECKING:
    from datetime import datetime

    from tender.models import User
    from tender.models.wording import Place
    from tender.step import Step


def write_wording(*, place: Place, actor: User, at: datetime, **said: Any) -> Wording:
    """Keep what was typed (parts, ``reason``, ``seen``: the hash of what the writer saw). Raises what `perform` raises."""
    draft = Wording.objects.at(place).filter(state=WordingState.DRAFTED).first()
    if draft is None:
        of = {**place._asdict(), "scheme": Scheme.objects.get(pk=place.scheme_id)}
        return create(WordingMachine, "write", of=of, actor=actor, at=at, **said)  # type: ignore[no-any-return]
    perform(WordingMachine, "rewrite", pk=draft.pk, actor=actor, at=at, **said)
    return Wording.objects.get(pk=draft.pk)


@cascade("wording.adopt")
def give_way_to_the_new(wording: Any, step: Step) -> None:
    """What was in force until now is not any more: made after the new one moved, so nobody finds a moment without a text."""
    for pk in Wording.objects.at(wording.place).in_force().exclude(pk=wording.pk).values_list("pk", flat=True):
        by_clock(WordingMachine, "give_way", pk, step, by=wording.pk)
