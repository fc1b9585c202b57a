"""Where the flows follow the machines: one event moves the processes of every case it concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from tender.enums import AFTER_AWARD, ObjectionState, StageState
from tender.models import Decision, Grant, Objection, Stage
from tender.schemes.definition import Intake
from workflows.flows.base import open_tasks, put_right, refresh, walk
from workflows.flows.decision import DecisionFlow
from workflows.flows.dossier import IntakeFlow, ScreeningFlow
from workflows.flows.grant import GrantFlow
from workflows.flows.objecting import ObjectionFlow
from workflows.flows.round import RoundFlow
from workflows.machines import MACHINES
from workflows.machines.arrow import arrows
from workflows.models import CaseProcess, Event
from workflows.models.process import case_of
from workflows.nodes import moment

if TYPE_CHECKING:
    from datetime import datetime

    from workflows.flows.base import CaseFlow

    Cases = list[tuple[str, int]]

FLOWS: tuple[type[CaseFlow], ...] = (RoundFlow, ScreeningFlow, IntakeFlow, DecisionFlow, GrantFlow, ObjectionFlow)
NOBODY_WAITS = ("seat", "practice", "slot", "question", "message", "account", "contact", "invitation", "consent",
                "joining", "notice", "wording", "correction", "route", "paper", "trust", "link", "aid_note",
                "standin", "batch", "statement", "recovery", "insolvency")  # fmt: skip
"""What no process waits for: it is about a panel, a call, a text or a colleague and no dossier, or it asks nothing of anybody."""
PASSED_OVER = {"instalment.plan", "instalment.adjust", "grant.lower", "report.ask", "conflict.ask", "scoresheet.start", "scoresheet.confirm",
               "advice.draft", "advice.edit", "application.change_contact", "grant.change_account",
               "application.cosign", "application.ask_signature", "application.end_part",
               "application.warn", "decision.renew_term", "application.screen", "grant.report_aid", "application.reassign",
               "application.note_legal_form", "report.note_late", "report.ask_more_time", "report.keep_day"}  # fmt: skip
"""Arrows after which it is nobody else's turn, or that come along with one that is followed."""
FOLLOWED = tuple(
    kind
    for noun, machine in MACHINES.items()
    if noun not in NOBODY_WAITS
    for kind in dict.fromkeys(f"{noun}.{arrow.name}" for arrow in arrows(machine))
    if kind not in PASSED_OVER
)


def follow(event: Event) -> None:
    """Move the processes of the event's cases to where the cases are. Takes no lock but the processes'; twice is once."""
    with transaction.atomic(), moment(event.at):
        cases = concerned(event)
        there: dict[tuple[str, int], list[CaseProcess]] = {}
        for process in CaseProcess.objects.of(cases).select_for_update():
            there.setdefault((process.noun, process.key), []).append(process)
        for noun, key in cases:
            known = there.get((noun, key), [])
            if all(process.seen >= event.seq and is_own(event, noun) for process in known) and known:
                continue
            bring_up(case_of(noun, key), known, at=event.at, seen=event.seq if is_own(event, noun) else None)


def is_own(event: Event, noun: str) -> bool:
    """Whether an event is in the chain that a case of this noun counts by."""
    return event.chain.startswith("call:") == (noun == "stage")


def concerned(event: Event) -> Cases:
    """The cases with a process of their own that an event may move, in the order in which events reach them."""
    own = (event.noun, event.key)
    if event.noun in NOBODY_WAITS:
        return []
    if event.noun in {"stage", "application", "objection"}:
        return [own]
    if event.noun == "decision":
        return [own, *around_decision(Decision.objects.only("application_id", "stage_id", "kind").get(pk=event.key))]
    machine: Any = MACHINES[event.noun]
    if event.noun in {"instalment", "report"}:
        grant, application = machine.objects.values_list("grant_id", "grant__application_id").get(pk=event.key)
        return [("grant", grant), ("application", application)]
    moves = "stage" if event.noun == "advice" else "application"  # the round waits for the advice on all
    around = (moves, machine.objects.values_list(f"{moves}_id", flat=True).get(pk=event.key))
    if event.noun == "conflict":  # a ranking that falls voids the moment that was set to publish
        set_rounds = Stage.objects.filter(applications=around[1], state=StageState.DECIDING, publish_at__isnull=False)
        return [around, *(("stage", pk) for pk in set_rounds.values_list("pk", flat=True))]
    return [own, around] if event.noun == "grant" else [around]


