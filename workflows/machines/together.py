from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tender.canonical import digest
from tender.enums import NOTHING
from tender.enums import ConsentState as C
from tender.enums import InvitationState as I
from tender.enums import JoiningState as J
from tender.models import Consent, Invitation, Joining
from tender.rules import any_of, is_clock
from tender.together import link_hash, link_token
from workflows.machines.arrow import DossierMachine, Machine, arrow
from workflows.rules.together import (
    a_signer_stays,
    address_is_theirs,
    answered_in_time,
    answers_by_name,
    asks_consent,
    asks_few,
    comes_first,
    gives_no_more,
    goes_on,
    is_invited,
    is_named,
    is_oneself,
    judges_not_here,
    known_part,
    lets_in,
    link_holds,
    named_in,
    not_a_member_yet,
    not_consented_yet,
    not_of_the_house,
    not_there_yet,
    not_too_many,
    shown_as_it_is,
    writes_or_signs,
)

if TYPE_CHECKING:
    from tender.step import Facts, Step

LASTS = timedelta(days=30)
"""How long a link in a mail can be used."""


def new_link(step: Step) -> tuple[str, datetime]:
    """What is kept of the link that this event sends, and until when it can be used."""
    return link_hash(link_token(step.event_id)), step.at + LASTS


class InvitationMachine(DossierMachine, Invitation):
    """Somebody who is asked by mail to take part in a dossier."""

    noun = "invitation"

    class Meta:
        proxy = True

    @arrow(source=NOTHING, target=I.INVITED, who=writes_or_signs, when=[goes_on, gives_no_more, not_there_yet, not_too_many])
    def invite(self, step: Step) -> Facts:
        """Ask somebody by mail to take part in the dossier."""
        return self._send(step)

    @arrow(
        source=I.INVITED,
        target=I.INVITED,
        who=writes_or_signs,
        when=[goes_on, gives_no_more, not_too_many],
        writes=["by", "at", "token_sha256", "until", "undelivered_at"],
    )
    def invite_again(self, step: Step) -> Facts:
        """Send the invitation again; the link of the earlier mail no longer works."""
        return self._send(step)

    def _send(self, step: Step) -> Facts:
        self.by, self.at, self.undelivered_at = step.actor, step.at, None
        self.token_sha256, self.until = new_link(step)
        return {**self._told(), "until": self.until}

    def _told(self) -> Facts:
        """The trail holds a fingerprint of the address: who is invited may have no part here, and their address stays on the row."""
        return {"email_sha256": digest(self.email), "part": self.part}

    @arrow(source=I.INVITED, target=I.ACCEPTED, who=is_invited, when=[goes_on, answered_in_time, not_of_the_house, judges_not_here],
           writes=["token_sha256", "answered_by", "answered_at"])  # fmt: skip
    def accept(self, step: Step) -> Facts:
        """Take part in the dossier."""
        self.token_sha256, self.answered_by, self.answered_at = "", step.actor, step.at
        return self._told()

    @arrow(source=I.INVITED, target=I.DECLINED, who=is_invited, writes=["token_sha256", "answered_by", "answered_at"])
    def decline(self, step: Step) -> Facts:
        """Not take part in the dossier."""
        self.token_sha256, self.answered_by, self.answered_at = "", step.actor, step.at
        return self._told()

    @arrow(source=I.INVITED, target=I.WITHDRAWN, who=any_of(writes_or_signs, is_clock), writes=["token_sha256", "answered_at"])
    def take_back(self, step: Step) -> Facts:
        """Take the invitation back: its link no longer works."""
        self.token_sha256, self.answered_at = "", step.at
        return self._told()


