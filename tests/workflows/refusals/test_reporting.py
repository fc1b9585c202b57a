"""What stops a report: its day, its figures, and a second person."""

from datetime import timedelta

import pytest

from tender.accounting import COSTS, TOTAL
from tender.calendar import amsterdam_day
from tender.commands.reporting import save_report
from tender.models import ProgressReport
from tender.reporting import form_of, holding, waits_for
from tests.factories import answers_for, clock, deliver, variant
from tests.factories.awarded import award
from tests.workflows.refusals.saying import refused
from workflows.commands.clockwork import tick
from workflows.models import GrantMachine, InstalmentMachine, Notification, ReportMachine

pytestmark = pytest.mark.django_db

BUDGET = """[stages.grant.budget]
costs = "per_year"
line = "item"

[[stages.grant.indicators]]
key = "makers"
label.nl = "Makers"
label.en = "Makers"
target = 5

[[stages.grant.obligations]]
"""


def running(**more):
    """A grant of two years of which the first report is a review with a budget, accepted."""
    extra = "months = 12\nfinal = false\nreview = true\nbudget = true\nindicators = true\nopens_weeks = 8\n"
    changes = (("months = 12\nfinal = false\n", extra), ("[[stages.grant.obligations]]\n", BUDGET))
    it = award(1, version=variant("hub_support", *changes), **more)
    (grant,) = it.grants
    it.take(GrantMachine, "accept", grant, "signer")
    return it, grant, grant.reports.order_by("due_on").first()


def go_to(it, day):
    it.at += day - amsterdam_day(it.at)


def write(it, report, **said):
    answers = answers_for(form_of(report), **said)
    save_report(pk=report.pk, actor=it.cast["signer"], at=it.at, typed=answers)


def test_a_report_has_its_day_and_may_have_a_later_one():
    it, _grant, report = running()
    signer, officer, due = it.cast["signer"], it.cast["officer"], report.due_on
    it.take(ReportMachine, "start", report, "editor")
    write(it, report, **{COSTS: [{"line": "l1", "spent": "1000.00", "why": ""}], TOTAL: "1000.00"})
    refused("report_is_open", ReportMachine, "hand_in", report, signer, it.at)
    go_to(it, due - timedelta(weeks=8, days=1))
    refused("report_is_open", ReportMachine, "hand_in", report, signer, it.at)
    why = {"reason": "De proef loopt uit."}
    refused("reason_given", ReportMachine, "ask_more_time", report, signer, it.at, until=due + timedelta(days=30))
    for until in (None, due, due + timedelta(days=184)):
        refused("later_than_due", ReportMachine, "ask_more_time", report, signer, it.at, until=until, **why)
    later = {"until": due + timedelta(days=30), **why}
    refused("wish_open", ReportMachine, "extend", report, officer, it.at, **later)
    refused("wish_open", ReportMachine, "keep_day", report, officer, it.at, **why)
    it.take(ReportMachine, "ask_more_time", report, "signer", **later)
    refused("no_wish_open", ReportMachine, "ask_more_time", report, signer, it.at, **later)
    refused("reason_given", ReportMachine, "keep_day", report, officer, it.at)
    it.take(ReportMachine, "keep_day", report, "officer", **why)
    it.take(ReportMachine, "ask_more_time", report, "signer", **later)
    refused("later_than_due", ReportMachine, "extend", report, officer, it.at, until=due, **why)
    it.take(ReportMachine, "extend", report, "officer", **later)
    report.refresh_from_db()
    assert (report.due_on, report.wished_until) == (due + timedelta(days=30), None)


def test_a_late_report_holds_the_payments_until_it_is_approved():
    it, grant, report = running()
    part = grant.instalments.get(key="year_2")
    go_to(it, report.due_on)
    refused("report_is_late", ReportMachine, "note_late", report, clock(), it.at)
    it.at += timedelta(days=1)
    tick(it.at)
    refused("not_noted_late", ReportMachine, "note_late", report, clock(), it.at)
    refused("no_report_holds", InstalmentMachine, "fall_due", part, clock(), it.at)
    deliver()
    told = set(Notification.objects.filter(event__kind="report.note_late").values_list("user__email", flat=True))
    assert {it.cast["signer"].email, it.cast["officer"].email} <= told
    assert part in waits_for(grant, amsterdam_day(it.at))[report.pk]
    it.take(ReportMachine, "start", report, "editor")
    refused("report_filled_in", ReportMachine, "hand_in", report, it.cast["signer"], it.at)
    write(it, report)
    it.take(ReportMachine, "hand_in", report, "signer")
    assert holding(type(grant).objects.get(), amsterdam_day(it.at)) == [report], "it came late"
    it.take(ReportMachine, "propose", report, "officer", outcome="conditions", conditions="Drie avonden erbij.")
    it.take(ReportMachine, "approve", report, "reader")
    part.refresh_from_db()
    report.refresh_from_db()
    assert (part.state, report.outcome, report.conditions) == ("due", "conditions", "Drie avonden erbij.")
    assert not holding(type(grant).objects.get(), amsterdam_day(it.at))
    following = grant.reports.exclude(pk=report.pk).order_by("due_on").first()
    go_to(it, following.due_on + timedelta(days=1))
    refused("no_report_holds", InstalmentMachine, "approve", part, it.cast["officer"], it.at)


