from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import nodes

from tender.enums import Follows, Role
from tender.enums import ObjectionState as S
from workflows.flows.base import CaseFlow
from workflows.nodes import ByClock, Todo, Turn

if TYPE_CHECKING:
    from datetime import date, datetime
    from typing import Any

    from tender.models import Objection

HANDLER = Role.OBJECTION_HANDLER


def by(objection: Objection) -> date:
    """The last day to decide on it."""
    return objection.decide_by


def repair_by(objection: Objection) -> date | None:
    """The last day to send what is missing."""
    return objection.repair_until


def deciders(objection: Objection) -> list[Todo]:
    """Whoever decides first, of those who may."""
    return [Todo("objection", objection.pk, "decide", role, deadline=objection.decide_by) for role in (Role.SIGNATORY, Role.HEAD)]


def afterwards(objection: Objection) -> list[Todo]:
    """The officer's turn to see to a new decision until there is one on a desk; or the handler's to note what was put right."""
    if objection.follows == Follows.OTHERWISE:
        return [Todo("objection", objection.pk, "conclude", HANDLER, deadline=objection.decide_by)]
    if objection.application.decisions.open().exists():
        return []
    return [Todo("objection", objection.pk, "settle", Role.OFFICER, deadline=objection.application.decide_by)]


def founded(activation: Any) -> bool:
    """Whether something follows from the decision on it."""
    return bool(activation.process.case.state == S.FOUNDED)


class ObjectionFlow(CaseFlow):
    """An objection against a decision: taken on, heard, advised on and decided, by others than who decided first."""

    process_title = _("An objection against a decision")
    process_description = _("Taken on, heard, advised on and decided, by others than who decided first.")
    noun = "objection"
    fell = frozenset({S.WITHDRAWN})

    begin = nodes.StartHandle(this.opened).Annotation(title=_("Received")).Next(this.acknowledge)
    acknowledge = Turn("objection.acknowledge", role=HANDLER, by=by).On("objection.acknowledge", to=this.weigh)
    weigh = (
        Turn("objection.find_admissible", role=HANDLER, by=by, title=_("Admissible?"))
        .On("objection.find_admissible", to=this.hear)
        .On("objection.ask_completion", to=this.complete).On("objection.advise", to=this.decide)
    )  # fmt: skip
    complete = (
        Turn("objection.complete", role=Role.SIGNER, by=repair_by)
        .On("objection.complete", "objection.note_completion", "objection.let_term_pass", to=this.weigh)
    )  # fmt: skip
    hear = Turn("objection.hear", role=HANDLER, by=by, title=_("Hear the party")).On("objection.hear", "objection.dispense", to=this.advise)
    advise = Turn("objection.advise", role=HANDLER, by=by).On("objection.advise", to=this.decide)
    decide = Turn("objection.decide", todos=deciders).On("objection.decide", to=this.outcome).On("objection.send_back", to=this.advise)
    outcome = nodes.If(founded).Annotation(title=_("Founded?")).Then(this.anew).Else(this.appeal)
    anew = Turn("objection.settle", todos=afterwards, title=_("The new decision")).On("objection.settle", "objection.conclude", to=this.over)
    appeal = ByClock(_("Term for going to the court")).On("objection.close", to=this.over)
    over = nodes.End().Annotation(title=_("Closed"))

    @classmethod
    def place(cls, case: Any, at: datetime) -> frozenset[str]:  # noqa: ARG003
        """Where the objection is."""
        waits = {
            S.FILED: "acknowledge", S.ACKNOWLEDGED: "weigh", S.INCOMPLETE: "complete", S.ADMISSIBLE: "hear", S.HEARD: "advise",
            S.ADVISED: "decide", S.FOUNDED: "anew", S.INADMISSIBLE: "appeal", S.UNFOUNDED: "appeal",
        }.get(case.state)  # fmt: skip
        return frozenset({waits} if waits else ())
