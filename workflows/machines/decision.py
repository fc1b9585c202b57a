from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from tender.calendar import amsterdam_day, objection_deadline
from tender.commands.deciding import announce, approve_link, depart_from_advice, keep_response, reserve_money, say_anew, void_approvals
from tender.enums import NOTHING, Account, DecisionKind
from tender.enums import DecisionState as S
from tender.models import Decision, LedgerEntry, Scheme
from tender.rules import any_of, is_clock, is_signer, reason_given
from tender.schemes.definition import Intake
from workflows.machines.aid import lock_applicant
from workflows.machines.arrow import DossierMachine, arrow
from workflows.rules import (
    agreed_as_it_is,
    amount_fits,
    award_gives,
    basis_in_force,
    board_list_as_it_is,
    board_list_there,
    ceiling_holds,
    departs,
    departure_explained,
    departure_fits,
    drops_unsigned,
    follows_ranking,
    ground_given,
    heard_first,
    hearing_fits,
    in_turn,
    is_officer,
    is_reader,
    is_signatory,
    keeps_amount,
    kind_fits,
    letter_ready,
    no_open_decision,
    objection_term_over,
    own_link,
    respond_in_time,
    respond_term_over,
    response_given,
    rests_on_advice,
    said_why,
    seen_as_it_is,
    set_aside_in_time,
    settles_within,
    within_state_aid,
)
from workflows.rules.objecting import brought_back, no_objection_open, ranked_since, signed_by_another
from workflows.rules.posting import mended_anew
from workflows.rules.state_aid import balance_for
from workflows.rules.taking import lowering_grounded, none_on_its_way, takes_less, term_is_reasonable

if TYPE_CHECKING:
    from datetime import datetime

    from tender.step import Facts, Step

RESPONSE = ["response", "responded_at", "responded_by"]
TAKING = [settles_within, takes_less, term_is_reasonable, none_on_its_way]
"""What must hold still when it is made known, of a decision on a grant that was given before."""
MONEY = [award_gives, amount_fits, ceiling_holds, in_turn, *TAKING, lowering_grounded, basis_in_force, within_state_aid]
HOLDS = [basis_in_force, within_state_aid, set_aside_in_time]
"""What must hold still on the day it is signed, and on the day the right arises."""


def after_this_link(decision: Decision, step: Step) -> str:  # noqa: ARG001
    """Approved once only the signatory is left; in check until then."""
    return S.APPROVED if decision.links_done >= len(decision.chain_of_links) - 1 else S.IN_CHECK


def aid_told(decision: Decision, step: Step) -> Facts:
    """What the letter says of state aid: as it was reckoned when the decision was signed. Nothing where none is given."""
    balance = balance_for(decision, step)
    return {"state_aid": asdict(balance)} if balance is not None else {}


def lock_text(decision: Decision, at: datetime) -> None:  # noqa: ARG001  as the door calls it
    """Lock what the texts of the letters hang on, so that nobody agrees with one while another is put in force."""
    list(Scheme.objects.select_for_update(no_key=True).filter(pk=decision.stage.call.version.scheme_id).values_list("pk"))


def lock_applicant_and_text(decision: Decision, at: datetime) -> None:
    """Both, in the order of everybody."""
    lock_applicant(decision, at)
    lock_text(decision, at)


def lock_applicant_and_money(decision: Decision, at: datetime) -> None:
    """Where applications wait in a queue, also the money: whose turn it is, and what is left, are read after everybody before us is done."""
    lock_applicant(decision, at)
    if decision.stage.rules.intake == Intake.CONTINUOUS:
        LedgerEntry.objects.hold(decision.stage)