def around_decision(decision: Decision) -> Cases:
    """The dossier, the round that waits for all its decisions, and the grant that a settlement settles."""
    around: Cases = [("application", decision.application_id), ("stage", decision.stage_id)]
    founded = Objection.objects.filter(application=decision.application_id, state=ObjectionState.FOUNDED)
    around += [("objection", pk) for pk in founded.values_list("pk", flat=True)]
    if decision.kind in AFTER_AWARD:
        grants = Grant.objects.filter(application=decision.application_id, stage=decision.stage_id)
        around += [("grant", pk) for pk in grants.values_list("pk", flat=True)]
    return around


def flow_for(case: Any) -> type[CaseFlow]:
    """Which flow a case has, by its shape."""
    if case.noun == "application":
        return IntakeFlow if case.rules.intake == Intake.CONTINUOUS else ScreeningFlow
    return {"stage": RoundFlow, "decision": DecisionFlow, "grant": GrantFlow, "objection": ObjectionFlow}[case.noun]


def bring_up(case: Any, known: list[CaseProcess], *, at: datetime, seen: int | None = None) -> int:
    """Put the processes of one case where it is, and begin the one it lacks; returns how much had to be put right."""
    stage = case.pk if case.noun == "stage" else case.stage_id
    righted = sum(advance(process, case, at=at, here=process.stage_id == stage) for process in known)
    flow_class = flow_for(case)
    if all(process.stage_id != stage for process in known) and flow_class.place(case, at):
        process = start(flow_class, case, at=at, seen=seen)
        righted += 1 + advance(process, case, at=at, here=True)
    return righted


def start(flow_class: type[CaseFlow], case: Any, *, at: datetime, seen: int | None) -> CaseProcess:
    """A new process; where another worker was first, that one."""
    if seen is None:
        seen = Event.objects.filter(chain=case.chain).aggregate(last=Max("seq"))["last"] or 0
    try:
        with transaction.atomic():
            return flow_class.instance.begin.run(case=case, seen=seen, at=at)
    except IntegrityError:
        stage = case.pk if case.noun == "stage" else case.stage_id
        return CaseProcess.objects.select_for_update().get(noun=case.noun, key=case.pk, stage_id=stage)


def advance(process: CaseProcess, case: Any, *, at: datetime, here: bool) -> int:
    """Replay what the process missed, arrow by arrow; then see to it that it is where the case is. Returns how much was not."""
    flow_class: type[CaseFlow] = process.flow_class
    wanted = flow_class.place(case, at) if here else frozenset()
    missed = list(Event.objects.filter(chain=case.chain, seq__gt=process.seen).select_related("actor").order_by("seq"))
    if process.finished is not None and not wanted and not missed:
        return 0
    tasks = replay(process, missed, wanted)
    righted = put_right(process, tasks, wanted, fell=here and case.state in flow_class.fell)
    if missed:
        process.seen = missed[-1].seq
        CaseProcess.objects.filter(pk=process.pk).update(seen=process.seen)
    refresh(process, case)
    return righted


def replay(process: CaseProcess, missed: list[Event], wanted: frozenset[str]) -> list[Any]:
    """Do the tasks that these events did; returns the tasks that are open then."""
    tasks, going = open_tasks(process), process.finished is None
    for event in missed:
        with moment(event.at):
            if walk(process, tasks, event, wanted):
                tasks = open_tasks(process)
                process.refresh_from_db(fields=["status", "finished"])
                if going and process.finished is not None:
                    # viewflow stamped the end with the clock of the machine it runs on.
                    CaseProcess.objects.filter(pk=process.pk).update(finished=event.at)
                    going, process.finished = False, event.at
    return tasks
