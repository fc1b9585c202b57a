"""`manage.py ledger verify`: a sound ledger holds, and whatever is tampered with is found and named."""

import io
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection

from reports.balancing import check_ledger, rebuilt, replayed
from tender.enums import Account
from tender.models import LedgerEntry
from tests.factories import decide, pay
from workflows.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(assessed):
    """A dossier whose grant is paid."""
    decide(assessed.propose(), assessed.house, assessed.at)
    pay(assessed.application.grants.get(), assessed.house, assessed.at)
    return assessed


def run():
    out = io.StringIO()
    try:
        call_command("ledger", "verify", stdout=out)
    except SystemExit as stop:
        return stop.code, out.getvalue()
    return 0, out.getvalue()


def unguarded():
    """Take away what the database refuses, as somebody with all its rights could."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE tender_ledgerentry DISABLE TRIGGER ALL")
            return
        for name in ("ledger_is_written_once", "ledger_continues"):
            cursor.execute(f"DROP TRIGGER {name}")


def test_a_sound_ledger_holds_and_the_trail_gives_the_same_balances(paid):
    code, said = run()
    assert code == 0
    assert said.strip() == f"{LedgerEntry.objects.count()} lines of 5 events in 6 pots hold", said
    assert rebuilt() == replayed() != {}
    stage = paid.game.stage()
    assert LedgerEntry.objects.balance(stage, Account.PAID) == paid.application.grants.get().amount


def test_a_payment_goes_by_the_bank(paid):
    kinds = LedgerEntry.objects.filter(application=paid.application, amount__gt=0).order_by("pk").values_list("account__kind", flat=True)
    assert list(kinds) == ["reserved", "committed", "ordered", "paid"]


def last(**of):
    return LedgerEntry.objects.filter(**of).latest("pk")


def test_a_changed_amount_is_found_by_line_by_transaction_and_by_trail(paid):
    unguarded()
    line = last(account__kind="paid")
    LedgerEntry.objects.filter(pk=line.pk).update(amount=line.amount + 1)
    code, said = run()
    assert code == 1
    assert f"{line.account} #1: " in said
    assert f"the lines of event {line.event_id} do not add up to nothing" in said
    assert f"event {line.event_id} tells otherwise" in said
    assert "+1.00" in said


def test_an_added_line_that_continues_is_found(paid):
    unguarded()
    free = last(account__kind="free")
    of = {"account": free.account, "application": None, "event_id": uuid4()}
    LedgerEntry.objects.create(**of, seq=free.seq + 1, amount=Decimal(5), balance_after=free.balance_after + 5)
    found = check_ledger()
    assert not found.holds
    assert any("names an event that is not there" in fault or "een gebeurtenis" in fault for fault in found.faults)
    LedgerEntry.objects.create(**of, seq=free.seq + 2, amount=Decimal(-5), balance_after=free.balance_after)
    assert not check_ledger().holds


def test_a_dossier_that_gives_what_is_not_its_own_is_found(paid):
    unguarded()
    event = Event.objects.latest("at").pk
    moved = last(account__kind="paid")
    pot = moved.account
    of = {"account": pot, "event_id": event}
    LedgerEntry.objects.create(**of, application=None, seq=2, amount=Decimal(1), balance_after=moved.balance_after + 1)
    LedgerEntry.objects.create(**of, application=paid.application, seq=3, amount=-moved.balance_after - 1, balance_after=Decimal(0))
    said = run()[1]
    assert f"{paid.application.reference} holds less than nothing in the pot “paid”" in said


def test_a_line_on_the_wrong_side_is_found(paid):
    unguarded()
    line = last(account__kind="committed")
    LedgerEntry.objects.filter(pk=line.pk).update(funded=True)
    assert "stands on the wrong side" in run()[1]
