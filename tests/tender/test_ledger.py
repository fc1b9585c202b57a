"""Every euro: append-only, balanced, and never more than there is."""

from decimal import Decimal
from importlib import import_module
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from tender.enums import Account, SourceKind
from tender.models import Call, FundingSource, LedgerAccount, LedgerEntry, Overdrawn
from tender.models.ledger import cents
from tests.factories import dossier, open_call, publish, submitted
from tests.tender.funding import line

KEEP = import_module("tender.migrations.0021c_ledger_kept").KEEP

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
    assert pots(purse[1]) == [Decimal("40.00"), Decimal("0.01"), Decimal("59.99"), Decimal(0), Decimal(0), Decimal(0)]
    assert sum(entry.amount for entry in LedgerEntry.objects.all()) == 0
    assert sum(entry.amount for entry in LedgerEntry.objects.filter(funded=False)) == Decimal(100)


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


@pytest.fixture
def shared():
    """100 euros: first of a province, then of the Union, of two years."""
    of = [line("groningen", "40.00"), line("efro", "35.00", 2026, "eu"), line("efro", "25.00", 2027, "eu")]
    game = open_call(publish("minifund"), ceiling=Decimal("100.00"), funding={"support": of})
    return submitted(game.call, at=game.at), game.stage(), submitted(game.call, at=game.at)


def by_source(stage, kind):
    accounts = LedgerAccount.objects.filter(stage=stage, kind=kind).with_balance().order_by("pk")
    return [str(cents(pot.balance)) for pot in accounts]


def test_money_is_taken_in_the_order_in_which_the_call_names_its_sources(shared):
    case, stage, other = shared
    assert by_source(stage, Account.FREE) == ["40.00", "35.00", "25.00"]
    move((case, stage), "60.00", Account.FREE, Account.RESERVED)
    assert by_source(stage, Account.RESERVED) == ["40.00", "20.00", "0.00"]
    move((other, stage), "30.00", Account.FREE, Account.RESERVED)
    assert by_source(stage, Account.RESERVED) == ["40.00", "35.00", "15.00"]


def test_later_moves_follow_what_the_dossier_holds_and_give_back_the_last_first(shared):
    case, stage, other = shared
    move((case, stage), "60.00", Account.FREE, Account.RESERVED)
    move((other, stage), "30.00", Account.FREE, Account.RESERVED)
    move((other, stage), "20.00", Account.RESERVED, Account.COMMITTED)
    assert by_source(stage, Account.COMMITTED) == ["0.00", "15.00", "5.00"]
    move((other, stage), "6.00", Account.COMMITTED, Account.FREE)
    assert by_source(stage, Account.COMMITTED) == ["0.00", "14.00", "0.00"]
    with pytest.raises(Overdrawn):
        move((other, stage), "10.01", Account.RESERVED, Account.FREE)
    assert by_source(stage, Account.RESERVED) == ["40.00", "20.00", "10.00"], "of another dossier nothing is taken"


def test_a_move_can_be_of_one_budget_year(shared):
    case, stage, _other = shared
    from workflows.models import Event

    of = {"source": Account.FREE, "target": Account.RESERVED, "event_id": Event.objects.latest("at").pk}
    LedgerEntry.objects.move(case, stage, Decimal(25), **of, year=2027)
    assert by_source(stage, Account.RESERVED) == ["0.00", "0.00", "25.00"]
    with pytest.raises(Overdrawn):
        LedgerEntry.objects.move(case, stage, Decimal("0.01"), **of, year=2027)


def test_a_stage_without_money_gives_none():
    game = open_call(publish("crossover"))
    stage = game.call.stages.get(key="nomination")
    assert LedgerEntry.objects.balance(stage, Account.FREE) == 0
    with pytest.raises(Overdrawn):
        move((dossier(game.call, at=game.at), stage), "0.01", Account.FREE, Account.RESERVED)