class ConsentMachine(DossierMachine, Consent):
    """A partner that is asked to consent to what it is named for. It answers by the link alone, so the clock notes it for them."""

    noun = "consent"

    class Meta:
        proxy = True

    @arrow(source=NOTHING, target=C.ASKED, who=writes_or_signs, when=[asks_consent, is_named, address_is_theirs, not_too_many])
    def ask(self, step: Step) -> Facts:
        """Ask a partner by mail to consent to what it is named for."""
        return self._ask(step)

    @arrow(source=[C.ASKED, C.GIVEN, C.DECLINED], target=C.ASKED, who=writes_or_signs,
           when=[asks_consent, is_named, address_is_theirs, not_consented_yet, not_too_many],
           writes=["name", "email", "asked_by", "asked_at", "until", "token_sha256", "sha256", "answered_at", "answered_by",
                   "reason", "undelivered_at"])  # fmt: skip
    def ask_again(self, step: Step) -> Facts:
        """Ask a partner again, at the same address or at another; the link of the earlier mail no longer works."""
        self.sha256, self.answered_at, self.answered_by, self.reason = "", None, "", ""
        return self._ask(step)

    def _ask(self, step: Step) -> Facts:
        named = named_in(self)
        self.name = named.name if named is not None else self.name
        self.email, self.asked_by, self.asked_at = step.data.get("email", self.email), step.actor, step.at
        self.token_sha256, self.until = new_link(step)
        self.undelivered_at = None
        return {**self._told(), "until": self.until}

    def _told(self) -> Facts:
        """The trail holds which partner, and a fingerprint of the address; who answered, and why, stays on the row."""
        return {"partner": digest(self.partner), "email_sha256": digest(self.email)}

    @arrow(source=C.ASKED, target=C.GIVEN, who=is_clock, when=[link_holds, shown_as_it_is, answers_by_name],
           writes=["token_sha256", "sha256", "answered_at", "answered_by"])  # fmt: skip
    def give(self, step: Step) -> Facts:
        """The partner consents, by its link, to exactly what was shown."""
        self.token_sha256, self.sha256 = "", step.data["seen"]
        self.answered_at, self.answered_by = step.at, step.data["by_name"]
        return {**self._told(), "shown_sha256": self.sha256}

    @arrow(source=C.ASKED, target=C.DECLINED, who=is_clock, when=[link_holds, answers_by_name],
           writes=["token_sha256", "answered_at", "answered_by", "reason"])  # fmt: skip
    def decline(self, step: Step) -> Facts:
        """The partner does not consent, by its link."""
        self.token_sha256, self.answered_at, self.answered_by = "", step.at, step.data["by_name"]
        self.reason = step.data.get("reason", "")
        return self._told()


class JoiningMachine(Machine, Joining):
    """Somebody who wants to act for an organisation."""

    noun = "joining"
    above = ("organisation",)
    above_new = ("organisation",)
    along = ("organisation", "user")

    class Meta:
        proxy = True

    @property
    def chain(self) -> str:
        """The organisation."""
        return f"organisation:{self.organisation_id}"

    @arrow(source=NOTHING, target=J.LET_IN, who=is_oneself, when=[comes_first, not_of_the_house])
    def found(self, step: Step) -> Facts:
        """Act for an organisation that nobody here acted for before."""
        self.at = self.answered_at = step.at
        self.answered_by = step.actor
        return {"user": self.user_id, "part": self.part, "kvk": self.organisation.kvk}

    @arrow(source=NOTHING, target=J.ASKED, who=is_oneself, when=[not_a_member_yet, not_of_the_house, judges_not_here, known_part, asks_few])
    def ask(self, step: Step) -> Facts:
        """Ask to be let in to an organisation that others act for."""
        self.at = step.at
        return {"user": self.user_id, "part": self.part}

    @arrow(source=J.ASKED, target=J.LET_IN, who=lets_in, when=[known_part, not_of_the_house, judges_not_here],
           writes=["part", "answered_by", "answered_at"])  # fmt: skip
    def let_in(self, step: Step) -> Facts:
        """Let somebody act for the organisation, in calls from now on."""
        self.part = step.data.get("part", self.part)
        self.answered_by, self.answered_at = step.actor, step.at
        return {"user": self.user_id, "part": self.part, "called": step.data.get("called", "")}

    @arrow(source=J.ASKED, target=J.DECLINED, who=lets_in, writes=["answered_by", "answered_at"])
    def decline(self, step: Step) -> Facts:
        """Not let somebody act for the organisation."""
        self.answered_by, self.answered_at = step.actor, step.at
        return {"user": self.user_id}

    @arrow(source=J.ASKED, target=J.WITHDRAWN, who=is_oneself, writes=["answered_at"])
    def take_back(self, step: Step) -> Facts:
        """Take back that one asked to be let in."""
        self.answered_at = step.at
        return {"user": self.user_id}

    @arrow(source=J.LET_IN, target=J.ENDED, who=any_of(is_oneself, lets_in), when=[a_signer_stays], writes=["answered_by", "answered_at"])
    def end(self, step: Step) -> Facts:
        """End what somebody may do for the organisation; their parts in its dossiers stay, and are ended there."""
        self.answered_by, self.answered_at = step.actor, step.at
        return {"user": self.user_id, "part": self.part}
