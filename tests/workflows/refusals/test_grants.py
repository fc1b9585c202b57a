"""What stops a grant, a payment or a report."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from tender.calendar import amsterdam_day
from tender.enums import Account, Role
from tender.models import Decision, Grant, Instalment, LedgerEntry, StaffRole
from tender.reporting import form_of
from tests.factories import answers_for, clock, decide, declare, open_call, pay, publish, score, screen, submitted, variant
from tests.factories.awarded import award
from tests.workflows.machines.test_grant import report_everything
from tests.workflows.refusals.saying import refused, words
from workflows.commands import Refused
from workflows.commands.proposing import propose_for, propose_in_turn
from workflows.models import DecisionMachine, GrantMachine, InstalmentMachine, ReportMachine

pytestmark = pytest.mark.django_db

MOMENT = timedelta(milliseconds=1)


def test_accepting_has_a_last_instant():
    it = award(1)
    (grant,) = it.grants
    refused("accept_term_over", GrantMachine, "lapse", grant, clock(), grant.accept_until - MOMENT)
    refused("accept_in_time", GrantMachine, "accept", grant, it.cast["signer"], grant.accept_until)
    it.at = grant.accept_until - MOMENT
    it.take(GrantMachine, "accept", grant, "signer")


def test_payment_rests_by_two_people_and_not_for_long():
    it = award(1)
    (grant,) = it.grants
    officer, controller = it.cast["officer"], it.cast["controller"]
    part = grant.instalments.first()
    refused("grant_pays", InstalmentMachine, "fall_due", part, clock(), it.at)
    it.take(GrantMachine, "accept", grant, "signer")
    day = amsterdam_day(it.at)
    for until in (None, day, day + timedelta(weeks=13, days=1)):
        refused("pause_is_short", GrantMachine, "ask_suspend", grant, officer, it.at, reason="Geen verslag.", until=until)
    why = {"reason": "Geen verslag.", "until": day + timedelta(weeks=13)}
    refused("reason_given", GrantMachine, "ask_suspend", grant, officer, it.at, until=why["until"])
    refused("asked_by_another", GrantMachine, "suspend", grant, controller, it.at, **why)
    it.take(GrantMachine, "ask_suspend", grant, "officer", **why)
    refused("asked_by_another", GrantMachine, "suspend", grant, controller, it.at, **{**why, "until": day + timedelta(weeks=12)})
    refused("pause_is_short", GrantMachine, "suspend", grant, controller, it.at, reason="Geen verslag.")
    it.take(GrantMachine, "suspend", grant, "controller", **why)
    refused("grant_pays", InstalmentMachine, "approve", part, officer, it.at)
    refused("asked_by_another", GrantMachine, "resume", grant, controller, it.at, reason="Het is er.")
    refused("reason_given", GrantMachine, "ask_resume", grant, officer, it.at)
    it.take(GrantMachine, "ask_resume", grant, "officer", reason="Het is er.")
    refused("reason_given", GrantMachine, "resume", grant, controller, it.at)
    it.take(GrantMachine, "resume", grant, "controller", reason="Het is er.")
    refused("asked_by_another", GrantMachine, "suspend", grant, controller, it.at, **why)


def test_a_grant_is_settled_on_its_final_report_and_its_own_decision():
    it = award(1)
    (grant,) = it.grants
    it.take(GrantMachine, "accept", grant, "signer")
    refused("final_report_approved", GrantMachine, "account", grant, clock(), it.at)
    report_everything(it, grant)
    refused("settlement_published", GrantMachine, "settle", grant, clock(), it.at, decision=grant.decision_id, amount=Decimal(1))


def test_a_final_report_approved_while_payment_rests_is_not_forgotten():
    it = award(1)
    (grant,) = it.grants
    it.take(GrantMachine, "accept", grant, "signer")
    why = {"reason": "Geen verslag.", "until": amsterdam_day(it.at) + timedelta(weeks=4)}
    it.take(GrantMachine, "ask_suspend", grant, "officer", **why)
    it.take(GrantMachine, "suspend", grant, "controller", **why)
    report_everything(it, grant)
    assert Grant.objects.get().state == "suspended"
    it.take(GrantMachine, "ask_resume", grant, "officer", reason="Het is er.")
    it.take(GrantMachine, "resume", grant, "controller", reason="Het is er.")
    assert Grant.objects.get().state == "accounted"


def small_grant():
    """A grant that is settled at once: its payment is due, and its report is asked."""
    game = open_call(publish("minifund"))
    case = submitted(game.call, at=game.at)
    screen(case, game.house, game.at)
    for assessor in game.house.assessors:
        score(case, assessor, game.at, officer=game.house.officer)
    decide(propose_in_turn(pk=case.pk, actor=game.house.officer, at=game.at), game.house, game.at)
    return game, Grant.objects.get()


def take(machine, name, case, actor, game, **data):
    from workflows.commands import perform

    perform(machine, name, pk=case.pk, actor=actor, at=game.at, **data)


def test_every_euro_passes_two_people():
    game, grant = small_grant()
    house, part = game.house, grant.instalments.get()
    refused("nothing_open", GrantMachine, "close", grant, clock(), game.at)
    Grant.objects.update(iban="")
    refused("has_account", InstalmentMachine, "approve", part, house.officer, game.at)
    Grant.objects.update(iban=grant.iban)
    StaffRole.objects.create(user=house.officer, role=Role.CONTROLLER)
    both = type(house.officer).objects.get(pk=house.officer.pk)
    take(InstalmentMachine, "approve", part, both, game)
    refused("other_person", InstalmentMachine, "order", part, both, game.at)
    Grant.objects.update(iban="")
    refused("has_account", InstalmentMachine, "order", part, house.controller, game.at)
    Grant.objects.update(iban=grant.iban)
    take(InstalmentMachine, "order", part, house.controller, game)
    refused("reason_given", InstalmentMachine, "send_back", part, house.controller, game.at)
    with pytest.raises(PermissionDenied):
        take(InstalmentMachine, "pay", part, house.auditor, game, bank_reference="B1")


def test_a_payment_waits_for_its_day():
    it = award(1)
    (grant,) = it.grants
    it.take(GrantMachine, "accept", grant, "signer")
    later = grant.instalments.filter(state="planned", due_on__isnull=False).first()
    last = grant.instalments.get(state="planned", due_on=None)
    refused("falls_due", InstalmentMachine, "fall_due", later, clock(), it.at)
    refused("falls_due", InstalmentMachine, "fall_due", last, clock(), it.at + timedelta(days=900))
    refused("reason_given", InstalmentMachine, "cancel", later, clock(), it.at)
    before = it.at.replace(year=later.due_on.year, month=later.due_on.month, day=later.due_on.day)
    refused("falls_due", InstalmentMachine, "fall_due", later, clock(), before - timedelta(days=1))
    it.at = before
    it.take(InstalmentMachine, "fall_due", later, "clock")


def test_a_report_is_whole_and_judged_with_reasons():
    game, grant = small_grant()
    report = grant.reports.get()
    signer, officer = grant.application.applicant, game.house.officer
    take(ReportMachine, "start", report, signer, game)
    refused("report_filled_in", ReportMachine, "hand_in", report, signer, game.at)
    type(report).objects.filter(pk=report.pk).update(answers=answers_for(form_of(report)))
    take(ReportMachine, "hand_in", report, signer, game)
    refused("reason_given", ReportMachine, "request_completion", report, officer, game.at)
    refused("outcome_explained", ReportMachine, "propose", report, officer, game.at, outcome="reject")


def test_a_rejected_report_is_judged_so_the_grant_can_close():
    game, grant = small_grant()
    report, part = grant.reports.get(), grant.instalments.get()
    for name, actor, data in (
        ("approve", game.house.officer, {}), ("order", game.house.controller, {}), ("pay", game.house.controller, {"bank_reference": "B"}),
    ):  # fmt: skip
        take(InstalmentMachine, name, part, actor, game, **data)
    signer = grant.application.applicant
    take(ReportMachine, "start", report, signer, game)
    type(report).objects.filter(pk=report.pk).update(answers=answers_for(form_of(report)))
    take(ReportMachine, "hand_in", report, signer, game)
    declare(grant.application, game.house.reader, at=game.at)
    take(ReportMachine, "propose", report, game.house.officer, game, outcome="reject", reason="Dit gaat over iets anders.")
    take(ReportMachine, "reject", report, game.house.reader, game)
    assert Grant.objects.get().state == "closed"


def test_a_reminder_comes_once_and_only_when_a_report_is_due_soon():
    it = award(1)
    (grant,) = it.grants
    first, second, *_ = grant.reports.order_by("due_on")
    soon = it.at + (first.due_on - timedelta(weeks=4) - amsterdam_day(it.at))
    refused("grant_runs", ReportMachine, "remind", first, clock(), soon)
    it.take(GrantMachine, "accept", grant, "signer")
    refused("report_comes_due", ReportMachine, "remind", first, clock(), soon - timedelta(days=1))
    it.at = soon
    it.take(ReportMachine, "remind", first, "clock")
    refused("not_reminded", ReportMachine, "remind", first, clock(), soon)
    refused("report_comes_due", ReportMachine, "remind", second, clock(), soon)
    it.take(ReportMachine, "start", first, "signer")
    refused("not_reminded", ReportMachine, "remind", first, clock(), soon)


def settling(it, grant, amount, reasons="Er is minder gedaan."):
    """The officer proposes to settle the grant at this amount."""
    said = {
        "kind": "settle",
        "ground": "not_done",
        "weighing": "Er blijft genoeg over voor wat is gedaan.",
        "reasons": reasons,
        "amount": amount,
    }
    return propose_for(pk=grant.application_id, actor=it.cast["officer"], at=it.at, **said)


def test_a_settlement_leaves_standing_what_is_on_its_way_to_the_bank():
    """Approved is as good as paid: nobody takes it back. And while a settlement is under way, nothing new is approved or released."""
    it = award(1)
    (grant,) = it.grants
    officer, controller, signatory = it.cast["officer"], it.cast["controller"], it.cast["signatory"]
    it.take(GrantMachine, "accept", grant, "signer")
    part = grant.instalments.get(state="due")
    report_everything(it, grant)
    early = settling(it, grant, Decimal(0))
    refused("not_being_settled", InstalmentMachine, "approve", part, officer, it.at)
    it.take(DecisionMachine, "discard", early, "officer", reason="Te vroeg.")
    it.take(InstalmentMachine, "approve", part, "officer")
    with pytest.raises(Refused, match=words("none_on_its_way", DecisionMachine, "propose")):
        settling(it, grant, part.amount - 1)
    made = settling(it, grant, grant.amount, reasons="")
    it.take(DecisionMachine, "edit", made, "officer", amount=part.amount, reasons="Er is minder gedaan.")
    made = Decision.objects.get(pk=made.pk)
    told = {key: made.facts[key] for key in ("amount", "advances", "to_pay", "reason")}
    assert told == {"amount": str(part.amount), "advances": str(part.amount), "to_pay": "0.00", "reason": "Er is minder gedaan."}
    refused("not_being_settled", InstalmentMachine, "order", part, controller, it.at)
    signed = decide(made, it.cast.house, it.at, publish=False)
    Instalment.objects.filter(pk=part.pk).update(amount=part.amount + 1)
    refused("none_on_its_way", DecisionMachine, "publish", signed, signatory, it.at)
    Instalment.objects.filter(pk=part.pk).update(amount=part.amount)
    it.take(DecisionMachine, "publish", signed, "signatory")
    it.take(InstalmentMachine, "order", part, "controller")
    it.take(InstalmentMachine, "pay", part, "controller", bank_reference="B1")
    paid_exactly(it, grant)


@pytest.mark.parametrize("due", ['due = "report"\nreport = "final"', 'due = "year"\nyear = 2', 'due = "settlement"'])
def test_what_is_settled_is_paid_whatever_made_the_last_payment_due(due):
    """The last payment fell due on the final report already, or its day is still to come: the settlement sets it all the same."""
    it = award(1, version=variant("hub_support", ('due = "settlement"', due)))
    (grant,) = it.grants
    it.take(GrantMachine, "accept", grant, "signer")
    pay(grant, it.cast.house, it.at)
    report_everything(it, grant)
    decide(settling(it, grant, grant.amount - 1000), it.cast.house, it.at)
    pay(grant, it.cast.house, it.at)
    paid_exactly(it, grant)


def paid_exactly(it, grant):
    """What was settled was paid to the cent, and the rest is free again."""
    grant = Grant.objects.get(pk=grant.pk)
    assert grant.settled_amount == sum(grant.instalments.filter(state="paid").values_list("amount", flat=True))
    assert not grant.instalments.exclude(state__in=["paid", "cancelled"]).exists()
    balance = {kind: LedgerEntry.objects.balance(grant.stage, kind) for kind in Account}
    assert balance[Account.PAID] == grant.settled_amount
    assert balance[Account.COMMITTED] == 0
    assert balance[Account.FREE] == grant.stage.ceiling - grant.settled_amount