def test_more_time_for_a_late_report_lets_go_what_another_report_made_due():
    it, grant, report = running()
    go_to(it, report.due_on + timedelta(days=1))
    part = grant.instalments.get(key="year_2")
    it.take(ReportMachine, "ask_more_time", report, "signer", until=report.due_on + timedelta(days=60), reason="De proef loopt uit.")
    type(part).objects.filter(pk=part.pk).update(due_on=amsterdam_day(it.at))
    refused("no_report_holds", InstalmentMachine, "fall_due", part, clock(), it.at)
    it.take(ReportMachine, "extend", report, "officer", until=report.due_on + timedelta(days=60), reason="Goed.")
    part.refresh_from_db()
    assert part.state == "due"


def test_more_time_pays_nothing_while_payment_rests():
    it, grant, report = running()
    go_to(it, report.due_on + timedelta(days=1))
    why = {"reason": "Er loopt een onderzoek.", "until": amsterdam_day(it.at) + timedelta(days=30)}
    it.take(GrantMachine, "ask_suspend", grant, "officer", **why)
    it.take(GrantMachine, "suspend", grant, "controller", **why)
    later = {"until": report.due_on + timedelta(days=60), "reason": "De proef loopt uit."}
    it.take(ReportMachine, "ask_more_time", report, "signer", **later)
    it.take(ReportMachine, "extend", report, "officer", **later)
    assert grant.instalments.get(key="year_2").state == "planned"


def test_two_people_weigh_a_report_and_what_they_weigh_is_bound():
    it, grant, report = running()
    officer, reader = it.cast["officer"], it.cast["reader"]
    go_to(it, report.due_on - timedelta(days=3))
    it.take(ReportMachine, "start", report, "editor")
    write(it, report)
    it.take(ReportMachine, "hand_in", report, "signer")
    for outcome in (None, "approve", "reject"):
        refused("outcome_fits", ReportMachine, "propose", report, officer, it.at, outcome=outcome)
    refused("outcome_explained", ReportMachine, "propose", report, officer, it.at, outcome="conditions", reason="Goed.")
    refused("outcome_explained", ReportMachine, "propose", report, officer, it.at, outcome="no_go", reason=" ")
    refused("proposed_to_approve", ReportMachine, "approve", report, reader, it.at)
    refused("proposed_to_reject", ReportMachine, "reject", report, reader, it.at)
    refused("something_proposed", ReportMachine, "disagree", report, reader, it.at, reason="Nee.")
    it.take(ReportMachine, "propose", report, "officer", outcome="go")
    refused("by_a_second_person", ReportMachine, "approve", report, officer, it.at)
    refused("by_a_second_person", ReportMachine, "disagree", report, officer, it.at, reason="Toch niet.")
    refused("proposed_to_reject", ReportMachine, "reject", report, reader, it.at)
    refused("proposal_as_weighed", ReportMachine, "approve", report, reader, it.at, seen="0" * 64)
    ProgressReport.objects.filter(pk=report.pk).update(sha256="1" * 64)
    refused("proposal_as_weighed", ReportMachine, "approve", report, reader, it.at)
    it.take(ReportMachine, "disagree", report, "reader", reason="De cijfers kloppen niet.")
    refused("reason_given", ReportMachine, "request_completion", report, officer, it.at)
    it.take(ReportMachine, "request_completion", report, "officer", reason="Leg de kosten uit.")
    refused("completion_over", ReportMachine, "weigh_as_it_is", report, officer, it.at, reason="Er kwam niets.")
    assert not holding(type(grant).objects.get(), amsterdam_day(it.at))
    it.at += timedelta(days=15)
    tick(it.at)
    assert holding(type(grant).objects.get(), amsterdam_day(it.at)) == [report]
    it.take(ReportMachine, "weigh_as_it_is", report, "officer", reason="Er kwam niets.")
    it.take(ReportMachine, "propose", report, "officer", outcome="no_go", reason="Het programma staat stil.")
    it.take(ReportMachine, "reject", report, "reader")
    refused("no_report_holds", InstalmentMachine, "fall_due", grant.instalments.get(key="year_2"), clock(), it.at + timedelta(days=30))
    deliver()
    told = Notification.objects.filter(event__kind="report.reject", user=it.cast["controller"])
    assert told.count() == 1
