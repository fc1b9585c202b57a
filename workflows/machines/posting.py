from __future__ import annotations

from typing import TYPE_CHECKING

from tender.canonical import digest
from tender.enums import NOTHING
from tender.enums import CorrectionState as C
from tender.enums import PaperState as P
from tender.enums import RouteState as R
from tender.enums import TrustState as T
from tender.rules import any_of, is_clock, is_signer, reason_given
from workflows.machines.arrow import DossierMachine, arrow
from workflows.models.posting import AddressTrust, Correction, PaperPost, PostRoute
from workflows.rules.people import is_officer, is_signatory
from workflows.rules.posting import (
    address_fits,
    address_known,
    correction_as_seen,
    is_post_of_dossier,
    mail_came_back,
    not_asked_before,
    not_on_paper_yet,
    party_has_it,
    postal_lines,
    posted_by_then,
    route_differs,
    says_what_is_right,
    signed_by_another,
    standing_route,
    term_chosen,
)

if TYPE_CHECKING:
    from tender.step import Facts, Step


class CorrectionMachine(DossierMachine, Correction):
    """A letter that mends another letter."""

    noun = "correction"
    along = ("application__stage__call__version", "letter__event", "letter__decision")

    class Meta:
        proxy = True

    @arrow(source=NOTHING, target=C.ASKED, who=is_officer, when=[party_has_it, says_what_is_right, not_asked_before])
    def ask(self, step: Step) -> Facts:
        """Ask for a letter that mends one which the party has; that one stays as it is."""
        self.reason, self.text = step.data["reason"].strip(), step.data["text"].strip()
        self.asked_by, self.asked_at = step.actor, step.at
        return {"letter": self.letter.sha256, "says_sha256": digest([self.reason, self.text])}

    @arrow(source=C.ASKED, target=C.SIGNED, who=is_signatory, when=[signed_by_another, correction_as_seen, term_chosen],
           writes=["term", "signed_by", "signed_at"])  # fmt: skip
    def sign(self, step: Step) -> Facts:
        """Sign the letter that mends the other; it is printed from what was signed, and goes to the party."""
        self.term, self.signed_by, self.signed_at = step.data.get("term", ""), step.actor, step.at
        return {
            "letter": self.letter_id, "letter_sha256": self.letter.sha256, "reason": self.reason, "text": self.text, "term": self.term,
        }  # fmt: skip

    @arrow(source=C.ASKED, target=C.DECLINED, who=is_signatory, when=[reason_given])
    def decline(self, step: Step) -> Facts:
        """Do not sign it, and say why."""
        return {"reason": step.data["reason"]}

    @arrow(source=C.ASKED, target=C.DROPPED, who=is_officer)
    def drop(self, step: Step) -> Facts:
        """The letter needs no mending after all, or in other words."""
        return {}


class PostRouteMachine(DossierMachine, PostRoute):
    """How a party gets its post, and where."""

    noun = "route"
    along = ("application__stage__call__version", "application__organisation")

    class Meta:
        proxy = True

    @arrow(source=NOTHING, target=R.CHOSEN, who=any_of(is_signer, is_officer), when=[address_fits, route_differs])
    def choose(self, step: Step) -> Facts:
        """Choose whether letters also go on paper, and to which address; the trail holds a fingerprint of the address."""
        before = standing_route(self.application)
        self.on_paper = bool(step.data.get("on_paper"))
        self.since = before.since if before is not None and before.on_paper == self.on_paper else step.at
        self.address = "\n".join(line.strip() for line in step.data.get("address", "").splitlines() if line.strip())
        self.by, self.at = step.actor, step.at
        return {"on_paper": self.on_paper, "sha256": digest(self.address)}

    @arrow(source=R.CHOSEN, target=R.REPLACED, who=is_clock)
    def replace(self, step: Step) -> Facts:
        """Something else was chosen."""
        return {}


class PaperPostMachine(DossierMachine, PaperPost):
    """Something that went by post."""

    noun = "paper"
    along = ("application__stage__call__version", "application__organisation", "event", "letter")

    class Meta:
        proxy = True

    @arrow(source=NOTHING, target=P.SENT, who=is_officer, when=[is_post_of_dossier, not_on_paper_yet, address_known, posted_by_then])
    def send(self, step: Step) -> Facts:
        """Note that something was sent on paper, and on which day."""
        self.address, self.posted_on = "\n".join(postal_lines(self.application)), step.data["posted_on"]
        self.by, self.at = step.actor, step.at
        sha256 = self.letter.sha256 if self.letter is not None else ""
        return {"event": self.event_id, "letter": sha256, "posted_on": self.posted_on, "address_sha256": digest(self.address)}

    @arrow(source=P.SENT, target=P.UNDONE, who=is_officer, when=[reason_given])
    def undo(self, step: Step) -> Facts:
        """It did not go by post after all: it waits again."""
        return {"event": self.event_id, "reason": step.data["reason"]}


class AddressTrustMachine(DossierMachine, AddressTrust):
    """An address that works again, as the house was told."""

    noun = "trust"
    along = ("application__stage__call__version", "user")

    class Meta:
        proxy = True

    @arrow(source=NOTHING, target=T.NOTED, who=is_officer, when=[reason_given, mail_came_back])
    def note(self, step: Step) -> Facts:
        """Note that somebody's address works again, and how we know; what came back goes out anew."""
        self.reason, self.by, self.at = step.data["reason"], step.actor, step.at
        return {"user": self.user_id, "reason": self.reason}
