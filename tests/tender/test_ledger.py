"""Every euro: append-only, balanced, and never more than there is."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from tender.enums import Account
from tender.models import LedgerAccount, LedgerEntry, Overdrawn
from tests.factories import open_call, publish, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def purse():
    game = open_call(publish("minifund"), ceiling=Decimal("100.00"))
    return submitted(game.call, at=game.at), game.stage()


def move(purse, amount, source, target):
    from workflows.models import Event

    case, stage = purse
    event = Event.objects.latest("at")
    LedgerEntry.objects.move(case, stage, Decimal(amount), source=source, target=target, event_id=event.pk)


def pots(stage):
    return [LedgerEntry.objects.balance(stage, kind) for kind in Account]


def test_every_euro_is_in_exactly_one_pot(purse):
    move(purse, "60.00", Account.FREE, Account.RESERVED)
    move(purse, "59.99", Account.RESERVED, Account.COMMITTED)
    assert pots(purse[1])[:3] == [Decimal("40.00"), Decimal("0.01"), Decimal("59.99")]
    assert not any(pots(purse[1])[3:])
    assert sum(entry.amount for entry in LedgerEntry.objects.all()) == Decimal(100)


def test_a_pot_never_gives_more_than_it_holds(purse):
    with pytest.raises(Overdrawn):
        move(purse, "100.01", Account.FREE, Account.RESERVED)
    assert pots(purse[1]) == [Decimal(100), *[Decimal(0)] * (len(Account) - 1)]


def test_a_negative_move_is_refused(purse):
    with pytest.raises(ValueError, match="negative"):
        move(purse, "-1", Account.FREE, Account.RESERVED)


def test_moving_nothing_writes_nothing(purse):
    before = LedgerEntry.objects.count()
    move(purse, "0", Account.FREE, Account.RESERVED)
    assert LedgerEntry.objects.count() == before


def test_the_database_refuses_an_overdraw(purse):
    account = LedgerAccount.objects.get(stage=purse[1], kind=Account.PAID)
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.create(account=account, seq=1, amount=-1, balance_after=-1, event_id=uuid4())


@pytest.mark.postgres
@pytest.mark.parametrize(("seq", "amount", "after"), [(3, 5, 105), (2, 5, 104), (1, 5, 105)])
def test_postgresql_refuses_a_line_that_does_not_continue(purse, seq, amount, after):
    account = LedgerAccount.objects.get(stage=purse[1], kind=Account.FREE)
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.create(account=account, seq=seq, amount=amount, balance_after=after, event_id=uuid4())


@pytest.mark.postgres
@pytest.mark.parametrize("sql", ["UPDATE tender_ledgerentry SET amount = 1", "DELETE FROM tender_ledgerentry"])
def test_postgresql_refuses_to_change_a_line(purse, sql):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
