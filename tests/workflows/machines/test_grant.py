"""A grant, its payments and its reports: who may do what in which state, as a whole."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tender.models import Application
from tender.reporting import form_of
from tests.factories import answers_for, decide
from tests.factories.awarded import award
from tests.workflows.machines.walking import Walk, reached, states_of
from workflows.commands.clockwork import tick
from workflows.commands.proposing import propose_for
from workflows.models import GrantMachine, InstalmentMachine, ReportMachine

pytestmark = pytest.mark.django_db

REPORTS = dict.fromkeys(("officer", "controller"), "report_aid")
GRANT = {
    "": {"clock": "offer settle_directly"},
    "offered": {"signer": "accept", **REPORTS, "clock": "lapse change_account"},
    "active": {"officer": "ask_suspend report_aid", "controller": "suspend report_aid",
               "clock": "withdraw lower account change_account"},
    "suspended": {"officer": "ask_resume report_aid", "controller": "resume report_aid",
                  "clock": "run_out withdraw lower change_account"},
    "accounted": {**REPORTS, "clock": "withdraw lower settle change_account"},
    "settled": {**REPORTS, "clock": "withdraw lower close change_account"},
    "lapsed": {},
    "withdrawn": {},
    "closed": {**REPORTS, "clock": "withdraw lower"},
}  # fmt: skip
INSTALMENT = {
    "": {"clock": "plan"},
    "planned": {"clock": "adjust fall_due cancel"},
    "due": {"officer": "approve", "clock": "adjust set_off cancel"},
    "approved": {"controller": "order", "clock": "recheck"},
    "ordered": {"controller": "pay send_back", "clock": "send_back"},
    "paid": {"controller": "come_back"},
    "cancelled": {},
}
REPORT = {
    "": {"clock": "ask"},
    "asked": {"signer": "start ask_more_time", "editor": "start", "officer": "extend keep_day", "clock": "remind note_late"},
    "draft": {"signer": "ask_more_time hand_in", "officer": "extend keep_day", "clock": "remind note_late"},
    "handed_in": {"officer": "request_completion propose disagree approve reject", "reader": "disagree approve reject"},
    "incomplete": {"signer": "hand_in", "officer": "weigh_as_it_is", "clock": "note_late"},
    "approved": {},
    "rejected": {},
}


def test_who_may_do_what_with_a_grant():
    it = award(2)
    walk, (kept, left) = Walk(GrantMachine, it.cast), it.grants
    of = {"application": kept.application, "stage": kept.stage, "decision": kept.decision, "amount": Decimal(1),
          "starts_on": date(2026, 3, 1), "ends_on": date(2027, 2, 28)}  # fmt: skip
    walk.note_new(lambda user: of, it.at)
    walk.note(kept.pk, it.at)
    it.take(GrantMachine, "accept", kept, "signer")
    walk.note(kept.pk, it.at)
    why = {"reason": "Er komt geen verslag.", "until": it.at.date() + timedelta(days=30)}
    it.take(GrantMachine, "ask_suspend", kept, "officer", **why)
    it.take(GrantMachine, "suspend", kept, "controller", **why)
    walk.note(kept.pk, it.at)
    it.take(GrantMachine, "ask_resume", kept, "officer", reason="Het verslag is er.")
    it.take(GrantMachine, "resume", kept, "controller", reason="Het verslag is er.")
    it.at += timedelta(weeks=7)
    tick(it.at)
    walk.note(left.pk, it.at)
    report_everything(it, kept)
    walk.note(kept.pk, it.at)
    nothing = settle_for_nothing(it, kept)
    walk.note(kept.pk, it.at)
    approve(it, nothing)
    walk.note(kept.pk, it.at)
    in_thin_air(walk, kept.pk, "withdrawn", it.at)
    assert walk.table == GRANT


def report_everything(it, grant):
    """Every report is handed in; the final one is approved."""
    for report in grant.reports.all():
        it.take(ReportMachine, "start", report, "signer")
        type(report).objects.filter(pk=report.pk).update(answers=answers_for(form_of(report)))
        it.take(ReportMachine, "hand_in", report, "signer")
        if report.terms.final:
            approve(it, report)


def outcome_against(report):
    """What is proposed where a report is not approved."""
    return "no_go" if report.terms.review else "reject"


def approve(it, report):
    """An officer proposes to approve a report, a second reader agrees."""
    outcome = "go" if report.terms.review else "approve"
    it.take(ReportMachine, "propose", report, "officer", outcome=outcome)
    it.take(ReportMachine, "approve", report, "reader")


def settle_for_nothing(it, grant):
    """Settle the grant at zero euros: its payments fall away, while a progress report is still to be judged: that one."""
    case = Application.objects.get(pk=grant.application_id)
    made = propose_for(
        pk=case.pk,
        kind="settle",
        ground="not_done",
        weighing="Er zijn geen kosten gemaakt.",
        reasons="Er is niets gedaan.",
        actor=it.cast["officer"],
        at=it.at,
    )
    decide(made, it.cast.house, it.at)
    return grant.reports.get(state="handed_in")


def in_thin_air(walk, pk, state, at):
    """A state that this walk does not come by: a case that would be in it."""
    case = walk.machine.objects.get(pk=pk)
    case.__dict__["state"] = state
    walk.table[state] = walk.row(case, at)


def test_who_may_do_what_with_a_payment():
    it = award(1)
    walk, (grant,) = Walk(InstalmentMachine, it.cast), it.grants
    walk.note_new(lambda user: {"grant": grant, "key": "extra", "amount": Decimal(1), "due_on": None}, it.at)
    first, second, *_ = grant.instalments.all()
    walk.note(first.pk, it.at)
    it.take(GrantMachine, "accept", grant, "signer")
    walk.note(first.pk, it.at)
    it.take(InstalmentMachine, "approve", first, "officer")
    walk.note(first.pk, it.at)
    it.take(InstalmentMachine, "order", first, "controller")
    walk.note(first.pk, it.at)
    it.take(InstalmentMachine, "send_back", first, "controller", reason="De rekening is opgeheven.")
    walk.note(first.pk, it.at)
    it.take(InstalmentMachine, "approve", first, "officer")
    it.take(InstalmentMachine, "order", first, "controller")
    it.take(InstalmentMachine, "pay", first, "controller", bank_reference="B1")
    walk.note(first.pk, it.at)
    it.take(InstalmentMachine, "cancel", second, "clock", reason="Vastgesteld.")
    walk.note(second.pk, it.at)
    assert walk.table == INSTALMENT


def test_who_may_do_what_with_a_report():
    it = award(1)
    walk, (grant,) = Walk(ReportMachine, it.cast), it.grants
    walk.note_new(lambda user: {"grant": grant, "key": "extra", "due_on": date(2027, 1, 1)}, it.at)
    it.take(GrantMachine, "accept", grant, "signer")
    first, second, *_ = grant.reports.all()
    walk.note(first.pk, it.at)
    for report, who in ((first, "editor"), (second, "signer")):
        it.take(ReportMachine, "start", report, who)
        walk.note(report.pk, it.at)
        type(report).objects.filter(pk=report.pk).update(answers=answers_for(form_of(report)))
        it.take(ReportMachine, "hand_in", report, "signer")
        walk.note(report.pk, it.at)
    it.take(ReportMachine, "request_completion", first, "officer", reason="De cijfers ontbreken.")
    walk.note(first.pk, it.at)
    it.take(ReportMachine, "hand_in", first, "signer")
    approve(it, first)
    walk.note(first.pk, it.at)
    it.take(ReportMachine, "propose", second, "officer", outcome=outcome_against(second), reason="Dit gaat over iets anders.")
    it.take(ReportMachine, "reject", second, "reader")
    walk.note(second.pk, it.at)
    assert walk.table == REPORT


@pytest.mark.parametrize(("machine", "table"), [(GrantMachine, GRANT), (InstalmentMachine, INSTALMENT), (ReportMachine, REPORT)])
def test_the_tables_have_every_state(machine, table):
    assert set(table) == states_of(machine)


def test_every_state_is_reached():
    assert set(GRANT) - reached(GrantMachine) == {""}
    assert set(INSTALMENT) - reached(InstalmentMachine) == {""}
    assert set(REPORT) - reached(ReportMachine) == {""}