def test_a_source_keeps_its_name():
    first = FundingSource.objects.named("groningen", kind="province", name="Provincie Groningen")
    again = FundingSource.objects.named("groningen", kind="eu", name="Anders")
    assert (again.pk, again.kind, str(again)) == (first.pk, "province", "Provincie Groningen")
    assert str(FundingSource.objects.named("own")) == str(SourceKind.OWN.label)


WRONG = {
    "does not add up": ([line("groningen", "99.99")], "funding_adds_up"),
    "three decimals": ([line("groningen", "99.995"), line("efro", "0.005")], "funding_complete"),
    "nothing": ([line("groningen", "100.00"), line("efro", "0.00")], "funding_complete"),
    "less than nothing": ([line("groningen", "101.00"), line("efro", "-1.00")], "funding_complete"),
    "no number": ([line("groningen", "NaN")], "funding_complete"),
    "not money": ([{**line("groningen", "100.00"), "amount": 100.0}], "funding_complete"),
    "an unknown kind": ([line("groningen", "100.00", kind="bank")], "funding_complete"),
    "no key": ([line("", "100.00")], "funding_complete"),
    "a key too many": ([{**line("groningen", "100.00"), "iban": "NL"}], "funding_complete"),
    "a year that is over": ([line("groningen", "100.00", 2025)], "funding_complete"),
    "a year far away": ([line("groningen", "100.00", 2037)], "funding_complete"),
    "twice the same": ([line("groningen", "50.00"), line("groningen", "50.00")], "funding_named_once"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_plan_that_does_not_say_where_the_money_comes_from_is_refused(wrong):
    from tests.workflows.refusals.saying import words
    from workflows.commands import Refused
    from workflows.models import StageMachine

    funding, rule = WRONG[wrong]
    version, calls = publish("minifund"), Call.objects.count()
    with pytest.raises(Refused) as refused:
        open_call(version, ceiling=Decimal("100.00"), funding={"support": funding})
    assert words(rule, StageMachine, "plan") in refused.value.reasons
    assert (Call.objects.count(), FundingSource.objects.count(), LedgerEntry.objects.count()) == (calls, 0, 0)


@pytest.mark.postgres
def test_postgresql_refuses_a_transaction_that_does_not_add_up(purse):
    from workflows.models import Event

    free = LedgerAccount.objects.get(stage=purse[1], kind=Account.FREE)
    event = Event.objects.filter(kind="stage.announce").latest("at")
    LedgerEntry.objects.create(account=free, seq=2, amount=1, balance_after=101, event_id=event.pk)
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="add up"):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    transaction.set_rollback(True)


@pytest.mark.postgres
def test_postgresql_refuses_a_line_on_the_wrong_side(purse):
    free = LedgerAccount.objects.get(stage=purse[1], kind=Account.FREE)
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.create(account=free, seq=2, amount=-200, balance_after=-100, funded=True, event_id=uuid4())


def test_a_line_that_moves_nothing_is_refused(purse):
    free = LedgerAccount.objects.get(stage=purse[1], kind=Account.FREE)
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.create(account=free, seq=2, amount=0, balance_after=100, event_id=uuid4())


def test_the_database_refuses_an_overdraw(purse):
    account = LedgerAccount.objects.get(stage=purse[1], kind=Account.PAID)
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.create(account=account, seq=1, amount=-1, balance_after=-1, event_id=uuid4())


@pytest.mark.parametrize(("seq", "amount", "after"), [(3, 5, 105), (2, 5, 104), (1, 5, 105)])
def test_the_database_refuses_a_line_that_does_not_continue(purse, seq, amount, after):
    account = LedgerAccount.objects.get(stage=purse[1], kind=Account.FREE)
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.create(account=account, seq=seq, amount=amount, balance_after=after, event_id=uuid4())


@pytest.mark.parametrize("sql", ["UPDATE tender_ledgerentry SET amount = 1", "DELETE FROM tender_ledgerentry"])
def test_the_database_refuses_to_change_a_line(purse, sql):
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(KEEP["sqlite"][-1])  # what `conftest` took away, back until the end of this test
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
