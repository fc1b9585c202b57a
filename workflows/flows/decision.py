from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import nodes

from tender.enums import DecisionState as S
from tender.enums import Role, StageState
from tender.schemes.definition import Intake
from workflows import outbox
from workflows.flows import terms
from workflows.flows.base import CaseFlow
from workflows.models import Event, Outbox
from workflows.nodes import ByClock, Job, Todo, Turn, Wait, now
from workflows.rules.decisions import hearing_due, was_heard

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from tender.models import Decision


class LetterMissing(Exception):
    """The event's handlers ran, and there is no letter."""


def link(decision: Decision) -> str:
    """Whose link of the scheme's chain it is."""
    return decision.link


def desk(decision: Decision) -> list[Todo]:
    """What there is to do on the desk: hear the party where that comes first, else hand on."""
    hears = hearing_due(decision) and not was_heard(decision, now())
    arrow, role = ("announce_intent", Role.OFFICER) if hears else ("submit_for_check", link(decision))
    return [Todo("decision", decision.pk, arrow, role, deadline=terms.decision_by(decision))]


def with_the_round(decision: Decision) -> bool:
    """Whether the round publishes this decision with all its others; else it goes out alone."""
    stage = decision.stage
    return stage.rules.intake == Intake.WINDOW and stage.state in {StageState.RANKED, StageState.DECIDING}


def letter_of_signature(decision: Decision) -> bool:
    """Whether the letter of the last signature is printed."""
    if decision.signed_at is None:
        return False
    return decision.letters.filter(event__kind="decision.sign", event__at=decision.signed_at).exists()


def still_in_check(activation: Any) -> bool:
    """Whether another link than the signatory's comes next: by the event that is replayed, for the case may be further already."""
    return bool(activation.process.replayed.after == S.IN_CHECK)


class DecisionFlow(CaseFlow):
    """A decision on its way from desk to party: the party heard where that is due, each link of the scheme's chain in turn, then the
    signature, the letter, and publication."""

    process_title = _("A decision on its way from desk to party")
    process_description = _("Each link of the scheme's chain in turn, then the signature, the letter, and publication.")
    noun = "decision"
    fell = frozenset({S.DISCARDED})

    begin = nodes.StartHandle(this.opened).Annotation(title=_("Proposed")).Next(this.submit_for_check)
    submit_for_check = (
        Turn("decision.submit_for_check", todos=desk)
        .Warns(terms.decision_soon)
        .On("decision.submit_for_check", to=this.chain).On("decision.announce_intent", to=this.respond)
        .On("decision.depart", to=this.submit_for_check)
    )  # fmt: skip
    respond = (
        Turn("decision.respond", role=Role.SIGNER, by=terms.respond_by, again=True)
        .On("decision.respond", "decision.note_response", "decision.let_term_pass", to=this.submit_for_check)
    )  # fmt: skip
    chain = (
        nodes.Switch().Annotation(title=_("Next link of the chain"))
        .Case(this.approve, still_in_check).Default(this.sign)
    )  # fmt: skip
    approve = (
        Turn("decision.approve", role=link, by=terms.decision_by, again=True)
        .Warns(terms.decision_soon)
        .On("decision.approve", to=this.chain).On("decision.send_back", to=this.submit_for_check)
    )  # fmt: skip
    sign = (
        Turn("decision.sign", role=link, by=terms.decision_by)
        .Warns(terms.decision_soon)
        .On("decision.sign", to=this.letter).On("decision.send_back", to=this.submit_for_check)
    )  # fmt: skip
    letter = Job(this.print_letter, title=_("Print the letter")).Next(this.together)
    together = (
        nodes.If(lambda act: with_the_round(act.process.case))
        .Annotation(title=_("Part of a round?")).Then(this.with_round).Else(this.publish)
    )  # fmt: skip
    publish = Turn("decision.publish", role=Role.SIGNATORY, by=terms.decision_by).On("decision.publish", to=this.become_final)
    with_round = Wait(_("Published with the round")).On("decision.publish", to=this.become_final)
    become_final = ByClock(_("Term for objecting")).On("decision.become_final", "decision.supersede", to=this.final)
    final = nodes.End().Annotation(title=_("Final"))

    @classmethod
    def place(cls, case: Any, at: datetime) -> frozenset[str]:  # noqa: ARG003
        """Where the decision is in its chain."""
        fixed = {S.DRAFTED: "submit_for_check", S.HEARING: "respond", S.IN_CHECK: "approve", S.APPROVED: "sign", S.PUBLISHED: "become_final"}
        if case.state == S.SIGNED:
            after = "with_round" if with_the_round(case) else "publish"
            return frozenset({after if letter_of_signature(case) else "letter"})
        return frozenset({fixed[case.state]} if case.state in fixed else ())

    def print_letter(self, activation: Any) -> None:
        """See to it that what follows from the signature has happened; its letter above all."""
        decision = activation.process.case
        signing = Event.objects.filter(noun="decision", key=decision.pk, kind="decision.sign", at=decision.signed_at).last()
        if signing is None:
            return  # sent back meanwhile: the flow is elsewhere already
        for row in Outbox.objects.filter(event=signing, done_at=None).order_by("pk").values_list("pk", flat=True):
            outbox.deliver_now(row)
        if not letter_of_signature(decision):
            raise LetterMissing
