from __future__ import annotations

from typing import TYPE_CHECKING

from tender.calendar import amsterdam_day
from tender.enums import NOTHING
from tender.enums import AidNoteState as N
from tender.enums import LinkState as L
from tender.models import AidNote, Organisation, Undertaking, UndertakingLink
from tender.rules import dossier_of, reason_given
from tender.undertakings import lock_party, party_of
from workflows.machines.arrow import Machine, arrow
from workflows.rules import aid_is_right, ends_in_order, linked_by_today, minds_aid, not_linked_yet

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from tender.models import User
    from tender.step import Facts, Step


def lock_applicant(case: Any, at: datetime) -> None:
    """Lock the undertaking of who applies, so that two of its parties are not decided on at the same moment."""
    application: Any = dossier_of(case)
    lock_party(party_of(application), amsterdam_day(at))


def lock_named(case: UndertakingLink | AidNote, at: datetime) -> None:
    """Lock the party that a row names, and its undertaking."""
    lock_party(case.party, amsterdam_day(at))


def lock_link(link: UndertakingLink, at: datetime) -> None:
    """Lock the party, and the undertaking that it comes to or goes from; in the order of everybody else."""
    lock_named(link, at)
    list(Undertaking.objects.select_for_update(no_key=True).filter(pk=link.undertaking_id).values_list("pk"))


def chain_of(party: Organisation | User) -> str:
    """The chain of what is noted of a party, in no dossier."""
    return f"{'organisation' if isinstance(party, Organisation) else 'person'}:{party.pk}"


def as_facts(party: Organisation | User) -> Facts:
    """A party, in the trail."""
    return {"organisation" if isinstance(party, Organisation) else "person": party.pk}


class LinkMachine(Machine, UndertakingLink):
    """That a party belongs to a single undertaking."""

    noun = "link"
    lastly = {"link": lock_link, "end": lock_link}

    class Meta:
        proxy = True

    @property
    def chain(self) -> str:
        """The undertaking."""
        return f"undertaking:{self.undertaking_id}"

    @arrow(source=NOTHING, target=L.LINKED, who=minds_aid, when=[reason_given, linked_by_today, not_linked_yet])
    def link(self, step: Step) -> Facts:
        """Count this party as one with the others of the undertaking, for state aid."""
        self.reason, self.noted_by, self.noted_at = step.data["reason"], step.actor, step.at
        stated = self.stated_in.reference if self.stated_in else ""
        return {**as_facts(self.party), "since": self.since, "stated_in": stated, "reason": self.reason}

    @arrow(source=L.LINKED, target=L.ENDED, who=minds_aid, when=[reason_given, ends_in_order], writes=["until"])
    def end(self, step: Step) -> Facts:
        """Count this party on its own again, from the day after."""
        self.until = step.data["until"]
        return {**as_facts(self.party), "until": self.until, "reason": step.data["reason"]}


class AidNoteMachine(Machine, AidNote):
    """De minimis aid that a party had of another body."""

    noun = "aid_note"
    lastly = {"note": lock_named, "strike": lock_named}

    class Meta:
        proxy = True

    @property
    def chain(self) -> str:
        """Who had it."""
        return chain_of(self.party)

    @arrow(source=NOTHING, target=N.NOTED, who=minds_aid, when=[reason_given, aid_is_right])
    def note(self, step: Step) -> Facts:
        """Note de minimis aid of another body; it counts from now on."""
        self.reason, self.noted_by, self.noted_at = step.data["reason"], step.actor, step.at
        return {"body": self.body, "amount": self.amount, "granted_on": self.granted_on, "reason": self.reason}

    @arrow(source=N.NOTED, target=N.STRUCK, who=minds_aid, when=[reason_given])
    def strike(self, step: Step) -> Facts:
        """Strike out what was noted by mistake; it counts no more."""
        return {"reason": step.data["reason"]}
