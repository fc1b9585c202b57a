"""Random moves, legal and not, over several sources, years and dossiers: the ledger holds after every step."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tender.enums import FUNDED, Account
from tender.models import LedgerAccount, LedgerEntry, Overdrawn
from tender.models.ledger import TOLD
from tender.replaying import Pot, in_cents, replay
from tests.factories import dossier, open_call, publish
from tests.tender.funding import line

CEILING = Decimal("1000.00")
FUNDING = [line("groningen", "333.33"), line("efro", "500.00", 2026, "eu"), line("efro", "166.67", 2027, "eu")]
AMOUNTS = st.one_of(
    st.decimals(min_value=0, max_value=400, places=2), st.sampled_from([Decimal("0.01"), Decimal("333.33"), Decimal("333.34"), CEILING])
)
POTS = st.sampled_from(list(Account))


class Life(RuleBasedStateMachine):
    """Three dossiers draw on one ceiling; beside the ledger stands the plainest book there is."""

    def __init__(self, stage, cases, event):
        super().__init__()
        self.stage, self.cases, self.event = stage, cases, event
        self.savepoint = transaction.savepoint()
        self.held = {(number, kind): Decimal(0) for number in range(3) for kind in Account}
        self.free, self.trail = CEILING, [event.data]

    def teardown(self):
        transaction.savepoint_rollback(self.savepoint)

    @rule(who=st.integers(0, 2), amount=AMOUNTS, source=POTS, into=POTS)
    def move(self, who, amount, source, into):
        if source == into:
            return
        there = self.free if source == Account.FREE else self.held[who, source]
        before, told = self.written(), []
        telling = TOLD.set(told)
        try:
            LedgerEntry.objects.move(self.cases[who], self.stage, amount, source=source, target=into, event_id=self.event.pk)
        except Overdrawn:
            assert amount > there
            assert self.written() == before
            assert told == []
            return
        finally:
            TOLD.reset(telling)
        assert amount <= there
        self.trail.append({"moved": told})
        for kind, more in ((source, -amount), (into, amount)):
            if kind == Account.FREE:
                self.free += more
            else:
                self.held[who, kind] += more

    @rule(amount=AMOUNTS.filter(bool))
    def take_back_out(self, amount):
        """A ceiling that is lowered takes only what is free of that source."""
        source = LedgerAccount.objects.filter(stage=self.stage).earliest("pk").source
        there = LedgerAccount.objects.filter(stage=self.stage, source=source, kind=Account.FREE).with_balance().get().balance
        told = []
        telling = TOLD.set(told)
        try:
            LedgerEntry.objects.fund(self.stage, -amount, event_id=self.event.pk, source=source, year=2026)
        except Overdrawn:
            assert amount > there
            return
        finally:
            TOLD.reset(telling)
        assert amount <= there
        self.free -= amount
        self.trail.append({"moved": told})

    @rule(who=st.integers(0, 2), amount=st.decimals(min_value=-100, max_value=Decimal("-0.01"), places=2))
    def move_less_than_nothing(self, who, amount):
        with pytest.raises(ValueError, match="negative"):
            LedgerEntry.objects.move(self.cases[who], self.stage, amount, source=Account.FREE, target=Account.PAID, event_id=uuid4())

    def written(self):
        return LedgerEntry.objects.count()

    @invariant()
    def every_pot_is_what_the_plain_book_says(self):
        for kind in Account:
            expected = self.free if kind == Account.FREE else sum(self.held[who, kind] for who in range(3))
            assert LedgerEntry.objects.balance(self.stage, kind) == expected

    @invariant()
    def the_lines_add_up(self):
        pots = {pot.pk: pot for pot in LedgerAccount.objects.with_balance().select_related("source")}
        sums = dict.fromkeys(pots, Decimal(0))
        for entry in LedgerEntry.objects.order_by("account_id", "seq"):
            sums[entry.account_id] += entry.amount
            assert entry.balance_after == sums[entry.account_id]
            assert entry.balance_after <= 0 if pots[entry.account_id].kind == FUNDED else entry.balance_after >= 0
        assert sum(sums.values()) == 0
        held = {Pot(pot.stage_id, pot.source.key, pot.year, pot.kind): in_cents(sums[pk]) for pk, pot in pots.items() if sums[pk]}
        assert replay(self.trail) == held


@pytest.mark.django_db
def test_the_ledger_holds_after_every_step():
    from workflows.models import Event

    game = open_call(publish("minifund"), ceiling=CEILING, funding={"support": FUNDING})
    cases = [dossier(game.call, at=game.at) for _ in range(3)]
    event = Event.objects.filter(kind="stage.announce").latest("at")
    run_state_machine_as_test(
        lambda: Life(game.stage(), cases, event), settings=settings(max_examples=20, stateful_step_count=50, deadline=None)
    )