class DecisionMachine(DossierMachine, Decision):
    """One decision, from the officer's desk to the party."""

    noun = "decision"
    along = ("application__stage", "stage__call__version", "supersedes")
    lastly = {
        **dict.fromkeys(("edit", "depart", "publish"), lock_applicant), "propose": lock_applicant_and_money, "sign": lock_applicant_and_text,
        **dict.fromkeys(("submit_for_check", "approve"), lock_text),
    }  # fmt: skip
    looks_back = True

    class Meta:
        proxy = True

    @arrow(source=NOTHING, target=S.DRAFTED, who=any_of(is_officer, is_clock),
           when=[no_open_decision, kind_fits, ranked_since, follows_ranking, ground_given, *MONEY])  # fmt: skip
    def propose(self, step: Step) -> Facts:
        """Draft a decision; what it gives is held back from the ceiling at once."""
        for name in ("kind", "ground", "amount", "facts", "reasons"):
            setattr(self, name, step.data.get(name, getattr(self, name)))
        reserve_money(self, event_id=step.event_id)
        founded = brought_back(self.application)
        self.supersedes = founded.decision if founded else None
        anew = {"instead_of": founded.decision_id, "objection": founded.pk} if founded else {}
        return {"kind": self.kind, "ground": self.ground, "amount": self.amount, "facts": self.facts, **anew}

    @arrow(source=S.DRAFTED, target=S.DRAFTED, who=is_officer, when=[*MONEY, keeps_amount],
           writes=["amount", "reserved", "reasons", "facts", "ground"])  # fmt: skip
    def edit(self, step: Step) -> Facts:
        """Change the amount or the reasons; earlier approvals fall."""
        before = {"amount": self.amount, "reasons": self.reasons}
        say_anew(self, step)
        reserve_money(self, event_id=step.event_id)
        return {"before": before, "amount": self.amount, "reasons": self.reasons}

    @arrow(source=S.DRAFTED, target=S.DRAFTED, who=is_officer,
           when=[rests_on_advice, departs, departure_explained, departure_fits, *MONEY],
           writes=["kind", "ground", "amount", "reserved", "facts"])  # fmt: skip
    def depart(self, step: Step) -> Facts:
        """Decide otherwise than the ranking or the verdict says, with reasons; chain, board and party read them."""
        return depart_from_advice(self, step)

    @arrow(source=S.DRAFTED, target=S.HEARING, who=is_officer, when=[hearing_fits, said_why],
           writes=["intent_at", "respond_until", "heard_amount", "heard_sha256", "facts", *RESPONSE])  # fmt: skip
    def announce_intent(self, step: Step) -> Facts:
        """Tell the party what we intend, with its ground, before we decide; it gets a term to respond."""
        return announce(self, at=step.at)

    @arrow(source=S.HEARING, target=S.DRAFTED, who=is_signer, when=[respond_in_time, response_given], writes=["facts", *RESPONSE])
    def respond(self, step: Step) -> Facts:
        """Respond to what we intend."""
        return keep_response(self, step.data["response"], by=step.actor, at=step.at)

    @arrow(source=S.HEARING, target=S.DRAFTED, who=is_officer, when=[respond_in_time, response_given], writes=["facts", *RESPONSE])
    def note_response(self, step: Step) -> Facts:
        """Write down what the party said by telephone or on paper."""
        return keep_response(self, step.data["response"], by=step.actor, at=step.at)

    @arrow(source=S.HEARING, target=S.DRAFTED, who=is_clock, when=[respond_term_over])
    def let_term_pass(self, step: Step) -> Facts:
        """The term for responding is over, and there was no response."""
        return {"until": self.respond_until}

    @arrow(source=S.DRAFTED, target=after_this_link, targets=[S.IN_CHECK, S.APPROVED], who=own_link, when=[seen_as_it_is, heard_first],
           writes=["links_done"])  # fmt: skip
    def submit_for_check(self, step: Step) -> Facts:
        """Hand the decision to the next link of the chain."""
        return approve_link(self, by=step.actor, at=step.at)

    @arrow(source=S.IN_CHECK, target=after_this_link, targets=[S.IN_CHECK, S.APPROVED], who=own_link,
           when=[seen_as_it_is, agreed_as_it_is, board_list_there, board_list_as_it_is], writes=["links_done"])  # fmt: skip
    def approve(self, step: Step) -> Facts:
        """Agree as this link of the chain, with exactly what was seen."""
        return approve_link(self, by=step.actor, at=step.at, board_list=step.data.get("board_list"))

    @arrow(source=S.APPROVED, target=S.SIGNED, who=own_link, when=[seen_as_it_is, signed_by_another, agreed_as_it_is, *HOLDS],
           writes=["links_done", "signed_by", "signed_at"])  # fmt: skip
    def sign(self, step: Step) -> Facts:
        """Sign under mandate; the letter is printed from what was signed."""
        self.signed_by, self.signed_at = step.actor, step.at
        facts = approve_link(self, by=step.actor, at=step.at)
        return {
            **facts,
            "kind": self.kind,
            "ground": self.ground,
            "amount": self.amount,
            "facts": self.facts,
            "reasons": self.reasons,
            **aid_told(self, step),
        }

    @arrow(source=[S.IN_CHECK, S.APPROVED, S.SIGNED], target=S.DRAFTED, who=any_of(is_officer, is_reader, own_link, is_signatory),
           when=[reason_given], writes=["links_done", "signed_by", "signed_at"])  # fmt: skip
    def send_back(self, step: Step) -> Facts:
        """Back to the desk, with a reason; every approval falls."""
        void_approvals(self, at=step.at)
        self.links_done, self.signed_by, self.signed_at = 0, None, None
        return {"reason": step.data["reason"]}

    @arrow(source=S.SIGNED, target=S.PUBLISHED, who=any_of(is_signatory, is_clock), when=[letter_ready, *TAKING, *HOLDS],
           writes=["published_at", "objection_until", "reserved"])  # fmt: skip
    def publish(self, step: Step) -> Facts:
        """Make the decision known to the party; the term for objecting starts."""
        self.published_at = step.at
        self.objection_until = objection_deadline(amsterdam_day(step.at))
        self.reserved = 0
        return {"objection_until": self.objection_until, "letter": self.letters.latest("rendered_at").sha256}

    @arrow(source=S.PUBLISHED, target=S.FINAL, who=is_clock, when=[objection_term_over, no_objection_open])
    def become_final(self, step: Step) -> Facts:
        """The term for objecting is over."""
        return {}

    @arrow(source=S.PUBLISHED, target=S.PUBLISHED, who=is_clock, when=[mended_anew], writes=["objection_until"])
    def renew_term(self, step: Step) -> Facts:
        """The term for objecting begins anew, for the letter was mended in what one could object to."""
        before, self.objection_until = self.objection_until, objection_deadline(amsterdam_day(step.at))
        return {"before": before, "objection_until": self.objection_until, "correction": step.data["correction"]}

    @arrow(source=[S.PUBLISHED, S.FINAL], target=S.SUPERSEDED, who=is_clock)
    def supersede(self, step: Step) -> Facts:
        """A new decision takes the place of this one."""
        return {"by": step.data["by"]}

    @arrow(source=[S.DRAFTED, S.HEARING, S.IN_CHECK, S.APPROVED, S.SIGNED], target=S.DISCARDED, who=any_of(drops_unsigned, is_clock),
           when=[reason_given], writes=["reserved", "supersedes"])  # fmt: skip
    def discard(self, step: Step) -> Facts:
        """Drop the decision; what it held back is free again."""
        void_approvals(self, at=step.at)
        LedgerEntry.objects.move(
            self.application, self.stage, self.reserved, source=Account.RESERVED, target=Account.FREE, event_id=step.event_id
        )
        self.reserved, self.supersedes = 0, None  # the next draft takes the place of the old decision, not this one
        told = {"intent_at": self.intent_at} if self.intent_at is not None else {}
        return {"reason": step.data["reason"], "kind": DecisionKind(self.kind), **told}
